//! `duly explain`: clauses, promises and dates.

use serde_json::{Value, json};

use super::{Desk, duly};

const HEAD: &str = r#"place("6325", "海南州", "州留言受理岗");
const 期限 = param("期限", 10, 1..=20).from("2026-01-01", 7).from("2026-07-01", 5).ours("自定");
fact("heat", 0..=1_000).given_by(HOST).otherwise(0);
"#;

/// What is told of a pack for those facts, without the folder.
fn explain(head: &str, reply: &str, facts: &Value, more: &[&str]) -> (Option<i32>, String, String) {
    let desk = Desk::new();
    let text = format!("pack(\"demo\", \"示例\"){head};\n{HEAD}{reply}\n");
    let (pack, facts) = (
        desk.file("pack.rhai", &text),
        desk.file("facts.json", &facts.to_string()),
    );
    let mut args = vec!["explain", &pack, "--facts", &facts];
    args.extend(more);
    let ran = duly(&args);
    let bare = |text: &str| text.replace(&desk.path(""), "");
    (ran.code, bare(&ran.out), bare(&ran.err))
}

/// The second clause answers as the last one does, so that the limit alone does not tell which of them it is.
const CLAUSES: &str = r#"clock("reply", "答复").clauses(FIRST)
    .when(|m| m.heat >= 100, 3.working_days).title("热点件").cite("《办法》第五条")
    .when(|m| m.class == "问事", 10.working_days).title("咨询件").ours("参照乐清")
    .otherwise(10.working_days);"#;

#[test]
fn the_clause_that_decides_is_named() {
    let told = |facts: Value, more: &[&str]| {
        let rule = [&["--rule", "clock(reply).within"], more].concat();
        let (code, out, err) = explain("", CLAUSES, &facts, &rule);
        assert_eq!(code, Some(0), "{err}");
        out
    };
    let hot = json!({ "class": "办事", "heat": 250 });
    let asks = json!({ "class": "问事", "heat": 20 });
    insta::assert_snapshot!(
        [
            told(hot.clone(), &[]),
            told(hot, &["--lang", "en"]),
            told(asks.clone(), &[]),
            told(asks.clone(), &["--lang", "en"]),
            // Which clause it is, the class tells; the limit is there without it.
            told(json!({ "heat": 20 }), &[]),
        ]
        .concat()
    );
    let json: Value = serde_json::from_str(&told(asks.clone(), &["--json"])).expect("JSON");
    let why = &json["decisions"][0];
    let clause = json!({ "id": "clock(reply).within.2", "number": 2, "title": "咨询件", "provenance": { "ours": "参照乐清" } });
    assert_eq!(why["clauses"], json!([clause]));
    let facts = why["because"].as_array().expect("a list");
    assert_eq!(
        facts.iter().map(|it| &it["fact"]).collect::<Vec<_>>(),
        ["class", "heat"]
    );
    // A clause stands for its rule.
    let by_clause = |id: &str| explain("", CLAUSES, &asks, &["--rule", id]);
    assert_eq!(
        by_clause("clock(reply).within.1").1,
        told(asks.clone(), &[])
    );
    assert_eq!(by_clause("clock(reply).within.4").0, Some(2));
}

#[test]
fn a_promise_is_due_on_its_day() {
    let promise = |lang: &str| {
        let rule = ["--rule", "spine.clock(commitment).within", "--lang", lang];
        explain("", "", &json!({}), &rule).1
    };
    assert!(
        promise("zh").ends_with("\n  答案:承诺的日期,不看任何事实\n\n"),
        "{}",
        promise("zh")
    );
    assert!(
        promise("en").ends_with("\n  answer: the promised day, whatever the facts\n\n"),
        "{}",
        promise("en")
    );
}

const DATED: &str = "clock(\"reply\", \"答复\").within(期限.working_days);";

