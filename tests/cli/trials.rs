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

/// Whoever a rung tells is told by it each time it comes, and can be expected each time; a step of the engine's own names no post.
#[test]
fn whom_a_rung_tells_can_be_expected_whenever_it_comes() {
    let desk = Desk::new();
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let plain = "ladder(\"assign\", \"交办催办\")\n    .due().remind(受理人)\n    .after(1.working_days).supervise(督查办);";
    assert!(pack.contains(plain));
    let again = "ladder(\"assign\").every(1.working_days, 3).remind(受理人);";
    let pack = desk.file("again.rhai", &pack.replacen(plain, again, 1));
    let head = r#"{"test": "late", "class": "question", "facts": {"kind": "咨询", "field": "教育"}}
{"at": "2026-03-06 09:00", "do": "open"}
{"at": "2026-03-06 09:10", "do": "screen"}
{"at": "2026-03-13 10:00", "do": "note"}
"#;
    let tried = |line: &str| {
        let file = desk.file("one.jsonl", &format!("{head}{line}\n"));
        duly(&["test", &pack, "--cases", &file, "--lang", "en"])
    };
    for (to, code) in [("留言受理人", 0), ("督查办公室", 1)] {
        for step in ["every-1", "every-1 #2"] {
            let ran = tried(&format!(
                r#"{{"rung": "assign", "step": "{step}", "to": "{to}"}}"#
            ));
            assert_eq!(ran.code, Some(code), "{step}: {} {}", ran.out, ran.err);
        }
    }
    let ran = tried(r#"{"rung": "assign", "step": "breach", "to": "留言受理人"}"#);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(
        ran.err.contains("no post is named for it: leave `to` out"),
        "{}",
        ran.err
    );
}

