//! Writing.

use std::collections::BTreeSet;

use tokio_postgres::Row;

use super::failed::{collided, failed, is_refused, refused};
use super::open::Open;
use super::row::{alarm, command, get, head};
use super::{Param, PostgresLedger, TRIES, number};
use crate::desk::rows::{AlarmRow, Commit, Committed, Shelf};
use crate::desk::{DeskError, Hash, Waking, join};
use crate::time::Moment;

type Woken = Option<(AlarmRow, Result<Committed, DeskError>)>;

/// What kept a chain from being woken.
enum Kept {
    /// Another transaction, which may have ended by now.
    Collided,
    By(DeskError),
}

impl From<DeskError> for Kept {
    fn from(error: DeskError) -> Kept {
        Kept::By(error)
    }
}

impl From<tokio_postgres::Error> for Kept {
    fn from(error: tokio_postgres::Error) -> Kept {
        if collided(&error) {
            Kept::Collided
        } else {
            Kept::By(failed(error))
        }
    }
}

/// A commit as the columns that the database takes it in.
struct Columns<'a> {
    of: &'a Commit,
    shelf: i16,
    expected: i64,
    after: Option<&'a [u8]>,
    payload: Option<&'a [u8]>,
    said_at: Option<i64>,
    at: Option<i64>,
    answer: Option<&'a [u8]>,
    versions: Vec<i64>,
    prevs: Vec<Option<&'a [u8]>>,
    hashes: Vec<Option<&'a [u8]>>,
    lines: Vec<&'a [u8]>,
    observed: Vec<i64>,
    version: Option<i64>,
    hash: Option<&'a [u8]>,
    alarm: Option<i64>,
    references: Vec<&'a str>,
    salts: Vec<Option<&'a [u8]>>,
    texts: Vec<Option<&'a [u8]>>,
    effects: Vec<&'a str>,
    links: Vec<bool>,
    outgoing: Vec<&'a [u8]>,
}

fn bytes(hash: &Option<Hash>) -> Option<&[u8]> {
    hash.as_ref().map(|hash| hash.bytes().as_slice())
}

/// A version of a commit, of which it was checked that it is such a number.
fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

impl<'a> Columns<'a> {
    fn of(commit: &'a Commit) -> Columns<'a> {
        let Commit {
            command,
            records,
            head,
            private,
            outgoing,
            ..
        } = commit;
        let command = command.as_ref();
        Columns {
            of: commit,
            shelf: number(commit.shelf),
            expected: signed(commit.expected),
            after: bytes(&commit.after),
            payload: command.and_then(|command| bytes(&command.payload)),
            said_at: command.map(|command| command.said_at.unix()),
            at: command.map(|command| command.at.unix()),
            answer: command.map(|command| command.answer.as_bytes()),
            versions: records
                .iter()
                .map(|record| signed(record.version))
                .collect(),
            prevs: records.iter().map(|record| bytes(&record.prev)).collect(),
            hashes: records.iter().map(|record| bytes(&record.hash)).collect(),
            lines: records
                .iter()
                .map(|record| record.line.as_slice())
                .collect(),
            observed: records
                .iter()
                .map(|record| record.observed_at.unix())
                .collect(),
            version: head.as_ref().map(|head| signed(head.version)),
            hash: head.as_ref().and_then(|head| bytes(&head.hash)),
            alarm: head.as_ref().and_then(|head| head.alarm).map(Moment::unix),
            references: private.iter().map(|text| text.reference.as_str()).collect(),
            salts: private
                .iter()
                .map(|text| text.salt.as_ref().map(<[u8; 16]>::as_slice))
                .collect(),
            texts: private
                .iter()
                .map(|text| text.text.as_deref().map(str::as_bytes))
                .collect(),
            effects: outgoing.iter().map(|out| out.effect.as_str()).collect(),
            links: outgoing.iter().map(|out| out.link).collect(),
            outgoing: outgoing.iter().map(|out| out.outgoing.as_bytes()).collect(),
        }
    }
}

fn outcome(commit: &Commit, row: &Row) -> Result<Committed, DeskError> {
    let command_id = commit.command.as_ref().map_or("", |command| &command.id);
    match get::<i16>(row, 0)? {
        0 => Ok(Committed::Done),
        1 => {
            let there = get::<Option<i64>>(row, 2)?.is_some();
            let head = there.then(|| head(row, 2)).transpose()?;
            Ok(Committed::conflict(head))
        }
        2 => Ok(Committed::Duplicate(Box::new(command(row, 6, command_id)?))),
        3 => Ok(Committed::Known { key: get(row, 1)? }),
        4 => Ok(Committed::Gone),
        5 => Ok(Committed::NoPlan { name: get(row, 1)? }),
        other => Err(DeskError::storage(format!(
            "the database answered a commit by {other}"
        ))),
    }
}

/// The parameters of the function in the database, in its order.
macro_rules! params {
    ($board:expr, $columns:expr) => {
        [
            $board as Param<'_>,
            &$columns.shelf,
            &$columns.of.key,
            &$columns.expected,
            &$columns.after,
            &$columns.of.command.as_ref().map(|command| &command.id),
            &$columns.payload,
            &$columns.said_at,
            &$columns.at,
            &$columns.answer,
            &$columns.of.number.as_ref().map(|number| &number.channel),
            &$columns
                .of
                .number
                .as_ref()
                .map(|number| &number.external_id),
            &$columns.of.carries,
            &$columns.of.plans,
            &$columns.versions,
            &$columns.prevs,
            &$columns.hashes,
            &$columns.lines,
            &$columns.observed,
            &$columns.version,
            &$columns.hash,
            &$columns.alarm,
            &$columns.of.head.as_ref().map(|head| &head.state),
            &$columns.references,
            &$columns.salts,
            &$columns.texts,
            &$columns.of.erased,
            &$columns.effects,
            &$columns.links,
            &$columns.outgoing,
            &$columns.of.delivered,
        ]
    };
}

fn only(rows: &[Row]) -> Result<&Row, DeskError> {
    rows.first()
        .ok_or_else(|| DeskError::storage("the database answered a commit by nothing"))
}

impl PostgresLedger {
    pub(super) async fn committed(&self, commit: &Commit) -> Result<Committed, DeskError> {
        self.writable()?;
        commit.check()?;
        let columns = Columns::of(commit);
        let board = self.board_row().await?;
        let said = |error| refused(commit, error);
        let rows = self
            .rows_or(&self.sql.commit, &params!(&board, &columns), said)
            .await?;
        outcome(commit, only(&rows)?)
    }

