//! A stretch of a calendar, counted once so that nothing is ever walked again.

use std::ops::Range;

use chrono::{NaiveDate, Timelike};

use super::days::{DaySet, Which};
use super::window::Window;
use super::zone::Zone;

/// Days in a stretch, not quite 15 years: so few that a calendar which is asked for today only is soon counted, so many that a
/// span of decades adds up only some. 27 stretches are 400 years, after which dates and weekdays repeat themselves.
pub(super) const DAYS: i64 = 5_411;

pub(super) const DAY: i64 = 86_400;

/// The windows of a date lie at most so many days of universal time away from its number, and so do the changes of the
/// wall clock that can move them: offsets are below a day, and a window ends before the second midnight after its date.
const NEAR: i64 = 3;

/// Every so many days the offset of a zone is looked at. No offset in the time zone database has been in force for less
/// (a test looks), so where two looks agree it has not changed in between.
pub(super) const LOOK: i64 = 3;

/// How many kinds of day a day is compared with; one not among them is stored again.
const RECENT: usize = 32;

/// What a calendar says of a date, before any counting.
pub(super) trait Dates {
    fn zone(&self) -> Zone;
    /// The windows that open on the date, in any order, perhaps overlapping.
    fn nominal(&self, date: NaiveDate) -> &[Window];
    /// The same for a date that is not among the exceptions: most dates are not, and need no search in a table.
    fn usual(&self, date: NaiveDate) -> &[Window];
    /// The dates on which the week does not hold, in order.
    fn exceptions(&self, dates: Range<NaiveDate>) -> Vec<NaiveDate>;
}

/// What is open in so many days, and which dates are worked on.
///
/// The open seconds are kept by days of *universal* time, which are all of one length: to find the day of a moment is
/// a division, not a search, and no zone is asked. Few days differ, so each day is a number among the kinds there are: a day
/// of work and a day of rest, and another of work in summer time. Dates, on the other hand, are those of the wall.
/// Seconds and days are told from the begin of the stretch, so one serves for all stretches that are alike.
#[derive(Debug)]
pub(super) struct Stretch {
    /// Open seconds before each day; at the end, those of all days.
    before: Box<[u32]>,
    /// The kind of each day.
    kind: Box<[u16]>,
    kinds: Box<[Kind]>,
    working: DaySet,
    every: DaySet,
    /// From which date on which offset holds, in order; none around its changes.
    offsets: Box<[(u16, Option<i32>)]>,
}

/// What is open on a day, in order and apart. An office has a few windows a day, so to look at all of them is the quickest.
type Kind = Box<[Open]>;

/// Seconds of a day, from one up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Open {
    from: u32,
    until: u32,
}

impl Stretch {
    /// The stretch whose first day is so many days after 1970-01-01.
    pub fn build(dates: &impl Dates, first: i64) -> Stretch {
        let zone = dates.zone();
        let (begin, end) = (first * DAY, (first + DAYS) * DAY);
        let mut clock = Clock::new(zone, first - NEAR);
        let mut open = OpenDays::new();
        let (mut working, mut every) = (words(), words());
        let mut offsets: Vec<(u16, Option<i32>)> = Vec::new();
        let numbers = first - NEAR..first + DAYS + NEAR;
        let mut exceptions = dates
            .exceptions(date_of(numbers.start)..date_of(numbers.end))
            .into_iter()
            .peekable();
        let mut next = Some(date_of(numbers.start));
        let mut reached = begin;
        let mut sorted = Vec::new();
        for (number, date) in numbers.map_while(|number| {
            let date = next?;
            next = date.succ_opt();
            Some((number, date))
        }) {
            let exceptional = exceptions.next_if_eq(&date).is_some();
            let offset = clock.steady(number);
            if offsets.last().is_none_or(|(_, last)| *last != offset) {
                // What holds before the first date of the stretch holds on it, or is changed on it.
                let from = u16::try_from(number - first).unwrap_or_default();
                offsets.push((from, offset));
            }
            let wall = Wall::new(zone, date, offset);
            if !wall.has_date() {
                continue;
            }
            let nominal = if exceptional {
                dates.nominal(date)
            } else {
                dates.usual(date)
            };
            insert(&mut every, number - first);
            if !nominal.is_empty() {
                insert(&mut working, number - first);
            }
            sorted.clear();
            sorted.extend_from_slice(nominal);
            sorted.sort_unstable();
            for window in &sorted {
                let (opens, closes) = wall.times(window);
                // Openings never run backwards from window to window, so cutting each at what has been reached is a union.
                let (opens, closes) = (opens.max(reached), closes.min(end));
                open.push(opens - begin, closes - begin);
                reached = reached.max(closes);
            }
        }
        open.close(DAYS);
        Stretch {
            before: open.before.into(),
            kind: open.kind.into(),
            kinds: open.kinds.into(),
            working: DaySet::new(working),
            every: DaySet::new(every),
            offsets: offsets.into(),
        }
    }

