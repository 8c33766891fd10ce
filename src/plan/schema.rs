//! The facts a plan declares, and the row of codes that its diagrams read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::dates;
use crate::words::{FactName, FactValue};

/// What values a fact can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Yes or no.
    YesNo,
    /// One of these labels.
    Labels(Vec<String>),
    /// A whole number within these bounds, both included.
    Whole {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A share in percent with two decimals (百分数), exact: codes are hundredths of a percent, both bounds included. Its values are
    /// given as text, `10.01` or `10.01%`, and never as a number with a decimal point.
    Percent {
        /// The least, in hundredths of a percent.
        least: i64,
        /// The most, in hundredths of a percent.
        most: i64,
    },
    /// A date within these bounds, both included; codes are days. Its values are written `2026-01-01`.
    Date {
        /// The first.
        least: NaiveDate,
        /// The last.
        most: NaiveDate,
    },
}

/// `10.01` or `10.01%` in hundredths of a percent, exact: at most two decimals, no sign.
pub(crate) fn hundredths(text: &str) -> Option<i64> {
    let text = text.strip_suffix('%').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(whole, 9) || !digits(part, 2) {
        return None;
    }
    let tens = if part.len() == 1 { 10 } else { 1 };
    Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()? * tens)
}

/// Hundredths of a percent in words: `10.01%`.
pub(crate) fn percent(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    format!("{whole}.{part:02}%")
}

impl Domain {
    /// The least and the most code of the domain.
    pub fn codes(&self) -> (i64, i64) {
        match self {
            Domain::YesNo => (0, 1),
            Domain::Labels(labels) => (0, labels.len().saturating_sub(1) as i64),
            Domain::Whole { least, most } | Domain::Percent { least, most } => (*least, *most),
            Domain::Date { least, most } => (dates::day(*least), dates::day(*most)),
        }
    }
    /// The code of a value, if it lies in the domain.
    pub fn code(&self, value: &FactValue) -> Option<i64> {
        match (self, value) {
            (Domain::YesNo, FactValue::Yes(yes)) => Some(i64::from(*yes)),
            (Domain::Labels(labels), FactValue::Label(label)) => labels
                .iter()
                .position(|known| known == label)
                .map(|at| at as i64),
            (Domain::Whole { least, most }, FactValue::Whole(n)) => {
                (least..=most).contains(&n).then_some(*n)
            }
            (Domain::Percent { least, most }, FactValue::Label(text)) => {
                hundredths(text).filter(|n| (*least..=*most).contains(n))
            }
            (Domain::Date { least, most }, FactValue::Label(text)) => dates::read_date(text)
                .filter(|date| (least..=most).contains(&date))
                .map(dates::day),
            _ => None,
        }
    }
    /// The value of a code.
    pub fn value(&self, code: i64) -> FactValue {
        match self {
            Domain::YesNo => FactValue::Yes(code != 0),
            Domain::Labels(labels) => {
                let at = usize::try_from(code).unwrap_or(0);
                FactValue::Label(labels.get(at).cloned().unwrap_or_default())
            }
            Domain::Whole { .. } => FactValue::Whole(code),
            Domain::Percent { .. } => FactValue::Label(percent(code)),
            Domain::Date { .. } => FactValue::Label(dates::date(code).to_string()),
        }
    }
    /// A range of codes in words: `true`, `投诉 | 求助`, `100..=1000000`, `2026-01-01..`.
    pub fn say(&self, least: i64, most: i64) -> String {
        match self {
            Domain::Whole { .. } if least == most => least.to_string(),
            Domain::Whole { .. } => format!("{least}..={most}"),
            Domain::Percent { .. } if least == most => percent(least),
            Domain::Percent { .. } => format!("{}..={}", percent(least), percent(most)),
            Domain::Date { .. } => dates::say(self.codes(), least, most),
            _ => (least..=most)
                .map(|code| self.value(code).to_string())
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }
    /// What a value must be, in Chinese.
    ///
    /// ```
    /// use duly::plan::Domain;
    /// assert_eq!(Domain::Whole { least: 0, most: 9 }.expects_zh(), "0 到 9 的整数");
    /// ```
    pub fn expects_zh(&self) -> String {
        match self {
            Domain::YesNo => "`true`(是)或者`false`(否)".into(),
            Domain::Labels(labels) => {
                let all: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
                format!("{}之一", all.join("、"))
            }
            Domain::Whole { least, most } => format!("{least} 到 {most} 的整数"),
            Domain::Percent { least, most } => {
                let (least, most) = (percent(*least), percent(*most));
                format!("`{least}`到`{most}`的百分数,至多两位小数")
            }
            Domain::Date { least, most } => format!("{least} 到 {most} 的日期,如`2026-01-01`"),
        }
    }
    /// What a value must be, in words.
    pub fn expects(&self) -> String {
        match self {
            Domain::YesNo => "true or false".into(),
            Domain::Labels(labels) => {
                format!(
                    "one of {}",
                    labels
                        .iter()
                        .map(|l| format!("`{l}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            }
            Domain::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Domain::Percent { least, most } => format!(
                "a share as text, with at most two decimals, from `{}` to `{}`",
                percent(*least),
                percent(*most)
            ),
            Domain::Date { least, most } => {
                format!("a date such as `2026-01-01`, from {least} to {most}")
            }
        }
    }
}

/// Who gives a fact, and so from when it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// The citizen, with the message (Open).
    Citizen,
    /// The host, with the message or later (Open, SetFact).
    Host,
    /// The intake officer (Screen, Decline).
    Intake,
    /// The reply's text: a mention.
    Reply,
    /// The reviewer or rechecker: a finding (Review, Recheck).
    Reviewer,
    /// The engine itself.
    Engine,
    /// A function of the host's, from facts that are given: a derived fact.
    Derived,
}

impl Given {
    /// In words: `with the message`, …
    pub const fn say(self) -> &'static str {
        match self {
            Given::Citizen => "with the message, from the citizen",
            Given::Host => "from the host, with the message or by `set_fact`",
            Given::Intake => "from the intake officer, when screening",
            Given::Reply => "from the text of the reply",
            Given::Reviewer => "from the reviewer, with the findings",
            Given::Engine => "from the case itself",
            Given::Derived => "from the host's own function, by itself",
        }
    }
    /// The same in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Given::Citizen => "由网民随留言给出",
            Given::Host => "由平台随留言或者以后(`set_fact`)给出",
            Given::Intake => "由受理人在受理时给出",
            Given::Reply => "从答复正文里得出",
            Given::Reviewer => "由审核人在审核时给出",
            Given::Engine => "由办理情况本身得出",
            Given::Derived => "由接入系统的函数推定",
        }
    }
}

/// One declared fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRule {
    /// Its name.
    pub name: FactName,
    /// Its values.
    pub domain: Domain,
    /// Who gives it.
    pub given: Given,
    /// Whether it can change later.
    #[serde(default)]
    pub moves: bool,
    /// Its value where nobody gave one; a fact without this must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<FactValue>,
    /// The question it answers, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
}

