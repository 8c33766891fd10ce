//! Random worlds: plans, persons, and sequences of commands that lean towards what moves a case on, with wild ones
//! in between.

use std::collections::BTreeMap;

use duly::case::{Case, Decision, decide, evolve};
use duly::plan::{
    Count, CountRule, Decision as Rule, DeclineRule, Diagram, Domain, FactRule, GateRule, Given,
    Judged, Limit, Mention, NoticeRule, On, PauseKind, PauseRule, Plan, Plans, Quiet, Region,
    ReopenCount, ReviewRule, Rung, SUPPLEMENT, TrackRule, bare,
};
use duly::time::{DayTable, Moment, Span};
use duly::words::*;
use proptest::prelude::*;

pub fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// One step of a random history: how long after the last, which command, by whom.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub gap: i64,
    pub pick: u16,
    pub who: u8,
    pub kind: u8,
}

pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let gap = prop_oneof![
        4 => 0i64..600,
        4 => 600i64..40_000,
        4 => 40_000i64..300_000,
        1 => 300_000i64..3_000_000,
        1 => Just(0i64),
    ];
    let step =
        (gap, any::<u16>(), any::<u8>(), any::<u8>()).prop_map(|(gap, pick, who, kind)| Step {
            gap,
            pick,
            who,
            kind,
        });
    proptest::collection::vec(step, 1..most)
}

// ── plans ─────────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Debug, Clone)]
pub struct Choices {
    pub lengths: Vec<u8>,
    pub rungs: Vec<(u8, u8)>,
    pub overdue_every: u32,
    pub attempts: u32,
    pub reopen: u8,
    pub gates: u8,
    pub tracked: bool,
    pub counts: bool,
}

pub fn choices() -> impl Strategy<Value = Choices> {
    (
        proptest::collection::vec(0u8..8, 20),
        proptest::collection::vec((0u8..7, 0u8..17), 0..8),
        1u32..6,
        1u32..4,
        0u8..3,
        0u8..8,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(lengths, rungs, overdue_every, attempts, reopen, gates, tracked, counts)| Choices {
                lengths,
                rungs,
                overdue_every,
                attempts,
                reopen,
                gates,
                tracked,
                counts,
            },
        )
}

pub fn yes_when(plan: &Plan, rule: &str, fact: &str, yes: bool) -> Rule<bool> {
    let at = plan.schema.index(fact).unwrap();
    let region = |code: i64, answer: bool| Region {
        bounds: BTreeMap::from([(at, (code, code))]),
        answer,
    };
    let diagram =
        Diagram::from_regions(&plan.schema, vec![region(0, !yes), region(1, yes)]).unwrap();
    Rule::new(RuleId::new(rule), diagram)
}

