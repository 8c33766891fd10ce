//! Dates: from when a pack is in force, numbers that change with the date of receipt, and that date as a fact.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use duly::plan::{Asked, InForce, Limit, Param, Plan, PlanFault, Row, Since, received_on};
use duly::script::{Interpreter, Options, Severity, check, load, load_with};
use duly::time::Span;
use duly::words::{ClockKind, Lang};
use proptest::prelude::*;

use super::tries::config;
use super::{one, plan, with};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A row of the least codes, received on that date.
fn on(plan: &Plan, received: NaiveDate, heat: i64) -> Row {
    plan.schema.row(|fact| match fact.name.as_str() {
        "received_on" => Some(received.to_string().as_str().into()),
        "heat" => Some(heat.into()),
        _ => None,
    })
}

fn reply(plan: &Plan, received: &str, heat: i64) -> (Limit, String) {
    let within = &plan.clock(ClockKind::Reply).unwrap().within;
    let (limit, reason) = within.decide(&plan.schema, &on(plan, date(received), heat));
    let because: Vec<String> = reason.because.iter().map(|it| it.say(Lang::Zh)).collect();
    (limit.clone(), because.join(","))
}

fn days(n: u32) -> Limit {
    Limit::Span(Span::WorkingDays(n))
}

const TERM: &str = r#"const 期限 = param("期限", 10, 1..=20).from("2026-01-01", 7).from("2026-07-01", 5).ours("自定");"#;

#[test]
fn a_number_is_that_of_the_date_of_receipt() {
    for within in ["期限.working_days", "|m| 期限.working_days"] {
        let plan = plan(&format!("{TERM}\nclock(\"reply\").within({within});"));
        assert_eq!(plan.validate(), Ok(()));
        let said = |received: &str| reply(&plan, received, 0);
        assert_eq!(
            said("2025-12-31"),
            (days(10), "收件日期至 2025-12-31 止".into())
        );
        assert_eq!(
            said("2026-01-01"),
            (days(7), "收件日期 2026-01-01 至 2026-06-30".into())
        );
        assert_eq!(said("2026-06-30").0, days(7));
        assert_eq!(
            said("2026-07-01"),
            (days(5), "收件日期 2026-07-01 起".into())
        );
        let later = [("2026-01-01", 7), ("2026-07-01", 5)].map(|(from, value)| Since {
            from: date(from),
            value,
        });
        let param = &plan.params[1];
        assert_eq!((param.value, &param.later[..]), (10, &later[..]));
    }
}

/// What a number is from later dates on is one of what it may be, each from a later date than the one before it.
#[test]
fn the_dates_from_which_a_number_changes_rise() {
    let fine = plan(TERM);
    let faults = |change: fn(&mut Param)| {
        let mut plan = fine.clone();
        change(&mut plan.params[1]);
        plan.validate().err().unwrap_or_default()
    };
    assert_eq!(faults(|_| ()), []);
    let next: fn(&mut Param) = |it| it.later[1].from = date("2026-01-02");
    let ends: fn(&mut Param) = |it| (it.value, it.later[0].value, it.later[1].value) = (20, 1, 20);
    for change in [next, ends] {
        assert_eq!(faults(change), []);
    }
    let wrong: [fn(&mut Param); 6] = [
        |it| it.later[1].from = date("2026-01-01"),
        |it| it.later[1].from = date("2025-12-31"),
        |it| it.later[1].value = 21,
        |it| it.later[0].value = 0,
        |it| it.value = 0,
        |it| it.value = 21,
    ];
    for (at, change) in wrong.into_iter().enumerate() {
        assert_eq!(faults(change), [PlanFault::Param("期限".into())], "{at}");
    }
}

#[test]
fn a_threshold_a_term_and_a_date_are_read_alike() {
    let lines = r#"const 热线 = param("热线", 100, 10..=1_000).from("2026-01-01", 200);
term("热点", |m| m.heat >= 热线 || (m.received_on >= date("2027-01-01") && m.heat > 热线 - 50));
clock("reply").within(|m| if m.热点 { 3.working_days } else { 10.working_days });"#;
    let plan = plan(lines);
    let said = |received: &str, heat: i64| reply(&plan, received, heat).0;
    assert_eq!(said("2025-12-31", 100), days(3));
    assert_eq!(said("2026-01-01", 199), days(10));
    assert_eq!(said("2026-01-01", 200), days(3));
    assert_eq!(said("2026-12-31", 151), days(10));
    assert_eq!(said("2027-01-01", 151), days(3));
    assert_eq!(said("2027-01-01", 150), days(10));
}

