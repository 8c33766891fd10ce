//! Gathers what several threads ask at once: one of them does it for all, in one transaction, while the others wait.
//! A disk that takes three milliseconds to make sure takes them once.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

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
    /// Whether one of them is at work.
    led: bool,
}

#[derive(Debug)]
struct Seat<T, R> {
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
                led: false,
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
        let seat = Arc::new(Seat {
            asked,
            told: Mutex::new(Told::Wait),
            bell: Condvar::new(),
        });
        let leads = {
            let mut waiting = lock(&self.waiting);
            waiting.seats.push_back(Arc::clone(&seat));
            !std::mem::replace(&mut waiting.led, true)
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
        let answers = work(&asked);
        for (seat, answer) in round.seats.drain(..).zip(answers) {
            seat.tell(Told::Answer(answer));
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
            Some(next) => next.tell(Told::Lead),
            None => waiting.led = false,
        }
    }
}
