//! Date by date, what counted and what did not, in stretches.

use chrono::{NaiveDate, TimeDelta};

use super::leg::{ClockChange, Explainer};
use super::{Derivation, Standing, Stretch};
use crate::time::calendar::Day;
use crate::time::counting::DayOne;
use crate::time::dates::Tally;
use crate::time::days::Which;
use crate::time::moment::Moment;
use crate::time::reckon::{Point, Running};

/// Dates that are looked at one by one; what lies beyond is only counted. Eleven years are further than anyone reads.
const WALKED: usize = 4_000;

/// Stretches in order, once as fine as they are and once with the days of rest folded into the weeks around them.
#[derive(Default)]
pub(super) struct Ledger {
    fine: Vec<Stretch>,
    coarse: Vec<Stretch>,
}

impl Ledger {
    /// The dates of a span of dates, from the date it runs from to `last`.
    pub fn of_dates(
        explainer: &Explainer<'_>,
        from: Point,
        tally: &Tally,
        day_one: DayOne,
        last: NaiveDate,
    ) -> Vec<Stretch> {
        let mut ledger = Ledger::default();
        for (at, date) in walk(from.date, last).enumerate() {
            let standing = explainer.of_date(tally, day_one, date);
            let counted = matches!(standing, Standing::Counted | Standing::MakeUp(_));
            let stood = matches!(standing, Standing::Paused(_));
            if at == WALKED || !ledger.take(date, counted.into(), stood.into(), standing) {
                let tail = explainer.unlisted_dates(tally, date, last);
                return ledger.listed(Some(tail));
            }
        }
        ledger.listed(None)
    }

    /// The dates that a last day passed over in search of one on which people work.
    pub fn of_passed(
        explainer: &Explainer<'_>,
        tally: &Tally,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Vec<Stretch> {
        let mut ledger = Ledger::default();
        for date in walk(first, last) {
            let standing = explainer
                .idle(date)
                .unwrap_or_else(|| explainer.paused_at_close(tally, date));
            let stood = matches!(standing, Standing::Paused(_));
            if !ledger.take(date, 0, stood.into(), standing) {
                let mut tail = explainer.unlisted(date, last);
                // Every working day that was passed over was held up.
                if let Standing::Unlisted { working, .. } = tail.standing {
                    tail.stood = working;
                }
                return ledger.listed(Some(tail));
            }
        }
        ledger.listed(None)
    }

    /// The dates of a span of working time from one moment to another, the hours of the last one, and the dates on which the wall
    /// clock changed.
    pub fn of_work(
        explainer: &Explainer<'_>,
        from: Moment,
        until: Moment,
    ) -> (Vec<Stretch>, Vec<(Moment, Moment)>, Vec<ClockChange>) {
        let zone = explainer.reckoner.calendar.zone();
        let start = from.date(zone);
        let last = explainer.reaches(until).max(start);
        // The night shifts of the two dates before may reach into the start.
        let first = start
            .checked_sub_signed(TimeDelta::days(2))
            .unwrap_or(start);
        let mut ledger = Ledger::default();
        let mut changes = Vec::new();
        let mut reached = from;
        for (at, date) in walk(first, last).enumerate() {
            let hours = explainer.hours(date, &mut reached, until);
            if date < start && hours.open == 0 && ledger.fine.is_empty() {
                continue;
            }
            let standing = explainer.of_hours(date, &hours);
            if at == WALKED || !ledger.take(date, hours.ran, hours.open - hours.ran, standing) {
                let tail = explainer.unlisted_work(&ledger.coarse, from, until, date, last);
                return (
                    ledger.listed(Some(tail)),
                    explainer.last_hours(from, until),
                    changes,
                );
            }
            if hours.change != 0 {
                changes.push(ClockChange {
                    date,
                    seconds: hours.change,
                });
            }
        }
        (
            ledger.listed(None),
            explainer.last_hours(from, until),
            changes,
        )
    }

    /// Takes one date more, unless the list is full.
    fn take(&mut self, date: NaiveDate, counted: i64, stood: i64, standing: Standing) -> bool {
        let one = Stretch {
            first: date,
            last: date,
            counted,
            stood,
            standing,
        };
        // One place is kept for what is beyond.
        let full = self.coarse.len() + 1 >= Derivation::LISTED;
        // Whether the first date counted is told by the first stretch.
        let begins = self.coarse.len() == 1;
        match self.coarse.last_mut() {
            Some(last) if last.standing == one.standing => last.grow(&one),
            Some(last)
                if last.standing.ordinary()
                    && one.standing.ordinary()
                    && !(begins && last.standing == Standing::Rest) =>
            {
                let (a, b) = (last.week(), one.week());
                last.grow(&one);
                last.standing = Standing::Weeks {
                    counted: a.0 + b.0,
                    rest: a.1 + b.1,
                };
            }
            _ if full => return false,
            _ => self.coarse.push(one.clone()),
        }
        let listed = self.fine.len() <= Derivation::LISTED;
        match self.fine.last_mut() {
            Some(last) if last.standing == one.standing => last.grow(&one),
            _ if listed => self.fine.push(one),
            _ => {}
        }
        true
    }

    fn listed(self, tail: Option<Stretch>) -> Vec<Stretch> {
        if tail.is_none() && self.fine.len() <= Derivation::LISTED {
            return self.fine;
        }
        self.coarse.into_iter().chain(tail).collect()
    }
}

impl Stretch {
    fn grow(&mut self, by: &Stretch) {
        self.last = by.last;
        self.counted += by.counted;
        self.stood += by.stood;
    }

