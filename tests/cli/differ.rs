//! `duly diff` and `duly explain`.

use serde_json::{Value, json};

use super::{Desk, duly};

const OLD: &str = r#"pack("demo", "示例").hours(["09:00-12:00", "14:00-18:00"]);
place("6325", "海南州", "州留言受理岗");
place("632521", "共和县", "县留言受理岗");
const 承办人 = role("owner", "承办责任人");
const 督查办 = role("supervisor", "督查办公室");
const 热度线 = param("热度线", 100, 10..=1_000).ours("自定");
fact("kind", ["投诉", "求助", "咨询"]).given_by(CITIZEN);
fact("heat", 0..=1_000).given_by(HOST).moves().otherwise(0);
fact("urgent").given_by(INTAKE).asks("是否紧急");
clock("reply", "答复").within(|m| switch m.class {
    "问事" => 5.working_days,
    _ => if m.urgent || m.heat >= 热度线 { 3.working_days } else { 10.working_days },
}).extend(#{ granted_by: 督查办, times: 1, most: 5.working_days });
ladder("reply", "催办").before(1.working_days).remind(承办人).after(2.working_days).supervise(督查办);
gate("process").judged(REVIEW).require(|m| m.has_contact, "写明何时何人与网民联系");
pause("待网民补充").side(CITIZEN).most(10.working_days).times(1);
track(督查办).start(|m| m.heat >= 热度线);
classify("class").propose(|m| switch m.kind { "投诉" | "求助" => "办事", "咨询" => "问事" });
"#;

/// Something of everything is otherwise.
fn new() -> String {
    OLD.replace("param(\"热度线\", 100", "param(\"热度线\", 200")
        .replace("5.working_days,\n", "1.weeks,\n")
        .replace("县留言受理岗", "县信访局")
        .replace("[\"投诉\", \"求助\", \"咨询\"]", "[\"咨询\", \"投诉\", \"建言\"]")
        .replace("fact(\"urgent\")", "fact(\"minor\").given_by(HOST).otherwise(false);\nfact(\"urgent\")")
        .replace("\"投诉\" | \"求助\"", "\"投诉\" | \"建言\"")
        .replace("m.urgent ||", "m.urgent || m.minor ||")
        .replace("times: 1, most: 5", "times: 2, most: 8")
        .replace("after(2.working_days).supervise", "after(3.working_days).supervise")
        .replace("\"写明何时何人与网民联系\");", "\"写明何时何人与网民联系\")\n    .require(|m| m.has_basis, \"写明依据\").only_for(\"办事\");")
        .replace("track(督查办).start(|m| m.heat >= 热度线);\n", "clock(\"update\", \"进展告知\").within(10.working_days);\n")
}

fn packs(old: &str, new: &str) -> (Desk, String, String) {
    let desk = Desk::new();
    let (old, new) = (desk.file("old.rhai", old), desk.file("new.rhai", new));
    (desk, old, new)
}

/// Without the folder, which is another one each time.
fn bare(text: &str, desk: &Desk) -> String {
    text.replace(&desk.path(""), "")
}

#[test]
fn packs_that_say_the_same_are_the_same() {
    let other = format!(
        "// 说明\n\n{}",
        OLD.replace("fact(\"urgent\")", "  fact(\"urgent\")")
    );
    let (desk, old, new) = packs(OLD, &other);
    let zh = duly(&["diff", &old, &new]);
    assert_eq!(
        (zh.code, bare(&zh.out, &desk)),
        (Some(0), "old.rhai → new.rhai\n两包说的一样\n".into())
    );
    let en = duly(&["diff", &old, &new, "--lang", "en", "--json"]);
    let json: Value = serde_json::from_str(&en.out).expect("JSON");
    assert_eq!(
        (en.code, &json["same"], &json["changes"], &json["decisions"]),
        (Some(0), &json!(true), &json!([]), &json!([]))
    );
    assert_eq!(
        duly(&["diff", "hainan-board", "rules/hainan-board"]).code,
        Some(0)
    );
}

#[test]
fn what_is_otherwise_is_told_to_people_and_to_machines() {
    let (desk, old, new) = packs(OLD, &new());
    let zh = duly(&["diff", &old, &new]);
    assert_eq!(zh.code, Some(1), "{}", zh.err);
    insta::assert_snapshot!("diff_zh", bare(&zh.out, &desk));
    let en = duly(&["diff", &old, &new, "--lang", "en"]);
    assert_eq!(en.code, Some(1), "{}", en.err);
    insta::assert_snapshot!("diff_en", bare(&en.out, &desk));
    let machine = duly(&["diff", &old, &new, "--json"]);
    assert_eq!(machine.code, Some(1));
    let json: Value = serde_json::from_str(&machine.out).expect("JSON");
    let mut all = json["decisions"].as_array().expect("a list").iter();
    let reply = all
        .find(|it| it["new"] == "clock(reply).within")
        .expect("the reply clock");
    insta::assert_snapshot!(
        "diff_json",
        serde_json::to_string_pretty(&reply).expect("JSON")
    );
}

#[test]
fn a_pack_that_cannot_be_read_is_an_error_with_its_findings() {
    let broken = OLD.replace("m.urgent ||", "m.urgnet ||");
    let (_desk, old, new) = packs(OLD, &broken);
    for args in [
        ["diff", &old, &new],
        ["diff", &new, &old],
        ["diff", &old, "nowhere.rhai"],
    ] {
        let ran = duly(&args);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{args:?}: {}",
            ran.err
        );
        assert!(
            ran.err.contains("urgnet") || ran.err.contains("no such file"),
            "{}",
            ran.err
        );
    }
    let facts = duly(&["explain", &new, "--facts", "-"]);
    assert_eq!(facts.code, Some(2), "{}", facts.err);
    assert!(
        facts.err.contains("urgnet") && facts.err.contains("did you mean `urgent`?"),
        "{}",
        facts.err
    );
    assert_eq!(
        duly(&["diff", &old, &old, "--ledger", "nowhere.db"]).code,
        Some(2)
    );
}

