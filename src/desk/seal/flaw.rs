//! What a seal shows to be wrong.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::desk::Hash;
use crate::desk::rows::Shelf;
use crate::words::BoardId;

/// A seal that does not hold, or that the ledger does not hold up to.
///
/// ```
/// use duly::desk::{BrokenSeal, SealFlaw};
/// use duly::desk::rows::Shelf;
/// let broken = BrokenSeal {
///     number: Some(3), day: Some("2026-03-04".parse()?), since: Some("2026-03-03".parse()?),
///     flaw: SealFlaw::Fewer { log: Shelf::Cases, first: 41, sealed: 60, found: 52 },
/// };
/// assert_eq!(
///     broken.to_string(),
///     "seal 3, of 2026-03-04: 60 records of cases were sealed and 52 are there; what is missing is among the records 41 to 60, \
///      those since the seal of 2026-03-03"
/// );
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenSeal {
    /// The how-manieth seal; unknown of one that is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its day; unknown of one that cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// The day of the last seal before it, up to which all holds; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// What is wrong.
    pub flaw: SealFlaw,
}

/// What is wrong with a seal, or with the log under it. Records are counted in the order of the log, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SealFlaw {
    /// What is kept in its place is no seal.
    Unreadable {
        /// What the reader said.
        said: String,
    },
    /// It is not there, and later ones are.
    Missing,
    /// It is of another board.
    OtherBoard {
        /// Which.
        found: BoardId,
    },
    /// It stands at another place than it says.
    Place {
        /// The number that it says.
        said: u64,
    },
    /// It does not continue the one before it: one of the two is not the one that was made.
    Link,
    /// It is no later than the one before it, or seals less.
    Order,
    /// The log is shorter than it was.
    Fewer {
        /// Which log.
        log: Shelf,
        /// The first record that the seal before it does not vouch for.
        first: u64,
        /// How many were sealed.
        sealed: u64,
        /// How many there are.
        found: u64,
    },
    /// The log has other records than it had, or in another order.
    Root {
        /// Which log.
        log: Shelf,
        /// The first record that the seal before it does not vouch for.
        first: u64,
        /// The last one under the seal.
        last: u64,
    },
    /// It is not the one whose hash was kept elsewhere.
    Elsewhere {
        /// The hash that was kept.
        kept: Hash,
        /// The hash that it has.
        found: Hash,
    },
    /// The hash of a seal of that day was kept elsewhere, and there is none.
    Gone {
        /// The hash that was kept.
        kept: Hash,
    },
}

impl std::error::Error for BrokenSeal {}

const fn things(log: Shelf) -> &'static str {
    match log {
        Shelf::Cases => "cases",
        Shelf::Duties => "obligations",
    }
}

impl BrokenSeal {
    /// Up to where the log holds up to its seals.
    fn up_to(&self) -> String {
        let holds = |day| format!("; all holds up to the seal of {day}");
        self.since.map(holds).unwrap_or_default()
    }
    /// Where in the log to look.
    fn among(&self, first: u64, last: u64) -> String {
        match self.since {
            Some(day) => format!("the records {first} to {last}, those since the seal of {day}"),
            None => format!("the records {first} to {last}, those before the first seal"),
        }
    }
}

impl fmt::Display for BrokenSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number, self.day) {
            (Some(number), Some(day)) => write!(f, "seal {number}, of {day}: ")?,
            (Some(number), None) => write!(f, "seal {number}: ")?,
            (None, Some(day)) => write!(f, "the seal of {day}: ")?,
            (None, None) => f.write_str("a seal: ")?,
        }
        match &self.flaw {
            SealFlaw::Unreadable { said } => write!(f, "it cannot be read: {said}"),
            SealFlaw::Missing => {
                write!(f, "it is missing, and later ones are there{}", self.up_to())
            }
            SealFlaw::OtherBoard { found } => write!(f, "it is of board `{found}`"),
            SealFlaw::Place { said } => write!(f, "it says of itself that it is seal {said}"),
            SealFlaw::Link => write!(
                f,
                "it does not continue the one before it; one of the two is not the one that was made{}",
                self.up_to()
            ),
            SealFlaw::Order => f.write_str("it is no later than the one before it, or seals less"),
            SealFlaw::Fewer {
                log,
                first,
                sealed,
                found,
            } => write!(
                f,
                "{sealed} records of {} were sealed and {found} are there; what is missing is among {}",
                things(*log),
                self.among(*first, *sealed)
            ),
            SealFlaw::Root { log, first, last } => write!(
                f,
                "the records of {} are not those that were sealed, or not in their order; what was taken away, added or moved is \
                 among {}",
                things(*log),
                self.among(*first, *last)
            ),
            SealFlaw::Elsewhere { kept, found } => write!(
                f,
                "it is not the one whose hash was kept elsewhere: that is `{kept}`, this one has `{found}`{}",
                self.up_to()
            ),
            SealFlaw::Gone { kept } => write!(
                f,
                "it is not there, and its hash was kept elsewhere: `{kept}`{}",
                self.up_to()
            ),
        }
    }
}
