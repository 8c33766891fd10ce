//! Lays out what a clock will do if nobody acts: the pack's rungs, and what the spine adds to every ladder.
//!
//! Every step has a nominal moment, which its rule gives, and a moment at which it comes: the nominal one, or later
//! where that lies in quiet hours or had passed when the schedule was laid out. What repeats is reckoned from nominal
//! moments alone, so nothing drifts and no polling shows.

use std::collections::BTreeSet;

use super::clocks::{calendar, heeded_until};
use super::stages::Clock;
use super::turn::Turn;
use crate::plan::{ClockRule, On, Rung};
pub(super) use crate::plan::{Coming, insert};
use crate::time::{Moment, Pauses, Span, Term};
use crate::words::{ClockKind, ProjectedFor, Schedule, Step, StepKey, Why};

/// A schedule, and the steps that would have come before the clock started or the case was taken over.
pub(super) struct Laid {
    pub(super) schedule: Schedule,
    /// With the moment that the rule gives, where it would have come before the case was taken over.
    pub(super) void: Vec<(StepKey, Option<Moment>)>,
}

/// What a clock has behind it, while its steps are laid out anew.
struct Behind {
    taken: BTreeSet<StepKey>,
    rearmed: Vec<StepKey>,
    /// Whether what has come, and lies ahead again, comes again.
    rearms: bool,
}

impl Behind {
    fn of(was: Option<(&Clock, ProjectedFor)>, rule: &ClockRule) -> Behind {
        let granted = |why| why == ProjectedFor::Extended;
        let again = rule.extension.as_ref().is_some_and(|it| it.rearms);
        Behind {
            taken: was
                .map(|(clock, _)| clock.taken.iter().cloned().collect())
                .unwrap_or_default(),
            rearmed: was
                .map(|(clock, _)| clock.schedule.rearmed.clone())
                .unwrap_or_default(),
            rearms: again && was.is_some_and(|(_, why)| granted(why)),
        }
    }
    /// How often the step has come.
    fn times(&self, step: &StepKey) -> u32 {
        let same = self.taken.iter().filter(|taken| taken.same_step(step));
        same.map(StepKey::occurrence).max().unwrap_or(0)
    }
    /// Up to which occurrence it came before it was armed again.
    fn before(&self, step: &StepKey) -> u32 {
        before(&self.rearmed, step)
    }
}

/// Up to which occurrence a step came before it was armed again; 0 where it never was.
pub(super) fn before(rearmed: &[StepKey], step: &StepKey) -> u32 {
    let same = rearmed.iter().find(|it| it.same_step(step));
    same.map_or(0, StepKey::occurrence)
}

fn rung_step(rung: &Rung, occurrence: u32) -> StepKey {
    StepKey::Rung {
        rung: rung.key.clone(),
        occurrence,
    }
}

/// Another occurrence of a step that comes again.
fn occurrence(step: &StepKey, n: u32) -> StepKey {
    match step {
        StepKey::Rung { rung, .. } => StepKey::Rung {
            rung: rung.clone(),
            occurrence: n,
        },
        StepKey::Overdue { .. } => StepKey::Overdue { occurrence: n },
        other => other.clone(),
    }
}

/// How many past occurrences of one rung are recorded one by one when a case is taken over; one that repeats more often than that is
/// counted from then on.
const MOST_PAST: u32 = 1000;

