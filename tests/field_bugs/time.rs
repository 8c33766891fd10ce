//! (a) Calendars and time: rows 1 to 22.

use chrono::NaiveDate;
use duly::plan::{On, Rung};
use duly::time::{
    Calendar, CalendarError, Counting, Day, DayOne, DayTable, Ends, Hours, Moment, NamedPause,
    Pauses, Span, Term, TimeError, Unit, Window, Zone, after,
};
use duly::words::{CancelWhy, Class, ClockKind, Command, Event, StepFate, Verb};

use super::at;
use super::file::{File, limit, open, pause, plain, resume, rule};

const HOUR: i64 = 3600;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn windows(texts: &[&str]) -> Vec<Window> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// An office with the same hours from Monday to Friday and no holidays.
fn office(zone: &str, hours: &[&str]) -> Calendar {
    let hours = Hours::weekdays(windows(hours));
    Calendar::new(zone.parse().unwrap(), hours, &DayTable::plain("week")).unwrap()
}

/// An office with the same hours every day.
fn daily(zone: &str, hours: &[&str]) -> Calendar {
    let hours = Hours::new(std::array::from_fn(|_| windows(hours)));
    Calendar::new(zone.parse().unwrap(), hours, &DayTable::plain("daily")).unwrap()
}

fn china() -> Calendar {
    let hours = Hours::weekdays(windows(&["09:00-12:00", "14:00-18:00"]));
    Calendar::new("Asia/Shanghai".parse().unwrap(), hours, &DayTable::cn()).unwrap()
}

fn working(from: &str, seconds: i64) -> Term {
    Term::new(at(from), Span::WorkingTime(seconds), Counting::cn())
}

fn due(term: &Term, calendar: &Calendar, pauses: &Pauses) -> Moment {
    term.due(calendar, pauses).unwrap().unwrap().at
}

fn unpaused(term: &Term, calendar: &Calendar) -> Moment {
    due(term, calendar, &Pauses::none())
}

// OTRS 787: where summer time begins at midnight, as in São Paulo, solution times came out wrong. Time is measured in
// instants: the night is an hour short, and a day may begin at one o'clock.
#[test]
fn a01_otrs_787_midnight_gap() {
    let sao_paulo = daily("America/Sao_Paulo", &["00:00-24:00"]);
    let (eve, after) = (
        at("2018-11-03T12:00:00-03:00"),
        at("2018-11-05T12:00:00-02:00"),
    );
    assert_eq!(sao_paulo.measure(eve, after), 47 * HOUR);
    assert_eq!(sao_paulo.add(eve, 47 * HOUR).unwrap(), after);
    // A limit to the end of the third ends at the midnight that the wall clock leaps over.
    let ends = Counting {
        ends: Ends::EndOfDay,
        ..Counting::cn()
    };
    let term = Term::new(at("2018-11-02T10:00:00-03:00"), Span::CalendarDays(1), ends);
    assert_eq!(unpaused(&term, &sao_paulo), at("2018-11-04T01:00:00-02:00"));
    let night = daily("America/Sao_Paulo", &["00:00-08:00"]);
    let windows = night.windows(day("2018-11-04"));
    assert_eq!(windows[0].1.since(windows[0].0), 7 * HOUR);
}

// OTRS 1732: a limit that was up to an hour longer than what was left of the day came out wrong. What is left over goes into
// the next window, to the second.
#[test]
fn a02_otrs_1732_remainder_into_the_next_window() {
    let office = office("Europe/Berlin", &["09:00-17:00"]);
    let end = |from: &str, seconds| office.add(at(from), seconds).unwrap();
    let thursday = "2026-09-24T16:";
    for (minute, seconds, expected) in [
        ("30:00", 45 * 60, "2026-09-25T09:15:00+02:00"),
        ("01:00", HOUR, "2026-09-25T09:01:00+02:00"),
        ("59:59", 2, "2026-09-25T09:00:01+02:00"),
        ("00:00", HOUR, "2026-09-24T17:00:00+02:00"),
        ("00:00", HOUR + 1, "2026-09-25T09:00:01+02:00"),
    ] {
        let from = format!("{thursday}{minute}+02:00");
        assert_eq!(end(&from, seconds), at(expected), "{from} and {seconds} s");
    }
}

