//! What is taken over with a case that another system had until now (接续登记). Nobody here saw any of it happen: it is what that
//! system says, kept as such, and the case knows where the seen part begins.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::term::term;
use super::{
    Answer, Channel, Class, ClockKind, Contact, ExternalId, Facts, Measure, NewCommitment, NewPart,
    Origin, PauseSide, PersonId, PlaceCode, Text, UnitId,
};
use crate::time::{Moment, Span};

term! {
    /// Where a case stands that is taken over.
    ///
    /// Two stages are missing on purpose. An answer that the other system has published comes in as `replied`: nothing stands
    /// published, and nothing is struck off, that nobody here has reviewed. A case that was closed there is history and is not taken
    /// over; if it is to be done again it comes in as `returned`.
    ImportStage {
        /// 待受理: received, and not screened yet.
        Received = "received", "待受理";
        /// 已受理待交办: screened, and nobody has it yet.
        Screened = "screened", "已受理待交办";
        /// 已交办: a unit and a named owner have it.
        Assigned = "assigned", "已交办";
        /// 已答复待审: replied; a reviewer here is to look at it.
        Replied = "replied", "已答复待审";
        /// 退回重办: sent back, or opened again, and to be done again.
        Returned = "returned", "退回重办";
    }
}

/// A case already under way in another system (在办件). `T` is a text in a command and a reference in an event; `R` the reply in a
/// command, and its moment in an event, where the reply has an entry of its own.
///
/// ```
/// use duly::words::{ImportAsked, ImportStage};
/// let asked: ImportAsked = serde_json::from_str(r#"{"place": "632521", "channel": "领导留言板", "external_id": "LY-7",
///     "message": "村道路灯坏了三个月", "from": "旧督办系统", "approved_by": "lishu",
///     "received": "2026-03-02T09:14:00+08:00", "stage": "assigned", "class": "problem", "facts": {"urgent": false},
///     "unit": "共和县住建局", "owner": "wanggang", "assigned": "2026-03-02T10:05:00+08:00",
///     "promised": [{"clock": "reply", "due": "2026-03-20T18:00:00+08:00"}],
///     "history": [{"at": "2026-03-05T15:00:00+08:00", "text": "已现场查看"}]}"#)?;
/// assert_eq!((asked.stage, asked.history.len()), (ImportStage::Assigned, 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import<T, R> {
    /// The place it is about, by code.
    pub place: PlaceCode,
    /// Where the message came in.
    pub channel: Channel,
    /// Its number there.
    pub external_id: ExternalId,
    /// What was written.
    pub message: T,
    /// How to reach the citizen; private.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub contact: Option<T>,
    /// The citizen, as the host's directory names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizen: Option<PersonId>,
    /// A citizen's message, or opinion without one.
    #[serde(default)]
    pub origin: Origin,
    /// The facts that are known of it: the citizen's and the host's, and past screening the intake officer's.
    #[serde(default)]
    pub facts: Facts,
    /// The matters in it, in order, where there are several.
    #[serde(default = "empty", skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<T>,
    /// The system that had it until now (原系统).
    pub from: String,
    /// Who answers for taking it over as it is described here: not whoever enters it, nor anyone who handles it.
    pub approved_by: PersonId,
    /// When the message was received.
    pub received: Moment,
    /// Where it stands.
    pub stage: ImportStage,
    /// Its class, once screened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// When it was screened; when it was received, if nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screened: Option<Moment>,
    /// The lead unit (主办单位).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The named owner there (承办责任人).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// Co-handlers whose part is still open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_handlers: Vec<NewPart>,
    /// Everybody else who has handled it: none of them reviews it. In an event whoever wrote the reply is among them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub handlers: BTreeSet<PersonId>,
    /// When it was assigned; when it was screened, if nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Moment>,
    /// The owner has signed for it. Else the time to sign, and to say "not ours", is counted from the import: nobody could do
    /// either here before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
    /// The reply that waits for review.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub replied: Option<R>,
    /// How it came back to be done again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnedBefore>,
    /// How often it was sent back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returns: u32,
    /// How often it was opened again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reopens: u32,
    /// The extensions that were granted, one after another, of clocks that run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended: Vec<ExtendedBefore>,
    /// The stretches during which clocks stood still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<PausedBefore>,
    /// What the citizen was promised, of clocks that run, and of each once. It stands, earlier or later than what the plan gives: a
    /// promise is never moved silently.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promised: Vec<PromisedBefore>,
    /// What the other system says happened. Kept and shown, never interpreted.
    #[serde(default = "empty", skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<ToldBefore<T>>,
}

/// A case taken over, as it is asked for.
pub type ImportAsked = Import<Text, RepliedBefore>;

