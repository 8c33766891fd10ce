//! Packs that nobody who means well would write: each is refused at its place, within bounds of work and memory, and brings nothing
//! down.
//!
//! `packs/` holds them, one a file, named by kind; what would be too large for a file is made in `giants`. They are read in
//! children of this process, because what is to be shown includes that a process survives them: a child is bounded in processor
//! time (not wall time, of which a busy machine has less) and in address space, and accounts for each pack by itself.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are tests too"
)]

mod child;
mod giants;
mod mutations;
#[path = "../tries/mod.rs"]
mod tries;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};

use child::{Account, OUT, PACKS};

/// Processor time of one pack, in milliseconds. The largest take a fifth of it here, and less than all of it where nothing is optimised.
const WORK: u64 = 2_000;
/// Memory that one pack may take above what the process had, in KiB.
const MEMORY: u64 = 200 * 1024;

/// Packs that are no worse than they look, and load: what the editor or the author meant is plain.
const SOUND: &[&str] = &[
    "clauses_first_30_pairs",
    "memory_text_plus",
    "types_fact_stored_in_map",
];

/// Packs whose errors have no place, and why.
const PLACELESS: &[(&str, &str)] = &[];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/packs")
}

/// Every pack by name.
pub fn packs() -> BTreeMap<String, Vec<u8>> {
    let mut packs: BTreeMap<String, Vec<u8>> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "rhai"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    for (name, text) in giants::all() {
        assert!(
            packs.insert(name.clone(), text).is_none(),
            "two packs are called {name}"
        );
    }
    packs
}

/// A child that reads these packs, within what a shell can bound.
fn spawn(names: &[String], dir: &std::path::Path, number: usize) -> (Child, PathBuf) {
    let (list, out) = (
        dir.join(format!("{number}.in")),
        dir.join(format!("{number}.out")),
    );
    fs::write(&list, names.join("\n")).unwrap();
    fs::write(&out, "").unwrap();
    let child = Command::new("sh")
        .args(["-c", "ulimit -t 120; ulimit -v 1000000; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "child::reads_what_it_is_given",
            "--test-threads",
            "1",
        ])
        .env(PACKS, &list)
        .env(OUT, &out)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    (child, out)
}

fn read(names: &[String]) -> BTreeMap<String, Account> {
    let dir = tempfile::tempdir().unwrap();
    let halves: Vec<Vec<String>> = (0..2)
        .map(|half| names.iter().skip(half).step_by(2).cloned().collect())
        .collect();
    let children: Vec<_> = halves
        .iter()
        .enumerate()
        .map(|(number, names)| spawn(names, dir.path(), number))
        .collect();
    let mut accounts = BTreeMap::new();
    for ((mut child, out), names) in children.into_iter().zip(&halves) {
        let status = child.wait().unwrap();
        for line in fs::read_to_string(&out).unwrap().lines() {
            let account: Account = serde_json::from_str(line).unwrap();
            accounts.insert(account.pack.clone(), account);
        }
        let next = names.iter().find(|name| !accounts.contains_key(*name));
        assert!(
            status.success() && next.is_none(),
            "{status}, while reading {next:?}"
        );
    }
    accounts
}

#[test]
fn every_hostile_pack_is_refused_at_its_place_within_bounds() {
    let names: Vec<String> = packs().into_keys().collect();
    assert!(names.len() >= 300, "{} packs", names.len());
    let accounts = read(&names);
    let mut odd = Vec::new();
    let mut listing = String::new();
    for (name, account) in &accounts {
        let placed = account
            .errors
            .iter()
            .any(|error| error.line >= 1 && error.column >= 1);
        if account.errors.is_empty() != SOUND.contains(&name.as_str()) {
            odd.push(format!("{name}: {} errors", account.errors.len()));
        }
        if !account.errors.is_empty() && placed == PLACELESS.iter().any(|(own, _)| own == name) {
            odd.push(format!("{name}: at no place"));
        }
        if account.work > WORK || account.memory > MEMORY {
            odd.push(format!(
                "{name}: {} ms, {} KiB",
                account.work, account.memory
            ));
        }
        let _ = writeln!(listing, "{name}");
        for error in account.errors.iter().take(3) {
            let _ = writeln!(
                listing,
                "  {} {}:{} {}",
                error.code, error.line, error.column, error.message
            );
            if let Some(help) = &error.help {
                let _ = writeln!(listing, "      {help}");
            }
        }
        if account.errors.len() > 3 {
            let _ = writeln!(listing, "  and {} more", account.errors.len() - 3);
        }
    }
    let mut dearest: Vec<&Account> = accounts.values().collect();
    dearest.sort_by_key(|account| std::cmp::Reverse(account.work));
    for account in dearest.iter().take(8) {
        eprintln!(
            "{:>6} ms {:>8} KiB {}",
            account.work, account.memory, account.pack
        );
    }
    dearest.sort_by_key(|account| std::cmp::Reverse(account.memory));
    for account in dearest.iter().take(8) {
        eprintln!(
            "{:>6} ms {:>8} KiB {}",
            account.work, account.memory, account.pack
        );
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
    insta::assert_snapshot!(listing);
}