// GLPI 10594 and 14937: a limit in days was counted by working time and its pauses by the wall clock, so that a weekend of
// waiting gave the weekend's nights away. One function measures both: what ran and what stood still add up to the whole.
#[test]
fn a03_glpi_10594_pauses_are_measured_like_the_limit() {
    let office = office("Europe/Paris", &["09:00-17:00"]);
    let term = working("2026-09-24T09:00:00+02:00", 16 * HOUR);
    let (closed, opens) = (
        at("2026-09-25T17:00:00+02:00"),
        at("2026-09-28T09:00:00+02:00"),
    );
    let weekend = Pauses::none().with(closed, Some(opens));
    assert_eq!(
        due(&term, &office, &weekend),
        at("2026-09-25T17:00:00+02:00")
    );
    // From Friday noon to Monday noon eight working hours stood still: one day, not three.
    let pause = (
        at("2026-09-25T12:00:00+02:00"),
        at("2026-09-28T12:00:00+02:00"),
    );
    let paused = Pauses::none().with(pause.0, Some(pause.1));
    assert_eq!(
        due(&term, &office, &paused),
        at("2026-09-28T17:00:00+02:00")
    );
    let (from, to) = (term.anchor, at("2026-10-02T17:00:00+02:00"));
    assert_eq!(
        paused.running(&office, from, to) + office.measure(pause.0, pause.1),
        office.measure(from, to)
    );
    // The same in days: the dates whose close came while it stood still do not count, the weekend was none of them.
    let days = Term::new(term.anchor, Span::WorkingDays(2), Counting::cn());
    assert_eq!(unpaused(&days, &office), at("2026-09-28T17:00:00+02:00"));
    assert_eq!(
        due(&days, &office, &weekend),
        at("2026-09-28T17:00:00+02:00").max(unpaused(&days, &office))
    );
    assert_eq!(
        due(&days, &office, &paused),
        at("2026-09-29T17:00:00+02:00")
    );
}

// GLPI 9082: after waiting, a limit was due at eight in the evening. Whenever a pause ends, the due moment lies within working
// hours, or at their very close.
#[test]
fn a04_glpi_9082_due_is_never_outside_hours() {
    let office = office("Europe/Paris", &["08:30-12:00", "13:30-17:30"]);
    let term = working("2026-09-24T15:00:00+02:00", 5 * HOUR);
    let days = Term::new(term.anchor, Span::WorkingDays(3), Counting::cn());
    let paused = at("2026-09-24T16:00:00+02:00");
    for minutes in 0..7 * 24 * 4 {
        let pauses = Pauses::none().with(paused, Some(paused.plus(minutes * 900 + 7)));
        for term in [&term, &days] {
            let due = due(term, &office, &pauses);
            assert!(
                office.is_open(due.plus(-1)),
                "{due} after {minutes} quarters"
            );
        }
    }
}

// GLPI 22678: the notice an hour before a limit that ran over the night came at midnight. A rung before is told by the same
// clock as the limit, and one at nothing before is the due moment itself.
#[test]
fn a05_glpi_22678_a_rung_before_runs_on_the_same_clock() {
    let office = office("Europe/Paris", &["09:00-17:00"]);
    let term = working("2026-09-25T09:30:00+02:00", 8 * HOUR);
    let none = Pauses::none();
    let before = |term: &Term, span: Span| term.before(&office, &none, &span).unwrap().unwrap();
    assert_eq!(unpaused(&term, &office), at("2026-09-28T09:30:00+02:00"));
    assert_eq!(
        before(&term, Span::working_hours(1)),
        at("2026-09-25T16:30:00+02:00")
    );
    assert_eq!(
        before(&term, Span::working_hours(1)),
        unpaused(&working("2026-09-25T09:30:00+02:00", 7 * HOUR), &office)
    );
    for nothing in [Span::WorkingTime(0), Span::Elapsed(0), Span::WorkingDays(0)] {
        assert_eq!(before(&term, nothing), unpaused(&term, &office));
    }
    // Of a limit in days the day before ends with its hours, not at midnight.
    let days = Term::new(term.anchor, Span::WorkingDays(2), Counting::cn());
    assert_eq!(
        before(&days, Span::WorkingDays(1)),
        at("2026-09-28T17:00:00+02:00")
    );
}

