//! What recurs is owed in rounds (期): where each begins, by when it is due, where it ends. All are reckoned from the moment at which the
//! obligation was imposed, so that nothing drifts, however late a round was done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DutyWhy;
use super::schedule::calendar;
use crate::plan::{DutyRule, InHand};
use crate::time::{Counting, DayOne, Due, Moment, Pauses, Term};
use crate::words::{Step, Verdict};

/// How many periods one after another may hold no time of their own. A week of holidays swallows seven periods of a day: the last day of
/// each gives way to the same working day.
const EMPTY: u32 = 1000;

/// One round (期) of what recurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 1, without a gap.
    pub number: u32,
    /// With which period after the start it ends. It is the number itself, unless holidays left earlier periods without a day of their own.
    pub period: u32,
    /// The first moment that counts in it.
    pub begins: Moment,
    /// The last moment that is in time.
    pub due: Moment,
    /// The last moment that counts in it. What is not done by then is missed (漏期).
    pub ends: Moment,
}

/// How much there was, and how much of it was covered (覆盖): households of a village, items of a county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// How many were seen.
    pub covered: u64,
    /// Of how many.
    pub of: u64,
}

impl Covered {
    /// So many out of so many: no more than there are, and there are some.
    ///
    /// ```
    /// use duly::duty::Covered;
    /// assert!(Covered::new(41, 43).is_some());
    /// assert_eq!(Covered::new(44, 43), None);
    /// assert_eq!(Covered::new(0, 0), None);
    /// ```
    pub const fn new(covered: u64, of: u64) -> Option<Covered> {
        if of == 0 || covered > of {
            return None;
        }
        Some(Covered { covered, of })
    }
}

/// A round that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneRound {
    /// When.
    pub at: Moment,
    /// In time or late.
    pub verdict: Verdict,
    /// What it covered, of a kind that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Covered>,
}

/// How what recurs has gone so far, and what still comes of rounds that are over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounds {
    /// The round that it stands in.
    pub round: Round,
    /// Rounds done in time (按时).
    pub in_time: u32,
    /// Rounds done late, before they were over (逾期).
    pub late: u32,
    /// Rounds that were over before anybody came (漏期). No later visit takes one back.
    pub missed: u32,
    /// The rungs still to come of rounds that were missed, by the round's number. They come until somebody comes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub behind: BTreeMap<u32, Vec<Step>>,
}

/// The round after another one, or the first; and what is counted until it is due.
pub(super) fn next(
    hand: &InHand,
    rule: &DutyRule,
    anchor: Moment,
    before: Option<&Round>,
) -> Result<(Round, Term), DutyWhy> {
    let (number, over, last) = match before {
        None => (1, anchor, 0),
        Some(before) => (before.number.saturating_add(1), before.ends, before.period),
    };
    let begins = match before {
        None => anchor,
        Some(_) => over.plus(1),
    };
    let mut found = None;
    for period in last.saturating_add(1)..=last.saturating_add(EMPTY) {
        let term = whole(rule, anchor, period)?;
        let end = due(hand, &term)?;
        if end.at > over {
            found = Some((period, term, end.at));
            break;
        }
    }
    let (period, term, ends) = found.ok_or_else(|| DutyWhy::Calendar {
        said: format!("{EMPTY} rounds one after another have no day of their own"),
    })?;
    let round = Round {
        number,
        period,
        begins,
        due: ends,
        ends,
    };
    within(hand, rule, anchor, round, term)
}

/// The same round by the calendar in hand, and what is counted until it is due. One that by now would end before it began ends when it did.
pub(super) fn again(
    hand: &InHand,
    rule: &DutyRule,
    anchor: Moment,
    round: &Round,
) -> Result<(Round, Term), DutyWhy> {
    let term = whole(rule, anchor, round.period)?;
    let ends = due(hand, &term)?.at;
    let ends = match ends > round.begins {
        true => ends,
        false => round.ends,
    };
    let round = Round {
        due: ends,
        ends,
        ..round.clone()
    };
    within(hand, rule, anchor, round, term)
}

/// What is counted to the end of a period.
fn whole(rule: &DutyRule, anchor: Moment, period: u32) -> Result<Term, DutyWhy> {
    let every = rule
        .every
        .as_ref()
        .ok_or(DutyWhy::NoRule { kind: rule.kind })?;
    let span = every.times(period).ok_or_else(|| DutyWhy::Calendar {
        said: format!("{period} times {every} is more than can be reckoned"),
    })?;
    Ok(Term::new(anchor, span, rule.counting))
}

fn due(hand: &InHand, term: &Term) -> Result<Due, DutyWhy> {
    let due = term.due(&hand.calendar, &Pauses::none());
    due.map_err(calendar)?.ok_or_else(|| DutyWhy::Calendar {
        said: "the limit never ends".into(),
    })
}

/// A round that is as long as its period, with as much of it as there is to do it.
fn within(
    hand: &InHand,
    rule: &DutyRule,
    anchor: Moment,
    mut round: Round,
    term: Term,
) -> Result<(Round, Term), DutyWhy> {
    if rule.every.as_ref() == Some(&rule.within) {
        return Ok((round, term));
    }
    let own = match round.number {
        1 => Term::new(anchor, rule.within.clone(), rule.counting),
        _ => after(round.begins.plus(-1), rule),
    };
    let at = due(hand, &own)?.at.max(round.begins);
    if at >= round.ends {
        return Ok((round, term));
    }
    round.due = at;
    Ok((round, own))
}

/// The time that there is in a round, from the end of the one before. That round's last date is over: it is not day one, and midnight at its
/// end belongs to it.
fn after(over: Moment, rule: &DutyRule) -> Term {
    let day_one = match rule.counting.day_one {
        DayOne::Include => DayOne::Exclude,
        other => other,
    };
    let from = match day_one {
        DayOne::FromInstant => over,
        _ => over.plus(-1),
    };
    let counting = Counting {
        day_one,
        ..rule.counting
    };
    Term::new(from, rule.within.clone(), counting)
}
