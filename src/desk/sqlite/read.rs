//! Reading rows.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::failed;
use super::key::{self, Key};
use crate::desk::rows::{
    self, AlarmRow, CommandRow, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow, RecordRow,
};
use crate::desk::{DeskError, Hash};
use crate::time::Moment;

type Read<T> = Result<T, DeskError>;

fn ready<'a>(connection: &'a Connection, sql: &str) -> Read<CachedStatement<'a>> {
    connection.prepare_cached(sql).map_err(failed)
}

/// Every row of a query, each read by `each`.
macro_rules! all {
    ($connection:expr, $sql:expr, $params:expr, $each:expr) => {{
        let mut statement = ready($connection, $sql)?;
        let mut rows = statement.query($params).map_err(failed)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            all.push($each(row)?);
        }
        all
    }};
}

/// The one row of a query, if there is one, read by `each`.
macro_rules! one {
    ($connection:expr, $sql:expr, $params:expr, $each:expr) => {{
        let mut statement = ready($connection, $sql)?;
        let mut rows = statement.query($params).map_err(failed)?;
        match rows.next().map_err(failed)? {
            Some(row) => Some($each(row)?),
            None => None,
        }
    }};
}

fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, at: usize) -> Read<T> {
    row.get(at).map_err(failed)
}

fn moment(row: &Row<'_>, at: usize) -> Read<Moment> {
    Moment::from_unix(get(row, at)?).map_err(DeskError::damaged)
}

/// A moment; the nearest, where the row holds none.
fn nearest(row: &Row<'_>, at: usize) -> Read<Moment> {
    get(row, at).map(rows::nearest)
}

/// A version; 0, where the row holds something else.
pub(super) fn version(row: &Row<'_>, at: usize) -> Read<u64> {
    Ok(u64::try_from(get::<i64>(row, at)?).unwrap_or(0))
}

fn bytes(row: &Row<'_>, at: usize) -> Read<Vec<u8>> {
    let bytes = row
        .get_ref(at)
        .and_then(|value| Ok(value.as_bytes()?.to_vec()));
    bytes.map_err(failed)
}

/// What a key is called, whatever bytes it has.
fn called(row: &Row<'_>, at: usize) -> Read<String> {
    let name = row
        .get_ref(at)
        .and_then(|value| Ok(key::name(value.as_bytes()?)));
    name.map_err(failed)
}

/// A hash; none, where the row holds something else.
pub(super) fn hash(row: &Row<'_>, at: usize) -> Option<Hash> {
    row.get::<_, [u8; 32]>(at).ok().map(Hash::new)
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn load(connection: &Connection, shelf: i64, key: &str) -> Read<Option<HeadRow>> {
    let sql = "SELECT version, hash, alarm, state FROM heads WHERE shelf = ?1 AND chain = ?2";
    let head = |row: &Row<'_>| {
        Ok::<_, DeskError>(HeadRow {
            version: version(row, 0)?,
            hash: hash(row, 1),
            alarm: get::<Option<i64>>(row, 2)?.map(rows::nearest),
            state: bytes(row, 3)?,
        })
    };
    let of = params![shelf, Key::called(key)];
    Ok(one!(connection, sql, of, head))
}

pub(super) fn answered(
    connection: &Connection,
    shelf: i64,
    command: &str,
) -> Read<Option<CommandRow>> {
    let sql =
        "SELECT chain, payload, said_at, at, answer FROM commands WHERE shelf = ?1 AND id = ?2";
    let answered = |row: &Row<'_>| {
        // A row of which a moment cannot be read is damaged as one whose answer cannot.
        let whole = moment(row, 2).and_then(|_| moment(row, 3)).is_ok();
        Ok::<_, DeskError>(CommandRow {
            id: command.to_owned(),
            key: called(row, 0)?,
            payload: hash(row, 1),
            said_at: nearest(row, 2)?,
            at: nearest(row, 3)?,
            answer: match whole {
                true => row.get(4).unwrap_or_default(),
                false => String::new(),
            },
        })
    };
    Ok(one!(connection, sql, params![shelf, command], answered))
}

pub(super) fn find(
    connection: &Connection,
    cases: i64,
    number: &NumberRow,
) -> Read<Option<String>> {
    let sql = "SELECT chain FROM numbers WHERE shelf = ?1 AND channel = ?2 AND external_id = ?3";
    let of = params![cases, number.channel, number.external_id];
    Ok(one!(connection, sql, of, |row| get(row, 0)))
}

pub(super) fn due(
    connection: &Connection,
    shelf: i64,
    now: Moment,
    after: Option<&AlarmRow>,
    limit: usize,
) -> Read<Vec<AlarmRow>> {
    // Not one OR over two columns: the index is walked from where the last page ended.
    let sql =
        "SELECT alarm, chain FROM heads WHERE shelf = ?1 AND alarm IS NOT NULL AND alarm <= ?2
               AND (alarm, chain) > (?3, ?4) ORDER BY alarm, chain LIMIT ?5";
    let (from, key) = after.map_or((i64::MIN, ""), |alarm| {
        (alarm.at.unix(), alarm.key.as_str())
    });
    let of = params![shelf, now.unix(), from, Key::called(key), most(limit)];
    Ok(all!(connection, sql, of, |row| {
        Ok::<_, DeskError>(AlarmRow {
            at: nearest(row, 0)?,
            key: called(row, 1)?,
        })
    }))
}

pub(super) fn next_alarm(connection: &Connection, shelf: i64) -> Read<Option<Moment>> {
    let sql =
        "SELECT alarm FROM heads WHERE shelf = ?1 AND alarm IS NOT NULL ORDER BY alarm LIMIT 1";
    Ok(one!(connection, sql, params![shelf], |row| nearest(row, 0)))
}

