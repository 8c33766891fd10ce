//! A plan on trial: what it would have decided otherwise is counted, and nothing else is otherwise for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use duly::desk::{
    Cursor, Desk, Difference, DifferenceKind, Ledger, MemoryLedger, ShadowReport, Shadowing,
};
use duly::plan::Decision as Rule;
use duly::plan::{DerivedRule, Diagram, FactRule, GateRule, Given, Judged, On, Plan, Plans};
use duly::time::Span;
use duly::words::{
    Actor, Class, ClockKind, Command, Facts, Gate, Lang, Role, RuleId, Text, Verb, Why,
};
use proptest::prelude::*;

use super::adopt::{edition, host_fact, rung, rungs, within};
use super::tries::config;
use super::{at, board, done, envelope, noted, on_every_ledger, opened, plans, screened};

fn kinds(report: &ShadowReport) -> BTreeMap<DifferenceKind, u64> {
    report.kinds.clone()
}

fn trial<L: Ledger>(desk: &Desk<L>, plan: &Plan) {
    assert_eq!(desk.shadow(Shadowing::of(plan.clone())).unwrap(), plan.id());
}

fn assigned(id: &str, of: &str, minutes: i64) -> duly::words::Envelope {
    let command = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: Vec::new(),
    };
    envelope(id, of, Role::Intake, minutes, command)
}

#[test]
fn a_command_is_told_by_what_it_brings_about_and_not_by_what_was_so_before() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let mut next = edition("2");
        within(&mut next, ClockKind::Screen, Span::WorkingDays(9));
        within(&mut next, ClockKind::Assign, Span::WorkingDays(9));
        trial(&desk, &next);
        // The clock of screening differs already; a note brings nothing about.
        done(&desk, noted("n1", "m01", 1, "已核"));
        let report = desk.shadow_report().unwrap();
        assert_eq!((report.decided, report.differing), (1, 0));
        // What comes after screening does.
        done(&desk, screened("s1", "m01", 2));
        // A new case is opened under the plan on trial.
        done(&desk, opened("c2", "m02", 3));
        let report = desk.shadow_report().unwrap();
        assert_eq!((report.decided, report.differing), (3, 2));
        let clocks: Vec<(&str, ClockKind)> = report
            .latest
            .iter()
            .flat_map(|it| it.found.iter().map(|found| (it.command.as_str(), found)))
            .filter_map(|(command, found)| match found {
                Difference::Due {
                    clock,
                    active,
                    trial,
                } => {
                    assert!(active.unwrap().legal < trial.unwrap().legal);
                    Some((command, clock.kind))
                }
                _ => None,
            })
            .collect();
        assert_eq!(
            clocks,
            [("s1", ClockKind::Assign), ("c2", ClockKind::Screen)]
        );
        assert_eq!(desk.end_shadow(), Some(report));
        done(&desk, noted("n2", "m01", 4, "又核"));
        assert_eq!(desk.shadow_report(), None);
        assert!(!desk.plans().iter().any(|hand| hand.id == next.id()));
        assert_eq!(desk.kept_plan(&next.id()).unwrap(), None);
    });
}

