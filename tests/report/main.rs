//! Reports are folds of records: same records, same bytes; every record in one digest; parts that sum to the whole.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod explained;
mod figures;
mod integrity;
mod laws;
mod letters;
mod linked;
mod published;
mod ranking;
mod tables;
mod timelines;
#[path = "../tries/mod.rs"]
mod tries;
mod world;
