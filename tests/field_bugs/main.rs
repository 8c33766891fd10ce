//! Bugs that deadline engines have had in the field, and what happens here instead. A test is named for the row of
//! the list that it stands for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod ladders;
mod office;
