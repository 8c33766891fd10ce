//! What a case is divided into (分办): sub-cases (子件), each a case of its own, handled in its own place by its own people; the main
//! case (主件) alone answers its citizen, once every part that it needs is settled. And what a case is opened for that no citizen
//! wrote: a signal (预警).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CaseId, Facts, PersonId, PlaceCode, SubKey, SubjectId, Text, TextRef, UnitId};
use crate::time::{Moment, Span};

/// An office of another jurisdiction that takes part (外地承办方): it works by its own rules, and this board answers for asking it and
/// for passing on what it said. Its sub-case is kept by a unit of this board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The place whose office it is; none that the pack has.
    pub place: PlaceCode,
    /// The office.
    pub unit: UnitId,
}

/// A part that a case is to be divided into (分办事项), as it is asked for. Of a bundle's own part only what differs is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSub {
    /// Its key within the case.
    pub key: SubKey,
    /// What is to be done. Of a bundle's part the bundle says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Text>,
    /// What it rests on: the finding, the document, the line of a survey (依据).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cites: Option<Text>,
    /// The place that handles it; the main case's own, if none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// The office of another jurisdiction that it is asked of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Party>,
    /// The parts that must be settled before it begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<SubKey>,
    /// How long it may take, from when it begins; until the main case needs it, if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// The main case can be answered without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Facts that it is opened with; those that the main case was opened with stand where none is said.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
}

/// A part as it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubPlanned {
    /// Its key within the main case.
    pub key: SubKey,
    /// The case that it becomes.
    pub case: CaseId,
    /// What is to be done.
    pub task: TextRef,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cites: Option<TextRef>,
    /// The place that handles it.
    pub place: PlaceCode,
    /// The office of another jurisdiction that it is asked of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Party>,
    /// The parts that must be settled before it begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<SubKey>,
    /// How long it may take, from when it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// The main case can be answered without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Facts that it is opened with.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
    /// Until when it is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
}

/// Until when a part is wanted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubDue {
    /// Which part.
    pub key: SubKey,
    /// Until when; unknown while the main case waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
}

/// Of which case a case is a part (所属主件).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MainCase {
    /// The main case.
    pub case: CaseId,
    /// The key of this part there.
    pub key: SubKey,
    /// Until when the main case wants it: this case's whole, reply and redo are due no later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
    /// The office of another jurisdiction that it is asked of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Party>,
    /// Who had handled the main case when this one began: none of them judges this one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub apart: BTreeSet<PersonId>,
}

/// What a sub-case is opened with. The desk sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubAsked {
    /// Of which case it is a part.
    pub main: MainCase,
    /// The place that handles it.
    pub place: PlaceCode,
    /// What is to be done.
    pub task: Text,
    /// Facts that it is opened with.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
}

/// Why a sub-case is called off (撤销分办).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OffWhy {
    /// The main case does not need it any more.
    Dropped,
    /// The main case has ended: its citizen withdrew it.
    MainWithdrawn,
}

/// What a signal is of (预警对象、指标): the same two say the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalOf {
    /// The pack's indicator (指标).
    pub indicator: String,
    /// The household, person or place that it is about, as the host numbers it.
    pub subject: SubjectId,
}
