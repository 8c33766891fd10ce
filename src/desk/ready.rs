//! One desk for both kinds of ledgers. What a desk does is written once, as if every ledger were waited for; a ledger
//! that answers at once gives futures that are ready, and whoever holds such a desk never waits.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use super::{AsyncLedger, Cursor, DeskError, Ledger, Page};
use crate::time::Moment;
use crate::words::BoardId;

/// A ledger that answers at once, as one that is waited for.
#[derive(Debug)]
pub(super) struct Ready<L>(pub(super) L);

/// What a future comes to that is over a [`Ready`] ledger: it is ready when it is asked.
pub(super) fn now<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(worth) = work.as_mut().poll(&mut context) {
            return worth;
        }
        std::thread::yield_now();
    }
}

impl<L: Ledger> AsyncLedger for Ready<L> {
    fn board(&self) -> &BoardId {
        self.0.board()
    }
    async fn load(&self, shelf: Shelf, key: &str) -> Result<Option<HeadRow>, DeskError> {
        self.0.load(shelf, key)
    }
    async fn commit(&self, commit: &Commit) -> Result<Committed, DeskError> {
        self.0.commit(commit)
    }
    async fn answered(&self, shelf: Shelf, command: &str) -> Result<Option<CommandRow>, DeskError> {
        self.0.answered(shelf, command)
    }
    async fn find(&self, number: &NumberRow) -> Result<Option<String>, DeskError> {
        self.0.find(number)
    }
    async fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Result<Vec<AlarmRow>, DeskError> {
        self.0.due(shelf, now, after, limit)
    }
    async fn next_alarm(&self, shelf: Shelf) -> Result<Option<Moment>, DeskError> {
        self.0.next_alarm(shelf)
    }
    async fn read(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<RecordRow>, DeskError> {
        self.0.read(shelf, after, limit)
    }
    async fn history(&self, shelf: Shelf, key: &str) -> Result<Vec<RecordRow>, DeskError> {
        self.0.history(shelf, key)
    }
    async fn keys(
        &self,
        shelf: Shelf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        self.0.keys(shelf, after, limit)
    }
    async fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OutgoingRow>, DeskError> {
        self.0.outbox(shelf, links, after, limit)
    }
    async fn delivered(&self, shelf: Shelf, effects: &[String]) -> Result<(), DeskError> {
        self.0.delivered(shelf, effects)
    }
    async fn private(
        &self,
        shelf: Shelf,
        key: &str,
        reference: &str,
    ) -> Result<Option<PrivateRow>, DeskError> {
        self.0.private(shelf, key, reference)
    }
    async fn keep(&self, kept: Kept, name: &str, text: &str) -> Result<(), DeskError> {
        self.0.keep(kept, name, text)
    }
    async fn kept(&self, kept: Kept, name: &str) -> Result<Option<String>, DeskError> {
        self.0.kept(kept, name)
    }
    async fn has(&self, kept: Kept, name: &str) -> Result<bool, DeskError> {
        self.0.has(kept, name)
    }
    async fn kept_names(
        &self,
        kept: Kept,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, DeskError> {
        self.0.kept_names(kept, after, limit)
    }
    async fn group(
        &self,
        work: impl Future<Output = Result<(), DeskError>> + Send,
    ) -> Result<(), DeskError> {
        let mut work = Some(work);
        self.0.together(&mut || match work.take() {
            Some(work) => now(work),
            None => Err(DeskError::misuse("a group is done once")),
        })
    }
    async fn check(&self) -> Result<(), DeskError> {
        self.0.check()
    }
}