    /// Open seconds of the whole stretch.
    pub fn seconds(&self) -> i64 {
        self.before.last().map_or(0, |&sum| i64::from(sum))
    }

    /// Open seconds of the stretch before `t`, which is in it.
    pub fn before(&self, t: i64) -> i64 {
        let (day, second) = (usize::try_from(t / DAY), u32::try_from(t % DAY));
        let (Ok(day), Ok(second)) = (day, second) else {
            return 0;
        };
        let before = self.before.get(day).copied().unwrap_or_default();
        let today: u32 = self
            .open_on(day)
            .iter()
            .map(|open| second.clamp(open.from, open.until) - open.from)
            .sum();
        i64::from(before + today)
    }

    /// The least moment with `sum` open seconds of the stretch before it; `sum` is above 0.
    pub fn earliest(&self, sum: i64) -> Option<i64> {
        self.moment(
            sum,
            |before, sum| before < sum,
            |length, left| length >= left,
        )
    }

    /// The greatest moment with `sum` open seconds of the stretch before it; `sum` is below that of all.
    pub fn latest(&self, sum: i64) -> Option<i64> {
        self.moment(
            sum,
            |before, sum| before <= sum,
            |length, left| length > left,
        )
    }

    /// The moment after `sum` open seconds, in the last day that has few enough before it and the first window that is long enough.
    fn moment(
        &self,
        sum: i64,
        few: impl Fn(u32, u32) -> bool,
        long: impl Fn(u32, u32) -> bool,
    ) -> Option<i64> {
        let sum = u32::try_from(sum).ok()?;
        let day = self
            .before
            .partition_point(|&before| few(before, sum))
            .checked_sub(1)?;
        let mut left = sum - self.before.get(day)?;
        for open in self.open_on(day) {
            let length = open.until - open.from;
            if long(length, left) {
                return Some(i64::try_from(day).ok()? * DAY + i64::from(open.from + left));
            }
            left -= length;
        }
        None
    }

    fn open_on(&self, day: usize) -> &[Open] {
        let kind = self.kind.get(day).map(|&kind| usize::from(kind));
        kind.and_then(|kind| self.kinds.get(kind))
            .map_or(&[], |kind| kind)
    }

    /// The offset of the zone, if it is the same all around the date.
    pub fn offset(&self, day: usize) -> Option<i32> {
        let after = self
            .offsets
            .partition_point(|(from, _)| usize::from(*from) <= day);
        self.offsets.get(after.checked_sub(1)?)?.1
    }

    pub fn set(&self, which: Which) -> &DaySet {
        match which {
            Which::Working => &self.working,
            Which::Every => &self.every,
        }
    }
}

/// The date so many days after 1970-01-01.
pub(super) fn date_of(number: i64) -> NaiveDate {
    i32::try_from(number)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .unwrap_or(if number.is_negative() {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        })
}

/// The wall clock of a zone on one date.
pub(super) struct Wall {
    zone: Zone,
    date: NaiveDate,
    /// When the date begins, if the clock neither jumps on it nor near it: then times of day need not be looked up.
    midnight: Option<i64>,
}

impl Wall {
    pub fn new(zone: Zone, date: NaiveDate, offset: Option<i32>) -> Wall {
        let number = i64::from(date.to_epoch_days());
        Wall {
            zone,
            date,
            midnight: offset.map(|offset| number * DAY - i64::from(offset)),
        }
    }

    /// Whether the date is ever on the wall.
    pub fn has_date(&self) -> bool {
        self.midnight.is_some() || self.zone.has(self.date)
    }

    /// When the date's window opens and closes.
    pub fn times(&self, window: &Window) -> (i64, i64) {
        let Some(midnight) = self.midnight else {
            let (opens, closes) = window.on(self.date);
            return (self.zone.first_unix(opens), self.zone.last_unix(closes));
        };
        let opens = i64::from(window.opens.num_seconds_from_midnight());
        let closes = i64::from(window.closes.num_seconds_from_midnight());
        let over = if window.crosses_midnight() { DAY } else { 0 };
        (midnight + opens, midnight + closes + over)
    }
}

/// Tells where the offset of a zone stands still. To ask it for every window of every day would take most of the time of
/// building.
struct Clock {
    zone: Zone,
    /// Day at whose begin the offset was last looked at.
    seen: i64,
    offset: i32,
    /// Day at whose begin that offset was first seen.
    since: i64,
}

