//! The two things that the library does not do by itself: read a clock and draw randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use duly::time::Moment;
use duly::words::Salt;

use crate::problem::Problem;

/// The moment that it is, by the system's clock. Keep it right (NTP): limits are counted by it.
pub fn now() -> Moment {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = passed.map_or(0, |passed| passed.as_secs());
    let moment = i64::try_from(seconds).ok().map(Moment::from_unix);
    moment.and_then(Result::ok).unwrap_or(Moment::MIN)
}

/// A salt for the texts of one command, from the operating system.
pub fn salt() -> Result<Salt, Problem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| {
        Problem::unavailable(
            "no_randomness",
            "the operating system gives no randomness",
            "操作系统未能提供随机数",
        )
    })?;
    Ok(Salt::new(bytes))
}
