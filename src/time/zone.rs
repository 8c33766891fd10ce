//! Places that share a clock on the wall.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{TimeError, nearest, shown};
use super::moment::Moment;

/// An IANA time zone, such as `Asia/Shanghai`.
///
/// The wall clock of a zone may jump ahead (a *gap*: local times that never are) or back (a *fold*: local times that are
/// twice). Every conversion here says which moment it takes, and none fails. The zone rules are those compiled into the
/// library; they are known up to the year 2099, after which the last known offset goes on.
///
/// ```
/// use duly::time::Zone;
/// let zone: Zone = "Asia/Shanghai".parse()?;
/// assert_eq!(zone.to_string(), "Asia/Shanghai");
/// let error = "Asia/Shangai".parse::<Zone>().unwrap_err();
/// assert!(error.to_string().contains("did you mean `Asia/Shanghai`?"));
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Universal time, which never jumps.
    ///
    /// ```
    /// assert_eq!(duly::time::Zone::UTC.to_string(), "UTC");
    /// ```
    pub const UTC: Zone = Zone(Tz::UTC);

    /// The name in the IANA database.
    ///
    /// ```
    /// assert_eq!(duly::time::Zone::UTC.name(), "UTC");
    /// ```
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The first moment at which the wall shows `local`: in a fold the earlier one, in a gap the first moment after it.
    ///
    /// Openings are taken so. Outside the years 1 to 9999 the nearest moment is given.
    ///
    /// ```
    /// use duly::time::Zone;
    /// let berlin: Zone = "Europe/Berlin".parse()?;
    /// let at = |text: &str| berlin.first(text.parse().unwrap()).to_string();
    /// assert_eq!(at("2026-03-29T02:30:00"), "2026-03-29T01:00:00Z"); // never was: clocks jump from 2 to 3
    /// assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T00:30:00Z"); // was twice
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn first(self, local: NaiveDateTime) -> Moment {
        Moment::clamped(self.first_unix(local))
    }

    /// The last moment at which the wall shows `local`: in a fold the later one, in a gap the first moment after it.
    ///
    /// Closings are taken so. Outside the years 1 to 9999 the nearest moment is given.
    ///
    /// ```
    /// use duly::time::Zone;
    /// let berlin: Zone = "Europe/Berlin".parse()?;
    /// let at = berlin.last("2026-10-25T02:30:00".parse().unwrap());
    /// assert_eq!(at.to_string(), "2026-10-25T01:30:00Z");
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn last(self, local: NaiveDateTime) -> Moment {
        Moment::clamped(self.last_unix(local))
    }

    pub(super) fn first_unix(self, local: NaiveDateTime) -> i64 {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(moment) => moment.timestamp(),
            LocalResult::Ambiguous(one, other) => one.timestamp().min(other.timestamp()),
            LocalResult::None => self.after_gap(local),
        }
    }

    pub(super) fn last_unix(self, local: NaiveDateTime) -> i64 {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(moment) => moment.timestamp(),
            LocalResult::Ambiguous(one, other) => one.timestamp().max(other.timestamp()),
            LocalResult::None => self.after_gap(local),
        }
    }

    /// What the wall shows so many seconds after 1970.
    pub(super) fn wall(self, unix: i64) -> NaiveDateTime {
        let (utc, offset) = self.look(unix);
        utc.checked_add_signed(TimeDelta::seconds(i64::from(offset)))
            .unwrap_or(utc)
    }

    /// By how many seconds the wall is ahead of universal time at the moment.
    pub(super) fn offset(self, unix: i64) -> i32 {
        self.look(unix).1
    }

    fn look(self, unix: i64) -> (NaiveDateTime, i32) {
        let utc = DateTime::from_timestamp(unix, 0)
            .unwrap_or_default()
            .naive_utc();
        let offset = self.0.offset_from_utc_datetime(&utc).fix();
        (utc, offset.local_minus_utc())
    }

    /// Whether the date is ever on the wall: Samoa had no 30 December 2011.
    pub(super) fn has(self, date: NaiveDate) -> bool {
        let noon = date.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
        // A missing date misses its noon, and noon is all that need be asked on other days.
        if !matches!(self.0.from_local_datetime(&noon), LocalResult::None) {
            return true;
        }
        let midnight = date.and_time(NaiveTime::MIN);
        let next = midnight
            .checked_add_signed(TimeDelta::days(1))
            .unwrap_or(midnight);
        self.first_unix(midnight) < self.first_unix(next)
    }

    fn after_gap(self, local: NaiveDateTime) -> i64 {
        let gap = GapInfo::new(&local, &self.0);
        if let Some(end) = gap.as_ref().and_then(|gap| gap.end.as_ref()) {
            return end.timestamp();
        }
        // Two changes so near each other that the end of the gap is itself in a fold: read the time by the old offset.
        let offset = gap
            .and_then(|gap| gap.begin)
            .map_or(0, |(_, offset)| offset.fix().local_minus_utc());
        local.and_utc().timestamp() - i64::from(offset)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({self})")
    }
}

