//! How long is waited before something is tried again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::time::Moment;

/// The shortest wait that a worker asks for.
const LEAST: Duration = Duration::from_millis(10);

type Jitter = Arc<dyn Fn(u32, Duration) -> Duration + Send + Sync>;

/// How a worker paces itself.
///
/// ```
/// use duly::desk::worker::Rhythm;
/// use std::time::Duration;
/// let rhythm = Rhythm::default()
///     .longest(Duration::from_secs(30))
///     .back_off(Duration::from_millis(500), Duration::from_secs(20))
///     // Several machines that lost the same database do not all come back in the same second.
///     .jitter(|attempt, wait| wait + wait.mul_f32(0.1) * (attempt % 3));
/// # let _ = rhythm;
/// ```
#[derive(Clone)]
pub struct Rhythm {
    longest: Duration,
    first: Duration,
    most: Duration,
    jitter: Option<Jitter>,
    pub(super) batch: usize,
    pub(super) page: usize,
}

impl Default for Rhythm {
    fn default() -> Rhythm {
        Rhythm {
            longest: Duration::from_secs(60),
            first: Duration::from_secs(1),
            most: Duration::from_secs(60),
            jitter: None,
            batch: 256,
            page: 32,
        }
    }
}

impl fmt::Debug for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rhythm")
            .field("longest", &self.longest)
            .field("first", &self.first)
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

impl Rhythm {
    /// The longest wait in one piece; a minute, if nothing is said. It is waited by a monotonic clock, so a wall clock that jumped
    /// ahead is noticed after that long, and so is what came into the ledger without the bell being rung.
    #[must_use]
    pub fn longest(self, longest: Duration) -> Rhythm {
        Rhythm {
            longest: longest.max(LEAST),
            ..self
        }
    }
    /// How long is waited after the first failure, and the most that is waited after many: each time twice as long. From a second to a
    /// minute, if nothing is said. So for a ledger that fails, for a case that cannot be woken, and for an effect that
    /// cannot be delivered.
    #[must_use]
    pub fn back_off(self, first: Duration, most: Duration) -> Rhythm {
        Rhythm {
            first: first.max(LEAST),
            most: most.max(first).max(LEAST),
            ..self
        }
    }
    /// Has the host say how long is really waited, from the number of failures in a row and the wait that would be: the library
    /// draws no randomness. Without it the wait is what it is.
    #[must_use]
    pub fn jitter(
        self,
        jitter: impl Fn(u32, Duration) -> Duration + Send + Sync + 'static,
    ) -> Rhythm {
        Rhythm {
            jitter: Some(Arc::new(jitter)),
            ..self
        }
    }
    /// How many cases are woken in one transaction; 256, if nothing is said.
    #[must_use]
    pub fn batch(self, batch: usize) -> Rhythm {
        Rhythm {
            batch: batch.max(1),
            ..self
        }
    }
    /// How many effects are delivered before they are taken out of the outbox; 32, if nothing is said. Whoever is killed in
    /// between delivers that many again.
    #[must_use]
    pub fn page(self, page: usize) -> Rhythm {
        Rhythm {
            page: page.max(1),
            ..self
        }
    }

    pub(super) fn at_most(&self, wait: Duration) -> Duration {
        wait.clamp(LEAST, self.longest)
    }
    pub(super) fn unbidden(&self) -> Duration {
        self.longest
    }
    fn after(&self, failures: u32) -> Duration {
        let doubled = 1u32.checked_shl(failures.saturating_sub(1));
        let doubled = doubled.unwrap_or(u32::MAX);
        let wait = self.first.saturating_mul(doubled).min(self.most);
        let wait = match &self.jitter {
            Some(jitter) => jitter(failures, wait),
            None => wait,
        };
        wait.max(LEAST)
    }
}

/// The host's clock, and how long the worker has waited in all: one may jump, the other is only counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    pub(super) now: Moment,
    /// How far the host's clock went on in all: where it was set back, nothing of that is taken away.
    passed: Duration,
    slept: Duration,
}

impl Time {
    /// How long it is after an earlier one, by whichever clock that is longer. A wall clock that was set back cannot tell, and what was
    /// waited does; what is not waited, such as a delivery that takes its time, only the wall clock tells.
    pub(super) fn since(self, before: Time) -> Duration {
        let passed = self.passed.saturating_sub(before.passed);
        let slept = self.slept.saturating_sub(before.slept);
        slept.max(passed)
    }
}

/// Looks at the host's clock, and counts how far it goes on from one look to the next. There is one such count, so that whatever is
/// reckoned from a look within a turn is reckoned right in the next one, though the clock be set back between.
pub(super) struct Looks<N> {
    clock: N,
    last: Time,
}

impl<N: Fn() -> Moment> Looks<N> {
    pub(super) fn at(clock: N) -> Looks<N> {
        let last = Time {
            now: clock(),
            passed: Duration::ZERO,
            slept: Duration::ZERO,
        };
        Looks { clock, last }
    }
    pub(super) fn look(&mut self) -> Time {
        let now = (self.clock)();
        let ahead = u64::try_from(now.since(self.last.now)).unwrap_or(0);
        self.last.passed = self.last.passed.saturating_add(Duration::from_secs(ahead));
        self.last.now = now;
        self.last
    }
    /// What it was at the last look.
    pub(super) fn last(&self) -> Time {
        self.last
    }
    /// So long was waited.
    pub(super) fn waited(&mut self, wait: Duration) {
        self.last.slept = self.last.slept.saturating_add(wait);
    }
}

/// What failed, and is not tried again for a while.
#[derive(Debug, Default)]
pub(super) struct Patience {
    failures: u32,
    hold: Option<Hold>,
}

#[derive(Debug)]
struct Hold {
    since: Time,
    wait: Duration,
}

impl Patience {
    pub(super) fn fail(&mut self, since: Time, rhythm: &Rhythm) {
        self.failures = self.failures.saturating_add(1);
        let wait = rhythm.after(self.failures);
        self.hold = Some(Hold { since, wait });
    }
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }
    /// How long it is still to be left alone; nothing, once either clock says that it is over.
    pub(super) fn left(&self, time: Time) -> Duration {
        let Some(Hold { since, wait }) = &self.hold else {
            return Duration::ZERO;
        };
        wait.saturating_sub(time.since(*since))
    }
    pub(super) fn is_over(&self, time: Time) -> bool {
        self.left(time).is_zero()
    }
}
