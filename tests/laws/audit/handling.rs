//! Who did what in which order: nothing is struck off before it is answered, reviewed, called back and solved, nor by whoever did it.

use std::collections::{BTreeMap, BTreeSet};

use duly::case::{Case, facts_row};
use duly::plan::Plans;
use duly::words::*;
use proptest::test_runner::TestCaseError;

use super::{Verdict, fail};
use crate::world::History;

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

/// Reads who did what. Whoever handled a round, or the case before it was taken over, does not review it; whoever ever handled the case
/// does not recheck, rate, call back, correct, withdraw, move its facts, grant it time or strike it off; nobody confirms or grants what
/// they themselves proposed or asked. A deputy counts as both.
pub fn separate(records: &[Record]) -> Verdict {
    let mut ever: BTreeSet<PersonId> = BTreeSet::new();
    let mut round: BTreeSet<PersonId> = BTreeSet::new();
    let mut asked: BTreeSet<PersonId> = BTreeSet::new();
    let mut proposed: BTreeSet<PersonId> = BTreeSet::new();
    let mut rechecked: BTreeSet<PersonId> = BTreeSet::new();
    let mut import: Option<CommandId> = None;
    let mut had: Option<PersonId> = None;
    let mut elsewhere: BTreeSet<PersonId> = BTreeSet::new();
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
                had.clone_from(&case.owner);
                let parts = case.co_handlers.iter().map(|part| part.owner.clone());
                handles(case.owner.iter().cloned().chain(parts).collect());
                elsewhere = case.handlers.clone();
                handles(elsewhere.iter().cloned().collect());
            }
            // Who enters a reply that was given elsewhere gave none. Who gave it has handled the case before, as its owner or as somebody else.
            Event::Replied { author, .. } if import.is_some() && record.command == import => {
                handles(vec![author.clone()]);
                if had.as_ref() != Some(author) {
                    elsewhere.insert(author.clone());
                }
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
            round.clone_from(&elsewhere);
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
