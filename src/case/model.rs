//! A case as a plain value: what is known of one citizen's matter after all its events.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::imported::TakenOver;
use super::stages::{
    Clock, ClockState, DeclineDraft, ExtensionDraft, ExtensionPending, Follower, Following, Matter,
    Paused, PromiseKept, ReplyGiven, Segment, Signalled, StageData, Sub, Team,
};
use crate::time::{Calendar, Derivation, Moment, NamedPause, Pause, Pauses, TimeError};
use crate::words::{
    BoardId, CaseId, Channel, Class, ClockKey, ClockKind, EffectId, ExternalId, Facts, MainCase,
    Origin, Outcome, PauseSide, PersonId, PlaceCode, PlanId, Rating, Shown, StageName, Step,
    SubKey, TextRef, UnitId,
};

/// One citizen's matter (件), as its events left it. A plain value: it fits a `Vec`, a row, a queue. Only
/// [`evolve`](super::evolve) makes or changes one; look at it through [`Case::stage`] and the readers below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub(super) id: CaseId,
    pub(super) board: BoardId,
    pub(super) place: PlaceCode,
    pub(super) channel: Channel,
    pub(super) external_id: ExternalId,
    pub(super) origin: Origin,
    pub(super) citizen: Option<PersonId>,
    pub(super) message: TextRef,
    pub(super) version: u64,
    pub(super) received: Moment,
    pub(super) last: Moment,
    pub(super) plan: PlanId,
    pub(super) stage: StageData,
    pub(super) class: Option<Class>,
    pub(super) facts: Facts,
    pub(super) matters: Vec<Matter>,
    pub(super) cycle: u32,
    pub(super) returns: u32,
    pub(super) bounces: u32,
    pub(super) extensions: u32,
    pub(super) reopens: u32,
    pub(super) handlers: BTreeSet<PersonId>,
    pub(super) round_handlers: BTreeSet<PersonId>,
    pub(super) promises: Vec<PromiseKept>,
    pub(super) clocks: Vec<Clock>,
    pub(super) pauses: Vec<Paused>,
    pub(super) decline: Option<DeclineDraft>,
    pub(super) withdrawal: BTreeSet<PersonId>,
    pub(super) asked: Option<ExtensionDraft>,
    #[serde(default)]
    pub(super) granted: Option<ExtensionPending>,
    #[serde(default)]
    pub(super) segments: Vec<Segment>,
    /// The version of the last entry that is not about clocks.
    #[serde(default)]
    pub(super) entry: u64,
    pub(super) directed: bool,
    pub(super) tracked: bool,
    pub(super) follows: Option<CaseId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) following: Option<Following>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) followers: BTreeMap<CaseId, Follower>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) main: Option<MainCase>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) called_off: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) subs: BTreeMap<SubKey, Sub>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signal: Option<Signalled>,
    pub(super) named: bool,
    /// The version of the last entry that took a published answer down; 0 if none did.
    #[serde(default)]
    pub(super) took_down: u64,
    /// The units that a ruling named: none of them says again that it is not theirs.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) ruled: BTreeSet<UnitId>,
    pub(super) was_in_progress: bool,
    /// Version → how many effects that event had, where it had any: so that a delivery can be told from an invention.
    #[serde(default)]
    pub(super) told: BTreeMap<u64, u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) imported: Option<TakenOver>,
}

/// What will happen next if nobody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    Step(ClockKey, Step),
    PauseEnds(String, Moment),
}

impl Next {
    pub(super) fn at(&self) -> Moment {
        match self {
            Next::Step(_, step) => step.at,
            Next::PauseEnds(_, at) => *at,
        }
    }
}

