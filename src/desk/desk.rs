//! The door of a board over a ledger that answers at once.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use super::at_once::AtOnce;
use super::core::{
    Comes, Erasables, Erasure, Extent, Moves, Shared, Taken, Ticked, Verified, WouldImport,
};
use super::deliver::Deliveries;
use super::kind::{Cases, Duties, Kind};
use super::queue::Queue;
use super::receipt::Receipt;
use super::{
    Adoption, Adoptions, Answer, Answered, Cursor, DeskError, Directory, DutyAnswer, DutyAnswered,
    DutyEntry, Entry, Hash, Ledger, Observer, Page, Proof, Seal, ShadowReport, Shadowing,
    SignalSaid, Work,
};
use crate::case::Case;
use crate::duty::{Duty, DutyEffectId, DutyEnvelope, DutyOutgoing};
use crate::plan::{Known, Plan, Plans};
use crate::time::{DayTable, Moment};
#[cfg(doc)]
use crate::words::Why;
use crate::words::{
    Actor, CaseId, Channel, CommandId, DutyId, EffectId, Envelope, ExternalId, FactValue, Outgoing,
    PersonId, PlanId, Text, TextRef,
};

/// After how many commands in a row that the ledger could not take it is held to be away.
const AWAY: usize = 3;

/// How many commands that are given at once are decided ahead before that begins anew.
const MANY: usize = 256;

/// The door of a board. One desk serves all threads of a process; several processes may each have one on the same
/// ledger. Over a ledger that is waited for it is an [`AsyncDesk`](super::AsyncDesk).
///
/// ```
/// use duly::desk::{Desk, MemoryLedger};
/// use duly::plan::{Plans, bare};
/// let mut plans = Plans::new("hainan".parse()?);
/// plans.take(bare("demo".parse()?))?;
/// let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
/// assert_eq!(desk.next_alarm()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Desk<L> {
    ledger: L,
    shared: Shared,
    queue: Queue<Envelope, Result<Answer, DeskError>>,
}

// By hand, so that no log shows the secret.
impl<L: fmt::Debug> fmt::Debug for Desk<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}

impl<L: Ledger> Desk<L> {
    /// A desk over a ledger, with the plans in hand.
    ///
    /// # Errors
    /// When plans and ledger are of different boards.
    pub fn new(ledger: L, plans: Plans) -> Result<Desk<L>, DeskError> {
        let shared = Shared::new(ledger.board(), plans)?;
        Ok(Desk {
            ledger,
            shared,
            queue: Queue::default(),
        })
    }

    /// With a secret of the host's that goes into what is remembered of commands. Without one, whoever reads the
    /// ledger could guess at short texts in refused commands. Keep it as long as the ledger.
    #[must_use]
    pub fn with_secret(self, secret: &[u8]) -> Desk<L> {
        Desk {
            shared: self.shared.with_secret(secret),
            ..self
        }
    }

    /// With somebody who watches it: see [`Observer`]. One at a time; who wants two gives one that tells both.
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> Desk<L> {
        Desk {
            shared: self.shared.with_observer(observer),
            ..self
        }
    }

