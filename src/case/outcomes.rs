//! What became of every occurrence that a clock ever had ahead: a fold over records, which needs neither plan nor
//! calendar. Silence is no outcome, and nothing has two.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evolve::{Corrupt, replay};
use super::model::Case;
use super::stages::ClockState;
use crate::time::Moment;
use crate::words::{
    CancelWhy, ClockKey, ClockMark, Event, Reason, Record, Step, StepFate, StepKey,
};

/// One occurrence of a step (催办督办的一次): of which clock, which step, and what became of it. Moved to another
/// moment it is still the same occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Of which clock.
    pub clock: ClockKey,
    /// Which step, and the how-manieth time.
    pub step: StepKey,
    /// The moment at which it came or comes, or for which it was last scheduled.
    pub at: Moment,
    /// What became of it.
    pub outcome: StepOutcome,
}

/// What became of an occurrence; exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// It came, and acted.
    Fired {
        /// When.
        at: Moment,
        /// The moment that its rule gives, where that was earlier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deferred_from: Option<Moment>,
    },
    /// It came at the same moment as a later occurrence of the same step, which acted for it.
    Coalesced {
        /// Which occurrence.
        into: u32,
    },
    /// It came, and its condition did not hold.
    Skipped {
        /// The rule and the facts.
        reason: Reason,
    },
    /// It will never come.
    Voided {
        /// Why.
        why: VoidWhy,
    },
    /// It is still to come.
    Ahead {
        /// When; unknown while the clock waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Moment>,
    },
}

/// Why an occurrence will never come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidWhy {
    /// The clock stopped before it.
    Stopped(ClockMark),
    /// The clock was cancelled before it.
    Cancelled(CancelWhy),
    /// The clock was projected anew, and has no such step any more.
    Superseded,
    /// It would have come before the clock started.
    BeforeStart,
    /// It came, or should have, before the case was taken over from another system.
    BeforeImport,
}

/// What became of every occurrence that was ever scheduled, in the order in which they were first scheduled: from
/// the records of one case, all of them or the first ones. However often somebody looked at the case, the answer is
/// the same.
///
/// # Errors
/// [`Corrupt`], where the records do not follow one another or are not of one case.
///
/// ```
/// use duly::case::{StepOutcome, decide, outcomes};
/// use duly::plan::{Plans, bare};
/// use duly::time::Moment;
/// use duly::words::{Actor, Command, Envelope, Role, Salt, StepKey};
/// let mut plans = Plans::new("board".parse()?);
/// plans.take(bare("demo".parse()?))?;
/// let open = Envelope {
///     id: "k1".parse()?,
///     case: "m01".parse()?,
///     salt: Salt::new([7; 16]),
///     by: Actor::new("zhuoma".parse()?, Role::Citizen),
///     at: Moment::parse("2026-03-02T09:14:00+08:00")?,
///     command: serde_json::from_str::<Command>(r#"{"open": {"place": "632521", "channel": "领导留言板",
///         "external_id": "LY-1", "message": "村道路灯坏了三个月"}}"#)?,
/// };
/// let records = decide(None, &open, &plans).map_err(|e| e.to_string())?.records;
/// let all = outcomes(&records)?;
/// assert!(all.iter().all(|it| matches!(it.outcome, StepOutcome::Ahead { at: Some(_) })));
/// assert!(all.iter().any(|it| it.step == StepKey::Breach));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn outcomes(records: &[Record]) -> Result<Vec<Occurrence>, Corrupt> {
    let mut seen = Seen::default();
    let case = replay(records)?;
    records.iter().for_each(|record| seen.read(record));
    Ok(case.map(|case| seen.told(&case)).unwrap_or_default())
}

/// Everything that was ever scheduled, in order, and what is known of it.
#[derive(Default)]
struct Seen {
    order: Vec<(ClockKey, StepKey)>,
    known: BTreeMap<(ClockKey, StepKey), Known>,
}

struct Known {
    at: Moment,
    came: Option<StepOutcome>,
}

impl Seen {
    fn read(&mut self, record: &Record) {
        match &record.event {
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. } => {
                self.scheduled(*key, &schedule.steps);
            }
            Event::StepTaken {
                clock,
                step,
                fate,
                deferred_from,
                next,
                ..
            } => {
                let came = match fate {
                    StepFate::Fired { .. } => StepOutcome::Fired {
                        at: record.at,
                        deferred_from: *deferred_from,
                    },
                    StepFate::Coalesced { into } => StepOutcome::Coalesced { into: *into },
                    StepFate::Skipped { reason } => StepOutcome::Skipped {
                        reason: reason.clone(),
                    },
                    StepFate::Voided { why } => StepOutcome::Voided {
                        why: match why {
                            CancelWhy::BeforeStart => VoidWhy::BeforeStart,
                            CancelWhy::BeforeImport => VoidWhy::BeforeImport,
                            CancelWhy::Superseded => VoidWhy::Superseded,
                            other => VoidWhy::Cancelled(*other),
                        },
                    },
                };
                self.at(*clock, step, record.at).came = Some(came);
                self.scheduled(*clock, next);
            }
            _ => {}
        }
    }

    fn scheduled(&mut self, clock: ClockKey, steps: &[Step]) {
        for step in steps {
            self.at(clock, &step.key, step.at);
        }
    }

    fn at(&mut self, clock: ClockKey, step: &StepKey, at: Moment) -> &mut Known {
        let key = (clock, step.clone());
        if !self.known.contains_key(&key) {
            self.order.push(key.clone());
        }
        let known = self.known.entry(key).or_insert(Known { at, came: None });
        known.at = at;
        known
    }

    /// What has not come is ahead, or has no clock to come on any more.
    fn told(mut self, case: &Case) -> Vec<Occurrence> {
        let mut all = Vec::with_capacity(self.order.len());
        for key in self.order {
            let Some(Known { at, came }) = self.known.remove(&key) else {
                continue;
            };
            let (clock, step) = key;
            let its = case.clocks().iter().find(|it| it.key == clock);
            let left = || {
                let state = its.map(|it| &it.state);
                let ahead = its.is_some_and(|it| it.schedule.steps.iter().any(|s| s.key == step));
                let void = |why| StepOutcome::Voided { why };
                match state {
                    Some(ClockState::Stopped { mark, .. }) => void(VoidWhy::Stopped(*mark)),
                    Some(ClockState::Cancelled { why, .. }) => void(VoidWhy::Cancelled(*why)),
                    Some(ClockState::Running) if ahead => StepOutcome::Ahead { at: Some(at) },
                    Some(ClockState::Paused) if ahead => StepOutcome::Ahead { at: None },
                    _ => void(VoidWhy::Superseded),
                }
            };
            let outcome = came.unwrap_or_else(left);
            all.push(Occurrence {
                clock,
                step,
                at,
                outcome,
            });
        }
        all
    }
}
