//! Facts that a function of the host's finds (程序推定的事实).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duly::case::{Case, evolve, facts_row};
use duly::desk::{Desk, Ledger, MemoryLedger};
use duly::plan::{
    Decision, DerivedRule, Diagram, Domain, FactRule, Given, Known, Limit, Plan, PlanFault, Plans,
    PlansError, Region, TrackRule, bare,
};
use duly::time::Span;
use duly::words::{
    Class, ClockKind, Command, Event, FactValue, Facts, Lang, Role, RuleId, Text, Why,
};
use proptest::prelude::*;

use super::tries::config;
use super::{board, case, done, envelope, noted, on_every_ledger, opened};

const KINDS: [&str; 3] = ["投诉", "求助", "咨询"];
const FIELDS: [&str; 2] = ["教育", "城建"];

fn labels(names: &[&str]) -> Domain {
    Domain::Labels(names.iter().map(|name| (*name).to_owned()).collect())
}

fn fact(name: &str, domain: Domain, given: Given, moves: bool) -> FactRule {
    FactRule {
        moves,
        ..FactRule::new(name, domain, given)
    }
}

/// Two derived facts: `repeat` from what comes with the message, `far` from what the intake officer finds and from heat.
fn plan() -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    let whole = |most| Domain::Whole { least: 0, most };
    plan.schema.facts.extend([
        fact("heat", whole(9), Given::Host, true),
        fact("kind", labels(&KINDS), Given::Citizen, false),
        fact("field", labels(&FIELDS), Given::Intake, false),
        fact("repeat", Domain::YesNo, Given::Derived, true),
        FactRule {
            otherwise: Some(0.into()),
            ..fact("far", whole(50), Given::Derived, true)
        },
    ]);
    let from = ["field", "heat", "class"].map(str::to_owned).to_vec();
    plan.derived = vec![
        DerivedRule {
            fact: "repeat".into(),
            from: Vec::new(),
        },
        DerivedRule {
            fact: "far".into(),
            from,
        },
    ];
    let far = plan.schema.index("far").unwrap();
    let repeat = plan.schema.index("repeat").unwrap();
    let days = |code: i64| Limit::Span(Span::WorkingDays(u32::try_from(code / 10 + 2).unwrap()));
    let regions = (0..=50).map(|code| Region {
        bounds: [(far, (code, code))].into(),
        answer: days(code),
    });
    let within = Diagram::from_regions(&plan.schema, regions.collect()).unwrap();
    for clock in &mut plan.clocks {
        if matches!(clock.kind, ClockKind::Assign | ClockKind::Reply) {
            clock.within.diagram = within.clone();
        }
    }
    let yes = |code: i64| Region {
        bounds: [(repeat, (code, code))].into(),
        answer: code == 1,
    };
    let diagram = Diagram::from_regions(&plan.schema, vec![yes(0), yes(1)]).unwrap();
    plan.track = TrackRule {
        when: Some(Decision::new(RuleId::new("track.start"), diagram)),
    };
    assert_eq!(plan.validate(), Ok(()));
    plan
}

/// A host's function of its own choosing: any table over its inputs.
type Tables = (Vec<bool>, Vec<i64>);

fn place_of(list: &[&str], label: Option<&str>) -> usize {
    list.iter().position(|own| Some(*own) == label).unwrap()
}

fn repeat_of(tables: &Tables, kind: &str, heat: i64) -> bool {
    let at = place_of(&KINDS, Some(kind)) * 10 + usize::try_from(heat).unwrap();
    tables.0[at % tables.0.len()]
}

fn far_of(tables: &Tables, field: &str, heat: i64, class: Class) -> i64 {
    let class = Class::ALL.iter().position(|own| *own == class).unwrap();
    let field = place_of(&FIELDS, Some(field));
    let at = (class * 2 + field) * 10 + usize::try_from(heat).unwrap();
    tables.1[at % tables.1.len()]
}

fn registered(tables: &Tables) -> Plans {
    let mut plans = Plans::new(board());
    let own = tables.clone();
    plans.derive("repeat", move |known: &Known<'_>| {
        let (kind, heat) = (known.label("kind").unwrap(), known.whole("heat").unwrap());
        // Nothing else is seen.
        assert!(known.fact("field").is_none() && known.class().is_none());
        assert_eq!(known.channel().as_str(), "board");
        assert_eq!(known.received_on().to_string(), "2026-03-02");
        repeat_of(&own, kind, heat)
    });
    let own = tables.clone();
    plans.derive("far", move |known: &Known<'_>| {
        let (field, heat) = (known.label("field").unwrap(), known.whole("heat").unwrap());
        assert!(known.fact("kind").is_none());
        far_of(&own, field, heat, known.class().unwrap())
    });
    plans
}

