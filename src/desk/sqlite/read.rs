//! Reading rows.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;

use super::failed;
use crate::desk::{
    Alarm, Answered, Broken, Cursor, DeskError, Entry, Flaw, Hash, Head, Page, Sealed,
};
use crate::time::Moment;
use crate::words::{
    CaseId, Channel, CommandId, ExternalId, Outgoing, PlanId, Private, Salt, Text, TextRef,
};

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
    Moment::from_unix(get(row, at)?).map_err(DeskError::storage)
}

fn case_id(row: &Row<'_>, at: usize) -> Read<CaseId> {
    get::<String>(row, at)?.parse().map_err(DeskError::storage)
}

fn version(row: &Row<'_>, at: usize) -> Read<u64> {
    u64::try_from(get::<i64>(row, at)?).map_err(DeskError::storage)
}

fn json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Read<T> {
    let text = row
        .get_ref(at)
        .and_then(|value| Ok(value.as_str()?))
        .map_err(failed)?;
    serde_json::from_str(text).map_err(DeskError::storage)
}

/// A hash; none, where the row holds something else.
fn hash(row: &Row<'_>, at: usize) -> Option<Hash> {
    row.get::<_, [u8; 32]>(at).ok().map(Hash::new)
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn load(connection: &Connection, board: i64, case: &CaseId) -> Read<Option<Head>> {
    let sql = "SELECT version, hash, alarm, state FROM heads WHERE board = ?1 AND case_id = ?2";
    Ok(one!(
        connection,
        sql,
        params![board, case.as_str()],
        |row| head(row, case)
    ))
}

fn head(row: &Row<'_>, case: &CaseId) -> Read<Head> {
    let at = version(row, 0)?;
    let broken = |flaw| Broken {
        case: case.clone(),
        version: at,
        flaw,
    };
    let (Some(hash), Ok(state)) = (hash(row, 1), json::<crate::case::Case>(row, 3)) else {
        return Err(broken(Flaw::Head).into());
    };
    if state.id() != case || state.version() != at {
        return Err(broken(Flaw::Head).into());
    }
    if get::<Option<i64>>(row, 2)? != state.next_alarm().map(Moment::unix) {
        return Err(broken(Flaw::Alarm).into());
    }
    Ok(Head { case: state, hash })
}

pub(super) fn answered(
    connection: &Connection,
    board: i64,
    command: &CommandId,
) -> Read<Option<Answered>> {
    let sql =
        "SELECT case_id, payload, said_at, at, answer FROM commands WHERE board = ?1 AND id = ?2";
    Ok(one!(
        connection,
        sql,
        params![board, command.as_str()],
        |row| {
            Ok::<_, DeskError>(Answered {
                command: command.clone(),
                case: case_id(row, 0)?,
                payload: hash(row, 1),
                said_at: moment(row, 2)?,
                at: moment(row, 3)?,
                answer: json(row, 4)?,
            })
        }
    ))
}

pub(super) fn find(
    connection: &Connection,
    board: i64,
    channel: &Channel,
    external_id: &ExternalId,
) -> Read<Option<CaseId>> {
    let sql = "SELECT case_id FROM numbers WHERE board = ?1 AND channel = ?2 AND external_id = ?3";
    Ok(one!(
        connection,
        sql,
        params![board, channel.as_str(), external_id.as_str()],
        |row| case_id(row, 0)
    ))
}

pub(super) fn due(
    connection: &Connection,
    board: i64,
    now: Moment,
    after: Option<&Alarm>,
    limit: usize,
) -> Read<Vec<Alarm>> {
    let sql = "SELECT alarm, case_id FROM heads
               WHERE board = ?1 AND alarm <= ?2 AND (alarm, case_id) > (?3, ?4)
               ORDER BY alarm, case_id LIMIT ?5";
    let (from, case) = after.map_or((i64::MIN, ""), |alarm| {
        (alarm.at.unix(), alarm.case.as_str())
    });
    Ok(all!(
        connection,
        sql,
        params![board, now.unix(), from, case, most(limit)],
        |row| {
            Ok::<_, DeskError>(Alarm {
                at: moment(row, 0)?,
                case: case_id(row, 1)?,
            })
        }
    ))
}

pub(super) fn next_alarm(connection: &Connection, board: i64) -> Read<Option<Moment>> {
    let sql =
        "SELECT alarm FROM heads WHERE board = ?1 AND alarm IS NOT NULL ORDER BY alarm LIMIT 1";
    Ok(one!(connection, sql, params![board], |row| moment(row, 0)))
}

/// A record, held against its hash and against where it stands.
fn entry(row: &Row<'_>, case: &CaseId) -> Read<Entry> {
    let at = version(row, 2)?;
    let broken = |flaw| Broken {
        case: case.clone(),
        version: at,
        flaw,
    };
    let (Some(prev), Some(hash)) = (hash(row, 3), hash(row, 4)) else {
        return Err(broken(Flaw::Link).into());
    };
    let bytes = row
        .get_ref(5)
        .and_then(|value| Ok(value.as_bytes()?))
        .map_err(failed)?;
    let line = std::str::from_utf8(bytes).map_err(|e| {
        broken(Flaw::Unreadable {
            said: e.to_string(),
        })
    })?;
    let sealed: Sealed = Sealed::read(line, prev, hash).map_err(broken)?;
    if sealed.record.case != *case {
        return Err(broken(Flaw::OtherCase {
            found: sealed.record.case,
        })
        .into());
    }
    if sealed.record.version != at {
        return Err(broken(Flaw::Order {
            expected: at,
            found: sealed.record.version,
        })
        .into());
    }
    let observed_at = moment(row, 6)?;
    Ok(Entry {
        sealed,
        observed_at,
    })
}

pub(super) fn records(
    connection: &Connection,
    board: i64,
    after: &Cursor,
    limit: usize,
) -> Read<Page<Entry>> {
    let sql = "SELECT seq, case_id, version, prev, hash, record, observed_at FROM records
               WHERE board = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut last = None;
    let items = all!(
        connection,
        sql,
        params![board, after.number()?, most(limit)],
        |row: &Row<'_>| {
            last = Some(get::<i64>(row, 0)?);
            entry(row, &case_id(row, 1)?)
        }
    );
    Ok(Page {
        items,
        next: last.map_or_else(|| after.clone(), |seq| Cursor::new(seq.to_string())),
    })
}

