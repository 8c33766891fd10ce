//! Where one span ends, for a clock that may stand still.

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::counting::{Counting, DayOne, Roll};
use super::error::TimeError;
use super::moment::Moment;
use super::pauses::Pauses;
use super::span::Span;

/// A moment, and the date it is the end of: midnight at the end of Friday is a moment of Saturday, but Friday's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub at: Moment,
    pub date: NaiveDate,
    /// The last date whose holidays it depends on: later than its own where the working day before took the place of a last day.
    pub reach: NaiveDate,
}

/// Which seconds run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Running {
    Always,
    InHours,
}

/// A calendar, a counting rule and the pauses of one clock.
#[derive(Clone, Copy)]
pub(super) struct Reckoner<'a> {
    pub calendar: &'a Calendar,
    pub pauses: &'a Pauses,
    pub counting: Counting,
}

impl Reckoner<'_> {
    pub fn start(&self, at: Moment) -> Point {
        let date = at.date(self.calendar.zone());
        Point {
            at,
            date,
            reach: date,
        }
    }

    /// Where the span ends that runs from `start`; `None` if a pause without end comes before.
    pub fn end(
        &self,
        start: Point,
        span: &Span,
        day_one: DayOne,
    ) -> Result<Option<Point>, TimeError> {
        match span {
            Span::Elapsed(seconds) => self.end_of_seconds(Running::Always, start, *seconds),
            Span::WorkingTime(seconds) => self.end_of_seconds(Running::InHours, start, *seconds),
            Span::Earliest(spans) => {
                let mut ends = Vec::with_capacity(spans.len());
                for span in spans {
                    ends.push(self.end(start, span, day_one)?);
                }
                if ends.is_empty() {
                    return Err(TimeError::EmptyChoice { which: "earliest" });
                }
                // A part held up by a pause is not earlier than one that ended before it.
                let ended = || ends.iter().flatten().copied();
                let Some(earliest) = ended().min_by_key(|end| end.at) else {
                    return Ok(None);
                };
                // One that ends later may come to be the earliest.
                let reach = ended()
                    .map(|end| end.reach)
                    .filter(|reach| self.may_roll_before(start, *reach, earliest.at))
                    .fold(earliest.reach, Ord::max);
                Ok(Some(Point { reach, ..earliest }))
            }
            Span::Latest(spans) => {
                let mut latest: Option<Point> = None;
                for span in spans {
                    let Some(end) = self.end(start, span, day_one)? else {
                        return Ok(None);
                    };
                    // One that ends earlier may come to be the latest.
                    let reach = latest.map_or(end.reach, |latest| latest.reach.max(end.reach));
                    let later = latest.filter(|latest| latest.at >= end.at).unwrap_or(end);
                    latest = Some(Point { reach, ..later });
                }
                latest
                    .map(Some)
                    .ok_or(TimeError::EmptyChoice { which: "latest" })
            }
            dated if dated.is_zero() => {
                let at = self
                    .counting
                    .at
                    .map(|_| self.close(start, start.date, false));
                Ok(Some(Point {
                    at: at.unwrap_or(start.at).max(start.at),
                    ..start
                }))
            }
            dated => Ok(self.tally(start, dated, day_one)?.end),
        }
    }

    /// Whether what depends on holidays up to `reach` may yet roll back to before a moment: to the last working day that is known, should
    /// nobody work on any later one.
    fn may_roll_before(&self, start: Point, reach: NaiveDate, at: Moment) -> bool {
        let known = self.calendar.coverage().to;
        if self.counting.roll != Roll::PrevWorking || reach <= known {
            return false;
        }
        let unknown = known.succ_opt().unwrap_or(known);
        let worked = self.calendar.nth_working_day_after(unknown, -1);
        worked.is_ok_and(|date| self.close(start, date, false) < at)
    }

    fn end_of_seconds(
        &self,
        running: Running,
        start: Point,
        seconds: i64,
    ) -> Result<Option<Point>, TimeError> {
        if seconds == 0 {
            return Ok(Some(start));
        }
        let end = self.run(running, start.at, seconds)?;
        // The date of the last second that ran: a shift that closes at midnight closes on the date before.
        Ok(end.map(|at| {
            let date = at.plus(-1).date(self.calendar.zone());
            Point {
                at,
                date,
                reach: start.reach.max(date),
            }
        }))
    }

    /// The earliest moment by which the clock has run for `seconds` since `from`; `None` if a pause without end comes before.
    pub fn run(
        &self,
        running: Running,
        from: Moment,
        seconds: i64,
    ) -> Result<Option<Moment>, TimeError> {
        if seconds <= 0 {
            return if seconds == 0 {
                Ok(Some(from))
            } else {
                Err(TimeError::Negative { seconds })
            };
        }
        let (mut at, mut left) = (from, seconds);
        for pause in self.pauses.iter() {
            let before = self.measure(running, at, pause.from);
            if left <= before {
                break;
            }
            left -= before;
            match pause.until {
                Some(until) => at = at.max(until),
                None => return Ok(None),
            }
        }
        match running {
            Running::InHours => self.calendar.add(at, left).map(Some),
            Running::Always => at.unix().checked_add(left).map_or_else(
                || {
                    Err(TimeError::OutOfRange {
                        what: format!("{left} seconds after {at}"),
                    })
                },
                |unix| Moment::from_unix(unix).map(Some),
            ),
        }
    }

    /// The latest moment since which the clock has run for `seconds` until `to`, but not before `floor`.
    pub fn run_back(
        &self,
        running: Running,
        to: Moment,
        seconds: i64,
        floor: Moment,
    ) -> Result<Moment, TimeError> {
        if seconds < 0 {
            return Err(TimeError::Negative { seconds });
        }
        if seconds == 0 {
            return Ok(to);
        }
        if self.ran(running, floor, to) <= seconds {
            return Ok(floor);
        }
        let (mut at, mut left) = (to, seconds);
        for pause in self.pauses.iter().rev() {
            let since = pause.until.unwrap_or(at).min(at);
            let after = self.measure(running, since, at);
            if left <= after {
                break;
            }
            left -= after;
            at = at.min(pause.from);
        }
        match running {
            Running::InHours => self.calendar.sub(at, left),
            Running::Always => Ok(at.plus(-left)),
        }
    }

    /// Seconds for which the clock ran from `a` up to `b`.
    pub fn ran(&self, running: Running, a: Moment, b: Moment) -> i64 {
        match running {
            Running::Always => self.measure(running, a, b) - self.pauses.total(a, b),
            Running::InHours => self.pauses.running(self.calendar, a, b),
        }
    }

    fn measure(&self, running: Running, a: Moment, b: Moment) -> i64 {
        match running {
            Running::Always => b.since(a).max(0),
            Running::InHours => self.calendar.measure(a, b),
        }
    }
}
