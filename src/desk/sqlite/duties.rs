//! Obligations in the file.

use rusqlite::{Connection, Params, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{SqliteLedger, failed};
use crate::desk::{
    BrokenDuty, Cursor, DeskError, DutyAlarm, DutyAnswered, DutyCommit, DutyCommitted, DutyEntry,
    DutyHead, DutyLedger, Flaw, Hash, Page, Sealed,
};
use crate::duty::{Duty, DutyEffectId, DutyOutgoing};
use crate::time::Moment;
use crate::words::{CommandId, DutyId, Private, Salt, Text, TextRef};

type Read<T> = Result<T, DeskError>;

/// Every row of a query, each read by `each`.
fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut each: impl FnMut(&Row<'_>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push(each(row)?);
    }
    Ok(all)
}

/// The one row of a query, if there is one.
fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    each: impl FnMut(&Row<'_>) -> Read<T>,
) -> Read<Option<T>> {
    Ok(all(connection, sql, params, each)?.pop())
}

fn run(connection: &Connection, sql: &str, params: impl Params) -> Read<()> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.execute(params).map(drop).map_err(failed)
}

fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, at: usize) -> Read<T> {
    row.get(at).map_err(failed)
}

fn moment(row: &Row<'_>, at: usize) -> Read<Moment> {
    Moment::from_unix(get(row, at)?).map_err(DeskError::storage)
}

fn duty_id(row: &Row<'_>, at: usize) -> Read<DutyId> {
    get::<String>(row, at)?.parse().map_err(DeskError::storage)
}

fn version(row: &Row<'_>, at: usize) -> Read<u64> {
    u64::try_from(get::<i64>(row, at)?).map_err(DeskError::storage)
}

fn read_json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Read<T> {
    serde_json::from_str(&get::<String>(row, at)?).map_err(DeskError::storage)
}

fn json(value: &impl Serialize) -> Read<String> {
    serde_json::to_string(value).map_err(DeskError::storage)
}

