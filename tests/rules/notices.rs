//! Notices (告知): who is told when something happens.

use std::collections::BTreeMap;

use duly::case::{Case, effects, evolve, facts_row};
use duly::desk::{Cursor, Desk, MemoryLedger};
use duly::plan::{NoticeRule, Plan, PlanFault, Plans};
use duly::report::timeline;
use duly::script::{Options, check, load_with};
use duly::time::Moment;
use duly::trial::{Tests, run};
use duly::words::{
    Actor, Class, ClockMark, Command, Effect, Envelope, Event, Facts, Lang, Notice, Origin, Record,
    Role, Salt, Telling, Text,
};
use proptest::prelude::*;

use super::tries::config;
use super::{in_both, one, plan, with};

const NOTICES: &str = r#"const 受理人 = role("intake", "留言受理人");
fact("urgent").given_by(INTAKE);
notice(RECEIVED, "热点来件").when(|m| m.heat >= 5).to(督查办).says("热度高");
notice(RECEIVED, "来件登记").to(受理人);
notice(SCREENED, "涉险来件").when(|m| m.urgent || m.kind == "投诉").to(督查办, CITIZEN).says("已按急件办理");
notice(SCREENED, "办事类").when(|m| m.class == "办事").to(受理人);
notice(ASSIGNED, "交办抄送").when(|m| m.heat < 3 || m.urgent || m.tracked).to(承办人, 督查办);
notice(SIGNED, "已签收").to(督查办);
notice(TRACKED, "列入督办").to(承办人);
notice(STRUCK_OFF, "办事类撤回").when(|m| m.class == "办事").to(督查办);
notice(STRUCK_OFF, "撤回").to(受理人);
track(督查办).start(|m| m.heat == 7);
"#;

fn at(minutes: i64) -> Moment {
    Moment::parse("2026-03-02T09:00:00+08:00")
        .unwrap()
        .plus(60 * minutes)
}

fn desk(plan: Plan) -> Desk<MemoryLedger> {
    let board: duly::words::BoardId = "board".parse().unwrap();
    let mut plans = Plans::new(board.clone());
    plans.take(plan).unwrap();
    Desk::new(MemoryLedger::new(board), plans).unwrap()
}

fn envelope(minutes: i64, role: Role, command: Command) -> Envelope {
    let id = format!("c{minutes}");
    let person = match role {
        Role::Owner => "wang".to_owned(),
        Role::Citizen => "zhuoma".to_owned(),
        role => format!("the-{role}"),
    };
    let mut by = Actor::new(person.parse().unwrap(), role);
    by.unit = Some("water".parse().unwrap());
    Envelope {
        id: id.parse().unwrap(),
        case: "m01".parse().unwrap(),
        by,
        at: at(minutes),
        salt: Salt::derived(b"test", &id),
        command,
    }
}

fn open(kind: &str, heat: i64, origin: Origin) -> Command {
    let citizen = (origin == Origin::Message).then(|| "zhuoma".parse().unwrap());
    Command::Open {
        place: "6325".parse().unwrap(),
        channel: "board".parse().unwrap(),
        external_id: "1".parse().unwrap(),
        message: Text::from("村道路灯坏了三个月"),
        contact: (origin == Origin::Message).then(|| Text::from("13912345678")),
        citizen,
        origin,
        facts: Facts::from([
            ("kind".to_owned(), kind.into()),
            ("heat".to_owned(), heat.into()),
        ]),
    }
}

fn screen(class: Class, urgent: bool) -> Command {
    Command::Screen {
        class,
        facts: Facts::from([("urgent".to_owned(), urgent.into())]),
    }
}

fn assign() -> Command {
    Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "wang".parse().unwrap(),
        co_handlers: Vec::new(),
    }
}

fn withdraw() -> Command {
    Command::Withdraw {
        evidence: Text::from("不用办了"),
    }
}

/// The mark that an event makes, of those on which the pack has notices.
fn mark(event: &Event) -> Option<ClockMark> {
    Some(match event {
        Event::Opened { .. } => ClockMark::Received,
        Event::Screened { .. } => ClockMark::Screened,
        Event::Assigned { .. } => ClockMark::Assigned,
        Event::Signed { .. } => ClockMark::Signed,
        Event::Tracked { .. } => ClockMark::Tracked,
        Event::Withdrawn { .. } | Event::StruckOff { .. } | Event::Declined { .. } => {
            ClockMark::StruckOff
        }
        _ => return None,
    })
}

fn folded(records: &[Record]) -> Vec<(Record, Case)> {
    let mut case = None;
    let each = records.iter().map(|record| {
        let after = evolve(case.take(), record).unwrap();
        case = Some(after.clone());
        (record.clone(), after)
    });
    each.collect()
}

