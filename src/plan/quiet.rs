//! When nobody is to be disturbed (免打扰).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::time::{Calendar, Moment, Window};

/// Quiet hours (免打扰): a reminder whose moment lies in them comes when they end. It is put off, never dropped; and
/// what the law dates is not put off: breach, lapse and a missed promise stand at their own second.
///
/// ```
/// use duly::plan::Quiet;
/// use duly::time::{Calendar, DayTable, Hours, Moment};
/// let hours = Hours::weekdays(vec!["09:00-12:30".parse()?, "14:30-18:00".parse()?]);
/// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::plain("week"))?;
/// let at = |text: &str| Moment::parse(text).unwrap();
/// let night = Quiet::Daily("21:00-08:00".parse()?);
/// assert_eq!(night.until(&office, at("2026-03-02T23:30:00+08:00")), Some(at("2026-03-03T08:00:00+08:00")));
/// assert_eq!(night.until(&office, at("2026-03-03T08:00:00+08:00")), None);
/// // A moment that ends a shift belongs to the shift, as a due moment does.
/// let friday = at("2026-03-06T18:00:00+08:00");
/// assert_eq!(Quiet::OutsideHours.until(&office, friday), None);
/// assert_eq!(Quiet::OutsideHours.until(&office, friday.plus(1)), Some(at("2026-03-09T09:00:00+08:00")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quiet {
    /// Every day from the one time of day up to, and not with, the other: `21:00-08:00`.
    Daily(Window),
    /// Whenever the office is shut by the plan's calendar: nights, breaks, weekends, holidays.
    OutsideHours,
}

/// Stretches looked through before it is taken that quiet never ends; then nothing is put off.
const MOST: usize = 32;

impl Quiet {
    /// When the quiet around `at` ends; none if `at` is not in it. Quiet that never ends puts nothing off.
    pub fn until(&self, calendar: &Calendar, at: Moment) -> Option<Moment> {
        match self {
            Quiet::OutsideHours => {
                let shut = !calendar.is_open(at) && !calendar.is_open(at.plus(-1));
                shut.then(|| calendar.next_open(at).ok()).flatten()
            }
            Quiet::Daily(window) => {
                let mut end = stretch(calendar, window, at)?;
                // Where the wall clock jumps over what lies between, one stretch follows another.
                for _ in 0..MOST {
                    match stretch(calendar, window, end) {
                        Some(next) => end = next,
                        None => return Some(end),
                    }
                }
                None
            }
        }
    }
    /// Whether it leaves no second of a day in which anybody may be told anything.
    pub fn never_ends(&self) -> bool {
        matches!(self, Quiet::Daily(window) if window.opens == window.closes)
    }
}

/// The end of the stretch of the daily window in which `at` lies.
fn stretch(calendar: &Calendar, window: &Window, at: Moment) -> Option<Moment> {
    let zone = calendar.zone();
    let today = at.date(zone);
    let on = |date: NaiveDate| {
        let last = match window.crosses_midnight() {
            true => date.succ_opt()?,
            false => date,
        };
        let from = zone.first(date.and_time(window.opens));
        let until = zone.last(last.and_time(window.closes));
        (from <= at && at < until).then_some(until)
    };
    [today.pred_opt(), Some(today)]
        .into_iter()
        .flatten()
        .find_map(on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DayTable, Hours, Zone};

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn a_night_is_reckoned_by_the_wall_also_where_it_jumps() {
        let berlin = Calendar::always("Europe/Berlin".parse().unwrap());
        let night = Quiet::Daily("21:00-08:00".parse().unwrap());
        // 28 to 29 March 2026: the night is an hour shorter, its end still eight o'clock.
        let end = night.until(&berlin, at("2026-03-28T23:00:00+01:00"));
        assert_eq!(end, Some(at("2026-03-29T08:00:00+02:00")));
        // Quiet from the end of the jump until its beginning: the hour between never is on that day.
        let all_but = Quiet::Daily("03:00-02:00".parse().unwrap());
        let end = all_but.until(&berlin, at("2026-03-28T12:00:00+01:00"));
        assert_eq!(end, Some(at("2026-03-30T02:00:00+02:00")));
    }

    #[test]
    fn holidays_and_breaks_are_outside_office_hours() {
        let hours = Hours::weekdays(vec![
            "09:00-12:30".parse().unwrap(),
            "14:30-18:00".parse().unwrap(),
        ]);
        let office =
            Calendar::new("Asia/Shanghai".parse().unwrap(), hours, &DayTable::cn()).unwrap();
        let until = |text: &str| Quiet::OutsideHours.until(&office, at(text));
        assert_eq!(until("2026-09-30T18:00:00+08:00"), None);
        assert_eq!(
            until("2026-09-30T20:00:00+08:00"),
            Some(at("2026-10-08T09:00:00+08:00"))
        );
        assert_eq!(
            until("2026-03-02T13:00:00+08:00"),
            Some(at("2026-03-02T14:30:00+08:00"))
        );
        assert_eq!(until("2026-03-02T09:00:00+08:00"), None);
    }

    #[test]
    fn quiet_that_never_ends_puts_nothing_off() {
        let all = Quiet::Daily(Window::WHOLE_DAY);
        assert!(all.never_ends() && !Quiet::OutsideHours.never_ends());
        let noon = at("2026-03-02T12:00:00Z");
        assert_eq!(all.until(&Calendar::always(Zone::UTC), noon), None);
    }
}
