//! Seals a day, and holds the log against every seal.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Core;
use super::digest::is_cut;
use crate::desk::kind::{Cases, Duties, Kind};
use crate::desk::rows::{Kept, RecordRow, Shelf};
use crate::desk::seal::{Growing, Walk, empty, sealed};
use crate::desk::{
    AsyncLedger, BrokenSeal, Cursor, DeskError, Flaw, Hash, Proof, Seal, SealFlaw, SealedLog,
};
use crate::time::Moment;

/// How much is read at a time.
const PAGE: usize = 256;
/// So many days past the last thing that the ledger knows of a day can be sealed. A clock that is further ahead, or a year that was mistyped,
/// would keep every day until then from being sealed.
const AHEAD: i64 = 92;
/// How often another desk may seal first, before it is left to it.
const TRIES: usize = 16;

const BOTH: [Shelf; 2] = [Shelf::Cases, Shelf::Duties];

/// The name of a seal. They stand in order.
fn name(number: u64) -> String {
    format!("{number:08}")
}

/// The hash of a record, whose line gives it: nothing damaged is sealed.
fn its_hash<K: Kind>(row: &RecordRow) -> Result<Hash, DeskError> {
    let flaw = match (row.prev, row.hash) {
        (Some(prev), Some(hash)) if Hash::link(&prev, &row.line) == hash => return Ok(hash),
        (Some(_), Some(_)) => Flaw::Hash,
        _ => Flaw::Link,
    };
    let id: K::Id = row.key.parse().map_err(DeskError::damaged)?;
    Err(K::broken(&id, row.version, flaw))
}

/// A log while it is read, from its first record on or from where a seal ended.
struct Log {
    shelf: Shelf,
    cursor: Cursor,
    tree: Growing,
    /// When the latest of what was read was noticed.
    noticed: Option<Moment>,
}

impl Log {
    fn start(shelf: Shelf) -> Log {
        Log {
            shelf,
            cursor: Cursor::start(),
            tree: Growing::default(),
            noticed: None,
        }
    }
    /// The next records; none at the end. `most` is the place in the log to stop at.
    async fn next<L: AsyncLedger>(
        &mut self,
        ledger: &L,
        most: u64,
    ) -> Result<Vec<(RecordRow, Hash)>, DeskError> {
        let left = usize::try_from(most.saturating_sub(self.tree.count())).unwrap_or(PAGE);
        if left == 0 {
            return Ok(Vec::new());
        }
        let page = ledger
            .read(self.shelf, &self.cursor, left.min(PAGE))
            .await?;
        let mut rows = Vec::new();
        for row in page.items {
            let hash = match self.shelf {
                Shelf::Cases => its_hash::<Cases>(&row)?,
                Shelf::Duties => its_hash::<Duties>(&row)?,
            };
            self.tree.push(&hash);
            self.noticed = self.noticed.max(Some(row.observed_at));
            rows.push((row, hash));
        }
        self.cursor = page.next;
        Ok(rows)
    }
    async fn read_to<L: AsyncLedger>(&mut self, ledger: &L, most: u64) -> Result<(), DeskError> {
        while !self.next(ledger, most).await?.is_empty() {}
        Ok(())
    }
}

