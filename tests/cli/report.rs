//! Every report in every form, of the first days of the sample board.

use super::{Desk, Ran, duly};

const KINDS: [&str; 9] = [
    "digest",
    "bulletin",
    "roll",
    "obligations",
    "insight",
    "timeline",
    "integrity",
    "public",
    "explanation",
];

/// The sample messages in a ledger of the test's own.
fn samples() -> (Desk, String) {
    let desk = Desk::new();
    let folder = desk.path("kept");
    let made = duly(&["demo", "--keep", &folder]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    (desk, format!("{folder}/demo.db"))
}

fn report(kind: &str, ledger: &str, more: &[&str]) -> Ran {
    let of_case = ["timeline", "explanation"].contains(&kind);
    let case: &[&str] = if of_case { &["--case", "m02"] } else { &[] };
    let at = ["report", kind, "--ledger", ledger];
    duly(&[&at[..], case, more].concat())
}

#[test]
fn every_report_reads_in_every_form_and_language() {
    let (_desk, ledger) = samples();
    for kind in KINDS {
        for format in ["text", "markdown", "csv", "json"] {
            let mut both = String::new();
            for lang in ["zh", "en"] {
                let at = "2026-03-05T18:30:00+08:00";
                let form = ["--at", at, "--format", format, "--lang", lang];
                let ran = report(kind, &ledger, &form);
                assert_eq!(ran.code, Some(0), "{kind} {format} {lang}: {}", ran.err);
                if format == "json" {
                    let read: Result<serde_json::Value, _> = serde_json::from_str(&ran.out);
                    assert!(read.is_ok(), "{kind} {lang}: {}", ran.out);
                }
                assert_eq!(ran.out, report(kind, &ledger, &form).out, "the same bytes");
                // Of what is the same in both languages, once.
                if !both.ends_with(&ran.out) {
                    both.push_str(&ran.out);
                }
            }
            insta::assert_snapshot!(format!("{kind}_{format}"), both);
        }
    }
}

#[test]
fn the_citizen_reads_the_same_without_persons() {
    let (_desk, ledger) = samples();
    let at = ["--at", "2026-03-05T18:30:00+08:00", "--lang", "zh"];
    let of = |reader| {
        report(
            "explanation",
            &ledger,
            &[&at[..], &["--for", reader]].concat(),
        )
        .out
    };
    let (officer, citizen) = (of("officer"), of("citizen"));
    assert!(officer.contains("李文海"), "{officer}");
    assert!(!citizen.contains("李文海"), "{citizen}");
    assert!(citizen.contains("留言已收到"), "{citizen}");
}

#[test]
fn what_is_taken_for_granted_is_said_beside_the_report() {
    let (_desk, ledger) = samples();
    let ran = report("bulletin", &ledger, &["--lang", "en"]);
    assert!(
        ran.err
            .contains("as of 2026-04-27 18:00:00, the last record of the ledger"),
        "{}",
        ran.err
    );
    assert!(
        ran.out.contains("2026-04-01 00:00 to 2026-04-30"),
        "{}",
        ran.out
    );
    assert!(ran.err.contains("the ledger is read up to"), "{}", ran.err);
    let day = report(
        "digest",
        &ledger,
        &["--at", "2026-03-05T10:00:00+08:00", "--lang", "en"],
    );
    assert!(
        day.out.contains("2026-03-03 17:30 to 2026-03-04 17:30"),
        "{}",
        day.out
    );
    // Long after the last record, time has overtaken what is open.
    let late = report(
        "roll",
        &ledger,
        &["--at", "2026-09-01T09:00:00+08:00", "--lang", "en"],
    );
    assert!(late.err.contains("time has overtaken"), "{}", late.err);
    assert!(late.err.contains("desk.advance(now)"), "{}", late.err);
    let quiet = report("roll", &ledger, &["--at", "2026-03-05T18:30:00+08:00"]);
    assert_eq!(quiet.err, "");
}

#[test]
fn months_days_and_stretches() {
    let (_desk, ledger) = samples();
    let headline = |more: &[&str]| {
        let ran = report("integrity", &ledger, &[more, &["--lang", "en"]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out.lines().next().unwrap_or_default().to_owned()
    };
    let said = |from: &str, to: &str| format!("what to look at ({from} 00:00 to {to} 23:59:59)");
    let march = said("2026-03-01", "2026-03-31");
    assert_eq!(headline(&["--month", "2026-03"]), march);
    assert_eq!(
        headline(&["--from", "2026-03-01", "--to", "2026-03-31"]),
        march
    );
    let day = said("2026-03-05", "2026-03-05");
    assert_eq!(headline(&["--day", "2026-03-05"]), day);
    // A month is compared with the month before, a week with the week before.
    let before = |more: &[&str]| {
        let json = report("insight", &ledger, &[more, &["--format", "json"]].concat()).out;
        let read: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
        [
            read["before"]["after"].clone(),
            read["before"]["until"].clone(),
        ]
        .map(|it| it.to_string())
    };
    assert_eq!(
        before(&["--month", "2026-03"]),
        ["\"2026-01-31T15:59:59Z\"", "\"2026-02-28T15:59:59Z\""]
    );
    assert_eq!(
        before(&["--from", "2026-03-09", "--to", "2026-03-15"]),
        ["\"2026-03-01T15:59:59Z\"", "\"2026-03-08T15:59:59Z\""]
    );
}

#[test]
fn what_cannot_be_reported_says_what_to_do() {
    let (desk, ledger) = samples();
    let mut said = String::new();
    let mut refused = |kind: &str, more: &[&str]| {
        let ran = duly(&[&["report", kind, "--ledger", &ledger][..], more].concat());
        assert_ne!(ran.code, Some(0), "{kind} {more:?}: {}", ran.out);
        said.push_str(&ran.err.replace(&ledger, "FILE.db"));
    };
    refused("timeline", &[]);
    refused("explanation", &["--case", "m99"]);
    refused("bulletin", &["--case", "m01"]);
    refused("roll", &["--month", "2026-03"]);
    refused("digest", &["--from", "2026-03-05", "--to", "2026-03-01"]);
    refused("roll", &["--for", "citizen"]);
    refused("timeline", &["--case", "m02", "--for", "officer"]);
    refused("roll", &["--board", "nowhere"]);
    refused("digest", &["--month", "2026-3x"]);
    insta::assert_snapshot!(said);
    let none = desk.path("none.db");
    let ran = duly(&["report", "roll", "--ledger", &none]);
    assert_eq!(ran.err, format!("error: `{none}`: there is no such file\n"));
}

/// A ledger of two plans: m1 under the shipped pack, and a month later m2 under one with other hours, limits, cut and titles.
struct Two {
    desk: Desk,
    /// Pack and log of the first case, and of the second.
    old: [String; 2],
    new: [String; 2],
}

impl Two {
    fn new() -> Two {
        let pack = include_str!("../../rules/hainan-board/pack.rhai");
        let mut other = pack.to_owned();
        for (old, new) in [
            (
                "\"09:00-12:30\", \"14:30-18:00\"",
                "\"08:00-12:00\", \"13:00-15:00\"",
            ),
            ("param(\"咨询期限\",  5,", "param(\"咨询期限\",  3,"),
            (".cut(\"17:30\")", ".cut(\"16:00\")"),
            (
                "digest(\"网络舆情、网民留言信息日报\")",
                "digest(\"新日报\")",
            ),
            (
                "bulletin(\"网民留言办理情况通报\")",
                "bulletin(\"新办法通报\")",
            ),
        ] {
            assert!(other.contains(old), "{old}");
            other = other.replace(old, new);
        }
        let desk = Desk::new();
        let old = [
            desk.file("a.rhai", pack),
            desk.file("m1.jsonl", &log("m1", "2026-03-02T09")),
        ];
        let new = [
            desk.file("b.rhai", &other),
            desk.file("m2.jsonl", &log("m2", "2026-04-02T09")),
        ];
        Two { desk, old, new }
    }
    fn replays(&self, [pack, log]: &[String; 2]) -> String {
        let ledger = self.desk.path("two.db");
        let ran = duly(&["replay", pack, "--commands", log, "--ledger", &ledger]);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        ledger
    }
}

fn log(case: &str, hour: &str) -> String {
    let line = |minute: u8, who: &str, role: &str, command: serde_json::Value| {
        let at = format!("{hour}:{minute:02}:00+08:00");
        let by = serde_json::json!({ "id": who, "roles": [role] });
        serde_json::json!({ "case": case, "at": at, "by": by, "command": command }).to_string()
    };
    let open = serde_json::json!({ "open": { "place": "632521", "channel": "12345", "external_id": case,
        "message": "路灯不亮", "facts": { "kind": "咨询" } } });
    let facts = serde_json::json!({ "field": "城建", "urgent": false, "sub_judice": false });
    let screen = serde_json::json!({ "screen": { "class": "question", "facts": facts } });
    let assign = serde_json::json!({ "assign": { "unit": "住建局", "owner": "祁" } });
    [
        line(0, "主机", "system", open),
        line(30, "李", "intake@632521", screen),
        line(45, "李", "intake@632521", assign),
    ]
    .join("\n")
}

/// What is reported of a past period, and of a case, stays as it was when cases come in under another plan.
#[test]
fn a_later_plan_changes_no_report_of_what_was_before() {
    let two = Two::new();
    let ledger = two.replays(&two.old);
    let at = ["--at", "2026-03-31T09:00:00+08:00"];
    let asked: [(&str, &[&str]); 6] = [
        ("digest", &["--day", "2026-03-02"]),
        ("bulletin", &["--month", "2026-03"]),
        ("integrity", &["--month", "2026-03"]),
        ("roll", &[]),
        ("explanation", &["--case", "m1", "--for", "citizen"]),
        ("timeline", &["--case", "m1"]),
    ];
    let all = || {
        asked.map(|(kind, more)| {
            let ran = duly(&[&["report", kind, "--ledger", &ledger][..], more, &at].concat());
            assert_eq!(ran.code, Some(0), "{kind}: {}", ran.err);
            ran.out
        })
    };
    let before = all();
    assert!(
        before[4].contains("2026-03-09(星期一)18:00"),
        "{}",
        before[4]
    );
    two.replays(&two.new);
    for (before, after) in before.iter().zip(all()) {
        assert_eq!(*before, after);
    }
    // Read up to now, the older case still goes by its own plan, and each period by that of its end.
    let now = |more: &[&str]| {
        let ran = duly(&[&["report"][..], more, &["--ledger", &ledger]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    let explained = now(&["explanation", "--case", "m1", "--for", "citizen"]);
    assert!(explained.contains("2026-03-09(星期一)18:00"), "{explained}");
    assert!(!explained.contains("15:00"), "{explained}");
    assert!(now(&["bulletin", "--month", "2026-03"]).contains("网民留言办理情况通报"));
    assert!(now(&["bulletin", "--month", "2026-04"]).contains("新办法通报"));
}

/// Where the cut is moved, each day begins where the one before ended.
#[test]
fn days_of_a_moved_cut_lose_and_repeat_nothing() {
    let two = Two::new();
    two.replays(&two.old);
    let ledger = two.replays(&two.new);
    let headline = |more: &[&str]| {
        let ran = duly(&[&["report", "digest", "--ledger", &ledger][..], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out.lines().next().unwrap_or_default().to_owned()
    };
    let old = "网络舆情、网民留言信息日报";
    assert_eq!(
        ["2026-04-01", "2026-04-02", "2026-04-03"].map(|day| headline(&["--day", day])),
        [
            format!("{old}(2026-03-31 17:30 至 2026-04-01 17:30)"),
            "新日报(2026-04-01 17:30 至 2026-04-02 16:00)".into(),
            "新日报(2026-04-02 16:00 至 2026-04-03 16:00)".into(),
        ]
    );
    assert_eq!(
        headline(&["--from", "2026-04-01", "--to", "2026-04-03"]),
        "新日报(2026-03-31 17:30 至 2026-04-03 16:00)"
    );
}

/// A ledger that holds what recurs and no case at all: coverage in every form, by its own pack; what is still ahead is not overdue; and a ledger
/// with nothing in it says so.
#[test]
fn coverage_is_reported_of_a_ledger_that_holds_no_case() {
    use duly::desk::{Desk as Board, SqliteLedger};
    use duly::duty::DutyEnvelope;
    use duly::plan::Plans;
    use duly::words::{Actor, Role, Salt};

    let desk = Desk::new();
    let path = desk.path("watch.db");
    let pack = duly::script::shipped("poverty-watch").expect("the pack");
    let plan = duly::script::load("poverty-watch", pack).expect("it loads");
    let mut plans = Plans::new("watch".parse().expect("an id"));
    plans.take(plan).expect("in hand");
    let ledger = SqliteLedger::open(std::path::Path::new(&path), "watch".parse().expect("an id"));
    let board = Board::new(ledger.expect("a ledger"), plans).expect("a desk");
    let none = duly(&["report", "obligations", "--ledger", &path]);
    assert_ne!(none.code, Some(0));
    assert!(
        none.err.contains("there is no obligation in it yet"),
        "{}",
        none.err
    );
    let send = |id: &str, duty: &str, (who, role): (&str, Role), at: &str, asked: &str| {
        let mut by = Actor::new(who.parse().expect("an id"), role);
        by.unit = Some("本乡".parse().expect("an id"));
        let answer = board.submit_duty(DutyEnvelope {
            id: id.parse().expect("an id"),
            duty: duty.parse().expect("an id"),
            by,
            at: at.parse().expect("a moment"),
            salt: Salt::derived(b"test", id),
            command: serde_json::from_str(asked).expect("a command"),
        });
        let answer = answer.expect("an answer");
        assert!(answer.done().is_some(), "{answer:?}");
    };
    let office = ("bangfuban", Role::Supervisor);
    for (n, number) in ["H-1", "H-2"].iter().enumerate() {
        let asked = format!(
            r#"{{"impose": {{"kind": "visit", "topic": "才让家", "subject": "{number}", "place": "000001", "person": "suonan"}}}}"#
        );
        send(
            &format!("i{n}"),
            number,
            office,
            "2026-03-02T09:00:00+08:00",
            &asked,
        );
    }
    let sweep = r#"{"impose": {"kind": "sweep", "topic": "村", "subject": "V-1", "place": "000001", "unit": "本乡"}}"#;
    send("i9", "V-1", office, "2026-03-02T09:00:00+08:00", sweep);
    let seen = r#"{"fulfil": {"evidence": "见到户主"}}"#;
    send(
        "f1",
        "H-1",
        ("suonan", Role::Owner),
        "2026-03-20T10:00:00+08:00",
        seen,
    );
    let swept = r#"{"fulfil": {"evidence": "逐户看过", "covered": 41, "of": 43}}"#;
    send(
        "f2",
        "V-1",
        ("zhang", Role::UnitHead),
        "2026-04-20T10:00:00+08:00",
        swept,
    );
    let _ = board
        .advance("2026-04-30T18:00:00+08:00".parse().expect("a moment"))
        .expect("time");
    let mut all = String::new();
    for (format, lang) in [
        ("text", "zh"),
        ("text", "en"),
        ("markdown", "en"),
        ("csv", "zh"),
    ] {
        let form = [
            "--month",
            "2026-04",
            "--at",
            "2026-04-30T18:00:00+08:00",
            "--format",
            format,
            "--lang",
            lang,
        ];
        let ran = report("obligations", &path, &form);
        assert_eq!(ran.code, Some(0), "{format} {lang}: {}", ran.err);
        all.push_str(&ran.out);
        all.push('\n');
    }
    insta::assert_snapshot!("coverage", all);
    // What is still ahead is not overdue, though the month that is asked for is not over: on the first nothing was due yet, on the third H-2 is missed.
    for (day, due, missed) in [("01", 0, 0), ("03", 2, 1)] {
        let at = format!("2026-04-{day}T09:00:00+08:00");
        let form = ["--month", "2026-04", "--at", &at, "--format", "json"];
        let json: serde_json::Value =
            serde_json::from_str(&report("obligations", &path, &form).out).expect("JSON");
        let visits = &json["coverage"]["kinds"][0]["figures"];
        assert_eq!(
            (&visits["due"], &visits["missed"]),
            (&due.into(), &missed.into())
        );
    }
}

/// A ledger holds no calendars. A day of a board that counts by one of its own is sealed without it; what tells how a limit was counted is shown
/// the pack that has it, also where functions of the host's found facts of the case.
#[test]
fn a_board_with_a_calendar_of_its_own_is_sealed_and_explained() {
    let desk = Desk::new();
    let pack = include_str!("../../rules/hainan-board/pack.rhai");
    let old = ".holidays(\"cn\")";
    assert!(pack.contains(old));
    let own = pack.replace(old, ".holidays(\"cn\", \"own\")");
    let pack = desk.file(
        "pack.rhai",
        &format!("{own}fact(\"again\").derived().otherwise(false);\n"),
    );
    let table = serde_json::json!({
        "id": "own", "revision": "2026-01-01", "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
        "closed": { "2026-03-05": "州庆" }
    });
    std::fs::create_dir(desk.path("calendars")).expect("made");
    desk.file("calendars/own.json", &table.to_string());
    let commands = log("m1", "2026-03-02T09").replace(
        "\"facts\":{\"kind\":\"咨询\"}",
        "\"facts\":{\"again\":true,\"kind\":\"咨询\"}",
    );
    let commands = desk.file("m1.jsonl", &commands);
    let ledger = desk.path("own.db");
    let ran = duly(&[
        "replay",
        &pack,
        "--commands",
        &commands,
        "--ledger",
        &ledger,
    ]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("3 accepted, 0 refused"), "{}", ran.err);

    let at = "2026-03-03T09:00:00+08:00";
    let sealed = duly(&["seal", &ledger, "--day", "2026-03-02", "--at", at]);
    assert_eq!(sealed.code, Some(0), "{}", sealed.err);

    let asked: [(&[&str], &str); 2] = [
        (&["show", &ledger, "m1", "--why", "reply"], "州庆"),
        (
            &[
                "report",
                "explanation",
                "--ledger",
                &ledger,
                "--case",
                "m1",
                "--for",
                "citizen",
            ],
            "2026-03-10(星期二)18:00",
        ),
    ];
    for (args, told) in asked {
        for (lang, said) in [("zh", "用 `--pack` 写明"), ("en", "with `--pack`")] {
            let without = duly(&[args, &["--lang", lang]].concat());
            assert_eq!(without.code, Some(1), "{}", without.out);
            assert!(
                without.err.contains("`own`") && without.err.contains(said),
                "{}",
                without.err
            );
        }
        let with = duly(&[args, &["--pack", &pack, "--lang", "zh"]].concat());
        assert_eq!(with.code, Some(0), "{}", with.err);
        assert!(with.out.contains(told), "{}", with.out);
    }
}
