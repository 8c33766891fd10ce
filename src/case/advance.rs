//! Takes the steps that time has brought, each at its own scheduled moment, in the order of the schedule. Whether
//! somebody looks every minute or once a year, the records are the same.

use super::clocks::calendar;
use super::model::Next;
use super::row;
use super::schedule::{Coming, before};
use super::turn::{Turn, addressee};
use crate::plan::{Following, On, Rung};
use crate::time::{Moment, Span};
use crate::words::{
    Act, CancelWhy, ClockKey, ClockKind, Event, Facts, Rating, Reason, Role, RuleId, Step,
    StepFate, StepKey, Verb, Why,
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
        let fired = |acts| StepFate::Fired { acts };
        match &step.key {
            StepKey::Rung { rung, .. } => self.rung(clock, &step, rung),
            StepKey::Breach | StepKey::PromiseMissed => {
                self.taken(clock, &step, fired(Vec::new()), "", Vec::new())
            }
            StepKey::Infeasible => {
                let fate = match self.in_time_after_all()? {
                    Some(rule) => StepFate::Skipped {
                        reason: Reason::plain(RuleId::spine(rule)),
                    },
                    None => fired(self.infeasible()?),
                };
                self.taken(clock, &step, fate, "", Vec::new())
            }
            StepKey::Overdue { .. } => {
                let every = self.overdue_every();
                let next = self.follows(&step, &every, u32::MAX, Coming::Reminder)?;
                let to = addressee(self.case()?, Some(Role::Supervisor));
                let act = Act {
                    verb: Verb::Remind,
                    to,
                };
                let fate = next.fate().unwrap_or(fired(vec![act]));
                self.taken(clock, &step, fate, "", next.steps)
            }
            StepKey::Lapse => {
                self.taken(clock, &step, fired(Vec::new()), "", Vec::new())?;
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

    fn rung(&mut self, clock: ClockKey, step: &Step, key: &str) -> Result<(), Why> {
        let rule = self.plan().clock(clock.kind);
        let Some(rung) = rule.and_then(|rule| rule.rungs.iter().find(|rung| rung.key == key))
        else {
            let fate = StepFate::Voided {
                why: CancelWhy::Superseded,
            };
            return self.taken(clock, step, fate, "", Vec::new());
        };
        let next = match &rung.on {
            On::Every { span, most } => {
                let case = self.case()?;
                let its = case.clocks.iter().find(|it| it.key == clock);
                let before = its.map_or(0, |it| before(&it.schedule.rearmed, &step.key));
                let place = step.key.occurrence().saturating_sub(before);
                self.follows(step, span, most.saturating_sub(place), Coming::of(rung))?
            }
            _ => Following::default(),
        };
        let fate = match next.fate() {
            Some(fate) => fate,
            None => self.fate(rung)?,
        };
        self.taken(clock, step, fate, &rung.title, next.steps)
    }

    /// A rung's condition is read once, when it comes.
    fn fate(&self, rung: &Rung) -> Result<StepFate, Why> {
        let facts = row(self.plan(), self.case()?, &Facts::new());
        Ok(match &rung.when {
            Some(when) if !when.answer(&facts) => StepFate::Skipped {
                reason: when.decide(&self.plan().schema, &facts).1,
            },
            _ => StepFate::Fired {
                acts: self.acts(&rung.acts)?,
            },
        })
    }

    /// The occurrence after a step, `left` of them at most; and which occurrence acts, where several come at the
    /// same moment. It is the schedule that says so, never when somebody looked.
    fn follows(
        &self,
        step: &Step,
        span: &Span,
        left: u32,
        coming: Coming,
    ) -> Result<Following, Why> {
        self.plan()
            .following(&self.hand.calendar, step, span, left, coming)
            .map_err(calendar)
    }

    /// What keeps a clock from being warned about, although little of it is left: the name of the spine's rule.
    fn in_time_after_all(&self) -> Result<Option<&'static str>, Why> {
        let case = self.case()?;
        Ok(match case.reply() {
            Some(_) => Some("reply_given"),
            None if case.follows().is_some() => Some("follows_another"),
            None => None,
        })
    }

    /// Who is told that it will not be in time: whoever has it, and supervision.
    fn infeasible(&self) -> Result<Vec<Act>, Why> {
        let case = self.case()?;
        let has = match case.team() {
            Some(_) => Role::Owner,
            None => Role::Intake,
        };
        let act = |role| Act {
            verb: Verb::Warn,
            to: addressee(case, Some(role)),
        };
        Ok(vec![act(has), act(Role::Supervisor)])
    }

    fn taken(
        &mut self,
        clock: ClockKey,
        step: &Step,
        fate: StepFate,
        title: &str,
        next: Vec<Step>,
    ) -> Result<(), Why> {
        self.emit(Event::StepTaken {
            clock,
            step: step.key.clone(),
            fate,
            deferred_from: step.deferred_from,
            title: title.to_owned(),
            next,
        })
    }
}