#[test]
fn cases_of_a_ledger_that_get_another_answer_are_counted() {
    let desk = Desk::new();
    let line = |case: &str, at: &str, by: Value, command: Value| {
        json!({ "case": case, "at": at, "by": by, "command": command }).to_string()
    };
    let intake = || json!({ "id": "李", "roles": ["intake@632521"] });
    let mut log = Vec::new();
    for (case, class) in [
        ("m1", "question"),
        ("m2", "problem"),
        ("m3", "question"),
        ("m4", "question"),
    ] {
        log.push(line(case, "2026-03-02T09:00:00+08:00", json!({ "id": "主机", "roles": ["system"] }), json!({ "open": {
            "place": "632521", "channel": "12345", "external_id": case, "message": "路灯不亮", "facts": { "kind": "咨询" }
        } })));
        let facts = json!({ "field": "城建", "urgent": false, "sub_judice": case == "m4" });
        if case != "m4" {
            log.push(line(
                case,
                "2026-03-02T09:30:00+08:00",
                intake(),
                json!({ "screen": { "class": class, "facts": facts } }),
            ));
        }
    }
    let (commands, ledger) = (desk.file("log.jsonl", &log.join("\n")), desk.path("l.db"));
    let ran = duly(&[
        "replay",
        "hainan-board",
        "--commands",
        &commands,
        "--ledger",
        &ledger,
    ]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let new = desk.file(
        "new.rhai",
        &pack.replace("param(\"咨询期限\",  5,", "param(\"咨询期限\",  3,"),
    );
    let zh = duly(&["diff", "hainan-board", &new, "--ledger", &ledger]);
    assert_eq!(zh.code, Some(1), "{}", zh.err);
    assert!(
        zh.out
            .contains("\n  台账里答案不同的:在办 2 件,已销账 0 件:m1、m3\n"),
        "{}",
        zh.out
    );
    let json = duly(&["diff", "hainan-board", &new, "--ledger", &ledger, "--json"]).out;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        json["decisions"][0]["ledger"],
        json!({ "open": 2, "closed": 0, "cases": ["m1", "m3"] })
    );
}

