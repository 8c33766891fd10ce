//! A reading of a case's ledger, record by record, that shares nothing with the machine: what the laws need to know of the past, and no
//! more, so that it can stand beside the case in every state of a world.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use duly::time::Moment;
use duly::words::*;

use crate::laws::{Broken, Law};

/// On how many days the citizen was called in vain, as the pack says.
const ATTEMPTS: usize = 2;

/// A reply, as far as the laws look at it.
#[derive(Debug, Clone)]
struct Reply {
    author: PersonId,
    mark: Mark,
    explained: bool,
    basis: bool,
}

/// What became of the answer of the case that this one follows.
#[derive(Debug, Clone, Default)]
struct Follows {
    answer: Option<u64>,
    told: bool,
    ended: bool,
}

/// What the records of one case say.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    class: Option<Class>,
    owner: Option<PersonId>,
    /// Who has handled this round, and who ever.
    round: BTreeSet<PersonId>,
    handlers: BTreeSet<PersonId>,
    reply: Option<Reply>,
    /// Whether a reply waits for its review, and whether one stands published, told by which entry.
    waits: bool,
    published: Option<u64>,
    told: bool,
    reached: bool,
    missed: BTreeSet<chrono::NaiveDate>,
    rating: Option<Rating>,
    /// Until when the citizen is asked what they think of the answer; and whether that time has passed.
    asked_until: Option<Moment>,
    silent: bool,
    rechecked_by: BTreeSet<PersonId>,
    /// Open promises.
    promises: BTreeSet<u32>,
    unpublished: BTreeSet<u32>,
    follows: Option<Follows>,
    /// Whether it is to be done again, how often it was sent back, and whether anybody heard of that.
    redo: bool,
    returns: u32,
    escalated: bool,
    closed: bool,
    pauses: BTreeMap<String, (PauseSide, Vec<ClockKind>)>,
    /// What each live clock has ahead.
    ahead: BTreeMap<ClockKey, Vec<Step>>,
    /// What came of each clock so far.
    came: BTreeMap<ClockKey, BTreeSet<StepKey>>,
    /// Clocks that may go on later: those cancelled by merging, and the whole.
    sleeping: BTreeSet<ClockKey>,
}

impl Reading {
    /// Takes one record in, and says which laws it breaks.
    pub fn take(&mut self, record: &Record) -> Broken {
        let mut broken = Broken::default();
        let by = || record.by.iter().flat_map(By::persons);
        match &record.event {
            Event::Screened { class, .. } => self.class = Some(*class),
            Event::Assigned { owner, .. } => {
                self.owner = Some(owner.clone());
                self.handles(owner);
            }
            Event::Replied {
                author,
                answers,
                basis,
                promises,
                explained,
                ..
            } => {
                self.handles(author);
                by().for_each(|person| self.handles(person));
                self.reply = Some(Reply {
                    author: author.clone(),
                    mark: answers.iter().map(|it| it.mark).max().unwrap_or(Mark::D),
                    explained: *explained,
                    basis: basis.iter().any(|it| !it.is_empty()),
                });
                self.waits = true;
                self.redo = false;
                self.forget_answer();
                self.unpublished = promises.iter().map(|it| it.number).collect();
                self.promises.extend(&self.unpublished);
            }
            Event::Published { findings } => {
                let reviewer = record.by.as_ref().map(|by| by.role) == Some(Role::Reviewer);
                let found = findings.get("contacted") == Some(&true);
                broken.unless(
                    self.waits && reviewer && found && self.reply.is_some(),
                    Law::Reviewed,
                );
                let another = |reply: &Reply| by().all(|person| reply.author != *person);
                let apart = by().all(|person| !self.round.contains(person));
                broken.unless(apart && self.reply.as_ref().is_none_or(another), Law::Apart);
                self.waits = false;
                self.published = Some(record.version);
                self.unpublished.clear();
            }
            Event::Returned { mend, .. } => {
                let judged = record.by.as_ref().map(|by| by.role) != Some(Role::Citizen);
                if judged && mend.is_some() {
                    broken.unless(by().all(|it| !self.round.contains(it)), Law::Apart);
                }
                self.new_round();
                self.redo = true;
                self.returns += 1;
            }
            Event::CountReached { count, number, .. } => {
                let second = count == "returns" && *number == 2 && self.returns == 2;
                broken.unless(second && !self.escalated, Law::Redo);
                self.escalated = true;
            }
            Event::Reopened { .. } => {
                self.closed = false;
                self.redo = false;
                self.follows = None;
                self.new_round();
            }
            Event::CalledBack { reached, day, .. } => {
                broken.unless(by().all(|it| !self.handlers.contains(it)), Law::Apart);
                self.reached |= reached;
                self.missed.extend((!reached).then_some(day));
            }
            Event::Rated { rating, .. } => {
                self.rating = Some(*rating);
                // Who has spoken is not silent.
                if matches!(rating, Rating::Given { .. }) {
                    (self.asked_until, self.silent) = (None, false);
                }
            }
            Event::Rechecked { .. } => {
                broken.unless(by().all(|it| !self.handlers.contains(it)), Law::Apart);
                self.rechecked_by.extend(by().cloned());
            }
            Event::Fulfilled { commitment, .. } => {
                self.promises.remove(commitment);
            }
            Event::Delivered { effect } => {
                self.told |= self.published == Some(effect.version) && effect.index == 1;
                if let Some(follows) = &mut self.follows {
                    follows.told |= follows.answer == Some(effect.version);
                }
            }
            Event::Merged { .. } => self.follows = Some(Follows::default()),
            Event::Unmerged { .. } => self.follows = None,
            Event::Relayed { news, .. } => match (&mut self.follows, news) {
                (None, _) => broken.add(Law::Told),
                (Some(it), News::Answer { .. }) => {
                    (it.answer, it.told) = (Some(record.version), false);
                }
                (Some(it), News::Retracted) => (it.answer, it.told) = (None, false),
                (Some(it), News::Reopened) => *it = Follows::default(),
                (Some(it), News::Ended { .. }) => it.ended = true,
                _ => {}
            },
            Event::StruckOff {
                outcome: Outcome::Merged,
                ..
            } => {
                let told = |it: &Follows| it.answer.is_some() && it.told && it.ended;
                broken.unless(self.follows.as_ref().is_some_and(told), Law::Told);
                self.closed = true;
            }
            Event::StruckOff { outcome, .. } => {
                broken.unless(self.is_solved(*outcome), Law::Solved);
                broken.unless(self.published.is_some(), Law::Reviewed);
                let apart =
                    |it: &PersonId| !self.handlers.contains(it) && !self.rechecked_by.contains(it);
                broken.unless(by().next().is_some() && by().all(apart), Law::Apart);
                self.closed = true;
            }
            Event::Declined { .. } | Event::Withdrawn { .. } => {
                self.closed = true;
                self.waits = false;
                self.published = None;
            }
            _ => {}
        }
        self.take_steps(record, &mut broken);
        broken
    }