/// Plans that know nothing of dates are what they were before there were any: the date of receipt is a fact where it is used, and
/// nowhere else.
#[test]
fn the_date_of_receipt_is_a_fact_only_where_rules_depend_on_it() {
    let plain = plan("clock(\"reply\").within(5.working_days);");
    assert_eq!(plain.schema.fact("received_on"), None);
    let text = serde_json::to_string(&plain).unwrap();
    assert!(!text.contains("in_force") && !text.contains("later"));
    let dated = plan("track(督查办).start(|m| m.received_on >= date(\"2026-07-01\"));");
    assert_eq!(dated.schema.facts[18], received_on());
    let stored = serde_json::to_string(&dated).unwrap();
    let again: Plan = serde_json::from_str(&stored).unwrap();
    assert_eq!((&again, again.id()), (&dated, dated.id()));
    // It stands where it belongs, or nowhere.
    let mut moved = dated.clone();
    moved.schema.facts.swap(18, 19);
    let faults = moved.validate().unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "the schema does not begin with the engine's own facts: `received_on` is missing or altered"
    );
}

#[test]
fn dates_are_values_of_the_fact_and_nothing_else_is() {
    let domain = received_on().domain;
    for text in ["0001-01-01", "1582-10-15", "2024-02-29", "9999-12-31"] {
        let code = domain.code(&text.into()).unwrap();
        assert_eq!(domain.value(code), text.into());
    }
    for odd in [
        "2026-1-1",
        "2026-02-30",
        "2026-01-01 ",
        "20260101",
        "0000-12-31",
        "+10000-01-01",
        "",
        "今天",
    ] {
        assert_eq!(domain.code(&odd.into()), None, "{odd}");
    }
    assert_eq!(domain.code(&739_617.into()), None, "a number is not a date");
    let (least, most) = domain.codes();
    let new_year = domain.code(&"2026-01-01".into()).unwrap();
    assert_eq!(domain.say(new_year, most), "2026-01-01..");
    assert_eq!(domain.say(least, new_year), "..=2026-01-01");
    assert_eq!(
        domain.say(new_year, new_year + 1),
        "2026-01-01..=2026-01-02"
    );
    assert_eq!(domain.say(new_year, new_year), "2026-01-01");
}

#[test]
fn a_value_set_from_outside_holds_on_all_dates() {
    let source = with(&format!(
        "{TERM}\nclock(\"reply\").within(期限.working_days);\nladder(\"reply\").before(1.working_days).remind(承办人);"
    ));
    let mut options = Options::default();
    options.params.insert("期限".into(), 8);
    let plan = load_with("pack.rhai", &source, &options).unwrap();
    for received in ["2025-12-31", "2026-01-01", "2026-07-01"] {
        assert_eq!(reply(&plan, received, 0), (days(8), String::new()));
    }
    assert_eq!((plan.params[1].value, plan.params[1].later.len()), (8, 0));
    // It can be used everywhere then.
    let everywhere = with(&format!("{TERM}\ncallback().attempts(期限);"));
    assert!(load_with("pack.rhai", &everywhere, &options).is_ok());
    options.params.insert("期限".into(), 21);
    let refused = load_with("pack.rhai", &source, &options).unwrap_err();
    assert_eq!(refused.all[0].code, "D203");
}

#[test]
fn a_pack_says_when_it_is_in_force() {
    let of = |words: &str| {
        let source = with("").replacen(
            "pack(\"demo\", \"示例\")",
            &format!("pack(\"demo\"){words}"),
            1,
        );
        load("pack.rhai", &source).unwrap().in_force
    };
    assert_eq!(of(""), None);
    let from = date("2025-01-01");
    assert_eq!(
        of(".in_force(\"2025-01-01\")"),
        Some(InForce { from, to: None })
    );
    let to = Some(date("2025-12-31"));
    assert_eq!(
        of(".in_force(\"2025-01-01\", \"2025-12-31\")"),
        Some(InForce { from, to })
    );
    assert_eq!(
        of(".in_force(\"2025-01-01\", date(\"2025-12-31\"))"),
        Some(InForce { from, to })
    );
    let mut plan = plan("");
    plan.in_force = Some(InForce {
        from,
        to: from.pred_opt(),
    });
    assert_eq!(plan.validate().unwrap_err().len(), 1);
}

