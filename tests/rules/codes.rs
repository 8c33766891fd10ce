//! Every code of a finding has its section in `rules/FINDINGS.md`, with a pack that triggers it and a like one that does not.

use std::collections::BTreeSet;
use std::path::Path;

use super::with;
use duly::script::{Options, check};

const PAGE: &str = include_str!("../../rules/FINDINGS.md");

/// Codes without an example of a few lines: where they are tested instead.
const ELSEWHERE: [(&str, &str); 7] = [
    (
        "D100",
        "`a_source_that_is_too_large_is_not_read`: the example would be 64 KiB",
    ),
    (
        "D211",
        "`whatever_would_loosen_the_base_is_refused_at_its_place`: it takes a second pack",
    ),
    ("D212", "`heads_that_do_not_fit_are_refused`"),
    (
        "D407",
        "`tightening_takes_the_earlier_of_both_case_by_case`: it takes a second pack",
    ),
    (
        "D300",
        "beside the canary: it does not happen in this build",
    ),
    (
        "D310",
        "`a_rule_that_tells_too_many_cases_apart_is_stopped_and_says_what_multiplies`",
    ),
    (
        "D311",
        "nothing in the language can change between two runs: a second line of defence",
    ),
];

/// Each section's code, and its examples by their kind.
fn sections() -> Vec<(&'static str, &'static str)> {
    PAGE.split("\n## ")
        .skip(1)
        .map(|section| (&section[..4], section))
        .collect()
}

fn example(section: &'static str, kind: &str) -> Option<&'static str> {
    let (_, rest) = section.split_once(&format!("```rhai {kind}\n"))?;
    rest.split_once("\n```").map(|(text, _)| text)
}

fn codes_of(lines: &str) -> BTreeSet<&'static str> {
    let findings = check("pack.rhai", &with(lines), &Options::default()).1;
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
        let elsewhere = ELSEWHERE.iter().any(|(own, _)| *own == code);
        match (example(section, "bad"), example(section, "good")) {
            (Some(bad), Some(good)) if !elsewhere => {
                if !codes_of(bad).contains(code) {
                    odd.push(format!("{code} is not triggered: {:?}", codes_of(bad)));
                }
                // What is only warned about is still in order.
                let good = codes_of(good);
                if good.contains(code) || good.iter().any(|own| *own < "D400") {
                    odd.push(format!("{code}: the good example is not good: {good:?}"));
                }
            }
            (None, None) if elsewhere => {}
            _ => odd.push(format!("{code} has no pair of examples")),
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}
