//! The published table: which stage takes which command, from which role. A law test holds that [`decide`]
//! accepts nothing outside it. A pack can only restrict it further.
//!
//! [`decide`]: crate::case::decide

use std::fmt;

use serde::{Deserialize, Serialize};

use super::term::term;
use super::{Command, Role, StageName};

term! {
    /// The name of a command, as in JSON.
    CommandName {
        /// See [`Command::Open`].
        Open = "open", "登记";
        /// See [`Command::Import`].
        Import = "import", "接续登记";
        /// See [`Command::OpenSub`].
        OpenSub = "open_sub", "子件登记";
        /// See [`Command::Signal`].
        Signal = "signal", "预警";
        /// See [`Command::Screen`].
        Screen = "screen", "受理";
        /// See [`Command::List`].
        List = "list", "列出清单";
        /// See [`Command::AskCitizen`].
        AskCitizen = "ask_citizen", "补正";
        /// See [`Command::Supplement`].
        Supplement = "supplement", "补充";
        /// See [`Command::Decline`].
        Decline = "decline", "不予受理";
        /// See [`Command::Merge`].
        Merge = "merge", "并案";
        /// See [`Command::Unmerge`].
        Unmerge = "unmerge", "撤销并案";
        /// See [`Command::Join`].
        Join = "join", "并入登记";
        /// See [`Command::Leave`].
        Leave = "leave", "并出登记";
        /// See [`Command::Relay`].
        Relay = "relay", "转告";
        /// See [`Command::Release`].
        Release = "release", "解除并案";
        /// See [`Command::Assign`].
        Assign = "assign", "交办";
        /// See [`Command::Divide`].
        Divide = "divide", "分办";
        /// See [`Command::DropSub`].
        DropSub = "drop_sub", "撤销分办";
        /// See [`Command::Hear`].
        Hear = "hear", "子件反馈";
        /// See [`Command::Want`].
        Want = "want", "主件限期";
        /// See [`Command::CallOff`].
        CallOff = "call_off", "撤件";
        /// See [`Command::Sign`].
        Sign = "sign", "签收";
        /// See [`Command::SubAssign`].
        SubAssign = "sub_assign", "下级交办";
        /// See [`Command::Object`].
        Object = "object", "退单";
        /// See [`Command::Rule`].
        Rule = "rule", "退单裁定";
        /// See [`Command::Reclassify`].
        Reclassify = "reclassify", "改类";
        /// See [`Command::Transfer`].
        Transfer = "transfer", "转办";
        /// See [`Command::HandOver`].
        HandOver = "hand_over", "交接";
        /// See [`Command::Pause`].
        Pause = "pause", "中止计时";
        /// See [`Command::Resume`].
        Resume = "resume", "恢复计时";
        /// See [`Command::Exclude`].
        Exclude = "exclude", "扣除时间";
        /// See [`Command::AskExtension`].
        AskExtension = "ask_extension", "申请延期";
        /// See [`Command::GrantExtension`].
        GrantExtension = "grant_extension", "批准延期";
        /// See [`Command::Update`].
        Update = "update", "进展告知";
        /// See [`Command::CoReply`].
        CoReply = "co_reply", "协办答复";
        /// See [`Command::Reply`].
        Reply = "reply", "答复";
        /// See [`Command::Review`].
        Review = "review", "审核";
        /// See [`Command::CallBack`].
        CallBack = "call_back", "回访";
        /// See [`Command::Rate`].
        Rate = "rate", "评价";
        /// See [`Command::Commit`].
        Commit = "commit", "登记承诺";
        /// See [`Command::Fulfil`].
        Fulfil = "fulfil", "兑现";
        /// See [`Command::Recheck`].
        Recheck = "recheck", "复核";
        /// See [`Command::StrikeOff`].
        StrikeOff = "strike_off", "销账";
        /// See [`Command::Reopen`].
        Reopen = "reopen", "重开";
        /// See [`Command::Withdraw`].
        Withdraw = "withdraw", "撤回";
        /// See [`Command::Direct`].
        Direct = "direct", "批示";
        /// See [`Command::Track`].
        Track = "track", "督办";
        /// See [`Command::Untrack`].
        Untrack = "untrack", "解除督办";
        /// See [`Command::Report`].
        Report = "report", "报告进展";
        /// See [`Command::SetFact`].
        SetFact = "set_fact", "更新事实";
        /// See [`Command::Note`].
        Note = "note", "附注";
        /// See [`Command::Correct`].
        Correct = "correct", "更正";
        /// See [`Command::Delivered`].
        Delivered = "delivered", "送达";
        /// See [`Command::Undelivered`].
        Undelivered = "undelivered", "未送达";
        /// See [`Command::AdoptPlan`].
        AdoptPlan = "adopt_plan", "适用新规";
        /// See [`Command::AdoptCalendar`].
        AdoptCalendar = "adopt_calendar", "适用新日历";
        /// See [`Command::Redact`].
        Redact = "redact", "删除个人信息";
        /// See [`Command::Tick`].
        Tick = "tick", "计时";
    }
}

