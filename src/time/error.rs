//! What can go wrong when time is read or reckoned.

use chrono::NaiveDate;

use super::moment::Moment;

/// A moment, a zone, a span or a count that could not be read or reckoned.
///
/// Every message names the text or the place at fault and what would have been right.
///
/// ```
/// use duly::time::Moment;
/// let error = Moment::parse("2026-09-30T16:00:00").unwrap_err();
/// assert!(error.to_string().contains("add an offset"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text is not an RFC 3339 date and time.
    #[error("`{text}` is not a moment: write it like `2026-09-30T16:00:00+08:00`")]
    Moment {
        /// The text as given (shortened if long).
        text: String,
    },
    /// The text is a date and time, but of no place on earth.
    #[error(
        "`{text}` does not say in which place it is told: add an offset, such as `{text}+08:00` or `{text}Z`"
    )]
    NoOffset {
        /// The text as given.
        text: String,
    },
    /// A moment or date before year 1 or after year 9999.
    #[error("{what} lies outside the years 1 to 9999")]
    OutOfRange {
        /// What was being reckoned.
        what: String,
    },
    /// No such time zone.
    #[error("no time zone is called `{name}`{}", did_you_mean(.suggestion))]
    Zone {
        /// The name as given (shortened if long).
        name: String,
        /// The nearest name that exists.
        suggestion: Option<String>,
    },
    /// The text is not a window of the day.
    #[error("`{text}` is not a window of the day: write it like `09:00-12:30`, {why}")]
    Window {
        /// The text as given.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The text is not a time of day.
    #[error("`{text}` is not a time of day: write it like `18:00`")]
    TimeOfDay {
        /// The text as given.
        text: String,
    },
    /// A length of time below zero.
    #[error("a span of {seconds} seconds runs backwards: lengths count from zero up")]
    Negative {
        /// The length as given.
        seconds: i64,
    },
    /// `Earliest` or `Latest` of nothing.
    #[error("the {which} of no spans at all: list at least one")]
    EmptyChoice {
        /// `earliest` or `latest`.
        which: &'static str,
    },
    /// The calendar never opens between the moment and the end of year 9999.
    #[error("calendar `{calendar}` has no working time {direction} {from}")]
    NeverOpen {
        /// The calendar's revision.
        calendar: String,
        /// `after` or `before`.
        direction: &'static str,
        /// Where the search began.
        from: String,
    },
    /// A due moment that holidays still to be published may move, where a certain one was asked for.
    #[error(
        "the due moment {due} is provisional: calendar `{calendar}` knows the holidays from {from} to {until}, and the limit reaches beyond; install the notice of the missing year and reckon it anew"
    )]
    NotCovered {
        /// The calendar's revision.
        calendar: String,
        /// First date whose holidays it knows.
        from: NaiveDate,
        /// Last date whose holidays it knows.
        until: NaiveDate,
        /// When the limit ends if those dates are ordinary.
        due: Moment,
    },
    /// No such counting rule.
    #[error("no counting rule is called `{name}`{}; there are {known}", did_you_mean(.suggestion))]
    Counting {
        /// The name as given.
        name: String,
        /// The nearest name that exists.
        suggestion: Option<String>,
        /// All names that exist.
        known: String,
    },
}

