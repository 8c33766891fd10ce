//! Obligations that are no cases (义务): their kinds, where one stands, and the published table of which takes which
//! command, from whom. A test holds that [`decide`](crate::duty::decide) accepts nothing outside it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Role;
use super::term::term;

term! {
    /// What is owed.
    DutyKind {
        /// 视频答复: the head of a unit answers on a topic in a video that anybody can watch.
        Video = "video", "视频答复";
        /// 日报阅知: whoever holds the post that a day's digest is addressed to reads it.
        Digest = "digest", "日报阅知";
    }
}

term! {
    /// Where an obligation stands.
    DutyStage {
        /// 待完成: it is owed.
        Owed = "owed", "待完成";
        /// 待认可: it was done by their own word, and waits for somebody else's.
        Submitted = "submitted", "待认可";
        /// 已完成: it is done.
        Done = "done", "已完成";
        /// 已免除: it need not be done.
        Excused = "excused", "已免除";
    }
}

term! {
    /// The name of a command to an obligation, as in JSON.
    DutyCommandName {
        /// 下达.
        Impose = "impose", "下达";
        /// 交接.
        HandOver = "hand_over", "交接";
        /// 完成.
        Fulfil = "fulfil", "完成";
        /// 认可.
        Accept = "accept", "认可";
        /// 退回.
        SendBack = "send_back", "退回";
        /// 阅知.
        Read = "read", "阅知";
        /// 免除.
        Excuse = "excuse", "免除";
        /// 附注.
        Note = "note", "附注";
        /// 送达.
        Delivered = "delivered", "送达";
        /// 未送达.
        Undelivered = "undelivered", "未送达";
        /// 删除个人信息.
        Redact = "redact", "删除个人信息";
        /// 计时.
        Tick = "tick", "计时";
    }
}

impl DutyKind {
    /// Whether it is done only once somebody else says so: nobody marks their own homework. A digest is read by reading it, and
    /// nobody else can say so.
    pub const fn is_accepted(self) -> bool {
        matches!(self, DutyKind::Video)
    }
}

impl DutyStage {
    /// Whether it is still to be done or to be accepted.
    pub const fn is_open(self) -> bool {
        matches!(self, DutyStage::Owed | DutyStage::Submitted)
    }
}

impl DutyCommandName {
    /// The stages that take it from a kind of obligation; [`Impose`](DutyCommandName::Impose) makes one and is taken by none.
    ///
    /// ```
    /// use duly::words::{DutyCommandName, DutyKind, DutyStage};
    /// assert_eq!(DutyCommandName::Read.stages(DutyKind::Digest), [DutyStage::Owed]);
    /// assert!(DutyCommandName::Read.stages(DutyKind::Video).is_empty());
    /// ```
    pub const fn stages(self, kind: DutyKind) -> &'static [DutyStage] {
        use DutyCommandName as C;
        use DutyStage::{Owed, Submitted};
        match (self, kind) {
            (C::Impose, _) => &[],
            (C::Fulfil, DutyKind::Video) | (C::Read, DutyKind::Digest) => &[Owed],
            (C::Accept | C::SendBack, DutyKind::Video) => &[Submitted],
            (C::HandOver | C::Excuse, DutyKind::Video) => &[Owed, Submitted],
            (C::Excuse, DutyKind::Digest) => &[Owed],
            (C::Fulfil | C::Accept | C::SendBack | C::HandOver, DutyKind::Digest)
            | (C::Read, DutyKind::Video) => &[],
            (C::Delivered | C::Undelivered | C::Redact | C::Tick | C::Note, _) => DutyStage::ALL,
        }
    }
    /// The roles from which it is taken.
    pub const fn roles(self, kind: DutyKind) -> &'static [Role] {
        use DutyCommandName as C;
        match (self, kind) {
            (C::Impose, DutyKind::Video) => &[Role::Supervisor, Role::Leader],
            (C::Impose, DutyKind::Digest) => &[Role::System, Role::Supervisor],
            (C::HandOver, _) => &[Role::Supervisor, Role::Intake],
            (C::Accept | C::SendBack | C::Excuse | C::Redact, _) => &[Role::Supervisor],
            (C::Note, _) => &[Role::Supervisor, Role::Intake, Role::Leader],
            (C::Delivered | C::Undelivered | C::Tick, _) => &[Role::System],
            (C::Fulfil | C::Read, _) => &[],
        }
    }
    /// Whether it is taken from whoever owes it: the person named, or one who holds the post in that place and unit.
    pub const fn from_who_owes(self) -> bool {
        matches!(
            self,
            DutyCommandName::Fulfil | DutyCommandName::Read | DutyCommandName::Note
        )
    }
    /// What a stage of a kind of obligation takes.
    ///
    /// ```
    /// use duly::words::{DutyCommandName, DutyKind, DutyStage};
    /// let takes: Vec<_> = DutyCommandName::accepted_in(DutyKind::Video, DutyStage::Submitted).collect();
    /// assert!(takes.contains(&DutyCommandName::Accept) && !takes.contains(&DutyCommandName::Fulfil));
    /// ```
    pub fn accepted_in(kind: DutyKind, stage: DutyStage) -> impl Iterator<Item = DutyCommandName> {
        let all = DutyCommandName::ALL.iter().copied();
        all.filter(move |name| name.stages(kind).contains(&stage))
    }
}
