//! The lists of the language: each name that packs may write is in them, and each of them may be written.

use std::collections::BTreeSet;

use duly::plan::engine_facts;
use duly::script::{Options, Severity, check, facts, names, terms, units, vocabulary};
use duly::words::{ClockMark, Lang, Outcome};

use super::with;

/// How each word that takes a name in capitals is written with one.
const PLACES: [(&str, &str); 14] = [
    ("given_by", "fact(\"x\").given_by(NAME);"),
    ("side", "pause(\"停\").side(NAME).most(1.working_days);"),
    (
        "extend",
        "clock(\"reply\").within(5.working_days).extend(#{ granted_by: 督查办, times: 1, most: 1.working_days, told: NAME });",
    ),
    (
        "to",
        "notice(RECEIVED, \"来件\").to(NAME).says(\"已收到\");",
    ),
    ("in_text", "mention(\"vague\", [\"近期\"]).in_text(NAME);"),
    (
        "judged",
        "gate(\"process\").judged(NAME).require(|m| m.has_contact, \"联系\");",
    ),
    (
        "class",
        "clock(\"reply\").within(5.working_days).class(NAME).cite(\"第一条\");",
    ),
    ("quiet", "quiet(NAME);"),
    ("propose", "classify(\"class\").propose(|m| NAME);"),
    ("lead", "route().lead(|m| NAME);"),
    (
        "starts",
        "clock(\"reply\").starts(NAME).within(5.working_days);",
    ),
    (
        "stops",
        "clock(\"reply\").stops(NAME).within(5.working_days);",
    ),
    (
        "clauses",
        "clock(\"reply\").clauses(NAME).when(|m| m.class == \"问事\", 3.working_days).otherwise(5.working_days);",
    ),
    ("notice", "notice(NAME, \"事\").to(督查办);"),
];

/// Striking off takes each outcome with a class that allows it.
fn striking_off(name: &str) -> bool {
    ["办事", "问事", "建议", "致谢"]
        .iter()
        .any(|class| takes(&format!("strike_off().allow(\"{class}\", [{name}]);")))
}

/// Whether the name itself is in order there; what the spine says to it is another matter.
fn takes(line: &str) -> bool {
    let (_, findings) = check("pack.rhai", &with(line), &Options::default());
    let odd = ["D202", "D203", "D206", "D308"];
    findings
        .all
        .iter()
        .all(|one| one.severity != Severity::Error || !odd.contains(&one.code))
}

