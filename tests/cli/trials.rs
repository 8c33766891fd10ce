//! `duly test`: the tests that ship with the pack, and test files that are wrong.

use serde_json::Value;

use super::{Desk, duly};

const HEAD: &str = r#"{"test": "a week", "class": "question", "facts": {"kind": "咨询", "field": "教育"}}
{"at": "2026-03-06 09:00", "do": "open"}
{"at": "2026-03-06 09:10", "do": "screen"}
{"at": "2026-03-06 09:20", "do": "assign"}
"#;

fn tried(line: &str, lang: &str) -> (Option<i32>, String, String) {
    let desk = Desk::new();
    let file = desk.file("one.jsonl", &format!("{HEAD}{line}\n"));
    let ran = duly(&["test", "hainan-board", "--cases", &file, "--lang", lang]);
    let bare = |text: &str| text.replace(&file, "one.jsonl");
    (ran.code, bare(&ran.out), bare(&ran.err))
}

#[test]
fn the_shipped_tests_hold_and_reach_every_rule() {
    let ran = duly(&["test", "rules/hainan-board", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert!(report["tests"].as_u64() >= Some(25), "{}", report["tests"]);
    assert_eq!(report["tests"], report["passed"]);
    let rules = &report["coverage"]["rules"];
    assert_eq!(rules[0], rules[1], "{}", report["coverage"]["by_rule"]);
    for made in ["stops", "eves", "answers"] {
        assert!(
            report["generated"][made].as_u64() > Some(100),
            "{}",
            report["generated"]
        );
    }
    let strict = duly(&["test", "rules/hainan-board", "--min-coverage", "100"]);
    assert_eq!(strict.code, Some(1), "{}", strict.out);
}

/// A test can say which clause decides, by title or by number; a failure says which it was.
#[test]
fn the_clause_that_decides_can_be_expected() {
    let desk = Desk::new();
    let plain = ".within(|m| if m.urgent { 2.office_hours } else { 1.working_days }).ours(\"宁夏派单 1 个工作日\");";
    let clauses = ".clauses(FIRST).when(|m| m.urgent, 2.office_hours).title(\"急件\").otherwise(1.working_days);";
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    assert!(pack.contains(plain));
    let pack = desk.file("clauses.rhai", &pack.replace(plain, clauses));
    let tried = |line: &str| {
        let file = desk.file("one.jsonl", &format!("{HEAD}{line}\n"));
        duly(&["test", &pack, "--cases", &file, "--lang", "en"])
    };
    for held in ["\"其余\"", "\"2\"", "2", "[2]"] {
        let ran = tried(&format!(
            "{{\"理由\": \"clock(assign).within\", \"条款\": {held}}}"
        ));
        assert_eq!(ran.code, Some(0), "{held}: {}", ran.out);
    }
    for wrong in ["\"急件\"", "1", "[1, 2]"] {
        let ran = tried(&format!(
            "{{\"reason\": \"clock(assign).within\", \"clause\": {wrong}}}"
        ));
        assert_eq!(ran.code, Some(1), "{wrong}: {}", ran.out);
        let got = "clock(assign).within = {\"span\":{\"working_days\":1}} (2 其余): urgent = false";
        assert!(ran.out.contains(got), "{}", ran.out);
    }
    // Also where all clauses answer alike, the facts are those that made the one decide.
    let text = std::fs::read_to_string(&pack).expect("written");
    desk.file(
        "clauses.rhai",
        &text.replace(
            "2.office_hours).title(\"急件\")",
            "1.working_days).title(\"急件\")",
        ),
    );
    let ran =
        tried(r#"{"reason": "clock(assign).within", "clause": 2, "because": {"urgent": "false"}}"#);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
}

#[test]
fn a_wrong_date_is_shown_with_what_came_and_why() {
    let line = r#"{"due": "reply", "is": "2026-03-12 18:00"}"#;
    let (code, en, _) = tried(line, "en");
    assert_eq!(code, Some(1));
    for part in [
        "one.jsonl:5: a week",
        "expected `reply` due 2026-03-12 18:00",
        "got      2026-03-13 18:00",
        "  | ",
    ] {
        assert!(en.contains(part), "{part}: {en}");
    }
    let (_, zh, _) = tried(line, "zh");
    for part in [
        "应是 “reply”2026-03-12 18:00到期",
        "实际 2026-03-13 18:00",
        "试案 1 个,通过 0 个",
    ] {
        assert!(zh.contains(part), "{part}: {zh}");
    }
    assert!(
        zh.contains("pack.rhai:") && zh.contains("没有试案用到 gate(process).1"),
        "{zh}"
    );
}

#[test]
fn each_expectation_that_does_not_hold_fails() {
    for (line, told) in [
        (r#"{"stage": "closed"}"#, "got      assigned"),
        (r#"{"shown": "done"}"#, "got      awaiting"),
        (r#"{"proposed": "idea"}"#, "got      question"),
        (r#"{"route": "住建局"}"#, "got      教育局"),
        (r#"{"hot": true}"#, "got      false"),
        (r#"{"outcome": "solved"}"#, "got      none"),
        (
            r#"{"verdict": "reply", "is": "on_time"}"#,
            "it was not stopped",
        ),
        (r#"{"verdict": "screen", "is": "late"}"#, "got      on_time"),
        (
            r#"{"rung": "reply", "step": "due", "to": ["承办责任人"]}"#,
            "承办单位主要负责人, 留言受理人",
        ),
        (
            r#"{"rung": "reply", "step": "due", "is": "2026-03-13 17:59"}"#,
            "2026-03-13 18:00",
        ),
        (
            r#"{"reason": "clock(reply).within", "because": {"class": "办事"}}"#,
            "class = 问事",
        ),
        (
            r#"{"at": "2026-03-07 09:00", "do": "sign", "refused": "role"}"#,
            "it was accepted",
        ),
        (
            r#"{"at": "2026-03-07 09:00", "do": "strike_off"}"#,
            "[stage]",
        ),
    ] {
        let (code, out, err) = tried(line, "en");
        assert_eq!(code, Some(1), "{line}: {out}{err}");
        assert!(
            out.contains("one.jsonl:5") && out.contains(told),
            "{line}: {out}"
        );
    }
}

#[test]
fn a_line_that_cannot_be_run_is_an_error_at_its_place() {
    for (line, told) in [
        (
            r#"{"at": "2026-03-07 09:00", "do": "sgin"}"#,
            "one.jsonl:5:28: no command is called `sgin`; did you mean `sign`?",
        ),
        (
            r#"{"到期": "答覆", "是": "2026-03-13 18:00"}"#,
            "one.jsonl:5:2: no clock is called `答覆`; did you mean `答复`?",
        ),
        (
            r#"{"due": "reply", "is": "13 March"}"#,
            "one.jsonl:5:18: `\"13 March\"` is no moment; write `2026-03-02 09:00`",
        ),
        (
            r#"{"duw": "reply"}"#,
            "one.jsonl:5:2: `duw` says nothing on this line; did you mean `due`?",
        ),
        (
            r#"{"at": "2026-03-01 09:00", "do": "sign"}"#,
            "one.jsonl:5:2: this lies before the line above it",
        ),
        (
            r#"{"stage": "shut"}"#,
            "one.jsonl:5:2: `shut` is none of `received`",
        ),
        (
            r#"{"reason": "clock(reply).witin"}"#,
            "did you mean `clock(reply).within`?",
        ),
        (
            r#"{"test": "x", "facts": {"heet": 3}}"#,
            "no fact is called `heet`; did you mean `heat`?",
        ),
        (
            r#"{"test": "x", "facts": {"heat": -3}}"#,
            "the fact `heat` cannot be -3; it is a whole number from 0",
        ),
        (r#"{"due": "#, "one.jsonl:5:8: EOF while parsing"),
    ] {
        let (code, out, err) = tried(line, "en");
        assert_eq!(code, Some(2), "{line}: {out}{err}");
        assert!(err.contains(told), "{line}: {err}");
    }
    let none = duly(&["test", "hainan-board", "--cases", "nowhere.jsonl"]);
    assert_eq!(none.code, Some(2), "{}", none.err);
}
