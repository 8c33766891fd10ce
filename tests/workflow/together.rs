//! 12345 连心线: several channels, one case model, and nobody forgotten.

use duly::words::*;

use crate::board::*;

/// 多杰, who writes letters.
const DUOJIE: Who = ("多杰", "citizen");

/// In memory, and in a file.
fn on_every_ledger(story: impl Fn(&Board)) {
    let folder = tempfile::tempdir().unwrap();
    story(&Board::new());
    story(&Board::in_file(&folder.path().join("board.db")));
}

/// Somebody calls 12345 about a lamp in 共和县.
#[track_caller]
fn telephones(board: &Board, case: &str, who: Who, when: &str) {
    let call = of(who, written(case, "632521", "投诉", "12345"));
    board.does(case, SYSTEM, when, call);
}

/// Its citizen is called and satisfied, and it is struck off on that day.
#[track_caller]
fn solved(board: &Board, case: &str, day: &str) {
    let (called, off) = (format!("{day} 10:00"), format!("{day} 11:00"));
    board.does(case, CAIHONG, &called, reached(Level::Satisfied));
    board.does(case, DUCHA, &off, strike_off(Outcome::Solved));
}

fn merge(into: &str) -> Command {
    Command::Merge {
        into: into.parse().unwrap(),
    }
}

// The board, the county's board, the hotline and a letter are channels of one model: the same classes, limits, gates and ways to
// end, whatever the message came in by.
#[test]
fn a26_every_channel_is_the_same_case() {
    let board = Board::new();
    let channels = ["领导留言板", "县留言板", "12345", "来信"];
    let told: Vec<_> = channels
        .iter()
        .map(|channel| {
            let case = format!("c-{channel}");
            board.does(
                &case,
                SYSTEM,
                "2026-03-02 09:00",
                of(TASHI, written("7", "632521", "投诉", channel)),
            );
            board.screens(&case, "2026-03-02 09:15");
            board.assigns(&case, "2026-03-02 09:30");
            board.replies(&case, "2026-03-02 15:00");
            board.passes(&case, "2026-03-02 16:00");
            board.does(
                &case,
                CAIHONG,
                "2026-03-03 10:00",
                reached(Level::Satisfied),
            );
            board.does(
                &case,
                DUCHA,
                "2026-03-03 11:00",
                strike_off(Outcome::Solved),
            );
            let case = board.case(&case);
            assert_eq!(case.channel().as_str(), *channel);
            let dues: Vec<_> = case
                .clocks()
                .iter()
                .map(|it| (it.key, it.schedule.legal_due))
                .collect();
            (dues, case.version())
        })
        .collect();
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
}

// Two citizens wrote of the same lamp, one on the board and one by telephone. The second case follows the first; its citizen is told
// so, it stays open on its own sixty days, nobody works on it twice, and nobody strikes it off: it is when the first one has ended with
// its answer and its own citizen has that.
#[test]
fn a26_a_merged_case_waits_for_the_answer_of_the_one_it_follows() {
    on_every_ledger(|board| {
        board.assigned("m01", "2026-03-02");
        telephones(board, "h01", TASHI, "2026-03-02 10:00");
        let itself = board.refuses("h01", CAIHONG, "2026-03-02 10:10", merge("h01"));
        assert_eq!(itself, Why::FollowsItself);
        let nowhere = board.refuses("h01", CAIHONG, "2026-03-02 10:10", merge("m77"));
        let missing = Survivor::Missing;
        assert!(
            matches!(nowhere, Why::Survivor { is, .. } if is == missing),
            "{nowhere:?}"
        );
        board.does("h01", CAIHONG, "2026-03-02 10:20", merge("m01"));
        let told = board.told("h01");
        assert!(told.contains(&Telling::Merged { into: id("m01") }));
        let case = board.case("h01");
        assert!(!case.is_closed() && case.clock(ClockKind::Whole).unwrap().is_running());
        let back = board.refuses("m01", CAIHONG, "2026-03-02 10:30", merge("h01"));
        let ring = Why::Followed {
            followers: vec![id("h01")],
            into: id("h01"),
        };
        assert_eq!(back, ring);
        let work = board.refuses("h01", CAIHONG, "2026-03-02 10:40", screen(Class::Problem));
        assert_eq!(work, Why::Follows { into: id("m01") });
        // Nobody strikes it off, as whatever; and nobody but the machinery tells it anything.
        let nobody = |when: &str| {
            for outcome in [Outcome::Merged, Outcome::Solved] {
                let why = board.refuses("h01", DUCHA, when, strike_off(outcome));
                assert_eq!(why, Why::Stage);
            }
        };
        nobody("2026-03-02 11:00");
        let forged = Command::Relay {
            from: id("m01"),
            news: News::Answer {
                texts: vec!["已经修好".into()],
            },
        };
        for anyone in [CAIHONG, DUCHA, WANGGANG, LEADER] {
            let why = board.refuses("h01", anyone, "2026-03-02 11:30", forged.clone());
            assert!(matches!(why, Why::Role { .. }), "{anyone:?}: {why:?}");
        }

        board.replies("m01", "2026-03-03 09:00");
        board.passes("m01", "2026-03-03 10:00");
        board.reaches("h01", "2026-03-03 10:30");
        assert!(!board.case("h01").is_closed(), "the first one is not done");
        nobody("2026-03-03 11:00");
        solved(board, "m01", "2026-03-04");
        // Both were told: what came of it, and that it is done.
        assert_eq!(board.case("h01").outcome(), Some(Outcome::Merged));
        for case in ["h01", "m01"] {
            assert!(board.told(case).contains(&Telling::StruckOff), "{case}");
        }
        board.desk.verify().unwrap();
    });
}

