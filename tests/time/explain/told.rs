//! Explanations as the person reads them who asked: in English, then in Chinese.

use duly::time::{
    Calendar, Closing, Counted, Counting, DayOne, DayTable, Derivation, Ends, Hours, Moment,
    NamedPause, Opened, Pauses, Roll, Span, Standing, Term,
};
use insta::assert_snapshot;

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn office(zone: &str, windows: &[&str], days: &DayTable) -> Calendar {
    let windows = windows.iter().map(|window| window.parse().unwrap());
    Calendar::new(
        zone.parse().unwrap(),
        Hours::weekdays(windows.collect()),
        days,
    )
    .unwrap()
}

fn china() -> Calendar {
    office(
        "Asia/Shanghai",
        &["09:00-12:00", "14:00-18:00"],
        &DayTable::cn(),
    )
}

fn cn(received: &str, span: Span) -> Term {
    Term::new(at(received), span, Counting::cn())
}

fn pause(from: &str, until: Option<&str>, reason: &str) -> NamedPause {
    NamedPause {
        from: at(from),
        until: until.map(at),
        reason: reason.to_owned(),
    }
}

fn both(why: &Derivation) -> String {
    format!("{}\n\n{}", why.en(), why.zh())
}

fn china_says(term: &Term, pauses: &[NamedPause]) -> String {
    both(&term.explain(&china(), pauses).unwrap())
}

#[test]
fn spring_festival_with_its_make_up_saturday() {
    let term = cn("2026-02-13T10:00:00+08:00", Span::WorkingDays(5));
    assert_snapshot!(china_says(&term, &[]));
}

#[test]
fn twenty_working_days_over_national_day() {
    let term = cn("2025-09-30T10:00:00+08:00", Span::WorkingDays(20));
    assert_snapshot!(china_says(&term, &[]));
}

#[test]
fn sixty_calendar_days_that_roll_over_a_holiday() {
    let term = cn("2025-08-02T10:00:00+08:00", Span::CalendarDays(60));
    assert_snapshot!(china_says(&term, &[]));
}

#[test]
fn three_days_of_seven_hours_over_lunch_and_national_day() {
    let term = cn("2026-09-30T16:00:00+08:00", Span::working_hours(21));
    assert_snapshot!(china_says(&term, &[]));
}

#[test]
fn overlapping_pauses_and_an_extension() {
    let pauses = [
        pause(
            "2026-03-05T15:00:00+08:00",
            Some("2026-03-11T10:00:00+08:00"),
            "待鉴定",
        ),
        pause(
            "2026-03-03T11:00:00+08:00",
            Some("2026-03-06T09:30:00+08:00"),
            "待网民补充",
        ),
    ];
    let mut term = cn("2026-03-02T10:00:00+08:00", Span::WorkingDays(5));
    term.extensions = vec![Span::WorkingDays(3)];
    assert_snapshot!("pauses_in_days", china_says(&term, &pauses));
    let mut term = cn("2026-03-02T10:00:00+08:00", Span::working_hours(24));
    term.extensions = vec![Span::working_hours(2)];
    assert_snapshot!("pauses_in_hours", china_says(&term, &pauses));
}

#[test]
fn a_pause_that_took_nothing_out() {
    let night = pause(
        "2026-03-03T19:00:00+08:00",
        Some("2026-03-04T08:00:00+08:00"),
        "系统维护",
    );
    let term = cn("2026-03-02T10:00:00+08:00", Span::WorkingDays(3));
    assert_snapshot!(china_says(&term, std::slice::from_ref(&night)));
    // One that ends when the limit begins, or begins when it ends, is not between the two.
    let before = pause(
        "2026-03-01T10:00:00+08:00",
        Some("2026-03-02T10:00:00+08:00"),
        "系统维护",
    );
    let after = pause("2026-03-05T18:00:00+08:00", None, "系统维护");
    let why = term
        .explain(&china(), &[before, after, night.clone()])
        .unwrap();
    assert_eq!(why.pauses, [night]);
}

#[test]
fn a_pause_without_end() {
    let waiting = pause("2026-03-04T11:00:00+08:00", None, "待网民补充");
    let mut term = cn("2026-03-02T10:00:00+08:00", Span::WorkingDays(5));
    term.extensions = vec![Span::WorkingDays(3)];
    assert_snapshot!(china_says(&term, &[waiting]));
}

#[test]
fn the_earliest_of_two() {
    let spans = vec![Span::WorkingDays(20), Span::Months(2)];
    let term = cn("2025-09-30T10:00:00+08:00", Span::Earliest(spans));
    assert_snapshot!(china_says(&term, &[]));
    // Of two that end together, the first is named.
    let same = vec![Span::Weeks(1), Span::CalendarDays(7)];
    for span in [Span::Earliest(same.clone()), Span::Latest(same)] {
        let text = china_says(&cn("2026-03-02T10:00:00+08:00", span), &[]);
        assert!(text.contains(" decides: option 1.\n"), "{text}");
    }
}

