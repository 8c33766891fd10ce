//! One case under a plan of one's own, driven by hand at times of the year 2026 in Shanghai.

#![allow(dead_code, reason = "each binary drives what it needs")]

use std::collections::BTreeMap;

use duly::case::{Case, Occurrence, StepOutcome, VoidWhy, decide, outcomes};
use duly::plan::{ClockRule, Diagram, Limit, On, Plan, Plans, Region, Rung, bare};
use duly::time::{Moment, Span};
use duly::words::*;

/// `03-09 18:00`, with seconds where they matter.
pub fn at(text: &str) -> Moment {
    let seconds = if text.len() == 11 { ":00" } else { "" };
    let text = text.replace(' ', "T");
    Moment::parse(&format!("2026-{text}{seconds}+08:00")).unwrap()
}

pub fn wall(at: Moment) -> String {
    let local = at.local("Asia/Shanghai".parse().unwrap());
    let text = local.format("%m-%d %H:%M:%S").to_string();
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

pub fn rung(key: &str, on: On) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: String::new(),
        acts: vec![(Verb::Remind, "owner".into())],
        when: None,
        at_once: false,
    }
}

pub const fn days(n: u32) -> Span {
    Span::WorkingDays(n)
}

/// A plan whose reply is due in five working days; the rest is the spine's.
pub fn plan(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = bare("office".parse().unwrap());
    within(&mut plan, ClockKind::Reply, days(5));
    change(&mut plan);
    plan
}

pub fn clock(plan: &mut Plan, kind: ClockKind) -> &mut ClockRule {
    let found = plan.clocks.iter_mut().find(|clock| clock.kind == kind);
    found.unwrap()
}

pub fn within(plan: &mut Plan, kind: ClockKind, span: Span) {
    clock(plan, kind).within.diagram = Diagram::constant(Limit::Span(span));
}

/// A condition that holds where a yes-or-no fact has that value.
pub fn when(plan: &Plan, rule: &str, fact: &str, yes: bool) -> duly::plan::Decision<bool> {
    let place = plan.schema.index(fact).unwrap();
    let region = |code, answer| Region {
        bounds: BTreeMap::from([(place, (code, code))]),
        answer,
    };
    let regions = vec![region(0, !yes), region(1, yes)];
    duly::plan::Decision::new(
        RuleId::new(rule),
        Diagram::from_regions(&plan.schema, regions).unwrap(),
    )
}

pub struct Office {
    pub plans: Plans,
    pub case: Option<Case>,
    pub records: Vec<Record>,
    pub outgoing: Vec<Outgoing>,
    commands: u32,
}

