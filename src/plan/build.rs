//! Building diagrams: regions in, the one canonical diagram out.

use std::collections::BTreeMap;

use super::diagram::{Edge, Node, say};
use super::flat::Flat;
use super::{Diagram, Region, Schema};

/// Regions that are not a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiagramError {
    /// Some cases have no answer.
    #[error("no answer when {witness}")]
    Gap {
        /// Such a case, in words.
        witness: String,
    },
    /// Some cases have two answers.
    #[error("two answers when {witness}")]
    Overlap {
        /// Such a case, in words.
        witness: String,
    },
    /// A region binds a fact that the schema does not have, or to codes outside its domain.
    #[error(
        "a region binds fact number `{fact}` to `{least}..={most}`, which the schema does not have"
    )]
    Outside {
        /// Its place in the schema.
        fact: usize,
        /// The least code.
        least: i64,
        /// The most code.
        most: i64,
    },
    /// More cases than are worth telling apart.
    #[error("the rule distinguishes too many cases: more than {limit} steps to put them in order")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

impl DiagramError {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            DiagramError::Gap { witness } => {
                format!("这种情形没有写怎么办:{}", super::case_zh(witness))
            }
            DiagramError::Overlap { witness } => {
                format!("这种情形有两种答法:{}", super::case_zh(witness))
            }
            DiagramError::Outside { fact, least, most } => {
                format!("第 {fact} 个事实取到`{least}..={most}`,没有这样的值")
            }
            DiagramError::TooLarge { .. } => "这条规则分出的情形太多".into(),
        }
    }
}

/// Steps that putting one rule in order may take; a step is one region looked at in one cell.
const LIMIT: usize = 4_000_000;

/// Pairs of nodes that two rules asked together may lead to.
const PAIRS: usize = 1_000_000;

/// Answers that may be looked through for one that is known already, instead of one more pair.
const SEARCHED: usize = 256;

impl<A: PartialEq> Diagram<A> {
    /// The canonical diagram of a rule that is given as regions. They must cover every case once. Equal rules
    /// give equal diagrams, in whatever regions and in whatever order they are given.
    ///
    /// # Errors
    /// When a case has no answer or two, with that case; when a region does not fit the schema; when there are
    /// too many cases to tell apart.
    pub fn from_regions(
        schema: &Schema,
        regions: Vec<Region<A>>,
    ) -> Result<Diagram<A>, DiagramError> {
        let (boxes, answers) = bounded(schema, regions)?;
        let mut build = Build {
            schema,
            boxes: &boxes,
            forge: Forge::default(),
            seen: BTreeMap::new(),
            steps: 0,
        };
        let all: Vec<usize> = (0..boxes.len()).collect();
        let root = build.cell(0, &all, &mut Vec::new())?;
        let too_large = DiagramError::TooLarge { limit: LIMIT };
        build.forge.finish(answers, root).ok_or(too_large)
    }

    /// The diagram with every answer replaced. Answers that become equal become one, and so do the tests
    /// between them.
    ///
    /// ```
    /// # use duly::plan::Diagram;
    /// assert_eq!(Diagram::constant(3).map(|n| n + 1), Diagram::constant(4));
    /// ```
    pub fn map<B: PartialEq>(&self, mut f: impl FnMut(&A) -> B) -> Diagram<B> {
        let mut answers = Vec::new();
        let named: Vec<Edge> = self
            .answers
            .iter()
            .map(|answer| Edge::Answer(intern(&mut answers, f(answer))))
            .collect();
        let mut forge = Forge::default();
        let mut done: BTreeMap<u32, Edge> = BTreeMap::new();
        let (nodes, root) = self.flat.unpack();
        let root = remake(&nodes, root, &named, &mut forge, &mut done);
        match forge.finish(answers, root) {
            Some(diagram) => diagram,
            None => unreachable!("it has no more tests than this one, which has room"),
        }
    }

    /// The diagram of the cases in which a fact has that code.
    pub(super) fn settled(&self, fact: usize, code: i64) -> Diagram<A>
    where
        A: Clone,
    {
        let mut forge = Forge::default();
        let mut done: BTreeMap<u32, Edge> = BTreeMap::new();
        let (nodes, root) = self.flat.unpack();
        let root = settle(&nodes, root, (fact as u32, code), &mut forge, &mut done);
        match forge.finish(self.answers.clone(), root) {
            Some(diagram) => diagram,
            None => unreachable!("it has no more tests than this one, which has room"),
        }
    }

