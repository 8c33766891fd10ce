//! What holds of every limit.

use chrono::{Days, Months, NaiveDate};
use duly::time::{
    Calendar, Counting, Coverage, DayOne, DayTable, Ends, Hours, Moment, Opened, Pauses, Roll,
    Span, Term, Unit, after, after_due,
};
use proptest::prelude::*;

use crate::world::{World, length, seconds, stretches, world};

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    }
}

pub fn counting() -> impl Strategy<Value = Counting> {
    let day_one = prop::sample::select(vec![DayOne::Exclude, DayOne::Include, DayOne::FromInstant]);
    let ends = prop::sample::select(vec![Ends::SameTime, Ends::CloseOfBusiness, Ends::EndOfDay]);
    let roll = prop::sample::select(vec![Roll::None, Roll::NextWorking, Roll::PrevWorking]);
    let at = prop::option::weighted(
        0.2,
        (0..24u32).prop_map(|hour| chrono::NaiveTime::from_hms_opt(hour, 30, 0).unwrap()),
    );
    (day_one, ends, roll, at).prop_map(|(day_one, ends, roll, at)| Counting {
        day_one,
        ends,
        roll,
        at,
    })
}

pub fn simple() -> impl Strategy<Value = Span> {
    prop_oneof![
        length().prop_map(Span::Elapsed),
        length().prop_map(Span::WorkingTime),
        (0..40u32).prop_map(Span::WorkingDays),
        (0..40u32).prop_map(Span::CalendarDays),
        (0..6u32).prop_map(Span::Weeks),
        (0..4u32).prop_map(Span::Months),
        (0..3u32).prop_map(Span::Years),
    ]
}

pub fn span() -> impl Strategy<Value = Span> {
    let several = || prop::collection::vec(simple(), 1..4);
    prop_oneof![6 => simple(), 1 => several().prop_map(Span::Earliest), 1 => several().prop_map(Span::Latest)]
}

fn day_one_and_roll() -> impl Strategy<Value = (DayOne, Roll)> {
    counting().prop_map(|counting| (counting.day_one, counting.roll))
}

/// Pauses that begin and end when a date closes: from which date of those around, and for how many.
fn closes() -> impl Strategy<Value = Vec<(u64, u64)>> {
    prop::collection::vec((0..14u64, 0..4u64), 0..3)
}

fn closed(world: &World, pauses: Pauses, closes: &[(u64, u64)]) -> Pauses {
    let first = world.around - Days::new(5);
    closes.iter().fold(pauses, |pauses, (from, length)| {
        let (from, until) = (first + Days::new(*from), first + Days::new(from + length));
        pauses.with(close(world, from), Some(close(world, until)))
    })
}

/// When a date closes under [`Counting::cn`]: at midnight if nobody works on it; but a night shift of the eve may still be on.
fn close(world: &World, date: NaiveDate) -> Moment {
    let office = &world.calendar;
    let close = office
        .close_of(date)
        .unwrap_or_else(|| midnight(world, date));
    let night = office.close_of(date - Days::new(1));
    night.map_or(close, |night| night.max(close))
}

/// Midnight at the end of the date.
fn midnight(world: &World, date: NaiveDate) -> Moment {
    let next = date + Days::new(1);
    world.zone.last(next.and_time(chrono::NaiveTime::MIN))
}

/// Whether the date is ever on the wall, somebody works on it if that is asked, and the clock runs when it closes.
fn counts(world: &World, date: NaiveDate, working: bool, pauses: &Pauses) -> bool {
    let begins = world.zone.first(date.and_time(chrono::NaiveTime::MIN));
    midnight(world, date) != begins
        && (!working || world.calendar.day(date).is_working())
        && !pauses.is_paused(close(world, date).plus(-1))
}

/// Days that run from the instant: so are limits counted that are set to a moment.
const INSTANT: Counting = Counting {
    day_one: DayOne::FromInstant,
    ends: Ends::SameTime,
    roll: Roll::None,
    at: None,
};

/// The date, with midnight at its end, that is so many dates after the one around which things happen.
fn midnight_near(world: &World, dates: u64) -> (NaiveDate, Moment) {
    let midnight = midnight(world, world.around + Days::new(dates) - Days::new(5));
    // A date that never was ended with the one before it.
    (midnight.plus(-1).date(world.zone), midnight)
}

