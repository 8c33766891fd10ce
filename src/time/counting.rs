//! How days are counted: which is the first, when the last one ends, what if nobody works on it.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::error::{TimeError, nearest, shown};
use super::moment::Moment;
use super::span::Span;

/// How a span of days, weeks, months or years is counted. Spans of hours and seconds run from the instant and heed none of it.
///
/// ```
/// use duly::time::{Counting, Ends, Roll};
/// let counting = Counting { ends: Ends::EndOfDay, ..Counting::cn() };
/// assert_eq!(counting.roll, Roll::NextWorking);
/// assert_eq!(Counting::from_name("uk-foi")?, Counting::uk_foi());
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// Which day is day one.
    pub day_one: DayOne,
    /// When on the last day the span ends.
    pub ends: Ends,
    /// What becomes of a last day on which nobody works. Working days never end on one.
    pub roll: Roll,
    /// A time of day at which the span ends instead of what [`ends`](Counting::ends) says; stored as `18:00`. With it, a span of
    /// no days ends on the very date, but never before the moment it runs from.
    #[serde(
        default,
        with = "super::text::optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub at: Option<NaiveTime>,
}

/// Which day is day one.
///
/// ```
/// assert_eq!(serde_json::to_string(&duly::time::DayOne::FromInstant).unwrap(), r#""from_instant""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOne {
    /// The day after the date of the start (民法典 art. 201). For working days, the next working day.
    Exclude,
    /// The date of the start itself; for working days, if it is one and its hours are not over.
    Include,
    /// Days run from the instant, or for working days from the next opening if nobody works then.
    FromInstant,
}

/// When on its last day a span ends.
///
/// ```
/// assert_eq!(serde_json::to_string(&duly::time::Ends::EndOfDay).unwrap(), r#""end_of_day""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// At the time of day at which it began; for working days no earlier than that day's opening and no later than its close.
    SameTime,
    /// When work ends; at midnight if nobody works that day (民法典 art. 203).
    CloseOfBusiness,
    /// At midnight, 24:00.
    EndOfDay,
}

/// What becomes of a last day on which nobody works.
///
/// ```
/// assert_eq!(serde_json::to_string(&duly::time::Roll::NextWorking).unwrap(), r#""next_working""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// It stays.
    None,
    /// The next working day takes its place.
    NextWorking,
    /// The working day before takes its place; if the clock stood still when that day closed, the next one on which it runs.
    PrevWorking,
}

impl Counting {
    /// Names that [`from_name`](Counting::from_name) knows.
    ///
    /// ```
    /// assert!(duly::time::Counting::NAMES.contains(&"cn"));
    /// ```
    pub const NAMES: [&str; 4] = ["cn", "uk-foi", "us-foia", "kr-minwon"];

    /// China, 民法典 arts. 200–204: the first day does not count, a last day on a holiday gives way to the day after the holiday,
    /// and the last day ends when business does, or at 24:00.
    ///
    /// ```
    /// use duly::time::{Counting, DayOne};
    /// assert_eq!(Counting::cn().day_one, DayOne::Exclude);
    /// ```
    pub const fn cn() -> Counting {
        Counting {
            day_one: DayOne::Exclude,
            ends: Ends::CloseOfBusiness,
            roll: Roll::NextWorking,
            at: None,
        }
    }

    /// United Kingdom, Freedom of Information Act 2000 s. 10: working days following the date of receipt, to the end of the
    /// last. The working days are those on which no part of the country has a bank holiday.
    ///
    /// ```
    /// use duly::time::{Counting, Ends};
    /// assert_eq!(Counting::uk_foi().ends, Ends::EndOfDay);
    /// ```
    pub const fn uk_foi() -> Counting {
        Counting {
            day_one: DayOne::Exclude,
            ends: Ends::EndOfDay,
            roll: Roll::NextWorking,
            at: None,
        }
    }

    /// United States, Freedom of Information Act, 5 U.S.C. 552(a)(6): days without Saturdays, Sundays and legal holidays,
    /// after the receipt. When the clock starts is told by [`us_foia_start`](Counting::us_foia_start).
    ///
    /// ```
    /// use duly::time::{Counting, DayOne};
    /// assert_eq!(Counting::us_foia().day_one, DayOne::Exclude);
    /// ```
    pub const fn us_foia() -> Counting {
        Counting {
            day_one: DayOne::Exclude,
            ends: Ends::EndOfDay,
            roll: Roll::NextWorking,
            at: None,
        }
    }