/// Every finding, in both languages: line → what is said.
fn both(source: &str) -> String {
    let (_, found) = check("pack.rhai", source, &Options::default());
    let errors = found.all.iter().filter(|f| f.severity == Severity::Error);
    let one = |f: &duly::script::Finding| {
        format!(
            "{} {}:{}\n   {}\n   = {}\n   {}\n   = {}\n",
            f.code,
            f.line,
            f.column,
            f.message,
            f.help.as_deref().unwrap_or("-"),
            f.zh.message,
            f.zh.help.as_deref().unwrap_or("-"),
        )
    };
    errors.map(one).collect()
}

#[test]
fn mistakes_with_dates_are_shown_at_their_place_in_both_languages() {
    let heads = [
        ".in_force(\"2026-02-30\")",
        ".in_force(\"2026-1-1\")",
        ".in_force(\"2026-12-31\", \"2026-01-01\")",
        ".in_force(\"2026-01-01\").in_force(\"2027-01-01\")",
    ];
    let lines = [
        "const 期 = param(\"期\", 10, 1..=20).from(\"2026-01-01\", 21);",
        "const 期 = param(\"期\", 10, 1..=20).from(\"2026-07-01\", 7).from(\"2026-01-01\", 5);",
        "const 期 = param(\"期\", 10, 1..=20).from(\"2026-01-01\", 7).from(\"2026-01-01\", 5);",
        "const 期 = param(\"期\", 10, 1..=20).from(\"明年\", 7);",
        "const 期 = param(\"期\", 2, 1..=20).from(\"2026-01-01\", 3); callback().attempts(期);",
        "const 期 = param(\"期\", 2, 1..=20).from(\"2026-01-01\", 3); ladder(\"reply\").before(期.working_days).remind(承办人);",
        "const 期 = param(\"期\", 2, 1..=20).from(\"2026-01-01\", 3); clock(\"reply\").within(earliest(期.working_days, 1.months));",
        "const 期 = param(\"期\", 2, 1..=20).from(\"2026-01-01\", 3); const 两倍 = 期 + 2;",
        "const 期 = param(\"期\", 2, 1..=20); callback().attempts(期); 期.from(\"2026-01-01\", 3);",
        "const 期 = param(\"期\", 2, 1..=20).from(\"2026-01-01\", 3); clock(\"reply\").within(5.working_days).extend(#{ granted_by: 督查办, most: 期.working_days });",
        "track(督查办).start(|m| switch m.received_on { _ => true });",
    ];
    let mut told = String::new();
    for head in heads {
        let source = with("").replacen(
            "pack(\"demo\", \"示例\")",
            &format!("pack(\"demo\"){head}"),
            1,
        );
        told.push_str(&format!("{head}\n{}", both(&source)));
    }
    for line in lines {
        told.push_str(&format!("{line}\n{}", both(&with(line))));
    }
    insta::assert_snapshot!(told);
}

/// Line → `code line:column message | help`.
const ONE: &[(&str, &str)] = &[
    (
        "const 期 = param(\"期\", 2, 1..=20).from(\"2026-01-01\", 3); callback().attempts(期);",
        "D214 8:76 the parameter `期` depends on the date of receipt, and there is no case here to ask for it | say it in a rule, `|m| …`, where this word takes one; else use a number of its own",
    ),
    (
        "const 期 = param(\"期\", 0, 0..=20).from(\"2026-01-01\", 3); clock(\"reply\").within(期.working_days);",
        "D208 8:78 `0.working_days` has no length | a span is at least 1",
    ),
    (
        "const 期 = param(\"期\", 2, 0..=20).from(\"2026-01-01\", 2); clock(\"reply\").within(|m| 期);",
        "D208 8:78 the number has no unit | write a unit after it, as in `期限.working_days`",
    ),
    (
        "track(督查办).start(|m| m.received_on >= \"2026-07-01\");",
        "D304 8:36 `received_on` is a date, and is compared with the text `2026-07-01` | write `m.received_on >= date(\"2026-01-01\")`",
    ),
    (
        "track(督查办).start(|m| m.received_on >= 20260701);",
        "D304 8:36 `received_on` is a date, and is compared with the number `20260701` | write `m.received_on >= date(\"2026-01-01\")`",
    ),
    (
        "track(督查办).start(|m| m.heat >= date(\"2026-07-01\"));",
        "D304 8:29 `heat` is a whole number, and is compared with the date `2026-07-01` | write `m.heat > 10`",
    ),
    (
        "track(督查办).start(|m| m.received_on);",
        "D305 8:24 the date `received_on` is read, but never compared | compare it: `m.received_on >= date(\"2026-01-01\")`",
    ),
    (
        "track(督查办).start(|m| m.recieved_on >= date(\"2026-07-01\"));",
        "D301 8:24 no fact is called `recieved_on` | did you mean `received_on`?",
    ),
    (
        "track(督查办).start(|m| m.received_on + 1 > date(\"2026-07-01\"));",
        "D304 8:36 to a number fact only a number can be added | compare the facts one by one",
    ),
    (
        "track(督查办).start(|m| date(\"2026-07-01\") > 5);",
        "D304 8:41 `>` cannot compare the date `2026-07-01` with the number `5` | a label is compared with a label by `==` and `!=`, a number with a number",
    ),
    (
        "fact(\"received_on\").given_by(HOST);",
        "D204 8:6 `received_on` is one of the engine's own facts | it is there without being declared: delete this line",
    ),
    (
        "date(\"2026-01-01\");",
        "D201 8:1 this statement declares nothing | a statement begins with a word such as `clock(…)`, or with `const name = `",
    ),
];

