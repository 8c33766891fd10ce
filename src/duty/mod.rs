//! Obligations that are no cases (义务): a unit head's answer by video, the reading of a day's digest. Somebody owes something by a
//! moment; a ladder reminds; what was done late is late for good.
//!
//! > [`decide`] proposes what happens; [`evolve`] applies it; [`Duty::next_alarm`] says when to come back with a Tick. Sending one
//! > early, or twice, does no harm.
//!
//! The machine is the case's in small: the same terms, calendars, ladders and quiet hours, and the same promises. An open obligation
//! always has an alarm ahead; every step comes once, at its own moment; polling changes nothing. What needs somebody else's word
//! is done only once that word is given (a video is accepted by supervision): nobody marks their own homework. While it waits
//! for that word the time of whoever owes it stands still, so that nobody is late by another's delay.
//!
//! | file | what |
//! |---|---|
//! | `command`, `event`, `effect`, `refusal` | what is asked, what happened, what is told, why not |
//! | `model` | an obligation as a plain value |
//! | `decide` | the commands |
//! | `schedule` | lays out what comes if nobody acts, and takes it |
//! | `evolve` | the only writer |
//! | `outcomes` | what became of every scheduled step, from records alone |

mod command;
mod decide;
mod effect;
mod event;
mod evolve;
mod model;
mod outcomes;
mod refusal;
mod schedule;
mod texts;

pub use command::{DutyCommand, DutyEnvelope};
pub use decide::{DutyDecision, decide};
pub use effect::{DutyEffect, DutyEffectId, DutyNotice, DutyOutgoing, effects};
pub use event::{DutyEvent, DutyRecord};
pub use evolve::{Corrupt, evolve};
pub use model::{Done, Duty, Excused, State, Submission};
pub use outcomes::{DutyOccurrence, DutyOutcome, outcomes};
pub use refusal::{DutyRefusal, DutyWhy};
pub use schedule::ACCEPT;
pub use texts::texts;
