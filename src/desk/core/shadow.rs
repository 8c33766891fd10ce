//! 影子运行: commands are decided beside the plan in force under one on trial.
//!
//! What a case would be under the plan on trial is not known: it was never under it. So each command is decided on a copy of the case
//! as it stands, which adopts the plan at that very moment; a new case is opened under it. What differs by that adoption alone is no
//! matter of the command, and [`adopt_preview`](crate::desk::Desk::adopt_preview) tells it: a difference is what the *command* brings about.
//! Nothing of the copy is kept, and nothing goes out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use super::Core;
use super::adopt::{Candidate, adopted, given, stand_in};
use crate::case::{self, Case, Clock, facts_row};
use crate::desk::gate::lock;
use crate::desk::kind::{Cases, Decided};
use crate::desk::{
    AsyncLedger, DeskError, Difference, DifferenceKind, DueMoments, RungAhead, ShadowDifference,
    ShadowReport, Shadowing,
};
use crate::plan::{Plan, Plans};
use crate::time::Moment;
use crate::words::{
    Actor, Class, ClockKey, CommandId, CommandName, Effect, Envelope, Event, Facts, NotThisCase,
    Outgoing, PlanId, Record, Refusal, Role, RuleSource, StageName, StepKey, Thing, UnitId,
    Verdict, Why,
};

/// A trial that is under way.
pub(in crate::desk) struct Shadow {
    asked: Shadowing,
    candidate: Candidate,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    decided: u64,
    differing: u64,
    kinds: BTreeMap<DifferenceKind, u64>,
    latest: VecDeque<ShadowDifference>,
}

/// What a command comes to, one way or the other.
struct Came<'a> {
    case: &'a Case,
    records: &'a [Record],
    outgoing: &'a [Outgoing],
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) fn shadow(&self, asked: Shadowing) -> Result<PlanId, DeskError> {
        let candidate = Candidate::new(Arc::clone(&asked.plan));
        candidate.beside(&self.plans())?;
        let id = candidate.id.clone();
        self.shadow.store(Some(Arc::new(Shadow {
            asked,
            candidate,
            log: Mutex::default(),
        })));
        Ok(id)
    }
    pub(in crate::desk) fn end_shadow(&self) -> Option<ShadowReport> {
        self.shadow.swap(None).map(|shadow| shadow.report())
    }
    pub(in crate::desk) fn shadow_report(&self) -> Option<ShadowReport> {
        self.shadow.load().as_ref().map(|shadow| shadow.report())
    }
}

impl Shadow {
    fn report(&self) -> ShadowReport {
        let log = lock(&self.log);
        ShadowReport {
            trial: self.candidate.id.clone(),
            title: self.asked.plan.title.clone(),
            zone: self.asked.plan.zone,
            decided: log.decided,
            differing: log.differing,
            kinds: log.kinds.clone(),
            latest: log.latest.iter().cloned().collect(),
        }
    }

    /// Counts what was found of a command, once the command is done.
    pub(super) fn note(&self, mut found: ShadowDifference) {
        if let (Some(observer), false) = (&self.asked.observer, found.found.is_empty()) {
            let heard = catch_unwind(AssertUnwindSafe(|| observer(&found)));
            if let Err(panic) = heard {
                let said = said(&*panic);
                found.found.push(Difference::Fault { said });
            }
        }
        let mut log = lock(&self.log);
        log.decided = log.decided.saturating_add(1);
        if found.found.is_empty() {
            return;
        }
        log.differing = log.differing.saturating_add(1);
        for difference in &found.found {
            let count = log.kinds.entry(difference.kind()).or_insert(0);
            *count = count.saturating_add(1);
        }
        log.latest.push_back(found);
        while log.latest.len() > self.asked.keep {
            log.latest.pop_front();
        }
    }

    /// What a command would come to on trial, beside what it came to. None, where there is nothing to compare: time that passes, a
    /// plan that is adopted, a case that is under the plan on trial already or is closed, a refusal that is no plan's doing.
    pub(in crate::desk) fn weigh(
        &self,
        current: &Arc<Plans>,
        case: Option<&Case>,
        envelope: &Envelope,
        came: Result<&Decided<Cases>, &Refusal>,
    ) -> Option<ShadowDifference> {
        let asked = envelope.command.name();
        let no_matter = matches!(
            asked,
            CommandName::Tick | CommandName::AdoptPlan | CommandName::AdoptCalendar
        );
        let same = |case: &Case| *case.plan() == self.candidate.id || case.is_closed();
        let no_plans = |refusal: &Refusal| match &*refusal.why {
            Why::TooFar { .. } | Why::Survivor { .. } => true,
            Why::NoSuch { what, .. } => *what == Thing::Text,
            _ => false,
        };
        if no_matter || case.is_some_and(same) || came.err().is_some_and(no_plans) {
            return None;
        }
        let beside = AssertUnwindSafe(|| self.beside(current, case, envelope, came));
        let found = match catch_unwind(beside) {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => vec![Difference::Fault {
                said: error.to_string(),
            }],
            Err(panic) => vec![Difference::Fault {
                said: said(&*panic),
            }],
        };
        Some(ShadowDifference {
            command: envelope.id.clone(),
            asked,
            case: envelope.case.clone(),
            at: envelope.at,
            found,
        })
    }

