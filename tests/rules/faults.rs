//! Every fault and every warning of a plan, triggered and nearly triggered: by a pack, where a pack can write it; else by a plan made
//! by hand, since a plan may come from elsewhere than from this language.

use std::collections::{BTreeMap, BTreeSet};

use duly::plan::{
    BundlePart, BundleRule, Clause, Clauses, Count, CountRule, Decision, DerivedRule, Diagram,
    Domain, DutyRule, ExtensionRule, FactRule, GateRule, Given, InForce, Judged, Limit, Mention,
    Mode, NoticeRule, On, Param, PauseKind, PauseRule, Plan, PlanFault, PlanWarning, Post,
    Provenance, Quiet, Region, Rung, SignalRule, bare,
};
use duly::script::{Options, check};
use duly::time::Span;
use duly::words::{
    Class, ClockKind, ClockMark, DutyKind, Gate, Lang, Outcome, PauseSide, PlaceLevel, Role,
    RuleId, Verb,
};

use super::{said_in_chinese, with};

/// How a fault comes about, and something like it that is none.
enum By {
    Pack(&'static str, &'static str),
    Hand(fn(&mut Plan), fn(&mut Plan)),
}

fn clock(plan: &mut Plan, kind: ClockKind) -> &mut duly::plan::ClockRule {
    let mut clocks = plan.clocks.iter_mut();
    clocks.find(|clock| clock.kind == kind).unwrap()
}

fn within(plan: &mut Plan, kind: ClockKind, limit: Limit) {
    clock(plan, kind).within.diagram = Diagram::constant(limit);
}

fn rung(key: &str, on: On, post: &str) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: String::new(),
        acts: vec![(Verb::Remind, post.into())],
        when: None,
        at_once: false,
    }
}

fn fact(plan: &mut Plan, name: &str, domain: Domain, given: Given) {
    plan.schema.facts.push(FactRule::new(name, domain, given));
}

fn gate(plan: &mut Plan, rule: &str, gate: Gate, judged: Judged) {
    let met = Decision::new(RuleId::new(rule), Diagram::constant(true));
    let words = "写明".into();
    plan.gates.push(GateRule {
        gate,
        judged,
        met,
        words,
    });
}

/// One clause, and one that decides.
fn clauses(plan: &mut Plan, decides: u32) {
    clock(plan, ClockKind::Reply).within.clauses = Some(Box::new(Clauses {
        mode: Mode::First,
        all: vec![Clause::default()],
        decides: Diagram::constant(vec![decides]),
    }));
}

fn notice(plan: &mut Plan, to: &[&str]) {
    plan.notices.push(NoticeRule {
        rule: RuleId::new("notice(received).来件"),
        mark: ClockMark::Received,
        title: "来件".into(),
        when: None,
        to: to.iter().map(|post| (*post).to_owned()).collect(),
        citizen: false,
        words: String::new(),
    });
}

/// A video, owed by a post within so many working days, with one rung.
fn duty(plan: &mut Plan, post: &str, days: u32, on: On) {
    plan.duties.push(DutyRule {
        kind: DutyKind::Video,
        rule: RuleId::new("duty(video)"),
        title: "视频答复".into(),
        owed_by: vec![post.into()],
        every: None,
        within: Span::WorkingDays(days),
        counting: plan.counting,
        channels: Vec::new(),
        provenance: Default::default(),
        rungs: vec![rung("one", on, "supervisor")],
    });
}

/// From the last day of 2026.
fn in_force(plan: &mut Plan, to: &str) {
    plan.in_force = Some(InForce {
        from: "2026-12-31".parse().unwrap(),
        to: Some(to.parse().unwrap()),
    });
}

fn extension(plan: &mut Plan, kind: ClockKind, times: u32, granted_by: Role) {
    clock(plan, kind).extension = Some(ExtensionRule {
        times,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by,
        told: false,
        rearms: false,
        when: None,
    });
}

fn pause(plan: &mut Plan, reason: &str, times: u32) {
    plan.pauses.push(PauseRule {
        reason: reason.into(),
        side: PauseSide::Citizen,
        most: Span::WorkingDays(5),
        times,
        kind: PauseKind::Waits,
        holds: Vec::new(),
        when: None,
    });
}

fn param(plan: &mut Plan, value: i64) {
    plan.params.push(Param {
        name: "期限".into(),
        value,
        least: 1,
        most: 20,
        fixed: false,
        provenance: Default::default(),
        later: Vec::new(),
    });
}

/// A rule that reads the last fact of a schema that has one more.
fn foreign(plan: &mut Plan, facts: usize) {
    let mut schema = plan.schema.clone();
    let like = schema.facts[0].clone();
    schema.facts.extend((0..2).map(|n| FactRule {
        name: format!("远{n}"),
        ..like.clone()
    }));
    let fact = plan.schema.facts.len() + facts - 2;
    schema.facts[fact].domain = Domain::YesNo;
    let regions = [(0, true), (1, false)].map(|(code, answer)| Region {
        bounds: BTreeMap::from([(fact, (code, code))]),
        answer,
    });
    gate(plan, "gate(process).1", Gate::Process, Judged::Review);
    plan.gates[0].met.diagram = Diagram::from_regions(&schema, regions.into()).unwrap();
}

