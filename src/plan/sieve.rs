//! A diagram of few ways, asked without walking it.
//!
//! The ways from the first test to an answer are numbered, and each fact has for every stretch of its codes a mask of the ways that a code
//! in it does not bar. Together the facts of a case leave one way. They do not wait for each other as the steps of a walk do, so a
//! processor reads them side by side; and the way's number is the whole reason, to be put into words when somebody asks.

use std::collections::{BTreeMap, BTreeSet};

use super::Row;

/// As many ways as a mask has bits.
pub(super) const MOST: usize = 64;
/// With more cuts and tables than so many a walk is quicker.
const COLUMNS: usize = 32;
/// A table has fewer steps than so many.
const STEPS: u32 = 256;

/// One way: the facts tested on it in their order, each with the codes that go this way, the edges taken, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) facts: Vec<(usize, i64, i64)>,
    pub(super) taken: Vec<u32>,
    pub(super) answer: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sieve {
    cuts: Box<[Cut]>,
    tables: Box<[Table]>,
    masks: Box<[u64]>,
    answers: Box<[u32]>,
    /// The edges of all ways, way by way, and where each way's end.
    taken: Box<[u32]>,
    ends: Box<[u32]>,
}

/// One cut of a fact: the ways open to codes below it, and to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cut {
    fact: usize,
    cut: i64,
    below: u64,
    from: u64,
}

/// Several cuts of a fact that lie close together: the code less the base, held within `0..=last`, has a mask of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    base: i64,
    last: u32,
    fact: u32,
    masks: usize,
}

impl Sieve {
    /// A sieve for ways that are all of a diagram's. Nothing where they are too many, or only one.
    pub(super) fn new(ways: &[Way]) -> Option<Sieve> {
        if ways.len() < 2 || ways.len() > MOST {
            return None;
        }
        let (mut cuts, mut tables, mut masks) = (Vec::new(), Vec::new(), Vec::new());
        for (fact, own) in cuts_of(ways) {
            if let Some((base, last)) = together(&own) {
                tables.push(Table {
                    base,
                    last,
                    fact: u32::try_from(fact).ok()?,
                    masks: masks.len(),
                });
                masks.extend((0..=last).map(|step| {
                    let code = base.saturating_add(step.into());
                    let least = if step == 0 { i64::MIN } else { code };
                    let most = if step == last { i64::MAX } else { code };
                    open(ways, fact, least, most)
                }));
            } else {
                cuts.extend(own.iter().map(|cut| Cut {
                    fact,
                    cut: *cut,
                    below: open(ways, fact, i64::MIN, cut.saturating_sub(1)),
                    from: open(ways, fact, *cut, i64::MAX),
                }));
            }
        }
        if cuts.len() + tables.len() > COLUMNS {
            return None;
        }
        let mut taken = Vec::new();
        let mut ends = Vec::with_capacity(ways.len());
        for way in ways {
            taken.extend(&way.taken);
            ends.push(u32::try_from(taken.len()).ok()?);
        }
        Some(Sieve {
            cuts: cuts.into(),
            tables: tables.into(),
            masks: masks.into(),
            answers: ways.iter().map(|way| way.answer as u32).collect(),
            taken: taken.into(),
            ends: ends.into(),
        })
    }

    /// The way of a row.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a table has a mask for each step")]
    pub(super) fn way(&self, row: &Row) -> usize {
        let mut open = u64::MAX;
        for cut in &self.cuts {
            open &= if row.code(cut.fact) < cut.cut {
                cut.below
            } else {
                cut.from
            };
        }
        for table in &self.tables {
            let code = row.code(table.fact as usize);
            // The difference is not negative, so it fits.
            let step = code.max(table.base).wrapping_sub(table.base) as u64;
            open &= self.masks[table.masks + step.min(table.last.into()) as usize];
        }
        open.trailing_zeros() as usize
    }

    /// The answer at the end of a way: its number.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the ways together are all cases, so there is one for every row"
    )]
    pub(super) fn answer(&self, way: usize) -> usize {
        self.answers[way] as usize
    }

    /// The edges that a way takes.
    pub(super) fn taken(&self, way: usize) -> &[u32] {
        let end = |way: usize| self.ends.get(way).map_or(0, |end| *end as usize);
        let begin = way.checked_sub(1).map_or(0, end);
        self.taken.get(begin..end(way)).unwrap_or(&[])
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.cuts)
            + size_of_val(&*self.tables)
            + size_of_val(&*self.masks)
            + size_of_val(&*self.answers)
            + size_of_val(&*self.taken)
            + size_of_val(&*self.ends)
    }
}