/// A telephone call of Friday, which the electricity company has, and a message of Monday, which the housing bureau has.
fn call_and_message(board: &Board) {
    telephones(board, "h01", TASHI, "2026-02-27 09:00");
    board.screens("h01", "2026-02-27 09:15");
    let electric = assign("共和县供电公司", MADENG, &[]);
    board.does("h01", CAIHONG, "2026-02-27 09:30", electric);
    board.assigned("m01", "2026-03-02");
}

// 件件有回复, across channels: a telephone call of Friday and a letter follow the message of Monday. The oldest counts: the one that is
// handled is received when the first of them was, and due when the first of them was. Each citizen hears how far it is, that it takes
// longer and what came of it, in a text of their own case; each is struck off once they have the answer, and not a day before.
#[test]
fn a14_a26_every_citizen_of_a_group_hears_what_the_first_one_hears() {
    on_every_ledger(|board| {
        call_and_message(board);
        let letter = of(DUOJIE, written("l01", "632521", "投诉", "来信"));
        board.does("l01", CAIHONG, "2026-03-03 09:00", letter);
        // Ten working days, of which the Saturday after Friday is one; sixty days.
        let dues =
            |case: &str| [ClockKind::Reply, ClockKind::Whole].map(|kind| board.due(case, kind));
        let (friday, monday) = (
            [at("2026-03-12 18:00"), at("2026-04-28 18:00")],
            [at("2026-03-16 18:00"), at("2026-05-06 18:00")],
        );
        assert_eq!((dues("h01"), dues("m01")), (friday, monday));
        board.does("h01", CAIHONG, "2026-03-03 10:00", merge("m01"));
        board.does("l01", CAIHONG, "2026-03-03 10:10", merge("m01"));
        let case = board.case("m01");
        assert_eq!(case.received_first(), at("2026-02-27 09:00"));
        assert_eq!(case.received_at(), at("2026-03-02 09:00"));
        assert_eq!(case.followers().len(), 2);
        assert_eq!(dues("m01"), friday);
        assert_eq!(board.due("h01", ClockKind::Whole), friday[1]);
        assert!(!board.clock("h01", ClockKind::Reply).is_live());

        // How far it is, once each, copied and not shared.
        let update = Command::Update {
            text: "灯具已到货".into(),
        };
        board.does("m01", WANGGANG, "2026-03-05 09:00", update);
        let own_word = |case: &str, last: &dyn Fn(&Telling) -> Option<TextRef>| {
            let told: Vec<TextRef> = board.told(case).iter().filter_map(last).collect();
            let words = told.iter().map(|text| {
                let text = board.desk.text(&id(case), text).unwrap();
                text.unwrap().as_str().to_owned()
            });
            (words.collect::<Vec<_>>(), told)
        };
        let progress = |it: &Telling| match it {
            Telling::Progress { text } => Some(text.clone()),
            _ => None,
        };
        for case in ["h01", "l01"] {
            let (words, texts) = own_word(case, &progress);
            assert_eq!(words, ["灯具已到货"], "{case}");
            let first = board.desk.text(&id("m01"), &texts[0]).unwrap();
            assert!(first.is_none(), "the text of one case is no other's");
        }
        // That it takes longer; which counts once the citizen of the first has it, and moves what the others had asked for.
        let ask = Command::AskExtension {
            clock: ClockKind::Reply,
            span: duly::time::Span::WorkingDays(5),
            reason: "更换线路".into(),
        };
        board.does("m01", WANGGANG, "2026-03-11 09:00", ask);
        let grant = Command::GrantExtension {
            clock: ClockKind::Reply,
            told: "延期五个工作日".into(),
        };
        board.does("m01", DUCHA, "2026-03-11 10:00", grant);
        assert_eq!(dues("m01"), friday, "sent is not told");
        let effect = board.case("m01").awaits_delivery().unwrap();
        let delivered = Command::Delivered { effect };
        board.does("m01", SYSTEM, "2026-03-11 11:00", delivered);
        assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-19 18:00"));
        let longer = |it: &Telling| match it {
            Telling::Extended { text, .. } => Some(text.clone()),
            _ => None,
        };
        for case in ["h01", "l01"] {
            assert_eq!(own_word(case, &longer).0, ["延期五个工作日"], "{case}");
        }
        // The wait for a test is the first one's own: it moves nothing past what the others may expect, and takes nothing back of
        // the extension that they were told of.
        let (reason, evidence) = ("鉴定检测".to_owned(), Text::from("检测委托书"));
        let pause = Command::Pause {
            reason: reason.clone(),
            evidence,
        };
        board.does("m01", WANGGANG, "2026-03-12 09:00", pause);
        let resume = Command::Resume { reason };
        board.does("m01", WANGGANG, "2026-03-16 09:00", resume);
        assert_eq!(dues("m01"), [at("2026-03-19 18:00"), friday[1]]);

        // What came of it; nothing before it was reviewed.
        let answers = |it: &Telling| match it {
            Telling::Answer { texts } => texts.first().cloned(),
            _ => None,
        };
        board.replies("m01", "2026-03-18 09:00");
        assert!(own_word("h01", &answers).0.is_empty());
        board.passes("m01", "2026-03-18 15:00");
        for case in ["m01", "h01", "l01"] {
            assert_eq!(own_word(case, &answers).0, ["路灯已经修好"], "{case}");
        }
        solved(board, "m01", "2026-03-19");
        let open = |case: &str| !board.case(case).is_closed();
        assert!(open("h01") && open("l01"), "told means delivered");
        // The telephone does not answer: a letter does. Each by itself.
        board.misses("h01", "2026-03-20 09:00", None);
        assert!(open("h01") && board.case("h01").next_alarm().is_some());
        board.misses("h01", "2026-03-23 09:00", Some("来信"));
        assert!(!open("h01") && open("l01"));
        board.reaches("l01", "2026-03-24 09:00");
        for case in ["h01", "l01"] {
            assert_eq!(board.case(case).outcome(), Some(Outcome::Merged));
            let off = board.told(case).into_iter();
            assert_eq!(off.filter(|it| *it == Telling::StruckOff).count(), 1);
        }
        // Three messages are three rows.
        let rows = duly::report::roll(&board.report("2026-03-31 09:00"), &board.plan).rows;
        let follows: Vec<_> = rows
            .iter()
            .map(|row| (row.case.as_str(), row.follows.as_ref().map(CaseId::as_str)))
            .collect();
        assert_eq!(
            follows,
            [("h01", Some("m01")), ("m01", None), ("l01", Some("m01"))]
        );
        board.desk.verify().unwrap();
    });
}

