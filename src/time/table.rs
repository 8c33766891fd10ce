//! Holidays and make-up days: the days that are not as the week would have them.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::error::{CalendarError, shown};
use super::window::{MAX_WINDOWS, Window};

/// Years of which a table may speak; the index of a calendar is laid out for them.
pub(super) const FIRST_YEAR: i32 = 1800;
pub(super) const LAST_YEAR: i32 = 2100;

/// Longest id or revision, in characters; an overlay of many tables joins theirs.
const LONGEST_NAME: usize = 500;

/// The days that differ from the ordinary week: holidays, make-up working days, and how far they are known.
///
/// A table has no hours and no zone; a [`Calendar`](super::Calendar) joins it with both. Where a date is both closed and
/// opened, opened holds. The id and the revision go into every due moment, because notices are revised in mid-course: the
/// end of China's Spring Festival of 2020 was moved when the holiday had begun.
///
/// ```
/// use duly::time::DayTable;
/// let table = DayTable::from_json(r#"{
///     "id": "cn", "revision": "2025-11-04",
///     "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
///     "closed": { "2026-01-01": "元旦", "2026-01-02": "元旦" },
///     "opened": { "2026-01-04": { "name": "元旦" } }
/// }"#)?;
/// assert_eq!(table.closed.len(), 2);
/// # Ok::<(), duly::time::CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a day table")]
pub struct DayTable {
    /// Short name, such as `cn`.
    pub id: String,
    /// Date of the notice that the table follows, or any other text that changes when the table does.
    pub revision: String,
    /// The papers the table is taken from, for people.
    #[serde(default)]
    pub source: Vec<String>,
    /// First and last date for which the holidays are known.
    pub coverage: Coverage,
    /// Dates on which nobody works, with the name of the holiday.
    #[serde(default, deserialize_with = "dates")]
    pub closed: BTreeMap<NaiveDate, String>,
    /// Dates on which people work although the week or a holiday would have them rest.
    #[serde(default, deserialize_with = "dates")]
    pub opened: BTreeMap<NaiveDate, Opened>,
}

/// First and last date for which holidays are known, both included. Outside it a due moment is reckoned by the ordinary
/// week and marked provisional.
///
/// ```
/// use duly::time::Coverage;
/// let coverage = Coverage { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
/// assert!(coverage.contains("2026-12-31".parse().unwrap()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a coverage with `from` and `to`")]
pub struct Coverage {
    /// First date covered.
    pub from: NaiveDate,
    /// Last date covered.
    pub to: NaiveDate,
}

/// A date on which people work although the week or a holiday would have them rest.
///
/// ```
/// use duly::time::Opened;
/// let make_up = Opened { name: "国庆节".to_owned(), windows: None };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an opened date with `name`")]
pub struct Opened {
    /// What the day makes up for.
    pub name: String,
    /// Hours of this date alone; without them, those of an ordinary day of work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<Window>>,
}

impl Coverage {
    /// Every date there is.
    ///
    /// ```
    /// assert!(duly::time::Coverage::ALL.contains("9999-12-31".parse().unwrap()));
    /// ```
    pub const ALL: Coverage = Coverage {
        from: NaiveDate::MIN,
        to: NaiveDate::MAX,
    };

    /// Whether the date is covered.
    ///
    /// ```
    /// assert!(duly::time::Coverage::ALL.contains("2026-01-01".parse().unwrap()));
    /// ```
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

impl DayTable {
    /// Longest text that is read as a calendar, in bytes: 1 MiB. China's table of 23 years has 26 KiB; a longer text is refused before
    /// it is looked at.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let error = DayTable::from_json(&" ".repeat(DayTable::MAX_BYTES + 1)).unwrap_err();
    /// assert!(error.to_string().starts_with("the text has 1048577 bytes"));
    /// ```
    pub const MAX_BYTES: usize = 1 << 20;

    /// A table with no holidays that is complete for all time: for offices that know only the week.
    ///
    /// ```
    /// assert!(duly::time::DayTable::plain("week").closed.is_empty());
    /// ```
    pub fn plain(id: &str) -> DayTable {
        DayTable {
            id: id.to_owned(),
            revision: "1".to_owned(),
            source: Vec::new(),
            coverage: Coverage::ALL,
            closed: BTreeMap::new(),
            opened: BTreeMap::new(),
        }
    }

    /// Reads a table from JSON and checks it. A byte order mark before it, as some editors leave one, is passed over.
    ///
    /// # Errors
    /// [`CalendarError::TooLarge`] for more than [`MAX_BYTES`](DayTable::MAX_BYTES); [`CalendarError::Json`] with line and column if the text is not a table, lists a date twice or holds an unknown
    /// field; otherwise what [`check`](DayTable::check) refuses.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let error = DayTable::from_json(r#"{ "id": 1 }"#).unwrap_err();
    /// assert!(error.to_string().starts_with("line 1, column 9: "));
    /// ```
    pub fn from_json(text: &str) -> Result<DayTable, CalendarError> {
        let table: DayTable = serde_json::from_str(legible(text)?)?;
        table.check()?;
        Ok(table)
    }

