//! A transaction that is open on a connection.

use deadpool_postgres::{Client, Object};

use super::failed::failed;
use crate::desk::DeskError;

/// A connection with a transaction on it. Dropped before its end, by a failure, a panic or whoever stopped waiting, it takes
/// the connection with it, and the server takes the transaction back.
pub(super) struct Open {
    client: Option<Object>,
}

impl Open {
    /// To be followed by [`BEGIN`](Open::BEGIN).
    pub(super) fn on(client: Object) -> Open {
        Open {
            client: Some(client),
        }
    }
    /// Whatever the database's own default is: each statement is to see what others have committed before it.
    pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

    pub(super) fn client(&self) -> Result<&Client, DeskError> {
        self.client
            .as_ref()
            .ok_or_else(|| DeskError::unavailable("the connection is gone"))
    }
    /// Ends it one way or the other.
    pub(super) async fn end(mut self, how: &str) -> Result<(), DeskError> {
        self.client()?.batch_execute(how).await.map_err(failed)?;
        self.ended();
        Ok(())
    }
    /// It was ended: the connection can be used by others.
    pub(super) fn ended(&mut self) {
        drop(self.client.take());
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}
