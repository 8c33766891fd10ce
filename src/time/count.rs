//! Counting open seconds and working dates.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use super::calendar::Calendar;
use super::days::Which;
use super::error::TimeError;
use super::index::{Inner, date_in, moment, place, place_of, stretch_of};
use super::moment::Moment;

/// Dates that are counted; a year more on either side than moments reach, since local dates may lie beyond them.
const FIRST: NaiveDate = new_year(0);
const LAST: NaiveDate = new_year(10_001);

/// Stretches a search may pass through.
const COUNTED: RangeInclusive<i64> = stretch_of(FIRST)..=stretch_of(LAST);

impl Calendar {
    /// Working seconds from `a` up to, and not with, `b`; none if `b` is not later.
    ///
    /// Split a stretch anywhere and the parts add up to the whole.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Moment, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
    /// let (friday, monday) = (Moment::parse("2026-09-25T16:00:00Z")?, Moment::parse("2026-09-28T10:00:00Z")?);
    /// assert_eq!(office.measure(friday, monday), 2 * 3600);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn measure(&self, a: Moment, b: Moment) -> i64 {
        if b <= a {
            return 0;
        }
        self.inner().open_between(a.unix(), b.unix())
    }

    /// The earliest moment by which `seconds` of working time have passed since `a`. Time that ends with a shift ends at
    /// the close of that shift, not at the next opening; no time at all ends at `a`.
    ///
    /// # Errors
    /// [`TimeError::Negative`] for a length below zero (see [`sub`](Calendar::sub)), [`TimeError::OutOfRange`] if the end
    /// lies after year 9999.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Moment, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
    /// let friday = Moment::parse("2026-09-25T09:00:00Z")?;
    /// assert_eq!(office.add(friday, 8 * 3600)?.to_string(), "2026-09-25T17:00:00Z");
    /// assert_eq!(office.add(friday, 8 * 3600 + 1)?.to_string(), "2026-09-28T09:00:01Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add(&self, a: Moment, seconds: i64) -> Result<Moment, TimeError> {
        if seconds <= 0 {
            return if seconds == 0 {
                Ok(a)
            } else {
                Err(TimeError::Negative { seconds })
            };
        }
        let end = self.inner().after(a.unix(), seconds);
        end.and_then(|t| Moment::from_unix(t).ok())
            .ok_or_else(|| TimeError::OutOfRange {
                what: format!("{seconds} seconds of working time after {a}"),
            })
    }

    /// The latest moment from which `seconds` of working time pass until `b`. Time that begins with a shift begins at the
    /// opening of that shift, not at the close before; no time at all begins at `b`.
    ///
    /// # Errors
    /// [`TimeError::Negative`] for a length below zero, [`TimeError::OutOfRange`] if the beginning lies before year 1.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Moment, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
    /// let monday = Moment::parse("2026-09-28T10:00:00Z")?;
    /// assert_eq!(office.sub(monday, 3600)?.to_string(), "2026-09-28T09:00:00Z");
    /// assert_eq!(office.sub(monday, 3601)?.to_string(), "2026-09-25T16:59:59Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sub(&self, b: Moment, seconds: i64) -> Result<Moment, TimeError> {
        if seconds <= 0 {
            return if seconds == 0 {
                Ok(b)
            } else {
                Err(TimeError::Negative { seconds })
            };
        }
        let start = self.inner().before(b.unix(), seconds);
        start
            .and_then(|t| Moment::from_unix(t).ok())
            .ok_or_else(|| TimeError::OutOfRange {
                what: format!("{seconds} seconds of working time before {b}"),
            })
    }

    /// Whether the office works at the moment.
    ///
    /// ```
    /// use duly::time::{Calendar, Moment, Zone};
    /// assert!(Calendar::always(Zone::UTC).is_open(Moment::MIN));
    /// ```
    pub fn is_open(&self, at: Moment) -> bool {
        self.inner().open_between(at.unix(), at.unix() + 1) == 1
    }

    /// The first moment at or after `at` at which the office works.
    ///
    /// # Errors
    /// [`TimeError::NeverOpen`] if it works no more before the end of year 9999.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Moment, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
    /// let saturday = Moment::parse("2026-09-26T12:00:00Z")?;
    /// assert_eq!(office.next_open(saturday)?.to_string(), "2026-09-28T09:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_open(&self, at: Moment) -> Result<Moment, TimeError> {
        // The first second that is worked is the one after which a second has been worked.
        let worked = self.inner().after(at.unix(), 1);
        worked
            .and_then(|t| Moment::from_unix(t - 1).ok())
            .ok_or_else(|| TimeError::NeverOpen {
                calendar: self.revision().to_owned(),
                direction: "after",
                from: at.to_string(),
            })
    }

    /// The `n`-th working day after `date`, not counting `date` itself; before it if `n` is negative; `date` itself, working
    /// or not, if `n` is zero.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] if it lies outside the years 1 to 9999.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
    /// let friday = "2026-09-25".parse()?;
    /// assert_eq!(office.nth_working_day_after(friday, 2)?.to_string(), "2026-09-29");
    /// assert_eq!(office.nth_working_day_after(friday, -5)?.to_string(), "2026-09-18");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn nth_working_day_after(&self, date: NaiveDate, n: i64) -> Result<NaiveDate, TimeError> {
        self.nth_after(Which::Working, date, n)
    }

    /// How many working days there are from `from` up to, and not with, `to`; none if `to` is not later.
    ///
    /// ```
    /// use duly::time::{Calendar, DayTable, Hours, Zone};
    /// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
    /// assert_eq!(office.working_days_between("2026-09-25".parse()?, "2026-09-29".parse()?), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.count(Which::Working, from, to)
    }

    /// How many dates of the set there are from `from` up to `to`.
    pub(super) fn count(&self, which: Which, from: NaiveDate, to: NaiveDate) -> i64 {
        // Dates beyond the years of moments are of no case; what lies within counts.
        let (from, to) = (within(from), within(to));
        if to <= from {
            return 0;
        }
        let inner = self.inner();
        let ((first, a), (last, b)) = (place_of(from), place_of(to));
        let rank = |stretch, day| inner.with(stretch, |stretch| stretch.set(which).rank(day));
        let whole: i64 = (first..last).map(|n| inner.dates(which, n)).sum();
        whole + rank(last, b) - rank(first, a)
    }

    /// The `n`-th date of the set after `date`; before it if `n` is negative.
    pub(super) fn nth_after(
        &self,
        which: Which,
        date: NaiveDate,
        n: i64,
    ) -> Result<NaiveDate, TimeError> {
        let out = || TimeError::OutOfRange {
            what: format!("day {n} counted from {date}"),
        };
        if within(date) != date {
            return Err(out());
        }
        let forward = match n.cmp(&0) {
            Ordering::Less => false,
            Ordering::Equal => return Ok(date),
            Ordering::Greater => true,
        };
        let inner = self.inner();
        let (mut stretch, day) = place_of(date);
        // Number the wanted date within its stretch from 1, stepping over whole stretches.
        let (rank, held) = inner.with(stretch, |stretch| {
            let set = stretch.set(which);
            (set.rank(day), set.contains(day))
        });
        let own = if forward { i64::from(held) } else { 1 };
        let mut wanted = n.saturating_add(rank).saturating_add(own);
        while COUNTED.contains(&stretch) {
            if wanted < 1 {
                stretch -= 1;
                wanted = wanted.saturating_add(inner.dates(which, stretch));
                continue;
            }
            let here = inner.dates(which, stretch);
            if wanted <= here {
                let day = inner.with(stretch, |stretch| stretch.set(which).select(wanted));
                return day
                    .and_then(|day| date_in(stretch, day))
                    .filter(|date| (1..=9999).contains(&date.year()))
                    .ok_or_else(out);
            }
            wanted -= here;
            stretch += 1;
        }
        Err(out())
    }
}