/// The facts that ways test, each with every code at which one of them begins.
fn cuts_of(ways: &[Way]) -> BTreeMap<usize, Vec<i64>> {
    let mut cuts: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
    for (fact, least, _) in ways.iter().flat_map(|way| &way.facts) {
        let own = cuts.entry(*fact).or_default();
        // Nothing lies below the least of all codes.
        if *least != i64::MIN {
            own.insert(*least);
        }
    }
    let sorted = |(fact, own): (usize, BTreeSet<i64>)| (fact, own.into_iter().collect());
    cuts.into_iter().map(sorted).collect()
}

/// The code before the first of several cuts, and how many codes follow it to the last, where they lie close enough together.
fn together(cuts: &[i64]) -> Option<(i64, u32)> {
    let [first, .., last] = cuts else {
        return None;
    };
    let steps = u32::try_from(last.checked_sub(*first)?.checked_add(1)?).ok()?;
    (steps < STEPS).then_some((first.saturating_sub(1), steps))
}

/// The ways that a code of a fact between two others does not bar.
fn open(ways: &[Way], fact: usize, from: i64, to: i64) -> u64 {
    let barred = |way: &Way| {
        let mut own = way.facts.iter().filter(|(known, ..)| *known == fact);
        own.any(|(_, least, most)| to < *least || *most < from)
    };
    let open = ways.iter().enumerate().filter(|(_, way)| !barred(way));
    open.fold(0, |mask, (at, _)| mask | 1 << at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::super::Row;
    use super::super::diagram::{Edge, Node};
    use super::super::flat::{Flat, Went};

    /// Nodes of rising facts with cuts close together and far apart, each edge to an answer or to a node of a later fact.
    fn flats() -> impl Strategy<Value = Flat> {
        let cut = prop_oneof![3 => -3_i64..12, 1 => -500_i64..500, 1 => any::<i64>()];
        let node = (
            proptest::collection::btree_set(cut, 1..5),
            proptest::collection::vec((any::<bool>(), 0_u32..8), 6),
        );
        proptest::collection::vec(node, 1..9).prop_map(|drawn| {
            let many = drawn.len() as u32;
            let nodes: Vec<Node> = drawn
                .into_iter()
                .enumerate()
                .map(|(at, (cuts, ways))| {
                    let mut cuts: Vec<i64> = cuts.into_iter().collect();
                    cuts.retain(|cut| *cut > i64::MIN);
                    cuts.extend(cuts.is_empty().then_some(0));
                    let ahead = |to: u32| at as u32 + 1 + to % 2;
                    let edge = |(on, to): &(bool, u32)| match ahead(*to) {
                        next if *on && next < many => Edge::Node(next),
                        _ => Edge::Answer(to % 4),
                    };
                    let edges = ways.iter().take(cuts.len() + 1).map(edge).collect();
                    Node {
                        fact: at as u32,
                        cuts,
                        edges,
                    }
                })
                .collect();
            Flat::pack(&nodes, 4, Edge::Node(0)).unwrap()
        })
    }

    proptest! {
        // With the sieve and by walking, every row comes to the same answer by the same way, also a row of codes that no fact has.
        #[test]
        fn a_sieve_leads_where_a_walk_leads(
            flat in flats(),
            rows in proptest::collection::vec(proptest::collection::vec(prop_oneof![4 => -5_i64..14, 1 => -501_i64..501, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)], 0..10), 30),
        ) {
            for codes in rows {
                let row = Row::new(codes);
                let mut edges = Vec::new();
                let walked = flat.walk(&row, |edge| edges.push(edge));
                let (answer, went) = flat.went(&row);
                prop_assert_eq!(answer, walked);
                prop_assert_eq!(flat.answer(&row), walked);
                let facts: Vec<_> = flat.facts_of(&went).collect();
                prop_assert_eq!(facts, flat.facts_of(&Went::Edges(edges)).collect::<Vec<_>>());
            }
        }
    }

    // A sieve has room for 64 ways; the diagram of one way more is walked.
    #[test]
    fn a_diagram_of_many_ways_is_walked() {
        let flat = |ways: i64| {
            let node = Node {
                fact: 0,
                cuts: (1..ways).collect(),
                edges: (0..ways).map(|way| Edge::Answer(way as u32)).collect(),
            };
            Flat::pack(&[node], ways as usize, Edge::Node(0)).unwrap()
        };
        for (ways, sieved) in [(2, true), (64, true), (65, false)] {
            let flat = flat(ways);
            let (answer, went) = flat.went(&Row::new(vec![ways - 1]));
            assert_eq!(answer as i64, ways - 1);
            assert_eq!(matches!(went, Went::Way(_)), sieved, "{ways}");
        }
    }
}