    pub(super) async fn woken(
        &self,
        shelf: Shelf,
        now: Moment,
        skip: &BTreeSet<String>,
        waking: &mut Waking<'_>,
    ) -> Result<Woken, DeskError> {
        self.writable()?;
        for _ in 0..TRIES {
            match self.wakes(shelf, now, skip, waking).await {
                Ok(woken) => return Ok(woken),
                Err(Kept::By(error)) => {
                    self.database.forget(&error);
                    return Err(error);
                }
                Err(Kept::Collided) => {}
            }
        }
        Err(DeskError::busy())
    }
    async fn wakes(
        &self,
        shelf: Shelf,
        now: Moment,
        skip: &BTreeSet<String>,
        waking: &mut Waking<'_>,
    ) -> Result<Woken, Kept> {
        let board = self.board_row().await?;
        let client = self.database.client().await?;
        let claim = client.prepare_cached(&self.sql.claim).await?;
        let store = client.prepare_cached(&self.sql.commit).await?;
        let mut open = Open::on(client);
        let skipped: Vec<&str> = skip.iter().map(String::as_str).collect();
        let params: [Param<'_>; 4] = [&board, &number(shelf), &now.unix(), &skipped];
        // Both are sent before either is answered.
        let (begun, claimed) = join::both(
            open.client()?.batch_execute(Open::BEGIN),
            open.client()?.query(&claim, &params),
        )
        .await;
        begun?;
        let claimed = claimed?;
        let Some(row) = claimed.first() else {
            open.end("ROLLBACK").await?;
            return Ok(None);
        };
        let found = alarm(row, 0)?;
        let commit = waking(&found, head(row, 2)?).and_then(|commit| {
            commit.check()?;
            Ok(commit)
        });
        let commit = match commit {
            Ok(commit) => commit,
            Err(error) => {
                open.end("ROLLBACK").await?;
                return Ok(Some((found, Err(error))));
            }
        };
        let columns = Columns::of(&commit);
        let (stored, ended) = join::both(
            open.client()?.query(&store, &params!(&board, &columns)),
            open.client()?.batch_execute("COMMIT"),
        )
        .await;
        if ended.is_ok() {
            // What failed before it was taken back by it.
            open.ended();
        }
        let stored = match stored {
            // It was taken back, and keeps no other chain from being woken.
            Err(error) if is_refused(&error) => {
                return Ok(Some((found, Err(refused(&commit, error)))));
            }
            stored => stored?,
        };
        ended?;
        Ok(Some((found, Ok(outcome(&commit, only(&stored)?)?))))
    }
}
