//! Day tables from iCalendar files (RFC 5545).

use chrono::{NaiveDate, TimeDelta};

use super::error::{CalendarError, shown};
use super::table::{Coverage, DayTable, Opened};

/// Longest event that is believed to be a holiday, in days.
const LONGEST: i64 = 100;

/// Words by which published calendars mark a make-up day; nothing else in the event tells it from a holiday.
const MAKE_UP: [&str; 3] = ["上班", "补班", "補班"];

/// One content line after unfolding, with the number of the line it began on.
struct Line {
    number: usize,
    name: String,
    value: String,
}

/// What has been read of an event.
#[derive(Default)]
struct Event {
    number: usize,
    begins: Option<NaiveDate>,
    ends: Option<NaiveDate>,
    summary: String,
    cancelled: bool,
}

impl DayTable {
    /// Makes a table of the whole-day events of an iCalendar file. An event closes its days, from its start up to, and not with,
    /// its end; one whose summary says 上班, 补班 or 補班 opens them. A file does not say for which years it is complete, so the
    /// coverage must be given.
    ///
    /// # Errors
    /// [`CalendarError::Ics`] with the line, for text that is no iCalendar, for an event without a date or longer than 100 days, and
    /// for one that repeats by rule, since its days would be lost; otherwise what [`check`](DayTable::check) refuses.
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
        let mut table = DayTable {
            revision: revision.to_owned(),
            coverage,
            ..DayTable::plain(id)
        };
        let mut event: Option<Event> = None;
        let lines = unfold(file)?;
        if lines.first().is_none_or(|line| {
            line.name != "BEGIN" || !line.value.eq_ignore_ascii_case("VCALENDAR")
        }) {
            return Err(refuse(
                1,
                "a calendar begins with `BEGIN:VCALENDAR`".to_owned(),
            ));
        }
        for line in lines {
            match (line.name.as_str(), &mut event) {
                ("BEGIN", _) if line.value.eq_ignore_ascii_case("VEVENT") => {
                    event = Some(Event {
                        number: line.number,
                        ..Event::default()
                    });
                }
                ("END", Some(_)) if line.value.eq_ignore_ascii_case("VEVENT") => {
                    event.take().unwrap_or_default().enter(&mut table)?;
                }
                ("DTSTART", Some(event)) => event.begins = Some(date(&line)?),
                ("DTEND", Some(event)) => event.ends = Some(date(&line)?),
                ("SUMMARY", Some(event)) => event.summary = unescape(&line.value),
                ("STATUS", Some(event)) => {
                    event.cancelled = line.value.eq_ignore_ascii_case("CANCELLED")
                }
                ("RRULE" | "RDATE", Some(_)) => {
                    return Err(refuse(
                        line.number,
                        "the event repeats by rule: list each of its days as an event".to_owned(),
                    ));
                }
                _ => {}
            }
        }
        if let Some(open) = event {
            return Err(refuse(
                open.number,
                "the event has no end: the file is cut off".to_owned(),
            ));
        }
        table.check()?;
        Ok(table)
    }
}

impl Event {
    fn enter(self, table: &mut DayTable) -> Result<(), CalendarError> {
        if self.cancelled {
            return Ok(());
        }
        let begins = self
            .begins
            .ok_or_else(|| refuse(self.number, "the event has no DTSTART".to_owned()))?;
        // Without an end, or with one that is its beginning, a whole-day event lasts one day.
        let days = self.ends.map_or(1, |ends| {
            ends.signed_duration_since(begins).num_days().max(1)
        });
        if days > LONGEST {
            return Err(refuse(
                self.number,
                format!("the event lasts {days} days: a holiday lasts no more than {LONGEST}"),
            ));
        }
        for day in 0..days {
            let Some(date) = begins.checked_add_signed(TimeDelta::days(day)) else {
                break;
            };
            if MAKE_UP.iter().any(|word| self.summary.contains(word)) {
                table.opened.insert(
                    date,
                    Opened {
                        name: self.summary.clone(),
                        windows: None,
                    },
                );
            } else {
                table.closed.insert(date, self.summary.clone());
            }
        }
        Ok(())
    }
}

/// Joins folded lines. It must be done on bytes: a fold may fall within a character.
fn unfold(file: &[u8]) -> Result<Vec<Line>, CalendarError> {
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
        let text = text.trim_start_matches('\u{feff}');
        let Some((name, value)) = text.split_once(':') else {
            return Err(refuse(
                number,
                format!(
                    "`{}` is no property: a name and a value stand on either side of a colon",
                    shown(text)
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

/// The date of a property; a time of day after it is of no matter to a whole day.
fn date(line: &Line) -> Result<NaiveDate, CalendarError> {
    let digits = line
        .value
        .get(..8)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let date = digits.and_then(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok());
    date.ok_or_else(|| {
        refuse(
            line.number,
            format!(
                "`{}` is not a date: write it like `20261001`",
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
            read(&event("DTSTART:20260101T000000Z\r\nSUMMARY:x"))
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
    fn what_would_be_lost_is_refused_with_its_line() {
        let said = |body: &[u8]| read(body).unwrap_err().to_string();
        assert!(
            said(&event("DTSTART:20260101\r\nRRULE:FREQ=YEARLY"))
                .starts_with("line 5: the event repeats")
        );
        assert!(said(&event("SUMMARY:x")).starts_with("line 3: the event has no DTSTART"));
        assert!(said(&event("DTSTART:20260230")).contains("`20260230` is not a date"));
        assert!(said(&event("DTSTART:00010101\r\nDTEND:99991231")).contains("lasts"));
        assert!(said(b"BEGIN:VEVENT\r\n").contains("cut off"));
        assert!(said(b"nonsense\r\n").contains("`nonsense` is no property"));
        assert!(said(b"SUMMARY:\xff\r\n").contains("not UTF-8"));
        assert!(DayTable::from_ics("cn", "1", Coverage::ALL, b"{}").is_err());
    }
}
