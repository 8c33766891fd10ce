//! Lays out what a clock will do if nobody acts: the pack's rungs, and what the spine adds to every ladder.

use std::collections::BTreeSet;

use super::clocks::{calendar, heeded_until};
use super::turn::Turn;
use crate::plan::{ClockRule, On};
use crate::time::{Moment, Pauses, Span, Term, after};
use crate::words::{ClockKind, Schedule, Step, StepKey, Why};

/// A schedule, and the rungs that would have come before the clock started.
pub(super) struct Laid {
    pub(super) schedule: Schedule,
    pub(super) void: Vec<StepKey>,
}

impl Turn<'_> {
    /// Lays out what a clock will do if nobody acts. Steps already taken stay taken; a step of the past comes at
    /// once. With `starting`, rungs that would come before the clock starts are void.
    pub(super) fn lay(
        &self,
        rule: &ClockRule,
        term: &Term,
        dormant: &Pauses,
        taken: &[StepKey],
        promised: Option<Moment>,
        starting: bool,
    ) -> Result<Laid, Why> {
        let (plan, cal) = (self.plan(), &self.hand.calendar);
        let pauses = heeded_until(self.case()?, rule.kind, dormant, self.at);
        let due = term
            .due(cal, &pauses)
            .map_err(calendar)?
            .ok_or(Why::NoClock { clock: rule.kind })?;
        let past = |from: Moment, span: &Span| {
            after(cal, &plan.counting, from, span)
                .map(|due| due.at.max(from.plus(1)))
                .map_err(calendar)
        };
        let taken: BTreeSet<&StepKey> = taken.iter().collect();
        let mut steps: Vec<Step> = Vec::new();
        let mut void = Vec::new();
        let mut last = due.at;
        for rung in &rule.rungs {
            let once = StepKey::Rung {
                rung: rung.key.clone(),
                occurrence: 1,
            };
            let at = match &rung.on {
                On::At => due.at,
                On::Before(span) => term
                    .before(cal, &pauses, span)
                    .map_err(calendar)?
                    .unwrap_or(due.at),
                On::Share(percent) => term
                    .share(cal, &pauses, *percent)
                    .map_err(calendar)?
                    .unwrap_or(due.at),
                On::After(span) => past(due.at, span)?,
                On::Every { span, most } => {
                    let done = |n: u32| StepKey::Rung {
                        rung: rung.key.clone(),
                        occurrence: n,
                    };
                    let mut at = past(due.at, span)?;
                    let mut occurrence = 1;
                    while occurrence < *most && taken.contains(&done(occurrence)) {
                        at = past(at, span)?;
                        occurrence += 1;
                    }
                    last = last.max(at);
                    if !taken.contains(&done(occurrence)) {
                        steps.push(Step {
                            at,
                            key: done(occurrence),
                        });
                    }
                    continue;
                }
            };
            let early = matches!(rung.on, On::Before(_) | On::Share(_)) && at <= term.anchor;
            if starting && early {
                void.push(once);
                continue;
            }
            last = last.max(at);
            if !taken.contains(&once) {
                steps.push(Step { at, key: once });
            }
        }
        self.spine_steps(rule, due.at, last, &taken, &mut steps)?;
        for step in &mut steps {
            step.at = step.at.max(self.at);
        }
        steps.sort_by_key(|step| step.at);
        let schedule = Schedule {
            legal_due: due.at,
            promised_due: promised.unwrap_or(due.at),
            provisional: due.provisional,
            calendar: cal.revision().to_owned(),
            steps,
        };
        Ok(Laid { schedule, void })
    }

    /// What the spine adds to every ladder: the limit's own consequence, the breach, and the notice that repeats for
    /// as long as it is overdue.
    fn spine_steps(
        &self,
        rule: &ClockRule,
        due: Moment,
        last: Moment,
        taken: &BTreeSet<&StepKey>,
        steps: &mut Vec<Step>,
    ) -> Result<(), Why> {
        let mut add = |at: Moment, key: StepKey| {
            if !taken.contains(&key) {
                steps.push(Step { at, key });
            }
        };
        // A citizen who says nothing, and a unit that does not object, have not broken a limit.
        if !matches!(rule.kind, ClockKind::Rating | ClockKind::Object) {
            add(due.plus(1), StepKey::Breach);
        }
        if rule.lapses {
            add(due.plus(1), StepKey::Lapse);
            return Ok(());
        }
        let every = Span::WorkingDays(self.plan().overdue_every.max(1));
        let mut at = last;
        let mut occurrence = 0;
        loop {
            at = after(&self.hand.calendar, &self.plan().counting, at, &every)
                .map_err(calendar)?
                .at
                .max(at.plus(1));
            occurrence += 1;
            let key = StepKey::Overdue { occurrence };
            if !taken.contains(&key) {
                add(at, key);
                return Ok(());
            }
        }
    }
}
