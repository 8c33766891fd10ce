//! A reading of the ledger that shares nothing with the machine: it looks at records only.

use std::collections::{BTreeMap, BTreeSet};

use duly::case::{Case, Clock, Occurrence, StepOutcome, facts_row};
use duly::plan::{Plans, SUPPLEMENT};
use duly::time::{Moment, Pauses, Span, Term};
use duly::words::*;
use proptest::test_runner::TestCaseError;

use crate::world::History;

type Verdict = Result<(), TestCaseError>;

fn fail<T>(record: &Record, what: &str) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(format!(
        "version {}: {what}: {:?}",
        record.version, record.event
    )))
}

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

/// What the ledger says of the current round, read forwards.
#[derive(Default)]
struct Round {
    class: Option<Class>,
    matters: usize,
    marks: BTreeMap<u16, Mark>,
    explained: bool,
    basis: bool,
    promises: BTreeMap<u32, (u16, bool)>,
    unpublished: BTreeSet<u32>,
    published: bool,
    reached: bool,
    failed: BTreeSet<chrono::NaiveDate>,
    rating: Option<Rating>,
    rechecked: bool,
    opinion: bool,
    struck: BTreeSet<u16>,
}

impl Round {
    fn reads(&mut self, record: &Record) {
        match &record.event {
            Event::Opened { origin, .. } => {
                self.matters = 1;
                self.opinion = !origin.has_citizen();
            }
            Event::Imported { case, .. } => {
                self.matters = case.matters.len().max(1);
                self.opinion = !case.origin.has_citizen();
                self.class = case.class;
            }
            Event::Listed { matters } => self.matters = matters.len(),
            Event::Screened { class, .. } | Event::Reclassified { class, .. } => {
                self.class = Some(*class)
            }
            Event::Replied {
                answers,
                explained,
                basis,
                promises,
                ..
            } => {
                self.marks = answers.iter().map(|it| (it.matter, it.mark)).collect();
                self.explained = *explained;
                self.basis = basis.iter().any(|it| !it.is_empty());
                self.unpublished = promises.iter().map(|it| it.number).collect();
                self.promises
                    .extend(promises.iter().map(|it| (it.number, (it.matter, false))));
                self.published = false;
                self.reached = false;
                self.failed.clear();
                self.rating = None;
                self.rechecked = false;
            }
            Event::Committed { promise } => {
                self.promises
                    .insert(promise.number, (promise.matter, false));
            }
            Event::Fulfilled { commitment, .. } => {
                if let Some(it) = self.promises.get_mut(commitment) {
                    it.1 = true;
                }
            }
            Event::Published { .. } => {
                self.published = true;
                self.unpublished.clear();
            }
            Event::Returned { .. } => {
                self.published = false;
                self.struck.clear();
                // A reply that was never published has promised nobody anything.
                self.promises
                    .retain(|number, _| !self.unpublished.contains(number));
                self.unpublished.clear();
            }
            Event::Reopened { .. } => {
                self.published = false;
                self.struck.clear();
            }
            Event::CalledBack { reached: true, .. } => self.reached = true,
            Event::CalledBack { day, .. } => {
                self.failed.insert(*day);
            }
            Event::Rated { rating, .. } => self.rating = Some(*rating),
            Event::Rechecked { .. } => self.rechecked = true,
            _ => {}
        }
    }
    fn satisfied(&self) -> Option<bool> {
        match self.rating {
            Some(Rating::Given { level, .. }) => Some(matches!(
                level,
                Level::VerySatisfied | Level::Satisfied | Level::MostlySatisfied
            )),
            _ => None,
        }
    }
}

/// A matter, or all that are left: with which outcome.
fn struck(event: &Event) -> Option<(Option<u16>, Outcome)> {
    match event {
        Event::MatterStruckOff { matter, outcome } => Some((Some(*matter), *outcome)),
        Event::StruckOff { outcome, .. } if *outcome != Outcome::Merged => Some((None, *outcome)),
        _ => None,
    }
}

