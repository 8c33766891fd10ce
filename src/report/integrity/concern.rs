//! What a supervisor may want to look at (核查事项), and in which words.

use serde::{Deserialize, Serialize};

use crate::report::pick;
use crate::words::Lang;

/// How near to its limit something is "just before" it, and how long after a contact a pause should be over: in
/// seconds. Ours: no rule gives these numbers.
pub(super) const REPLY_JUST_BEFORE: i64 = 4 * 3600;
pub(super) const ASKED_JUST_BEFORE: i64 = 24 * 3600;
pub(super) const KEPT_ON: i64 = 24 * 3600;
/// So many replies of one unit within so many seconds are a burst. Ours as well.
pub(super) const BURST: (usize, i64) = (5, 1800);

/// What is looked for (核查事项). None of them is an accusation: each has honest reasons, and each is where figures
/// have been made to look better elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Concern {
    /// 网民已答仍停计时: an officer stopped the clock to wait for the citizen, who had completed the message before; or
    /// let it wait on for more than 24 hours after a contact with the citizen that the reply itself records. Out of the
    /// pauses on the citizen's time.
    WaitedAfterAnswer,
    /// 视为签收: nobody signed, time did. Out of all signings. Its median is the time from being given the case to a
    /// person's signing.
    DeemedSigned,
    /// 踩点答复: replies in the last 4 hours before their limit. Out of the replies on time.
    ReplyJustBefore,
    /// 扎堆答复: replies that came five or more of one unit within half an hour. Out of all replies.
    ReplyInBurst,
    /// 无人评价的销账: closed without a word from the citizen. Out of the messages closed after an answer.
    SilentClosing,
    /// 未评价充满意: closed with neither a satisfied rating nor another person's check. The machine lets none through:
    /// anything but none here is a fault. Out of the same.
    SilenceAsSatisfied,
    /// 以解释销账: closed as lawfully explained. Out of those closed as solved or explained.
    ClosedAsExplained,
    /// 不予受理: closed as not for this board. Out of all that were closed.
    ClosedAsDeclined,
    /// 退单: objections, "not ours". Out of the times that the unit was given a case, and of those before the period to which
    /// it objected in it.
    Objected,
    /// 多次裁定: cases with two or more rulings on whose they are. Out of the cases that were ruled on.
    RuledAgain,
    /// 承诺落空: promises whose day passed unkept. Out of the promises whose day came.
    PromiseMissed,
    /// 承诺推后: promises for a later day while an earlier one on the same matter was not kept. Out of the promises
    /// made.
    PromiseMoved,
    /// 临期申请延期: extensions asked for in the last 24 hours, or after the limit. Out of those asked for.
    ExtensionJustBefore,
    /// 自行更正: corrections by those who handle the case of when something happened. Out of the corrections.
    CorrectedOwn,
}

