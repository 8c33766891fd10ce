//! Writing rows. All of it happens inside a transaction that the caller has begun.

use rusqlite::{Connection, Params, params};
use serde::Serialize;

use super::{failed, read};
use crate::desk::{Answered, Commit, Committed, DeskError, Head, Sealed};
use crate::time::Moment;
use crate::words::{CaseId, EffectId, Outgoing, PlanId, Private, TextRef};

type Written = Result<(), DeskError>;

fn run(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, DeskError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map_err(failed)
}

fn json(value: &impl Serialize) -> Result<String, DeskError> {
    serde_json::to_string(value).map_err(DeskError::storage)
}

fn number(version: u64) -> Result<i64, DeskError> {
    i64::try_from(version).map_err(DeskError::storage)
}

pub(super) fn commit(
    connection: &Connection,
    board: i64,
    commit: &Commit,
) -> Result<Committed, DeskError> {
    if let Some(new) = &commit.answer
        && let Some(before) = read::answered(connection, board, &new.command)?
    {
        return Ok(Committed::Duplicate(Box::new(before)));
    }
    let actual = version(connection, board, &commit.case)?;
    if actual != commit.expected {
        return Ok(Committed::Conflict { actual });
    }
    if let Some((channel, external_id)) = commit.opens() {
        if let Some(case) = read::find(connection, board, channel, external_id)? {
            return Ok(Committed::Known { case });
        }
        let sql =
            "INSERT INTO numbers (board, channel, external_id, case_id) VALUES (?1, ?2, ?3, ?4)";
        run(
            connection,
            sql,
            params![
                board,
                channel.as_str(),
                external_id.as_str(),
                commit.case.as_str()
            ],
        )?;
    }
    for sealed in &commit.records {
        record(connection, board, sealed, commit.observed_at)?;
    }
    if let Some(after) = &commit.head {
        head(connection, board, after)?;
    }
    for text in &commit.private {
        private(connection, board, &commit.case, text)?;
    }
    for effect in &commit.outgoing {
        outgoing(connection, board, effect)?;
    }
    if let Some(new) = &commit.answer {
        answer(connection, board, new)?;
    }
    erase(connection, board, &commit.case, commit.erases())?;
    Ok(Committed::Done)
}

fn version(connection: &Connection, board: i64, case: &CaseId) -> Result<u64, DeskError> {
    let sql = "SELECT version FROM heads WHERE board = ?1 AND case_id = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement
        .query(params![board, case.as_str()])
        .map_err(failed)?;
    match rows.next().map_err(failed)? {
        Some(row) => {
            u64::try_from(row.get::<_, i64>(0).map_err(failed)?).map_err(DeskError::storage)
        }
        None => Ok(0),
    }
}

fn record(connection: &Connection, board: i64, sealed: &Sealed, observed_at: Moment) -> Written {
    let sql = "INSERT INTO records (board, case_id, version, prev, hash, record, observed_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Sealed { record, prev, hash } = sealed;
    let version = number(record.version)?;
    let line = sealed.line()?;
    let at = observed_at.unix();
    run(
        connection,
        sql,
        params![
            board,
            record.case.as_str(),
            version,
            prev.bytes(),
            hash.bytes(),
            line,
            at
        ],
    )
    .map(drop)
}

fn head(connection: &Connection, board: i64, head: &Head) -> Written {
    let sql = "INSERT INTO heads (board, case_id, version, hash, alarm, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (board, case_id) DO UPDATE SET version = ?3, hash = ?4, alarm = ?5, state = ?6";
    let Head { case, hash } = head;
    let alarm = case.next_alarm().map(Moment::unix);
    let version = number(case.version())?;
    run(
        connection,
        sql,
        params![
            board,
            case.id().as_str(),
            version,
            hash.bytes(),
            alarm,
            json(case)?
        ],
    )
    .map(drop)
}

fn private(connection: &Connection, board: i64, case: &CaseId, private: &Private) -> Written {
    // The same text under the same salt is the same row.
    let sql = "INSERT OR IGNORE INTO private (board, case_id, reference, salt, text) VALUES (?1, ?2, ?3, ?4, ?5)";
    let salt = serde_json::to_value(private.salt).and_then(serde_json::from_value::<[u8; 16]>);
    let salt = salt.map_err(DeskError::storage)?;
    let Private {
        reference, text, ..
    } = private;
    run(
        connection,
        sql,
        params![
            board,
            case.as_str(),
            reference.as_str(),
            salt,
            text.as_str()
        ],
    )
    .map(drop)
}

fn outgoing(connection: &Connection, board: i64, outgoing: &Outgoing) -> Written {
    let sql = "INSERT OR IGNORE INTO outbox (board, effect, outgoing) VALUES (?1, ?2, ?3)";
    run(
        connection,
        sql,
        params![board, outgoing.id.to_string(), json(outgoing)?],
    )
    .map(drop)
}

fn answer(connection: &Connection, board: i64, answered: &Answered) -> Written {
    let sql = "INSERT INTO commands (board, id, case_id, payload, said_at, at, answer)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Answered {
        command,
        case,
        payload,
        said_at,
        at,
        answer,
    } = answered;
    let payload = payload.as_ref().map(|hash| *hash.bytes());
    let (said_at, at, answer) = (said_at.unix(), at.unix(), json(answer)?);
    run(
        connection,
        sql,
        params![
            board,
            command.as_str(),
            case.as_str(),
            payload,
            said_at,
            at,
            answer
        ],
    )
    .map(drop)
}

fn erase<'a>(
    connection: &Connection,
    board: i64,
    case: &CaseId,
    erased: impl Iterator<Item = &'a TextRef>,
) -> Written {
    let mut any = false;
    for reference in erased {
        any = true;
        let sql = "DELETE FROM private WHERE board = ?1 AND case_id = ?2 AND reference = ?3";
        run(
            connection,
            sql,
            params![board, case.as_str(), reference.as_str()],
        )?;
    }
    if any {
        let sql = "UPDATE commands SET payload = NULL WHERE board = ?1 AND case_id = ?2";
        run(connection, sql, params![board, case.as_str()])?;
    }
    Ok(())
}

pub(super) fn delivered(connection: &Connection, board: i64, effects: &[EffectId]) -> Written {
    for effect in effects {
        let sql = "DELETE FROM outbox WHERE board = ?1 AND effect = ?2";
        run(connection, sql, params![board, effect.to_string()])?;
    }
    Ok(())
}

pub(super) fn keep_plan(connection: &Connection, board: i64, plan: &PlanId, json: &str) -> Written {
    let sql = "INSERT OR IGNORE INTO plans (board, id, plan) VALUES (?1, ?2, ?3)";
    run(connection, sql, params![board, plan.as_str(), json]).map(drop)
}
