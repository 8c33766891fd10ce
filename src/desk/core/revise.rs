//! Holidays are published late and changed in mid-course: open cases and obligations go on by the revised calendar, and what it moves is told.

use super::read::nameless;
use super::submit::Comes;
use super::{Core, Stuck, StuckDuty};
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

/// What a revised calendar moves. What refuses it to whoever asks stays as it is and is not among these: whoever may not adopt a calendar has
/// nothing moved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moves {
    /// Limits of cases.
    pub cases: Vec<Moved>,
    /// Obligations.
    pub duties: Vec<MovedDuty>,
    /// Cases that could not be looked at or written to, and why: something in them is damaged, or their plan is lost. They keep no other from
    /// going on.
    pub stuck: Vec<Stuck>,
    /// Obligations that could not be looked at or written to.
    pub stuck_duties: Vec<StuckDuty>,
}

impl Moves {
    /// Whether nothing moves, and nothing is stuck.
    pub fn is_empty(&self) -> bool {
        let moves = !self.cases.is_empty() || !self.duties.is_empty();
        !moves && self.stuck.is_empty() && self.stuck_duties.is_empty()
    }
    /// One case more; one that is damaged is named, and the others are gone on with.
    fn take(
        &mut self,
        case: CaseId,
        moved: Result<Vec<Moved>, DeskError>,
    ) -> Result<(), DeskError> {
        match moved {
            Ok(moved) => self.cases.extend(moved),
            Err(error) if error.is_local() => self.stuck.push(Stuck {
                case,
                why: error.to_string(),
            }),
            Err(error) => return Err(error),
        }
        Ok(())
    }
    /// As [`take`](Moves::take), of an obligation.
    fn take_duty(
        &mut self,
        duty: DutyId,
        moved: Result<Option<MovedDuty>, DeskError>,
    ) -> Result<(), DeskError> {
        match moved {
            Ok(moved) => self.duties.extend(moved),
            Err(error) if error.is_local() => self.stuck_duties.push(StuckDuty {
                duty,
                why: error.to_string(),
            }),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) fn revise(&self, table: DayTable) -> Result<Vec<PlanId>, DeskError> {
        self.change_plans(|plans| plans.revise(table))
    }

    pub(in crate::desk) async fn calendar_moves(&self, now: Moment) -> Result<Moves, DeskError> {
        let by = Actor::new(system()?, Role::System);
        self.go_on(&by, now, false).await
    }

    pub(in crate::desk) async fn adopt_calendar(
        &self,
        by: &Actor,
        now: Moment,
    ) -> Result<Moves, DeskError> {
        self.go_on(by, now, true).await
    }

    /// Looks at every case and every obligation, and has those that are stale go on by the calendar in hand where that is asked.
    async fn go_on(&self, by: &Actor, now: Moment, done: bool) -> Result<Moves, DeskError> {
        let mut all = Moves::default();
        let mut after: Option<String> = None;
        loop {
            let page = self.chains::<Cases>(after.as_deref(), PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for (key, id) in page {
                let Some(id) = id else {
                    let (case, why) = nameless(&key)?;
                    all.stuck.push(Stuck { case, why });
                    continue;
                };
                let moved = self.case_goes_on(&id, by, now, done).await;
                all.take(id, moved)?;
            }
        }
        after = None;
        loop {
            let page = self.chains::<Duties>(after.as_deref(), PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for (key, id) in page {
                let Some(id) = id else {
                    let (duty, why) = nameless(&key)?;
                    all.stuck_duties.push(StuckDuty { duty, why });
                    continue;
                };
                let moved = self.duty_goes_on(&id, by, now, done).await;
                all.take_duty(id, moved)?;
            }
        }
        Ok(all)
    }

    async fn case_goes_on(
        &self,
        id: &CaseId,
        by: &Actor,
        now: Moment,
        done: bool,
    ) -> Result<Vec<Moved>, DeskError> {
        let Some(case) = self.stale(id).await? else {
            return Ok(Vec::new());
        };
        let envelope = adopt(&case, by, now)?;
        let decided = self.decide::<Cases>(Some(&case), &envelope).await?;
        if done {
            // Whoever wrote to the case meanwhile is heard first: the moves are those of the case as it was seen.
            let answer = self.answer_and_tell(&envelope, now, Comes::Alone).await?;
            if answer.refusal().is_some() {
                return Ok(Vec::new());
            }
        }
        let moved = decided.ok().map(|decided| moves(&case, &decided));
        Ok(moved.unwrap_or_default())
    }

    async fn duty_goes_on(
        &self,
        id: &DutyId,
        by: &Actor,
        now: Moment,
        done: bool,
    ) -> Result<Option<MovedDuty>, DeskError> {
        let Some(duty) = self.stale_duty(id).await? else {
            return Ok(None);
        };
        let envelope = adopt_of_duty(&duty, by, now)?;
        let decided = self.decide::<Duties>(Some(&duty), &envelope).await?;
        if done {
            let said = self.answer::<Duties>(&envelope, now, Comes::Alone).await?;
            if said.answer.refusal().is_some() {
                return Ok(None);
            }
        }
        Ok(decided.ok().and_then(|decided| moves_duty(&duty, &decided)))
    }

    /// The obligation, if it is counted by another revision than its plan's calendar in hand.
    async fn stale_duty(&self, id: &DutyId) -> Result<Option<Duty>, DeskError> {
        let Some(duty) = self.duty(id).await? else {
            return Ok(None);
        };
        self.take_in_hand::<Duties>(duty.plan(), &duty).await?;
        let plans = self.plans();
        if !duty.heeds_calendar() {
            return Ok(None);
        }
        let hand = plans.get(duty.plan()).ok_or_else(|| lost(duty.plan()))?;
        let stale = duty.calendar() != hand.calendar.revision();
        Ok(stale.then_some(duty))
    }

    /// The case, if it is open and has a live clock counted by another revision than its plan's calendar in hand.
    async fn stale(&self, id: &CaseId) -> Result<Option<Case>, DeskError> {
        let Some(case) = self.case(id).await? else {
            return Ok(None);
        };
        self.take_in_hand::<Cases>(case.plan(), &case).await?;
        let plans = self.plans();
        let mut live = case.clocks().iter().filter(|clock| clock.is_live());
        let stale = match plans.get(case.plan()) {
            Some(hand) => live.any(|clock| clock.schedule.calendar != hand.calendar.revision()),
            None if live.next().is_some() => return Err(lost(case.plan())),
            None => false,
        };
        Ok(stale.then_some(case))
    }
}

/// What is open under that plan could not go on by any calendar.
fn lost(plan: &PlanId) -> DeskError {
    DeskError::misuse(format!("the plan `{plan}` is neither in hand nor kept"))
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
