//! Everything that can have happened to an obligation. Events carry schedules and the ids of rules, so that replay asks neither
//! rules nor calendars.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Covered, DutyEffectId, Round};
use crate::time::{Moment, Pauses, Term};
use crate::words::{
    Addressee, By, Channel, CommandId, DutyId, DutyKind, PersonId, PlanId, RuleId, Schedule, Step,
    StepFate, StepKey, SubjectId, TextRef, Verdict,
};

/// One line of an obligation's ledger. This is what its hash chain runs over. There is no private text in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRecord {
    /// The obligation.
    pub duty: DutyId,
    /// 1 for the first event, then one more each time.
    pub version: u64,
    /// When it took effect. For what time itself brought about, the scheduled moment, whenever it was noticed.
    pub at: Moment,
    /// Who did it; nobody, where time did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The plan that decided.
    pub plan: PlanId,
    /// The command that asked for it; none where time brought it about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// What happened.
    pub event: DutyEvent,
}

/// What happened. Names are in the past; each variant names the command that brings it about, if any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DutyEvent {
    /// 下达 (Impose).
    Imposed {
        /// What is owed.
        kind: DutyKind,
        /// On what.
        topic: TextRef,
        /// Which household or person, or part of the place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<SubjectId>,
        /// By whom.
        owed: Addressee,
        /// Where it may be published; anywhere, if none is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<Channel>,
        /// The day that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<NaiveDate>,
        /// The day that was named instead of the rule's limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dated: Option<NaiveDate>,
        /// The rule.
        rule: RuleId,
        /// What is counted.
        term: Term,
        /// What comes if nobody acts.
        schedule: Schedule,
        /// The first round, of what recurs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<Round>,
    },
    /// 交接 (HandOver).
    HandedOver {
        /// To whom.
        to: PersonId,
        /// Why.
        reason: TextRef,
    },
    /// 完成 (Fulfil): it waits for somebody else's word, and time stands still meanwhile.
    Fulfilled {
        /// Where it was published.
        channel: Channel,
        /// Where it can be seen.
        link: String,
        /// What else shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<TextRef>,
        /// In time or late, if it is accepted.
        verdict: Verdict,
        /// When supervision is reminded that it waits.
        next: Vec<Step>,
    },
    /// 本期完成 (Fulfil, of what recurs): the round is done, and it rests until the next one begins. What was still to come of earlier
    /// rounds does not come.
    RoundDone {
        /// Which round.
        round: u32,
        /// What shows it.
        evidence: TextRef,
        /// What it covered, of a kind that says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        coverage: Option<Covered>,
        /// What was found.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<TextRef>,
        /// In time or late.
        verdict: Verdict,
    },
    /// 漏期: the round was over and it had not been done, by time alone. Nothing takes it back. Its rungs still come.
    RoundMissed {
        /// Which round.
        round: u32,
    },
    /// 下期开始: the next round is owed, by time alone.
    RoundBegan {
        /// The round.
        round: Round,
        /// What is counted until it is due.
        term: Term,
        /// What comes of it if nobody acts.
        schedule: Schedule,
    },
    /// 认可 (Accept): the verdict of the fulfilment holds.
    Accepted {
        /// In time or late.
        verdict: Verdict,
    },
    /// 退回 (SendBack): it is owed still, and what time it took to say so does not count.
    SentBack {
        /// What is to be mended.
        mend: TextRef,
        /// The stretches that do not count.
        pauses: Pauses,
        /// What comes if nobody acts.
        schedule: Schedule,
        /// What is counted from now on, where a calendar that was revised meanwhile has another term count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<Term>,
    },
    /// 阅知 (Read).
    Read {
        /// In time or late.
        verdict: Verdict,
    },
    /// 免除 (Excuse).
    Excused {
        /// Why.
        reason: TextRef,
    },
    /// 附注 (Note).
    Noted {
        /// The note.
        text: TextRef,
    },
    /// 送达 (Delivered).
    Delivered {
        /// Which effect.
        effect: DutyEffectId,
    },
    /// 未送达 (Undelivered).
    Undelivered {
        /// Which effect.
        effect: DutyEffectId,
        /// Why.
        why: TextRef,
    },
    /// 删除个人信息 (Redact).
    Redacted {
        /// Which.
        fields: Vec<TextRef>,
        /// The legal basis.
        basis: String,
    },
    /// 适用新日历 (AdoptCalendar): the holidays were published or changed, and what is owed follows. Nobody is late at once by it.
    CalendarAdopted {
        /// What is counted until it is due.
        term: Term,
        /// What comes if nobody acts.
        schedule: Schedule,
        /// The round that it stands in, of what recurs, by the revised calendar.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<Round>,
    },
    /// A scheduled step came, at its moment.
    StepTaken {
        /// Of which round, of what recurs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<u32>,
        /// Which step.
        step: StepKey,
        /// What became of it.
        fate: StepFate,
        /// The moment that its rule gives, where it came later than that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deferred_from: Option<Moment>,
        /// The rung's title, where it has one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
        /// Steps that follow from it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        next: Vec<Step>,
    },
}
