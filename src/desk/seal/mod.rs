//! 封印: evidence that nobody took whole records, or whole cases, away.
//!
//! The chain of a case shows that none of its records was altered; it cannot show that its last ones, or the case itself, were ever
//! there. A seal can. It holds the root of a tree of hashes over every record of the board, in the order in which they came in, and
//! the hash of the seal before it. Whoever kept its hash somewhere else, printed in the digest of that day, can tell at any time
//! whether the ledger still has everything that it had then.

mod flaw;
mod merkle;
mod proof;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::rows::Shelf;
use super::{Cursor, Hash};
use crate::time::Moment;
use crate::words::BoardId;

pub use flaw::{BrokenSeal, SealFlaw};
pub use merkle::Step;
pub(super) use merkle::{Growing, Walk};
pub use proof::Proof;

/// What a seal says of one log: all records of the board's cases, or of its obligations, in the order in which they came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedLog {
    /// How many records there were.
    pub records: u64,
    /// The root of the tree over their hashes (RFC 6962, section 2.1): a leaf is `SHA-256(0x00 ‖ hash of the record)`, a node
    /// `SHA-256(0x01 ‖ left ‖ right)`, and without any record it is the SHA-256 of nothing.
    pub root: Hash,
    /// The roots of the full trees that so many leaves come to, the largest first: what the next seal goes on from.
    pub frontier: Vec<Hash>,
    /// Where in the ledger the next seal goes on.
    pub cursor: Cursor,
}

/// 封印: what a board's ledger held when a day was over.
///
/// Its [hash](Seal::hash) is what is printed, and kept where whoever can write to the ledger cannot:
///
/// ```
/// # use duly::desk::{Desk, MemoryLedger};
/// # use duly::plan::{Plans, bare};
/// # let mut plans = Plans::new("hainan".parse()?);
/// # plans.take(bare("demo".parse()?))?;
/// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
/// let day = "2026-03-02".parse()?;
/// let seal = desk.seal(day, "2026-03-02T23:00:00+08:00".parse()?)?;
/// let printed = seal.hash();
/// assert_eq!(desk.verify_against(&[(day, printed)])?.seals, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The board.
    pub board: BoardId,
    /// The how-manieth seal of the board, from 1.
    pub number: u64,
    /// The day that was over.
    pub day: NaiveDate,
    /// When it was sealed: all that was in the ledger then is under it, whichever day it took effect.
    pub at: Moment,
    /// The hash of the seal before it; of the first, [`Seal::genesis`].
    pub prev: Hash,
    /// The records of cases.
    pub cases: SealedLog,
    /// The records of obligations.
    pub duties: SealedLog,
}

impl Seal {
    /// What the first seal of a board continues: a SHA-256 over `duly/seal/1`, a zero byte and the board.
    ///
    /// ```
    /// use duly::desk::{Hash, Seal};
    /// assert_eq!(Seal::genesis(&"hainan".parse()?), Hash::of(b"duly/seal/1\0hainan"));
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn genesis(board: &BoardId) -> Hash {
        Hash::of_parts(&[b"duly/seal/1\0", board.as_str().as_bytes()])
    }
    /// SHA-256 over the seal as canonical JSON (RFC 8785), which is also the form in which it is kept.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.line())
    }
    /// As it is kept and hashed. There is no number in it that canonical JSON could not hold: a log of 2⁵³ records fills no disk.
    pub(super) fn line(&self) -> Vec<u8> {
        canonical(self).map(|it| it.line).unwrap_or_default()
    }
    /// What it says of one of the logs.
    pub fn log(&self, shelf: Shelf) -> &SealedLog {
        match shelf {
            Shelf::Cases => &self.cases,
            Shelf::Duties => &self.duties,
        }
    }
}

/// A log before its first record.
pub(super) fn empty() -> SealedLog {
    sealed(&Growing::default(), Cursor::start())
}

/// A log as far as it was read.
pub(super) fn sealed(log: &Growing, cursor: Cursor) -> SealedLog {
    SealedLog {
        records: log.count(),
        root: log.root(),
        frontier: log.peaks().to_vec(),
        cursor,
    }
}
