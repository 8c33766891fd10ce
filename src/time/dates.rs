//! Where a span of days, weeks, months or years ends.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::calendar::midnight_after;
use super::counting::{DayOne, Roll};
use super::days::Which;
use super::error::TimeError;
use super::moment::Moment;
use super::pauses::Pause;
use super::reckon::{Point, Reckoner};
use super::span::Span;

/// Dates that do not count because the clock stood still at their close: from the first up to the second.
pub(super) type Skip = (NaiveDate, Option<NaiveDate>);

/// A span of dates as it was counted.
pub(super) struct Tally {
    /// The start as the rule sees it.
    pub start: Point,
    /// The date after which counting begins.
    pub base: NaiveDate,
    /// Which dates count, and how many of them the span is.
    pub which: Which,
    pub n: i64,
    /// The pauses that were heeded.
    pub skips: Vec<Skip>,
    /// The `n`-th date that counts; none if a pause without end comes before.
    pub last: Option<NaiveDate>,
    /// The date with whose close the span ends by the rule: the last one, or the one it gave way to.
    pub closes: Option<NaiveDate>,
    /// Where the span ends, once the last date has rolled; none if a pause without end comes before.
    pub end: Option<Point>,
}

impl Reckoner<'_> {
    /// Where a span of dates ends that runs from `start`, and how it got there.
    pub fn tally(&self, start: Point, span: &Span, day_one: DayOne) -> Result<Tally, TimeError> {
        let working = matches!(span, Span::WorkingDays(_));
        let reach = start.reach;
        let (start, base) = self.base(start, working, day_one)?;
        let mut skips = self.skips(start, working);
        let (which, n) = self.days(base, start, span, day_one)?;
        let mut tally = Tally {
            start,
            base,
            which,
            n,
            last: None,
            closes: None,
            end: None,
            skips: Vec::new(),
        };
        // A last day that rolls back may come to lie before pauses that its nominal day lies after: those came too late to
        // hold it up. So pauses are taken one by one until the next begins after the day found.
        let known = if self.counting.roll == Roll::PrevWorking {
            0
        } else {
            skips.len()
        };
        for known in known..=skips.len() {
            let (heeded, later) = skips.split_at(known);
            tally.last = self.nth(which, base, n, heeded)?;
            let date = match tally.last {
                Some(date) => self.roll(date, heeded)?,
                None => None,
            };
            if date.is_none_or(|date| later.first().is_none_or(|(first, _)| *first > date)) {
                tally.closes = date;
                tally.end = date.map(|date| {
                    let close = self.close(start, date, working);
                    // What has rolled back to before it began ends as it begins, on the date that it runs from.
                    let date = if close <= start.at {
                        date.max(start.date)
                    } else {
                        date
                    };
                    Point {
                        at: close.max(start.at),
                        date,
                        reach: reach.max(tally.last.unwrap_or(date)).max(date),
                    }
                });
                skips.truncate(known);
                break;
            }
        }
        tally.skips = skips;
        Ok(tally)
    }

    /// The start as the rule sees it, and the date after which counting begins.
    pub fn base(
        &self,
        start: Point,
        working: bool,
        day_one: DayOne,
    ) -> Result<(Point, NaiveDate), TimeError> {
        match day_one {
            DayOne::Exclude => Ok((start, start.date)),
            DayOne::FromInstant if working => {
                let open = self.calendar.next_open(start.at)?;
                let start = if open == start.at {
                    start
                } else {
                    self.start(open)
                };
                Ok((start, start.date))
            }
            DayOne::FromInstant => Ok((start, start.date)),
            DayOne::Include => {
                // A working day whose hours are over when the span begins has nothing left to count.
                let over = working
                    && self
                        .calendar
                        .close_of(start.date)
                        .is_some_and(|close| close <= start.at);
                let eve = start.date.pred_opt().filter(|_| !over);
                Ok((start, eve.unwrap_or(start.date)))
            }
        }
    }

    /// How many dates the span is, counted after `base`.
    pub fn days(
        &self,
        base: NaiveDate,
        start: Point,
        span: &Span,
        day_one: DayOne,
    ) -> Result<(Which, i64), TimeError> {
        let included = day_one == DayOne::Include;
        let date = start.date;
        let out = || TimeError::OutOfRange {
            what: format!("{span} after {date}"),
        };
        let target = match span {
            Span::WorkingDays(n) => return Ok((Which::Working, i64::from(*n))),
            Span::CalendarDays(n) => return Ok((Which::Every, i64::from(*n))),
            Span::Weeks(n) => {
                let target = date
                    .checked_add_signed(TimeDelta::days(7 * i64::from(*n)))
                    .ok_or_else(out)?;
                if included {
                    target.pred_opt().ok_or_else(out)?
                } else {
                    target
                }
            }
            Span::Months(n) => months(date, *n, included).ok_or_else(out)?,
            Span::Years(n) => n
                .checked_mul(12)
                .and_then(|n| months(date, n, included))
                .ok_or_else(out)?,
            Span::Elapsed(_) | Span::WorkingTime(_) | Span::Earliest(_) | Span::Latest(_) => {
                return Ok((Which::Every, 0));
            }
        };
        if !(1..=9999).contains(&target.year()) {
            return Err(out());
        }
        // A corresponding day that never was gives way to the next that is.
        let has = |date: &NaiveDate| self.calendar.zone().has(*date);
        let target = std::iter::successors(Some(target), NaiveDate::succ_opt)
            .take(3)
            .find(has)
            .unwrap_or(target);
        let after = |date: NaiveDate| date.succ_opt().unwrap_or(date);
        Ok((
            Which::Every,
            self.calendar
                .count(Which::Every, after(base), after(target)),
        ))
    }

    fn roll(&self, date: NaiveDate, skips: &[Skip]) -> Result<Option<NaiveDate>, TimeError> {
        if self.counting.roll == Roll::None || self.calendar.day(date).is_working() {
            return Ok(Some(date));
        }
        match self.counting.roll {
            Roll::PrevWorking => {
                let before = self.calendar.nth_working_day_after(date, -1)?;
                let skipped =
                    |&(first, end): &Skip| first <= before && end.is_none_or(|end| before < end);
                // A clock that stood still when that day closed had not run out then.
                match skips.iter().any(skipped) {
                    true => self.nth(Which::Working, date, 1, skips),
                    false => Ok(Some(before)),
                }
            }
            _ => self.nth(Which::Working, date, 1, skips),
        }
    }

    /// When `date` ends for a span that runs from `start`. What runs from the midnight at the end of a date ends with a date as well: its
    /// time of day is 24:00, not 00:00.
    pub fn close(&self, start: Point, date: NaiveDate, working: bool) -> Moment {
        let zone = self.calendar.zone();
        let began = start.at.local(zone).time();
        let began = (start.at != zone.last(midnight_after(start.date))).then_some(began);
        self.counting.close(self.calendar, date, began, working)
    }

    /// The dates that do not count. A date counts if the clock runs in the last second before its close, so that a pause
    /// which begins with the close, or ends with it, is of the next date or of this one, never of both; many a pause is of none.
    pub fn skips(&self, start: Point, working: bool) -> Vec<Skip> {
        let first_closing_after = |t| self.first_closing_after(start, t, working);
        let ends_later = |pause: &Pause| pause.until.is_none_or(|until| until > start.at);
        self.pauses
            .iter()
            .filter(ends_later)
            .map(|Pause { from, until }| {
                (first_closing_after(from), until.map(first_closing_after))
            })
            .collect()
    }

    /// The first date whose close lies after `t`.
    pub fn first_closing_after(&self, start: Point, t: Moment, working: bool) -> NaiveDate {
        let date = t.date(self.calendar.zone());
        // A night shift closes on the date after its own, and a fold may push it one further; no close is further off.
        let first = date.checked_sub_signed(TimeDelta::days(2)).unwrap_or(date);
        let mut dates = std::iter::successors(Some(first), NaiveDate::succ_opt).take(6);
        dates
            .find(|date| self.close(start, *date, working) > t)
            .unwrap_or(date)
    }

    /// The `n`-th date of the set after `base` that counts; `None` if a pause without end comes before.
    pub fn nth(
        &self,
        which: Which,
        base: NaiveDate,
        n: i64,
        skips: &[Skip],
    ) -> Result<Option<NaiveDate>, TimeError> {
        let (mut base, mut left) = (base, n);
        for &(first, end) in skips {
            let next = base.succ_opt().unwrap_or(base);
            let before = self.calendar.count(which, next, first);
            if left <= before {
                break;
            }
            left -= before;
            let Some(end) = end else { return Ok(None) };
            base = base.max(end.pred_opt().unwrap_or(end));
        }
        self.calendar.nth_after(which, base, left).map(Some)
    }

    /// The `n`-th date of the set before `date` that counts.
    pub fn nth_back(
        &self,
        which: Which,
        date: NaiveDate,
        n: i64,
        skips: &[Skip],
    ) -> Result<NaiveDate, TimeError> {
        let (mut date, mut left) = (date, n);
        for &(first, end) in skips.iter().rev() {
            let since = end.unwrap_or(date);
            let after = self.calendar.count(which, since, date);
            if left <= after {
                break;
            }
            left -= after;
            date = date.min(first);
        }
        self.calendar.nth_after(which, date, -left)
    }

    /// How many dates of the set count from `from` up to `to`.
    pub fn counted(&self, which: Which, from: NaiveDate, to: NaiveDate, skips: &[Skip]) -> i64 {
        let skipped = |&(first, end): &Skip| {
            self.calendar
                .count(which, first.max(from), end.unwrap_or(to).min(to))
        };
        self.calendar.count(which, from, to) - skips.iter().map(skipped).sum::<i64>()
    }
}

/// The day on which so many months after `date` end. If the first day counts, that is the eve of the corresponding day; a
/// month that has no such day ends the span with its last.
fn months(date: NaiveDate, n: u32, included: bool) -> Option<NaiveDate> {
    let target = date.checked_add_months(Months::new(n))?;
    if included && target.day() == date.day() {
        target.pred_opt()
    } else {
        Some(target)
    }
}
