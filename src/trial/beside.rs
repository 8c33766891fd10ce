//! What a line that expects something may say: which keys stand beside which, and how each is written. A key that nothing reads asks nothing, and a test
//! that asks nothing holds whatever happens.

use serde_json::{Map, Value};

use super::read::{Entry, zh};

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    YesNo,
    /// The same, or as a text: of how the case stands.
    NumberSaid,
    YesNoSaid,
    /// A text, or a list of texts.
    Names,
    /// A number or a title, or a list of them.
    Clauses,
    Facts,
    /// Whatever a rule answers.
    Answer,
}

impl Form {
    fn fits(self, value: &Value) -> bool {
        let each = |value: &Value, fits: &dyn Fn(&Value) -> bool| {
            value
                .as_array()
                .map_or_else(|| fits(value), |all| all.iter().all(fits))
        };
        let title = |value: &Value| value.is_string() || value.is_u64();
        match self {
            Form::Text => value.is_string(),
            Form::Number => value.is_u64(),
            Form::NumberSaid => title(value),
            Form::YesNo => value.is_boolean(),
            Form::YesNoSaid => value.is_boolean() || value.is_string(),
            Form::Names => each(value, &Value::is_string),
            Form::Clauses => each(value, &title),
            Form::Facts => value.is_object(),
            Form::Answer => true,
        }
    }
    /// Whether a value of this form names nothing that could be asked. No clause can be asked for.
    fn is_empty(self, value: &Value) -> bool {
        match self {
            Form::Names => value.as_array().is_some_and(Vec::is_empty),
            Form::Facts => value.as_object().is_some_and(Map::is_empty),
            _ => false,
        }
    }
    const fn example(self) -> &'static str {
        match self {
            Form::Text => "a text, as `\"…\"`",
            Form::Number | Form::NumberSaid => "a whole number, as `2`",
            Form::YesNo | Form::YesNoSaid => "`true` or `false`",
            Form::Names => "a text or a list of texts, as `[\"…\"]`",
            Form::Clauses => "a number, a title, or a list of them, as `[1, \"…\"]`",
            Form::Facts => "facts, as `{\"urgent\": true}`",
            Form::Answer => "what the rule answers",
        }
    }
}

/// A key by which something is expected, how it is written, and what may stand beside it.
type Expected = (&'static str, Form, &'static [(&'static str, Form)]);

const EXPECTED: &[Expected] = &[
    (
        "part",
        Form::Text,
        &[("is", Form::Text), ("due", Form::Text)],
    ),
    (
        "due",
        Form::Text,
        &[
            ("is", Form::Text),
            ("run", Form::Number),
            ("provisional", Form::YesNo),
        ],
    ),
    (
        "rung",
        Form::Text,
        &[
            ("step", Form::Text),
            ("is", Form::Text),
            ("to", Form::Names),
            ("fate", Form::Text),
            ("run", Form::Number),
        ],
    ),
    (
        "verdict",
        Form::Text,
        &[("is", Form::Text), ("run", Form::Number)],
    ),
    (
        "told",
        Form::Text,
        &[
            ("is", Form::Text),
            ("to", Form::Names),
            ("fate", Form::Text),
        ],
    ),
    (
        "count",
        Form::Text,
        &[
            ("step", Form::Number),
            ("is", Form::Text),
            ("to", Form::Names),
            ("fate", Form::Text),
        ],
    ),
    (
        "reason",
        Form::Text,
        &[
            ("is", Form::Answer),
            ("because", Form::Facts),
            ("clause", Form::Clauses),
        ],
    ),
    ("stage", Form::Text, &[]),
    ("outcome", Form::Text, &[]),
    ("shown", Form::Text, &[]),
    ("proposed", Form::Text, &[]),
    ("route", Form::Text, &[]),
    ("hot", Form::YesNoSaid, &[]),
    ("tracked", Form::YesNoSaid, &[]),
    ("returns", Form::NumberSaid, &[]),
];

/// The first key that asks nothing where it stands, or is written in a way that nothing reads, with what is to be written instead.
pub(super) fn odd(entry: &Entry) -> Option<(&str, String)> {
    let keys = entry.map.keys().map(String::as_str);
    let asks: Vec<&Expected> = EXPECTED
        .iter()
        // The day of a part is no clock's.
        .filter(|(key, ..)| *key != "due" || !entry.map.contains_key("part"))
        .filter(|(key, ..)| entry.map.contains_key(*key))
        .collect();
    for key in keys.filter(|key| *key != "at") {
        let own = asks.iter().filter(|(own, ..)| *own == key);
        let forms = own.map(|(_, form, _)| *form);
        let beside = asks.iter().flat_map(|(.., beside)| beside.iter());
        let beside = beside.filter(|(own, _)| *own == key);
        let forms: Vec<Form> = forms.chain(beside.map(|(_, form)| *form)).collect();
        if forms.is_empty() {
            return Some((key, idle(entry, key, &asks)));
        }
        let fits = |form: &Form| entry.map.get(key).is_some_and(|value| form.fits(value));
        if let (Some(form), false) = (forms.first(), forms.iter().any(fits)) {
            let said = format!("`{key}` takes {}", form.example());
            return Some((key, said));
        }
        let empty = |form: &&Form| entry.map.get(key).is_some_and(|value| form.is_empty(value));
        if let Some(form) = forms.iter().find(empty) {
            let form = form.example();
            let said = format!("`{key}` is empty and asks nothing: leave it out, or write {form}");
            return Some((key, said));
        }
    }
    None
}

/// Keys in both languages.
fn named<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    let each = keys.map(|key| format!("`{key}` ({})", zh(key)));
    each.collect::<Vec<_>>().join(", ")
}

fn idle(entry: &Entry, key: &str, asks: &[&Expected]) -> String {
    if asks.is_empty() {
        let takes = |key: &str, (.., beside): &Expected| beside.iter().any(|(own, _)| *own == key);
        let keys = || {
            entry
                .map
                .keys()
                .map(String::as_str)
                .filter(|key| *key != "at")
        };
        // Those that would take all of the line; where none does, this key.
        let all = EXPECTED
            .iter()
            .filter(|it| keys().all(|key| takes(key, it)));
        let mut owners: Vec<&Expected> = all.collect();
        if owners.is_empty() {
            owners = EXPECTED.iter().filter(|it| takes(key, it)).collect();
        }
        let owners = named(owners.iter().map(|(own, ..)| *own));
        return format!("`{key}` asks nothing by itself: it stands beside {owners}");
    }
    let mains: Vec<&str> = asks.iter().map(|(own, ..)| *own).collect();
    let mut may: Vec<&str> = Vec::new();
    for (.., beside) in asks {
        may.extend(beside.iter().map(|(own, _)| *own));
    }
    may.sort_unstable();
    may.dedup();
    let mains = named(mains.into_iter());
    match may.is_empty() {
        true => format!("`{key}` asks nothing beside {mains}, which stands alone"),
        false => {
            let may = named(may.into_iter());
            format!("`{key}` asks nothing beside {mains}; beside it may stand {may}")
        }
    }
}