// The first one is withdrawn: nobody answers it any more, and whoever followed goes on alone, with the person who had it, on the limit
// that it had; what merging took is nobody's gain. What is struck off takes in nobody.
#[test]
fn a26_a_survivor_that_is_withdrawn_lets_its_followers_go_on_alone() {
    on_every_ledger(|board| {
        call_and_message(board);
        board.does("h01", CAIHONG, "2026-03-02 10:00", merge("m01"));
        let given = || reply("2026-03-04 10:30").into();
        let follows = board.refuses("h01", MADENG, "2026-03-03 09:00", given());
        assert_eq!(follows, Why::Follows { into: id("m01") });
        let withdraw = Command::Withdraw {
            evidence: "已经修好,不用了".into(),
        };
        board.does("m01", ZHUOMA, "2026-03-04 09:00", withdraw);
        let alone = board.case("h01");
        assert_eq!(
            (alone.follows(), alone.stage_name()),
            (None, StageName::Assigned)
        );
        assert_eq!(board.due("h01", ClockKind::Reply), at("2026-03-12 18:00"));
        assert_eq!(board.due("h01", ClockKind::Whole), at("2026-04-28 18:00"));
        let told = board.told("h01");
        let unmerged = |it: &Telling| matches!(it, Telling::Unmerged { .. });
        assert!(told.iter().any(unmerged), "{told:?}");
        telephones(board, "h02", DUOJIE, "2026-03-04 10:00");
        let closed = board.refuses("h02", CAIHONG, "2026-03-04 10:10", merge("m01"));
        let is_closed = Survivor::Closed;
        assert!(
            matches!(closed, Why::Survivor { is, .. } if is == is_closed),
            "{closed:?}"
        );
        // It is answered like any other.
        board.does("h01", MADENG, "2026-03-04 11:00", given());
        board.passes("h01", "2026-03-04 15:00");
        board.calls("h01", "2026-03-05 09:00", Level::Satisfied);
        board.strikes("h01", "2026-03-05 10:00", Outcome::Solved);
        board.desk.verify().unwrap();
    });
}

