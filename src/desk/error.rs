//! What can go wrong at the desk.

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::BrokenSeal;
use super::rows::Shelf;
use crate::plan::{Needs, PlansError};
use crate::words::{CaseId, DutyId, PlanId};

/// Something went wrong at the desk that is no answer to a command. A command that is merely not accepted is an
/// [`Answer::Refused`](super::Answer::Refused) instead.
///
/// What went wrong is asked by predicates; [`broken`](DeskError::broken) names the line of a ledger that does not
/// hold. A ledger of your own makes these with the functions below.
///
/// ```
/// use duly::desk::DeskError;
/// let error = DeskError::storage("the disk is full");
/// assert!(error.is_storage() && !error.is_busy());
/// assert_eq!(error.to_string(), "the ledger could not be read or written: the disk is full");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct DeskError {
    kind: Kind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug, Clone, thiserror::Error)]
enum Kind {
    #[error("the ledger could not be read or written: {0}")]
    Storage(String),
    #[error("the store of the ledger cannot be reached: {0}")]
    Unavailable(String),
    #[error("the disk, or the room that the ledger was given, is full; nothing was stored: {0}")]
    Full(String),
    #[error(
        "the ledger's store is damaged: {0}; stop writing to it, keep a copy of it as it is, and go back to a backup"
    )]
    Damaged(String),
    #[error("others kept writing to the ledger; try again")]
    Busy,
    #[error(
        "a transaction that is still open hides what was written to the ledger; try again once it has ended: in PostgreSQL it is listed in \
         `pg_stat_activity`, with a `backend_xid`, or in `pg_prepared_xacts`"
    )]
    Hidden,
    #[error("the ledger takes no writes: it was opened for reading only, or its file or folder is")]
    ReadOnly,
    #[error("`{0}` is not a ledger of this library")]
    NotALedger(String),
    #[error(
        "the ledger has shape {found}, this library knows shapes up to {known}; use a newer library"
    )]
    Newer { found: i64, known: i64 },
    #[error("{0}")]
    Broken(Box<Broken>),
    #[error("{0}")]
    BrokenDuty(Box<BrokenDuty>),
    #[error("{0}")]
    BrokenSeal(Box<BrokenSeal>),
    #[error(
        "the command `{0}` was sent before with something else in it; give a new command a new id"
    )]
    Reused(String),
    #[error("the effect `{0}` has been carried out, or taken back, by somebody else")]
    Carried(String),
    #[error("the plan cannot be used: {0}")]
    Plan(PlansError),
    #[error("{0}")]
    Needs(Needs),
    #[error("{0}")]
    Misuse(String),
}

