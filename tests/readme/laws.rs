//! The index of the laws names tests that are there, and every property is named in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const INDEX: &str = include_str!("../../src/laws.md");

/// Every source file under `tests` that belongs to a test binary: with the name of the module, as the test runner prints it.
fn modules() -> Vec<(String, String)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = vec![tests.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let inside = path.strip_prefix(&tests).unwrap();
            let binary = inside.components().next().unwrap().as_os_str();
            if path.is_dir() {
                // A folder of tests has a `main.rs`; others are packages of their own or hold data.
                if tests.join(binary).join("main.rs").exists() {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == "rs") {
                let name = inside.with_extension("");
                let parts = name.components().map(|it| it.as_os_str().to_str().unwrap());
                let parts = parts.filter(|it| !matches!(*it, "main" | "mod"));
                let source = std::fs::read_to_string(&path).unwrap();
                all.push((parts.collect::<Vec<_>>().join("::"), source));
            }
        }
    }
    all
}

/// What a line that begins a function calls it.
fn function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// The tests of a file, and which of them are properties.
fn tests(source: &str) -> Vec<(&str, bool)> {
    let mut all = Vec::new();
    let (mut marked, mut ignored, mut properties) = (false, false, false);
    for line in source.lines() {
        let begins = [
            "proptest! {",
            "proptest::proptest! {",
            "prop_state_machine! {",
        ];
        if begins.iter().any(|it| line.starts_with(it)) {
            properties = true;
        } else if properties && line == "}" {
            properties = false;
        }
        let line = line.trim_start();
        if line.starts_with("#[test]") {
            marked = true;
        } else if line.starts_with("#[ignore") {
            ignored = true;
        } else if let Some(name) = function(line) {
            if marked && !ignored {
                all.push((name, properties));
            }
            (marked, ignored) = (false, false);
        }
    }
    all
}

/// The tests that there are, as the test runner prints them.
pub fn there() -> BTreeSet<String> {
    let modules = modules();
    let all = modules.iter().flat_map(|(module, source)| {
        let tests = tests(source).into_iter();
        tests.map(move |(name, _)| format!("{module}::{name}"))
    });
    all.collect()
}

/// The tests that the index names.
pub fn named() -> Vec<&'static str> {
    let quoted = INDEX.split('`').skip(1).step_by(2);
    quoted
        .filter(|it| it.contains("::") && !it.starts_with("desk::conformance"))
        .collect()
}

#[test]
fn every_law_of_the_index_is_held_by_a_test_that_is_there() {
    let there = there();
    let gone: Vec<&str> = named()
        .into_iter()
        .filter(|name| !there.contains(*name))
        .collect();
    assert!(gone.is_empty(), "no test is called {gone:#?}");
    assert!(named().len() > 150, "the index was not read");
    for row in INDEX.lines().filter(|line| line.starts_with("| ")) {
        let held = row.starts_with("| law |") || row.contains("::");
        assert!(held, "nothing holds: {row}");
    }
}

#[test]
fn every_property_stands_in_the_index() {
    let named: BTreeSet<&str> = named().into_iter().collect();
    let mut properties = 0;
    let mut missing = Vec::new();
    for (module, source) in modules() {
        for (name, property) in tests(&source) {
            properties += usize::from(property);
            let path = format!("{module}::{name}");
            if property && !named.contains(path.as_str()) {
                missing.push(path);
            }
        }
    }
    assert!(missing.is_empty(), "not in src/laws.md: {missing:#?}");
    assert!(properties > 110, "only {properties} properties were found");
}