impl Clock {
    /// A clock that will be asked for this day first, and then for later ones.
    fn new(zone: Zone, day: i64) -> Clock {
        let seen = day - NEAR;
        Clock {
            zone,
            seen,
            offset: zone.offset(seen * DAY),
            since: seen,
        }
    }

    /// The offset, if it is the same all around the day.
    fn steady(&mut self, day: i64) -> Option<i32> {
        while self.seen < day + NEAR {
            self.seen += LOOK;
            let offset = self.zone.offset(self.seen * DAY);
            if offset != self.offset {
                (self.offset, self.since) = (offset, self.seen);
            }
        }
        (self.since <= day - NEAR).then_some(self.offset)
    }
}

/// Days of universal time as they are filled, first to last.
struct OpenDays {
    before: Vec<u32>,
    kind: Vec<u16>,
    kinds: Vec<Kind>,
    /// What is open on the day being filled.
    today: Vec<Open>,
}

impl OpenDays {
    fn new() -> OpenDays {
        let days = usize::try_from(DAYS).unwrap_or_default();
        let mut before = Vec::with_capacity(days + 1);
        before.push(0);
        OpenDays {
            before,
            kind: Vec::with_capacity(days),
            kinds: Vec::new(),
            today: Vec::new(),
        }
    }

    /// Opens what lies between, if anything does; it is later than anything opened yet.
    fn push(&mut self, mut from: i64, until: i64) {
        while from < until {
            let day = from / DAY;
            self.close(day);
            let (begin, to) = (day * DAY, until.min((day + 1) * DAY));
            if let (Ok(opens), Ok(closes)) =
                (u32::try_from(from - begin), u32::try_from(to - begin))
            {
                match self.today.last_mut() {
                    Some(last) if last.until == opens => last.until = closes,
                    _ => self.today.push(Open {
                        from: opens,
                        until: closes,
                    }),
                }
            }
            from = to;
        }
    }

    /// Finishes all days before `day`.
    fn close(&mut self, day: i64) {
        while i64::try_from(self.kind.len()).is_ok_and(|filled| filled < day) {
            let sum: u32 = self.today.iter().map(|open| open.until - open.from).sum();
            let before = self.before.last().copied().unwrap_or_default();
            self.before.push(before + sum);
            let old = self.kinds.len().saturating_sub(RECENT);
            let known = self
                .kinds
                .iter()
                .skip(old)
                .position(|kind| **kind == *self.today);
            let kind = known.map_or(self.kinds.len(), |at| old + at);
            if known.is_none() {
                self.kinds.push(self.today.as_slice().into());
            }
            self.today.clear();
            // There are fewer days than numbers, so fewer kinds too.
            self.kind.push(u16::try_from(kind).unwrap_or_default());
        }
    }
}

/// Room for the days of a stretch, by bits.
fn words() -> Vec<u64> {
    vec![0; usize::try_from(DAYS).unwrap_or_default().div_ceil(64)]
}

/// Puts the day in, if it is one of the stretch.
fn insert(words: &mut [u64], day: i64) {
    if let Some(day) = usize::try_from(day)
        .ok()
        .filter(|_| (0..DAYS).contains(&day))
        && let Some(word) = words.get_mut(day / 64)
    {
        *word |= 1 << (day % 64);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Calendar, DayTable, Hours};
    use super::*;

    /// Memory of a calendar is one of these for every 15 years asked for, and its table.
    #[test]
    fn a_stretch_is_small() {
        // Shanghai had summer time until 1991.
        for (zone, kinds) in [("UTC", 2), ("Asia/Shanghai", 3), ("Europe/Berlin", 3)] {
            let hours = Hours::weekdays(vec![
                "09:00-12:00".parse().unwrap(),
                "14:00-18:00".parse().unwrap(),
            ]);
            let office = Calendar::new(zone.parse().unwrap(), hours, &DayTable::cn()).unwrap();
            let stretch = Stretch::build(office.inner(), 7305);
            assert_eq!(stretch.kinds.len(), kinds, "{zone}");
            let kinds: usize = stretch.kinds.iter().map(|kind| size_of_val(&**kind)).sum();
            let bytes = size_of::<Stretch>()
                + size_of_val(&*stretch.before)
                + size_of_val(&*stretch.kind)
                + size_of_val(&*stretch.kinds)
                + kinds
                + stretch.working.bytes()
                + stretch.every.bytes()
                + size_of_val(&*stretch.offsets);
            assert!((30_000..40_000).contains(&bytes), "{zone}: {bytes} bytes");
        }
    }
}
