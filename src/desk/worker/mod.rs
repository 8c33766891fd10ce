//! The loop that every service needs around a desk: it sleeps until the next alarm, has the desk tick, takes what lies in the
//! outbox to whoever delivers it, and goes on.
//!
//! > It reads no clock and starts no thread: the host gives the clock, and the thread or the task to run on.
//!
//! [`Worker`] is for a [`Desk`], [`AsyncWorker`] for an [`AsyncDesk`](super::AsyncDesk); they are one loop. Whoever submits rings the
//! [`Bell`], and whoever shuts down stops it.
//!
//! **Time.** A worker waits for the next alarm, and never longer than [`Rhythm::longest`] in one piece, by a monotonic clock. So a wall clock
//! that jumps ahead is noticed within a minute, and what became due is made up for, each case at its own moments. A clock that is set back
//! does no harm: nothing is due, and the worker waits. A case that cannot be woken keeps no other waiting, and is tried again after
//! a while, each time twice as long.
//!
//! **Delivery.** At least once, and outside of any transaction: an effect leaves the outbox after the deliverer has returned `Ok` for
//! it. Those of one case go in the order in which they came about. One that fails stays, and holds back
//! what comes after it in the same case, because an answer and the news that it was taken back are for one citizen; other cases go on. So a
//! deliverer returns `Ok` as well for what can never be delivered, once it has said so to the desk (`undelivered`); `Err` is for what may
//! go better later. It is tried again after a while, each time twice as long, and not before all others had their turn: a deliverer
//! that takes long to fail keeps no other citizen waiting. A panic of the deliverer counts as `Err`, where panics unwind; the worker goes on. So
//! does a row of the outbox that is damaged, until somebody has mended it.
//!
//! Two workers over one ledger do no harm: each alarm fires once. But both may deliver the same effect, and then the order of a case is that of
//! each of them. Where that matters, let one of them deliver.
//!
//! **Failure.** What keeps the ledger from its work is waited out, each time twice as long, up to a minute; so is a server that takes
//! no writes for now. Only what no wait can mend ends the loop ([`Ended::Failed`]): a ledger for reading only, a file of another
//! kind, one of a newer library.

mod async_worker;
mod bell;
mod patience;
mod post;
mod turn;

use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::ready::now;
use super::{Desk, DeskError, Ledger};
use crate::duty::DutyOutgoing;
use crate::time::Moment;
use crate::words::Outgoing;

pub use async_worker::AsyncWorker;
pub use bell::Bell;
pub use patience::Rhythm;

/// What is to be delivered: an effect of a case, or of an obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Parcel {
    /// 件: of a case.
    Case(Outgoing),
    /// 事项: of an obligation.
    Duty(DutyOutgoing),
}

impl Parcel {
    /// Its identity, the same each time it is delivered; unique among those of cases, and among those of obligations.
    pub fn id(&self) -> String {
        match self {
            Parcel::Case(outgoing) => outgoing.id.to_string(),
            Parcel::Duty(outgoing) => outgoing.id.to_string(),
        }
    }
    /// The case or the obligation that it is of.
    pub fn of(&self) -> String {
        match self {
            Parcel::Case(outgoing) => outgoing.id.case.to_string(),
            Parcel::Duty(outgoing) => outgoing.id.duty.to_string(),
        }
    }
    /// When it came about.
    pub fn at(&self) -> Moment {
        match self {
            Parcel::Case(outgoing) => outgoing.at,
            Parcel::Duty(outgoing) => outgoing.at,
        }
    }
}

impl From<Outgoing> for Parcel {
    fn from(outgoing: Outgoing) -> Parcel {
        Parcel::Case(outgoing)
    }
}

impl From<DutyOutgoing> for Parcel {
    fn from(outgoing: DutyOutgoing) -> Parcel {
        Parcel::Duty(outgoing)
    }
}

/// Why a worker ended.
#[derive(Debug)]
#[non_exhaustive]
#[must_use]
pub enum Ended {
    /// Its bell was stopped.
    Stopped,
    /// The ledger will never do what is asked of it.
    Failed(DeskError),
}

impl Ended {
    /// Whether it ended because it was told to.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Ended::Stopped)
    }
}