const TABLE: &[(&str, By)] = &[
    (
        "Shape",
        By::Hand(|plan| plan.shape += 1, |plan| plan.edition = "2".into()),
    ),
    (
        "EngineFact",
        By::Hand(
            |plan| plan.schema.facts[0].name = "别名".into(),
            |plan| fact(plan, "别名", Domain::YesNo, Given::Host),
        ),
    ),
    (
        "FactTwice",
        By::Hand(
            |plan| (0..2).for_each(|_| fact(plan, "急", Domain::YesNo, Given::Host)),
            |plan| fact(plan, "急", Domain::YesNo, Given::Host),
        ),
    ),
    (
        "Domain",
        By::Hand(
            |plan| fact(plan, "数", Domain::Whole { least: 5, most: 4 }, Given::Host),
            |plan| fact(plan, "数", Domain::Whole { least: 5, most: 5 }, Given::Host),
        ),
    ),
    (
        "Otherwise",
        By::Hand(
            |plan| {
                fact(plan, "数", Domain::Whole { least: 1, most: 5 }, Given::Host);
                plan.schema.facts.last_mut().unwrap().otherwise = Some(6.into());
            },
            |plan| {
                fact(plan, "数", Domain::Whole { least: 1, most: 5 }, Given::Host);
                plan.schema.facts.last_mut().unwrap().otherwise = Some(5.into());
            },
        ),
    ),
    (
        "Derived",
        By::Hand(
            |plan| fact(plan, "远", Domain::YesNo, Given::Derived),
            |plan| {
                fact(plan, "远", Domain::YesNo, Given::Derived);
                let (fact, from) = ("远".into(), Vec::new());
                plan.derived.push(DerivedRule { fact, from });
            },
        ),
    ),
    (
        "Clauses",
        By::Hand(|plan| clauses(plan, 2), |plan| clauses(plan, 1)),
    ),
    (
        "Notice",
        By::Hand(
            |plan| notice(plan, &[]),
            |plan| notice(plan, &["supervisor"]),
        ),
    ),
    (
        "InForce",
        By::Hand(
            |plan| in_force(plan, "2026-12-30"),
            |plan| in_force(plan, "2026-12-31"),
        ),
    ),
    (
        "Mention",
        By::Hand(
            |plan| {
                fact(plan, "虚", Domain::YesNo, Given::Host);
                let words = vec!["近期".into()];
                plan.mentions.push(Mention {
                    fact: "虚".into(),
                    words,
                });
            },
            |plan| {
                fact(plan, "虚", Domain::YesNo, Given::Reply);
                let words = vec!["近期".into()];
                plan.mentions.push(Mention {
                    fact: "虚".into(),
                    words,
                });
            },
        ),
    ),
    (
        "Foreign",
        By::Hand(
            |plan| foreign(plan, 2),
            |plan| {
                fact(plan, "急", Domain::YesNo, Given::Host);
                foreign(plan, 1);
            },
        ),
    ),
    (
        "RuleTwice",
        By::Hand(
            |plan| {
                (0..2).for_each(|_| gate(plan, "gate(process).1", Gate::Process, Judged::Review))
            },
            |plan| {
                gate(plan, "gate(process).1", Gate::Process, Judged::Review);
                gate(plan, "gate(process).2", Gate::Process, Judged::Review);
            },
        ),
    ),
    (
        "NoPlace",
        By::Hand(|plan| plan.places.clear(), |plan| plan.places.truncate(1)),
    ),
    (
        "PlaceTwice",
        By::Hand(
            |plan| plan.places[1].code = plan.places[0].code.clone(),
            |plan| plan.places[1].name = plan.places[0].name.clone(),
        ),
    ),
    (
        "PostTwice",
        By::Hand(
            |plan| plan.posts[1].id = plan.posts[0].id.clone(),
            |plan| plan.posts[1].title = plan.posts[0].title.clone(),
        ),
    ),
    (
        "NoPost",
        By::Hand(
            |plan| {
                clock(plan, ClockKind::Redo).rungs = vec![rung("due", On::At, "ducha")];
                plan.digest.to = vec!["ducha".into()];
                plan.bulletin.to = vec!["ducha".into()];
                let acts = vec![(Verb::Warn, "ducha".into())];
                let rule = RuleId::new("count(returns).2");
                plan.counts.push(CountRule {
                    rule,
                    count: Count::Returns,
                    at: 2,
                    acts,
                });
            },
            |plan| clock(plan, ClockKind::Redo).rungs = vec![rung("due", On::At, "owner")],
        ),
    ),
    (
        "NoClock",
        By::Hand(
            |plan| plan.clocks.retain(|clock| clock.kind != ClockKind::Sign),
            |plan| {
                plan.clocks
                    .retain(|clock| clock.kind != ClockKind::SubReply)
            },
        ),
    ),
    (
        "ClockTwice",
        By::Hand(
            |plan| {
                let mut twice = plan.clocks[0].clone();
                twice.within.rule = RuleId::new("clock(screen).within");
                plan.clocks.push(twice);
            },
            |plan| plan.clocks.reverse(),
        ),
    ),
    (
        "Starts",
        By::Hand(
            |plan| clock(plan, ClockKind::Reply).starts = ClockMark::Signed,
            |plan| clock(plan, ClockKind::Reply).starts = ClockMark::Received,
        ),
    ),
    (
        "Stops",
        By::Hand(
            |plan| clock(plan, ClockKind::Review).stops.truncate(1),
            |plan| clock(plan, ClockKind::Review).stops.reverse(),
        ),
    ),
    (
        "Limit",
        By::Hand(
            |plan| within(plan, ClockKind::Review, Limit::Span(Span::Years(11))),
            |plan| within(plan, ClockKind::Review, Limit::Span(Span::Years(10))),
        ),
    ),
    (
        "Share",
        By::Pack(
            "clock(\"co_reply\").within(share(\"co_reply\", 50.percent));",
            "clock(\"co_reply\").within(share(\"reply\", 50.percent));",
        ),
    ),
    (
        "Lapses",
        By::Hand(
            |plan| clock(plan, ClockKind::Reply).lapses = true,
            |plan| clock(plan, ClockKind::Sign).lapses = true,
        ),
    ),
    (
        "NotPastWhole",
        By::Hand(
            |plan| clock(plan, ClockKind::Reply).not_past_whole = true,
            |plan| clock(plan, ClockKind::Redo).not_past_whole = true,
        ),
    ),
    (
        "Uncited",
        By::Pack(
            "clock(\"whole\").within(60.calendar_days).class(STATUTORY);",
            "clock(\"whole\").within(60.calendar_days).class(STATUTORY).cite(\"《信访工作条例》第三十四条\");",
        ),
    ),
    (
        "Extended",
        By::Hand(
            |plan| extension(plan, ClockKind::Whole, 1, Role::Leader),
            |plan| extension(plan, ClockKind::Reply, 1, Role::Leader),
        ),
    ),
    (
        "ExtensionSize",
        By::Hand(
            |plan| extension(plan, ClockKind::Reply, 11, Role::Leader),
            |plan| extension(plan, ClockKind::Reply, 10, Role::Leader),
        ),
    ),
    (
        "GrantedBy",
        By::Hand(
            |plan| extension(plan, ClockKind::Reply, 1, Role::Owner),
            |plan| extension(plan, ClockKind::Reply, 1, Role::Supervisor),
        ),
    ),
    (
        "RungTwice",
        By::Pack(
            "ladder(\"reply\").due().remind(承办人).every(5.working_days, 2).remind(承办人).every(5.working_days, 3).remind(承办人);",
            "ladder(\"reply\").due().remind(承办人).every(5.working_days, 2).remind(承办人);",
        ),
    ),
    (
        "RungBeforeStart",
        By::Pack(
            "clock(\"reply\").within(3.working_days); ladder(\"reply\").before(3.working_days).remind(承办人);",
            "clock(\"reply\").within(3.working_days); ladder(\"reply\").before(2.working_days).remind(承办人);",
        ),
    ),
    (
        "RungOrder",
        By::Pack(
            "ladder(\"reply\").after(5.working_days).remind(承办人).after(2.working_days).remind(督查办);",
            "ladder(\"reply\").after(2.working_days).remind(承办人).after(5.working_days).remind(督查办);",
        ),
    ),
    (
        "RungIdle",
        By::Hand(
            |plan| {
                clock(plan, ClockKind::Redo).rungs =
                    vec![rung("share-100", On::Share(100), "owner")]
            },
            |plan| {
                clock(plan, ClockKind::Redo).rungs = vec![rung("share-99", On::Share(99), "owner")]
            },
        ),
    ),
    (
        "RungUnreached",
        By::Pack(
            "ladder(\"sign\").after(2.working_days).remind(承办人);",
            "ladder(\"sign\").due().remind(承办人);",
        ),
    ),
    (
        "LeavesOn",
        By::Hand(
            |plan| clock(plan, ClockKind::Review).leaves = Some(Span::WorkingDays(1)),
            |plan| clock(plan, ClockKind::Whole).leaves = Some(Span::WorkingDays(1)),
        ),
    ),
    (
        "LeavesSize",
        By::Hand(
            |plan| clock(plan, ClockKind::Whole).leaves = Some(Span::WorkingDays(0)),
            |plan| clock(plan, ClockKind::Whole).leaves = Some(Span::WorkingDays(1)),
        ),
    ),
    (
        "Leaves",
        By::Pack(
            "clock(\"reply\").within(|m| if m.heat > 9 { 2.working_days } else { 5.working_days }).leaves(2.working_days);",
            "clock(\"reply\").within(|m| if m.heat > 9 { 3.working_days } else { 5.working_days }).leaves(2.working_days);",
        ),
    ),
    (
        "Quiet",
        By::Hand(
            |plan| plan.quiet = Some(Quiet::Daily("00:00-24:00".parse().unwrap())),
            |plan| plan.quiet = Some(Quiet::Daily("00:00-23:59".parse().unwrap())),
        ),
    ),
    (
        "Count",
        By::Hand(
            |plan| {
                let acts = vec![(Verb::Warn, "owner".into())];
                let rule = RuleId::new("count(returns).100");
                plan.counts.push(CountRule {
                    rule,
                    count: Count::Returns,
                    at: 100,
                    acts,
                });
            },
            |plan| {
                let acts = vec![(Verb::Warn, "owner".into())];
                let rule = RuleId::new("count(returns).99");
                plan.counts.push(CountRule {
                    rule,
                    count: Count::Returns,
                    at: 99,
                    acts,
                });
            },
        ),
    ),
    (
        "Judged",
        By::Hand(
            |plan| {
                gate(
                    plan,
                    "gate(satisfaction).1",
                    Gate::Satisfaction,
                    Judged::Review,
                );
                gate(plan, "gate(process).1", Gate::Process, Judged::StrikeOff);
            },
            |plan| {
                gate(
                    plan,
                    "gate(satisfaction).1",
                    Gate::Satisfaction,
                    Judged::StrikeOff,
                )
            },
        ),
    ),
    (
        "Pause",
        By::Hand(
            |plan| pause(plan, "出差", 11),
            |plan| pause(plan, "出差", 10),
        ),
    ),
    (
        "PauseCannot",
        By::Pack(
            "exclude(\"听证\").side(OFFICE).most(5.working_days);",
            "exclude(\"听证\").side(STATUTORY).most(5.working_days);",
        ),
    ),
    (
        "Allow",
        By::Hand(
            |plan| {
                plan.strike_off
                    .allow
                    .get_mut(&Class::Problem)
                    .unwrap()
                    .push(Outcome::Answered)
            },
            |plan| {
                plan.strike_off
                    .allow
                    .get_mut(&Class::Problem)
                    .unwrap()
                    .truncate(1)
            },
        ),
    ),
    (
        "AllowNone",
        By::Hand(
            |plan| plan.strike_off.allow.get_mut(&Class::Idea).unwrap().clear(),
            |plan| {
                plan.strike_off
                    .allow
                    .get_mut(&Class::Idea)
                    .unwrap()
                    .truncate(1)
            },
        ),
    ),
    (
        "Grounds",
        By::Hand(
            |plan| {
                plan.redo.grounds.clear();
                plan.reopen.grounds = vec!["新的事实".into(), "新的事实".into()];
            },
            |plan| plan.redo.grounds.truncate(1),
        ),
    ),
    (
        "Attempts",
        By::Hand(
            |plan| plan.callback.attempts = 1,
            |plan| plan.callback.attempts = 2,
        ),
    ),
    (
        "Duty",
        By::Hand(
            |plan| duty(plan, "supervisor", 20, On::Before(Span::WorkingDays(3))),
            |plan| duty(plan, "unit_head", 20, On::Before(Span::WorkingDays(3))),
        ),
    ),
    (
        "Slack",
        By::Hand(
            |plan| plan.divide.slack = Span::WorkingDays(0),
            |plan| plan.divide.slack = Span::WorkingDays(2),
        ),
    ),
    (
        "Bundle",
        By::Hand(
            |plan| bundle(plan, &[("a", "b"), ("b", "a")]),
            |plan| bundle(plan, &[("a", ""), ("b", "a")]),
        ),
    ),
    (
        "Signal",
        By::Hand(|plan| signal(plan, 0), |plan| signal(plan, 30)),
    ),
    (
        "Floor",
        By::Hand(
            |plan| plan.direct.floor = Span::WorkingDays(0),
            |plan| plan.direct.floor = Span::WorkingDays(1),
        ),
    ),
    (
        "OverdueEvery",
        By::Hand(|plan| plan.overdue_every = 6, |plan| plan.overdue_every = 1),
    ),
    (
        "Param",
        By::Hand(|plan| param(plan, 21), |plan| param(plan, 20)),
    ),
];

