//! What cases and obligations have in common at a desk, so that what a desk does is written once: both are chains of
//! records, with a state at their end that is decided on, commands that are answered once, and effects that go out.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::core::{Hands, Recent, Shadow};
use super::deliver::Leaving;
use super::observe::{Watch, Work};
use super::own::own_id;
use super::rows::{NumberRow, OutgoingRow, Shelf};
use super::{
    Answer, Broken, BrokenDuty, DeskError, Done, DutyAnswer, DutyDone, Flaw, Hash, Line,
    ShadowDifference, answer,
};
use crate::case::{self, Case};
use crate::duty::{
    self, Duty, DutyCommand, DutyEffectId, DutyEnvelope, DutyOutgoing, DutyRecord, DutyRefusal,
    DutyWhy,
};
use crate::plan::Plans;
use crate::time::Moment;
use crate::words::{
    Actor, BoardId, CaseId, Channel, Command, CommandId, DutyId, EffectId, Envelope, Event,
    ExternalId, Outgoing, PersonId, PlanId, Private, Record, Refusal, Role, Salt, Survivor,
    TextRef, Thing, Why,
};

/// What a command asks, of which chain, under which id, when.
pub(super) struct Asked<'a, K: Kind> {
    pub(super) id: &'a CommandId,
    pub(super) of: &'a K::Id,
    pub(super) at: Moment,
    /// The number of the message that it opens a case for.
    pub(super) number: Option<NumberRow>,
    /// Whether it begins a chain.
    pub(super) begins: bool,
}

/// What has to be known besides the chain itself before a command is decided.
#[derive(Default)]
pub(super) struct Wants<'a> {
    /// Plans that are to be in hand.
    pub(super) plans: Vec<&'a PlanId>,
    /// The case that it is to follow.
    pub(super) survivor: Option<&'a CaseId>,
    /// Texts that are to be erased: whether each is the chain's own.
    pub(super) own: &'a [TextRef],
}

/// What is known besides the chain itself.
#[derive(Default)]
pub(super) struct Beside {
    /// What is wrong with the case that it is to follow.
    pub(super) survivor: Option<Survivor>,
    /// The first text that is to be erased and was never its own, by its place in the list.
    pub(super) stranger: Option<u64>,
}

/// What a case says of others (并案).
pub(super) struct Ties<'a> {
    /// Which case says so.
    pub(super) own: &'a CaseId,
    /// The case that it follows; none, once it is closed.
    pub(super) follows: Option<&'a CaseId>,
    /// Those that follow it.
    pub(super) followers: Vec<&'a CaseId>,
}

/// What a command comes to.
pub(super) struct Decided<K: Kind> {
    pub(super) records: Vec<K::Record>,
    pub(super) private: Vec<Private>,
    pub(super) outgoing: Vec<K::Outgoing>,
    pub(super) state: K::State,
}

