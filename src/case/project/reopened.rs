//! 重新受理: a new cycle, in which what was owed goes on.

use crate::case::stages::{Clock, ClockState};
use crate::case::turn::Turn;
use crate::plan::{ClockRule, ReopenCount};
use crate::time::{Pauses, Term};
use crate::words::{ClockKind, ClockMark, ProjectedFor, Why};

impl Turn<'_> {
    /// A new cycle: the whole goes on where it stopped, and the reply is counted as the plan says.
    pub(in crate::case) fn reopened(&mut self) -> Result<(), Why> {
        if let Some(whole) = self.case()?.clock(ClockKind::Whole).cloned() {
            self.project(&whole, whole.term.clone(), ProjectedFor::Reopened)?;
        }
        let case = self.case()?;
        let nobody_had_it = case.team().is_none();
        if case.tracked {
            self.start(ClockKind::Track, None)?;
        }
        if nobody_had_it {
            self.start(ClockKind::Screen, None)?;
            return self.owed_all_along();
        }
        self.start(ClockKind::Ownership, None)?;
        let case = self.case()?;
        let open: Vec<u32> = case
            .promises
            .iter()
            .filter(|it| it.is_open())
            .map(|it| it.promise.number)
            .collect();
        for number in open {
            self.start(ClockKind::Commitment, Some(number.to_string()))?;
        }
        self.reply_again()?;
        // What a co-handler has not given yet is still to be given.
        self.start_parts()
    }

    /// Of a case that is opened again, the reply is counted as the plan says.
    fn reply_again(&mut self) -> Result<(), Why> {
        let Some(rule) = self.plan().clock(ClockKind::Reply) else {
            return Ok(());
        };
        let Some((fresh, reason)) = self.term(rule, None)? else {
            return Ok(());
        };
        let last = self.case()?.clock(ClockKind::Reply).cloned();
        let goes_on = |last: &Clock| {
            self.plan().reopen.count != ReopenCount::Fresh || is_owed_all_along(rule, last)
        };
        let Some(last) = last.filter(goes_on) else {
            return self.started(rule, None, fresh, Pauses::none(), reason);
        };
        let dormant = self.since_it_ended(&last);
        let due = |term: &Term, dormant: &Pauses| self.due_by(term, ClockKind::Reply, dormant);
        let fresh_first = self.plan().reopen.count == ReopenCount::Min
            && due(&fresh, &Pauses::none())? < due(&last.term, &dormant)?;
        match fresh_first {
            true => self.started(rule, None, fresh, Pauses::none(), reason),
            false => {
                let term = self.not_past_bound(rule.kind, last.term, &dormant, None)?;
                self.started(rule, None, term, dormant, reason)
            }
        }
    }

    /// Opened again before anybody had it: what counts from receipt or screening, and was cut off by declining, goes on where it was
    /// cut off. To be declined and opened again is no new time.
    fn owed_all_along(&mut self) -> Result<(), Why> {
        for kind in [ClockKind::Assign, ClockKind::Reply] {
            let Some(rule) = self.plan().clock(kind) else {
                continue;
            };
            let last = self.case()?.clock(kind).cloned();
            match last.filter(|last| is_owed_all_along(rule, last)) {
                Some(last) => {
                    if let Some((_, reason)) = self.term(rule, None)? {
                        let dormant = self.since_it_ended(&last);
                        self.started(rule, None, last.term, dormant, reason)?;
                    }
                }
                None if rule.starts == ClockMark::Received => self.start(kind, None)?,
                None => {}
            }
        }
        Ok(())
    }

    /// The time that does not count of a clock, with that since it ended.
    fn since_it_ended(&self, last: &Clock) -> Pauses {
        match last.state {
            ClockState::Stopped { at, .. } | ClockState::Cancelled { at, .. } => {
                last.dormant.clone().with(at, Some(self.at))
            }
            _ => last.dormant.clone(),
        }
    }
}

/// Whether a clock counts from before anybody had the case, and ended without an answer.
fn is_owed_all_along(rule: &ClockRule, last: &Clock) -> bool {
    rule.starts != rule.kind.starts() && matches!(last.state, ClockState::Cancelled { .. })
}
