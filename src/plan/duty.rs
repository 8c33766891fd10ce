//! What a pack says of obligations that are no cases.

use serde::{Deserialize, Serialize};

use super::{Plan, Provenance, Rung};
use crate::time::{Counting, Span};
use crate::words::{Channel, DutyKind, RuleId};

/// A kind of obligation (义务): who owes it, within what time, and the ladder that reminds of it. The time runs from when it is
/// imposed.
///
/// ```
/// use duly::plan::{DutyRule, Provenance, bare};
/// use duly::time::Span;
/// use duly::words::{DutyKind, RuleId};
/// let mut plan = bare("demo".parse()?);
/// plan.duties.push(DutyRule {
///     kind: DutyKind::Video,
///     rule: RuleId::new("duty(video)"),
///     title: "视频答复".into(),
///     owed_by: vec!["unit_head".into()],
///     every: None,
///     within: Span::WorkingDays(20),
///     counting: plan.counting,
///     channels: Vec::new(),
///     provenance: Provenance::Unsaid,
///     rungs: Vec::new(),
/// });
/// assert_eq!(plan.validate(), Ok(()));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRule {
    /// What is owed.
    pub kind: DutyKind,
    /// Its identity.
    pub rule: RuleId,
    /// Its title, for people.
    pub title: String,
    /// The posts that owe it: all that a digest is addressed to, one for every other kind.
    pub owed_by: Vec<String>,
    /// How often what recurs is owed: a period, of days, weeks, months or years. None of what is owed once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// How long, from when it is imposed. Whoever imposes it may name an earlier day, never a later one. Of what recurs: how much of each
    /// period there is to do it; the whole, where it is the period itself.
    pub within: Span,
    /// How days are counted.
    pub counting: Counting,
    /// Where it may be published; anywhere, if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Who says so.
    #[serde(default)]
    pub provenance: Provenance,
    /// The ladder, in the order written. Its rungs have no conditions: there is no case whose facts they could read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rungs: Vec<Rung>,
}

impl Plan {
    /// What the plan says of a kind of obligation, if it says anything.
    pub fn duty(&self, kind: DutyKind) -> Option<&DutyRule> {
        self.duties.iter().find(|rule| rule.kind == kind)
    }
}
