//! What a desk needs of a place where chains live.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::DeskError;
use super::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use crate::time::Moment;
use crate::words::BoardId;

/// A place in the order of a ledger. Only the ledger that gave it can read it.
///
/// ```
/// use duly::desk::Cursor;
/// assert_eq!(Cursor::start(), Cursor::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Before everything.
    pub fn start() -> Cursor {
        Cursor::default()
    }
    /// For ledgers: a place, in the ledger's own words. Empty means before everything.
    pub fn new(place: impl Into<String>) -> Cursor {
        Cursor(place.into())
    }
    /// For ledgers: the place, in the ledger's own words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// A place that is a number; 0 at the start. Only as a ledger writes it: no sign, no leading zeros.
    pub(super) fn number(&self) -> Result<i64, DeskError> {
        if self.0.is_empty() {
            return Ok(0);
        }
        let place = self.0.parse::<i64>().ok();
        place
            .filter(|place| *place >= 0 && place.to_string() == self.0)
            .ok_or_else(|| DeskError::misuse(format!("`{}` is no cursor of this ledger", self.0)))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Some of what a ledger holds, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What was found, in order. Empty at the end.
    pub items: Vec<T>,
    /// Where to go on.
    pub next: Cursor,
}

impl<T> Page<T> {
    /// The same page with every item read.
    pub(super) fn read<U, E>(self, each: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self.items.into_iter().map(each).collect::<Result<_, _>>()?,
            next: self.next,
        })
    }
}

/// Where the chains of one board live: its cases, and its obligations.
///
/// A ledger decides nothing and reads nothing of what it keeps: rows go in and come out as they were. It takes all
/// of a commit or nothing of it, and holds three things to be unique on its board: a chain's version, a command's id
/// on its [`Shelf`], a message's number in its channel. All implementations pass one suite,
/// [`conformance`](super::conformance), and [`MemoryLedger`](super::MemoryLedger) is the one that the others are
/// compared to. A place behind a network is an [`AsyncLedger`](super::AsyncLedger) instead.
///
/// # Errors
/// Every method fails with [`DeskError`] when the store below does, and then has changed nothing.
pub trait Ledger: Send + Sync {
    /// The board.
    fn board(&self) -> &BoardId;

    /// Where a chain stands; none, where there is no such chain.
    fn load(&self, shelf: Shelf, key: &str) -> Result<Option<HeadRow>, DeskError>;

    /// Takes a commit in one transaction: compares the chain's version, and the hash of its last record where one is given, with the
    /// expected ones, and only if they agree stores all of it. Looked at in this order: the command's id, the chain's version and
    /// hash, the message's number, the effect that is carried out, the plans that must be kept. Where there are records that the head
    /// does not know, it is [`DeskError::torn`], and nothing of a group that it is in is spoiled.
    fn commit(&self, commit: &Commit) -> Result<Committed, DeskError>;

    /// The answer remembered under a command's id.
    fn answered(&self, shelf: Shelf, command: &str) -> Result<Option<CommandRow>, DeskError>;

    /// The case of a message's number in its channel.
    fn find(&self, number: &NumberRow) -> Result<Option<String>, DeskError>;

    /// The chains to be woken up to a moment, in the order of moment and key, from the first after `after`.
    fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Result<Vec<AlarmRow>, DeskError>;

    /// The earliest moment at which a chain wants to be woken.
    fn next_alarm(&self, shelf: Shelf) -> Result<Option<Moment>, DeskError>;