/// A bundle whose parts wait each for one.
fn bundle(plan: &mut Plan, parts: &[(&str, &str)]) {
    let part = |(key, after): &(&str, &str)| BundlePart {
        key: key.parse().unwrap(),
        title: (*key).into(),
        place: None,
        after: after.parse().into_iter().collect(),
        within: Span::WorkingDays(2),
        optional: false,
    };
    plan.bundles.push(BundleRule {
        name: "one".into(),
        rule: RuleId::new("bundle(one)"),
        title: "一件事".into(),
        provenance: Provenance::Unsaid,
        parts: parts.iter().map(part).collect(),
    });
}

fn signal(plan: &mut Plan, days: u32) {
    plan.signals.push(SignalRule {
        name: "heat".into(),
        rule: RuleId::new("signal(heat)"),
        title: "热".into(),
        when: None,
        window: Span::CalendarDays(days),
        provenance: Provenance::Unsaid,
    });
}

// Of a bundle, everything that keeps anybody from ever having it done is said, each in its own words.
#[test]
fn a_bundle_that_nobody_could_have_done_says_why() {
    let said = |change: fn(&mut BundleRule)| {
        let mut plan = bare("demo".parse().unwrap());
        bundle(&mut plan, &[("a", ""), ("b", "a")]);
        change(&mut plan.bundles[0]);
        let faults = plan.validate().err().unwrap_or_default();
        let [fault] = &faults[..] else {
            panic!("{faults:?}");
        };
        format!("{fault}\n{}", fault.zh())
    };
    let all: [fn(&mut BundleRule); 9] = [
        |it| it.title = " ".into(),
        |it| it.parts.iter_mut().for_each(|part| part.optional = true),
        |it| it.parts[1].key = "a".parse().unwrap(),
        |it| it.parts[0].title.clear(),
        |it| it.parts[0].within = Span::WorkingDays(0),
        |it| it.parts[1].after = vec!["c".parse().unwrap()],
        |it| it.parts[0].place = Some("99".parse().unwrap()),
        |it| it.parts[0].after = vec!["b".parse().unwrap()],
        |it| it.parts[0].optional = true,
    ];
    insta::assert_snapshot!(all.map(said).join("\n"));
}

