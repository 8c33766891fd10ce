//! What a desk tells whoever watches it: for counters, and with the feature `tracing` for spans and events.
//!
//! Nothing private is told: names of commands, ids of cases, commands and persons, moments, numbers, the kinds of errors and the rules behind refusals. No
//! text, no contact, no secret. An error's own words are told to nobody but the caller, since a store may quote in them what it
//! keeps; they are in the [`DeskError`] that an [`Observer`] is shown, and a host that logs them answers for that.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::core::Ticked;
use super::{Answer, DeskError, DutyAnswer};
use crate::duty::{DutyEnvelope, DutyRefusal};
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, CommandId, CommandName, DutyCommandName, DutyId, EffectId, Envelope, Refusal,
};

/// What a desk is at, from [`began`](Observer::began) to [`ended`](Observer::ended).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Work {
    /// Answers a command to a case.
    Submit,
    /// Answers a command to an obligation.
    SubmitDuty,
    /// Wakes what is due.
    Tick,
    /// Answers what several threads submitted at once, in one transaction. What it answers begins and ends within.
    Gather,
}

/// A command to a case, or to an obligation, as whoever watches is told of it: none of its words, and no salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent<'a, Id = CaseId, Name = CommandName> {
    /// The command's id.
    pub id: &'a CommandId,
    /// To which case, or obligation.
    pub to: &'a Id,
    /// By whom.
    pub by: &'a Actor,
    /// When it says that it came.
    pub at: Moment,
    /// What it asks, by its name.
    pub command: Name,
}

/// Watches a desk. Every method does nothing unless it is written, and is called on the thread that works, outside of the ledger's own
/// locks but possibly within a transaction: it is to count and to return. It must not call the desk.
///
/// The desk gives no times, since it has no clock: who wants them takes their own at [`began`](Observer::began) and
/// [`ended`](Observer::ended). A transaction may be undone after something was told of it, and what was in it told again when it is done
/// anew: these are numbers for watching, and the ledger alone says what is so.
///
/// An observer that panics loses what it was told, and nothing else: the desk goes on.
///
/// ```
/// use duly::desk::{Desk, MemoryLedger, Observer};
/// use duly::words::Refusal;
/// # use duly::plan::{Plans, bare};
/// # use duly::words::{Actor, Command, Envelope, Role, Salt};
/// # let mut plans = Plans::new("hainan".parse()?);
/// # plans.take(bare("demo".parse()?))?;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// #[derive(Default)]
/// struct Refused(AtomicU64);
/// impl Observer for Refused {
///     fn refused(&self, _: &Refusal) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// let refused = Arc::new(Refused::default());
/// let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?.with_observer(refused.clone());
/// # let note = Envelope { id: "c1".parse()?, case: "m01".parse()?, by: Actor::new("clerk".parse()?, Role::Intake),
/// #     at: "2026-03-02T09:00:00+08:00".parse()?, salt: Salt::derived(b"a test", "c1"),
/// #     command: Command::Note { text: "no such case".into() } };
/// assert!(desk.submit(note)?.refusal().is_some());
/// assert_eq!(refused.0.load(Ordering::Relaxed), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[allow(unused_variables, reason = "they do nothing unless they are written")]
pub trait Observer: Send + Sync {
    /// Something began. The number is its own, and comes again with its end: several may be under way, and one within another. For
    /// histograms of how long commands take; what of a group is decided on a thread of its own is not in it
    /// ([`Desk::submit_many`](super::Desk::submit_many)).
    fn began(&self, work: Work, number: u64) {}
    /// It ended, whether well or not, or was dropped.
    fn ended(&self, work: Work, number: u64) {}
    /// A command to a case was answered, well or not, by a repetition too; the links that cases send one another as well. For how much is
    /// done, by command.
    fn submitted(&self, sent: Sent<'_>, answer: &Answer) {}
    /// A command to an obligation was answered.
    fn submitted_duty(&self, sent: Sent<'_, DutyId, DutyCommandName>, answer: &DutyAnswer) {}
    /// A command to a case was refused, by the rule that the refusal names. A rise after a change of plan or of a client says that one of them is
    /// wrong.
    fn refused(&self, refusal: &Refusal) {}
    /// A command to an obligation was refused.
    fn refused_duty(&self, refusal: &DutyRefusal) {}
    /// Somebody else wrote to the case first, and the command is decided anew. Many say that one case is hot, or that two services do the
    /// same work.
    fn conflicted(&self) {}
    /// A tick was done: how many were woken, whether more is due, and what is stuck. Whatever is stuck wants a person.
    fn ticked(&self, ticked: &Ticked) {}
    /// One case told another something (并案), and it was carried out.
    fn linked(&self, effect: &EffectId, to: &CaseId) {}
    /// So many commands of several threads went to the disk together. One at a time, under load, says that the group commit gains
    /// nothing.
    fn gathered(&self, commands: usize) {}
    /// So many effects were taken out of an outbox.
    fn delivered(&self, effects: usize) {}
    /// A worker's deliverer could not deliver an effect, or its row in the outbox is damaged, for the how-manieth time in a row. What stays
    /// so holds its case's news back.
    fn undelivered(&self, effect: &str, failures: u32) {}
    /// The ledger failed, or others would not stop writing to it; or a worker has come upon a row of the outbox that is damaged, and this says
    /// why, once. For alarms.
    fn failed(&self, error: &DeskError) {}
}

/// Tells an observer, if there is one, and the host's log.
#[derive(Default)]
pub(super) struct Watch {
    observer: Option<Arc<dyn Observer>>,
    numbers: AtomicU64,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

/// Something under way, until dropped.
pub(super) struct Doing<'a> {
    watch: &'a Watch,
    work: Work,
    number: u64,
}

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.watch
            .tell(|observer| observer.ended(self.work, self.number));
    }
}

