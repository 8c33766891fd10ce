//! Where a limit gets shorter: a leader directs it, or facts moved.

use crate::case::clocks::INSTANT;
use crate::case::row;
use crate::case::stages::Clock;
use crate::case::turn::Turn;
use crate::plan::Limit;
use crate::time::{Span, Term};
use crate::words::{ClockKind, Facts, ProjectedFor, Why};

impl Turn<'_> {
    /// A leader gave the reply a shorter time, from now.
    pub(in crate::case) fn hasten(&mut self, span: &Span) -> Result<(), Why> {
        let plan = self.plan();
        let at_least = Span::Latest(vec![span.clone(), plan.direct.floor.clone()]);
        let live = [ClockKind::Reply, ClockKind::Redo].into_iter();
        let live = live.filter_map(|kind| {
            self.case()
                .ok()?
                .clock(kind)
                .filter(|clock| clock.is_running())
        });
        for clock in live.cloned().collect::<Vec<_>>() {
            let counting = plan
                .clock(clock.key.kind)
                .map_or(plan.counting, |rule| rule.counting);
            let term = Term::new(self.at, at_least.clone(), counting);
            self.tighten(&clock, term, ProjectedFor::Directed)?;
        }
        self.reassess()
    }

    /// Facts moved: every running clock whose rule now gives less is shortened, never below the floor from now.
    pub(in crate::case) fn reassess(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        let facts = row(self.plan(), case, &Facts::new());
        let running = case
            .clocks
            .iter()
            .filter(|clock| clock.is_running() && clock.key.kind != ClockKind::Commitment);
        for clock in running.cloned().collect::<Vec<_>>() {
            let Some(rule) = self.plan().clock(clock.key.kind) else {
                continue;
            };
            let Limit::Span(span) = rule.within.answer(&facts) else {
                continue;
            };
            // Counted from where the rule has it begin, whatever it was brought forward to since.
            if *span == clock.own_term().span {
                continue;
            }
            let own = clock.own_term();
            // What was set to a moment is counted by the rule again.
            let counting = match own.counting == INSTANT {
                true => rule.counting,
                false => own.counting,
            };
            let term = Term {
                span: span.clone(),
                counting,
                ..own.clone()
            };
            let Some(due) = self.due_by(&term, clock.key.kind, &clock.dormant)? else {
                continue;
            };
            let floor = self.floor()?;
            let term = match due < floor {
                true => Term::new(
                    self.at,
                    self.plan().direct.floor.clone(),
                    self.plan().counting,
                ),
                false => term,
            };
            self.tighten(&clock, term, ProjectedFor::FactMoved)?;
        }
        Ok(())
    }

    /// Projects a clock anew if that makes it due earlier.
    fn tighten(&mut self, clock: &Clock, term: Term, why: ProjectedFor) -> Result<(), Why> {
        // A term that counts from now has no part in earlier pauses.
        match self.due_by(&term, clock.key.kind, &clock.dormant)? {
            Some(due) if due < clock.schedule.legal_due => self.project(clock, term, why),
            _ => Ok(()),
        }
    }
}
