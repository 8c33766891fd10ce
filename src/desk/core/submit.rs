//! A command's way from question to answer.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::ahead::Ahead;
use super::read::{Head, Stands};
use super::{Core, Shadow, Shared};
use crate::desk::answer::{again, json, said};
use crate::desk::chain::seal;
use crate::desk::kind::{Asked, Beside, Cases, Decided, Duties, Kind};
use crate::desk::observe::within;
use crate::desk::own::{is_not_own, is_not_own_of_duties};
use crate::desk::rows::{
    CommandRow, Commit, Committed, HeadRow, Look, OutgoingRow, PrivateRow, RecordRow,
};
use crate::desk::{Answer, AsyncLedger, DeskError, DutyAnswer, Hash, ShadowDifference, shape};
use crate::duty::DutyEnvelope;
use crate::plan::Plans;
use crate::time::Moment;
use crate::words::{Envelope, Private, Survivor, TextRef};

/// How often a command is decided anew because others wrote to its chain meanwhile.
const TRIES: usize = 32;

/// A command, and what is known of it.
pub(super) struct Asks<'a, K: Kind> {
    pub(super) envelope: &'a K::Envelope,
    pub(super) observed_at: Moment,
    pub(super) payload: Hash,
    /// The effect that it carries out.
    pub(super) carries: Option<&'a str>,
}

/// How a command comes to be asked.
#[expect(
    clippy::large_enum_variant,
    reason = "one a command, on its way from the caller to the answer"
)]
pub(in crate::desk) enum Comes<'a, K: Kind> {
    /// For itself.
    Alone,
    /// It carries out this effect, which leaves the outbox with it.
    Carrying(&'a str),
    /// In a group, with what was decided of it before its turn.
    Decided(Ahead<K>),
}

impl<K: Kind> Asks<'_, K> {
    /// A commit with the answer that is to be remembered.
    fn draft(
        &self,
        mut commit: Commit,
        at: Moment,
        answer: K::Answer,
        after: Stands<K>,
        weighed: Weighed,
    ) -> Result<Draft<K>, DeskError> {
        let asked = K::asked(self.envelope);
        commit.command = Some(CommandRow {
            id: asked.id.to_string(),
            key: commit.key.clone(),
            payload: Some(self.payload),
            said_at: asked.at,
            at,
            answer: json(&answer)?,
        });
        commit.carries = self.carries.map(str::to_owned);
        Ok(Draft {
            commit,
            answer,
            after,
            weighed,
        })
    }
    /// What it was answered before.
    fn again(&self, before: &CommandRow) -> Result<K::Answer, DeskError> {
        match self.carries {
            None => again(before, &self.payload),
            // What one case tells another is sent once, though its words may be erased by now.
            Some(_) => said(before),
        }
    }
}

/// What a command is decided on.
pub(super) struct Hand<K: Kind> {
    pub(super) head: Stands<K>,
    /// The case that the message has already.
    known: Option<K::Id>,
    /// Whether the ledger was asked just now, whether the command was answered before too.
    sure: bool,
}

impl<K: Kind> Hand<K> {
    /// What stands to be confirmed by the ledger.
    pub(super) fn unsure(head: Stands<K>) -> Hand<K> {
        Hand {
            head,
            known: None,
            sure: false,
        }
    }
}

/// What one try came to.
enum Tried<K: Kind> {
    Answered(K::Answer),
    /// Somebody else was first: the chain stands there now, if that is known.
    Again(Option<Hand<K>>),
    /// Only the ledger can tell.
    Ask,
}

/// What a plan on trial would have come to otherwise.
pub(super) type Weighed = Option<(Arc<Shadow>, ShadowDifference)>;

/// An answer that counts once its commit is taken.
pub(super) struct Draft<K: Kind> {
    pub(super) commit: Commit,
    pub(super) answer: K::Answer,
    /// Where the chain stands then.
    pub(super) after: Stands<K>,
    weighed: Weighed,
}

impl<K: Kind> Draft<K> {
    /// What was asked is another chain's, whose redactions do not reach the hash of it here: there is none, and the id alone
    /// decides whether it is asked again.
    fn without_payload(mut self) -> Draft<K> {
        if let Some(command) = &mut self.commit.command {
            command.payload = None;
        }
        self
    }
}

