//! A whole ledger as an earlier build wrote it.

use std::fs;
use std::path::{Path, PathBuf};

use duly::case::{Case, evolve};
use duly::desk::{Cursor, Desk, SqliteLedger, follow};
use duly::duty::{Duty, DutyRecord};
use duly::plan::Plans;
use duly::words::{BoardId, CaseId, Record};

/// A file of this folder.
pub fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/stored")
        .join(name)
}

fn board() -> BoardId {
    "hainan-board".parse().unwrap()
}

fn desk(path: &Path) -> Desk<SqliteLedger> {
    Desk::new(
        SqliteLedger::open(path, board()).unwrap(),
        Plans::new(board()),
    )
    .unwrap()
}

/// All records of the ledger of shape 3, each chain followed to its end.
fn of_shape_3() -> (Vec<(CaseId, Vec<Record>)>, Vec<DutyRecord>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    fs::copy(stored("ledger-shape-3.db"), &path).unwrap();
    let board = board();
    let desk = desk(&path);
    let mut cases = Vec::new();
    for case in desk.cases(None, 100).unwrap() {
        let entries = desk.history(&case).unwrap().into_iter();
        let chain: Vec<_> = entries.map(|entry| entry.sealed).collect();
        follow(&board, &case, &chain).unwrap();
        cases.push((case, chain.into_iter().map(|it| it.record).collect()));
    }
    let duties = desk.read_duties(&Cursor::start(), 1000).unwrap().items;
    let duties = duties.into_iter().map(|entry| entry.sealed);
    let duties = duties.inspect(|sealed| assert!(sealed.holds()));
    (cases, duties.map(|sealed| sealed.record).collect())
}

/// The cases and obligations that its records give.
pub fn folded() -> (Vec<Case>, Vec<Duty>) {
    let (cases, records) = of_shape_3();
    let fold = |records: &[Record]| {
        let case = records
            .iter()
            .fold(None, |case, record| Some(evolve(case, record).unwrap()));
        case.unwrap()
    };
    let board = board();
    let mut duties: Vec<Duty> = Vec::new();
    for record in &records {
        let of = duties.iter().position(|it| *it.id() == record.duty);
        let before = of.map(|at| duties.remove(at));
        duties.push(duly::duty::evolve(&board, before, record).unwrap());
    }
    duties.sort_by(|one, other| one.id().cmp(other.id()));
    (
        cases.iter().map(|(_, records)| fold(records)).collect(),
        duties,
    )
}

// A ledger of the build that kept heads as JSON: every chain follows, every record is read, and every case and obligation is what it was.
#[test]
fn a_ledger_of_shape_3_is_read_whole() {
    let (cases, duties) = folded();
    let cases = cases.iter().map(|case| {
        let (id, version, stage) = (case.id(), case.version(), case.stage_name());
        let alarm = case.next_alarm().map(|at| at.to_string());
        format!("{id} {version} {stage} {}", alarm.unwrap_or_default())
    });
    let duties = duties.iter().map(|duty| {
        let (id, version, stage) = (duty.id(), duty.version(), duty.stage());
        format!("{id} {version} {stage}")
    });
    let stood: Vec<String> = cases.chain(duties).collect();
    insta::assert_snapshot!(stood.join("\n"));
}

