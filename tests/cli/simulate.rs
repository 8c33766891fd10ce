//! A board under arrivals.

use serde_json::Value;

use super::{Desk, duly};

/// Sixty messages, nine hours apart.
fn arrivals() -> String {
    let mut text = String::from("id,received_at,up,down\n");
    for n in 0..60u32 {
        let hours = n * 9;
        let (day, hour) = (hours / 24 + 1, hours % 24);
        text.push_str(&format!(
            "a{n},2025-03-{day:02}T{hour:02}:15:00+08:00,{},{}\n",
            (n * 7) % 23,
            n % 5
        ));
    }
    text
}

#[test]
fn no_open_case_is_without_an_alarm_and_every_figure_equals_the_ledger() {
    let desk = Desk::new();
    let csv = desk.file("arrivals.csv", &arrivals());
    let ledger = desk.path("board.db");
    let args = [
        "simulate",
        "hainan-board",
        "--arrivals",
        &csv,
        "--lang",
        "en",
    ];
    let ran = duly(&[&args[..], &["--ledger", &ledger]].concat());
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("       60  messages"), "{}", ran.out);
    assert!(
        ran.out.contains("        0  open with nothing scheduled"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("        0  ought not to be done and was"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("every figure of the bulletin equals the ledger."),
        "{}",
        ran.out
    );
    assert_eq!(duly(&["verify", &ledger]).code, Some(0));
    // In memory or in a file, looking at the clock often or seldom: the same, but for what it cost.
    let told = |out: &str| match out.split_once("\nmemory and time:\n") {
        Some((told, costs)) => {
            assert!(
                costs.contains("  an open case as stored, on average"),
                "{costs}"
            );
            told.to_owned()
        }
        None => panic!("no costs: {out}"),
    };
    let of = |more: &[&str]| told(&duly(&[&args[..], more].concat()).out);
    assert_eq!(told(&ran.out), of(&["--ticks", "daily"]));
    assert_ne!(told(&ran.out), of(&["--seed", "2"]));
    let again = duly(&[&args[..], &["--ledger", &ledger]].concat());
    assert_eq!(
        (again.code, again.err.contains("does not write over")),
        (Some(1), true),
        "{}",
        again.err
    );
}

/// What ought not to be done is refused, and told apart from what merely came too late.
#[test]
fn what_ought_not_to_be_done_is_refused_and_told_apart() {
    let desk = Desk::new();
    let csv = desk.file(
        "arrivals.csv",
        "id,received_at,up,down\n263522,2019-07-09T00:42:49+08:00,9,0\n",
    );
    let args = [
        "simulate",
        "hainan-board",
        "--arrivals",
        &csv,
        "--seed",
        "5",
        "--lang",
        "en",
    ];
    let ran = duly(&args);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    for line in [
        "        1  commands refused: ought not to be done",
        "        0  ought not to be done and was",
    ] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
}

#[test]
fn a_pack_of_a_few_lines_carries_a_board_too() {
    let desk = Desk::new();
    let csv = desk.file("arrivals.csv", &arrivals());
    let pack = desk.file(
        "small.rhai",
        "pack(\"small\", \"小包\");\nplace(\"6325\", \"海南州\", \"州留言受理岗\");\n",
    );
    let ran = duly(&["simulate", &pack, "--arrivals", &csv, "--days", "30"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
}

#[test]
fn a_row_that_cannot_be_read_is_named_with_line_and_column() {
    let desk = Desk::new();
    let csv = desk.file("bad.csv", "id,received_at,up,down\na,2025-03-01T09:00:00+08:00,1,2\nb,2025-03-01,1,2\nc,2025-03-01T09:00:00Z,1,多\n");
    let ran = duly(&["simulate", "hainan-board", "--arrivals", &csv]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("bad.csv:3:3: "), "{}", ran.err);
    assert!(
        ran.err.contains("bad.csv:4:26: `down` is `多`"),
        "{}",
        ran.err
    );
    let empty = desk.file("empty.csv", "id,received_at,up,down\n");
    assert_eq!(
        duly(&["simulate", "hainan-board", "--arrivals", &empty]).code,
        Some(1)
    );
}

/// Without a file: made-up arrivals, everything unusual among them, and every law held against every case.
#[test]
fn every_turn_of_fate_comes_up_and_no_law_is_broken() {
    let args = [
        "simulate",
        "hainan-board",
        "--cases",
        "900",
        "--seed",
        "4",
        "--lang",
        "en",
        "--json",
    ];
    let ran = duly(&args);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let told: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert_eq!(told["cases"], 900);
    assert_eq!(told["holds"], true);
    assert_eq!(told["broken"].as_array().map(Vec::len), Some(0));
    // Whatever the mix promises really came up, and every law had something to say.
    let each = |key: &str| -> Vec<(String, Value)> {
        let object = told[key].as_object().expect("an object");
        object
            .iter()
            .map(|(name, n)| (name.clone(), n.clone()))
            .collect()
    };
    for (kind, n) in each("happened") {
        // One desk refuses to merge with a case that cannot be joined; only two at once find out afterwards.
        if kind == "unmerged_not_joined" {
            continue;
        }
        assert!(n.as_u64() > Some(0), "{kind} never came up: {}", ran.out);
    }
    for (outcome, n) in each("endings") {
        assert!(n.as_u64() > Some(0), "nothing ended as {outcome}");
    }
    for (law, n) in each("laws") {
        assert!(n["held"].as_u64() > Some(20), "{law} was hardly tried: {n}");
        assert_eq!(n["broken"], 0, "{law}");
    }
    assert!(told["commands"]["refused_improper"].as_u64() > Some(20));
    // A case that is open is kept in less than two KiB.
    let mean = told["memory_bytes"]["open_case_mean"]
        .as_u64()
        .expect("some are open");
    assert!((200..2048).contains(&mean), "{}", told["memory_bytes"]);
    assert!(told["happened"]["largest_group"].as_u64() > Some(2));
}

#[test]
fn arrivals_come_from_a_file_or_are_made_up_not_both_and_not_neither() {
    let neither = duly(&["simulate", "hainan-board"]);
    assert_eq!(neither.code, Some(2), "{}", neither.err);
    assert!(neither.err.contains("--arrivals"), "{}", neither.err);
    let both = duly(&[
        "simulate",
        "hainan-board",
        "--cases",
        "5",
        "--arrivals",
        "a.csv",
    ]);
    assert_eq!(both.code, Some(2), "{}", both.err);
}
