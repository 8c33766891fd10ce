//! Everything that can have happened to a case. Events are facts: they carry what was decided and by which rule,
//! so that replay asks neither rules nor calendars, and editing a rule rewrites no history.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::effect::Addressee;
use super::{
    Actor, BoardId, CaseId, Channel, Class, ClockClass, ClockKey, ClockKind, ClockMark, CommandId,
    Contact, DeclineGround, EffectId, ExternalId, FactName, FactValue, Facts, Gate, Import,
    MainCase, Mark, News, OffWhy, Origin, Outcome, PauseSide, PersonId, PlaceCode, PlanId, Rating,
    Reason, Role, RuleId, Schedule, SignalOf, Step, StepKey, StoodStill, SubDue, SubKey,
    SubPlanned, TextRef, UnitId, UnmergeWhy, Verdict,
};
use crate::time::{Moment, Pauses, Span, Term};

/// Who did it: the person, and the role in which they did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The person.
    pub id: PersonId,
    /// In which role.
    pub role: Role,
    /// Of which unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<PersonId>,
}

impl By {
    /// The actor in one of their roles.
    pub fn actor(actor: &Actor, role: Role) -> By {
        By {
            id: actor.id.clone(),
            role,
            unit: actor.unit.clone(),
            acting_for: actor.acting_for.clone(),
        }
    }
    /// The persons that separation of persons compares.
    pub fn persons(&self) -> impl Iterator<Item = &PersonId> {
        std::iter::once(&self.id).chain(self.acting_for.as_ref())
    }
}

/// One line of a case's ledger: an event with who, when, under which plan and by which command. This is what
/// the hash chain runs over, as canonical JSON. There is no private text in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The case.
    pub case: CaseId,
    /// 1 for the first event of the case, then one more each time.
    pub version: u64,
    /// When it took effect. For what time itself brought about, the scheduled moment, whenever it was noticed.
    pub at: Moment,
    /// Who did it; nobody, where time or the rules did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The plan that decided.
    pub plan: PlanId,
    /// The command that asked for it; none where time brought it about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// What happened.
    pub event: Event,
}

/// A co-handler's part (协办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The unit.
    pub unit: UnitId,
    /// The named person there.
    pub owner: PersonId,
    /// What they delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<TextRef>,
}

/// What a reply said on one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The matter.
    pub matter: u16,
    /// The words.
    pub text: TextRef,
    /// How far it is solved.
    pub mark: Mark,
}

/// A measure of a reply, without its private text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureTaken {
    /// What is done.
    pub action: TextRef,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_date: Option<NaiveDate>,
}

/// A dated promise (承诺).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Its number in the case, from 1.
    pub number: u32,
    /// The matter it is about.
    pub matter: u16,
    /// What is promised.
    pub action: TextRef,
    /// By whom.
    pub person: PersonId,
    /// For which day.
    pub by_date: NaiveDate,
}

/// A gate clause that was not met, with what would mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateFinding {
    /// Which gate.
    pub gate: Gate,
    /// Which clause, and the facts that decided it.
    pub reason: Reason,
    /// The clause's words: what to do.
    pub words: String,
}

/// What a rung does (督办方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// 催办: reminds.
    Remind,
    /// 警示: warns.
    Warn,
    /// 抄送: copies in.
    Copy,
    /// 交督查: hands it to supervision; the case is tracked from then on.
    Supervise,
    /// 约谈: calls in for a talk.
    Summon,
    /// 报告: reports to a leader.
    Report,
    /// 点名: names in the bulletin.
    NameIn,
}

impl Verb {
    /// The Chinese term.
    pub const fn zh(self) -> &'static str {
        match self {
            Verb::Remind => "催办",
            Verb::Warn => "警示",
            Verb::Copy => "抄送",
            Verb::Supervise => "交督查",
            Verb::Summon => "约谈",
            Verb::Report => "报告",
            Verb::NameIn => "点名",
        }
    }
    /// In English, before whom it is done to.
    ///
    /// ```
    /// assert_eq!(duly::words::Verb::Report.en(), "report to");
    /// ```
    pub const fn en(self) -> &'static str {
        match self {
            Verb::Remind => "remind",
            Verb::Warn => "warn",
            Verb::Copy => "copy in",
            Verb::Supervise => "hand to supervision:",
            Verb::Summon => "summon",
            Verb::Report => "report to",
            Verb::NameIn => "name in the bulletin",
        }
    }
}

