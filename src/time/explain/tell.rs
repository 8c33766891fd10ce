//! In what order a derivation is told, whatever the language: what is said is decided here, how it is said in `en` and `zh`.

use chrono::NaiveDate;

use super::group::{Group, groups};
use super::leg::{ClockChange, Closing, Counted, Leg, LegEnd, Rolled};
use super::{Derivation, NamedPause, Standing, Stretch};
use crate::time::calendar::midnight_after;
use crate::time::error::shown;
use crate::time::left::Unit;
use crate::time::moment::Moment;
use crate::time::span::Span;
use crate::time::table::Coverage;
use crate::time::text::show_time;
use crate::time::zone::Zone;

/// A language: each method is one statement.
pub(super) trait Tongue {
    fn opening(&self, leg: &Leg, place: &Place) -> String;
    fn pause(&self, pause: &NamedPause) -> String;
    fn more_pauses(&self, more: usize) -> String;
    fn overlap(&self) -> String;
    fn idle_pauses(&self) -> String;
    fn corresponding(&self, span: &Span, date: NaiveDate, days: i64, paused: bool) -> String;
    fn last_hours(&self, hours: &[(Moment, Moment)]) -> String;
    fn group(&self, group: &Group<'_>) -> String;
    fn rolled(&self, rolled: &Rolled, passed: &[Group<'_>]) -> String;
    fn over(&self) -> String;
    fn stood(&self, seconds: i64) -> String;
    fn clock(&self, seconds: i64) -> String;
    fn change(&self, change: &ClockChange) -> String;
    fn ends(&self, place: &Place, at: Moment, date: NaiveDate) -> String;
    fn decides(&self, latest: bool, option: &str) -> String;
    fn held(&self, place: &Place, since: Moment, left: Option<&Span>, reasons: &[String])
    -> String;
    fn waiting(&self, span: &Span) -> String;
    fn due(&self, at: Moment, date: NaiveDate, closing: Option<Closing>) -> String;
    fn provisional(&self, unknown: &Coverage) -> String;
    fn calendar(&self, revision: &str, known: Option<&Coverage>) -> String;
}

/// Which part of a derivation a leg is.
pub(super) enum Place {
    Limit,
    Extension,
    /// One of several spans to choose from, by its number.
    Option(String),
}

pub(super) fn tell(derivation: &Derivation, tongue: &dyn Tongue) -> String {
    let mut lines = Vec::new();
    for (at, leg) in derivation.legs.iter().enumerate() {
        let place = if at == 0 {
            Place::Limit
        } else {
            Place::Extension
        };
        lines.push(tongue.opening(leg, &place));
        if at == 0 {
            pauses(derivation, tongue, &mut lines);
        }
        body(leg, "", tongue, &mut lines);
        match &leg.end {
            LegEnd::Ended { at: end, date } if at + 1 < derivation.legs.len() => {
                lines.push(tongue.ends(&place, *end, *date));
            }
            LegEnd::Ended { at, date } => lines.push(tongue.due(*at, *date, closing(leg))),
            LegEnd::Held {
                since,
                left,
                reasons,
            } => lines.push(tongue.held(&place, *since, left.as_ref(), reasons)),
        }
    }
    lines.extend(derivation.waiting.iter().map(|span| tongue.waiting(span)));
    if let Some(unknown) = &derivation.unknown {
        lines.push(tongue.provisional(unknown));
    }
    let known = Some(&derivation.coverage).filter(|coverage| **coverage != Coverage::ALL);
    lines.push(tongue.calendar(&said(&derivation.calendar), known));
    lines.join("\n")
}

fn pauses(derivation: &Derivation, tongue: &dyn Tongue, lines: &mut Vec<String>) {
    let pauses = &derivation.pauses;
    let told = pauses.iter().take(Derivation::LISTED);
    lines.extend(told.map(|pause| tongue.pause(pause)));
    let more = pauses.len().saturating_sub(Derivation::LISTED);
    if more > 0 {
        lines.push(tongue.more_pauses(more));
    }
    let mut until = Moment::MIN;
    let overlap = pauses.iter().any(|pause| {
        let meets = pause.from < until;
        until = until.max(pause.until.unwrap_or(Moment::MAX));
        meets
    });
    if overlap {
        lines.push(tongue.overlap());
    }
    if !pauses.is_empty() && derivation.due.is_some() && !derivation.legs.iter().any(stood) {
        lines.push(tongue.idle_pauses());
    }
}

/// Whether the pauses took anything out of the leg.
fn stood(leg: &Leg) -> bool {
    let any = |ledger: &[Stretch]| ledger.iter().any(|stretch| stretch.stood > 0);
    match &leg.counted {
        Counted::Nothing => false,
        Counted::Elapsed { stood, .. } => *stood > 0,
        Counted::WorkingTime { ledger, .. } => any(ledger),
        Counted::Dates { ledger, rolled, .. } => {
            any(ledger) || rolled.as_ref().is_some_and(|rolled| any(&rolled.passed))
        }
        Counted::Choice { legs, .. } => legs.iter().any(stood),
    }
}

/// What was counted in a leg, without its opening and its end.
fn body(leg: &Leg, path: &str, tongue: &dyn Tongue, lines: &mut Vec<String>) {
    match &leg.counted {
        Counted::Nothing => {}
        Counted::Elapsed { stood, clock } => {
            lines.extend((*stood > 0).then(|| tongue.stood(*stood)));
            lines.extend((*clock != 0).then(|| tongue.clock(*clock)));
        }
        Counted::WorkingTime {
            ledger,
            last,
            changes,
        } => {
            lines.extend(groups(ledger, true).iter().map(|group| tongue.group(group)));
            lines.extend((!last.is_empty()).then(|| tongue.last_hours(last)));
            lines.extend(changes.iter().map(|change| tongue.change(change)));
        }
        Counted::Dates {
            days,
            corresponding,
            ledger,
            rolled,
            closing,
            ..
        } => {
            let paused = ledger.iter().any(|stretch| stretch.stood > 0);
            lines.extend(
                corresponding.map(|date| tongue.corresponding(&leg.span, date, *days, paused)),
            );
            lines.extend(
                groups(ledger, false)
                    .iter()
                    .map(|group| tongue.group(group)),
            );
            if let Some(rolled) = rolled {
                lines.push(tongue.rolled(rolled, &groups(&rolled.passed, false)));
            }
            if closing.is_none() && matches!(leg.end, LegEnd::Ended { .. }) {
                lines.push(tongue.over());
            }
        }
        Counted::Choice { legs, decides } => {
            let name = |at: usize| match path {
                "" => format!("{}", at + 1),
                path => format!("{path}.{}", at + 1),
            };
            for (at, leg) in legs.iter().enumerate() {
                let place = Place::Option(name(at));
                lines.push(tongue.opening(leg, &place));
                body(leg, &name(at), tongue, lines);
                lines.push(match &leg.end {
                    LegEnd::Ended { at, date } => tongue.ends(&place, *at, *date),
                    LegEnd::Held {
                        since,
                        left,
                        reasons,
                    } => tongue.held(&place, *since, left.as_ref(), reasons),
                });
            }
            let latest = matches!(leg.span, Span::Latest(_));
            lines.extend(decides.map(|at| tongue.decides(latest, &name(at))));
        }
    }
}

/// What ended the last day; of several spans, that of the one that decides. Of no days, it is the time of day that the rule sets, if that was
/// still to come.
fn closing(leg: &Leg) -> Option<Closing> {
    match (&leg.counted, &leg.end) {
        (Counted::Dates { closing, .. }, _) => *closing,
        (Counted::Choice { legs, decides }, _) => legs.get((*decides)?).and_then(closing),
        (Counted::Nothing, LegEnd::Ended { at, .. }) => {
            (*at > leg.from).then_some(Closing::SetTime)
        }
        _ => None,
    }
}

impl Leg {
    /// Whether the date that the leg runs from is its first day.
    pub(super) fn includes_start(&self) -> bool {
        match &self.counted {
            Counted::Dates { ledger, .. } => {
                ledger.first().is_some_and(|stretch| stretch.counted > 0)
            }
            _ => false,
        }
    }

    /// Whether its days run from a later date than the leg, since nobody worked on the date of the leg any more.
    pub(super) fn begins_with_work(&self) -> bool {
        match &self.counted {
            Counted::Dates { ledger, .. } => {
                let mut later = ledger.iter().skip(1);
                later.any(|stretch| stretch.standing == Standing::FirstDay)
            }
            _ => false,
        }
    }

    pub(super) fn unit(&self) -> Option<Unit> {
        match &self.counted {
            Counted::Dates { unit, .. } => Some(*unit),
            _ => None,
        }
    }
}

/// The date and time that the wall shows. Midnight at the end of a date is its 24:00; a time that comes twice has its offset with it.
pub(super) fn wall(zone: Zone, at: Moment, date: Option<NaiveDate>) -> (NaiveDate, String) {
    if let Some(date) = date.filter(|date| zone.last(midnight_after(*date)) == at) {
        return (date, "24:00".to_owned());
    }
    let local = at.local(zone);
    let mut time = show_time(local.time());
    if zone.first(local) != zone.last(local) {
        let minutes = (local.and_utc().timestamp() - at.unix()) / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        time = format!("{time} UTC{sign}{hours:02}:{minutes:02}");
    }
    (local.date(), time)
}

/// Opening and closing times as the wall shows them; midnight closes as 24:00.
pub(super) fn times(
    zone: Zone,
    hours: &[(Moment, Moment)],
) -> impl Iterator<Item = (String, String)> {
    hours.iter().map(move |(opens, closes)| {
        let last = closes.plus(-1).date(zone);
        (
            wall(zone, *opens, None).1,
            wall(zone, *closes, Some(last)).1,
        )
    })
}

/// Text given from outside: on one line, and not without end.
pub(super) fn said(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    shown(plain.trim())
}

/// A list of such texts.
pub(super) fn all_said<T: AsRef<str>>(texts: &[T], between: &str) -> String {
    let texts = texts.iter().map(|text| said(text.as_ref()));
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

/// Hours, minutes and seconds.
pub(super) fn clock(seconds: i64) -> [i64; 3] {
    [seconds / 3600, seconds / 60 % 60, seconds % 60]
}
