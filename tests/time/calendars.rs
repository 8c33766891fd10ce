//! Day tables: how they are joined, what is made of files that nobody meant, and that the shipped ones are as they were.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use duly::time::{
    Calendar, CalendarError, Counting, Coverage, DayTable, Hours, Moment, Opened, Pauses, Span,
    Term, Window, Zone,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn windows(text: &str) -> Vec<Window> {
    text.split_whitespace()
        .map(|window| window.parse().unwrap())
        .collect()
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    }
}

const FIRST: &str = "2026-03-02"; // a Monday

/// Fourteen days, some closed, some opened, some both; hours of opened dates always share the time from ten to eleven.
fn table(id: &'static str) -> impl Strategy<Value = DayTable> {
    let hours = prop::option::of(prop::sample::select(vec![
        "09:00-12:00",
        "10:00-11:00 08:00-10:30 13:00-14:00",
        "10:00-09:00",
        "00:00-24:00",
        "09:30-11:30 11:00-13:30",
    ]));
    let closed = prop::collection::btree_set(0..14u64, 0..8);
    let opened = prop::collection::btree_map(0..14u64, hours, 0..8);
    let covered = (0..7u64, 7..14u64);
    (closed, opened, covered).prop_map(move |(closed, opened, (from, to))| {
        let date = |n: u64| day(FIRST) + Days::new(n);
        let opening = |(n, hours): (u64, Option<&str>)| {
            let opened = Opened {
                name: format!("{id} opens"),
                windows: hours.map(windows),
            };
            (date(n), opened)
        };
        DayTable {
            revision: format!("{id}-1"),
            coverage: Coverage {
                from: date(from),
                to: date(to),
            },
            closed: closed
                .into_iter()
                .map(|n| (date(n), format!("{id} rests")))
                .collect(),
            opened: opened.into_iter().map(opening).collect::<BTreeMap<_, _>>(),
            ..DayTable::plain(id)
        }
    })
}

/// What an office does by a table: whether it works on each of the days, and when.
fn effect(table: &DayTable) -> Vec<(bool, Vec<(Moment, Moment)>)> {
    let hours = Hours::weekdays(windows("09:00-12:00 14:00-18:00"));
    let office = Calendar::new(Zone::UTC, hours, table).unwrap();
    (0..14)
        .map(|n| day(FIRST) + Days::new(n))
        .map(|date| (office.day(date).is_working(), office.windows(date)))
        .collect()
}

proptest! {
    #![proptest_config(config())]

    /// Laying over is associative, and a table over itself changes no day. What the upper one lists is as it says, the rest
    /// as the lower one says. Coverage is what all cover; the label names all.
    #[test]
    fn overlays(a in table("a"), b in table("b"), c in table("c")) {
        let (left, right) = (a.overlay(&b).overlay(&c), a.overlay(&b.overlay(&c)));
        prop_assert_eq!(effect(&left), effect(&right));
        prop_assert_eq!(&left.label(), "a+b+c@a-1+b-1+c-1");
        prop_assert_eq!(left.label(), right.label());
        prop_assert_eq!(left.coverage, right.coverage);
        prop_assert_eq!(left.coverage, meet(&[&a, &b, &c]));
        prop_assert_eq!(effect(&a.overlay(&a)), effect(&a));
        let (lower, upper, both) = (effect(&a), effect(&b), effect(&a.overlay(&b)));
        for n in 0..14 {
            let date = day(FIRST) + Days::new(n);
            let listed = b.closed.contains_key(&date) || b.opened.contains_key(&date);
            let n = usize::try_from(n).unwrap();
            prop_assert_eq!(&both[n], if listed { &upper[n] } else { &lower[n] }, "{}", date);
        }
    }

    /// A union is associative, commutative, and a table with itself is itself, in what days are worked and when. Nobody works on a
    /// day unless all would; coverage is what all cover.
    #[test]
    fn unions(a in table("a"), b in table("b"), c in table("c")) {
        let all = a.union(&b).union(&c);
        prop_assert_eq!(effect(&all), effect(&a.union(&b.union(&c))));
        prop_assert_eq!(effect(&a.union(&b)), effect(&b.union(&a)));
        prop_assert_eq!(effect(&a.union(&a)), effect(&a));
        prop_assert_eq!(all.coverage, meet(&[&a, &b, &c]));
        prop_assert_eq!(&all.label(), "a+b+c@a-1+b-1+c-1");
        let works = [&a, &b, &c, &all].map(effect);
        for n in 0..14 {
            let [a, b, c, all] = works.each_ref().map(|days| days[n].0);
            prop_assert_eq!(all, a && b && c, "{}", n);
        }
    }

    /// A table that speaks of no days and has no bounds takes nothing from another, be it laid under, over or beside.
    #[test]
    fn a_plain_table_changes_nothing(a in table("a")) {
        let plain = DayTable::plain("plain");
        for both in [a.overlay(&plain), plain.overlay(&a)] {
            prop_assert_eq!(both.coverage, a.coverage);
            prop_assert_eq!(effect(&both), effect(&a));
        }
        prop_assert_eq!(a.union(&plain).coverage, a.coverage);
    }
}