proptest! {
    #![proptest_config(config(64))]

    /// Of each thing that happens, exactly those notices are given that its mark has and whose condition holds on the case as it
    /// stands with it: each once, all of them, with the rule and the facts that decided, whoever brought it about. What goes out is
    /// what the record says, under ids that stay when the records are read again; opinion has no citizen to tell; and no private
    /// word is in any of it.
    #[test]
    fn every_notice_that_applies_is_given_once(
        kind in 0usize..3, heat in 0i64..10, moved in 0i64..10, class in 0usize..4, urgent: bool, opinion: bool,
        withdrawn: bool, signed: bool, early: bool,
    ) {
        let plan = plan(NOTICES);
        let desk = desk(plan.clone());
        let origin = if opinion { Origin::Opinion } else { Origin::Message };
        let mut commands = vec![(Role::Intake, open(["投诉", "求助", "咨询"][kind], heat, origin))];
        if !early {
            commands.push((Role::Intake, screen(Class::ALL[class], urgent)));
            commands.push((Role::Intake, assign()));
            let value = moved.into();
            commands.push((Role::System, Command::SetFact { name: "heat".into(), value }));
            if signed {
                commands.push((Role::Owner, Command::Sign {}));
            }
        }
        if withdrawn && !opinion {
            commands.push((Role::Citizen, withdraw()));
        }
        for (minute, (role, command)) in (0..).zip(commands) {
            let answer = desk.submit(envelope(minute, role, command)).unwrap();
            prop_assert!(answer.is_done(), "{answer:?}");
        }
        let _ = desk.advance(at(60 * 24 * 4)).unwrap();
        let id = "m01".parse().unwrap();
        let history = desk.history(&id).unwrap();
        let records: Vec<Record> = history.iter().map(|entry| entry.sealed.record.clone()).collect();
        let folded = folded(&records);

        let mut due: BTreeMap<(ClockMark, &str), usize> = BTreeMap::new();
        for (record, case) in &folded {
            let row = facts_row(&plan, case);
            let own = mark(&record.event);
            for rule in plan.notices.iter().filter(|rule| Some(rule.mark) == own) {
                let applies = |rule: &NoticeRule| match &rule.when {
                    // Nobody has said yet of which class it is.
                    Some(_) if case.class().is_none() && rule.title.contains("办事类") => false,
                    Some(when) => *when.answer(&row),
                    None => true,
                };
                if applies(rule) {
                    *due.entry((rule.mark, rule.title.as_str())).or_default() += 1;
                }
            }
        }
        let mut given: BTreeMap<(ClockMark, &str), usize> = BTreeMap::new();
        for (record, _) in &folded {
            let Event::NoticeGiven { mark, title, reason, words, citizen, to } = &record.event else {
                continue;
            };
            *given.entry((*mark, title.as_str())).or_default() += 1;
            let rule = plan.notices.iter().find(|rule| rule.rule == reason.rule).unwrap();
            prop_assert_eq!((&rule.title, &rule.words, rule.citizen), (title, words, *citizen));
            prop_assert_eq!(to.iter().map(|to| &to.post).collect::<Vec<_>>(), rule.to.iter().collect::<Vec<_>>());
            prop_assert_eq!(reason.because.is_empty(), rule.when.is_none());
            prop_assert!(record.by.is_none());
        }
        prop_assert_eq!(&given, &due);

        let outgoing = desk.outbox(&Cursor::start(), 1000).unwrap().items;
        let again: Vec<_> = folded.iter().flat_map(|(record, case)| effects(record, case)).collect();
        prop_assert_eq!(&outgoing, &again);
        let words = serde_json::to_string(&outgoing).unwrap();
        prop_assert!(!words.contains("路灯") && !words.contains("13912345678"));
        let told = outgoing.iter().any(|it| matches!(&it.effect, Effect::Tell { what: Telling::Notice { .. }, .. }));
        prop_assert_eq!(told, !opinion && given.contains_key(&(ClockMark::Screened, "涉险来件")));
        desk.verify().unwrap();
    }
}

