//! 回访、评价、复核、销账: how a case ends, and how it does not.

use duly::words::*;

use crate::board::*;

fn auto() -> Command {
    Command::Rate {
        rating: Rating::AutoByTimeout,
        said: None,
    }
}
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

// 回访复核: nothing is struck off before somebody who had no part in it has spoken to the citizen, or has tried in vain on
// three different days and the citizen has the notice of the answer; who rechecks did not handle it, and does not strike it off.
#[test]
fn a09_called_back_or_tried_on_three_days_and_rechecked_by_another() {
    let board = Board::new();
    board.reviewed("m01", "2026-03-02");
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-03 09:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(
        why,
        Why::NeedsCallBack {
            attempts: 0,
            needed: 3
        }
    );
    let own = board.refuses("m01", ("王刚", "intake"), "2026-03-03 09:30", unreached());
    assert_eq!(
        own,
        Why::SamePerson {
            person: "王刚".parse().unwrap(),
            was: Deed::Handled
        }
    );

    // Three calls on one day are one attempt.
    for when in ["2026-03-03 10:00", "2026-03-03 11:00", "2026-03-03 15:00"] {
        board.does("m01", CAIHONG, when, unreached());
    }
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-03 16:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(
        why,
        Why::NeedsCallBack {
            attempts: 1,
            needed: 3
        }
    );
    let early = board.refuses("m01", DENGZHU, "2026-03-03 16:30", recheck());
    assert_eq!(
        early,
        Why::NeedsCallBack {
            attempts: 1,
            needed: 3
        }
    );
    board.does("m01", CAIHONG, "2026-03-04 10:00", unreached());
    // Two days are not three: nothing follows from them yet.
    assert!(board.case("m01").clock(ClockKind::Rating).is_none());
    board.does("m01", LIQING, "2026-03-05 10:00", unreached());

    let off = |when: &str| board.refuses("m01", DUCHA, when, strike_off(Outcome::Solved));
    // Then the time to rate runs, and somebody checks who had no part in it.
    let why = off("2026-03-06 11:00");
    let still = matches!(why, Why::RatingOpen { .. } | Why::NotTold { .. });
    assert!(still, "{why:?}");
    board.sleeps_until("2026-03-17 09:00");
    let own = board.refuses("m01", ("王刚", "reviewer"), "2026-03-17 09:30", recheck());
    assert_eq!(
        own,
        Why::SamePerson {
            person: "王刚".parse().unwrap(),
            was: Deed::Handled
        }
    );
    // Nobody strikes off on the strength of their own check, in whatever office.
    let both = ("邓珠", "reviewer supervisor");
    board.does("m01", both, "2026-03-17 10:00", recheck());
    let own = board.refuses("m01", both, "2026-03-17 10:30", strike_off(Outcome::Solved));
    assert_eq!(
        own,
        Why::SamePerson {
            person: "邓珠".parse().unwrap(),
            was: Deed::Rechecked
        }
    );
    // Nobody spoke to the citizen: then the answer is at least to have come to them. Sent is not told, and a notice that came back
    // is not either, until it was brought in another way.
    let not_told = Why::NotTold {
        effect: board.notice("m01"),
    };
    assert_eq!(off("2026-03-17 10:35"), not_told);
    board.misses("m01", "2026-03-17 10:40", None);
    assert_eq!(off("2026-03-17 10:45"), not_told);
    board.misses("m01", "2026-03-17 10:50", Some("来信"));
    board.strikes("m01", "2026-03-17 11:00", Outcome::Solved);
    assert_eq!(board.case("m01").outcome(), Some(Outcome::Solved));

    // Reached once, once is enough.
    board.reviewed("m02", "2026-03-02");
    board.calls("m02", "2026-03-03 10:00", Level::Satisfied);
    let again = board.refuses(
        "m02",
        CAIHONG,
        "2026-03-03 11:00",
        reached(Level::Satisfied),
    );
    assert_eq!(
        again,
        Why::Already {
            what: Thing::Reached
        }
    );
    board.strikes("m02", "2026-03-03 15:00", Outcome::Solved);
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

// 群众满意为最高标准: an unsatisfied citizen sends the case back, before it is struck off and after. Silence is silence, and
// a good rating that a site enters by itself is none: neither strikes off without somebody's check.
#[test]
fn a15_unsatisfied_goes_back_and_silence_is_not_satisfaction() {
    for level in [Level::Unsatisfied, Level::VeryUnsatisfied] {
        let board = Board::new();
        board.reviewed("m01", "2026-03-02");
        board.does("m01", CAIHONG, "2026-03-03 10:00", reached(level));
        let case = board.case("m01");
        assert_eq!(
            (case.stage_name(), case.returns()),
            (StageName::Returned, 1)
        );
        let why = board.refuses(
            "m01",
            DUCHA,
            "2026-03-03 11:00",
            strike_off(Outcome::Solved),
        );
        assert_eq!(why, Why::Stage);
        // By the citizen's own rating as by the call.
        board.reviewed("m02", "2026-03-02");
        board.does("m02", ZHUOMA, "2026-03-03 10:00", rate(level));
        assert_eq!(board.stage("m02"), StageName::Returned);
        // And after the case was struck off, within its thirty days.
        board.reviewed("m03", "2026-03-02");
        for day in ["2026-03-03", "2026-03-04", "2026-03-05"] {
            board.does("m03", CAIHONG, &format!("{day} 10:00"), unreached());
        }
        board.sleeps_until("2026-03-17 09:00");
        assert_eq!(board.case("m03").rating(), Some(Rating::NotGiven));
        board.does("m03", DENGZHU, "2026-03-17 10:00", recheck());
        // Silent, and not even told: nobody knows what the citizen would say.
        let why = board.refuses(
            "m03",
            DUCHA,
            "2026-03-17 10:30",
            strike_off(Outcome::Solved),
        );
        assert!(matches!(why, Why::NotTold { .. }), "{why:?}");
        board.reaches("m03", "2026-03-17 10:40");
        board.strikes("m03", "2026-03-17 11:00", Outcome::Solved);
        board.does("m03", ZHUOMA, "2026-04-10 10:00", rate(level));
        let case = board.case("m03");
        assert_eq!(
            (case.stage_name(), case.cycle(), case.reopens()),
            (StageName::Returned, 2, 1)
        );
    }

    // A site's automatic good rating is written down as that, and changes nothing.
    let board = Board::new();
    board.reviewed("m01", "2026-03-02");
    let own = board.refuses("m01", ZHUOMA, "2026-03-03 09:00", auto());
    assert!(matches!(own, Why::Role { .. }), "{own:?}");
    let forged = board.refuses("m01", SYSTEM, "2026-03-03 09:00", rate(Level::Satisfied));
    assert!(matches!(forged, Why::Role { .. }), "{forged:?}");
    board.does("m01", CAIHONG, "2026-03-03 10:00", reached(None));
    board.does("m01", SYSTEM, "2026-03-10 10:00", auto());
    assert_eq!(board.case("m01").rating(), Some(Rating::AutoByTimeout));
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-10 11:00",
        strike_off(Outcome::Solved),
    );
    assert!(matches!(why, Why::RatingOpen { .. }), "{why:?}");
    board.sleeps_until("2026-03-14 09:00");
    let why = board.refuses(
        "m01",
        DUCHA,
        "2026-03-16 11:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(why, Why::NeedsRecheck);
    // Silence is not entered by hand: its own time passes.
    board.reviewed("m02", "2026-03-17");
    let silence = Command::Rate {
        rating: Rating::NotGiven,
        said: None,
    };
    let why = board.refuses("m02", ZHUOMA, "2026-03-18 09:00", silence);
    assert_eq!(
        why,
        Why::NotOffered {
            what: Thing::SilentRating
        }
    );
}

// A rating has a grade and, where the citizen gives them, three scores from one to five: how far it was solved, how the
// citizen was treated, how quickly it was done. The citizen speaks once a round.
#[test]
fn a15_a_rating_has_three_scores() {
    let board = Board::new();
    board.reviewed("m01", "2026-03-02");
    let with = |solved, attitude, speed| Command::Rate {
        rating: Rating::Given {
            level: Level::MostlySatisfied,
            scores: Some(Scores {
                solved,
                attitude,
                speed,
            }),
        },
        said: Some("修得快,态度一般".into()),
    };
    for wrong in [with(0, 3, 5), with(5, 6, 5), with(5, 5, 0)] {
        let why = board.refuses("m01", ZHUOMA, "2026-03-03 09:00", wrong);
        assert_eq!(
            why,
            Why::Bound {
                what: Thing::Score,
                bound: Bound::OneToFive
            }
        );
    }
    let other = board.refuses("m01", TASHI, "2026-03-03 09:00", with(5, 3, 5));
    assert!(matches!(other, Why::NotThePerson { .. }), "{other:?}");
    board.does("m01", ZHUOMA, "2026-03-03 09:00", with(5, 3, 5));
    let Some(Rating::Given {
        scores: Some(scores),
        ..
    }) = board.case("m01").rating()
    else {
        panic!("no scores")
    };
    assert_eq!((scores.solved, scores.attitude, scores.speed), (5, 3, 5));
    let twice = board.refuses("m01", ZHUOMA, "2026-03-03 10:00", with(1, 1, 1));
    assert_eq!(
        twice,
        Why::Already {
            what: Thing::Rating
        }
    );
}

// 逐条审核把关: no reply is published that somebody else than its author, and than all who had a hand in it, has passed;
// acting for a colleague does not help.
#[test]
fn a16_nothing_is_published_that_another_person_did_not_pass() {
    let board = Board::new();
    let public = |case: &str| {
        let out = board.outbox(case).into_iter().map(|out| out.effect);
        out.filter(|it| {
            matches!(
                it,
                Effect::Publish { .. }
                    | Effect::Tell {
                        what: Telling::Answer { .. },
                        ..
                    }
            )
        })
        .count()
    };
    board.assigned("m01", "2026-03-02");
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 10:00",
        Command::HandOver {
            to: "马登".parse().unwrap(),
            unit: None,
            reason: "休假".into(),
        },
    );
    board.does(
        "m01",
        MADENG,
        "2026-03-02 15:00",
        reply("2026-03-02 14:50").into(),
    );
    assert_eq!(public("m01"), 0);
    for had_a_hand in ["马登", "王刚"] {
        let why = board.refuses(
            "m01",
            (had_a_hand, "reviewer owner intake supervisor leader"),
            "2026-03-02 15:30",
            pass(),
        );
        assert_eq!(
            why,
            Why::SamePerson {
                person: had_a_hand.parse().unwrap(),
                was: Deed::Handled
            }
        );
    }
    for (other, role) in [
        ("甲", "supervisor"),
        ("乙", "leader"),
        ("丙", "intake"),
        ("丁", "unit_head"),
        ("戊", "system"),
        ("己", "citizen"),
    ] {
        let why = board.refuses("m01", (other, role), "2026-03-02 15:40", pass());
        assert!(matches!(why, Why::Role { .. }), "{role}: {why:?}");
    }
    // For a colleague who had: both names count.
    let mut deputy = who(SUHUA);
    deputy.acting_for = Some("马登".parse().unwrap());
    let envelope = Envelope {
        id: "deputy".parse().unwrap(),
        case: id("m01"),
        by: deputy,
        at: at("2026-03-02 15:45"),
        salt: Salt::derived(b"workflow", "deputy"),
        command: pass(),
    };
    let answer = board.desk.submit(envelope).unwrap();
    assert!(
        matches!(&*answer.refusal().unwrap().why, Why::SamePerson { .. }),
        "{answer:?}"
    );
    assert_eq!(public("m01"), 0);
    board.passes("m01", "2026-03-02 16:00");
    assert_eq!(public("m01"), 2, "published, and told");
}

