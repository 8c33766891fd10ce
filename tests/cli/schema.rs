//! What leaves a board holds to the published schema, and nothing else does.
//!
//! `DULY_UPDATE_SCHEMA=1 cargo test --all-features --test cli schema` writes the copies in `examples/` anew.

use std::collections::BTreeSet;
use std::fs;

use duly::case::effects;
use duly::desk::{Cursor, SqliteLedger};
use duly::duty::{DutyEffect, DutyNotice, DutyOutgoing};
use duly::plan::Plans;
use duly::words::{
    Addressee, ClockKey, ClockKind, Effect, Notice, Outgoing, Role, Salt, Telling, TextRef, Verb,
};
use serde_json::{Value, json};

use super::checker::Checker;
use super::{Desk, duly};

fn published(of: &str) -> Value {
    let ran = duly(&["schema", of]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

#[test]
fn the_copies_beside_the_examples_are_what_the_tool_prints() {
    for of in ["outgoing", "duty-outgoing"] {
        let path = format!("{}/examples/{of}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let now = duly(&["schema", of]).out;
        if std::env::var_os("DULY_UPDATE_SCHEMA").is_some() {
            fs::write(&path, &now).expect("written");
        }
        assert_eq!(fs::read_to_string(&path).expect("the copy"), now, "{path}");
    }
}

fn reference() -> TextRef {
    let sealed = duly::words::Private::seal(Salt::derived(b"test", "c1"), "text", "路灯".into());
    sealed.reference
}

fn office() -> Addressee {
    Addressee {
        post: "ducha".into(),
        role: None,
        place: "632521".parse().expect("a place"),
        unit: None,
        person: None,
    }
}

fn owner() -> Addressee {
    Addressee {
        post: "owner".into(),
        role: Some(Role::Owner),
        unit: Some("共和县住建局".parse().expect("a unit")),
        person: Some("wanggang".parse().expect("a person")),
        ..office()
    }
}

/// One effect of each variant, and of each way in which a field may be absent.
fn each() -> Vec<Value> {
    let text = reference;
    let due = Some("2026-03-02T18:00:00+08:00".parse().expect("a moment"));
    let case = || "a/b 件".parse().expect("a case");
    let tellings = [
        Telling::Received,
        Telling::Question { text: text() },
        Telling::Assigned {
            unit: "住建局".parse().expect("a unit"),
            due,
        },
        Telling::Assigned {
            unit: "住建局".parse().expect("a unit"),
            due: None,
        },
        Telling::Progress { text: text() },
        Telling::Extended { text: text(), due },
        Telling::Extended {
            text: text(),
            due: None,
        },
        Telling::Answer {
            texts: vec![text(), text()],
        },
        Telling::Declined { text: text() },
        Telling::Merged { into: case() },
        Telling::Unmerged { from: case() },
        Telling::Retracted,
        Telling::StruckOff,
        Telling::Reopened,
        Telling::Withdrawn,
        Telling::Notice {
            words: "已收到".into(),
        },
    ];
    let clock = ClockKey {
        kind: ClockKind::Reply,
        run: 1,
    };
    let notices = [
        Notice::Assigned,
        Notice::Objected,
        Notice::ToReview,
        Notice::Returned,
        Notice::PartReplied,
        Notice::PartBack {
            sub: "m01.birth".parse().expect("an id"),
        },
        Notice::PartQuestion {
            sub: "m01.birth".parse().expect("an id"),
            text: reference(),
        },
        Notice::PartAsked { due: None },
        Notice::CalledOff,
        Notice::SignalAgain { number: 2 },
        Notice::Directed,
        Notice::Rung {
            clock,
            verb: Verb::Remind,
            title: "蓝色提醒".into(),
        },
        Notice::Overdue {
            clock,
            occurrence: 2,
        },
        Notice::ExtensionLapsed {
            clock: ClockKind::Whole,
        },
        Notice::Corrected { entry: 4 },
        Notice::Infeasible { clock },
        Notice::Informed {
            title: "涉险来件".into(),
            words: String::new(),
        },
        Notice::Informed {
            title: "涉险来件".into(),
            words: "请速看".into(),
        },
        Notice::Count {
            count: "returns".into(),
            number: 3,
            verb: Verb::Summon,
        },
    ];
    let citizen = Some("zhuoma".parse().expect("a person"));
    let mut all: Vec<Effect> = tellings
        .into_iter()
        .map(|what| Effect::Tell {
            citizen: citizen.clone(),
            what,
        })
        .collect();
    all.extend(
        notices
            .into_iter()
            .map(|what| Effect::Notify { to: owner(), what }),
    );
    all.push(Effect::Tell {
        citizen: None,
        what: Telling::Received,
    });
    all.push(Effect::Notify {
        to: office(),
        what: Notice::Directed,
    });
    all.push(Effect::Publish {
        texts: vec![text()],
    });
    all.push(Effect::Retract);
    all.push(Effect::Erase {
        fields: vec![text()],
    });
    let out = |effect| Outgoing {
        id: "a/b 件/7/0".to_owned().try_into().expect("an id"),
        at: "2026-03-02T18:00:00+08:00".parse().expect("a moment"),
        effect,
    };
    all.into_iter().map(|effect| json!(out(effect))).collect()
}

fn each_of_duties() -> Vec<Value> {
    let due = "2026-03-02T18:00:00+08:00".parse().expect("a moment");
    let notices = [
        DutyNotice::Imposed {
            topic: reference(),
            due,
        },
        DutyNotice::ToAccept {
            link: "https://example.org/v".into(),
        },
        DutyNotice::Accepted,
        DutyNotice::SentBack {
            mend: reference(),
            due,
        },
        DutyNotice::Excused,
        DutyNotice::Rung {
            verb: Verb::Warn,
            title: "到期".into(),
            round: None,
        },
        DutyNotice::Rung {
            verb: Verb::Warn,
            title: "走访催办".into(),
            round: Some(3),
        },
        DutyNotice::Round {
            round: 2,
            topic: reference(),
            due,
        },
        DutyNotice::Overdue {
            occurrence: 1,
            round: None,
        },
        DutyNotice::Overdue {
            occurrence: 1,
            round: Some(3),
        },
        DutyNotice::Waits { occurrence: 1 },
    ];
    let mut all: Vec<DutyEffect> = notices
        .into_iter()
        .map(|what| DutyEffect::Notify { to: office(), what })
        .collect();
    all.push(DutyEffect::Erase {
        fields: vec![reference()],
    });
    let out = |effect| DutyOutgoing {
        id: "digest/2026-03-02/leader/1/0"
            .to_owned()
            .try_into()
            .expect("an id"),
        at: due,
        effect,
    };
    all.into_iter().map(|effect| json!(out(effect))).collect()
}

/// The variants of an enum of the schema.
fn variants(schema: &Value, of: &str) -> BTreeSet<String> {
    let ways = schema["$defs"][of]["oneOf"].as_array().expect("variants");
    let name = |way: &Value| match way.get("const") {
        Some(name) => name.as_str().map(str::to_owned),
        None => way["required"][0].as_str().map(str::to_owned),
    };
    ways.iter().map(|way| name(way).expect("a name")).collect()
}

fn variant(value: &Value) -> String {
    let named = value
        .as_str()
        .or_else(|| value.as_object()?.keys().next().map(String::as_str));
    named.expect("a variant").to_owned()
}

fn used(all: &[Value], path: &[&str]) -> BTreeSet<String> {
    let at = |value: &Value| {
        path.iter()
            .try_fold(value.clone(), |value, name| value.get(*name).cloned())
    };
    all.iter()
        .filter_map(at)
        .map(|value| variant(&value))
        .collect()
}

// Read as the author of another program's types: there is nothing in the schema that cannot come, and nothing can come that is not in it.
#[test]
fn every_variant_holds_to_the_schema_and_the_schema_has_no_other() {
    let (cases, duties) = (published("outgoing"), published("duty-outgoing"));
    for (schema, all) in [(&cases, each()), (&duties, each_of_duties())] {
        for value in &all {
            Checker(schema)
                .check(value)
                .unwrap_or_else(|why| panic!("{why}: {value}"));
        }
    }
    let all = each();
    assert_eq!(variants(&cases, "Effect"), used(&all, &["effect"]));
    assert_eq!(
        variants(&cases, "Telling"),
        used(&all, &["effect", "tell", "what"])
    );
    assert_eq!(
        variants(&cases, "Notice"),
        used(&all, &["effect", "notify", "what"])
    );
    let all = each_of_duties();
    assert_eq!(variants(&duties, "DutyEffect"), used(&all, &["effect"]));
    assert_eq!(
        variants(&duties, "DutyNotice"),
        used(&all, &["effect", "notify", "what"])
    );
}

/// Every value that differs in one place: a key gone, a key of another name, a value of another type, a text that says something else.
fn altered(value: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let mut gone = fields.clone();
                gone.remove(name);
                all.push((format!("{name} gone"), gone.clone().into()));
                gone.insert(format!("{name}_"), inner.clone());
                all.push((format!("{name} by another name"), gone.into()));
                for (what, other) in altered(inner) {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), other);
                    all.push((format!("{name}: {what}"), fields.into()));
                }
            }
            all.push(("no object".into(), json!(7)));
        }
        Value::Array(items) => {
            for (what, other) in items.first().map(altered).unwrap_or_default() {
                all.push((format!("[0]: {what}"), json!([other])));
            }
            all.push(("no array".into(), json!("x")));
        }
        Value::String(_) => {
            all.push(("no text".into(), json!(7)));
            all.push(("nothing".into(), Value::Null));
            all.push(("another text".into(), json!("\u{1}another ")));
        }
        Value::Null => all.push(("not null".into(), json!(7))),
        _ => {
            all.push(("no number".into(), json!("7")));
            all.push(("a negative number".into(), json!(-1)));
        }
    }
    all
}

