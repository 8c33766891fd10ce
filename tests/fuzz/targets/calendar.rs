//! A calendar comes from outside: a day table or office hours as JSON, an iCalendar file, or the yearly notices as JSON, one after the
//! other and parted by a line `---`. The first line of an input may say `draw` and sixteen characters that choose moments and lengths; the
//! rest is the file.
//!
//! Promised: reading ends, in bounded memory, with a calendar or with an error that can be shown in one line. What was accepted keeps the
//! laws of `duly::time`, whatever stands in it; is read back as itself from what is written of it; and may be laid over the shipped one. A
//! limit counted by it is due at the moment that its explanation comes to.
//!
//! `tests/time` holds the laws over calendars that somebody would make. Here they are those that a reader let through.
#![no_main]

use std::sync::LazyLock;

use chrono::NaiveDate;
use duly::time::{
    Calendar, CalendarError, Counting, Coverage, DayTable, Hours, Moment, NamedPause, Pauses, Span,
    Term, Zone,
};
use duly_fuzz::Draw;
use libfuzzer_sys::{Corpus, fuzz_target};

static ZONES: LazyLock<[Zone; 4]> = LazyLock::new(|| {
    [
        "Asia/Shanghai",
        "Europe/London",
        "America/New_York",
        "Pacific/Apia",
    ]
    .map(|name| name.parse().unwrap())
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let (draw, file) = match data.strip_prefix(b"draw ") {
        Some(rest) => rest.split_at(rest.len().min(17)),
        None => (&data[..0], data),
    };
    duly_fuzz::within(64, || read(Draw::new(draw), file));
    Corpus::Keep
});

fn read(mut draw: Draw<'_>, file: &[u8]) {
    let coverage = Coverage {
        from: "2025-01-01".parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
    };
    let mut tables = vec![shown(DayTable::from_ics("ics", "1", coverage, file))];
    let mut hours = None;
    if let Ok(text) = std::str::from_utf8(file) {
        tables.push(shown(DayTable::from_json(text)));
        let notices: Vec<&str> = text.split("\n---\n").collect();
        tables.push(shown(DayTable::from_notices("years", "1", &notices)));
        hours = shown(Hours::from_json(text));
    }
    let zone = ZONES[usize::from(draw.byte() % 4)];
    let week = || {
        Hours::weekdays(vec![
            "09:00-12:30".parse().unwrap(),
            "14:30-18:00".parse().unwrap(),
        ])
    };
    if let Some(hours) = hours {
        let stored = serde_json::to_string(&hours).unwrap();
        assert_eq!(Hours::from_json(&stored).unwrap(), hours);
        if let Some(calendar) = shown(Calendar::new(zone, hours, &DayTable::cn())) {
            lawful(&calendar, &mut draw);
        }
    }
    for table in tables.into_iter().flatten() {
        table.check().unwrap();
        let stored = serde_json::to_string(&table).unwrap();
        assert_eq!(DayTable::from_json(&stored).unwrap(), table);
        for laid in [DayTable::cn().overlay(&table), table.union(&DayTable::cn())] {
            let _ = shown(laid.check());
        }
        if let Some(calendar) = shown(Calendar::new(zone, week(), &table)) {
            lawful(&calendar, &mut draw);
        }
    }
}

/// What was accepted. An error is one line that fits on a screen, whatever the file holds.
fn shown<T>(read: Result<T, CalendarError>) -> Option<T> {
    let error = match read {
        Ok(worth) => return Some(worth),
        Err(error) => error.to_string(),
    };
    assert!(
        !error.is_empty() && error.chars().count() < 2_000,
        "{error}"
    );
    assert!(!error.contains(char::is_control), "{error:?}");
    None
}