/// What a pack calls a clock is that clock in its tests, also where it is what the engine calls another.
#[test]
fn a_clock_is_found_by_what_its_pack_calls_it() {
    let desk = Desk::new();
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let plain = "clock(\"assign\", \"交办\")";
    assert!(pack.contains(plain));
    let pack = desk.file(
        "named.rhai",
        &pack.replace(plain, "clock(\"assign\", \"办结\")"),
    );
    let file = desk.file(
        "one.jsonl",
        &format!(
            "{HEAD}{}\n",
            r#"{"due": "办结", "run": 1, "is": "2026-03-09 18:00"}"#
        ),
    );
    let ran = duly(&["test", &pack, "--cases", &file, "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
}

/// Days that a head closes or opens lie over the calendar that the pack counts by, also where that lies beside it: what it closes stays closed.
#[test]
fn days_of_a_head_are_laid_over_the_calendar_beside_the_pack() {
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let named = ".holidays(\"cn\")";
    assert!(pack.contains(named));
    for id in ["cn", "own"] {
        let desk = Desk::new();
        let holidays = format!(".holidays(\"{id}\")");
        let pack = desk.file("pack.rhai", &pack.replacen(named, &holidays, 1));
        std::fs::create_dir(desk.path("calendars")).expect("made");
        let table = serde_json::json!({
            "id": id, "revision": "2026-02-28", "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
            "closed": { "2026-03-10": "停水停电" }
        });
        desk.file(&format!("calendars/{id}.json"), &table.to_string());
        let tried = |days: &str, due: &str| {
            let head = HEAD.replacen(
                "{\"test\": \"a week\"",
                &format!("{{\"test\": \"a week\"{days}"),
                1,
            );
            let line = format!("{{\"due\": \"reply\", \"is\": \"{due} 18:00\"}}");
            let file = desk.file("one.jsonl", &format!("{head}{line}\n"));
            let ran = duly(&["test", &pack, "--cases", &file, "--lang", "en"]);
            assert_eq!(ran.code, Some(0), "{id} {days}: {} {}", ran.out, ran.err);
        };
        tried("", "2026-03-16");
        tried(", \"closed\": [\"2026-03-09\"]", "2026-03-17");
        tried(", \"opened\": [\"2026-03-10\"]", "2026-03-13");
    }
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
        // What a head does not give.
        (
            r#"{"test": "x", "facts": {"contacted": false}}"#,
            "one.jsonl:5:25: the finding `contacted` is not given in the head; give it where the reviewer does: `{\"do\": \"review\", \"findings\": {\"contacted\": true}}`",
        ),
        (
            r#"{"test": "x", "facts": {"vague": true}}"#,
            "one.jsonl:5:25: the mention `vague` is not given in the head, it is found in the reply: `{\"do\": \"reply\", \"text\": \"…\"}`",
        ),
        (
            r#"{"test": "x", "facts": {"class": "问事"}}"#,
            "one.jsonl:5:25: the class (`class`) is no fact of the head; write it before them: `\"class\": \"question\"`",
        ),
        (
            r#"{"test": "x", "facts": {"place_level": 4}}"#,
            "one.jsonl:5:25: the level of the place (`place_level`) is no fact of the head",
        ),
        (
            r#"{"test": "x", "facts": {"returns": 2}}"#,
            "one.jsonl:5:25: `returns` comes of the case itself and is not given in the head; write the steps that make it so",
        ),
        // What asks nothing where it stands.
        (
            r#"{"rung": "reply", "step": "due", "to": []}"#,
            "one.jsonl:5:34: `to` is empty and asks nothing: leave it out, or write a text or a list of texts, as `[\"…\"]`",
        ),
        (
            r#"{"count": "returns", "step": 2, "to": []}"#,
            "one.jsonl:5:33: `to` is empty and asks nothing: leave it out, or write a text or a list of texts, as `[\"…\"]`",
        ),
        (
            r#"{"told": "x", "to": []}"#,
            "one.jsonl:5:15: `to` is empty and asks nothing: leave it out, or write a text or a list of texts, as `[\"…\"]`",
        ),
        (
            r#"{"reason": "clock(reply).within", "because": {}}"#,
            "one.jsonl:5:35: `because` is empty and asks nothing: leave it out, or write facts, as `{\"urgent\": true}`",
        ),
        (
            r#"{"时": "2026-03-07 09:00", "级": "due", "是": "2026-03-13 18:00"}"#,
            "one.jsonl:5:39: `is` asks nothing by itself: it stands beside `rung` (催办), `count` (次数)",
        ),
        (
            r#"{"due": "reply", "is": "2026-03-13 18:00", "to": "承办责任人"}"#,
            "one.jsonl:5:44: `to` asks nothing beside `due` (到期); beside it may stand `is` (是), `provisional` (暂定), `run` (第几次)",
        ),
        (
            r#"{"stage": "assigned", "is": "2026-03-13 18:00"}"#,
            "one.jsonl:5:23: `is` asks nothing beside `stage` (阶段), which stands alone",
        ),
        (
            r#"{"due": "reply", "is": "2026-03-13 18:00", "provisional": 1}"#,
            "one.jsonl:5:44: `provisional` takes `true` or `false`",
        ),
        (
            r#"{"rung": "reply", "step": 1, "is": "2026-03-13 18:00"}"#,
            "one.jsonl:5:19: `step` takes a text",
        ),
        (
            r#"{"reason": true}"#,
            "one.jsonl:5:2: `reason` takes a text",
        ),
        (
            r#"{"reason": "clock(reply).within", "because": "urgent"}"#,
            "one.jsonl:5:35: `because` takes facts, as `{\"urgent\": true}`",
        ),
        (
            r#"{"rung": "reply", "step": "due", "to": ["承办责任人", 2]}"#,
            "one.jsonl:5:34: `to` takes a text or a list of texts",
        ),
    ] {
        let (code, out, err) = tried(line, "en");
        assert_eq!(code, Some(2), "{line}: {out}{err}");
        assert!(err.contains(told), "{line}: {err}");
    }
    let none = duly(&["test", "hainan-board", "--cases", "nowhere.jsonl"]);
    assert_eq!(none.code, Some(2), "{}", none.err);
}

/// A pack that lies over another is tried as it was read: with its base.
#[test]
fn an_overlay_is_tried_over_its_base() {
    let desk = Desk::new();
    let pack = "pack(\"county\", \"县里\");\nbased_on(\"hainan-board\", #{ \"办理期限\": 7 });\ntighten(\"review\").within(1.working_days).ours(\"县里自定\");\n";
    let pack = desk.file("pack.rhai", pack);
    let story = format!("{HEAD}{{\"due\": \"reply\", \"is\": \"2026-03-13 18:00\"}}\n");
    let file = desk.file("one.jsonl", &story);
    let ran = duly(&["test", &pack, "--cases", &file, "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("1 test: it holds"), "{}", ran.out);
}

/// The shipped pack, in force from 2026 on.
fn in_force(desk: &Desk, tests: &str, lang: &str) -> super::Ran {
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let (head, rest) = pack.split_once(".zone(").expect("a zone");
    let pack = format!("{head}.in_force(\"2026-01-01\").zone({rest}");
    let (pack, file) = (desk.file("pack.rhai", &pack), desk.file("one.jsonl", tests));
    duly(&["test", &pack, "--cases", &file, "--lang", lang])
}

/// A message that is not taken ends its own test and no other; what came is said.
#[test]
fn a_message_that_is_not_taken_fails_its_own_test_only() {
    let early = r#"{"test": "too early", "class": "question"}
{"at": "2025-12-31 09:00", "do": "open"}
{"at": "2025-12-31 09:10", "do": "screen"}
{"due": "screen", "is": "2026-01-05 18:00"}
"#;
    let desk = Desk::new();
    let ran = in_force(&desk, &format!("{early}{HEAD}"), "en");
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let file = desk.path("one.jsonl");
    let failures = |out: &str| {
        let failed = out.split("\n\n").filter(|it| it.contains("one.jsonl:"));
        failed
            .collect::<Vec<_>>()
            .join("\n")
            .replace(&file, "one.jsonl")
    };
    assert!(ran.out.contains("2 tests, 1 hold"), "{}", ran.out);
    // A refusal that was expected leaves no case either.
    let expected = early.replace("\"open\"", "\"open\", \"refused\": \"not_in_force\"");
    let (head, stands) = (HEAD, "{\"stage\": \"received\"}");
    let expected = expected.lines().take(2).collect::<Vec<_>>().join("\n");
    let zh = in_force(&desk, &format!("{expected}\n{stands}\n{head}"), "zh");
    assert_eq!(zh.code, Some(1), "{}{}", zh.out, zh.err);
    let said = [failures(&ran.out), failures(&zh.out)].join("\n\n");
    for at in [
        "one.jsonl:2: too early",
        "2026-01-01",
        "one.jsonl:3: too early",
        "留言已登记",
    ] {
        assert!(said.contains(at), "{at}: {said}");
    }
    // Without any message it is the story that is wrong.
    let none = in_force(&desk, &format!("{{\"test\": \"x\"}}\n{stands}\n"), "en");
    assert_eq!(none.code, Some(2), "{}{}", none.out, none.err);
    assert!(
        none.err.contains("begin the story by `open`"),
        "{}",
        none.err
    );
}

/// The date of receipt is that of the first line; a head that gives another would not be heard.
#[test]
fn the_date_of_receipt_is_not_given() {
    let head = r#"{"test": "x", "facts": {"received_on": "2026-01-01"}}"#;
    let (code, out, en) = tried(head, "en");
    assert_eq!(code, Some(2), "{out}{en}");
    let (_, _, zh) = tried(head, "zh");
    assert!(
        en.contains("the date of receipt (`received_on`) is not given"),
        "{en}"
    );
    assert!(zh.contains("收到的日期"), "{zh}");
}

/// What somebody else gives than whoever a head speaks for is said where they give it.
#[test]
fn facts_that_a_head_does_not_give_are_said_elsewhere_in_chinese_too() {
    for (fact, told) in [
        (r#""contacted": false"#, "写在“审核”那一行"),
        (r#""vague": true"#, "写在“答复”那一行的正文里"),
        (r#""class": "问事""#, "写在它前面:`\"类别\": \"问事\"`"),
        (r#""tracked": true"#, "把办成这样的各步写出来"),
    ] {
        let head = format!(r#"{{"测试": "x", "事实": {{{fact}}}}}"#);
        let (code, out, err) = tried(&head, "zh");
        assert_eq!(code, Some(2), "{out}{err}");
        assert!(err.contains(told), "{err}");
    }
}

/// Conditions of dates on which a pack is not in force are none; a clause that never decided is named where it stands.
#[test]
fn clauses_count_and_dates_out_of_force_do_not() {
    let desk = Desk::new();
    let pack = r#"pack("dates", "示例").zone("Asia/Shanghai").holidays("cn").hours(["09:00-12:00", "14:00-18:00"]).in_force("2026-01-01", "2026-12-31");
place("632521", "共和县", "共和县留言受理岗");
fact("urgent").given_by(HOST).otherwise(false);
clock("reply", "答复").within(|m| if m.received_on < date("2026-01-01") { 20.working_days } else if m.received_on < date("2026-07-01") { 15.working_days } else { 5.working_days });
clock("screen", "受理").clauses(FIRST)
    .when(|m| m.urgent, 1.working_days).title("急件")
    .when(|m| m.received_on < date("2026-01-01"), 4.working_days).title("旧件")
    .when(|m| m.received_on >= date("2026-07-01"), 2.working_days)
    .otherwise(3.working_days).title("其余");
"#;
    let pack = desk.file("pack.rhai", pack);
    let story = r#"{"test": "x"}
{"at": "2026-03-06 09:00", "do": "open"}"#;
    let file = desk.file("one.jsonl", story);
    let ran = duly(&["test", &pack, "--cases", &file, "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let json = duly(&["test", &pack, "--cases", &file, "--json"]);
    let json: Value = serde_json::from_str(&json.out).expect("JSON");
    let shown = format!("{}\n{}", ran.out, json["coverage"]["by_rule"]);
    assert!(
        shown.contains("no test is decided by clock(screen).within.1 (急件)"),
        "{shown}"
    );
    assert!(
        !shown.contains("..=2025-12-31") && !shown.contains("旧件"),
        "{shown}"
    );
}
