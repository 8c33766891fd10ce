//! Every world of a small bound, explored to its end: what random histories come upon with luck, this comes upon for certain.
//!
//! `stateright` goes through the states breadth first. There is no model of the machine: a state holds the cases themselves, a step is a
//! command given to the real `decide`, and its records are given to the real `evolve`. What the laws need to know of the past is read
//! from the records, by a reading that shares nothing with the machine (`read`). States are told apart by what of a case can still matter
//! (`essence`), and that this leaves nothing out is tried as well (`alike`).
//!
//! A law that is broken is told with the shortest way there, a line a step. How many states each world has is counted in its test; a
//! change to the machine or to the pack may change that, and then the number is looked at and written down anew.
//!
//! `DULY_WORLDS_DEPTH=1` lets each world go on for a day more, and so on; `-- --nocapture` tells how many states there were. In the test
//! profile the six worlds have 44,404 states as they stand, some twelve seconds of one processor; that states go on alike takes as long and half as long again, and the desks two seconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it is wrong"
)]

mod act;
mod alike;
mod desks;
mod essence;
mod explore;
mod laws;
mod one;
mod read;
mod two;
mod world;
