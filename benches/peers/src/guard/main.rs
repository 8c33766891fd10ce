//! May this case be struck off by this person, with this outcome? The same question to duly, cedar and casbin.
//!
//! A build of its own: casbin turns on features of rhai beside which this library does not compile, so the plan here is made without rhai.

mod casbin_rs;
mod cases;
mod cedar_rs;
mod duly_rs;
#[path = "../report.rs"]
mod report;
#[path = "../../../timing/mod.rs"]
#[allow(dead_code, reason = "shared with the benches")]
mod timing;

use std::hint::black_box;

use cases::{Asked, asked};
use report::{Table, interleaved};
use timing::thread_time;

/// One of those compared.
trait Peer {
    /// A question, as this peer reads it.
    type Facts;
    fn facts(&self, asked: &Asked) -> Self::Facts;
    fn may(&self, facts: &Self::Facts) -> bool;
}

/// A peer with its facts out of sight.
struct Side {
    name: &'static str,
    answer: Box<dyn Fn(&Asked) -> bool>,
    /// Nanoseconds a question over a round: facts at hand, and facts made anew.
    round: Box<dyn Fn(&[Asked]) -> [f64; 2]>,
}

impl Side {
    fn new<P: Peer + 'static>(name: &'static str, peer: impl Fn() -> P) -> Side {
        let (answers, timed) = (peer(), peer());
        Side {
            name,
            answer: Box::new(move |asked| answers.may(&answers.facts(asked))),
            round: Box::new(move |all| {
                let facts: Vec<P::Facts> = all.iter().map(|asked| timed.facts(asked)).collect();
                // Neither of the two finds colder cases than the other.
                black_box(count(&facts, |facts| timed.may(facts)));
                let at_hand = ns(all.len(), || count(&facts, |facts| timed.may(facts)));
                let anew = ns(all.len(), || {
                    count(all, |asked| timed.may(&timed.facts(asked)))
                });
                [at_hand, anew]
            }),
        }
    }
}

fn count<T>(all: &[T], may: impl Fn(&T) -> bool) -> usize {
    all.iter().filter(|one| may(black_box(one))).count()
}

fn ns(many: usize, round: impl FnOnce() -> usize) -> f64 {
    let begin = thread_time();
    black_box(round());
    (thread_time() - begin).as_secs_f64() * 1e9 / many as f64
}

fn sides() -> Vec<Side> {
    vec![
        Side::new("duly, the move alone", duly_rs::Move::new),
        Side::new("duly, the whole command", duly_rs::Whole::new),
        Side::new("cedar, a policy a clause", cedar_rs::Cedar::clauses),
        Side::new("cedar, one policy", cedar_rs::Cedar::one),
        Side::new("casbin", casbin_rs::Casbin::new),
    ]
}

fn main() {
    let word = std::env::args().nth(1);
    let wanted = |part: &str| word.as_deref().is_none_or(|word| word == part);
    if wanted("check") || wanted("guard") {
        check(20_000);
    }
    if wanted("guard") {
        compare();
    }
    if wanted("load") {
        loads();
    }
}

/// Holds the others to what duly says.
fn check(many: usize) {
    let all = asked(many, 2026);
    let sides = sides();
    let mut yes = 0;
    for one in &all {
        let may = (sides[0].answer)(one);
        yes += usize::from(may);
        for side in &sides[1..] {
            assert_eq!((side.answer)(one), may, "{}: {one:#?}", side.name);
        }
    }
    // Questions that are all refused would prove little.
    assert!(
        many < 1_000 || (many / 10..many * 9 / 10).contains(&yes),
        "{yes} of {many}"
    );
    println!(
        "guard: {} sides agree on {many} random questions, {yes} of them yes",
        sides.len()
    );
}

fn compare() {
    const ROUNDS: usize = 31;
    const ASKED: usize = 256;
    let sides = sides();
    let all = asked(ROUNDS * ASKED, 7);
    let times = interleaved(ROUNDS, sides.len(), |round, side| {
        (sides[side].round)(&all[round * ASKED..][..ASKED])
    });
    let mut table = Table::new(
        "guard",
        &["ns", "vs duly", "facts anew, ns", "anew vs duly"],
    );
    for (at, side) in sides.iter().enumerate() {
        table.row(
            side.name,
            &[
                times.median(at, 0),
                times.ratio((at, 0), (0, 0)),
                times.median(at, 1),
                times.ratio((at, 1), (0, 1)),
            ],
        );
    }
    table.print();
}

fn loads() {
    const ROUNDS: usize = 21;
    let names = ["cedar, parsed", "cedar, parsed and validated", "casbin"];
    let times = interleaved(ROUNDS, names.len(), |_, side| {
        let begin = thread_time();
        match side {
            0 => drop(black_box(cedar_rs::parsed(cedar_rs::CLAUSES))),
            1 => drop(black_box(cedar_rs::validated(cedar_rs::CLAUSES))),
            _ => drop(black_box(casbin_rs::enforcer())),
        }
        [(thread_time() - begin).as_secs_f64() * 1e6]
    });
    let mut table = Table::new("load, the guard", &["µs"]);
    for (at, name) in names.iter().enumerate() {
        table.row(name, &[times.median(at, 0)]);
    }
    table.print();
}
