//! What wakes a worker early, and what stops it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::desk::gate::lock;

/// Wakes a worker early, and stops it. A handle: all clones are the same bell, and any thread may hold one.
///
/// Ring it after every command that was answered, since a case may now want to be woken earlier, and something may lie in the
/// outbox. Whoever forgets to ring is served all the same, at the latest when the worker's longest wait is over.
///
/// ```
/// use duly::desk::worker::Bell;
/// use std::time::Duration;
/// let bell = Bell::default();
/// let seen = bell.rings();
/// bell.ring();
/// bell.wait(seen, Duration::from_secs(3600)); // returns at once: it has rung since
/// ```
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    rung: Mutex<Rung>,
    heard: Condvar,
    stopped: Arc<AtomicBool>,
    /// Whether somebody may stop it who cannot ring.
    silent: AtomicBool,
}

#[derive(Debug, Default)]
struct Rung {
    times: u64,
    wakers: Vec<Waker>,
}

impl Bell {
    /// Wakes the workers of this bell.
    pub fn ring(&self) {
        let wakers = {
            let mut rung = lock(&self.0.rung);
            rung.times = rung.times.wrapping_add(1);
            std::mem::take(&mut rung.wakers)
        };
        self.0.heard.notify_all();
        for waker in wakers {
            waker.wake();
        }
    }
    /// Ends the workers of this bell, for good: what they are at is finished first, a tick or the one effect that is being
    /// delivered. A signal handler must not call this; it sets the [`flag`](Bell::flag).
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        self.ring();
    }
    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::SeqCst)
    }
    /// The flag that stops the workers once it is `true`, for a signal handler that can set a flag and nothing else. Whoever has
    /// taken it out has them look at it ten times a second.
    ///
    /// ```
    /// use std::sync::atomic::Ordering;
    /// let bell = duly::desk::worker::Bell::default();
    /// bell.flag().store(true, Ordering::SeqCst);
    /// assert!(bell.is_stopped());
    /// ```
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.0.silent.store(true, Ordering::SeqCst);
        Arc::clone(&self.0.stopped)
    }
    /// How often it has rung. A worker reads it before it looks at the ledger, so that no ring is lost while it looks.
    pub fn rings(&self) -> u64 {
        lock(&self.0.rung).times
    }
    /// Waits until it has rung more often than `seen`, at most so long by the system's monotonic clock.
    pub fn wait(&self, seen: u64, most: Duration) {
        let rung = lock(&self.0.rung);
        let waited = self
            .0
            .heard
            .wait_timeout_while(rung, most, |rung| rung.times == seen);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
    /// Ready, once it has rung more often than `seen`; for whoever waits for something else beside.
    pub fn poll(&self, seen: u64, context: &mut Context<'_>) -> Poll<()> {
        let mut rung = lock(&self.0.rung);
        if rung.times != seen {
            return Poll::Ready(());
        }
        let me = context.waker();
        if !rung.wakers.iter().any(|waker| waker.will_wake(me)) {
            rung.wakers.push(me.clone());
        }
        Poll::Pending
    }
    /// The longest that may be waited in one piece.
    pub(super) fn piece(&self, most: Duration) -> Duration {
        match self.0.silent.load(Ordering::SeqCst) {
            true => most.min(Duration::from_millis(100)),
            false => most,
        }
    }
}