/// A random plan within what a pack may say.
pub fn plan(choices: &Choices) -> Plan {
    let mut plan = bare("random".parse().unwrap());
    let fact =
        |name: &str, domain: Domain, given: Given, moves: bool, otherwise: Option<FactValue>| {
            FactRule {
                moves,
                otherwise,
                ..FactRule::new(name, domain, given)
            }
        };
    plan.schema.facts.extend([
        fact(
            "heat",
            Domain::Whole {
                least: 0,
                most: 1000,
            },
            Given::Host,
            true,
            Some(FactValue::Whole(0)),
        ),
        fact(
            "urgent",
            Domain::YesNo,
            Given::Intake,
            true,
            Some(FactValue::Yes(false)),
        ),
        fact(
            "sub_judice",
            Domain::YesNo,
            Given::Intake,
            false,
            Some(FactValue::Yes(false)),
        ),
        fact(
            "vague",
            Domain::YesNo,
            Given::Reply,
            false,
            Some(FactValue::Yes(false)),
        ),
        fact(
            "contacted",
            Domain::YesNo,
            Given::Reviewer,
            false,
            Some(FactValue::Yes(false)),
        ),
    ]);
    plan.mentions = vec![Mention {
        fact: "vague".into(),
        words: vec!["近期".into(), "尽快".into()],
    }];
    plan.declines = vec![DeclineRule {
        ground: DeclineGround::InProcedure,
        when: yes_when(&plan, "decline(已进入法定程序)", "sub_judice", true),
        told: "法院".into(),
    }];
    let extra = [
        ClockKind::Acknowledge,
        ClockKind::FirstReview,
        ClockKind::Waiting,
        ClockKind::Ownership,
    ];
    if choices.lengths[4].is_multiple_of(2) {
        for kind in extra {
            let like = plan.clock(ClockKind::Review).unwrap().clone();
            plan.clocks.push(duly::plan::ClockRule {
                kind,
                starts: kind.starts(),
                stops: kind.stops().to_vec(),
                ..like
            });
        }
        plan.clocks.sort_by_key(|clock| clock.kind);
    }
    let pause = |reason: &str, side, kind| PauseRule {
        reason: reason.into(),
        side,
        most: Span::CalendarDays(10),
        times: 2,
        kind,
        holds: Vec::new(),
        when: None,
    };
    plan.pauses
        .push(pause("听证", PauseSide::Statutory, PauseKind::Excludes));
    let restarts = if choices.lengths[2].is_multiple_of(2) {
        PauseKind::Restarts
    } else {
        PauseKind::Waits
    };
    // Some say nothing of it, and have the ten working days of the spine.
    if !choices.lengths[5].is_multiple_of(5) {
        plan.pauses
            .push(pause(SUPPLEMENT, PauseSide::Citizen, restarts));
    }
    if choices.lengths[3].is_multiple_of(2) {
        plan.pauses[1].holds = vec![ClockKind::Reply];
    }
    for (clock, length) in (0..plan.clocks.len()).zip(choices.lengths.iter().cycle()) {
        let n = u32::from(*length);
        let span = match length % 4 {
            _ if plan.clocks[clock].kind == ClockKind::Whole => Span::CalendarDays(20 + 10 * n),
            0 => Span::WorkingDays(n + 1),
            1 => Span::CalendarDays(n + 1),
            2 => Span::WorkingTime(i64::from(n + 1) * 3600),
            _ => Span::Elapsed(i64::from(n + 1) * 7200),
        };
        let kind = plan.clocks[clock].kind;
        if kind != ClockKind::CoReply {
            plan.clocks[clock].within = Rule::new(
                RuleId::new(format!("clock({kind}).within")),
                Diagram::constant(Limit::Span(span)),
            );
        }
    }
    // In some plans limits count from screening or receipt, or until the answer has gone out.
    for clock in &mut plan.clocks {
        let (n, m) = (choices.lengths[9], choices.lengths[10]);
        clock.starts = match (clock.kind, n % 4) {
            (ClockKind::Reply, 1) => ClockMark::Received,
            (ClockKind::Reply, 2) => ClockMark::Screened,
            (ClockKind::Assign, 1 | 3) => ClockMark::Received,
            _ => clock.starts,
        };
        match (clock.kind, m % 3) {
            (ClockKind::Reply | ClockKind::SubReply, 1 | 2) | (ClockKind::Redo, 2) => {
                clock.stops = vec![ClockMark::Published];
            }
            _ => {}
        }
    }
    // What is handed down, and in some plans what is urgent, is reviewed twice.
    plan.review = match choices.lengths[8] % 3 {
        0 => None,
        1 => Some(ReviewRule { when: None }),
        _ => Some(ReviewRule {
            when: Some(yes_when(&plan, "review.two_steps", "urgent", true)),
        }),
    };
    // Of every mark somebody is told, of some under a condition.
    if choices.lengths[6].is_multiple_of(2) {
        let notices = ClockMark::ALL.iter().enumerate().map(|(at, mark)| {
            let rule = format!("notice({mark}).告知");
            NoticeRule {
                rule: RuleId::new(rule.clone()),
                mark: *mark,
                title: "告知".into(),
                when: (at % 3 == 0).then(|| yes_when(&plan, &rule, "urgent", true)),
                to: vec!["supervisor".into(), "owner".into()],
                citizen: at % 2 == 0,
                words: "知道了".into(),
            }
        });
        plan.notices = notices.collect();
    }
    // The reply: half the time where it is hot or urgent.
    let (heat, urgent) = (
        plan.schema.index("heat").unwrap(),
        plan.schema.index("urgent").unwrap(),
    );
    let days = |n: u32| Limit::Span(Span::WorkingDays(n));
    let n = u32::from(choices.lengths[0]) + 2;
    let regions = vec![
        Region {
            bounds: BTreeMap::from([(heat, (0, 99)), (urgent, (0, 0))]),
            answer: days(n),
        },
        Region {
            bounds: BTreeMap::from([(heat, (100, 1000)), (urgent, (0, 0))]),
            answer: days(n.div_ceil(2)),
        },
        Region {
            bounds: BTreeMap::from([(urgent, (1, 1))]),
            answer: days(1),
        },
    ];
    let diagram = Diagram::from_regions(&plan.schema, regions).unwrap();
    for (at, (on, clock)) in choices.rungs.iter().enumerate() {
        let on = match on {
            0 => On::Before(Span::WorkingDays(1)),
            1 => On::At,
            2 => On::After(Span::WorkingDays(u32::from(*clock % 5) + 1)),
            3 => On::Share(80),
            4 if choices.lengths[19].is_multiple_of(2) => On::Every {
                span: Span::Elapsed(3 * 3600),
                most: 5,
            },
            4 => On::Every {
                span: Span::WorkingDays(2),
                most: 3,
            },
            5 => On::Before(Span::WorkingTime(3600)),
            _ => On::After(Span::CalendarDays(3)),
        };
        let verb = [
            Verb::Remind,
            Verb::Warn,
            Verb::Supervise,
            Verb::Report,
            Verb::NameIn,
        ][at % 5];
        let post = ["owner", "unit_head", "supervisor", "leader", "leader"][at % 5].to_owned();
        let when = (at % 3 == 2).then(|| yes_when(&plan, "rung.when", "urgent", true));
        let rung = Rung {
            key: format!("rung-{at}"),
            on,
            title: format!("第{at}级"),
            acts: vec![(verb, post)],
            when,
            at_once: usize::from(choices.lengths[18]) == at,
        };
        // Half of those before due stand on the reply, where extensions are, so that some are armed again.
        let kinds = plan.clocks.len();
        let early = matches!(rung.on, On::Before(_) | On::Share(_)) && clock.is_multiple_of(2);
        let reply = plan
            .clocks
            .iter()
            .position(|it| it.kind == ClockKind::Reply);
        let on = reply
            .filter(|_| early)
            .unwrap_or(usize::from(*clock) % kinds);
        plan.clocks[on].rungs.push(rung);
    }
    for clock in &mut plan.clocks {
        if clock.kind == ClockKind::Redo {
            clock.extension = Some(duly::plan::ExtensionRule {
                times: 1,
                most: Span::WorkingDays(5),
                ask_before: None,
                granted_by: Role::Supervisor,
                total: choices.lengths[5]
                    .is_multiple_of(2)
                    .then_some(Span::WorkingDays(6)),
                told: choices.lengths[1].is_multiple_of(2),
                rearms: choices.lengths[16].is_multiple_of(2),
                when: None,
            });
        }
        if clock.kind == ClockKind::Reply {
            clock.within = Rule::new(RuleId::new("clock(reply).within"), diagram.clone());
            clock.extension = Some(duly::plan::ExtensionRule {
                times: 1,
                most: Span::WorkingDays(5),
                ask_before: None,
                granted_by: Role::Supervisor,
                total: choices.lengths[5]
                    .is_multiple_of(2)
                    .then_some(Span::WorkingDays(6)),
                told: choices.lengths[1].is_multiple_of(2),
                rearms: choices.lengths[16].is_multiple_of(2),
                when: None,
            });
        }
    }
    // In some plans not every case is extended, and not for every one does time stand still.
    if choices.lengths[11].is_multiple_of(3) {
        let when = yes_when(&plan, "clock.extend", "urgent", choices.lengths[12] == 0);
        for clock in &mut plan.clocks {
            if let Some(extension) = &mut clock.extension {
                extension.when = Some(when.clone());
            }
        }
    }
    for (at, length) in (0..plan.pauses.len()).zip(choices.lengths[13..].iter()) {
        if length.is_multiple_of(3) {
            let rule = format!("pause({})", plan.pauses[at].reason);
            let urgent = length.is_multiple_of(2);
            plan.pauses[at].when = Some(yes_when(&plan, &rule, "urgent", urgent));
        }
    }
    let gate =
        |plan: &Plan, gate: Gate, judged: Judged, fact: &str, yes: bool, words: &str| GateRule {
            gate,
            judged,
            met: yes_when(plan, &format!("gate({gate})"), fact, yes),
            words: words.into(),
        };
    if choices.gates & 1 != 0 {
        let rule = gate(
            &plan,
            Gate::Process,
            Judged::Review,
            "contacted",
            true,
            "与网民联系",
        );
        plan.gates.push(rule);
    }
    if choices.gates & 2 != 0 {
        let rule = gate(
            &plan,
            Gate::Measures,
            Judged::Review,
            "vague",
            false,
            "不得用近期、尽快",
        );
        plan.gates.push(rule);
    }
    if choices.gates & 4 != 0 {
        let rule = gate(
            &plan,
            Gate::Satisfaction,
            Judged::StrikeOff,
            "rechecked",
            true,
            "须经复核",
        );
        plan.gates.push(rule);
    }
    crate::parts::rules(&mut plan, choices);
    plan.overdue_every = choices.overdue_every;
    plan.quiet = match choices.lengths[15] % 3 {
        1 => Some(Quiet::Daily("17:30-09:30".parse().unwrap())),
        2 => Some(Quiet::OutsideHours),
        _ => None,
    };
    for clock in plan.clocks.iter_mut().filter(|it| it.kind.can_leave()) {
        clock.leaves = match u32::from(choices.lengths[17]) {
            0 | 1 => None,
            n => Some(Span::WorkingDays(n)),
        };
    }
    plan.callback.attempts = choices.attempts;
    plan.reopen.count = [ReopenCount::Fresh, ReopenCount::Continue, ReopenCount::Min]
        [usize::from(choices.reopen) % 3];
    if choices.tracked {
        plan.track = TrackRule {
            when: Some(yes_when(&plan, "track", "urgent", true)),
        };
    }
    if choices.counts {
        plan.counts = vec![CountRule {
            rule: RuleId::new("count(returns).2"),
            count: Count::Returns,
            at: 2,
            acts: vec![
                (Verb::Supervise, "supervisor".into()),
                (Verb::NameIn, "leader".into()),
            ],
        }];
    }
    plan
}

