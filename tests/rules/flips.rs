//! What would change an answer, and why not another: held against every case there is.

use std::collections::BTreeMap;

use duly::plan::{
    Answer, Diagram, Domain, FactRule, Flip, Given, Limit, Plan, Region, Row, Schema,
};
use duly::script::{hainan_board, load};
use duly::words::Facts;
use proptest::prelude::*;

use super::diagrams::rows;
use super::small::{REPLY, cases, days, plans, reply, row};
use super::tries::config;

fn codes(schema: &Schema, row: &Row) -> Vec<i64> {
    (0..schema.facts.len()).map(|fact| row.code(fact)).collect()
}

fn with(schema: &Schema, row: &Row, fact: usize, code: i64) -> Row {
    let mut codes = codes(schema, row);
    codes[fact] = code;
    Row::new(codes)
}

fn is_number(schema: &Schema, fact: usize) -> bool {
    matches!(
        schema.facts[fact].domain,
        Domain::Whole { .. } | Domain::Percent { .. }
    )
}

/// Codes worth trying of a fact: all, where they are few; else those around every bound of the rule.
fn tried<A: PartialEq>(diagram: &Diagram<A>, schema: &Schema, fact: usize) -> Vec<i64> {
    let (least, most) = schema.facts[fact].domain.codes();
    if most - least <= 100 {
        return (least..=most).collect();
    }
    let mut all = vec![least, most];
    for region in diagram.regions(schema) {
        let (from, to) = region.bounds.get(&fact).copied().unwrap_or((least, most));
        all.extend([from - 1, from, to, to + 1]);
    }
    all.sort_unstable();
    all.dedup();
    all.retain(|code| (least..=most).contains(code));
    all
}

fn flips_hold<A: PartialEq + std::fmt::Debug>(
    diagram: &Diagram<A>,
    schema: &Schema,
    row: &Row,
) -> Result<(), TestCaseError> {
    let own = diagram.answer(row);
    let flips = diagram.flips(schema, row);
    for flip in &flips {
        prop_assert_ne!(flip.answer, own);
        prop_assert!(
            flip.ranges
                .iter()
                .any(|(least, most)| (least..=most).contains(&&flip.to))
        );
        for (least, most) in &flip.ranges {
            for code in [*least, *most, flip.to] {
                let other = with(schema, row, flip.fact, code);
                prop_assert_eq!(diagram.answer(&other), flip.answer);
            }
        }
    }
    for fact in 0..schema.facts.len() {
        let code = row.code(fact);
        let own_flips: Vec<_> = flips.iter().filter(|flip| flip.fact == fact).collect();
        for other in tried(diagram, schema, fact) {
            let answer = diagram.answer(&with(schema, row, fact, other));
            if answer == own {
                let named = own_flips
                    .iter()
                    .any(|flip| flip.ranges.iter().any(|(a, b)| (*a..=*b).contains(&other)));
                prop_assert!(!named, "{} = {} changes nothing", fact, other);
            } else if is_number(schema, fact) {
                // The nearest on this side is named, and lies no farther away.
                let nearer = own_flips.iter().any(|flip| {
                    (flip.to > code) == (other > code)
                        && (flip.to - code).abs() <= (other - code).abs()
                });
                prop_assert!(nearer, "{} = {} would change it", fact, other);
            } else {
                let named = own_flips
                    .iter()
                    .filter(|flip| flip.ranges.iter().any(|(a, b)| (*a..=*b).contains(&other)));
                let answers: Vec<_> = named.map(|flip| flip.answer).collect();
                prop_assert_eq!(answers, [answer]);
            }
        }
    }
    Ok(())
}

/// How many facts are otherwise, and how many of those the engine keeps.
fn price(schema: &Schema, a: &[i64], b: &[i64]) -> (usize, usize) {
    let facts = schema.facts.iter().zip(a.iter().zip(b));
    let others: Vec<_> = facts.filter(|(_, (a, b))| a != b).collect();
    let engine = others
        .iter()
        .filter(|(fact, _)| fact.given == Given::Engine)
        .count();
    (others.len(), engine)
}