impl FactRule {
    /// One that must be given, does not change, and asks nothing of people.
    ///
    /// ```
    /// use duly::plan::{Domain, FactRule, Given};
    /// let urgent = FactRule::new("urgent", Domain::YesNo, Given::Intake);
    /// let moves = FactRule { moves: true, otherwise: Some(false.into()), ..urgent };
    /// assert_eq!(moves.domain, Domain::YesNo);
    /// ```
    pub fn new(name: impl Into<FactName>, domain: Domain, given: Given) -> FactRule {
        FactRule {
            name: name.into(),
            domain,
            given,
            moves: false,
            otherwise: None,
            question: String::new(),
        }
    }
}

/// All facts of a plan: the engine's first, then the pack's in the order declared. That order is the order of
/// tests in every diagram.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Schema {
    /// The facts.
    pub facts: Vec<FactRule>,
}

/// The facts of one case as codes, in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<i64>);

impl Row {
    /// A row of codes, in the order of the schema.
    pub fn new(codes: Vec<i64>) -> Row {
        Row(codes)
    }
    /// The code of the fact at that place of the schema; 0 past its end.
    #[inline]
    pub fn code(&self, fact: usize) -> i64 {
        self.0.get(fact).copied().unwrap_or(0)
    }
}

impl Schema {
    /// The place of a fact.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.facts.iter().position(|fact| fact.name == name)
    }
    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<&FactRule> {
        self.facts.iter().find(|fact| fact.name == name)
    }
    /// The declared name nearest to one that is not declared, if any is near.
    pub fn near(&self, name: &str) -> Option<String> {
        near(name, self.facts.iter().map(|fact| fact.name.as_str()))
    }
    /// A row from whatever is known; a fact that nobody gave takes its `otherwise`, or the least of its domain.
    pub fn row(&self, known: impl Fn(&FactRule) -> Option<FactValue>) -> Row {
        let code = |fact: &FactRule| {
            known(fact)
                .as_ref()
                .and_then(|value| fact.domain.code(value))
                .or_else(|| {
                    fact.otherwise
                        .as_ref()
                        .and_then(|value| fact.domain.code(value))
                })
                .unwrap_or_else(|| fact.domain.codes().0)
        };
        Row(self.facts.iter().map(code).collect())
    }
}

/// Characters of a name that can be near another.
const NEAR: usize = 80;

/// The nearest of several names, for "did you mean".
///
/// The table of distances has a cell for every pair of characters: what is longer than a name ever is, is near nothing.
pub(crate) fn near<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let short = |name: &str| name.chars().nth(NEAR).is_none();
    names
        .filter(|name| short(name) && short(given))
        .map(|name| (strsim::damerau_levenshtein(given, name), name))
        .filter(|(far, name)| *far <= (name.chars().count().max(given.chars().count()) / 2).max(1))
        .min()
        .map(|(_, name)| name.to_owned())
}