pub fn struck_off(records: &[Record]) -> Verdict {
    let mut round = Round::default();
    let mut merged = false;
    for record in records {
        round.reads(record);
        merged |= matches!(record.event, Event::Merged { .. });
        if let Event::StruckOff {
            outcome: Outcome::Merged,
            ..
        } = record.event
            && !merged
        {
            return fail(record, "struck off as merged, but never merged");
        }
        let Some((matter, outcome)) = struck(&record.event) else {
            continue;
        };
        if !round.published {
            return fail(record, "struck off without a published reply");
        }
        let allowed = match round.class {
            Some(Class::Problem) => vec![Outcome::Solved, Outcome::Explained],
            Some(Class::Question | Class::Thanks) => vec![Outcome::Answered],
            Some(Class::Idea) => vec![Outcome::Adopted, Outcome::Answered],
            None => vec![],
        };
        if !allowed.contains(&outcome) {
            return fail(record, "an outcome that the class does not allow");
        }
        if outcome == Outcome::Explained && !(round.explained && round.basis) {
            return fail(record, "explained without an explanation and its basis");
        }
        let all: Vec<u16> = match matter {
            Some(number) => vec![number],
            None => (1..=round.matters as u16)
                .filter(|number| !round.struck.contains(number))
                .collect(),
        };
        for number in &all {
            let Some(mark) = round.marks.get(number) else {
                return fail(record, "a matter without an answer");
            };
            if outcome == Outcome::Solved && (*mark == Mark::D || round.explained) {
                return fail(record, "solved, but the reply does not say so");
            }
            if round
                .promises
                .values()
                .any(|(of, kept)| of == number && !kept)
            {
                return fail(record, "struck off with a promise open");
            }
        }
        round.struck.extend(all);
        if round.satisfied() == Some(false) && outcome != Outcome::Explained {
            return fail(record, "struck off though the citizen is not satisfied");
        }
        if let Event::StruckOff { .. } = record.event
            && round.struck.len() < round.matters
        {
            return fail(record, "closed with matters open");
        }
    }
    Ok(())
}

pub fn called_back(records: &[Record], attempts: u32) -> Verdict {
    let mut round = Round::default();
    for record in records {
        round.reads(record);
        if struck(&record.event).is_some() {
            let enough = round.failed.len() >= attempts as usize;
            if !(round.opinion || round.reached || enough || round.satisfied().is_some()) {
                return fail(record, "struck off without a call-back");
            }
        }
    }
    Ok(())
}

pub fn satisfied(records: &[Record]) -> Verdict {
    let mut round = Round::default();
    for (at, record) in records.iter().enumerate() {
        round.reads(record);
        if struck(&record.event).is_some() && round.satisfied() != Some(true) && !round.rechecked {
            return fail(
                record,
                "struck off on silence, or without satisfaction, and nobody rechecked",
            );
        }
        if struck(&record.event).is_some() && round.rating.is_none() && !round.opinion {
            return fail(record, "struck off while the citizen could still rate");
        }
        if let Event::Rated { rating, .. } = record.event
            && round.satisfied() == Some(false)
        {
            let own = |event: &Event| {
                !matches!(
                    event,
                    Event::ClockStarted { .. }
                        | Event::ClockStopped { .. }
                        | Event::ClockCancelled { .. }
                        | Event::ClockProjected { .. }
                        | Event::StepTaken { .. }
                        | Event::NoticeGiven { .. }
                )
            };
            let next = records[at + 1..]
                .iter()
                .find(|next| next.command == record.command && own(&next.event));
            let back = next.is_some_and(|next| {
                matches!(
                    next.event,
                    Event::Returned { .. } | Event::Reopened { .. } | Event::Unmerged { .. }
                )
            });
            if !back && !round.explained {
                return fail(record, &format!("{rating:?} did not send it back"));
            }
        }
    }
    Ok(())
}

