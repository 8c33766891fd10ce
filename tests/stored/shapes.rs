//! How a line of an older shape is read. No record of this library has changed its shape so far, so the lines here are of a note that has, twice:
//! in shape 2 it says `words` for `text`, in shape 3 whether it is `urgent`, which until then was an exclamation mark.

use duly::desk::{Flaw, Hash, Line, Sealed, Upcast};
use duly::words::{CaseId, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    case: CaseId,
    version: u64,
    words: String,
    urgent: bool,
}

fn text_is_words(mut line: Value) -> Value {
    if let Some(note) = line.as_object_mut()
        && let Some(text) = note.remove("text")
    {
        note.insert("words".to_owned(), text);
    }
    line
}

fn a_mark_is_urgent(mut line: Value) -> Value {
    let urgent = line["words"].as_str().is_some_and(|it| it.ends_with('!'));
    line["urgent"] = json!(urgent);
    line
}

impl Line for Note {
    type Of = CaseId;
    fn of(&self) -> &CaseId {
        &self.case
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn foreign(&self) -> Flaw {
        Flaw::OtherCase {
            found: self.case.clone(),
        }
    }
    fn called(&self) -> String {
        format!("note {}", self.version)
    }
    const UPCASTS: &'static [Upcast] = &[text_is_words, a_mark_is_urgent];
}

fn note(version: u64, words: &str, urgent: bool) -> Note {
    Note {
        case: "m01".parse().unwrap(),
        version,
        words: words.to_owned(),
        urgent,
    }
}

const PREV: Hash = Hash::new([7; 32]);

/// The hash that the line was sealed with: over its bytes, whoever wrote them.
fn hash(line: &str) -> Hash {
    Hash::of(&[PREV.bytes().as_slice(), line.as_bytes()].concat())
}

fn read(line: &str) -> Result<Sealed<Note>, Flaw> {
    Sealed::read(line.as_bytes(), PREV, hash(line))
}

const FIRST: &str = r#"{"case":"m01","text":"路灯不亮!","version":1}"#;
const SECOND: &str = r#"{"case":"m01","shape":2,"version":2,"words":"路灯不亮"}"#;
const THIRD: &str = r#"{"case":"m01","shape":3,"urgent":true,"version":3,"words":"快"}"#;

// A line of any shape says the same as one that is written now, and stays the bytes that it is.
#[test]
fn lines_of_every_shape_are_read_and_none_is_rewritten() {
    for (line, says) in [
        (FIRST, note(1, "路灯不亮!", true)),
        (SECOND, note(2, "路灯不亮", false)),
        (THIRD, note(3, "快", true)),
    ] {
        let sealed = read(line).unwrap();
        assert_eq!(sealed.record, says);
        assert!(sealed.holds());
        assert_eq!(sealed.line().unwrap(), line);
        // Carried about as JSON, it is still the line that was sealed.
        let carried = serde_json::to_string(&sealed).unwrap();
        assert_eq!(
            serde_json::from_str::<Sealed<Note>>(&carried).unwrap(),
            sealed
        );
    }
    let written = Sealed::seal(PREV, note(3, "快", true)).unwrap();
    assert_eq!(written, read(THIRD).unwrap());
}

// Neither what an older line says nor which shape it says to be of can be altered, with or without the line itself.
#[test]
fn an_older_line_is_held_against_its_hash() {
    for altered in [
        FIRST.replace('!', "。"),
        FIRST.replace("\"text\"", "\"words\""),
        SECOND.replace("\"shape\":2,", ""),
        SECOND.replace("\"shape\":2", "\"shape\":3"),
    ] {
        let of = if altered.contains("version\":1") {
            FIRST
        } else {
            SECOND
        };
        let read: Result<Sealed<Note>, Flaw> = Sealed::read(altered.as_bytes(), PREV, hash(of));
        assert!(read.is_err(), "{altered}");
    }
    let mut other_words = read(FIRST).unwrap();
    other_words.record.words = "路灯亮了".to_owned();
    assert!(
        !other_words.holds(),
        "what it is read as is not what the line says"
    );
    let mut other_hash = read(FIRST).unwrap();
    other_hash.hash = hash(SECOND);
    assert!(!other_hash.holds());
}

// A newer shape is not guessed at; and no line says to be of the first.
#[test]
fn a_line_of_a_shape_that_is_not_known_is_said_to_be_so() {
    let said = |line: &str| match read(line) {
        Err(Flaw::Unreadable { said }) => said,
        other => panic!("{other:?}"),
    };
    let newer = THIRD.replace("\"shape\":3", "\"shape\":4");
    assert_eq!(
        said(&newer),
        "it is of shape 4, this library knows shapes up to 3; use a newer library"
    );
    let first = SECOND.replace("\"shape\":2", "\"shape\":1");
    assert_eq!(said(&first), "no line says to be of shape 1");
    let none = SECOND.replace("\"shape\":2", "\"shape\":\"II\"");
    assert_eq!(said(&none), "`\"II\"` is no shape of a line");
    // What an upcast cannot read is refused in the words of the record.
    let bare = r#"{"case":"m01","version":1}"#;
    assert!(
        said(bare).contains("missing field `words`"),
        "{}",
        said(bare)
    );
}

// Records of cases are of the first shape, which says no number; a fact that is called `shape` is none.
#[test]
fn records_of_cases_are_of_the_first_shape() {
    assert!(Record::UPCASTS.is_empty() && duly::duty::DutyRecord::UPCASTS.is_empty());
    let line = |plus: &str, fact: &str| {
        format!(
            r#"{{"at":"2026-03-02T01:14:00Z","case":"m01","event":{{"fact_set":{{"name":"{fact}","value":2}}}},"plan":"{}"{plus},"version":3}}"#,
            "0".repeat(64)
        )
    };
    let read = |line: &str| Sealed::<Record>::read(line.as_bytes(), PREV, hash(line));
    let plain = line("", "shape");
    assert_eq!(read(&plain).unwrap().line().unwrap(), plain);
    let derived = plain.replace("\"name\"", "\"derived\":{\"shape\":4},\"name\"");
    let sealed = read(&derived).unwrap();
    assert!(sealed.holds() && sealed.line().unwrap() == derived);
    let newer = line(",\"shape\":2", "heat");
    assert!(matches!(read(&newer), Err(Flaw::Unreadable { said }) if said.contains("shape 2")));
}
