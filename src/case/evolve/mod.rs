//! Applies events: the only writer of a case. It asks no plan, no calendar and no clock, so replay needs nothing
//! but the events.

mod apply;
mod clocks;
mod imported;
mod linked;
mod subs;

use std::collections::{BTreeMap, BTreeSet};

use self::apply::apply;
use self::imported::imported;
use super::model::Case;
use super::stages::{Matter, Received, Signalled, StageData};
use crate::words::{
    BoardId, Channel, Event, ExternalId, Facts, Origin, PersonId, PlaceCode, Record, Shown, TextRef,
};

/// A record does not follow from the case before it: the ledger was altered, or a record is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Corrupt {
    /// The versions do not follow one another.
    #[error("case `{case}`: version {found} follows version {after}")]
    Gap {
        /// The case.
        case: String,
        /// The last version.
        after: u64,
        /// The version found.
        found: u64,
    },
    /// The record is of another case.
    #[error("case `{case}`: version {version} is of case `{found}`")]
    OtherCase {
        /// The case.
        case: String,
        /// The version.
        version: u64,
        /// The case found.
        found: String,
    },
    /// The record is earlier than the one before it.
    #[error("case `{case}`: version {version} goes back in time")]
    Backwards {
        /// The case.
        case: String,
        /// The version.
        version: u64,
    },
    /// The event cannot have happened in that stage.
    #[error("case `{case}`: version {version} cannot have happened while it was {stage}")]
    Impossible {
        /// The case.
        case: String,
        /// The version.
        version: u64,
        /// The stage.
        stage: String,
    },
}

impl Corrupt {
    /// The version of the record that does not follow.
    pub fn version(&self) -> u64 {
        match self {
            Corrupt::Gap { found, .. } => *found,
            Corrupt::OtherCase { version, .. }
            | Corrupt::Backwards { version, .. }
            | Corrupt::Impossible { version, .. } => *version,
        }
    }
}

/// The case after a record.
///
/// # Errors
/// [`Corrupt`], when the record does not follow: a wrong version, another case, a time before the last, or an
/// event that the stage cannot have.
pub fn evolve(case: Option<Case>, record: &Record) -> Result<Case, Corrupt> {
    match case {
        None => first(record),
        Some(mut case) => {
            follow(&mut case, record)?;
            Ok(case)
        }
    }
}

/// What the records of one case come to, from its first on; none, where there are none. The same as to [`evolve`]
/// it record by record, and quicker.
///
/// # Errors
/// [`Corrupt`], at the first record that does not follow.
///
/// ```
/// assert_eq!(duly::case::replay([])?, None);
/// # Ok::<(), duly::case::Corrupt>(())
/// ```
pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Option<Case>, Corrupt> {
    let mut records = records.into_iter();
    let Some(opening) = records.next() else {
        return Ok(None);
    };
    let mut case = first(opening)?;
    for record in records {
        follow(&mut case, record)?;
    }
    Ok(Some(case))
}

fn impossible(record: &Record, stage: &str) -> Corrupt {
    Corrupt::Impossible {
        case: record.case.to_string(),
        version: record.version,
        stage: stage.to_owned(),
    }
}

/// The case that a record begins.
fn first(record: &Record) -> Result<Case, Corrupt> {
    if record.version != 1 {
        return Err(Corrupt::Gap {
            case: record.case.to_string(),
            after: 0,
            found: record.version,
        });
    }
    let mut case = opened(record)
        .or_else(|| imported(record))
        .ok_or_else(|| impossible(record, "not yet open"))?;
    tell(&mut case, record);
    Ok(case)
}

/// Makes of a case what it is after a record. Where the record does not follow, the case is of no further use.
fn follow(case: &mut Case, record: &Record) -> Result<(), Corrupt> {
    if case.id != record.case {
        return Err(Corrupt::OtherCase {
            case: case.id.to_string(),
            version: record.version,
            found: record.case.to_string(),
        });
    }
    if record.version != case.version + 1 {
        return Err(Corrupt::Gap {
            case: case.id.to_string(),
            after: case.version,
            found: record.version,
        });
    }
    if record.at < case.last {
        return Err(Corrupt::Backwards {
            case: case.id.to_string(),
            version: record.version,
        });
    }
    let stage = case.stage_name();
    case.version = record.version;
    case.last = record.at;
    if !record.event.is_of_clocks() {
        case.entry = record.version;
    }
    apply(case, record).ok_or_else(|| impossible(record, stage.name()))?;
    acts_for_a_handler(case, record);
    if !matches!(case.shown(), Shown::Awaiting) {
        case.was_in_progress = true;
    }
    tell(case, record);
    Ok(())
}

/// Whoever acts for somebody who handles it handles it as well, whatever it is that they do.
fn acts_for_a_handler(case: &mut Case, record: &Record) {
    let Some(by) = &record.by else { return };
    let Some(named) = &by.acting_for else { return };
    for handlers in [&mut case.handlers, &mut case.round_handlers] {
        if handlers.contains(named) {
            handlers.insert(by.id.clone());
        }
    }
}

/// Counts what the outside is told of with a record.
fn tell(case: &mut Case, record: &Record) {
    let many = super::effects::count(record, case);
    if many > 0 {
        case.told.insert(record.version, many);
    }
}

fn opened(record: &Record) -> Option<Case> {
    let Event::Opened {
        board,
        place,
        channel,
        external_id,
        message,
        citizen,
        origin,
        facts,
        main,
        signal,
        ..
    } = &record.event
    else {
        return None;
    };
    let signal = signal.as_ref().map(|of| Signalled {
        of: of.clone(),
        times: 1,
    });
    // Whoever handles the case that it is a part of judges no part of it.
    let apart = main.iter().flat_map(|main| &main.apart);
    let handlers: BTreeSet<PersonId> = apart.cloned().collect();
    Some(Case {
        handlers: handlers.clone(),
        round_handlers: handlers,
        main: main.clone(),
        signal,
        citizen: citizen.clone(),
        origin: *origin,
        facts: facts.clone(),
        ..new(record, board, (place, channel, external_id), message)
    })
}

/// A case of which nothing is known but what was written.
fn new(
    record: &Record,
    board: &BoardId,
    (place, channel, external_id): (&PlaceCode, &Channel, &ExternalId),
    message: &TextRef,
) -> Case {
    Case {
        id: record.case.clone(),
        board: board.clone(),
        place: place.clone(),
        channel: channel.clone(),
        external_id: external_id.clone(),
        origin: Origin::default(),
        citizen: None,
        message: message.clone(),
        version: record.version,
        received: record.at,
        last: record.at,
        plan: record.plan.clone(),
        stage: StageData::Received(Received {
            screened: false,
            waiting: false,
        }),
        class: None,
        facts: Facts::new(),
        matters: vec![Matter {
            number: 1,
            outcome: None,
        }],
        cycle: 1,
        returns: 0,
        bounces: 0,
        extensions: 0,
        reopens: 0,
        handlers: BTreeSet::new(),
        round_handlers: BTreeSet::new(),
        promises: Vec::new(),
        clocks: Vec::new(),
        pauses: Vec::new(),
        decline: None,
        withdrawal: BTreeSet::new(),
        asked: None,
        granted: None,
        segments: Vec::new(),
        entry: record.version,
        directed: false,
        tracked: false,
        follows: None,
        following: None,
        followers: BTreeMap::new(),
        main: None,
        called_off: false,
        subs: BTreeMap::new(),
        signal: None,
        named: false,
        took_down: 0,
        ruled: BTreeSet::new(),
        was_in_progress: false,
        told: BTreeMap::new(),
        imported: None,
    }
}
