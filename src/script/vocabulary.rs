//! The language as a list, for documents and editors.

use serde::Serialize;

use super::value::Kind;
use super::words;

/// One word of the rule language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// What it follows; nothing, if it begins a statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<&'static str>,
    /// How it is written.
    pub usage: &'static str,
    /// What it says, in Chinese.
    pub zh: &'static str,
}

/// Every word of the rule language, each after what it follows.
///
/// ```
/// let clock = duly::script::vocabulary().find(|word| word.name == "within").unwrap();
/// assert_eq!((clock.follows, clock.zh), (Some("`clock(…)`"), "多久之内"));
/// ```
pub fn vocabulary() -> impl Iterator<Item = Word> {
    words::all().map(|word| Word {
        name: word.name,
        follows: (word.on != Kind::Start).then(|| word.on.name()),
        usage: word.usage,
        zh: word.zh,
    })
}
