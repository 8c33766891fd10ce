//! Made-up people at work on made-up cases, in virtual time: what the demo and the simulation share.
//!
//! A [`Course`] says how a case is to go; the people of an [`Office`] follow it through the desk, command by command;
//! the [`Drive`] keeps everything in the order of time. People decide what to do next from their case as their own last
//! command left it, so it makes no difference how often anybody looks at the clock.

mod chain;
mod closing;
mod course;
mod dice;
mod drive;
mod facts;
mod handling;
mod linked;
mod office;
mod people;
mod post;

pub use course::{
    After, Aside, Citizen, Course, Decline, Hook, Merge, Pace, ReplyAt, Round, Step, Try, Who,
    Words,
};
pub use dice::Dice;
pub use drive::{Drive, Log};
pub use facts::{facts, findings, where_true};
pub use office::Office;
pub use people::People;
pub use post::Post;
