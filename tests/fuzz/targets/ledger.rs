//! A ledger is a file that others can write to. An input says what was done to a good one behind the desk's back: bytes of the file put
//! elsewhere, the file cut off, or values of single rows changed so that SQLite finds nothing wrong. The good one is made here, so that it is
//! of the shape that this build writes: two cases, an obligation, and a seal over all of it whose hash was kept elsewhere.
//!
//! Promised: opening, reading, verifying and going on give values or errors, and hold no more memory than the file warrants. Where
//! verifying against the seal finds nothing, no record, plan or private text is another than before. Where a record was changed and
//! nothing else was, verifying names it. What the chains do not cover is not said to be covered: when a record was noticed, what
//! commands were answered, what waits in the outbox, free pages.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::NaiveDate;
use duly::desk::rows::{RecordRow, Shelf};
use duly::desk::{Cursor, Desk, DeskError, Hash, Ledger, SqliteLedger};
use duly::duty::DutyEnvelope;
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{BoardId, CaseId, Envelope, TextRef};
use duly_fuzz::Draw;
use libfuzzer_sys::{Corpus, fuzz_target};
use rusqlite::Connection;
use serde_json::json;

fuzz_target!(|data: &[u8]| -> Corpus {
    let mut draw = Draw::new(data);
    duly_fuzz::within(64, || match draw.byte() % 2 {
        0 => bytes_are_changed(draw),
        _ => rows_are_changed(draw),
    });
    Corpus::Keep
});

fn board() -> BoardId {
    "board".parse().unwrap()
}

const SALT: [u8; 16] = [0; 16];

fn day() -> NaiveDate {
    "2026-03-04".parse().unwrap()
}

fn at(hours: i64) -> Moment {
    let start = Moment::parse("2026-03-02T09:00:00+08:00").unwrap();
    start.plus(3600 * hours)
}

static PLANS: LazyLock<Plans> = LazyLock::new(|| {
    let source = r#"
        pack("small", "小样"); place("6325", "海南州", "州留言受理岗");
        const 单位领导 = role("unit_head", "单位主要负责人");
        clock("reply", "答复").within(10.working_days);
        duty("video", "视频答复").owed_by(单位领导).within(20.working_days);
    "#;
    let mut plans = Plans::new(board());
    plans
        .take(duly::script::load("small", source).unwrap())
        .unwrap();
    plans
});

/// What a good ledger holds, and its bytes.
struct Good {
    bytes: Vec<u8>,
    seal: Hash,
    records: [Vec<RecordRow>; 2],
    texts: Vec<(CaseId, TextRef, String)>,
}

static GOOD: LazyLock<Good> = LazyLock::new(|| {
    let file = Scratch::new(b"");
    let desk = desk(SqliteLedger::open(&file.path, board()).unwrap());
    for (n, case) in ["m01", "m02"].into_iter().enumerate() {
        let open = json!({ "open": { "place": "6325", "channel": "board", "external_id": case, "message": "路灯不亮",
            "contact": "13912345678" } });
        let screen = json!({ "screen": { "class": "problem" } });
        let note = json!({ "note": { "text": "已到现场" } });
        for (k, command) in [open, screen, note].into_iter().enumerate() {
            let envelope: Envelope = serde_json::from_value(json!({
                "id": format!("c{n}{k}"), "case": case, "by": { "id": "caihong", "roles": ["intake", "supervisor"] },
                "at": at(k as i64), "salt": SALT, "command": command,
            }))
            .unwrap();
            assert!(desk.submit(envelope).unwrap().is_done());
        }
    }
    let impose: DutyEnvelope = serde_json::from_value(json!({
        "id": "d1", "duty": "v01", "by": { "id": "duban", "roles": ["supervisor"] }, "at": at(3), "salt": SALT,
        "command": { "impose": { "kind": "video", "topic": "城区供暖", "place": "6325", "unit": "住建局" } },
    }))
    .unwrap();
    assert!(desk.submit_duty(impose).unwrap().done().is_some());
    let seal = desk.seal(day(), at(80)).unwrap().hash();
    let records = rows(&desk).unwrap();
    drop(desk);
    let texts = texts(&file.path);
    assert!(records.iter().all(|rows| !rows.is_empty()) && !texts.is_empty());
    // Small pages, so that few bytes of the file say nothing.
    let connection = Connection::open(&file.path).unwrap();
    let small =
        "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL";
    connection.execute_batch(small).unwrap();
    drop(connection);
    let bytes = fs::read(&file.path).unwrap();
    Good {
        bytes,
        seal,
        records,
        texts,
    }
});

