//! Gathers what several threads ask at once: one of them does it for all, in one transaction, while the others wait.
//! A disk that takes three milliseconds to make sure takes them once.
//!
//! Those who wait are taken in the order in which they came, all of them at once up to a number: nobody waits for more rounds than stand
//! before them. Where the work of a round falls over, each does their own by themselves, so that it falls over for the one whose fault it
//! is, and for nobody else.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use super::gate::lock;

/// How many are done in one transaction at most.
const MOST: usize = 256;

/// Those who wait.
#[derive(Debug)]
pub(super) struct Queue<T, R> {
    waiting: Mutex<Waiting<T, R>>,
}

#[derive(Debug)]
struct Waiting<T, R> {
    seats: VecDeque<Arc<Seat<T, R>>>,
    /// The one of them who is at work, or will be.
    leader: Option<ThreadId>,
}

#[derive(Debug)]
struct Seat<T, R> {
    who: ThreadId,
    asked: T,
    told: Mutex<Told<R>>,
    bell: Condvar,
}

#[derive(Debug)]
enum Told<R> {
    Wait,
    /// It is this one's turn to work for all.
    Lead,
    Answer(R),
    /// Whoever was at work fell over.
    Alone,
}

impl<T, R> Default for Queue<T, R> {
    fn default() -> Queue<T, R> {
        Queue {
            waiting: Mutex::new(Waiting {
                seats: VecDeque::new(),
                leader: None,
            }),
        }
    }
}

impl<T, R> Seat<T, R> {
    fn tell(&self, told: Told<R>) {
        *lock(&self.told) = told;
        self.bell.notify_one();
    }
    fn wait(&self) -> Told<R> {
        let mut told = lock(&self.told);
        loop {
            match std::mem::replace(&mut *told, Told::Wait) {
                Told::Wait => {
                    told = self.bell.wait(told).unwrap_or_else(PoisonError::into_inner);
                }
                other => return other,
            }
        }
    }
}

impl<T, R> Queue<T, R> {
    /// Asks, and waits for the answer. `work` answers as many as it is given, in their order; it is called on this
    /// thread or on that of another who asks meanwhile.
    pub(super) fn ask(&self, asked: T, work: impl Fn(&[&T]) -> Vec<R>) -> Option<R> {
        let me = thread::current().id();
        let seat = Arc::new(Seat {
            who: me,
            asked,
            told: Mutex::new(Told::Wait),
            bell: Condvar::new(),
        });
        let leads = {
            let mut waiting = lock(&self.waiting);
            if waiting.leader == Some(me) {
                // It asks while it works for others: it would wait for itself.
                drop(waiting);
                return work(&[&seat.asked]).pop();
            }
            waiting.seats.push_back(Arc::clone(&seat));
            let leads = waiting.leader.is_none();
            if leads {
                waiting.leader = Some(me);
            }
            leads
        };
        let told = if leads { Told::Lead } else { seat.wait() };
        let told = match told {
            Told::Lead => {
                self.lead(&work);
                seat.wait()
            }
            other => other,
        };
        match told {
            Told::Answer(answer) => Some(answer),
            _ => work(&[&seat.asked]).pop(),
        }
    }

    /// One round for all who wait. The one who leads is the first of them.
    fn lead(&self, work: impl Fn(&[&T]) -> Vec<R>) {
        let seats: Vec<_> = {
            let mut waiting = lock(&self.waiting);
            let many = waiting.seats.len().min(MOST);
            waiting.seats.drain(..many).collect()
        };
        let mut round = Round { queue: self, seats };
        let asked: Vec<&T> = round.seats.iter().map(|seat| &seat.asked).collect();
        let answers = catch_unwind(AssertUnwindSafe(|| work(&asked)));
        if let Ok(answers) = answers {
            let mut answers = answers.into_iter();
            for seat in round.seats.drain(..) {
                seat.tell(answers.next().map_or(Told::Alone, Told::Answer));
            }
        }
    }
}

/// A round under way: whatever becomes of it, nobody is left waiting.
struct Round<'a, T, R> {
    queue: &'a Queue<T, R>,
    seats: Vec<Arc<Seat<T, R>>>,
}

impl<T, R> Drop for Round<'_, T, R> {
    fn drop(&mut self) {
        for seat in self.seats.drain(..) {
            seat.tell(Told::Alone);
        }
        let mut waiting = lock(&self.queue.waiting);
        match waiting.seats.front() {
            Some(next) => {
                let who = next.who;
                next.tell(Told::Lead);
                waiting.leader = Some(who);
            }
            None => waiting.leader = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_wait_are_taken_at_once_and_in_their_order() {
        let queue: Queue<usize, usize> = Queue::default();
        let rounds = Mutex::new(Vec::new());
        // The first round lasts until all others wait.
        let work = |asked: &[&usize]| {
            while asked == [&0] && lock(&queue.waiting).seats.len() < 40 {
                thread::yield_now();
            }
            lock(&rounds).push(asked.iter().map(|asked| **asked).collect::<Vec<_>>());
            asked.iter().map(|asked| **asked * 2).collect()
        };
        thread::scope(|scope| {
            let lead = scope.spawn(|| queue.ask(0, work));
            while lock(&queue.waiting).leader.is_none() || !lock(&queue.waiting).seats.is_empty() {
                thread::yield_now();
            }
            let others: Vec<_> = (1..=40)
                .map(|n| {
                    let other = scope.spawn({
                        let (queue, work) = (&queue, &work);
                        move || queue.ask(n, work)
                    });
                    while lock(&queue.waiting).seats.len() < n && lock(&rounds).is_empty() {
                        thread::yield_now();
                    }
                    other
                })
                .collect();
            assert!(matches!(lead.join(), Ok(Some(0))));
            for (n, other) in (1..).zip(others) {
                assert!(matches!(other.join(), Ok(Some(twice)) if twice == 2 * n));
            }
        });
        assert_eq!(*lock(&rounds), [vec![0], (1..=40).collect()]);
        assert!(lock(&queue.waiting).leader.is_none());
    }

    #[test]
    fn whoever_asks_while_at_work_does_not_wait_for_itself() {
        let queue: Queue<usize, usize> = Queue::default();
        let double = |asked: &[&usize]| asked.iter().map(|asked| **asked * 2).collect::<Vec<_>>();
        let answer = queue.ask(1, |asked| {
            let inner = queue.ask(20, double);
            double(asked).into_iter().chain(inner).collect()
        });
        assert_eq!(answer, Some(2));
        assert_eq!(queue.ask(3, double), Some(6));
    }
}
