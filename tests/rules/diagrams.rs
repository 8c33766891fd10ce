//! Diagrams answer as the rules were written, and say nothing about how they were written.

use std::collections::BTreeMap;

use duly::plan::{
    Diagram, DiagramError, Domain, FactRule, Given, Limit, Plan, Region, Row, Schema, Test, Vertex,
};
use duly::script::{Interpreter, hainan_board};
use proptest::prelude::*;

use super::tries::config;
use super::{plan, with};

/// Any row of the plan's facts, bounds and their neighbours more often than the middle of nowhere.
pub(super) fn rows(plan: &Plan) -> impl Strategy<Value = Row> + use<> {
    let codes: Vec<BoxedStrategy<i64>> = plan
        .schema
        .facts
        .iter()
        .map(|fact| {
            let (least, most) = fact.domain.codes();
            match fact.domain {
                Domain::Whole { .. } => prop_oneof![
                    least..=most,
                    Just(least),
                    Just(most),
                    least..=most.min(least + 8),
                    (99_i64..=101).prop_map(move |n| n.clamp(least, most)),
                ]
                .boxed(),
                _ => (least..=most).boxed(),
            }
        })
        .collect();
    codes.prop_map(Row::new)
}

fn agree(oracle: &Interpreter, row: &Row) -> Result<(), TestCaseError> {
    let mut asked = 0;
    for decision in oracle.plan().decisions() {
        if let Some(answer) = oracle.answer(decision.rule, row) {
            asked += 1;
            prop_assert_eq!(answer.unwrap(), decision.answer(row), "{}", decision.rule);
        }
    }
    prop_assert!(asked > 0);
    Ok(())
}

#[test]
fn the_hainan_pack_answers_as_it_was_written() {
    let oracle = Interpreter::load("pack.rhai", hainan_board()).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(config(400));
    runner
        .run(&rows(oracle.plan()), |row| agree(&oracle, &row))
        .unwrap();
}

/// A condition, as text for the pack and as a judgement of its own: the interpreter's comparisons are the library's, and two that
/// share a mistake agree.
#[derive(Debug, Clone)]
pub(super) enum Cond {
    /// Fact, what is added to it, the comparison, the bound, and whether the bound stands first.
    Number(&'static str, i64, &'static str, i64, bool),
    Label(&'static str),
    Among,
    Urgent,
    Switch,
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    Not(Box<Cond>),
    If(Box<Cond>, Box<Cond>, Box<Cond>),
}

/// One matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) kind: &'static str,
    pub(super) heat: i64,
    pub(super) crowd: i64,
    pub(super) urgent: bool,
}

pub(super) const KINDS: [&str; 3] = ["投诉", "求助", "咨询"];

impl Cond {
    pub(super) fn text(&self) -> String {
        match self {
            Cond::Number(fact, plus, op, bound, turned) => {
                let side = match plus {
                    0 => format!("m.{fact}"),
                    n if *n < 0 => format!("(m.{fact} - {})", -n),
                    n => format!("(m.{fact} + {n})"),
                };
                if *turned {
                    format!("({bound} {op} {side})")
                } else {
                    format!("({side} {op} {bound})")
                }
            }
            Cond::Label(label) => format!("(m.kind == \"{label}\")"),
            Cond::Among => "(m.kind in [\"投诉\", \"咨询\"])".into(),
            Cond::Urgent => "m.urgent".into(),
            Cond::Switch => {
                "(switch m.kind { \"投诉\" | \"求助\" => m.urgent, _ => m.heat > 4 })".into()
            }
            Cond::And(a, b) => format!("({} && {})", a.text(), b.text()),
            Cond::Or(a, b) => format!("({} || {})", a.text(), b.text()),
            Cond::Not(a) => format!("!({})", a.text()),
            Cond::If(a, b, c) => {
                format!(
                    "(if {} {{ {} }} else {{ {} }})",
                    a.text(),
                    b.text(),
                    c.text()
                )
            }
        }
    }
    pub(super) fn holds(&self, case: Case) -> bool {
        match self {
            Cond::Number(fact, plus, op, bound, turned) => {
                let side = plus
                    + if *fact == "heat" {
                        case.heat
                    } else {
                        case.crowd
                    };
                let (a, b) = if *turned {
                    (*bound, side)
                } else {
                    (side, *bound)
                };
                match *op {
                    "<" => a < b,
                    "<=" => a <= b,
                    ">" => a > b,
                    ">=" => a >= b,
                    "==" => a == b,
                    _ => a != b,
                }
            }
            Cond::Label(label) => case.kind == *label,
            Cond::Among => case.kind != "求助",
            Cond::Urgent => case.urgent,
            Cond::Switch => {
                if case.kind == "咨询" {
                    case.heat > 4
                } else {
                    case.urgent
                }
            }
            Cond::And(a, b) => a.holds(case) && b.holds(case),
            Cond::Or(a, b) => a.holds(case) || b.holds(case),
            Cond::Not(a) => !a.holds(case),
            Cond::If(a, b, c) => {
                if a.holds(case) {
                    b.holds(case)
                } else {
                    c.holds(case)
                }
            }
        }
    }
}

