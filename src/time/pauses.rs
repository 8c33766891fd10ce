//! Stretches during which a clock stood still.

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::moment::Moment;

/// The stretches during which a clock stands still: in order, apart from one another, the last perhaps without an end yet.
///
/// A pause holds from its first moment up to, and not with, its last. Pauses that overlap or touch become one, so time
/// that stood still for two reasons is not counted twice.
///
/// ```
/// use duly::time::{Moment, Pauses};
/// let at = |hour: u32| Moment::parse(&format!("2026-01-05T{hour:02}:00:00Z")).unwrap();
/// let pauses = Pauses::none().with(at(9), Some(at(11))).with(at(10), Some(at(12)));
/// assert_eq!(pauses.total(at(0), at(23)), 3 * 3600);
/// assert!(pauses.is_paused(at(11)) && !pauses.is_paused(at(12)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Pause>", into = "Vec<Pause>")]
pub struct Pauses(Vec<Pause>);

/// One stretch during which a clock stands still.
///
/// ```
/// use duly::time::{Moment, Pause};
/// let open = Pause { from: Moment::MIN, until: None };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// First moment at which the clock stands still.
    pub from: Moment,
    /// First moment at which it runs again; `None` while nobody knows.
    pub until: Option<Moment>,
}

impl Pauses {
    /// No pauses.
    ///
    /// ```
    /// assert!(duly::time::Pauses::none().iter().next().is_none());
    /// ```
    pub fn none() -> Pauses {
        Pauses::default()
    }

    /// These pauses and one more. One that ends no later than it begins adds nothing.
    ///
    /// ```
    /// use duly::time::{Moment, Pauses};
    /// let pauses = Pauses::none().with(Moment::MAX, Some(Moment::MIN));
    /// assert_eq!(pauses, Pauses::none());
    /// ```
    #[must_use]
    pub fn with(mut self, from: Moment, until: Option<Moment>) -> Pauses {
        self.0.push(Pause { from, until });
        Pauses::from(self.0)
    }

    /// The pauses in order of time.
    ///
    /// ```
    /// use duly::time::{Moment, Pauses};
    /// let pauses = Pauses::none().with(Moment::MIN, None);
    /// assert_eq!(pauses.iter().count(), 1);
    /// ```
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Pause> + '_ {
        self.0.iter().copied()
    }

    /// Whether the clock stands still at the moment.
    ///
    /// ```
    /// use duly::time::{Moment, Pauses};
    /// assert!(Pauses::none().with(Moment::MIN, None).is_paused(Moment::MAX));
    /// ```
    pub fn is_paused(&self, at: Moment) -> bool {
        let after = self.0.partition_point(|pause| pause.from <= at);
        after
            .checked_sub(1)
            .and_then(|last| self.0.get(last))
            .is_some_and(|pause| pause.until.is_none_or(|until| at < until))
    }

    /// Since when the clock has stood still without a known end.
    ///
    /// ```
    /// use duly::time::{Moment, Pauses};
    /// assert_eq!(Pauses::none().with(Moment::MIN, None).open_since(), Some(Moment::MIN));
    /// ```
    pub fn open_since(&self) -> Option<Moment> {
        self.0
            .last()
            .filter(|pause| pause.until.is_none())
            .map(|pause| pause.from)
    }

    /// Real seconds from `a` up to `b` during which the clock stands still.
    ///
    /// ```
    /// use duly::time::{Moment, Pauses};
    /// assert_eq!(Pauses::none().total(Moment::MIN, Moment::MAX), 0);
    /// ```
    pub fn total(&self, a: Moment, b: Moment) -> i64 {
        let within = |pause: Pause| {
            pause
                .until
                .unwrap_or(b)
                .min(b)
                .since(pause.from.max(a))
                .max(0)
        };
        self.iter().map(within).sum()
    }

    /// Working seconds from `a` up to `b` during which the clock runs: [`Calendar::measure`] without the pauses.
    ///
    /// ```
    /// use duly::time::{Calendar, Moment, Pauses, Zone};
    /// let start = Moment::parse("2026-01-05T12:00:00Z")?;
    /// let pauses = Pauses::none().with(start.plus(60), Some(start.plus(90)));
    /// assert_eq!(pauses.running(&Calendar::always(Zone::UTC), start, start.plus(100)), 70);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn running(&self, calendar: &Calendar, a: Moment, b: Moment) -> i64 {
        let still =
            |pause: Pause| calendar.measure(pause.from.max(a), pause.until.unwrap_or(b).min(b));
        calendar.measure(a, b) - self.iter().map(still).sum::<i64>()
    }

    /// The pauses as they would be if the one without an end ended at `at`; if it has not begun by then, it never does.
    ///
    /// ```
    /// use duly::time::{Moment, Pauses};
    /// let noon = Moment::parse("2026-01-05T12:00:00Z")?;
    /// assert_eq!(Pauses::none().with(Moment::MIN, None).resumed(noon).open_since(), None);
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn resumed(&self, at: Moment) -> Pauses {
        let ended = |pause: Pause| Pause {
            until: Some(pause.until.unwrap_or(at)),
            ..pause
        };
        Pauses::from(self.iter().map(ended).collect::<Vec<_>>())
    }
}

impl From<Vec<Pause>> for Pauses {
    fn from(mut pauses: Vec<Pause>) -> Pauses {
        pauses.retain(|pause| pause.until.is_none_or(|until| pause.from < until));
        pauses.sort_unstable_by_key(|pause| pause.from);
        let mut apart: Vec<Pause> = Vec::with_capacity(pauses.len());
        for pause in pauses {
            match apart.last_mut() {
                Some(last) if last.until.is_none_or(|until| pause.from <= until) => {
                    last.until = last
                        .until
                        .zip(pause.until)
                        .map(|(one, other)| one.max(other));
                }
                _ => apart.push(pause),
            }
        }
        Pauses(apart)
    }
}

impl From<Pauses> for Vec<Pause> {
    fn from(pauses: Pauses) -> Vec<Pause> {
        pauses.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Moment {
        Moment::from_unix(hour * 3600).unwrap()
    }

    #[test]
    fn pauses_are_kept_in_order_and_apart() {
        let pauses = Pauses::none()
            .with(at(8), Some(at(9)))
            .with(at(1), Some(at(2)))
            .with(at(2), Some(at(3)))
            .with(at(8), None);
        let kept: Vec<_> = pauses
            .iter()
            .map(|pause| (pause.from, pause.until))
            .collect();
        assert_eq!(kept, [(at(1), Some(at(3))), (at(8), None)]);
        assert_eq!(pauses.total(at(0), at(10)), 4 * 3600);
        assert_eq!(pauses.open_since(), Some(at(8)));
        assert_eq!(pauses.resumed(at(9)).total(at(0), at(100)), 3 * 3600);
    }

    #[test]
    fn what_is_read_back_is_in_order_again() {
        let text = r#"[{"from":"1970-01-01T08:00:00Z","until":null},{"from":"1970-01-01T01:00:00Z","until":"1970-01-01T02:00:00Z"}]"#;
        let pauses: Pauses = serde_json::from_str(text).unwrap();
        assert_eq!(
            pauses,
            Pauses::none().with(at(1), Some(at(2))).with(at(8), None)
        );
    }
}
