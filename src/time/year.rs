//! One year of a calendar, counted once so that nothing is ever walked again.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use super::window::Window;
use super::zone::Zone;

/// What a calendar says of a date, before any counting.
pub(super) trait Dates {
    fn zone(&self) -> Zone;
    /// The windows that open on the date, in any order, perhaps overlapping.
    fn nominal(&self, date: NaiveDate) -> &[Window];
}

/// Which dates are being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Dates on which somebody works.
    Working,
    /// All dates that are ever on the wall.
    Every,
}

/// Sums over a whole year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    pub seconds: i64,
    pub working: i64,
    pub every: i64,
}

impl Totals {
    pub fn of(&self, which: Which) -> i64 {
        match which {
            Which::Working => self.working,
            Which::Every => self.every,
        }
    }
}

/// One local year: the open intervals between its two New Year midnights, with the seconds open before each, and the sets
/// of its dates.
#[derive(Debug)]
pub(super) struct Year {
    pub from: i64,
    pub until: i64,
    /// Summed once: a span of decades asks every year in it.
    pub totals: Totals,
    open: Vec<Open>,
    working: DaySet,
    every: DaySet,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    from: i64,
    until: i64,
    before: i64,
}

impl Open {
    fn sum(&self) -> i64 {
        self.before + (self.until - self.from)
    }
}

impl Year {
    pub fn build(dates: &impl Dates, year: i32) -> Year {
        let zone = dates.zone();
        let from = new_year(zone, year);
        let until = new_year(zone, year + 1);
        let (mut working, mut every) = (DaySet::default(), DaySet::default());
        let mut open: Vec<Open> = Vec::with_capacity(600);
        let mut seconds = 0;
        // The last two dates of the year before may reach over midnight into this one.
        let mut date = NaiveDate::from_ymd_opt(year, 1, 1)
            .and_then(|d| d.checked_sub_signed(TimeDelta::days(2)));
        let mut reached = from;
        let mut sorted = Vec::new();
        while let Some(today) = date.filter(|date| date.year() <= year) {
            date = today.succ_opt();
            if !zone.has(today) {
                continue;
            }
            let nominal = dates.nominal(today);
            if today.year() == year {
                every.insert(today.ordinal0());
                if !nominal.is_empty() {
                    working.insert(today.ordinal0());
                }
            }
            sorted.clear();
            sorted.extend_from_slice(nominal);
            sorted.sort_unstable();
            for window in &sorted {
                let (opens, closes) = window.on(today);
                // Openings never run backwards from window to window, so cutting each at what has been reached is a union.
                let opens = zone.first_unix(opens).max(reached);
                let closes = zone.last_unix(closes).min(until);
                if opens < closes {
                    open.push(Open {
                        from: opens,
                        until: closes,
                        before: seconds,
                    });
                    seconds += closes - opens;
                    reached = closes;
                }
            }
        }
        let totals = Totals {
            seconds,
            working: working.len(),
            every: every.len(),
        };
        Year {
            from,
            until,
            totals,
            open,
            working,
            every,
        }
    }

    /// Open seconds of this year before `t`.
    pub fn before(&self, t: i64) -> i64 {
        let after = self.open.partition_point(|open| open.from < t);
        let last = after.checked_sub(1).and_then(|at| self.open.get(at));
        last.map_or(0, |open| open.before + (t.min(open.until) - open.from))
    }

    /// The least moment with `sum` open seconds of this year before it; `sum` is above 0.
    pub fn earliest(&self, sum: i64) -> Option<i64> {
        let at = self.open.partition_point(|open| open.sum() < sum);
        self.open
            .get(at)
            .map(|open| open.from + (sum - open.before))
    }

    /// The greatest moment with `sum` open seconds of this year before it; `sum` is below the year's total.
    pub fn latest(&self, sum: i64) -> Option<i64> {
        let at = self.open.partition_point(|open| open.sum() <= sum);
        self.open
            .get(at)
            .map(|open| open.from + (sum - open.before))
    }

    /// The first open moment at or after `t`, if this year has one.
    pub fn next_open(&self, t: i64) -> Option<i64> {
        let at = self.open.partition_point(|open| open.until <= t);
        self.open.get(at).map(|open| open.from.max(t))
    }

    pub fn set(&self, which: Which) -> &DaySet {
        match which {
            Which::Working => &self.working,
            Which::Every => &self.every,
        }
    }
}

/// The moment the year begins on the wall.
fn new_year(zone: Zone, year: i32) -> i64 {
    let date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
    zone.first_unix(date.and_time(NaiveTime::MIN))
}

/// A set of days of one year, by number from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DaySet([u64; 6]);

impl DaySet {
    fn insert(&mut self, day: u32) {
        if let Some(word) = self.0.get_mut(day as usize / 64) {
            *word |= 1 << (day % 64);
        }
    }

    pub fn contains(&self, day: u32) -> bool {
        self.0
            .get(day as usize / 64)
            .is_some_and(|word| word >> (day % 64) & 1 == 1)
    }

    pub fn len(&self) -> i64 {
        self.0.iter().map(|word| i64::from(word.count_ones())).sum()
    }

    /// How many days of the set come before `day`.
    pub fn rank(&self, day: u32) -> i64 {
        let full = day as usize / 64;
        let whole: i64 = self
            .0
            .iter()
            .take(full)
            .map(|word| i64::from(word.count_ones()))
            .sum();
        let part = self
            .0
            .get(full)
            .map_or(0, |word| word & !(u64::MAX << (day % 64)));
        whole + i64::from(part.count_ones())
    }

    /// The `n`-th day of the set, counted from 1.
    pub fn select(&self, n: i64) -> Option<u32> {
        let mut left = n;
        for (word, base) in self.0.iter().zip((0..).step_by(64)) {
            let here = i64::from(word.count_ones());
            if left > here {
                left -= here;
                continue;
            }
            // Take away the days before the wanted one, lowest first.
            let rest = (1..left).fold(*word, |rest, _| rest & rest.wrapping_sub(1));
            return (left > 0 && rest != 0).then(|| base + rest.trailing_zeros());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_and_select_undo_each_other() {
        let mut set = DaySet::default();
        let days = [0, 1, 63, 64, 65, 127, 128, 200, 364, 365];
        days.iter().for_each(|&day| set.insert(day));
        assert_eq!(set.len(), 10);
        for (at, &day) in (0..).zip(&days) {
            assert_eq!(set.rank(day), at);
            assert_eq!(set.select(at + 1), Some(day));
            assert!(set.contains(day) && !set.contains(day + 2) || day == 63 || day == 0);
        }
        assert_eq!(
            (set.select(0), set.select(11), set.rank(366)),
            (None, None, 10)
        );
    }
}
