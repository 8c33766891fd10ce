//! 适用新规 for a board: what is asked, and what it means to each case.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Stuck;
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{
    Actor, CaseId, ClockKey, Facts, Gate, PersonId, PlanId, Refusal, StageName, StepKey, WantedFact,
};

/// Which cases go on under the other plan. The set is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdoptMode {
    /// 仅新件: messages that come in from now on, as by [`Desk::reload`](super::Desk::reload). Cases under way stay with theirs.
    NewOnly,
    /// 无不利变化: cases under way for whom nothing gets worse, neither for the citizen nor for the office.
    NoneAdverse,
    /// 全部: every case under way. What is worse for a citizen needs a named approver who does not ask for it and handles nothing of
    /// the case; without one the case stays as it is, and is listed.
    All,
    /// 指定件: these cases, each as with [`All`](AdoptMode::All).
    Listed(BTreeSet<CaseId>),
}

/// What is asked: that cases go on under a plan (适用新规).
///
/// ```
/// use duly::desk::{AdoptMode, Adoption};
/// use duly::words::{Actor, Role};
/// let by = Actor::new("duban".parse()?, Role::Supervisor);
/// let asked = Adoption::of(duly::plan::bare("demo".parse()?), by, "2026-03-02T09:00:00+08:00".parse()?)
///     .mode(AdoptMode::All)
///     .approved_by("leader-1".parse()?);
/// assert_eq!(asked.mode, AdoptMode::All);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Adoption {
    /// The plan.
    pub plan: Arc<Plan>,
    /// Which cases; those for whom nothing gets worse, if not said.
    pub mode: AdoptMode,
    /// Who asks: a supervisor of the place of each case.
    pub by: Actor,
    /// Who approved what is worse for citizens.
    pub approver: Option<PersonId>,
    /// Values of facts that the plan wants, for cases that were never given them. Each case is given those that it lacks and no others.
    pub facts: Facts,
    /// When.
    pub at: Moment,
}

impl Adoption {
    /// That cases for whom nothing gets worse go on under a plan.
    pub fn of(plan: impl Into<Arc<Plan>>, by: Actor, at: Moment) -> Adoption {
        Adoption {
            plan: plan.into(),
            mode: AdoptMode::NoneAdverse,
            by,
            approver: None,
            facts: Facts::new(),
            at,
        }
    }
    /// For these cases.
    #[must_use]
    pub fn mode(self, mode: AdoptMode) -> Adoption {
        Adoption { mode, ..self }
    }
    /// With an approver of what is worse for citizens.
    #[must_use]
    pub fn approved_by(self, approver: PersonId) -> Adoption {
        let approver = Some(approver);
        Adoption { approver, ..self }
    }
    /// With values for cases that lack them.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> Adoption {
        Adoption { facts, ..self }
    }
}

/// Whose case gets worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 网民: the answer comes later, or less is done about its being late.
    Citizen,
    /// 承办方: there is less time, or more to do.
    Office,
}

/// In what a case gets worse (不利变化).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Adverse {
    /// 期限推后: a limit ends later.
    DueLater,
    /// 期限取消: a clock that runs falls away.
    ClockGone,
    /// 催督取消: a rung that was ahead falls away, or does less.
    RungGone,
    /// 催督推后: a rung comes later.
    RungLater,
    /// 不再催告: what was late is in time now.
    InTimeNow,
    /// 关口减少: a clause of a gate at hand falls away.
    GateGone,
    /// 少审一次: one review instead of two.
    ReviewGone,
    /// 网民的时间缩短: the citizen has less time to answer or to rate.
    OwnTimeShorter,
    /// 规则放宽: what may come later, a gate, a strike-off, an extension, a wait, a declining, is bound by less.
    RulesLooser,
    /// 期限提前: a limit ends earlier.
    DueEarlier,
    /// 已经超期: what was in time is late now.
    LateNow,
    /// 立即催督: a rung comes at once.
    RungAtOnce,
    /// 关口增加: a clause of a gate at hand is new.
    GateNew,
    /// 多审一次: two reviews instead of one.
    ReviewNew,
}

