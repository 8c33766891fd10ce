//! Diagrams answer as the rules were written, and say nothing about how they were written.

use duly::plan::{Domain, Plan, Row};
use duly::script::{Interpreter, hainan_board};
use proptest::prelude::*;

use super::{plan, with};

/// Any row of the plan's facts, bounds and their neighbours more often than the middle of nowhere.
fn rows(plan: &Plan) -> impl Strategy<Value = Row> + use<> {
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
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&rows(oracle.plan()), |row| agree(&oracle, &row))
        .unwrap();
}

/// A condition, as text for the pack and as a judgement of its own: the interpreter's comparisons are the library's, and two that
/// share a mistake agree.
#[derive(Debug, Clone)]
enum Cond {
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
struct Case {
    kind: &'static str,
    heat: i64,
    crowd: i64,
    urgent: bool,
}

const KINDS: [&str; 3] = ["投诉", "求助", "咨询"];

impl Cond {
    fn text(&self) -> String {
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
    fn holds(&self, case: Case) -> bool {
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

fn conditions() -> impl Strategy<Value = Cond> {
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

fn cases() -> impl Strategy<Value = Case> {
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

const MORE: &str = "fact(\"crowd\", -5..=20).given_by(HOST);\nfact(\"urgent\").given_by(HOST);\n";

fn oracle(rule: &str) -> Interpreter {
    let text = with(&format!("{MORE}track(督查办).start(|m| {rule});"));
    Interpreter::load("pack.rhai", &text).unwrap_or_else(|findings| panic!("{rule}\n{findings}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

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
