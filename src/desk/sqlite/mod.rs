//! A ledger in an SQLite file.

mod key;
mod read;
mod schema;
mod store;
mod write;

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use self::store::{Part, Store};
use super::gate::{Gate, lock};
use super::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use super::{Cursor, DeskError, Ledger, Page};
use crate::time::Moment;
use crate::words::BoardId;

/// How long a writer waits for another process before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// A ledger in an SQLite file, for one machine. Several boards, and several processes, can share a file.
///
/// A commit is on the disk when it is acknowledged (`synchronous=FULL`), so the disk sets the pace: a few hundred
/// single commits a second. What several threads submit at once goes to the disk together; what one thread has in hand
/// it puts into one group itself ([`Desk::submit_many`](super::Desk::submit_many), [`Ledger::together`]). Then it is
/// tens of thousands. A desk uses one connection; a reader beside it opens the file once more with
/// [`open_read_only`](SqliteLedger::open_read_only) and holds nobody up.
///
/// Of a file that another process brings to a newer shape meanwhile nothing more is written: that is [`DeskError::is_newer`].
///
/// Erased texts are overwritten with zeros where they stand in the file, which gets no smaller by it; and, as soon as no other reader
/// stands in the way, in its write-ahead log: with whatever the ledger is asked next, and where a process ends before that, by
/// whoever opens the file for writing next. Backups are beyond its reach.
///
/// ```
/// use duly::desk::{Ledger, SqliteLedger};
/// let ledger = SqliteLedger::in_memory("hainan".parse()?)?;
/// assert_eq!(ledger.board().as_str(), "hainan");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SqliteLedger {
    board: BoardId,
    /// None while nobody has written to the board: it is looked for again then.
    rows: OnceLock<Shelves>,
    read_only: bool,
    gate: Gate,
    store: Mutex<Store>,
}

/// The rows in the file of a board's two shelves.
#[derive(Debug, Clone, Copy)]
struct Shelves {
    cases: i64,
    duties: i64,
    /// How far obligations were moved when both kinds came into one table: cursors up to there are of before.
    moved: Moved,
}

#[derive(Debug, Clone, Copy, Default)]
struct Moved {
    records: i64,
    outbox: i64,
}

