//! What each event does to the stage of a case and to what it keeps beside it.

use std::collections::BTreeSet;

use super::clocks::{clocks, pause, set_right};
use super::linked::{heard, joined, told};
use super::subs::{divided, part_begins, part_heard};
use crate::case::model::Case;
use crate::case::stages::{
    Assigned, Clock, Closed, DeclineDraft, ExtensionDraft, ExtensionPending, FirstReview,
    Following, Matter, Paused, PromiseKept, Received, Replied, ReplyGiven, Returned, Reviewed,
    Segment, StageData, SubState, Team,
};
use crate::plan::SUPPLEMENT;
use crate::time::Moment;
use crate::words::{
    ClockMark, Event, FactValue, Outcome, PauseSide, PersonId, Promise, Rating, Record, UnitId,
    Verb,
};

/// `None` where the event cannot have happened.
pub(super) fn apply(case: &mut Case, record: &Record) -> Option<()> {
    match &record.event {
        Event::Opened { .. } | Event::Imported { .. } => return None,
        Event::Screened { class, facts, .. } => {
            received(case)?.screened = true;
            case.class = Some(*class);
            case.facts.extend(facts.clone());
        }
        Event::Listed { matters } => {
            received(case)?;
            case.matters = (1u16..)
                .zip(matters)
                .map(|(number, _)| Matter {
                    number,
                    outcome: None,
                })
                .collect();
        }
        Event::AskedCitizen { until, .. } => {
            received(case)?.waiting = true;
            pause(case, record, SUPPLEMENT, PauseSide::Citizen, *until, &[]);
        }
        Event::Supplemented { .. } => received(case)?.waiting = false,
        Event::DeclineProposed { ground, facts, .. } => {
            let by = persons(record);
            case.decline = Some(DeclineDraft {
                ground: *ground,
                by,
                facts: facts.clone(),
            });
        }
        Event::Declined { .. } => close(case, record, Outcome::Declined, None),
        Event::Merged { into, .. } => {
            case.follows = Some(into.clone());
            case.following = Some(Following::default());
            leaves_hands(case, record.at);
        }
        Event::Unmerged { .. } => {
            case.follows = None;
            case.following = None;
            if let StageData::Assigned(it) = &case.stage {
                let (unit, owner) = (it.team.unit.clone(), it.team.owner.clone());
                takes_hold(case, record.at, &unit, &owner);
            }
        }
        Event::Joined {
            follower,
            received,
            whole_due,
            reply_due,
            ..
        } => joined(case, follower, *received, *whole_due, *reply_due),
        Event::Left { follower } => {
            case.followers.remove(follower)?;
        }
        Event::Relayed { news, .. } => heard(case, record.version, news)?,
        Event::Divided { subs, .. } => divided(case, subs),
        Event::SubHeard {
            sub,
            news,
            handlers,
            begins,
        } => {
            part_heard(case, record, sub, news, handlers)?;
            part_begins(case, begins)?;
        }
        Event::SubDropped { sub, begins, .. } => {
            case.subs.get_mut(sub)?.state = SubState::Dropped;
            part_begins(case, begins)?;
        }
        Event::SubsWanted { dues } => {
            for due in dues {
                case.subs.get_mut(&due.key)?.plan.due = due.due;
            }
        }
        Event::Wanted { due } => case.main.as_mut()?.due = Some(*due),
        Event::CalledOff { .. } => {
            case.main.as_ref()?;
            case.called_off = true;
            if !case.is_closed() {
                take_down(case, record);
                close(case, record, Outcome::Withdrawn, None);
            }
        }
        Event::Signalled { number, .. } => case.signal.as_mut()?.times = *number,
        Event::Assigned { unit, owner, parts } => {
            // What was handed down stays so while the same unit leads.
            let same = case.team().filter(|team| team.unit == *unit);
            let team = Team {
                unit: unit.clone(),
                owner: owner.clone(),
                below: same.and_then(|team| team.below.clone()),
                parts: parts.clone(),
            };
            for part in parts {
                handles(case, &part.owner);
            }
            handles(case, owner);
            case.decline = None;
            takes_hold(case, record.at, unit, owner);
            match &mut case.stage {
                StageData::Received(_) => {
                    case.stage = StageData::Assigned(Assigned {
                        team,
                        signed: None,
                        objected: false,
                        may_object: !case.ruled.contains(unit),
                    });
                }
                StageData::Returned(it) => it.team = team,
                _ => return None,
            }
        }
        Event::Signed { .. } => assigned(case)?.signed = Some(record.at),
        Event::SubAssigned { unit, owner } => {
            handles(case, owner);
            assigned(case)?.team.below = Some((unit.clone(), owner.clone()));
        }
        Event::Objected { .. } => assigned(case)?.objected = true,
        Event::ObjectionLapsed {} => assigned(case)?.may_object = false,
        Event::Ruled { unit, owner, .. } => {
            case.bounces += 1;
            case.ruled.insert(unit.clone());
            retake(case, record.at, unit, owner)?;
            let it = assigned(case)?;
            it.objected = false;
            it.may_object = false;
        }
        Event::Transferred { unit, owner, .. } => {
            retake(case, record.at, unit, owner)?;
            let may_object = !case.ruled.contains(unit);
            let it = assigned(case)?;
            it.objected = false;
            it.may_object = may_object;
        }
        Event::Reclassified { class, derived, .. } => {
            case.class = Some(*class);
            case.facts.extend(derived.clone());
        }
        Event::HandedOver { unit, to, .. } => {
            handles(case, to);
            // Who reviews, calls back or rechecks meanwhile has it; the owner changes in name only.
            let in_hands = matches!(case.stage, StageData::Assigned(_) | StageData::Returned(_))
                && case.follows.is_none();
            if in_hands && team(case)?.unit == *unit {
                takes_hold(case, record.at, unit, to);
            }
            let team = team(case)?;
            if team.unit == *unit {
                team.owner = to.clone();
            } else if let Some(below) = team.below.as_mut().filter(|(its, _)| its == unit) {
                below.1 = to.clone();
            } else {
                team.parts.iter_mut().find(|part| part.unit == *unit)?.owner = to.clone();
            }
        }
        Event::Paused {
            reason,
            side,
            until,
            holds,
            ..
        } => pause(case, record, reason, *side, *until, holds),
        Event::Excluded {
            reason,
            side,
            from,
            until,
            holds,
            ..
        } => case.pauses.push(Paused {
            reason: reason.clone(),
            side: *side,
            from: *from,
            until: *until,
            ended: Some(*until),
            holds: holds.clone(),
            begun_by: record.version,
            ended_by: None,
        }),
        Event::Resumed { reason, .. } => {
            let open = case
                .pauses
                .iter_mut()
                .find(|p| p.reason == *reason && p.ended.is_none())?;
            open.ended = Some(record.at);
            open.ended_by = Some(record.version);
            if reason == SUPPLEMENT
                && let StageData::Received(it) = &mut case.stage
            {
                it.waiting = false;
            }
        }
        Event::ExtensionAsked { clock, span, .. } => {
            let by = record
                .by
                .iter()
                .flat_map(|by| by.persons().cloned())
                .collect();
            case.asked = Some(ExtensionDraft {
                clock: *clock,
                span: span.clone(),
                by,
            });
        }
        Event::ExtensionGranted {
            clock,
            span,
            on_delivery,
            ..
        } => {
            case.asked = None;
            case.granted = on_delivery.then(|| ExtensionPending {
                clock: *clock,
                span: span.clone(),
                version: record.version,
            });
        }
        Event::ExtensionCounted { clock, span } => {
            case.granted = None;
            case.extensions += 1;
            let its = |it: &&mut Clock| it.key.kind == *clock && it.is_live();
            if let Some(clock) = case.clocks.iter_mut().rev().find(its) {
                clock.extended.push(span.clone());
            }
        }
        Event::ExtensionLapsed { .. } => case.granted = None,
        Event::CoReplied { unit, text } => {
            for by in record.by.iter().flat_map(|by| by.persons()) {
                handles(case, by);
            }
            team(case)?
                .parts
                .iter_mut()
                .find(|part| part.unit == *unit)?
                .reply = Some(text.clone());
        }
        Event::Replied {
            author,
            answers,
            promises,
            explained,
            facts,
            ..
        } => {
            handles(case, author);
            // Who enters what was replied elsewhere has handled nothing by that.
            let enters = case.imported.as_ref().filter(|it| it.at == record.at);
            let enters = enters.and_then(|it| it.by.clone());
            let by = record.by.iter();
            for by in by.filter(|by| enters.as_ref() != Some(&by.id)) {
                by.persons().for_each(|person| handles(case, person));
            }
            let team = team(case)?.clone();
            case.asked = None;
            leaves_hands(case, record.at);
            case.promises
                .extend(promises.iter().cloned().map(kept_later));
            let reply = ReplyGiven {
                at: record.at,
                author: author.clone(),
                answers: answers.clone(),
                explained: *explained,
                promises: promises.iter().map(|it| it.number).collect(),
                facts: facts.clone(),
                findings: Default::default(),
            };
            case.stage = StageData::Replied(Replied {
                team,
                reply,
                first: None,
            });
        }
        Event::PassedFirst { next, .. } => {
            let StageData::Replied(it) = &mut case.stage else {
                return None;
            };
            let by = record.by.iter().flat_map(|by| by.persons());
            it.first = Some(FirstReview {
                by: by.cloned().collect(),
                next: next.clone(),
            });
        }
        Event::Published { findings } => {
            let StageData::Replied(it) = &case.stage else {
                return None;
            };
            let (team, mut reply) = (it.team.clone(), it.reply.clone());
            reply.findings.extend(
                findings
                    .iter()
                    .map(|(name, yes)| (name.clone(), FactValue::Yes(*yes))),
            );
            case.stage = StageData::Reviewed(Reviewed {
                team,
                reply,
                published: record.version,
                told: false,
                reached: false,
                failed: BTreeSet::new(),
                called_back: false,
                rating: None,
                rechecked: false,
                rechecked_by: BTreeSet::new(),
            });
        }
        Event::Returned { ground, .. } => {
            take_down(case, record);
            promised_nothing(case);
            // What was struck off by it is open again.
            for matter in &mut case.matters {
                matter.outcome = None;
            }
            let team = team(case)?.clone();
            // What was given in this cycle stays given, in time or late; it is no effective answer. What was answered before the case was
            // opened again is not what comes back.
            let cycle = case.cycle;
            for clock in case.clocks.iter_mut().filter(|it| it.cycle == cycle) {
                let later = clock.key.kind.later();
                let given = |mark: ClockMark| mark == ClockMark::Replied || Some(mark) == later;
                if let Some(last) = clock.verdicts.last_mut().filter(|it| given(it.mark)) {
                    last.void = true;
                }
            }
            takes_hold(case, record.at, &team.unit, &team.owner);
            case.returns = case.returns.saturating_add(1);
            new_round(case, &team);
            case.stage = StageData::Returned(Returned {
                team,
                ground: ground.clone(),
            });
        }
        Event::CalledBack {
            reached,
            day,
            concluded,
            ..
        } => {
            let it = reviewed(case)?;
            it.called_back |= *concluded;
            it.reached |= *reached;
            if !reached {
                it.failed.insert(*day);
            }
        }
        Event::Rated { rating, .. } => match &mut case.stage {
            StageData::Reviewed(it) => it.rating = Some(*rating),
            StageData::Closed(it) => it.rating = Some(*rating),
            _ => case.following.as_mut()?.rating = Some(*rating),
        },
        Event::Committed { promise } => case.promises.push(kept_later(promise.clone())),
        Event::Fulfilled { commitment, .. } => {
            let kept = case
                .promises
                .iter_mut()
                .find(|kept| kept.promise.number == *commitment)?;
            kept.fulfilled = Some(record.at);
        }
        Event::Rechecked { findings, .. } => {
            let it = reviewed(case)?;
            it.rechecked = true;
            let by = record.by.iter().flat_map(|by| by.persons());
            it.rechecked_by.extend(by.cloned());
            let found = findings
                .iter()
                .map(|(name, yes)| (name.clone(), FactValue::Yes(*yes)));
            it.reply.findings.extend(found);
        }
        Event::MatterStruckOff { matter, outcome } => strike(case, Some(*matter), *outcome)?,
        Event::StruckOff {
            outcome,
            rate_until,
        } => {
            strike(case, None, *outcome)?;
            close(case, record, *outcome, *rate_until);
        }
        Event::Reopened { ground, begins, .. } => {
            part_begins(case, begins)?;
            let StageData::Closed(it) = &case.stage else {
                return None;
            };
            // A case that was closed before anyone had it goes back to the intake officer.
            let team = it.team.clone();
            take_down(case, record);
            case.reopens = case.reopens.saturating_add(1);
            case.cycle = case.cycle.saturating_add(1);
            case.follows = None;
            // It is wanted by a moment to come, once the main case says by which.
            if let Some(main) = case.main.as_mut() {
                main.due = main.due.filter(|due| *due > record.at);
            }
            // A new cycle counts as the plan says; whoever follows it still has a whole of their own.
            for follower in case.followers.values_mut() {
                (follower.whole_due, follower.reply_due) = (None, None);
            }
            case.decline = None;
            case.withdrawal.clear();
            for matter in &mut case.matters {
                matter.outcome = None;
            }
            case.stage = match team {
                Some(team) => {
                    new_round(case, &team);
                    takes_hold(case, record.at, &team.unit, &team.owner);
                    StageData::Returned(Returned {
                        team,
                        ground: ground.clone(),
                    })
                }
                None => StageData::Received(Received {
                    screened: false,
                    waiting: false,
                }),
            };
        }
        Event::WithdrawalProposed { .. } => case.withdrawal = persons(record),
        Event::Withdrawn { .. } => {
            take_down(case, record);
            close(case, record, Outcome::Withdrawn, None);
        }
        Event::Directed { .. } => case.directed = true,
        Event::Tracked { .. } => case.tracked = true,
        Event::Untracked { .. } => case.tracked = false,
        Event::FactSet {
            name,
            value,
            derived,
        } => {
            case.facts.insert(name.clone(), value.clone());
            case.facts.extend(derived.clone());
        }
        Event::PlanAdopted { to, facts, .. } => {
            case.plan = to.clone();
            case.facts.extend(facts.clone());
        }
        Event::Corrected {
            version,
            took_effect: Some(at),
            until,
            ..
        } => set_right(case, *version, *at, *until),
        Event::Updated { .. }
        | Event::Reported { .. }
        | Event::Noted { .. }
        | Event::Corrected { .. }
        | Event::CalendarAdopted { .. }
        | Event::NoticeGiven { .. }
        | Event::Redacted { .. } => {}
        Event::Delivered { effect } => told(case, effect),
        Event::Undelivered {
            effect, instead, ..
        } => {
            if instead.is_some() {
                told(case, effect);
            }
        }
        Event::CountReached { acts, .. } => {
            case.named |= acts.iter().any(|act| act.verb == Verb::NameIn)
        }
        Event::ClockStarted { .. }
        | Event::ClockProjected { .. }
        | Event::ClockStopped { .. }
        | Event::ClockCancelled { .. }
        | Event::VerdictCorrected { .. }
        | Event::StepTaken { .. } => return clocks(case, record),
    }
    Some(())
}