impl Command {
    /// The command's name.
    pub const fn name(&self) -> CommandName {
        match self {
            Command::Open { .. } => CommandName::Open,
            Command::Import(_) => CommandName::Import,
            Command::OpenSub(_) => CommandName::OpenSub,
            Command::Signal { .. } => CommandName::Signal,
            Command::Screen { .. } => CommandName::Screen,
            Command::List { .. } => CommandName::List,
            Command::AskCitizen { .. } => CommandName::AskCitizen,
            Command::Supplement { .. } => CommandName::Supplement,
            Command::Decline { .. } => CommandName::Decline,
            Command::Merge { .. } => CommandName::Merge,
            Command::Unmerge { .. } => CommandName::Unmerge,
            Command::Join { .. } => CommandName::Join,
            Command::Leave { .. } => CommandName::Leave,
            Command::Relay { .. } => CommandName::Relay,
            Command::Release { .. } => CommandName::Release,
            Command::Assign { .. } => CommandName::Assign,
            Command::Divide { .. } => CommandName::Divide,
            Command::DropSub { .. } => CommandName::DropSub,
            Command::Hear { .. } => CommandName::Hear,
            Command::Want { .. } => CommandName::Want,
            Command::CallOff { .. } => CommandName::CallOff,
            Command::Sign {} => CommandName::Sign,
            Command::SubAssign { .. } => CommandName::SubAssign,
            Command::Object { .. } => CommandName::Object,
            Command::Rule { .. } => CommandName::Rule,
            Command::Reclassify { .. } => CommandName::Reclassify,
            Command::Transfer { .. } => CommandName::Transfer,
            Command::HandOver { .. } => CommandName::HandOver,
            Command::Pause { .. } => CommandName::Pause,
            Command::Resume { .. } => CommandName::Resume,
            Command::Exclude { .. } => CommandName::Exclude,
            Command::AskExtension { .. } => CommandName::AskExtension,
            Command::GrantExtension { .. } => CommandName::GrantExtension,
            Command::Update { .. } => CommandName::Update,
            Command::CoReply { .. } => CommandName::CoReply,
            Command::Reply { .. } => CommandName::Reply,
            Command::Review(_) => CommandName::Review,
            Command::CallBack { .. } => CommandName::CallBack,
            Command::Rate { .. } => CommandName::Rate,
            Command::Commit(_) => CommandName::Commit,
            Command::Fulfil { .. } => CommandName::Fulfil,
            Command::Recheck { .. } => CommandName::Recheck,
            Command::StrikeOff { .. } => CommandName::StrikeOff,
            Command::Reopen { .. } => CommandName::Reopen,
            Command::Withdraw { .. } => CommandName::Withdraw,
            Command::Direct { .. } => CommandName::Direct,
            Command::Track { .. } => CommandName::Track,
            Command::Untrack { .. } => CommandName::Untrack,
            Command::Report { .. } => CommandName::Report,
            Command::SetFact { .. } => CommandName::SetFact,
            Command::Note { .. } => CommandName::Note,
            Command::Correct { .. } => CommandName::Correct,
            Command::Delivered { .. } => CommandName::Delivered,
            Command::Undelivered { .. } => CommandName::Undelivered,
            Command::AdoptPlan { .. } => CommandName::AdoptPlan,
            Command::AdoptCalendar {} => CommandName::AdoptCalendar,
            Command::Redact { .. } => CommandName::Redact,
            Command::Tick {} => CommandName::Tick,
        }
    }
}

