//! The data of each stage, and what a case keeps beside it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::time::{Moment, Pauses, Span, Term};
use crate::words::{
    Answered, CancelWhy, ClockClass, ClockKey, ClockKind, ClockMark, DeclineGround, Facts, Mark,
    Outcome, Part, PauseSide, PersonId, PlaceCode, Promise, Rating, Schedule, SignalOf, StepKey,
    SubPlanned, UnitId, Verdict,
};

/// The data of each stage. What a stage needs is here and nowhere else: past intake there is always a team, and a
/// team always has exactly one owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StageData {
    Received(Received),
    Assigned(Assigned),
    Replied(Replied),
    Reviewed(Reviewed),
    Returned(Returned),
    Closed(Closed),
}

/// 已受理: being screened, or waiting to be assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Whether it was screened.
    pub screened: bool,
    /// Whether the citizen was asked something and has not answered yet.
    pub waiting: bool,
}

/// Who handles it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The lead unit (主办单位).
    pub unit: UnitId,
    /// The one named owner (承办责任人).
    pub owner: PersonId,
    /// The unit and person that a county named below it.
    pub below: Option<(UnitId, PersonId)>,
    /// The co-handlers (协办).
    pub parts: Vec<Part>,
}

/// 已交办: a unit and an owner have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who.
    pub team: Team,
    /// Since when it is signed for.
    pub signed: Option<Moment>,
    /// Whether an objection waits for a ruling.
    pub objected: bool,
    /// Whether the unit may still say "not ours".
    pub may_object: bool,
}

/// A reply, without its private words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyGiven {
    /// When.
    pub at: Moment,
    /// By whom.
    pub author: PersonId,
    /// By matter.
    pub answers: Vec<Answered>,
    /// Whether it says that it lawfully cannot be done.
    pub explained: bool,
    /// The promises it made, by number.
    pub promises: Vec<u32>,
    /// What it says, as facts.
    pub facts: Facts,
    /// The reviewer's and rechecker's findings on it.
    pub findings: Facts,
}

impl ReplyGiven {
    /// The mark on a matter.
    pub fn mark(&self, matter: u16) -> Option<Mark> {
        self.answers
            .iter()
            .find(|answer| answer.matter == matter)
            .map(|answer| answer.mark)
    }
    /// The weakest mark in it.
    pub fn weakest(&self) -> Mark {
        self.answers
            .iter()
            .map(|answer| answer.mark)
            .max()
            .unwrap_or(Mark::A)
    }
}

/// 已答复待审: waiting for a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    /// Who handles it.
    pub team: Team,
    /// The reply.
    pub reply: ReplyGiven,
    /// The first of two reviews, once it is passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstReview>,
}

/// The first of two reviews (初审), passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstReview {
    /// Who passed it.
    pub by: BTreeSet<PersonId>,
    /// The place whose reviewer takes the second.
    pub next: PlaceCode,
}

/// 审核通过: published; call-back, rating and recheck follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Who handled it.
    pub team: Team,
    /// The published reply.
    pub reply: ReplyGiven,
    /// The version of the entry that published it; 0 where that was not recorded yet.
    #[serde(default)]
    pub published: u64,
    /// Whether the citizen has the notice of the answer: it was delivered, or told by another channel instead.
    #[serde(default)]
    pub told: bool,
    /// Whether the citizen was reached.
    pub reached: bool,
    /// The days on which they were not.
    pub failed: BTreeSet<NaiveDate>,
    /// Whether call-back is done with: reached, or failed often enough.
    pub called_back: bool,
    /// The rating, or that there is none.
    pub rating: Option<Rating>,
    /// Whether someone who had no part in it has checked.
    pub rechecked: bool,
    /// Who checked: somebody else strikes it off.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rechecked_by: BTreeSet<PersonId>,
}

/// 退回重办: to be done again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Who handles it.
    pub team: Team,
    /// Why it came back.
    pub ground: String,
}

/// 已销账.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Who handled it; nobody, where it was closed before it was assigned.
    pub team: Option<Team>,
    /// How it ended.
    pub outcome: Outcome,
    /// When.
    pub at: Moment,
    /// Until when a rating still counts.
    pub rate_until: Option<Moment>,
    /// The rating it was closed with.
    pub rating: Option<Rating>,
}

/// One of the things asked in a message (事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Its number, from 1.
    pub number: u16,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
}

