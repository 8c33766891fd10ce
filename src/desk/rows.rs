//! What a ledger keeps: rows. A ledger reads none of what is in them; the desk does.

use serde::{Deserialize, Serialize};

use super::{DeskError, Hash};
use crate::time::Moment;

/// Which of the two kinds of chains a row belongs to. Each has its own records, heads, commands and outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// 件: cases.
    Cases,
    /// 事项: obligations that are no cases.
    Duties,
}

/// Where a chain stands after its last record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRow {
    /// The version of its last record; 0, where the row holds something else.
    pub version: u64,
    /// The hash of its last record; none, where the row holds something else.
    pub hash: Option<Hash>,
    /// When it wants to be woken; the nearest moment, where the row holds none.
    pub alarm: Option<Moment>,
    /// Its state, in the desk's own form.
    pub state: Vec<u8>,
}

/// A record, as it is kept for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Whose chain it stands in.
    pub key: String,
    /// Its place there, from 1; 0, where the row holds something else.
    pub version: u64,
    /// The hash before it; none, where the row holds something else.
    pub prev: Option<Hash>,
    /// Its own hash; none, where the row holds something else.
    pub hash: Option<Hash>,
    /// The record as canonical JSON. Bytes, since a damaged store may give anything.
    pub line: Vec<u8>,
    /// When it was noticed; the nearest moment, where the row holds none.
    pub observed_at: Moment,
}

/// What a command was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRow {
    /// The command's id.
    pub id: String,
    /// Whose chain it was sent to.
    pub key: String,
    /// The hash of what was asked; none, once an erasure has taken it away, and where what was asked was known as another chain's.
    pub payload: Option<Hash>,
    /// When the command said it came.
    pub said_at: Moment,
    /// The moment it was stamped with.
    pub at: Moment,
    /// The answer, as JSON; empty, where the row holds no text.
    pub answer: String,
}

/// A private text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateRow {
    /// What records call it.
    pub reference: String,
    /// Its salt; none, where the row holds something else.
    pub salt: Option<[u8; 16]>,
    /// The words; none, where the row holds no text.
    pub text: Option<String>,
}

/// Something on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRow {
    /// Its identity on the shelf; empty, where the row holds no text.
    pub effect: String,
    /// Whether it goes to another case of the board, and not outside.
    pub link: bool,
    /// What it is, as JSON; empty, where the row holds no text.
    pub outgoing: String,
}

/// The number of a message in its channel, which opens one case and no second.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberRow {
    /// The channel.
    pub channel: String,
    /// The number.
    pub external_id: String,
}

/// A chain that wants to be woken. They are due in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlarmRow {
    /// When; the nearest moment, where the row holds none.
    pub at: Moment,
    /// Which.
    pub key: String,
}

/// For ledgers: the moment of so many Unix seconds; where there is none, the nearest, so that a damaged row stands where it is found.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(super) fn nearest(seconds: i64) -> Moment {
    let end = match seconds < 0 {
        true => Moment::MIN,
        false => Moment::MAX,
    };
    Moment::from_unix(seconds).unwrap_or(end)
}

impl AlarmRow {
    /// That a page of alarms which ends with this one has gone on from `after`: what does not, goes round for ever.
    pub(super) fn goes_on_from(&self, after: Option<&AlarmRow>) -> Result<(), DeskError> {
        match after.is_none_or(|after| self > after) {
            true => Ok(()),
            false => Err(DeskError::damaged(
                "the alarms of the ledger do not stand in their order",
            )),
        }
    }
}

/// What is kept once under a name of its own, beside the chains, and never replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kept {
    /// A plan, by its identity.
    Plan,
    /// A seal over the board, by its number: of two desks that seal at once, one does.
    Seal,
    /// What became of an effect that went out, by the effect's identity.
    Receipt,
}

impl Kept {
    /// The name under which a ledger keeps it.
    pub const fn name(self) -> &'static str {
        match self {
            Kept::Plan => "plan",
            Kept::Seal => "seal",
            Kept::Receipt => "receipt",
        }
    }
}

/// Everything that one command changes. A ledger takes all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Which kind of chain.
    pub shelf: Shelf,
    /// Which chain.
    pub key: String,
    /// The version that was read before deciding; 0 where there was nothing.
    pub expected: u64,
    /// The hash of the record of that version, by which the ledger tells this history from another that is as long: what was decided
    /// on a head that a failover has taken away, say. None: there was no record, or the version alone is compared.
    pub after: Option<Hash>,
    /// The answer to remember under its command's id; none for what time brings about.
    pub command: Option<CommandRow>,
    /// The message's own number, where the commit opens a case.
    pub number: Option<NumberRow>,
    /// The new records, in order, from version `expected + 1` on.
    pub records: Vec<RecordRow>,
    /// Where the chain stands after them; none, where there are none.
    pub head: Option<HeadRow>,
    /// The private texts that the records refer to.
    pub private: Vec<PrivateRow>,
    /// References of the chain's private texts that are erased. Then the payloads of all commands to the chain go too.
    pub erased: Vec<String>,
    /// What the outside world, or another case, must be told.
    pub outgoing: Vec<OutgoingRow>,
    /// Effects of the shelf's outbox that this commit carries out: they leave it.
    pub delivered: Vec<String>,
    /// An effect of the shelf's outbox that this commit carries out and that nobody may have carried out before: it leaves it, and
    /// has to be there.
    pub carries: Option<String>,
    /// Plans that the records come under, by the names that they must be kept under by now.
    pub plans: Vec<String>,
}

