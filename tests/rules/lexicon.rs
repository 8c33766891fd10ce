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

/// What the usages of words speak of, a statement each; one that a usage declares itself is left out beside it.
const SPOKEN_OF: [&str; 20] = [
    "place(\"632521\", \"共和县\", \"共和县留言受理岗\");",
    "const 承办人 = role(\"owner\", \"承办责任人\");",
    "const 督查办 = role(\"supervisor\", \"督查办公室\");",
    "const 审核人 = role(\"reviewer\", \"审核人\");",
    "const 受理人 = role(\"intake\", \"受理人\");",
    "const 单位领导 = role(\"unit_head\", \"单位主要负责人\");",
    "const 州委领导 = role(\"leader\", \"州委领导\");",
    "fact(\"kind\", [\"投诉\", \"求助\"]).given_by(CITIZEN);",
    "fact(\"field\", [\"教育\", \"住房\"]).given_by(HOST);",
    "fact(\"heat\", 0..=1_000).given_by(HOST);",
    "fact(\"burden\", 0..=10_000).given_by(HOST);",
    "fact(\"own\", percent(\"0.00\")..=percent(\"100.00\")).given_by(HOST);",
    "fact(\"level\", [\"首次办理\", \"请求复核\"]).given_by(HOST);",
    "fact(\"urgent\").given_by(HOST);",
    "fact(\"sub_judice\").given_by(INTAKE);",
    "fact(\"督办件\").given_by(HOST);",
    "finding(\"visited\", \"是否到了现场\").asked_of(审核人);",
    "mention(\"vague\", [\"近期\"]).in_text(REPLY);",
    "term(\"热点\", |m| m.heat >= 100);",
    "clock(\"first_review\").within(1.working_days);",
];

