//! Packs laid over others: they add and tighten, and whatever loosens is refused with a case.

use duly::plan::{Diagram, Limit};
use duly::script::{
    Findings, Interpreter, Options, Severity, check, hainan_board, load, load_with,
};
use duly::time::Span;
use duly::words::{ClockKind, FactValue};
use proptest::prelude::*;

use super::tries::config;

const BASE: &str = r#"pack("base", "本").edition("1");
place("6325", "海南州", "州留言受理岗");
const 承办人 = role("owner", "承办责任人");
const 督查办 = role("supervisor", "督查办公室");
const 天数 = param("天数", 10, 3..=20).ours("自定");
const 定数 = param("定数", 50, 1..=100).fixed();
fact("kind", ["投诉", "求助", "咨询"]).given_by(CITIZEN);
fact("heat", 0..=1_000).given_by(HOST).moves();
clock("reply", "答复").within(|m| switch m.kind {
    "投诉" => 天数.working_days,
    "求助" => 5.working_days,
    "咨询" => if m.heat >= 定数 { 3.working_days } else { 1.months },
});
clock("whole", "办结").within(60.calendar_days).fixed();
clock("co_reply", "协办").within(share("reply", 50.percent));
const 梯 = ladder("reply", "催办").before(1.working_days).remind(承办人).due().warn(承办人);
gate("process").require(|m| m.has_contact, "联系网民");
count("returns").at(2).supervise(督查办)"#;

fn bases(name: &str) -> Option<(String, String)> {
    let text = match name {
        "base" => BASE,
        "hainan-board" => hainan_board(),
        "round" => "pack(\"round\");\nbased_on(\"round\");",
        "middle" => {
            "pack(\"middle\");\nbased_on(\"base\", #{ \"天数\": 8 });\nconst 中 = param(\"中\", 2, 1..=3);\ntighten(\"reply\").within(中.weeks);"
        }
        "shares" => {
            "pack(\"shares\", \"本\");\nplace(\"6325\", \"海南州\", \"岗\");\nclock(\"co_reply\", \"协办\").within(share(\"reply\", 50.percent));"
        }
        "broken" => {
            "pack(\"broken\");\nplace(\"6325\", \"海南州\", \"岗\");\nclock(\"reply\").within(5.working_dayz);"
        }
        _ => return None,
    };
    Some((format!("{name}/pack.rhai"), text.to_owned()))
}

fn options() -> Options {
    Options::default().with_bases(bases)
}

/// An overlay on `base`, with these lines from line 3 on.
fn over(lines: &str) -> String {
    format!("pack(\"over\", \"县\");\nbased_on(\"base\");\n{lines}\n")
}

fn plan(lines: &str) -> duly::plan::Plan {
    load_with("over.rhai", &over(lines), &options()).unwrap_or_else(|found| panic!("{found}"))
}

fn errors(source: &str) -> Findings {
    let (plan, mut found) = check("over.rhai", source, &options());
    found.all.retain(|one| one.severity == Severity::Error);
    assert_eq!(plan.is_none(), found.has_errors(), "{found}");
    super::said_in_chinese(&found);
    found
}

fn said(found: &Findings) -> Vec<String> {
    let one = |f: &duly::script::Finding| {
        let help = f.help.as_deref().unwrap_or("-");
        format!(
            "{} {}:{}:{} {} | {help}",
            f.code, f.file, f.line, f.column, f.message
        )
    };
    found.all.iter().map(one).collect()
}

fn limit(plan: &duly::plan::Plan, kind: &str, heat: i64) -> Limit {
    let row = plan.schema.row(|fact| match fact.name.as_str() {
        "kind" => Some(FactValue::Label(kind.into())),
        "heat" => Some(heat.into()),
        _ => None,
    });
    plan.clock(ClockKind::Reply)
        .unwrap()
        .within
        .answer(&row)
        .clone()
}

