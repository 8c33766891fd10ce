//! Obligations that are no cases (义务): a unit head's answer by video, the reading of a day's digest; and what recurs, the visit to a
//! household, the sweep of a village, the inspection of a county. Somebody owes something by a moment; a ladder reminds; what was done late
//! is late for good.
//!
//! > [`decide`] proposes what happens; [`evolve`] applies it; [`Duty::next_alarm`] says when to come back with a Tick. Sending one
//! > early, or twice, does no harm.
//!
//! The machine is the case's in small: the same terms, calendars, ladders and quiet hours, and the same promises. An open obligation
//! always has an alarm ahead; every step comes once, at its own moment; polling changes nothing. What needs somebody else's word
//! is done only once that word is given (a video is accepted by supervision, or a leader): nobody marks their own homework. While it waits
//! for that word the time of whoever owes it stands still, so that nobody is late by another's delay.
//!
//! What recurs is one obligation with rounds (期). Each round has exactly one outcome: done in time, done late, missed, or excused with the
//! obligation. Rounds are reckoned from when it was imposed, so that a late one moves none. Done early, it rests until the next begins;
//! not done when the next begins, it is missed for good, and the rungs of that round go on until somebody comes. Nothing ends it but an
//! excuse with a reason, by somebody who does not owe it. It stays under the plan that it was imposed under.
//!
//! | file | what |
//! |---|---|
//! | `command`, `event`, `effect`, `refusal` | what is asked, what happened, what is told, why not |
//! | `model` | an obligation as a plain value |
//! | `decide` | the commands |
//! | `rounds` | where each round of what recurs begins, is due and ends |
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
mod rounds;
mod schedule;
mod texts;

pub use command::{DutyCommand, DutyEnvelope};
pub use decide::{DutyDecision, decide};
pub use effect::{DutyEffect, DutyEffectId, DutyNotice, DutyOutgoing, effects};
pub use event::{DutyEvent, DutyRecord};
pub use evolve::{Corrupt, evolve};
pub use model::{Done, Duty, Excused, State, Submission};
pub use outcomes::{DutyOccurrence, DutyOutcome, RoundFate, RoundOutcome, outcomes, rounds};
pub use refusal::{DutyRefusal, DutyWhy};
pub use rounds::{Covered, DoneRound, Round, Rounds};
pub use schedule::{ACCEPT, ROUND};
pub use texts::texts;