#[test]
fn a_due_moment_beyond_the_last_notice() {
    let term = cn("2026-12-28T10:00:00+08:00", Span::WorkingDays(5));
    assert_snapshot!(china_says(&term, &[]));
}

#[test]
fn fifty_years_are_not_listed_day_by_day() {
    let term = cn("2003-12-30T10:00:00+08:00", Span::WorkingDays(12_500));
    let text = china_says(&term, &[]);
    assert!(text.lines().count() < 140, "{text}");
    assert_snapshot!(text);
}

#[test]
fn british_holidays_of_every_part() {
    let britain = office("Europe/London", &["09:00-17:00"], &DayTable::uk());
    let received = at("2024-03-01T10:00:00Z");
    let term = Term::new(received, Span::WorkingDays(20), Counting::uk_foi());
    assert_snapshot!(both(&term.explain(&britain, &[]).unwrap()));
}

#[test]
fn korea_counts_the_first_day() {
    let korea = office("Asia/Seoul", &["09:00-18:00"], &DayTable::kr());
    let received = at("2024-09-10T10:00:00+09:00");
    let term = Term::new(received, Span::WorkingDays(7), Counting::kr_minwon());
    assert_snapshot!(both(&term.explain(&korea, &[]).unwrap()));
}

#[test]
fn berlin_changes_its_clocks() {
    let night = office("Europe/Berlin", &["22:00-06:00"], &DayTable::plain("night"));
    let week = ["22:00-06:00".parse().unwrap()];
    let every = Hours::new(std::array::from_fn(|_| week.to_vec()));
    let every = Calendar::new(night.zone(), every, &DayTable::plain("night")).unwrap();
    let saturday = at("2026-03-28T23:00:00+01:00");
    let work = Term::new(saturday, Span::working_hours(8), Counting::cn());
    assert_snapshot!(
        "berlin_night_shift",
        both(&work.explain(&every, &[]).unwrap())
    );
    let day = Term::new(
        at("2026-10-24T12:00:00+02:00"),
        Span::hours(24),
        Counting::cn(),
    );
    assert_snapshot!("berlin_24_hours", both(&day.explain(&night, &[]).unwrap()));
    let day = Term::new(
        at("2026-03-28T12:00:00+01:00"),
        Span::hours(24),
        Counting::cn(),
    );
    assert_snapshot!(
        "berlin_24_hours_in_spring",
        both(&day.explain(&night, &[]).unwrap())
    );
    let saturday = at("2026-10-24T20:00:00+02:00");
    let work = Term::new(saturday, Span::working_hours(9), Counting::cn());
    assert_snapshot!(
        "berlin_long_night",
        both(&work.explain(&every, &[]).unwrap())
    );
    // The wall shows half past two twice; the text says which of the two it is.
    let twice = Term::new(
        at("2026-10-25T00:30:00+02:00"),
        Span::hours(3),
        Counting::cn(),
    );
    let text = twice.explain(&night, &[]).unwrap().en();
    assert!(
        text.contains("Sunday 25 October 2026, 02:30 UTC+01:00"),
        "{text}"
    );
}

#[test]
fn apia_misses_a_day() {
    let samoa = office("Pacific/Apia", &["09:00-17:00"], &DayTable::plain("samoa"));
    let received = samoa.zone().first("2011-12-28T10:00:00".parse().unwrap());
    let counting = Counting {
        ends: Ends::SameTime,
        day_one: DayOne::FromInstant,
        ..Counting::cn()
    };
    let term = Term::new(received, Span::CalendarDays(5), counting);
    assert_snapshot!("apia_days", both(&term.explain(&samoa, &[]).unwrap()));
    let work = Term::new(received, Span::working_hours(20), counting);
    assert_snapshot!("apia_hours", both(&work.explain(&samoa, &[]).unwrap()));
}

/// Days of one length are told together with the days of rest among them, and the hours of the last day from the start on.
#[test]
fn a_week_of_hours_is_told_in_one_breath() {
    let week = cn("2026-03-05T09:00:00+08:00", Span::working_hours(49));
    assert_snapshot!(china_says(&week, &[]));
    let noon = cn("2026-03-05T12:00:00+08:00", Span::working_hours(2));
    let text = china_says(&noon, &[]);
    assert!(
        text.contains("\nThe hours on the last day: 14:00 to 16:00.\n"),
        "{text}"
    );
}

