//! Over which cases two plans are compared: facts that both know, facts of one plan alone, values, labels.

use duly::plan::{Diagram, Domain, FactRule, Given, Plan, Region, Schema, Side};
use duly::words::{FactValue, Lang};

use super::{ALL, asks, decided, plain, rule};
use crate::small::{days, plan_of, ranging};

/// A plan with a fact `f` that tracks the cases in which its code lies in that range.
fn tracks(domain: Domain, range: (i64, i64)) -> Plan {
    let mut plan = plain();
    let fact = FactRule::new("f", domain, Given::Host);
    plan.schema.facts.push(fact);
    let at = plan.schema.facts.len() - 1;
    plan.track.when = Some(rule(ranging(&plan.schema, at, range)));
    plan
}

// A fact that both plans have is compared over the values that both know, numbers, shares and dates alike; over those the same rule is
// no difference.
#[test]
fn a_fact_is_compared_over_the_values_that_both_plans_know() {
    let whole = |least: i64, most: i64| Domain::Whole { least, most };
    let share = |least: i64, most: i64| Domain::Percent { least, most };
    let none = Vec::<String>::new();
    let five = tracks(whole(0, 10), (5, 10));
    assert_eq!(
        decided(&five, &tracks(whole(3, 20), (5, 20)), Lang::Zh),
        none
    );
    let eight = tracks(whole(3, 20), (8, 20));
    let fewer = ["是否督办, f 为 5 至 7: 督办 → 不督办"];
    assert_eq!(decided(&five, &eight, Lang::Zh), fewer);
    let more = ["是否督办, f 为 5 至 7: 不督办 → 督办"];
    assert_eq!(decided(&eight, &five, Lang::Zh), more);
    // Where only the new plan tracks is beyond what the old one knows.
    let beyond = tracks(whole(3, 20), (11, 20));
    let never = ["是否督办, f 不少于 5: 督办 → 不督办"];
    assert_eq!(decided(&five, &beyond, Lang::Zh), never);
    // One value in common is enough.
    let edge = tracks(whole(10, 20), (11, 20));
    let only = decided(&five, &edge, Lang::Zh);
    assert!(
        only.len() == 1 && only[0].ends_with(": 督办 → 不督办"),
        "{only:?}"
    );
    let shares = (
        tracks(share(0, 1_000), (500, 1_000)),
        tracks(share(300, 2_000), (800, 2_000)),
    );
    let fewer = ["是否督办, f 为 5.00% 至 7.99%: 督办 → 不督办"];
    assert_eq!(decided(&shares.0, &shares.1, Lang::Zh), fewer);
    let dates = |least: &str, most: &str, from: &str| {
        let domain = Domain::Date {
            least: least.parse().unwrap(),
            most: most.parse().unwrap(),
        };
        let (from, last) = (domain.code(&from.into()).unwrap(), domain.codes().1);
        tracks(domain, (from, last))
    };
    let june = dates("2026-01-01", "2026-12-31", "2026-06-01");
    let july = dates("2026-03-01", "2027-12-31", "2026-07-01");
    let fewer = ["是否督办, f 在 2026-06-01 至 2026-06-30: 督办 → 不督办"];
    assert_eq!(decided(&june, &july, Lang::Zh), fewer);
}

// Labels are compared by their text, those that both plans know; and a case that shows the difference is written for each plan as that
// knows it, and is answered by each as is said.
#[test]
fn a_case_that_shows_a_difference_is_one_of_either_plan() {
    let labels = |all: [&str; 3]| Domain::Labels(all.map(str::to_owned).to_vec());
    let old = tracks(labels(["甲", "乙", "丙"]), (0, 1));
    let new = tracks(labels(["丙", "乙", "丁"]), (0, 1));
    let told = ["是否督办, f 为丙: 不督办 → 督办"];
    assert_eq!(decided(&old, &new, Lang::Zh), told);
    // Without a value in common it is a fact of either plan apart.
    let low = tracks(Domain::Whole { least: 0, most: 4 }, (2, 4));
    let high = tracks(Domain::Whole { least: 5, most: 9 }, (7, 9));
    assert_eq!(
        decided(&low, &high, Lang::Zh),
        [
            "是否督办, f 不多于 6, f 不少于 2: 督办 → 不督办",
            "是否督办, f 不少于 7, f 不多于 1: 不督办 → 督办",
        ]
    );
    for (old, new, was, is) in [
        (&old, &new, FactValue::from("丙"), FactValue::from("丙")),
        (&low, &high, FactValue::Whole(2), FactValue::Whole(5)),
    ] {
        let diff = old.diff(new, ALL);
        let decision = &diff.decisions[0];
        let region = &decision.regions[0];
        let (before, after) = (region.facts(Side::Old), region.facts(Side::New));
        assert_eq!((&before["f"], &after["f"]), (&was, &is));
        let rows = [(old, &before), (new, &after)]
            .map(|(plan, case)| plan.schema.row(|fact| case.get(&fact.name).cloned()));
        let answers = decision.answers((old, &rows[0]), (new, &rows[1]));
        assert_eq!(answers, Some((region.old.clone(), region.new.clone())));
        let mut reads = decision.reads.clone();
        reads.dedup();
        assert_eq!(reads, ["f"]);
    }
}

