//! A command's way to an obligation; and the receipts of a day's digest.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::answer::payload;
use super::{DutyAnswer, DutyAnswered, DutyCommit, DutyCommitted, DutyDone, DutyEntry, DutyHead};
use crate::desk::audit::read_plan;
use crate::desk::desk::TRIES;
use crate::desk::{BrokenDuty, Cursor, Desk, DeskError, Flaw, Hash, Ledger, Page, Sealed};
use crate::duty::{
    Duty, DutyCommand, DutyDecision, DutyEffectId, DutyEnvelope, DutyOutgoing, DutyRefusal,
    DutyWhy, decide, texts,
};
use crate::time::Moment;
use crate::words::{Actor, CommandId, DutyId, DutyKind, Lang, PersonId, Role, Salt, Text, TextRef};

impl<L: Ledger> Desk<L> {
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
        let payload = payload(&envelope, &self.secret)?;
        for _ in 0..TRIES {
            if let Some(answer) = self.attempt_duty(&envelope, payload)? {
                return Ok(answer);
            }
        }
        Err(DeskError::busy())
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
        let plans = self.plans();
        let Some(hand) = plans.at(at) else {
            return Err(DeskError::misuse("no plan in hand is in force that day"));
        };
        let plan = &hand.plan;
        let cut = plan.zone.first(day.and_time(plan.digest.cut));
        if at < cut {
            return Err(DeskError::misuse(format!(
                "the digest of {day} is cut at {cut}, and it is {at}"
            )));
        }
        let (Some(rule), Some(place)) = (plan.duty(DutyKind::Digest), plan.places.first()) else {
            return Ok(Vec::new());
        };
        let mut answers = Vec::new();
        self.ledger.together(&mut || {
            answers.clear();
            for post in &rule.owed_by {
                let name = format!("digest/{day}/{post}");
                let id: CommandId = name.parse().map_err(DeskError::storage)?;
                // Under other rules it would be imposed with other words.
                if let Some(before) = self.ledger.duties().answered(&id)? {
                    answers.push(before.answer);
                    continue;
                }
                let system: PersonId = "system".parse().map_err(DeskError::storage)?;
                let topic = match plan.labels {
                    Lang::Zh => format!("{day}《{}》", plan.digest.title),
                    Lang::En => format!("{} of {day}", plan.digest.title),
                };
                answers.push(self.submit_duty(DutyEnvelope {
                    salt: Salt::derived(&self.secret, &name),
                    duty: name.parse().map_err(DeskError::storage)?,
                    id,
                    by: Actor::new(system, Role::System),
                    at,
                    command: DutyCommand::Impose {
                        kind: DutyKind::Digest,
                        topic: Text::new(topic),
                        place: place.code.clone(),
                        post: Some(post.clone()),
                        unit: None,
                        person: None,
                        due: None,
                        channels: Vec::new(),
                        of: Some(day),
                    },
                })?);
            }
            Ok(())
        })?;
        Ok(answers)
    }

    /// An obligation as it stands, by what is in the ledger.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty(&self, duty: &DutyId) -> Result<Option<Duty>, DeskError> {
        Ok(self.ledger.duties().load(duty)?.map(|head| head.duty))
    }
    /// All obligations, in the order of their ids, from the first after `after`.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duties(&self, after: Option<&DutyId>, limit: usize) -> Result<Vec<DutyId>, DeskError> {
        self.ledger.duties().list(after, limit)
    }
    /// All records of an obligation, in order.
    ///
    /// # Errors
    /// [`DeskError::broken_duty`] names the first record that was altered.
    pub fn duty_history(&self, duty: &DutyId) -> Result<Vec<DutyEntry>, DeskError> {
        self.ledger.duties().history(duty)
    }
    /// Records of all obligations, in the order in which they came in.
    ///
    /// # Errors
    /// [`DeskError::broken_duty`] names the first record that was altered.
    pub fn read_duties(&self, after: &Cursor, limit: usize) -> Result<Page<DutyEntry>, DeskError> {
        self.ledger.duties().read(after, limit)
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
        self.ledger.duties().outbox(after, limit)
    }
    /// Takes out of that outbox what has been delivered.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty_delivered(&self, effects: &[DutyEffectId]) -> Result<(), DeskError> {
        self.ledger.duties().delivered(effects)
    }
    /// The words of a private text of an obligation; none, once it is erased.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn duty_text(&self, duty: &DutyId, text: &TextRef) -> Result<Option<Text>, DeskError> {
        self.ledger.duties().text(duty, text)
    }

    /// One try; nothing, if somebody else wrote first.
    fn attempt_duty(
        &self,
        envelope: &DutyEnvelope,
        payload: Hash,
    ) -> Result<Option<DutyAnswer>, DeskError> {
        let duties = self.ledger.duties();
        if let Some(before) = duties.answered(&envelope.id)? {
            return before.again(&payload).map(Some);
        }
        let head = duties.load(&envelope.duty)?;
        let duty = head.as_ref().map(|head| &head.duty);
        let stamped = stamp(envelope, duty);
        let mut commit = start(&envelope.duty, duty, envelope.at);
        let answer = match self.decide_duty(duty, &stamped)? {
            Ok(decision) => {
                let done = done(&decision.duty, commit.expected, stamped.at);
                self.fill_duty(&mut commit, head.as_ref(), decision)?;
                DutyAnswer::Done(done)
            }
            Err(refusal) if is_the_hosts(&refusal) => {
                return Ok(Some(DutyAnswer::Refused(refusal)));
            }
            Err(refusal) => {
                // A moment that is not believed has brought nothing.
                let believed = !matches!(*refusal.why, DutyWhy::TooFar { .. });
                let due = duty.filter(|duty| duty.next_alarm().is_some_and(|at| at <= stamped.at));
                if let Some(duty) = due.filter(|_| believed)
                    && let Ok(decision) = self.decide_duty(Some(duty), &tick(duty, stamped.at)?)?
                {
                    let next = decision.duty.next_alarm();
                    self.fill_duty(&mut commit, head.as_ref(), decision)?;
                    if next.is_some_and(|alarm| alarm <= stamped.at) {
                        // More came about than one turn takes: the command waits for the rest of it.
                        let _ = duties.commit(&commit)?;
                        return Ok(None);
                    }
                }
                DutyAnswer::Refused(refusal)
            }
        };
        commit.answer = Some(DutyAnswered {
            command: envelope.id.clone(),
            duty: envelope.duty.clone(),
            payload: Some(payload),
            said_at: envelope.at,
            at: stamped.at,
            answer: answer.clone(),
        });
        self.keep_duty_plan(&commit)?;
        match duties.commit(&commit)? {
            DutyCommitted::Done => Ok(Some(answer)),
            DutyCommitted::Duplicate(before) => before.again(&payload).map(Some),
            DutyCommitted::Conflict { .. } => Ok(None),
        }
    }

    pub(super) fn decide_duty(
        &self,
        duty: Option<&Duty>,
        envelope: &DutyEnvelope,
    ) -> Result<Result<DutyDecision, DutyRefusal>, DeskError> {
        if let Some(duty) = duty {
            self.duty_plan_in_hand(duty)?;
        }
        let decided = decide(duty, envelope, &self.plans());
        let stranger = self.stranger(duty, &envelope.command)?;
        match (decided, stranger) {
            (Ok(decision), Some(number)) => Ok(Err(DutyRefusal {
                command: envelope.command.name(),
                duty: envelope.duty.clone(),
                kind: Some(decision.duty.kind()),
                stage: Some(decision.duty.stage()),
                why: Box::new(DutyWhy::NoText { number }),
                accepted: Vec::new(),
                zone: None,
            })),
            (decided, _) => Ok(decided),
        }
    }

    /// The first text that is to be erased and was never its own, by its place in the list.
    fn stranger(
        &self,
        duty: Option<&Duty>,
        command: &DutyCommand,
    ) -> Result<Option<u64>, DeskError> {
        let (Some(duty), DutyCommand::Redact { fields, .. }) = (duty, command) else {
            return Ok(None);
        };
        let history = self.ledger.duties().history(duty.id())?;
        let own: BTreeSet<&TextRef> = history
            .iter()
            .flat_map(|entry| texts(&entry.sealed.record.event))
            .collect();
        let stranger = (1u64..).zip(fields).find(|(_, field)| !own.contains(field));
        Ok(stranger.map(|(number, _)| number))
    }

    /// Takes the plan of an obligation in hand, if it is stored and not in hand yet.
    fn duty_plan_in_hand(&self, duty: &Duty) -> Result<(), DeskError> {
        let id = duty.plan();
        if self.plans().get(id).is_some() {
            return Ok(());
        }
        let Some(json) = self.ledger.plan(id)? else {
            return Ok(());
        };
        let plan = read_plan(&json, id).ok_or_else(|| BrokenDuty {
            duty: duty.id().clone(),
            version: duty.version(),
            flaw: Flaw::Plan { plan: id.clone() },
        })?;
        self.change_plans(|plans| plans.hold(plan).map(drop))
    }

    /// Keeps the plan that an obligation comes under, before it does.
    fn keep_duty_plan(&self, commit: &DutyCommit) -> Result<(), DeskError> {
        let Some(first) = commit.records.first().filter(|_| commit.expected == 0) else {
            return Ok(());
        };
        let id = &first.record.plan;
        if let Some(held) = self.plans().get(id)
            && !self.ledger.has_plan(id)?
        {
            let json = serde_json::to_string(&*held.plan).map_err(DeskError::storage)?;
            self.ledger.keep_plan(id, &json)?;
        }
        Ok(())
    }

    /// Seals a decision's records onto the chain.
    pub(super) fn fill_duty(
        &self,
        commit: &mut DutyCommit,
        head: Option<&DutyHead>,
        decision: DutyDecision,
    ) -> Result<(), DeskError> {
        let board = self.ledger.board();
        let mut last = head.map_or_else(
            || Hash::genesis_of_duty(board, &commit.duty),
            |head| head.hash,
        );
        for record in decision.records {
            let sealed = Sealed::seal(last, record)?;
            last = sealed.hash;
            commit.records.push(sealed);
        }
        commit.head = (!commit.records.is_empty()).then_some(DutyHead {
            duty: decision.duty,
            hash: last,
        });
        commit.private = decision.private;
        commit.outgoing = decision.outgoing;
        Ok(())
    }
}

