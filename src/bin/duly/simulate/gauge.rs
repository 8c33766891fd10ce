//! Memory and time, as the system tells them: on Linux from `/proc`, elsewhere unknown.

use std::fs;

/// How much processor time this thread has had so far, in nanoseconds.
pub fn thread_nanos() -> Option<u64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

/// The most memory that the process has held so far, in bytes.
pub fn peak_bytes() -> Option<u64> {
    let told = fs::read_to_string("/proc/self/status").ok()?;
    let line = told.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    kib.checked_mul(1024)
}

/// Processor time, phase by phase.
#[derive(Debug)]
pub struct Watch(Option<u64>);

impl Watch {
    /// From now on.
    pub fn start() -> Watch {
        Watch(thread_nanos())
    }
    /// Since the start, in nanoseconds; unknown, where the system does not tell.
    pub fn nanos(&self) -> Option<u64> {
        thread_nanos()?.checked_sub(self.0?)
    }
}

/// So much for each, where there is any and it is known.
pub fn each(all: Option<u64>, many: u64) -> Option<u64> {
    all?.checked_div(many)
}

/// Bytes, in the unit that people would use.
pub fn bytes(many: Option<u64>, unknown: &str) -> String {
    match many {
        None => unknown.to_owned(),
        Some(many) if many < 10 << 10 => format!("{many} B"),
        Some(many) if many < 10 << 20 => format!("{} KiB", many >> 10),
        Some(many) => format!("{} MiB", many >> 20),
    }
}

/// Nanoseconds, in the unit that people would use.
pub fn time(nanos: Option<u64>, unknown: &str) -> String {
    match nanos {
        None => unknown.to_owned(),
        Some(nanos) if nanos < 10_000_000 => format!("{} µs", nanos / 1000),
        Some(nanos) if nanos < 10_000_000_000 => format!("{} ms", nanos / 1_000_000),
        Some(nanos) => format!("{} s", nanos / 1_000_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_in_units_that_people_read() {
        assert_eq!(bytes(None, "unknown"), "unknown");
        assert_eq!(bytes(Some(700 << 20), ""), "700 MiB");
        assert_eq!(
            [time(Some(1_500_000), ""), time(Some(75_000_000_000), "")],
            ["1500 µs", "75 s"]
        );
        assert_eq!((each(Some(9), 0), each(Some(9), 3)), (None, Some(3)));
    }
}
