//! A pack is any text: whoever deploys a board may be handed one by anybody.
//!
//! Promised: loading ends, in bounded memory, with a plan or with errors, never with both or neither; everything found has a place in the
//! text that can be shown; a pack is one plan however often it is read, and the plan that is stored is the plan that was read.
//!
//! `tests/hostile` holds packs against their bounds of work one by one; here they are only the seeds.
#![no_main]

use std::sync::LazyLock;

use duly::plan::{Plan, Plans};
use duly::script::{Findings, Options, check, labels};
use duly::words::Lang;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

/// A pack may lie over those that come with the library. The bounds on work are a seventh of what a host has, since it is not the work of
/// one pack that is looked for here, but many packs; the shipped ones load within them.
static OPTIONS: LazyLock<Options> = LazyLock::new(|| {
    let mut options = Options::default().with_shipped();
    options.paths = 2_000;
    options.operations = 200_000;
    options
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    duly_fuzz::mutate_statements(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    // A file that is not UTF-8 is read as editors read it.
    let text = String::from_utf8_lossy(data);
    duly_fuzz::within(200, || read(&text));
    Corpus::Keep
});

fn read(text: &str) {
    let (plan, findings) = check("pack.rhai", text, &OPTIONS);
    assert_eq!(plan.is_none(), findings.has_errors(), "{findings}");
    placed(text, &findings);
    let _ = labels(text, &OPTIONS);
    let Some(plan) = plan else { return };
    let (again, found) = check("pack.rhai", text, &OPTIONS);
    assert_eq!(again.as_ref().map(Plan::id), Some(plan.id()));
    assert_eq!(found, findings);
    stored(&plan);
    // A board takes it in hand, or says what is missing.
    let mut plans = Plans::new("board".parse().unwrap());
    for rule in &plan.derived {
        plans.give_by_hand(&rule.fact);
    }
    if let Ok(id) = plans.take(plan) {
        assert!(plans.get(&id).is_some());
    }
}

/// Each finding stands in its file: a line that is there, as it stands there, and a column in it or just behind it. It can be shown in both
/// languages, and as JSON.
fn placed(text: &str, findings: &Findings) {
    for finding in &findings.all {
        let shown = finding.in_words(Lang::Zh).to_string();
        assert!(!shown.is_empty() && !finding.to_string().is_empty());
        if finding.line == 0 {
            continue;
        }
        assert!(finding.column >= 1 && finding.width >= 1, "{finding:?}");
        if finding.file != "pack.rhai" {
            continue;
        }
        let own = text.strip_prefix('\u{feff}').unwrap_or(text);
        let line = own.split('\n').nth(finding.line - 1);
        let line = line.unwrap_or_else(|| panic!("past the end: {finding:?}"));
        assert_eq!(
            line.trim_end_matches('\r'),
            finding.source_line,
            "{finding:?}"
        );
        let columns = line.chars().count() + 1;
        assert!(finding.column <= columns, "{columns} columns: {finding:?}");
    }
    let lines = findings.to_json_lines();
    assert_eq!(lines.lines().count(), findings.all.len());
}

/// What is stored of a plan reads back as that plan, and is written in the same bytes.
fn stored(plan: &Plan) {
    let written = serde_json_canonicalizer::to_vec(plan).unwrap();
    let back: Plan = serde_json::from_slice(&written)
        .unwrap_or_else(|error| panic!("a stored plan is not read: {error}"));
    assert_eq!(&back, plan);
    assert_eq!(back.id(), plan.id());
    assert_eq!(serde_json_canonicalizer::to_vec(&back).unwrap(), written);
}
