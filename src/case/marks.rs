//! What an event means to clocks and notices.

use super::model::Case;
use super::stages::StageData;
use crate::words::{ClockMark, Event, PauseSide, Rating};

/// What an event means to clocks and notices, with the case as it is after it. `asked` tells whether a command brought it about,
/// as against time alone.
pub(crate) fn marks(case: &Case, event: &Event, asked: bool) -> Vec<ClockMark> {
    use ClockMark as M;
    match event {
        Event::Opened { .. } => vec![M::Received],
        Event::AskedCitizen { .. }
        | Event::Paused {
            side: PauseSide::Citizen,
            ..
        } => vec![M::Asked],
        Event::Resumed { reason, .. } => {
            let mut same = case.pauses.iter().rev().filter(|it| it.reason == *reason);
            match same.next().is_some_and(|it| it.side == PauseSide::Citizen) {
                true => vec![M::Supplemented],
                false => Vec::new(),
            }
        }
        // The first effect of a message is that its citizen is told.
        Event::Delivered { effect } if effect.version == 1 && case.imported().is_none() => {
            vec![M::Acknowledged]
        }
        Event::HandedOver { unit, .. } => match &case.stage {
            StageData::Assigned(it) if it.team.unit == *unit => vec![M::HandedOver],
            StageData::Returned(it) if it.team.unit == *unit => vec![M::HandedOver],
            _ => Vec::new(),
        },
        Event::Screened { .. } => vec![M::Screened],
        Event::Assigned { .. } if matches!(case.stage, StageData::Assigned(_)) => {
            vec![M::Assigned]
        }
        Event::Transferred { .. } => vec![M::Ruled, M::Assigned],
        Event::Signed { .. } => vec![M::Signed],
        Event::Objected { .. } => vec![M::Objected],
        Event::Ruled { .. } => vec![M::Ruled, M::Assigned],
        Event::SubAssigned { .. } => vec![M::SubAssigned],
        Event::CoReplied { .. } => vec![M::CoReplied],
        Event::Updated { .. } => vec![M::Updated],
        Event::Replied { promises, .. } if promises.is_empty() => vec![M::Replied],
        Event::Replied { .. } => vec![M::Replied, M::Committed],
        Event::Returned { .. } => vec![M::Returned],
        Event::PassedFirst { .. } => vec![M::PassedFirst],
        Event::Published { .. } => vec![M::Published],
        Event::CalledBack {
            concluded: true, ..
        } => vec![M::CalledBack],
        // What a channel enters by itself ends no waiting for the citizen.
        Event::Rated {
            rating: Rating::AutoByTimeout,
            ..
        } if asked => Vec::new(),
        Event::Rated { .. } if !case.is_closed() => vec![M::Rated],
        Event::Rechecked { .. } => vec![M::Rechecked],
        Event::Committed { .. } => vec![M::Committed],
        Event::Fulfilled { .. } => vec![M::Fulfilled],
        Event::Tracked { .. } => vec![M::Tracked],
        Event::Reported { .. } => vec![M::Reported],
        Event::Untracked { .. } => vec![M::Untracked],
        Event::StruckOff { .. }
        | Event::Declined { .. }
        | Event::Withdrawn { .. }
        | Event::CalledOff { .. } => {
            vec![M::StruckOff]
        }
        Event::Reopened { .. } => vec![M::Reopened],
        _ => Vec::new(),
    }
}
