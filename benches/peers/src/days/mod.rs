//! Working days and working time in one office of China, by duly and by the crates that people use for it.
//!
//! | crate | holidays | make-up days | hours and breaks | pauses |
//! |---|---|---|---|---|
//! | bdays | by a trait | by overriding `is_bday`, which its own text does not name | no | no |
//! | workdays | a set of dates | only by making all seven days working days and each free Saturday and Sunday a holiday | no | no |
//! | workclock | a set of dates | in the same way | yes | no |

mod office;

use bdays::HolidayCalendar;
use chrono::{Days, NaiveDate};
use duly::time::{Calendar, Counting, Moment, Pauses, Span, Term};
use jiff::{SignedDuration, Timestamp};

use crate::report::{Table, interleaved};
use crate::timing::{Dice, thread_time};
use office::{FIRST, LAST, Office};
use std::hint::black_box;

const SIDES: [&str; 5] = ["duly", "bdays", "bdays, cached", "workdays", "workclock"];

/// A question with everybody's way to answer it; whoever has none cannot.
struct Question<'a, Q> {
    name: String,
    /// What is asked: drawn by chance.
    draw: Box<dyn FnMut(&mut Dice) -> Q + 'a>,
    ways: [Option<Box<dyn Fn(&Q) -> i64 + 'a>>; 5],
}

/// Date and count, or date and date as a number of days.
type Dated = (NaiveDate, i64);
/// Two moments in seconds, and the same as others take them.
struct Stretch {
    from: i64,
    to: i64,
    begin: Timestamp,
    end: Timestamp,
    seconds: i64,
}

fn at(unix: i64) -> Moment {
    Moment::from_unix(unix).unwrap()
}

fn number(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

fn nth(office: &Office, n: i64) -> Question<'_, Dated> {
    let whole = i32::try_from(n).unwrap();
    Question {
        name: format!("the {n}th working day, {}", office.name),
        draw: Box::new(move |dice| (office.date(dice, 2 * n), n)),
        ways: [
            Some(Box::new(|&(date, n)| {
                number(office.duly.nth_working_day_after(date, n).unwrap())
            })),
            Some(Box::new(move |&(date, _)| {
                let before = office.bdays.to_bday(date, false);
                number(office.bdays.advance_bdays(before, whole))
            })),
            Some(Box::new(move |&(date, _)| {
                let before = office.cached.to_bday(date, false);
                number(office.cached.advance_bdays(before, whole))
            })),
            Some(Box::new(|&(date, n)| {
                let next = date + Days::new(1);
                number(office.workdays.compute_end_date(next, n).unwrap().0)
            })),
            None,
        ],
    }
}

fn between(office: &Office, days: i64) -> Question<'_, Dated> {
    let to = |date: NaiveDate, days: i64| date + Days::new(days as u64);
    Question {
        name: format!("working days in {days} days, {}", office.name),
        draw: Box::new(move |dice| (office.date(dice, days), days)),
        ways: [
            Some(Box::new(move |&(date, days)| {
                office.duly.working_days_between(date, to(date, days))
            })),
            Some(Box::new(move |&(date, days)| {
                i64::from(office.bdays.bdays(date, to(date, days)))
            })),
            Some(Box::new(move |&(date, days)| {
                i64::from(office.cached.bdays(date, to(date, days)))
            })),
            Some(Box::new(move |&(date, days)| {
                let last = to(date, days - 1);
                office.workdays.work_days_between(date, last)
            })),
            None,
        ],
    }
}

fn stretch(office: &Office, days: i64) -> impl FnMut(&mut Dice) -> Stretch + '_ {
    move |dice| {
        let from = office.moment(dice, days);
        let to = from + days * 86_400;
        let stamp = |unix: i64| Timestamp::from_second(unix).unwrap();
        Stretch {
            from,
            to,
            begin: stamp(from),
            end: stamp(to),
            seconds: office.duly.measure(at(from), at(to)),
        }
    }
}

fn measure(office: &Office, days: i64) -> Question<'_, Stretch> {
    Question {
        name: format!("working time in {days} days, {}", office.name),
        draw: Box::new(stretch(office, days)),
        ways: [
            Some(Box::new(|it| office.duly.measure(at(it.from), at(it.to)))),
            None,
            None,
            None,
            Some(Box::new(|it| {
                office.clock.between(it.begin, it.end).as_secs()
            })),
        ],
    }
}

fn add(office: &Office, days: i64) -> Question<'_, Stretch> {
    let mut stretch = stretch(office, days);
    // No time to add is no question: some give the moment itself, some the next opening.
    let asked = move |dice: &mut Dice| loop {
        let it = stretch(dice);
        if it.seconds > 0 {
            break it;
        }
    };
    Question {
        name: format!("add the time of {days} days, {}", office.name),
        draw: Box::new(asked),
        ways: [
            Some(Box::new(|it| {
                office.duly.add(at(it.from), it.seconds).unwrap().unix()
            })),
            None,
            None,
            None,
            Some(Box::new(|it| {
                let seconds = SignedDuration::from_secs(it.seconds);
                office.clock.add(it.begin, seconds).unwrap().as_second()
            })),
        ],
    }
}

