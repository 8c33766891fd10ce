//! The decision in three parts, by everybody: by hand, by diagram, and by what people would otherwise write it in.
//!
//! Rules are read and compiled once, before anything is timed. Each peer is timed twice: with the facts of a case at hand as its own kind
//! of value, and with those values made anew from the case each time.

pub mod cel_rs;
pub mod evalexpr_rs;
mod facts;
pub mod regorus_rs;
pub mod rhai_rs;
pub mod zen_expression_rs;
#[cfg(feature = "zen")]
pub mod zen_rs;

use std::hint::black_box;

use duly::plan::Row;

use crate::report::{Table, interleaved};
use crate::three_parts::{Case, Diagrams, Interpreted, by_hand, cases, row};
use crate::timing::thread_time;
pub use facts::{Fact, Facts};

use cel_rs::Cel;
use evalexpr_rs::Evalexpr;
use regorus_rs::{Rego, RegoVm};
use rhai_rs::Grain;
use zen_expression_rs::ZenExpression;
#[cfg(feature = "zen")]
use zen_rs::Zen;

/// One of those compared.
pub trait Peer {
    /// The facts of a case, as this peer reads them.
    type Facts;
    fn facts(&self, case: &Case) -> Self::Facts;
    /// All answers in one number: `days * 100 + to * 10 + gates that are shut`.
    fn decide(&mut self, facts: &Self::Facts) -> u32;
}

struct ByHand;

impl Peer for ByHand {
    type Facts = Row;
    fn facts(&self, case: &Case) -> Row {
        row(case)
    }
    fn decide(&mut self, row: &Row) -> u32 {
        by_hand::decide(row)
    }
}

/// duly's diagrams, by what is asked of them.
struct Diagram {
    diagrams: Diagrams,
    ask: fn(&Diagrams, &Row) -> u32,
}

impl Peer for Diagram {
    type Facts = Row;
    fn facts(&self, case: &Case) -> Row {
        row(case)
    }
    fn decide(&mut self, row: &Row) -> u32 {
        (self.ask)(&self.diagrams, row)
    }
}

struct Rhai(Interpreted);

impl Peer for Rhai {
    type Facts = Case;
    fn facts(&self, case: &Case) -> Case {
        *case
    }
    fn decide(&mut self, case: &Case) -> u32 {
        self.0.decide(case)
    }
}

/// A peer with its facts out of sight.
struct Side {
    name: &'static str,
    answer: Box<dyn FnMut(&Case) -> u32>,
    /// Nanoseconds a case over a round: facts at hand, and facts made anew.
    round: Box<dyn FnMut(&[Case]) -> [f64; 2]>,
}

impl Side {
    fn new<P: Peer + 'static>(name: &'static str, peer: impl Fn() -> P) -> Side {
        let (mut asked, mut timed) = (peer(), peer());
        Side {
            name,
            answer: Box::new(move |case| {
                let facts = asked.facts(case);
                asked.decide(&facts)
            }),
            round: Box::new(move |cases| {
                let all: Vec<P::Facts> = cases.iter().map(|case| timed.facts(case)).collect();
                // What others left in the caches is nobody's fault here.
                let few = all.len().div_ceil(8);
                black_box(sum(&all[..few], |facts| timed.decide(facts)));
                let at_hand = ns(cases.len(), || sum(&all, |facts| timed.decide(facts)));
                let anew = ns(cases.len(), || {
                    sum(cases, |case| {
                        let facts = timed.facts(case);
                        timed.decide(&facts)
                    })
                });
                [at_hand, anew]
            }),
        }
    }
}

fn sum<T>(all: &[T], mut decide: impl FnMut(&T) -> u32) -> u64 {
    all.iter()
        .fold(0, |sum, one| sum + u64::from(decide(black_box(one))))
}

fn ns(many: usize, round: impl FnOnce() -> u64) -> f64 {
    let begin = thread_time();
    black_box(round());
    (thread_time() - begin).as_secs_f64() * 1e9 / many as f64
}

fn sides() -> Vec<Side> {
    let diagram = |ask: fn(&Diagrams, &Row) -> u32| {
        move || Diagram {
            diagrams: Diagrams::load(),
            ask,
        }
    };
    vec![
        Side::new("by hand", || ByHand),
        Side::new("duly", diagram(|all, row| all.answer(row))),
        Side::new("duly, with reasons", diagram(|all, row| all.decided(row))),
        Side::new(
            "duly, with reasons in words",
            diagram(|all, row| all.in_words(row)),
        ),
        Side::new("rhai, interpreted", || Rhai(Interpreted::new())),
        Side::new("rhai, bytecode (Grain)", Grain::new),
        Side::new("cel", Cel::new),
        Side::new("evalexpr", Evalexpr::new),
        Side::new("zen-expression, compiled", ZenExpression::new),
        #[cfg(feature = "zen")]
        Side::new("zen-engine, expression node", Zen::expression),
        #[cfg(feature = "zen")]
        Side::new("zen-engine, decision tables", Zen::tables),
        #[cfg(feature = "zen")]
        Side::new("zen-engine, tables with trace", Zen::traced),
        Side::new("regorus, interpreted", Rego::new),
        Side::new("regorus, its VM", RegoVm::new),
    ]
}

/// Holds everybody to the answers by hand, on this many random cases.
pub fn check(many: usize) {
    let mut sides = sides();
    for case in cases(many) {
        let answer = by_hand::decide(&row(&case));
        for side in &mut sides {
            assert_eq!((side.answer)(&case), answer, "{}: {case:?}", side.name);
        }
    }
    println!(
        "decision: {} sides agree on {many} random cases",
        sides.len()
    );
}

/// Times everybody in turns, over cases that no round had before.
pub fn compare() {
    const CASES: usize = 1_024;
    const ROUNDS: usize = 31;
    let mut sides = sides();
    let cases = cases(CASES * ROUNDS);
    let times = interleaved(ROUNDS, sides.len(), |round, side| {
        (sides[side].round)(&cases[round * CASES..][..CASES])
    });
    let mut table = Table::new(
        "decision",
        &["ns", "vs hand", "vs duly", "facts anew, ns", "anew vs duly"],
    );
    for (at, side) in sides.iter().enumerate() {
        table.row(
            side.name,
            &[
                times.median(at, 0),
                times.ratio((at, 0), (0, 0)),
                times.ratio((at, 0), (1, 0)),
                times.median(at, 1),
                times.ratio((at, 1), (1, 1)),
            ],
        );
    }
    table.print();
}
