//! Takes the steps that time has brought, each at its own scheduled moment, in the order of the schedule. Whether
//! somebody looks every minute or once a year, the records are the same.

use super::model::Next;
use super::row;
use super::turn::Turn;
use crate::plan::{On, Rung};
use crate::time::{Moment, Span, after};
use crate::words::{
    CancelWhy, ClockKey, ClockKind, Event, Facts, Rating, Role, Step, StepFate, StepKey, Verb, Why,
};

/// How many steps one turn takes at most. What is left is taken by the next Tick.
const MOST: usize = 10_000;

impl Turn<'_> {
    /// Takes every step up to and including `now`. False when some are left for another turn.
    pub(super) fn advance(&mut self, now: Moment) -> Result<bool, Why> {
        for _ in 0..MOST {
            let Some(next) = self.case()?.next().filter(|next| next.at() <= now) else {
                return Ok(true);
            };
            // Not before what has already happened: a schedule laid out anew can hold steps of the past.
            self.at = next.at().max(self.case()?.last_at());
            match next {
                Next::PauseEnds(reason, _) => self.emit(Event::Resumed {
                    reason,
                    lapsed: true,
                })?,
                Next::Step(clock, step) => self.take(clock, step)?,
            }
        }
        Ok(self.case()?.next().is_none_or(|next| next.at() > now))
    }

    fn take(&mut self, clock: ClockKey, step: Step) -> Result<(), Why> {
        match step.key.clone() {
            StepKey::Rung { rung, occurrence } => self.rung(clock, &step, &rung, occurrence),
            StepKey::Breach => self.taken(
                clock,
                step.key,
                StepFate::Fired { acts: Vec::new() },
                "",
                Vec::new(),
            ),
            StepKey::Overdue { occurrence } => {
                let to = super::turn::addressee(self.case()?, Some(Role::Supervisor));
                let acts = vec![crate::words::Act {
                    verb: Verb::Remind,
                    to,
                }];
                let next =
                    self.next_after(&step, &Span::WorkingDays(self.plan().overdue_every.max(1)))?;
                let next = Step {
                    at: next,
                    key: StepKey::Overdue {
                        occurrence: occurrence.saturating_add(1),
                    },
                };
                self.taken(clock, step.key, StepFate::Fired { acts }, "", vec![next])
            }
            StepKey::Lapse => {
                self.taken(
                    clock,
                    step.key,
                    StepFate::Fired { acts: Vec::new() },
                    "",
                    Vec::new(),
                )?;
                match clock.kind {
                    ClockKind::Sign => self.emit(Event::Signed { deemed: true }),
                    ClockKind::Object => {
                        self.emit(Event::ObjectionLapsed {})?;
                        self.by_rule(Event::ClockCancelled {
                            key: clock,
                            why: CancelWhy::Lapsed,
                        })
                    }
                    ClockKind::Rating => {
                        self.by_rule(Event::ClockCancelled {
                            key: clock,
                            why: CancelWhy::Lapsed,
                        })?;
                        let had = self.case()?.rating();
                        let rating = had.unwrap_or(Rating::NotGiven);
                        self.emit(Event::Rated { rating, said: None })
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    fn rung(
        &mut self,
        clock: ClockKey,
        step: &Step,
        key: &str,
        occurrence: u32,
    ) -> Result<(), Why> {
        let rule = self.plan().clock(clock.kind);
        let Some(rung) = rule.and_then(|rule| rule.rungs.iter().find(|rung| rung.key == key))
        else {
            let fate = StepFate::Voided {
                why: CancelWhy::Superseded,
            };
            return self.taken(clock, step.key.clone(), fate, "", Vec::new());
        };
        let next = self.repeats(rung, step, key, occurrence)?;
        let facts = row(self.plan(), self.case()?, &Facts::new());
        let fate = match &rung.when {
            Some(when) if !when.answer(&facts) => StepFate::Skipped {
                reason: when.decide(&self.plan().schema, &facts).1,
            },
            _ => StepFate::Fired {
                acts: self.acts(&rung.acts)?,
            },
        };
        self.taken(clock, step.key.clone(), fate, &rung.title, next)
    }

    fn repeats(
        &self,
        rung: &Rung,
        step: &Step,
        key: &str,
        occurrence: u32,
    ) -> Result<Vec<Step>, Why> {
        match &rung.on {
            On::Every { span, most } if occurrence < *most => {
                let key = StepKey::Rung {
                    rung: key.to_owned(),
                    occurrence: occurrence + 1,
                };
                Ok(vec![Step {
                    at: self.next_after(step, span)?,
                    key,
                }])
            }
            _ => Ok(Vec::new()),
        }
    }

    /// So long after a step; always later than it, so that repeating ends somewhere.
    fn next_after(&self, step: &Step, span: &Span) -> Result<Moment, Why> {
        let due =
            after(&self.hand.calendar, &self.plan().counting, step.at, span).map_err(|e| {
                Why::Calendar {
                    said: e.to_string(),
                }
            })?;
        Ok(due.at.max(step.at.plus(1)))
    }

    fn taken(
        &mut self,
        clock: ClockKey,
        step: StepKey,
        fate: StepFate,
        title: &str,
        next: Vec<Step>,
    ) -> Result<(), Why> {
        self.emit(Event::StepTaken {
            clock,
            step,
            fate,
            title: title.to_owned(),
            next,
        })
    }
}
