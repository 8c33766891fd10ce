//! Every situation that a case can be in, by name: each stage, and within it whatever makes a command possible or not. Built by
//! commands like any history, so that the laws can be held against what comes before and after.

use duly::case::{Case, decide};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::*;

use crate::world::{
    Choices, History, Tried, actor, command, envelope, import, moment, open, plans, reply,
};

/// Half a dozen days for everything, no ladder, no gate: nothing but the spine decides.
pub fn plain() -> Choices {
    Choices {
        lengths: vec![4; 20],
        rungs: vec![],
        overdue_every: 5,
        attempts: 2,
        reopen: 0,
        gates: 0,
        tracked: false,
        counts: false,
    }
}

/// A case in the making, with everything that was done to it.
#[derive(Clone)]
pub struct Situation {
    pub name: &'static str,
    pub plans: Plans,
    at: Moment,
    sent: Vec<Envelope>,
}

impl Situation {
    fn opens(name: &'static str, opinion: bool) -> Situation {
        let by = if opinion { SYSTEM } else { CITIZEN };
        let start = Situation {
            name,
            plans: plans(&plain()),
            at: moment("2026-03-02T09:00:00+08:00"),
            sent: vec![],
        };
        start.does(by, open(!opinion, opinion))
    }
    /// Another system had it until now.
    fn taken_over(name: &'static str, pick: u16) -> Situation {
        let start = Situation {
            name,
            plans: plans(&plain()),
            at: moment("2026-03-02T09:00:00+08:00"),
            sent: vec![],
        };
        start.does(SYSTEM, Command::Import(Box::new(import(pick))))
    }
    /// It is a part of another case.
    fn a_part(name: &'static str) -> Situation {
        let start = Situation {
            name,
            plans: plans(&plain()),
            at: moment("2026-03-02T09:00:00+08:00"),
            sent: vec![],
        };
        start.does(SYSTEM, shape(CommandName::OpenSub, 1))
    }
    /// A signal opened it.
    fn signalled(name: &'static str) -> Situation {
        let start = Situation {
            name,
            plans: plans(&plain()),
            at: moment("2026-03-02T09:00:00+08:00"),
            sent: vec![],
        };
        start.does(SYSTEM, shape(CommandName::Signal, 1))
    }
    fn named(mut self, name: &'static str) -> Situation {
        self.name = name;
        self
    }
    /// A minute later, somebody does something.
    fn does(mut self, (id, role): (&str, &str), command: Command) -> Situation {
        self.at = self.at.plus(60);
        let id_of = format!("s{}", self.sent.len());
        self.sent
            .push(envelope(&id_of, actor(id, &[role]), self.at, command));
        self
    }
    fn later(mut self, days: i64) -> Situation {
        self.at = self.at.plus(days * 86_400);
        self.does(SYSTEM, Command::Tick {})
    }
    /// What its citizen was told last has reached them.
    fn delivered(self) -> Situation {
        let notice = command(CommandName::Delivered, 0, Some(&self.case()), None);
        self.does(SYSTEM, notice)
    }
    /// Its whole history. Everything that makes it what it is was accepted.
    pub fn history(&self) -> History {
        let mut history = History {
            tried: Vec::new(),
            records: Vec::new(),
            case: None,
        };
        for sent in &self.sent {
            let refused = go(&mut history, &self.plans, sent.clone());
            assert!(refused.is_none(), "{}: {}", self.name, refused.unwrap());
        }
        history
    }
    pub fn case(&self) -> Case {
        self.history().case.unwrap()
    }
}

/// Asks one more thing of a case, and says why it was refused, if it was.
pub fn go(history: &mut History, plans: &Plans, envelope: Envelope) -> Option<Refusal> {
    let before = history.case.clone();
    let answer = decide(before.as_ref(), &envelope, plans);
    if let Ok(decision) = &answer {
        history.records.extend(decision.records.iter().cloned());
        history.case = Some(decision.case.clone());
    }
    let refused = answer.as_ref().err().cloned();
    history.tried.push(Tried {
        envelope,
        before,
        answer,
    });
    refused
}

const CITIZEN: (&str, &str) = ("citizen", "citizen");
const INTAKE: (&str, &str) = ("intake-1", "intake");
const OWNER: (&str, &str) = ("owner-1", "owner");
const REVIEWER: (&str, &str) = ("reviewer-1", "reviewer");
const SYSTEM: (&str, &str) = ("system", "system");
const SUPERVISOR: (&str, &str) = ("supervisor-1", "supervisor");

