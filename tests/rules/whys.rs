//! Facts in words, and why a case is answered as it is: what is told of it, what it takes to be told, and what another answer would
//! take.

use std::collections::BTreeMap;

use duly::plan::{
    Answer, Bound, Clause, Clauses, Decision, Diagram, Domain, FactRule, Given, Limit, Mode, NotSo,
    Plan, Region, Schema, bare, engine_facts,
};
use duly::words::{ClockKind, FactValue, Facts, Lang, RuleId};

use super::small::{days, ranging};

const REPLY: &str = "spine.clock(reply).within";

fn plain() -> Plan {
    bare("demo".parse().unwrap())
}

fn labels(all: &[&str]) -> Domain {
    Domain::Labels(all.iter().map(|it| (*it).to_owned()).collect())
}

fn year() -> Domain {
    Domain::Date {
        least: "2026-01-01".parse().unwrap(),
        most: "2026-12-31".parse().unwrap(),
    }
}

/// The set of cases in which a fact has a code in that range, and no other of its codes.
fn bound(name: &str, domain: Domain, range: (i64, i64)) -> Bound {
    let mut old = plain();
    old.schema
        .facts
        .push(FactRule::new(name, domain, Given::Host));
    let at = old.schema.facts.len() - 1;
    let mut new = old.clone();
    let diagram = ranging(&new.schema, at, range);
    new.track.when = Some(Decision::new(RuleId::new("track().start"), diagram));
    let diff = old.diff(&new, 9);
    let [decision] = diff.decisions.as_slice() else {
        panic!("{diff:?}");
    };
    let [region] = decision.regions.as_slice() else {
        panic!("{diff:?}");
    };
    let [bound] = region.when.as_slice() else {
        panic!("{diff:?}");
    };
    bound.clone()
}

// A set of cases is told by its fact and its values: numbers and shares by their bounds, dates by the days, labels and a yes or no by
// name; in Chinese with a blank where a word in Latin letters or a number stands beside it.
#[test]
fn the_values_of_a_fact_are_told_as_people_say_them() {
    let heat = || Domain::Whole {
        least: 0,
        most: 1_000,
    };
    let below = || Domain::Whole { least: -5, most: 5 };
    let share = || Domain::Percent {
        least: 0,
        most: 10_000,
    };
    let on = |date: &str| year().code(&date.into()).unwrap();
    let (first, last) = year().codes();
    let summer = (on("2026-06-01"), on("2026-08-31"));
    let kinds = || labels(&["甲", "乙", "丙"]);
    let all = [
        (
            bound("heat", heat(), (100, 1_000)),
            "heat 不少于 100",
            "heat is at least 100",
        ),
        (
            bound("heat", heat(), (0, 9)),
            "heat 不多于 9",
            "heat is at most 9",
        ),
        (bound("heat", heat(), (5, 5)), "heat 为 5", "heat is 5"),
        (bound("heat", heat(), (0, 0)), "heat 为 0", "heat is 0"),
        (
            bound("heat", heat(), (1_000, 1_000)),
            "heat 为 1000",
            "heat is 1000",
        ),
        (
            bound("heat", heat(), (5, 9)),
            "heat 为 5 至 9",
            "heat is 5 to 9",
        ),
        (bound("热度", heat(), (5, 5)), "热度为 5", "热度 is 5"),
        (
            bound("热度", heat(), (5, 1_000)),
            "热度 不少于 5",
            "热度 is at least 5",
        ),
        (
            bound("t", below(), (-3, -2)),
            "t 为 -3 至 -2",
            "t is -3 to -2",
        ),
        (
            bound("own", share(), (1_001, 10_000)),
            "own 不少于 10.01%",
            "own is at least 10.01%",
        ),
        (
            bound("own", share(), (0, 1_000)),
            "own 不多于 10.00%",
            "own is at most 10.00%",
        ),
        (
            bound("day", year(), (summer.0, last)),
            "day 在 2026-06-01 及以后",
            "day is on or after 2026-06-01",
        ),
        (
            bound("day", year(), (first, summer.1)),
            "day 在 2026-08-31 及以前",
            "day is on or before 2026-08-31",
        ),
        (
            bound("day", year(), summer),
            "day 在 2026-06-01 至 2026-08-31",
            "day is 2026-06-01 to 2026-08-31",
        ),
        (
            bound("day", year(), (summer.0, summer.0)),
            "day 在 2026-06-01",
            "day is 2026-06-01",
        ),
        (
            bound("urgent", Domain::YesNo, (1, 1)),
            "urgent 为是",
            "urgent is yes",
        ),
        (
            bound("紧急", Domain::YesNo, (0, 0)),
            "紧急为否",
            "紧急 is no",
        ),
        (
            bound("kind", kinds(), (1, 2)),
            "kind 为乙、丙",
            "kind is 乙 or 丙",
        ),
    ];
    for (bound, zh, en) in all {
        assert_eq!(bound.say(Lang::Zh), zh);
        assert_eq!(bound.say(Lang::En), en);
    }
    // Each label stands for itself; of numbers the ends of the range are given.
    let two = bound("kind", kinds(), (1, 2));
    let each = ["乙", "丙"].map(|it| (FactValue::from(it), FactValue::from(it)));
    assert_eq!(two.ranges, each);
    assert!(two.holds(&"乙".into()) && !two.holds(&"甲".into()) && !two.holds(&"丁".into()));
    let high = bound("heat", heat(), (100, 1_000));
    assert_eq!(
        high.ranges,
        [(FactValue::Whole(100), FactValue::Whole(1_000))]
    );
    assert!(high.holds(&100.into()) && !high.holds(&99.into()) && !high.holds(&1_001.into()));
    let apart = heat().words(&[(0, 9), (20, 30)], Lang::Zh);
    assert_eq!(apart, "不多于 9,或者 20 至 30");
}