impl Watch {
    pub(super) fn of(observer: Arc<dyn Observer>) -> Watch {
        Watch {
            observer: Some(observer),
            numbers: AtomicU64::default(),
        }
    }
    fn tell(&self, what: impl FnOnce(&dyn Observer)) {
        if let Some(observer) = &self.observer {
            let _ = catch_unwind(AssertUnwindSafe(|| what(observer.as_ref())));
        }
    }
    pub(super) fn began(&self, work: Work) -> Doing<'_> {
        let number = match self.observer {
            Some(_) => self.numbers.fetch_add(1, Ordering::Relaxed),
            None => 0,
        };
        self.tell(|observer| observer.began(work, number));
        Doing {
            watch: self,
            work,
            number,
        }
    }
    pub(super) fn submitted(&self, envelope: &Envelope, answer: &Answer) {
        trace::answered(kind_of(answer), answer.refusal().map(|it| &*it.why));
        let sent = Sent {
            id: &envelope.id,
            to: &envelope.case,
            by: &envelope.by,
            at: envelope.at,
            command: envelope.command.name(),
        };
        self.tell(|observer| observer.submitted(sent, answer));
        if let Some(refusal) = answer.refusal() {
            self.tell(|observer| observer.refused(refusal));
        }
    }
    pub(super) fn submitted_duty(&self, envelope: &DutyEnvelope, answer: &DutyAnswer) {
        let kind = if answer.done().is_some() {
            "done"
        } else {
            "refused"
        };
        trace::answered(kind, answer.refusal().map(|it| &*it.why));
        let sent = Sent {
            id: &envelope.id,
            to: &envelope.duty,
            by: &envelope.by,
            at: envelope.at,
            command: envelope.command.name(),
        };
        self.tell(|observer| observer.submitted_duty(sent, answer));
        if let Some(refusal) = answer.refusal() {
            self.tell(|observer| observer.refused_duty(refusal));
        }
    }
    pub(super) fn conflicted(&self) {
        trace::conflicted();
        self.tell(|observer| observer.conflicted());
    }
    pub(super) fn ticked(&self, ticked: &Ticked) {
        trace::ticked(ticked);
        self.tell(|observer| observer.ticked(ticked));
    }
    pub(super) fn linked(&self, effect: &EffectId, to: &CaseId) {
        trace::linked(effect, to);
        self.tell(|observer| observer.linked(effect, to));
    }
    pub(super) fn gathered(&self, commands: usize) {
        trace::gathered(commands);
        self.tell(|observer| observer.gathered(commands));
    }
    pub(super) fn delivered(&self, effects: usize) {
        if effects > 0 {
            trace::delivered(effects);
            self.tell(|observer| observer.delivered(effects));
        }
    }
    pub(super) fn undelivered(&self, effect: &str, failures: u32) {
        trace::undelivered(effect, failures);
        self.tell(|observer| observer.undelivered(effect, failures));
    }
    /// Tells of an error that is the ledger's, not a command's.
    pub(super) fn failed(&self, error: &DeskError) {
        if !error.is_local() {
            trace::failed(error);
            self.tell(|observer| observer.failed(error));
        }
    }
}

