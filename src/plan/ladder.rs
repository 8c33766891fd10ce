//! How the steps of a ladder come: the same for clocks of cases and for obligations that are none.
//!
//! Every step has a nominal moment, which its rule gives, and a moment at which it comes: the nominal one, or later where that
//! lies in quiet hours or had passed when the schedule was laid out. What repeats is reckoned from nominal moments alone, so
//! nothing drifts and no polling shows.

use super::{Plan, Rung};
use crate::time::{Calendar, Moment, Pauses, Span, TimeError, after, after_due};
use crate::words::{Step, StepFate, StepKey};

/// How a step treats quiet hours and a moment that has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coming {
    /// A reminder: quiet hours put it off.
    Reminder,
    /// A reminder that the pack wants at once.
    AtOnce,
    /// What is dated by law: it is not put off, and its moment is known without being said.
    Fact,
}

impl Coming {
    pub(crate) const fn of(rung: &Rung) -> Coming {
        match rung.at_once {
            true => Coming::AtOnce,
            false => Coming::Reminder,
        }
    }
}

/// What follows a step that comes again.
#[derive(Debug, Default)]
pub(crate) struct Following {
    pub(crate) steps: Vec<Step>,
    /// The last occurrence of the same moment, which acts for this one.
    pub(crate) into: Option<u32>,
}

impl Following {
    pub(crate) fn fate(&self) -> Option<StepFate> {
        self.into.map(|into| StepFate::Coalesced { into })
    }
}

impl Plan {
    /// A step as it will come: at its nominal moment, but not before `from`, nor in quiet hours.
    pub(crate) fn planned(
        &self,
        calendar: &Calendar,
        key: StepKey,
        nominal: Moment,
        from: Moment,
        coming: Coming,
    ) -> Step {
        let at = nominal.max(from);
        let quiet = self.quiet.filter(|_| coming == Coming::Reminder);
        let at = quiet
            .and_then(|quiet| quiet.until(calendar, at))
            .unwrap_or(at);
        let late = coming != Coming::Fact && at != nominal;
        Step {
            at,
            key,
            deferred_from: late.then_some(nominal),
        }
    }
    /// So long after a limit ended or a step came; always later than it, so that repeating ends somewhere.
    pub(crate) fn next_after(
        &self,
        calendar: &Calendar,
        from: Moment,
        span: &Span,
    ) -> Result<Moment, TimeError> {
        let next = after_due(calendar, &self.counting, &Pauses::none(), from, span)?;
        Ok(next.map_or(from, |due| due.at).max(from.plus(1)))
    }
    /// So long after something was done, whose midnight is the beginning of a day; always later than it.
    pub(crate) fn first_after(
        &self,
        calendar: &Calendar,
        from: Moment,
        span: &Span,
    ) -> Result<Moment, TimeError> {
        after(calendar, &self.counting, from, span).map(|due| due.at.max(from.plus(1)))
    }
    /// How far apart the spine's own notices are.
    pub(crate) fn overdue_span(&self) -> Span {
        Span::WorkingDays(self.overdue_every.max(1))
    }
    /// The occurrence after a step, `left` of them at most; and which occurrence acts, where several come at the same moment. It
    /// is the schedule that says so, never when somebody looked.
    pub(crate) fn following(
        &self,
        calendar: &Calendar,
        step: &Step,
        span: &Span,
        left: u32,
        coming: Coming,
    ) -> Result<Following, TimeError> {
        let mut following = Following::default();
        let mut at = step.clone();
        for _ in 0..left {
            let Some(key) = at.key.again() else { break };
            let nominal = self.next_after(calendar, at.nominal(), span)?;
            at = self.planned(calendar, key, nominal, step.at, coming);
            if following.steps.is_empty() {
                following.steps.push(at.clone());
            }
            if at.at > step.at {
                break;
            }
            following.into = Some(at.key.occurrence());
        }
        Ok(following)
    }
}

/// Puts a step among those ahead: by the moment at which it comes, then by its nominal moment, then last.
pub(crate) fn insert(steps: &mut Vec<Step>, step: Step) {
    let after = |other: &Step| (other.at, other.nominal()) > (step.at, step.nominal());
    let place = steps.iter().position(after).unwrap_or(steps.len());
    steps.insert(place, step);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps ahead stand by the moment at which they come, then by the one that their rule gives; of those alike in both, the one that was put
    /// there first comes first.
    #[test]
    fn steps_stand_in_the_order_in_which_they_come() {
        let step = |rung: &str, at: i64, nominal: i64| Step {
            at: Moment::MIN.plus(at),
            key: StepKey::Rung {
                rung: rung.to_owned(),
                occurrence: 1,
            },
            deferred_from: (at != nominal).then_some(Moment::MIN.plus(nominal)),
        };
        let mut steps = Vec::new();
        for (rung, at, nominal) in [
            ("third", 5, 5),
            ("first", 3, 3),
            ("fourth", 5, 5),
            ("last", 7, 1),
            ("second", 5, 4),
            ("fifth", 5, 5),
        ] {
            insert(&mut steps, step(rung, at, nominal));
        }
        let keys: Vec<String> = steps.iter().map(|step| step.key.to_string()).collect();
        assert_eq!(
            keys,
            ["first", "second", "third", "fourth", "fifth", "last"]
        );
    }
}
