//! What a desk does, written once for every ledger.

mod adopt;
mod audit;
mod change;
mod deliver;
mod digest;
mod erase;
mod held;
mod import;
mod links;
mod read;
mod revise;
mod seal;
mod shadow;
mod submit;
mod wake;

use std::fmt;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::observe::{Observer, Watch};
use super::{AsyncLedger, DeskError};
use crate::plan::Plans;

pub use audit::Verified;
pub use deliver::Taken;
pub use erase::{Erasable, Erasure, Extent};
pub use import::WouldImport;
pub use revise::Moved;
pub(in crate::desk) use shadow::Shadow;
pub use wake::{Stuck, StuckDuty, Ticked};

/// A desk's insides: a ledger, the plans in hand, a secret.
pub(super) struct Core<L> {
    pub(super) ledger: L,
    /// Read without a lock, by every command; replaced as a whole.
    plans: ArcSwap<Plans>,
    /// Those who replace the plans take turns.
    changing: Mutex<()>,
    secret: Vec<u8>,
    pub(super) watch: Watch,
    /// The plan on trial, if there is one.
    shadow: ArcSwapOption<Shadow>,
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
            watch: Watch::default(),
            shadow: ArcSwapOption::empty(),
        })
    }
    pub(super) fn with_observer(self, observer: Arc<dyn Observer>) -> Core<L> {
        Core {
            watch: Watch::of(observer),
            ..self
        }
    }
    pub(super) fn with_secret(self, secret: &[u8]) -> Core<L> {
        Core {
            secret: secret.to_vec(),
            ..self
        }
    }
}
