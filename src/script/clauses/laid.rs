//! Clauses laid over one another, as their mode says.

use std::collections::{BTreeMap, BTreeSet};

use super::super::dated::ByDate;
use super::super::draft::ClauseDraft;
use super::super::fault::{Both, Tried, both};
use super::super::record::Recorder;
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
    /// On the dates that are looked at.
    pub(super) says: A,
    /// Where that changes by date.
    pub(super) by_date: Option<ByDate<A>>,
}

impl<A: Answer> One<'_, A> {
    /// Whether both say the same, whatever the date.
    pub(super) fn same(&self, other: &One<'_, A>) -> bool {
        let all = |one: &Self| one.by_date.as_ref().map(|it| it.all.clone());
        self.says == other.says && all(self) == other.by_date.as_ref().map(|it| it.all.clone())
    }
    fn word(self) -> Word<A> {
        match self.by_date {
            Some(by_date) => Word::Dated(by_date),
            None => Word::Plain(self.says),
        }
    }
}

/// What a clause says, to be asked case by case.
enum Word<A> {
    Plain(A),
    Dated(ByDate<A>),
}

impl<A: Clone> Word<A> {
    fn asked(&self, of: &Recorder) -> Tried<A> {
        match self {
            Word::Plain(says) => Ok(says.clone()),
            Word::Dated(by_date) => by_date.asked(of),
        }
    }
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

impl Laid {
    /// What was laid on these dates in place of what was laid before.
    pub(super) fn over(
        &self,
        before: &Laid,
        dates: &Diagram<bool>,
        room: &mut usize,
    ) -> Result<Laid, DiagramError> {
        let mut met = BTreeMap::new();
        for (number, own) in &self.met {
            let under = before.met.get(number).unwrap_or(own);
            met.insert(*number, instead(own, under, dates, room)?);
        }
        Ok(Laid {
            decides: instead(&self.decides, &before.decides, dates, room)?,
            met,
        })
    }
    /// On no date is anything decided.
    pub(super) fn nothing(&self) -> Laid {
        let none = |number: &u32| (*number, Diagram::constant(None));
        Laid {
            decides: Diagram::constant(Vec::new()),
            met: self.met.keys().map(none).collect(),
        }
    }
}

/// The one on these dates, and the other on all others.
pub(super) fn instead<T: Clone + PartialEq>(
    own: &Diagram<T>,
    other: &Diagram<T>,
    dates: &Diagram<bool>,
    room: &mut usize,
) -> Result<Diagram<T>, DiagramError> {
    let own = own.zip_within(dates, room, |it, yes| yes.then(|| it.clone()))?;
    own.zip_within(other, room, |own, other| {
        own.clone().unwrap_or_else(|| other.clone())
    })
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
    /// Stretches of dates on each of which every clause says one thing; none, if no clause changes by date.
    pub(super) fn stretches(&self) -> Vec<(i64, i64)> {
        let dated = self.all.iter().filter_map(|one| one.by_date.as_ref());
        let ranges = || {
            dated
                .clone()
                .flat_map(|it| &it.all)
                .map(|(range, _)| *range)
        };
        let starts: BTreeSet<i64> = ranges().map(|(from, _)| from).collect();
        let last = ranges().map(|(_, to)| to).max();
        let ends = starts.iter().skip(1).map(|from| from - 1).chain(last);
        starts.iter().copied().zip(ends).collect()
    }
    /// Looks at the dates from there on.
    pub(super) fn turn(&mut self, date: i64) {
        for one in &mut self.all {
            let all = one.by_date.iter().flat_map(|it| &it.all);
            let mut on = all.filter(|((from, to), _)| (*from..=*to).contains(&date));
            if let Some((_, says)) = on.next() {
                one.says = says.clone();
            }
        }
    }
    /// The rule as it was written: every condition is asked.
    pub(super) fn written(self, rule: &RuleId, rest: Option<A>) -> Written {
        let paths = self.all.iter().filter_map(|one| one.written.as_ref());
        let paths = paths.map(|written| written.paths).sum();
        let strictest = self.mode == Mode::Strictest;
        let mut left = rest.map(Word::Plain);
        let mut asks: Vec<(u32, Option<Ask>, Word<A>)> = Vec::new();
        for mut one in self.all {
            let ask = one.written.take().map(|written| written.ask);
            match one.clause.when {
                Some(_) => asks.push((one.number, ask, one.word())),
                None => left = Some(one.word()),
            }
        }
        Written {
            rule: rule.clone(),
            paths,
            ask: Box::new(move |engine, recorder| {
                let mut hold: Vec<(u32, A)> = Vec::new();
                for (number, ask, says) in &asks {
                    let yes = ask.as_ref().map(|ask| ask(engine, recorder)).transpose()?;
                    if yes == Some(true.into()) {
                        hold.push((*number, says.asked(recorder)?));
                    }
                }
                let limits = hold
                    .iter()
                    .filter_map(|(number, says)| Some((*number, says.limit()?)));
                let answer = match hold.first() {
                    None => left.as_ref().map(|left| left.asked(recorder)).transpose()?,
                    Some(_) if strictest => Limit::strictest(limits).and_then(|(_, it)| A::of(it)),
                    Some((_, says)) => Some(says.clone()),
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
    room: &mut usize,
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
        .zip_within(&under_set, room, |it, set| (it.clone(), set.clone()))?;
    let own_all = over
        .diagram
        .zip_within(&own_set, room, |it, set| (it.clone(), set.clone()))?;
    let decides =
        under_all.zip_within(&own_all, room, |(limit, set), (own, own_set)| match own {
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
