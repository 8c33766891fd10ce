//! The story of the sample messages.

use super::{Desk, duly};

#[test]
fn the_story_ends_with_a_ledger_that_holds_and_the_unsolved_case_open() {
    let demo = duly(&["demo"]);
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    assert!(demo.out.contains("36 封留言"));
    assert!(demo.out.contains("核验无误:36 件"));
    assert!(demo.out.contains("m28 没有解决,没有销账:还在办。"));
    assert!(demo.out.contains("没有时限在前的在办件:0 件。"));
    assert!(demo.out.contains("如果没有人办:"));
    // What is owed besides messages.
    for told in [
        "不是留言的事",
        "逾期完成",
        "2026-04-08 10:00  是",
        "digest/2026-04-29/zhouban",
        // What recurs: a round begins, one is missed, the next day it is on the first rung; half of what fell due was done.
        "04-03 09:00  第 2 期开始 → 帮扶干部",
        "05-07 18:00  第 2 期漏期:催办 → 帮扶干部",
        "50.0%",
    ] {
        assert!(demo.out.contains(told), "{told}");
    }
    // Each way around a law was tried, and none led anywhere.
    for law in [
        "须换一个人",
        "在 3 个不同的日子都未联系上",
        "网民还可以评价",
        "办事类不能以“已答复”销账",
        "尚未兑现",
        "不得再退",
        "解决措施不到位不放过",
    ] {
        assert!(demo.out.contains(law), "{law}");
    }
}

#[test]
fn the_same_seed_tells_the_same_story_however_often_the_clock_is_looked_at() {
    let once = duly(&["demo", "--seed", "7"]).out;
    assert_eq!(once, duly(&["demo", "--seed", "7"]).out);
    assert_eq!(once, duly(&["demo", "--seed", "7", "--ticks", "daily"]).out);
    assert_ne!(once, duly(&["demo", "--seed", "8"]).out);
}

#[test]
fn every_seed_and_language_ends_well() {
    for seed in ["2", "3", "18446744073709551615"] {
        let demo = duly(&["demo", "--seed", seed, "--lang", "en"]);
        assert_eq!(demo.code, Some(0), "{}", demo.out);
        assert!(
            demo.out.contains("verification clean: 36 cases"),
            "{}",
            demo.out
        );
    }
}

#[test]
fn a_story_that_is_kept_can_be_looked_into_and_is_never_written_over() {
    let desk = Desk::new();
    let folder = desk.path("kept");
    let kept = duly(&["demo", "--keep", &folder]);
    assert_eq!(kept.code, Some(0), "{}", kept.err);
    let ledger = desk.path("kept/demo.db");
    assert!(kept.out.contains(&format!("duly show {ledger} m28")));
    assert!(
        kept.out
            .lines()
            .filter(|line| line.starts_with("  duly "))
            .all(|line| {
                let args: Vec<&str> = line.split_whitespace().skip(1).collect();
                duly(&args).code == Some(0)
            })
    );
    let duties = duly(&["show", &ledger, "--duties"]);
    assert_eq!(duties.code, Some(0), "{}", duties.err);
    assert!(
        duties.out.contains("v01") && duties.out.contains("已逾期"),
        "{}",
        duties.out
    );
    let json: serde_json::Value =
        serde_json::from_str(&duly(&["show", &ledger, "--duties", "--json"]).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 3);
    assert!(duly(&["verify", &ledger]).out.contains("3 obligations"));
    let roll = duly(&["show", &ledger]);
    assert_eq!(
        roll.out
            .lines()
            .filter(|line| line.starts_with('m'))
            .count(),
        36
    );
    assert!(
        duly(&["show", &ledger, "m28", "--lang", "en"])
            .out
            .contains("(if nobody acts)")
    );
    let early = duly(&[
        "show",
        &ledger,
        "m28",
        "--until",
        "2026-03-16T12:00:00+08:00",
    ])
    .out;
    assert!(
        early.contains("签收") && !early.contains("退回重办"),
        "{early}"
    );
    assert_eq!(duly(&["show", &ledger, "m99"]).code, Some(1));
    let again = duly(&["demo", "--keep", &folder]);
    assert_eq!(
        (again.code, again.err.contains("does not write over")),
        (Some(1), true),
        "{}",
        again.err
    );
}

