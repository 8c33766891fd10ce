//! Obligations in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::{DutyAlarm, DutyAnswered, DutyCommit, DutyCommitted, DutyEntry, DutyHead, DutyLedger};
use crate::desk::memory::{MemoryLedger, State, count, put_back};
use crate::desk::{Cursor, DeskError, Page};
use crate::duty::{DutyEffectId, DutyOutgoing};
use crate::time::Moment;
use crate::words::{CommandId, DutyId, Private, TextRef};

#[derive(Default)]
pub(in crate::desk) struct Duties {
    heads: BTreeMap<DutyId, DutyHead>,
    alarms: BTreeSet<DutyAlarm>,
    entries: Vec<DutyEntry>,
    histories: BTreeMap<DutyId, Vec<usize>>,
    answers: BTreeMap<CommandId, DutyAnswered>,
    outbox: BTreeMap<i64, DutyOutgoing>,
    queued: BTreeMap<DutyEffectId, i64>,
    sent: i64,
    private: BTreeMap<(DutyId, TextRef), Private>,
}

fn alarm(head: &DutyHead) -> Option<DutyAlarm> {
    head.duty.next_alarm().map(|at| DutyAlarm {
        at,
        duty: head.duty.id().clone(),
    })
}

impl State {
    fn commit_duty(&mut self, commit: &DutyCommit) -> DutyCommitted {
        let new = commit.answer.as_ref();
        if let Some(before) = new.and_then(|new| self.duties.answers.get(&new.command)) {
            return DutyCommitted::Duplicate(Box::new(before.clone()));
        }
        let head = self.duties.heads.get(&commit.duty);
        let actual = head.map_or(0, |head| head.duty.version());
        if actual != commit.expected {
            return DutyCommitted::Conflict { actual };
        }
        if let Some(answer) = new {
            let command = answer.command.clone();
            self.duties.answers.insert(command.clone(), answer.clone());
            self.did(move |state| drop(state.duties.answers.remove(&command)));
        }
        for sealed in &commit.records {
            self.duties.entries.push(DutyEntry {
                sealed: sealed.clone(),
                observed_at: commit.observed_at,
            });
            let (at, duty) = (self.duties.entries.len() - 1, commit.duty.clone());
            let history = self.duties.histories.entry(duty.clone());
            history.or_default().push(at);
            self.did(move |state| {
                state.duties.entries.pop();
                if let Some(history) = state.duties.histories.get_mut(&duty) {
                    history.pop();
                }
            });
        }
        if let Some(head) = &commit.head {
            self.duty_head(head);
        }
        for private in &commit.private {
            let key = (commit.duty.clone(), private.reference.clone());
            let old = self.duties.private.insert(key.clone(), private.clone());
            self.did(move |state| put_back(&mut state.duties.private, key, old));
        }
        for effect in &commit.outgoing {
            if self.duties.queued.contains_key(&effect.id) {
                continue;
            }
            self.duties.sent += 1;
            let (place, id) = (self.duties.sent, effect.id.clone());
            self.duties.outbox.insert(place, effect.clone());
            self.duties.queued.insert(id.clone(), place);
            self.did(move |state| {
                state.duties.outbox.remove(&place);
                state.duties.queued.remove(&id);
            });
        }
        self.erase_duty(commit);
        DutyCommitted::Done
    }
    fn duty_head(&mut self, head: &DutyHead) {
        let id = head.duty.id().clone();
        let new = alarm(head);
        let old = self.duties.heads.insert(id.clone(), head.clone());
        if let Some(old) = old.as_ref().and_then(alarm) {
            self.duties.alarms.remove(&old);
        }
        self.duties.alarms.extend(new.clone());
        self.did(move |state| {
            if let Some(new) = new {
                state.duties.alarms.remove(&new);
            }
            state.duties.alarms.extend(old.as_ref().and_then(alarm));
            put_back(&mut state.duties.heads, id, old);
        });
    }
    fn erase_duty(&mut self, commit: &DutyCommit) {
        let mut erases = false;
        for reference in commit.erases() {
            erases = true;
            let key = (commit.duty.clone(), reference.clone());
            let old = self.duties.private.remove(&key);
            self.did(move |state| put_back(&mut state.duties.private, key, old));
        }
        if !erases {
            return;
        }
        let all = self.duties.answers.values_mut();
        let its = all.filter(|answer| answer.duty == commit.duty);
        let old: Vec<_> = its
            .filter_map(|answer| Some((answer.command.clone(), answer.payload.take()?)))
            .collect();
        self.did(move |state| {
            for (command, payload) in old {
                if let Some(answer) = state.duties.answers.get_mut(&command) {
                    answer.payload = Some(payload);
                }
            }
        });
    }
    fn duty_delivered(&mut self, effect: &DutyEffectId) {
        let Some(place) = self.duties.queued.remove(effect) else {
            return;
        };
        let Some(outgoing) = self.duties.outbox.remove(&place) else {
            return;
        };
        self.did(move |state| {
            state.duties.queued.insert(outgoing.id.clone(), place);
            state.duties.outbox.insert(place, outgoing);
        });
    }
}