/// A file in memory where there is such a place, away at the end with whatever SQLite puts beside it.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(bytes: &[u8]) -> Scratch {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let path = folder.join(format!("duly-fuzz-{}.db", std::process::id()));
        fs::write(&path, bytes).unwrap();
        Scratch { path }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for beside in ["", "-wal", "-shm", "-journal"] {
            let path = format!("{}{beside}", self.path.display());
            let _ = fs::remove_file(path);
        }
    }
}

fn desk(ledger: SqliteLedger) -> Desk<SqliteLedger> {
    Desk::new(ledger, PLANS.clone()).unwrap()
}

/// The records as they stand, which no ledger reads.
fn rows(desk: &Desk<SqliteLedger>) -> Result<[Vec<RecordRow>; 2], DeskError> {
    let all = |shelf| desk.ledger().read(shelf, &Cursor::start(), 1_000);
    Ok([all(Shelf::Cases)?.items, all(Shelf::Duties)?.items])
}

/// Every private text of a case.
fn texts(path: &Path) -> Vec<(CaseId, TextRef, String)> {
    let connection = Connection::open(path).unwrap();
    let mut all = connection
        .prepare("SELECT chain, reference, text FROM private WHERE chain LIKE 'm%'")
        .unwrap();
    let rows = all.query_map([], |row| -> rusqlite::Result<_> {
        let (case, name): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((
            case.parse::<CaseId>().unwrap(),
            serde_json::from_value::<TextRef>(json!(name)).unwrap(),
            row.get::<_, String>(2)?,
        ))
    });
    rows.unwrap().map(|row| row.unwrap()).collect()
}

/// Up to eight places of the file hold other bytes; it may also be cut off.
fn bytes_are_changed(mut draw: Draw<'_>) {
    let good = &*GOOD;
    let mut bytes = good.bytes.clone();
    for _ in 0..8 {
        if draw.is_empty() {
            break;
        }
        let at = draw.number(3) % bytes.len().max(1);
        match draw.byte() {
            255 => bytes.truncate(at),
            count => {
                let new = draw.bytes(usize::from(count % 32) + 1);
                for (slot, byte) in bytes.iter_mut().skip(at).zip(new) {
                    *slot = *byte;
                }
            }
        }
    }
    let file = Scratch::new(&bytes);
    used(&file.path, false);
}

/// The columns whose values are changed: of records first, then of what verifying also holds against them, then of what it does not.
const COLUMNS: [(&str, &str); 20] = [
    ("records", "record"),
    ("records", "record"),
    ("records", "prev"),
    ("records", "hash"),
    ("records", "version"),
    ("heads", "state"),
    ("heads", "hash"),
    ("heads", "version"),
    ("heads", "alarm"),
    ("private", "text"),
    ("private", "salt"),
    ("private", "reference"),
    ("kept", "text"),
    ("kept", "name"),
    ("numbers", "chain"),
    ("records", "chain"),
    ("outbox", "outgoing"),
    ("outbox", "effect"),
    ("outbox", "link"),
    ("commands", "answer"),
];
/// Of so many of them verifying says which record was changed. A chain may be given a name that no chain has.
const OF_RECORDS: usize = 5;

/// Up to three values of rows are other ones.
fn rows_are_changed(mut draw: Draw<'_>) {
    let good = &*GOOD;
    let file = Scratch::new(&good.bytes);
    let connection = Connection::open(&file.path).unwrap();
    let mut records_only = true;
    for _ in 0..3 {
        if draw.is_empty() {
            break;
        }
        let which = draw.number(1) % COLUMNS.len();
        let (table, column) = COLUMNS[which];
        let (row, place, byte) = (draw.byte(), draw.number(2), draw.byte());
        let changed = change(&connection, table, column, row, place, byte);
        records_only &= !changed || which < OF_RECORDS;
    }
    drop(connection);
    used(&file.path, records_only);
}

