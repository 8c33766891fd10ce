//! 影子运行: what a plan on trial would have decided otherwise.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{DueMoments, RungAhead};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{
    CaseId, Class, ClockKey, CommandId, CommandName, Effect, Facts, PlanId, Refusal, UnitId,
    Verdict,
};

/// How many of the latest differences are kept, if not said.
pub(super) const KEPT: usize = 256;

/// Hears of each difference.
pub(super) type Observer = Arc<dyn Fn(&ShadowDifference) + Send + Sync>;

/// A plan on trial beside the one that decides (影子运行).
///
/// ```
/// use duly::desk::Shadowing;
/// let on_trial = Shadowing::of(duly::plan::bare("demo".parse()?))
///     .keeping(32)
///     .observed(|difference| println!("{}: {}", difference.case, difference.command));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Clone)]
pub struct Shadowing {
    pub(super) plan: Arc<Plan>,
    pub(super) keep: usize,
    pub(super) facts: Facts,
    pub(super) observer: Option<Observer>,
}

impl fmt::Debug for Shadowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shadowing")
            .field("plan", &self.plan.id())
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

impl Shadowing {
    /// A plan on trial, with the latest 256 differences kept.
    pub fn of(plan: impl Into<Arc<Plan>>) -> Shadowing {
        Shadowing {
            plan: plan.into(),
            keep: KEPT,
            facts: Facts::new(),
            observer: None,
        }
    }
    /// With the latest so many differences kept; all of them are counted.
    #[must_use]
    pub fn keeping(self, keep: usize) -> Shadowing {
        Shadowing { keep, ..self }
    }
    /// With values of facts that the plan wants, for cases that were never given them.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> Shadowing {
        Shadowing { facts, ..self }
    }
    /// Has a function hear of each difference when it is found, on the thread that submitted the command, before that has its answer: be
    /// quick, and send no command from it. What it panics with is caught and counted.
    #[must_use]
    pub fn observed(
        self,
        observer: impl Fn(&ShadowDifference) + Send + Sync + 'static,
    ) -> Shadowing {
        Shadowing {
            observer: Some(Arc::new(observer)),
            ..self
        }
    }
}

/// In what two decisions differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DifferenceKind {
    /// 新规不予接受: done, and refused on trial.
    RefusedThere,
    /// 新规可以接受: refused, and done on trial.
    AcceptedThere,
    /// 拒绝理由不同: refused by both, for other reasons.
    RefusedOtherwise,
    /// 期限不同: a clock is due at another moment, or only one of them has it.
    Due,
    /// 判定不同: in time by one, late by the other.
    Verdict,
    /// 催督不同: other rungs are ahead.
    Rungs,
    /// 交办建议不同: another unit is proposed.
    Route,
    /// 分类建议不同: another class is proposed.
    Class,
    /// 关口不同: other clauses of a gate are not met.
    Gates,
    /// 通知不同: other notices go out.
    Notices,
    /// 后续不同: something else happens with it.
    Events,
    /// 不能适用: the case could not go over to the plan on trial.
    CannotAdopt,
    /// 影子出错: the trial itself went wrong; the answer is as it would be without it.
    Fault,
}

/// One thing in which two decisions differ: `active` is what was done, `trial` what the plan on trial would have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Difference {
    /// Done, and refused on trial.
    RefusedThere {
        /// Why.
        trial: Refusal,
    },
    /// Refused, and done on trial.
    AcceptedThere {
        /// Why it was refused.
        active: Refusal,
    },
    /// Refused by both, for other reasons.
    RefusedOtherwise {
        /// Why it was.
        active: Refusal,
        /// Why it would be.
        trial: Refusal,
    },
    /// A clock that the command starts, moves or ends is due at another moment.
    Due {
        /// Which.
        clock: ClockKey,
        /// None, where it does not run.
        active: Option<DueMoments>,
        /// None, where it does not run.
        trial: Option<DueMoments>,
    },
    /// A clock that the command stops is in time by one and late by the other.
    Verdict {
        /// Which.
        clock: ClockKey,
        /// As it was judged.
        active: Verdict,
        /// As it would be.
        trial: Verdict,
    },
    /// Other rungs are ahead of such a clock: those that only one has, or has at another moment.
    Rungs {
        /// Which.
        clock: ClockKey,
        /// As it is.
        active: Vec<RungAhead>,
        /// As it would be.
        trial: Vec<RungAhead>,
    },
    /// Another unit is proposed.
    Route {
        /// As it is.
        active: Option<UnitId>,
        /// As it would be.
        trial: Option<UnitId>,
    },
    /// Another class is proposed.
    Class {
        /// As it is.
        active: Option<Class>,
        /// As it would be.
        trial: Option<Class>,
    },
    /// Other clauses of a gate are not met, in a reply that is sent back by both.
    Gates {
        /// Their words.
        active: Vec<String>,
        /// Their words.
        trial: Vec<String>,
    },
    /// Other notices go out.
    Notices {
        /// Those that went out only as it was.
        active: Vec<Effect>,
        /// Those that would go out only on trial.
        trial: Vec<Effect>,
    },
    /// Something else happens with it: names of events, as the ledger calls them.
    Events {
        /// As it is.
        active: Vec<String>,
        /// As it would be.
        trial: Vec<String>,
    },
    /// The case could not go over to the plan on trial.
    CannotAdopt {
        /// Why.
        trial: Refusal,
    },
    /// The trial itself went wrong.
    Fault {
        /// What was said.
        said: String,
    },
}

impl Difference {
    /// Its kind.
    pub const fn kind(&self) -> DifferenceKind {
        match self {
            Difference::RefusedThere { .. } => DifferenceKind::RefusedThere,
            Difference::AcceptedThere { .. } => DifferenceKind::AcceptedThere,
            Difference::RefusedOtherwise { .. } => DifferenceKind::RefusedOtherwise,
            Difference::Due { .. } => DifferenceKind::Due,
            Difference::Verdict { .. } => DifferenceKind::Verdict,
            Difference::Rungs { .. } => DifferenceKind::Rungs,
            Difference::Route { .. } => DifferenceKind::Route,
            Difference::Class { .. } => DifferenceKind::Class,
            Difference::Gates { .. } => DifferenceKind::Gates,
            Difference::Notices { .. } => DifferenceKind::Notices,
            Difference::Events { .. } => DifferenceKind::Events,
            Difference::CannotAdopt { .. } => DifferenceKind::CannotAdopt,
            Difference::Fault { .. } => DifferenceKind::Fault,
        }
    }
}

/// A command that the plan on trial would have decided otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowDifference {
    /// The command.
    pub command: CommandId,
    /// What it asked.
    pub asked: CommandName,
    /// Of which case.
    pub case: CaseId,
    /// When it took effect.
    pub at: Moment,
    /// In what.
    pub found: Vec<Difference>,
}

/// What a trial has found so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowReport {
    /// The plan on trial.
    pub trial: PlanId,
    /// Its title.
    pub title: String,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// How many commands were decided by both plans.
    pub decided: u64,
    /// How many of them came out otherwise.
    pub differing: u64,
    /// How many of these in each way. A command may differ in several, and twice in one.
    pub kinds: BTreeMap<DifferenceKind, u64>,
    /// The latest of them, the last one last.
    pub latest: Vec<ShadowDifference>,
}
