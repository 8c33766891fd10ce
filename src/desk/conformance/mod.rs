//! What every ledger must hold to. Whoever writes one runs these over it, each on a fresh and empty ledger of a board
//! of any name.

mod draft;
mod duties;
mod laws;

use std::error::Error;

use super::{DeskError, Ledger};

/// What a law came to.
pub type Held = Result<(), Box<dyn Error>>;
/// A law of ledgers.
pub type Law = fn(&dyn Ledger) -> Held;

/// Every law, by its name.
pub const LAWS: &[(&str, Law)] = &[
    ("an empty ledger holds nothing", laws::empty),
    ("what was committed is read back", laws::read_back),
    ("a stale commit changes nothing", laws::stale),
    ("a command is answered once", laws::once),
    ("a message opens one case", laws::one_case),
    ("a refusal is remembered without a record", laws::refusal),
    ("alarms come in their order", laws::alarms),
    ("a reader sees every record once", laws::every_record_once),
    ("the outbox keeps what was not delivered", laws::outbox),
    ("what goes to other cases is found by itself", laws::links),
    ("an erased text is gone, and only that", laws::erased),
    ("a plan is kept once", laws::plans),
    (
        "a commit that does not continue is refused",
        laws::malformed,
    ),
    ("a group is whole or nothing", laws::group),
    ("a group in a group can fail alone", laws::inner_group),
    ("racing writers lose nothing", laws::race),
    ("nobody slips into another's group", laws::apart),
    (
        "an obligation is read back, beside the cases",
        duties::read_back,
    ),
    (
        "a stale commit to an obligation changes nothing",
        duties::stale_and_once,
    ),
    (
        "obligations are due and told in their order",
        duties::alarms_and_outbox,
    ),
    ("an erased text of an obligation is gone", duties::erased),
    ("a group takes obligations back too", duties::group),
];

/// Runs every law, each on a ledger of its own.
///
/// # Errors
/// The first law that does not hold, and why.
pub fn all(fresh: impl Fn() -> Result<Box<dyn Ledger>, DeskError>) -> Result<(), String> {
    for (name, law) in LAWS {
        let held = fresh().map_err(Into::into).and_then(|ledger| law(&*ledger));
        held.map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