    fn beside(
        &self,
        current: &Arc<Plans>,
        case: Option<&Case>,
        envelope: &Envelope,
        came: Result<&Decided<Cases>, &Refusal>,
    ) -> Result<Vec<Difference>, DeskError> {
        let plans = self.candidate.beside(current)?;
        let copy = match case {
            None => None,
            Some(case) => match self.as_if_adopted(case, &plans, envelope.at)? {
                Ok(copy) => Some(copy),
                Err(trial) => return Ok(vec![Difference::CannotAdopt { trial }]),
            },
        };
        let trial = case::decide(copy.as_ref(), envelope, &plans);
        Ok(match (came, trial) {
            (Ok(_), Err(trial)) => vec![Difference::RefusedThere { trial }],
            (Err(active), Ok(_)) => vec![Difference::AcceptedThere {
                active: active.clone(),
            }],
            (Err(active), Err(trial)) => {
                let active = active.clone();
                match reason(&active) == reason(&trial) {
                    true => Vec::new(),
                    false => vec![Difference::RefusedOtherwise { active, trial }],
                }
            }
            (Ok(active), Ok(trial)) => {
                let both = [
                    Came {
                        case: &active.state,
                        records: &active.records,
                        outgoing: &active.outgoing,
                    },
                    Came {
                        case: &trial.case,
                        records: &trial.records,
                        outgoing: &trial.outgoing,
                    },
                ];
                compare(both, &plans, &envelope.id)
            }
        })
    }

    /// The case as if it had adopted the plan at that moment, whoever would have to approve it.
    fn as_if_adopted(
        &self,
        case: &Case,
        plans: &Plans,
        at: Moment,
    ) -> Result<Result<Case, Refusal>, DeskError> {
        let by = "shadow".parse().map_err(DeskError::storage)?;
        let by = Actor::new(by, Role::Supervisor);
        let approver = stand_in(case, &by)?;
        let adopt = |facts: &Facts| {
            let whose = (case, &self.candidate.id, plans);
            adopted(whose, (&by, at), facts, Some(&approver))
        };
        let mut tried = adopt(&Facts::new());
        if let Err(refusal) = &tried
            && let Why::FactsWanted { facts } = &*refusal.why
            && let Ok(facts) = given(facts, &self.asked.facts)
        {
            tried = adopt(&facts);
        }
        Ok(tried.map(|decision| decision.case))
    }
}

/// What was said by whoever fell over.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it fell over without a word".to_owned())
}

/// Why it was refused, without where the rule stands in its file.
fn reason(refusal: &Refusal) -> Why {
    match &*refusal.why {
        Why::Rule { source, because } => Why::Rule {
            source: RuleSource {
                at: None,
                ..source.clone()
            },
            because: because.clone(),
        },
        Why::OnlyWhen(it) => Why::OnlyWhen(Box::new(NotThisCase {
            at: None,
            ..(**it).clone()
        })),
        why => why.clone(),
    }
}

