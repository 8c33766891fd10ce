//! A ledger in an SQLite file.

mod duties;
mod read;
mod schema;
mod store;
mod write;

use std::fmt;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use self::store::{Part, Store};
use super::gate::{Gate, lock};
use super::{
    Alarm, Answered, Commit, Committed, Cursor, DeskError, DutyLedger, Entry, Head, Ledger, Page,
};
use crate::time::Moment;
use crate::words::{
    BoardId, CaseId, Channel, CommandId, EffectId, ExternalId, Outgoing, PlanId, Private, TextRef,
};

/// How long a writer waits for another process before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// A ledger in an SQLite file, for one machine. Several boards, and several processes, can share a file.
///
/// A commit is on the disk when it is acknowledged (`synchronous=FULL`), so the disk sets the pace: a few hundred
/// single commits a second. Put many commands into one group ([`Desk::submit_all`](super::Desk::submit_all),
/// [`Ledger::together`]) and it is tens of thousands. A desk uses one connection; a reader beside it opens the file
/// once more with [`open_read_only`](SqliteLedger::open_read_only) and holds nobody up.
///
/// Erased texts are overwritten with zeros, in the file and, as soon as no other reader stands in the way, in its
/// write-ahead log. Backups are beyond its reach.
///
/// ```
/// use duly::desk::{Ledger, SqliteLedger};
/// let ledger = SqliteLedger::in_memory("hainan".parse()?)?;
/// assert_eq!(ledger.board().as_str(), "hainan");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SqliteLedger {
    board: BoardId,
    /// The board's row in the file.
    row: i64,
    read_only: bool,
    gate: Gate,
    store: Mutex<Store>,
}

impl fmt::Debug for SqliteLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteLedger")
            .field("board", &self.board)
            .finish_non_exhaustive()
    }
}

impl SqliteLedger {
    /// Opens a file for one of its boards, and makes it if it is not there.
    ///
    /// # Errors
    /// [`DeskError::is_not_a_ledger`] for a file of another kind, [`DeskError::is_newer`] for one that a newer library
    /// has written; neither is touched. Otherwise what the file system said.
    pub fn open(path: impl AsRef<Path>, board: BoardId) -> Result<SqliteLedger, DeskError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path.as_ref(), flags).map_err(failed)?;
        SqliteLedger::on(connection, &path.as_ref().display().to_string(), board)
    }
    /// Opens a file that is there for reading, beside whoever writes to it. All that would write is an error.
    ///
    /// # Errors
    /// As [`open`](SqliteLedger::open).
    pub fn open_read_only(
        path: impl AsRef<Path>,
        board: BoardId,
    ) -> Result<SqliteLedger, DeskError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path.as_ref(), flags).map_err(failed)?;
        settle(&connection)?;
        schema::check(&mut connection, &path.as_ref().display().to_string())?;
        let row = board_row(&connection, &board)?;
        // A board that nobody has written to has no row; none has this number.
        Ok(SqliteLedger::new(
            connection,
            board,
            row.unwrap_or(-1),
            true,
        ))
    }
    /// The boards that a file holds, in the order of their names.
    ///
    /// # Errors
    /// As [`open_read_only`](SqliteLedger::open_read_only).
    pub fn boards(path: impl AsRef<Path>) -> Result<Vec<BoardId>, DeskError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path.as_ref(), flags).map_err(failed)?;
        settle(&connection)?;
        schema::check(&mut connection, &path.as_ref().display().to_string())?;
        let mut all = connection
            .prepare("SELECT name FROM boards ORDER BY name")
            .map_err(failed)?;
        let names = all
            .query_map([], |row| row.get::<_, String>(0))
            .map_err(failed)?;
        names
            .map(|name| name.map_err(failed)?.parse().map_err(DeskError::storage))
            .collect()
    }
    /// A ledger of one board that lives as long as the process, for tests.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn in_memory(board: BoardId) -> Result<SqliteLedger, DeskError> {
        SqliteLedger::on(
            Connection::open_in_memory().map_err(failed)?,
            ":memory:",
            board,
        )
    }
    /// Trades durability for speed (`synchronous=NORMAL`): if the machine loses power, the last acknowledged commits
    /// may be gone. What is left still holds together. A crash of the process alone loses nothing.
    ///
    /// # Errors
    /// What the store said.
    pub fn relaxed(self) -> Result<SqliteLedger, DeskError> {
        lock(&self.store)
            .connection
            .pragma_update(None, "synchronous", "NORMAL")
            .map_err(failed)?;
        Ok(self)
    }

    fn on(
        mut connection: Connection,
        name: &str,
        board: BoardId,
    ) -> Result<SqliteLedger, DeskError> {
        settle(&connection)?;
        schema::bring_up(&mut connection, name)?;
        connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        connection
            .pragma_update(None, "secure_delete", "ON")
            .map_err(failed)?;
        let row = match board_row(&connection, &board)? {
            Some(row) => row,
            None => {
                let add = "INSERT OR IGNORE INTO boards (name) VALUES (?1)";
                connection.execute(add, [board.as_str()]).map_err(failed)?;
                board_row(&connection, &board)?
                    .ok_or_else(|| DeskError::storage("the board was not stored"))?
            }
        };
        Ok(SqliteLedger::new(connection, board, row, false))
    }
    fn new(connection: Connection, board: BoardId, row: i64, read_only: bool) -> SqliteLedger {
        let store = Mutex::new(Store::new(connection));
        SqliteLedger {
            board,
            row,
            read_only,
            gate: Gate::default(),
            store,
        }
    }

    fn reading<T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let _pass = self.gate.enter();
        look(&lock(&self.store).connection)
    }
    /// One transaction, or a part of the group's that can fail alone.
    fn writing<T>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        self.writable()?;
        let _pass = self.gate.enter();
        let mut store = lock(&self.store);
        let part = Part::begin(&mut store)?;
        let worth = work(part.store)?;
        part.end()?;
        Ok(worth)
    }
    fn writable(&self) -> Result<(), DeskError> {
        if self.read_only {
            return Err(DeskError::read_only());
        }
        Ok(())
    }
}