// GLPI 15429: with a calendar, notices before the limit went out when the ticket was opened. A rung that would come before
// the start stands at the start itself and never earlier, and a case drops it and says so.
#[test]
fn a06_glpi_15429_no_rung_before_the_start() {
    let office = office("Europe/Paris", &["09:00-17:00"]);
    for start in ["2026-09-25T16:00:00+02:00", "2026-09-26T11:00:00+02:00"] {
        for term in [
            working(start, 2 * HOUR),
            Term::new(at(start), Span::WorkingDays(1), Counting::cn()),
        ] {
            for span in [
                Span::WorkingDays(3),
                Span::working_hours(40),
                Span::hours(200),
                Span::Months(2),
            ] {
                let rung = term.before(&office, &Pauses::none(), &span).unwrap();
                assert_eq!(rung, Some(term.anchor), "{span} before");
            }
        }
    }
    let mut plan = plain();
    rule(&mut plan, ClockKind::Screen).rungs = vec![Rung {
        key: "before-3".into(),
        on: On::Before(Span::WorkingDays(3)),
        title: String::new(),
        acts: vec![(Verb::Remind, "intake".into())],
        when: None,
        at_once: false,
    }];
    let mut file = File::new(plan);
    let events = file.go("2026-03-02T09:00:00+08:00", "citizen", open());
    let dropped = StepFate::Voided {
        why: CancelWhy::BeforeStart,
    };
    assert!(
        events
            .iter()
            .any(|it| matches!(it, Event::StepTaken { fate, .. } if *fate == dropped))
    );
    file.tick("2026-03-03T18:00:00+08:00");
    assert_eq!(file.fired(ClockKind::Screen), []);
}

// GLPI 14492: follow-ups every so many days ignored the calendar. Whatever is reckoned from a due moment names its calendar
// too: repeated notices over National Day fall on working days, a full interval apart.
#[test]
fn a07_glpi_14492_intervals_heed_the_calendar() {
    let china = china();
    let mut notice = at("2026-09-28T18:00:00+08:00");
    let zone = china.zone();
    for expected in ["2026-09-30", "2026-10-09", "2026-10-12", "2026-10-14"] {
        let next = after(&china, &Counting::cn(), notice, &Span::WorkingDays(2)).unwrap();
        assert_eq!(next.at.date(zone), day(expected));
        assert!(china.day(next.at.date(zone)).is_working());
        assert_eq!(
            china.working_days_between(notice.date(zone), next.at.date(zone)),
            2
        );
        notice = next.at;
    }
}

// GLPI 687: what was opened outside hours had used no time, for ever. It starts with the next opening and is measured from
// there on.
#[test]
fn a08_glpi_687_opened_outside_hours_is_measured() {
    let office = office("Europe/Paris", &["09:00-17:00"]);
    let saturday = "2026-09-26T10:00:00+02:00";
    let term = working(saturday, 8 * HOUR);
    assert_eq!(unpaused(&term, &office), at("2026-09-28T17:00:00+02:00"));
    let used = |until: &str| office.measure(at(saturday), at(until));
    assert_eq!(used("2026-09-27T23:00:00+02:00"), 0);
    assert_eq!(used("2026-09-28T10:00:00+02:00"), HOUR);
    let left = term
        .left(&office, &Pauses::none(), at("2026-09-28T10:00:00+02:00"))
        .unwrap();
    assert_eq!((left.unit, left.amount), (Unit::WorkingTime, 7 * HOUR));
}

