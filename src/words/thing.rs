//! What a refusal is about, in both languages.

use serde::{Deserialize, Serialize};

use super::{Class, ClockKind, PersonId, SubKey, UnitId};
use crate::time::Span;

/// What a refusal speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Thing {
    /// A text of the command, by its field's name.
    Field(String),
    /// The list of matters.
    Matters,
    /// A matter.
    Matter,
    /// A promise.
    Promise,
    /// An entry of the ledger.
    Entry,
    /// An effect of the case.
    Effect,
    /// A private text of the case, by its place in the command.
    Text,
    /// Screening.
    Screening,
    /// Asking the citizen.
    Asking,
    /// A question to the citizen.
    Question,
    /// The citizen themselves: online opinion has none.
    Citizen,
    /// The citizen was reached.
    Reached,
    /// Online opinion opened by, or with, a citizen.
    OpinionOfACitizen,
    /// A rating.
    Rating,
    /// A rating of a case that was closed without a reply.
    RatingHere,
    /// A rating that says nothing.
    SilentRating,
    /// Each of the three scores.
    Score,
    /// The owner's signature.
    Signature,
    /// An objection.
    Objection,
    /// Tracking.
    Tracking,
    /// A case that follows this one.
    Follower,
    /// The end of the case that this one follows.
    SurvivorsEnd,
    /// A pause for a reason.
    Pause(String),
    /// An extension of a clock.
    Extension(ClockKind),
    /// A change of a fact.
    FactChange(String),
    /// The value of a fact.
    Fact(String),
    /// The pack's grounds for declining.
    DeclineGrounds,
    /// The pack's grounds for a return.
    ReturnGrounds,
    /// The pack's grounds for reopening.
    ReopenGrounds,
    /// The pack's reasons for a pause.
    PauseReasons,
    /// The pack's reasons for excluding time.
    ExcludeReasons,
    /// A stretch that does not count, for a reason.
    Stretch(String),
    /// The moment at which what an entry tells of happened.
    MomentOf(u64),
    /// The calendar it is counted by.
    ThatCalendar,
    /// The units on a case.
    Units,
    /// A unit on the case.
    Unit(UnitId),
    /// A co-handler's part.
    Part(UnitId),
    /// The person who has it.
    Person(PersonId),
    /// A part that the case is divided into.
    Sub(SubKey),
    /// The parts that the case is divided into.
    Subs,
    /// The pack's bundles.
    Bundles,
    /// The pack's signals.
    Signals,
    /// An office of the pack's own place, as one of another jurisdiction.
    OwnParty,
    /// The class it has.
    Class(Class),
    /// The plan it is under.
    ThatPlan,
    /// Any plan at all.
    AnyPlan,
    /// Another lead, while what was replied is being judged.
    Lead,
    /// What fell due meanwhile.
    Backlog,
}