/// The random plan, current, and one that allows more and one that allows less, to be adopted.
pub fn plans(choices: &Choices) -> Plans {
    let mut plans = Plans::new("board".parse().unwrap());
    let mut other = choices.clone();
    other.lengths.rotate_left(1);
    other.overdue_every = choices.overdue_every % 5 + 1;
    plans.take(plan(&other)).unwrap();
    plans.take(plan(choices)).unwrap();
    plans
}

// ── persons ───────────────────────────────────────────────────────────────────────────────────────────────────

pub fn actor(id: &str, roles: &[&str]) -> Actor {
    Actor {
        id: id.parse().unwrap(),
        roles: roles.iter().map(|role| role.parse().unwrap()).collect(),
        unit: None,
        acting_for: None,
    }
}

/// Everyone there is; some hold several roles, so that separation of persons has something to separate.
pub fn persons() -> Vec<Actor> {
    vec![
        actor("citizen", &["citizen"]),
        actor("other-citizen", &["citizen"]),
        actor("intake-1", &["intake@6325"]),
        actor("intake-2", &["intake@632521"]),
        actor("owner-1", &["owner"]),
        actor("owner-2", &["owner"]),
        actor("co-1", &["co_handler"]),
        actor("reviewer-1", &["reviewer"]),
        actor("reviewer-2", &["reviewer@632522"]),
        actor("reviewer-3", &["reviewer@632521"]),
        actor("supervisor-1", &["supervisor"]),
        actor("leader-1", &["leader"]),
        actor("system", &["system"]),
        actor(
            "many",
            &["owner", "intake", "reviewer", "supervisor", "co_handler"],
        ),
    ]
}

// ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────

fn text(words: &str) -> Text {
    Text::from(words)
}

pub fn open(citizen: bool, opinion: bool) -> Command {
    Command::Open {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: "1".parse().unwrap(),
        message: text("村道路灯坏了三个月"),
        contact: None,
        citizen: citizen.then(|| "citizen".parse().unwrap()),
        origin: if opinion {
            Origin::Opinion
        } else {
            Origin::Message
        },
        facts: Facts::new(),
    }
}