/// Where people rest on one day of the week alone, one day of rest lies among the days and the hours of eight or nine others.
#[test]
fn one_day_of_rest_among_others_is_told_as_one() {
    let six = std::array::from_fn(|day| match day {
        0..6 => vec!["09:00-17:00".parse().unwrap()],
        _ => Vec::new(),
    });
    let zone = "Asia/Shanghai".parse().unwrap();
    let calendar = Calendar::new(zone, Hours::new(six), &DayTable::plain("x")).unwrap();
    let told = |span: Span| {
        let term = cn("2026-03-02T09:00:00+08:00", span);
        both(&term.explain(&calendar, &[]).unwrap())
    };
    for (span, lines) in [
        (
            Span::WorkingDays(8),
            [
                "Tuesday 3 to Wednesday 11 March 2026: days 1 to 8; the day of rest among them does not count.",
                "2026-03-03(星期二)至 03-11(星期三)计为第 1 至第 8 日,其间休息日 1 天不计入。",
            ],
        ),
        (
            Span::working_hours(72),
            [
                "Monday 2 to Wednesday 11 March 2026: 8 hours of work on each of 9 days, 72 hours in all; the day of rest among them does not count.",
                "2026-03-02(星期一)至 03-11(星期三)每日计 8 小时,9 日共 72 小时,其间休息日 1 天不计入。",
            ],
        ),
    ] {
        let text = told(span);
        for line in lines {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
    }
}

/// Work that ends as the next day begins is told to the day on which it was done, though the hours of the next begin at once.
#[test]
fn work_that_ends_at_midnight_is_told_to_the_day_before() {
    let week = ["00:00-24:00".parse().unwrap()];
    let always = Hours::new(std::array::from_fn(|_| week.to_vec()));
    let zone = "Asia/Shanghai".parse().unwrap();
    let calendar = Calendar::new(zone, always, &DayTable::plain("x")).unwrap();
    let (from, until) = (
        at("2026-03-02T10:00:00+08:00"),
        at("2026-03-04T00:00:00+08:00"),
    );
    let term = Term::new(from, Span::working_hours(38), Counting::cn());
    let why = term.explain(&calendar, &[]).unwrap();
    assert_eq!(why.due.unwrap().at, until);
    let Counted::WorkingTime { ledger, last, .. } = &why.legs[0].counted else {
        panic!("{why:?}");
    };
    let told: Vec<_> = ledger
        .iter()
        .map(|it| (it.first.to_string(), it.dates(), it.counted))
        .collect();
    let day = |date: &str, hours: i64| (date.to_owned(), 1_i64, hours * 3600);
    assert_eq!(told, [day("2026-03-02", 14), day("2026-03-03", 24)]);
    assert_eq!(last, &[(at("2026-03-03T00:00:00+08:00"), until)]);
    let text = why.en();
    assert!(
        text.contains("\nThe hours on the last day: 00:00 to 24:00.\n"),
        "{text}"
    );
}

/// What a pause takes out of hours that run day and night is told, and then not that it takes nothing out.
#[test]
fn a_pause_is_told_of_hours_that_run_day_and_night() {
    let term = cn("2026-03-02T10:00:00+08:00", Span::hours(48));
    let night = pause(
        "2026-03-03T20:00:00+08:00",
        Some("2026-03-03T23:00:00+08:00"),
        "系统维护",
    );
    let why = term.explain(&china(), &[night]).unwrap();
    assert_eq!(why.due.unwrap().at, at("2026-03-04T13:00:00+08:00"));
    let (en, zh) = (why.en(), why.zh());
    for (text, takes, idle) in [
        (&en, "The pauses take out 3 hours.", "take nothing out"),
        (&zh, "暂停扣除 3 小时。", "不影响到期"),
    ] {
        assert!(text.lines().any(|line| line == takes), "{text}");
        assert!(!text.contains(idle), "{text}");
    }
}

/// A pause is told of a day if it holds when the day closes, of hours if it takes some of them: not one that begins with the close, nor one
/// that ends with the opening. Pauses that only meet do not overlap.
#[test]
fn a_pause_is_told_of_what_it_takes() {
    let waiting = pause(
        "2026-03-03T11:00:00+08:00",
        Some("2026-03-06T09:30:00+08:00"),
        "待网民补充",
    );
    let night = pause(
        "2026-03-04T18:00:00+08:00",
        Some("2026-03-05T09:00:00+08:00"),
        "系统维护",
    );
    for span in [Span::WorkingDays(5), Span::working_hours(24)] {
        let term = cn("2026-03-02T10:00:00+08:00", span);
        let why = term
            .explain(&china(), &[waiting.clone(), night.clone()])
            .unwrap();
        let legs = serde_json::to_string(&why.legs).unwrap();
        assert!(
            legs.contains("待网民补充") && !legs.contains("系统维护"),
            "{legs}"
        );
        assert!(why.en().contains("Where pauses overlap"));
        let morning = pause(
            "2026-03-06T09:30:00+08:00",
            Some("2026-03-06T10:00:00+08:00"),
            "待鉴定",
        );
        let why = term.explain(&china(), &[waiting.clone(), morning]).unwrap();
        assert!(!why.en().contains("Where pauses overlap"), "{}", why.en());
    }
    // A pause at night takes nothing out of the days, nor of an hour that is added to them.
    let mut term = cn("2026-03-03T10:00:00+08:00", Span::WorkingDays(3));
    term.extensions = vec![Span::hours(1)];
    assert!(china_says(&term, &[night]).contains("The pauses take nothing out"));
    // Days that end at the time at which they began end with work at the latest; a pause that holds then holds the day up.
    let same = Counting {
        ends: Ends::SameTime,
        ..Counting::cn()
    };
    let evening = pause(
        "2026-03-03T17:00:00+08:00",
        Some("2026-03-03T19:00:00+08:00"),
        "系统维护",
    );
    let term = Term::new(at("2026-03-02T20:00:00+08:00"), Span::WorkingDays(2), same);
    let text = china_says(&term, &[evening]);
    assert!(
        text.contains("Tuesday 3 March 2026: on hold (系统维护), 1 day not counted.\n"),
        "{text}"
    );
}

/// What ends the last day, as data: work, midnight by the rule or because nobody works, the hour at which it began, or the one that is set.
#[test]
fn what_ends_the_last_day() {
    let closing = |windows: &[&str], days: u32, counting: Counting, span: fn(u32) -> Span| {
        let office = office("Asia/Shanghai", windows, &DayTable::plain("x"));
        let friday = at("2026-03-06T20:00:00+08:00");
        let why = Term::new(friday, span(days), counting)
            .explain(&office, &[])
            .unwrap();
        match why.legs[0].counted {
            Counted::Dates { closing, .. } => closing,
            _ => None,
        }
    };
    let stays = |ends, at| Counting {
        ends,
        at,
        roll: Roll::None,
        ..Counting::cn()
    };
    let work = stays(Ends::CloseOfBusiness, None);
    let six = chrono::NaiveTime::from_hms_opt(18, 0, 0);
    for (windows, days, counting, expected) in [
        (["09:00-17:00"], 3, work, Closing::Work),
        (["20:00-24:00"], 3, work, Closing::Work),
        (["22:00-06:00"], 3, work, Closing::Work),
        (["22:00-06:00"], 1, work, Closing::NobodyWorks),
        (["09:00-17:00"], 2, work, Closing::NobodyWorks),
        (
            ["09:00-17:00"],
            3,
            stays(Ends::EndOfDay, None),
            Closing::Midnight,
        ),
        (
            ["09:00-17:00"],
            3,
            stays(Ends::SameTime, None),
            Closing::SameTime,
        ),
        (
            ["09:00-17:00"],
            3,
            stays(Ends::SameTime, six),
            Closing::SetTime,
        ),
    ] {
        assert_eq!(
            closing(&windows, days, counting, Span::CalendarDays),
            Some(expected),
            "{windows:?} {days}"
        );
    }
    let clamped = closing(
        &["09:00-17:00"],
        1,
        stays(Ends::SameTime, None),
        Span::WorkingDays,
    );
    assert_eq!(clamped, Some(Closing::SameTime));
}

/// A last day on which nobody works gives way to the working day before, to the next one, or to none yet while a pause holds it up.
#[test]
fn a_last_day_on_which_nobody_works() {
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    let term = Term::new(
        at("2026-01-17T10:00:00+08:00"),
        Span::CalendarDays(30),
        back,
    );
    assert_snapshot!("rolled_back", china_says(&term, &[]));
    // The last day is a Saturday; from the Sunday on the clock stands still.
    let held = pause("2026-03-08T09:00:00+08:00", None, "待网民补充");
    let term = cn("2026-03-02T10:00:00+08:00", Span::CalendarDays(5));
    assert_snapshot!("rolled_and_held", china_says(&term, &[held]));
    let stays = Counting {
        roll: Roll::None,
        ..Counting::cn()
    };
    let term = Term::new(
        at("2026-03-02T10:00:00+08:00"),
        Span::CalendarDays(6),
        stays,
    );
    assert_snapshot!("nobody_works", china_says(&term, &[]));
}

fn tells(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|it| it == *line), "{line}\n{text}");
    }
}

