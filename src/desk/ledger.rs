//! What a desk needs of a place where cases live.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::chain::continues;
use super::{Answered, DeskError, DutyLedger, Hash, Sealed};
use crate::case::Case;
use crate::time::Moment;
use crate::words::{
    BoardId, CaseId, Channel, CommandId, EffectId, Event, ExternalId, Outgoing, PlanId, Private,
    Record, Text, TextRef,
};

/// Where a case stands after its last record: the case itself, and the hash at the end of its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The case.
    pub case: Case,
    /// The hash of its last record.
    pub hash: Hash,
}

/// Everything that one command changes. A ledger takes all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The case.
    pub case: CaseId,
    /// The version that was read before deciding; 0 where there was no case.
    pub expected: u64,
    /// The new records, in order. Private texts are not in them.
    pub records: Vec<Sealed>,
    /// The case after them; none, where there are none.
    pub head: Option<Head>,
    /// The private texts that the records refer to.
    pub private: Vec<Private>,
    /// What the outside world must be told.
    pub outgoing: Vec<Outgoing>,
    /// The answer to remember under its command's id; none for what time brings about.
    pub answer: Option<Answered>,
    /// When the records were noticed, which may be long after they took effect.
    pub observed_at: Moment,
}

impl Commit {
    /// The message's own number, where the commit opens a case.
    pub fn opens(&self) -> Option<(&Channel, &ExternalId)> {
        self.records
            .iter()
            .find_map(|sealed| match &sealed.record.event {
                Event::Opened {
                    channel,
                    external_id,
                    ..
                } => Some((channel, external_id)),
                _ => None,
            })
    }
    /// For ledgers: whether the records are of the case and continue the expected version, and the head is the last
    /// of them.
    ///
    /// # Errors
    /// [`DeskError::misuse`], when they do not.
    pub fn check(&self) -> Result<(), DeskError> {
        let head = self.head.as_ref();
        let head = head.map(|head| (head.case.id(), head.case.version(), head.hash));
        if continues(&self.case, self.expected, &self.records, head) {
            return Ok(());
        }
        Err(DeskError::misuse(format!(
            "the commit to case `{}` does not continue version {}",
            self.case, self.expected
        )))
    }
    /// The private texts of the case that the commit erases.
    pub fn erases(&self) -> impl Iterator<Item = &TextRef> {
        self.records
            .iter()
            .flat_map(|sealed| match &sealed.record.event {
                Event::Redacted { fields, .. } => fields.as_slice(),
                _ => &[],
            })
    }
}

/// What became of a commit. Only the first changed anything.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Committed {
    /// All of it is in the ledger.
    Done,
    /// Somebody else wrote to the case first.
    Conflict {
        /// The version it has now.
        actual: u64,
    },
    /// A command of that id has its answer already.
    Duplicate(Box<Answered>),
    /// A message of that number in that channel has its case already.
    Known {
        /// Which.
        case: CaseId,
    },
}

/// A record as a ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<R = Record> {
    /// The record in its chain.
    pub sealed: Sealed<R>,
    /// When the desk noticed it. Outside the chain: the same case, woken late, has the same records.
    pub observed_at: Moment,
}

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
    /// A place that is a number; 0 at the start.
    pub(super) fn number(&self) -> Result<i64, DeskError> {
        if self.0.is_empty() {
            return Ok(0);
        }
        self.0
            .parse()
            .map_err(|_| DeskError::misuse(format!("`{}` is no cursor of this ledger", self.0)))
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

/// A case with the moment at which it wants to be woken. They are due in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alarm {
    /// When.
    pub at: Moment,
    /// Which case.
    pub case: CaseId,
}

/// Where the cases of one board live.
///
/// A ledger decides nothing. It keeps what it is given, all of a commit or nothing of it, and holds three things to
/// be unique on its board: a case's version, a command's id, a message's number in its channel. All implementations
/// pass one conformance suite, and [`MemoryLedger`](super::MemoryLedger) is the one that the others are compared to.
///
/// # Errors
/// Every method fails with [`DeskError`] when the store below does, and then has changed nothing. Reading a record
/// checks it: a line that does not give its hash is an error that names it, never a record.
pub trait Ledger: Send + Sync {
    /// The board.
    fn board(&self) -> &BoardId;

    /// Where a case stands; none, where there is no such case.
    fn load(&self, case: &CaseId) -> Result<Option<Head>, DeskError>;

    /// Takes a commit in one transaction: compares the case's version with the expected one, and only if they agree
    /// stores records, head, alarm, private texts, what goes out, and the answer; and erases what a redaction
    /// erases. Looked at in this order: the command's id, the case's version, the message's number.
    fn commit(&self, commit: &Commit) -> Result<Committed, DeskError>;

    /// The answer remembered under a command's id.
    fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError>;

    /// The case of a message's number in its channel.
    fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError>;

    /// The cases to be woken up to a moment, in the order of moment and case, from the first after `after`.
    fn due(
        &self,
        now: Moment,
        after: Option<&Alarm>,
        limit: usize,
    ) -> Result<Vec<Alarm>, DeskError>;

