//! 回访、评价、复核: what the citizen says of the answer, and who checks it where the citizen says nothing.

use duly::words::*;

use crate::board::*;

fn auto() -> Command {
    Command::Rate {
        rating: Rating::AutoByTimeout,
        said: None,
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
