//! What comes next once a reply is published, sent back or struck off.

use duly::case::{Case, In, Reviewed};
use duly::words::{CallResult, ClockKind, Command, Level, Origin, Outcome, Rating, Scores, Text};

use super::chain::Eyes;
use super::course::{Act, After, Citizen, Course, Hook, Step};
use super::facts::findings;
use crate::fail::Fail;

impl Course {
    pub(super) fn reviewed(
        &mut self,
        eyes: Eyes<'_>,
        it: In<'_, Reviewed>,
    ) -> Result<Option<Act>, Fail> {
        if let Some(act) = self.attempt(eyes, Hook::Published)? {
            return Ok(Some(act));
        }
        let citizen = self.round().map_or(Citizen::Silent, |round| round.citizen);
        let opinion = eyes.case.origin() == Origin::Opinion;
        if !opinion && it.data.rating.is_none() {
            if !it.data.called_back {
                return self.call_back(eyes, citizen).map(Some);
            }
            match citizen {
                Citizen::Says { level, .. } if it.data.reached => return self.rate(eyes, level),
                Citizen::AutoRated if !self.did(Step::Rate) => {
                    let at = eyes.office.days(eyes.now, 3, &mut self.dice)?;
                    let command = Command::Rate {
                        rating: Rating::AutoByTimeout,
                        said: None,
                    };
                    return Ok(Some(Act {
                        at,
                        by: eyes.people.system()?,
                        command,
                        step: Step::Rate,
                    }));
                }
                _ => {}
            }
        }
        if it.data.rating == Some(Rating::AutoByTimeout)
            && let Some(act) = self.attempt(eyes, Hook::AutoRated)?
        {
            return Ok(Some(act));
        }
        if let Some(promise) = eyes.case.promises().iter().find(|it| it.is_open()) {
            if let Some(act) = self.attempt(eyes, Hook::Promised)? {
                return Ok(Some(act));
            }
            if !self.keeps_promises {
                return Ok(None);
            }
            let by_date = eyes.office.on(promise.promise.by_date, &mut self.dice);
            let at = match self.promises_late {
                0 => by_date,
                days => eyes.office.days(by_date, days, &mut self.dice)?,
            };
            let at = at.max(eyes.now);
            let evidence = Text::from("完成情况和照片已上传,网民已告知");
            let command = Command::Fulfil {
                commitment: promise.promise.number,
                evidence,
            };
            return Ok(Some(Act {
                at,
                by: self.owner(eyes),
                command,
                step: Step::Fulfil,
            }));
        }
        let satisfied = it.data.rating.is_some_and(Rating::is_satisfied);
        if !satisfied && !it.data.rechecked && !self.did(Step::Recheck) {
            return self.recheck(eyes).map(Some);
        }
        if satisfied && eyes.case.is_tracked() && !self.did(Step::Untrack) {
            let command = Command::Untrack {
                reason: Text::from("网民满意,事情已办"),
            };
            return Ok(Some(Act {
                at: self.soon(eyes)?,
                by: eyes.people.supervisor(0)?,
                command,
                step: Step::Untrack,
            }));
        }
        // Whoever could not be reached has at least the notice of the answer.
        if let Some(effect) = eyes.case.awaits_delivery()
            && !it.data.reached
            && !self.did(Step::AnswerDelivered)
        {
            let by = eyes.people.system()?;
            let command = Command::Delivered { effect };
            return self.desk_work(eyes, by, command, Step::AnswerDelivered);
        }
        let command = Command::StrikeOff {
            outcome: self.ends_as(eyes.case),
            matter: None,
        };
        Ok(Some(Act {
            at: self.soon(eyes)?,
            by: eyes.people.supervisor(0)?,
            command,
            step: Step::StrikeOff,
        }))
    }

    fn call_back(&mut self, eyes: Eyes<'_>, citizen: Citizen) -> Result<Act, Fail> {
        if let Some(act) = self.attempt(eyes, Hook::Missed(self.missed))? {
            return Ok(act);
        }
        let result = match citizen {
            Citizen::Says { level, misses } if self.missed >= misses => {
                // Some say it at once, some later and in writing.
                let at_once = self.dice.chance(75);
                let said = if level.is_satisfied() {
                    "电话里说:办了,谢谢"
                } else {
                    "电话里说:没有解决"
                };
                CallResult::Reached {
                    level: at_once.then_some(level),
                    scores: at_once.then(|| scores(level)),
                    said: Some(Text::from(said)),
                }
            }
            _ => {
                self.missed += 1;
                CallResult::Unreached {
                    why: Text::from("拨打三次无人接听"),
                }
            }
        };
        let at = eyes.office.days(eyes.now, 1, &mut self.dice)?;
        let by = eyes.people.intake(&self.place, 1)?;
        Ok(Act {
            at,
            by,
            command: Command::CallBack { result },
            step: Step::CallBack,
        })
    }

