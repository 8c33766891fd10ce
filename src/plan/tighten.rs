//! Whether one plan only tightens another (只紧不松): what an overlay on a base pack must do.

use std::collections::BTreeSet;
use std::fmt;

use super::analysis::clocks::no_longer;
use super::{
    ClockRule, Decision, Diagram, DiagramError, ExtensionRule, GateRule, Limit, PauseRule, Plan,
    ReopenCount, Rung, Schema,
};
use crate::time::Span;
use crate::words::{Class, ClockKind};

/// Something that a plan loosens, or changes where it may not, against the plan that it is based on.
///
/// ```
/// use duly::plan::bare;
/// let base = bare("demo".parse()?);
/// let mut over = base.clone();
/// over.callback.attempts = 2;
/// assert_eq!(over.loosened(&base)[0].to_string(), "call-back gives up after `2` attempts, the base after `3`");
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosened {
    /// What, in words.
    pub what: String,
    /// A case for which it holds, in words, where it is not so for all.
    pub witness: Option<String>,
    what_zh: String,
}

impl Loosened {
    /// The same in Chinese.
    ///
    /// ```
    /// use duly::plan::bare;
    /// let base = bare("demo".parse()?);
    /// let mut over = base.clone();
    /// over.callback.attempts = 2;
    /// assert_eq!(over.loosened(&base)[0].zh(), "回访 2 次联系不上就算联系不上,底本是 3 次");
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn zh(&self) -> String {
        match &self.witness {
            Some(witness) => format!("{}(情形:{})", self.what_zh, super::case_zh(witness)),
            None => self.what_zh.clone(),
        }
    }
}

impl fmt::Display for Loosened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.witness
            .as_ref()
            .map_or(Ok(()), |witness| write!(f, ", when {witness}"))
    }
}

impl Limit {
    /// The limit that ends no later than either (从严): the shorter of two spans of one unit, the smaller share of one clock. Where
    /// units differ, whichever ends first ([`Span::Earliest`]), which is no later than either whatever the calendar says. Nothing
    /// for a share beside a span: how long a share is, only a case can tell.
    ///
    /// ```
    /// use duly::plan::Limit;
    /// use duly::time::Span;
    /// let days = Limit::Span(Span::WorkingDays(5));
    /// assert_eq!(days.least(&Limit::Span(Span::WorkingDays(3))), Some(Limit::Span(Span::WorkingDays(3))));
    /// let both = Span::Earliest(vec![Span::WorkingDays(5), Span::Months(1)]);
    /// assert_eq!(days.least(&Limit::Span(Span::Months(1))), Some(Limit::Span(both)));
    /// ```
    pub fn least(&self, other: &Limit) -> Option<Limit> {
        if self.within(other) {
            return Some(self.clone());
        }
        if other.within(self) {
            return Some(other.clone());
        }
        let (Limit::Span(a), Limit::Span(b)) = (self, other) else {
            return None;
        };
        let mut all: Vec<Span> = Vec::new();
        for span in parts(a).chain(parts(b)) {
            if !all.iter().any(|known| no_longer(known, span)) {
                all.retain(|known| !no_longer(span, known));
                all.push(span.clone());
            }
        }
        Some(Limit::Span(Span::Earliest(all)))
    }
    /// Whether it surely ends no later than the other, whatever the calendar says. Spans are compared within one unit, and units
    /// are not converted; so many calendar days are never longer than as many working days.
    pub fn within(&self, other: &Limit) -> bool {
        match (self, other) {
            (Limit::Span(a), Limit::Span(b)) => no_longer(a, b),
            (
                Limit::Share { of, percent },
                Limit::Share {
                    of: whole,
                    percent: most,
                },
            ) => of == whole && percent <= most,
            _ => false,
        }
    }
}

