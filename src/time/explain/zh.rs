//! A derivation in Chinese.

use chrono::{Datelike, NaiveDate, Weekday};

use super::NamedPause;
use super::group::{Amount, Group, Made, Range};
use super::leg::{ClockChange, Closing, Counted, Leg, Rolled};
use super::tell::{Place, Tongue, all_said, clock, said, times, wall};
use crate::time::counting::DayOne;
use crate::time::left::Unit;
use crate::time::moment::Moment;
use crate::time::span::Span;
use crate::time::table::Coverage;
use crate::time::zone::Zone;

pub(super) struct Zh {
    pub zone: Zone,
    /// Whether days that run from the instant end at the hour at which they began.
    pub to_the_hour: bool,
}

impl Zh {
    fn at(&self, at: Moment) -> String {
        self.ended(at, None)
    }

    fn ended(&self, at: Moment, date: Option<NaiveDate>) -> String {
        let (date, time) = wall(self.zone, at, date);
        format!("{}{time}", day(date))
    }
}

impl Tongue for Zh {
    fn opening(&self, leg: &Leg, place: &Place) -> String {
        let span = leg.span.zh();
        let from = self.at(leg.from);
        let begins = match (place, &leg.counted) {
            (Place::Option(option), Counted::Dates { .. }) => {
                let begins = match leg.day_one {
                    DayOne::Include if leg.includes_start() => ",首日计为第 1 日",
                    DayOne::Include => "",
                    DayOne::FromInstant if self.to_the_hour => complete(leg),
                    DayOne::Exclude | DayOne::FromInstant => ",首日不计入",
                };
                return format!("第 {option} 项:{span}{begins}。");
            }
            (Place::Option(option), _) => return format!("第 {option} 项:{span}。"),
            (Place::Extension, Counted::Dates { .. }) => {
                return format!("延长:{span},自 {}的次日起算。", day(leg.date));
            }
            (Place::Extension, _) => return format!("延长:{span},自 {from} 起继续计算。"),
            (Place::Limit, Counted::Dates { .. }) => match leg.day_one {
                DayOne::Include if leg.includes_start() => ",当日计为第 1 日",
                DayOne::Include => "",
                DayOne::FromInstant if self.to_the_hour => complete(leg),
                DayOne::FromInstant if leg.begins_with_work() => "",
                DayOne::Exclude | DayOne::FromInstant => ",当日不计入",
            },
            (Place::Limit, _) => "",
        };
        format!("期限:{span},自 {from} 起{begins}。")
    }

    fn pause(&self, pause: &NamedPause) -> String {
        let from = self.at(pause.from);
        let reason = said(&pause.reason);
        match pause.until {
            Some(until) => format!("暂停:{from} 至 {},{reason}。", self.at(until)),
            None => format!("暂停:自 {from} 起,尚未恢复,{reason}。"),
        }
    }

    fn more_pauses(&self, more: usize) -> String {
        format!("另有 {more} 次暂停未列出。")
    }

    fn overlap(&self) -> String {
        "暂停重叠的时间只扣除一次。".to_owned()
    }

    fn idle_pauses(&self) -> String {
        "各次暂停均不在应计的时间内,不影响到期。".to_owned()
    }

    fn corresponding(&self, span: &Span, date: NaiveDate, days: i64, paused: bool) -> String {
        format!(
            "{}{}后的对应日为 {},共 {days} 天。",
            if paused { "不计暂停," } else { "" },
            span.zh(),
            day(date)
        )
    }

    fn last_hours(&self, hours: &[(Moment, Moment)]) -> String {
        let between: Vec<String> = times(self.zone, hours)
            .map(|(opens, closes)| format!("{opens} 至 {closes}"))
            .collect();
        format!("最后一日的工作时间:{}。", between.join("、"))
    }