/// A case that another system had, in every stage, with whatever that system may know of it; some of it wrong.
pub fn import(pick: u16) -> ImportAsked {
    use ImportStage as S;
    let p = i64::from(pick);
    let stage = [
        S::Assigned,
        S::Returned,
        S::Replied,
        S::Received,
        S::Screened,
    ][usize::from(pick % 5)];
    let now = moment("2026-03-02T09:00:00+08:00");
    let received = now.plus(-3600 * (p % 1500));
    // Everything in its order between receipt and now.
    let after = |n: i64| received.plus(now.since(received) * n / 10);
    let past_intake = matches!(stage, S::Assigned | S::Replied | S::Returned);
    let handled = matches!(stage, S::Assigned | S::Returned);
    let lacks_owner = p % 41 == 0;
    let mark = [Mark::A, Mark::B, Mark::A, Mark::C][usize::from(pick % 4)];
    let Command::Reply {
        answers,
        measures,
        contacts,
        basis,
        commitments,
        explained,
    } = reply(
        mark,
        p % 3 == 0,
        p % 7 == 0,
        1 + u16::from(p % 6 == 0),
        mark != Mark::A,
    )
    else {
        unreachable!()
    };
    let replied = RepliedBefore {
        at: after(8),
        author: (p % 2 == 0).then(|| "owner-2".parse().unwrap()),
        answers,
        measures,
        contacts,
        basis,
        commitments,
        explained,
    };
    let running = match stage {
        S::Returned => ClockKind::Redo,
        _ => ClockKind::Reply,
    };
    let opinion = p % 13 == 0;
    ImportAsked {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: "1".parse().unwrap(),
        message: text("村道路灯坏了三个月"),
        contact: (p % 3 == 0 && !opinion).then(|| text("13912345678")),
        citizen: (p % 2 == 0 && !opinion).then(|| "citizen".parse().unwrap()),
        origin: if opinion {
            Origin::Opinion
        } else {
            Origin::Message
        },
        facts: Facts::new(),
        matters: match p % 6 {
            0 => vec![text("路灯"), text("井盖")],
            _ => vec![],
        },
        from: "旧督办系统".into(),
        approved_by: if p % 37 == 0 { "owner-1" } else { "approver" }
            .parse()
            .unwrap(),
        received,
        stage,
        class: (stage != S::Received).then_some(Class::Problem),
        screened: (stage != S::Received && p % 2 == 0).then(|| after(2)),
        unit: past_intake.then(|| "住建局".parse().unwrap()),
        owner: (past_intake && !lacks_owner).then(|| "owner-1".parse().unwrap()),
        co_handlers: match handled && p % 9 == 0 {
            true => vec![NewPart {
                unit: "水利局".parse().unwrap(),
                owner: "co-1".parse().unwrap(),
            }],
            false => vec![],
        },
        handlers: match past_intake && p % 4 == 0 {
            true => ["owner-2".parse().unwrap()].into(),
            false => Default::default(),
        },
        assigned: (past_intake && p % 3 != 0).then(|| after(4)),
        signed: past_intake && p % 4 == 1,
        replied: (stage == S::Replied).then_some(replied),
        returned: (stage == S::Returned).then(|| ReturnedBefore {
            at: after(8),
            ground: if p % 7 == 0 {
                reopen_grounds(0)
            } else {
                grounds(usize::from(pick) / 7 % 3)
            },
        }),
        returns: u32::from(stage == S::Returned && p % 7 != 0),
        reopens: u32::from(stage == S::Returned && p % 7 == 0),
        extended: match handled && p % 8 < 2 {
            true => vec![ExtendedBefore {
                clock: running,
                span: Span::WorkingDays(1),
            }],
            false => vec![],
        },
        pauses: match p % 11 {
            0 | 1 => vec![PausedBefore {
                reason: if p % 2 == 0 { "听证" } else { "鉴定检测" }.into(),
                from: after(5),
                until: Some(after(6).plus(1)),
            }],
            2 if handled => vec![PausedBefore {
                reason: if p % 2 == 0 {
                    "待网民补充"
                } else {
                    "鉴定检测"
                }
                .into(),
                from: after(9),
                until: None,
            }],
            _ => vec![],
        },
        promised: match p % 10 {
            0..3 => vec![PromisedBefore {
                clock: ClockKind::Whole,
                due: received.plus(p % 90 * 86_400),
            }],
            3 | 4 if handled => vec![PromisedBefore {
                clock: running,
                due: received.plus(p % 60 * 86_400),
            }],
            _ => vec![],
        },
        history: vec![ToldBefore {
            at: after(5),
            text: text("已现场查看"),
        }],
    }
}

pub fn reply(mark: Mark, vague: bool, explained: bool, matters: u16, promise: bool) -> Command {
    let words = if vague {
        "我们将尽快处理"
    } else {
        "已修好,由张三负责,三月二十日前完成"
    };
    Command::Reply {
        answers: (1..=matters)
            .map(|matter| Answer {
                matter,
                text: text(words),
                mark,
            })
            .collect(),
        measures: vec![Measure {
            action: text("修路灯"),
            person: Some("owner-1".parse().unwrap()),
            by_date: chrono::NaiveDate::from_ymd_opt(2031, 3, 20),
        }],
        contacts: vec![],
        basis: if explained {
            vec!["城市道路管理条例".into()]
        } else {
            vec![]
        },
        commitments: if promise {
            (1..=matters)
                .map(|matter| NewCommitment {
                    matter,
                    action: text("更换线路"),
                    person: "owner-1".parse().unwrap(),
                    by_date: chrono::NaiveDate::from_ymd_opt(2031, 1, 1).unwrap(),
                })
                .collect()
        } else {
            vec![]
        },
        explained,
    }
}

