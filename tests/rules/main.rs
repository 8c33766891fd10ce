//! Rules: what packs say, what their authors are told, and that diagrams answer as the rules were written.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are tests too"
)]

mod bulletins;
mod clause_findings;
mod clauses;
mod codes;
mod dates;
mod decimals;
mod derived;
mod diagrams;
mod differ;
mod differences;
mod duties;
mod faults;
mod findings;
mod flips;
mod hostile;
mod kept;
mod lexicon;
mod mistakes;
mod notices;
mod numbers;
mod overlay;
mod pack;
mod shipped;
mod small;
mod tighten;
#[path = "../tries/mod.rs"]
mod tries;
mod whys;

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

/// Every finding says in Chinese what it says in English, without a word of English but what stands between backticks or is a
/// case, which is in the words of the pack.
pub fn said_in_chinese(findings: &Findings) {
    let known = ["UTF", "KiB", "CR", "LF"];
    for one in &findings.all {
        let help = [one.help.as_deref(), one.zh.help.as_deref()];
        assert_eq!(help[0].is_some(), help[1].is_some(), "{one}");
        let pairs = [
            (one.message.as_str(), one.zh.message.as_str()),
            (help[0].unwrap_or("-"), help[1].unwrap_or("无")),
        ];
        for (en, zh) in pairs {
            let plain: String = zh.split('`').step_by(2).collect();
            let mut pieces = plain.split("情形:");
            let mut own = pieces.next().unwrap_or_default().to_owned();
            own.extend(
                pieces
                    .filter_map(|rest| rest.split_once(')'))
                    .map(|(_, rest)| rest),
            );
            let own = own.split("怎么办:").next().unwrap_or_default();
            let english = own
                .split(|c: char| !c.is_ascii_alphabetic())
                .find(|word| word.len() > 1 && !known.contains(word));
            let chinese = own.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(en != zh && chinese && english.is_none(), "{one}\n{zh}");
        }
    }
}

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
    said_in_chinese(&findings);
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

/// The one finding, and what is said of all in Chinese, a line each.
pub fn in_both(lines: &str) -> Vec<String> {
    let zh = found(lines).all.into_iter().map(|finding| {
        let help = finding.zh.help.unwrap_or_default();
        format!("  {} | {help}", finding.zh.message)
    });
    std::iter::once(one(lines)).chain(zh).collect()
}

/// The plan of the pack with these lines.
pub fn plan(lines: &str) -> duly::plan::Plan {
    load("pack.rhai", &with(lines)).unwrap_or_else(|findings| panic!("{lines}\n{findings}"))
}
