//! Day tables from iCalendar files (RFC 5545).
//!
//! The reader is written by hand, after these were tried (November 2026; 300 000 mutated files each, 20 000 nested components,
//! 10 MiB). None panicked, but none can say on which line of the file as it lies there a mistake is, which is what its keeper
//! needs, and each costs more than the unfolding and splitting below, some 60 lines, which are all a table of holidays needs of it:
//!
//! - `icalendar` 0.17 (7 900 lines, well kept): takes only `&str`, so a fold within a character must be undone before; counts lines after
//!   unfolding; 20 000 nested components overflow the stack, which no caller can catch; turns on chrono's clock for the whole
//!   program and brings uuid, getrandom, nom, nom-language, iso8601 and iana-time-zone.
//! - `calcard` 0.3 (38 900 lines, well kept): takes only `&str`; passes over a line that is no property and a file cut off in the middle
//!   without a word; brings ahash with getrandom, indexmap, mail-parser, mail-builder and a procedural macro.
//! - `ical` 0.11 (2 100 lines, no longer kept): reads a file as ended where a line is not UTF-8, so the rest is lost, and folds within a
//!   character so; trims folded text; does not know a byte order mark.
//! - `ical_vcard` 0.5 (2 500 lines, no dependency, one keeper): reads lines, not components, which is the right cut, but refuses empty
//!   lines and underscores as published files have them. The tests of the export read with it.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::error::{CalendarError, shown};
use super::table::{Coverage, DayTable, FIRST_YEAR, LAST_YEAR, Opened, measured};

/// Longest event that is believed to be a holiday, in days.
const LONGEST: i64 = 100;

/// Most days that the events of a file may have together; those of three hundred years, weekends included, are fewer.
const MOST_DAYS: i64 = 100_000;

/// How deep components may lie in one another; an alarm in an event in a calendar is three.
const DEEPEST: usize = 8;

/// Longest name that the events of one date make together, in bytes.
const LONGEST_NAME: usize = 200;

/// Words by which published calendars mark a make-up day. Most have nothing else that tells it from a holiday.
const MAKE_UP: [&str; 5] = ["上班", "补班", "補班", "(班)", "（班）"];

/// One content line after unfolding, with the number of the line it began on.
struct Line {
    number: usize,
    name: String,
    value: String,
}

/// A component that has begun, with the number of its line.
struct Component {
    number: usize,
    name: String,
}

/// What has been read of an event.
#[derive(Default)]
struct Event {
    number: usize,
    begins: Option<NaiveDate>,
    ends: Option<NaiveDate>,
    lasts: Option<i64>,
    summary: String,
    /// Whether the event says in a property of its own that people work, or that they do not.
    works: Option<bool>,
    cancelled: bool,
}

impl DayTable {
    /// Makes a table of the whole-day events of an iCalendar file. An event closes its days, from its start up to, and not with,
    /// its end. One that is marked `X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY` opens them, and so does one whose summary says 上班, 补班, 補班
    /// or (班), unless it is marked `WORK-HOLIDAY`. A cancelled event does nothing. Where several events name one date, their names are
    /// joined. A file does not say for which years it is complete, so the coverage must be given.
    ///
    /// # Errors
    /// [`CalendarError::TooLarge`] for more than [`MAX_BYTES`](DayTable::MAX_BYTES). [`CalendarError::Ics`] with the line: for text that is
    /// no iCalendar or is cut off; for an event without a date, with a time of day, which ends before it begins or is longer than 100 days;
    /// and for one that repeats by rule, since its days would be lost. Otherwise what [`check`](DayTable::check) refuses.
    ///
    /// ```
    /// use duly::time::{Coverage, DayTable};
    /// let text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261008\r\n\
    ///     SUMMARY:\xe5\x9b\xbd\xe5\xba\x86\xe8\x8a\x82\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let coverage = Coverage { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
    /// let table = DayTable::from_ics("cn", "2025-11-04", coverage, text)?;
    /// assert_eq!(table.closed.len(), 7);
    /// # Ok::<(), duly::time::CalendarError>(())
    /// ```
    pub fn from_ics(
        id: &str,
        revision: &str,
        coverage: Coverage,
        file: &[u8],
    ) -> Result<DayTable, CalendarError> {
        measured(file.len())?;
        let mut reader = Reader {
            table: DayTable {
                revision: revision.to_owned(),
                coverage,
                ..DayTable::plain(id)
            },
            open: Vec::new(),
            event: Event::default(),
            days: 0,
        };
        let lines = unfold(file)?;
        if lines.is_empty() {
            return Err(refuse(1, BEGINS.to_owned()));
        }
        for line in lines {
            reader.line(&line)?;
        }
        if let Some(Component { number, name }) = reader.open.last() {
            return Err(refuse(
                *number,
                format!("`{}` has no end: the file is cut off", shown(name)),
            ));
        }
        reader.table.check()?;
        Ok(reader.table)
    }
}

