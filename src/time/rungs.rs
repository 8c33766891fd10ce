//! Moments within a limit: so long before its end, or at a share of it.

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::days::Which;
use super::error::TimeError;
use super::moment::Moment;
use super::pauses::Pauses;
use super::reckon::{Point, Reckoner, Running};
use super::span::Span;
use super::term::Term;

impl Term {
    /// The moment `span` before the due moment, told by the same clock: it stands still in the same pauses and moves with the
    /// due moment. It is never before the anchor, nor after the due moment; a span of nothing gives the due moment itself.
    ///
    /// In the unit of the term itself this is when a term shorter by `span` would be due. In another unit, hours run back from
    /// the due moment, and days count back from its date.
    ///
    /// # Errors
    /// As [`due`](Term::due).
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Moment, Pauses, Span, Term, Zone};
    /// let start = Moment::parse("2026-01-01T00:00:00Z")?;
    /// let term = Term::new(start, Span::hours(3), Counting::cn());
    /// let calendar = Calendar::always(Zone::UTC);
    /// let rung = term.before(&calendar, &Pauses::none(), &Span::hours(1))?;
    /// assert_eq!(rung, Some(start.plus(7200)));
    /// assert_eq!(term.before(&calendar, &Pauses::none(), &Span::hours(9))?, Some(start));
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn before(
        &self,
        calendar: &Calendar,
        pauses: &Pauses,
        span: &Span,
    ) -> Result<Option<Moment>, TimeError> {
        let reckoner = self.reckoner(calendar, pauses);
        let mut steps: Vec<Span> = self.steps().cloned().collect();
        let mut rest = span.clone();
        // Take the span off the end of the term as long as both count the same thing.
        while let (Some((kind, by)), Some((same, last))) =
            (amount(&rest), steps.last().and_then(amount))
        {
            if kind != same || by <= 0 {
                break;
            }
            steps.pop();
            if by < last {
                steps.push(kind.span(last - by));
            }
            rest = kind.span((by - last).max(0));
        }
        if steps.is_empty() {
            return Ok(Some(self.anchor));
        }
        let Some(end) = self.end(&reckoner, &steps.iter().collect::<Vec<_>>())? else {
            return Ok(None);
        };
        if rest.is_zero() {
            // A rolled last day can carry the shorter term no further than the whole one.
            let whole = self.end(&reckoner, &self.steps().collect::<Vec<_>>())?;
            return Ok(Some(
                whole
                    .map_or(end.at, |whole| end.at.min(whole.at))
                    .max(self.anchor),
            ));
        }
        reckoner
            .back(self.anchor, end, &rest)
            .map(|at| Some(at.min(end.at).max(self.anchor)))
    }

    /// The moment at which `percent` of the limit, extensions included, is used up by its own count. Days are rounded up to whole
    /// ones and are at least one; of months and years, the dates are counted. All of it is used up at the due moment.
    ///
    /// `None` while a pause without end keeps it from coming.
    ///
    /// # Errors
    /// As [`due`](Term::due).
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Moment, Pauses, Span, Term, Zone};
    /// let start = Moment::parse("2026-01-01T00:00:00Z")?;
    /// let term = Term::new(start, Span::hours(2), Counting::cn());
    /// let half = term.share(&Calendar::always(Zone::UTC), &Pauses::none(), 50)?;
    /// assert_eq!(half, Some(start.plus(3600)));
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn share(
        &self,
        calendar: &Calendar,
        pauses: &Pauses,
        percent: u8,
    ) -> Result<Option<Moment>, TimeError> {
        let reckoner = self.reckoner(calendar, pauses);
        let steps: Vec<&Span> = self.steps().collect();
        if percent == 0 {
            return Ok(Some(self.anchor));
        }
        let whole = self.end(&reckoner, &steps)?;
        if percent == 100 {
            return Ok(whole.map(|end| end.at));
        }
        let part = self.part(&reckoner, &steps, whole, percent)?;
        Ok(part.map(|at| match whole {
            Some(whole) if percent < 100 => at.min(whole.at),
            _ => at,
        }))
    }

    fn part(
        &self,
        reckoner: &Reckoner<'_>,
        steps: &[&Span],
        whole: Option<Point>,
        percent: u8,
    ) -> Result<Option<Moment>, TimeError> {
        let day_one = self.counting.day_one;
        let start = reckoner.start(self.anchor);
        let of = |total: i64| {
            let share = (i128::from(total) * i128::from(percent)).div_euclid(100);
            let exact = (i128::from(total) * i128::from(percent)).rem_euclid(100) == 0;
            i64::try_from(if exact { share } else { share + 1 }).unwrap_or(i64::MAX)
        };
        let at = |kind: Kind, total: i64| {
            Ok(reckoner
                .end(start, &kind.span(of(total)), day_one)?
                .map(|end| end.at))
        };
        match steps {
            [Span::Earliest(spans)] | [Span::Latest(spans)] => {
                let mut parts = Vec::with_capacity(spans.len());
                for span in spans {
                    let part = Term::new(self.anchor, span.clone(), self.counting);
                    parts.push(part.share(reckoner.calendar, reckoner.pauses, percent)?);
                }
                return Ok(match steps {
                    [Span::Earliest(_)] => parts.into_iter().flatten().min(),
                    _ if parts.iter().any(Option::is_none) => None,
                    _ => parts.into_iter().flatten().max(),
                });
            }
            [dated @ (Span::Weeks(_) | Span::Months(_) | Span::Years(_))] if !dated.is_zero() => {
                let (start, base) = reckoner.base(start, false, day_one)?;
                let (_, dates) = reckoner.days(base, start, dated, day_one)?;
                return at(Kind::Days, dates);
            }
            _ => {}
        }
        let mut amounts = steps.iter().map(|step| amount(step));
        if let Some(Some((kind, first))) = amounts.next() {
            let total = amounts.try_fold(first, |sum, next| match next {
                Some((same, n)) if same == kind => sum.checked_add(n),
                _ => None,
            });
            if let Some(total) = total.filter(|total| kind != Kind::Months && *total > 0) {
                return at(kind, total);
            }
        }
        // Mixed units have one measure in common: the time that runs from the anchor to the due moment.
        let Some(whole) = whole else { return Ok(None) };
        let in_hours = reckoner.ran(Running::InHours, self.anchor, whole.at);
        if in_hours > 0 {
            return reckoner.run(Running::InHours, self.anchor, of(in_hours));
        }
        reckoner.run(
            Running::Always,
            self.anchor,
            of(reckoner.ran(Running::Always, self.anchor, whole.at)),
        )
    }
}