#[test]
fn each_mistake_with_dates_is_one_finding() {
    let odd: Vec<String> = ONE
        .iter()
        .map(|(line, said)| (line, one(line), said))
        .filter(|(_, came, said)| came != *said)
        .map(|(line, came, _)| format!("{line}\n  {came}"))
        .collect();
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

const BASE: &str = r#"pack("base", "本").in_force("2026-01-01", "2026-12-31");
place("6325", "海南州", "受理岗");
const 期限 = param("期限", 10, 1..=20).from("2026-07-01", 7);
fact("heat", 0..=1_000).given_by(HOST).otherwise(0);
clock("reply").within(期限.working_days);"#;

fn overlaid(head: &str, lines: &str, base: &'static str) -> (Option<Plan>, Vec<String>) {
    let options = Options::default()
        .with_bases(move |name| (name == "base").then(|| ("base/pack.rhai".into(), base.into())));
    let source = format!("pack(\"over\", \"县\"){head};\n{lines}\n");
    let (plan, findings) = check("over.rhai", &source, &options);
    let all = findings.all.iter();
    let said = all.filter(|f| f.severity == Severity::Error).map(|f| {
        let (en, zh) = (&f.message, &f.zh.message);
        format!("{} {}:{}:{} {en} | {zh}", f.code, f.file, f.line, f.column)
    });
    (plan, said.collect())
}

#[test]
fn an_overlay_is_in_force_on_days_of_its_base() {
    let over = |head: &str| overlaid(head, "based_on(\"base\");", BASE);
    let year = BASE.split('"').nth(5).map(date);
    assert_eq!(over("").0.unwrap().in_force.map(|it| it.from), year);
    let plan = over(".in_force(\"2026-03-01\", \"2026-12-31\")").0.unwrap();
    assert_eq!(
        plan.in_force.unwrap().to_string(),
        "from 2026-03-01 to 2026-12-31"
    );
    let said = [
        "2026-03-01\", \"2027-01-01",
        "2025-12-31\", \"2026-12-31",
        "2026-03-01",
    ]
    .map(|dates| over(&format!(".in_force(\"{dates}\")")).1.join("\n"));
    assert_eq!(
        said,
        [
            "D211 over.rhai:1:19 the base pack is in force from 2026-01-01 to 2026-12-31, and this one would be from 2026-03-01 to 2027-01-01 | 底本自 2026-01-01 至 2026-12-31 施行,本包却自 2026-03-01 至 2027-01-01 施行",
            "D211 over.rhai:1:19 the base pack is in force from 2026-01-01 to 2026-12-31, and this one would be from 2025-12-31 to 2026-12-31 | 底本自 2026-01-01 至 2026-12-31 施行,本包却自 2025-12-31 至 2026-12-31 施行",
            "D211 over.rhai:1:19 the base pack is in force from 2026-01-01 to 2026-12-31, and this one would be from 2026-03-01 | 底本自 2026-01-01 至 2026-12-31 施行,本包却自 2026-03-01 起施行",
        ]
    );
    // Where the base says nothing of dates, an overlay may say what it will.
    let free: &str = "pack(\"base\");\nplace(\"6325\", \"海南州\", \"受理岗\");";
    let plan = overlaid(".in_force(\"2030-01-01\")", "based_on(\"base\");", free).0;
    assert_eq!(plan.unwrap().in_force.unwrap().from, date("2030-01-01"));
    let (base, mut other) = (load("base", BASE).unwrap(), load("base", BASE).unwrap());
    other.in_force = None;
    assert_eq!(
        other.loosened(&base)[0].to_string(),
        "it is in force on dates on which the base is not"
    );
}

#[test]
fn an_overlay_sets_a_dated_number_as_a_whole_and_adds_dates_of_its_own() {
    let over = |lines: &str| overlaid("", lines, BASE);
    let plan = over("based_on(\"base\", #{ \"期限\": 9 });").0.unwrap();
    assert_eq!(reply(&plan, "2026-01-01", 0).0, days(9));
    assert_eq!(reply(&plan, "2026-07-01", 0).0, days(9));
    let plan = over("based_on(\"base\");").0.unwrap();
    assert_eq!(reply(&plan, "2026-06-30", 0).0, days(10));
    assert_eq!(reply(&plan, "2026-07-01", 0).0, days(7));
    let refused = over("based_on(\"base\");\n期限.from(\"2026-09-01\", 5);").1;
    assert_eq!(
        refused,
        ["D211 over.rhai:3:4 `from` would change what the base pack says | `from`改动了底本的规定"]
    );
    // The overlay alone depends on dates: its base has the fact then too, and each stays what it is by itself.
    let undated = "pack(\"base\");\nplace(\"6325\", \"海南州\", \"受理岗\");\nfact(\"heat\", 0..=9).given_by(HOST).otherwise(0);\nclock(\"reply\").within(|m| if m.heat > 5 { 5.working_days } else { 9.working_days });";
    assert_eq!(load("b", undated).unwrap().schema.fact("received_on"), None);
    let plan = overlaid(
        "",
        "based_on(\"base\");\nconst 县期 = param(\"县期\", 8, 1..=9).from(\"2026-07-01\", 4);\ntighten(\"reply\").within(县期.working_days);",
        undated,
    )
    .0
    .unwrap();
    assert_eq!(reply(&plan, "2026-06-30", 0).0, days(8));
    assert_eq!(reply(&plan, "2026-06-30", 9).0, days(5));
    assert_eq!(reply(&plan, "2026-07-01", 9).0, days(4));
}

#[test]
fn clauses_that_tighten_say_the_number_of_the_date() {
    let plan = overlaid(
        "",
        "based_on(\"base\");\nconst 县期 = param(\"县期\", 8, 1..=9).from(\"2026-04-01\", 4);\ntighten(\"reply\").clauses(FIRST).when(|m| m.heat > 5, 县期.working_days);",
        BASE,
    );
    let plan = plan.0.unwrap_or_else(|| panic!("{:?}", plan.1));
    let said = [
        ("2026-03-31", 9),
        ("2026-04-01", 9),
        ("2026-06-30", 5),
        ("2026-07-01", 5),
    ];
    let said = said.map(|(date, heat)| reply(&plan, date, heat).0);
    assert_eq!(said, [8, 4, 10, 7].map(days));
}

/// Tests that authors write beside a pack reach over its dates, and the values that are tried unasked are those around them.
#[test]
fn stories_are_told_across_dates() {
    let source = r#"pack("demo", "示例").in_force("2025-01-01", "2026-12-31");
place("6325", "海南州", "州留言受理岗");
const 期限 = param("期限", 10, 1..=20).from("2026-01-01", 2);
clock("screen").within(期限.working_days);
track(role("supervisor")).start(|m| m.received_on >= date("2026-01-02"));"#;
    let story = r#"
{"测试": "旧年的最后一秒", "类别": "问事"}
{"时": "2025-12-31 23:59:59", "做": "登记"}
{"到期": "screen", "是": "2026-01-15 18:00"}
{"测试": "新年的第一秒", "类别": "问事"}
{"时": "2026-01-01 00:00:00", "做": "登记"}
{"到期": "screen", "是": "2026-01-05 18:00"}
{"测试": "施行之前", "类别": "问事"}
{"时": "2024-12-31 23:59:59", "做": "登记", "拒绝": "not_in_force"}
{"测试": "施行之后", "类别": "问事"}
{"时": "2027-01-01 00:00:00", "做": "登记", "拒绝": "前一份规则施行到 2026-12-31 为止"}
"#;
    let mut plans = duly::plan::Plans::new("board".parse().unwrap());
    // Another plan in hand is not on trial.
    plans.take(load("other", &with("")).unwrap()).unwrap();
    plans.take(load("pack.rhai", source).unwrap()).unwrap();
    let tests = duly::trial::Tests::read("dates.jsonl", story).unwrap();
    let report = duly::trial::run(&plans, ("pack.rhai", source), &[tests], Lang::Zh).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!((report.tests, report.passed), (4, 4));
    // Two rules: their corners and the values on both sides of each boundary.
    assert!(
        (10..100).contains(&report.generated.answers),
        "{}",
        report.generated.answers
    );
    let screen = report
        .coverage
        .by_rule
        .iter()
        .find(|it| it.rule == "clock(screen).within");
    assert_eq!(screen.unwrap().no_condition, Vec::<String>::new());
}

/// A dated parameter with a few stretches, and where it stands.
fn stretches() -> impl Strategy<Value = Vec<(NaiveDate, i64)>> {
    let day = prop_oneof![0_u64..=40, Just(0_u64), Just(1), Just(365), 700_u64..=800,];
    let dates = prop::collection::vec((day, 1_i64..=20), 0..5);
    dates.prop_map(|dates| {
        let mut seen = BTreeSet::new();
        let mut all: Vec<(NaiveDate, i64)> = dates
            .into_iter()
            .map(|(day, value)| (date("2025-12-20") + Days::new(day), value))
            .filter(|(date, _)| seen.insert(*date))
            .collect();
        all.sort();
        all
    })
}

const RULES: &str = r#"const 列 = [数, 7];
clock("reply").within(|m| if m.heat >= 数 && m.kind == "投诉" { 数.working_days } else { 30.working_days });
clock("review").within(数.working_days);
term("热", |m| m.heat + 3 > 数 || m.kind == "求助");
track(督查办).start(|m| m.热 && m.heat != 数);
gate("process").require(|m| m.has_contact || m.heat < 数 - 1 || m.heat in 列, "联系");"#;

/// Whether a pack with that number and these rules is, on each date around each boundary, the plain pack with the number of that date.
fn same_on_each_date(
    first: i64,
    later: &[(NaiveDate, i64)],
    heats: &[i64],
    kind: usize,
    rules: &str,
) -> Result<(), TestCaseError> {
    let from: String = later
        .iter()
        .map(|(date, value)| format!(".from(\"{date}\", {value})"))
        .collect();
    let other: String = later
        .iter()
        .map(|(date, value)| format!(".from(\"{date}\", {})", 21 - value))
        .collect();
    let dated = with(&format!(
        "const 数 = param(\"数\", {first}, 1..=20){from};\nconst 另 = param(\"另\", {}, 1..=20){other};\n{rules}",
        21 - first
    ));
    let oracle = Interpreter::load("pack.rhai", &dated).unwrap();
    let plan = oracle.plan();
    prop_assert_eq!(plan.schema.fact("received_on").is_some(), !later.is_empty());
    let kind = ["投诉", "求助", "咨询"][kind];
    let mut around: BTreeSet<NaiveDate> = BTreeSet::from([date("0001-01-01"), date("9999-12-31")]);
    for (date, _) in later {
        around.extend(
            [date.pred_opt(), Some(*date), date.succ_opt()]
                .into_iter()
                .flatten(),
        );
    }
    for received in around {
        let number = later
            .iter()
            .rev()
            .find(|(from, _)| *from <= received)
            .map_or(first, |(_, value)| *value);
        let param: &Param = &plan.params[1];
        prop_assert_eq!(param.on(received), number);
        let plain = with(&format!(
            "const 数 = param(\"数\", {number}, 1..=20);\nconst 另 = param(\"另\", {}, 1..=20);\n{rules}",
            21 - number
        ));
        let plain = load("pack.rhai", &plain).unwrap();
        let known = |heat: i64| {
            move |fact: &duly::plan::FactRule| match fact.name.as_str() {
                "received_on" => Some(received.to_string().as_str().into()),
                "heat" => Some(heat.into()),
                "kind" => Some(kind.into()),
                _ => None,
            }
        };
        for heat in heats
            .iter()
            .copied()
            .chain([number - 2, number - 1, number, number + 1])
        {
            let (row, bare) = (plan.schema.row(known(heat)), plain.schema.row(known(heat)));
            for asked in &plain.decisions() {
                let mine = plan
                    .decisions()
                    .into_iter()
                    .find(|own| own.rule == asked.rule)
                    .unwrap();
                let deciding = |asked: &Asked<'_>, row: &Row| {
                    asked.clauses.map(|it| it.decides.answer(row).clone())
                };
                prop_assert_eq!(
                    deciding(&mine, &row),
                    deciding(asked, &bare),
                    "{} on {} at {}",
                    asked.rule,
                    received,
                    heat
                );
                prop_assert_eq!(
                    mine.answer(&row),
                    asked.answer(&bare),
                    "{} on {} at {}",
                    asked.rule,
                    received,
                    heat
                );
                if let Some(written) = oracle.answer(asked.rule, &row) {
                    prop_assert_eq!(
                        written.unwrap(),
                        mine.answer(&row),
                        "{} on {} at {}",
                        asked.rule,
                        received,
                        heat
                    );
                }
            }
        }
    }
    Ok(())
}

