//! The day tables that come with the library.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::table::{Coverage, DayTable};

macro_rules! shipped {
    ($file:literal) => {{
        static TABLE: LazyLock<DayTable> = LazyLock::new(|| {
            read(include_str!(concat!(
                "../../rules/calendars/",
                $file,
                ".json"
            )))
        });
        TABLE.clone()
    }};
}

/// Tests read every file. Should a packager break one all the same, its table covers no day at all, so that every calendar made with it
/// is refused, instead of one without holidays being believed.
fn read(text: &str) -> DayTable {
    let broken = Coverage {
        from: NaiveDate::MAX,
        to: NaiveDate::MIN,
    };
    DayTable::from_json(text).unwrap_or_else(|_| DayTable {
        coverage: broken,
        ..DayTable::plain("unreadable")
    })
}

impl DayTable {
    /// The ids of the tables that come with the library.
    ///
    /// ```
    /// assert!(duly::time::DayTable::SHIPPED.contains(&"kr"));
    /// ```
    pub const SHIPPED: [&str; 8] = [
        "cn",
        "kr",
        "uk",
        "uk-england",
        "uk-northern-ireland",
        "uk-scotland",
        "uk-wales",
        "us-federal",
    ];

    /// The table of that id that comes with the library.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// assert_eq!(DayTable::shipped("us-federal"), Some(DayTable::us_federal()));
    /// assert_eq!(DayTable::shipped("atlantis"), None);
    /// ```
    pub fn shipped(id: &str) -> Option<DayTable> {
        Some(match id {
            "cn" => DayTable::cn(),
            "kr" => DayTable::kr(),
            "uk" => DayTable::uk(),
            "uk-england" => DayTable::uk_england(),
            "uk-northern-ireland" => DayTable::uk_northern_ireland(),
            "uk-scotland" => DayTable::uk_scotland(),
            "uk-wales" => DayTable::uk_wales(),
            "us-federal" => DayTable::us_federal(),
            _ => return None,
        })
    }

    /// China, 2004 to 2026, after the yearly notices of the General Office of the State Council (国务院办公厅关于部分节假日安排的通知), with the
    /// changes of 2015, 2019 and 2020 made in mid-year. Compared with independent sources on every day. Holidays that prefectures
    /// set for themselves come as an [`overlay`](DayTable::overlay).
    ///
    /// ```
    /// use duly::time::{Calendar, Day, DayTable, Hours};
    /// let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
    /// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::cn())?;
    /// assert_eq!(office.day("2026-10-10".parse()?), Day::MakeUp("国庆节"));
    /// assert_eq!(office.revision(), "cn@2025-11-04");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cn() -> DayTable {
        shipped!("cn")
    }

    /// The United Kingdom, 2015 to 2026: closed on a bank holiday in any of its four parts, as the Freedom of Information Act 2000 s. 10
    /// counts. The parts are [`uk_england`](DayTable::uk_england), [`uk_wales`](DayTable::uk_wales),
    /// [`uk_scotland`](DayTable::uk_scotland) and [`uk_northern_ireland`](DayTable::uk_northern_ireland), in which order the revision names
    /// theirs; neighbours that are alike are named once.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let uk = DayTable::uk();
    /// assert_eq!(uk.id, "uk");
    /// assert!(uk.closed.contains_key(&"2026-01-02".parse().unwrap())); // in Scotland
    /// ```
    pub fn uk() -> DayTable {
        let parts = [
            DayTable::uk_wales(),
            DayTable::uk_scotland(),
            DayTable::uk_northern_ireland(),
        ];
        let england = DayTable::uk_england();
        let mut revisions = vec![england.revision.clone()];
        revisions.extend(parts.iter().map(|part| part.revision.clone()));
        revisions.dedup();
        let all = parts.iter().fold(england, |all, part| all.union(part));
        DayTable {
            id: "uk".to_owned(),
            revision: revisions.join("+"),
            ..all
        }
    }

    /// England, 2015 to 2026: bank holidays.
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::uk_england().id, "uk-england");
    /// ```
    pub fn uk_england() -> DayTable {
        shipped!("uk-england")
    }

    /// Wales, 2015 to 2026: bank holidays.
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::uk_wales().id, "uk-wales");
    /// ```
    pub fn uk_wales() -> DayTable {
        shipped!("uk-wales")
    }

    /// Scotland, 2015 to 2026: bank holidays.
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::uk_scotland().id, "uk-scotland");
    /// ```
    pub fn uk_scotland() -> DayTable {
        shipped!("uk-scotland")
    }

    /// Northern Ireland, 2015 to 2026: bank holidays.
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::uk_northern_ireland().id, "uk-northern-ireland");
    /// ```
    pub fn uk_northern_ireland() -> DayTable {
        shipped!("uk-northern-ireland")
    }

    /// The United States, 2015 to 2026: legal public holidays of the federal government (5 U.S.C. 6103). Days on which a president
    /// closes the offices by order are not in it.
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::us_federal().id, "us-federal");
    /// ```
    pub fn us_federal() -> DayTable {
        shipped!("us-federal")
    }

    /// Korea, 2015 to 2026: public holidays with their substitutes, election days and temporary ones (관공서의 공휴일에 관한 규정).
    ///
    /// ```
    /// assert_eq!(duly::time::DayTable::kr().id, "kr");
    /// ```
    pub fn kr() -> DayTable {
        shipped!("kr")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_cannot_be_read_makes_no_calendar() {
        let table = read("{");
        assert!(table.check().is_err(), "{table:?}");
        assert_eq!(table.label(), "unreadable@1");
    }

    #[test]
    fn every_table_is_whole() {
        for id in DayTable::SHIPPED {
            let shipped = DayTable::shipped(id).map(|table| table.id);
            assert_eq!(shipped.as_deref(), Some(id));
        }
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let cn = DayTable::cn();
        assert_eq!(
            (cn.coverage.from, cn.coverage.to),
            (day("2004-01-01"), day("2026-12-31"))
        );
        let others = [
            DayTable::uk(),
            DayTable::uk_england(),
            DayTable::uk_wales(),
            DayTable::uk_scotland(),
            DayTable::uk_northern_ireland(),
            DayTable::us_federal(),
            DayTable::kr(),
        ];
        for table in others {
            assert_eq!(
                (table.coverage.from, table.coverage.to),
                (day("2015-01-01"), day("2026-12-31")),
                "{}",
                table.id
            );
            assert!(table.closed.len() > 90, "{}", table.id);
        }
    }
}