    /// How many dates of an ordinary stretch counted, and how many were days of rest.
    fn week(&self) -> (i64, i64) {
        match self.standing {
            Standing::Weeks { counted, rest } => (counted, rest),
            Standing::Rest => (0, self.dates()),
            _ => (self.dates(), 0),
        }
    }
}

/// What was open on a date, in seconds.
struct Hours {
    open: i64,
    ran: i64,
    change: i64,
    stretches: Vec<(Moment, Moment)>,
}

impl Explainer<'_> {
    fn of_date(&self, tally: &Tally, day_one: DayOne, date: NaiveDate) -> Standing {
        let working = tally.which == Which::Working;
        if date == tally.base && day_one != DayOne::Include {
            return Standing::FirstDay;
        }
        let calendar = self.reckoner.calendar;
        if !calendar.zone().has(date) {
            return Standing::NeverWas;
        }
        if working && let Some(idle) = self.idle(date) {
            return idle;
        }
        if date <= tally.base {
            return Standing::OutsideHours;
        }
        let after = tally.skips.partition_point(|(first, _)| *first <= date);
        let skip = after.checked_sub(1).and_then(|at| tally.skips.get(at));
        if skip.is_some_and(|(_, end)| end.is_none_or(|end| date < end)) {
            return self.paused_at_close(tally, date);
        }
        match calendar.day(date) {
            Day::MakeUp(name) if working => Standing::MakeUp(name.to_owned()),
            _ => Standing::Counted,
        }
    }

    /// Why nobody works on the date, if so.
    fn idle(&self, date: NaiveDate) -> Option<Standing> {
        let calendar = self.reckoner.calendar;
        match calendar.day(date) {
            Day::Rest if calendar.zone().has(date) => Some(Standing::Rest),
            Day::Rest => Some(Standing::NeverWas),
            Day::Holiday(name) => Some(Standing::Holiday(name.to_owned())),
            Day::Working | Day::MakeUp(_) => None,
        }
    }

    fn paused_at_close(&self, tally: &Tally, date: NaiveDate) -> Standing {
        let close = self
            .reckoner
            .close(tally.start, date, tally.which == Which::Working);
        let holds = |from: Moment, until: Option<Moment>| {
            from < close && until.is_none_or(|until| close <= until)
        };
        Standing::Paused(self.reasons(|pause| holds(pause.from, pause.until)))
    }

    /// What was open on the date after what was `reached`, and until a moment.
    fn hours(&self, date: NaiveDate, reached: &mut Moment, until: Moment) -> Hours {
        let calendar = self.reckoner.calendar;
        let offset = |at: Moment| at.local(calendar.zone()).and_utc().timestamp() - at.unix();
        let mut hours = Hours {
            open: 0,
            ran: 0,
            change: 0,
            stretches: Vec::new(),
        };
        for (opens, closes) in calendar.windows(date) {
            // Where windows of two dates overlap, the time is the earlier date's.
            let (opens, closes) = (opens.max(*reached), closes.min(until));
            if opens < closes {
                let open = closes.since(opens);
                hours.open += open;
                hours.ran += open - self.reckoner.pauses.total(opens, closes);
                hours.change += offset(opens) - offset(closes);
                hours.stretches.push((opens, closes));
                *reached = closes;
            }
        }
        hours
    }

