//! The figures of a month that is known case by case.

use duly::report::{Board, Figures, Period, SectionKind, bulletin, digest, roll};
use duly::time::Moment;
use duly::words::{CaseId, ClockKind, Command, Lang, Level, Origin, Outcome, Role, UnitId};

use crate::world::{World, at, id, open, promise, rate, september, unreached};

fn month(w: &World) -> Period {
    Period::dates(
        "2026-09-01".parse().unwrap(),
        "2026-09-30".parse().unwrap(),
        w.plan.zone,
    )
}

fn ended() -> World {
    let mut w = september();
    w.tick(at("09-30 23:59"));
    w
}

/// A promise ends with its day, at midnight: it is due on that day and on no other.
#[test]
fn what_ends_at_midnight_is_due_on_the_day_that_it_ends() {
    let mut w = World::new();
    w.opens("m01", "632521", "09-01 09:00");
    w.reaches("m01", "u-road", "09-01");
    w.replies("m01", "u-road", "09-03 10:00");
    w.passes("m01", "09-04 10:00");
    let later = Command::Commit(promise("09-10"));
    w.does("m01", (Role::Owner, "u-road-li"), "09-04 11:00", later);
    w.tick(at("09-11 23:00"));
    let due = |day: &str| -> Vec<Moment> {
        let cut = Period::day(&w.plan, day.parse().unwrap());
        let board = Board::fold(&w.records, Some(cut.until)).unwrap();
        let today = digest(&board, &w.plan, cut);
        let lines = today.section(SectionKind::DueToday).unwrap().lines.iter();
        let of = |kind| kind == ClockKind::Commitment;
        let lines = lines.filter(|it| it.clock.is_some_and(|clock| of(clock.kind)));
        lines.map(|it| it.at).collect()
    };
    assert_eq!(due("2026-09-09"), []);
    assert_eq!(due("2026-09-10"), [at("09-11 00:00")]);
    assert_eq!(due("2026-09-11"), []);
}

#[test]
fn a10_the_bulletin_of_a_known_month() {
    let w = ended();
    let board = Board::fold(&w.records, None).unwrap();
    let it = bulletin(&board, &w.plan, month(&w));
    assert_eq!(
        it.total,
        Figures {
            received: 8,
            answered: 6,
            replied: 5,
            on_time: 4,
            effective: 2,
            late: 3,
            returned: 2,
            reopened: 1,
            struck_off: 6,
            declined: 1,
            cleared: 5,
            open: 3,
            overdue: 3,
            solved: 3,
            explained: 1,
            satisfied: 2,
            unsatisfied: 2,
            not_rated: 1,
            auto_rated: 1,
            named: 1,
            ..Figures::default()
        }
    );
    let unit = |name: &str| {
        let unit: UnitId = name.parse().unwrap();
        it.units
            .iter()
            .find(|line| line.unit == Some(unit.clone()))
            .unwrap()
            .figures
    };
    let road = unit("u-road");
    assert_eq!(
        (
            road.received,
            road.replied,
            road.on_time,
            road.effective,
            road.late
        ),
        (3, 3, 3, 1, 1)
    );
    assert_eq!(
        (road.returned, road.reopened, road.struck_off, road.solved),
        (1, 1, 3, 2)
    );
    assert_eq!(
        (road.satisfied, road.unsatisfied, road.not_rated),
        (1, 1, 1)
    );
    let water = unit("u-water");
    assert_eq!(
        (
            water.received,
            water.replied,
            water.on_time,
            water.late,
            water.named
        ),
        (2, 1, 0, 2, 1)
    );
    assert_eq!(unit("u-land").explained, 1);
    let nobody = it
        .units
        .iter()
        .find(|line| line.unit.is_none())
        .unwrap()
        .figures;
    assert_eq!((nobody.received, nobody.struck_off), (2, 1));
    assert_eq!(
        it.named
            .iter()
            .map(|it| it.case.as_str())
            .collect::<Vec<_>>(),
        ["m08"]
    );
    // Six places of the plan, each shown, whatever happened there.
    let places: Vec<(&str, u64)> = it
        .places
        .iter()
        .map(|it| (it.name.as_str(), it.figures.received))
        .collect();
    assert_eq!(
        places,
        [
            ("海南州", 1),
            ("共和县", 2),
            ("同德县", 1),
            ("贵德县", 2),
            ("兴海县", 1),
            ("贵南县", 1)
        ]
    );
}