fn tables() -> impl Strategy<Value = Tables> {
    (
        proptest::collection::vec(any::<bool>(), 1..30),
        proptest::collection::vec(0i64..=50, 1..80),
    )
}

fn opening(id: &str, of: &str, kind: &str, heat: i64) -> duly::words::Envelope {
    let mut first = opened(id, of, 0);
    if let Command::Open { facts, .. } = &mut first.command {
        facts.insert("kind".into(), kind.into());
        facts.insert("heat".into(), heat.into());
    }
    first
}

fn screening(id: &str, of: &str, field: &str, class: Class) -> duly::words::Envelope {
    let facts = Facts::from([("field".to_owned(), FactValue::from(field))]);
    let command = Command::Screen { class, facts };
    envelope(id, of, Role::Intake, 1, command)
}

fn heats(id: &str, of: &str, minutes: i64, heat: i64) -> duly::words::Envelope {
    let command = Command::SetFact {
        name: "heat".into(),
        value: heat.into(),
    };
    envelope(id, of, Role::System, minutes, command)
}

fn stored<L: Ledger>(desk: &Desk<L>, of: &str) -> Case {
    desk.case(&case(of)).unwrap().unwrap()
}

/// Every rule on the case as it stands answers as on the facts that the law names.
fn answers_as(plan: &Plan, case: &Case, facts: &[(&str, FactValue)]) {
    let row = facts_row(plan, case);
    let lawful = plan.schema.row(|fact| {
        let known = facts.iter().find(|(name, _)| *name == fact.name);
        match known {
            Some((_, value)) => Some(value.clone()),
            None => Some(fact.domain.value(row.code(plan.schema.index(&fact.name)?))),
        }
    });
    for rule in plan.decisions() {
        assert_eq!(rule.answer(&row), rule.answer(&lawful), "{:?}", rule.rule);
    }
}

proptest! {
    #![proptest_config(config(48))]

    /// Whatever facts are given and whatever function the host has registered: after each command that gives or changes an input,
    /// every rule answers as it does where the fact is the function's value of the facts as they are then. Before the inputs are
    /// all there, it is what the pack says holds otherwise. Replay, which has no function, gives the same case; and a function
    /// put in its place later changes nothing that was recorded, and is asked from then on.
    #[test]
    fn rules_read_what_the_function_finds(
        tables in tables(), other in tables(), kind in 0usize..3, field in 0usize..2, classes in (0usize..4, 0usize..4),
        heat in proptest::collection::vec(0i64..10, 2..6),
    ) {
        let (kind, field) = (KINDS[kind], FIELDS[field]);
        let (class, again) = (Class::ALL[classes.0], Class::ALL[classes.1]);
        let plan = plan();
        let mut plans = registered(&tables);
        plans.take(plan.clone()).unwrap();
        let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();

        done(&desk, opening("c1", "m01", kind, heat[0]));
        let repeat = |heat| ("repeat", FactValue::from(repeat_of(&tables, kind, heat)));
        let far = |heat, class| ("far", FactValue::from(far_of(&tables, field, heat, class)));
        answers_as(&plan, &stored(&desk, "m01"), &[repeat(heat[0]), ("far", 0.into())]);
        done(&desk, heats("c2", "m01", 0, heat[1]));
        answers_as(&plan, &stored(&desk, "m01"), &[repeat(heat[1]), ("far", 0.into())]);
        done(&desk, screening("c3", "m01", field, class));
        answers_as(&plan, &stored(&desk, "m01"), &[repeat(heat[1]), far(heat[1], class)]);
        let assign = Command::Assign {
            unit: "water".parse().unwrap(), owner: "wang".parse().unwrap(), co_handlers: Vec::new(),
        };
        done(&desk, envelope("c4", "m01", Role::Intake, 2, assign));
        let mut last = heat[1];
        for (at, heat) in heat.iter().enumerate().skip(2) {
            done(&desk, heats(&format!("h{at}"), "m01", 3, *heat));
            last = *heat;
            answers_as(&plan, &stored(&desk, "m01"), &[repeat(last), far(last, class)]);
        }
        // A limit that would only get longer keeps its clock; the fact is the function's all the same.
        let reclassify = Command::Reclassify { class: again, reason: Text::from("…") };
        if desk.submit(envelope("c5", "m01", Role::Intake, 4, reclassify)).unwrap().is_done() {
            answers_as(&plan, &stored(&desk, "m01"), &[repeat(last), far(last, again)]);
        }
        let class = stored(&desk, "m01").class().unwrap();

        let case_now = stored(&desk, "m01");
        let history = desk.history(&case("m01")).unwrap();
        let replayed = history.iter().fold(None, |case, entry| Some(evolve(case, &entry.sealed.record).unwrap()));
        prop_assert_eq!(replayed.as_ref(), Some(&case_now));
        Desk::new(desk.ledger(), Plans::new(board())).unwrap().verify().unwrap();

        let mut changed = registered(&other);
        changed.take(plan.clone()).unwrap();
        let later = Desk::new(desk.ledger(), changed).unwrap();
        later.verify().unwrap();
        done(&later, noted("n1", "m01", 5, "…"));
        let kept = stored(&later, "m01");
        prop_assert_eq!(kept.facts(), case_now.facts());
        done(&later, heats("n2", "m01", 6, 7));
        answers_as(&plan, &stored(&later, "m01"), &[
            ("repeat", repeat_of(&other, kind, 7).into()), ("far", far_of(&other, field, 7, class).into()),
        ]);
        later.verify().unwrap();
    }
}