/// With a trial or without, the same records with the same hashes, the same alarms, the same notices.
#[test]
fn a_trial_changes_nothing() {
    let run = |shadowed: bool| {
        let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
        let mut next = edition("2");
        within(&mut next, ClockKind::Assign, Span::WorkingDays(1));
        next.schema.facts.push(host_fact("crowd"));
        if shadowed {
            trial(&desk, &next);
        }
        for n in 0..5 {
            let of = format!("m{n:02}");
            done(&desk, opened(&format!("c{n}"), &of, n));
            done(&desk, screened(&format!("s{n}"), &of, 10 + n));
            // Refused, and remembered.
            let _ = desk
                .submit(screened(&format!("x{n}"), &of, 11 + n))
                .unwrap();
            done(&desk, assigned(&format!("a{n}"), &of, 20 + n));
        }
        let _ = desk.advance(at(60 * 24 * 40)).unwrap();
        let all = desk.read(&Cursor::start(), 10_000).unwrap().items;
        let out = desk.outbox(&Cursor::start(), 10_000).unwrap().items;
        desk.verify().unwrap();
        (all, out, desk.next_alarm().unwrap())
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn what_only_one_of_them_accepts_is_told_with_its_reason() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    let mut next = edition("2");
    next.schema.facts.push(host_fact("crowd"));
    next.pauses.retain(|it| it.reason != "等候配件");
    trial(&desk, &next);
    // A message that says nothing of it would be refused.
    done(&desk, opened("c2", "m02", 1));
    // A case under way could not go over; with the value it can.
    done(&desk, noted("n1", "m01", 2, "问"));
    let report = desk.shadow_report().unwrap();
    let found: Vec<DifferenceKind> = report
        .latest
        .iter()
        .flat_map(|it| it.found.iter().map(Difference::kind))
        .collect();
    assert_eq!(
        found,
        [DifferenceKind::RefusedThere, DifferenceKind::CannotAdopt]
    );
    let Difference::CannotAdopt { trial: refusal } = &report.latest[1].found[0] else {
        panic!("{:?}", report.latest[1]);
    };
    assert!(matches!(*refusal.why, Why::FactsWanted { .. }));
    let facts = Facts::from([("crowd".into(), true.into())]);
    desk.shadow(Shadowing::of(next.clone()).with_facts(facts))
        .unwrap();
    done(&desk, noted("n2", "m01", 3, "答"));
    assert_eq!(desk.shadow_report().unwrap().differing, 0);
    // Refused by both, for other reasons; and refused here alone.
    done(&desk, screened("s1", "m01", 4));
    done(&desk, assigned("a1", "m01", 5));
    let pause = |id: &str, reason: &str, minutes| {
        let command = Command::Pause {
            reason: reason.into(),
            evidence: Text::from("单据"),
        };
        envelope(id, "m01", Role::Owner, minutes, command)
    };
    done(&desk, pause("p1", "等候配件", 6));
    assert!(
        desk.submit(pause("p2", "等候领导", 7))
            .unwrap()
            .refusal()
            .is_some()
    );
    let report = desk.shadow_report().unwrap();
    assert_eq!(kinds(&report)[&DifferenceKind::RefusedThere], 1);
    assert_eq!(kinds(&report)[&DifferenceKind::RefusedOtherwise], 1);
    let mut more = next.clone();
    more.edition = "3".into();
    more.schema.facts.pop();
    let mut rule = edition("").pauses[2].clone();
    rule.reason = "等候领导".into();
    more.pauses.push(rule);
    trial(&desk, &more);
    assert!(
        desk.submit(pause("p3", "等候领导", 8))
            .unwrap()
            .refusal()
            .is_some()
    );
    let kinds = kinds(&desk.shadow_report().unwrap());
    assert_eq!(kinds[&DifferenceKind::AcceptedThere], 1);
}

#[test]
fn the_latest_are_kept_and_all_are_counted_and_heard_of() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let mut next = edition("2");
    within(&mut next, ClockKind::Screen, Span::WorkingDays(9));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let trial = Shadowing::of(next).keeping(3).observed(move |difference| {
        hears.lock().unwrap().push(difference.case.to_string());
    });
    desk.shadow(trial).unwrap();
    let all: Vec<String> = (0..8).map(|n| format!("m{n:02}")).collect();
    for (n, of) in all.iter().enumerate() {
        done(&desk, opened(&format!("c{n}"), of, n as i64));
    }
    // Sent again, it is answered and not decided.
    done(&desk, opened("c0", "m00", 0));
    let report = desk.shadow_report().unwrap();
    assert_eq!((report.decided, report.differing), (8, 8));
    assert_eq!(kinds(&report)[&DifferenceKind::Due], 8);
    let kept: Vec<String> = report.latest.iter().map(|it| it.case.to_string()).collect();
    assert_eq!(kept, all[5..]);
    assert_eq!(*heard.lock().unwrap(), all);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<ShadowReport>(&text).unwrap(), report);
}

