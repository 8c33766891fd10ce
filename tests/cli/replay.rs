//! Command logs.

use serde_json::{Value, json};

use super::{Desk, duly};

fn line(case: &str, at: &str, who: &str, role: &str, command: Value) -> String {
    json!({ "case": case, "at": at, "by": { "id": who, "roles": [role] }, "command": command })
        .to_string()
}

fn open(case: &str, at: &str) -> String {
    let open = json!({ "open": {
        "place": "632521", "channel": "12345", "external_id": case, "message": "路灯不亮", "facts": { "kind": "投诉" }
    } });
    line(case, at, "主机", "system", open)
}

/// A case that is screened, assigned and signed for; then nobody acts.
fn log() -> Vec<String> {
    let facts = json!({ "field": "城建", "urgent": false, "sub_judice": false });
    let assign = json!({ "assign": { "unit": "住建局", "owner": "王" } });
    vec![
        "# a log".into(),
        open("件一", "2026-03-02T09:00:00+08:00"),
        line(
            "件一",
            "2026-03-02T09:30:00+08:00",
            "李",
            "intake@632521",
            json!({ "screen": { "class": "problem", "facts": facts } }),
        ),
        line(
            "件一",
            "2026-03-02T10:00:00+08:00",
            "赵",
            "intake@632522",
            assign.clone(),
        ),
        String::new(),
        line(
            "件一",
            "2026-03-02T10:00:00+08:00",
            "李",
            "intake@632521",
            assign,
        ),
        "// that was the assignment".into(),
        line(
            "件一",
            "2026-03-02T11:00:00+08:00",
            "王",
            "owner",
            json!({ "sgin": {} }),
        ),
        line(
            "件一",
            "2026-03-02T11:00:00+08:00",
            "王",
            "owner",
            json!({ "sign": {} }),
        ),
    ]
}

#[test]
fn a_line_that_is_refused_or_malformed_is_named_and_stops_nothing() {
    let desk = Desk::new();
    let path = desk.file("log.jsonl", &log().join("\n"));
    let ran = duly(&[
        "replay",
        "hainan-board",
        "--commands",
        &path,
        "--until",
        "2026-03-31T00:00:00+08:00",
        "--json",
    ]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("log.jsonl:4: refused: "), "{}", ran.err);
    let bad = &log()[7];
    let column = bad[..bad.find("\"sgin").expect("there")].chars().count() + 1;
    assert!(
        ran.err
            .contains(&format!("log.jsonl:8:{column}: malformed: ")),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("did you mean `sign`?"), "{}", ran.err);
    assert!(
        ran.err.contains("4 accepted, 1 refused, 1 malformed"),
        "{}",
        ran.err
    );

    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 1);
    let case = &lines[0];
    assert_eq!(
        (&case["case"], &case["stage"], &case["outcome"]),
        (&json!("件一"), &json!("assigned"), &Value::Null)
    );
    // Ten working days from the day of assignment; the breach is the second after.
    assert_eq!(
        case["due"],
        json!({ "clock": "reply/1", "at": "2026-03-16T10:00:00Z" })
    );
    assert!(
        case["breach"]
            .as_array()
            .expect("a list")
            .contains(&json!({ "clock": "reply/1", "at": "2026-03-16T10:00:01Z" }))
    );
}

#[test]
fn the_same_log_gives_the_same_bytes_and_a_second_time_is_the_first() {
    let desk = Desk::new();
    let mut lines = log();
    lines.remove(7);
    let path = desk.file("log.jsonl", &lines.join("\r\n"));
    let ledger = desk.path("log.db");
    let args = [
        "replay",
        "hainan-board",
        "--commands",
        &path,
        "--json",
        "--until",
        "2026-03-10T00:00:00+08:00",
    ];
    let in_memory = duly(&args);
    assert_eq!(in_memory.code, Some(0), "{}", in_memory.err);
    let on_disk = [&args[..], &["--ledger", &ledger]].concat();
    let first = duly(&on_disk);
    assert_eq!((first.code, &first.out), (Some(0), &in_memory.out));
    let second = duly(&on_disk);
    assert_eq!(
        (second.code, &second.out, &second.err),
        (Some(0), &first.out, &first.err)
    );
    assert_eq!(duly(&["verify", &ledger]).code, Some(0));
}

