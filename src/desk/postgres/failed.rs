//! What the server said, in our words.

use std::error::Error;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::error::{DbError, SqlState};

use crate::desk::DeskError;
use crate::desk::rows::Commit;

/// What went wrong, with what it came from: the client's own words alone are `db error`.
pub(super) fn failed(error: tokio_postgres::Error) -> DeskError {
    let said = in_full(&error);
    if error.is_closed() {
        return DeskError::unavailable(said);
    }
    let Some(code) = error.code().cloned() else {
        let lost = error
            .source()
            .is_some_and(|from| from.is::<std::io::Error>());
        return if lost || said.starts_with("timeout") || said.starts_with("error connecting") {
            DeskError::unavailable(said)
        } else if is_odd(&said) {
            DeskError::damaged(said)
        } else {
            DeskError::storage(said)
        };
    };
    if is_busy(&code) {
        return DeskError::busy();
    }
    if is_lost(&code) {
        return DeskError::unavailable(said);
    }
    // Both pass: a server is failed over to, a schema restored. What is so for good is found where a ledger is opened.
    if code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return DeskError::unavailable(format!("it takes no writes for now: {said}"));
    }
    if is_missing(&code) {
        return DeskError::unavailable(format!("its tables are not there for now: {said}"));
    }
    if is_without_board(&error) {
        return DeskError::unavailable(format!("its board is not there for now: {said}"));
    }
    if code == SqlState::DISK_FULL {
        return DeskError::full(said);
    }
    if code == SqlState::DATA_CORRUPTED || code == SqlState::INDEX_CORRUPTED {
        return DeskError::damaged(said);
    }
    if code == SqlState::CHARACTER_NOT_IN_REPERTOIRE {
        return DeskError::misuse(format!(
            "a name has a character in it that PostgreSQL cannot keep, such as U+0000 ({said})"
        ));
    }
    DeskError::storage(said)
}

/// The same where a ledger is opened: what lacks a table or a column of ours is something else.
pub(super) fn opened(error: tokio_postgres::Error) -> DeskError {
    match error.code().is_some_and(is_missing) {
        true => DeskError::not_a_ledger(in_full(&error)),
        false => failed(error),
    }
}

/// Whether the server refuses a commit for what stands there already, or by a check that somebody has put on a table. It is the matter of
/// that chain, and of no other.
pub(super) fn is_refused(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::UNIQUE_VIOLATION || *code == SqlState::CHECK_VIOLATION
    })
}

/// Whether a row lacks the era, which is that of its board.
fn is_without_board(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::NOT_NULL_VIOLATION)
        && error.as_db_error().and_then(DbError::column) == Some("era")
}

/// What kept a commit from being stored.
pub(super) fn refused(commit: &Commit, error: tokio_postgres::Error) -> DeskError {
    if !is_refused(&error) {
        return failed(error);
    }
    if error.code() == Some(&SqlState::UNIQUE_VIOLATION) {
        // All that may be there already is looked for, but a record of the version that comes next.
        let next = commit.expected.saturating_add(1);
        return DeskError::torn(commit.shelf, &commit.key, next);
    }
    DeskError::misuse(format!(
        "the database refuses what comes next in `{}`: {}",
        commit.key,
        in_full(&error)
    ))
}

/// Two transactions stood in each other's way, and the server gave up this one. Nothing of it happened.
pub(super) fn collided(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
    })
}

/// Others held what was wanted for as long as was worth waiting.
fn is_busy(code: &SqlState) -> bool {
    *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::QUERY_CANCELED
}

/// A table, a function or a column of ours is not there.
fn is_missing(code: &SqlState) -> bool {
    [
        SqlState::UNDEFINED_TABLE,
        SqlState::UNDEFINED_FUNCTION,
        SqlState::UNDEFINED_COLUMN,
        SqlState::INVALID_SCHEMA_NAME,
    ]
    .contains(code)
}

/// A column holds what was never written there, or there is none: the client's words for it.
fn is_odd(said: &str) -> bool {
    said.starts_with("error deserializing column") || said.starts_with("invalid column")
}

/// The server is there no more, or not yet, has no room for another connection, or cannot get at its files.
fn is_lost(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || *code == SqlState::ADMIN_SHUTDOWN
        || *code == SqlState::CRASH_SHUTDOWN
        || *code == SqlState::CANNOT_CONNECT_NOW
        || *code == SqlState::TOO_MANY_CONNECTIONS
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        || *code == SqlState::IO_ERROR
}

pub(super) fn no_connection(error: PoolError) -> DeskError {
    match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            failed(error)
        }
        PoolError::Timeout(TimeoutType::Wait) => DeskError::busy(),
        other => DeskError::unavailable(other.to_string()),
    }
}

pub(super) fn in_full(error: &tokio_postgres::Error) -> String {
    let mut said = error.to_string();
    if let Some(from) = error.as_db_error() {
        said = format!("{} (SQLSTATE {})", from.message(), from.code().code());
        for more in [from.detail(), from.hint()].into_iter().flatten() {
            said = format!("{said}; {more}");
        }
        return said;
    }
    let mut from = error.source();
    while let Some(cause) = from {
        said = format!("{said}: {cause}");
        from = cause.source();
    }
    said
}
