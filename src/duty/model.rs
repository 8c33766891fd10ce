//! An obligation as a plain value.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{DoneRound, DutyEffectId, Round, Rounds};
use crate::time::{Moment, Pauses, Term};
use crate::words::{
    Actor, Addressee, BoardId, By, Channel, DutyId, DutyKind, DutyStage, PersonId, PlanId, Role,
    RuleId, Step, StepKey, SubjectId, TextRef, Verdict,
};

/// One obligation (义务), as its events left it. A plain value; only [`evolve`](super::evolve) makes or changes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub(super) id: DutyId,
    pub(super) board: BoardId,
    pub(super) kind: DutyKind,
    pub(super) topic: TextRef,
    pub(super) owed: Addressee,
    pub(super) channels: Vec<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) of: Option<NaiveDate>,
    pub(super) plan: PlanId,
    pub(super) rule: RuleId,
    pub(super) imposed: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) imposed_by: Option<By>,
    pub(super) version: u64,
    pub(super) last: Moment,
    pub(super) term: Term,
    pub(super) pauses: Pauses,
    pub(super) due: Moment,
    pub(super) provisional: bool,
    pub(super) state: State,
    /// What comes if nobody acts.
    pub(super) steps: Vec<Step>,
    pub(super) taken: BTreeSet<StepKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) breached: Option<Moment>,
    pub(super) named: bool,
    /// When it was done with: accepted, read or excused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) closed: Option<Moment>,
    pub(super) sent_back: u32,
    /// Everyone who has owed it by name, and everyone who said that it is done.
    pub(super) doers: BTreeSet<PersonId>,
    /// The version of the event whose notice tells whoever owes it now that they do.
    pub(super) notice: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delivered: Option<Moment>,
    /// Version → how many effects that event had, where it had any.
    pub(super) told: BTreeMap<u64, u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<SubjectId>,
    /// Of what recurs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rounds: Option<Rounds>,
    /// The revision of the calendar by which what comes was laid out last.
    #[serde(default)]
    pub(super) calendar: String,
}

/// Where an obligation stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待完成.
    Owed {},
    /// 待认可.
    Submitted(Submission),
    /// 已完成.
    Done(Done),
    /// 已免除.
    Excused(Excused),
    /// 待下期.
    Resting(DoneRound),
}

/// What was done, by the word of whoever owed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// When.
    pub at: Moment,
    /// Where it was published.
    pub channel: Channel,
    /// Where it can be seen.
    pub link: String,
    /// In time or late.
    pub verdict: Verdict,
}

/// How it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// When it was done, whenever it was accepted.
    pub at: Moment,
    /// In time or late.
    pub verdict: Verdict,
    /// What was published, where something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Submission>,
}

/// Why it need not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excused {
    /// Since when.
    pub at: Moment,
    /// Why.
    pub reason: TextRef,
}

