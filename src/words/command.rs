//! Everything that may be asked of a case. In JSON a command is one object with one key, as in
//! `{"sign": {}}` or `{"reply": {"answers": [...]}}`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Actor, CaseId, Channel, Class, ClockKind, CommandId, DeclineGround, EffectId, ExternalId,
    FactName, FactValue, Facts, ImportAsked, Level, Mark, NewSub, News, OffWhy, Outcome, PersonId,
    PlaceCode, PlanId, Rating, Salt, Scores, SignalOf, SubAsked, SubKey, Text, TextRef, UnitId,
    UnmergeWhy,
};
use crate::time::{Moment, Span};

/// A command with everything around it: who, when, for which case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The command's own id: sent twice, it is answered as the first time.
    pub id: CommandId,
    /// The case.
    pub case: CaseId,
    /// Who asks.
    pub by: Actor,
    /// When. Nothing in the library reads a clock.
    pub at: Moment,
    /// For the texts in it.
    pub salt: Salt,
    /// What is asked.
    pub command: Command,
}

/// Where a case comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A citizen's message (网民留言).
    #[default]
    Message,
    /// Online opinion without a citizen to answer (网络舆情); the third gate is then passed by recheck.
    Opinion,
    /// A part of another case, which alone answers the citizen (子件); passed by recheck as well.
    Part,
    /// A signal that a rule of the pack heeds (预警); passed by recheck as well.
    Signal,
}

impl Origin {
    /// Every origin, in order.
    pub const ALL: &'static [Origin] = &[
        Origin::Message,
        Origin::Opinion,
        Origin::Part,
        Origin::Signal,
    ];
    /// Whether a citizen waits for the answer.
    ///
    /// ```
    /// use duly::words::Origin;
    /// assert!(Origin::Message.has_citizen() && !Origin::Part.has_citizen());
    /// ```
    pub const fn has_citizen(self) -> bool {
        matches!(self, Origin::Message)
    }
    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Origin::Message => "message",
            Origin::Opinion => "opinion",
            Origin::Part => "part",
            Origin::Signal => "signal",
        }
    }
    /// The Chinese term.
    pub const fn zh(self) -> &'static str {
        match self {
            Origin::Message => "留言",
            Origin::Opinion => "舆情",
            Origin::Part => "子件",
            Origin::Signal => "预警",
        }
    }
}

/// A unit that handles a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// The unit.
    pub unit: UnitId,
    /// The named person there.
    pub owner: PersonId,
}

/// What a reply says on one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The matter's number in the list, from 1.
    #[serde(default = "first")]
    pub matter: u16,
    /// The words to the citizen.
    pub text: Text,
    /// How far it is solved.
    #[serde(default = "solved")]
    pub mark: Mark,
}

fn first() -> u16 {
    1
}
fn solved() -> Mark {
    Mark::A
}

/// One measure of a reply: what is done, by whom, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What is done.
    pub action: Text,
    /// By whom; a name, not an office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_date: Option<chrono::NaiveDate>,
}

/// One contact with the citizen while handling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// When.
    pub at: Moment,
    /// How.
    pub how: ContactHow,
}

/// How the citizen was contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactHow {
    /// By telephone (电话联系).
    Phone,
    /// On the spot (上门、现场).
    Visit,
    /// In writing (短信、站内信).
    Message,
    /// The citizen came to the office (来访接待).
    Meeting,
}

/// A dated promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCommitment {
    /// The matter it is about.
    #[serde(default = "first")]
    pub matter: u16,
    /// What is promised.
    pub action: Text,
    /// By whom.
    pub person: PersonId,
    /// For which day; kept until the end of it.
    pub by_date: chrono::NaiveDate,
}

/// Ground and mend of a return (退回重办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnFor {
    /// One of the pack's grounds (退回事由).
    pub ground: String,
    /// What is to be mended (需补办的事项).
    pub mend: Text,
}

/// A reviewer's findings and conclusion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Yes or no to each finding the pack asks of the reviewer.
    #[serde(default)]
    pub findings: BTreeMap<FactName, bool>,
    /// Send it back. Without this the reply is passed, if the gates allow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_for: Option<ReturnFor>,
}