    /// The diagram of both, asked about the same case: every answer is made of the two.
    ///
    /// # Errors
    /// When there are too many cases to tell apart.
    ///
    /// ```
    /// # use duly::plan::Diagram;
    /// let least = Diagram::constant(3).zip(&Diagram::constant(5), |a, b| *a.min(b))?;
    /// assert_eq!(least, Diagram::constant(3));
    /// # Ok::<(), duly::plan::DiagramError>(())
    /// ```
    pub fn zip<B, C: PartialEq>(
        &self,
        other: &Diagram<B>,
        f: impl FnMut(&A, &B) -> C,
    ) -> Result<Diagram<C>, DiagramError> {
        self.zip_within(other, &mut { PAIRS }, f)
    }

    /// The diagram of both, as long as pairs of nodes may be looked at: `room` is how many; those that were are taken off. Looking through so
    /// many answers ([`SEARCHED`]) counts as a pair.
    pub(crate) fn zip_within<B, C: PartialEq>(
        &self,
        other: &Diagram<B>,
        room: &mut usize,
        f: impl FnMut(&A, &B) -> C,
    ) -> Result<Diagram<C>, DiagramError> {
        let ((left, a), (right, b)) = (self.flat.unpack(), other.flat.unpack());
        let mut zip = Zip {
            a: (&left, &self.answers),
            b: (&right, &other.answers),
            f,
            answers: Vec::new(),
            forge: Forge::default(),
            done: BTreeMap::new(),
            left: *room,
        };
        let root = zip.edge(a, b);
        *room = zip.left;
        let root = root?;
        let too_large = DiagramError::TooLarge { limit: LIMIT };
        zip.forge.finish(zip.answers, root).ok_or(too_large)
    }
}

/// Two diagrams walked together.
struct Zip<'a, A, B, C, F> {
    a: (&'a [Node], &'a [A]),
    b: (&'a [Node], &'a [B]),
    f: F,
    answers: Vec<C>,
    forge: Forge,
    done: BTreeMap<(Edge, Edge), Edge>,
    left: usize,
}

impl<A, B, C: PartialEq, F: FnMut(&A, &B) -> C> Zip<'_, A, B, C, F> {
    fn spend(&mut self, pairs: usize) -> Result<(), DiagramError> {
        let left = self.left.checked_sub(pairs);
        self.left = left.unwrap_or_default();
        let too_large = DiagramError::TooLarge { limit: PAIRS };
        left.map(|_| ()).ok_or(too_large)
    }
    fn edge(&mut self, a: Edge, b: Edge) -> Result<Edge, DiagramError> {
        if let Some(edge) = self.done.get(&(a, b)) {
            return Ok(*edge);
        }
        self.spend(1)?;
        let (left, right) = (node(self.a.0, a), node(self.b.0, b));
        let facts = left.iter().chain(&right).map(|node| node.fact);
        let made = match facts.min() {
            None => {
                let (Edge::Answer(x), Edge::Answer(y)) = (a, b) else {
                    return Ok(a);
                };
                let (x, y) = (self.a.1.get(x as usize), self.b.1.get(y as usize));
                let (Some(x), Some(y)) = (x, y) else {
                    return Ok(a);
                };
                let answer = (self.f)(x, y);
                self.spend(self.answers.len() / SEARCHED)?;
                Edge::Answer(intern(&mut self.answers, answer))
            }
            Some(fact) => {
                // A side that does not ask about this fact stays where it is.
                let asks = |side: Option<&Node>| side.filter(|node| node.fact == fact).cloned();
                let (left, right) = (asks(left), asks(right));
                let both = left.iter().chain(&right);
                let mut cuts: Vec<i64> = both.flat_map(|node| node.cuts.iter().copied()).collect();
                cuts.sort_unstable();
                cuts.dedup();
                let mut edges = Vec::with_capacity(cuts.len() + 1);
                // Any code below the first cut will do for what lies there.
                let first = cuts.first().map(|cut| cut.saturating_sub(1));
                for code in first.into_iter().chain(cuts.iter().copied()) {
                    let way = |side: &Option<Node>, edge: Edge| {
                        side.as_ref().map_or(edge, |node| {
                            let way = node.cuts.partition_point(|cut| *cut <= code);
                            node.edges.get(way).copied().unwrap_or(edge)
                        })
                    };
                    let (x, y) = (way(&left, a), way(&right, b));
                    edges.push(self.edge(x, y)?);
                }
                self.forge.node(fact, cuts, edges)
            }
        };
        self.done.insert((a, b), made);
        Ok(made)
    }
}

