//! The hours of an ordinary week, which may change with the season.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::error::{CalendarError, shown};
use super::table::legible;
use super::window::{MAX_WINDOWS, Window};

/// The days as they are stored, Monday first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Most seasons an office may have: more than one a week.
const MAX_SEASONS: usize = 64;

/// The hours of an ordinary week, Monday first, with other hours in a season if the office has them.
///
/// Windows of one day may be given in any order; where they overlap they count once.
///
/// ```
/// use duly::time::{Hours, Window};
/// let day: Vec<Window> = vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?];
/// let summer: Vec<Window> = vec!["09:00-12:00".parse()?, "15:00-18:30".parse()?];
/// let week = [summer.clone(), summer.clone(), summer.clone(), summer.clone(), summer, vec![], vec![]];
/// let hours = Hours::weekdays(day).between("05-01", "09-30", week)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "hours with `week`")]
pub struct Hours {
    week: Week,
    #[serde(default)]
    seasons: Vec<Season>,
}

/// Seven lists of windows, Monday first; stored by the day's short name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a week of lists of windows")]
struct Week {
    mon: Vec<Window>,
    tue: Vec<Window>,
    wed: Vec<Window>,
    thu: Vec<Window>,
    fri: Vec<Window>,
    sat: Vec<Window>,
    sun: Vec<Window>,
}

/// Other hours from one day of the year to another, both included; may run over New Year.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a season with `from`, `to` and `week`"
)]
struct Season {
    from: DayOfYear,
    to: DayOfYear,
    week: Week,
}

/// Month and day, written `05-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct DayOfYear {
    month: u32,
    day: u32,
}

