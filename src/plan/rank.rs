//! By what a bulletin ranks (排名), where a pack asks for that.

use serde::{Deserialize, Serialize};

/// The rate by which units and places are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RankBy {
    /// 首次答复率.
    FirstReply,
    /// 按期率.
    OnTime,
    /// 实际按期率: replies that were sent back do not count.
    Effective,
    /// 销账率.
    StrikeOff,
    /// 解决率.
    Solved,
    /// 满意率.
    Satisfied,
}

impl RankBy {
    /// Every rate that can be ranked by.
    pub const ALL: [RankBy; 6] = [
        RankBy::FirstReply,
        RankBy::OnTime,
        RankBy::Effective,
        RankBy::StrikeOff,
        RankBy::Solved,
        RankBy::Satisfied,
    ];
    /// The Chinese term, as the bulletin heads its column.
    ///
    /// ```
    /// assert_eq!(duly::plan::RankBy::Effective.zh(), "实际按期率");
    /// ```
    pub const fn zh(self) -> &'static str {
        match self {
            RankBy::FirstReply => "首次答复率",
            RankBy::OnTime => "按期率",
            RankBy::Effective => "实际按期率",
            RankBy::StrikeOff => "销账率",
            RankBy::Solved => "解决率",
            RankBy::Satisfied => "满意率",
        }
    }
    /// The name, as rules in English write it.
    pub const fn name(self) -> &'static str {
        match self {
            RankBy::FirstReply => "first_reply",
            RankBy::OnTime => "on_time",
            RankBy::Effective => "effective",
            RankBy::StrikeOff => "strike_off",
            RankBy::Solved => "solved",
            RankBy::Satisfied => "satisfied",
        }
    }
}

/// How a bulletin ranks. Without one it lists and does not rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankingRule {
    /// By which rate.
    pub by: RankBy,
    /// Whoever has fewer cases in that rate is not ranked: two cases are luck, not work. At least 1.
    pub at_least: u32,
}