fn node(nodes: &[Node], edge: Edge) -> Option<&Node> {
    match edge {
        Edge::Answer(_) => None,
        Edge::Node(at) => nodes.get(at as usize),
    }
}

fn remake(
    nodes: &[Node],
    edge: Edge,
    named: &[Edge],
    forge: &mut Forge,
    done: &mut BTreeMap<u32, Edge>,
) -> Edge {
    let at = match edge {
        Edge::Answer(at) => return named.get(at as usize).copied().unwrap_or(edge),
        Edge::Node(at) => at,
    };
    if let Some(edge) = done.get(&at) {
        return *edge;
    }
    let Some(node) = nodes.get(at as usize) else {
        return edge;
    };
    let edges = node
        .edges
        .iter()
        .map(|edge| remake(nodes, *edge, named, forge, done))
        .collect();
    let made = forge.node(node.fact, node.cuts.clone(), edges);
    done.insert(at, made);
    made
}

fn settle(
    nodes: &[Node],
    edge: Edge,
    (fact, code): (u32, i64),
    forge: &mut Forge,
    done: &mut BTreeMap<u32, Edge>,
) -> Edge {
    let Edge::Node(at) = edge else {
        return edge;
    };
    if let Some(edge) = done.get(&at) {
        return *edge;
    }
    let Some(node) = nodes.get(at as usize) else {
        return edge;
    };
    let mut on = |edge: Edge| settle(nodes, edge, (fact, code), forge, done);
    let made = if node.fact == fact {
        let way = node.cuts.partition_point(|cut| *cut <= code);
        node.edges.get(way).map_or(edge, |edge| on(*edge))
    } else {
        let edges = node.edges.iter().map(|edge| on(*edge)).collect();
        forge.node(node.fact, node.cuts.clone(), edges)
    };
    done.insert(at, made);
    made
}

fn intern<A: PartialEq>(answers: &mut Vec<A>, answer: A) -> u32 {
    let at = answers
        .iter()
        .position(|known| *known == answer)
        .unwrap_or_else(|| {
            answers.push(answer);
            answers.len() - 1
        });
    at as u32
}

/// The regions without the bounds that leave a fact free, and their answers, each once.
fn bounded<A: PartialEq>(
    schema: &Schema,
    regions: Vec<Region<A>>,
) -> Result<(Vec<Bound>, Vec<A>), DiagramError> {
    let mut answers = Vec::new();
    let mut boxes = Vec::with_capacity(regions.len());
    for region in regions {
        let mut bounds = Vec::new();
        for (fact, (least, most)) in region.bounds {
            let domain = schema.facts.get(fact).map(|fact| fact.domain.codes());
            match domain {
                Some(whole) if whole == (least, most) => {}
                Some((floor, top)) if floor <= least && least <= most && most <= top => {
                    bounds.push((fact, (least, most)));
                }
                _ => return Err(DiagramError::Outside { fact, least, most }),
            }
        }
        boxes.push(Bound {
            bounds,
            answer: intern(&mut answers, region.answer),
        });
    }
    Ok((boxes, answers))
}

/// A region whose useless bounds are gone, facts rising.
struct Bound {
    bounds: Vec<(usize, (i64, i64))>,
    answer: u32,
}

impl Bound {
    fn on(&self, fact: usize) -> Option<(i64, i64)> {
        self.bounds
            .iter()
            .find(|(own, _)| *own == fact)
            .map(|(_, range)| *range)
    }
}

struct Build<'a> {
    schema: &'a Schema,
    boxes: &'a [Bound],
    forge: Forge,
    /// What was built already, by the first fact that still matters and the boxes still possible.
    seen: BTreeMap<(usize, Vec<usize>), Edge>,
    steps: usize,
}

type Path = Vec<(usize, (i64, i64))>;

