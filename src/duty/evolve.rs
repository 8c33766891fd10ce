//! Applies what happened. Nothing else writes to an obligation.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::count;
use super::{Done, Duty, DutyEvent, DutyRecord, Excused, State, Submission};
use crate::plan::insert;
use crate::time::Pauses;
use crate::words::{BoardId, StepFate, StepKey, Verb};

/// A record does not follow from what came before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("version {version} of obligation `{duty}`: {said}")]
pub struct Corrupt {
    /// Which obligation.
    pub duty: String,
    /// Which version.
    pub version: u64,
    /// What is wrong.
    pub said: &'static str,
}

/// Applies one record, of a board.
///
/// # Errors
/// [`Corrupt`], where the record does not follow.
pub fn evolve(board: &BoardId, duty: Option<Duty>, record: &DutyRecord) -> Result<Duty, Corrupt> {
    let corrupt = |said| Corrupt {
        duty: record.duty.to_string(),
        version: record.version,
        said,
    };
    let mut duty = match duty {
        None => first(board, record).ok_or_else(|| corrupt("the first record imposes it"))?,
        Some(duty) => {
            follows(&duty, record).map_err(corrupt)?;
            apply(duty, record).map_err(corrupt)?
        }
    };
    duty.version = record.version;
    duty.last = record.at;
    if !duty.is_open() && duty.closed.is_none() {
        duty.closed = Some(record.at);
    }
    let told = count(record, &duty);
    if told > 0 {
        duty.told.insert(record.version, told);
    }
    Ok(duty)
}

fn first(board: &BoardId, record: &DutyRecord) -> Option<Duty> {
    let DutyEvent::Imposed {
        kind,
        topic,
        owed,
        channels,
        of,
        rule,
        term,
        schedule,
        ..
    } = &record.event
    else {
        return None;
    };
    (record.version == 1 && !schedule.steps.is_empty()).then(|| Duty {
        id: record.duty.clone(),
        board: board.clone(),
        kind: *kind,
        topic: topic.clone(),
        owed: owed.clone(),
        channels: channels.clone(),
        of: *of,
        plan: record.plan.clone(),
        rule: rule.clone(),
        imposed: record.at,
        imposed_by: record.by.clone(),
        version: 0,
        last: record.at,
        term: term.clone(),
        pauses: Pauses::none(),
        due: schedule.legal_due,
        provisional: schedule.provisional,
        state: State::Owed {},
        steps: schedule.steps.clone(),
        taken: BTreeSet::new(),
        breached: None,
        named: false,
        closed: None,
        sent_back: 0,
        doers: owed.person.iter().cloned().collect(),
        notice: 1,
        delivered: None,
        told: BTreeMap::new(),
    })
}

fn follows(duty: &Duty, record: &DutyRecord) -> Result<(), &'static str> {
    if record.duty != duty.id {
        return Err("it is of another obligation");
    }
    if record.version != duty.version + 1 {
        return Err("it does not follow the version before it");
    }
    if record.at < duty.last {
        return Err("it is earlier than the one before it");
    }
    if record.plan != duty.plan {
        return Err("it is under another plan");
    }
    Ok(())
}

fn apply(mut duty: Duty, record: &DutyRecord) -> Result<Duty, &'static str> {
    match &record.event {
        DutyEvent::Imposed { .. } => return Err("it is imposed already"),
        DutyEvent::HandedOver { to, .. } => {
            open(&duty)?;
            duty.owed.person = Some(to.clone());
            duty.doers.insert(to.clone());
            duty.delivered = None;
            duty.notice = record.version;
        }
        DutyEvent::Fulfilled {
            channel,
            link,
            verdict,
            next,
            ..
        } => {
            owed(&duty)?;
            if next.is_empty() {
                return Err("nobody is reminded to accept it");
            }
            duty.state = State::Submitted(Submission {
                at: record.at,
                channel: channel.clone(),
                link: link.clone(),
                verdict: *verdict,
            });
            duty.steps = next.clone();
            duty.doers
                .extend(record.by.iter().flat_map(|by| by.persons().cloned()));
        }
        DutyEvent::Accepted { verdict } => {
            let State::Submitted(it) = &duty.state else {
                return Err("there is nothing to accept");
            };
            let done = Done {
                at: it.at,
                verdict: *verdict,
                published: Some(it.clone()),
            };
            duty.state = State::Done(done);
            duty.steps.clear();
        }
        DutyEvent::SentBack {
            pauses, schedule, ..
        } => {
            if !matches!(duty.state, State::Submitted(_)) {
                return Err("there is nothing to send back");
            }
            duty.state = State::Owed {};
            duty.pauses = pauses.clone();
            duty.due = schedule.legal_due;
            duty.provisional = schedule.provisional;
            duty.steps = schedule.steps.clone();
            duty.sent_back = duty.sent_back.saturating_add(1);
        }
        DutyEvent::Read { verdict } => {
            owed(&duty)?;
            duty.state = State::Done(Done {
                at: record.at,
                verdict: *verdict,
                published: None,
            });
            duty.steps.clear();
        }
        DutyEvent::Excused { reason } => {
            open(&duty)?;
            duty.state = State::Excused(Excused {
                at: record.at,
                reason: reason.clone(),
            });
            duty.steps.clear();
        }
        DutyEvent::Delivered { effect } => {
            if !duty.has_told(effect) {
                return Err("nothing of the kind was told");
            }
            if duty.delivered.is_none() && effect.version == duty.notice {
                duty.delivered = Some(record.at);
            }
        }
        DutyEvent::Undelivered { effect, .. } => {
            if !duty.has_told(effect) {
                return Err("nothing of the kind was told");
            }
        }
        DutyEvent::Noted { .. } | DutyEvent::Redacted { .. } => {}
        DutyEvent::StepTaken {
            step, fate, next, ..
        } => {
            let before = matches!(fate, StepFate::Voided { .. });
            let place = duty.steps.iter().position(|ahead| ahead.key == *step);
            match place {
                Some(at) => drop(duty.steps.remove(at)),
                None if before => {}
                None => return Err("no such step was ahead"),
            }
            if !duty.taken.insert(step.clone()) {
                return Err("the step came before");
            }
            for ahead in next {
                insert(&mut duty.steps, ahead.clone());
            }
            if let StepFate::Fired { acts } = fate {
                duty.named |= acts.iter().any(|act| act.verb == Verb::NameIn);
                if *step == StepKey::Breach {
                    duty.breached = Some(record.at);
                }
            }
        }
    }
    Ok(duty)
}

fn open(duty: &Duty) -> Result<(), &'static str> {
    match duty.is_open() {
        true => Ok(()),
        false => Err("it is neither owed nor submitted"),
    }
}

fn owed(duty: &Duty) -> Result<(), &'static str> {
    match duty.state {
        State::Owed {} => Ok(()),
        _ => Err("it is not owed"),
    }
}
