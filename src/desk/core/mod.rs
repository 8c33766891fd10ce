//! What a desk does, written once for every ledger.

mod audit;
mod deliver;
mod digest;
mod held;
mod import;
mod links;
mod read;
mod revise;
mod submit;
mod wake;

use std::fmt;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;

use super::{AsyncLedger, DeskError};
use crate::plan::Plans;

pub use audit::Verified;
pub use deliver::Taken;
pub use import::WouldImport;
pub use revise::Moved;
pub use wake::{Stuck, StuckDuty, Ticked};

/// A desk's insides: a ledger, the plans in hand, a secret.
pub(super) struct Core<L> {
    pub(super) ledger: L,
    /// Read without a lock, by every command; replaced as a whole.
    plans: ArcSwap<Plans>,
    /// Those who replace the plans take turns.
    changing: Mutex<()>,
    secret: Vec<u8>,
}

// By hand, so that no log shows the secret.
impl<L: fmt::Debug> fmt::Debug for Core<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}

impl<L: AsyncLedger> Core<L> {
    pub(super) fn new(ledger: L, plans: Plans) -> Result<Core<L>, DeskError> {
        if ledger.board() != plans.board() {
            return Err(DeskError::misuse(format!(
                "the ledger is of board `{}`, the plans are of `{}`",
                ledger.board(),
                plans.board()
            )));
        }
        Ok(Core {
            ledger,
            plans: ArcSwap::from(Arc::new(plans)),
            changing: Mutex::default(),
            secret: Vec::new(),
        })
    }
    pub(super) fn with_secret(self, secret: &[u8]) -> Core<L> {
        Core {
            secret: secret.to_vec(),
            ..self
        }
    }
}