impl Turn<'_> {
    /// Lays out what a clock will do if nobody acts. Steps already taken stay taken; a step of the past comes at
    /// once. Of a clock that starts, rungs that would come before it are void.
    pub(super) fn lay(
        &self,
        rule: &ClockRule,
        term: &Term,
        dormant: &Pauses,
        was: Option<(&Clock, ProjectedFor)>,
        promised: Option<Moment>,
    ) -> Result<Laid, Why> {
        let cal = &self.hand.calendar;
        let pauses = heeded_until(self.case()?, rule.kind, dormant, self.at);
        let due = term
            .due(cal, &pauses)
            .map_err(calendar)?
            .ok_or(Why::NoClock { clock: rule.kind })?;
        let before = |span: &Span| term.before(cal, &pauses, span).map_err(calendar);
        let mut layout = Layout {
            turn: self,
            behind: Behind::of(was, rule),
            rearmed: Vec::new(),
            steps: Vec::new(),
            past: Vec::new(),
            last: due.at,
        };
        let mut void = Vec::new();
        // Before every other step of the same moment: it is the first warning.
        if let Some(leaves) = &rule.leaves {
            let at = before(leaves)?.unwrap_or(due.at);
            layout.once(StepKey::Infeasible, at, Coming::Reminder);
        }
        for rung in &rule.rungs {
            let at = match &rung.on {
                On::At => due.at,
                On::Before(span) => before(span)?.unwrap_or(due.at),
                On::Share(percent) => term
                    .share(cal, &pauses, *percent)
                    .map_err(calendar)?
                    .unwrap_or(due.at),
                On::After(span) => self.next_after(due.at, span)?,
                On::Every { span, most } => {
                    let first = self.next_after(due.at, span)?;
                    layout.last = layout.last.max(first);
                    let rearms = layout.behind.rearms;
                    let coming = Coming::of(rung);
                    let key = rung_step(rung, 1);
                    layout.every(key, first, span, Some(*most), rearms, coming)?;
                    continue;
                }
            };
            let early = matches!(rung.on, On::Before(_) | On::Share(_)) && at <= term.anchor;
            if was.is_none() && early {
                void.push((rung_step(rung, 1), None));
                continue;
            }
            layout.last = layout.last.max(at);
            layout.once(rung_step(rung, 1), at, Coming::of(rung));
        }
        let promised_due = promised.unwrap_or(due.at);
        layout.spine(rule, due.at, promised_due)?;
        let Layout {
            rearmed,
            mut steps,
            past,
            ..
        } = layout;
        void.extend(past.into_iter().map(|(step, at)| (step, Some(at))));
        steps.sort_by_key(|(nominal, step)| (step.at, *nominal));
        let steps = steps.into_iter().map(|(_, step)| step).collect();
        let schedule = Schedule {
            legal_due: due.at,
            promised_due,
            provisional: due.provisional,
            calendar: cal.revision().to_owned(),
            steps,
            rearmed,
        };
        Ok(Laid { schedule, void })
    }

    /// A step as it will come: at its nominal moment, but not before `from`, nor in quiet hours.
    pub(super) fn planned(
        &self,
        key: StepKey,
        nominal: Moment,
        from: Moment,
        coming: Coming,
    ) -> Step {
        self.plan()
            .planned(&self.hand.calendar, key, nominal, from, coming)
    }

    /// So long after a limit ended or a step came; always later than it, so that repeating ends somewhere.
    pub(super) fn next_after(&self, from: Moment, span: &Span) -> Result<Moment, Why> {
        self.plan()
            .next_after(&self.hand.calendar, from, span)
            .map_err(calendar)
    }
    /// So long after a case was taken over.
    fn first_after(&self, from: Moment, span: &Span) -> Result<Moment, Why> {
        self.plan()
            .first_after(&self.hand.calendar, from, span)
            .map_err(calendar)
    }
    /// How far apart the spine's notices of an overdue clock are.
    pub(super) fn overdue_every(&self) -> Span {
        self.plan().overdue_span()
    }
}

struct Layout<'a> {
    turn: &'a Turn<'a>,
    behind: Behind,
    rearmed: Vec<StepKey>,
    /// By nominal moment.
    steps: Vec<(Moment, Step)>,
    /// What lies before the case was taken over.
    past: Vec<(StepKey, Moment)>,
    /// The nominal moment of the ladder's last rung.
    last: Moment,
}

