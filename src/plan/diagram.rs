//! Decision diagrams: a rule as an ordered, reduced, multi-valued decision diagram over the facts of a schema.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::flat::{Flat, Leads, Went};
use super::{Path, Row, Schema};
use crate::words::Because;

/// A rule as a diagram: which answer for which facts. Tests come in the order of the schema, no two nodes are
/// alike and no test is useless, so two rules that answer alike everywhere are the same diagram.
///
/// It lies in one array of 32-bit words. Where up to 64 ways lead to its answers a look-up strikes out, fact by fact, the ways that the case
/// does not go; larger diagrams are walked, yes or no, labels and numbers with cuts close together by index, other numbers by halving.
///
/// ```
/// use std::collections::BTreeMap;
/// use duly::plan::{Diagram, Region, Row, Schema, engine_facts};
/// use duly::words::Lang;
///
/// let schema = Schema { facts: engine_facts(Lang::En) };
/// let returns = schema.index("returns").unwrap();
/// let upto = |least, most, answer| Region { bounds: BTreeMap::from([(returns, (least, most))]), answer };
/// let rule = Diagram::from_regions(&schema, vec![upto(0, 1, "go on"), upto(2, 99, "supervise")])?;
/// let row = schema.row(|fact| (fact.name == "returns").then(|| 3.into()));
/// assert_eq!(*rule.answer(&row), "supervise");
/// assert_eq!(rule.explain(&schema, &row).1[0].to_string(), "returns = 2..=99");
/// # Ok::<(), duly::plan::DiagramError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram<A> {
    pub(super) flat: Flat,
    pub(super) answers: Vec<A>,
}

/// Where to go next, in a diagram that is being built or stored: an answer, or another test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Edge {
    Answer(u32),
    Node(u32),
}

/// A test of one fact, in a diagram that is being built or stored: a code below the first cut takes the first edge, below the second the second, …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Node {
    pub(super) fact: u32,
    pub(super) cuts: Vec<i64>,
    pub(super) edges: Vec<Edge>,
}

/// Fact, by place in the schema → least and most code.
type Bounds = BTreeMap<usize, (i64, i64)>;

/// A box of cases with one answer: for some facts (by place in the schema) a range of codes, both ends included;
/// all other facts free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region<A> {
    /// Fact → least and most code.
    pub bounds: BTreeMap<usize, (i64, i64)>,
    /// The answer there.
    pub answer: A,
}

impl<A> Region<A> {
    /// The region in words: `kind = 投诉, heat = 100..=1000000`; `always` where no fact is bound.
    pub fn say(&self, schema: &Schema) -> String {
        say(
            schema,
            self.bounds.iter().map(|(fact, range)| (*fact, *range)),
        )
    }
}

/// A case that [`Region::say`] put in words, in Chinese: names and values of facts stay what they are.
pub(crate) fn case_zh(case: &str) -> &str {
    if case == "always" {
        "任何情形"
    } else {
        case
    }
}

/// Bounds in words.
pub(super) fn say(schema: &Schema, bounds: impl Iterator<Item = (usize, (i64, i64))>) -> String {
    let one = |(fact, (least, most)): (usize, (i64, i64))| {
        let fact = schema
            .facts
            .get(fact)
            .filter(|fact| fact.domain.codes() != (least, most))?;
        Some(format!("{} = {}", fact.name, fact.domain.say(least, most)))
    };
    let parts: Vec<String> = bounds.filter_map(one).collect();
    if parts.is_empty() {
        "always".into()
    } else {
        parts.join(", ")
    }
}

impl<A> Diagram<A> {
    /// A rule that always answers the same.
    pub fn constant(answer: A) -> Diagram<A> {
        Diagram {
            flat: Flat::constant(),
            answers: vec![answer],
        }
    }
    /// The answer for a row.
    #[inline]
    pub fn answer(&self, row: &Row) -> &A {
        self.at(self.flat.answer(row))
    }
    /// The path that a row takes: the answer, and the facts on the way to it, not yet in words.
    #[inline]
    pub fn path(&self, row: &Row) -> Path<'_, A> {
        Path::of(self, row)
    }
    /// The answer for a row, with the facts on the way to it and the ranges that lead the same way, in words.
    pub fn explain(&self, schema: &Schema, row: &Row) -> (&A, Vec<Because>) {
        let path = self.path(row);
        (path.answer(), path.because(schema))
    }

    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "edges are checked when a diagram is built or read"
    )]
    fn at(&self, answer: usize) -> &A {
        &self.answers[answer]
    }
    #[inline]
    pub(super) fn went(&self, row: &Row) -> (&A, Went) {
        let (answer, went) = self.flat.went(row);
        (self.at(answer), went)
    }

    /// Every answer that the diagram can give, each once.
    pub fn answers(&self) -> &[A] {
        &self.answers
    }
    /// The facts it reads, by place in the schema. A fact that makes no difference is not among them.
    pub fn reads(&self) -> BTreeSet<usize> {
        self.flat.tests().map(|test| self.flat.fact(test)).collect()
    }
    /// How many tests it has.
    pub fn size(&self) -> usize {
        self.flat.tests().count()
    }
    /// How many bytes its tests and answers take, without what an answer may hold outside itself.
    pub fn bytes(&self) -> usize {
        self.flat.bytes() + size_of_val(self.answers.as_slice())
    }
    /// Where every walk begins.
    ///
    /// ```
    /// # use duly::plan::{Diagram, Vertex};
    /// assert!(matches!(Diagram::constant(3).root(), Vertex::Answer(3)));
    /// ```
    pub fn root(&self) -> Vertex<'_, A> {
        self.vertex(self.flat.root())
    }
    fn vertex(&self, leads: Leads) -> Vertex<'_, A> {
        match leads {
            #[expect(
                clippy::indexing_slicing,
                reason = "edges are checked when a diagram is built or read"
            )]
            Leads::Answer(at) => Vertex::Answer(&self.answers[at]),
            Leads::Test(at) => Vertex::Test(Test { diagram: self, at }),
        }
    }
    /// Every region of cases with one answer, in the order of the facts' codes: together they cover all cases,
    /// and no two overlap.
    pub fn regions<'a>(&'a self, schema: &'a Schema) -> Regions<'a, A> {
        Regions {
            schema,
            ahead: vec![(self.root(), BTreeMap::new())],
        }
    }
    /// Whether every test is of a fact of that schema, at codes it can have.
    pub fn fits(&self, schema: &Schema) -> bool {
        self.flat.tests().all(|test| {
            let fact = schema.facts.get(self.flat.fact(test));
            fact.is_some_and(|fact| {
                let (least, most) = fact.domain.codes();
                let branches = self.flat.branches(test);
                let mut cuts = branches.iter().skip(1).map(|(cut, ..)| *cut);
                cuts.all(|cut| least < cut && cut <= most)
            })
        })
    }
}

