//! The years of a calendar, each counted once.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::error::CalendarError;
use super::hours::Hours;
use super::table::{DayTable, FIRST_YEAR, LAST_YEAR};
use super::window::Window;
use super::year::{Dates, Totals, Year};
use super::zone::Zone;

/// Longest stretch without working time that a calendar may have, in days.
const DROUGHT: i64 = 400;

/// What a calendar is made of, and its years as far as they were asked for.
pub(super) struct Inner {
    pub zone: Zone,
    pub hours: Hours,
    pub days: DayTable,
    pub revision: String,
    /// Slots for the years in which tables and zones may be irregular; built when first asked for.
    years: Vec<OnceLock<Box<Year>>>,
    /// Sums of the fourteen kinds of year outside them: leap or not, by the weekday of New Year.
    kinds: OnceLock<[Totals; 14]>,
}

impl Inner {
    pub fn new(zone: Zone, hours: Hours, days: DayTable) -> Inner {
        let years = (FIRST_YEAR..=LAST_YEAR).map(|_| OnceLock::new()).collect();
        Inner {
            zone,
            hours,
            revision: days.label(),
            days,
            years,
            kinds: OnceLock::new(),
        }
    }

    /// Runs `ask` on the year; a year without a slot is built for the question and forgotten.
    pub fn with_year<R>(&self, year: i32, ask: impl FnOnce(&Year) -> R) -> R {
        match usize::try_from(year - FIRST_YEAR)
            .ok()
            .and_then(|at| self.years.get(at))
        {
            Some(slot) => ask(slot.get_or_init(|| Box::new(Year::build(self, year)))),
            None => ask(&Year::build(self, year)),
        }
    }

    /// Sums of a year. Outside the slots the offset is constant and no table speaks, so all years of a kind are alike.
    pub fn totals(&self, year: i32) -> Totals {
        if (FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return self.with_year(year, |year| year.totals);
        }
        let kinds = self.kinds.get_or_init(|| {
            let mut kinds = [Totals::default(); 14];
            for year in LAST_YEAR + 1..=LAST_YEAR + 400 {
                if let Some(slot) = kinds.get_mut(kind(year)).filter(|totals| totals.every == 0) {
                    *slot = Year::build(self, year).totals;
                }
            }
            kinds
        });
        kinds.get(kind(year)).copied().unwrap_or_default()
    }

    /// The local year that holds the moment.
    pub fn year_of(&self, unix: i64) -> i32 {
        let year = self.zone.wall(unix).year();
        // Should the wall clock be put back over New Year midnight, the new year began when it was first seen.
        let (from, until) = self.with_year(year, |year| (year.from, year.until));
        if unix < from {
            year - 1
        } else if unix >= until {
            year + 1
        } else {
            year
        }
    }

    /// Refuses make-up days without hours, and stretches without any working time.
    pub fn check(&self) -> Result<(), CalendarError> {
        self.refuse_idle_openings()?;
        self.refuse_drought()
    }

    fn refuse_idle_openings(&self) -> Result<(), CalendarError> {
        for (&date, opened) in &self.days.opened {
            if opened.windows.is_none() && self.hours.ordinary(date).is_empty() {
                return Err(CalendarError::OpenedWithoutHours {
                    calendar: self.days.id.clone(),
                    date,
                    name: opened.name.clone(),
                });
            }
        }
        Ok(())
    }

    fn refuse_drought(&self) -> Result<(), CalendarError> {
        let refuse = |from: NaiveDate, why| {
            let to = from
                .checked_add_signed(TimeDelta::days(DROUGHT - 1))
                .unwrap_or(NaiveDate::MAX);
            Err(CalendarError::NoWorkingTime {
                calendar: self.days.id.clone(),
                from,
                to,
                why,
            })
        };
        if let Some(from) = self.hours.drought(DROUGHT) {
            return refuse(
                from,
                "its week has no hours: give at least one day a window like `09:00-17:00`",
            );
        }
        // The week alone is never idle so long, so a drought has a closed date in it: look to both sides of each.
        let mut looked = NaiveDate::MIN;
        for &closed in self
            .days
            .closed
            .keys()
            .filter(|date| self.nominal(**date).is_empty())
        {
            if closed < looked {
                continue;
            }
            let idle = |date: &NaiveDate| self.nominal(*date).is_empty();
            let limit = usize::try_from(DROUGHT).unwrap_or(usize::MAX);
            let before = std::iter::successors(closed.pred_opt(), NaiveDate::pred_opt)
                .take(limit)
                .take_while(idle);
            let from = before.last().unwrap_or(closed);
            let after = std::iter::successors(closed.succ_opt(), NaiveDate::succ_opt)
                .take(limit)
                .take_while(idle);
            let to = after.last().unwrap_or(closed);
            if to.signed_duration_since(from).num_days() + 1 >= DROUGHT {
                return refuse(from, "shorten its list of closed dates, or open some");
            }
            looked = to;
        }
        Ok(())
    }
}

impl Dates for Inner {
    fn zone(&self) -> Zone {
        self.zone
    }

    fn nominal(&self, date: NaiveDate) -> &[Window] {
        if let Some(opened) = self.days.opened.get(&date) {
            return opened
                .windows
                .as_deref()
                .unwrap_or_else(|| self.hours.ordinary(date));
        }
        if self.days.closed.contains_key(&date) {
            return &[];
        }
        self.hours.on(date)
    }
}

/// Which of the fourteen kinds of year it is.
fn kind(year: i32) -> usize {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    first.weekday().num_days_from_monday() as usize + if first.leap_year() { 7 } else { 0 }
}
