//! What a plan can be used with, but hardly means.

use crate::plan::{ClockRule, Limit, Plan};
use crate::time::Span;
use crate::words::{ClockKind, RuleId};

/// Something that a plan says and its author hardly meant. Cases can live with it; a person should look at it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanWarning {
    /// Limits of one clock in units that look alike and are not: `24 hours`, `8 working hours` and `1 working day`
    /// end at three different moments.
    #[error(
        "the `{clock}` clock mixes units that are not the same: {hours} when {hours_when}, {days} when {days_when}"
    )]
    MixedUnits {
        /// Which clock.
        clock: ClockKind,
        /// A limit in hours, as long as a day.
        hours: Span,
        /// A case that has it.
        hours_when: String,
        /// A limit in another unit.
        days: Span,
        /// A case that has that.
        days_when: String,
    },
    /// A clock for the first of two reviews, where no reply is reviewed twice.
    #[error("the `{0}` clock never runs: no reply is reviewed twice")]
    ClockNever(ClockKind),
    /// A signal whose condition never holds.
    #[error("the signal `{0}` can never open a case: its condition never holds")]
    SignalNever(String),
    /// A notice whose condition never holds.
    #[error("the notice `{0}` can never apply: its condition never holds")]
    NoticeNever(RuleId),
    /// A rung whose condition never holds.
    #[error("the rung `{rung}` of `{clock}` can never act: its condition never holds")]
    RungNever {
        /// Which clock.
        clock: ClockKind,
        /// Which rung.
        rung: String,
    },
}

impl Plan {
    /// What the plan says and hardly means: see [`PlanWarning`].
    ///
    /// ```
    /// use duly::plan::bare;
    /// assert!(bare("demo".parse()?).warnings().is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn warnings(&self) -> Vec<PlanWarning> {
        let mut all = Vec::new();
        for clock in &self.clocks {
            all.extend(mixed(self, clock));
            if clock.kind == ClockKind::FirstReview && self.review.is_none() {
                all.push(PlanWarning::ClockNever(clock.kind));
            }
            for rung in &clock.rungs {
                let never = rung.when.as_ref().map(|when| when.diagram.answers());
                if never == Some(&[false]) {
                    all.push(PlanWarning::RungNever {
                        clock: clock.kind,
                        rung: rung.key.clone(),
                    });
                }
            }
        }
        for signal in &self.signals {
            let never = signal.when.as_ref().map(|when| when.diagram.answers());
            if never == Some(&[false]) {
                all.push(PlanWarning::SignalNever(signal.name.clone()));
            }
        }
        for notice in &self.notices {
            let never = notice.when.as_ref().map(|when| when.diagram.answers());
            if never == Some(&[false]) {
                all.push(PlanWarning::NoticeNever(notice.rule.clone()));
            }
        }
        all
    }
}

/// What a limit is counted in. Hours shorter than a day are taken for what they say, whatever stands beside them.
#[derive(PartialEq, Eq)]
enum Unit {
    Elapsed,
    WorkingTime,
    Days,
}

fn unit(span: &Span) -> Option<Unit> {
    const DAY: i64 = 86_400;
    const SHIFT: i64 = 8 * 3600;
    match span {
        Span::Elapsed(seconds) => (*seconds >= DAY).then_some(Unit::Elapsed),
        Span::WorkingTime(seconds) => (*seconds >= SHIFT).then_some(Unit::WorkingTime),
        Span::WorkingDays(_) => Some(Unit::Days),
        // Which of several comes first, or last, is asked on purpose.
        _ => None,
    }
}

/// The first two limits of a clock that are said in different units and look alike.
fn mixed(plan: &Plan, clock: &ClockRule) -> Option<PlanWarning> {
    let said = |limit: &Limit| match limit {
        Limit::Span(span) => Some((unit(span)?, span.clone())),
        Limit::Share { .. } => None,
    };
    let other = |than: &Unit| {
        let is = |limit: &Limit| said(limit).is_some_and(|(unit, _)| unit != *than);
        let region = clock.within.diagram.first(&plan.schema, is)?;
        let (unit, span) = said(region.answer)?;
        Some((unit, span, region.say(&plan.schema)))
    };
    let (first, hours, hours_when) = other(&Unit::Days)?;
    let (_, days, days_when) = other(&first)?;
    Some(PlanWarning::MixedUnits {
        clock: clock.kind,
        hours,
        hours_when,
        days,
        days_when,
    })
}