/// Cases, or obligations.
pub(super) trait Kind: Sized + Send + Sync + 'static {
    const SHELF: Shelf;
    type Id: Clone
        + Ord
        + fmt::Display
        + FromStr<Err: std::error::Error + Send + Sync + 'static>
        + Send
        + Sync;
    type State: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    type Record: Line<Of = Self::Id> + Clone + Send + Sync;
    type Envelope: Clone + Send + Sync;
    type Answer: Clone + Serialize + DeserializeOwned + Send + Sync;
    type Refusal: fmt::Display + std::error::Error + Send + Sync + 'static;
    type Outgoing: Leaving + DeserializeOwned + Send + Sync;

    /// What an observer is told that it is.
    const WORK: Work;
    /// The heads of this kind that are in hand.
    fn recent(hands: &Hands) -> &Recent<Self>;
    /// The name of what is asked.
    #[cfg(feature = "tracing")]
    fn name(envelope: &Self::Envelope) -> &'static str;
    fn tell(watch: &Watch, envelope: &Self::Envelope, answer: &Self::Answer);

    fn genesis(board: &BoardId, id: &Self::Id) -> Hash;
    fn broken(id: &Self::Id, version: u64, flaw: Flaw) -> DeskError;

    fn id(state: &Self::State) -> &Self::Id;
    fn version(state: &Self::State) -> u64;
    fn last_at(state: &Self::State) -> Moment;
    fn next_alarm(state: &Self::State) -> Option<Moment>;
    fn plan(state: &Self::State) -> &PlanId;
    /// What the records of a chain come to; or the version of the first that does not follow, and why.
    fn replay<'a>(
        board: &BoardId,
        records: impl Iterator<Item = &'a Self::Record>,
    ) -> Result<Option<Self::State>, (u64, String)>
    where
        Self::Record: 'a;

    fn decided_by(record: &Self::Record) -> &PlanId;
    /// What the chain says of others: the one that it follows, and those that follow it.
    fn ties(_: &Self::State) -> Option<Ties<'_>> {
        None
    }
    /// The plan that the chain comes under with this record.
    fn comes_under(record: &Self::Record) -> Option<&PlanId>;
    fn texts(record: &Self::Record) -> Vec<&TextRef>;
    fn erased(record: &Self::Record) -> &[TextRef];
    fn number(record: &Self::Record) -> Option<NumberRow>;

    fn asked(envelope: &Self::Envelope) -> Asked<'_, Self>;
    /// The same command at another moment.
    fn at(envelope: &Self::Envelope, at: Moment) -> Self::Envelope;
    /// The passing of time, as a command.
    fn tick(state: &Self::State, at: Moment) -> Result<Self::Envelope, DeskError>;
    /// The hash of what is asked: of whom, by whom, what. Neither its moment nor its salt is in it, since a repetition
    /// may carry others. The secret keeps whoever reads the ledger from guessing short texts in it.
    fn payload(envelope: &Self::Envelope, secret: &[u8]) -> Result<Hash, DeskError>;
    fn wants<'a>(state: Option<&'a Self::State>, envelope: &'a Self::Envelope) -> Wants<'a>;
    fn decide(
        state: Option<&Self::State>,
        envelope: &Self::Envelope,
        plans: &Plans,
        beside: Beside,
    ) -> Result<Decided<Self>, Self::Refusal>;
    /// What a command would come to under a plan on trial, beside what it came to; none of a kind that adopts no plan.
    fn weigh(
        _: &Shadow,
        _: &Arc<Plans>,
        _: Option<&Self::State>,
        _: &Self::Envelope,
        _: Result<&Decided<Self>, &Self::Refusal>,
    ) -> Option<ShadowDifference> {
        None
    }
    /// Whether a command was refused for what is the host's to mend, and says nothing about the command: also where its moment was not
    /// believed, which is no part of what is asked.
    fn is_the_hosts(refusal: &Self::Refusal) -> bool;

    fn done(state: &Self::State, from_version: u64, at: Moment) -> Self::Answer;
    fn refused(refusal: Self::Refusal) -> Self::Answer;
    /// The answer to a message that has its case already.
    fn known(case: Self::Id) -> Option<Self::Answer>;
    fn goes_out(outgoing: &Self::Outgoing) -> Result<OutgoingRow, DeskError>;
    /// Whose an effect is, by its name; none, where that is no name of an effect.
    fn whose(effect: &str) -> Option<Self::Id>;
}

/// 件: cases.
#[derive(Debug)]
pub(super) struct Cases;

/// 事项: obligations that are no cases.
#[derive(Debug)]
pub(super) struct Duties;

pub(super) fn system() -> Result<PersonId, DeskError> {
    "system".parse().map_err(DeskError::storage)
}

pub(super) fn number(channel: &Channel, external_id: &ExternalId) -> NumberRow {
    NumberRow {
        channel: channel.to_string(),
        external_id: external_id.to_string(),
    }
}

/// The number under which a sub-case comes in: its own id, by a channel of its own.
fn number_of_sub(case: &CaseId) -> Option<NumberRow> {
    let channel: Channel = case::SUB_CHANNEL.parse().ok()?;
    let external_id: ExternalId = case.as_str().parse().ok()?;
    Some(number(&channel, &external_id))
}

impl Kind for Cases {
    const SHELF: Shelf = Shelf::Cases;
    type Id = CaseId;
    type State = Case;
    type Record = Record;
    type Envelope = Envelope;
    type Answer = Answer;
    type Refusal = Refusal;
    type Outgoing = Outgoing;