impl Case {
    /// Its identity on its board.
    pub fn id(&self) -> &CaseId {
        &self.id
    }
    /// The board.
    pub fn board(&self) -> &BoardId {
        &self.board
    }
    /// The place it is about.
    pub fn place(&self) -> &PlaceCode {
        &self.place
    }
    /// Where it came in.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }
    /// Its number there.
    pub fn external_id(&self) -> &ExternalId {
        &self.external_id
    }
    /// Message or opinion.
    pub fn origin(&self) -> Origin {
        self.origin
    }
    /// The citizen, where known by name.
    pub fn citizen(&self) -> Option<&PersonId> {
        self.citizen.as_ref()
    }
    /// What was written.
    pub fn message(&self) -> &TextRef {
        &self.message
    }
    /// How many events it has had.
    pub fn version(&self) -> u64 {
        self.version
    }
    /// When it was received.
    pub fn received_at(&self) -> Moment {
        self.received
    }
    /// When its last event took effect.
    pub fn last_at(&self) -> Moment {
        self.last
    }
    /// The plan it is under.
    pub fn plan(&self) -> &PlanId {
        &self.plan
    }
    /// The class, once screened.
    pub fn class(&self) -> Option<Class> {
        self.class
    }
    /// The facts given of it.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
    /// The matters in it.
    pub fn matters(&self) -> &[Matter] {
        &self.matters
    }
    /// Its clocks, in the order they started.
    pub fn clocks(&self) -> &[Clock] {
        &self.clocks
    }
    /// The latest run of a clock.
    pub fn clock(&self, kind: ClockKind) -> Option<&Clock> {
        self.clocks
            .iter()
            .rev()
            .find(|clock| clock.key.kind == kind)
    }
    /// Its pauses.
    pub fn pauses(&self) -> &[Paused] {
        &self.pauses
    }
    /// The notice that the citizen must have: of an extension, before it counts; of the published answer, before a citizen who is silent
    /// counts as answered (told means delivered, 告知以送达为准).
    pub fn awaits_delivery(&self) -> Option<EffectId> {
        match (&self.granted, &self.stage) {
            (Some(granted), _) => Some(self.effect(granted.version, 0)),
            (None, StageData::Reviewed(it)) if !it.told => self.answer_notice(),
            _ => None,
        }
    }
    /// The telling of the published answer to the case's citizen, if there is one.
    pub(super) fn answer_notice(&self) -> Option<EffectId> {
        match &self.stage {
            // The answer is published first, then told.
            StageData::Reviewed(it) if it.published > 0 && self.origin.has_citizen() => {
                Some(self.effect(it.published, 1))
            }
            _ => None,
        }
    }
    fn effect(&self, version: u64, index: u32) -> EffectId {
        EffectId {
            case: self.id.clone(),
            version,
            index,
        }
    }
    /// Who has had it, one after another (承办区间).
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
    /// How many seconds of working time each unit has had it until `now`, without what was the citizen's or a statute's. A unit answers for
    /// its own time, not for that of the one before.
    pub fn held(&self, calendar: &Calendar, now: Moment) -> BTreeMap<UnitId, i64> {
        let waited = self
            .pauses
            .iter()
            .filter(|pause| pause.side != PauseSide::Office)
            .fold(Pauses::none(), |all, pause| {
                all.with(pause.from, Some(pause.ended.unwrap_or(now)))
            });
        let mut held = BTreeMap::new();
        for segment in &self.segments {
            let until = segment.until.unwrap_or(now).min(now);
            *held.entry(segment.unit.clone()).or_insert(0) +=
                waited.running(calendar, segment.from, until);
        }
        held
    }
    /// Its promises.
    pub fn promises(&self) -> &[PromiseKept] {
        &self.promises
    }
    /// How often it was sent back.
    pub fn returns(&self) -> u32 {
        self.returns
    }
    /// How often a unit said "not ours" and a ruling followed.
    pub fn bounces(&self) -> u32 {
        self.bounces
    }
    /// How often it was extended.
    pub fn extensions(&self) -> u32 {
        self.extensions
    }
    /// How often it was opened again.
    pub fn reopens(&self) -> u32 {
        self.reopens
    }
    /// 1, and one more for each reopening.
    pub fn cycle(&self) -> u32 {
        self.cycle
    }
    /// Everyone who has handled it.
    pub fn handlers(&self) -> &BTreeSet<PersonId> {
        &self.handlers
    }
    /// Whether a leader directed it.
    pub fn is_directed(&self) -> bool {
        self.directed
    }
    /// Whether supervision tracks it.
    pub fn is_tracked(&self) -> bool {
        self.tracked
    }
    /// The case it follows, if it was merged.
    pub fn follows(&self) -> Option<&CaseId> {
        self.follows.as_ref()
    }
    /// The cases that follow it, by id. One that was struck off as merged stays among them.
    pub fn followers(&self) -> &BTreeMap<CaseId, Follower> {
        &self.followers
    }
    /// The case that this one is a part of (所属主件), if it is one.
    pub fn main(&self) -> Option<&MainCase> {
        self.main.as_ref()
    }
    /// The parts that it is divided into (分办事项), by key.
    pub fn subs(&self) -> &BTreeMap<SubKey, Sub> {
        &self.subs
    }
    /// The parts without which it cannot be answered and that are not settled.
    pub fn subs_wanting(&self) -> Vec<SubKey> {
        let wanting = self.subs.iter();
        let wanting = wanting.filter(|(_, sub)| !sub.plan.optional && !sub.is_settled());
        wanting.map(|(key, _)| key.clone()).collect()
    }
    /// The signal that opened it (预警), with how often it came.
    pub fn signal(&self) -> Option<&Signalled> {
        self.signal.as_ref()
    }
    /// When the first message on the matter was received: its own, or that of a case that follows it (最早收到).
    pub fn received_first(&self) -> Moment {
        let theirs = self.followers.values().map(|it| it.received);
        theirs.fold(self.received, Moment::min)
    }
    /// The moment that a clock of that kind is due no later than, by the cases that follow this one and by the case that this one is a
    /// part of.
    pub(super) fn bound_due(&self, kind: ClockKind) -> Option<Moment> {
        let followers = self.followers.values().filter_map(|it| it.due(kind));
        followers.chain(self.wanted_due(kind)).min()
    }
    /// The same, by the case that this one is a part of alone.
    pub(super) fn wanted_due(&self, kind: ClockKind) -> Option<Moment> {
        let bound = matches!(kind, ClockKind::Whole | ClockKind::Reply | ClockKind::Redo);
        self.main.as_ref().filter(|_| bound)?.due
    }
    /// Whether a rung has named it for the bulletin.
    pub fn is_named(&self) -> bool {
        self.named
    }
    /// Whether it is struck off.
    pub fn is_closed(&self) -> bool {
        matches!(self.stage, StageData::Closed(_))
    }
    /// Where it stands.
    pub fn stage_name(&self) -> StageName {
        match self.stage {
            StageData::Received(_) => StageName::Received,
            StageData::Assigned(_) => StageName::Assigned,
            StageData::Replied(_) => StageName::Replied,
            StageData::Reviewed(_) => StageName::Reviewed,
            StageData::Returned(_) => StageName::Returned,
            StageData::Closed(_) => StageName::Closed,
        }
    }
    /// What the citizen sees. Once it has said anything later than 待回复, it never says that again. A case that follows another one is
    /// done while that one's answer stands told.
    pub fn shown(&self) -> Shown {
        match &self.stage {
            _ if self
                .following
                .as_ref()
                .is_some_and(|it| it.answer.is_some()) =>
            {
                Shown::Done
            }
            StageData::Received(_) if !self.was_in_progress => Shown::Awaiting,
            StageData::Assigned(it) if it.signed.is_none() && !self.was_in_progress => {
                Shown::Awaiting
            }
            StageData::Reviewed(_) | StageData::Closed(_) => Shown::Done,
            _ => Shown::InProgress,
        }
    }
    /// Who handles it, or handled it last.
    pub fn team(&self) -> Option<&Team> {
        match &self.stage {
            StageData::Received(_) => None,
            StageData::Assigned(it) => Some(&it.team),
            StageData::Replied(it) => Some(&it.team),
            StageData::Reviewed(it) => Some(&it.team),
            StageData::Returned(it) => Some(&it.team),
            StageData::Closed(it) => it.team.as_ref(),
        }
    }
    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<Outcome> {
        match &self.stage {
            StageData::Closed(it) => Some(it.outcome),
            _ => None,
        }
    }
    /// The reply that stands, if there is one.
    pub fn reply(&self) -> Option<&ReplyGiven> {
        match &self.stage {
            StageData::Replied(it) => Some(&it.reply),
            StageData::Reviewed(it) => Some(&it.reply),
            _ => None,
        }
    }
    /// The rating that stands, if there is one.
    pub fn rating(&self) -> Option<Rating> {
        match &self.stage {
            StageData::Reviewed(it) => it.rating,
            StageData::Closed(it) => it.rating,
            _ => self.following.as_ref().and_then(|it| it.rating),
        }
    }
    /// Whether the case has had that effect.
    ///
    /// ```
    /// # fn sent(case: &duly::case::Case) -> Option<()> {
    /// let first = duly::words::EffectId { case: case.id().clone(), version: 1, index: 0 };
    /// // The citizen is told that the message was received; opinion has no citizen to tell.
    /// assert_eq!(case.has_told(&first), case.origin() == duly::words::Origin::Message);
    /// # Some(()) }
    /// ```
    pub fn has_told(&self, effect: &EffectId) -> bool {
        let many = self.told.get(&effect.version);
        effect.case == self.id && many.is_some_and(|many| effect.index < *many)
    }
    /// When something will happen if nobody acts; send a Tick then. Early or twice does no harm. A case that is
    /// not struck off always has one.
    pub fn next_alarm(&self) -> Option<Moment> {
        self.next().map(|next| next.at())
    }

