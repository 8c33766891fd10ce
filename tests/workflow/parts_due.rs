//! 异地办理、子件限期: when a part is due. It has a clock of its own, and is wanted before the answer that needs it; where hardly any time is left it
//! has the floor, and when its main case gets more time so does the part.

use duly::time::Span;
use duly::words::*;

use crate::board::*;
use crate::parts::{
    NEWBORN, XINGHAI, XINGHAI_OWNER, XINGHAI_UNIT, divide, part, parted, settled, taken,
};

// 跨地办理: where a message is received and where its matter is handled are two places, with an intake, an owner and a clock each. The part is due earlier
// than the answer by the time that the pack keeps for putting results together, counted back from there; an extension of the part alone would
// not help, and one of the main case moves both.
#[test]
fn b09_b10_receiving_and_handling_place_have_a_clock_each() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let other = NewSub {
        place: Some("632524".parse().unwrap()),
        ..part("兴海")
    };
    board.does("m01", WANGGANG, "2026-03-02 10:00", divide(vec![other]));
    let (main, sub) = ("m01", "m01.兴海");
    let wanted = board.case(sub).main().unwrap().due.unwrap();
    // Ten working days from the second of March are over with the sixteenth; one working day is kept.
    assert_eq!(board.due(main, ClockKind::Reply), at("2026-03-16 18:00"));
    assert_eq!(wanted, at("2026-03-13 18:00"));
    assert_eq!(board.case(main).place().as_str(), "632521");
    assert_eq!(board.case(sub).place().as_str(), "632524");
    // The receiving county's intake is not the handling county's.
    let stranger = board.refuses(sub, CAIHONG, "2026-03-03 09:00", screen(Class::Problem));
    assert!(matches!(stranger, Why::Role { .. }));
    taken(
        &board,
        sub,
        "2026-03-04",
        XINGHAI,
        XINGHAI_UNIT,
        XINGHAI_OWNER,
    );
    // Given two days later, it would have until the eighteenth by itself; the answer needs it on the thirteenth.
    assert_eq!(board.due(sub, ClockKind::Reply), wanted);
    let ask = |days: u32| Command::AskExtension {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(days),
        reason: "要开挖检测".into(),
    };
    let alone = board.refuses(sub, XINGHAI_OWNER, "2026-03-05 09:00", ask(2));
    assert_eq!(
        alone,
        Why::PastMain {
            main: id(main),
            due: wanted
        }
    );
    board.does(main, WANGGANG, "2026-03-05 10:00", ask(5));
    let grant = Command::GrantExtension {
        clock: ClockKind::Reply,
        told: "需要开挖检测,延长五个工作日".into(),
    };
    board.does(main, DUCHA, "2026-03-05 11:00", grant);
    if let Some(effect) = board.case(main).awaits_delivery() {
        board.does(
            main,
            SYSTEM,
            "2026-03-05 12:00",
            Command::Delivered { effect },
        );
    }
    assert_eq!(board.due(main, ClockKind::Reply), at("2026-03-23 18:00"));
    assert_eq!(
        board.case(sub).main().unwrap().due,
        Some(at("2026-03-20 18:00"))
    );
    // As far as its own rule goes, and no further.
    assert_eq!(board.due(sub, ClockKind::Reply), at("2026-03-18 18:00"));
    insta::assert_snapshot!("divided", {
        let lines = |case: &str, lang| {
            let (records, now) = (board.history(case), board.case(case));
            duly::report::timeline(&records, &now, &board.plan, lang)
                .table()
                .to_string()
        };
        format!(
            "{}\n{}\n{}\n{}",
            lines(main, Lang::Zh),
            lines(sub, Lang::Zh),
            lines(main, Lang::En),
            lines(sub, Lang::En)
        )
    });
}

