//! The values that a pack's text handles besides numbers, texts and lists.

use rhai::{Dynamic, FnPtr, Position};

use super::dated::{Bound, Day, Unit};
use super::fault::{Fault, Tried, both};
use super::record::Number;
use crate::plan::Limit;
use crate::time::Span;
use crate::words::{ClockKind, Role};

/// A clause under construction: which kind of declaration, and the how-manieth of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

/// The kinds of clause. A word belongs to one of them, or stands at the beginning of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Start,
    Pack,
    Param,
    Fact,
    Finding,
    Mention,
    Classify,
    Decline,
    Route,
    Clock,
    Tighten,
    Ladder,
    Count,
    Gate,
    Pause,
    Redo,
    CallBack,
    StrikeOff,
    Reopen,
    Direction,
    Track,
    Digest,
    Bulletin,
    /// Nothing follows it: a place, a term, a post.
    End,
}

impl Kind {
    /// As messages call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Kind::Start => "the beginning of a statement",
            Kind::Pack => "`pack(…)`",
            Kind::Param => "`param(…)`",
            Kind::Fact => "`fact(…)`",
            Kind::Finding => "`finding(…)`",
            Kind::Mention => "`mention(…)`",
            Kind::Classify => "`classify(…)`",
            Kind::Decline => "`decline(…)`",
            Kind::Route => "`route()`",
            Kind::Clock => "`clock(…)`",
            Kind::Tighten => "`tighten(…)`",
            Kind::Ladder => "`ladder(…)`",
            Kind::Count => "`count(…)`",
            Kind::Gate => "`gate(…)`",
            Kind::Pause => "`pause(…)`",
            Kind::Redo => "`redo()`",
            Kind::CallBack => "`callback()`",
            Kind::StrikeOff => "`strike_off()`",
            Kind::Reopen => "`reopen()`",
            Kind::Direction => "`direction()`",
            Kind::Track => "`track(…)`",
            Kind::Digest => "`digest(…)`",
            Kind::Bulletin => "`bulletin(…)`",
            Kind::End => "this declaration",
        }
    }
}

/// A parameter's value, remembered with which one it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct ParamValue {
    pub(super) at: usize,
    pub(super) value: i64,
}

/// A post that was declared.
#[derive(Debug, Clone)]
pub(super) struct PostValue {
    pub(super) id: String,
    pub(super) role: Option<Role>,
}

/// One of the language's own names in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named(pub(super) &'static str);

/// So many percent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Percent(pub(super) u8);

/// A share in hundredths of a percent, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hundredths(pub(super) i64);

/// From one share to another, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares(pub(super) i64, pub(super) i64);

/// A share of another clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShareValue {
    pub(super) of: ClockKind,
    pub(super) percent: u8,
}

/// A rule, or the one answer it always gives; where it stands, and in which statement.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) value: Dynamic,
    pub(super) statement: usize,
    /// The word that took it, and which of its arguments it was.
    pub(super) at: Position,
    pub(super) arg: usize,
}

/// A value in words, as messages name it.
pub(super) fn said(value: &Dynamic) -> String {
    if value.is_unit() {
        return "nothing".into();
    }
    if let Ok(text) = value.clone().into_string() {
        return format!("the text `{}`", text.chars().take(40).collect::<String>());
    }
    if let Ok(whole) = value.as_int() {
        return format!("the number `{whole}`");
    }
    if let Ok(yes) = value.as_bool() {
        return format!("`{yes}`");
    }
    if let Some(named) = value.clone().try_cast::<Named>() {
        return format!("`{}`", named.0);
    }
    if let Some(param) = value.clone().try_cast::<ParamValue>() {
        return format!("a parameter of `{}`", param.value);
    }
    if let Some(span) = value.clone().try_cast::<Span>() {
        return format!("a span of {span}");
    }
    if value.is::<FnPtr>() {
        return "a rule".into();
    }
    if value.is::<Number>() {
        return "a number fact".into();
    }
    if value.is::<PostValue>() {
        return "a post".into();
    }
    if let Some(share) = value.clone().try_cast::<Hundredths>() {
        return format!("a share of `{}`", crate::plan::percent(share.0));
    }
    if let Some(day) = value.clone().try_cast::<Day>() {
        return format!("the date `{}`", day.0);
    }
    if value.is::<Bound>() {
        return "a parameter".into();
    }
    if value.is::<Unit>() {
        return "a span that depends on the date of receipt".into();
    }
    if value.is::<Percent>() || value.is::<ShareValue>() {
        return "a share".into();
    }
    if value.is::<Clause>() {
        return "a declaration".into();
    }
    if value.is_array() {
        return "a list".into();
    }
    if value.is_map() {
        return "a map `#{…}`".into();
    }
    if value.is::<super::record::Matter>() {
        return "the matter itself".into();
    }
    "something else".into()
}

