//! Clauses laid over one another, as their mode says.

use std::collections::{BTreeMap, BTreeSet};

use super::super::draft::ClauseDraft;
use super::super::fault::{Both, both};
use super::super::tabulate::{Ask, Written};
use super::answer::Answer;
use crate::plan::{Clauses, Decision, Diagram, DiagramError, Limit, Mode, beats, limit_order};
use crate::words::RuleId;

/// One clause, read.
pub(super) struct One<'d, A> {
    pub(super) number: u32,
    pub(super) clause: &'d ClauseDraft,
    pub(super) applies: Diagram<bool>,
    pub(super) written: Option<Written>,
    pub(super) says: A,
}

/// The clauses of one decision, read.
pub(super) struct Read<'d, A> {
    pub(super) mode: Mode,
    pub(super) all: Vec<One<'d, A>>,
}

/// A decision's clauses laid over one another.
pub(super) struct Laid {
    /// Which clauses decide; none, where none applies.
    pub(super) decides: Diagram<Vec<u32>>,
    /// Clause → what decided its cases before it was laid, or at the end where the order says nothing. Nothing for the cases to which
    /// it does not apply.
    pub(super) met: BTreeMap<u32, Diagram<Option<Vec<u32>>>>,
}

impl<'d, A: Answer> Read<'d, A> {
    pub(super) fn get(&self, number: u32) -> Option<&One<'d, A>> {
        self.all.iter().find(|one| one.number == number)
    }
    /// The clauses with a condition.
    pub(super) fn conditional(&self) -> impl DoubleEndedIterator<Item = &One<'d, A>> {
        self.all.iter().filter(|one| one.clause.when.is_some())
    }
    /// The one for all other cases.
    pub(super) fn left(&self) -> Option<&One<'d, A>> {
        self.all.iter().find(|one| one.clause.when.is_none())
    }
    fn limited(&self, number: u32) -> Option<(u32, &Limit)> {
        Some((number, self.get(number)?.says.limit()?))
    }
    /// What these clauses, which are not beaten by any that applies with them, come to, and whose word it is. Nothing where they cannot
    /// be compared, or where there are none.
    pub(super) fn chosen(&self, set: &[u32]) -> Option<(Vec<u32>, A)> {
        if let [only] = set {
            return Some((set.to_vec(), self.get(*only)?.says.clone()));
        }
        let limits = set.iter().filter_map(|number| self.limited(*number));
        let (whose, limit) = Limit::strictest(limits)?;
        Some((whose, A::of(limit)?))
    }
    /// The set with one more clause that applies.
    fn with(&self, set: &[u32], number: u32) -> Vec<u32> {
        if self.mode != Mode::Strictest {
            return if set.is_empty() {
                vec![number]
            } else {
                set.to_vec()
            };
        }
        let Some(new) = self.limited(number) else {
            return set.to_vec();
        };
        let known = || set.iter().filter_map(|known| self.limited(*known));
        if known().any(|known| beats(known, new)) {
            return set.to_vec();
        }
        let kept = known().filter(|known| !beats(new, *known));
        let kept: BTreeSet<u32> = kept.map(|(known, _)| known).chain([number]).collect();
        kept.into_iter().collect()
    }
    /// Lays them over one another. Where the order says nothing they are laid in one that does not hang on how they are written.
    pub(super) fn lay(&self, room: &mut usize) -> Result<Laid, DiagramError> {
        let mut order: Vec<&One<'d, A>> = self.conditional().collect();
        if self.mode == Mode::Strictest {
            order.sort_by_cached_key(|one| self.limited(one.number).map(limit_order));
        }
        let mut decides = Diagram::constant(Vec::new());
        let mut met = BTreeMap::new();
        let among = |set: &Vec<u32>, yes: &bool| yes.then(|| set.clone());
        for one in &order {
            if self.mode != Mode::Strictest {
                met.insert(one.number, decides.zip_within(&one.applies, room, among)?);
            }
            decides = decides.zip_within(&one.applies, room, |set, yes| match yes {
                true => self.with(set, one.number),
                false => set.clone(),
            })?;
        }
        for one in order.iter().filter(|_| self.mode == Mode::Strictest) {
            met.insert(one.number, decides.zip_within(&one.applies, room, among)?);
        }
        Ok(Laid { decides, met })
    }
    /// The rule as it was written: every condition is asked.
    pub(super) fn written(self, rule: &RuleId, rest: Option<A>) -> Written {
        let paths = self.all.iter().filter_map(|one| one.written.as_ref());
        let paths = paths.map(|written| written.paths).sum();
        let asks: Vec<(u32, A, Option<Ask>)> = self
            .all
            .into_iter()
            .filter(|one| one.clause.when.is_some())
            .map(|one| (one.number, one.says, one.written.map(|written| written.ask)))
            .collect();
        let strictest = self.mode == Mode::Strictest;
        Written {
            rule: rule.clone(),
            paths,
            ask: Box::new(move |engine, recorder| {
                let mut hold: Vec<(u32, &A)> = Vec::new();
                for (number, says, ask) in &asks {
                    let yes = ask.as_ref().map(|ask| ask(engine, recorder)).transpose()?;
                    if yes == Some(true.into()) {
                        hold.push((*number, says));
                    }
                }
                let limits = hold
                    .iter()
                    .filter_map(|(number, says)| Some((*number, says.limit()?)));
                let answer = match hold.first() {
                    None => rest.clone(),
                    Some(_) if strictest => Limit::strictest(limits).and_then(|(_, it)| A::of(it)),
                    Some((_, says)) => Some((*says).clone()),
                };
                Ok(serde_json::to_value(&answer).unwrap_or_default())
            }),
        }
    }

    /// Clauses by number, with their titles.
    pub(super) fn name(&self, numbers: &BTreeSet<u32>) -> Both {
        let title = |number: &u32| {
            self.get(*number)
                .map(|one| one.clause.title.as_str())
                .filter(|title| !title.is_empty())
        };
        let one = |number: &u32| match title(number) {
            Some(title) => both!("{number} (`{title}`)", "第 {number} 款“{title}”"),
            None => both!("{number}", "第 {number} 款"),
        };
        let (en, zh): (Vec<String>, Vec<String>) = numbers
            .iter()
            .map(one)
            .map(|both| (both.en, both.zh))
            .unzip();
        let (en, zh) = (en.join(", "), zh.join("、"));
        match numbers.len() {
            1 => both!("clause {en}", "{zh}"),
            _ => both!("clauses {en}", "{zh}"),
        }
    }
}

