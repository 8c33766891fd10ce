//! Lines as they stand in ledgers, one for every variant of everything that is stored, with every field that may be absent. Nobody edits one: a
//! new variant or field gets a new line, and an old line is read for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use duly::desk::{Answer, DutyAnswer, Hash, Sealed};
use duly::duty::{DutyOutgoing, DutyRecord};
use duly::words::{Event, FactValue, Outgoing, Record};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is stored as one kind of line.
struct Kind {
    name: &'static str,
    lines: &'static str,
    read: fn(&str) -> Result<Read, String>,
}

/// A line as this build reads it.
struct Read {
    /// As it would write it.
    written: String,
    /// As it shows it, with the fields that are not written.
    shown: String,
}

fn read<T: Serialize + DeserializeOwned + Debug>(line: &str) -> Result<Read, String> {
    let value: T = serde_json::from_str(line).map_err(|error| error.to_string())?;
    Ok(Read {
        written: String::from_utf8(serde_json_canonicalizer::to_vec(&value).unwrap()).unwrap(),
        shown: format!("{value:#?}"),
    })
}

macro_rules! kinds {
    ($($file:literal: $type:ty;)+) => {
        &[$(Kind {
            name: $file,
            lines: include_str!(concat!($file, ".jsonl")),
            read: read::<$type>,
        }),+]
    };
}

const KINDS: &[Kind] = kinds! {
    "records": Record;
    "duty_records": DutyRecord;
    "answers": Answer;
    "duty_answers": DutyAnswer;
    "outgoing": Outgoing;
    "duty_outgoing": DutyOutgoing;
};

/// The place of every value in a line: names of fields, and numbers in lists.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(name, value)| places(value, &format!("{at}/{name}"), all)),
        Value::Array(list) => (0..)
            .zip(list)
            .for_each(|(n, value): (u32, _)| places(value, &format!("{at}/{n}"), all)),
        _ => {}
    }
}

fn every_place(line: &Value) -> Vec<String> {
    let mut all = Vec::new();
    places(line, "", &mut all);
    all
}

fn canonical(value: &Value) -> String {
    String::from_utf8(serde_json_canonicalizer::to_vec(value).unwrap()).unwrap()
}

// Read, and written again: the same bytes. What a hash was taken over once gives that hash for ever.
#[test]
fn every_stored_line_is_read_and_written_as_it_stands() {
    for kind in KINDS {
        assert!(!kind.lines.is_empty());
        for (n, line) in (1..).zip(kind.lines.lines()) {
            match (kind.read)(line) {
                Ok(read) => assert_eq!(read.written, line, "{}:{n}", kind.name),
                Err(said) => panic!("{}:{n}: {said}\n{line}", kind.name),
            }
        }
    }
}

