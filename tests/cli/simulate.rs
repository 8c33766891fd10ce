//! A board under arrivals.

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
    // In memory or in a file, looking at the clock often or seldom: the same.
    assert_eq!(
        ran.out,
        duly(&[&args[..], &["--ticks", "daily"]].concat()).out
    );
    assert_ne!(ran.out, duly(&[&args[..], &["--seed", "2"]].concat()).out);
    let again = duly(&[&args[..], &["--ledger", &ledger]].concat());
    assert_eq!(
        (again.code, again.err.contains("does not write over")),
        (Some(1), true),
        "{}",
        again.err
    );
}

/// An objection that comes too late leaves the case with the first unit. Whoever was to handle it after that never does,
/// and may review; what ought to be refused is the review by the author, whoever that is by then.
#[test]
fn whoever_wrote_the_reply_is_the_one_that_may_not_review_it() {
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
