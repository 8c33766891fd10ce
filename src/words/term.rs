//! The field's terms: stages, classes, outcomes, marks, ratings, gates.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An enum of the field's terms: every value with its English name (as serialised and as rules in English write
/// it) and its Chinese term (as shown, and as rules in Chinese write it).
macro_rules! term {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $value:ident = $en:literal, $zh:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $en)] $value,)+
        }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$value),+];
            /// The name in commands, events and English rules.
            pub const fn name(self) -> &'static str {
                match self { $($name::$value => $en,)+ }
            }
            /// The Chinese term.
            pub const fn zh(self) -> &'static str {
                match self { $($name::$value => $zh,)+ }
            }
            /// The value with that English name or Chinese term.
            pub fn named(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.name() == name || value.zh() == name)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(super) use term;

term! {
    /// Where a case stands.
    StageName {
        /// 已受理: received; being screened, or waiting to be assigned.
        Received = "received", "已受理";
        /// 已交办: a unit and a named owner have it.
        Assigned = "assigned", "已交办";
        /// 已答复待审: replied; the reply waits for a reviewer.
        Replied = "replied", "已答复待审";
        /// 审核通过: the reply passed review and is published; call-back, rating and recheck follow.
        Reviewed = "reviewed", "审核通过";
        /// 退回重办: sent back to be done again.
        Returned = "returned", "退回重办";
        /// 已销账: struck off, with an outcome.
        Closed = "closed", "已销账";
    }
}

term! {
    /// What the citizen sees. Never goes back to [`Shown::Awaiting`] once anything later was shown.
    Shown {
        /// 待回复.
        Awaiting = "awaiting", "待回复";
        /// 办理中.
        InProgress = "in_progress", "办理中";
        /// 已办理.
        Done = "done", "已办理";
    }
}

term! {
    /// The intake officer's classification (分类处置): limits follow it. It is not the citizen's own choice of
    /// kind.
    Class {
        /// 办事: something is wrong or wanted, and must be solved or lawfully explained.
        Problem = "problem", "办事";
        /// 问事: a question to be answered.
        Question = "question", "问事";
        /// 建议: a proposal to be adopted or answered.
        Idea = "idea", "建议";
        /// 致谢: thanks to be acknowledged.
        Thanks = "thanks", "致谢";
    }
}

term! {
    /// How a case, or a matter of it, ended. Answered is not solved: which outcomes a class allows is law of the
    /// spine ([`Class::allows`]).
    Outcome {
        /// 已解决: the problem is gone.
        Solved = "solved", "已解决";
        /// 依法解释: it lawfully cannot be; the basis is cited and supervision signed.
        Explained = "explained", "依法解释";
        /// 已答复: the question was answered.
        Answered = "answered", "已答复";
        /// 已采纳: the proposal was adopted.
        Adopted = "adopted", "已采纳";
        /// 已撤回: the citizen withdrew it.
        Withdrawn = "withdrawn", "已撤回";
        /// 不予受理: not for this board; the proper channel was told.
        Declined = "declined", "不予受理";
        /// 已并案: handled with another case, whose answer the citizen was given.
        Merged = "merged", "已并案";
    }
}

impl Outcome {
    /// Whether it was answered in its own right: what was withdrawn, not accepted or merged has no answer of its own.
    pub(crate) const fn settles(self) -> bool {
        matches!(
            self,
            Outcome::Solved | Outcome::Explained | Outcome::Answered | Outcome::Adopted
        )
    }
}

impl Class {
    /// Whether a case of this class may be struck off with that outcome after review (问题不解决不销账): a
    /// problem only solved or lawfully explained; a question answered; an idea adopted or answered; thanks
    /// answered. A pack can allow fewer, never more.
    ///
    /// ```
    /// # use duly::words::{Class, Outcome};
    /// assert!(!Class::Problem.allows(Outcome::Answered));
    /// assert!(Class::Question.allows(Outcome::Answered));
    /// ```
    pub const fn allows(self, outcome: Outcome) -> bool {
        matches!(
            (self, outcome),
            (Class::Problem, Outcome::Solved | Outcome::Explained)
                | (Class::Question | Class::Thanks, Outcome::Answered)
                | (Class::Idea, Outcome::Adopted | Outcome::Answered)
        )
    }
}

term! {
    /// The mark a reply puts on each matter, as motions in assemblies are marked.
    Mark {
        /// A: solved, or answered in full.
        A = "A", "已经解决";
        /// B: being solved; a dated commitment goes with it.
        B = "B", "正在解决";
        /// C: will be solved later; a dated commitment goes with it.
        C = "C", "列入计划";
        /// D: kept for reference. Refused on a problem.
        D = "D", "留作参考";
    }
}

term! {
    /// How satisfied a citizen says to be (GB/T 39735-2020 grades; the last two are poor ratings 差评).
    Level {
        /// 非常满意.
        VerySatisfied = "very_satisfied", "非常满意";
        /// 满意.
        Satisfied = "satisfied", "满意";
        /// 基本满意.
        MostlySatisfied = "mostly_satisfied", "基本满意";
        /// 不满意.
        Unsatisfied = "unsatisfied", "不满意";
        /// 非常不满意.
        VeryUnsatisfied = "very_unsatisfied", "非常不满意";
    }
}

