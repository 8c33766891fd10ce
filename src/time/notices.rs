//! Day tables from the yearly notices as others publish them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::error::CalendarError;
use super::table::{Coverage, DayTable, Opened, legible, measured};

/// One year's file: which days its notice closes and opens. Other fields are of no matter here.
#[derive(Deserialize)]
#[serde(expecting = "a notice with `year` and `days`")]
struct Notice {
    year: i32,
    #[serde(default)]
    papers: Vec<String>,
    days: Vec<NoticeDay>,
}

#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    expecting = "a day with `name`, `date` and `isOffDay`"
)]
struct NoticeDay {
    name: String,
    date: NaiveDate,
    is_off_day: bool,
}

impl DayTable {
    /// Makes a table of yearly files of the shape `{year, papers[], days[{name, date, isOffDay}]}`, in which China's notices are
    /// commonly published.
    ///
    /// A notice may move days of the year before or after its own, so a single file is not the whole truth even of its year: give
    /// neighbours together. Where two files differ on a day, the later year's holds. A file without any days is one whose
    /// notice has not been published yet; its year is left out of the coverage, instead of being taken for a year without holidays.
    ///
    /// # Errors
    /// [`CalendarError::TooLarge`] if the files together have more than [`MAX_BYTES`](DayTable::MAX_BYTES); [`CalendarError::File`] with
    /// the number of the file if it is not of the shape, lists a date twice, or one more than a year away from its own;
    /// [`CalendarError::NoticeTwice`] if two files are of one year; [`CalendarError::NoNotice`] if a year is missing between the first and
    /// the last or if no file has days; and what [`check`](DayTable::check) refuses.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let year = r#"{ "year": 2026, "papers": ["https://www.gov.cn/"], "days": [
    ///     { "name": "元旦", "date": "2026-01-01", "isOffDay": true },
    ///     { "name": "元旦", "date": "2026-01-04", "isOffDay": false }
    /// ] }"#;
    /// let next = r#"{ "year": 2027, "papers": [], "days": [] }"#;
    /// let table = DayTable::from_notices("cn", "2025-11-04", &[year, next])?;
    /// assert_eq!(table.coverage.to.to_string(), "2026-12-31");
    /// assert_eq!((table.closed.len(), table.opened.len()), (1, 1));
    /// # Ok::<(), duly::time::CalendarError>(())
    /// ```
    pub fn from_notices(
        id: &str,
        revision: &str,
        files: &[&str],
    ) -> Result<DayTable, CalendarError> {
        measured(files.iter().map(|file| file.len()).sum())?;
        let mut notices: BTreeMap<i32, Notice> = BTreeMap::new();
        let mut seen: BTreeMap<i32, usize> = BTreeMap::new();
        for (file, text) in (1..).zip(files) {
            let notice = read(id, text).map_err(|error| CalendarError::File {
                file,
                error: Box::new(error),
            })?;
            let year = notice.year;
            if let Some(first) = seen.insert(year, file) {
                return Err(CalendarError::NoticeTwice {
                    year,
                    first,
                    second: file,
                });
            }
            if !notice.days.is_empty() {
                notices.insert(year, notice);
            }
        }
        let years: BTreeSet<i32> = notices.keys().copied().collect();
        let none = |year: Option<i32>| CalendarError::NoNotice {
            calendar: id.to_owned(),
            year,
        };
        let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
            return Err(none(None));
        };
        // The years of files are not to be trusted with a loop: look at the gaps between those there are.
        if let Some(gap) = years
            .iter()
            .zip(years.iter().skip(1))
            .find(|(year, next)| year.checked_add(1) != Some(**next))
        {
            return Err(none(gap.0.checked_add(1)));
        }
        let (from, to) = (
            NaiveDate::from_ymd_opt(first, 1, 1),
            NaiveDate::from_ymd_opt(last, 12, 31),
        );
        let (Some(from), Some(to)) = (from, to) else {
            return Err(none(Some(first)));
        };
        let mut table = DayTable {
            revision: revision.to_owned(),
            coverage: Coverage { from, to },
            ..DayTable::plain(id)
        };
        for (year, notice) in notices {
            table
                .source
                .extend(notice.papers.iter().map(|paper| format!("{year}: {paper}")));
            for NoticeDay {
                name,
                date,
                is_off_day,
            } in notice.days
            {
                table.closed.remove(&date);
                table.opened.remove(&date);
                if is_off_day {
                    table.closed.insert(date, name);
                } else {
                    table.opened.insert(
                        date,
                        Opened {
                            name,
                            windows: None,
                        },
                    );
                }
            }
        }
        table.check()?;
        Ok(table)
    }
}

/// Reads one file. A date in it twice would leave one entry lost; one years away is a slip of the pen.
fn read(id: &str, text: &str) -> Result<Notice, CalendarError> {
    let notice: Notice = serde_json::from_str(legible(text)?)?;
    let (first, last) = (notice.year.saturating_sub(1), notice.year.saturating_add(1));
    let mut dates = BTreeSet::new();
    for &NoticeDay { date, .. } in &notice.days {
        if !(first..=last).contains(&date.year()) {
            return Err(CalendarError::DateOutOfRange {
                calendar: id.to_owned(),
                date,
                first,
                last,
            });
        }
        if !dates.insert(date) {
            return Err(CalendarError::DateTwice {
                calendar: id.to_owned(),
                date,
            });
        }
    }
    Ok(notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(year: i32, days: &str) -> String {
        format!(r#"{{ "$schema": "x", "year": {year}, "papers": ["p"], "days": [{days}] }}"#)
    }

    #[test]
    fn a_later_notice_moves_days_of_the_year_before() {
        let off = |date: &str, off: bool| {
            format!(r#"{{ "name": "元旦", "date": "{date}", "isOffDay": {off} }}"#)
        };
        let one = file(2018, &off("2018-12-29", true));
        let two = file(
            2019,
            &[off("2018-12-29", false), off("2018-12-31", true)].join(","),
        );
        let table = DayTable::from_notices("cn", "1", &[&two, &one]).unwrap();
        assert!(table.opened.contains_key(&"2018-12-29".parse().unwrap()));
        assert_eq!(table.closed.len(), 1);
        assert_eq!(table.source, ["2018: p", "2019: p"]);
        let error =
            DayTable::from_notices("cn", "1", &[&one, &file(2020, &off("2020-01-01", true))])
                .unwrap_err();
        assert!(
            matches!(
                error,
                CalendarError::NoNotice {
                    year: Some(2019),
                    ..
                }
            ),
            "{error}"
        );
        let error = DayTable::from_notices("cn", "1", &[&file(2027, "")]).unwrap_err();
        assert!(
            matches!(error, CalendarError::NoNotice { year: None, .. }),
            "{error}"
        );
        let far = file(i32::MAX, &off("2020-01-01", true));
        assert!(DayTable::from_notices("cn", "1", &[&far]).is_err());
    }
}