fn record(row: &Row<'_>, key: String, from: usize) -> Read<RecordRow> {
    Ok(RecordRow {
        key,
        version: version(row, from)?,
        prev: hash(row, from + 1),
        hash: hash(row, from + 2),
        line: bytes(row, from + 3)?,
        observed_at: nearest(row, from + 4)?,
    })
}

pub(super) fn records(
    connection: &Connection,
    shelf: i64,
    after: i64,
    limit: usize,
) -> Read<(Vec<RecordRow>, Option<i64>)> {
    let sql = "SELECT seq, chain, version, prev, hash, record, observed_at FROM records
               WHERE shelf = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut last = None;
    let of = params![shelf, after, most(limit)];
    let items = all!(connection, sql, of, |row: &Row<'_>| {
        last = Some(get::<i64>(row, 0)?);
        record(row, called(row, 1)?, 2)
    });
    Ok((items, last))
}

pub(super) fn history(connection: &Connection, shelf: i64, key: &str) -> Read<Vec<RecordRow>> {
    let sql = "SELECT version, prev, hash, record, observed_at FROM records
               WHERE shelf = ?1 AND chain = ?2 ORDER BY version";
    let of = params![shelf, Key::called(key)];
    Ok(all!(connection, sql, of, |row| record(
        row,
        key.to_owned(),
        0
    )))
}

/// Whether a chain has a record of that version.
pub(super) fn holds(connection: &Connection, shelf: i64, key: &str, version: i64) -> Read<bool> {
    let sql = "SELECT 1 FROM records WHERE shelf = ?1 AND chain = ?2 AND version = ?3";
    let of = params![shelf, key, version];
    ready(connection, sql)?.exists(of).map_err(failed)
}

pub(super) fn keys(
    connection: &Connection,
    shelf: i64,
    after: Option<&str>,
    limit: usize,
) -> Read<Vec<String>> {
    let sql = "SELECT chain FROM heads WHERE shelf = ?1 AND chain > ?2
               UNION SELECT chain FROM records WHERE shelf = ?1 AND chain > ?2 ORDER BY 1 LIMIT ?3";
    let after = Key::called(after.unwrap_or(""));
    let of = params![shelf, after, most(limit)];
    Ok(all!(connection, sql, of, |row| called(row, 0)))
}

pub(super) fn outbox(
    connection: &Connection,
    shelf: i64,
    links: bool,
    after: i64,
    limit: usize,
) -> Read<(Vec<OutgoingRow>, Option<i64>)> {
    let sql = "SELECT seq, effect, link, outgoing FROM outbox
               WHERE shelf = ?1 AND link = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4";
    let mut last = None;
    let of = params![shelf, links, after, most(limit)];
    let items = all!(connection, sql, of, |row: &Row<'_>| {
        last = Some(get::<i64>(row, 0)?);
        Ok::<_, DeskError>(OutgoingRow {
            effect: row.get(1).unwrap_or_default(),
            link: get(row, 2)?,
            outgoing: row.get(3).unwrap_or_default(),
        })
    });
    Ok((items, last))
}

/// Whether an effect is still in the outbox.
pub(super) fn waits(connection: &Connection, shelf: i64, effect: &str) -> Read<bool> {
    let sql = "SELECT 1 FROM outbox WHERE shelf = ?1 AND effect = ?2";
    let of = params![shelf, effect];
    ready(connection, sql)?.exists(of).map_err(failed)
}

pub(super) fn private(
    connection: &Connection,
    shelf: i64,
    key: &str,
    reference: &str,
) -> Read<Option<PrivateRow>> {
    // Bytes in place of a text: it is erased.
    let sql = "SELECT salt, text FROM private
               WHERE shelf = ?1 AND chain = ?2 AND reference = ?3 AND typeof(text) <> 'blob'";
    let private = |row: &Row<'_>| {
        Ok::<_, DeskError>(PrivateRow {
            reference: reference.to_owned(),
            salt: row.get(0).ok(),
            text: row.get(1).ok(),
        })
    };
    Ok(one!(
        connection,
        sql,
        params![shelf, key, reference],
        private
    ))
}

pub(super) fn kept(
    connection: &Connection,
    cases: i64,
    kept: Kept,
    name: &str,
) -> Read<Option<String>> {
    let sql = "SELECT text FROM kept WHERE shelf = ?1 AND kind = ?2 AND name = ?3";
    let mut statement = ready(connection, sql)?;
    let text = statement.query_row(params![cases, kept.name(), name], |row| row.get(0));
    text.optional().map_err(failed)
}

pub(super) fn has(connection: &Connection, cases: i64, kept: Kept, name: &str) -> Read<bool> {
    let sql = "SELECT 1 FROM kept WHERE shelf = ?1 AND kind = ?2 AND name = ?3";
    let of = params![cases, kept.name(), name];
    ready(connection, sql)?.exists(of).map_err(failed)
}

pub(super) fn kept_names(
    connection: &Connection,
    cases: i64,
    kept: Kept,
    after: Option<&str>,
    limit: usize,
) -> Read<Vec<String>> {
    let sql = "SELECT name FROM kept WHERE shelf = ?1 AND kind = ?2 AND (?3 IS NULL OR name > ?3)
               ORDER BY name LIMIT ?4";
    let of = params![cases, kept.name(), after, most(limit)];
    Ok(all!(connection, sql, of, |row| get(row, 0)))
}

/// What SQLite itself finds wrong with the file.
pub(super) fn check(connection: &Connection) -> Read<()> {
    let said: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(failed)?;
    if said == "ok" {
        Ok(())
    } else {
        Err(DeskError::damaged(said))
    }
}
