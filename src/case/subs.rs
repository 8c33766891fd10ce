//! The parts of a divided case: what waits for what, and until when each is wanted.
//!
//! A part is wanted by the moment at which whoever answers needs it: the due moment of the answer, less the time that the pack keeps
//! for putting results together (汇总时间). A part with a time of its own is due that long after it begins, where that is earlier.
//! A part that another waits for has a time of its own, so that it is known when the other begins. Of a bundle, the longest way
//! through its parts says until when the case itself is answered: never later than by its own clock.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::Ask;
use super::clocks::{INSTANT, calendar, heeded_until};
use super::model::Case;
use super::stages::{Clock, Sub, SubState};
use super::turn::Turn;
use crate::plan::InHand;
use crate::time::{Moment, Span, Term};
use crate::words::{
    ClockKind, Event, Facts, Party, PlaceCode, ProjectedFor, SubDue, SubKey, Text, Why,
};

/// A part that is asked for.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) key: SubKey,
    pub(super) task: Text,
    pub(super) cites: Option<Text>,
    pub(super) place: Option<PlaceCode>,
    pub(super) party: Option<Party>,
    pub(super) after: Vec<SubKey>,
    pub(super) within: Option<Span>,
    pub(super) optional: bool,
    pub(super) facts: Facts,
}

/// Until when each is wanted, and of a bundle until when the case is answered.
pub(super) struct Laid {
    pub(super) dues: Vec<Option<Moment>>,
    pub(super) whole: Option<Moment>,
}

/// Lays the parts that are asked for out in time.
pub(super) fn lay(case: &Case, ask: &Ask<'_>, wished: &[Wish], bundle: bool) -> Result<Laid, Why> {
    let known =
        |key: &SubKey| wished.iter().any(|it| it.key == *key) || case.subs.contains_key(key);
    for wish in wished {
        if let Some(stranger) = wish.after.iter().find(|key| !known(key)) {
            let new = wished.iter().map(|it| it.key.to_string());
            return Err(Why::NotListed {
                what: crate::words::Thing::Subs,
                given: stranger.to_string(),
                known: case.subs.keys().map(SubKey::to_string).chain(new).collect(),
            });
        }
        // Whoever is waited for says how long it takes.
        let waited_for = wished.iter().any(|it| it.after.contains(&wish.key));
        if waited_for && wish.within.is_none() {
            return Err(Why::PartUndated {
                sub: wish.key.clone(),
            });
        }
    }
    // What is overdue already cannot be kept; a part has its own time then, and the floor at the least.
    let needed = case.parts_needed(ask.hand, ask.at)?;
    let late = needed.is_some_and(|needed| needed <= ask.at);
    let needed = needed.filter(|_| !late);
    let floor = ask.after(&ask.plan().direct.floor)?;
    // When each is done at the latest, and the way by which.
    let mut done: BTreeMap<SubKey, (Moment, Vec<SubKey>)> = BTreeMap::new();
    for (key, sub) in &case.subs {
        let at = match sub.is_settled() {
            true => ask.at,
            false => sub.plan.due.unwrap_or(ask.at).max(ask.at),
        };
        done.insert(key.clone(), (at, vec![key.clone()]));
    }
    let mut left: BTreeSet<usize> = (0..wished.len()).collect();
    while !left.is_empty() {
        let ready = left.iter().copied().find(|at| {
            let wish = wished.get(*at);
            wish.is_some_and(|it| it.after.iter().all(|key| done.contains_key(key)))
        });
        let Some((at, wish)) = ready.and_then(|at| Some((at, wished.get(at)?))) else {
            let subs = left.iter().filter_map(|at| wished.get(*at));
            return Err(Why::PartsInCircle {
                subs: subs.map(|it| it.key.clone()).collect(),
            });
        };
        left.remove(&at);
        let before = wish.after.iter().filter_map(|key| done.get(key));
        let (start, mut way) = before
            .max_by_key(|(at, _)| *at)
            .cloned()
            .unwrap_or((ask.at, Vec::new()));
        way.push(wish.key.clone());
        let end = match (&wish.within, needed) {
            (Some(span), _) => ask.after_from(start, span)?,
            (None, Some(needed)) => needed,
            (None, None) if late => floor.max(start),
            (None, None) => start,
        };
        if let Some(needed) = needed
            && (end > needed || start >= needed)
        {
            return Err(Why::PartsTooLong {
                way,
                done: end.max(start),
                needed,
            });
        }
        done.insert(wish.key.clone(), (end, way));
    }
    let due = |wish: &Wish| {
        let end = done.get(&wish.key).map(|(end, _)| *end);
        end.filter(|_| wish.within.is_some() || needed.is_some() || late)
    };
    let whole = match bundle {
        false => None,
        true => {
            let needed = wished.iter().filter(|it| !it.optional);
            let last = needed.filter_map(|it| done.get(&it.key)).map(|(at, _)| *at);
            match last.max() {
                Some(last) => Some(ask.after_from(last, &ask.plan().divide.slack)?),
                None => None,
            }
        }
    };
    Ok(Laid {
        dues: wished.iter().map(due).collect(),
        whole,
    })
}