fn fewest_is_fewest(
    plan: &Plan,
    from: &Row,
    wanted: &Limit,
    engine: bool,
) -> Result<(), TestCaseError> {
    let (schema, diagram) = (&plan.schema, reply(plan));
    let may = |fact: &FactRule| engine || fact.given != Given::Engine;
    let here = codes(schema, from);
    let all = cases(schema);
    let rows = all
        .iter()
        .map(|case| row(schema, case))
        .filter(|row| diagram.answer(row) == wanted);
    let prices = rows.map(|row| price(schema, &here, &codes(schema, &row)));
    let best = prices.filter(|price| engine || price.1 == 0).min();
    let found = diagram.instead(schema, from, |answer| answer == wanted, may);
    prop_assert_eq!(found.is_some(), best.is_some());
    let Some(found) = found else {
        return Ok(());
    };
    let mut there = here.clone();
    let mut ends = (here.clone(), here.clone());
    for change in &found {
        prop_assert!((change.least..=change.most).contains(&change.to));
        prop_assert!(!(change.least..=change.most).contains(&here[change.fact]));
        there[change.fact] = change.to;
        ends.0[change.fact] = change.least;
        ends.1[change.fact] = change.most;
    }
    prop_assert_eq!(Some(price(schema, &here, &there)), best);
    for codes in [there, ends.0, ends.1] {
        prop_assert_eq!(diagram.answer(&Row::new(codes)), wanted);
    }
    Ok(())
}

