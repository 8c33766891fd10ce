//! The deliberate breakages still fit the code: each would break what it says, and the law that is to catch it is there.

use std::path::Path;

use crate::laws;

const BREAKAGES: &str = include_str!("../broken/breakages.txt");

/// A breakage, as `tests/broken/run` reads it.
#[derive(Default)]
struct Breakage {
    title: &'static str,
    law: &'static str,
    file: &'static str,
    stands: String,
    instead: String,
}

fn breakages() -> Vec<Breakage> {
    let mut all: Vec<Breakage> = Vec::new();
    for line in BREAKAGES.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            all.push(Breakage {
                title,
                ..Breakage::default()
            });
        } else if let Some(last) = all.last_mut() {
            let text = |line: &str| format!("{line}\n");
            match line.split_at_checked(1) {
                Some(("-", rest)) => last.stands += &text(rest),
                Some(("+", rest)) => last.instead += &text(rest),
                _ => match line.split_once(' ') {
                    Some(("law", law)) => last.law = law,
                    Some(("in", file)) => last.file = file,
                    _ => assert!(line.is_empty(), "breakages.txt: what is `{line}`"),
                },
            }
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
        }
    }
    all
}

// What a breakage breaks stands in its file once, and what stands there instead is something else: or nothing would be broken, or it would not be
// known where. Whoever rewrites such a line rewrites it in `tests/broken/breakages.txt` too.
#[test]
fn every_breakage_still_has_something_to_break() {
    let all = breakages();
    let mut wrong = Vec::new();
    for it in &all {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(it.file);
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        // Whole lines: what is broken begins where a line does.
        let found = format!("\n{source}");
        let times = found.matches(&format!("\n{}", it.stands)).count();
        if times != 1 || it.stands == it.instead || it.stands.is_empty() {
            wrong.push(format!(
                "`{}`: what it breaks stands in `{}` {times} times, and should once:\n{}",
                it.title, it.file, it.stands
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "Look up what became of these lines, and let the `-` lines of the breakage be as they are now, its `+` lines as they must not be; \
         `tests/broken/run TITLE` says whether its law still catches it.\n\n{}",
        wrong.join("\n")
    );
    assert!(all.len() >= 50, "only {} breakages were read", all.len());
}

// The law that is to catch it is a test that is there, and stands in the index.
#[test]
fn every_breakage_names_a_law_that_is_there() {
    let (there, named) = (laws::there(), laws::named());
    let wrong: Vec<String> = breakages()
        .iter()
        .filter(|it| !there.contains(it.law) || !named.contains(&it.law))
        .map(|it| format!("`{}`: {}", it.title, it.law))
        .collect();
    assert!(
        wrong.is_empty(),
        "Name in tests/broken/breakages.txt a test that is there and that src/laws.md has: {wrong:#?}"
    );
}
