//! What is left of a limit.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::counting::DayOne;
use super::days::Which;
use super::error::TimeError;
use super::moment::Moment;
use super::pauses::Pauses;
use super::reckon::{Point, Reckoner, Running};
use super::span::Span;
use super::term::Term;

/// What is left of a limit at some moment.
///
/// ```
/// use duly::time::{Calendar, Counting, Moment, Pauses, Span, Term, Unit, Zone};
/// let start = Moment::parse("2026-01-01T00:00:00Z")?;
/// let term = Term::new(start, Span::hours(3), Counting::cn());
/// let left = term.left(&Calendar::always(Zone::UTC), &Pauses::none(), start.plus(3600))?;
/// assert_eq!((left.unit, left.amount, left.overdue), (Unit::Elapsed, 7200, false));
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Left {
    /// What is counted.
    pub unit: Unit,
    /// How many; below zero by as many as have passed since the due moment.
    pub amount: i64,
    /// Whether the due moment has passed, if only by less than one unit.
    pub overdue: bool,
}

/// What is counted of a limit.
///
/// ```
/// assert_eq!(serde_json::to_string(&duly::time::Unit::WorkingDays).unwrap(), r#""working_days""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Real seconds.
    Elapsed,
    /// Seconds of working time.
    WorkingTime,
    /// Working days whose close is yet to come.
    WorkingDays,
    /// Dates whose close is yet to come; weeks, months and years are counted so too.
    CalendarDays,
}

impl Term {
    /// What is left of the limit at `at`, also while the clock stands still: then it is what would be left if it ran again.
    ///
    /// # Errors
    /// As [`due`](Term::due).
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Moment, Pauses, Span, Term, Zone};
    /// let start = Moment::parse("2026-01-01T00:00:00Z")?;
    /// let term = Term::new(start, Span::hours(3), Counting::cn());
    /// let pauses = Pauses::none().with(start.plus(3600), None);
    /// let left = term.left(&Calendar::always(Zone::UTC), &pauses, start.plus(999_999))?;
    /// assert_eq!(left.amount, 7200);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn left(
        &self,
        calendar: &Calendar,
        pauses: &Pauses,
        at: Moment,
    ) -> Result<Left, TimeError> {
        let pauses = pauses.resumed(at);
        let reckoner = self.reckoner(calendar, &pauses);
        let steps: Vec<&Span> = self.steps().collect();
        // No pause is left without an end, so there is a due moment.
        let end = self
            .end(&reckoner, &steps)?
            .unwrap_or(reckoner.start(Moment::MAX));
        let unit = reckoner.unit(self.anchor, &self.span, self.counting.day_one)?;
        let overdue = at > end.at;
        let at = at.max(self.anchor);
        let amount = match unit {
            Unit::Elapsed | Unit::WorkingTime => {
                let running = if unit == Unit::Elapsed {
                    Running::Always
                } else {
                    Running::InHours
                };
                reckoner.ran(running, at, end.at) - reckoner.ran(running, end.at, at)
            }
            Unit::WorkingDays | Unit::CalendarDays => {
                let which = if unit == Unit::WorkingDays {
                    Which::Working
                } else {
                    Which::Every
                };
                reckoner.dates_left(self.anchor, which, at, end, self.counting.day_one)?
            }
        };
        Ok(Left {
            unit,
            amount,
            overdue,
        })
    }
}

impl Reckoner<'_> {
    /// The unit in which the span runs out; of several, that of the one that decides.
    fn unit(&self, anchor: Moment, span: &Span, day_one: DayOne) -> Result<Unit, TimeError> {
        Ok(match span {
            Span::Elapsed(_) => Unit::Elapsed,
            Span::WorkingTime(_) => Unit::WorkingTime,
            Span::WorkingDays(_) => Unit::WorkingDays,
            Span::CalendarDays(_) | Span::Weeks(_) | Span::Months(_) | Span::Years(_) => {
                Unit::CalendarDays
            }
            Span::Earliest(spans) | Span::Latest(spans) => {
                let start = self.start(anchor);
                let end = self.end(start, span, day_one)?;
                for part in spans {
                    if self.end(start, part, day_one)?.map(|end| end.at) == end.map(|end| end.at) {
                        return self.unit(anchor, part, day_one);
                    }
                }
                Unit::Elapsed
            }
        })
    }

    /// Dates whose close lies after `at` and no later than `end`; negative for those the other way round.
    fn dates_left(
        &self,
        anchor: Moment,
        which: Which,
        at: Moment,
        end: Point,
        day_one: DayOne,
    ) -> Result<i64, TimeError> {
        let working = which == Which::Working;
        let (start, base) = self.base(self.start(anchor), working, day_one)?;
        let skips = self.skips(start, working);
        let next = |date: NaiveDate| date.succ_opt().unwrap_or(date);
        let first = self.first_closing_after(start, at, working);
        let first = first.max(next(base));
        // What has rolled back to before counting began leaves no date to count, and none has passed by then.
        let past = next(end.date.max(base));
        Ok(self.counted(which, first, past, &skips) - self.counted(which, past, first, &skips))
    }
}