impl TimeError {
    /// The same in Chinese.
    ///
    /// ```
    /// use duly::time::Window;
    /// let error = "9点".parse::<Window>().unwrap_err();
    /// assert_eq!(error.zh(), "`9点`不是一段时间:写成`09:00-12:30`这样,从 00:00 到 24:00,中间用`-`连接");
    /// ```
    pub fn zh(&self) -> String {
        let mean = |near: &Option<String>| match near {
            Some(near) => format!(",是不是要写`{near}`?"),
            None => String::new(),
        };
        match self {
            TimeError::Moment { text } => {
                format!("`{text}`不是一个时刻:写成`2026-09-30T16:00:00+08:00`这样")
            }
            TimeError::NoOffset { text } => {
                format!("`{text}`没有说是哪里的时间:加上时差,如`{text}+08:00`")
            }
            TimeError::OutOfRange { .. } => "算出来的时间不在公元 1 年到 9999 年之间".into(),
            TimeError::Zone { name, suggestion } => {
                format!("没有叫`{name}`的时区{}", mean(suggestion))
            }
            TimeError::Window { text, .. } => format!(
                "`{text}`不是一段时间:写成`09:00-12:30`这样,从 00:00 到 24:00,中间用`-`连接"
            ),
            TimeError::TimeOfDay { text } => {
                format!("`{text}`不是一天里的钟点:写成`18:00`这样")
            }
            TimeError::Negative { seconds } => format!("时长不能倒着走:给了 {seconds} 秒"),
            TimeError::EmptyChoice { .. } => "先到者、后到者至少要列一个时长".into(),
            TimeError::NeverOpen { calendar, from, .. } => {
                format!("日历`{calendar}`在 {from} 前后没有上班时间")
            }
            TimeError::NotCovered {
                calendar,
                from,
                until,
                due,
            } => format!(
                "到期时间 {due} 是暂定的:日历`{calendar}`只知道 {from} 到 {until} 的放假安排;装入缺的那一年的通知,再算一遍"
            ),
            TimeError::Counting {
                name,
                suggestion,
                known,
            } => format!(
                "没有叫`{name}`的起算规则{};可以写:{}",
                mean(suggestion),
                known.replace(", ", "、")
            ),
        }
    }
}

/// A calendar that could not be read or written, or must not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The text is not a day table.
    #[error("line {line}, column {column}: {message}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was expected there.
        message: String,
    },
    /// The text is not an iCalendar file, or holds what a day table cannot.
    #[error("line {line}: {message}")]
    Ics {
        /// Line, from 1.
        line: usize,
        /// What was expected there.
        message: String,
    },
    /// A text longer than any calendar is; it is refused before it is read.
    #[error(
        "the text has {bytes} bytes, and a calendar no more than {limit}: leave out the years that are long past"
    )]
    TooLarge {
        /// Length of the text.
        bytes: usize,
        /// Greatest length allowed.
        limit: usize,
    },
    /// One of several files given together.
    #[error("file {file}: {error}")]
    File {
        /// Place of the file among those given, from 1.
        file: usize,
        /// What is wrong with it.
        error: Box<CalendarError>,
    },
    /// More windows or seasons than any office has.
    #[error("{place} has {count} {things}: it may have no more than {limit}")]
    TooMany {
        /// Where they are listed.
        place: String,
        /// How many there are.
        count: usize,
        /// What they are: `windows` or `seasons`.
        things: &'static str,
        /// Greatest number allowed.
        limit: usize,
    },
    /// A table without an id or revision, so that no due moment could name it.
    #[error(
        "the day table has no {field}: a due moment must be able to name the calendar it was reckoned by"
    )]
    Nameless {
        /// `id` or `revision`.
        field: &'static str,
    },
    /// An id or revision that could not be written beside a due moment.
    #[error("the {field} `{text}` of the day table {why}: it is written beside every due moment")]
    Name {
        /// `id` or `revision`.
        field: &'static str,
        /// The text as given (shortened if long).
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The coverage ends before it begins.
    #[error(
        "calendar `{calendar}` covers {from} to {to}, which is no day at all: the first date must not lie after the last"
    )]
    Coverage {
        /// Id of the table.
        calendar: String,
        /// First date covered.
        from: NaiveDate,
        /// Last date covered.
        to: NaiveDate,
    },
    /// A date outside the years of which the table or notice may speak.
    #[error("calendar `{calendar}` lists {date}: only the years {first} to {last} may stand there")]
    DateOutOfRange {
        /// Id of the table.
        calendar: String,
        /// The date.
        date: NaiveDate,
        /// First year allowed.
        first: i32,
        /// Last year allowed.
        last: i32,
    },
    /// A date listed twice in one notice.
    #[error("calendar `{calendar}` lists {date} twice: keep one entry")]
    DateTwice {
        /// Id of the table.
        calendar: String,
        /// The date.
        date: NaiveDate,
    },
    /// A date opened for work without any window to work in.
    #[error(
        "calendar `{calendar}` opens {date} (`{name}`) without hours: give the date windows of its own, or leave `windows` out where the week has hours to lend"
    )]
    OpenedWithoutHours {
        /// Id of the table.
        calendar: String,
        /// The date.
        date: NaiveDate,
        /// What the table calls it.
        name: String,
    },
    /// So long without working time that a deadline there would be meaningless.
    #[error("calendar `{calendar}` has no working time from {from} to {to}: {why}")]
    NoWorkingTime {
        /// Id of the table.
        calendar: String,
        /// First date of the drought.
        from: NaiveDate,
        /// Last date looked at.
        to: NaiveDate,
        /// What to change.
        why: &'static str,
    },
    /// A year whose notice is missing between others, or no notice at all.
    #[error("calendar `{calendar}` has no notice for {}: give the files of all years from the first to the last", .year.map_or("any year".to_owned(), |year| year.to_string()))]
    NoNotice {
        /// Id of the table.
        calendar: String,
        /// The missing year; `None` if no file had any days.
        year: Option<i32>,
    },
    /// Two files for one year, of which one would be lost without a word.
    #[error(
        "both file {first} and file {second} are the notice for {year}: join their days, or give the later one alone"
    )]
    NoticeTwice {
        /// The year.
        year: i32,
        /// Place of the first file among those given, from 1.
        first: usize,
        /// Place of the second.
        second: usize,
    },
    /// A deadline whose uid does not tell it from the others.
    #[error("the uid `{uid}` of a deadline {why}: programs tell one entry from another by it")]
    Uid {
        /// The uid as given (shortened if long).
        uid: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A season's bounds that are no day of the year.
    #[error("`{text}` is not a day of the year: write month and day like `05-01`")]
    Season {
        /// The text as given.
        text: String,
    },
    /// A window, zone or moment inside the calendar that could not be read.
    #[error(transparent)]
    Time(#[from] TimeError),
}

impl From<serde_json::Error> for CalendarError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_eof() {
            return CalendarError::Json {
                line: error.line(),
                column: error.column(),
                message: "the text ends too early: it is empty or cut off".to_owned(),
            };
        }
        let text = error.to_string();
        // serde_json appends the position to the message; it has fields of its own here.
        let message = match text.rfind(" at line ") {
            Some(cut) => text.get(..cut).unwrap_or(&text).to_owned(),
            None => text,
        };
        let message = match message.as_str() {
            "expected value" => "here should stand a value, such as a text in quotes".to_owned(),
            _ => message,
        };
        CalendarError::Json {
            line: error.line(),
            column: error.column(),
            message: cut(&message, 300),
        }
    }
}