// 撤销并案: what was merged by mistake is parted again by an officer, with a reason; the first one forgets it, its news come no more, and
// it may follow another one.
#[test]
fn a26_a_wrong_merge_is_undone_and_nothing_is_told_any_more() {
    on_every_ledger(|board| {
        let unmerge = || Command::Unmerge {
            reason: "不是同一盏灯".into(),
        };
        board.assigned("m01", "2026-03-02");
        board.assigned("m02", "2026-03-02");
        telephones(board, "h01", TASHI, "2026-03-02 10:00");
        let nothing = board.refuses("h01", CAIHONG, "2026-03-02 10:10", unmerge());
        assert_eq!(nothing, Why::NotLinked { with: None });
        board.does("h01", CAIHONG, "2026-03-02 10:20", merge("m01"));
        for other in [WANGGANG, SUHUA, LEADER, TASHI, SYSTEM] {
            let why = board.refuses("h01", other, "2026-03-02 11:00", unmerge());
            assert!(matches!(why, Why::Role { .. }), "{other:?}: {why:?}");
        }
        board.does("h01", CAIHONG, "2026-03-02 15:00", unmerge());
        assert!(board.case("m01").followers().is_empty());
        assert_eq!(board.case("m01").received_first(), at("2026-03-02 09:00"));
        // Its own screening is due when it was.
        assert_eq!(board.due("h01", ClockKind::Screen), at("2026-03-03 18:00"));
        let before = board.told("h01");
        board.replies("m01", "2026-03-03 09:00");
        board.passes("m01", "2026-03-03 10:00");
        solved(board, "m01", "2026-03-04");
        assert_eq!(
            board.told("h01"),
            before,
            "it heard of what it does not follow"
        );
        assert!(!board.case("h01").is_closed());
        // With the one that it belongs to.
        board.does("h01", CAIHONG, "2026-03-04 15:00", merge("m02"));
        board.replies("m02", "2026-03-05 09:00");
        board.passes("m02", "2026-03-05 10:00");
        board.reaches("h01", "2026-03-05 11:00");
        solved(board, "m02", "2026-03-06");
        assert_eq!(board.case("h01").outcome(), Some(Outcome::Merged));
        board.desk.verify().unwrap();
    });
}

// An answer that its own citizen sends back is nobody's answer: whoever followed is told so, has nothing to rate, and is struck off only
// with the next one. Who is merged when there is an answer already is told it at once.
#[test]
fn a26_an_answer_that_is_sent_back_is_nobodys_answer() {
    on_every_ledger(|board| {
        board.reviewed("m01", "2026-03-02");
        telephones(board, "h01", TASHI, "2026-03-03 09:00");
        board.does("h01", CAIHONG, "2026-03-03 09:30", merge("m01"));
        board.reaches("h01", "2026-03-03 10:00");
        let unsatisfied = reached(Level::Unsatisfied);
        board.does("m01", CAIHONG, "2026-03-03 15:00", unsatisfied);
        assert!(board.told("h01").contains(&Telling::Retracted));
        let why = board.refuses("h01", TASHI, "2026-03-03 16:00", rate(Level::Satisfied));
        let unanswered = Survivor::Unanswered;
        assert!(
            matches!(why, Why::Survivor { is, .. } if is == unanswered),
            "{why:?}"
        );
        board.replies("m01", "2026-03-04 09:00");
        board.passes("m01", "2026-03-04 10:00");
        solved(board, "m01", "2026-03-05");
        assert!(!board.case("h01").is_closed(), "told of another answer");
        board.reaches("h01", "2026-03-05 15:00");
        assert_eq!(board.case("h01").outcome(), Some(Outcome::Merged));
        board.desk.verify().unwrap();
    });
}

