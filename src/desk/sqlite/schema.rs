//! The shape of the file, and how older shapes become it.

use std::cmp::Ordering;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{PATIENCE, failed};
use crate::desk::DeskError;

/// Marks a file as ours: `duly` in ASCII.
const APPLICATION: i64 = 0x6475_6c79;

/// Each brings the file from the shape before it to its own. What was once released is never changed.
const SHAPES: &[&str] = &[
    // 1. The order of columns is that of reading; a board stands first in every key.
    "CREATE TABLE boards (
         id INTEGER PRIMARY KEY,
         name TEXT NOT NULL UNIQUE
     ) STRICT;
     -- Where each case stands after its last record. `alarm` is in Unix seconds.
     CREATE TABLE heads (
         id INTEGER PRIMARY KEY,
         board INTEGER NOT NULL,
         case_id TEXT NOT NULL,
         version INTEGER NOT NULL,
         hash BLOB NOT NULL,
         alarm INTEGER,
         state TEXT NOT NULL,
         UNIQUE (board, case_id)
     ) STRICT;
     CREATE INDEX heads_alarm ON heads (board, alarm, case_id) WHERE alarm IS NOT NULL;
     -- What happened, in the order in which it came in. `record` is canonical JSON; `hash` is
     -- SHA-256(prev, record). `observed_at` stands outside the chain.
     CREATE TABLE records (
         seq INTEGER PRIMARY KEY,
         board INTEGER NOT NULL,
         case_id TEXT NOT NULL,
         version INTEGER NOT NULL,
         prev BLOB NOT NULL,
         hash BLOB NOT NULL,
         record TEXT NOT NULL,
         observed_at INTEGER NOT NULL,
         UNIQUE (board, case_id, version)
     ) STRICT;
     CREATE INDEX records_board ON records (board);
     -- What each command was answered.
     CREATE TABLE commands (
         board INTEGER NOT NULL,
         id TEXT NOT NULL,
         case_id TEXT NOT NULL,
         payload BLOB,
         said_at INTEGER NOT NULL,
         at INTEGER NOT NULL,
         answer TEXT NOT NULL,
         PRIMARY KEY (board, id)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX commands_case ON commands (board, case_id);
     -- The message's own number in its channel.
     CREATE TABLE numbers (
         board INTEGER NOT NULL,
         channel TEXT NOT NULL,
         external_id TEXT NOT NULL,
         case_id TEXT NOT NULL,
         PRIMARY KEY (board, channel, external_id)
     ) STRICT, WITHOUT ROWID;
     -- A place once given is never given again, so that a reader's cursor misses nothing.
     CREATE TABLE outbox (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         board INTEGER NOT NULL,
         effect TEXT NOT NULL,
         outgoing TEXT NOT NULL,
         UNIQUE (board, effect)
     ) STRICT;
     -- The only table with private texts.
     CREATE TABLE private (
         id INTEGER PRIMARY KEY,
         board INTEGER NOT NULL,
         case_id TEXT NOT NULL,
         reference TEXT NOT NULL,
         salt BLOB NOT NULL,
         text TEXT NOT NULL,
         UNIQUE (board, case_id, reference)
     ) STRICT;
     CREATE TABLE plans (
         board INTEGER NOT NULL,
         id TEXT NOT NULL,
         plan TEXT NOT NULL,
         PRIMARY KEY (board, id)
     ) STRICT, WITHOUT ROWID;",
    // 2. Obligations that are no cases, each table as that of the cases.
    "CREATE TABLE duty_heads (
         id INTEGER PRIMARY KEY,
         board INTEGER NOT NULL,
         duty TEXT NOT NULL,
         version INTEGER NOT NULL,
         hash BLOB NOT NULL,
         alarm INTEGER,
         state TEXT NOT NULL,
         UNIQUE (board, duty)
     ) STRICT;
     CREATE INDEX duty_heads_alarm ON duty_heads (board, alarm, duty) WHERE alarm IS NOT NULL;
     CREATE TABLE duty_records (
         seq INTEGER PRIMARY KEY,
         board INTEGER NOT NULL,
         duty TEXT NOT NULL,
         version INTEGER NOT NULL,
         prev BLOB NOT NULL,
         hash BLOB NOT NULL,
         record TEXT NOT NULL,
         observed_at INTEGER NOT NULL,
         UNIQUE (board, duty, version)
     ) STRICT;
     CREATE INDEX duty_records_board ON duty_records (board);
     CREATE TABLE duty_commands (
         board INTEGER NOT NULL,
         id TEXT NOT NULL,
         duty TEXT NOT NULL,
         payload BLOB,
         said_at INTEGER NOT NULL,
         at INTEGER NOT NULL,
         answer TEXT NOT NULL,
         PRIMARY KEY (board, id)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX duty_commands_duty ON duty_commands (board, duty);
     CREATE TABLE duty_outbox (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         board INTEGER NOT NULL,
         effect TEXT NOT NULL,
         outgoing TEXT NOT NULL,
         UNIQUE (board, effect)
     ) STRICT;
     CREATE TABLE duty_private (
         id INTEGER PRIMARY KEY,
         board INTEGER NOT NULL,
         duty TEXT NOT NULL,
         reference TEXT NOT NULL,
         salt BLOB NOT NULL,
         text TEXT NOT NULL,
         UNIQUE (board, duty, reference)
     ) STRICT;",
    // 3. What goes to other cases is found without reading what goes outside. Within a string of the JSON a quote is escaped, so
    // that these words stand nowhere else.
    "CREATE INDEX outbox_links ON outbox (board, seq) WHERE instr(outgoing, '\"effect\":{\"link\":') > 0;",
    // 4. Cases and obligations on shelves of one set of tables; a ledger reads nothing of what it keeps, so a state is bytes, what goes to
    // other cases says so, and plans stand among whatever is kept once. States of an older form are made anew from the records.
    "CREATE TABLE shelves (
         id INTEGER PRIMARY KEY,
         board TEXT NOT NULL,
         shelf TEXT NOT NULL,
         UNIQUE (board, shelf)
     ) STRICT;
     INSERT INTO shelves (id, board, shelf) SELECT id, name, 'cases' FROM boards;
     INSERT INTO shelves (board, shelf) SELECT name, 'duties' FROM boards;
     -- One table has one row of places: those of obligations come after all that either kind was ever given, so that a place of before can be told
     -- from one of after.
     CREATE TEMP TABLE places_3 AS SELECT
         max((SELECT coalesce(max(seq), 0) FROM records), (SELECT coalesce(max(seq), 0) FROM duty_records)) AS records,
         (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name IN ('outbox', 'duty_outbox')) AS outbox;
     CREATE TEMP VIEW of_duties AS
         SELECT cases.id AS board, duties.id AS shelf FROM shelves AS cases
         JOIN shelves AS duties ON duties.board = cases.board AND duties.shelf = 'duties' AND cases.shelf = 'cases';

     ALTER TABLE heads RENAME TO heads_3;
     CREATE TABLE heads (
         id INTEGER PRIMARY KEY,
         shelf INTEGER NOT NULL,
         chain TEXT NOT NULL,
         version INTEGER NOT NULL,
         hash BLOB NOT NULL,
         alarm INTEGER,
         state BLOB NOT NULL,
         UNIQUE (shelf, chain)
     ) STRICT;
     INSERT INTO heads (shelf, chain, version, hash, alarm, state)
         SELECT board, case_id, version, hash, alarm, CAST(state AS BLOB) FROM heads_3 ORDER BY id;
     INSERT INTO heads (shelf, chain, version, hash, alarm, state)
         SELECT of_duties.shelf, duty, version, hash, alarm, CAST(state AS BLOB) FROM duty_heads JOIN of_duties USING (board) ORDER BY id;
     DROP TABLE heads_3;
     DROP TABLE duty_heads;
     CREATE INDEX heads_alarm ON heads (shelf, alarm, chain) WHERE alarm IS NOT NULL;

     DROP INDEX records_board;
     ALTER TABLE records RENAME TO records_3;
     CREATE TABLE records (
         seq INTEGER PRIMARY KEY,
         shelf INTEGER NOT NULL,
         chain TEXT NOT NULL,
         version INTEGER NOT NULL,
         prev BLOB NOT NULL,
         hash BLOB NOT NULL,
         record TEXT NOT NULL,
         observed_at INTEGER NOT NULL,
         UNIQUE (shelf, chain, version)
     ) STRICT;
     INSERT INTO records (seq, shelf, chain, version, prev, hash, record, observed_at)
         SELECT seq, board, case_id, version, prev, hash, record, observed_at FROM records_3 ORDER BY seq;
     INSERT INTO records (seq, shelf, chain, version, prev, hash, record, observed_at)
         SELECT seq + (SELECT records FROM places_3), of_duties.shelf, duty, version, prev, hash, record, observed_at
         FROM duty_records JOIN of_duties USING (board) ORDER BY seq;
     DROP TABLE records_3;
     DROP TABLE duty_records;
     CREATE INDEX records_shelf ON records (shelf);

     ALTER TABLE commands RENAME TO commands_3;
     CREATE TABLE commands (
         shelf INTEGER NOT NULL,
         id TEXT NOT NULL,
         chain TEXT NOT NULL,
         payload BLOB,
         said_at INTEGER NOT NULL,
         at INTEGER NOT NULL,
         answer TEXT NOT NULL,
         PRIMARY KEY (shelf, id)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO commands SELECT * FROM commands_3;
     INSERT INTO commands SELECT of_duties.shelf, id, duty, payload, said_at, at, answer FROM duty_commands JOIN of_duties USING (board);
     DROP TABLE commands_3;
     DROP TABLE duty_commands;
     CREATE INDEX commands_chain ON commands (shelf, chain);

     ALTER TABLE outbox RENAME TO outbox_3;
     DROP INDEX outbox_links;
     CREATE TABLE outbox (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         shelf INTEGER NOT NULL,
         effect TEXT NOT NULL,
         link INTEGER NOT NULL,
         outgoing TEXT NOT NULL,
         UNIQUE (shelf, effect)
     ) STRICT;
     -- What was there before it keeps the last place that was given, though it be empty.
     INSERT INTO outbox (seq, shelf, effect, link, outgoing)
         SELECT 2 * outbox, 0, 'last', 0, '' FROM places_3 WHERE outbox > 0;
     DELETE FROM outbox;
     INSERT INTO outbox (seq, shelf, effect, link, outgoing)
         SELECT seq, board, effect, instr(outgoing, '\"effect\":{\"link\":') > 0, outgoing FROM outbox_3 ORDER BY seq;
     INSERT INTO outbox (seq, shelf, effect, link, outgoing)
         SELECT seq + (SELECT outbox FROM places_3), of_duties.shelf, effect, 0, outgoing
         FROM duty_outbox JOIN of_duties USING (board) ORDER BY seq;
     DROP TABLE outbox_3;
     DROP TABLE duty_outbox;
     CREATE INDEX outbox_ahead ON outbox (shelf, link, seq);

     ALTER TABLE private RENAME TO private_3;
     CREATE TABLE private (
         id INTEGER PRIMARY KEY,
         shelf INTEGER NOT NULL,
         chain TEXT NOT NULL,
         reference TEXT NOT NULL,
         salt BLOB NOT NULL,
         text TEXT NOT NULL,
         UNIQUE (shelf, chain, reference)
     ) STRICT;
     INSERT INTO private (shelf, chain, reference, salt, text)
         SELECT board, case_id, reference, salt, text FROM private_3 ORDER BY id;
     INSERT INTO private (shelf, chain, reference, salt, text)
         SELECT of_duties.shelf, duty, reference, salt, text FROM duty_private JOIN of_duties USING (board) ORDER BY id;
     DROP TABLE private_3;
     DROP TABLE duty_private;

     ALTER TABLE numbers RENAME COLUMN board TO shelf;
     ALTER TABLE numbers RENAME COLUMN case_id TO chain;
     -- Plans, seals, receipts: kept once under a name, and never replaced.
     CREATE TABLE kept (
         shelf INTEGER NOT NULL,
         kind TEXT NOT NULL,
         name TEXT NOT NULL,
         text TEXT NOT NULL,
         PRIMARY KEY (shelf, kind, name)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO kept SELECT board, 'plan', id, plan FROM plans;
     DROP TABLE plans;
     DROP VIEW of_duties;
     DROP TABLE boards;",
    // 5. How far the places of obligations were moved by the shape before, where they were: a cursor of before is moved as far.
    "ALTER TABLE shelves ADD COLUMN moved_records INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE shelves ADD COLUMN moved_outbox INTEGER NOT NULL DEFAULT 0;
     CREATE TEMP TABLE IF NOT EXISTS places_3 (records INTEGER, outbox INTEGER);
     UPDATE shelves SET moved_records = coalesce((SELECT records FROM places_3), 0), moved_outbox = coalesce((SELECT outbox FROM places_3), 0)
         WHERE shelf = 'duties';
     DROP TABLE places_3;",
    // 6. An erased text is overwritten where it stands, and is bytes from then on: no row goes. Where rows go, pages are laid out anew, and in what is
    // free on them old bytes of other texts stay. Those that are there go with the table of before.
    "ALTER TABLE private RENAME TO private_5;
     CREATE TABLE private (
         id INTEGER PRIMARY KEY,
         shelf INTEGER NOT NULL,
         chain TEXT NOT NULL,
         reference TEXT NOT NULL,
         salt BLOB NOT NULL,
         text ANY NOT NULL,
         UNIQUE (shelf, chain, reference)
     ) STRICT;
     INSERT INTO private (shelf, chain, reference, salt, text) SELECT shelf, chain, reference, salt, text FROM private_5 ORDER BY id;
     DROP TABLE private_5;",
];

fn known() -> i64 {
    i64::try_from(SHAPES.len()).unwrap_or(i64::MAX)
}

/// Where a file stands.
enum Found {
    Empty,
    Shape(usize),
}

fn found(connection: &Connection, name: &str) -> Result<Found, DeskError> {
    let number =
        |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let foreign = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => DeskError::not_a_ledger(name),
        _ => failed(error),
    };
    let application = number("application_id").map_err(foreign)?;
    let shape = number("user_version").map_err(foreign)?;
    if application == APPLICATION {
        return match usize::try_from(shape) {
            Ok(at) if at <= SHAPES.len() => Ok(Found::Shape(at)),
            _ => Err(DeskError::newer(shape, known())),
        };
    }
    let anything = connection
        .query_row("SELECT 1 FROM sqlite_schema", [], |_| Ok(()))
        .optional()
        .map_err(failed)?;
    if application == 0 && shape == 0 && anything.is_none() {
        return Ok(Found::Empty);
    }
    Err(DeskError::not_a_ledger(name))
}

