//! What merging (并案) means to the clocks of both cases, and to the end of the one that follows.
//!
//! A survivor is due no later than any case that follows it: each says when it was due, and that stands as a bound beside the
//! survivor's own clocks. A pause, another rule, plan or calendar moves no clock past it; an extension does, since every citizen
//! is told of it, and so does the floor, since nobody is late at once.

use super::clocks::{INSTANT, calendar};
use super::stages::{Clock, ClockState};
use super::turn::Turn;
use crate::time::{Moment, Pauses, Span, Term};
use crate::words::{CancelWhy, ClockKind, Event, Outcome, ProjectedFor, Why};

impl Turn<'_> {
    /// Another case follows this one: what runs is due no later than that case, and never below the floor from now at once.
    pub(super) fn join_clocks(&mut self) -> Result<(), Why> {
        for kind in [ClockKind::Whole, ClockKind::Reply, ClockKind::Redo] {
            let case = self.case()?;
            let clock = case.clock(kind).filter(|clock| clock.is_running()).cloned();
            let (Some(clock), Some(due)) = (clock, case.bound_due(kind)) else {
                continue;
            };
            let latest = due.max(self.floor()?);
            if latest < clock.schedule.legal_due {
                self.project(&clock, self.until(latest), ProjectedFor::Joined)?;
            }
        }
        Ok(())
    }

    /// A term of a clock that is due no later than what follows this case, and no later than the case that this one is a part of wants it. Where that
    /// moment has passed the floor from now stands in its place; but a clock that runs is due no later by that than it was, at `ran_until`.
    pub(super) fn not_past_bound(
        &self,
        kind: ClockKind,
        term: Term,
        dormant: &Pauses,
        ran_until: Option<Moment>,
    ) -> Result<Term, Why> {
        let case = self.case()?;
        let Some(bound) = case.bound_due(kind) else {
            return Ok(term);
        };
        let due = self.due_by(&term, kind, dormant)?;
        let floor = self.floor()?;
        let latest = bound.max(ran_until.map_or(floor, |was| was.min(floor)));
        match due.is_some_and(|due| due > latest) {
            true => Ok(self.until(latest)),
            false => Ok(term),
        }
    }

    /// A term from now that ends at a moment.
    pub(super) fn until(&self, end: Moment) -> Term {
        Term::new(self.at, Span::Elapsed(end.since(self.at).max(0)), INSTANT)
    }

    /// It follows another case no longer: what was cancelled for that goes on as if it never had been.
    pub(super) fn go_on_alone(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        if case.is_closed() {
            return Ok(());
        }
        let cancelled = |clock: &&Clock| {
            let merged = matches!(
                clock.state,
                ClockState::Cancelled {
                    why: CancelWhy::Merged,
                    ..
                }
            );
            merged && clock.cycle == case.cycle
        };
        // A wait that ended meanwhile has nothing more to measure.
        let waits = |clock: &&Clock| {
            let open = case.pauses.iter().filter(|pause| pause.ended.is_none());
            clock.key.kind != ClockKind::Waiting
                || open
                    .map(|it| &it.reason)
                    .any(|it| Some(it) == clock.about.as_ref())
        };
        // Handed over meanwhile: whoever has it now has had it for no time.
        let mut hands = case.segments.iter().rev();
        let handed_over = hands.next().zip(hands.next()).is_some_and(|(now, before)| {
            now.from == self.at && (&now.unit, &now.owner) != (&before.unit, &before.owner)
        });
        let owner_is_new = |clock: &&Clock| handed_over && clock.key.kind == ClockKind::Ownership;
        // What did not go on when it was on its own before does not go on now.
        let is_last = |clock: &&Clock| {
            let later = |it: &Clock| {
                let (own, its) = (clock.key, it.key);
                its.kind == own.kind && its.run > own.run && it.about == clock.about
            };
            !case.clocks.iter().any(later)
        };
        let again = case.clocks.iter().filter(cancelled).filter(waits);
        let again = again.filter(is_last).filter(|clock| !owner_is_new(clock));
        for clock in again.cloned().collect::<Vec<_>>() {
            self.project(&clock, clock.term.clone(), ProjectedFor::Unmerged)?;
        }
        if handed_over {
            self.start(ClockKind::Ownership, None)?;
        }
        // What a plan has count from an earlier mark that was adopted meanwhile, and who was handed to supervision meanwhile.
        self.start_what_counts_by_now()?;
        if self.case()?.tracked {
            self.start(ClockKind::Track, None)?;
        }
        self.reassess()
    }

    /// A case that follows another one is struck off once its own citizen has that one's answer, and that one was struck off with it:
    /// told means delivered.
    pub(super) fn struck_off_once_told(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        if case.is_closed() {
            return Ok(());
        }
        let told = |it: &super::stages::Following| it.told && it.ended.is_some();
        if !case.following.as_ref().is_some_and(told) {
            return Ok(());
        }
        let rate_until = match case.origin.has_citizen() {
            true => {
                let plan = self.plan();
                let within = &plan.strike_off.rate_within;
                let until =
                    crate::time::after(&self.hand.calendar, &plan.counting, self.at, within);
                Some(until.map_err(calendar)?.at)
            }
            false => None,
        };
        self.emit_by_rule(Event::StruckOff {
            outcome: Outcome::Merged,
            rate_until,
        })
    }
}