fn received(case: &mut Case) -> Option<&mut Received> {
    match &mut case.stage {
        StageData::Received(it) => Some(it),
        _ => None,
    }
}

fn assigned(case: &mut Case) -> Option<&mut Assigned> {
    match &mut case.stage {
        StageData::Assigned(it) => Some(it),
        _ => None,
    }
}

fn reviewed(case: &mut Case) -> Option<&mut Reviewed> {
    match &mut case.stage {
        StageData::Reviewed(it) => Some(it),
        _ => None,
    }
}

fn team(case: &mut Case) -> Option<&mut Team> {
    match &mut case.stage {
        StageData::Assigned(it) => Some(&mut it.team),
        StageData::Replied(it) => Some(&mut it.team),
        StageData::Reviewed(it) => Some(&mut it.team),
        StageData::Returned(it) => Some(&mut it.team),
        StageData::Received(_) | StageData::Closed(_) => None,
    }
}

/// What was published does not stand any more.
fn take_down(case: &mut Case, record: &Record) {
    let stands = match &case.stage {
        StageData::Reviewed(_) => true,
        StageData::Closed(it) => !matches!(
            it.outcome,
            Outcome::Declined | Outcome::Withdrawn | Outcome::Merged
        ),
        _ => false,
    };
    if stands {
        case.took_down = record.version;
    }
}