pub(super) fn conditions() -> impl Strategy<Value = Cond> {
    let fact = prop_oneof![Just("heat"), Just("crowd")];
    let op = proptest::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let bound = prop_oneof![0_i64..12, Just(-3), Just(1_000), Just(5_000)];
    let leaf = prop_oneof![
        4 => (fact, -2_i64..3, op, bound, any::<bool>())
            .prop_map(|(fact, plus, op, bound, turned)| Cond::Number(fact, plus, op, bound, turned)),
        1 => proptest::sample::select(KINDS.to_vec()).prop_map(Cond::Label),
        1 => Just(Cond::Among),
        1 => Just(Cond::Urgent),
        1 => Just(Cond::Switch),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let one = inner.clone().prop_map(Box::new);
        prop_oneof![
            (one.clone(), one.clone()).prop_map(|(a, b)| Cond::And(a, b)),
            (one.clone(), one.clone()).prop_map(|(a, b)| Cond::Or(a, b)),
            one.clone().prop_map(Cond::Not),
            (one.clone(), one.clone(), one).prop_map(|(a, b, c)| Cond::If(a, b, c)),
        ]
    })
}

pub(super) fn cases() -> impl Strategy<Value = Case> {
    // Where the bounds are, mostly.
    let heat = prop_oneof![4 => 0_i64..=16, 1 => 0_i64..=1_000, 1 => Just(1_000)];
    (0..KINDS.len(), heat, -5_i64..=20, any::<bool>()).prop_map(|(kind, heat, crowd, urgent)| {
        Case {
            kind: KINDS[kind],
            heat,
            crowd,
            urgent,
        }
    })
}

pub(super) const MORE: &str =
    "fact(\"crowd\", -5..=20).given_by(HOST);\nfact(\"urgent\").given_by(HOST);\n";

fn oracle(rule: &str) -> Interpreter {
    let text = with(&format!("{MORE}track(督查办).start(|m| {rule});"));
    Interpreter::load("pack.rhai", &text).unwrap_or_else(|findings| panic!("{rule}\n{findings}"))
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn any_rule_answers_as_it_was_written(rule in conditions(), cases in proptest::collection::vec(cases(), 60)) {
        let oracle = oracle(&rule.text());
        let plan = oracle.plan();
        let when = plan.track.when.as_ref().unwrap();
        for case in cases {
            let row = plan.schema.row(|fact| match fact.name.as_str() {
                "kind" => Some(case.kind.into()),
                "heat" => Some(case.heat.into()),
                "crowd" => Some(case.crowd.into()),
                "urgent" => Some(case.urgent.into()),
                _ => None,
            });
            prop_assert_eq!(*when.answer(&row), rule.holds(case), "{} for {:?}", rule.text(), case);
            agree(&oracle, &row)?;
        }
    }

    #[test]
    fn rules_that_say_the_same_are_the_same(rule in conditions()) {
        let rule = rule.text();
        let plain = oracle(&rule);
        for other in [
            format!("!(!({rule}))"),
            format!("(if {rule} {{ true }} else {{ false }})"),
            format!("(if m.urgent {{ {rule} }} else {{ {rule} }})"),
            format!("(switch m.kind {{ \"咨询\" => {rule}, _ => {rule} }})"),
            format!("({rule}) && (m.heat >= 0)"),
        ] {
            let other = oracle(&other);
            prop_assert_eq!(&plain.plan().track, &other.plan().track);
            prop_assert_eq!(plain.plan().id(), other.plan().id());
        }
    }
}