impl Thing {
    /// As a noun, in English.
    pub(in crate::words) fn en(&self) -> String {
        match self {
            Thing::Field(name) => format!("`{name}`"),
            Thing::Matters => "the list of matters".into(),
            Thing::Matter => "matter".into(),
            Thing::Promise => "promise".into(),
            Thing::Entry => "entry".into(),
            Thing::Effect => "effect of this case with version".into(),
            Thing::Text => "text of this case under the reference given as number".into(),
            Thing::Screening => "screening".into(),
            Thing::Asking => "asking the citizen".into(),
            Thing::Question => "question".into(),
            Thing::Citizen => "citizen".into(),
            Thing::Reached => "the citizen's voice".into(),
            Thing::OpinionOfACitizen => {
                "opinion that has a citizen; open it as a message, so that they are answered".into()
            }
            Thing::Rating => "the rating".into(),
            Thing::RatingHere => "a rating of a case that was closed without a reply".into(),
            Thing::SilentRating => {
                "a rating that says nothing; silence is recorded when its time passes".into()
            }
            Thing::Score => "each score".into(),
            Thing::Signature => "the signature".into(),
            Thing::Objection => "objection".into(),
            Thing::Tracking => "tracking".into(),
            Thing::Follower => "that follower".into(),
            Thing::SurvivorsEnd => "the end of the case that it follows".into(),
            Thing::Pause(reason) => format!("pause for `{reason}`"),
            Thing::Extension(clock) => format!("extension of the `{clock}` clock"),
            Thing::FactChange(fact) => format!("a change of the fact `{fact}`; it does not move"),
            Thing::Fact(fact) => format!("the value of the fact `{fact}`"),
            Thing::DeclineGrounds => "grounds for declining".into(),
            Thing::ReturnGrounds => "grounds for a return".into(),
            Thing::ReopenGrounds => "grounds for reopening".into(),
            Thing::PauseReasons => "reasons for a pause".into(),
            Thing::ExcludeReasons => "reasons for excluding time".into(),
            Thing::Stretch(reason) => format!("the stretch excluded for `{reason}`"),
            Thing::MomentOf(entry) => {
                format!("another moment for entry {entry}; no clock depends on it")
            }
            Thing::ThatCalendar => "that calendar".into(),
            Thing::Units => "units on this case".into(),
            Thing::Unit(unit) => format!("unit `{unit}`"),
            Thing::Part(unit) => format!("the part of `{unit}`"),
            Thing::Person(person) => format!("`{person}`"),
            Thing::Sub(key) => format!("the part `{key}`"),
            Thing::Subs => "parts of this case".into(),
            Thing::Bundles => "bundles of the pack".into(),
            Thing::Signals => "signals of the pack".into(),
            Thing::OwnParty => {
                "a party in a place of its own; give the part that place, and it is handled there"
                    .into()
            }
            Thing::Class(class) => format!("the class `{class}`"),
            Thing::ThatPlan => "that plan".into(),
            Thing::AnyPlan => "any plan; load a pack first".into(),
            Thing::Lead => {
                "another lead while a reply is being judged; name one when it comes back".into()
            }
            Thing::Backlog => "what fell due meanwhile".into(),
        }
    }
    /// As a noun, in Chinese.
    pub(in crate::words) fn in_zh(&self) -> String {
        match self {
            Thing::Field(name) => format!("“{name}”一栏"),
            Thing::Matters => "事项清单".into(),
            Thing::Matter => "事项".into(),
            Thing::Promise => "承诺".into(),
            Thing::Entry => "记录".into(),
            Thing::Effect => "本件的告知或通知".into(),
            Thing::Text => "本件正文(命令所列引用的序号)".into(),
            Thing::Screening => "受理".into(),
            Thing::Asking => "请网民补正".into(),
            Thing::Question => "补正要求".into(),
            Thing::Citizen => "网民".into(),
            Thing::Reached => "网民本人的答复".into(),
            Thing::OpinionOfACitizen => "有网民的舆情件;请按留言登记,好答复本人".into(),
            Thing::Rating => "评价".into(),
            Thing::RatingHere => "未经答复而结的件的评价".into(),
            Thing::SilentRating => "空白的评价(评价期满自会记为未评价)".into(),
            Thing::Score => "每项评分".into(),
            Thing::Signature => "签收".into(),
            Thing::Objection => "退单".into(),
            Thing::Tracking => "督办".into(),
            Thing::Follower => "并入本件的那一件".into(),
            Thing::SurvivorsEnd => "所并入的件的销账".into(),
            Thing::Pause(reason) => format!("“{reason}”的中止计时"),
            Thing::Extension(clock) => format!("“{}”时限的延期", clock.zh()),
            Thing::FactChange(fact) => format!("事实“{fact}”的更改(它是定下不变的)"),
            Thing::Fact(fact) => format!("事实“{fact}”的取值"),
            Thing::DeclineGrounds => "不予受理的理由".into(),
            Thing::ReturnGrounds => "退回事由".into(),
            Thing::ReopenGrounds => "重开事由".into(),
            Thing::PauseReasons => "中止计时的事由".into(),
            Thing::ExcludeReasons => "扣除时间的事由".into(),
            Thing::Stretch(reason) => format!("因“{reason}”扣除的时间"),
            Thing::MomentOf(entry) => format!("第 {entry} 条记录的另一时刻(没有时限取决于它)"),
            Thing::ThatCalendar => "这份日历".into(),
            Thing::Units => "本件的承办单位".into(),
            Thing::Unit(unit) => format!("单位“{unit}”"),
            Thing::Part(unit) => format!("“{unit}”的协办部分"),
            Thing::Person(person) => format!("“{person}”"),
            Thing::Sub(key) => format!("分办事项“{key}”"),
            Thing::Subs => "本件的分办事项".into(),
            Thing::Bundles => "规则包里的一件事".into(),
            Thing::Signals => "规则包里的预警指标".into(),
            Thing::OwnParty => "本地方的单位作为外地承办方(请把这一项的地方写成那里)".into(),
            Thing::Class(class) => format!("“{}”这一类", class.zh()),
            Thing::ThatPlan => "这套规则".into(),
            Thing::AnyPlan => "任何规则,请先装入规则包".into(),
            Thing::Lead => "审核、回访期间另定主办单位(退回后再定)".into(),
            Thing::Backlog => "其间到时的步骤".into(),
        }
    }
}

/// A bound that a pack or the spine sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// So many times in a case.
    Times(u32),
    /// So many at most.
    Most(u32),
    /// So long at most.
    Span(Span),
    /// From 1 to 5.
    OneToFive,
    /// Between receipt and now.
    SinceReceipt,
    /// A stretch from an earlier to a later moment, both between receipt and now.
    StretchSinceReceipt,
    /// Where what came before it and after it leaves room.
    InOrder,
    /// Send a tick first.
    TickFirst,
}

impl Bound {
    pub(in crate::words) fn en(&self) -> String {
        match self {
            Bound::Times(n) => format!("{n} times a case"),
            Bound::Most(n) => format!("at most {n}"),
            Bound::Span(span) => format!("at most {span}"),
            Bound::OneToFive => "1 to 5".into(),
            Bound::SinceReceipt => "after the message was received, and not in the future".into(),
            Bound::StretchSinceReceipt => {
                "it begins after the message was received, ends later than it begins, and is over"
                    .into()
            }
            Bound::InOrder => {
                "it lies after what it follows and before what follows it, and not in the future"
                    .into()
            }
            Bound::TickFirst => "send a tick first, and the command again".into(),
        }
    }
    pub(in crate::words) fn in_zh(&self) -> String {
        match self {
            Bound::Times(n) => format!("一件至多 {n} 次"),
            Bound::Most(n) => format!("至多 {n} 项"),
            Bound::Span(span) => format!("至多 {}", span.zh()),
            Bound::OneToFive => "1 到 5 分".into(),
            Bound::SinceReceipt => "在收到留言之后、现在之前".into(),
            Bound::StretchSinceReceipt => "起于收到留言之后,止晚于起,且已经过去".into(),
            Bound::InOrder => "不早于前一步,不晚于后一步,也不在将来".into(),
            Bound::TickFirst => "先送一次计时(tick),再送本命令".into(),
        }
    }
}
