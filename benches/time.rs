//! What does a calendar cost, beside what an engineer would write by hand? A list of the open intervals of all 25 years with
//! running sums, searched by halving (`prefix`), and a walk over the dates (`loop`); all three in one run, in turns,
//! by the thread's own clock. See `benches/README.md`.
//!
//! Before anything is timed, all must give the same answer to every question.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a bench may stop where it is wrong, and tells people what it found"
)]

mod rivals;
mod timing;

use std::hint::black_box;

use chrono::{Days, NaiveDate};
use duly::time::{Calendar, Counting, DayTable, Hours, Moment, Pauses, Span, Term, Zone};
use rivals::{Prefix, Walk, YEARS};
use timing::{Dice, median, thread_time};

/// Spans to be told apart: their cost should not be.
const SPANS: [(&str, i64); 5] = [
    ("1 day", 1),
    ("1 month", 30),
    ("1 year", 365),
    ("10 years", 3_652),
    ("20 years", 7_305),
];

/// How much is done: all of it under `cargo bench`, a little under `cargo test`.
struct Size {
    questions: usize,
    /// Of these the walk is asked a few only, when it comes to timing.
    walked: usize,
    rounds: usize,
}

fn main() {
    let timed = std::env::args().any(|arg| arg == "--bench");
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let size = if timed {
        Size {
            questions: 1024,
            walked: 16,
            rounds: 41,
        }
    } else {
        Size {
            questions: 16,
            walked: 2,
            rounds: 1,
        }
    };
    let zone: Zone = "Asia/Shanghai".parse().unwrap();
    let table = DayTable::cn();
    let office = Calendar::new(zone, hours(), &table).unwrap();
    let prefix = Prefix::build(&table);
    let walk = Walk::new(&table);
    let mut dice = Dice(2026);
    let mut report = Report::new();
    let asked = |part: &str| wanted.as_deref().is_none_or(|wanted| wanted == part);
    if asked("spans") {
        spans(&size, &mut dice, &mut report, &office, &prefix, &walk);
    }
    if asked("dates") {
        dates(&size, &mut dice, &mut report, &office, &prefix, &walk);
    }
    if asked("due") {
        due(&size, &mut dice, &mut report, &office, &walk);
    }
    if asked("builds") {
        builds(&size, &mut report, &table);
    }
    report.json();
}

fn hours() -> Hours {
    let day = ["09:00-12:00", "14:00-18:00"];
    Hours::weekdays(day.map(|window| window.parse().unwrap()).to_vec())
}

fn spans(
    size: &Size,
    dice: &mut Dice,
    report: &mut Report,
    office: &Calendar,
    prefix: &Prefix,
    walk: &Walk,
) {
    let (first, last) = rivals::bounds();
    for (name, days) in SPANS {
        let stretch = days * 86_400;
        let questions: Vec<(i64, i64, i64)> = (0..size.questions)
            .map(|_| {
                let a = first + dice.below(last - first - stretch);
                let b = a + stretch;
                let seconds = office.measure(at(a), at(b));
                assert_eq!(seconds, prefix.measure(a, b), "{a} to {b}");
                assert_eq!(seconds, walk.measure(a, b), "{a} to {b}");
                let end = add(office, a, seconds);
                assert_eq!(end, prefix.add(a, seconds), "{a} and {seconds}");
                assert_eq!(end, walk.add(a, seconds), "{a} and {seconds}");
                (a, b, seconds)
            })
            .collect();
        let few = &questions[..size.walked];
        report.row(
            &format!("measure, {name}"),
            size.rounds,
            Side::new(questions.len(), || {
                sum(&questions, |&(a, b, _)| office.measure(at(a), at(b)))
            }),
            Some(Side::new(questions.len(), || {
                sum(&questions, |&(a, b, _)| prefix.measure(a, b))
            })),
            Some(Side::new(few.len(), || {
                sum(few, |&(a, b, _)| walk.measure(a, b))
            })),
        );
        report.row(
            &format!("add, {name}"),
            size.rounds,
            Side::new(questions.len(), || {
                sum(&questions, |&(a, _, d)| add(office, a, d))
            }),
            Some(Side::new(questions.len(), || {
                sum(&questions, |&(a, _, d)| prefix.add(a, d))
            })),
            Some(Side::new(few.len(), || {
                sum(few, |&(a, _, d)| walk.add(a, d))
            })),
        );
    }
}

