//! A ledger in PostgreSQL, for several processes and machines. Feature `postgres`.
//!
//! ```no_run
//! use duly::desk::{AsyncLedger, PostgresLedger};
//! # async fn opened() -> Result<(), Box<dyn std::error::Error>> {
//! let ledger = PostgresLedger::connect("host=/run/postgresql user=duly dbname=messages", "hainan".parse()?).await?;
//! assert_eq!(ledger.board().as_str(), "hainan");
//! # Ok(()) }
//! ```
//!
//! **What it needs.** PostgreSQL 13 or later, a database with the encoding UTF8, and `synchronous_commit` as it is by default: then
//! what was acknowledged is on the disk. A tokio runtime with I/O and time, in which the futures are polled: connections
//! live in the one that first used them. Between a pooler of transactions and the server, prepared statements must be
//! allowed.
//!
//! **Roles.** All tables lie in one schema, `duly` unless [said otherwise](Database::in_schema). Opening makes it, and brings
//! it to a newer shape; this takes a role that may create schemas in the database, or owns this one. Where the
//! shape is right already a service needs no more than
//!
//! ```sql
//! GRANT USAGE ON SCHEMA duly TO service;
//! GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA duly TO service;
//! ```
//!
//! and who only reads no more than `USAGE` and `SELECT`. A deployment step with the greater rights calls
//! [`Database::bring_up`]. It goes forward only, one process at a time; tables of a newer library are refused.
//!
//! **One round trip a command.** A commit is one call of a function in the database, and one transaction: it compares the command's id,
//! the version and hash of the chain and the message's number, and stores all of it or nothing. Any number of processes may do so at
//! once; who comes second is told what came first, and where the chain stands now. So a desk need not look before it commits where it
//! has the head of the chain in hand, or a chain is to begin.
//!
//! **How long anybody waits.** 10 seconds for a lock, and for a connection as [`Database::connect`] tells; on a pool of yours a reader waits for
//! locks and connections as long as that says. Not bounded is what the server is at work on: a statement on a disk that
//! hangs, or on a server that is stopped while its machine still answers for it. A `statement_timeout` of the role bounds the first, and
//! whoever must have an answer drops the future after a time of their own: what is dropped is undone or done, and the same command can
//! be sent again. Behind a pooler of transactions say the bound for locks with the role: `ALTER ROLE service SET lock_timeout = '10s'`. Where
//! nobody has said one, a connection begins by setting it for its session, and there that is a session of the pooler's: others are given it with
//! that bound, and readers come to sessions without.
//!
//! **When the connection breaks** in the middle of a commit, nobody can know whether it was stored:
//! [`DeskError::is_unavailable`]. Send the command again under its id. It is stored then, or answered as it was. The same is said where
//! the server takes no writes for now, or the tables are away while they are restored: it passes, and workers wait.
//!
//! **Readers miss nothing.** The order of [`read`](AsyncLedger::read) and [`outbox`](AsyncLedger::outbox) is that of transactions,
//! and nobody reads beyond the first one that is still open: what it may yet commit comes before. So a record shows up there
//! once all that began to write before it, anywhere in the same server, has ended; a forgotten open transaction of
//! whoever holds up readers, and nobody else. What is said of the whole board waits for them: no day is sealed while something that was
//! noticed before its end cannot be read, and two cases that do not agree are not passed before it is known whether they should; both is
//! [`DeskError::is_busy`]. Who holds them up is found by
//!
//! ```sql
//! SELECT pid, usename, application_name, state, xact_start, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start;
//! SELECT gid, prepared, owner, database FROM pg_prepared_xacts;
//! ```
//!
//! in whatever database of the server. A database that was restored into another server goes on in another
//! era of transaction numbers, which begins when a ledger is [opened](Database::open) there; cursors stay good.
//!
//! **After a failover** to a standby that had not received everything, numbers of transactions are given that were given before, and
//! nothing in the tables shows it: what is written then may come in behind a cursor that was read up to before. Workers find it, since they
//! go through the outbox anew now and then. Whoever keeps other cursors begins another era by hand, before any service writes to
//! the new primary: `UPDATE duly.boards SET era = era + 1`; where that was missed, they read from the start. Processes that have
//! survived open their ledgers anew, since a board that was new may be gone. What they have in hand is no danger: a commit compares hashes.
//!
//! **Erased texts** are gone for every reader at once. Their bytes stay in the pages of the table until it is vacuumed,
//! and in the write-ahead log, on standbys and in backups for as long as those are kept.

mod database;
mod failed;
mod open;
mod read;
mod row;
mod schema;
mod statements;
mod write;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use deadpool_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use self::failed::{collided, failed};
use self::statements::Statements;
use super::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, Look, Looked, NumberRow, OutgoingRow,
    PrivateRow, RecordRow, Shelf,
};
use super::{AsyncLedger, Cursor, DeskError, Page, Waking};
use crate::time::Moment;
use crate::words::BoardId;