/// The units of time and share that may follow a number, and what they make of it.
pub(super) const UNITS: [(&str, &str); 8] = [
    ("working_days", "个工作日"),
    ("office_hours", "个工作小时"),
    ("calendar_days", "天"),
    ("weeks", "周"),
    ("months", "个月"),
    ("years", "年"),
    ("hours", "小时"),
    ("percent", "%"),
];

/// A number with a unit.
pub(super) fn with_unit(number: i64, unit: &str) -> Tried<Dynamic> {
    let none = || {
        Fault::new("D208", format!("`{number}.{unit}` has no length")).help("a span is at least 1")
    };
    if number < 1 {
        return Err(none());
    }
    if unit == "percent" {
        let percent = u8::try_from(number).ok().filter(|n| *n <= 100);
        let percent = percent.ok_or_else(|| {
            Fault::new("D208", format!("`{number}.percent` is more than all of it"))
                .help("a share is 1 to 100")
        })?;
        return Ok(Dynamic::from(Percent(percent)));
    }
    let long = || {
        Fault::new(
            "D208",
            format!("`{number}.{unit}` is longer than ten years"),
        )
        .help("no office means that")
    };
    let n = u32::try_from(number).map_err(|_| long())?;
    let span = match unit {
        "working_days" => Span::WorkingDays(n),
        "office_hours" => Span::WorkingTime(i64::from(n) * 3600),
        "calendar_days" => Span::CalendarDays(n),
        "weeks" => Span::Weeks(n),
        "months" => Span::Months(n),
        "years" => Span::Years(n),
        _ => Span::Elapsed(i64::from(n) * 3600),
    };
    if crate::plan::sized(&span) {
        Ok(Dynamic::from(span))
    } else {
        Err(long())
    }
}

/// What a clock's rule answered.
pub(super) fn as_limit(value: &Dynamic) -> Tried<Limit> {
    if let Some(span) = value.clone().try_cast::<Span>() {
        return Ok(Limit::Span(span));
    }
    if let Some(share) = value.clone().try_cast::<ShareValue>() {
        return Ok(Limit::Share {
            of: share.of,
            percent: share.percent,
        });
    }
    let number = value.as_int().ok().or_else(|| {
        value
            .clone()
            .try_cast::<ParamValue>()
            .map(|param| param.value)
    });
    // Its value is not asked for: the run that it belongs to is over.
    if value.is::<Bound>() {
        let fault = Fault::new("D208", both!("the number has no unit", "这个数没有单位"));
        return Err(fault.help(both!(
            "write a unit after it, as in `期限.working_days`",
            "在它后面写上单位,如`期限.working_days`"
        )));
    }
    if let Some(number) = number {
        let help = format!("write `{number}.working_days`, or another unit");
        return Err(Fault::new("D208", format!("`{number}` has no unit")).help(help));
    }
    let help = "write `5.working_days`, `2.office_hours`, `30.calendar_days` or `share(\"reply\", 50.percent)`";
    Err(Fault::new(
        "D308",
        format!("a limit is a span of time, not {}", said(value)),
    )
    .help(help))
}

/// What a condition answered.
pub(super) fn as_yes(value: &Dynamic) -> Tried<bool> {
    let help = "a condition answers yes or no: compare something, as in `m.heat >= 100`";
    value.as_bool().map_err(|_| {
        Fault::new("D308", format!("a condition cannot answer {}", said(value))).help(help)
    })
}
