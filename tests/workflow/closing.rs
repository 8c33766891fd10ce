//! 销账、重开: how a case ends, and how it does not.

use duly::words::*;

use crate::board::*;

fn decline(ground: DeclineGround) -> Command {
    Command::Decline {
        ground,
        told: "请向受理该案的法院反映".into(),
        facts: Facts::from([("sub_judice".to_owned(), true.into())]),
    }
}
fn withdraw() -> Command {
    Command::Withdraw {
        evidence: "已经修好,不用了".into(),
    }
}

// 问题不解决不销账: a problem is struck off as solved or as lawfully explained, by supervision, after review, and as its reply says;
// in no stage before, and as nothing else.
#[test]
fn a13_a_problem_is_struck_off_when_it_is_solved_and_never_else() {
    let board = Board::new();
    let all = |case: &str, when: &str, allowed: &[Outcome]| {
        for outcome in Outcome::ALL
            .iter()
            .copied()
            .filter(|it| !allowed.contains(it))
        {
            let _ = board.refuses(case, DUCHA, when, strike_off(outcome));
        }
    };
    board.opens("m01", "2026-03-02 09:00");
    all("m01", "2026-03-02 09:05", &[]);
    board.screens("m01", "2026-03-02 09:15");
    board.assigns("m01", "2026-03-02 09:30");
    all("m01", "2026-03-02 10:00", &[]);
    board.replies("m01", "2026-03-02 15:00");
    all("m01", "2026-03-02 15:30", &[]);
    board.does(
        "m01",
        SUHUA,
        "2026-03-02 16:00",
        send_back("处理不到位", "灯仍不亮"),
    );
    all("m01", "2026-03-02 16:30", &[]);
    board.replies("m01", "2026-03-03 15:00");
    board.passes("m01", "2026-03-03 16:00");
    board.calls("m01", "2026-03-04 10:00", Level::Satisfied);
    all("m01", "2026-03-04 10:30", &[Outcome::Solved]);
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-04 10:40",
        strike_off(Outcome::Answered),
    );
    let allowed = vec![Outcome::Solved, Outcome::Explained];
    assert_eq!(
        why,
        Why::OutcomeNotAllowed {
            outcome: Outcome::Answered,
            class: Class::Problem,
            allowed
        }
    );
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-04 10:40",
        strike_off(Outcome::Explained),
    );
    assert_eq!(
        why,
        Why::OutcomeNotReplied {
            outcome: Outcome::Explained,
            mark: Mark::A
        }
    );
    for other in [CAIHONG, WANGGANG, SUHUA, LEADER, SYSTEM, ZHUOMA] {
        let why = board.refuses(
            "m01",
            other,
            "2026-03-04 11:00",
            strike_off(Outcome::Solved),
        );
        assert!(matches!(why, Why::Role { .. }), "{other:?}: {why:?}");
    }
    board.strikes("m01", "2026-03-04 15:00", Outcome::Solved);
    let gone = board.refuses(
        "m01",
        DUCHA,
        "2026-03-04 16:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(gone, Why::Stage);
}

// Every class ends as it can: a question answered, an idea adopted or answered, thanks answered; none of them "solved".
#[test]
fn a13_every_class_ends_only_as_it_can() {
    let board = Board::new();
    let can = [
        (Class::Problem, vec![Outcome::Solved]),
        (Class::Question, vec![Outcome::Answered]),
        (Class::Idea, vec![Outcome::Answered, Outcome::Adopted]),
        (Class::Thanks, vec![Outcome::Answered]),
    ];
    for (class, outcomes) in can {
        for outcome in Outcome::ALL.iter().copied() {
            let case = format!("{class}-{outcome}");
            board.does(
                &case,
                ZHUOMA,
                "2026-03-02 09:00",
                open(&case, "632521", "投诉"),
            );
            board.does(&case, CAIHONG, "2026-03-02 09:15", screen(class));
            board.assigns(&case, "2026-03-02 09:30");
            board.replies(&case, "2026-03-02 15:00");
            board.passes(&case, "2026-03-02 16:00");
            board.does(
                &case,
                CAIHONG,
                "2026-03-03 10:00",
                reached(Level::Satisfied),
            );
            let answer = board.ask(&case, DUCHA, "2026-03-03 11:00", strike_off(outcome));
            assert_eq!(
                answer.is_done(),
                outcomes.contains(&outcome),
                "{class} {outcome}: {answer:?}"
            );
        }
    }
}

