//! From when to when a report goes.

use chrono::{Datelike, Days, Months, NaiveDate};
use duly::plan::Plan;
use duly::report::Period;
use duly::time::Moment;

use crate::args::{Kind, Report};
use crate::fail::Fail;
use crate::held::InUse;

/// Refuses options that such a report has no use for, and misses those that it cannot do without.
pub fn fits(asked: &Report) -> Result<(), Fail> {
    let has_period = asked.from.is_some() || asked.month.is_some() || asked.day.is_some();
    let name = name(asked.kind);
    let (of_case, of_moment) = match asked.kind {
        Kind::Timeline | Kind::Explanation => (true, true),
        Kind::Roll | Kind::Commitments | Kind::Parts | Kind::Public => (false, true),
        _ => (false, false),
    };
    let shown = asked.ledger.display();
    match (of_case, &asked.case) {
        (true, None) => {
            return Err(Fail::said(format!(
                "`{name}` is of one case: say which with `--case ID`; `duly report roll --ledger {shown}` lists them"
            )));
        }
        (false, Some(_)) => {
            return Err(Fail::said(format!(
                "`{name}` is of all cases: leave `--case` out, or ask for `timeline` or `explanation`"
            )));
        }
        _ => {}
    }
    if asked.reader.is_some() && asked.kind != Kind::Explanation {
        return Err(Fail::said(format!(
            "`{name}` is the same for every reader: leave `--for` out, or ask for `explanation`"
        )));
    }
    if let (Some(from), Some(to)) = (asked.from, asked.to)
        && to < from
    {
        return Err(Fail::said(format!(
            "the period ends on {to}, before it begins on {from}: give the first day as `--from` and the last as `--to`"
        )));
    }
    match of_moment && has_period {
        true => Err(Fail::said(format!(
            "`{name}` is as of a moment, not of a period: use `--at INSTANT` instead"
        ))),
        false => Ok(()),
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Digest => "digest",
        Kind::Bulletin => "bulletin",
        Kind::Roll => "roll",
        Kind::Commitments => "commitments",
        Kind::Parts => "parts",
        Kind::Obligations => "obligations",
        Kind::Insight => "insight",
        Kind::Timeline => "timeline",
        Kind::Integrity => "integrity",
        Kind::Public => "public",
        Kind::Explanation => "explanation",
    }
}

/// The period that is asked for, the one before it, and the plan that was in use at its end.
pub struct Span<'a> {
    pub plan: &'a Plan,
    pub period: Period,
    pub before: Period,
    /// The last day of it.
    pub last: NaiveDate,
}

/// If no period is asked for: of a digest, the last day that is cut by then; else the month. What is of a moment goes by the plan that was in
/// use then.
pub fn of<'a>(asked: &Report, used: &'a InUse, at: Moment) -> Span<'a> {
    let now = used.at(at);
    let (first, last) = days(asked, used, at);
    let (before_first, before_last) = before(first, last);
    if asked.kind == Kind::Digest {
        // From one cut to the next, each by the plan of its day: so that no day loses or repeats what happened.
        let cuts = |first: NaiveDate, last: NaiveDate| {
            let after = first.pred_opt().map_or(Moment::MIN, |day| used.cut(day).0);
            Period::new(after, used.cut(last).0)
        };
        return Span {
            plan: used.cut(last).1,
            period: cuts(first, last),
            before: cuts(before_first, before_last),
            last,
        };
    }
    let end = Period::dates(first, last, now.zone).until;
    let plan = match asked.kind {
        Kind::Bulletin | Kind::Insight | Kind::Integrity => used.at(end.min(at)),
        _ => now,
    };
    Span {
        plan,
        period: Period::dates(first, last, plan.zone),
        before: Period::dates(before_first, before_last, plan.zone),
        last,
    }
}

fn days(asked: &Report, used: &InUse, at: Moment) -> (NaiveDate, NaiveDate) {
    if let (Some(first), Some(last)) = (asked.from, asked.to) {
        return (first, last);
    }
    if let Some(day) = asked.day {
        return (day, day);
    }
    if let Some(month) = asked.month {
        return whole_month(month);
    }
    let today = at.date(used.at(at).zone);
    if asked.kind != Kind::Digest {
        return whole_month(today);
    }
    let cut = match used.cut(today).0 <= at {
        true => today,
        false => today.pred_opt().unwrap_or(today),
    };
    (cut, cut)
}

fn whole_month(of: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = of.with_day(1).unwrap_or(of);
    let next = first.checked_add_months(Months::new(1));
    (
        first,
        next.and_then(|it| it.pred_opt()).unwrap_or(NaiveDate::MAX),
    )
}

/// The month before a whole month; else as many days.
fn before(first: NaiveDate, last: NaiveDate) -> (NaiveDate, NaiveDate) {
    let until = first.pred_opt().unwrap_or(first);
    if whole_month(first) == (first, last) {
        return whole_month(until);
    }
    let days = u64::try_from(last.signed_duration_since(first).num_days()).unwrap_or(0);
    let from = until.checked_sub_days(Days::new(days));
    (from.unwrap_or(NaiveDate::MIN), until)
}