// The engine's own facts have a Chinese term; a pack's fact is called as the pack calls it, also where it has the name of one.
#[test]
fn only_the_engines_facts_have_a_term_of_their_own() {
    let class = engine_facts(Lang::Zh).remove(0);
    assert_eq!(class.called(Lang::Zh), "类别(class)");
    assert_eq!(class.called(Lang::En), "class");
    let own = FactRule::new("class", Domain::YesNo, Given::Host);
    assert_eq!(own.called(Lang::Zh), "class");
    let other = FactRule::new("other", Domain::YesNo, Given::Engine);
    assert_eq!(other.called(Lang::Zh), "other");
}

// What a fact may be is said in both languages; and a value and its code are the same, where the fact may have it.
#[test]
fn every_kind_of_fact_says_what_it_may_be() {
    let share = || Domain::Percent {
        least: 0,
        most: 10_000,
    };
    let all = [
        (
            Domain::YesNo,
            "`true`(是)或者`false`(否)",
            "true or false",
            (0, 1),
        ),
        (
            labels(&["甲", "乙"]),
            "`甲`、`乙`之一",
            "one of `甲`, `乙`",
            (0, 1),
        ),
        (
            Domain::Whole { least: 2, most: 9 },
            "2 到 9 的整数",
            "a whole number from 2 to 9",
            (2, 9),
        ),
        (
            share(),
            "`0.00%`到`100.00%`的百分数,至多两位小数",
            "a share as text, with at most two decimals, from `0.00%` to `100.00%`",
            (0, 10_000),
        ),
        (
            year(),
            "2026-01-01 到 2026-12-31 的日期,如`2026-01-01`",
            "a date such as `2026-01-01`, from 2026-01-01 to 2026-12-31",
            (739_617, 739_981),
        ),
    ];
    for (domain, zh, en, codes) in all {
        assert_eq!(domain.expected(Lang::Zh), zh);
        assert_eq!(domain.expected(Lang::En), en);
        assert_eq!(domain.codes(), codes);
        for code in [codes.0, codes.1] {
            assert_eq!(domain.code(&domain.value(code)), Some(code));
        }
    }
    for (text, code) in [
        ("10", Some(1_000)),
        ("10.5", Some(1_050)),
        ("10.05%", Some(1_005)),
        ("0.01", Some(1)),
        ("0", Some(0)),
        ("100.01", None),
        ("1.005", None),
    ] {
        assert_eq!(share().code(&text.into()), code, "{text}");
    }
    let whole = Domain::Whole { least: 2, most: 9 };
    assert_eq!(whole.code(&1.into()), None);
    assert_eq!(whole.code(&10.into()), None);
    assert_eq!(
        (whole.say(3, 3), whole.say(3, 5)),
        ("3".into(), "3..=5".into())
    );
    assert_eq!(share().say(1_001, 1_001), "10.01%");
    assert_eq!(share().say(0, 1_000), "0.00%..=10.00%");
    assert_eq!(labels(&["甲", "乙"]).say(0, 1), "甲 | 乙");
    assert_eq!(Domain::YesNo.say(1, 1), "true");
    let (first, last) = year().codes();
    assert_eq!(year().say(first, last), "..");
}