/// Boxes that cover every case once: a case is in the box that its two thresholds and its label say, and boxes are cut again where
/// nothing differs. Answers are few, so that neighbours are often alike.
fn regions() -> impl Strategy<Value = (Schema, Vec<Region<u8>>)> {
    let schema = plan(MORE).schema;
    let place = |name: &str| schema.index(name).unwrap();
    let facts = ["kind", "heat", "crowd"].map(place);
    let cuts = |from: i64, to: i64, most: usize| {
        proptest::collection::btree_set(prop_oneof![3 => from..from + 20, 1 => from..=to], 0..=most)
    };
    let answers = proptest::collection::vec(0_u8..3, 3 * 8 * 8);
    (cuts(1, 1_000, 7), cuts(-4, 20, 7), answers).prop_map(move |(heats, crowds, answers)| {
        let ranges = |least: i64, cuts: &std::collections::BTreeSet<i64>, most: i64| {
            let starts: Vec<i64> = std::iter::once(least).chain(cuts.iter().copied()).collect();
            let ends = cuts.iter().map(|cut| cut - 1).chain([most]);
            starts.into_iter().zip(ends).collect::<Vec<_>>()
        };
        let mut all = Vec::new();
        for kind in 0..3 {
            for (i, heat) in ranges(0, &heats, 1_000).into_iter().enumerate() {
                for (j, crowd) in ranges(-5, &crowds, 20).into_iter().enumerate() {
                    let bounds = BTreeMap::from([
                        (facts[0], (kind, kind)),
                        (facts[1], heat),
                        (facts[2], crowd),
                    ]);
                    let answer = answers[(kind as usize * 8 + i) * 8 + j];
                    all.push(Region { bounds, answer });
                }
            }
        }
        (schema.clone(), all)
    })
}

/// The answer of the one region that holds the row.
fn looked_up(regions: &[Region<u8>], row: &Row) -> u8 {
    let holds = |region: &&Region<u8>| {
        let mut bounds = region.bounds.iter();
        bounds.all(|(fact, (least, most))| (*least..=*most).contains(&row.code(*fact)))
    };
    regions.iter().find(holds).unwrap().answer
}

fn walked(test: Test<'_, u8>, row: &Row) -> u8 {
    let code = row.code(test.fact());
    let mut taken = test
        .branches()
        .filter(|branch| (branch.least..=branch.most).contains(&code));
    match (taken.next().unwrap().to, taken.next()) {
        (Vertex::Answer(answer), None) => *answer,
        (Vertex::Test(next), None) => walked(next, row),
        _ => panic!("two branches for {code}"),
    }
}

