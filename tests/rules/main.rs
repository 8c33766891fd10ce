//! Rules: what packs say, what their authors are told, and that diagrams answer as the rules were written.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are tests too"
)]

mod codes;
mod decimals;
mod diagrams;
mod differ;
mod findings;
mod flips;
mod hostile;
mod overlay;
mod pack;
mod small;

use duly::script::{Findings, Severity, check, load};

/// A pack that loads, with a place for one more line: line 8.
pub const HEAD: &str = r#"pack("demo", "示例");
place("6325", "海南州", "州留言受理岗");
const 承办人 = role("owner", "承办责任人");
const 督查办 = role("supervisor", "督查办公室");
const 热度线 = param("热度线", 100, 10..=1_000);
fact("kind", ["投诉", "求助", "咨询"]).given_by(CITIZEN);
fact("heat", 0..=1_000).given_by(HOST).moves();
"#;

/// The pack with these lines.
pub fn with(lines: &str) -> String {
    format!("{HEAD}{lines}\n")
}

/// The findings of the pack with these lines, errors only.
pub fn found(lines: &str) -> Findings {
    let (plan, mut findings) = check("pack.rhai", &with(lines), &duly::script::Options::default());
    findings
        .all
        .retain(|finding| finding.severity == Severity::Error);
    assert_eq!(
        plan.is_none(),
        findings.has_errors(),
        "a plan, or an error: {findings}"
    );
    findings
}

/// The one finding of the pack with these lines: `code line:column message | help`.
pub fn one(lines: &str) -> String {
    let findings = found(lines);
    if findings.all.len() != 1 {
        return format!("{lines}\n{findings}");
    }
    let f = &findings.all[0];
    format!(
        "{} {}:{} {} | {}",
        f.code,
        f.line,
        f.column,
        f.message,
        f.help.as_deref().unwrap_or("-")
    )
}

/// The plan of the pack with these lines.
pub fn plan(lines: &str) -> duly::plan::Plan {
    load("pack.rhai", &with(lines)).unwrap_or_else(|findings| panic!("{lines}\n{findings}"))
}