// 群众不满意不放过, for every citizen of a group: whoever is not satisfied with the answer of the other one has their own case handled,
// before it is struck off and within thirty days after; the one that was satisfied stays struck off.
#[test]
fn a26_whoever_is_not_satisfied_with_the_others_answer_has_their_own_case() {
    on_every_ledger(|board| {
        board.assigned("m01", "2026-03-02");
        for (case, citizen) in [("h01", TASHI), ("h02", DUOJIE)] {
            telephones(board, case, citizen, "2026-03-02 10:00");
            board.does(case, CAIHONG, "2026-03-02 10:20", merge("m01"));
        }
        let early = board.refuses("h01", TASHI, "2026-03-02 11:00", rate(Level::Unsatisfied));
        let unanswered = Survivor::Unanswered;
        assert!(
            matches!(early, Why::Survivor { is, .. } if is == unanswered),
            "{early:?}"
        );
        board.replies("m01", "2026-03-03 09:00");
        board.passes("m01", "2026-03-03 10:00");
        let other = board.refuses("h01", DUOJIE, "2026-03-03 11:00", rate(Level::Unsatisfied));
        assert!(matches!(other, Why::NotThePerson { .. }), "{other:?}");
        board.does("h01", TASHI, "2026-03-03 11:00", rate(Level::Unsatisfied));
        let alone = board.case("h01");
        assert_eq!((alone.follows(), alone.is_closed()), (None, false));
        solved(board, "m01", "2026-03-04");
        board.reaches("h01", "2026-03-04 15:00");
        assert!(!board.case("h01").is_closed(), "struck off unsatisfied");
        board.screens("h01", "2026-03-05 09:00");
        board.assigns("h01", "2026-03-05 09:30");

        board.reaches("h02", "2026-03-05 10:00");
        assert_eq!(board.case("h02").outcome(), Some(Outcome::Merged));
        board.does(
            "h02",
            DUOJIE,
            "2026-04-01 10:00",
            rate(Level::VeryUnsatisfied),
        );
        let again = board.case("h02");
        assert_eq!((again.follows(), again.is_closed()), (None, false));
        assert!(board.case("m01").is_closed());
        assert!(board.case("m01").followers().is_empty());
        board.desk.verify().unwrap();
    });
}

// 督办: what supervision tracks stays tracked when it is merged, and reports are owed on the case that is handled; where it goes on by itself, on both.
#[test]
fn a19_a26_what_is_tracked_is_tracked_where_it_is_handled() {
    let tracks = |board: &Board, case: &str| {
        let case = board.case(case);
        let clock = case.clock(ClockKind::Track);
        (case.is_tracked(), clock.is_some_and(|it| it.is_running()))
    };
    on_every_ledger(|board| {
        call_and_message(board);
        let track = Command::Track {
            reason: "群众反映强烈".into(),
        };
        board.does("h01", DUCHA, "2026-03-02 09:40", track);
        board.does("h01", CAIHONG, "2026-03-02 10:00", merge("m01"));
        assert_eq!(tracks(board, "m01"), (true, true));
        assert_eq!(tracks(board, "h01"), (true, false));
        let unmerge = Command::Unmerge {
            reason: "不是一件事".into(),
        };
        board.does("h01", CAIHONG, "2026-03-02 11:00", unmerge);
        assert_eq!(tracks(board, "h01"), (true, true));
        assert_eq!(tracks(board, "m01"), (true, true));
        board.desk.verify().unwrap();
    });
}

// Whoever tracks the case that is handled ends it there: that another one that follows it was tracked, and is counted by another calendar, begins nothing anew.
#[test]
fn a19_a26_supervision_ends_it_where_the_case_is_handled() {
    on_every_ledger(|board| {
        call_and_message(board);
        let reason = || Text::from("群众反映强烈");
        board.does(
            "h01",
            DUCHA,
            "2026-03-02 09:40",
            Command::Track { reason: reason() },
        );
        board.does("h01", CAIHONG, "2026-03-02 10:00", merge("m01"));
        let ends = Command::Untrack {
            reason: "已经办到位".into(),
        };
        board.does("m01", DUCHA, "2026-03-03 09:00", ends);
        assert!(!board.case("m01").is_tracked());
        let mut table = duly::time::DayTable::cn();
        table.revision = "2026-03-03".into();
        board.desk.revise(table).unwrap();
        board
            .desk
            .adopt_calendar(&who(DUCHA), at("2026-03-03 10:00"))
            .unwrap();
        assert!(!board.case("m01").is_tracked());
        board.desk.verify().unwrap();
    });
}
