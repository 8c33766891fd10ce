//! The figures of a bulletin, and the rates made of them.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::super::{Mean, Rate, pick};
use crate::words::{Lang, Scores};

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident = $zh:literal, $en:literal;)+) => {
        /// What happened in a period: of a unit, a place or a whole board. Each figure counts happenings, each once, so
        /// that figures of parts add up to those of the whole.
        ///
        /// ```
        /// use duly::report::Figures;
        /// let mut sum = Figures { on_time: 3, late: 1, ..Figures::default() };
        /// sum += Figures { late: 1, ..Figures::default() };
        /// assert_eq!(sum.on_time_rate().to_string(), "60.0%");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Figures {
            $($(#[$doc])* pub $name: u64,)+
            /// 三项评分: the scores that citizens gave with their ratings.
            pub scores: ScoreSums,
        }
        impl AddAssign for Figures {
            fn add_assign(&mut self, more: Figures) {
                $(self.$name = self.$name.saturating_add(more.$name);)+
                self.scores += more.scores;
            }
        }
        impl Figures {
            /// Every figure with its title, in order.
            pub fn list(&self, lang: Lang) -> Vec<(&'static str, u64)> {
                vec![$((pick(lang, $zh, $en), self.$name)),+]
            }
        }
    };
}

figures! {
    /// 收: cases that came in.
    received = "收", "received";
    /// 接续登记: cases taken over from another system. They were received elsewhere: they are none of those that came in, and limits that
    /// began to run before are judged neither as met nor as missed.
    imported = "接续登记", "taken over";
    /// 已首次答复: of those that came in, the ones that had a first reply by the end of the period, or were told that of the case that they follow, or
    /// were declined with where to go told.
    answered = "已首次答复", "first answered";
    /// 答复: first replies, one a cycle, whenever the message came in.
    replied = "答复", "replied";
    /// 按期: reply limits met.
    on_time = "按期", "on time";
    /// 实际按期: of those, the ones whose reply was not sent back by the end of the period.
    effective = "实际按期", "effective";
    /// 超期: reply limits that passed without a reply, whether or not it came later.
    late = "超期", "late";
    /// 延期: extensions that took effect.
    extended = "延期", "extended";
    /// 退单: times a unit said "not ours".
    objected = "退单", "objected";
    /// 退单裁定: rulings on that, counted for the unit that has to handle it.
    ruled = "退单裁定", "ruled";
    /// 退回: replies sent back.
    returned = "退回", "returned";
    /// 重开: closed cases opened again.
    reopened = "重开", "reopened";
    /// 销账: cases closed, however they ended.
    struck_off = "销账", "struck off";
    /// 不予受理: of those, closed as not for this board.
    declined = "不予受理", "declined";
    /// 撤回: of those, withdrawn by the citizen.
    withdrawn = "撤回", "withdrawn";
    /// 并案: cases that from then on follow another one, and were not parted from it again by the end of the period.
    merged = "并案", "merged";
    /// 已销结: cases closed in the period that stand closed at its end.
    cleared = "已销结", "cleared";
    /// 在办: cases open at the end of the period.
    open = "在办", "open";
    /// 现超期: of those, the ones with a clock past due and not done. A pause does not take a case off it.
    overdue = "现超期", "overdue now";
    /// 解决: of those closed, as solved, every matter of them, and not opened again by the end of the period.
    solved = "解决", "solved";
    /// 依法解释: of those closed, as explained in one matter at least, and not opened again either.
    explained = "依法解释", "explained";
    /// 满意: citizens who said to be satisfied.
    satisfied = "满意", "satisfied";
    /// 不满意: citizens who said not to be.
    unsatisfied = "不满意", "unsatisfied";
    /// 未评价: citizens who had said nothing when their time passed or the case was struck off.
    not_rated = "未评价", "not rated";
    /// 自动好评: good ratings that the channel entered by itself. They say nothing of satisfaction.
    auto_rated = "自动好评", "auto-rated";
    /// 点名: times a case was named.
    named = "点名", "named";
}

/// The three scores that citizens gave, added up (三项评分). Exact: means are made of them only when printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ScoreSums {
    /// How many gave them.
    pub given: u64,
    /// 解决程度, the sum.
    pub solved: u64,
    /// 办理态度, the sum.
    pub attitude: u64,
    /// 办理速度, the sum.
    pub speed: u64,
}