/// A usage with what stands around it: what it follows, and what an ellipsis leaves open.
fn whole(word: &duly::script::Word) -> String {
    let usage = word.usage.replace(
        ".extend(…)",
        ".extend(#{ granted_by: 督查办, times: 1, most: 5.working_days })",
    );
    let usage = usage
        .replace("{ … }", "{ _ => ASK }")
        .replace("|m| …", "|m| ASK");
    if word.name == "clauses" {
        return in_clauses(word.follows.unwrap(), &usage);
    }
    let begun = match (word.follows, word.name) {
        (None, "share") => return format!("clock(\"co_reply\").within({usage});"),
        (None, "earliest" | "latest") => return format!("clock(\"reply\").within({usage});"),
        (None, "percent") => return format!("term(\"一成\", |m| m.own >= {usage});"),
        (None, "date") => return format!("term(\"今年\", |m| m.received_on >= {usage});"),
        (None, "role" | "office" | "param") => return format!("const 它 = {usage};"),
        (None, "ladder") => return format!("{usage}.due().remind(承办人);"),
        (None, "gate") => return format!("{usage}.require(|m| m.has_contact, \"联系\");"),
        (None, "bundle") => return format!("{usage}.part(\"birth\", \"出生\", 2.working_days);"),
        (None, "duty") => return format!("{usage}.within(20.working_days);"),
        (None, _) => return format!("{usage};"),
        (Some("`pack(…)`"), "ours" | "cite") => {
            "pack(\"demo\", \"示例\").hours([\"09:00-18:00\"])"
        }
        (Some("`pack(…)`"), _) => "pack(\"demo\", \"示例\")",
        (Some("`param(…)`"), _) => "const 数 = param(\"数\", 5, 1..=20)",
        (Some("`fact(…)`"), "given_by") => "fact(\"它\")",
        (Some("`fact(…)`"), "derived" | "derived_from") => "fact(\"它\")",
        (Some("`fact(…)`"), _) => "fact(\"它\").given_by(HOST)",
        (Some("`finding(…)`"), _) => "finding(\"它\", \"是否\")",
        (Some("`mention(…)`"), _) => "mention(\"它\", [\"研究\"])",
        (Some("`classify(…)`"), _) => "classify(\"class\")",
        (Some("`decline(…)`"), _) => "decline(\"已进入法定程序\", |m| m.sub_judice)",
        (Some("`route()`"), _) => "route()",
        (
            Some("`clock(…)`"),
            "starts" | "stops" | "extend" | "when" | "counting" | "ours" | "cite" | "leaves"
            | "fixed",
        ) => "clock(\"reply\").within(10.working_days)",
        (Some("`clock(…)`"), "class") => {
            return format!("clock(\"reply\").within(10.working_days){usage}.cite(\"第一条\");");
        }
        (Some("`clock(…)`"), "not_past") => "clock(\"redo\").within(10.working_days)",
        (Some("`clock(…)`"), "lapses") => "clock(\"rating\").within(10.working_days)",
        (Some("`clock(…)`"), _) => "clock(\"reply\")",
        (Some("`tighten(…)`"), "within") => "tighten(\"reply\")",
        (Some("`tighten(…)`"), _) => "tighten(\"reply\").within(3.working_days)",
        (Some("`ladder(…)`"), "before" | "at_share" | "due" | "after" | "every") => {
            return format!("ladder(\"reply\"){usage}.remind(承办人);");
        }
        (Some("`ladder(…)`"), "when" | "title" | "at_once") => {
            "ladder(\"reply\").due().remind(承办人)"
        }
        (Some("`ladder(…)`"), _) => "ladder(\"reply\").due()",
        (Some("`count(…)`"), "at") => {
            return format!("count(\"returns\"){usage}.remind(承办人);");
        }
        (Some("`count(…)`"), _) => "count(\"returns\").at(2)",
        (Some("`gate(…)`"), "judged") => {
            return format!("gate(\"process\"){usage}.require(|m| m.has_contact, \"联系\");");
        }
        (Some("`gate(…)`"), "only_for") => {
            "gate(\"process\").require(|m| m.has_contact, \"联系\")"
        }
        (Some("`gate(…)`"), _) => "gate(\"process\")",
        (Some("`notice(…)`"), "to") => "notice(SCREENED, \"来件\")",
        (Some("`notice(…)`"), "says") => "notice(SCREENED, \"来件\").to(CITIZEN)",
        (Some("`notice(…)`"), _) => "notice(SCREENED, \"来件\").to(督查办)",
        (Some("`divide()`"), "slack") => "divide()",
        (Some("`divide()`"), _) => "divide().slack(1.working_days)",
        (Some("`bundle(…)`"), "part") => "bundle(\"newborn\", \"一件事\")",
        (Some("`bundle(…)`"), "after" | "optional") => {
            "bundle(\"newborn\", \"一件事\").part(\"birth\", \"出生\", 2.working_days).part(\"card\", \"社保卡\", 2.working_days)"
        }
        (Some("`bundle(…)`"), _) => {
            "bundle(\"newborn\", \"一件事\").part(\"birth\", \"出生\", 2.working_days)"
        }
        (Some("`signal(…)`"), "window") => {
            "signal(\"负担\", \"负担\").when(|m| m.burden >= 1000)"
        }
        (Some("`signal(…)`"), "when") => {
            return format!("signal(\"负担\", \"负担\"){usage}.window(30.calendar_days);");
        }
        (Some("`signal(…)`"), _) => {
            "signal(\"负担\", \"负担\").when(|m| m.burden >= 1000).window(30.calendar_days)"
        }
        (Some("`pause(…)`"), "side") => {
            return format!("pause(\"等候\"){usage}.most(10.working_days);");
        }
        (Some("`pause(…)`"), "most") => "pause(\"等候\").side(CITIZEN)",
        (Some("`pause(…)`"), "restarts") => "pause(\"补正\").side(CITIZEN).most(10.working_days)",
        (Some("`pause(…)`"), _) => "pause(\"等候\").side(CITIZEN).most(10.working_days)",
        (Some("`redo()`"), _) => "redo()",
        (Some("`review()`"), _) => "review()",
        (Some("`callback()`"), _) => "callback()",
        (Some("`strike_off()`"), _) => "strike_off()",
        (Some("`reopen()`"), "on") => "reopen()",
        (Some("`reopen()`"), _) => "reopen().on([\"新的事实\"])",
        (Some("`direction()`"), _) => "direction()",
        (Some("`track(…)`"), _) => "track(督查办)",
        (Some("`digest(…)`"), "to") => "digest(\"日报\")",
        (Some("`digest(…)`"), "cite" | "ours") => {
            "digest(\"日报\").to(督查办).read_by(\"09:00\")"
        }
        (Some("`digest(…)`"), _) => "digest(\"日报\").to(督查办)",
        (Some("`duty(…)`"), "owed_by") => {
            return format!("duty(\"video\", \"视频\"){usage}.within(5.working_days);");
        }
        (Some("`duty(…)`"), "every") => "duty(\"visit\", \"走访\").owed_by(承办人)",
        (Some("`duty(…)`"), "within") => "duty(\"video\", \"视频\").owed_by(单位领导)",
        (Some("`duty(…)`"), _) => {
            "duty(\"video\", \"视频\").owed_by(单位领导).within(5.working_days)"
        }
        (Some("`bulletin(…)`"), "to") => "bulletin(\"通报\")",
        (Some("`bulletin(…)`"), _) => "bulletin(\"通报\").to(督查办)",
        (Some("`clauses(…)`"), "otherwise") => {
            "clock(\"reply\").clauses(FIRST).when(|m| m.urgent, 3.working_days)"
        }
        (Some("`clauses(…)`"), "when") => {
            return format!("clock(\"reply\").clauses(FIRST){usage}.otherwise(10.working_days);");
        }
        (Some("`clauses(…)`"), _) => {
            return format!(
                "clock(\"reply\").clauses(FIRST).when(|m| m.urgent, 3.working_days){usage}.otherwise(10.working_days);"
            );
        }
        (Some(other), name) => panic!("nothing to write `{name}` after: {other}"),
    };
    format!("{begun}{usage};")
}

