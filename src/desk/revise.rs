//! Holidays are published late and changed in mid-course: open cases go on by the revised calendar, and what it moves is told.

use super::desk::tick;
use super::{Desk, DeskError, Ledger};
use crate::case::{Case, Decision};
use crate::time::{DayTable, Moment};
use crate::words::{
    Actor, CaseId, ClockKey, Command, CommandId, Envelope, Event, PlanId, ProjectedFor, Salt,
};

/// How many cases are looked at in one page.
const PAGE: usize = 256;

/// One limit that a revised calendar moves. What the citizen was promised stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Of which case.
    pub case: CaseId,
    /// Which clock.
    pub clock: ClockKey,
    /// When it was due by law until now.
    pub was: Moment,
    /// When it is due by law by the revision.
    pub due: Moment,
    /// Whether that still lies beyond the known holidays.
    pub provisional: bool,
}

impl<L: Ledger> Desk<L> {
    /// Puts a revised day table in hand. New clocks are counted by it at once; cases under way
    /// [adopt](Desk::adopt_calendar) it by an entry of their own. Gives the plans that count by it.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], when a plan's calendar could not be built with it. Nothing is changed then.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::time::DayTable;
    /// use duly::words::{Actor, Role};
    /// let mut notice = DayTable::cn();
    /// notice.revision = "2026-11-05".into();
    /// desk.revise(notice)?;
    /// let now = "2026-11-05T09:00:00+08:00".parse()?;
    /// let would_move = desk.calendar_moves(now)?;
    /// let moved = desk.adopt_calendar(&Actor::new("system".parse()?, Role::System), now)?;
    /// assert_eq!(would_move, moved);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revise(&self, table: DayTable) -> Result<Vec<PlanId>, DeskError> {
        self.change_plans(|plans| plans.revise(table))
    }

    /// What [`adopt_calendar`](Desk::adopt_calendar) would move at that moment. Changes nothing.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn calendar_moves(&self, now: Moment) -> Result<Vec<Moved>, DeskError> {
        let system = Actor::new(
            "system".parse().map_err(DeskError::storage)?,
            crate::words::Role::System,
        );
        let mut moved = Vec::new();
        self.each_stale(|case| {
            let envelope = adopt(case, &system, now)?;
            if let Ok(decision) = self.decide(Some(case), &envelope)? {
                moved.extend(moves(case, &decision));
            }
            Ok(())
        })?;
        Ok(moved)
    }

    /// Has every open case whose clocks were counted by another revision go on by the calendar in hand. Each case has its own entry
    /// with its own command id, so that it can be sent again after an interruption. Gives what moved.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. Cases adopted before that have adopted it.
    pub fn adopt_calendar(&self, by: &Actor, now: Moment) -> Result<Vec<Moved>, DeskError> {
        let mut moved = Vec::new();
        self.each_stale(|case| {
            let envelope = adopt(case, by, now)?;
            let decision = self.decide(Some(case), &envelope)?;
            // Whoever wrote to the case meanwhile is heard first: the moves are those of the case as it was seen.
            if self.submit(envelope)?.refusal().is_none()
                && let Ok(decision) = decision
            {
                moved.extend(moves(case, &decision));
            }
            Ok(())
        })?;
        Ok(moved)
    }

    /// Every open case that has a live clock counted by another revision than its plan's calendar in hand.
    fn each_stale(
        &self,
        mut with: impl FnMut(&Case) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        let mut after: Option<CaseId> = None;
        loop {
            let page = self.ledger.cases(after.as_ref(), PAGE)?;
            for id in &page {
                let Some(head) = self.ledger.load(id)? else {
                    continue;
                };
                self.take_in_hand(head.case.plan(), &head.case)?;
                let plans = self.plans();
                let Some(hand) = plans.get(head.case.plan()) else {
                    continue;
                };
                let revision = hand.calendar.revision();
                let mut live = head.case.clocks().iter().filter(|clock| clock.is_live());
                if live.any(|clock| clock.schedule.calendar != revision) {
                    with(&head.case)?;
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = Some(last.clone()),
                _ => return Ok(()),
            }
        }
    }
}

fn adopt(case: &Case, by: &Actor, now: Moment) -> Result<Envelope, DeskError> {
    let ticked = tick(case, now)?;
    let id = format!("calendar/{}", ticked.id).parse::<CommandId>();
    Ok(Envelope {
        id: id
            .or_else(|_| format!("calendar/{}", case.version()).parse())
            .map_err(DeskError::storage)?,
        by: by.clone(),
        salt: Salt::new([0; 16]),
        command: Command::AdoptCalendar {},
        ..ticked
    })
}

/// The limits that came out elsewhere.
fn moves(before: &Case, decision: &Decision) -> Vec<Moved> {
    let moved = decision.records.iter().filter_map(|record| {
        let Event::ClockProjected {
            key,
            why: ProjectedFor::CalendarRevised,
            schedule,
            ..
        } = &record.event
        else {
            return None;
        };
        let clock = before.clocks().iter().find(|clock| clock.key == *key)?;
        Some(Moved {
            case: before.id().clone(),
            clock: *key,
            was: clock.schedule.legal_due,
            due: schedule.legal_due,
            provisional: schedule.provisional,
        })
    });
    moved.filter(|it| it.was != it.due).collect()
}
