//! The words of the language. Each stands at the beginning of a statement or after one kind of declaration, and does one thing to
//! the draft. The tables below are the language: what is not in them is refused.

mod call;
mod clauses;
mod clocks;
mod dates;
pub(super) mod derived;
mod desk;
mod doors;
pub(super) mod duties;
mod facts;
pub(super) mod ladders;
pub(super) mod notices;
mod overlay;
mod pack;
pub(super) mod parts;

pub(super) use call::Call;

use rhai::Dynamic;

use super::draft::Draft;
use super::fault::{Both, Fault, Tried, both, near};
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

const TABLES: [&[Entry]; 12] = [
    pack::WORDS,
    facts::WORDS,
    clocks::WORDS,
    ladders::WORDS,
    notices::WORDS,
    duties::WORDS,
    parts::WORDS,
    doors::WORDS,
    desk::WORDS,
    overlay::WORDS,
    clauses::WORDS,
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

/// The language's names in capitals, besides marks and outcomes: what each says in Chinese, and the words it may stand in.
const NAMED: [(&str, &str, &[&str]); 16] = [
    ("CITIZEN", "网民", &["given_by", "side", "extend", "to"]),
    ("HOST", "接入的系统", &["given_by"]),
    ("INTAKE", "受理人", &["given_by"]),
    ("REPLY", "答复", &["in_text"]),
    ("REVIEW", "审核时", &["judged"]),
    ("STRIKE_OFF", "销账时", &["judged"]),
    ("STATUTORY", "法定", &["class", "side"]),
    ("STANDARD", "办法规定", &["class"]),
    ("INTERNAL", "内部", &["class"]),
    ("OFFICE", "承办一方", &["side"]),
    ("OUTSIDE_OFFICE_HOURS", "办公时间之外", &["quiet"]),
    ("ASK", "由人决定", &["propose", "lead"]),
    ("FIRST", "先列的为准", &["clauses"]),
    ("UNIQUE", "只许一款管到", &["clauses"]),
    ("STRICTEST", "从严", &["clauses"]),
    ("COLLECT", "全部适用", &["clauses"]),
];

const MARKS: [&str; 27] = [
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
    "PASSED_FIRST",
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
    NAMED
        .into_iter()
        .map(|(name, ..)| name)
        .chain(MARKS)
        .chain(OUTCOMES)
}

/// Every name in capitals, what it says in Chinese, and the words it may stand in.
pub(super) fn meant()
-> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> + Clone {
    const IN_MARKS: &[&str] = &["starts", "stops", "notice"];
    let marks = MARKS.into_iter().map(|name| {
        let zh = mark(name).map_or("", ClockMark::zh);
        (name, zh, IN_MARKS)
    });
    let outcomes = OUTCOMES.into_iter().map(|name| {
        let zh = outcome(name).map_or("", Outcome::zh);
        (name, zh, &["allow"][..])
    });
    NAMED.into_iter().chain(marks).chain(outcomes)
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
        let name = call.name;
        let message = both!(
            "`{name}` declares something, and a rule only answers",
            "`{name}`要单写一句,不能写在规则里面:规则只给答案"
        );
        return Err(Fault::new("D313", message).help(both!(
            "write it as a statement of its own",
            "把它移出来,另写一句"
        )));
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

/// Words with what they say, where there are any.
pub(super) fn listed<'a>(words: impl Iterator<Item = &'a Entry> + Clone) -> Option<Both> {
    let en: Vec<String> = words
        .clone()
        .map(|word| format!("`{}`", word.name))
        .collect();
    let zh: Vec<String> = words
        .map(|word| format!("`{}`({})", word.name, word.zh))
        .collect();
    let (en, zh) = (en.join(", "), zh.join("、"));
    (!en.is_empty()).then(|| both!("{en}", "{zh}"))
}

/// A word in the wrong place.
fn misplaced(call: &Call, on: Kind) -> Fault {
    let takes = all().filter(|word| word.on == on).map(|word| word.name);
    let owners = all().filter(|word| word.name == call.name);
    let owners: Vec<Kind> = owners.map(|word| word.on).collect();
    let en: Vec<&str> = owners.iter().map(|kind| kind.name()).collect();
    let zh: Vec<&str> = owners.iter().map(|kind| kind.zh()).collect();
    let (name, after, after_zh) = (call.name, on.name(), on.zh());
    let (en, zh) = (en.join(", "), zh.join("、"));
    let message = match on {
        Kind::Start => both!(
            "`{name}` does not begin a statement: it follows {en}",
            "一句话不能用`{name}`开头:它写在{zh}后面"
        ),
        _ if owners == [Kind::Start] => both!(
            "`{name}` begins a statement of its own, it does not follow {after}",
            "`{name}`要另起一句,不能接在{after_zh}后面"
        ),
        _ => both!(
            "`{name}` does not follow {after}, only {en}",
            "`{name}`不能接在{after_zh}后面,只能接在{zh}后面"
        ),
    };
    if on == Kind::Clauses {
        return Fault::new("D201", message).maybe(near(name, takes).or_else(|| {
            let fits = owners.iter().any(|owner| clauses::OWNERS.contains(owner));
            fits.then(|| {
                both!(
                    "write `.{name}(…)` before `.clauses(…)`",
                    "把`.{name}(…)`写在`.clauses(…)`前面"
                )
            })
        }));
    }
    let help = listed(all().filter(|word| word.on == on && on != Kind::Start))
        .map(|list| both!("after {after} come {list}", "{after_zh}后面可以写:{list}"; list));
    Fault::new("D201", message).maybe(near(call.name, takes).or(help))
}