impl Shelves {
    /// A board that nobody has written to has no rows; none has this number.
    const NONE: Shelves = Shelves {
        cases: -1,
        duties: -1,
        moved: Moved {
            records: 0,
            outbox: 0,
        },
    };
    const fn of(self, shelf: Shelf) -> i64 {
        match shelf {
            Shelf::Cases => self.cases,
            Shelf::Duties => self.duties,
        }
    }
    fn find(connection: &Connection, board: &BoardId) -> Result<Option<Shelves>, DeskError> {
        let one = |shelf: &str| {
            let find = "SELECT id, moved_records, moved_outbox FROM shelves WHERE board = ?1 AND shelf = ?2";
            let row = connection.query_row(find, [board.as_str(), shelf], |row| {
                let (records, outbox) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, Moved { records, outbox }))
            });
            row.optional().map_err(failed)
        };
        let both = one("cases")?.zip(one("duties")?);
        Ok(both.map(|((cases, _), (duties, moved))| Shelves {
            cases,
            duties,
            moved,
        }))
    }
    /// A place in an order of a shelf, as far as it was moved since it was given.
    fn place(self, shelf: Shelf, after: &Cursor, of: fn(Moved) -> i64) -> Result<i64, DeskError> {
        let (place, moved) = (after.number()?, of(self.moved));
        match shelf {
            Shelf::Duties if (1..=moved).contains(&place) => Ok(place.saturating_add(moved)),
            _ => Ok(place),
        }
    }
    fn make(connection: &mut Connection, board: &BoardId) -> Result<Shelves, DeskError> {
        if let Some(there) = Shelves::find(connection, board)? {
            return Ok(there);
        }
        let add = "INSERT OR IGNORE INTO shelves (board, shelf) VALUES (?1, ?2)";
        let change = connection.transaction().map_err(failed)?;
        for shelf in ["cases", "duties"] {
            change
                .execute(add, [board.as_str(), shelf])
                .map_err(failed)?;
        }
        change.commit().map_err(failed)?;
        Shelves::find(connection, board)?
            .ok_or_else(|| DeskError::storage("the board was not stored"))
    }
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
    /// has written; neither is touched. [`DeskError::is_misuse`] for what would be gone with the process, such as `:memory:`.
    /// Otherwise what the file system said.
    pub fn open(path: impl AsRef<Path>, board: BoardId) -> Result<SqliteLedger, DeskError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path.as_ref(), flags).map_err(failed)?;
        let name = path.as_ref().display().to_string();
        SqliteLedger::on(connection, Some(&name), board)
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
        at_hand(&connection)?;
        let rows = Shelves::find(&connection, &board)?;
        Ok(SqliteLedger::new(connection, board, rows, true))
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
            .prepare("SELECT board FROM shelves WHERE shelf = 'cases' ORDER BY board")
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
        SqliteLedger::on(Connection::open_in_memory().map_err(failed)?, None, board)
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
    /// Waits so long for another process that is writing before it gives up with [`DeskError::is_busy`]; ten seconds, if not said, and 24 days
    /// at most.
    ///
    /// # Errors
    /// What the store said.
    ///
    /// ```
    /// use duly::desk::SqliteLedger;
    /// use std::time::Duration;
    /// let ledger = SqliteLedger::in_memory("hainan".parse()?)?.patient(Duration::from_millis(200))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn patient(self, patience: Duration) -> Result<SqliteLedger, DeskError> {
        lock(&self.store).wait_for(patience)?;
        Ok(self)
    }
    /// Lets the file grow to so many bytes and no further, rounded to whole pages: what would go beyond it is
    /// [`DeskError::is_full`], and not stored. A file that is larger already stays as it is. The write-ahead log beside it is not
    /// counted.
    ///
    /// # Errors
    /// What the store said.
    ///
    /// ```
    /// use duly::desk::SqliteLedger;
    /// let ledger = SqliteLedger::in_memory("hainan".parse()?)?.at_most(50_000_000_000)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn at_most(self, bytes: u64) -> Result<SqliteLedger, DeskError> {
        let store = lock(&self.store);
        let connection = &store.connection;
        let page: u32 = connection
            .pragma_query_value(None, "page_size", |row| row.get(0))
            .map_err(failed)?;
        let pages = (bytes / u64::from(page.max(1))).clamp(1, u64::from(u32::MAX - 1));
        // It answers with the bound that it keeps to.
        connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .map_err(failed)?;
        drop(store);
        Ok(self)
    }

    fn on(
        mut connection: Connection,
        file: Option<&str>,
        board: BoardId,
    ) -> Result<SqliteLedger, DeskError> {
        settle(&connection)?;
        // Before anything else, since bringing the file up moves texts about.
        connection
            .pragma_update(None, "secure_delete", "ON")
            .map_err(failed)?;
        schema::bring_up(&mut connection, file)?;
        connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        at_hand(&connection)?;
        let rows = Shelves::make(&mut connection, &board)?;
        let ledger = SqliteLedger::new(connection, board, Some(rows), false);
        lock(&ledger.store).wipe_owed();
        Ok(ledger)
    }
    fn new(
        connection: Connection,
        board: BoardId,
        rows: Option<Shelves>,
        read_only: bool,
    ) -> SqliteLedger {
        let store = Mutex::new(Store::new(connection, read_only));
        SqliteLedger {
            board,
            rows: rows.map_or_else(OnceLock::new, OnceLock::from),
            read_only,
            gate: Gate::default(),
            store,
        }
    }

    fn reading<T>(
        &self,
        look: impl FnOnce(&Connection, Shelves) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let _pass = self.gate.enter();
        let mut store = lock(&self.store);
        let rows = self.shelves(&store.connection)?;
        let found = look(&store.connection, rows);
        // Whoever stood in the way may have gone, and this process need not write again.
        store.wipe_owed();
        found
    }
    /// The board's shelves. One that was opened for reading before anybody had written to its board comes by them here.
    fn shelves(&self, connection: &Connection) -> Result<Shelves, DeskError> {
        if let Some(rows) = self.rows.get() {
            return Ok(*rows);
        }
        let Some(rows) = Shelves::find(connection, &self.board)? else {
            return Ok(Shelves::NONE);
        };
        Ok(*self.rows.get_or_init(|| rows))
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

/// What SQLite said, as what a host can do about it.
fn failed(error: rusqlite::Error) -> DeskError {
    use rusqlite::Error as Said;
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DeskError::busy(),
        Some(ErrorCode::ReadOnly) => DeskError::read_only(),
        Some(ErrorCode::DiskFull) => DeskError::full(error),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => DeskError::damaged(error),
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::PermissionDenied,
        ) => DeskError::unavailable(error),
        // A column holds what was never written there.
        None if matches!(
            error,
            Said::FromSqlConversionFailure(..)
                | Said::IntegralValueOutOfRange(..)
                | Said::Utf8Error(..)
                | Said::InvalidColumnType(..)
        ) =>
        {
            DeskError::damaged(error)
        }
        _ => DeskError::storage(error),
    }
}

/// What was found, and where to go on: where it ended, or where it began.
fn after_it<T>((items, last): (Vec<T>, Option<i64>), after: &Cursor) -> Page<T> {
    let next = last.map(|seq| Cursor::new(seq.to_string()));
    Page {
        items,
        next: next.unwrap_or_else(|| after.clone()),
    }
}