#[test]
fn the_date_of_receipt_is_given_or_the_first_day_in_force() {
    let rule = ["--rule", "clock(reply).within"];
    let (code, out, err) = explain("", DATED, &json!({}), &rule);
    assert_eq!(code, Some(2), "{out}");
    assert!(out.ends_with("\n  答不出,缺 received_on\n\n"), "{out}");
    assert!(err.contains("\n  `received_on`:"), "{err}");
    let mut all = Vec::new();
    for (force, facts) in [
        (".in_force(\"2025-07-01\", \"2026-03-31\")", json!({})),
        (".in_force(\"2026-03-01\")", json!({})),
        ("", json!({ "received_on": "2026-02-03" })),
    ] {
        for lang in ["zh", "en"] {
            let (code, out, err) = explain(
                force,
                DATED,
                &facts,
                &[&rule[..], &["--lang", lang]].concat(),
            );
            assert_eq!(code, Some(0), "{err}");
            all.push(format!("{force} {facts}\n{out}"));
        }
    }
    insta::assert_snapshot!(all.concat());
    // What holds on no date on which the pack is in force is not offered.
    let not = |force: &str, days: &str| {
        let (_, out, _) = explain(
            force,
            DATED,
            &json!({}),
            &[&rule[..], &["--not", days]].concat(),
        );
        out.lines().last().expect("a line").to_owned()
    };
    let year = ".in_force(\"2025-07-01\", \"2026-03-31\")";
    assert_eq!(
        not(year, "7 个工作日"),
        "要得到“7 个工作日”,至少:received_on 改为 2026-01-01 至 2026-03-31"
    );
    assert!(not(year, "5 个工作日").starts_with("哪种情形都不会得到“5 个工作日”"));
    let (_, json, _) = explain(year, DATED, &json!({}), &[&rule[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let flips = &json["decisions"][0]["flips"];
    assert_eq!(flips[0]["ranges"], json!([["2026-01-01", "2026-03-31"]]));
    assert_eq!(
        (&flips[0]["to"], &flips[1]),
        (&json!("2026-01-01"), &Value::Null)
    );
    assert_eq!(json["taken"]["received_on"], "2025-07-01");
}

/// Where a fact is missing, nothing is told that depends on it: neither that another changes nothing, nor what it would change.
#[test]
fn what_a_missing_fact_would_decide_is_not_told() {
    let rule = ["--rule", "clock(reply).within"];
    let told = |reply: &str, facts: Value| {
        let all = ["zh", "en"].map(|lang| {
            let more = [&rule[..], &["--lang", lang]].concat();
            let (code, out, err) = explain("", reply, &facts, &more);
            assert_eq!(code, Some(0), "{err}");
            out
        });
        all.concat()
    };
    let risky = r#"fact("urgent").given_by(INTAKE);
fact("risky").given_by(INTAKE);
clock("reply").within(|m| if m.urgent { 3.working_days } else if m.risky { 5.working_days } else { 10.working_days });"#;
    let urgent = told(risky, json!({ "urgent": true }));
    assert!(urgent.contains("3 working days"), "{urgent}");
    for said in ["changes nothing", "答案不变", "if urgent were", "若 urgent"] {
        assert!(!urgent.contains(said), "{urgent}");
    }
    // What it would be otherwise is told once it is known.
    let known = told(risky, json!({ "urgent": true, "risky": false }));
    assert!(known.contains("10 working days"), "{known}");

    let kinds = r#"fact("kind", ["咨询", "建议", "投诉"]).given_by(CITIZEN);
fact("urgent").given_by(INTAKE);
clock("reply").within(|m| switch m.kind {
    "咨询" => 5.working_days,
    "建议" => 10.working_days,
    "投诉" => if m.urgent { 3.working_days } else { 10.working_days },
});"#;
    let asks = told(kinds, json!({ "kind": "咨询" }));
    assert!(asks.contains("若 kind 改为 建议:10 个工作日\n"), "{asks}");
    assert!(!asks.contains("投诉"), "{asks}");
    let both = told(kinds, json!({ "kind": "咨询", "urgent": false }));
    assert!(
        both.contains("若 kind 改为 建议、投诉:10 个工作日\n"),
        "{both}"
    );
}
