//! What a desk does, written once for every ledger.

mod adopt;
mod ahead;
mod audit;
mod change;
mod deliver;
mod digest;
mod erase;
mod group;
mod held;
mod import;
mod links;
mod read;
mod recent;
mod revise;
mod seal;
mod shadow;
mod signal;
mod submit;
mod ties;
mod wake;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::observe::{Observer, Watch};
use super::{AsyncLedger, DeskError};
use crate::plan::Plans;
use crate::words::BoardId;

pub use audit::Verified;
pub use deliver::Taken;
pub use erase::{Erasable, Erasables, Erasure, Extent};
pub use import::WouldImport;
pub(in crate::desk) use read::Leaves;
pub(in crate::desk) use recent::{Hands, Recent};
pub use revise::{Moved, MovedDuty, Moves};
pub(in crate::desk) use shadow::Shadow;
pub(in crate::desk) use submit::Comes;
pub use wake::{Stuck, StuckDuty, Ticked};

/// What a desk holds besides its ledger.
pub(super) struct Shared {
    /// Read without a lock, by every command; replaced as a whole.
    plans: ArcSwap<Plans>,
    /// Those who replace the plans take turns.
    changing: Mutex<()>,
    secret: Vec<u8>,
    pub(super) watch: Watch,
    /// The plan on trial, if there is one.
    shadow: ArcSwapOption<Shadow>,
    pub(super) hands: Hands,
    /// What waits to be noted of the groups that are open, the innermost last.
    levels: Mutex<Vec<group::Level>>,
}

// By hand, so that no log shows the secret.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn new(board: &BoardId, plans: Plans) -> Result<Shared, DeskError> {
        if board != plans.board() {
            return Err(DeskError::misuse(format!(
                "the ledger is of board `{board}`, the plans are of `{}`",
                plans.board()
            )));
        }
        Ok(Shared {
            plans: ArcSwap::from(Arc::new(plans)),
            changing: Mutex::default(),
            secret: Vec::new(),
            watch: Watch::default(),
            shadow: ArcSwapOption::empty(),
            hands: Hands::default(),
            levels: Mutex::default(),
        })
    }
    pub(super) fn with_observer(self, observer: Arc<dyn Observer>) -> Shared {
        Shared {
            watch: Watch::of(observer),
            ..self
        }
    }
    pub(super) fn with_secret(self, secret: &[u8]) -> Shared {
        Shared {
            secret: secret.to_vec(),
            ..self
        }
    }
}

/// A desk at work: over a ledger, with what it holds.
pub(super) struct Core<'a, L> {
    pub(super) ledger: &'a L,
    shared: &'a Shared,
    /// Whether a group is one transaction, all of it on one thread.
    undoes: bool,
}

impl<'a, L: AsyncLedger> Core<'a, L> {
    pub(super) fn new(ledger: &'a L, shared: &'a Shared) -> Core<'a, L> {
        Core {
            ledger,
            shared,
            undoes: false,
        }
    }
    /// Over a ledger that answers at once, whose groups are one transaction.
    pub(super) fn at_once(ledger: &'a L, shared: &'a Shared) -> Core<'a, L> {
        Core {
            undoes: true,
            ..Core::new(ledger, shared)
        }
    }
}

impl<L> Deref for Core<'_, L> {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        self.shared
    }
}
