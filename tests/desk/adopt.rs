//! Another plan for cases under way: what is shown beforehand, who goes over, and what stays as it is.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duly::desk::{
    AdoptMode, Adoption, Adoptions, Adverse, Desk, DeskError, Ledger, MemoryLedger, Party,
    SqliteLedger, StaysFor,
};
use duly::plan::{
    Decision as Rule, DeclineRule, Diagram, Domain, ExtensionRule, FactRule, GateRule, Given,
    Judged, Limit, Mention, On, PauseRule, Plan, Plans, Region, ReopenCount, ReviewRule, Rung,
    bare,
};
use duly::time::Span;
use duly::words::{
    Actor, Class, ClockKind, Command, DeclineGround, Event, FactValue, Facts, Gate, Lang, Outcome,
    PersonId, Role, RuleId, Text, Verb,
};

use super::around::{Around, Asks};
use super::{
    actor, at, board, case, done, envelope, noted, on_every_ledger, opened, plans, screened,
};

pub fn edition(name: &str) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    plan.edition = name.into();
    plan
}

pub fn within(plan: &mut Plan, kind: ClockKind, span: Span) {
    let rule = plan.clocks.iter_mut().find(|it| it.kind == kind).unwrap();
    let id = rule.within.rule.clone();
    rule.within = Rule::new(id, Diagram::constant(Limit::Span(span)));
}

pub fn rung(key: &str, on: On, verb: Verb) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: format!("{key} 督办"),
        acts: vec![(verb, "supervisor".into())],
        when: None,
        at_once: false,
    }
}

pub fn rungs(plan: &mut Plan, kind: ClockKind, rungs: Vec<Rung>) {
    let rule = plan.clocks.iter_mut().find(|it| it.kind == kind).unwrap();
    rule.rungs = rungs;
}

pub fn host_fact(name: &str) -> FactRule {
    FactRule {
        name: name.into(),
        domain: Domain::YesNo,
        given: Given::Host,
        moves: true,
        otherwise: None,
        question: String::new(),
    }
}

pub fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

pub fn asked(plan: &Plan, minutes: i64) -> Adoption {
    Adoption::of(plan.clone(), actor(Role::Supervisor), at(minutes)).mode(AdoptMode::All)
}

pub fn all<L: Ledger>(desk: &Desk<L>, asked: &Adoption) -> Adoptions {
    desk.adopt(asked, None, 100).unwrap()
}

pub fn preview<L: Ledger>(desk: &Desk<L>, asked: &Adoption) -> Adoptions {
    desk.adopt_preview(asked, None, 100).unwrap()
}

/// The version and plan of a case.
fn stands<L: Ledger>(desk: &Desk<L>, of: &str) -> (u64, String) {
    let case = desk.case(&case(of)).unwrap().unwrap();
    (case.version(), case.plan().to_string())
}

pub fn adoptions<L: Ledger>(desk: &Desk<L>, of: &str) -> usize {
    let history = desk.history(&case(of)).unwrap();
    let adopted = |event: &Event| matches!(event, Event::PlanAdopted { .. });
    let events = history.iter().map(|entry| &entry.sealed.record.event);
    events.filter(|event| adopted(event)).count()
}

