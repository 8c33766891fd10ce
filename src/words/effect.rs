//! What the outside world must be told. Effects follow from events alone, are delivered at least once through the
//! outbox, and keep the same id each time. The host resolves roles to people and sends.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CaseId, ClockKey, Link, PersonId, PlaceCode, Role, TextRef, UnitId, Verb};
use crate::time::Moment;

/// An effect's identity: the case, the version of the event it follows from, and its place among that event's
/// effects. Written `case/version/index`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EffectId {
    /// The case.
    pub case: CaseId,
    /// The event's version.
    pub version: u64,
    /// From 0.
    pub index: u32,
}

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.case, self.version, self.index)
    }
}

impl From<EffectId> for String {
    fn from(id: EffectId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for EffectId {
    type Error = String;
    fn try_from(given: String) -> Result<EffectId, String> {
        let bad = || {
            format!("an effect is written `case/version/index`, as in `m01/7/0`: `{given}` is not")
        };
        let mut parts = given.rsplitn(3, '/');
        let (index, version, case) = (parts.next(), parts.next(), parts.next());
        Ok(EffectId {
            case: case.ok_or_else(bad)?.parse().map_err(|_| bad())?,
            version: version.and_then(|v| v.parse().ok()).ok_or_else(bad)?,
            index: index.and_then(|i| i.parse().ok()).ok_or_else(bad)?,
        })
    }
}

/// To whom a notice goes: a post of the pack, or a person. The host's directory knows who holds a post today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Addressee {
    /// The post, as the pack names it: `owner`, `unit_head`, `ducha`.
    pub post: String,
    /// The role that the post is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The place it is for.
    pub place: PlaceCode,
    /// The unit it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The person, where the case names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// What the citizen is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// The message was received.
    Received,
    /// Something is asked of the citizen.
    Question {
        /// What.
        text: TextRef,
    },
    /// Who has it, and until when an answer is due.
    Assigned {
        /// The unit.
        unit: UnitId,
        /// The promised moment.
        due: Option<Moment>,
    },
    /// How far it is.
    Progress {
        /// The words.
        text: TextRef,
    },
    /// It takes longer: why, and until when.
    Extended {
        /// The words.
        text: TextRef,
        /// The promised moment now.
        due: Option<Moment>,
    },
    /// The answer, matter by matter.
    Answer {
        /// The words, in the order of the matters.
        texts: Vec<TextRef>,
    },
    /// It is not for this board; where to go.
    Declined {
        /// The words.
        text: TextRef,
    },
    /// It is handled with another case.
    Merged {
        /// Which.
        into: CaseId,
    },
    /// It is not handled with that other case any more, but by itself.
    Unmerged {
        /// Which other case.
        from: CaseId,
    },
    /// The answer was taken back: it is done again, and another answer comes.
    Retracted,
    /// It was struck off.
    StruckOff,
    /// It was opened again.
    Reopened,
    /// The withdrawal was recorded.
    Withdrawn,
    /// What a rule of the pack has the citizen told, in the pack's own words.
    Notice {
        /// The words.
        words: String,
    },
}

/// What an officer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A case was assigned to you.
    Assigned,
    /// A unit says it is not theirs; rule.
    Objected,
    /// A reply waits for review.
    ToReview,
    /// A reply came back.
    Returned,
    /// A co-handler's part is there.
    PartReplied,
    /// A sub-case did not begin, was not accepted, or is open again: without it there is no answer.
    PartBack {
        /// Which.
        sub: CaseId,
    },
    /// A sub-case has something to ask of the citizen, whom only the main case can reach.
    PartQuestion {
        /// Which.
        sub: CaseId,
        /// What it asks.
        text: TextRef,
    },
    /// To an office of another jurisdiction: a part is asked of it.
    PartAsked {
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Moment>,
    },
    /// A part that you have is not needed any more.
    CalledOff,
    /// The signal that opened the case came again: look at what it says now.
    SignalAgain {
        /// For what time.
        number: u32,
    },
    /// A leader directed.
    Directed,
    /// A rung of a ladder.
    Rung {
        /// Of which clock.
        clock: ClockKey,
        /// What is done.
        verb: Verb,
        /// The rung's title.
        title: String,
    },
    /// The spine's own notice: the clock is overdue.
    Overdue {
        /// Of which clock.
        clock: ClockKey,
        /// The how-manieth.
        occurrence: u32,
    },
    /// A granted extension does not count: the citizen had no notice of it when the limit passed.
    ExtensionLapsed {
        /// Which clock.
        clock: super::ClockKind,
    },
    /// An entry was recorded late, and what clocks made of it was set right.
    Corrected {
        /// The version of the entry.
        entry: u64,
    },
    /// 来不及: less time is left than the steps still to come take at the least, and there is no reply.
    Infeasible {
        /// Of which clock.
        clock: ClockKey,
    },
    /// Something happened of which a rule of the pack has somebody told.
    Informed {
        /// Its title.
        title: String,
        /// The pack's words, if it has any.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// A count of the case was reached.
    Count {
        /// Which: `returns`, …
        count: String,
        /// How many.
        number: u32,
        /// What is done.
        verb: Verb,
    },
}

/// What must happen outside the case. The set is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// 告知: tells the citizen of the case.
    Tell {
        /// The citizen, where known by name.
        citizen: Option<PersonId>,
        /// What.
        what: Telling,
    },
    /// 公布: publishes the reviewed answer on the board.
    Publish {
        /// The words, in the order of the matters.
        texts: Vec<TextRef>,
    },
    /// 撤下: takes a published answer down, since it was sent back.
    Retract,
    /// 通知: tells an officer or an office.
    Notify {
        /// Whom.
        to: Addressee,
        /// What.
        what: Notice,
    },
    /// 删除: erases private texts.
    Erase {
        /// Which.
        fields: Vec<TextRef>,
    },
    /// 件间联系: tells another case of the board. It lies in the outbox of the ledger like any other effect; the desk itself delivers
    /// it, and [`Desk::outbox`](crate::desk::Desk::outbox) does not show it.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Link {
        /// The other case.
        to: CaseId,
        /// What it is told.
        what: Link,
    },
}