/// One act of a rung: what, to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// What.
    pub verb: Verb,
    /// To whom.
    pub to: Addressee,
}

/// What became of a scheduled step. Every step has exactly one fate; none is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepFate {
    /// It was done.
    Fired {
        /// Its acts.
        acts: Vec<Act>,
    },
    /// Its condition did not hold when it was read.
    Skipped {
        /// The rule and the facts.
        reason: Reason,
    },
    /// A later occurrence of the same step comes at the same moment and stands for it.
    Coalesced {
        /// Which occurrence acts.
        into: u32,
    },
    /// The clock moved on before it came to it.
    Voided {
        /// Why.
        why: CancelWhy,
    },
}

/// Why a clock was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelWhy {
    /// The case was struck off.
    Closed,
    /// The case follows another one.
    Merged,
    /// Another unit took over, and this clock was the last unit's.
    Reassigned,
    /// What it measured has no more use.
    Superseded,
    /// Its time passed and the rule's own consequence took its place.
    Lapsed,
    /// It would have come before the clock started.
    BeforeStart,
    /// It came, or should have, before the case was taken over from another system (接续登记前).
    BeforeImport,
}

/// Why a clock was projected anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectedFor {
    /// A pause ended.
    Resumed,
    /// An extension was granted.
    Extended,
    /// A leader shortened the limit.
    Directed,
    /// A fact moved, and the rule now gives a shorter limit.
    FactMoved,
    /// Another plan was adopted.
    PlanAdopted,
    /// The case was opened again.
    Reopened,
    /// The citizen completed the message, and the time runs anew (补正后重新计算).
    Restarted,
    /// The lead's time changed, of which this is a share.
    Lead,
    /// A stretch was excluded.
    Excluded,
    /// What was recorded wrong was corrected.
    Corrected,
    /// The calendar was revised.
    CalendarRevised,
    /// Another case follows this one, and is due earlier (并案取早).
    Joined,
    /// It follows another case no longer, and goes on as if it never had.
    Unmerged,
    /// The case was divided into the parts of a bundle, whose longest way is shorter.
    Divided,
    /// The main case wants it at another time.
    Wanted,
}

