//! Moments, calendars, spans and the arithmetic of deadlines. Nothing here reads a clock, and nothing knows of cases.
//!
//! A [`Moment`] is one second of universal time. A [`Calendar`] says when an office works: a [`Zone`], the [`Hours`] of its week, and a
//! [`DayTable`] of holidays and make-up days. On it stand two primitives, [`Calendar::measure`] (working seconds between two
//! moments) and [`Calendar::add`] (the earliest moment by which so many have passed). A [`Term`] is a limit as a rule states it:
//! a [`Span`] from an anchor, counted by a [`Counting`] rule, held up by [`Pauses`]. [`Term::due`] says when it ends,
//! [`Term::explain`] why: a [`Derivation`] lists what counted and what did not, and tells it in English and Chinese.
//!
//! # Laws
//!
//! For every calendar, moments `a ≤ b ≤ c` and lengths `d`, `e` of at least zero:
//!
//! 1. `measure(a, add(a, d)) == d`.
//! 2. `add` is the earliest: for `d > 0`, `measure(a, add(a, d) − 1 s) == d − 1`. So time that ends with a shift is due at its close,
//!    and `add(a, 0) == a`.
//! 3. `add(add(a, d), e) == add(a, d + e)`.
//! 4. `measure(a, c) == measure(a, b) + measure(b, c)`.
//! 5. A pause outside working hours moves no working time, and pausing never loses or gains any.
//! 6. A later start or a greater length never ends earlier.
//!
//! ```
//! use duly::time::{Calendar, DayTable, Hours, Moment};
//! let mut days = DayTable::plain("autumn");
//! for day in 1..=7 {
//!     days.closed.insert(format!("2026-10-{day:02}").parse()?, "国庆节".to_owned());
//! }
//! let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
//! let office = Calendar::new("Asia/Shanghai".parse()?, hours, &days)?;
//! let received = Moment::parse("2026-09-30T17:00:00+08:00")?;
//! assert_eq!(office.add(received, 2 * 3600)?, Moment::parse("2026-10-08T10:00:00+08:00")?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod count;
mod counting;
mod dates;
mod days;
mod deadline;
mod error;
mod explain;
mod hours;
mod ics;
mod index;
mod layers;
mod left;
mod moment;
mod notices;
mod papers;
mod pauses;
mod reckon;
mod rungs;
mod shipped;
mod span;
mod stretch;
mod table;
mod term;
mod text;
mod window;
mod zone;

pub use calendar::{Calendar, Day};
pub use counting::{Counting, DayOne, Ends, Roll};
pub use deadline::Deadline;
pub use error::{CalendarError, TimeError};
pub use explain::{
    ClockChange, Closing, Counted, Derivation, Leg, LegEnd, NamedPause, Rolled, Standing, Stretch,
};
pub use hours::Hours;
pub use left::{Left, Unit};
pub use moment::Moment;
pub use pauses::{Pause, Pauses};
pub use span::Span;
pub use table::{Coverage, DayTable, Opened};
pub use term::{Due, Term, after, after_due};
pub use window::Window;
pub use zone::Zone;
