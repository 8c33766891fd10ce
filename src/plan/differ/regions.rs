//! Where two diagrams over the same facts answer differently.

use std::collections::BTreeMap;

use crate::plan::{Diagram, DiagramError, Row, Schema, Vertex};

/// Fact → the ranges of codes that lie in it, rising.
pub(super) type Ranges = BTreeMap<usize, Vec<(i64, i64)>>;

/// A set of cases with one old and one new answer that is another.
pub(super) struct Patch<A> {
    pub(super) ranges: Ranges,
    pub(super) old: A,
    pub(super) new: A,
}

/// The first sets of cases for which the answers differ, and how many there are besides. No two overlap, and no case that differs is in
/// none.
pub(super) fn differing<A: Clone + PartialEq>(
    schema: &Schema,
    (old, new): (&Diagram<A>, &Diagram<A>),
    most: usize,
) -> Result<(Vec<Patch<A>>, u64), DiagramError> {
    let both = old.zip(new, |old, new| {
        (old != new).then(|| (old.clone(), new.clone()))
    })?;
    let mut walk = Walk {
        schema,
        most,
        found: Vec::new(),
        counted: BTreeMap::new(),
    };
    let all = walk.count(both.root());
    walk.collect(both.root(), &mut Ranges::new());
    let left = all.saturating_sub(walk.found.len() as u64);
    Ok((walk.found, left))
}

/// One complete case in it: for each fact the value that it has where nobody gives one, if that lies in it, else the least.
pub(super) fn witness(schema: &Schema, ranges: &Ranges) -> Row {
    let code = |(at, fact): (usize, &crate::plan::FactRule)| {
        let whole = [fact.domain.codes()];
        let ranges = ranges.get(&at).map_or(&whole[..], Vec::as_slice);
        let usual = fact
            .otherwise
            .as_ref()
            .and_then(|value| fact.domain.code(value));
        usual
            .filter(|code| {
                ranges
                    .iter()
                    .any(|(least, most)| (least..=most).contains(&code))
            })
            .or_else(|| ranges.first().map(|range| range.0))
            .unwrap_or_default()
    };
    Row::new(schema.facts.iter().enumerate().map(code).collect())
}

type Both<A> = Option<(A, A)>;

struct Walk<'a, A> {
    schema: &'a Schema,
    most: usize,
    found: Vec<Patch<A>>,
    /// By test: how many sets lie behind it.
    counted: BTreeMap<usize, u64>,
}

/// A way on, with all ranges that take it.
type Way<'a, A> = (Vec<(i64, i64)>, Vertex<'a, Both<A>>);

impl<A: Clone> Walk<'_, A> {
    /// The ways on from a test, each place once.
    fn ways<'a>(&self, test: crate::plan::Test<'a, Both<A>>) -> Vec<Way<'a, A>> {
        let domain = self
            .schema
            .facts
            .get(test.fact())
            .map(|fact| fact.domain.codes());
        let (floor, top) = domain.unwrap_or((i64::MIN, i64::MAX));
        let mut ways: Vec<Way<'a, A>> = Vec::new();
        for branch in test.branches() {
            let range = (branch.least.max(floor), branch.most.min(top));
            match ways.iter_mut().find(|(_, to)| same(to, &branch.to)) {
                Some((ranges, _)) => ranges.push(range),
                None => ways.push((vec![range], branch.to)),
            }
        }
        ways
    }
    fn count(&mut self, at: Vertex<'_, Both<A>>) -> u64 {
        let test = match at {
            Vertex::Answer(both) => return u64::from(both.is_some()),
            Vertex::Test(test) => test,
        };
        if let Some(known) = self.counted.get(&test.place()) {
            return *known;
        }
        let ways = self.ways(test).into_iter();
        let all = ways.fold(0_u64, |all, (_, to)| all.saturating_add(self.count(to)));
        self.counted.insert(test.place(), all);
        all
    }
    fn collect(&mut self, at: Vertex<'_, Both<A>>, path: &mut Ranges) {
        // What lies behind holds something, so no walk is for nothing.
        if self.found.len() >= self.most || self.count(at) == 0 {
            return;
        }
        let test = match at {
            Vertex::Answer(both) => {
                self.found.extend(both.clone().map(|(old, new)| Patch {
                    ranges: path.clone(),
                    old,
                    new,
                }));
                return;
            }
            Vertex::Test(test) => test,
        };
        for (ranges, to) in self.ways(test) {
            path.insert(test.fact(), ranges);
            self.collect(to, path);
        }
        path.remove(&test.fact());
    }
}

fn same<A>(a: &Vertex<'_, A>, b: &Vertex<'_, A>) -> bool {
    match (a, b) {
        (Vertex::Answer(a), Vertex::Answer(b)) => std::ptr::eq(*a, *b),
        (Vertex::Test(a), Vertex::Test(b)) => a == b,
        _ => false,
    }
}
