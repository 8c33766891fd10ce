//! Writing rows. All of it happens inside a transaction that the caller has begun.

use rusqlite::{Connection, Params, params};

use super::{failed, read};
use crate::desk::rows::{
    CommandRow, Commit, Committed, HeadRow, Kept, OutgoingRow, PrivateRow, RecordRow,
};
use crate::desk::{DeskError, Hash};
use crate::time::Moment;

type Written = Result<(), DeskError>;

fn run(connection: &Connection, sql: &str, params: impl Params) -> Written {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map(drop)
        .map_err(failed)
}

/// A version of a commit, of which it was checked that it is such a number.
fn number(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

fn part<T>(part: Option<T>, what: &str) -> Result<T, DeskError> {
    part.ok_or_else(|| DeskError::misuse(format!("a commit holds no {what}")))
}

pub(super) fn commit(
    connection: &Connection,
    shelf: i64,
    cases: i64,
    commit: &Commit,
) -> Result<Committed, DeskError> {
    if let Some(new) = &commit.command
        && let Some(before) = read::answered(connection, shelf, &new.id)?
    {
        return Ok(Committed::Duplicate(Box::new(before)));
    }
    if !commit.continues(stands(connection, shelf, &commit.key)?) {
        let head = read::load(connection, shelf, &commit.key)?;
        return Ok(Committed::conflict(head));
    }
    if let Some(number) = &commit.number
        && let Some(key) = read::find(connection, cases, number)?
    {
        return Ok(Committed::Known { key });
    }
    if let Some(effect) = &commit.carries
        && !read::waits(connection, shelf, effect)?
    {
        return Ok(Committed::Gone);
    }
    for name in &commit.plans {
        if !read::has(connection, cases, Kept::Plan, name)? {
            return Ok(Committed::NoPlan { name: name.clone() });
        }
    }
    let next = commit.expected.saturating_add(1);
    if !commit.records.is_empty() && read::holds(connection, shelf, &commit.key, number(next))? {
        return Err(DeskError::torn(commit.shelf, &commit.key, next));
    }
    if let Some(number) = &commit.number {
        let sql =
            "INSERT INTO numbers (shelf, channel, external_id, chain) VALUES (?1, ?2, ?3, ?4)";
        let of = params![cases, number.channel, number.external_id, commit.key];
        run(connection, sql, of)?;
    }
    for row in &commit.records {
        record(connection, shelf, row)?;
    }
    if let Some(row) = &commit.head {
        head(connection, shelf, &commit.key, row)?;
    }
    for row in &commit.private {
        private(connection, shelf, &commit.key, row)?;
    }
    for row in &commit.outgoing {
        outgoing(connection, shelf, row)?;
    }
    if let Some(row) = &commit.command {
        command(connection, shelf, row)?;
    }
    delivered(connection, shelf, &commit.delivered)?;
    delivered(connection, shelf, commit.carries.as_slice())?;
    erase(connection, shelf, &commit.key, &commit.erased)?;
    Ok(Committed::Done)
}

/// Version and hash of a chain's last record.
type Stands = Option<(u64, Option<Hash>)>;

fn stands(connection: &Connection, shelf: i64, key: &str) -> Result<Stands, DeskError> {
    let sql = "SELECT version, hash FROM heads WHERE shelf = ?1 AND chain = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params![shelf, key]).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else {
        return Ok(None);
    };
    Ok(Some((read::version(row, 0)?, read::hash(row, 1))))
}

fn record(connection: &Connection, shelf: i64, record: &RecordRow) -> Written {
    let sql = "INSERT INTO records (shelf, chain, version, prev, hash, record, observed_at)
               VALUES (?1, ?2, ?3, ?4, ?5, CAST(?6 AS TEXT), ?7)";
    let (prev, hash) = (part(record.prev, "hash")?, part(record.hash, "hash")?);
    let of = params![
        shelf,
        record.key,
        number(record.version),
        prev.bytes(),
        hash.bytes(),
        record.line,
        record.observed_at.unix()
    ];
    run(connection, sql, of)
}

fn head(connection: &Connection, shelf: i64, key: &str, head: &HeadRow) -> Written {
    let sql =
        "INSERT INTO heads (shelf, chain, version, hash, alarm, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (shelf, chain) DO UPDATE SET version = ?3, hash = ?4, alarm = ?5, state = ?6";
    let hash = part(head.hash, "hash")?;
    let of = params![
        shelf,
        key,
        number(head.version),
        hash.bytes(),
        head.alarm.map(Moment::unix),
        head.state
    ];
    run(connection, sql, of)
}

fn private(connection: &Connection, shelf: i64, key: &str, private: &PrivateRow) -> Written {
    // The same text under the same salt is the same row. Said again after it was erased, it is written where it stood.
    let sql = "INSERT INTO private (shelf, chain, reference, salt, text) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (shelf, chain, reference) DO UPDATE SET salt = ?4, text = ?5 WHERE typeof(text) = 'blob'";
    let salt = part(private.salt, "salt")?;
    let text = part(private.text.as_deref(), "text")?;
    let of = params![shelf, key, private.reference, salt, text];
    run(connection, sql, of)
}

fn outgoing(connection: &Connection, shelf: i64, outgoing: &OutgoingRow) -> Written {
    let sql =
        "INSERT OR IGNORE INTO outbox (shelf, effect, link, outgoing) VALUES (?1, ?2, ?3, ?4)";
    let of = params![shelf, outgoing.effect, outgoing.link, outgoing.outgoing];
    run(connection, sql, of)
}

fn command(connection: &Connection, shelf: i64, command: &CommandRow) -> Written {
    let sql = "INSERT INTO commands (shelf, id, chain, payload, said_at, at, answer)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let of = params![
        shelf,
        command.id,
        command.key,
        command.payload.as_ref().map(Hash::bytes),
        command.said_at.unix(),
        command.at.unix(),
        command.answer
    ];
    run(connection, sql, of)
}

fn erase(connection: &Connection, shelf: i64, key: &str, erased: &[String]) -> Written {
    for reference in erased {
        // By a row of the same size, so that SQLite writes it over the old one and moves no other.
        let sql =
            "UPDATE private SET salt = zeroblob(octet_length(salt)), text = zeroblob(octet_length(text))
             WHERE shelf = ?1 AND chain = ?2 AND reference = ?3";
        run(connection, sql, params![shelf, key, reference])?;
    }
    if !erased.is_empty() {
        let sql = "UPDATE commands SET payload = NULL WHERE shelf = ?1 AND chain = ?2";
        run(connection, sql, params![shelf, key])?;
    }
    Ok(())
}

pub(super) fn delivered(connection: &Connection, shelf: i64, effects: &[String]) -> Written {
    for effect in effects {
        let sql = "DELETE FROM outbox WHERE shelf = ?1 AND effect = ?2";
        run(connection, sql, params![shelf, effect])?;
    }
    Ok(())
}

pub(super) fn keep(
    connection: &Connection,
    cases: i64,
    kept: Kept,
    name: &str,
    text: &str,
) -> Written {
    let sql = "INSERT OR IGNORE INTO kept (shelf, kind, name, text) VALUES (?1, ?2, ?3, ?4)";
    run(connection, sql, params![cases, kept.name(), name, text])
}
