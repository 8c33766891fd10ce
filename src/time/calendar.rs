//! When an office works.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::error::CalendarError;
use super::hours::Hours;
use super::index::Inner;
use super::moment::Moment;
use super::stretch::Dates;
use super::table::{Coverage, DayTable};
use super::zone::Zone;

/// When an office works: a zone, the hours of its week, and a table of the days that differ.
///
/// A calendar never changes; a clone is a pointer. It is reckoned in local dates, never in steps of 86 400 seconds, so a
/// change of the wall clock makes a day shorter or longer as it is. The years around a date are counted up once, when first
/// asked for, 15 at a time in about 35 kB; after that no question walks, however long the span.
///
/// A date is one of four things ([`Day`]); an opened date beats a closed one, and a closed one the week. A window
/// over midnight belongs to the date it opens on, also when the next date is a holiday. Where windows meet or overlap they
/// count once. In a gap of the wall clock a window opens or closes at the first moment after it; in a fold it opens
/// at the first and closes at the last of the two moments. A date that never was (30 December 2011 in Samoa) has no windows.
///
/// ```
/// use duly::time::{Calendar, DayTable, Hours, Moment};
/// let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
/// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::plain("week"))?;
/// let friday = Moment::parse("2026-09-25T17:00:00+08:00")?;
/// assert_eq!(office.add(friday, 2 * 3600)?, Moment::parse("2026-09-28T10:00:00+08:00")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Calendar(Arc<Inner>);

/// What a date is to an office.
///
/// ```
/// use duly::time::{Calendar, Day, Zone};
/// let date = "2026-01-01".parse().unwrap();
/// assert_eq!(Calendar::always(Zone::UTC).day(date), Day::Working);
/// assert!(!Day::Holiday("元旦").is_working());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Day<'a> {
    /// The week has hours on it.
    Working,
    /// The week has none, as on a Sunday, or the date never was.
    Rest,
    /// Closed by the table, with the holiday's name.
    Holiday(&'a str),
    /// Opened by the table, with the name of what it makes up for.
    MakeUp(&'a str),
}

impl Day<'_> {
    /// Whether anybody works: on working and make-up days.
    ///
    /// ```
    /// assert!(duly::time::Day::MakeUp("国庆节").is_working());
    /// ```
    pub fn is_working(&self) -> bool {
        matches!(self, Day::Working | Day::MakeUp(_))
    }
}

impl Calendar {
    /// Joins zone, hours and table.
    ///
    /// # Errors
    /// What [`DayTable::check`] refuses; [`CalendarError::TooMany`] for a day of more than 48 windows or a week of more than 64 seasons;
    /// [`CalendarError::OpenedWithoutHours`] if a make-up day would have no hours; and
    /// [`CalendarError::NoWorkingTime`] if there is a stretch of 400 days without any.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Zone};
    /// let error = Calendar::new(Zone::UTC, Hours::weekdays(vec![]), &DayTable::plain("shut")).unwrap_err();
    /// assert!(error.to_string().contains("no working time"));
    /// ```
    pub fn new(zone: Zone, hours: Hours, days: &DayTable) -> Result<Calendar, CalendarError> {
        days.check()?;
        hours.check()?;
        let inner = Inner::new(zone, hours, days.clone());
        inner.check()?;
        Ok(Calendar(Arc::new(inner)))
    }