impl DutyLedger for MemoryLedger {
    fn load(&self, duty: &DutyId) -> Result<Option<DutyHead>, DeskError> {
        Ok(self.with(|state| state.duties.heads.get(duty).cloned()))
    }
    fn commit(&self, commit: &DutyCommit) -> Result<DutyCommitted, DeskError> {
        commit.check()?;
        Ok(self.with(|state| state.commit_duty(commit)))
    }
    fn answered(&self, command: &CommandId) -> Result<Option<DutyAnswered>, DeskError> {
        Ok(self.with(|state| state.duties.answers.get(command).cloned()))
    }
    fn due(
        &self,
        now: Moment,
        after: Option<&DutyAlarm>,
        limit: usize,
    ) -> Result<Vec<DutyAlarm>, DeskError> {
        let from = after.map_or(Bound::Unbounded, |alarm| Bound::Excluded(alarm.clone()));
        Ok(self.with(|state| {
            let ahead = state.duties.alarms.range((from, Bound::Unbounded));
            let due = ahead.take_while(|alarm| alarm.at <= now);
            due.take(limit).cloned().collect()
        }))
    }
    fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        Ok(self.with(|state| state.duties.alarms.first().map(|alarm| alarm.at)))
    }
    fn read(&self, after: &Cursor, limit: usize) -> Result<Page<DutyEntry>, DeskError> {
        let from = after.number()?;
        let items: Vec<_> = self.with(|state| {
            let skip = usize::try_from(from).unwrap_or(0);
            let all = state.duties.entries.iter();
            all.skip(skip).take(limit).cloned().collect()
        });
        let next = match items.is_empty() {
            true => after.clone(),
            false => Cursor::new((from + count(items.len())).to_string()),
        };
        Ok(Page { items, next })
    }
    fn history(&self, duty: &DutyId) -> Result<Vec<DutyEntry>, DeskError> {
        Ok(self.with(|state| {
            let places = state
                .duties
                .histories
                .get(duty)
                .map_or(&[][..], Vec::as_slice);
            let entries = &state.duties.entries;
            let all = places.iter().filter_map(|at| entries.get(*at).cloned());
            all.collect()
        }))
    }
    fn list(&self, after: Option<&DutyId>, limit: usize) -> Result<Vec<DutyId>, DeskError> {
        let from = after.map_or(Bound::Unbounded, |duty| Bound::Excluded(duty.clone()));
        Ok(self.with(|state| {
            let ahead = state.duties.heads.range((from, Bound::Unbounded));
            ahead.take(limit).map(|(duty, _)| duty.clone()).collect()
        }))
    }
    fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<DutyOutgoing>, DeskError> {
        let from = after.number()?;
        Ok(self.with(|state| {
            let ahead = state
                .duties
                .outbox
                .range((Bound::Excluded(from), Bound::Unbounded));
            let ahead: Vec<_> = ahead.take(limit).collect();
            let next = ahead.last().map_or_else(
                || after.clone(),
                |(place, _)| Cursor::new(place.to_string()),
            );
            let items = ahead.into_iter().map(|(_, outgoing)| outgoing.clone());
            Page {
                items: items.collect(),
                next,
            }
        }))
    }
    fn delivered(&self, effects: &[DutyEffectId]) -> Result<(), DeskError> {
        self.with(|state| {
            effects
                .iter()
                .for_each(|effect| state.duty_delivered(effect))
        });
        Ok(())
    }
    fn private(&self, duty: &DutyId, reference: &TextRef) -> Result<Option<Private>, DeskError> {
        let key = (duty.clone(), reference.clone());
        Ok(self.with(|state| state.duties.private.get(&key).cloned()))
    }
}
