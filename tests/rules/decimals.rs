//! Shares with two decimals: exact, and never through floating point.

use duly::words::FactValue;

use crate::{one, plan};

const SHARE: &str = r#"fact("own", percent("0.00")..=percent("100.00")).given_by(HOST).otherwise(percent("0.00"));
gate("process").refuse(|m| m.own > percent("10.00"), "自费比例超过百分之十");"#;

#[test]
fn ten_percent_passes_and_a_hundredth_more_does_not() {
    let plan = plan(SHARE);
    let met = |share: &str| {
        let value: FactValue = serde_json::from_str(&format!("\"{share}\"")).unwrap();
        let row = plan
            .schema
            .row(|fact| (fact.name == "own").then(|| value.clone()));
        plan.gates[0].met.decide(&plan.schema, &row).1.to_string()
            + if *plan.gates[0].met.answer(&row) {
                " yes"
            } else {
                " no"
            }
    };
    assert_eq!(met("10.00"), "gate(process).1: own = 0.00%..=10.00% yes");
    assert_eq!(met("10.01"), "gate(process).1: own = 10.01%..=100.00% no");
    assert_eq!(met("10.01%"), "gate(process).1: own = 10.01%..=100.00% no");
    assert_eq!(met("10"), met("10.0"));
}

#[test]
fn what_is_no_share_is_no_value_of_the_fact() {
    let plan = plan(SHARE);
    let domain = &plan.schema.fact("own").unwrap().domain;
    for odd in [
        "100.01", "-1.00", "1.005", "1e1", "", ".5", "5.", "１０", "10 %", "+1",
    ] {
        assert_eq!(domain.code(&odd.into()), None, "{odd}");
    }
    assert_eq!(domain.code(&10.into()), None, "a number is not a share");
    for code in [0, 1, 99, 100, 1_001, 10_000] {
        assert_eq!(domain.code(&domain.value(code)), Some(code));
    }
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(
        serde_json::from_str::<duly::plan::Plan>(&stored).unwrap(),
        plan
    );
}

#[test]
fn mistakes_with_shares_are_shown_at_their_place() {
    let fact = "fact(\"own\", percent(\"0.00\")..=percent(\"100.00\")).given_by(HOST).otherwise(percent(\"0.00\"));\n";
    let gate = |rule: &str| {
        one(&format!(
            "{fact}gate(\"process\").refuse(|m| {rule}, \"…\");"
        ))
    };
    assert_eq!(
        gate("m.own > 10"),
        "D304 9:34 `own` is a share, and is compared with the number `10` | write `m.own > percent(\"10.00\")`"
    );
    assert_eq!(
        gate("m.heat > percent(\"10.00\")"),
        "D304 9:35 `heat` is a whole number, and is compared with a share of `10.00%` | write `m.heat > 10`"
    );
    assert_eq!(
        gate("m.own > percent(\"10.005\")"),
        "D203 9:44 `10.005` is not a share with at most two decimals | write `percent(\"10.00\")`"
    );
    assert!(gate("m.own > 10.00").starts_with("D107 9:36 a pack has whole numbers only"));
}