    /// The first of everything scheduled. Ties go to the end of a pause, then to the clock that started first,
    /// then to the order of its ladder: the same on every machine.
    pub(super) fn next(&self) -> Option<Next> {
        let pauses = self
            .pauses
            .iter()
            .filter(|pause| pause.ended.is_none())
            .map(|pause| Next::PauseEnds(pause.reason.clone(), pause.until));
        let steps = self
            .clocks
            .iter()
            .filter(|clock| clock.is_running())
            .filter_map(|clock| {
                clock
                    .schedule
                    .steps
                    .first()
                    .map(|step| Next::Step(clock.key, step.clone()))
            });
        pauses.chain(steps).reduce(|first, other| {
            if other.at() < first.at() {
                other
            } else {
                first
            }
        })
    }
    /// The steps ahead of every running clock, in the order of time: what will happen if nobody acts.
    pub fn ahead(&self) -> Vec<(ClockKey, Step)> {
        let mut ahead: Vec<(ClockKey, Step)> = self
            .clocks
            .iter()
            .filter(|clock| clock.is_running())
            .flat_map(|clock| {
                clock
                    .schedule
                    .steps
                    .iter()
                    .map(|step| (clock.key, step.clone()))
            })
            .collect();
        ahead.sort_by_key(|(_, step)| step.at);
        ahead
    }
    /// Why a clock is due when it is (期限推算说明): which days counted, which were holidays or make-up days, which pauses and extensions
    /// there were. In words by [`Derivation::en`] and [`Derivation::zh`]. The calendar is that of the case's plan,
    /// [`InHand::calendar`](crate::plan::InHand); of a clock that was counted by an earlier revision this tells how it is by the one in hand.
    ///
    /// # Errors
    /// [`TimeError`], where the clock could not be reckoned at all.
    pub fn why_due(&self, clock: &Clock, calendar: &Calendar) -> Result<Derivation, TimeError> {
        let named = |reason: &str, pause: Pause| NamedPause {
            from: pause.from,
            until: pause.until,
            reason: reason.to_owned(),
        };
        let dormant = clock.dormant.iter().map(|pause| named("销账期间", pause));
        let waited = self
            .pauses
            .iter()
            .filter(|pause| pause.holds(clock.key.kind));
        let waited = waited.map(|pause| {
            let stretch = Pause {
                from: pause.from,
                until: pause.ended,
            };
            named(&pause.reason, stretch)
        });
        let pauses: Vec<NamedPause> = dormant.chain(waited).collect();
        clock.term.explain(calendar, &pauses)
    }
    /// When a clock is due by a calendar: of one that waits, as if it went on at that moment.
    pub(crate) fn due_if_it_went_on(
        &self,
        clock: &Clock,
        calendar: &Calendar,
        at: Moment,
    ) -> Result<Moment, TimeError> {
        if clock.is_running() {
            return Ok(clock.schedule.legal_due);
        }
        let due = self.due_by(&clock.term, clock.key.kind, &clock.dormant, calendar, at)?;
        Ok(due.unwrap_or(clock.schedule.legal_due))
    }
    /// What is promised of a clock: of one that waits, as if it went on at that moment, moved by what it has waited since it
    /// was last projected. So nobody's promise is shortened by new rules that come while it waits.
    pub(crate) fn promised_if_it_went_on(
        &self,
        clock: &Clock,
        calendar: &Calendar,
        at: Moment,
    ) -> Result<Moment, TimeError> {
        let promised = clock.schedule.promised_due;
        if clock.state != ClockState::Paused {
            return Ok(promised);
        }
        // What ended while it waited for something else has not moved it yet.
        let due = |end: Moment| {
            let holds = self.pauses.iter().filter(|it| it.holds(clock.key.kind));
            let pauses = holds.fold(clock.dormant.clone(), |all, pause| {
                let until = pause.ended.map_or(end, |ended| ended.min(end));
                all.with(pause.from, Some(until.max(pause.from)))
            });
            clock.term.due(calendar, &pauses)
        };
        let since = self.waits_since(clock.key.kind, at);
        let counted = clock.counted_until().max(since.unwrap_or(Moment::MIN));
        Ok(match (due(counted)?, due(at)?) {
            (Some(before), Some(now)) => promised.plus(now.at.since(before.at).max(0)),
            _ => promised,
        })
    }
    /// Since when a clock of that kind has waited, for one thing after another, without going on in between; also for what the last entry
    /// ended at that moment.
    pub(super) fn waits_since(&self, kind: ClockKind, at: Moment) -> Option<Moment> {
        let ends_now = |it: &Paused| {
            it.ended == Some(at) && it.ended_by.is_some_and(|entry| entry >= self.entry)
        };
        let mut since: Option<(u64, Moment)> = None;
        // In the order in which they began: whoever held it when a later one began, and ended after that, left it no time in between.
        for pause in self.pauses.iter().rev().filter(|it| it.holds(kind)) {
            let held = since.is_some_and(|(begun, _)| pause.ended_by.is_some_and(|it| it > begun));
            if held || pause.ended.is_none() || ends_now(pause) {
                let from = since.map_or(pause.from, |(_, from)| from.min(pause.from));
                since = Some((pause.begun_by, from));
            }
        }
        since.map(|(_, from)| from)
    }
    /// How many runs of a kind there have been.
    pub(super) fn runs(&self, kind: ClockKind) -> u32 {
        self.clocks
            .iter()
            .filter(|clock| clock.key.kind == kind)
            .count() as u32
    }
}