pub fn answered(history: &History) -> Verdict {
    let mut told: Vec<Telling> = Vec::new();
    let mut opinion = false;
    let mut answered: BTreeSet<u16> = BTreeSet::new();
    let mut matters = 1;
    let (mut published, mut has) = (None, false);
    for tried in &history.tried {
        let Ok(decision) = &tried.answer else {
            continue;
        };
        for record in &decision.records {
            match &record.event {
                // Told means delivered, or told by another channel instead.
                Event::Delivered { effect }
                | Event::Undelivered {
                    effect,
                    instead: Some(_),
                    ..
                } if Some(effect.version) == published && effect.index == 1 => has = true,
                Event::CalledBack { reached: true, .. }
                | Event::Rated {
                    rating: Rating::Given { .. },
                    ..
                } => has = true,
                Event::Published { .. } if answered.len() != matters => {
                    return fail(record, "published without an answer to every matter");
                }
                Event::Published { .. } => (published, has) = (Some(record.version), false),
                Event::Opened { origin, .. } => opinion = !origin.has_citizen(),
                Event::Imported { case, .. } => {
                    opinion = !case.origin.has_citizen();
                    matters = case.matters.len().max(1);
                }
                Event::Listed { matters: list } => matters = list.len(),
                Event::Replied { answers, .. } => {
                    answered = answers.iter().map(|it| it.matter).collect()
                }
                Event::Reopened { .. } => told.clear(),
                _ => {}
            }
            told.extend(
                decision
                    .outgoing
                    .iter()
                    .filter(|out| out.id.version == record.version)
                    .filter_map(|out| match &out.effect {
                        Effect::Tell { what, .. } => Some(what.clone()),
                        _ => None,
                    }),
            );
            if opinion {
                continue;
            }
            let enough =
                match &record.event {
                    Event::StruckOff {
                        outcome: Outcome::Merged,
                        ..
                    } => {
                        let answer = |it: &Telling| matches!(it, Telling::Answer { .. });
                        told.iter().any(|it| matches!(it, Telling::Merged { .. }))
                            && told.iter().any(answer)
                            && told.contains(&Telling::StruckOff)
                    }
                    Event::StruckOff { .. } if !has => {
                        return fail(record, "struck off before the citizen had the answer");
                    }
                    Event::StruckOff { .. } => answered.len() == matters
                        && told.iter().any(
                            |it| matches!(it, Telling::Answer { texts } if texts.len() == matters),
                        )
                        && told.contains(&Telling::StruckOff),
                    Event::Declined { .. } => {
                        told.iter().any(|it| matches!(it, Telling::Declined { .. }))
                    }
                    Event::Withdrawn { .. } => told.contains(&Telling::Withdrawn),
                    _ => true,
                };
            if !enough {
                return fail(record, "closed, but the citizen was not told");
            }
        }
    }
    Ok(())
}

pub fn reviewed(history: &History) -> Verdict {
    let mut author: BTreeSet<PersonId> = BTreeSet::new();
    let mut waits = false;
    for tried in &history.tried {
        let Ok(decision) = &tried.answer else {
            continue;
        };
        for record in &decision.records {
            match &record.event {
                Event::Replied { author: by, .. } => {
                    author = BTreeSet::from([by.clone()]);
                    waits = true;
                }
                Event::Returned { .. } => waits = false,
                Event::Published { .. } => {
                    let by = record.by.as_ref();
                    if !waits
                        || by.is_none_or(|by| by.role != Role::Reviewer || author.contains(&by.id))
                    {
                        return fail(record, "published without another person's review");
                    }
                    waits = false;
                }
                _ => {}
            }
            let publishes = decision.outgoing.iter().any(|out| {
                out.id.version == record.version && matches!(out.effect, Effect::Publish { .. })
            });
            // What a part says, and what became of a signal, is for nobody outside.
            let within = matches!(decision.case.origin(), Origin::Part | Origin::Signal);
            if publishes != (matches!(record.event, Event::Published { .. }) && !within) {
                return fail(record, "published by something other than a review");
            }
        }
    }
    Ok(())
}

/// What is published is taken down when it is sent back, opened again or withdrawn, and only then; never is a second answer published over a
/// first, and whoever's answer was taken back hears of it.
pub fn taken_down(history: &History) -> Verdict {
    let mut published = false;
    let mut opinion = false;
    for decision in history
        .tried
        .iter()
        .filter_map(|it| it.answer.as_ref().ok())
    {
        for record in &decision.records {
            if let Event::Opened { origin, .. } = &record.event {
                opinion = !origin.has_citizen();
            }
            if let Event::Imported { case, .. } = &record.event {
                opinion = !case.origin.has_citizen();
            }
            let out: Vec<&Effect> = decision
                .outgoing
                .iter()
                .filter(|out| out.id.version == record.version)
                .map(|out| &out.effect)
                .collect();
            let publishes = out.iter().any(|it| matches!(it, Effect::Publish { .. }));
            let retracts = out.iter().any(|it| matches!(it, Effect::Retract));
            let ends = matches!(
                record.event,
                Event::Returned { .. } | Event::Reopened { .. } | Event::Withdrawn { .. }
            );
            if retracts != (published && ends) {
                return fail(
                    record,
                    "an answer was left standing, or taken down for nothing",
                );
            }
            let tells = |what: &Telling| {
                out.iter()
                    .any(|it| matches!(it, Effect::Tell { what: said, .. } if said == what))
            };
            let told = tells(&Telling::Retracted)
                || tells(&Telling::Reopened)
                || tells(&Telling::Withdrawn);
            if retracts && !opinion && !told {
                return fail(
                    record,
                    "an answer was taken down without a word to its citizen",
                );
            }
            if publishes && published {
                return fail(record, "published over an answer that stands");
            }
            published = publishes || (published && !retracts);
        }
    }
    Ok(())
}