/// A last day whose end had passed when counting began ends the limit as it begins, and the text says so: where it rolls back to a day before, and
/// where the first day counts though its hours, or the hour that the rule sets, are over. What ends at the very second does not.
#[test]
fn a_limit_that_was_over_as_it_began_says_so() {
    let back = Counting {
        roll: Roll::PrevWorking,
        ..Counting::cn()
    };
    let first = Counting {
        day_one: DayOne::Include,
        roll: Roll::None,
        ..Counting::cn()
    };
    let noon = Counting {
        at: chrono::NaiveTime::from_hms_opt(12, 0, 0),
        ..first
    };
    let over = [
        "The end of that day had passed when counting began, so it ends as it begins.",
        "起算时该日的届满时刻已过,起算之时即届满。",
    ];
    for (received, counting, is_over) in [
        ("2026-03-07T10:00:00+08:00", back, true),
        ("2026-03-02T18:00:01+08:00", first, true),
        ("2026-03-02T18:00:00+08:00", first, false),
        ("2026-03-02T12:00:01+08:00", noon, true),
        ("2026-03-02T12:00:00+08:00", noon, false),
    ] {
        let term = Term::new(at(received), Span::CalendarDays(1), counting);
        let why = term.explain(&china(), &[]).unwrap();
        assert_eq!(why.due.unwrap().at, at(received), "{received}");
        let text = both(&why);
        for line in over {
            let said = text.lines().any(|it| it == line);
            assert_eq!(said, is_over, "{text}");
        }
    }
    let saturday = at("2026-03-07T10:00:00+08:00");
    let mut term = Term::new(saturday, Span::CalendarDays(1), back);
    term.extensions = vec![Span::CalendarDays(2)];
    tells(
        &china_says(&term, &[]),
        &[
            "Nobody works on the last day (Saturday 7 to Sunday 8 March 2026: days of rest), so the working day before takes its place: Friday 6 March 2026.",
            "The limit alone ends on Saturday 7 March 2026, 10:00.",
            "It is extended by 2 calendar days, counted from the day after Saturday 7 March 2026.",
            "Due: Monday 9 March 2026, 18:00, when work ends that day (Asia/Shanghai time).",
        ],
    );
}

