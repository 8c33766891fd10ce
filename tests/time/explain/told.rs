//! Explanations as the person reads them who asked: in English, then in Chinese.

use duly::time::{
    Calendar, Counting, DayOne, DayTable, Derivation, Ends, Hours, Moment, NamedPause, Span, Term,
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
    assert_snapshot!(china_says(&term, &[night]));
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
