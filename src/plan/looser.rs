//! What another plan's words, facts, reviews and limits let come later: the parts of [`Plan::lets_more`] that are no conditions of their own, and
//! which clocks may run longer.

use std::collections::BTreeMap;

use super::tighten::{By, Found};
use super::{
    About, Answer, Asked, ClockRule, Diagram, DiagramError, FactRule, Limit, Loosened, Mention,
    Plan, Schema,
};
use crate::words::ClockKind;

/// So many cases of a limit are compared by what they say.
const CASES: usize = 256;

/// How a fact may be another in a case that is the same: from one code to another, of which none means any; or nobody can tell.
enum Moved {
    Codes(Option<i64>, Option<i64>),
    Unlike,
}

/// Facts of the base that stand for something else in the other plan, by place in the base's schema.
fn moved(over: &Plan, base: &Plan) -> Vec<(usize, Moved)> {
    let mut all = Vec::new();
    for (at, fact) in base.schema.facts.iter().enumerate() {
        let Some(own) = over.schema.fact(&fact.name) else {
            continue;
        };
        let code = |rule: &FactRule| {
            let value = rule.otherwise.as_ref();
            value.and_then(|value| fact.domain.code(value))
        };
        if own.domain != fact.domain || own.given != fact.given {
            all.push((at, Moved::Unlike));
        } else if own.otherwise != fact.otherwise {
            all.push((at, Moved::Codes(code(fact), code(own))));
        }
        let words = |plan: &Plan| -> Vec<String> {
            let its = plan.mentions.iter().filter(|it| it.fact == fact.name);
            let words = its.flat_map(|it| it.words.iter());
            words.map(|word| Mention::compared(word)).collect()
        };
        let (had, has) = (words(base), words(over));
        // A text with a word in it has every part of that word in it.
        let lacks = |these: &[String], those: &[String]| {
            let found = |word: &String| these.iter().any(|part| word.contains(part.as_str()));
            !those.iter().all(found)
        };
        if lacks(&has, &had) {
            all.push((at, Moved::Codes(Some(1), Some(0))));
        }
        if lacks(&had, &has) {
            all.push((at, Moved::Codes(Some(0), Some(1))));
        }
    }
    all
}

/// Whether an answer binds less than another.
fn binds_less(about: &About<'_>, is: &Answer, was: &Answer) -> bool {
    match (about, is, was) {
        (
            About::Gate(_) | About::Decline(_) | About::Extend(_) | About::Pause(_),
            Answer::Yes(is),
            Answer::Yes(was),
        ) => *is && !was,
        (About::TwoSteps, Answer::Yes(is), Answer::Yes(was)) => *was && !is,
        (About::Within(clock), Answer::Limit(is), Answer::Limit(was)) => {
            longer(clock.kind, is, was)
        }
        _ => false,
    }
}

/// Whether a limit may end later than another; of the citizen's own time, earlier.
fn longer(kind: ClockKind, is: &Limit, was: &Limit) -> bool {
    let (is, was) = (is.in_days(), was.in_days());
    match kind {
        ClockKind::Rating | ClockKind::Waiting => !was.within(&is),
        _ => !is.within(&was),
    }
}

/// Whether a decision of the base binds less where a fact is another: a case to show it, or that it cannot be told.
fn leans(asked: &Asked<'_>, base: &Plan, fact: usize, moved: &Moved) -> Option<Option<String>> {
    if !asked.reads().contains(&fact) {
        return None;
    }
    let Moved::Codes(from, to) = moved else {
        let nobody_asks = matches!(
            asked.about,
            About::Class
                | About::Lead
                | About::Rung(..)
                | About::Notice(_)
                | About::Signal(_)
                | About::Track
                | About::Hot
        );
        return (!nobody_asks).then_some(None);
    };
    let diagram = asked.diagram();
    let settled = |code: &Option<i64>| match code {
        Some(code) => diagram.settled(fact, *code),
        None => diagram.clone(),
    };
    let less = |is: &Answer, was: &Answer| binds_less(&asked.about, is, was);
    match settled(to).zip(&settled(from), less) {
        Ok(less) => {
            let region = less.first(&base.schema, |less| *less)?;
            Some(Some(region.say(&base.schema)))
        }
        Err(_) => Some(None),
    }
}