/// What a function finds must be a value of its fact. Where it is not, the command is refused by the fact's name, nothing of it is
/// done or remembered, and once the function is mended the same command is done.
#[test]
fn a_value_outside_is_refused_and_changes_nothing() {
    on_every_ledger(|desk| {
        desk.derive("repeat", |_: &Known<'_>| false);
        desk.derive("far", |known: &Known<'_>| {
            40 + 2 * known.whole("heat").unwrap()
        });
        let names = ["heat", "kind", "field"];
        desk.reload_with(plan(), &names).unwrap();
        done(&desk, opening("c1", "m01", "投诉", 1));
        done(&desk, screening("c2", "m01", "教育", Class::Problem));
        let before = (desk.history(&case("m01")).unwrap(), stored(&desk, "m01"));
        let refused = desk.submit(heats("c3", "m01", 2, 6)).unwrap();
        let refusal = refused.refusal().unwrap();
        let Why::Derived { fact, .. } = &*refusal.why else {
            panic!("{refusal}");
        };
        assert_eq!(fact, "far");
        assert_eq!(
            refusal.say(Lang::En),
            "cannot `set_fact` case `m01`: the host's function found `52` for the fact `far`, which is a whole number from 0 to 50; \
             mend the function"
        );
        assert_eq!(
            refusal.say(Lang::Zh),
            "本件“m01”不能更新事实:接入的系统为事实“far”推定的值是“52”,应为 0 到 50 的整数;请修正推定的程序"
        );
        let after = (desk.history(&case("m01")).unwrap(), stored(&desk, "m01"));
        assert_eq!(after, before);
        assert!(desk.answered(&"c3".parse().unwrap()).unwrap().is_none());

        desk.derive("repeat", |_: &Known<'_>| "是");
        let first = desk.submit(opening("c4", "m02", "投诉", 1)).unwrap();
        let why = &*first.refusal().unwrap().why;
        assert!(
            matches!(why, Why::Derived { fact, .. } if fact == "repeat"),
            "{why:?}"
        );
        assert!(desk.case(&case("m02")).unwrap().is_none());

        desk.derive("repeat", |_: &Known<'_>| false);
        desk.derive("far", |_: &Known<'_>| 5);
        done(&desk, heats("c3", "m01", 2, 6));
        assert_eq!(stored(&desk, "m01").facts()["far"], 5.into());
        desk.verify().unwrap();
    });
}

/// Nobody gives a derived fact: not with the message, not by `set_fact`, not when a plan is adopted.
#[test]
fn nobody_gives_a_derived_fact() {
    let mut plans = registered(&(vec![true], vec![3]));
    plans.take(plan()).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let mut bad = opening("c1", "m01", "投诉", 1);
    if let Command::Open { facts, .. } = &mut bad.command {
        facts.insert("repeat".into(), true.into());
    }
    let not_here = |answer: duly::desk::Answer| {
        let why = (*answer.refusal().unwrap().why).clone();
        assert!(matches!(why, Why::FactNotGivenHere { .. }), "{why:?}");
    };
    not_here(desk.submit(bad).unwrap());
    done(&desk, opening("c2", "m01", "投诉", 1));
    let set = Command::SetFact {
        name: "repeat".into(),
        value: false.into(),
    };
    not_here(
        desk.submit(envelope("c3", "m01", Role::System, 1, set))
            .unwrap(),
    );
    let mut next = plan();
    next.edition = "2".into();
    let adopt = Command::AdoptPlan {
        plan: desk.reload(next).unwrap(),
        approved_by: None,
        facts: Facts::from([("repeat".to_owned(), false.into())]),
    };
    not_here(
        desk.submit(envelope("c4", "m01", Role::Supervisor, 2, adopt))
            .unwrap(),
    );
    assert_eq!(stored(&desk, "m01").facts()["repeat"], true.into());
}

/// A function is asked once in a command that gives or changes one of its inputs, and in no other.
#[test]
fn a_function_is_asked_once_where_an_input_changes() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let mut plans = registered(&(vec![true], vec![3]));
    plans.derive("far", move |_: &Known<'_>| {
        count.fetch_add(1, Ordering::Relaxed);
        7
    });
    plans.take(plan()).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let so_far = || asked.load(Ordering::Relaxed);
    done(&desk, opening("c1", "m01", "投诉", 1));
    assert_eq!(so_far(), 0);
    done(&desk, screening("c2", "m01", "教育", Class::Problem));
    assert_eq!(so_far(), 1);
    done(&desk, noted("c3", "m01", 2, "…"));
    done(&desk, heats("c4", "m01", 2, 2));
    assert_eq!(so_far(), 2);
    let _ = desk.advance(super::at(60 * 24 * 9)).unwrap();
    assert_eq!(so_far(), 2);
}

/// What is found from the class and from what came with the message is found once there is a class, and not before.
#[test]
fn a_fact_that_is_found_from_the_class_waits_for_it() {
    let mut plan = plan();
    plan.derived[1].from = ["heat", "class"].map(str::to_owned).to_vec();
    assert_eq!(plan.validate(), Ok(()));
    let mut plans = registered(&(vec![true], vec![3]));
    plans.derive("far", |known: &Known<'_>| match known.class().unwrap() {
        Class::Problem => 10_i64,
        _ => 20,
    });
    plans.take(plan).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let far = || stored(&desk, "m01").facts().get("far").cloned();
    done(&desk, opening("c1", "m01", "投诉", 1));
    done(&desk, heats("c2", "m01", 0, 2));
    assert_eq!(far(), None);
    done(&desk, screening("c3", "m01", "教育", Class::Problem));
    assert_eq!(far(), Some(10.into()));
}

