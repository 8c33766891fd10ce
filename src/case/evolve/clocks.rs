//! What events do to the clocks of a case, and to what they wait for.

use super::linked::set_to;
use crate::case::model::Case;
use crate::case::schedule::insert;
use crate::case::stages::{Clock, ClockState, Judgement, Paused};
use crate::time::{Moment, Term};
use crate::words::{
    CancelWhy, ClockKind, Event, PauseSide, ProjectedFor, Record, Schedule, StepFate, StepKey, Verb,
};

pub(super) fn clocks(case: &mut Case, record: &Record) -> Option<()> {
    match &record.event {
        Event::ClockStarted {
            key,
            cycle,
            about,
            class,
            term,
            dormant,
            schedule,
            ..
        } => {
            if case.clocks.iter().any(|clock| clock.key == *key) {
                return None;
            }
            let state = state_of(case, key.kind);
            let wanted = case.wanted_due(key.kind);
            // What began elsewhere began then.
            let before = case.imported.as_ref().is_some_and(|it| it.at == record.at);
            // What it waited for before it started is in its schedule already.
            let waited_until = (state == ClockState::Paused).then_some(record.at);
            case.clocks.push(Clock {
                key: *key,
                cycle: *cycle,
                about: about.clone(),
                class: *class,
                started: if before { term.anchor } else { record.at },
                term: term.clone(),
                state,
                schedule: schedule.clone(),
                taken: Vec::new(),
                breached: None,
                promise_missed: None,
                extended: if before {
                    term.extensions.clone()
                } else {
                    Vec::new()
                },
                verdicts: Vec::new(),
                dormant: dormant.clone(),
                bound: is_bound(wanted, schedule),
                waited_until,
                own: None,
                brought: None,
            });
            set_to(case, key.kind, schedule.legal_due);
        }
        Event::ClockProjected {
            key,
            why,
            term,
            schedule,
        } => {
            let state = state_of(case, key.kind);
            let wanted = case.wanted_due(key.kind);
            let clock = case.clocks.iter_mut().find(|clock| clock.key == *key)?;
            clock.bound = is_bound(wanted, schedule);
            if let (ProjectedFor::Reopened, ClockState::Stopped { at, .. }) = (why, &clock.state) {
                clock.dormant = clock.dormant.clone().with(*at, Some(record.at));
            }
            clock.own = own_beside(clock, *why, term, record.at);
            clock.brought = brought_beside(clock, *why, term);
            if clock.term != *term {
                let by = Box::new(clock.term.clone());
                let mut judged = clock.verdicts.iter_mut().filter(|it| it.term.is_none());
                judged.by_ref().for_each(|it| it.term = Some(by.clone()));
                clock.term = term.clone();
            }
            clock.schedule = schedule.clone();
            clock.waited_until = (state == ClockState::Paused).then_some(record.at);
            clock.state = state;
            if matches!(why, ProjectedFor::Joined | ProjectedFor::Extended) {
                set_to(case, key.kind, schedule.legal_due);
            }
        }
        Event::ClockStopped { key, mark, verdict } => {
            let entry = case.entry;
            let clock = case.clocks.iter_mut().find(|clock| clock.key == *key)?;
            clock.state = ClockState::Stopped {
                at: record.at,
                mark: *mark,
            };
            clock.schedule.steps = Vec::new();
            clock.verdicts.push(Judgement {
                at: record.at,
                mark: *mark,
                verdict: *verdict,
                void: false,
                corrected: None,
                entry,
                came: None,
                term: None,
            });
        }
        Event::VerdictCorrected {
            key,
            index,
            verdict,
            ..
        } => {
            let clock = case.clocks.iter_mut().find(|clock| clock.key == *key)?;
            let judged = clock.verdicts.get_mut(usize::try_from(*index).ok()?)?;
            judged.corrected = Some(*verdict);
        }
        Event::ClockCancelled { key, why } => {
            let clock = case.clocks.iter_mut().find(|clock| clock.key == *key)?;
            clock.state = ClockState::Cancelled {
                at: record.at,
                why: *why,
            };
            clock.schedule.steps = Vec::new();
        }
        Event::StepTaken {
            clock: key,
            step,
            fate,
            next,
            deferred_from,
            ..
        } => {
            let clock = case.clocks.iter_mut().find(|clock| clock.key == *key)?;
            clock.schedule.steps.retain(|ahead| ahead.key != *step);
            if clock.is_live() {
                for step in next {
                    insert(&mut clock.schedule.steps, step.clone());
                }
            }
            // What comes again is numbered on: the last to come is the last occurrence.
            match clock.taken.iter_mut().find(|it| it.same_step(step)) {
                Some(last) => *last = step.clone(),
                None => clock.taken.push(step.clone()),
            }
            // What passed before the case was taken over passed then.
            let at = match fate {
                StepFate::Voided {
                    why: CancelWhy::BeforeImport,
                } => deferred_from.unwrap_or(record.at),
                _ => record.at,
            };
            match step {
                StepKey::Breach => clock.breached = Some(at),
                StepKey::PromiseMissed => clock.promise_missed = Some(at),
                _ => {}
            }
            if let StepFate::Fired { acts } = fate {
                case.named |= acts.iter().any(|act| act.verb == Verb::NameIn);
            }
        }
        _ => return None,
    }
    Some(())
}