impl Build<'_> {
    /// The diagram of the cases where exactly these boxes are still possible, over the facts from `from` on.
    fn cell(
        &mut self,
        from: usize,
        among: &[usize],
        path: &mut Path,
    ) -> Result<Edge, DiagramError> {
        self.steps += among.len() + 1;
        if self.steps > LIMIT {
            return Err(DiagramError::TooLarge { limit: LIMIT });
        }
        let boxes = self.boxes;
        let held = || among.iter().filter_map(|at| boxes.get(*at));
        let next = held()
            .filter_map(|b| {
                b.bounds
                    .iter()
                    .map(|(fact, _)| *fact)
                    .find(|fact| *fact >= from)
            })
            .min();
        let witness = |path: &Path| say(self.schema, path.iter().copied());
        let Some(fact) = next else {
            let mut answers = held().map(|b| b.answer);
            return match (answers.next(), answers.next()) {
                (None, _) => Err(DiagramError::Gap {
                    witness: witness(path),
                }),
                (Some(answer), None) => Ok(Edge::Answer(answer)),
                _ => Err(DiagramError::Overlap {
                    witness: witness(path),
                }),
            };
        };
        let key = (fact, among.to_vec());
        if let Some(edge) = self.seen.get(&key) {
            return Ok(*edge);
        }
        let (floor, top) = self
            .schema
            .facts
            .get(fact)
            .map_or((0, 0), |fact| fact.domain.codes());
        let ends = |(least, most): (i64, i64)| {
            [
                (least > floor).then_some(least),
                (most < top).then(|| most + 1),
            ]
        };
        let mut cuts: Vec<i64> = held()
            .filter_map(|b| b.on(fact))
            .flat_map(ends)
            .flatten()
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut edges = Vec::with_capacity(cuts.len() + 1);
        for (at, least) in std::iter::once(floor)
            .chain(cuts.iter().copied())
            .enumerate()
        {
            let most = cuts.get(at).map_or(top, |cut| cut - 1);
            let fits = |b: &Bound| {
                b.on(fact)
                    .is_none_or(|(own, end)| own <= least && most <= end)
            };
            let inside: Vec<usize> = among
                .iter()
                .copied()
                .filter(|at| boxes.get(*at).is_some_and(fits))
                .collect();
            path.push((fact, (least, most)));
            let edge = self.cell(fact + 1, &inside, path)?;
            path.pop();
            edges.push(edge);
        }
        let edge = self.forge.node(fact as u32, cuts, edges);
        self.seen.insert(key, edge);
        Ok(edge)
    }
}

/// Makes nodes: never a useless one, never one twice.
#[derive(Default)]
struct Forge {
    nodes: Vec<Node>,
    known: BTreeMap<Node, u32>,
}

impl Forge {
    fn node(&mut self, fact: u32, cuts: Vec<i64>, edges: Vec<Edge>) -> Edge {
        let mut kept = Node {
            fact,
            cuts: Vec::new(),
            edges: Vec::new(),
        };
        // The first edge has no cut before it.
        for (cut, edge) in std::iter::once(None)
            .chain(cuts.into_iter().map(Some))
            .zip(edges)
        {
            if kept.edges.last() != Some(&edge) {
                kept.cuts.extend(cut);
                kept.edges.push(edge);
            }
        }
        if let (true, Some(only)) = (kept.cuts.is_empty(), kept.edges.first()) {
            return *only;
        }
        if let Some(at) = self.known.get(&kept) {
            return Edge::Node(*at);
        }
        let at = self.nodes.len() as u32;
        self.known.insert(kept.clone(), at);
        self.nodes.push(kept);
        Edge::Node(at)
    }

    /// Numbers nodes and answers in the order in which a walk from the root meets them, so that the numbering
    /// says nothing about how the diagram came about. What the walk does not meet is dropped. Nothing, where there is no room for it.
    fn finish<A>(self, answers: Vec<A>, root: Edge) -> Option<Diagram<A>> {
        let mut met = Met {
            nodes: BTreeMap::new(),
            order: Vec::new(),
            answers: BTreeMap::new(),
        };
        met.walk(&self.nodes, root);
        let renamed = |edge: &Edge| match edge {
            Edge::Answer(at) => Edge::Answer(met.answers.get(at).copied().unwrap_or(*at)),
            Edge::Node(at) => Edge::Node(met.nodes.get(at).copied().unwrap_or(*at)),
        };
        let nodes = met
            .order
            .iter()
            .filter_map(|at| self.nodes.get(*at as usize));
        let nodes: Vec<Node> = nodes
            .map(|node| Node {
                edges: node.edges.iter().map(renamed).collect(),
                ..node.clone()
            })
            .collect();
        let mut kept: Vec<(u32, A)> = answers
            .into_iter()
            .enumerate()
            .filter_map(|(at, a)| Some((*met.answers.get(&(at as u32))?, a)))
            .collect();
        kept.sort_by_key(|(at, _)| *at);
        Some(Diagram {
            flat: Flat::pack(&nodes, kept.len(), renamed(&root))?,
            answers: kept.into_iter().map(|(_, answer)| answer).collect(),
        })
    }
}