/// The same of `clauses`, which is nothing without a clause.
fn in_clauses(follows: &str, usage: &str) -> String {
    let (begun, all) = match follows {
        "`clock(…)`" => (
            "clock(\"reply\")",
            ".when(|m| m.urgent, 3.working_days).otherwise(10.working_days)",
        ),
        "`tighten(…)`" => (
            "tighten(\"reply\")",
            ".when(|m| m.class == \"问事\", 3.working_days)",
        ),
        "`route()`" => ("route()", ".when(|m| m.urgent, \"应急局\").otherwise(ASK)"),
        "`classify(…)`" => (
            "classify(\"class\")",
            ".when(|m| m.urgent, \"办事\").otherwise(ASK)",
        ),
        "`track(…)`" => (
            "track(督查办)",
            ".when(|m| m.urgent, true).otherwise(false)",
        ),
        "`gate(…)`" => ("gate(\"process\")", ".require(|m| m.has_contact, \"联系\")"),
        "`decline(…)`" => (
            "decline(\"已进入法定程序\", |m| m.sub_judice)",
            ".told(\"法院\")",
        ),
        "`ladder(…)`" => ("ladder(\"reply\").due()", ".remind(承办人)"),
        "`count(…)`" => ("count(\"returns\").at(2)", ".remind(承办人)"),
        other => panic!("nothing to write clauses after: {other}"),
    };
    format!("{begun}{usage}{all};")
}

/// The pack in which a usage stands.
fn used(word: &duly::script::Word) -> String {
    let line = whole(word);
    if matches!(word.name, "based_on") {
        return format!("pack(\"demo\", \"示例\");\n{line}\n");
    }
    if word.name == "tighten" || word.follows == Some("`tighten(…)`") {
        return format!("pack(\"demo\", \"示例\");\nbased_on(\"hainan-board\");\n{line}\n");
    }
    let declares = |statement: &str| {
        let call = statement
            .rsplit_once(" = ")
            .map_or(statement, |(_, call)| call);
        let end = call.find([',', ')']).unwrap_or(call.len());
        let call = &call[..end];
        line.starts_with(call) || line.contains(&format!(" = {call}"))
    };
    let head = SPOKEN_OF.iter().filter(|statement| !declares(statement));
    let head: Vec<&str> = head.copied().collect();
    let (pack, line) = match line.starts_with("pack(") {
        true => (line.as_str(), ""),
        false => ("pack(\"demo\", \"示例\");", line.as_str()),
    };
    let late = line.contains("review()") || line.contains("first_review");
    let head: Vec<&str> = head
        .into_iter()
        .filter(|statement| late || !statement.starts_with("clock"))
        .collect();
    format!("{pack}\n{}\n{line}\n", head.join("\n"))
}

/// What authors are told to write can be written: every usage loads, in a pack that has what it speaks of.
#[test]
fn every_usage_loads() {
    let mut odd = Vec::new();
    for word in vocabulary() {
        let text = used(&word);
        let (plan, findings) = check("pack.rhai", &text, &Options::default().with_shipped());
        if plan.is_none() {
            odd.push(format!("{}\n{}\n{findings}", word.usage, whole(&word)));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}