/// 16 MiB of pages at hand: the records of one case lie wherever they were written. Of a file that is known to be a ledger.
fn at_hand(connection: &Connection) -> Result<(), DeskError> {
    connection
        .pragma_update(None, "cache_size", -16_384)
        .map_err(failed)
}

fn settle(connection: &Connection) -> Result<(), DeskError> {
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    // What a part of a group would be taken back to stays in memory: a file of it would cost, and keep what is erased.
    connection
        .pragma_update(None, "temp_store", "MEMORY")
        .map_err(failed)?;
    connection
        .pragma_update(None, "trusted_schema", "OFF")
        .map_err(failed)
}

impl Ledger for SqliteLedger {
    fn board(&self) -> &BoardId {
        &self.board
    }
    fn load(&self, shelf: Shelf, key: &str) -> Result<Option<HeadRow>, DeskError> {
        self.reading(|connection, rows| read::load(connection, rows.of(shelf), key))
    }
    fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
        // Nothing may be found wanting half way.
        commit.check()?;
        self.writable()?;
        let _pass = self.gate.enter();
        let mut store = lock(&self.store);
        store.erased |= !commit.erased.is_empty();
        let rows = self.shelves(&store.connection)?;
        let (of, cases) = (rows.of(commit.shelf), rows.cases);
        let write = |store: &Store| write::commit(&store.connection, of, cases, commit);
        if let Some(done) = store.in_group(write) {
            return done;
        }
        let part = Part::begin(&mut store)?;
        let done = write(part.store)?;
        part.end()?;
        Ok(done)
    }
    fn answered(&self, shelf: Shelf, command: &str) -> Result<Option<CommandRow>, DeskError> {
        self.reading(|connection, rows| read::answered(connection, rows.of(shelf), command))
    }
    fn find(&self, number: &NumberRow) -> Result<Option<String>, DeskError> {
        self.reading(|connection, rows| read::find(connection, rows.cases, number))
    }
    fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Result<Vec<AlarmRow>, DeskError> {
        self.reading(|connection, rows| read::due(connection, rows.of(shelf), now, after, limit))
    }
    fn next_alarm(&self, shelf: Shelf) -> Result<Option<Moment>, DeskError> {
        self.reading(|connection, rows| read::next_alarm(connection, rows.of(shelf)))
    }
    fn read(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<RecordRow>, DeskError> {
        let page = self.reading(|connection, rows| {
            let place = rows.place(shelf, after, |moved| moved.records)?;
            read::records(connection, rows.of(shelf), place, limit)
        })?;
        Ok(after_it(page, after))
    }
    fn history(&self, shelf: Shelf, key: &str) -> Result<Vec<RecordRow>, DeskError> {
        self.reading(|connection, rows| read::history(connection, rows.of(shelf), key))
    }
    fn keys(
        &self,
        shelf: Shelf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        self.reading(|connection, rows| read::keys(connection, rows.of(shelf), after, limit))
    }
    fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OutgoingRow>, DeskError> {
        let page = self.reading(|connection, rows| {
            let place = rows.place(shelf, after, |moved| moved.outbox)?;
            read::outbox(connection, rows.of(shelf), links, place, limit)
        })?;
        Ok(after_it(page, after))
    }
    fn delivered(&self, shelf: Shelf, effects: &[String]) -> Result<(), DeskError> {
        self.writing(|store| {
            let of = self.shelves(&store.connection)?.of(shelf);
            write::delivered(&store.connection, of, effects)
        })
    }
    fn private(
        &self,
        shelf: Shelf,
        key: &str,
        reference: &str,
    ) -> Result<Option<PrivateRow>, DeskError> {
        self.reading(|connection, rows| read::private(connection, rows.of(shelf), key, reference))
    }
    fn keep(&self, kept: Kept, name: &str, text: &str) -> Result<(), DeskError> {
        self.writing(|store| {
            let cases = self.shelves(&store.connection)?.cases;
            write::keep(&store.connection, cases, kept, name, text)
        })
    }
    fn kept(&self, kept: Kept, name: &str) -> Result<Option<String>, DeskError> {
        self.reading(|connection, rows| read::kept(connection, rows.cases, kept, name))
    }
    fn has(&self, kept: Kept, name: &str) -> Result<bool, DeskError> {
        self.reading(|connection, rows| read::has(connection, rows.cases, kept, name))
    }
    fn kept_names(
        &self,
        kept: Kept,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        self.reading(|connection, rows| {
            read::kept_names(connection, rows.cases, kept, after, limit)
        })
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
    fn gathers(&self) -> bool {
        !self.read_only && !self.gate.is_mine()
    }
    fn check(&self) -> Result<(), DeskError> {
        self.reading(|connection, _| read::check(connection))
    }
}