/// Changes one value, whatever kind it is of; false, where it is no other or the table does not take it.
fn change(
    connection: &Connection,
    table: &str,
    column: &str,
    row: u8,
    place: usize,
    byte: u8,
) -> bool {
    let count: i64 = connection
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .unwrap();
    if count == 0 || byte == 0 {
        return false;
    }
    // Some tables have no row ids, so a row is told by the value that it holds; as bytes, since a text may be none any more.
    let nth = i64::from(row) % count;
    let find = format!(
        "SELECT typeof({column}), CAST({column} AS BLOB) FROM {table} LIMIT 1 OFFSET {nth}"
    );
    let (kind, old): (String, Option<Vec<u8>>) = connection
        .query_row(&find, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let mut new = old.clone().unwrap_or_default();
    let put = match kind.as_str() {
        "integer" => format!("{column} + {byte}"),
        "text" => "CAST(?1 AS TEXT)".to_owned(),
        _ => "?1".to_owned(),
    };
    let at = place % new.len().max(1);
    if let Some(slot) = new.get_mut(at) {
        *slot ^= byte;
    }
    // Which a number does not use.
    let sql = format!(
        "UPDATE {table} SET {column} = {put} WHERE CAST({column} AS BLOB) = ?2 AND ?1 IS NOT NULL"
    );
    let done = connection.execute(&sql, rusqlite::params![new, old]);
    done.is_ok_and(|rows| rows > 0)
}

/// Whatever a host would do with the file, in which records alone may have been changed.
fn used(path: &Path, records_only: bool) {
    let _ = SqliteLedger::boards(path).map_err(said);
    let _ = SqliteLedger::open_read_only(path, board()).map_err(said);
    let Some(ledger) = SqliteLedger::open(path, board()).map_err(said).ok() else {
        assert!(!records_only, "a good file is not opened");
        return;
    };
    // Damage must not make it grow.
    let Ok(ledger) = ledger.at_most(1 << 20) else {
        return;
    };
    let desk = desk(ledger);
    let verified = desk.verify_against(&[(day(), GOOD.seal)]).map_err(said);
    match (verified, rows(&desk)) {
        (Ok(_), Ok(rows)) => {
            assert!(are_alike(&rows), "verified, and not as it was: {rows:?}");
            has_its_texts(&desk);
        }
        (Ok(_), Err(error)) => panic!("verified, and not read: {error}"),
        (Err(error), Ok(rows)) if records_only => {
            let named = error.broken().is_some() || error.broken_duty().is_some();
            assert!(named && !are_alike(&rows), "{error}");
        }
        (Err(error), Err(_)) if records_only => panic!("not named: {error}"),
        (Err(_), _) => {}
    }
    let _ = desk.read(&Cursor::start(), 1_000).map_err(said);
    let _ = desk.read_duties(&Cursor::start(), 1_000).map_err(said);
    let _ = desk.outbox(&Cursor::start(), 1_000).map_err(said);
    let _ = desk.seals(None, 10).map_err(said);
    for case in ["m01", "m02"].map(|id| id.parse::<CaseId>().unwrap()) {
        let _ = desk.case(&case).map_err(said);
        let _ = desk.history(&case).map_err(said);
    }
    let _ = desk.next_alarm().map_err(said);
    let _ = desk.advance(at(24 * 40)).map_err(said);
    let note: Envelope = serde_json::from_value(json!({
        "id": "c9", "case": "m01", "by": { "id": "caihong", "roles": ["intake"] }, "at": at(24 * 41), "salt": SALT,
        "command": { "note": { "text": "又到现场" } },
    }))
    .unwrap();
    let _ = desk.submit(note).map_err(said);
}

/// An error says something, and is one that a host can tell from a bug.
fn said(error: DeskError) -> DeskError {
    assert!(!error.to_string().is_empty());
    error
}

/// Whether every record is what it was. When it was noticed stands outside of the chain.
fn are_alike(rows: &[Vec<RecordRow>; 2]) -> bool {
    let chained = |row: &RecordRow| RecordRow {
        observed_at: Moment::MIN,
        ..row.clone()
    };
    let all = |rows: &[Vec<RecordRow>; 2]| -> Vec<RecordRow> {
        rows.iter().flatten().map(chained).collect()
    };
    all(rows) == all(&GOOD.records)
}

fn has_its_texts(desk: &Desk<SqliteLedger>) {
    for (case, name, text) in &GOOD.texts {
        let now = desk.text(case, name).unwrap();
        assert_eq!(now.as_ref().map(|text| text.as_str()), Some(text.as_str()));
    }
}
