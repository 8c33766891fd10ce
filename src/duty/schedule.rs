//! Lays out what an obligation will bring if nobody acts, and takes what time has brought: each step at its own scheduled moment, in
//! the order of the schedule. Whether somebody looks every minute or once a year, the records are the same.

use std::collections::BTreeSet;

use super::decide::Turn;
use super::effect::{accepting, supervision};
use super::{Duty, DutyEvent, DutyWhy, Round, State, rounds};
use crate::plan::{Coming, DutyRule, Following, InHand, On, Rung};
use crate::time::{Moment, Pauses, Span, Term, TimeError, after_due};
use crate::words::{
    Act, Addressee, CancelWhy, PlaceCode, Role, Schedule, Step, StepFate, StepKey, UnitId, Verb,
};

/// The rung that reminds supervision of what waits to be accepted. Rungs of a pack are called by when they come, so none is
/// called so.
pub const ACCEPT: &str = "accept";

/// The rung that tells whoever owes what recurs that another round is owed. Called like no rung of a pack either.
pub const ROUND: &str = "round";

/// How many steps one turn takes at most. What is left is taken by the next Tick.
const MOST: usize = 10_000;

pub(super) fn calendar(error: TimeError) -> DutyWhy {
    DutyWhy::Calendar {
        said: error.to_string(),
    }
}

/// A schedule, and the rungs that would have come before it started.
pub(super) struct Laid {
    pub(super) schedule: Schedule,
    pub(super) void: Vec<StepKey>,
}

fn rung_step(rung: &str, occurrence: u32) -> StepKey {
    StepKey::Rung {
        rung: rung.to_owned(),
        occurrence,
    }
}

/// How often a step has come.
fn times(taken: &BTreeSet<StepKey>, step: &StepKey) -> u32 {
    let same = taken.iter().filter(|taken| taken.same_step(step));
    same.map(StepKey::occurrence).max().unwrap_or(0)
}

fn occurrence(of: &StepKey, n: u32) -> StepKey {
    match of {
        StepKey::Rung { rung, .. } => rung_step(rung, n),
        StepKey::Overdue { .. } => StepKey::Overdue { occurrence: n },
        other => other.clone(),
    }
}

