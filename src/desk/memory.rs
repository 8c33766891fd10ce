//! A ledger in memory: for tests and rehearsals, and the one that the others are compared to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::mem;
use std::ops::Bound;
use std::sync::Mutex;

use super::gate::{Gate, lock};
use super::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use super::{Cursor, DeskError, Ledger, Page};
use crate::time::Moment;
use crate::words::BoardId;

/// A ledger that lives as long as the process.
///
/// ```
/// use duly::desk::{Ledger, MemoryLedger};
/// use duly::desk::rows::Shelf;
/// let ledger = MemoryLedger::new("hainan".parse()?);
/// assert_eq!(ledger.next_alarm(Shelf::Cases)?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MemoryLedger {
    board: BoardId,
    gate: Gate,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cases: Chains,
    duties: Chains,
    known: BTreeMap<NumberRow, String>,
    kept: BTreeMap<(Kept, String), String>,
    /// While a group is open: how to take back what was done since, the latest last.
    undo: Vec<Undo>,
    groups: usize,
}

/// What there is on one shelf.
#[derive(Default)]
struct Chains {
    heads: BTreeMap<String, HeadRow>,
    alarms: BTreeSet<AlarmRow>,
    records: Vec<RecordRow>,
    /// The places of each chain's records.
    histories: BTreeMap<String, Vec<usize>>,
    commands: BTreeMap<String, CommandRow>,
    outbox: BTreeMap<i64, OutgoingRow>,
    queued: BTreeMap<String, i64>,
    /// The places in the outbox of what goes to other cases.
    links: BTreeSet<i64>,
    sent: i64,
    private: BTreeMap<(String, String), PrivateRow>,
}

type Undo = Box<dyn FnOnce(&mut State) + Send>;

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "State({} cases, {} records)",
            self.cases.heads.len(),
            self.cases.records.len()
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
    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let _pass = self.gate.enter();
        look(&mut lock(&self.state))
    }
    fn on<T>(&self, shelf: Shelf, look: impl FnOnce(&mut Chains) -> T) -> T {
        self.with(|state| look(state.on(shelf)))
    }
}

