//! What a pack says of cases that are divided into parts (分办、一件事), and of signals (预警).

use serde::{Deserialize, Serialize};

use super::{Decision, Plan, Provenance};
use crate::time::Span;
use crate::words::{PlaceCode, PlaceLevel, RuleId, SubKey};

/// How a case is divided (分办).
///
/// ```
/// use duly::plan::{DivideRule, bare};
/// use duly::time::Span;
/// let plan = bare("demo".parse()?);
/// // Where a pack says nothing, whoever answers has a working day to put the results together.
/// assert_eq!(plan.divide, DivideRule::default());
/// assert_eq!(plan.divide.slack, Span::WorkingDays(1));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DivideRule {
    /// How much of the case's time is kept for putting the results together (汇总时间): its parts are due so much earlier.
    pub slack: Span,
    /// The lowest level at which a part is handled (不得下放); any, if none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest: Option<PlaceLevel>,
    /// Who says so.
    #[serde(default)]
    pub provenance: Provenance,
}

impl Default for DivideRule {
    fn default() -> DivideRule {
        DivideRule {
            slack: Span::WorkingDays(1),
            lowest: None,
            provenance: Provenance::Unsaid,
        }
    }
}

impl DivideRule {
    pub(super) fn is_default(&self) -> bool {
        *self == DivideRule::default()
    }
}

/// Several things that a citizen has done as one (“一件事”): one form, and its parts with what waits for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRule {
    /// Its name, as commands give it.
    pub name: String,
    /// Its identity.
    pub rule: RuleId,
    /// Its title, for people.
    pub title: String,
    /// Who says so.
    #[serde(default)]
    pub provenance: Provenance,
    /// Its parts, in the order written.
    pub parts: Vec<BundlePart>,
}

/// One of the things of a bundle (联办事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundlePart {
    /// Its key in the bundle.
    pub key: SubKey,
    /// Its title, which is what is to be done.
    pub title: String,
    /// The place that handles it; the case's own, if none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// The parts that must be settled before it begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<SubKey>,
    /// How long it takes, from when it begins.
    pub within: Span,
    /// The case can be answered without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// A signal that opens a case (预警指标), and for how long it is the same when it comes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalRule {
    /// Its name, as commands give it.
    pub name: String,
    /// Its identity.
    pub rule: RuleId,
    /// Its title, for people.
    pub title: String,
    /// Whether a case is opened; always, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
    /// How long after the signal that opened a case the same signal joins that case, though it has ended; while the case is open,
    /// it always does.
    pub window: Span,
    /// Who says so.
    #[serde(default)]
    pub provenance: Provenance,
}

impl Plan {
    /// The bundle of a name.
    pub fn bundle(&self, name: &str) -> Option<&BundleRule> {
        self.bundles.iter().find(|bundle| bundle.name == name)
    }
    /// The signal of a name.
    pub fn signal(&self, name: &str) -> Option<&SignalRule> {
        self.signals.iter().find(|signal| signal.name == name)
    }
}
