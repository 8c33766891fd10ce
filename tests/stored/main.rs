//! What is stored for ever is read for ever: lines of every kind as they stand in ledgers, whole ledgers of earlier builds, and the bytes of
//! heads under each number of their shape. Files here are never edited; new ones are added.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod heads;
mod ledger;
mod lines;
mod shapes;