impl Limit {
    /// The same limit with its weeks said in days, to be compared: stored is what was written.
    pub(super) fn in_days(&self) -> Limit {
        match self {
            Limit::Span(span) => Limit::Span(in_days(span)),
            share => share.clone(),
        }
    }
    /// The limit in Chinese.
    ///
    /// ```
    /// use duly::{plan::Limit, words::ClockKind};
    /// assert_eq!(Limit::Share { of: ClockKind::Reply, percent: 50 }.zh(), "“答复”时限的 50%");
    /// ```
    pub fn zh(&self) -> String {
        match self {
            Limit::Span(span) => span.zh(),
            Limit::Share { of, percent } => format!("“{}”时限的 {percent}%", of.zh()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Span(span) => span.fmt(f),
            Limit::Share { of, percent } => write!(f, "{percent}% of the `{of}` clock"),
        }
    }
}

fn in_days(span: &Span) -> Span {
    let each = |all: &[Span]| all.iter().map(in_days).collect();
    match span {
        Span::Weeks(weeks) => weeks
            .checked_mul(7)
            .map_or_else(|| span.clone(), Span::CalendarDays),
        Span::Earliest(all) => Span::Earliest(each(all)),
        Span::Latest(all) => Span::Latest(each(all)),
        other => other.clone(),
    }
}

pub(super) fn parts(span: &Span) -> impl Iterator<Item = &Span> {
    match span {
        Span::Earliest(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    }
    .iter()
}

impl Plan {
    /// What this plan loosens against `base`, or changes where a plan that only tightens may not. Nothing, where it can stand in
    /// for the base: every limit ends no later, every gate, rung and duty of the base is there, and what the base says of
    /// places, posts, facts, time and doors holds. What the base leaves to the spine is anybody's to say.
    pub fn loosened(&self, base: &Plan) -> Vec<Loosened> {
        let mut found = Found(Vec::new());
        let over = self;
        found.unless(
            over.labels == base.labels,
            (
                "the language of the labels is not the base's",
                "标签用语和底本不同",
            ),
        );
        found.unless(
            over.zone == base.zone,
            ("the zone is not the base's", "时区和底本不同"),
        );
        let dates = base.in_force.is_none_or(|base| {
            let own = over.in_force;
            own.is_some_and(|own| own.within(&base))
        });
        found.unless(
            dates,
            (
                "it is in force on dates on which the base is not",
                "施行日期超出了底本的施行日期",
            ),
        );
        found.unless(
            over.hours == base.hours,
            ("the office hours are not the base's", "作息和底本不同"),
        );
        found.unless(
            over.holidays == base.holidays,
            ("the day tables are not the base's", "放假调休表和底本不同"),
        );
        found.unless(
            over.uncovered == base.uncovered,
            (
                "limits beyond the known holidays are not the base's",
                "放假安排公布之后的时限,算法和底本不同",
            ),
        );
        found.unless(
            over.counting == base.counting,
            ("the counting is not the base's", "起算规则和底本不同"),
        );
        found.unless(
            over.schema.facts.starts_with(&base.schema.facts),
            (
                "the facts of the base come first, as they are",
                "底本的事实要原样排在前面",
            ),
        );
        found.kept(&base.params, &over.params, |param| {
            (
                format!("the parameter `{}`", param.name),
                format!("参数`{}`", param.name),
            )
        });
        found.kept(&base.mentions, &over.mentions, |mention| {
            (
                format!("the mention `{}`", mention.fact),
                format!("用词`{}`", mention.fact),
            )
        });
        found.kept(&base.derived, &over.derived, |rule| {
            (
                format!("what the fact `{}` is derived from", rule.fact),
                format!("事实`{}`由哪些事实推定", rule.fact),
            )
        });
        found.kept(&base.places, &over.places, |place| {
            (
                format!("the place `{}`", place.code),
                format!("地方`{}`", place.code),
            )
        });
        found.kept(&base.posts, &over.posts, |post| {
            (
                format!("the post `{}`", post.id),
                format!("岗位`{}`", post.id),
            )
        });
        found.unless(
            base.classify.is_none() || over.classify == base.classify,
            ("the classification is not the base's", "分类处置和底本不同"),
        );
        found.unless(
            base.route.is_none() || over.route == base.route,
            ("the route is not the base's", "交办的去向和底本不同"),
        );
        found.kept(&base.declines, &over.declines, |rule| {
            (
                format!("declining on `{}`", rule.ground),
                format!("不予受理的事由“{}”", rule.ground.zh()),
            )
        });
        found.declining(over, base);
        for clock in &base.clocks {
            found.clock(&over.schema, clock, over.clock(clock.kind));
            found.shares(clock, over, base);
        }
        found.kept(&base.counts, &over.counts, |count| {
            (
                format!("what happens at `{}`", count.rule),
                format!("`{}`的处置", count.rule),
            )
        });
        found.kept(&base.gates, &over.gates, |gate| {
            (
                format!("the clause `{}`", gate.met.rule),
                format!("把关的这一条`{}`", gate.met.rule),
            )
        });
        found.kept(&base.notices, &over.notices, |notice| {
            (
                format!("the notice `{}`", notice.rule),
                format!("告知`{}`", notice.rule),
            )
        });
        found.kept(&base.signals, &over.signals, |signal| {
            (
                format!("the signal `{}`", signal.name),
                format!("预警“{}”", signal.name),
            )
        });
        found.kept(&base.bundles, &over.bundles, |bundle| {
            (
                format!("the bundle `{}`", bundle.name),
                format!("一件事“{}”", bundle.name),
            )
        });
        // Rungs may be added, and more people told.
        let bare = |rules: &[super::DutyRule]| -> Vec<super::DutyRule> {
            let bare = |rule: &super::DutyRule| super::DutyRule {
                rungs: Vec::new(),
                ..rule.clone()
            };
            rules.iter().map(bare).collect()
        };
        found.kept(&bare(&base.duties), &bare(&over.duties), |duty| {
            (
                format!("the obligation `{}`", duty.kind),
                format!("义务“{}”", duty.kind.zh()),
            )
        });
        for duty in &base.duties {
            let own = over.duty(duty.kind).map_or(&[][..], |own| &own.rungs);
            let kept = |rung: &Rung| {
                let same = own.iter().find(|own| own.on == rung.on);
                same.is_some_and(|own| rung.acts.iter().all(|act| own.acts.contains(act)))
            };
            found.unless(
                duty.rungs.iter().all(kept),
                (
                    format!(
                        "a rung of the obligation `{}` is gone, or does less",
                        duty.kind
                    ),
                    format!("义务“{}”的催办少了一级,或者少做了事", duty.kind.zh()),
                ),
            );
        }
        found.kept(&anywhere(&base.pauses), &anywhere(&over.pauses), |pause| {
            (
                format!("the pause `{}`", pause.reason),
                format!("中止计时的事由`{}`", pause.reason),
            )
        });
        found.waiting(By::Facts(&over.schema), over, base);
        found.kept(&base.redo.grounds, &over.redo.grounds, |ground| {
            (
                format!("the ground for redo `{ground}`"),
                format!("退回重办的事由`{ground}`"),
            )
        });
        found.reopening(over, base);
        found.counting_anew(over, base);
        found.closing(over, base);
        found.unless(
            base.review.is_none() || over.review == base.review,
            (
                "which replies are reviewed twice is not the base's",
                "两级审核的范围和底本不同",
            ),
        );
        found.unless(
            base.track.when.is_none() || over.track == base.track,
            (
                "what is tracked is not the base's",
                "跟踪督办的范围和底本不同",
            ),
        );
        let (own, most) = (over.overdue_every, base.overdue_every);
        found.unless(
            own <= most,
            (
                format!("overdue clocks are told again every {own} working days, in the base every {most}"),
                format!("超期的每隔 {own} 个工作日再报一次,底本是 {most} 个"),
            ),
        );
        found.unless(
            over.quiet == base.quiet,
            ("the quiet hours are not the base's", "免打扰时段和底本不同"),
        );
        found.kept(&base.digest.to, &over.digest.to, |post| {
            (
                format!("the digest to `{post}`"),
                format!("日报报送给`{post}`"),
            )
        });
        found.kept(&base.bulletin.to, &over.bulletin.to, |post| {
            (
                format!("the bulletin to `{post}`"),
                format!("通报发给`{post}`"),
            )
        });
        found.0
    }

    /// What this plan lets come about, for the worse of the citizen, in a case that is under way, and `before` does not: where a gate is met, where and by
    /// how much a clock is extended or waits, on what ground a message is declined, which replies are reviewed once only, as what a case is struck off,
    /// after how many calls, how long the citizen may rate, on what ground have it opened again and how that is counted; also where it is the words of a mention, or what a
    /// fact is that nobody gave, that are otherwise. Which clocks may run longer, [`runs_longer`](Plan::runs_longer) says; what is due when, and which
    /// rungs come, a case tells better: `Desk::adopt_preview`.
    ///
    /// ```
    /// use duly::plan::bare;
    /// let before = bare("demo".parse()?);
    /// let mut plan = before.clone();
    /// assert!(plan.lets_more(&before).is_empty());
    /// plan.callback.attempts = 1;
    /// assert_eq!(plan.lets_more(&before)[0].to_string(), "call-back gives up after `1` attempts, the base after `3`");
    /// assert!(before.lets_more(&plan).is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn lets_more(&self, before: &Plan) -> Vec<Loosened> {
        let mut found = Found(Vec::new());
        let by = By::of(before, self);
        found.declining(self, before);
        for clock in &self.clocks {
            // None is no more than any.
            if clock.extension.is_some()
                && let Some(had) = before.clock(clock.kind)
            {
                found.extending(by, had, clock);
            }
        }
        for clause in &before.gates {
            found.gate(by, clause, &self.gates);
        }
        found.waiting(by, self, before);
        found.reviewing(by, self, before);
        found.meanings(self, before);
        found.reopening(self, before);
        found.counting_anew(self, before);
        found.outlasting(self, before);
        found.closing(self, before);
        found.0
    }
}

/// Pauses without their conditions.
fn anywhere(rules: &[PauseRule]) -> Vec<PauseRule> {
    let bare = |rule: &PauseRule| PauseRule {
        when: None,
        ..rule.clone()
    };
    rules.iter().map(bare).collect()
}

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
const CASES: usize = 256;

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
pub(super) struct Found(Vec<Loosened>);

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
    fn add(&mut self, (what, zh): (impl Into<String>, impl Into<String>)) {
        self.0.push(Loosened {
            what: what.into(),
            witness: None,
            what_zh: zh.into(),
        });
    }
    fn unless(&mut self, holds: bool, what: (impl Into<String>, impl Into<String>)) {
        if !holds {
            self.add(what);
        }
    }
    /// Everything of the one is among the other, unchanged. `name` is in English and in Chinese.
    fn kept<T: PartialEq>(
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
    fn narrower(
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
    fn cannot_compare(&mut self, error: &DiagramError, (what, what_zh): (String, String)) {
        self.add((
            format!("{what}, or cannot be compared: {error}"),
            format!("{what_zh},或者没法比较:{}", error.zh()),
        ));
    }
    /// Grounds for declining that are new, or told otherwise.
    fn declining(&mut self, over: &Plan, base: &Plan) {
        self.kept(&over.declines, &base.declines, |rule| {
            (
                format!("the new ground for declining `{}`", rule.ground),
                format!("新增的不予受理事由“{}”", rule.ground.zh()),
            )
        });
    }
    /// Reasons to wait that are new, or stand where they did not.
    fn waiting(&mut self, by: By<'_>, over: &Plan, base: &Plan) {
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
    fn reopening(&mut self, over: &Plan, base: &Plan) {
        self.kept(&base.reopen.grounds, &over.reopen.grounds, |ground| {
            (
                format!("the ground for reopening `{ground}`"),
                format!("重开的事由`{ground}`"),
            )
        });
    }
    /// How much time there is once a case is opened again or hastened.
    fn counting_anew(&mut self, over: &Plan, base: &Plan) {
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
    fn outlasting(&mut self, over: &Plan, base: &Plan) {
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
    fn closing(&mut self, over: &Plan, base: &Plan) {
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
    fn gate(&mut self, by: By<'_>, clause: &GateRule, over: &[GateRule]) {
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
    fn extending(&mut self, by: By<'_>, clock: &ClockRule, over: &ClockRule) {
        let kind = clock.kind;
        let bare = |rule: &ClockRule| {
            rule.extension
                .clone()
                .map(|it| ExtensionRule { when: None, ..it })
        };
        self.unless(
            bare(over) == bare(clock),
            (
                format!("the extension of `{kind}` is not the base's"),
                format!("“{}”时限的延期和底本不同", kind.zh()),
            ),
        );
        let when = |rule: &ClockRule| rule.extension.as_ref().and_then(|it| it.when.clone());
        self.narrower(
            by,
            (when(clock).as_ref(), when(over).as_ref()),
            (
                format!("`{kind}` may be extended, in the base not"),
                format!("“{}”时限可以延期,底本不可以", kind.zh()),
            ),
        );
    }
    /// A share that the base says is of what it knows as the whole: also where it leaves that to the spine, nobody lengthens it.
    fn shares(&mut self, clock: &ClockRule, over: &Plan, base: &Plan) {
        if clock.within.rule.is_spine() {
            return;
        }
        let whole = |limit: &Limit| match limit {
            Limit::Share { of, .. } => Some(*of),
            Limit::Span(_) => None,
        };
        let of: BTreeSet<ClockKind> = clock
            .within
            .diagram
            .answers()
            .iter()
            .filter_map(whole)
            .collect();
        let both = of
            .iter()
            .filter_map(|of| base.clock(*of).zip(over.clock(*of)));
        // What the base says of the whole itself is held where it says it.
        for (had, own) in both.filter(|(had, _)| had.within.rule.is_spine()) {
            self.share(&over.schema, clock.kind, had, own);
        }
    }
    fn share(&mut self, schema: &Schema, kind: ClockKind, had: &ClockRule, own: &ClockRule) {
        let of = had.kind;
        let longer = had.within.diagram.zip(&own.within.diagram, |base, own| {
            (!own.within(base)).then(|| (own.clone(), base.clone()))
        });
        let what = (
            format!("the limit of `{kind}` is a share of the `{of}` clock"),
            format!("“{}”时限是“{}”时限的几成", kind.zh(), of.zh()),
        );
        match longer {
            Ok(both) => {
                let region = both.first(schema, Option::is_some);
                let found = region.and_then(|it| Some((it.answer.clone()?, it.say(schema))));
                if let Some(((own, least), witness)) = found {
                    let (en, zh) = what;
                    let whole = (
                        format!("{en}, which runs for {own}, in the base for {least}"),
                        format!("{zh},后者是 {},底本是 {}", own.zh(), least.zh()),
                    );
                    return self.shown(whole, Some(witness));
                }
            }
            Err(error) => return self.cannot_compare(&error, what),
        }
        // Until when the whole runs makes no share of it longer.
        let same = own.starts == had.starts && own.counting == had.counting;
        let (en, zh) = what;
        self.unless(
            same,
            (
                format!("{en}, which is counted otherwise than in the base"),
                format!("{zh},后者的算法和底本不同"),
            ),
        );
    }
    fn clock(&mut self, schema: &Schema, clock: &ClockRule, over: Option<&ClockRule>) {
        let kind = clock.kind;
        // What the base leaves to the spine is not the base's word.
        if clock.within.rule.is_spine() && over.is_some_and(|over| over.within != clock.within) {
            return;
        }
        let Some(over) = over else {
            return self.add((
                format!("the clock `{kind}` is gone"),
                format!("“{}”时限不见了", kind.zh()),
            ));
        };
        match clock.within.diagram.zip(&over.within.diagram, |base, own| {
            (!own.within(base)).then(|| (own.clone(), base.clone()))
        }) {
            Ok(both) => {
                let longer = both.first(schema, Option::is_some).and_then(|region| {
                    let pair = region.answer.clone()?;
                    Some((pair, region.say(schema)))
                });
                if let Some(((own, least), witness)) = longer {
                    self.0.push(Loosened {
                        what: format!("the `{kind}` clock runs for {own}, in the base for {least}"),
                        witness: Some(witness),
                        what_zh: format!(
                            "“{}”时限是 {},底本是 {}",
                            kind.zh(),
                            own.zh(),
                            least.zh()
                        ),
                    });
                }
            }
            Err(error) => self.add((
                format!("the `{kind}` clock cannot be compared with the base's: {error}"),
                format!("“{}”时限没法和底本比较:{}", kind.zh(), error.zh()),
            )),
        }
        let same = over.starts == clock.starts
            && over.stops == clock.stops
            && over.counting == clock.counting
            && over.class == clock.class
            && over.lapses == clock.lapses;
        self.unless(
            same,
            (
                format!("how the `{kind}` clock is counted is not the base's"),
                format!("“{}”时限的算法和底本不同", kind.zh()),
            ),
        );
        self.extending(By::Facts(schema), clock, over);
        let leaves = clock.leaves.is_none() || over.leaves == clock.leaves;
        self.unless(
            leaves && over.not_past_whole >= clock.not_past_whole,
            (
                format!("the `{kind}` clock leaves less than in the base"),
                format!("“{}”时限留出的时间比底本少", kind.zh()),
            ),
        );
        for rung in &clock.rungs {
            let kept = over.rungs.iter().any(|own| {
                // More may be done, and more people told.
                let acts = rung.acts.iter().all(|act| own.acts.contains(act));
                acts && *rung
                    == Rung {
                        acts: rung.acts.clone(),
                        ..own.clone()
                    }
            });
            self.unless(
                kept,
                (
                    format!("the rung `{}` of `{kind}` is not the base's", rung.key),
                    format!("“{}”催办督办的`{}`这一级和底本不同", kind.zh(), rung.key),
                ),
            );
        }
    }
}
