//! Applies what happened. Nothing else writes to an obligation.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::count;
use super::{
    Done, DoneRound, Duty, DutyEvent, DutyRecord, Excused, ROUND, Round, Rounds, State, Submission,
};
use crate::plan::insert;
use crate::time::Pauses;
use crate::words::{BoardId, Schedule, StepFate, StepKey, Verb};

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
        subject,
        owed,
        channels,
        of,
        rule,
        term,
        schedule,
        round,
        ..
    } = &record.event
    else {
        return None;
    };
    let fits =
        record.version == 1 && !schedule.steps.is_empty() && kind.recurs() == round.is_some();
    fits.then(|| Duty {
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
        subject: subject.clone(),
        rounds: round.clone().map(|round| Rounds {
            round,
            in_time: 0,
            late: 0,
            missed: 0,
            behind: BTreeMap::new(),
        }),
        calendar: schedule.calendar.clone(),
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
            pauses,
            schedule,
            term,
            ..
        } => {
            if !matches!(duty.state, State::Submitted(_)) {
                return Err("there is nothing to send back");
            }
            duty.state = State::Owed {};
            duty.pauses = pauses.clone();
            if let Some(term) = term {
                duty.term = term.clone();
            }
            laid_out(&mut duty, schedule);
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
        DutyEvent::RoundDone {
            round,
            coverage,
            verdict,
            ..
        } => {
            owed(&duty)?;
            let rounds = of_round(&mut duty, *round)?;
            match verdict.is_on_time() {
                true => rounds.in_time = rounds.in_time.saturating_add(1),
                false => rounds.late = rounds.late.saturating_add(1),
            }
            rounds.behind.clear();
            duty.state = State::Resting(DoneRound {
                at: record.at,
                verdict: *verdict,
                coverage: *coverage,
            });
            duty.steps.retain(|step| step.key == StepKey::Lapse);
            duty.doers
                .extend(record.by.iter().flat_map(|by| by.persons().cloned()));
        }
        DutyEvent::RoundMissed { round } => {
            owed(&duty)?;
            over(&duty, record)?;
            let rest = std::mem::take(&mut duty.steps);
            // That a round is owed is not said any more once it is over.
            let (own, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|step| {
                let begins = matches!(&step.key, StepKey::Rung { rung, .. } if rung == ROUND);
                begins || step.key == StepKey::Lapse
            });
            duty.steps = own
                .into_iter()
                .filter(|it| it.key == StepKey::Lapse)
                .collect();
            let rounds = of_round(&mut duty, *round)?;
            rounds.missed = rounds.missed.saturating_add(1);
            if !rest.is_empty() {
                rounds.behind.insert(*round, rest);
            }
        }
        DutyEvent::RoundBegan {
            round,
            term,
            schedule,
        } => {
            over(&duty, record)?;
            let gone = match (&duty.state, &duty.rounds) {
                (State::Resting(_), Some(_)) => true,
                // Missed, and recorded so.
                (State::Owed {}, Some(_)) => duty.steps.iter().all(|it| it.key == StepKey::Lapse),
                _ => false,
            };
            let rounds = duty.rounds.as_mut().ok_or("it does not recur")?;
            if !gone || round.number != rounds.round.number.saturating_add(1) {
                return Err("it does not follow the round before it");
            }
            if schedule.steps.is_empty() {
                return Err("nothing comes of the round");
            }
            rounds.round = round.clone();
            duty.state = State::Owed {};
            duty.term = term.clone();
            laid_out(&mut duty, schedule);
            duty.taken.clear();
            duty.breached = None;
        }
        DutyEvent::CalendarAdopted {
            term,
            schedule,
            round,
        } => {
            owed(&duty)?;
            if duty.breached.is_some() {
                return Err("what is late stays late");
            }
            if schedule.steps.is_empty() {
                return Err("nothing comes of it");
            }
            match (&mut duty.rounds, round) {
                (None, None) => {}
                (Some(rounds), Some(round)) if is_same(&rounds.round, round, record) => {
                    rounds.round = round.clone();
                }
                _ => return Err("it does not stand in that round"),
            }
            duty.term = term.clone();
            laid_out(&mut duty, schedule);
        }
        DutyEvent::Excused { reason } => {
            open(&duty)?;
            if let Some(rounds) = &mut duty.rounds {
                rounds.behind.clear();
            }
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
            round,
            step,
            fate,
            next,
            ..
        } => {
            let own = duty.round().map(|round| round.number) == *round;
            let steps = match (own, round, &mut duty.rounds) {
                (true, ..) => &mut duty.steps,
                (false, Some(round), Some(rounds)) => rounds
                    .behind
                    .get_mut(round)
                    .ok_or("nothing was ahead of that round")?,
                _ => return Err("it has no such round"),
            };
            let before = own && matches!(fate, StepFate::Voided { .. });
            let place = steps.iter().position(|ahead| ahead.key == *step);
            match place {
                Some(at) => drop(steps.remove(at)),
                None if before => {}
                None => return Err("no such step was ahead"),
            }
            for ahead in next {
                insert(steps, ahead.clone());
            }
            if own && !duty.taken.insert(step.clone()) {
                return Err("the step came before");
            }
            if let Some(rounds) = &mut duty.rounds {
                rounds.behind.retain(|_, steps| !steps.is_empty());
            }
            if let StepFate::Fired { acts } = fate {
                duty.named |= acts.iter().any(|act| act.verb == Verb::NameIn);
                if own && *step == StepKey::Breach {
                    duty.breached = Some(record.at);
                }
                if matches!(step, StepKey::Rung { rung, .. } if rung == ROUND) {
                    duty.delivered = None;
                    duty.notice = record.version;
                }
            }
        }
    }
    Ok(duty)
}

/// What comes if nobody acts is what a schedule says.
fn laid_out(duty: &mut Duty, schedule: &Schedule) {
    duty.due = schedule.legal_due;
    duty.provisional = schedule.provisional;
    duty.steps = schedule.steps.clone();
    duty.calendar.clone_from(&schedule.calendar);
}

/// Whether it is the same round by another calendar, and not over.
fn is_same(round: &Round, by_now: &Round, record: &DutyRecord) -> bool {
    let of = |it: &Round| (it.number, it.period, it.begins);
    of(round) == of(by_now) && record.at <= by_now.ends
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

/// The rounds, if it stands in that one.
fn of_round(duty: &mut Duty, round: u32) -> Result<&mut Rounds, &'static str> {
    match &mut duty.rounds {
        Some(rounds) if rounds.round.number == round => Ok(rounds),
        _ => Err("it does not stand in that round"),
    }
}

/// Whether the round is over: it ends at its own moment, and at no other.
fn over(duty: &Duty, record: &DutyRecord) -> Result<(), &'static str> {
    match duty.round() {
        Some(round) if record.at == round.ends.plus(1) => Ok(()),
        _ => Err("the round is not over"),
    }
}
