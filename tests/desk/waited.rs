//! A ledger that is waited for: one that answers at once, asked a poll later. And what waits for it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use duly::desk::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use duly::desk::{Adoption, AsyncDesk, AsyncLedger, Cursor, DeskError, Ledger, Page};
use duly::time::Moment;
use duly::words::BoardId;

use super::opened;

type Read<T> = Result<T, DeskError>;

pub struct Waited<L>(pub L);

/// Not ready the first time it is asked.
async fn later() {
    let mut asked = false;
    poll_fn(|context| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread.
pub fn block<T>(work: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut work = pin!(work);
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(worth) => return worth,
            Poll::Pending => std::thread::park(),
        }
    }
}

impl<L: Ledger> AsyncLedger for Waited<L> {
    fn board(&self) -> &BoardId {
        self.0.board()
    }
    async fn load(&self, shelf: Shelf, key: &str) -> Read<Option<HeadRow>> {
        later().await;
        self.0.load(shelf, key)
    }
    async fn answered(&self, shelf: Shelf, command: &str) -> Read<Option<CommandRow>> {
        later().await;
        self.0.answered(shelf, command)
    }
    async fn find(&self, number: &NumberRow) -> Read<Option<String>> {
        later().await;
        self.0.find(number)
    }
    async fn commit(&self, commit: &Commit) -> Read<Committed> {
        later().await;
        self.0.commit(commit)
    }
    async fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Read<Vec<AlarmRow>> {
        later().await;
        self.0.due(shelf, now, after, limit)
    }
    async fn next_alarm(&self, shelf: Shelf) -> Read<Option<Moment>> {
        later().await;
        self.0.next_alarm(shelf)
    }
    async fn read(&self, shelf: Shelf, after: &Cursor, limit: usize) -> Read<Page<RecordRow>> {
        later().await;
        self.0.read(shelf, after, limit)
    }
    async fn history(&self, shelf: Shelf, key: &str) -> Read<Vec<RecordRow>> {
        later().await;
        self.0.history(shelf, key)
    }
    async fn keys(&self, shelf: Shelf, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        later().await;
        self.0.keys(shelf, after, limit)
    }
    async fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Read<Page<OutgoingRow>> {
        later().await;
        self.0.outbox(shelf, links, after, limit)
    }
    async fn delivered(&self, shelf: Shelf, effects: &[String]) -> Read<()> {
        later().await;
        self.0.delivered(shelf, effects)
    }
    async fn private(&self, shelf: Shelf, key: &str, of: &str) -> Read<Option<PrivateRow>> {
        later().await;
        self.0.private(shelf, key, of)
    }
    async fn keep(&self, kept: Kept, name: &str, text: &str) -> Read<()> {
        later().await;
        self.0.keep(kept, name, text)
    }
    async fn kept(&self, kept: Kept, name: &str) -> Read<Option<String>> {
        later().await;
        self.0.kept(kept, name)
    }
    async fn kept_names(&self, kept: Kept, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        later().await;
        self.0.kept_names(kept, after, limit)
    }
}

/// What a desk over a ledger that is waited for does can be done on any thread: this compiles.
#[allow(dead_code, reason = "that it compiles is the test")]
fn futures_may_move_between_threads<L: AsyncLedger>(desk: &AsyncDesk<L>, asked: &Adoption) {
    fn is_send<T: Send>(_: T) {}
    is_send(desk.adopt_preview(asked, None, 1));
    is_send(desk.adopt(asked, None, 1));
    is_send(desk.submit(opened("c1", "m01", 0)));
}
