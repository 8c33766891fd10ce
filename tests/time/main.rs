//! The arithmetic of deadlines, held to its laws.
//!
//! `laws` says what is true of every calendar, `terms` what is true of every limit; both under random worlds (`world`) in the zones
//! whose clocks misbehave most. `calendars` says what is true of day tables, however they are read and joined, and `export` of what
//! is written for other people's calendars. `explain` is what people are told of
//! them. `model` is the slow calendar that the fast one must agree with. `golden` holds dates worked
//! out elsewhere, `refusals` what must not be believed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic: that is how a test fails"
)]

mod calendars;
mod explain;
mod export;
mod golden;
mod laws;
mod model;
mod refusals;
mod terms;
mod world;