    fn group(&self, group: &Group<'_>) -> String {
        match group {
            Group::Counted {
                from,
                to,
                rest,
                over,
            } => format!("{}{}{}。", range(over), numbers(*from, *to), among(*rest)),
            Group::Worked {
                dates,
                each,
                seconds,
                rest,
                over,
            } => {
                let all = hours(*seconds);
                let worked = match each {
                    _ if *dates == 1 => format!("计 {all}"),
                    Some(each) => format!("每日计 {},{dates} 日共 {all}", hours(*each)),
                    None => format!("{dates} 日共计 {all}"),
                };
                format!("{}{worked}{}。", range(over), among(*rest))
            }
            Group::MakeUp { name, made, over } => {
                let made = match made {
                    Made::Seconds(seconds) => format!("计 {}", hours(*seconds)),
                    Made::Numbers(from, to) => numbers(*from, *to),
                };
                format!("{}调休上班{},{made}。", range(over), named(&[*name]))
            }
            Group::Unlisted {
                counted,
                stood,
                working,
                rest,
                holidays,
                over,
            } => {
                let stood = match stood {
                    Amount::Days(0) | Amount::Seconds(0) => String::new(),
                    stood => format!(",因暂停不计入 {}", told(stood)),
                };
                format!(
                    "{}不逐日列出:计入 {}{stood};其中工作日 {working} 天,休息日 {rest} 天,节假日 {holidays} 天。",
                    range(over),
                    told(counted)
                )
            }
            Group::PartlyPaused {
                reasons,
                counted,
                stood,
                over,
            } => format!(
                "{}计 {},暂停({}){}不计入。",
                range(over),
                hours(*counted),
                all_said(reasons, "、"),
                hours(*stood)
            ),
            Group::Paused { amount, .. } => format!("{},{}不计入。", why(group), told(amount)),
            Group::Begins(_) | Group::NeverWas(_) => format!("{}。", why(group)),
            Group::Rest(_) | Group::Holidays { .. } | Group::OutsideHours(_) => {
                format!("{},不计入。", why(group))
            }
        }
    }