// 承诺不落空: what a reply puts off to a day (marks B and C) stays on the roll until it is done, whatever the citizen says
// of it meanwhile, and the promise's own clock runs on after the reply.
#[test]
fn a13_what_was_promised_keeps_the_case_on_the_roll() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let being = |when: &str, commitments| Reply {
        answers: vec![answer(1, "正在更换线路", Mark::B)],
        commitments,
        ..reply(when)
    };
    let bare = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-03 09:00",
        being("2026-03-03 09:00", vec![]).into(),
    );
    assert_eq!(
        bare,
        Why::MarkNeedsPromise {
            matter: 1,
            mark: Mark::B
        }
    );
    let past = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-03 09:00",
        being("2026-03-03 09:00", vec![promise(1, "2026-03-02")]).into(),
    );
    assert!(matches!(past, Why::DatePast { .. }), "{past:?}");
    board.does(
        "m01",
        WANGGANG,
        "2026-03-03 09:30",
        being("2026-03-03 09:00", vec![promise(1, "2026-03-20")]).into(),
    );
    board.passes("m01", "2026-03-03 15:00");
    board.calls("m01", "2026-03-04 10:00", Level::VerySatisfied);
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-04 11:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(
        why,
        Why::PromiseOpen {
            number: 1,
            by_date: "2026-03-20".parse().unwrap()
        }
    );
    // To the end of the promised day.
    assert_eq!(
        board.due("m01", ClockKind::Commitment),
        at("2026-03-21 00:00")
    );
    let row = |until: &str| {
        duly::report::roll(&board.report(until), &board.plan)
            .rows
            .remove(0)
    };
    assert_eq!(
        (
            row("2026-03-10 09:00").stage,
            row("2026-03-10 09:00").outcome
        ),
        (StageName::Reviewed, None)
    );
    let other = board.refuses(
        "m01",
        MADENG,
        "2026-03-18 09:00",
        Command::Fulfil {
            commitment: 1,
            evidence: "照片".into(),
        },
    );
    assert!(matches!(other, Why::NotThePerson { .. }), "{other:?}");
    board.does(
        "m01",
        WANGGANG,
        "2026-03-18 10:00",
        Command::Fulfil {
            commitment: 1,
            evidence: "验收单".into(),
        },
    );
    board.strikes("m01", "2026-03-18 15:00", Outcome::Solved);

    // Not kept, the head of the unit hears of it on the day, then supervision, then a leader.
    board.assigned("m02", "2026-03-02");
    board.does(
        "m02",
        WANGGANG,
        "2026-03-03 09:30",
        being("2026-03-03 09:00", vec![promise(1, "2026-03-20")]).into(),
    );
    board.passes("m02", "2026-03-03 15:00");
    assert!(!board.case("m02").is_named());
    board.sleeps_until("2026-04-20 09:00");
    let steps: Vec<String> = board
        .steps("m02", ClockKind::Commitment)
        .into_iter()
        .map(|(_, it)| it)
        .collect();
    assert!(
        steps.len() >= 4 && board.case("m02").is_named(),
        "{steps:?}"
    );
    assert_eq!(board.stage("m02"), StageName::Reviewed);
}

