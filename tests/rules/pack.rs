//! The pack of Hainan prefecture's board, read back.

use duly::plan::{Given, Limit, Plan, Row};
use duly::script::{Options, check, hainan_board, load_with, vocabulary};
use duly::time::Span;
use duly::words::{Class, ClockKind, FactValue, Outcome, Verb};

fn hainan() -> Plan {
    let (plan, findings) = check("pack.rhai", hainan_board(), &Options::default());
    assert!(findings.all.is_empty(), "{findings}");
    plan.unwrap()
}

fn row(plan: &Plan, known: &[(&str, FactValue)]) -> Row {
    plan.schema.row(|fact| {
        known
            .iter()
            .find(|(name, _)| *name == fact.name)
            .map(|(_, value)| value.clone())
    })
}

/// Which day tables there are is known where a plan is taken in hand, not where it is loaded; a missing one is named there at
/// its place in the pack all the same.
#[test]
fn a_day_table_that_is_not_there_is_named_at_its_place() {
    let source = "pack(\"demo\", \"示例\")\n    .holidays(\"cn\", \"atlantis\");\nplace(\"6325\", \"海南州\", \"受理岗\");\n";
    let plan = duly::script::load("pack.rhai", source).unwrap();
    let error = duly::plan::Plans::new("board".parse().unwrap())
        .take(plan)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "pack.rhai:2:21: the plan counts by the day table `atlantis`, which is not loaded; loaded are cn, kr, uk, uk-england, uk-northern-ireland, uk-scotland, uk-wales, us-federal"
    );
}

#[test]
fn limits_are_those_of_the_pack() {
    let plan = hainan();
    let limit = |kind: ClockKind, known: &[(&str, FactValue)]| {
        plan.clock(kind)
            .unwrap()
            .within
            .answer(&row(&plan, known))
            .clone()
    };
    let days = |n| Limit::Span(Span::WorkingDays(n));
    assert_eq!(
        limit(ClockKind::Reply, &[("class", "问事".into())]),
        days(5)
    );
    assert_eq!(
        limit(ClockKind::Reply, &[("class", "建议".into())]),
        days(10)
    );
    assert_eq!(
        limit(ClockKind::Reply, &[("class", "办事".into())]),
        days(10)
    );
    assert_eq!(
        limit(
            ClockKind::Reply,
            &[("class", "办事".into()), ("urgent", true.into())]
        ),
        days(3)
    );
    assert_eq!(
        limit(ClockKind::Assign, &[("urgent", true.into())]),
        Limit::Span(Span::working_hours(2))
    );
    assert_eq!(limit(ClockKind::Redo, &[("heat", 100.into())]), days(3));
    assert_eq!(
        limit(ClockKind::Redo, &[("heat", 99.into()), ("crowd", 4.into())]),
        days(5)
    );
    assert_eq!(
        limit(ClockKind::CoReply, &[]),
        Limit::Share {
            of: ClockKind::Reply,
            percent: 50
        }
    );
    assert_eq!(
        limit(ClockKind::Whole, &[]),
        Limit::Span(Span::CalendarDays(60))
    );
}

#[test]
fn the_reply_ladder_has_four_rungs_in_four_colours() {
    let plan = hainan();
    let rungs = &plan.clock(ClockKind::Reply).unwrap().rungs;
    let shown: Vec<(&str, &str)> = rungs
        .iter()
        .map(|rung| (rung.key.as_str(), rung.title.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("before-1", "蓝"),
            ("due", "黄"),
            ("after-2", "橙"),
            ("after-5", "红")
        ]
    );
    assert_eq!(
        rungs[3].acts,
        [
            (Verb::Report, "leader".to_owned()),
            (Verb::NameIn, "unit_head".to_owned())
        ]
    );
}

