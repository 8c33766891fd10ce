//! Drawing lots: how a message that came in is to go.

use duly::plan::{DeclineRule, Given, Place, Plan};
use duly::time::Span;
use duly::words::{
    CaseId, Class, ClockKind, Command, FactValue, Facts, Level, NewPart, Origin, Outcome,
    PauseSide, PersonId, Text, UnitId,
};

use super::arrivals::Arrival;
use super::groups::{Groups, Repeat};
use super::{beside, mix, replies};
use crate::fail::{Fail, read};
use crate::world::{
    Course, Decline, Dice, Hook, Merge, Office, Pace, People, ReplyAt, Try, Who, facts, where_true,
};

const BUREAUS: [&str; 10] = [
    "住建局",
    "交通局",
    "农牧局",
    "教育局",
    "卫健委",
    "人社局",
    "公安局",
    "水利局",
    "生态环境局",
    "政务局",
];
const CHANNELS: [&str; 4] = ["领导留言板", "领导留言板", "县留言板", "12345"];

/// Draws the course of a message.
pub fn draw(
    arrival: &Arrival,
    office: &Office,
    people: &People,
    (groups, seed): (&Groups, u64),
) -> Result<Course, Fail> {
    let plan = office.plan();
    let mut dice = Dice::of(seed, arrival.id.as_str());
    let mut about = About::draw(plan, &mut dice);
    let repeat = groups.repeat(&arrival.id);
    if let Some(Repeat { first, .. }) = repeat {
        let other = About::draw(plan, &mut Dice::of(seed, first.as_str()));
        about = about.repeats(other);
    }
    let About {
        class,
        place: Some(place),
        opinion,
        channel,
    } = about
    else {
        return Err(Fail::said("the pack names no place"));
    };
    let citizen: PersonId = read(&format!("网民-{}", arrival.id))?;
    let open = Command::Open {
        place: place.code.clone(),
        channel: read(channel)?,
        external_id: read(arrival.id.as_str())?,
        message: Text::new(format!("第 {} 号留言", arrival.id)),
        contact: (!opinion).then(|| Text::new(format!("电话尾号 {}", dice.within(1000, 9999)))),
        citizen: (!opinion).then(|| citizen.clone()),
        origin: if opinion {
            Origin::Opinion
        } else {
            Origin::Message
        },
        facts: facts(
            plan,
            &[Given::Citizen, Given::Host],
            &hints(class, arrival, channel),
            &mut dice,
        ),
    };
    let intake = facts(plan, &[Given::Intake], &Facts::new(), &mut dice);
    let team = unit(place, &mut dice)?;
    let mut course = Course::new(
        arrival.id.clone(),
        place.code.clone(),
        arrival.at,
        (people.system()?, open),
        class,
        team,
        dice.clone(),
    );
    course.citizen = (!opinion).then_some(citizen);
    course.facts = intake;
    course.pace = if dice.chance(mix::SLOW) {
        Pace {
            least: 200,
            most: 900,
        }
    } else {
        Pace { least: 5, most: 55 }
    };
    if class == Class::Idea && dice.chance(mix::ADOPTED) {
        course.outcome = Outcome::Adopted;
    }
    if dice.chance(mix::SEVERAL_MATTERS) {
        course.matters = (1..=dice.within(2, 4))
            .map(|n| format!("第 {n} 件事"))
            .collect();
    }
    let declined = match groups.is_repeated(&arrival.id) {
        true => mix::SURVIVOR_DECLINED,
        false => mix::DECLINED,
    };
    handling(&mut course, plan, (place, declined), &mut dice)?;
    if groups.is_repeated(&arrival.id) {
        // Long enough for the others to have joined.
        course.decline_days = mix::SURVIVOR_DECLINED_AFTER;
    }
    course.rounds = replies::rounds(&course, office, &mut dice)?;
    if course.extension.is_some() && dice.chance(mix::EXTENDED_UNTOLD) {
        course.extension_untold = true;
        if let Some(first) = course.rounds.front_mut() {
            first.at = ReplyAt::Late(dice.within(30, 1000));
        }
    }
    beside::afterwards(&mut course, &mut dice);
    beside::mischief(&mut course, office, people, &mut dice)?;
    beside::happens(&mut course, (arrival, groups), office, people, &mut dice)?;
    if let Some(repeat) = repeat {
        merged(&mut course, &repeat.into, people, &mut dice)?;
    }
    course.dice = dice;
    Ok(course)
}

/// What a message is about, and where it comes in.
struct About<'a> {
    class: Class,
    place: Option<&'a Place>,
    opinion: bool,
    channel: &'static str,
}

