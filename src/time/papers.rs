//! China's calendar as it was known on a date: notices are revised in mid-course.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::table::{DayTable, Opened};

/// A notice of the General Office of the State Council.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    /// Day of publication.
    date: NaiveDate,
    /// The year whose holidays it sets.
    year: i32,
    paper: String,
    /// The days on which it changes an earlier notice, as that one had them: opened, or left to the week.
    #[serde(default)]
    before: BTreeMap<NaiveDate, Option<Opened>>,
}

/// In order of publication. The days on which the notices of the years before 2015 came out are not certain enough to be listed.
static PAPERS: LazyLock<Vec<Paper>> = LazyLock::new(|| {
    let text = include_str!("../../rules/calendars/cn-papers.json");
    serde_json::from_str(text).unwrap_or_default()
});

impl DayTable {
    /// China's calendar as it was known at the end of `date`: without the years whose notice was still to come, and with the three years
    /// that had a second notice (2015, 2019, 2020) as the first had them until the second came. Its revision is the date of the last
    /// notice known, and the coverage ends with the last year.
    ///
    /// It shows what a revision does to a deadline, and finds again what a past computation saw. Two limits: for the years before
    /// 2015 the days of publication are not in the data, so until 15 December 2014 a year counts as known from its 1 January and is itself the
    /// revision; and before 2004 nothing is known, so that every calendar made with the table is refused.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let make_up = "2020-02-01".parse().unwrap();
    /// let first = DayTable::cn_as_known("2020-01-20".parse().unwrap());
    /// assert_eq!(first.label(), "cn@2019-11-21");
    /// assert!(first.opened.contains_key(&make_up));
    /// let second = DayTable::cn_as_known("2020-01-27".parse().unwrap());
    /// assert_eq!(second.label(), "cn@2020-01-27");
    /// assert!(second.closed.contains_key(&make_up));
    /// ```
    pub fn cn_as_known(date: NaiveDate) -> DayTable {
        let mut table = DayTable::cn();
        let known = PAPERS.partition_point(|paper| paper.date <= date);
        let (papers, later) = PAPERS.split_at_checked(known).unwrap_or_default();
        let (year, revision) = match papers.last() {
            Some(last) => (last.year, last.date.to_string()),
            None => (date.year(), date.year().to_string()),
        };
        for paper in later.iter().rev() {
            for (day, before) in &paper.before {
                table.closed.remove(day);
                table.opened.remove(day);
                if let Some(opened) = before {
                    table.opened.insert(*day, opened.clone());
                }
            }
        }
        table.closed.retain(|day, _| notice_of(*day) <= year);
        table.opened.retain(|day, _| notice_of(*day) <= year);
        let known = |source: &String| {
            let of = source.get(..4).and_then(|year| year.parse::<i32>().ok());
            of.is_none_or(|of| of <= year)
                && !later.iter().any(|later| source.ends_with(&later.paper))
        };
        table.source.retain(known);
        let last_day = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MIN);
        table.coverage.to = table.coverage.to.min(last_day);
        table.revision = revision;
        table
    }
}

/// The year whose notice lists the day: in December there is no holiday but the New Year's to come.
fn notice_of(day: NaiveDate) -> i32 {
    day.year() + i32::from(day.month() == 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_papers_are_those_of_the_table() {
        let cn = DayTable::cn();
        assert_eq!(PAPERS.len(), 15);
        assert!(PAPERS.is_sorted_by(|a, b| a.date < b.date && a.year <= b.year));
        for paper in PAPERS.iter() {
            let source = format!("{}: {}", paper.year, paper.paper);
            assert!(cn.source.contains(&source), "{source}");
        }
        assert_eq!(cn.revision, PAPERS.last().unwrap().date.to_string());
        let listed = cn.closed.keys().chain(cn.opened.keys());
        for date in listed.filter(|date| date.month() == 12) {
            let name = cn.closed.get(date).unwrap_or_else(|| &cn.opened[date].name);
            assert_eq!(name, "元旦", "{date}");
        }
    }

    #[test]
    fn what_is_known_grows_with_the_papers() {
        assert_eq!(DayTable::cn_as_known(day("2025-11-04")), DayTable::cn());
        assert_eq!(DayTable::cn_as_known(NaiveDate::MAX), DayTable::cn());
        let before = DayTable::cn_as_known(day("2025-11-03"));
        assert_eq!(
            (before.label().as_str(), before.coverage.to),
            ("cn@2024-11-12", day("2025-12-31"))
        );
        assert!(
            !before
                .source
                .iter()
                .any(|source| source.starts_with("2026"))
        );
        // The notice for 2019 came in time to move days of December 2018, that for 2018 knew nothing of them.
        let make_up = day("2018-12-29");
        assert!(
            !DayTable::cn_as_known(day("2018-12-05"))
                .opened
                .contains_key(&make_up)
        );
        assert!(
            DayTable::cn_as_known(day("2018-12-06"))
                .opened
                .contains_key(&make_up)
        );
        assert_eq!(DayTable::cn_as_known(day("2010-06-01")).label(), "cn@2010");
        assert!(DayTable::cn_as_known(day("2003-12-31")).check().is_err());
        assert!(DayTable::cn_as_known(NaiveDate::MIN).check().is_err());
    }

    #[test]
    fn a_second_notice_is_not_known_before_it_came() {
        let cases = [
            ("2015-05-13", "2015-09-03", "2015-09-06"),
            ("2019-03-22", "2019-05-02", "2019-05-05"),
            ("2020-01-27", "2020-01-31", ""),
        ];
        for (paper, closed, opened) in cases {
            let before = DayTable::cn_as_known(day(paper).pred_opt().unwrap());
            let after = DayTable::cn_as_known(day(paper));
            assert!(
                !before.closed.contains_key(&day(closed))
                    && after.closed.contains_key(&day(closed))
            );
            assert_eq!(after.source.len(), before.source.len() + 1, "{paper}");
            if !opened.is_empty() {
                let opened = day(opened);
                assert!(!before.opened.contains_key(&opened) && after.opened.contains_key(&opened));
            }
        }
    }
}