fn state_of(case: &Case, kind: ClockKind) -> ClockState {
    match case
        .pauses
        .iter()
        .any(|pause| pause.ended.is_none() && pause.holds(kind))
    {
        true => ClockState::Paused,
        false => ClockState::Running,
    }
}

pub(super) fn pause(
    case: &mut Case,
    record: &Record,
    reason: &str,
    side: PauseSide,
    until: Moment,
    holds: &[ClockKind],
) {
    let pause = Paused {
        reason: reason.to_owned(),
        side,
        from: record.at,
        until,
        ended: None,
        holds: holds.to_vec(),
        begun_by: record.version,
        ended_by: None,
    };
    for clock in case
        .clocks
        .iter_mut()
        .filter(|clock| clock.is_running() && pause.holds(clock.key.kind))
    {
        clock.state = ClockState::Paused;
    }
    case.pauses.push(pause);
}

/// The entry was recorded late: pauses get their right bounds, and verdicts the moment at which it really stopped a clock.
pub(super) fn set_right(case: &mut Case, version: u64, at: Moment, until: Option<Moment>) {
    for pause in &mut case.pauses {
        if pause.begun_by == version {
            pause.from = at;
            pause.until = until.unwrap_or(pause.until);
        }
        if pause.ended_by == Some(version) {
            pause.ended = Some(at);
        }
    }
    let verdicts = case.clocks.iter_mut().flat_map(|it| &mut it.verdicts);
    for judged in verdicts.filter(|judged| judged.entry == version) {
        judged.came = Some(at);
    }
}

/// Whether a clock is due when it is because the main case wants it then: at that moment, or at the floor where that had passed.
fn is_bound(wanted: Option<Moment>, schedule: &Schedule) -> bool {
    wanted.is_some_and(|wanted| wanted <= schedule.legal_due)
}

/// By what a direction or a bundle has made a clock due earlier, after it was projected anew.
fn brought_beside(clock: &Clock, why: ProjectedFor, term: &Term) -> Option<Term> {
    match why {
        ProjectedFor::Directed | ProjectedFor::Divided => Some(term.clone()),
        ProjectedFor::Restarted | ProjectedFor::Reopened => None,
        _ => {
            let mut brought = clock.brought.clone()?;
            if why == ProjectedFor::Extended {
                brought.extensions.extend(term.extensions.last().cloned());
            }
            Some(brought)
        }
    }
}

/// What the rule of a clock has it count, beside what it counts from now on; none, where that is the same.
fn own_beside(clock: &Clock, why: ProjectedFor, term: &Term, now: Moment) -> Option<Term> {
    let begins_anew = match why {
        ProjectedFor::Restarted | ProjectedFor::Reopened | ProjectedFor::Lead => true,
        // By the rule of the new plan, unless the floor comes first, or what brought it forward before.
        ProjectedFor::PlanAdopted => {
            term.anchor != now && *term != clock.term && clock.brought.as_ref() != Some(term)
        }
        _ => false,
    };
    let mut own = clock.own_term().clone();
    if begins_anew || own.anchor == term.anchor {
        return None;
    }
    if why == ProjectedFor::Extended {
        own.extensions.extend(term.extensions.last().cloned());
    }
    Some(own)
}