fn handles(case: &mut Case, person: &PersonId) {
    case.handlers.insert(person.clone());
    case.round_handlers.insert(person.clone());
}

/// It is done again: those who have it have handled it, those who did the parts that its answer rests on, those of the case that it
/// is a part of, and those who had handled it before it was taken over.
fn new_round(case: &mut Case, team: &Team) {
    let below = team.below.iter().map(|(_, owner)| owner);
    let parts = team.parts.iter().map(|part| &part.owner);
    let subs = case.subs.values();
    let subs = subs.filter(|sub| sub.state != SubState::Dropped);
    let apart = case.main.iter().flat_map(|main| &main.apart);
    let elsewhere = case.imported.iter().flat_map(|it| &it.handlers);
    case.round_handlers = std::iter::once(&team.owner)
        .chain(below)
        .chain(parts)
        .chain(subs.flat_map(|sub| &sub.handlers))
        .chain(apart)
        .chain(elsewhere)
        .cloned()
        .collect();
}

/// Another unit, or another person, has it now; who had signed has nothing more to do with it.
fn retake(case: &mut Case, at: Moment, unit: &UnitId, owner: &PersonId) -> Option<()> {
    handles(case, owner);
    takes_hold(case, at, unit, owner);
    case.decline = None;
    let it = assigned(case)?;
    if it.team.unit != *unit || it.team.owner != *owner {
        it.signed = None;
        it.team.below = None;
    }
    it.team.unit = unit.clone();
    it.team.owner = owner.clone();
    Some(())
}

