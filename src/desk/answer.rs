//! What a command is answered, and what is remembered of it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::rows::CommandRow;
use super::{DeskError, Hash};
use crate::duty::DutyRefusal;
use crate::time::Moment;
use crate::words::{CaseId, CommandId, DutyId, DutyStage, Refusal, StageName};

/// What a command is answered. The same command, sent again, is answered the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[must_use]
pub enum Answer {
    /// It is done and in the ledger.
    Done(Done),
    /// It was not accepted. Nothing changed but what time itself had brought about.
    Refused(Refusal),
    /// The message to open a case for has one already. Nothing was opened.
    Known {
        /// Which.
        case: CaseId,
    },
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The case.
    pub case: CaseId,
    /// Where it stands now.
    pub stage: StageName,
    /// The version it had before; 0 for a new case.
    pub from_version: u64,
    /// The version it has now.
    pub to_version: u64,
    /// When the command took effect: its own moment, or the case's last one where that is later.
    pub at: Moment,
    /// When the case wants to be woken, if nobody acts.
    pub next_alarm: Option<Moment>,
}

impl Answer {
    /// What was done, if it was.
    pub fn done(&self) -> Option<&Done> {
        match self {
            Answer::Done(done) => Some(done),
            _ => None,
        }
    }
    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        self.done().is_some()
    }
    /// Why it was refused, if it was.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Answer::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
    /// The case that the answer is about.
    pub fn case(&self) -> &CaseId {
        match self {
            Answer::Done(done) => &done.case,
            Answer::Refused(refusal) => &refusal.case,
            Answer::Known { case } => case,
        }
    }
}

/// A command's answer as a ledger remembers it. There is no private text in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The command.
    pub command: CommandId,
    /// The case it was sent to.
    pub case: CaseId,
    /// The hash of what was asked, to tell a repetition from a mistake. A redaction of the case takes it away, since
    /// a hash of a text that is gone can be guessed at; then the id alone decides. None either, where the answer is
    /// [`Answer::Known`]: a redaction of the case that the message has would not reach it here.
    pub payload: Option<Hash>,
    /// When the command said it came.
    pub said_at: Moment,
    /// The moment it was stamped with: never before the case's last.
    pub at: Moment,
    /// The answer.
    pub answer: Answer,
}

/// What a command to an obligation is answered. The same command, sent again, is answered the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[must_use]
pub enum DutyAnswer {
    /// It is done and in the ledger.
    Done(DutyDone),
    /// It was not accepted. Nothing changed but what time itself had brought about.
    Refused(DutyRefusal),
}

/// What was done to an obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyDone {
    /// The obligation.
    pub duty: DutyId,
    /// Where it stands now.
    pub stage: DutyStage,
    /// The version it had before; 0 for a new one.
    pub from_version: u64,
    /// The version it has now.
    pub to_version: u64,
    /// When the command took effect: its own moment, or the last one where that is later.
    pub at: Moment,
    /// When it is due.
    pub due: Moment,
    /// When it wants to be woken, if nobody acts.
    pub next_alarm: Option<Moment>,
}

impl DutyAnswer {
    /// What was done, if it was.
    pub fn done(&self) -> Option<&DutyDone> {
        match self {
            DutyAnswer::Done(done) => Some(done),
            DutyAnswer::Refused(_) => None,
        }
    }
    /// Why it was refused, if it was.
    pub fn refusal(&self) -> Option<&DutyRefusal> {
        match self {
            DutyAnswer::Done(_) => None,
            DutyAnswer::Refused(refusal) => Some(refusal),
        }
    }
}

/// The answer of a command to an obligation as a ledger remembers it. There is no private text in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyAnswered {
    /// The command.
    pub command: CommandId,
    /// The obligation it was sent to.
    pub duty: DutyId,
    /// The hash of what was asked, until a redaction takes it away; then the id alone decides.
    pub payload: Option<Hash>,
    /// When the command said it came.
    pub said_at: Moment,
    /// The moment it was stamped with.
    pub at: Moment,
    /// The answer.
    pub answer: DutyAnswer,
}

impl Answered {
    pub(super) fn of(row: CommandRow) -> Result<Answered, DeskError> {
        Ok(Answered {
            answer: said(&row)?,
            command: row.id.parse().map_err(DeskError::damaged)?,
            case: row.key.parse().map_err(DeskError::damaged)?,
            payload: row.payload,
            said_at: row.said_at,
            at: row.at,
        })
    }
}

impl DutyAnswered {
    pub(super) fn of(row: CommandRow) -> Result<DutyAnswered, DeskError> {
        Ok(DutyAnswered {
            answer: said(&row)?,
            command: row.id.parse().map_err(DeskError::damaged)?,
            duty: row.key.parse().map_err(DeskError::damaged)?,
            payload: row.payload,
            said_at: row.said_at,
            at: row.at,
        })
    }
}

/// The answer to a command of the same id, if it asks the same.
///
/// # Errors
/// [`DeskError::is_reused`], when it asks something else.
pub(super) fn again<A: DeserializeOwned>(row: &CommandRow, payload: &Hash) -> Result<A, DeskError> {
    match row.payload {
        Some(first) if first != *payload => Err(DeskError::reused(&row.id)),
        _ => said(row),
    }
}

/// What was answered.
///
/// # Errors
/// [`DeskError::is_damaged`], where it cannot be read.
pub(super) fn said<A: DeserializeOwned>(row: &CommandRow) -> Result<A, DeskError> {
    let unread = |error| {
        let id = &row.id;
        DeskError::damaged(format!("the answer to `{id}` cannot be read: {error}"))
    };
    serde_json::from_str(&row.answer).map_err(unread)
}

/// The hash of what is asked.
pub(super) fn payload(asked: &impl Serialize, secret: &[u8]) -> Result<Hash, DeskError> {
    Ok(Hash::link(&Hash::of(secret), &canonical(asked)?.line))
}

pub(super) fn json(value: &impl Serialize) -> Result<String, DeskError> {
    serde_json::to_string(value).map_err(DeskError::storage)
}