// A line without a field that may be absent is read as well, and not given one: each such field is tried, in every line. Which they are is pinned,
// as none may become wanted.
#[test]
fn a_field_that_was_absent_stays_absent() {
    let mut may_be_absent = BTreeSet::new();
    for kind in KINDS {
        for line in kind.lines.lines() {
            let whole: Value = serde_json::from_str(line).unwrap();
            for place in every_place(&whole) {
                let Some((above, name)) = place.rsplit_once('/') else {
                    continue;
                };
                let mut less = whole.clone();
                let Some(Value::Object(map)) = less.pointer_mut(above) else {
                    continue;
                };
                map.remove(name);
                let Ok(read) = (kind.read)(&canonical(&less)) else {
                    continue;
                };
                // A field that is always written stands there empty.
                let with = |value: Value| {
                    let mut more = less.clone();
                    more.pointer_mut(above).unwrap()[name] = value;
                    canonical(&more)
                };
                let (null, list) = (with(Value::Null), with(Value::Array(Vec::new())));
                // Or as what goes without saying.
                let (map, origin) = (with(serde_json::json!({})), with("message".into()));
                assert!(
                    [canonical(&less), null, list, map, origin].contains(&read.written),
                    "{}: without {place}\n{line}\n{}",
                    kind.name,
                    read.written
                );
                let names = place.split('/').filter(|it| it.parse::<u32>().is_err());
                may_be_absent.insert(format!(
                    "{}{}",
                    kind.name,
                    names.collect::<Vec<_>>().join(".")
                ));
            }
        }
    }
    // A fact may be absent as any other key of a map: only what the types name is told.
    let told: Vec<String> = may_be_absent
        .into_iter()
        .filter(|it| {
            !it.contains(".facts.") && !it.contains(".derived.") && !it.contains(".findings.")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// The names that a reader would take in place of one that it does not know.
fn expected(said: &str) -> Option<BTreeSet<String>> {
    let names = said
        .strip_prefix("unknown variant `")?
        .split_once("expected")?
        .1;
    let names = names.split('`').skip(1).step_by(2);
    Some(names.map(str::to_owned).collect())
}

// Every variant of everything that is stored has a line. Where a name that nobody knows stands in a variant's place, the reader says which it knows: all
// of them must have stood there, or in the same place of another line.
#[test]
fn every_variant_has_a_stored_line() {
    // Which names are known, and which stood there. One set of names is one type, wherever it stands.
    let mut found: BTreeMap<BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
    for kind in KINDS {
        for line in kind.lines.lines() {
            let whole: Value = serde_json::from_str(line).unwrap();
            for place in every_place(&whole) {
                let mut other = whole.clone();
                let here = other.pointer_mut(&place).unwrap();
                let (stood, bogus) = match here {
                    Value::String(name) => (name.clone(), Value::from("bogus")),
                    Value::Object(map) if map.len() == 1 => {
                        let (name, value) = map.iter().next().unwrap();
                        (name.clone(), serde_json::json!({ "bogus": value }))
                    }
                    _ => continue,
                };
                *here = bogus;
                let Err(said) = (kind.read)(&other.to_string()) else {
                    continue;
                };
                if let Some(known) = expected(&said) {
                    found.entry(known).or_default().insert(stood);
                }
            }
        }
    }
    assert!(found.len() > 40, "only {} types are found", found.len());
    let missing: Vec<String> = found
        .iter()
        .flat_map(|(known, stood)| known.difference(stood).map(move |it| (it, stood)))
        .map(|(lacks, stood)| format!("{lacks}, where {stood:?} stand"))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

// Every field that may be left out has stood in some line: a new one gets a line.
#[test]
fn every_field_has_stood_in_a_stored_line() {
    let mut missing = BTreeSet::new();
    for kind in KINDS {
        let mut stood: BTreeMap<(String, String), bool> = BTreeMap::new();
        for line in kind.lines.lines() {
            let shown = (kind.read)(line).unwrap().shown;
            // The types that a line of the value lies in, by how far each is indented.
            let mut within: Vec<(usize, String)> = Vec::new();
            let mut rows = shown.lines().peekable();
            while let Some(row) = rows.next() {
                let indent = row.len() - row.trim_start().len();
                within.retain(|(outer, _)| *outer < indent);
                let (field, value) = match row.trim_start().split_once(": ") {
                    Some((field, value)) if !field.contains('"') => (Some(field), value),
                    _ => (None, row.trim_start()),
                };
                if let (Some(field), Some((_, of))) = (field, within.last()) {
                    let empty = ["None,", "[],", "{},", "\"\",", "false,"];
                    // A list in a type of its own stands on the next line.
                    let next = rows.peek().is_some_and(|next| next.trim_start() == "[],");
                    let there = !empty.contains(&value) && !next;
                    *stood.entry((of.clone(), field.to_owned())).or_default() |= there;
                }
                if let Some(name) = value.strip_suffix(" {") {
                    within.push((indent, name.to_owned()));
                }
            }
        }
        assert!(stood.len() > 10, "{}: hardly a field is found", kind.name);
        let never = stood.into_iter().filter(|(_, there)| !there);
        missing.extend(never.map(|((of, field), _)| format!("{}: {of}.{field}", kind.name)));
    }
    assert!(
        missing.is_empty(),
        "never but absent, empty or false: {missing:#?}"
    );
}

// Canonical JSON holds numbers as a float does. One that would come back as another is refused before it is sealed, for what it is; nothing is
// written that cannot be read.
#[test]
fn a_number_that_canonical_json_cannot_tell_apart_is_no_line() {
    let exact = 1i64 << 53;
    let sealed = |number: i64| {
        let line = include_str!("records.jsonl").lines();
        let mut record: Record = line
            .map(|line| serde_json::from_str::<Record>(line).unwrap())
            .find(|it| matches!(it.event, Event::FactSet { .. }))
            .unwrap();
        if let Event::FactSet { value, .. } = &mut record.event {
            *value = FactValue::Whole(number);
        }
        Sealed::seal(Hash::of(b"before"), record)
    };
    for number in [0, exact, -exact] {
        let it = sealed(number).unwrap();
        let back = Sealed::<Record>::read(it.line().unwrap().as_bytes(), it.prev, it.hash);
        assert_eq!(back.unwrap().record, it.record, "{number}");
    }
    for number in [exact + 1, -exact - 1, 1 << 62, i64::MAX, i64::MIN] {
        let error = sealed(number).unwrap_err();
        assert!(error.is_misuse(), "{error}");
        assert!(
            error
                .to_string()
                .contains("beyond what canonical JSON can tell apart"),
            "{error}"
        );
    }
}