/// Whatever goes wrong in the trial is counted, and the answer is as it would be without.
#[test]
fn what_goes_wrong_in_a_trial_disturbs_nobody() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut held = plans();
    held.derive("remote", |known| -> bool {
        panic!("no map of {}", known.place())
    });
    let desk = Desk::new(MemoryLedger::new(board()), held).unwrap();
    let mut next = edition("2");
    next.schema.facts.push(FactRule {
        given: Given::Derived,
        ..host_fact("remote")
    });
    next.derived.push(DerivedRule {
        fact: "remote".into(),
        from: Vec::new(),
    });
    trial(&desk, &next);
    done(&desk, opened("c1", "m01", 0));
    let report = desk.shadow_report().unwrap();
    assert_eq!(
        report.latest[0].found,
        [Difference::Fault {
            said: "no map of 632521".into()
        }]
    );
    // An observer that falls over.
    let mut late = edition("3");
    within(&mut late, ClockKind::Screen, Span::WorkingDays(9));
    let falls = Shadowing::of(late).observed(|_| panic!("the line is down"));
    desk.shadow(falls).unwrap();
    done(&desk, opened("c2", "m02", 1));
    let kinds = kinds(&desk.shadow_report().unwrap());
    assert_eq!(
        (kinds[&DifferenceKind::Fault], kinds[&DifferenceKind::Due]),
        (1, 1)
    );
    // One that cannot be used at all leaves the trial that there is.
    let mut nowhere = edition("4");
    nowhere.holidays = vec!["atlantis".into()];
    assert!(desk.shadow(Shadowing::of(nowhere)).unwrap_err().is_plan());
    assert_eq!(desk.shadow_report().unwrap().decided, 1);
    desk.verify().unwrap();
}

// What a transaction that is undone had found did not happen; done again, it is counted once.
#[test]
fn a_group_that_is_taken_back_is_not_counted() {
    on_every_ledger(|desk| {
        let mut next = edition("2");
        within(&mut next, ClockKind::Screen, Span::WorkingDays(9));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&heard);
        let trial = Shadowing::of(next).observed(move |difference| {
            hears.lock().unwrap().push(difference.case.to_string());
        });
        desk.shadow(trial).unwrap();
        let decided = || desk.shadow_report().unwrap().decided;
        let go = |keep: bool| {
            desk.together(|| {
                done(&desk, opened("c1", "m01", 0));
                // A group within it can fail alone.
                let inner = desk.together(|| {
                    done(&desk, opened("c2", "m02", 0));
                    Err(duly::desk::DeskError::misuse("not that one"))
                });
                assert!(inner.is_err());
                desk.together(|| {
                    done(&desk, opened("c3", "m03", 0));
                    Ok(())
                })?;
                assert_eq!(decided(), 0, "nothing is done yet");
                match keep {
                    true => Ok(()),
                    false => Err(duly::desk::DeskError::misuse("changed our mind")),
                }
            })
        };
        assert!(go(false).is_err());
        assert_eq!(decided(), 0);
        assert!(heard.lock().unwrap().is_empty());
        // Nor of one that falls over.
        let fell = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            desk.together(|| {
                done(&desk, opened("c1", "m01", 0));
                panic!("on purpose");
            })
        }));
        assert!(fell.is_err());
        assert_eq!(decided(), 0);
        go(true).unwrap();
        assert_eq!(decided(), 2);
        assert_eq!(*heard.lock().unwrap(), ["m01", "m03"]);
        done(&desk, opened("c2", "m02", 1));
        assert_eq!(decided(), 3);
    });
}

#[test]
fn a_case_that_went_over_is_compared_no_more_and_a_reload_does_not_end_the_trial() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    let mut next = edition("2");
    within(&mut next, ClockKind::Screen, Span::WorkingDays(1));
    within(&mut next, ClockKind::Assign, Span::WorkingDays(1));
    trial(&desk, &next);
    // Another plan comes in force meanwhile: new cases are compared with it.
    let mut third = edition("3");
    within(&mut third, ClockKind::Screen, Span::WorkingDays(7));
    desk.reload(third).unwrap();
    done(&desk, opened("c2", "m02", 1));
    assert_eq!(desk.shadow_report().unwrap().differing, 1);
    let asked = duly::desk::Adoption::of(
        next,
        Actor::new("duban".parse().unwrap(), Role::Supervisor),
        at(2),
    )
    .mode(duly::desk::AdoptMode::All)
    .approved_by("leader-1".parse().unwrap());
    assert_eq!(desk.adopt(&asked, None, 10).unwrap().counts.adopt, 2);
    let before = desk.shadow_report().unwrap().decided;
    done(&desk, screened("s1", "m01", 3));
    assert_eq!(desk.shadow_report().unwrap().decided, before);
}

