//! 每天关注、批办、督办: what leaders and the supervision office see, and what they set going.

use std::collections::BTreeSet;

use duly::report::{Period, SectionKind, digest};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::board::*;

fn direct(within: Option<Span>, track: bool) -> Command {
    Command::Direct {
        words: "请住建局本周内解决".into(),
        within,
        track,
        lead: None,
    }
}
fn day(board: &Board, date: &str) -> Period {
    Period::day(&board.plan, date.parse().unwrap())
}

// 日报机制: one digest a day, cut at half past five. Over digests that follow one another, weekends and holidays among them, every
// record is in exactly one: what happens at the cut belongs to the day that ends, a second later to the next.
#[test]
fn a02_over_consecutive_digests_every_event_appears_exactly_once() {
    let board = Board::new();
    board.assigned("m01", "2026-03-30");
    board.opens("m02", "2026-03-30 17:30");
    let mut late = Envelope {
        id: "late".parse().unwrap(),
        case: id("m03"),
        by: who(ZHUOMA),
        at: at("2026-03-30 17:30").plus(1),
        salt: Salt::derived(b"workflow", "late"),
        command: open("m03", "632521", "投诉"),
    };
    assert!(board.desk.submit(late.clone()).unwrap().is_done());
    late.id = "weekend".parse().unwrap();
    late.case = id("m04");
    late.at = at("2026-04-05 23:59");
    late.command = open("m04", "632523", "咨询");
    board.sleeps_until("2026-04-05 23:00");
    assert!(board.desk.submit(late).unwrap().is_done());
    board.sleeps_until("2026-04-30 09:00");
    let seen = board.report("2026-04-30 09:00");

    let new = |date: &str| {
        let made = digest(&seen, &board.plan, day(&board, date));
        let lines = made.section(SectionKind::New).unwrap().lines.clone();
        lines
            .into_iter()
            .map(|it| it.case.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(new("2026-03-30"), ["m01", "m02"], "at the cut: today's");
    assert_eq!(new("2026-03-31"), ["m03"], "a second later: tomorrow's");
    assert_eq!(
        new("2026-04-06"),
        ["m04"],
        "in the night of a holiday: the next day's"
    );

    let mut once: BTreeSet<(CaseId, u64)> = BTreeSet::new();
    let mut date = "2026-03-30".parse::<chrono::NaiveDate>().unwrap();
    let mut ends: Option<Moment> = None;
    while date <= "2026-04-30".parse().unwrap() {
        let period = Period::day(&board.plan, date);
        assert!(
            ends.is_none_or(|it| it == period.after),
            "digests leave a gap at {date}"
        );
        ends = Some(period.until);
        for entries in digest(&seen, &board.plan, period).entries {
            for version in entries.first..=entries.last {
                assert!(
                    once.insert((entries.case.clone(), version)),
                    "{} {version} twice",
                    entries.case
                );
            }
        }
        date = date.succ_opt().unwrap();
    }
    let all: BTreeSet<_> = board
        .records()
        .iter()
        .map(|it| (it.case.clone(), it.version))
        .collect();
    assert_eq!(once, all);
    // The rule of the pack: what it is called, and for whom it is.
    let made = digest(&seen, &board.plan, day(&board, "2026-03-30"));
    assert_eq!(made.title, "网络舆情、网民留言信息日报");
    assert_eq!(made.to, ["leader", "zhouban"]);
}

// 及时批办热点舆情: what grows hot is laid before the leaders by rule; their direction is recorded with who and when, gives the reply
// a shorter time and has supervision track it. No direction and no heat ever makes a limit longer.
#[test]
fn a04_a_direction_shortens_the_limit_and_is_in_the_ledger() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-16 18:00"));
    let hot = |date: &str, until: &str| {
        let made = digest(&board.report(until), &board.plan, day(&board, date));
        made.section(SectionKind::Hot).unwrap().lines.len()
    };
    assert_eq!(hot("2026-03-02", "2026-03-02 17:30"), 0);
    // The host counts heads; who handles the case does not.
    let own = board.refuses("m01", WANGGANG, "2026-03-03 09:00", set("heat", 3));
    assert!(matches!(own, Why::Role { .. }), "{own:?}");
    board.does("m01", SYSTEM, "2026-03-03 09:00", set("heat", 99));
    assert_eq!(hot("2026-03-03", "2026-03-03 17:30"), 0);
    board.does("m01", SYSTEM, "2026-03-04 09:00", set("heat", 100));
    assert_eq!(hot("2026-03-04", "2026-03-04 17:30"), 1, "proposed by rule");
    assert!(
        board.case("m01").is_tracked(),
        "hot cases are tracked by rule"
    );

    // Only a leader directs.
    for other in [DUCHA, CAIHONG, WANGGANG, SUHUA, SYSTEM, ZHUOMA] {
        let why = board.refuses("m01", other, "2026-03-05 09:00", direct(None, true));
        assert_eq!(
            why,
            Why::Role {
                needs: vec![Role::Leader],
                place: "632521".parse().unwrap()
            }
        );
    }
    board.does(
        "m01",
        LEADER,
        "2026-03-05 09:00",
        direct(Some(Span::WorkingDays(2)), true),
    );
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-09 18:00"));
    let case = board.case("m01");
    assert!(case.is_directed() && case.is_tracked());
    let directed = board
        .history("m01")
        .into_iter()
        .find(|it| matches!(it.event, Event::Directed { .. }))
        .unwrap();
    assert_eq!(
        (directed.by.unwrap().id.as_str(), directed.at),
        ("州领导", at("2026-03-05 09:00"))
    );
    assert_eq!(
        hot("2026-03-05", "2026-03-05 17:30"),
        0,
        "directed, it awaits no direction"
    );
    let told: Vec<_> = board
        .outbox("m01")
        .into_iter()
        .filter_map(|out| match out.effect {
            Effect::Notify {
                to,
                what: Notice::Directed,
            } => to.role,
            _ => None,
        })
        .collect();
    assert_eq!(told, [Role::Owner, Role::Supervisor]);

    // Never longer: not by a longer direction, not by heat that goes away; and never shorter than one working day.
    board.does(
        "m01",
        LEADER,
        "2026-03-05 10:00",
        direct(Some(Span::WorkingDays(9)), false),
    );
    board.does("m01", SYSTEM, "2026-03-05 10:30", set("heat", 0));
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-09 18:00"));
    assert!(board.case("m01").is_tracked(), "only supervision ends it");
    board.does(
        "m01",
        LEADER,
        "2026-03-05 11:00",
        direct(Some(Span::WorkingTime(60)), false),
    );
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-06 18:00"));
    // Where nothing runs there is nothing to shorten.
    board.does(
        "m02",
        ZHUOMA,
        "2026-03-05 09:00",
        open("m02", "632521", "投诉"),
    );
    let why = board.refuses(
        "m02",
        LEADER,
        "2026-03-05 12:00",
        direct(Some(Span::WorkingDays(1)), false),
    );
    assert_eq!(
        why,
        Why::NoClock {
            clock: ClockKind::Reply
        }
    );
    board.does("m02", LEADER, "2026-03-05 12:00", direct(None, true));
}

// A leader may say who is to have it: what was screened is assigned to them, what others have is transferred; the ledger says by whom,
// and nobody gets more time by it. While a reply is being judged nobody else is named.
#[test]
fn a04_a_direction_names_the_lead() {
    let board = Board::new();
    let named = |unit: &str, owner: Who| Command::Direct {
        words: "请交通局牵头".into(),
        within: Some(Span::WorkingDays(3)),
        track: true,
        lead: Some(NewPart {
            unit: unit.parse().unwrap(),
            owner: owner.0.parse().unwrap(),
        }),
    };
    let has = |case: &str| {
        let case = board.case(case);
        let team = case.team().unwrap();
        (team.unit.to_string(), team.owner.to_string())
    };
    let traffic = ("共和县交通局".to_owned(), "马登".to_owned());
    // A message that nobody has classified has no limit yet.
    board.opens("m01", "2026-03-02 09:00");
    let early = board.refuses(
        "m01",
        LEADER,
        "2026-03-02 09:10",
        named("共和县交通局", MADENG),
    );
    assert_eq!(early, Why::NotScreened);
    board.screens("m01", "2026-03-02 09:15");
    assert_eq!(
        board.does(
            "m01",
            LEADER,
            "2026-03-02 09:30",
            named("共和县交通局", MADENG)
        ),
        StageName::Assigned
    );
    assert_eq!(has("m01"), traffic);
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-05 18:00"));
    let assigned = board
        .history("m01")
        .into_iter()
        .find(|it| matches!(it.event, Event::Assigned { .. }))
        .unwrap();
    assert_eq!(assigned.by.unwrap().id.as_str(), "州领导");

    // From one unit to another; then within the unit; then to whom has it already, which is no change of hands.
    board.assigned("m02", "2026-03-02");
    let whole = board.due("m02", ClockKind::Whole);
    board.does(
        "m02",
        LEADER,
        "2026-03-03 09:00",
        named("共和县交通局", MADENG),
    );
    assert_eq!(has("m02"), traffic);
    assert_eq!(board.due("m02", ClockKind::Reply), at("2026-03-06 18:00"));
    board.does(
        "m02",
        LEADER,
        "2026-03-03 10:00",
        named("共和县交通局", WANGGANG),
    );
    assert_eq!(has("m02"), (traffic.0.clone(), "王刚".to_owned()));
    let hands = board.case("m02").segments().len();
    board.does(
        "m02",
        LEADER,
        "2026-03-03 11:00",
        named("共和县交通局", WANGGANG),
    );
    assert_eq!(board.case("m02").segments().len(), hands);
    assert_eq!(board.due("m02", ClockKind::Whole), whole);

    board.does(
        "m02",
        WANGGANG,
        "2026-03-04 09:00",
        reply("2026-03-04 08:30").into(),
    );
    let judged = board.refuses("m02", LEADER, "2026-03-04 10:00", named(HOUSING, MADENG));
    assert_eq!(judged, Why::NotOffered { what: Thing::Lead });
    board.does(
        "m02",
        SUHUA,
        "2026-03-04 11:00",
        send_back("处理不到位", "灯不亮"),
    );
    board.does("m02", LEADER, "2026-03-04 15:00", named(HOUSING, MADENG));
    assert_eq!(
        (has("m02"), board.stage("m02")),
        ((HOUSING.to_owned(), "马登".to_owned()), StageName::Returned)
    );
    board.does(
        "m02",
        MADENG,
        "2026-03-05 10:00",
        reply("2026-03-05 09:30").into(),
    );
}

// What comes in hot is tracked, and let go, also before anyone has it.
#[test]
fn a19_supervision_tracks_and_ends_it_also_before_anyone_has_it() {
    let board = Board::new();
    board.opens("m01", "2026-03-02 09:00");
    board.does("m01", LEADER, "2026-03-02 09:10", direct(None, true));
    assert!(board.case("m01").is_tracked());
    board.does(
        "m01",
        DUCHA,
        "2026-03-02 09:20",
        Command::Untrack {
            reason: "误报".into(),
        },
    );
    assert!(!board.case("m01").is_tracked());
    board.does(
        "m01",
        DUCHA,
        "2026-03-02 09:30",
        Command::Track {
            reason: "舆情".into(),
        },
    );
    assert!(board.case("m01").is_tracked());
}

// 难点热点督查办公室跟踪督办: what is hard or hot is tracked by rule. A tracked case owes a report of its progress every five
// working days; the head of the unit is warned of a missing one, and called in. Only the supervision office ends it.
#[test]
fn a19_a_tracked_case_owes_reports_on_a_clock_and_only_supervision_ends_it() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let report = || Command::Report {
        text: "线路已更换一半".into(),
    };
    let track = || Command::Track {
        reason: "难点".into(),
    };
    let untrack = || Command::Untrack {
        reason: "已经解决".into(),
    };
    let untracked = Why::NothingPending {
        what: Thing::Tracking,
    };
    assert_eq!(
        board.refuses("m01", WANGGANG, "2026-03-02 10:00", report()),
        untracked
    );
    assert_eq!(
        board.refuses("m01", DUCHA, "2026-03-02 10:00", untrack()),
        untracked
    );
    board.does("m01", DUCHA, "2026-03-02 10:00", track());
    assert_eq!(
        board.refuses("m01", DUCHA, "2026-03-02 11:00", track()),
        Why::Already {
            what: Thing::Tracking
        }
    );
    assert_eq!(board.due("m01", ClockKind::Track), at("2026-03-09 18:00"));
    // Each report is followed by the next one's time.
    let other = board.refuses("m01", MADENG, "2026-03-06 09:00", report());
    assert!(matches!(other, Why::NotThePerson { .. }), "{other:?}");
    board.does("m01", WANGGANG, "2026-03-06 09:00", report());
    assert_eq!(board.due("m01", ClockKind::Track), at("2026-03-13 18:00"));
    for other in [
        LEADER,
        CAIHONG,
        WANGGANG,
        SUHUA,
        SYSTEM,
        ZHUOMA,
        ("局长", "unit_head"),
    ] {
        let why = board.refuses("m01", other, "2026-03-06 10:00", untrack());
        assert_eq!(
            why,
            Why::Role {
                needs: vec![Role::Supervisor],
                place: "632521".parse().unwrap()
            }
        );
    }
    // The reply does not end it, nor does a missed report go unheard.
    board.replies("m01", "2026-03-06 11:00");
    board.passes("m01", "2026-03-06 15:00");
    assert!(board.case("m01").is_tracked());
    board.sleeps_until("2026-03-18 09:00");
    let steps = board.steps("m01", ClockKind::Track);
    let at_its: Vec<_> = steps
        .iter()
        .filter(|(_, it)| it == "due" || it == "after-2")
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(
        at_its,
        [at("2026-03-13 18:00"), at("2026-03-17 18:00")],
        "{steps:?}"
    );
    board.does("m01", DUCHA, "2026-03-18 10:00", untrack());
    assert!(!board.case("m01").is_tracked());
    assert!(!board.clock("m01", ClockKind::Track).is_live());

    // 难点: extended, or sent back twice.
    board.assigned("m02", "2026-03-18");
    for day in ["2026-03-19", "2026-03-20"] {
        assert!(!board.case("m02").is_tracked());
        board.replies("m02", &format!("{day} 09:00"));
        board.does(
            "m02",
            SUHUA,
            &format!("{day} 10:00"),
            send_back("处理不到位", "灯不亮"),
        );
    }
    assert!(board.case("m02").is_tracked());
}