/// The variant's name.
fn name(fault: &impl std::fmt::Debug) -> String {
    first_word(&format!("{fault:?}"))
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// The variants of an enum, as its source declares them.
fn variants(source: &str, of: &str) -> BTreeSet<String> {
    let (_, body) = source.split_once(&format!("pub enum {of} {{\n")).unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let begins = |line: &&str| {
        line.strip_prefix("    ")
            .is_some_and(|rest| rest.starts_with(char::is_uppercase))
    };
    let lines = body.lines().filter(begins);
    lines.map(|line| first_word(line.trim())).collect()
}

fn by_hand(change: fn(&mut Plan)) -> Vec<PlanFault> {
    let mut plan = bare("demo".parse().unwrap());
    assert_eq!(plan.validate(), Ok(()));
    change(&mut plan);
    plan.validate().err().unwrap_or_default()
}

/// What a pack is told, as codes and English words, and the English words of the faults that its plan would have.
fn by_pack(lines: &str) -> Vec<String> {
    let (_, findings) = check("pack.rhai", &with(lines), &Options::default());
    said_in_chinese(&findings);
    let errors = findings.all.into_iter().filter(|one| one.code < "D400");
    errors
        .map(|one| format!("{} {}", one.code, one.message))
        .collect()
}

#[test]
fn every_fault_of_a_plan_is_triggered_and_nearly_triggered() {
    let mut odd = Vec::new();
    for (variant, by) in TABLE {
        match by {
            By::Hand(bad, good) => {
                let faults = by_hand(*bad);
                let names: BTreeSet<String> = faults.iter().map(name).collect();
                if names != BTreeSet::from([(*variant).to_owned()]) {
                    odd.push(format!("{variant}: {faults:?}"));
                }
                let near = by_hand(*good);
                if !near.is_empty() {
                    odd.push(format!("{variant} is not nearly so: {near:?}"));
                }
            }
            By::Pack(bad, good) => {
                let told = by_pack(bad);
                // The words of each variant are its own: see below.
                let own = told
                    .iter()
                    .all(|one| one.starts_with("D209 ") && worded(variant, one));
                if told.is_empty() || !own {
                    odd.push(format!("{variant}: {told:?}"));
                }
                let near = by_pack(good);
                if !near.is_empty() {
                    odd.push(format!("{variant} is not nearly so: {near:?}"));
                }
            }
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
    let covered: BTreeSet<String> = TABLE
        .iter()
        .map(|(variant, _)| (*variant).to_owned())
        .collect();
    let source = include_str!("../../src/plan/analysis/fault.rs");
    assert_eq!(covered, variants(source, "PlanFault"));
}

/// Words that only this variant says.
fn worded(variant: &str, told: &str) -> bool {
    told.contains(match variant {
        "Share" => "takes a share of a clock that has no time of its own",
        "Uncited" => "is statutory: cite the article",
        "RungTwice" => "has two rungs",
        "RungBeforeStart" => "can come before the clock has started",
        "RungOrder" => "stands after a rung that comes later",
        "RungUnreached" => "can never come: the clock lapses at due",
        "Leaves" => "that it must leave",
        "PauseCannot" => "cannot exclude time",
        _ => return false,
    })
}

/// What is said of a plan made by hand is said in both languages, however it came about.
/// Everything that can be wrong with an obligation, and the like that is not.
#[test]
fn each_mistake_with_an_obligation_is_told() {
    let lead = |days| On::Before(Span::WorkingDays(days));
    let wrong = |change: &dyn Fn(&mut Plan)| {
        let mut plan = bare("demo".parse().unwrap());
        duty(&mut plan, "unit_head", 20, lead(3));
        change(&mut plan);
        plan.validate().err().unwrap_or_default().len()
    };
    assert_eq!(wrong(&|_| ()), 0);
    assert_eq!(wrong(&|plan| plan.duties[0].owed_by.clear()), 1);
    assert_eq!(
        wrong(&|plan| plan.duties[0].owed_by.push("owner".into())),
        1
    );
    assert_eq!(
        wrong(&|plan| plan.duties[0].owed_by[0] = "citizen".into()),
        1
    );
    assert_eq!(
        wrong(&|plan| plan.duties[0].within = Span::WorkingDays(0)),
        2
    );
    assert_eq!(wrong(&|plan| plan.duties[0].rungs[0].on = lead(20)), 1);
    assert_eq!(wrong(&|plan| plan.duties[0].rungs[0].on = lead(19)), 0);
    assert_eq!(wrong(&|plan| plan.duties[0].rungs[0].acts.clear()), 1);
    assert_eq!(
        wrong(&|plan| plan.duties[0].rungs.push(rung("one", On::At, "supervisor"))),
        1
    );
    assert_eq!(
        wrong(&|plan| plan.duties[0]
            .rungs
            .push(rung("two", lead(5), "supervisor"))),
        1
    );
    assert_eq!(
        wrong(&|plan| plan.duties[0].rungs.push(rung("two", On::At, "supervisor"))),
        0
    );
    let twice = |plan: &mut Plan| {
        let mut again = plan.duties[0].clone();
        again.rule = RuleId::new("other");
        plan.duties.push(again);
    };
    assert_eq!(wrong(&twice), 1);
    // What recurs has a period and a time in it; what is owed once has none.
    let recurs = |change: &dyn Fn(&mut DutyRule)| {
        wrong(&|plan| {
            let own = &mut plan.duties[0];
            own.kind = DutyKind::Visit;
            own.every = Some(Span::WorkingDays(30));
            change(own);
        })
    };
    assert_eq!(recurs(&|_| ()), 0);
    assert_eq!(recurs(&|own| own.every = None), 1);
    assert_eq!(recurs(&|own| own.kind = DutyKind::Video), 1);
    assert_eq!(recurs(&|own| own.within = Span::WorkingDays(31)), 1);
    assert_eq!(recurs(&|own| own.within = Span::WorkingDays(30)), 0);
    assert_eq!(recurs(&|own| own.every = Some(Span::hours(30 * 24))), 1);
    assert_eq!(recurs(&|own| own.every = Some(Span::Months(120))), 0);
    assert_eq!(recurs(&|own| own.every = Some(Span::Months(121))), 1);
    let either = || Span::Earliest(vec![Span::Months(1), Span::WorkingDays(20)]);
    assert_eq!(recurs(&|own| own.every = Some(either())), 1);
    assert_eq!(
        recurs(&|own| own.channels = vec!["网站".parse().unwrap()]),
        1
    );
    assert_eq!(recurs(&|own| own.rungs[0].on = On::Share(80)), 1);
    assert_eq!(recurs(&|own| own.owed_by.push("owner".into())), 1);
    // Supervision may owe what it does not accept.
    assert_eq!(recurs(&|own| own.owed_by[0] = "supervisor".into()), 0);
    assert_eq!(recurs(&|own| own.rungs[0].key = "round".into()), 1);
}

#[test]
fn every_fault_of_a_plan_is_said_in_chinese() {
    let mut told = String::new();
    for (_, by) in TABLE {
        if let By::Hand(bad, _) = by {
            for fault in by_hand(*bad) {
                let (en, zh) = (fault.in_words(Lang::En), fault.in_words(Lang::Zh));
                assert_ne!(en, zh);
                assert!(
                    zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
                    "{zh}"
                );
                told.push_str(&format!("{}\n  {en}\n  {zh}\n", name(&fault)));
            }
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn every_warning_of_a_plan_is_triggered_and_nearly_triggered() {
    let table = [
        (
            "MixedUnits",
            "clock(\"reply\").within(|m| if m.heat > 9 { 24.hours } else { 5.working_days });",
            "clock(\"reply\").within(|m| if m.heat > 9 { 23.hours } else { 5.working_days });",
        ),
        (
            "RungNever",
            "ladder(\"reply\").due().remind(承办人).when(|m| m.heat > 5 && m.heat < 3);",
            "ladder(\"reply\").due().remind(承办人).when(|m| m.heat > 5 && m.heat < 7);",
        ),
        (
            "ClockNever",
            "clock(\"first_review\").within(1.working_days);",
            "clock(\"first_review\").within(1.working_days); review().two_steps();",
        ),
        (
            "SignalNever",
            "signal(\"s\", \"热\").when(|m| m.heat > 5 && m.heat < 3).window(30.calendar_days);",
            "signal(\"s\", \"热\").when(|m| m.heat > 5 && m.heat < 7).window(30.calendar_days);",
        ),
        (
            "NoticeNever",
            "notice(RECEIVED, \"来件\").to(督查办).when(|m| m.heat > 5 && m.heat < 3);",
            "notice(RECEIVED, \"来件\").to(督查办).when(|m| m.heat > 5 && m.heat < 7);",
        ),
    ];
    let warned = |lines: &str| {
        let (plan, findings) = check("pack.rhai", &with(lines), &Options::default());
        said_in_chinese(&findings);
        let warnings: Vec<PlanWarning> = plan.unwrap().warnings();
        warnings.iter().map(name).collect::<Vec<String>>()
    };
    for (variant, bad, good) in table {
        assert_eq!(warned(bad), [variant]);
        assert!(warned(good).is_empty(), "{variant}");
    }
    let covered: BTreeSet<String> = table.iter().map(|row| row.0.to_owned()).collect();
    let source = include_str!("../../src/plan/analysis/warning.rs");
    assert_eq!(covered, variants(source, "PlanWarning"));
}

/// What is wrong with a plan that something is said of besides, in words.
fn wrong(change: impl FnOnce(&mut Plan)) -> Vec<String> {
    let mut plan = bare("demo".parse().unwrap());
    change(&mut plan);
    let faults = plan.validate().err().unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

const NOTHING: [&str; 0] = [];

/// A limit has a length, and one that an office can mean: at most ten years, in whatever unit it is said; of several, each has one.
#[test]
fn a_limit_is_at_most_ten_years_in_every_unit() {
    let sized = |span: Span| {
        let of = span.to_string();
        let faults = wrong(|plan| within(plan, ClockKind::Review, Limit::Span(span)));
        assert!(faults.len() < 2, "{of}: {faults:?}");
        faults.is_empty()
    };
    let seconds = 10 * 366 * 86_400;
    for (most, more) in [
        (Span::Elapsed(seconds), Span::Elapsed(seconds + 1)),
        (Span::WorkingTime(seconds), Span::WorkingTime(seconds + 1)),
        (Span::WorkingDays(3_660), Span::WorkingDays(3_661)),
        (Span::CalendarDays(3_660), Span::CalendarDays(3_661)),
        (Span::Weeks(530), Span::Weeks(531)),
        (Span::Months(120), Span::Months(121)),
        (Span::Years(10), Span::Years(11)),
    ] {
        assert!(sized(most.clone()), "{most}");
        assert!(!sized(more.clone()), "{more}");
        let day = Span::WorkingDays(1);
        for of in [Span::Earliest, Span::Latest] {
            assert!(sized(of(vec![day.clone(), most.clone()])), "{most}");
            assert!(!sized(of(vec![day.clone(), more.clone()])), "{more}");
        }
    }
    for none in [
        Span::Elapsed(0),
        Span::Elapsed(-1),
        Span::WorkingTime(0),
        Span::WorkingDays(0),
        Span::CalendarDays(0),
        Span::Weeks(0),
        Span::Months(0),
        Span::Years(0),
        Span::Earliest(Vec::new()),
        Span::Latest(Vec::new()),
    ] {
        assert!(!sized(none.clone()), "{none:?}");
    }
}

/// A fact has values: labels that are there, each once and each with a letter; numbers, shares and dates whose least is no more than their most, and
/// of which there is one beyond on either side, so that nothing is cut at the end of all numbers.
#[test]
fn a_fact_has_values() {
    let sound = |domain: Domain| {
        let faults = wrong(|plan| fact(plan, "数", domain, Given::Host));
        assert!(faults.len() < 2, "{faults:?}");
        faults.is_empty()
    };
    let labels = |labels: &[&str]| {
        let labels = labels.iter().map(|label| (*label).to_owned());
        Domain::Labels(labels.collect())
    };
    let whole = |least: i64, most: i64| Domain::Whole { least, most };
    let share = |least: i64, most: i64| Domain::Percent { least, most };
    let date = |least: &str, most: &str| Domain::Date {
        least: least.parse().unwrap(),
        most: most.parse().unwrap(),
    };
    for domain in [
        Domain::YesNo,
        labels(&["甲"]),
        labels(&["甲", "乙"]),
        whole(5, 5),
        whole(i64::MIN + 1, i64::MAX - 1),
        share(0, 0),
        share(0, i64::MAX - 1),
        date("2026-01-01", "2026-01-01"),
    ] {
        assert!(sound(domain.clone()), "{domain:?}");
    }
    for domain in [
        labels(&[]),
        labels(&["甲", "甲"]),
        labels(&[" "]),
        labels(&["甲", ""]),
        whole(5, 4),
        whole(i64::MIN, 0),
        whole(0, i64::MAX),
        share(-1, 5),
        share(5, 4),
        share(0, i64::MAX),
        date("2026-01-02", "2026-01-01"),
    ] {
        assert!(!sound(domain.clone()), "{domain:?}");
    }
}

/// A mention has words, and each has something that can be seen; its fact is a yes or no of the reply's.
#[test]
fn a_mention_has_words_that_can_be_seen() {
    let mentioned = |words: &[&str], domain: Domain, given: Given| {
        wrong(|plan| {
            fact(plan, "虚", domain, given);
            plan.mentions.push(Mention {
                fact: "虚".into(),
                words: words.iter().map(|word| (*word).to_owned()).collect(),
            });
        })
        .len()
    };
    let labels = || Domain::Labels(vec!["甲".into(), "乙".into()]);
    assert_eq!(mentioned(&["近期", "尽快"], Domain::YesNo, Given::Reply), 0);
    assert_eq!(mentioned(&[], Domain::YesNo, Given::Reply), 1);
    assert_eq!(mentioned(&[" \u{200b}"], Domain::YesNo, Given::Reply), 1);
    assert_eq!(mentioned(&["近期", ""], Domain::YesNo, Given::Reply), 1);
    assert_eq!(mentioned(&["近期"], Domain::YesNo, Given::Host), 1);
    assert_eq!(mentioned(&["近期"], labels(), Given::Reply), 1);
    let nowhere = wrong(|plan| {
        let words = vec!["近期".into()];
        let fact = "虚".into();
        plan.mentions.push(Mention { fact, words });
    });
    assert_eq!(nowhere.len(), 1, "{nowhere:?}");
}

/// What a pause can do is the spine's to say: only 补正 has time run anew, and names no clocks; only a statute takes time out afterwards; and the
/// clocks that are named are such as wait for whose time it is.
#[test]
fn a_pause_does_what_the_spine_lets_it_do() {
    let of = |reason: &str, change: fn(&mut PauseRule)| {
        wrong(|plan| {
            pause(plan, reason, 1);
            change(plan.pauses.last_mut().unwrap());
        })
    };
    let restarts: fn(&mut PauseRule) = |it| it.kind = PauseKind::Restarts;
    assert_eq!(of("补正", restarts), NOTHING);
    assert_eq!(
        of("出差", restarts),
        [
            "the pause `出差` cannot restart time: only 补正 can, when the citizen has completed the message"
        ]
    );
    assert_eq!(
        of("出差", |it| {
            it.kind = PauseKind::Excludes;
            it.side = PauseSide::Statutory;
        }),
        NOTHING
    );
    assert_eq!(
        of("出差", |it| it.kind = PauseKind::Excludes),
        [
            "the pause `出差` cannot exclude time: only what a statute excludes can be taken out when it is over"
        ]
    );
    let reply: fn(&mut PauseRule) = |it| it.holds = vec![ClockKind::Reply];
    assert_eq!(of("出差", reply), NOTHING);
    assert_eq!(of("补正", reply).len(), 1);
    assert_eq!(of("补正", |_| ()), NOTHING);
    assert_eq!(of("出差", |it| it.holds = vec![ClockKind::Review]).len(), 1);
    let twice = "the pause `出差` is declared twice, has no length, or may be taken no time or more than ten times";
    assert_eq!(of("出差", |it| it.times = 0), [twice]);
    assert_eq!(of("出差", |it| it.times = 10), NOTHING);
    assert_eq!(of("出差", |it| it.most = Span::WorkingDays(0)), [twice]);
    assert_eq!(of(" ", |_| ()).len(), 1);
    assert_eq!(of("等候配件", |_| ()).len(), 1);
}

/// A rung has a distance that is none of nothing, and one that comes again an end; `faults` tells how many there are of one.
fn distances_and_ends(faults: impl Fn(On) -> usize) {
    let every = |days: u32, most: u32| On::Every {
        span: Span::WorkingDays(days),
        most,
    };
    for on in [
        On::At,
        On::Before(Span::WorkingDays(1)),
        On::After(Span::WorkingDays(1)),
        On::Share(1),
        On::Share(99),
        every(1, 1),
        every(1, 100),
    ] {
        assert_eq!(faults(on.clone()), 0, "{on:?}");
    }
    for on in [
        On::Before(Span::WorkingDays(0)),
        On::After(Span::WorkingDays(0)),
        On::Share(0),
        On::Share(100),
        every(0, 1),
        every(1, 0),
        every(1, 101),
    ] {
        assert_eq!(faults(on.clone()), 1, "{on:?}");
    }
}

/// A rung has a distance and an end where it repeats, a share of the time between its begin and its end, and something that it does.
#[test]
fn a_rung_has_a_distance_and_an_end() {
    let faults = |on: On| {
        let faults = wrong(|plan| {
            clock(plan, ClockKind::Redo).rungs = vec![rung("one", on, "owner")];
        });
        let idle = "the rung `one` of `redo` does nothing, or repeats without a distance or an end";
        assert!(faults.iter().all(|it| it == idle), "{faults:?}");
        faults.len()
    };
    distances_and_ends(faults);
}

/// So has a rung of an obligation.
#[test]
fn a_rung_of_an_obligation_has_a_distance_and_an_end() {
    let faults = |on: On| {
        let faults = wrong(|plan| duty(plan, "unit_head", 20, on));
        let idle = "has a rung that does nothing, or repeats without a distance or an end";
        assert!(faults.iter().all(|it| it.contains(idle)), "{faults:?}");
        faults.len()
    };
    distances_and_ends(faults);
}

/// A signal has a name of its own, a title that can be seen, and a window with a length; which of them it lacks is said.
#[test]
fn a_signal_has_a_name_a_title_and_a_window() {
    let said = |change: fn(&mut Plan)| {
        wrong(|plan| {
            signal(plan, 30);
            change(plan);
        })
    };
    assert_eq!(said(|_| ()), NOTHING);
    let untitled = ["the signal `heat` has no title"];
    assert_eq!(said(|plan| plan.signals[0].title.clear()), untitled);
    assert_eq!(said(|plan| plan.signals[0].title = " ".into()), untitled);
    let twice = |plan: &mut Plan| {
        let mut again = plan.signals[0].clone();
        again.rule = RuleId::new("other");
        plan.signals.push(again);
    };
    assert_eq!(said(twice), ["the signal `heat` is declared twice"]);
    let shut = |plan: &mut Plan| plan.signals[0].window = Span::CalendarDays(0);
    assert_eq!(
        said(shut),
        [
            "the signal `heat` has a window without length: the same signal would open a case each time"
        ]
    );
}

/// What a clock may start on is told with all the marks there are, however many.
#[test]
fn what_a_clock_may_start_on_is_told() {
    let starts = |kind: ClockKind| wrong(|plan| clock(plan, kind).starts = ClockMark::Signed);
    assert_eq!(
        starts(ClockKind::Redo),
        ["the `redo` clock starts on `returned`, not on `signed`"]
    );
    assert_eq!(
        starts(ClockKind::Assign),
        ["the `assign` clock starts on `screened` or `received`, not on `signed`"]
    );
    assert_eq!(
        starts(ClockKind::Reply),
        ["the `reply` clock starts on `assigned`, `screened` or `received`, not on `signed`"]
    );
}

/// A warning is in the language that is asked for.
#[test]
fn a_warning_is_in_the_language_that_is_asked_for() {
    let never = PlanWarning::ClockNever(ClockKind::FirstReview);
    assert_eq!(
        never.in_words(Lang::En),
        "the `first_review` clock never runs: no reply is reviewed twice"
    );
    assert_eq!(
        never.in_words(Lang::Zh),
        "“初审”时限永远不会起算:没有一个件两级审核"
    );
}

/// A digest may be owed by several posts, each once, and by one at the least; what else is owed, by one.
#[test]
fn an_obligation_is_owed_by_somebody() {
    let owed = |kind: DutyKind, posts: &[&str]| {
        wrong(|plan| {
            duty(plan, "unit_head", 20, On::At);
            plan.duties[0].kind = kind;
            plan.duties[0].owed_by = posts.iter().map(|post| (*post).to_owned()).collect();
        })
        .len()
    };
    assert_eq!(owed(DutyKind::Digest, &["leader"]), 0);
    assert_eq!(owed(DutyKind::Digest, &["leader", "owner"]), 0);
    assert_eq!(owed(DutyKind::Digest, &["leader", "leader"]), 1);
    assert_eq!(owed(DutyKind::Digest, &[]), 1);
    assert_eq!(owed(DutyKind::Video, &["leader"]), 0);
    assert_eq!(owed(DutyKind::Video, &["leader", "owner"]), 1);
    assert_eq!(owed(DutyKind::Video, &[]), 1);
}

/// Of a bundle a part may be in a place of the lowest level that handles parts, or above it, and in none below.
#[test]
fn a_part_is_in_no_place_below_the_lowest_level() {
    let in_a_county = |lowest: Option<PlaceLevel>| {
        wrong(|plan| {
            bundle(plan, &[("a", "")]);
            plan.bundles[0].parts[0].place = Some("632521".parse().unwrap());
            plan.divide.lowest = lowest;
        })
    };
    for lowest in [
        None,
        Some(PlaceLevel::Village),
        Some(PlaceLevel::Township),
        Some(PlaceLevel::County),
    ] {
        assert_eq!(in_a_county(lowest), NOTHING, "{lowest:?}");
    }
    for lowest in [PlaceLevel::Prefecture, PlaceLevel::Province] {
        let faults = in_a_county(Some(lowest));
        assert_eq!(faults.len(), 1, "{faults:?}");
        let below = "a place below the lowest level that handles parts";
        assert!(faults[0].contains(below), "{faults:?}");
    }
}

/// What supervision accepts is owed by whoever holds an office: by no citizen, not by the system, and not by supervision itself.
#[test]
fn an_obligation_is_owed_by_an_office() {
    let cannot = Role::ALL.into_iter().filter(|role| {
        let faults = wrong(|plan| {
            plan.posts.push(Post {
                id: "who".into(),
                title: "谁".into(),
                role: Some(*role),
            });
            duty(plan, "who", 20, On::At);
        });
        assert!(faults.len() < 2, "{faults:?}");
        faults
            .iter()
            .any(|fault| fault.contains("is owed by a post that cannot owe it"))
    });
    let cannot: Vec<Role> = cannot.collect();
    assert_eq!(cannot, [Role::Citizen, Role::Supervisor, Role::System]);
}
