//! Facts: the only things a rule may read.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a fact, as the pack declares it: `heat`, `kind`, `涉险`.
pub type FactName = String;

/// Facts by name.
pub type Facts = BTreeMap<FactName, FactValue>;

/// The value of a fact. There is no text among them: text is matched natively and becomes a yes or a no.
///
/// ```
/// # use duly::words::FactValue;
/// let heat: FactValue = serde_json::from_str("120")?;
/// assert_eq!(heat, FactValue::Whole(120));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactValue {
    /// Yes or no.
    Yes(bool),
    /// A whole number within the declared bounds.
    Whole(i64),
    /// One of the declared labels.
    Label(String),
}

impl From<bool> for FactValue {
    fn from(yes: bool) -> FactValue {
        FactValue::Yes(yes)
    }
}
impl From<i64> for FactValue {
    fn from(whole: i64) -> FactValue {
        FactValue::Whole(whole)
    }
}
impl From<&str> for FactValue {
    fn from(label: &str) -> FactValue {
        FactValue::Label(label.to_owned())
    }
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactValue::Yes(yes) => write!(f, "{yes}"),
            FactValue::Whole(whole) => write!(f, "{whole}"),
            FactValue::Label(label) => f.write_str(label),
        }
    }
}

/// The shape in formats that do not describe themselves.
#[derive(Serialize, Deserialize)]
#[serde(rename = "FactValue")]
enum Tagged {
    Yes(bool),
    Whole(i64),
    Label(String),
}

// In JSON: its own yes/no, number and text, so that a fact is written as anyone would write it. By hand, because
// an untagged enum would answer "did not match any variant" instead of saying what a fact may be.
impl Serialize for FactValue {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !to.is_human_readable() {
            return match self.clone() {
                FactValue::Yes(yes) => Tagged::Yes(yes),
                FactValue::Whole(whole) => Tagged::Whole(whole),
                FactValue::Label(label) => Tagged::Label(label),
            }
            .serialize(to);
        }
        match self {
            FactValue::Yes(yes) => to.serialize_bool(*yes),
            FactValue::Whole(whole) => to.serialize_i64(*whole),
            FactValue::Label(label) => to.serialize_str(label),
        }
    }
}

impl<'de> Deserialize<'de> for FactValue {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<FactValue, D::Error> {
        if from.is_human_readable() {
            return from.deserialize_any(Reader);
        }
        Tagged::deserialize(from).map(|tagged| match tagged {
            Tagged::Yes(yes) => FactValue::Yes(yes),
            Tagged::Whole(whole) => FactValue::Whole(whole),
            Tagged::Label(label) => FactValue::Label(label),
        })
    }
}

struct Reader;

impl serde::de::Visitor<'_> for Reader {
    type Value = FactValue;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fact: true or false, a whole number, or a label")
    }
    fn visit_bool<E>(self, yes: bool) -> Result<FactValue, E> {
        Ok(FactValue::Yes(yes))
    }
    fn visit_i64<E>(self, whole: i64) -> Result<FactValue, E> {
        Ok(FactValue::Whole(whole))
    }
    fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<FactValue, E> {
        i64::try_from(whole)
            .map(FactValue::Whole)
            .map_err(|_| E::custom(format!("`{whole}` is too large for a fact")))
    }
    fn visit_str<E>(self, label: &str) -> Result<FactValue, E> {
        Ok(FactValue::Label(label.to_owned()))
    }
}