impl DeskError {
    fn of(kind: Kind) -> DeskError {
        DeskError { kind, source: None }
    }
    /// The store below could not be read or written.
    pub fn storage(cause: impl Into<Box<dyn Error + Send + Sync>>) -> DeskError {
        let cause = cause.into();
        DeskError {
            kind: Kind::Storage(cause.to_string()),
            source: Some(cause),
        }
    }
    /// The store below cannot be reached: it refused the connection, or dropped it, or takes no writes for now, as a server does
    /// that is failed over to. Whether what was under way was stored is not known then.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> DeskError {
        let cause = cause.into();
        DeskError {
            kind: Kind::Unavailable(cause.to_string()),
            source: Some(cause),
        }
    }
    /// There is no room left where the ledger lives.
    pub fn full(cause: impl Into<Box<dyn Error + Send + Sync>>) -> DeskError {
        let cause = cause.into();
        DeskError {
            kind: Kind::Full(cause.to_string()),
            source: Some(cause),
        }
    }
    /// What is stored is not what was written: the store itself says so.
    pub fn damaged(cause: impl Into<Box<dyn Error + Send + Sync>>) -> DeskError {
        let cause = cause.into();
        DeskError {
            kind: Kind::Damaged(cause.to_string()),
            source: Some(cause),
        }
    }
    /// Others kept writing, for as long as was worth waiting.
    pub fn busy() -> DeskError {
        DeskError::of(Kind::Busy)
    }
    /// What was written cannot be read yet, for a transaction that is open still.
    pub(super) fn hidden() -> DeskError {
        DeskError::of(Kind::Hidden)
    }
    /// The ledger takes no writes.
    pub fn read_only() -> DeskError {
        DeskError::of(Kind::ReadOnly)
    }
    /// What was opened is something else.
    pub fn not_a_ledger(what: impl fmt::Display) -> DeskError {
        DeskError::of(Kind::NotALedger(what.to_string()))
    }
    /// The ledger was written by a newer library.
    pub fn newer(found: i64, known: i64) -> DeskError {
        DeskError::of(Kind::Newer { found, known })
    }
    /// The caller asked for something that makes no sense, such as a cursor of another ledger.
    pub fn misuse(what: impl fmt::Display) -> DeskError {
        DeskError::of(Kind::Misuse(what.to_string()))
    }
    /// For ledgers: what comes next in a chain cannot be put there, since a record of that version stands there already, which the
    /// head of the chain does not know. It is damage of that chain alone.
    pub fn torn(shelf: Shelf, key: &str, version: u64) -> DeskError {
        let flaw = Flaw::Head;
        let named = match shelf {
            Shelf::Cases => key.parse::<CaseId>().ok().map(|case| {
                DeskError::from(Broken {
                    case,
                    version,
                    flaw,
                })
            }),
            Shelf::Duties => key.parse::<DutyId>().ok().map(|duty| {
                DeskError::from(BrokenDuty {
                    duty,
                    version,
                    flaw,
                })
            }),
        };
        named.unwrap_or_else(|| {
            DeskError::misuse(format!(
                "the chain `{key}` has a record of version {version} that its head does not know"
            ))
        })
    }
    pub(super) fn reused(command: &str) -> DeskError {
        DeskError::of(Kind::Reused(command.to_owned()))
    }
    pub(super) fn carried(effect: String) -> DeskError {
        DeskError::of(Kind::Carried(effect))
    }
    /// Whether somebody else has carried out the effect that was to be carried out.
    pub(super) fn is_carried(&self) -> bool {
        matches!(self.kind, Kind::Carried(_))
    }

    /// Whether the store below could not be read or written, for whatever reason of its own.
    pub fn is_storage(&self) -> bool {
        matches!(
            self.kind,
            Kind::Storage(_) | Kind::Unavailable(_) | Kind::Full(_) | Kind::Damaged(_)
        )
    }
    /// Whether the store below could not be reached, or takes no writes for now. Trying again later may help. A command whose
    /// answer was lost that way may have been stored; sent again under its id, it is answered as it was.
    ///
    /// ```
    /// use duly::desk::DeskError;
    /// let error = DeskError::unavailable("connection refused");
    /// assert!(error.is_unavailable() && error.is_storage());
    /// assert_eq!(error.to_string(), "the store of the ledger cannot be reached: connection refused");
    /// ```
    pub fn is_unavailable(&self) -> bool {
        matches!(self.kind, Kind::Unavailable(_))
    }
    /// Whether there is no room left. Nothing was stored; somebody must make room, and the same command can be sent again then.
    pub fn is_full(&self) -> bool {
        matches!(self.kind, Kind::Full(_))
    }
    /// Whether the store below found itself damaged. Trying again does not help.
    ///
    /// ```
    /// use duly::desk::DeskError;
    /// let error = DeskError::damaged("database disk image is malformed");
    /// assert!(error.is_damaged() && !error.is_unavailable() && !error.is_full());
    /// ```
    pub fn is_damaged(&self) -> bool {
        matches!(self.kind, Kind::Damaged(_))
    }
    /// Whether trying again may help: others were writing, or a transaction that is open still hides what was written.
    pub fn is_busy(&self) -> bool {
        matches!(self.kind, Kind::Busy | Kind::Hidden)
    }
    /// Whether the ledger takes no writes: it was opened for reading only, or its file or folder is.
    pub fn is_read_only(&self) -> bool {
        matches!(self.kind, Kind::ReadOnly)
    }
    /// Whether what was opened is no ledger of this library.
    pub fn is_not_a_ledger(&self) -> bool {
        matches!(self.kind, Kind::NotALedger(_))
    }
    /// Whether a newer library wrote the ledger.
    pub fn is_newer(&self) -> bool {
        matches!(self.kind, Kind::Newer { .. })
    }
    /// Whether the caller asked for something that makes no sense.
    pub fn is_misuse(&self) -> bool {
        matches!(self.kind, Kind::Misuse(_))
    }
    /// Whether a command id came a second time with something else in the command.
    pub fn is_reused(&self) -> bool {
        matches!(self.kind, Kind::Reused(_))
    }
    /// Whether a plan could not be taken in hand.
    pub fn is_plan(&self) -> bool {
        matches!(self.kind, Kind::Plan(_) | Kind::Needs(_))
    }
    /// The facts that a plan wants and that nobody sends yet, where that kept it from being taken in hand.
    pub fn needs(&self) -> Option<&Needs> {
        match &self.kind {
            Kind::Needs(needs) => Some(needs),
            _ => None,
        }
    }
    /// The first line of the ledger that does not hold, where one was found.
    pub fn broken(&self) -> Option<&Broken> {
        match &self.kind {
            Kind::Broken(broken) => Some(broken),
            _ => None,
        }
    }
    /// The first line of an obligation that does not hold, where one was found.
    pub fn broken_duty(&self) -> Option<&BrokenDuty> {
        match &self.kind {
            Kind::BrokenDuty(broken) => Some(broken),
            _ => None,
        }
    }
    /// Which kind it is, for logs: without any words of the store's.
    #[cfg(feature = "tracing")]
    pub(super) fn name(&self) -> &'static str {
        match &self.kind {
            Kind::Storage(_) => "storage",
            Kind::Unavailable(_) => "unavailable",
            Kind::Full(_) => "full",
            Kind::Damaged(_) => "damaged",
            Kind::Busy => "busy",
            Kind::Hidden => "hidden",
            Kind::ReadOnly => "read_only",
            Kind::NotALedger(_) => "not_a_ledger",
            Kind::Newer { .. } => "newer",
            Kind::Broken(_) | Kind::BrokenDuty(_) | Kind::BrokenSeal(_) => "broken",
            Kind::Reused(_) => "reused",
            Kind::Carried(_) => "carried",
            Kind::Plan(_) | Kind::Needs(_) => "plan",
            Kind::Misuse(_) => "misuse",
        }
    }
    /// The same, for another who is told of it.
    pub(super) fn like(&self) -> DeskError {
        DeskError::of(self.kind.clone())
    }
    /// Whether no wait and no other try can mend it.
    pub(super) fn is_for_good(&self) -> bool {
        matches!(
            self.kind,
            Kind::ReadOnly | Kind::NotALedger(_) | Kind::Newer { .. }
        )
    }
    /// The first seal that does not hold, or that the log does not hold up to, where one was found.
    pub fn broken_seal(&self) -> Option<&BrokenSeal> {
        match &self.kind {
            Kind::BrokenSeal(broken) => Some(broken),
            _ => None,
        }
    }
    /// Whether the error concerns the one command or case only, so that others can go on.
    pub(super) fn is_local(&self) -> bool {
        matches!(
            self.kind,
            Kind::Broken(_)
                | Kind::BrokenDuty(_)
                | Kind::Reused(_)
                | Kind::Carried(_)
                | Kind::Plan(_)
                | Kind::Needs(_)
                | Kind::Misuse(_)
        )
    }
}