    fn rolled(&self, rolled: &Rolled, passed: &[Group<'_>]) -> String {
        let why: Vec<String> = passed.iter().map(why).collect();
        let why = why.join(";");
        match rolled.to {
            Some(to) if to < rolled.from => {
                format!("最后一日不上班({why}),提前至前一工作日 {}。", day(to))
            }
            Some(to) => format!("最后一日不上班({why}),顺延至下一工作日 {}。", day(to)),
            None => format!("最后一日不上班({why}),顺延至恢复计时后的第一个工作日。"),
        }
    }

    fn over(&self) -> String {
        "起算时该日的届满时刻已过,起算之时即届满。".to_owned()
    }

    fn stood(&self, seconds: i64) -> String {
        format!("暂停扣除 {}。", hours(seconds))
    }

    fn clock(&self, seconds: i64) -> String {
        let way = if seconds > 0 { "拨快" } else { "拨慢" };
        format!("其间当地时钟{way} {}。", hours(seconds.abs()))
    }

    fn change(&self, change: &ClockChange) -> String {
        let (way, more) = if change.seconds > 0 {
            ("拨慢", "多")
        } else {
            ("拨快", "少")
        };
        format!(
            "{}上班期间当地时钟{way},实际工时比钟面{more} {}。",
            day(change.date),
            hours(change.seconds.abs())
        )
    }

    fn ends(&self, place: &Place, at: Moment, date: NaiveDate) -> String {
        let what = match place {
            Place::Limit => "原期限届满".to_owned(),
            Place::Extension => "本次延长届满".to_owned(),
            Place::Option(option) => format!("第 {option} 项届满"),
        };
        format!("{what}:{}。", self.ended(at, Some(date)))
    }

    fn decides(&self, latest: bool, option: &str) -> String {
        let which = if latest { "后到者" } else { "先到者" };
        format!("以{which}为准:第 {option} 项。")
    }

    fn held(
        &self,
        place: &Place,
        since: Moment,
        left: Option<&Span>,
        reasons: &[String],
    ) -> String {
        let what = match place {
            Place::Option(option) => format!("第 {option} 项暂无到期日"),
            _ => "暂无到期日".to_owned(),
        };
        let left = match left {
            Some(left) if left.is_zero() => ",恢复后的第一个工作日届满".to_owned(),
            Some(left) => format!(",恢复后还剩 {}", left.zh()),
            None => String::new(),
        };
        format!(
            "{what}:自 {} 起停止计时({}){left}。",
            self.at(since),
            all_said(reasons, "、")
        )
    }

    fn waiting(&self, span: &Span) -> String {
        format!("此后另有延长:{}。", span.zh())
    }

    fn due(&self, at: Moment, date: NaiveDate, closing: Option<Closing>) -> String {
        let closing = match closing {
            Some(Closing::Work) => ",当日下班时",
            Some(Closing::Midnight) => ",当日结束时",
            Some(Closing::NobodyWorks) => ",当日无人上班,至当日结束",
            Some(Closing::SetTime) => ",规定的时刻",
            Some(Closing::SameTime) | None => "",
        };
        let zone = match self.zone.name() {
            "Asia/Shanghai" => "北京时间".to_owned(),
            name => format!("{name} 时间"),
        };
        format!("到期:{}{closing}({zone})。", self.ended(at, Some(date)))
    }

    fn provisional(&self, unknown: &Coverage) -> String {
        format!(
            "到期日为暂定:{}的放假安排未知,按平常的周计算,公布后可能变动。",
            range(&Range(unknown.from, unknown.to))
        )
    }

    fn calendar(&self, revision: &str, known: Option<&Coverage>) -> String {
        let known = known.map(|known| {
            format!(
                ",已知 {} 至 {} 的放假安排",
                known.from.format("%Y-%m-%d"),
                known.to.format("%Y-%m-%d")
            )
        });
        format!("依据日历:{revision}{}。", known.unwrap_or_default())
    }
}

/// Why dates are no working days.
fn why(group: &Group<'_>) -> String {
    match group {
        Group::Holidays { names, over } => format!("{}放假{}", range(over), named(names)),
        Group::Rest(over) => format!("{}休息", range(over)),
        Group::Paused { reasons, over, .. } | Group::PartlyPaused { reasons, over, .. } => {
            format!("{}暂停({})", range(over), all_said(reasons, "、"))
        }
        Group::OutsideHours(over) => format!("{}的办公时间不在期限内", range(over)),
        Group::Begins(over) => format!("{}自上班时起算", range(over)),
        Group::NeverWas(over) => format!("{}当地没有这一天", range(over)),
        Group::Counted { over, .. }
        | Group::Worked { over, .. }
        | Group::MakeUp { over, .. }
        | Group::Unlisted { over, .. } => range(over),
    }
}

/// When a day that runs from the instant is complete.
fn complete(leg: &Leg) -> &'static str {
    match leg.unit() {
        Some(Unit::WorkingDays) => ",至下一工作日的同一时刻满一日",
        _ => ",至次日的同一时刻满一日",
    }
}

/// Names of holidays in brackets; not every calendar has them.
fn named(names: &[&str]) -> String {
    match all_said(names, "、").as_str() {
        "" => String::new(),
        names => format!("({names})"),
    }
}

fn among(rest: i64) -> String {
    match rest {
        0 => String::new(),
        _ => format!(",其间休息日 {rest} 天不计入"),
    }
}

fn numbers(from: i64, to: i64) -> String {
    if from == to {
        format!("计为第 {from} 日")
    } else {
        format!("计为第 {from} 至第 {to} 日")
    }
}

fn told(amount: &Amount) -> String {
    match amount {
        Amount::Seconds(seconds) => hours(*seconds),
        Amount::Days(n) => format!("{n} 天"),
    }
}

fn hours(seconds: i64) -> String {
    let parts = clock(seconds);
    let units = ["小时", "分", "秒"];
    let told: Vec<String> = parts
        .iter()
        .zip(units)
        .filter(|(n, _)| **n != 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    match told.is_empty() {
        true => "0 小时".to_owned(),
        false => told.join(" "),
    }
}

fn day(date: NaiveDate) -> String {
    format!("{}({})", date.format("%Y-%m-%d"), weekday(date))
}

fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

/// From the first to the last date, without saying the year twice.
fn range(&Range(first, last): &Range) -> String {
    if first == last {
        return day(first);
    }
    let format = if first.year() == last.year() {
        "%m-%d"
    } else {
        "%Y-%m-%d"
    };
    format!(
        "{}至 {}({})",
        day(first),
        last.format(format),
        weekday(last)
    )
}
