//! Holidays are published late and changed in mid-course: open cases go on by the revised calendar, and what it moves is told.

use super::Core;
use super::submit::Comes;
use crate::case::Case;
use crate::desk::answer::json;
use crate::desk::kind::{Cases, Decided, Kind, system};
use crate::desk::own::own_id;
use crate::desk::{AsyncLedger, DeskError, Hash};
use crate::time::{DayTable, Moment};
use crate::words::{
    Actor, CaseId, ClockKey, Command, Envelope, Event, PlanId, ProjectedFor, Role, Salt,
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

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) fn revise(&self, table: DayTable) -> Result<Vec<PlanId>, DeskError> {
        self.change_plans(|plans| plans.revise(table))
    }

    pub(in crate::desk) async fn calendar_moves(
        &self,
        now: Moment,
    ) -> Result<Vec<Moved>, DeskError> {
        let by = Actor::new(system()?, Role::System);
        let mut moved = Vec::new();
        let mut after = None;
        while let Some(case) = self.next_stale(&mut after).await? {
            if let Ok(decided) = self
                .decide::<Cases>(Some(&case), &adopt(&case, &by, now)?)
                .await?
            {
                moved.extend(moves(&case, &decided));
            }
        }
        Ok(moved)
    }

    pub(in crate::desk) async fn adopt_calendar(
        &self,
        by: &Actor,
        now: Moment,
    ) -> Result<Vec<Moved>, DeskError> {
        let mut moved = Vec::new();
        let mut after = None;
        while let Some(case) = self.next_stale(&mut after).await? {
            let envelope = adopt(&case, by, now)?;
            let decided = self.decide::<Cases>(Some(&case), &envelope).await?;
            // Whoever wrote to the case meanwhile is heard first: the moves are those of the case as it was seen.
            let answer = self.answer_and_tell(&envelope, now, Comes::Alone).await?;
            if let (None, Ok(decided)) = (answer.refusal(), decided) {
                moved.extend(moves(&case, &decided));
            }
        }
        Ok(moved)
    }

    /// The next open case that has a live clock counted by another revision than its plan's calendar in hand.
    async fn next_stale(&self, after: &mut Option<CaseId>) -> Result<Option<Case>, DeskError> {
        loop {
            let page = self.ids::<Cases>(after.as_ref(), PAGE).await?;
            if page.is_empty() {
                return Ok(None);
            }
            for id in page {
                *after = Some(id.clone());
                let Some(case) = self.case(&id).await? else {
                    continue;
                };
                self.take_in_hand::<Cases>(case.plan(), &case).await?;
                let plans = self.plans();
                let Some(hand) = plans.get(case.plan()) else {
                    continue;
                };
                let revision = hand.calendar.revision();
                let mut live = case.clocks().iter().filter(|clock| clock.is_live());
                if live.any(|clock| clock.schedule.calendar != revision) {
                    return Ok(Some(case));
                }
            }
        }
    }
}

/// Whoever asks stands in the id: what one of them may not do, another may.
fn adopt(case: &Case, by: &Actor, now: Moment) -> Result<Envelope, DeskError> {
    let ticked = Cases::tick(case, now)?;
    let whose = Hash::of(json(by)?.as_bytes());
    let id = own_id("calendar", &format!("{}/{whose}", ticked.id));
    Ok(Envelope {
        id: id.map_err(DeskError::storage)?,
        by: by.clone(),
        salt: Salt::new([0; 16]),
        command: Command::AdoptCalendar {},
        ..ticked
    })
}

/// The limits that came out elsewhere.
fn moves(before: &Case, decided: &Decided<Cases>) -> Vec<Moved> {
    let moved = decided.records.iter().filter_map(|record| {
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