impl CommandName {
    /// The roles that may ask it. Which person of that role is a question for the case: only the case's own
    /// owner signs, only another person than the handlers reviews.
    pub const fn roles(self) -> &'static [Role] {
        use CommandName as C;
        use Role::{Citizen, CoHandler, Intake, Leader, Owner, Reviewer, Supervisor, System};
        match self {
            C::Open => &[Citizen, Intake, System],
            // No citizen takes over files; who answers for it is named besides.
            C::Import => &[Intake, Supervisor, System],
            C::Screen
            | C::List
            | C::AskCitizen
            | C::Decline
            | C::Merge
            | C::Assign
            | C::SubAssign => &[Intake],
            C::Rule | C::Reclassify | C::Transfer | C::Unmerge => &[Intake, Supervisor],
            // What linked cases tell one another; the desk sends it.
            C::Join | C::Leave | C::Relay | C::Release => &[System],
            C::OpenSub | C::Signal | C::Hear | C::Want | C::CallOff => &[System],
            C::Divide => &[Owner, Intake, Supervisor],
            // Whoever has to answer does not say of themselves what need not be done for it.
            C::DropSub => &[Supervisor],
            C::CallBack => &[Intake],
            C::Supplement | C::Withdraw | C::Reopen => &[Citizen, Intake],
            C::Rate => &[Citizen, System],
            C::Sign
            | C::Object
            | C::AskExtension
            | C::Update
            | C::Reply
            | C::Commit
            | C::Fulfil
            | C::Report => &[Owner],
            C::Pause => &[Owner],
            C::Resume => &[Owner, Intake, Supervisor],
            C::HandOver => &[Owner, CoHandler, Intake, Supervisor],
            C::CoReply => &[CoHandler],
            C::Review => &[Reviewer],
            C::Recheck => &[Reviewer, Supervisor],
            C::GrantExtension => &[Supervisor, Leader],
            C::StrikeOff | C::Track | C::Untrack => &[Supervisor],
            C::Direct => &[Leader],
            C::SetFact => &[System, Intake],
            C::Note => &[Intake, Owner, CoHandler, Reviewer, Supervisor, Leader],
            C::Correct | C::AdoptPlan | C::Redact | C::Exclude => &[Supervisor],
            C::AdoptCalendar => &[Supervisor, System],
            C::Delivered | C::Undelivered => &[System, Intake],
            C::Tick => &[System],
        }
    }
    /// The stages that take it. Opening and taking over take none: there is no case yet.
    pub const fn stages(self) -> &'static [StageName] {
        use CommandName as C;
        use StageName::{Assigned, Closed, Received, Replied, Returned, Reviewed};
        match self {
            C::Open | C::Import | C::OpenSub => &[],
            C::Screen | C::List | C::AskCitizen | C::Supplement => &[Received],
            C::Decline | C::Merge => &[Received, Assigned],
            // Of a case that follows another one, where it stood when it was merged.
            C::Unmerge => &[Received, Assigned],
            // Whoever's case was struck off with another hears what becomes of that one's answer, and that nobody answers any more.
            C::Relay | C::Release => &[Received, Assigned, Closed],
            C::Assign => &[Received, Returned],
            C::Sign | C::SubAssign | C::Object | C::Rule | C::Reclassify | C::Transfer => {
                &[Assigned]
            }
            C::CoReply
            | C::Pause
            | C::Resume
            | C::AskExtension
            | C::GrantExtension
            | C::Update
            | C::Reply => &[Assigned, Returned],
            C::Divide => &[Assigned, Returned],
            // Once it was given to somebody, it may have parts.
            C::DropSub => &[Assigned, Replied, Reviewed, Returned, Closed],
            C::Hear => &[Assigned, Replied, Reviewed, Returned, Closed],
            C::Review => &[Replied],
            C::CallBack | C::Commit | C::Recheck => &[Reviewed],
            C::Fulfil => &[Replied, Reviewed, Returned],
            // Whoever has the answer of the case that theirs follows says what they think of it.
            C::Rate => &[Received, Assigned, Reviewed, Closed],
            C::StrikeOff => &[Reviewed],
            C::Reopen => &[Closed],
            C::HandOver | C::Report => &[Assigned, Replied, Reviewed, Returned],
            C::Track
            | C::Untrack
            | C::Withdraw
            | C::Direct
            | C::SetFact
            | C::Exclude
            | C::AdoptPlan
            | C::AdoptCalendar
            | C::Want
            | C::Join => &[Received, Assigned, Replied, Reviewed, Returned],
            C::Leave
            | C::CallOff
            | C::Signal
            | C::Note
            | C::Correct
            | C::Delivered
            | C::Undelivered
            | C::Redact
            | C::Tick => &[Received, Assigned, Replied, Reviewed, Returned, Closed],
        }
    }
}

