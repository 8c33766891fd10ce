//! Office time: when people work, and how long things take them.

use chrono::NaiveDate;
use duly::plan::{InHand, Plan};
use duly::time::{Moment, Span, after};

use super::Dice;
use crate::fail::Fail;

/// A plan in hand, as the people of an office live by it.
pub struct Office {
    /// The plan and its calendar.
    pub hand: InHand,
}

impl Office {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.hand.plan
    }
    /// So many working minutes later.
    pub fn later(&self, from: Moment, minutes: u32) -> Result<Moment, Fail> {
        self.hand
            .calendar
            .add(from, i64::from(minutes) * 60)
            .map_err(Fail::said)
    }
    /// A moment of that share of the working time between two moments, in percent.
    pub fn share(&self, from: Moment, until: Moment, percent: u32) -> Result<Moment, Fail> {
        let all = self.hand.calendar.measure(from, until);
        let part = all.max(0).saturating_mul(i64::from(percent)) / 100;
        // People keep no seconds.
        self.hand
            .calendar
            .add(from, part - part % 60)
            .map_err(Fail::said)
    }
    /// Some minute of office hours, so many working days later.
    pub fn days(&self, from: Moment, days: u32, dice: &mut Dice) -> Result<Moment, Fail> {
        let due = after(
            &self.hand.calendar,
            &self.plan().counting,
            from,
            &Span::WorkingDays(days),
        )
        .map_err(Fail::said)?;
        Ok(self.on(due.at.date(self.plan().zone), dice).max(from))
    }
    /// Some minute of office hours of a date, or of the last working date before it.
    pub fn on(&self, date: NaiveDate, dice: &mut Dice) -> Moment {
        let zone = self.plan().zone;
        let back = std::iter::successors(Some(date), NaiveDate::pred_opt).take(40);
        let open = back
            .map(|date| self.hand.calendar.windows(date))
            .find(|windows| !windows.is_empty());
        let windows = open.unwrap_or_default();
        let minutes: i64 = windows
            .iter()
            .map(|(from, until)| until.since(*from) / 60)
            .sum();
        let mut minute =
            i64::try_from(dice.below(u64::try_from(minutes).unwrap_or(0))).unwrap_or(0);
        for (from, until) in windows {
            let length = until.since(from) / 60;
            if minute < length {
                return from.plus(minute * 60);
            }
            minute -= length;
        }
        zone.first(date.and_time(chrono::NaiveTime::MIN))
            .plus(12 * 3600)
    }
}
