//! Which rule decided, and which facts made it decide so.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{FactName, Lang};

/// The name of the engine's fact of the date of receipt (收件日期).
pub const RECEIVED_ON: &str = "received_on";

/// A rule's identity within its pack: `clock(reply).within`, `gate(measures).1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// Names a rule.
    pub fn new(id: impl Into<String>) -> RuleId {
        RuleId(id.into().into())
    }
    /// A rule of the spine itself, which no pack can change.
    pub fn spine(id: &str) -> RuleId {
        RuleId(format!("spine.{id}").into())
    }
    /// A clause of this rule, by its number from 1: `clock(reply).within.2`.
    ///
    /// ```
    /// use duly::words::RuleId;
    /// assert_eq!(RuleId::new("route.lead").clause(2).as_str(), "route.lead.2");
    /// ```
    #[must_use]
    pub fn clause(&self, number: u32) -> RuleId {
        RuleId(format!("{}.{number}", self.0).into())
    }
    /// Whether it is one of those.
    pub(crate) fn is_spine(&self) -> bool {
        self.0.starts_with("spine.")
    }
    /// The naming of a day table.
    pub(crate) fn holidays(id: &str) -> RuleId {
        RuleId(format!("holidays({id})").into())
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

impl Because {
    /// In words, for people. A date of receipt is said as one, any other fact as the pack calls it.
    ///
    /// ```
    /// use duly::words::{Because, Lang};
    /// let date = Because { fact: "received_on".into(), is: "2026-01-01..".into() };
    /// assert_eq!(date.say(Lang::Zh), "收件日期 2026-01-01 起");
    /// assert_eq!(date.say(Lang::En), "received from 2026-01-01 on");
    /// ```
    pub fn say(&self, lang: Lang) -> String {
        if self.fact != RECEIVED_ON {
            return self.to_string();
        }
        let Some((from, to)) = self.is.split_once("..") else {
            return match lang {
                Lang::Zh => format!("收件日期 {}", self.is),
                Lang::En => format!("received on {}", self.is),
            };
        };
        match (from, to.trim_start_matches('='), lang) {
            ("", "", _) => self.to_string(),
            (from, "", Lang::Zh) => format!("收件日期 {from} 起"),
            ("", to, Lang::Zh) => format!("收件日期至 {to} 止"),
            (from, to, Lang::Zh) => format!("收件日期 {from} 至 {to}"),
            (from, "", Lang::En) => format!("received from {from} on"),
            ("", to, Lang::En) => format!("received until {to}"),
            (from, to, Lang::En) => format!("received from {from} to {to}"),
        }
    }
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
    /// The clauses of it that decided, where it is written in clauses; several, where a limit is the earliest of theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<DecisiveClause>,
    /// The facts it read, in the order of the plan's schema.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Because>,
}

/// A clause that decided (依据的条款).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisiveClause {
    /// Its number in the rule, from 1. Its own identity is [`RuleId::clause`].
    pub number: u32,
    /// Its title, for people; empty where the pack gives it none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
}

impl Reason {
    /// The titles of the clauses that decided, where they have any.
    pub fn titles(&self) -> Vec<&str> {
        let titles = self.clauses.iter().map(|clause| clause.title.as_str());
        titles.filter(|title| !title.is_empty()).collect()
    }
    /// A rule that read nothing.
    pub fn plain(rule: RuleId) -> Reason {
        Reason {
            rule,
            clauses: Vec::new(),
            because: Vec::new(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        for (at, clause) in self.clauses.iter().enumerate() {
            let before = if at == 0 { "." } else { "+" };
            write!(f, "{before}{}", clause.number)?;
        }
        let titles = self.titles();
        if !titles.is_empty() {
            write!(f, " ({})", titles.join(", "))?;
        }
        for (at, because) in self.because.iter().enumerate() {
            write!(f, "{}{because}", if at == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}