// Opened for writing, the file is brought to this build's shape once, whoever opens it: nothing is lost, everything verifies, what waited to go
// out waits still, and work goes on. For reading only it is left alone, and says what to do.
#[test]
fn a_ledger_of_shape_3_is_brought_up_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    fs::copy(stored("ledger-shape-3.db"), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let count = |sql: &str| -> i64 {
        let file = rusqlite::Connection::open(&path).unwrap();
        file.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let tables = ["records", "commands", "outbox", "private"];
    let old = tables.map(|table| {
        count(&format!("SELECT count(*) FROM {table}"))
            + count(&format!("SELECT count(*) FROM duty_{table}"))
    });
    let error = SqliteLedger::open_read_only(&path, board()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("has an older shape; open it once for writing")
    );
    assert_eq!(fs::read(&path).unwrap(), before);

    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(SqliteLedger::open(&path, board()).unwrap()));
        }
    });
    assert_eq!(count("PRAGMA user_version"), 6);
    let new = tables.map(|table| count(&format!("SELECT count(*) FROM {table}")));
    assert_eq!(old, new);
    let desk = desk(&path);
    let verified = desk.verify().unwrap();
    let (cases, duties) = folded();
    assert_eq!(
        (verified.cases, verified.duties),
        (cases.len() as u64, duties.len() as u64)
    );
    for case in &cases {
        assert_eq!(desk.case(case.id()).unwrap().as_ref(), Some(case));
    }
    for duty in &duties {
        assert_eq!(desk.duty(duty.id()).unwrap().as_ref(), Some(duty));
    }
    let next = desk.next_alarm().unwrap().unwrap();
    let ticked = desk.advance(next).unwrap();
    let stuck = (&ticked.stuck, &ticked.stuck_duties);
    assert!(
        ticked.fired > 0 && stuck.0.is_empty() && stuck.1.is_empty(),
        "{ticked:?}"
    );
    desk.verify().unwrap();
    assert!(
        desk.advance(next.plus(40 * 86_400))
            .unwrap()
            .stuck
            .is_empty()
    );
    desk.verify().unwrap();
}

// Whoever reads on from a place of before sees what came after it, and nothing twice: of obligations too, whose rows came into one table with
// those of cases.
#[test]
fn cursors_of_shape_3_stay_good() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    fs::copy(stored("ledger-shape-3.db"), &path).unwrap();
    let (records, outbox) = {
        let file = rusqlite::Connection::open(&path).unwrap();
        let all = |sql: &str| -> Vec<(i64, String)> {
            let mut statement = file.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            rows.unwrap().map(Result::unwrap).collect()
        };
        // Some were delivered long ago: the last places that were given are higher than those that are left.
        file.execute_batch("UPDATE sqlite_sequence SET seq = seq + 500")
            .unwrap();
        (
            all("SELECT seq, duty || '/' || version FROM duty_records ORDER BY seq"),
            all("SELECT seq, effect FROM duty_outbox ORDER BY seq"),
        )
    };
    assert!(
        records.len() > 2 && !outbox.is_empty(),
        "{records:?} {outbox:?}"
    );
    let desk = desk(&path);
    let ahead = |all: &[(i64, String)], place: i64| -> Vec<String> {
        let ahead = all.iter().filter(|(seq, _)| *seq > place);
        ahead.map(|(_, name)| name.clone()).collect()
    };
    for place in 0..=records.len() as i64 {
        let (mut found, mut after) = (Vec::new(), Cursor::new(place.to_string()));
        loop {
            let page = desk.read_duties(&after, 2).unwrap();
            if page.items.is_empty() {
                break;
            }
            after = page.next;
            found.extend(page.items.iter().map(|entry| {
                let record = &entry.sealed.record;
                format!("{}/{}", record.duty, record.version)
            }));
        }
        assert_eq!(found, ahead(&records, place), "after {place}");
    }
    let last = outbox.last().unwrap().0;
    for place in [0, last - 1, last, last + 400] {
        let page = desk
            .duty_outbox(&Cursor::new(place.to_string()), 1000)
            .unwrap();
        let found: Vec<String> = page.items.iter().map(|it| it.id.to_string()).collect();
        assert_eq!(found, ahead(&outbox, place), "after {place}");
    }
    // What comes now comes after all of it.
    let end = desk.read_duties(&Cursor::start(), 1000).unwrap().next;
    let next = desk.next_alarm().unwrap().unwrap();
    let _ = desk.advance(next.plus(40 * 86_400)).unwrap();
    let more = desk.read_duties(&end, 1000).unwrap().items;
    let all = desk.read_duties(&Cursor::start(), 1000).unwrap().items;
    assert_eq!(all.len(), records.len() + more.len());
    desk.verify().unwrap();
}
