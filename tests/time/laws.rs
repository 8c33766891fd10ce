//! What holds of every calendar.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use duly::time::{Calendar, DayTable, Hours, Moment, Span, Window, Zone};
use proptest::prelude::*;

use crate::model::Model;
use crate::world::{World, length, seconds, world};

fn few() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(40)
    }
}

fn many() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(250)
    }
}

/// Seconds after which dates and weekdays repeat themselves.
const CYCLE: i64 = 146_097 * 86_400;

/// Seconds after 1970 of any moment, more often near the borders of the years 1800 and 2100.
fn ages() -> impl Strategy<Value = i64> {
    let around = |text: &str| {
        let border = Moment::parse(text).unwrap().unix();
        border - 40_000_000..border + 40_000_000
    };
    prop_oneof![
        around("1800-01-01T00:00:00Z"),
        around("2101-01-01T00:00:00Z"),
        around("2000-01-01T00:00:00Z"),
        around("1500-01-01T00:00:00Z"),
        Moment::MIN.unix()..=Moment::MAX.unix(),
    ]
}

fn dates(world: &World) -> impl Iterator<Item = NaiveDate> {
    let first = world.around - Days::new(9);
    (0..18).map(move |n| first + Days::new(n))
}

proptest! {
    #![proptest_config(many())]

    /// L1. Add a length and measure it: it is the length.
    #[test]
    fn l1_what_was_added_is_measured(world in world(), a in seconds(40), d in length()) {
        let a = world.at(a);
        prop_assert_eq!(world.calendar.measure(a, world.calendar.add(a, d).unwrap()), d);
    }

    /// L2. The sum is the earliest moment of which L1 is true: one second before it, one second is missing. So it lies in a
    /// window or at the very end of one, never at the next opening; and nothing added is nothing moved.
    #[test]
    fn l2_the_sum_is_the_earliest(world in world(), a in seconds(40), d in length()) {
        let a = world.at(a);
        let end = world.calendar.add(a, d).unwrap();
        if d == 0 {
            prop_assert_eq!(end, a);
        } else {
            prop_assert_eq!(world.calendar.measure(a, end.plus(-1)), d - 1);
            prop_assert!(world.calendar.is_open(end.plus(-1)));
        }
    }

    /// L3. To add twice is to add the sum.
    #[test]
    fn l3_lengths_add_up(world in world(), a in seconds(40), d in length(), e in length()) {
        let a = world.at(a);
        let add = |from, length| world.calendar.add(from, length).unwrap();
        prop_assert_eq!(add(add(a, d), e), add(a, d + e));
    }

    /// L4. A stretch measures as much as its parts, wherever it is split; and never more than it lasts.
    #[test]
    fn l4_parts_make_the_whole(world in world(), mut cuts in prop::array::uniform3(seconds(400))) {
        cuts.sort_unstable();
        let [a, b, c] = cuts.map(|cut| world.at(cut));
        let whole = world.calendar.measure(a, c);
        prop_assert_eq!(whole, world.calendar.measure(a, b) + world.calendar.measure(b, c));
        prop_assert!((0..=c.since(a)).contains(&whole));
        prop_assert_eq!(world.calendar.measure(c, a), 0);
    }

    /// Wherever on earth and in whatever year: dates measure what their windows last together, each told by the zone itself; and the
    /// calendar tells the same windows. Summer has hours of its own, so that no two years are alike by chance.
    #[test]
    fn years_measure_what_their_windows_do(
        zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        // In the two the calendar passes from one of its stretches into the next.
        year in prop_oneof![3 => 1820..2100i32, 1 => prop::sample::select(vec![2001, 2016]), 1 => 2..9_998i32],
        world in world(),
    ) {
        let zone: Zone = zone.name().parse().unwrap();
        let summer: [Vec<Window>; 7] = std::array::from_fn(|_| vec!["10:00-15:00".parse().unwrap()]);
        let hours = Hours::new(world.week.clone()).between("05-01", "09-30", summer.clone()).unwrap();
        let office = Calendar::new(zone, hours, &DayTable::plain("week")).unwrap();
        let midnight = |date: NaiveDate| zone.first(date.and_time(NaiveTime::MIN));
        let mut date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let from = midnight(date);
        let (mut sum, mut reached) = (0, from);
        date = date - Days::new(3);
        for _ in 0..400 {
            let next = date + Days::new(1);
            let week = if (5..=9).contains(&date.month()) { &summer } else { &world.week };
            let mut windows = week[date.weekday().num_days_from_monday() as usize].clone();
            windows.retain(|_| midnight(date) < midnight(next));
            windows.sort();
            let mut close = None;
            for window in windows {
                let closing = if window.closes <= window.opens { next } else { date };
                let (opens, closes) = (zone.first(date.and_time(window.opens)), zone.last(closing.and_time(window.closes)));
                sum += closes.since(opens.max(reached)).max(0);
                reached = reached.max(closes);
                close = close.max(Some(closes));
            }
            prop_assert_eq!(office.measure(from, reached), sum, "{} to {}", from, reached);
            prop_assert_eq!(office.close_of(date), close, "{}", date);
            date = next;
        }
    }

    /// L6. Whoever starts later or takes longer does not end earlier.
    #[test]
    fn l6_later_and_longer_never_end_earlier(
        world in world(), a in seconds(40), wait in length(), d in length(), more in length(),
    ) {
        let a = world.at(a);
        let end = world.calendar.add(a, d).unwrap();
        prop_assert!(world.calendar.add(a.plus(wait), d).unwrap() >= end);
        prop_assert!(world.calendar.add(a, d + more).unwrap() >= end);
    }

    /// Subtracting mirrors adding: the difference is the latest moment from which the length is measured.
    #[test]
    fn the_difference_is_the_latest(world in world(), b in seconds(40), d in length()) {
        let b = world.at(b);
        let start = world.calendar.sub(b, d).unwrap();
        prop_assert_eq!(world.calendar.measure(start, b), d);
        if d > 0 {
            prop_assert_eq!(world.calendar.measure(start.plus(1), b), d - 1);
            prop_assert!(world.calendar.is_open(start));
        }
    }

    /// The next opening is open, and nothing is open before it.
    #[test]
    fn nothing_is_open_before_the_next_opening(world in world(), a in seconds(40)) {
        let a = world.at(a);
        let next = world.calendar.next_open(a).unwrap();
        prop_assert!(next >= a && world.calendar.is_open(next));
        prop_assert_eq!(world.calendar.measure(a, next), 0);
        prop_assert_eq!(world.calendar.is_open(a), next == a);
    }

    /// The n-th working day after a date is the n-th that is found by walking, and counting finds n again.
    #[test]
    fn working_days_are_those_found_by_walking(world in world(), from in -30..30i64, n in 1..60i64) {
        let office = &world.calendar;
        let from = world.around - Days::new(30) + Days::new(u64::try_from(from + 30).unwrap());
        let step = |back: bool| {
            let mut date = from;
            let mut left = n;
            while left > 0 {
                date = if back { date - Days::new(1) } else { date + Days::new(1) };
                left -= i64::from(office.day(date).is_working());
            }
            date
        };
        let there = office.nth_working_day_after(from, n).unwrap();
        prop_assert_eq!(there, step(false));
        prop_assert_eq!(office.working_days_between(from.succ_opt().unwrap(), there.succ_opt().unwrap()), n);
        let back = office.nth_working_day_after(from, -n).unwrap();
        prop_assert_eq!(back, step(true));
        prop_assert_eq!(office.working_days_between(back, from), n);
        prop_assert_eq!(office.nth_working_day_after(from, 0).unwrap(), from);
    }
}