/// Whether that may be altered without harm: texts that may say anything, and fields that may be absent.
fn free(what: &str) -> bool {
    let path: Vec<&str> = what.split(": ").collect();
    let Some((change, path)) = path.split_last() else {
        return false;
    };
    let within = path.last().copied().unwrap_or_default();
    let may_miss = |name: &str| match path {
        [.., "to", _] => ["role", "unit", "person"].contains(&name),
        _ => false,
    };
    match *change {
        "another text" => ["post", "title", "words", "count", "link"].contains(&within),
        "nothing" => {
            may_miss(within) || within == "citizen" || within == "due" && path.contains(&"tell")
        }
        change => {
            let name = change.split(' ').next().unwrap_or_default();
            within == "to" && ["role", "unit", "person"].contains(&name)
                || within == "informed" && name == "words"
                || ["rung", "overdue"].contains(&within) && name == "round"
        }
    }
}

// The schema and the types agree on everything that is nearly right, so that a service that checks and one that reads refuse the same.
#[test]
fn what_is_altered_in_one_place_does_not_hold_to_the_schema() {
    let mut tried = 0;
    type Reads = fn(&Value) -> bool;
    let reads: [Reads; 2] = [
        |value| serde_json::from_value::<Outgoing>(value.clone()).is_ok(),
        |value| serde_json::from_value::<DutyOutgoing>(value.clone()).is_ok(),
    ];
    let of = [("outgoing", each()), ("duty-outgoing", each_of_duties())];
    for ((of, all), reads) in of.into_iter().zip(reads) {
        let schema = published(of);
        for (value, (what, other)) in all
            .iter()
            .flat_map(|value| altered(value).into_iter().map(move |it| (value, it)))
        {
            let held = Checker(&schema).check(&other);
            if held.is_ok() {
                assert!(
                    reads(&other),
                    "the schema takes what the library does not read ({what}): {other}"
                );
            }
            assert_eq!(held.is_ok(), free(&what), "{what} of {value}: {held:?}");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

/// Every effect of a ledger's cases and obligations, as the tool left them: what other cases are told apart.
fn effects_of(path: &str, board: &str) -> (Vec<Value>, Vec<Value>, Vec<Value>) {
    let board: duly::words::BoardId = board.parse().expect("a board");
    let ledger = SqliteLedger::open_read_only(path, board.clone()).expect("a ledger");
    let desk = duly::desk::Desk::new(ledger, Plans::new(board.clone())).expect("a desk");
    let (mut out, mut links, mut duties) = (Vec::new(), Vec::new(), Vec::new());
    for case in desk.cases(None, 100_000).expect("cases") {
        let mut state = None;
        for entry in desk.history(&case).expect("a history") {
            let record = entry.sealed.record;
            let after = duly::case::evolve(state, &record).expect("it follows");
            for it in effects(&record, &after) {
                match it.is_link() {
                    true => links.push(json!(it)),
                    false => out.push(json!(it)),
                }
            }
            state = Some(after);
        }
    }
    let mut states = std::collections::BTreeMap::new();
    for entry in desk
        .read_duties(&Cursor::start(), 100_000)
        .expect("obligations")
        .items
    {
        let record = entry.sealed.record;
        let before = states.remove(&record.duty);
        let after = duly::duty::evolve(&board, before, &record).expect("it follows");
        duties.extend(
            duly::duty::effects(&record, &after)
                .iter()
                .map(|it| json!(it)),
        );
        states.insert(record.duty, after);
    }
    (out, links, duties)
}

#[test]
fn what_a_board_sends_in_months_holds_to_the_schema_and_links_do_not() {
    let desk = Desk::new();
    let ledger = desk.path("board.db");
    let args = [
        "simulate",
        "hainan-board",
        "--cases",
        "300",
        "--seed",
        "5",
        "--ledger",
        &ledger,
    ];
    let ran = duly(&args);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let kept = desk.path("demo");
    let ran = duly(&["demo", "--keep", &kept]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let boards = |path: &str| SqliteLedger::boards(path).expect("boards");
    let demo = format!("{kept}/demo.db");
    let (schema, of_duties) = (published("outgoing"), published("duty-outgoing"));
    let mut seen = (0, 0, 0);
    for path in [&ledger, &demo] {
        for board in boards(path) {
            let (out, links, duties) = effects_of(path, board.as_str());
            for value in &out {
                Checker(&schema)
                    .check(value)
                    .unwrap_or_else(|why| panic!("{why}: {value}"));
            }
            for value in &links {
                assert!(Checker(&schema).check(value).is_err(), "{value}");
            }
            for value in &duties {
                Checker(&of_duties)
                    .check(value)
                    .unwrap_or_else(|why| panic!("{why}: {value}"));
            }
            seen = (
                seen.0 + out.len(),
                seen.1 + links.len(),
                seen.2 + duties.len(),
            );
        }
    }
    assert!(seen.0 > 2000 && seen.1 > 0 && seen.2 > 0, "{seen:?}");
}