impl Case {
    /// The clock by which the case is to be answered.
    fn answer_clock(&self) -> Option<&Clock> {
        let kinds = [ClockKind::Redo, ClockKind::Reply, ClockKind::Whole];
        let live = |kind| self.clock(kind).filter(|clock| clock.is_live());
        kinds.into_iter().find_map(live)
    }

    /// When the parts are needed: the due moment of the answer, less the time for putting results together. Unknown while that clock
    /// waits.
    pub(super) fn parts_needed(&self, hand: &InHand, at: Moment) -> Result<Option<Moment>, Why> {
        let Some(clock) = self.answer_clock().filter(|clock| clock.is_running()) else {
            return Ok(None);
        };
        let pauses = heeded_until(self, clock.key.kind, &clock.dormant, at);
        let before = clock
            .term
            .before(&hand.calendar, &pauses, &hand.plan.divide.slack);
        let due = clock.schedule.legal_due;
        Ok(Some(
            before.map_err(calendar)?.map_or(due, |at| at.min(due)),
        ))
    }

    /// The parts that wait for this one and no other that is not settled, with until when they are wanted. Of a case that is struck off
    /// nothing begins any more.
    pub(super) fn begins(&self, ask: &Ask<'_>, of: &SubKey) -> Result<Vec<SubDue>, Why> {
        if self.is_closed() {
            return Ok(Vec::new());
        }
        let settled = |key: &SubKey| key == of || self.subs.get(key).is_some_and(Sub::is_settled);
        self.begin_where(ask, |sub| {
            sub.plan.after.contains(of) && sub.plan.after.iter().all(settled)
        })
    }

    /// The parts that wait for none that is not settled, with until when they are wanted: what ended while the case was closed began
    /// nothing. `open` is one that has just been opened again.
    pub(super) fn begins_by_now(
        &self,
        ask: &Ask<'_>,
        open: Option<&SubKey>,
    ) -> Result<Vec<SubDue>, Why> {
        let settled =
            |key: &SubKey| Some(key) != open && self.subs.get(key).is_some_and(Sub::is_settled);
        self.begin_where(ask, |sub| sub.plan.after.iter().all(settled))
    }

    fn begin_where(
        &self,
        ask: &Ask<'_>,
        is_ready: impl Fn(&Sub) -> bool,
    ) -> Result<Vec<SubDue>, Why> {
        let ready = self
            .subs
            .iter()
            .filter(|(_, sub)| sub.state == SubState::Waiting && is_ready(sub));
        let needed = self.parts_needed(ask.hand, ask.at)?;
        ready
            .map(|(key, sub)| {
                let own = match &sub.plan.within {
                    Some(span) => Some(ask.after_from(ask.at, span)?),
                    None => None,
                };
                Ok(SubDue {
                    key: key.clone(),
                    due: own.into_iter().chain(needed).min(),
                })
            })
            .collect()
    }
}