proptest! {
    #![proptest_config(few())]

    /// L4 over centuries: also where the years end for which zones and tables are irregular, and far beyond. Nor does it
    /// matter where the stretches lie of which the calendar keeps the sums.
    #[test]
    fn l4_parts_make_the_whole_over_centuries(
        world in world(), mut cuts in prop::array::uniform5(ages()), days in prop::collection::vec(1..40_000i64, 2),
    ) {
        cuts.sort_unstable();
        let cuts = cuts.map(|cut| Moment::from_unix(cut).unwrap());
        let office = &world.calendar;
        let whole = office.measure(cuts[0], cuts[4]);
        let parts: Vec<i64> = cuts.windows(2).map(|cut| office.measure(cut[0], cut[1])).collect();
        prop_assert_eq!(whole, parts.iter().sum::<i64>(), "{:?}", parts);
        prop_assert!((0..=cuts[4].since(cuts[0])).contains(&whole));
        // The same of dates, and there and back again.
        let date = cuts[1].date(world.zone);
        for n in days {
            if let Ok(there) = office.nth_working_day_after(date, n) {
                let next = there.succ_opt().unwrap();
                prop_assert_eq!(office.working_days_between(date.succ_opt().unwrap(), next), n);
            }
            if let (Ok(end), Ok(start)) = (office.add(cuts[2], n * 86_400), office.sub(cuts[2], n * 86_400)) {
                prop_assert_eq!(office.measure(start, end), 2 * n * 86_400);
            }
        }
    }

    /// Outside the years that may be irregular everything repeats itself after 400 years: 146 097 days, which are whole weeks.
    #[test]
    fn far_years_repeat_themselves(world in world(), a in 0..CYCLE, length in 0..CYCLE, far in 1..17i64) {
        // Stretches of whole weeks are all alike; it takes a season to tell one year from another.
        let summer = std::array::from_fn(|_| vec!["10:00-15:00".parse().unwrap()]);
        let hours = Hours::new(world.week).between("05-01", "09-30", summer).unwrap();
        let office = Calendar::new(world.zone, hours, &world.days).unwrap();
        for (first, far) in [("2130-01-01T00:00:00Z", far), ("0500-01-01T00:00:00Z", 1)] {
            let a = Moment::parse(first).unwrap().unix() + a;
            let at = |unix| Moment::from_unix(unix + far * CYCLE);
            if let (Ok(then), Ok(until)) = (at(a), at(a + length)) {
                let (now, end) = (then.plus(-far * CYCLE), until.plus(-far * CYCLE));
                prop_assert_eq!(office.measure(now, end), office.measure(then, until));
                prop_assert_eq!(office.is_open(now), office.is_open(then));
            }
        }
    }

    /// The calendar measures what is counted minute by minute on the wall clock.
    #[test]
    fn the_calendar_agrees_with_the_wall(world in world(), stretches in prop::collection::vec((seconds(8), seconds(8)), 12)) {
        let model = Model::new(&world);
        for (a, b) in stretches {
            let (a, b) = (world.at(a), world.at(b));
            prop_assert_eq!(world.calendar.measure(a, b), model.measure(a, b), "from {} to {}", a, b);
            prop_assert_eq!(world.calendar.is_open(a), model.is_open(a.unix()), "at {}", a);
        }
        for date in dates(&world) {
            prop_assert_eq!(world.calendar.day(date).is_working(), !model.works(date).is_empty(), "{}", date);
        }
    }

    /// The windows of all dates together are all that is open, and each date's are in order and apart.
    #[test]
    fn windows_are_what_is_open(world in world()) {
        for date in dates(&world) {
            let windows = world.calendar.windows(date);
            for (opens, closes) in &windows {
                prop_assert!(opens < closes);
                prop_assert_eq!(world.calendar.measure(*opens, *closes), closes.since(*opens));
            }
            prop_assert!(windows.windows(2).all(|pair| pair[0].1 < pair[1].0));
            if let Some((_, closes)) = windows.last() {
                prop_assert_eq!(world.calendar.close_of(date), Some(*closes));
            }
        }
    }

    /// No moment and no length, however far, makes anything panic or run for long; what is answered keeps the laws.
    #[test]
    fn the_ends_of_time_are_errors_not_panics(world in world(), a in any::<i64>(), d in any::<i64>(), n in any::<i64>()) {
        let a = Moment::from_unix(a % 253_402_300_800).unwrap_or(Moment::MIN);
        let office = &world.calendar;
        for d in [d, d % 400_000_000_000, i64::MAX, i64::MIN] {
            if let Ok(end) = office.add(a, d) {
                prop_assert_eq!(office.measure(a, end), d);
            }
            if let Ok(start) = office.sub(a, d) {
                prop_assert_eq!(office.measure(start, a), d);
            }
        }
        for n in [n, n % 4_000_000, i64::MAX, i64::MIN] {
            if let Ok(date) = office.nth_working_day_after(a.date(world.zone), n) {
                let (from, to) = (a.date(world.zone).min(date), a.date(world.zone).max(date));
                let held = i64::from(office.day(to).is_working()) - i64::from(office.day(from).is_working());
                let count = office.working_days_between(from, to);
                prop_assert!(count == n.abs() || count + held == n.abs(), "{count} for {n}");
            }
        }
        let _ = (office.next_open(a), office.measure(Moment::MIN, Moment::MAX), office.windows(NaiveDate::MAX), office.day(NaiveDate::MIN));
        let _ = office.working_days_between(NaiveDate::MIN, NaiveDate::MAX);
        let _ = duly::time::after(office, &duly::time::Counting::cn(), a, &Span::Elapsed(d));
    }
}