// 两级审核: what the prefecture had a county do is passed by the county first and by the prefecture then, by another person; only the
// second publishes it.
#[test]
fn a16_what_a_county_handled_for_the_prefecture_is_passed_twice() {
    let board = Board::new();
    let county = ("县审核", "reviewer@632521");
    let above = ("州审核", "reviewer@6325");
    board.does(
        "m01",
        ZHUOMA,
        "2026-03-02 09:00",
        open("m01", "632521", "投诉"),
    );
    board.does(
        "m01",
        PREFECTURE,
        "2026-03-02 09:15",
        screen(Class::Problem),
    );
    board.does(
        "m01",
        PREFECTURE,
        "2026-03-02 09:30",
        assign("州住建局", WANGGANG, &[]),
    );
    let below = Command::SubAssign {
        unit: HOUSING.parse().unwrap(),
        owner: "马登".parse().unwrap(),
    };
    board.does("m01", CAIHONG, "2026-03-02 10:00", below);
    board.does(
        "m01",
        MADENG,
        "2026-03-03 10:00",
        reply("2026-03-03 09:00").into(),
    );
    assert_eq!(
        board.due("m01", ClockKind::FirstReview),
        at("2026-03-04 18:00")
    );
    assert_eq!(
        board.does("m01", SUHUA, "2026-03-03 11:00", pass()),
        StageName::Replied
    );
    let public = |it: &Outgoing| matches!(it.effect, Effect::Publish { .. });
    assert!(!board.outbox("m01").iter().any(public));
    // Neither the same person, who may review anywhere, nor the county again.
    let same = board.refuses("m01", SUHUA, "2026-03-03 15:00", pass());
    assert_eq!(
        same,
        Why::SamePerson {
            person: "苏华".parse().unwrap(),
            was: Deed::PassedFirst
        }
    );
    let again = board.refuses("m01", county, "2026-03-03 15:00", pass());
    assert_eq!(
        again,
        Why::Role {
            needs: vec![Role::Reviewer],
            place: "6325".parse().unwrap()
        }
    );
    assert_eq!(
        board.does("m01", above, "2026-03-03 15:30", pass()),
        StageName::Reviewed
    );
    assert_eq!(
        board.outbox("m01").iter().filter(|it| public(it)).count(),
        1
    );
}

