//! Drawing lots on what happens beside the course: votes gather, leaders direct, citizens withdraw or come back, and some
//! would like to be done sooner than is right.

use duly::plan::{Domain, Given};
use duly::time::Span;
use duly::words::{Command, FactValue, Review, Role, Text};

use super::arrivals::Arrival;
use super::groups::Groups;
use super::mix;
use crate::fail::Fail;
use crate::world::{After, Aside, Citizen, Course, Dice, Hook, Office, People, Try, Who, findings};

/// How many days a message gathers votes.
const GATHERS: u32 = 2;

/// Votes as heat.
fn heat(arrival: &Arrival) -> i64 {
    i64::from(arrival.up) * 6 + i64::from(arrival.down) * 2
}

/// Some come back: those who were silent with a poor rating, the others with something new.
pub fn afterwards(course: &mut Course, dice: &mut Dice) {
    let silent = course.rounds.iter().find(|round| round.back.is_none());
    let silent =
        silent.is_some_and(|round| matches!(round.citizen, Citizen::Silent | Citizen::AutoRated));
    if silent && dice.chance(mix::COMPLAINS) {
        course.after.push_back(After::Complains(dice.within(1, 15)));
    } else if dice.chance(mix::REOPENED) {
        course.after.push_back(After::Reopens(dice.within(5, 60)));
    }
}

/// People who would like to be done sooner than is right.
pub fn mischief(
    course: &mut Course,
    office: &Office,
    people: &People,
    dice: &mut Dice,
) -> Result<(), Fail> {
    let strike_off = Command::StrikeOff {
        outcome: course.outcome,
        matter: None,
    };
    if dice.chance(mix::TRIES_EARLY) {
        let hook = if dice.chance(50) {
            Hook::Published
        } else {
            Hook::Missed(2)
        };
        course.tries.push(Try {
            hook,
            by: Who::Person(people.supervisor(1)?),
            command: strike_off.clone(),
        });
    }
    if dice.chance(mix::TRIES_AUTO) {
        course.tries.push(Try {
            hook: Hook::AutoRated,
            by: Who::Person(people.supervisor(1)?),
            command: strike_off,
        });
    }
    if dice.chance(mix::TRIES_OWN_REVIEW) {
        let review = Command::Review(Review {
            findings: findings(office.plan(), 0),
            return_for: None,
        });
        course.tries.push(Try {
            hook: Hook::Replied,
            by: Who::Author(Role::Reviewer),
            command: review,
        });
    }
    Ok(())
}

/// What happens beside the course: votes gather, leaders direct, citizens withdraw.
pub fn happens(
    course: &mut Course,
    (arrival, groups): (&Arrival, &Groups),
    office: &Office,
    people: &People,
    dice: &mut Dice,
) -> Result<(), Fail> {
    let votes = heat(arrival);
    let moves = office
        .plan()
        .schema
        .fact("heat")
        .filter(|fact| fact.moves && fact.given == Given::Host);
    if let Some(Domain::Whole { least, most }) = moves.map(|fact| &fact.domain)
        && votes > 0
    {
        let at = office.days(arrival.at, GATHERS, dice)?;
        let value = FactValue::Whole(votes.clamp(*least, *most));
        let command = Command::SetFact {
            name: "heat".into(),
            value,
        };
        course.asides.push(Aside {
            at,
            by: people.system()?,
            command,
        });
        if votes >= mix::DIRECTED_FROM {
            let within = dice
                .chance(mix::DIRECTED_WITHIN)
                .then(|| Span::WorkingDays(dice.within(2, 4)));
            let command = Command::Direct {
                words: Text::from("尽早核实,如实答复"),
                within,
                track: dice.chance(mix::DIRECTED_TRACK),
                lead: None,
            };
            course.asides.push(Aside {
                at: office.later(at, 60)?,
                by: people.leader()?,
                command,
            });
        }
    }
    let withdrawn = match groups.is_repeated(&arrival.id) {
        true => mix::SURVIVOR_WITHDRAWN,
        false => mix::WITHDRAWN,
    };
    if dice.chance(withdrawn)
        && let Some(citizen) = &course.citizen
    {
        let days = dice.within(1, 12);
        let at = office.days(arrival.at, days, dice)?;
        let by = people.citizen(citizen);
        course.asides.push(Aside {
            at,
            by,
            command: Command::Withdraw {
                evidence: Text::from("事情已经解决,撤回"),
            },
        });
    }
    Ok(())
}
