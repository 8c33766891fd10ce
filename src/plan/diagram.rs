//! Decision diagrams: a rule as an ordered, reduced, multi-valued decision diagram over the facts of a schema.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Row, Schema};
use crate::words::Because;

/// A rule as a diagram: which answer for which facts. Tests come in the order of the schema, no two nodes are
/// alike and no test is useless, so two rules that answer alike everywhere are the same diagram.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked<A>", bound(deserialize = "A: Deserialize<'de>"))]
pub struct Diagram<A> {
    pub(super) nodes: Vec<Node>,
    pub(super) answers: Vec<A>,
    pub(super) root: Edge,
}

/// Where to go next: an answer, or another test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Edge {
    Answer(u32),
    Node(u32),
}

/// A test of one fact: a code below the first cut takes the first edge, below the second the second, …
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
            nodes: Vec::new(),
            answers: vec![answer],
            root: Edge::Answer(0),
        }
    }
    /// The answer for a row.
    #[inline]
    pub fn answer(&self, row: &Row) -> &A {
        self.walk(row, |_, _| ())
    }
    /// The answer for a row, with the facts on the way to it and the ranges that lead the same way.
    pub fn explain(&self, schema: &Schema, row: &Row) -> (&A, Vec<Because>) {
        let mut because = Vec::new();
        let answer = self.walk(row, |node, way| {
            if let Some(fact) = schema.facts.get(node.fact as usize) {
                let (from, to) = node.range(way, fact.domain.codes());
                because.push(Because {
                    fact: fact.name.clone(),
                    is: fact.domain.say(from, to),
                });
            }
        });
        (answer, because)
    }

    #[inline]
    fn walk<'a>(&'a self, row: &Row, mut pass: impl FnMut(&'a Node, usize)) -> &'a A {
        let mut edge = self.root;
        loop {
            match edge {
                #[expect(
                    clippy::indexing_slicing,
                    reason = "edges are checked when a diagram is built or read"
                )]
                Edge::Answer(at) => return &self.answers[at as usize],
                #[expect(
                    clippy::indexing_slicing,
                    reason = "edges are checked, and a node has one edge more than cuts"
                )]
                Edge::Node(at) => {
                    let node = &self.nodes[at as usize];
                    let code = row.code(node.fact as usize);
                    let way = node.cuts.partition_point(|cut| *cut <= code);
                    pass(node, way);
                    edge = node.edges[way];
                }
            }
        }
    }

    /// Every answer that the diagram can give, each once.
    pub fn answers(&self) -> &[A] {
        &self.answers
    }
    /// The facts it reads, by place in the schema. A fact that makes no difference is not among them.
    pub fn reads(&self) -> BTreeSet<usize> {
        self.nodes.iter().map(|node| node.fact as usize).collect()
    }
    /// How many tests it has.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }
    /// Every region of cases with one answer, in the order of the facts' codes: together they cover all cases,
    /// and no two overlap.
    pub fn regions<'a>(&'a self, schema: &'a Schema) -> Regions<'a, A> {
        Regions {
            diagram: self,
            schema,
            ahead: vec![(self.root, BTreeMap::new())],
        }
    }
    /// Whether every test is of a fact of that schema, at codes it can have.
    pub fn fits(&self, schema: &Schema) -> bool {
        self.nodes.iter().all(|node| {
            schema.facts.get(node.fact as usize).is_some_and(|fact| {
                let (least, most) = fact.domain.codes();
                node.cuts.iter().all(|cut| least < *cut && *cut <= most)
            })
        })
    }
}

impl Node {
    /// The codes that take the edge at that place.
    fn range(&self, way: usize, (least, most): (i64, i64)) -> (i64, i64) {
        let from = way
            .checked_sub(1)
            .and_then(|at| self.cuts.get(at))
            .copied()
            .unwrap_or(least);
        let to = self.cuts.get(way).map_or(most, |cut| cut - 1);
        (from, to)
    }
}

/// The regions of a diagram, from [`Diagram::regions`]. One after another, since a small diagram can have many.
#[derive(Debug, Clone)]
pub struct Regions<'a, A> {
    diagram: &'a Diagram<A>,
    schema: &'a Schema,
    ahead: Vec<(Edge, Bounds)>,
}

