//! A ledger in memory: for tests and rehearsals, and the one that the others are compared to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::mem;
use std::ops::Bound;
use std::sync::Mutex;

use super::duties::memory::Duties;
use super::gate::{Gate, lock};
use super::{
    Alarm, Answered, Commit, Committed, Cursor, DeskError, DutyLedger, Entry, Head, Ledger, Page,
};
use crate::time::Moment;
use crate::words::{
    BoardId, CaseId, Channel, CommandId, EffectId, ExternalId, Outgoing, PlanId, Private, TextRef,
};

/// A ledger that lives as long as the process.
///
/// ```
/// use duly::desk::{Ledger, MemoryLedger};
/// let ledger = MemoryLedger::new("hainan".parse()?);
/// assert_eq!(ledger.next_alarm()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MemoryLedger {
    board: BoardId,
    gate: Gate,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    heads: BTreeMap<CaseId, Head>,
    alarms: BTreeSet<Alarm>,
    entries: Vec<Entry>,
    histories: BTreeMap<CaseId, Vec<usize>>,
    answers: BTreeMap<CommandId, Answered>,
    known: BTreeMap<(Channel, ExternalId), CaseId>,
    outbox: BTreeMap<i64, Outgoing>,
    queued: BTreeMap<EffectId, i64>,
    /// The places in the outbox of what goes to other cases.
    links: BTreeSet<i64>,
    sent: i64,
    private: BTreeMap<(CaseId, TextRef), Private>,
    plans: BTreeMap<PlanId, String>,
    pub(super) duties: Duties,
    /// While a group is open: how to take back what was done since, the latest last.
    undo: Vec<Undo>,
    groups: usize,
}

type Undo = Box<dyn FnOnce(&mut State) + Send>;

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "State({} cases, {} records)",
            self.heads.len(),
            self.entries.len()
        )
    }
}

impl MemoryLedger {
    /// An empty ledger.
    pub fn new(board: BoardId) -> MemoryLedger {
        MemoryLedger {
            board,
            gate: Gate::default(),
            state: Mutex::default(),
        }
    }
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let _pass = self.gate.enter();
        look(&mut lock(&self.state))
    }
}