impl FromStr for Zone {
    type Err = TimeError;

    fn from_str(name: &str) -> Result<Zone, TimeError> {
        name.parse().map(Zone).map_err(|_| TimeError::Zone {
            name: shown(name),
            suggestion: nearest(name, TZ_VARIANTS.iter().map(|zone| zone.name())),
        })
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
        super::text::deserialize(
            deserializer,
            "the name of a time zone, like `Asia/Shanghai`",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::stretch::{DAY, LOOK};
    use super::*;

    /// A calendar asks for the offset every so many days only, and takes it that it was the same between two like answers.
    #[test]
    fn no_offset_is_given_up_again_so_soon() {
        let day = |text: &str| Moment::parse(text).unwrap().unix() / DAY;
        let days = day("1840-01-01T00:00:00Z")..day("2100-01-01T00:00:00Z");
        for tz in TZ_VARIANTS {
            let zone = Zone(tz);
            let (mut offset, mut since) = (zone.offset(days.start * DAY), days.start);
            for now in days.clone() {
                let new = zone.offset(now * DAY);
                if new != offset {
                    assert!(
                        now - since > LOOK || since == days.start,
                        "{zone}, day {since}"
                    );
                    (offset, since) = (new, now);
                }
            }
        }
    }

    /// The index takes it that no zone changes its offset outside 1800 to 2100.
    #[test]
    fn no_zone_changes_before_1800_or_after_2100() {
        let at = |text: &str| Moment::parse(text).unwrap().unix();
        for tz in TZ_VARIANTS {
            let zone = Zone(tz);
            let offset = |unix: i64| zone.wall(unix).and_utc().timestamp() - unix;
            for (from, to) in [
                ("0001-01-02T00:00:00Z", "1799-12-01T00:00:00Z"),
                ("2100-12-01T00:00:00Z", "9999-12-30T00:00:00Z"),
            ] {
                let (from, to) = (at(from), at(to));
                let step = (to - from) / 997;
                assert!(
                    (from..=to)
                        .step_by(usize::try_from(step).unwrap())
                        .all(|t| offset(t) == offset(from)),
                    "{zone}"
                );
            }
        }
    }

    #[test]
    fn samoa_misses_a_date_and_sao_paulo_a_midnight() {
        let apia: Zone = "Pacific/Apia".parse().unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(!apia.has(day("2011-12-30")));
        assert!(apia.has(day("2011-12-29")) && apia.has(day("2011-12-31")));
        let sao_paulo: Zone = "America/Sao_Paulo".parse().unwrap();
        let midnight = day("2018-11-04").and_time(NaiveTime::MIN);
        assert_eq!(
            sao_paulo.first(midnight).local(sao_paulo).to_string(),
            "2018-11-04 01:00:00"
        );
        assert_eq!(sao_paulo.last(midnight), sao_paulo.first(midnight));
    }
}