    fn rate(&mut self, eyes: Eyes<'_>, level: Level) -> Result<Option<Act>, Fail> {
        if self.did(Step::Rate) {
            return Ok(None);
        }
        let days = self.dice.within(1, 4);
        let at = eyes.office.days(eyes.now, days, &mut self.dice)?;
        let rating = Rating::Given {
            level,
            scores: Some(scores(level)),
        };
        let by = match &self.citizen {
            Some(citizen) => eyes.people.citizen(citizen),
            None => eyes.people.intake(&self.place, 1)?,
        };
        Ok(Some(Act {
            at,
            by,
            command: Command::Rate { rating, said: None },
            step: Step::Rate,
        }))
    }

    /// Someone who had no part in it checks: once the time to rate is over, where it still runs.
    fn recheck(&mut self, eyes: Eyes<'_>) -> Result<Act, Fail> {
        let waits = eyes
            .case
            .clock(ClockKind::Rating)
            .filter(|clock| clock.is_live())
            .and_then(|clock| clock.due());
        let from = waits.map_or(eyes.now, |due| due.plus(1).max(eyes.now));
        let minutes = self.dice.within(self.pace.least, self.pace.most);
        let command = Command::Recheck {
            passed: true,
            evidence: Text::from("到现场核对并拍照,与答复一致"),
            findings: findings(eyes.office.plan(), 0),
            return_for: None,
        };
        Ok(Act {
            at: eyes.office.later(from, minutes)?,
            by: eyes.people.reviewer(1)?,
            command,
            step: Step::Recheck,
        })
    }

    fn ends_as(&self, case: &Case) -> Outcome {
        match case.reply() {
            Some(reply) if reply.explained => Outcome::Explained,
            _ => self.outcome,
        }
    }

    /// Sent back: the next round begins.
    pub(super) fn returned(&mut self, eyes: Eyes<'_>) -> Result<Option<Act>, Fail> {
        if (self.did(Step::CallBack) || self.did(Step::Rate))
            && let Some(act) = self.attempt(eyes, Hook::Unsatisfied)?
        {
            return Ok(Some(act));
        }
        if self.did(Step::Reply) {
            self.rounds.pop_front();
            self.missed = 0;
            let again = [
                Step::Reply,
                Step::Pass,
                Step::SendBack,
                Step::CallBack,
                Step::Rate,
                Step::Fulfil,
                Step::Recheck,
                Step::Untrack,
                Step::StrikeOff,
            ];
            self.did.retain(|step| !again.contains(step));
        }
        self.reply(eyes)
    }

    /// Struck off; but some come back.
    pub(super) fn closed(&mut self, eyes: Eyes<'_>) -> Result<Option<Act>, Fail> {
        let Some(after) = self.after.pop_front() else {
            return Ok(None);
        };
        // Whatever spoke against it when it first came in no longer does.
        self.decline = None;
        // Those who are not of the channel speak through intake.
        let by = match &self.citizen {
            Some(citizen) => eyes.people.citizen(citizen),
            None => eyes.people.intake(&self.place, 1)?,
        };
        let level = Level::Unsatisfied;
        let (days, command, step) = match after {
            After::Complains(days) => {
                let rating = Rating::Given {
                    level,
                    scores: Some(scores(level)),
                };
                (
                    days,
                    Command::Rate {
                        rating,
                        said: Some(Text::from("过了几天又坏了")),
                    },
                    Step::Rate,
                )
            }
            After::Reopens(days) => {
                let ground = eyes
                    .office
                    .plan()
                    .reopen
                    .grounds
                    .first()
                    .cloned()
                    .unwrap_or_else(|| "新的事实".into());
                (
                    days,
                    Command::Reopen {
                        ground,
                        reason: Text::from("同一处又出现新的情况"),
                    },
                    Step::Reopen,
                )
            }
        };
        let at = eyes.office.days(eyes.now, days, &mut self.dice)?;
        Ok(Some(Act {
            at,
            by,
            command,
            step,
        }))
    }
}

/// The three scores that go with a level.
pub(super) const fn scores(level: Level) -> Scores {
    let (solved, attitude, speed) = match level {
        Level::VerySatisfied => (5, 5, 5),
        Level::Satisfied => (5, 5, 4),
        Level::MostlySatisfied => (4, 4, 3),
        Level::Unsatisfied => (2, 4, 3),
        Level::VeryUnsatisfied => (1, 2, 1),
    };
    Scores {
        solved,
        attitude,
        speed,
    }
}
