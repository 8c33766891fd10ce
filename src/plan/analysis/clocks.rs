//! Clocks and their ladders.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{PlanFault, cited, sized};
use crate::plan::{ClockRule, Limit, On, Plan, Rung};
use crate::time::Span;
use crate::words::{ClockClass, ClockKind, Role};

pub(super) fn check(plan: &Plan, faults: &mut Vec<PlanFault>) {
    for kind in ClockKind::ALL.iter().copied() {
        let wanted = kind.is_needed();
        match plan
            .clocks
            .iter()
            .filter(|clock| clock.kind == kind)
            .count()
        {
            0 if wanted => faults.push(PlanFault::NoClock(kind)),
            0 | 1 => {}
            _ => faults.push(PlanFault::ClockTwice(kind)),
        }
    }
    for clock in &plan.clocks {
        marks(clock, faults);
        limits(plan, clock, faults);
        extension(clock, faults);
        leaves(plan, clock, faults);
        ladder(clock, faults);
    }
    if plan.quiet.is_some_and(|quiet| quiet.never_ends()) {
        faults.push(PlanFault::Quiet);
    }
}

fn marks(clock: &ClockRule, faults: &mut Vec<PlanFault>) {
    let kind = clock.kind;
    if !kind.may_start_on(clock.starts) {
        faults.push(PlanFault::Starts {
            clock: kind,
            mark: clock.starts,
        });
    }
    if !kind.may_stop_on(&clock.stops) {
        faults.push(PlanFault::Stops(kind));
    }
    if clock.lapses != kind.lapses() {
        faults.push(PlanFault::Lapses(kind));
    }
    if clock.not_past_whole && kind != ClockKind::Redo {
        faults.push(PlanFault::NotPastWhole(kind));
    }
    if clock.class == ClockClass::Statutory && !cited(&clock.provenance) {
        faults.push(PlanFault::Uncited(kind));
    }
}

fn limits(plan: &Plan, clock: &ClockRule, faults: &mut Vec<PlanFault>) {
    for limit in clock.within.diagram.answers() {
        match limit {
            Limit::Span(span) if sized(span) => {}
            Limit::Span(_) => faults.push(PlanFault::Limit(clock.kind)),
            Limit::Share { of, percent } => {
                let own = |limit: &Limit| matches!(limit, Limit::Span(_));
                let whole = plan
                    .clock(*of)
                    .is_some_and(|of| of.within.diagram.answers().iter().all(own));
                if !whole || !(1..=100).contains(percent) {
                    faults.push(PlanFault::Share(clock.kind));
                }
            }
        }
    }
}

fn extension(clock: &ClockRule, faults: &mut Vec<PlanFault>) {
    let Some(extension) = &clock.extension else {
        return;
    };
    if !clock.kind.can_be_extended() {
        faults.push(PlanFault::Extended(clock.kind));
    }
    if !sized(&extension.most) || !(1..=10).contains(&extension.times) {
        faults.push(PlanFault::ExtensionSize(clock.kind));
    }
    if !matches!(extension.granted_by, Role::Supervisor | Role::Leader) {
        faults.push(PlanFault::GrantedBy {
            clock: clock.kind,
            by: extension.granted_by,
        });
    }
}

fn leaves(plan: &Plan, clock: &ClockRule, faults: &mut Vec<PlanFault>) {
    let Some(leaves) = &clock.leaves else {
        return;
    };
    if !clock.kind.can_leave() {
        faults.push(PlanFault::LeavesOn(clock.kind));
    }
    let all_of = |limit: &Limit| match limit {
        Limit::Span(span) => no_longer(span, leaves),
        Limit::Share { .. } => false,
    };
    if !sized(leaves) {
        faults.push(PlanFault::LeavesSize(clock.kind));
        return;
    }
    if let Some(region) = clock.within.diagram.first(&plan.schema, all_of) {
        faults.push(PlanFault::Leaves {
            clock: clock.kind,
            leaves: leaves.clone(),
            witness: region.say(&plan.schema),
        });
    }
}

