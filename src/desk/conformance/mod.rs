//! What every ledger must hold to. Whoever writes one runs these laws over it.
//!
//! Each law is tried on a fresh and empty ledger, of a board of any name, once for cases and once for obligations. Nothing
//! here starts a thread or needs a runtime of a certain kind: where many write at once, they wait in one task. Rows mean
//! nothing to a ledger, so the laws make them up.
//!
//! ```
//! use duly::desk::{AsyncLedger, DeskError, conformance};
//!
//! /// In the test of a ledger: polled to its end by whatever that ledger's futures are polled by.
//! async fn holds<L: AsyncLedger>(fresh: impl Fn() -> Result<L, DeskError>) -> Result<(), String> {
//!     conformance::all(async || fresh()).await
//! }
//! assert!(conformance::LAWS.contains(&"a stale commit changes nothing"));
//! ```
//!
//! A ledger whose [`group`](AsyncLedger::group) is one transaction holds to [`GROUP_LAWS`] besides: [`all_with_groups`].
//! What only a real clock, a killed process or a broken connection can show is for tests of one's own.

mod commits;
mod draft;
mod groups;
mod order;
mod races;
mod seen;
mod stands;
mod texts;
mod wakes;

use std::future::ready;

use super::ready::{Ready, now};
use super::rows::Shelf;
use super::{AsyncLedger, DeskError, Ledger};

pub use self::draft::{Fault, Held};

macro_rules! laws {
    ($(#[$doc:meta])* $names:ident, $(#[$of:meta])* $law:ident: $($name:literal => $held:path,)+) => {
        $(#[$doc])*
        pub const $names: &[&str] = &[$($name),+];

        $(#[$of])*
        async fn $law<L: AsyncLedger>(name: &str, ledger: &L, shelf: Shelf) -> Option<Held> {
            match name {
                $($name => Some(Box::pin($held(ledger, shelf)).await),)+
                _ => None,
            }
        }
    };
}

laws! {
    /// The names of the laws that every ledger holds to.
    LAWS, common:
    "an empty ledger holds nothing" => commits::empty,
    "what was committed is read back" => commits::read_back,
    "a look is what its parts are" => commits::look,
    "a stale commit changes nothing" => commits::stale,
    "a commit onto another history changes nothing" => stands::other_history,
    "a conflict tells where the chain stands" => stands::told,
    "an effect is carried out once" => stands::carried,
    "of many who carry out an effect one does" => stands::one_carries,
    "a commit waits for the plans that it comes under" => stands::planned,
    "a command is answered once" => commits::once,
    "a message opens one case" => commits::one_case,
    "a refusal is remembered without a record" => commits::refusal,
    "a commit that does not continue is refused" => commits::malformed,
    "rows mean nothing to a ledger" => commits::opaque,
    "alarms come in their order" => order::alarms,
    "a reader sees every record once" => order::every_record_once,
    "a cursor of another ledger is refused" => order::cursors,
    "chains are listed in the order of their bytes" => order::keys,
    "the outbox keeps what was not delivered" => order::out,
    "what goes to other cases is found by itself" => order::links,
    "a commit takes out of the outbox what it carries out" => order::delivered_within,
    "an erased text is gone, and only that" => texts::erased,
    "odd texts come back as they were" => texts::odd,
    "what is kept under a name is kept once" => texts::kept,
    "the first chain that is due is woken" => wakes::one,
    "what is to be skipped is not woken" => wakes::skipped,
    "a waking that fails changes nothing" => wakes::failing,
    "of many who wake a chain one does" => wakes::race,
    "racing writers lose nothing" => races::one_chain,
    "of many with one command one is taken" => races::one_command,
    "of many with one number one opens a case" => races::one_number,
    "of many who begin a chain one does" => races::one_new_chain,
    "a reader among writers sees every record once" => races::reader,
    "racing deliveries fail nobody" => races::deliveries,
}

laws! {
    /// The names of the laws for ledgers whose groups are one transaction.
    GROUP_LAWS, grouped:
    "a group is whole or nothing" => groups::whole,
    "a group in a group can fail alone" => groups::inner,
    "nobody slips into another's group" => groups::apart,
}

/// Tries one law, by its name, on a fresh and empty ledger.
///
/// # Errors
/// How it does not hold; or that there is no law of that name.
pub async fn law<L: AsyncLedger>(name: &str, ledger: &L, shelf: Shelf) -> Held {
    let held = match common(name, ledger, shelf).await {
        Some(held) => Some(held),
        None => grouped(name, ledger, shelf).await,
    };
    held.unwrap_or_else(|| Err(Fault::new(format!("there is no law `{name}`"))))
}

/// Tries every law of [`LAWS`], each on ledgers of its own.
///
/// # Errors
/// The first law that does not hold, and how.
pub async fn all<L: AsyncLedger, F: Future<Output = Result<L, DeskError>>>(
    fresh: impl Fn() -> F,
) -> Result<(), String> {
    each(LAWS, &fresh).await
}

/// Tries every law of [`LAWS`] and of [`GROUP_LAWS`].
///
/// # Errors
/// The first law that does not hold, and how.
pub async fn all_with_groups<L: AsyncLedger, F: Future<Output = Result<L, DeskError>>>(
    fresh: impl Fn() -> F,
) -> Result<(), String> {
    each(LAWS, &fresh).await?;
    each(GROUP_LAWS, &fresh).await
}

/// Tries every law on a ledger that answers at once.
///
/// # Errors
/// The first law that does not hold, and how.
///
/// ```
/// use duly::desk::{MemoryLedger, conformance};
/// conformance::all_at_once(|| Ok(Box::new(MemoryLedger::new("hainan".parse().map_err(duly::desk::DeskError::misuse)?))))?;
/// # Ok::<(), String>(())
/// ```
pub fn all_at_once(fresh: impl Fn() -> Result<Box<dyn Ledger>, DeskError>) -> Result<(), String> {
    now(all_with_groups(|| ready(fresh().map(Ready))))
}

async fn each<L: AsyncLedger, F: Future<Output = Result<L, DeskError>>>(
    names: &[&str],
    fresh: &impl Fn() -> F,
) -> Result<(), String> {
    for name in names {
        for shelf in [Shelf::Cases, Shelf::Duties] {
            let held = match fresh().await {
                Ok(ledger) => law(name, &ledger, shelf).await,
                Err(error) => Err(error.into()),
            };
            held.map_err(|fault| format!("{name} ({shelf:?}): {fault}"))?;
        }
    }
    Ok(())
}
