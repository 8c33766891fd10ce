//! From the text of the rules to rules that answer: read, checked as far as each checks, compiled. Once a process, or once a change.

use std::hint::black_box;

use duly::plan::Plan;

#[cfg(feature = "zen")]
use crate::decision::zen_rs;
use crate::decision::{cel_rs, evalexpr_rs, regorus_rs, rhai_rs, zen_expression_rs};
use crate::report::{Table, interleaved};
use crate::three_parts::{Interpreted, PACK};
use crate::timing::thread_time;

struct Side<'a> {
    name: &'static str,
    /// How often in a round.
    times: usize,
    load: Box<dyn Fn() + 'a>,
}

fn side<'a, T>(name: &'static str, times: usize, load: impl Fn() -> T + 'a) -> Side<'a> {
    Side {
        name,
        times,
        load: Box::new(move || drop(black_box(load()))),
    }
}

pub fn compare() {
    const ROUNDS: usize = 21;
    let pack = || duly::script::load("pack.rhai", PACK).unwrap();
    let stored = serde_json::to_string(&pack()).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&stored).unwrap(), pack());
    #[cfg(feature = "zen")]
    let graph = zen_rs::expression_graph();
    let sides = [
        side("duly, pack tabulated", 1, pack),
        side("duly, plan as it was stored", 4, || {
            serde_json::from_str::<Plan>(&stored).unwrap()
        }),
        side("rhai, interpreted", 4, Interpreted::new),
        side("rhai, bytecode (Grain)", 4, || {
            let engine = rhai_rs::engine();
            rhai_rs::program(&engine)
        }),
        side("cel", 1, || {
            cel::Program::compile(cel_rs::EXPRESSION).unwrap()
        }),
        side("evalexpr", 4, || {
            evalexpr::build_operator_tree(evalexpr_rs::EXPRESSION).unwrap()
        }),
        side("zen-expression, compiled", 4, || {
            zen_expression::compile_expression(zen_expression_rs::EXPRESSION).unwrap()
        }),
        #[cfg(feature = "zen")]
        side("zen-engine, expression node", 4, || {
            zen_rs::load(&graph).unwrap()
        }),
        #[cfg(feature = "zen")]
        side("zen-engine, decision tables", 4, || {
            zen_rs::load(zen_rs::TABLES).unwrap()
        }),
        side("regorus, interpreted", 1, || {
            regorus_rs::compiled().unwrap()
        }),
        side("regorus, its VM", 1, || {
            regorus_rs::program(&regorus_rs::compiled().unwrap()).unwrap()
        }),
    ];
    let times = interleaved(ROUNDS, sides.len(), |_, at| {
        let side = &sides[at];
        let begin = thread_time();
        (0..side.times).for_each(|_| (side.load)());
        [(thread_time() - begin).as_secs_f64() * 1e6 / side.times as f64]
    });
    let mut table = Table::new("load", &["µs", "vs duly"]);
    for (at, side) in sides.iter().enumerate() {
        table.row(
            side.name,
            &[times.median(at, 0), times.ratio((at, 0), (0, 0))],
        );
    }
    table.print();
}
