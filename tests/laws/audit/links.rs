//! What cases that follow one another tell each other.

use std::collections::{BTreeMap, BTreeSet};

use duly::time::Moment;
use duly::words::*;

use super::{Verdict, fail};

/// A case that follows another one is struck off as merged when, and only when, its own citizen has that one's answer and that one
/// was struck off with it. It goes back to nobody quietly: whoever is not satisfied has their own case.
pub fn merged(records: &[Record]) -> Verdict {
    let mut opinion = false;
    let mut follows: Option<CaseId> = None;
    let (mut answer, mut told, mut ended) = (None, false, false);
    for record in records {
        match &record.event {
            Event::Opened { origin, .. } => opinion = !origin.has_citizen(),
            Event::Imported { case, .. } => opinion = !case.origin.has_citizen(),
            Event::Merged { into, .. } => {
                follows = Some(into.clone());
                (answer, told, ended) = (None, false, false);
            }
            Event::Unmerged { from, .. } => {
                let followed = follows.take();
                if followed.as_ref() != Some(from) {
                    return fail(record, "unmerged from a case that it did not follow");
                }
            }
            Event::Relayed { from, news } => {
                if follows.as_ref() != Some(from) {
                    return fail(record, "told by a case that it does not follow");
                }
                match news {
                    News::Answer { .. } => (answer, told) = (Some(record.version), opinion),
                    News::Retracted => (answer, told) = (None, false),
                    News::Reopened => (answer, told, ended) = (None, false, false),
                    News::Ended { .. } => ended = true,
                    _ => {}
                }
            }
            Event::Delivered { effect }
            | Event::Undelivered {
                effect,
                instead: Some(_),
                ..
            } => told |= answer == Some(effect.version),
            Event::StruckOff {
                outcome: Outcome::Merged,
                ..
            } => {
                if !(follows.is_some() && told && ended) || record.by.is_some() {
                    return fail(record, "struck off as merged before its citizen was told");
                }
                (answer, told, ended) = (None, false, false);
            }
            Event::Joined { .. } if follows.is_some() => {
                return fail(record, "a case that follows another one has a follower");
            }
            Event::Reopened { .. } if follows.is_some() => {
                return fail(record, "opened again, and still follows");
            }
            _ => {}
        }
        let closed = matches!(
            record.event,
            Event::StruckOff { .. } | Event::Withdrawn { .. } | Event::Declined { .. }
        );
        let next = records.iter().find(|it| it.version == record.version + 1);
        let later = next.is_none_or(|it| it.at > record.at);
        if later && !closed && follows.is_some() && told && ended {
            return fail(record, "its citizen has the answer, and it is still open");
        }
    }
    Ok(())
}

/// A case is due no later than those that follow it: each joining moves a running clock to the earlier of the two due moments, or to
/// the floor from then, and no later; and from then on nothing but an extension of which everyone is told, or the floor after a wait,
/// sets a clock past that.
pub fn joined(records: &[Record], floor: impl Fn(Moment) -> Moment) -> Verdict {
    let mut bound: BTreeMap<CaseId, [Option<Moment>; 2]> = BTreeMap::new();
    let mut due: BTreeMap<ClockKey, Moment> = BTreeMap::new();
    let side = |kind: ClockKind| match kind {
        ClockKind::Whole => Some(0),
        ClockKind::Reply | ClockKind::Redo => Some(1),
        _ => None,
    };
    let mut live: BTreeSet<ClockKey> = BTreeSet::new();
    let mut waits = 0;
    for (n, record) in records.iter().enumerate() {
        match &record.event {
            Event::ClockStopped { key, .. } | Event::ClockCancelled { key, .. } => {
                live.remove(key);
            }
            Event::ClockStarted { key, .. } | Event::ClockProjected { key, .. } => {
                live.insert(*key);
            }
            Event::Paused { .. } | Event::AskedCitizen { .. } => waits += 1,
            Event::Resumed { .. } => waits -= 1,
            _ => {}
        }
        match &record.event {
            Event::Joined {
                follower,
                whole_due,
                reply_due,
                ..
            } => {
                let its = bound.entry(follower.clone()).or_default();
                for (had, new) in its.iter_mut().zip([whole_due, reply_due]) {
                    *had = had.iter().chain(new).min().copied();
                }
                // What runs is due in time by the end of that very command.
                let same = records[n..]
                    .iter()
                    .take_while(|it| it.command == record.command);
                let moved: BTreeMap<ClockKey, Moment> = same
                    .filter_map(|it| match &it.event {
                        Event::ClockProjected { key, schedule, .. } => {
                            Some((*key, schedule.legal_due))
                        }
                        _ => None,
                    })
                    .collect();
                for key in live.iter().filter(|_| waits == 0) {
                    let least = side(key.kind)
                        .and_then(|side| bound.values().filter_map(|its| its[side]).min());
                    let legal = moved.get(key).or(due.get(key)).copied();
                    if let (Some(least), Some(legal)) = (least, legal)
                        && legal > least.max(floor(record.at))
                    {
                        return fail(record, &format!("{key} is due later than who joined"));
                    }
                }
            }
            Event::Left { follower } => drop(bound.remove(follower)),
            Event::Reopened { .. } => bound.values_mut().for_each(|its| *its = [None, None]),
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. } => {
                let why = match &record.event {
                    Event::ClockProjected { why, .. } => Some(*why),
                    _ => None,
                };
                let Some(side) = side(key.kind) else { continue };
                let legal = schedule.legal_due;
                let was = due.insert(*key, legal);
                if why == Some(ProjectedFor::Joined) && was.is_none_or(|was| legal >= was) {
                    return fail(record, "joining moved a clock, and not earlier");
                }
                let least = bound.values().filter_map(|its| its[side]).min();
                let raised = match why {
                    None | Some(ProjectedFor::Joined | ProjectedFor::Extended) => true,
                    Some(_) => false,
                };
                let late = least.is_some_and(|least| legal > least.max(floor(record.at)));
                if late && why != Some(ProjectedFor::Extended) {
                    return fail(record, "due later than a case that follows it");
                }
                if raised {
                    for its in bound.values_mut() {
                        its[side] = its[side].map(|had| had.max(legal));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
