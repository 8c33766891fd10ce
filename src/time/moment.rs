//! One second of universal time.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{TimeError, shown};
use super::zone::Zone;

/// One whole second of universal time, from year 1 to year 9999.
///
/// Nothing in the library reads a clock: a moment always comes in as an argument. It prints and is stored as RFC 3339 with
/// `Z`; it is read from any RFC 3339 text with an offset. A fraction of a second is cut off downwards, so a moment is
/// never later than what was written. A text without an offset is refused, because it names a different moment in every
/// place.
///
/// ```
/// use duly::time::Moment;
/// let moment = Moment::parse("2026-09-30T16:00:00.9+08:00")?;
/// assert_eq!(moment.to_string(), "2026-09-30T08:00:00Z");
/// assert!(Moment::parse("2026-09-30T16:00:00").is_err());
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The first second of year 1.
    ///
    /// ```
    /// assert_eq!(duly::time::Moment::MIN.to_string(), "0001-01-01T00:00:00Z");
    /// ```
    pub const MIN: Moment = Moment(-62_135_596_800);

    /// The last second of year 9999.
    ///
    /// ```
    /// assert_eq!(duly::time::Moment::MAX.to_string(), "9999-12-31T23:59:59Z");
    /// ```
    pub const MAX: Moment = Moment(253_402_300_799);

    /// Reads RFC 3339 text with an explicit offset.
    ///
    /// # Errors
    /// [`TimeError::NoOffset`] if only the offset is missing, [`TimeError::OutOfRange`] outside the years 1 to 9999,
    /// [`TimeError::Moment`] for anything else.
    ///
    /// ```
    /// use duly::time::Moment;
    /// assert_eq!(Moment::parse("1970-01-02T00:00:00Z")?.unix(), 86_400);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Moment, TimeError> {
        if let Ok(read) = DateTime::parse_from_rfc3339(text) {
            return Moment::from_unix(read.timestamp());
        }
        let naive = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ];
        if naive
            .iter()
            .any(|format| NaiveDateTime::parse_from_str(text, format).is_ok())
        {
            return Err(TimeError::NoOffset { text: shown(text) });
        }
        Err(TimeError::Moment { text: shown(text) })
    }

    /// The moment so many seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside the years 1 to 9999.
    ///
    /// ```
    /// use duly::time::Moment;
    /// assert_eq!(Moment::from_unix(0)?.to_string(), "1970-01-01T00:00:00Z");
    /// assert!(Moment::from_unix(i64::MAX).is_err());
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn from_unix(seconds: i64) -> Result<Moment, TimeError> {
        let moment = Moment(seconds);
        if moment < Moment::MIN || moment > Moment::MAX {
            return Err(TimeError::OutOfRange {
                what: format!("the moment {seconds} seconds from 1970"),
            });
        }
        Ok(moment)
    }

    /// Seconds since 1970-01-01T00:00:00Z; negative before it.
    ///
    /// ```
    /// assert_eq!(duly::time::Moment::parse("1969-12-31T23:59:59Z").unwrap().unix(), -1);
    /// ```
    pub fn unix(self) -> i64 {
        self.0
    }

    /// The moment so many real seconds later (earlier if negative), stopping at [`Moment::MIN`] and [`Moment::MAX`].
    ///
    /// ```
    /// use duly::time::Moment;
    /// let noon = Moment::parse("2026-01-01T12:00:00Z")?;
    /// assert_eq!(noon.plus(60).to_string(), "2026-01-01T12:01:00Z");
    /// assert_eq!(noon.plus(i64::MAX), Moment::MAX);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn plus(self, seconds: i64) -> Moment {
        Moment::clamped(self.0.saturating_add(seconds))
    }

    /// Real seconds from `earlier` to this moment; negative if `earlier` is in fact later.
    ///
    /// ```
    /// use duly::time::Moment;
    /// let noon = Moment::parse("2026-01-01T12:00:00Z")?;
    /// assert_eq!(noon.plus(90).since(noon), 90);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn since(self, earlier: Moment) -> i64 {
        self.0 - earlier.0
    }

    /// What the clock on the wall shows in `zone` at this moment.
    ///
    /// ```
    /// use duly::time::{Moment, Zone};
    /// let zone: Zone = "Asia/Kathmandu".parse()?;
    /// assert_eq!(Moment::parse("2026-01-01T00:00:00Z")?.local(zone).to_string(), "2026-01-01 05:45:00");
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn local(self, zone: Zone) -> NaiveDateTime {
        zone.wall(self.0)
    }

    /// What the calendar on the wall shows in `zone` at this moment.
    ///
    /// ```
    /// use duly::time::{Moment, Zone};
    /// let zone: Zone = "Asia/Shanghai".parse()?;
    /// assert_eq!(Moment::parse("2026-01-01T16:00:00Z")?.date(zone).to_string(), "2026-01-02");
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn date(self, zone: Zone) -> NaiveDate {
        self.local(zone).date()
    }

    /// The nearest moment within the years 1 to 9999.
    pub(super) fn clamped(seconds: i64) -> Moment {
        Moment(seconds.clamp(Moment::MIN.0, Moment::MAX.0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = DateTime::from_timestamp(self.0, 0)
            .map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
        f.write_str(text.as_deref().unwrap_or("out of range"))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Moment({self})")
    }
}

impl std::str::FromStr for Moment {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Moment, TimeError> {
        Moment::parse(text)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_i64(self.0);
        }
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        if !deserializer.is_human_readable() {
            let seconds = i64::deserialize(deserializer)?;
            return Moment::from_unix(seconds).map_err(serde::de::Error::custom);
        }
        super::text::deserialize(deserializer, "a moment like `2026-09-30T16:00:00+08:00`")
    }
}
