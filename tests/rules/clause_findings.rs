//! What is found in clauses and in conditions: told exactly where no case comes to it, in words for people, and not where it is meant so.

use std::collections::BTreeSet;

use duly::script::{Options, check};
use duly::words::Lang;
use proptest::prelude::*;

use super::clauses::{Case, Cond, FACTS, LABELS, every_case, lines};
use super::tries::config;
use super::with;

/// Arms within arms, each span and each condition on a line of its own.
#[derive(Debug, Clone)]
enum Arms {
    Says(u32),
    If(Cond, Box<Arms>, Box<Arms>),
}

impl Arms {
    fn text(&self, text: &mut String) {
        match self {
            Arms::Says(n) => *text += &format!("{n}.working_days\n"),
            Arms::If(cond, yes, no) => {
                *text += &format!("if {} {{\n", cond.text());
                yes.text(text);
                *text += "} else {\n";
                no.text(text);
                *text += "}\n";
            }
        }
    }
    /// Every condition and every span in the order written, with its line and the cases that come to it.
    fn places(&self, line: &mut usize, cases: &[Case], places: &mut Vec<(usize, usize)>) {
        places.push((*line, cases.len()));
        *line += 1;
        if let Arms::If(cond, yes, no) = self {
            let (held, other): (Vec<Case>, Vec<Case>) =
                cases.iter().partition(|it| cond.holds(**it));
            yes.places(line, &held, places);
            *line += 1;
            no.places(line, &other, places);
            *line += 1;
        }
    }
}

fn arms() -> impl Strategy<Value = Arms> {
    let fact = prop_oneof![
        Just(Cond::A),
        (0..LABELS.len()).prop_map(Cond::B),
        (0_i64..=5).prop_map(Cond::AtLeast),
    ];
    (1_u32..9)
        .prop_map(Arms::Says)
        .prop_recursive(4, 16, 2, move |inner| {
            let one = inner.prop_map(Box::new);
            (fact.clone(), one.clone(), one).prop_map(|(cond, yes, no)| Arms::If(cond, yes, no))
        })
}

proptest! {
    #![proptest_config(config(150))]

    // A part of a rule is told exactly where no case comes to it; of several in a row the first.
    #[test]
    fn an_arm_is_told_exactly_where_no_case_comes_to_it(arms in arms()) {
        let mut rule = String::new();
        arms.text(&mut rule);
        let text = with(&format!("{FACTS}clock(\"reply\").within(|m|\n{rule});"));
        let found = check("pack.rhai", &text, &Options::default()).1;
        let mut line = super::HEAD.lines().count() + FACTS.lines().count() + 2;
        let mut places = Vec::new();
        arms.places(&mut line, &every_case().collect::<Vec<_>>(), &mut places);
        let mut dead = BTreeSet::new();
        let mut before = true;
        for (line, cases) in places {
            if cases == 0 && before {
                dead.insert(line);
            }
            before = cases > 0;
        }
        prop_assert_eq!(lines(&found, "D414"), dead, "{}\n{}", text, found);
    }
}