/// An effect on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outgoing {
    /// Its identity: deliver each id once.
    pub id: EffectId,
    /// When it came about.
    pub at: Moment,
    /// What.
    pub effect: Effect,
}

impl Telling {
    /// The private texts that the citizen is to read, in order.
    pub fn texts(&self) -> &[TextRef] {
        match self {
            Telling::Question { text }
            | Telling::Progress { text }
            | Telling::Extended { text, .. }
            | Telling::Declined { text } => std::slice::from_ref(text),
            Telling::Answer { texts } => texts,
            Telling::Received
            | Telling::Assigned { .. }
            | Telling::Merged { .. }
            | Telling::Unmerged { .. }
            | Telling::Retracted
            | Telling::StruckOff
            | Telling::Reopened
            | Telling::Withdrawn
            | Telling::Notice { .. } => &[],
        }
    }
}

impl Effect {
    /// The private texts that go out with it, in order. What is to be erased does not go out.
    pub fn texts(&self) -> &[TextRef] {
        match self {
            Effect::Tell { what, .. } => what.texts(),
            Effect::Publish { texts } => texts,
            Effect::Notify {
                what: Notice::PartQuestion { text, .. },
                ..
            } => std::slice::from_ref(text),
            Effect::Retract
            | Effect::Notify { .. }
            | Effect::Erase { .. }
            | Effect::Link { .. } => &[],
        }
    }
}

impl Outgoing {
    /// Whether it goes to another case of the board, and not outside.
    pub const fn is_link(&self) -> bool {
        matches!(self.effect, Effect::Link { .. })
    }
}