// GLPI, stepping days by 86,400 seconds: at the turn of the clocks nineteen hours were counted as twenty-seven, or as eleven;
// and yearly holidays from 24 December to 2 January never held on the 31st. Days are dates, and a season runs over New Year.
#[test]
fn a09_glpi_days_are_dates_not_86400_seconds() {
    let berlin = daily("Europe/Berlin", &["09:00-17:00"]);
    for (from, to) in [
        ("2026-10-25T00:30:00+02:00", "2026-10-27T12:00:00+01:00"),
        ("2026-03-28T23:30:00+01:00", "2026-03-31T12:00:00+02:00"),
    ] {
        assert_eq!(berlin.measure(at(from), at(to)), 19 * HOUR);
    }
    let shut: [Vec<Window>; 7] = Default::default();
    let hours = Hours::weekdays(windows(&["09:00-17:00"]))
        .between("12-24", "01-02", shut)
        .unwrap();
    let office = Calendar::new(Zone::UTC, hours, &DayTable::plain("x")).unwrap();
    for date in ["2026-12-24", "2026-12-31", "2027-01-01"] {
        assert_eq!(office.day(day(date)), Day::Rest, "{date}");
    }
    assert_eq!(office.day(day("2026-12-23")), Day::Working);
    assert_eq!(
        office.add(at("2026-12-23T16:00:00Z"), 2 * HOUR).unwrap(),
        at("2027-01-04T10:00:00Z")
    );
}

// Frappe 2212, Chatwoot 14009, business_time 46: of two windows on a day the last one silently won, so that the lunch break
// was worked or the morning was not. Windows are a list in any order, and what overlaps counts once.
#[test]
fn a10_frappe_2212_lunch_break() {
    for hours in [
        ["09:00-12:00", "14:00-18:00"],
        ["14:00-18:00", "09:00-12:00"],
    ] {
        let office = office("Asia/Kolkata", &hours);
        let nine = at("2026-09-24T09:00:00+05:30");
        assert_eq!(
            office.add(nine, 4 * HOUR).unwrap(),
            at("2026-09-24T15:00:00+05:30")
        );
        assert_eq!(office.measure(nine, nine.plus(9 * HOUR)), 7 * HOUR);
        assert!(!office.is_open(at("2026-09-24T13:00:00+05:30")));
    }
    let overlapping = office("Asia/Kolkata", &["09:00-13:00", "11:00-18:00"]);
    let nine = at("2026-09-24T09:00:00+05:30");
    assert_eq!(overlapping.measure(nine, nine.plus(9 * HOUR)), 9 * HOUR);
}

// Frappe: a calendar without a working day walked to the year 9999 and broke, and hours over midnight gave no answer at all.
// The first is refused when it is made, with what to change; the second are hours like any other.
#[test]
fn a11_frappe_no_working_day_and_hours_over_midnight() {
    let none = Calendar::new(
        Zone::UTC,
        Hours::weekdays(Vec::new()),
        &DayTable::plain("none"),
    );
    assert!(matches!(none, Err(CalendarError::NoWorkingTime { .. })));
    let mut closed = DayTable::plain("closed");
    for n in 0..900 {
        let date = day("2026-01-01") + chrono::Days::new(n);
        closed.closed.insert(date, "shut".to_owned());
    }
    let hours = Hours::weekdays(windows(&["09:00-17:00"]));
    let shut = Calendar::new(Zone::UTC, hours, &closed);
    assert!(matches!(shut, Err(CalendarError::NoWorkingTime { .. })));
    let night = office("UTC", &["22:00-06:00"]);
    // Friday's night ends on Saturday morning; then it is Monday's.
    let friday = at("2026-09-25T23:00:00Z");
    assert_eq!(
        night.add(friday, 7 * HOUR).unwrap(),
        at("2026-09-26T06:00:00Z")
    );
    assert_eq!(
        night.add(friday, 8 * HOUR).unwrap(),
        at("2026-09-28T23:00:00Z")
    );
    assert_eq!(night.measure(friday, at("2026-09-29T06:00:00Z")), 15 * HOUR);
}

