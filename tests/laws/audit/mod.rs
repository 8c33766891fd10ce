//! A reading of the ledger that shares nothing with the machine: it looks at records only.

mod handling;
mod links;
mod time;

use duly::words::Record;
use proptest::test_runner::TestCaseError;

pub use handling::*;
pub use links::*;
pub use time::*;

type Verdict = Result<(), TestCaseError>;

fn fail<T>(record: &Record, what: &str) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(format!(
        "version {}: {what}: {:?}",
        record.version, record.event
    )))
}