/// The cases of the demo are all closed or open by then; the sums are those of the ledger.
#[test]
fn closed_cases_are_told_apart() {
    let desk = Desk::new();
    let kept = desk.path("demo");
    assert_eq!(duly(&["demo", "--keep", &kept]).code, Some(0));
    let mut files = std::fs::read_dir(&kept)
        .expect("a folder")
        .filter_map(Result::ok);
    let ledger = files
        .find(|file| file.path().extension().is_some_and(|it| it == "db"))
        .expect("a ledger");
    let ledger = ledger.path().display().to_string();
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let new = desk.file("new.rhai", &pack.replace("clock(\"review\", \"审核\").starts(REPLIED).stops(PUBLISHED, RETURNED)\n    .within(2.", "clock(\"review\", \"审核\").starts(REPLIED).stops(PUBLISHED, RETURNED)\n    .within(1."));
    let told = duly(&["diff", "hainan-board", &new, "--ledger", &ledger, "--json"]);
    let json: Value = serde_json::from_str(&told.out).expect("JSON");
    let touched = &json["decisions"][0]["ledger"];
    let sum = touched["open"].as_u64().zip(touched["closed"].as_u64());
    assert!(
        sum.is_some_and(|(open, closed)| open + closed == 36 && closed > 0),
        "{touched}"
    );
    assert_eq!(touched["cases"].as_array().map(Vec::len), Some(5));
}

/// What the README shows is what the tool prints.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../../README.md");
    let desk = Desk::new();
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let new = desk.file(
        "new.rhai",
        &pack.replace("param(\"咨询期限\",  5,", "param(\"咨询期限\",  3,"),
    );
    let diff = duly(&["diff", "hainan-board", &new, "--lang", "en"]).out;
    let (_, reply) = diff.split_once("\n\nthe limit").expect("a limit");
    assert!(
        readme.contains(&format!("--lang en\nthe limit{reply}$ duly explain")),
        "{diff}"
    );
    let case = desk.file("case.json", r#"{"class": "办事", "urgent": false}"#);
    let rule = ["--rule", "clock(reply).within", "--not", "3 working days"];
    let explain = duly(
        &[
            &["explain", "hainan-board", "--facts", &case, "--lang", "en"],
            &rule[..],
        ]
        .concat(),
    );
    let (_, reply) = explain.out.split_once("\n\n").expect("a limit");
    assert!(readme.contains(&format!("\n{reply}```")), "{}", explain.out);
}

fn explain(facts: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let desk = Desk::new();
    let (pack, facts) = (desk.file("pack.rhai", OLD), desk.file("facts.json", facts));
    let mut args = vec!["explain", &pack, "--facts", &facts];
    args.extend(more);
    let ran = duly(&args);
    (ran.code, bare(&ran.out, &desk), bare(&ran.err, &desk))
}

const FACTS: &str =
    r#"{ "class": "办事", "kind": "投诉", "heat": 40, "urgent": false, "mark": "A" }"#;

#[test]
fn every_decision_says_why_and_what_would_change_it() {
    let (code, zh, err) = explain(FACTS, &[]);
    assert_eq!(code, Some(0), "{err}");
    insta::assert_snapshot!("explain_zh", zh);
    let (code, en, err) = explain(FACTS, &["--lang", "en"]);
    assert_eq!(code, Some(0), "{err}");
    insta::assert_snapshot!("explain_en", en);
    let (code, json, _) = explain(
        FACTS,
        &[
            "--json",
            "--rule",
            "clock(reply).within",
            "--not",
            "5 working days",
        ],
    );
    assert_eq!(code, Some(0));
    let mut json: Value = serde_json::from_str(&json).expect("JSON");
    json["plan"] = "…".into();
    insta::assert_snapshot!(
        "explain_json",
        serde_json::to_string_pretty(&json).expect("JSON")
    );
}