// With the county first and the prefecture second: the places decide, not the order in which people come; what the second sends back
// is passed twice again; and what the prefecture gave to a unit of its own is passed once.
#[test]
fn a16_the_county_passes_it_first_and_the_prefecture_second() {
    let board = Board::new();
    let (county, colleague) = (
        ("县审核", "reviewer@632521"),
        ("县审核二", "reviewer@632521"),
    );
    let neighbour = ("邻县审核", "reviewer@632523");
    let above = ("州审核", "reviewer@6325");
    let handed_down = |case: &str| {
        board.opens(case, "2026-03-02 09:00");
        board.does(case, PREFECTURE, "2026-03-02 09:15", screen(Class::Problem));
        board.does(
            case,
            PREFECTURE,
            "2026-03-02 09:30",
            assign("州住建局", WANGGANG, &[]),
        );
        let below = Command::SubAssign {
            unit: HOUSING.parse().unwrap(),
            owner: "马登".parse().unwrap(),
        };
        board.does(case, CAIHONG, "2026-03-02 10:00", below);
        let given = reply("2026-03-03 09:00").into();
        board.does(case, MADENG, "2026-03-03 10:00", given);
    };
    let shown = |case: &str| {
        let of = board.report("2026-03-31 09:00");
        let mut view = duly::report::public(&of, &board.plan, &|_, _| None).cases;
        view.retain(|it| it.case.as_str() == case);
        view.remove(0).answer.is_some()
    };
    handed_down("m01");
    let strange = board.refuses("m01", neighbour, "2026-03-03 11:00", pass());
    assert!(matches!(strange, Why::Role { .. }), "{strange:?}");
    board.does("m01", county, "2026-03-03 11:00", pass());
    assert!(!shown("m01"), "one of two is none");
    for again in [county, colleague, neighbour] {
        let why = board.refuses("m01", again, "2026-03-03 15:00", pass());
        assert!(matches!(why, Why::Role { .. }), "{again:?}: {why:?}");
    }
    // The second sends it back; done again, it takes both again.
    board.does(
        "m01",
        above,
        "2026-03-03 15:30",
        send_back("处理不到位", "灯不亮"),
    );
    let given = reply("2026-03-04 09:00").into();
    board.does("m01", MADENG, "2026-03-04 10:00", given);
    let stands = board.does("m01", county, "2026-03-04 11:00", pass());
    assert_eq!((stands, shown("m01")), (StageName::Replied, false));
    board.does("m01", above, "2026-03-04 15:00", pass());
    assert!(shown("m01"));

    // The prefecture first: the second reaches the prefecture as well, and is another person.
    handed_down("m02");
    board.does("m02", above, "2026-03-03 11:00", pass());
    let same = board.refuses("m02", above, "2026-03-03 15:00", pass());
    assert_eq!(
        same,
        Why::SamePerson {
            person: "州审核".parse().unwrap(),
            was: Deed::PassedFirst
        }
    );
    let below = board.refuses("m02", county, "2026-03-03 15:00", pass());
    assert!(matches!(below, Why::Role { .. }), "{below:?}");
    board.does(
        "m02",
        ("州审核二", "reviewer@6325"),
        "2026-03-03 15:30",
        pass(),
    );
    assert!(shown("m02"));

    // Not handed down, it is passed once.
    board.assigned("m03", "2026-03-02");
    board.replies("m03", "2026-03-03 10:00");
    let stands = board.does("m03", county, "2026-03-03 11:00", pass());
    assert_eq!((stands, shown("m03")), (StageName::Reviewed, true));
}

