//! The connection and its transaction.

use std::time::Duration;

use rusqlite::Connection;

use super::{PATIENCE, failed, schema};
use crate::desk::DeskError;

/// The longest that SQLite waits: it counts milliseconds, in 31 bits. Some 24 days.
const LONGEST: Duration = Duration::from_millis(2_147_483_647);

/// A connection, with what is open on it.
pub(super) struct Store {
    pub(super) connection: Connection,
    /// How many groups are open, one in the other.
    groups: usize,
    /// The outermost group in which something failed that may be half written: it cannot be kept.
    spoiled: Option<usize>,
    /// How long another process is waited for.
    patience: Duration,
    /// Texts were erased in the open transaction, or may have been by a process that died before it wiped the log: their traces in it go with the
    /// end of a transaction, or of whatever is read after it.
    pub(super) erased: bool,
}

impl Store {
    /// Whoever is to write owes what a process that died may have owed.
    pub(super) fn new(connection: Connection, read_only: bool) -> Store {
        Store {
            connection,
            groups: 0,
            spoiled: None,
            patience: PATIENCE,
            erased: !read_only,
        }
    }
    pub(super) fn wait_for(&mut self, patience: Duration) -> Result<(), DeskError> {
        let patience = patience.min(LONGEST);
        self.connection.busy_timeout(patience).map_err(failed)?;
        self.patience = patience;
        Ok(())
    }
    fn run(&self, sql: &str) -> Result<(), DeskError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map(drop)
            .map_err(failed)
    }
    /// Writes in the innermost group, if one is open. What fails spoils the group, so that its pages need not be kept as they were before every
    /// single thing that is written in it. None, where none is open.
    pub(super) fn in_group<T>(
        &mut self,
        work: impl FnOnce(&Store) -> Result<T, DeskError>,
    ) -> Option<Result<T, DeskError>> {
        if self.groups == 0 {
            return None;
        }
        let done = self.whole().and_then(|()| work(self));
        // What concerns the one chain is found before anything of it is written.
        if done.as_ref().is_err_and(|error| !error.is_local()) {
            // A group around that was spoiled before stays so, whatever becomes of those within it.
            let group = self.groups;
            self.spoiled = Some(self.spoiled.map_or(group, |before| before.min(group)));
        }
        Some(done)
    }
    /// A full disk can end a transaction behind our back; nothing may then be written outside of it.
    fn whole(&self) -> Result<(), DeskError> {
        if self.groups > 0 && self.connection.is_autocommit() {
            return Err(DeskError::storage("the store gave up the transaction"));
        }
        Ok(())
    }
    pub(super) fn begin(&mut self) -> Result<(), DeskError> {
        self.whole()?;
        if self.groups == 0 {
            self.run("BEGIN IMMEDIATE")?;
            // From here on nobody else changes it.
            if let Err(error) = schema::stays(&self.connection) {
                let _ = self.run("ROLLBACK");
                return Err(error);
            }
        } else {
            self.run("SAVEPOINT inner")?;
        }
        self.groups += 1;
        Ok(())
    }
    pub(super) fn end(&mut self) -> Result<(), DeskError> {
        let ended = self.whole().and_then(|()| {
            if self.spoiled.is_some() {
                return Err(DeskError::storage(
                    "something in the transaction failed, and may be half written",
                ));
            }
            self.run(if self.groups == 1 {
                "COMMIT"
            } else {
                "RELEASE inner"
            })
        });
        if let Err(error) = ended {
            self.undo();
            return Err(error);
        }
        self.groups -= 1;
        self.wipe_owed();
        Ok(())
    }
    /// Wipes the log, if that is owed and no transaction is open.
    pub(super) fn wipe_owed(&mut self) {
        if self.groups == 0 && self.erased {
            self.erased = !self.wipe();
        }
    }
    /// Carries the log over into the file and cuts it off, so that nothing erased stays in it. A reader in the way
    /// is not waited for: then it did not happen, and whatever is asked next tries again.
    fn wipe(&self) -> bool {
        let cut = || {
            self.connection.busy_timeout(Duration::ZERO)?;
            let blocked = self
                .connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                    row.get::<_, i64>(0)
                });
            self.connection.busy_timeout(self.patience)?;
            blocked
        };
        cut().is_ok_and(|blocked| blocked == 0)
    }
    /// Takes back the innermost part. If that fails too, the transaction is gone, and with it all of the group.
    pub(super) fn undo(&mut self) {
        let taken_back = if self.groups == 1 {
            self.run("ROLLBACK")
        } else {
            self.run("ROLLBACK TO inner")
                .and_then(|()| self.run("RELEASE inner"))
        };
        if taken_back.is_err() && !self.connection.is_autocommit() {
            let _ = self.run("ROLLBACK");
        }
        if self.spoiled.is_some_and(|group| group >= self.groups) {
            self.spoiled = None;
        }
        self.groups = self.groups.saturating_sub(1);
    }
}

/// One transaction, or a part of the group's that can fail alone: taken back when dropped, unless it was ended.
pub(super) struct Part<'a> {
    pub(super) store: &'a mut Store,
    open: bool,
}

impl<'a> Part<'a> {
    pub(super) fn begin(store: &'a mut Store) -> Result<Part<'a>, DeskError> {
        store.begin()?;
        Ok(Part { store, open: true })
    }
    pub(super) fn end(mut self) -> Result<(), DeskError> {
        self.open = false;
        self.store.end()
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if self.open {
            self.store.undo();
        }
    }
}