/// The host's clock. A closure that gives the moment is one; a test has one of its own, and waits in no time.
pub trait Clock {
    /// The moment that it is. It may jump.
    fn now(&self) -> Moment;
    /// Waits until the bell has rung more often than `seen`, and at most so long. Returning early does no harm.
    fn wait(&self, bell: &Bell, seen: u64, most: Duration) {
        bell.wait(seen, most);
    }
}

impl<F: Fn() -> Moment> Clock for F {
    fn now(&self) -> Moment {
        self()
    }
}

/// Sees to a [`Desk`] on the host's own thread: wakes cases in time, and has what lies in the outbox delivered. How it does is told at
/// the head of [this module](self).
///
/// ```
/// use duly::desk::worker::{Parcel, Worker};
/// use duly::desk::{Cursor, Desk, MemoryLedger};
/// # use duly::plan::{Plans, bare};
/// # use duly::time::Moment;
/// # use duly::words::{Actor, Command, Envelope, Facts, Origin, Role, Salt};
/// # let mut plans = Plans::new("hainan".parse()?);
/// # plans.take(bare("demo".parse()?))?;
/// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
/// # let message = Envelope { id: "c1".parse()?, case: "m01".parse()?, by: Actor::new("clerk".parse()?, Role::Intake),
/// #     at: "2026-03-02T09:00:00+08:00".parse()?, salt: Salt::derived(b"a test", "c1"),
/// #     command: Command::Open { place: "632521".parse()?, channel: "board".parse()?, external_id: "4711".parse()?,
/// #         message: "路灯不亮".into(), contact: None, citizen: None, origin: Origin::Message, facts: Facts::new() } };
/// let mut sent = Vec::new();
/// let ended = std::thread::scope(|threads| {
///     let mut worker = Worker::new(&desk, |parcel: Parcel| {
///         // … the texts are at `desk.text(…)`; send, with the id …
///         sent.push(parcel.id());
///         Ok::<(), std::io::Error>(())
///     });
///     let bell = worker.bell();
///     // The system's clock, in a service: `|| Moment::from_unix(…)`.
///     let clock = || "2026-03-02T09:00:01+08:00".parse().unwrap_or(Moment::MIN);
///     let working = threads.spawn(move || worker.run(&clock));
///
///     let answer = desk.submit(message);
///     bell.ring(); // the case may want to be woken before anything else
///     while desk.outbox(&Cursor::start(), 1).is_ok_and(|page| !page.items.is_empty()) {
///         std::thread::yield_now();
///     }
///     bell.stop(); // or, for a signal handler: `bell.flag()`
///     (answer, working.join())
/// });
/// assert!(matches!(ended, (Ok(answer), Ok(ended)) if answer.is_done() && ended.is_stopped()));
/// assert!(!sent.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Worker<'a, L, D> {
    desk: &'a Desk<L>,
    deliver: D,
    bell: Bell,
    rhythm: Rhythm,
}

impl<'a, L, D, E> Worker<'a, L, D>
where
    L: Ledger,
    D: FnMut(Parcel) -> Result<(), E>,
{
    /// A worker over a desk, with what delivers. What an `Err` says is dropped: whoever wants it in a log writes it there, without the
    /// words of the effect.
    pub fn new(desk: &'a Desk<L>, deliver: D) -> Worker<'a, L, D> {
        Worker {
            desk,
            deliver,
            bell: Bell::default(),
            rhythm: Rhythm::default(),
        }
    }
    /// Paced otherwise.
    #[must_use]
    pub fn with_rhythm(self, rhythm: Rhythm) -> Worker<'a, L, D> {
        Worker { rhythm, ..self }
    }
    /// With a bell that others have already.
    #[must_use]
    pub fn with_bell(self, bell: Bell) -> Worker<'a, L, D> {
        Worker { bell, ..self }
    }
    /// The bell that wakes it, and stops it.
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }
    /// Works until it is stopped, or until nothing more can come of it.
    pub fn run(&mut self, clock: &impl Clock) -> Ended {
        let (bell, deliver) = (&self.bell, &mut self.deliver);
        let at_once = self.desk.at_once();
        now(turn::run(
            &at_once.core(),
            bell,
            &self.rhythm,
            || clock.now(),
            |parcel| {
                let tried = catch_unwind(AssertUnwindSafe(|| deliver(parcel).is_ok()));
                ready(tried.unwrap_or(false))
            },
            |seen, most| {
                clock.wait(bell, seen, most);
                ready(())
            },
        ))
    }
}