/// Whether a limit is surely no longer than what must be left of it. So many working days are never shorter than as
/// many days.
pub(crate) fn no_longer(limit: &Span, leaves: &Span) -> bool {
    match (limit, leaves) {
        (Span::Latest(all), leaves) => all.iter().all(|limit| no_longer(limit, leaves)),
        (limit, Span::Earliest(all)) => all.iter().all(|leaves| no_longer(limit, leaves)),
        // Any that is no longer than the latest, or the earliest than any: so that a choice of choices is no longer than itself.
        (Span::Earliest(all), Span::Latest(others)) => {
            all.iter().any(|limit| no_longer(limit, leaves))
                || others.iter().any(|leaves| no_longer(limit, leaves))
        }
        (limit, Span::Latest(all)) => all.iter().any(|leaves| no_longer(limit, leaves)),
        (Span::CalendarDays(limit), Span::WorkingDays(leaves)) => limit <= leaves,
        (Span::Weeks(limit), Span::WorkingDays(leaves) | Span::CalendarDays(leaves)) => {
            u64::from(*limit) * 7 <= u64::from(*leaves)
        }
        (Span::Earliest(all), leaves) => all.iter().any(|limit| no_longer(limit, leaves)),
        (limit, leaves) => compare(limit, leaves).is_some_and(Ordering::is_le),
    }
}

fn ladder(clock: &ClockRule, faults: &mut Vec<PlanFault>) {
    let kind = clock.kind;
    let mut seen = BTreeSet::new();
    let mut last: Option<&Rung> = None;
    for rung in &clock.rungs {
        let named = || rung.key.clone();
        if !seen.insert(&rung.key) {
            faults.push(PlanFault::RungTwice {
                clock: kind,
                rung: named(),
            });
        }
        let sane = match &rung.on {
            On::Before(span) | On::After(span) => sized(span),
            On::At => true,
            On::Share(percent) => (1..=99).contains(percent),
            On::Every { span, most } => sized(span) && (1..=100).contains(most),
        };
        if !sane || rung.acts.is_empty() {
            faults.push(PlanFault::RungIdle {
                clock: kind,
                rung: named(),
            });
        }
        if kind.lapses() && matches!(rung.on, On::After(_) | On::Every { .. }) {
            faults.push(PlanFault::RungUnreached {
                clock: kind,
                rung: named(),
            });
        }
        // A promise carries its own date: how long it runs is not known here.
        if let (On::Before(lead), true) = (&rung.on, kind != ClockKind::Commitment) {
            let short = |limit: &Limit| matches!(limit, Limit::Span(span) if compare(span, lead).is_some_and(Ordering::is_le));
            if clock.within.diagram.answers().iter().any(short) {
                faults.push(PlanFault::RungBeforeStart {
                    clock: kind,
                    rung: named(),
                });
            }
        }
        if last.is_some_and(|last| order(&last.on, &rung.on).is_some_and(Ordering::is_gt)) {
            faults.push(PlanFault::RungOrder {
                clock: kind,
                rung: named(),
            });
        }
        last = Some(rung);
    }
}

/// Which of two rungs comes first, where that can be told without a calendar.
pub(crate) fn order(a: &On, b: &On) -> Option<Ordering> {
    let phase = |on: &On| match on {
        On::Share(_) | On::Before(_) => 0,
        On::At => 1,
        On::After(_) => 2,
        On::Every { .. } => 3,
    };
    match (a, b) {
        (On::Before(a), On::Before(b)) => compare(b, a),
        (On::After(a), On::After(b)) => compare(a, b),
        (On::Share(a), On::Share(b)) => Some(a.cmp(b)),
        (a, b) if phase(a) != phase(b) => Some(phase(a).cmp(&phase(b))),
        _ => None,
    }
}

/// Which of two spans is longer, where both are said in the same unit: units are never converted.
pub(super) fn compare(a: &Span, b: &Span) -> Option<Ordering> {
    match (a, b) {
        (Span::Elapsed(a), Span::Elapsed(b)) | (Span::WorkingTime(a), Span::WorkingTime(b)) => {
            Some(a.cmp(b))
        }
        (Span::WorkingDays(a), Span::WorkingDays(b))
        | (Span::CalendarDays(a), Span::CalendarDays(b))
        | (Span::Weeks(a), Span::Weeks(b))
        | (Span::Months(a), Span::Months(b))
        | (Span::Years(a), Span::Years(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
