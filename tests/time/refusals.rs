//! What must not be believed: tables, weeks and texts that cannot be meant.

use chrono::{Days, NaiveDate};
use duly::time::{
    Calendar, CalendarError, Counting, Coverage, DayTable, Hours, Moment, Opened, Pauses, Span,
    Term, TimeError, Window, Zone,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn weekdays() -> Hours {
    Hours::weekdays(vec!["09:00-17:00".parse().unwrap()])
}

fn refused(hours: Hours, days: &DayTable) -> CalendarError {
    Calendar::new(Zone::UTC, hours, days).unwrap_err()
}

#[test]
fn a_week_without_hours_is_refused() {
    let error = refused(Hours::weekdays(vec![]), &DayTable::plain("shut"));
    assert!(
        matches!(error, CalendarError::NoWorkingTime { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("`shut`"), "{error}");
}

#[test]
fn four_hundred_days_of_holiday_are_refused_and_the_place_is_named() {
    let mut days = DayTable::plain("long");
    let first = day("2026-01-05");
    days.closed = (0..397)
        .map(|n| (first + Days::new(n), "closed".to_owned()))
        .collect();
    // With the weekends before and after it, that is more than 400 days.
    let error = refused(weekdays(), &days);
    assert!(
        matches!(error, CalendarError::NoWorkingTime { from, .. } if from == day("2026-01-03")),
        "{error}"
    );
    days.opened.insert(
        day("2026-06-06"),
        Opened {
            name: "a day".to_owned(),
            windows: None,
        },
    );
    assert!(Calendar::new(Zone::UTC, weekdays(), &days).is_ok());
}

#[test]
fn a_season_shut_from_end_to_end_is_refused() {
    let shut = || std::array::from_fn(|_| Vec::new());
    assert!(matches!(
        refused(
            weekdays().between("01-01", "12-31", shut()).unwrap(),
            &DayTable::plain("x")
        ),
        CalendarError::NoWorkingTime { .. }
    ));
    assert!(
        Calendar::new(
            Zone::UTC,
            weekdays().between("02-01", "12-31", shut()).unwrap(),
            &DayTable::plain("x")
        )
        .is_ok()
    );
    assert!(matches!(
        weekdays().between("02-30", "12-31", shut()),
        Err(CalendarError::Season { .. })
    ));
}

#[test]
fn dates_no_table_may_speak_of_are_refused() {
    let mut days = DayTable::plain("x");
    days.closed.insert(day("2101-01-01"), "far".to_owned());
    assert!(
        matches!(refused(weekdays(), &days), CalendarError::DateOutOfRange { date, .. } if date == day("2101-01-01"))
    );
}

#[test]
fn coverage_that_ends_before_it_begins_is_refused() {
    let coverage = Coverage {
        from: day("2026-12-31"),
        to: day("2026-01-01"),
    };
    let days = DayTable {
        coverage,
        ..DayTable::plain("x")
    };
    assert!(matches!(
        refused(weekdays(), &days),
        CalendarError::Coverage { .. }
    ));
    // So is the overlay of tables that know no year in common.
    let year = |from, to| DayTable {
        coverage: Coverage {
            from: day(from),
            to: day(to),
        },
        ..DayTable::plain("x")
    };
    let apart = year("2025-01-01", "2025-12-31").overlay(&year("2026-01-01", "2026-12-31"));
    assert!(matches!(
        refused(weekdays(), &apart),
        CalendarError::Coverage { .. }
    ));
}

#[test]
fn a_table_without_a_name_is_refused() {
    assert!(matches!(
        refused(weekdays(), &DayTable::plain(" ")),
        CalendarError::Nameless { field: "id" }
    ));
    let days = DayTable {
        revision: String::new(),
        ..DayTable::plain("x")
    };
    assert!(matches!(
        refused(weekdays(), &days),
        CalendarError::Nameless { field: "revision" }
    ));
}

#[test]
fn a_day_opened_without_hours_is_refused() {
    let mut days = DayTable::plain("x");
    days.opened.insert(
        day("2026-01-03"),
        Opened {
            name: "nothing".to_owned(),
            windows: Some(vec![]),
        },
    );
    let error = refused(weekdays(), &days);
    assert!(
        matches!(error, CalendarError::OpenedWithoutHours { .. })
            && error.to_string().contains("2026-01-03"),
        "{error}"
    );
}

/// Windows that overlap count once, in any order; one that closes before it opens runs over midnight.
#[test]
fn overlapping_windows_count_once() {
    let hours = ["11:00-15:00", "09:00-12:00", "14:30-14:45"].map(|window| window.parse().unwrap());
    let office = Calendar::new(
        Zone::UTC,
        Hours::weekdays(hours.to_vec()),
        &DayTable::plain("x"),
    )
    .unwrap();
    let windows = office.windows(day("2026-01-05"));
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0].1.since(windows[0].0), 6 * 3600);
    assert_eq!(
        office.measure(windows[0].0.plus(-86_400), windows[0].1),
        6 * 3600
    );
    assert!("17:00-09:00".parse::<Window>().unwrap().crosses_midnight());
}

#[test]
fn texts_that_are_no_windows_are_refused() {
    for text in [
        "",
        "-",
        "09:00",
        "9:00-17:00",
        "09:00-25:00",
        "24:00-06:00",
        "09:60-10:00",
        "09:00–17:00",
        "09:00-17:00-18:00",
    ] {
        let error = text.parse::<Window>().unwrap_err();
        assert!(matches!(error, TimeError::Window { .. }), "{text}");
        assert!(error.to_string().contains("`09:00-12:30`"), "{error}");
    }
    for text in [
        "09:00-24:00",
        "22:00-06:00",
        "00:00-24:00",
        "08:30:15-17:00",
    ] {
        assert_eq!(text.parse::<Window>().unwrap().to_string(), text);
    }
}

#[test]
fn zones_that_are_not_there_are_refused_with_the_nearest() {
    let said = |name: &str| name.parse::<Zone>().unwrap_err().to_string();
    assert!(said("Shanghai").contains("did you mean `Asia/Shanghai`?"));
    assert!(said("asia/katmandu").contains("did you mean `Asia/Ka"));
    assert_eq!(
        said("Middle Earth/The Shire"),
        "no time zone is called `Middle Earth/The Shire`"
    );
    assert!(said(&"x".repeat(10_000)).len() < 200);
    assert!(serde_json::from_str::<Zone>(r#""Mars""#).is_err());
}

#[test]
fn moments_need_a_place_and_a_year() {
    let refused = |text: &str| Moment::parse(text).unwrap_err();
    assert!(matches!(
        refused("2026-01-01T00:00:00"),
        TimeError::NoOffset { .. }
    ));
    assert!(matches!(
        refused("2026-01-01 00:00"),
        TimeError::NoOffset { .. }
    ));
    assert!(matches!(refused("2026-01-01"), TimeError::Moment { .. }));
    assert!(matches!(
        refused("2026-02-30T00:00:00Z"),
        TimeError::Moment { .. }
    ));
    assert!(matches!(
        refused("0000-12-31T23:59:59Z"),
        TimeError::OutOfRange { .. }
    ));
    assert!(matches!(
        refused("9999-12-31T23:59:59-01:00"),
        TimeError::OutOfRange { .. }
    ));
    let error = serde_json::from_str::<Moment>(r#""2026-01-01T08:00:00""#)
        .unwrap_err()
        .to_string();
    assert!(error.contains("add an offset"), "{error}");
    assert_eq!(
        serde_json::to_string(&Moment::parse("1969-12-31T23:59:58.7+00:00").unwrap()).unwrap(),
        r#""1969-12-31T23:59:58Z""#
    );
}

#[test]
fn spans_that_run_backwards_or_nowhere_are_refused() {
    let calendar = Calendar::always(Zone::UTC);
    let due = |span| {
        Term::new(Moment::MIN, span, Counting::cn())
            .due(&calendar, &Pauses::none())
            .unwrap_err()
    };
    assert!(matches!(
        due(Span::Elapsed(-1)),
        TimeError::Negative { seconds: -1 }
    ));
    assert!(matches!(
        due(Span::WorkingTime(-1)),
        TimeError::Negative { .. }
    ));
    assert!(matches!(
        due(Span::Earliest(vec![])),
        TimeError::EmptyChoice { .. }
    ));
    assert!(matches!(
        due(Span::Years(10_000)),
        TimeError::OutOfRange { .. }
    ));
    assert!(matches!(
        due(Span::WorkingDays(u32::MAX)),
        TimeError::OutOfRange { .. }
    ));
    assert!(matches!(
        due(Span::Elapsed(i64::MAX)),
        TimeError::OutOfRange { .. }
    ));
}
