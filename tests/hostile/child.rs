//! What a child does: reads its packs one after the other, and writes down what each took.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use duly::script::{Options, Severity, check};
use serde::{Deserialize, Serialize};

/// The file that names the packs.
pub const PACKS: &str = "DULY_HOSTILE_PACKS";
/// The file for the accounts.
pub const OUT: &str = "DULY_HOSTILE_OUT";

/// An error as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Error {
    pub code: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
    pub help: Option<String>,
}

/// What reading one pack took, and came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    pub pack: String,
    /// Processor time in milliseconds.
    pub work: u64,
    /// Memory at its peak above what the process had at first, in KiB.
    pub memory: u64,
    pub errors: Vec<Error>,
}

/// Processor time of this thread in milliseconds.
fn work() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec * 1_000 + time.tv_nsec / 1_000_000).unwrap()
}

/// The most memory that the process held since it was last asked, in KiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    let _ = fs::write("/proc/self/clear_refs", "5");
    peak.unwrap_or(0)
}

#[test]
fn reads_what_it_is_given() {
    let packs = super::packs();
    let list = std::env::var(PACKS).map(|list| fs::read_to_string(list).unwrap());
    // By itself it reads one pack, the project's own, and finds nothing.
    let Ok(list) = list else {
        let (plan, findings) = check(
            "pack.rhai",
            duly::script::hainan_board(),
            &Options::default(),
        );
        assert!(plan.is_some() && !findings.has_errors());
        return;
    };
    let mut out = OpenOptions::new()
        .append(true)
        .open(std::env::var(OUT).unwrap())
        .unwrap();
    // The first load tries whether the sandbox holds; what that takes is no pack's.
    let _ = check("pack.rhai", "", &Options::default());
    peak();
    let base = peak();
    for pack in list.lines() {
        // A file that is not UTF-8 is read as editors read it.
        let text = String::from_utf8_lossy(&packs[pack]).into_owned();
        peak();
        let before = work();
        let options = Options::default().with_bases(super::giants::base);
        let (plan, findings) = check("pack.rhai", &text, &options);
        assert_eq!(plan.is_none(), findings.has_errors(), "{pack}");
        let shown = findings.to_string().len() + findings.to_json_lines().len();
        assert!(shown > 0);
        let account = Account {
            pack: pack.to_owned(),
            work: work() - before,
            memory: peak().saturating_sub(base),
            errors: findings
                .all
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| Error {
                    code: finding.code.to_owned(),
                    line: finding.line,
                    column: finding.column,
                    message: finding.message.chars().take(160).collect(),
                    help: finding.help.map(|help| help.chars().take(160).collect()),
                })
                .collect(),
        };
        writeln!(out, "{}", serde_json::to_string(&account).unwrap()).unwrap();
    }
}
