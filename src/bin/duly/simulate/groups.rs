//! Who writes about what another one wrote about before: drawn before anything happens, so that a survivor can know that it will be one.

use std::collections::{BTreeMap, BTreeSet};

use duly::words::CaseId;

use super::arrivals::Arrival;
use super::mix;
use crate::world::Dice;

/// A message on a matter that another one told first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The case that intake takes it for.
    pub into: CaseId,
    /// The first message on the matter: the same place, the same class.
    pub first: CaseId,
}

/// The repeated messages of a run.
#[derive(Debug, Default)]
pub struct Groups {
    repeats: BTreeMap<CaseId, Repeat>,
    firsts: BTreeSet<CaseId>,
}

impl Groups {
    /// Draws them, from arrivals in the order of time.
    pub fn of(arrivals: &[Arrival], seed: u64) -> Groups {
        let mut groups = Groups::default();
        // Where the last message stands that was repeated.
        let mut again: Option<&Arrival> = None;
        let mut oldest = 0;
        for (at, arrival) in arrivals.iter().enumerate() {
            let since = arrival.at.plus(-mix::REPEATS_WITHIN * super::DAY);
            while arrivals.get(oldest).is_some_and(|it| it.at < since) {
                oldest += 1;
            }
            let mut dice = Dice::of(seed, &format!("repeat/{}", arrival.id));
            if at == oldest || !dice.chance(mix::REPEATED) {
                continue;
            }
            let grows = dice.chance(mix::REPEATED_AGAIN);
            let other = match again.filter(|it| grows && it.at >= since) {
                Some(it) => it,
                None => match dice.one_of(arrivals.get(oldest..at).unwrap_or_default()) {
                    Some(it) => it,
                    None => continue,
                },
            };
            let first = groups.first(&other.id);
            let astray = dice.chance(mix::MERGED_ASTRAY);
            let into = if astray { &other.id } else { &first }.clone();
            groups.firsts.insert(first.clone());
            if first == other.id {
                again = Some(other);
            }
            groups
                .repeats
                .insert(arrival.id.clone(), Repeat { into, first });
        }
        groups
    }
    fn first(&self, id: &CaseId) -> CaseId {
        self.repeats.get(id).map_or(id, |it| &it.first).clone()
    }
    /// What a message repeats, if it does.
    pub fn repeat(&self, id: &CaseId) -> Option<&Repeat> {
        self.repeats.get(id)
    }
    /// Whether others will repeat it.
    pub fn is_repeated(&self, id: &CaseId) -> bool {
        self.firsts.contains(id)
    }
}