    /// The date from which the American twenty days run: receipt by the component in charge, but no later than ten working
    /// days after any component first had the request (5 U.S.C. 552(a)(6)(A)(ii)).
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] at the end of year 9999.
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Zone};
    /// let day = |text: &str| text.parse().unwrap();
    /// let start = Counting::us_foia_start(&Calendar::always(Zone::UTC), day("2024-01-01"), Some(day("2024-03-01")))?;
    /// assert_eq!(start, day("2024-01-11"));
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn us_foia_start(
        calendar: &Calendar,
        first: NaiveDate,
        component: Option<NaiveDate>,
    ) -> Result<NaiveDate, TimeError> {
        let latest = calendar.nth_working_day_after(first, 10)?;
        Ok(component.map_or(latest, |component| component.min(latest)))
    }

    /// Korea, 민원 처리에 관한 법률 art. 19: in a term of six days or more the first day counts, and a last day on a holiday gives
    /// way to the next day. Shorter terms are hours: see [`kr_minwon_span`](Counting::kr_minwon_span).
    ///
    /// ```
    /// use duly::time::{Counting, DayOne};
    /// assert_eq!(Counting::kr_minwon().day_one, DayOne::Include);
    /// ```
    pub const fn kr_minwon() -> Counting {
        Counting {
            day_one: DayOne::Include,
            ends: Ends::EndOfDay,
            roll: Roll::NextWorking,
            at: None,
        }
    }

    /// The span that a Korean term of so many days is: up to five days, eight working hours each from the instant of receipt; from
    /// six on, working days; none at all, "immediately", three working hours.
    ///
    /// ```
    /// use duly::time::{Counting, Span};
    /// assert_eq!(Counting::kr_minwon_span(0), Span::working_hours(3));
    /// assert_eq!(Counting::kr_minwon_span(5), Span::working_hours(40));
    /// assert_eq!(Counting::kr_minwon_span(7), Span::WorkingDays(7));
    /// ```
    pub const fn kr_minwon_span(days: u32) -> Span {
        match days {
            0 => Span::working_hours(3),
            1..=5 => Span::working_hours(8 * days),
            _ => Span::WorkingDays(days),
        }
    }

    /// The counting rule of the name.
    ///
    /// # Errors
    /// [`TimeError::Counting`] with the names that exist, and the one that was probably meant.
    ///
    /// ```
    /// use duly::time::Counting;
    /// assert!(Counting::from_name("uk_foia").unwrap_err().to_string().contains("did you mean `uk-foi`?"));
    /// ```
    pub fn from_name(name: &str) -> Result<Counting, TimeError> {
        match name {
            "cn" => Ok(Counting::cn()),
            "uk-foi" => Ok(Counting::uk_foi()),
            "us-foia" => Ok(Counting::us_foia()),
            "kr-minwon" => Ok(Counting::kr_minwon()),
            _ => Err(TimeError::Counting {
                name: shown(name),
                suggestion: nearest(name, Counting::NAMES.into_iter()),
                known: Counting::NAMES.map(|name| format!("`{name}`")).join(", "),
            }),
        }
    }

    /// When `date` ends for a span that began at `began` on the wall clock, or with none at midnight, the end of a date. `working` says
    /// the span is of working days.
    pub(super) fn close(
        &self,
        calendar: &Calendar,
        date: NaiveDate,
        began: Option<NaiveTime>,
        working: bool,
    ) -> Moment {
        let zone = calendar.zone();
        let midnight = || zone.last(super::calendar::midnight_after(date));
        if let Some(at) = self.at {
            return zone.last(date.and_time(at));
        }
        match self.ends {
            Ends::EndOfDay => midnight(),
            Ends::CloseOfBusiness => {
                let close = calendar.close_of(date).unwrap_or_else(midnight);
                // Should the night shift of the eve outlast the windows of the date, work ends with it; so a later date never
                // ends before an earlier one.
                let night = date.pred_opt().and_then(|eve| calendar.close_of(eve));
                night.map_or(close, |night| night.max(close))
            }
            Ends::SameTime => {
                let at = began.map_or_else(midnight, |began| zone.last(date.and_time(began)));
                let windows = if working {
                    calendar.windows(date)
                } else {
                    Vec::new()
                };
                match (windows.first(), windows.last()) {
                    (Some((opens, _)), Some((_, closes))) => at.max(*opens).min(*closes),
                    _ => at,
                }
            }
        }
    }

    /// Whether a span of dates under this rule depends on the holidays at all.
    pub(super) fn heeds_holidays(&self) -> bool {
        self.roll != Roll::None || (self.ends == Ends::CloseOfBusiness && self.at.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_stored_in_plain_words() {
        let counting = Counting {
            at: NaiveTime::from_hms_opt(18, 0, 0),
            ..Counting::cn()
        };
        let text = serde_json::to_string(&counting).unwrap();
        assert_eq!(
            text,
            r#"{"day_one":"exclude","ends":"close_of_business","roll":"next_working","at":"18:00"}"#
        );
        assert_eq!(serde_json::from_str::<Counting>(&text).unwrap(), counting);
        let bare = serde_json::to_string(&Counting::cn()).unwrap();
        assert_eq!(
            serde_json::from_str::<Counting>(&bare).unwrap(),
            Counting::cn()
        );
        assert!(
            serde_json::from_str::<Counting>(&text.replace("18:00", "24:00"))
                .unwrap_err()
                .to_string()
                .contains("end_of_day")
        );
    }

    #[test]
    fn every_name_is_known() {
        assert!(
            Counting::NAMES
                .iter()
                .all(|name| Counting::from_name(name).is_ok())
        );
        let error = Counting::from_name("kr_minwom").unwrap_err().to_string();
        assert!(
            error.contains("`kr_minwom`") && error.contains("did you mean `kr-minwon`?"),
            "{error}"
        );
    }
}