#[test]
fn a_preview_tells_due_moments_before_and_after_and_changes_nothing() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, opened("c2", "m02", 5));
        let before = (stands(&desk, "m01"), stands(&desk, "m02"));
        let plans = desk.plans();
        let mut next = edition("2");
        within(&mut next, ClockKind::Whole, Span::CalendarDays(5));
        within(&mut next, ClockKind::Screen, Span::WorkingDays(20));
        let found = preview(&desk, &asked(&next, 10));
        assert_eq!(before, (stands(&desk, "m01"), stands(&desk, "m02")));
        assert!(Arc::ptr_eq(&plans, &desk.plans()));
        assert_eq!(desk.kept_plan(&next.id()).unwrap(), None);
        assert!(!found.done && found.next.is_none());
        assert_eq!((found.counts.looked, found.counts.stay_unapproved), (2, 2));
        for it in &found.cases {
            let of = |kind| {
                it.clocks
                    .iter()
                    .find(|clock| clock.clock.kind == kind)
                    .unwrap()
            };
            let (whole, screen) = (of(ClockKind::Whole), of(ClockKind::Screen));
            assert!(whole.after.unwrap().legal < whole.before.legal);
            assert!(screen.after.unwrap().legal > screen.before.legal);
            let due = |kind| {
                desk.case(&it.case)
                    .unwrap()
                    .unwrap()
                    .clock(kind)
                    .unwrap()
                    .due()
            };
            assert_eq!(Some(whole.before.legal), due(ClockKind::Whole));
            assert_eq!(whole.after.unwrap().promised, whole.before.promised);
            assert_eq!(screen.after.unwrap().promised, screen.before.promised);
            assert!(it.adverse.contains(&Adverse::DueLater));
            assert!(it.adverse.contains(&Adverse::DueEarlier));
            assert!(it.is_worse_for(Party::Citizen) && it.is_worse_for(Party::Office));
            assert_eq!(it.stays, Some(StaysFor::NoApprover));
        }
    });
}

#[test]
fn each_mode_takes_those_it_names_and_no_other() {
    on_every_ledger(|desk| {
        for (n, of) in ["m01", "m02", "m03"].iter().enumerate() {
            done(&desk, opened(&format!("c{n}"), of, n as i64));
        }
        // The first has an intake officer who handled it; of the third the clock of screening is stopped.
        done(&desk, screened("s1", "m03", 5));
        let mut next = edition("2");
        within(&mut next, ClockKind::Screen, Span::WorkingDays(20));
        let before = stands(&desk, "m01");

        // New cases only: as a reload, and nothing else.
        let new = all(&desk, &asked(&next, 10).mode(AdoptMode::NewOnly));
        assert_eq!((new.counts.looked, new.cases.len()), (0, 0));
        assert_eq!(desk.plans().latest().unwrap().id, next.id());
        assert_eq!(stands(&desk, "m01"), before);

        // Nobody worse off.
        let fine = all(&desk, &asked(&next, 10).mode(AdoptMode::NoneAdverse));
        assert_eq!((fine.counts.adopt, fine.counts.stay_adverse), (1, 2));
        assert_eq!(stands(&desk, "m03").1, next.id().to_string());
        assert_eq!(stands(&desk, "m01"), before);

        // All, but nobody approved it; or whoever asks did.
        let none = all(&desk, &asked(&next, 11));
        assert_eq!((none.counts.adopt, none.counts.stay_unapproved), (0, 2));
        assert_eq!(none.counts.under_it, 1);
        let asker = actor(Role::Supervisor).id;
        let own = all(&desk, &asked(&next, 11).approved_by(asker));
        assert_eq!((own.counts.adopt, own.counts.stay_unapproved), (0, 2));
        assert!(matches!(
            own.cases[0].stays,
            Some(StaysFor::Approver { .. })
        ));
        assert_eq!(stands(&desk, "m01"), before);

        // Whoever is listed and is not there was meant otherwise.
        let both = AdoptMode::Listed(BTreeSet::from([case("m02"), case("m20")]));
        for done in [false, true] {
            let asked = asked(&next, 12).mode(both.clone());
            let found = match done {
                true => desk.adopt(&asked, None, 100),
                false => desk.adopt_preview(&asked, None, 100),
            };
            let said = found.unwrap_err().to_string();
            assert!(said.contains("there is no case `m20`"), "{said}");
        }
        assert_eq!(stands(&desk, "m02").1, before.1);

        // One of them, by name, with an approver.
        let only = AdoptMode::Listed(BTreeSet::from([case("m02")]));
        let one = asked(&next, 12).approved_by(person("leader-1"));
        let one = all(&desk, &one.mode(only));
        assert_eq!((one.counts.adopt, one.counts.not_asked), (1, 2));
        assert_eq!(one.cases[0].approved_by, Some(person("leader-1")));
        assert_eq!(stands(&desk, "m01"), before);

        let rest = all(&desk, &asked(&next, 13).approved_by(person("leader-1")));
        assert_eq!((rest.counts.adopt, rest.counts.under_it), (1, 2));
        // Who approved stands in the record, and only where it was needed.
        let approved = |of: &str| {
            let history = desk.history(&case(of)).unwrap();
            history
                .iter()
                .find_map(|entry| match &entry.sealed.record.event {
                    Event::PlanAdopted { approved_by, .. } => Some(approved_by.clone()),
                    _ => None,
                })
        };
        assert_eq!(approved("m01"), Some(Some(person("leader-1"))));
        assert_eq!(approved("m03"), Some(None));
        desk.verify().unwrap();
    });
}

