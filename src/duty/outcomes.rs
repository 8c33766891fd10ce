//! What became of every scheduled step, from records alone: fired, one with a later one, void, or ahead; each exactly once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Corrupt, Duty, DutyEvent, DutyRecord, evolve};
use crate::time::Moment;
use crate::words::{BoardId, DutyStage, Step, StepFate, StepKey};

/// A step that was once scheduled, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyOccurrence {
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

/// What became of every step that was ever scheduled, in the order in which they were first scheduled.
///
/// # Errors
/// [`Corrupt`], where the records do not follow one another.
pub fn outcomes(board: &BoardId, records: &[DutyRecord]) -> Result<Vec<DutyOccurrence>, Corrupt> {
    let mut duty: Option<Duty> = None;
    let mut order: Vec<StepKey> = Vec::new();
    let mut known: BTreeMap<StepKey, (Moment, Option<StepFate>)> = BTreeMap::new();
    for record in records {
        let mut ahead = |steps: &[Step]| {
            for step in steps {
                if !known.contains_key(&step.key) {
                    order.push(step.key.clone());
                }
                let fate = known.get(&step.key).and_then(|(_, fate)| fate.clone());
                known.insert(step.key.clone(), (step.at, fate));
            }
        };
        match &record.event {
            DutyEvent::Imposed { schedule, .. } | DutyEvent::SentBack { schedule, .. } => {
                ahead(&schedule.steps);
            }
            DutyEvent::Fulfilled { next, .. } => ahead(next),
            DutyEvent::StepTaken {
                step, fate, next, ..
            } => {
                ahead(next);
                if !known.contains_key(step) {
                    order.push(step.clone());
                }
                known.insert(step.clone(), (record.at, Some(fate.clone())));
            }
            _ => {}
        }
        duty = Some(evolve(board, duty, record)?);
    }
    let Some(duty) = duty else {
        return Ok(Vec::new());
    };
    let all = order.into_iter().filter_map(|step| {
        let (at, fate) = known.remove(&step)?;
        let outcome = match fate {
            Some(fate) => DutyOutcome::Taken(fate),
            None if duty.ahead().iter().any(|ahead| ahead.key == step) => DutyOutcome::Ahead,
            None => DutyOutcome::Void(duty.stage()),
        };
        Some(DutyOccurrence { step, at, outcome })
    });
    Ok(all.collect())
}