/// A hash; none, where the row holds something else.
fn hash(row: &Row<'_>, at: usize) -> Option<Hash> {
    row.get::<_, [u8; 32]>(at).ok().map(Hash::new)
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn broken(duty: &DutyId, version: u64, flaw: Flaw) -> DeskError {
    DeskError::from(BrokenDuty {
        duty: duty.clone(),
        version,
        flaw,
    })
}

fn load(connection: &Connection, board: i64, duty: &DutyId) -> Read<Option<DutyHead>> {
    let sql = "SELECT version, hash, alarm, state FROM duty_heads WHERE board = ?1 AND duty = ?2";
    one(connection, sql, params![board, duty.as_str()], |row| {
        let at = version(row, 0)?;
        let (Some(hash), Ok(state)) = (hash(row, 1), read_json::<Duty>(row, 3)) else {
            return Err(broken(duty, at, Flaw::Head));
        };
        if state.id() != duty || state.version() != at {
            return Err(broken(duty, at, Flaw::Head));
        }
        if get::<Option<i64>>(row, 2)? != state.next_alarm().map(Moment::unix) {
            return Err(broken(duty, at, Flaw::Alarm));
        }
        Ok(DutyHead { duty: state, hash })
    })
}

fn answered(connection: &Connection, board: i64, id: &CommandId) -> Read<Option<DutyAnswered>> {
    let sql =
        "SELECT duty, payload, said_at, at, answer FROM duty_commands WHERE board = ?1 AND id = ?2";
    one(connection, sql, params![board, id.as_str()], |row| {
        Ok(DutyAnswered {
            command: id.clone(),
            duty: duty_id(row, 0)?,
            payload: hash(row, 1),
            said_at: moment(row, 2)?,
            at: moment(row, 3)?,
            answer: read_json(row, 4)?,
        })
    })
}

/// A record, held against its hash and against where it stands.
fn entry(row: &Row<'_>, duty: &DutyId) -> Read<DutyEntry> {
    let at = version(row, 2)?;
    let (Some(prev), Some(hash)) = (hash(row, 3), hash(row, 4)) else {
        return Err(broken(duty, at, Flaw::Link));
    };
    let bytes = row.get_ref(5).and_then(|value| Ok(value.as_bytes()?));
    let line = std::str::from_utf8(bytes.map_err(failed)?).map_err(|e| {
        let said = e.to_string();
        broken(duty, at, Flaw::Unreadable { said })
    })?;
    let sealed: Sealed<crate::duty::DutyRecord> =
        Sealed::read(line, prev, hash).map_err(|flaw| broken(duty, at, flaw))?;
    if sealed.record.duty != *duty {
        let found = sealed.record.duty;
        return Err(broken(duty, at, Flaw::OtherDuty { found }));
    }
    if sealed.record.version != at {
        let found = sealed.record.version;
        let expected = at;
        return Err(broken(duty, at, Flaw::Order { expected, found }));
    }
    Ok(DutyEntry {
        sealed,
        observed_at: moment(row, 6)?,
    })
}

fn commit(connection: &Connection, board: i64, commit: &DutyCommit) -> Read<DutyCommitted> {
    let id = commit.duty.as_str();
    if let Some(new) = &commit.answer
        && let Some(before) = answered(connection, board, &new.command)?
    {
        return Ok(DutyCommitted::Duplicate(Box::new(before)));
    }
    let sql = "SELECT version FROM duty_heads WHERE board = ?1 AND duty = ?2";
    let actual = one(connection, sql, params![board, id], |row| version(row, 0))?.unwrap_or(0);
    if actual != commit.expected {
        return Ok(DutyCommitted::Conflict { actual });
    }
    for sealed in &commit.records {
        let sql = "INSERT INTO duty_records (board, duty, version, prev, hash, record, observed_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let number = i64::try_from(sealed.record.version).map_err(DeskError::storage)?;
        let (prev, hash, line) = (sealed.prev.bytes(), sealed.hash.bytes(), sealed.line()?);
        let at = commit.observed_at.unix();
        run(
            connection,
            sql,
            params![board, id, number, prev, hash, line, at],
        )?;
    }
    if let Some(DutyHead { duty, hash }) = &commit.head {
        let sql = "INSERT INTO duty_heads (board, duty, version, hash, alarm, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (board, duty) DO UPDATE SET version = ?3, hash = ?4, alarm = ?5, state = ?6";
        let number = i64::try_from(duty.version()).map_err(DeskError::storage)?;
        let alarm = duty.next_alarm().map(Moment::unix);
        let state = json(duty)?;
        run(
            connection,
            sql,
            params![board, id, number, hash.bytes(), alarm, state],
        )?;
    }
    for private in &commit.private {
        // The same text under the same salt is the same row.
        let sql = "INSERT OR IGNORE INTO duty_private (board, duty, reference, salt, text) VALUES (?1, ?2, ?3, ?4, ?5)";
        let salt = serde_json::to_value(private.salt).and_then(serde_json::from_value::<[u8; 16]>);
        let salt = salt.map_err(DeskError::storage)?;
        let (reference, text) = (private.reference.as_str(), private.text.as_str());
        run(connection, sql, params![board, id, reference, salt, text])?;
    }
    for outgoing in &commit.outgoing {
        let sql = "INSERT OR IGNORE INTO duty_outbox (board, effect, outgoing) VALUES (?1, ?2, ?3)";
        run(
            connection,
            sql,
            params![board, outgoing.id.to_string(), json(outgoing)?],
        )?;
    }
    if let Some(new) = &commit.answer {
        let sql = "INSERT INTO duty_commands (board, id, duty, payload, said_at, at, answer)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let payload = new.payload.as_ref().map(|hash| *hash.bytes());
        let (said_at, at, answer) = (new.said_at.unix(), new.at.unix(), json(&new.answer)?);
        let command = new.command.as_str();
        run(
            connection,
            sql,
            params![board, command, id, payload, said_at, at, answer],
        )?;
    }
    let mut any = false;
    for reference in commit.erases() {
        any = true;
        let sql = "DELETE FROM duty_private WHERE board = ?1 AND duty = ?2 AND reference = ?3";
        run(connection, sql, params![board, id, reference.as_str()])?;
    }
    if any {
        let sql = "UPDATE duty_commands SET payload = NULL WHERE board = ?1 AND duty = ?2";
        run(connection, sql, params![board, id])?;
    }
    Ok(DutyCommitted::Done)
}

impl DutyLedger for SqliteLedger {
    fn load(&self, duty: &DutyId) -> Read<Option<DutyHead>> {
        self.reading(|connection| load(connection, self.row, duty))
    }
    fn commit(&self, new: &DutyCommit) -> Read<DutyCommitted> {
        new.check()?;
        self.writing(|store| {
            store.erased |= new.erases().next().is_some();
            commit(&store.connection, self.row, new)
        })
    }
    fn answered(&self, command: &CommandId) -> Read<Option<DutyAnswered>> {
        self.reading(|connection| answered(connection, self.row, command))
    }
    fn due(&self, now: Moment, after: Option<&DutyAlarm>, limit: usize) -> Read<Vec<DutyAlarm>> {
        let sql = "SELECT alarm, duty FROM duty_heads
                   WHERE board = ?1 AND alarm <= ?2 AND (alarm, duty) > (?3, ?4)
                   ORDER BY alarm, duty LIMIT ?5";
        let (from, duty) = after.map_or((i64::MIN, ""), |alarm| {
            (alarm.at.unix(), alarm.duty.as_str())
        });
        self.reading(|connection| {
            let params = params![self.row, now.unix(), from, duty, most(limit)];
            all(connection, sql, params, |row| {
                Ok(DutyAlarm {
                    at: moment(row, 0)?,
                    duty: duty_id(row, 1)?,
                })
            })
        })
    }
    fn next_alarm(&self) -> Read<Option<Moment>> {
        let sql = "SELECT alarm FROM duty_heads WHERE board = ?1 AND alarm IS NOT NULL ORDER BY alarm LIMIT 1";
        self.reading(|connection| one(connection, sql, params![self.row], |row| moment(row, 0)))
    }
    fn read(&self, after: &Cursor, limit: usize) -> Read<Page<DutyEntry>> {
        let sql = "SELECT seq, duty, version, prev, hash, record, observed_at FROM duty_records
                   WHERE board = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        let from = after.number()?;
        self.page(sql, from, limit, after, |row| entry(row, &duty_id(row, 1)?))
    }
    fn history(&self, duty: &DutyId) -> Read<Vec<DutyEntry>> {
        let sql = "SELECT seq, duty, version, prev, hash, record, observed_at FROM duty_records
                   WHERE board = ?1 AND duty = ?2 ORDER BY version";
        self.reading(|connection| {
            let params = params![self.row, duty.as_str()];
            all(connection, sql, params, |row| entry(row, duty))
        })
    }
    fn list(&self, after: Option<&DutyId>, limit: usize) -> Read<Vec<DutyId>> {
        let sql = "SELECT duty FROM duty_heads WHERE board = ?1 AND duty > ?2
                   UNION SELECT duty FROM duty_records WHERE board = ?1 AND duty > ?2 ORDER BY 1 LIMIT ?3";
        let from = after.map_or("", DutyId::as_str);
        self.reading(|connection| {
            let params = params![self.row, from, most(limit)];
            all(connection, sql, params, |row| duty_id(row, 0))
        })
    }
    fn outbox(&self, after: &Cursor, limit: usize) -> Read<Page<DutyOutgoing>> {
        let sql = "SELECT seq, outgoing FROM duty_outbox WHERE board = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        let from = after.number()?;
        self.page(sql, from, limit, after, |row| read_json(row, 1))
    }
    fn delivered(&self, effects: &[DutyEffectId]) -> Read<()> {
        self.writing(|store| {
            effects.iter().try_for_each(|effect| {
                let sql = "DELETE FROM duty_outbox WHERE board = ?1 AND effect = ?2";
                run(
                    &store.connection,
                    sql,
                    params![self.row, effect.to_string()],
                )
            })
        })
    }
    fn private(&self, duty: &DutyId, reference: &TextRef) -> Read<Option<Private>> {
        let sql =
            "SELECT salt, text FROM duty_private WHERE board = ?1 AND duty = ?2 AND reference = ?3";
        self.reading(|connection| {
            let params = params![self.row, duty.as_str(), reference.as_str()];
            one(connection, sql, params, |row| {
                let (Ok(salt), Ok(text)) = (row.get::<_, [u8; 16]>(0), row.get::<_, String>(1))
                else {
                    let reference = reference.to_string();
                    return Err(broken(duty, 0, Flaw::Text { reference }));
                };
                Ok(Private {
                    reference: reference.clone(),
                    salt: Salt::new(salt),
                    text: Text::new(text),
                })
            })
        })
    }
}

impl SqliteLedger {
    /// Some rows in the order in which they came in; the first column says where each stands.
    fn page<T>(
        &self,
        sql: &str,
        from: i64,
        limit: usize,
        after: &Cursor,
        mut each: impl FnMut(&Row<'_>) -> Read<T>,
    ) -> Read<Page<T>> {
        let mut last = None;
        let items = self.reading(|connection| {
            all(
                connection,
                sql,
                params![self.row, from, most(limit)],
                |row| {
                    last = Some(get::<i64>(row, 0)?);
                    each(row)
                },
            )
        })?;
        Ok(Page {
            items,
            next: last.map_or_else(|| after.clone(), |seq| Cursor::new(seq.to_string())),
        })
    }
}
