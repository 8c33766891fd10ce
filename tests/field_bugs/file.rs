//! A case, driven command by command.

use std::collections::BTreeMap;

use duly::case::{Case, Clock, decide};
use duly::plan::{Decision as Rule, Diagram, Limit, Plan, Plans, Region, bare};
use duly::time::{Moment, Span};
use duly::words::*;

use super::at;

/// A plan that says nothing of its own.
pub fn plain() -> Plan {
    bare("field".parse().unwrap())
}

/// The plan with another limit on a clock, whatever the facts.
pub fn limit(plan: &mut Plan, kind: ClockKind, span: Span) {
    rule(plan, kind).within = Rule::new(
        RuleId::new(format!("clock({kind}).within")),
        Diagram::constant(Limit::Span(span)),
    );
}

/// The plan with a limit for each class, in the order of the classes.
pub fn limits_by_class(plan: &mut Plan, kind: ClockKind, days: [u32; 4]) {
    let class = plan.schema.index("class").unwrap();
    let region = |(code, days): (i64, u32)| Region {
        bounds: BTreeMap::from([(class, (code, code))]),
        answer: Limit::Span(Span::WorkingDays(days)),
    };
    let regions = (0..).zip(days).map(region).collect();
    let diagram = Diagram::from_regions(&plan.schema, regions).unwrap();
    rule(plan, kind).within = Rule::new(RuleId::new(format!("clock({kind}).within")), diagram);
}

/// The plan's rule of a clock, to be changed.
pub fn rule(plan: &mut Plan, kind: ClockKind) -> &mut duly::plan::ClockRule {
    plan.clocks
        .iter_mut()
        .find(|rule| rule.kind == kind)
        .unwrap()
}

/// Someone who may do what their name says: `owner-1` is an owner.
pub fn who(id: &str) -> Actor {
    let role = id.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    let role = Role::ALL.iter().find(|known| known.name() == role);
    Actor::new(id.parse().unwrap(), *role.unwrap())
}

/// A case with everything that happened to it.
pub struct File {
    pub plans: Plans,
    pub case: Option<Case>,
    pub records: Vec<Record>,
    pub outgoing: Vec<Outgoing>,
    sent: u32,
}

impl File {
    pub fn new(plan: Plan) -> File {
        let mut plans = Plans::new("board".parse().unwrap());
        plans.take(plan).unwrap();
        File {
            plans,
            case: None,
            records: Vec::new(),
            outgoing: Vec::new(),
            sent: 0,
        }
    }
    /// Opened, screened and assigned to `owner-1` on Monday 2 March 2026, ten in the morning.
    pub fn assigned(plan: Plan, class: Class) -> File {
        let mut file = File::new(plan);
        file.go("2026-03-02T09:00:00+08:00", "citizen", open());
        file.go("2026-03-02T09:30:00+08:00", "intake-1", screen(class));
        file.go("2026-03-02T10:00:00+08:00", "intake-1", assign("owner-1"));
        file
    }
    /// The same, answered by the owner and published by a reviewer.
    pub fn published(plan: Plan, replied: &str) -> File {
        let mut file = File::assigned(plan, Class::Problem);
        file.go(replied, "owner-1", reply());
        let at = at(replied).plus(1800);
        file.go(&at.to_string(), "reviewer-1", pass());
        file
    }
    fn envelope(&mut self, at: &str, id: &str, command: Command) -> Envelope {
        self.sent += 1;
        let name = format!("k{}", self.sent);
        Envelope {
            id: name.parse().unwrap(),
            case: "c".parse().unwrap(),
            by: who(id),
            at: super::at(at),
            salt: Salt::derived(b"field", &name),
            command,
        }
    }
    /// A command that is accepted; what it brought about, time's doing included.
    pub fn go(&mut self, at: &str, by: &str, command: Command) -> Vec<Event> {
        let envelope = self.envelope(at, by, command);
        let decision = match decide(self.case.as_ref(), &envelope, &self.plans) {
            Ok(decision) => decision,
            Err(refusal) => panic!("at {at} {by}: {refusal}"),
        };
        self.case = Some(decision.case);
        self.outgoing.extend(decision.outgoing);
        let events = decision.records.iter().map(|it| it.event.clone()).collect();
        self.records.extend(decision.records);
        events
    }
    /// A command that is refused, and why.
    pub fn refused(&mut self, at: &str, by: &str, command: Command) -> Why {
        let envelope = self.envelope(at, by, command);
        match decide(self.case.as_ref(), &envelope, &self.plans) {
            Ok(_) => panic!("at {at} {by}: accepted"),
            Err(refusal) => *refusal.why,
        }
    }
    pub fn tick(&mut self, at: &str) -> Vec<Event> {
        self.go(at, "system", Command::Tick {})
    }
    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
    pub fn clock(&self, kind: ClockKind) -> &Clock {
        self.case().clock(kind).unwrap()
    }
    pub fn due(&self, kind: ClockKind) -> Moment {
        self.clock(kind).due().unwrap()
    }
    /// The steps that a clock has taken and acted on: when, and which.
    pub fn fired(&self, of: ClockKind) -> Vec<(Moment, StepKey)> {
        let taken = self
            .records
            .iter()
            .filter_map(|record| match &record.event {
                Event::StepTaken {
                    clock,
                    step,
                    fate: StepFate::Fired { .. },
                    ..
                } if clock.kind == of => Some((record.at, step.clone())),
                _ => None,
            });
        taken.collect()
    }
    /// The verdicts on a kind of clock, run by run, in the order of their stops.
    pub fn verdicts(&self, of: ClockKind) -> Vec<(u32, Verdict)> {
        let stops = self
            .records
            .iter()
            .filter_map(|record| match &record.event {
                Event::ClockStopped { key, verdict, .. } if key.kind == of => {
                    Some((key.run, *verdict))
                }
                _ => None,
            });
        stops.collect()
    }
}

