//! Why a limit is due when it is: what is told to whom, and what holds of every explanation.

mod laws;
mod told;
