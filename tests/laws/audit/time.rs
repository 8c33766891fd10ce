//! What clocks did: each step when it was due, each hour counted once, each verdict as the moments say.

use std::collections::{BTreeMap, BTreeSet};

use duly::case::{Case, Clock, Occurrence, StepOutcome};
use duly::plan::{Plans, SUPPLEMENT};
use duly::time::{Moment, Pauses, Span, Term};
use duly::words::*;
use proptest::test_runner::TestCaseError;

use super::{Verdict, fail};
use crate::world::History;

/// Each step of each clock has one fate; it comes at its scheduled moment or, where the schedule was laid out later,
/// when it was; and when a later record was written nothing that was scheduled before it is left over.
pub fn steps(records: &[Record]) -> Verdict {
    let mut fates: BTreeSet<(ClockKey, StepKey)> = BTreeSet::new();
    let mut ahead: BTreeMap<ClockKey, Vec<Step>> = BTreeMap::new();
    let mut open: BTreeMap<&str, (PauseSide, Vec<ClockKind>)> = BTreeMap::new();
    let mut last = Moment::MIN;
    for record in records {
        // Records of one moment belong together: what is due is looked at when time moves on.
        let waits = |key: &ClockKey| {
            open.values().any(|(side, holds)| {
                key.kind.heeds(*side) && (holds.is_empty() || holds.contains(&key.kind))
            })
        };
        for (key, list) in ahead
            .iter()
            .filter(|(key, _)| record.at > last && !waits(key))
        {
            if let Some(lost) = list.iter().find(|step| step.at < record.at) {
                return fail(
                    record,
                    &format!("step {} of {key} at {} was passed over", lost.key, lost.at),
                );
            }
        }
        last = record.at;
        match &record.event {
            Event::StepTaken {
                clock,
                step,
                fate,
                next,
                ..
            } => {
                if !fates.insert((*clock, step.clone())) {
                    return fail(record, "a step had two fates");
                }
                let list = ahead.entry(*clock).or_default();
                if !matches!(
                    fate,
                    StepFate::Voided {
                        why: CancelWhy::BeforeStart | CancelWhy::BeforeImport
                    }
                ) {
                    match list.iter().find(|ahead| ahead.key == *step) {
                        Some(planned) if planned.at == record.at => {}
                        Some(planned) if planned.at < record.at => {
                            return fail(record, "a step came late");
                        }
                        Some(_) => return fail(record, "a step came before its time"),
                        None => return fail(record, "a step came that was not scheduled"),
                    }
                }
                list.retain(|ahead| ahead.key != *step);
                list.extend(next.iter().cloned());
            }
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. } => {
                ahead.insert(*key, schedule.steps.clone());
            }
            Event::ClockStopped { key, .. } | Event::ClockCancelled { key, .. } => {
                ahead.remove(key);
            }
            Event::Paused {
                reason,
                side,
                holds,
                ..
            } => {
                open.insert(reason, (*side, holds.clone()));
            }
            Event::AskedCitizen { .. } => {
                open.insert("补正", (PauseSide::Citizen, Vec::new()));
            }
            Event::Imported { stood, .. } => {
                let lasts = stood.iter().filter(|it| it.ended.is_none());
                open.extend(lasts.map(|it| (it.reason.as_str(), (it.side, it.holds.clone()))));
            }
            Event::Resumed { reason, .. } => {
                open.remove(reason.as_str());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reads what is scheduled from the records alone, and compares the fold's answer with it.
pub fn outcomes(records: &[Record], case: Option<&Case>) -> Verdict {
    let mut started: BTreeMap<ClockKey, Moment> = BTreeMap::new();
    let mut ahead: BTreeMap<ClockKey, Vec<Step>> = BTreeMap::new();
    let mut ever: BTreeSet<(ClockKey, StepKey)> = BTreeSet::new();
    let mut came: BTreeMap<(ClockKey, StepKey), (Moment, StepFate)> = BTreeMap::new();
    for record in records {
        match &record.event {
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. } => {
                started.entry(*key).or_insert(record.at);
                ever.extend(schedule.steps.iter().map(|it| (*key, it.key.clone())));
                ahead.insert(*key, schedule.steps.clone());
            }
            Event::StepTaken {
                clock,
                step,
                fate,
                deferred_from,
                next,
                ..
            } => {
                ever.insert((*clock, step.clone()));
                let early = matches!(
                    fate,
                    StepFate::Voided {
                        why: CancelWhy::BeforeStart | CancelWhy::BeforeImport
                    }
                );
                let list = ahead.entry(*clock).or_default();
                if !early {
                    let first = list.first().filter(|it| it.key == *step);
                    if first.is_none_or(|it| it.deferred_from != *deferred_from) {
                        return fail(record, "a step came out of the order of its schedule");
                    }
                    list.remove(0);
                }
                for it in next {
                    ever.insert((*clock, it.key.clone()));
                    let later = |other: &Step| (other.at, other.nominal()) > (it.at, it.nominal());
                    let place = list.iter().position(later).unwrap_or(list.len());
                    list.insert(place, it.clone());
                }
                if record.at < started[clock] {
                    return fail(record, "a step came before its clock started");
                }
                if deferred_from.is_some_and(|from| from >= record.at) {
                    return fail(record, "a step came before the moment that its rule gives");
                }
                let acts = |fate: &StepFate| {
                    matches!(fate, StepFate::Fired { .. } | StepFate::Skipped { .. })
                };
                let beside = came.iter().any(|((other, its), (at, fate))| {
                    other == clock && its.same_step(step) && *at == record.at && acts(fate)
                });
                if beside && acts(fate) {
                    return fail(
                        record,
                        "two occurrences of one step acted at the same moment",
                    );
                }
                let twice = came.insert((*clock, step.clone()), (record.at, fate.clone()));
                if twice.is_some() {
                    return fail(record, "an occurrence came twice");
                }
            }
            _ => {}
        }
    }
    let no = |it: &Occurrence, what: &str| {
        let text = format!("{} of {}: {what}: {:?}", it.step, it.clock, it.outcome);
        Err(TestCaseError::fail(text))
    };
    let told = duly::case::outcomes(records).unwrap();
    let mut seen = BTreeSet::new();
    for it in &told {
        let key = (it.clock, it.step.clone());
        if !seen.insert(key.clone()) {
            return no(it, "told twice");
        }
        match (&it.outcome, came.get(&key)) {
            (StepOutcome::Fired { at, .. }, Some((when, StepFate::Fired { .. }))) if at == when => {
            }
            (StepOutcome::Skipped { .. }, Some((_, StepFate::Skipped { .. }))) => {}
            (StepOutcome::Coalesced { into }, Some((when, StepFate::Coalesced { .. }))) => {
                let acts = came.iter().any(|((clock, step), (at, fate))| {
                    *clock == it.clock
                        && step.same_step(&it.step)
                        && step.occurrence() == *into
                        && at == when
                        && matches!(fate, StepFate::Fired { .. } | StepFate::Skipped { .. })
                });
                if !acts || *into <= it.step.occurrence() {
                    return no(it, "nothing acted for it");
                }
            }
            (StepOutcome::Voided { .. }, Some((_, StepFate::Voided { .. }))) => {}
            (StepOutcome::Voided { .. }, None) => {
                let live = case.is_some_and(|case| {
                    let its = case.clocks().iter().find(|clock| clock.key == it.clock);
                    its.is_some_and(Clock::is_live)
                });
                if live && ahead[&it.clock].iter().any(|step| step.key == it.step) {
                    return no(it, "void, and still scheduled on a clock that lives");
                }
            }
            (StepOutcome::Ahead { .. }, None) => {
                let open = case.is_some_and(|case| !case.is_closed());
                if !open || !ahead[&it.clock].iter().any(|step| step.key == it.step) {
                    return no(it, "ahead, with nothing that will bring it");
                }
            }
            _ => return no(it, "not what the ledger says"),
        }
    }
    if seen != ever {
        let lost: Vec<_> = ever.symmetric_difference(&seen).collect();
        return Err(TestCaseError::fail(format!("without an outcome: {lost:?}")));
    }
    Ok(())
}

/// Reads quiet hours from the plans, and where each step came from its record.
pub fn quiet(records: &[Record], plans: &Plans) -> Verdict {
    let mut laid: BTreeMap<ClockKey, Moment> = BTreeMap::new();
    for record in records {
        if let Event::ClockStarted { key, .. } | Event::ClockProjected { key, .. } = &record.event {
            laid.insert(*key, record.at);
        }
        let Event::StepTaken {
            clock,
            step,
            fate,
            deferred_from,
            ..
        } = &record.event
        else {
            continue;
        };
        if matches!(fate, StepFate::Voided { .. }) {
            continue;
        }
        let hand = plans.get(&record.plan).unwrap();
        let rungs = hand.plan.clock(clock.kind).map(|rule| &rule.rungs);
        let at_once = match step {
            StepKey::Rung { rung, .. } => rungs
                .and_then(|rungs| rungs.iter().find(|it| it.key == *rung))
                .is_some_and(|it| it.at_once),
            StepKey::Overdue { .. } | StepKey::Infeasible => false,
            StepKey::Breach | StepKey::Lapse | StepKey::PromiseMissed => {
                if deferred_from.is_some() {
                    return fail(record, "a dated fact was put off");
                }
                continue;
            }
        };
        let quiet = |at: Moment| {
            let rule = hand.plan.quiet.filter(|_| !at_once);
            rule.and_then(|rule| rule.until(&hand.calendar, at))
        };
        if quiet(record.at).is_some() {
            return fail(record, "a reminder came in quiet hours");
        }
        // It was put off because its moment had passed, or is quiet; and no further than the end of the quiet.
        if let Some(from) = deferred_from {
            if *from >= record.at {
                return fail(record, "put off from a moment that is not before it");
            }
            let earliest = (*from).max(laid[clock]);
            let end = quiet(earliest).unwrap_or(earliest);
            if record.at != end {
                return fail(record, &format!("put off to another moment than {end}"));
            }
        }
    }
    Ok(())
}

/// The stretches that are the citizen's or a statute's, from the records alone.
#[derive(Default)]
struct Stretches(Vec<Stretch>);

struct Stretch {
    reason: String,
    begun_by: u64,
    ended_by: Option<u64>,
    from: Moment,
    until: Option<Moment>,
}

impl Stretches {
    fn read(&mut self, record: &Record) {
        let open = |reason: &str| Stretch {
            reason: reason.to_owned(),
            begun_by: record.version,
            ended_by: None,
            from: record.at,
            until: None,
        };
        match &record.event {
            Event::Paused { side, reason, .. } if *side != PauseSide::Office => {
                self.0.push(open(reason));
            }
            Event::AskedCitizen { .. } => self.0.push(open(SUPPLEMENT)),
            Event::Excluded {
                side,
                reason,
                from,
                until,
                ..
            } if *side != PauseSide::Office => self.0.push(Stretch {
                from: *from,
                until: Some(*until),
                ..open(reason)
            }),
            Event::Resumed { reason, .. } => {
                let its = self.0.iter_mut().rev().find(|it| it.reason == *reason);
                if let Some(it) = its.filter(|it| it.until.is_none()) {
                    (it.until, it.ended_by) = (Some(record.at), Some(record.version));
                }
            }
            Event::Corrected {
                version,
                took_effect: Some(at),
                ..
            } => {
                for it in &mut self.0 {
                    if it.begun_by == *version {
                        it.from = *at;
                    }
                    if it.ended_by == Some(*version) {
                        it.until = Some(*at);
                    }
                }
            }
            _ => {}
        }
    }
    /// All of them together, those that last up to now.
    fn seconds(&self, now: Moment) -> i64 {
        let each = self.0.iter();
        each.map(|it| it.until.unwrap_or(now).since(it.from)).sum()
    }
}

/// A correction makes no stretch longer than the plan lets any be: ten working days for a message to be completed, where it says nothing.
/// One that still lasted then ends no later either.
pub fn corrected(records: &[Record], plans: &Plans) -> Verdict {
    let mut stretches = Stretches::default();
    let mut latest: BTreeMap<u64, Moment> = BTreeMap::new();
    for record in records {
        stretches.read(record);
        let too_long = |it: &Stretch| {
            latest
                .get(&it.begun_by)
                .is_some_and(|end| it.until > Some(*end))
        };
        if matches!(record.event, Event::Resumed { .. }) && stretches.0.iter().any(too_long) {
            return fail(record, "a stretch outlasts what it was corrected to");
        }
        let Event::Corrected { version, .. } = &record.event else {
            continue;
        };
        let hand = plans.get(&record.plan).unwrap();
        for it in &stretches.0 {
            let moved = it.begun_by == *version || it.ended_by == Some(*version);
            if !moved {
                continue;
            }
            let most = match hand.plan.pause(&it.reason) {
                Some(rule) => rule.most.clone(),
                None => Span::WorkingDays(10),
            };
            let term = Term::new(it.from, most, hand.plan.counting);
            let end = term
                .due(&hand.calendar, &Pauses::none())
                .unwrap()
                .unwrap()
                .at;
            latest.insert(it.begun_by, end);
            if it.until.unwrap_or(record.at) > end {
                return fail(
                    record,
                    "a correction makes a stretch longer than any may be",
                );
            }
        }
    }
    Ok(())
}

pub fn whole(records: &[Record]) -> Verdict {
    // Dates count whole, and one that is put off waits for the next working day.
    const ROLLS: i64 = 14 * 86_400;
    let mut stretches = Stretches::default();
    let (mut counted, mut elsewhere) = (0, false);
    let mut due: Option<Moment> = None;
    let mut promised: Option<Moment> = None;
    let mut waited = false;
    let mut closed: Option<Moment> = None;
    let mut approved = false;
    let mut part = false;
    for record in records {
        stretches.read(record);
        match &record.event {
            Event::Opened { main, .. } => part = main.is_some(),
            Event::PlanAdopted { approved_by, .. } => approved = approved_by.is_some(),
            Event::ClockStarted { key, schedule, .. } if key.kind == ClockKind::Whole => {
                if due.is_some() {
                    return fail(record, "the whole clock started again");
                }
                due = Some(schedule.legal_due);
                promised = Some(schedule.promised_due);
            }
            Event::Paused { side, .. } => waited |= *side != PauseSide::Office,
            Event::Imported { stood, .. } => {
                waited |= stood.iter().any(|it| it.side != PauseSide::Office);
                elsewhere = true;
            }
            Event::AskedCitizen { .. } | Event::Excluded { .. } => waited = true,
            Event::ClockStopped { key, .. } if key.kind == ClockKind::Whole => {
                closed = Some(record.at)
            }
            Event::ClockProjected {
                key, why, schedule, ..
            } if key.kind == ClockKind::Whole => {
                let later = due.is_some_and(|due| schedule.legal_due > due);
                // As long as the citizen was waited for, or a statute took out, since it was last counted, and no longer.
                let stood = stretches.seconds(record.at);
                let more = due.map_or(0, |due| schedule.legal_due.since(due));
                let no_longer = elsewhere || more <= (stood - counted).max(0) + ROLLS;
                counted = stood;
                let grounds = match why {
                    ProjectedFor::Resumed => waited && no_longer,
                    // What was left when it was struck off is left, and no more.
                    ProjectedFor::Reopened => closed.zip(due).is_some_and(|(closed, due)| {
                        schedule.legal_due.since(record.at) <= due.since(closed).max(0) + ROLLS
                    }),
                    ProjectedFor::PlanAdopted => approved,
                    // The published holidays are nobody's act, and what the citizen was promised stays.
                    ProjectedFor::CalendarRevised => {
                        waited || promised.is_some_and(|it| schedule.promised_due <= it)
                    }
                    // A part has no citizen: its time is what its main case leaves it.
                    ProjectedFor::Wanted => part,
                    // Taken out by a statute, and set right by someone who does not handle it.
                    ProjectedFor::Excluded | ProjectedFor::Corrected => waited && no_longer,
                    _ => false,
                };
                if later && !grounds {
                    return fail(record, "an office's act moved the whole clock later");
                }
                due = Some(schedule.legal_due);
                promised = Some(schedule.promised_due);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reads of the records alone when the limit of the reply was, where it counts from before anybody had the case: what moved it later, and
/// on what grounds; that it began with the mark it counts from, once a cycle, and went on where declining cut it off.
pub fn reply(plans: &Plans, records: &[Record]) -> Verdict {
    let starts = |record: &Record| {
        let plan = &plans.get(&record.plan).unwrap().plan;
        plan.clock(ClockKind::Reply).unwrap().starts
    };
    let early = |record: &Record| starts(record) != ClockMark::Assigned;
    let mut due: BTreeMap<ClockKey, Moment> = BTreeMap::new();
    let mut laid: BTreeMap<ClockKey, (&String, Moment)> = BTreeMap::new();
    let mut cut_off: Option<(Moment, i64)> = None;
    let (mut paused, mut answered, mut approved) = (false, false, false);
    let mut adopted = false;
    let mut began: Option<u32> = None;
    for record in records {
        match &record.event {
            Event::PlanAdopted { approved_by, .. } => {
                approved = approved_by.is_some();
                adopted = true;
            }
            Event::Paused { .. } | Event::AskedCitizen { .. } | Event::Excluded { .. } => {
                paused = true
            }
            Event::Imported { stood, .. } => paused |= !stood.is_empty(),
            Event::Supplemented { .. } => answered = true,
            Event::ClockStarted {
                key,
                cycle,
                schedule,
                term,
                ..
            } if key.kind == ClockKind::Reply && early(record) => {
                if began == Some(*cycle) {
                    return fail(record, "the limit of the reply started twice in one cycle");
                }
                began = Some(*cycle);
                if let (Some((cut, left)), false) = (cut_off.take(), adopted) {
                    // What was left when it was cut off is left when it goes on.
                    let gap = record.at.since(cut);
                    let still = schedule.legal_due.since(record.at);
                    if term.anchor >= record.at && still > left {
                        return fail(
                            record,
                            &format!("declined, and new time: {still} > {left} after {gap}"),
                        );
                    }
                }
                due.insert(*key, schedule.legal_due);
                laid.insert(*key, (&schedule.calendar, schedule.promised_due));
            }
            Event::ClockStarted { key, schedule, .. } if key.kind == ClockKind::Reply => {
                due.insert(*key, schedule.legal_due);
                laid.insert(*key, (&schedule.calendar, schedule.promised_due));
            }
            Event::ClockCancelled {
                key,
                why: CancelWhy::Closed,
            } if key.kind == ClockKind::Reply && early(record) => {
                if let Some(due) = due.get(key) {
                    cut_off = Some((record.at, due.since(record.at)));
                }
            }
            Event::ClockStopped { key, .. } if key.kind == ClockKind::Reply => cut_off = None,
            Event::ClockProjected {
                key, why, schedule, ..
            } if key.kind == ClockKind::Reply => {
                let was = due.insert(*key, schedule.legal_due);
                let told = laid.insert(*key, (&schedule.calendar, schedule.promised_due));
                let later = was.is_some_and(|was| schedule.legal_due > was);
                let grounds = match why {
                    ProjectedFor::Resumed | ProjectedFor::Excluded | ProjectedFor::Corrected => {
                        paused
                    }
                    ProjectedFor::Restarted => answered,
                    ProjectedFor::PlanAdopted => approved || paused,
                    ProjectedFor::CalendarRevised => paused,
                    ProjectedFor::Extended => true,
                    // What it waited for went on while it followed another case.
                    ProjectedFor::Unmerged => paused,
                    ProjectedFor::Wanted => true,
                    _ => false,
                };
                // Holidays that were published meanwhile are nobody's act, and the citizen's promise does not move by them.
                let revised = told.is_some_and(|(calendar, promised)| {
                    *calendar != schedule.calendar && schedule.promised_due <= promised
                });
                if later && !grounds && !revised {
                    return fail(record, "an office's act moved the limit of the reply later");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// An extension counts only if it was granted, and where the citizen is to be told, only from when the notice of that very grant was
/// delivered or told some other way, no later than the old due moment. No limit is extended otherwise.
pub fn extensions(records: &[Record], plans: &Plans) -> Verdict {
    let mut nobody = false;
    let mut granted: Option<(u64, bool)> = None;
    let mut told = BTreeSet::new();
    let mut counted = false;
    let (mut due, mut waits) = (BTreeMap::new(), 0i32);
    for record in records {
        match &record.event {
            Event::Paused { .. } | Event::AskedCitizen { .. } => waits += 1,
            Event::Resumed { .. } => waits -= 1,
            Event::ClockStarted { key, schedule, .. } => {
                due.insert(key.kind, schedule.legal_due);
            }
            Event::ClockProjected {
                key, why, schedule, ..
            } if *why != ProjectedFor::Extended => {
                due.insert(key.kind, schedule.legal_due);
            }
            Event::Opened { origin, .. } => nobody = !origin.has_citizen(),
            Event::Imported { case, .. } => nobody = !case.origin.has_citizen(),
            Event::ExtensionGranted {
                clock, on_delivery, ..
            } => {
                // Whether it waits for its notice is the plan's to say, and not the record's.
                let rule = plans.get(&record.plan).unwrap().plan.clock(*clock).unwrap();
                let told = rule.extension.as_ref().is_some_and(|it| it.told) && !nobody;
                if told != *on_delivery {
                    return fail(record, "told of an extension otherwise than the plan asks");
                }
                granted = Some((record.version, *on_delivery));
                counted = false;
            }
            Event::Delivered { effect }
            | Event::Undelivered {
                effect,
                instead: Some(_),
                ..
            } => {
                told.insert(effect.version);
            }
            Event::ExtensionCounted { clock, .. }
                if waits == 0 && due.get(clock).is_some_and(|due| record.at > *due) =>
            {
                return fail(record, "an extension counts after the old due moment");
            }
            Event::ExtensionCounted { .. } => match granted {
                None => return fail(record, "an extension counts that nobody granted"),
                Some((version, true)) if !told.contains(&version) => {
                    return fail(
                        record,
                        "an extension counts of which the citizen has no notice",
                    );
                }
                _ => counted = true,
            },
            Event::ExtensionLapsed { .. } => granted = None,
            Event::ClockProjected {
                why: ProjectedFor::Extended,
                ..
            } => {
                let owed = granted.take().is_some();
                if !(counted && owed) {
                    return fail(record, "a limit was extended without an extension");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a clock ended with stays: the verdicts of the case are those of the ledger, in their order, whatever came later. What was
/// breached stays breached.
pub fn verdicts(history: &History) -> Verdict {
    let mut given: BTreeMap<ClockKey, Vec<duly::words::Verdict>> = BTreeMap::new();
    let mut breached: BTreeMap<ClockKey, Moment> = BTreeMap::new();
    for record in &history.records {
        match &record.event {
            Event::ClockStopped { key, verdict, .. } => {
                given.entry(*key).or_default().push(*verdict);
            }
            Event::StepTaken {
                clock,
                step: StepKey::Breach,
                fate,
                deferred_from,
                ..
            } => {
                // What was past when the case was taken over passed when it did.
                let before = StepFate::Voided {
                    why: CancelWhy::BeforeImport,
                };
                let then = deferred_from.filter(|_| *fate == before);
                breached.insert(*clock, then.unwrap_or(record.at));
            }
            _ => {}
        }
    }
    let Some(case) = &history.case else {
        return Ok(());
    };
    for clock in case.clocks() {
        let kept: Vec<_> = clock.verdicts.iter().map(|it| it.verdict).collect();
        if kept != given.remove(&clock.key).unwrap_or_default() {
            return Err(TestCaseError::fail(format!(
                "a verdict of {} changed",
                clock.key
            )));
        }
        if clock.breached != breached.get(&clock.key).copied() {
            return Err(TestCaseError::fail(format!(
                "the breach of {} was lost",
                clock.key
            )));
        }
    }
    Ok(())
}

/// Somebody has it, and one only, while it is to be handled; nobody is answerable for what came before or after.
pub fn segments(history: &History) -> Verdict {
    let Some(case) = &history.case else {
        return Ok(());
    };
    let list = case.segments();
    let apart = list
        .windows(2)
        .all(|pair| pair[0].until.is_some_and(|until| until <= pair[1].from));
    let handled = matches!(case.stage_name(), StageName::Assigned | StageName::Returned);
    // A case that follows another one is that one's to handle.
    let handled = handled && case.follows().is_none();
    let open = list.iter().filter(|it| it.until.is_none()).count();
    let has = list.last().filter(|it| it.until.is_none());
    let named = case.team().map(|team| (&team.unit, &team.owner));
    let fits = !handled || has.is_none_or(|it| named == Some((&it.unit, &it.owner)));
    match apart && fits && open == usize::from(handled) {
        true => Ok(()),
        false => Err(TestCaseError::fail(format!(
            "{list:?} in {}",
            case.stage_name()
        ))),
    }
}