/// Counting on fingers under [`Counting::cn`], but for its first day and its roll: walk the dates, count those at whose end the clock runs.
fn walk(
    world: &World,
    anchor: Moment,
    (n, working): (u32, bool),
    (day_one, roll): (DayOne, Roll),
    pauses: &Pauses,
) -> Moment {
    let office = &world.calendar;
    let start = match day_one {
        DayOne::FromInstant if working => office.next_open(anchor).unwrap(),
        _ => anchor,
    };
    // A pause that was over when the limit began is of no matter to it.
    let pauses = pauses
        .iter()
        .filter(|it| it.until.is_none_or(|until| until > start));
    let pauses = &Pauses::from(pauses.collect::<Vec<_>>());
    let mut base = start.date(world.zone);
    let over = working && office.close_of(base).is_some_and(|close| close <= start);
    if day_one == DayOne::Include && !over {
        base = base - Days::new(1);
    }
    let last = |pauses: &Pauses| {
        let mut date = base;
        let mut left = n;
        while left > 0 {
            date = date + Days::new(1);
            left -= u32::from(counts(world, date, working, pauses));
        }
        date
    };
    let mut date = last(pauses);
    match roll {
        Roll::NextWorking if !office.day(date).is_working() => {
            date = date + Days::new(1);
            while !counts(world, date, true, pauses) {
                date = date + Days::new(1);
            }
        }
        Roll::PrevWorking => {
            // A pause that begins when the day has closed that takes the place of the last comes too late to hold it up. One that the
            // clock stood still in at the close of that day does: the span had not run out then, so it ends after its last day.
            let rolled = |pauses: &Pauses| {
                let last = last(pauses);
                let mut date = last;
                while !office.day(date).is_working() {
                    date = date - Days::new(1);
                }
                if date != last && !counts(world, date, true, pauses) {
                    date = last;
                    while !counts(world, date, true, pauses) {
                        date = date + Days::new(1);
                    }
                }
                date
            };
            let begun = |date: NaiveDate| {
                let begun = pauses.iter().filter(|it| it.from < close(world, date));
                Pauses::from(begun.collect::<Vec<_>>())
            };
            date = rolled(&Pauses::none());
            while rolled(&begun(date)) != date {
                date = rolled(&begun(date));
            }
        }
        _ => {}
    }
    close(world, date).max(start)
}