#[test]
fn why_not_says_the_fewest_facts_or_that_no_case_has_it() {
    for (answer, told) in [
        ("3 个工作日", "要得到“3 个工作日”,至少:urgent 改为 是"),
        ("5个工作日", "要得到“5个工作日”,至少:类别(class) 改为 问事"),
        ("10 Working Days", "答案已经是“10 Working Days”"),
        (
            "4 个工作日",
            "哪种情形都不会得到“4 个工作日”;会得到的有 10 个工作日、3 个工作日、5 个工作日",
        ),
    ] {
        let (code, out, err) = explain(FACTS, &["--rule", "clock(reply).within", "--not", answer]);
        assert_eq!(code, Some(0), "{err}");
        assert_eq!(out.lines().last(), Some(told), "{out}");
    }
    let (_, out, _) = explain(
        FACTS,
        &[
            "--rule",
            "clock(reply).within",
            "--not",
            "5 working days",
            "--lang",
            "en",
        ],
    );
    assert_eq!(
        out.lines().last(),
        Some("`5 working days` takes at the least: class is 问事")
    );
    let question = FACTS.replace("办事", "问事");
    let (_, out, _) = explain(
        &question,
        &[
            "--rule",
            "clock(reply).within",
            "--not",
            "3 working days",
            "--lang",
            "en",
        ],
    );
    assert_eq!(
        out.lines().last(),
        Some("`3 working days` takes at the least: class is 办事 and urgent is yes")
    );
    assert_eq!(
        explain(FACTS, &["--not", "3 working days"]).0,
        Some(2),
        "of which rule?"
    );
}

#[test]
fn facts_that_are_missing_or_wrong_are_named() {
    let (code, out, err) = explain(r#"{ "kind": "投诉", "heat": 400 }"#, &[]);
    assert_eq!(code, Some(2));
    assert!(
        out.contains("“答复”的时限(clock(reply).within, pack.rhai:10:22)\n  答不出,缺 class\n"),
        "{out}"
    );
    assert!(
        out.contains("是否督办(track.start, pack.rhai:17:1)\n  答案:督办,因为 heat 不少于 100\n"),
        "{out}"
    );
    assert_eq!(
        err,
        "error: 缺事实,有的规则答不出:\n  `class`:`办事`、`问事`、`建议`、`致谢`之一;由办理情况本身得出\n"
    );
    let (_, out, _) = explain(
        r#"{ "class": "问事" }"#,
        &["--rule", "clock(reply).within", "--not", "3 个工作日"],
    );
    assert!(
        out.ends_with("要说怎样得到“3 个工作日”,还缺 urgent\n"),
        "{out}"
    );
    let wrong = r#"{ "clss": "办事", "heat": 2000, "urgent": "yes", "kind": null, "nothing": 1.5, "returns": 2.5 }"#;
    let (code, out, zh) = explain(wrong, &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    let (_, _, en) = explain(wrong, &["--lang", "en"]);
    insta::assert_snapshot!("explain_faults", format!("{zh}\n{en}"));
    let (code, _, err) = explain("[1]", &[]);
    assert_eq!(code, Some(2));
    assert!(err.contains("应是一个 JSON 对象"), "{err}");
    let (code, _, err) = explain(FACTS, &["--rule", "clock(reply).witin", "--lang", "en"]);
    assert_eq!(
        (code, err.as_str()),
        (
            Some(2),
            "error: no rule is called `clock(reply).witin`; did you mean `clock(reply).within`?\n"
        )
    );
}
