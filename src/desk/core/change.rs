//! What becomes of one case under another plan: the case as it stands beside the case as it would.

use std::collections::BTreeSet;

use crate::case::{Case, Clock, facts_row, two_steps};
use crate::desk::{Adverse, ClockAdoption, DueMoments, GateAdoption, RungAhead};
use crate::plan::{GateRule, InHand, Judged, Plan, Row};
use crate::time::{Moment, TimeError};
use crate::words::{ClockKind, StageName, Step, StepKey, Verb};

/// A case and the plan it is under.
#[derive(Clone, Copy)]
pub(super) struct Under<'a> {
    pub(super) case: &'a Case,
    pub(super) hand: &'a InHand,
}

/// What is otherwise.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) clocks: Vec<ClockAdoption>,
    pub(super) gates: Vec<GateAdoption>,
    pub(super) reviews: Option<(u8, u8)>,
    pub(super) adverse: BTreeSet<Adverse>,
}

/// Whether a limit of that kind may still be laid in a case: begin, begin anew, or be reckoned anew by a fact or once it is opened again. What begins
/// with the message, or once it is screened, is judged by when it is due.
pub(super) fn may_be_laid(case: &Case, kind: ClockKind) -> bool {
    let mut its = case.clocks().iter().filter(|clock| clock.key.kind == kind);
    match kind {
        ClockKind::Screen | ClockKind::Acknowledge => false,
        ClockKind::Assign => its.next().is_none(),
        _ => true,
    }
}

/// Holds a case beside itself under another plan, at one moment.
pub(super) fn change(was: Under<'_>, is: Under<'_>, at: Moment) -> Result<Change, TimeError> {
    let mut change = Change::default();
    let rows = (
        facts_row(&was.hand.plan, was.case),
        facts_row(&is.hand.plan, is.case),
    );
    for before in was.case.clocks().iter().filter(|clock| clock.is_live()) {
        let key = |clock: &&Clock| clock.key == before.key && clock.is_live();
        let after = is.case.clocks().iter().find(key);
        let clock = one(
            &mut change.adverse,
            (was, &rows.0, before),
            (is, &rows.1, after),
            at,
        )?;
        change.clocks.push(clock);
    }
    gates(&mut change, was, is);
    reviews(&mut change, was, is);
    Ok(change)
}

type Side<'a, C> = (Under<'a>, &'a Row, C);

fn one(
    adverse: &mut BTreeSet<Adverse>,
    (was, was_row, before): Side<'_, &Clock>,
    (is, is_row, after): Side<'_, Option<&Clock>>,
    at: Moment,
) -> Result<ClockAdoption, TimeError> {
    let mut clock = ClockAdoption {
        clock: before.key,
        about: before.about.clone(),
        before: DueMoments {
            legal: was.case.due_if_it_went_on(before, &was.hand.calendar, at)?,
            promised: was
                .case
                .promised_if_it_went_on(before, &was.hand.calendar, at)?,
        },
        after: None,
        breached: before.breached.is_some(),
        at_once: Vec::new(),
        gone: Vec::new(),
    };
    let Some(after) = after else {
        adverse.insert(Adverse::ClockGone);
        return Ok(clock);
    };
    let due = DueMoments {
        legal: is.case.due_if_it_went_on(after, &is.hand.calendar, at)?,
        promised: is
            .case
            .promised_if_it_went_on(after, &is.hand.calendar, at)?,
    };
    clock.after = Some(due);
    let own = matches!(before.key.kind, ClockKind::Rating | ClockKind::Waiting);
    let later = due.legal > clock.before.legal || due.promised > clock.before.promised;
    let earlier = due.legal < clock.before.legal;
    let late = (at > clock.before.legal, at > due.legal);
    let found = [
        (later, Adverse::DueLater),
        (earlier && own, Adverse::OwnTimeShorter),
        (earlier && !own, Adverse::DueEarlier),
        (late == (true, false), Adverse::InTimeNow),
        (late == (false, true), Adverse::LateNow),
    ];
    adverse.extend(found.iter().filter(|(holds, _)| *holds).map(|(_, it)| *it));
    ladder(
        adverse,
        &mut clock,
        Ladder::of((was, was_row, before)),
        Ladder::of((is, is_row, after)),
        at,
    );
    Ok(clock)
}

/// The steps ahead of a clock, each with what it does.
struct Ladder<'a> {
    kind: ClockKind,
    plan: &'a Plan,
    runs: bool,
    steps: Vec<(&'a Step, Vec<(Verb, &'a str)>)>,
}

