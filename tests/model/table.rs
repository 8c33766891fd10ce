//! The commands, and the table of the stages that take them and of the roles that may ask them.

use crate::case::{End, Person, Rated, Reply, Stage, Unit};
use crate::pack::Kind;
use crate::persons::Role;

/// How a call-back went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Reached(Option<bool>),
    Unreached,
}

/// What is asked of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Open,
    Screen {
        question: bool,
    },
    AskCitizen,
    Supplement,
    Assign(Unit, Person),
    Sign,
    Object,
    Rule(Unit, Person),
    Transfer(Unit, Person),
    HandOver(Person),
    Pause(usize),
    Resume(usize),
    AskExtension(Kind, i64),
    GrantExtension(Kind),
    Update,
    CoReply,
    Reply(Reply),
    /// The one finding of the pack, where it is answered; or sent back, by a ground that the pack knows or not.
    Review {
        contacted: Option<bool>,
    },
    SendBack {
        known: bool,
    },
    CallBack(Call),
    Rate(Rated),
    Recheck {
        passed: bool,
    },
    StrikeOff(End),
    Reopen {
        known: bool,
    },
    Withdraw,
    Track,
    Untrack,
    Report,
    Note,
    /// The notice that is waited for has reached the citizen.
    Told,
    Tick,
}

impl What {
    /// The table's columns.
    pub fn stages(self) -> &'static [Stage] {
        use Stage::{Assigned, Closed, Received, Replied, Returned, Reviewed};
        match self {
            What::Open => &[],
            What::Screen { .. } | What::AskCitizen | What::Supplement => &[Received],
            What::Assign(..) => &[Received, Returned],
            What::Sign | What::Object | What::Rule(..) | What::Transfer(..) => &[Assigned],
            What::Pause(_)
            | What::Resume(_)
            | What::AskExtension(..)
            | What::GrantExtension(_)
            | What::Update
            | What::CoReply
            | What::Reply(_) => &[Assigned, Returned],
            What::Review { .. } | What::SendBack { .. } => &[Replied],
            What::CallBack(_) | What::Recheck { .. } | What::StrikeOff(_) => &[Reviewed],
            What::Rate(_) => &[Reviewed, Closed],
            What::Reopen { .. } => &[Closed],
            What::HandOver(_) | What::Report => &[Assigned, Replied, Reviewed, Returned],
            What::Withdraw | What::Track | What::Untrack => {
                &[Received, Assigned, Replied, Reviewed, Returned]
            }
            What::Note | What::Told | What::Tick => {
                &[Received, Assigned, Replied, Reviewed, Returned, Closed]
            }
        }
    }
    /// The table's last column.
    pub fn roles(self) -> &'static [Role] {
        use Role::{Citizen, CoHandler, Intake, Leader, Owner, Reviewer, Supervisor, System};
        match self {
            What::Open => &[Citizen, Intake, System],
            What::Screen { .. } | What::AskCitizen | What::Assign(..) | What::CallBack(_) => {
                &[Intake]
            }
            What::Supplement | What::Reopen { .. } | What::Withdraw => &[Citizen, Intake],
            What::Sign
            | What::Object
            | What::Pause(_)
            | What::AskExtension(..)
            | What::Update
            | What::Reply(_)
            | What::Report => &[Owner],
            What::Rule(..) | What::Transfer(..) => &[Intake, Supervisor],
            What::HandOver(_) => &[Owner, CoHandler, Intake, Supervisor],
            What::Resume(_) => &[Owner, Intake, Supervisor],
            What::GrantExtension(_) => &[Supervisor, Leader],
            What::CoReply => &[CoHandler],
            What::Review { .. } | What::SendBack { .. } => &[Reviewer],
            What::Rate(_) => &[Citizen, System],
            What::Recheck { .. } => &[Reviewer, Supervisor],
            What::StrikeOff(_) | What::Track | What::Untrack => &[Supervisor],
            What::Note => &[Intake, Owner, CoHandler, Reviewer, Supervisor, Leader],
            What::Told => &[System, Intake],
            What::Tick => &[System],
        }
    }
}