impl Adverse {
    /// For whom.
    pub const fn party(self) -> Party {
        match self {
            Adverse::DueLater
            | Adverse::ClockGone
            | Adverse::RungGone
            | Adverse::RungLater
            | Adverse::InTimeNow
            | Adverse::GateGone
            | Adverse::ReviewGone
            | Adverse::OwnTimeShorter
            | Adverse::RulesLooser => Party::Citizen,
            Adverse::DueEarlier
            | Adverse::LateNow
            | Adverse::RungAtOnce
            | Adverse::GateNew
            | Adverse::ReviewNew => Party::Office,
        }
    }
}

/// When a clock is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueMoments {
    /// By the rule (法定到期). While the clock waits: as if it went on now.
    pub legal: Moment,
    /// As the citizen was promised (承诺到期). Adopting a plan never moves it.
    pub promised: Moment,
}

/// A step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungAhead {
    /// Which.
    pub step: StepKey,
    /// Its title in the plan that has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// When it comes, or would have come.
    pub at: Moment,
}

/// What becomes of one clock that runs or waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockAdoption {
    /// Which.
    pub clock: ClockKey,
    /// About what: the co-handler's unit, the promise's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// When it is due now.
    pub before: DueMoments,
    /// When it is due then; none, where the plan has no such clock.
    pub after: Option<DueMoments>,
    /// Whether its limit was passed once; that stays on record, whatever comes after.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub breached: bool,
    /// Rungs that come at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at_once: Vec<RungAhead>,
    /// Rungs that fall away, or do less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<RungAhead>,
}

impl ClockAdoption {
    /// Whether anything of it is otherwise.
    pub fn is_changed(&self) -> bool {
        self.after != Some(self.before) || !self.at_once.is_empty() || !self.gone.is_empty()
    }
    /// Whether whoever stops it at that moment is judged otherwise: late now and in time then, or the other way round.
    pub fn flips(&self, at: Moment) -> bool {
        self.after
            .is_some_and(|after| (at > self.before.legal) != (at > after.legal))
    }
}

/// A clause of a gate that the case has still before it, and that only one of the plans has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateAdoption {
    /// Which gate.
    pub gate: Gate,
    /// What it wants.
    pub words: String,
    /// Whether it is new; else it falls away.
    pub new: bool,
}

/// Why a case stays under its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StaysFor {
    /// Something gets worse, and only cases for whom nothing does were asked for.
    Adverse,
    /// Something gets worse for the citizen, and nobody approved it.
    NoApprover,
    /// The approver asks for it, or has handled the case.
    Approver {
        /// In the machine's words.
        refusal: Refusal,
    },
    /// The plan wants facts that the case was never given.
    Wants {
        /// Which.
        facts: Vec<WantedFact>,
    },
    /// The case refuses it.
    Refused {
        /// In the machine's words.
        refusal: Refusal,
    },
}

/// What another plan means to one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseAdoption {
    /// The case.
    pub case: CaseId,
    /// Its version when it was looked at.
    pub version: u64,
    /// The plan it was under.
    pub from: PlanId,
    /// Where it stands.
    pub stage: StageName,
    /// When: the moment asked for, or the case's last one where that is later.
    pub at: Moment,
    /// Its clocks that run or wait. None, where the case refuses the plan for other reasons than an approver.
    pub clocks: Vec<ClockAdoption>,
    /// Gates that change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateAdoption>,
    /// How many reviews a reply takes, now and then, where that changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<(u8, u8)>,
    /// In what it gets worse.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub adverse: BTreeSet<Adverse>,
    /// Who approved it: only where that was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<PersonId>,
    /// Why it stays under its plan; none, where it goes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays: Option<StaysFor>,
}