impl<'a, A> Iterator for Regions<'a, A> {
    type Item = Region<&'a A>;
    fn next(&mut self) -> Option<Region<&'a A>> {
        loop {
            let (edge, bounds) = self.ahead.pop()?;
            let at = match edge {
                Edge::Answer(at) => {
                    return Some(Region {
                        bounds,
                        answer: self.diagram.answers.get(at as usize)?,
                    });
                }
                Edge::Node(at) => at,
            };
            let node = self.diagram.nodes.get(at as usize)?;
            let fact = node.fact as usize;
            let codes = self
                .schema
                .facts
                .get(fact)
                .map_or((i64::MIN, i64::MAX), |fact| fact.domain.codes());
            for (way, edge) in node.edges.iter().enumerate().rev() {
                let mut bounds = bounds.clone();
                bounds.insert(fact, node.range(way, codes));
                self.ahead.push((*edge, bounds));
            }
        }
    }
}

/// A diagram as it was stored, not yet believed.
#[derive(Deserialize)]
struct Unchecked<A> {
    nodes: Vec<Node>,
    answers: Vec<A>,
    root: Edge,
}

impl<A> TryFrom<Unchecked<A>> for Diagram<A> {
    type Error = String;
    fn try_from(
        Unchecked {
            nodes,
            answers,
            root,
        }: Unchecked<A>,
    ) -> Result<Diagram<A>, String> {
        let leads = |edge: Edge, above: Option<u32>| match edge {
            Edge::Answer(at) => (at as usize) < answers.len(),
            // Facts rise along every way, so no way comes round again.
            Edge::Node(at) => nodes
                .get(at as usize)
                .is_some_and(|node| above.is_none_or(|above| above < node.fact)),
        };
        if !leads(root, None) {
            return Err("a stored diagram has no root".into());
        }
        for (at, node) in nodes.iter().enumerate() {
            let bad = |what: &str| {
                Err(format!(
                    "a stored diagram is damaged at node `{at}`: {what}"
                ))
            };
            if node.cuts.is_empty() || node.edges.len() != node.cuts.len() + 1 {
                return bad("a node has one edge more than cuts, and at least one cut");
            }
            if !node.cuts.is_sorted_by(|a, b| a < b) {
                return bad("its cuts do not rise");
            }
            if node.cuts.first() == Some(&i64::MIN) {
                return bad("nothing lies below its first cut");
            }
            if !node.edges.iter().all(|edge| leads(*edge, Some(node.fact))) {
                return bad("an edge leads nowhere, or back to a fact already tested");
            }
        }
        Ok(Diagram {
            nodes,
            answers,
            root,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Diagram<bool>, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_stored_diagram_is_checked_before_it_is_walked() {
        let node = |fact: u32, cuts: &str, edges: &str| {
            format!(r#"{{"fact":{fact},"cuts":{cuts},"edges":{edges}}}"#)
        };
        let whole = |nodes: &str| {
            format!(r#"{{"nodes":[{nodes}],"answers":[true,false],"root":{{"node":0}}}}"#)
        };
        let fine = node(0, "[1]", r#"[{"answer":0},{"answer":1}]"#);
        assert!(read(&whole(&fine)).is_ok());
        let error = |nodes: &str| read(&whole(nodes)).unwrap_err();
        assert!(error("").contains("no root"));
        assert!(error(&node(0, "[1]", r#"[{"answer":0}]"#)).contains("one edge more"));
        assert!(error(&node(0, "[]", r#"[{"answer":0}]"#)).contains("at least one cut"));
        assert!(
            error(&node(
                0,
                "[2,1]",
                r#"[{"answer":0},{"answer":1},{"answer":0}]"#
            ))
            .contains("do not rise")
        );
        assert!(error(&node(0, "[1]", r#"[{"answer":0},{"answer":2}]"#)).contains("leads nowhere"));
        assert!(error(&node(0, "[1]", r#"[{"answer":0},{"node":7}]"#)).contains("leads nowhere"));
        assert!(error(&node(0, "[1]", r#"[{"answer":0},{"node":0}]"#)).contains("already tested"));
        let round = [
            node(1, "[1]", r#"[{"answer":0},{"node":1}]"#),
            node(0, "[1]", r#"[{"answer":0},{"node":0}]"#),
        ];
        assert!(error(&round.join(",")).contains("already tested"));
    }
}
