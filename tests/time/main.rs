//! The arithmetic of deadlines, held to its laws.
//!
//! `laws` says what is true of every calendar, `terms` what is true of every limit; both under random worlds (`world`) in the zones
//! whose clocks misbehave most. `model` is the slow calendar that the fast one must agree with. `explain` is what people are told of them.
//! `golden` holds dates worked
//! out elsewhere, `refusals` what must not be believed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic: that is how a test fails"
)]

mod explain;
mod golden;
mod laws;
mod model;
mod refusals;
mod terms;
mod world;
