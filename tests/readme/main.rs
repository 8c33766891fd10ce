//! The README is true: its pack loads, its command log runs, the tests it names are there; so is the index of laws, and the deliberate breakages fit.
#![cfg(feature = "script")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where it is wrong"
)]

mod broken;
mod laws;

use duly::case::{Case, decide};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{Actor, CaseId, Command, Envelope, Salt};

const README: &str = include_str!("../../README.md");

fn block(language: &str) -> &'static str {
    let (_, rest) = README
        .split_once(&format!("```{language}\n"))
        .expect("the block is there");
    rest.split_once("```").expect("the block ends").0
}

#[test]
fn the_pack_of_the_readme_loads_without_findings() {
    let (plan, findings) = duly::script::check("readme.rhai", block("rhai"), &Default::default());
    assert!(plan.is_some() && findings.all.is_empty(), "{findings}");
    assert!(
        block("rhai").lines().count() <= 24,
        "a pack of twenty lines or so"
    );
}

#[test]
fn the_command_log_of_the_readme_runs_under_the_shipped_pack() {
    #[derive(serde::Deserialize)]
    struct Line {
        case: CaseId,
        at: Moment,
        by: Actor,
        command: Command,
    }
    let mut plans = Plans::new("readme".parse().unwrap());
    plans
        .take(duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap())
        .unwrap();
    let mut case: Option<Case> = None;
    for (n, text) in block("json").lines().enumerate() {
        let line: Line = serde_json::from_str(text).unwrap_or_else(|e| panic!("line {n}: {e}"));
        let id = format!("line-{n}");
        let envelope = Envelope {
            salt: Salt::derived(b"readme", &id),
            id: id.parse().unwrap(),
            case: line.case,
            by: line.by,
            at: line.at,
            command: line.command,
        };
        case = Some(
            decide(case.as_ref(), &envelope, &plans)
                .unwrap_or_else(|e| panic!("line {n}: {e}"))
                .case,
        );
    }
    assert_eq!(case.unwrap().stage_name(), duly::words::StageName::Assigned);
}

#[test]
fn every_test_that_the_readme_names_is_in_the_index_of_the_laws() {
    let index = include_str!("../../src/laws.md");
    let (_, promises) = README.split_once("## What it promises").unwrap();
    let (promises, _) = promises.split_once("## What it does not do").unwrap();
    let mut named = 0;
    for name in promises.split('`').skip(1).step_by(2) {
        if !name.contains(['/', '.', '=', ':']) && name.contains('_') {
            assert!(
                index.contains(&format!("::{name}`")),
                "no law is held by `{name}`"
            );
            named += 1;
        }
    }
    assert!(named >= 12, "only {named} tests are named");
}
