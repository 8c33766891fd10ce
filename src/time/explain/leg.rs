//! One leg of a derivation: the limit itself, an extension, or one of several spans to choose from.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::{NamedPause, Standing, Stretch};
use crate::time::counting::{DayOne, Ends};
use crate::time::dates::Tally;
use crate::time::days::Which;
use crate::time::error::TimeError;
use crate::time::left::Unit;
use crate::time::moment::Moment;
use crate::time::reckon::{Point, Reckoner, Running};
use crate::time::span::Span;
use crate::time::table::Coverage;

/// The limit itself, an extension, or one of several spans to choose from: from when it ran, what was counted, and where it ended.
///
/// ```
/// use duly::time::{Calendar, Counting, Moment, Span, LegEnd, Term, Zone};
/// let start = Moment::parse("2026-01-01T00:00:00Z")?;
/// let why = Term::new(start, Span::hours(3), Counting::cn()).explain(&Calendar::always(Zone::UTC), &[])?;
/// let leg = &why.legs[0];
/// assert_eq!((leg.from, &leg.span), (start, &Span::hours(3)));
/// assert_eq!(leg.end, LegEnd::Ended { at: start.plus(3 * 3600), date: "2026-01-01".parse().unwrap() });
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// How long it is.
    pub span: Span,
    /// The moment from which it runs.
    pub from: Moment,
    /// The date it runs from: of an extension, the date on which the leg before it ended.
    pub date: NaiveDate,
    /// Which day is day one: for an extension, never the date it runs from.
    pub day_one: DayOne,
    /// What was counted.
    pub counted: Counted,
    /// Where it ended.
    pub end: LegEnd,
}

/// What was counted of a span.
///
/// ```
/// use duly::time::Counted;
/// assert_eq!(serde_json::to_string(&Counted::Nothing).unwrap(), r#""nothing""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Counted {
    /// The span has no length.
    Nothing,
    /// Real seconds.
    Elapsed {
        /// Seconds that the pauses took out.
        stood: i64,
        /// By how many seconds the wall clock was put forward in between; below zero if it was put back.
        clock: i64,
    },
    /// Seconds of working time.
    WorkingTime {
        /// Every date from the start to the end. A night shift is of the date on which it opens, so the first may be the eve.
        ledger: Vec<Stretch>,
        /// The hours of the last date that has any, from opening to closing, up to the end.
        last: Vec<(Moment, Moment)>,
        /// Dates on which the wall clock changed while people worked.
        changes: Vec<ClockChange>,
    },
    /// Dates: days, weeks, months or years.
    Dates {
        /// Which dates: [`Unit::WorkingDays`] or [`Unit::CalendarDays`].
        unit: Unit,
        /// How many of them the span is; of weeks, months and years, the dates up to the corresponding day.
        days: i64,
        /// Of weeks, months and years, the corresponding day, on which the span would end without pauses.
        corresponding: Option<NaiveDate>,
        /// Every date from the start to the last that counted.
        ledger: Vec<Stretch>,
        /// What became of the last day, if nobody works on it.
        rolled: Option<Rolled>,
        /// What ended the last day; none if the span is held up, or was over before it began to count.
        closing: Option<Closing>,
    },
    /// The earliest or the latest of several spans.
    Choice {
        /// Each of them, all from the same start.
        legs: Vec<Leg>,
        /// Which of them decides, from 0; of several that end at the same moment, the first. None if they are held up.
        decides: Option<usize>,
    },
}

/// A last day that gave way to another because nobody works on it.
///
/// ```
/// use duly::time::{Calendar, Counted, Counting, DayTable, Hours, Moment, Span, Term, Zone};
/// let office = Calendar::new(Zone::UTC, Hours::weekdays(vec!["09:00-17:00".parse()?]), &DayTable::plain("x"))?;
/// let friday = Moment::parse("2026-09-25T10:00:00Z")?;
/// let why = Term::new(friday, Span::CalendarDays(1), Counting::cn()).explain(&office, &[])?;
/// let Counted::Dates { rolled: Some(rolled), .. } = &why.legs[0].counted else { unreachable!() };
/// assert_eq!((rolled.from, rolled.to), ("2026-09-26".parse()?, Some("2026-09-28".parse()?)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolled {
    /// The last date that counted.
    pub from: NaiveDate,
    /// The working day that takes its place; none while a pause without end keeps it from coming. One that was over before the leg
    /// began leaves it to end as it begins.
    pub to: Option<NaiveDate>,
    /// Why it is not the last date itself, nor any between the two: those dates in order.
    pub passed: Vec<Stretch>,
}

