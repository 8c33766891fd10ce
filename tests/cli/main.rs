//! The tool, run as people run it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test"
)]

mod adopt;
mod checker;
mod demo;
mod differ;
mod explain;
mod guide;
mod packs;
mod replay;
mod report;
mod same;
mod schema;
mod simulate;
mod trials;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// What a run of the tool left behind.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let ran = Ran {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    };
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

fn duly(args: &[&str]) -> Ran {
    ran(Command::new(env!("CARGO_BIN_EXE_duly"))
        .args(args)
        .output()
        .expect("the tool runs"))
}

/// How the tool ends where nobody reads what it prints.
fn unread(args: &[&str]) -> Option<i32> {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let ran = Command::new(env!("CARGO_BIN_EXE_duly"))
        .args(args)
        .stdout(writer)
        .output()
        .expect("the tool runs");
    ran.status.code()
}

/// A file in a folder of the test's own.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().expect("a folder"))
    }
    fn path(&self, name: &str) -> String {
        let path: PathBuf = self.0.path().join(name);
        path.to_str().expect("a plain path").to_owned()
    }
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("written");
        path
    }
}

#[test]
fn help_and_version_say_what_there_is() {
    let help = duly(&["--help"]);
    assert_eq!(help.code, Some(0));
    for command in [
        "demo", "check", "replay", "verify", "show", "simulate", "test", "diff", "adopt",
        "explain", "words", "report", "seal",
    ] {
        assert!(help.out.contains(command), "{}", help.out);
        assert_eq!(duly(&[command, "--help"]).code, Some(0));
    }
    assert_eq!(
        duly(&["--version"]).out,
        format!("duly {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_usage_is_told_apart_from_findings() {
    assert_eq!(duly(&[]).code, Some(2));
    assert_eq!(duly(&["demoo"]).code, Some(2));
    let until = duly(&[
        "replay",
        "hainan-board",
        "--commands",
        "x",
        "--until",
        "2026-03-02T09:00:00",
    ]);
    assert_eq!(until.code, Some(2));
    assert!(until.err.contains("offset"), "{}", until.err);
    let missing = duly(&["check", "no-such-pack.rhai"]);
    assert_eq!(
        (missing.code, missing.err.contains("no such file")),
        (Some(1), true),
        "{}",
        missing.err
    );
}

#[test]
fn a_reader_who_has_seen_enough_does_no_harm() {
    for args in [&["demo"][..], &["check", "hainan-board"], &["--help"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duly"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool runs");
        drop(child.stdout.take());
        let ran = ran(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{args:?}");
    }
}

/// What a command judged is its verdict also where nobody reads what it prints, however much that is: a pack that is wrong is wrong behind `| true`. What
/// judges nothing is content that it was read as far as it was wanted.
#[test]
fn a_verdict_stands_though_nobody_reads_it() {
    let desk = Desk::new();
    let head = "pack(\"demo\", \"示例\");\nplace(\"6325\", \"海南州\", \"州留言受理岗\");\n";
    let wrong = desk.file("wrong.rhai", &format!("{head}clok(\"reply\");\n"));
    let many: String = (0..150).map(|n| format!("clok{n}(\"reply\");\n")).collect();
    let worse = desk.file("worse.rhai", &format!("{head}{many}"));
    let right = desk.file("right.rhai", head);
    assert_eq!(unread(&["check", &wrong]), Some(1));
    assert_eq!(unread(&["check", &worse]), Some(1));
    assert_eq!(unread(&["check", &right]), Some(0));
    assert_eq!(unread(&["diff", &right, &right]), Some(0));
    assert_eq!(unread(&["diff", &right, "hainan-board"]), Some(1));
    assert_eq!(unread(&["test", "rules/hainan-board", "--json"]), Some(0));
    assert_eq!(unread(&["words"]), Some(0));
}
