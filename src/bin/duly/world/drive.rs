//! Virtual time: everything that people do, in the order of moments, with the desk woken in between.

use std::collections::BTreeMap;

use duly::desk::{Answer, Desk, DeskError, Ledger, Stuck};
use duly::time::Moment;
use duly::words::{CaseId, CommandName, Envelope, PersonId, Refusal, Salt};

use super::chain::Eyes;
use super::course::{Act, Course, Step};
use super::{Office, People};
use crate::args::Ticks;
use crate::fail::Fail;

/// How many acts go into one transaction.
const GROUP: usize = 512;
/// How many acts a course can have: none comes near it.
const MOST: u32 = 1000;

/// A command that was refused.
#[derive(Debug, Clone)]
pub struct Refused {
    /// When it was asked.
    pub at: Moment,
    /// By whom.
    pub by: PersonId,
    /// As which step; a [`Step::Try`] ought to be refused.
    pub step: Step,
    /// Why.
    pub refusal: Refusal,
}

/// A command that ought to have been refused and was not.
#[derive(Debug, Clone)]
pub struct Slip {
    /// When it was asked.
    pub at: Moment,
    /// By whom.
    pub by: PersonId,
    /// Of which case.
    pub case: CaseId,
    /// What.
    pub command: CommandName,
}

/// What came of it all.
#[derive(Debug, Default)]
pub struct Log {
    /// Commands accepted.
    pub accepted: u64,
    /// Commands refused.
    pub refused: Vec<Refused>,
    /// Tries that ought to have been refused and were not.
    pub slipped: Vec<Slip>,
    /// How often a case was woken.
    pub woken: u64,
    /// Cases that were due and could not be woken.
    pub stuck: Vec<Stuck>,
}

struct Planned {
    course: usize,
    act: Act,
}

/// Cases under way.
pub struct Drive<'a, L> {
    desk: &'a Desk<L>,
    office: &'a Office,
    people: &'a People,
    ticks: Ticks,
    secret: Vec<u8>,
    courses: Vec<Course>,
    acts: Vec<u32>,
    queue: BTreeMap<(Moment, u64), Planned>,
    planned: u64,
    last_tick: Option<Moment>,
    /// What came of it.
    pub log: Log,
}

impl<'a, L: Ledger> Drive<'a, L> {
    /// The courses are on their way: each with its first act, and what happens beside it.
    pub fn new(
        desk: &'a Desk<L>,
        (office, people): (&'a Office, &'a People),
        (seed, ticks): (u64, Ticks),
        courses: Vec<Course>,
    ) -> Drive<'a, L> {
        let mut drive = Drive {
            desk,
            office,
            people,
            ticks,
            secret: format!("virtual/{seed}/").into_bytes(),
            acts: vec![0; courses.len()],
            courses: Vec::new(),
            queue: BTreeMap::new(),
            planned: 0,
            last_tick: None,
            log: Log::default(),
        };
        for (course, it) in courses.iter().enumerate() {
            drive.plan(course, it.first());
            for aside in &it.asides {
                let act = Act {
                    at: aside.at,
                    by: aside.by.clone(),
                    command: aside.command.clone(),
                    step: Step::Aside,
                };
                drive.plan(course, act);
            }
        }
        drive.courses = courses;
        drive
    }
    fn plan(&mut self, course: usize, act: Act) {
        self.planned += 1;
        self.queue
            .insert((act.at, self.planned), Planned { course, act });
    }

    /// Lets time pass up to and including a moment. `seen` hears of each moment in between.
    pub fn run(&mut self, until: Moment, mut seen: impl FnMut(Moment)) -> Result<(), Fail> {
        let mut failed = None;
        loop {
            let mut more = true;
            let desk = self.desk;
            let done = desk.together(|| {
                for _ in 0..GROUP {
                    let next = self
                        .queue
                        .first_entry()
                        .filter(|next| next.key().0 <= until);
                    let Some(((now, _), planned)) = next.map(|next| next.remove_entry()) else {
                        more = false;
                        return Ok(());
                    };
                    seen(now);
                    self.wake(now)?;
                    match self.act(planned) {
                        Ok(()) => {}
                        Err(Stop::Desk(error)) => return Err(error),
                        Err(Stop::Other(fail)) => {
                            failed = Some(fail);
                            return Err(DeskError::misuse("the course of a case"));
                        }
                    }
                }
                Ok(())
            });
            match (done, failed.take()) {
                (_, Some(fail)) => return Err(fail),
                (Err(error), None) => return Err(error.into()),
                (Ok(()), None) if more => {}
                (Ok(()), None) => break,
            }
        }
        self.last_tick = None;
        self.wake(until)?;
        Ok(())
    }

    /// Wakes what is due by now: at each alarm, or once a day.
    fn wake(&mut self, now: Moment) -> Result<(), DeskError> {
        match self.ticks {
            Ticks::Alarms => {
                let mut before = None;
                while let Some(alarm) = self
                    .desk
                    .next_alarm()?
                    .filter(|alarm| *alarm <= now && before != Some(*alarm))
                {
                    self.advance(alarm)?;
                    before = Some(alarm);
                }
            }
            Ticks::Daily => {
                let zone = self.office.plan().zone;
                if self
                    .last_tick
                    .is_none_or(|last| last.date(zone) != now.date(zone))
                {
                    self.last_tick = Some(now);
                    self.advance(now)?;
                }
            }
        }
        Ok(())
    }
    fn advance(&mut self, now: Moment) -> Result<(), DeskError> {
        let ticked = self.desk.advance(now)?;
        self.log.woken += ticked.fired as u64;
        if !ticked.stuck.is_empty() {
            self.log.stuck = ticked.stuck;
        }
        Ok(())
    }

    fn act(&mut self, Planned { course: at, act }: Planned) -> Result<(), Stop> {
        let (Some(course), Some(acts)) = (self.courses.get_mut(at), self.acts.get_mut(at)) else {
            return Ok(());
        };
        *acts += 1;
        if *acts > MOST {
            return Ok(());
        }
        let id = format!("{}/{acts}", course.case)
            .parse()
            .map_err(|error| Stop::Other(Fail::said(error)))?;
        let Act {
            at: now,
            by,
            command,
            step,
        } = act;
        let salt = Salt::derived(&self.secret, &format!("{}/{acts}", course.case));
        let who = by.id.clone();
        let name = command.name();
        let envelope = Envelope {
            id,
            case: course.case.clone(),
            by,
            at: now,
            salt,
            command,
        };
        let accepted = match self.desk.submit(envelope)? {
            Answer::Refused(refusal) => {
                self.log.refused.push(Refused {
                    at: now,
                    by: who,
                    step,
                    refusal,
                });
                false
            }
            answer => {
                self.log.accepted += 1;
                if step == Step::Try {
                    self.log.slipped.push(Slip {
                        at: now,
                        by: who,
                        case: course.case.clone(),
                        command: name,
                    });
                }
                answer.is_done()
            }
        };
        if step == Step::Aside {
            return Ok(());
        }
        let Some(case) = self.desk.case(&course.case)? else {
            return Ok(());
        };
        let eyes = Eyes {
            office: self.office,
            people: self.people,
            now,
            case: &case,
        };
        if let Some(next) = course.next(eyes, step, accepted).map_err(Stop::Other)? {
            self.plan(at, next);
        }
        Ok(())
    }
}

enum Stop {
    Desk(DeskError),
    Other(Fail),
}

impl From<DeskError> for Stop {
    fn from(error: DeskError) -> Stop {
        Stop::Desk(error)
    }
}