    /// The whole identity of the table, as it is written into due moments: `cn@2025-11-04`.
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::plain("week").label(), "week@1");
    /// ```
    pub fn label(&self) -> String {
        format!("{}@{}", self.id, self.revision)
    }

    /// Refuses a table that cannot be meant: an id or revision that is empty, longer than 500 characters or holds a control character;
    /// coverage that ends before it begins; dates outside the years 1800 to 2100; or a date opened with an empty list of windows or with
    /// more than 48.
    ///
    /// # Errors
    /// The [`CalendarError`] that names the table and the date.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let mut table = DayTable::plain("week");
    /// table.closed.insert("3000-01-01".parse().unwrap(), "far away".to_owned());
    /// assert!(table.check().unwrap_err().to_string().contains("3000-01-01"));
    /// ```
    pub fn check(&self) -> Result<(), CalendarError> {
        for (field, value) in [("id", &self.id), ("revision", &self.revision)] {
            if value.trim().is_empty() {
                return Err(CalendarError::Nameless { field });
            }
            let why = if value.contains(char::is_control) {
                "holds a control character"
            } else if value.chars().nth(LONGEST_NAME).is_some() {
                "is longer than 500 characters"
            } else {
                continue;
            };
            let text = shown(value);
            return Err(CalendarError::Name { field, text, why });
        }
        let calendar = || self.id.clone();
        let Coverage { from, to } = self.coverage;
        if from > to {
            return Err(CalendarError::Coverage {
                calendar: calendar(),
                from,
                to,
            });
        }
        let stray = |date: &&NaiveDate| !(FIRST_YEAR..=LAST_YEAR).contains(&date.year());
        if let Some(&date) = self.closed.keys().chain(self.opened.keys()).find(stray) {
            return Err(CalendarError::DateOutOfRange {
                calendar: calendar(),
                date,
                first: FIRST_YEAR,
                last: LAST_YEAR,
            });
        }
        for (&date, opened) in &self.opened {
            let count = opened.windows.as_ref().map(Vec::len);
            if count == Some(0) {
                return Err(CalendarError::OpenedWithoutHours {
                    calendar: calendar(),
                    date,
                    name: shown(&opened.name),
                });
            }
            if let Some(count) = count.filter(|count| *count > MAX_WINDOWS) {
                return Err(CalendarError::TooMany {
                    place: format!("{date} in calendar `{}`", self.id),
                    count,
                    things: "windows",
                    limit: MAX_WINDOWS,
                });
            }
        }
        Ok(())
    }
}

/// The text of a file without its byte order mark, if it is no longer than a calendar may be.
pub(super) fn legible(text: &str) -> Result<&str, CalendarError> {
    measured(text.len())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Refuses a text of more bytes than a calendar has.
pub(super) fn measured(bytes: usize) -> Result<(), CalendarError> {
    let limit = DayTable::MAX_BYTES;
    if bytes > limit {
        return Err(CalendarError::TooLarge { bytes, limit });
    }
    Ok(())
}

/// Reads dates in any order, but none twice: of two entries one would be lost without a word.
fn dates<'de, V, D>(deserializer: D) -> Result<BTreeMap<NaiveDate, V>, D::Error>
where
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Dates<V>(PhantomData<V>);

    impl<'de, V: Deserialize<'de>> de::Visitor<'de> for Dates<V> {
        type Value = BTreeMap<NaiveDate, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("dates, each once, like `{ \"2026-10-01\": … }`")
        }

        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut dates = BTreeMap::new();
            while let Some(text) = map.next_key::<String>()? {
                let date: NaiveDate = text.parse().map_err(|_| {
                    de::Error::custom(format_args!(
                        "`{}` is not a date: write it like `2026-10-01`",
                        shown(&text)
                    ))
                })?;
                if dates.insert(date, map.next_value()?).is_some() {
                    return Err(de::Error::custom(format_args!(
                        "{date} is listed twice: keep one entry"
                    )));
                }
            }
            Ok(dates)
        }
    }

    deserializer.deserialize_map(Dates(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Result<DayTable, CalendarError> {
        DayTable::from_json(&format!(
            "{{ \"id\": \"x\", \"revision\": \"1\",\n  \"coverage\": {{ \"from\": \"2026-01-01\", \"to\": \"2026-12-31\" }},\n  {body} }}"
        ))
    }

    #[test]
    fn bad_tables_are_refused_with_the_place() {
        let said = |body: &str| json(body).unwrap_err().to_string();
        assert_eq!(
            said(r#""closed": { "2026-02-30": "x" }"#),
            "line 3, column 26: `2026-02-30` is not a date: write it like `2026-10-01`"
        );
        assert!(
            said(r#""closed": { "2026-10-01": "x", "2026-10-01": "y" }"#)
                .contains("2026-10-01 is listed twice")
        );
        assert!(
            said(r#""opened": { "2026-10-10": { "name": "x", "windows": [] } }"#)
                .contains("2026-10-10")
        );
        assert!(
            said(r#""opened": { "2026-10-10": { "name": "x", "windows": ["9-5"] } }"#)
                .contains("`9-5` is not a window")
        );
        assert!(said(r#""closed": { "1700-10-10": "x" }"#).contains("1700-10-10"));
        assert!(said(r#""holidays": {}"#).contains("unknown field"));
    }
}
