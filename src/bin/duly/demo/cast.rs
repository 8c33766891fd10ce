//! The samples, cast: who handles each of them, when, and what goes wrong.

use duly::plan::Given;
use duly::time::{Moment, Span};
use duly::words::{
    CaseId, Command, DeclineGround, FactValue, Facts, NewPart, Origin, Outcome, PersonId, Text,
};

use super::samples::{Sample, Script};
use super::{replies, trouble};
use crate::fail::{Fail, read};
use crate::world::{Aside, Course, Decline, Dice, Office, Pace, People, facts};

/// The last moment of the story.
pub const END: &str = "2026-04-30T18:00:00+08:00";

/// Casts a sample.
pub fn course(
    sample: &Sample,
    office: &Office,
    people: &People,
    seed: u64,
) -> Result<Course, Fail> {
    let mut dice = Dice::of(seed, &sample.id);
    let case: CaseId = read(&sample.id)?;
    let citizen: PersonId = read(&format!("网民-{}", sample.id))?;
    let hints = hints(sample);
    let plan = office.plan();
    let open = Command::Open {
        place: sample.place.clone(),
        channel: sample.channel.clone(),
        external_id: sample.external_id.clone(),
        message: Text::new(format!("{}\n{}", sample.title, sample.message)),
        contact: Some(Text::new(format!(
            "{} {}",
            sample.citizen.name, sample.citizen.phone
        ))),
        citizen: Some(citizen.clone()),
        origin: Origin::Message,
        facts: facts(plan, &[Given::Citizen, Given::Host], &hints, &mut dice),
    };
    let intake_facts = facts(plan, &[Given::Intake], &hints, &mut dice);
    let by = people.system()?;
    let team = (sample.unit.clone(), sample.owner.clone());
    let mut course = Course::new(
        case,
        sample.place.clone(),
        sample.received,
        (by, open),
        sample.class,
        team,
        dice,
    );
    course.citizen = Some(citizen);
    course.facts = intake_facts;
    course.matters = sample.matters.clone();
    course.pace = Pace { least: 8, most: 45 };
    course.first = first_unit(sample)?;
    if sample.class == duly::words::Class::Idea {
        course.outcome = Outcome::Adopted;
    }
    course.rounds = replies::rounds(sample, office, &mut course.dice)?;
    turns(&mut course, sample, people)?;
    course.tries = trouble::tries(sample, office, people)?;
    Ok(course)
}

/// What is known of a message besides its words.
fn hints(sample: &Sample) -> Facts {
    // The two that grow hot do so before the eyes of the office.
    let (heat, crowd) = if sample.script == Script::Hot {
        (41, 3)
    } else {
        (sample.heat, sample.crowd)
    };
    let label = |text: &str| FactValue::Label(text.to_owned());
    [
        ("kind", label(&sample.kind)),
        ("field", label(&sample.field)),
        ("channel", label(sample.channel.as_str())),
        ("urgent", sample.urgent.into()),
        ("sub_judice", sample.sub_judice.into()),
        ("heat", heat.into()),
        ("crowd", crowd.into()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn first_unit(sample: &Sample) -> Result<Option<(duly::words::UnitId, PersonId)>, Fail> {
    let person = if sample.id == "m15" {
        "王宏"
    } else {
        "冯玉"
    };
    sample
        .first_unit
        .clone()
        .map(|unit| Ok((unit, read(person)?)))
        .transpose()
}

/// The turns that single cases take.
fn turns(course: &mut Course, sample: &Sample, people: &People) -> Result<(), Fail> {
    let at = |text: &str| -> Result<Moment, Fail> { read(text) };
    match sample.id.as_str() {
        "m02" => {
            course.extension = Some(Span::WorkingDays(2));
            course.asides.push(direct(
                people,
                at("2026-03-02T16:40:00+08:00")?,
                "先送水,再修管,今天就把水车派到社里",
                None,
            )?);
        }
        "m05" => {
            for (name, value) in [("heat", sample.heat), ("crowd", sample.crowd)] {
                let command = Command::SetFact {
                    name: name.into(),
                    value: value.into(),
                };
                course.asides.push(Aside {
                    at: at("2026-03-04T08:40:00+08:00")?,
                    by: people.system()?,
                    command,
                });
            }
            let words = "群众在挨冻,当日查清、限时恢复,督查办盯到底";
            let within = Some(Span::WorkingDays(2));
            course.asides.push(direct(
                people,
                at("2026-03-04T11:50:00+08:00")?,
                words,
                within,
            )?);
        }
        "m06" => course.extension = Some(Span::WorkingDays(4)),
        "m15" => course.pause = Some(("鉴定检测".into(), 2)),
        "m17" => {
            course.decline = Some(Decline {
                ground: DeclineGround::InProcedure,
                told: sample.replies.first().cloned().unwrap_or_default(),
                facts: course.facts.clone(),
            });
        }
        "m20" => {
            let words = "工钱拖不得,三天内答复工友";
            let within = Some(Span::WorkingDays(3));
            course.asides.push(direct(
                people,
                at("2026-03-25T09:20:00+08:00")?,
                words,
                within,
            )?);
        }
        "m30" => course.update = true,
        "m33" => {
            course.parts = vec![NewPart {
                unit: read("贵南县交通运输局")?,
                owner: read("张海青")?,
            }];
        }
        "m35" => {
            let citizen = course.citizen.clone();
            let by = citizen.map_or_else(
                || people.intake(&sample.place, 1),
                |it| Ok(people.citizen(&it)),
            )?;
            let evidence = Text::from("十二头牦牛都找到了,一头不少,不用再查了,谢谢。");
            course.asides.push(Aside {
                at: at("2026-03-24T10:15:00+08:00")?,
                by,
                command: Command::Withdraw { evidence },
            });
        }
        "m28" => course.keeps_promises = false,
        _ => {}
    }
    Ok(())
}

fn direct(people: &People, at: Moment, words: &str, within: Option<Span>) -> Result<Aside, Fail> {
    let command = Command::Direct {
        words: Text::from(words),
        within,
        track: true,
        lead: None,
    };
    Ok(Aside {
        at,
        by: people.leader()?,
        command,
    })
}