/// Every command with several shapes, some of them wrong.
pub fn command(
    name: CommandName,
    pick: u16,
    case: Option<&Case>,
    other_plan: Option<&PlanId>,
) -> Command {
    let p = usize::from(pick);
    let unit =
        |n: usize| -> UnitId { ["住建局", "交通局", "供电所"][n % 3].parse().unwrap() };
    let owner = |n: usize| -> PersonId { ["owner-1", "owner-2", "many"][n % 3].parse().unwrap() };
    let matters = case.map_or(1, |case| case.matters().len() as u16);
    let effect = || EffectId {
        case: "c".parse().unwrap(),
        version: match (case, p % 3) {
            (Some(case), 0) => case.version(),
            (_, 1) => 1,
            _ => u64::from(pick % 5),
        },
        index: 0,
    };
    let pause = ["待网民补充", "鉴定检测", "等候配件", "天气"][p % 4].to_owned();
    let given = |n: usize| match n % 6 {
        0 | 1 => Level::Satisfied,
        2 => Level::VerySatisfied,
        3 => Level::MostlySatisfied,
        4 => Level::Unsatisfied,
        _ => Level::VeryUnsatisfied,
    };
    let return_for = || ReturnFor {
        ground: grounds(p),
        mend: text("写明时间和责任人"),
    };
    match name {
        CommandName::Open => open(p % 2 == 0, p % 7 == 0),
        CommandName::Import => Command::Import(Box::new(import(pick))),
        CommandName::OpenSub
        | CommandName::Signal
        | CommandName::Divide
        | CommandName::DropSub
        | CommandName::Hear
        | CommandName::Want
        | CommandName::CallOff => crate::parts::command(name, p, case),
        CommandName::Screen => Command::Screen {
            class: [
                Class::Problem,
                Class::Problem,
                Class::Question,
                Class::Idea,
                Class::Thanks,
            ][p % 5],
            facts: match p % 4 {
                0 => Facts::from([("urgent".into(), FactValue::Yes(p % 8 == 0))]),
                1 => Facts::from([("sub_judice".into(), FactValue::Yes(true))]),
                _ => Facts::new(),
            },
        },
        CommandName::List => Command::List {
            matters: vec![text("路灯"); p % 3 + 1],
        },
        CommandName::AskCitizen => Command::AskCitizen {
            question: text("是哪个村"),
        },
        CommandName::Supplement => Command::Supplement {
            answer: text("次汗素村"),
        },
        CommandName::Decline => Command::Decline {
            ground: if p % 5 == 0 {
                DeclineGround::OutOfScope
            } else {
                DeclineGround::InProcedure
            },
            told: text("请向法院反映"),
            facts: Facts::from([("sub_judice".into(), FactValue::Yes(p % 4 != 0))]),
        },
        CommandName::Merge => Command::Merge {
            into: ["c", "d", "e"][p % 3].parse().unwrap(),
        },
        CommandName::Unmerge => Command::Unmerge {
            reason: text("并错了"),
        },
        CommandName::Join => {
            let now = case.map_or(moment("2026-03-02T09:00:00+08:00"), Case::last_at);
            let after = |hours: usize| Some(now.plus(3600 * (hours as i64 - 12)));
            Command::Join {
                follower: ["x", "y", "c"][p % 3].parse().unwrap(),
                received: now.plus(-3600 * (p as i64 % 100)),
                whole_due: after(p * 7 % 1500).filter(|_| p % 5 != 0),
                reply_due: after(p * 5 % 300).filter(|_| p % 4 != 0),
                tracked: p % 11 == 0,
            }
        }
        CommandName::Leave => Command::Leave {
            follower: ["x", "y"][p % 2].parse().unwrap(),
        },
        CommandName::Relay => {
            let follows = case.and_then(Case::follows).filter(|_| p % 9 != 0);
            Command::Relay {
                from: follows.cloned().unwrap_or_else(|| "z".parse().unwrap()),
                news: match p % 8 {
                    // Whoever was struck off hears above all that the other is opened again.
                    0..=3 if case.is_some_and(Case::is_closed) => News::Reopened,
                    0..=2 => News::Answer {
                        texts: vec![text("已修好"); p % 2 + 1],
                    },
                    3 | 4 => News::Ended {
                        outcome: Outcome::Solved,
                    },
                    5 => News::Progress {
                        text: text("正在施工"),
                    },
                    6 => [News::Retracted, News::Reopened][p / 8 % 2].clone(),
                    _ => News::Extended {
                        text: text("延期至下周"),
                        due: case.map(|case| case.last_at().plus(86_400)),
                    },
                },
            }
        }
        CommandName::Release => Command::Release {
            from: case
                .and_then(Case::follows)
                .filter(|_| p / 5 % 4 != 0)
                .cloned()
                .unwrap_or_else(|| "z".parse().unwrap()),
            // Not by the remainder that chose the command.
            why: [UnmergeWhy::Withdrawn, UnmergeWhy::NotJoined][p / 7 % 2],
        },
        CommandName::Assign => Command::Assign {
            unit: unit(p),
            owner: owner(p / 3),
            co_handlers: match p % 5 {
                0 => vec![NewPart {
                    unit: "水利局".parse().unwrap(),
                    owner: "co-1".parse().unwrap(),
                }],
                1 => vec![NewPart {
                    unit: unit(p),
                    owner: "co-1".parse().unwrap(),
                }],
                _ => vec![],
            },
        },
        CommandName::Sign => Command::Sign {},
        CommandName::SubAssign => Command::SubAssign {
            unit: unit(p),
            owner: owner(p / 2),
        },
        CommandName::Object => Command::Object {
            reason: text("不归我局"),
            should_be: Some(unit(p)),
        },
        CommandName::Rule => Command::Rule {
            unit: unit(p),
            owner: owner(p),
            reason: text("按职责"),
        },
        CommandName::Reclassify => Command::Reclassify {
            class: Class::ALL[p % 4],
            reason: text("实为建议"),
        },
        CommandName::Transfer => Command::Transfer {
            unit: unit(p),
            owner: owner(p),
            reason: text("机构改革"),
        },
        CommandName::HandOver => Command::HandOver {
            to: owner(p),
            unit: (p % 3 == 0).then(|| unit(p / 3)),
            reason: text("调离"),
        },
        CommandName::Pause => Command::Pause {
            reason: pause,
            evidence: text("记录"),
        },
        CommandName::Resume => Command::Resume { reason: pause },
        CommandName::AskExtension => Command::AskExtension {
            clock: [
                ClockKind::Reply,
                ClockKind::Redo,
                ClockKind::Reply,
                ClockKind::Redo,
                ClockKind::Whole,
            ][p % 5],
            span: Span::WorkingDays((p % 8) as u32),
            reason: text("需要检测"),
        },
        CommandName::GrantExtension => {
            let asked =
                case.is_some_and(|case| case.stage_name() == StageName::Returned && p % 4 != 0);
            let clock = if asked {
                ClockKind::Redo
            } else {
                ClockKind::Reply
            };
            Command::GrantExtension {
                clock,
                told: text("延期至下周"),
            }
        }
        CommandName::Update => Command::Update {
            text: text("正在施工"),
        },
        CommandName::CoReply => Command::CoReply {
            text: text("水管已修"),
        },
        CommandName::Reply => {
            let mark = [Mark::A, Mark::A, Mark::A, Mark::B, Mark::C, Mark::D][p % 6];
            let less = if p % 11 == 0 {
                matters.saturating_sub(1)
            } else {
                matters
            };
            reply(
                mark,
                p % 3 == 0,
                p % 7 == 0,
                less,
                matches!(mark, Mark::B | Mark::C) && p % 4 != 0,
            )
        }
        CommandName::Review => Command::Review(Review {
            findings: if p % 3 == 0 {
                BTreeMap::new()
            } else {
                BTreeMap::from([("contacted".into(), true)])
            },
            return_for: (p % 4 == 0).then(return_for),
        }),
        CommandName::CallBack => Command::CallBack {
            result: match p % 4 {
                0 => CallResult::Reached {
                    level: Some(given(p / 4)),
                    scores: None,
                    said: Some(text("还行")),
                },
                1 => CallResult::Reached {
                    level: None,
                    scores: None,
                    said: None,
                },
                _ => CallResult::Unreached {
                    why: text("电话无人接听"),
                },
            },
        },
        CommandName::Rate => Command::Rate {
            rating: match p % 5 {
                0 => Rating::AutoByTimeout,
                1 => Rating::NotGiven,
                _ => Rating::Given {
                    level: given(p),
                    scores: Some(Scores {
                        solved: (p % 7) as u8,
                        attitude: 5,
                        speed: 4,
                    }),
                },
            },
            said: None,
        },
        CommandName::Commit => Command::Commit(NewCommitment {
            matter: (p % 3) as u16,
            action: text("下月完工"),
            person: owner(p),
            by_date: chrono::NaiveDate::from_ymd_opt(if p % 4 == 0 { 2020 } else { 2030 }, 5, 6)
                .unwrap(),
        }),
        CommandName::Fulfil => Command::Fulfil {
            commitment: (p % 4) as u32,
            evidence: text("照片"),
        },
        CommandName::Recheck => Command::Recheck {
            passed: p % 3 != 0,
            evidence: text("到现场看过"),
            findings: BTreeMap::new(),
            return_for: (p % 2 == 0).then(return_for),
        },
        CommandName::StrikeOff => Command::StrikeOff {
            outcome: match case {
                Some(case) if p % 3 != 0 => {
                    let class = case.class().unwrap_or(Class::Problem);
                    let fit: Vec<Outcome> = Outcome::ALL
                        .iter()
                        .copied()
                        .filter(|it| class.allows(*it))
                        .collect();
                    fit[p % fit.len()]
                }
                _ => Outcome::ALL[p % Outcome::ALL.len()],
            },
            matter: (p % 4 == 0).then_some((p / 4 % 4) as u16),
        },
        CommandName::Reopen => Command::Reopen {
            ground: reopen_grounds(p),
            reason: text("又坏了"),
        },
        CommandName::Withdraw => Command::Withdraw {
            evidence: text("不用了"),
        },
        CommandName::Direct => Command::Direct {
            words: text("请限期办结"),
            within: (p % 2 == 0).then_some(Span::WorkingDays((p % 6) as u32)),
            track: p % 3 == 0,
            lead: (p % 5 == 1).then(|| NewPart {
                unit: unit(p),
                owner: owner(p / 3),
            }),
        },
        CommandName::Track => Command::Track {
            reason: text("难点"),
        },
        CommandName::Untrack => Command::Untrack {
            reason: text("已解决"),
        },
        CommandName::Report => Command::Report {
            text: text("完成一半"),
        },
        CommandName::SetFact => match p % 4 {
            0 => Command::SetFact {
                name: "urgent".into(),
                value: FactValue::Yes(p % 8 == 0),
            },
            1 => Command::SetFact {
                name: "heat".into(),
                value: FactValue::Whole(i64::from(pick)),
            },
            _ => Command::SetFact {
                name: "heat".into(),
                value: FactValue::Whole(i64::from(pick % 1001)),
            },
        },
        CommandName::Note => Command::Note {
            text: text("附件已收"),
        },
        CommandName::Correct => {
            let judged = case.into_iter().flat_map(|case| case.clocks());
            let judged: Vec<_> = judged.flat_map(|clock| &clock.verdicts).collect();
            let began = case.into_iter().flat_map(|case| case.pauses());
            let bounds: Vec<(u64, Moment)> = began
                .flat_map(|it| [Some((it.begun_by, it.from)), it.ended_by.zip(it.ended)])
                .flatten()
                .chain(judged.iter().map(|it| (it.entry, it.at)))
                .collect();
            let (version, took_effect) = match (p % 3, bounds.is_empty()) {
                (0, false) => {
                    let (entry, at) = bounds[p / 3 % bounds.len()];
                    (entry, Some(at.plus(-3600 * (p as i64 % 90))))
                }
                (1, _) => (
                    u64::from(pick % 12),
                    Some(moment("2026-03-04T09:00:00+08:00")),
                ),
                _ => (u64::from(pick % 12), None),
            };
            Command::Correct {
                version,
                text: text("日期应为三日"),
                took_effect,
            }
        }
        CommandName::Exclude => {
            let since = case.map_or(moment("2026-03-02T09:00:00+08:00"), Case::received_at);
            let from = since.plus(3600 * (p as i64 % 50));
            Command::Exclude {
                reason: ["听证", "听证", "天气", "鉴定检测"][p % 4].to_owned(),
                from,
                until: from.plus(3600 * (p as i64 % 30)),
                evidence: text("听证笔录"),
            }
        }
        CommandName::AdoptCalendar => Command::AdoptCalendar {},
        CommandName::Delivered => Command::Delivered {
            effect: case
                .and_then(|case| case.awaits_delivery().or_else(|| last_told(case)))
                .filter(|_| p % 4 != 1)
                .unwrap_or_else(effect),
        },
        CommandName::Undelivered => Command::Undelivered {
            effect: effect(),
            why: text("号码已停机"),
            instead: (p % 2 == 0).then(|| "短信".parse().unwrap()),
        },
        CommandName::AdoptPlan => match (other_plan, case) {
            (Some(plan), _) if p % 2 == 0 => Command::AdoptPlan {
                plan: plan.clone(),
                approved_by: (p % 8 < 6).then(|| "leader-1".parse().unwrap()),
                facts: Default::default(),
            },
            (_, Some(case)) => Command::AdoptPlan {
                plan: case.plan().clone(),
                approved_by: None,
                facts: Default::default(),
            },
            _ => Command::Tick {},
        },
        CommandName::Redact => match case {
            Some(case) => Command::Redact {
                fields: vec![case.message().clone()],
                basis: if p % 3 == 0 {
                    String::new()
                } else {
                    "个人信息保护法第四十七条".into()
                },
            },
            None => Command::Tick {},
        },
        CommandName::Tick => Command::Tick {},
    }
}