// Frappe 2449 and ERPNext 49414, 52489: time on hold was added to the start by the wall clock, and then once more. The start
// stays; due is what was left when it was paused, counted on from when it went on.
#[test]
fn a12_frappe_2449_hold_never_moves_the_start() {
    let office = office("Asia/Kolkata", &["10:00-18:00"]);
    let term = working("2026-09-24T11:00:00+05:30", 20 * HOUR);
    let mut pauses = Pauses::none();
    let mut expected = unpaused(&term, &office);
    for (from, to) in [
        ("2026-09-24T15:00:00+05:30", "2026-09-25T12:00:00+05:30"),
        ("2026-09-25T17:00:00+05:30", "2026-09-28T19:00:00+05:30"),
    ] {
        let consumed = pauses.running(&office, term.anchor, at(from));
        pauses = pauses.with(at(from), Some(at(to)));
        expected = office.add(at(to), 20 * HOUR - consumed).unwrap();
        // Reckoned as often as anybody likes.
        for _ in 0..3 {
            assert_eq!(due(&term, &office, &pauses), expected);
        }
        assert_eq!(term.anchor, at("2026-09-24T11:00:00+05:30"));
    }
    assert_eq!(expected, at("2026-09-30T13:00:00+05:30"));
}

// Chatwoot 13392, objectstack 13655: without a calendar an urgent message of Friday evening was due the same night. Whoever
// reckons names a calendar; round the clock is one, and says so.
#[test]
fn a13_chatwoot_13392_round_the_clock_is_said_aloud() {
    let friday = "2026-09-25T17:00:00+08:00";
    let office = office("Asia/Shanghai", &["09:00-18:00"]);
    let always = Calendar::always("Asia/Shanghai".parse().unwrap());
    let term = working(friday, 4 * HOUR);
    assert_eq!(unpaused(&term, &office), at("2026-09-28T12:00:00+08:00"));
    assert_eq!(unpaused(&term, &always), at("2026-09-25T21:00:00+08:00"));
    assert_eq!(always.revision(), "24x7@1");
    assert_eq!(office.revision(), "week@1");
}

// dbt_zendesk 25, 117, 128: history was reckoned with today's offset, an hour off in the other half of the year, and holidays
// were missed by it. The offset is that of each instant, and a holiday is a date on the wall of the office.
#[test]
fn a14_dbt_zendesk_117_the_offset_of_each_instant() {
    let berlin = office("Europe/Berlin", &["09:00-17:00"]);
    for (date, opens) in [
        ("2026-01-15", "2026-01-15T08:00:00Z"),
        ("2026-07-15", "2026-07-15T07:00:00Z"),
    ] {
        assert_eq!(berlin.windows(day(date))[0].0, at(opens));
    }
    // Half past midnight of National Day in Xining is still September in universal time, and closed all the same.
    let china = china();
    let night = at("2026-09-30T16:30:00Z");
    assert_eq!(china.day(night.date(china.zone())), Day::Holiday("国庆节"));
    assert_eq!(
        china.add(night, HOUR).unwrap(),
        at("2026-10-08T10:00:00+08:00")
    );
}