impl<'a> Ladder<'a> {
    fn of((under, row, clock): Side<'a, &'a Clock>) -> Ladder<'a> {
        let plan = &*under.hand.plan;
        let rule = plan.clock(clock.key.kind);
        let acts = |step: &'a Step| {
            let acts = match &step.key {
                // What is dated by law is told by the due moment.
                StepKey::Breach | StepKey::PromiseMissed | StepKey::Lapse => return None,
                StepKey::Infeasible | StepKey::Overdue { .. } => Vec::new(),
                StepKey::Rung { rung, .. } => {
                    let rung = rule?.rungs.iter().find(|it| it.key == *rung)?;
                    let acts = rung.acts.iter().map(|(verb, post)| (*verb, post.as_str()));
                    let silent = rung.when.as_ref().is_some_and(|when| !when.answer(row));
                    if silent {
                        return None;
                    }
                    acts.collect()
                }
            };
            Some((step, acts))
        };
        Ladder {
            kind: clock.key.kind,
            plan,
            runs: clock.is_running(),
            steps: clock.schedule.steps.iter().filter_map(acts).collect(),
        }
    }
    fn ahead(&self, step: &Step) -> RungAhead {
        let title = match &step.key {
            StepKey::Rung { rung, .. } => {
                let rule = self.plan.clock(self.kind);
                rule.and_then(|rule| rule.rungs.iter().find(|it| it.key == *rung))
                    .map(|rung| rung.title.clone())
            }
            _ => None,
        };
        RungAhead {
            step: step.key.clone(),
            title: title.unwrap_or_default(),
            at: step.at,
        }
    }
}

/// Rungs that fall away or come later, and those that come at once. A rung that stands elsewhere in the other ladder and does the
/// same is the same rung.
fn ladder(
    adverse: &mut BTreeSet<Adverse>,
    clock: &mut ClockAdoption,
    was: Ladder<'_>,
    is: Ladder<'_>,
    at: Moment,
) {
    // Of a clock that waits, no moment is known: what has waited until now is in the one ladder and not in the other.
    let runs = was.runs && is.runs;
    let later = |is: &Step, was: &Step| runs && is.at > was.at;
    let mut left: Vec<_> = is.steps.iter().collect();
    let mut unmatched = Vec::new();
    for (step, acts) in &was.steps {
        match left.iter().position(|(it, _)| it.key.same_step(&step.key)) {
            Some(place) => {
                let (same, does) = left.remove(place);
                if acts.iter().any(|act| !does.contains(act)) {
                    adverse.insert(Adverse::RungGone);
                    clock.gone.push(was.ahead(step));
                } else if later(same, step) {
                    adverse.insert(Adverse::RungLater);
                }
            }
            None => unmatched.push((step, acts)),
        }
    }
    for (step, acts) in unmatched {
        let rung = matches!(step.key, StepKey::Rung { .. });
        let same = |(it, does): &&(&Step, Vec<_>)| {
            let moved = rung && matches!(it.key, StepKey::Rung { .. });
            moved && acts.iter().all(|act| does.contains(act))
        };
        match left.iter().position(same) {
            Some(place) => {
                let (moved, _) = left.remove(place);
                if later(moved, step) {
                    adverse.insert(Adverse::RungLater);
                }
            }
            None => {
                adverse.insert(Adverse::RungGone);
                clock.gone.push(was.ahead(step));
            }
        }
    }
    let waited = |step: &Step| {
        let mut same = was.steps.iter().map(|(it, _)| it);
        same.any(|it| it.key == step.key && it.nominal() <= at)
    };
    for (step, _) in is.steps.iter().filter(|_| is.runs) {
        if step.nominal() <= at && !waited(step) {
            adverse.insert(Adverse::RungAtOnce);
            clock.at_once.push(is.ahead(step));
        }
    }
}

/// The clauses that the case has next before it.
fn gates(change: &mut Change, was: Under<'_>, is: Under<'_>) {
    let judged = match was.case.stage_name() {
        StageName::Reviewed => Judged::StrikeOff,
        _ => Judged::Review,
    };
    let at_hand = |plan: &Plan| -> Vec<GateAdoption> {
        let its = plan.gates.iter().filter(|rule| rule.judged == judged);
        let clause = |rule: &GateRule| GateAdoption {
            gate: rule.gate,
            words: rule.words.clone(),
            new: true,
        };
        its.map(clause).collect()
    };
    let (old, mut new) = (at_hand(&was.hand.plan), at_hand(&is.hand.plan));
    let mut gone = Vec::new();
    for clause in old {
        match new.iter().position(|it| *it == clause) {
            Some(place) => {
                new.remove(place);
            }
            None => gone.push(GateAdoption {
                new: false,
                ..clause
            }),
        }
    }
    // A clause in other words is one less and one more.
    let more = |these: &[GateAdoption], those: &[GateAdoption]| {
        let of = |all: &[GateAdoption], it: &GateAdoption| {
            all.iter().filter(|other| other.gate == it.gate).count()
        };
        these.iter().any(|it| of(these, it) > of(those, it))
    };
    if more(&gone, &new) {
        change.adverse.insert(Adverse::GateGone);
    }
    if more(&new, &gone) {
        change.adverse.insert(Adverse::GateNew);
    }
    change.gates = gone;
    change.gates.append(&mut new);
}

/// How many reviews the reply takes that is given, or to be given.
fn reviews(change: &mut Change, was: Under<'_>, is: Under<'_>) {
    if was.case.stage_name() == StageName::Reviewed {
        return;
    }
    let many = |under: Under<'_>| 1 + u8::from(two_steps(under.case, &under.hand.plan));
    let (before, after) = (many(was), many(is));
    if before != after {
        change.reviews = Some((before, after));
        change.adverse.insert(match before < after {
            true => Adverse::ReviewNew,
            false => Adverse::ReviewGone,
        });
    }
}