/// Every name in capitals, tried in every word that takes one: it is in order exactly where the list says that it may stand.
#[test]
fn names_stand_where_the_list_says_and_nowhere_else() {
    let words: BTreeSet<&str> = vocabulary().map(|word| word.name).collect();
    let tried = PLACES.iter().map(|(word, _)| *word).chain(["allow"]);
    let tried: BTreeSet<&str> = tried.collect();
    let mut odd = Vec::new();
    for name in names() {
        assert!(!name.zh.is_empty() && !name.zh.is_ascii(), "{name:?}");
        assert!(!name.stands.is_empty(), "{name:?}");
        for word in name.stands {
            assert!(words.contains(word) && tried.contains(word), "{name:?}");
        }
        for (word, line) in PLACES {
            let said = name.stands.contains(&word);
            if takes(&line.replace("NAME", name.name)) != said {
                odd.push(format!("{} in {word}: the list says {said}", name.name));
            }
        }
        if striking_off(name.name) && !name.stands.contains(&"allow") {
            odd.push(format!("{} in allow: the list does not say so", name.name));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

/// Marks and outcomes are those of the machine, each once, and nothing else is a name.
#[test]
fn the_machines_marks_and_outcomes_are_names() {
    let all: Vec<&str> = names().map(|name| name.name).collect();
    let once: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(once.len(), all.len());
    let in_capitals = |name: &str| name.to_uppercase();
    for mark in ClockMark::ALL {
        let own = names().find(|it| it.name == in_capitals(mark.name()));
        assert_eq!(own.map(|own| own.zh), Some(mark.zh()));
    }
    for outcome in Outcome::ALL {
        let own = names().find(|it| it.name == in_capitals(outcome.name()));
        assert!(own.is_some(), "{outcome}");
    }
    let (_, findings) = check(
        "pack.rhai",
        &with("quiet(OUTSIDE_HOURS);"),
        &Options::default(),
    );
    assert_eq!(findings.all[0].code, "D202");
}

/// Each unit makes a length, or a share, of a number; no other word does.
#[test]
fn units_are_what_follows_a_number() {
    for unit in units() {
        assert!(!unit.zh.is_empty());
        let line = match unit.name {
            "percent" => "clock(\"co_reply\").within(share(\"reply\", 5.percent));".to_owned(),
            name => format!("clock(\"reply\").within(5.{name});"),
        };
        let (plan, findings) = check("pack.rhai", &with(&line), &Options::default());
        assert!(plan.is_some(), "{findings}");
    }
    let names: Vec<&str> = units().map(|unit| unit.name).collect();
    // The finding about a unit that is none names those there are.
    let (_, findings) = check(
        "pack.rhai",
        &with("clock(\"reply\").within(5.fortnights);"),
        &Options::default(),
    );
    let help = findings.all[0].help.clone().unwrap_or_default();
    let told: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
    assert!(told.iter().all(|unit| names.contains(unit)), "{help}");
    assert_eq!(names.len(), 8);
}

/// The engine's facts are those that every plan begins with, each with a Chinese name, and a rule may read each.
#[test]
fn facts_are_those_that_every_plan_begins_with() {
    for lang in [Lang::Zh, Lang::En] {
        let listed: Vec<_> = facts(lang)
            .into_iter()
            .map(|it| (it.name, it.domain))
            .collect();
        let own: Vec<_> = engine_facts(lang)
            .into_iter()
            .map(|it| (it.name, it.domain))
            .collect();
        assert_eq!(listed, own);
    }
    for fact in facts(Lang::Zh) {
        assert!(!fact.zh.is_ascii(), "`{}` has no Chinese name", fact.name);
        let (least, _) = fact.domain.codes();
        let value = match fact.domain.value(least) {
            duly::words::FactValue::Label(label) => format!("\"{label}\""),
            other => other.to_string(),
        };
        let line = format!(
            "gate(\"process\").require(|m| m.{} == {value}, \"…\");",
            fact.name
        );
        let (plan, findings) = check("pack.rhai", &with(&line), &Options::default());
        assert!(plan.is_some(), "{line}\n{findings}");
    }
}

/// Each term is taken in English and in Chinese by the word that the list names, and a term that is none is refused by it.
#[test]
fn terms_are_taken_in_both_languages() {
    let line = |word: &str, term: &str| match word {
        "clock" => format!("clock(\"{term}\").within(|m| 5.working_days).lapses();"),
        "duty" => format!(
            "digest(\"日报\").to(督查办).read_by(\"09:00\"); ladder(\"{term}\").due().remind(督查办);"
        ),
        "gate" => format!("gate(\"{term}\").require(|m| m.has_contact, \"联系\");"),
        "count" => format!("count(\"{term}\").at(2).remind(承办人);"),
        "role" => format!("const 岗 = role(\"{term}\");"),
        "decline" => format!("decline(\"{term}\", |m| m.heat > 5).told(\"…\");"),
        "only_for" => {
            format!("gate(\"process\").require(|m| m.has_contact, \"联系\").only_for(\"{term}\");")
        }
        other => panic!("no example for `{other}`"),
    };
    let unknown = |line: &str| {
        let (_, findings) = check("pack.rhai", &with(line), &Options::default());
        findings.all.iter().any(|one| one.code == "D206")
    };
    for term in terms() {
        for name in [term.name, term.zh] {
            assert!(!unknown(&line(term.word, name)), "{term:?}");
        }
        assert!(unknown(&line(term.word, "别的")), "{}", term.word);
    }
}
