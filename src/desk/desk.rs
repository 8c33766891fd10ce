//! The desk: commands come in, cases change, the ledger remembers.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, RwLock};

use super::answer::payload;
use super::audit::end;
use super::texts::texts;
use super::{Answer, Answered, Commit, Committed, DeskError, Done, Hash, Head, Ledger, Sealed};
use crate::case::{Case, Decision, decide};
use crate::plan::Plans;
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, Command, CommandId, Envelope, Outgoing, PersonId, Refusal, Role, Salt, Survivor,
    TextRef, Thing, Why,
};

/// How often a command is decided anew because others wrote to its case meanwhile.
pub(super) const TRIES: usize = 32;

/// The door of a board. One desk serves all threads of a process; several processes may each have one on the same
/// ledger.
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
    pub(super) ledger: L,
    pub(super) plans: RwLock<Arc<Plans>>,
    pub(super) secret: Vec<u8>,
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
        if ledger.board() != plans.board() {
            return Err(DeskError::misuse(format!(
                "the ledger is of board `{}`, the plans are of `{}`",
                ledger.board(),
                plans.board()
            )));
        }
        Ok(Desk {
            ledger,
            plans: RwLock::new(Arc::new(plans)),
            secret: Vec::new(),
        })
    }

    /// With a secret of the host's that goes into what is remembered of commands. Without one, whoever reads the
    /// ledger could guess at short texts in refused commands. Keep it as long as the ledger.
    #[must_use]
    pub fn with_secret(mut self, secret: &[u8]) -> Desk<L> {
        self.secret = secret.to_vec();
        self
    }

    /// Answers a command, and has it in the ledger before it answers.
    ///
    /// The same command, sent again, is answered as the first time, refusals too. What comes with an earlier moment
    /// than the case has seen is stamped with the case's last. If others write to the case meanwhile, the command is
    /// decided anew. A refusal for want of a plan in hand, or of one that is in force, or because a function of the host's found what its
    /// fact cannot have, is not remembered: it says nothing about the command.
    ///
    /// Where a command is refused, what time had brought about by then is kept all the same, whoever asked: a person without
    /// any role too, since it is time's doing and not theirs. It is what a Tick at that moment would have recorded. The moment
    /// is the host's word; one that lies ten years past an open case's last event is not believed ([`Why::TooFar`]), and
    /// brings nothing about.
    ///
    /// What the case thereby tells cases that are merged with it is carried out at once ([`Effect::Link`](crate::words::Effect::Link)).
    /// Where that cannot be done now, the answer stands, and the next [`tick`](Desk::tick) does it. Command ids that begin with
    /// `link/` are the desk's own.
    ///
    /// # Errors
    /// [`DeskError::is_reused`] for an id that came before with something else, [`DeskError::is_busy`] if others
    /// would not stop writing to the case, and whatever keeps the ledger from its work. The command was not done
    /// then, and can be sent again. An example stands at the head of [this module](super).
    pub fn submit(&self, envelope: Envelope) -> Result<Answer, DeskError> {
        Self::is_not_own(&envelope.id)?;
        let (answer, links) = self.answer(&envelope, envelope.at)?;
        if links {
            // It is done and in the ledger, whatever becomes of this; what is left lies in the outbox.
            let _ = self.link(envelope.at);
        }
        Ok(answer)
    }

    /// Answers a command, and tells whether other cases are to hear of it.
    pub(super) fn answer(
        &self,
        envelope: &Envelope,
        observed_at: Moment,
    ) -> Result<(Answer, bool), DeskError> {
        let payload = payload(envelope, &self.secret)?;
        let mut links = false;
        for _ in 0..TRIES {
            if let Some(answer) = self.attempt(envelope, observed_at, payload, &mut links)? {
                return Ok((answer, links));
            }
        }
        Err(DeskError::busy())
    }

    /// Answers commands in their order, in one durable transaction: much cheaper than one by one. A command that
    /// cannot be answered for its own fault has its error in its place, and the others go on.
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
    /// let answers = desk.submit_all([note("c1")?, note("c2")?])?;
    /// assert!(answers.iter().flatten().all(|answer| answer.refusal().is_some()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn submit_all(
        &self,
        envelopes: impl IntoIterator<Item = Envelope>,
    ) -> Result<Vec<Result<Answer, DeskError>>, DeskError> {
        let mut ahead = envelopes.into_iter();
        let mut answers = Vec::new();
        self.ledger.together(&mut || {
            for envelope in ahead.by_ref() {
                match self.submit(envelope) {
                    Err(error) if !error.is_local() => return Err(error),
                    answer => answers.push(answer),
                }
            }
            Ok(())
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
        self.ledger.together(&mut group)
    }

    /// One try; nothing, if somebody else wrote to the case first.
    fn attempt(
        &self,
        envelope: &Envelope,
        observed_at: Moment,
        payload: Hash,
        links: &mut bool,
    ) -> Result<Option<Answer>, DeskError> {
        if let Some(before) = self.ledger.answered(&envelope.id)? {
            return before.again(&payload).map(Some);
        }
        let head = self.ledger.load(&envelope.case)?;
        let case = head.as_ref().map(|head| &head.case);
        let stamped = stamp(envelope, case);
        let mut commit = start(&envelope.case, case, observed_at);
        let answer = match self.known(&envelope.command)? {
            Some(case) => Answer::Known { case },
            None => match self.decide(case, &stamped)? {
                Ok(decision) => {
                    let done = done(&decision.case, commit.expected, stamped.at);
                    self.fill(&mut commit, head.as_ref(), decision)?;
                    Answer::Done(done)
                }
                Err(refusal) if Self::is_the_hosts(&refusal) => {
                    return Ok(Some(Answer::Refused(refusal)));
                }
                Err(refusal) => {
                    // A moment that is not believed has brought nothing.
                    let believed = !matches!(*refusal.why, Why::TooFar { .. });
                    if believed && let Some(decision) = self.came_about(case, stamped.at)? {
                        let unfinished = decision
                            .case
                            .next_alarm()
                            .is_some_and(|alarm| alarm <= stamped.at);
                        self.fill(&mut commit, head.as_ref(), decision)?;
                        if unfinished {
                            // More came about than one turn takes: the command waits for the rest of it.
                            *links |= commit.outgoing.iter().any(Outgoing::is_link);
                            let _ = self.ledger.commit(&commit)?;
                            return Ok(None);
                        }
                    }
                    Answer::Refused(refusal)
                }
            },
        };
        commit.answer = Some(Answered {
            command: envelope.id.clone(),
            case: envelope.case.clone(),
            payload: Some(payload),
            said_at: envelope.at,
            at: stamped.at,
            answer: answer.clone(),
        });
        self.keep_plans(&commit)?;
        match self.ledger.commit(&commit)? {
            Committed::Done => {
                *links |= commit.outgoing.iter().any(Outgoing::is_link);
                Ok(Some(answer))
            }
            Committed::Duplicate(before) => before.again(&payload).map(Some),
            Committed::Conflict { .. } | Committed::Known { .. } => Ok(None),
        }
    }

    /// The case that a message has already.
    fn known(&self, command: &Command) -> Result<Option<CaseId>, DeskError> {
        match command {
            Command::Open {
                channel,
                external_id,
                ..
            } => self.ledger.find(channel, external_id),
            _ => Ok(None),
        }
    }

    pub(super) fn decide(
        &self,
        case: Option<&Case>,
        envelope: &Envelope,
    ) -> Result<Result<Decision, Refusal>, DeskError> {
        if let Some(case) = case {
            self.take_in_hand(case.plan(), case)?;
            if let Command::AdoptPlan { plan, .. } = &envelope.command {
                self.take_in_hand(plan, case)?;
            }
        }
        let decided = decide(case, envelope, &self.plans());
        let beside = match self.survivor(case, &envelope.command)? {
            None => self.foreign(case, &envelope.command)?,
            some => some,
        };
        match (&decided, beside) {
            (Ok(_), Some(why)) => Ok(Err(Refusal {
                command: envelope.command.name(),
                case: envelope.case.clone(),
                stage: case.map(Case::stage_name),
                why: Box::new(why),
                accepted: Vec::new(),
                zone: None,
            })),
            _ => Ok(decided),
        }
    }

    /// What one case alone cannot see: whether the case that it is to follow answers for it (并案).
    fn survivor(&self, case: Option<&Case>, command: &Command) -> Result<Option<Why>, DeskError> {
        let (Command::Merge { into }, Some(case)) = (command, case) else {
            return Ok(None);
        };
        if into == case.id() {
            return Ok(None);
        }
        let survivor = self.ledger.load(into)?.map(|head| head.case);
        let is = match &survivor {
            None => Survivor::Missing,
            Some(it) if it.is_closed() => Survivor::Closed,
            Some(it) if it.follows().is_some() => Survivor::Follows,
            Some(_) => return Ok(None),
        };
        Ok(Some(Why::Survivor {
            into: into.clone(),
            is,
        }))
    }

    /// What a case does not carry along: the references to its private texts. Erasing one that was never its own would record
    /// an erasure that did not happen.
    fn foreign(&self, case: Option<&Case>, command: &Command) -> Result<Option<Why>, DeskError> {
        let (Some(case), Command::Redact { fields, .. }) = (case, command) else {
            return Ok(None);
        };
        let history = self.ledger.history(case.id())?;
        let own: BTreeSet<&TextRef> = history
            .iter()
            .flat_map(|entry| texts(&entry.sealed.record.event))
            .collect();
        let stranger = (1u64..).zip(fields).find(|(_, field)| !own.contains(field));
        Ok(stranger.map(|(number, _)| Why::NoSuch {
            what: Thing::Text,
            number,
        }))
    }

    /// Whether a command was refused for want of a plan in hand, or for a function's fault, which are the host's to mend.
    pub(super) fn is_the_hosts(refusal: &Refusal) -> bool {
        matches!(
            *refusal.why,
            Why::NoPlan { .. }
                | Why::Derived { .. }
                | Why::NotInForce { .. }
                | Why::NotOffered {
                    what: Thing::AnyPlan
                }
        )
    }

    /// What time has brought about in a case by a moment.
    fn came_about(&self, case: Option<&Case>, at: Moment) -> Result<Option<Decision>, DeskError> {
        let Some(case) = case.filter(|case| case.next_alarm().is_some_and(|alarm| alarm <= at))
        else {
            return Ok(None);
        };
        Ok(self.decide(Some(case), &tick(case, at)?)?.ok())
    }

    /// Seals a decision's records onto the case's chain.
    pub(super) fn fill(
        &self,
        commit: &mut Commit,
        head: Option<&Head>,
        decision: Decision,
    ) -> Result<(), DeskError> {
        let Decision {
            records,
            private,
            outgoing,
            case,
        } = decision;
        let mut last = end(&self.ledger, &commit.case, head);
        for record in records {
            let sealed = Sealed::seal(last, record)?;
            last = sealed.hash;
            commit.records.push(sealed);
        }
        commit.head = (!commit.records.is_empty()).then_some(Head { case, hash: last });
        commit.private = private;
        commit.outgoing = outgoing;
        Ok(())
    }
}

/// The command with the moment at which it takes effect: never before the case's last.
fn stamp<'a>(envelope: &'a Envelope, case: Option<&Case>) -> Cow<'a, Envelope> {
    match case.map(Case::last_at) {
        Some(last) if last > envelope.at => Cow::Owned(Envelope {
            at: last,
            ..envelope.clone()
        }),
        _ => Cow::Borrowed(envelope),
    }
}