/// A calendar beside the pack holds, also where the tool carries one of that name along.
#[test]
fn a_calendar_beside_the_pack_holds_before_the_one_of_its_name() {
    let desk = Desk::new();
    let mut lines = log();
    lines.remove(7);
    let path = desk.file("log.jsonl", &lines.join("\n"));
    let pack = desk.file(
        "pack.rhai",
        include_str!("../../rules/hainan-board/pack.rhai"),
    );
    let stands = || {
        let ran = duly(&[
            "replay",
            &pack,
            "--commands",
            &path,
            "--until",
            "2026-03-31T00:00:00+08:00",
            "--json",
        ]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let case: Value = serde_json::from_str(&ran.out).expect("JSON");
        let check = duly(&["check", &pack]);
        assert_eq!(check.code, Some(0), "{}{}", check.err, check.out);
        (case["due"].clone(), check.out)
    };
    let due = |at: &str| json!({ "clock": "reply/1", "at": at });
    let (shipped, told) = stands();
    assert_eq!(shipped, due("2026-03-16T10:00:00Z"));
    assert!(!told.contains("cn@2026-02-28"), "{told}");
    std::fs::create_dir(desk.path("calendars")).expect("made");
    let table = json!({
        "id": "cn", "revision": "2026-02-28", "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
        "closed": { "2026-03-04": "停水停电" }
    });
    let file = desk.file("calendars/cn.json", &table.to_string());
    let (moved, told) = stands();
    assert_eq!(moved, due("2026-03-17T10:00:00Z"));
    assert!(told.contains("cn@2026-02-28"), "{told}");
    // A file of that name that is another table is no calendar to count by.
    let other = table.to_string().replace("\"cn\"", "\"kr\"");
    desk.file("calendars/cn.json", &other);
    let ran = duly(&["check", &pack]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    let said = format!("`{file}`: it is the day table `kr`; name it `cn`");
    assert!(ran.err.contains(&said), "{}", ran.err);
}

/// A ledger holds no calendars. Where the one at hand is of another edition than the one that counted, it tells of no limit how it was counted, and
/// which is wanted is said.
#[test]
fn how_a_limit_was_counted_is_told_by_the_calendar_that_counted_it_alone() {
    let desk = Desk::new();
    let mut lines = log();
    lines.remove(7);
    let commands = desk.file("log.jsonl", &lines.join("\n"));
    let pack = desk.file(
        "pack.rhai",
        include_str!("../../rules/hainan-board/pack.rhai"),
    );
    std::fs::create_dir(desk.path("calendars")).expect("made");
    let table = json!({
        "id": "cn", "revision": "2026-02-28", "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
        "closed": { "2026-03-04": "停水停电" }
    });
    desk.file("calendars/cn.json", &table.to_string());
    let ledger = desk.path("log.db");
    let ran = duly(&[
        "replay",
        &pack,
        "--commands",
        &commands,
        "--ledger",
        &ledger,
    ]);
    assert!(ran.err.contains("1 refused, 0 malformed"), "{}", ran.err);

    let show = ["show", &ledger, "件一", "--why", "reply"];
    let report = [
        "report",
        "explanation",
        "--ledger",
        &ledger,
        "--case",
        "件一",
    ];
    let wanted = |err: &str, lang: &str| {
        let said = match lang {
            "zh" => "时限`reply/1`是按日历`cn@2026-02-28`算的,手里的是`cn@",
            _ => {
                "the clock `reply/1` was counted by the calendar `cn@2026-02-28`, and the one at hand is `cn@"
            }
        };
        for part in [said, "`--pack`", "`calendars`"] {
            assert!(err.contains(part), "{part}: {err}");
        }
    };
    for (lang, other) in [
        ("zh", "是按另一版日历算的,这里不列推算"),
        (
            "en",
            "it was counted by another edition of the calendar; how is not told here",
        ),
    ] {
        let speak = ["--lang", lang];
        for json in [&[][..], &["--json"]] {
            let ran = duly(&[&show[..], &speak, json].concat());
            assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
            wanted(&ran.err, lang);
        }
        let beside = ["--pack", &pack];
        let ran = duly(&[&show[..], &speak, &beside].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.out.contains("停水停电"), "{}", ran.out);

        for reader in ["officer", "citizen"] {
            let asked = [&report[..], &["--for", reader], &speak].concat();
            let ran = duly(&asked);
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            assert!(ran.out.contains(other), "{}", ran.out);
            wanted(&ran.err, lang);
            let ran = duly(&[&asked[..], &beside].concat());
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            assert!(!ran.out.contains(other), "{}", ran.out);
            assert!(!ran.err.contains("`--pack`"), "{}", ran.err);
        }
    }
}

/// A run that has stopped stays with the edition of its day, and no calendar that comes later tells of it: it is said, and is no failure where every run
/// that goes on is told.
#[test]
fn a_run_that_has_stopped_keeps_no_other_from_being_told() {
    let desk = Desk::new();
    let pack = desk.file(
        "pack.rhai",
        r#"pack("demo", "示例").zone("Asia/Shanghai").holidays("cn").counting("cn").hours(["09:00-12:30", "14:30-18:00"]);
place("6325", "海南州", "州留言受理岗");
place("632521", "共和县", "县留言受理岗");
clock("reply", "答复").within(10.working_days);
clock("ownership", "承办").within(5.working_days);
"#,
    );
    std::fs::create_dir(desk.path("calendars")).expect("made");
    let ledger = desk.path("log.db");
    let replay = |name: &str, revision: &str, lines: &[String]| {
        let table = json!({
            "id": "cn", "revision": revision, "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
            "closed": {}
        });
        desk.file("calendars/cn.json", &table.to_string());
        let log = desk.file(name, &lines.join("\n"));
        let ran = duly(&["replay", &pack, "--commands", &log, "--ledger", &ledger]);
        assert!(ran.err.contains("0 refused, 0 malformed"), "{}", ran.err);
    };
    let intake = |at: &str, command: Value| line("件一", at, "李", "intake", command);
    let open = json!({ "open": {
        "place": "632521", "channel": "12345", "external_id": "件一", "message": "路灯不亮"
    } });
    let assign = json!({ "assign": { "unit": "住建局", "owner": "王" } });
    let first = [
        intake("2026-03-02T09:00:00+08:00", open),
        intake(
            "2026-03-02T09:30:00+08:00",
            json!({ "screen": { "class": "problem" } }),
        ),
        intake("2026-03-02T10:00:00+08:00", assign),
    ];
    replay("first.jsonl", "2026-02-28", &first);
    let over = json!({ "hand_over": { "to": "张", "reason": "调任" } });
    let then = [intake("2026-03-04T10:00:00+08:00", over)];
    replay("then.jsonl", "2026-03-03", &then);

    let show = ["show", &ledger, "件一", "--lang", "en", "--why"];
    let stopped = "the clock `ownership/1` was counted by the calendar `cn@2026-02-28`";
    let ran = duly(&[&show[..], &["ownership", "--pack", &pack]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains(stopped), "{}", ran.err);
    assert!(ran.out.starts_with("ownership/2\n"), "{}", ran.out);
    // One that goes on is wanted, and so is one at all.
    let ran = duly(&[&show[..], &["reply", "--pack", &pack]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
    let ran = duly(&[&show[..], &["ownership"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
}

/// What was due and could not be woken is said, and no success: the other cases went on all the same.
#[test]
fn a_case_that_cannot_be_woken_is_told_and_is_no_success() {
    let desk = Desk::new();
    let first = desk.file("first.jsonl", &open("件一", "2026-03-02T09:00:00+08:00"));
    let then = desk.file("then.jsonl", &open("件二", "2026-03-02T09:00:00+08:00"));
    let ledger = desk.path("log.db");
    let replay = |log: &str, more: &[&str]| {
        let args = [
            "replay",
            "hainan-board",
            "--commands",
            log,
            "--ledger",
            &ledger,
        ];
        duly(&[&args[..], more].concat())
    };
    assert_eq!(replay(&first, &[]).code, Some(0));
    let file = rusqlite::Connection::open(&ledger).expect("a ledger");
    let damage = "UPDATE heads SET version = -1 WHERE chain = '件一'";
    assert_eq!(file.execute(damage, []).expect("damaged"), 1);
    drop(file);
    let until = ["--until", "2026-03-31T00:00:00+08:00"];
    let ran = replay(&then, &until);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("件二"), "{}", ran.out);
    assert!(ran.err.contains("办件`件一`到时未能唤醒:"), "{}", ran.err);
    assert!(
        ran.err.contains(&format!("`duly verify {ledger}`")),
        "{}",
        ran.err
    );
    let english = replay(&then, &[&until[..], &["--lang", "en"]].concat());
    assert_eq!(english.code, Some(1), "{}", english.err);
    let said = "case `件一` could not be woken: ";
    assert!(english.err.contains(said), "{}", english.err);
}

/// A line that comes to a damaged case is refused by nobody: the ledger cannot carry it out, and that is no success.
#[test]
fn a_line_that_the_ledger_cannot_carry_out_is_no_success() {
    let desk = Desk::new();
    let first = desk.file("first.jsonl", &open("件一", "2026-03-02T09:00:00+08:00"));
    let at = "2026-03-02T10:00:00+08:00";
    let note = json!({ "note": { "text": "看过" } });
    let then = line("件一", at, "李", "intake@632521", note);
    let then = desk.file("then.jsonl", &then);
    let ledger = desk.path("log.db");
    let replay = |log: &str| {
        let pack = ["replay", "hainan-board", "--commands", log];
        duly(&[&pack[..], &["--ledger", &ledger]].concat())
    };
    assert_eq!(replay(&first).code, Some(0));
    let file = rusqlite::Connection::open(&ledger).expect("a ledger");
    let damage = "UPDATE heads SET version = -1 WHERE chain = '件一'";
    assert_eq!(file.execute(damage, []).expect("damaged"), 1);
    drop(file);
    let ran = replay(&then);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(!ran.err.contains("refused: "), "{}", ran.err);
}

/// So is an obligation.
#[test]
fn an_obligation_that_cannot_be_woken_is_told_and_is_no_success() {
    use duly::desk::{Desk as Board, SqliteLedger};
    use duly::duty::DutyEnvelope;
    use duly::plan::Plans;
    use duly::words::{Actor, BoardId, Role, Salt};

    let desk = Desk::new();
    let path = desk.path("watch.db");
    let id: BoardId = "watch".parse().expect("an id");
    let pack = duly::script::shipped("poverty-watch").expect("the pack");
    let plan = duly::script::load("poverty-watch", pack).expect("it loads");
    let mut plans = Plans::new(id.clone());
    plans.take(plan).expect("in hand");
    let ledger = SqliteLedger::open(std::path::Path::new(&path), id).expect("a ledger");
    let board = Board::new(ledger, plans).expect("a desk");
    let visit = r#"{"impose": {"kind": "visit", "topic": "才让家", "subject": "H-1", "place": "000001", "person": "suonan"}}"#;
    let mut by = Actor::new("bangfuban".parse().expect("an id"), Role::Supervisor);
    by.unit = Some("本乡".parse().expect("an id"));
    let answer = board.submit_duty(DutyEnvelope {
        id: "i1".parse().expect("an id"),
        duty: "H-1".parse().expect("an id"),
        by,
        at: "2026-03-02T09:00:00+08:00".parse().expect("a moment"),
        salt: Salt::derived(b"test", "i1"),
        command: serde_json::from_str(visit).expect("a command"),
    });
    assert!(answer.expect("an answer").done().is_some());
    drop(board);
    let none = desk.file("none.jsonl", "# nothing\n");
    let replay = || {
        duly(&[
            "replay",
            "poverty-watch",
            "--board",
            "watch",
            "--commands",
            &none,
            "--ledger",
            &path,
            "--until",
            "2026-04-30T18:00:00+08:00",
            "--lang",
            "en",
        ])
    };
    let file = rusqlite::Connection::open(&path).expect("a ledger");
    let damage = "UPDATE heads SET version = -1 WHERE chain = 'H-1'";
    assert_eq!(file.execute(damage, []).expect("damaged"), 1);
    let ran = replay();
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let said = "obligation `H-1` could not be woken: ";
    assert!(ran.err.contains(said), "{}", ran.err);
    let mended = "UPDATE heads SET version = 1 WHERE chain = 'H-1'";
    assert_eq!(file.execute(mended, []).expect("mended"), 1);
    drop(file);
    let ran = replay();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn lines_out_of_order_take_effect_at_their_cases_last_moment() {
    let desk = Desk::new();
    let note = |at: &str| {
        line(
            "件一",
            at,
            "李",
            "intake",
            json!({ "note": { "text": "看过" } }),
        )
    };
    let text = [
        open("件一", "2026-03-02T09:00:00+08:00"),
        note("2026-03-02T08:00:00+08:00"),
        // A retry of the channel opens nothing new.
        open("件一", "2026-03-02T09:00:00+08:00").replace("\"case\":\"件一\"", "\"case\":\"件二\""),
    ];
    let path = desk.file("log.jsonl", &text.join("\n"));
    let ran = duly(&["replay", "hainan-board", "--commands", &path, "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("log.jsonl:2: out of order"), "{}", ran.err);
    assert!(
        ran.err.contains("has the case `件一` already"),
        "{}",
        ran.err
    );
    assert_eq!(ran.out.lines().count(), 1);
    assert!(
        ran.out.contains(r#""last":"2026-03-02T01:00:00Z""#),
        "{}",
        ran.out
    );
}

/// This year's rules and next year's, in one command: each message comes under those of the day of its receipt.
#[test]
fn several_packs_take_turns_by_the_date_of_receipt() {
    let desk = Desk::new();
    let pack = |name: &str, dates: &str, limit: u32| {
        let text = format!(
            "pack(\"{name}\").in_force({dates});\nplace(\"632521\", \"共和县\", \"受理岗\");\nfact(\"kind\", [\"投诉\"]).given_by(CITIZEN);\nclock(\"whole\").within({limit}.calendar_days);\n"
        );
        desk.file(&format!("{name}.rhai"), &text)
    };
    let this = pack("y2026", "\"2026-01-01\"", 30);
    let next = pack("y2027", "\"2027-01-01\", \"2027-12-31\"", 20);
    let checked = duly(&["check", &next]).out;
    assert!(
        checked.contains("in force  from 2027-01-01 to 2027-12-31"),
        "{checked}"
    );
    let log = [
        open("新", "2027-01-01T00:00:00+08:00"),
        open("旧", "2026-12-31T23:59:59+08:00"),
        open("早", "2025-12-31T23:59:59+08:00"),
    ];
    let path = desk.file("log.jsonl", &log.join("\n"));
    let ran = duly(&["replay", &this, &next, "--commands", &path, "--json"]);
    let cases: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let ends: Vec<(&Value, &Value)> = cases.iter().map(|it| (&it["case"], &it["due"])).collect();
    assert_eq!(ends.len(), 2, "{}", ran.out);
    assert!(
        ran.err
            .contains("2025-12-31 没有正在施行的规则,下一份自 2026-01-01 起施行"),
        "{}",
        ran.err
    );
    let ledger = desk.path("ledger.db");
    let shown = |case: &str| {
        let args = [
            "replay",
            &this,
            &next,
            "--commands",
            &path,
            "--ledger",
            &ledger,
        ];
        duly(&args);
        duly(&["show", &ledger, case, "--why", "whole", "--lang", "en"]).out
    };
    assert!(shown("旧").contains("30 calendar days"), "{}", shown("旧"));
    assert!(shown("新").contains("20 calendar days"), "{}", shown("新"));
}

/// A board has one calendar of a name: packs with different ones, or of which one alone has it beside it, do not go together, whichever is
/// named first.
#[test]
fn packs_that_count_by_different_calendars_of_one_name_are_not_taken_together() {
    let desk = Desk::new();
    let pack = |name: &str, dates: &str| {
        std::fs::create_dir_all(desk.path(&format!("{name}/calendars"))).expect("made");
        let text = format!(
            "pack(\"{name}\").zone(\"Asia/Shanghai\").holidays(\"cn\").hours([\"09:00-12:00\", \"14:00-18:00\"]).in_force({dates});\nplace(\"632521\", \"共和县\", \"受理岗\");\nfact(\"kind\", [\"投诉\"]).given_by(CITIZEN);\nclock(\"whole\").within(3.working_days);\n"
        );
        desk.file(&format!("{name}/pack.rhai"), &text)
    };
    let this = pack("y2026", "\"2026-01-01\", \"2026-12-31\"");
    let next = pack("y2027", "\"2027-01-01\"");
    let calendar = |name: &str, revision: &str| {
        let table = json!({
            "id": "cn", "revision": revision, "coverage": { "from": "2026-01-01", "to": "2027-12-31" },
            "closed": { "2026-03-04": "停水停电" }
        });
        desk.file(&format!("{name}/calendars/cn.json"), &table.to_string());
    };
    let log = desk.file("log.jsonl", &open("件一", "2026-03-02T09:00:00+08:00"));
    let replay = |packs: [&str; 2], lang: &str| {
        let args = ["replay", packs[0], packs[1], "--commands", &log];
        duly(&[&args[..], &["--json", "--lang", lang]].concat())
    };
    let goes = |what: &str| {
        for packs in [[&this[..], &next], [&next, &this]] {
            let ran = replay(packs, "en");
            assert_eq!(ran.code, Some(0), "{what}: {}", ran.err);
            assert!(ran.out.contains("件一"), "{what}: {}", ran.out);
        }
    };
    let stops = |what: &str| {
        for packs in [[&this[..], &next], [&next, &this]] {
            let [first, second] = packs;
            let said = format!(
                "the packs `{first}` and `{second}` count by different day tables `cn`; put the same `calendars/cn.json` beside both"
            );
            let en = replay(packs, "en");
            assert_eq!(en.code, Some(1), "{what}: {}", en.out);
            assert!(en.err.contains(&said), "{what}: {}", en.err);
            let zh = replay(packs, "zh");
            assert_eq!(zh.code, Some(1), "{what}: {}", zh.out);
            assert!(
                zh.err
                    .contains("请在两个包旁边放同一份 `calendars/cn.json`"),
                "{what}: {}",
                zh.err
            );
        }
    };
    goes("both count by the one that comes along");
    calendar("y2026", "2026-02-28");
    stops("a file, and the one that comes along");
    calendar("y2027", "2026-03-01");
    stops("two files");
    calendar("y2027", "2026-02-28");
    goes("one file beside both");
}

#[test]
fn nothing_that_a_log_can_hold_makes_the_tool_stumble() {
    let desk = Desk::new();
    let mut bytes = b"\xef\xbb\xbf{\"case\":\n\xff\xfe\n[]\nnull\n{}\n\"\\\n".to_vec();
    bytes.extend(b"[".repeat(20_000));
    bytes.extend(b"\n{\"case\":\"");
    bytes.extend(b"x".repeat(2 * 1024 * 1024));
    bytes.extend(b"\"}\n");
    bytes.extend(open("件三", "2026-03-02T09:00:00+08:00").bytes());
    let path = desk.path("odd.jsonl");
    std::fs::write(&path, bytes).expect("written");
    let ran = duly(&["replay", "hainan-board", "--commands", &path]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("1 accepted, 0 refused, 8 malformed"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains(":8:1: malformed: the line is longer than"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("件三"), "{}", ran.out);
}