impl From<Broken> for DeskError {
    fn from(broken: Broken) -> DeskError {
        DeskError::of(Kind::Broken(Box::new(broken)))
    }
}

impl From<BrokenDuty> for DeskError {
    fn from(broken: BrokenDuty) -> DeskError {
        DeskError::of(Kind::BrokenDuty(Box::new(broken)))
    }
}

impl From<BrokenSeal> for DeskError {
    fn from(broken: BrokenSeal) -> DeskError {
        DeskError::of(Kind::BrokenSeal(Box::new(broken)))
    }
}

impl From<Needs> for DeskError {
    fn from(needs: Needs) -> DeskError {
        DeskError::of(Kind::Needs(needs))
    }
}

impl From<PlansError> for DeskError {
    fn from(error: PlansError) -> DeskError {
        DeskError::of(Kind::Plan(error))
    }
}

/// A line of a ledger that does not hold: somebody altered the store, or it was damaged.
///
/// ```
/// use duly::desk::{Broken, Flaw};
/// let broken = Broken { case: "m01".parse()?, version: 7, flaw: Flaw::Hash };
/// assert_eq!(broken.to_string(), "case `m01`, version 7: the record is not the one that was sealed");
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("case `{case}`, version {version}: {flaw}")]
pub struct Broken {
    /// The case.
    pub case: CaseId,
    /// The version of the first record that does not hold.
    pub version: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// A line of an obligation's chain that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("obligation `{duty}`, version {version}: {flaw}")]
pub struct BrokenDuty {
    /// The obligation.
    pub duty: DutyId,
    /// The version of the first record that does not hold.
    pub version: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with a line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flaw {
    /// The stored text is no record.
    #[error("the record cannot be read: {said}")]
    Unreadable {
        /// What the reader said.
        said: String,
    },
    /// The record does not give its hash.
    #[error("the record is not the one that was sealed")]
    Hash,
    /// The record does not continue the one before it.
    #[error("the record does not continue the one before it")]
    Link,
    /// Records are missing before this one.
    #[error("records are missing: version {found} stands where {expected} belongs")]
    Gap {
        /// The version that should be here.
        expected: u64,
        /// The version that is.
        found: u64,
    },
    /// The last records are missing.
    #[error("the record is missing: the head is at version {head}")]
    Missing {
        /// The version of the head.
        head: u64,
    },
    /// A record stands twice, or before its time.
    #[error("the records are out of order: version {found} stands where {expected} belongs")]
    Order {
        /// The version that should be here.
        expected: u64,
        /// The version that is.
        found: u64,
    },
    /// The record is of another case.
    #[error("the record is of case `{found}`")]
    OtherCase {
        /// Which.
        found: CaseId,
    },
    /// The record is of another obligation.
    #[error("the record is of obligation `{found}`")]
    OtherDuty {
        /// Which.
        found: DutyId,
    },
    /// The event cannot have happened there.
    #[error("the record does not follow: {said}")]
    Replay {
        /// What replay said.
        said: String,
    },
    /// The ledger's last state of the case is not what its records give.
    #[error("the stored head is not what the records give")]
    Head,
    /// The case would be woken at another moment than its own.
    #[error("the stored alarm is not the case's own")]
    Alarm,
    /// What waits in the outbox for another case is not what was put there.
    #[error("what waits in the outbox as `{effect}` is not what was put there")]
    Waiting {
        /// The effect, as the outbox names it.
        effect: String,
    },
    /// What waits in the outbox for another case was carried out, and waits there still.
    #[error("what waits in the outbox as `{effect}` was carried out, and is not taken out of it")]
    Stays {
        /// The effect.
        effect: String,
    },
    /// What a command was answered cannot be read, so nobody can tell whether it is to be carried out.
    #[error("what the command `{command}` was answered cannot be read")]
    Answer {
        /// Which.
        command: String,
    },
    /// The message's number in its channel leads elsewhere.
    #[error("the message's own number does not lead to the case")]
    ExternalId,
    /// A private text is not the one that the record refers to.
    #[error("the private text `{reference}` was altered")]
    Text {
        /// Which.
        reference: String,
    },
    /// A private text is gone, and no redaction says so.
    #[error("the private text `{reference}` is gone, and no redaction says so")]
    TextGone {
        /// Which.
        reference: String,
    },
    /// A private text that was redacted is still there.
    #[error("the private text `{reference}` was redacted and is still there")]
    TextLeft {
        /// Which.
        reference: String,
    },
    /// The case follows another that does not know of it (并案), and no news of it is on the way.
    #[error("it follows case `{into}`, which does not know of it, and no news of it is on the way")]
    Follows {
        /// Which.
        into: CaseId,
    },
    /// Another case follows this one, as it has been told, and that one says otherwise.
    #[error(
        "it was told that case `{follower}` follows it, which does not, and no news of it is on the way"
    )]
    Followed {
        /// Which.
        follower: CaseId,
    },
    /// The plan that decided is not stored, or not the one of that identity.
    #[error("the plan `{plan}` is not stored, or was altered")]
    Plan {
        /// Which.
        plan: PlanId,
    },
}