const BEGINS: &str = "a calendar begins with `BEGIN:VCALENDAR`";

struct Reader {
    table: DayTable,
    /// The components begun and not yet ended, outermost first.
    open: Vec<Component>,
    event: Event,
    /// Days entered so far.
    days: i64,
}

impl Reader {
    fn line(&mut self, line: &Line) -> Result<(), CalendarError> {
        let within = self.open.last().map(|component| component.name.as_str());
        match (line.name.as_str(), within) {
            ("BEGIN", _) => return self.begin(line),
            ("END", _) => return self.end(line),
            (_, None) => return Err(refuse(line.number, BEGINS.to_owned())),
            // An alarm in an event has a summary of its own.
            (_, Some(name)) if name != "VEVENT" => return Ok(()),
            _ => {}
        }
        let event = &mut self.event;
        match line.name.as_str() {
            "DTSTART" => event.begins = Some(date(line)?),
            "DTEND" => event.ends = Some(date(line)?),
            "DURATION" => event.lasts = Some(days(line)?),
            "SUMMARY" => event.summary = unescape(&line.value),
            "STATUS" => event.cancelled = line.value.eq_ignore_ascii_case("CANCELLED"),
            "X-APPLE-SPECIAL-DAY" => {
                event.works = match line.value.to_ascii_uppercase().as_str() {
                    "ALTERNATE-WORKDAY" => Some(true),
                    "WORK-HOLIDAY" => Some(false),
                    _ => None,
                };
            }
            "RRULE" | "RDATE" => {
                return Err(refuse(
                    line.number,
                    "the event repeats by rule: list each of its days as an event".to_owned(),
                ));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, line: &Line) -> Result<(), CalendarError> {
        let name = line.value.to_ascii_uppercase();
        let refuse = |why: &str| Err(refuse(line.number, why.to_owned()));
        if self.open.is_empty() && name != "VCALENDAR" {
            return refuse(BEGINS);
        }
        if self.open.len() == DEEPEST {
            return refuse("components lie more than eight deep: no calendar does so");
        }
        if name == "VEVENT" {
            if self.open.iter().any(|component| component.name == name) {
                return refuse(
                    "an event begins within an event: end the one before with `END:VEVENT`",
                );
            }
            self.event = Event {
                number: line.number,
                ..Event::default()
            };
        }
        self.open.push(Component {
            number: line.number,
            name,
        });
        Ok(())
    }

    fn end(&mut self, line: &Line) -> Result<(), CalendarError> {
        let name = line.value.to_ascii_uppercase();
        match self.open.pop() {
            Some(begun) if begun.name == name => {}
            Some(begun) => {
                return Err(refuse(
                    line.number,
                    format!(
                        "`END:{}` comes before `END:{}` for what began on line {}",
                        shown(&name),
                        shown(&begun.name),
                        begun.number
                    ),
                ));
            }
            None => {
                return Err(refuse(
                    line.number,
                    format!("`END:{}` ends nothing that has begun", shown(&name)),
                ));
            }
        }
        if name == "VEVENT" {
            let event = std::mem::take(&mut self.event);
            self.enter(event)?;
        }
        Ok(())
    }

    fn enter(&mut self, event: Event) -> Result<(), CalendarError> {
        if event.cancelled {
            return Ok(());
        }
        let refuse = |message: String| refuse(event.number, message);
        let begins = event
            .begins
            .ok_or_else(|| refuse("the event has no DTSTART".to_owned()))?;
        let ends = event
            .ends
            .map(|ends| ends.signed_duration_since(begins).num_days());
        let days = ends.or(event.lasts).unwrap_or(1);
        if days < 0 {
            return Err(refuse(
                "the event ends before it begins: DTEND is the day after its last".to_owned(),
            ));
        }
        if days > LONGEST {
            return Err(refuse(format!(
                "the event lasts {days} days: a holiday lasts no more than {LONGEST}"
            )));
        }
        // An event that ends where it begins lasts one day: so some programs write it.
        let days = days.max(1);
        self.days += days;
        if self.days > MOST_DAYS {
            return Err(refuse(format!(
                "with this event the file has more than {MOST_DAYS} days: it is no list of holidays"
            )));
        }
        let said = || MAKE_UP.iter().any(|word| event.summary.contains(word));
        let make_up = event.works.unwrap_or_else(said);
        let table = &mut self.table;
        for day in 0..days {
            let Some(date) = begins.checked_add_signed(TimeDelta::days(day)) else {
                break;
            };
            let name = if make_up {
                let none = Opened {
                    name: String::new(),
                    windows: None,
                };
                &mut table.opened.entry(date).or_insert(none).name
            } else {
                table.closed.entry(date).or_default()
            };
            join(name, &event.summary);
        }
        Ok(())
    }
}

/// Joins the name of one more event to those that a date has.
fn join(names: &mut String, name: &str) {
    if names.is_empty() {
        names.push_str(name);
    } else if names.len() + name.len() <= LONGEST_NAME && !names.contains(name) {
        names.push('、');
        names.push_str(name);
    }
}

/// Joins folded lines. It must be done on bytes: a fold may fall within a character.
fn unfold(file: &[u8]) -> Result<Vec<Line>, CalendarError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut raw: Vec<(usize, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(file.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, raw.last_mut()) {
            ([b' ' | b'\t', rest @ ..], Some((_, last))) => last.extend_from_slice(rest),
            ([], _) => {}
            _ => raw.push((number, line.to_vec())),
        }
    }
    let mut lines = Vec::with_capacity(raw.len());
    for (number, bytes) in raw {
        let text = String::from_utf8(bytes)
            .map_err(|_| refuse(number, "the line is not UTF-8".to_owned()))?;
        let Some((name, value)) = split(&text) else {
            return Err(refuse(
                number,
                format!(
                    "`{}` is no property: a name and a value stand on either side of a colon",
                    shown(&text)
                ),
            ));
        };
        // `DTSTART;VALUE=DATE` is DTSTART with a parameter.
        let name = name.split(';').next().unwrap_or(name).to_ascii_uppercase();
        lines.push(Line {
            number,
            name,
            value: value.trim().to_owned(),
        });
    }
    Ok(lines)
}

/// Parts a line at its first colon that is not within the quotes of a parameter, as in `SUMMARY;ALTREP="http://…":…`.
fn split(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The date of a property. A midnight after it is of no matter to a whole day, but any other time would close a day for an hour's
/// sake, and a time told in universal time may be of the day before or after.
fn date(line: &Line) -> Result<NaiveDate, CalendarError> {
    let refuse = |what: &str| refuse(line.number, format!("`{}` {what}", shown(&line.value)));
    let digits = line
        .value
        .get(..8)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let date = digits
        .and_then(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok())
        .ok_or_else(|| refuse("is not a date: write it like `20261001`"))?;
    if !matches!(line.value.get(8..), Some("" | "T000000")) {
        return Err(refuse(
            "is more than a date: a holiday is whole days, written like `20261001`",
        ));
    }
    if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
        return Err(refuse("lies outside the years 1800 to 2100"));
    }
    Ok(date)
}

/// A length in whole days, `P7D` or `P1W`.
fn days(line: &Line) -> Result<i64, CalendarError> {
    let read = || {
        let text = line.value.strip_prefix('P')?;
        let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let unit = match unit {
            "D" => 1,
            "W" => 7,
            _ => return None,
        };
        count
            .parse::<u16>()
            .ok()
            .map(|count| i64::from(count) * unit)
    };
    read().ok_or_else(|| {
        refuse(
            line.number,
            format!(
                "`{}` is not a length in whole days: write it like `P7D`, or give DTEND",
                shown(&line.value)
            ),
        )
    })
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => plain.extend(
                chars
                    .next()
                    .map(|next| if matches!(next, 'n' | 'N') { ' ' } else { next }),
            ),
            _ => plain.push(char),
        }
    }
    plain
}

