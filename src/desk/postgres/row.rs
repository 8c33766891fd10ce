//! What stands in a row.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::failed::failed;
use crate::desk::rows::{self, AlarmRow, CommandRow, HeadRow, RecordRow};
use crate::desk::{DeskError, Hash};
use crate::time::Moment;

pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, at: usize) -> Result<T, DeskError> {
    row.try_get(at).map_err(failed)
}

fn moment(row: &Row, at: usize) -> Result<Moment, DeskError> {
    Moment::from_unix(get(row, at)?).map_err(DeskError::damaged)
}

/// A moment; the nearest, where the row holds none.
pub(super) fn nearest(row: &Row, at: usize) -> Result<Moment, DeskError> {
    get(row, at).map(rows::nearest)
}

/// A version; 0, where the row holds something else.
fn version(row: &Row, at: usize) -> Result<u64, DeskError> {
    Ok(u64::try_from(get::<i64>(row, at)?).unwrap_or(0))
}

/// A text that is kept as bytes.
pub(super) fn text(row: &Row, at: usize) -> Result<String, DeskError> {
    String::from_utf8(get(row, at)?).map_err(DeskError::damaged)
}

/// So many bytes; none, where the row holds something else.
pub(super) fn exactly<const N: usize>(row: &Row, at: usize) -> Result<Option<[u8; N]>, DeskError> {
    Ok(get::<Option<&[u8]>>(row, at)?.and_then(|bytes| bytes.try_into().ok()))
}

pub(super) fn hash(row: &Row, at: usize) -> Result<Option<Hash>, DeskError> {
    Ok(exactly(row, at)?.map(Hash::new))
}

pub(super) fn alarm(row: &Row, from: usize) -> Result<AlarmRow, DeskError> {
    Ok(AlarmRow {
        at: nearest(row, from)?,
        key: get(row, from + 1)?,
    })
}

/// A head, of version, hash, alarm and state.
pub(super) fn head(row: &Row, from: usize) -> Result<HeadRow, DeskError> {
    let alarm = get::<Option<i64>>(row, from + 2)?;
    Ok(HeadRow {
        version: version(row, from)?,
        hash: hash(row, from + 1)?,
        alarm: alarm.map(rows::nearest),
        state: get(row, from + 3)?,
    })
}

/// A remembered answer, of key, payload, both moments and answer.
pub(super) fn command(row: &Row, from: usize, id: &str) -> Result<CommandRow, DeskError> {
    // A row of which a moment cannot be read is damaged as one whose answer cannot.
    let whole = moment(row, from + 2).and_then(|_| moment(row, from + 3));
    Ok(CommandRow {
        id: id.to_owned(),
        key: get(row, from)?,
        payload: hash(row, from + 1)?,
        said_at: nearest(row, from + 2)?,
        at: nearest(row, from + 3)?,
        answer: match whole {
            Ok(_) => String::from_utf8(get(row, from + 4)?).unwrap_or_default(),
            Err(_) => String::new(),
        },
    })
}

/// A record, of key, version, both hashes, line and moment.
pub(super) fn record(row: &Row, from: usize) -> Result<RecordRow, DeskError> {
    Ok(RecordRow {
        key: get(row, from)?,
        version: version(row, from + 1)?,
        prev: hash(row, from + 2)?,
        hash: hash(row, from + 3)?,
        line: get(row, from + 4)?,
        observed_at: nearest(row, from + 5)?,
    })
}
