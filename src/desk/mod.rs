//! The embedder's door: commands in, answers out, and a ledger that remembers.
//!
//! > Nothing here reads a clock, draws randomness or starts a thread. Moments and salts come in with commands;
//! > [`Desk::next_alarm`] says when to come back with [`Desk::tick`]. Early or twice does no harm.
//!
//! A service holds one [`Desk`] over a [`Ledger`], hands it what people ask for, and passes on the answers:
//!
//! ```
//! use duly::desk::{Answer, Cursor, Desk, MemoryLedger};
//! use duly::plan::{Plans, bare};
//! use duly::words::{Actor, Command, Envelope, Facts, Origin, Role, Salt};
//!
//! let mut plans = Plans::new("hainan".parse()?);
//! plans.take(bare("demo".parse()?))?;
//! let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
//!
//! // A message comes in. The id makes the command safe to send twice; the salt comes from the operating system.
//! let envelope = Envelope {
//!     id: "web-4711".parse()?,
//!     case: "m01".parse()?,
//!     by: Actor::new("clerk-7".parse()?, Role::Intake),
//!     at: "2026-03-02T09:00:00+08:00".parse()?,
//!     salt: Salt::derived(b"a test", "web-4711"),
//!     command: Command::Open {
//!         place: "632521".parse()?,
//!         channel: "board".parse()?,
//!         external_id: "4711".parse()?,
//!         message: "路灯不亮".into(),
//!         contact: None,
//!         citizen: None,
//!         origin: Origin::Message,
//!         facts: Facts::new(),
//!     },
//! };
//! let answer = desk.submit(envelope.clone())?;
//! assert_eq!(desk.submit(envelope)?, answer);
//! let Answer::Done(done) = answer else { panic!("not done: {answer:?}") };
//!
//! // The case sleeps until its next alarm. Set a timer for it.
//! assert_eq!(desk.next_alarm()?, done.next_alarm);
//! let ticked = desk.advance("2026-03-20T09:00:00+08:00".parse()?)?;
//! assert!(ticked.fired > 0);
//!
//! // What the outside must be told waits in the outbox until it is said to be delivered.
//! for outgoing in desk.outbox(&Cursor::start(), 100)?.items {
//!     // … send it, with `outgoing.id` to tell a repetition …
//!     desk.delivered(&[outgoing.id])?;
//! }
//!
//! // Anyone can check at any time that nothing was altered.
//! assert_eq!(desk.verify()?.cases, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A command is one transaction: the case's version is compared, and records, case, alarm, private texts, outbox and
//! answer are stored together, or none of them. What is refused is an [`Answer`], and changes nothing; a
//! [`DeskError`] says that the desk itself could not do its work.
//!
//! Each case is a chain ([`Sealed`], [`follow`]) that anyone can follow with `sha256sum`. Private texts stand outside
//! of it, in one place, and can be erased without breaking a link. A [`Seal`] a day shows that no whole record and no whole case was
//! taken away.
//!
//! | file | what |
//! |---|---|
//! | `desk`, `async_desk` | the door, over a ledger that answers at once or one that is waited for |
//! | `core/` | what a desk does, written once for both |
//! | `at_once`, `ready` | how a door over a ledger that answers at once asks it |
//! | `kind` | what cases and obligations have in common |
//! | `adoption` | what it means to cases under way that another plan is to hold for them |
//! | `shadow` | what a plan on trial would have decided otherwise |
//! | `queue` | what several threads ask at once, done at once |
//! | `observe` | what it tells whoever counts or logs |
//! | `chain` | records in their hash chain |
//! | `directory`, `deliver`, `receipt` | who holds a post today; what goes out, addressed and with its words; what became of it |
//! | `schema` | JSON Schema of what leaves a board (feature) |
//! | `seal/` | evidence that whole records and whole chains are still there |
//! | `upcast` | records of older shapes |
//! | `shape/` | the compact form in which a state is kept |
//! | `ledger`, `async_ledger`, `rows` | what a desk needs of a place where chains live |
//! | `worker/` | the loop around a desk: sleeps, ticks, has the outbox delivered |
//! | `memory`, `sqlite`, `postgres/` | three such places |
//! | `conformance/` | what every such place holds to |

mod adoption;
mod answer;
mod async_desk;
mod async_ledger;
mod at_once;
mod canonical;
mod chain;
pub mod conformance;
mod core;
pub mod deliver;
#[allow(clippy::module_inception, reason = "the desk itself")]
mod desk;
pub mod directory;
mod entry;
mod error;
mod gate;
mod join;
mod kind;
mod ledger;
mod memory;
mod observe;
mod own;
#[cfg(feature = "postgres")]
pub mod postgres;
mod queue;
mod ready;
pub mod receipt;
pub mod rows;
#[cfg(feature = "schema")]
pub mod schema;
mod seal;
mod shadow;
#[doc(hidden)]
pub mod shape;
mod signal;
#[cfg(feature = "sqlite")]
mod sqlite;
mod texts;
mod upcast;
pub mod worker;

pub use self::core::{
    Erasable, Erasables, Erasure, Extent, Moved, MovedDuty, Moves, Stuck, StuckDuty, Taken, Ticked,
    Verified, WouldImport,
};
pub use adoption::{
    AdoptCounts, AdoptMode, Adoption, Adoptions, Adverse, CaseAdoption, ClockAdoption, DueMoments,
    GateAdoption, Party, RungAhead, StaysFor,
};
pub use answer::{Answer, Answered, Done, DutyAnswer, DutyAnswered, DutyDone};
pub use async_desk::AsyncDesk;
pub use async_ledger::{AsyncLedger, Waking, Woken};
pub use chain::{Hash, Line, Sealed, follow};
pub use deliver::{
    Deliveries, Delivery, Leaving, NotNow, PutOff, Reach, To, Words, deliver, deliveries,
};
pub use desk::Desk;
pub use directory::{
    Absence, Addressed, Directory, DirectoryError, Found, PostTable, Presence, Recipient, Tenure,
    address,
};
pub use entry::{DutyEntry, Entry};
pub use error::{Broken, BrokenDuty, DeskError, Flaw};
pub use ledger::{Cursor, Ledger, Page};
pub use memory::MemoryLedger;
pub use observe::{Observer, Sent, Work};
#[cfg(feature = "postgres")]
pub use postgres::PostgresLedger;
pub use receipt::{Failure, Fate, Filed, Receipt, effect_of};
pub use seal::{BrokenSeal, Proof, Seal, SealFlaw, SealedLog, Step};
pub use shadow::{Difference, DifferenceKind, ShadowDifference, ShadowReport, Shadowing};
pub use signal::SignalSaid;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteLedger;
pub use upcast::Upcast;