const CLAUSES: &str = r#"clock("reply").clauses(FIRST).when(|m| m.heat >= 数, 数.working_days).when(|m| m.kind == "投诉", 6.working_days).otherwise(另.working_days);
clock("review").clauses(STRICTEST).when(|m| m.heat > 5, 数.working_days).when(|m| m.kind == "投诉", 另.working_days).when(|m| m.heat > 12, 9.working_days).otherwise(数.working_days);
clock("screen").clauses(UNIQUE).when(|m| m.heat >= 9, 数.working_days).when(|m| m.heat < 9 && m.kind == "求助", 另.working_days).otherwise(数.working_days);"#;

proptest! {
    #![proptest_config(config(24))]

    /// A number that changes by date is, for every date of receipt, what it would be in a pack that has the number of that date and
    /// knows of no other: for the diagrams and for the rules as they were written, on every date around every boundary.
    #[test]
    fn on_each_date_the_pack_is_the_plain_pack_with_the_number_of_that_date(
        first in 1_i64..=20, later in stretches(), heats in prop::collection::vec(0_i64..=25, 6), kind in 0_usize..3,
    ) {
        same_on_each_date(first, &later, &heats, kind, RULES)?;
    }

    /// So it is where the number is what a clause says, whichever mode holds; and the clauses that decide are the same.
    #[test]
    fn a_clause_says_on_each_date_what_it_says_in_the_plain_pack_of_that_date(
        first in 1_i64..=20, later in stretches(), heats in prop::collection::vec(0_i64..=25, 6), kind in 0_usize..3,
    ) {
        same_on_each_date(first, &later, &heats, kind, CLAUSES)?;
    }
}