// zendesk/biz 160 and 37, working_hours 26, moment-business-time 58: hours that the wall clock leaps over or shows twice broke
// the reckoning. The rule is stated: what opens in a gap opens after it, what opens in a fold opens at the first of the two
// moments and closes at the last.
#[test]
fn a15_biz_160_gaps_and_folds() {
    for (zone, date, seconds) in [
        ("Africa/Casablanca", "2026-02-15", 25 * HOUR),
        ("Africa/Casablanca", "2026-03-22", 23 * HOUR),
        ("Australia/Lord_Howe", "2026-04-05", 24 * HOUR + 1800),
        ("Australia/Lord_Howe", "2026-10-04", 23 * HOUR + 1800),
        ("Pacific/Apia", "2011-12-30", 0),
    ] {
        let all = daily(zone, &["00:00-24:00"]);
        let (start, end) = (day(date).pred_opt().unwrap(), day(date).succ_opt().unwrap());
        let whole: i64 = all
            .windows(day(date))
            .iter()
            .map(|(opens, closes)| closes.since(*opens))
            .sum();
        assert_eq!(whole, seconds, "{zone} {date}");
        // What the days around add up to is what passed.
        let all_three = [start, day(date), end].map(|date| all.windows(date));
        let sum: i64 = all_three.iter().flatten().map(|(a, b)| b.since(*a)).sum();
        let (first, last) = (all_three[0][0].0, all_three[2].last().unwrap().1);
        assert_eq!(sum, last.since(first), "{zone} {date}");
        assert_eq!(all.measure(first, last), sum, "{zone} {date}");
    }
    let gap = daily("Europe/Berlin", &["02:15-02:45", "04:00-05:00"]);
    assert_eq!(gap.windows(day("2026-03-29")).len(), 1);
    let fold = daily("Europe/Berlin", &["02:15-02:45"]);
    let window = fold.windows(day("2026-10-25"))[0];
    assert_eq!(
        window,
        (
            at("2026-10-25T02:15:00+02:00"),
            at("2026-10-25T02:45:00+01:00")
        )
    );
}

// zendesk/biz 103 and 5, hello-halo 405, cindy 4757: a Saturday that is worked to make up for a holiday was skipped without a
// trace. Dates can be opened as well as closed, an explanation lists both, and past the last published year the answer says
// that it may move.
#[test]
fn a16_biz_103_make_up_days_are_worked() {
    let china = china();
    assert_eq!(
        china
            .add(at("2026-10-09T17:00:00+08:00"), 2 * HOUR)
            .unwrap(),
        at("2026-10-10T10:00:00+08:00")
    );
    let listed = china.exceptions(day("2026-09-18"), day("2026-10-10"));
    assert_eq!(
        listed.first(),
        Some(&(day("2026-09-20"), Day::MakeUp("国庆节")))
    );
    assert_eq!(
        listed.last(),
        Some(&(day("2026-10-10"), Day::MakeUp("国庆节")))
    );
    let provisional = |received: &str| {
        let term = Term::new(at(received), Span::WorkingDays(10), Counting::cn());
        let due = term.due(&china, &Pauses::none()).unwrap().unwrap();
        due.provisional
    };
    assert!(!provisional("2026-12-10T09:00:00+08:00"));
    assert!(provisional("2026-12-20T09:00:00+08:00"));
}

// Jmix 790: a day with a calendar became twenty-four business hours, about three days. A working day, eight working hours and
// a day by the clock are three units.
#[test]
fn a17_jmix_790_a_working_day_is_no_24_working_hours() {
    let office = office("Europe/London", &["09:00-17:00"]);
    let start = "2026-09-24T11:00:00+01:00";
    let of = |span: Span, counting| unpaused(&Term::new(at(start), span, counting), &office);
    let instant = Counting {
        day_one: DayOne::FromInstant,
        ends: Ends::SameTime,
        ..Counting::cn()
    };
    let friday = at("2026-09-25T11:00:00+01:00");
    assert_eq!(of(Span::WorkingDays(1), instant), friday);
    assert_eq!(
        of(Span::WorkingDays(1), Counting::cn()),
        at("2026-09-25T17:00:00+01:00")
    );
    assert_eq!(of(Span::working_hours(8), instant), friday);
    assert_eq!(
        of(Span::working_hours(24), instant),
        at("2026-09-29T11:00:00+01:00")
    );
    assert_eq!(of(Span::hours(24), instant), friday);
    assert_eq!(
        of(Span::hours(72), instant),
        at("2026-09-27T11:00:00+01:00")
    );
    assert_eq!(
        of(Span::WorkingDays(3), instant),
        at("2026-09-29T11:00:00+01:00")
    );
}