/// The clauses of a limit that an overlay laid over its base's: whose is the earlier decides, and both where it cannot be told
/// beforehand. Nothing, where neither is written in clauses.
pub(in crate::script) fn laid_over(
    base: &Decision<Limit>,
    over: &Decision<Option<Limit>>,
) -> Result<Option<Clauses>, DiagramError> {
    let (under, own) = (base.clauses.as_deref(), over.clauses.as_deref());
    if under.is_none() && own.is_none() {
        return Ok(None);
    }
    let before = under.map_or(0, |clauses| clauses.all.len() as u32);
    let none = Diagram::constant(Vec::new());
    let decides = |clauses: Option<&Clauses>, shift: u32| {
        let decides = clauses.map_or(&none, |clauses| &clauses.decides);
        decides.map(|set| {
            set.iter()
                .map(|number| number + shift)
                .collect::<Vec<u32>>()
        })
    };
    let under_set = decides(under, 0);
    let own_set = decides(own, before);
    let under_all = base
        .diagram
        .zip(&under_set, |it, set| (it.clone(), set.clone()))?;
    let own_all = over
        .diagram
        .zip(&own_set, |it, set| (it.clone(), set.clone()))?;
    let decides = under_all.zip(&own_all, |(limit, set), (own, own_set)| match own {
        Some(own) if !limit.within(own) && own.within(limit) => own_set.clone(),
        Some(own) if !limit.within(own) => set.iter().chain(own_set).copied().collect(),
        _ => set.clone(),
    })?;
    let clauses = |it: Option<&Clauses>| it.map(|it| it.all.clone()).unwrap_or_default();
    let mut all = clauses(under);
    all.extend(clauses(own));
    let mode = under.or(own).map_or(Mode::First, |clauses| clauses.mode);
    Ok(Some(Clauses { mode, all, decides }))
}