fn refuse(line: usize, message: String) -> CalendarError {
    CalendarError::Ics { line, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Result<DayTable, CalendarError> {
        let file = [
            b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nX-WR-CALNAME:cn\r\n".as_slice(),
            body,
            b"END:VCALENDAR\r\n",
        ]
        .concat();
        DayTable::from_ics("cn", "1", Coverage::ALL, &file)
    }

    fn event(lines: &str) -> Vec<u8> {
        format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n").into_bytes()
    }

    #[test]
    fn a_line_may_be_folded_within_a_character() {
        let mut body = b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261010\r\nSUMMARY:".to_vec();
        let name = "国庆节 补班\\, 周六".as_bytes();
        body.extend_from_slice(&name[..4]);
        body.extend_from_slice(b"\r\n ");
        body.extend_from_slice(&name[4..]);
        body.extend_from_slice(b"\r\nEND:VEVENT\r\n");
        let table = read(&body).unwrap();
        assert_eq!(
            table.opened[&"2026-10-10".parse().unwrap()].name,
            "国庆节 补班, 周六"
        );
    }

    #[test]
    fn an_end_is_exclusive_and_a_cancelled_event_is_none() {
        let table = read(&event(
            "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20260104\r\nSUMMARY:元旦",
        ))
        .unwrap();
        assert_eq!(
            table
                .closed
                .keys()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["2026-01-01", "2026-01-02", "2026-01-03"]
        );
        assert_eq!(
            read(&event(
                "DTSTART;TZID=Asia/Shanghai:20260101T000000\r\nSUMMARY:x"
            ))
            .unwrap()
            .closed
            .len(),
            1
        );
        assert!(
            read(&event("DTSTART:20260101\r\nSTATUS:CANCELLED"))
                .unwrap()
                .closed
                .is_empty()
        );
    }

    #[test]
    fn what_belongs_to_another_component_is_not_the_events() {
        let table = read(&event(
            "DTSTART;VALUE=DATE:20261001\r\nSUMMARY;ALTREP=\"http://a.example/b\":国庆节\r\n\
             BEGIN:VALARM\r\nTRIGGER:-P1D\r\nDURATION:PT5M\r\nSUMMARY:明天补班\r\nEND:VALARM\r\nDURATION:P1W",
        ))
        .unwrap();
        assert_eq!((table.closed.len(), table.opened.len()), (7, 0));
        assert_eq!(table.closed[&"2026-10-07".parse().unwrap()], "国庆节");
        let zone = b"BEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:19700101T010000\r\nRRULE:FREQ=YEARLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        assert!(read(zone).unwrap().closed.is_empty());
    }

    /// Published calendars of China mark a make-up day by a word, by 班 in brackets of either width, or by a property, which goes before
    /// words. To take it for a holiday would close a day on which people work.
    #[test]
    fn a_make_up_day_is_known_by_its_word_or_its_mark() {
        let date: NaiveDate = "2026-10-10".parse().unwrap();
        for (says, opens) in [
            ("SUMMARY:国庆节 上班", true),
            ("SUMMARY:国庆节补班", true),
            ("SUMMARY:國慶節補班", true),
            ("SUMMARY:国庆节(班)", true),
            ("SUMMARY:国庆节（班）", true),
            (
                "SUMMARY:国庆节\r\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
                true,
            ),
            (
                "X-Apple-Special-Day:alternate-workday\r\nSUMMARY:国庆节(休)",
                true,
            ),
            ("SUMMARY:国庆节", false),
            ("SUMMARY:国庆节(休)", false),
            ("SUMMARY:国庆节（休）", false),
            ("SUMMARY:值班室放假", false),
            (
                "SUMMARY:国庆节,11 日上班\r\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
                false,
            ),
            ("SUMMARY:国庆节补班\r\nX-APPLE-SPECIAL-DAY:OTHER", true),
        ] {
            let body = event(&format!("DTSTART;VALUE=DATE:20261010\r\n{says}"));
            let table = read(&body).unwrap();
            let found = (
                table.opened.contains_key(&date),
                table.closed.contains_key(&date),
            );
            assert_eq!(found, (opens, !opens), "{says}");
        }
    }

    #[test]
    fn the_names_of_events_on_one_date_are_joined() {
        let mut body = event("DTSTART:20201001\r\nSUMMARY:国庆节");
        body.extend(event("DTSTART:20201001\r\nSUMMARY:中秋节"));
        body.extend(event("DTSTART:20201001\r\nSUMMARY:国庆节"));
        assert_eq!(
            read(&body).unwrap().closed[&"2020-10-01".parse().unwrap()],
            "国庆节、中秋节"
        );
    }

    #[test]
    fn what_would_be_lost_is_refused_with_its_line() {
        let said = |body: &[u8]| read(body).unwrap_err().to_string();
        assert!(
            said(&event("DTSTART:20260101\r\nRRULE:FREQ=YEARLY"))
                .starts_with("line 5: the event repeats")
        );
        assert!(said(&event("SUMMARY:x")).starts_with("line 3: the event has no DTSTART"));
        assert!(said(&event("DTSTART:20260230")).contains("`20260230` is not a date"));
        assert!(said(&event("DTSTART:18000101\r\nDTEND:21001231")).contains("lasts"));
        assert!(
            said(&event("DTSTART:20260102\r\nDTEND:20260101")).contains("ends before it begins")
        );
        assert!(said(&event("DTSTART:20260101T090000")).contains("more than a date"));
        assert!(said(&event("DTSTART:20251231T160000Z")).contains("more than a date"));
        assert!(said(&event("DTSTART:21010101")).starts_with("line 4: `21010101` lies outside"));
        assert!(said(&event("DTSTART:20260101\r\nDURATION:PT2H")).contains("whole days"));
        assert!(said(&event("BEGIN:VEVENT")).contains("within an event"));
        assert!(
            said(b"BEGIN:VEVENT\r\n")
                .starts_with("line 4: `END:VCALENDAR` comes before `END:VEVENT`")
        );
        assert!(said(b"nonsense\r\n").contains("`nonsense` is no property"));
        assert!(said(b"SUMMARY:\xff\r\n").contains("not UTF-8"));
        assert!(DayTable::from_ics("cn", "1", Coverage::ALL, b"{}").is_err());
    }
}