proptest! {
    #![proptest_config(config())]

    /// L5. Pausing conserves: between the anchor and the due moment the clock runs for exactly the limit, at the earliest such
    /// moment; working time that stood still is added, no more and no less.
    #[test]
    fn l5_pausing_conserves(world in world(), a in seconds(5), d in length(), stretches in stretches()) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let term = Term::new(anchor, Span::WorkingTime(d), Counting::cn());
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        prop_assert_eq!(pauses.running(&world.calendar, anchor, due), d);
        if d > 0 {
            prop_assert_eq!(pauses.running(&world.calendar, anchor, due.plus(-1)), d - 1);
        }
        let still: i64 = pauses.iter().map(|pause| {
            world.calendar.measure(pause.from.max(anchor), pause.until.unwrap().min(due))
        }).sum();
        prop_assert_eq!(world.calendar.add(anchor, d + still).unwrap() <= due, true);
        prop_assert_eq!(world.calendar.measure(anchor, due), d + still);
    }

    /// L5. A pause that lies wholly outside the windows moves nothing.
    #[test]
    fn l5_a_pause_outside_hours_moves_nothing(world in world(), a in seconds(5), d in length(), p in seconds(9)) {
        let from = world.at(p);
        let pauses = Pauses::none().with(from, Some(world.calendar.next_open(from).unwrap()));
        let term = Term::new(world.at(a), Span::WorkingTime(d), Counting::cn());
        prop_assert_eq!(term.due(&world.calendar, &pauses), term.due(&world.calendar, &Pauses::none()));
    }

    /// Real time stands still for as long as the pauses last.
    #[test]
    fn elapsed_time_moves_by_the_pauses(world in world(), a in seconds(5), d in length(), stretches in stretches()) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let term = Term::new(anchor, Span::Elapsed(d), Counting::cn());
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        prop_assert_eq!(due.since(anchor) - pauses.total(anchor, due), d);
    }

    /// Days are those found by walking from date to date and leaving out each at whose end the clock stood still: whichever day is
    /// the first, and whatever becomes of the last. A pause that begins with the close of a date, or ends with it, is of the next date
    /// or of this one.
    #[test]
    fn days_are_those_found_by_walking(
        world in world(), a in seconds(5), n in 1..25u32, working in any::<bool>(), rule in day_one_and_roll(), stretches in stretches(),
        closes in closes(),
    ) {
        let anchor = world.at(a);
        let pauses = closed(&world, world.pauses(&stretches), &closes);
        let span = if working { Span::WorkingDays(n) } else { Span::CalendarDays(n) };
        let term = Term::new(anchor, span, Counting { day_one: rule.0, roll: rule.1, ..Counting::cn() });
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        prop_assert_eq!(due, walk(&world, anchor, (n, working), rule, &pauses));
    }

    /// A limit whose last day rolls back ends while the clock runs, unless it ends as it begins: no pause holds in its last second.
    #[test]
    fn no_limit_rolls_back_into_a_pause(world in world(), a in seconds(2), n in 1..7u32, stretches in stretches(), closes in closes()) {
        let anchor = world.at(a);
        let pauses = closed(&world, world.pauses(&stretches), &closes);
        let counting = Counting { roll: Roll::PrevWorking, ..Counting::cn() };
        for span in [Span::CalendarDays(n), Span::CalendarDays(n + 1), Span::CalendarDays(n + 2), Span::Weeks(1)] {
            let due = Term::new(anchor, span, counting).due(&world.calendar, &pauses).unwrap().unwrap().at;
            prop_assert!(due == anchor || !pauses.is_paused(due.plus(-1)), "{due}");
        }
    }

    /// A rung of so many days before a limit of another unit is the close of the date that is found by walking back from the date on which
    /// the limit ends; where the walk comes to the first date before it has found so many, it is the anchor.
    #[test]
    fn a_rung_of_days_is_found_by_walking_back(
        world in world(), a in seconds(5), d in length(), n in 1..25u32, unit in 0..5u32, stretches in stretches(), closes in closes(),
    ) {
        let anchor = world.at(a);
        let pauses = closed(&world, world.pauses(&stretches), &closes);
        let term = Term::new(anchor, Span::Elapsed(d), Counting::cn());
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        let last = due.plus(-1).date(world.zone);
        let (rung, dates) = match unit {
            0 => (Span::WorkingDays(n), i64::from(n)),
            1 => (Span::CalendarDays(n), i64::from(n)),
            2 => (Span::Weeks(n % 4), i64::from(7 * (n % 4))),
            3 => (Span::Years(1), last.signed_duration_since(last - Months::new(12)).num_days()),
            _ => (Span::Months(n % 4), last.signed_duration_since(last - Months::new(n % 4)).num_days()),
        };
        let mut date = last;
        let mut left = dates;
        let mut expected = if left == 0 { due } else { anchor };
        while left > 0 && date > anchor.date(world.zone) {
            date = date - Days::new(1);
            left -= i64::from(counts(&world, date, unit == 0, &pauses));
            if left == 0 {
                expected = close(&world, date).min(due).max(anchor);
            }
        }
        let rung = term.before(&world.calendar, &pauses, &rung).unwrap();
        prop_assert_eq!(rung, Some(expected));
    }

    /// A limit set to a moment may end at midnight, 24:00 of a date. An extension by days then ends with a date, too: it gives all of its
    /// days. Of working days it ends with the hours of the last, unless they last past midnight.
    #[test]
    fn an_extension_from_midnight_gives_whole_days(world in world(), dates in 0..10u64, d in 1..2_000_000i64, n in 1..20u32, working in any::<bool>()) {
        let (last, due) = midnight_near(&world, dates);
        let term = |extensions| Term { anchor: due.plus(-d), span: Span::Elapsed(d), counting: INSTANT, extensions };
        let ends = |extensions| term(extensions).due(&world.calendar, &Pauses::none()).unwrap().unwrap().at;
        prop_assert_eq!(ends(vec![]), due);
        let mut date = last;
        let mut left = n;
        while left > 0 {
            date = date + Days::new(1);
            left -= u32::from(counts(&world, date, working, &Pauses::none()));
        }
        let (granted, expected) = match working {
            true => (Span::WorkingDays(n), midnight(&world, date).min(world.calendar.close_of(date).unwrap())),
            false => (Span::CalendarDays(n), midnight(&world, date)),
        };
        prop_assert_eq!(ends(vec![granted]), expected);
    }

    /// So many days before a limit that ends at midnight are as many times 24 hours, where the clocks do not change in between.
    #[test]
    fn a_day_before_midnight_is_24_hours(world in world(), dates in 0..10u64, d in 1..2_000_000i64, n in 1..4u32) {
        let (_, due) = midnight_near(&world, dates);
        let earlier = due.plus(-86_400 * i64::from(n));
        prop_assume!(earlier.local(world.zone).time() == due.local(world.zone).time());
        prop_assume!(due.local(world.zone).time() == chrono::NaiveTime::MIN);
        let term = Term::new(due.plus(-d), Span::Elapsed(d), INSTANT);
        let before = |span: &Span| term.before(&world.calendar, &Pauses::none(), span).unwrap();
        prop_assert_eq!(before(&Span::CalendarDays(n)), before(&Span::hours(24 * n)));
    }

    /// What comes days after a limit comes after its last date, whether the limit ended when work did or at midnight.
    #[test]
    fn days_after_a_limit_are_after_its_last_date(world in world(), dates in 0..10u64, n in 1..20u32, unit in 0..3u32, day_one in any::<bool>()) {
        let (last, due) = midnight_near(&world, dates);
        // Where the night shift of the eve ends with the date, that moment is the end of both.
        prop_assume!(close(&world, last - Days::new(1)) < close(&world, last));
        let day_one = if day_one { DayOne::Include } else { DayOne::Exclude };
        let counting = Counting { day_one, ..Counting::cn() };
        let span = match unit {
            0 => Span::WorkingDays(n),
            1 => Span::CalendarDays(n),
            _ => Span::Months(n % 4 + 1),
        };
        let none = Pauses::none();
        let plain = after_due(&world.calendar, &counting, &none, close(&world, last), &span).unwrap();
        prop_assert_eq!(after_due(&world.calendar, &counting, &none, due, &span).unwrap(), plain);
        prop_assert_eq!(after(&world.calendar, &counting, close(&world, last), &span).map(Some).unwrap(), plain);
    }

    /// What is not marked provisional stays, whatever is made known of later dates.
    #[test]
    fn what_is_not_provisional_stays(
        world in world(), a in seconds(5), n in 0..12u32, unlike in prop::option::weighted(0.3, simple()), other in simple(), counting in counting(),
        back in any::<bool>(), extensions in prop::collection::vec(simple(), 0..2), gap in 0..4u64,
        changed in prop::collection::btree_map(1..9u64, any::<bool>(), 2..9), stretches in stretches(),
    ) {
        // Mostly days that end about where the known holidays do, and roll back: nothing else depends on a date later than its end.
        let counting = Counting { roll: if back { Roll::PrevWorking } else { counting.roll }, ..counting };
        let span = unlike.unwrap_or(Span::CalendarDays(n));
        let to = world.at(a).date(world.zone) + Days::new(u64::from(n)) - Days::new(gap);
        let office = |days: &DayTable| Calendar::new(world.zone, Hours::new(world.week.clone()), days).unwrap();
        let mut days = world.days.clone();
        days.coverage = Coverage { to, ..days.coverage };
        days.closed.retain(|date, _| *date <= to);
        days.opened.retain(|date, _| *date <= to);
        let before = office(&days);
        for (at, open) in changed {
            let date = to + Days::new(at);
            match open {
                true => drop(days.opened.insert(date, Opened { name: "x".to_owned(), windows: None })),
                false => drop(days.closed.insert(date, "x".to_owned())),
            }
        }
        days.coverage = Coverage { to: to + Days::new(20), ..days.coverage };
        let now = office(&days);
        let pauses = world.pauses(&stretches);
        let longer = [1, 2, 3].map(|more| Span::CalendarDays(n + more));
        let both = || vec![span.clone(), other.clone()];
        for span in [span.clone(), Span::Latest(both()), Span::Earliest(both())].into_iter().chain(longer) {
            let term = Term { anchor: world.at(a), span, counting, extensions: extensions.clone() };
            let due = term.due(&before, &pauses).unwrap().unwrap();
            if !due.provisional {
                prop_assert_eq!(due.at, term.due(&now, &pauses).unwrap().unwrap().at);
            }
        }
    }

    /// A pause never brings the due moment forward, and a clock that is paused without end has none, unless it ended before.
    #[test]
    fn a_pause_never_hurries(
        world in world(), a in seconds(5), span in span(), counting in counting(), stretches in stretches(), p in seconds(9),
    ) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let term = Term::new(anchor, span, counting);
        let free = term.due(&world.calendar, &Pauses::none()).unwrap().unwrap().at;
        let held = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        prop_assert!(free >= anchor);
        prop_assert!(held >= free, "{held} before {free}");
        // "The same day at six" holds for a clock that stands still, too; among several spans it is the latest they can end.
        prop_assume!(counting.at.is_none());
        let open = world.at(p);
        match term.due(&world.calendar, &Pauses::none().with(open, None)).unwrap() {
            Some(due) => prop_assert!(due.at <= free),
            None => prop_assert!(open <= free),
        }
    }

    /// L6 for limits. A longer limit of the same unit is never due earlier.
    #[test]
    fn l6_a_longer_limit_is_never_due_earlier(
        world in world(), a in seconds(5), n in 1..40u32, counting in counting(), stretches in stretches(),
    ) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        for unit in [Span::WorkingDays, Span::CalendarDays, Span::Weeks, Span::Months] {
            let due = |n| Term::new(anchor, unit(n), counting).due(&world.calendar, &pauses).unwrap().unwrap().at;
            prop_assert!(due(n) <= due(n + 1), "{}", unit(n));
        }
    }

    /// A rung before the due moment lies between the anchor and it; nothing before it is the due moment itself; and a rung
    /// further before is not later.
    #[test]
    fn a_rung_lies_within_the_limit(
        world in world(), a in seconds(5), span in span(), counting in counting(), extensions in prop::collection::vec(simple(), 0..3),
        rung in simple(), more in simple(), stretches in stretches(),
    ) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let term = Term { anchor, span, counting, extensions };
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        let before = |span: &Span| term.before(&world.calendar, &pauses, span).unwrap().unwrap();
        prop_assert!((anchor..=due).contains(&before(&rung)));
        prop_assert!((anchor..=due).contains(&before(&more)));
        for nothing in [Span::Elapsed(0), Span::WorkingTime(0), Span::WorkingDays(0), Span::Months(0)] {
            prop_assert_eq!(before(&nothing), due);
        }
        prop_assert!(before(&Span::WorkingTime(7_200)) <= before(&Span::WorkingTime(3_600)));
        prop_assert!(before(&Span::Elapsed(7_200)) <= before(&Span::Elapsed(3_600)));
    }

    /// Of a working time, a rung is measured on the very clock: from it to the due moment the clock runs for its length.
    #[test]
    fn a_rung_is_told_by_the_same_clock(world in world(), a in seconds(5), d in length(), rung in length(), stretches in stretches()) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let term = Term::new(anchor, Span::WorkingTime(d), Counting::cn());
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        let at = term.before(&world.calendar, &pauses, &Span::WorkingTime(rung)).unwrap().unwrap();
        prop_assert_eq!(pauses.running(&world.calendar, at, due), rung.min(d));
    }

    /// Shares of a limit come in order, from the anchor to the due moment.
    #[test]
    fn shares_come_in_order(
        world in world(), a in seconds(5), span in span(), counting in counting(), extensions in prop::collection::vec(simple(), 0..2),
        mut percents in prop::array::uniform2(0..=100u8), stretches in stretches(),
    ) {
        percents.sort_unstable();
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let term = Term { anchor, span, counting, extensions };
        let share = |percent| term.share(&world.calendar, &pauses, percent).unwrap().unwrap();
        let due = term.due(&world.calendar, &pauses).unwrap().unwrap().at;
        prop_assert_eq!(share(0), anchor);
        prop_assert_eq!(share(100), due);
        prop_assert!(anchor <= share(percents[0]) && share(percents[0]) <= share(percents[1]) && share(percents[1]) <= due);
    }

    /// What is left is nothing at the due moment, never grows while time goes by, and stands still while the clock does.
    #[test]
    fn what_is_left_runs_out_at_the_due_moment(
        world in world(), a in seconds(5), span in span(), counting in counting(), mut looks in prop::array::uniform2(seconds(30)),
        p in seconds(9), wait in length(),
    ) {
        looks.sort_unstable();
        let anchor = world.at(a);
        let term = Term::new(anchor, span, counting);
        let left = |pauses: &Pauses, at| term.left(&world.calendar, pauses, at).unwrap();
        let none = Pauses::none();
        let due = term.due(&world.calendar, &none).unwrap().unwrap().at;
        let last = left(&none, due);
        prop_assert!(!last.overdue);
        prop_assert!(last.amount == 0 || matches!(last.unit, Unit::CalendarDays | Unit::WorkingDays), "{last:?}");
        prop_assert!(left(&none, due.plus(1)).overdue);
        let [early, late] = looks.map(|look| left(&none, world.at(look)));
        prop_assert!(early.amount >= late.amount);
        // The roll of a last day takes up what a pause adds, and of several spans another may come to decide.
        prop_assume!(counting.roll == Roll::None && !matches!(term.span, Span::Earliest(_) | Span::Latest(_)) && !term.span.is_zero());
        let from = world.at(p).max(anchor);
        let open = Pauses::none().with(from, None);
        prop_assert_eq!(left(&open, from).amount, left(&open, from.plus(wait)).amount, "{:?}", term);
    }

    /// Extensions run from the due moment before them: of working time, they add up with the limit.
    #[test]
    fn extensions_add_up(world in world(), a in seconds(5), d in length(), e in length(), n in 1..9u32, m in 1..9u32, stretches in stretches()) {
        let (anchor, pauses) = (world.at(a), world.pauses(&stretches));
        let due = |span, extensions| {
            Term { anchor, span, counting: Counting::cn(), extensions }.due(&world.calendar, &pauses).unwrap().unwrap()
        };
        let extended = due(Span::WorkingTime(d), vec![Span::WorkingTime(e)]);
        prop_assert_eq!(extended, due(Span::WorkingTime(d + e), vec![]));
        let extended = due(Span::WorkingDays(n), vec![Span::WorkingDays(m)]);
        prop_assert_eq!(extended, due(Span::WorkingDays(n + m), vec![]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..config() })]

    /// No span, however long or deep, makes anything panic.
    #[test]
    fn no_span_panics(world in world(), a in any::<i64>(), n in any::<u32>(), s in any::<i64>(), counting in counting(), p in any::<i64>()) {
        let moment = |n: i64| Moment::from_unix(n % 253_402_300_800).unwrap_or(Moment::MAX);
        let units = [
            Span::Elapsed(s), Span::WorkingTime(s), Span::WorkingDays(n), Span::CalendarDays(n), Span::Weeks(n), Span::Months(n),
            Span::Years(n), Span::Earliest(vec![]), Span::Latest(vec![Span::Latest(vec![]), Span::Years(n)]),
        ];
        let pauses = [Pauses::none().with(moment(p), None), Pauses::none().with(moment(p), Some(moment(s)))];
        for span in &units {
            for pauses in &pauses {
                for other in [Span::Months(n), Span::WorkingDays(n / 2), Span::Elapsed(s / 2), Span::Earliest(vec![Span::Weeks(n)])] {
                    let term = Term { anchor: moment(a), span: span.clone(), counting, extensions: vec![other.clone()] };
                    let _ = term.due(&world.calendar, pauses);
                    let _ = term.before(&world.calendar, pauses, &other);
                    let _ = term.share(&world.calendar, pauses, 255);
                    let _ = term.left(&world.calendar, pauses, moment(p));
                }
            }
            let _ = after(&world.calendar, &counting, moment(a), span);
        }
    }
}