/// The main case has five more working days.
#[track_caller]
fn extends(board: &Board, day: &str) {
    let ask = Command::AskExtension {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(5),
        reason: "要开挖检测".into(),
    };
    let grant = Command::GrantExtension {
        clock: ClockKind::Reply,
        told: "延长五个工作日".into(),
    };
    board.does("m01", WANGGANG, &format!("{day} 15:00"), ask);
    board.does("m01", DUCHA, &format!("{day} 15:10"), grant);
    if let Some(effect) = board.case("m01").awaits_delivery() {
        let delivered = Command::Delivered { effect };
        board.does("m01", SYSTEM, &format!("{day} 15:20"), delivered);
    }
}

fn directs(days: u32) -> Command {
    Command::Direct {
        words: "限期办结".into(),
        within: Some(Span::WorkingDays(days)),
        track: false,
        lead: None,
    }
}

// A leader has said the tenth of the part itself. That the main case wants it sooner, and later after all, takes nothing from that.
#[test]
fn what_was_directed_of_a_part_outlasts_what_its_main_case_wants() {
    let (main, sub) = ("m01", "m01.兴海");
    let board = Board::new();
    parted(&board, "2026-03-04");
    board.does(sub, LEADER, "2026-03-05 10:00", directs(3));
    assert_eq!(board.due(sub, ClockKind::Reply), at("2026-03-10 18:00"));
    board.does(main, LEADER, "2026-03-05 11:00", directs(3));
    assert_eq!(board.due(main, ClockKind::Reply), at("2026-03-10 18:00"));
    assert_eq!(board.due(sub, ClockKind::Reply), at("2026-03-09 18:00"));
    extends(&board, "2026-03-05");
    assert_eq!(board.due(main, ClockKind::Reply), at("2026-03-17 18:00"));
    assert_eq!(board.due(sub, ClockKind::Reply), at("2026-03-10 18:00"));
}

// Given on the afternoon by whose end it is wanted, a part has the floor. When the main case has more time so has the part, as far as its own rule goes.
#[test]
fn a_part_that_has_the_floor_gets_the_time_that_its_main_case_gets() {
    let sub = "m01.兴海";
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let other = NewSub {
        place: Some("632524".parse().unwrap()),
        ..part("兴海")
    };
    board.does("m01", WANGGANG, "2026-03-02 10:00", divide(vec![other]));
    board.does(sub, XINGHAI, "2026-03-04 09:10", screen(Class::Problem));
    let assign = assign(XINGHAI_UNIT, XINGHAI_OWNER, &[]);
    board.does(sub, XINGHAI, "2026-03-13 14:00", assign);
    let floor = board.due(sub, ClockKind::Reply);
    assert!(
        floor > at("2026-03-13 18:00") && floor < at("2026-03-17 18:00"),
        "{floor}"
    );
    extends(&board, "2026-03-13");
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-23 18:00"));
    assert_eq!(board.due(sub, ClockKind::Reply), at("2026-03-20 18:00"));
}

// Two evenings and a holiday are waited, in which no working time passes but twenty minutes: a bundle is still due no later than by its rule's own fifteen
// working days.
#[test]
fn a_bundle_that_waited_over_a_holiday_is_due_no_later_than_by_its_rule() {
    [false, true].into_iter().for_each(bundle_that_waits);
}

