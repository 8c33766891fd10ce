//! A command's way from question to answer.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Core;
use super::read::Head;
use crate::desk::answer::{again, json};
use crate::desk::chain::seal;
use crate::desk::kind::{Asked, Beside, Cases, Decided, Duties, Kind};
use crate::desk::observe::within;
use crate::desk::own::{is_not_own, is_not_own_of_duties};
use crate::desk::rows::{
    CommandRow, Commit, Committed, HeadRow, Look, OutgoingRow, PrivateRow, RecordRow,
};
use crate::desk::{Answer, AsyncLedger, DeskError, DutyAnswer, Hash, shape};
use crate::duty::DutyEnvelope;
use crate::time::Moment;
use crate::words::{Envelope, Private, Survivor, TextRef};

/// How often a command is decided anew because others wrote to its chain meanwhile.
const TRIES: usize = 32;

/// An answer, and whether other cases are to hear of what was done.
pub(in crate::desk) struct Said<A> {
    pub(in crate::desk) answer: A,
    pub(in crate::desk) links: bool,
}

impl<L: AsyncLedger> Core<'_, L> {
    /// Answers a host's command to a case, and has other cases hear of it at once.
    pub(in crate::desk) async fn submit(&self, envelope: &Envelope) -> Result<Answer, DeskError> {
        is_not_own(&envelope.id, &envelope.command)?;
        self.answer_and_tell(envelope, envelope.at).await
    }

    /// Answers a host's command to an obligation.
    pub(in crate::desk) async fn submit_duty(
        &self,
        envelope: &DutyEnvelope,
    ) -> Result<DutyAnswer, DeskError> {
        is_not_own_of_duties(&envelope.id, &envelope.command)?;
        Ok(self
            .answer::<Duties>(envelope, envelope.at, None)
            .await?
            .answer)
    }

    /// Answers a command to a case, and has other cases hear of it at once.
    pub(super) async fn answer_and_tell(
        &self,
        envelope: &Envelope,
        observed_at: Moment,
    ) -> Result<Answer, DeskError> {
        let said = self.answer::<Cases>(envelope, observed_at, None).await?;
        if said.links {
            // It is done and in the ledger, whatever becomes of this; what is left lies in the outbox.
            let _ = self.link(observed_at).await;
        }
        Ok(said.answer)
    }

    /// Answers a command. `carries` is the effect that it carries out, which leaves the outbox with it.
    pub(in crate::desk) async fn answer<K: Kind>(
        &self,
        envelope: &K::Envelope,
        observed_at: Moment,
        carries: Option<&str>,
    ) -> Result<Said<K::Answer>, DeskError> {
        let _doing = self.watch.began(K::WORK);
        let work = self.answer_in_time::<K>(envelope, observed_at, carries);
        within::<K, _>(envelope, work).await
    }

    async fn answer_in_time<K: Kind>(
        &self,
        envelope: &K::Envelope,
        observed_at: Moment,
        carries: Option<&str>,
    ) -> Result<Said<K::Answer>, DeskError> {
        let payload = K::payload(envelope, &self.secret)?;
        let mut links = false;
        for _ in 0..TRIES {
            let tried = self
                .attempt::<K>(envelope, observed_at, payload, carries, None, &mut links)
                .await
                .inspect_err(|error| self.watch.failed(error))?;
            if let Some(answer) = tried {
                K::tell(&self.watch, envelope, &answer);
                return Ok(Said { answer, links });
            }
            self.watch.conflicted();
        }
        let busy = DeskError::busy();
        self.watch.failed(&busy);
        Err(busy)
    }

    /// One try; nothing, if somebody else wrote to the chain first, or since it was `seen` at a version.
    pub(super) async fn attempt<K: Kind>(
        &self,
        envelope: &K::Envelope,
        observed_at: Moment,
        payload: Hash,
        carries: Option<&str>,
        seen: Option<u64>,
        links: &mut bool,
    ) -> Result<Option<K::Answer>, DeskError> {
        let Asked {
            id,
            of,
            at: said_at,
            number,
        } = K::asked(envelope);
        let looked = self
            .ledger
            .look(&Look {
                shelf: K::SHELF,
                key: of.to_string(),
                command: id.to_string(),
                number,
            })
            .await?;
        if let Some(before) = looked.answered {
            return again(&before, &payload).map(Some);
        }
        let head = self.stands::<K>(of, looked.head).await?;
        let state = head.as_ref().map(|head| &head.state);
        if seen.is_some_and(|seen| seen != state.map_or(0, K::version)) {
            return Ok(None);
        }
        let stamped = stamp::<K>(envelope, said_at, state);
        let at = K::asked(&stamped).at;
        let mut commit = start::<K>(of, state);
        let known = looked.known.map(|key| key.parse::<K::Id>());
        let known = known.transpose().map_err(DeskError::storage)?;
        // A plan on trial is asked the same, and heard of once the command is done.
        let shadow = self.shadow.load_full();
        let mut beside = None;
        let weigh = |came: Result<&Decided<K>, &K::Refusal>| {
            let shadow = shadow.as_ref()?;
            K::weigh(shadow, &self.plans(), state, &stamped, came)
        };
        let answer = match known.and_then(K::known) {
            Some(answer) => answer,
            None => match self.decide::<K>(state, &stamped).await? {
                Ok(decided) => {
                    beside = weigh(Ok(&decided));
                    let answer = K::done(&decided.state, commit.expected, at);
                    self.fill::<K>(&mut commit, of, head.as_ref(), decided, observed_at)?;
                    answer
                }
                Err(refusal) if K::is_the_hosts(&refusal) => {
                    return Ok(Some(K::refused(refusal)));
                }
                Err(refusal) => {
                    beside = weigh(Err(&refusal));
                    if let Some(decided) = self.came_about::<K>(state, at).await? {
                        let next = K::next_alarm(&decided.state);
                        self.fill::<K>(&mut commit, of, head.as_ref(), decided, observed_at)?;
                        if next.is_some_and(|alarm| alarm <= at) {
                            // More came about than one turn takes: the command waits for the rest of it.
                            *links |= tells_others(&commit);
                            if let (Some(shadow), Some(beside)) = (&shadow, beside) {
                                shadow.note(beside);
                            }
                            let _ = self.ledger.commit(&commit).await?;
                            return Ok(None);
                        }
                    }
                    K::refused(refusal)
                }
            },
        };
        commit.command = Some(CommandRow {
            id: id.to_string(),
            key: of.to_string(),
            payload: Some(payload),
            said_at,
            at,
            answer: json(&answer)?,
        });
        commit.delivered.extend(carries.map(str::to_owned));
        match self.ledger.commit(&commit).await? {
            Committed::Done => {
                *links |= tells_others(&commit);
                if let (Some(shadow), Some(beside)) = (&shadow, beside) {
                    shadow.note(beside);
                }
                Ok(Some(answer))
            }
            Committed::Duplicate(before) => again(&before, &payload).map(Some),
            Committed::Conflict { .. } | Committed::Known { .. } => Ok(None),
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
        let decided = K::decide(state, envelope, &self.plans(), beside);
        if let Ok(decided) = &decided {
            self.keep_plans::<K>(&decided.records).await?;
        }
        Ok(decided)
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

    /// Seals what was decided onto the chain.
    pub(super) fn fill<K: Kind>(
        &self,
        commit: &mut Commit,
        of: &K::Id,
        head: Option<&Head<K>>,
        decided: Decided<K>,
        observed_at: Moment,
    ) -> Result<(), DeskError> {
        use crate::desk::Line;
        let genesis = || K::genesis(self.ledger.board(), of);
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
        }
        if !decided.records.is_empty() {
            commit.head = Some(HeadRow {
                version: K::version(&decided.state),
                hash: Some(last),
                alarm: K::next_alarm(&decided.state),
                state: shape::pack(&decided.state)?,
            });
        }
        commit.private = decided.private.into_iter().map(hidden).collect();
        let outgoing = decided.outgoing.iter().map(K::goes_out);
        commit.outgoing = outgoing.collect::<Result<Vec<OutgoingRow>, _>>()?;
        Ok(())
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
fn stamp<'a, K: Kind>(
    envelope: &'a K::Envelope,
    said_at: Moment,
    state: Option<&K::State>,
) -> Cow<'a, K::Envelope> {
    match state.map(K::last_at) {
        Some(last) if last > said_at => Cow::Owned(K::at(envelope, last)),
        _ => Cow::Borrowed(envelope),
    }
}

/// A commit that changes nothing yet.
pub(super) fn start<K: Kind>(of: &K::Id, state: Option<&K::State>) -> Commit {
    Commit::new(K::SHELF, of.to_string(), state.map_or(0, K::version))
}