    pub(super) fn at_once(&self) -> AtOnce<'_> {
        AtOnce::new(&self.ledger, &self.shared)
    }
    /// Answers on this thread.
    fn answer(&self, envelope: &Envelope) -> Result<Answer, DeskError> {
        self.at_once().submit(envelope, Comes::Alone)
    }
    /// Answers all, in one transaction if that can be.
    fn answer_all(&self, envelopes: &[&Envelope]) -> Vec<Result<Answer, DeskError>> {
        let mut answers = Vec::new();
        let watch = &self.shared.watch;
        let many = envelopes.len() > 1;
        let _doing = many.then(|| watch.began(Work::Gather));
        watch.gathered(envelopes.len());
        let done = many.then(|| {
            self.together(|| {
                for envelope in envelopes {
                    match self.answer(envelope) {
                        Err(error) if !error.is_local() => return Err(error),
                        answer => answers.push(answer),
                    }
                }
                Ok(())
            })
        });
        match done {
            Some(Ok(())) => answers,
            // Each by itself, then, and with its own error.
            _ => self.answer_each(envelopes),
        }
    }
    /// Answers one after another, until the store fails, each decided ahead where that can be.
    fn answer_in_turn(
        &self,
        envelopes: &[Envelope],
        answers: &mut Vec<Result<Answer, DeskError>>,
    ) -> Result<(), DeskError> {
        let mut failed = Ok(());
        self.shared.in_turn(envelopes, |envelope, comes| {
            match self.at_once().submit(envelope, comes) {
                Err(error) if !error.is_local() => failed = Err(error),
                answer => answers.push(answer),
            }
            failed.is_ok()
        });
        failed
    }
    /// Answers one after another. A store that is away keeps each waiting for as long as it has patience, so it is not asked for
    /// all of them: after a few in a row the rest is told the same.
    fn answer_each(&self, envelopes: &[&Envelope]) -> Vec<Result<Answer, DeskError>> {
        let mut answers: Vec<Result<Answer, DeskError>> = Vec::new();
        let mut away = 0;
        for envelope in envelopes {
            if away >= AWAY
                && let Some(Err(last)) = answers.last()
            {
                let like = last.like();
                answers.push(Err(like));
                continue;
            }
            let answer = self.answer(envelope);
            let failed = matches!(&answer, Err(error) if !error.is_local());
            away = if failed { away + 1 } else { 0 };
            answers.push(answer);
        }
        answers
    }

    /// Answers a command, and has it in the ledger before it answers. What several threads submit at once goes to the disk
    /// together, where the ledger [gains by it](Ledger::gathers).
    ///
    /// The same command, sent again, is answered as the first time, refusals too. What comes with an earlier moment
    /// than the case has seen is stamped with the case's last. If others write to the case meanwhile, the command is
    /// decided anew. A refusal for want of a plan in hand, or of one that is in force, because a function of the host's found what its
    /// fact cannot have, or because the moment is not believed, is not remembered: it says nothing about the command, and brings nothing
    /// about.
    ///
    /// Where a command is refused otherwise, what time had brought about by then is kept all the same, whoever asked: a person without
    /// any role too, since it is time's doing and not theirs. It is what a Tick at that moment would have recorded. The moment
    /// is the host's word; one that lies ten years past an open case's last event is not believed ([`Why::TooFar`]), and
    /// brings nothing about.
    ///
    /// What the case thereby tells cases that are merged with it, or that it is divided into, is carried out at once
    /// ([`Effect::Link`](crate::words::Effect::Link)). What a case and its parts tell each other no host may say.
    /// Where that cannot be done now, the answer stands, and the next [`tick`](Desk::tick) does it. Command ids that begin with
    /// `link/` are the desk's own, and so are those with `receipt/`, `adopt/`, `calendar/` and `erase/` for any command but the one that the
    /// desk gives them to.
    ///
    /// # Errors
    /// [`DeskError::is_reused`] for an id that came before with something else, [`DeskError::is_busy`] if others
    /// would not stop writing to the case, and whatever keeps the ledger from its work. The command was not done
    /// then, and can be sent again. An example stands at the head of [this module](super).
    pub fn submit(&self, envelope: Envelope) -> Result<Answer, DeskError> {
        if !self.ledger.gathers() {
            return self.answer(&envelope);
        }
        let answered = self.queue.ask(envelope, |all| self.answer_all(all));
        answered.unwrap_or_else(|| Err(DeskError::busy()))
    }
    /// 预警: a signal of a subject, which a rule of the pack heeds or not. It opens a case; said again of the same subject while that
    /// case is open, or within the pack's window after the signal that opened it, it joins that case; after that it opens another.
    /// The same command, sent again, is answered as the first time.
    ///
    /// # Errors
    /// As [`submit`](Desk::submit). That no rule heeds it is an answer: [`Why::NotHeeded`].
    pub fn signal(&self, said: &SignalSaid) -> Result<Answer, DeskError> {
        self.at_once().signal(said)
    }
    /// Answers commands in their order, in one durable transaction: much cheaper than one by one. A command that
    /// cannot be answered for its own fault has its error in its place, and the others go on.
    ///
    /// All of them are taken before the first is answered.
    ///
    /// Over an [`SqliteLedger`](super::SqliteLedger), eight or more are decided on a thread of their own while those before them are written, unless a function of
    /// the host's is registered ([`derive`](Desk::derive)) or this thread is in a [group](Desk::together) already. That changes no answer: what is decided
    /// so counts only if case and plans are still those that it was decided on.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. Nothing was done then.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::words::{Actor, Command, Envelope, Role, Salt};
    /// let note = |id: &str| Ok::<_, duly::words::InvalidId>(Envelope {
    ///     id: id.parse()?,
    ///     case: "m01".parse()?,
    ///     by: Actor::new("clerk-7".parse()?, Role::Intake),
    ///     at: duly::time::Moment::MIN,
    ///     salt: Salt::derived(b"a test", id),
    ///     command: Command::Note { text: "no such case".into() },
    /// });
    /// let answers = desk.submit_many([note("c1")?, note("c2")?])?;
    /// assert!(answers.iter().flatten().all(|answer| answer.refusal().is_some()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn submit_many(
        &self,
        envelopes: impl IntoIterator<Item = Envelope>,
    ) -> Result<Vec<Result<Answer, DeskError>>, DeskError> {
        let envelopes: Vec<Envelope> = envelopes.into_iter().collect();
        let mut answers = Vec::with_capacity(envelopes.len());
        // Deciding ahead is worth while where a group waits for a disk.
        let many = if self.ledger.gathers() { MANY } else { 1 };
        self.together(|| {
            let mut groups = envelopes.chunks(many);
            groups.try_for_each(|some| self.answer_in_turn(some, &mut answers))
        })?;
        Ok(answers)
    }
    /// Group commit: everything the closure does at this desk, on its own thread, becomes one transaction. No answer
    /// is to be passed on before this has returned `Ok`.
    ///
    /// # Errors
    /// The closure's own, or whatever keeps the ledger from its work. Nothing was done then.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// desk.together(|| {
    ///     // … several commands, or commands and deliveries …
    ///     desk.delivered(&[])
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn together(
        &self,
        mut group: impl FnMut() -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        let noting = self.shared.hold_notes();
        self.ledger.together(&mut group)?;
        noting.keep();
        Ok(())
    }
    /// Wakes cases and then obligations whose time has come, at most `limit` times, in one transaction.
    ///
    /// Each is woken at its own moment, not at `at`, and the order is that of moment and case. So a desk that was
    /// asleep for a week writes the same records, in the same order, as one that ticked every second.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. Nothing was done then. A single case that cannot be woken is no
    /// error: it is among the stuck.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let ticked = desk.tick("2026-03-02T09:00:00+08:00".parse()?, 100)?;
    /// assert_eq!(ticked.fired, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tick(&self, at: Moment, limit: usize) -> Result<Ticked, DeskError> {
        self.at_once().tick(at, limit)
    }
    /// Wakes everything whose time has come.
    ///
    /// # Errors
    /// As [`tick`](Desk::tick). What earlier transactions did is done.
    pub fn advance(&self, at: Moment) -> Result<Ticked, DeskError> {
        self.at_once().advance(at)
    }
    /// When the next case or obligation wants to be woken; until then nothing happens by itself. Set a timer and
    /// [`tick`](Desk::tick) then; early or twice does no harm.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        self.at_once().next_alarm()
    }
    /// What taking over these cases would bring ([`Command::Import`](crate::words::Command::Import), 接续登记): when each limit is due, which
    /// steps are past and stay silent, which come next; or why it would be refused. Changes nothing. They are taken over by
    /// [`submit_many`](Desk::submit_many).
    ///
    /// # Errors
    /// [`DeskError::misuse`], where something else is in the list, or a case twice; [`DeskError::is_reused`] for an id that came before with
    /// something else; otherwise whatever keeps the ledger from its work.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger, WouldImport};
    /// # use duly::plan::{Plans, bare};
    /// # use duly::words::{Actor, Command, Envelope, Role, Salt};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let envelope = Envelope {
    ///     id: "old-7".parse()?,
    ///     case: "m07".parse()?,
    ///     by: Actor::new("caihong".parse()?, Role::Intake),
    ///     at: "2026-03-16T09:00:00+08:00".parse()?,
    ///     salt: Salt::derived(b"a test", "old-7"),
    ///     command: serde_json::from_str::<Command>(r#"{"import": {"place": "632521", "channel": "领导留言板", "external_id": "LY-7",
    ///         "message": "村道路灯坏了三个月", "from": "旧督办系统", "approved_by": "lishu",
    ///         "received": "2026-03-02T09:14:00+08:00", "stage": "received"}}"#)?,
    /// };
    /// let told = desk.rehearse_import(std::slice::from_ref(&envelope))?;
    /// let [WouldImport::Taken(told)] = told.as_slice() else { panic!("{told:?}") };
    /// let answers = desk.submit_many([envelope])?;
    /// assert!(answers.into_iter().all(|answer| answer.is_ok_and(|answer| answer.is_done())));
    /// assert_eq!(desk.next_alarm()?, told.next_alarm);
    /// assert_eq!(desk.verify()?.cases, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rehearse_import(&self, envelopes: &[Envelope]) -> Result<Vec<WouldImport>, DeskError> {
        self.at_once().rehearse_import(envelopes)
    }
    /// A case as it stands, by what is in the ledger.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// assert!(desk.case(&"m01".parse()?)?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn case(&self, case: &CaseId) -> Result<Option<Case>, DeskError> {
        self.at_once().case(case)
    }
    /// All records of a case, in order.
    ///
    /// # Errors
    /// [`DeskError::broken`] names the first record that was altered.
    pub fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
        self.at_once().history(case)
    }
    /// Cases in the order of their ids, from the first after `after`.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn cases(&self, after: Option<&CaseId>, limit: usize) -> Result<Vec<CaseId>, DeskError> {
        self.at_once().cases(after, limit)
    }
    /// A plan that is kept with the cases, whether or not it is in hand.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], where what is kept is not the plan of that identity.
    pub fn kept_plan(&self, plan: &PlanId) -> Result<Option<Plan>, DeskError> {
        self.at_once().kept_plan(plan)
    }
    /// Records of all cases, in the order in which they came into the ledger.
    ///
    /// # Errors
    /// [`DeskError::broken`] names the first record that was altered.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::Cursor;
    /// let mut cursor = Cursor::start();
    /// loop {
    ///     let page = desk.read(&cursor, 100)?;
    ///     if page.items.is_empty() {
    ///         break;
    ///     }
    ///     // … fold the records, and keep the cursor with what came of them …
    ///     cursor = page.next;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        self.at_once().read(after, limit)
    }
    /// The case of a message's number in its channel.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError> {
        self.at_once().find(channel, external_id)
    }
    /// What was answered to a command, and when it came.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError> {
        let row = self.ledger().answered(Cases::SHELF, command.as_str())?;
        row.map(Answered::of).transpose()
    }
    /// The words of a private text of a case; none, once it is erased.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn text(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Text>, DeskError> {
        self.at_once().text(case, reference)
    }
    /// What is still to go out, in the order in which it came about, for whoever looks. Whoever sends it takes it by
    /// [`deliveries`](Desk::deliveries), which a row that is damaged keeps from nothing else, and says so with
    /// [`delivered`](Desk::delivered). Whoever dies between takes it again, so the receiver looks at its id; whatever
    /// cannot be delivered now does not keep back what comes after it, which is after the page's `next`.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work, and a row of the page that is damaged.
    pub fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        self.at_once().outbox(after, limit)
    }
    /// What is still to go out, addressed to those who hold the posts now and with its words, ready to be sent. The
    /// [module of deliveries](mod@super::deliver) leads through it.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. Where the directory is down, what it was asked for is put off, and stays; so is what is of a
    /// case that was damaged in the ledger.
    pub fn deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        at: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries, DeskError> {
        self.at_once().deliveries(directory, at, after, limit)
    }
    /// Takes a receipt: keeps it, has the case hear what follows from it, and takes the effect out of the outbox where it is settled. The
    /// same receipt, given again, does no harm. The [module of receipts](mod@super::receipt) says what follows from which.
    ///
    /// # Errors
    /// [`DeskError::misuse`], where the case never had such an effect, or it goes to another case; otherwise as [`submit`](Desk::submit).
    /// What was not done can be done by giving it again. Where the case could not hear of it for want of its plan, or because the moment
    /// is not believed, the effect stays in the outbox, and the answer says so.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::Receipt;
    /// let receipt: Receipt = serde_json::from_str(r#"{"effect": "m01/1/0", "at": "2026-03-02T09:02:00+08:00",
    ///     "means": "短信", "outcome": {"delivered": {}}}"#)?;
    /// assert!(desk.receipt(&receipt).is_err_and(|error| error.to_string().contains("there is no effect `m01/1/0`")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn receipt(&self, receipt: &Receipt) -> Result<Taken, DeskError> {
        self.at_once().receipt(receipt)
    }
    /// Takes out of the outbox what has been delivered.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        self.at_once().delivered(effects)
    }
    /// Goes over the whole ledger: follows every chain, replays every case and compares it with the stored one,
    /// holds every private text against its reference, looks for plans and numbers that are missing, and holds the log against every
    /// [seal](Desk::seal).
    ///
    /// # Errors
    /// [`DeskError::broken`] names the first line that does not hold, and what is wrong with it; for obligations it is
    /// [`DeskError::broken_duty`]. Where every chain holds and records are gone all the same, [`DeskError::broken_seal`] names the seal
    /// that says so, and the stretch of the log. [`DeskError::is_damaged`] is what the store finds wrong with itself. Where nothing is
    /// wrong so far, [`DeskError::is_busy`] says that others kept writing to what was gone over, or that two cases do not agree and nobody
    /// can say yet whether they should, for a transaction that is open still.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// match desk.verify() {
    ///     Ok(verified) => assert_eq!(verified.records, 0),
    ///     Err(error) => match error.broken() {
    ///         Some(broken) => eprintln!("{}, version {}: {}", broken.case, broken.version, broken.flaw),
    ///         None => return Err(error.into()),
    ///     },
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify(&self) -> Result<Verified, DeskError> {
        self.verify_against(&[])
    }
    /// As [`verify`](Desk::verify), and holds the seals against hashes that were kept elsewhere, each with its day: printed in that
    /// day's digest, say. Only so is it found that somebody took the last records away together with the seals over them.
    ///
    /// # Errors
    /// As there, and [`DeskError::broken_seal`] names a seal that is gone, or is another one.
    pub fn verify_against(&self, elsewhere: &[(NaiveDate, Hash)]) -> Result<Verified, DeskError> {
        self.at_once().verify_against(elsewhere)
    }
    /// Seals a day that is over (封印): everything that is in the ledger by now comes under it. It costs what came in since the last
    /// seal, no more. Sealing a day again changes nothing and gives the seal it has; days may be left out, and then come under the
    /// next seal.
    ///
    /// Print [the hash](Seal::hash), and keep it where whoever can write to the ledger cannot reach it.
    ///
    /// # Errors
    /// [`DeskError::misuse`], where the day's digest is not cut yet at `at`, where a later day is sealed and this one was not, or where
    /// `at` lies more than 92 days past the last thing that the ledger knows of, which no clock that is right does;
    /// [`DeskError::broken`] for a record that is damaged, which is not sealed; [`DeskError::is_busy`], where something was noticed before the
    /// day was over that nobody can read yet, for a transaction that is open still; otherwise whatever keeps the ledger from its work.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let day = "2026-03-02".parse()?;
    /// let seal = desk.seal(day, "2026-03-02T23:00:00+08:00".parse()?)?;
    /// assert_eq!(desk.seal(day, "2026-03-05T09:00:00+08:00".parse()?)?, seal);
    /// assert!(desk.seal("2026-03-03".parse()?, "2026-03-03T09:00:00+08:00".parse()?).is_err());
    /// assert_eq!(desk.seals(None, 100)?, [seal]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn seal(&self, day: NaiveDate, at: Moment) -> Result<Seal, DeskError> {
        self.at_once().seal(day, at)
    }
    /// Seals in the order of their days, from the first after `after`.
    ///
    /// # Errors
    /// [`DeskError::broken_seal`] names one that cannot be read.
    pub fn seals(&self, after: Option<NaiveDate>, limit: usize) -> Result<Vec<Seal>, DeskError> {
        self.at_once().seals(after, limit)
    }
    /// That a record of a case was in the ledger when a day was sealed (存证), for whoever has neither ([`Proof`]). None, where it is
    /// under no seal yet, or there is no such record. Reads the log from its beginning to that seal.
    ///
    /// # Errors
    /// [`DeskError::broken_seal`], where the log is not what was sealed, and nothing can be shown.
    pub fn proof(&self, case: &CaseId, version: u64) -> Result<Option<Proof>, DeskError> {
        self.at_once().proof(case, version)
    }
    /// As [`proof`](Desk::proof), of a record of an obligation.
    ///
    /// # Errors
    /// As there.
    pub fn duty_proof(&self, duty: &DutyId, version: u64) -> Result<Option<Proof>, DeskError> {
        self.at_once().duty_proof(duty, version)
    }
    /// What [`erase_subject`](Desk::erase_subject) would erase. Changes nothing.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn erasable(&self, citizen: &PersonId, extent: Extent) -> Result<Erasables, DeskError> {
        self.at_once().erasable(citizen, extent)
    }
    /// Erases what the ledger holds of one citizen (按人删除), as they may ask for (《个人信息保护法》第四十七条): finds every case that
    /// names them as its citizen, and redacts each by an ordinary [`Redact`](crate::words::Command::Redact) that stands in its chain with
    /// its basis. Each has an id made from what it erases, so an erasure that was interrupted is gone on with by asking again.
    ///
    /// What is remembered of commands to these cases loses its hash, too. Then no byte of the words is in the ledger. What stays:
    /// - who, when and what kind of event, place, facts and figures: the chain itself. The citizen's id is in it, and cases' ids and
    ///   numbers are, so a host gives ids that say nothing to whoever has not the host's own list, and strikes the citizen off that list.
    /// - texts of obligations and of other citizens. What another citizen wrote about this one is theirs.
    /// - what went out before: to the citizen, onto the public site, into printed digests. The host takes that back where it can.
    /// - backups made before. A backup that is put back is erased again: repeat this for everyone on the list of those erased since.
    ///
    /// A case that is still open goes on, and what comes in later is kept as ever: repeat this when it is closed.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work; ask again then. A case where `by` has no say is no error: it is among the refused; nor is
    /// one that is damaged: it is among the [stuck](Erasure::stuck), and what there is of the citizen elsewhere is erased.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::Extent;
    /// use duly::words::{Actor, Role};
    /// let citizen = "citizen-1".parse()?;
    /// let would_go = desk.erasable(&citizen, Extent::Own)?;
    /// let by = Actor::new("duban-1".parse()?, Role::Supervisor);
    /// let done = desk.erase_subject(&citizen, "《个人信息保护法》第四十七条", &by, "2026-03-02T09:00:00+08:00".parse()?, Extent::Own)?;
    /// assert_eq!(done.erased, would_go.cases);
    /// assert!(done.stuck.is_empty() && desk.erasable(&citizen, Extent::Own)?.cases.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn erase_subject(
        &self,
        citizen: &PersonId,
        basis: &str,
        by: &Actor,
        at: Moment,
        extent: Extent,
    ) -> Result<Erasure, DeskError> {
        self.at_once().erase_subject(citizen, basis, by, at, extent)
    }
    /// The ledger below.
    pub fn ledger(&self) -> &L {
        &self.ledger
    }
    /// The plans in hand.
    pub fn plans(&self) -> Arc<Plans> {
        self.at_once().core().plans()
    }
    /// Opens new cases under another plan, from the day on which it is in force: next year's may come in hand ahead of time. What is
    /// received on other days comes under the plans that were there before, and cases under way stay with theirs until they adopt it.
    ///
    /// A plan that wants facts which those who send commands do not send yet is not taken: every message would be refused until they
    /// do. It is measured by every plan under which cases come on one of its own dates ([`Plans::lacks`]): a correction of this year's
    /// plan by this year's, whatever next year's wants that is in hand already.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], when its calendar cannot be built; [`DeskError::needs`], when it wants facts that a plan in force
    /// on its dates does not want: each is named, with who gives it and what it takes. The plans in hand stay as they are.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let mut bad = bare("demo".parse()?);
    /// bad.holidays = vec!["atlantis".into()];
    /// assert!(desk.reload(bad).is_err_and(|error| error.is_plan()));
    ///
    /// let mut next = bare("demo".parse()?);
    /// next.edition = "2".into();
    /// assert_eq!(desk.reload(next)?, desk.plans().latest().ok_or("a plan")?.id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reload(&self, plan: Plan) -> Result<PlanId, DeskError> {
        self.reload_with(plan, &[])
    }
    /// As [`reload`](Desk::reload), where callers have begun to send these facts, by name. The first plan of a desk needs nothing
    /// said: nobody sends anything before it.
    ///
    /// # Errors
    /// As [`reload`](Desk::reload), for every fact that is wanted besides these.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Domain, FactRule, Given, Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let mut next = bare("demo".parse()?);
    /// next.schema.facts.push(FactRule { moves: true, ..FactRule::new("heat", Domain::Whole { least: 0, most: 1000 }, Given::Host) });
    /// let error = desk.reload(next.clone()).unwrap_err();
    /// assert_eq!(error.needs().ok_or("facts")?.facts[0].fact, "heat");
    /// assert_eq!(desk.reload_with(next.clone(), &["heat"])?, next.id());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reload_with(&self, plan: Plan, sends: &[&str]) -> Result<PlanId, DeskError> {
        self.at_once().core().reload(plan, sends)
    }
    /// Registers the function that finds a derived fact, or replaces it: before a plan is [reloaded](Desk::reload) that derives it.
    /// What was recorded stays. See [`Plans::derive`] for what a function may do.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// desk.derive("remote", |known| known.place().as_str() == "632524");
    /// assert!(desk.plans().derives("remote"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn derive<V: Into<FactValue>>(
        &self,
        fact: &str,
        function: impl Fn(&Known<'_>) -> V + Send + Sync + 'static,
    ) {
        self.at_once().core().derive(fact, function);
    }
    /// Puts a revised day table in hand. New clocks are counted by it at once; cases and obligations under way
    /// [adopt](Desk::adopt_calendar) it by an entry of their own. Gives the plans that count by it.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], when a plan's calendar could not be built with it. Nothing is changed then.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::time::DayTable;
    /// use duly::words::{Actor, Role};
    /// let mut notice = DayTable::cn();
    /// notice.revision = "2026-11-05".into();
    /// desk.revise(notice)?;
    /// let now = "2026-11-05T09:00:00+08:00".parse()?;
    /// let would_move = desk.calendar_moves(now)?;
    /// let moved = desk.adopt_calendar(&Actor::new("system".parse()?, Role::System), now)?;
    /// assert_eq!(would_move, moved);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revise(&self, table: DayTable) -> Result<Vec<PlanId>, DeskError> {
        self.at_once().core().revise(table)
    }
    /// What [`adopt_calendar`](Desk::adopt_calendar) would move at that moment. Changes nothing.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn calendar_moves(&self, at: Moment) -> Result<Moves, DeskError> {
        self.at_once().calendar_moves(at)
    }
    /// Has every open case whose clocks were counted by another revision, and every obligation that is owed and not late, go on by the
    /// calendar in hand. Each has its own entry with its own command id, so that it can be sent again after an interruption. Gives what moved; what is
    /// damaged or has lost its plan is among the [stuck](Moves::stuck), and keeps no other from it.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. Cases and obligations adopted before that have adopted it.
    pub fn adopt_calendar(&self, by: &Actor, at: Moment) -> Result<Moves, DeskError> {
        self.at_once().adopt_calendar(by, at)
    }
    /// What it would mean to cases under way to go on under another plan (适用新规): for each open case under another one, when its
    /// clocks are due before and after, who would be judged otherwise, which rungs come at once or fall away, whose case gets worse
    /// and in what, and whether it would go over or why it stays. Changes nothing. The plan need not be in hand.
    ///
    /// Looks at `limit` cases at most, from the first after `after`; go on with the page's `next`. What
    /// [`adopt`](Desk::adopt) then does is this, as long as nobody writes to the cases in between.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], when the plan cannot be used; [`DeskError::needs`], for new cases only, when it wants facts that nobody
    /// sends; whatever keeps the ledger from its work.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::{AdoptCounts, Adoption};
    /// use duly::words::{Actor, Role};
    /// let mut next = bare("demo".parse()?);
    /// next.edition = "2".into();
    /// let by = Actor::new("duban".parse()?, Role::Supervisor);
    /// let asked = Adoption::of(next, by, "2026-03-02T09:00:00+08:00".parse()?);
    /// let (mut counts, mut after) = (AdoptCounts::default(), None);
    /// loop {
    ///     let page = desk.adopt_preview(&asked, after.as_ref(), 500)?;
    ///     counts = counts.and(&page.counts);
    ///     // … show the page's cases …
    ///     after = page.next;
    ///     if after.is_none() {
    ///         break;
    ///     }
    /// }
    /// assert_eq!(counts.looked, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn adopt_preview(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        self.at_once().adopt_preview(asked, after, limit)
    }
    /// Has cases under way go on under another plan (适用新规), those that its [mode](crate::desk::AdoptMode) names. The plan is kept with the cases
    /// first, and comes in hand; for new cases [reload](Desk::reload) it, or ask for
    /// [`NewOnly`](crate::desk::AdoptMode::NewOnly), which is that and nothing else.
    ///
    /// Each case has its own entry under a command id made of plan, case and version, and is looked at as it stands when it goes
    /// over: what has got worse since a preview is not done silently. What citizens were promised stays as promised, whatever the
    /// limits become; of a clock that waits, it moves by the wait all the same. A page is one transaction. After an interruption ask for the same again, from the start or from the last page's
    /// `next`: who went over is passed by.
    ///
    /// # Errors
    /// As [`adopt_preview`](Desk::adopt_preview). Nothing of the page was done then; earlier pages are.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::{AdoptMode, Adoption};
    /// use duly::words::{Actor, Role};
    /// let mut next = bare("demo".parse()?);
    /// next.edition = "2".into();
    /// let by = Actor::new("duban".parse()?, Role::Supervisor);
    /// let asked = Adoption::of(next, by, "2026-03-02T09:00:00+08:00".parse()?).mode(AdoptMode::All);
    /// let page = desk.adopt(&asked, None, 500)?;
    /// assert!(page.done && page.cases.is_empty());
    /// assert!(desk.kept_plan(&page.plan)?.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn adopt(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        self.at_once().adopt(asked, after, limit)
    }
    /// Puts a plan on trial (影子运行): from now on, what is decided of cases under the plan in force is also decided under this one, and what
    /// differs is counted. Nothing of the trial is kept with the cases, nothing goes out, and no answer is another for it. One plan is
    /// on trial at a time; another one begins anew.
    ///
    /// A command to a case under way is decided on a copy that adopts the plan at that moment, with whatever approval that would take; a
    /// new case is opened under it. Compared is what the *command* brings about: whether it is accepted, the clocks that it starts,
    /// moves and stops, the rungs ahead of these, units and classes proposed, gates, notices, and whatever else happens with it. What
    /// the adoption alone would change, [`adopt_preview`](Desk::adopt_preview) tells. Not compared: the passing of time, closed cases,
    /// commands to obligations.
    ///
    /// It costs: a case has its plan adopted and the command decided once more, in memory. With the shipped pack a command took 1.6 times
    /// as long over a ledger in memory, and 1.1 times over a file. A case under the plan on trial costs nothing.
    /// What goes wrong in the trial, a function of the host's that panics too, is a difference of its kind, and the answer stands. What a
    /// transaction that is undone had found is not counted.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], when the plan cannot be used: what was on trial before still is.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::Shadowing;
    /// let mut next = bare("demo".parse()?);
    /// next.edition = "2".into();
    /// desk.shadow(Shadowing::of(next))?;
    /// // … a day's work …
    /// let report = desk.shadow_report().ok_or("a trial")?;
    /// assert_eq!((report.decided, report.differing), (0, 0));
    /// assert_eq!(desk.end_shadow(), Some(report));
    /// assert_eq!(desk.shadow_report(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shadow(&self, trial: Shadowing) -> Result<PlanId, DeskError> {
        self.at_once().core().shadow(trial)
    }
    /// Ends the trial, and gives what it found. None, where there was none.
    pub fn end_shadow(&self) -> Option<ShadowReport> {
        self.at_once().core().end_shadow()
    }
    /// What the trial has found so far. None, where there is none.
    pub fn shadow_report(&self) -> Option<ShadowReport> {
        self.at_once().core().shadow_report()
    }
    /// Answers a command to an obligation, and has it in the ledger before it answers. All that is said of
    /// [`submit`](Desk::submit) is so here: the same command is answered as the first time; what comes with an earlier moment
    /// is stamped with the last; where it is refused, what time had brought about is kept. Command ids of obligations and of cases
    /// are told apart.
    ///
    /// # Errors
    /// As [`submit`](Desk::submit).
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::Plans;
    /// let mut plans = Plans::new("hainan".parse()?);
    /// plans.take(duly::script::load("pack.rhai", duly::script::hainan_board())?)?;
    /// let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::duty::{DutyCommand, DutyEnvelope};
    /// use duly::words::{Actor, Role, Salt};
    /// let answer = desk.submit_duty(DutyEnvelope {
    ///     id: "d1".parse()?, duty: "v01".parse()?, by: Actor::new("duban".parse()?, Role::Supervisor),
    ///     at: "2026-03-02T09:00:00+08:00".parse()?, salt: Salt::derived(b"a test", "d1"),
    ///     command: serde_json::from_str::<DutyCommand>(r#"{"impose": {"kind": "video", "topic": "城区供暖", "place": "632521",
    ///         "unit": "共和县住建局"}}"#)?,
    /// })?;
    /// assert_eq!(desk.next_alarm()?, answer.done().ok_or("done")?.next_alarm);
    /// assert_eq!(desk.verify()?.duties, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn submit_duty(&self, envelope: DutyEnvelope) -> Result<DutyAnswer, DeskError> {
        self.at_once().submit_duty(envelope)
    }
    /// Imposes the reading of a day's digest on each post that it is addressed to, once the day is cut: one obligation a post, named
    /// `digest/2026-03-02/leader`. Doing it again changes nothing, whenever it is done. Nothing comes of it where the plan does
    /// not say that digests are to be read.
    ///
    /// # Errors
    /// [`DeskError::misuse`], where the day is not cut yet at `at`; otherwise as [`submit_duty`](Desk::submit_duty).
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::Plans;
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(duly::script::load("pack.rhai", duly::script::hainan_board())?)?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let day = "2026-03-02".parse()?;
    /// let receipts = desk.issue_digest(day, "2026-03-02T17:30:00+08:00".parse()?)?;
    /// assert!(receipts.iter().all(|answer| answer.done().is_some()));
    /// assert_eq!(desk.issue_digest(day, "2026-03-02T18:00:00+08:00".parse()?)?, receipts);
    /// assert!(desk.issue_digest(day, "2026-03-02T17:29:59+08:00".parse()?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn issue_digest(&self, day: NaiveDate, at: Moment) -> Result<Vec<DutyAnswer>, DeskError> {
        self.at_once().issue_digest(day, at)
    }
    /// An obligation as it stands, by what is in the ledger.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty(&self, duty: &DutyId) -> Result<Option<Duty>, DeskError> {
        self.at_once().duty(duty)
    }
    /// All obligations, in the order of their ids, from the first after `after`.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duties(&self, after: Option<&DutyId>, limit: usize) -> Result<Vec<DutyId>, DeskError> {
        self.at_once().duties(after, limit)
    }
    /// All records of an obligation, in order.
    ///
    /// # Errors
    /// [`DeskError::broken_duty`] names the first record that was altered.
    pub fn duty_history(&self, duty: &DutyId) -> Result<Vec<DutyEntry>, DeskError> {
        self.at_once().duty_history(duty)
    }
    /// Records of all obligations, in the order in which they came in.
    ///
    /// # Errors
    /// [`DeskError::broken_duty`] names the first record that was altered.
    pub fn read_duties(&self, after: &Cursor, limit: usize) -> Result<Page<DutyEntry>, DeskError> {
        self.at_once().read_duties(after, limit)
    }
    /// What was answered to a command to an obligation, and when it came.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty_answered(&self, command: &CommandId) -> Result<Option<DutyAnswered>, DeskError> {
        let row = self.ledger().answered(Duties::SHELF, command.as_str())?;
        row.map(DutyAnswered::of).transpose()
    }
    /// What is still to go out about obligations, as [`outbox`](Desk::outbox) of cases.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty_outbox(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<DutyOutgoing>, DeskError> {
        self.at_once().duty_outbox(after, limit)
    }
    /// What is still to go out about obligations, addressed: as [`deliveries`](Desk::deliveries) of cases.
    ///
    /// # Errors
    /// As there.
    pub fn duty_deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        at: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries<DutyOutgoing>, DeskError> {
        self.at_once().duty_deliveries(directory, at, after, limit)
    }
    /// Takes a receipt of what went out about an obligation: as [`receipt`](Desk::receipt) of cases.
    ///
    /// # Errors
    /// As there.
    pub fn duty_receipt(
        &self,
        receipt: &Receipt<DutyEffectId>,
    ) -> Result<Taken<DutyEffectId, DutyAnswer>, DeskError> {
        self.at_once().duty_receipt(receipt)
    }
    /// Takes out of that outbox what has been delivered.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty_delivered(&self, effects: &[DutyEffectId]) -> Result<(), DeskError> {
        self.at_once().duty_delivered(effects)
    }
    /// The words of a private text of an obligation; none, once it is erased.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty_text(&self, duty: &DutyId, text: &TextRef) -> Result<Option<Text>, DeskError> {
        self.at_once().duty_text(duty, text)
    }
}