impl Inner {
    /// Open seconds from `a` up to `b`, which is no earlier.
    fn open_between(&self, a: i64, b: i64) -> i64 {
        let ((first, a), (last, b)) = (place(a), place(b));
        let before = |stretch, t| self.with(stretch, |stretch| stretch.before(t));
        let whole: i64 = (first..last).map(|n| self.seconds(n)).sum();
        whole + before(last, b) - before(first, a)
    }

    /// The earliest moment by which `seconds` have been open since `a`; there is at least one second.
    fn after(&self, a: i64, seconds: i64) -> Option<i64> {
        let (mut stretch, t) = place(a);
        let passed = self.with(stretch, |stretch| stretch.before(t));
        let mut left = seconds.saturating_add(passed);
        while COUNTED.contains(&stretch) {
            let here = self.seconds(stretch);
            if left <= here {
                let found = self.with(stretch, |stretch| stretch.earliest(left));
                return found.map(|t| moment(stretch, t));
            }
            left -= here;
            stretch += 1;
        }
        None
    }

    /// The latest moment from which `seconds` are open until `b`; there is at least one second.
    fn before(&self, b: i64, seconds: i64) -> Option<i64> {
        let (mut stretch, t) = place(b);
        let mut here = self.with(stretch, |stretch| stretch.before(t));
        let mut left = seconds;
        while COUNTED.contains(&stretch) {
            if left <= here {
                let found = self.with(stretch, |stretch| stretch.latest(here - left));
                return found.map(|t| moment(stretch, t));
            }
            left -= here;
            stretch -= 1;
            here = self.seconds(stretch);
        }
        None
    }

    fn seconds(&self, stretch: i64) -> i64 {
        self.with(stretch, |stretch| stretch.seconds())
    }

    fn dates(&self, which: Which, stretch: i64) -> i64 {
        self.with(stretch, |stretch| stretch.set(which).len())
    }
}

/// The nearest date that is counted.
fn within(date: NaiveDate) -> NaiveDate {
    date.clamp(FIRST, LAST)
}

const fn new_year(year: i32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, 1, 1) {
        Some(date) => date,
        None => NaiveDate::MAX,
    }
}
