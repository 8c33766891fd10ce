//! What became of every scheduled step, and of every round of what recurs, from records alone: each exactly once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Corrupt, Covered, Duty, DutyEvent, DutyRecord, Round, evolve};
use crate::time::Moment;
use crate::words::{BoardId, DutyStage, Step, StepFate, StepKey, Verdict};

/// A step that was once scheduled, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyOccurrence {
    /// Of which round, of what recurs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Which.
    pub step: StepKey,
    /// When it came, comes, or would have come.
    pub at: Moment,
    /// What became of it.
    pub outcome: DutyOutcome,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyOutcome {
    /// It came.
    Taken(StepFate),
    /// It is ahead.
    Ahead,
    /// It will not come: the obligation stood there before it, or waits there.
    Void(DutyStage),
}

/// A round of what recurs, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundOutcome {
    /// Which.
    pub round: Round,
    /// What became of it.
    pub fate: RoundFate,
}

/// What became of a round: one of these, and once it is not open, that one for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoundFate {
    /// 待完成: it is owed.
    Open,
    /// 完成: it was done.
    Done {
        /// When.
        at: Moment,
        /// In time or late.
        verdict: Verdict,
        /// What it covered, of a kind that says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        coverage: Option<Covered>,
    },
    /// 漏期: it was over before it was done.
    Missed {
        /// When that was recorded: the second after it was over.
        at: Moment,
    },
    /// 免除: the obligation was excused while it was owed.
    Excused {
        /// When.
        at: Moment,
    },
}

type Key = (Option<u32>, StepKey);
type Known = BTreeMap<Key, (Moment, Option<DutyOutcome>)>;

/// What became of every step that was ever scheduled, in the order in which they were first scheduled.
///
/// # Errors
/// [`Corrupt`], where the records do not follow one another.
pub fn outcomes(board: &BoardId, records: &[DutyRecord]) -> Result<Vec<DutyOccurrence>, Corrupt> {
    let mut duty: Option<Duty> = None;
    let mut order: Vec<Key> = Vec::new();
    let mut known: Known = BTreeMap::new();
    for record in records {
        let before = duty.as_ref().and_then(Duty::round).map(|it| it.number);
        let mut ahead = |round: Option<u32>, steps: &[Step]| {
            for step in steps {
                let key = (round, step.key.clone());
                if !known.contains_key(&key) {
                    order.push(key.clone());
                }
                let fate = known.get(&key).and_then(|(_, fate)| fate.clone());
                known.insert(key, (step.at, fate));
            }
        };
        match &record.event {
            DutyEvent::Imposed {
                schedule, round, ..
            } => ahead(round.as_ref().map(|it| it.number), &schedule.steps),
            DutyEvent::SentBack { schedule, .. } => ahead(None, &schedule.steps),
            DutyEvent::CalendarAdopted { schedule, .. } => ahead(before, &schedule.steps),
            DutyEvent::Fulfilled { next, .. } => ahead(None, next),
            // Who comes stops what was to come, of this round and of those before.
            DutyEvent::RoundDone { .. } => {
                let stops = |(_, step): &Key| *step != StepKey::Lapse;
                let open = known.iter_mut().filter(|(key, _)| stops(key));
                for (_, (_, fate)) in open {
                    fate.get_or_insert(DutyOutcome::Void(DutyStage::Resting));
                }
            }
            DutyEvent::RoundBegan {
                round, schedule, ..
            } => {
                // The end of the round before has come.
                if let Some((_, fate)) = known.get_mut(&(before, StepKey::Lapse)) {
                    *fate = Some(DutyOutcome::Taken(StepFate::Fired { acts: Vec::new() }));
                }
                let mut ahead = |steps: &[Step]| {
                    for step in steps {
                        let key = (Some(round.number), step.key.clone());
                        order.push(key.clone());
                        known.insert(key, (step.at, None));
                    }
                };
                ahead(&schedule.steps);
            }
            DutyEvent::StepTaken {
                round,
                step,
                fate,
                next,
                ..
            } => {
                ahead(*round, next);
                let key = (*round, step.clone());
                if !known.contains_key(&key) {
                    order.push(key.clone());
                }
                known.insert(key, (record.at, Some(DutyOutcome::Taken(fate.clone()))));
            }
            _ => {}
        }
        duty = Some(evolve(board, duty, record)?);
    }
    let Some(duty) = duty else {
        return Ok(Vec::new());
    };
    let is_ahead = |(round, step): &Key| {
        let own = duty.round().map(|it| it.number) == *round;
        let steps = match (own, round) {
            (true, _) => duty.ahead(),
            (false, Some(n)) => duty
                .behind()
                .find(|it| it.0 == *n)
                .map_or(&[][..], |it| it.1),
            (false, None) => &[],
        };
        steps.iter().any(|ahead| ahead.key == *step)
    };
    let all = order.into_iter().filter_map(|key| {
        let (at, fate) = known.remove(&key)?;
        let outcome = match fate {
            Some(fate) => fate,
            None if is_ahead(&key) => DutyOutcome::Ahead,
            None => DutyOutcome::Void(duty.stage()),
        };
        let (round, step) = key;
        Some(DutyOccurrence {
            round,
            step,
            at,
            outcome,
        })
    });
    Ok(all.collect())
}

/// What became of every round so far, in order; nothing of what is owed once. They are the records of one obligation.
///
/// ```
/// assert!(duly::duty::rounds(&[]).is_empty());
/// ```
pub fn rounds(records: &[DutyRecord]) -> Vec<RoundOutcome> {
    let mut all: Vec<RoundOutcome> = Vec::new();
    let open = |round: &Round| RoundOutcome {
        round: round.clone(),
        fate: RoundFate::Open,
    };
    for record in records {
        let at = record.at;
        let fate = match &record.event {
            DutyEvent::Imposed { round, .. } => {
                all.extend(round.iter().map(open));
                continue;
            }
            DutyEvent::RoundBegan { round, .. } => {
                all.push(open(round));
                continue;
            }
            DutyEvent::CalendarAdopted { round, .. } => {
                if let (Some(last), Some(round)) = (all.last_mut(), round) {
                    last.round.clone_from(round);
                }
                continue;
            }
            DutyEvent::RoundDone {
                coverage, verdict, ..
            } => RoundFate::Done {
                at,
                verdict: *verdict,
                coverage: *coverage,
            },
            DutyEvent::RoundMissed { .. } => RoundFate::Missed { at },
            DutyEvent::Excused { .. } => RoundFate::Excused { at },
            _ => continue,
        };
        if let Some(last) = all.last_mut().filter(|it| it.fate == RoundFate::Open) {
            last.fate = fate;
        }
    }
    all
}
