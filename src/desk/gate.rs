//! Lets one thread at a time into a ledger, and lets it in again while it is inside. While a group is open the
//! thread stays inside, so that nobody else reads or adds to what may yet be undone.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// The gate.
#[derive(Debug, Default)]
pub(super) struct Gate {
    inside: Mutex<Option<(ThreadId, usize)>>,
    left: Condvar,
}

/// Being inside, until dropped.
#[derive(Debug)]
pub(super) struct Pass<'a>(&'a Gate);

impl Gate {
    /// Whether this thread is inside.
    pub(super) fn is_mine(&self) -> bool {
        let me = thread::current().id();
        lock(&self.inside).is_some_and(|(who, _)| who == me)
    }
    pub(super) fn enter(&self) -> Pass<'_> {
        let me = thread::current().id();
        let mut inside = lock(&self.inside);
        loop {
            match &mut *inside {
                None => {
                    *inside = Some((me, 1));
                    return Pass(self);
                }
                Some((who, times)) if *who == me => {
                    *times += 1;
                    return Pass(self);
                }
                Some(_) => {
                    inside = self
                        .left
                        .wait(inside)
                        .unwrap_or_else(PoisonError::into_inner)
                }
            }
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut inside = lock(&self.0.inside);
        match &mut *inside {
            Some((_, times)) if *times > 1 => *times -= 1,
            _ => {
                *inside = None;
                drop(inside);
                self.0.left.notify_one();
            }
        }
    }
}

/// Locks, whether or not another thread panicked while it held the lock: what is behind our locks is only ever
/// changed as a whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
