//! What a command to an obligation is answered, and what is remembered of it.

use serde::{Deserialize, Serialize};

use crate::desk::{DeskError, Hash};
use crate::duty::{DutyEnvelope, DutyRefusal};
use crate::time::Moment;
use crate::words::{CommandId, DutyId, DutyStage};

/// What a command is answered. The same command, sent again, is answered the same.
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

/// What was done.
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

/// A command's answer as a ledger remembers it. There is no private text in it.
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

impl DutyAnswered {
    pub(super) fn again(self, payload: &Hash) -> Result<DutyAnswer, DeskError> {
        match self.payload {
            Some(first) if first != *payload => Err(DeskError::reused(&self.command)),
            _ => Ok(self.answer),
        }
    }
}

/// The hash of what a command asks: neither its moment nor its salt is in it, since a repetition may carry others.
pub(super) fn payload(envelope: &DutyEnvelope, secret: &[u8]) -> Result<Hash, DeskError> {
    let asked = (&envelope.duty, &envelope.by, &envelope.command);
    let line = serde_json_canonicalizer::to_vec(&asked).map_err(DeskError::storage)?;
    Ok(Hash::link(&Hash::of(secret), &line))
}