/// Days that run from the instant run from the next opening if nobody works then, and the text names that date, too: it is not one of them. They are
/// complete at the same hour only where the rule ends them so.
#[test]
fn days_from_the_instant_say_from_when_they_run() {
    let said = |received: &str, ends| {
        let counting = Counting {
            day_one: DayOne::FromInstant,
            ends,
            ..Counting::cn()
        };
        let term = Term::new(at(received), Span::WorkingDays(1), counting);
        china_says(&term, &[])
    };
    let (evening, morning) = ("2026-03-06T20:00:00+08:00", "2026-03-06T10:00:00+08:00");
    tells(
        &said(evening, Ends::SameTime),
        &[
            "The limit is 1 working day. It runs from Friday 6 March 2026, 20:00; a day is complete at the same hour of the next working day.",
            "Friday 6 March 2026: none of its hours is within the limit, not counted.",
            "Saturday 7 to Sunday 8 March 2026: days of rest, not counted.",
            "Monday 9 March 2026: the days run from when work begins.",
            "Tuesday 10 March 2026: day 1.",
            "Due: Tuesday 10 March 2026, 09:00 (Asia/Shanghai time).",
            "期限:1 个工作日,自 2026-03-06(星期五)20:00 起,至下一工作日的同一时刻满一日。",
            "2026-03-09(星期一)自上班时起算。",
        ],
    );
    tells(
        &said(evening, Ends::CloseOfBusiness),
        &[
            "The limit is 1 working day. It runs from Friday 6 March 2026, 20:00.",
            "Monday 9 March 2026: the days run from when work begins.",
            "Due: Tuesday 10 March 2026, 18:00, when work ends that day (Asia/Shanghai time).",
            "期限:1 个工作日,自 2026-03-06(星期五)20:00 起。",
        ],
    );
    let text = said(morning, Ends::CloseOfBusiness);
    tells(
        &text,
        &[
            "The limit is 1 working day. It runs from Friday 6 March 2026, 10:00; that day does not count.",
            "Due: Monday 9 March 2026, 18:00, when work ends that day (Asia/Shanghai time).",
            "期限:1 个工作日,自 2026-03-06(星期五)10:00 起,当日不计入。",
        ],
    );
    assert!(!text.contains("work begins"), "{text}");
    // An option says the same.
    let counting = Counting {
        day_one: DayOne::FromInstant,
        ends: Ends::EndOfDay,
        ..Counting::cn()
    };
    let spans = Span::Earliest(vec![Span::CalendarDays(3), Span::Weeks(1)]);
    tells(
        &china_says(&Term::new(at(morning), spans, counting), &[]),
        &[
            "Option 1: 3 calendar days; the first day does not count.",
            "第 1 项:3 天,首日不计入。",
            "Due: Monday 9 March 2026, 24:00, midnight at the end of that day (Asia/Shanghai time).",
        ],
    );
}