impl Layout<'_> {
    fn add(&mut self, key: StepKey, nominal: Moment, coming: Coming) {
        let from = self.turn.at;
        // What a limit brings by itself is not undone by a move from one system to another; everything else of the past is past.
        if self.turn.taking.is_some() && nominal <= from && key != StepKey::Lapse {
            return self.past.push((key, nominal));
        }
        let step = self.turn.planned(key, nominal, from, coming);
        self.steps.push((nominal, step));
    }

    /// The occurrence of a step, by its place after those that came before it was armed again.
    fn numbered(&mut self, first: StepKey, before: u32, place: u32) -> StepKey {
        let with = |n: u32| occurrence(&first, n);
        if before > 0 {
            self.rearmed.push(with(before));
        }
        with(before.saturating_add(place))
    }

    /// A step that comes once, or once more after it was armed again.
    fn once(&mut self, first: StepKey, at: Moment, coming: Coming) {
        let times = self.behind.times(&first);
        let mut before = self.behind.before(&first);
        let can = matches!(first, StepKey::Rung { .. });
        if can && self.behind.rearms && times > before && at > self.turn.at {
            before = times;
        }
        let key = self.numbered(first, before, 1);
        if times <= before {
            self.add(key, at, coming);
        }
    }

    /// The next occurrence of a step that comes again and again. The ones after it follow when it is taken.
    fn every(
        &mut self,
        first: StepKey,
        at: Moment,
        span: &Span,
        most: Option<u32>,
        rearms: bool,
        coming: Coming,
    ) -> Result<(), Why> {
        let times = self.behind.times(&first);
        let mut before = self.behind.before(&first);
        let wanted = times.saturating_sub(before).saturating_add(1);
        let (mut nominal, mut place) = (at, 1);
        while place < wanted && !(rearms && nominal > self.turn.at) {
            nominal = self.turn.next_after(nominal, span)?;
            place += 1;
        }
        // Each occurrence that lies before the case was taken over is past by itself.
        if let (Some(_), Some(most)) = (&self.turn.taking, most) {
            while nominal <= self.turn.at && place <= most.min(MOST_PAST) {
                self.past.push((occurrence(&first, place), nominal));
                nominal = self.turn.next_after(nominal, span)?;
                place += 1;
            }
            if place > most {
                return Ok(());
            }
            if nominal <= self.turn.at {
                nominal = self.turn.first_after(self.turn.at, span)?;
            }
            self.add(occurrence(&first, place), nominal, coming);
            return Ok(());
        }
        // It has come more often than this schedule would have had it by now: it is counted anew.
        before += wanted - place;
        let key = self.numbered(first, before, place);
        if most.is_none_or(|most| place <= most) {
            self.add(key, nominal, coming);
        }
        Ok(())
    }

    /// What the spine adds to every ladder: the limit's own consequence, the breach, the missed promise, and the
    /// notice that repeats for as long as it is overdue.
    fn spine(&mut self, rule: &ClockRule, due: Moment, promised: Moment) -> Result<(), Why> {
        // A citizen who says nothing, and a unit that does not object, have not broken a limit.
        let silent = [ClockKind::Rating, ClockKind::Waiting, ClockKind::Object];
        if !silent.contains(&rule.kind) {
            if promised < due {
                self.once(StepKey::PromiseMissed, promised.plus(1), Coming::Fact);
            }
            self.once(StepKey::Breach, due.plus(1), Coming::Fact);
        }
        if rule.lapses {
            self.once(StepKey::Lapse, due.plus(1), Coming::Fact);
            return Ok(());
        }
        let every = self.turn.overdue_every();
        // Of a case that was taken over, supervision hears from then on.
        let taken = self.turn.case()?.imported().map(|it| it.at);
        let first = match taken.filter(|at| *at > self.last) {
            Some(at) => self.turn.first_after(at, &every)?,
            None => self.turn.next_after(self.last, &every)?,
        };
        let key = StepKey::Overdue { occurrence: 1 };
        self.every(key, first, &every, None, true, Coming::Reminder)
    }
}