fn compare(both: [Came<'_>; 2], plans: &Plans, command: &CommandId) -> Vec<Difference> {
    let mut found = Vec::new();
    let own = both
        .each_ref()
        .map(|it| own(it.records, command).collect::<Vec<_>>());
    let keys: BTreeSet<ClockKey> = own.iter().flatten().filter_map(|it| touches(it)).collect();
    let plan = both
        .each_ref()
        .map(|it| plans.get(it.case.plan()).map(|hand| &*hand.plan));
    for clock in keys {
        let live = both.each_ref().map(|it| {
            let mut all = it.case.clocks().iter();
            all.find(|it| it.key == clock && it.is_live())
        });
        let [active, trial] = live.map(|it| it.map(due));
        if active != trial {
            found.push(Difference::Due {
                clock,
                active,
                trial,
            });
        }
        let [active, trial] = own.each_ref().map(|it| verdict(it, clock));
        if let (Some(active), Some(trial)) = (active, trial)
            && active.is_on_time() != trial.is_on_time()
        {
            found.push(Difference::Verdict {
                clock,
                active,
                trial,
            });
        }
        if let ([Some(active), Some(trial)], [Some(old), Some(new)]) = (live, plan) {
            let (active, trial) = only(rungs(active, old), rungs(trial, new));
            if !(active.is_empty() && trial.is_empty()) {
                found.push(Difference::Rungs {
                    clock,
                    active,
                    trial,
                });
            }
        }
    }
    let [was, is] = &both;
    if let ([Some(old), Some(new)], true) = (plan, own.iter().flatten().any(|it| routes(it))) {
        let (active, trial) = (route(old, was.case), route(new, is.case));
        if active != trial {
            found.push(Difference::Route { active, trial });
        }
    }
    let [active, trial] = own.each_ref().map(|it| proposed(it));
    if active != trial {
        found.push(Difference::Class { active, trial });
    }
    let [active, trial] = own.each_ref().map(|it| gates(it));
    if active != trial {
        found.push(Difference::Gates { active, trial });
    }
    let [was_own, is_own] = &own;
    let (active, trial) = only(tells(was, was_own), tells(is, is_own));
    if !(active.is_empty() && trial.is_empty()) {
        found.push(Difference::Notices { active, trial });
    }
    let [active, trial] = own.each_ref().map(|it| names(it));
    if active != trial {
        found.push(Difference::Events { active, trial });
    }
    found
}

/// The command's own records, and those of rules that followed it.
fn own<'a>(records: &'a [Record], command: &'a CommandId) -> impl Iterator<Item = &'a Record> {
    records
        .iter()
        .filter(move |record| record.command.as_ref() == Some(command))
}

fn touches(record: &Record) -> Option<ClockKey> {
    match &record.event {
        Event::ClockStarted { key, .. }
        | Event::ClockProjected { key, .. }
        | Event::ClockStopped { key, .. }
        | Event::ClockCancelled { key, .. } => Some(*key),
        _ => None,
    }
}

fn due(clock: &Clock) -> DueMoments {
    DueMoments {
        legal: clock.schedule.legal_due,
        promised: clock.schedule.promised_due,
    }
}

fn verdict(own: &[&Record], clock: ClockKey) -> Option<Verdict> {
    own.iter().find_map(|record| match &record.event {
        Event::ClockStopped { key, verdict, .. } if *key == clock => Some(*verdict),
        _ => None,
    })
}

fn rungs(clock: &Clock, plan: &Plan) -> Vec<RungAhead> {
    let rule = plan.clock(clock.key.kind);
    let title = |key: &StepKey| match key {
        StepKey::Rung { rung, .. } => rule?
            .rungs
            .iter()
            .find(|it| it.key == *rung)
            .map(|it| it.title.clone()),
        _ => None,
    };
    let dated = |key: &StepKey| {
        matches!(
            key,
            StepKey::Breach | StepKey::PromiseMissed | StepKey::Lapse
        )
    };
    let steps = clock.schedule.steps.iter().filter(|step| !dated(&step.key));
    steps
        .map(|step| RungAhead {
            step: step.key.clone(),
            title: title(&step.key).unwrap_or_default(),
            at: step.at,
        })
        .collect()
}

/// What only one of two lists has.
fn only<T: PartialEq>(mut active: Vec<T>, trial: Vec<T>) -> (Vec<T>, Vec<T>) {
    let mut more = Vec::new();
    for it in trial {
        match active.iter().position(|same| *same == it) {
            Some(place) => {
                active.remove(place);
            }
            None => more.push(it),
        }
    }
    (active, more)
}

/// Whether the unit that is proposed may be another one after it.
fn routes(record: &Record) -> bool {
    matches!(
        record.event,
        Event::Opened { .. }
            | Event::Screened { .. }
            | Event::FactSet { .. }
            | Event::Unmerged { .. }
    )
}

fn route(plan: &Plan, case: &Case) -> Option<UnitId> {
    let rule = plan.route.as_ref();
    let rule = rule.filter(|_| case.stage_name() == StageName::Received)?;
    rule.lead.answer(&facts_row(plan, case)).clone()
}

fn proposed(own: &[&Record]) -> Option<Class> {
    own.iter().find_map(|record| match &record.event {
        Event::Screened { proposed, .. } => *proposed,
        _ => None,
    })
}

fn gates(own: &[&Record]) -> Vec<String> {
    let found = own.iter().filter_map(|record| match &record.event {
        Event::Returned { gates, .. } => Some(gates),
        _ => None,
    });
    found.flatten().map(|gate| gate.words.clone()).collect()
}

/// What goes out by the command.
fn tells(came: &Came<'_>, own: &[&Record]) -> Vec<Effect> {
    let versions: BTreeSet<u64> = own.iter().map(|record| record.version).collect();
    let its = came.outgoing.iter();
    its.filter(|outgoing| versions.contains(&outgoing.id.version))
        .map(|outgoing| outgoing.effect.clone())
        .collect()
}

/// What happened, but for clocks and notices, which are compared by themselves.
fn names(own: &[&Record]) -> Vec<String> {
    let by_themselves = |event: &Event| {
        matches!(
            event,
            Event::ClockStarted { .. }
                | Event::ClockProjected { .. }
                | Event::ClockStopped { .. }
                | Event::ClockCancelled { .. }
                | Event::StepTaken { .. }
                | Event::VerdictCorrected { .. }
                | Event::NoticeGiven { .. }
        )
    };
    let events = own.iter().map(|record| &record.event);
    events
        .filter(|event| !by_themselves(event))
        .filter_map(|event| match serde_json::to_value(event).ok()? {
            serde_json::Value::Object(fields) => fields.into_iter().next().map(|(name, _)| name),
            serde_json::Value::String(name) => Some(name),
            _ => None,
        })
        .collect()
}