/// "The same day at six" is due at the hour that the rule sets, and is told so, also as one of several spans; received later, it is due at once.
#[test]
fn no_days_are_due_at_the_hour_that_the_rule_sets() {
    let six = Counting {
        at: chrono::NaiveTime::from_hms_opt(18, 0, 0),
        ..Counting::cn()
    };
    let said = |received: &str, span| {
        let term = Term::new(at(received), span, six);
        china_says(&term, &[])
    };
    let none = Span::CalendarDays(0);
    let either = Span::Earliest(vec![none.clone(), Span::Weeks(1)]);
    for span in [none.clone(), either] {
        tells(
            &said("2026-03-02T10:00:00+08:00", span),
            &[
                "Due: Monday 2 March 2026, 18:00, the hour that the rule sets (Asia/Shanghai time).",
                "到期:2026-03-02(星期一)18:00,规定的时刻(北京时间)。",
            ],
        );
    }
    tells(
        &said("2026-03-02T20:00:00+08:00", none),
        &["Due: Monday 2 March 2026, 20:00 (Asia/Shanghai time)."],
    );
    tells(
        &said("2026-03-02T10:00:00+08:00", Span::hours(0)),
        &["Due: Monday 2 March 2026, 10:00 (Asia/Shanghai time)."],
    );
}

/// A calendar need not name its days, as an imported file of events without summaries does not: then no empty brackets are told.
#[test]
fn days_without_a_name_have_no_brackets() {
    let mut days = DayTable::plain("x");
    let day = |text: &str| text.parse().unwrap();
    days.closed.insert(day("2026-03-04"), String::new());
    let make_up = Opened {
        name: String::new(),
        windows: None,
    };
    days.opened.insert(day("2026-03-07"), make_up);
    let office = office("Asia/Shanghai", &["09:00-17:00"], &days);
    let term = cn("2026-03-02T10:00:00+08:00", Span::WorkingDays(5));
    tells(
        &both(&term.explain(&office, &[]).unwrap()),
        &[
            "Wednesday 4 March 2026: holiday, not counted.",
            "Saturday 7 March 2026: working to make up for a holiday, day 4.",
            "Due: Monday 9 March 2026, 17:00, when work ends that day (Asia/Shanghai time).",
            "2026-03-04(星期三)放假,不计入。",
            "2026-03-07(星期六)调休上班,计为第 4 日。",
        ],
    );
}

/// What is told of a first day that counts, or of days that run from the instant, of the limit itself and of an option.
#[test]
fn the_first_day_of_a_limit_and_of_an_option() {
    let plain = office("Europe/London", &["09:00-17:00"], &DayTable::plain("plain"));
    let spans = vec![
        Span::CalendarDays(3),
        Span::WorkingDays(2),
        Span::hours(30),
        Span::working_hours(9),
    ];
    let said = |span: Span, day_one, received: &str| {
        let counting = Counting {
            day_one,
            ends: Ends::SameTime,
            ..Counting::cn()
        };
        both(
            &Term::new(at(received), span, counting)
                .explain(&plain, &[])
                .unwrap(),
        )
    };
    let noon = "2026-12-30T12:00:00Z";
    let latest = Span::Latest(spans);
    assert_snapshot!(
        "options_include",
        said(latest.clone(), DayOne::Include, noon)
    );
    assert_snapshot!(
        "options_from_instant",
        said(latest, DayOne::FromInstant, noon)
    );
    let days = Span::WorkingDays(2);
    assert_snapshot!(
        "working_days_from_instant",
        said(days.clone(), DayOne::FromInstant, noon)
    );
    // Its hours are over, so the first day has nothing left to count.
    assert_snapshot!(
        "hours_over",
        said(days, DayOne::Include, "2026-12-30T18:00:00Z")
    );
    let option = Span::Earliest(vec![Span::WorkingDays(2), Span::Weeks(1)]);
    let text = said(option, DayOne::Include, "2026-12-30T18:00:00Z");
    assert!(text.contains("\nOption 1: 2 working days.\n"), "{text}");
    assert!(text.contains("\n第 1 项:2 个工作日。\n"), "{text}");
    let zero = Span::Earliest(vec![Span::WorkingDays(0), Span::Weeks(1)]);
    assert_snapshot!("no_days_at_all", said(zero, DayOne::Exclude, noon));
}

/// One of several spans is held up by a pause without end, in another the pause takes time out, and an extension waits.
#[test]
fn options_that_a_pause_holds_up() {
    let pauses = [
        pause(
            "2026-03-02T11:30:00+08:00",
            Some("2026-03-02T13:00:01+08:00"),
            "系统维护",
        ),
        pause("2026-03-04T11:00:00+08:00", None, "待网民补充"),
        pause("2026-03-05T11:00:00+08:00", None, "待鉴定"),
    ];
    let spans = vec![
        Span::Months(1),
        Span::hours(10),
        Span::Latest(vec![Span::WorkingDays(1), Span::working_hours(20)]),
        Span::hours(72),
    ];
    let mut term = cn("2026-03-02T10:00:00+08:00", Span::Latest(spans.clone()));
    term.extensions = vec![Span::Weeks(1)];
    assert_snapshot!("latest_held", china_says(&term, &pauses));
    term.span = Span::Earliest(spans);
    assert_snapshot!("earliest_ends", china_says(&term, &pauses));
}

