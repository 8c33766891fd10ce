//! What is found, and how conditions of two plans are compared.

use super::Loosened;
use crate::plan::analysis::clocks::no_longer;
use crate::plan::{
    Decision, Diagram, DiagramError, GateRule, PauseRule, Plan, ReopenCount, ReviewRule, Schema,
};
use crate::words::{Class, DeclineGround};

/// How conditions of two plans are compared.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    /// Case by case: the facts of the one are the first of the other's.
    Facts(&'a Schema),
    /// By what they say: the facts are not the same, or stand in another order.
    Words { base: &'a Schema, over: &'a Schema },
}

impl<'a> By<'a> {
    pub(super) fn of(base: &'a Plan, over: &'a Plan) -> By<'a> {
        let (old, new) = (&base.schema, &over.schema);
        match (
            new.facts.starts_with(&old.facts),
            old.facts.starts_with(&new.facts),
        ) {
            (true, _) => By::Facts(new),
            (_, true) => By::Facts(old),
            _ => By::Words {
                base: old,
                over: new,
            },
        }
    }
    /// The same with the two plans changed about.
    pub(super) fn turned(self) -> By<'a> {
        match self {
            By::Words { base, over } => By::Words {
                base: over,
                over: base,
            },
            facts => facts,
        }
    }
}

/// So many cases are compared by what they say.
pub(super) const CASES: usize = 256;

/// When a condition holds, in words; nothing, where that takes too many.
fn holds(condition: &Diagram<bool>, schema: &Schema) -> Option<Vec<String>> {
    let regions = condition.regions_where(schema, |yes| *yes);
    let said: Vec<String> = regions.take(CASES + 1).map(|it| it.say(schema)).collect();
    (said.len() <= CASES).then_some(said)
}

/// Whether two conditions hold for the same cases, as far as that can be told by what they say.
fn alike(one: (&Diagram<bool>, &Schema), other: (&Diagram<bool>, &Schema)) -> bool {
    let said = holds(one.0, one.1);
    said.is_some() && said == holds(other.0, other.1)
}

#[derive(Default)]
pub(super) struct Found(pub(super) Vec<Loosened>);

