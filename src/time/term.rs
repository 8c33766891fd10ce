//! A limit: from when, how long, counted how, and due when.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, midnight_after};
use super::counting::{Counting, DayOne};
use super::error::TimeError;
use super::moment::Moment;
use super::pauses::Pauses;
use super::reckon::{Point, Reckoner};
use super::span::Span;

/// A limit as a rule states it: from when it runs, for how long, how its days are counted, and by what it was extended.
///
/// The due moment is never stored in here. It follows from the term, a calendar and the pauses, and is reckoned anew whenever
/// one of them changes.
///
/// Pauses hold up each unit in its own way. Hours and seconds stand still with the clock, so a pause outside office hours
/// moves nothing of a working time. A date counts if the clock runs in the last second before its close. Weeks, months and years
/// end later by as many dates as did not count. `Earliest` and `Latest` choose among moments so found. Each extension
/// runs from the due moment before it, without counting that day again.
///
/// ```
/// use duly::time::{Calendar, Counting, DayTable, Hours, Moment, Pauses, Span, Term};
/// let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
/// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::plain("week"))?;
/// let received = Moment::parse("2026-09-01T10:00:00+08:00")?;
/// let term = Term::new(received, Span::WorkingDays(5), Counting::cn());
/// let due = term.due(&office, &Pauses::none())?.unwrap();
/// assert_eq!(due.at, Moment::parse("2026-09-08T18:00:00+08:00")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The moment from which the limit runs.
    pub anchor: Moment,
    /// How long it is.
    pub span: Span,
    /// How its days are counted.
    pub counting: Counting,
    /// Extensions granted, in order.
    #[serde(default)]
    pub extensions: Vec<Span>,
}

/// When a limit ends.
///
/// ```
/// use duly::time::{after, Calendar, Counting, Moment, Span, Zone};
/// let due = after(&Calendar::always(Zone::UTC), &Counting::cn(), Moment::MIN, &Span::hours(1))?;
/// assert!(!due.provisional);
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Due {
    /// The last moment that is still in time.
    pub at: Moment,
    /// Whether the limit reaches beyond the dates whose holidays are known, so that the ordinary week was taken for them and
    /// the moment may move when they are published.
    pub provisional: bool,
}

impl Due {
    /// The due moment, if nothing that is still unknown can move it: for a notice that must name a date for good.
    ///
    /// # Errors
    /// [`TimeError::NotCovered`] if it is provisional, with the dates whose holidays `calendar`, by which it was reckoned, knows.
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, DayTable, Hours, Moment, Pauses, Span, Term};
    /// let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
    /// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::cn())?;
    /// let due = |days| {
    ///     let received = Moment::parse("2026-12-28T10:00:00+08:00")?;
    ///     Term::new(received, Span::WorkingDays(days), Counting::cn()).due(&office, &Pauses::none())
    /// };
    /// assert!(due(3)?.unwrap().certain(&office).is_ok());
    /// let error = due(5)?.unwrap().certain(&office).unwrap_err(); // runs into 2027
    /// assert!(error.to_string().contains("knows the holidays from 2004-01-01 to 2026-12-31"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn certain(self, calendar: &Calendar) -> Result<Moment, TimeError> {
        if !self.provisional {
            return Ok(self.at);
        }
        let known = calendar.coverage();
        Err(TimeError::NotCovered {
            calendar: calendar.revision().to_owned(),
            from: known.from,
            until: known.to,
            due: self.at,
        })
    }
}

impl Term {
    /// A term without extensions.
    ///
    /// ```
    /// use duly::time::{Counting, Moment, Span, Term};
    /// assert!(Term::new(Moment::MIN, Span::Weeks(1), Counting::cn()).extensions.is_empty());
    /// ```
    pub fn new(anchor: Moment, span: Span, counting: Counting) -> Term {
        Term {
            anchor,
            span,
            counting,
            extensions: Vec::new(),
        }
    }

    /// When the limit ends; `None` while a pause without end keeps it from ending. A limit that ended before such a pause began
    /// stays ended.
    ///
    /// # Errors
    /// [`TimeError`] for a negative length, for a choice among no spans, or for an end after year 9999.
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Moment, Pauses, Span, Term, Zone};
    /// let start = Moment::parse("2026-01-01T00:00:00Z")?;
    /// let term = Term::new(start, Span::hours(3), Counting::cn());
    /// let pauses = Pauses::none().with(start.plus(3600), None);
    /// assert_eq!(term.due(&Calendar::always(Zone::UTC), &pauses)?, None);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn due(&self, calendar: &Calendar, pauses: &Pauses) -> Result<Option<Due>, TimeError> {
        let reckoner = self.reckoner(calendar, pauses);
        let steps: Vec<&Span> = self.steps().collect();
        let end = self.end(&reckoner, &steps)?;
        Ok(end.map(|end| Due {
            at: end.at,
            provisional: reckoner.provisional(self.anchor, end, &steps),
        }))
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &Span> {
        std::iter::once(&self.span).chain(&self.extensions)
    }

    pub(super) fn reckoner<'a>(&self, calendar: &'a Calendar, pauses: &'a Pauses) -> Reckoner<'a> {
        Reckoner {
            calendar,
            pauses,
            counting: self.counting,
        }
    }

    /// Where the span and its extensions end.
    pub(super) fn end(
        &self,
        reckoner: &Reckoner<'_>,
        steps: &[&Span],
    ) -> Result<Option<Point>, TimeError> {
        let mut point = reckoner.start(self.anchor);
        let mut day_one = self.counting.day_one;
        for step in steps {
            let Some(end) = reckoner.end(point, step, day_one)? else {
                return Ok(None);
            };
            point = end;
            // The day a limit ends on has been counted; an extension begins after it.
            day_one = DayOne::Exclude;
        }
        Ok(Some(point))
    }
}

