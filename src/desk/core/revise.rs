//! Holidays are published late and changed in mid-course: open cases and obligations go on by the revised calendar, and what it moves is told.

use super::Core;
use super::submit::Comes;
use crate::case::Case;
use crate::desk::answer::json;
use crate::desk::kind::{Cases, Decided, Duties, Kind, system};
use crate::desk::own::own_id;
use crate::desk::{AsyncLedger, DeskError, Hash};
use crate::duty::{Duty, DutyCommand, DutyEnvelope, DutyEvent, Round};
use crate::time::{DayTable, Moment};
use crate::words::{
    Actor, CaseId, ClockKey, Command, DutyId, Envelope, Event, PlanId, ProjectedFor, Role, Salt,
};

/// How many cases or obligations are looked at in one page.
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

/// One obligation that a revised calendar moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedDuty {
    /// Which.
    pub duty: DutyId,
    /// When it was due until now.
    pub was: Moment,
    /// When it is due by the revision.
    pub due: Moment,
    /// The round that it stands in, of what recurs, by the revision: its end may move where its due moment does not.
    pub round: Option<Round>,
    /// Whether that still lies beyond the known holidays.
    pub provisional: bool,
}

/// What a revised calendar moves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moves {
    /// Limits of cases.
    pub cases: Vec<Moved>,
    /// Obligations.
    pub duties: Vec<MovedDuty>,
}

impl Moves {
    /// Whether nothing moves.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.duties.is_empty()
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) fn revise(&self, table: DayTable) -> Result<Vec<PlanId>, DeskError> {
        self.change_plans(|plans| plans.revise(table))
    }

    pub(in crate::desk) async fn calendar_moves(&self, now: Moment) -> Result<Moves, DeskError> {
        let by = Actor::new(system()?, Role::System);
        let mut moved = Moves::default();
        let mut after = None;
        while let Some(case) = self.next_stale(&mut after).await? {
            if let Ok(decided) = self
                .decide::<Cases>(Some(&case), &adopt(&case, &by, now)?)
                .await?
            {
                moved.cases.extend(moves(&case, &decided));
            }
        }
        let mut after = None;
        while let Some(duty) = self.next_stale_duty(&mut after).await? {
            let envelope = adopt_of_duty(&duty, &by, now)?;
            if let Ok(decided) = self.decide::<Duties>(Some(&duty), &envelope).await? {
                moved.duties.extend(moves_duty(&duty, &decided));
            }
        }
        Ok(moved)
    }

    pub(in crate::desk) async fn adopt_calendar(
        &self,
        by: &Actor,
        now: Moment,
    ) -> Result<Moves, DeskError> {
        let mut moved = Moves::default();
        let mut after = None;
        while let Some(case) = self.next_stale(&mut after).await? {
            let envelope = adopt(&case, by, now)?;
            let decided = self.decide::<Cases>(Some(&case), &envelope).await?;
            // Whoever wrote to the case meanwhile is heard first: the moves are those of the case as it was seen.
            let answer = self.answer_and_tell(&envelope, now, Comes::Alone).await?;
            if let (None, Ok(decided)) = (answer.refusal(), decided) {
                moved.cases.extend(moves(&case, &decided));
            }
        }
        let mut after = None;
        while let Some(duty) = self.next_stale_duty(&mut after).await? {
            let envelope = adopt_of_duty(&duty, by, now)?;
            let decided = self.decide::<Duties>(Some(&duty), &envelope).await?;
            let said = self.answer::<Duties>(&envelope, now, Comes::Alone).await?;
            if let (None, Ok(decided)) = (said.answer.refusal(), decided) {
                moved.duties.extend(moves_duty(&duty, &decided));
            }
        }
        Ok(moved)
    }

    /// The next obligation that is counted by another revision than its plan's calendar in hand.
    async fn next_stale_duty(&self, after: &mut Option<DutyId>) -> Result<Option<Duty>, DeskError> {
        loop {
            let page = self.ids::<Duties>(after.as_ref(), PAGE).await?;
            if page.is_empty() {
                return Ok(None);
            }
            for id in page {
                *after = Some(id.clone());
                let Some(duty) = self.duty(&id).await? else {
                    continue;
                };
                self.take_in_hand::<Duties>(duty.plan(), &duty).await?;
                let plans = self.plans();
                let Some(hand) = plans.get(duty.plan()) else {
                    continue;
                };
                if duty.heeds_calendar() && duty.calendar() != hand.calendar.revision() {
                    return Ok(Some(duty));
                }
            }
        }
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

/// As [`adopt`], for an obligation.
fn adopt_of_duty(duty: &Duty, by: &Actor, now: Moment) -> Result<DutyEnvelope, DeskError> {
    let whose = Hash::of(json(by)?.as_bytes());
    let id = own_id(
        "calendar",
        &format!("duty/{}/{}/{whose}", duty.id(), duty.version()),
    );
    Ok(DutyEnvelope {
        id: id.map_err(DeskError::storage)?,
        by: by.clone(),
        command: DutyCommand::AdoptCalendar {},
        ..Duties::tick(duty, now)?
    })
}

/// The obligation, if it came out elsewhere.
fn moves_duty(before: &Duty, decided: &Decided<Duties>) -> Option<MovedDuty> {
    let mut records = decided.records.iter().rev();
    let (schedule, round) = records.find_map(|record| match &record.event {
        DutyEvent::CalendarAdopted {
            schedule, round, ..
        } => Some((schedule, round)),
        _ => None,
    })?;
    let ends = |round: Option<&Round>| round.map(|round| (round.number, round.ends));
    let moved = MovedDuty {
        duty: before.id().clone(),
        was: before.due(),
        due: schedule.legal_due,
        round: round.clone(),
        provisional: schedule.provisional,
    };
    let same = moved.was == moved.due && ends(before.round()) == ends(moved.round.as_ref());
    (!same).then_some(moved)
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
