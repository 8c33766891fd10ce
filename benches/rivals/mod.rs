//! What one would write by hand for one office: Shanghai, 09:00–12:00 and 14:00–18:00, holidays from a table.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::{Asia::Shanghai, Tz};
use duly::time::DayTable;

pub const YEARS: Range<i32> = 2004..2029;

const WINDOWS: [(u32, u32); 2] = [(9, 12), (14, 18)];

/// First second of the years, and the first after them.
pub fn bounds() -> (i64, i64) {
    let [first, last] = [YEARS.start, YEARS.end].map(|year| {
        let new_year = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        local(new_year, 0)
    });
    (first, last)
}

fn local(date: NaiveDate, hour: u32) -> i64 {
    let time = date.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
    let moment = Shanghai.from_local_datetime(&time).earliest();
    moment.unwrap().timestamp()
}

fn date_at(unix: i64) -> NaiveDate {
    let moment: DateTime<Tz> = Shanghai.timestamp_opt(unix, 0).unwrap();
    moment.date_naive()
}

fn works(table: &DayTable, date: NaiveDate) -> bool {
    table.opened.contains_key(&date)
        || date.weekday().num_days_from_monday() < 5 && !table.closed.contains_key(&date)
}

/// All open intervals of 25 years in order, with the seconds before each; each list by itself, so that a search reads little.
pub struct Prefix {
    opens: Vec<i64>,
    closes: Vec<i64>,
    before: Vec<i64>,
    working: Vec<NaiveDate>,
}

impl Prefix {
    pub fn build(table: &DayTable) -> Prefix {
        let mut prefix = Prefix {
            opens: Vec::new(),
            closes: Vec::new(),
            before: Vec::new(),
            working: Vec::new(),
        };
        let mut sum = 0;
        let mut date = NaiveDate::from_ymd_opt(YEARS.start, 1, 1).unwrap();
        while date.year() < YEARS.end {
            if works(table, date) {
                prefix.working.push(date);
                for (opens, closes) in WINDOWS {
                    let (opens, closes) = (local(date, opens), local(date, closes));
                    prefix.opens.push(opens);
                    prefix.closes.push(closes);
                    prefix.before.push(sum);
                    sum += closes - opens;
                }
            }
            date = date + Days::new(1);
        }
        prefix
    }

    fn before(&self, t: i64) -> i64 {
        match self.opens.partition_point(|&opens| opens < t) {
            0 => 0,
            after => self.before[after - 1] + t.min(self.closes[after - 1]) - self.opens[after - 1],
        }
    }

    pub fn measure(&self, a: i64, b: i64) -> i64 {
        self.before(b) - self.before(a)
    }

    pub fn add(&self, a: i64, seconds: i64) -> i64 {
        if seconds == 0 {
            return a;
        }
        let sum = self.before(a) + seconds;
        let at = self.before.partition_point(|&before| before < sum) - 1;
        self.opens[at] + sum - self.before[at]
    }

    pub fn nth_after(&self, date: NaiveDate, n: i64) -> NaiveDate {
        let after = self.working.partition_point(|working| *working <= date);
        self.working[after + usize::try_from(n).unwrap() - 1]
    }
}

/// Walks from date to date.
pub struct Walk<'a> {
    table: &'a DayTable,
}

impl<'a> Walk<'a> {
    pub fn new(table: &'a DayTable) -> Walk<'a> {
        Walk { table }
    }

    /// The windows of the dates from that of `a` on.
    fn windows(&self, a: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.working_days(date_at(a)).flat_map(|date| {
            WINDOWS.map(|(opens, closes)| (local(date, opens), local(date, closes)))
        })
    }

    fn working_days(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        from.iter_days().filter(|date| works(self.table, *date))
    }

    pub fn measure(&self, a: i64, b: i64) -> i64 {
        self.windows(a)
            .take_while(|(opens, _)| *opens < b)
            .map(|(opens, closes)| (closes.min(b) - opens.max(a)).max(0))
            .sum()
    }

    pub fn add(&self, a: i64, seconds: i64) -> i64 {
        if seconds == 0 {
            return a;
        }
        let mut left = seconds;
        for (opens, closes) in self.windows(a) {
            let from = opens.max(a);
            if closes <= from {
                continue;
            }
            if left <= closes - from {
                return from + left;
            }
            left -= closes - from;
        }
        a
    }

    pub fn nth_after(&self, date: NaiveDate, n: i64) -> NaiveDate {
        let nth = usize::try_from(n).unwrap() - 1;
        self.working_days(date + Days::new(1)).nth(nth).unwrap()
    }

    /// The close of the `n`-th working day after that of `a` at whose close the clock has not been stopped.
    pub fn due(&self, a: i64, n: usize, stops: &[(i64, i64)]) -> i64 {
        self.working_days(date_at(a) + Days::new(1))
            .map(|date| local(date, 18))
            .filter(|close| {
                !stops
                    .iter()
                    .any(|(from, until)| (*from..*until).contains(&(close - 1)))
            })
            .nth(n - 1)
            .unwrap()
    }
}