#[test]
fn a_ledger_that_was_altered_is_found_out_and_the_record_is_named() {
    let desk = Desk::new();
    assert_eq!(duly(&["demo", "--keep", &desk.path("kept")]).code, Some(0));
    let ledger = desk.path("kept/demo.db");
    assert_eq!(duly(&["verify", &ledger]).code, Some(0));

    let db = rusqlite::Connection::open(&ledger).expect("opened");
    let altered = "UPDATE records SET record = replace(record, '2026-04-03', '2026-05-03') WHERE chain = 'm28' AND \
                   version = 18";
    assert_eq!(db.execute(altered, []).expect("altered"), 1);
    drop(db);
    let found = duly(&["verify", &ledger]);
    assert_eq!(found.code, Some(1));
    assert!(found.out.contains("`m28`, version 18"), "{}", found.out);
    let found = duly(&["verify", &ledger, "--json"]);
    assert!(
        found.out.contains(r#""broken":{"case":"m28""#),
        "{}",
        found.out
    );

    assert_eq!(duly(&["verify", &desk.path("none.db")]).code, Some(1));
    let other = desk.file("other.db", "no ledger at all");
    assert_eq!(duly(&["verify", &other]).code, Some(1));
}

#[test]
fn a_day_is_sealed_printed_in_its_digest_and_compared_later() {
    let desk = Desk::new();
    assert_eq!(duly(&["demo", "--keep", &desk.path("kept")]).code, Some(0));
    let ledger = desk.path("kept/demo.db");
    let seal = |day: &str, more: &[&str]| duly(&[&["seal", &ledger, "--day", day], more].concat());
    let early = seal(
        "2026-03-05",
        &["--at", "2026-03-05T09:00:00+08:00", "--lang", "en"],
    );
    assert_eq!(early.code, Some(1));
    assert!(
        early.err.contains("is cut at 2026-03-05 17:30:00"),
        "{}",
        early.err
    );
    let ran = seal("2026-03-05", &["--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let (_, rest) = ran
        .out
        .split_once("seal 1, of 2026-03-05: ")
        .expect("a seal");
    let hash = rest.get(..64).expect("a hash");
    assert!(
        ran.out.contains(&format!("--seal 2026-03-05={hash}")),
        "{}",
        ran.out
    );
    // Again it is the same, whenever; as JSON it is the bytes that were hashed.
    let again = seal(
        "2026-03-05",
        &["--json", "--at", "2026-09-01T09:00:00+08:00"],
    );
    let line = again.out.trim_end();
    assert_eq!(duly::desk::Hash::of(line.as_bytes()).to_string(), hash);

    let digest = |day: &str, format: &str| {
        let at = [
            "report", "digest", "--ledger", &ledger, "--day", day, "--format", format,
        ];
        duly(&at).out
    };
    assert!(
        digest("2026-03-05", "text").contains(&format!("封印            {hash}")),
        "{}",
        digest("2026-03-05", "text")
    );
    assert!(digest("2026-03-05", "json").contains(hash));
    assert!(!digest("2026-03-04", "text").contains("封印"));

    let fine = duly(&["verify", &ledger, "--seal", &format!("2026-03-05={hash}")]);
    assert_eq!(fine.code, Some(0), "{}", fine.err);
    assert!(
        fine.out.contains("1 seal in an unbroken chain"),
        "{}",
        fine.out
    );
    let other = "0".repeat(64);
    let found = duly(&[
        "verify",
        &ledger,
        "--seal",
        &format!("2026-03-05={other}"),
        "--json",
    ]);
    assert_eq!(found.code, Some(1));
    assert!(
        found.out.contains(r#""flaw":{"elsewhere""#),
        "{}",
        found.out
    );
    assert_eq!(
        duly(&["verify", &ledger, "--seal", "2026-03-05"]).code,
        Some(2)
    );
}

/// A ledger of one board, with the shipped pack in hand.
fn board_at(path: &str) -> duly::desk::Desk<duly::desk::SqliteLedger> {
    let board: duly::words::BoardId = "hainan-board".parse().expect("a name");
    let mut plans = duly::plan::Plans::new(board.clone());
    let pack = duly::script::load("pack.rhai", duly::script::hainan_board()).expect("a pack");
    plans.take(pack).expect("taken");
    let ledger = duly::desk::SqliteLedger::open(path, board).expect("a ledger");
    duly::desk::Desk::new(ledger, plans).expect("a desk")
}

#[test]
fn a_ledger_that_holds_obligations_only_is_sealed() {
    use duly::duty::{DutyCommand, DutyEnvelope};
    use duly::words::{Actor, Role, Salt};
    let folder = Desk::new();
    let path = folder.path("duties.db");
    let desk = board_at(&path);
    let empty = duly(&["seal", &path, "--day", "2026-03-02"]);
    assert_eq!(empty.code, Some(1));
    assert!(
        empty.err.contains("no case and no obligation in it yet"),
        "{}",
        empty.err
    );
    let answer = desk.submit_duty(DutyEnvelope {
        id: "d1".parse().expect("an id"),
        duty: "v01".parse().expect("an id"),
        by: Actor::new("duban".parse().expect("an id"), Role::Supervisor),
        at: "2026-03-02T18:00:00+08:00".parse().expect("a moment"),
        salt: Salt::derived(b"a test", "d1"),
        command: serde_json::from_str::<DutyCommand>(
            r#"{"impose": {"kind": "video", "topic": "城区供暖", "place": "632521", "unit": "共和县住建局"}}"#,
        )
        .expect("a command"),
    });
    assert!(answer.expect("answered").done().is_some());
    let records = desk.verify().expect("it holds").duty_records;
    drop(desk);
    let sealed = duly(&["seal", &path, "--day", "2026-03-02", "--lang", "en"]);
    assert_eq!(sealed.code, Some(0), "{}", sealed.err);
    let covers = format!("0 records of cases and {records} of obligations");
    assert!(sealed.out.contains(&covers), "{}", sealed.out);
    let verified = duly(&["verify", &path]);
    assert_eq!(verified.code, Some(0), "{}", verified.err);
    let lines: Vec<&str> = verified.out.lines().collect();
    assert_eq!(
        lines,
        [
            "board `hainan-board` holds: 0 cases, 0 records in unbroken chains, 1 private text; every case replays to its stored state",
            "board `hainan-board` holds: 1 obligation, 1 record in unbroken chains; every one replays to its stored state",
            "board `hainan-board` holds: 1 seal in an unbroken chain, 1 of 1 record under it, compared with no hash from elsewhere; give one \
             with `--seal`",
        ]
    );
}