fn dates(
    size: &Size,
    dice: &mut Dice,
    report: &mut Report,
    office: &Calendar,
    prefix: &Prefix,
    walk: &Walk,
) {
    let begin = NaiveDate::from_ymd_opt(YEARS.start, 1, 1).unwrap();
    for n in [10, 250, 2500] {
        let from: Vec<NaiveDate> = (0..size.questions)
            .map(|_| {
                let date = begin + Days::new(u64::try_from(dice.below(14 * 365)).unwrap());
                let there = office.nth_working_day_after(date, n).unwrap();
                assert_eq!(there, prefix.nth_after(date, n), "{date} and {n}");
                assert_eq!(there, walk.nth_after(date, n), "{date} and {n}");
                date
            })
            .collect();
        let few = &from[..size.walked];
        let number = |date: NaiveDate| i64::from(date.to_epoch_days());
        report.row(
            &format!("nth_working_day_after, {n}"),
            size.rounds,
            Side::new(from.len(), || {
                sum(&from, |&date| {
                    number(office.nth_working_day_after(date, n).unwrap())
                })
            }),
            Some(Side::new(from.len(), || {
                sum(&from, |&date| number(prefix.nth_after(date, n)))
            })),
            Some(Side::new(few.len(), || {
                sum(few, |&date| number(walk.nth_after(date, n)))
            })),
        );
    }
}

/// Ten working days with two pauses: what a case asks for most. The walk looks at each close whether the clock runs; a table of
/// sums by itself has no answer.
fn due(size: &Size, dice: &mut Dice, report: &mut Report, office: &Calendar, walk: &Walk) {
    let (first, last) = rivals::bounds();
    let terms: Vec<_> = (0..size.questions)
        .map(|_| {
            let a = first + dice.below(last - first - 90 * 86_400);
            let one = a + 1 + dice.below(4 * 86_400);
            let two = one + 3 * 86_400 + dice.below(3 * 86_400);
            let stops = [
                (one, one + 1 + dice.below(2 * 86_400)),
                (two, two + 1 + dice.below(4 * 86_400)),
            ];
            let pauses = stops.iter().fold(Pauses::none(), |pauses, &(from, until)| {
                pauses.with(at(from), Some(at(until)))
            });
            let term = Term::new(at(a), Span::WorkingDays(10), Counting::cn());
            assert_eq!(
                until(&term, office, &pauses),
                walk.due(a, 10, &stops),
                "{term:?}, {pauses:?}"
            );
            (term, pauses, a, stops)
        })
        .collect();
    report.row(
        "Term::due, 10 working days, 2 pauses",
        size.rounds,
        Side::new(terms.len(), || {
            sum(&terms, |(term, pauses, ..)| until(term, office, pauses))
        }),
        None,
        Some(Side::new(terms.len(), || {
            sum(&terms, |(_, _, a, stops)| walk.due(*a, 10, stops))
        })),
    );
}

/// From hours and table to the first answers, so that all is counted which 2004 to 2028 need.
fn builds(size: &Size, report: &mut Report, table: &DayTable) {
    let (first, last) = rivals::bounds();
    let whole = Prefix::build(table).measure(first, last);
    let build = |zone: &str| {
        let office = Calendar::new(zone.parse().unwrap(), hours(), table).unwrap();
        let seconds = office.measure(at(first), at(last));
        add(&office, first, seconds);
        seconds
    };
    assert_eq!(build("Asia/Shanghai"), whole);
    for zone in ["Asia/Shanghai", "Europe/Berlin"] {
        let china = zone == "Asia/Shanghai";
        report.row(
            &format!("build 25 years, {zone}"),
            size.rounds,
            Side::new(1, || build(black_box(zone))),
            china.then(|| Side::new(1, || Prefix::build(black_box(table)).measure(first, last))),
            None,
        );
    }
    let text = include_str!("../rules/calendars/cn.json");
    report.row(
        "read China's table from JSON",
        size.rounds,
        Side::new(1, || {
            let read = DayTable::from_json(black_box(text)).unwrap();
            i64::try_from(read.closed.len()).unwrap()
        }),
        None,
        None,
    );
}