proptest! {
    #![proptest_config(config(120))]

    // A diagram says nothing about the order in which its regions were found, nor of how finely they were cut: shuffled, cut down to
    // its own regions, stored and read again it is the same object and the same bytes.
    #[test]
    fn a_diagram_is_one_object_in_whatever_order_its_regions_come(
        (given, shuffled) in regions().prop_flat_map(|given| (Just(given.clone()), Just(given.1).prop_shuffle())),
    ) {
        let (schema, regions) = given;
        let built = Diagram::from_regions(&schema, regions.clone()).unwrap();
        let again = Diagram::from_regions(&schema, shuffled).unwrap();
        prop_assert_eq!(&again, &built);
        let own = built.regions(&schema).map(|region| Region { bounds: region.bounds, answer: *region.answer });
        prop_assert_eq!(&Diagram::from_regions(&schema, own.collect()).unwrap(), &built);
        let text = serde_json::to_string(&built).unwrap();
        prop_assert_eq!(&serde_json::to_string(&again).unwrap(), &text);
        let read: Diagram<u8> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.bytes(), built.bytes());
        prop_assert_eq!(&read, &built);
        // Every test stands for at least one cut between regions, and takes few words for each.
        prop_assert!(built.size() <= regions.len());
        let flat: usize = regions.len() * 3 * (6 + 16) * 4;
        prop_assert!(built.bytes() <= flat + 100, "{} bytes for {} regions", built.bytes(), regions.len());
    }

    // However a test is laid out, by index or halved, a look-up gives the answer of the region that the case lies in; so does a walk
    // from branch to branch; and the path to it holds for the case, with ranges beyond which the answer is not promised.
    #[test]
    fn a_look_up_finds_the_region_and_its_path_says_why(
        (schema, regions) in regions(),
        at in proptest::collection::vec((0_i64..3, 0_i64..=1_000, -5_i64..=20), 40),
    ) {
        let diagram = Diagram::from_regions(&schema, regions.clone()).unwrap();
        let near = regions.iter().flat_map(|region| {
            let ends: Vec<(i64, i64)> = region.bounds.values().copied().collect();
            [(ends[0].0, ends[1].0, ends[2].0), (ends[0].1, ends[1].1, ends[2].1)]
        });
        for (kind, heat, crowd) in at.into_iter().chain(near) {
            let row = schema.row(|fact| match fact.name.as_str() {
                "kind" => Some(KINDS[kind as usize].into()),
                "heat" => Some(heat.into()),
                "crowd" => Some(crowd.into()),
                _ => None,
            });
            let answer = looked_up(&regions, &row);
            prop_assert_eq!(*diagram.answer(&row), answer);
            match diagram.root() {
                Vertex::Answer(only) => prop_assert_eq!(*only, answer),
                Vertex::Test(test) => prop_assert_eq!(walked(test, &row), answer),
            }
            let path = diagram.path(&row);
            prop_assert_eq!(*path.answer(), answer);
            let facts: Vec<_> = path.facts().collect();
            prop_assert!(facts.is_sorted_by(|a, b| a.0 < b.0), "each fact once: {:?}", facts);
            // The path is the diagram's own region of the case.
            let own = diagram.regions(&schema).find(|region| {
                region.bounds.iter().all(|(fact, (least, most))| (*least..=*most).contains(&row.code(*fact)))
            });
            let clipped: BTreeMap<usize, (i64, i64)> = facts
                .into_iter()
                .map(|(fact, from, to)| {
                    let (least, most) = schema.facts[fact].domain.codes();
                    (fact, (from.max(least), to.min(most)))
                })
                .collect();
            prop_assert_eq!(own.unwrap().bounds, clipped);
        }
    }
}

/// Two packs, written apart, that say the same of a clock and of a rung.
#[test]
fn equal_rules_from_different_sources_are_equal_objects() {
    let one = plan(&format!(
        "{MORE}clock(\"reply\").within(|m| if m.urgent || m.heat >= 500 {{ 3.working_days }} else {{ 10.working_days }});"
    ));
    let other = plan(&format!(
        "{MORE}term(\"急\", |m| !(m.heat < 500) || m.urgent == true);
clock(\"reply\").within(|m| switch m.kind {{ \"求助\" => if m.急 {{ 3.working_days }} else {{ 10.working_days }},
    _ => if !m.急 {{ 10.working_days }} else {{ 3.working_days }} }});"
    ));
    let of = |plan: &Plan| -> Diagram<Limit> {
        let clock = plan.clock(duly::words::ClockKind::Reply).unwrap();
        clock.within.diagram.clone()
    };
    assert_eq!(of(&one), of(&other));
    assert_eq!(one.id(), other.id());
}