impl ScoreSums {
    /// One citizen's scores.
    pub(super) fn one(scores: Scores) -> ScoreSums {
        ScoreSums {
            given: 1,
            solved: u64::from(scores.solved),
            attitude: u64::from(scores.attitude),
            speed: u64::from(scores.speed),
        }
    }
    /// The three means with their titles, in order.
    pub fn means(&self, lang: Lang) -> [(&'static str, Mean); 3] {
        [
            (
                pick(lang, "解决程度", "how far solved"),
                Mean::new(self.solved, self.given),
            ),
            (
                pick(lang, "办理态度", "attitude"),
                Mean::new(self.attitude, self.given),
            ),
            (
                pick(lang, "办理速度", "speed"),
                Mean::new(self.speed, self.given),
            ),
        ]
    }
}

impl AddAssign for ScoreSums {
    fn add_assign(&mut self, more: ScoreSums) {
        self.given = self.given.saturating_add(more.given);
        self.solved = self.solved.saturating_add(more.solved);
        self.attitude = self.attitude.saturating_add(more.attitude);
        self.speed = self.speed.saturating_add(more.speed);
    }
}

impl Figures {
    /// 首次答复率: of the messages that came in, those that had their first reply by the end of the period.
    pub fn first_reply_rate(&self) -> Rate {
        Rate::new(self.answered, self.received)
    }
    /// 销账率: of all that stood to be struck off in the period, what was and stayed so.
    pub fn strike_off_rate(&self) -> Rate {
        Rate::new(self.cleared, self.cleared.saturating_add(self.open))
    }
    /// 按期率: limits met, of all that were judged.
    pub fn on_time_rate(&self) -> Rate {
        Rate::new(self.on_time, self.on_time.saturating_add(self.late))
    }
    /// 实际按期率: the same, counting only replies that were not sent back.
    pub fn effective_rate(&self) -> Rate {
        Rate::new(self.effective, self.on_time.saturating_add(self.late))
    }
    /// 解决率: solved, of the cases that were to be solved or lawfully explained. What was asked, proposed, declined
    /// or withdrawn has no part in it.
    pub fn solved_rate(&self) -> Rate {
        Rate::new(self.solved, self.solved.saturating_add(self.explained))
    }
    /// 满意率: satisfied, of the citizens who spoke. Read it beside [`Figures::heard_rate`].
    pub fn satisfied_rate(&self) -> Rate {
        Rate::new(self.satisfied, self.spoke())
    }
    /// 参评率: citizens who spoke, of all whose rating was asked for and is known, or known to be missing.
    pub fn heard_rate(&self) -> Rate {
        Rate::new(
            self.spoke(),
            self.spoke()
                .saturating_add(self.not_rated)
                .saturating_add(self.auto_rated),
        )
    }
    /// 未评价率: silence and automatic ratings, of all whose rating was asked for. The rest of [`Figures::heard_rate`].
    pub fn silence_rate(&self) -> Rate {
        let silent = self.not_rated.saturating_add(self.auto_rated);
        Rate::new(silent, self.spoke().saturating_add(silent))
    }
    fn spoke(&self) -> u64 {
        self.satisfied.saturating_add(self.unsatisfied)
    }
    /// Every rate with its title, in order.
    pub fn rates(&self, lang: Lang) -> Vec<(&'static str, Rate)> {
        vec![
            (
                pick(lang, "首次答复率", "first-reply rate"),
                self.first_reply_rate(),
            ),
            (pick(lang, "按期率", "on-time rate"), self.on_time_rate()),
            (
                pick(lang, "实际按期率", "effective rate"),
                self.effective_rate(),
            ),
            (
                pick(lang, "销账率", "strike-off rate"),
                self.strike_off_rate(),
            ),
            (pick(lang, "解决率", "solved rate"), self.solved_rate()),
            (
                pick(lang, "满意率", "satisfied rate"),
                self.satisfied_rate(),
            ),
            (pick(lang, "参评率", "heard rate"), self.heard_rate()),
        ]
    }
    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        *self == Figures::default()
    }
}