/// The last that a case which follows another one had its citizen told.
fn last_told(case: &Case) -> Option<EffectId> {
    let told = |version| EffectId {
        case: case.id().clone(),
        version,
        index: 0,
    };
    let last = (1..=case.version()).rev().map(told);
    case.follows()?;
    last.into_iter().find(|effect| case.has_told(effect))
}

fn grounds(p: usize) -> String {
    ["调查不清楚", "处理不到位", "网民不满意", "心情不好"][p % 4].to_owned()
}

fn reopen_grounds(p: usize) -> String {
    ["新的事实", "新的理由", "就是想"][p % 3].to_owned()
}

/// The same plans, with a calendar that has been revised since.
pub fn revised(plans: &Plans) -> Plans {
    let mut notice = DayTable::cn();
    notice.revision = "later".into();
    notice
        .closed
        .insert("2026-03-09".parse().unwrap(), "州庆".into());
    let mut plans = plans.clone();
    plans.revise(notice).unwrap();
    plans
}

// ── histories ─────────────────────────────────────────────────────────────────────────────────────────────────

/// What came of one command.
#[derive(Debug, Clone)]
pub struct Tried {
    pub envelope: Envelope,
    pub before: Option<Case>,
    pub answer: Result<Decision, Refusal>,
}

#[derive(Clone)]
pub struct History {
    pub tried: Vec<Tried>,
    pub records: Vec<Record>,
    pub case: Option<Case>,
}

