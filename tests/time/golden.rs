//! Dates worked out elsewhere: from notices, statutes and other people's programs.

use chrono::NaiveDate;
use duly::time::{
    Calendar, Counting, Coverage, Day, DayOne, DayTable, Ends, Hours, Left, Moment, Pauses, Roll,
    Span, Term, Unit, after, after_due,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn office(zone: &str, windows: &[&str], days: &DayTable) -> Calendar {
    let hours = Hours::weekdays(
        windows
            .iter()
            .map(|window| window.parse().unwrap())
            .collect(),
    );
    Calendar::new(zone.parse().unwrap(), hours, days).unwrap()
}

fn china() -> Calendar {
    office(
        "Asia/Shanghai",
        &["09:00-12:00", "14:00-18:00"],
        &DayTable::cn(),
    )
}

/// The due date of a limit received at ten in the morning.
fn due(calendar: &Calendar, received: &str, span: Span, counting: Counting) -> (String, bool) {
    let anchor = calendar
        .zone()
        .first(day(received).and_hms_opt(10, 0, 0).unwrap());
    let due = Term::new(anchor, span, counting)
        .due(calendar, &Pauses::none())
        .unwrap()
        .unwrap();
    // Midnight at the end of a date is still of that date.
    (
        due.at.plus(-1).date(calendar.zone()).to_string(),
        due.provisional,
    )
}

/// Working days in China: make-up days around holidays are counted, the day of receipt is not.
#[test]
fn china_working_days() {
    let china = china();
    for (received, days, expected) in [
        ("2021-09-16", 5, "2021-09-24"),
        ("2021-09-28", 15, "2021-10-25"),
        ("2022-01-28", 5, "2022-02-09"),
        ("2023-09-28", 5, "2023-10-11"),
        ("2024-02-08", 3, "2024-02-19"),
        ("2024-09-13", 7, "2024-09-25"),
        ("2025-01-24", 15, "2025-02-20"),
        ("2025-09-30", 20, "2025-11-04"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-09-19", 1, "2026-09-20"),
    ] {
        let found = due(&china, received, Span::WorkingDays(days), Counting::cn());
        assert_eq!(
            found,
            (expected.to_owned(), false),
            "{received} and {days} working days"
        );
    }
}

/// Calendar days in China: a last day in a holiday gives way to the first working day after it, be it a Saturday.
#[test]
fn china_calendar_days_roll() {
    let china = china();
    for (received, days, expected) in [
        ("2021-08-03", 60, "2021-10-08"),
        ("2022-08-02", 60, "2022-10-08"),
        ("2025-08-02", 60, "2025-10-09"),
        ("2026-01-17", 30, "2026-02-24"),
    ] {
        let found = due(&china, received, Span::CalendarDays(days), Counting::cn());
        assert_eq!(
            found,
            (expected.to_owned(), false),
            "{received} and {days} calendar days"
        );
    }
    let unrolled = Counting {
        roll: Roll::None,
        ..Counting::cn()
    };
    assert_eq!(
        due(&china, "2026-01-17", Span::CalendarDays(30), unrolled).0,
        "2026-02-16"
    );
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    assert_eq!(
        due(&china, "2026-01-17", Span::CalendarDays(30), back).0,
        "2026-02-14"
    );
}

/// Beyond the last notice the week is taken and the date marked; what stays inside is not.
#[test]
fn beyond_the_last_notice_is_provisional() {
    let china = china();
    assert_eq!(
        due(&china, "2026-12-28", Span::WorkingDays(5), Counting::cn()),
        ("2027-01-04".to_owned(), true)
    );
    assert_eq!(
        due(&china, "2026-12-28", Span::WorkingDays(3), Counting::cn()),
        ("2026-12-31".to_owned(), false)
    );
    assert!(
        due(
            &china,
            "2026-12-01",
            Span::WorkingTime(300 * 3600),
            Counting::cn()
        )
        .1
    );
    assert!(!due(&china, "2026-12-28", Span::hours(24 * 90), Counting::cn()).1);
    assert!(due(&china, "2003-12-31", Span::WorkingDays(1), Counting::cn()).1);
    assert!(!china.covers(day("2027-01-01")) && china.covers(day("2004-01-01")));
    // Dates that neither roll nor end when work does come whatever the holidays; those that do one of the two may move.
    let (close, midnight) = (Ends::CloseOfBusiness, Ends::EndOfDay);
    let six = chrono::NaiveTime::from_hms_opt(18, 0, 0);
    for (roll, ends, at, moves) in [
        (Roll::None, midnight, None, false),
        (Roll::None, close, None, true),
        (Roll::None, close, six, false),
        (Roll::NextWorking, midnight, None, true),
        (Roll::PrevWorking, close, six, true),
    ] {
        let counting = Counting {
            roll,
            ends,
            at,
            ..Counting::cn()
        };
        let (_, provisional) = due(&china, "2026-12-28", Span::CalendarDays(9), counting);
        assert_eq!(provisional, moves, "{counting:?}");
    }
}

/// A last day that rolls back hangs on whether people work on the day itself, though the day that takes its place is known: at the end of
/// 2022 nobody knew yet whether they would on New Year's Day, a Sunday. So does what runs on from it, or is the latest of several.
#[test]
fn a_day_rolled_back_out_of_the_unknown_is_provisional() {
    let hours = &["09:00-12:00", "14:00-18:00"];
    let office = office(
        "Asia/Shanghai",
        hours,
        &DayTable::cn_as_known(day("2022-12-01")),
    );
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    for (days, expected) in [(2, ("2022-12-30", false)), (3, ("2022-12-30", true))] {
        let span = Span::CalendarDays(days);
        let found = due(&office, "2022-12-29", span.clone(), back);
        assert_eq!(found, (expected.0.to_owned(), expected.1), "{days} days");
        let latest = Span::Latest(vec![span.clone(), Span::hours(36)]);
        assert_eq!(due(&office, "2022-12-29", latest, back).1, expected.1);
        let longer = Term {
            anchor: at("2022-12-29T10:00:00+08:00"),
            span,
            counting: back,
            extensions: vec![Span::hours(1)],
        };
        let found = longer.due(&office, &Pauses::none()).unwrap().unwrap();
        assert_eq!(found.at, at("2022-12-30T19:00:00+08:00"));
        assert_eq!(found.provisional, expected.1);
        let why = longer.explain(&office, &[]).unwrap();
        let first = day("2023-01-01");
        let unknown = expected.1.then_some(Coverage {
            from: first,
            to: first,
        });
        assert_eq!(why.unknown, unknown);
    }
}

/// What ends later now may come to be the earliest: should 2 January 2023 be a holiday, as it came to be, four days roll back to 30 December, to before
/// what ends on New Year's Eve. What ends no later than work did on the thirtieth ends then, whatever becomes of January.
#[test]
fn another_day_that_may_roll_back_before_the_earliest_makes_it_provisional() {
    let hours = &["09:00-12:00", "14:00-18:00"];
    let known = DayTable::cn_as_known(day("2022-12-01"));
    let (then, now) = (
        office("Asia/Shanghai", hours, &known),
        office("Asia/Shanghai", hours, &DayTable::cn()),
    );
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    let received = at("2022-12-29T10:00:00+08:00");
    let close = at("2022-12-30T18:00:00+08:00");
    for (hours, end, provisional) in [
        (60, "2022-12-31T22:00:00+08:00", true),
        (33, "2022-12-30T19:00:00+08:00", true),
        (32, "2022-12-30T18:00:00+08:00", false),
        (24, "2022-12-30T10:00:00+08:00", false),
    ] {
        let spans = vec![Span::CalendarDays(4), Span::hours(hours)];
        let term = Term::new(received, Span::Earliest(spans), back);
        let due = |office: &Calendar| term.due(office, &Pauses::none()).unwrap().unwrap();
        let found = (due(&then).at, due(&then).provisional);
        assert_eq!(found, (at(end), provisional), "{hours} hours");
        let expected = (at(end).min(close), false);
        let found = (due(&now).at, due(&now).provisional);
        assert_eq!(found, expected, "{hours} hours");
        let why = term.explain(&then, &[]).unwrap();
        let unknown = provisional.then_some(Coverage {
            from: day("2023-01-01"),
            to: day("2023-01-02"),
        });
        assert_eq!(why.unknown, unknown, "{hours} hours");
    }
    // A day that rolls on ends no earlier, whatever becomes of January.
    let spans = vec![Span::CalendarDays(4), Span::hours(60)];
    let on = Term::new(received, Span::Earliest(spans), Counting::cn());
    let due = on.due(&then, &Pauses::none()).unwrap().unwrap();
    let end = at("2022-12-31T22:00:00+08:00");
    assert_eq!((due.at, due.provisional), (end, false));
}

/// How many days people worked, as counted by others; the last day of 2005 was a worked Saturday by the notice for 2006.
#[test]
fn china_working_days_of_each_year() {
    let china = china();
    let years = [
        (2004, 252),
        (2005, 251),
        (2006, 251),
        (2007, 249),
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ];
    for (year, count) in years {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        assert_eq!(
            china.working_days_between(first(year), first(year + 1)),
            count,
            "{year}"
        );
    }
    let make_up = [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
        "2005-12-31",
    ];
    assert!(
        make_up
            .iter()
            .all(|date| matches!(china.day(day(date)), Day::MakeUp(_)))
    );
    assert_eq!(china.day(day("2026-02-17")), Day::Holiday("春节"));
    assert_eq!(china.revision(), "cn@2025-11-04");
}

/// Three days of seven hours from the eve of National Day run over the holiday and onto the make-up Saturday.
#[test]
fn three_days_of_work_over_national_day() {
    let china = china();
    let from = at("2026-09-30T16:00:00+08:00");
    assert_eq!(
        china.add(from, 21 * 3600).unwrap(),
        at("2026-10-10T16:00:00+08:00")
    );
    assert_eq!(
        china.measure(from, at("2026-10-10T16:00:00+08:00")),
        21 * 3600
    );
    // An amount that ends with the shift is due with it.
    assert_eq!(
        china.add(from, 2 * 3600).unwrap(),
        at("2026-09-30T18:00:00+08:00")
    );
    assert_eq!(
        china.add(from, 2 * 3600 + 1).unwrap(),
        at("2026-10-08T09:00:01+08:00")
    );
}

/// Months end on the corresponding day, or on the last of a month without one (民法典 art. 202).
#[test]
fn months_end_on_the_corresponding_day() {
    let plain = office("Asia/Shanghai", &["09:00-17:00"], &DayTable::plain("plain"));
    let counting = Counting {
        roll: Roll::None,
        ..Counting::cn()
    };
    let due = |received, span| due(&plain, received, span, counting).0;
    assert_eq!(due("2026-01-31", Span::Months(1)), "2026-02-28");
    assert_eq!(due("2024-01-31", Span::Months(1)), "2024-02-29");
    assert_eq!(due("2024-02-29", Span::Years(1)), "2025-02-28");
    assert_eq!(due("2026-01-15", Span::Months(3)), "2026-04-15");
    assert_eq!(due("2026-01-15", Span::Weeks(2)), "2026-01-29");
    assert_eq!(
        due(
            "2026-01-15",
            Span::Latest(vec![Span::Weeks(2), Span::Months(1)])
        ),
        "2026-02-15"
    );
}

/// United Kingdom, freedom of information: a bank holiday in any part stops the count in all.
#[test]
fn uk_foi_heeds_the_holidays_of_every_part() {
    let hours = ["09:00-17:00"];
    let any = office("Europe/London", &hours, &DayTable::uk());
    let english = office("Europe/London", &hours, &DayTable::uk_england());
    let due =
        |office, received, n| due(office, received, Span::WorkingDays(n), Counting::uk_foi()).0;
    assert_eq!(due(&any, "2024-03-01", 20), "2024-04-03");
    assert_eq!(due(&english, "2024-03-01", 20), "2024-04-02");
    assert_eq!(due(&any, "2024-07-01", 20), "2024-07-30");
    assert_eq!(due(&any, "2025-12-22", 20), "2026-01-23");
    assert_eq!(due(&any, "2025-03-10", 5), "2025-03-18");
    assert_eq!(due(&english, "2025-03-10", 5), "2025-03-17");
    assert!(any.revision().starts_with("uk@"));
}

/// United States, freedom of information.
#[test]
fn us_foia_heeds_federal_holidays() {
    let office = office(
        "America/New_York",
        &["09:00-17:00"],
        &DayTable::us_federal(),
    );
    let due = |received| {
        due(
            &office,
            received,
            Span::WorkingDays(20),
            Counting::us_foia(),
        )
        .0
    };
    assert_eq!(due("2024-12-20"), "2025-01-22");
    assert_eq!(due("2025-06-10"), "2025-07-10");
}

/// Korea, civil complaints: from six days on the first day counts; up to five days are hours from the instant.
#[test]
fn kr_minwon_counts_the_first_day_or_hours() {
    let office = office("Asia/Seoul", &["09:00-18:00"], &DayTable::kr());
    let due = |days| {
        due(
            &office,
            "2024-09-10",
            Counting::kr_minwon_span(days),
            Counting::kr_minwon(),
        )
        .0
    };
    assert_eq!(due(7), "2024-09-23");
    assert_eq!(due(14), "2024-10-04");
    let immediately = Term::new(
        at("2024-09-13T16:30:00+09:00"),
        Counting::kr_minwon_span(0),
        Counting::kr_minwon(),
    );
    let due = immediately.due(&office, &Pauses::none()).unwrap().unwrap();
    assert_eq!(due.at, at("2024-09-19T10:30:00+09:00"));
}

/// A case received on Friday evening counts from Monday; "same day at six" is the day itself; no days at all end at once.
#[test]
fn the_four_sides_of_a_start() {
    let china = china();
    let due = |received: &str, span, counting| {
        Term::new(at(received), span, counting)
            .due(&china, &Pauses::none())
            .unwrap()
            .unwrap()
            .at
    };
    let (friday, monday) = ("2026-09-04T20:00:00+08:00", at("2026-09-07T18:00:00+08:00"));
    assert_eq!(due(friday, Span::WorkingDays(1), Counting::cn()), monday);
    assert_eq!(
        due(
            "2026-09-05T10:00:00+08:00",
            Span::WorkingDays(1),
            Counting::cn()
        ),
        monday
    );
    assert_eq!(
        due(friday, Span::WorkingDays(1), Counting::kr_minwon()),
        at("2026-09-08T00:00:00+08:00")
    );
    assert_eq!(
        due(friday, Span::WorkingDays(0), Counting::cn()),
        at(friday)
    );
    let six = Counting {
        at: chrono::NaiveTime::from_hms_opt(18, 0, 0),
        ..Counting::cn()
    };
    assert_eq!(
        due("2026-09-04T10:00:00+08:00", Span::CalendarDays(0), six),
        at("2026-09-04T18:00:00+08:00")
    );
    assert_eq!(due(friday, Span::CalendarDays(0), six), at(friday));
    let instant = Counting {
        day_one: DayOne::FromInstant,
        ends: Ends::SameTime,
        ..Counting::cn()
    };
    assert_eq!(
        due(friday, Span::WorkingDays(1), instant),
        at("2026-09-08T09:00:00+08:00")
    );
    assert_eq!(
        due("2026-09-04T15:30:00+08:00", Span::WorkingDays(1), instant),
        at("2026-09-07T15:30:00+08:00")
    );
}

/// Working days that end at the time of day at which they began end within the hours of the last one: no earlier than it opens, no later than
/// it closes. Other days end at the very time.
#[test]
fn the_same_time_of_a_working_day_lies_within_its_hours() {
    let china = china();
    let counting = Counting {
        ends: Ends::SameTime,
        roll: Roll::None,
        ..Counting::cn()
    };
    for (began, ends) in [
        ("07:00", "09:00"),
        ("13:00", "13:00"),
        ("15:30", "15:30"),
        ("20:00", "18:00"),
    ] {
        let friday = at(&format!("2026-09-04T{began}:00+08:00"));
        let due = |span| {
            let due = Term::new(friday, span, counting).due(&china, &Pauses::none());
            due.unwrap().unwrap().at
        };
        let monday = at(&format!("2026-09-07T{ends}:00+08:00"));
        assert_eq!(due(Span::WorkingDays(1)), monday, "{began}");
        assert_eq!(due(Span::CalendarDays(3)), friday.plus(3 * 86_400));
    }
}

/// A rung after a due moment at midnight belongs to the date that ended, so it loses no day.
#[test]
fn a_rung_after_midnight_loses_no_day() {
    let china = china();
    let thursday = at("2026-09-04T00:00:00+08:00");
    let rung = after(&china, &Counting::uk_foi(), thursday, &Span::WorkingDays(1)).unwrap();
    assert_eq!(rung.at, at("2026-09-05T00:00:00+08:00"));
    let rung = after(
        &china,
        &Counting::kr_minwon(),
        thursday,
        &Span::WorkingDays(2),
    )
    .unwrap();
    assert_eq!(rung.at, at("2026-09-08T00:00:00+08:00"));
}

/// A promise to the end of the last of March is a limit set to a moment, midnight. What is counted from it in days is counted from the last of
/// March: an extension, a reminder before, a notice after.
#[test]
fn a_promise_ends_with_the_day_it_names() {
    let china = china();
    let none = Pauses::none();
    let instant = Counting {
        day_one: DayOne::FromInstant,
        ends: Ends::SameTime,
        roll: Roll::None,
        at: None,
    };
    let (given, end) = (
        at("2026-03-03T09:00:00+08:00"),
        at("2026-04-01T00:00:00+08:00"),
    );
    let term = Term::new(given, Span::Elapsed(end.since(given)), instant);
    assert_eq!(term.due(&china, &none).unwrap().unwrap().at, end);
    for (granted, due) in [
        (Span::CalendarDays(1), "2026-04-02T00:00:00+08:00"),
        (Span::WorkingDays(1), "2026-04-01T18:00:00+08:00"),
        (Span::Weeks(1), "2026-04-08T00:00:00+08:00"),
        (Span::Months(1), "2026-05-01T00:00:00+08:00"),
        (Span::hours(24), "2026-04-02T00:00:00+08:00"),
    ] {
        let longer = Term {
            extensions: vec![granted.clone()],
            ..term.clone()
        };
        let found = longer.due(&china, &none).unwrap().unwrap().at;
        assert_eq!(found, at(due), "{granted} more");
    }
    for (before, comes) in [
        (Span::CalendarDays(1), "2026-03-31T00:00:00+08:00"),
        (Span::hours(24), "2026-03-31T00:00:00+08:00"),
        (Span::Weeks(1), "2026-03-25T00:00:00+08:00"),
        (Span::WorkingDays(5), "2026-03-24T18:00:00+08:00"),
    ] {
        let found = term.before(&china, &none, &before).unwrap();
        assert_eq!(found, Some(at(comes)), "{before} before");
    }
    for (later, comes) in [
        (Span::WorkingDays(1), "2026-04-01T18:00:00+08:00"),
        (Span::WorkingDays(2), "2026-04-02T18:00:00+08:00"),
        (Span::CalendarDays(2), "2026-04-02T18:00:00+08:00"),
        (Span::hours(24), "2026-04-02T00:00:00+08:00"),
    ] {
        let found = after_due(&china, &Counting::cn(), &none, end, &later)
            .unwrap()
            .unwrap();
        assert_eq!(found.at, at(comes), "{later} after");
    }
    // Held up over the first of April, it comes a day later.
    let held = none.clone().with(
        at("2026-04-01T09:00:00+08:00"),
        Some(at("2026-04-02T09:00:00+08:00")),
    );
    let found = after_due(&china, &Counting::cn(), &held, end, &Span::WorkingDays(2)).unwrap();
    assert_eq!(found.unwrap().at, at("2026-04-03T18:00:00+08:00"));
    let open = none.with(at("2026-04-01T09:00:00+08:00"), None);
    let found = after_due(&china, &Counting::cn(), &open, end, &Span::WorkingDays(2)).unwrap();
    assert_eq!(found, None);
}

/// Midnight is the end of a limit, but of what was done in that very second it is the beginning of a day, which does not count. A rule that ends
/// its days at 00:00 has them end as they begin; days that run from the instant are not counted by dates.
#[test]
fn midnight_is_the_end_of_a_limit_and_the_beginning_of_a_day() {
    let china = china();
    let wednesday = at("2026-04-01T00:00:00+08:00");
    let day = Span::WorkingDays(1);
    let cn = Counting::cn();
    let early = Counting {
        at: chrono::NaiveTime::from_hms_opt(0, 0, 0),
        ..cn
    };
    let running = Counting {
        day_one: DayOne::FromInstant,
        ends: Ends::SameTime,
        ..cn
    };
    for (counting, of_a_limit, of_a_deed) in [
        (cn, "2026-04-01T18:00:00+08:00", "2026-04-02T18:00:00+08:00"),
        (
            early,
            "2026-04-02T00:00:00+08:00",
            "2026-04-02T00:00:00+08:00",
        ),
        (
            running,
            "2026-04-02T09:00:00+08:00",
            "2026-04-02T09:00:00+08:00",
        ),
    ] {
        let found = after_due(&china, &counting, &Pauses::none(), wednesday, &day).unwrap();
        assert_eq!(found.unwrap().at, at(of_a_limit), "{counting:?}");
        let found = after(&china, &counting, wednesday, &day).unwrap();
        assert_eq!(found.at, at(of_a_deed), "{counting:?}");
    }
}

/// A last day that would roll back to one at whose close the clock stood still rolls on to the next that runs: no limit ends in a pause.
#[test]
fn no_limit_rolls_back_into_a_pause() {
    let office = office("Asia/Shanghai", &["09:00-17:00"], &DayTable::plain("week"));
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    let term = Term::new(at("2026-03-02T10:00:00+08:00"), Span::CalendarDays(4), back);
    let friday = at("2026-03-06T12:00:00+08:00");
    let pause = |until| Pauses::none().with(friday, until);
    let due = |pauses: &Pauses| term.due(&office, pauses).unwrap().map(|due| due.at);
    assert_eq!(due(&Pauses::none()), Some(at("2026-03-06T17:00:00+08:00")));
    let sunday = Some(at("2026-03-08T12:00:00+08:00"));
    assert_eq!(due(&pause(sunday)), Some(at("2026-03-09T17:00:00+08:00")));
    assert_eq!(due(&pause(None)), None);
    // Held up on the Monday as well, it ends on Tuesday.
    let twice = pause(sunday).with(
        at("2026-03-09T12:00:00+08:00"),
        Some(at("2026-03-10T08:00:00+08:00")),
    );
    assert_eq!(due(&twice), Some(at("2026-03-10T17:00:00+08:00")));
}

/// Berlin at the turn of the clocks, nine to five every day: stepping by 86 400 seconds gives 27 hours, and 11.
#[test]
fn days_are_dates_not_86400_seconds() {
    let hours = Hours::new(std::array::from_fn(|_| {
        vec!["09:00-17:00".parse().unwrap()]
    }));
    let berlin = Calendar::new(
        "Europe/Berlin".parse().unwrap(),
        hours,
        &DayTable::plain("daily"),
    )
    .unwrap();
    assert_eq!(
        berlin.measure(
            at("2026-10-25T00:30:00+02:00"),
            at("2026-10-27T12:00:00+01:00")
        ),
        19 * 3600
    );
    assert_eq!(
        berlin.measure(
            at("2026-03-28T23:30:00+01:00"),
            at("2026-03-31T12:00:00+02:00")
        ),
        19 * 3600
    );
}

/// A share of so many working days is so many of them, and ends when such a day does: two in five of five days from Monday morning are over on
/// Wednesday evening, where two fifths of the hours between would be over at noon.
#[test]
fn a_share_of_days_is_counted_in_days() {
    let monday = at("2026-03-02T10:00:00+08:00");
    let week = Term::new(monday, Span::WorkingDays(5), Counting::cn());
    let share = week.share(&china(), &Pauses::none(), 40).unwrap();
    assert_eq!(share, Some(at("2026-03-04T18:00:00+08:00")));
}

/// A share of days with more days added is one of all of them, rounded up; of units that do not add up, of the working hours in between; of
/// several spans, that of each, of which the earliest or the latest holds. A share of more than all lies beyond the limit.
#[test]
fn shares_of_sums_and_of_choices() {
    let monday = at("2026-03-02T10:00:00+08:00");
    let share = |span: Span, extension: Span, percent, pauses: &Pauses| {
        let extensions = vec![extension];
        let counting = Counting::cn();
        let term = Term {
            anchor: monday,
            span,
            counting,
            extensions,
        };
        term.share(&china(), pauses, percent).unwrap()
    };
    let none = Pauses::none();
    let (three, two) = (Span::WorkingDays(3), Span::WorkingDays(2));
    let wednesday = at("2026-03-04T18:00:00+08:00");
    assert_eq!(
        share(three.clone(), two.clone(), 40, &none),
        Some(wednesday)
    );
    assert_eq!(share(three, two, 50, &none), Some(wednesday.plus(86_400)));
    let mixed = share(Span::WorkingDays(1), Span::working_hours(7), 50, &none);
    assert_eq!(mixed, Some(at("2026-03-03T15:00:00+08:00")));
    // Of 307 working hours until the sixth of May.
    let months = share(Span::Months(1), Span::Months(1), 1, &none);
    assert_eq!(months, Some(at("2026-03-02T15:04:12+08:00")));

    let spans = || vec![Span::hours(2), Span::hours(6)];
    let hours = |n: i64| Some(monday.plus(n * 3600));
    let of = |span, percent, pauses: &Pauses| {
        Term::new(monday, span, Counting::cn())
            .share(&china(), pauses, percent)
            .unwrap()
    };
    assert_eq!(of(Span::Earliest(spans()), 50, &none), hours(1));
    assert_eq!(of(Span::Latest(spans()), 50, &none), hours(3));
    let held = Pauses::none().with(monday.plus(2 * 3600), None);
    assert_eq!(of(Span::Earliest(spans()), 50, &held), hours(1));
    assert_eq!(of(Span::Latest(spans()), 50, &held), None);
    assert_eq!(of(Span::hours(2), 150, &none), hours(3));
    // Of a month, its 31 dates.
    let half = of(Span::Months(1), 50, &none);
    assert_eq!(half, Some(at("2026-03-18T18:00:00+08:00")));
    // Six days end on a Sunday and roll back to Friday, and so do two more: there most of the eight days end, too.
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    let mut term = Term::new(monday, Span::CalendarDays(6), back);
    term.extensions = vec![Span::CalendarDays(2)];
    let most = term.share(&china(), &none, 90).unwrap();
    assert_eq!(most, Some(at("2026-03-06T18:00:00+08:00")));
    assert_eq!(most, term.due(&china(), &none).unwrap().map(|due| due.at));
}

/// What is left is told in the unit of the limit, by its own clock; of several spans, in that of the one that decides. Days are those whose
/// close is yet to come, today among them; after the due moment they are those that have passed since.
#[test]
fn what_is_left_is_told_in_the_unit_of_the_limit() {
    let monday = at("2026-03-02T10:00:00+08:00");
    let (wednesday, next) = (
        at("2026-03-04T11:00:00+08:00"),
        at("2026-03-11T11:00:00+08:00"),
    );
    let stays = Counting {
        roll: Roll::None,
        ..Counting::cn()
    };
    let both = || vec![Span::WorkingDays(5), Span::CalendarDays(6)];
    for (span, unit, early, late) in [
        (Span::hours(72), Unit::Elapsed, 23 * 3600, -145 * 3600),
        (
            Span::working_hours(21),
            Unit::WorkingTime,
            6 * 3600,
            -29 * 3600,
        ),
        (Span::WorkingDays(5), Unit::WorkingDays, 4, -1),
        (Span::CalendarDays(6), Unit::CalendarDays, 5, -2),
        (Span::Weeks(1), Unit::CalendarDays, 6, -1),
        (Span::Earliest(both()), Unit::CalendarDays, 5, -2),
        (Span::Latest(both()), Unit::WorkingDays, 4, -1),
    ] {
        let term = Term::new(monday, span.clone(), stays);
        for (at, amount, overdue) in [(wednesday, early, false), (next, late, true)] {
            let left = term.left(&china(), &Pauses::none(), at).unwrap();
            assert_eq!(
                left,
                Left {
                    unit,
                    amount,
                    overdue
                },
                "{span}"
            );
        }
        // While the clock stands still, so does what is left.
        let held = Pauses::none().with(wednesday, None);
        let left = term.left(&china(), &held, next).unwrap();
        assert_eq!((left.amount, left.overdue), (early, false), "{span}");
    }
}

/// "The same day at six" has no days to share, so its share is one of the working hours until six; on a Saturday, of the hours there are.
#[test]
fn a_share_of_no_days_is_one_of_the_hours_until_they_end() {
    let six = Counting {
        at: chrono::NaiveTime::from_hms_opt(18, 0, 0),
        ..Counting::cn()
    };
    for (from, half) in [
        ("2026-03-02T10:00:00+08:00", "2026-03-02T15:00:00+08:00"),
        ("2026-03-07T10:00:00+08:00", "2026-03-07T14:00:00+08:00"),
        ("2026-03-02T20:00:00+08:00", "2026-03-02T20:00:00+08:00"),
    ] {
        for nothing in [Span::CalendarDays(0), Span::Weeks(0)] {
            let today = Term::new(at(from), nothing, six);
            let share = today.share(&china(), &Pauses::none(), 50).unwrap();
            assert_eq!(share, Some(at(half)), "{from}");
        }
    }
}

/// So long before a limit as it is long is where it began, whatever hour its days end at; and what was added last is taken off first.
#[test]
fn as_long_before_a_limit_as_it_is_long_is_where_it_began() {
    let six = Counting {
        at: chrono::NaiveTime::from_hms_opt(18, 0, 0),
        ..Counting::cn()
    };
    let monday = at("2026-03-02T10:00:00+08:00");
    let mut term = Term::new(monday, Span::WorkingDays(5), six);
    let before = |term: &Term, span: Span| {
        term.before(&china(), &Pauses::none(), &span)
            .unwrap()
            .unwrap()
    };
    assert_eq!(
        before(&term, Span::WorkingDays(4)),
        at("2026-03-03T18:00:00+08:00")
    );
    assert_eq!(before(&term, Span::WorkingDays(5)), monday);
    assert_eq!(before(&term, Span::WorkingDays(6)), monday);
    term.extensions = vec![Span::working_hours(2), Span::WorkingDays(3)];
    assert_eq!(
        before(&term, Span::WorkingDays(2)),
        at("2026-03-11T18:00:00+08:00")
    );
    assert_eq!(
        before(&term, Span::WorkingDays(3)),
        at("2026-03-10T11:00:00+08:00")
    );
    // Five days before: three off the end, and two days before the tenth of March.
    assert_eq!(
        before(&term, Span::WorkingDays(5)),
        at("2026-03-06T18:00:00+08:00")
    );
}

/// No time before a limit is the limit, in whatever unit that nothing is told.
#[test]
fn nothing_before_a_limit_is_the_limit() {
    let monday = at("2026-03-02T10:00:00+08:00");
    let week = Term::new(monday, Span::WorkingDays(5), Counting::cn());
    for nothing in [Span::Elapsed(0), Span::WorkingTime(0), Span::WorkingDays(0)] {
        let before = week.before(&china(), &Pauses::none(), &nothing).unwrap();
        assert_eq!(before, Some(at("2026-03-09T18:00:00+08:00")), "{nothing}");
    }
    // Of several spans before it, the one that reaches back the furthest holds, or the one that does so the least.
    let hour = at("2026-03-09T17:00:00+08:00");
    for nothing in [Span::Elapsed(0), Span::WorkingTime(0)] {
        let both = vec![nothing, Span::working_hours(1)];
        let before = |span| week.before(&china(), &Pauses::none(), &span).unwrap();
        assert_eq!(before(Span::Latest(both.clone())), Some(hour));
        assert_eq!(before(Span::Earliest(both)), Some(hour.plus(3600)));
    }
    let behind = Span::Elapsed(-60);
    assert!(week.before(&china(), &Pauses::none(), &behind).is_err());
}

/// A calendar keeps its counts in stretches of not quite 15 years. From every date of so many years, a few working days to either side are what a
/// walk from date to date finds: also over the border of two stretches, wherever it lies.
#[test]
fn working_days_are_counted_over_the_borders_of_what_is_kept() {
    let china = china();
    let first = day("2012-01-01").to_epoch_days();
    for from in (first..first + 5_500).filter_map(NaiveDate::from_epoch_days) {
        for n in [-3i64, -1, 1, 3] {
            let mut date = from;
            let mut left = n.abs();
            while left > 0 {
                date = if n < 0 {
                    date.pred_opt()
                } else {
                    date.succ_opt()
                }
                .unwrap();
                left -= i64::from(china.day(date).is_working());
            }
            let found = china.nth_working_day_after(from, n).unwrap();
            assert_eq!(found, date, "{n} from {from}");
        }
    }
}

/// Time of work is taken off as it was put on, also back over the borders of the stretches in which a calendar keeps its counts.
#[test]
fn time_of_work_is_taken_off_over_the_borders_of_what_is_kept() {
    let office = office("UTC", &["09:00-17:00"], &DayTable::plain("x"));
    let end = at("2026-09-28T10:00:00Z");
    for year in 1960..2026 {
        let begin = office
            .next_open(at(&format!("{year}-09-01T12:00:00Z")))
            .unwrap();
        let seconds = office.measure(begin, end);
        assert_eq!(office.sub(end, seconds).unwrap(), begin, "{year}");
    }
}

/// A rung in days before a limit in hours is counted back over the dates on which the clock stood still, and stands where the clock had so many days
/// left.
#[test]
fn a_rung_of_days_is_counted_back_over_a_pause() {
    let same = Counting {
        ends: Ends::SameTime,
        roll: Roll::None,
        ..Counting::cn()
    };
    let term = Term::new(at("2026-01-01T10:00:00Z"), Span::hours(480), same);
    let always = Calendar::always("UTC".parse().unwrap());
    let pauses = Pauses::none().with(at("2026-01-05T00:00:00Z"), Some(at("2026-01-08T00:00:00Z")));
    let due = term.due(&always, &pauses).unwrap().unwrap();
    assert_eq!(due.at, at("2026-01-24T10:00:00Z"));
    for (days, expected) in [
        (1, "2026-01-23T10:00:00Z"),
        (16, "2026-01-08T10:00:00Z"),
        (17, "2026-01-04T10:00:00Z"),
        (18, "2026-01-03T10:00:00Z"),
        (20, "2026-01-01T10:00:00Z"),
        (21, "2026-01-01T10:00:00Z"),
    ] {
        let rung = term.before(&always, &pauses, &Span::CalendarDays(days));
        assert_eq!(rung.unwrap(), Some(at(expected)), "{days}");
    }
}

/// Weeks before a limit are seven days each: off a limit in days, and back from one in working days.
#[test]
fn weeks_before_a_limit_are_seven_days_each() {
    let stays = Counting {
        roll: Roll::None,
        ..Counting::cn()
    };
    let monday = at("2026-03-02T10:00:00+08:00");
    for (span, weeks, expected) in [
        (Span::CalendarDays(18), 1, "2026-03-13T18:00:00+08:00"),
        (Span::CalendarDays(18), 2, "2026-03-06T18:00:00+08:00"),
        (Span::WorkingDays(15), 1, "2026-03-16T18:00:00+08:00"),
        (Span::WorkingDays(15), 2, "2026-03-09T18:00:00+08:00"),
    ] {
        let term = Term::new(monday, span.clone(), stays);
        let rung = term.before(&china(), &Pauses::none(), &Span::Weeks(weeks));
        assert_eq!(
            rung.unwrap(),
            Some(at(expected)),
            "{weeks} weeks before {span}"
        );
    }
}

/// A year before a limit is twelve months, of which as many are taken off as the limit has: what is left of them is counted from its beginning.
#[test]
fn years_before_a_limit_are_twelve_months_each() {
    let stays = Counting {
        roll: Roll::None,
        ..Counting::cn()
    };
    let plain = office("Asia/Shanghai", &["09:00-17:00"], &DayTable::plain("plain"));
    let began = at("2026-01-15T10:00:00+08:00");
    for (span, rung, expected) in [
        (Span::Years(2), Span::Months(3), "2027-10-15T17:00:00+08:00"),
        (Span::Years(2), Span::Years(1), "2027-01-15T17:00:00+08:00"),
        (
            Span::Months(18),
            Span::Years(1),
            "2026-07-15T17:00:00+08:00",
        ),
        (
            Span::Months(12),
            Span::Years(1),
            "2026-01-15T10:00:00+08:00",
        ),
        (
            Span::Months(13),
            Span::Years(1),
            "2026-02-16T00:00:00+08:00",
        ),
    ] {
        let term = Term::new(began, span.clone(), stays);
        let before = term.before(&plain, &Pauses::none(), &rung).unwrap();
        assert_eq!(before, Some(at(expected)), "{rung} before {span}");
    }
}

/// No days before a limit that ends in the evening are that evening, and not when work ended that day.
#[test]
fn no_days_before_an_evening_are_the_evening() {
    let term = Term::new(
        at("2026-03-02T10:00:00+08:00"),
        Span::hours(34),
        Counting::cn(),
    );
    let evening = at("2026-03-03T20:00:00+08:00");
    for nothing in [
        Span::WorkingDays(0),
        Span::CalendarDays(0),
        Span::Weeks(0),
        Span::Months(0),
    ] {
        let both = vec![nothing.clone(), Span::hours(1)];
        let before = |span| term.before(&china(), &Pauses::none(), &span).unwrap();
        assert_eq!(
            before(Span::Earliest(both.clone())),
            Some(evening),
            "{nothing}"
        );
        assert_eq!(
            before(Span::Latest(both)),
            Some(evening.plus(-3600)),
            "{nothing}"
        );
    }
}

/// A day that ends at the same time as the limit began is over for a limit in working days when work ends, and for one in days at that time.
#[test]
fn a_day_is_left_until_it_closes() {
    let same = Counting {
        ends: Ends::SameTime,
        roll: Roll::None,
        ..Counting::cn()
    };
    let (evening, seven) = (
        at("2026-03-02T20:00:00+08:00"),
        at("2026-03-04T19:00:00+08:00"),
    );
    for (span, amount) in [(Span::WorkingDays(5), 3), (Span::CalendarDays(5), 4)] {
        let term = Term::new(evening, span.clone(), same);
        let left = term.left(&china(), &Pauses::none(), seven).unwrap();
        assert_eq!((left.amount, left.overdue), (amount, false), "{span}");
    }
}

/// A pause that is over as a limit begins is none of it, though the first day counts and was closed by then.
#[test]
fn a_pause_that_is_over_as_a_limit_begins_changes_nothing() {
    let first = Counting {
        day_one: DayOne::Include,
        roll: Roll::None,
        ..Counting::cn()
    };
    let evening = at("2026-03-02T20:00:00+08:00");
    let term = Term::new(evening, Span::CalendarDays(3), first);
    let before = Pauses::none().with(at("2026-03-02T17:00:00+08:00"), Some(evening));
    for pauses in [Pauses::none(), before] {
        let due = term.due(&china(), &pauses).unwrap().unwrap();
        assert_eq!(due.at, at("2026-03-04T18:00:00+08:00"));
    }
}

/// Where the clock jumped over noon, as it did in Khartoum, the date was there all the same: it was worked on, but for the hour, and limits end on it.
#[test]
fn a_date_without_a_noon_is_a_date() {
    let zone = "Africa/Khartoum".parse().unwrap();
    let hours = Hours::new(std::array::from_fn(|_| {
        vec!["09:00-17:00".parse().unwrap()]
    }));
    let calendar = Calendar::new(zone, hours, &DayTable::plain("x")).unwrap();
    let (from, until) = (
        at("2000-01-15T00:00:00+02:00"),
        at("2000-01-16T00:00:00+03:00"),
    );
    assert_eq!(calendar.measure(from, until), 7 * 3600);
    let ends = Counting {
        ends: Ends::EndOfDay,
        roll: Roll::None,
        ..Counting::cn()
    };
    let term = Term::new(at("1999-12-15T10:00:00+02:00"), Span::Months(1), ends);
    let due = term.due(&calendar, &Pauses::none()).unwrap().unwrap();
    assert_eq!(due.at, until);
}

/// The American twenty days run from receipt by the component in charge, and from ten working days after any component had the request at the latest.
#[test]
fn us_foia_runs_from_the_component_in_charge_or_after_ten_working_days() {
    let office = office(
        "America/New_York",
        &["09:00-17:00"],
        &DayTable::plain("week"),
    );
    let start = |component: Option<&str>| {
        let component = component.map(day);
        Counting::us_foia_start(&office, day("2024-03-01"), component).unwrap()
    };
    assert_eq!(start(Some("2024-03-06")), day("2024-03-06"));
    assert_eq!(start(Some("2024-03-15")), day("2024-03-15"));
    assert_eq!(start(Some("2024-03-18")), day("2024-03-15"));
    assert_eq!(start(None), day("2024-03-15"));
}

/// A last day that rolls back rolls to the working day before, whatever the clock stood still for earlier: only a pause at that day's own close holds
/// it up.
#[test]
fn a_last_day_rolls_back_over_what_was_paused_before() {
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    let term = Term::new(
        at("2026-03-02T10:00:00+08:00"),
        Span::CalendarDays(10),
        back,
    );
    let due = |pauses: &Pauses| term.due(&china(), pauses).unwrap().map(|due| due.at);
    assert_eq!(due(&Pauses::none()), Some(at("2026-03-12T18:00:00+08:00")));
    // Two days later it is a Saturday.
    let pauses = Pauses::none().with(
        at("2026-03-04T00:00:00+08:00"),
        Some(at("2026-03-06T00:00:00+08:00")),
    );
    assert_eq!(due(&pauses), Some(at("2026-03-13T18:00:00+08:00")));
    let held = pauses.clone().with(
        at("2026-03-13T12:00:00+08:00"),
        Some(at("2026-03-13T20:00:00+08:00")),
    );
    assert_eq!(due(&held), Some(at("2026-03-16T18:00:00+08:00")));
    // Held up on Thursday it is a Sunday, and Friday counts where the clock runs in the last second of it.
    let until = |end: &str| {
        let thursday = at("2026-03-12T00:00:00+08:00");
        pauses.clone().with(thursday, Some(at(end)))
    };
    let in_time = until("2026-03-13T17:59:59+08:00");
    assert_eq!(due(&in_time), Some(at("2026-03-13T18:00:00+08:00")));
    let at_close = until("2026-03-13T18:00:00+08:00");
    assert_eq!(due(&at_close), Some(at("2026-03-16T18:00:00+08:00")));
}

/// A last day that rolls back to before the limit began leaves it to end as it begins, on the date that it runs from: nothing is left of it, and
/// what is added to it counts from that date on, as what follows it does, and not from the day before.
#[test]
fn a_last_day_that_rolls_back_to_before_the_limit_began() {
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    // The day after this Saturday rolls back to Friday; two days after it is a Monday.
    let (china, none) = (china(), Pauses::none());
    let saturday = at("2026-03-07T10:00:00+08:00");
    let monday = at("2026-03-09T18:00:00+08:00");
    let term = Term::new(saturday, Span::CalendarDays(1), back);
    assert_eq!(term.due(&china, &none).unwrap().unwrap().at, saturday);
    for (look, amount, overdue) in [
        (saturday, 0, false),
        (saturday.plus(1), 0, true),
        (at("2026-03-08T10:00:00+08:00"), 0, true),
        (monday, -2, true),
    ] {
        let left = term.left(&china, &none, look).unwrap();
        let expected = Left {
            unit: Unit::CalendarDays,
            amount,
            overdue,
        };
        assert_eq!(left, expected, "{look}");
    }
    let two = Span::CalendarDays(2);
    let after = after_due(&china, &back, &none, saturday, &two).unwrap();
    assert_eq!(after.unwrap().at, monday);
    let longer = Term {
        extensions: vec![two],
        ..term
    };
    assert_eq!(longer.due(&china, &none).unwrap().unwrap().at, monday);
    // So it does where Friday ends at the midnight with which Saturday begins.
    let midnight = Term {
        extensions: vec![Span::CalendarDays(2)],
        ..Term::new(
            at("2026-03-07T00:00:00+08:00"),
            Span::CalendarDays(1),
            Counting {
                ends: Ends::EndOfDay,
                ..back
            },
        )
    };
    let due = midnight.due(&china, &none).unwrap().unwrap();
    assert_eq!(due.at, at("2026-03-10T00:00:00+08:00"));
    // A night shift that has begun on the day before lasts into the limit, which ends with it.
    let night = office("Asia/Shanghai", &["22:00-06:00"], &DayTable::plain("night"));
    let early = Term::new(at("2026-03-07T02:00:00+08:00"), Span::CalendarDays(1), back);
    let due = early.due(&night, &none).unwrap().unwrap();
    assert_eq!(due.at, at("2026-03-07T06:00:00+08:00"));
    let left = early.left(&night, &none, due.at).unwrap();
    assert_eq!((left.amount, left.overdue), (0, false));
}

/// What comes after the working day that a last day rolls back to came too late to hold it up, even on the last day itself; what holds at the
/// close of that working day does.
#[test]
fn a_last_day_rolls_back_over_what_is_paused_after() {
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    // The sixth day is a Sunday.
    let term = Term::new(at("2026-03-02T10:00:00+08:00"), Span::CalendarDays(6), back);
    let china = china();
    let due = |pauses: &Pauses| term.due(&china, pauses).unwrap().map(|due| due.at);
    let friday = Some(at("2026-03-06T18:00:00+08:00"));
    let pause = |from: &str, until: Option<&str>| Pauses::none().with(at(from), until.map(at));
    assert_eq!(due(&Pauses::none()), friday);
    let monday = Some("2026-03-09T00:00:00+08:00");
    for from in [
        "2026-03-06T18:00:00+08:00",
        "2026-03-07T00:00:00+08:00",
        "2026-03-08T10:00:00+08:00",
    ] {
        assert_eq!(due(&pause(from, monday)), friday, "{from}");
        assert_eq!(due(&pause(from, None)), friday, "{from}");
    }
    // A second before, three of the days do not count, and Wednesday is the sixth.
    let held = "2026-03-06T17:59:59+08:00";
    let later = Some(at("2026-03-11T18:00:00+08:00"));
    assert_eq!(due(&pause(held, monday)), later);
    assert_eq!(due(&pause(held, None)), None);
}

/// Time before a limit in days is time for which the clock ran: a rung reaches back over a pause by as much as the clock has not run since.
#[test]
fn a_rung_of_time_is_counted_back_over_a_pause() {
    let plain = office("Asia/Shanghai", &["09:00-17:00"], &DayTable::plain("plain"));
    let began = "2026-03-02T10:00:00+08:00";
    let term = Term::new(at(began), Span::WorkingDays(5), Counting::cn());
    let pauses = Pauses::none().with(
        at("2026-03-05T09:00:00+08:00"),
        Some(at("2026-03-06T12:00:00+08:00")),
    );
    let due = term.due(&plain, &pauses).unwrap().unwrap();
    assert_eq!(due.at, at("2026-03-10T17:00:00+08:00"));
    for (rung, expected) in [
        (Span::hours(101), "2026-03-06T12:00:00+08:00"),
        (Span::hours(102), "2026-03-05T08:00:00+08:00"),
        (Span::hours(171), "2026-03-02T11:00:00+08:00"),
        (Span::hours(172), began),
        (Span::hours(173), began),
        (Span::working_hours(21), "2026-03-06T12:00:00+08:00"),
        (Span::working_hours(22), "2026-03-04T16:00:00+08:00"),
        (Span::working_hours(29), "2026-03-04T09:00:00+08:00"),
        (Span::working_hours(30), "2026-03-03T16:00:00+08:00"),
        (Span::working_hours(43), "2026-03-02T11:00:00+08:00"),
        (Span::working_hours(44), began),
        (Span::working_hours(45), began),
    ] {
        let found = term.before(&plain, &pauses, &rung).unwrap();
        assert_eq!(found, Some(at(expected)), "{rung}");
    }
}

/// So much work before a moment begins as late as it can: when people come back from a break, not when they went.
#[test]
fn work_before_a_moment_begins_after_the_break() {
    let china = china();
    let evening = at("2026-03-03T18:00:00+08:00");
    for (seconds, begins) in [
        (4 * 3600 - 1, "2026-03-03T14:00:01+08:00"),
        (4 * 3600, "2026-03-03T14:00:00+08:00"),
        (4 * 3600 + 1, "2026-03-03T11:59:59+08:00"),
        (7 * 3600, "2026-03-03T09:00:00+08:00"),
        (7 * 3600 + 1, "2026-03-02T17:59:59+08:00"),
        (11 * 3600, "2026-03-02T14:00:00+08:00"),
    ] {
        assert_eq!(china.sub(evening, seconds).unwrap(), at(begins));
    }
}