#[test]
fn the_three_gates_hold_for_whom_they_say() {
    let plan = hainan();
    let refused = |known: &[(&str, FactValue)]| {
        let row = row(&plan, known);
        plan.gates
            .iter()
            .filter(|rule| !rule.met.answer(&row))
            .map(|rule| rule.met.rule.to_string())
            .collect::<Vec<_>>()
    };
    let good = [
        ("contacted", true.into()),
        ("has_contact", true.into()),
        ("visited", true.into()),
        ("based", true.into()),
        ("has_basis", true.into()),
        ("every_matter", true.into()),
        ("has_action", true.into()),
        ("has_person", true.into()),
        ("rating", "满意".into()),
    ];
    let but = |changes: &[(&'static str, FactValue)]| {
        let mut all: Vec<(&str, FactValue)> = changes.to_vec();
        all.extend(good.iter().cloned());
        all
    };
    assert_eq!(refused(&good), Vec::<String>::new());
    assert_eq!(
        refused(&but(&[("visited", false.into())])),
        ["gate(process).2"]
    );
    assert_eq!(
        refused(&but(&[("visited", false.into()), ("class", "问事".into())])),
        Vec::<String>::new()
    );
    assert_eq!(
        refused(&but(&[("vague", true.into())])),
        ["gate(measures).1"]
    );
    assert_eq!(
        refused(&but(&[("vague", true.into()), ("dated", true.into())])),
        Vec::<String>::new()
    );
    assert_eq!(refused(&but(&[("mark", "D".into())])), ["gate(measures).3"]);
    assert_eq!(
        refused(&but(&[("rating", "未评价".into())])),
        ["gate(satisfaction).2"]
    );
    assert_eq!(
        refused(&but(&[
            ("rating", "自动好评".into()),
            ("rechecked", true.into())
        ])),
        Vec::<String>::new()
    );
    assert_eq!(
        refused(&but(&[
            ("rating", "不满意".into()),
            ("rechecked", true.into())
        ])),
        ["gate(satisfaction).1"]
    );
}

#[test]
fn facts_routes_and_doors_are_there() {
    let plan = hainan();
    assert_eq!(plan.validate(), Ok(()));
    assert_eq!(
        plan.places
            .iter()
            .map(|place| place.code.as_str())
            .collect::<Vec<_>>(),
        ["6325", "632521", "632522", "632523", "632524", "632525"]
    );
    assert_eq!(plan.schema.fact("vague").unwrap().given, Given::Reply);
    assert_eq!(plan.schema.fact("visited").unwrap().given, Given::Reviewer);
    assert!(plan.schema.fact("heat").unwrap().moves);
    let lead = |field: &str| {
        plan.route
            .as_ref()
            .unwrap()
            .lead
            .answer(&row(&plan, &[("field", field.into())]))
            .as_ref()
            .map(ToString::to_string)
    };
    assert_eq!(
        (lead("教育").as_deref(), lead("金融")),
        (Some("教育局"), None)
    );
    let class = |kind: &str| {
        *plan
            .classify
            .as_ref()
            .unwrap()
            .answer(&row(&plan, &[("kind", kind.into())]))
    };
    assert_eq!(
        (class("求助"), class("感谢")),
        (Some(Class::Problem), Some(Class::Thanks))
    );
    assert_eq!(
        plan.strike_off.allow[&Class::Problem],
        [Outcome::Solved, Outcome::Explained]
    );
    assert_eq!(
        (
            plan.callback.attempts,
            plan.overdue_every,
            plan.pauses.len()
        ),
        (3, 5, 4)
    );
    assert!(
        *plan
            .track
            .when
            .as_ref()
            .unwrap()
            .answer(&row(&plan, &[("returns", 2.into())]))
    );
    assert!(!*plan.digest.hot.as_ref().unwrap().answer(&row(
        &plan,
        &[("heat", 500.into()), ("directed", true.into())]
    )));
}

#[test]
fn parameters_are_set_from_outside_within_their_ranges() {
    let mut options = Options::default();
    options.params.insert("咨询期限".into(), 3);
    let plan = load_with("pack.rhai", hainan_board(), &options).unwrap();
    assert_ne!(plan.id(), hainan().id());
    let reply = plan
        .clock(ClockKind::Reply)
        .unwrap()
        .within
        .answer(&row(&plan, &[("class", "问事".into())]))
        .clone();
    assert_eq!(reply, Limit::Span(Span::WorkingDays(3)));
    options.params.insert("咨询期限".into(), 30);
    options.params.insert("资询期限".into(), 3);
    let findings = load_with("pack.rhai", hainan_board(), &options).unwrap_err();
    let shown: Vec<&str> = findings.all.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        shown,
        [
            "no parameter is called `资询期限`, and a value is set for it",
            "the value set from outside `30` of `咨询期限` lies outside `2..=10`"
        ]
    );
}

#[test]
fn the_pack_uses_the_language_it_is_written_in() {
    // A word that the project's own pack never needs is told here, so that none lingers unnoticed.
    let unused: std::collections::BTreeSet<&str> = vocabulary()
        .map(|word| word.name)
        .filter(|word| !hainan_board().contains(&format!("{word}(")))
        .collect();
    let known = [
        "at_once",
        "based_on",
        "bundle",
        "cite",
        "class",
        "clauses",
        "continues",
        "date",
        "derived",
        "derived_from",
        "divide",
        "earliest",
        "exclude",
        "fixed",
        "fresh",
        "from",
        "holds",
        "in_force",
        "in_place",
        "known_days_only",
        "latest",
        "lowest",
        "notice",
        "optional",
        "part",
        "percent",
        "ranked_by",
        "says",
        "signal",
        "slack",
        "tighten",
        "window",
    ];
    assert_eq!(unused.into_iter().collect::<Vec<_>>(), known);
}