// jBPM 4533, 9546, 1342: holidays were ignored, and a start before or after hours came out wrong. A start counts from the next
// opening on all four sides: before hours, after hours, at noon, and on a holiday.
#[test]
fn a18_jbpm_9546_a_start_outside_hours() {
    let china = china();
    for (start, expected) in [
        ("2026-09-24T06:00:00+08:00", "2026-09-24T10:00:00+08:00"),
        ("2026-09-24T09:00:00+08:00", "2026-09-24T10:00:00+08:00"),
        ("2026-09-24T12:00:00+08:00", "2026-09-24T15:00:00+08:00"),
        ("2026-09-24T12:59:59+08:00", "2026-09-24T15:00:00+08:00"),
        ("2026-09-24T18:00:00+08:00", "2026-09-28T10:00:00+08:00"),
        ("2026-10-03T11:00:00+08:00", "2026-10-08T10:00:00+08:00"),
        ("2026-09-24T17:30:00+08:00", "2026-09-28T09:30:00+08:00"),
    ] {
        let found = china.add(at(start), HOUR).unwrap();
        assert_eq!(found, at(expected), "an hour from {start}");
    }
}

// Alaveteli 619, 6727 and whatdotheyknow-theme 872: a last day on a holiday must give way to the next working day, a limit can be
// the shorter of two, and holidays are those of the authority. Roll, earliest and the table are each said, and by the data.
#[test]
fn a19_alaveteli_619_roll_earliest_and_jurisdiction() {
    let received = at("2026-08-03T10:00:00+01:00");
    let hours = || Hours::weekdays(windows(&["09:00-17:00"]));
    let calendar =
        |table: &DayTable| Calendar::new("Europe/London".parse().unwrap(), hours(), table).unwrap();
    let office = calendar(&DayTable::uk());
    let date = |span: Span, office: &Calendar| {
        let term = Term::new(received, span, Counting::uk_foi());
        let due = unpaused(&term, office);
        due.plus(-1).date(office.zone()).to_string()
    };
    // The 31st of August is a bank holiday in England, and the 28th calendar day.
    assert_eq!(date(Span::CalendarDays(28), &office), "2026-09-01");
    let shorter = |days| Span::Earliest(vec![Span::WorkingDays(20), Span::CalendarDays(days)]);
    assert_eq!(
        date(shorter(60), &office),
        date(Span::WorkingDays(20), &office)
    );
    assert_eq!(date(shorter(10), &office), "2026-08-13");
    // Scotland's August holiday is the third of the month, England's the thirty-first.
    let twenty = |table: &DayTable| date(Span::WorkingDays(20), &calendar(table));
    assert_eq!(twenty(&DayTable::uk_scotland()), "2026-08-31");
    assert_eq!(twenty(&DayTable::uk_england()), "2026-09-01");
}

// Alaveteli 7292, open register 3935, Zammad 534: a holiday that was entered later moved nobody's running deadline. A revised calendar moves the
// legal due moment of every open clock, by an entry of its own in the file; what the citizen was promised stays.
#[test]
fn a20_alaveteli_7292_a_new_holiday_moves_running_clocks() {
    let mut plan = plain();
    limit(&mut plan, ClockKind::Reply, Span::WorkingDays(10));
    let mut file = File::assigned(plan, Class::Problem);
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-05".into();
    notice.closed.insert(day("2026-03-09"), "州庆".into());
    file.plans.revise(notice).unwrap();
    // Until the case adopts it nothing moves, and no tick moves it.
    file.tick("2026-03-05T09:00:00+08:00");
    assert_eq!(file.due(ClockKind::Reply), at("2026-03-16T18:00:00+08:00"));
    let events = file.go(
        "2026-03-05T10:00:00+08:00",
        "system",
        Command::AdoptCalendar {},
    );
    assert!(matches!(&events[0], Event::CalendarAdopted { from, to }
        if from == &["cn@2025-11-04"] && to == "cn@2026-03-05"));
    let schedule = &file.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("2026-03-17T18:00:00+08:00"));
    assert_eq!(schedule.promised_due, at("2026-03-16T18:00:00+08:00"));
}