/// What ends the last day of a span of dates.
///
/// ```
/// use duly::time::Closing;
/// assert_eq!(serde_json::to_string(&Closing::Midnight).unwrap(), r#""midnight""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// Work ends.
    Work,
    /// The date ends, as the rule has it.
    Midnight,
    /// The date ends, since nobody works on it.
    NobodyWorks,
    /// The time of day at which the span began, or the nearest at which people work.
    SameTime,
    /// The time of day that the rule sets.
    SetTime,
}

/// A date on which the wall clock changed while people worked.
///
/// ```
/// use duly::time::ClockChange;
/// let change = ClockChange { date: "2026-03-28".parse().unwrap(), seconds: -3600 };
/// assert_eq!(serde_json::to_string(&change).unwrap(), r#"{"date":"2026-03-28","seconds":-3600}"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// The date whose hours it fell in.
    pub date: NaiveDate,
    /// How many seconds of work the date had more than the clock shows; below zero if fewer.
    pub seconds: i64,
}

/// Where a leg ended.
///
/// ```
/// use duly::time::{Moment, Span, LegEnd};
/// let held = LegEnd::Held { since: Moment::MIN, left: Some(Span::WorkingDays(2)), reasons: vec!["待网民补充".to_owned()] };
/// assert!(serde_json::to_string(&held).unwrap().contains(r#""left":{"working_days":2}"#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegEnd {
    /// It ended.
    Ended {
        /// The last moment that is still in time.
        at: Moment,
        /// The date whose end it is: midnight at the end of Friday is Friday's.
        date: NaiveDate,
    },
    /// A pause without end keeps it from ending.
    Held {
        /// Since when the clock has stood still.
        since: Moment,
        /// What is left once it runs again, of weeks, months and years the dates; nothing is left if only the working day is yet to come
        /// that takes the place of the last. `None` for a choice, of which each span has its own.
        left: Option<Span>,
        /// The reasons of the pauses without end.
        reasons: Vec<String>,
    },
}

/// A reckoner that keeps a ledger.
pub(super) struct Explainer<'a> {
    pub reckoner: Reckoner<'a>,
    pub named: &'a [NamedPause],
}

