//! The same for a desk that is waited for.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::{Bell, Ended, Parcel, Rhythm, turn};
use crate::desk::{AsyncDesk, AsyncLedger};
use crate::time::Moment;

/// Sees to an [`AsyncDesk`] within a task of the host's: a [`Worker`](super::Worker) in every other way. It forces no runtime on anyone: the
/// host gives what sleeps.
///
/// ```
/// use duly::desk::worker::{AsyncWorker, Bell, Ended, Parcel};
/// use duly::desk::{AsyncDesk, AsyncLedger};
/// use duly::time::Moment;
/// use std::time::Duration;
///
/// async fn serve<L: AsyncLedger>(desk: &AsyncDesk<L>, bell: Bell) -> Ended {
///     let mut worker = AsyncWorker::new(desk, |parcel: Parcel| async move {
///         // … the texts are at `desk.text(…)`; send, with `parcel.id()` …
///         Ok::<(), std::io::Error>(())
///     })
///     .with_bell(bell);
///     // Those of the host's runtime and system: `tokio::time::sleep`, say.
///     # fn system_clock() -> Moment { Moment::MIN }
///     # async fn sleep(_: Duration) {}
///     worker.run(system_clock, sleep).await
/// }
/// ```
///
/// The future may be dropped at any time: what it was at is undone or done, and what was delivered last may be delivered again. To have
/// that finished, [stop](Bell::stop) it instead.
#[derive(Debug)]
pub struct AsyncWorker<'a, L, D> {
    desk: &'a AsyncDesk<L>,
    deliver: D,
    bell: Bell,
    rhythm: Rhythm,
}

impl<'a, L, D, F, E> AsyncWorker<'a, L, D>
where
    L: AsyncLedger,
    D: FnMut(Parcel) -> F,
    F: Future<Output = Result<(), E>>,
{
    /// As [`Worker::new`](super::Worker::new).
    pub fn new(desk: &'a AsyncDesk<L>, deliver: D) -> AsyncWorker<'a, L, D> {
        AsyncWorker {
            desk,
            deliver,
            bell: Bell::default(),
            rhythm: Rhythm::default(),
        }
    }
    /// Paced otherwise.
    #[must_use]
    pub fn with_rhythm(self, rhythm: Rhythm) -> AsyncWorker<'a, L, D> {
        AsyncWorker { rhythm, ..self }
    }
    /// With a bell that others have already.
    #[must_use]
    pub fn with_bell(self, bell: Bell) -> AsyncWorker<'a, L, D> {
        AsyncWorker { bell, ..self }
    }
    /// The bell that wakes it, and stops it.
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }
    /// Works until it is stopped, or until nothing more can come of it. `sleep` gives what is ready after so long, by a monotonic clock.
    pub async fn run<S: Future<Output = ()>>(
        &mut self,
        now: impl Fn() -> Moment,
        sleep: impl Fn(Duration) -> S,
    ) -> Ended {
        let (bell, deliver) = (&self.bell, &mut self.deliver);
        let core = self.desk.core();
        turn::run(
            &core,
            bell,
            &self.rhythm,
            now,
            |parcel| contained(catch_unwind(AssertUnwindSafe(|| deliver(parcel))).ok()),
            |seen, most| rung(bell, seen, sleep(most)),
        )
        .await
    }
}

/// Whether it was delivered. A panic is a failure like any other.
async fn contained<E>(delivery: Option<impl Future<Output = Result<(), E>>>) -> bool {
    let Some(delivery) = delivery else {
        return false;
    };
    let mut delivery = pin!(delivery);
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| delivery.as_mut().poll(context)));
        match polled {
            Ok(polled) => polled.map(|delivered| delivered.is_ok()),
            Err(_) => Poll::Ready(false),
        }
    })
    .await
}

/// Waits until the bell has rung, or the sleep is over.
async fn rung(bell: &Bell, seen: u64, sleep: impl Future<Output = ()>) {
    let mut sleep = pin!(sleep);
    poll_fn(|context| match bell.poll(seen, context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => sleep.as_mut().poll(context),
    })
    .await;
}