/// A reply that was given before a case was taken over. Its fields are those of [`Command::Reply`](super::Command::Reply).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepliedBefore {
    /// When it was given.
    pub at: Moment,
    /// Who wrote it; the owner, if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonId>,
    /// An answer for every matter.
    pub answers: Vec<Answer>,
    /// What is done, by whom, until when.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// Contacts with the citizen.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// The legal basis.
    #[serde(default)]
    pub basis: Vec<String>,
    /// The promises made; marks B and C need one.
    #[serde(default)]
    pub commitments: Vec<NewCommitment>,
    /// It says that it lawfully cannot be done.
    #[serde(default)]
    pub explained: bool,
}

/// How a case came back before it was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnedBefore {
    /// When.
    pub at: Moment,
    /// One of the pack's grounds for a return or for reopening.
    pub ground: String,
}

/// An extension that was granted before a case was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendedBefore {
    /// Of which clock.
    pub clock: ClockKind,
    /// By how much.
    pub span: Span,
}

/// A stretch during which clocks stood still, before a case was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PausedBefore {
    /// One of the pack's reasons.
    pub reason: String,
    /// Since when.
    pub from: Moment,
    /// Until when; it still lasts, if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// The same as the plan has it: whose time it is, and when it ends at the latest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodStill {
    /// One of the pack's reasons.
    pub reason: String,
    /// Whose time it is.
    pub side: PauseSide,
    /// Since when.
    pub from: Moment,
    /// When it ends at the latest.
    pub until: Moment,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
    /// The only clocks that wait; all that heed whose time it is, if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<ClockKind>,
}

/// What the citizen was promised before a case was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromisedBefore {
    /// Of which clock.
    pub clock: ClockKind,
    /// Until when.
    pub due: Moment,
}

/// One line of what the other system says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldBefore<T> {
    /// When it happened, as that system has it.
    pub at: Moment,
    /// Its words.
    pub text: T,
}

impl<T, R> Import<T, R> {
    /// Its texts: the message, the contact, the matters, the history.
    pub fn texts(&self) -> Vec<&T> {
        // Every field has its name, so that a new text cannot be forgotten. A reply has an entry of its own.
        let Import {
            message,
            contact,
            matters,
            history,
            place: _,
            channel: _,
            external_id: _,
            citizen: _,
            origin: _,
            facts: _,
            from: _,
            approved_by: _,
            received: _,
            stage: _,
            class: _,
            screened: _,
            unit: _,
            owner: _,
            co_handlers: _,
            handlers: _,
            assigned: _,
            signed: _,
            replied: _,
            returned: _,
            returns: _,
            reopens: _,
            extended: _,
            pauses: _,
            promised: _,
        } = self;
        let history = history.iter().map(|line| &line.text);
        std::iter::once(message)
            .chain(contact)
            .chain(matters)
            .chain(history)
            .collect()
    }
    /// When it was screened, as far as that is known.
    pub fn screened_at(&self) -> Moment {
        self.screened.unwrap_or(self.received)
    }
    /// When it was assigned, as far as that is known.
    pub fn assigned_at(&self) -> Moment {
        self.assigned.unwrap_or_else(|| self.screened_at())
    }
    /// The same with other texts, and another reply.
    ///
    /// # Errors
    /// The first that `each` gives.
    pub fn try_map<U, S, E>(
        &self,
        replied: Option<S>,
        mut each: impl FnMut(&'static str, &T) -> Result<U, E>,
    ) -> Result<Import<U, S>, E> {
        let contact = self.contact.as_ref();
        Ok(Import {
            place: self.place.clone(),
            channel: self.channel.clone(),
            external_id: self.external_id.clone(),
            message: each("message", &self.message)?,
            contact: contact.map(|text| each("contact", text)).transpose()?,
            citizen: self.citizen.clone(),
            origin: self.origin,
            facts: self.facts.clone(),
            matters: self
                .matters
                .iter()
                .map(|text| each("matter", text))
                .collect::<Result<_, E>>()?,
            from: self.from.clone(),
            approved_by: self.approved_by.clone(),
            received: self.received,
            stage: self.stage,
            class: self.class,
            screened: self.screened,
            unit: self.unit.clone(),
            owner: self.owner.clone(),
            co_handlers: self.co_handlers.clone(),
            handlers: self.handlers.clone(),
            assigned: self.assigned,
            signed: self.signed,
            replied,
            returned: self.returned.clone(),
            returns: self.returns,
            reopens: self.reopens,
            extended: self.extended.clone(),
            pauses: self.pauses.clone(),
            promised: self.promised.clone(),
            history: self
                .history
                .iter()
                .map(|line| {
                    Ok(ToldBefore {
                        at: line.at,
                        text: each("history", &line.text)?,
                    })
                })
                .collect::<Result<_, E>>()?,
        })
    }
}

fn none<T>() -> Option<T> {
    None
}
fn empty<T>() -> Vec<T> {
    Vec::new()
}
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}