impl State {
    fn on(&mut self, shelf: Shelf) -> &mut Chains {
        match shelf {
            Shelf::Cases => &mut self.cases,
            Shelf::Duties => &mut self.duties,
        }
    }
    fn did(&mut self, undo: impl FnOnce(&mut State) + Send + 'static) {
        if self.groups > 0 {
            self.undo.push(Box::new(undo));
        }
    }
    fn commit(&mut self, commit: &Commit) -> Committed {
        let shelf = commit.shelf;
        let chains = self.on(shelf);
        let before = commit.command.as_ref();
        if let Some(before) = before.and_then(|new| chains.commands.get(&new.id)) {
            return Committed::Duplicate(Box::new(before.clone()));
        }
        let head = chains.heads.get(&commit.key);
        if !commit.continues(head.map(|head| (head.version, head.hash))) {
            return Committed::conflict(head.cloned());
        }
        let carried = commit.carries.as_ref();
        let gone = carried.is_some_and(|effect| !chains.queued.contains_key(effect));
        let known = commit.number.as_ref().and_then(|it| self.known.get(it));
        if let Some(key) = known {
            return Committed::Known { key: key.clone() };
        }
        if gone {
            return Committed::Gone;
        }
        let missing = |name: &&String| !self.kept.contains_key(&(Kept::Plan, (*name).clone()));
        if let Some(name) = commit.plans.iter().find(missing) {
            return Committed::NoPlan { name: name.clone() };
        }
        if let Some(number) = &commit.number {
            self.known.insert(number.clone(), commit.key.clone());
            let number = number.clone();
            self.did(move |state| drop(state.known.remove(&number)));
        }
        if let Some(command) = &commit.command {
            let id = command.id.clone();
            self.on(shelf).commands.insert(id.clone(), command.clone());
            self.did(move |state| drop(state.on(shelf).commands.remove(&id)));
        }
        self.append(shelf, commit);
        if let Some(head) = &commit.head {
            self.set_head(shelf, &commit.key, head.clone());
        }
        for private in &commit.private {
            let key = (commit.key.clone(), private.reference.clone());
            let old = self.on(shelf).private.insert(key.clone(), private.clone());
            self.did(move |state| put_back(&mut state.on(shelf).private, key, old));
        }
        for effect in &commit.outgoing {
            self.queue(shelf, effect);
        }
        for effect in commit.delivered.iter().chain(&commit.carries) {
            self.delivered(shelf, effect);
        }
        self.erase(shelf, commit);
        Committed::Done
    }
    fn append(&mut self, shelf: Shelf, commit: &Commit) {
        let chains = self.on(shelf);
        for record in &commit.records {
            let at = chains.records.len();
            chains.records.push(record.clone());
            let history = chains.histories.entry(commit.key.clone());
            history.or_default().push(at);
        }
        let (key, count) = (commit.key.clone(), commit.records.len());
        self.did(move |state| {
            let chains = state.on(shelf);
            let left = chains.records.len().saturating_sub(count);
            chains.records.truncate(left);
            if let Some(history) = chains.histories.get_mut(&key) {
                history.truncate(history.len().saturating_sub(count));
                if history.is_empty() {
                    chains.histories.remove(&key);
                }
            }
        });
    }
    fn set_head(&mut self, shelf: Shelf, key: &str, head: HeadRow) {
        let alarm = |head: &HeadRow, key: &str| {
            head.alarm.map(|at| AlarmRow {
                at,
                key: key.to_owned(),
            })
        };
        let chains = self.on(shelf);
        let new = alarm(&head, key);
        let old = chains.heads.insert(key.to_owned(), head);
        if let Some(old) = old.as_ref().and_then(|old| alarm(old, key)) {
            chains.alarms.remove(&old);
        }
        chains.alarms.extend(new.clone());
        let key = key.to_owned();
        self.did(move |state| {
            let chains = state.on(shelf);
            if let Some(new) = new {
                chains.alarms.remove(&new);
            }
            chains
                .alarms
                .extend(old.as_ref().and_then(|old| alarm(old, &key)));
            put_back(&mut chains.heads, key, old);
        });
    }
    fn queue(&mut self, shelf: Shelf, effect: &OutgoingRow) {
        let chains = self.on(shelf);
        if chains.queued.contains_key(&effect.effect) {
            return;
        }
        chains.sent += 1;
        let (place, id) = (chains.sent, effect.effect.clone());
        chains.outbox.insert(place, effect.clone());
        chains.queued.insert(id.clone(), place);
        if effect.link {
            chains.links.insert(place);
        }
        self.did(move |state| {
            let chains = state.on(shelf);
            chains.links.remove(&place);
            chains.outbox.remove(&place);
            chains.queued.remove(&id);
        });
    }
    fn delivered(&mut self, shelf: Shelf, effect: &str) {
        let chains = self.on(shelf);
        let Some(place) = chains.queued.remove(effect) else {
            return;
        };
        let Some(outgoing) = chains.outbox.remove(&place) else {
            return;
        };
        chains.links.remove(&place);
        self.did(move |state| {
            let chains = state.on(shelf);
            if outgoing.link {
                chains.links.insert(place);
            }
            chains.queued.insert(outgoing.effect.clone(), place);
            chains.outbox.insert(place, outgoing);
        });
    }
    fn erase(&mut self, shelf: Shelf, commit: &Commit) {
        for reference in &commit.erased {
            let key = (commit.key.clone(), reference.clone());
            let old = self.on(shelf).private.remove(&key);
            self.did(move |state| put_back(&mut state.on(shelf).private, key, old));
        }
        if commit.erased.is_empty() {
            return;
        }
        let all = self.on(shelf).commands.values_mut();
        let its = all.filter(|command| command.key == commit.key);
        let old: Vec<_> = its
            .filter_map(|command| Some((command.id.clone(), command.payload.take()?)))
            .collect();
        self.did(move |state| {
            for (id, payload) in old {
                if let Some(command) = state.on(shelf).commands.get_mut(&id) {
                    command.payload = Some(payload);
                }
            }
        });
    }
    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(undo) = self.undo.pop() {
                undo(self);
            }
        }
    }
}

