//! What is written for other people's calendars, read back by other people's code.

use chrono::NaiveDateTime;
use duly::time::{CalendarError, Deadline, Moment};
use ical_vcard::{Contentline, Parser};
use proptest::prelude::*;

/// What a reader sees of a deadline.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    uid: String,
    sequence: u32,
    stamp: i64,
    due: i64,
    summary: String,
    description: String,
    reminders: Vec<i64>,
    cancelled: bool,
}

/// Reads a file by the letter of the standard: the lines by a parser that refuses what the grammar does not have.
fn read(file: &str) -> Vec<Seen> {
    let lines: Vec<Contentline> = Parser::new(file.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap();
    let mut events = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for line in &lines {
        let value = line.value();
        match (line.name(), open.last().copied()) {
            ("BEGIN", _) => {
                open.push(value);
                if value == "VEVENT" {
                    events.push(Seen::default());
                }
                continue;
            }
            ("END", within) => {
                assert_eq!(within, Some(value));
                open.pop();
                continue;
            }
            _ => {}
        }
        let utc = || {
            let read = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ").unwrap();
            read.and_utc().timestamp()
        };
        let Some(event) = events.last_mut() else {
            assert!(
                matches!(
                    (line.name(), value),
                    ("VERSION", "2.0")
                        | ("PRODID", "-//duly//duly//EN")
                        | ("CALSCALE", "GREGORIAN")
                        | ("METHOD", "PUBLISH")
                ),
                "{line:?}"
            );
            continue;
        };
        match (line.name(), open.last().copied()) {
            ("UID", Some("VEVENT")) => event.uid = text(value),
            ("SEQUENCE", Some("VEVENT")) => event.sequence = value.parse().unwrap(),
            ("DTSTAMP", Some("VEVENT")) => event.stamp = utc(),
            ("DTSTART", Some("VEVENT")) => event.due = utc(),
            ("SUMMARY", Some("VEVENT")) => event.summary = text(value),
            ("DESCRIPTION", Some("VEVENT")) => event.description = text(value),
            ("STATUS", Some("VEVENT")) => event.cancelled = value == "CANCELLED",
            ("TRIGGER", Some("VALARM")) => {
                assert_eq!(line.params()[0].name(), "VALUE");
                event.reminders.push(utc());
            }
            ("DESCRIPTION", Some("VALARM")) => assert_eq!(text(value), event.summary),
            ("ACTION", Some("VALARM")) | ("TRANSP", Some("VEVENT")) => {}
            _ => panic!("{line:?}"),
        }
    }
    assert!(open.is_empty());
    events
}

/// The text that a value of type TEXT stands for.
fn text(value: &str) -> String {
    let mut plain = String::new();
    let mut chars = value.chars();
    while let Some(char) = chars.next() {
        plain.push(match char {
            '\\' => match chars.next().unwrap() {
                'n' | 'N' => '\n',
                char @ ('\\' | ';' | ',') => char,
                char => panic!("`\\{char}` means nothing"),
            },
            ';' | ',' => panic!("`{char}` stands bare in {value:?}"),
            _ => char,
        });
    }
    plain
}

/// What of a text the format can hold.
fn held(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|char| match char {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\n' | '\t' => char,
            _ if char.is_control() => '\u{fffd}',
            _ => char,
        })
        .collect()
}

fn seen(deadline: &Deadline) -> Seen {
    let mut reminders: Vec<i64> = deadline.reminders.iter().map(|at| at.unix()).collect();
    if deadline.cancelled {
        reminders.clear();
    }
    Seen {
        uid: deadline.uid.clone(),
        sequence: deadline.sequence.min(2_147_483_647),
        stamp: deadline.stamp.unix(),
        due: deadline.due.unix(),
        summary: held(&deadline.summary),
        description: held(&deadline.description),
        reminders,
        cancelled: deadline.cancelled,
    }
}

fn words() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "\r\n",
        "\n",
        "\r",
        "\t",
        "\0",
        "\u{1b}",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\\",
        "\\n",
        ";",
        ",",
        ":",
        "\"",
        "国",
        "庆",
        "答复",
        "👩‍👩‍👧",
        "🇨🇳",
        "e\u{301}",
        " ",
        "  ",
        "END:VEVENT",
        "\r\n ",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(awkward, 0..80).prop_map(|parts| parts.concat()),
        (
            0..300usize,
            prop::sample::select(vec!["x", "é", "国", "🎆", ","])
        )
            .prop_map(|(times, part)| part.repeat(times)),
    ]
}