    /// The last date whose hours begin before a moment: where the clock is put back over midnight, those of the date to come have begun
    /// when it is the eve again.
    fn reaches(&self, until: Moment) -> NaiveDate {
        let calendar = self.reckoner.calendar;
        let date = until.plus(-1).date(calendar.zone());
        let begun = |next: &NaiveDate| {
            let mut windows = calendar.windows(*next).into_iter();
            windows.any(|(opens, _)| opens < until)
        };
        date.succ_opt().filter(begun).unwrap_or(date)
    }

    /// The hours of the last date that has any between the two moments.
    fn last_hours(&self, from: Moment, until: Moment) -> Vec<(Moment, Moment)> {
        let date = self.reaches(until);
        let first = date.checked_sub_signed(TimeDelta::days(3)).unwrap_or(date);
        let mut reached = from;
        let mut last = Vec::new();
        // Hours that the night shift of an earlier date takes up are that date's.
        for date in walk(first, date) {
            let hours = self.hours(date, &mut reached, until).stretches;
            last = if hours.is_empty() { last } else { hours };
        }
        last
    }

    fn of_hours(&self, date: NaiveDate, hours: &Hours) -> Standing {
        if let Some(idle) = self.idle(date) {
            return idle;
        }
        let reasons = || {
            self.reasons(|pause| {
                hours.stretches.iter().any(|(opens, closes)| {
                    pause.from < *closes && pause.until.is_none_or(|until| *opens < until)
                })
            })
        };
        match self.reckoner.calendar.day(date) {
            _ if hours.open == 0 => Standing::OutsideHours,
            _ if hours.ran == 0 => Standing::Paused(reasons()),
            _ if hours.ran < hours.open => Standing::PartlyPaused(reasons()),
            Day::MakeUp(name) => Standing::MakeUp(name.to_owned()),
            _ => Standing::Worked(hours.ran),
        }
    }

    /// The dates from `first` to `last`, only counted by their kind.
    fn unlisted(&self, first: NaiveDate, last: NaiveDate) -> Stretch {
        let past = last.succ_opt().unwrap_or(last);
        let count = |which| self.reckoner.counted(which, first, past, &[]);
        let listed = self.reckoner.calendar.exceptions(first, last);
        let closed = listed
            .iter()
            .filter(|(_, day)| matches!(day, Day::Holiday(_)))
            .count();
        let holidays = i64::try_from(closed).unwrap_or(i64::MAX);
        let working = count(Which::Working);
        Stretch {
            first,
            last,
            counted: 0,
            stood: 0,
            standing: Standing::Unlisted {
                working,
                rest: count(Which::Every) - working - holidays,
                holidays,
            },
        }
    }

    fn unlisted_dates(&self, tally: &Tally, first: NaiveDate, last: NaiveDate) -> Stretch {
        let past = last.succ_opt().unwrap_or(last);
        let count = |skips| self.reckoner.counted(tally.which, first, past, skips);
        let (all, counted) = (count(&[]), count(&tally.skips));
        Stretch {
            counted,
            stood: all - counted,
            ..self.unlisted(first, last)
        }
    }

    fn unlisted_work(
        &self,
        listed: &[Stretch],
        from: Moment,
        until: Moment,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Stretch {
        let ran = self.reckoner.ran(Running::InHours, from, until);
        let open = self.reckoner.calendar.measure(from, until);
        let counted: i64 = listed.iter().map(|stretch| stretch.counted).sum();
        let stood: i64 = listed.iter().map(|stretch| stretch.stood).sum();
        Stretch {
            counted: ran - counted,
            stood: open - ran - stood,
            ..self.unlisted(first, last)
        }
    }
}

fn walk(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(first), NaiveDate::succ_opt).take_while(move |date| *date <= last)
}
