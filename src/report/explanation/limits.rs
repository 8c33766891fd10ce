//! When what is due, and why then.

use super::{About, Inside, ReasonNode};
use crate::case::{Clock, ClockState};
use crate::report::timeline::Say;
use crate::time::{Calendar, NamedPause};
use crate::words::{ClockKey, ClockKind, Event, Lang, PauseSide, Reason, Record};

/// Every clock that runs or waits.
pub(super) fn limits(say: &Say<'_>, history: &[Record], calendar: &Calendar) -> Vec<ReasonNode> {
    let live = say.case.clocks().iter().filter(|clock| clock.is_live());
    live.map(|clock| limit(say, history, calendar, clock))
        .collect()
}

fn limit(say: &Say<'_>, history: &[Record], calendar: &Calendar, clock: &Clock) -> ReasonNode {
    let name = say.clock(clock.key);
    let schedule = &clock.schedule;
    let waits = clock.state == ClockState::Paused;
    let says = match (waits, clock.breached.or(clock.promise_missed), say.lang) {
        (true, _, Lang::Zh) => format!("{name}停着,恢复后再算到期"),
        (true, _, Lang::En) => format!("the {name} waits; when it is due is known once it goes on"),
        (false, Some(_), Lang::Zh) => {
            format!("{name} {} 到期,已超期", say.at(schedule.promised_due))
        }
        (false, Some(_), Lang::En) => {
            format!(
                "the {name} was due at {}, and is overdue",
                say.at(schedule.promised_due)
            )
        }
        (false, None, Lang::Zh) => format!("{name} {} 到期", say.at(schedule.promised_due)),
        (false, None, Lang::En) => {
            format!("the {name} is due at {}", say.at(schedule.promised_due))
        }
    };
    let mut full = match say.lang {
        Lang::Zh => format!(
            "按规定 {} 到期,日历 {}",
            say.at(schedule.legal_due),
            schedule.calendar
        ),
        Lang::En => format!(
            "by the rule {}, calendar {}",
            say.at(schedule.legal_due),
            schedule.calendar
        ),
    };
    if schedule.provisional {
        full.push_str(say.pick(
            ",节假日未公布,暂按平常的周",
            "; provisional: the holidays are not known yet",
        ));
    }
    let inside = Inside {
        full: Some(full),
        ..Inside::default()
    };
    let inside = inside.decided(say.plan, started(history, clock.key));
    ReasonNode::new(
        About::Limit,
        (!waits).then_some(schedule.promised_due),
        says,
    )
    .internal(!for_citizen(clock.key.kind))
    .inside(inside)
    .below(reckoning(say, calendar, clock))
}

/// Limits that the citizen is told of: on what is owed to them, and on what they may do.
pub(super) const fn for_citizen(kind: ClockKind) -> bool {
    matches!(
        kind,
        ClockKind::Waiting
            | ClockKind::Reply
            | ClockKind::Redo
            | ClockKind::Update
            | ClockKind::CallBack
            | ClockKind::Rating
            | ClockKind::Commitment
            | ClockKind::Whole
    )
}

/// The rule that gave the limit.
fn started(history: &[Record], of: ClockKey) -> Option<&Reason> {
    history.iter().rev().find_map(|record| match &record.event {
        Event::ClockStarted { key, reason, .. } if *key == of => Some(reason),
        _ => None,
    })
}

/// Step by step. A pause goes by whose time it is, not by its reason, which is the office's own. Another edition of the calendar than the one
/// that counted may come to another day, and tells nothing of how this one was come to.
fn reckoning(say: &Say<'_>, calendar: &Calendar, clock: &Clock) -> Vec<ReasonNode> {
    if clock.schedule.calendar != calendar.revision() {
        let says = say.pick(
            "是按另一版日历算的,这里不列推算",
            "it was counted by another edition of the calendar; how is not told here",
        );
        return vec![ReasonNode::new(About::Reckoning, None, says)];
    }
    let named = |reason: String, from, until| NamedPause {
        from,
        until,
        reason,
    };
    let dormant = clock.dormant.iter().map(|pause| {
        let reason = say.pick("销账期间", "while it was closed");
        named(reason.to_owned(), pause.from, pause.until)
    });
    let waited = say.case.pauses().iter();
    let waited = waited
        .filter(|pause| pause.holds(clock.key.kind))
        .map(|pause| {
            let reason = match pause.side {
                PauseSide::Office => say.pick("中止计时", "stopped").to_owned(),
                side => say.term(side.zh(), side.name()),
            };
            named(reason, pause.from, pause.ended)
        });
    let pauses: Vec<NamedPause> = dormant.chain(waited).collect();
    let Ok(derivation) = clock.term.explain(calendar, &pauses) else {
        return Vec::new();
    };
    let told = match say.lang {
        Lang::Zh => derivation.zh(),
        Lang::En => derivation.en(),
    };
    told.lines()
        .map(|line| ReasonNode::new(About::Reckoning, None, line))
        .collect()
}