#[test]
fn whoever_handled_a_case_does_not_approve_what_is_worse_for_its_citizen() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, screened("c2", "m01", 1));
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: Vec::new(),
    };
    done(&desk, envelope("c3", "m01", Role::Intake, 2, assign));
    let handlers = desk.case(&case("m01")).unwrap().unwrap().handlers().clone();
    let handler = handlers.first().unwrap().clone();
    let mut next = edition("2");
    within(&mut next, ClockKind::Whole, Span::CalendarDays(300));
    let found = all(&desk, &asked(&next, 10).approved_by(handler));
    assert_eq!((found.counts.adopt, found.counts.stay_unapproved), (0, 1));
    let Some(StaysFor::Approver { refusal }) = &found.cases[0].stays else {
        panic!("{:?}", found.cases[0].stays);
    };
    assert!(refusal.say(Lang::En).contains("cannot `adopt_plan`"));
    assert_eq!(adoptions(&desk, "m01"), 0);
}

/// What a citizen was promised is neither shortened nor lengthened, whatever the limit becomes, with or without an approver.
#[test]
fn a_promise_stays_whatever_the_limit_becomes() {
    for days in [3, 300] {
        let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
        done(&desk, opened("c1", "m01", 0));
        let promised = |desk: &Desk<_>| {
            let case = desk.case(&case("m01")).unwrap().unwrap();
            let whole = case.clock(ClockKind::Whole).unwrap();
            (whole.schedule.legal_due, whole.schedule.promised_due)
        };
        let (legal, before) = promised(&desk);
        let mut next = edition("2");
        within(&mut next, ClockKind::Whole, Span::CalendarDays(days));
        let found = all(&desk, &asked(&next, 10).approved_by(person("leader-1")));
        assert_eq!(found.counts.adopt, 1);
        let (now, after) = promised(&desk);
        assert_ne!(now, legal);
        assert_eq!(after, before);
        assert_eq!(found.cases[0].clocks.len(), {
            let case = desk.case(&case("m01")).unwrap().unwrap();
            case.clocks().iter().filter(|clock| clock.is_live()).count()
        });
    }
}

#[test]
fn rungs_that_fall_away_or_come_at_once_are_named() {
    let days = |n| Span::CalendarDays(n);
    let mut old = edition("1");
    within(&mut old, ClockKind::Whole, days(30));
    rungs(
        &mut old,
        ClockKind::Whole,
        vec![
            rung("before-2d", On::Before(days(2)), Verb::Remind),
            rung("after-2d", On::After(days(2)), Verb::Supervise),
        ],
    );
    let mut held = Plans::new(board());
    held.take(old.clone()).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), held).unwrap();
    done(&desk, opened("c1", "m01", 0));
    let week = 7 * 24 * 60;
    let look = |ladder: Vec<Rung>| {
        let mut next = old.clone();
        next.edition = "2".into();
        rungs(&mut next, ClockKind::Whole, ladder);
        let found = preview(&desk, &asked(&next, week));
        let it = found.cases[0].clone();
        let whole = it
            .clocks
            .iter()
            .find(|it| it.clock.kind == ClockKind::Whole);
        let whole = whole.unwrap().clone();
        let named = |all: &[duly::desk::RungAhead]| {
            all.iter().map(|it| it.step.to_string()).collect::<Vec<_>>()
        };
        (named(&whole.at_once), named(&whole.gone), it.adverse)
    };
    let remind = || rung("before-2d", On::Before(days(2)), Verb::Remind);
    let (at_once, gone, adverse) = look(vec![remind()]);
    assert_eq!((at_once, gone), (vec![], vec!["after-2d".to_owned()]));
    assert_eq!(adverse, BTreeSet::from([Adverse::RungGone]));
    // It stands elsewhere and does the same: later is worse, earlier is not.
    let late = rung("after-3d", On::After(days(3)), Verb::Supervise);
    let (_, gone, adverse) = look(vec![remind(), late]);
    assert_eq!(gone, Vec::<String>::new());
    assert!(adverse.contains(&Adverse::RungLater) && !adverse.contains(&Adverse::RungGone));
    let early = rung("after-1d", On::After(days(1)), Verb::Supervise);
    let (_, gone, adverse) = look(vec![remind(), early]);
    assert!(
        gone.is_empty() && !adverse.contains(&Adverse::RungLater),
        "{adverse:?}"
    );
    // The same rung does less.
    let weak = rung("after-2d", On::After(days(2)), Verb::Remind);
    let (_, gone, adverse) = look(vec![remind(), weak]);
    assert_eq!(gone, ["after-2d"]);
    assert!(adverse.contains(&Adverse::RungGone));
    // A warning for the first days, which are gone.
    let half = rung("before-28d", On::Before(days(28)), Verb::Warn);
    let after = rung("after-2d", On::After(days(2)), Verb::Supervise);
    let (at_once, gone, adverse) = look(vec![half, remind(), after]);
    assert_eq!((at_once, gone), (vec!["before-28d".to_owned()], vec![]));
    assert_eq!(adverse, BTreeSet::from([Adverse::RungAtOnce]));
}