/// A place in a diagram.
#[derive(Debug)]
pub enum Vertex<'a, A> {
    /// The end of a path.
    Answer(&'a A),
    /// A test of one fact.
    Test(Test<'a, A>),
}

/// A test of one fact in a diagram. Two tests of one diagram are equal where they are the same.
pub struct Test<'a, A> {
    diagram: &'a Diagram<A>,
    at: usize,
}

/// One way on from a test.
#[derive(Debug, Clone, Copy)]
pub struct Branch<'a, A> {
    /// The least code that goes this way; `i64::MIN` for the first.
    pub least: i64,
    /// The most code that goes this way; `i64::MAX` for the last.
    pub most: i64,
    /// Where it leads.
    pub to: Vertex<'a, A>,
}

impl<'a, A> Test<'a, A> {
    /// Which test of its diagram it is.
    pub(super) fn place(&self) -> usize {
        self.at
    }
    /// Where a case with that code goes on.
    pub(super) fn towards(&self, code: i64) -> Option<Vertex<'a, A>> {
        let mut ways = self.branches();
        let way = ways.find(|way| (way.least..=way.most).contains(&code))?;
        Some(way.to)
    }
    /// The fact, by place in the schema.
    pub fn fact(&self) -> usize {
        self.diagram.flat.fact(self.at)
    }
    /// The ways on, codes rising. Neighbours lead to different places.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use duly::plan::{Diagram, Region, Schema, Vertex, engine_facts};
    /// # use duly::words::Lang;
    /// # let schema = Schema { facts: engine_facts(Lang::En) };
    /// # let returns = schema.index("returns").unwrap();
    /// # let upto = |least, most, answer| Region { bounds: BTreeMap::from([(returns, (least, most))]), answer };
    /// let rule = Diagram::from_regions(&schema, vec![upto(0, 1, "go on"), upto(2, 99, "supervise")])?;
    /// let Vertex::Test(test) = rule.root() else { unreachable!() };
    /// assert_eq!(schema.facts[test.fact()].name, "returns");
    /// let from: Vec<i64> = test.branches().map(|branch| branch.least).collect();
    /// assert_eq!(from, [i64::MIN, 2]);
    /// # Ok::<(), duly::plan::DiagramError>(())
    /// ```
    pub fn branches(&self) -> impl Iterator<Item = Branch<'a, A>> + use<'a, A> {
        let diagram = self.diagram;
        let ways = diagram.flat.branches(self.at);
        ways.into_iter().map(move |(least, most, to)| Branch {
            least,
            most,
            to: diagram.vertex(to),
        })
    }
}

// By hand, since a reference asks nothing of `A`.
impl<A> Clone for Vertex<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A> Copy for Vertex<'_, A> {}
impl<A> Clone for Test<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A> Copy for Test<'_, A> {}
impl<A> PartialEq for Test<'_, A> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.diagram, other.diagram) && self.at == other.at
    }
}
impl<A> Eq for Test<'_, A> {}
impl<A> fmt::Debug for Test<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Test")
            .field("fact", &self.fact())
            .field("at", &self.at)
            .finish()
    }
}

/// The regions of a diagram, from [`Diagram::regions`]. One after another, since a small diagram can have many.
#[derive(Debug, Clone)]
pub struct Regions<'a, A> {
    schema: &'a Schema,
    ahead: Vec<(Vertex<'a, A>, Bounds)>,
}

impl<'a, A> Iterator for Regions<'a, A> {
    type Item = Region<&'a A>;
    fn next(&mut self) -> Option<Region<&'a A>> {
        loop {
            let (vertex, bounds) = self.ahead.pop()?;
            let test = match vertex {
                Vertex::Answer(answer) => return Some(Region { bounds, answer }),
                Vertex::Test(test) => test,
            };
            let fact = test.fact();
            let domain = self.schema.facts.get(fact).map(|fact| fact.domain.codes());
            let (floor, top) = domain.unwrap_or((i64::MIN, i64::MAX));
            let from = self.ahead.len();
            for Branch { least, most, to } in test.branches() {
                let mut bounds = bounds.clone();
                bounds.insert(fact, (least.max(floor), most.min(top)));
                self.ahead.push((to, bounds));
            }
            // The first branch is to be taken first, so it lies on top.
            if let Some(new) = self.ahead.get_mut(from..) {
                new.reverse();
            }
        }
    }
}
