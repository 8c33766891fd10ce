//! Projects clocks anew where something changes what they count. What was breached stays breached, and a verdict once given stays.
//!
//! | file | where |
//! |---|---|
//! | `pauses` | a pause ended, or an entry that bounds one was set right |
//! | `extended` | an extension takes effect, or lapses |
//! | `shorter` | a leader directs, or facts moved |
//! | `parts` | the lead of a co-handler's part moved |
//! | `adopted` | another plan or calendar |
//! | `reopened` | a new cycle |

mod adopted;
mod extended;
mod parts;
mod pauses;
mod reopened;
mod shorter;

use super::clocks::calendar;
use super::stages::{Clock, ClockState, Paused};
use super::turn::Turn;
use crate::time::{Moment, Pauses, Term};
use crate::words::{ClockKey, ClockKind, Event, ProjectedFor, Why};

impl Turn<'_> {
    pub(super) fn project(
        &mut self,
        clock: &Clock,
        term: Term,
        why: ProjectedFor,
    ) -> Result<(), Why> {
        let Some(rule) = self.plan().clock(clock.key.kind) else {
            return Ok(());
        };
        let dormant = match (&clock.state, why) {
            (ClockState::Stopped { at, .. }, ProjectedFor::Reopened) => {
                clock.dormant.clone().with(*at, Some(self.at))
            }
            _ => clock.dormant.clone(),
        };
        let term = self.not_past_whole(rule, term, &dormant)?;
        let term = match why {
            ProjectedFor::Extended | ProjectedFor::Joined => term,
            _ => {
                // What ended did not run either: whoever has it again has the floor at the least.
                let ran = clock.is_running() || matches!(clock.state, ClockState::Cancelled { .. });
                let until = ran.then_some(clock.schedule.legal_due);
                self.not_past_bound(rule.kind, term, &dormant, until)?
            }
        };
        let promised = self.promised(clock, &term, &dormant, why)?;
        let laid = self.lay(rule, &term, &dormant, Some((clock, why)), promised)?;
        if matches!(why, ProjectedFor::Extended | ProjectedFor::Restarted) {
            self.is_covered(rule.kind, &laid.schedule)?;
        }
        self.by_rule(Event::ClockProjected {
            key: clock.key,
            why,
            term,
            schedule: laid.schedule,
        })?;
        match clock.key.kind {
            ClockKind::Reply | ClockKind::Redo => self.parts_follow(clock, why),
            _ => Ok(()),
        }
    }

    /// What the citizen is promised, where that is not the legal due moment itself. It moves with the pauses they know of and with extensions
    /// of which they are told, and a limit that gets shorter takes it along; a new rule or calendar never moves it later.
    fn promised(
        &self,
        clock: &Clock,
        term: &Term,
        dormant: &Pauses,
        why: ProjectedFor,
    ) -> Result<Option<Moment>, Why> {
        let (legal, promised) = (clock.schedule.legal_due, clock.schedule.promised_due);
        if matches!(
            why,
            ProjectedFor::PlanAdopted | ProjectedFor::CalendarRevised
        ) {
            // Of a clock that waits, it moves by the wait so far, as the rules count it under which it was promised.
            let case = self.case()?;
            return case
                .promised_if_it_went_on(clock, &self.hand.calendar, self.at)
                .map(Some)
                .map_err(calendar);
        }
        let told_anew = matches!(why, ProjectedFor::Extended | ProjectedFor::Lead);
        let revised = clock.schedule.calendar != self.hand.calendar.revision();
        if told_anew || (promised == legal && !revised) {
            return Ok(None);
        }
        // Holidays that were announced since are nobody's ground: what moves the promise is what moves the limit under one and the same calendar.
        let was = match revised {
            true => self.as_it_stood(clock)?.unwrap_or(legal),
            false => legal,
        };
        let due = self.due_by(term, clock.key.kind, dormant)?;
        Ok(due.map(|due| match why {
            ProjectedFor::Directed | ProjectedFor::FactMoved | ProjectedFor::Joined => {
                promised.min(due)
            }
            _ => promised.plus(due.since(was)),
        }))
    }

    /// When a clock would have been due, before what moves it now, by the calendar in hand.
    fn as_it_stood(&self, clock: &Clock) -> Result<Option<Moment>, Why> {
        let stood = match clock.state {
            ClockState::Stopped { at, .. } | ClockState::Cancelled { at, .. } => at,
            // What was projected while it waited has the wait so far in it.
            ClockState::Paused => self.paused_since(clock)?.max(clock.counted_until()),
            ClockState::Running => self.at,
        };
        self.due_when(clock, stood)
    }

    /// When a clock was due by its term, by what had held it until then.
    fn due_when(&self, clock: &Clock, then: Moment) -> Result<Option<Moment>, Why> {
        let case = self.case()?;
        // What has just been taken out is what moves it.
        let before = case.pauses.iter().filter(|it| it.begun_by != case.entry);
        let pauses = heeded_before(before, clock, then);
        let due = clock.term.due(&self.hand.calendar, &pauses);
        Ok(due.map_err(calendar)?.map(|due| due.at))
    }

    /// Nobody is late at once by a rule, a fact or a correction: a due moment that would lie before the floor from now gives way to the
    /// floor, or to the old due moment where that comes first.
    fn no_later_at_once(
        &self,
        clock: &Clock,
        term: Term,
        (was, due): (Moment, Moment),
    ) -> Result<Term, Why> {
        let floor = self.floor()?;
        if due >= was || due >= floor {
            return Ok(term);
        }
        Ok(match floor < was {
            true => Term::new(
                self.at,
                self.plan().direct.floor.clone(),
                self.plan().counting,
            ),
            // By another calendar, or by other pauses, the term that it has is due at another moment.
            false
                if was >= self.at
                    && self.due_by(&clock.term, clock.key.kind, &clock.dormant)? != Some(was) =>
            {
                self.until(was)
            }
            false => clock.term.clone(),
        })
    }

    /// The clock as it is by now, if it runs or waits.
    fn live_by_now(&self, key: ClockKey) -> Result<Option<Clock>, Why> {
        let mut live = self.case()?.clocks.iter().filter(|it| it.is_live());
        Ok(live.find(|it| it.key == key).cloned())
    }

    /// Since when a clock has waited, also for what ends at this very moment.
    fn paused_since(&self, clock: &Clock) -> Result<Moment, Why> {
        let since = self.case()?.waits_since(clock.key.kind, self.at);
        Ok(since.unwrap_or(self.at))
    }
}

/// The times before `until` at which a clock did not run, by those pauses; what it waited for since, the time between being struck off
/// and opened again, is not among them.
fn heeded_before<'a>(
    pauses: impl Iterator<Item = &'a Paused>,
    clock: &Clock,
    until: Moment,
) -> Pauses {
    let holds = pauses.filter(|pause| pause.holds(clock.key.kind));
    holds.fold(dormant_before(clock, until), |all, pause| {
        // What began later has no length by this, and holds nothing.
        let ended = pause.ended.map_or(until, |end| end.min(until));
        all.with(pause.from, Some(ended))
    })
}

fn dormant_before(clock: &Clock, until: Moment) -> Pauses {
    let before = clock.dormant.iter().filter(|it| it.from < until);
    before.fold(Pauses::none(), |all, it| all.with(it.from, it.until))
}
