//! Drawing lots on the replies: on time or late, good or poor, and what the citizen makes of them.

use std::collections::VecDeque;

use duly::words::{
    Answer, Class, Command, Contact, ContactHow, Level, Mark, Measure, NewCommitment, Text,
};

use super::mix;
use crate::fail::Fail;
use crate::world::{Citizen, Course, Dice, Office, ReplyAt, Round, Words};

/// The rounds of a course; most need only the first.
pub fn rounds(course: &Course, office: &Office, dice: &mut Dice) -> Result<VecDeque<Round>, Fail> {
    let mut rounds = VecDeque::new();
    let [silent, auto, unsatisfied, called_twice] = mix::CITIZENS;
    let unsolved = dice.chance(mix::UNSOLVED);
    let explained = course.class == Class::Problem && dice.chance(mix::EXPLAINED);
    let promised = !explained && dice.chance(mix::PROMISED);
    for round in 0..4 {
        let of = |[first, later]: [u64; 2]| if round == 0 { first } else { later };
        let poor = dice.chance(of(mix::POOR));
        let late = dice.chance(of(mix::LATE));
        let citizen = match dice.below(100) {
            _ if unsolved => Citizen::Says {
                level: Level::VeryUnsatisfied,
                misses: 0,
            },
            drawn if drawn < silent => Citizen::Silent,
            drawn if drawn < auto => Citizen::AutoRated,
            drawn if drawn < unsatisfied => Citizen::Says {
                level: Level::Unsatisfied,
                misses: 0,
            },
            drawn => {
                let level = [
                    Level::VerySatisfied,
                    Level::Satisfied,
                    Level::MostlySatisfied,
                ];
                let level = dice.one_of(&level).copied().unwrap_or(Level::Satisfied);
                Citizen::Says {
                    level,
                    misses: if drawn < called_twice { 1 } else { 0 },
                }
            }
        };
        let ground = dice
            .one_of(&office.plan().redo.grounds)
            .cloned()
            .unwrap_or_else(|| "返工".into());
        let minutes = dice.within(30, 4800);
        let share = dice.within(25, 96);
        rounds.push_back(Round {
            at: if late {
                ReplyAt::Late(minutes)
            } else {
                ReplyAt::Share(share)
            },
            words: Words {
                reply: words(course, office, round, (poor, explained, promised), dice)?,
                good: !poor,
            },
            back: poor.then(|| {
                (
                    ground,
                    "补上与网民的联系,写明做什么、由谁做、哪天前".to_owned(),
                )
            }),
            citizen,
        });
    }
    if unsolved {
        rounds.truncate(2);
    }
    Ok(rounds)
}

fn words(
    course: &Course,
    office: &Office,
    round: u32,
    (poor, explained, promised): (bool, bool, bool),
    dice: &mut Dice,
) -> Result<Command, Fail> {
    let matters = u16::try_from(course.matters.len().max(1)).unwrap_or(1);
    let mark = if promised { Mark::B } else { Mark::A };
    let text = if poor {
        "已知悉,将尽快研究,适时解决。"
    } else {
        "已核实并办理,结果如下。"
    };
    let answers = (1..=matters)
        .map(|matter| Answer {
            matter,
            text: Text::from(text),
            mark,
        })
        .collect();
    let days = dice.within(25, 70) + 60 * round;
    let by_date = office
        .days(course.received, days, dice)?
        .date(office.plan().zone);
    let person = course.team.1.clone();
    let measure = Measure {
        action: Text::from("办理"),
        person: Some(person.clone()),
        by_date: Some(by_date),
    };
    let promise = |matter| NewCommitment {
        matter,
        action: Text::from("办成"),
        person: person.clone(),
        by_date,
    };
    let contact = Contact {
        at: course.received.plus(60),
        how: ContactHow::Phone,
    };
    Ok(Command::Reply {
        answers,
        measures: if poor { Vec::new() } else { vec![measure] },
        contacts: if poor { Vec::new() } else { vec![contact] },
        basis: if poor && !explained {
            Vec::new()
        } else {
            vec!["有关规定".into()]
        },
        commitments: if promised {
            (1..=matters).map(promise).collect()
        } else {
            Vec::new()
        },
        explained,
    })
}
