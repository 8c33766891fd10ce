//! Reading what takes more than a row: everything a command wants to know, and pages.

use tokio_postgres::Row;

use super::row::{command, get, head, record};
use super::{Param, PostgresLedger, most, number};
use crate::desk::rows::{Look, Looked, OutgoingRow, RecordRow, Shelf};
use crate::desk::{Cursor, DeskError, Page};

/// A place in the order of a table.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    era: i32,
    /// The number of the transaction, with its epoch.
    txid: u64,
    seq: i64,
}

impl Place {
    fn before_all() -> Place {
        Place {
            era: -1,
            txid: 0,
            seq: 0,
        }
    }
    fn of(cursor: &Cursor) -> Result<Place, DeskError> {
        if *cursor == Cursor::start() {
            return Ok(Place::before_all());
        }
        let parts = || {
            let mut parts = cursor.as_str().split('.');
            let place = Place {
                era: parts.next()?.parse().ok()?,
                txid: parts.next()?.parse().ok()?,
                seq: parts.next()?.parse().ok()?,
            };
            // Only as it was written: no sign, no leading zeros.
            (place.cursor() == *cursor).then_some(place)
        };
        parts().ok_or_else(|| DeskError::misuse(format!("`{cursor}` is no cursor of this ledger")))
    }
    fn at(row: &Row) -> Result<Place, DeskError> {
        Ok(Place {
            era: get(row, 0)?,
            txid: get::<&str>(row, 1)?.parse().map_err(DeskError::storage)?,
            seq: get(row, 2)?,
        })
    }
    fn cursor(&self) -> Cursor {
        Cursor::new(format!("{}.{}.{}", self.era, self.txid, self.seq))
    }
}

fn page<T>(
    rows: &[Row],
    after: &Cursor,
    each: impl Fn(&Row) -> Result<T, DeskError>,
) -> Result<Page<T>, DeskError> {
    let next = match rows.last() {
        Some(last) => Place::at(last)?.cursor(),
        None => after.clone(),
    };
    Ok(Page {
        items: rows.iter().map(each).collect::<Result<_, _>>()?,
        next,
    })
}

impl PostgresLedger {
    pub(super) async fn looked(&self, look: &Look) -> Result<Looked, DeskError> {
        let channel = look.number.as_ref().map(|number| &number.channel);
        let external_id = look.number.as_ref().map(|number| &number.external_id);
        let params: [Param<'_>; 6] = [
            &self.board_row().await?,
            &number(look.shelf),
            &look.key,
            &look.command,
            &channel,
            &external_id,
        ];
        let Some(found) = self.row(&self.sql.look, &params).await? else {
            return Ok(Looked::default());
        };
        let mut looked = Looked::default();
        if get::<Option<&str>>(&found, 0)?.is_some() {
            looked.answered = Some(command(&found, 0, &look.command)?);
        }
        if get::<Option<i64>>(&found, 5)?.is_some() {
            looked.head = Some(head(&found, 5)?);
        }
        looked.known = get(&found, 9)?;
        Ok(looked)
    }
    pub(super) async fn records(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<RecordRow>, DeskError> {
        let Place { era, txid, seq } = Place::of(after)?;
        let (shelf, txid, limit) = (number(shelf), txid.to_string(), most(limit));
        let params: [Param<'_>; 6] = [&self.board_row().await?, &shelf, &era, &txid, &seq, &limit];
        let rows = self.rows(&self.sql.read, &params).await?;
        page(&rows, after, |row| record(row, 3))
    }
    pub(super) async fn outgoing(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OutgoingRow>, DeskError> {
        let Place { era, txid, seq } = Place::of(after)?;
        let (shelf, txid, limit) = (number(shelf), txid.to_string(), most(limit));
        let params: [Param<'_>; 7] = [
            &self.board_row().await?,
            &shelf,
            &era,
            &txid,
            &seq,
            &limit,
            &links,
        ];
        let rows = self.rows(&self.sql.outbox, &params).await?;
        page(&rows, after, |row| {
            Ok(OutgoingRow {
                effect: get(row, 3)?,
                link: get(row, 4)?,
                outgoing: String::from_utf8(get(row, 5)?).unwrap_or_default(),
            })
        })
    }
}