fn bundle_that_waits(revised: bool) {
    let mut plan = duly::script::load(
        "pack.rhai",
        &format!("{}\n{NEWBORN}", duly::script::hainan_board()),
    )
    .unwrap();
    plan.pauses.retain(|it| it.reason == duly::plan::SUPPLEMENT);
    let mut wait = plan.pauses[0].clone();
    (wait.reason, wait.kind, wait.side) = (
        "检测".into(),
        duly::plan::PauseKind::Waits,
        PauseSide::Office,
    );
    (wait.holds, wait.when, wait.most) = (vec![], None, Span::WorkingDays(10));
    plan.pauses.push(wait);
    let board = Board::under(plan);
    board.assigned("m01", "2026-09-28");
    let rule = board.due("m01", ClockKind::Reply);
    let one = Command::Divide {
        bundle: Some("newborn".into()),
        subs: vec![],
    };
    board.does("m01", CAIHONG, "2026-09-28 10:00", one);
    assert!(board.due("m01", ClockKind::Reply) < rule);
    let pause = Command::Pause {
        reason: "检测".into(),
        evidence: "送检单".into(),
    };
    board.does("m01", WANGGANG, "2026-09-30 18:30", pause);
    let reason = "检测".into();
    // Another edition with the same days, adopted meanwhile, is no other limit.
    if revised {
        let mut table = duly::time::DayTable::cn();
        table.revision = "2026-10-07".into();
        board.desk.revise(table).unwrap();
        let by = who(DUCHA);
        board
            .desk
            .adopt_calendar(&by, at("2026-10-07 20:00"))
            .unwrap();
    }
    board.does(
        "m01",
        WANGGANG,
        "2026-10-08 08:50",
        Command::Resume { reason },
    );
    assert!(
        board.due("m01", ClockKind::Reply) <= rule,
        "{} {rule}",
        board.due("m01", ClockKind::Reply)
    );
}

// Where the time that is left is less than the floor, the part has the floor, and never the half hour until it is wanted.
#[test]
fn a_part_that_is_wanted_at_once_has_the_floor() {
    let board = Board::new();
    parted(&board, "2026-03-04");
    board.does("m01", LEADER, "2026-03-05 17:30", directs(1));
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-06 18:00"));
    assert_eq!(
        board.due("m01.兴海", ClockKind::Reply),
        at("2026-03-06 18:00")
    );
    // Another calendar with the same days takes nothing from that.
    let mut table = duly::time::DayTable::cn();
    table.revision = "2026-03-05".into();
    board.desk.revise(table).unwrap();
    board
        .desk
        .adopt_calendar(&who(DUCHA), at("2026-03-05 17:40"))
        .unwrap();
    assert_eq!(
        board.due("m01.兴海", ClockKind::Reply),
        at("2026-03-06 18:00")
    );
}

// Of another class it would have been due the day before, so that its limit stays. To wait half an hour after that makes nobody late.
#[test]
fn going_on_after_a_pause_makes_nobody_late() {
    let sub = "m01.兴海";
    let board = Board::new();
    parted(&board, "2026-03-04");
    let limit = board.due(sub, ClockKind::Reply);
    let class = Command::Reclassify {
        class: Class::Question,
        reason: "只是问事".into(),
    };
    board.does(sub, XINGHAI, "2026-03-12 10:00", class);
    assert_eq!(board.due(sub, ClockKind::Reply), limit);
    let reason = board.plan.pauses.iter().find(|it| {
        it.kind == duly::plan::PauseKind::Waits
            && it.reason != duly::plan::SUPPLEMENT
            && it.side == PauseSide::Office
    });
    let reason = reason.unwrap().reason.clone();
    let pause = Command::Pause {
        reason: reason.clone(),
        evidence: "送检单".into(),
    };
    board.does(sub, XINGHAI_OWNER, "2026-03-12 11:00", pause);
    board.does(
        sub,
        XINGHAI_OWNER,
        "2026-03-12 11:30",
        Command::Resume { reason },
    );
    assert!(
        board.due(sub, ClockKind::Reply) >= limit,
        "{}",
        board.due(sub, ClockKind::Reply)
    );
}

// Opened again when the answer that needs it is overdue, a part has the floor and not its whole limit once more.
#[test]
fn a_part_that_is_opened_again_under_an_overdue_answer_has_the_floor() {
    let sub = "m01.兴海";
    let board = Board::new();
    parted(&board, "2026-03-04");
    settled(&board, sub, "2026-03-06", XINGHAI_OWNER);
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: "又坏了".into(),
    };
    board.does(sub, XINGHAI, "2026-03-18 09:00", reopen);
    assert!(
        board
            .case("m01")
            .clock(ClockKind::Reply)
            .unwrap()
            .breached
            .is_some()
    );
    assert_eq!(board.due(sub, ClockKind::Reply), at("2026-03-19 18:00"));
}