    fn handles(&mut self, person: &PersonId) {
        self.round.insert(person.clone());
        self.handlers.insert(person.clone());
    }
    fn forget_answer(&mut self) {
        (self.published, self.told, self.reached) = (None, false, false);
        self.missed.clear();
        self.rating = None;
        (self.asked_until, self.silent) = (None, false);
        self.rechecked_by.clear();
    }
    fn new_round(&mut self) {
        // A reply that was never published has promised nobody anything.
        for number in std::mem::take(&mut self.unpublished) {
            self.promises.remove(&number);
        }
        self.round = self.owner.iter().cloned().collect();
        self.waits = false;
        self.reply = None;
        self.forget_answer();
    }

    /// 问题不解决不销账, read from the ledger: an outcome of the class, an answer that says so and that the citizen has, every promise
    /// kept, a call-back, and the third gate: a citizen who is satisfied; one who is not, where it was explained and another person has
    /// rechecked it; or one who is silent, and silence is silence only when its time has passed, with a recheck. What a channel enters by itself is silence.
    fn is_solved(&self, outcome: Outcome) -> bool {
        let Some(reply) = &self.reply else {
            return false;
        };
        let spoke = matches!(self.rating, Some(Rating::Given { .. }));
        let satisfied = self.rating.is_some_and(|it| it.is_satisfied());
        let unsatisfied = self.rating.is_some_and(|it| it.is_unsatisfied());
        let says = match outcome {
            Outcome::Solved => reply.mark != Mark::D && !reply.explained && !unsatisfied,
            Outcome::Explained => reply.explained && reply.basis,
            _ => false,
        };
        let called_back = self.reached || self.missed.len() >= ATTEMPTS || spoke;
        let has_it = self.told || self.reached || spoke;
        let rechecked = !self.rechecked_by.is_empty();
        let third_gate = match self.rating {
            Some(Rating::Given { .. }) if satisfied => true,
            Some(Rating::Given { .. }) => outcome == Outcome::Explained && rechecked,
            None | Some(Rating::AutoByTimeout | Rating::NotGiven) => self.silent && rechecked,
        };
        self.class == Some(Class::Problem)
            && says
            && called_back
            && has_it
            && third_gate
            && self.promises.is_empty()
    }