impl State {
    fn version(&self, case: &CaseId) -> u64 {
        self.heads.get(case).map_or(0, |head| head.case.version())
    }
    pub(super) fn did(&mut self, undo: impl FnOnce(&mut State) + Send + 'static) {
        if self.groups > 0 {
            self.undo.push(Box::new(undo));
        }
    }
    fn commit(&mut self, commit: &Commit) -> Committed {
        if let Some(before) = commit
            .answer
            .as_ref()
            .and_then(|new| self.answers.get(&new.command))
        {
            return Committed::Duplicate(Box::new(before.clone()));
        }
        let actual = self.version(&commit.case);
        if actual != commit.expected {
            return Committed::Conflict { actual };
        }
        let number = commit
            .opens()
            .map(|(channel, id)| (channel.clone(), id.clone()));
        if let Some(case) = number.as_ref().and_then(|number| self.known.get(number)) {
            return Committed::Known { case: case.clone() };
        }
        if let Some(number) = number {
            self.known.insert(number.clone(), commit.case.clone());
            self.did(move |state| drop(state.known.remove(&number)));
        }
        if let Some(answer) = &commit.answer {
            self.answers.insert(answer.command.clone(), answer.clone());
            let command = answer.command.clone();
            self.did(move |state| drop(state.answers.remove(&command)));
        }
        self.append(commit);
        if let Some(head) = &commit.head {
            self.set_head(&commit.case, head.clone());
        }
        for private in &commit.private {
            let key = (commit.case.clone(), private.reference.clone());
            let old = self.private.insert(key.clone(), private.clone());
            self.did(move |state| put_back(&mut state.private, key, old));
        }
        for effect in &commit.outgoing {
            self.queue(effect);
        }
        self.erase(commit);
        Committed::Done
    }
    fn append(&mut self, commit: &Commit) {
        for sealed in &commit.records {
            let at = self.entries.len();
            self.entries.push(Entry {
                sealed: sealed.clone(),
                observed_at: commit.observed_at,
            });
            self.histories
                .entry(commit.case.clone())
                .or_default()
                .push(at);
        }
        let (case, count) = (commit.case.clone(), commit.records.len());
        self.did(move |state| {
            state
                .entries
                .truncate(state.entries.len().saturating_sub(count));
            if let Some(history) = state.histories.get_mut(&case) {
                history.truncate(history.len().saturating_sub(count));
                if history.is_empty() {
                    state.histories.remove(&case);
                }
            }
        });
    }
    fn set_head(&mut self, case: &CaseId, head: Head) {
        let alarm = |head: &Head| {
            head.case.next_alarm().map(|at| Alarm {
                at,
                case: head.case.id().clone(),
            })
        };
        let new = alarm(&head);
        let old = self.heads.insert(case.clone(), head);
        if let Some(old) = old.as_ref().and_then(alarm) {
            self.alarms.remove(&old);
        }
        self.alarms.extend(new.clone());
        let case = case.clone();
        self.did(move |state| {
            if let Some(new) = new {
                state.alarms.remove(&new);
            }
            state.alarms.extend(old.as_ref().and_then(alarm));
            put_back(&mut state.heads, case, old);
        });
    }
    fn queue(&mut self, effect: &Outgoing) {
        if self.queued.contains_key(&effect.id) {
            return;
        }
        self.sent += 1;
        let (place, id) = (self.sent, effect.id.clone());
        self.outbox.insert(place, effect.clone());
        self.queued.insert(id.clone(), place);
        if effect.is_link() {
            self.links.insert(place);
        }
        self.did(move |state| {
            state.links.remove(&place);
            state.outbox.remove(&place);
            state.queued.remove(&id);
        });
    }
    fn delivered(&mut self, effect: &EffectId) {
        let Some(place) = self.queued.remove(effect) else {
            return;
        };
        let Some(outgoing) = self.outbox.remove(&place) else {
            return;
        };
        self.links.remove(&place);
        self.did(move |state| {
            if outgoing.is_link() {
                state.links.insert(place);
            }
            state.queued.insert(outgoing.id.clone(), place);
            state.outbox.insert(place, outgoing);
        });
    }
    fn erase(&mut self, commit: &Commit) {
        let mut erases = false;
        for reference in commit.erases() {
            erases = true;
            let key = (commit.case.clone(), reference.clone());
            let old = self.private.remove(&key);
            self.did(move |state| put_back(&mut state.private, key, old));
        }
        if erases {
            let of_case = self
                .answers
                .values_mut()
                .filter(|answer| answer.case == commit.case);
            let old: Vec<_> = of_case
                .filter_map(|answer| Some((answer.command.clone(), answer.payload.take()?)))
                .collect();
            self.did(move |state| {
                for (command, payload) in old {
                    if let Some(answer) = state.answers.get_mut(&command) {
                        answer.payload = Some(payload);
                    }
                }
            });
        }
    }
    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(undo) = self.undo.pop() {
                undo(self);
            }
        }
    }
}

pub(super) fn put_back<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, old: Option<V>) {
    match old {
        Some(old) => drop(map.insert(key, old)),
        None => drop(map.remove(&key)),
    }
}

pub(super) fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