/// How a call-back went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    /// The citizen was reached, and may have rated on the spot.
    Reached {
        /// How satisfied, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<Level>,
        /// The three scores, if given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scores: Option<Scores>,
        /// What the citizen said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<Text>,
    },
    /// Nobody answered, the number was wrong, …
    Unreached {
        /// Why.
        why: Text,
    },
}

/// Everything that may be asked of a case. [`accepted_in`](super::accepted_in) tells in which stage and of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Command {
    /// 登记: opens a case for a message.
    Open {
        /// The place it is about, by code.
        place: PlaceCode,
        /// Where it came in.
        channel: Channel,
        /// Its number there.
        external_id: ExternalId,
        /// What was written.
        message: Text,
        /// How to reach the citizen; private.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Text>,
        /// The citizen, as the host's directory names them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        citizen: Option<PersonId>,
        /// A citizen's message, or opinion without one.
        #[serde(default)]
        origin: Origin,
        /// The facts that the citizen and the host give.
        #[serde(default)]
        facts: Facts,
    },
    /// 接续登记: takes over a case that is already under way in another system. What happened before is that system's word: nobody
    /// here saw it, and no figure counts it as seen.
    Import(Box<ImportAsked>),
    /// 子件登记: opens a case that is a part of another one. The desk sends it.
    OpenSub(Box<SubAsked>),
    /// 预警: a signal from a register, a sensor, a comparison of data. It opens a case where a rule of the pack heeds it; said again
    /// of the same subject while that case is open, or within the pack's window, it joins that case. The desk finds the case.
    Signal {
        /// Of what.
        of: SignalOf,
        /// The place it is about.
        place: PlaceCode,
        /// What it says.
        words: Text,
        /// The facts that it gives.
        #[serde(default)]
        facts: Facts,
    },
    /// 受理分类: classifies the message and gives the intake officer's facts.
    Screen {
        /// The class; limits follow it.
        class: Class,
        /// The facts that the intake officer gives.
        #[serde(default)]
        facts: Facts,
    },
    /// 列出清单: several matters in one letter, one line each.
    List {
        /// The matters, in order; they are numbered from 1.
        matters: Vec<Text>,
    },
    /// 补正: asks the citizen to complete an unclear message. The office's clock waits for the citizen.
    AskCitizen {
        /// What is asked.
        question: Text,
    },
    /// 补充: the citizen's answer to that.
    Supplement {
        /// What the citizen wrote.
        answer: Text,
    },
    /// 不予受理: not for this board. The first proposes, a second person confirms; the citizen is told where to
    /// go.
    Decline {
        /// Why.
        ground: DeclineGround,
        /// Where the citizen should go.
        told: Text,
        /// Facts that the intake officer gives.
        #[serde(default)]
        facts: Facts,
    },
    /// 并案: this case follows another one on the same matter, its survivor. It stays open until its own citizen has the survivor's
    /// answer, and is struck off by itself then. A case that others follow follows none.
    Merge {
        /// The case it follows.
        into: CaseId,
    },
    /// 撤销并案: it was merged wrongly, and goes on by itself from where it stood.
    Unmerge {
        /// Why.
        reason: Text,
    },
    /// 并入登记: another case follows this one. The desk sends it; said again with earlier limits, or of one that is tracked by now, it moves
    /// them and has this case tracked.
    Join {
        /// The case that follows.
        follower: CaseId,
        /// When its message was received.
        received: Moment,
        /// When its whole is due: this case's is due no later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole_due: Option<Moment>,
        /// When its reply was due: this case's reply and redo are due no later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_due: Option<Moment>,
        /// Whether supervision tracks it: then it tracks this case.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tracked: bool,
    },
    /// 并出登记: another case follows this one no longer. The desk sends it.
    Leave {
        /// The case that followed.
        follower: CaseId,
    },
    /// 转告: what the survivor's citizen was told is told to this case's own. The desk sends it.
    Relay {
        /// The survivor.
        from: CaseId,
        /// What.
        news: News<Text>,
    },
    /// 解除并案: the survivor does not answer for this case, which goes on by itself. The desk sends it.
    Release {
        /// The survivor.
        from: CaseId,
        /// Why.
        why: UnmergeWhy,
    },
    /// 交办: names the unit, the person, and who else takes part.
    Assign {
        /// The lead unit (主办单位).
        unit: UnitId,
        /// The named owner there (承办责任人).
        owner: PersonId,
        /// Co-handlers (协办单位).
        #[serde(default)]
        co_handlers: Vec<NewPart>,
    },
    /// 分办: divides the case into parts, each of which becomes a case of its own.
    Divide {
        /// One of the pack's bundles (一件事), whose parts it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bundle: Option<String>,
        /// The parts; of a bundle's only those of which something differs.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        subs: Vec<NewSub>,
    },
    /// 撤销分办: a part is not needed any more.
    DropSub {
        /// Which.
        sub: SubKey,
        /// Why.
        reason: Text,
    },
    /// 子件反馈: what a sub-case has to say to this case. The desk sends it.
    Hear {
        /// The sub-case.
        sub: CaseId,
        /// What.
        news: News<Text>,
        /// Who has handled it: none of them judges this case.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        handlers: BTreeSet<PersonId>,
    },
    /// 主件限期: until when the main case wants this sub-case now. The desk sends it.
    Want {
        /// The main case.
        main: CaseId,
        /// Until when.
        due: Moment,
    },
    /// 撤件: the main case does not need this sub-case any more, which ends with that. The desk sends it.
    CallOff {
        /// The main case.
        main: CaseId,
        /// Why.
        why: OffWhy,
    },
    /// 签收: the owner has it in hand. The reply clock has been running since dispatch.
    Sign {},
    /// 下级交办: a county names its own handling unit and person.
    SubAssign {
        /// The unit.
        unit: UnitId,
        /// The person.
        owner: PersonId,
    },
    /// 退单: not ours.
    Object {
        /// Why, with the rule that gives it to another.
        reason: Text,
        /// Who should have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        should_be: Option<UnitId>,
    },
    /// 退单裁定: who has it now. The unit named may not object again.
    Rule {
        /// The unit that must handle it.
        unit: UnitId,
        /// The named owner there.
        owner: PersonId,
        /// Why.
        reason: Text,
    },
    /// 改类: the class was wrong. Limits may only get shorter by it.
    Reclassify {
        /// The right class.
        class: Class,
        /// Why.
        reason: Text,
    },
    /// 转办: another unit takes over. The citizen's clocks run on.
    Transfer {
        /// The unit.
        unit: UnitId,
        /// The named owner there.
        owner: PersonId,
        /// Why.
        reason: Text,
    },
    /// 交接: the person leaves; another one of the same unit takes over.
    HandOver {
        /// The new person.
        to: PersonId,
        /// In which unit: a co-handler's, or the one a county named; the lead unit, if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitId>,
        /// Why.
        reason: Text,
    },
    /// 中止计时: the clock waits, for one of the pack's reasons.
    Pause {
        /// One of the pack's reasons.
        reason: String,
        /// What shows it.
        evidence: Text,
    },
    /// 恢复计时.
    Resume {
        /// The reason that has gone.
        reason: String,
    },
    /// 扣除时间: a stretch that does not count by law, such as a hearing; recorded when it is over, by someone who does not handle
    /// the case.
    Exclude {
        /// One of the pack's reasons.
        reason: String,
        /// The first moment that does not count.
        from: Moment,
        /// The first moment that counts again.
        until: Moment,
        /// What shows it.
        evidence: Text,
    },
    /// 申请延期: asked before the limit.
    AskExtension {
        /// Which clock.
        clock: ClockKind,
        /// By how much.
        span: Span,
        /// Why.
        reason: Text,
    },
    /// 批准延期, by another person.
    GrantExtension {
        /// Which clock.
        clock: ClockKind,
        /// What the citizen is told.
        told: Text,
    },
    /// 进展告知: interim news to the citizen.
    Update {
        /// What is told.
        text: Text,
    },
    /// 协办答复: a co-handler's part, to the lead.
    CoReply {
        /// What was found or done.
        text: Text,
    },
    /// 答复: what will be told to the citizen, if a reviewer passes it.
    Reply {
        /// An answer for every matter.
        answers: Vec<Answer>,
        /// What is done, by whom, until when.
        #[serde(default)]
        measures: Vec<Measure>,
        /// Contacts with the citizen.
        #[serde(default)]
        contacts: Vec<Contact>,
        /// The legal basis.
        #[serde(default)]
        basis: Vec<String>,
        /// The promises made; marks B and C need one.
        #[serde(default)]
        commitments: Vec<NewCommitment>,
        /// The reply says that it lawfully cannot be done. A basis goes with it.
        #[serde(default)]
        explained: bool,
    },
    /// 审核: the gates of process and measures. Not by anyone who handled it.
    Review(Review),
    /// 回访: one attempt to reach the citizen.
    CallBack {
        /// How it went.
        result: CallResult,
    },
    /// 评价: the citizen's rating, or what the channel recorded for it.
    Rate {
        /// The rating.
        rating: Rating,
        /// What the citizen wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<Text>,
    },
    /// 登记承诺: a dated promise made after the reply.
    Commit(NewCommitment),
    /// 兑现: a promise was kept.
    Fulfil {
        /// The promise's number, from 1.
        commitment: u32,
        /// What shows it.
        evidence: Text,
    },
    /// 复核: a check by someone who had no part in it.
    Recheck {
        /// Whether what was replied is true and was done.
        passed: bool,
        /// What shows it.
        evidence: Text,
        /// Yes or no to each finding the pack asks of the rechecker.
        #[serde(default)]
        findings: BTreeMap<FactName, bool>,
        /// Where it failed: ground and mend.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        return_for: Option<ReturnFor>,
    },
    /// 销账: a matter, or the last of them, is done with.
    StrikeOff {
        /// How it ended.
        outcome: Outcome,
        /// Which matter; without it, every matter that is still open.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matter: Option<u16>,
    },
    /// 重开: a new fact, or a new reason.
    Reopen {
        /// One of the pack's grounds.
        ground: String,
        /// What is new.
        reason: Text,
    },
    /// 撤回: the citizen does not want it any more.
    Withdraw {
        /// The citizen's own words.
        evidence: Text,
    },
    /// 批示: a leader directs. A limit can only get shorter by it.
    Direct {
        /// What is directed.
        words: Text,
        /// A shorter time for the reply, from now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<Span>,
        /// Whether the supervision office is to track it.
        #[serde(default)]
        track: bool,
        /// The lead unit and the named owner there who are to have it (指定主办), where the leader says so. A message that was
        /// screened is assigned to them; a case that others have is transferred, or handed over within the unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lead: Option<NewPart>,
    },
    /// 督办: the supervision office tracks the case.
    Track {
        /// Why.
        reason: Text,
    },
    /// 解除督办; only by that office.
    Untrack {
        /// Why.
        reason: Text,
    },
    /// 报告进展 to the supervision office.
    Report {
        /// How far it is.
        text: Text,
    },
    /// A fact that moves has moved.
    SetFact {
        /// Which.
        name: FactName,
        /// To what.
        value: FactValue,
    },
    /// 附注: a note in the file.
    Note {
        /// The note.
        text: Text,
    },
    /// 更正: an entry was wrong; the entry stays, this stands beside it.
    Correct {
        /// The version of the wrong entry.
        version: u64,
        /// What is right.
        text: Text,
        /// When what the entry tells of really happened, where it was recorded late. Clocks follow: verdicts get a corrected one
        /// beside them, pauses get their right bounds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_effect: Option<Moment>,
    },
    /// 送达: what was to be told has been told.
    Delivered {
        /// Which telling; one that the case has had.
        effect: EffectId,
    },
    /// 未送达.
    Undelivered {
        /// Which telling.
        effect: EffectId,
        /// Why.
        why: Text,
        /// How it was told instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead: Option<Channel>,
    },
    /// 适用新规: the case goes on under another plan. Limits that it makes longer need an approver.
    AdoptPlan {
        /// The plan.
        plan: PlanId,
        /// Who approved that limits get longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<PersonId>,
        /// The values of facts that the plan wants and the case was never given.
        #[serde(default, skip_serializing_if = "Facts::is_empty")]
        facts: Facts,
    },
    /// 适用新日历: open clocks are counted by the calendar now in hand. Legal due moments move, promised ones do not.
    AdoptCalendar {},
    /// 删除个人信息: erases private texts; the chain still verifies.
    Redact {
        /// Which: texts of this case, as its events refer to them. The desk, which has the events, refuses any other.
        fields: Vec<TextRef>,
        /// The legal basis.
        basis: String,
    },
    /// Time passes. Early or twice does no harm.
    Tick {},
}
