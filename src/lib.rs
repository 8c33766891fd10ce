//! duly: public-message casework, duly handled.

pub mod time;