// 事事有回应: one letter with three matters is one case with three lines. A reply answers each by number; each is struck off
// for itself; the case is done when the last one is.
#[test]
fn a13_a14_every_matter_in_a_letter_is_answered_and_struck_off_for_itself() {
    let board = Board::new();
    board.opens("m01", "2026-03-02 09:00");
    let matters = ["路灯不亮", "井盖松动", "垃圾不清"]
        .map(Text::from)
        .to_vec();
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 09:10",
        Command::List { matters },
    );
    board.screens("m01", "2026-03-02 09:15");
    board.assigns("m01", "2026-03-02 09:30");
    let two = Reply {
        answers: vec![answer(1, "灯修好了", Mark::A), answer(3, "已清运", Mark::A)],
        ..reply("2026-03-03 09:00")
    };
    let why = board.refuses("m01", WANGGANG, "2026-03-03 09:30", two.into());
    assert_eq!(why, Why::MatterUnanswered { matter: 2 });
    let three = |when: &str| Reply {
        answers: vec![
            answer(1, "灯修好了", Mark::A),
            answer(2, "井盖月底更换", Mark::B),
            answer(3, "已清运", Mark::A),
        ],
        commitments: vec![promise(2, "2026-03-31")],
        ..reply(when)
    };
    board.does(
        "m01",
        WANGGANG,
        "2026-03-03 10:00",
        three("2026-03-03 09:00").into(),
    );
    board.passes("m01", "2026-03-03 15:00");
    let texts = board.told("m01").into_iter().find_map(|it| match it {
        Telling::Answer { texts } => Some(texts.len()),
        _ => None,
    });
    assert_eq!(texts, Some(3));
    board.calls("m01", "2026-03-04 10:00", Level::Satisfied);
    let one = |matter| Command::StrikeOff {
        outcome: Outcome::Solved,
        matter: Some(matter),
    };
    board.does("m01", DUCHA, "2026-03-04 11:00", one(1));
    let gone = board.refuses("m01", DUCHA, "2026-03-04 11:10", one(1));
    assert_eq!(
        gone,
        Why::NoSuch {
            what: Thing::Matter,
            number: 1
        }
    );
    let all = board.refuses(
        "m01",
        DUCHA,
        "2026-03-04 11:20",
        strike_off(Outcome::Solved),
    );
    assert!(matches!(all, Why::PromiseOpen { number: 1, .. }), "{all:?}");
    board.does("m01", DUCHA, "2026-03-04 11:30", one(3));
    assert_eq!(
        board.stage("m01"),
        StageName::Reviewed,
        "two of three are not three"
    );
    board.does(
        "m01",
        WANGGANG,
        "2026-03-25 10:00",
        Command::Fulfil {
            commitment: 1,
            evidence: "照片".into(),
        },
    );
    board.does("m01", DUCHA, "2026-03-25 11:00", one(2));
    assert_eq!(board.stage("m01"), StageName::Closed);
}