/// As [`found`], with everything looked at in one moment: another process may be making the file.
fn found_at_once(connection: &mut Connection, name: &str) -> Result<Found, DeskError> {
    let look = connection.transaction().map_err(failed)?;
    found(&look, name)
}

/// Makes sure that the file is a ledger, and of the shape that this library reads.
pub(super) fn check(connection: &mut Connection, name: &str) -> Result<(), DeskError> {
    match found_at_once(connection, name)? {
        Found::Shape(at) if at == SHAPES.len() => Ok(()),
        Found::Shape(_) => Err(DeskError::misuse(format!(
            "`{name}` has an older shape; open it once for writing"
        ))),
        Found::Empty => Err(DeskError::not_a_ledger(name)),
    }
}

/// Makes sure that a file which was opened is still of the shape that this library writes: another process may have brought it to a newer one, and
/// somebody may have put an older file in its place.
pub(super) fn stays(connection: &Connection) -> Result<(), DeskError> {
    let mut look = connection
        .prepare_cached("PRAGMA user_version")
        .map_err(failed)?;
    let shape: i64 = look.query_row([], |row| row.get(0)).map_err(failed)?;
    match shape.cmp(&known()) {
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(DeskError::newer(shape, known())),
        Ordering::Less => Err(DeskError::storage(format!(
            "its file has shape {shape} by now, and had {} when it was opened; open it anew",
            known()
        ))),
    }
}