// A name that is not declared is taken for the nearest that is, where one is near; a name that is longer than any is near nothing.
#[test]
fn a_name_that_is_mistyped_is_taken_for_the_nearest() {
    let schema = |names: &[&str]| Schema {
        facts: names
            .iter()
            .map(|name| FactRule::new(*name, Domain::YesNo, Given::Host))
            .collect(),
    };
    let known = schema(&["returns", "reopens", "b"]);
    assert_eq!(known.near("retrnus"), Some("returns".into()));
    assert_eq!(known.near("reopen"), Some("reopens".into()));
    assert_eq!(known.near("a"), Some("b".into()));
    assert_eq!(known.near("xyz"), None);
    let (most, more) = ("a".repeat(80), "a".repeat(81));
    let other = format!("{}b", "a".repeat(79));
    assert_eq!(schema(&[most.as_str()]).near(&other), Some(most.clone()));
    assert_eq!(schema(&[more.as_str()]).near(&most), None);
    assert_eq!(schema(&[most.as_str()]).near(&more), None);
}

// Every fact that cannot be taken as it was given is named in both languages, with what was meant or what it may be.
#[test]
fn what_is_wrong_with_given_facts_is_said_in_both_languages() {
    let given = Facts::from([
        ("retruns".into(), 2.into()),
        ("returns".into(), "x".into()),
        ("xyz".into(), true.into()),
    ]);
    let faults = plain().schema.take(&given).unwrap_err();
    let said = |lang| -> Vec<String> { faults.iter().map(|it| it.say(lang)).collect() };
    assert_eq!(
        said(Lang::Zh),
        [
            "没有叫`retruns`的事实,是不是要写`returns`?",
            "事实`returns`不能是`x`,应是 0 到 99 的整数",
            "没有叫`xyz`的事实",
        ]
    );
    assert_eq!(
        said(Lang::En),
        [
            "no fact is called `retruns`; did you mean `returns`?",
            "the fact `returns` cannot be `x`; it is a whole number from 0 to 99",
            "no fact is called `xyz`",
        ]
    );
}

/// A plan with two facts that somebody gives, and a reply of three days where the reply records a contact or both are so; else of
/// fifteen.
fn either() -> Plan {
    let mut plan = plain();
    for name in ["a", "b"] {
        let fact = FactRule::new(name, Domain::YesNo, Given::Host);
        plan.schema.facts.push(fact);
    }
    let at = |name: &str| plan.schema.index(name).unwrap();
    let (contact, a, b) = (at("has_contact"), at("a"), at("b"));
    let region = |bounds: &[(usize, i64)], n: u32| Region {
        bounds: bounds
            .iter()
            .map(|(fact, code)| (*fact, (*code, *code)))
            .collect(),
        answer: days(n),
    };
    let regions = vec![
        region(&[(contact, 1)], 3),
        region(&[(contact, 0), (a, 0)], 15),
        region(&[(contact, 0), (a, 1), (b, 0)], 15),
        region(&[(contact, 0), (a, 1), (b, 1)], 3),
    ];
    let diagram = Diagram::from_regions(&plan.schema, regions).unwrap();
    reply(&mut plan).diagram = diagram;
    plan
}

