//! 回访、评价、复核、销账、重开.

use std::collections::BTreeMap;

use super::super::ask::Ask;
use super::super::model::Case;
use super::super::stages::{Closed, Reviewed};
use super::super::view::In;
use super::handling::promise;
use super::review::{returned, shut};
use crate::plan::Judged;
use crate::words::{
    Bound, CallResult, Class, ClockKind, Deed, Event, Facts, Mark, NewCommitment, Outcome, Rating,
    ReturnFor, Role, Scores, Text, Thing, Why,
};

/// The ground under which an unsatisfied rating sends a case back.
pub(in crate::case) const UNSATISFIED: &str = "网民不满意";

impl In<'_, Reviewed> {
    /// 回访. Not by anyone who handled it; failed attempts count once a day.
    pub fn call_back(self, ask: &mut Ask<'_>, result: &CallResult) -> Result<Vec<Event>, Why> {
        ask.apart_from(&self.case.handlers, Deed::Handled)?;
        if !self.case.origin.has_citizen() {
            return Err(Why::NothingPending {
                what: Thing::Citizen,
            });
        }
        if self.data.reached {
            return Err(Why::Already {
                what: Thing::Reached,
            });
        }
        let day = ask.today();
        match result {
            CallResult::Unreached { why } => {
                let why = ask.text("why", why)?;
                let days = self
                    .data
                    .failed
                    .iter()
                    .chain([&day])
                    .collect::<std::collections::BTreeSet<_>>();
                let concluded = days.len() as u32 >= ask.plan().callback.attempts.max(1);
                Ok(vec![Event::CalledBack {
                    reached: false,
                    day,
                    concluded,
                    why: Some(why),
                    said: None,
                }])
            }
            CallResult::Reached {
                level,
                scores,
                said,
            } => {
                let said = ask.optional("said", said)?;
                in_range(scores)?;
                let mut events = vec![Event::CalledBack {
                    reached: true,
                    day,
                    concluded: true,
                    why: None,
                    said,
                }];
                if let Some(level) = level {
                    // What the citizen gave themselves nobody gives for them.
                    self.rates_first()?;
                    events.extend(self.rated(
                        Rating::Given {
                            level: *level,
                            scores: *scores,
                        },
                        None,
                    ));
                }
                Ok(events)
            }
        }
    }

    /// 评价. An unsatisfied one sends it back, unless the reply explained that the law allows no other answer: then
    /// supervision decides.
    pub fn rate(
        self,
        ask: &mut Ask<'_>,
        rating: Rating,
        said: &Option<Text>,
    ) -> Result<Vec<Event>, Why> {
        may_rate(self.case, ask, rating)?;
        self.rates_first()?;
        let said = ask.optional("said", said)?;
        Ok(self.rated(rating, said))
    }

    fn rates_first(self) -> Result<(), Why> {
        match self.spoke() {
            true => Err(Why::Already {
                what: Thing::Rating,
            }),
            false => Ok(()),
        }
    }

    fn rated(self, rating: Rating, said: Option<crate::words::TextRef>) -> Vec<Event> {
        let mut events = vec![Event::Rated { rating, said }];
        if rating.is_unsatisfied() && !self.data.reply.explained {
            let gone = Event::Returned {
                ground: UNSATISFIED.to_owned(),
                mend: None,
                findings: BTreeMap::new(),
                gates: Vec::new(),
            };
            events.push(gone);
        }
        events
    }

    /// 登记承诺.
    pub fn commit(self, ask: &mut Ask<'_>, new: &NewCommitment) -> Result<Vec<Event>, Why> {
        super::handling::its_owner(&self.data.team, ask)?;
        let struck =
            |it: &&super::super::stages::Matter| it.number == new.matter && it.outcome.is_some();
        if self.case.matters.iter().find(struck).is_some() {
            return Err(Why::NoSuch {
                what: Thing::Matter,
                number: u64::from(new.matter),
            });
        }
        Ok(vec![Event::Committed {
            promise: promise(self.case, ask, new, 1)?,
        }])
    }

    /// 复核, by someone who had no part in it. Failed, it sends the case back.
    pub fn recheck(
        self,
        ask: &mut Ask<'_>,
        passed: bool,
        evidence: &Text,
        findings: &BTreeMap<String, bool>,
        return_for: &Option<ReturnFor>,
    ) -> Result<Vec<Event>, Why> {
        ask.apart_from(&self.case.handlers, Deed::Handled)?;
        ask.findings(findings)?;
        let evidence = ask.text("evidence", evidence)?;
        if passed {
            self.was_called_back(ask)?;
            return Ok(vec![Event::Rechecked {
                evidence,
                findings: findings.clone(),
            }]);
        }
        match return_for {
            Some(why) => Ok(vec![returned(ask, why, findings, Vec::new())?]),
            None => Err(Why::Blank {
                what: Thing::Field("return_for".into()),
            }),
        }
    }

    /// 销账 (问题不解决不销账). The outcome is one that the class allows and the reply carries; promises on the matter
    /// are kept; the citizen was called back; the third gate is passed.
    pub fn strike_off(
        self,
        ask: &mut Ask<'_>,
        outcome: Outcome,
        matter: Option<u16>,
    ) -> Result<Vec<Event>, Why> {
        ask.apart_from(&self.case.handlers, Deed::Handled)?;
        // Nobody strikes off on the strength of their own check.
        ask.apart_from(&self.data.rechecked_by, Deed::Rechecked)?;
        let class = self.case.class.ok_or(Why::NotScreened)?;
        self.allowed(ask, class, outcome)?;
        let open: Vec<u16> = self
            .case
            .matters
            .iter()
            .filter(|it| it.outcome.is_none())
            .map(|it| it.number)
            .collect();
        let asked: Vec<u16> = match matter {
            Some(number) if open.contains(&number) => vec![number],
            Some(number) => {
                return Err(Why::NoSuch {
                    what: Thing::Matter,
                    number: u64::from(number),
                });
            }
            None => open.clone(),
        };
        for number in &asked {
            self.carried(outcome, *number)?;
        }
        self.case.parts_are_settled()?;
        self.was_called_back(ask)?;
        self.third_gate(outcome)?;
        self.has_the_answer()?;
        let gates = shut(self.case, ask, Judged::StrikeOff, &Facts::new());
        if !gates.is_empty() {
            return Err(Why::Gates { findings: gates });
        }
        // The last strike-off closes the case: no promise at all is left open then.
        let left = |it: &&super::super::stages::PromiseKept| it.is_open();
        if let (true, Some(it)) = (
            asked.len() == open.len(),
            self.case.promises.iter().find(left),
        ) {
            let (number, by_date) = (it.promise.number, it.promise.by_date);
            return Err(Why::PromiseOpen { number, by_date });
        }
        if asked.len() < open.len() {
            return Ok(asked
                .into_iter()
                .map(|matter| Event::MatterStruckOff { matter, outcome })
                .collect());
        }
        let rate_until = match self.case.origin.has_citizen() {
            true => Some(ask.after(&ask.plan().strike_off.rate_within)?),
            false => None,
        };
        Ok(vec![Event::StruckOff {
            outcome,
            rate_until,
        }])
    }

    fn allowed(self, ask: &Ask<'_>, class: Class, outcome: Outcome) -> Result<(), Why> {
        let allowed = ask.plan().outcomes(class);
        match allowed.contains(&outcome) {
            true => Ok(()),
            false => Err(Why::OutcomeNotAllowed {
                outcome,
                class,
                allowed,
            }),
        }
    }

    /// Whether the reply says so, and what it promised is kept.
    fn carried(self, outcome: Outcome, matter: u16) -> Result<(), Why> {
        let reply = &self.data.reply;
        let mark = reply.mark(matter).ok_or(Why::MatterUnanswered { matter })?;
        let said = match outcome {
            Outcome::Explained => reply.explained,
            Outcome::Solved => mark != Mark::D && !reply.explained,
            _ => true,
        };
        if !said {
            return Err(Why::OutcomeNotReplied { outcome, mark });
        }
        let open =
            |it: &&super::super::stages::PromiseKept| it.is_open() && it.promise.matter == matter;
        match self.case.promises.iter().find(open) {
            Some(it) => Err(Why::PromiseOpen {
                number: it.promise.number,
                by_date: it.promise.by_date,
            }),
            None => Ok(()),
        }
    }

    /// A9: reached, or failed on enough different days, or the citizen has spoken by rating. Days that are enough only since the plan asks for
    /// fewer need one more: it is the last of them from which the citizen has their time to rate.
    fn was_called_back(self, ask: &Ask<'_>) -> Result<(), Why> {
        let attempts = self.data.failed.len() as u32;
        let needed = ask.plan().callback.attempts.max(attempts + 1);
        let done = !self.case.origin.has_citizen() || self.data.called_back || self.spoke();
        if done {
            Ok(())
        } else {
            Err(Why::NeedsCallBack { attempts, needed })
        }
    }

    /// Whether the citizen has said what they think of the answer.
    fn spoke(self) -> bool {
        matches!(self.data.rating, Some(Rating::Given { .. }))
    }

    /// A14: whoever was neither reached nor has spoken has at least the notice of the answer. Sent is not told.
    fn has_the_answer(self) -> Result<(), Why> {
        match self.case.awaits_delivery() {
            Some(effect) if !self.data.reached && !self.spoke() => Err(Why::NotTold { effect }),
            _ => Ok(()),
        }
    }

    /// 群众不满意不放过: a satisfied rating that the citizen gave; or another person's recheck, where the citizen is
    /// silent; or, against an unsatisfied one, only an explanation that supervision signs by striking off.
    fn third_gate(self, outcome: Outcome) -> Result<(), Why> {
        match self.data.rating {
            Some(rating) if rating.is_satisfied() => Ok(()),
            Some(rating) if rating.is_unsatisfied() && outcome != Outcome::Explained => {
                Err(Why::Unsatisfied)
            }
            // Silence is silence only when its time has passed; where nobody can rate, no such time has begun.
            None | Some(Rating::AutoByTimeout) => match self.case.clock(ClockKind::Rating) {
                Some(window) if window.is_live() => Err(Why::RatingOpen {
                    until: window.schedule.legal_due,
                }),
                _ => self.is_rechecked(),
            },
            _ => self.is_rechecked(),
        }
    }

    fn is_rechecked(self) -> Result<(), Why> {
        if self.data.rechecked {
            Ok(())
        } else {
            Err(Why::NeedsRecheck)
        }
    }
}

