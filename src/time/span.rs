//! Lengths of time as rules state them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A length of time in the unit in which a rule states it. The units are never converted into one another: a working day is
/// not eight working hours, and neither is twenty-four hours.
///
/// ```
/// use duly::time::Span;
/// let span = Span::WorkingDays(5);
/// assert_eq!(span.to_string(), "5 working days");
/// assert_eq!(span.zh(), "5 个工作日");
/// assert_eq!(serde_json::to_string(&span).unwrap(), r#"{"working_days":5}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Span {
    /// Real seconds, day and night.
    Elapsed(i64),
    /// Seconds during which the calendar is open.
    WorkingTime(i64),
    /// Dates on which the calendar is open.
    WorkingDays(u32),
    /// Dates, working or not.
    CalendarDays(u32),
    /// Weeks, ending on the day of the week they are counted from.
    Weeks(u32),
    /// Months, ending on the corresponding day, or on the last of a month that has none (民法典 art. 202).
    Months(u32),
    /// Years, ending on the corresponding day, or on 28 February.
    Years(u32),
    /// Whichever of these ends first.
    Earliest(Vec<Span>),
    /// Whichever of these ends last.
    Latest(Vec<Span>),
}

impl Span {
    /// Real hours.
    ///
    /// ```
    /// use duly::time::Span;
    /// assert_eq!(Span::hours(2), Span::Elapsed(7200));
    /// ```
    pub const fn hours(hours: u32) -> Span {
        Span::Elapsed(hours as i64 * 3600)
    }

    /// Hours during which the calendar is open.
    ///
    /// ```
    /// use duly::time::Span;
    /// assert_eq!(Span::working_hours(3), Span::WorkingTime(10_800));
    /// ```
    pub const fn working_hours(hours: u32) -> Span {
        Span::WorkingTime(hours as i64 * 3600)
    }

    /// Whether the span has no length, so that it ends where it begins.
    ///
    /// ```
    /// use duly::time::Span;
    /// assert!(Span::Months(0).is_zero());
    /// assert!(!Span::Earliest(vec![]).is_zero());
    /// ```
    pub fn is_zero(&self) -> bool {
        match self {
            Span::Elapsed(n) | Span::WorkingTime(n) => *n == 0,
            Span::WorkingDays(n)
            | Span::CalendarDays(n)
            | Span::Weeks(n)
            | Span::Months(n)
            | Span::Years(n) => *n == 0,
            Span::Earliest(spans) => spans.iter().any(Span::is_zero),
            Span::Latest(spans) => !spans.is_empty() && spans.iter().all(Span::is_zero),
        }
    }

    /// So many times the span, for what comes again and again: reckoned from one start, so that a month's end does not creep. None where
    /// that is more than a span can hold, and of a choice among spans, which has no multiple.
    ///
    /// ```
    /// use duly::time::Span;
    /// assert_eq!(Span::Months(3).times(4), Some(Span::Months(12)));
    /// assert_eq!(Span::Weeks(u32::MAX).times(2), None);
    /// assert_eq!(Span::Earliest(vec![Span::Weeks(1)]).times(1), None);
    /// ```
    #[must_use]
    pub fn times(&self, n: u32) -> Option<Span> {
        let seconds = |seconds: i64| seconds.checked_mul(i64::from(n));
        Some(match self {
            Span::Elapsed(own) => Span::Elapsed(seconds(*own)?),
            Span::WorkingTime(own) => Span::WorkingTime(seconds(*own)?),
            Span::WorkingDays(own) => Span::WorkingDays(own.checked_mul(n)?),
            Span::CalendarDays(own) => Span::CalendarDays(own.checked_mul(n)?),
            Span::Weeks(own) => Span::Weeks(own.checked_mul(n)?),
            Span::Months(own) => Span::Months(own.checked_mul(n)?),
            Span::Years(own) => Span::Years(own.checked_mul(n)?),
            Span::Earliest(_) | Span::Latest(_) => return None,
        })
    }