/// Somebody has it from now on.
fn takes_hold(case: &mut Case, at: Moment, unit: &UnitId, owner: &PersonId) {
    leaves_hands(case, at);
    case.segments.push(Segment {
        unit: unit.clone(),
        owner: owner.clone(),
        from: at,
        until: None,
    });
}

fn leaves_hands(case: &mut Case, at: Moment) {
    if let Some(last) = case.segments.last_mut().filter(|it| it.until.is_none()) {
        last.until = Some(at);
    }
}

fn persons(record: &Record) -> BTreeSet<PersonId> {
    record
        .by
        .iter()
        .flat_map(|by| by.persons().cloned())
        .collect()
}

fn kept_later(promise: Promise) -> PromiseKept {
    PromiseKept {
        promise,
        fulfilled: None,
        void: false,
    }
}

fn strike(case: &mut Case, matter: Option<u16>, outcome: Outcome) -> Option<()> {
    let open = case.matters.iter_mut().filter(|m| m.outcome.is_none());
    let mut any = false;
    for it in open.filter(|m| matter.is_none_or(|number| m.number == number)) {
        it.outcome = Some(outcome);
        any = true;
    }
    any.then_some(())
}

/// A reply that was never published has promised nothing.
fn promised_nothing(case: &mut Case) {
    if let StageData::Replied(it) = &case.stage {
        let made = it.reply.promises.clone();
        let mut kept = case.promises.iter_mut();
        kept.by_ref()
            .filter(|kept| made.contains(&kept.promise.number))
            .for_each(|kept| kept.void = true);
    }
}

fn close(case: &mut Case, record: &Record, outcome: Outcome, rate_until: Option<Moment>) {
    promised_nothing(case);
    let rating: Option<Rating> = case.rating();
    let team = case.team().cloned();
    for pause in case.pauses.iter_mut().filter(|pause| pause.ended.is_none()) {
        pause.ended = Some(record.at);
    }
    case.asked = None;
    case.granted = None;
    // A citizen whose case was struck off with another's hears what becomes of that one's answer.
    if outcome != Outcome::Merged {
        case.following = None;
    }
    leaves_hands(case, record.at);
    for matter in case
        .matters
        .iter_mut()
        .filter(|matter| matter.outcome.is_none())
    {
        matter.outcome = Some(outcome);
    }
    case.stage = StageData::Closed(Closed {
        team,
        outcome,
        at: record.at,
        rate_until,
        rating,
    });
}
