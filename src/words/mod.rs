//! The vocabulary of casework, as data: who acts, what they ask for, what happened, why not, and what the
//! outside world must be told. Nothing here decides anything; everything here is serialised, so shapes change
//! only by adding.
//!
//! | file | words |
//! |---|---|
//! | `id` | identifiers: case, board, person, unit, place |
//! | `text` | free text and the references that stand for it in the ledger |
//! | `actor` | roles by place, and the person who acts |
//! | `fact` | typed facts that rules may read |
//! | `term` | stages, classes, outcomes, marks, ratings, gates |
//! | `clock` | clock kinds, their verdicts and scheduled steps |
//! | `command` | everything that may be asked of a case |
//! | `import` | what is taken over with a case that another system had |
//! | `table` | which stage takes which command, from which role |
//! | `duty` | kinds of obligations that are no cases, and which takes which command, from whom |
//! | `event` | everything that can have happened to a case |
//! | `refusal` | why a command was not accepted, and what would be |
//! | `effect` | what the outside world must be told |
//! | `link` | what linked cases tell one another |
//! | `sub` | what a case is divided into; signals |
//! | `reason` | the rule and the facts that decided |
//! | `schema` | JSON Schema of what is text in JSON (feature) |

mod actor;
mod clock;
mod command;
mod duty;
mod effect;
mod event;
mod fact;
mod id;
mod import;
mod link;
mod reason;
mod refusal;
#[cfg(feature = "schema")]
pub(crate) mod schema;
mod sub;
mod table;
mod term;
mod text;
mod thing;

pub use actor::{Actor, Grant, Role};
pub use clock::{ClockClass, ClockKey, ClockKind, ClockMark, Schedule, Step, StepKey, Verdict};
pub use command::{
    Answer, CallResult, Command, Contact, ContactHow, Envelope, Measure, NewCommitment, NewPart,
    Origin, ReturnFor, Review,
};
pub use duty::{DutyCommandName, DutyKind, DutyStage};
pub use effect::{Addressee, Effect, EffectId, Notice, Outgoing, Telling};
pub use event::{
    Act, Answered, By, CancelWhy, Event, GateFinding, MeasureTaken, Part, ProjectedFor, Promise,
    Record, StepFate, Verb,
};
pub use fact::{FactName, FactValue, Facts};
pub use id::{
    BoardId, CaseId, Channel, CommandId, DutyId, ExternalId, InvalidId, PackId, PersonId,
    PlaceCode, PlanId, SubKey, SubjectId, UnitId,
};
pub use import::{
    ExtendedBefore, Import, ImportAsked, ImportStage, PausedBefore, PromisedBefore, RepliedBefore,
    ReturnedBefore, StoodStill, ToldBefore,
};
pub use link::{Link, News, UnmergeWhy};
pub use reason::{Because, DecisiveClause, RECEIVED_ON, Reason, RuleId};
pub use refusal::{Deed, Lang, NotThisCase, Refusal, RuleSource, Survivor, WantedFact, Why};
pub use sub::{MainCase, NewSub, OffWhy, Party, SignalOf, SubAsked, SubDue, SubPlanned};
pub use table::{CommandName, Move, accepted_in};
pub use term::{
    Class, DeclineGround, Gate, Level, Mark, Outcome, PauseSide, PlaceLevel, Rating, Scores, Shown,
    StageName,
};
pub(crate) use text::unseen;
pub use text::{Private, Salt, Text, TextRef};
pub use thing::{Bound, Thing};