#[test]
fn a_notice_is_told_in_the_timeline_and_goes_out_in_the_packs_words() {
    let plan = plan(NOTICES);
    let desk = desk(plan.clone());
    let commands = [
        (Role::Intake, open("求助", 7, Origin::Message)),
        (Role::Intake, screen(Class::Problem, true)),
        (Role::Intake, assign()),
    ];
    for (minute, (role, command)) in (0..).zip(commands) {
        assert!(
            desk.submit(envelope(minute, role, command))
                .unwrap()
                .is_done()
        );
    }
    let id = "m01".parse().unwrap();
    let history = desk.history(&id).unwrap();
    let records: Vec<Record> = history.iter().map(|it| it.sealed.record.clone()).collect();
    let case = desk.case(&id).unwrap().unwrap();
    let mut shown = String::new();
    for lang in [Lang::Zh, Lang::En] {
        let told = timeline(&records, &case, &plan, lang);
        let lines = told
            .past
            .iter()
            .filter(|line| line.what.starts_with("告知 ") || line.what.starts_with("told "));
        for line in lines {
            shown.push_str(&format!("{} {}\n", line.who, line.what));
        }
    }
    let outgoing = desk.outbox(&Cursor::start(), 100).unwrap().items;
    for item in outgoing {
        match item.effect {
            Effect::Notify {
                to,
                what: what @ Notice::Informed { .. },
            } => {
                let what = serde_json::to_string(&what).unwrap();
                shown.push_str(&format!("{} → {} {what}\n", item.id, to.post));
            }
            Effect::Tell {
                citizen,
                what: what @ Telling::Notice { .. },
            } => {
                let what = serde_json::to_string(&what).unwrap();
                shown.push_str(&format!("{} → {} {what}\n", item.id, citizen.unwrap()));
            }
            _ => {}
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn mistakes_are_named() {
    let own = [
        "notice(RECEIVED, \"来件\");",
        "notice(RECEIVED, \"来件\").to(CITIZEN);",
        "notice(RECEIVED, \"来件\").to(督查办, 督查办);",
        "notice(RECEIVED, \"来件\").to(CITIZEN, CITIZEN).says(\"已收到\");",
        "notice(RECEIVED, \"来件\").to(HOST);",
        "notice(RECEIVED, \"来件\").to(督查办).to(承办人);",
        "notice(RECEIVED, \"来件\").to(督查办);\nnotice(RECEIVED, \"又来件\").to(督查办);",
    ];
    let others = [
        "notice(RECEIVED, \"来件\").to(\"ducha\");",
        "notice(RECEIVD, \"来件\").to(督查办);",
        "notice(\"received\", \"来件\").to(督查办);",
        "notice(SOLVED, \"来件\").to(督查办);",
        "notice(RECEIVED).to(督查办);",
        "notice(RECEIVED, \"来件\").when(true).to(督查办);",
        "notice(RECEIVED, \"来件\").when(|m| m.class == \"办事\").to(督查办);",
        "notice(RETURNED, \"退回\").when(|m| m.dated).to(督查办);",
        "notice(RECEIVED, \"来件\").to(督查办);\nnotice(RECEIVED, \"来件\").to(承办人);",
    ];
    let mut said: Vec<String> = own.into_iter().flat_map(in_both).collect();
    said.extend(others.map(one));
    // What differs in anything is no repetition.
    plan("notice(RECEIVED, \"来件\").to(督查办);\nnotice(SCREENED, \"来件\").to(督查办);");
    plan(
        "notice(RECEIVED, \"来件\").to(督查办);\nnotice(RECEIVED, \"热\").when(|m| m.heat > 5).to(督查办);",
    );
    plan("notice(RECEIVED, \"甲\").to(督查办);\nnotice(RECEIVED, \"乙\").to(承办人);");
    plan(
        "notice(RECEIVED, \"甲\").to(CITIZEN).says(\"已收到\");\nnotice(RECEIVED, \"乙\").to(CITIZEN).says(\"已登记\");",
    );
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_notice_that_never_applies_is_warned_about() {
    let line = "notice(RECEIVED, \"来件\").when(|m| m.heat > 5 && m.heat < 3).to(督查办);";
    let (plan, findings) = check("pack.rhai", &with(line), &Options::default());
    assert!(plan.is_some());
    let codes: Vec<&str> = findings.all.iter().map(|one| one.code).collect();
    assert!(codes.contains(&"D406"), "{findings}");
}

#[test]
fn an_overlay_adds_notices_and_takes_none_away() {
    let base = with("notice(RECEIVED, \"来件\").to(督查办);");
    let options = Options::default()
        .with_bases(move |name| (name == "base").then(|| ("base.rhai".into(), base.clone())));
    let over = |lines: &str| format!("pack(\"over\", \"县\");\nbased_on(\"base\");\n{lines}\n");
    let text = over("notice(RECEIVED, \"县里来件\").when(|m| m.heat > 5).to(督查办);");
    let plan = load_with("over.rhai", &text, &options).unwrap_or_else(|found| panic!("{found}"));
    let titles: Vec<&str> = plan.notices.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["来件", "县里来件"]);
    let again = over("notice(RECEIVED, \"来件\").to(承办人);");
    let refused = load_with("over.rhai", &again, &options).unwrap_err();
    assert_eq!(refused.all[0].code, "D211");
    let mut fewer = plan.clone();
    fewer.notices.remove(0);
    let loosened = fewer.loosened(&plan);
    assert_eq!(
        loosened[0].to_string(),
        "the notice `notice(received).来件` is not the base's"
    );
}

#[test]
fn a_plan_with_a_notice_to_nobody_is_not_sound() {
    let sound = plan("notice(RECEIVED, \"来件\").to(督查办);");
    let fault = |change: fn(&mut NoticeRule)| {
        let mut plan = sound.clone();
        change(&mut plan.notices[0]);
        plan.validate().unwrap_err()
    };
    let own = vec![PlanFault::Notice(sound.notices[0].rule.clone())];
    assert_eq!(fault(|notice| notice.to.clear()), own);
    assert_eq!(fault(|notice| notice.citizen = true), own);
    assert_eq!(fault(|notice| notice.title.clear()), own);
    let posts = fault(|notice| notice.to = vec!["ghost".into()]);
    assert!(matches!(&posts[0], PlanFault::NoPost { post, .. } if post == "ghost"));
    let mut twice = sound.clone();
    twice.notices.push(sound.notices[0].clone());
    assert!(matches!(
        twice.validate().unwrap_err()[..],
        [PlanFault::RuleTwice(_)]
    ));
    // A plan without notices is stored as before there were any.
    let none = plan("");
    assert!(!serde_json::to_string(&none).unwrap().contains("notices"));
}

/// A notice has a title and tells somebody something: the citizen in words of the pack's, or else a post.
#[test]
fn a_notice_tells_the_citizen_in_words_or_else_a_post() {
    let sound = plan("notice(RECEIVED, \"来件\").to(督查办);");
    let posts = sound.notices[0].to.clone();
    let faulty = |title: &str, words: Option<&str>, to: &[String]| {
        let mut plan = sound.clone();
        let notice = &mut plan.notices[0];
        notice.title = title.into();
        notice.to = to.to_vec();
        notice.citizen = words.is_some();
        notice.words = words.unwrap_or_default().into();
        plan.validate().is_err()
    };
    for (words, to, fine) in [
        (None, &posts[..], true),
        (None, &posts[..0], false),
        (Some("已受理"), &posts[..], true),
        (Some("已受理"), &posts[..0], true),
        (Some(""), &posts[..], false),
        (Some(""), &posts[..0], false),
    ] {
        assert_eq!(faulty("来件", words, to), !fine, "{words:?} {to:?}");
        assert!(faulty("", words, to) && faulty(" ", words, to));
    }
}

/// A test beside a pack expects that a notice went out, to whom, or that it did not; and coverage counts its condition.
#[test]
fn a_test_expects_notices() {
    let source = with(NOTICES);
    let mut plans = Plans::new("board".parse().unwrap());
    plans.take(plan(NOTICES)).unwrap();
    let story = |line: &str| {
        let text = format!(
            r#"{{"测试": "涉险来件", "类别": "办事", "事实": {{"urgent": true, "heat": 1}}}}
{{"时": "2026-03-02 09:00", "做": "登记"}}
{{"时": "2026-03-02 09:10", "做": "受理"}}
{line}
"#
        );
        let tests = Tests::read("notices.jsonl", &text).unwrap();
        run(&plans, ("pack.rhai", &source), &[tests], Lang::Zh)
    };
    for holds in [
        r#"{"告知": "涉险来件", "给": ["督查办公室", "网民"], "是": "2026-03-02 09:10"}"#,
        r#"{"told": "涉险来件"}"#,
        r#"{"告知": "热点来件", "结局": "跳过"}"#,
    ] {
        assert_eq!(story(holds).unwrap().failures, [], "{holds}");
    }
    let mut said = Vec::new();
    for fails in [
        r#"{"告知": "涉险来件", "给": "督查办公室"}"#,
        r#"{"告知": "涉险来件", "是": "2026-03-02 09:00"}"#,
        r#"{"告知": "涉险来件", "结局": "跳过"}"#,
        r#"{"告知": "热点来件"}"#,
    ] {
        let failures = story(fails).unwrap().failures;
        said.push(format!(
            "应是 {}\n实际 {}",
            failures[0].expected, failures[0].got
        ));
    }
    said.push(story(r#"{"告知": "涉险件"}"#).unwrap_err().to_string());
    said.push(
        story(r#"{"告知": "涉险来件", "结局": "没有"}"#)
            .unwrap_err()
            .to_string(),
    );
    insta::assert_snapshot!(said.join("\n"));
    let covered = story(r#"{"told": "涉险来件"}"#).unwrap().coverage;
    let row = |rule: &str| {
        covered
            .by_rule
            .iter()
            .find(|it| it.rule == rule)
            .unwrap()
            .clone()
    };
    assert_eq!(row("notice(received).热点来件").no_answer[0].en, "goes out");
    assert_eq!(row("notice(received).来件登记").read, 1);
    assert_eq!(row("notice(signed).已签收").read, 0);
}
