//! Answers questions of office hours from a file, one JSON line a question: how a calendar says something, so that other
//! programs can be compared with it.
//!
//! ```sh
//! cargo run --example business_time -- questions.json
//! ```
//!
//! The file holds `calendars` by name (`tz`; `weekly` lists of `["09:00", "12:00"]` by `mon` to `sun`; `holidays`; `special_days` with
//! lists of their own) and `cases` (`id`, `calendar`, `op` and its arguments). An answer is a moment in universal time, a date, or a
//! count.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use chrono::NaiveDate;
use duly::time::{Calendar, Counting, DayTable, Hours, Moment, Opened, Pauses, Span, Term, Window};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct File {
    calendars: BTreeMap<String, Sheet>,
    cases: Vec<Case>,
}

type Stretch = (String, String);

#[derive(Deserialize)]
struct Sheet {
    tz: String,
    #[serde(default)]
    weekly: BTreeMap<String, Vec<Stretch>>,
    #[serde(default)]
    holidays: Vec<NaiveDate>,
    #[serde(default)]
    special_days: BTreeMap<NaiveDate, Vec<Stretch>>,
}

#[derive(Deserialize)]
struct Case {
    id: Value,
    calendar: String,
    op: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("which file? give its path as the only argument")?;
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("`{path}` cannot be read: {error}"))?;
    let file: File = serde_json::from_str(&text)?;
    let mut calendars = BTreeMap::new();
    for (name, sheet) in &file.calendars {
        // A calendar that cannot be is the answer to the questions that ask it, and to no others.
        let made = sheet.calendar(name).map_err(|error| error.to_string());
        calendars.insert(name.as_str(), made);
    }
    let mut out = std::io::stdout().lock();
    for case in &file.cases {
        let unknown = || Err(format!("no calendar is called `{}`", case.calendar));
        let calendar = calendars.get(case.calendar.as_str()).cloned();
        let answer = calendar
            .unwrap_or_else(unknown)
            .map_err(Into::into)
            .and_then(|calendar| case.answer(&calendar));
        match answer {
            Ok(answer) => writeln!(out, "{}", json!({ "id": case.id, "answer": answer }))?,
            Err(error) => writeln!(
                out,
                "{}",
                json!({ "id": case.id, "error": error.to_string() })
            )?,
        }
    }
    Ok(())
}

impl Sheet {
    fn calendar(&self, name: &str) -> Result<Calendar, Box<dyn Error>> {
        let day = |short: &str| windows(self.weekly.get(short).map_or(&[], Vec::as_slice));
        let week = [
            day("mon")?,
            day("tue")?,
            day("wed")?,
            day("thu")?,
            day("fri")?,
            day("sat")?,
            day("sun")?,
        ];
        let mut days = DayTable::plain(name);
        days.closed.extend(
            self.holidays
                .iter()
                .map(|date| (*date, "holiday".to_owned())),
        );
        for (&date, stretches) in &self.special_days {
            days.closed.remove(&date);
            if stretches.is_empty() {
                days.closed.insert(date, "special day".to_owned());
            } else {
                let windows = Some(windows(stretches)?);
                days.opened.insert(
                    date,
                    Opened {
                        name: "special day".to_owned(),
                        windows,
                    },
                );
            }
        }
        Ok(Calendar::new(self.tz.parse()?, Hours::new(week), &days)?)
    }
}

fn windows(stretches: &[Stretch]) -> Result<Vec<Window>, Box<dyn Error>> {
    stretches
        .iter()
        .map(|(opens, closes)| Ok(format!("{opens}-{closes}").parse()?))
        .collect()
}

impl Case {
    fn answer(&self, calendar: &Calendar) -> Result<Value, Box<dyn Error>> {
        Ok(match self.op.as_str() {
            "add" => json!(calendar.add(self.moment("start")?, self.number("seconds")?)?),
            "sub" => json!(calendar.sub(self.moment("start")?, self.number("seconds")?)?),
            "between" => json!(calendar.measure(self.moment("start")?, self.moment("end")?)),
            "add_paused" => {
                let span = Span::WorkingTime(self.number("seconds")?);
                let due = Term::new(self.moment("start")?, span, Counting::cn())
                    .due(calendar, &self.pauses()?)?;
                json!(due.map(|due| due.at))
            }
            "between_paused" => json!(self.pauses()?.running(
                calendar,
                self.moment("start")?,
                self.moment("end")?
            )),
            "nth_working_day_after" => {
                json!(calendar.nth_working_day_after(self.date("date")?, self.number("n")?)?)
            }
            "working_days_in_half_open_range" => {
                json!(calendar.working_days_between(self.date("start")?, self.date("end")?))
            }
            other => return Err(format!("no question is called `{other}`").into()),
        })
    }

    fn get(&self, key: &str) -> Result<&Value, String> {
        self.rest
            .get(key)
            .ok_or_else(|| format!("`{}` needs `{key}`", self.op))
    }

    fn moment(&self, key: &str) -> Result<Moment, Box<dyn Error>> {
        Ok(Moment::deserialize(self.get(key)?)?)
    }

    fn date(&self, key: &str) -> Result<NaiveDate, Box<dyn Error>> {
        Ok(NaiveDate::deserialize(self.get(key)?)?)
    }

    fn number(&self, key: &str) -> Result<i64, Box<dyn Error>> {
        Ok(self
            .get(key)?
            .as_i64()
            .ok_or_else(|| format!("`{key}` is no whole number"))?)
    }

    fn pauses(&self) -> Result<Pauses, Box<dyn Error>> {
        let stretches: Vec<(Moment, Option<Moment>)> =
            Deserialize::deserialize(self.get("pauses")?)?;
        Ok(stretches
            .into_iter()
            .fold(Pauses::none(), |pauses, (from, until)| {
                pauses.with(from, until)
            }))
    }
}