fn lawful(calendar: &Calendar, draw: &mut Draw<'_>) {
    // A date within some years of the first that is known, or any; and a time of it, the ends of days and shifts more often than others.
    let first = calendar.coverage().from.max("1799-01-01".parse().unwrap());
    let near = first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    let mut moment = || {
        let (day, time) = (draw.number(2) as i64, draw.number(2) as i64);
        let midnight = match day % 8 {
            0 => Moment::MIN.plus(day * 56 * 86_400),
            _ => Moment::from_unix(near + day / 8 * 86_400).unwrap_or(Moment::MAX),
        };
        let date = midnight.date(calendar.zone());
        match (time % 8, calendar.windows(date).last()) {
            (0, Some((_, closes))) => *closes,
            (1, Some((opens, _))) => *opens,
            (2, _) => midnight.plus(-1),
            (3, _) => midnight,
            _ => midnight.plus(time * 86_400 >> 16),
        }
    };
    let mut at = [moment(), moment(), moment()];
    at.sort_unstable();
    let [a, b, c] = at;
    let (d, e) = (draw.number(3) as i64, draw.number(2) as i64);

    assert_eq!(
        calendar.measure(a, c),
        calendar.measure(a, b) + calendar.measure(b, c)
    );
    let added = |from, length| calendar.add(from, length).ok();
    if let Some(end) = added(a, d) {
        assert_eq!(calendar.measure(a, end), d);
        assert!(end >= a && (d > 0 || end == a));
        if d > 0 {
            assert_eq!(calendar.measure(a, end.plus(-1)), d - 1);
            assert!(calendar.is_open(end.plus(-1)));
        }
        if let Some(later) = added(b, d) {
            assert!(later >= end);
        }
        if let Some(longer) = added(end, e) {
            assert_eq!(Some(longer), added(a, d + e));
        }
    }
    if let Ok(start) = calendar.sub(c, d) {
        assert_eq!(calendar.measure(start, c), d);
    }
    if let Ok(open) = calendar.next_open(b) {
        assert!(open >= b && calendar.is_open(open));
        assert_eq!(calendar.measure(b, open), 0);
    }
    days(calendar, b.date(calendar.zone()));
    for counting in Counting::NAMES.map(|name| Counting::from_name(name).unwrap()) {
        for span in [
            Span::WorkingDays((d % 90) as u32),
            Span::CalendarDays((d % 90) as u32),
            Span::Months((e % 24) as u32),
            Span::WorkingTime(d),
        ] {
            due(calendar, Term::new(a, span, counting), b, c);
        }
    }
}

/// A date has windows where somebody works on it, one after the other, and they end when work does.
fn days(calendar: &Calendar, date: NaiveDate) {
    let windows = calendar.windows(date);
    for (opens, closes) in &windows {
        assert!(opens < closes);
        assert_eq!(calendar.measure(*opens, *closes), closes.since(*opens));
    }
    assert!(windows.windows(2).all(|two| two[0].1 < two[1].0));
    if let Some((_, last)) = windows.last() {
        assert_eq!(calendar.close_of(date), Some(*last));
        assert!(calendar.day(date).is_working());
    }
}

/// A limit is due when its explanation says so, and a pause never makes it end earlier.
fn due(calendar: &Calendar, term: Term, from: Moment, until: Moment) {
    let plain = term.due(calendar, &Pauses::none());
    let told = term.explain(calendar, &[]);
    assert_eq!(plain.is_ok(), told.is_ok());
    let (Ok(plain), Ok(told)) = (plain, told) else {
        return;
    };
    assert_eq!(plain, told.due, "{term:?}");
    assert!(!told.en().is_empty() && !told.zh().is_empty());
    let pause = NamedPause {
        reason: "补正".to_owned(),
        from,
        until: Some(until),
    };
    let paused = term.due(calendar, &Pauses::none().with(from, Some(until)));
    let explained = term.explain(calendar, &[pause]);
    if let (Ok(Some(paused)), Some(plain)) = (&paused, plain) {
        assert!(paused.at >= plain.at, "{term:?}");
        assert_eq!(explained.unwrap().due.as_ref(), Some(paused));
    }
}