/// New numbers by old ones.
struct Met {
    nodes: BTreeMap<u32, u32>,
    order: Vec<u32>,
    answers: BTreeMap<u32, u32>,
}

impl Met {
    fn walk(&mut self, nodes: &[Node], edge: Edge) {
        match edge {
            Edge::Answer(at) => {
                let next = self.answers.len() as u32;
                self.answers.entry(at).or_insert(next);
            }
            Edge::Node(at) if !self.nodes.contains_key(&at) => {
                self.nodes.insert(at, self.order.len() as u32);
                self.order.push(at);
                for edge in nodes.get(at as usize).map_or(&[][..], |node| &node.edges) {
                    self.walk(nodes, *edge);
                }
            }
            Edge::Node(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Domain, FactRule, Given, Row};

    fn schema() -> Schema {
        let fact = |name: &str, domain| FactRule::new(name, domain, Given::Host);
        let kinds = ["x", "y", "z"].map(String::from).to_vec();
        let heat = Domain::Whole {
            least: -5,
            most: 1000,
        };
        Schema {
            facts: vec![
                fact("kind", Domain::Labels(kinds)),
                fact("hot", Domain::YesNo),
                fact("heat", heat),
            ],
        }
    }

    fn region(bounds: &[(usize, (i64, i64))], answer: u8) -> Region<u8> {
        Region {
            bounds: bounds.iter().copied().collect(),
            answer,
        }
    }

    #[test]
    fn equal_rules_are_equal_diagrams_however_they_are_cut() {
        let coarse = vec![region(&[(2, (-5, 99))], 1), region(&[(2, (100, 1000))], 2)];
        let mut fine = vec![
            region(&[(0, (1, 1)), (2, (-5, 99))], 1),
            region(&[(0, (1, 1)), (2, (100, 1000))], 2),
        ];
        for kind in [(0, 0), (2, 2)] {
            for hot in [(0, 0), (1, 1)] {
                fine.push(region(&[(2, (100, 499)), (0, kind), (1, hot)], 2));
                fine.push(region(&[(2, (500, 1000)), (0, kind), (1, hot)], 2));
                fine.push(region(&[(2, (-5, 99)), (0, kind), (1, hot)], 1));
            }
        }
        let built = Diagram::from_regions(&schema(), coarse).unwrap();
        assert_eq!(
            Diagram::from_regions(&schema(), fine.clone()).unwrap(),
            built
        );
        fine.reverse();
        assert_eq!(Diagram::from_regions(&schema(), fine).unwrap(), built);
        assert_eq!((built.size(), built.answers()), (1, &[1, 2][..]));
        assert_eq!(built.reads().into_iter().collect::<Vec<_>>(), vec![2]);
        let again: Vec<Region<u8>> = built
            .regions(&schema())
            .map(|r| Region {
                bounds: r.bounds,
                answer: *r.answer,
            })
            .collect();
        assert_eq!(Diagram::from_regions(&schema(), again).unwrap(), built);
        for (heat, answer) in [(-5, 1), (99, 1), (100, 2), (1000, 2)] {
            assert_eq!(*built.answer(&Row::new(vec![0, 0, heat])), answer);
        }
    }

    #[test]
    fn a_gap_and_an_overlap_are_shown_by_a_case() {
        let gap = Diagram::from_regions(
            &schema(),
            vec![
                region(&[(0, (0, 1))], 1),
                region(&[(0, (2, 2)), (1, (1, 1))], 1),
            ],
        );
        assert_eq!(
            gap.unwrap_err().to_string(),
            "no answer when kind = z, hot = false"
        );
        let both = vec![region(&[(2, (-5, 100))], 1), region(&[(2, (100, 1000))], 2)];
        assert_eq!(
            Diagram::from_regions(&schema(), both)
                .unwrap_err()
                .to_string(),
            "two answers when heat = 100"
        );
        let nothing = Diagram::<u8>::from_regions(&schema(), vec![]);
        assert_eq!(nothing.unwrap_err().to_string(), "no answer when always");
        let outside = Diagram::from_regions(&schema(), vec![region(&[(7, (0, 1))], 1)]);
        assert!(matches!(
            outside,
            Err(DiagramError::Outside { fact: 7, .. })
        ));
    }

    /// What binds a fact to all that it can be leaves it free, and is dropped; what stops short of one end is kept.
    #[test]
    fn bounds_that_leave_a_fact_free_are_dropped() {
        let regions = vec![
            region(&[(0, (0, 2)), (1, (1, 1)), (2, (-5, 1000))], 7),
            region(&[(0, (0, 1)), (2, (-4, 1000))], 8),
            region(&[(1, (0, 1))], 7),
        ];
        let (boxes, answers) = bounded(&schema(), regions).unwrap();
        let kept: Vec<_> = boxes
            .iter()
            .map(|it| (it.bounds.as_slice(), it.answer))
            .collect();
        assert_eq!(
            kept,
            [
                (&[(1, (1, 1))][..], 0),
                (&[(0, (0, 1)), (2, (-4, 1000))][..], 1),
                (&[][..], 0),
            ]
        );
        assert_eq!(answers, [7, 8]);
    }

    /// A rule may take so many steps and no more: one for each cell, and one for each region that is looked at in it.
    #[test]
    fn a_rule_takes_so_many_steps_and_no_more() {
        let schema = schema();
        let regions = vec![region(&[(1, (0, 0))], 1), region(&[(1, (1, 1))], 2)];
        let (boxes, _) = bounded(&schema, regions).unwrap();
        let steps = |before: usize| {
            let mut build = Build {
                schema: &schema,
                boxes: &boxes,
                forge: Forge::default(),
                seen: BTreeMap::new(),
                steps: before,
            };
            let built = build.cell(0, &[0, 1], &mut Vec::new());
            built.map(|_| build.steps)
        };
        // Both regions in the whole, and one on either side.
        assert_eq!(steps(0), Ok(3 + 2 + 2));
        assert_eq!(steps(LIMIT - 7), Ok(LIMIT));
        let too_large = DiagramError::TooLarge { limit: LIMIT };
        assert_eq!(steps(LIMIT - 6), Err(too_large));
    }

    /// Two rules with many answers are not asked together for long: telling the answers apart counts, too.
    #[test]
    fn answers_that_are_all_unlike_take_room() {
        let schema = Schema {
            facts: ["x", "y"]
                .map(|name| {
                    let domain = Domain::Whole {
                        least: 0,
                        most: 899,
                    };
                    FactRule::new(name, domain, Given::Host)
                })
                .into(),
        };
        let each = |fact: usize| {
            let all = (0..900).map(|code| Region {
                bounds: [(fact, (code, code))].into(),
                answer: code,
            });
            Diagram::from_regions(&schema, all.collect()).unwrap()
        };
        let (x, y, mut room) = (each(0), each(1), PAIRS);
        let both = x.zip_within(&y, &mut room, |x, y| (*x, *y));
        assert!(matches!(both, Err(DiagramError::TooLarge { .. })));
        assert_eq!(room, 0);
        let (mut room, few) = (PAIRS, x.zip(&y, |x, y| (x + y) % 100).unwrap());
        assert_eq!(few.answers().len(), 100);
        x.zip_within(&y, &mut room, |x, y| x.min(y) / 10).unwrap();
        assert!(room > 0);
    }

    #[test]
    fn answers_that_become_one_take_their_tests_with_them() {
        let built = Diagram::from_regions(
            &schema(),
            vec![
                region(&[(0, (0, 0))], 1),
                region(&[(0, (1, 1))], 2),
                region(&[(0, (2, 2))], 3),
            ],
        )
        .unwrap();
        assert_eq!(built.map(|_| ()), Diagram::constant(()));
        assert_eq!(built.map(|n| *n == 2).size(), 1);
        assert_eq!(built.map(|n| *n), built);
    }
}
