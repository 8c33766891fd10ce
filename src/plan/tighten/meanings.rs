//! What another plan's words and facts let come later, where they stand for something else.

use std::collections::BTreeMap;

use super::Loosened;
use super::found::Found;
use crate::plan::{About, Answer, Asked, FactRule, Limit, Mention, Plan};
use crate::words::ClockKind;

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
pub(super) fn longer(kind: ClockKind, is: &Limit, was: &Limit) -> bool {
    let (is, was) = (is.in_days(), was.in_days());
    match kind.is_the_citizens() {
        true => !was.within(&is),
        false => !is.within(&was),
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
}

impl Plan {
    /// Limits that read facts which stand for something else.
    pub(super) fn lean(&self, before: &Plan, all: &mut BTreeMap<ClockKind, Loosened>) {
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
