//! What does a decision by diagram cost, beside the same decision written by hand and interpreted? See `benches/README.md`.
//!
//! Before anything is timed, all must give the same answer to every case.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a bench may stop where it is wrong, and tells people what it found"
)]

mod three_parts;
mod timing;

use three_parts::{Diagrams, Size, compare, lines};

fn main() {
    let timed = std::env::args().any(|arg| arg == "--bench");
    let costs = compare(if timed { &Size::WHOLE } else { &Size::LITTLE });
    println!(
        "{:<38} {:>10} {:>9} {:>9}",
        "", "ns", "vs native", "vs rhai"
    );
    for cost in &costs {
        println!(
            "{:<38} {:>10.1} {:>9.2} {:>9.1}",
            cost.name, cost.ns, cost.vs_native, cost.vs_rhai
        );
    }
    println!("\n{}", lines(&costs));
    for asked in Diagrams::load().plan.decisions() {
        if asked.size() > 0 {
            println!(
                "{:<38} {:>4} tests {:>6} bytes",
                asked.rule.as_str(),
                asked.size(),
                asked.bytes()
            );
        }
    }
}
