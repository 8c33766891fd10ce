//! `GET /metrics`: counters of this process, in the text form that Prometheus reads. Numbers for watching; the ledger alone says what is so.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use duly::desk::{Answer, DeskError, Observer, Sent, Ticked};
use duly::words::Refusal;

/// How long the worker may be without a turn that went well: it takes one every half minute, and more where others fail.
const SILENCE: Duration = Duration::from_secs(120);

/// When the worker last had a turn that went well, or got on with a long one.
#[derive(Debug)]
pub struct Pulse {
    since: Instant,
    /// In seconds from then on.
    beat: AtomicU64,
}

impl Default for Pulse {
    fn default() -> Pulse {
        Pulse {
            since: Instant::now(),
            beat: AtomicU64::new(0),
        }
    }
}

impl Pulse {
    /// A turn went well, or gets on.
    pub fn beat(&self) {
        self.beat.store(self.since.elapsed().as_secs(), Relaxed);
    }
    /// Whether none has for too long.
    pub fn is_gone(&self) -> bool {
        self.silent() > SILENCE
    }
    fn silent(&self) -> Duration {
        let beat = Duration::from_secs(self.beat.load(Relaxed));
        self.since.elapsed().saturating_sub(beat)
    }
}

/// The counters.
#[derive(Debug, Default)]
pub struct Metrics {
    /// The worker's.
    pub pulse: Pulse,
    commands: AtomicU64,
    refused: AtomicU64,
    conflicts: AtomicU64,
    woken: AtomicU64,
    stuck: AtomicU64,
    delivered: AtomicU64,
    failed: AtomicU64,
}

impl Observer for Metrics {
    fn submitted(&self, _: Sent<'_>, _: &Answer) {
        self.commands.fetch_add(1, Relaxed);
    }
    fn refused(&self, _: &Refusal) {
        self.refused.fetch_add(1, Relaxed);
    }
    fn conflicted(&self) {
        self.conflicts.fetch_add(1, Relaxed);
    }
    fn ticked(&self, ticked: &Ticked) {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.woken.fetch_add(count(ticked.fired), Relaxed);
        self.stuck.store(count(ticked.stuck.len()), Relaxed);
    }
    fn delivered(&self, effects: usize) {
        let effects = u64::try_from(effects).unwrap_or(u64::MAX);
        self.delivered.fetch_add(effects, Relaxed);
    }
    fn failed(&self, _: &DeskError) {
        self.failed.fetch_add(1, Relaxed);
    }
}

impl Metrics {
    /// All of them, a line each under what it is.
    pub fn shown(&self) -> String {
        let silent = AtomicU64::new(self.pulse.silent().as_secs());
        let all = [
            (
                "duly_commands_total",
                "counter",
                "commands answered",
                &self.commands,
            ),
            (
                "duly_refused_total",
                "counter",
                "commands refused",
                &self.refused,
            ),
            (
                "duly_conflicts_total",
                "counter",
                "commands decided anew, since somebody else wrote first",
                &self.conflicts,
            ),
            (
                "duly_woken_total",
                "counter",
                "cases and obligations woken",
                &self.woken,
            ),
            (
                "duly_stuck",
                "gauge",
                "cases that could not be woken by the last tick",
                &self.stuck,
            ),
            (
                "duly_delivered_total",
                "counter",
                "effects taken out of the outbox",
                &self.delivered,
            ),
            (
                "duly_ledger_failures_total",
                "counter",
                "times that the ledger could not be used",
                &self.failed,
            ),
            (
                "duly_worker_silent_seconds",
                "gauge",
                "seconds since the worker last had a turn that went well",
                &silent,
            ),
        ];
        let line = |(name, kind, help, value): (&str, &str, &str, &AtomicU64)| {
            let value = value.load(Relaxed);
            format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n")
        };
        all.into_iter().map(line).collect()
    }
}

#[cfg(test)]
impl Metrics {
    /// Where the worker has been silent for too long; none, where the machine has not been up for so long and cannot tell.
    pub fn of_a_silent_worker() -> Option<Metrics> {
        let longer = SILENCE + Duration::from_secs(1);
        let pulse = Pulse {
            since: Instant::now().checked_sub(longer)?,
            beat: AtomicU64::new(0),
        };
        Some(Metrics {
            pulse,
            ..Metrics::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A worker without a turn that went well for two minutes is gone, until it has one; for how long is among the counters.
    #[test]
    fn a_worker_that_is_silent_for_too_long_is_gone() {
        let Some(metrics) = Metrics::of_a_silent_worker() else {
            return;
        };
        assert!(metrics.pulse.is_gone());
        let shown = metrics.shown();
        let mut lines = shown.lines();
        let silent = lines.find_map(|line| line.strip_prefix("duly_worker_silent_seconds "));
        let silent = silent.and_then(|it| it.parse::<u64>().ok());
        assert!(silent.is_some_and(|it| it > SILENCE.as_secs()), "{shown}");
        metrics.pulse.beat();
        assert!(!metrics.pulse.is_gone());
        assert!(!Pulse::default().is_gone());
    }
}