    /// Each occurrence has one outcome, at its own moment.
    fn take_steps(&mut self, record: &Record, broken: &mut Broken) {
        match &record.event {
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. } => {
                self.sleeping.remove(key);
                self.ahead.insert(*key, schedule.steps.clone());
                if key.kind == ClockKind::Rating {
                    self.asked_until = Some(schedule.legal_due);
                }
                // An occurrence that has had its outcome is not laid out again.
                let had = self.came.entry(*key).or_default();
                let again = schedule.steps.iter().any(|it| had.contains(&it.key));
                broken.unless(!again, Law::Steps);
            }
            Event::ClockStopped { key, .. } | Event::ClockCancelled { key, .. } => {
                broken.unless(self.ahead.remove(key).is_some(), Law::Steps);
                let merged = matches!(
                    record.event,
                    Event::ClockCancelled {
                        why: CancelWhy::Merged,
                        ..
                    }
                );
                if merged || key.kind == ClockKind::Whole {
                    self.sleeping.insert(*key);
                }
            }
            Event::StepTaken {
                clock,
                step,
                fate,
                next,
                ..
            } => {
                let first = self.came.entry(*clock).or_default().insert(step.clone());
                broken.unless(first, Law::Steps);
                let early = matches!(
                    fate,
                    StepFate::Voided {
                        why: CancelWhy::BeforeStart
                    }
                );
                let Some(list) = self.ahead.get_mut(clock) else {
                    return broken.unless(early, Law::Steps);
                };
                let its = list.iter().position(|it| it.key == *step);
                let in_time = its.is_some_and(|its| list[its].at == record.at);
                broken.unless(early || in_time, Law::Steps);
                if clock.kind == ClockKind::Rating && *step == StepKey::Lapse {
                    self.silent = self.asked_until.is_some_and(|until| record.at >= until);
                    self.asked_until = None;
                }
                list.retain(|it| it.key != *step);
                list.extend(next.iter().cloned());
            }
            Event::Paused {
                reason,
                side,
                holds,
                ..
            } => {
                self.pauses.insert(reason.clone(), (*side, holds.clone()));
            }
            Event::AskedCitizen { .. } => {
                let asked = (PauseSide::Citizen, Vec::new());
                self.pauses.insert("补正".into(), asked);
            }
            Event::Resumed { reason, .. } => {
                self.pauses.remove(reason);
            }
            _ => {}
        }
        if self.closed {
            self.pauses.clear();
        }
    }

    /// What the ledger should hold by now: nothing that fell due is left over, and a case that has ended has nothing ahead.
    pub fn by(&self, now: Moment) -> Broken {
        let mut broken = Broken::default();
        let waits = |key: &ClockKey| {
            let holds = |(side, holds): &(PauseSide, Vec<ClockKind>)| {
                key.kind.heeds(*side) && (holds.is_empty() || holds.contains(&key.kind))
            };
            self.pauses.values().any(holds)
        };
        let running = self.ahead.iter().filter(|(key, _)| !waits(key));
        let lost = running
            .flat_map(|(_, list)| list)
            .any(|step| step.at <= now);
        broken.unless(!lost, Law::Steps);
        broken.unless(!self.closed || self.ahead.is_empty(), Law::Steps);
        // Nothing is done again for ever, and nobody the wiser: somebody hears of it, when its time is over and when it comes back once more.
        let again = self.redo && !self.closed && self.follows.is_none();
        let mut its = self.ahead.iter();
        let clocked = its.any(|(key, list)| key.kind == ClockKind::Redo && !list.is_empty());
        broken.unless(!again || clocked, Law::Redo);
        broken.unless(self.returns < 2 || self.escalated, Law::Redo);
        broken
    }

    /// The owner that the ledger names.
    pub fn owner(&self) -> Option<&PersonId> {
        self.owner.as_ref()
    }
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// What of it can still matter: no versions, and nothing of clocks that are gone for good.
    pub fn essence(&self, to: &mut String) {
        let live = |key: &&ClockKey| self.ahead.contains_key(key) || self.sleeping.contains(key);
        let came: Vec<_> = self
            .came
            .keys()
            .filter(live)
            .map(|key| (key.kind, &self.came[key]))
            .collect();
        write!(
            to,
            "{:?} {:?} {:?} {:?} {:?} {} {} {} {} {:?} {:?} {:?} {} {:?} {:?} {:?} {:?} {} {} {} {:?} {came:?}",
            self.class,
            self.owner,
            self.round,
            self.handlers,
            self.reply,
            self.waits,
            self.published.is_some(),
            self.told,
            self.reached,
            self.missed,
            self.rating,
            self.asked_until,
            self.silent,
            self.rechecked_by,
            self.promises,
            self.unpublished,
            self.follows
                .as_ref()
                .map(|it| (it.answer.is_some(), it.told, it.ended)),
            self.redo,
            self.returns,
            self.escalated,
            self.pauses,
        )
        .unwrap();
    }
}