impl Hours {
    /// Hours for each day of the week, Monday first.
    ///
    /// ```
    /// use duly::time::{Hours, Window};
    /// let night: Window = "22:00-06:00".parse()?;
    /// let hours = Hours::new([vec![night], vec![night], vec![night], vec![night], vec![night], vec![], vec![]]);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn new(week: [Vec<Window>; 7]) -> Hours {
        Hours {
            week: Week::from(week),
            seasons: Vec::new(),
        }
    }

    /// The same hours from Monday to Friday, none at the weekend.
    ///
    /// ```
    /// let hours = duly::time::Hours::weekdays(vec!["09:00-17:00".parse().unwrap()]);
    /// ```
    pub fn weekdays(day: Vec<Window>) -> Hours {
        Hours::new([
            day.clone(),
            day.clone(),
            day.clone(),
            day.clone(),
            day,
            Vec::new(),
            Vec::new(),
        ])
    }

    /// Round the clock, every day.
    ///
    /// ```
    /// let hours = duly::time::Hours::always();
    /// ```
    pub fn always() -> Hours {
        Hours::new(std::array::from_fn(|_| vec![Window::WHOLE_DAY]))
    }

    /// Reads hours from JSON, as they are stored: `week` with a list of windows for each of `mon` to `sun`, and `seasons`, each with `from`,
    /// `to` and its own `week`. A day that is left out has no hours.
    ///
    /// # Errors
    /// [`CalendarError::TooLarge`] for more than [`DayTable::MAX_BYTES`](super::DayTable::MAX_BYTES), [`CalendarError::Json`] with line
    /// and column if the text is something else, [`CalendarError::TooMany`] for more than 48 windows on a day or 64 seasons.
    ///
    /// ```
    /// use duly::time::Hours;
    /// let hours = Hours::from_json(r#"{ "week": { "mon": ["09:00-12:00", "14:00-18:00"] } }"#)?;
    /// let error = Hours::from_json(r#"{ "week": { "mon": ["9-5"] } }"#).unwrap_err();
    /// assert!(error.to_string().starts_with("line 1, column 25: `9-5` is not a window of the day"));
    /// # Ok::<(), duly::time::CalendarError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Hours, CalendarError> {
        let hours: Hours = serde_json::from_str(legible(text)?)?;
        hours.check()?;
        Ok(hours)
    }

    /// Other hours from one day of the year to another, both included. A season may run over New Year
    /// (`"11-01"` to `"03-31"`); where two seasons meet on a day, the one added last holds.
    ///
    /// # Errors
    /// [`CalendarError::Season`] if a bound is not a month and a day like `05-01`.
    ///
    /// ```
    /// use duly::time::Hours;
    /// let short = std::array::from_fn(|_| vec!["10:00-15:00".parse().unwrap()]);
    /// let hours = Hours::weekdays(vec!["09:00-17:00".parse().unwrap()]);
    /// assert!(hours.clone().between("07-01", "08-31", short.clone()).is_ok());
    /// assert!(hours.between("July", "August", short).is_err());
    /// ```
    pub fn between(
        mut self,
        from: &str,
        to: &str,
        week: [Vec<Window>; 7],
    ) -> Result<Hours, CalendarError> {
        let season = Season {
            from: DayOfYear::parse(from)?,
            to: DayOfYear::parse(to)?,
            week: Week::from(week),
        };
        self.seasons.push(season);
        Ok(self)
    }

    /// Refuses more windows and seasons than an office can mean: a calendar asks them of every day of its years.
    pub(super) fn check(&self) -> Result<(), CalendarError> {
        let too_many = |place, count, things, limit| {
            Err(CalendarError::TooMany {
                place,
                count,
                things,
                limit,
            })
        };
        let seasons = self.seasons.len();
        if seasons > MAX_SEASONS {
            return too_many("the week".to_owned(), seasons, "seasons", MAX_SEASONS);
        }
        let weeks = self.seasons.iter().map(|season| {
            let from = String::from(season.from);
            (format!(" in the season from {from}"), &season.week)
        });
        for (season, week) in std::iter::once((String::new(), &self.week)).chain(weeks) {
            for (day, windows) in DAYS.into_iter().zip(week.days()) {
                if windows.len() > MAX_WINDOWS {
                    let place = format!("`{day}`{season}");
                    return too_many(place, windows.len(), "windows", MAX_WINDOWS);
                }
            }
        }
        Ok(())
    }

    /// The week's windows on `date`, as written, holidays apart.
    pub(super) fn on(&self, date: NaiveDate) -> &[Window] {
        self.week_of(date).on(date.weekday())
    }

    /// What a day of work looks like around `date`: the windows of the first day of the week that has any. A make-up
    /// Saturday borrows them, as it stands in for such a day.
    pub(super) fn ordinary(&self, date: NaiveDate) -> &[Window] {
        let weeks = [self.week_of(date), &self.week];
        weeks
            .into_iter()
            .flat_map(Week::days)
            .find(|day| !day.is_empty())
            .unwrap_or(&[])
    }

    /// The first date of a stretch of `days` without hours, if the weeks and seasons leave one.
    pub(super) fn drought(&self, days: i64) -> Option<NaiveDate> {
        if self.seasons.is_empty() && self.week.days().iter().any(|day| !day.is_empty()) {
            return None;
        }
        // Forty years put every day of the year on every weekday; these hold the eight years without a 29 February.
        let first = NaiveDate::from_ymd_opt(1896, 1, 1)?;
        let mut idle_since = first;
        for date in first.iter_days().take_while(|date| date.year() != 1936) {
            let next = date.succ_opt()?;
            if !self.on(date).is_empty() {
                idle_since = next;
            }
            if next.signed_duration_since(idle_since).num_days() >= days {
                return Some(idle_since);
            }
        }
        None
    }

    fn week_of(&self, date: NaiveDate) -> &Week {
        if self.seasons.is_empty() {
            return &self.week;
        }
        let day = DayOfYear {
            month: date.month(),
            day: date.day(),
        };
        self.seasons
            .iter()
            .rev()
            .find(|season| season.holds(day))
            .map_or(&self.week, |season| &season.week)
    }
}

impl Week {
    fn days(&self) -> [&[Window]; 7] {
        [
            &self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun,
        ]
    }