/// Months that a pause holds up end so many dates after the corresponding day; a time of day that the rule sets is told as such.
#[test]
fn months_with_a_pause_and_a_set_hour() {
    let week = pause(
        "2026-03-09T09:00:00+08:00",
        Some("2026-03-16T09:00:00+08:00"),
        "待鉴定",
    );
    let six = Counting {
        at: chrono::NaiveTime::from_hms_opt(18, 0, 0),
        ..Counting::cn()
    };
    let term = Term::new(at("2026-03-02T10:00:00+08:00"), Span::Months(1), six);
    assert_snapshot!(china_says(&term, &[week]));
}

/// Long lists end: of pauses and of dates, what is beyond is only counted, and with it what stood still.
#[test]
fn what_is_too_long_to_list() {
    let day = |n: i64, hours: i64| at("2026-03-02T11:00:00+08:00").plus(n * 86_400 + hours * 3600);
    let pauses = |every: i64, hours: i64, many: i64| -> Vec<NamedPause> {
        let pause = |n: i64| NamedPause {
            from: day(every * n, 0),
            until: Some(day(every * n, hours)),
            reason: "待鉴定".to_owned(),
        };
        (0..many).map(pause).collect()
    };
    let told = |span: &Span, pauses: &[NamedPause]| {
        let text = china_says(&cn("2026-03-02T10:00:00+08:00", span.clone()), pauses);
        let pause = |line: &&str| line.starts_with("On hold") || line.starts_with("暂停:");
        (
            text.lines().filter(pause).count(),
            text.lines()
                .filter(|line| !pause(line))
                .collect::<Vec<_>>()
                .join("\n"),
        )
    };
    let hours = Span::working_hours(1_000);
    let (listed, rest) = told(&hours, &pauses(1, 1, 60));
    assert_eq!(listed, 120);
    assert!(
        !rest.contains("not listed") && !rest.contains("未列出"),
        "{rest}"
    );
    let (listed, rest) = told(&hours, &pauses(1, 1, 61));
    assert_eq!(listed, 120);
    assert!(rest.contains("\nOne more pause is not listed.\n"), "{rest}");
    assert!(rest.contains("\n另有 1 次暂停未列出。\n"), "{rest}");
    let (_, rest) = told(&hours, &pauses(1, 1, 90));
    assert!(
        rest.contains("\n30 more pauses are not listed.\n"),
        "{rest}"
    );
    assert_snapshot!("hours_too_long_to_list", rest);
    // A week on hold and a week at work in turn: of days, and of hours.
    for (name, span) in [
        ("days_on_and_off", Span::WorkingDays(1_000)),
        ("hours_on_and_off", Span::working_hours(3_000)),
    ] {
        let (listed, rest) = told(&span, &pauses(14, 7 * 24, 60));
        assert_eq!(listed, 120);
        assert_snapshot!(name, rest);
    }
}

/// A first day of rest is not told as day 1, though the list is so long that days of rest are folded into the weeks.
#[test]
fn a_long_list_does_not_begin_with_a_day_of_rest_that_counts() {
    let plain = office("Europe/London", &["09:00-17:00"], &DayTable::plain("plain"));
    let included = Counting {
        day_one: DayOne::Include,
        ..Counting::cn()
    };
    for (day, days, says) in [
        (3, 160, false),
        (3, 20, false),
        (5, 160, true),
        (5, 20, true),
    ] {
        let received = at(&format!("2026-01-{day:02}T10:00:00Z"));
        let why = Term::new(received, Span::WorkingDays(days), included).explain(&plain, &[]);
        let why = why.unwrap();
        assert_eq!(why.en().contains("counts as day 1"), says, "{}", why.en());
        assert_eq!(why.zh().contains("当日计为第 1 日"), says, "{}", why.zh());
        let Counted::Dates { ledger, .. } = &why.legs[0].counted else {
            panic!("{why:?}")
        };
        let rest = (ledger[0].standing == Standing::Rest).then_some(ledger[0].dates());
        assert_eq!(rest, (!says).then_some(2), "{ledger:?}");
    }
}

/// Where a time of day comes twice, its offset tells which one it is, be it behind universal time or not of whole hours.
#[test]
fn the_hour_that_comes_twice() {
    let said = |zone: &str, from: &str| {
        let office = office(zone, &["09:00-17:00"], &DayTable::plain("x"));
        let term = Term::new(at(from), Span::hours(1), Counting::cn());
        term.explain(&office, &[]).unwrap().en()
    };
    let york = said("America/New_York", "2026-11-01T00:30:00-04:00");
    assert!(
        york.contains("Due: Sunday 1 November 2026, 01:30 UTC-04:00 ("),
        "{york}"
    );
    let york = said("America/New_York", "2026-11-01T01:30:00-04:00");
    assert!(
        york.contains("Due: Sunday 1 November 2026, 01:30 UTC-05:00 ("),
        "{york}"
    );
    let london = said("Europe/London", "2026-10-25T00:30:00Z");
    assert!(
        london.contains("Due: Sunday 25 October 2026, 01:30 UTC+00:00 ("),
        "{london}"
    );
    let johns = said("America/St_Johns", "2026-11-01T00:45:00-02:30");
    assert!(
        johns.contains("Due: Sunday 1 November 2026, 01:45 UTC-02:30 ("),
        "{johns}"
    );
    let howe = said("Australia/Lord_Howe", "2026-04-05T00:45:00+11:00");
    assert!(
        howe.contains("Due: Sunday 5 April 2026, 01:45 UTC+11:00 ("),
        "{howe}"
    );
}

