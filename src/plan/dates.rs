//! Dates in a plan: from when it is in force, what its parameters are from later dates on, and the date of receipt as a fact.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Domain, FactRule, Given, Param, Plan};
use crate::words::{FactValue, RECEIVED_ON};

/// When a pack is in force (施行日期): for what is received from a day on, as the plan's zone has the date, and where a last day is
/// said, up to that day. Cases under way stay with the plan that they were opened under.
///
/// ```
/// use duly::plan::InForce;
/// let year = InForce { from: "2026-01-01".parse()?, to: Some("2026-12-31".parse()?) };
/// assert!(year.holds("2026-12-31".parse()?) && !year.holds("2027-01-01".parse()?));
/// assert_eq!(year.to_string(), "from 2026-01-01 to 2026-12-31");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; without one, until another plan takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

impl InForce {
    /// Whether it is in force on that date.
    pub fn holds(&self, date: NaiveDate) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
    /// Whether it is in force on no other dates than the other is.
    pub fn within(&self, other: &InForce) -> bool {
        let ends = other
            .to
            .is_none_or(|last| self.to.is_some_and(|to| to <= last));
        other.from <= self.from && ends
    }
    pub(super) fn is_sound(&self) -> bool {
        self.to.is_none_or(|to| self.from <= to)
    }
}

impl fmt::Display for InForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {}", self.from)?;
        self.to.map_or(Ok(()), |to| write!(f, " to {to}"))
    }
}

impl Plan {
    /// Whether new cases can come under it on that date. A plan that says nothing of dates is always in force.
    pub fn is_in_force(&self, date: NaiveDate) -> bool {
        self.in_force.is_none_or(|in_force| in_force.holds(date))
    }
}

/// Dates on which no plan is in force, both ends included; without an end, for ever.
///
/// ```
/// use duly::plan::Gap;
/// let gap = Gap { from: None, to: Some("2025-12-31".parse()?) };
/// assert_eq!(gap.to_string(), "until 2025-12-31");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first date.
    pub from: Option<NaiveDate>,
    /// The last date.
    pub to: Option<NaiveDate>,
}

impl Gap {
    /// Whether the date is one of them.
    pub fn holds(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) => write!(f, "{from} to {to}"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(to)) => write!(f, "until {to}"),
            (None, None) => f.write_str("always"),
        }
    }
}

/// The dates on which none of these is in force, rising. What says nothing of dates is always in force.
pub(super) fn gaps(all: impl Iterator<Item = Option<InForce>>) -> Vec<Gap> {
    let Some(mut periods) = all.collect::<Option<Vec<InForce>>>() else {
        return Vec::new();
    };
    periods.sort_by_key(|period| period.from);
    let (mut gaps, mut free) = (Vec::new(), None);
    for period in periods {
        if free.is_none_or(|free| free < period.from)
            && let Some(to) = period.from.pred_opt()
        {
            gaps.push(Gap {
                from: free,
                to: Some(to),
            });
        }
        match period.to.and_then(|to| to.succ_opt()) {
            Some(next) => free = free.max(Some(next)),
            None => return gaps,
        }
    }
    gaps.push(Gap {
        from: free,
        to: None,
    });
    gaps
}

/// What a parameter is for what is received from a date on (自…起).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The first date of receipt for which it holds.
    pub from: NaiveDate,
    /// The value.
    pub value: i64,
}

impl Param {
    /// Its value for what is received on that date.
    ///
    /// ```
    /// use duly::plan::{Param, Provenance, Since};
    /// let later = vec![Since { from: "2026-01-01".parse()?, value: 7 }];
    /// let (least, most, fixed, provenance) = (1, 20, false, Provenance::Unsaid);
    /// let param = Param { name: "期限".into(), value: 10, later, least, most, fixed, provenance };
    /// assert_eq!((param.on("2025-12-31".parse()?), param.on("2026-01-01".parse()?)), (10, 7));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn on(&self, date: NaiveDate) -> i64 {
        let since = self.later.iter().rev().find(|since| since.from <= date);
        since.map_or(self.value, |since| since.value)
    }
    pub(super) fn is_sound(&self) -> bool {
        let values = self.later.iter().map(|since| since.value);
        std::iter::once(self.value)
            .chain(values)
            .all(|value| (self.least..=self.most).contains(&value))
            && self.later.is_sorted_by(|a, b| a.from < b.from)
    }
}

/// The engine's fact of the date of receipt (收件日期), in the plan's zone. A schema has it only where rules depend on it, so that plans
/// that know nothing of dates, and all that were stored before there were any, stay as they are.
///
/// ```
/// assert_eq!(duly::plan::received_on().name, "received_on");
/// ```
pub fn received_on() -> FactRule {
    FactRule {
        name: RECEIVED_ON.to_owned(),
        domain: Domain::Date {
            least: date(FIRST),
            most: date(LAST),
        },
        given: Given::Engine,
        moves: false,
        otherwise: None,
        question: String::new(),
    }
}

/// The first and the last date that are told apart, as codes: those of the years 1 to 9999.
const FIRST: i64 = 1;
const LAST: i64 = 3_652_059;

/// A date as a code: the days from the beginning of the calendar.
pub(crate) fn day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// The date of a code.
pub(super) fn date(code: i64) -> NaiveDate {
    let code = code.clamp(FIRST, LAST);
    let date = i32::try_from(code).ok();
    date.and_then(NaiveDate::from_num_days_from_ce_opt)
        .unwrap_or_default()
}

/// A date as a fact's value. Where the world ends, the nearest date.
pub(crate) fn dated(on: NaiveDate) -> FactValue {
    FactValue::Label(date(day(on)).to_string())
}

/// `2026-01-01`, and no other way of writing it.
pub(crate) fn read_date(text: &str) -> Option<NaiveDate> {
    let read = text.parse::<NaiveDate>().ok()?;
    (date(day(read)) == read && read.to_string() == text).then_some(read)
}

/// A range of dates in words: `2026-01-01`, `2026-01-01..`, `..=2025-12-31`, `2026-01-01..=2026-06-30`.
pub(super) fn say(ends: (i64, i64), least: i64, most: i64) -> String {
    match (least <= ends.0, most >= ends.1) {
        (true, true) => "..".into(),
        (false, true) => format!("{}..", date(least)),
        (true, false) => format!("..={}", date(most)),
        (false, false) if least == most => date(least).to_string(),
        (false, false) => format!("{}..={}", date(least), date(most)),
    }
}