/// Plans that are in force over these dates, taken in this order, and the dates on which none of them is.
fn without_a_plan(periods: &[Option<(&str, Option<&str>)>]) -> Vec<String> {
    let mut plans = duly::plan::Plans::new("board".parse().unwrap());
    for (at, period) in periods.iter().enumerate() {
        let mut plan = duly::plan::bare("demo".parse().unwrap());
        plan.edition = at.to_string();
        plan.in_force = period.map(|(from, to)| InForce {
            from: date(from),
            to: to.map(date),
        });
        plans.take(plan).unwrap();
    }
    plans.gaps().iter().map(ToString::to_string).collect()
}

/// The dates on which no plan is in force are told whole: what follows a period on the next day, lies within another or overlaps it leaves
/// none, in whatever order the plans were taken.
#[test]
fn dates_without_a_plan_are_those_that_no_period_covers() {
    let whole = Some(("2026-01-01", Some("2026-12-31")));
    let (first, second) = (
        Some(("2026-01-01", Some("2026-06-30"))),
        Some(("2026-07-01", Some("2026-12-31"))),
    );
    let spring = Some(("2026-03-01", Some("2026-04-30")));
    let autumn = Some(("2026-09-01", None));
    let around = ["until 2025-12-31", "from 2027-01-01"];
    let none = Vec::<String>::new();
    assert_eq!(without_a_plan(&[]), ["always"]);
    assert_eq!(without_a_plan(&[None]), none);
    assert_eq!(without_a_plan(&[whole, None]), none);
    assert_eq!(without_a_plan(&[whole]), around);
    assert_eq!(without_a_plan(&[first, second]), around);
    assert_eq!(without_a_plan(&[second, first]), around);
    assert_eq!(without_a_plan(&[whole, spring]), around);
    assert_eq!(without_a_plan(&[spring, whole, first]), around);
    assert_eq!(without_a_plan(&[whole, autumn]), ["until 2025-12-31"]);
    assert_eq!(
        without_a_plan(&[first, autumn]),
        ["until 2025-12-31", "2026-07-01 to 2026-08-31"]
    );
    assert_eq!(
        without_a_plan(&[Some(("2026-07-02", Some("2026-12-31"))), first]),
        [
            "until 2025-12-31",
            "2026-07-01 to 2026-07-01",
            "from 2027-01-01"
        ]
    );
}

