//! What comes next in a case: its course, laid against where it really stands.

use duly::case::{Case, In, Received, Stage};
use duly::time::Moment;
use duly::words::{Actor, ClockKind, Command, Grant, ReturnFor, Review, Role, Text};

use super::course::{Act, Course, Hook, Round, Step, Who};
use super::facts::findings;
use super::{Office, People};
use crate::fail::Fail;

/// What people see when they decide what to do next: their case, as their own last command left it.
#[derive(Clone, Copy)]
pub(super) struct Eyes<'a> {
    pub(super) office: &'a Office,
    pub(super) people: &'a People,
    pub(super) now: Moment,
    pub(super) case: &'a Case,
}

impl Course {
    /// The first act: the message comes in.
    pub(super) fn first(&self) -> Act {
        let (by, command) = self.open.clone();
        Act {
            at: self.received,
            by,
            command,
            step: Step::Open,
        }
    }

    /// The next act, after one that was accepted or not; none, when nobody has anything more to do.
    pub(super) fn next(
        &mut self,
        eyes: Eyes<'_>,
        last: Step,
        accepted: bool,
    ) -> Result<Option<Act>, Fail> {
        if !accepted {
            match last {
                Step::Decline => self.decline = None,
                // Nobody asks for reports any more.
                Step::Report => self.reports = false,
                Step::Pass => return self.send_back(eyes).map(Some),
                step if !step.can_fail() => return Ok(None),
                _ => {}
            }
        }
        if !matches!(last, Step::Aside | Step::Try | Step::Look) {
            self.did.insert(last);
        }
        if eyes.case.follows().is_some() && !eyes.case.is_closed() {
            return self.follows(eyes);
        }
        let next = match eyes.case.stage() {
            Stage::Received(it) => self.received(eyes, it),
            Stage::Assigned(it) => self.assigned(eyes, it),
            Stage::Replied(_) => self.replied(eyes).map(Some),
            Stage::Reviewed(it) => self.reviewed(eyes, it),
            Stage::Returned(_) => self.returned(eyes),
            Stage::Closed(_) => self.closed(eyes),
        }?;
        match next {
            Some(act) => self.report_first(eyes, act).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn did(&self, step: Step) -> bool {
        self.did.contains(&step)
    }
    /// A piece of desk work, started now.
    pub(super) fn soon(&mut self, eyes: Eyes<'_>) -> Result<Moment, Fail> {
        let minutes = self.dice.within(self.pace.least, self.pace.most);
        eyes.office.later(eyes.now, minutes)
    }
    /// Something that ought to be refused, where the course has it.
    pub(super) fn attempt(&mut self, eyes: Eyes<'_>, hook: Hook) -> Result<Option<Act>, Fail> {
        let Some(at) = self.tries.iter().position(|it| it.hook == hook) else {
            return Ok(None);
        };
        let it = self.tries.remove(at);
        let by = match it.by {
            Who::Person(actor) => actor,
            Who::Author(besides) => {
                let Some(reply) = eyes.case.reply() else {
                    return Ok(None);
                };
                let unit = eyes.case.team().map_or(&self.team.0, |team| &team.unit);
                let mut author = eyes
                    .people
                    .handler(Role::Owner, unit, &reply.author, &self.place);
                author.roles.push(Grant {
                    role: besides,
                    place: None,
                });
                author
            }
        };
        Ok(Some(Act {
            at: self.soon(eyes)?,
            by,
            command: it.command,
            step: Step::Try,
        }))
    }
    pub(super) fn desk_work(
        &mut self,
        eyes: Eyes<'_>,
        by: Actor,
        command: Command,
        step: Step,
    ) -> Result<Option<Act>, Fail> {
        Ok(Some(Act {
            at: self.soon(eyes)?,
            by,
            command,
            step,
        }))
    }

    fn received(&mut self, eyes: Eyes<'_>, it: In<'_, Received>) -> Result<Option<Act>, Fail> {
        let intake = eyes.people.intake(&self.place, 0)?;
        if let Some(decline) = self.decline.clone() {
            let which = usize::from(self.did(Step::Decline));
            if which == 1
                && let Some(act) = self.attempt(eyes, Hook::Declining)?
            {
                return Ok(Some(act));
            }
            let by = eyes.people.intake(&self.place, which)?;
            let told = Text::new(decline.told);
            let command = Command::Decline {
                ground: decline.ground,
                told,
                facts: decline.facts,
            };
            let mut act = self.desk_work(eyes, by, command, Step::Decline)?;
            if let Some(act) = act.as_mut().filter(|_| which == 1 && self.decline_days > 0) {
                act.at = eyes
                    .office
                    .days(eyes.now, self.decline_days, &mut self.dice)?;
            }
            return Ok(act);
        }
        if !it.data.screened {
            let command = Command::Screen {
                class: self.class,
                facts: self.facts.clone(),
            };
            return self.desk_work(eyes, intake, command, Step::Screen);
        }
        if let Some(act) = self.merges(eyes, false)? {
            return Ok(Some(act));
        }
        if self.matters.len() > 1 && !self.did(Step::List) {
            let matters = self
                .matters
                .iter()
                .map(|matter| Text::from(matter.as_str()))
                .collect();
            return self.desk_work(eyes, intake, Command::List { matters }, Step::List);
        }
        let (unit, owner) = self.first.clone().unwrap_or_else(|| self.team.clone());
        let command = Command::Assign {
            unit,
            owner,
            co_handlers: self.parts.clone(),
        };
        self.desk_work(eyes, intake, command, Step::Assign)
    }

    /// The owner in the lead unit, whoever it is by now.
    pub(super) fn owner(&self, eyes: Eyes<'_>) -> Actor {
        let (unit, person) = match eyes.case.team() {
            Some(team) => (&team.unit, &team.owner),
            None => (&self.team.0, &self.team.1),
        };
        eyes.people.handler(Role::Owner, unit, person, &self.place)
    }
    pub(super) fn round(&self) -> Option<&Round> {
        self.rounds.front()
    }

    fn replied(&mut self, eyes: Eyes<'_>) -> Result<Act, Fail> {
        if let Some(act) = self.attempt(eyes, Hook::Replied)? {
            return Ok(act);
        }
        if self.round().is_some_and(|round| round.back.is_some()) {
            return self.send_back(eyes);
        }
        let good = self.round().is_none_or(|round| round.words.good);
        let findings = findings(eyes.office.plan(), if good { 0 } else { 2 });
        let command = Command::Review(Review {
            findings,
            return_for: None,
        });
        let by = match eyes.case.stage() {
            Stage::Replied(it) if it.data.first.is_none() && self.below.is_some() => {
                eyes.people.first_reviewer(&self.place)?
            }
            _ => eyes.people.reviewer(0)?,
        };
        Ok(Act {
            at: self.soon(eyes)?,
            by,
            command,
            step: Step::Pass,
        })
    }

    /// The reviewer sends the reply back, on the round's own ground, or on the first that the pack knows.
    fn send_back(&mut self, eyes: Eyes<'_>) -> Result<Act, Fail> {
        let known = &eyes.office.plan().redo.grounds;
        let (ground, mend) = match self.round().and_then(|round| round.back.clone()) {
            Some(back) => back,
            None => (
                known.first().cloned().unwrap_or_else(|| "返工".into()),
                "按审核意见补办".to_owned(),
            ),
        };
        let faults = if self.round().is_some_and(|round| round.words.good) {
            0
        } else {
            2
        };
        let return_for = Some(ReturnFor {
            ground,
            mend: Text::new(mend),
        });
        let command = Command::Review(Review {
            findings: findings(eyes.office.plan(), faults),
            return_for,
        });
        Ok(Act {
            at: self.soon(eyes)?,
            by: eyes.people.reviewer(0)?,
            command,
            step: Step::SendBack,
        })
    }

    /// A tracked case owes a progress report now and then: one comes first, if it is due before the act.
    fn report_first(&mut self, eyes: Eyes<'_>, act: Act) -> Result<Act, Fail> {
        let due = eyes
            .case
            .clock(ClockKind::Track)
            .filter(|clock| clock.is_live())
            .and_then(|clock| clock.due());
        let Some(due) = due.filter(|due| self.reports && *due <= act.at) else {
            return Ok(act);
        };
        let at = eyes.office.share(eyes.now, due, 90)?;
        let command = Command::Report {
            text: Text::from("按方案推进,下一步见附件"),
        };
        Ok(Act {
            at,
            by: self.owner(eyes),
            command,
            step: Step::Report,
        })
    }
}