/// Every year from the first to the last has its summer hours where they belong, three days before May and three days of it, and the holidays of a
/// table are those of their years alone: not of the years 400 before or after, which are alike in all else.
#[test]
fn every_year_has_its_own_summer_and_holidays() {
    let daily = |hours: &str| std::array::from_fn(|_| vec![hours.parse().unwrap()]);
    let hours = Hours::new(daily("09:00-17:00"));
    let hours = hours
        .between("05-01", "09-30", daily("10:00-15:00"))
        .unwrap();
    let mut days = DayTable::plain("x");
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let holidays = [date(1800, 4, 30), date(2100, 5, 1)];
    days.closed = holidays.map(|date| (date, "x".to_owned())).into();
    let office = Calendar::new(Zone::UTC, hours, &days).unwrap();
    let midnight = |date: NaiveDate| Zone::UTC.first(date.and_time(NaiveTime::MIN));
    for year in 1..=9999 {
        let (from, to) = (date(year, 4, 28), date(year, 5, 4));
        let (closed, shut) = match year {
            1800 => (1, 8),
            2100 => (1, 5),
            _ => (0, 0),
        };
        let worked = office.measure(midnight(from), midnight(to));
        assert_eq!(worked, (3 * 8 + 3 * 5 - shut) * 3600, "{year}");
        assert_eq!(office.working_days_between(from, to), 6 - closed, "{year}");
    }
}