/// Ten working days with two pauses, until the close of the last one: nobody else has an answer.
fn due(office: &Office) -> Question<'_, (Term, Pauses)> {
    let until = |office: &Calendar, term: &Term, pauses: &Pauses| {
        term.due(office, pauses).unwrap().unwrap().at.unix()
    };
    Question {
        name: format!("10 working days, 2 pauses, {}", office.name),
        draw: Box::new(|dice| {
            let a = office.moment(dice, 90);
            let one = a + 1 + dice.below(4 * 86_400);
            let two = one + 3 * 86_400 + dice.below(3 * 86_400);
            let pauses = Pauses::none()
                .with(at(one), Some(at(one + 1 + dice.below(2 * 86_400))))
                .with(at(two), Some(at(two + 1 + dice.below(4 * 86_400))));
            (
                Term::new(at(a), Span::WorkingDays(10), Counting::cn()),
                pauses,
            )
        }),
        ways: [
            Some(Box::new(move |(term, pauses)| {
                until(&office.duly, term, pauses)
            })),
            None,
            None,
            None,
            None,
        ],
    }
}

impl<Q> Question<'_, Q> {
    fn check(&mut self, many: usize) -> usize {
        let mut dice = Dice(2026);
        for _ in 0..many {
            let asked = (self.draw)(&mut dice);
            let mut ways = self
                .ways
                .iter()
                .zip(SIDES)
                .filter_map(|(way, side)| Some((way.as_ref()?, side)));
            let (duly, _) = ways.next().unwrap();
            let answer = duly(&asked);
            for (way, side) in ways {
                assert_eq!(way(&asked), answer, "{side}: {}", self.name);
            }
        }
        many
    }

    fn compare(&mut self, table: &mut Table) {
        const ROUNDS: usize = 31;
        const ASKED: usize = 512;
        let mut dice = Dice(7);
        let mut asked: Vec<Vec<Q>> = Vec::new();
        for _ in 0..ROUNDS {
            asked.push((0..ASKED).map(|_| (self.draw)(&mut dice)).collect());
        }
        let times = interleaved(ROUNDS, SIDES.len(), |round, side| {
            let Some(way) = &self.ways[side] else {
                return [f64::NAN];
            };
            let sum = |all: &[Q]| {
                all.iter()
                    .fold(0_i64, |sum, one| sum.wrapping_add(way(black_box(one))))
            };
            let all = &asked[round];
            black_box(sum(&all[..ASKED / 8]));
            let begin = thread_time();
            black_box(sum(all));
            [(thread_time() - begin).as_secs_f64() * 1e9 / ASKED as f64]
        });
        rows(
            &self.name,
            table,
            |side| times.median(side, 0),
            |side| times.ratio((side, 0), (0, 0)),
        );
    }
}

fn rows(
    name: &str,
    table: &mut Table,
    median: impl Fn(usize) -> Option<f64>,
    ratio: impl Fn(usize) -> Option<f64>,
) {
    let ns = (0..SIDES.len()).map(&median);
    let least = (1..SIDES.len()).filter_map(ratio).min_by(f64::total_cmp);
    table.row(name, &ns.chain([least]).collect::<Vec<_>>());
}

/// Holds everybody to the same answers, to this many of each question.
pub fn check(many: usize) {
    let (plain, whole) = (Office::plain(), Office::whole());
    let mut asked = 0;
    for office in [&plain, &whole] {
        for n in [1, 10, 250] {
            asked += nth(office, n).check(many);
        }
        for days in [10, 365] {
            asked += between(office, days).check(many);
        }
        for days in [1, 30, 365] {
            asked += measure(office, days).check(many);
            asked += add(office, days).check(many);
        }
    }
    println!("days: all who can answer agree on {asked} questions");
}

pub fn compare() {
    let (plain, whole) = (Office::plain(), Office::whole());
    let mut columns = vec!["duly ns"];
    columns.extend(SIDES.iter().skip(1));
    columns.push("best vs duly");
    let mut table = Table::new("days", &columns);
    for office in [&plain, &whole] {
        for n in [10, 250] {
            nth(office, n).compare(&mut table);
        }
        for days in [30, 365] {
            between(office, days).compare(&mut table);
        }
        for days in [1, 30, 365] {
            measure(office, days).compare(&mut table);
            add(office, days).compare(&mut table);
        }
    }
    due(&whole).compare(&mut table);
    builds(&mut table);
    table.print();
}

/// From a table of holidays to the first answers: what a calendar is that was not asked before. Where nothing is laid out ahead, that is a set
/// of dates.
fn builds(table: &mut Table) {
    const ROUNDS: usize = 21;
    let days = duly::time::DayTable::cn();
    let times = interleaved(ROUNDS, SIDES.len(), |_, side| {
        let begin = thread_time();
        let sum = match side {
            0 => {
                let office = office::duly(&days);
                office.working_days_between(FIRST, LAST)
            }
            1 => {
                let office = office::Free::of(&days);
                i64::from(office.bdays(FIRST, FIRST + Days::new(7)))
            }
            2 => {
                let office = office::cached(&days);
                i64::from(office.bdays(FIRST, LAST))
            }
            3 => {
                let office = office::workdays(&days, true);
                office.work_days_between(FIRST, FIRST + Days::new(7))
            }
            _ => {
                let office = office::clock(&days, true);
                let first = Timestamp::from_second(office::unix(FIRST)).unwrap();
                office.next_period(first).unwrap().start.as_second()
            }
        };
        black_box(sum);
        [(thread_time() - begin).as_secs_f64() * 1e9]
    });
    rows(
        "build, 2004 to 2028, make-up days",
        table,
        |side| times.median(side, 0),
        |side| times.ratio((side, 0), (0, 0)),
    );
}