/// Of what a schedule is, besides its term.
pub(super) enum Of<'a> {
    /// What is owed once: with what has come of it, if it is laid out anew.
    Once(Option<&'a BTreeSet<StepKey>>),
    /// What is owed once and is late already, laid out anew: when it was due, which no calendar moves, and what has come of it.
    Late(Moment, &'a BTreeSet<StepKey>),
    /// A round; and whether supervision's notice of an earlier one goes on, which is enough.
    Round(&'a Round, bool),
    /// The same, laid out anew, with what has come of it.
    RoundAgain(&'a Round, bool, &'a BTreeSet<StepKey>),
}

/// Lays out what comes if nobody acts, at `now`: the pack's rungs, the breach, and supervision's notice again and again while it is
/// overdue; of a round, that it is owed, and its end. What has come stays come; what lies in the past comes at once.
pub(super) fn lay(
    hand: &InHand,
    rule: &DutyRule,
    term: &Term,
    pauses: &Pauses,
    of: Of<'_>,
    now: Moment,
) -> Result<Laid, DutyWhy> {
    let (plan, cal) = (&hand.plan, &hand.calendar);
    let none = BTreeSet::new();
    let (first, taken, round, chained) = match of {
        Of::Once(taken) => (taken.is_none(), taken.unwrap_or(&none), None, false),
        Of::Late(_, taken) => (false, taken, None, false),
        Of::Round(round, chained) => (true, &none, Some(round), chained),
        Of::RoundAgain(round, chained, taken) => (false, taken, Some(round), chained),
    };
    let begins = round.map_or(term.anchor, |round| round.begins);
    let mut due = term
        .due(cal, pauses)
        .map_err(calendar)?
        .ok_or_else(|| DutyWhy::Calendar {
            said: "the limit never ends".into(),
        })?;
    due.at = match of {
        Of::Once(_) => due.at,
        Of::Late(was, _) => was,
        Of::Round(round, _) | Of::RoundAgain(round, ..) => round.due,
    };
    let mut steps: Vec<(Moment, Step)> = Vec::new();
    let mut void = Vec::new();
    let mut add = |key: StepKey, nominal: Moment, coming: Coming| {
        let step = plan.planned(cal, key, nominal, now, coming);
        steps.push((nominal, step));
    };
    // Time that it waited for somebody else's word does not bring a rung nearer.
    let after = |from: Moment, span: &Span| -> Result<Moment, DutyWhy> {
        let plain = plan.next_after(cal, from, span).map_err(calendar)?;
        if pauses.total(from, plain) == 0 {
            return Ok(plain);
        }
        let held = after_due(cal, &plan.counting, pauses, from, span);
        Ok(held
            .map_err(calendar)?
            .map_or(plain, |held| held.at.max(plain)))
    };
    let mut last = due.at;
    for rung in &rule.rungs {
        let key = rung_step(&rung.key, 1);
        let at = match &rung.on {
            On::At => due.at,
            On::Before(span) => term
                .before(cal, pauses, span)
                .map_err(calendar)?
                .map_or(due.at, |at| at.min(due.at)),
            On::Share(percent) => term
                .share(cal, pauses, *percent)
                .map_err(calendar)?
                .unwrap_or(due.at),
            On::After(span) => after(due.at, span)?,
            On::Every { span, most } => {
                let mut at = after(due.at, span)?;
                last = last.max(at);
                let had = times(taken, &key);
                for _ in 0..had {
                    at = after(at, span)?;
                }
                if had < *most {
                    add(occurrence(&key, had + 1), at, Coming::of(rung));
                }
                continue;
            }
        };
        if first && matches!(rung.on, On::Before(_) | On::Share(_)) && at <= begins {
            void.push(key);
            continue;
        }
        last = last.max(at);
        if times(taken, &key) == 0 {
            add(key, at, Coming::of(rung));
        }
    }
    if !taken.contains(&StepKey::Breach) {
        add(StepKey::Breach, due.at.plus(1), Coming::Fact);
    }
    let every = plan.overdue_span();
    let key = StepKey::Overdue { occurrence: 1 };
    let had = times(taken, &key);
    let mut at = after(last, &every)?;
    for _ in 0..had {
        at = after(at, &every)?;
    }
    if !chained {
        add(
            occurrence(&key, had.saturating_add(1)),
            at,
            Coming::Reminder,
        );
    }
    if let Some(round) = round {
        let begun = rung_step(ROUND, 1);
        if round.number > 1 && !taken.contains(&begun) {
            add(begun, round.begins, Coming::Reminder);
        }
        // Last, of what comes at that second.
        add(StepKey::Lapse, round.ends.plus(1), Coming::Fact);
    }
    steps.sort_by_key(|(nominal, step)| (step.at, *nominal));
    Ok(Laid {
        schedule: Schedule {
            legal_due: due.at,
            promised_due: due.at,
            provisional: due.provisional,
            calendar: cal.revision().to_owned(),
            steps: steps.into_iter().map(|(_, step)| step).collect(),
            rearmed: Vec::new(),
        },
        void,
    })
}

/// Whether supervision's notice of a round that was missed goes on.
pub(super) fn is_chained(duty: &Duty) -> bool {
    let notice = |step: &Step| matches!(step.key, StepKey::Overdue { .. });
    duty.behind().any(|(_, steps)| steps.iter().any(notice))
}

/// When supervision is first reminded that something waits to be accepted.
pub(super) fn waits(hand: &InHand, duty: &Duty, now: Moment) -> Result<Step, DutyWhy> {
    let (plan, cal) = (&hand.plan, &hand.calendar);
    let at = plan
        .first_after(cal, now, &plan.overdue_span())
        .map_err(calendar)?;
    let key = rung_step(ACCEPT, 1);
    let key = occurrence(&key, times(&duty.taken, &key).saturating_add(1));
    Ok(plan.planned(cal, key, at, now, Coming::Reminder))
}

impl Turn<'_> {
    /// Takes every step up to and including `now`. False when some are left for another turn.
    pub(super) fn advance(&mut self, now: Moment) -> Result<bool, DutyWhy> {
        for _ in 0..MOST {
            let duty = self.duty()?;
            let Some((round, step)) = duty.next().filter(|(_, step)| step.at <= now) else {
                return Ok(true);
            };
            let step = step.clone();
            // Not before what has already happened: a schedule laid out anew can hold steps of the past.
            self.at = step.at.max(duty.last);
            match (round, &step.key) {
                (Some(round), StepKey::Lapse) => self.next_round(round)?,
                _ => self.take(round, step)?,
            }
        }
        Ok(self.duty()?.next_alarm().is_none_or(|at| at > now))
    }

    /// The round is over: what was not done is missed, and the next is owed.
    fn next_round(&mut self, round: u32) -> Result<(), DutyWhy> {
        if matches!(self.duty()?.state, State::Owed {}) {
            self.by_time(DutyEvent::RoundMissed { round })?;
        }
        let duty = self.duty()?;
        let rule = self.hand.plan.duty(duty.kind);
        let rule = rule.ok_or(DutyWhy::NoRule { kind: duty.kind })?;
        let (round, term) = rounds::next(self.hand, rule, duty.imposed, duty.round())?;
        let of = Of::Round(&round, is_chained(duty));
        let laid = lay(self.hand, rule, &term, &Pauses::none(), of, round.begins)?;
        self.by_time(DutyEvent::RoundBegan {
            term,
            schedule: laid.schedule,
            round,
        })?;
        self.before_start(laid.void)
    }

    /// Records rungs that would have come before there was anything to remind of.
    pub(super) fn before_start(&mut self, void: Vec<StepKey>) -> Result<(), DutyWhy> {
        let round = self.duty()?.round().map(|round| round.number);
        for step in void {
            let why = CancelWhy::BeforeStart;
            self.by_time(DutyEvent::StepTaken {
                round,
                step,
                fate: StepFate::Voided { why },
                deferred_from: None,
                title: String::new(),
                next: Vec::new(),
            })?;
        }
        Ok(())
    }

    fn take(&mut self, round: Option<u32>, step: Step) -> Result<(), DutyWhy> {
        let remind = |to| Act {
            verb: Verb::Remind,
            to,
        };
        let spine = self.hand.plan.overdue_span();
        let duty = self.duty()?;
        let (title, fired, next) = match &step.key {
            StepKey::Overdue { .. } => {
                let next = self.again(&step, &spine, u32::MAX, Coming::Reminder)?;
                (String::new(), vec![remind(supervision(duty))], next)
            }
            StepKey::Rung { rung, .. } if rung == ACCEPT => {
                let next = self.again(&step, &spine, u32::MAX, Coming::Reminder)?;
                let fired = accepting(duty).into_iter().map(remind).collect();
                (String::new(), fired, next)
            }
            StepKey::Rung { rung, .. } if rung == ROUND => {
                let fired = vec![remind(duty.owed.clone())];
                (String::new(), fired, Following::default())
            }
            StepKey::Rung { rung, .. } => {
                let rule = self.hand.plan.duty(duty.kind);
                let rung = rule.and_then(|rule| rule.rungs.iter().find(|own| own.key == *rung));
                let Some(rung) = rung else {
                    let why = CancelWhy::Superseded;
                    let fate = StepFate::Voided { why };
                    return self.taken(round, step, fate, String::new(), Vec::new());
                };
                let next = match &rung.on {
                    On::Every { span, most } => {
                        let left = most.saturating_sub(step.key.occurrence());
                        self.again(&step, span, left, Coming::of(rung))?
                    }
                    _ => Following::default(),
                };
                (rung.title.clone(), self.acts(duty, rung), next)
            }
            _ => (String::new(), Vec::new(), Following::default()),
        };
        let fate = next.fate().unwrap_or(StepFate::Fired { acts: fired });
        self.taken(round, step, fate, title, next.steps)
    }

    fn again(
        &self,
        step: &Step,
        span: &Span,
        left: u32,
        coming: Coming,
    ) -> Result<Following, DutyWhy> {
        let plan = &self.hand.plan;
        plan.following(&self.hand.calendar, step, span, left, coming)
            .map_err(calendar)
    }

    fn taken(
        &mut self,
        round: Option<u32>,
        step: Step,
        fate: StepFate,
        title: String,
        next: Vec<Step>,
    ) -> Result<(), DutyWhy> {
        self.by_time(DutyEvent::StepTaken {
            round,
            step: step.key,
            fate,
            deferred_from: step.deferred_from,
            title,
            next,
        })
    }

    /// A rung's acts, with the posts resolved as far as the obligation names anyone.
    fn acts(&self, duty: &Duty, rung: &Rung) -> Vec<Act> {
        let owed = &duty.owed;
        let to = |post: &str| match post == owed.post {
            true => owed.clone(),
            false => addressee(self.hand, post, &owed.place, owed.unit.as_ref()),
        };
        // A digest is owed by several posts, each by itself: who has read it is not reminded with who has not.
        let rule = self.hand.plan.duty(duty.kind);
        let others = |post: &String| {
            let owes = rule.is_some_and(|rule| rule.owed_by.contains(post));
            owes && *post != owed.post
        };
        let acts = rung.acts.iter().filter(|(_, post)| !others(post));
        let each = |(verb, post): &(Verb, String)| Act {
            verb: *verb,
            to: to(post),
        };
        acts.map(each).collect()
    }
}

/// A post of the plan, for a place, in a unit where it is a unit's.
pub(super) fn addressee(
    hand: &InHand,
    post: &str,
    place: &PlaceCode,
    unit: Option<&UnitId>,
) -> Addressee {
    let role = hand.plan.post(post).and_then(|post| post.role);
    Addressee {
        post: post.to_owned(),
        role,
        place: place.clone(),
        unit: unit.filter(|_| role.is_some_and(of_unit)).cloned(),
        person: None,
    }
}

/// Whether a role is held in a unit.
pub(super) const fn of_unit(role: Role) -> bool {
    matches!(role, Role::Owner | Role::UnitHead | Role::CoHandler)
}
