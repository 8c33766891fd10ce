//! What the server said, in our words.

use std::error::Error;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use crate::desk::DeskError;

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
    if code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return DeskError::read_only();
    }
    if [
        SqlState::UNDEFINED_TABLE,
        SqlState::UNDEFINED_FUNCTION,
        SqlState::UNDEFINED_COLUMN,
        SqlState::INVALID_SCHEMA_NAME,
    ]
    .contains(&code)
    {
        return DeskError::not_a_ledger(said);
    }
    if code == SqlState::CHARACTER_NOT_IN_REPERTOIRE {
        return DeskError::misuse(format!(
            "a name has a character in it that PostgreSQL cannot keep, such as U+0000 ({said})"
        ));
    }
    DeskError::storage(said)
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

/// The server is there no more, or not yet, or has no room.
fn is_lost(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || *code == SqlState::ADMIN_SHUTDOWN
        || *code == SqlState::CRASH_SHUTDOWN
        || *code == SqlState::CANNOT_CONNECT_NOW
        || *code == SqlState::TOO_MANY_CONNECTIONS
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
}

pub(super) fn no_connection(error: PoolError) -> DeskError {
    match error {
        PoolError::Backend(error) => failed(error),
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => DeskError::busy(),
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
