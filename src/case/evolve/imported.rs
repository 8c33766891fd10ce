//! A case as another system left it.

use std::collections::BTreeSet;

use super::new;
use crate::case::imported::TakenOver;
use crate::case::model::Case;
use crate::case::stages::{Assigned, Matter, Paused, Received, Returned, Segment, StageData, Team};
use crate::plan::SUPPLEMENT;
use crate::time::Moment;
use crate::words::{Event, Import, ImportStage, Part, Record, Shown, StoodStill, TextRef};

/// The case in the stage in which it was taken over. One that was replied to stands assigned until the entry of its reply, which
/// follows with the same command. None: the event lacks what its stage needs.
pub(super) fn imported(record: &Record) -> Option<Case> {
    let Event::Imported {
        board,
        case: it,
        stood,
    } = &record.event
    else {
        return None;
    };
    let number = (&it.place, &it.channel, &it.external_id);
    let blank = new(record, board, number, &it.message);
    let team = team(it);
    let persons: BTreeSet<_> = team
        .iter()
        .flat_map(|team| {
            std::iter::once(&team.owner).chain(it.co_handlers.iter().map(|part| &part.owner))
        })
        .chain(&it.handlers)
        .cloned()
        .collect();
    let segment = |team: &Team| Segment {
        unit: team.unit.clone(),
        owner: team.owner.clone(),
        // What the unit did before is not this system's to count.
        from: record.at,
        until: None,
    };
    let waiting = stood
        .iter()
        .any(|pause| pause.reason == SUPPLEMENT && pause.ended.is_none());
    let intake = |screened| StageData::Received(Received { screened, waiting });
    let segments = team.as_ref().map(segment).into_iter().collect();
    let stage = match (it.stage, team, &it.returned) {
        (ImportStage::Received, ..) => intake(false),
        (ImportStage::Screened, ..) => intake(true),
        (ImportStage::Assigned | ImportStage::Replied, Some(team), _) => {
            let replied = it.replied.is_some();
            StageData::Assigned(Assigned {
                team,
                signed: (it.signed || replied).then(|| it.assigned_at()),
                objected: false,
                may_object: !it.signed && !replied,
            })
        }
        (ImportStage::Returned, Some(team), Some(returned)) => StageData::Returned(Returned {
            team,
            ground: returned.ground.clone(),
        }),
        _ => return None,
    };
    let mut case = Case {
        origin: it.origin,
        citizen: it.citizen.clone(),
        received: it.received,
        stage,
        class: it.class,
        facts: it.facts.clone(),
        matters: matters(it),
        cycle: it.reopens.saturating_add(1),
        returns: it.returns,
        reopens: it.reopens,
        extensions: u32::try_from(it.extended.len()).unwrap_or(u32::MAX),
        handlers: persons.clone(),
        round_handlers: persons,
        segments,
        pauses: stood.iter().map(paused).collect(),
        imported: Some(TakenOver {
            at: record.at,
            by: record.by.as_ref().map(|by| by.id.clone()),
            from: it.from.clone(),
            approved_by: it.approved_by.clone(),
            handlers: it.handlers.clone(),
        }),
        ..blank
    };
    case.was_in_progress = !matches!(case.shown(), Shown::Awaiting);
    Some(case)
}

fn team(it: &Import<TextRef, Moment>) -> Option<Team> {
    let part = |part: &crate::words::NewPart| Part {
        unit: part.unit.clone(),
        owner: part.owner.clone(),
        reply: None,
    };
    Some(Team {
        unit: it.unit.clone()?,
        owner: it.owner.clone()?,
        below: None,
        parts: it.co_handlers.iter().map(part).collect(),
    })
}

fn matters(it: &Import<TextRef, Moment>) -> Vec<Matter> {
    let many = it.matters.len().max(1);
    (1u16..)
        .take(many)
        .map(|number| Matter {
            number,
            outcome: None,
        })
        .collect()
}

fn paused(stood: &StoodStill) -> Paused {
    Paused {
        reason: stood.reason.clone(),
        side: stood.side,
        from: stood.from,
        until: stood.until,
        ended: stood.ended,
        holds: stood.holds.clone(),
        begun_by: 1,
        ended_by: stood.ended.map(|_| 1),
    }
}
