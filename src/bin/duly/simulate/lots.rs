//! Drawing lots: how a message that came in is to go.

use duly::plan::{DeclineRule, Given, Place, Plan};
use duly::time::Span;
use duly::words::{
    Class, ClockKind, Command, FactValue, Facts, NewPart, Origin, Outcome, PauseSide, PersonId,
    Text, UnitId,
};

use super::arrivals::Arrival;
use super::{beside, replies};
use crate::fail::{Fail, read};
use crate::world::{Course, Decline, Dice, Office, Pace, People, facts, where_true};

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
    seed: u64,
) -> Result<Course, Fail> {
    let plan = office.plan();
    let mut dice = Dice::of(seed, arrival.id.as_str());
    let class = match dice.below(100) {
        0..62 => Class::Problem,
        62..82 => Class::Question,
        82..94 => Class::Idea,
        _ => Class::Thanks,
    };
    let place = dice
        .one_of(&plan.places)
        .ok_or_else(|| Fail::said("the pack names no place"))?
        .clone();
    let opinion = dice.chance(2);
    let citizen: PersonId = read(&format!("网民-{}", arrival.id))?;
    let channel = dice.one_of(&CHANNELS).copied().unwrap_or("领导留言板");
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
    let team = unit(&place, &mut dice)?;
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
    course.pace = if dice.chance(8) {
        Pace {
            least: 200,
            most: 900,
        }
    } else {
        Pace { least: 5, most: 55 }
    };
    if class == Class::Idea && dice.chance(50) {
        course.outcome = Outcome::Adopted;
    }
    if dice.chance(25) {
        course.matters = (1..=dice.within(2, 4))
            .map(|n| format!("第 {n} 件事"))
            .collect();
    }
    handling(&mut course, plan, &place, &mut dice)?;
    course.rounds = replies::rounds(&course, office, &mut dice)?;
    beside::afterwards(&mut course, &mut dice);
    beside::mischief(&mut course, office, people, &mut dice)?;
    beside::happens(&mut course, arrival, office, people, &mut dice)?;
    course.dice = dice;
    Ok(course)
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

fn handling(course: &mut Course, plan: &Plan, place: &Place, dice: &mut Dice) -> Result<(), Fail> {
    let other = |dice: &mut Dice, team: &UnitId| -> Result<Option<(UnitId, PersonId)>, Fail> {
        let drawn = unit(place, dice)?;
        Ok((drawn.0 != *team).then_some(drawn))
    };
    if dice.chance(3) {
        course.decline = dice
            .one_of(&plan.declines)
            .and_then(|rule| declined(plan, rule, course));
    }
    if dice.chance(4) {
        course.first = other(dice, &course.team.0)?;
    }
    if dice.chance(6) {
        let part = other(dice, &course.team.0)?
            .filter(|part| course.first.as_ref().is_none_or(|it| it.0 != part.0));
        course.parts = part
            .into_iter()
            .map(|(unit, owner)| NewPart { unit, owner })
            .collect();
    }
    if dice.chance(4) && course.first.is_none() && course.parts.is_empty() {
        course.below = other(dice, &course.team.0)?;
    }
    if dice.chance(4) {
        let known = plan
            .pauses
            .iter()
            .filter(|it| it.side != PauseSide::Citizen || dice.chance(50));
        let reasons: Vec<&str> = known.map(|it| it.reason.as_str()).collect();
        course.pause = dice
            .one_of(&reasons)
            .map(|reason| ((*reason).to_owned(), dice.within(1, 8)));
    }
    let offered = plan
        .clock(ClockKind::Reply)
        .and_then(|rule| rule.extension.as_ref());
    if let Some(rule) = offered.filter(|_| dice.chance(4)) {
        let less = Span::WorkingDays(dice.within(1, 5));
        course.extension = Some(if dice.chance(30) {
            rule.most.clone()
        } else {
            less
        });
    }
    course.update = dice.chance(6);
    course.reports = dice.chance(85);
    course.keeps_promises = dice.chance(90);
    Ok(())
}

/// Declining on that ground, with facts that make it so, if the intake officer's facts alone can.
fn declined(plan: &Plan, rule: &DeclineRule, course: &Course) -> Option<Decline> {
    let mut facts = course.facts.clone();
    facts.extend(where_true(plan, &rule.when, Given::Intake)?);
    Some(Decline {
        ground: rule.ground,
        told: rule.told.clone(),
        facts,
    })
}