/// A promise and whether it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseKept {
    /// The promise.
    pub promise: Promise,
    /// When it was kept.
    pub fulfilled: Option<Moment>,
    /// The reply that made it went back unpublished: nobody was promised anything.
    pub void: bool,
}

impl PromiseKept {
    /// Whether it still has to be kept.
    pub fn is_open(&self) -> bool {
        self.fulfilled.is_none() && !self.void
    }
}

/// One pause: the clock waited, or waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// The pack's reason.
    pub reason: String,
    /// Whose time it is.
    pub side: PauseSide,
    /// Since when.
    pub from: Moment,
    /// When it ends at the latest.
    pub until: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
    /// The only clocks that wait; all that heed whose time it is, if none is named.
    #[serde(default)]
    pub holds: Vec<ClockKind>,
    /// The version of the entry that began it.
    #[serde(default)]
    pub begun_by: u64,
    /// The version of the entry that ended it.
    #[serde(default)]
    pub ended_by: Option<u64>,
}

impl Paused {
    /// Whether a clock of that kind waits for it.
    pub fn holds(&self, kind: ClockKind) -> bool {
        kind.heeds(self.side) && (self.holds.is_empty() || self.holds.contains(&kind))
    }
}

/// Who has had the case, and for how long: what one unit is answerable for and the next one is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The lead unit.
    pub unit: UnitId,
    /// The named owner.
    pub owner: PersonId,
    /// Since when.
    pub from: Moment,
    /// Until when; now, if not said.
    pub until: Option<Moment>,
}

/// A case that follows this one (并入的件), as this one knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// When its message was received.
    pub received: Moment,
    /// This case's whole is due no later than this: when the follower's is, or what it was lawfully set to since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_due: Option<Moment>,
    /// The same for its reply and redo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_due: Option<Moment>,
}

impl Follower {
    /// The due moment that holds for a clock of that kind.
    pub(super) const fn due(&self, kind: ClockKind) -> Option<Moment> {
        match kind {
            ClockKind::Whole => self.whole_due,
            ClockKind::Reply | ClockKind::Redo => self.reply_due,
            _ => None,
        }
    }
    pub(super) const fn due_mut(&mut self, kind: ClockKind) -> Option<&mut Moment> {
        match kind {
            ClockKind::Whole => self.whole_due.as_mut(),
            ClockKind::Reply | ClockKind::Redo => self.reply_due.as_mut(),
            _ => None,
        }
    }
}

/// A part of a divided case (分办事项), as that case knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sub {
    /// What was decided of it.
    pub plan: SubPlanned,
    /// Until when it has, of the time that it may take by itself; unknown before it begins, and where it has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_due: Option<Moment>,
    /// How it stands.
    pub state: SubState,
    /// The version of the entry with its answer, while that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<u64>,
    /// Who has handled it, as far as it has said.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub handlers: BTreeSet<PersonId>,
}

/// How a part of a divided case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubState {
    /// 待启动: it waits for other parts.
    Waiting,
    /// 在办: it is a case.
    Open,
    /// 已结: it ended.
    Ended {
        /// How.
        outcome: Outcome,
        /// When.
        at: Moment,
    },
    /// 未立件: it could not be opened as a case.
    NotOpened,
    /// 已撤: it is not needed any more.
    Dropped,
}

impl Sub {
    /// Whether it is done with, so that what waits for it can begin: settled, or not needed. What was not accepted or withdrawn is not.
    pub fn is_settled(&self) -> bool {
        match self.state {
            SubState::Ended { outcome, .. } => outcome.settles(),
            SubState::Dropped => true,
            SubState::Waiting | SubState::Open | SubState::NotOpened => false,
        }
    }
    /// Whether it is, or may yet become, a case that is open.
    pub fn is_ahead(&self) -> bool {
        matches!(self.state, SubState::Waiting | SubState::Open)
    }
}

/// The signal that a case was opened by (预警).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signalled {
    /// Of what.
    pub of: SignalOf,
    /// How often it came, the first time counted.
    pub times: u32,
}

/// What a case has heard from the one that it follows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Following {
    /// The version of the entry that told its citizen the answer that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<u64>,
    /// Whether its citizen has that answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) told: bool,
    /// How the survivor was struck off, while that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<Outcome>,
    /// What its citizen thinks of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rating: Option<Rating>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DeclineDraft {
    pub(super) ground: DeclineGround,
    pub(super) by: BTreeSet<PersonId>,
    pub(super) facts: Facts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ExtensionDraft {
    pub(super) clock: ClockKind,
    pub(super) span: Span,
    pub(super) by: BTreeSet<PersonId>,
}

