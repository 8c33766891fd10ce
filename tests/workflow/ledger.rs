//! 通报、台账、更正: figures and rolls are read from the ledger, and the ledger can be trusted.

use duly::desk::Flaw;
use duly::report::{Board as Seen, Period, bulletin, roll, timeline};
use duly::words::*;

use crate::board::*;

/// March on the board: on time and satisfied; late; sent back and then solved; opened again; declined.
fn march(board: &Board) {
    board.reviewed("m01", "2026-03-02");
    board.calls("m01", "2026-03-03 10:00", Level::Satisfied);
    board.strikes("m01", "2026-03-03 11:00", Outcome::Solved);

    board.opens("m02", "2026-03-02 09:00");
    board.screens("m02", "2026-03-02 09:15");
    board.does(
        "m02",
        CAIHONG,
        "2026-03-02 09:30",
        assign("共和县交通局", MADENG, &[]),
    );
    board.sleeps_until("2026-03-24 09:00");
    board.does(
        "m02",
        MADENG,
        "2026-03-24 10:00",
        reply("2026-03-24 09:30").into(),
    );
    board.does("m02", SUHUA, "2026-03-24 15:00", pass());

    board.assigned("m03", "2026-03-24");
    board.replies("m03", "2026-03-25 10:00");
    board.does(
        "m03",
        SUHUA,
        "2026-03-25 15:00",
        send_back("处理不到位", "灯不亮"),
    );
    board.replies("m03", "2026-03-26 10:00");
    board.passes("m03", "2026-03-26 15:00");
    board.calls("m03", "2026-03-27 10:00", Level::Satisfied);
    board.strikes("m03", "2026-03-27 11:00", Outcome::Solved);

    board.does(
        "m04",
        TASHI,
        "2026-03-24 09:00",
        open("m04", "632523", "咨询"),
    );
    board.does(
        "m05",
        TASHI,
        "2026-03-31 09:00",
        open("m05", "632524", "咨询"),
    );
    board.sleeps_until("2026-04-01 09:00");
}

// 定期通报: for every unit what came in, was answered in time and was not, was sent back, solved, found good; on time counts
// as effective only where it was not sent back. Units and places each sum to the same whole. The same ledger gives the
// same bytes, from memory or from a file, today or next year.
#[test]
fn a10_the_bulletin_sums_and_comes_out_the_same_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.db");
    let (memory, file) = (Board::new(), Board::in_file(&path));
    march(&memory);
    march(&file);
    let month = |board: &Board| {
        Period::dates(
            "2026-03-01".parse().unwrap(),
            "2026-03-31".parse().unwrap(),
            board.plan.zone,
        )
    };
    let bytes = |board: &Board, until: &str| {
        let made = bulletin(&board.report(until), &board.plan, month(board));
        [
            serde_json::to_string(&made).unwrap(),
            made.by_unit(Lang::Zh).csv(),
            made.by_place(Lang::Zh).csv(),
        ]
        .concat()
    };
    let first = bytes(&memory, "2026-04-01 09:00");
    assert_eq!(bytes(&file, "2026-04-01 09:00"), first);
    // What comes later has no part in it.
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: "又不亮了".into(),
    };
    file.does("m01", ZHUOMA, "2026-04-02 10:00", reopen);
    file.sleeps_until("2026-12-31 09:00");
    assert_eq!(bytes(&file, "2026-12-31 09:00"), first);

    let made = bulletin(
        &memory.report("2026-04-01 09:00"),
        &memory.plan,
        month(&memory),
    );
    let of = |unit: &str| {
        made.units
            .iter()
            .find(|it| it.unit.as_ref().is_some_and(|it| it.as_str() == unit))
            .unwrap()
            .figures
    };
    let housing = of(HOUSING);
    assert_eq!(
        (
            housing.received,
            housing.on_time,
            housing.effective,
            housing.returned
        ),
        (2, 2, 1, 1)
    );
    assert_eq!((housing.solved, housing.satisfied, housing.late), (2, 2, 0));
    let traffic = of("共和县交通局");
    assert_eq!(
        (
            traffic.received,
            traffic.on_time,
            traffic.late,
            traffic.named
        ),
        (1, 0, 1, 1)
    );
    assert_eq!(made.total.received, 5);
    let mut units = duly::report::Figures::default();
    made.units.iter().for_each(|it| units += it.figures);
    let mut places = duly::report::Figures::default();
    made.places.iter().for_each(|it| places += it.figures);
    assert_eq!((units, places), (made.total, made.total));
    assert_eq!(
        made.places.len(),
        6,
        "every county has its line, also one without a message"
    );
}

