//! The replies to the samples: when, in what words, and what the citizen makes of them.

use std::collections::VecDeque;

use chrono::NaiveDate;
use duly::words::{
    Answer, Command, Contact, ContactHow, Level, Mark, Measure, NewCommitment, Text,
};

use super::samples::{Sample, Script};
use super::trouble;
use crate::fail::{Fail, read};
use crate::world::{Citizen, Dice, Office, ReplyAt, Round, Words};

fn date(text: &str) -> Result<NaiveDate, Fail> {
    read(text)
}

/// The dates of the replies that are not simply in time.
fn set_dates(id: &str) -> &'static [&'static str] {
    match id {
        "m02" => &["2026-03-09"],
        "m04" => &["", "2026-03-18"],
        "m05" => &["2026-03-06"],
        "m06" => &["2026-03-13", "2026-03-24"],
        "m09" => &["2026-03-24"],
        "m12" => &["", "2026-03-19"],
        "m14" => &["2026-03-26"],
        "m18" => &["", "2026-03-24"],
        "m20" => &["2026-03-27"],
        "m23" => &["", "2026-03-25"],
        "m27" => &["", "2026-03-26"],
        "m28" => &["", "2026-04-03"],
        "m29" => &["2026-04-02"],
        _ => &[],
    }
}

/// The rounds of a sample, one a reply.
pub fn rounds(sample: &Sample, office: &Office, dice: &mut Dice) -> Result<VecDeque<Round>, Fail> {
    use duly::words::Class::{Idea, Problem, Question, Thanks};
    if matches!(sample.script, Script::Declined | Script::Withdrawn) {
        return Ok(VecDeque::new());
    }
    let late = sample.script == Script::Late;
    let mut rounds = VecDeque::new();
    for (at, reply) in sample.replies.iter().enumerate() {
        let poor = sample.script == Script::Returned && at == 0;
        let set = set_dates(&sample.id)
            .get(at)
            .copied()
            .filter(|text| !text.is_empty());
        let day = match (set, sample.class) {
            (Some(text), _) => date(text)?,
            (None, class) => {
                let (least, most) = match class {
                    _ if poor => (4, 5),
                    Problem | Idea => (7, 9),
                    Question => (3, 4),
                    Thanks => (1, 2),
                };
                let days = dice.within(least, most);
                office
                    .days(sample.received, days, dice)?
                    .date(office.plan().zone)
            }
        };
        let citizen = match sample.script {
            Script::Silent if sample.id == "m32" => Citizen::AutoRated,
            Script::Silent => Citizen::Silent,
            Script::Unsolved => Citizen::Says {
                level: Level::VeryUnsatisfied,
                misses: 0,
            },
            Script::UnsatisfiedThenSolved if at == 0 => Citizen::Says {
                level: Level::Unsatisfied,
                misses: 0,
            },
            Script::Explained => Citizen::Says {
                level: Level::Unsatisfied,
                misses: 0,
            },
            _ => {
                let misses = u32::from(dice.chance(20));
                let level = if dice.chance(55) {
                    Level::Satisfied
                } else {
                    Level::VerySatisfied
                };
                Citizen::Says { level, misses }
            }
        };
        rounds.push_back(Round {
            at: if late {
                ReplyAt::On(day)
            } else {
                ReplyAt::InTime(day)
            },
            words: Words {
                reply: words(sample, at, reply, poor)?,
                good: !poor,
            },
            back: poor.then(|| {
                (
                    "处理不到位".to_owned(),
                    trouble::mend(&sample.id).to_owned(),
                )
            }),
            citizen,
        });
    }
    Ok(rounds)
}

fn words(sample: &Sample, at: usize, reply: &str, poor: bool) -> Result<Command, Fail> {
    let promised = matches!(sample.script, Script::Promise | Script::Unsolved);
    let mark = if promised { Mark::B } else { Mark::A };
    let steps = sample
        .measures
        .get(at)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let answers = (1u16..)
        .zip(sample.parts(reply))
        .map(|(matter, text)| Answer {
            matter,
            text: Text::new(text),
            mark,
        });
    let measures = steps.iter().map(|step| Measure {
        action: Text::from(step.action.as_str()),
        person: Some(step.person.clone()),
        by_date: Some(step.by_date),
    });
    let last = u16::try_from(sample.matters.len()).unwrap_or(1);
    let commitments = (1u16..)
        .zip(steps)
        .filter(|_| promised)
        .map(|(matter, step)| NewCommitment {
            matter: matter.min(last),
            action: Text::from(step.action.as_str()),
            person: step.person.clone(),
            by_date: step.by_date,
        });
    // Called back soon after the message came: always before the reply.
    let called = sample.received.plus(30 * 60);
    Ok(Command::Reply {
        answers: answers.collect(),
        measures: measures.collect(),
        contacts: if poor {
            Vec::new()
        } else {
            vec![Contact {
                at: called,
                how: ContactHow::Phone,
            }]
        },
        basis: if poor {
            Vec::new()
        } else {
            sample.basis.clone()
        },
        commitments: commitments.collect(),
        explained: sample.script == Script::Explained,
    })
}