// A fact that only one plan has stands with the set as that plan's own, whichever it is; where facts stand in a plan is no difference.
#[test]
fn a_fact_that_one_plan_has_alone_is_named_as_its_own() {
    let without = plain();
    let with = tracks(Domain::YesNo, (1, 1));
    for (old, new, side, told) in [
        (
            &with,
            &without,
            Side::Old,
            "是否督办, f 为是: 督办 → 不督办",
        ),
        (
            &without,
            &with,
            Side::New,
            "是否督办, f 为是: 不督办 → 督办",
        ),
    ] {
        assert_eq!(decided(old, new, Lang::Zh), [told]);
        let diff = old.diff(new, ALL);
        assert_eq!(diff.decisions[0].regions[0].when[0].only, Some(side));
    }
    let ordered = |names: [&str; 2]| {
        let mut plan = plain();
        for name in names {
            let fact = FactRule::new(name, Domain::YesNo, Given::Host);
            plan.schema.facts.push(fact);
        }
        plan.track.when = Some(rule(asks(&plan, "f", false, true)));
        plan
    };
    let (one, other) = (ordered(["f", "g"]), ordered(["g", "f"]));
    assert!(one.diff(&other, ALL).is_empty());
}

// Values that lead the same way are one set, though others lie between them.
#[test]
fn values_that_lead_the_same_way_are_told_together() {
    let mut old = plain();
    let kinds = ["甲", "乙", "丙"].map(str::to_owned).to_vec();
    for (name, domain) in [("f", Domain::Labels(kinds)), ("g", Domain::YesNo)] {
        let fact = FactRule::new(name, domain, Given::Host);
        old.schema.facts.push(fact);
    }
    let (f, g) = (
        old.schema.index("f").unwrap(),
        old.schema.index("g").unwrap(),
    );
    let told = |cases: &[(&[(usize, i64)], bool)]| {
        let regions = cases.iter().map(|(facts, answer)| Region {
            bounds: facts
                .iter()
                .map(|(fact, code)| (*fact, (*code, *code)))
                .collect(),
            answer: *answer,
        });
        let diagram = Diagram::from_regions(&old.schema, regions.collect()).unwrap();
        let mut new = old.clone();
        new.track.when = Some(rule(diagram));
        decided(&old, &new, Lang::Zh)
    };
    assert_eq!(
        told(&[(&[(f, 0)], true), (&[(f, 1)], false), (&[(f, 2)], true)]),
        ["是否督办, f 为甲、丙: 不督办 → 督办"]
    );
    assert_eq!(
        told(&[
            (&[(f, 0), (g, 0)], false),
            (&[(f, 0), (g, 1)], true),
            (&[(f, 1)], false),
            (&[(f, 2), (g, 0)], false),
            (&[(f, 2), (g, 1)], true),
        ]),
        ["是否督办, f 为甲、丙, g 为是: 不督办 → 督办"]
    );
}

/// A plan with one fact, of these labels; two days for the first in the alphabet, three for any other.
fn by_label(labels: &[&str]) -> Plan {
    let domain = Domain::Labels(labels.iter().map(|it| (*it).to_owned()).collect());
    let schema = Schema {
        facts: vec![FactRule::new("b", domain, Given::Host)],
    };
    plan_of(schema, |case| match case["b"] == FactValue::from("a") {
        true => days(2),
        false => days(3),
    })
}

// A label is known by its text, wherever it stands in the list, also where there is no other fact.
#[test]
fn the_order_of_labels_is_no_difference() {
    let (old, new) = (by_label(&["a", "b"]), by_label(&["b", "a"]));
    assert!(old.diff(&new, ALL).is_empty());
    assert!(new.diff(&old, ALL).is_empty());
    // A label that only one plan knows cannot be compared; the others are.
    let more = by_label(&["c", "a", "b"]);
    assert_eq!(old.diff(&more, ALL).decisions, []);
    assert_eq!(more.diff(&old, ALL).decisions, []);
}

// What the engine keeps is known by where it stands in the list, where two packs are not written in one language; a value of which one plan does not know cannot be
// compared.
#[test]
fn what_the_engine_keeps_is_compared_over_the_values_that_both_plans_know() {
    let keeps = |labels: &[&str], lang: Lang, range: (i64, i64)| {
        let labels = labels.iter().map(|it| (*it).to_owned());
        let mut plan = tracks(Domain::Labels(labels.collect()), range);
        plan.schema.facts.last_mut().unwrap().given = Given::Engine;
        plan.labels = lang;
        plan
    };
    let old = keeps(&["甲", "乙"], Lang::Zh, (1, 1));
    for (range, differs) in [
        ((1, 1), false),
        ((1, 2), false),
        ((0, 1), true),
        ((0, 0), true),
        ((2, 2), true),
    ] {
        let new = keeps(&["a", "b", "c"], Lang::En, range);
        for diff in [old.diff(&new, ALL), new.diff(&old, ALL)] {
            assert_eq!(!diff.decisions.is_empty(), differs, "{range:?}");
        }
    }
}
