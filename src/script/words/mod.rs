//! The words of the language. Each stands at the beginning of a statement or after one kind of declaration, and does one thing to
//! the draft. The tables below are the language: what is not in them is refused.

mod call;
mod clocks;
mod dates;
mod desk;
mod doors;
mod facts;
mod ladders;
mod overlay;
mod pack;

pub(super) use call::Call;

use rhai::Dynamic;

use super::draft::Draft;
use super::fault::{Fault, Tried, both, near};
use super::value::{Clause, Kind, ParamValue};
use crate::words::{ClockMark, Outcome};

/// One word.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) on: Kind,
    /// How it is written.
    pub(super) usage: &'static str,
    /// What it says, in Chinese.
    pub(super) zh: &'static str,
    run: fn(&mut Draft, &mut Call) -> Tried<Dynamic>,
}

const fn entry(
    on: Kind,
    name: &'static str,
    usage: &'static str,
    zh: &'static str,
    run: fn(&mut Draft, &mut Call) -> Tried<Dynamic>,
) -> Entry {
    Entry {
        name,
        on,
        usage,
        zh,
        run,
    }
}

const TABLES: [&[Entry]; 8] = [
    pack::WORDS,
    facts::WORDS,
    clocks::WORDS,
    ladders::WORDS,
    doors::WORDS,
    desk::WORDS,
    overlay::WORDS,
    dates::WORDS,
];

/// Every word, in the order of the tables.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> + Clone {
    TABLES.iter().flat_map(|table| table.iter())
}

/// Every name once.
pub(super) fn names() -> std::collections::BTreeSet<&'static str> {
    all().map(|word| word.name).collect()
}

/// Whether a name begins a declaration.
pub(super) fn declares(name: &str) -> bool {
    all().any(|word| word.on == Kind::Start && word.name == name)
}

/// The language's names in capitals, besides marks and outcomes.
const NAMED: [&str; 12] = [
    "CITIZEN",
    "HOST",
    "INTAKE",
    "REPLY",
    "REVIEW",
    "STRIKE_OFF",
    "STATUTORY",
    "STANDARD",
    "INTERNAL",
    "OFFICE",
    "OUTSIDE_OFFICE_HOURS",
    "ASK",
];

const MARKS: [&str; 26] = [
    "RECEIVED",
    "ACKNOWLEDGED",
    "ASKED",
    "SUPPLEMENTED",
    "SCREENED",
    "ASSIGNED",
    "HANDED_OVER",
    "SIGNED",
    "OBJECTED",
    "RULED",
    "SUB_ASSIGNED",
    "CO_REPLIED",
    "UPDATED",
    "REPLIED",
    "RETURNED",
    "PUBLISHED",
    "CALLED_BACK",
    "RATED",
    "RECHECKED",
    "COMMITTED",
    "FULFILLED",
    "TRACKED",
    "REPORTED",
    "UNTRACKED",
    "STRUCK_OFF",
    "REOPENED",
];

const OUTCOMES: [&str; 7] = [
    "SOLVED",
    "EXPLAINED",
    "ANSWERED",
    "ADOPTED",
    "WITHDRAWN",
    "DECLINED",
    "MERGED",
];

/// Every name in capitals.
pub(super) fn constants() -> impl Iterator<Item = &'static str> + Clone {
    NAMED.into_iter().chain(MARKS).chain(OUTCOMES)
}

/// The name in capitals, if there is one.
pub(super) fn named(name: &str) -> Option<&'static str> {
    constants().find(|known| *known == name)
}

/// The mark of a name in capitals.
pub(super) fn mark(name: &str) -> Option<ClockMark> {
    ClockMark::ALL
        .iter()
        .copied()
        .find(|mark| mark.name().to_uppercase() == name)
}

/// The outcome of a name in capitals.
pub(super) fn outcome(name: &str) -> Option<Outcome> {
    Outcome::ALL
        .iter()
        .copied()
        .find(|outcome| outcome.name().to_uppercase() == name)
}

/// Words that make a value and declare nothing.
const VALUES: [&str; 5] = ["share", "earliest", "latest", "percent", "date"];

/// Runs a word: as a method where its first argument is a declaration that takes it, else as the beginning of a statement.
pub(super) fn run(draft: &mut Draft, mut call: Call) -> Tried<Dynamic> {
    // A rule may answer or compare a value; what it may not is declare.
    if draft.frozen && !VALUES.contains(&call.name) {
        let message = format!(
            "`{}` declares something, and a rule only answers",
            call.name
        );
        return Err(Fault::new("D313", message).help("write it as a statement of its own"));
    }
    let first = call.args.first();
    let clause = first.and_then(|value| {
        let param = value.clone().try_cast::<ParamValue>().map(|param| Clause {
            kind: Kind::Param,
            at: param.at,
        });
        value.clone().try_cast::<Clause>().or(param)
    });
    let find = |on: Kind| all().find(|word| word.name == call.name && word.on == on);
    if let Some(clause) = clause {
        let Some(word) = find(clause.kind) else {
            return Err(misplaced(&call, clause.kind));
        };
        overlay::follows(draft, clause, word)?;
        call.attach(clause, word);
        return (word.run)(draft, &mut call);
    }
    match find(Kind::Start) {
        Some(word) => {
            overlay::begins(draft, word)?;
            call.begin(word);
            (word.run)(draft, &mut call)
        }
        None => Err(misplaced(&call, Kind::Start)),
    }
}

/// A word in the wrong place.
fn misplaced(call: &Call, on: Kind) -> Fault {
    let takes = all().filter(|word| word.on == on).map(|word| word.name);
    let owners: Vec<&str> = all()
        .filter(|word| word.name == call.name)
        .map(|word| word.on.name())
        .collect();
    let message = match on {
        Kind::Start => format!(
            "`{}` does not begin a statement: it follows {}",
            call.name,
            owners.join(", ")
        ),
        _ if owners == [Kind::Start.name()] => format!(
            "`{}` begins a statement of its own, it does not follow {}",
            call.name,
            on.name()
        ),
        _ => format!(
            "`{}` does not follow {}, only {}",
            call.name,
            on.name(),
            owners.join(", ")
        ),
    };
    let list: Vec<&str> = takes.clone().collect();
    let help = (on != Kind::Start && !list.is_empty()).then(|| {
        let (after, en, zh) = (on.name(), list.join(", "), list.join("、"));
        both!("after {after} come {en}", "{after}后面可以写:{zh}")
    });
    Fault::new("D201", message).maybe(near(call.name, takes).or(help))
}