#[test]
fn facts_that_are_wanted_first_are_named_and_given_to_those_who_lack_them() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let mut next = edition("2");
        next.schema.facts.push(host_fact("crowd"));
        let bare = all(&desk, &asked(&next, 10));
        let Some(StaysFor::Wants { facts }) = &bare.cases[0].stays else {
            panic!("{:?}", bare.cases[0].stays);
        };
        assert_eq!(facts[0].fact, "crowd");
        assert_eq!((bare.counts.stay_wanting, adoptions(&desk, "m01")), (1, 0));
        let facts = Facts::from([("crowd".into(), true.into()), ("other".into(), 1.into())]);
        let given = all(&desk, &asked(&next, 11).with_facts(facts));
        assert_eq!((given.counts.adopt, adoptions(&desk, "m01")), (1, 1));
        let case = desk.case(&case("m01")).unwrap().unwrap();
        assert_eq!(case.facts().get("crowd"), Some(&true.into()));
        assert_eq!(case.facts().get("other"), None);
        // New cases would be refused until somebody sends it.
        let new = asked(&next, 12).mode(AdoptMode::NewOnly);
        assert!(
            desk.adopt_preview(&new, None, 1)
                .unwrap_err()
                .needs()
                .is_some()
        );
        assert!(desk.adopt(&new, None, 1).unwrap_err().needs().is_some());
    });
}

#[test]
fn gates_and_reviews_that_change_are_told() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    let mut next = edition("2");
    next.gates.push(GateRule {
        gate: Gate::Process,
        judged: Judged::Review,
        met: Rule::new(RuleId::new("gate(process).1"), Diagram::constant(true)),
        words: "写明何时到过现场".into(),
    });
    let found = preview(&desk, &asked(&next, 10));
    assert_eq!(found.cases[0].gates[0].words, "写明何时到过现场");
    assert_eq!(found.cases[0].adverse, BTreeSet::from([Adverse::GateNew]));
    assert_eq!(found.counts.adopt, 1);
    // The other way round it is worse for the citizen.
    desk.reload(next.clone()).unwrap();
    done(&desk, opened("c2", "m02", 1));
    let back = preview(&desk, &asked(&edition(""), 10));
    let of = |id: &str| back.cases.iter().find(|it| it.case == case(id)).cloned();
    assert_eq!(of("m01"), None);
    assert_eq!(
        of("m02").unwrap().adverse,
        BTreeSet::from([Adverse::GateGone])
    );
    assert_eq!(of("m02").unwrap().stays, Some(StaysFor::NoApprover));
}

