//! What one plan says otherwise than another: decision by decision the cases that get another answer, and everything else by its name.
//!
//! "The same" is meant by content. Where facts, places or clauses stand in a pack, where its rules stand in the source and what a rule is
//! numbered, makes no difference, though it can make another [`Plan::id`].

mod align;
mod names;
mod pairs;
mod regions;
mod tree;

use std::collections::BTreeSet;

use serde::Serialize;

use self::align::Aligned;
pub use self::align::Side;
use self::pairs::Pair;
use self::regions::{Patch, differing, witness};
pub use self::tree::Change;
use super::about::pick;
use super::{About, Answer, Asked, Bound, ClockRule, Diagram, Limit, Plan, Row, Said};
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
    /// Only a calendar can tell, or time itself is counted otherwise in the two plans.
    Unclear,
}

impl Shift {
    pub(super) fn of(old: &Limit, new: &Limit) -> Shift {
        match (new.within(old), old.within(new)) {
            (true, false) => Shift::Shorter,
            (false, true) => Shift::Longer,
            _ => Shift::Unclear,
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
            (Shift::Unclear, _) => ("长短要看日历", "which is longer depends on the calendar"),
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

/// A decision of either plan, or of both.
struct Point<'a> {
    about: About<'a>,
    old: Option<Asked<'a>>,
    new: Option<Asked<'a>>,
    /// The answer of a plan that says nothing.
    unsaid: Option<Answer>,
}

/// All decisions that can be compared. A clock, or a rung without a condition, that only one plan has is among the changes.
fn points<'a>(old: &'a Plan, new: &'a Plan) -> Vec<Point<'a>> {
    let mut gone = old.decisions();
    let mut all = Vec::new();
    for asked in new.decisions() {
        let with = gone.iter().position(|it| alike((old, it), (new, &asked)));
        all.push(Point {
            about: asked.about,
            old: with.map(|at| gone.remove(at)),
            new: Some(asked),
            unsaid: unsaid(&asked.about, (old, new)),
        });
    }
    all.extend(gone.into_iter().map(|asked| Point {
        about: asked.about,
        old: Some(asked),
        new: None,
        unsaid: unsaid(&asked.about, (old, new)),
    }));
    all
}

/// Whether two decisions are about the same.
fn alike((old, was): (&Plan, &Asked<'_>), (new, is): (&Plan, &Asked<'_>)) -> bool {
    fn together<T>(pairs: &[Pair<'_, T>], old: &T, new: &T) -> bool {
        let same = |side: &Option<&T>, it: &T| side.is_some_and(|own| std::ptr::eq(own, it));
        pairs.iter().any(|(a, b)| same(a, old) && same(b, new))
    }
    match (was.about, is.about) {
        (About::Class, About::Class)
        | (About::Lead, About::Lead)
        | (About::Track, About::Track)
        | (About::Hot, About::Hot) => true,
        (About::Decline(was), About::Decline(is)) => was.ground == is.ground,
        (About::Within(was), About::Within(is)) => was.kind == is.kind,
        (About::Rung(clock, was), About::Rung(other, is)) => {
            clock.kind == other.kind && together(&pairs::rungs(clock, other), was, is)
        }
        (About::Gate(was), About::Gate(is)) => together(&pairs::gates(old, new), was, is),
        _ => false,
    }
}

/// What the plan answers that has no such rule: a rung without a condition always acts, one that is not there never.
fn unsaid(about: &About<'_>, (old, new): (&Plan, &Plan)) -> Option<Answer> {
    let About::Rung(clock, rung) = about else {
        return about.unsaid();
    };
    let (was, is) = old.clock(clock.kind).zip(new.clock(clock.kind))?;
    let own = |it: &Option<&super::Rung>| it.is_some_and(|it| std::ptr::eq(it, *rung));
    let pairs = pairs::rungs(was, is);
    let (was, is) = pairs.iter().find(|(was, is)| own(was) || own(is))?;
    Some(Answer::Yes(was.is_some() && is.is_some()))
}

impl Point<'_> {
    fn redecided(
        self,
        aligned: &Aligned,
        (old, new): (&Plan, &Plan),
        most: usize,
    ) -> Option<Redecided> {
        let read = |side, asked: &Option<Asked<'_>>, own: &Plan| match asked {
            Some(asked) => Some(aligned.read(side, &asked.diagram(), &own.schema)),
            None => self
                .unsaid
                .clone()
                .map(|answer| Ok(Diagram::constant(answer))),
        };
        let was = read(Side::Old, &self.old, old)?;
        let is = read(Side::New, &self.new, new)?;
        let mut reads = BTreeSet::new();
        let found = was.and_then(|was| {
            let is = is?;
            reads = was.reads().union(&is.reads()).copied().collect();
            differing(&aligned.schema, (&was, &is), most)
        });
        let (regions, left_off, too_large) = match found {
            Ok((patches, left_off)) => (patches, left_off, false),
            Err(_) => (Vec::new(), 0, true),
        };
        if regions.is_empty() && left_off == 0 && !too_large {
            return None;
        }
        let regions = regions.into_iter();
        Some(Redecided {
            old: self.old.map(|asked| asked.rule.clone()),
            new: self.new.map(|asked| asked.rule.clone()),
            about: Said::by(|lang| self.about.say(lang)),
            clock: match self.about {
                About::Within(clock) => Some(clock.kind),
                _ => None,
            },
            reads: aligned.names(&reads),
            unsaid: self.unsaid.clone(),
            regions: regions
                .map(|patch| self.told(patch, aligned, (old, new)))
                .collect(),
            left_off,
            too_large,
        })
    }
    fn told(
        &self,
        patch: Patch<Answer>,
        aligned: &Aligned,
        (old, new): (&Plan, &Plan),
    ) -> Differing {
        let facts = &aligned.schema.facts;
        let bound = |(at, ranges): (&usize, &Vec<(i64, i64)>)| {
            let only = *aligned.only.get(*at)?;
            Some(Bound::of(facts.get(*at)?, only, ranges))
        };
        let row = witness(&aligned.schema, &patch.ranges);
        let instances = facts.iter().zip(&aligned.only).enumerate();
        let shift = match (&patch.old, &patch.new, self.about) {
            (Answer::Limit(was), Answer::Limit(is), About::Within(clock)) => {
                Some(shift((old, was), (new, is), clock))
            }
            _ => None,
        };
        Differing {
            when: patch.ranges.iter().filter_map(bound).collect(),
            says: (
                Said::by(|lang| self.about.answer(&patch.old, lang)),
                Said::by(|lang| self.about.answer(&patch.new, lang)),
            ),
            shift,
            witness: instances
                .map(|(at, (fact, only))| Instance {
                    fact: fact.name.clone(),
                    only: *only,
                    value: fact.domain.value(row.code(at)),
                    was: aligned.was(at, row.code(at), &old.schema),
                })
                .collect(),
            old: patch.old,
            new: patch.new,
        }
    }
}

/// Which way a limit moved; unclear, where the two plans do not count time alike.
fn shift((old, was): (&Plan, &Limit), (new, is): (&Plan, &Limit), clock: &ClockRule) -> Shift {
    let counting = |plan: &Plan| plan.clock(clock.kind).map(|clock| clock.counting);
    let time = old.zone == new.zone
        && old.hours == new.hours
        && old.holidays == new.holidays
        && counting(old) == counting(new);
    let whole = match is {
        Limit::Share { of, .. } => {
            old.schema == new.schema
                && old
                    .clock(*of)
                    .map(|clock| (&clock.within.diagram, clock.counting))
                    == new
                        .clock(*of)
                        .map(|clock| (&clock.within.diagram, clock.counting))
        }
        Limit::Span(_) => true,
    };
    match time && whole {
        true => Shift::of(was, is),
        false => Shift::Unclear,
    }
}
