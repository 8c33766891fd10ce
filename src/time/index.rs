//! The stretches of a calendar, each counted once.

use std::ops::Range;
use std::sync::OnceLock;

use chrono::{NaiveDate, TimeDelta};

use super::error::CalendarError;
use super::hours::Hours;
use super::stretch::{DAY, DAYS, Dates, Stretch, Wall};
use super::table::DayTable;
use super::window::Window;
use super::zone::Zone;

/// Longest stretch without working time that a calendar may have, in days.
const DROUGHT: i64 = 400;

/// First day of stretch 0, in days after 1970-01-01. One begins with 2002, the next in October 2016.
const FIRST_DAY: i64 = 11_688 - 14 * DAYS;

/// Stretches in which tables and zones may be irregular: from 1794 to 2105; tables speak of 1800 to 2100.
const IRREGULAR: i64 = 21;

/// Stretches after which everything repeats itself outside of these.
const CYCLE: i64 = 27;

/// What a calendar is made of, and what of it has been counted.
pub(super) struct Inner {
    pub zone: Zone,
    pub hours: Hours,
    pub days: DayTable,
    pub revision: String,
    /// Counted when first asked for: the cycle before the irregular stretches, those themselves, and the cycle after.
    stretches: [OnceLock<Box<Stretch>>; (CYCLE + IRREGULAR + CYCLE) as usize],
}

impl Inner {
    pub fn new(zone: Zone, hours: Hours, days: DayTable) -> Inner {
        Inner {
            zone,
            hours,
            revision: days.label(),
            days,
            stretches: [const { OnceLock::new() }; _],
        }
    }

    /// Runs `ask` on the stretch.
    pub fn with<R>(&self, stretch: i64, ask: impl FnOnce(&Stretch) -> R) -> R {
        // Outside the irregular stretches the offset is constant and no table speaks: one cycle is as good as another.
        let (before, after) = ((-1 - stretch).max(0), (stretch - IRREGULAR).max(0));
        let alike = stretch.clamp(-1, IRREGULAR) + after % CYCLE - before % CYCLE;
        let build = || Stretch::build(self, FIRST_DAY + alike * DAYS);
        match usize::try_from(alike + CYCLE)
            .ok()
            .and_then(|at| self.stretches.get(at))
        {
            Some(slot) => ask(slot.get_or_init(|| Box::new(build()))),
            None => ask(&build()),
        }
    }

    /// The wall clock of the office on the date.
    pub fn wall(&self, date: NaiveDate) -> Wall {
        let (stretch, day) = place_of(date);
        let offset = self.with(stretch, |stretch| stretch.offset(day));
        Wall::new(self.zone, date, offset)
    }

    /// Refuses make-up days without hours, and stretches without any working time.
    pub fn check(&self) -> Result<(), CalendarError> {
        self.refuse_idle_openings()?;
        self.refuse_drought()
    }

    fn refuse_idle_openings(&self) -> Result<(), CalendarError> {
        for (&date, opened) in &self.days.opened {
            if opened.windows.is_none() && self.hours.ordinary(date).is_empty() {
                return Err(CalendarError::OpenedWithoutHours {
                    calendar: self.days.id.clone(),
                    date,
                    name: opened.name.clone(),
                });
            }
        }
        Ok(())
    }

    fn refuse_drought(&self) -> Result<(), CalendarError> {
        let refuse = |from: NaiveDate, why| {
            let to = from
                .checked_add_signed(TimeDelta::days(DROUGHT - 1))
                .unwrap_or(NaiveDate::MAX);
            Err(CalendarError::NoWorkingTime {
                calendar: self.days.id.clone(),
                from,
                to,
                why,
            })
        };
        if let Some(from) = self.hours.drought(DROUGHT) {
            return refuse(
                from,
                "its week has no hours: give at least one day a window like `09:00-17:00`",
            );
        }
        // The week alone is never idle so long, so a drought has a closed date in it: look to both sides of each.
        let mut looked = NaiveDate::MIN;
        for &closed in self
            .days
            .closed
            .keys()
            .filter(|date| self.nominal(**date).is_empty())
        {
            if closed <= looked {
                continue;
            }
            let idle = |date: &NaiveDate| self.nominal(*date).is_empty();
            let limit = usize::try_from(DROUGHT).unwrap_or(usize::MAX);
            let before = std::iter::successors(closed.pred_opt(), NaiveDate::pred_opt)
                .take(limit)
                .take_while(idle);
            let from = before.last().unwrap_or(closed);
            let after = std::iter::successors(closed.succ_opt(), NaiveDate::succ_opt)
                .take(limit)
                .take_while(idle);
            let to = after.last().unwrap_or(closed);
            if to.signed_duration_since(from).num_days() + 1 >= DROUGHT {
                return refuse(from, "shorten its list of closed dates, or open some");
            }
            looked = to;
        }
        Ok(())
    }
}

impl Dates for Inner {
    fn zone(&self) -> Zone {
        self.zone
    }

    fn usual(&self, date: NaiveDate) -> &[Window] {
        self.hours.on(date)
    }

    fn exceptions(&self, dates: Range<NaiveDate>) -> Vec<NaiveDate> {
        let closed = self.days.closed.range(dates.clone()).map(|(date, _)| *date);
        let opened = self.days.opened.range(dates).map(|(date, _)| *date);
        let mut all: Vec<NaiveDate> = closed.chain(opened).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn nominal(&self, date: NaiveDate) -> &[Window] {
        if let Some(opened) = self.days.opened.get(&date) {
            return opened
                .windows
                .as_deref()
                .unwrap_or_else(|| self.hours.ordinary(date));
        }
        if self.days.closed.contains_key(&date) {
            return &[];
        }
        self.hours.on(date)
    }
}

/// The stretch a moment lies in, and how far.
pub(super) fn place(unix: i64) -> (i64, i64) {
    let since = unix.saturating_sub(FIRST_DAY * DAY);
    (since.div_euclid(DAYS * DAY), since.rem_euclid(DAYS * DAY))
}

/// The moment so far into a stretch.
pub(super) fn moment(stretch: i64, t: i64) -> i64 {
    (FIRST_DAY + stretch * DAYS) * DAY + t
}

/// The stretch a date lies in.
pub(super) const fn stretch_of(date: NaiveDate) -> i64 {
    (date.to_epoch_days() as i64 - FIRST_DAY).div_euclid(DAYS)
}

/// The stretch a date lies in, and its number there.
pub(super) fn place_of(date: NaiveDate) -> (i64, usize) {
    let number = (i64::from(date.to_epoch_days()) - FIRST_DAY).rem_euclid(DAYS);
    (
        stretch_of(date),
        usize::try_from(number).unwrap_or_default(),
    )
}

/// The date of that number in a stretch.
pub(super) fn date_in(stretch: i64, number: usize) -> Option<NaiveDate> {
    let number = i64::try_from(number).ok()?;
    let days = FIRST_DAY + stretch * DAYS + number;
    NaiveDate::from_epoch_days(i32::try_from(days).ok()?)
}
