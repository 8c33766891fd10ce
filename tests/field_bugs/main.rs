//! Bugs that real systems had, each with what must hold here instead. A test is named for its row and for the public project
//! and issue where it was found; the sentence above it says what went wrong there and what must be true.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod citizen;
mod clocks;
mod file;
mod ladders;
mod office;
mod pauses;
mod plans;
mod time;

use duly::time::Moment;

/// A moment, as people write it.
fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}
