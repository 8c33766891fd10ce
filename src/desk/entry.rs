//! A record as a ledger keeps it.

use serde::{Deserialize, Serialize};

use super::Sealed;
use crate::duty::DutyRecord;
use crate::time::Moment;
use crate::words::Record;

/// A record as a ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<R = Record> {
    /// The record in its chain.
    pub sealed: Sealed<R>,
    /// When the desk noticed it. Outside the chain: the same case, woken late, has the same records.
    pub observed_at: Moment,
}

/// A record of an obligation as a ledger keeps it.
pub type DutyEntry = Entry<DutyRecord>;
