//! A derivation in English.

use chrono::{Datelike, NaiveDate};

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

pub(super) struct En {
    pub zone: Zone,
    /// Whether days that run from the instant end at the hour at which they began.
    pub to_the_hour: bool,
}

impl En {
    fn at(&self, at: Moment) -> String {
        self.ended(at, None)
    }

    fn ended(&self, at: Moment, date: Option<NaiveDate>) -> String {
        let (date, time) = wall(self.zone, at, date);
        format!("{}, {time}", day(date))
    }
}

impl Tongue for En {
    fn opening(&self, leg: &Leg, place: &Place) -> String {
        let span = &leg.span;
        let from = self.at(leg.from);
        let begins = match (place, &leg.counted) {
            (Place::Option(option), Counted::Dates { .. }) => {
                let begins = match leg.day_one {
                    DayOne::Include if leg.includes_start() => "; the first day counts as day 1",
                    DayOne::Include => "",
                    DayOne::FromInstant if self.to_the_hour => complete(leg),
                    DayOne::Exclude | DayOne::FromInstant => "; the first day does not count",
                };
                return format!("Option {option}: {span}{begins}.");
            }
            (Place::Option(option), _) => return format!("Option {option}: {span}."),
            (Place::Extension, Counted::Dates { .. }) => {
                return format!(
                    "It is extended by {span}, counted from the day after {}.",
                    day(leg.date)
                );
            }
            (Place::Extension, _) => {
                return format!("It is extended by {span}, running on from {from}.");
            }
            (Place::Limit, Counted::Dates { .. }) => match leg.day_one {
                DayOne::Include if leg.includes_start() => "; that day counts as day 1",
                DayOne::Include => "",
                DayOne::FromInstant if self.to_the_hour => complete(leg),
                DayOne::FromInstant if leg.begins_with_work() => "",
                DayOne::Exclude | DayOne::FromInstant => "; that day does not count",
            },
            (Place::Limit, _) => "",
        };
        format!("The limit is {span}. It runs from {from}{begins}.")
    }

    fn pause(&self, pause: &NamedPause) -> String {
        let from = self.at(pause.from);
        let reason = said(&pause.reason);
        match pause.until {
            Some(until) => format!("On hold from {from} to {}: {reason}.", self.at(until)),
            None => format!("On hold since {from}, with no end yet: {reason}."),
        }
    }

    fn more_pauses(&self, more: usize) -> String {
        match more {
            1 => "One more pause is not listed.".to_owned(),
            _ => format!("{more} more pauses are not listed."),
        }
    }

    fn overlap(&self) -> String {
        "Where pauses overlap, the time is taken out once.".to_owned()
    }

    fn idle_pauses(&self) -> String {
        "The pauses take nothing out: the clock ran whenever it had to be counted.".to_owned()
    }

    fn corresponding(&self, span: &Span, date: NaiveDate, days: i64, paused: bool) -> String {
        format!(
            "{} corresponding day, {span} on, is {}: {}.",
            if paused {
                "Without the pauses, the"
            } else {
                "The"
            },
            day(date),
            plural(days, "day")
        )
    }

    fn last_hours(&self, hours: &[(Moment, Moment)]) -> String {
        let between: Vec<String> = times(self.zone, hours)
            .map(|(opens, closes)| format!("{opens} to {closes}"))
            .collect();
        format!("The hours on the last day: {}.", between.join(", "))
    }

