//! Waiting for several things at once, in the task that waits. Each is begun in the order given.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

/// What is waited for.
pub(super) type Waited<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Both, the first begun first.
#[cfg(feature = "postgres")]
pub(super) async fn both<A, B>(
    one: impl Future<Output = A>,
    two: impl Future<Output = B>,
) -> (A, B) {
    let (mut one, mut two) = (std::pin::pin!(one), std::pin::pin!(two));
    let (mut a, mut b) = (None, None);
    poll_fn(|context| {
        if a.is_none()
            && let Poll::Ready(done) = one.as_mut().poll(context)
        {
            a = Some(done);
        }
        if b.is_none()
            && let Poll::Ready(done) = two.as_mut().poll(context)
        {
            b = Some(done);
        }
        match (a.take(), b.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (one, two) => {
                (a, b) = (one, two);
                Poll::Pending
            }
        }
    })
    .await
}

/// All of them; what each came to, in their order.
pub(super) async fn every<T>(waited: Vec<Waited<'_, T>>) -> Vec<T> {
    let mut parts: Vec<(Waited<'_, T>, Option<T>)> =
        waited.into_iter().map(|one| (one, None)).collect();
    poll_fn(|context: &mut Context<'_>| {
        for (future, done) in &mut parts {
            if done.is_none()
                && let Poll::Ready(worth) = future.as_mut().poll(context)
            {
                *done = Some(worth);
            }
        }
        if parts.iter().all(|(_, done)| done.is_some()) {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
    parts.into_iter().filter_map(|(_, done)| done).collect()
}

/// Lets the others of the task have their turn.
pub(super) async fn step_aside() {
    let mut aside = false;
    poll_fn(|context| {
        if aside {
            return Poll::Ready(());
        }
        aside = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
