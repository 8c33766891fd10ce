//! The values that a pack's text handles besides numbers, texts and lists.

use rhai::{Dynamic, FnPtr, Position};

use super::dated::{Bound, Day, Unit};
use super::fault::{Both, Fault, Tried, both};
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
    Notice,
    Divide,
    Bundle,
    Signal,
    Pause,
    Redo,
    Review,
    CallBack,
    StrikeOff,
    Reopen,
    Direction,
    Track,
    Digest,
    Duty,
    Bulletin,
    /// The clauses of a decision.
    Clauses,
    /// Nothing follows it: a place, a term, a post.
    End,
}

impl Kind {
    /// As messages in Chinese call it.
    pub(super) const fn zh(self) -> &'static str {
        match self {
            Kind::Start => "一句话的开头",
            Kind::End => "这条声明",
            other => other.name(),
        }
    }
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
            Kind::Notice => "`notice(…)`",
            Kind::Divide => "`divide()`",
            Kind::Bundle => "`bundle(…)`",
            Kind::Signal => "`signal(…)`",
            Kind::Pause => "`pause(…)`",
            Kind::Redo => "`redo()`",
            Kind::Review => "`review()`",
            Kind::CallBack => "`callback()`",
            Kind::StrikeOff => "`strike_off()`",
            Kind::Reopen => "`reopen()`",
            Kind::Direction => "`direction()`",
            Kind::Track => "`track(…)`",
            Kind::Digest => "`digest(…)`",
            Kind::Duty => "`duty(…)`",
            Kind::Bulletin => "`bulletin(…)`",
            Kind::Clauses => "`clauses(…)`",
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
pub(super) fn said(value: &Dynamic) -> Both {
    if value.is_unit() {
        return both!("nothing", "空");
    }
    if let Ok(text) = value.clone().into_string() {
        let text: String = text.chars().take(40).collect();
        return both!("the text `{text}`", "文字`{text}`");
    }
    if let Ok(whole) = value.as_int() {
        return both!("the number `{whole}`", "数字`{whole}`");
    }
    if let Ok(yes) = value.as_bool() {
        let zh = if yes { "是" } else { "否" };
        return both!("`{yes}`", "`{yes}`({zh})");
    }
    if let Some(Named(name)) = value.clone().try_cast::<Named>() {
        return both!("`{name}`", "`{name}`");
    }
    if let Some(ParamValue { value, .. }) = value.clone().try_cast::<ParamValue>() {
        return both!("a parameter of `{value}`", "参数(值是`{value}`)");
    }
    if let Some(span) = value.clone().try_cast::<Span>() {
        return both!("a span of {span}", "时长“{span}”"; span);
    }
    if value.is::<FnPtr>() {
        return both!("a rule", "一条规则");
    }
    if value.is::<Number>() {
        return both!("a number fact", "数字类的事实");
    }
    if value.is::<PostValue>() {
        return both!("a post", "岗位");
    }
    if let Some(share) = value.clone().try_cast::<Hundredths>() {
        let share = crate::plan::percent(share.0);
        return both!("a share of `{share}`", "百分数`{share}`");
    }
    if let Some(day) = value.clone().try_cast::<Day>() {
        let day = day.0;
        return both!("the date `{day}`", "日期`{day}`");
    }
    if value.is::<Bound>() {
        return both!("a parameter", "参数");
    }
    if value.is::<Unit>() {
        return both!(
            "a span that depends on the date of receipt",
            "随收件日期而变的时长"
        );
    }
    if value.is::<Percent>() || value.is::<ShareValue>() {
        return both!("a share", "百分数");
    }
    if value.is::<Clause>() {
        return both!("a declaration", "一条声明");
    }
    if let Ok(list) = value.as_array_ref() {
        return match list.is_empty() {
            true => both!("an empty list", "空的列表"),
            false => both!("a list", "一个列表"),
        };
    }
    if value.is_map() {
        return both!("a map `#{{…}}`", "一张表`#{{…}}`");
    }
    if value.is::<super::record::Matter>() {
        return both!("the matter itself", "`m`本身");
    }
    both!("something else", "别的东西")
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
        Fault::new(
            "D208",
            both!(
                "`{number}.{unit}` has no length",
                "`{number}.{unit}`没有长度"
            ),
        )
        .help(both!("a span is at least 1", "时长最少是 1"))
    };
    if number < 0 {
        let message = both!(
            "`{number}.{unit}` has no length",
            "`{number}.{unit}`是负数,时长不能是负数"
        );
        return Err(Fault::new("D208", message).help(both!(
            "a span is at least 1; say `.before(…)` for what comes before due",
            "去掉负号,时长最少是 1;要写到期之前,用`.before(…)`"
        )));
    }
    if number < 1 {
        return Err(none());
    }
    if unit == "percent" {
        let percent = u8::try_from(number).ok().filter(|n| *n <= 100);
        let percent = percent.ok_or_else(|| {
            Fault::new(
                "D208",
                both!(
                    "`{number}.percent` is more than all of it",
                    "`{number}.percent`超过了全部"
                ),
            )
            .help(both!("a share is 1 to 100", "百分数从 1 到 100"))
        })?;
        return Ok(Dynamic::from(Percent(percent)));
    }
    let long = || {
        Fault::new(
            "D208",
            both!(
                "`{number}.{unit}` is longer than ten years",
                "`{number}.{unit}`超过十年"
            ),
        )
        .help(both!(
            "no office means that",
            "没有单位用这么长的时限,看看是不是多写了数字"
        ))
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

/// A number where a span is wanted.
pub(super) fn no_unit(number: i64) -> Fault {
    Fault::new(
        "D208",
        both!("`{number}` has no unit", "`{number}`没有写单位"),
    )
    .help(both!(
        "write `{number}.working_days`, or another unit",
        "写`{number}.working_days`(工作日),或者别的单位"
    ))
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
        return Err(no_unit(number));
    }
    let help = both!(
        "write `5.working_days`, `2.office_hours`, `30.calendar_days` or `share(\"reply\", 50.percent)`",
        "写`5.working_days`(工作日)、`2.office_hours`(工作小时)、`30.calendar_days`(自然日),或者`share(\"reply\", 50.percent)`(答复时限的一半)"
    );
    let given = said(value);
    Err(Fault::new(
        "D308",
        both!(
            "a limit is a span of time, not {given}",
            "时限要答一个时长,不能答{given}";
            given
        ),
    )
    .help(help))
}

/// What a condition answered.
pub(super) fn as_yes(value: &Dynamic) -> Tried<bool> {
    value.as_bool().map_err(|_| {
        let given = said(value);
        Fault::new(
            "D308",
            both!("a condition cannot answer {given}", "条件只能答是或者否,不能答{given}"; given),
        )
        .help(both!(
            "a condition answers yes or no: compare something, as in `m.heat >= 100`",
            "写一个比较,如`m.heat >= 100`"
        ))
    })
}