impl CaseAdoption {
    /// Whether it goes over to the plan.
    pub fn adopts(&self) -> bool {
        self.stays.is_none()
    }
    /// Whether it gets worse for that party.
    pub fn is_worse_for(&self, party: Party) -> bool {
        self.adverse.iter().any(|it| it.party() == party)
    }
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AdoptCounts {
    /// Cases gone over.
    pub looked: u64,
    /// Struck off: they stay as they ended.
    pub closed: u64,
    /// Under the plan already.
    pub under_it: u64,
    /// Not asked for.
    pub not_asked: u64,
    /// They go over.
    pub adopt: u64,
    /// They stay, since something gets worse.
    pub stay_adverse: u64,
    /// They stay for want of an approver who may.
    pub stay_unapproved: u64,
    /// They stay for want of facts.
    pub stay_wanting: u64,
    /// They stay, since they refuse it.
    pub stay_refused: u64,
    /// They could not be looked at.
    pub stuck: u64,
    /// Worse for the citizen.
    pub worse_for_citizens: u64,
    /// Worse for the office.
    pub worse_for_offices: u64,
    /// Clocks of which whoever stops them at that moment is judged otherwise.
    pub flips: u64,
    /// Rungs that come at once.
    pub at_once: u64,
    /// Rungs that fall away.
    pub gone: u64,
}

impl AdoptCounts {
    /// With those of another page.
    ///
    /// ```
    /// use duly::desk::AdoptCounts;
    /// assert_eq!(AdoptCounts::default().and(&AdoptCounts::default()).looked, 0);
    /// ```
    #[must_use]
    pub fn and(&self, other: &AdoptCounts) -> AdoptCounts {
        let sum = |of: fn(&AdoptCounts) -> u64| of(self).saturating_add(of(other));
        AdoptCounts {
            looked: sum(|it| it.looked),
            closed: sum(|it| it.closed),
            under_it: sum(|it| it.under_it),
            not_asked: sum(|it| it.not_asked),
            adopt: sum(|it| it.adopt),
            stay_adverse: sum(|it| it.stay_adverse),
            stay_unapproved: sum(|it| it.stay_unapproved),
            stay_wanting: sum(|it| it.stay_wanting),
            stay_refused: sum(|it| it.stay_refused),
            stuck: sum(|it| it.stuck),
            worse_for_citizens: sum(|it| it.worse_for_citizens),
            worse_for_offices: sum(|it| it.worse_for_offices),
            flips: sum(|it| it.flips),
            at_once: sum(|it| it.at_once),
            gone: sum(|it| it.gone),
        }
    }
    /// With one case more.
    pub(super) fn add(&mut self, item: &CaseAdoption) {
        let stays = match &item.stays {
            None => &mut self.adopt,
            Some(StaysFor::Adverse) => &mut self.stay_adverse,
            Some(StaysFor::NoApprover | StaysFor::Approver { .. }) => &mut self.stay_unapproved,
            Some(StaysFor::Wants { .. }) => &mut self.stay_wanting,
            Some(StaysFor::Refused { .. }) => &mut self.stay_refused,
        };
        *stays += 1;
        self.worse_for_citizens += u64::from(item.is_worse_for(Party::Citizen));
        self.worse_for_offices += u64::from(item.is_worse_for(Party::Office));
        for clock in &item.clocks {
            self.flips += u64::from(clock.flips(item.at));
            self.at_once += clock.at_once.len() as u64;
            self.gone += clock.gone.len() as u64;
        }
    }
}

/// One page of a board gone over: what another plan means to its cases. Of a preview it is what would happen; of an adoption it
/// is what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoptions {
    /// The plan.
    pub plan: PlanId,
    /// Its title.
    pub title: String,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// The moment asked for.
    pub at: Moment,
    /// Whether it was done, and not only looked at.
    pub done: bool,
    /// How many.
    pub counts: AdoptCounts,
    /// Each open case under another plan that was asked for, in the order of their ids.
    pub cases: Vec<CaseAdoption>,
    /// Cases that could not be looked at, or were written to all the time: they stay, and can be asked for again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stuck: Vec<Stuck>,
    /// Where to go on; none, where the whole board was gone over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<CaseId>,
}