/// A pause holds from its first moment up to, and not with, its last; those that meet are one, and one without an end takes in all that begin
/// after it.
#[test]
fn a_pause_holds_from_its_first_moment_and_not_with_its_last() {
    let at = |n: i64| Moment::from_unix(n).unwrap();
    let pauses = Pauses::none().with(at(10), Some(at(20))).with(at(30), None);
    let paused: Vec<i64> = (0..40).filter(|n| pauses.is_paused(at(*n))).collect();
    assert_eq!(paused, (10..20).chain(30..40).collect::<Vec<_>>());
    assert_eq!(pauses.total(at(0), at(40)), 20);
    assert_eq!(pauses.total(at(15), at(32)), 7);
    assert_eq!(
        pauses.with(at(20), Some(at(30))),
        Pauses::none().with(at(10), None)
    );
    let open = Pauses::none().with(at(30), None);
    assert_eq!(open.clone().with(at(35), Some(at(36))), open);
    assert_eq!(open.clone().with(at(30), Some(at(36))), open);
    assert_eq!(open.resumed(at(30)), Pauses::none());
    assert_eq!(
        open.resumed(at(31)),
        Pauses::none().with(at(30), Some(at(31)))
    );
    assert_eq!(open.with(at(20), Some(at(29))).iter().count(), 2);
}