/// A period lies within another if it has no date that the other has not; and it holds on its first date and on its last.
#[test]
fn a_period_lies_within_another_that_has_all_its_dates() {
    let period = |from: &str, to: Option<&str>| InForce {
        from: date(from),
        to: to.map(date),
    };
    let year = period("2026-01-01", Some("2026-12-31"));
    let always = period("2026-01-01", None);
    for (own, other, within) in [
        (year, year, true),
        (year, always, true),
        (always, always, true),
        (always, year, false),
        (period("2026-01-02", Some("2026-12-30")), year, true),
        (period("2025-12-31", Some("2026-12-31")), year, false),
        (period("2026-01-01", Some("2027-01-01")), year, false),
        (period("2025-12-31", None), always, false),
    ] {
        assert_eq!(own.within(&other), within, "{own} within {other}");
    }
    let holds = ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"];
    assert_eq!(
        holds.map(|on| year.holds(date(on))),
        [false, true, true, false]
    );
    assert_eq!(
        holds.map(|on| always.holds(date(on))),
        [false, true, true, true]
    );
    let gap = duly::plan::Gap {
        from: Some(date("2026-01-01")),
        to: Some(date("2026-12-31")),
    };
    assert_eq!(
        holds.map(|on| gap.holds(date(on))),
        [false, true, true, false]
    );
    let before = duly::plan::Gap { from: None, ..gap };
    assert_eq!(
        holds.map(|on| before.holds(date(on))),
        [true, true, true, false]
    );
    let after = duly::plan::Gap { to: None, ..gap };
    assert_eq!(
        holds.map(|on| after.holds(date(on))),
        [false, true, true, true]
    );
}

