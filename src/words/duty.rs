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
        /// 走访: a household or a person is visited, once every period.
        Visit = "visit", "走访";
        /// 集中排查: a village is swept household by household, once every period; it says how many there are and how many were seen.
        Sweep = "sweep", "集中排查";
        /// 巡回督查: a county is inspected in rounds; it says how much there was to inspect and how much was.
        Inspection = "inspection", "巡回督查";
    }
}

term! {
    /// Where an obligation stands.
    DutyStage {
        /// 待完成: it is owed.
        Owed = "owed", "待完成";
        /// 待下期: this round is done; the next one is owed when it begins.
        Resting = "resting", "待下期";
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
        /// 适用新日历.
        AdoptCalendar = "adopt_calendar", "适用新日历";
        /// 计时.
        Tick = "tick", "计时";
    }
}

impl DutyKind {
    /// Whether it is done only once somebody else says so: nobody marks their own homework. A digest is read by reading it, and
    /// nobody else can say so.
    ///
    /// What recurs is not accepted either, each round by itself: its evidence stands in the ledger, what it covered is counted, and the next
    /// round comes in any case. A round that waited for somebody's word could be neither done nor missed when the next begins.
    pub const fn is_accepted(self) -> bool {
        matches!(self, DutyKind::Video)
    }
    /// Whether it is owed again and again, in rounds (期), until it is excused.
    ///
    /// ```
    /// use duly::words::DutyKind;
    /// assert!(DutyKind::Visit.recurs() && !DutyKind::Video.recurs());
    /// ```
    pub const fn recurs(self) -> bool {
        matches!(
            self,
            DutyKind::Visit | DutyKind::Sweep | DutyKind::Inspection
        )
    }
    /// Whether doing it says how much there was and how much of it was covered (覆盖).
    pub const fn covers(self) -> bool {
        matches!(self, DutyKind::Sweep | DutyKind::Inspection)
    }
}

impl DutyStage {
    /// Whether it is still to be done, now or in a round to come, or to be accepted.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            DutyStage::Owed | DutyStage::Resting | DutyStage::Submitted
        )
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
        use DutyKind::{Digest, Inspection, Sweep, Video, Visit};
        use DutyStage::{Owed, Resting, Submitted};
        match (self, kind) {
            (C::Impose, _) => &[],
            (C::Fulfil, Video | Visit | Sweep | Inspection) | (C::Read, Digest) => &[Owed],
            (C::Accept | C::SendBack, Video) => &[Submitted],
            (C::HandOver | C::Excuse, Video) => &[Owed, Submitted],
            (C::HandOver | C::Excuse, Visit | Sweep | Inspection) => &[Owed, Resting],
            (C::Excuse, Digest) | (C::AdoptCalendar, _) => &[Owed],
            (C::Fulfil | C::HandOver, Digest)
            | (C::Accept | C::SendBack, Digest | Visit | Sweep | Inspection)
            | (C::Read, Video | Visit | Sweep | Inspection) => &[],
            (C::Delivered | C::Undelivered | C::Redact | C::Tick | C::Note, _) => DutyStage::ALL,
        }
    }
    /// The roles from which it is taken.
    pub const fn roles(self, kind: DutyKind) -> &'static [Role] {
        use DutyCommandName as C;
        match (self, kind) {
            (C::Impose, DutyKind::Digest) => &[Role::System, Role::Supervisor],
            (C::Impose, _) => &[Role::Supervisor, Role::Leader],
            (C::HandOver, _) => &[Role::Supervisor, Role::Intake],
            (C::Excuse, DutyKind::Digest) | (C::Redact, _) => &[Role::Supervisor],
            // Supervision may itself owe what recurs, an inspection for one, or be the office that owes a video: then a leader is another person.
            (C::Accept | C::SendBack | C::Excuse, _) => &[Role::Supervisor, Role::Leader],
            (C::Note, _) => &[Role::Supervisor, Role::Intake, Role::Leader],
            (C::AdoptCalendar, _) => &[Role::Supervisor, Role::System],
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
