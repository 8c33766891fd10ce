//! Deadlines as an iCalendar file (RFC 5545), for the calendars of the people who must keep them.

use std::collections::BTreeSet;

use chrono::DateTime;

use super::error::{CalendarError, shown};
use super::moment::Moment;

/// Longest line of a file, in octets, without its end.
const WIDTH: usize = 75;

/// What some reader or other takes for the end of a line.
const LINE_BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// A deadline as it is written into an iCalendar file. It is an event without length that leaves its owner free, because few
/// programs show tasks.
///
/// ```
/// use duly::time::{Deadline, Moment};
/// let due = Moment::parse("2026-10-08T18:00:00+08:00")?;
/// let answer = Deadline {
///     uid: "case-17/answer@city.example".to_owned(),
///     sequence: 0,
///     stamp: Moment::parse("2026-09-30T16:00:00+08:00")?,
///     due,
///     summary: "答复期限:积水, 路灯".to_owned(),
///     description: "承办单位:住建局".to_owned(),
///     reminders: vec![due.plus(-86_400)],
///     cancelled: false,
/// };
/// let file = Deadline::ics(&[answer])?;
/// assert!(file.contains("\r\nDTSTART:20261008T100000Z\r\n"));
/// assert!(file.contains("\r\nSUMMARY:答复期限:积水\\, 路灯\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// What tells the deadline from all others, for ever and everywhere: a program that reads a newer file replaces the entry of the same uid.
    pub uid: String,
    /// How often the deadline was moved or renamed since it was first written; of two entries of one uid the greater holds. The
    /// format ends at 2 147 483 647, and so does this.
    pub sequence: u32,
    /// When the entry was written.
    pub stamp: Moment,
    /// When it is due.
    pub due: Moment,
    /// One line that says what is due.
    pub summary: String,
    /// More about it; may have several lines.
    pub description: String,
    /// When the owner is to be reminded.
    pub reminders: Vec<Moment>,
    /// Whether it no longer holds. It is written all the same, without reminders, so that programs strike it off.
    pub cancelled: bool,
}

impl Deadline {
    /// Writes the deadlines as one iCalendar file, in the order given. All moments are in universal time; the reader's program
    /// shows them by the clock of its place. The same deadlines always make the same text.
    ///
    /// The format has no control characters: line breaks of any kind stand as `\n` in it, a tab stays, and each other control
    /// character becomes U+FFFD. Everything else is read back as it was written.
    ///
    /// # Errors
    /// [`CalendarError::Uid`] if a uid is empty, holds a line break or a control character, or is that of another deadline of the file.
    ///
    /// ```
    /// let empty = duly::time::Deadline::ics(&[])?;
    /// assert!(empty.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    /// # Ok::<(), duly::time::CalendarError>(())
    /// ```
    pub fn ics(deadlines: &[Deadline]) -> Result<String, CalendarError> {
        let mut uids = BTreeSet::new();
        let mut file = Writer(String::new());
        file.line("BEGIN", "VCALENDAR");
        file.line("VERSION", "2.0");
        file.line("PRODID", "-//duly//duly//EN");
        file.line("CALSCALE", "GREGORIAN");
        file.line("METHOD", "PUBLISH");
        for deadline in deadlines {
            let uid = deadline.uid.as_str();
            let refuse = |why| {
                Err(CalendarError::Uid {
                    uid: shown(uid),
                    why,
                })
            };
            if uid.trim().is_empty() {
                return refuse("is empty");
            }
            if uid.contains(|char: char| char.is_control() || LINE_BREAKS.contains(&char)) {
                return refuse("holds a line break or a control character");
            }
            if !uids.insert(uid) {
                return refuse("is that of another deadline of the same file");
            }
            deadline.write(&mut file);
        }
        file.line("END", "VCALENDAR");
        Ok(file.0)
    }

    fn write(&self, file: &mut Writer) {
        const GREATEST: u32 = 2_147_483_647;
        file.line("BEGIN", "VEVENT");
        file.text("UID", &self.uid);
        file.line("SEQUENCE", &self.sequence.min(GREATEST).to_string());
        file.line("DTSTAMP", &utc(self.stamp));
        file.line("DTSTART", &utc(self.due));
        file.text("SUMMARY", &self.summary);
        if !self.description.is_empty() {
            file.text("DESCRIPTION", &self.description);
        }
        let status = if self.cancelled {
            "CANCELLED"
        } else {
            "CONFIRMED"
        };
        file.line("STATUS", status);
        file.line("TRANSP", "TRANSPARENT");
        if !self.cancelled {
            for reminder in &self.reminders {
                file.line("BEGIN", "VALARM");
                file.line("ACTION", "DISPLAY");
                file.line("TRIGGER;VALUE=DATE-TIME", &utc(*reminder));
                file.text("DESCRIPTION", &self.summary);
                file.line("END", "VALARM");
            }
        }
        file.line("END", "VEVENT");
    }
}

struct Writer(String);

impl Writer {
    /// Writes a property, folded where it is too long, but never within a character: not every reader joins lines before it
    /// decodes them.
    fn line(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for char in name.chars().chain([':']).chain(value.chars()) {
            let octets = char.len_utf8();
            if width + octets > WIDTH {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(char);
            width += octets;
        }
        self.0.push_str("\r\n");
    }

    /// Writes a property whose value is text.
    fn text(&mut self, name: &str, text: &str) {
        let mut value = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '\\' | ';' | ',' => value.extend(['\\', char]),
                '\r' if chars.peek() == Some(&'\n') => {}
                _ if LINE_BREAKS.contains(&char) => value.push_str("\\n"),
                '\t' => value.push(char),
                _ if char.is_control() => value.push('\u{fffd}'),
                _ => value.push(char),
            }
        }
        self.line(name, &value);
    }
}

/// The moment as the format writes it, `20261008T100000Z`.
fn utc(moment: Moment) -> String {
    DateTime::from_timestamp(moment.unix(), 0)
        .map(|at| at.format("%Y%m%dT%H%M%SZ").to_string())
        .unwrap_or_default()
}