/// What date of receipt would change an answer is told as far as the plan is in force, and the nearest such date; a case without one is
/// taken to be received on the first day, and one that is given is kept.
#[test]
fn another_date_of_receipt_is_one_on_which_the_plan_is_in_force() {
    let pack = |lines: &str| {
        let head = "pack(\"demo\").in_force(\"2026-01-01\", \"2026-12-31\")";
        let source = with(lines).replacen("pack(\"demo\", \"示例\")", head, 1);
        load("pack.rhai", &source).unwrap()
    };
    let plan = pack("track(督查办).start(|m| m.received_on >= date(\"2026-07-01\"));");
    let rule = &plan.track.when.as_ref().unwrap().rule;
    let asked = plan.decision(rule.as_str()).unwrap();
    let told = |facts: &duly::words::Facts| {
        let known = plan.take(facts).unwrap();
        let why = asked.why(&plan.schema, &known);
        let flips: Vec<(String, String)> = why
            .flips
            .iter()
            .map(|it| (it.bound.say(Lang::Zh), it.to.to_string()))
            .collect();
        (why.says.unwrap().zh, flips, known.taken)
    };
    let received = |date: &str| {
        let fact = ("received_on".to_owned(), date.into());
        duly::words::Facts::from([fact])
    };
    let later = (
        "received_on 在 2026-07-01 至 2026-12-31".to_owned(),
        "2026-07-01".to_owned(),
    );
    let earlier = (
        "received_on 在 2026-01-01 至 2026-06-30".to_owned(),
        "2026-06-30".to_owned(),
    );
    let (says, flips, taken) = told(&received("2026-03-01"));
    assert_eq!((says.as_str(), flips), ("不督办", vec![later.clone()]));
    assert!(!taken.contains_key("received_on"));
    let (says, flips, _) = told(&received("2026-08-01"));
    assert_eq!((says.as_str(), flips), ("督办", vec![earlier]));
    let (says, flips, taken) = told(&duly::words::Facts::new());
    assert_eq!((says.as_str(), flips), ("不督办", vec![later]));
    assert_eq!(taken["received_on"], "2026-01-01".into());
    // Where no rule depends on the date, there is none to be taken.
    let plain = pack("");
    let known = plain.take(&duly::words::Facts::new()).unwrap();
    assert!(!known.taken.contains_key("received_on"));
}