/// A case that adopts a plan with a derived fact has it from the moment of the adoption, from the facts that it was given before.
#[test]
fn a_plan_is_adopted_with_what_it_derives() {
    on_every_ledger(|desk| {
        let mut before = plan();
        before
            .schema
            .facts
            .retain(|fact| fact.given != Given::Derived);
        before.derived.clear();
        before.track.when = None;
        before.clocks = bare("demo".parse().unwrap()).clocks;
        desk.reload_with(before, &["heat", "kind", "field"])
            .unwrap();
        done(&desk, opening("c1", "m01", "求助", 4));
        desk.derive("repeat", |known: &Known<'_>| {
            known.label("kind") == Some("求助")
        });
        desk.derive("far", |_: &Known<'_>| 9);
        let next = desk.reload(plan()).unwrap();
        let adopt = Command::AdoptPlan {
            plan: next,
            approved_by: None,
            facts: Facts::new(),
        };
        done(&desk, envelope("c2", "m01", Role::Supervisor, 1, adopt));
        let history = desk.history(&case("m01")).unwrap();
        let facts = history.iter().find_map(|it| match &it.sealed.record.event {
            Event::PlanAdopted { facts, .. } => Some(facts.clone()),
            _ => None,
        });
        assert_eq!(
            facts,
            Some(Facts::from([("repeat".to_owned(), true.into())]))
        );
        assert_eq!(stored(&desk, "m01").facts()["repeat"], true.into());
        desk.verify().unwrap();
    });
}

