//! Virtual time: everything that people do, in the order of moments, with the desk woken in between.

use std::collections::BTreeMap;

use duly::desk::{Answer, Desk, DeskError, Ledger, Stuck};
use duly::time::Moment;
use duly::words::{
    Actor, CaseId, Command, CommandName, Effect, Envelope, Outgoing, PersonId, Refusal, Salt,
    Telling,
};

use super::chain::Eyes;
use super::course::{Act, Course, Step};
use super::post::Post;
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

/// One thing planned, in the course of a case.
struct Planned {
    course: u64,
    what: What,
}

enum What {
    /// An act of the course, or beside it.
    Act(Act),
    /// Somebody looks at the case, since its citizen was told something.
    Look,
    /// What comes of telling its citizen: the receipt, or what they say.
    Reply(Actor, Command),
}

/// A course under way.
struct Running {
    course: Course,
    /// How many acts it has had.
    acts: u32,
    /// How much is planned in it.
    planned: u32,
    /// Whether its next act is among that.
    goes_on: bool,
}

/// Cases under way. A course that has nothing more to do is forgotten; one that is still to begin is drawn when its time comes.
pub struct Drive<'a, L> {
    desk: &'a Desk<L>,
    office: &'a Office,
    people: &'a People,
    ticks: Ticks,
    secret: Vec<u8>,
    feed: Box<dyn Iterator<Item = Result<Course, Fail>> + 'a>,
    next: Option<Course>,
    courses: BTreeMap<u64, Running>,
    taken: u64,
    /// The cases that follow another one.
    followers: BTreeMap<CaseId, u64>,
    queue: BTreeMap<(Moment, u64), Planned>,
    planned: u64,
    last_tick: Option<Moment>,
    /// What went out, where the drive empties the outbox.
    pub post: Option<Post>,
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
            feed: Box::new(std::iter::empty()),
            next: None,
            courses: BTreeMap::new(),
            taken: 0,
            followers: BTreeMap::new(),
            queue: BTreeMap::new(),
            planned: 0,
            last_tick: None,
            post: None,
            log: Log::default(),
        };
        for course in courses {
            drive.take(course);
        }
        drive
    }
    /// More courses, in the order in which their messages come in. Each is drawn when its time comes.
    pub fn fed(mut self, courses: impl Iterator<Item = Result<Course, Fail>> + 'a) -> Drive<'a, L> {
        self.feed = Box::new(courses);
        self
    }
    /// With a post that empties the outbox at once, and has citizens of merged cases heed what they are told.
    pub fn with_post(mut self) -> Drive<'a, L> {
        self.post = Some(Post::default());
        self
    }

    fn take(&mut self, course: Course) {
        self.taken += 1;
        let at = self.taken;
        let first = course.first();
        let asides = course.asides.clone();
        let running = Running {
            course,
            acts: 0,
            planned: 0,
            goes_on: false,
        };
        self.courses.insert(at, running);
        self.plan(at, first.at, What::Act(first));
        for aside in asides {
            let act = Act {
                at: aside.at,
                by: aside.by,
                command: aside.command,
                step: Step::Aside,
            };
            self.plan(at, act.at, What::Act(act));
        }
    }
    fn plan(&mut self, course: u64, at: Moment, what: What) {
        let Some(running) = self.courses.get_mut(&course) else {
            return;
        };
        running.planned += 1;
        running.goes_on |= matches!(&what, What::Act(act) if act.step != Step::Aside);
        self.planned += 1;
        self.queue
            .insert((at, self.planned), Planned { course, what });
    }
    /// Takes up the courses that begin before anything else happens, and not after `until`.
    fn take_up(&mut self, until: Moment) -> Result<(), Fail> {
        loop {
            if self.next.is_none() {
                self.next = self.feed.next().transpose()?;
            }
            let first = self.queue.first_key_value().map(|(key, _)| key.0);
            let soon = |course: &Course| {
                course.received <= until && first.is_none_or(|first| course.received <= first)
            };
            match self.next.take() {
                Some(course) if soon(&course) => self.take(course),
                later => {
                    self.next = later;
                    return Ok(());
                }
            }
        }
    }

    /// Lets time pass up to and including a moment. `seen` hears of each moment in between.
    pub fn run(&mut self, until: Moment, mut seen: impl FnMut(Moment)) -> Result<(), Fail> {
        let mut failed = None;
        loop {
            let mut more = true;
            let desk = self.desk;
            let done = desk.together(|| {
                for _ in 0..GROUP {
                    if let Err(fail) = self.take_up(until) {
                        failed = Some(fail);
                        return Err(DeskError::misuse("the course of a case"));
                    }
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
                    match self.act(planned, now) {
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

    fn act(&mut self, Planned { course: at, what }: Planned, now: Moment) -> Result<(), Stop> {
        let Some(running) = self.courses.get_mut(&at) else {
            return Ok(());
        };
        running.planned -= 1;
        match what {
            What::Act(act) => {
                running.goes_on &= act.step == Step::Aside;
                self.follow(at, act)?;
            }
            What::Look if !running.goes_on => self.go_on(at, now, Step::Look, true)?,
            What::Look => {}
            What::Reply(by, command) => {
                self.submit(at, now, by, command, Step::Aside)?;
            }
        }
        self.heed(now)?;
        if self.courses.get(&at).is_some_and(|it| it.planned == 0)
            && !self.still_follows(at)?
            && let Some(done) = self.courses.remove(&at)
        {
            self.followers.remove(&done.course.case);
        }
        Ok(())
    }

    /// Whether something may still come of the course, though nothing is planned.
    fn still_follows(&self, at: u64) -> Result<bool, Stop> {
        let case = self.courses.get(&at).map(|it| &it.course.case);
        let Some(case) = case.filter(|case| self.followers.contains_key(*case)) else {
            return Ok(false);
        };
        let case = self.desk.case(case)?;
        Ok(case.is_some_and(|case| case.follows().is_some() && !case.is_closed()))
    }

    fn follow(&mut self, at: u64, act: Act) -> Result<(), Stop> {
        let Act {
            at: now,
            by,
            command,
            step,
        } = act;
        let Some(accepted) = self.submit(at, now, by, command, step)? else {
            return Ok(());
        };
        match step {
            Step::Aside => Ok(()),
            _ => self.go_on(at, now, step, accepted),
        }
    }

    /// Submits a command; none, where the course has had too many. Otherwise whether it was done.
    fn submit(
        &mut self,
        at: u64,
        now: Moment,
        by: Actor,
        command: Command,
        step: Step,
    ) -> Result<Option<bool>, Stop> {
        let Some(Running { course, acts, .. }) = self.courses.get_mut(&at) else {
            return Ok(None);
        };
        *acts += 1;
        if *acts > MOST {
            return Ok(None);
        }
        let id = format!("{}/{acts}", course.case)
            .parse()
            .map_err(|error| Stop::Other(Fail::said(error)))?;
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
        match self.desk.submit(envelope)? {
            Answer::Refused(refusal) => {
                self.log.refused.push(Refused {
                    at: now,
                    by: who,
                    step,
                    refusal,
                });
                Ok(Some(false))
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
                Ok(Some(answer.is_done()))
            }
        }
    }

    /// Plans what comes next in a course.
    fn go_on(&mut self, at: u64, now: Moment, step: Step, accepted: bool) -> Result<(), Stop> {
        let Some(Running { course, .. }) = self.courses.get_mut(&at) else {
            return Ok(());
        };
        let Some(case) = self.desk.case(&course.case)? else {
            return Ok(());
        };
        if step == Step::Merge && case.follows().is_some() {
            self.followers.insert(course.case.clone(), at);
        }
        let eyes = Eyes {
            office: self.office,
            people: self.people,
            now,
            case: &case,
        };
        if let Some(next) = course.next(eyes, step, accepted).map_err(Stop::Other)? {
            self.plan(at, next.at, What::Act(next));
        }
        Ok(())
    }

    /// Empties the outbox, and has the citizens of merged cases, and whoever handles them, heed what they are told.
    fn heed(&mut self, now: Moment) -> Result<(), Stop> {
        let told = match &mut self.post {
            Some(post) => post.empty(self.desk)?,
            None => return Ok(()),
        };
        for Outgoing { id, effect, .. } in told {
            let (Effect::Tell { what, .. }, Some(at)) = (effect, self.followers.get(&id.case))
            else {
                continue;
            };
            let at = *at;
            let Some(Running { course, .. }) = self.courses.get_mut(&at) else {
                continue;
            };
            match what {
                // Its own answer, where it follows no longer, is heeded by its own course.
                Telling::Answer { .. } => {
                    let follows = self
                        .desk
                        .case(&id.case)?
                        .is_some_and(|case| case.follows().is_some());
                    if follows {
                        let people = (self.office, self.people);
                        let replies = course.answered(people, now, &id).map_err(Stop::Other)?;
                        for (when, by, command) in replies {
                            self.plan(at, when, What::Reply(by, command));
                        }
                    }
                }
                Telling::Unmerged { .. } | Telling::StruckOff | Telling::Reopened => {
                    let soon = self.office.later(now, 30).map_err(Stop::Other)?;
                    self.plan(at, soon, What::Look);
                }
                _ => {}
            }
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
