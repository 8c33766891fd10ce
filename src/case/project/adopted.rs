//! Where another plan or calendar is adopted.

use crate::case::clocks::INSTANT;
use crate::case::row;
use crate::case::stages::{Clock, ClockState};
use crate::case::turn::Turn;
use crate::plan::{ClockRule, Limit, PauseKind, Plan, SUPPLEMENT};
use crate::time::{Moment, Pauses, Span, Term};
use crate::words::{CancelWhy, ClockKind, ClockMark, Event, Facts, ProjectedFor, Why};

impl Turn<'_> {
    /// Another plan or calendar was adopted: every live clock is counted by it. Where it counts from another mark than the plan `before`,
    /// and that mark was made, from there; else what runs goes on from where it began.
    pub(in crate::case) fn project_all(
        &mut self,
        why: ProjectedFor,
        before: Option<&Plan>,
    ) -> Result<(), Why> {
        let case = self.case()?;
        let facts = row(self.plan(), case, &Facts::new());
        let live = case.clocks.iter().filter(|clock| clock.is_live());
        for key in live.map(|clock| clock.key).collect::<Vec<_>>() {
            // As it is by now: a part may have followed its lead.
            let Some(clock) = self.live_by_now(key)? else {
                continue;
            };
            let Some(rule) = self.plan().clock(clock.key.kind) else {
                // The plan has no such clock any more, and a clock without a rule would go on by one that is gone.
                let why = CancelWhy::Superseded;
                self.by_rule(Event::ClockCancelled {
                    key: clock.key,
                    why,
                })?;
                continue;
            };
            let mut term = clock.term.clone();
            // A new calendar changes no rule; a promise carries its own date.
            let same =
                why == ProjectedFor::CalendarRevised || clock.key.kind == ClockKind::Commitment;
            // What another case, or a bundle, set to a moment has no rule of its own: the rule's limit counts from the start.
            let kinds = [ClockKind::Whole, ClockKind::Reply, ClockKind::Redo];
            let set = clock.term.counting == INSTANT
                && kinds.contains(&clock.key.kind)
                && why == ProjectedFor::PlanAdopted;
            if set {
                term.anchor = clock.started;
                term.extensions.clone_from(&clock.extended);
            }
            if let (Limit::Span(span), false) = (rule.within.answer(&facts), same) {
                // Counted from where the rule has it begin, whatever it was brought forward to since.
                if let Some(own) = &clock.own {
                    term = own.clone();
                }
                term.span = span.clone();
                term.counting = rule.counting;
                let had = before.and_then(|plan| plan.clock(rule.kind));
                let moved = had.is_some_and(|had| had.starts != rule.starts);
                // Or where it has had the floor since it began, long after that mark: the same limit once more is no new time.
                let began = term.anchor;
                let late = rule.starts != rule.kind.starts() && began == clock.started;
                term.anchor = match self.counted_from(rule.starts)? {
                    Some(from) if moved => from,
                    Some(from) if late => from.min(began),
                    _ => began,
                };
            }
            let until = clock.is_running().then_some(clock.schedule.legal_due);
            let term = self.not_past_whole(rule, term, &clock.dormant)?;
            let mut term = self.not_past_bound(clock.key.kind, term, &clock.dormant, until)?;
            let due_of = |term: &Term| -> Result<Moment, Why> {
                let due = self.due_by(term, clock.key.kind, &clock.dormant)?;
                Ok(due.unwrap_or(clock.schedule.legal_due))
            };
            let mut due = due_of(&term)?;
            // And it is no later by that; nor is what the whole made earlier than its rule, or a direction.
            let cut = before.is_some_and(|plan| is_cut_short(plan, &clock));
            if (set && due > clock.schedule.legal_due) || (cut && due > due_of(&clock.term)?) {
                term = clock.term.clone();
                due = due_of(&term)?;
            }
            if let Some(brought) = clock.brought.as_ref().filter(|_| before.is_some())
                && due_of(brought)? < due
            {
                term = brought.clone();
                due = due_of(&term)?;
            }
            // What waits was due as if it went on now: its waiting is not the new rule's doing.
            let was = match clock.state {
                ClockState::Paused => due_of(&clock.term)?,
                _ => clock.schedule.legal_due,
            };
            if why == ProjectedFor::PlanAdopted && due > was && !self.approved {
                return Err(Why::Loosens {
                    clock: clock.key.kind,
                    due: was,
                    would_be: due,
                });
            }
            let mut term = self.no_later_at_once(&clock, term, (was, due))?;
            // Nor is what waits, where it had time left by the old rule and would be late the moment it goes on.
            let (due, had) = (due_of(&term)?, clock.schedule.legal_due);
            if due <= self.at && due < had && had >= self.paused_since(&clock)? {
                let plan = self.plan();
                term = Term::new(self.at, plan.direct.floor.clone(), plan.counting);
            }
            self.project(&clock, term, why)?;
        }
        Ok(())
    }

    /// When a mark was made in this cycle from which a pack may have limits count; when the citizen completed the message after it,
    /// where time runs anew from then. Unknown of what another system did.
    fn counted_from(&self, mark: ClockMark) -> Result<Option<Moment>, Why> {
        let case = self.case()?;
        let stopped = |kind: ClockKind| {
            let mut its = case.clocks.iter().filter(|it| it.key.kind == kind);
            let judged = its.find(|it| it.cycle == case.cycle)?.verdicts.iter();
            let made = judged.rev().find(|it| it.mark == mark);
            made.map(|it| it.stopped())
        };
        let at = match mark {
            ClockMark::Received if case.cycle == 1 => Some(case.received),
            ClockMark::Screened => stopped(ClockKind::Screen),
            ClockMark::Assigned => stopped(ClockKind::Assign),
            _ => None,
        };
        at.map(|at| self.completed_since(at)).transpose()
    }

    /// When the citizen completed the message after that moment, where time runs anew from then; else that moment.
    fn completed_since(&self, at: Moment) -> Result<Moment, Why> {
        let rule = self.plan().pause(SUPPLEMENT);
        let anew = rule.is_some_and(|rule| rule.kind == PauseKind::Restarts);
        let asked = self.case()?.pauses.iter();
        let asked = asked.filter(|it| it.reason == SUPPLEMENT && anew);
        // What nobody answered ended when its time was over.
        let completed = asked.filter_map(|it| it.ended.filter(|ended| *ended < it.until));
        Ok(completed.fold(at, Moment::max))
    }

    /// When a cycle began in which the case was opened again, before anybody had it: from then counts what counts from receipt.
    fn opened_again(&self, mark: ClockMark) -> Result<Option<Moment>, Why> {
        let case = self.case()?;
        if mark != ClockMark::Received {
            return Ok(None);
        }
        let mut its = case.clocks.iter().filter(|it| it.cycle == case.cycle);
        let screens = its.find(|it| it.key.kind == ClockKind::Screen);
        let at = screens.map_or(self.at, |clock| clock.started);
        self.completed_since(at).map(Some)
    }

    /// Where a plan is adopted that has limits count from an earlier mark, and the mark was made: what counts by now starts, from then. Nobody
    /// is late at once by it. It would not start any more when somebody gets the case, so a case that was opened again would have no limit.
    pub(in crate::case) fn start_what_counts_by_now(&mut self) -> Result<(), Why> {
        for kind in [ClockKind::Assign, ClockKind::Reply] {
            let case = self.case()?;
            let had = |clock: &Clock| clock.key.kind == kind && clock.cycle == case.cycle;
            let early = self.plan().clock(kind).filter(|rule| {
                let early = rule.starts != kind.starts();
                early && case.team().is_none() && case.follows().is_none()
            });
            let Some(rule) = early.filter(|_| !case.clocks.iter().any(had)) else {
                continue;
            };
            let from = match self.counted_from(rule.starts)? {
                Some(from) => Some(from),
                None => self.opened_again(rule.starts)?,
            };
            let Some(from) = from else {
                continue;
            };
            let Some((mut term, reason)) = self.term_from(rule, None, from)? else {
                continue;
            };
            let due = self.due_by(&term, kind, &Pauses::none())?;
            let (plan, floor) = (self.plan(), self.floor()?);
            if due.is_some_and(|due| due < floor) {
                term = Term::new(self.at, plan.direct.floor.clone(), plan.counting);
            }
            self.started(rule, None, term, Pauses::none(), reason)?;
        }
        Ok(())
    }
}

/// Whether the whole cuts a clock short, so that it is due earlier than its rule of `plan` has it.
fn is_cut_short(plan: &Plan, clock: &Clock) -> bool {
    let span = &clock.term.span;
    let looks_cut =
        matches!(span, Span::Earliest(of) if matches!(of.last(), Some(Span::Elapsed(_))));
    // A pack may say the like itself.
    let says = |rule: &ClockRule| {
        let mut answers = rule.within.diagram.answers().iter();
        answers.any(|limit| matches!(limit, Limit::Span(its) if its == span))
    };
    let rule = plan.clock(clock.key.kind);
    rule.is_some_and(|rule| rule.not_past_whole && looks_cut && !says(rule))
}