/// In St John's the clock was put back at one minute past midnight, to the eve: a night's work that began at midnight goes on while it is Saturday again.
#[test]
fn the_hour_that_comes_twice_on_the_eve() {
    let week = ["00:00-08:00".parse().unwrap()];
    let night = Hours::new(std::array::from_fn(|_| week.to_vec()));
    let johns = "America/St_Johns".parse().unwrap();
    let night = Calendar::new(johns, night, &DayTable::plain("x")).unwrap();
    let term = Term::new(
        at("2010-11-06T12:00:00-02:30"),
        Span::WorkingTime(600),
        Counting::cn(),
    );
    let why = term.explain(&night, &[]).unwrap();
    assert_eq!(why.due.unwrap().at, at("2010-11-06T23:10:00-03:30"));
    let Counted::WorkingTime { ledger, last, .. } = &why.legs[0].counted else {
        panic!("{why:?}");
    };
    let counted: i64 = ledger.iter().map(|it| it.counted).sum();
    assert_eq!(
        (counted, ledger.last().unwrap().last.to_string()),
        (600, "2010-11-07".into())
    );
    let hours = (
        at("2010-11-07T00:00:00-02:30"),
        at("2010-11-06T23:10:00-03:30"),
    );
    assert_eq!(last, &[hours]);
}

/// A notice that must name a date for good is refused one that may move.
#[test]
fn a_provisional_due_moment_is_not_certain() {
    let china = china();
    let due = |days| {
        cn("2026-12-28T10:00:00+08:00", Span::WorkingDays(days))
            .explain(&china, &[])
            .unwrap()
            .due
            .unwrap()
    };
    assert_eq!(due(3).certain(&china), Ok(at("2026-12-31T18:00:00+08:00")));
    assert_eq!(
        due(5).certain(&china).unwrap_err().to_string(),
        "the due moment 2027-01-04T10:00:00Z is provisional: calendar `cn@2025-11-04` knows the holidays from 2004-01-01 to 2026-12-31, and the limit reaches beyond; install the notice of the missing year and reckon it anew"
    );
}

/// A stored derivation is plain data in the words of the rule; a reason with line breaks and without end stays on its line.
#[test]
fn a_derivation_is_stored_in_plain_words() {
    let long = "等\n待".repeat(400);
    let pauses = [pause("2026-02-14T10:00:00+08:00", None, &long)];
    let term = cn("2026-02-13T10:00:00+08:00", Span::CalendarDays(1));
    let why = term.explain(&china(), &pauses).unwrap();
    assert!(
        why.zh().lines().all(|line| line.chars().count() < 120),
        "{}",
        why.zh()
    );
    assert_eq!(why.zh().lines().count(), 4, "{}", why.zh());
    let stored = serde_json::to_value(&why).unwrap();
    assert_eq!(
        stored["legs"][0]["end"]["held"]["left"],
        serde_json::json!({"calendar_days": 1})
    );
    let why = term.explain(&china(), &[]).unwrap();
    let dates = serde_json::to_value(&why.legs[0].counted).unwrap();
    assert_eq!(
        dates,
        serde_json::json!({"dates": {
            "unit": "calendar_days", "days": 1, "corresponding": null, "closing": "work", "rolled": null,
            "ledger": [
                {"first": "2026-02-13", "last": "2026-02-13", "counted": 0, "stood": 0, "standing": "first_day"},
                {"first": "2026-02-14", "last": "2026-02-14", "counted": 1, "stood": 0, "standing": "counted"},
            ],
        }})
    );
}

/// All pauses of a clock may be for one reason: each is named after it, one that has not ended yet as well.
#[test]
fn pauses_are_named_after_their_reason() {
    let (from, until, last) = (
        "2026-03-02T10:00:00+08:00",
        "2026-03-04T10:00:00+08:00",
        "2026-03-09T10:00:00+08:00",
    );
    let pauses = Pauses::none()
        .with(at(from), Some(at(until)))
        .with(at(last), None);
    let named = [
        pause(from, Some(until), "待网民补充"),
        pause(last, None, "待网民补充"),
    ];
    assert_eq!(pauses.named("待网民补充"), named);
    assert_eq!(NamedPause::union(&named), pauses);
}