/// The bundled pack's diagrams are small: none near 64 KiB, all together in the first-level cache.
#[test]
fn the_hainan_packs_diagrams_are_small() {
    let plan = duly::script::load("pack.rhai", hainan_board()).unwrap();
    let sizes: Vec<usize> = plan.decisions().iter().map(|asked| asked.bytes()).collect();
    assert!(sizes.iter().all(|bytes| (1..64 * 1024).contains(bytes)));
    assert!(sizes.iter().sum::<usize>() < 32 * 1024, "{sizes:?}");
}

const REPLY: &str = r#"clock("reply").within(|m| switch m.kind {
    "投诉" => if m.heat >= 热度线 { 3.working_days } else { 10.working_days },
    "求助" => 10.working_days,
    "咨询" => 5.working_days,
});"#;

#[test]
fn the_order_of_arms_and_a_comment_change_nothing() {
    let other = r#"clock("reply").within(|m| // 按类别
    switch m.kind {
        "咨询" => { 5.working_days }
        "求助" => 10.working_days,
        _ => if m.heat < 100 { 10.working_days } else { 3.working_days },
    });"#;
    let (a, b) = (plan(REPLY), plan(other));
    assert_eq!(
        a.clock(duly::words::ClockKind::Reply),
        b.clock(duly::words::ClockKind::Reply)
    );
    assert_eq!(a.id(), b.id());
    assert_ne!(
        a.sources, b.sources,
        "positions and the hash of the source stand outside the identity"
    );
}

#[test]
fn a_number_changed_changes_the_plan() {
    let id = plan(REPLY).id();
    assert_ne!(id, plan(&REPLY.replace("5.working", "6.working")).id());
    assert_ne!(id, plan(&REPLY.replace(">= 热度线", "> 热度线")).id());
    assert_ne!(id, plan(&REPLY.replace("\"reply\"", "\"redo\"")).id());
}

#[test]
fn a_diagram_asks_no_more_than_it_must() {
    let plan = plan(REPLY);
    let within = &plan.clock(duly::words::ClockKind::Reply).unwrap().within;
    assert_eq!(
        (within.diagram.size(), within.diagram.answers().len()),
        (2, 3)
    );
    let row = plan
        .schema
        .row(|fact| (fact.name == "kind").then(|| "求助".into()));
    let (_, reason) = within.decide(&plan.schema, &row);
    assert_eq!(reason.to_string(), "clock(reply).within: kind = 求助");
    assert_eq!(plan.sources.at[&reason.rule], "pack.rhai:8:16");
    let names: Vec<&str> = plan.readers().into_keys().collect();
    assert_eq!(names, ["heat", "kind"]);
}