fn days(n: u32) -> Limit {
    Limit::Span(Span::WorkingDays(n))
}

#[test]
fn an_overlay_is_its_base_with_parameters_set_and_things_added() {
    let plan = load_with(
        "over.rhai",
        r#"pack("over", "县").edition("2");
based_on("base", #{ "天数": 7 });
place("632523", "贵德县", "贵德县留言受理岗");
const 负责人 = role("unit_head", "负责人");
fact("flood").given_by(HOST).otherwise(false);
clock("review", "审核").within(3.working_days);
gate("process").require(|m| !m.flood || m.has_basis, "汛期写明依据");
gate("measures").require(|m| m.has_action, "写明做什么");
ladder("reply").before(2.working_days).remind(负责人).due().report(负责人).after(1.working_days).supervise(督查办);
count("returns").at(3).summon(负责人);"#,
        &options(),
    )
    .unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(
        (
            plan.pack.as_str(),
            plan.title.as_str(),
            plan.edition.as_str()
        ),
        ("over", "县", "2")
    );
    assert_eq!(limit(&plan, "投诉", 0), days(7));
    assert_eq!(limit(&plan, "求助", 0), days(5));
    let review = plan.clock(ClockKind::Review).unwrap();
    assert_eq!(review.within.diagram.answers(), [days(3)]);
    assert_eq!(plan.places.len(), 2);
    let gates: Vec<String> = plan
        .gates
        .iter()
        .map(|gate| gate.met.rule.to_string())
        .collect();
    assert_eq!(
        gates,
        ["gate(process).1", "gate(process).2", "gate(measures).1"]
    );
    let reply = plan.clock(ClockKind::Reply).unwrap();
    let rungs: Vec<(&str, usize)> = reply
        .rungs
        .iter()
        .map(|rung| (rung.key.as_str(), rung.acts.len()))
        .collect();
    assert_eq!(
        rungs,
        [("before-2", 1), ("before-1", 1), ("due", 2), ("after-1", 1)]
    );
    assert_eq!(plan.counts.len(), 2);
    let at = |rule: &str| {
        let found = plan.sources.at.iter().find(|(own, _)| own.as_str() == rule);
        found.map(|(_, at)| at.as_str())
    };
    assert_eq!(at("gate(process).1"), Some("base/pack.rhai:17:17"));
    assert_eq!(at("gate(process).2"), Some("over.rhai:7:17"));
    assert!(plan.validate().is_ok());
}

#[test]
fn the_source_id_is_of_both_texts() {
    let id = |lines: &str| plan(lines).sources.source_id;
    assert_ne!(id("// 甲"), id("// 乙"));
    assert_ne!(
        id(""),
        load("base/pack.rhai", BASE).unwrap().sources.source_id
    );
    assert_eq!(plan("// 甲").id(), plan("// 乙").id());
    let marked = Options::default().with_bases(|_| Some(("b".into(), format!("{BASE} // 丙"))));
    let other = load_with("over.rhai", &over("// 甲"), &marked).unwrap();
    assert_ne!(other.sources.source_id, id("// 甲"));
    assert_eq!(other.id(), plan("// 甲").id());
}

/// Tightening is pointwise: for every case the limit is the earlier of the base's and the overlay's.
#[test]
fn tightening_takes_the_earlier_of_both_case_by_case() {
    let source = over(
        r#"tighten("reply").within(|m| if m.heat >= 100 { 2.working_days } else { 7.working_days }).ours("从严");"#,
    );
    let (plan, found) = check("over.rhai", &source, &options());
    let plan = plan.unwrap_or_else(|| panic!("{found}"));
    assert_eq!(limit(&plan, "投诉", 0), days(7));
    assert_eq!(limit(&plan, "求助", 0), days(5), "the base is stricter");
    assert_eq!(limit(&plan, "求助", 100), days(2));
    assert_eq!(limit(&plan, "咨询", 60), days(3));
    let month = Span::Earliest(vec![Span::Months(1), Span::WorkingDays(7)]);
    assert_eq!(
        limit(&plan, "咨询", 0),
        Limit::Span(month),
        "units differ: whichever ends first"
    );
    let warned = found.all.iter().find(|one| one.code == "D407").unwrap();
    assert_eq!(
        format!(
            "{}:{}:{} {}",
            warned.file, warned.line, warned.column, warned.message
        ),
        "over.rhai:3:18 the base is stricter and holds: 5 working days instead of 7 working days, when kind = 求助, heat = 0..=99"
    );
    // The reason names the overlay, which had the last word.
    let place = plan
        .sources
        .at
        .iter()
        .find(|(rule, _)| rule.as_str() == "clock(reply).within");
    assert_eq!(place.unwrap().1, "over.rhai:3:18");
}

#[test]
fn what_the_base_leaves_to_the_spine_can_be_tightened_and_never_loosened_that_way() {
    let tight = |lines: &str| {
        let plan = plan(lines);
        plan.clock(ClockKind::Review)
            .unwrap()
            .within
            .diagram
            .answers()
            .to_vec()
    };
    assert_eq!(
        tight(r#"tighten("review").within(1.working_days);"#),
        [days(1)]
    );
    assert_eq!(
        tight(r#"tighten("review").within(9.working_days);"#),
        [days(2)]
    );
}

/// A share that the base says is of the whole as the base knows it: an overlay does not lengthen the share by lengthening a whole that the
/// base leaves to the spine.
#[test]
fn the_whole_of_a_share_of_the_base_is_not_lengthened() {
    let tried = |line: &str| {
        let text = format!("pack(\"over\", \"县\");\nbased_on(\"shares\");\n{line}\n");
        said(&errors(&text))
    };
    assert_eq!(
        tried(r#"clock("reply").within(60.working_days);"#),
        [
            "D211 over.rhai:2:1 an overlay only tightens, and this loosens its base: the limit of `co_reply` is a share of the `reply` clock, which runs for 60 working days, in the base for 15 working days | -"
        ]
    );
    assert_eq!(
        tried(r#"clock("reply").starts(SCREENED).within(10.working_days);"#),
        [
            "D211 over.rhai:2:1 an overlay only tightens, and this loosens its base: the limit of `co_reply` is a share of the `reply` clock, which is counted otherwise than in the base | -"
        ]
    );
    let none: [&str; 0] = [];
    for fine in ["clock(\"reply\").within(10.working_days);", ""] {
        assert_eq!(tried(fine), none, "{fine}");
    }
}

/// Lines of an overlay (from line 3 on) → the findings.
const REFUSED: &[(&str, &str)] = &[
    (
        r#"clock("reply").within(30.working_days);"#,
        "D211 over.rhai:3:7 the clock `reply` is the base pack's: it is declared on line 9 of `base/pack.rhai` | tighten its limit: `tighten(\"reply\").within(…)`",
    ),
    (
        r#"pause("天气").side(CITIZEN).most(5.working_days);"#,
        "D211 over.rhai:3:1 only the base pack says `pause(…)`: an overlay would loosen it | an overlay adds what is stricter, and nothing else",
    ),
    (
        r#"decline("已进入法定程序", |m| m.heat > 5).told("别处");"#,
        "D211 over.rhai:3:1 only the base pack says `decline(…)`: an overlay would loosen it | an overlay adds what is stricter, and nothing else",
    ),
    (
        r#"gate("process").only_for("办事");"#,
        "D211 over.rhai:3:17 `only_for` would change what the base pack says | an overlay adds to what its base declares, and changes nothing of it",
    ),
    (
        r#"梯.when(|m| m.heat > 5);"#,
        "D211 over.rhai:3:3 `when` would change what the base pack says | an overlay adds to what its base declares, and changes nothing of it",
    ),
    (
        r#"ladder("reply").due().when(|m| m.heat > 5);"#,
        "D211 over.rhai:3:23 `when` would change what the base pack says | an overlay adds to what its base declares, and changes nothing of it",
    ),
    (
        r#"ladder("reply").report(督查办);"#,
        "D207 over.rhai:3:17 `report` does not say when | write `.before(…)`, `.due()`, `.after(…)`, `.at_share(…)` or `.every(…)` first",
    ),
    (
        r#"梯.report(督查办);"#,
        "D207 over.rhai:3:3 `report` does not say when | write `.before(…)`, `.due()`, `.after(…)`, `.at_share(…)` or `.every(…)` first",
    ),
    (
        r#"ladder("reply").due().report(督查办); ladder("reply").supervise(督查办);"#,
        "D207 over.rhai:3:52 `supervise` does not say when | write `.before(…)`, `.due()`, `.after(…)`, `.at_share(…)` or `.every(…)` first",
    ),
    (
        r#"ladder("reply", "县里的").due().remind(督查办);"#,
        "D211 over.rhai:3:17 the ladder of `reply` is the base pack's, and an overlay changes no title | leave the title out: a rung of your own takes one by `.title(…)`",
    ),
    (
        r#"tighten("whole").within(30.calendar_days);"#,
        "D211 over.rhai:3:9 the limit of `whole` is fixed, and is the base pack's: it is declared on line 14 of `base/pack.rhai` | an overlay adds to its base and tightens it, and changes nothing",
    ),
    (
        r#"tighten("co_reply").within(1.working_days);"#,
        "D211 over.rhai:3:28 1 working day and the base's 50% of the `reply` clock cannot be compared, when always | tighten a share by a share of the same clock, a span by a span",
    ),
    (
        r#"tighten("update").within(1.working_days);"#,
        "D211 over.rhai:3:9 the base pack has no limit of `update` to tighten | declare it: `clock(\"update\").within(…)`",
    ),
    (
        r#"tighten("rating").within(1.calendar_days);"#,
        "D211 over.rhai:3:9 the time of `rating` is the citizen's own: to shorten it is to loosen the base | leave it out: what the base says holds",
    ),
    (
        r#"tighten("waiting").within(1.calendar_days);"#,
        "D211 over.rhai:3:9 the time of `waiting` is the citizen's own: to shorten it is to loosen the base | leave it out: what the base says holds",
    ),
    (
        r#"tighten("reply");"#,
        "D207 over.rhai:3:1 how `reply` is tightened is not said | add `.within(5.working_days)`",
    ),
    (
        r#"fact("flood").given_by(HOST);"#,
        "D211 over.rhai:3:1 whoever works by the base pack does not give `flood` yet | say what holds until then: `fact(\"flood\", …).otherwise(…)`",
    ),
    (
        r#"fact("kind", ["x"]).given_by(HOST);"#,
        "D211 over.rhai:3:6 `kind` is the base pack's: it is declared on line 7 of `base/pack.rhai` | an overlay adds to its base and tightens it, and changes nothing",
    ),
    (
        r#"callback().attempts(2);"#,
        "D211 over.rhai:2:1 an overlay only tightens, and this loosens its base: call-back gives up after `2` attempts, the base after `3` | -",
    ),
    (
        r#"reopen().on(["新的事实"]).fresh();"#,
        "D211 over.rhai:2:1 an overlay only tightens, and this loosens its base: the ground for reopening `新的理由` is not the base's | -",
    ),
    (
        r#"based_on("base");"#,
        "D204 over.rhai:3:1 what this pack is based on is already declared on line 2 | keep one of the two",
    ),
];

#[test]
fn whatever_would_loosen_the_base_is_refused_at_its_place() {
    let mut odd = Vec::new();
    for (line, wanted) in REFUSED {
        let found = said(&errors(&over(line)));
        if !found.iter().any(|one| one == wanted) || found.len() > 2 {
            odd.push(format!("{line}\n  wanted {wanted}\n  found  {found:#?}"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

/// What is added to a rung of the base's comes only when the base says.
#[test]
fn what_is_added_to_a_rung_for_some_cases_is_warned_of() {
    let some = ".before(1.working_days).when(|m| m.heat > 5).remind(承办人)";
    let base = BASE.replace(".before(1.working_days).remind(承办人)", some);
    let options = Options::default().with_bases(move |_| Some(("base".into(), base.clone())));
    let source = over(
        r#"ladder("reply").before(1.working_days).warn(督查办).due().report(督查办).after(1.working_days).supervise(督查办);"#,
    );
    let (plan, mut found) = check("over.rhai", &source, &options);
    assert!(plan.is_some(), "{found}");
    super::said_in_chinese(&found);
    found.all.retain(|one| one.code == "D417");
    assert_eq!(
        said(&found),
        [
            "D417 over.rhai:3:17 this rung is the base pack's and comes only for some cases: what is added here comes only for these | what shall always come, say at another time: `.after(2.working_days)`"
        ]
    );
    let always = check("over.rhai", &source, &self::options()).1;
    assert!(always.all.iter().all(|one| one.code != "D417"), "{always}");
}

/// The citizen's own time is loosened by being cut, and not by being made longer; all other time the other way round. A week is seven days.
#[test]
fn the_citizens_own_time_is_not_cut() {
    let text = format!(
        "{BASE};\nclock(\"rating\").within(1.weeks).lapses();\nclock(\"waiting\").within(5.working_days);"
    );
    let base = load("base", &text).unwrap_or_else(|found| panic!("{found}"));
    let loosened = |kind: ClockKind, span: Span| {
        let mut over = base.clone();
        let clock = over.clocks.iter_mut().find(|clock| clock.kind == kind);
        clock.unwrap().within.diagram = Diagram::constant(Limit::Span(span));
        let found = over.loosened(&base);
        let said = found.iter().flat_map(|one| [one.to_string(), one.zh()]);
        said.collect::<Vec<_>>()
    };
    assert_eq!(
        loosened(ClockKind::Rating, Span::CalendarDays(6)),
        [
            "the `rating` clock runs for 6 calendar days, in the base for 1 week",
            "“评价期”时限是 6 天,底本是 1 周"
        ]
    );
    let waiting = loosened(ClockKind::Waiting, Span::WorkingDays(4));
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    let none: [&str; 0] = [];
    for days in [7, 8] {
        assert_eq!(
            loosened(ClockKind::Rating, Span::CalendarDays(days)),
            none,
            "{days}"
        );
    }
    assert_eq!(loosened(ClockKind::Waiting, Span::WorkingDays(6)), none);
}

/// Nor without a word by a parameter of the base: what is told of it is less time, and not more; of a parameter that other clocks count by, both.
#[test]
fn the_citizens_own_time_that_a_parameter_cuts_is_told() {
    let warned = |later: &str, more: &str, days: u32| {
        let base = format!(
            "{BASE};\nconst 评价 = param(\"评价天数\", 10, 3..=30){later}.ours(\"自定\");\nclock(\"rating\").within(评价.calendar_days).lapses();\n{more}"
        );
        let bases = move |name: &str| (name == "base").then(|| ("base".into(), base.clone()));
        let options = Options::default().with_bases(bases);
        let source =
            format!("pack(\"over\", \"县\");\nbased_on(\"base\", #{{ \"评价天数\": {days} }});\n");
        let (plan, mut found) = check("over.rhai", &source, &options);
        assert!(plan.is_some(), "{found}");
        super::said_in_chinese(&found);
        found.all.retain(|one| one.code == "D415");
        said(&found)
    };
    let none: [&str; 0] = [];
    assert_eq!(
        warned("", "", 3),
        [
            "D415 over.rhai:2:1 what is set here leaves the citizen less time than `base` does by itself: the `rating` clock runs for 3 calendar days, in the base for 10 calendar days | set no less than the base has, or leave it out: less of the citizen's own time is looser"
        ]
    );
    for days in [10, 20] {
        assert_eq!(warned("", "", days), none, "{days}");
    }
    let later = ".from(\"2026-01-01\", 7)";
    assert_eq!(warned(later, "", 12), none, "longer on all dates");
    let less = warned(later, "", 8);
    assert_eq!(less.len(), 1, "{less:?}");
    assert!(
        less[0].contains("runs for 8 calendar days, in the base for 10"),
        "{less:?}"
    );
    let review = "clock(\"review\", \"审核\").within(评价.working_days);";
    let more = warned(later, review, 12);
    assert_eq!(more.len(), 1, "{more:?}");
    assert!(more[0].contains("larger from then on"), "{more:?}");
    let both = warned(later, review, 8);
    assert_eq!(both.len(), 2, "{both:?}");
}

#[test]
fn heads_that_do_not_fit_are_refused() {
    let first = |source: &str| said(&errors(source))[0].clone();
    let cases = [
        (
            "pack(\"over\");\nbased_on(\"nowhere\");",
            "D212 over.rhai:2:10 no pack is called `nowhere` | base packs are looked for by the name of their folder, beside this one",
        ),
        (
            "pack(\"over\");\nbased_on(\"base\", #{ \"天数\": 30 });",
            "D203 over.rhai:2:18 `30` for `天数` lies outside `3..=20`, which `base` allows | an overlay sets a parameter within the base pack's range",
        ),
        (
            "pack(\"over\");\nbased_on(\"base\", #{ \"天教\": 5 });",
            "D206 over.rhai:2:18 `base` has no parameter `天教` | did you mean `天数`?",
        ),
        (
            "pack(\"over\");\nbased_on(\"base\", #{ \"定数\": 5 });",
            "D211 over.rhai:2:18 the parameter `定数` of `base` is fixed | leave it out",
        ),
        (
            "pack(\"over\");\nbased_on(\"round\");",
            "D212 round/pack.rhai:2:10 the pack `round` is based on itself: round → round | -",
        ),
        (
            "pack(\"base\");\nbased_on(\"base\");",
            "D211 over.rhai:1:6 `base` is what the base pack is called | give the overlay a name of its own",
        ),
        (
            "// 县\nbased_on(\"base\");",
            "D207 over.rhai:2:1 the overlay does not say what it is, and would go by its base's name | give the overlay a name of its own: `pack(\"county\", \"贵德县网民留言办理\");`",
        ),
        (
            "pack(\"over\").zone(\"UTC\");\nbased_on(\"base\");",
            "D211 over.rhai:1:14 `zone` would change what the base pack says | zone, hours, holidays, counting and labels are the base pack's",
        ),
        (
            "pack(\"over\");\nbased_on(\"broken\");",
            "D208 broken/pack.rhai:3:25 nothing is counted in `working_dayz` | did you mean `working_days`?",
        ),
        (
            "pack(\"alone\");\nplace(\"6325\", \"海南州\", \"岗\");\ntighten(\"reply\").within(5.working_days);",
            "D211 over.rhai:3:1 there is no base pack to tighten | say which by `based_on(\"…\");`, or write the limit in `clock(…)`",
        ),
    ];
    for (source, wanted) in cases {
        assert_eq!(first(source), wanted);
    }
    let alone = check("over.rhai", &over(""), &Options::default()).1;
    assert_eq!(
        said(&alone)[0],
        "D212 over.rhai:2:10 no pack is called `base` | whoever loads the pack says where base packs are: `Options::with_bases`"
    );
    // What is set from outside has no place in a text; the file is the overlay's, and not its base's.
    let mut set = options();
    set.params.insert("天教".into(), 5);
    let unknown = check("over.rhai", &over(""), &set).1;
    assert_eq!(
        said(&unknown)[0],
        "D206 over.rhai:0:1 no parameter is called `天教`, and a value is set for it | did you mean `天数`?"
    );
}

#[test]
fn an_overlay_can_lie_on_an_overlay() {
    let source = "pack(\"top\");\nbased_on(\"middle\", #{ \"中\": 1 });\ntighten(\"reply\").within(4.working_days);";
    let plan = load_with("top.rhai", source, &options()).unwrap_or_else(|found| panic!("{found}"));
    let all = Span::Earliest(vec![Span::Weeks(1), Span::WorkingDays(4)]);
    assert_eq!(limit(&plan, "投诉", 0), Limit::Span(all.clone()));
    assert_eq!(limit(&plan, "求助", 0), Limit::Span(all));
    assert_eq!(
        plan.params
            .iter()
            .map(|param| param.value)
            .collect::<Vec<_>>(),
        [8, 50, 1]
    );
}

proptest! {
    #![proptest_config(config(24))]
    /// Law: whatever limit an overlay asks for, the plan's limit is no longer than the base's and no longer than the
    /// overlay's, for every case; and the interpreter, asked for both, says the same as the diagram.
    #[test]
    fn tightening_never_loosens(cut in 1_i64..1_000, short in 1_u32..12, long in 1_u32..40, unit in 0_usize..4) {
        let unit = ["working_days", "calendar_days", "weeks", "months"][unit];
        let source = over(&format!(
            "tighten(\"reply\").within(|m| if m.heat < {cut} {{ {long}.{unit} }} else {{ {short}.working_days }});\n"
        ));
        // A rung that comes before the clock has started is refused: leave the day before due out of such a pack.
        let base = BASE.replace(".before(1.working_days).remind(承办人)", "");
        let text = base.clone();
        let options = Options::default().with_bases(move |_| Some(("base".into(), text.clone())));
        let under = load("base", &base).unwrap();
        let oracle = Interpreter::load_with("over.rhai", &source, &options).unwrap();
        let over = oracle.plan();
        prop_assert!(over.loosened(&under).is_empty());
        for kind in ["投诉", "求助", "咨询"] {
            for heat in [0, cut - 1, cut, 49, 50, 1_000] {
                let own = if heat < cut {
                    match unit {
                        "working_days" => Span::WorkingDays(long),
                        "calendar_days" => Span::CalendarDays(long),
                        "weeks" => Span::Weeks(long),
                        _ => Span::Months(long),
                    }
                } else {
                    Span::WorkingDays(short)
                };
                let least = limit(over, kind, heat);
                prop_assert!(least.within(&limit(&under, kind, heat)), "{least:?}");
                prop_assert!(least.within(&Limit::Span(own)), "{least:?}");
                let row = over.schema.row(|fact| match fact.name.as_str() {
                    "kind" => Some(FactValue::Label(kind.into())),
                    "heat" => Some(heat.into()),
                    _ => None,
                });
                let asked = oracle.answer(&over.clock(ClockKind::Reply).unwrap().within.rule, &row);
                prop_assert_eq!(asked.unwrap().unwrap(), serde_json::to_value(&least).unwrap());
            }
        }
    }
}

#[test]
fn the_shipped_pack_can_be_a_base() {
    let source = r#"pack("guide-board", "贵德县");
based_on("hainan-board", #{ "办理期限": 7, "热度线": 50 });
tighten("reply").within(|m| switch m.class { "问事" => 3.working_days, "办事" => 7.working_days, "建议" => 10.working_days, "致谢" => 3.working_days });
tighten("redo").within(3.working_days);"#;
    let (plan, found) = check("guide.rhai", source, &options());
    assert!(plan.is_some(), "{found}");
    assert!(
        found
            .all
            .iter()
            .all(|one| one.severity == Severity::Warning),
        "{found}"
    );
}
