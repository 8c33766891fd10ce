//! A case that was taken over from another system (接续登记): which clocks run in it, from their true moments; and what taking one
//! over would bring, before anybody does.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ask::Ask;
use super::clocks::again;
use super::decide::{Decision, decide};
use super::model::Case;
use super::moves::{Handling, ReplyAsked, UNSATISFIED, bounded, extension_rule};
use super::stages::Clock;
use super::turn::Turn;
use super::view::Stage;
use crate::plan::Plans;
use crate::time::{Moment, Span};
use crate::words::{
    CancelWhy, ClockKey, ClockKind, ClockMark, Envelope, Event, ExtendedBefore, Import,
    ImportStage, PauseSide, PersonId, PlanId, PromisedBefore, Refusal, RepliedBefore, Step,
    StepFate, StepKey, TextRef, Why,
};

/// Since when the case is in this system, and on whose word: everything before is unwitnessed (未经本系统见证).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// When it was taken over.
    pub at: Moment,
    /// Who entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// The system that had it until then.
    pub from: String,
    /// Who answers for it.
    pub approved_by: PersonId,
    /// Who else had handled it by then, whoever wrote its reply among them: none of them reviews it, however often it is answered.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub handlers: BTreeSet<PersonId>,
}

/// While what happened elsewhere is laid out: clocks start at moments that are past, nobody is told, nothing is counted.
#[derive(Debug)]
pub(super) struct Taking {
    /// The moment that clocks start from.
    from: Moment,
    extended: Vec<ExtendedBefore>,
    promised: Vec<PromisedBefore>,
}

impl Taking {
    /// What was replied elsewhere, at that moment.
    pub(super) fn at(from: Moment) -> Taking {
        Taking {
            from,
            extended: Vec::new(),
            promised: Vec::new(),
        }
    }
    pub(super) const fn from(&self) -> Moment {
        self.from
    }
    pub(super) fn extended(&self, kind: ClockKind) -> Vec<Span> {
        let its = self.extended.iter().filter(|it| it.clock == kind);
        its.map(|it| it.span.clone()).collect()
    }
    pub(super) fn promised(&self, kind: ClockKind) -> Option<Moment> {
        let its = self.promised.iter().find(|it| it.clock == kind);
        its.map(|it| it.due)
    }
}

impl Case {
    /// Whether, since when and on whose word the case was taken over from another system. What came before is that system's word:
    /// nobody here saw it, and no figure counts it as seen.
    pub fn imported(&self) -> Option<&TakenOver> {
        self.imported.as_ref()
    }
    /// Whether a clock began before the case was taken over: how much of its time was used, nobody here saw.
    pub fn took_over(&self, clock: &Clock) -> bool {
        let taken = self.imported.as_ref();
        taken.is_some_and(|it| clock.started < it.at)
    }
}

/// What has happened in a stage, as clocks see it. Whoever came to the last of these came to all.
fn marks(it: &Import<TextRef, Moment>) -> Vec<(ClockMark, Moment)> {
    use ClockMark as M;
    let mut all = vec![(M::Received, it.received)];
    if it.stage == ImportStage::Received {
        return all;
    }
    all.push((M::Screened, it.screened_at()));
    if it.stage == ImportStage::Screened {
        return all;
    }
    let assigned = it.assigned_at();
    all.push((M::Assigned, assigned));
    if it.signed {
        all.push((M::Signed, assigned));
    }
    match (&it.replied, &it.returned) {
        (Some(at), _) => all.push((M::Replied, *at)),
        (_, Some(returned)) => {
            all.push((M::Replied, returned.at));
            all.push((M::Returned, returned.at));
        }
        _ => {}
    }
    all
}