/// An extension that was granted and waits for the citizen to have the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ExtensionPending {
    pub(super) clock: ClockKind,
    pub(super) span: Span,
    /// The version of the grant: the notice is its effect.
    pub(super) version: u64,
}

/// How one run of a clock ended. It never changes; what is found out later stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// When it stopped.
    pub at: Moment,
    /// At what.
    pub mark: ClockMark,
    /// In time or late.
    pub verdict: Verdict,
    /// What it stopped for was sent back (退回重办): it counts as given, and not as an effective answer.
    #[serde(default)]
    pub void: bool,
    /// The verdict by the right moment, where the first was recorded late.
    #[serde(default)]
    pub corrected: Option<Verdict>,
    /// The version of the entry that stopped it.
    #[serde(default)]
    pub entry: u64,
    /// When it really stopped, where that was recorded late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Moment>,
    /// The term that it was judged by, where the clock has had another since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Box<Term>>,
}

impl Judgement {
    /// When it stopped, as far as is known by now.
    pub fn stopped(&self) -> Moment {
        self.came.unwrap_or(self.at)
    }
    /// The verdict, as far as is known by now.
    pub fn known(&self) -> Verdict {
        self.corrected.unwrap_or(self.verdict)
    }
    /// The due moment that it was judged by.
    pub fn due(&self) -> Moment {
        self.known().due(self.stopped())
    }
}

/// How a clock stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It runs; its schedule holds.
    Running,
    /// It waits; what is left is known, the due moment is not.
    Paused,
    /// It stopped.
    Stopped {
        /// When.
        at: Moment,
        /// At what.
        mark: ClockMark,
    },
    /// It had no more use.
    Cancelled {
        /// When.
        at: Moment,
        /// Why.
        why: CancelWhy,
    },
}

/// One run of a clock in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Which.
    pub key: ClockKey,
    /// Of which cycle.
    pub cycle: u32,
    /// About what.
    pub about: Option<String>,
    /// Whose word its limit is.
    pub class: ClockClass,
    /// When it started.
    pub started: Moment,
    /// What is counted.
    pub term: Term,
    /// How it stands.
    pub state: ClockState,
    /// What it will do if nobody acts: nothing, once it has stopped or was cancelled. The moments it was due are kept.
    pub schedule: Schedule,
    /// The steps it has taken, each by its last occurrence: all that came are in the records.
    pub taken: Vec<StepKey>,
    /// When it was breached: a fact that survives everything after it.
    pub breached: Option<Moment>,
    /// When the promised moment passed, where the legal due moment is later (承诺逾期): a fact as well.
    #[serde(default)]
    pub promise_missed: Option<Moment>,
    /// By what it was extended, one after another, whatever its term has become since.
    #[serde(default)]
    pub extended: Vec<Span>,
    /// How it ended, each time it did.
    pub verdicts: Vec<Judgement>,
    /// Time that does not count at all.
    pub dormant: Pauses,
    /// Whether it is due when it is because the case that this one is a part of wants it then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) bound: bool,
    /// Up to when a wait that is not over is counted in what is promised: it waited when it started, or when it was last projected, as by
    /// another plan or calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) waited_until: Option<Moment>,
    /// What its rule has it count, where a direction, the floor or another case has it count from elsewhere by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) own: Option<Term>,
    /// The term by which a direction or a bundle made it due earlier than its rule, with what it was extended by since: whatever has it
    /// count otherwise by now, it is due no later than by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) brought: Option<Term>,
}

impl Clock {
    /// What its rule has it count, from where the rule has it begin.
    pub(super) fn own_term(&self) -> &Term {
        self.own.as_ref().unwrap_or(&self.term)
    }
    /// Up to when a wait that is not over is counted in it already.
    pub(super) fn counted_until(&self) -> Moment {
        self.waited_until.unwrap_or(Moment::MIN)
    }
    /// Whether it runs or waits.
    pub fn is_live(&self) -> bool {
        matches!(self.state, ClockState::Running | ClockState::Paused)
    }
    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.state == ClockState::Running
    }
    /// When it is due; unknown while it waits.
    pub fn due(&self) -> Option<Moment> {
        (self.state != ClockState::Paused).then_some(self.schedule.legal_due)
    }
}