#[test]
fn a_report_reads_well() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    let mut next = edition("2");
    next.title = "办理办法(2026 年修订)".into();
    within(&mut next, ClockKind::Assign, Span::WorkingDays(2));
    within(&mut next, ClockKind::Reply, Span::WorkingDays(5));
    let after = On::After(Span::WorkingDays(2));
    rungs(
        &mut next,
        ClockKind::Reply,
        vec![rung("after-2wd", after, Verb::Supervise)],
    );
    next.classify = Some(Rule::new(
        RuleId::new("classify(class)"),
        Diagram::constant(Some(Class::Question)),
    ));
    next.gates.push(GateRule {
        gate: Gate::Process,
        judged: Judged::Review,
        met: Rule::new(RuleId::new("gate(process).1"), Diagram::constant(false)),
        words: "写明何时到过现场".into(),
    });
    next.pauses.clear();
    trial(&desk, &next);
    done(&desk, screened("c2", "m01", 5));
    done(&desk, assigned("c3", "m01", 6));
    done(
        &desk,
        envelope("c4", "m01", Role::Owner, 7, Command::Sign {}),
    );
    let pause = Command::Pause {
        reason: "待网民补充".into(),
        evidence: Text::from("已去电"),
    };
    done(&desk, envelope("c5", "m01", Role::Owner, 8, pause));
    let report = desk.shadow_report().unwrap();
    let of = |lang| format!("{}\n\n{}", report.summary(lang), report.table(lang));
    insta::assert_snapshot!(format!("{}\n{}", of(Lang::Zh), of(Lang::En)));
}

proptest! {
    #![proptest_config(config(128))]

    /// The same rules under another edition decide every command the same, wherever a case has come to, and whatever it waits for.
    #[test]
    fn a_plan_that_says_the_same_differs_in_nothing(
        steps in proptest::collection::vec((0u8..12, prop_oneof![1i64..600, 600i64..20_000]), 1..14),
        begins in 0usize..8,
    ) {
        let old: Plan = duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap();
        let mut next = old.clone();
        next.edition.push('+');
        let mut held = Plans::new(board());
        held.take(old.clone()).unwrap();
        let desk = Desk::new(MemoryLedger::new(board()), held).unwrap();
        let given = |fact: &&FactRule| matches!(fact.given, Given::Citizen | Given::Host);
        let facts: Facts = old.schema.facts.iter().filter(given)
            .map(|fact| (fact.name.clone(), fact.domain.value(fact.domain.codes().0)))
            .collect();
        let intake: Facts = old.schema.facts.iter().filter(|fact| fact.given == Given::Intake)
            .map(|fact| (fact.name.clone(), fact.domain.value(fact.domain.codes().0)))
            .collect();
        let mut first = opened("c0", "m01", 0);
        if let Command::Open { facts: sent, .. } = &mut first.command {
            sent.extend(facts);
        }
        done(&desk, first);
        let mut minutes = 0;
        for (n, (what, gap)) in steps.iter().enumerate() {
            minutes += gap;
            if n == begins {
                trial(&desk, &next);
            }
            let id = format!("s{n}");
            let text = |words: &str| Text::from(words);
            let (role, command) = match what {
                0 | 1 => (Role::Intake, Command::Screen { class: Class::Problem, facts: intake.clone() }),
                2 | 3 => (Role::Intake, Command::Assign {
                    unit: "water".parse().unwrap(), owner: "the-owner".parse().unwrap(), co_handlers: Vec::new(),
                }),
                4 => (Role::UnitHead, Command::Sign {}),
                5 => (Role::UnitHead, Command::Pause { reason: "待网民补充".into(), evidence: text("已去电") }),
                6 => (Role::Intake, Command::AskCitizen { question: text("哪一段路?") }),
                7 => (Role::Citizen, Command::Supplement { answer: text("村口") }),
                8 => (Role::UnitHead, Command::Resume { reason: "待网民补充".into() }),
                9 => (Role::Owner, Command::Update { text: text("正在修") }),
                10 => (Role::Intake, Command::Note { text: text("已核") }),
                11 => (Role::Supervisor, Command::Track { reason: text("超期") }),
                _ => (Role::UnitHead, Command::Object { reason: text("不归我们管"), should_be: None }),
            };
            let mut sent = envelope(&id, "m01", role, minutes, command);
            if role == Role::Citizen {
                sent.by = Actor::new("citizen-1".parse().unwrap(), Role::Citizen);
            }
            let _ = desk.submit(sent).unwrap();
        }
        if let Some(report) = desk.shadow_report() {
            prop_assert_eq!(&report.latest, &[]);
            prop_assert_eq!(report.differing, 0);
        }
        desk.verify().unwrap();
    }
}