impl Turn<'_> {
    /// Starts the clocks that would run had everything happened here: each from its true moment, so that it is due when an equal case
    /// of this system is. What only somebody of this system can do (sign, say "not ours", send news) is counted from now on.
    pub(super) fn take_over(
        &mut self,
        it: &Import<TextRef, Moment>,
        event: &Event,
    ) -> Result<(), Why> {
        let marks = marks(it);
        let gone_out = self.had_gone_out(it);
        self.taking = Some(Taking {
            from: self.at,
            extended: it.extended.clone(),
            promised: it.promised.clone(),
        });
        for (place, (mark, at)) in marks.iter().enumerate() {
            let rules = self.plan().clocks.iter();
            let starts = rules.filter(|rule| rule.starts == *mark || again(rule.kind, *mark));
            let later = |stops: &[ClockMark]| {
                let mut later = marks.iter().skip(place + 1);
                later.any(|(mark, _)| stops.contains(mark))
            };
            let over = |kind: ClockKind| {
                gone_out && *mark != ClockMark::Returned && kind.later().is_some()
            };
            let runs = starts.filter(|rule| !later(&rule.stops) && !over(rule.kind));
            for kind in runs.map(|rule| rule.kind).collect::<Vec<_>>() {
                let from = match kind {
                    // Whether the citizen was told is not known; a reply has its own entry.
                    ClockKind::Acknowledge | ClockKind::Review | ClockKind::FirstReview => continue,
                    // An open part of what came back is part of doing it again, which has not begun yet.
                    ClockKind::CoReply if it.returned.is_some() => continue,
                    ClockKind::Sign | ClockKind::Object | ClockKind::Update => self.at,
                    _ => *at,
                };
                self.begun(kind, from, event)?;
            }
        }
        if let Some(returned) = &it.returned {
            self.since(returned.at);
            self.start_parts()?;
        }
        let waits = self.case()?.pauses.iter();
        let waits = waits.filter(|it| it.ended.is_none() && it.side == PauseSide::Citizen);
        let waits: Vec<(String, Moment)> = waits.map(|it| (it.reason.clone(), it.from)).collect();
        for (reason, from) in waits {
            self.since(from);
            self.start(ClockKind::Waiting, Some(reason))?;
        }
        self.taking = None;
        for promised in &it.promised {
            self.live(promised.clock)?;
        }
        self.extended_before(&it.extended)
    }

    fn live(&self, kind: ClockKind) -> Result<&Clock, Why> {
        let clock = self.case()?.clock(kind).filter(|clock| clock.is_live());
        clock.ok_or(Why::NoClock { clock: kind })
    }

    /// No longer is taken over as extended than the plan would have let anybody grant, each added where it is added. What was promised
    /// beyond it stands as promised.
    fn extended_before(&self, extended: &[ExtendedBefore]) -> Result<(), Why> {
        for (place, it) in extended.iter().enumerate() {
            let kind = it.clock;
            let rule = extension_rule(self.plan(), kind)?;
            let clock = self.live(kind)?;
            let before = extended.iter().take(place).filter(|it| it.clock == kind);
            let before: Vec<Span> = before.map(|it| it.span.clone()).collect();
            bounded(rule, clock, (&before, &before), &it.span, |term| {
                self.due_by(term, kind, &clock.dormant)
            })?;
        }
        Ok(())
    }

    /// Whether what came back had gone out before: the citizen was not satisfied, or it was opened again.
    fn had_gone_out(&self, it: &Import<TextRef, Moment>) -> bool {
        let redo = &self.plan().redo.grounds;
        let by_review = |ground: &String| redo.contains(ground) && ground != UNSATISFIED;
        let returned = it.returned.as_ref();
        returned.is_some_and(|it| !by_review(&it.ground))
    }

    /// What was replied elsewhere and waits for review: an entry of its own, as of then. Whoever wrote it is its author; nothing of it
    /// was reviewed.
    pub(super) fn replied_before(
        &mut self,
        ask: &mut Ask<'_>,
        reply: &RepliedBefore,
    ) -> Result<(), Why> {
        let case = self.case()?.clone();
        let Stage::Assigned(it) = case.stage() else {
            return Err(Why::Stage);
        };
        let events = Handling::from(it).reply(
            ask,
            &ReplyAsked {
                answers: &reply.answers,
                measures: &reply.measures,
                contacts: &reply.contacts,
                basis: &reply.basis,
                commitments: &reply.commitments,
                explained: reply.explained,
            },
        )?;
        let owner = case.team().map(|team| team.owner.clone());
        for mut event in events {
            if let Event::Replied { author, .. } = &mut event
                && let Some(wrote) = reply.author.clone().or_else(|| owner.clone())
            {
                *author = wrote;
            }
            self.taking = Some(Taking::at(reply.at));
            self.emit(event)?;
        }
        self.taking = None;
        Ok(())
    }

    fn begun(&mut self, kind: ClockKind, from: Moment, event: &Event) -> Result<(), Why> {
        self.since(from);
        self.start_if_fit(kind, event)
    }

    fn since(&mut self, from: Moment) {
        if let Some(taking) = &mut self.taking {
            taking.from = from;
        }
    }
}