// What binds a case only later is worse for the citizen as well where it binds less: the same clause met more easily, fewer calls, another outcome,
// more time for the office or less for the citizen. No case goes over to that without an approver; the other way round there is nothing to approve.
#[test]
fn rules_that_bind_less_later_on_need_an_approver() {
    // With a fact before the one that a clause asks for: two plans whose facts are not in the same order are compared in words.
    let strict = |first: &str| {
        let mut plan = edition("strict");
        plan.schema.facts.push(FactRule {
            otherwise: Some(FactValue::Yes(false)),
            ..FactRule::new(first, Domain::YesNo, Given::Intake)
        });
        plan.schema.facts.push(FactRule {
            otherwise: Some(FactValue::Yes(false)),
            ..FactRule::new("visited", Domain::YesNo, Given::Reviewer)
        });
        let visited = plan.schema.index("visited").unwrap();
        let region = |code: i64| Region {
            bounds: [(visited, (code, code))].into(),
            answer: code == 1,
        };
        let met = Diagram::from_regions(&plan.schema, vec![region(0), region(1)]).unwrap();
        plan.gates.push(GateRule {
            gate: Gate::Process,
            judged: Judged::StrikeOff,
            met: Rule::new(RuleId::new("gate(process).1"), met),
            words: "到过现场".into(),
        });
        plan.strike_off
            .allow
            .insert(Class::Problem, vec![Outcome::Solved]);
        plan.schema.facts.push(FactRule {
            otherwise: Some(FactValue::Yes(false)),
            ..FactRule::new("vague", Domain::YesNo, Given::Reply)
        });
        plan.mentions.push(Mention {
            fact: "vague".into(),
            words: vec!["近期".into(), "尽快".into()],
        });
        let vague = plan.schema.index("vague").unwrap();
        let region = |code: i64| Region {
            bounds: [(vague, (code, code))].into(),
            answer: code == 0,
        };
        let met = Diagram::from_regions(&plan.schema, vec![region(0), region(1)]).unwrap();
        plan.gates.push(GateRule {
            gate: Gate::Measures,
            judged: Judged::Review,
            met: Rule::new(RuleId::new("gate(measures).1"), met),
            words: "不得含糊".into(),
        });
        plan.reopen.count = ReopenCount::Min;
        let twice = Rule::new(RuleId::new("review.two_steps"), Diagram::constant(true));
        plan.review = Some(ReviewRule { when: Some(twice) });
        plan
    };
    type Change = (&'static str, fn(&mut Plan));
    let looser: [Change; 15] = [
        ("a redo that outlasts the whole", |plan| {
            let mut clocks = plan.clocks.iter_mut();
            let redo = clocks.find(|it| it.kind == ClockKind::Redo).unwrap();
            assert!(redo.not_past_whole);
            redo.not_past_whole = false;
        }),
        ("the full time again when it is opened again", |plan| {
            plan.reopen.count = ReopenCount::Fresh;
        }),
        ("more that a direction leaves", |plan| {
            plan.direct.floor = Span::WorkingDays(9);
        }),
        ("fewer words that a gate refuses", |plan| {
            plan.mentions[0].words.pop();
        }),
        ("a default that a gate is met by", |plan| {
            let visited = plan.schema.index("visited").unwrap();
            plan.schema.facts[visited].otherwise = Some(FactValue::Yes(true));
        }),
        ("one review of what is handed down", |plan| {
            plan.review = None;
        }),
        ("one review of what took two", |plan| {
            plan.review.as_mut().unwrap().when = None;
        }),
        ("a limit that is still to begin", |plan| {
            within(plan, ClockKind::Reply, Span::WorkingDays(60));
        }),
        ("a clause met more easily", |plan| {
            plan.gates[0].met = Rule::new(RuleId::new("gate(process).1"), Diagram::constant(true));
        }),
        ("fewer calls", |plan| plan.callback.attempts -= 1),
        ("another outcome", |plan| {
            plan.strike_off.allow.remove(&Class::Problem);
        }),
        ("less time to rate", |plan| {
            plan.strike_off.rate_within = Span::CalendarDays(1);
        }),
        ("an extension", |plan| {
            let reply = plan
                .clocks
                .iter_mut()
                .find(|it| it.kind == ClockKind::Reply);
            reply.unwrap().extension = Some(ExtensionRule {
                times: 1,
                most: Span::WorkingDays(5),
                total: None,
                ask_before: None,
                granted_by: Role::Supervisor,
                told: false,
                rearms: false,
                when: None,
            });
        }),
        ("a reason to wait", |plan| {
            let like = plan.pauses[0].clone();
            plan.pauses.push(PauseRule {
                reason: "另案".into(),
                ..like
            });
        }),
        ("a ground to decline", |plan| {
            plan.declines.push(DeclineRule {
                ground: DeclineGround::InProcedure,
                when: Rule::new(RuleId::new("decline"), Diagram::constant(true)),
                told: "法院".into(),
            });
        }),
    ];
    let others = looser
        .into_iter()
        .flat_map(|(what, change)| [(what, change, "remote"), (what, change, "urgent")]);
    for (what, change, first) in others {
        let mut loose = strict(first);
        loose.edition = "loose".into();
        change(&mut loose);
        let strict = strict("remote");
        for (before, after, adverse) in [
            (strict.clone(), &loose, true),
            (loose.clone(), &strict, false),
        ] {
            let mut plans = Plans::new(board());
            plans.take(before).unwrap();
            let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
            done(&desk, opened("c1", "m01", 0));
            let found = preview(&desk, &asked(after, 10));
            let is = found.cases[0].adverse.contains(&Adverse::RulesLooser);
            assert_eq!(is, adverse, "{what}");
            if adverse {
                assert_eq!(found.cases[0].stays, Some(StaysFor::NoApprover), "{what}");
                let careful = asked(after, 10).mode(AdoptMode::NoneAdverse);
                let stays = preview(&desk, &careful).cases[0].stays.clone();
                assert_eq!(stays, Some(StaysFor::Adverse), "{what}");
                let approved = asked(after, 10).approved_by(person("leader-1"));
                assert_eq!(all(&desk, &approved).cases[0].stays, None, "{what}");
            }
        }
    }
}

/// A limit that runs may be another by a fact that comes later: what that would be under the new rules counts, too.
#[test]
fn a_limit_that_runs_may_still_be_lengthened_by_what_comes_later() {
    let urgently = |name: &str, days: u32| {
        let mut plan = edition(name);
        plan.schema.facts.push(host_fact("urgent"));
        let urgent = plan.schema.index("urgent").unwrap();
        let region = |code: i64, days: u32| Region {
            bounds: [(urgent, (code, code))].into(),
            answer: Limit::Span(Span::WorkingDays(days)),
        };
        let regions = vec![region(0, 15), region(1, days)];
        let within = Diagram::from_regions(&plan.schema, regions).unwrap();
        let reply = plan
            .clocks
            .iter_mut()
            .find(|it| it.kind == ClockKind::Reply);
        reply.unwrap().within = Rule::new(RuleId::new("clock(reply).within"), within);
        plan
    };
    let mut plans = Plans::new(board());
    plans.take(urgently("strict", 2)).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let mut open = opened("c1", "m01", 0);
    if let Command::Open { facts, .. } = &mut open.command {
        facts.insert("urgent".into(), false.into());
    }
    done(&desk, open);
    done(&desk, screened("c2", "m01", 1));
    let assign = Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: person("owner-9"),
        co_handlers: vec![],
    };
    done(&desk, envelope("c3", "m01", Role::Intake, 2, assign));
    let adverse = |days: u32| {
        let found = preview(&desk, &asked(&urgently("loose", days), 10));
        found.cases[0].adverse.contains(&Adverse::RulesLooser)
    };
    assert!(adverse(10));
    assert!(!adverse(1));
}