    /// The span in Chinese.
    ///
    /// ```
    /// use duly::time::Span;
    /// let span = Span::Earliest(vec![Span::WorkingDays(20), Span::Months(2)]);
    /// assert_eq!(span.zh(), "20 个工作日与 2 个月中先到者");
    /// ```
    pub fn zh(&self) -> String {
        // A choice within a choice stands in brackets, so that one sees which of them it is among.
        let part = |span: &Span| match span {
            Span::Earliest(_) | Span::Latest(_) => format!("({})", span.zh()),
            _ => format!(" {}", span.zh()),
        };
        let list = |spans: &[Span]| {
            let parts: Vec<String> = spans.iter().map(part).collect();
            parts.join("与").trim_start().to_owned()
        };
        match self {
            Span::Elapsed(seconds) => clock_zh(*seconds, ["小时", "分钟", "秒"]),
            Span::WorkingTime(seconds) => {
                clock_zh(*seconds, ["个工作小时", "个工作分钟", "个工作秒"])
            }
            Span::WorkingDays(n) => format!("{n} 个工作日"),
            Span::CalendarDays(n) => format!("{n} 天"),
            Span::Weeks(n) => format!("{n} 周"),
            Span::Months(n) => format!("{n} 个月"),
            Span::Years(n) => format!("{n} 年"),
            Span::Earliest(spans) => format!("{}中先到者", list(spans)),
            Span::Latest(spans) => format!("{}中后到者", list(spans)),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |f: &mut fmt::Formatter<'_>, n: u32, unit: &str| {
            write!(f, "{n} {unit}{}", if n == 1 { "" } else { "s" })
        };
        match self {
            Span::Elapsed(seconds) => clock(f, *seconds, ""),
            Span::WorkingTime(seconds) => clock(f, *seconds, "working "),
            Span::WorkingDays(n) => count(f, *n, "working day"),
            Span::CalendarDays(n) => count(f, *n, "calendar day"),
            Span::Weeks(n) => count(f, *n, "week"),
            Span::Months(n) => count(f, *n, "month"),
            Span::Years(n) => count(f, *n, "year"),
            Span::Earliest(spans) => list(f, "earliest", spans),
            Span::Latest(spans) => list(f, "latest", spans),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, which: &str, spans: &[Span]) -> fmt::Result {
    write!(f, "the {which} of (")?;
    for (at, span) in spans.iter().enumerate() {
        write!(f, "{}{span}", if at == 0 { "" } else { ", " })?;
    }
    f.write_str(")")
}

/// Seconds in the largest unit that holds them without a rest.
fn unit(seconds: i64) -> (i64, usize) {
    match seconds {
        0 => (0, 0),
        s if s % 3600 == 0 => (s / 3600, 0),
        s if s % 60 == 0 => (s / 60, 1),
        s => (s, 2),
    }
}

fn clock(f: &mut fmt::Formatter<'_>, seconds: i64, kind: &str) -> fmt::Result {
    let (n, at) = unit(seconds);
    let unit = ["hour", "minute", "second"]
        .get(at)
        .copied()
        .unwrap_or_default();
    write!(f, "{n} {kind}{unit}{}", if n == 1 { "" } else { "s" })
}

fn clock_zh(seconds: i64, units: [&str; 3]) -> String {
    let (n, at) = unit(seconds);
    format!("{n} {}", units.get(at).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_say_them() {
        let said = |span: Span| (span.to_string(), span.zh());
        let pair = |en: &str, zh: &str| (en.to_owned(), zh.to_owned());
        assert_eq!(
            said(Span::WorkingDays(1)),
            pair("1 working day", "1 个工作日")
        );
        assert_eq!(said(Span::hours(24)), pair("24 hours", "24 小时"));
        assert_eq!(
            said(Span::WorkingTime(5400)),
            pair("90 working minutes", "90 个工作分钟")
        );
        assert_eq!(said(Span::Elapsed(3601)), pair("3601 seconds", "3601 秒"));
        assert_eq!(
            said(Span::CalendarDays(30)),
            pair("30 calendar days", "30 天")
        );
        let both = Span::Latest(vec![Span::Weeks(1), Span::Years(2)]);
        assert_eq!(
            said(both),
            pair("the latest of (1 week, 2 years)", "1 周与 2 年中后到者")
        );
    }

    /// "A and B, whichever comes first, and C, whichever comes last" could be read in two ways; which of them is meant changes the due moment.
    #[test]
    fn a_choice_within_a_choice_stands_in_brackets() {
        let inner = Span::Earliest(vec![Span::WorkingDays(20), Span::Months(2)]);
        let floor = Span::WorkingDays(3);
        let first = Span::Latest(vec![inner.clone(), floor.clone()]);
        assert_eq!(
            first.zh(),
            "(20 个工作日与 2 个月中先到者)与 3 个工作日中后到者"
        );
        let last = Span::Latest(vec![floor, inner, Span::Weeks(1)]);
        assert_eq!(
            last.zh(),
            "3 个工作日与(20 个工作日与 2 个月中先到者)与 1 周中后到者"
        );
    }
}