    /// The earliest moment at which a case wants to be woken.
    fn next_alarm(&self) -> Result<Option<Moment>, DeskError>;

    /// Records in the order in which they came into the ledger. Whoever goes on from where a page ended sees every
    /// record once, however many others write meanwhile.
    fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError>;

    /// All records of a case, in order; none, where there is no such case.
    fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError>;

    /// Cases in the order of their ids, from the first after `after`. A case is listed if anything of it is there,
    /// its records or its head.
    fn cases(&self, after: Option<&CaseId>, limit: usize) -> Result<Vec<CaseId>, DeskError>;

    /// What is still to go out, in the order in which it came about.
    fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError>;

    /// Of what is still to go out, what other cases of the board are told ([`Effect::Link`](crate::words::Effect::Link)), in the order
    /// in which it came about, from the first. A ledger that can find these without reading the rest does.
    fn links(&self, limit: usize) -> Result<Vec<Outgoing>, DeskError> {
        let mut found = Vec::new();
        let mut after = Cursor::start();
        while found.len() < limit {
            let page = self.outbox(&after, 256)?;
            if page.items.is_empty() {
                break;
            }
            found.extend(page.items.into_iter().filter(Outgoing::is_link));
            after = page.next;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Takes out of the outbox what has been delivered. What is not there any more does no harm.
    fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError>;

    /// A private text of a case, with its salt; none, once it is erased.
    fn private(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Private>, DeskError>;

    /// Keeps a plan, as JSON, under its identity. Once there it is never replaced.
    fn keep_plan(&self, plan: &PlanId, json: &str) -> Result<(), DeskError>;

    /// A plan that was kept.
    fn plan(&self, plan: &PlanId) -> Result<Option<String>, DeskError>;

    /// Whether a plan was kept.
    fn has_plan(&self, plan: &PlanId) -> Result<bool, DeskError> {
        Ok(self.plan(plan)?.is_some())
    }

    /// Group commit: everything that the closure does with this ledger, on its own thread, becomes one transaction.
    /// It is durable once this returns `Ok`, and none of it has happened if it returns an error. Other threads wait
    /// meanwhile. A group within a group belongs to the outer one, but can fail alone.
    fn together(&self, group: &mut dyn FnMut() -> Result<(), DeskError>) -> Result<(), DeskError>;

    /// Where the obligations of the board live: in the same store, and the same transactions.
    fn duties(&self) -> &dyn DutyLedger;

    /// Whatever the store below can find wrong with itself.
    fn check(&self) -> Result<(), DeskError> {
        Ok(())
    }

    /// The words of a private text of a case; none, once it is erased.
    fn text(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Text>, DeskError> {
        Ok(self.private(case, reference)?.map(|private| private.text))
    }
}

macro_rules! by_reference {
    ($($pointer:ty),+) => {$(
        impl<L: Ledger + ?Sized> Ledger for $pointer {
            fn board(&self) -> &BoardId {
                (**self).board()
            }
            fn load(&self, case: &CaseId) -> Result<Option<Head>, DeskError> {
                (**self).load(case)
            }
            fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
                (**self).commit(commit)
            }
            fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError> {
                (**self).answered(command)
            }
            fn find(&self, channel: &Channel, external_id: &ExternalId) -> Result<Option<CaseId>, DeskError> {
                (**self).find(channel, external_id)
            }
            fn due(&self, now: Moment, after: Option<&Alarm>, limit: usize) -> Result<Vec<Alarm>, DeskError> {
                (**self).due(now, after, limit)
            }
            fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
                (**self).next_alarm()
            }
            fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
                (**self).read(after, limit)
            }
            fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
                (**self).history(case)
            }
            fn cases(&self, after: Option<&CaseId>, limit: usize) -> Result<Vec<CaseId>, DeskError> {
                (**self).cases(after, limit)
            }
            fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
                (**self).outbox(after, limit)
            }
            fn links(&self, limit: usize) -> Result<Vec<Outgoing>, DeskError> {
                (**self).links(limit)
            }
            fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
                (**self).delivered(effects)
            }
            fn private(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Private>, DeskError> {
                (**self).private(case, reference)
            }
            fn keep_plan(&self, plan: &PlanId, json: &str) -> Result<(), DeskError> {
                (**self).keep_plan(plan, json)
            }
            fn plan(&self, plan: &PlanId) -> Result<Option<String>, DeskError> {
                (**self).plan(plan)
            }
            fn has_plan(&self, plan: &PlanId) -> Result<bool, DeskError> {
                (**self).has_plan(plan)
            }
            fn together(&self, group: &mut dyn FnMut() -> Result<(), DeskError>) -> Result<(), DeskError> {
                (**self).together(group)
            }
            fn duties(&self) -> &dyn DutyLedger {
                (**self).duties()
            }
            fn check(&self) -> Result<(), DeskError> {
                (**self).check()
            }
            fn text(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Text>, DeskError> {
                (**self).text(case, reference)
            }
        }
    )+};
}
by_reference!(&L, Box<L>, std::sync::Arc<L>);