impl Turn<'_> {
    /// The case is to be answered at another time than before: its parts are wanted accordingly.
    pub(super) fn want_parts(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        if case.is_closed() || !case.subs.values().any(Sub::is_ahead) {
            return Ok(());
        }
        let Some(needed) = case.parts_needed(self.hand, self.at)? else {
            return Ok(());
        };
        let dues: Vec<SubDue> = case
            .subs
            .iter()
            .filter(|(_, sub)| sub.is_ahead())
            .filter_map(|(key, sub)| {
                let own = sub.own_due.filter(|_| sub.plan.within.is_some());
                // What has not begun yet has its time from when it does.
                let due = match sub.state {
                    SubState::Waiting if sub.plan.within.is_some() => sub.plan.due?.min(needed),
                    _ => own.map_or(needed, |own| own.min(needed)),
                };
                (sub.plan.due != Some(due)).then(|| SubDue {
                    key: key.clone(),
                    due: Some(due),
                })
            })
            .collect();
        match dues.is_empty() {
            true => Ok(()),
            false => self.by_rule(Event::SubsWanted { dues }),
        }
    }

    /// The longest way through a bundle says until when it is answered, where that is earlier.
    pub(super) fn answer_by(&mut self, due: Moment) -> Result<(), Why> {
        let latest = due.max(self.floor()?);
        for kind in [ClockKind::Reply, ClockKind::Redo] {
            let clock = self.case()?.clock(kind).filter(|clock| clock.is_running());
            let later = |clock: &&Clock| latest < clock.schedule.legal_due;
            if let Some(clock) = clock.filter(later).cloned() {
                self.project(&clock, self.until(latest), ProjectedFor::Divided)?;
            }
        }
        Ok(())
    }

    /// The main case wants this one at another time: earlier at once; later, as far as its own limits go.
    pub(super) fn wanted(&mut self) -> Result<(), Why> {
        for kind in [ClockKind::Whole, ClockKind::Reply, ClockKind::Redo] {
            let case = self.case()?;
            let clock = case.clock(kind).filter(|clock| clock.is_running()).cloned();
            let (Some(clock), Some(bound)) = (clock, case.bound_due(kind)) else {
                continue;
            };
            let floored = bound.max(self.floor()?);
            let now = clock.schedule.legal_due;
            let target = match floored < now {
                true => floored,
                // What is shorter for another reason stays so: a direction, a fact, a bundle, an earlier cycle.
                false if clock.bound && clock.cycle == 1 => match self.own_due(&clock)? {
                    Some(own) => own.min(bound).max(now),
                    None => now,
                },
                false => now,
            };
            if target != now {
                self.project(&clock, self.until(target), ProjectedFor::Wanted)?;
            }
        }
        Ok(())
    }

    /// When a clock would be due by its rule alone, and by what brought it forward besides: a direction, a bundle, a fact that has moved.
    pub(super) fn own_due(&self, clock: &Clock) -> Result<Option<Moment>, Why> {
        let case = self.case()?;
        let Some(rule) = self.plan().clock(clock.key.kind) else {
            return Ok(None);
        };
        let facts = super::row(self.plan(), case, &Facts::new());
        let crate::plan::Limit::Span(span) = rule.within.answer(&facts) else {
            return Ok(None);
        };
        let mut term = Term::new(clock.started, span.clone(), rule.counting);
        term.extensions.clone_from(&clock.extended);
        // What was set to a moment is nobody's rule.
        let own = clock.own.as_ref().filter(|own| own.counting != INSTANT);
        let mut first = None;
        for term in [Some(&term), own, clock.brought.as_ref()]
            .into_iter()
            .flatten()
        {
            let due = self.due_by(term, clock.key.kind, &clock.dormant)?;
            first = first.into_iter().chain(due).min();
        }
        Ok(first)
    }
}