    fn group(&self, group: &Group<'_>) -> String {
        match group {
            Group::Counted {
                from,
                to,
                rest,
                over,
            } => {
                let numbers = numbers(*from, *to);
                format!("{}: {numbers}{}.", range(over), among(*rest))
            }
            Group::Worked {
                dates,
                each,
                seconds,
                rest,
                over,
            } => {
                let all = hours(*seconds);
                let worked = match each {
                    _ if *dates == 1 => format!("{all} of work"),
                    Some(each) => {
                        format!(
                            "{} of work on each of {dates} days, {all} in all",
                            hours(*each)
                        )
                    }
                    None => format!("{all} of work on {dates} days"),
                };
                format!("{}: {worked}{}.", range(over), among(*rest))
            }
            Group::MakeUp { name, made, over } => {
                let made = match made {
                    Made::Seconds(seconds) => format!("{} of work", hours(*seconds)),
                    Made::Numbers(from, to) => numbers(*from, *to),
                };
                format!(
                    "{}: working to make up for a holiday{}, {made}.",
                    range(over),
                    named(&[*name])
                )
            }
            Group::Unlisted {
                counted,
                stood,
                working,
                rest,
                holidays,
                over,
            } => {
                let kinds = format!(
                    "{}, {} and {}",
                    plural(*working, "working day"),
                    plural(*rest, "day of rest"),
                    plural(*holidays, "holiday")
                );
                let stood = match stood {
                    Amount::Days(0) | Amount::Seconds(0) => String::new(),
                    stood => format!(", {} on hold", told(stood)),
                };
                format!(
                    "{}, without listing: {} counted{stood}. The dates are {kinds}.",
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
                "{}: {} of work, {} on hold ({}).",
                range(over),
                hours(*counted),
                hours(*stood),
                all_said(reasons, ", ")
            ),
            Group::Paused { amount, .. } => {
                format!("{}, {} not counted.", why(group), told(amount))
            }
            Group::Begins(_) | Group::NeverWas(_) => format!("{}.", why(group)),
            Group::Rest(_) | Group::Holidays { .. } | Group::OutsideHours(_) => {
                format!("{}, not counted.", why(group))
            }
        }
    }

    fn rolled(&self, rolled: &Rolled, passed: &[Group<'_>]) -> String {
        let why: Vec<String> = passed.iter().map(why).collect();
        let last = format!("Nobody works on the last day ({})", why.join("; "));
        match rolled.to {
            Some(to) if to < rolled.from => {
                format!(
                    "{last}, so the working day before takes its place: {}.",
                    day(to)
                )
            }
            Some(to) => format!(
                "{last}, so the next working day takes its place: {}.",
                day(to)
            ),
            None => {
                format!("{last}, so the next working day on which the clock runs takes its place.")
            }
        }
    }

    fn over(&self) -> String {
        "The end of that day had passed when counting began, so it ends as it begins.".to_owned()
    }

    fn stood(&self, seconds: i64) -> String {
        format!("The pauses take out {}.", hours(seconds))
    }

    fn clock(&self, seconds: i64) -> String {
        format!(
            "In between the clocks went {} by {}.",
            if seconds > 0 { "forward" } else { "back" },
            hours(seconds.abs())
        )
    }

    fn change(&self, change: &ClockChange) -> String {
        let (way, more) = if change.seconds > 0 {
            ("back", "more")
        } else {
            ("forward", "less")
        };
        format!(
            "The clocks went {way} during the hours of {}, so they are {} {more} than the clock shows.",
            day(change.date),
            hours(change.seconds.abs())
        )
    }

    fn ends(&self, place: &Place, at: Moment, date: NaiveDate) -> String {
        let what = match place {
            Place::Limit => "The limit alone ends".to_owned(),
            Place::Extension => "So extended it ends".to_owned(),
            Place::Option(option) => format!("Option {option} ends"),
        };
        format!("{what} on {}.", self.ended(at, Some(date)))
    }

    fn decides(&self, latest: bool, option: &str) -> String {
        let which = if latest { "latest" } else { "earliest" };
        format!("The {which} decides: option {option}.")
    }

    fn held(
        &self,
        place: &Place,
        since: Moment,
        left: Option<&Span>,
        reasons: &[String],
    ) -> String {
        let what = match place {
            Place::Option(option) => format!("Option {option} has"),
            _ => "There is".to_owned(),
        };
        let left = match left {
            Some(left) if left.is_zero() => " It then ends on the first working day.".to_owned(),
            Some(left) => format!(" Once it runs again, what is left is {left}."),
            None => String::new(),
        };
        format!(
            "{what} no due date yet: the clock has stood still since {} ({}).{left}",
            self.at(since),
            all_said(reasons, ", ")
        )
    }

    fn waiting(&self, span: &Span) -> String {
        format!("An extension by {span} follows after that.")
    }

    fn due(&self, at: Moment, date: NaiveDate, closing: Option<Closing>) -> String {
        let closing = match closing {
            Some(Closing::Work) => ", when work ends that day",
            Some(Closing::Midnight) => ", midnight at the end of that day",
            Some(Closing::NobodyWorks) => {
                ", midnight at the end of that day, since nobody works on it"
            }
            Some(Closing::SetTime) => ", the hour that the rule sets",
            Some(Closing::SameTime) | None => "",
        };
        let at = self.ended(at, Some(date));
        format!("Due: {at}{closing} ({} time).", self.zone)
    }

    fn provisional(&self, unknown: &Coverage) -> String {
        format!(
            "This is provisional: the holidays of {} are not known, so the ordinary week was taken; it may move when they are published.",
            range(&Range(unknown.from, unknown.to))
        )
    }

    fn calendar(&self, revision: &str, known: Option<&Coverage>) -> String {
        let known = known.map(|known| {
            format!(
                ", which knows the holidays from {} to {}",
                known.from.format("%-d %B %Y"),
                known.to.format("%-d %B %Y")
            )
        });
        format!("Calendar: {revision}{}.", known.unwrap_or_default())
    }
}

/// Why dates are no working days.
fn why(group: &Group<'_>) -> String {
    match group {
        Group::Holidays { names, over } => {
            let holidays = if names.len() == 1 {
                "holiday"
            } else {
                "holidays"
            };
            format!("{}: {holidays}{}", range(over), named(names))
        }
        Group::Rest(over) if over.0 == over.1 => format!("{}: day of rest", range(over)),
        Group::Rest(over) => format!("{}: days of rest", range(over)),
        Group::Paused { reasons, over, .. } | Group::PartlyPaused { reasons, over, .. } => {
            format!("{}: on hold ({})", range(over), all_said(reasons, ", "))
        }
        Group::OutsideHours(over) => {
            format!("{}: none of its hours is within the limit", range(over))
        }
        Group::Begins(over) => format!("{}: the days run from when work begins", range(over)),
        Group::NeverWas(over) => format!("{} never was: the clocks there skipped it", range(over)),
        Group::Counted { over, .. }
        | Group::Worked { over, .. }
        | Group::MakeUp { over, .. }
        | Group::Unlisted { over, .. } => range(over),
    }
}

/// When a day that runs from the instant is complete.
fn complete(leg: &Leg) -> &'static str {
    match leg.unit() {
        Some(Unit::WorkingDays) => "; a day is complete at the same hour of the next working day",
        _ => "; a day is complete at the same hour of the next",
    }
}

/// Names of holidays in brackets; not every calendar has them.
fn named(names: &[&str]) -> String {
    match all_said(names, ", ").as_str() {
        "" => String::new(),
        names => format!(" ({names})"),
    }
}

fn among(rest: i64) -> String {
    match rest {
        0 => String::new(),
        1 => "; the day of rest among them does not count".to_owned(),
        _ => format!("; the {rest} days of rest among them do not count"),
    }
}

fn numbers(from: i64, to: i64) -> String {
    if from == to {
        format!("day {from}")
    } else {
        format!("days {from} to {to}")
    }
}

fn told(amount: &Amount) -> String {
    match amount {
        Amount::Seconds(seconds) => format!("{} of work", hours(*seconds)),
        Amount::Days(n) => plural(*n, "day"),
    }
}

fn plural(n: i64, what: &str) -> String {
    let many = match what.split_once(' ') {
        _ if n == 1 => what.to_owned(),
        Some(("day", rest)) => format!("days {rest}"),
        _ => format!("{what}s"),
    };
    format!("{n} {many}")
}

fn hours(seconds: i64) -> String {
    let parts = clock(seconds);
    let units = ["hour", "minute", "second"];
    let told: Vec<String> = parts
        .iter()
        .zip(units)
        .filter(|(n, _)| **n != 0)
        .map(|(n, unit)| plural(*n, unit))
        .collect();
    match told.is_empty() {
        true => plural(0, "hour"),
        false => told.join(" "),
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// From the first to the last date, without saying a month or a year twice.
fn range(&Range(first, last): &Range) -> String {
    let format = if first == last {
        return day(last);
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        "%A %-d"
    } else if first.year() == last.year() {
        "%A %-d %B"
    } else {
        "%A %-d %B %Y"
    };
    format!("{} to {}", first.format(format), day(last))
}
