//! What a host says of a signal.

use crate::time::Moment;
use crate::words::{Actor, CommandId, Facts, PlaceCode, Salt, SignalOf, Text};

/// A signal (预警) as a host says it: of what, about which place, with what facts. [`Desk::signal`](super::Desk::signal) finds the case
/// that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalSaid {
    /// The command's own id: sent twice, it is answered as the first time.
    pub id: CommandId,
    /// Who says so: the system that compares the data.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// For the words.
    pub salt: Salt,
    /// Of what.
    pub of: SignalOf,
    /// The place it is about.
    pub place: PlaceCode,
    /// What it says, for whoever handles it.
    pub words: Text,
    /// The facts that it gives.
    pub facts: Facts,
}