    const WORK: Work = Work::Submit;
    fn recent(hands: &Hands) -> &Recent<Cases> {
        &hands.cases
    }
    #[cfg(feature = "tracing")]
    fn name(envelope: &Envelope) -> &'static str {
        envelope.command.name().name()
    }
    fn tell(watch: &Watch, envelope: &Envelope, answer: &Answer) {
        watch.submitted(envelope, answer);
    }
    fn genesis(board: &BoardId, id: &CaseId) -> Hash {
        Hash::genesis(board, id)
    }
    fn broken(id: &CaseId, version: u64, flaw: Flaw) -> DeskError {
        let case = id.clone();
        Broken {
            case,
            version,
            flaw,
        }
        .into()
    }
    fn id(case: &Case) -> &CaseId {
        case.id()
    }
    fn version(case: &Case) -> u64 {
        case.version()
    }
    fn last_at(case: &Case) -> Moment {
        case.last_at()
    }
    fn next_alarm(case: &Case) -> Option<Moment> {
        case.next_alarm()
    }
    fn plan(case: &Case) -> &PlanId {
        case.plan()
    }
    fn replay<'a>(
        _: &BoardId,
        records: impl Iterator<Item = &'a Record>,
    ) -> Result<Option<Case>, (u64, String)> {
        case::replay(records).map_err(|corrupt| (corrupt.version(), corrupt.to_string()))
    }
    fn ties(case: &Case) -> Option<Ties<'_>> {
        Some(Ties {
            own: case.id(),
            follows: case.follows().filter(|_| !case.is_closed()),
            followers: case.followers().keys().collect(),
        })
    }
    fn decided_by(record: &Record) -> &PlanId {
        &record.plan
    }
    fn comes_under(record: &Record) -> Option<&PlanId> {
        match &record.event {
            Event::Opened { .. } | Event::Imported { .. } => Some(&record.plan),
            Event::PlanAdopted { to, .. } => Some(to),
            _ => None,
        }
    }
    fn texts(record: &Record) -> Vec<&TextRef> {
        super::texts::texts(&record.event)
    }
    fn erased(record: &Record) -> &[TextRef] {
        match &record.event {
            Event::Redacted { fields, .. } => fields,
            _ => &[],
        }
    }
    fn number(record: &Record) -> Option<NumberRow> {
        match &record.event {
            Event::Opened {
                channel,
                external_id,
                ..
            } => Some(number(channel, external_id)),
            Event::Imported { case, .. } => Some(number(&case.channel, &case.external_id)),
            _ => None,
        }
    }
    fn asked(envelope: &Envelope) -> Asked<'_, Cases> {
        let number = match &envelope.command {
            Command::Open {
                channel,
                external_id,
                ..
            } => Some(number(channel, external_id)),
            Command::Import(it) => Some(number(&it.channel, &it.external_id)),
            Command::OpenSub(_) => number_of_sub(&envelope.case),
            _ => None,
        };
        Asked {
            id: &envelope.id,
            of: &envelope.case,
            at: envelope.at,
            begins: number.is_some(),
            number,
        }
    }
    fn at(envelope: &Envelope, at: Moment) -> Envelope {
        Envelope {
            at,
            ..envelope.clone()
        }
    }
    fn tick(case: &Case, at: Moment) -> Result<Envelope, DeskError> {
        let of = format!("{}/{}", case.id(), case.version());
        Ok(Envelope {
            id: own_id("tick", &of).map_err(DeskError::storage)?,
            case: case.id().clone(),
            by: Actor::new(system()?, Role::System),
            at: at.max(case.last_at()),
            salt: Salt::new([0; 16]),
            command: Command::Tick {},
        })
    }
    fn payload(envelope: &Envelope, secret: &[u8]) -> Result<Hash, DeskError> {
        answer::payload(&(&envelope.case, &envelope.by, &envelope.command), secret)
    }
    fn wants<'a>(case: Option<&'a Case>, envelope: &'a Envelope) -> Wants<'a> {
        let Some(case) = case else {
            return Wants::default();
        };
        let mut wants = Wants {
            plans: vec![case.plan()],
            ..Wants::default()
        };
        match &envelope.command {
            Command::AdoptPlan { plan, .. } => wants.plans.push(plan),
            Command::Merge { into } if into != case.id() => wants.survivor = Some(into),
            Command::Redact { fields, .. } => wants.own = fields,
            _ => {}
        }
        wants
    }
    fn decide(
        case: Option<&Case>,
        envelope: &Envelope,
        plans: &Plans,
        beside: Beside,
    ) -> Result<Decided<Cases>, Refusal> {
        let decision = case::decide(case, envelope, plans)?;
        let why = match (&envelope.command, beside) {
            (
                Command::Merge { into },
                Beside {
                    survivor: Some(is), ..
                },
            ) => {
                let into = into.clone();
                Why::Survivor { into, is }
            }
            (
                _,
                Beside {
                    stranger: Some(number),
                    ..
                },
            ) => {
                let what = Thing::Text;
                Why::NoSuch { what, number }
            }
            _ => {
                return Ok(Decided {
                    records: decision.records,
                    private: decision.private,
                    outgoing: decision.outgoing,
                    state: decision.case,
                });
            }
        };
        Err(Refusal {
            command: envelope.command.name(),
            case: envelope.case.clone(),
            stage: case.map(Case::stage_name),
            why: Box::new(why),
            accepted: Vec::new(),
            zone: None,
        })
    }
    fn weigh(
        shadow: &Shadow,
        plans: &Arc<Plans>,
        case: Option<&Case>,
        envelope: &Envelope,
        came: Result<&Decided<Cases>, &Refusal>,
    ) -> Option<ShadowDifference> {
        shadow.weigh(plans, case, envelope, came)
    }
    fn is_the_hosts(refusal: &Refusal) -> bool {
        refusal.why.is_the_hosts()
    }
    fn done(case: &Case, from_version: u64, at: Moment) -> Answer {
        Answer::Done(Done {
            case: case.id().clone(),
            stage: case.stage_name(),
            from_version,
            to_version: case.version(),
            at,
            next_alarm: case.next_alarm(),
        })
    }
    fn refused(refusal: Refusal) -> Answer {
        Answer::Refused(refusal)
    }
    fn known(case: CaseId) -> Option<Answer> {
        Some(Answer::Known { case })
    }
    fn goes_out(outgoing: &Outgoing) -> Result<OutgoingRow, DeskError> {
        Ok(OutgoingRow {
            effect: outgoing.id.to_string(),
            link: outgoing.is_link(),
            outgoing: answer::json(outgoing)?,
        })
    }
    fn whose(effect: &str) -> Option<CaseId> {
        let id = EffectId::try_from(effect.to_owned());
        id.ok().map(|id| id.case)
    }
}