impl Reckoner<'_> {
    /// The moment `span` before `end`, in a unit that is not the term's own.
    fn back(&self, anchor: Moment, end: Point, span: &Span) -> Result<Moment, TimeError> {
        let start = self.start(anchor);
        match span {
            Span::Elapsed(seconds) => self.run_back(Running::Always, end.at, *seconds, anchor),
            Span::WorkingTime(seconds) => self.run_back(Running::InHours, end.at, *seconds, anchor),
            // The earliest of several is the shortest, and so reaches back the least; the latest reaches back the furthest.
            Span::Earliest(spans) => {
                let ends = spans
                    .iter()
                    .map(|span| self.back(anchor, end, span))
                    .collect::<Result<Vec<_>, _>>()?;
                ends.into_iter()
                    .max()
                    .ok_or(TimeError::EmptyChoice { which: "earliest" })
            }
            Span::Latest(spans) => {
                let ends = spans
                    .iter()
                    .map(|span| self.back(anchor, end, span))
                    .collect::<Result<Vec<_>, _>>()?;
                ends.into_iter()
                    .min()
                    .ok_or(TimeError::EmptyChoice { which: "latest" })
            }
            _ if span.is_zero() => Ok(end.at),
            Span::WorkingDays(n) => self.back_by_dates(start, end, Which::Working, i64::from(*n)),
            Span::CalendarDays(_) | Span::Weeks(_) | Span::Months(_) | Span::Years(_) => {
                let dates = match span {
                    Span::CalendarDays(n) => i64::from(*n),
                    Span::Weeks(n) => 7 * i64::from(*n),
                    Span::Months(n) => months_back(end.date, Some(*n)),
                    Span::Years(n) => months_back(end.date, n.checked_mul(12)),
                    _ => 0,
                };
                self.back_by_dates(start, end, Which::Every, dates)
            }
        }
    }

    fn back_by_dates(
        &self,
        start: Point,
        end: Point,
        which: Which,
        n: i64,
    ) -> Result<Moment, TimeError> {
        let working = which == Which::Working;
        let skips = self.skips(start, working);
        if self.counted(which, start.date, end.date, &skips) < n {
            return Ok(start.at);
        }
        let date = self.nth_back(which, end.date, n, &skips)?;
        Ok(self.close(end, date, working))
    }
}

/// Spans that can be taken off one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Elapsed,
    WorkingTime,
    WorkingDays,
    Days,
    Months,
}

impl Kind {
    fn span(self, n: i64) -> Span {
        let whole = u32::try_from(n.max(0)).unwrap_or(u32::MAX);
        match self {
            Kind::Elapsed => Span::Elapsed(n),
            Kind::WorkingTime => Span::WorkingTime(n),
            Kind::WorkingDays => Span::WorkingDays(whole),
            Kind::Days => Span::CalendarDays(whole),
            Kind::Months => Span::Months(whole),
        }
    }
}

fn amount(span: &Span) -> Option<(Kind, i64)> {
    match span {
        Span::Elapsed(n) => Some((Kind::Elapsed, *n)),
        Span::WorkingTime(n) => Some((Kind::WorkingTime, *n)),
        Span::WorkingDays(n) => Some((Kind::WorkingDays, i64::from(*n))),
        Span::CalendarDays(n) => Some((Kind::Days, i64::from(*n))),
        Span::Weeks(n) => Some((Kind::Days, 7 * i64::from(*n))),
        Span::Months(n) => Some((Kind::Months, i64::from(*n))),
        Span::Years(n) => Some((Kind::Months, 12 * i64::from(*n))),
        Span::Earliest(_) | Span::Latest(_) => None,
    }
}

/// Dates in the months before `date`; more than there are if the months reach before the calendar of the world.
fn months_back(date: NaiveDate, months: Option<u32>) -> i64 {
    let begin = months.and_then(|n| date.checked_sub_months(chrono::Months::new(n)));
    begin.map_or(i64::from(u32::MAX), |begin| {
        date.signed_duration_since(begin).num_days()
    })
}
