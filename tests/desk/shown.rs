//! Any cases, any pair of plans: what a preview shows is what adopting does.

use std::collections::BTreeSet;

use duly::desk::{AdoptMode, Adoptions, Answer, Desk, Ledger, MemoryLedger, Party};
use duly::plan::{Given, On, Plan, Plans};
use duly::time::Span;
use duly::words::{Class, ClockKind, Command, Facts, Role, Text, Verb};
use proptest::prelude::*;

use super::adopt::{adoptions, all, asked, host_fact, person, preview, rung, rungs, within};
use super::tries::config;
use super::{board, case, envelope};

/// One of the things that may be otherwise.
#[derive(Debug, Clone)]
enum Otherwise {
    Nothing,
    Limit(usize, u32),
    ClockMore(u32),
    ClockLess,
    FactMore(bool),
    Ladder(usize, u32),
}

fn otherwise() -> impl Strategy<Value = Otherwise> {
    prop_oneof![
        1 => Just(Otherwise::Nothing),
        4 => (any::<prop::sample::Index>(), 1u32..60).prop_map(|(at, days)| Otherwise::Limit(at.index(64), days)),
        1 => (1u32..20).prop_map(Otherwise::ClockMore),
        1 => Just(Otherwise::ClockLess),
        1 => any::<bool>().prop_map(Otherwise::FactMore),
        2 => (any::<prop::sample::Index>(), 1u32..20).prop_map(|(at, days)| Otherwise::Ladder(at.index(64), days)),
    ]
}

fn shipped() -> Plan {
    duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap()
}

fn changed(mut plan: Plan, how: &Otherwise) -> Plan {
    plan.edition.push('+');
    let many = plan.clocks.len();
    match how {
        Otherwise::Nothing => {}
        Otherwise::Limit(at, days) => {
            let kind = plan.clocks[at % many].kind;
            if kind != ClockKind::Commitment {
                within(&mut plan, kind, Span::WorkingDays(*days));
            }
        }
        Otherwise::ClockMore(days) => {
            // Those that a pack may have and this one has not.
            let mut rule = plan.clock(ClockKind::Screen).unwrap().clone();
            let has = |kind| plan.clock(kind).is_some();
            let new = [
                (ClockKind::Acknowledge, duly::words::ClockMark::Received),
                (ClockKind::Ownership, duly::words::ClockMark::Assigned),
            ];
            if let Some((kind, starts)) = new.into_iter().find(|(kind, _)| !has(*kind)) {
                rule.kind = kind;
                rule.starts = starts;
                rule.stops = kind.stops().to_vec();
                rule.rungs = Vec::new();
                plan.clocks.push(rule);
                within(&mut plan, kind, Span::WorkingDays(*days));
            }
        }
        Otherwise::ClockLess => {
            let may = |kind| {
                matches!(
                    kind,
                    ClockKind::Update
                        | ClockKind::Ownership
                        | ClockKind::Acknowledge
                        | ClockKind::Object
                )
            };
            if let Some(at) = plan.clocks.iter().position(|rule| may(rule.kind)) {
                plan.clocks.remove(at);
            }
        }
        Otherwise::FactMore(needed) => {
            let mut fact = host_fact("more");
            fact.otherwise = (!needed).then(|| false.into());
            plan.schema.facts.push(fact);
        }
        Otherwise::Ladder(at, days) => {
            let kind = plan.clocks[at % many].kind;
            let late = On::After(Span::WorkingDays(*days));
            let early = On::Before(Span::WorkingDays(*days));
            let ladder = vec![
                rung("before", early, Verb::Remind),
                rung("after", late, Verb::Supervise),
            ];
            rungs(&mut plan, kind, ladder);
        }
    }
    plan
}

/// So far a case has come, and how long it lies since.
#[derive(Debug, Clone)]
struct Course {
    steps: Vec<(u8, i64)>,
}

fn course() -> impl Strategy<Value = Course> {
    let step = (0u8..8, prop_oneof![1i64..600, 600i64..20_000]);
    proptest::collection::vec(step, 0..6).prop_map(|steps| Course { steps })
}

fn go<L: Ledger>(desk: &Desk<L>, of: &str, course: &Course, facts: &Facts) -> i64 {
    let mut minutes = 0;
    let mut send = |number: usize, role: Role, gap: i64, command: Command| {
        minutes += gap;
        let sent = envelope(&format!("{of}-{number}"), of, role, minutes, command);
        // What does not fit is refused, and that is all.
        let _: Answer = desk.submit(sent).unwrap();
        minutes
    };
    let mut first = super::open(of);
    if let Command::Open { facts: given, .. } = &mut first {
        given.extend(facts.clone());
    }
    send(0, Role::Intake, 0, first);
    let mut last = 0;
    for (number, (what, gap)) in (1..).zip(&course.steps) {
        let (role, command) = match what {
            0 | 1 => (
                Role::Intake,
                Command::Screen {
                    class: Class::Problem,
                    facts: Facts::from([("urgent".into(), false.into())]),
                },
            ),
            2 | 3 => (
                Role::Intake,
                Command::Assign {
                    unit: "water".parse().unwrap(),
                    owner: "the-owner".parse().unwrap(),
                    co_handlers: Vec::new(),
                },
            ),
            4 => (Role::UnitHead, Command::Sign {}),
            5 => (
                Role::Owner,
                Command::Pause {
                    reason: "待网民补充".into(),
                    evidence: Text::from("已去电"),
                },
            ),
            6 => (
                Role::Intake,
                Command::AskCitizen {
                    question: Text::from("哪一段路?"),
                },
            ),
            _ => (
                Role::Owner,
                Command::Update {
                    text: Text::from("正在修"),
                },
            ),
        };
        last = send(number, role, *gap, command);
    }
    last
}

