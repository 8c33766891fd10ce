//! One office, 09:00–12:00 and 14:00–18:00 in Shanghai, under the holidays of China, as everybody would set it up.

use std::collections::BTreeSet;

use bdays::{HolidayCalendar, HolidayCalendarCache, is_weekend};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use duly::time::{Calendar, DayTable, Hours};
use jiff::civil::{Date, Time};
use workclock::{Holidays, Schedule, Weekdays, WorkDay};

use crate::timing::Dice;

pub const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2004, 1, 1).unwrap();
pub const LAST: NaiveDate = NaiveDate::from_ymd_opt(2028, 12, 31).unwrap();
const WINDOWS: [(i8, i8); 2] = [(9, 12), (14, 18)];

pub struct Office {
    pub name: &'static str,
    pub duly: Calendar,
    pub bdays: Free,
    pub cached: HolidayCalendarCache<NaiveDate>,
    pub workdays: workdays::WorkCalendar,
    pub clock: Schedule,
}

impl Office {
    /// Holidays, but no make-up days: the ordinary use of the others.
    pub fn plain() -> Office {
        let mut days = DayTable::cn();
        days.opened.clear();
        Office::of("holidays", &days, false)
    }
    /// Holidays and make-up days.
    pub fn whole() -> Office {
        Office::of("make-up days", &DayTable::cn(), true)
    }
    fn of(name: &'static str, days: &DayTable, make_up: bool) -> Office {
        Office {
            name,
            duly: duly(days),
            bdays: Free::of(days),
            cached: cached(days),
            workdays: workdays(days, make_up),
            clock: clock(days, make_up),
        }
    }
    /// A date with room for so many days after it.
    pub fn date(&self, dice: &mut Dice, room: i64) -> NaiveDate {
        let days = (LAST - FIRST).num_days() - room - 30;
        FIRST + Days::new(dice.below(days) as u64)
    }
    /// A second with room for so many days after it.
    pub fn moment(&self, dice: &mut Dice, room: i64) -> i64 {
        let seconds = unix(LAST) - unix(FIRST) - (room + 30) * 86_400;
        unix(FIRST) + dice.below(seconds)
    }
}

/// Midnight in Shanghai, which has had no summer time in these years.
pub fn unix(date: NaiveDate) -> i64 {
    (i64::from(date.to_epoch_days())) * 86_400 - 8 * 3_600
}

pub fn duly(days: &DayTable) -> Calendar {
    let hours = WINDOWS.map(|(from, to)| format!("{from:02}:00-{to:02}:00").parse().unwrap());
    let week = Hours::weekdays(hours.to_vec());
    Calendar::new("Asia/Shanghai".parse().unwrap(), week, days).unwrap()
}

/// For bdays: what is a holiday, and, besides, which dates are worked all the same.
pub struct Free {
    closed: BTreeSet<NaiveDate>,
    opened: BTreeSet<NaiveDate>,
}

impl Free {
    pub fn of(days: &DayTable) -> Free {
        Free {
            closed: days.closed.keys().copied().collect(),
            opened: days.opened.keys().copied().collect(),
        }
    }
}

impl HolidayCalendar<NaiveDate> for Free {
    fn is_holiday(&self, date: NaiveDate) -> bool {
        self.closed.contains(&date)
    }
    fn is_bday(&self, date: NaiveDate) -> bool {
        self.opened.contains(&date) || !(is_weekend(date) || self.is_holiday(date))
    }
}

pub fn cached(days: &DayTable) -> HolidayCalendarCache<NaiveDate> {
    HolidayCalendarCache::new(Free::of(days), FIRST - Days::new(30), LAST + Days::new(30))
}

/// Where a crate has no make-up days: every date that is not worked, for a week of seven working days.
fn every_free_date(days: &DayTable) -> Vec<NaiveDate> {
    let free = Free::of(days);
    let from = FIRST - Days::new(30);
    from.iter_days()
        .take_while(|date| *date <= LAST + Days::new(30))
        .filter(|date| !free.is_bday(*date))
        .collect()
}

pub fn workdays(days: &DayTable, make_up: bool) -> workdays::WorkCalendar {
    let mut calendar = workdays::WorkCalendar::new();
    let free = match make_up {
        true => {
            calendar.add_work_day(Weekday::Sat);
            calendar.add_work_day(Weekday::Sun);
            every_free_date(days)
        }
        false => days.closed.keys().copied().collect(),
    };
    for date in free {
        calendar.add_holiday(date);
    }
    calendar
}

pub fn clock(days: &DayTable, make_up: bool) -> Schedule {
    let (week, free) = match make_up {
        true => (Weekdays::ALL, every_free_date(days)),
        false => (Weekdays::MON_TO_FRI, days.closed.keys().copied().collect()),
    };
    let date = |date: NaiveDate| {
        Date::new(date.year() as i16, date.month() as i8, date.day() as i8).unwrap()
    };
    let hour = |hour: i8| Time::new(hour, 0, 0, 0).unwrap();
    WINDOWS
        .iter()
        .fold(Schedule::builder(), |schedule, &(from, to)| {
            schedule.rule(WorkDay::new(hour(from), hour(to), week))
        })
        .rule(Holidays::new(free.into_iter().map(date)))
        .time_zone("Asia/Shanghai")
        .build()
        .unwrap()
}