#[test]
fn silence_and_automatic_praise_are_in_no_rate_of_satisfaction() {
    let it = Figures {
        satisfied: 1,
        not_rated: 98,
        auto_rated: 1,
        ..Figures::default()
    };
    assert_eq!(
        (it.satisfied_rate().to_string(), it.heard_rate().to_string()),
        ("100.0%".into(), "1.0%".into())
    );
    let silent = Figures {
        not_rated: 5,
        auto_rated: 5,
        ..Figures::default()
    };
    assert_eq!(
        (
            silent.satisfied_rate().to_string(),
            silent.heard_rate().to_string()
        ),
        ("–".into(), "0.0%".into())
    );
    assert_eq!(silent.solved_rate().to_string(), "–");
}

/// A reply that was returned only after the period still counts as effective in the bulletin of that period.
#[test]
fn a_bulletin_can_be_made_again_at_any_later_time() {
    let w = ended();
    let early = Period::new(at("09-01 00:00"), at("09-03 23:59"));
    let (then, later) = (
        Board::fold(&w.records, Some(early.until)).unwrap(),
        Board::fold(&w.records, None).unwrap(),
    );
    assert_eq!(
        bulletin(&then, &w.plan, early),
        bulletin(&later, &w.plan, early)
    );
    let total = bulletin(&later, &w.plan, early).total;
    assert_eq!((total.on_time, total.effective), (2, 2));
}

/// Looking late changes nothing: what fell due counts whether or not somebody has sent a Tick since.
#[test]
fn a_unit_that_never_answers_is_late_without_a_tick() {
    let (quiet, ticked) = (september(), ended());
    let until = Some(at("09-30 23:59"));
    let (quiet, ticked) = (
        Board::fold(&quiet.records, until).unwrap(),
        Board::fold(&ticked.records, until).unwrap(),
    );
    let w = World::new();
    let late = |board: &Board| bulletin(board, &w.plan, month(&w)).total.late;
    assert_eq!(late(&quiet), late(&ticked));
    let overdue = |board: &Board| {
        let day = digest(
            board,
            &w.plan,
            Period::day(&w.plan, "2026-09-30".parse().unwrap()),
        );
        day.section(SectionKind::Overdue)
            .unwrap()
            .cases()
            .into_iter()
            .cloned()
            .collect::<Vec<CaseId>>()
    };
    assert_eq!(overdue(&quiet), overdue(&ticked));
    assert!(
        quiet
            .behind(at("09-30 23:59"))
            .any(|case| *case == id("m08"))
    );
    assert_eq!(ticked.behind(at("09-30 23:59")).count(), 0);
}

/// A case that nobody has touched since before a period stands open in it, and is late in the one in which its limit passes and in no other: due on the
/// 8th at 18:00, five working days after the 1st, it is late a second later.
#[test]
fn what_nobody_has_touched_is_late_in_one_period() {
    let mut w = World::new();
    w.opens("m01", "632521", "09-01 09:00");
    w.reaches("m01", "u-road", "09-01");
    let board = Board::fold(&w.records, Some(at("09-30 23:59"))).unwrap();
    let of = |after: &str, until: &str| {
        let it = bulletin(&board, &w.plan, Period::new(at(after), at(until))).total;
        (it.late, it.open, it.overdue)
    };
    assert_eq!(of("09-02 00:00", "09-08 18:00"), (0, 1, 0));
    assert_eq!(of("09-08 18:00", "09-09 00:00"), (1, 1, 1));
    assert_eq!(of("09-09 00:00", "09-30 00:00"), (0, 1, 1));
}

/// A month ends at midnight by the board's own clock, whatever day it is in UTC: what came at the last second of September is September's, and what came
/// a second later is October's.
#[test]
fn a_month_ends_at_midnight_of_the_board() {
    let mut w = World::new();
    let first = at("10-01 00:00");
    for (case, when) in [("m01", first.plus(-1)), ("m02", first)] {
        let message = open(case, "632521", Origin::Message, 0);
        w.ask(case, (Role::Citizen, "wang"), when, message).unwrap();
    }
    let board = Board::fold(&w.records, None).unwrap();
    let received = |first: &str, last: &str| {
        let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
        let month = Period::dates(first, last, w.plan.zone);
        bulletin(&board, &w.plan, month).total.received
    };
    assert_eq!(received("2026-08-01", "2026-08-31"), 0);
    assert_eq!(received("2026-09-01", "2026-09-30"), 1);
    assert_eq!(received("2026-10-01", "2026-10-31"), 1);
}

