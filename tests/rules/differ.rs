//! Two plans compared: what is said to differ differs, and nothing else does.

use duly::plan::{Differing, Plan, PlanDiff, Shift, Side};
use duly::script::{Options, hainan_board, load, load_with};
use duly::words::{ClockKind, FactValue, Facts, Lang};
use proptest::prelude::*;
use serde_json::Value;

use super::diagrams::{MORE, cases as matters, conditions};
use super::small::{cases, plan_of, plans, reordered, reply, row, values};
use super::tries::config;
use super::with;

const ALL: usize = usize::MAX;

/// Whether two cases, one of either plan, are one: every fact whose values the plans share has the same.
fn one_case((old, was): (&Plan, &Facts), (new, is): (&Plan, &Facts)) -> bool {
    old.schema.facts.iter().all(|fact| {
        let Some(other) = new.schema.fact(&fact.name) else {
            return true;
        };
        let others = values(other);
        let apart = !values(fact).iter().any(|value| others.contains(value));
        apart || was[&fact.name] == is[&fact.name]
    })
}

/// Whether a case lies in a set of cases.
fn lies(region: &Differing, was: &Facts, is: &Facts) -> bool {
    region.when.iter().all(|bound| {
        let case = if bound.only == Some(Side::Old) {
            was
        } else {
            is
        };
        bound.holds(&case[&bound.fact])
    })
}

fn json<T: serde::Serialize>(thing: &T) -> Value {
    serde_json::to_value(thing).unwrap()
}

/// The sets of cases for which the reply clock answers otherwise.
fn regions(diff: &PlanDiff) -> Vec<Differing> {
    let all = diff
        .decisions
        .iter()
        .flat_map(|decision| decision.regions.clone());
    all.collect()
}