// 网络舆情: opinion that nobody wrote as a citizen is a case all the same. There is nobody to call and nobody to rate it:
// before it is struck off somebody who had no part in it has checked. Whoever can be reached is no opinion.
#[test]
fn opinion_without_a_citizen_is_passed_by_a_recheck() {
    let board = Board::new();
    let with = of(TASHI, opinion("o00", "632521", 0));
    let why = board.refuses("o00", SYSTEM, "2026-03-02 09:00", with);
    assert_eq!(
        why,
        Why::NotOffered {
            what: Thing::OpinionOfACitizen
        }
    );
    board.does(
        "o01",
        SYSTEM,
        "2026-03-02 09:00",
        opinion("o01", "632521", 500),
    );
    board.screens("o01", "2026-03-02 09:15");
    board.assigns("o01", "2026-03-02 09:30");
    board.replies("o01", "2026-03-02 15:00");
    board.passes("o01", "2026-03-02 16:00");
    assert!(board.told("o01").is_empty(), "nobody to tell");
    let nobody = Why::NothingPending {
        what: Thing::Citizen,
    };
    assert_eq!(
        board.refuses("o01", CAIHONG, "2026-03-03 09:00", unreached()),
        nobody
    );
    assert_eq!(
        board.refuses("o01", TASHI, "2026-03-03 09:00", rate(Level::Satisfied)),
        nobody
    );
    let why = board.refuses(
        "o01",
        DUCHA,
        "2026-03-03 10:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(why, Why::NeedsRecheck);
    board.does("o01", DENGZHU, "2026-03-03 10:30", recheck());
    board.strikes("o01", "2026-03-03 11:00", Outcome::Solved);
    assert_eq!(board.case("o01").outcome(), Some(Outcome::Solved));
}

// 更正: a wrong entry stays where it is and the right one stands beside it, from a hand that did not handle the case.
#[test]
fn a_wrong_entry_stays_and_the_right_one_stands_beside_it() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        Command::Note {
            text: "三月一日到过现场".into(),
        },
    );
    let before = board.history("m01");
    let entry = before.last().unwrap().version;
    let correct = |version| Command::Correct {
        version,
        text: "应为三月二日".into(),
        took_effect: None,
    };
    let own = board.refuses(
        "m01",
        ("王刚", "owner supervisor"),
        "2026-03-02 11:00",
        correct(entry),
    );
    assert!(
        matches!(
            own,
            Why::SamePerson {
                was: Deed::Handled,
                ..
            }
        ),
        "{own:?}"
    );
    let none = board.refuses("m01", DUCHA, "2026-03-02 11:00", correct(entry + 1));
    assert_eq!(
        none,
        Why::NoSuch {
            what: Thing::Entry,
            number: entry + 1
        }
    );
    board.does("m01", DUCHA, "2026-03-02 11:00", correct(entry));
    let after = board.history("m01");
    assert_eq!(after[..before.len()], before[..]);
    assert!(
        matches!(&after.last().unwrap().event, Event::Corrected { version, .. } if *version == entry)
    );
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