#[test]
fn a_board_is_gone_over_page_by_page() {
    on_every_ledger(|desk| {
        for n in 0..7 {
            done(&desk, opened(&format!("c{n}"), &format!("m{n:02}"), n));
        }
        let next = edition("2");
        let (mut after, mut seen, mut pages) = (None, Vec::new(), 0);
        let mut counts = duly::desk::AdoptCounts::default();
        loop {
            let page = desk.adopt(&asked(&next, 10), after.as_ref(), 3).unwrap();
            assert!(page.cases.len() <= 3);
            seen.extend(page.cases.iter().map(|it| it.case.to_string()));
            counts = counts.and(&page.counts);
            pages += 1;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let expected: Vec<String> = (0..7).map(|n| format!("m{n:02}")).collect();
        assert_eq!((pages, seen), (3, expected));
        assert_eq!((counts.looked, counts.adopt), (7, 7));
        desk.verify().unwrap();
    });
}

/// Wherever it is cut short, asking again ends where an undisturbed run would have, and no case goes over twice.
#[test]
fn an_adoption_that_is_cut_short_is_taken_up_again() {
    for fails_at in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let file = || SqliteLedger::open(&path, board()).unwrap();
        let desk = Desk::new(file(), plans()).unwrap();
        for n in 0..4 {
            done(&desk, opened(&format!("c{n}"), &format!("m{n:02}"), n));
        }
        drop(desk);
        let asks = AtomicUsize::new(0);
        let cut = Around::new(file(), move |what| {
            let counts = matches!(what, Asks::Commit | Asks::Load | Asks::Together);
            match counts && asks.fetch_add(1, Ordering::SeqCst) >= fails_at {
                true => Err(DeskError::storage("the power is gone")),
                false => Ok(()),
            }
        });
        let next = edition("2");
        let desk = Desk::new(cut, plans()).unwrap();
        let mut after = None;
        let cut = loop {
            match desk.adopt(&asked(&next, 10), after.as_ref(), 2) {
                Err(error) => break Some(error),
                Ok(page) => after = page.next,
            }
            if after.is_none() {
                break None;
            }
        };
        drop(desk);
        let desk = Desk::new(file(), plans()).unwrap();
        // A page is there as a whole, or not at all.
        let went = (0..4)
            .filter(|n| adoptions(&desk, &format!("m{n:02}")) == 1)
            .count();
        assert!(went.is_multiple_of(2), "{went}");
        assert_eq!(cut.is_none(), went == 4);
        let again = all(&desk, &asked(&next, 20));
        assert_eq!(again.counts.adopt + again.counts.under_it, 4);
        for n in 0..4 {
            assert_eq!(adoptions(&desk, &format!("m{n:02}")), 1);
        }
        desk.verify().unwrap();
    }
}