fn reply(plan: &mut Plan) -> &mut Decision<Limit> {
    let mut clocks = plan.clocks.iter_mut();
    let clock = clocks.find(|clock| clock.kind == ClockKind::Reply);
    &mut clock.unwrap().within
}

fn given(facts: &[(&str, bool)]) -> Facts {
    let each = facts
        .iter()
        .map(|(name, yes)| ((*name).to_owned(), (*yes).into()));
    each.collect()
}

// What the engine keeps begins at its least and is taken to be so; what somebody must give, and the class and the mark, which wait for
// a person, are taken to be nothing.
#[test]
fn what_nobody_gave_is_taken_only_where_it_begins_somewhere() {
    let plan = either();
    let known = plan.schema.take(&given(&[("a", true)])).unwrap();
    let taken = |name: &str| known.taken.get(name).cloned();
    assert_eq!(taken("returns"), Some(FactValue::Whole(0)));
    assert_eq!(taken("place_level"), Some(FactValue::Whole(4)));
    assert_eq!(taken("has_contact"), Some(FactValue::Yes(false)));
    for name in ["class", "mark", "a", "b"] {
        assert_eq!(taken(name), None, "{name}");
    }
    let code = |name: &str| known.row().code(plan.schema.index(name).unwrap());
    assert_eq!((code("a"), code("b"), code("place_level")), (1, 0, 4));
}

// An answer is told with the facts that decided it, and with what alone would change it.
#[test]
fn an_answer_is_told_with_what_decided_it_and_what_would_change_it() {
    let plan = either();
    let asked = plan.decision(REPLY).unwrap();
    let known = plan.schema.take(&given(&[("a", false), ("b", false)]));
    let why = asked.why(&plan.schema, &known.unwrap());
    assert_eq!(why.answer, Some(Answer::Limit(days(15))));
    let because: Vec<String> = why.because.iter().map(|it| it.say(Lang::En)).collect();
    assert_eq!(because, ["has_contact is no", "a is no"]);
    let [flip] = why.flips.as_slice() else {
        panic!("{:?}", why.flips);
    };
    assert_eq!(flip.bound.say(Lang::Zh), "有联系记录(has_contact)为是");
    assert_eq!(flip.to, FactValue::Yes(true));
    assert_eq!(flip.answer, Answer::Limit(days(3)));
    assert_eq!(flip.answers.zh, "3 个工作日");
    assert_eq!(why.needs, Vec::<String>::new());
    // Without a fact that it takes there is no answer, and it is asked for.
    let known = plan.schema.take(&given(&[("b", false)])).unwrap();
    let why = asked.why(&plan.schema, &known);
    assert_eq!((why.answer, why.says), (None, None));
    assert_eq!(why.needs, ["a"]);
    // Where it takes none here, those are named that it would take in other cases.
    let known = plan.schema.take(&given(&[("has_contact", true)])).unwrap();
    let why = asked.why(&plan.schema, &known);
    assert_eq!(why.answer, Some(Answer::Limit(days(3))));
    assert_eq!(why.needs, ["a", "b"]);
    assert_eq!(why.flips, []);
}

