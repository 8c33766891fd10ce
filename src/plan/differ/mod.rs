//! What one plan says otherwise than another: decision by decision the cases that get another answer, and everything else by its name.
//!
//! "The same" is meant by content. Where facts, places or clauses stand in a pack, where its rules stand in the source and what a rule is
//! numbered, makes no difference, though it can make another [`Plan::id`].

mod align;
mod fields;
mod names;
mod pairs;
mod points;
mod regions;
mod tree;

use serde::Serialize;

use self::align::Aligned;
pub use self::align::Side;
use self::points::points;
pub use self::tree::Change;
use super::about::pick;
use super::{Answer, Bound, Limit, Plan, Row, Said};
use crate::words::{ClockKind, FactName, FactValue, Facts, Lang, RuleId};

/// How two plans differ. See [`Plan::diff`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanDiff {
    /// Everything that is not decided case by case, in the order of a plan.
    pub changes: Vec<Change>,
    /// The decisions that answer otherwise for some case, in the order of the new plan.
    pub decisions: Vec<Redecided>,
}

/// A decision that answers otherwise for some cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Redecided {
    /// The rule in the old plan, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<RuleId>,
    /// The rule in the new plan, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<RuleId>,
    /// What it is about.
    pub about: Said,
    /// The clock whose limit it is, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockKind>,
    /// The facts that make a difference to either.
    pub reads: Vec<FactName>,
    /// The first sets of cases that get another answer. No two overlap.
    pub regions: Vec<Differing>,
    /// How many more such sets there are.
    pub left_off: u64,
    /// The two could not be compared: too many cases to tell apart.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub too_large: bool,
    #[serde(skip)]
    unsaid: Option<Answer>,
}

/// A set of cases that get another answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Differing {
    /// For which facts; none, where it is so for every case.
    pub when: Vec<Bound>,
    /// The old answer.
    pub old: Answer,
    /// The new answer.
    pub new: Answer,
    /// Both in words.
    pub says: (Said, Said),
    /// Where the answer is the same and another clause gives it: the clauses that did, and those that do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clauses: Option<(Vec<String>, Vec<String>)>,
    /// Of two limits, whether the new one is shorter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<Shift>,
    /// One complete case among them.
    pub witness: Vec<Instance>,
}

/// A fact of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Instance {
    /// Which fact.
    pub fact: FactName,
    /// The plan that alone has it, where only one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Side>,
    /// Its value, as the new plan writes it where that has the fact.
    pub value: FactValue,
    /// As the old plan writes it.
    #[serde(skip)]
    was: FactValue,
}

/// Which way a limit moved, where that can be said whatever the calendar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// It ends no later, and in some calendar earlier.
    Shorter,
    /// It ends no earlier.
    Longer,
    /// It ends at the same moment, said in other words: one week, and seven calendar days.
    Same,
    /// Only a calendar can tell, or time itself is counted otherwise in the two plans.
    Unclear,
}

impl Shift {
    pub(super) fn of(old: &Limit, new: &Limit) -> Shift {
        let (old, new) = (old.in_days(), new.in_days());
        match (new.within(&old), old.within(&new)) {
            (true, false) => Shift::Shorter,
            (false, true) => Shift::Longer,
            (true, true) => Shift::Same,
            (false, false) => Shift::Unclear,
        }
    }
    /// In one word.
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Shift::Shorter => pick(lang, "缩短", "shorter"),
            Shift::Longer => pick(lang, "放长", "longer"),
            Shift::Same => pick(lang, "一样长", "as long as before"),
            Shift::Unclear => pick(
                lang,
                "长短要看日历",
                "which is longer depends on the calendar",
            ),
        }
    }
    /// In words, for the citizen. Of most limits a shorter one is a sooner answer; the time to rate and the time to complete a message
    /// are the citizen's own.
    pub fn say(self, clock: ClockKind, lang: Lang) -> &'static str {
        let own = matches!(clock, ClockKind::Rating | ClockKind::Waiting);
        let (zh, en) = match (self, own) {
            (Shift::Shorter, false) => ("缩短,网民等得更短", "shorter, the citizen waits less"),
            (Shift::Longer, false) => ("放长,网民等得更久", "longer, the citizen waits more"),
            (Shift::Shorter, true) => (
                "缩短,留给网民的时间更少",
                "shorter, the citizen has less time",
            ),
            (Shift::Longer, true) => (
                "放长,留给网民的时间更多",
                "longer, the citizen has more time",
            ),
            (Shift::Same | Shift::Unclear, _) => return self.word(lang),
        };
        pick(lang, zh, en)
    }
}

impl PlanDiff {
    /// Whether the plans say the same.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.decisions.is_empty()
    }
}

impl Redecided {
    /// What the two plans answer for one case; none, where they are not the plans that were compared.
    pub fn answers(
        &self,
        (old, was): (&Plan, &Row),
        (new, is): (&Plan, &Row),
    ) -> Option<(Answer, Answer)> {
        let answer = |plan: &Plan, rule: &Option<RuleId>, row| {
            let Some(rule) = rule else {
                return self.unsaid.clone();
            };
            let all = plan.decisions();
            let asked = all.iter().find(|asked| asked.rule == rule)?;
            Some(asked.said(row))
        };
        Some((answer(old, &self.old, was)?, answer(new, &self.new, is)?))
    }
}

impl Differing {
    /// The witness as the facts of one of the plans: complete, and each a value that the plan knows.
    pub fn facts(&self, side: Side) -> Facts {
        let has = |it: &&Instance| it.only.is_none_or(|only| only == side);
        let facts = self.witness.iter().filter(has);
        let value = |it: &Instance| match side {
            Side::Old => it.was.clone(),
            Side::New => it.value.clone(),
        };
        facts.map(|it| (it.fact.clone(), value(it))).collect()
    }
}

impl Plan {
    /// How `new` differs from this plan: for every decision the cases that get another answer, up to `most` sets of them each with one
    /// case to show it, and all else that the plans do not say alike.
    ///
    /// Facts are the same by name and labels by text. A fact that both plans have is compared over the values that both know. A
    /// fact that only one has is compared over all its values, since a host may send them; which they are stands with the set.
    /// What changed about the facts themselves is among the [`changes`](PlanDiff::changes).
    ///
    /// ```
    /// use duly::plan::{Decision, Diagram, Limit, Shift, bare};
    /// use duly::time::Span;
    /// use duly::words::ClockKind;
    /// let old = bare("demo".parse()?);
    /// let mut new = old.clone();
    /// let reply = new.clocks.iter_mut().find(|clock| clock.kind == ClockKind::Reply).unwrap();
    /// reply.within.diagram = Diagram::constant(Limit::Span(Span::WorkingDays(10)));
    /// let diff = old.diff(&new, 10);
    /// assert_eq!(diff.decisions[0].about.en, "the limit of the `reply` clock");
    /// assert_eq!(diff.decisions[0].regions[0].shift, Some(Shift::Shorter));
    /// assert!(old.diff(&old, 10).is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn diff(&self, new: &Plan, most: usize) -> PlanDiff {
        let aligned = Aligned::of(self, new);
        let points = points(self, new);
        PlanDiff {
            changes: tree::changes(self, new),
            decisions: points
                .into_iter()
                .filter_map(|point| point.redecided(&aligned, (self, new), most))
                .collect(),
        }
    }
}
