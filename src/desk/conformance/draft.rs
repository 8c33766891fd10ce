//! Commits made by hand.

use std::error::Error;

use crate::case::evolve;
use crate::desk::{Answer, Answered, Commit, Committed, Done, Hash, Head, Ledger, Sealed};
use crate::time::Moment;
use crate::words::{
    CaseId, Effect, EffectId, Event, Facts, Link, Origin, Outgoing, PauseSide, PlanId, Private,
    Record, Salt, StageName, Text,
};

pub(super) fn at(seconds: i64) -> Result<Moment, Box<dyn Error>> {
    Ok(Moment::from_unix(1_700_000_000 + seconds)?)
}
pub(super) fn plan() -> Result<PlanId, Box<dyn Error>> {
    Ok("0".repeat(64).parse()?)
}
pub(super) fn private(name: &str) -> Private {
    Private::seal(
        Salt::derived(b"conformance", name),
        "text",
        Text::from(name),
    )
}
pub(super) fn case(name: &str) -> Result<CaseId, Box<dyn Error>> {
    Ok(name.parse()?)
}

/// A commit on top of what the ledger has. The first one to a case opens it.
pub(super) struct Draft {
    pub(super) commit: Commit,
    next: Option<Head>,
}

impl Draft {
    pub(super) fn on(ledger: &dyn Ledger, name: &str) -> Result<Draft, Box<dyn Error>> {
        let id = case(name)?;
        let next = ledger.load(&id)?;
        let commit = Commit {
            case: id,
            expected: next.as_ref().map_or(0, |head| head.case.version()),
            records: Vec::new(),
            head: None,
            private: Vec::new(),
            outgoing: Vec::new(),
            answer: None,
            observed_at: at(0)?,
        };
        let draft = Draft { commit, next };
        if draft.next.is_some() {
            return Ok(draft);
        }
        let message = private(name);
        let opened = Event::Opened {
            board: ledger.board().clone(),
            place: "6325".parse()?,
            channel: "board".parse()?,
            external_id: name.parse()?,
            message: message.reference.clone(),
            contact: None,
            citizen: None,
            origin: Origin::Message,
            facts: Facts::new(),
        };
        draft.with(ledger, opened)?.text(message)
    }
    pub(super) fn with(
        mut self,
        ledger: &dyn Ledger,
        event: Event,
    ) -> Result<Draft, Box<dyn Error>> {
        let (before, prev) = match self.next.take() {
            Some(head) => (Some(head.case), head.hash),
            None => (None, Hash::genesis(ledger.board(), &self.commit.case)),
        };
        let version = before.as_ref().map_or(0, |case| case.version()) + 1;
        let record = Record {
            case: self.commit.case.clone(),
            version,
            at: before
                .as_ref()
                .map_or(at(0)?, |case| case.last_at().plus(1)),
            by: None,
            plan: plan()?,
            command: None,
            event,
        };
        let after = evolve(before, &record)?;
        let sealed = Sealed::seal(prev, record)?;
        let head = Head {
            case: after,
            hash: sealed.hash,
        };
        self.commit.records.push(sealed);
        self.commit.head = Some(head.clone());
        self.next = Some(head);
        Ok(self)
    }
    pub(super) fn text(mut self, private: Private) -> Result<Draft, Box<dyn Error>> {
        self.commit.private.push(private);
        Ok(self)
    }
    /// A note, with its text.
    pub(super) fn note(self, ledger: &dyn Ledger, words: &str) -> Result<Draft, Box<dyn Error>> {
        let text = private(words);
        self.with(
            ledger,
            Event::Noted {
                text: text.reference.clone(),
            },
        )?
        .text(text)
    }
    /// A pause, which wakes the case when it ends.
    pub(super) fn wakes(
        self,
        ledger: &dyn Ledger,
        reason: &str,
        until: Moment,
    ) -> Result<Draft, Box<dyn Error>> {
        let text = private(reason);
        let evidence = text.reference.clone();
        let paused = Event::Paused {
            reason: reason.to_owned(),
            side: PauseSide::Office,
            evidence,
            until,
            holds: Vec::new(),
        };
        self.with(ledger, paused)?.text(text)
    }
    pub(super) fn tells(mut self, index: u32) -> Result<Draft, Box<dyn Error>> {
        let version = self.next.as_ref().map_or(0, |head| head.case.version());
        let id = EffectId {
            case: self.commit.case.clone(),
            version,
            index,
        };
        self.commit.outgoing.push(Outgoing {
            id,
            at: at(0)?,
            effect: Effect::Retract,
        });
        Ok(self)
    }
    /// Something for another case of the board.
    pub(super) fn links(self, index: u32) -> Result<Draft, Box<dyn Error>> {
        let mut draft = self.tells(index)?;
        if let Some(last) = draft.commit.outgoing.last_mut() {
            last.effect = Effect::Link {
                to: "elsewhere".parse()?,
                what: Link::Leave,
            };
        }
        Ok(draft)
    }
    pub(super) fn answers(mut self, command: &str, payload: &str) -> Result<Draft, Box<dyn Error>> {
        let done = Done {
            case: self.commit.case.clone(),
            stage: StageName::Received,
            from_version: self.commit.expected,
            to_version: self.next.as_ref().map_or(0, |head| head.case.version()),
            at: at(0)?,
            next_alarm: None,
        };
        self.commit.answer = Some(Answered {
            command: command.parse()?,
            case: self.commit.case.clone(),
            payload: Some(Hash::of(payload.as_bytes())),
            said_at: at(-5)?,
            at: at(0)?,
            answer: Answer::Done(done),
        });
        Ok(self)
    }
    pub(super) fn done(self, ledger: &dyn Ledger) -> Result<Commit, Box<dyn Error>> {
        match ledger.commit(&self.commit)? {
            Committed::Done => Ok(self.commit),
            other => Err(format!("the commit was not taken: {other:?}").into()),
        }
    }
}
