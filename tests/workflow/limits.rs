//! 限时办结、督办督查: every open case has a clock, and clocks do what they are to do when nobody acts.

use duly::case::{Case, evolve};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::board::*;

/// After each record of a case that its clocks have followed: a running clock, or one that waits for a reason that ends.
fn is_timed(board: &Board, of: &str) -> usize {
    let mut case: Option<Case> = None;
    let mut open = 0;
    let history = board.history(of);
    for (n, record) in history.iter().enumerate() {
        let now = evolve(case.take(), record).unwrap();
        // The clocks of a command follow in the same breath.
        let settled = history.get(n + 1).is_none_or(|next| next.at > record.at);
        if settled && !now.is_closed() {
            let runs = now.clocks().iter().any(|clock| clock.is_running());
            let mut waits = now.pauses().iter().filter(|it| it.ended.is_none());
            let ends = waits.any(|it| !it.reason.is_empty() && it.until >= record.at);
            assert!(
                runs || ends,
                "no clock at {} after {:?}",
                record.at,
                record.event
            );
            let whole = now.clock(ClockKind::Whole).unwrap();
            assert!(
                whole.is_live(),
                "the citizen's clock is gone at {}",
                record.at
            );
            assert!(
                now.next_alarm().is_some_and(|it| it >= record.at),
                "nothing will wake it"
            );
            open += 1;
        }
        case = Some(now);
    }
    open
}

fn pause(reason: &str) -> Command {
    Command::Pause {
        reason: reason.to_owned(),
        evidence: "送检单".into(),
    }
}
fn resume(reason: &str) -> Command {
    Command::Resume {
        reason: reason.to_owned(),
    }
}

// 限时办结: from receipt to striking off there is always a limit that runs, or one that waits, for a reason that the pack knows
// and until a day that is known.
#[test]
fn a07_an_open_case_has_a_running_clock_or_one_that_waits_for_a_reason() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-16 18:00"));

    // No reason of one's own making, and none twice.
    let why = board.refuses("m01", WANGGANG, "2026-03-03 09:00", pause("领导出差"));
    let Why::NotListed { known, .. } = why else {
        panic!("{why:?}")
    };
    assert_eq!(known, ["待网民补充", "鉴定检测", "等候施工季节"]);
    let whole = board.due("m01", ClockKind::Whole);

    // A statute's time stops the reply and the whole; it says until when.
    board.does("m01", WANGGANG, "2026-03-03 09:00", pause("鉴定检测"));
    let case = board.case("m01");
    let waits = &case.pauses()[0];
    assert_eq!(
        (waits.reason.as_str(), waits.side),
        ("鉴定检测", PauseSide::Statutory)
    );
    assert!(
        waits.until > at("2026-04-01 00:00") && waits.until < at("2026-04-04 00:00"),
        "{}",
        waits.until
    );
    assert!(!board.clock("m01", ClockKind::Reply).is_running());
    assert!(!board.clock("m01", ClockKind::Whole).is_running());
    let twice = board.refuses("m01", WANGGANG, "2026-03-03 10:00", pause("鉴定检测"));
    assert_eq!(
        twice,
        Why::Already {
            what: Thing::Pause("鉴定检测".into())
        }
    );
    board.does("m01", WANGGANG, "2026-03-10 09:00", resume("鉴定检测"));
    assert!(board.due("m01", ClockKind::Whole) > whole);
    let none = board.refuses("m01", WANGGANG, "2026-03-10 10:00", resume("鉴定检测"));
    assert_eq!(
        none,
        Why::NothingPending {
            what: Thing::Pause("鉴定检测".into())
        }
    );
    let used = board.refuses("m01", WANGGANG, "2026-03-10 10:00", pause("鉴定检测"));
    assert_eq!(
        used,
        Why::Bound {
            what: Thing::Pause("鉴定检测".into()),
            bound: Bound::Times(1)
        }
    );

    // The office's own reason stops its own limit; the citizen's sixty days run on. Nobody resumes it: it ends by itself.
    let whole = board.due("m01", ClockKind::Whole);
    board.does("m01", WANGGANG, "2026-03-11 09:00", pause("等候施工季节"));
    assert!(!board.clock("m01", ClockKind::Reply).is_running());
    assert_eq!(board.due("m01", ClockKind::Whole), whole);
    let until = board.case("m01").pauses()[1].until;
    board.sleeps_until("2026-04-13 09:00");
    let ended = board.case("m01").pauses()[1].ended;
    assert_eq!(ended, Some(until));
    assert!(board.clock("m01", ClockKind::Reply).is_running());

    board.does(
        "m01",
        WANGGANG,
        "2026-04-13 10:00",
        reply("2026-04-13 09:30").into(),
    );
    board.passes("m01", "2026-04-13 15:00");
    board.calls("m01", "2026-04-14 10:00", Level::Unsatisfied);
    board.does(
        "m01",
        WANGGANG,
        "2026-04-16 10:00",
        reply("2026-04-16 09:30").into(),
    );
    board.passes("m01", "2026-04-16 15:00");
    board.calls("m01", "2026-04-17 10:00", Level::Satisfied);
    assert!(is_timed(&board, "m01") > 10);
    board.strikes("m01", "2026-04-17 15:00", Outcome::Solved);
    assert!(
        board
            .case("m01")
            .clocks()
            .iter()
            .all(|clock| !clock.is_live())
    );
}