/// An answer, and whether other cases are to hear of what was done.
pub(in crate::desk) struct Said<A> {
    pub(in crate::desk) answer: A,
    pub(in crate::desk) links: bool,
}

impl<L: AsyncLedger> Core<'_, L> {
    /// Answers a host's command to a case, and has other cases hear of it at once.
    pub(in crate::desk) async fn submit(
        &self,
        envelope: &Envelope,
        comes: Comes<'_, Cases>,
    ) -> Result<Answer, DeskError> {
        is_not_own(&envelope.id, &envelope.command)?;
        self.answer_and_tell(envelope, envelope.at, comes).await
    }

    /// Answers a host's command to an obligation.
    pub(in crate::desk) async fn submit_duty(
        &self,
        envelope: &DutyEnvelope,
    ) -> Result<DutyAnswer, DeskError> {
        is_not_own_of_duties(&envelope.id, &envelope.command)?;
        Ok(self
            .answer::<Duties>(envelope, envelope.at, Comes::Alone)
            .await?
            .answer)
    }

    /// Answers a command to a case, and has other cases hear of it at once.
    pub(super) async fn answer_and_tell(
        &self,
        envelope: &Envelope,
        observed_at: Moment,
        comes: Comes<'_, Cases>,
    ) -> Result<Answer, DeskError> {
        let said = self.answer(envelope, observed_at, comes).await?;
        if said.links {
            // It is done and in the ledger, whatever becomes of this; what is left lies in the outbox.
            let _ = self.link(observed_at).await;
        }
        Ok(said.answer)
    }

    /// Answers a command.
    pub(in crate::desk) async fn answer<K: Kind>(
        &self,
        envelope: &K::Envelope,
        observed_at: Moment,
        comes: Comes<'_, K>,
    ) -> Result<Said<K::Answer>, DeskError> {
        let _doing = self.watch.began(K::WORK);
        let work = self.answer_in_time::<K>(envelope, observed_at, comes);
        within::<K, _>(envelope, work).await
    }

    async fn answer_in_time<K: Kind>(
        &self,
        envelope: &K::Envelope,
        observed_at: Moment,
        comes: Comes<'_, K>,
    ) -> Result<Said<K::Answer>, DeskError> {
        let (carries, ahead) = match comes {
            Comes::Alone => (None, None),
            Comes::Carrying(effect) => (Some(effect), None),
            Comes::Decided(ahead) => (None, Some(ahead)),
        };
        let asks = Asks {
            envelope,
            observed_at,
            payload: match &ahead {
                Some(ahead) => ahead.payload,
                None => K::payload(envelope, &self.secret)?,
            },
            carries,
        };
        let mut links = false;
        let mut hand = self.in_hand::<K>(envelope);
        let mut draft = ahead.and_then(|ahead| ahead.draft_on(hand.as_ref(), &self.plans()));
        for _ in 0..TRIES {
            let tried = match (draft.take(), hand.take()) {
                (Some(draft), _) => self.put::<K>(&asks, draft, false, &mut links).await,
                (None, Some(hand)) => self.attempt::<K>(&asks, hand, &mut links).await,
                (None, None) => match self.ask::<K>(&asks).await {
                    Ok(Ok(hand)) => self.attempt::<K>(&asks, hand, &mut links).await,
                    Ok(Err(answer)) => Ok(Tried::Answered(answer)),
                    Err(error) => Err(error),
                },
            };
            match tried.inspect_err(|error| self.watch.failed(error))? {
                Tried::Answered(answer) => {
                    K::tell(&self.watch, envelope, &answer);
                    return Ok(Said { answer, links });
                }
                Tried::Again(stands) => {
                    hand = stands;
                    self.watch.conflicted();
                }
                Tried::Ask => {}
            }
        }
        let busy = DeskError::busy();
        self.watch.failed(&busy);
        Err(busy)
    }

    /// Has a case go over to another plan as it was looked at; nothing, if somebody wrote to it since it was at that version.
    pub(super) async fn adopts(
        &self,
        envelope: &Envelope,
        at: Moment,
        seen: u64,
        links: &mut bool,
    ) -> Result<Option<Answer>, DeskError> {
        let asks = Asks::<Cases> {
            envelope,
            observed_at: at,
            payload: Cases::payload(envelope, &self.secret)?,
            carries: None,
        };
        let hand = match self.ask::<Cases>(&asks).await? {
            Ok(hand) => hand,
            Err(answer) => return Ok(Some(answer)),
        };
        let stands = hand.head.as_ref().map_or(0, |head| head.state.version());
        if stands != seen {
            return Ok(None);
        }
        match self.attempt::<Cases>(&asks, hand, links).await? {
            Tried::Answered(answer) => Ok(Some(answer)),
            Tried::Again(_) | Tried::Ask => Ok(None),
        }
    }

    /// What a command can be decided on without asking the ledger: the head of its chain, or that there is none yet.
    fn in_hand<K: Kind>(&self, envelope: &K::Envelope) -> Option<Hand<K>> {
        let asked = K::asked(envelope);
        let head = K::recent(&self.hands).get(asked.of);
        (asked.begins || head.is_some()).then(|| Hand::unsure(head))
    }

    /// Asks the ledger what a command wants to know; or its answer, where it has one already.
    async fn ask<K: Kind>(
        &self,
        asks: &Asks<'_, K>,
    ) -> Result<Result<Hand<K>, K::Answer>, DeskError> {
        let Asked { id, of, number, .. } = K::asked(asks.envelope);
        let look = Look {
            shelf: K::SHELF,
            key: of.to_string(),
            command: id.to_string(),
            number,
        };
        let looked = self.ledger.look(&look).await?;
        if let Some(before) = looked.answered {
            return asks.again(&before).map(Err);
        }
        let known = looked.known.map(|key| key.parse::<K::Id>());
        Ok(Ok(Hand {
            head: self.stands::<K>(of, looked.head).await?.map(Arc::new),
            known: known.transpose().map_err(DeskError::storage)?,
            sure: true,
        }))
    }

    /// One try, on what is in hand. Where that is not what the ledger has, the commit says so; and what would come to no commit, the
    /// ledger is asked first.
    async fn attempt<K: Kind>(
        &self,
        asks: &Asks<'_, K>,
        hand: Hand<K>,
        links: &mut bool,
    ) -> Result<Tried<K>, DeskError> {
        let Asked { of, begins, .. } = K::asked(asks.envelope);
        let Hand { head, known, sure } = hand;
        let head = head.as_deref();
        let state = head.map(|head| &head.state);
        let stamped = stamp::<K>(asks.envelope, state);
        let at = K::asked(&stamped).at;
        let draft = match known.and_then(K::known) {
            Some(answer) => asks
                .draft(start::<K>(of, head), at, answer, None, None)?
                .without_payload(),
            None => match self.decide::<K>(state, &stamped).await {
                // It may have been answered before, or stand otherwise.
                Err(_) if !sure => return Ok(Tried::Ask),
                Err(error) => return Err(error),
                Ok(Ok(decided)) => self.draft_of(asks, head, &stamped, decided, &self.plans())?,
                // Only a commit that begins a chain finds out that the message has its case.
                Ok(Err(refusal)) if !sure && (begins || K::is_the_hosts(&refusal)) => {
                    return Ok(Tried::Ask);
                }
                Ok(Err(refusal)) if K::is_the_hosts(&refusal) => {
                    return Ok(Tried::Answered(K::refused(refusal)));
                }
                Ok(Err(refusal)) => {
                    let weighed = self.weigh::<K>(state, &stamped, Err(&refusal), &self.plans());
                    let came_about = match self.came_about::<K>(state, at).await {
                        Ok(None) => None,
                        // A repetition brings nothing about.
                        _ if !sure => return Ok(Tried::Ask),
                        came_about => came_about?,
                    };
                    let mut commit = start::<K>(of, head);
                    let mut after = None;
                    if let Some(decided) = came_about {
                        let next = K::next_alarm(&decided.state);
                        after = self.fill::<K>(&mut commit, of, head, decided, asks.observed_at)?;
                        if next.is_some_and(|alarm| alarm <= at) {
                            // More came about than one turn takes: the command waits for the rest of it.
                            *links |= tells_others(&commit);
                            self.note(weighed);
                            let _ = self.ledger.commit(&commit).await?;
                            return Ok(Tried::Again(None));
                        }
                    }
                    asks.draft(commit, at, K::refused(refusal), after, weighed)?
                }
            },
        };
        self.put(asks, draft, sure, links).await
    }

    /// Commits a draft. What it was decided on is what the ledger has, or the commit says so.
    async fn put<K: Kind>(
        &self,
        asks: &Asks<'_, K>,
        draft: Draft<K>,
        sure: bool,
        links: &mut bool,
    ) -> Result<Tried<K>, DeskError> {
        let of = K::asked(asks.envelope).of;
        let recent = K::recent(&self.hands);
        match self.commit_with_plans(&draft.commit).await {
            // What was answered before is answered by a ledger that takes no writes, too.
            Err(error) if !sure && error.is_read_only() => Ok(Tried::Ask),
            Err(error) => Err(error),
            Ok(Committed::Done) => {
                *links |= tells_others(&draft.commit);
                if let Some(head) = draft.after {
                    recent.put(head);
                }
                self.note(draft.weighed);
                Ok(Tried::Answered(draft.answer))
            }
            Ok(Committed::Duplicate(before)) => asks.again(&before).map(Tried::Answered),
            Ok(Committed::Conflict { head }) => {
                recent.forget(of);
                let head = self.stands::<K>(of, head.map(|head| *head)).await?;
                let head = head.map(Arc::new);
                if let Some(head) = &head {
                    recent.put(Arc::clone(head));
                }
                Ok(Tried::Again(Some(Hand::unsure(head))))
            }
            Ok(Committed::Known { .. } | Committed::NoPlan { .. }) => Ok(Tried::Again(None)),
            Ok(Committed::Gone) => {
                Err(DeskError::carried(draft.commit.carries.unwrap_or_default()))
            }
        }
    }

    /// Commits, and keeps what plans are wanting before.
    async fn commit_with_plans(&self, commit: &Commit) -> Result<Committed, DeskError> {
        match self.ledger.commit(commit).await? {
            Committed::NoPlan { .. } => {
                for name in &commit.plans {
                    self.keep_plan(name).await?;
                }
                self.ledger.commit(commit).await
            }
            committed => Ok(committed),
        }
    }

    /// Decides, with everything in hand that the decision wants.
    pub(super) async fn decide<K: Kind>(
        &self,
        state: Option<&K::State>,
        envelope: &K::Envelope,
    ) -> Result<Result<Decided<K>, K::Refusal>, DeskError> {
        let wants = K::wants(state, envelope);
        let mut beside = Beside::default();
        if let Some(state) = state {
            for plan in wants.plans {
                self.take_in_hand::<K>(plan, state).await?;
            }
            beside.stranger = self.stranger::<K>(state, wants.own).await?;
        }
        if let Some(into) = wants.survivor {
            // What one case alone cannot see: whether the case that it is to follow answers for it (并案).
            beside.survivor = match self.case(into).await? {
                None => Some(Survivor::Missing),
                Some(it) if it.is_closed() => Some(Survivor::Closed),
                Some(it) if it.follows().is_some() => Some(Survivor::Follows),
                Some(it) if it.main().is_some() => Some(Survivor::Part),
                Some(_) => None,
            };
        }
        Ok(K::decide(state, envelope, &self.plans(), beside))
    }

    /// What a chain does not carry along: the references to its private texts. Erasing one that was never its own would
    /// record an erasure that did not happen.
    async fn stranger<K: Kind>(
        &self,
        state: &K::State,
        own: &[TextRef],
    ) -> Result<Option<u64>, DeskError> {
        if own.is_empty() {
            return Ok(None);
        }
        let history = self.history::<K>(K::id(state)).await?;
        let all: BTreeSet<&TextRef> = history
            .iter()
            .flat_map(|entry| K::texts(&entry.sealed.record))
            .collect();
        let stranger = (1u64..).zip(own).find(|(_, text)| !all.contains(text));
        Ok(stranger.map(|(number, _)| number))
    }

    /// What time has brought about by a moment.
    async fn came_about<K: Kind>(
        &self,
        state: Option<&K::State>,
        at: Moment,
    ) -> Result<Option<Decided<K>>, DeskError> {
        let due = |state: &&K::State| K::next_alarm(state).is_some_and(|alarm| alarm <= at);
        let Some(state) = state.filter(due) else {
            return Ok(None);
        };
        Ok(self
            .decide::<K>(Some(state), &K::tick(state, at)?)
            .await?
            .ok())
    }
}