/// A commit to a case that changes nothing yet.
pub(super) fn start(id: &CaseId, case: Option<&Case>, observed_at: Moment) -> Commit {
    Commit {
        case: id.clone(),
        expected: case.map_or(0, Case::version),
        records: Vec::new(),
        head: None,
        private: Vec::new(),
        outgoing: Vec::new(),
        answer: None,
        observed_at,
    }
}

fn done(case: &Case, from_version: u64, at: Moment) -> Done {
    Done {
        case: case.id().clone(),
        stage: case.stage_name(),
        from_version,
        to_version: case.version(),
        at,
        next_alarm: case.next_alarm(),
    }
}

/// The passing of time, as a command to a case.
pub(super) fn tick(case: &Case, at: Moment) -> Result<Envelope, DeskError> {
    // A case of a long id leaves no room for the rest.
    let id = format!("tick/{}/{}", case.id(), case.version()).parse::<CommandId>();
    let id = id
        .or_else(|_| format!("tick/{}", case.version()).parse())
        .map_err(DeskError::storage)?;
    let system: PersonId = "system".parse().map_err(DeskError::storage)?;
    Ok(Envelope {
        id,
        case: case.id().clone(),
        by: Actor::new(system, Role::System),
        at: at.max(case.last_at()),
        salt: Salt::new([0; 16]),
        command: Command::Tick {},
    })
}
