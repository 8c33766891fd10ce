//! Every code of a finding has its section in `rules/FINDINGS.md`, with a pack that triggers it and a like one that does not.

use std::collections::BTreeSet;
use std::path::Path;

use super::{said_in_chinese, with};
use duly::script::{Options, check, hainan_board};

const PAGE: &str = include_str!("../../rules/FINDINGS.md");

/// A source, and what it is loaded with.
type Loaded = fn() -> (String, Options);

/// Codes without an example of a few lines on the page: what triggers them, and what is like it and does not.
const ELSEWHERE: [(&str, Loaded, Loaded); 7] = [
    (
        "D100",
        || (long(64 * 1024 + 1), Options::default()),
        || (long(64 * 1024), Options::default()),
    ),
    (
        "D211",
        || {
            over(
                "tighten(\"redo\").within(3.working_days); pause(\"等候\").side(OFFICE).most(5.working_days);",
            )
        },
        || over("tighten(\"redo\").within(3.working_days);"),
    ),
    (
        "D212",
        || {
            let (text, options) = over("");
            (text.replace("hainan-board", "hainan-bord"), options)
        },
        || over(""),
    ),
    (
        "D310",
        || {
            (
                with("term(\"热\", |m| m.heat > 5); track(督查办).start(|m| m.热);"),
                paths(1),
            )
        },
        || {
            (
                with("term(\"热\", |m| m.heat > 5); track(督查办).start(|m| m.热);"),
                paths(100),
            )
        },
    ),
    (
        "D407",
        || over("tighten(\"review\").within(3.working_days);"),
        || over("tighten(\"review\").within(1.working_days);"),
    ),
    ("D415", || over_dated(8), || over_dated(7)),
    (
        "D417",
        || over("ladder(\"sub_reply\").before(1.working_days).warn(单位领导);"),
        || over("ladder(\"sub_reply\").after(1.working_days).warn(单位领导);"),
    ),
];

/// Codes that no pack can trigger, and why.
const NEVER: [(&str, &str); 2] = [
    (
        "D300",
        "it does not happen in this build: tested beside the canary",
    ),
    (
        "D311",
        "nothing in the language can change between two runs: a second line of defence",
    ),
];

/// A pack of so many bytes, most of them a comment.
fn long(bytes: usize) -> String {
    let head = with("//");
    let head = head.trim_end();
    format!("{head}{}", "=".repeat(bytes - head.len()))
}

fn paths(most: u64) -> Options {
    let mut options = Options::default();
    options.paths = most;
    options
}

/// An overlay on the shipped pack.
fn over(lines: &str) -> (String, Options) {
    let base =
        |name: &str| (name == "hainan-board").then(|| ("base".into(), hainan_board().into()));
    let text = format!("pack(\"guide\", \"县\");\nbased_on(\"hainan-board\");\n{lines}\n");
    (text, Options::default().with_bases(base))
}

/// An overlay that sets a parameter of its base, which is 10 and then 7.
fn over_dated(days: u32) -> (String, Options) {
    let base = with(
        "const 期 = param(\"期\", 10, 1..=20).from(\"2026-01-01\", 7);\nclock(\"reply\").within(期.working_days);",
    );
    let base = base.replacen("pack(\"demo\"", "pack(\"base\"", 1);
    let bases = move |name: &str| (name == "base").then(|| ("base".into(), base.clone()));
    let text = format!("pack(\"over\", \"县\");\nbased_on(\"base\", #{{ \"期\": {days} }});\n");
    (text, Options::default().with_bases(bases))
}

/// Each section's code, and its examples by their kind.
fn sections() -> Vec<(&'static str, &'static str)> {
    PAGE.split("\n## ")
        .skip(1)
        .map(|section| (&section[..4], section))
        .collect()
}

fn example(section: &'static str, kind: &str) -> Option<&'static str> {
    examples(section, kind).first().copied()
}

fn examples(section: &'static str, kind: &str) -> Vec<&'static str> {
    let begins = format!("```rhai {kind}\n");
    let pieces = section.split(&begins).skip(1);
    let text = |piece: &'static str| Some(piece.split_once("\n```")?.0);
    pieces.filter_map(text).collect()
}

fn codes_of(source: &str, options: &Options) -> BTreeSet<&'static str> {
    let findings = check("pack.rhai", source, options).1;
    said_in_chinese(&findings);
    findings.all.iter().map(|finding| finding.code).collect()
}

/// Codes written in the sources.
fn written(dir: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written(&path, codes);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for piece in text.split("\"D").skip(1) {
            let code = piece.get(..4).filter(|code| code.ends_with('"'));
            if let Some(digits) = code.map(|code| &code[..3])
                && digits.bytes().all(|b| b.is_ascii_digit())
            {
                codes.insert(format!("D{digits}"));
            }
        }
    }
}

#[test]
fn every_code_has_its_section() {
    let mut codes = BTreeSet::new();
    written(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/script"),
        &mut codes,
    );
    let sections: Vec<String> = sections()
        .iter()
        .map(|(code, _)| (*code).to_owned())
        .collect();
    assert_eq!(sections, codes.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_code_has_a_pack_that_triggers_it_and_a_like_one_that_does_not() {
    let mut odd = Vec::new();
    for (code, section) in sections() {
        let page = |kind: &str| Some((with(example(section, kind)?), Options::default()));
        let elsewhere = ELSEWHERE.iter().find(|(own, ..)| *own == code);
        let never = NEVER.iter().any(|(own, _)| *own == code);
        let pair = match (page("bad"), page("good"), elsewhere) {
            (Some(bad), Some(good), None) => Some((bad, good)),
            (None, None, Some((_, bad, good))) => Some((bad(), good())),
            _ => None,
        };
        match pair {
            Some((bad, good)) if !never => {
                let bad = codes_of(&bad.0, &bad.1);
                if !bad.contains(code) {
                    odd.push(format!("{code} is not triggered: {bad:?}"));
                }
                // What is only warned about is still in order.
                let good = codes_of(&good.0, &good.1);
                if good.contains(code) || good.iter().any(|own| *own < "D400") {
                    odd.push(format!("{code}: the good example is not good: {good:?}"));
                }
            }
            None if never => {}
            _ => odd.push(format!("{code} has no pair of examples, or one too many")),
        }
    }
    // Further pairs of a section are tried as the first.
    for (code, section) in sections() {
        let tried = |kind: &str| {
            let further = examples(section, kind).into_iter().skip(1);
            let codes = further.map(|text| codes_of(&with(text), &Options::default()));
            codes.collect::<Vec<_>>()
        };
        let missed = tried("bad").iter().any(|codes| !codes.contains(code));
        let good = |codes: &BTreeSet<&str>| codes.iter().all(|it| *it >= "D400" && *it != code);
        if missed || !tried("good").iter().all(good) {
            odd.push(format!("{code}: a further pair does not show it"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}
