//! Who is told when something happens (告知).

use serde::{Deserialize, Serialize};

use super::Decision;
use crate::words::{ClockMark, RuleId};

/// A notice (告知、抄送): who is told when something happens, beside the ladders. Every notice of a mark that applies goes out.
///
/// ```
/// use duly::plan::{NoticeRule, bare};
/// use duly::words::{ClockMark, RuleId};
/// let mut plan = bare("demo".parse()?);
/// plan.notices.push(NoticeRule {
///     rule: RuleId::new("notice(received).来件登记"),
///     mark: ClockMark::Received,
///     title: "来件登记".into(),
///     when: None,
///     to: vec!["supervisor".into()],
///     citizen: false,
///     words: String::new(),
/// });
/// assert_eq!(plan.validate(), Ok(()));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRule {
    /// Its identity.
    pub rule: RuleId,
    /// On what.
    pub mark: ClockMark,
    /// Its title, for officers. The citizen hears the words alone.
    pub title: String,
    /// Whether it applies; read once, on the case as it stands with what happened. Always, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
    /// The posts that are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Whether the citizen is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub citizen: bool,
    /// The words. They are the pack's own and public: no text of a case is ever in them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl NoticeRule {
    /// Whether somebody is told something.
    pub(super) fn tells(&self) -> bool {
        let citizen = self.citizen && !self.words.is_empty();
        !self.title.trim().is_empty() && (citizen || (!self.citizen && !self.to.is_empty()))
    }
    /// Whether both tell the same to the same on the same condition.
    #[cfg(feature = "script")]
    pub(crate) fn repeats(&self, other: &NoticeRule) -> bool {
        let condition = |rule: &NoticeRule| rule.when.as_ref().map(|when| when.diagram.clone());
        let receivers = |rule: &NoticeRule| {
            rule.to
                .iter()
                .cloned()
                .collect::<std::collections::BTreeSet<_>>()
        };
        self.mark == other.mark
            && self.citizen == other.citizen
            && self.words == other.words
            && receivers(self) == receivers(other)
            && condition(self) == condition(other)
    }
}