pub use self::database::Database;
/// The pool that a [`Database`] can be given.
pub use deadpool_postgres;
/// The client below, for its configuration.
pub use tokio_postgres;

/// How long anybody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a transaction that the server gave up for another's sake is begun.
const TRIES: usize = 5;

type Param<'a> = &'a (dyn ToSql + Sync);

/// The ledger of one board in a PostgreSQL database. See the [module](self).
pub struct PostgresLedger {
    board: BoardId,
    /// The board's row in the database. None while nobody has written to the board: it is looked for again then.
    row: OnceLock<i32>,
    read_only: bool,
    sql: Statements,
    database: Database,
}

impl fmt::Debug for PostgresLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresLedger")
            .field("board", &self.board)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl PostgresLedger {
    /// Opens the ledger of one board, without encryption, in the schema `duly`. For anything else there is [`Database`].
    ///
    /// # Errors
    /// As [`Database::connect`] and [`Database::open`].
    pub async fn connect(config: &str, board: BoardId) -> Result<PostgresLedger, DeskError> {
        Database::connect(config)?.open(board).await
    }
    /// The database that it lies in.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The board's row. One that was opened for reading before anybody had written to its board comes by it here; no board has the number -1.
    async fn board_row(&self) -> Result<i32, DeskError> {
        if let Some(row) = self.row.get() {
            return Ok(*row);
        }
        let client = self.database.client().await?;
        match self.database.row(&client, &self.board).await? {
            Some(row) => Ok(*self.row.get_or_init(|| row)),
            None => Ok(-1),
        }
    }
    /// The rows of one statement, in a transaction of its own.
    async fn rows(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, DeskError> {
        self.rows_or(sql, params, failed).await
    }
    /// The same, where `said` tells what went wrong.
    async fn rows_or(
        &self,
        sql: &str,
        params: &[Param<'_>],
        said: impl Fn(tokio_postgres::Error) -> DeskError,
    ) -> Result<Vec<Row>, DeskError> {
        let client = self.database.client().await?;
        match tried(&client, sql, params).await {
            Ok(rows) => Ok(rows),
            Err(error) => {
                let error = said(error);
                self.database.part_with(client, &error);
                Err(error)
            }
        }
    }
    /// The row of one statement, if there is one.
    async fn row(&self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, DeskError> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }
    fn writable(&self) -> Result<(), DeskError> {
        if self.read_only {
            return Err(DeskError::read_only());
        }
        Ok(())
    }
}

/// Asks once more, where the server gave up a transaction for another's sake.
async fn tried(
    client: &Client,
    sql: &str,
    params: &[Param<'_>],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let statement = client.prepare_cached(sql).await?;
    let mut tries = TRIES;
    loop {
        match client.query(&statement, params).await {
            Err(error) if tries > 1 && collided(&error) => tries -= 1,
            done => return done,
        }
    }
}

fn number(shelf: Shelf) -> i16 {
    match shelf {
        Shelf::Cases => 0,
        Shelf::Duties => 1,
    }
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl AsyncLedger for PostgresLedger {
    fn board(&self) -> &BoardId {
        &self.board
    }
    async fn load(&self, shelf: Shelf, key: &str) -> Result<Option<HeadRow>, DeskError> {
        let params: [Param<'_>; 3] = [&self.board_row().await?, &number(shelf), &key];
        let found = self.row(&self.sql.load, &params).await?;
        found.map(|found| row::head(&found, 0)).transpose()
    }
    async fn answered(&self, shelf: Shelf, id: &str) -> Result<Option<CommandRow>, DeskError> {
        let params: [Param<'_>; 3] = [&self.board_row().await?, &number(shelf), &id];
        let found = self.row(&self.sql.answered, &params).await?;
        found.map(|found| row::command(&found, 0, id)).transpose()
    }
    async fn find(&self, number: &NumberRow) -> Result<Option<String>, DeskError> {
        let params: [Param<'_>; 3] = [
            &self.board_row().await?,
            &number.channel,
            &number.external_id,
        ];
        let found = self.row(&self.sql.find, &params).await?;
        found.map(|found| row::get(&found, 0)).transpose()
    }
    async fn look(&self, look: &Look) -> Result<Looked, DeskError> {
        self.looked(look).await
    }
    async fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
        self.committed(commit).await
    }
    async fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Result<Vec<AlarmRow>, DeskError> {
        let (from, key) = after.map_or((i64::MIN, ""), |after| (after.at.unix(), &after.key));
        let params: [Param<'_>; 6] = [
            &self.board_row().await?,
            &number(shelf),
            &now.unix(),
            &from,
            &key,
            &most(limit),
        ];
        let due = self.rows(&self.sql.due, &params).await?;
        due.iter().map(|due| row::alarm(due, 0)).collect()
    }
    async fn next_alarm(&self, shelf: Shelf) -> Result<Option<Moment>, DeskError> {
        let params: [Param<'_>; 2] = [&self.board_row().await?, &number(shelf)];
        let next = self.row(&self.sql.next_alarm, &params).await?;
        next.map(|next| row::nearest(&next, 0)).transpose()
    }
    async fn wake(
        &self,
        shelf: Shelf,
        now: Moment,
        skip: &BTreeSet<String>,
        waking: &mut Waking<'_>,
    ) -> Result<Option<(AlarmRow, Result<Committed, DeskError>)>, DeskError> {
        self.woken(shelf, now, skip, waking).await
    }
    async fn read(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<RecordRow>, DeskError> {
        self.records(shelf, after, limit).await
    }
    async fn shows(&self, shelf: Shelf, before: Moment) -> Result<bool, DeskError> {
        let params: [Param<'_>; 3] = [&self.board_row().await?, &number(shelf), &before.unix()];
        Ok(self.row(&self.sql.hidden, &params).await?.is_none())
    }
    async fn history(&self, shelf: Shelf, key: &str) -> Result<Vec<RecordRow>, DeskError> {
        let params: [Param<'_>; 3] = [&self.board_row().await?, &number(shelf), &key];
        let all = self.rows(&self.sql.history, &params).await?;
        all.iter().map(|one| row::record(one, 0)).collect()
    }
    async fn keys(
        &self,
        shelf: Shelf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        let from = after.unwrap_or_default();
        let params: [Param<'_>; 4] = [
            &self.board_row().await?,
            &number(shelf),
            &from,
            &most(limit),
        ];
        let keys = self.rows(&self.sql.keys, &params).await?;
        keys.iter().map(|key| row::get(key, 0)).collect()
    }
    async fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OutgoingRow>, DeskError> {
        self.outgoing(shelf, links, after, limit).await
    }
    async fn delivered(&self, shelf: Shelf, effects: &[String]) -> Result<(), DeskError> {
        self.writable()?;
        let params: [Param<'_>; 3] = [&self.board_row().await?, &number(shelf), &effects];
        self.rows(&self.sql.delivered, &params).await.map(drop)
    }
    async fn private(
        &self,
        shelf: Shelf,
        key: &str,
        reference: &str,
    ) -> Result<Option<PrivateRow>, DeskError> {
        let params: [Param<'_>; 4] = [&self.board_row().await?, &number(shelf), &key, &reference];
        let Some(found) = self.row(&self.sql.private, &params).await? else {
            return Ok(None);
        };
        let text = row::get::<Option<Vec<u8>>>(&found, 1)?;
        Ok(Some(PrivateRow {
            reference: reference.to_owned(),
            salt: row::exactly(&found, 0)?,
            text: text.and_then(|text| String::from_utf8(text).ok()),
        }))
    }
    async fn keep(&self, kept: Kept, name: &str, text: &str) -> Result<(), DeskError> {
        self.writable()?;
        let params: [Param<'_>; 4] = [
            &self.board_row().await?,
            &kept.name(),
            &name,
            &text.as_bytes(),
        ];
        self.rows(&self.sql.keep, &params).await.map(drop)
    }
    async fn kept(&self, kept: Kept, name: &str) -> Result<Option<String>, DeskError> {
        let params: [Param<'_>; 3] = [&self.board_row().await?, &kept.name(), &name];
        let found = self.row(&self.sql.kept, &params).await?;
        found.map(|found| row::text(&found, 0)).transpose()
    }
    async fn has(&self, kept: Kept, name: &str) -> Result<bool, DeskError> {
        let params: [Param<'_>; 3] = [&self.board_row().await?, &kept.name(), &name];
        Ok(self.row(&self.sql.has, &params).await?.is_some())
    }
    async fn kept_names(
        &self,
        kept: Kept,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        let from = after.unwrap_or_default();
        let params: [Param<'_>; 4] = [&self.board_row().await?, &kept.name(), &from, &most(limit)];
        let names = self.rows(&self.sql.kept_names, &params).await?;
        names.iter().map(|name| row::get(name, 0)).collect()
    }
    /// Whether the tables still have the shape that this library reads, and the server trusts every index of theirs.
    async fn check(&self) -> Result<(), DeskError> {
        let client = self.database.client().await?;
        self.database.check(&client).await?;
        drop(client);
        let schema = self.database.schema().to_string();
        match self.row(&self.sql.invalid, &[&schema]).await? {
            Some(found) => Err(DeskError::damaged(format!(
                "the index `{}` is not valid, and REINDEX may build it anew",
                row::get::<String>(&found, 0)?
            ))),
            None => Ok(()),
        }
    }
}