/// Brings the file to the shape that this library writes. None: it is to live in memory only.
pub(super) fn bring_up(connection: &mut Connection, file: Option<&str>) -> Result<(), DeskError> {
    let name = file.unwrap_or(":memory:");
    // Before anything is changed in a file that may not be ours.
    found_at_once(connection, name)?;
    let mode = log_ahead(connection)?;
    if file.is_some() && mode != "wal" {
        return Err(DeskError::misuse(format!(
            "no write-ahead log can be kept beside `{name}`, or it would be gone with the process; name a file on a disk of this machine"
        )));
    }
    let change = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    // Another process may have done the same meanwhile.
    let from = match found(&change, name)? {
        Found::Empty => 0,
        Found::Shape(at) => at,
    };
    for shape in SHAPES.iter().skip(from) {
        change.execute_batch(shape).map_err(failed)?;
    }
    if from < SHAPES.len() {
        change
            .pragma_update(None, "application_id", APPLICATION)
            .map_err(failed)?;
        change
            .pragma_update(None, "user_version", known())
            .map_err(failed)?;
    }
    change.commit().map_err(failed)
}

/// Turns the write-ahead log on, and tells what is kept: something else, where it cannot be, which SQLite takes for no error. Nor does it wait for
/// others here, so we do.
fn log_ahead(connection: &Connection) -> Result<String, DeskError> {
    const WAIT: Duration = Duration::from_millis(5);
    let mut patience = PATIENCE;
    loop {
        let mut mode = String::new();
        let done = connection.pragma(None, "journal_mode", "WAL", |row| {
            mode = row.get(0)?;
            Ok(())
        });
        let done = done.map_err(failed);
        match (done, patience.checked_sub(WAIT)) {
            (Err(error), Some(left)) if error.is_busy() => {
                std::thread::sleep(WAIT);
                patience = left;
            }
            (done, _) => return done.map(|()| mode),
        }
    }
}