impl Found {
    /// Decisions that bind less because a fact that they read stands for something else: a mention of other words, another value where
    /// nobody gave one.
    pub(super) fn meanings(&mut self, over: &Plan, base: &Plan) {
        let decisions = base.decisions();
        for (fact, moved) in moved(over, base) {
            let Some(name) = base.schema.facts.get(fact).map(|fact| &fact.name) else {
                continue;
            };
            for asked in &decisions {
                // Those are told clock by clock.
                if matches!(asked.about, About::Within(_)) {
                    continue;
                }
                if let Some(witness) = leans(asked, base, fact, &moved) {
                    let rule = asked.rule;
                    self.shown(
                        (
                            format!("`{rule}` reads `{name}`, which is not the base's, and may bind less"),
                            format!("`{rule}`要看`{name}`,这个事实和底本不同,可能管得松了"),
                        ),
                        witness,
                    );
                }
            }
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
        let when = |rule: &super::ReviewRule| {
            let when = rule.when.as_ref();
            when.map_or_else(|| Diagram::constant(false), |when| when.diagram.clone())
        };
        self.wider(by.turned(), (&when(own), &when(had)), what);
    }
}

impl Plan {
    /// The clocks that this plan may let run longer than `before` does, those of the citizen's own time shorter, each with what is otherwise: its
    /// limit for some case, how it is counted, or that it is gone. What cannot be compared may be longer. Of a clock that runs, its due moment
    /// tells better: `Desk::adopt_preview`.
    ///
    /// ```
    /// use duly::plan::{Diagram, Limit, bare};
    /// use duly::time::Span;
    /// use duly::words::ClockKind;
    /// let before = bare("demo".parse()?);
    /// let mut plan = before.clone();
    /// let reply = plan.clocks.iter_mut().find(|it| it.kind == ClockKind::Reply).unwrap();
    /// reply.within.diagram = Diagram::constant(Limit::Span(Span::WorkingDays(60)));
    /// assert_eq!(
    ///     plan.runs_longer(&before)[&ClockKind::Reply].to_string(),
    ///     "the `reply` clock runs for 60 working days, in the base for 15 working days"
    /// );
    /// assert!(before.runs_longer(&plan).is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn runs_longer(&self, before: &Plan) -> BTreeMap<ClockKind, Loosened> {
        let by = By::of(before, self);
        let time = self.zone == before.zone
            && self.hours == before.hours
            && self.holidays == before.holidays
            && self.uncovered == before.uncovered;
        let mut all = BTreeMap::new();
        for had in &before.clocks {
            let mut found = Found::default();
            match self.clock(had.kind) {
                None => found.gone(had.kind),
                Some(own) => {
                    found.limit(by, had, own);
                    found.counted(had, own, time);
                }
            }
            all.extend(found.into_first().map(|found| (had.kind, found)));
        }
        self.lean(before, &mut all);
        shares(before, &mut all);
        all
    }
    /// Limits that read facts which stand for something else.
    fn lean(&self, before: &Plan, all: &mut BTreeMap<ClockKind, Loosened>) {
        let decisions = before.decisions();
        for (fact, moved) in moved(self, before) {
            for asked in &decisions {
                let About::Within(clock) = asked.about else {
                    continue;
                };
                if let Some(witness) = leans(asked, before, fact, &moved) {
                    let mut found = Found::default();
                    let kind = clock.kind;
                    found.shown(
                        (
                            format!("the limit of the `{kind}` clock reads a fact that is not the base's"),
                            format!("“{}”时限要看的事实和底本不同", kind.zh()),
                        ),
                        witness,
                    );
                    all.extend(found.into_first().map(|found| (kind, found)));
                }
            }
        }
    }
}

/// A share of a clock that may run longer is longer as well.
fn shares(before: &Plan, all: &mut BTreeMap<ClockKind, Loosened>) {
    for clock in &before.clocks {
        let mut limits = clock.within.diagram.answers().iter();
        let longer = limits.find_map(|limit| match limit {
            Limit::Share { of, .. } => all.get(of).cloned(),
            Limit::Span(_) => None,
        });
        if let Some(longer) = longer {
            all.entry(clock.kind).or_insert(longer);
        }
    }
}

/// Case by case what a clock may run for, in words; nothing, where that takes too many.
fn table(diagram: &Diagram<Limit>, schema: &Schema) -> Option<Vec<(String, Limit)>> {
    let regions = diagram.regions(schema).take(CASES + 1);
    let said = regions.map(|it| (it.say(schema), it.answer.clone()));
    let said: Vec<_> = said.collect();
    (said.len() <= CASES).then_some(said)
}

/// A pair of limits of which the first may end later, and a case in which it may; no pair, where it cannot be told.
type Longer = (Option<(Limit, Limit)>, Option<String>);

fn later(by: By<'_>, had: &ClockRule, own: &ClockRule) -> Result<Option<Longer>, DiagramError> {
    let (old, new) = (&had.within.diagram, &own.within.diagram);
    let kind = had.kind;
    let schema = match by {
        By::Facts(schema) => schema,
        By::Words { base, over } => {
            let each = |was: &Limit| new.answers().iter().all(|is| !longer(kind, is, was));
            let told = table(old, base);
            let alike = told.is_some() && told == table(new, over);
            return Ok((!alike && !old.answers().iter().all(each)).then_some((None, None)));
        }
    };
    let both = old.zip(new, |was, is| {
        longer(kind, is, was).then(|| (is.clone(), was.clone()))
    })?;
    let region = both.first(schema, Option::is_some);
    let found = region.map(|region| (region.answer.clone(), Some(region.say(schema))));
    Ok(found)
}

impl Found {
    fn gone(&mut self, kind: ClockKind) {
        self.shown(
            (
                format!("the clock `{kind}` is gone"),
                format!("“{}”时限不见了", kind.zh()),
            ),
            None,
        );
    }
    fn limit(&mut self, by: By<'_>, had: &ClockRule, own: &ClockRule) {
        let kind = had.kind;
        let unlike = || {
            (
                format!("the limits of the `{kind}` clock cannot be compared with the base's"),
                format!("“{}”时限没法和底本比较", kind.zh()),
            )
        };
        match later(by, had, own) {
            Ok(None) => {}
            Ok(Some((Some((is, was)), witness))) => self.shown(
                (
                    format!("the `{kind}` clock runs for {is}, in the base for {was}"),
                    format!("“{}”时限是 {},底本是 {}", kind.zh(), is.zh(), was.zh()),
                ),
                witness,
            ),
            Ok(Some((None, _))) | Err(_) => self.shown(unlike(), None),
        }
    }
    fn counted(&mut self, had: &ClockRule, own: &ClockRule, time: bool) {
        let same = time
            && own.starts == had.starts
            && own.stops == had.stops
            && own.counting == had.counting;
        if !same {
            let kind = had.kind;
            self.shown(
                (
                    format!("how the `{kind}` clock is counted is not the base's"),
                    format!("“{}”时限的算法和底本不同", kind.zh()),
                ),
                None,
            );
        }
    }
}