/// From one stage to another: from none, where a case begins.
pub type Move = (Option<StageName>, StageName);

impl CommandName {
    /// The moves that it can make, in the order of the stages. A command that makes none, or that happens to make none, leaves the
    /// case in its stage. A law test holds that [`decide`](crate::case::decide) makes these and no others.
    ///
    /// ```
    /// use duly::words::{CommandName, StageName};
    /// let moves = CommandName::Review.moves();
    /// assert_eq!(moves, [(Some(StageName::Replied), StageName::Reviewed), (Some(StageName::Replied), StageName::Returned)]);
    /// ```
    pub const fn moves(self) -> &'static [Move] {
        use CommandName as C;
        use StageName::{Assigned, Closed, Received, Replied, Returned, Reviewed};
        match self {
            C::Open | C::OpenSub | C::Signal => &[(None, Received)],
            C::Import => &[
                (None, Received),
                (None, Assigned),
                (None, Replied),
                (None, Returned),
            ],
            C::Decline => &[(Some(Received), Closed), (Some(Assigned), Closed)],
            // A leader names the lead.
            C::Assign | C::Direct => &[(Some(Received), Assigned)],
            // Answered and ended with the case that it follows; told by another way is told.
            C::Relay | C::Delivered | C::Undelivered => {
                &[(Some(Received), Closed), (Some(Assigned), Closed)]
            }
            C::Reply => &[(Some(Assigned), Replied), (Some(Returned), Replied)],
            C::Review => &[(Some(Replied), Reviewed), (Some(Replied), Returned)],
            // What was closed before anyone had it goes back to intake.
            C::Rate => &[
                (Some(Reviewed), Returned),
                (Some(Closed), Received),
                (Some(Closed), Returned),
            ],
            C::CallBack | C::Recheck => &[(Some(Reviewed), Returned)],
            C::StrikeOff => &[(Some(Reviewed), Closed)],
            // So is whoever was struck off with a case that nobody answers any more.
            C::Reopen | C::Release => &[(Some(Closed), Received), (Some(Closed), Returned)],
            // A part of what was answered is open again.
            C::Hear => &[(Some(Reviewed), Returned), (Some(Closed), Returned)],
            C::Withdraw | C::CallOff => &[
                (Some(Received), Closed),
                (Some(Assigned), Closed),
                (Some(Replied), Closed),
                (Some(Reviewed), Closed),
                (Some(Returned), Closed),
            ],
            _ => &[],
        }
    }
}

/// The commands that a stage takes, in the order of the vocabulary.
///
/// ```
/// use duly::words::{CommandName, StageName, accepted_in};
/// assert!(accepted_in(StageName::Reviewed).any(|name| name == CommandName::StrikeOff));
/// assert!(!accepted_in(StageName::Replied).any(|name| name == CommandName::StrikeOff));
/// ```
pub fn accepted_in(stage: StageName) -> impl Iterator<Item = CommandName> {
    CommandName::ALL
        .iter()
        .copied()
        .filter(move |name| name.stages().contains(&stage))
}