/// Where `span` ends if it runs from `from`, the moment of something that was done. Days are counted by the same rule, except that the
/// date of `from` is never day one. A `from` that is the very close of a date by this rule belongs to that date. What follows a limit
/// is reckoned by [`after_due`], which takes midnight for the end of a date.
///
/// # Errors
/// [`TimeError`] for a negative length, for a choice among no spans, or for an end after year 9999.
///
/// ```
/// use duly::time::{after, Calendar, Counting, DayTable, Hours, Moment, Span, Zone};
/// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
/// let friday = Moment::parse("2026-09-25T17:00:00Z")?;
/// let rung = after(&office, &Counting::cn(), friday, &Span::WorkingDays(1))?;
/// assert_eq!(rung.at.to_string(), "2026-09-28T17:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn after(
    calendar: &Calendar,
    counting: &Counting,
    from: Moment,
    span: &Span,
) -> Result<Due, TimeError> {
    let reckoner = Reckoner {
        calendar,
        pauses: &Pauses::none(),
        counting: *counting,
    };
    let mut start = reckoner.start(from);
    start.date = reckoner.ended_on(start);
    let due = reckoner.follows(start, span)?;
    // Without pauses nothing keeps a span from ending.
    Ok(due.unwrap_or(Due {
        at: from,
        provisional: false,
    }))
}

/// Where `span` ends if it runs from a due moment: a rung after a limit, and each that comes again after that. The date on which the limit
/// ended is never day one. Midnight belongs to the date that it ends: what was due by Tuesday, 24:00, is one working day late on
/// Wednesday. Only days that run from the instant are not counted by dates, and a rule that ends its days at 00:00 has them end as they begin.
///
/// `None` while a pause without end keeps it from ending.
///
/// # Errors
/// [`TimeError`] for a negative length, for a choice among no spans, or for an end after year 9999.
///
/// ```
/// use duly::time::{after_due, Calendar, Counting, DayTable, Hours, Moment, Pauses, Span, Zone};
/// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
/// let tuesday = Moment::parse("2026-09-23T00:00:00Z")?; // its end
/// let rung = after_due(&office, &Counting::cn(), &Pauses::none(), tuesday, &Span::WorkingDays(1))?;
/// assert_eq!(rung.unwrap().at.to_string(), "2026-09-23T17:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn after_due(
    calendar: &Calendar,
    counting: &Counting,
    pauses: &Pauses,
    due: Moment,
    span: &Span,
) -> Result<Option<Due>, TimeError> {
    let reckoner = Reckoner {
        calendar,
        pauses,
        counting: *counting,
    };
    let mut start = reckoner.start(due);
    let zone = calendar.zone();
    // The date of the last second: of a date that never was, midnight ends the one before.
    let last = due.plus(-1).date(zone);
    if counting.day_one != DayOne::FromInstant
        && counting.at != Some(NaiveTime::MIN)
        && zone.last(midnight_after(last)) == due
    {
        start.date = last;
    } else {
        start.date = reckoner.ended_on(start);
    }
    reckoner.follows(start, span)
}

impl Reckoner<'_> {
    /// The eve if the moment is its very close by this rule, as after a night shift; else the date of the moment.
    fn ended_on(&self, start: Point) -> NaiveDate {
        let zone = self.calendar.zone();
        let eves = std::iter::successors(start.date.pred_opt(), NaiveDate::pred_opt);
        eves.take(2)
            .find(|eve| zone.has(*eve))
            .filter(|eve| self.close(start, *eve, false) == start.at)
            .unwrap_or(start.date)
    }

    /// Where a span ends that follows what ended there, so that its date is not day one.
    fn follows(&self, start: Point, span: &Span) -> Result<Option<Due>, TimeError> {
        let day_one = match self.counting.day_one {
            DayOne::Include => DayOne::Exclude,
            other => other,
        };
        let end = self.end(start, span, day_one)?;
        Ok(end.map(|end| Due {
            at: end.at,
            provisional: self.provisional(start.at, end, &[span]),
        }))
    }

    /// Whether holidays that are not known yet could move the end.
    pub(super) fn provisional(&self, from: Moment, end: Point, steps: &[&Span]) -> bool {
        let first = from.date(self.calendar.zone());
        let known =
            self.calendar.covers(first.min(end.date)) && self.calendar.covers(end.reach.max(first));
        !known && steps.iter().any(|span| self.heeds_holidays(span))
    }

    fn heeds_holidays(&self, span: &Span) -> bool {
        match span {
            Span::Elapsed(_) => false,
            Span::WorkingTime(_) | Span::WorkingDays(_) => !span.is_zero(),
            Span::CalendarDays(_) | Span::Weeks(_) | Span::Months(_) | Span::Years(_) => {
                !span.is_zero() && self.counting.heeds_holidays()
            }
            Span::Earliest(spans) | Span::Latest(spans) => {
                spans.iter().any(|span| self.heeds_holidays(span))
            }
        }
    }
}
