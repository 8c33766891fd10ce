//! The plans in hand, each with the calendar it counts by.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Plan;
use crate::time::{Calendar, CalendarError, DayTable};
use crate::words::{BoardId, PlanId, RuleId};

/// A plan could not be taken in hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlansError {
    /// The plan counts by a day table that was not given.
    #[error(
        "{}the plan counts by the day table `{missing}`, which is not loaded; loaded are {loaded}",
        .at.as_ref().map_or(String::new(), |at| format!("{at}: "))
    )]
    NoTable {
        /// Which.
        missing: String,
        /// Those there are.
        loaded: String,
        /// `file:line:column` where the pack names it, for a plan loaded from a source.
        at: Option<String>,
    },
    /// The plan's calendar cannot be built.
    #[error("the plan's calendar cannot be built: {0}")]
    Calendar(#[from] CalendarError),
}

/// A plan in hand: the plan, its identity and its calendar.
#[derive(Debug, Clone)]
pub struct InHand {
    /// Its identity.
    pub id: PlanId,
    /// The plan.
    pub plan: Arc<Plan>,
    /// The calendar it counts by.
    pub calendar: Calendar,
}

/// The plans in hand on one board. New cases are opened under the current one; every case stays with the plan it
/// was opened under until it adopts another.
#[derive(Debug, Clone)]
pub struct Plans {
    board: BoardId,
    tables: BTreeMap<String, DayTable>,
    held: BTreeMap<PlanId, InHand>,
    current: Option<PlanId>,
}

impl Plans {
    /// No plans yet; with the day tables that the crate ships.
    pub fn new(board: BoardId) -> Plans {
        Plans {
            board,
            tables: BTreeMap::new(),
            held: BTreeMap::new(),
            current: None,
        }
        .with_table(DayTable::cn())
    }
    /// Adds a day table, or replaces the one of that id.
    pub fn with_table(mut self, table: DayTable) -> Plans {
        self.tables.insert(table.id.clone(), table);
        self
    }
    /// Takes a plan in hand and makes it the current one.
    ///
    /// # Errors
    /// When a day table it counts by is not loaded, or its calendar has no working time.
    pub fn take(&mut self, plan: Plan) -> Result<PlanId, PlansError> {
        let id = plan.id();
        if !self.held.contains_key(&id) {
            let calendar = self.calendar(&plan)?;
            self.held.insert(
                id.clone(),
                InHand {
                    id: id.clone(),
                    plan: Arc::new(plan),
                    calendar,
                },
            );
        }
        self.current = Some(id.clone());
        Ok(id)
    }
    fn calendar(&self, plan: &Plan) -> Result<Calendar, PlansError> {
        let mut days = DayTable::plain("week");
        for (at, id) in plan.holidays.iter().enumerate() {
            let table = self.tables.get(id).ok_or_else(|| PlansError::NoTable {
                missing: id.clone(),
                loaded: self.tables.keys().cloned().collect::<Vec<_>>().join(", "),
                at: plan.sources.at.get(&RuleId::holidays(id)).cloned(),
            })?;
            days = if at == 0 {
                table.clone()
            } else {
                days.overlay(table)
            };
        }
        Ok(Calendar::new(plan.zone, plan.hours.clone(), &days)?)
    }
    /// The board.
    pub fn board(&self) -> &BoardId {
        &self.board
    }
    /// The plan under which new cases are opened.
    pub fn current(&self) -> Option<&InHand> {
        self.held.get(self.current.as_ref()?)
    }
    /// The plan of that identity.
    pub fn get(&self, id: &PlanId) -> Option<&InHand> {
        self.held.get(id)
    }
    /// Every plan in hand.
    pub fn iter(&self) -> impl Iterator<Item = &InHand> {
        self.held.values()
    }
}
