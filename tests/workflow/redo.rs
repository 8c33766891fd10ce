//! 退回重办、三个不放过.

use std::collections::BTreeMap;

use duly::words::*;

use crate::board::*;

/// What is taken out of a reply.
type Spoil = fn(&mut Reply);

/// The clauses that held a reply back, by rule.
fn shut(why: &Why) -> Vec<String> {
    let Why::Gates { findings } = why else {
        panic!("refused for another reason: {why:?}")
    };
    findings
        .iter()
        .map(|it| it.reason.rule.to_string())
        .collect()
}
fn gates(why: &Why) -> Vec<Gate> {
    let Why::Gates { findings } = why else {
        panic!("refused for another reason: {why:?}")
    };
    findings.iter().map(|it| it.gate).collect()
}
fn but(name: &str) -> Command {
    let mut findings = findings();
    findings.insert(name.to_owned(), false);
    Command::Review(Review {
        findings,
        return_for: None,
    })
}
fn failed_recheck(mend: Option<ReturnFor>) -> Command {
    Command::Recheck {
        passed: false,
        evidence: "到现场看过,灯不亮".into(),
        findings: BTreeMap::new(),
        return_for: mend,
    }
}

// 调查不清楚、处理不到位的退回重办: what is sent back says on which of the known grounds and what is to be mended, and whoever
// does it again is told.
#[test]
fn a17_a_return_names_its_ground_and_what_to_mend() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.replies("m01", "2026-03-03 09:00");
    let mood = board.refuses(
        "m01",
        SUHUA,
        "2026-03-03 10:00",
        send_back("看着不好", "重写"),
    );
    let Why::NotListed { what, known, .. } = mood else {
        panic!("{mood:?}")
    };
    assert_eq!(what, Thing::ReturnGrounds);
    assert_eq!(
        known,
        [
            "调查不清楚",
            "处理不到位",
            "网民不满意",
            "承诺未兑现",
            "复核不实"
        ]
    );
    let blank = board.refuses(
        "m01",
        SUHUA,
        "2026-03-03 10:00",
        send_back("调查不清楚", " "),
    );
    assert_eq!(
        blank,
        Why::Blank {
            what: Thing::Field("mend".into())
        }
    );
    board.does(
        "m01",
        SUHUA,
        "2026-03-03 10:00",
        send_back("调查不清楚", "写明哪一盏灯、何时起不亮"),
    );
    let (ground, mend) = board
        .history("m01")
        .into_iter()
        .find_map(|record| match record.event {
            Event::Returned { ground, mend, .. } => Some((ground, mend.unwrap())),
            _ => None,
        })
        .unwrap();
    assert_eq!(ground, "调查不清楚");
    let words = board.desk.text(&id("m01"), &mend).unwrap().unwrap();
    assert_eq!(words.as_str(), "写明哪一盏灯、何时起不亮");
    let told: Vec<_> = board
        .outbox("m01")
        .into_iter()
        .filter_map(|out| match out.effect {
            Effect::Notify {
                to,
                what: Notice::Returned,
            } => to.role,
            _ => None,
        })
        .collect();
    assert_eq!(told, [Role::Owner, Role::UnitHead]);

    // A recheck that fails sends it back the same way.
    board.replies("m01", "2026-03-04 09:00");
    board.passes("m01", "2026-03-04 10:00");
    let bare = board.refuses("m01", DENGZHU, "2026-03-04 15:00", failed_recheck(None));
    assert_eq!(
        bare,
        Why::Blank {
            what: Thing::Field("return_for".into())
        }
    );
    board.does(
        "m01",
        DENGZHU,
        "2026-03-04 15:00",
        failed_recheck(Some(back("复核不实", "灯仍不亮"))),
    );
    assert_eq!(board.stage("m01"), StageName::Returned);
}