impl Found {
    /// With a case to show it, where it is not so for all.
    pub(super) fn shown(&mut self, (what, what_zh): (String, String), witness: Option<String>) {
        self.0.push(Loosened {
            what,
            witness: witness.filter(|witness| witness != "always"),
            what_zh,
        });
    }
    pub(super) fn into_first(self) -> Option<Loosened> {
        self.0.into_iter().next()
    }
    pub(super) fn add(&mut self, (what, zh): (impl Into<String>, impl Into<String>)) {
        self.0.push(Loosened {
            what: what.into(),
            witness: None,
            what_zh: zh.into(),
        });
    }
    pub(super) fn unless(&mut self, holds: bool, what: (impl Into<String>, impl Into<String>)) {
        if !holds {
            self.add(what);
        }
    }
    /// Everything of the one is among the other, unchanged. `name` is in English and in Chinese.
    pub(super) fn kept<T: PartialEq>(
        &mut self,
        one: &[T],
        other: &[T],
        name: impl Fn(&T) -> (String, String),
    ) {
        for item in one.iter().filter(|item| !other.contains(item)) {
            let (en, zh) = name(item);
            self.add((format!("{en} is not the base's"), format!("{zh}和底本不同")));
        }
    }
    /// What the one lets happen, the base lets happen: no condition is one that always holds.
    pub(super) fn narrower(
        &mut self,
        by: By<'_>,
        (base, over): (Option<&Decision<bool>>, Option<&Decision<bool>>),
        (what, what_zh): (String, String),
    ) {
        let diagram = |when: Option<&Decision<bool>>| {
            when.map_or_else(|| Diagram::constant(true), |when| when.diagram.clone())
        };
        self.wider(by, (&diagram(base), &diagram(over)), (what, what_zh));
    }
    /// Where the base does not hold and the other does.
    pub(super) fn wider(
        &mut self,
        by: By<'_>,
        (base, over): (&Diagram<bool>, &Diagram<bool>),
        (what, what_zh): (String, String),
    ) {
        let schema = match by {
            By::Facts(schema) => schema,
            By::Words {
                base: old,
                over: new,
            } => {
                let narrower = over.answers() == [false] || base.answers() == [true];
                if !narrower && !alike((over, new), (base, old)) {
                    self.add((what, what_zh));
                }
                return;
            }
        };
        match base.zip(over, |base, over| *over && !*base) {
            Ok(both) => {
                if let Some(region) = both.first(schema, |wider| *wider) {
                    self.0.push(Loosened {
                        what,
                        witness: Some(region.say(schema)),
                        what_zh,
                    });
                }
            }
            Err(error) => self.cannot_compare(&error, (what, what_zh)),
        }
    }
    pub(super) fn cannot_compare(
        &mut self,
        error: &DiagramError,
        (what, what_zh): (String, String),
    ) {
        self.add((
            format!("{what}, or cannot be compared: {error}"),
            format!("{what_zh},或者没法比较:{}", error.zh()),
        ));
    }
    /// Grounds for declining that are new, hold where they did not, or are told otherwise.
    pub(super) fn declining(&mut self, by: By<'_>, over: &Plan, base: &Plan) {
        for rule in &base.declines {
            let ground = rule.ground;
            let Some(own) = over.declines.iter().find(|it| it.ground == ground) else {
                continue;
            };
            self.narrower(
                by,
                (Some(&rule.when), Some(&own.when)),
                (
                    format!("a message may be declined on `{ground}`, in the base not"),
                    format!("可以以“{}”不予受理,底本不可以", ground.zh()),
                ),
            );
        }
        let told = |plan: &Plan| -> Vec<(DeclineGround, String)> {
            let rules = plan.declines.iter();
            rules.map(|it| (it.ground, it.told.clone())).collect()
        };
        self.kept(&told(over), &told(base), |(ground, _)| {
            (
                format!("the new ground for declining `{ground}`"),
                format!("新增的不予受理事由“{}”", ground.zh()),
            )
        });
    }
    /// Reasons to wait that are new, or stand where they did not.
    pub(super) fn waiting(&mut self, by: By<'_>, over: &Plan, base: &Plan) {
        let both = base.pauses.iter();
        let both = both.filter_map(|it| Some((it, over.pause(&it.reason)?)));
        for (pause, own) in both {
            let reason = &pause.reason;
            self.narrower(
                by,
                (pause.when.as_ref(), own.when.as_ref()),
                (
                    format!("time may stand still for `{reason}`, in the base not"),
                    format!("可以以“{reason}”不计时,底本不可以"),
                ),
            );
        }
        self.kept(&anywhere(&over.pauses), &anywhere(&base.pauses), |pause| {
            (
                format!("the new reason to wait `{}`", pause.reason),
                format!("新增的中止计时事由`{}`", pause.reason),
            )
        });
    }
    /// Grounds for opening a case again that are gone.
    pub(super) fn reopening(&mut self, over: &Plan, base: &Plan) {
        self.kept(&base.reopen.grounds, &over.reopen.grounds, |ground| {
            (
                format!("the ground for reopening `{ground}`"),
                format!("重开的事由`{ground}`"),
            )
        });
    }
    /// How much time there is once a case is opened again or hastened.
    pub(super) fn counting_anew(&mut self, over: &Plan, base: &Plan) {
        let shorter =
            over.reopen.count == base.reopen.count || over.reopen.count == ReopenCount::Min;
        self.unless(
            shorter,
            (
                "a reopened case counts otherwise than in the base",
                "重开后的计时和底本不同",
            ),
        );
        let (own, most) = (&over.direct.floor, &base.direct.floor);
        self.unless(
            no_longer(own, most),
            (
                format!("a direction leaves {own}, in the base {most}"),
                format!("批示至少留出 {},底本是 {}", own.zh(), most.zh()),
            ),
        );
    }
    /// Redoing that may outlast the whole.
    pub(super) fn outlasting(&mut self, over: &Plan, base: &Plan) {
        for had in base.clocks.iter().filter(|clock| clock.not_past_whole) {
            let kind = had.kind;
            self.unless(
                over.clock(kind).is_none_or(|own| own.not_past_whole),
                (
                    format!("the `{kind}` clock may run past the whole, in the base not"),
                    format!("“{}”时限可以超过全程时限,底本不可以", kind.zh()),
                ),
            );
        }
    }
    /// After how many calls, as what and for how long to be rated a case is struck off.
    pub(super) fn closing(&mut self, over: &Plan, base: &Plan) {
        let (own, least) = (over.callback.attempts, base.callback.attempts);
        self.unless(
            own >= least,
            (
                format!("call-back gives up after `{own}` attempts, the base after `{least}`"),
                format!("回访 {own} 次联系不上就算联系不上,底本是 {least} 次"),
            ),
        );
        for class in Class::ALL.iter().copied() {
            let allowed = base.outcomes(class);
            let more = over.outcomes(class);
            if let Some(more) = more.iter().find(|it| !allowed.contains(it)) {
                self.add((
                    format!(
                        "`{class}` may be struck off as `{more}`, which the base does not allow"
                    ),
                    format!("“{}”准许以“{}”销账,底本不准", class.zh(), more.zh()),
                ));
            }
        }
        let (own, least) = (&over.strike_off.rate_within, &base.strike_off.rate_within);
        self.unless(
            no_longer(least, own),
            (
                format!("a rating counts for {own}, in the base for {least}"),
                format!("销账后 {} 内仍可评价,底本是 {}", own.zh(), least.zh()),
            ),
        );
    }
    /// A clause is met only where clauses of the other plan, read at the same time, are not all met.
    pub(super) fn gate(&mut self, by: By<'_>, clause: &GateRule, over: &[GateRule]) {
        let same = over
            .iter()
            .filter(|it| it.gate == clause.gate && it.judged == clause.judged);
        if let By::Words { base, over } = by {
            let met = &clause.met.diagram;
            let mut same = same.clone();
            if met.answers() == [true] || same.any(|it| alike((met, base), (&it.met.diagram, over)))
            {
                return;
            }
        }
        let mut all = same.map(|it| &it.met.diagram);
        let all = all.try_fold(Diagram::constant(true), |all, met| {
            all.zip(met, |all, met| *all && *met)
        });
        let what = (
            format!(
                "gate `{}` passes what the clause `{}` does not",
                clause.gate, clause.words
            ),
            format!(
                "“{}”放过了“{}”这一条不放过的",
                clause.gate.zh(),
                clause.words
            ),
        );
        match all {
            Ok(all) => self.wider(by, (&clause.met.diagram, &all), what),
            Err(error) => self.cannot_compare(&error, what),
        }
    }
    /// Replies that are reviewed once and were reviewed twice.
    pub(super) fn reviewing(&mut self, by: By<'_>, over: &Plan, base: &Plan) {
        let Some(had) = &base.review else {
            return;
        };
        let what = (
            "a reply is reviewed once, in the base twice".to_owned(),
            "答复只审一次,底本审两次".to_owned(),
        );
        let Some(own) = &over.review else {
            return self.shown(what, None);
        };
        let when = |rule: &ReviewRule| {
            let when = rule.when.as_ref();
            when.map_or_else(|| Diagram::constant(false), |when| when.diagram.clone())
        };
        self.wider(by.turned(), (&when(own), &when(had)), what);
    }
}

/// Pauses without their conditions.
pub(super) fn anywhere(rules: &[PauseRule]) -> Vec<PauseRule> {
    let bare = |rule: &PauseRule| PauseRule {
        when: None,
        ..rule.clone()
    };
    rules.iter().map(bare).collect()
}
