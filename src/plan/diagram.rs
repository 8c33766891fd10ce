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
            barren: BTreeSet::new(),
        }
    }
    /// The regions with such an answer, in the order of the facts' codes. What leads to none of them is not walked, so that each takes no
    /// longer than one way through the diagram, however many ways there are.
    pub(crate) fn regions_where<'a>(
        &'a self,
        schema: &'a Schema,
        is: impl Fn(&A) -> bool,
    ) -> impl Iterator<Item = Region<&'a A>> {
        let mut barren = BTreeSet::new();
        let ways = self.ways_by_test(&is);
        barren.extend(ways.into_iter().filter(|(_, n)| *n == 0).map(|(at, _)| at));
        let regions = Regions {
            barren,
            ..self.regions(schema)
        };
        regions.filter(move |region| is(region.answer))
    }
    /// The first of them: a case to show that there are such answers.
    pub(crate) fn first<'a>(
        &'a self,
        schema: &'a Schema,
        is: impl Fn(&A) -> bool,
    ) -> Option<Region<&'a A>> {
        self.regions_where(schema, is).next()
    }
    /// How many regions there are with such an answer; `u64::MAX` where there are more. They are counted without being walked.
    pub(crate) fn count_where(&self, is: impl Fn(&A) -> bool) -> u64 {
        let ways = self.ways_by_test(&is);
        match self.root() {
            Vertex::Answer(answer) => u64::from(is(answer)),
            Vertex::Test(test) => ways.get(&test.at).copied().unwrap_or_default(),
        }
    }
    /// Test → how many ways lead on from it to such an answer.
    fn ways_by_test(&self, is: &impl Fn(&A) -> bool) -> BTreeMap<usize, u64> {
        let mut ways = BTreeMap::new();
        let _ = self.ways(self.root(), is, &mut ways);
        ways
    }
    fn ways(
        &self,
        from: Vertex<'_, A>,
        is: &impl Fn(&A) -> bool,
        ways: &mut BTreeMap<usize, u64>,
    ) -> u64 {
        let test = match from {
            Vertex::Answer(answer) => return u64::from(is(answer)),
            Vertex::Test(test) => test,
        };
        if let Some(known) = ways.get(&test.at) {
            return *known;
        }
        let each = test.branches().map(|branch| self.ways(branch.to, is, ways));
        let all = each.fold(0, u64::saturating_add);
        ways.insert(test.at, all);
        all
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
    /// Which test of its diagram it is: no two of one diagram have the same.
    pub fn place(&self) -> usize {
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
    /// Tests that are not worth a walk.
    barren: BTreeSet<usize>,
}

impl<'a, A> Iterator for Regions<'a, A> {
    type Item = Region<&'a A>;
    fn next(&mut self) -> Option<Region<&'a A>> {
        loop {
            let (vertex, bounds) = self.ahead.pop()?;
            let test = match vertex {
                Vertex::Answer(answer) => return Some(Region { bounds, answer }),
                Vertex::Test(test) if self.barren.contains(&test.at) => continue,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Domain, FactRule, Given};

    /// Pairs of facts, and a rule that asks whether both of any pair hold: small, and with more ways than can be walked.
    fn pairs(many: usize) -> (Schema, Diagram<u8>) {
        let fact = |n: usize| FactRule::new(format!("f{n}"), Domain::YesNo, Given::Host);
        let schema = Schema {
            facts: (0..many * 2).map(fact).collect(),
        };
        let yes = |fact: usize| {
            let region = |code: i64| Region {
                bounds: [(fact, (code, code))].into(),
                answer: code == 1,
            };
            Diagram::from_regions(&schema, vec![region(0), region(1)]).unwrap()
        };
        let any = (0..many).rev().fold(Diagram::constant(0), |any, pair| {
            let both = yes(2 * pair).zip(&yes(2 * pair + 1), |a, b| *a && *b);
            any.zip(
                &both.unwrap(),
                |any: &u8, both| if *both { 1 } else { *any },
            )
            .unwrap()
        });
        (schema, any)
    }

    /// A case to show something is found, and ways are counted, without walking them all.
    #[test]
    fn a_case_is_found_among_more_ways_than_can_be_walked() {
        let (schema, any) = pairs(60);
        let first = any.first(&schema, |answer| *answer == 1).unwrap();
        assert_eq!(first.bounds.values().filter(|it| **it == (1, 1)).count(), 2);
        assert!(first.say(&schema).contains("f118 = true, f119 = true"));
        assert_eq!(any.regions_where(&schema, |_| true).take(500).count(), 500);
        assert!(any.first(&schema, |answer| *answer == 2).is_none());
        assert_eq!(any.count_where(|answer| *answer == 2), 0);
        assert_eq!(any.count_where(|answer| *answer == 0), 1 << 60);
        assert_eq!(pairs(70).1.count_where(|answer| *answer == 0), u64::MAX);
    }

    /// What is found is what a walk of all ways finds first, and as many are counted as there are.
    #[test]
    fn the_first_case_is_the_first_of_all() {
        let (schema, any) = pairs(4);
        for wanted in 0..=2 {
            let is = |answer: &u8| *answer == wanted;
            let all = || any.regions(&schema).filter(|region| is(region.answer));
            assert_eq!(any.first(&schema, is), all().next());
            assert!(any.regions_where(&schema, is).eq(all()));
            assert_eq!(any.count_where(is), all().count() as u64);
        }
    }
}
