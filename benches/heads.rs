//! What does it cost to keep the state of a case? Packing and unpacking a head, beside writing and reading the same as JSON, over every
//! state that the cases of a stored ledger have been in. See `benches/README.md`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    reason = "a bench may stop where it is wrong, and tells people what it found"
)]

#[allow(dead_code, reason = "shared with other benches")]
mod timing;

use std::hint::black_box;

use duly::case::{Case, evolve};
use duly::desk::shape::{pack, unpack};
use duly::desk::{Desk, SqliteLedger};
use duly::plan::Plans;
use timing::{median, thread_time};

/// Every state of every case while it is open.
fn states() -> Vec<Case> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let stored = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/stored/ledger-shape-3.db"
    );
    std::fs::copy(stored, &file).unwrap();
    let board: duly::words::BoardId = "hainan-board".parse().unwrap();
    let ledger = SqliteLedger::open(&file, board.clone()).unwrap();
    let desk = Desk::new(ledger, Plans::new(board)).unwrap();
    let mut states = Vec::new();
    for case in desk.cases(None, 100).unwrap() {
        let mut state: Option<Case> = None;
        for entry in desk.history(&case).unwrap() {
            let next = evolve(state.take(), &entry.sealed.record).unwrap();
            if !next.is_closed() {
                states.push(next.clone());
            }
            state = Some(next);
        }
    }
    states
}

/// How long it takes, in nanoseconds for each state.
fn timed(states: &[Case], each: impl Fn(&Case)) -> f64 {
    let begin = thread_time();
    states.iter().for_each(each);
    (thread_time() - begin).as_secs_f64() * 1e9 / states.len() as f64
}

fn main() {
    let rounds = if std::env::args().any(|arg| arg == "--bench") {
        201
    } else {
        1
    };
    let states = states();
    let json = |state: &Case| serde_json::to_vec(state).unwrap();
    for state in &states {
        assert_eq!(
            unpack::<Case>(&pack(state).unwrap()).unwrap().as_ref(),
            Some(state)
        );
        assert_eq!(
            &serde_json::from_slice::<Case>(&json(state)).unwrap(),
            state
        );
    }
    let packed: Vec<Vec<u8>> = states.iter().map(|state| pack(state).unwrap()).collect();
    let written: Vec<Vec<u8>> = states.iter().map(json).collect();
    let mean = |all: &[Vec<u8>]| all.iter().map(Vec::len).sum::<usize>() / all.len();
    println!(
        "{} states; packed {} bytes, JSON {} bytes on average",
        states.len(),
        mean(&packed),
        mean(&written)
    );

    let mut found: [Vec<f64>; 4] = Default::default();
    for _ in 0..rounds {
        // The sides take turns, so that what slows a round slows both.
        let read = |all: &[Vec<u8>], read: &dyn Fn(&[u8]) -> Case| {
            let begin = thread_time();
            for bytes in all {
                black_box(read(black_box(bytes)));
            }
            (thread_time() - begin).as_secs_f64() * 1e9 / all.len() as f64
        };
        found[0].push(timed(&states, |state| {
            drop(black_box(pack(black_box(state)).unwrap()))
        }));
        found[1].push(timed(&states, |state| {
            drop(black_box(json(black_box(state))))
        }));
        found[2].push(read(&packed, &|bytes| unpack(bytes).unwrap().unwrap()));
        found[3].push(read(&written, &|bytes| {
            serde_json::from_slice(bytes).unwrap()
        }));
    }
    println!(
        "{:<10} {:>9} {:>9} {:>9}",
        "", "packed ns", "JSON ns", "vs JSON"
    );
    for (name, sides) in [
        ("write", [vec![0], vec![1]]),
        ("read", [vec![2], vec![3]]),
        ("both", [vec![0, 2], vec![1, 3]]),
    ] {
        let of =
            |side: &[usize], round: usize| side.iter().map(|it| found[*it][round]).sum::<f64>();
        let whole = |side: &[usize]| median((0..rounds).map(|round| of(side, round))).unwrap();
        let ratio = median((0..rounds).map(|round| of(&sides[0], round) / of(&sides[1], round)));
        println!(
            "{name:<10} {:>9.0} {:>9.0} {:>9.2}",
            whole(&sides[0]),
            whole(&sides[1]),
            ratio.unwrap()
        );
    }
}