impl Ledger for MemoryLedger {
    fn board(&self) -> &BoardId {
        &self.board
    }
    fn duties(&self) -> &dyn DutyLedger {
        self
    }
    fn load(&self, case: &CaseId) -> Result<Option<Head>, DeskError> {
        Ok(self.with(|state| state.heads.get(case).cloned()))
    }
    fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
        commit.check()?;
        Ok(self.with(|state| state.commit(commit)))
    }
    fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError> {
        Ok(self.with(|state| state.answers.get(command).cloned()))
    }
    fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError> {
        let number = (channel.clone(), external_id.clone());
        Ok(self.with(|state| state.known.get(&number).cloned()))
    }
    fn due(
        &self,
        now: Moment,
        after: Option<&Alarm>,
        limit: usize,
    ) -> Result<Vec<Alarm>, DeskError> {
        let from = after.map_or(Bound::Unbounded, |alarm| Bound::Excluded(alarm.clone()));
        Ok(self.with(|state| {
            let ahead = state.alarms.range((from, Bound::Unbounded));
            ahead
                .take_while(|alarm| alarm.at <= now)
                .take(limit)
                .cloned()
                .collect()
        }))
    }
    fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        Ok(self.with(|state| state.alarms.first().map(|alarm| alarm.at)))
    }
    fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        let from = after.number()?;
        let items: Vec<_> = self.with(|state| {
            let skip = usize::try_from(from).unwrap_or(0);
            state
                .entries
                .iter()
                .skip(skip)
                .take(limit)
                .cloned()
                .collect()
        });
        let next = if items.is_empty() {
            after.clone()
        } else {
            Cursor::new((from + count(items.len())).to_string())
        };
        Ok(Page { items, next })
    }
    fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
        Ok(self.with(|state| {
            let places = state.histories.get(case).map_or(&[][..], Vec::as_slice);
            places
                .iter()
                .filter_map(|at| state.entries.get(*at).cloned())
                .collect()
        }))
    }
    fn cases(&self, after: Option<&CaseId>, limit: usize) -> Result<Vec<CaseId>, DeskError> {
        let from = after.map_or(Bound::Unbounded, |case| Bound::Excluded(case.clone()));
        Ok(self.with(|state| {
            let ahead = state.heads.range((from, Bound::Unbounded));
            ahead.take(limit).map(|(case, _)| case.clone()).collect()
        }))
    }
    fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        let from = after.number()?;
        Ok(self.with(|state| {
            let ahead: Vec<_> = state
                .outbox
                .range((Bound::Excluded(from), Bound::Unbounded))
                .take(limit)
                .collect();
            let next = ahead.last().map_or_else(
                || after.clone(),
                |(place, _)| Cursor::new(place.to_string()),
            );
            Page {
                items: ahead
                    .into_iter()
                    .map(|(_, outgoing)| outgoing.clone())
                    .collect(),
                next,
            }
        }))
    }
    fn links(&self, limit: usize) -> Result<Vec<Outgoing>, DeskError> {
        Ok(self.with(|state| {
            let first = state.links.iter().take(limit);
            first
                .filter_map(|at| state.outbox.get(at).cloned())
                .collect()
        }))
    }
    fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        self.with(|state| effects.iter().for_each(|effect| state.delivered(effect)));
        Ok(())
    }
    fn private(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Private>, DeskError> {
        let key = (case.clone(), reference.clone());
        Ok(self.with(|state| state.private.get(&key).cloned()))
    }
    fn keep_plan(&self, plan: &PlanId, json: &str) -> Result<(), DeskError> {
        self.with(|state| {
            if !state.plans.contains_key(plan) {
                state.plans.insert(plan.clone(), json.to_owned());
                let plan = plan.clone();
                state.did(move |state| drop(state.plans.remove(&plan)));
            }
        });
        Ok(())
    }
    fn plan(&self, plan: &PlanId) -> Result<Option<String>, DeskError> {
        Ok(self.with(|state| state.plans.get(plan).cloned()))
    }
    fn has_plan(&self, plan: &PlanId) -> Result<bool, DeskError> {
        Ok(self.with(|state| state.plans.contains_key(plan)))
    }
    fn together(&self, group: &mut dyn FnMut() -> Result<(), DeskError>) -> Result<(), DeskError> {
        let _pass = self.gate.enter();
        let open = Group::open(&self.state);
        group()?;
        open.keep();
        Ok(())
    }
}

/// An open group: taken back when dropped, unless it was kept.
struct Group<'a> {
    state: &'a Mutex<State>,
    mark: usize,
    kept: bool,
}

impl Group<'_> {
    fn open(state: &Mutex<State>) -> Group<'_> {
        let mut now = lock(state);
        now.groups += 1;
        let mark = now.undo.len();
        Group {
            state,
            mark,
            kept: false,
        }
    }
    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        let mut state = lock(self.state);
        state.groups -= 1;
        if !self.kept {
            // Nothing is noted while it is taken back.
            let groups = mem::take(&mut state.groups);
            state.undo_to(self.mark);
            state.groups = groups;
        } else if state.groups == 0 {
            state.undo.clear();
        }
    }
}
