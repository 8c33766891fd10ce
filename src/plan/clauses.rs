//! Decisions that are written as numbered clauses, and how the clauses that apply together are taken.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use super::analysis::clocks::no_longer;
use super::{Diagram, Limit, Provenance, Row};
use crate::time::Span;
use crate::words::DecisiveClause;

/// Which clause holds where several apply (条款竞合时以何条为准).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mode {
    /// The first in the order written (以先列者为准).
    First,
    /// No two may apply and say different things (只能适用一条).
    Unique,
    /// The limit that ends first (以最短期限为准).
    Strictest,
    /// All of them (全部适用): of what is a list by nature, such as the clauses of a gate, grounds for declining, rungs and counts.
    Collect,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 4] = [Mode::First, Mode::Unique, Mode::Strictest, Mode::Collect];
    /// As packs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::First => "FIRST",
            Mode::Unique => "UNIQUE",
            Mode::Strictest => "STRICTEST",
            Mode::Collect => "COLLECT",
        }
    }
    /// In Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Mode::First => "以先列者为准",
            Mode::Unique => "只能适用一条",
            Mode::Strictest => "以最短期限为准",
            Mode::Collect => "全部适用",
        }
    }
}

/// One clause (一款): what it is called and who says so. When it applies is in [`Clauses::decides`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Clause {
    /// Its title, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Provenance::is_unsaid")]
    pub provenance: Provenance,
    /// It holds where no other clause applies (其余).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub otherwise: bool,
}

/// The clauses of a decision, and which of them decides when. It is looked at only when a reason is put into words.
///
/// ```
/// use duly::words::ClockKind;
/// # #[cfg(feature = "script")] {
/// let plan = duly::script::load("demo.rhai", r#"
///     pack("demo", "示例");
///     place("6325", "海南州", "州留言受理岗");
///     fact("heat", 0..=1000).given_by(HOST).moves();
///     clock("reply", "答复").clauses(STRICTEST)
///         .when(|m| m.heat >= 100, 3.working_days).title("热点件").cite("《办法》第五条")
///         .when(|m| m.class == "问事", 5.working_days).title("咨询件")
///         .otherwise(10.working_days);
/// "#).unwrap();
/// let reply = &plan.clock(ClockKind::Reply).unwrap().within;
/// let hot = plan.schema.row(|fact| (fact.name == "heat").then(|| 250.into()));
/// let (limit, reason) = reply.decide(&plan.schema, &hot);
/// assert_eq!(limit.to_string(), "3 working days");
/// assert_eq!(reason.to_string(), "clock(reply).within.1 (热点件): class = 办事, heat = 100..=1000");
/// assert_eq!(plan.sources.at[&reason.rule.clause(1)], "demo.rhai:6:10");
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clauses {
    /// Which of them holds where several apply. An overlay's clauses come after its base's; between the two the earlier limit holds.
    pub mode: Mode,
    /// The clauses in the order written.
    pub all: Vec<Clause>,
    /// The numbers of those that decide, from 1; none where the answer is not a clause's: a person decides, nothing is tracked, or a
    /// limit written as a plain rule was the earlier one.
    pub decides: Diagram<Vec<u32>>,
}

impl Clauses {
    /// The clause of that number, from 1.
    pub fn get(&self, number: u32) -> Option<&Clause> {
        self.all.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }
    /// The clauses that decide for a row.
    pub fn decisive(&self, row: &Row) -> Vec<DecisiveClause> {
        let one = |number: &u32| DecisiveClause {
            number: *number,
            title: self
                .get(*number)
                .map_or_else(String::new, |clause| clause.title.clone()),
        };
        self.decides.answer(row).iter().map(one).collect()
    }
    /// The facts on the path to the answer, and those that made these clauses decide and no others.
    pub(super) fn grounds(
        &self,
        row: &Row,
        path: impl Iterator<Item = (usize, i64, i64)>,
    ) -> Vec<(usize, i64, i64)> {
        let decides = self.decides.path(row);
        joined(path, decides.facts()).collect()
    }
    /// Whether every number is that of a clause.
    pub(super) fn sound(&self) -> bool {
        let mut numbers = self.decides.answers().iter().flatten();
        numbers.all(|number| self.get(*number).is_some())
    }
}

/// Facts of two paths that one row took, each range cut to what both allow.
fn joined(
    one: impl Iterator<Item = (usize, i64, i64)>,
    other: impl Iterator<Item = (usize, i64, i64)>,
) -> impl Iterator<Item = (usize, i64, i64)> {
    let mut facts: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
    for (fact, from, to) in one.chain(other) {
        let known = facts.entry(fact).or_insert((i64::MIN, i64::MAX));
        *known = (known.0.max(from), known.1.min(to));
    }
    facts.into_iter().map(|(fact, (from, to))| (fact, from, to))
}

impl Limit {
    /// The limit that ends first of several that hold together, and whose they are: one of them, where it surely ends no later than
    /// all others, else whichever of those that no other beats ends first ([`Span::Earliest`]). The order in which they are given
    /// makes no difference. Nothing for a share beside a span or beside a share of another clock: how long a share is, only a case
    /// can tell.
    ///
    /// ```
    /// use duly::plan::Limit;
    /// use duly::time::Span;
    /// let limits = [Limit::Span(Span::WorkingDays(5)), Limit::Span(Span::WorkingDays(3)), Limit::Span(Span::Months(1))];
    /// let (whose, limit) = Limit::strictest(limits.iter().zip(1..).map(|(limit, number)| (number, limit))).unwrap();
    /// assert_eq!(whose, [2, 3]);
    /// assert_eq!(limit, Limit::Span(Span::Earliest(vec![Span::Months(1), Span::WorkingDays(3)])));
    /// ```
    pub fn strictest<'a>(
        limits: impl IntoIterator<Item = (u32, &'a Limit)>,
    ) -> Option<(Vec<u32>, Limit)> {
        let all: Vec<(u32, &Limit)> = limits.into_iter().collect();
        let beaten = |one: &(u32, &Limit)| all.iter().any(|other| beats(*other, *one));
        let kept: Vec<(u32, &Limit)> = all.iter().copied().filter(|one| !beaten(one)).collect();
        let mut numbers: Vec<u32> = kept.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if let [(_, one)] = kept.as_slice() {
            return Some((numbers, (*one).clone()));
        }
        let mut spans: Vec<&Span> = Vec::new();
        for (_, limit) in &kept {
            let Limit::Span(span) = limit else {
                return None;
            };
            spans.extend(super::limit::parts(span));
        }
        spans.sort_by_cached_key(|span| format!("{span:?}"));
        let mut first: Vec<Span> = Vec::new();
        for span in spans {
            if !first.iter().any(|known| no_longer(known, span)) {
                first.retain(|known| !no_longer(span, known));
                first.push(span.clone());
            }
        }
        match first.as_slice() {
            [] => None,
            [one] => Some((numbers, Limit::Span(one.clone()))),
            _ => Some((numbers, Limit::Span(Span::Earliest(first)))),
        }
    }
}

/// Whether a limit surely ends no later than another; of two that end alike, one and always the same.
pub(crate) fn beats(one: (u32, &Limit), other: (u32, &Limit)) -> bool {
    if !one.1.within(other.1) {
        return false;
    }
    !other.1.within(one.1) || order(one) < order(other)
}

/// An order in which limits can be put, whatever they are: by how they are written, then by number.
pub(crate) fn order((number, limit): (u32, &Limit)) -> (String, u32) {
    (format!("{limit:?}"), number)
}
