//! When the office works, looked up date by date. All moments in the model are what a clock on the wall in Shanghai shows, in seconds since the
//! wall showed 1 January 1970; the wall there is never put forward or back, so a date has 86 400 of them.

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use duly::time::{DayTable, Moment};

/// A second on the wall.
pub type At = i64;

/// A date, as the days since 1 January 1970.
pub type Date = i64;

pub const DAY: i64 = 86_400;
pub const HOUR: i64 = 3_600;

/// The office: for each date whether people work on it, and then from 9 to 12 and from 14 to 18.
pub struct Office {
    works: Vec<bool>,
}

/// The one office of the model.
pub static OFFICE: LazyLock<Office> = LazyLock::new(Office::china);

/// The last date looked up is 70 years after the first.
const DATES: Date = 70 * 365;

impl Office {
    /// A make-up day is worked, a holiday is not, and any other date is as the week has it.
    fn china() -> Office {
        let table = DayTable::cn();
        let works = |date: Date| {
            let name = named(date);
            let weekend = name.weekday().num_days_from_monday() >= 5;
            table.opened.contains_key(&name) || !table.closed.contains_key(&name) && !weekend
        };
        Office {
            works: (0..DATES).map(works).collect(),
        }
    }

    /// Whether people work on a date.
    pub fn works(&self, date: Date) -> bool {
        self.works[usize::try_from(date).unwrap()]
    }

    /// Whether anybody works in that second.
    pub fn is_open(&self, at: At) -> bool {
        let hour = at.rem_euclid(DAY) / HOUR;
        self.works(date(at)) && matches!(hour, 9..12 | 14..18)
    }

    /// When a date ends for a limit: when work ends, or at midnight where nobody works.
    pub fn close(&self, date: Date) -> At {
        date * DAY + if self.works(date) { 18 * HOUR } else { DAY }
    }
}

/// The date that the wall shows.
pub fn date(at: At) -> Date {
    at.div_euclid(DAY)
}

fn named(date: Date) -> NaiveDate {
    NaiveDate::default() + Days::new(u64::try_from(date).unwrap())
}

/// The same moment for the machine.
pub fn moment(at: At) -> Moment {
    Moment::parse("1970-01-01T00:00:00+08:00").unwrap().plus(at)
}

/// A moment of the machine on the wall.
pub fn wall(moment: Moment) -> At {
    moment.since(Moment::parse("1970-01-01T00:00:00+08:00").unwrap())
}

/// `2026-03-02 09:20:00`, for whoever reads a failure.
pub fn read(at: At) -> String {
    let of_day = at.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / HOUR, of_day / 60 % 60, of_day % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", named(date(at)))
}
