//! Part of a day during which an office works.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{TimeError, shown};
use super::text::{show_time, time_of_day};

/// Most windows a day may have: one every half hour.
pub(super) const MAX_WINDOWS: usize = 48;

/// Part of a day during which an office works, in local time: from `opens` up to, and not with, `closes`.
///
/// A window that closes no later than it opens runs over midnight and belongs wholly to the date on which it opens;
/// `22:00-06:00` is a night shift. The end of the day is written `24:00`, so `00:00-24:00` is a whole day.
///
/// ```
/// use duly::time::Window;
/// let morning: Window = "09:00-12:30".parse()?;
/// assert!(!morning.crosses_midnight());
/// assert_eq!("22:00-06:00".parse::<Window>()?.to_string(), "22:00-06:00");
/// assert!("9am-5pm".parse::<Window>().is_err());
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First second that is worked.
    pub opens: NaiveTime,
    /// First second that is not; midnight is the end of the day.
    pub closes: NaiveTime,
}

impl Window {
    /// The whole day, `00:00-24:00`.
    ///
    /// ```
    /// assert_eq!(duly::time::Window::WHOLE_DAY.to_string(), "00:00-24:00");
    /// ```
    pub const WHOLE_DAY: Window = Window {
        opens: NaiveTime::MIN,
        closes: NaiveTime::MIN,
    };

    /// Whether the window closes on the date after the one it opens on (or at its very first second).
    ///
    /// ```
    /// use duly::time::Window;
    /// assert!("22:00-06:00".parse::<Window>().unwrap().crosses_midnight());
    /// ```
    pub fn crosses_midnight(&self) -> bool {
        self.closes <= self.opens
    }

    /// The part of the day that lies in both windows.
    pub(super) fn meet(&self, other: &Window) -> Option<Window> {
        let end = |window: &Window| (window.crosses_midnight(), window.closes);
        let opens = self.opens.max(other.opens);
        let (over_midnight, closes) = end(self).min(end(other));
        // Where both run over midnight, both are open at midnight.
        (over_midnight || opens < closes).then_some(Window { opens, closes })
    }

    /// Local opening and closing of the window that belongs to `date`.
    pub(super) fn on(&self, date: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
        let opens = date.and_time(self.opens);
        let closes = date.and_time(self.closes);
        if self.crosses_midnight() {
            return (
                opens,
                closes
                    .checked_add_signed(TimeDelta::days(1))
                    .unwrap_or(closes),
            );
        }
        (opens, closes)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closes = if self.closes == NaiveTime::MIN {
            "24:00".to_owned()
        } else {
            show_time(self.closes)
        };
        write!(f, "{}-{closes}", show_time(self.opens))
    }
}

impl FromStr for Window {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Window, TimeError> {
        let refuse = |why| TimeError::Window {
            text: shown(text),
            why,
        };
        let (opens, closes) = text
            .split_once('-')
            .ok_or_else(|| refuse("with a hyphen between opening and closing"))?;
        let read = |part: &str| {
            time_of_day(part.trim()).map_err(|_| refuse("with hours from 00:00 to 24:00"))
        };
        let opens = read(opens)?.ok_or_else(|| refuse("opening before 24:00"))?;
        Ok(Window {
            opens,
            closes: read(closes)?.unwrap_or(NaiveTime::MIN),
        })
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Window, D::Error> {
        super::text::deserialize(deserializer, "a window of the day like `09:00-12:30`")
    }
}