    /// Records of a shelf in the order in which they came into the ledger. Whoever goes on from where a page ended
    /// sees every record once, however many others write meanwhile.
    fn read(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<RecordRow>, DeskError>;

    /// All records of a chain, in order; none, where there is no such chain.
    fn history(&self, shelf: Shelf, key: &str) -> Result<Vec<RecordRow>, DeskError>;

    /// Chains in the order of their keys, from the first after `after`. One is listed if anything of it is there, its
    /// records or its head.
    fn keys(
        &self,
        shelf: Shelf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError>;

    /// What is still to go out, in the order in which it came about: either what goes outside, or what goes to other
    /// cases of the board. Whoever goes on from where a page ended misses nothing.
    fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OutgoingRow>, DeskError>;

    /// Takes out of the outbox what has been delivered. What is not there any more does no harm.
    fn delivered(&self, shelf: Shelf, effects: &[String]) -> Result<(), DeskError>;

    /// A private text of a chain; none, once it is erased.
    fn private(
        &self,
        shelf: Shelf,
        key: &str,
        reference: &str,
    ) -> Result<Option<PrivateRow>, DeskError>;

    /// Keeps something under its name, unless something is there: that is never replaced.
    fn keep(&self, kept: Kept, name: &str, text: &str) -> Result<(), DeskError>;

    /// What was kept under a name.
    fn kept(&self, kept: Kept, name: &str) -> Result<Option<String>, DeskError>;

    /// Whether something was kept under a name, without reading it.
    fn has(&self, kept: Kept, name: &str) -> Result<bool, DeskError> {
        Ok(self.kept(kept, name)?.is_some())
    }

    /// The names under which something is kept, in their order, from the first after `after`.
    fn kept_names(
        &self,
        kept: Kept,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError>;

    /// Group commit: everything that the closure does with this ledger, on its own thread, becomes one transaction.
    /// It is durable once this returns `Ok`, and none of it has happened if it returns an error. Other threads wait
    /// meanwhile. A group within a group belongs to the outer one, but can fail alone.
    fn together(&self, group: &mut dyn FnMut() -> Result<(), DeskError>) -> Result<(), DeskError>;

    /// Whether it is worth while to gather what several threads commit now into one group: a ledger that waits for a
    /// disk says so, but never to a thread that is within a group already.
    fn gathers(&self) -> bool {
        false
    }

    /// Whatever the store below can find wrong with itself.
    fn check(&self) -> Result<(), DeskError> {
        Ok(())
    }
}

macro_rules! by_reference {
    ($($pointer:ty),+) => {$(
        impl<L: Ledger + ?Sized> Ledger for $pointer {
            fn board(&self) -> &BoardId {
                (**self).board()
            }
            fn load(&self, shelf: Shelf, key: &str) -> Result<Option<HeadRow>, DeskError> {
                (**self).load(shelf, key)
            }
            fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
                (**self).commit(commit)
            }
            fn answered(&self, shelf: Shelf, command: &str) -> Result<Option<CommandRow>, DeskError> {
                (**self).answered(shelf, command)
            }
            fn find(&self, number: &NumberRow) -> Result<Option<String>, DeskError> {
                (**self).find(number)
            }
            fn due(&self, shelf: Shelf, now: Moment, after: Option<&AlarmRow>, limit: usize) -> Result<Vec<AlarmRow>, DeskError> {
                (**self).due(shelf, now, after, limit)
            }
            fn next_alarm(&self, shelf: Shelf) -> Result<Option<Moment>, DeskError> {
                (**self).next_alarm(shelf)
            }
            fn read(&self, shelf: Shelf, after: &Cursor, limit: usize) -> Result<Page<RecordRow>, DeskError> {
                (**self).read(shelf, after, limit)
            }
            fn history(&self, shelf: Shelf, key: &str) -> Result<Vec<RecordRow>, DeskError> {
                (**self).history(shelf, key)
            }
            fn keys(&self, shelf: Shelf, after: Option<&str>, limit: usize) -> Result<Vec<String>, DeskError> {
                (**self).keys(shelf, after, limit)
            }
            fn outbox(&self, shelf: Shelf, links: bool, after: &Cursor, limit: usize) -> Result<Page<OutgoingRow>, DeskError> {
                (**self).outbox(shelf, links, after, limit)
            }
            fn delivered(&self, shelf: Shelf, effects: &[String]) -> Result<(), DeskError> {
                (**self).delivered(shelf, effects)
            }
            fn private(&self, shelf: Shelf, key: &str, reference: &str) -> Result<Option<PrivateRow>, DeskError> {
                (**self).private(shelf, key, reference)
            }
            fn keep(&self, kept: Kept, name: &str, text: &str) -> Result<(), DeskError> {
                (**self).keep(kept, name, text)
            }
            fn kept(&self, kept: Kept, name: &str) -> Result<Option<String>, DeskError> {
                (**self).kept(kept, name)
            }
            fn has(&self, kept: Kept, name: &str) -> Result<bool, DeskError> {
                (**self).has(kept, name)
            }
            fn kept_names(&self, kept: Kept, after: Option<&str>, limit: usize) -> Result<Vec<String>, DeskError> {
                (**self).kept_names(kept, after, limit)
            }
            fn together(&self, group: &mut dyn FnMut() -> Result<(), DeskError>) -> Result<(), DeskError> {
                (**self).together(group)
            }
            fn gathers(&self) -> bool {
                (**self).gathers()
            }
            fn check(&self) -> Result<(), DeskError> {
                (**self).check()
            }
        }
    )+};
}
by_reference!(&L, Box<L>, std::sync::Arc<L>);