// 件件有回复: whatever way a case ends, its citizen has been told: with the answer; where to go, if it is not for this board
// (which takes two persons); that it follows another; that the withdrawal was taken.
#[test]
fn a14_however_it_ends_the_citizen_has_been_told() {
    let board = Board::new();
    // Solved.
    board.reviewed("m01", "2026-03-02");
    board.calls("m01", "2026-03-03 10:00", Level::Satisfied);
    board.strikes("m01", "2026-03-03 11:00", Outcome::Solved);
    let told = board.told("m01");
    assert!(
        told.contains(&Telling::Received) && told.contains(&Telling::StruckOff),
        "{told:?}"
    );
    assert!(
        told.iter().any(|it| matches!(it, Telling::Answer { .. })),
        "{told:?}"
    );

    // Declined: a ground of the pack, whose facts hold, by two persons.
    board.opens("m02", "2026-03-02 09:00");
    let why = board.refuses(
        "m02",
        CAIHONG,
        "2026-03-02 09:10",
        decline(DeclineGround::Unclear),
    );
    assert!(matches!(why, Why::NotListed { .. }), "{why:?}");
    let why = board.refuses(
        "m02",
        CAIHONG,
        "2026-03-02 09:10",
        decline(DeclineGround::OutOfScope),
    );
    assert!(matches!(why, Why::Rule { .. }), "{why:?}");
    board.does(
        "m02",
        CAIHONG,
        "2026-03-02 09:20",
        decline(DeclineGround::InProcedure),
    );
    assert_eq!(board.stage("m02"), StageName::Received);
    let same = board.refuses(
        "m02",
        CAIHONG,
        "2026-03-02 09:30",
        decline(DeclineGround::InProcedure),
    );
    assert_eq!(
        same,
        Why::SamePerson {
            person: "彩虹".parse().unwrap(),
            was: Deed::Proposed
        }
    );
    assert!(
        !board
            .told("m02")
            .iter()
            .any(|it| matches!(it, Telling::Declined { .. }))
    );
    board.does(
        "m02",
        LIQING,
        "2026-03-02 09:40",
        decline(DeclineGround::InProcedure),
    );
    assert_eq!(board.case("m02").outcome(), Some(Outcome::Declined));
    let text = board.told("m02").into_iter().find_map(|it| match it {
        Telling::Declined { text } => Some(text),
        _ => None,
    });
    let words = board
        .desk
        .text(&id("m02"), &text.unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(words.as_str(), "请向受理该案的法院反映");

    // Withdrawn by its citizen; nobody else says so alone.
    board.assigned("m03", "2026-03-02");
    let other = board.refuses("m03", TASHI, "2026-03-03 09:00", withdraw());
    assert!(matches!(other, Why::NotThePerson { .. }), "{other:?}");
    board.does("m03", CAIHONG, "2026-03-03 09:00", withdraw());
    assert_eq!(
        board.stage("m03"),
        StageName::Assigned,
        "an officer's word is a proposal"
    );
    let same = board.refuses("m03", CAIHONG, "2026-03-03 09:10", withdraw());
    assert!(
        matches!(
            same,
            Why::SamePerson {
                was: Deed::Proposed,
                ..
            }
        ),
        "{same:?}"
    );
    board.does("m03", ZHUOMA, "2026-03-03 10:00", withdraw());
    assert_eq!(board.case("m03").outcome(), Some(Outcome::Withdrawn));
    assert!(board.told("m03").contains(&Telling::Withdrawn));
}

// 重开: a case that was struck off is opened again for one of the pack's grounds; the citizen's whole time goes on where it
// stopped and does not begin anew.
#[test]
fn a_case_is_opened_again_for_a_new_fact_and_its_whole_time_goes_on() {
    let board = Board::new();
    board.reviewed("m01", "2026-03-02");
    board.calls("m01", "2026-03-03 10:00", Level::Satisfied);
    // Sixty days end on the first of May, a holiday: the next working day is the sixth.
    assert_eq!(board.due("m01", ClockKind::Whole), at("2026-05-06 18:00"));
    board.strikes("m01", "2026-03-03 11:00", Outcome::Solved);
    let reopen = |ground: &str| Command::Reopen {
        ground: ground.to_owned(),
        reason: "又不亮了".into(),
    };
    let why = board.refuses("m01", ZHUOMA, "2026-03-13 11:00", reopen("心情不好"));
    assert!(matches!(why, Why::NotListed { .. }), "{why:?}");
    let other = board.refuses("m01", TASHI, "2026-03-13 11:00", reopen("新的事实"));
    assert!(matches!(other, Why::NotThePerson { .. }), "{other:?}");
    board.does("m01", ZHUOMA, "2026-03-13 11:00", reopen("新的事实"));
    assert_eq!(board.stage("m01"), StageName::Returned);
    // Ten days struck off do not count, and none of the days before is given back.
    assert_eq!(board.due("m01", ClockKind::Whole), at("2026-05-11 18:00"));
}