/// Reads two reviews. What was handed down under a plan that asks for two is published by nobody before another person passed it, and by
/// somebody whose word reaches the place above.
pub fn reviewed_twice(history: &History, plans: &Plans) -> Verdict {
    let mut first: Option<BTreeSet<PersonId>> = None;
    for tried in &history.tried {
        let Ok(decision) = &tried.answer else {
            continue;
        };
        for record in &decision.records {
            let persons = || record.by.iter().flat_map(|by| by.persons().cloned());
            match &record.event {
                Event::PassedFirst { next, .. } => {
                    if first.is_some() {
                        return fail(record, "a first review after the first");
                    }
                    if next.as_str() != "6325" {
                        return fail(record, "the second review is not taken above");
                    }
                    first = Some(persons().collect());
                }
                Event::Replied { .. } | Event::Returned { .. } | Event::Reopened { .. } => {
                    first = None
                }
                Event::Published { .. } => {
                    let above = "6325".parse().unwrap();
                    let by = &tried.envelope.by;
                    let plan = &plans.get(&record.plan).unwrap().plan;
                    let before = tried.before.as_ref().and_then(Case::team);
                    let twice =
                        plan.review.is_some() && before.is_some_and(|team| team.below.is_some());
                    match &first {
                        None if twice => return fail(record, "handed down, and reviewed once"),
                        Some(first) if persons().any(|by| first.contains(&by)) => {
                            return fail(record, "one person took both reviews");
                        }
                        Some(_) if !by.holds(Role::Reviewer, &above) => {
                            return fail(record, "the second review was not taken above");
                        }
                        _ => first = None,
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Reads who did what. Whoever handled a round does not review it; whoever ever handled the case does not recheck, rate,
/// call back, correct, withdraw, move its facts, grant it time or strike it off; nobody confirms or grants what they
/// themselves proposed or asked. A deputy counts as both.
pub fn separate(records: &[Record]) -> Verdict {
    let mut ever: BTreeSet<PersonId> = BTreeSet::new();
    let mut round: BTreeSet<PersonId> = BTreeSet::new();
    let mut asked: BTreeSet<PersonId> = BTreeSet::new();
    let mut proposed: BTreeSet<PersonId> = BTreeSet::new();
    let mut rechecked: BTreeSet<PersonId> = BTreeSet::new();
    let mut import: Option<CommandId> = None;
    for record in records {
        let by: BTreeSet<PersonId> = record
            .by
            .iter()
            .flat_map(|by| by.persons().cloned())
            .collect();
        let mut handles = |who: Vec<PersonId>| {
            ever.extend(who.iter().cloned());
            round.extend(who);
        };
        // Who checked a published reply does not strike it off.
        match &record.event {
            Event::Published { .. } => rechecked.clear(),
            Event::Rechecked { .. } => rechecked.extend(by.iter().cloned()),
            Event::StruckOff { .. } | Event::MatterStruckOff { .. }
                if !rechecked.is_disjoint(&by) =>
            {
                return fail(record, "struck off by whoever checked it");
            }
            _ => {}
        }
        match &record.event {
            Event::Assigned { owner, parts, .. } => {
                let team = parts.iter().map(|part| part.owner.clone());
                handles(team.chain([owner.clone()]).collect());
            }
            // Whoever the other system says had it, has.
            Event::Imported { case, .. } => {
                import = record.command.clone();
                let parts = case.co_handlers.iter().map(|part| part.owner.clone());
                handles(case.owner.iter().cloned().chain(parts).collect());
                ever.extend(case.handlers.iter().cloned());
            }
            // Who enters a reply that was given elsewhere gave none.
            Event::Replied { author, .. } if import.is_some() && record.command == import => {
                handles(vec![author.clone()]);
            }
            Event::Ruled { owner, .. } | Event::Transferred { owner, .. } => {
                handles(vec![owner.clone()]);
            }
            Event::SubAssigned { owner, .. } => handles(vec![owner.clone()]),
            Event::HandedOver { to, .. } => handles(vec![to.clone()]),
            Event::CoReplied { .. } | Event::Replied { .. } => {
                handles(by.iter().cloned().collect())
            }
            Event::Returned { .. }
                if !round.is_disjoint(&by)
                    && record
                        .by
                        .as_ref()
                        .is_some_and(|by| by.role == Role::Reviewer) =>
            {
                return fail(record, "a handler of the round sent it back");
            }
            Event::Published { .. } if !round.is_disjoint(&by) => {
                return fail(record, "a handler of the round reviewed");
            }
            Event::Rechecked { .. }
            | Event::StruckOff { .. }
            | Event::MatterStruckOff { .. }
            | Event::Corrected { .. }
            | Event::Excluded { .. }
            | Event::CalledBack { .. }
            | Event::Rated { .. }
            | Event::FactSet { .. }
            | Event::WithdrawalProposed { .. }
            | Event::Withdrawn { .. }
            | Event::ExtensionGranted { .. }
                if !ever.is_disjoint(&by) =>
            {
                return fail(record, "a handler judged the case");
            }
            Event::ExtensionGranted { .. } if !asked.is_disjoint(&by) => {
                return fail(record, "granted to oneself");
            }
            Event::Declined { .. } if !proposed.is_disjoint(&by) => {
                return fail(record, "confirmed one's own proposal");
            }
            Event::ExtensionAsked { .. } => asked = by,
            Event::DeclineProposed { .. } => proposed = by,
            _ => {}
        }
        // A round ends with its return; who has it then handles the next one by replying.
        if matches!(
            record.event,
            Event::Returned { .. } | Event::Reopened { .. }
        ) {
            round.clear();
        }
        // Whoever did anything for a handler is one.
        if let Some(by) = &record.by {
            for handlers in [&mut ever, &mut round] {
                if by
                    .acting_for
                    .as_ref()
                    .is_some_and(|it| handlers.contains(it))
                {
                    handlers.insert(by.id.clone());
                }
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
pub fn corrected(records: &[Record], plans: &Plans) -> Verdict {
    let mut stretches = Stretches::default();
    for record in records {
        stretches.read(record);
        let Event::Corrected { version, .. } = &record.event else {
            continue;
        };
        let hand = plans.get(&record.plan).unwrap();
        for it in &stretches.0 {
            let moved = it.begun_by == *version || it.ended_by == Some(*version);
            let Some(until) = it.until.filter(|_| moved) else {
                continue;
            };
            let most = match hand.plan.pause(&it.reason) {
                Some(rule) => rule.most.clone(),
                None => Span::WorkingDays(10),
            };
            let term = Term::new(it.from, most, hand.plan.counting);
            let latest = term.due(&hand.calendar, &Pauses::none()).unwrap().unwrap();
            if until > latest.at {
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

/// Reads the case after each command: whether what runs until the answer has gone out runs while it is reviewed, and nothing else runs
/// on after.
pub fn gone_out(plans: &Plans, history: &History) -> Verdict {
    for tried in &history.tried {
        let Ok(decision) = &tried.answer else {
            continue;
        };
        let case = &decision.case;
        let plan = &plans.get(case.plan()).unwrap().plan;
        let answers = [ClockKind::Reply, ClockKind::SubReply, ClockKind::Redo];
        let out = matches!(case.stage_name(), StageName::Reviewed | StageName::Closed);
        let Some(last) = decision.records.last() else {
            continue;
        };
        let drafted = decision
            .records
            .iter()
            .position(|it| matches!(it.event, Event::Replied { .. }));
        for kind in answers {
            let until_out = plan
                .clock(kind)
                .is_some_and(|rule| rule.stops == [ClockMark::Published]);
            let live = case.clock(kind).is_some_and(|it| it.is_live());
            if out && live {
                return fail(
                    last,
                    &format!("{kind} runs on after the answer has gone out"),
                );
            }
            let Some(drafted) = drafted else { continue };
            let ran = tried.before.as_ref();
            let ran = ran
                .and_then(|case| case.clock(kind))
                .filter(|it| it.is_live());
            if let (Some(ran), true) = (ran, case.stage_name() == StageName::Replied) {
                let its = case.clocks().iter().find(|it| it.key == ran.key).unwrap();
                if its.is_live() != until_out {
                    return fail(
                        last,
                        &format!("a draft, and {kind} is live: {}", its.is_live()),
                    );
                }
                if until_out && !its.is_running() {
                    return fail(
                        &decision.records[drafted],
                        "it stands still while it is reviewed",
                    );
                }
            }
        }
    }
    Ok(())
}

/// Reads each condition anew where something was let happen, and the facts that a refusal names where it was not.
pub fn only_when(plans: &Plans, history: &History) -> Verdict {
    for tried in &history.tried {
        let Some(before) = &tried.before else {
            continue;
        };
        let plan = &plans.get(before.plan()).unwrap().plan;
        let of_clock = |kind: ClockKind| plan.clock(kind)?.extension.as_ref()?.when.as_ref();
        let of_pause = |reason: &str| plan.pause(reason)?.when.as_ref();
        match &tried.answer {
            Ok(decision) => {
                let row = facts_row(plan, &decision.case);
                for record in &decision.records {
                    let when = match &record.event {
                        Event::ExtensionAsked { clock, .. }
                        | Event::ExtensionGranted { clock, .. } => of_clock(*clock),
                        Event::Paused { reason, .. } | Event::Excluded { reason, .. } => {
                            of_pause(reason)
                        }
                        Event::AskedCitizen { .. } => of_pause("补正"),
                        _ => None,
                    };
                    if when.is_some_and(|when| !when.answer(&row)) {
                        return fail(record, "let happen in a case that it is not for");
                    }
                }
            }
            Err(refusal) => {
                let Why::OnlyWhen(it) = &*refusal.why else {
                    continue;
                };
                // Here each condition reads one fact.
                let is = |list: &[Because]| list.first().map(|it| it.is.clone());
                let (had, would) = (is(&it.because), is(&it.would));
                if had.is_none() || would.is_none() || had == would {
                    return Err(TestCaseError::fail(refusal.say(Lang::En)));
                }
            }
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

/// A case that follows another one is struck off as merged when, and only when, its own citizen has that one's answer and that one
/// was struck off with it. It goes back to nobody quietly: whoever is not satisfied has their own case.
pub fn merged(records: &[Record]) -> Verdict {
    let mut opinion = false;
    let mut follows: Option<CaseId> = None;
    let (mut answer, mut told, mut ended) = (None, false, false);
    for record in records {
        match &record.event {
            Event::Opened { origin, .. } => opinion = !origin.has_citizen(),
            Event::Imported { case, .. } => opinion = !case.origin.has_citizen(),
            Event::Merged { into, .. } => {
                follows = Some(into.clone());
                (answer, told, ended) = (None, false, false);
            }
            Event::Unmerged { from, .. } => {
                let followed = follows.take();
                if followed.as_ref() != Some(from) {
                    return fail(record, "unmerged from a case that it did not follow");
                }
            }
            Event::Relayed { from, news } => {
                if follows.as_ref() != Some(from) {
                    return fail(record, "told by a case that it does not follow");
                }
                match news {
                    News::Answer { .. } => (answer, told) = (Some(record.version), opinion),
                    News::Retracted => (answer, told) = (None, false),
                    News::Reopened => (answer, told, ended) = (None, false, false),
                    News::Ended { .. } => ended = true,
                    _ => {}
                }
            }
            Event::Delivered { effect }
            | Event::Undelivered {
                effect,
                instead: Some(_),
                ..
            } => told |= answer == Some(effect.version),
            Event::StruckOff {
                outcome: Outcome::Merged,
                ..
            } => {
                if !(follows.is_some() && told && ended) || record.by.is_some() {
                    return fail(record, "struck off as merged before its citizen was told");
                }
                (answer, told, ended) = (None, false, false);
            }
            Event::Joined { .. } if follows.is_some() => {
                return fail(record, "a case that follows another one has a follower");
            }
            Event::Reopened { .. } if follows.is_some() => {
                return fail(record, "opened again, and still follows");
            }
            _ => {}
        }
        let closed = matches!(
            record.event,
            Event::StruckOff { .. } | Event::Withdrawn { .. } | Event::Declined { .. }
        );
        let next = records.iter().find(|it| it.version == record.version + 1);
        let later = next.is_none_or(|it| it.at > record.at);
        if later && !closed && follows.is_some() && told && ended {
            return fail(record, "its citizen has the answer, and it is still open");
        }
    }
    Ok(())
}

/// A case is due no later than those that follow it: each joining moves a running clock to the earlier of the two due moments, or to
/// the floor from then, and no later; and from then on nothing but an extension of which everyone is told, or the floor after a wait,
/// sets a clock past that.
pub fn joined(records: &[Record], floor: impl Fn(Moment) -> Moment) -> Verdict {
    let mut bound: BTreeMap<CaseId, [Option<Moment>; 2]> = BTreeMap::new();
    let mut due: BTreeMap<ClockKey, Moment> = BTreeMap::new();
    let side = |kind: ClockKind| match kind {
        ClockKind::Whole => Some(0),
        ClockKind::Reply | ClockKind::Redo => Some(1),
        _ => None,
    };
    let mut live: BTreeSet<ClockKey> = BTreeSet::new();
    let mut waits = 0;
    for (n, record) in records.iter().enumerate() {
        match &record.event {
            Event::ClockStopped { key, .. } | Event::ClockCancelled { key, .. } => {
                live.remove(key);
            }
            Event::ClockStarted { key, .. } | Event::ClockProjected { key, .. } => {
                live.insert(*key);
            }
            Event::Paused { .. } | Event::AskedCitizen { .. } => waits += 1,
            Event::Resumed { .. } => waits -= 1,
            _ => {}
        }
        match &record.event {
            Event::Joined {
                follower,
                whole_due,
                reply_due,
                ..
            } => {
                let its = bound.entry(follower.clone()).or_default();
                for (had, new) in its.iter_mut().zip([whole_due, reply_due]) {
                    *had = had.iter().chain(new).min().copied();
                }
                // What runs is due in time by the end of that very command.
                let same = records[n..]
                    .iter()
                    .take_while(|it| it.command == record.command);
                let moved: BTreeMap<ClockKey, Moment> = same
                    .filter_map(|it| match &it.event {
                        Event::ClockProjected { key, schedule, .. } => {
                            Some((*key, schedule.legal_due))
                        }
                        _ => None,
                    })
                    .collect();
                for key in live.iter().filter(|_| waits == 0) {
                    let least = side(key.kind)
                        .and_then(|side| bound.values().filter_map(|its| its[side]).min());
                    let legal = moved.get(key).or(due.get(key)).copied();
                    if let (Some(least), Some(legal)) = (least, legal)
                        && legal > least.max(floor(record.at))
                    {
                        return fail(record, &format!("{key} is due later than who joined"));
                    }
                }
            }
            Event::Left { follower } => drop(bound.remove(follower)),
            Event::Reopened { .. } => bound.values_mut().for_each(|its| *its = [None, None]),
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. } => {
                let why = match &record.event {
                    Event::ClockProjected { why, .. } => Some(*why),
                    _ => None,
                };
                let Some(side) = side(key.kind) else { continue };
                let legal = schedule.legal_due;
                let was = due.insert(*key, legal);
                if why == Some(ProjectedFor::Joined) && was.is_none_or(|was| legal >= was) {
                    return fail(record, "joining moved a clock, and not earlier");
                }
                let least = bound.values().filter_map(|its| its[side]).min();
                let raised = match why {
                    None | Some(ProjectedFor::Joined | ProjectedFor::Extended) => true,
                    Some(_) => false,
                };
                let late = least.is_some_and(|least| legal > least.max(floor(record.at)));
                if late && why != Some(ProjectedFor::Extended) {
                    return fail(record, "due later than a case that follows it");
                }
                if raised {
                    for its in bound.values_mut() {
                        its[side] = its[side].map(|had| had.max(legal));
                    }
                }
            }
            _ => {}
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
