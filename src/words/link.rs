//! What linked cases tell one another (件间联系): a case that was merged follows another one, its survivor; a case that is divided
//! has sub-cases, and each of them a main case. Neither sees the other; what one must know of the other comes to it as a command of the system.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CaseId, OffWhy, Outcome, PersonId, SubKey, TextRef};
use crate::time::Moment;

/// What a survivor's citizen was told, and the citizen of a case that follows it is told as well (转告). Its words are texts in a
/// command and references in events and effects.
///
/// ```
/// use duly::words::{News, Text};
/// let news: News<Text> = serde_json::from_str(r#"{"progress": {"text": "正在施工"}}"#)?;
/// assert_eq!(news.texts().len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum News<T> {
    /// How far it is.
    Progress {
        /// The words.
        text: T,
    },
    /// It takes longer: why, and until when.
    Extended {
        /// The words.
        text: T,
        /// The promised moment now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Moment>,
    },
    /// The published answer, matter by matter.
    Answer {
        /// The words, in the order of the survivor's matters.
        texts: Vec<T>,
    },
    /// The answer was taken back: it is done again.
    Retracted,
    /// The survivor was struck off, with an answer of its own. The citizen hears of it when their own case is.
    Ended {
        /// How.
        outcome: Outcome,
    },
    /// The survivor was opened again.
    Reopened,
    /// Of a sub-case: it could not be opened.
    NotOpened,
    /// Of a sub-case: what it has to ask of the citizen, whom only the main case can reach.
    Question {
        /// The words.
        text: T,
        /// Which asks, where it is a part of a part; else it is the one that says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<CaseId>,
    },
}

impl<T> News<T> {
    /// Its words, in order.
    pub fn texts(&self) -> Vec<&T> {
        // Every field has its name, so that a new text cannot be forgotten.
        match self {
            News::Progress { text }
            | News::Extended { text, due: _ }
            | News::Question { text, of: _ } => {
                vec![text]
            }
            News::Answer { texts } => texts.iter().collect(),
            News::Retracted | News::Ended { outcome: _ } | News::Reopened | News::NotOpened => {
                Vec::new()
            }
        }
    }
    /// The same with other words in place of each.
    ///
    /// # Errors
    /// The first that `each` gives.
    pub fn try_map<U, E>(&self, mut each: impl FnMut(&T) -> Result<U, E>) -> Result<News<U>, E> {
        Ok(match self {
            News::Progress { text } => News::Progress { text: each(text)? },
            News::Extended { text, due } => News::Extended {
                text: each(text)?,
                due: *due,
            },
            News::Answer { texts } => News::Answer {
                texts: texts.iter().map(each).collect::<Result<_, E>>()?,
            },
            News::Retracted => News::Retracted,
            News::Ended { outcome } => News::Ended { outcome: *outcome },
            News::Reopened => News::Reopened,
            News::NotOpened => News::NotOpened,
            News::Question { text, of } => News::Question {
                text: each(text)?,
                of: of.clone(),
            },
        })
    }
}

/// Why a case that followed another one goes on by itself (撤销并案).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnmergeWhy {
    /// An officer undid it: it was merged wrongly.
    Undone,
    /// The survivor could not take it: it was struck off meanwhile, or follows another one.
    NotJoined,
    /// The survivor's citizen withdrew it, and nobody answers any more.
    Withdrawn,
    /// The survivor was not accepted.
    Declined,
    /// The survivor's answer is erased, so that it cannot be told.
    Erased,
    /// Its own citizen is not satisfied with the survivor's answer.
    Unsatisfied,
    /// It was opened again on its own.
    Reopened,
}

/// What one case tells another. The desk delivers it as a command; hosts never see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Link {
    /// To the survivor: this case follows you. See [`Command::Join`](super::Command::Join).
    Join {
        /// When its message was received.
        received: Moment,
        /// When its whole is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole_due: Option<Moment>,
        /// When its reply was due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_due: Option<Moment>,
        /// Whether supervision tracks it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tracked: bool,
    },
    /// To the survivor: this case follows you no longer.
    Leave,
    /// To a follower: what the survivor's citizen was told, by references to the survivor's own texts.
    Relay {
        /// What.
        news: News<TextRef>,
    },
    /// To a follower: go on by yourself.
    Release {
        /// Why.
        why: UnmergeWhy,
    },
    /// To a sub-case that is not there yet: begin. What it is about is in the main case.
    Begin {
        /// Which part.
        key: SubKey,
        /// Until when it is wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Moment>,
        /// Who has handled the main case.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        apart: BTreeSet<PersonId>,
    },
    /// To a sub-case: until when the main case wants it now.
    Want {
        /// Until when.
        due: Moment,
    },
    /// To a sub-case: it is not needed any more.
    CallOff {
        /// Why.
        why: OffWhy,
    },
    /// To the main case: what a sub-case has to say, by references to its own texts.
    Hear {
        /// What.
        news: News<TextRef>,
        /// Who has handled it.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        handlers: BTreeSet<PersonId>,
    },
}
