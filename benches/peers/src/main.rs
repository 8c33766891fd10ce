//! duly beside what people would otherwise use, on the same cases. `cargo run --release` does all of it; a word at the end one part:
//! `decision`, `guard`, `days`, `load`, `mistakes`, or `check`, which holds everybody to the same answers and times nothing. See `benches/README.md`.

mod days;
mod decision;
mod load;
mod mistakes;
mod report;
#[path = "../../three_parts/mod.rs"]
#[allow(dead_code, reason = "shared with the benches")]
mod three_parts;
#[path = "../../timing/mod.rs"]
mod timing;

use std::process::Command;

fn main() {
    let word = std::env::args().nth(1);
    let asked = |part: &str| word.as_deref().is_none_or(|word| word == part);
    match word.as_deref() {
        None | Some("check" | "decision" | "guard" | "days" | "load" | "mistakes") => {}
        Some(other) => {
            eprintln!("no part is called `{other}`: decision, guard, days, load, mistakes, check");
            std::process::exit(2);
        }
    }
    if asked("check") || asked("decision") {
        decision::check(20_000);
    }
    if asked("check") || asked("days") {
        days::check(2_000);
    }
    if asked("decision") {
        decision::compare();
    }
    if asked("days") {
        days::compare();
    }
    if asked("load") {
        load::compare();
    }
    if asked("mistakes") {
        mistakes::compare();
    }
    if ["check", "guard", "load"].into_iter().any(asked) {
        guard(word.as_deref());
    }
}

/// casbin turns on features of rhai that take the limits of rules away, and this library does not compile beside them. So the guard is a
/// build of its own, without rhai in the library.
fn guard(word: Option<&str>) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = [
        "run",
        "--release",
        "--locked",
        "--quiet",
        "--no-default-features",
    ];
    let status = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .args(["--features", "guard", "--bin", "guard", "--"])
        .args(word)
        .status()
        .unwrap();
    assert!(status.success(), "the guard failed");
}
