//! Values that are stored as the text people write.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::NaiveTime;
use serde::{Deserializer, de};

use super::error::{TimeError, shown};

/// Reads a value from its text, without a copy where the format can lend one.
pub(super) fn deserialize<'de, T, D>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    T: FromStr,
    T::Err: fmt::Display,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(Text(expected, PhantomData))
}

struct Text<T>(&'static str, PhantomData<T>);

impl<T: FromStr> de::Visitor<'_> for Text<T>
where
    T::Err: fmt::Display,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Reads `HH:MM` or `HH:MM:SS`. `24:00` is `None` inside: only an end may be written so.
pub(super) fn time_of_day(text: &str) -> Result<Option<NaiveTime>, TimeError> {
    if text == "24:00" || text == "24:00:00" {
        return Ok(None);
    }
    // chrono would take `9:5` and a leap second as well; an office hour is written in full.
    let shape = text.bytes().enumerate().all(|(at, byte)| {
        if at % 3 == 2 {
            byte == b':'
        } else {
            byte.is_ascii_digit()
        }
    });
    let read = match text.len() {
        5 if shape => NaiveTime::parse_from_str(text, "%H:%M").ok(),
        8 if shape && !text.ends_with("60") => NaiveTime::parse_from_str(text, "%H:%M:%S").ok(),
        _ => None,
    };
    read.map(Some)
        .ok_or_else(|| TimeError::TimeOfDay { text: shown(text) })
}

/// Writes `HH:MM`, with seconds only where there are any.
pub(super) fn show_time(time: NaiveTime) -> String {
    use chrono::Timelike;
    let format = if time.second() == 0 {
        "%H:%M"
    } else {
        "%H:%M:%S"
    };
    time.format(format).to_string()
}

/// `Option<NaiveTime>` stored as `HH:MM`.
pub(super) mod optional_time {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(in crate::time) fn serialize<S: Serializer>(
        at: &Option<NaiveTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        at.map(super::show_time).serialize(serializer)
    }

    pub(in crate::time) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NaiveTime>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        match super::time_of_day(&text).map_err(de::Error::custom)? {
            Some(time) => Ok(Some(time)),
            None => Err(de::Error::custom(
                "`24:00` is the end of the day, not a time in it: leave `at` out and end at `end_of_day`",
            )),
        }
    }
}