fn meet(tables: &[&DayTable]) -> Coverage {
    Coverage {
        from: tables
            .iter()
            .map(|table| table.coverage.from)
            .max()
            .unwrap(),
        to: tables.iter().map(|table| table.coverage.to).min().unwrap(),
    }
}

/// Hours that lie in both are found over midnight too; where there are none, nobody works.
#[test]
fn a_union_keeps_the_hours_in_both() {
    let date = day("2026-03-07");
    let opened = |hours: &str| {
        let mut table = DayTable::plain("x");
        let windows = Some(windows(hours));
        table.opened.insert(
            date,
            Opened {
                name: "x".to_owned(),
                windows,
            },
        );
        table
    };
    let both = |a: &str, b: &str| {
        let both = opened(a).union(&opened(b));
        match both.opened.get(&date) {
            Some(opened) => {
                let windows = opened.windows.as_ref().unwrap();
                windows
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            None => format!("closed: {}", both.closed[&date]),
        }
    };
    assert_eq!(
        both("09:00-12:00 14:00-18:00", "11:00-15:00"),
        "11:00-12:00 14:00-15:00"
    );
    assert_eq!(both("22:00-06:00", "20:00-24:00"), "22:00-24:00");
    assert_eq!(both("22:00-06:00", "23:00-05:00"), "23:00-05:00");
    assert_eq!(both("22:00-06:00", "09:00-22:30"), "22:00-22:30");
    assert_eq!(both("09:00-12:00", "12:00-18:00"), "closed: x");
}

/// A night shift belongs to the date it opens on, so the last one of a season runs on into the days after it, whose own hours begin
/// when they begin; also where the season ends with the year.
#[test]
fn a_night_at_the_border_of_a_season() {
    let night = || std::array::from_fn(|_| windows("22:00-06:00"));
    let office = |from: &str, to: &str| {
        let hours = Hours::new(std::array::from_fn(|_| windows("09:00-17:00")));
        let hours = hours.between(from, to, night()).unwrap();
        Calendar::new(Zone::UTC, hours, &DayTable::plain("x")).unwrap()
    };
    let at = |text: &str| Moment::parse(text).unwrap();
    for (from, to, last, next) in [
        ("05-01", "09-30", "2026-09-30", "2026-10-01"),
        ("11-01", "12-31", "2026-12-31", "2027-01-01"),
        ("11-01", "02-28", "2027-02-28", "2027-03-01"),
    ] {
        let office = office(from, to);
        let (opens, closes) = (
            at(&format!("{last}T22:00:00Z")),
            at(&format!("{next}T06:00:00Z")),
        );
        assert_eq!(office.windows(day(last)), [(opens, closes)]);
        let (nine, five) = (
            at(&format!("{next}T09:00:00Z")),
            at(&format!("{next}T17:00:00Z")),
        );
        assert_eq!(office.windows(day(next)), [(nine, five)]);
        assert_eq!(office.measure(opens, five), 16 * 3600);
        // The last day before the first night ends at five; the first night begins it.
        let first = day(&format!("2026-{from}"));
        let eve = first.pred_opt().unwrap();
        let (begin, end) = (
            at(&format!("{eve}T00:00:00Z")),
            at(&format!("{first}T23:59:59Z")),
        );
        assert_eq!(office.measure(begin, end), 8 * 3600 + 2 * 3600 - 1);
    }
    // Over New Year, seen from within: both nights are of the season.
    let winter = office("11-01", "02-28");
    assert_eq!(
        winter.measure(at("2026-12-31T00:00:00Z"), at("2027-01-02T00:00:00Z")),
        16 * 3600
    );
    assert!(winter.is_open(at("2027-01-01T00:00:00Z")));
}

/// Hours that the clock skips are no hours, alone or beside others: where clocks go from two to three, a window from a quarter past two to a
/// quarter to three neither opens nor counts. The day is a working day all the same, as the week has it.
#[test]
fn hours_that_the_clock_skips_are_none() {
    let at = |text: &str| Moment::parse(text).unwrap();
    let berlin = |hours: &str| {
        let week = Hours::new(std::array::from_fn(|_| windows(hours)));
        Calendar::new(
            "Europe/Berlin".parse().unwrap(),
            week,
            &DayTable::plain("x"),
        )
        .unwrap()
    };
    let sunday = day("2026-03-29");
    assert_eq!(berlin("02:15-02:45").windows(sunday), []);
    assert!(berlin("02:15-02:45").day(sunday).is_working());
    let nine = (
        at("2026-03-29T09:00:00+02:00"),
        at("2026-03-29T17:00:00+02:00"),
    );
    assert_eq!(berlin("02:15-02:45 09:00-17:00").windows(sunday), [nine]);
    let monday = (
        at("2026-03-30T02:15:00+02:00"),
        at("2026-03-30T02:45:00+02:00"),
    );
    assert_eq!(berlin("02:15-02:45").windows(day("2026-03-30")), [monday]);
}

/// The days that differ are told from the first date asked for to the last, with both; where the last comes before the first there are none.
#[test]
fn exceptions_are_told_with_the_first_date_and_the_last() {
    let hours = Hours::weekdays(windows("09:00-17:00"));
    let china = Calendar::new("Asia/Shanghai".parse().unwrap(), hours, &DayTable::cn()).unwrap();
    let told = |from: &str, to: &str| {
        let days = china.exceptions(day(from), day(to)).into_iter();
        days.map(|(date, _)| date.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        told("2026-10-07", "2026-10-10"),
        ["2026-10-07", "2026-10-10"]
    );
    assert_eq!(told("2026-10-08", "2026-10-09"), [""; 0]);
    assert_eq!(told("2026-10-10", "2026-10-10"), ["2026-10-10"]);
    assert_eq!(told("2026-10-10", "2026-10-07"), [""; 0]);
}

/// What a log shows of a calendar is its zone and the revision of its table, not the days of its years.
#[test]
fn a_calendar_in_a_log_is_its_zone_and_revision() {
    let calendar = Calendar::always("Europe/Berlin".parse().unwrap());
    let shown = r#"Calendar { zone: Zone(Europe/Berlin), revision: "24x7@1", .. }"#;
    assert_eq!(format!("{calendar:?}"), shown);
    assert_eq!(format!("{:?}", Moment::MIN), "Moment(0001-01-01T00:00:00Z)");
}

/// The notice of 27 January 2020 moved deadlines that had been computed a week before, and said so by its revision.
#[test]
fn a_deadline_of_january_2020_moves_with_the_second_notice() {
    let due = |known: &str| {
        let hours = Hours::weekdays(windows("09:00-12:00 14:00-18:00"));
        let table = DayTable::cn_as_known(day(known));
        let office = Calendar::new("Asia/Shanghai".parse().unwrap(), hours, &table).unwrap();
        let received = Moment::parse("2020-01-20T10:00:00+08:00").unwrap();
        let due = Term::new(received, Span::WorkingDays(5), Counting::cn())
            .due(&office, &Pauses::none())
            .unwrap()
            .unwrap();
        (
            due.at.plus(-1).date(office.zone()).to_string(),
            office.revision().to_owned(),
            due.provisional,
        )
    };
    // 21, 22 and 23 January; then 31 January and the make-up Saturday, or the Monday and Tuesday after the longer holiday.
    assert_eq!(
        due("2020-01-20"),
        ("2020-02-01".to_owned(), "cn@2019-11-21".to_owned(), false)
    );
    assert_eq!(
        due("2020-01-27"),
        ("2020-02-04".to_owned(), "cn@2020-01-27".to_owned(), false)
    );
    // Before the notice for 2020 was there, all of it was provisional.
    assert_eq!(
        due("2019-11-20"),
        ("2020-01-27".to_owned(), "cn@2019-03-22".to_owned(), true)
    );
}

/// A table that was changed by accident has another fingerprint. After a change that is meant, put the new one here.
#[test]
fn the_shipped_tables_are_as_they_were() {
    let print = |table: DayTable| {
        let text = serde_json::to_string(&table).unwrap();
        let hash: String = Sha256::digest(text)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!(
            "{} {}+{} {hash}",
            table.label(),
            table.closed.len(),
            table.opened.len()
        )
    };
    let prints = [
        DayTable::cn(),
        DayTable::uk(),
        DayTable::uk_england(),
        DayTable::uk_wales(),
        DayTable::uk_scotland(),
        DayTable::uk_northern_ireland(),
        DayTable::us_federal(),
        DayTable::kr(),
        DayTable::cn_as_known(day("2015-05-12")),
        DayTable::cn_as_known(day("2019-03-21")),
        DayTable::cn_as_known(day("2020-01-26")),
    ]
    .map(print);
    let known = [
        "cn@2025-11-04 621+151 82ec8b81b8aa8f16",
        "uk@holidays-0.109 183+0 8394a893da915a16",
        "uk-england@holidays-0.109 109+0 d621d8d2bd1015a5",
        "uk-wales@holidays-0.109 109+0 e4bdb33e0408c51b",
        "uk-scotland@holidays-0.109 128+0 505ae02be92e49c6",
        "uk-northern-ireland@holidays-0.109 140+0 e274b60403bc6c89",
        "us-federal@holidays-0.109 141+0 3cd3d50821e1b9a9",
        "kr@holidays-0.109 220+0 a925c2526f9be8ee",
        "cn@2014-12-16 308+80 4044c34777a03bb9",
        "cn@2018-12-06 408+103 2b4b106b50f150a5",
        "cn@2019-11-21 438+112 b48fbeaa03fd29e4",
    ];
    assert_eq!(prints, known);
}

/// A table has the id, the revision and the coverage that it was read with; of notices, that of their years.
#[test]
fn a_table_is_called_what_it_was_read_as() {
    let coverage = Coverage {
        from: day("2026-01-01"),
        to: day("2026-12-31"),
    };
    let table = DayTable::from_ics("town", "2025-11-04", coverage, ICS.as_bytes()).unwrap();
    assert_eq!(
        (table.label().as_str(), table.coverage),
        ("town@2025-11-04", coverage)
    );
    let table = DayTable::from_notices("cn", "2025-11-04", &[NOTICE]).unwrap();
    assert_eq!(
        (table.label().as_str(), table.coverage),
        ("cn@2025-11-04", coverage)
    );
}

/// A plain table goes into JSON and back.
#[test]
fn a_table_without_bounds_is_read_back() {
    let plain = DayTable::plain("week");
    let text = serde_json::to_string(&plain).unwrap();
    assert_eq!(DayTable::from_json(&text).unwrap(), plain);
}

/// What editors leave in files is no mistake of their keeper: a byte order mark, either end of line, lines folded anywhere.
#[test]
fn editors_leave_their_marks() {
    let crlf = CN.replace('\n', "\r\n");
    let marked = format!("\u{feff}{crlf}");
    assert_eq!(DayTable::from_json(&marked).unwrap(), DayTable::cn());
    let hours = Hours::from_json(HOURS).unwrap();
    assert_eq!(
        Hours::from_json(&format!("\u{feff}{HOURS}\r\n")).unwrap(),
        hours
    );
    let read = |bytes: &[u8]| DayTable::from_ics("x", "1", Coverage::ALL, bytes).unwrap();
    let table = read(ICS.as_bytes());
    assert_eq!((table.closed.len(), table.opened.len()), (7, 1));
    assert_eq!(table.closed[&day("2026-10-07")], "国庆节, 休假");
    assert_eq!(
        read(format!("\u{feff}{}", ICS.replace("\r\n", "\n")).as_bytes()),
        table
    );
    // Folded after every byte, as no program does it, but any may.
    let mut folded = Vec::new();
    for line in ICS.replace("\r\n ", "").split_terminator("\r\n") {
        for byte in line.bytes() {
            folded.extend([byte]);
            folded.extend(b"\r\n\t");
        }
        folded.extend(b"\r\n");
    }
    assert_eq!(read(&folded), table);
}

const CN: &str = include_str!("../../rules/calendars/cn.json");
const ICS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261008\r\n\
    SUMMARY;ALTREP=\"http://a.example\":国庆节\\, 休\r\n 假\r\nBEGIN:VALARM\r\nTRIGGER:-P1D\r\nEND:VALARM\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nDTSTART:20261010T000000\r\nDURATION:P1D\r\nSUMMARY:国庆节 补班\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const HOURS: &str = r#"{"week":{"mon":["09:00-12:00","22:00-06:00"],"sun":[]},"seasons":[{"from":"11-01","to":"02-28","week":{"tue":["10:00-15:00"]}}]}"#;
const NOTICE: &str = r#"{"year":2026,"papers":["p"],"days":[{"name":"元旦","date":"2026-01-01","isOffDay":true},{"name":"元旦","date":"2026-01-04","isOffDay":false}]}"#;

/// Reads a text by every door there is; what comes in is used.
fn knock(bytes: &[u8]) {
    let use_table = |table: Result<DayTable, CalendarError>| match table {
        Ok(table) => {
            let hours = Hours::weekdays(windows("09:00-17:00"));
            if let Ok(office) = Calendar::new("Asia/Shanghai".parse().unwrap(), hours, &table) {
                let start = Moment::parse("2026-09-30T16:00:00+08:00").unwrap();
                let _ = (
                    office.add(start, 100 * 3600),
                    office.exceptions(NaiveDate::MIN, NaiveDate::MAX),
                );
            }
        }
        Err(error) => assert!(error.to_string().chars().count() < 800, "{error}"),
    };
    use_table(DayTable::from_ics("x", "1", Coverage::ALL, bytes));
    let text = String::from_utf8_lossy(bytes);
    use_table(DayTable::from_json(&text));
    use_table(DayTable::from_notices("x", "1", &[&text]));
    match Hours::from_json(&text) {
        Ok(hours) => {
            let _ = Calendar::new(Zone::UTC, hours, &DayTable::plain("x"));
        }
        Err(error) => assert!(error.to_string().chars().count() < 800, "{error}"),
    }
}

/// One slip: a piece put in, a stretch taken out or doubled, a byte changed, the end cut off.
#[derive(Debug, Clone)]
enum Slip {
    Insert(usize, &'static [u8]),
    Remove(usize, usize),
    Double(usize, usize),
    Change(usize, u8),
    Cut(usize),
}

// What is put in between lines keeps the rest of the line legible, so that it is looked at.
fn slip() -> impl Strategy<Value = Slip> {
    let pieces: Vec<&'static [u8]> = vec![
        b"\xef\xbb\xbf",
        b"\0",
        b"\xff",
        b"\r\n ",
        b"\n",
        b"\"",
        b"{",
        b"[",
        b"}",
        b":",
        b";",
        b"\\",
        b"null",
        b"1e999",
        b"-1",
        b"X:\r\nBEGIN:VEVENT\r\nX:",
        b"X:\r\nEND:VEVENT\r\nX:",
        b"X:\r\nRRULE:FREQ=DAILY\r\nX:",
        b"X:\r\nDTSTART:99991231\r\nX:",
        b"X:\r\nDTSTART:20260230\r\nX:",
        b"X:\r\nDTEND:17991231\r\nX:",
        b"X:\r\nDURATION:P65535W\r\nX:",
        b"\"2026-10-01\":\"x\",",
        b"-262143-01-01",
        b"24:00",
        b"02-29",
    ];
    prop_oneof![
        (any::<usize>(), prop::sample::select(pieces))
            .prop_map(|(at, piece)| Slip::Insert(at, piece)),
        (any::<usize>(), 1..40usize).prop_map(|(at, length)| Slip::Remove(at, length)),
        (any::<usize>(), 1..80usize).prop_map(|(at, length)| Slip::Double(at, length)),
        (any::<usize>(), prop_oneof![any::<u8>(), b'0'..=b'9'])
            .prop_map(|(at, byte)| Slip::Change(at, byte)),
        any::<usize>().prop_map(Slip::Cut),
    ]
}

fn slipped(text: &str, slips: &[Slip]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for slip in slips {
        let length = bytes.len();
        let at = |at: usize| at % (length + 1);
        let end = |from: usize, more: usize| (from + more).min(length);
        match *slip {
            Slip::Insert(from, piece) => {
                drop(bytes.splice(at(from)..at(from), piece.iter().copied()))
            }
            Slip::Remove(from, more) => drop(bytes.drain(at(from)..end(at(from), more))),
            Slip::Double(from, more) => {
                let part = bytes[at(from)..end(at(from), more)].to_vec();
                drop(bytes.splice(at(from)..at(from), part));
            }
            Slip::Change(from, byte) => {
                if let Some(old) = bytes.get_mut(at(from)) {
                    *old = byte;
                }
            }
            Slip::Cut(from) => bytes.truncate(at(from)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..config() })]

    /// No bytes whatever, and no slips in a file that was right, make a door panic or say more than a screen holds.
    #[test]
    fn no_file_makes_a_door_panic(
        noise in prop::collection::vec(any::<u8>(), 0..300),
        text in prop::sample::select(vec![ICS, ICS, ICS, HOURS, NOTICE, CN]),
        slips in prop::collection::vec(slip(), 0..4),
    ) {
        knock(&noise);
        // The shipped table is long: from its end, where the days are opened, is enough for most slips.
        knock(&slipped(text, &slips));
    }
}

/// Huge files are refused by their size alone; the worst that fit into the limit are read or refused in good time. A debug build takes
/// under a second for each on a slow machine, which this does not measure; it would not end if anything were quadratic.
#[test]
fn huge_and_crafted_files_are_answered() {
    let limit = DayTable::MAX_BYTES;
    let fill = |unit: &str, rest: &str| unit.repeat((limit - rest.len()) / unit.len());
    let ten = vec![b'x'; 10 << 20];
    assert!(matches!(
        DayTable::from_ics("x", "1", Coverage::ALL, &ten),
        Err(CalendarError::TooLarge {
            bytes: 10_485_760,
            limit: 1_048_576
        })
    ));
    let text = String::from_utf8(ten).unwrap();
    assert!(matches!(
        DayTable::from_json(&text),
        Err(CalendarError::TooLarge { .. })
    ));
    assert!(matches!(
        Hours::from_json(&text),
        Err(CalendarError::TooLarge { .. })
    ));
    let half = " ".repeat(limit / 2 + 1);
    assert!(matches!(
        DayTable::from_notices("x", "1", &[&half, &half]),
        Err(CalendarError::TooLarge { .. })
    ));

    let frame = |body: String| format!("BEGIN:VCALENDAR\n{body}END:VCALENDAR\n");
    let said = |text: String| {
        let read = DayTable::from_ics("x", "1", Coverage::ALL, text.as_bytes());
        read.map(|table| table.closed.len())
            .map_err(|error| error.to_string())
    };
    let long_events = fill(
        "BEGIN:VEVENT\nDTSTART:20260101\nDTEND:20260410\nEND:VEVENT\n",
        &frame(String::new()),
    );
    let too_many = said(frame(long_events)).unwrap_err();
    assert!(too_many.contains("more than 100000 days"), "{too_many}");
    let named = |n: usize| format!("BEGIN:VEVENT\nDTSTART:20260101\nSUMMARY:{n}\nEND:VEVENT\n");
    assert_eq!(said(frame((0..19_000).map(named).collect())), Ok(1));
    let deep = said(fill("BEGIN:VCALENDAR\n", "")).unwrap_err();
    assert_eq!(
        deep,
        "line 9: components lie more than eight deep: no calendar does so"
    );
    assert_eq!(
        said(frame(format!(
            "X:{}\n",
            fill("\n y", "BEGIN:VCALENDAR\nX:\nEND:VCALENDAR\n")
        ))),
        Ok(0)
    );
    assert_eq!(said(frame(fill("A:\n", &frame(String::new())))), Ok(0));
    assert!(said(fill("\n", "")).is_err());

    for open in ["[", "{\"a\":", "{\"closed\":{\"2026-01-01\":"] {
        assert!(DayTable::from_json(&fill(open, "")).is_err());
        assert!(Hours::from_json(&fill(open, "")).is_err());
    }
    assert!(
        DayTable::from_notices("x", "1", &[&format!("{{\"a\":{}", fill("[", "{\"a\":"))]).is_err()
    );

    let many = format!(
        "{{\"week\":{{\"mon\":[{}\"09:00-10:00\"]}}}}",
        "\"09:00-10:00\",".repeat(48)
    );
    let error = Hours::from_json(&many).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`mon` has 49 windows: it may have no more than 48"
    );
    let season = r#"{"from":"01-01","to":"12-31","week":{}}"#;
    let seasons = format!(
        "{{\"week\":{{}},\"seasons\":[{}]}}",
        vec![season; 20_000].join(",")
    );
    let error = Hours::from_json(&seasons).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the week has 20000 seasons: it may have no more than 64"
    );
    // Through the back door too, where no text is read.
    let hours: Hours = serde_json::from_str(&seasons).unwrap();
    assert!(matches!(
        Calendar::new(Zone::UTC, hours, &DayTable::plain("x")),
        Err(CalendarError::TooMany { .. })
    ));

    // Every day of three hundred years closed, but one in four hundred: the longest search for a drought that finds none.
    let mut days = DayTable::plain("x");
    let first = day("1800-01-01");
    days.closed = (0..109_500)
        .map(|n| (first + Days::new(n), "x".to_owned()))
        .collect();
    days.closed
        .retain(|date, _| date.signed_duration_since(first).num_days() % 300 != 0);
    let always = Hours::new(std::array::from_fn(|_| vec![Window::WHOLE_DAY]));
    assert!(Calendar::new(Zone::UTC, always, &days).is_ok());
}