/// Two desks on one file, or one that asks twice: each case goes over once, and both hear the same.
#[test]
fn racing_adoptions_take_each_case_over_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = || Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let first = desk();
    for n in 0..12 {
        done(&first, opened(&format!("c{n}"), &format!("m{n:02}"), 0));
    }
    let next = edition("2");
    std::thread::scope(|scope| {
        for number in 0..3 {
            let (desk, next) = (desk(), &next);
            scope.spawn(move || {
                let by = Actor::new(person(&format!("duban-{number}")), Role::Supervisor);
                let asked = Adoption::of(next.clone(), by, at(10));
                let mut after = None;
                loop {
                    let page = desk.adopt(&asked, after.as_ref(), 2).unwrap();
                    assert!(page.stuck.is_empty(), "{:?}", page.stuck);
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
            });
        }
        scope.spawn(|| {
            for n in 0..12 {
                done(
                    &first,
                    noted(&format!("n{n}"), &format!("m{n:02}"), 5, "同时"),
                );
            }
        });
    });
    for n in 0..12 {
        assert_eq!(adoptions(&first, &format!("m{n:02}")), 1);
    }
    first.verify().unwrap();
}

/// The command's id says which case, at which version, comes under which plan.
#[test]
fn the_commands_ids_are_stable_and_fit_any_case() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let long = "长".repeat(42);
    done(&desk, opened("c1", "m01", 0));
    done(&desk, opened("c2", &long, 0));
    let version = stands(&desk, "m01").0;
    let next = edition("2");
    assert_eq!(all(&desk, &asked(&next, 10)).counts.adopt, 2);
    let id = format!("adopt/{}/m01/{version}", &next.id().as_str()[..16]);
    assert!(
        desk.answered(&id.parse().unwrap())
            .unwrap()
            .unwrap()
            .answer
            .is_done()
    );
    assert_eq!(adoptions(&desk, &long), 1);
}