/// What is told of a case in which nobody said one fact holds whatever that is.
fn holds_without(plan: &Plan, case: &Facts, gone: &str) -> Result<(), TestCaseError> {
    let (schema, diagram) = (&plan.schema, reply(plan));
    let mut given = case.clone();
    given.remove(gone);
    let known = schema.take(&given).unwrap();
    let why = plan.decision(REPLY).unwrap().why(schema, &known);
    let Some(answer) = &why.answer else {
        return Ok(());
    };
    let at = schema.index(gone).unwrap();
    let (least, most) = match known.taken.contains_key(gone) {
        true => (known.row().code(at), known.row().code(at)),
        false => schema.facts[at].domain.codes(),
    };
    let answers = |row: &Row| Answer::Limit(diagram.answer(row).clone());
    for code in least..=most {
        let here = with(schema, known.row(), at, code);
        prop_assert_eq!(&answers(&here), answer);
        for flip in &why.flips {
            let fact = schema.index(&flip.bound.fact).unwrap();
            let ends = flip.bound.ranges.iter().flat_map(|(a, b)| [a, b]);
            for value in ends.chain([&flip.to]) {
                let code = schema.facts[fact].domain.code(value).unwrap();
                let there = with(schema, &here, fact, code);
                prop_assert_eq!(&answers(&there), &flip.answer, "{} = {}", fact, code);
            }
        }
        for (fact, rule) in schema.facts.iter().enumerate() {
            let named = why.flips.iter().any(|flip| flip.bound.fact == rule.name);
            if named || !why.needs.is_empty() {
                continue;
            }
            for code in tried(diagram, schema, fact) {
                prop_assert_eq!(&answers(&with(schema, &here, fact, code)), answer);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(120))]

    // A fact that is named, set to any value named, changes the answer to the one named; of a number the nearest such value on either
    // side is named, of a label every one; and a fact that is not named changes nothing alone, whatever it is.
    #[test]
    fn what_is_named_flips_the_answer_and_nothing_else_does(plan in plans()) {
        for case in cases(&plan.schema) {
            flips_hold(reply(&plan), &plan.schema, &row(&plan.schema, &case))?;
        }
    }

    // Where a fact is missing, only what is decided without it is told; that another changes nothing is told of no case that needs one.
    #[test]
    fn what_is_told_without_a_fact_holds_whatever_it_is(plan in plans()) {
        for case in cases(&plan.schema) {
            for fact in &plan.schema.facts {
                holds_without(&plan, &case, &fact.name)?;
            }
        }
    }

    // For every case and every answer: no other case with that answer has fewer facts otherwise, nor as few and fewer of the engine's; and
    // where none is named, no case has it.
    #[test]
    fn the_fewest_facts_are_the_fewest(plan in plans()) {
        for case in cases(&plan.schema) {
            for wanted in 1..5 {
                for engine in [false, true] {
                    fewest_is_fewest(&plan, &row(&plan.schema, &case), &days(wanted), engine)?;
                }
            }
        }
    }
}

/// Of several ways that take as few facts the nearest is named, on either side of what the fact is; and of two as near, the lower.
#[test]
fn of_several_ways_to_an_answer_the_nearest_is_named() {
    let domain = Domain::Whole {
        least: -20,
        most: 20,
    };
    let schema = Schema {
        facts: vec![FactRule::new("n", domain, Given::Host)],
    };
    let region = |least: i64, most: i64, answer: bool| Region {
        bounds: BTreeMap::from([(0, (least, most))]),
        answer,
    };
    let regions = vec![
        region(-20, -10, true),
        region(-9, 2, false),
        region(3, 5, true),
        region(6, 10, false),
        region(11, 20, true),
    ];
    let rule = Diagram::from_regions(&schema, regions).unwrap();
    let ways = |code: i64| {
        let row = Row::new(vec![code]);
        let found = rule.instead(&schema, &row, |yes| *yes, |_| true);
        let found = found.unwrap().into_iter();
        found
            .map(|it| (it.least, it.most, it.to))
            .collect::<Vec<_>>()
    };
    for (code, way) in [
        (-9, (-20, -10, -10)),
        (-4, (-20, -10, -10)),
        (-3, (3, 5, 3)),
        (2, (3, 5, 3)),
        (6, (3, 5, 5)),
        (8, (3, 5, 5)),
        (9, (11, 20, 11)),
    ] {
        assert_eq!(ways(code), [way], "{code}");
    }
    assert!(ways(4).is_empty());
}

/// Values that lead to one answer are named together, though the rule asks of some of them what another fact is and of the others nothing; of a
/// label as of a number. Where the other fact leads elsewhere they are named apart.
#[test]
fn values_that_lead_to_one_answer_are_named_together() {
    let labels = ["甲", "乙", "丙", "丁"].map(str::to_owned).to_vec();
    for domain in [Domain::Whole { least: 0, most: 3 }, Domain::Labels(labels)] {
        let number = matches!(domain, Domain::Whole { .. });
        let schema = Schema {
            facts: vec![
                FactRule::new("f", domain, Given::Host),
                FactRule::new("g", Domain::YesNo, Given::Host),
            ],
        };
        let region = |bounds: &[(usize, (i64, i64))], answer: u8| Region {
            bounds: bounds.iter().copied().collect(),
            answer,
        };
        let regions = vec![
            region(&[(0, (0, 0))], 1),
            region(&[(0, (1, 1)), (1, (0, 0))], 2),
            region(&[(0, (1, 1)), (1, (1, 1))], 3),
            region(&[(0, (2, 3))], 3),
        ];
        let rule = Diagram::from_regions(&schema, regions).unwrap();
        let flips = |codes: [i64; 2]| {
            let flips = rule.flips(&schema, &Row::new(codes.to_vec()));
            let told = flips.into_iter().map(|flip| Flip {
                fact: flip.fact,
                ranges: flip.ranges,
                to: flip.to,
                answer: *flip.answer,
            });
            told.collect::<Vec<Flip<u8>>>()
        };
        let flip = |range: (i64, i64), to: i64, answer: u8| Flip {
            fact: 0,
            ranges: vec![range],
            to,
            answer,
        };
        assert_eq!(flips([0, 1]), [flip((1, 3), 1, 3)]);
        let apart = [flip((1, 1), 1, 2), flip((2, 3), 2, 3)];
        // Of a number the nearest value that changes the answer is named alone.
        let told = if number { &apart[..1] } else { &apart[..] };
        assert_eq!(flips([0, 0]), told);
    }
}

#[test]
fn every_rule_of_the_hainan_pack_says_what_would_flip_it() {
    let plan = load("pack.rhai", hainan_board()).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(config(60));
    runner
        .run(&rows(&plan), |row| {
            for decision in plan.decisions() {
                let diagram = decision.diagram();
                flips_hold(&diagram, &plan.schema, &row)?;
                for wanted in diagram.answers() {
                    let found = diagram.instead(&plan.schema, &row, |it| it == wanted, |_| true);
                    let mut codes = codes(&plan.schema, &row);
                    for change in found.unwrap() {
                        codes[change.fact] = change.to;
                    }
                    prop_assert_eq!(diagram.answer(&Row::new(codes)), wanted);
                }
            }
            Ok(())
        })
        .unwrap();
}