/// Those that a citizen or a host must give, each by its first value.
fn given(plan: &Plan) -> Facts {
    let facts = plan.schema.facts.iter();
    facts
        .filter(|fact| matches!(fact.given, Given::Citizen | Given::Host))
        .map(|fact| (fact.name.clone(), fact.domain.value(fact.domain.codes().0)))
        .collect()
}

/// A citizen who keeps the office waiting is due later by that time, counted as it was when they were promised an answer: new
/// rules that count in other units come in between and move nothing.
#[test]
fn what_was_waited_is_counted_as_it_was_promised() {
    let old = shipped();
    let mut plans = Plans::new(board());
    plans.take(old.clone()).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let course = Course {
        steps: vec![(6, 1)],
    };
    let asks = go(&desk, "m01", &course, &given(&old));
    for kind in old.clocks.iter().map(|rule| rule.kind) {
        if kind == ClockKind::Commitment {
            continue;
        }
        let mut next = old.clone();
        next.edition = format!("{kind:?}");
        within(&mut next, kind, Span::WorkingDays(2));
        for waited in [30, 700, 1_979, 9_000] {
            let found = preview(&desk, &asked(&next, asks + waited));
            for clock in &found.cases[0].clocks {
                let after = clock.after.unwrap();
                assert_eq!(after.promised, clock.before.promised, "{kind:?} {waited}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config(96))]

    /// What was shown is what is done; nobody's promise moves; nothing gets worse for a citizen without an approver.
    #[test]
    fn what_is_shown_is_what_is_done(
        courses in proptest::collection::vec(course(), 1..4), how in otherwise(), mode in 0u8..3,
        approved in any::<bool>(), gives in any::<bool>(), later in 0i64..30_000,
    ) {
        let old = shipped();
        let next = changed(old.clone(), &how);
        let mut plans = Plans::new(board());
        plans.take(old.clone()).unwrap();
        let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
        let facts = given(&old);
        let mut last = 0;
        for (n, course) in courses.iter().enumerate() {
            last = last.max(go(&desk, &format!("m{n:02}"), course, &facts));
        }
        prop_assert_eq!(desk.cases(None, 10).unwrap().len(), courses.len());
        let mut asked = asked(&next, last + later);
        asked.mode = match mode {
            0 => AdoptMode::NoneAdverse,
            1 => AdoptMode::Listed(BTreeSet::from([case("m00")])),
            _ => AdoptMode::All,
        };
        if approved {
            asked.approver = Some(person("leader-1"));
        }
        if gives {
            asked.facts = Facts::from([("more".into(), true.into())]);
        }
        let before: Vec<_> = (0..courses.len())
            .map(|n| desk.case(&case(&format!("m{n:02}"))).unwrap().unwrap()).collect();
        let shown = preview(&desk, &asked);
        for was in &before {
            prop_assert_eq!(&desk.case(was.id()).unwrap().unwrap(), was);
        }
        let did = all(&desk, &asked);
        prop_assert!(did.stuck.is_empty());
        prop_assert_eq!(&Adoptions { done: true, ..shown }, &did);
        for was in &before {
            let is = desk.case(was.id()).unwrap().unwrap();
            let it = did.cases.iter().find(|it| it.case == *was.id());
            if !it.is_some_and(|it| it.adopts()) {
                prop_assert_eq!(&is, was);
                continue;
            }
            let it = it.unwrap();
            prop_assert_eq!(is.plan(), &next.id());
            prop_assert_eq!(adoptions(&desk, was.id().as_str()), 1);
            prop_assert!(it.approved_by.is_some() == it.is_worse_for(Party::Citizen), "{:?}", it);
            if matches!(asked.mode, AdoptMode::NoneAdverse) {
                prop_assert!(it.adverse.is_empty());
            }
            for clock in &it.clocks {
                let now = is.clocks().iter().find(|now| now.key == clock.clock).unwrap();
                let due = clock.after.map(|after| (after.legal, after.promised));
                let live = now.is_live().then_some((now.schedule.legal_due, now.schedule.promised_due));
                prop_assert_eq!(due, live);
                if let Some(after) = clock.after {
                    prop_assert_eq!(after.promised, clock.before.promised);
                    prop_assert!(after.legal <= clock.before.legal || it.approved_by.is_some());
                    // Nobody is late at once by another rule.
                    prop_assert!(it.at <= after.legal || it.at > clock.before.legal, "{:?}", clock);
                }
            }
        }
        // The same rules under another edition are worse for nobody.
        if matches!(how, Otherwise::Nothing) {
            prop_assert!(did.cases.iter().all(|it| it.adverse.is_empty() && it.adopts()), "{:?}", did.cases);
        }
        prop_assert_eq!(desk.adopt_preview(&asked, None, 100).unwrap().counts.adopt, 0);
        desk.verify().unwrap();
    }
}
