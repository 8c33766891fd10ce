//! From when to when a report goes.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::plan::Plan;
use crate::time::{Moment, Zone};

/// A stretch of time: later than `after`, up to and including `until`. Stretches that follow one another share
/// their cut, so that nothing falls between two of them and nothing is in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// What happened then belongs to the period before.
    pub after: Moment,
    /// What happened then is the last that belongs to it.
    pub until: Moment,
}

impl Period {
    /// From one cut to the next. An `until` that is not later than `after` gives an empty period.
    pub const fn new(after: Moment, until: Moment) -> Period {
        Period { after, until }
    }
    /// The day of a digest: from the plan's cut-off on the date before to its cut-off on that date.
    ///
    /// ```
    /// use duly::report::Period;
    /// use duly::time::Moment;
    /// let plan = duly::plan::bare("demo".parse()?); // cut at 17:30 in Asia/Shanghai
    /// let day = Period::day(&plan, "2026-09-30".parse()?);
    /// assert!(day.holds(Moment::parse("2026-09-30T17:30:00+08:00")?));
    /// assert!(!day.holds(Moment::parse("2026-09-29T17:30:00+08:00")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn day(plan: &Plan, date: NaiveDate) -> Period {
        let cut = |date: NaiveDate| plan.zone.first(date.and_time(plan.digest.cut));
        Period {
            after: date.pred_opt().map_or(Moment::MIN, cut),
            until: cut(date),
        }
    }
    /// The day of a digest that follows this one: from where it ends to the plan's cut-off on that date. So that nothing is lost and
    /// nothing told twice where the cut-off was changed meanwhile, or where days were left out.
    ///
    /// ```
    /// use duly::report::Period;
    /// let mut plan = duly::plan::bare("demo".parse()?); // cut at 17:30
    /// let first = Period::day(&plan, "2026-09-29".parse()?);
    /// plan.digest.cut = "16:00:00".parse()?;
    /// let next = first.then(&plan, "2026-09-30".parse()?);
    /// assert_eq!(next.after, first.until);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn then(&self, plan: &Plan, date: NaiveDate) -> Period {
        Period {
            after: self.until,
            until: Period::day(plan, date).until,
        }
    }
    /// Whole dates, both included, by the wall clock of a zone: a month for a bulletin.
    ///
    /// ```
    /// use duly::report::Period;
    /// use duly::time::Zone;
    /// let month = Period::dates("2026-09-01".parse()?, "2026-09-30".parse()?, Zone::UTC);
    /// assert_eq!(month.until.to_string(), "2026-09-30T23:59:59Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dates(first: NaiveDate, last: NaiveDate, zone: Zone) -> Period {
        let before = |date: NaiveDate| zone.first(date.and_time(NaiveTime::MIN)).plus(-1);
        Period {
            after: before(first),
            until: last.succ_opt().map_or(Moment::MAX, before),
        }
    }
    /// Whether a moment lies in it.
    pub fn holds(&self, moment: Moment) -> bool {
        self.after < moment && moment <= self.until
    }
}