// 列出清单、建立台账: one row a message, rebuilt from the records alone; every record hangs on the one before it.
#[test]
fn a11_the_roll_has_one_row_a_message_and_is_rebuilt_from_the_records() {
    let board = Board::new();
    march(&board);
    let rows = roll(&board.report("2026-04-01 09:00"), &board.plan).rows;
    let ids: Vec<&str> = rows.iter().map(|row| row.case.as_str()).collect();
    assert_eq!(ids, ["m01", "m02", "m03", "m04", "m05"]);
    assert_eq!(
        (rows[0].outcome, rows[0].owner.as_ref().unwrap().as_str()),
        (Some(Outcome::Solved), "王刚")
    );
    assert_eq!((rows[2].stage, rows[2].returns), (StageName::Closed, 1));
    assert!(rows[3].overdue, "nobody screened it");

    // From records that were written down and read back, one by one, in any order of cases.
    let texts: Vec<String> = board
        .records()
        .iter()
        .rev()
        .map(|it| serde_json::to_string(it).unwrap())
        .collect();
    let read: Vec<Record> = texts
        .iter()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    let rebuilt = Seen::fold(&read, Some(at("2026-04-01 09:00"))).unwrap();
    assert_eq!(roll(&rebuilt, &board.plan).rows, rows);
    for row in &rows {
        assert_eq!(
            rebuilt.file(&row.case).unwrap().case(),
            &board.case(row.case.as_str())
        );
        let case = board.case(row.case.as_str());
        let history = board.history(row.case.as_str());
        let lines = timeline(&history, &case, &board.plan, Lang::Zh).past;
        assert_eq!(lines.len(), history.len());
    }
    let verified = board.desk.verify().unwrap();
    assert_eq!(
        (verified.cases, verified.records),
        (5, board.records().len() as u64)
    );
    // A record left out is missed.
    let gap: Vec<&Record> = read.iter().filter(|it| it.version != 3).collect();
    assert!(Seen::fold(gap, None).is_err());
}

// One changed byte in the file is found, and found where it is.
#[test]
fn a11_a_changed_byte_in_the_file_is_found_and_located() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.db");
    let board = Board::in_file(&path);
    march(&board);
    board.desk.verify().unwrap();
    // Somebody makes a late reply look like an early one, in the file, behind the desk's back.
    let history = board.history("m02");
    let replied = history
        .iter()
        .find(|it| matches!(it.event, Event::Replied { .. }))
        .unwrap();
    let file = rusqlite::Connection::open(&path).unwrap();
    let version = i64::try_from(replied.version).unwrap();
    let (from, to) = ("2026-03-24T", "2026-03-14T");
    let changed = file
        .execute(
            "UPDATE records SET record = replace(record, ?1, ?2) WHERE chain = 'm02' AND version = ?3",
            rusqlite::params![from, to, version],
        )
        .unwrap();
    assert_eq!(changed, 1);
    let error = board.desk.verify().unwrap_err();
    let broken = error.broken().expect("it says where");
    assert_eq!(
        (broken.case.as_str(), broken.version),
        ("m02", replied.version)
    );
    assert_eq!(broken.flaw, Flaw::Hash);
}

// 更正: a wrong entry stays where it is and the right one stands beside it, from a hand that did not handle the case.
#[test]
fn a_wrong_entry_stays_and_the_right_one_stands_beside_it() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        Command::Note {
            text: "三月一日到过现场".into(),
        },
    );
    let before = board.history("m01");
    let entry = before.last().unwrap().version;
    let correct = |version| Command::Correct {
        version,
        text: "应为三月二日".into(),
        took_effect: None,
    };
    let own = board.refuses(
        "m01",
        ("王刚", "owner supervisor"),
        "2026-03-02 11:00",
        correct(entry),
    );
    assert!(
        matches!(
            own,
            Why::SamePerson {
                was: Deed::Handled,
                ..
            }
        ),
        "{own:?}"
    );
    let none = board.refuses("m01", DUCHA, "2026-03-02 11:00", correct(entry + 1));
    assert_eq!(
        none,
        Why::NoSuch {
            what: Thing::Entry,
            number: entry + 1
        }
    );
    board.does("m01", DUCHA, "2026-03-02 11:00", correct(entry));
    let after = board.history("m01");
    assert_eq!(after[..before.len()], before[..]);
    assert!(
        matches!(&after.last().unwrap().event, Event::Corrected { version, .. } if *version == entry)
    );
}