pub fn envelope(id: &str, by: Actor, at: Moment, command: Command) -> Envelope {
    Envelope {
        id: id.parse().unwrap(),
        case: "c".parse().unwrap(),
        salt: Salt::derived(b"laws", id),
        by,
        at,
        command,
    }
}

/// The person who most likely may: by role, and where the case names someone, that one.
fn likely(name: CommandName, case: Option<&Case>, who: u8) -> Actor {
    let everyone = persons();
    let role = name.roles()[usize::from(who) % name.roles().len()];
    let owner = case
        .and_then(|case| case.team())
        .map(|team| team.owner.clone());
    // Sometimes somebody does it for the owner who judges answers as well.
    if let (Role::Owner, Some(owner), 7) = (role, &owner, who % 8) {
        let mut deputy = actor(
            "many",
            &["owner", "intake", "reviewer", "supervisor", "co_handler"],
        );
        deputy.acting_for = Some(owner.clone()).filter(|owner| *owner != deputy.id);
        return deputy;
    }
    let named = everyone
        .iter()
        .filter(|person| match role {
            Role::Owner => owner.as_ref() == Some(&person.id),
            Role::Citizen => person.id.as_str() == "citizen",
            _ => true,
        })
        .filter(|person| person.roles.iter().any(|grant| grant.role == role));
    let named: Vec<&Actor> = named.collect();
    match named.get(usize::from(who / 8) % named.len().max(1)) {
        Some(person) => (*person).clone(),
        None => everyone[usize::from(who) % everyone.len()].clone(),
    }
}

/// Plays the steps. Half of them are of the stage's own moves by a likely person, with the rest anything by anyone.
pub fn play(plans: &Plans, steps: &[Step]) -> History {
    play_until(plans, steps.len(), plans, steps)
}