#[test]
fn a2_the_digest_of_known_days() {
    let w = ended();
    let board = Board::fold(&w.records, None).unwrap();
    let day = |date: &str| digest(&board, &w.plan, Period::day(&w.plan, date.parse().unwrap()));
    let counts = |date: &str| SectionKind::ALL.map(|kind| day(date).count(kind));
    //                             hot op new tak due over ret sup off
    assert_eq!(counts("2026-09-01"), [0, 0, 2, 0, 0, 0, 0, 0, 0]);
    assert_eq!(counts("2026-09-04"), [0, 0, 0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(counts("2026-09-08"), [0, 0, 0, 0, 1, 0, 0, 0, 1]);
    assert_eq!(counts("2026-09-09"), [0, 0, 1, 0, 0, 1, 0, 0, 0]);
    assert_eq!(counts("2026-09-14"), [1, 1, 0, 0, 0, 1, 0, 1, 0]);
    assert_eq!(counts("2026-09-16"), [0, 0, 0, 0, 1, 1, 0, 2, 0]);
    let due = day("2026-09-08");
    let due = due.section(SectionKind::DueToday).unwrap();
    assert_eq!(
        (&due.lines[0].case, due.lines[0].at),
        (&id("m02"), at("09-08 18:00"))
    );
}

/// After 17:30 belongs to the next day.
#[test]
fn a2_the_cut_is_the_last_second_of_its_day() {
    let mut w = World::new();
    w.opens("m01", "632521", "09-01 17:30");
    w.opens("m02", "632521", "09-01 17:31");
    let board = Board::fold(&w.records, None).unwrap();
    let new = |date: &str| {
        digest(&board, &w.plan, Period::day(&w.plan, date.parse().unwrap())).count(SectionKind::New)
    };
    assert_eq!((new("2026-09-01"), new("2026-09-02")), (1, 1));
}

#[test]
fn a11_the_roll_has_one_row_a_message() {
    let w = ended();
    let board = Board::fold(&w.records, None).unwrap();
    let roll = roll(&board, &w.plan);
    assert_eq!(roll.rows.len(), 8);
    let m02 = roll.rows.iter().find(|row| row.case == id("m02")).unwrap();
    assert_eq!((m02.breached, m02.overdue, m02.returns), (1, false, 1));
    let m08 = roll.rows.iter().find(|row| row.case == id("m08")).unwrap();
    assert!(m08.overdue);
    assert_eq!(m08.due.map(|(_, due)| due), Some(at("09-16 18:00")));
    let table = roll.table(Lang::Zh);
    assert!(
        table
            .rows
            .iter()
            .all(|row| row.len() == table.columns.len())
    );
}

#[test]
fn a_record_that_is_missing_or_twice_there_is_found() {
    let w = september();
    let mut less = w.records.clone();
    less.remove(3);
    assert!(Board::fold(&less, None).is_err());
    let mut more = w.records.clone();
    more.push(w.records[3].clone());
    assert!(Board::fold(&more, None).is_err());
    assert_eq!(Board::fold(&[], None).unwrap().until(), None::<Moment>);
}

/// Nobody answered the phone, the recheck passed, and the case was struck off before the time to rate was over.
#[test]
fn struck_off_before_anybody_spoke_is_silence() {
    let mut w = World::new();
    w.opens("m01", "632521", "09-01 09:00");
    w.reaches("m01", "u-road", "09-01");
    w.replies("m01", "u-road", "09-02 10:00");
    w.passes("m01", "09-02 11:00");
    for day in ["09-02", "09-03", "09-04"] {
        w.does(
            "m01",
            (Role::Intake, "in-1"),
            &format!("{day} 15:00"),
            unreached(),
        );
    }
    w.rechecks("m01", "09-04 16:00");
    // The time to rate passes first.
    w.strikes("m01", "09-20 10:00", Outcome::Solved);
    let total =
        |w: &World| bulletin(&Board::fold(&w.records, None).unwrap(), &w.plan, month(w)).total;
    assert_eq!(
        (total(&w).solved, total(&w).not_rated, total(&w).satisfied),
        (1, 1, 0)
    );
    w.does(
        "m01",
        (Role::Citizen, "wang"),
        "09-25 09:00",
        rate(Level::Satisfied),
    );
    assert_eq!((total(&w).not_rated, total(&w).satisfied), (0, 1));
}