    /// Round the clock, every day, for all time: for clocks that heed no office hours, said aloud. Its revision is `24x7@1`.
    ///
    /// ```
    /// use duly::time::{Calendar, Moment};
    /// let berlin = Calendar::always("Europe/Berlin".parse()?);
    /// let (a, b) = (Moment::parse("2026-03-29T00:00:00+01:00")?, Moment::parse("2026-03-30T00:00:00+02:00")?);
    /// assert_eq!(berlin.measure(a, b), 23 * 3600);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn always(zone: Zone) -> Calendar {
        let days = DayTable::plain("24x7");
        Calendar(Arc::new(Inner::new(zone, Hours::always(), days)))
    }

    /// The zone whose wall clock the office lives by.
    ///
    /// ```
    /// use duly::time::{Calendar, Zone};
    /// assert_eq!(Calendar::always(Zone::UTC).zone(), Zone::UTC);
    /// ```
    pub fn zone(&self) -> Zone {
        self.0.zone
    }

    /// Id and revision of the table, such as `cn@2025-11-04`, to be written beside every moment reckoned by the calendar.
    ///
    /// ```
    /// use duly::time::{Calendar, Zone};
    /// assert_eq!(Calendar::always(Zone::UTC).revision(), "24x7@1");
    /// ```
    pub fn revision(&self) -> &str {
        &self.0.revision
    }

    /// First and last date for which the holidays are known.
    ///
    /// ```
    /// use duly::time::{Calendar, Coverage, Zone};
    /// assert_eq!(Calendar::always(Zone::UTC).coverage(), Coverage::ALL);
    /// ```
    pub fn coverage(&self) -> Coverage {
        self.0.days.coverage
    }

    /// Whether the holidays around the date are known. On other dates the ordinary week is taken, and what is reckoned is
    /// provisional.
    ///
    /// ```
    /// use duly::time::{Calendar, Zone};
    /// assert!(Calendar::always(Zone::UTC).covers("2026-01-01".parse().unwrap()));
    /// ```
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.0.days.coverage.contains(date)
    }

    /// What the date is to the office.
    ///
    /// ```
    /// use duly::time::{Calendar, Day, DayTable, Hours, Zone};
    /// let mut days = DayTable::plain("x");
    /// let date = "2026-01-01".parse().unwrap();
    /// days.closed.insert(date, "New Year".to_owned());
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &days)?;
    /// assert_eq!(office.day(date), Day::Holiday("New Year"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn day(&self, date: NaiveDate) -> Day<'_> {
        let Inner { hours, days, .. } = &*self.0;
        if !self.0.wall(date).has_date() {
            return Day::Rest;
        }
        if let Some(opened) = days.opened.get(&date) {
            return Day::MakeUp(&opened.name);
        }
        match days.closed.get(&date) {
            Some(name) => Day::Holiday(name),
            None if hours.on(date).is_empty() => Day::Rest,
            None => Day::Working,
        }
    }

    /// The holidays and make-up days from `from` to `to`, both included, in order: what a due moment between them was moved by. It
    /// is what an explanation lists.
    ///
    /// ```
    /// use duly::time::{Calendar, Day, DayTable, Hours};
    /// let hours = Hours::weekdays(vec!["09:00-17:00".parse()?]);
    /// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::cn())?;
    /// let days = office.exceptions("2026-10-07".parse()?, "2026-10-31".parse()?);
    /// assert_eq!(days, [("2026-10-07".parse()?, Day::Holiday("国庆节")), ("2026-10-10".parse()?, Day::MakeUp("国庆节"))]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exceptions(&self, from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, Day<'_>)> {
        if to < from {
            return Vec::new();
        }
        let days = &self.0.days;
        let closed = days.closed.range(from..=to).map(|(date, _)| *date);
        let opened = days.opened.range(from..=to).map(|(date, _)| *date);
        let listed: BTreeSet<NaiveDate> = closed.chain(opened).collect();
        listed
            .into_iter()
            .map(|date| (date, self.day(date)))
            .collect()
    }

    /// The stretches worked on the date, as moments from opening up to closing, in order and merged where they meet. Those
    /// of a window over midnight are the date's on which it opens.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["22:00-06:00".parse()?]), &DayTable::plain("night"))?;
    /// let friday = office.windows("2026-09-25".parse()?);
    /// assert_eq!(friday.len(), 1);
    /// assert_eq!(friday[0].1.to_string(), "2026-09-26T06:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn windows(&self, date: NaiveDate) -> Vec<(Moment, Moment)> {
        let wall = self.0.wall(date);
        if !wall.has_date() {
            return Vec::new();
        }
        let mut nominal = self.0.nominal(date).to_vec();
        nominal.sort_unstable();
        let mut merged: Vec<(Moment, Moment)> = Vec::with_capacity(nominal.len());
        for window in nominal {
            let (opens, closes) = wall.times(&window);
            let (opens, closes) = (Moment::clamped(opens), Moment::clamped(closes));
            match merged.last_mut() {
                Some(last) if opens <= last.1 => last.1 = last.1.max(closes),
                _ if opens < closes => merged.push((opens, closes)),
                _ => {}
            }
        }
        merged
    }

    /// The moment work ends on the date, or `None` on a day without work.
    ///
    /// ```
    /// use duly::time::{Calendar, Zone};
    /// let close = Calendar::always(Zone::UTC).close_of("2026-01-01".parse().unwrap());
    /// assert_eq!(close.unwrap().to_string(), "2026-01-02T00:00:00Z");
    /// ```
    pub fn close_of(&self, date: NaiveDate) -> Option<Moment> {
        let wall = self.0.wall(date);
        if !wall.has_date() {
            return None;
        }
        let windows = self.0.nominal(date).iter();
        windows
            .map(|window| Moment::clamped(wall.times(window).1))
            .max()
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar")
            .field("zone", &self.zone())
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

/// Midnight at the end of the date, as local time.
pub(super) fn midnight_after(date: NaiveDate) -> NaiveDateTime {
    date.succ_opt().unwrap_or(date).and_time(NaiveTime::MIN)
}