// Alaveteli 5101: people asked which holidays had been counted, and what would come of it if… A due moment explains itself, in words, and so does
// one that is only imagined.
#[test]
fn a21_alaveteli_5101_explain_and_preview() {
    let office = china();
    let received = at("2026-09-29T10:00:00+08:00");
    let term = Term::new(received, Span::WorkingDays(3), Counting::cn());
    let told = term.explain(&office, &[]).unwrap();
    let (zh, en) = (told.zh(), told.en());
    for said in [
        "2026-09-30(星期三)计为第 1 日",
        "国庆节",
        "2026-10-09",
        "cn@2025-11-04",
    ] {
        assert!(zh.contains(said), "{said}\n{zh}");
    }
    for said in [
        "Wednesday 30 September 2026: day 1",
        "国庆节",
        "cn@2025-11-04",
    ] {
        assert!(en.contains(said), "{said}\n{en}");
    }
    // What if the citizen is waited for on the 30th?
    let waited = NamedPause {
        from: at("2026-09-30T09:00:00+08:00"),
        until: Some(at("2026-10-08T09:00:00+08:00")),
        reason: "待网民补充".into(),
    };
    let imagined = term.explain(&office, &[waited]).unwrap();
    assert!(imagined.zh().contains("待网民补充"), "{}", imagined.zh());
    assert!(imagined.due.unwrap().at > told.due.unwrap().at);
    // A case tells the same of its own clocks.
    let mut plan = plain();
    limit(&mut plan, ClockKind::Reply, Span::WorkingDays(10));
    let mut file = File::assigned(plan, Class::Problem);
    file.go("2026-03-04T09:00:00+08:00", "owner-1", pause("待网民补充"));
    file.go("2026-03-06T09:00:00+08:00", "owner-1", resume("待网民补充"));
    let calendar = &file.plans.latest().unwrap().calendar;
    let why = file
        .case()
        .why_due(file.clock(ClockKind::Reply), calendar)
        .unwrap();
    assert_eq!(why.due.unwrap().at, file.due(ClockKind::Reply));
    assert!(why.zh().contains("待网民补充"), "{}", why.zh());
}

// Frappe 3776, ERPNext 38745: a new ticket stood red as failed, because a time without a zone was read in the zone of whoever
// looked. A moment has its offset or is refused, and is the same moment wherever it is read.
#[test]
fn a22_frappe_3776_instants_only() {
    for naive in [
        "2026-09-24T09:00:00",
        "2026-09-24 09:00",
        "2026-09-24T09:00",
    ] {
        assert!(matches!(
            Moment::parse(naive),
            Err(TimeError::NoOffset { .. })
        ));
    }
    let one = at("2026-09-24T09:00:00+05:30");
    assert_eq!(one, at("2026-09-24T03:30:00Z"));
    assert_eq!(one, at("2026-09-23T20:30:00-07:00"));
    assert_eq!(one.to_string(), "2026-09-24T03:30:00Z");
    let office = office("Asia/Kolkata", &["09:00-18:00"]);
    let term = working("2026-09-24T09:00:00+05:30", HOUR);
    let left = term
        .left(&office, &Pauses::none(), at("2026-09-24T03:31:00Z"))
        .unwrap();
    assert!(!left.overdue);
    assert_eq!(left.amount, HOUR - 60);
}