impl Duty {
    /// Its identity on its board.
    pub fn id(&self) -> &DutyId {
        &self.id
    }
    /// The board.
    pub fn board(&self) -> &BoardId {
        &self.board
    }
    /// What is owed.
    pub fn kind(&self) -> DutyKind {
        self.kind
    }
    /// On what.
    pub fn topic(&self) -> &TextRef {
        &self.topic
    }
    /// Which household or person, or part of the place, as the host numbers it.
    pub fn subject(&self) -> Option<&SubjectId> {
        self.subject.as_ref()
    }
    /// The round that it stands in, of what recurs.
    pub fn round(&self) -> Option<&Round> {
        self.rounds.as_ref().map(|rounds| &rounds.round)
    }
    /// How its rounds have gone, of what recurs.
    pub fn rounds(&self) -> Option<&Rounds> {
        self.rounds.as_ref()
    }
    /// By whom: a post, of a place and perhaps a unit, and the person where one is named.
    pub fn owed(&self) -> &Addressee {
        &self.owed
    }
    /// Where it may be published; anywhere, if none is named.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }
    /// The day that it is about: the day of a digest.
    pub fn of(&self) -> Option<NaiveDate> {
        self.of
    }
    /// The plan it is under.
    pub fn plan(&self) -> &PlanId {
        &self.plan
    }
    /// The rule that gave its limit.
    pub fn rule(&self) -> &RuleId {
        &self.rule
    }
    /// When it was imposed.
    pub fn imposed_at(&self) -> Moment {
        self.imposed
    }
    /// Who imposed it.
    pub fn imposed_by(&self) -> Option<&By> {
        self.imposed_by.as_ref()
    }
    /// How many events it has had.
    pub fn version(&self) -> u64 {
        self.version
    }
    /// When its last event took effect.
    pub fn last_at(&self) -> Moment {
        self.last
    }
    /// What is counted; of what recurs, until the round is due.
    pub fn term(&self) -> &Term {
        &self.term
    }
    /// The stretches in which it waited for somebody else's word and was sent back.
    pub fn pauses(&self) -> &Pauses {
        &self.pauses
    }
    /// The last moment that is in time; of what recurs, in the round that it stands in.
    pub fn due(&self) -> Moment {
        self.due
    }
    /// Whether the due moment lies beyond the known holidays.
    pub fn is_provisional(&self) -> bool {
        self.provisional
    }
    /// The revision of the calendar by which what comes was laid out last.
    pub fn calendar(&self) -> &str {
        &self.calendar
    }
    /// Whether it is counted by a calendar, and another revision of that may move it: it is owed, and not late yet. What waits to be accepted or
    /// rests is counted by the calendar in hand when it is owed again.
    pub fn heeds_calendar(&self) -> bool {
        matches!(self.state, State::Owed {}) && self.breached.is_none()
    }
    /// Where it stands, with what is known there.
    pub fn state(&self) -> &State {
        &self.state
    }
    /// Where it stands.
    pub fn stage(&self) -> DutyStage {
        match self.state {
            State::Owed {} => DutyStage::Owed,
            State::Submitted(_) => DutyStage::Submitted,
            State::Done(_) => DutyStage::Done,
            State::Excused(_) => DutyStage::Excused,
            State::Resting(_) => DutyStage::Resting,
        }
    }
    /// Whether it is still to be done, now or in a round to come, or to be accepted.
    pub fn is_open(&self) -> bool {
        self.stage().is_open()
    }
    /// Whether it is owed past its due moment at `now`.
    pub fn is_overdue(&self, now: Moment) -> bool {
        matches!(self.state, State::Owed {}) && now > self.due
    }
    /// The second at which it became late, if it did before it was done; of what recurs, in the round that it stands in.
    pub fn breached_at(&self) -> Option<Moment> {
        self.breached
    }
    /// In time or late, once it is done; of what recurs, once the round is.
    pub fn verdict(&self) -> Option<Verdict> {
        match &self.state {
            State::Done(done) => Some(done.verdict),
            State::Resting(done) => Some(done.verdict),
            _ => None,
        }
    }
    /// Whether a rung has named it for the bulletin.
    pub fn is_named(&self) -> bool {
        self.named
    }
    /// When the last word on it was said: where it is done, when it was accepted or read. Notes and deliveries after that do not
    /// move it.
    pub fn last_done(&self) -> Moment {
        self.closed.unwrap_or(self.last)
    }
    /// How often it was sent back.
    pub fn sent_back(&self) -> u32 {
        self.sent_back
    }
    /// When whoever owes it had the notice that they do. Told means delivered.
    pub fn delivered_at(&self) -> Option<Moment> {
        self.delivered
    }
    /// Whether it has had that effect.
    pub fn has_told(&self, effect: &DutyEffectId) -> bool {
        let many = self.told.get(&effect.version);
        effect.duty == self.id && many.is_some_and(|many| effect.index < *many)
    }
    /// When something will happen if nobody acts; send a Tick then. An open obligation always has one.
    pub fn next_alarm(&self) -> Option<Moment> {
        self.next().map(|(_, step)| step.at)
    }
    /// What comes if nobody acts, in order; of what recurs, in the round that it stands in. Its end is [`StepKey::Lapse`].
    pub fn ahead(&self) -> &[Step] {
        &self.steps
    }
    /// The rungs still to come of rounds that were missed, by the round's number.
    pub fn behind(&self) -> impl Iterator<Item = (u32, &[Step])> {
        let rounds = self.rounds.iter();
        rounds.flat_map(|rounds| {
            rounds
                .behind
                .iter()
                .map(|(n, steps)| (*n, steps.as_slice()))
        })
    }
    /// What comes next, and of which round. What two rounds bring at one moment comes in the order in which it was to come, then of rounds.
    pub(super) fn next(&self) -> Option<(Option<u32>, &Step)> {
        let own = self.round().map(|round| round.number);
        let behind = self.behind();
        let behind = behind.filter_map(|(n, steps)| Some((Some(n), steps.first()?)));
        let all = behind.chain(self.steps.first().map(|step| (own, step)));
        all.min_by_key(|(round, step)| (step.at, step.nominal(), *round))
    }
    /// Whether the actor owes it: the person named, or else whoever holds the post for its place, in its unit. A post that is no
    /// role is an office; who is of the office holds it.
    pub fn is_owed_by(&self, actor: &Actor) -> bool {
        let holds = match self.owed.role {
            Some(role) => actor.holds(role, &self.owed.place),
            None => office_role(actor, self).is_some(),
        };
        holds
            && match (&self.owed.person, &self.owed.unit) {
                (Some(person), _) => actor.persons().any(|own| own == person),
                (None, Some(unit)) => actor.unit.as_ref() == Some(unit),
                (None, None) => true,
            }
    }
}

/// In which of their roles somebody stands for an office.
pub(super) fn office_role(actor: &Actor, duty: &Duty) -> Option<Role> {
    let outside = [Role::Citizen, Role::System];
    let own = |grant: &&crate::words::Grant| {
        !outside.contains(&grant.role) && grant.reaches(&duty.owed.place)
    };
    actor.roles.iter().find(own).map(|grant| grant.role)
}
