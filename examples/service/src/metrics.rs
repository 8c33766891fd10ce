//! `GET /metrics`: counters of this process, in the text form that Prometheus reads. Numbers for watching; the ledger alone says what is so.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use duly::desk::{Answer, DeskError, Observer, Sent, Ticked};
use duly::words::Refusal;

/// The counters.
#[derive(Debug, Default)]
pub struct Metrics {
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
        ];
        let line = |(name, kind, help, value): (&str, &str, &str, &AtomicU64)| {
            let value = value.load(Relaxed);
            format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n")
        };
        all.into_iter().map(line).collect()
    }
}