/// A clock of a case that is to be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedClock {
    /// Which.
    pub clock: ClockKey,
    /// About what, where a case can have several at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Since when it has run.
    pub started: Moment,
    /// When it is due by the rule; while it waits, if it went on at the import.
    pub legal_due: Moment,
    /// What the citizen was promised.
    pub promised_due: Moment,
    /// It stands still, and its steps are laid out anew when it goes on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    /// It was due before the import: overdue from the first moment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// Steps that lie before the import, and are recorded as such without anybody being told.
    pub suppressed: Vec<StepKey>,
    /// What it will do if nobody acts, in order.
    pub ahead: Vec<Step>,
}

/// What taking over a case would bring (试算).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The plan that it would come under.
    pub plan: PlanId,
    /// Every clock that would run or wait, in the order in which they start.
    pub clocks: Vec<RehearsedClock>,
    /// When something happens first if nobody acts.
    pub next_alarm: Option<Moment>,
    /// How many posts and persons are told at once.
    pub told: usize,
}

/// What a command that takes over, or opens, a case would bring, changing nothing: when its clocks are due, which steps are past and
/// suppressed, which come next. It is decided as in earnest, so that what then happens is what was told.
///
/// # Errors
/// The [`Refusal`] that the command would meet.
///
/// ```
/// use duly::case::rehearse_import;
/// use duly::plan::{Plans, bare};
/// use duly::time::Moment;
/// use duly::words::{Actor, Command, Envelope, Role, Salt};
/// let mut plans = Plans::new("board".parse()?);
/// plans.take(bare("demo".parse()?))?;
/// let envelope = Envelope {
///     id: "k1".parse()?,
///     case: "m01".parse()?,
///     salt: Salt::new([7; 16]),
///     by: Actor::new("caihong".parse()?, Role::Intake),
///     at: Moment::parse("2026-03-16T09:00:00+08:00")?,
///     command: serde_json::from_str::<Command>(r#"{"import": {"place": "632521", "channel": "领导留言板", "external_id": "LY-7",
///         "message": "村道路灯坏了三个月", "from": "旧督办系统", "approved_by": "lishu",
///         "received": "2026-03-02T09:14:00+08:00", "stage": "received"}}"#)?,
/// };
/// let told = rehearse_import(&envelope, &plans).map_err(|e| e.to_string())?;
/// assert!(told.clocks.iter().all(|clock| clock.started == Moment::parse("2026-03-02T09:14:00+08:00").unwrap()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rehearse_import(envelope: &Envelope, plans: &Plans) -> Result<Rehearsal, Refusal> {
    let decision = decide(None, envelope, plans)?;
    let clocks = decision.case.clocks.iter().filter(|clock| clock.is_live());
    Ok(Rehearsal {
        plan: decision.case.plan.clone(),
        clocks: clocks.map(|clock| rehearsed(&decision, clock)).collect(),
        next_alarm: decision.case.next_alarm(),
        told: decision.outgoing.len(),
    })
}

fn rehearsed(decision: &Decision, clock: &Clock) -> RehearsedClock {
    let before = StepFate::Voided {
        why: CancelWhy::BeforeImport,
    };
    let suppressed = decision
        .records
        .iter()
        .filter_map(|record| match &record.event {
            Event::StepTaken {
                clock: of,
                step,
                fate,
                ..
            } if *of == clock.key && *fate == before => Some(step.clone()),
            _ => None,
        });
    RehearsedClock {
        clock: clock.key,
        about: clock.about.clone(),
        started: clock.started,
        legal_due: clock.schedule.legal_due,
        promised_due: clock.schedule.promised_due,
        waits: !clock.is_running(),
        overdue: clock.breached.is_some(),
        suppressed: suppressed.collect(),
        ahead: clock.schedule.steps.clone(),
    }
}
