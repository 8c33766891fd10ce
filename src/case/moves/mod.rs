//! The moves, by stage. Each is a method of the view of its stage and gives the events that it brings about, or
//! why not.

mod adopt;
mod any;
mod closing;
mod divide;
mod handling;
mod import;
mod intake;
mod linked;
mod review;
mod waiting;

pub(super) use adopt::{Adopted, adopt_plan};
pub(super) use any::{
    adopt_calendar, correct, deliver, direct, note, redact, report, set_fact, track, undeliver,
    untrack, withdraw,
};
pub(super) use closing::UNSATISFIED;
pub(crate) use divide::SUB_CHANNEL;
pub(super) use divide::{open_sub, signal_opens};
pub use handling::{Handling, ReplyAsked};
pub(super) use handling::{fulfil, hand_over};
pub(super) use import::import;
pub(super) use intake::open;
pub(crate) use review::two_steps;
pub(super) use waiting::{bounded, exclude, extension_rule};
