//! The case machine: received → assigned → replied → reviewed → closed, with returned on the way back. Typed, pure
//! and without a clock of its own.
//!
//! > [`decide`] proposes what happens; [`evolve`] applies it; [`Case::next_alarm`] says when to come back with a
//! > Tick. Sending one early, or twice, does no harm.
//!
//! No pack can loosen what stands here: no strike-off unsolved, no answer unreviewed, no reviewer who was the
//! handler, no message without an answer.
//!
//! | file | what |
//! |---|---|
//! | `model` | a case as a plain value |
//! | `stages` | the data of each stage, and what a case keeps beside it |
//! | `view` | a typed view for each stage; its moves are its methods |
//! | `moves/` | the moves, by stage |
//! | `decide` | routes a command to its move |
//! | `derive` | what functions of the host find meanwhile |
//! | `marks`, `notices` | what an event means, and who is told of it |
//! | `imported` | a case that another system had until now: its clocks, and what taking it over would bring |
//! | `turn` | turns events into records, and lets the clocks follow |
//! | `clocks` | starts and stops clocks |
//! | `linked` | what merging means to the clocks of both cases, and to the end of the one that follows |
//! | `project` | projects clocks anew where something changes what they count |
//! | `schedule` | lays out their steps |
//! | `advance` | takes the steps that time has brought |
//! | `outcomes` | what became of every scheduled occurrence, from records alone |
//! | `evolve` | the only writer |
//! | `effects` | what the outside must be told, from records alone |

mod advance;
mod ask;
mod clocks;
mod decide;
mod derive;
mod effects;
mod evolve;
mod imported;
mod linked;
mod marks;
mod mentions;
mod model;
mod moves;
mod notices;
mod outcomes;
mod project;
mod row;
mod schedule;
mod stages;
mod subs;
mod turn;
mod view;

pub use ask::Ask;
pub use decide::{Decision, decide};
pub use effects::effects;
pub use evolve::{Corrupt, evolve, replay};
pub use imported::{Rehearsal, RehearsedClock, TakenOver, rehearse_import};
pub use model::Case;
pub use moves::{Handling, ReplyAsked};
pub use outcomes::{Occurrence, StepOutcome, VoidWhy, outcomes};
pub use row::facts_row;
pub use stages::{
    Assigned, Clock, ClockState, Closed, FirstReview, Follower, Judgement, Matter, Paused,
    PromiseKept, Received, Replied, ReplyGiven, Returned, Reviewed, Segment, Signalled, Sub,
    SubState, Team,
};
pub use view::{In, Stage};

#[cfg(feature = "script")]
pub(crate) use marks::marks;
pub(crate) use moves::{SUB_CHANNEL, two_steps};
use row::row;