pub fn screen() -> Command {
    Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    }
}
pub fn assign(co_handler: bool) -> Command {
    let part = NewPart {
        unit: "水利局".parse().unwrap(),
        owner: "co-1".parse().unwrap(),
    };
    Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: if co_handler { vec![part] } else { vec![] },
    }
}
pub fn review(passes: bool) -> Command {
    let back = ReturnFor {
        ground: "处理不到位".into(),
        mend: "写明时间".into(),
    };
    Command::Review(Review {
        findings: [("contacted".to_owned(), true)].into(),
        return_for: (!passes).then_some(back),
    })
}
pub fn called(level: Option<Level>) -> Command {
    Command::CallBack {
        result: CallResult::Reached {
            level,
            scores: None,
            said: None,
        },
    }
}
pub fn unreached() -> Command {
    Command::CallBack {
        result: CallResult::Unreached {
            why: "无人接听".into(),
        },
    }
}
pub fn strike_off(outcome: Outcome) -> Command {
    Command::StrikeOff {
        outcome,
        matter: None,
    }
}
pub fn merge() -> Command {
    Command::Merge {
        into: "d".parse().unwrap(),
    }
}
/// News of the case that it follows.
pub fn relay(news: News<Text>) -> Command {
    Command::Relay {
        from: "d".parse().unwrap(),
        news,
    }
}
pub fn relayed_answer() -> Command {
    relay(News::Answer {
        texts: vec!["已修好".into()],
    })
}
pub fn relayed_end() -> Command {
    relay(News::Ended {
        outcome: Outcome::Solved,
    })
}
/// Another case follows this one, and was due earlier.
pub fn join() -> Command {
    Command::Join {
        follower: "x".parse().unwrap(),
        received: moment("2026-02-27T09:00:00+08:00"),
        whole_due: Some(moment("2026-04-20T18:00:00+08:00")),
        reply_due: Some(moment("2026-03-05T18:00:00+08:00")),
        tracked: false,
    }
}
pub fn leave() -> Command {
    Command::Leave {
        follower: "x".parse().unwrap(),
    }
}
pub fn rate(level: Level) -> Command {
    Command::Rate {
        rating: Rating::Given {
            level,
            scores: None,
        },
        said: None,
    }
}
/// One part, which has an hour.
pub fn divide() -> Command {
    Command::Divide {
        bundle: None,
        subs: vec![NewSub {
            key: "birth".parse().unwrap(),
            task: Some("核实户籍".into()),
            cites: None,
            place: None,
            party: None,
            after: vec![],
            within: Some(duly::time::Span::WorkingTime(3600)),
            optional: false,
            facts: Facts::new(),
        }],
    }
}
/// What that part says.
fn part(news: News<Text>) -> Command {
    Command::Hear {
        sub: "c.birth".parse().unwrap(),
        news,
        handlers: Default::default(),
    }
}
pub fn part_ended(outcome: Outcome) -> Command {
    part(News::Ended { outcome })
}
pub fn part_reopened() -> Command {
    part(News::Reopened)
}
/// The case that this one is a part of does not need it.
pub fn call_off() -> Command {
    Command::CallOff {
        main: "main".parse().unwrap(),
        why: OffWhy::Dropped,
    }
}
pub fn unmerge() -> Command {
    Command::Unmerge {
        reason: "并错了".into(),
    }
}
pub fn decline() -> Command {
    Command::Decline {
        ground: DeclineGround::InProcedure,
        told: "请向法院反映".into(),
        facts: Facts::from([("sub_judice".into(), true.into())]),
    }
}
fn pause(reason: &str) -> Command {
    Command::Pause {
        reason: reason.into(),
        evidence: "记录".into(),
    }
}
fn shape(name: CommandName, pick: u16) -> Command {
    command(name, pick, None, None)
}