impl In<'_, Closed> {
    /// 评价 after striking off, within the window. An unsatisfied one opens the case again.
    pub fn rate(
        self,
        ask: &mut Ask<'_>,
        rating: Rating,
        said: &Option<Text>,
    ) -> Result<Vec<Event>, Why> {
        may_rate(self.case, ask, rating)?;
        match self.data.rate_until {
            None => {
                return Err(Why::NotOffered {
                    what: Thing::RatingHere,
                });
            }
            Some(until) if ask.at > until => {
                return Err(Why::TooLate {
                    what: Thing::Rating,
                    until,
                });
            }
            Some(_) => {}
        }
        if self
            .data
            .rating
            .is_some_and(|had| matches!(had, Rating::Given { .. }))
        {
            return Err(Why::Already {
                what: Thing::Rating,
            });
        }
        let mut events = vec![Event::Rated {
            rating,
            said: ask.optional("said", said)?,
        }];
        if rating.is_unsatisfied() {
            events.extend(self.case.no_longer_follows());
            events.push(Event::Reopened {
                ground: UNSATISFIED.to_owned(),
                reason: None,
                begins: self.case.begins_by_now(ask, None)?,
            });
        }
        Ok(events)
    }

    /// 重开.
    pub fn reopen(self, ask: &mut Ask<'_>, ground: &str, reason: &Text) -> Result<Vec<Event>, Why> {
        self.case.is_its_citizen(ask)?;
        // Nobody waits for what its main case has dropped.
        if let Some(main) = self.case.main.as_ref().filter(|_| self.case.called_off) {
            return Err(Why::NotLinked {
                with: Some(main.case.clone()),
            });
        }
        let grounds = &ask.plan().reopen.grounds;
        if !grounds.is_empty() && !grounds.iter().any(|known| known == ground) {
            let known = grounds.clone();
            return Err(Why::NotListed {
                what: Thing::ReopenGrounds,
                given: ground.to_owned(),
                known,
            });
        }
        let reason = Some(ask.text("reason", reason)?);
        let mut events: Vec<Event> = self.case.no_longer_follows().into_iter().collect();
        events.push(Event::Reopened {
            ground: ground.to_owned(),
            reason,
            begins: self.case.begins_by_now(ask, None)?,
        });
        Ok(events)
    }
}