/// What happened. Names are in the past; each variant names the command that brings it about, if any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// 登记 (Open).
    Opened {
        /// The board.
        board: BoardId,
        /// The place.
        place: PlaceCode,
        /// The channel.
        channel: Channel,
        /// The message's number in it.
        external_id: ExternalId,
        /// What was written.
        message: TextRef,
        /// How to reach the citizen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<TextRef>,
        /// The citizen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        citizen: Option<PersonId>,
        /// Message or opinion.
        origin: Origin,
        /// The facts given, and those derived from them.
        facts: Facts,
        /// Of which case it is a part.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        main: Option<MainCase>,
        /// The signal that opened it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<SignalOf>,
    },
    /// 接续登记 (Import): another system had the case until now. What is in it is that system's word. A reply that waits for review
    /// follows as an entry of its own, with the same command.
    Imported {
        /// The board.
        board: BoardId,
        /// What was taken over, with the facts derived from it. Its pauses stand beside it.
        case: Box<Import<TextRef, Moment>>,
        /// The stretches during which clocks stood still, as the plan has them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stood: Vec<StoodStill>,
    },
    /// 受理 (Screen).
    Screened {
        /// The class.
        class: Class,
        /// The class that the rules proposed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposed: Option<Class>,
        /// The facts given, and those derived anew with them.
        facts: Facts,
    },
    /// 列出清单 (List).
    Listed {
        /// The matters, in order.
        matters: Vec<TextRef>,
    },
    /// 补正 (AskCitizen).
    AskedCitizen {
        /// What was asked.
        question: TextRef,
        /// Until when the clock waits at most.
        until: Moment,
    },
    /// 补充 (Supplement).
    Supplemented {
        /// What the citizen wrote.
        answer: TextRef,
    },
    /// Proposed not to be accepted (Decline, the first person).
    DeclineProposed {
        /// Why.
        ground: DeclineGround,
        /// Where the citizen should go.
        told: TextRef,
        /// The facts given with it.
        facts: Facts,
    },
    /// 不予受理 (Decline, the second person).
    Declined {
        /// Why.
        ground: DeclineGround,
        /// Where the citizen was told to go.
        told: TextRef,
    },
    /// 并案 (Merge).
    Merged {
        /// The case it follows.
        into: CaseId,
        /// When its whole was due then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole_due: Option<Moment>,
        /// When its reply was due then, if that clock ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_due: Option<Moment>,
    },
    /// 撤销并案 (Unmerge, Release, an unsatisfied citizen, reopening): it goes on by itself.
    Unmerged {
        /// The case it followed.
        from: CaseId,
        /// Why.
        why: UnmergeWhy,
        /// Why, in an officer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<TextRef>,
    },
    /// 并入登记 (Join): another case follows this one.
    Joined {
        /// Which.
        follower: CaseId,
        /// When its message was received.
        received: Moment,
        /// When its whole is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole_due: Option<Moment>,
        /// When its reply was due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_due: Option<Moment>,
        /// It followed already; its limits became earlier, or it is tracked by now.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
        /// Whether supervision tracks it: then it tracks this case.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tracked: bool,
    },
    /// 并出登记 (Leave): another case follows this one no longer.
    Left {
        /// Which.
        follower: CaseId,
    },
    /// 转告 (Relay): what the survivor's citizen was told was told to this case's own.
    Relayed {
        /// The survivor.
        from: CaseId,
        /// What; its words are this case's own texts.
        news: News<TextRef>,
    },
    /// 分办 (Divide): the case has parts now, each of which becomes a case of its own.
    Divided {
        /// The bundle whose parts they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bundle: Option<String>,
        /// The parts. Those that wait for none begin at once.
        subs: Vec<SubPlanned>,
        /// Until when the case itself is to be answered, by the longest way through its bundle.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Moment>,
    },
    /// 撤销分办 (DropSub): a part is not needed any more.
    SubDropped {
        /// Which.
        sub: SubKey,
        /// Why.
        reason: TextRef,
        /// The parts that waited for it, and begin now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        begins: Vec<SubDue>,
    },
    /// 子件反馈 (Hear): what a sub-case had to say.
    SubHeard {
        /// Which part.
        sub: SubKey,
        /// What.
        news: News<TextRef>,
        /// Who has handled it: none of them judges the case.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        handlers: BTreeSet<PersonId>,
        /// The parts that waited for it, and begin now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        begins: Vec<SubDue>,
    },
    /// 子件限期随主件调整: the case is to be answered at another time than before, and wants its parts accordingly.
    SubsWanted {
        /// Which, and until when now.
        dues: Vec<SubDue>,
    },
    /// 主件限期 (Want): until when the main case wants this one now.
    Wanted {
        /// Until when.
        due: Moment,
    },
    /// 撤件 (CallOff): the main case does not need this one any more. It ends with that.
    CalledOff {
        /// Why.
        why: OffWhy,
    },
    /// 预警又至 (Signal): the signal that opened the case came again.
    Signalled {
        /// The how-manieth it is of the case.
        number: u32,
        /// What it says.
        words: TextRef,
        /// The facts that it gives. Those of the case stay as they are.
        #[serde(default, skip_serializing_if = "Facts::is_empty")]
        facts: Facts,
    },
    /// 交办 (Assign).
    Assigned {
        /// The lead unit.
        unit: UnitId,
        /// The named owner.
        owner: PersonId,
        /// The co-handlers.
        parts: Vec<Part>,
    },
    /// 签收 (Sign), or deemed so when its limit passed.
    Signed {
        /// Nobody signed; the rule did (视为签收).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        deemed: bool,
    },
    /// 下级交办 (SubAssign).
    SubAssigned {
        /// The unit.
        unit: UnitId,
        /// The person.
        owner: PersonId,
    },
    /// 退单 (Object).
    Objected {
        /// The unit that objects.
        unit: UnitId,
        /// Why.
        reason: TextRef,
        /// Who should have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        should_be: Option<UnitId>,
    },
    /// The time to object passed (视为接受).
    ObjectionLapsed {},
    /// 退单裁定 (Rule).
    Ruled {
        /// The unit that must handle it.
        unit: UnitId,
        /// The named owner.
        owner: PersonId,
        /// Why.
        reason: TextRef,
    },
    /// 改类 (Reclassify).
    Reclassified {
        /// The class now.
        class: Class,
        /// Why.
        reason: TextRef,
        /// The facts derived anew from it.
        #[serde(default, skip_serializing_if = "Facts::is_empty")]
        derived: Facts,
    },
    /// 转办 (Transfer).
    Transferred {
        /// The unit now.
        unit: UnitId,
        /// The owner now.
        owner: PersonId,
        /// Why.
        reason: TextRef,
    },
    /// 交接 (HandOver).
    HandedOver {
        /// In which unit.
        unit: UnitId,
        /// The owner until now.
        from: PersonId,
        /// The owner now.
        to: PersonId,
        /// Why.
        reason: TextRef,
    },
    /// 中止计时 (Pause).
    Paused {
        /// One of the pack's reasons.
        reason: String,
        /// Whose time it is.
        side: PauseSide,
        /// What shows it.
        evidence: TextRef,
        /// When it ends at the latest.
        until: Moment,
        /// The only clocks that wait; all that heed whose time it is, if none is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        holds: Vec<ClockKind>,
    },
    /// 扣除时间 (Exclude): a stretch that does not count, such as a hearing. It moves due moments; it stops nothing.
    Excluded {
        /// One of the pack's reasons.
        reason: String,
        /// Whose time it is.
        side: PauseSide,
        /// The first moment that does not count.
        from: Moment,
        /// The first moment that counts again.
        until: Moment,
        /// What shows it.
        evidence: TextRef,
        /// The only clocks for which it does not count; all that heed whose time it is, if none is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        holds: Vec<ClockKind>,
    },
    /// 恢复计时 (Resume), or its longest time passed.
    Resumed {
        /// Which reason has gone.
        reason: String,
        /// Nobody resumed; its longest time passed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lapsed: bool,
    },
    /// 申请延期 (AskExtension).
    ExtensionAsked {
        /// Which clock.
        clock: ClockKind,
        /// By how much.
        span: Span,
        /// Why.
        reason: TextRef,
    },
    /// 批准延期 (GrantExtension). It counts at once, or from when the citizen has the notice.
    ExtensionGranted {
        /// Which clock.
        clock: ClockKind,
        /// By how much.
        span: Span,
        /// What the citizen is told.
        told: TextRef,
        /// When it was due until then; unknown while it waited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Moment>,
        /// When it is due with the extension; unknown while it waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Moment>,
        /// Whether it counts only once the notice is delivered, and no later than the old due moment.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        on_delivery: bool,
    },
    /// 延期生效: the citizen has the notice, or need not have it.
    ExtensionCounted {
        /// Which clock.
        clock: ClockKind,
        /// By how much.
        span: Span,
    },
    /// 延期未生效: the old due moment passed, and the citizen had no notice.
    ExtensionLapsed {
        /// Which clock.
        clock: ClockKind,
    },
    /// 进展告知 (Update).
    Updated {
        /// What is told.
        text: TextRef,
    },
    /// 协办答复 (CoReply).
    CoReplied {
        /// The unit.
        unit: UnitId,
        /// What was found or done.
        text: TextRef,
    },
    /// 答复 (Reply).
    Replied {
        /// Who wrote it.
        author: PersonId,
        /// By matter.
        answers: Vec<Answered>,
        /// What is done.
        measures: Vec<MeasureTaken>,
        /// Contacts with the citizen.
        contacts: Vec<Contact>,
        /// The legal basis.
        basis: Vec<String>,
        /// The promises in it.
        promises: Vec<Promise>,
        /// It says that it lawfully cannot be done.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        explained: bool,
        /// What the reply says, as facts that gates read: mentions found, measures named, dates given.
        facts: Facts,
    },
    /// 初审通过 (Review, the first of two). The reply waits for the second.
    PassedFirst {
        /// The first reviewer's findings.
        findings: BTreeMap<FactName, bool>,
        /// The place whose reviewer takes the second: the one above, where the board has one.
        next: PlaceCode,
    },
    /// 审核通过 (Review): the reply is published.
    Published {
        /// The reviewer's findings.
        findings: BTreeMap<FactName, bool>,
    },
    /// 退回重办 (Review or Recheck, an unsatisfied rating).
    Returned {
        /// One of the pack's grounds.
        ground: String,
        /// What is to be mended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mend: Option<TextRef>,
        /// The reviewer's or rechecker's findings.
        findings: BTreeMap<FactName, bool>,
        /// The gate clauses that were not met.
        gates: Vec<GateFinding>,
    },
    /// 回访 (CallBack).
    CalledBack {
        /// Whether the citizen was reached.
        reached: bool,
        /// The local day of the attempt: failed attempts count once a day.
        day: NaiveDate,
        /// Call-back is done with: reached, or failed on as many days as the pack asks.
        concluded: bool,
        /// Why not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<TextRef>,
        /// What the citizen said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<TextRef>,
    },
    /// 评价 (Rate, CallBack), or the window passed in silence.
    Rated {
        /// The rating.
        rating: Rating,
        /// What the citizen wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<TextRef>,
    },
    /// 登记承诺 (Commit).
    Committed {
        /// The promise.
        promise: Promise,
    },
    /// 兑现 (Fulfil).
    Fulfilled {
        /// The promise's number.
        commitment: u32,
        /// What shows it.
        evidence: TextRef,
    },
    /// 复核 (Recheck), passed. A failed one is a return.
    Rechecked {
        /// What shows it.
        evidence: TextRef,
        /// The rechecker's findings.
        findings: BTreeMap<FactName, bool>,
    },
    /// A matter was struck off (StrikeOff); others are still open.
    MatterStruckOff {
        /// Which.
        matter: u16,
        /// How it ended.
        outcome: Outcome,
    },
    /// 销账 (StrikeOff): the case is closed.
    StruckOff {
        /// How it ended.
        outcome: Outcome,
        /// Until when a rating can still come in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rate_until: Option<Moment>,
    },
    /// 重开 (Reopen, or a late unsatisfied rating): a new cycle.
    Reopened {
        /// One of the pack's grounds.
        ground: String,
        /// What is new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<TextRef>,
        /// The parts for which what they waited for has ended meanwhile, and which begin now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        begins: Vec<SubDue>,
    },
    /// A withdrawal that an officer reports, or somebody the case does not know by name: another person confirms it.
    WithdrawalProposed {
        /// The citizen's own words.
        evidence: TextRef,
    },
    /// 撤回 (Withdraw).
    Withdrawn {
        /// The citizen's own words.
        evidence: TextRef,
    },
    /// 批示 (Direct).
    Directed {
        /// What is directed.
        words: TextRef,
        /// A shorter time for the reply, from now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<Span>,
    },
    /// 督办 (Track, Direct, or a rung that supervises).
    Tracked {
        /// Why, where a person said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<TextRef>,
    },
    /// 解除督办 (Untrack).
    Untracked {
        /// Why.
        reason: TextRef,
    },
    /// 报告进展 (Report).
    Reported {
        /// How far it is.
        text: TextRef,
    },
    /// A fact moved (SetFact).
    FactSet {
        /// Which.
        name: FactName,
        /// To what.
        value: FactValue,
        /// The facts derived anew from it.
        #[serde(default, skip_serializing_if = "Facts::is_empty")]
        derived: Facts,
    },
    /// 附注 (Note).
    Noted {
        /// The note.
        text: TextRef,
    },
    /// 更正 (Correct).
    Corrected {
        /// The version of the wrong entry.
        version: u64,
        /// What is right.
        text: TextRef,
        /// When what it tells of really happened, where that was wrong.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_effect: Option<Moment>,
        /// Where it began a pause that still lasts: when that ends by now, if nobody ends it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
    },
    /// 更正后的结论: how a clock would have ended had the right moment been on record. It stands beside the first verdict and
    /// takes nothing away.
    VerdictCorrected {
        /// Which clock.
        key: ClockKey,
        /// Which of its verdicts, counted from 0.
        index: u32,
        /// The verdict by the right moment.
        verdict: Verdict,
        /// The version of the correction.
        basis: u64,
    },
    /// 送达 (Delivered).
    Delivered {
        /// Which telling.
        effect: EffectId,
    },
    /// 未送达 (Undelivered).
    Undelivered {
        /// Which telling.
        effect: EffectId,
        /// Why.
        why: TextRef,
        /// How it was told instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead: Option<Channel>,
    },
    /// 适用新规 (AdoptPlan).
    PlanAdopted {
        /// The plan until now.
        from: PlanId,
        /// The plan now.
        to: PlanId,
        /// Who approved that limits get longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<PersonId>,
        /// The values of facts that the case was never given before, and those derived under the plan.
        #[serde(default, skip_serializing_if = "Facts::is_empty")]
        facts: Facts,
    },
    /// 适用新日历 (AdoptCalendar): the holidays were published or changed. Legal due moments follow; what citizens were promised stays.
    CalendarAdopted {
        /// The revisions that clocks were counted by until now.
        from: Vec<String>,
        /// The revision now.
        to: String,
    },
    /// 删除个人信息 (Redact).
    Redacted {
        /// Which.
        fields: Vec<TextRef>,
        /// The legal basis.
        basis: String,
    },
    /// A count of the case reached one of the pack's steps (二次退回…).
    CountReached {
        /// Which count: `returns`, `bounces`, `extensions`, `reopens`.
        count: String,
        /// How many.
        number: u32,
        /// Which rule.
        rule: RuleId,
        /// Its acts.
        acts: Vec<Act>,
    },
    /// 告知: something happened of which a rule of the pack has somebody told.
    NoticeGiven {
        /// On what.
        mark: ClockMark,
        /// Its title.
        title: String,
        /// The rule, and the facts that decided.
        reason: Reason,
        /// The officers and offices told.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<Addressee>,
        /// Whether the citizen is told.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        citizen: bool,
        /// The pack's words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// A clock started.
    ClockStarted {
        /// Which.
        key: ClockKey,
        /// Of which cycle; only reopening starts another.
        cycle: u32,
        /// About what, where a case can have several at once: a co-handler's unit, a promise's number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
        /// Whose word the limit is.
        class: ClockClass,
        /// What is counted.
        term: Term,
        /// Time that does not count at all: between striking off and reopening.
        #[serde(default, skip_serializing_if = "none")]
        dormant: Pauses,
        /// The rule that gave the limit, and the facts that decided.
        reason: Reason,
        /// What it will do if nobody acts.
        schedule: Schedule,
    },
    /// A clock's future changed.
    ClockProjected {
        /// Which.
        key: ClockKey,
        /// Why.
        why: ProjectedFor,
        /// What is counted now.
        term: Term,
        /// What it will do if nobody acts.
        schedule: Schedule,
    },
    /// A clock stopped.
    ClockStopped {
        /// Which.
        key: ClockKey,
        /// What stopped it.
        mark: ClockMark,
        /// In time or late, against the legal due.
        verdict: Verdict,
    },
    /// A clock has no more use.
    ClockCancelled {
        /// Which.
        key: ClockKey,
        /// Why.
        why: CancelWhy,
    },
    /// A scheduled step came, at its moment.
    StepTaken {
        /// Of which clock.
        clock: ClockKey,
        /// Which step.
        step: StepKey,
        /// What became of it.
        fate: StepFate,
        /// The moment that its rule gives, where it came later than that: out of quiet hours, or late because the
        /// schedule was laid out later.
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

impl Event {
    /// Whether it is the engine's own bookkeeping of clocks, which follows from another entry.
    pub const fn is_of_clocks(&self) -> bool {
        matches!(
            self,
            Event::ClockStarted { .. }
                | Event::ClockProjected { .. }
                | Event::ClockStopped { .. }
                | Event::ClockCancelled { .. }
                | Event::VerdictCorrected { .. }
                | Event::SubsWanted { .. }
                | Event::StepTaken { .. }
        )
    }
}

fn none(pauses: &Pauses) -> bool {
    pauses.iter().next().is_none()
}
