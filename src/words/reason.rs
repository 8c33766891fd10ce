//! Which rule decided, and which facts made it decide so.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::FactName;

/// A rule's identity within its pack: `clock(reply).within`, `gate(measures).1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(String);

impl RuleId {
    /// Names a rule.
    pub fn new(id: impl Into<String>) -> RuleId {
        RuleId(id.into())
    }
    /// A rule of the spine itself, which no pack can change.
    pub fn spine(id: &str) -> RuleId {
        RuleId(format!("spine.{id}"))
    }
    /// Whether it is one of those.
    pub(crate) fn is_spine(&self) -> bool {
        self.0.starts_with("spine.")
    }
    /// The naming of a day table.
    pub(crate) fn holidays(id: &str) -> RuleId {
        RuleId(format!("holidays({id})"))
    }
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One fact on the way to an answer: its name, and the range of values for which the way is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// Which fact.
    pub fact: FactName,
    /// The values that lead the same way: `true`, `投诉`, `100..=1000000`.
    pub is: String,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.fact, self.is)
    }
}

/// A rule and the facts that made it answer as it did. A constant rule has no facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule.
    pub rule: RuleId,
    /// The facts it read, in the order of the plan's schema.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Because>,
}

impl Reason {
    /// A rule that read nothing.
    pub fn plain(rule: RuleId) -> Reason {
        Reason {
            rule,
            because: Vec::new(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        for (at, because) in self.because.iter().enumerate() {
            write!(f, "{}{because}", if at == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}