fn did_you_mean(suggestion: &Option<String>) -> String {
    suggestion
        .as_ref()
        .map(|name| format!(", did you mean `{name}`?"))
        .unwrap_or_default()
}

/// The text for an error message: hostile input must not make a hostile message.
pub(super) fn shown(text: &str) -> String {
    cut(text, 60)
}

/// So many characters of the text, with a mark for what would move the cursor of whoever reads it.
fn cut(text: &str, limit: usize) -> String {
    let more = text.chars().nth(limit).map(|_| '…');
    let plain = |char: char| if char.is_control() { '\u{fffd}' } else { char };
    text.chars().take(limit).map(plain).chain(more).collect()
}

/// The known name nearest to `name`, if one is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().count();
    // To compare all names with an endless one would take long, and find none.
    if length > 60 {
        return None;
    }
    let asked = name.to_lowercase().replace([' ', '-'], "_");
    known
        .map(|candidate| {
            let whole = candidate.to_lowercase().replace('-', "_");
            // People write the city alone: `Shanghai` for `Asia/Shanghai`.
            let last = whole.rsplit('/').next().unwrap_or(&whole);
            let distance =
                strsim::osa_distance(&asked, &whole).min(strsim::osa_distance(&asked, last));
            (distance, candidate)
        })
        .min()
        .filter(|(distance, _)| *distance <= length.div_ceil(3).min(4))
        .map(|(_, candidate)| candidate.to_owned())
}
