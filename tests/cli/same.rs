//! The same inputs give the same bytes: in another process, on another day, in another build.

use super::{Desk, duly};

/// The hash of a seal over everything that a ledger has up to a day.
fn sealed(ledger: &str, day: &str) -> String {
    let ran = duly(&["seal", ledger, "--day", day, "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = ran.out.split_once(&format!("seal 1, of {day}: "));
    let (_, rest) = said.expect("a seal");
    rest.get(..64).expect("a hash").to_owned()
}

/// The story of the demo and a simulated half year, each by processes of their own.
fn told() -> [String; 2] {
    let desk = Desk::new();
    let demo = duly(&["demo", "--keep", &desk.path("kept")]);
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    let simulated = desk.path("simulated.db");
    let args = "simulate hainan-board --cases 60 --seed 5 --ledger";
    let args: Vec<&str> = args.split(' ').chain([simulated.as_str()]).collect();
    let ran = duly(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    [
        sealed(&desk.path("kept/demo.db"), "2026-04-29"),
        sealed(&simulated, "2025-01-25"),
    ]
}

// Two processes that are asked the same keep the same records, byte for byte: what a day's seal covers has one hash. And they are the bytes
// that other builds came to, on other machines: the hashes stand in a file. The gates run it as the test profile builds; optimised as for release it is run by
// hand, `cargo test --release --all-features --test cli same::`. Whoever changes what a case comes to under the shipped
// pack, or what is kept of it, sees here that they did.
#[test]
fn the_same_inputs_give_the_same_bytes_in_every_process_and_build() {
    let once = told();
    assert_eq!(once, told());
    insta::assert_snapshot!("same_bytes", once.join("\n"));
}