pub fn text(words: &str) -> Text {
    Text::from(words)
}

pub fn open() -> Command {
    Command::Open {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: "1".parse().unwrap(),
        message: text("路灯坏了三个月"),
        contact: None,
        citizen: None,
        origin: Origin::Message,
        facts: Facts::new(),
    }
}

pub fn screen(class: Class) -> Command {
    Command::Screen {
        class,
        facts: Facts::new(),
    }
}

pub fn assign(owner: &str) -> Command {
    Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: owner.parse().unwrap(),
        co_handlers: vec![],
    }
}

fn replies(mark: Mark, explained: bool, commitments: Vec<NewCommitment>) -> Command {
    Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: text("已修好"),
            mark,
        }],
        measures: vec![],
        contacts: vec![],
        basis: if explained {
            vec!["城市道路管理条例".into()]
        } else {
            vec![]
        },
        commitments,
        explained,
    }
}

/// A reply that says it is solved.
pub fn reply() -> Command {
    replies(Mark::A, false, vec![])
}

/// A reply that says it cannot lawfully be done.
pub fn explains() -> Command {
    replies(Mark::A, true, vec![])
}

/// A reply that promises it for a day.
pub fn promises(by_date: &str) -> Command {
    let promise = NewCommitment {
        matter: 1,
        action: text("更换线路"),
        person: "owner-1".parse().unwrap(),
        by_date: by_date.parse().unwrap(),
    };
    replies(Mark::B, false, vec![promise])
}

pub fn pass() -> Command {
    Command::Review(Review::default())
}

pub fn send_back() -> Command {
    Command::Review(Review {
        return_for: Some(ReturnFor {
            ground: "处理不到位".into(),
            mend: text("写明日期"),
        }),
        ..Review::default()
    })
}

pub fn pause(reason: &str) -> Command {
    Command::Pause {
        reason: reason.into(),
        evidence: text("记录"),
    }
}

pub fn resume(reason: &str) -> Command {
    Command::Resume {
        reason: reason.into(),
    }
}

pub fn call_back() -> Command {
    Command::CallBack {
        result: CallResult::Reached {
            level: None,
            scores: None,
            said: None,
        },
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

pub fn strike_off(outcome: Outcome) -> Command {
    Command::StrikeOff {
        outcome,
        matter: None,
    }
}

pub fn reopen() -> Command {
    Command::Reopen {
        ground: "新的事实".into(),
        reason: text("又坏了"),
    }
}
