//! Lets one thread at a time into a ledger, and lets it in again while it is inside. While a group is open the
//! thread stays inside, so that nobody else reads or adds to what may yet be undone.
//!
//! Whoever comes while it is open goes in, which keeps a busy processor from changing threads at every step; but those who wait are
//! passed over a few times only, so that nobody who goes in and out for ever keeps them out.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// How often those who wait are passed over.
const PASSED: u32 = 16;

/// The gate.
#[derive(Debug, Default)]
pub(super) struct Gate {
    inside: Mutex<Inside>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct Inside {
    /// Who is inside, and how many times.
    who: Option<(ThreadId, usize)>,
    /// Those who wait, in the order in which they came.
    waiting: VecDeque<ThreadId>,
    /// How often somebody went in before the first of them.
    passed: u32,
}

/// Being inside, until dropped.
#[derive(Debug)]
pub(super) struct Pass<'a>(&'a Gate);

impl Gate {
    /// Whether this thread is inside.
    #[cfg(any(test, feature = "sqlite"))]
    pub(super) fn is_mine(&self) -> bool {
        let me = thread::current().id();
        lock(&self.inside).who.is_some_and(|(who, _)| who == me)
    }
    pub(super) fn enter(&self) -> Pass<'_> {
        let me = thread::current().id();
        let mut inside = lock(&self.inside);
        if let Some((who, times)) = &mut inside.who
            && *who == me
        {
            *times += 1;
            return Pass(self);
        }
        let mut waits = false;
        loop {
            let first = inside.waiting.front().is_none_or(|first| *first == me);
            if inside.who.is_none() && (first || inside.passed < PASSED) {
                inside.passed = if first { 0 } else { inside.passed + 1 };
                if waits {
                    inside.waiting.retain(|who| *who != me);
                }
                inside.who = Some((me, 1));
                return Pass(self);
            }
            if !std::mem::replace(&mut waits, true) {
                inside.waiting.push_back(me);
            }
            inside = self
                .left
                .wait(inside)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut inside = lock(&self.0.inside);
        match &mut inside.who {
            Some((_, times)) if *times > 1 => *times -= 1,
            _ => {
                inside.who = None;
                let first_only = inside.passed >= PASSED;
                drop(inside);
                // Any of them will do, unless it is the turn of one.
                match first_only {
                    true => self.0.left.notify_all(),
                    false => self.0.left.notify_one(),
                }
            }
        }
    }
}

/// Locks, whether or not another thread panicked while it held the lock: what is behind our locks is only ever
/// changed as a whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_wait_are_passed_over_a_few_times_only() {
        let gate = Gate::default();
        // Somebody who waits, and is slow to wake.
        let slow = thread::scope(|scope| scope.spawn(|| thread::current().id()).join());
        lock(&gate.inside).waiting.extend(slow.ok());
        for _ in 0..PASSED {
            drop(gate.enter());
        }
        thread::scope(|scope| {
            let next = scope.spawn(|| drop(gate.enter()));
            while lock(&gate.inside).waiting.len() < 2 {
                assert!(!next.is_finished(), "it was passed over again");
                thread::yield_now();
            }
            lock(&gate.inside).waiting.pop_front();
            gate.left.notify_all();
        });
        assert!(lock(&gate.inside).who.is_none());
        assert!(lock(&gate.inside).waiting.is_empty());
    }

    #[test]
    fn whoever_is_inside_goes_in_again() {
        let gate = Gate::default();
        let outer = gate.enter();
        drop(gate.enter());
        assert!(gate.is_mine());
        drop(outer);
        assert!(!gate.is_mine());
    }
}