fn put_back<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, old: Option<V>) {
    match old {
        Some(old) => drop(map.insert(key, old)),
        None => drop(map.remove(&key)),
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Where to begin, after something or before everything.
fn from<T: ToOwned + ?Sized>(after: Option<&T>) -> Bound<T::Owned> {
    after.map_or(Bound::Unbounded, |after| Bound::Excluded(after.to_owned()))
}

impl Ledger for MemoryLedger {
    fn board(&self) -> &BoardId {
        &self.board
    }
    fn load(&self, shelf: Shelf, key: &str) -> Result<Option<HeadRow>, DeskError> {
        Ok(self.on(shelf, |chains| chains.heads.get(key).cloned()))
    }
    fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
        commit.check()?;
        Ok(self.with(|state| state.commit(commit)))
    }
    fn answered(&self, shelf: Shelf, command: &str) -> Result<Option<CommandRow>, DeskError> {
        Ok(self.on(shelf, |chains| chains.commands.get(command).cloned()))
    }
    fn find(&self, number: &NumberRow) -> Result<Option<String>, DeskError> {
        Ok(self.with(|state| state.known.get(number).cloned()))
    }
    fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Result<Vec<AlarmRow>, DeskError> {
        Ok(self.on(shelf, |chains| {
            let ahead = chains.alarms.range((from(after), Bound::Unbounded));
            let due = ahead.take_while(|alarm| alarm.at <= now);
            due.take(limit).cloned().collect()
        }))
    }
    fn next_alarm(&self, shelf: Shelf) -> Result<Option<Moment>, DeskError> {
        Ok(self.on(shelf, |chains| chains.alarms.first().map(|alarm| alarm.at)))
    }
    fn read(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<RecordRow>, DeskError> {
        let from = after.number()?;
        let skip = usize::try_from(from).unwrap_or(0);
        let items: Vec<_> = self.on(shelf, |chains| {
            let ahead = chains.records.iter().skip(skip);
            ahead.take(limit).cloned().collect()
        });
        let next = if items.is_empty() {
            after.clone()
        } else {
            Cursor::new((from + count(items.len())).to_string())
        };
        Ok(Page { items, next })
    }
    fn history(&self, shelf: Shelf, key: &str) -> Result<Vec<RecordRow>, DeskError> {
        Ok(self.on(shelf, |chains| {
            let places = chains.histories.get(key).map_or(&[][..], Vec::as_slice);
            let records = places.iter().filter_map(|at| chains.records.get(*at));
            records.cloned().collect()
        }))
    }
    fn keys(
        &self,
        shelf: Shelf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        Ok(self.on(shelf, |chains| {
            // Nothing is ever taken from a ledger in memory but by a group, so a chain with records has its head.
            let ahead = chains.heads.range((from(after), Bound::Unbounded));
            ahead.take(limit).map(|(key, _)| key.clone()).collect()
        }))
    }
    fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OutgoingRow>, DeskError> {
        let from = after.number()?;
        Ok(self.on(shelf, |chains| {
            let after_it = (Bound::Excluded(from), Bound::Unbounded);
            let ahead: Vec<(i64, OutgoingRow)> = if links {
                let places = chains.links.range(after_it).take(limit);
                places
                    .filter_map(|at| Some((*at, chains.outbox.get(at)?.clone())))
                    .collect()
            } else {
                let outside = chains.outbox.range(after_it).filter(|(_, it)| !it.link);
                outside
                    .take(limit)
                    .map(|(at, it)| (*at, it.clone()))
                    .collect()
            };
            let last = ahead.last().map(|(at, _)| Cursor::new(at.to_string()));
            Page {
                items: ahead.into_iter().map(|(_, outgoing)| outgoing).collect(),
                next: last.unwrap_or_else(|| after.clone()),
            }
        }))
    }
    fn delivered(&self, shelf: Shelf, effects: &[String]) -> Result<(), DeskError> {
        self.with(|state| {
            effects
                .iter()
                .for_each(|effect| state.delivered(shelf, effect))
        });
        Ok(())
    }
    fn private(
        &self,
        shelf: Shelf,
        key: &str,
        reference: &str,
    ) -> Result<Option<PrivateRow>, DeskError> {
        let of = (key.to_owned(), reference.to_owned());
        Ok(self.on(shelf, |chains| chains.private.get(&of).cloned()))
    }
    fn keep(&self, kept: Kept, name: &str, text: &str) -> Result<(), DeskError> {
        let key = (kept, name.to_owned());
        self.with(|state| {
            if !state.kept.contains_key(&key) {
                state.kept.insert(key.clone(), text.to_owned());
                state.did(move |state| drop(state.kept.remove(&key)));
            }
        });
        Ok(())
    }
    fn kept(&self, kept: Kept, name: &str) -> Result<Option<String>, DeskError> {
        let key = (kept, name.to_owned());
        Ok(self.with(|state| state.kept.get(&key).cloned()))
    }
    fn has(&self, kept: Kept, name: &str) -> Result<bool, DeskError> {
        let key = (kept, name.to_owned());
        Ok(self.with(|state| state.kept.contains_key(&key)))
    }
    fn kept_names(
        &self,
        kept: Kept,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        let first = after.map_or(Bound::Included((kept, String::new())), |after| {
            Bound::Excluded((kept, after.to_owned()))
        });
        Ok(self.with(|state| {
            let ahead = state.kept.range((first, Bound::Unbounded));
            let its = ahead.take_while(|((of, _), _)| *of == kept);
            its.take(limit).map(|((_, name), _)| name.clone()).collect()
        }))
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