// For another answer the fewest facts are named that it takes, and beside what the engine keeps those that somebody can give.
#[test]
fn why_not_names_the_fewest_facts() {
    let plan = either();
    let asked = plan.decision(REPLY).unwrap();
    let not = |facts: &[(&str, bool)], n: u32| {
        let known = plan.schema.take(&given(facts)).unwrap();
        asked.why_not(&plan.schema, &known, &Answer::Limit(days(n)))
    };
    let named = |all: Vec<(Bound, FactValue)>| -> Vec<(String, FactValue)> {
        let each = all.into_iter().map(|(bound, to)| (bound.fact, to));
        each.collect()
    };
    let so = |name: &str| (name.to_owned(), FactValue::Yes(true));
    let NotSo::With { fewest, given } = not(&[("a", false), ("b", false)], 3) else {
        panic!("it can be");
    };
    assert_eq!(named(fewest), [so("has_contact")]);
    assert_eq!(given.map(named), Some(vec![so("a"), so("b")]));
    // Of as few, what somebody gives comes first; nothing else need be named then.
    let NotSo::With { fewest, given } = not(&[("a", true), ("b", false)], 3) else {
        panic!("it can be");
    };
    assert_eq!(named(fewest), [so("b")]);
    assert_eq!(given, None);
    assert_eq!(not(&[("a", false), ("b", false)], 15), NotSo::Already);
    assert_eq!(not(&[("a", false), ("b", false)], 9), NotSo::Never);
    let needs = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(not(&[], 3), NotSo::Needs(needs));
}

// An answer is understood as it is said in either language, whatever its blanks, and as it is stored; one that no case has is not.
#[test]
fn an_answer_is_meant_in_either_language() {
    let plan = either();
    let asked = plan.decision(REPLY).unwrap();
    let three = Some(Answer::Limit(days(3)));
    for text in [
        "3 个工作日",
        "3个工作日",
        "3 Working Days",
        "3workingdays",
        r#"{ "span": { "working_days": 3 } }"#,
    ] {
        assert_eq!(asked.meant(text), three, "{text}");
    }
    for text in ["9 working days", "3", ""] {
        assert_eq!(asked.meant(text), None, "{text}");
    }
    let mut can: Vec<String> = asked.can().into_iter().map(|it| it.en).collect();
    can.sort();
    assert_eq!(can, ["15 working days", "3 working days"]);
}

// Where the answer is the same whichever clause gives it, the fact that would tell which is asked for, once; and with it the clause is
// named.
#[test]
fn a_fact_that_tells_only_the_clause_is_asked_for_once() {
    let by_a = |plan: &mut Plan| {
        let at = plan.schema.index("a").unwrap();
        let region = |code: i64, number: u32| Region {
            bounds: BTreeMap::from([(at, (code, code))]),
            answer: vec![number],
        };
        let regions = vec![region(1, 1), region(0, 2)];
        let decides = Diagram::from_regions(&plan.schema, regions).unwrap();
        let clause = |title: &str| Clause {
            title: title.into(),
            ..Clause::default()
        };
        reply(plan).clauses = Some(Box::new(Clauses {
            mode: Mode::First,
            all: vec![clause("甲"), clause("乙")],
            decides,
        }));
    };
    let why = |plan: &Plan, facts: &[(&str, bool)]| {
        let known = plan.schema.take(&given(facts)).unwrap();
        plan.decision(REPLY).unwrap().why(&plan.schema, &known)
    };
    // The limit depends on nothing.
    let mut always = either();
    reply(&mut always).diagram = Diagram::constant(days(15));
    by_a(&mut always);
    let told = why(&always, &[]);
    assert_eq!(told.answer, Some(Answer::Limit(days(15))));
    assert_eq!(told.needs, ["a"]);
    assert_eq!((told.clauses, told.because), (Vec::new(), Vec::new()));
    let told = why(&always, &[("a", true)]);
    assert_eq!(told.needs, Vec::<String>::new());
    assert_eq!(told.clauses[0].clause.title, "甲");
    assert_eq!(told.clauses[0].id, RuleId::new(REPLY).clause(1));
    assert_eq!(told.because[0].say(Lang::En), "a is yes");
    // The limit depends on it in other cases, too.
    let mut sometimes = either();
    by_a(&mut sometimes);
    let told = why(&sometimes, &[("has_contact", true)]);
    assert_eq!(told.answer, Some(Answer::Limit(days(3))));
    assert_eq!(told.needs, ["a", "b"]);
}