fn at(unix: i64) -> Moment {
    Moment::from_unix(unix).unwrap()
}

fn add(office: &Calendar, a: i64, seconds: i64) -> i64 {
    office.add(at(a), seconds).unwrap().unix()
}

fn until(term: &Term, office: &Calendar, pauses: &Pauses) -> i64 {
    term.due(office, pauses).unwrap().unwrap().at.unix()
}

fn sum<T>(all: &[T], ask: impl Fn(&T) -> i64) -> i64 {
    all.iter()
        .fold(0, |sum: i64, one| sum.wrapping_add(ask(black_box(one))))
}

/// One of those compared: how many questions a round of it answers, and the round.
struct Side<'a> {
    questions: usize,
    round: Box<dyn Fn() -> i64 + 'a>,
}

impl<'a> Side<'a> {
    fn new(questions: usize, round: impl Fn() -> i64 + 'a) -> Side<'a> {
        Side {
            questions,
            round: Box::new(round),
        }
    }

    /// Nanoseconds for each question. A round goes before that is not timed, so that none pays for what the side before it
    /// left in the caches.
    fn time(&self) -> f64 {
        black_box((self.round)());
        let begin = thread_time();
        black_box((self.round)());
        (thread_time() - begin).as_secs_f64() * 1e9 / self.questions as f64
    }
}

struct Report(Vec<String>);

impl Report {
    fn new() -> Report {
        println!(
            "{:<38} {:>10} {:>10} {:>10} {:>9} {:>9}",
            "", "duly ns", "prefix ns", "loop ns", "vs prefix", "vs loop"
        );
        Report(Vec::new())
    }

    /// Times the sides in turns. The ratios are medians of the ratios of each round, so that what slows a round slows both.
    fn row(
        &mut self,
        name: &str,
        rounds: usize,
        duly: Side<'_>,
        prefix: Option<Side<'_>>,
        walk: Option<Side<'_>>,
    ) {
        let sides = [Some(duly), prefix, walk];
        let times: Vec<[Option<f64>; 3]> = (0..rounds)
            .map(|_| [0, 1, 2].map(|side| sides[side].as_ref().map(Side::time)))
            .collect();
        let ns = [0, 1, 2].map(|side| median(times.iter().filter_map(|round| round[side])));
        let ratio = |side: usize| {
            median(times.iter().filter_map(|round| match side {
                1 => Some(round[0]? / round[1]?),
                _ => Some(round[2]? / round[0]?),
            }))
        };
        let (vs_prefix, vs_loop) = (ratio(1), ratio(2));
        let show = |value: Option<f64>, digits: usize| {
            value.map_or("-".to_owned(), |value| format!("{value:.digits$}"))
        };
        println!(
            "{name:<38} {:>10} {:>10} {:>10} {:>9} {:>9}",
            show(ns[0], 1),
            show(ns[1], 1),
            show(ns[2], 1),
            show(vs_prefix, 2),
            show(vs_loop, 1),
        );
        let round = |value: Option<f64>| value.map(|value| (value * 100.0).round() / 100.0);
        self.0.push(
            serde_json::json!({
                "name": name,
                "ns": round(ns[0]),
                "vs_prefix": round(vs_prefix),
                "vs_loop": round(vs_loop),
            })
            .to_string(),
        );
    }

    fn json(&self) {
        println!();
        self.0.iter().for_each(|line| println!("{line}"));
    }
}
