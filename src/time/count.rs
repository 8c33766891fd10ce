//! Counting open seconds and working dates.

use chrono::{Datelike, NaiveDate};

use super::calendar::Calendar;
use super::error::TimeError;
use super::moment::Moment;
use super::year::{Totals, Which};

/// Years a search may pass through; one more on either side than moments reach, since local dates may lie beyond them.
const FIRST: i32 = 0;
const LAST: i32 = 10_000;

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
        let inner = self.inner();
        let (first, last) = (inner.year_of(a.unix()), inner.year_of(b.unix()));
        let before = |year, at: Moment| inner.with_year(year, |year| year.before(at.unix()));
        let whole: i64 = (first..last).map(|year| inner.totals(year).seconds).sum();
        whole + before(last, b) - before(first, a)
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
        let inner = self.inner();
        let mut year = inner.year_of(a.unix());
        let passed = inner.with_year(year, |year| year.before(a.unix()));
        let mut left = seconds.saturating_add(passed);
        while year <= LAST {
            let here = inner.totals(year).seconds;
            if left <= here {
                let found = inner.with_year(year, |year| year.earliest(left));
                return found.map_or_else(
                    || Err(beyond(seconds, a)),
                    |t| Moment::from_unix(t).map_err(|_| beyond(seconds, a)),
                );
            }
            left -= here;
            year += 1;
        }
        Err(beyond(seconds, a))
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
        let inner = self.inner();
        let out = || TimeError::OutOfRange {
            what: format!("{seconds} seconds of working time before {b}"),
        };
        let mut year = inner.year_of(b.unix());
        let mut here = inner.with_year(year, |year| year.before(b.unix()));
        let mut left = seconds;
        while year >= FIRST {
            if left <= here {
                let found = inner.with_year(year, |year| year.latest(here - left));
                return found
                    .and_then(|t| Moment::from_unix(t).ok())
                    .ok_or_else(out);
            }
            left -= here;
            year -= 1;
            here = inner.totals(year).seconds;
        }
        Err(out())
    }

    /// Whether the office works at the moment.
    ///
    /// ```
    /// use duly::time::{Calendar, Moment, Zone};
    /// assert!(Calendar::always(Zone::UTC).is_open(Moment::MIN));
    /// ```
    pub fn is_open(&self, at: Moment) -> bool {
        let inner = self.inner();
        inner.with_year(inner.year_of(at.unix()), |year| year.next_open(at.unix()))
            == Some(at.unix())
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
        let inner = self.inner();
        let year = inner.year_of(at.unix());
        // No calendar rests for more than 400 days, so the third year is the last that can matter.
        let found = (year..=year + 2)
            .find_map(|year| inner.with_year(year, |year| year.next_open(at.unix())));
        found
            .and_then(|t| Moment::from_unix(t).ok())
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
        let rank = |date: NaiveDate| {
            inner.with_year(date.year(), |year| year.set(which).rank(date.ordinal0()))
        };
        let whole: i64 = (from.year()..to.year())
            .map(|year| inner.totals(year).of(which))
            .sum();
        whole + rank(to) - rank(from)
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
        if n == 0 {
            return Ok(date);
        }
        let inner = self.inner();
        let mut year = date.year();
        // Number the wanted date within its year from 1, stepping over whole years.
        let (rank, held) = inner.with_year(year, |year| {
            let set = year.set(which);
            (set.rank(date.ordinal0()), set.contains(date.ordinal0()))
        });
        let of = |year| Totals::of(&inner.totals(year), which);
        let mut wanted = if n > 0 {
            n.saturating_add(rank).saturating_add(i64::from(held))
        } else {
            n.saturating_add(rank).saturating_add(1)
        };
        while (FIRST + 1..LAST).contains(&year) {
            if wanted < 1 {
                year -= 1;
                wanted = wanted.saturating_add(of(year));
                continue;
            }
            let here = of(year);
            if wanted <= here {
                let day = inner.with_year(year, |year| year.set(which).select(wanted));
                return day
                    .and_then(|day| NaiveDate::from_yo_opt(year, day + 1))
                    .ok_or_else(out);
            }
            wanted -= here;
            year += 1;
        }
        Err(out())
    }
}

/// The nearest date of the years that are counted.
fn within(date: NaiveDate) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(FIRST, 1, 1).unwrap_or(date);
    let last = NaiveDate::from_ymd_opt(LAST, 12, 31).unwrap_or(date);
    date.clamp(first, last)
}

fn beyond(seconds: i64, from: Moment) -> TimeError {
    TimeError::OutOfRange {
        what: format!("{seconds} seconds of working time after {from}"),
    }
}
