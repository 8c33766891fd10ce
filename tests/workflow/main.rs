//! The message board (领导留言板) as the prefecture runs it, a story a row: each test is named for a row of the
//! workflow, says above it what the row asks, and lives it through the public door alone, with the shipped pack and
//! the real calendar. What holds over *all* histories is a law of `tests/laws`; here stands one that people can read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod board;
mod closing;
mod handling;
mod intake;
mod ledger;
mod limits;
mod redo;
mod supervision;
mod together;