/// Whether a command was refused for want of a plan in hand or of a rule, which are the host's to mend.
fn is_the_hosts(refusal: &DutyRefusal) -> bool {
    matches!(
        *refusal.why,
        DutyWhy::NoPlan { .. } | DutyWhy::NotInForce | DutyWhy::NoRule { .. }
    )
}

fn stamp<'a>(envelope: &'a DutyEnvelope, duty: Option<&Duty>) -> Cow<'a, DutyEnvelope> {
    match duty.map(Duty::last_at) {
        Some(last) if last > envelope.at => Cow::Owned(DutyEnvelope {
            at: last,
            ..envelope.clone()
        }),
        _ => Cow::Borrowed(envelope),
    }
}

/// A commit that changes nothing yet.
pub(super) fn start(id: &DutyId, duty: Option<&Duty>, observed_at: Moment) -> DutyCommit {
    DutyCommit {
        duty: id.clone(),
        expected: duty.map_or(0, Duty::version),
        records: Vec::new(),
        head: None,
        private: Vec::new(),
        outgoing: Vec::new(),
        answer: None,
        observed_at,
    }
}

fn done(duty: &Duty, from_version: u64, at: Moment) -> DutyDone {
    DutyDone {
        duty: duty.id().clone(),
        stage: duty.stage(),
        from_version,
        to_version: duty.version(),
        at,
        due: duty.due(),
        next_alarm: duty.next_alarm(),
    }
}

/// The passing of time, as a command. It leaves no trace but what it brings, so its id need not be its own.
pub(super) fn tick(duty: &Duty, at: Moment) -> Result<DutyEnvelope, DeskError> {
    let system: PersonId = "system".parse().map_err(DeskError::storage)?;
    Ok(DutyEnvelope {
        id: "tick".parse().map_err(DeskError::storage)?,
        duty: duty.id().clone(),
        by: Actor::new(system, Role::System),
        at: at.max(duty.last_at()),
        salt: Salt::new([0; 16]),
        command: DutyCommand::Tick {},
    })
}