pub(super) fn history(connection: &Connection, board: i64, case: &CaseId) -> Read<Vec<Entry>> {
    let sql = "SELECT seq, case_id, version, prev, hash, record, observed_at FROM records
               WHERE board = ?1 AND case_id = ?2 ORDER BY version";
    Ok(all!(
        connection,
        sql,
        params![board, case.as_str()],
        |row| entry(row, case)
    ))
}

pub(super) fn cases(
    connection: &Connection,
    board: i64,
    after: Option<&CaseId>,
    limit: usize,
) -> Read<Vec<CaseId>> {
    let sql = "SELECT case_id FROM heads WHERE board = ?1 AND case_id > ?2
               UNION SELECT case_id FROM records WHERE board = ?1 AND case_id > ?2 ORDER BY 1 LIMIT ?3";
    let from = after.map_or("", CaseId::as_str);
    Ok(all!(
        connection,
        sql,
        params![board, from, most(limit)],
        |row| case_id(row, 0)
    ))
}

pub(super) fn outbox(
    connection: &Connection,
    board: i64,
    after: &Cursor,
    limit: usize,
) -> Read<Page<Outgoing>> {
    let sql =
        "SELECT seq, outgoing FROM outbox WHERE board = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut last = None;
    let items = all!(
        connection,
        sql,
        params![board, after.number()?, most(limit)],
        |row: &Row<'_>| {
            last = Some(get::<i64>(row, 0)?);
            json::<Outgoing>(row, 1)
        }
    );
    Ok(Page {
        items,
        next: last.map_or_else(|| after.clone(), |seq| Cursor::new(seq.to_string())),
    })
}

pub(super) fn links(connection: &Connection, board: i64, limit: usize) -> Read<Vec<Outgoing>> {
    let sql = "SELECT outgoing FROM outbox
               WHERE board = ?1 AND instr(outgoing, '\"effect\":{\"link\":') > 0 ORDER BY seq LIMIT ?2";
    Ok(all!(
        connection,
        sql,
        params![board, most(limit)],
        |row: &Row<'_>| json::<Outgoing>(row, 0)
    ))
}

pub(super) fn private(
    connection: &Connection,
    board: i64,
    case: &CaseId,
    reference: &TextRef,
) -> Read<Option<Private>> {
    let sql = "SELECT salt, text FROM private WHERE board = ?1 AND case_id = ?2 AND reference = ?3";
    Ok(one!(
        connection,
        sql,
        params![board, case.as_str(), reference.as_str()],
        |row: &Row<'_>| {
            let (Ok(salt), Ok(text)) = (row.get::<_, [u8; 16]>(0), row.get::<_, String>(1)) else {
                let flaw = Flaw::Text {
                    reference: reference.to_string(),
                };
                return Err(DeskError::from(Broken {
                    case: case.clone(),
                    version: 0,
                    flaw,
                }));
            };
            Ok(Private {
                reference: reference.clone(),
                salt: Salt::new(salt),
                text: Text::new(text),
            })
        }
    ))
}

pub(super) fn plan(connection: &Connection, board: i64, plan: &PlanId) -> Read<Option<String>> {
    let mut statement = ready(
        connection,
        "SELECT plan FROM plans WHERE board = ?1 AND id = ?2",
    )?;
    statement
        .query_row(params![board, plan.as_str()], |row| row.get(0))
        .optional()
        .map_err(failed)
}

pub(super) fn has_plan(connection: &Connection, board: i64, plan: &PlanId) -> Read<bool> {
    let mut statement = ready(
        connection,
        "SELECT 1 FROM plans WHERE board = ?1 AND id = ?2",
    )?;
    statement
        .exists(params![board, plan.as_str()])
        .map_err(failed)
}

/// What SQLite itself finds wrong with the file.
pub(super) fn check(connection: &Connection) -> Read<()> {
    let said: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(failed)?;
    if said == "ok" {
        Ok(())
    } else {
        Err(DeskError::storage(said))
    }
}
