//! Random plans, within what a pack may say, and the plans in hand.

use std::collections::BTreeMap;

use duly::plan::{
    Count, CountRule, Decision as Rule, DeclineRule, Diagram, Domain, FactRule, GateRule, Given,
    Judged, Limit, Mention, NoticeRule, On, PauseKind, PauseRule, Plan, Plans, Quiet, Region,
    ReopenCount, ReviewRule, Rung, SUPPLEMENT, TrackRule, bare,
};
use duly::time::{DayTable, Span};
use duly::words::*;
use proptest::prelude::*;

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
