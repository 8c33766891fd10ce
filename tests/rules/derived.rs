//! Derived facts as packs declare them, and as tests beside a pack give them.

use duly::plan::{DerivedRule, Given, Plans};
use duly::script::{Options, check};
use duly::trial::{Tests, run};
use duly::words::Lang;

use super::{found, in_both, one, plan, with};

const FIELD: &str = "fact(\"field\", [\"教育\", \"城建\"]).given_by(INTAKE);\n";

#[test]
fn a_pack_says_what_a_fact_is_derived_from() {
    let plan = plan(&format!(
        "{FIELD}fact(\"again\").derived();\nfact(\"far\", 0..=500).derived_from(\"field\", \"class\").otherwise(0);"
    ));
    let again = plan.schema.fact("again").unwrap();
    assert_eq!((again.given, again.moves), (Given::Derived, true));
    let rule = |fact: &str, from: &[&str]| DerivedRule {
        fact: fact.into(),
        from: from.iter().map(|name| (*name).to_owned()).collect(),
    };
    assert_eq!(
        plan.derived,
        [rule("again", &[]), rule("far", &["field", "class"])]
    );
    assert_eq!(plan.validate(), Ok(()));
}

/// Every mistake about a derived fact, in both languages.
#[test]
fn mistakes_are_named() {
    let own = [
        "fact(\"far\", 0..=9).derived_from(\"heat\", \"heat\");",
        "fact(\"far\", 0..=9).given_by(HOST).derived();",
        "fact(\"far\", 0..=9).derived_from(\"heet\");",
        "fact(\"far\", 0..=9).derived_from(\"far\");",
        "fact(\"far\", 0..=9).derived_from(\"mark\");",
    ];
    let others = [
        "fact(\"far\", 0..=9).derived().given_by(HOST);",
        "fact(\"far\", 0..=9).derived().moves();",
        "fact(\"far\", 0..=9).derived_from();",
    ];
    let mut said: Vec<String> = own.into_iter().flat_map(in_both).collect();
    said.extend(others.map(one));
    insta::assert_snapshot!(said.join("\n"));
}

/// A derived fact is known once its inputs are: a rule that is read before the last of them is refused, unless the pack says what
/// holds until then. What comes with the message is there from the start.
#[test]
fn a_derived_fact_is_known_once_its_inputs_are() {
    let within =
        "clock(\"screen\").within(|m| if m.far > 3 { 2.working_days } else { 1.working_days });";
    let early = format!("{FIELD}fact(\"far\", 0..=9).derived_from(\"field\");\n{within}");
    let codes: Vec<&str> = found(&early).all.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["D306"]);
    plan(&format!(
        "{FIELD}fact(\"far\", 0..=9).derived_from(\"field\").otherwise(0);\n{within}"
    ));
    plan(&format!(
        "fact(\"far\", 0..=9).derived_from(\"heat\");\n{within}"
    ));
    plan(&format!("fact(\"far\", 0..=9).derived();\n{within}"));
    let class = format!("fact(\"far\", 0..=9).derived_from(\"class\");\n{within}");
    assert_eq!(found(&class).all[0].code, "D306");
}

/// In a test beside a pack, the head says what the function would find; the function is asked where it does not.
#[test]
fn a_test_gives_what_a_function_would_find() {
    let source = with(
        "fact(\"again\").derived();\nclock(\"reply\").within(|m| if m.again { 2.working_days } else { 5.working_days });",
    );
    let (plan, _) = check("pack.rhai", &source, &Options::default());
    let story = |facts: &str, due: &str| {
        format!(
            r#"{{"测试": "再次来件", "类别": "问事", "事实": {facts}}}
{{"时": "2026-03-02 09:00", "做": "登记"}}
{{"时": "2026-03-02 09:10", "做": "受理"}}
{{"时": "2026-03-02 09:20", "做": "交办"}}
{{"到期": "答复", "是": "{due} 18:00"}}
"#
        )
    };
    let tests = [
        story("{\"again\": true}", "2026-03-04"),
        story("{\"again\": false}", "2026-03-09"),
        story("{\"kind\": \"投诉\"}", "2026-03-04"),
    ];
    let tests = Tests::read("again.jsonl", &tests.concat()).unwrap();
    let mut plans = Plans::new("board".parse().unwrap());
    plans.derive("again", |known| known.label("kind") == Some("投诉"));
    plans.take(plan.unwrap()).unwrap();
    let report = run(&plans, ("pack.rhai", &source), &[tests], Lang::En).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!((report.tests, report.passed), (3, 3));
}

/// In a log stands of each derived fact whether a function finds it or commands give it.
#[test]
fn a_log_says_where_derived_facts_come_from() {
    let mut plans = Plans::new("board".parse().unwrap());
    plans.derive("far", |known| known.label("kind") == Some("投诉"));
    plans.give_by_hand("near");
    let logged = format!("{plans:?}");
    let from = "Derivers({\"far\": Function, \"near\": ByHand})";
    assert!(logged.contains(from), "{logged}");
}