// 延期 is neither a pause nor a wish: asked before the limit, granted by another person of supervision, once, and worth
// nothing until its notice has reached the citizen.
#[test]
fn an_extension_is_asked_granted_and_told_before_it_counts() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let ask = |days| Command::AskExtension {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(days),
        reason: "等检测结论".into(),
    };
    let grant = || Command::GrantExtension {
        clock: ClockKind::Reply,
        told: "延期五个工作日".into(),
    };
    let nothing = board.refuses("m01", DUCHA, "2026-03-10 09:00", grant());
    assert_eq!(
        nothing,
        Why::NothingPending {
            what: Thing::Extension(ClockKind::Reply)
        }
    );
    let much = board.refuses("m01", WANGGANG, "2026-03-10 09:00", ask(11));
    assert!(
        matches!(
            much,
            Why::Bound {
                bound: Bound::Span(_),
                ..
            }
        ),
        "{much:?}"
    );
    board.does("m01", WANGGANG, "2026-03-12 09:00", ask(5));
    let own = board.refuses(
        "m01",
        ("王刚", "owner supervisor"),
        "2026-03-12 10:00",
        grant(),
    );
    assert!(matches!(own, Why::SamePerson { .. }), "{own:?}");
    board.does("m01", DUCHA, "2026-03-12 10:00", grant());
    assert_eq!(
        board.due("m01", ClockKind::Reply),
        at("2026-03-16 18:00"),
        "not yet told"
    );
    let notice = board.case("m01").awaits_delivery().unwrap();
    board.does(
        "m01",
        SYSTEM,
        "2026-03-13 09:00",
        Command::Delivered { effect: notice },
    );
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-23 18:00"));

    // The same, and the citizen does not hear of it in time.
    board.assigned("m02", "2026-03-02");
    board.does("m02", WANGGANG, "2026-03-12 09:00", ask(5));
    board.does("m02", DUCHA, "2026-03-12 10:00", grant());
    board.sleeps_until("2026-03-17 09:00");
    assert!(board.case("m02").awaits_delivery().is_none());
    assert!(board.clock("m02", ClockKind::Reply).breached.is_some());
    let late = board.refuses("m02", WANGGANG, "2026-03-17 10:00", ask(5));
    assert!(matches!(late, Why::TooLate { .. }), "{late:?}");
}

fn ladder(board: &Board) -> Vec<(Moment, String)> {
    board.steps("m01", ClockKind::Reply)
}

// 督办督查: a day before the limit the owner is reminded, at the limit the head of the unit is warned, two days after it is
// handed to supervision, five days after it is reported to a leader and named; then supervision hears of it every five
// working days. Each once, in that order, at its own moment, none before its time and none lost, even if the service
// was down for a month.
#[test]
fn a08_each_rung_once_in_order_at_its_moment_and_none_lost_in_a_month_of_downtime() {
    let watched = Board::new();
    watched.assigned("m01", "2026-03-02");
    // Nothing a second early.
    let moments = [
        ("before-1", "2026-03-13 18:00"),
        ("due", "2026-03-16 18:00"),
        ("after-2", "2026-03-18 18:00"),
        ("after-5", "2026-03-23 18:00"),
    ];
    for (n, (name, moment)) in moments.into_iter().enumerate() {
        let _ = watched.desk.advance(at(moment).plus(-1)).unwrap();
        let early: Vec<_> = ladder(&watched)
            .into_iter()
            .filter(|(_, it)| it.starts_with(name))
            .collect();
        assert!(early.is_empty(), "{early:?} came before its time");
        let _ = watched.desk.advance(at(moment)).unwrap();
        let _ = watched.desk.advance(at(moment)).unwrap();
        let came = ladder(&watched);
        assert_eq!(
            came.iter().filter(|(_, it)| it.starts_with(name)).count(),
            1,
            "{came:?}"
        );
        assert_eq!(
            came.iter()
                .filter(|(_, it)| !it.starts_with("breach"))
                .count(),
            n + 1,
            "{came:?}"
        );
    }
    watched.sleeps_until("2026-04-16 09:00");

    // The same case, and nobody there from the ninth of March to the middle of April: one late tick.
    let down = Board::new();
    down.assigned("m01", "2026-03-02");
    down.sleeps_until("2026-03-09 09:00");
    down.sleeps_until("2026-04-16 09:00");
    assert_eq!(down.records(), watched.records());
    let came = ladder(&down);
    let at_its: Vec<_> = came
        .iter()
        .filter(|(_, it)| !it.starts_with("breach"))
        .map(|(at, _)| *at)
        .collect();
    let mut expected: Vec<Moment> = moments.iter().map(|(_, it)| at(it)).collect();
    // Every five working days from the last rung; 清明 (4–6 April) does not count.
    expected.extend([
        at("2026-03-30 18:00"),
        at("2026-04-07 18:00"),
        at("2026-04-14 18:00"),
    ]);
    assert_eq!(at_its, expected);
    // Who noticed late says so beside the record, not in it.
    let late = down
        .entries()
        .into_iter()
        .filter(|it| it.observed_at > it.sealed.record.at)
        .count();
    assert!(late > 5);
    // Handed to supervision, it is tracked; named, it is in the bulletin; the leader has one report of it, not seven.
    assert!(down.case("m01").is_tracked() && down.case("m01").is_named());
    let reported = |out: &Outgoing| matches!(&out.effect, Effect::Notify { what: Notice::Rung { clock, verb: Verb::Report, .. }, .. } if clock.kind == ClockKind::Reply);
    assert_eq!(
        down.outbox("m01")
            .iter()
            .filter(|out| reported(out))
            .count(),
        1
    );
}