impl Office {
    pub fn new(plan: Plan) -> Office {
        let mut plans = Plans::new("board".parse().unwrap());
        plans.take(plan).unwrap();
        Office {
            plans,
            case: None,
            records: Vec::new(),
            outgoing: Vec::new(),
            commands: 0,
        }
    }
    /// A message received on Monday, 2 March at 09:00, and with its owner at 09:20.
    pub fn assigned(plan: Plan) -> Office {
        let mut it = Office::new(plan);
        it.open("03-02 09:00");
        it.assign("03-02 09:20");
        it
    }
    pub fn open(&mut self, when: &str) {
        let open = Command::Open {
            place: "632521".parse().unwrap(),
            channel: "领导留言板".parse().unwrap(),
            external_id: "1".parse().unwrap(),
            message: "村道路灯坏了三个月".into(),
            contact: None,
            citizen: Some("zhuoma".parse().unwrap()),
            origin: Origin::Message,
            facts: Facts::new(),
        };
        self.go("zhuoma", Role::Citizen, when, open);
        let screen = Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        };
        self.go("caihong", Role::Intake, when, screen);
    }
    pub fn assign(&mut self, when: &str) {
        let assign = Command::Assign {
            unit: "住建局".parse().unwrap(),
            owner: "wanggang".parse().unwrap(),
            co_handlers: Vec::new(),
        };
        self.go("caihong", Role::Intake, when, assign);
    }
    pub fn reply(&mut self, when: &str) {
        let reply = Command::Reply {
            answers: vec![Answer {
                matter: 1,
                text: "已修好".into(),
                mark: Mark::A,
            }],
            measures: Vec::new(),
            contacts: Vec::new(),
            basis: Vec::new(),
            commitments: Vec::new(),
            explained: false,
        };
        self.go("wanggang", Role::Owner, when, reply);
    }
    pub fn send_back(&mut self, when: &str) {
        let review = Command::Review(Review {
            findings: BTreeMap::new(),
            return_for: Some(ReturnFor {
                ground: "处理不到位".into(),
                mend: "写明时间".into(),
            }),
        });
        self.go("zhaxi", Role::Reviewer, when, review);
    }
    pub fn pause(&mut self, when: &str) {
        let pause = Command::Pause {
            reason: "等候配件".into(),
            evidence: "订单".into(),
        };
        self.go("wanggang", Role::Owner, when, pause);
    }
    pub fn resume(&mut self, when: &str) {
        let resume = Command::Resume {
            reason: "等候配件".into(),
        };
        self.go("wanggang", Role::Owner, when, resume);
    }
    pub fn extend(&mut self, when: &str, span: Span) {
        let ask = Command::AskExtension {
            clock: ClockKind::Reply,
            span,
            reason: "等检测".into(),
        };
        self.go("wanggang", Role::Owner, when, ask);
        let grant = Command::GrantExtension {
            clock: ClockKind::Reply,
            told: "延期至下周".into(),
        };
        self.go("ducha", Role::Supervisor, when, grant);
    }
    pub fn direct(&mut self, when: &str, within: Span) {
        let direct = Command::Direct {
            words: "请限期办结".into(),
            within: Some(within),
            track: false,
            lead: None,
        };
        self.go("lidao", Role::Leader, when, direct);
    }
    /// Another plan is taken in hand, and the case adopts it with a leader's approval.
    pub fn adopt(&mut self, when: &str, plan: Plan) {
        let to = self.plans.take(plan).unwrap();
        let adopt = Command::AdoptPlan {
            plan: to,
            approved_by: Some("lidao".parse().unwrap()),
            facts: Default::default(),
        };
        self.go("ducha", Role::Supervisor, when, adopt);
    }
    pub fn tick(&mut self, when: &str) {
        self.tick_at(at(when));
    }
    pub fn tick_at(&mut self, when: Moment) {
        self.submit("clock", Role::System, when, Command::Tick {});
    }
    pub fn go(&mut self, person: &str, role: Role, when: &str, command: Command) {
        self.submit(person, role, at(when), command);
    }
    fn submit(&mut self, person: &str, role: Role, when: Moment, command: Command) {
        self.commands += 1;
        let id = format!("k{}", self.commands);
        let envelope = Envelope {
            id: id.parse().unwrap(),
            case: "m01".parse().unwrap(),
            salt: Salt::derived(b"office", &id),
            by: Actor::new(person.parse().unwrap(), role),
            at: when,
            command,
        };
        let decision = decide(self.case.as_ref(), &envelope, &self.plans);
        let decision = decision.unwrap_or_else(|refusal| panic!("{}: {refusal}", wall(when)));
        self.records.extend(decision.records);
        self.outgoing.extend(decision.outgoing);
        self.case = Some(decision.case);
    }

    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
    pub fn outcomes(&self) -> Vec<Occurrence> {
        outcomes(&self.records).unwrap()
    }
    /// What became of the occurrences of one clock, a line each, in the order in which they came or will come.
    pub fn told(&self, kind: ClockKind) -> Vec<String> {
        let mut all = self.outcomes();
        all.retain(|it| it.clock.kind == kind);
        all.sort_by_key(|it| it.at);
        all.iter().map(say).collect()
    }
    /// The same without what is still ahead and what is void.
    pub fn came(&self, kind: ClockKind) -> Vec<String> {
        let mut all = self.outcomes();
        let gone = |it: &Occurrence| {
            matches!(
                it.outcome,
                StepOutcome::Ahead { .. } | StepOutcome::Voided { .. }
            )
        };
        all.retain(|it| it.clock.kind == kind && !gone(it));
        all.sort_by_key(|it| it.at);
        all.iter().map(say).collect()
    }
    /// Every notice of steps, with the moment at which it went out.
    pub fn notices(&self) -> Vec<(String, Notice)> {
        let notice = |out: &Outgoing| match &out.effect {
            Effect::Notify {
                what:
                    what @ (Notice::Rung { .. } | Notice::Overdue { .. } | Notice::Infeasible { .. }),
                ..
            } => Some((wall(out.at), what.clone())),
            _ => None,
        };
        self.outgoing.iter().filter_map(notice).collect()
    }
}

fn say(it: &Occurrence) -> String {
    let outcome = match &it.outcome {
        StepOutcome::Fired {
            deferred_from: None,
            ..
        } => "fired".to_owned(),
        StepOutcome::Fired {
            deferred_from: Some(from),
            ..
        } => format!("fired, put off from {}", wall(*from)),
        StepOutcome::Coalesced { into } => format!("one with #{into}"),
        StepOutcome::Skipped { reason } => format!("skipped by {reason}"),
        StepOutcome::Voided { why } => match why {
            VoidWhy::Stopped(mark) => format!("void, stopped by {mark}"),
            VoidWhy::Cancelled(why) => format!("void, {why:?}"),
            VoidWhy::Superseded => "void, superseded".to_owned(),
            VoidWhy::BeforeImport => "void, before it was taken over".to_owned(),
            VoidWhy::BeforeStart => "void, before the start".to_owned(),
        },
        StepOutcome::Ahead { at: Some(_) } => "ahead".to_owned(),
        StepOutcome::Ahead { at: None } => "ahead, waiting".to_owned(),
    };
    format!("{} {}: {outcome}", wall(it.at), it.step)
}
