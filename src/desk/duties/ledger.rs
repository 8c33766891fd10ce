//! What a desk needs of a place where obligations live.

use serde::{Deserialize, Serialize};

use super::DutyAnswered;
use crate::desk::chain::continues;
use crate::desk::{Cursor, DeskError, Entry, Hash, Page, Sealed};
use crate::duty::{Duty, DutyEffectId, DutyEvent, DutyOutgoing, DutyRecord};
use crate::time::Moment;
use crate::words::{CommandId, DutyId, Private, Text, TextRef};

/// A record of an obligation in its chain.
pub type DutySealed = Sealed<DutyRecord>;
/// A record of an obligation as a ledger keeps it.
pub type DutyEntry = Entry<DutyRecord>;

/// Where an obligation stands after its last record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyHead {
    /// The obligation.
    pub duty: Duty,
    /// The hash of its last record.
    pub hash: Hash,
}

/// An obligation with the moment at which it wants to be woken. They are due in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DutyAlarm {
    /// When.
    pub at: Moment,
    /// Which.
    pub duty: DutyId,
}

/// Everything that one command changes of an obligation. A ledger takes all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyCommit {
    /// The obligation.
    pub duty: DutyId,
    /// The version that was read before deciding; 0 where there was none.
    pub expected: u64,
    /// The new records, in order.
    pub records: Vec<DutySealed>,
    /// The obligation after them; none, where there are none.
    pub head: Option<DutyHead>,
    /// The private texts that the records refer to.
    pub private: Vec<Private>,
    /// What the outside world must be told.
    pub outgoing: Vec<DutyOutgoing>,
    /// The answer to remember; none for what time brings about.
    pub answer: Option<DutyAnswered>,
    /// When the records were noticed.
    pub observed_at: Moment,
}

impl DutyCommit {
    /// For ledgers: whether the records are of the obligation and continue the expected version, and the head is the last of them.
    ///
    /// # Errors
    /// [`DeskError::misuse`], when they do not.
    pub fn check(&self) -> Result<(), DeskError> {
        let head = self.head.as_ref();
        let head = head.map(|head| (head.duty.id(), head.duty.version(), head.hash));
        if continues(&self.duty, self.expected, &self.records, head) {
            return Ok(());
        }
        Err(DeskError::misuse(format!(
            "the commit to obligation `{}` does not continue version {}",
            self.duty, self.expected
        )))
    }
    /// The private texts that the commit erases.
    pub fn erases(&self) -> impl Iterator<Item = &TextRef> {
        self.records
            .iter()
            .flat_map(|sealed| match &sealed.record.event {
                DutyEvent::Redacted { fields, .. } => fields.as_slice(),
                _ => &[],
            })
    }
}

/// What became of a commit. Only the first changed anything.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum DutyCommitted {
    /// All of it is in the ledger.
    Done,
    /// Somebody else wrote first.
    Conflict {
        /// The version it has now.
        actual: u64,
    },
    /// A command of that id has its answer already.
    Duplicate(Box<DutyAnswered>),
}

/// Where the obligations of one board live: beside its cases, in the same store and the same groups
/// ([`Ledger::together`](crate::desk::Ledger::together)). It decides nothing, and holds two things to be unique on its board: an
/// obligation's version, and the id of a command to an obligation. All implementations pass one conformance suite.
///
/// # Errors
/// Every method fails with [`DeskError`] when the store below does, and then has changed nothing. Reading a record checks it.
pub trait DutyLedger: Send + Sync {
    /// Where an obligation stands; none, where there is none of that id.
    fn load(&self, duty: &DutyId) -> Result<Option<DutyHead>, DeskError>;
    /// Takes a commit in one transaction. Looked at in this order: the command's id, the version.
    fn commit(&self, commit: &DutyCommit) -> Result<DutyCommitted, DeskError>;
    /// The answer remembered under a command's id.
    fn answered(&self, command: &CommandId) -> Result<Option<DutyAnswered>, DeskError>;
    /// Those to be woken up to a moment, in the order of moment and id, from the first after `after`.
    fn due(
        &self,
        now: Moment,
        after: Option<&DutyAlarm>,
        limit: usize,
    ) -> Result<Vec<DutyAlarm>, DeskError>;
    /// The earliest moment at which one wants to be woken.
    fn next_alarm(&self) -> Result<Option<Moment>, DeskError>;
    /// Records of all, in the order in which they came in.
    fn read(&self, after: &Cursor, limit: usize) -> Result<Page<DutyEntry>, DeskError>;
    /// All records of one, in order.
    fn history(&self, duty: &DutyId) -> Result<Vec<DutyEntry>, DeskError>;
    /// All, in the order of their ids, from the first after `after`. One is listed if anything of it is there.
    fn list(&self, after: Option<&DutyId>, limit: usize) -> Result<Vec<DutyId>, DeskError>;
    /// What is still to go out, in the order in which it came about.
    fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<DutyOutgoing>, DeskError>;
    /// Takes out of the outbox what has been delivered. What is not there any more does no harm.
    fn delivered(&self, effects: &[DutyEffectId]) -> Result<(), DeskError>;
    /// A private text, with its salt; none, once it is erased.
    fn private(&self, duty: &DutyId, reference: &TextRef) -> Result<Option<Private>, DeskError>;
    /// The words of a private text; none, once it is erased.
    fn text(&self, duty: &DutyId, reference: &TextRef) -> Result<Option<Text>, DeskError> {
        Ok(self.private(duty, reference)?.map(|private| private.text))
    }
}
