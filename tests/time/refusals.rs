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

/// A make-up day without hours of its own has those of its season, or of the week without one: where neither has any it has none, and is refused
/// with its date and its name. An office that works in summer alone makes up in summer.
#[test]
fn a_day_opened_where_nobody_has_hours_is_refused() {
    let shut = || std::array::from_fn(|_| Vec::new());
    let open = || std::array::from_fn(|_| vec!["09:00-17:00".parse().unwrap()]);
    let summer = Hours::new(shut()).between("06-01", "08-31", open());
    let summer = summer.unwrap();
    let made_up = |date: &str| {
        let mut days = DayTable::plain("x");
        let opened = Opened {
            name: "extra".to_owned(),
            windows: None,
        };
        days.opened.insert(day(date), opened);
        Calendar::new(Zone::UTC, summer.clone(), &days)
    };
    for date in ["2026-06-01", "2026-08-31"] {
        assert!(made_up(date).is_ok(), "{date}");
    }
    for date in ["2026-01-03", "2026-05-31", "2026-09-01"] {
        let error = made_up(date).unwrap_err();
        assert!(
            matches!(
                &error,
                CalendarError::OpenedWithoutHours { date: of, name, .. }
                    if *of == day(date) && name == "extra"
            ),
            "{error}"
        );
    }
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
        "09:00:60-17:00",
        "9:00: 15-17:00",
        "9: 00-17:00",
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
    assert_eq!(said(""), "no time zone is called ``");
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
    for at in [Moment::MIN, Moment::MAX] {
        assert_eq!(Moment::parse(&at.to_string()).unwrap(), at);
        assert_eq!(Moment::from_unix(at.unix()).unwrap(), at);
    }
    assert!(Moment::from_unix(Moment::MIN.unix() - 1).is_err());
    assert!(Moment::from_unix(Moment::MAX.unix() + 1).is_err());
    let error = serde_json::from_str::<Moment>(r#""2026-01-01T08:00:00""#)
        .unwrap_err()
        .to_string();
    assert!(error.contains("add an offset"), "{error}");
    assert_eq!(
        serde_json::to_string(&Moment::parse("1969-12-31T23:59:58.7+00:00").unwrap()).unwrap(),
        r#""1969-12-31T23:59:58Z""#
    );
}

// No working time at all ends where it begins, in the hours and outside of them, and begins where it ends; less than that is none.
#[test]
fn no_working_time_ends_where_it_begins() {
    let office = Calendar::new(Zone::UTC, weekdays(), &DayTable::plain("week")).unwrap();
    for moment in ["2026-03-02T10:00:00Z", "2026-03-07T10:00:00Z"] {
        let moment = Moment::parse(moment).unwrap();
        assert_eq!(office.add(moment, 0).unwrap(), moment);
        assert_eq!(office.sub(moment, 0).unwrap(), moment);
        for seconds in [-1, -3600] {
            for refused in [office.add(moment, seconds), office.sub(moment, seconds)] {
                let error = refused.unwrap_err();
                assert!(
                    matches!(error, TimeError::Negative { seconds: of } if of == seconds),
                    "{error}"
                );
            }
        }
    }
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

/// What is as much as may be is taken, and what is one more is not: of windows and seasons, of characters in a name, of years, and of days
/// without work.
#[test]
fn the_most_that_is_taken() {
    let daily = || {
        Hours::new(std::array::from_fn(|_| {
            vec!["09:00-17:00".parse().unwrap()]
        }))
    };
    let plain = || DayTable::plain("x");
    let windows = |n: usize| vec!["09:00-17:00".parse::<Window>().unwrap(); n];
    let office = |hours, days: &DayTable| Calendar::new(Zone::UTC, hours, days).map(|_| ());
    let said = |read: Result<(), CalendarError>| read.unwrap_err().to_string();

    assert_eq!(office(Hours::weekdays(windows(48)), &plain()), Ok(()));
    let error = said(office(Hours::weekdays(windows(49)), &plain()));
    assert_eq!(error, "`mon` has 49 windows: it may have no more than 48");
    let week = || std::array::from_fn(|_| windows(1));
    let seasons = |n: usize| {
        (0..n).fold(daily(), |hours, _| {
            hours.between("05-01", "05-02", week()).unwrap()
        })
    };
    assert_eq!(office(seasons(64), &plain()), Ok(()));
    let error = said(office(seasons(65), &plain()));
    assert_eq!(
        error,
        "the week has 65 seasons: it may have no more than 64"
    );
    let crowded = daily().between("05-01", "05-02", std::array::from_fn(|_| windows(49)));
    let error = said(office(crowded.unwrap(), &plain()));
    assert_eq!(
        error,
        "`mon` in the season from 05-01 has 49 windows: it may have no more than 48"
    );

    let opened = |n: usize| {
        let (name, windows) = ("x".to_owned(), Some(windows(n)));
        let mut days = plain();
        days.opened
            .insert(day("2026-01-04"), Opened { name, windows });
        days.check()
    };
    assert_eq!(opened(48), Ok(()));
    let error = said(opened(49));
    assert_eq!(
        error,
        "2026-01-04 in calendar `x` has 49 windows: it may have no more than 48"
    );

    let named = |n: usize| DayTable::plain(&"x".repeat(n)).check();
    assert_eq!(named(500), Ok(()));
    assert!(said(named(501)).contains("longer than 500 characters"));
    let closed = |date: &str| {
        let mut days = plain();
        days.closed.insert(day(date), "x".to_owned());
        days.check()
    };
    assert_eq!(
        (closed("1800-01-01"), closed("2100-12-31")),
        (Ok(()), Ok(()))
    );
    assert!(said(closed("1799-12-31")).contains("only the years 1800 to 2100"));
    assert!(said(closed("2101-01-01")).contains("only the years 1800 to 2100"));
    let one = Coverage {
        from: day("2026-01-01"),
        to: day("2026-01-01"),
    };
    assert_eq!(
        DayTable {
            coverage: one,
            ..plain()
        }
        .check(),
        Ok(())
    );
    assert_eq!(measured(DayTable::MAX_BYTES), Ok(()));
    assert!(
        said(measured(DayTable::MAX_BYTES + 1)).contains("and a calendar no more than 1048576")
    );

    let shut = |n: u64| {
        let mut days = plain();
        days.closed = (0..n)
            .map(|n| (day("2026-01-05") + Days::new(n), "x".to_owned()))
            .collect();
        office(daily(), &days)
    };
    assert_eq!(shut(399), Ok(()));
    let error = said(shut(400));
    assert!(
        error.contains("no working time from 2026-01-05 to 2027-02-08: shorten"),
        "{error}"
    );
}

/// A table of so many bytes.
fn measured(bytes: usize) -> Result<(), CalendarError> {
    let mut text = serde_json::to_string(&DayTable::plain("x")).unwrap();
    text.push_str(&" ".repeat(bytes - text.len()));
    DayTable::from_json(&text).map(|_| ())
}

/// The same of the events of a file: how long one may last, how many days all may have, how deep components lie, and how long the names of
/// one date grow. An event that ends where it begins lasts a day.
#[test]
fn the_most_that_is_taken_of_events() {
    let read = |body: &str| {
        let file = format!("BEGIN:VCALENDAR\n{body}END:VCALENDAR\n");
        DayTable::from_ics("x", "1", Coverage::ALL, file.as_bytes())
    };
    let event = |lines: &str| format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n");
    let closed = |body: &str| read(body).unwrap().closed.len();
    let said = |body: &str| read(body).unwrap_err().to_string();

    assert_eq!(closed(&event("DTSTART:20260101\nDTEND:20260101")), 1);
    assert_eq!(closed(&event("DTSTART:20260101\nDURATION:P0D")), 1);
    assert!(said(&event("DTSTART:20260102\nDTEND:20260101")).contains("ends before it begins"));
    let hundred = event("DTSTART:20260101\nDURATION:P100D");
    assert_eq!(closed(&hundred), 100);
    assert!(said(&event("DTSTART:20260101\nDURATION:P101D")).contains("the event lasts 101 days"));
    let all = hundred.repeat(1_000);
    assert_eq!(closed(&all), 100);
    let error = said(&format!("{all}{}", event("DTSTART:20260101")));
    assert!(error.contains("more than 100000 days"), "{error}");

    let deep = |n: usize| ["BEGIN:X\n".repeat(n), "END:X\n".repeat(n)].concat();
    assert_eq!(closed(&deep(7)), 0);
    assert!(said(&deep(8)).contains("more than eight deep"));

    let named = |lengths: [usize; 2]| {
        let events =
            lengths.map(|n| event(&format!("DTSTART:20260101\nSUMMARY:{}", "x".repeat(n))));
        let table = read(&events.concat()).unwrap();
        table.closed[&day("2026-01-01")].chars().count()
    };
    // A name that has been told is not told again, so the longer one comes second.
    assert_eq!(named([99, 101]), 201);
    assert_eq!(named([99, 102]), 99);
    assert_eq!(named([101, 99]), 101);
}

/// A property stands within a calendar, neither before it nor after it.
#[test]
fn what_stands_outside_a_calendar_is_refused() {
    let calendar = "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n";
    let read = |file: &str| DayTable::from_ics("x", "1", Coverage::ALL, file.as_bytes());
    assert!(read(calendar).is_ok());
    for (line, file) in [
        (1, format!("VERSION:2.0\n{calendar}")),
        (4, format!("{calendar}DTSTART:20261001\n")),
    ] {
        let error = read(&file).unwrap_err().to_string();
        let said = format!("line {line}: a calendar begins with `BEGIN:VCALENDAR`");
        assert_eq!(error, said);
    }
}

/// What the official reads who keeps the files, all in one place: each message says what is wrong, where, and what would be right.
#[test]
fn the_messages_a_keeper_reads() {
    let head = r#"{ "id": "cn", "revision": "1", "coverage": { "from": "2026-01-01", "to": "2026-12-31" }"#;
    let table = |body: &str| DayTable::from_json(&format!("{head},\n  {body} }}"));
    let ics = |body: &str| {
        let file = format!("BEGIN:VCALENDAR\n{body}\nEND:VCALENDAR\n");
        DayTable::from_ics("cn", "1", Coverage::ALL, file.as_bytes())
    };
    let event = |lines: &str| ics(&format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT"));
    let notices = |files: &[&str]| DayTable::from_notices("cn", "1", files);
    let notice = |year: i32, days: &str| format!(r#"{{ "year": {year}, "days": [{days}] }}"#);
    let off = |date: &str| format!(r#"{{ "name": "x", "date": "{date}", "isOffDay": true }}"#);
    let hours = |week: &str| {
        Hours::from_json(&format!(r#"{{ "week": {{ {week} }} }}"#)).map(|_| DayTable::plain("x"))
    };
    let renamed = |id: &str, revision: &str| {
        let table = DayTable {
            revision: revision.to_owned(),
            ..DayTable::plain(id)
        };
        table.check().map(|()| table)
    };
    let new_year = off("2026-01-01");
    let whole = notice(2026, &new_year);
    let said = [
        ("empty", DayTable::from_json("")),
        ("cut off", DayTable::from_json(head)),
        ("missing", DayTable::from_json("{}")),
        ("nul", DayTable::from_json("\0")),
        (
            "nul in a text",
            table("\"closed\": { \"2026-10-01\": \"\0\" }"),
        ),
        ("unknown field", table(r#""holidays": {}"#)),
        ("no date", table(r#""closed": { "1 October": "国庆节" }"#)),
        ("no such date", table(r#""closed": { "2026-02-30": "x" }"#)),
        (
            "twice",
            table(r#""closed": { "2026-10-01": "x", "2026-10-01": "y" }"#),
        ),
        ("far away", table(r#""closed": { "3026-10-01": "x" }"#)),
        (
            "bad window",
            table(r#""opened": { "2026-10-10": { "name": "x", "windows": ["9-5"] } }"#),
        ),
        (
            "no window",
            table(r#""opened": { "2026-10-10": { "name": "国庆节", "windows": [] } }"#),
        ),
        ("deep", table(&format!(r#""closed": {}"#, "[".repeat(200)))),
        ("nameless", renamed(" ", "1")),
        ("control", renamed("cn", "1\n2")),
        ("too long", renamed(&"x".repeat(501), "1")),
        ("not a notice", notices(&[&whole, "[]"])),
        (
            "date twice",
            notices(&[&notice(2026, &format!("{new_year}, {new_year}"))]),
        ),
        ("wrong year", notices(&[&notice(2026, &off("2062-01-01"))])),
        ("same year", notices(&[&whole, &whole])),
        ("gap", notices(&[&whole, &notice(2028, &off("2028-01-01"))])),
        ("no notice", notices(&[])),
        (
            "no calendar",
            DayTable::from_ics("cn", "1", Coverage::ALL, b"{}"),
        ),
        (
            "another component",
            DayTable::from_ics("cn", "1", Coverage::ALL, b"BEGIN:VEVENT\n"),
        ),
        (
            "empty ics",
            DayTable::from_ics("cn", "1", Coverage::ALL, b""),
        ),
        (
            "cut off ics",
            DayTable::from_ics("cn", "1", Coverage::ALL, b"BEGIN:VCALENDAR\n"),
        ),
        (
            "not utf-8",
            DayTable::from_ics("cn", "1", Coverage::ALL, b"BEGIN:VCALENDAR\nSUMMARY:\xff\n"),
        ),
        ("no property", ics("国庆节")),
        (
            "stray end",
            DayTable::from_ics("cn", "1", Coverage::ALL, b"END:VEVENT\n"),
        ),
        ("crossed", ics("BEGIN:VEVENT")),
        ("nested", event("BEGIN:VEVENT")),
        ("no start", event("SUMMARY:x")),
        ("bad date", event("DTSTART:2026-10-01")),
        ("time of day", event("DTSTART:20261001T090000")),
        ("far date", event("DTSTART:30261001")),
        ("backwards", event("DTSTART:20261008\nDTEND:20261001")),
        ("hours", event("DTSTART:20261008\nDURATION:PT8H")),
        (
            "too long an event",
            event("DTSTART:20260101\nDTEND:20271001"),
        ),
        ("rule", event("DTSTART:20261001\nRRULE:FREQ=YEARLY")),
        ("wrong day", hours(r#""monday": []"#)),
        ("wrong hours", hours(r#""mon": ["09:00-25:00"]"#)),
        ("no text", hours(r#""mon": [9]"#)),
        ("huge", DayTable::from_json(&" ".repeat(10 << 20))),
        (
            "no zone",
            "Shanghai"
                .parse::<Zone>()
                .map(|_| DayTable::plain("x"))
                .map_err(CalendarError::from),
        ),
        ("noise", table("\"closed\": { \"\x7f\u{9b}2026\": \"x\" }")),
    ];
    let said: Vec<String> = said
        .into_iter()
        .map(|(what, read)| format!("{what}: {}", read.unwrap_err()))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    empty: line 1, column 0: the text ends too early: it is empty or cut off
    cut off: line 1, column 87: the text ends too early: it is empty or cut off
    missing: line 1, column 2: missing field `id`
    nul: line 1, column 1: here should stand a value, such as a text in quotes
    nul in a text: line 2, column 30: control character (\u0000-\u001F) found while parsing a string
    unknown field: line 2, column 12: unknown field `holidays`, expected one of `id`, `revision`, `source`, `coverage`, `closed`, `opened`
    no date: line 2, column 25: `1 October` is not a date: write it like `2026-10-01`
    no such date: line 2, column 26: `2026-02-30` is not a date: write it like `2026-10-01`
    twice: line 2, column 52: 2026-10-01 is listed twice: keep one entry
    far away: calendar `cn` lists 3026-10-01: only the years 1800 to 2100 may stand there
    bad window: line 2, column 60: `9-5` is not a window of the day: write it like `09:00-12:30`, with hours from 00:00 to 24:00
    no window: calendar `cn` opens 2026-10-10 (`国庆节`) without hours: give the date windows of its own, or leave `windows` out where the week has hours to lend
    deep: line 2, column 12: invalid type: sequence, expected dates, each once, like `{ "2026-10-01": … }`
    nameless: the day table has no id: a due moment must be able to name the calendar it was reckoned by
    control: the revision `1�2` of the day table holds a control character: it is written beside every due moment
    too long: the id `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` of the day table is longer than 500 characters: it is written beside every due moment
    not a notice: file 2: line 1, column 2: invalid length 0, expected a notice with `year` and `days`
    date twice: file 1: calendar `cn` lists 2026-01-01 twice: keep one entry
    wrong year: file 1: calendar `cn` lists 2062-01-01: only the years 2025 to 2027 may stand there
    same year: both file 1 and file 2 are the notice for 2026: join their days, or give the later one alone
    gap: calendar `cn` has no notice for 2027: give the files of all years from the first to the last
    no notice: calendar `cn` has no notice for any year: give the files of all years from the first to the last
    no calendar: line 1: `{}` is no property: a name and a value stand on either side of a colon
    another component: line 1: a calendar begins with `BEGIN:VCALENDAR`
    empty ics: line 1: a calendar begins with `BEGIN:VCALENDAR`
    cut off ics: line 1: `VCALENDAR` has no end: the file is cut off
    not utf-8: line 2: the line is not UTF-8
    no property: line 2: `国庆节` is no property: a name and a value stand on either side of a colon
    stray end: line 1: `END:VEVENT` ends nothing that has begun
    crossed: line 3: `END:VCALENDAR` comes before `END:VEVENT` for what began on line 2
    nested: line 3: an event begins within an event: end the one before with `END:VEVENT`
    no start: line 2: the event has no DTSTART
    bad date: line 3: `2026-10-01` is not a date: write it like `20261001`
    time of day: line 3: `20261001T090000` is more than a date: a holiday is whole days, written like `20261001`
    far date: line 3: `30261001` lies outside the years 1800 to 2100
    backwards: line 2: the event ends before it begins: DTEND is the day after its last
    hours: line 4: `PT8H` is not a length in whole days: write it like `P7D`, or give DTEND
    too long an event: line 2: the event lasts 638 days: a holiday lasts no more than 100
    rule: line 4: the event repeats by rule: list each of its days as an event
    wrong day: line 1, column 20: unknown field `monday`, expected one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`
    wrong hours: line 1, column 33: `09:00-25:00` is not a window of the day: write it like `09:00-12:30`, with hours from 00:00 to 24:00
    no text: line 1, column 21: invalid type: integer `9`, expected a window of the day like `09:00-12:30`
    huge: the text has 10485760 bytes, and a calendar no more than 1048576: leave out the years that are long past
    no zone: no time zone is called `Shanghai`, did you mean `Asia/Shanghai`?
    noise: line 2, column 23: `��2026` is not a date: write it like `2026-10-01`
    "#);
}
