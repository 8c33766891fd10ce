//! What may be asked of an obligation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::DutyEffectId;
use crate::time::Moment;
use crate::words::{
    Actor, Channel, CommandId, DutyCommandName, DutyId, DutyKind, PersonId, PlaceCode, Salt,
    SubjectId, Text, TextRef, UnitId,
};

/// A command to an obligation, with who sends it and when. The counterpart of [`Envelope`](crate::words::Envelope).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyEnvelope {
    /// The command's own identity; the same id is answered as the first time.
    pub id: CommandId,
    /// The obligation.
    pub duty: DutyId,
    /// Who.
    pub by: Actor,
    /// When, as the host says.
    pub at: Moment,
    /// 128 bits for the salts of the command's texts.
    pub salt: Salt,
    /// What.
    pub command: DutyCommand,
}

/// Everything that may be asked of an obligation. Which stage takes it, from whom: [`DutyCommandName`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DutyCommand {
    /// 下达: imposes it.
    Impose {
        /// What is owed.
        kind: DutyKind,
        /// On what.
        topic: Text,
        /// Which household or person, as the host numbers it; of a sweep or an inspection also which part of the place, if not all of it.
        /// It stands in the chained ledger as it is: no name, no number that anybody else can look up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<SubjectId>,
        /// For which place.
        place: PlaceCode,
        /// The post that owes it, as the pack names it; the rule's own, where it has one only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        post: Option<String>,
        /// The unit whose post it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitId>,
        /// The person who owes it, if one is named. Then nobody else can do it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// For which day, to its end; no later than by the rule, whose limit holds where nothing is said. What recurs has its days by the rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<NaiveDate>,
        /// Where it is to be published: some of the rule's channels; all of them where nothing is said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<Channel>,
        /// The day that it is about: the day of a digest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<NaiveDate>,
    },
    /// 交接: another person holds the post now, and owes it by the same moment.
    HandOver {
        /// Who.
        to: PersonId,
        /// Why.
        reason: Text,
    },
    /// 完成: it is done, by the word of whoever owes it; of what recurs, this round.
    Fulfil {
        /// Where a video was published.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Channel>,
        /// Where a video can be seen. Public, and in the chained ledger as it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
        /// What shows it: who was seen, when. Of a video, what else does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Text>,
        /// How many were seen, by a sweep or an inspection.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        covered: Option<u64>,
        /// Of how many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<u64>,
        /// What was found, of what recurs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Text>,
    },
    /// 认可: it answers what was asked.
    Accept {},
    /// 退回: it does not.
    SendBack {
        /// What is to be mended.
        mend: Text,
    },
    /// 阅知: it was read.
    Read {},
    /// 免除: it need not be done.
    Excuse {
        /// Why.
        reason: Text,
    },
    /// 附注: a note.
    Note {
        /// The note.
        text: Text,
    },
    /// 送达: an effect was delivered.
    Delivered {
        /// Which.
        effect: DutyEffectId,
    },
    /// 未送达: an effect could not be delivered.
    Undelivered {
        /// Which.
        effect: DutyEffectId,
        /// Why.
        why: Text,
    },
    /// 删除个人信息: erases private texts.
    Redact {
        /// Which.
        fields: Vec<TextRef>,
        /// The legal basis.
        basis: String,
    },
    /// 适用新日历: it goes on by the revision of its calendar that is in hand.
    AdoptCalendar {},
    /// 计时: time has passed.
    Tick {},
}

impl DutyCommand {
    /// Its name.
    pub const fn name(&self) -> DutyCommandName {
        match self {
            DutyCommand::Impose { .. } => DutyCommandName::Impose,
            DutyCommand::HandOver { .. } => DutyCommandName::HandOver,
            DutyCommand::Fulfil { .. } => DutyCommandName::Fulfil,
            DutyCommand::Accept {} => DutyCommandName::Accept,
            DutyCommand::SendBack { .. } => DutyCommandName::SendBack,
            DutyCommand::Read {} => DutyCommandName::Read,
            DutyCommand::Excuse { .. } => DutyCommandName::Excuse,
            DutyCommand::Note { .. } => DutyCommandName::Note,
            DutyCommand::Delivered { .. } => DutyCommandName::Delivered,
            DutyCommand::Undelivered { .. } => DutyCommandName::Undelivered,
            DutyCommand::Redact { .. } => DutyCommandName::Redact,
            DutyCommand::AdoptCalendar {} => DutyCommandName::AdoptCalendar,
            DutyCommand::Tick {} => DutyCommandName::Tick,
        }
    }
}
