//! What a divided case knows of its parts (分办).

use std::collections::BTreeSet;

use crate::case::model::Case;
use crate::case::stages::{Sub, SubState};
use crate::words::{News, PersonId, Record, SubDue, SubKey, SubPlanned, TextRef};

/// The case has parts now; those that wait for none begin.
pub(super) fn divided(case: &mut Case, subs: &[SubPlanned]) {
    for plan in subs {
        // What is settled already is waited for no longer.
        let waits = plan.after.iter().any(|key| {
            let new = subs.iter().any(|it| it.key == *key);
            new || case.subs.get(key).is_some_and(|sub| !sub.is_settled())
        });
        let state = match waits {
            true => SubState::Waiting,
            false => SubState::Open,
        };
        let own_due = plan.due.filter(|_| plan.within.is_some() && !waits);
        let sub = Sub {
            plan: plan.clone(),
            own_due,
            state,
            answer: None,
            handlers: BTreeSet::new(),
        };
        case.subs.insert(plan.key.clone(), sub);
    }
}

/// Parts that waited begin.
pub(super) fn part_begins(case: &mut Case, begins: &[SubDue]) -> Option<()> {
    for due in begins {
        let sub = case.subs.get_mut(&due.key)?;
        sub.state = SubState::Open;
        sub.plan.due = due.due;
        sub.own_due = due.due.filter(|_| sub.plan.within.is_some());
    }
    Some(())
}

/// A part had something to say.
pub(super) fn part_heard(
    case: &mut Case,
    record: &Record,
    key: &SubKey,
    news: &News<TextRef>,
    handlers: &BTreeSet<PersonId>,
) -> Option<()> {
    // Whoever did the part has handled the case.
    case.handlers.extend(handlers.iter().cloned());
    case.round_handlers.extend(handlers.iter().cloned());
    let sub = case.subs.get_mut(key)?;
    sub.handlers.extend(handlers.iter().cloned());
    match news {
        News::Answer { .. } => sub.answer = Some(record.version),
        News::Retracted => sub.answer = None,
        News::Ended { outcome } => {
            sub.state = SubState::Ended {
                outcome: *outcome,
                at: record.at,
            };
        }
        News::Reopened => {
            sub.state = SubState::Open;
            sub.answer = None;
            // Its own time was for the first time; it is wanted when the answer needs it, which is said anew.
            sub.own_due = None;
            sub.plan.due = None;
        }
        News::NotOpened => sub.state = SubState::NotOpened,
        News::Progress { .. } | News::Extended { .. } | News::Question { .. } => {}
    }
    Some(())
}