impl<'a> About<'a> {
    /// The first throws, so that whoever repeats a message knows what it was about.
    fn draw(plan: &'a Plan, dice: &mut Dice) -> About<'a> {
        let [problem, question, idea] = mix::CLASSES;
        let class = match dice.below(100) {
            drawn if drawn < problem => Class::Problem,
            drawn if drawn < question => Class::Question,
            drawn if drawn < idea => Class::Idea,
            _ => Class::Thanks,
        };
        About {
            class,
            place: dice.one_of(&plan.places),
            opinion: dice.chance(mix::OPINION),
            channel: dice.one_of(&CHANNELS).copied().unwrap_or("领导留言板"),
        }
    }
    /// The same matter over another channel.
    fn repeats(self, other: About<'a>) -> About<'a> {
        let elsewhere = CHANNELS.iter().find(|it| **it != other.channel);
        let channel = match self.channel == other.channel {
            true => elsewhere.copied().unwrap_or(self.channel),
            false => self.channel,
        };
        About {
            opinion: false,
            channel,
            ..other
        }
    }
}

/// It repeats what another one told: merged with that, and what its own citizen makes of the answer.
fn merged(
    course: &mut Course,
    into: &CaseId,
    people: &People,
    dice: &mut Dice,
) -> Result<(), Fail> {
    course.decline = None;
    let says = match dice.below(100) {
        drawn if drawn < mix::FOLLOWER_UNSATISFIED => Some(Level::Unsatisfied),
        drawn if drawn < mix::FOLLOWER_UNSATISFIED + mix::FOLLOWER_SATISFIED => {
            Some(Level::Satisfied)
        }
        _ => None,
    };
    course.merge = Some(Merge {
        into: into.clone(),
        late: dice.chance(mix::MERGED_LATE),
        undone: dice.chance(mix::UNMERGED).then(|| dice.within(1, 4)),
        // Some at once, some when both cases are closed.
        says: says.map(|level| match dice.chance(50) {
            true => (level, dice.within(0, 2)),
            false => (level, dice.within(3, 12)),
        }),
        undelivered: dice.chance(mix::FOLLOWER_UNDELIVERED),
    });
    if dice.chance(mix::TRIES_FOLLOWER) {
        course.tries.push(Try {
            hook: Hook::Following,
            by: Who::Person(people.supervisor(1)?),
            command: Command::StrikeOff {
                outcome: course.outcome,
                matter: None,
            },
        });
    }
    Ok(())
}

fn hints(class: Class, arrival: &Arrival, channel: &str) -> Facts {
    let kind = match class {
        Class::Problem if arrival.down > arrival.up => "求助",
        Class::Problem => "投诉",
        Class::Question => "咨询",
        Class::Idea => "建言",
        Class::Thanks => "感谢",
    };
    let label = |text: &str| FactValue::Label(text.to_owned());
    let named = [
        ("kind", label(kind)),
        ("channel", label(channel)),
        ("heat", FactValue::Whole(0)),
    ];
    named
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn unit(place: &Place, dice: &mut Dice) -> Result<(UnitId, PersonId), Fail> {
    let bureau = dice.one_of(&BUREAUS).copied().unwrap_or_default();
    let unit = format!("{}{bureau}", place.name);
    let person = format!("{unit}-{}", dice.within(1, 4));
    Ok((read(&unit)?, read(&person)?))
}

fn handling(
    course: &mut Course,
    plan: &Plan,
    (place, declined): (&Place, u64),
    dice: &mut Dice,
) -> Result<(), Fail> {
    let other = |dice: &mut Dice, team: &UnitId| -> Result<Option<(UnitId, PersonId)>, Fail> {
        let drawn = unit(place, dice)?;
        Ok((drawn.0 != *team).then_some(drawn))
    };
    if dice.chance(declined) {
        course.decline = dice
            .one_of(&plan.declines)
            .and_then(|rule| not_ours(plan, rule, course));
    }
    if dice.chance(mix::OBJECTED) {
        course.first = other(dice, &course.team.0)?;
    }
    if dice.chance(mix::CO_HANDLED) {
        let part = other(dice, &course.team.0)?
            .filter(|part| course.first.as_ref().is_none_or(|it| it.0 != part.0));
        course.parts = part
            .into_iter()
            .map(|(unit, owner)| NewPart { unit, owner })
            .collect();
    }
    if dice.chance(mix::HANDED_DOWN) && course.first.is_none() && course.parts.is_empty() {
        course.below = other(dice, &course.team.0)?;
    }
    if dice.chance(mix::PAUSED) {
        let waited_for = course.citizen.is_some();
        let known = plan
            .pauses
            .iter()
            .filter(|it| it.side != PauseSide::Citizen || (dice.chance(50) && waited_for));
        let reasons: Vec<&str> = known.map(|it| it.reason.as_str()).collect();
        course.pause = dice
            .one_of(&reasons)
            .map(|reason| ((*reason).to_owned(), dice.within(1, 8)));
    }
    let offered = plan
        .clock(ClockKind::Reply)
        .and_then(|rule| rule.extension.as_ref());
    if let Some(rule) = offered.filter(|_| dice.chance(mix::EXTENDED)) {
        let less = Span::WorkingDays(dice.within(1, 5));
        course.extension = Some(if dice.chance(mix::EXTENDED_MOST) {
            rule.most.clone()
        } else {
            less
        });
    }
    course.update = dice.chance(mix::UPDATED);
    course.reports = dice.chance(mix::REPORTS);
    course.keeps_promises = dice.chance(mix::PROMISES_KEPT);
    if dice.chance(mix::PROMISES_LATE) {
        course.promises_late = dice.within(1, 8);
    }
    if dice.chance(mix::HANDED_OVER) {
        // One whom no unit's lots name.
        course.successor = Some(read(&format!("{}-{}", course.team.0, dice.within(5, 8)))?);
    }
    if dice.chance(mix::TRANSFERRED) && course.below.is_none() && course.first.is_none() {
        course.transfer = other(dice, &course.team.0)?
            .filter(|to| course.parts.iter().all(|part| part.unit != to.0));
    }
    Ok(())
}

/// Declining on that ground, with facts that make it so, if the intake officer's facts alone can.
fn not_ours(plan: &Plan, rule: &DeclineRule, course: &Course) -> Option<Decline> {
    let mut facts = course.facts.clone();
    facts.extend(where_true(plan, &rule.when, Given::Intake)?);
    Some(Decline {
        ground: rule.ground,
        told: rule.told.clone(),
        facts,
    })
}