impl Explainer<'_> {
    pub fn leg(
        &self,
        from: Point,
        span: &Span,
        day_one: DayOne,
    ) -> Result<(Leg, Option<Point>), TimeError> {
        let (counted, end, left) = match span {
            Span::Earliest(spans) | Span::Latest(spans) => {
                let end = self.reckoner.end(from, span, day_one)?;
                let at_end = end.map(|end| end.at);
                let mut legs = Vec::with_capacity(spans.len());
                let mut decides = None;
                for (at, span) in spans.iter().enumerate() {
                    let (leg, ended) = self.leg(from, span, day_one)?;
                    legs.push(leg);
                    if at_end.is_some() && ended.map(|ended| ended.at) == at_end {
                        decides = decides.or(Some(at));
                    }
                }
                (Counted::Choice { legs, decides }, end, None)
            }
            nothing if nothing.is_zero() => (
                Counted::Nothing,
                self.reckoner.end(from, span, day_one)?,
                None,
            ),
            Span::Elapsed(seconds) => {
                let end = self.reckoner.end(from, span, day_one)?;
                let (until, left) = self.stretch(Running::Always, from, end, *seconds);
                let zone = self.reckoner.calendar.zone();
                let offset = |at: Moment| at.local(zone).and_utc().timestamp() - at.unix();
                let counted = Counted::Elapsed {
                    stood: self.reckoner.pauses.total(from.at, until),
                    clock: offset(until) - offset(from.at),
                };
                (counted, end, left.map(Span::Elapsed))
            }
            Span::WorkingTime(seconds) => {
                let end = self.reckoner.end(from, span, day_one)?;
                let (until, left) = self.stretch(Running::InHours, from, end, *seconds);
                let (ledger, last, changes) = Ledger::of_work(self, from.at, until);
                (
                    Counted::WorkingTime {
                        ledger,
                        last,
                        changes,
                    },
                    end,
                    left.map(Span::WorkingTime),
                )
            }
            dated => self.dates(from, dated, day_one)?,
        };
        let ended = match end {
            Some(end) => LegEnd::Ended {
                at: end.at,
                date: end.date,
            },
            None => LegEnd::Held {
                since: self
                    .reckoner
                    .pauses
                    .open_since()
                    .unwrap_or(from.at)
                    .max(from.at),
                left,
                reasons: self.reasons(|pause| pause.until.is_none()),
            },
        };
        let leg = Leg {
            span: span.clone(),
            from: from.at,
            date: from.date,
            day_one,
            counted,
            end: ended,
        };
        Ok((leg, end))
    }

    /// Up to when a span of seconds is told, and what is left of it then if a pause holds it up.
    fn stretch(
        &self,
        running: Running,
        from: Point,
        end: Option<Point>,
        seconds: i64,
    ) -> (Moment, Option<i64>) {
        if let Some(end) = end {
            return (end.at, None);
        }
        let since = self.reckoner.pauses.open_since().unwrap_or(from.at);
        let since = since.max(from.at);
        let ran = self.reckoner.ran(running, from.at, since);
        (since, Some(seconds - ran))
    }

    fn dates(
        &self,
        from: Point,
        span: &Span,
        day_one: DayOne,
    ) -> Result<(Counted, Option<Point>, Option<Span>), TimeError> {
        let tally = self.reckoner.tally(from, span, day_one)?;
        let before = |date: NaiveDate| date.pred_opt().unwrap_or(date);
        // A span that is held up is told up to the pause that holds it.
        let held = tally.skips.last().map_or(tally.base, |(first, _)| {
            before(*first).max(tally.base).max(from.date)
        });
        let ledger = Ledger::of_dates(self, from, &tally, day_one, tally.last.unwrap_or(held));
        let counted: i64 = ledger.iter().map(|stretch| stretch.counted).sum();
        let (unit, left) = match (tally.which, tally.n - counted) {
            (Which::Working, left) => (Unit::WorkingDays, Span::WorkingDays(whole(left))),
            (Which::Every, left) => (Unit::CalendarDays, Span::CalendarDays(whole(left))),
        };
        let corresponding = match span {
            Span::Weeks(_) | Span::Months(_) | Span::Years(_) => {
                self.reckoner.nth(tally.which, tally.base, tally.n, &[])?
            }
            _ => None,
        };
        let counted = Counted::Dates {
            unit,
            days: tally.n,
            corresponding,
            ledger,
            rolled: self.rolled(&tally),
            closing: tally.end.and_then(|end| self.closing(&tally, end)),
        };
        let left = tally.end.is_none().then_some(left);
        Ok((counted, tally.end, left))
    }

    fn rolled(&self, tally: &Tally) -> Option<Rolled> {
        let from = tally.last?;
        let to = tally.closes;
        let next = |date: NaiveDate| date.succ_opt().unwrap_or(date);
        let before = |date: NaiveDate| date.pred_opt().unwrap_or(date);
        let (first, last) = match to.map(|to| (to, to.cmp(&from))) {
            Some((_, Ordering::Equal)) => return None,
            Some((to, Ordering::Less)) => (next(to), from),
            Some((to, Ordering::Greater)) => (from, before(to)),
            None => {
                let held = tally.skips.last().map_or(from, |(first, _)| before(*first));
                (from, held.max(from))
            }
        };
        Some(Rolled {
            from,
            to,
            passed: Ledger::of_passed(self, tally, first, last),
        })
    }

    fn closing(&self, tally: &Tally, end: Point) -> Option<Closing> {
        let Reckoner {
            calendar, counting, ..
        } = self.reckoner;
        let date = tally.closes?;
        let close = self
            .reckoner
            .close(tally.start, date, tally.which == Which::Working);
        if close != end.at {
            return None;
        }
        Some(match counting.ends {
            _ if counting.at.is_some() => Closing::SetTime,
            Ends::SameTime => Closing::SameTime,
            Ends::EndOfDay => Closing::Midnight,
            Ends::CloseOfBusiness if calendar.close_of(date).is_none() => Closing::NobodyWorks,
            Ends::CloseOfBusiness => Closing::Work,
        })
    }

    /// Reasons of the pauses of which it is true, each once.
    pub fn reasons(&self, holds: impl Fn(&NamedPause) -> bool) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        for pause in self.named.iter().filter(|pause| holds(pause)) {
            if !reasons.contains(&pause.reason) {
                reasons.push(pause.reason.clone());
            }
        }
        reasons
    }

    /// The dates of the limit whose holidays are not known.
    pub fn unknown(&self, anchor: Moment, end: NaiveDate) -> Coverage {
        let calendar = self.reckoner.calendar;
        let first = anchor.date(calendar.zone());
        let (first, last) = (first.min(end), first.max(end));
        let known = calendar.coverage();
        Coverage {
            from: if calendar.covers(first) {
                known.to.succ_opt().unwrap_or(known.to)
            } else {
                first
            },
            to: if calendar.covers(last) {
                known.from.pred_opt().unwrap_or(known.from)
            } else {
                last
            },
        }
    }
}

fn whole(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}

impl Standing {
    /// Whether it may be told together with the ordinary week around it.
    pub(super) fn ordinary(&self) -> bool {
        matches!(
            self,
            Standing::Counted | Standing::Worked(_) | Standing::Rest | Standing::Weeks { .. }
        )
    }
}