fn moment() -> impl Strategy<Value = Moment> {
    (Moment::MIN.unix()..=Moment::MAX.unix()).prop_map(|unix| Moment::from_unix(unix).unwrap())
}

fn deadline() -> impl Strategy<Value = Deadline> {
    let uid = words().prop_map(|text| {
        let breaks = |char: &char| !char.is_control() && !"\u{2028}\u{2029}".contains(*char);
        text.chars().filter(breaks).collect::<String>()
    });
    let texts = (uid, words(), words());
    let times = (moment(), moment(), prop::collection::vec(moment(), 0..4));
    (texts, times, any::<u32>(), any::<bool>()).prop_map(
        |((uid, summary, description), (stamp, due, reminders), sequence, cancelled)| Deadline {
            uid,
            sequence,
            stamp,
            due,
            summary,
            description,
            reminders,
            cancelled,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// What is written is read back: the same moments to the second, and the same texts but for the control characters that the format
    /// does not have. No line is longer than 75 octets, and each is whole characters on its own.
    #[test]
    fn what_is_written_is_read_back(mut deadlines in prop::collection::vec(deadline(), 0..4)) {
        for (n, deadline) in deadlines.iter_mut().enumerate() {
            deadline.uid.push_str(&format!("@{n}"));
        }
        let file = Deadline::ics(&deadlines).unwrap();
        prop_assert_eq!(read(&file), deadlines.iter().map(seen).collect::<Vec<_>>());
        prop_assert!(file.ends_with("END:VCALENDAR\r\n"));
        for line in file.as_bytes().split_inclusive(|byte| *byte == b'\n') {
            prop_assert!(line.ends_with(b"\r\n") && line.len() <= 77, "{:?}", line);
            prop_assert!(std::str::from_utf8(line).is_ok());
        }
        prop_assert!(!file.replace("\r\n", "").contains(['\r', '\n']));
    }
}

/// The file that `tests/calendars/deadlines.py` reads with a program of another language is the one that is written today. To write
/// it anew after a change that is meant, set `DULY_WRITE`.
#[test]
fn the_sample_is_what_is_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendars");
    let given = std::fs::read_to_string(folder.join("deadlines.json")).unwrap();
    let given: Vec<serde_json::Value> = serde_json::from_str(&given).unwrap();
    let at = |value: &serde_json::Value| Moment::parse(value.as_str().unwrap()).unwrap();
    let deadlines: Vec<Deadline> = given
        .iter()
        .map(|given| Deadline {
            uid: given["uid"].as_str().unwrap().to_owned(),
            sequence: given["sequence"].as_u64().unwrap().try_into().unwrap(),
            stamp: at(&given["stamp"]),
            due: at(&given["due"]),
            summary: given["summary"].as_str().unwrap().to_owned(),
            description: given["description"].as_str().unwrap().to_owned(),
            reminders: given["reminders"]
                .as_array()
                .unwrap()
                .iter()
                .map(at)
                .collect(),
            cancelled: given["cancelled"].as_bool().unwrap(),
        })
        .collect();
    assert!(deadlines.len() > 30);
    let file = Deadline::ics(&deadlines).unwrap();
    let sample = folder.join("deadlines.ics");
    if std::env::var_os("DULY_WRITE").is_some() {
        std::fs::write(&sample, &file).unwrap();
    }
    assert_eq!(std::fs::read_to_string(sample).unwrap(), file);
    assert_eq!(read(&file), deadlines.iter().map(seen).collect::<Vec<_>>());
}

#[test]
fn a_uid_must_tell_one_deadline_from_another() {
    let deadline = |uid: &str| Deadline {
        uid: uid.to_owned(),
        sequence: 0,
        stamp: Moment::MIN,
        due: Moment::MAX,
        summary: String::new(),
        description: String::new(),
        reminders: Vec::new(),
        cancelled: false,
    };
    let said = |uids: &[&str]| {
        let deadlines: Vec<Deadline> = uids.iter().map(|uid| deadline(uid)).collect();
        let error = Deadline::ics(&deadlines).unwrap_err();
        assert!(matches!(error, CalendarError::Uid { .. }), "{error}");
        error.to_string()
    };
    assert!(said(&["a", " "]).contains("is empty"));
    assert!(said(&["a", "b", "a"]).contains("`a` of a deadline is that of another"));
    assert!(said(&["a\r\nBEGIN:VEVENT"]).contains("a line break"));
    assert!(said(&["a\u{2028}b"]).contains("a line break"));
}
