//! Where the pauses are other than they were: one ended, or an entry that bounds it was set right.

use super::heeded_before;
use crate::case::clocks::{INSTANT, calendar};
use crate::case::model::Case;
use crate::case::stages::{Clock, ClockState};
use crate::case::turn::Turn;
use crate::plan::PauseKind;
use crate::time::{Moment, Term};
use crate::words::{ClockKind, Event, ProjectedFor, Verdict, Why};

impl Turn<'_> {
    /// A pause ended: what waited and has nothing more to wait for goes on. If the citizen completed the message and the pack says that
    /// the time runs anew then, it does, for all but the whole.
    pub(in crate::case) fn resume_clocks(&mut self, reason: &str) -> Result<(), Why> {
        let rule = self.plan().pause(reason);
        let anew = self.supplemented && rule.is_some_and(|rule| rule.kind == PauseKind::Restarts);
        let case = self.case()?;
        let waits = |kind: ClockKind| {
            let mut open = case.pauses.iter().filter(|pause| pause.ended.is_none());
            open.any(|pause| pause.holds(kind))
        };
        let free = case
            .clocks
            .iter()
            .filter(|clock| clock.state == ClockState::Paused && !waits(clock.key.kind));
        for clock in free.cloned().collect::<Vec<_>>() {
            match anew && clock.key.kind != ClockKind::Whole {
                true => {
                    let term = Term {
                        anchor: self.at,
                        extensions: Vec::new(),
                        ..clock.term.clone()
                    };
                    self.project(&clock, term, ProjectedFor::Restarted)?;
                }
                false => {
                    let term = self.going_on(&clock)?;
                    self.project(&clock, term, ProjectedFor::Resumed)?;
                }
            }
        }
        self.reassess()
    }

    /// The term of a clock that goes on. One that was set to a moment has waited in hours of its own, which a rule in working time does not
    /// count: it is due no later than by the rule, and a part no later than within its share of its lead's time.
    fn going_on(&self, clock: &Clock) -> Result<Term, Why> {
        let term = clock.term.clone();
        if term.counting != INSTANT {
            return Ok(term);
        }
        if let Some(within) = self.within_lead(clock)? {
            return Ok(within);
        }
        let answers = [ClockKind::Whole, ClockKind::Reply, ClockKind::Redo];
        if !answers.contains(&clock.key.kind) || clock.cycle != 1 {
            return Ok(term);
        }
        let due = self.due_by(&term, clock.key.kind, &clock.dormant)?;
        let own = self.own_due(clock)?;
        match own.zip(due) {
            Some((own, due)) if own < due => {
                self.no_less_than_before(clock, self.until(own), (own, due))
            }
            _ => Ok(term),
        }
    }

    /// A term by which a clock that waited goes on, where that is earlier than by its own: no earlier than it was due before it waited, and
    /// nobody is late at once by it.
    pub(super) fn no_less_than_before(
        &self,
        clock: &Clock,
        term: Term,
        (due, by_its_own): (Moment, Moment),
    ) -> Result<Term, Why> {
        // What was projected while it waited has the wait so far in it.
        let before = match clock.waited_until {
            Some(_) => self.due_when(clock, self.paused_since(clock)?)?,
            None => None,
        };
        let before = before.unwrap_or(clock.schedule.legal_due);
        if due >= before && due > self.at {
            return Ok(term);
        }
        let least = due.max(before);
        self.no_later_at_once(clock, self.until(least), (by_its_own, least))
    }

    /// The pauses are not what they were: every running clock whose due moment that changes is projected anew.
    pub(in crate::case) fn project_held(&mut self, why: ProjectedFor) -> Result<(), Why> {
        let case = self.case()?;
        let running = case.clocks.iter().filter(|clock| clock.is_running());
        for key in running.map(|clock| clock.key).collect::<Vec<_>>() {
            let Some(clock) = self.live_by_now(key)? else {
                continue;
            };
            let was = clock.schedule.legal_due;
            let due_of = |term: &Term| self.due_by(term, clock.key.kind, &clock.dormant);
            let (mut term, mut due) = (&clock.term, due_of(&clock.term)?);
            // What did not count before a leader directed moves nothing that was directed.
            if let Some(brought) = &clock.brought {
                let by_that = due_of(brought)?;
                if by_that < due {
                    (term, due) = (brought, by_that);
                }
            }
            match due {
                Some(due) if due > was => self.project(&clock, term.clone(), why)?,
                Some(due) if due < was => {
                    let term = self.no_later_at_once(&clock, term.clone(), (was, due))?;
                    self.project(&clock, term, why)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// An entry was recorded late, or a stretch was taken out that is over. Verdicts that hang on it get the right one beside them, each
    /// by the due moment of then, moved as far as the entry moves it; running clocks whose pauses it bounds are counted anew, and nobody
    /// is late at once by that.
    pub(in crate::case) fn set_right(
        &mut self,
        before: &Case,
        entry: u64,
        why: ProjectedFor,
    ) -> Result<(), Why> {
        let case = self.case()?;
        let basis = case.version();
        let bounds = |kind: ClockKind| {
            let mut all = case.pauses.iter().filter(|pause| pause.holds(kind));
            all.any(|pause| pause.begun_by == entry || pause.ended_by == Some(entry))
        };
        let mut found = Vec::new();
        for (clock, was) in case.clocks.iter().zip(&before.clocks) {
            for (index, (judged, had)) in (0u32..).zip(clock.verdicts.iter().zip(&was.verdicts)) {
                if judged.entry != entry && !bounds(clock.key.kind) {
                    continue;
                }
                let due = |case: &Case, until: Moment| {
                    let term = judged.term.as_deref().unwrap_or(&clock.term);
                    let pauses = heeded_before(case.pauses.iter(), clock, until);
                    let due = term.due(&self.hand.calendar, &pauses);
                    Ok(due.map_err(calendar)?.map(|due| due.at))
                };
                let moved = due(case, judged.stopped())?.zip(due(before, had.stopped())?);
                let moved = moved.map_or(0, |(is, was)| is.since(was));
                let verdict = Verdict::of(judged.stopped(), had.due().plus(moved));
                if verdict != had.known() {
                    found.push(Event::VerdictCorrected {
                        key: clock.key,
                        index,
                        verdict,
                        basis,
                    });
                }
            }
        }
        for event in found {
            self.by_rule(event)?;
        }
        self.project_held(why)
    }
}