impl Concern {
    /// Every one, in the order in which they are read.
    pub const ALL: [Concern; 14] = [
        Concern::WaitedAfterAnswer,
        Concern::DeemedSigned,
        Concern::ReplyJustBefore,
        Concern::ReplyInBurst,
        Concern::SilentClosing,
        Concern::SilenceAsSatisfied,
        Concern::ClosedAsExplained,
        Concern::ClosedAsDeclined,
        Concern::Objected,
        Concern::RuledAgain,
        Concern::PromiseMissed,
        Concern::PromiseMoved,
        Concern::ExtensionJustBefore,
        Concern::CorrectedOwn,
    ];
    /// The title.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Concern::WaitedAfterAnswer => ("网民已答仍停计时", "waited after an answer"),
            Concern::DeemedSigned => ("视为签收", "deemed signed"),
            Concern::ReplyJustBefore => ("踩点答复", "replied just before due"),
            Concern::ReplyInBurst => ("扎堆答复", "replied in a burst"),
            Concern::SilentClosing => ("无人评价的销账", "closed in silence"),
            Concern::SilenceAsSatisfied => ("未评价充满意", "silence as satisfaction"),
            Concern::ClosedAsExplained => ("以解释销账", "closed as explained"),
            Concern::ClosedAsDeclined => ("不予受理", "closed as declined"),
            Concern::Objected => ("退单", "objected"),
            Concern::RuledAgain => ("多次裁定", "ruled on again"),
            Concern::PromiseMissed => ("承诺落空", "promise missed"),
            Concern::PromiseMoved => ("承诺推后", "promise moved"),
            Concern::ExtensionJustBefore => ("临期申请延期", "extension asked late"),
            Concern::CorrectedOwn => ("自行更正", "corrected by its own"),
        };
        pick(lang, zh, en)
    }
    /// Out of what.
    pub fn whole(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Concern::WaitedAfterAnswer => ("待网民的中止", "pauses on the citizen's time"),
            Concern::DeemedSigned => ("签收", "signings"),
            Concern::ReplyJustBefore => ("按期答复", "replies on time"),
            Concern::ReplyInBurst => ("答复", "replies"),
            Concern::SilentClosing | Concern::SilenceAsSatisfied => {
                ("答复后销账的留言", "messages closed after an answer")
            }
            Concern::ClosedAsExplained => ("解决和解释的", "closed as solved or explained"),
            Concern::ClosedAsDeclined => ("销账", "closings"),
            Concern::Objected => ("交到手的次数", "times given a case"),
            Concern::RuledAgain => ("裁定过的件", "cases ruled on"),
            Concern::PromiseMissed => ("到日的承诺", "promises whose day came"),
            Concern::PromiseMoved => ("作出的承诺", "promises made"),
            Concern::ExtensionJustBefore => ("延期申请", "extensions asked for"),
            Concern::CorrectedOwn => ("时间更正", "corrections of a moment"),
        };
        pick(lang, zh, en)
    }
    /// What to look at. It names no culprit.
    pub fn look_at(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Concern::WaitedAfterAnswer => (
                "看停计时还在等什么,联系之后为何没有恢复",
                "what the clock still waited for, and why it did not go on after the contact",
            ),
            Concern::DeemedSigned => ("看是否有人管收件", "whether anybody watches the inbox"),
            Concern::ReplyJustBefore => (
                "抽看几件,答复是否针对诉求、有无调查",
                "a few of them: whether they answer what was asked, and were looked into",
            ),
            Concern::ReplyInBurst => (
                "对照原文,是否同一套话;账上看不到原文是否相同",
                "the texts side by side: the ledger cannot tell whether they are the same",
            ),
            Concern::SilentClosing => (
                "看回访是否真打了,可另行抽访",
                "whether the calls were made; call some of them again",
            ),
            Concern::SilenceAsSatisfied => {
                ("不应出现:核对账目", "should not be: verify the ledger")
            }
            Concern::ClosedAsExplained => (
                "看依据是否写明,是否真不能解决",
                "whether the basis is cited, and whether it truly cannot be solved",
            ),
            Concern::ClosedAsDeclined => (
                "看事由是否成立,去处是否告知",
                "whether the ground holds, and where the citizen was sent",
            ),
            Concern::Objected => (
                "看职责是否该明确,或者交办是否对口",
                "whether duties need settling, or cases are sent to the wrong unit",
            ),
            Concern::RuledAgain => (
                "看为何裁了还退,由谁牵头",
                "why it came back after a ruling, and who leads",
            ),
            Concern::PromiseMissed => (
                "看卡在哪里,是否告知网民",
                "what keeps it, and whether the citizen knows",
            ),
            Concern::PromiseMoved => (
                "看为何推后,前一个承诺是否还在算",
                "why it was moved, and whether the first one still counts",
            ),
            Concern::ExtensionJustBefore => (
                "看何时就知道办不完",
                "when it was known that it would take longer",
            ),
            Concern::CorrectedOwn => (
                "看凭证,更正是否改变了按期超期",
                "the evidence, and whether it turned late into on time",
            ),
        };
        pick(lang, zh, en)
    }
}
