//! The matter as a rule sees it while it is tabulated. Reading a yes-or-no fact or a label forks over all its values; a number
//! fact forks when it is compared, into the part below and the part above. What a path has learnt it keeps, so that each path
//! through a rule is one region of cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{AST, Dynamic, FnPtr, NativeCallContext, Position};

use super::dated::{Scale, Stretches, bound};
use super::fault::{Fault, Ran, Tried, both, near, suggest};
use super::value::{as_yes, said};
use crate::plan::{Domain, FactRule, Given, Row, Schema};
use crate::words::{FactName, FactValue, RECEIVED_ON};

/// Terms read within terms, at most.
const TERM_DEPTH: usize = 12;

/// What all rules of a pack read from.
#[derive(Debug)]
pub(super) struct World {
    pub(super) schema: Schema,
    pub(super) terms: BTreeMap<String, Closure>,
    /// Derived facts, and from when each is known.
    derived: BTreeMap<FactName, Given>,
    /// Parameters that change by date.
    pub(super) dated: BTreeMap<usize, Stretches>,
    /// Names that some rule has read.
    read: Mutex<BTreeSet<String>>,
    /// Where rules have read facts.
    reached: Mutex<Reached>,
}

/// A name that is neither a fact nor a term.
pub(super) fn unknown_fact<'a>(
    schema: &'a Schema,
    terms: impl Iterator<Item = &'a str> + Clone,
    name: &str,
) -> Fault {
    let facts = schema.facts.iter().map(|fact| fact.name.as_str());
    let known = facts.chain(terms);
    // It is a fact only where rules depend on it, and can be read all the same.
    let near = near(name, known.clone().chain([RECEIVED_ON]));
    let help = near.or_else(|| suggest(name, known)).or_else(|| {
        Some(both!(
            "declare it: `fact(\"{name}\").given_by(INTAKE)`",
            "先声明:`fact(\"{name}\").given_by(INTAKE)`"
        ))
    });
    let message = both!("no fact is called `{name}`", "没有叫`{name}`的事实");
    Fault::new("D301", message).maybe(help)
}

/// Lines and columns that some run has come to.
pub(super) type Reached = BTreeSet<(usize, usize)>;

/// Remembers a place.
pub(super) fn reach(reached: &mut Reached, at: Position) {
    if let (Some(line), Some(column)) = (at.line(), at.position()) {
        reached.insert((line, column));
    }
}

impl World {
    pub(super) fn new(
        schema: Schema,
        terms: BTreeMap<String, Closure>,
        derived: BTreeMap<FactName, Given>,
        dated: BTreeMap<usize, Stretches>,
    ) -> World {
        World {
            schema,
            terms,
            derived,
            dated,
            read: Mutex::default(),
            reached: Mutex::default(),
        }
    }
    fn names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(super) fn was_read(&self, name: &str) -> bool {
        self.names().contains(name)
    }
    pub(super) fn reached(&self) -> MutexGuard<'_, Reached> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// From when a fact is known.
    pub(super) fn known_from(&self, fact: &FactRule) -> Given {
        let derived = self.derived.get(&fact.name).copied();
        derived.unwrap_or_else(|| known_from(fact))
    }
    /// Takes a reading back that only asked whether the term is sound.
    pub(super) fn unread(&self, name: &str) {
        self.names().remove(name);
    }
}

/// A closure with the tree it was written in. What it captured is its own copy: nothing is shared between rules, or between two
/// runs of one rule.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    pub(super) call: FnPtr,
    pub(super) tree: Arc<AST>,
}

/// The parameter of every rule: `m`.
#[derive(Debug, Clone)]
pub(super) struct Matter(pub(super) Arc<Recorder>);

/// A number fact that was read, perhaps with something added, and not compared yet.
#[derive(Debug, Clone)]
pub(super) struct Number {
    fact: usize,
    plus: i64,
    read: usize,
    of: Arc<Recorder>,
}

/// One run of one rule.
#[derive(Debug)]
pub(super) struct Recorder {
    world: Arc<World>,
    path: Mutex<Path>,
}

/// A fork that a path took: which way of how many, and over which fact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) taken: usize,
    pub(super) of: usize,
    pub(super) fact: usize,
}

/// A number fact that was read; whether it was ever compared.
#[derive(Debug, Clone, Copy)]
struct Read {
    fact: usize,
    at: Position,
    compared: bool,
}

/// What a run has read and learnt.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) choices: Vec<Choice>,
    /// How often a fact was looked at: work that the interpreter does not count.
    pub(super) looks: u64,
    next: usize,
    /// Take the ways of each fork from the last to the first.
    backwards: bool,
    /// The facts known when the rule is asked; all, if none is named.
    latest: Option<Given>,
    /// Fact → the codes it can still have on this path.
    pub(super) known: BTreeMap<usize, (i64, i64)>,
    reads: Vec<Read>,
    /// Facts read before anyone can have given them.
    pub(super) early: Vec<(usize, Position)>,
    terms: BTreeMap<String, bool>,
    inside: Vec<String>,
}