impl Commit {
    /// One that changes nothing yet.
    pub fn new(shelf: Shelf, key: impl Into<String>, expected: u64) -> Commit {
        Commit {
            shelf,
            key: key.into(),
            expected,
            after: None,
            command: None,
            number: None,
            records: Vec::new(),
            head: None,
            private: Vec::new(),
            erased: Vec::new(),
            outgoing: Vec::new(),
            delivered: Vec::new(),
            carries: None,
            plans: Vec::new(),
        }
    }
    /// For ledgers: whether the chain stands where this goes on, by its version and the hash of its last record; none, where there is
    /// no such chain. Nothing continues a head that holds no version.
    pub fn continues(&self, stands: Option<(u64, Option<Hash>)>) -> bool {
        if matches!(stands, Some((0, _))) {
            return false;
        }
        let (version, hash) = stands.unwrap_or((0, None));
        version == self.expected && self.after.is_none_or(|after| hash == Some(after))
    }
    /// For ledgers: whether the rows lack nothing that is kept of them, the records are of the chain and continue the expected version and its
    /// hash, and the head is where they end.
    ///
    /// # Errors
    /// [`DeskError::misuse`], when they do not.
    pub fn check(&self) -> Result<(), DeskError> {
        self.whole()?;
        let mut version = self.expected;
        let follow = self.records.iter().all(|record| {
            version = version.saturating_add(1);
            record.key == self.key && record.version == version
        });
        let first = self.records.first();
        let joins = match (self.after, first) {
            (Some(after), Some(first)) => first.prev == Some(after),
            _ => true,
        };
        let last = self.records.last().map(|last| (last.version, last.hash));
        let head = self.head.as_ref().map(|head| (head.version, head.hash));
        let ends = match last {
            Some(_) => head == last,
            // Where nothing happened, the same head may be kept anew in another form.
            None => head.is_none_or(|(version, _)| version > 0 && version == self.expected),
        };
        if follow && joins && ends {
            return Ok(());
        }
        Err(DeskError::misuse(format!(
            "the commit to `{}` does not continue version {}",
            self.key, self.expected
        )))
    }
    /// Whether each row has what a ledger keeps of it: what is read may lack it, where a store is damaged, and what is written may not.
    fn whole(&self) -> Result<(), DeskError> {
        let mut records = self.records.iter();
        let mut private = self.private.iter();
        let hashes = records.all(|record| record.prev.is_some() && record.hash.is_some())
            && self.head.as_ref().is_none_or(|head| head.hash.is_some());
        let salts = private.clone().all(|private| private.salt.is_some());
        let lacks = match (hashes, salts, private.all(|private| private.text.is_some())) {
            (false, ..) => "hash",
            (_, false, _) => "salt",
            (.., false) => "text",
            _ => return self.counts(),
        };
        Err(DeskError::misuse(format!(
            "a row of the commit to `{}` holds no {lacks}",
            self.key
        )))
    }
    /// Whether its versions are numbers that every store can hold.
    fn counts(&self) -> Result<(), DeskError> {
        let versions = self.records.iter().map(|record| record.version);
        let head = self.head.as_ref().map(|head| head.version);
        let versions = versions.chain(head).chain([self.expected]);
        match versions.max().filter(|most| i64::try_from(*most).is_err()) {
            Some(most) => Err(DeskError::misuse(format!(
                "no chain has as many as {most} records"
            ))),
            None => Ok(()),
        }
    }
}

/// What became of a commit. Only the first changed anything.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Committed {
    /// All of it is in the ledger.
    Done,
    /// The chain does not stand where it was read: somebody else wrote to it first, or it has another history.
    Conflict {
        /// Where it stands now; none, where there is no such chain.
        head: Option<Box<HeadRow>>,
    },
    /// A command of that id has its answer already.
    Duplicate(Box<CommandRow>),
    /// A message of that number in that channel has its case already.
    Known {
        /// Which.
        key: String,
    },
    /// The effect that it [carries](Commit::carries) out is not in the outbox any more: somebody else carried it out.
    Gone,
    /// A plan that it [comes under](Commit::plans) is not kept.
    NoPlan {
        /// The first such plan.
        name: String,
    },
}

impl Committed {
    /// A conflict with a chain that stands there.
    pub(super) fn conflict(head: Option<HeadRow>) -> Committed {
        Committed::Conflict {
            head: head.map(Box::new),
        }
    }
}

/// What a command wants to know before it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Which kind of chain.
    pub shelf: Shelf,
    /// Which chain.
    pub key: String,
    /// The command's id.
    pub command: String,
    /// The number of the message, where the command opens a case.
    pub number: Option<NumberRow>,
}

/// What there was to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// What the command was answered before. Nothing else need be looked at then.
    pub answered: Option<CommandRow>,
    /// Where the chain stands.
    pub head: Option<HeadRow>,
    /// The case that the message has already.
    pub known: Option<String>,
}