// Each round is counted, and has a clock of its own that never outlives the citizen's sixty days; the second return hands the
// case to supervision, the third calls in the head of the unit and is reported to a leader.
#[test]
fn a18_rounds_are_counted_and_the_nth_return_escalates() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let whole = board.due("m01", ClockKind::Whole);
    let counts = || {
        board
            .history("m01")
            .into_iter()
            .filter_map(|record| match record.event {
                Event::CountReached {
                    count,
                    number,
                    acts,
                    ..
                } if count == "returns" => {
                    Some((number, acts.iter().map(|act| act.verb).collect::<Vec<_>>()))
                }
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    for (round, day) in [(1, "2026-03-03"), (2, "2026-03-04"), (3, "2026-03-05")] {
        board.replies("m01", &format!("{day} 09:00"));
        board.does(
            "m01",
            SUHUA,
            &format!("{day} 10:00"),
            send_back("处理不到位", "灯不亮"),
        );
        let case = board.case("m01");
        assert_eq!(
            (case.returns(), case.stage_name(), case.cycle()),
            (round, StageName::Returned, 1)
        );
        assert_eq!(case.is_tracked(), round >= 2);
        let redo = board.clock("m01", ClockKind::Redo);
        assert_eq!((redo.key.run, redo.is_running()), (round, true));
        assert_eq!(
            board.due("m01", ClockKind::Whole),
            whole,
            "a return gives nobody more time"
        );
    }
    assert_eq!(
        counts(),
        [
            (2, vec![Verb::Supervise]),
            (3, vec![Verb::Summon, Verb::Report])
        ]
    );
    assert_eq!(board.due("m01", ClockKind::Redo), at("2026-03-12 18:00"));

    // Nobody does it: its own ladder climbs, and comes to supervision.
    board.sleeps_until("2026-03-31 09:00");
    let steps: Vec<_> = board
        .steps("m01", ClockKind::Redo)
        .into_iter()
        .map(|(_, it)| it)
        .collect();
    for rung in ["before-1", "due", "after-2"] {
        assert_eq!(
            steps.iter().filter(|it| *it == rung).count(),
            1,
            "{steps:?}"
        );
    }
    // Another person may be named to do it again: no new cycle, no new count.
    board.does(
        "m01",
        CAIHONG,
        "2026-03-31 10:00",
        assign("共和县交通局", MADENG, &[]),
    );
    let case = board.case("m01");
    assert_eq!(
        (case.stage_name(), case.returns(), case.cycle()),
        (StageName::Returned, 3, 1)
    );
    board.does(
        "m01",
        MADENG,
        "2026-04-01 10:00",
        reply("2026-04-01 09:00").into(),
    );
    board.passes("m01", "2026-04-01 15:00");
}

// 办理过程不细致不放过: a reply is not passed of which the reviewer says no to a question, or which shows no contact and no basis;
// nor while a question is left open. Each clause alone is enough.
#[test]
fn a20_a_careless_process_does_not_pass() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.replies("m01", "2026-03-03 09:00");
    for (clause, name) in ["contacted", "visited", "based", "every_matter"]
        .into_iter()
        .enumerate()
    {
        let why = board.refuses("m01", SUHUA, "2026-03-03 10:00", but(name));
        assert_eq!(shut(&why), [format!("gate(process).{}", clause + 1)]);
        assert_eq!(gates(&why), [Gate::Process]);
        let mut open = findings();
        open.remove(name);
        let why = board.refuses(
            "m01",
            SUHUA,
            "2026-03-03 10:00",
            Command::Review(Review {
                findings: open,
                return_for: None,
            }),
        );
        assert!(
            matches!(&why, Why::FactMissing { fact, .. } if fact == name),
            "{why:?}"
        );
    }
    board.passes("m01", "2026-03-03 11:00");
    // The reviewer's yes does not make a contact that the reply does not show.
    let without: [(&str, Spoil); 2] = [
        ("gate(process).1", |it| it.contacts.clear()),
        ("gate(process).3", |it| it.basis.clear()),
    ];
    for (n, (clause, spoil)) in without.into_iter().enumerate() {
        let case = format!("w{n}");
        board.assigned(&case, "2026-03-04");
        let mut given = reply("2026-03-05 09:00");
        spoil(&mut given);
        board.does(&case, WANGGANG, "2026-03-05 09:00", given.into());
        let why = board.refuses(&case, SUHUA, "2026-03-05 10:00", pass());
        assert_eq!(
            (shut(&why), gates(&why)),
            (vec![clause.to_owned()], vec![Gate::Process])
        );
    }
    // Nor one that happened before the message came, or has not happened yet.
    board.assigned("w9", "2026-03-04");
    for when in ["2026-03-03 10:00", "2026-03-06 10:00"] {
        let why = board.refuses("w9", WANGGANG, "2026-03-05 09:00", reply(when).into());
        assert!(
            matches!(
                why,
                Why::Bound {
                    bound: Bound::SinceReceipt,
                    ..
                }
            ),
            "{why:?}"
        );
    }
}

// 解决措施不到位不放过: what is done, by whom; and 近期、尽快、即将 only with a date. On a problem "kept for reference" is no answer.
#[test]
fn a21_vague_measures_do_not_pass() {
    let board = Board::new();
    let try_out = |case: &str, spoil: &dyn Fn(&mut Reply)| {
        board.assigned(case, "2026-03-02");
        let mut given = reply("2026-03-03 09:00");
        spoil(&mut given);
        board.does(case, WANGGANG, "2026-03-03 09:00", given.into());
    };
    for (n, word) in ["近期", "尽快", "即将", "适时", "抓紧"]
        .into_iter()
        .enumerate()
    {
        let say =
            move |it: &mut Reply| it.answers = vec![answer(1, &format!("我局{word}维修"), Mark::A)];
        let (vague, dated) = (format!("v{n}"), format!("d{n}"));
        try_out(&vague, &say);
        let why = board.refuses(&vague, SUHUA, "2026-03-03 10:00", pass());
        assert_eq!(
            (shut(&why), gates(&why)),
            (vec!["gate(measures).1".to_owned()], vec![Gate::Measures])
        );
        // The same word with a date.
        try_out(&dated, &|it| {
            say(it);
            it.measures[0].by_date = Some("2026-03-20".parse().unwrap());
        });
        board.passes(&dated, "2026-03-03 10:00");
    }
    // Full-width letters and hidden joints do not hide a word; in a measure it is found as well.
    try_out("v9", &|it| it.measures[0].action = "尽快更换线路".into());
    let why = board.refuses("v9", SUHUA, "2026-03-03 10:00", pass());
    assert_eq!(shut(&why), ["gate(measures).1"]);
    // Nothing done, or nobody named to do it.
    try_out("n1", &|it| it.measures.clear());
    try_out("n2", &|it| it.measures[0].person = None);
    for case in ["n1", "n2"] {
        let why = board.refuses(case, SUHUA, "2026-03-03 10:00", pass());
        assert_eq!(
            (shut(&why), gates(&why)),
            (vec!["gate(measures).2".to_owned()], vec![Gate::Measures])
        );
    }
    // A measure that was to be done before the reply is none.
    board.assigned("n3", "2026-03-02");
    let mut past = reply("2026-03-03 09:00");
    past.measures[0].by_date = Some("2026-03-01".parse().unwrap());
    let why = board.refuses("n3", WANGGANG, "2026-03-03 09:00", past.into());
    assert_eq!(
        why,
        Why::DatePast {
            date: "2026-03-01".parse().unwrap()
        }
    );
    let kept = Reply {
        answers: vec![answer(1, "留作参考", Mark::D)],
        ..reply("2026-03-03 09:00")
    };
    let why = board.refuses("n3", WANGGANG, "2026-03-03 09:00", kept.into());
    assert_eq!(
        why,
        Why::MarkRefused {
            matter: 1,
            mark: Mark::D,
            class: Class::Problem
        }
    );
}

// 群众不满意不放过: a satisfied citizen passes the third gate; a silent one only with another person's check; an unsatisfied one
// never, unless the law allows no other answer, this was explained in full with its basis, and supervision signs for it.
#[test]
fn a22_an_unsatisfied_citizen_does_not_pass() {
    let board = Board::new();
    // Satisfied.
    board.reviewed("m01", "2026-03-02");
    board.calls("m01", "2026-03-03 10:00", Level::MostlySatisfied);
    board.strikes("m01", "2026-03-03 11:00", Outcome::Solved);
    // Silent.
    board.reviewed("m02", "2026-03-02");
    board.does("m02", CAIHONG, "2026-03-03 10:00", reached(None));
    board.sleeps_until("2026-03-16 09:00");
    let why = board.refuses(
        "m02",
        DUCHA,
        "2026-03-16 10:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(why, Why::NeedsRecheck);
    board.does("m02", DENGZHU, "2026-03-16 10:30", recheck());
    board.strikes("m02", "2026-03-16 11:00", Outcome::Solved);

    // Unsatisfied, and the law allows no other answer.
    board.assigned("m03", "2026-03-02");
    let explained = |basis: &[&str]| Reply {
        answers: vec![answer(1, "依法不能单独为一户架线", Mark::A)],
        basis: basis.iter().map(|it| (*it).to_owned()).collect(),
        measures: vec![],
        explained: true,
        ..reply("2026-03-03 09:00")
    };
    let bare = board.refuses(
        "m03",
        WANGGANG,
        "2026-03-03 09:00",
        explained(&[" "]).into(),
    );
    assert_eq!(bare, Why::NeedsBasis);
    board.does(
        "m03",
        WANGGANG,
        "2026-03-03 09:00",
        explained(&["《电力法》第二十五条"]).into(),
    );
    board.passes("m03", "2026-03-03 10:00");
    board.calls("m03", "2026-03-04 10:00", Level::VeryUnsatisfied);
    assert_eq!(
        board.stage("m03"),
        StageName::Reviewed,
        "an explanation is not sent back by displeasure alone"
    );
    let why = board.refuses(
        "m03",
        DUCHA,
        "2026-03-04 11:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(
        why,
        Why::OutcomeNotReplied {
            outcome: Outcome::Solved,
            mark: Mark::A
        }
    );
    let why = board.refuses(
        "m03",
        DUCHA,
        "2026-03-04 11:00",
        strike_off(Outcome::Explained),
    );
    assert_eq!(why, Why::NeedsRecheck);
    board.does("m03", DENGZHU, "2026-03-04 15:00", recheck());
    for other in [SUHUA, CAIHONG, LEADER, WANGGANG] {
        let why = board.refuses(
            "m03",
            other,
            "2026-03-04 16:00",
            strike_off(Outcome::Explained),
        );
        assert_eq!(
            why,
            Why::Role {
                needs: vec![Role::Supervisor],
                place: "632521".parse().unwrap()
            }
        );
    }
    board.strikes("m03", "2026-03-04 16:30", Outcome::Explained);
    let signed = board
        .history("m03")
        .into_iter()
        .find(|it| matches!(it.event, Event::StruckOff { .. }))
        .unwrap();
    assert_eq!(signed.by.unwrap().id.as_str(), "督查一");
}