impl Path {
    fn fork(&mut self, fact: usize, of: usize) -> usize {
        if self.next == self.choices.len() {
            self.choices.push(Choice { taken: 0, of, fact });
        }
        let taken = self.choices.get(self.next).map_or(0, |choice| choice.taken);
        self.next += 1;
        if self.backwards {
            of.saturating_sub(1).saturating_sub(taken)
        } else {
            taken
        }
    }
    /// Whether the fact is at least that; forks where both are still possible.
    fn at_least(&mut self, fact: usize, bound: i64) -> bool {
        self.looks += 1;
        let Some((least, most)) = self.known.get(&fact).copied() else {
            return false;
        };
        if least >= bound || most < bound {
            return least >= bound;
        }
        let yes = self.fork(fact, 2) == 0;
        self.known.insert(
            fact,
            if yes {
                (bound, most)
            } else {
                (least, bound - 1)
            },
        );
        yes
    }
    /// Number facts that were read and never compared: whatever the rule did with them was not recorded.
    pub(super) fn idle(&self) -> impl Iterator<Item = (usize, Position)> {
        self.reads
            .iter()
            .filter(|read| !read.compared)
            .map(|read| (read.fact, read.at))
    }
}

impl Recorder {
    /// A run that takes these ways at its first forks, and the first way at the others.
    pub(super) fn exploring(
        world: &Arc<World>,
        choices: Vec<Choice>,
        backwards: bool,
        latest: Given,
    ) -> Arc<Recorder> {
        let path = Path {
            choices,
            backwards,
            latest: Some(latest),
            ..Path::default()
        };
        Arc::new(Recorder {
            world: Arc::clone(world),
            path: Mutex::new(path),
        })
    }
    /// A run on one case: every fact is known from the start, and nothing forks.
    pub(super) fn fixed(world: &Arc<World>, row: &Row) -> Arc<Recorder> {
        let known = (0..world.schema.facts.len())
            .map(|fact| (fact, (row.code(fact), row.code(fact))))
            .collect();
        let path = Path {
            known,
            ..Path::default()
        };
        Arc::new(Recorder {
            world: Arc::clone(world),
            path: Mutex::new(path),
        })
    }
    pub(super) fn path(&self) -> MutexGuard<'_, Path> {
        self.path.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(super) fn has_dated(&self) -> bool {
        !self.world.dated.is_empty()
    }
    pub(super) fn is_dated(&self, param: usize) -> bool {
        self.world.dated.contains_key(&param)
    }
    /// The value of a parameter that changes by date; forks over the dates that are still possible.
    pub(super) fn dated(&self, param: usize) -> i64 {
        let schema = &self.world.schema;
        let fact = schema.index(RECEIVED_ON).unwrap_or(usize::MAX);
        let mut path = self.path();
        if let Some(rule) = schema.facts.get(fact) {
            path.known.entry(fact).or_insert(rule.domain.codes());
        }
        let stretches = self.world.dated.get(&param);
        stretches.map_or(0, |it| it.value(|from| path.at_least(fact, from)))
    }
    /// The code of a yes-or-no fact or a label on this path.
    pub(super) fn code(&self, fact: usize) -> i64 {
        let Some(rule) = self.world.schema.facts.get(fact) else {
            return 0;
        };
        let (least, most) = rule.domain.codes();
        let mut path = self.path();
        match path.known.get(&fact) {
            Some((least, most)) if least == most => *least,
            _ => {
                let ways = usize::try_from(most - least).unwrap_or(0) + 1;
                // One value only: nothing to tell apart.
                let taken = if ways == 1 { 0 } else { path.fork(fact, ways) };
                let code = least + taken as i64;
                path.known.insert(fact, (code, code));
                code
            }
        }
    }
}

/// From when a fact is known. The engine keeps its own facts always, but the class is set by screening and the marks of a reply by
/// the reply; before that they would hold a value that nobody gave.
fn known_from(fact: &FactRule) -> Given {
    match (fact.given, fact.name.as_str()) {
        (Given::Engine, "class") => Given::Intake,
        (Given::Engine, "mark" | "dated" | "explains") => Given::Reply,
        (Given::Engine, name) if name.starts_with("has_") => Given::Reply,
        // Always known: as early as anything.
        (Given::Engine, _) => Given::Citizen,
        (given, _) => given,
    }
}

