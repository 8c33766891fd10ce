//! `bulletin(…).ranked_by(…)`: who asks for a ranking has one, and is told what can be ranked by.

use duly::plan::{RankBy, RankingRule};
use duly::script::{Options, check};
use duly::words::Lang;

use super::with;

fn ranked(by: &str) -> String {
    with(&format!("bulletin(\"通报\").to(督查办).ranked_by({by});"))
}

fn faults(source: &str, lang: Lang) -> String {
    let (plan, findings) = check("pack.rhai", source, &Options::default());
    assert!(plan.is_none(), "{findings}");
    findings.in_words(lang).to_string()
}

#[test]
fn a_bulletin_is_ranked_by_a_rate_in_either_language() {
    for name in ["\"实际按期率\", 5", "\"effective\", 5"] {
        let plan = duly::script::load("pack.rhai", &ranked(name)).unwrap();
        let rule = RankingRule {
            by: RankBy::Effective,
            at_least: 5,
        };
        assert_eq!(plan.bulletin.ranking, Some(rule));
    }
    let plain = duly::script::load("pack.rhai", &with("")).unwrap();
    assert_eq!(plain.bulletin.ranking, None);
    // What does not rank is stored as before, and keeps its identity.
    assert!(!serde_json::to_string(&plain).unwrap().contains("ranking"));
}

#[test]
fn what_cannot_be_ranked_by_is_told_in_both_languages() {
    let mut said = String::new();
    for by in [
        "\"按期律\", 5",
        "\"on_tme\", 5",
        "\"按期率\", 0",
        "\"按期率\"",
    ] {
        for lang in [Lang::Zh, Lang::En] {
            said.push_str(&faults(&ranked(by), lang));
            said.push('\n');
        }
    }
    insta::assert_snapshot!(said);
}

/// Two packs that rank otherwise differ, and the difference says how.
#[test]
fn a_ranking_that_changes_is_a_difference() {
    let load = |by: &str| duly::script::load("pack.rhai", &ranked(by)).unwrap();
    let unranked = with("bulletin(\"通报\").to(督查办);");
    let plain = duly::script::load("pack.rhai", &unranked).unwrap();
    let said = |old: &duly::plan::Plan, new: &duly::plan::Plan| {
        let changes = old.diff(new, 10).changes;
        let told = changes.iter().map(|it| {
            let (was, is) = &it.says;
            let zh = format!("{}:{} → {}", it.what.zh, was.zh, is.zh);
            format!("{zh}\n{}: {} → {}\n", it.what.en, was.en, is.en)
        });
        told.collect::<String>()
    };
    let (five, two) = (load("\"按期率\", 5"), load("\"满意率\", 2"));
    insta::assert_snapshot!(format!("{}{}", said(&plain, &five), said(&five, &two)));
}