impl Level {
    /// Whether it counts as satisfied.
    pub const fn is_satisfied(self) -> bool {
        matches!(
            self,
            Level::VerySatisfied | Level::Satisfied | Level::MostlySatisfied
        )
    }
}

/// Three scores, 1 to 5 each (解决程度、办理态度、办理速度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// How far it was solved (解决程度).
    pub solved: u8,
    /// How the citizen was treated (办理态度).
    pub attitude: u8,
    /// How quickly it was done (办理速度).
    pub speed: u8,
}

impl Scores {
    /// Whether all three are within 1 to 5.
    pub fn in_range(&self) -> bool {
        [self.solved, self.attitude, self.speed]
            .iter()
            .all(|score| (1..=5).contains(score))
    }
}

/// What is known of the citizen's satisfaction. Silence is not satisfaction, and neither is a good rating that
/// a site enters by itself when time runs out (自动好评): only [`Rating::Given`] can pass the third gate alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// The citizen said so.
    Given {
        /// How satisfied.
        level: Level,
        /// The three scores, where given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scores: Option<Scores>,
    },
    /// The window passed in silence (未评价).
    NotGiven,
    /// The channel entered a good rating by itself (自动好评).
    AutoByTimeout,
}

impl Rating {
    /// The Chinese term as rules in Chinese read it: 满意, 不满意, 未评价 or 自动好评.
    pub const fn zh(self) -> &'static str {
        match self {
            Rating::Given { level, .. } if level.is_satisfied() => "满意",
            Rating::Given { .. } => "不满意",
            Rating::NotGiven => "未评价",
            Rating::AutoByTimeout => "自动好评",
        }
    }
    /// The name as rules in English read it.
    pub const fn name(self) -> &'static str {
        match self {
            Rating::Given { level, .. } if level.is_satisfied() => "satisfied",
            Rating::Given { .. } => "unsatisfied",
            Rating::NotGiven => "not_given",
            Rating::AutoByTimeout => "auto_by_timeout",
        }
    }
    /// Whether the citizen said to be satisfied.
    pub const fn is_satisfied(self) -> bool {
        matches!(self, Rating::Given { level, .. } if level.is_satisfied())
    }
    /// Whether the citizen said not to be satisfied.
    pub const fn is_unsatisfied(self) -> bool {
        matches!(self, Rating::Given { level, .. } if !level.is_satisfied())
    }
}

term! {
    /// The three gates (三个不放过). The first two stand before publication, the third before striking off.
    Gate {
        /// 办理过程不细致不放过: the citizen was contacted, the place visited, the facts established, every matter
        /// answered.
        Process = "process", "办理过程不细致不放过";
        /// 解决措施不到位不放过: what is done, by whom, until when.
        Measures = "measures", "解决措施不到位不放过";
        /// 群众不满意不放过: the citizen is satisfied, or someone who had no part in it has checked.
        Satisfaction = "satisfaction", "群众不满意不放过";
    }
}

term! {
    /// Why a message is not for this board. Each tells the citizen where to go.
    DeclineGround {
        /// 已进入诉讼、仲裁、复议、信访程序: a lawful procedure is under way.
        InProcedure = "in_procedure", "已进入法定程序";
        /// 超出职责范围: outside the board's remit.
        OutOfScope = "out_of_scope", "超出受理范围";
        /// 应急事项: for the emergency numbers, handed over at once.
        Emergency = "emergency", "应急事项";
        /// 已办结且无新的事实和理由: finished, and nothing new.
        AlreadyFinished = "already_finished", "已办结且无新事由";
        /// 涉密、隐私或违法: secrets, others' privacy, or unlawful.
        Unlawful = "unlawful", "涉密涉隐私或违法";
        /// 内容不明且无法补正: unclear, and could not be completed.
        Unclear = "unclear", "内容不明无法补正";
    }
}

term! {
    /// Whose time a pause is. The whole clock heeds only the first two.
    PauseSide {
        /// 待网民: the citizen's own doing.
        Citizen = "citizen", "待网民";
        /// 法定扣除: a statute excludes the time (hearing, expert opinion).
        Statutory = "statutory", "法定扣除";
        /// 单位原因: the office's own; the citizen's clock runs on.
        Office = "office", "单位原因";
    }
}

term! {
    /// The level of a place (行政层级), by the length of its code: GB/T 2260 down to the county, GB/T 10114 below.
    PlaceLevel {
        /// 省级.
        Province = "province", "省级";
        /// 地级: a prefecture or a city.
        Prefecture = "prefecture", "州市级";
        /// 县级.
        County = "county", "县级";
        /// 乡级.
        Township = "township", "乡镇级";
        /// 村级.
        Village = "village", "村级";
    }
}
