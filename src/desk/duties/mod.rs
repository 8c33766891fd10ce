//! Obligations at the desk: in the same ledger as the cases, each a chain of its own.
//!
//! | file | what |
//! |---|---|
//! | `ledger` | what a desk needs of a place where obligations live |
//! | `answer` | what a command is answered, and what is remembered of it |
//! | `door` | a command's way from question to answer; a digest's receipts |
//! | `wake` | the passing of time |
//! | `audit` | going over all of them |
//! | `memory` | such a place, in memory |

mod answer;
mod audit;
mod door;
mod ledger;
pub(super) mod memory;
mod wake;

pub use answer::{DutyAnswer, DutyAnswered, DutyDone};
pub(super) use audit::verify;
pub use ledger::{
    DutyAlarm, DutyCommit, DutyCommitted, DutyEntry, DutyHead, DutyLedger, DutySealed,
};