/// What a seal says is wrong.
fn broken(number: u64, day: Option<NaiveDate>, before: Option<&Seal>, flaw: SealFlaw) -> DeskError {
    BrokenSeal {
        number: Some(number),
        day,
        since: before.map(|before| before.day),
        flaw,
    }
    .into()
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn seal(
        &self,
        day: NaiveDate,
        at: Moment,
    ) -> Result<Seal, DeskError> {
        for _ in 0..TRIES {
            let numbers = self.seal_numbers().await?;
            let before = match numbers.last() {
                Some(last) => Some(self.seal_of(*last).await?),
                None => None,
            };
            if let Some(last) = before.as_ref().filter(|last| last.day >= day) {
                let at = self.first_seal(&numbers, |seal| seal.day >= day).await?;
                return at.filter(|seal| seal.day == day).ok_or_else(|| {
                    DeskError::misuse(format!(
                        "{day} was not sealed when it was over, and days after it are; the seal of {} covers it",
                        last.day
                    ))
                });
            }
            let plans = self.plans();
            let Some(hand) = plans.at(at).or_else(|| plans.latest()) else {
                return Err(DeskError::misuse(
                    "no plan is in hand, so nobody knows when a day is over",
                ));
            };
            let cut = is_cut(&hand.plan, day, at)?;
            for shelf in BOTH {
                if !self.ledger.shows(shelf, cut).await? {
                    return Err(DeskError::hidden());
                }
            }
            let seal = self.next_seal(before.as_ref(), day, at).await?;
            let text = String::from_utf8(seal.line()).map_err(DeskError::misuse)?;
            let number = name(seal.number);
            self.ledger.keep(Kept::Seal, &number, &text).await?;
            // Of two desks that seal at once one was first, perhaps another day.
            let kept = self.seal_of(seal.number).await?;
            if kept.day == day {
                return Ok(kept);
            }
        }
        Err(DeskError::busy())
    }

    /// The seal that comes after another one.
    async fn next_seal(
        &self,
        before: Option<&Seal>,
        day: NaiveDate,
        at: Moment,
    ) -> Result<Seal, DeskError> {
        let mut logs = Vec::new();
        let mut known = before.map(|before| before.at);
        for shelf in BOTH {
            let was = before.map_or_else(empty, |before| before.log(shelf).clone());
            let log = self.gone_on(shelf, was, before).await?;
            known = known.max(log.noticed);
            logs.push(sealed(&log.tree, log.cursor));
        }
        if let Some(last) = known.filter(|last| at > last.plus(AHEAD * 86_400)) {
            return Err(DeskError::misuse(format!(
                "it is taken to be {at}, more than {AHEAD} days after the latest that the ledger knows of, which is of {last}: a seal \
                 of {day} would keep every day until then from being sealed; put the clock right, or, where that is the time, seal a day \
                 that is nearer first"
            )));
        }
        let board = self.ledger.board().clone();
        let duties = logs.pop().unwrap_or_else(empty);
        let cases = logs.pop().unwrap_or_else(empty);
        Ok(Seal {
            number: before.map_or(1, |before| before.number.saturating_add(1)),
            prev: before.map_or_else(|| Seal::genesis(&board), Seal::hash),
            board,
            day,
            at: before.map_or(at, |before| at.max(before.at)),
            cases,
            duties,
        })
    }

    /// A log, read on from where a seal ended: only what is new is read.
    async fn gone_on(
        &self,
        shelf: Shelf,
        was: SealedLog,
        before: Option<&Seal>,
    ) -> Result<Log, DeskError> {
        let tree = Growing::from(was.records, &was.frontier).ok_or_else(|| {
            let (number, day) =
                before.map_or((1, None), |before| (before.number, Some(before.day)));
            let said = "its frontier is not that of so many records".to_owned();
            broken(number, day, None, SealFlaw::Unreadable { said })
        })?;
        let mut log = Log {
            shelf,
            cursor: was.cursor,
            tree,
            noticed: None,
        };
        log.read_to(self.ledger, u64::MAX).await?;
        Ok(log)
    }

    pub(in crate::desk) async fn seals(
        &self,
        after: Option<NaiveDate>,
        limit: usize,
    ) -> Result<Vec<Seal>, DeskError> {
        let numbers = self.seal_numbers().await?;
        let late = |seal: &Seal| after.is_none_or(|after| seal.day > after);
        let Some(first) = self.first_seal(&numbers, late).await? else {
            return Ok(Vec::new());
        };
        let mut seals = Vec::new();
        let ahead = numbers.iter().filter(|number| **number >= first.number);
        for number in ahead.take(limit) {
            seals.push(self.seal_of(*number).await?);
        }
        Ok(seals)
    }

    /// The numbers of the seals there are, in their order.
    async fn seal_numbers(&self) -> Result<Vec<u64>, DeskError> {
        let mut numbers = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.ledger.kept_names(Kept::Seal, after.as_deref(), PAGE);
            let page = page.await?;
            for kept in &page {
                let number = kept.parse().ok().filter(|number| name(*number) == *kept);
                numbers.push(number.ok_or_else(|| {
                    let said = format!("`{kept}` is no number of a seal");
                    DeskError::from(BrokenSeal {
                        number: None,
                        day: None,
                        since: None,
                        flaw: SealFlaw::Unreadable { said },
                    })
                })?);
            }
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => return Ok(numbers),
            }
        }
    }

    /// The first seal of which something holds that holds of all after it, too.
    async fn first_seal(
        &self,
        numbers: &[u64],
        holds: impl Fn(&Seal) -> bool + Send,
    ) -> Result<Option<Seal>, DeskError> {
        let (mut from, mut to) = (0, numbers.len());
        let mut first = None;
        while from < to {
            let middle = usize::midpoint(from, to);
            let Some(number) = numbers.get(middle) else {
                break;
            };
            let seal = self.seal_of(*number).await?;
            if holds(&seal) {
                to = middle;
                first = Some(seal);
            } else {
                from = middle.saturating_add(1);
            }
        }
        Ok(first)
    }

    /// The seal of a number, as it is kept.
    async fn seal_of(&self, number: u64) -> Result<Seal, DeskError> {
        let wrong = |flaw| broken(number, None, None, flaw);
        let Some(text) = self.ledger.kept(Kept::Seal, &name(number)).await? else {
            return Err(wrong(SealFlaw::Missing));
        };
        let seal: Seal = serde_json::from_str(&text).map_err(|error| {
            wrong(SealFlaw::Unreadable {
                said: error.to_string(),
            })
        })?;
        if seal.line() != text.as_bytes() {
            let said = "it is not in canonical form".to_owned();
            return Err(wrong(SealFlaw::Unreadable { said }));
        }
        if seal.number != number {
            return Err(wrong(SealFlaw::Place { said: seal.number }));
        }
        if seal.board != *self.ledger.board() {
            return Err(wrong(SealFlaw::OtherBoard { found: seal.board }));
        }
        Ok(seal)
    }

    /// Holds the seals against each other, against hashes that were kept elsewhere, and the log against them. Gives how many there
    /// are, and how many records are under the last.
    pub(super) async fn verify_seals(
        &self,
        elsewhere: &[(NaiveDate, Hash)],
    ) -> Result<(u64, u64), DeskError> {
        let mut kept: BTreeMap<NaiveDate, Vec<Hash>> = BTreeMap::new();
        for (day, hash) in elsewhere {
            kept.entry(*day).or_default().push(*hash);
        }
        let mut logs = BOTH.map(Log::start);
        let mut before: Option<Seal> = None;
        for number in self.seal_numbers().await? {
            let next = before.as_ref().map_or(1, |it| it.number.saturating_add(1));
            if number != next {
                return Err(broken(next, None, before.as_ref(), SealFlaw::Missing));
            }
            let seal = self.seal_of(number).await?;
            let wrong = |flaw| Err(broken(number, Some(seal.day), before.as_ref(), flaw));
            let found = seal.hash();
            let kept = kept.remove(&seal.day).unwrap_or_default();
            if let Some(kept) = kept.into_iter().find(|kept| *kept != found) {
                return wrong(SealFlaw::Elsewhere { kept, found });
            }
            if !follows(before.as_ref(), &seal) {
                return wrong(SealFlaw::Link);
            }
            if !grows(before.as_ref(), &seal) {
                return wrong(SealFlaw::Order);
            }
            for log in &mut logs {
                if let Some(flaw) = self.log_holds(log, &seal).await? {
                    return wrong(flaw);
                }
            }
            before = Some(seal);
        }
        if let Some((day, hashes)) = kept.into_iter().next()
            && let Some(kept) = hashes.into_iter().next()
        {
            let last = before.as_ref().map(|before| before.day);
            return Err(BrokenSeal {
                number: None,
                day: Some(day),
                since: last.filter(|last| *last < day),
                flaw: SealFlaw::Gone { kept },
            }
            .into());
        }
        let under = |seal: &Seal| seal.cases.records.saturating_add(seal.duties.records);
        let last = before.as_ref();
        Ok((last.map_or(0, |last| last.number), last.map_or(0, under)))
    }

    /// Reads a log on to where a seal ends; what is wrong there.
    async fn log_holds(&self, log: &mut Log, seal: &Seal) -> Result<Option<SealFlaw>, DeskError> {
        let said = seal.log(log.shelf);
        let first = log.tree.count().saturating_add(1);
        log.read_to(self.ledger, said.records).await?;
        let found = log.tree.count();
        if found < said.records {
            return Ok(Some(SealFlaw::Fewer {
                log: log.shelf,
                first,
                sealed: said.records,
                found,
            }));
        }
        let holds = log.tree.root() == said.root && log.tree.peaks() == said.frontier;
        Ok((!holds).then_some(SealFlaw::Root {
            log: log.shelf,
            first,
            last: said.records,
        }))
    }

    pub(in crate::desk) async fn proof<K: Kind>(
        &self,
        id: &K::Id,
        version: u64,
    ) -> Result<Option<Proof>, DeskError> {
        let numbers = self.seal_numbers().await?;
        let key = id.to_string();
        let mut log = Log::start(K::SHELF);
        let mut walk = Walk::default();
        let mut seen = 0u64;
        let mut found: Option<(u64, Hash, Seal)> = None;
        loop {
            let most = found
                .as_ref()
                .map_or(u64::MAX, |(_, _, seal)| seal.log(K::SHELF).records);
            // A seal may end within the page in which the record was found.
            let page = match log.next(self.ledger, most).await? {
                page if page.is_empty() => break,
                page => page,
            };
            for (row, hash) in page {
                seen = seen.saturating_add(1);
                let is_it = row.version == version && row.key == key;
                if is_it {
                    let under = |seal: &Seal| seal.log(K::SHELF).records >= seen;
                    let Some(seal) = self.first_seal(&numbers, under).await? else {
                        return Ok(None);
                    };
                    found = Some((seen, hash, seal));
                }
                let ends = |(_, _, seal): &(u64, Hash, Seal)| seal.log(K::SHELF).records < seen;
                if found.as_ref().is_some_and(ends) {
                    break;
                }
                walk.push(&hash, is_it);
            }
        }
        let (Some((place, hash, seal)), Some(path)) = (found, walk.path()) else {
            return Ok(None);
        };
        let proof = Proof {
            log: K::SHELF,
            place,
            path,
            seal,
        };
        match proof.shows(&hash, &proof.seal.hash()) {
            true => Ok(Some(proof)),
            // Whoever asks for a proof is not given one that proves nothing.
            false => Err(broken(
                proof.seal.number,
                Some(proof.seal.day),
                None,
                SealFlaw::Root {
                    log: K::SHELF,
                    first: 1,
                    last: proof.seal.log(K::SHELF).records,
                },
            )),
        }
    }
}

/// Whether a seal continues the one before it.
fn follows(before: Option<&Seal>, seal: &Seal) -> bool {
    seal.prev == before.map_or_else(|| Seal::genesis(&seal.board), Seal::hash)
}

/// Whether a seal is later than the one before it, and seals no less.
fn grows(before: Option<&Seal>, seal: &Seal) -> bool {
    before.is_none_or(|before| {
        let more = |shelf| seal.log(shelf).records >= before.log(shelf).records;
        seal.day > before.day && seal.at >= before.at && BOTH.into_iter().all(more)
    })
}