/// All of them. The names are read by people.
pub fn all() -> Vec<Situation> {
    let received = Situation::opens("received", false);
    let screened = received.clone().does(INTAKE, screen()).named("screened");
    let asked = |it: &Situation, name| {
        it.clone()
            .does(INTAKE, shape(CommandName::AskCitizen, 0))
            .named(name)
    };
    let assigned = screened
        .clone()
        .does(INTAKE, assign(false))
        .named("assigned, not signed");
    let joint = screened
        .clone()
        .does(INTAKE, assign(true))
        .named("assigned, a part open");
    let signed = assigned
        .clone()
        .does(OWNER, Command::Sign {})
        .named("signed");
    let objected = assigned
        .clone()
        .does(OWNER, shape(CommandName::Object, 1))
        .named("objected");
    let extension = |it: &Situation, clock: ClockKind| {
        it.clone().does(
            OWNER,
            Command::AskExtension {
                clock,
                span: duly::time::Span::WorkingDays(2),
                reason: "检测".into(),
            },
        )
    };
    let granted = |it: &Situation, clock: ClockKind| {
        extension(it, clock).does(
            SUPERVISOR,
            Command::GrantExtension {
                clock,
                told: "延期两天".into(),
            },
        )
    };
    let replied = assigned
        .clone()
        .does(OWNER, reply(Mark::A, false, false, 1, false))
        .named("replied");
    let below = assigned
        .clone()
        .does(INTAKE, shape(CommandName::SubAssign, 1))
        .named("assigned below");
    let first = below
        .clone()
        .does(OWNER, reply(Mark::A, false, false, 1, false))
        .does(REVIEWER, review(true))
        .named("replied, passed the first of two reviews");
    let promised = assigned
        .clone()
        .does(OWNER, reply(Mark::B, false, false, 1, true))
        .named("replied with a promise");
    let reviewed = replied
        .clone()
        .does(REVIEWER, review(true))
        .named("reviewed");
    let silent = reviewed
        .clone()
        .does(INTAKE, called(None))
        .named("called back, may rate");
    let vain = reviewed
        .clone()
        .does(INTAKE, unreached())
        .later(1)
        .does(INTAKE, unreached());
    let satisfied = reviewed
        .clone()
        .does(INTAKE, called(Some(Level::Satisfied)))
        .named("satisfied");
    let kept = promised
        .clone()
        .does(REVIEWER, review(true))
        .named("reviewed, a promise open");
    let explained = assigned
        .clone()
        .does(OWNER, reply(Mark::A, false, true, 1, false))
        .does(REVIEWER, review(true))
        .does(INTAKE, called(Some(Level::Unsatisfied)))
        .named("explained, unsatisfied");
    let returned = replied
        .clone()
        .does(REVIEWER, review(false))
        .named("returned");
    let again = returned
        .clone()
        .does(INTAKE, assign(true))
        .named("returned, a part open");
    let closed = satisfied
        .clone()
        .does(SUPERVISOR, strike_off(Outcome::Solved))
        .named("struck off, rated");
    let unrated = silent
        .clone()
        .later(30)
        .does(("reviewer-2", "reviewer"), shape(CommandName::Recheck, 1))
        .does(SUPERVISOR, strike_off(Outcome::Solved))
        .named("struck off, may rate");
    let reopened = unrated
        .clone()
        .does(CITIZEN, shape(CommandName::Reopen, 0))
        .named("reopened");
    let merged = |it: &Situation, name| it.clone().does(INTAKE, merge()).named(name);
    let answered = |it: &Situation, name| it.clone().does(SYSTEM, relayed_answer()).named(name);
    let had = merged(&received, "")
        .does(SYSTEM, relayed_answer())
        .delivered();
    let followed = |it: &Situation, name| it.clone().does(SYSTEM, join()).named(name);
    let tracked = |it: &Situation, name| {
        it.clone()
            .does(SUPERVISOR, shape(CommandName::Track, 0))
            .named(name)
    };
    let withdrawn = assigned
        .clone()
        .does(CITIZEN, shape(CommandName::Withdraw, 0))
        .named("withdrawn");
    let declined = received
        .clone()
        .does(INTAKE, decline())
        .does(("intake-2", "intake"), decline())
        .named("declined");
    let opinion = Situation::opens("opinion", true);
    let opined = opinion
        .clone()
        .does(INTAKE, screen())
        .does(INTAKE, assign(false))
        .does(OWNER, reply(Mark::A, false, false, 1, false))
        .does(REVIEWER, review(true))
        .named("opinion, reviewed");
    let listed = received
        .clone()
        .does(INTAKE, shape(CommandName::List, 1))
        .does(INTAKE, screen())
        .does(INTAKE, assign(false))
        .does(OWNER, reply(Mark::A, false, false, 2, false))
        .does(REVIEWER, review(true))
        .does(INTAKE, called(Some(Level::Satisfied)))
        .does(
            SUPERVISOR,
            Command::StrikeOff {
                outcome: Outcome::Solved,
                matter: Some(1),
            },
        )
        .named("one matter of two struck off");
    let divided = signed
        .clone()
        .does(OWNER, divide())
        .named("divided, a part open");
    let settled = divided
        .clone()
        .does(SYSTEM, part_ended(Outcome::Solved))
        .named("divided, its part settled");
    let answers = settled
        .clone()
        .does(OWNER, reply(Mark::A, false, false, 1, false))
        .named("divided, replied");
    let passed = answers
        .clone()
        .does(REVIEWER, review(true))
        .named("divided, reviewed");
    let solved = passed
        .clone()
        .does(INTAKE, called(Some(Level::Satisfied)))
        .does(SUPERVISOR, strike_off(Outcome::Solved))
        .named("divided, struck off");
    let part = Situation::a_part("a part, received");
    let taken = part
        .clone()
        .does(INTAKE, screen())
        .does(INTAKE, assign(false))
        .named("a part, assigned");
    let worked = taken
        .clone()
        .does(OWNER, reply(Mark::A, false, false, 1, false))
        .named("a part, replied");
    let signal = Situation::signalled("signalled, received");
    // Whatever has no citizen is rechecked, and struck off by that.
    let ended = |it: Situation, name| {
        it.does(REVIEWER, review(true))
            .does(("reviewer-2", "reviewer"), shape(CommandName::Recheck, 1))
            .does(SUPERVISOR, strike_off(Outcome::Solved))
            .named(name)
    };
    let helped = signal
        .clone()
        .does(INTAKE, screen())
        .does(INTAKE, assign(false))
        .does(OWNER, reply(Mark::A, false, false, 1, false));
    vec![
        part.clone(),
        ended(worked.clone(), "a part, struck off"),
        ended(helped, "signalled, struck off"),
        part.does(SYSTEM, call_off()).named("a part, called off"),
        worked
            .clone()
            .does(REVIEWER, review(true))
            .named("a part, reviewed"),
        worked
            .clone()
            .does(REVIEWER, review(false))
            .named("a part, returned"),
        taken,
        worked,
        divided
            .clone()
            .does(CITIZEN, shape(CommandName::Withdraw, 0))
            .named("divided, withdrawn"),
        answers
            .clone()
            .does(REVIEWER, review(false))
            .named("divided, returned"),
        answers
            .clone()
            .does(SYSTEM, part_reopened())
            .named("divided, replied, its part open again"),
        passed
            .clone()
            .does(SYSTEM, part_reopened())
            .named("divided, reviewed, its part open again"),
        solved
            .clone()
            .does(SYSTEM, part_reopened())
            .named("divided, open again with its part"),
        divided,
        settled,
        answers,
        passed,
        solved,
        signal
            .clone()
            .does(INTAKE, shape(CommandName::Withdraw, 0))
            .does(("intake-2", "intake"), shape(CommandName::Withdraw, 0))
            .named("signalled, withdrawn"),
        signal,
        Situation::taken_over("taken over, assigned", 40),
        Situation::taken_over("taken over, returned", 11),
        Situation::taken_over("taken over, replied", 12),
        asked(&received, "received, the citizen asked"),
        asked(&screened, "screened, the citizen asked"),
        received
            .clone()
            .does(INTAKE, decline())
            .named("received, declining proposed"),
        assigned
            .clone()
            .does(INTAKE, decline())
            .named("assigned, declining proposed"),
        received
            .clone()
            .does(INTAKE, shape(CommandName::Withdraw, 0))
            .named("received, withdrawal proposed"),
        merged(&received, "received, merged"),
        answered(&merged(&received, ""), "received, merged, answered"),
        answered(&merged(&assigned, ""), "assigned, merged, answered"),
        answered(
            &merged(&joint, ""),
            "assigned, a part open, merged, answered",
        ),
        merged(&received, "")
            .does(SYSTEM, relayed_end())
            .named("received, merged, the other one ended"),
        merged(&received, "")
            .does(SYSTEM, relayed_answer())
            .does(SYSTEM, relayed_end())
            .named("received, merged, answered, the other one ended"),
        merged(&assigned, "")
            .does(SYSTEM, relayed_answer())
            .does(SYSTEM, relayed_end())
            .named("assigned, merged, answered and ended, not told"),
        had.clone().named("received, merged, told"),
        merged(&assigned, "")
            .does(SYSTEM, relayed_answer())
            .delivered()
            .named("assigned, merged, told"),
        merged(&received, "")
            .does(SYSTEM, relayed_answer())
            .does(SYSTEM, relayed_end())
            .named("received, merged, answered and ended, not told"),
        had.clone()
            .does(SYSTEM, relayed_end())
            .named("struck off with the one it followed"),
        had.clone()
            .does(SYSTEM, relayed_end())
            .does(SYSTEM, relay(News::Reopened))
            .named("struck off with one that was opened again"),
        merged(&assigned, "")
            .does(SYSTEM, relayed_answer())
            .delivered()
            .does(SYSTEM, relayed_end())
            .does(SYSTEM, relay(News::Reopened))
            .named("struck off with one that was opened again, somebody had it"),
        had.clone()
            .does(SYSTEM, relay(News::Retracted))
            .named("received, merged, the answer taken back"),
        had.clone()
            .does(CITIZEN, rate(Level::Satisfied))
            .named("received, merged, rated"),
        had.clone()
            .does(INTAKE, unmerge())
            .named("received, unmerged"),
        merged(&assigned, "")
            .does(INTAKE, unmerge())
            .named("assigned, unmerged"),
        followed(&received, "received, followed"),
        followed(&assigned, "assigned, followed"),
        followed(&assigned, "")
            .does(SYSTEM, leave())
            .named("assigned, followed no longer"),
        followed(&replied, "replied, followed"),
        followed(&reviewed, "reviewed, followed"),
        followed(&returned, "returned, followed"),
        followed(&satisfied, "")
            .does(SUPERVISOR, strike_off(Outcome::Solved))
            .named("struck off, followed"),
        merged(&screened, "screened, merged"),
        tracked(&received, "received, tracked"),
        received,
        screened,
        merged(&assigned, "assigned, merged"),
        merged(&joint, "assigned, a part open, merged"),
        tracked(&assigned, "assigned, tracked"),
        assigned.clone().later(4).named("assigned, deemed signed"),
        assigned.clone().later(30).named("assigned, overdue"),
        below,
        first
            .clone()
            .does(("reviewer-4", "reviewer@6325"), review(true))
            .named("reviewed twice"),
        first,
        assigned
            .clone()
            .does(OWNER, pause("待网民补充"))
            .named("assigned, paused"),
        signed
            .clone()
            .does(OWNER, pause("等候配件"))
            .named("signed, paused by the office"),
        extension(&assigned, ClockKind::Reply).named("assigned, extension asked"),
        granted(&assigned, ClockKind::Reply).named("assigned, extension to be told"),
        objected
            .clone()
            .does(SUPERVISOR, shape(CommandName::Rule, 1))
            .named("ruled upon"),
        objected,
        joint
            .clone()
            .does(("co-1", "co_handler"), shape(CommandName::CoReply, 0))
            .named("assigned, the part delivered"),
        joint,
        signed,
        assigned,
        tracked(&replied, "replied, tracked"),
        replied,
        tracked(&reviewed, "reviewed, tracked"),
        reviewed
            .clone()
            .does(INTAKE, unreached())
            .named("called in vain once"),
        vain.clone()
            .later(30)
            .does(("reviewer-2", "reviewer"), shape(CommandName::Recheck, 1))
            .named("called in vain, rechecked, not told"),
        vain.delivered()
            .later(30)
            .does(("reviewer-2", "reviewer"), shape(CommandName::Recheck, 1))
            .named("called in vain, told, rechecked"),
        silent.clone().later(30).named("silent"),
        silent
            .clone()
            .later(30)
            .does(("reviewer-2", "reviewer"), shape(CommandName::Recheck, 1))
            .named("silent, rechecked"),
        silent,
        satisfied,
        explained,
        promised
            .clone()
            .does(REVIEWER, review(false))
            .named("returned, the promise void"),
        kept.clone()
            .does(INTAKE, called(Some(Level::Unsatisfied)))
            .named("returned by the citizen, a promise open"),
        promised,
        kept,
        reviewed,
        listed,
        tracked(&returned, "returned, tracked"),
        returned
            .clone()
            .does(OWNER, pause("待网民补充"))
            .named("returned, paused"),
        extension(&returned, ClockKind::Redo).named("returned, extension asked"),
        granted(&returned, ClockKind::Redo).named("returned, extension to be told"),
        returned,
        again,
        tracked(&reopened, "reopened, tracked"),
        reopened,
        unrated
            .clone()
            .later(60)
            .named("struck off, too late to rate"),
        unrated,
        closed,
        declined,
        withdrawn,
        opined
            .clone()
            .does(("reviewer-2", "reviewer"), shape(CommandName::Recheck, 1))
            .does(SUPERVISOR, strike_off(Outcome::Solved))
            .named("opinion, struck off"),
        opinion,
        opined,
        had.does(SYSTEM, relayed_end())
            .named("struck off as merged"),
    ]
}