/// Every finding about clauses and about conditions that are the same for every case, as people read it.
const SHOWN: &[(&str, &str)] = &[
    (
        "a gap",
        r#"clock("reply").clauses().when(|m| m.kind == "咨询", 5.working_days);"#,
    ),
    (
        "two answers",
        r#"clock("reply").clauses(UNIQUE)
    .when(|m| m.heat >= 100, 3.working_days).title("热点件")
    .when(|m| m.kind == "咨询", 5.working_days).title("咨询件")
    .otherwise(10.working_days);"#,
    ),
    (
        "two units",
        r#"route().clauses(UNIQUE)
    .when(|m| m.heat >= 100, "督查办")
    .when(|m| m.kind == "咨询", ASK);"#,
    ),
    (
        "limits that cannot be compared",
        r#"clock("reply").within(5.working_days);
clock("co_reply").clauses(STRICTEST)
    .when(|m| m.heat >= 100, 3.working_days).title("热点件")
    .otherwise(5.working_days).title("其余件");
clock("update").clauses(STRICTEST)
    .when(|m| m.heat >= 100, 3.working_days).title("热点件")
    .when(|m| m.kind == "咨询", share("reply", 50.percent))
    .otherwise(5.working_days);"#,
    ),
    (
        "shadowed",
        r#"clock("reply").clauses(FIRST)
    .when(|m| m.heat >= 100, 3.working_days).title("热点件")
    .when(|m| m.heat >= 200, 2.working_days).title("特热件")
    .otherwise(10.working_days);"#,
    ),
    (
        "shadowed by two",
        r#"clock("reply").clauses(FIRST)
    .when(|m| m.heat >= 100, 3.working_days)
    .when(|m| m.heat < 100 && m.kind == "咨询", 5.working_days).title("咨询件")
    .when(|m| m.kind == "咨询", 2.working_days)
    .otherwise(10.working_days);"#,
    ),
    (
        "never the strictest",
        r#"clock("reply").clauses(STRICTEST)
    .when(|m| m.heat >= 200, 5.working_days).title("特热件")
    .when(|m| m.heat >= 100, 3.working_days).title("热点件")
    .otherwise(10.working_days);"#,
    ),
    (
        "no case",
        r#"clock("reply").clauses(FIRST)
    .when(|m| m.heat > 5 && m.heat < 3, 3.working_days).title("热点件")
    .otherwise(10.working_days);"#,
    ),
    (
        "nothing left",
        r#"clock("reply").clauses(UNIQUE)
    .when(|m| m.heat >= 100, 3.working_days)
    .when(|m| m.heat < 100, 5.working_days)
    .otherwise(10.working_days);"#,
    ),
    (
        "every case",
        r#"clock("reply").clauses(FIRST)
    .when(|m| m.heat >= 0, 3.working_days)
    .when(|m| m.kind == "咨询", 5.working_days).title("咨询件")
    .when(|m| m.kind == "求助", 6.working_days)
    .otherwise(10.working_days);"#,
    ),
    (
        "alike",
        r#"route().clauses(UNIQUE)
    .when(|m| m.heat >= 100, "督查办").title("热点件")
    .when(|m| m.kind == "投诉", "督查办").title("投诉件");"#,
    ),
    (
        "a mode without an order",
        r#"route().clauses(STRICTEST).when(|m| m.heat > 5, "督查办");"#,
    ),
    (
        "a limit of all",
        r#"clock("reply").clauses(COLLECT).otherwise(5.working_days);"#,
    ),
    (
        "a gate that takes the first",
        r#"gate("process").clauses(FIRST).require(|m| m.has_contact, "联系");"#,
    ),
    ("no clause", r#"clock("reply").clauses(FIRST);"#),
    (
        "after the rest",
        r#"clock("reply").clauses().otherwise(5.working_days).when(|m| m.heat > 5, 3.working_days);"#,
    ),
    (
        "of no clause",
        r#"clock("reply").clauses().title("热点件").otherwise(5.working_days);"#,
    ),
    (
        "a rule as an answer",
        r#"clock("reply").clauses().otherwise(|m| 5.working_days);"#,
    ),
    (
        "a title twice",
        r#"clock("reply").clauses().otherwise(5.working_days).title("一").title("二");"#,
    ),
    (
        "said of the clock",
        r#"clock("sign").clauses().otherwise(1.working_days).lapses();"#,
    ),
    (
        "a promise",
        r#"clock("commitment").clauses().otherwise(5.working_days);"#,
    ),
    (
        "a term",
        r#"term("热", |m| m.heat >= 0);
term("冷", |m| m.heat > 5 && m.heat < 3);
track(督查办).start(|m| m.热 && m.kind == "投诉" && !m.冷);"#,
    ),
    (
        "a rung",
        r#"ladder("reply").due().remind(承办人).when(|m| m.heat >= 0);"#,
    ),
    (
        "a ground",
        r#"decline("已进入法定程序", |m| m.heat > 5 && m.heat < 3).told("法院");"#,
    ),
    (
        "tracked",
        r#"track(督查办).start(|m| m.heat >= 0); digest("日报").hot(|m| m.heat > 5 && m.heat < 3).to(督查办);"#,
    ),
    (
        "an arm that no case comes to",
        r#"clock("reply").within(|m| if m.heat > 5 {
    3.working_days
} else if m.heat > 9 {
    if m.kind == "咨询" { 2.working_days } else { 1.working_days }
} else {
    switch m.kind { "投诉" | "求助" | "咨询" => 5.working_days, _ => 6.working_days }
});"#,
    ),
    (
        "the same in every arm",
        r#"clock("reply").within(|m| switch m.kind { "投诉" => 5.working_days, _ => 5.working_days });
route().lead(|m| if m.heat > 5 { "督查办" } else { "督查办" });
classify("class").propose(|m| if m.kind == "投诉" { ASK } else { ASK });"#,
    ),
];

#[test]
fn what_is_found_is_said_in_both_languages() {
    let mut shown = String::new();
    for (name, lines) in SHOWN {
        let mut found = check("pack.rhai", &with(lines), &Options::default()).1;
        // Of the few declarations before them these packs use some and leave others.
        found.all.retain(|it| !matches!(it.code, "D401" | "D402"));
        assert!(!found.all.is_empty(), "{name}");
        shown += &format!(
            "## {name}\n\n{}\n\n{}\n\n",
            found.in_words(Lang::En),
            found.in_words(Lang::Zh)
        );
    }
    insta::assert_snapshot!(shown);
}

/// Packs that nothing is wrong with: a ceiling that holds for all is meant so, a person decides where a route says nothing, one that is
/// tracked is tracked on whichever ground, and a rule of one answer tells nothing apart.
#[test]
fn what_is_meant_is_not_told() {
    for lines in [
        r#"clock("reply").clauses(STRICTEST)
            .when(|m| m.heat >= 0, 10.working_days)
            .when(|m| m.kind == "咨询", 5.working_days);"#,
        r#"route().clauses(UNIQUE).when(|m| m.kind == "咨询", "督查办").when(|m| m.kind == "投诉" && m.heat > 5, "住建局");"#,
        r#"track(督查办).clauses().when(|m| m.heat >= 热度线).title("热点").when(|m| m.kind == "投诉").title("投诉");"#,
        r#"classify("class").clauses().when(|m| m.kind == "咨询", "问事").otherwise(ASK);"#,
        r#"clock("reply").clauses(FIRST).when(|m| m.heat > 5, 3.working_days).when(|m| m.kind == "咨询" || m.heat <= 3, 5.working_days).otherwise(9.working_days);"#,
        r#"clock("reply").within(|m| 5.working_days);"#,
        r#"clock("reply").within(|m| switch m.kind { "投诉" => 5.working_days, _ => 6.working_days });"#,
    ] {
        let (plan, mut found) = check("pack.rhai", &with(lines), &Options::default());
        found.all.retain(|it| !matches!(it.code, "D401" | "D402"));
        assert!(plan.is_some() && found.all.is_empty(), "{lines}\n{found}");
    }
}