    fn on(&self, weekday: Weekday) -> &[Window] {
        match weekday {
            Weekday::Mon => &self.mon,
            Weekday::Tue => &self.tue,
            Weekday::Wed => &self.wed,
            Weekday::Thu => &self.thu,
            Weekday::Fri => &self.fri,
            Weekday::Sat => &self.sat,
            Weekday::Sun => &self.sun,
        }
    }
}

impl From<[Vec<Window>; 7]> for Week {
    fn from([mon, tue, wed, thu, fri, sat, sun]: [Vec<Window>; 7]) -> Week {
        Week {
            mon,
            tue,
            wed,
            thu,
            fri,
            sat,
            sun,
        }
    }
}

impl Season {
    fn holds(&self, day: DayOfYear) -> bool {
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }
}

impl DayOfYear {
    fn parse(text: &str) -> Result<DayOfYear, CalendarError> {
        let refuse = || CalendarError::Season { text: shown(text) };
        // 2000 had a 29 February, so every day of the year can be read in it.
        let date = (text.len() == 5)
            .then(|| format!("2000-{text}").parse::<NaiveDate>().ok())
            .flatten();
        let date = date.ok_or_else(refuse)?;
        Ok(DayOfYear {
            month: date.month(),
            day: date.day(),
        })
    }
}

impl TryFrom<String> for DayOfYear {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<DayOfYear, CalendarError> {
        DayOfYear::parse(&text)
    }
}

impl From<DayOfYear> for String {
    fn from(day: DayOfYear) -> String {
        format!("{:02}-{:02}", day.month, day.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(text: &str) -> Vec<Window> {
        text.split_whitespace()
            .map(|part| part.parse().unwrap())
            .collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_season_may_run_over_new_year_and_the_last_one_added_holds() {
        let hours = Hours::weekdays(windows("09:00-17:00"))
            .between(
                "11-01",
                "03-31",
                std::array::from_fn(|_| windows("10:00-16:00")),
            )
            .unwrap()
            .between("12-24", "12-24", std::array::from_fn(|_| Vec::new()))
            .unwrap();
        assert_eq!(hours.on(day("2026-12-31")), windows("10:00-16:00"));
        assert_eq!(hours.on(day("2026-03-31")), windows("10:00-16:00"));
        assert_eq!(hours.on(day("2026-04-01")), windows("09:00-17:00"));
        assert!(hours.on(day("2026-12-24")).is_empty());
        assert_eq!(hours.ordinary(day("2026-12-24")), windows("09:00-17:00"));
    }

    #[test]
    fn hours_are_stored_by_the_names_of_days() {
        let hours = Hours::weekdays(windows("09:00-12:00 22:00-06:00"))
            .between("05-01", "09-30", std::array::from_fn(|_| Vec::new()))
            .unwrap();
        let text = serde_json::to_string(&hours).unwrap();
        assert!(
            text.contains(r#""mon":["09:00-12:00","22:00-06:00"]"#)
                && text.contains(r#""from":"05-01""#),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Hours>(&text).unwrap(), hours);
        assert!(serde_json::from_str::<Hours>(r#"{"week":{"monday":[]}}"#).is_err());
    }

    #[test]
    fn hours_that_hardly_ever_come_are_a_drought() {
        let empty = || std::array::from_fn(|_| Vec::new());
        let day = |from, to, hours: &Hours| {
            hours
                .clone()
                .between(from, to, empty())
                .unwrap()
                .drought(400)
                .is_some()
        };
        let hours = Hours::weekdays(windows("09:00-17:00"));
        assert!(hours.drought(400).is_none());
        assert!(Hours::new(empty()).drought(400).is_some());
        assert!(day("01-01", "12-31", &hours));
        assert!(!day("01-01", "11-30", &hours));
        let leap = Hours::new(empty())
            .between(
                "02-29",
                "02-29",
                std::array::from_fn(|_| windows("09:00-17:00")),
            )
            .unwrap();
        assert!(leap.drought(400).is_some());
    }
}