impl Kind for Duties {
    const SHELF: Shelf = Shelf::Duties;
    type Id = DutyId;
    type State = Duty;
    type Record = DutyRecord;
    type Envelope = DutyEnvelope;
    type Answer = DutyAnswer;
    type Refusal = DutyRefusal;
    type Outgoing = DutyOutgoing;

    const WORK: Work = Work::SubmitDuty;
    fn recent(hands: &Hands) -> &Recent<Duties> {
        &hands.duties
    }
    #[cfg(feature = "tracing")]
    fn name(envelope: &DutyEnvelope) -> &'static str {
        envelope.command.name().name()
    }
    fn tell(watch: &Watch, envelope: &DutyEnvelope, answer: &DutyAnswer) {
        watch.submitted_duty(envelope, answer);
    }
    fn genesis(board: &BoardId, id: &DutyId) -> Hash {
        Hash::genesis_of_duty(board, id)
    }
    fn broken(id: &DutyId, version: u64, flaw: Flaw) -> DeskError {
        let duty = id.clone();
        BrokenDuty {
            duty,
            version,
            flaw,
        }
        .into()
    }
    fn id(duty: &Duty) -> &DutyId {
        duty.id()
    }
    fn version(duty: &Duty) -> u64 {
        duty.version()
    }
    fn last_at(duty: &Duty) -> Moment {
        duty.last_at()
    }
    fn next_alarm(duty: &Duty) -> Option<Moment> {
        duty.next_alarm()
    }
    fn plan(duty: &Duty) -> &PlanId {
        duty.plan()
    }
    fn replay<'a>(
        board: &BoardId,
        mut records: impl Iterator<Item = &'a DutyRecord>,
    ) -> Result<Option<Duty>, (u64, String)> {
        records
            .try_fold(None, |duty, record| {
                duty::evolve(board, duty, record).map(Some)
            })
            .map_err(|corrupt| (corrupt.version, corrupt.to_string()))
    }
    fn decided_by(record: &DutyRecord) -> &PlanId {
        &record.plan
    }
    fn comes_under(record: &DutyRecord) -> Option<&PlanId> {
        (record.version == 1).then_some(&record.plan)
    }
    fn texts(record: &DutyRecord) -> Vec<&TextRef> {
        duty::texts(&record.event)
    }
    fn erased(record: &DutyRecord) -> &[TextRef] {
        match &record.event {
            duty::DutyEvent::Redacted { fields, .. } => fields,
            _ => &[],
        }
    }
    fn number(_: &DutyRecord) -> Option<NumberRow> {
        None
    }
    fn asked(envelope: &DutyEnvelope) -> Asked<'_, Duties> {
        Asked {
            id: &envelope.id,
            of: &envelope.duty,
            at: envelope.at,
            number: None,
            begins: matches!(envelope.command, DutyCommand::Impose { .. }),
        }
    }
    fn at(envelope: &DutyEnvelope, at: Moment) -> DutyEnvelope {
        DutyEnvelope {
            at,
            ..envelope.clone()
        }
    }
    fn tick(duty: &Duty, at: Moment) -> Result<DutyEnvelope, DeskError> {
        Ok(DutyEnvelope {
            // It leaves no trace but what it brings, so its id need not be its own.
            id: "tick".parse().map_err(DeskError::storage)?,
            duty: duty.id().clone(),
            by: Actor::new(system()?, Role::System),
            at: at.max(duty.last_at()),
            salt: Salt::new([0; 16]),
            command: DutyCommand::Tick {},
        })
    }
    fn payload(envelope: &DutyEnvelope, secret: &[u8]) -> Result<Hash, DeskError> {
        answer::payload(&(&envelope.duty, &envelope.by, &envelope.command), secret)
    }
    fn wants<'a>(duty: Option<&'a Duty>, envelope: &'a DutyEnvelope) -> Wants<'a> {
        let Some(duty) = duty else {
            return Wants::default();
        };
        Wants {
            plans: vec![duty.plan()],
            survivor: None,
            own: match &envelope.command {
                DutyCommand::Redact { fields, .. } => fields,
                _ => &[],
            },
        }
    }
    fn decide(
        duty: Option<&Duty>,
        envelope: &DutyEnvelope,
        plans: &Plans,
        beside: Beside,
    ) -> Result<Decided<Duties>, DutyRefusal> {
        let decision = duty::decide(duty, envelope, plans)?;
        match beside.stranger {
            Some(number) => Err(DutyRefusal {
                command: envelope.command.name(),
                duty: envelope.duty.clone(),
                kind: Some(decision.duty.kind()),
                stage: Some(decision.duty.stage()),
                why: Box::new(DutyWhy::NoText { number }),
                accepted: Vec::new(),
                zone: None,
            }),
            None => Ok(Decided {
                records: decision.records,
                private: decision.private,
                outgoing: decision.outgoing,
                state: decision.duty,
            }),
        }
    }
    fn is_the_hosts(refusal: &DutyRefusal) -> bool {
        matches!(
            *refusal.why,
            DutyWhy::NoPlan { .. }
                | DutyWhy::NotInForce
                | DutyWhy::NoRule { .. }
                | DutyWhy::TooFar { .. }
        )
    }
    fn done(duty: &Duty, from_version: u64, at: Moment) -> DutyAnswer {
        DutyAnswer::Done(DutyDone {
            duty: duty.id().clone(),
            stage: duty.stage(),
            from_version,
            to_version: duty.version(),
            at,
            due: duty.due(),
            next_alarm: duty.next_alarm(),
        })
    }
    fn refused(refusal: DutyRefusal) -> DutyAnswer {
        DutyAnswer::Refused(refusal)
    }
    fn known(_: DutyId) -> Option<DutyAnswer> {
        None
    }
    fn goes_out(outgoing: &DutyOutgoing) -> Result<OutgoingRow, DeskError> {
        Ok(OutgoingRow {
            effect: outgoing.id.to_string(),
            link: false,
            outgoing: answer::json(outgoing)?,
        })
    }
    fn whose(effect: &str) -> Option<DutyId> {
        let id = DutyEffectId::try_from(effect.to_owned());
        id.ok().map(|id| id.duty)
    }
}