fn kind_of(answer: &Answer) -> &'static str {
    match answer {
        Answer::Done(_) => "done",
        Answer::Refused(_) => "refused",
        Answer::Known { .. } => "known",
    }
}

pub(super) use trace::within;

#[cfg(feature = "tracing")]
mod trace {
    use std::future::Future;

    use serde::Serialize;
    use tracing::{Instrument, debug, debug_span, error, info, warn};

    use crate::desk::DeskError;
    use crate::desk::core::Ticked;
    use crate::desk::kind::Kind;
    use crate::words::{CaseId, EffectId};

    /// Has the answer to a command in a span of its own.
    pub(in crate::desk) fn within<K: Kind, F: Future>(
        envelope: &K::Envelope,
        work: F,
    ) -> impl Future<Output = F::Output> + use<K, F> {
        let asked = K::asked(envelope);
        let span = debug_span!(
            "submit",
            command = K::name(envelope),
            of = %asked.of,
            id = %asked.id,
        );
        work.instrument(span)
    }
    /// The name of a rule as it is in JSON, without what it says of the case at hand.
    fn rule(why: Option<&impl Serialize>) -> String {
        let value = why.and_then(|why| serde_json::to_value(why).ok());
        match value {
            Some(serde_json::Value::String(name)) => name,
            Some(serde_json::Value::Object(fields)) => fields
                .into_iter()
                .next()
                .map_or_else(String::new, |it| it.0),
            _ => String::new(),
        }
    }
    pub(super) fn answered(answer: &'static str, why: Option<&impl Serialize>) {
        match why {
            Some(_) => info!(answer, why = rule(why), "answered"),
            None => debug!(answer, "answered"),
        }
    }
    pub(super) fn conflicted() {
        debug!("decided anew: somebody else wrote first");
    }
    pub(super) fn ticked(ticked: &Ticked) {
        debug!(fired = ticked.fired, more = ticked.more, "ticked");
        for stuck in &ticked.stuck {
            warn!(case = %stuck.case, "a case could not be woken");
        }
        for stuck in &ticked.stuck_duties {
            warn!(duty = %stuck.duty, "an obligation could not be woken");
        }
    }
    pub(super) fn linked(effect: &EffectId, to: &CaseId) {
        debug!(%effect, %to, "told another case");
    }
    pub(super) fn gathered(commands: usize) {
        debug!(commands, "gathered");
    }
    pub(super) fn delivered(effects: usize) {
        debug!(effects, "delivered");
    }
    pub(super) fn undelivered(effect: &str, failures: u32) {
        warn!(effect, failures, "could not be delivered");
    }
    pub(super) fn failed(error: &DeskError) {
        error!(error = error.name(), "the ledger failed");
    }
}

#[cfg(not(feature = "tracing"))]
mod trace {
    use std::future::Future;

    use crate::desk::DeskError;
    use crate::desk::core::Ticked;
    use crate::desk::kind::Kind;
    use crate::words::{CaseId, EffectId};

    pub(in crate::desk) fn within<K: Kind, F: Future>(_: &K::Envelope, work: F) -> F {
        work
    }
    pub(super) fn answered<W>(_: &'static str, _: Option<&W>) {}
    pub(super) fn conflicted() {}
    pub(super) fn ticked(_: &Ticked) {}
    pub(super) fn linked(_: &EffectId, _: &CaseId) {}
    pub(super) fn gathered(_: usize) {}
    pub(super) fn delivered(_: usize) {}
    pub(super) fn undelivered(_: &str, _: u32) {}
    pub(super) fn failed(_: &DeskError) {}
}