impl Shared {
    /// What a command comes to that was not refused.
    pub(super) fn draft_of<K: Kind>(
        &self,
        asks: &Asks<'_, K>,
        head: Option<&Head<K>>,
        stamped: &K::Envelope,
        decided: Decided<K>,
        plans: &Arc<Plans>,
    ) -> Result<Draft<K>, DeskError> {
        let Asked { of, at, .. } = K::asked(stamped);
        let state = head.map(|head| &head.state);
        let weighed = self.weigh::<K>(state, stamped, Ok(&decided), plans);
        let mut commit = start::<K>(of, head);
        let answer = K::done(&decided.state, commit.expected, at);
        let after = self.fill::<K>(&mut commit, of, head, decided, asks.observed_at)?;
        asks.draft(commit, at, answer, after, weighed)
    }

    /// A plan on trial is asked the same, and heard of once the command is done.
    fn weigh<K: Kind>(
        &self,
        state: Option<&K::State>,
        stamped: &K::Envelope,
        came: Result<&Decided<K>, &K::Refusal>,
        plans: &Arc<Plans>,
    ) -> Weighed {
        let shadow = self.shadow.load_full()?;
        let found = K::weigh(&shadow, plans, state, stamped, came)?;
        Some((shadow, found))
    }

    /// Seals what was decided onto the chain. Gives where it stands then, if anything happened.
    pub(super) fn fill<K: Kind>(
        &self,
        commit: &mut Commit,
        of: &K::Id,
        head: Option<&Head<K>>,
        decided: Decided<K>,
        observed_at: Moment,
    ) -> Result<Stands<K>, DeskError> {
        use crate::desk::Line;
        let genesis = || K::genesis(self.plans.load().board(), of);
        let mut last = head.map_or_else(genesis, |head| head.hash);
        for record in &decided.records {
            let (hash, line) = seal(&last, record)?;
            commit.records.push(RecordRow {
                key: commit.key.clone(),
                version: record.version(),
                prev: Some(last),
                hash: Some(hash),
                line,
                observed_at,
            });
            last = hash;
            let erased = K::erased(record).iter().map(ToString::to_string);
            commit.erased.extend(erased);
            if commit.number.is_none() {
                commit.number = K::number(record);
            }
            commit
                .plans
                .extend(K::comes_under(record).map(ToString::to_string));
        }
        let Decided {
            records,
            private,
            outgoing,
            state,
        } = decided;
        commit.private = private.into_iter().map(hidden).collect();
        let outgoing = outgoing.iter().map(K::goes_out);
        commit.outgoing = outgoing.collect::<Result<Vec<OutgoingRow>, _>>()?;
        if records.is_empty() {
            return Ok(None);
        }
        commit.head = Some(HeadRow {
            version: K::version(&state),
            hash: Some(last),
            alarm: K::next_alarm(&state),
            state: shape::pack(&state)?,
        });
        Ok(Some(Arc::new(Head { state, hash: last })))
    }
}

fn hidden(private: Private) -> PrivateRow {
    PrivateRow {
        reference: private.reference.to_string(),
        salt: Some(*private.salt.bytes()),
        text: Some(private.text.into()),
    }
}

fn tells_others(commit: &Commit) -> bool {
    commit.outgoing.iter().any(|outgoing| outgoing.link)
}

/// The command with the moment at which it takes effect: never before the chain's last.
pub(super) fn stamp<'a, K: Kind>(
    envelope: &'a K::Envelope,
    state: Option<&K::State>,
) -> Cow<'a, K::Envelope> {
    match state.map(K::last_at) {
        Some(last) if last > K::asked(envelope).at => Cow::Owned(K::at(envelope, last)),
        _ => Cow::Borrowed(envelope),
    }
}

/// A commit that changes nothing yet.
pub(super) fn start<K: Kind>(of: &K::Id, head: Option<&Head<K>>) -> Commit {
    let version = head.map_or(0, |head| K::version(&head.state));
    Commit {
        after: head.map(|head| head.hash),
        ..Commit::new(K::SHELF, of.to_string(), version)
    }
}