/// The same, with other plans in hand from a step on.
pub fn play_until(first: &Plans, until: usize, then: &Plans, steps: &[Step]) -> History {
    let mut history = History {
        tried: Vec::new(),
        records: Vec::new(),
        case: None,
    };
    let mut at = moment("2026-03-02T09:00:00+08:00");
    let other_plan = first
        .iter()
        .map(|hand| &hand.id)
        .find(|id| first.latest().map(|hand| &hand.id) != Some(id));
    for (n, step) in steps.iter().enumerate() {
        let plans = if n < until { first } else { then };
        at = at.plus(step.gap);
        let before = history.case.clone();
        let (name, by) = choose(before.as_ref(), step);
        let command = command(name, step.pick, before.as_ref(), other_plan);
        let envelope = envelope(&format!("k{n}"), by, at, command);
        let answer = decide(before.as_ref(), &envelope, plans);
        if let Ok(decision) = &answer {
            let mut case = before.clone();
            for record in &decision.records {
                case = Some(evolve(case, record).expect("a decision's own records follow"));
                history.records.push(record.clone());
            }
            assert_eq!(
                case.as_ref(),
                Some(&decision.case),
                "the decision's case is its records applied"
            );
            history.case = case;
        }
        history.tried.push(Tried {
            envelope,
            before,
            answer,
        });
    }
    history
}

fn choose(case: Option<&Case>, step: &Step) -> (CommandName, Actor) {
    let everyone = persons();
    let anyone = || everyone[usize::from(step.who) % everyone.len()].clone();
    let Some(case) = case else {
        let name = match step.kind {
            0..160 => CommandName::Open,
            160..180 => CommandName::OpenSub,
            180..195 => CommandName::Signal,
            195..240 => CommandName::Import,
            _ => CommandName::Screen,
        };
        return (name, likely(name, None, step.who));
    };
    if step.kind % 16 == 15 {
        let names = CommandName::ALL;
        return (names[usize::from(step.pick) % names.len()], anyone());
    }
    // A notice that is waited for comes more often than not.
    if case.awaits_delivery().is_some() && !step.kind.is_multiple_of(4) {
        let name = CommandName::Delivered;
        return (name, likely(name, Some(case), step.who));
    }
    // Merging comes too seldom by chance for what comes after it.
    let early = matches!(case.stage_name(), StageName::Received | StageName::Assigned);
    if early && case.follows().is_none() && step.kind % 64 == 33 {
        let name = CommandName::Merge;
        return (name, likely(name, Some(case), step.who));
    }
    // A part is called off in any stage, and the same signal comes again also when its case is closed.
    if case.main().is_some() && step.kind % 64 == 19 {
        return (
            CommandName::CallOff,
            likely(CommandName::CallOff, Some(case), step.who),
        );
    }
    if case.signal().is_some() && case.is_closed() && step.kind.is_multiple_of(3) {
        return (
            CommandName::Signal,
            likely(CommandName::Signal, Some(case), step.who),
        );
    }
    // A part that an answer waits for says something more often than not.
    if !case.subs_wanting().is_empty() && step.kind % 4 == 1 {
        let name = [CommandName::Hear, CommandName::Hear, CommandName::DropSub]
            [usize::from(step.kind / 4) % 3];
        return (name, likely(name, Some(case), step.who));
    }
    let on = moving(case);
    // Ends that end everything come seldom, so that histories go deep.
    let ends = [
        CommandName::Withdraw,
        CommandName::Merge,
        CommandName::Decline,
        CommandName::CallOff,
    ];
    let seldom = |name: &CommandName| !ends.contains(name) || step.pick.is_multiple_of(5);
    let all: Vec<CommandName> = accepted_in(case.stage_name()).filter(seldom).collect();
    let name = match step.kind % 5 {
        0 => all[usize::from(step.pick) % all.len()],
        _ => on[usize::from(step.kind / 5) % on.len()],
    };
    if step.kind % 16 == 7 {
        (name, anyone())
    } else {
        (name, likely(name, Some(case), step.who))
    }
}

/// What moves a case on from a stage; the first more often.
fn moving(case: &Case) -> &'static [CommandName] {
    use CommandName as C;
    match case.stage_name() {
        StageName::Received | StageName::Assigned if case.follows().is_some() => &[
            C::Relay,
            C::Delivered,
            C::Relay,
            C::Delivered,
            C::Relay,
            C::Delivered,
            C::Relay,
            C::Delivered,
            C::Rate,
            C::Note,
            C::Unmerge,
        ],
        StageName::Received => &[
            C::Assign,
            C::Assign,
            C::Screen,
            C::Screen,
            C::Assign,
            C::Screen,
            C::AskCitizen,
            C::Supplement,
            C::List,
            C::Decline,
        ],
        StageName::Assigned => &[
            C::Reply,
            C::CoReply,
            C::AskExtension,
            C::Reply,
            C::GrantExtension,
            C::AskExtension,
            C::GrantExtension,
            C::Sign,
            C::Reply,
            C::GrantExtension,
            C::Pause,
            C::Object,
            C::Rule,
            C::Divide,
        ],
        StageName::Replied => &[C::Review],
        StageName::Reviewed => &[
            C::StrikeOff,
            C::StrikeOff,
            C::CallBack,
            C::CallBack,
            C::Recheck,
            C::Rate,
            C::Recheck,
            C::Fulfil,
        ],
        StageName::Returned => &[
            C::Reply,
            C::Reply,
            C::CoReply,
            C::Reply,
            C::Pause,
            C::AskExtension,
            C::GrantExtension,
            C::Delivered,
            C::Divide,
        ],
        StageName::Closed if case.follows().is_some() => {
            &[C::Relay, C::Release, C::Relay, C::Release, C::Rate]
        }
        StageName::Closed => &[C::Rate, C::Rate, C::Rate, C::Rate, C::Reopen],
    }
}