/// An open group: taken back when dropped, unless it was kept.
struct Group<'a> {
    ledger: &'a SqliteLedger,
    open: bool,
}

impl Group<'_> {
    fn keep(mut self) -> Result<(), DeskError> {
        self.open = false;
        lock(&self.ledger.store).end()
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if self.open {
            lock(&self.ledger.store).undo();
        }
    }
}

fn settle(connection: &Connection) -> Result<(), DeskError> {
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection
        .pragma_update(None, "trusted_schema", "OFF")
        .map_err(failed)
}

fn board_row(connection: &Connection, board: &BoardId) -> Result<Option<i64>, DeskError> {
    let find = "SELECT id FROM boards WHERE name = ?1";
    connection
        .query_row(find, [board.as_str()], |row| row.get(0))
        .optional()
        .map_err(failed)
}

fn failed(error: rusqlite::Error) -> DeskError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DeskError::busy(),
        Some(ErrorCode::ReadOnly) => DeskError::read_only(),
        _ => DeskError::storage(error),
    }
}

impl Ledger for SqliteLedger {
    fn board(&self) -> &BoardId {
        &self.board
    }
    fn duties(&self) -> &dyn DutyLedger {
        self
    }
    fn load(&self, case: &CaseId) -> Result<Option<Head>, DeskError> {
        self.reading(|connection| read::load(connection, self.row, case))
    }
    fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
        commit.check()?;
        self.writing(|store| {
            store.erased |= commit.erases().next().is_some();
            write::commit(&store.connection, self.row, commit)
        })
    }
    fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError> {
        self.reading(|connection| read::answered(connection, self.row, command))
    }
    fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError> {
        self.reading(|connection| read::find(connection, self.row, channel, external_id))
    }
    fn due(
        &self,
        now: Moment,
        after: Option<&Alarm>,
        limit: usize,
    ) -> Result<Vec<Alarm>, DeskError> {
        self.reading(|connection| read::due(connection, self.row, now, after, limit))
    }
    fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        self.reading(|connection| read::next_alarm(connection, self.row))
    }
    fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        self.reading(|connection| read::records(connection, self.row, after, limit))
    }
    fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
        self.reading(|connection| read::history(connection, self.row, case))
    }
    fn cases(&self, after: Option<&CaseId>, limit: usize) -> Result<Vec<CaseId>, DeskError> {
        self.reading(|connection| read::cases(connection, self.row, after, limit))
    }
    fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        self.reading(|connection| read::outbox(connection, self.row, after, limit))
    }
    fn links(&self, limit: usize) -> Result<Vec<Outgoing>, DeskError> {
        self.reading(|connection| read::links(connection, self.row, limit))
    }
    fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        self.writing(|store| write::delivered(&store.connection, self.row, effects))
    }
    fn private(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Private>, DeskError> {
        self.reading(|connection| read::private(connection, self.row, case, reference))
    }
    fn keep_plan(&self, plan: &PlanId, json: &str) -> Result<(), DeskError> {
        self.writing(|store| write::keep_plan(&store.connection, self.row, plan, json))
    }
    fn plan(&self, plan: &PlanId) -> Result<Option<String>, DeskError> {
        self.reading(|connection| read::plan(connection, self.row, plan))
    }
    fn has_plan(&self, plan: &PlanId) -> Result<bool, DeskError> {
        self.reading(|connection| read::has_plan(connection, self.row, plan))
    }
    fn together(&self, group: &mut dyn FnMut() -> Result<(), DeskError>) -> Result<(), DeskError> {
        self.writable()?;
        let _pass = self.gate.enter();
        lock(&self.store).begin()?;
        let open = Group {
            ledger: self,
            open: true,
        };
        group()?;
        open.keep()
    }
    fn check(&self) -> Result<(), DeskError> {
        self.reading(read::check)
    }
}