impl Matter {
    /// `m.name`.
    pub(super) fn read(&self, ctx: &NativeCallContext, name: &str) -> Ran<Dynamic> {
        let at = ctx.call_position();
        self.look(ctx, name, at).map_err(|failed| match failed {
            Failed::Own(fault) => fault.raise(at),
            Failed::Inner(inner) => inner,
        })
    }
    fn look(&self, ctx: &NativeCallContext, name: &str, at: Position) -> Result<Dynamic, Failed> {
        let world = &self.0.world;
        reach(&mut world.reached(), at);
        if !world.was_read(name) {
            world.names().insert(name.to_owned());
        }
        if let Some(term) = world.terms.get(name) {
            return self.term(ctx, name, term).map(Dynamic::from);
        }
        let Some(index) = world.schema.index(name) else {
            let terms = world.terms.keys().map(String::as_str);
            return Err(unknown_fact(&world.schema, terms, name).into());
        };
        let Some(fact) = world.schema.facts.get(index) else {
            return Ok(Dynamic::UNIT);
        };
        {
            let mut path = self.0.path();
            let early = path
                .latest
                .is_some_and(|latest| fact.otherwise.is_none() && world.known_from(fact) > latest);
            if early && !path.early.iter().any(|(own, _)| *own == index) {
                path.early.push((index, at));
            }
        }
        Ok(match &fact.domain {
            Domain::YesNo => Dynamic::from(self.0.code(index) != 0),
            Domain::Labels(_) => match fact.domain.value(self.0.code(index)) {
                FactValue::Label(label) => Dynamic::from(label),
                _ => Dynamic::UNIT,
            },
            Domain::Whole { .. } | Domain::Percent { .. } | Domain::Date { .. } => {
                let mut path = self.0.path();
                path.known.entry(index).or_insert(fact.domain.codes());
                let read = path.reads.len();
                path.reads.push(Read {
                    fact: index,
                    at,
                    compared: false,
                });
                Dynamic::from(Number {
                    fact: index,
                    plus: 0,
                    read,
                    of: Arc::clone(&self.0),
                })
            }
        })
    }
    fn term(&self, ctx: &NativeCallContext, name: &str, term: &Closure) -> Result<bool, Failed> {
        {
            let mut path = self.0.path();
            if let Some(yes) = path.terms.get(name) {
                return Ok(*yes);
            }
            if path.inside.iter().any(|inside| inside == name) {
                let round = format!("{} → {name}", path.inside.join(" → "));
                let message = both!(
                    "the term `{name}` is defined by itself: {round}",
                    "用语`{name}`绕了一圈又用到自己:`{round}`"
                );
                let fault = Fault::new("D309", message);
                return Err(fault
                    .help(both!(
                        "say it with the facts themselves",
                        "其中一个改用事实来写"
                    ))
                    .into());
            }
            if path.inside.len() >= TERM_DEPTH {
                let message = both!(
                    "terms stand within terms more than {TERM_DEPTH} deep",
                    "用语套用语,超过了 {TERM_DEPTH} 层"
                );
                return Err(Fault::new("D309", message)
                    .help(both!("say it with the facts themselves", "直接用事实来写"))
                    .into());
            }
            path.inside.push(name.to_owned());
        }
        let answer =
            bound(&term.call, &self.0).call::<Dynamic>(ctx.engine(), &term.tree, (self.clone(),));
        let mut path = self.0.path();
        path.inside.pop();
        let answer = answer.map_err(Failed::Inner)?;
        let yes = as_yes(&answer).map_err(|_| {
            let given = said(&answer);
            Fault::new(
                "D308",
                both!(
                    "the term `{name}` answers {given}, not yes or no",
                    "用语`{name}`要答是或者否,它答的是{given}";
                    given
                ),
            )
        })?;
        path.terms.insert(name.to_owned(), yes);
        Ok(yes)
    }
}

enum Failed {
    Own(Fault),
    Inner(Box<rhai::EvalAltResult>),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed::Own(fault)
    }
}

impl Number {
    /// The fact with something added.
    pub(super) fn shifted(&self, by: i64) -> Tried<Number> {
        let plus = self
            .plus
            .checked_add(by)
            .ok_or_else(|| Fault::new("D304", both!("the number is too large", "数字太大")))?;
        Ok(Number {
            plus,
            ..self.clone()
        })
    }
    /// Whether `self op constant`.
    pub(super) fn compare(&self, op: &str, constant: i64) -> bool {
        let bound = constant.saturating_sub(self.plus);
        let mut path = self.of.path();
        if let Some(read) = path.reads.get_mut(self.read) {
            read.compared = true;
        }
        let above = bound.saturating_add(1);
        match op {
            ">=" => path.at_least(self.fact, bound),
            "<" => !path.at_least(self.fact, bound),
            ">" => path.at_least(self.fact, above),
            "<=" => !path.at_least(self.fact, above),
            _ => {
                let same = path.at_least(self.fact, bound) && !path.at_least(self.fact, above);
                same == (op == "==")
            }
        }
    }
    /// Its scale: only what is on the same one can be compared with it.
    pub(super) fn scale(&self) -> Scale {
        let fact = self.of.world.schema.facts.get(self.fact);
        fact.map_or(Scale::Whole, |fact| Scale::of(&fact.domain))
    }
    /// The fact's name, for messages.
    pub(super) fn name(&self) -> String {
        self.of
            .world
            .schema
            .facts
            .get(self.fact)
            .map(|fact| fact.name.clone())
            .unwrap_or_default()
    }
}