/// Where functions are not there, such as in a test of rules, commands may give what they would find.
#[test]
fn what_a_function_would_find_is_given_by_hand() {
    let mut plans = Plans::new(board());
    plans.give_by_hand("repeat");
    plans.give_by_hand("far");
    plans.take(plan()).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let lacks = desk.submit(opening("c1", "m01", "投诉", 1)).unwrap();
    let why = &*lacks.refusal().unwrap().why;
    assert!(
        matches!(why, Why::FactMissing { fact, .. } if fact == "repeat"),
        "{why:?}"
    );
    let mut whole = opening("c2", "m01", "投诉", 1);
    if let Command::Open { facts, .. } = &mut whole.command {
        facts.insert("repeat".into(), true.into());
    }
    done(&desk, whole);
    let set = Command::SetFact {
        name: "far".into(),
        value: 30.into(),
    };
    done(&desk, envelope("c3", "m01", Role::System, 1, set));
    assert_eq!(stored(&desk, "m01").facts()["far"], 30.into());
}

#[test]
fn a_plan_whose_functions_are_not_there_cannot_be_taken() {
    let mut plans = Plans::new(board());
    plans.derive("repeat", |_: &Known<'_>| true);
    let error = plans.take(plan()).unwrap_err();
    assert_eq!(
        error,
        PlansError::NotDerived {
            facts: vec!["far".into()]
        }
    );
    assert_eq!(
        error.to_string(),
        "the plan derives facts for which no function is registered: `far`; register one for each before the plan is taken: \
         `plans.derive(\"far\", …)`"
    );
}

#[test]
fn a_plan_says_soundly_what_it_derives() {
    let fault = |change: fn(&mut Plan)| {
        let mut plan = plan();
        change(&mut plan);
        plan.validate().unwrap_err()
    };
    let far = vec![PlanFault::Derived("far".into())];
    assert_eq!(fault(|plan| plan.derived[1].from[0] = "repeat".into()), far);
    assert_eq!(fault(|plan| plan.derived[1].from[0] = "mark".into()), far);
    assert_eq!(
        fault(|plan| plan.derived[1].from[0] = "nothing".into()),
        far
    );
    assert_eq!(fault(|plan| drop(plan.derived.pop())), far);
    assert_eq!(
        fault(|plan| plan.derived.push(plan.derived[1].clone())),
        far
    );
}

/// Plans and records written before facts were derived are read as before, and written without the new fields.
#[test]
fn shapes_without_derived_facts_stay() {
    let plan = bare("demo".parse().unwrap());
    let json = serde_json::to_string(&plan).unwrap();
    assert!(!json.contains("derived"));
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    for event in [
        r#"{"fact_set":{"name":"heat","value":7}}"#.to_owned(),
        format!(
            r#"{{"reclassified":{{"class":"problem","reason":"{}"}}}}"#,
            "a".repeat(64)
        ),
    ] {
        let read: Event = serde_json::from_str(&event).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), event);
    }
}

// A function sees a value by its kind: yes or no, given or as the pack says it is otherwise, and nothing under another kind.
#[test]
fn a_function_sees_each_value_by_its_kind() {
    for (given, expected) in [(Some(true), true), (Some(false), false), (None, false)] {
        let mut plan = bare("demo".parse().unwrap());
        plan.schema.facts.push(FactRule {
            otherwise: Some(false.into()),
            ..fact("loud", Domain::YesNo, Given::Citizen, false)
        });
        plan.schema
            .facts
            .push(fact("noted", Domain::YesNo, Given::Derived, false));
        plan.derived.push(DerivedRule {
            fact: "noted".into(),
            from: vec!["loud".to_owned()],
        });
        let mut plans = Plans::new(board());
        plans.derive("noted", |known: &Known<'_>| {
            assert_eq!((known.whole("loud"), known.label("loud")), (None, None));
            assert_eq!(known.yes("noted"), None);
            known.yes("loud").unwrap()
        });
        plans.take(plan).unwrap();
        let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
        let mut open = opened("c1", "m01", 0);
        if let (Command::Open { facts, .. }, Some(given)) = (&mut open.command, given) {
            facts.insert("loud".into(), given.into());
        }
        done(&desk, open);
        let case = desk.case(&case("m01")).unwrap().unwrap();
        assert_eq!(case.facts().get("noted"), Some(&expected.into()));
    }
}