pub(super) fn may_rate(case: &Case, ask: &Ask<'_>, rating: Rating) -> Result<(), Why> {
    case.is_its_citizen(ask)?;
    // Whoever handled it is not the one to say how well.
    ask.apart_from(&case.handlers, Deed::Handled)?;
    if !case.origin.has_citizen() {
        return Err(Why::NothingPending {
            what: Thing::Citizen,
        });
    }
    match rating {
        Rating::Given { scores, .. } if ask.by.role != Role::System => in_range(&scores),
        Rating::AutoByTimeout if ask.by.role == Role::System => Ok(()),
        // The machinery cannot speak for a citizen, and silence is recorded by its clock.
        Rating::Given { .. } => Err(Why::Role {
            needs: vec![Role::Citizen],
            place: case.place.clone(),
        }),
        Rating::AutoByTimeout => Err(Why::Role {
            needs: vec![Role::System],
            place: case.place.clone(),
        }),
        Rating::NotGiven => Err(Why::NotOffered {
            what: Thing::SilentRating,
        }),
    }
}

fn in_range(scores: &Option<Scores>) -> Result<(), Why> {
    match scores {
        Some(scores) if !scores.in_range() => Err(Why::Bound {
            what: Thing::Score,
            bound: Bound::OneToFive,
        }),
        _ => Ok(()),
    }
}