#[test]
fn a_stored_plan_is_the_plan() {
    let plan = duly::script::load("pack.rhai", hainan_board()).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let again: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(again, plan);
    assert_eq!(again.id(), plan.id());
    // A node whose edge leads nowhere is refused when it is read, not when it is walked.
    let broken = text.replacen(r#"{"node":1}"#, r#"{"node":9999}"#, 1);
    assert_ne!(broken, text);
    assert!(
        serde_json::from_str::<Plan>(&broken)
            .unwrap_err()
            .to_string()
            .contains("damaged")
    );
}

/// One number within these bounds, and nothing else.
fn number(least: i64, most: i64) -> Schema {
    let domain = Domain::Whole { least, most };
    Schema {
        facts: vec![FactRule::new("n", domain, Given::Host)],
    }
}

/// A rule over one number: another answer from each of these on.
fn steps<A: PartialEq>(from: &[i64], most: i64, answer: impl Fn(usize) -> A) -> Diagram<A> {
    let ends = from.iter().skip(1).map(|next| next - 1).chain([most]);
    let regions = from.iter().zip(ends).enumerate();
    let regions = regions.map(|(at, (least, most))| Region {
        bounds: BTreeMap::from([(0, (*least, most))]),
        answer: answer(at),
    });
    Diagram::from_regions(&number(from[0], most), regions.collect()).unwrap()
}

/// A region lies within what its facts can be, least no more than most; what does not is told with its bounds, in both languages.
#[test]
fn a_region_outside_its_facts_is_refused() {
    let schema = number(-5, 1_000);
    let refused = |fact: usize, least: i64, most: i64| {
        let region = Region {
            bounds: BTreeMap::from([(fact, (least, most))]),
            answer: (),
        };
        Diagram::from_regions(&schema, vec![region]).unwrap_err()
    };
    for (fact, least, most) in [(0, -6, 10), (0, 0, 1_001), (0, 5, 4), (1, 0, 1)] {
        let outside = DiagramError::Outside { fact, least, most };
        assert_eq!(refused(fact, least, most), outside);
    }
    let outside = refused(0, -6, 10);
    assert_eq!(
        (outside.to_string().as_str(), outside.zh().as_str()),
        (
            "a region binds fact number `0` to `-6..=10`, which the schema does not have",
            "第 0 个事实取到`-6..=10`,没有这样的值"
        )
    );
}

/// A rule with a gap, with two answers for one case, or with too many cases says so in Chinese too, with the case.
#[test]
fn what_is_wrong_with_regions_is_said_in_chinese() {
    let schema = number(0, 9);
    let wrong = |bounds: &[(i64, i64)]| {
        let regions = bounds.iter().map(|range| Region {
            bounds: BTreeMap::from([(0, *range)]),
            answer: range.0,
        });
        let error = Diagram::from_regions(&schema, regions.collect());
        error.unwrap_err().zh()
    };
    assert_eq!(wrong(&[]), "这种情形没有写怎么办:任何情形");
    assert_eq!(wrong(&[(0, 4)]), "这种情形没有写怎么办:n = 5..=9");
    assert_eq!(wrong(&[(0, 4), (4, 9)]), "这种情形有两种答法:n = 4");
    assert_eq!(wrong(&[(0, 4), (0, 9)]), "这种情形有两种答法:n = 0..=4");
    assert_eq!(wrong(&[(5, 9), (0, 9)]), "这种情形有两种答法:n = 5..=9");
    let large = DiagramError::TooLarge { limit: 7 };
    assert_eq!(large.zh(), "这条规则分出的情形太多");
}

/// A rule fits a schema in which its numbers can be told apart where it tells them apart, and no other.
#[test]
fn a_rule_fits_facts_that_can_be_on_either_side_of_each_cut() {
    let rule = steps(&[0, 5], 9, |at| at);
    for (least, most) in [(0, 9), (4, 5), (-7, 5), (4, 99)] {
        assert!(rule.fits(&number(least, most)), "{least}..={most}");
    }
    for (least, most) in [(5, 9), (0, 4), (6, 9)] {
        assert!(!rule.fits(&number(least, most)), "{least}..={most}");
    }
    assert!(!rule.fits(&Schema::default()));
    assert!(Diagram::constant(1).fits(&Schema::default()));
}

/// A rule takes the words of its tests and answers: numbers that are cut close together lie side by side in one row, and a few that are cut less than
/// 256 apart are looked up in a table, which takes its room; others are halved.
#[test]
fn a_rule_takes_the_room_of_its_tests_and_answers() {
    assert_eq!(Diagram::constant(1_u8).bytes(), 5 * 4 + 1);
    assert_eq!(Diagram::constant(1_u64).bytes(), 5 * 4 + 8);
    // Two answers in turn, from every other number on: a row of two hundred.
    let close: Vec<i64> = (0..=100).map(|at| 2 * at).collect();
    let close = steps(&close, 999, |at| at as u8 % 2);
    assert_eq!((close.size(), close.answers()), (1, &[0, 1][..]));
    assert_eq!(close.bytes(), (2 * 5 + 4 + 200) * 4 + 2);
    let table = |last: i64| steps(&[0, 1, 100, last], 999, |at| at as u8).bytes();
    // Four answers and three tests, each with its two ways; four ways with two edges each, as many ends and answers; and the answers themselves.
    let all = (4 * 5 + 3 * 6) * 4 + (4 * 2 + 4 + 4) * 4 + 4;
    // A table with a mask for each step from the first cut to the last, and one for what lies before.
    assert_eq!(table(255), all + 24 + 256 * 8);
    assert_eq!(table(256), all + 3 * 32);
}

/// Two rules with many cases and few answers are asked together without much ado: what is looked at is pairs of cases.
#[test]
fn rules_with_many_cases_and_few_answers_are_asked_together() {
    let domain = Domain::Whole {
        least: 0,
        most: 149,
    };
    let schema = Schema {
        facts: ["x", "y"]
            .map(|name| FactRule::new(name, domain.clone(), Given::Host))
            .into(),
    };
    let each = |fact: usize| {
        let regions = (0..150).map(|code| Region {
            bounds: BTreeMap::from([(fact, (code, code))]),
            answer: code,
        });
        Diagram::from_regions(&schema, regions.collect()).unwrap()
    };
    let both = each(0).zip(&each(1), |x, y| (x + y) % 200).unwrap();
    assert_eq!(both.answers().len(), 200);
    assert_eq!(*both.answer(&Row::new(vec![149, 149])), 98);
}

/// What a decision takes and reads is what its diagram does, whatever it is about; seen as one of all that decisions answer, it asks the same.
#[test]
fn a_decision_is_as_large_as_its_diagram() {
    let plan = plan(&format!(
        "{REPLY}\ntrack(督查办).start(|m| m.heat > 热度线 && m.kind == \"投诉\");"
    ));
    let (reply, track) = (
        &plan.clock(duly::words::ClockKind::Reply).unwrap().within,
        plan.track.when.as_ref().unwrap(),
    );
    let asked = |rule: &str| plan.decision(rule).unwrap();
    let (one, other) = (asked(reply.rule.as_str()), asked(track.rule.as_str()));
    assert_eq!(one.bytes(), reply.diagram.bytes());
    assert_eq!(other.bytes(), track.diagram.bytes());
    assert_eq!((one.size(), other.size()), (2, 2));
    assert_eq!(one.reads(), other.reads());
    assert_eq!((one.answers().len(), other.answers().len()), (3, 2));
    assert_eq!(one.diagram().size(), 2);
    assert!(one.fits(&plan.schema) && !one.fits(&Schema::default()));
}

/// A test in a log is the fact that it asks for and its place.
#[test]
fn a_test_in_a_log_is_its_fact_and_its_place() {
    let rule = steps(&[0, 5], 9, |at| at);
    let Vertex::Test(test) = rule.root() else {
        panic!("it asks for a number");
    };
    let logged = format!("Test {{ fact: 0, at: {} }}", test.place());
    assert_eq!(format!("{test:?}"), logged);
}

/// A path in a log is its answer with the facts on the way to it.
#[test]
fn a_path_in_a_log_is_its_answer_and_its_facts() {
    let rule = steps(&[0, 5], 9, |at| at);
    assert_eq!(
        format!("{:?}", rule.path(&Row::new(vec![7]))),
        format!("Path {{ answer: 1, facts: [(0, 5, {})] }}", i64::MAX)
    );
}

/// A decision is written out case by case, as many as are asked for, each with its bounds in words and its answer.
#[test]
fn a_decision_is_written_out_case_by_case() {
    let plan = plan(REPLY);
    let asked = plan.decision("clock(reply).within").unwrap();
    let days = |n: u32| serde_json::json!({ "span": { "working_days": n } });
    let all = [
        ("kind = 投诉, heat = 0..=99".to_owned(), days(10)),
        ("kind = 投诉, heat = 100..=1000".to_owned(), days(3)),
        ("kind = 求助".to_owned(), days(10)),
        ("kind = 咨询".to_owned(), days(5)),
    ];
    assert_eq!(asked.table(&plan.schema, 9), all);
    assert_eq!(asked.table(&plan.schema, 2), all[..2]);
    assert!(asked.table(&plan.schema, 0).is_empty());
    let logged = format!("{asked:?}");
    assert!(logged.starts_with("Asked { rule: "), "{logged}");
    assert!(logged.contains("clock(reply).within"), "{logged}");
}