#[test]
fn a_closed_case_stays_as_it_ended_and_a_stranger_may_not_ask() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, opened("c2", "m02", 0));
    let withdraw = Command::Withdraw {
        evidence: Text::from("来电"),
    };
    done(
        &desk,
        envelope("w1", "m01", Role::Intake, 1, withdraw.clone()),
    );
    let mut second = envelope("w2", "m01", Role::Intake, 2, withdraw);
    second.by = Actor::new(person("another"), Role::Intake);
    done(&desk, second);
    assert!(desk.case(&case("m01")).unwrap().unwrap().is_closed());
    let next = edition("2");
    let clerk = Adoption::of(next.clone(), actor(Role::Intake), at(10));
    let found = all(&desk, &clerk);
    assert_eq!((found.counts.closed, found.counts.stay_refused), (1, 1));
    assert_eq!(all(&desk, &asked(&next, 10)).counts.adopt, 1);
    assert_eq!(adoptions(&desk, "m01"), 0);
}

/// A plan that is not taken leaves all as it was, for whoever submits meanwhile too.
#[test]
fn a_reload_that_fails_disturbs_nobody() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let good = desk.plans().latest().unwrap().id.clone();
    let mut nowhere = edition("bad");
    nowhere.holidays = vec!["atlantis".into()];
    let mut wants = edition("wants");
    wants.schema.facts.push(host_fact("crowd"));
    let working = AtomicUsize::new(4);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (desk, working) = (&desk, &working);
            scope.spawn(move || {
                for n in 0..40 {
                    let of = format!("m{thread}-{n:02}");
                    done(desk, opened(&format!("c{thread}-{n}"), &of, n));
                    done(desk, noted(&format!("n{thread}-{n}"), &of, n, "照常"));
                }
                working.fetch_sub(1, Ordering::SeqCst);
            });
        }
        scope.spawn(|| {
            let mut tries = 0;
            while tries < 20 || working.load(Ordering::SeqCst) > 0 {
                let before = desk.plans();
                assert!(desk.reload(nowhere.clone()).unwrap_err().is_plan());
                assert!(desk.reload(wants.clone()).unwrap_err().needs().is_some());
                assert!(Arc::ptr_eq(&before, &desk.plans()));
                tries += 1;
            }
        });
    });
    assert_eq!(desk.plans().latest().unwrap().id, good);
    assert_eq!(desk.plans().iter().count(), 1);
    let cases = desk.cases(None, 1000).unwrap();
    assert_eq!(cases.len(), 160);
    for id in cases {
        assert_eq!(*desk.case(&id).unwrap().unwrap().plan(), good);
    }
    desk.verify().unwrap();
}

#[test]
fn a_preview_and_an_adoption_read_well() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, opened("c2", "m02", 5));
    done(&desk, screened("c3", "m02", 6));
    let days = |n| Span::CalendarDays(n);
    let mut next = edition("2");
    next.title = "办理办法(2026 年修订)".into();
    within(&mut next, ClockKind::Screen, Span::WorkingDays(3));
    within(&mut next, ClockKind::Whole, days(20));
    rungs(
        &mut next,
        ClockKind::Whole,
        vec![rung("before-18d", On::Before(days(18)), Verb::Remind)],
    );
    next.gates.push(GateRule {
        gate: Gate::Process,
        judged: Judged::Review,
        met: Rule::new(RuleId::new("gate(process).1"), Diagram::constant(true)),
        words: "写明何时到过现场".into(),
    });
    let asked = asked(&next, 5 * 24 * 60);
    let say = |found: &Adoptions| {
        let of = |lang| {
            format!(
                "{}\n{}\n",
                found.table(lang),
                found.counts.say(found.done, lang)
            )
        };
        format!("{}\n{}", of(Lang::Zh), of(Lang::En))
    };
    let before = say(&preview(&desk, &asked));
    insta::assert_snapshot!("preview", before);
    let after = all(&desk, &asked.approved_by(person("leader-1")));
    insta::assert_snapshot!("adopted", say(&after));
    // It keeps its shape on the wire.
    let text = serde_json::to_string(&after).unwrap();
    assert_eq!(serde_json::from_str::<Adoptions>(&text).unwrap(), after);
}