fn holds_for_every_case(old: &Plan, new: &Plan) -> Result<(), TestCaseError> {
    let diff = old.diff(new, ALL);
    prop_assert!(diff.decisions.len() <= 1, "only the reply clock differs");
    let found = regions(&diff);
    for was in cases(&old.schema) {
        let before = reply(old).answer(&row(&old.schema, &was));
        for is in cases(&new.schema) {
            if !one_case((old, &was), (new, &is)) {
                continue;
            }
            let after = reply(new).answer(&row(&new.schema, &is));
            let within: Vec<&Differing> = found.iter().filter(|it| lies(it, &was, &is)).collect();
            prop_assert_eq!(
                within.len(),
                usize::from(before != after),
                "{:?} {:?}",
                was,
                is
            );
            for region in within {
                prop_assert_eq!(
                    (json(&region.old), json(&region.new)),
                    (json(before), json(after))
                );
            }
        }
    }
    for region in &found {
        let (was, is) = (region.facts(Side::Old), region.facts(Side::New));
        for (plan, case, answer) in [(old, &was, &region.old), (new, &is, &region.new)] {
            let complete = plan.schema.facts.iter().all(|fact| {
                case.get(&fact.name)
                    .is_some_and(|value| fact.domain.code(value).is_some())
            });
            prop_assert!(
                complete && case.len() == plan.schema.facts.len(),
                "{:?}",
                case
            );
            prop_assert_eq!(
                json(reply(plan).answer(&row(&plan.schema, case))),
                json(answer)
            );
        }
        prop_assert_ne!(&region.old, &region.new);
        prop_assert!(lies(region, &was, &is) && one_case((old, &was), (new, &is)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(250))]

    // A case gets another answer if and only if it lies in a set that is named, in one set alone, and with the answers that are named; each
    // set comes with a complete case that shows it. Facts may be in another order, be there in one plan only, have other labels, other
    // ranges or another kind of values. Neither plan is special.
    #[test]
    fn a_case_gets_another_answer_where_it_is_said_and_nowhere_else((old, new) in (plans(), plans())) {
        holds_for_every_case(&old, &new)?;
        holds_for_every_case(&new, &old)?;
        let (there, back) = (old.diff(&new, ALL), new.diff(&old, ALL));
        let pairs = |diff: &PlanDiff, turned: bool| {
            let mut all: Vec<_> = diff.changes.iter().map(|it| {
                let (old, new) = if turned { (&it.new, &it.old) } else { (&it.old, &it.new) };
                (it.path.clone(), old.to_string(), new.to_string())
            }).collect();
            all.sort();
            all
        };
        prop_assert_eq!(pairs(&there, false), pairs(&back, true));
    }

    // Where few sets are asked for, the first ones are given, and those left off are counted.
    #[test]
    fn what_is_left_off_is_counted((old, new) in (plans(), plans()), most in 0_usize..4) {
        let (all, few) = (old.diff(&new, ALL), old.diff(&new, most));
        prop_assert_eq!(all.decisions.len(), few.decisions.len());
        for (all, few) in all.decisions.iter().zip(&few.decisions) {
            prop_assert_eq!(all.left_off, 0);
            prop_assert_eq!(&all.regions[..most.min(all.regions.len())], &few.regions[..]);
            prop_assert_eq!(few.regions.len() as u64 + few.left_off, all.regions.len() as u64);
        }
    }

    // A plan does not differ from itself, nor from itself with facts and labels in another order.
    #[test]
    fn order_is_no_difference(plan in plans(), by in proptest::collection::vec(0_usize..9, 4)) {
        prop_assert!(plan.diff(&plan, ALL).is_empty());
        let other = reordered(&plan, &by);
        let diff = plan.diff(&other, ALL);
        prop_assert!(diff.is_empty(), "{:?}", diff);
    }

    // A fact that only one plan has is reported, and what it decides stands with the sets of cases.
    #[test]
    fn a_fact_that_is_new_is_reported(plan in plans()) {
        let mut schema = plan.schema.clone();
        schema.facts.insert(0, duly::plan::FactRule {
            name: "new".into(),
            ..super::plan("").schema.fact("opinion").unwrap().clone()
        });
        let other = plan_of(schema, |case| match case["new"] {
            FactValue::Yes(true) => super::small::days(9),
            _ => reply(&plan).answer(&row(&plan.schema, case)).clone(),
        });
        let diff = plan.diff(&other, ALL);
        prop_assert!(diff.changes.iter().any(|it| it.path == "facts.new"));
        let named = |region: &Differing| region.when.iter().any(|it| {
            it.fact == "new" && it.only == Some(Side::New) && it.holds(&true.into()) && !it.holds(&false.into())
        });
        prop_assert!(!regions(&diff).is_empty() && regions(&diff).iter().all(named));
        prop_assert!(regions(&diff).iter().all(|it| it.shift == Some(Shift::Longer)));
    }
}

proptest! {
    #![proptest_config(config(60))]

    // The same of two packs with any rule each, judged by the rules as they were made and not by their diagrams.
    #[test]
    fn rules_differ_where_it_is_said((one, other) in (conditions(), conditions()), at in proptest::collection::vec(matters(), 80)) {
        let pack = |rule: &str| {
            let text = with(&format!("{MORE}track(督查办).start(|m| {rule});"));
            load("pack.rhai", &text).unwrap_or_else(|found| panic!("{rule}\n{found}"))
        };
        let (old, new) = (pack(&one.text()), pack(&other.text()));
        let diff = old.diff(&new, ALL);
        prop_assert!(diff.changes.is_empty(), "{:?}", diff.changes);
        let found = regions(&diff);
        for case in at {
            let facts = Facts::from([
                ("kind".to_owned(), case.kind.into()),
                ("heat".to_owned(), case.heat.into()),
                ("crowd".to_owned(), case.crowd.into()),
                ("urgent".to_owned(), case.urgent.into()),
            ]);
            let within = found.iter().filter(|it| lies(it, &facts, &facts)).count();
            prop_assert_eq!(within, usize::from(one.holds(case) != other.holds(case)), "{:?}", facts);
        }
    }
}

fn hainan(params: &[(&str, i64)]) -> Plan {
    let mut options = Options::default();
    options
        .params
        .extend(params.iter().map(|(name, n)| ((*name).to_owned(), *n)));
    load_with("pack.rhai", hainan_board(), &options).unwrap()
}

fn told(diff: &PlanDiff, lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for it in &diff.changes {
        all.push(format!(
            "{}: {} → {}",
            it.what.say(lang),
            it.says.0.say(lang),
            it.says.1.say(lang)
        ));
    }
    for decision in &diff.decisions {
        for region in &decision.regions {
            let when: Vec<String> = region.when.iter().map(|it| it.say(lang)).collect();
            let (old, new) = (region.says.0.say(lang), region.says.1.say(lang));
            all.push(format!(
                "{}, {}: {old} → {new} {:?}",
                decision.about.say(lang),
                when.join(", "),
                region.shift
            ));
        }
    }
    all
}

#[test]
fn a_parameter_of_the_hainan_pack_changes_the_limit_it_stands_for() {
    let diff = hainan(&[]).diff(&hainan(&[("咨询期限", 3)]), 20);
    assert_eq!(
        told(&diff, Lang::En),
        [
            "the parameter `咨询期限`, value: 5 → 3",
            "the limit of the `reply` clock, class is 问事: 5 working days → 3 working days Some(Shorter)",
        ]
    );
    let diff = hainan(&[]).diff(&hainan(&[("热度线", 200)]), 20);
    assert_eq!(
        told(&diff, Lang::Zh),
        [
            "参数“热度线”,值: 100 → 200",
            "“重办”的时限, heat 为 100 至 199, crowd 不多于 4: 3 个工作日 → 5 个工作日 Some(Longer)",
            "是否督办, 退回次数(returns) 不多于 1, 延期次数(extensions)为 0, 领导批示(directed)为否, heat 为 100 至 199, crowd 不多于 4: 督办 → 不督办 None",
            "是否热点, 领导批示(directed)为否, heat 为 100 至 199, crowd 不多于 4: 是热点 → 不是热点 None",
        ]
    );
}

#[test]
fn comments_blanks_and_places_in_the_source_are_no_difference() {
    let other = format!(
        "// 另一版\n{}",
        hainan_board().replace("  ", " ").replace('\n', "\n\n")
    );
    let diff = hainan(&[]).diff(&load("other.rhai", &other).unwrap(), 20);
    assert!(diff.is_empty(), "{:?}", told(&diff, Lang::En));
}

const CLAUSES: &str = r#"gate("process").judged(REVIEW).require(|m| m.has_contact, "联系").require(|m| m.has_basis, "依据");
ladder("reply").before(1.working_days).remind(承办人).after(2.working_days).supervise(督查办);
count("returns").at(2).supervise(督查办);"#;

/// Clauses are the same by what they ask for and not by their number; a rung that was moved is the same rung.
#[test]
fn what_was_put_before_or_moved_is_not_taken_for_another() {
    let old = super::plan(CLAUSES);
    let first = CLAUSES.replace(
        ".require(|m| m.has_contact",
        ".require(|m| m.dated, \"日期\").require(|m| m.has_contact",
    );
    let diff = old.diff(&super::plan(&first), 20);
    assert_eq!(
        told(&diff, Lang::En),
        [
            "the gate `process`: 日期: none → judged at review",
            "the gate `process`: 日期, dated is no: met → not met None",
        ]
    );
    let moved = CLAUSES.replace(
        "after(2.working_days)",
        "after(3.working_days).when(|m| m.heat >= 10)",
    );
    let diff = old.diff(&super::plan(&moved), 20);
    assert_eq!(
        told(&diff, Lang::En),
        [
            "the `reply` clock, the rung 2 working days after due, comes: 2 working days after due → 3 working days after due",
            "whether the rung 3 working days after due of the `reply` clock acts, heat is at most 9: acts → does not act None",
        ]
    );
}

/// Where time is counted otherwise, nobody can say which of two limits is longer.
#[test]
fn a_limit_is_not_called_shorter_where_time_itself_is_another() {
    let old = super::plan("clock(\"reply\").within(5.working_days);");
    let new = load(
        "pack.rhai",
        &with("clock(\"reply\").within(3.working_days);").replace(
            "pack(\"demo\", \"示例\")",
            "pack(\"demo\", \"示例\").hours([\"10:00-11:00\"])",
        ),
    )
    .unwrap();
    let diff = old.diff(&new, 20);
    let shifts: Vec<_> = regions(&diff).iter().map(|it| it.shift).collect();
    assert_eq!(shifts, [Some(Shift::Unclear)]);
}

/// The engine's own labels are the same by what they stand for, in whatever language a pack writes them; a witness is written for each plan as
/// that writes it.
#[test]
fn packs_in_two_languages_are_compared_by_what_labels_stand_for() {
    let pack = |labels: &str, class: &str, n: u32| {
        let rule = format!(
            "clock(\"reply\").within(|m| if m.class == \"{class}\" {{ {n}.working_days }} else {{ 9.working_days }});"
        );
        let head = format!("pack(\"demo\", \"示例\").labels(\"{labels}\")");
        load(
            "pack.rhai",
            &with(&rule).replace("pack(\"demo\", \"示例\")", &head),
        )
        .unwrap_or_else(|found| panic!("{found}"))
    };
    let (zh, en) = (pack("zh", "问事", 5), pack("en", "question", 5));
    let diff = zh.diff(&en, 20);
    assert!(diff.decisions.is_empty(), "{:?}", told(&diff, Lang::En));
    assert!(diff.changes.iter().any(|it| it.path == "labels"));
    let found = regions(&zh.diff(&pack("en", "question", 3), 20));
    let class = |side| found[0].facts(side)["class"].to_string();
    assert_eq!(
        (class(Side::Old), class(Side::New)),
        ("问事".into(), "question".into())
    );
}

/// Every place in a stored plan that is not a decision, with other values to put there.
fn places(value: &Value, path: &str, all: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) if fields.contains_key("diagram") => {}
        Value::Object(fields) => {
            for (name, field) in fields {
                places(field, &format!("{path}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                places(item, &format!("{path}/{at}"), all);
            }
        }
        Value::Bool(yes) => all.push((path.to_owned(), (!yes).into())),
        Value::Number(n) => all.push((path.to_owned(), (n.as_i64().unwrap() + 1).into())),
        Value::String(text) => all.push((path.to_owned(), format!("{text}x").into())),
        Value::Null => {}
    }
}

/// Whatever is changed in a stored plan, outside its decisions and their places in the source, is reported, by a name in either language.
#[test]
fn nothing_that_a_plan_says_is_passed_over() {
    let plan = hainan(&[]);
    let stored = json(&plan);
    let mut all = Vec::new();
    places(&stored, "", &mut all);
    let mut names = std::collections::BTreeMap::new();
    let mut tried = 0;
    for (path, value) in all {
        if path.starts_with("/sources/") || path.ends_with("/rule") || path.ends_with("/key") {
            continue;
        }
        // Where any text does not do, one that stands for something there.
        let terms = [
            "unit_head",
            "statutory",
            "satisfaction",
            "09:00-10:00",
            "18:00",
            "UTC",
            "waits",
            "min",
            "explained",
            "screened",
            "review",
            "from_instant",
            "same_time",
            "none",
            "citizen",
            "remind",
            "out_of_scope",
        ];
        let others = [value].into_iter().chain(terms.map(Value::from));
        let read = |value: Value| {
            let mut other = stored.clone();
            *other.pointer_mut(&path)? = value;
            serde_json::from_value::<Plan>(other)
                .ok()
                .filter(|other| *other != plan)
        };
        let Some(other) = others.filter_map(read).next() else {
            continue;
        };
        tried += 1;
        let diff = plan.diff(&other, 1);
        assert!(!diff.is_empty(), "{path}");
        for change in diff
            .changes
            .iter()
            .filter(|it| !it.old.is_null() && !it.new.is_null())
        {
            let mut parts = change.path.split('.');
            let key = (
                parts.next().unwrap().to_owned(),
                parts.next_back().unwrap_or_default().to_owned(),
            );
            let says = |lang| {
                format!(
                    "{}: {} → {}",
                    change.what.say(lang),
                    change.says.0.say(lang),
                    change.says.1.say(lang)
                )
            };
            names
                .entry(key)
                .or_insert_with(|| format!("{} | {}", says(Lang::Zh), says(Lang::En)));
        }
    }
    assert!(tried > 300, "{tried}");
    insta::assert_snapshot!(names.into_values().collect::<Vec<_>>().join("\n"));
}

/// A pack that uses what a schema can hold, with two clauses that answer alike.
fn full(first: &str, second: &str, comment: &str) -> Plan {
    let source = format!(
        r#"{comment}pack("full", "全").labels("zh").in_force("2026-01-01").holidays("cn");
place("6325", "海南州", "受理岗");
const 督查办 = role("supervisor", "督查办");
const 期限 = param("期限", 10, 1..=20).from("2026-07-01", 7);
fact("kind", ["咨询", "投诉"]).given_by(CITIZEN);
fact("heat", 0..=1_000).given_by(HOST).moves().otherwise(0);
fact("own", percent("0.00")..=percent("100.00")).given_by(HOST).otherwise(percent("0.00"));
fact("again").derived();
clock("reply").clauses(FIRST)
    .when(|m| {first}, 3.working_days).title("甲").cite("第一条")
    .when(|m| {second}, 3.working_days).title("乙").cite("第二条")
    .otherwise(12.working_days);
clock("redo").within(期限.working_days);
track(督查办).start(|m| m.received_on >= date("2026-09-01") && m.own > percent("10.00"));
notice(RECEIVED, "来件").when(|m| m.again).to(督查办);
"#
    );
    load("full.rhai", &source).unwrap_or_else(|findings| panic!("{findings}"))
}

// A plan says the same as itself, and as the same pack with a comment, whatever facts its rules read: dates and shares among them.
#[test]
fn a_plan_that_uses_everything_is_the_same_as_itself() {
    let rules = ("m.again", "m.heat >= 100");
    let plan = full(rules.0, rules.1, "");
    let same = plan.diff(&full(rules.0, rules.1, "// 说明\n"), 9);
    assert!(same.is_empty(), "{same:?}");
    let later = plan.diff(&full("m.again", "m.heat >= 200", ""), 9);
    assert_eq!(later.decisions.len(), 1);
}

// The reason that a citizen is given names the clause. Two packs whose answers are alike but for the clause that gives them are not the same.
#[test]
fn another_clause_that_decides_is_a_difference() {
    let diff = full("m.again", "m.heat >= 100", "").diff(&full("m.heat >= 100", "m.again", ""), 9);
    let [reply] = diff.decisions.as_slice() else {
        panic!("{:?}", diff.decisions);
    };
    assert_eq!(reply.clock, Some(ClockKind::Reply));
    for region in &reply.regions {
        let (was, is) = region.clauses.as_ref().unwrap();
        assert!(was != is && region.old == region.new && region.shift.is_none());
        assert!(
            region.says.0.zh.starts_with("3 个工作日(依据 "),
            "{:?}",
            region.says
        );
    }
    assert_eq!(reply.regions.len(), 2);
}

// For whom an extension and a pause are is compared case by case; that there is one at all, and by how much, thing by thing.
#[test]
fn for_whom_time_is_extended_or_stands_still_is_compared_case_by_case() {
    let plan = |extend: &str, when: &str, pause: &str| {
        let text = with(&format!(
            "clock(\"reply\").within(5.working_days){extend}{when};\nexclude(\"听证\").side(STATUTORY).most(5.working_days){pause};"
        ));
        load("pack.rhai", &text).unwrap()
    };
    let extension = ".extend(#{ granted_by: 督查办, times: 1, most: 5.working_days })";
    let all = plan(extension, "", "");
    let some = plan(
        extension,
        ".when(|m| m.kind == \"投诉\")",
        ".when(|m| m.heat >= 100)",
    );
    let diff = all.diff(&some, ALL);
    assert_eq!(diff.changes, [], "nothing else is another");
    let mut both = told(&diff, Lang::En);
    both.extend(told(&diff, Lang::Zh));
    both.extend(told(&some.diff(&all, ALL), Lang::En));
    insta::assert_snapshot!(both.join("\n"));
    assert!(some.diff(&some.clone(), ALL).is_empty());
    // Without any extension its condition is no question.
    let none = plan("", "", "");
    let diff = none.diff(&some, ALL);
    assert!(
        diff.changes
            .iter()
            .any(|it| it.path == "clocks.reply.extension"),
        "{:?}",
        diff.changes
    );
}

/// A limit that is said in other words and ends at the same moment is neither shorter nor longer.
#[test]
fn a_limit_said_in_other_words_is_as_long_as_before() {
    let of = |limit: &str| super::plan(&format!("clock(\"reply\").within({limit});"));
    for (was, is) in [
        ("7.calendar_days", "1.weeks"),
        ("1.weeks", "7.calendar_days"),
        (
            "earliest(20.working_days, 1.months)",
            "earliest(1.months, 20.working_days)",
        ),
        (
            "latest(5.working_days, 1.weeks)",
            "latest(7.calendar_days, 5.working_days)",
        ),
    ] {
        let shift = |was: &str, is: &str| {
            let diff = of(was).diff(&of(is), 20);
            let shifts: Vec<_> = regions(&diff).iter().map(|it| it.shift).collect();
            shifts
        };
        assert_eq!(shift(was, is), [Some(Shift::Same)], "{was} → {is}");
    }
    for (was, is, shift) in [
        ("8.calendar_days", "1.weeks", Shift::Shorter),
        ("6.calendar_days", "1.weeks", Shift::Longer),
        ("5.working_days", "1.weeks", Shift::Unclear),
    ] {
        let diff = of(was).diff(&of(is), 20);
        assert_eq!(regions(&diff)[0].shift, Some(shift), "{was} → {is}");
    }
}
