//! A diagram in one flat array of 32-bit words: first its answers, then its tests, each a few words in a row with its branches side
//! by side.
//!
//! ```text
//! an answer:   0,    0,     number,  0,      its own place
//! a test:      fact, last,  base (2 words),  last + 1 places
//! ```
//!
//! A test takes the code less the base, held within `0..=last`, and goes on at that place. Yes or no, labels and numbers whose cuts lie
//! close together are one such test. A number whose cuts lie far apart is halved: a test at its middle cut, and behind it tests of the
//! same fact for what is left on either side. Since facts rise along every way, a test that leads to its own fact is always such a
//! piece. How a node is cut in pieces follows from its cuts alone, so equal diagrams are equal words.
//!
//! Where the ways are few a [`Sieve`] leads to the same answers faster; the array stays what is compared, combined and stored, and what
//! larger diagrams are walked by. An answer leads to itself. So a walk need not look whether it has arrived: it takes as many steps as the longest way has, and there
//! is no branch in it that a processor could guess wrong. Ways longer than [`STRIDE`] look every so many steps.

use super::Row;
use super::diagram::{Edge, Node};
use super::sieve::{self, Sieve, Way};

/// The words of an answer, and of a test before its branches.
const ANSWER: usize = 5;
const HEAD: usize = 4;
/// Up to so many branches lie side by side even where cuts are few.
const SIDE_BY_SIDE: i64 = 16;
/// Steps that a walk takes before it looks whether it has arrived.
const STRIDE: u32 = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flat {
    words: Box<[u32]>,
    root: u32,
    /// Where the tests begin.
    tests: u32,
    stride: u32,
    /// A quicker way to the same answers, where there are few ways.
    sieve: Option<Sieve>,
}

/// How a row went to its answer.
#[derive(Debug, Clone)]
pub(super) enum Went {
    /// By that way of the sieve.
    Way(usize),
    /// By those edges.
    Edges(Vec<u32>),
}

/// Where an edge leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    Answer(usize),
    Test(usize),
}

impl Flat {
    /// The array for nodes that are known to be sound. Nothing where they are too many for it.
    pub(super) fn pack(nodes: &[Node], answers: usize, root: Edge) -> Option<Flat> {
        let tests = answers.checked_mul(ANSWER)?;
        let mut words = Vec::new();
        for answer in 0..answers {
            let place = u32::try_from(answer * ANSWER).ok()?;
            words.extend([0, 0, answer as u32, 0, place]);
        }
        // Laid out once to learn the places, and once more with them.
        let mut places = Vec::with_capacity(nodes.len());
        for node in nodes {
            places.push(u32::try_from(words.len()).ok()?);
            put(
                &mut words,
                node.fact,
                &node.cuts,
                &vec![0; node.edges.len()],
            );
        }
        words.truncate(tests);
        let place = |edge: &Edge| match *edge {
            Edge::Answer(at) => at * ANSWER as u32,
            Edge::Node(at) => places.get(at as usize).copied().unwrap_or(0),
        };
        for node in nodes {
            let edges: Vec<u32> = node.edges.iter().map(place).collect();
            put(&mut words, node.fact, &node.cuts, &edges);
        }
        u32::try_from(words.len()).ok()?;
        let mut flat = Flat {
            words: words.into(),
            root: place(&root),
            tests: u32::try_from(tests).ok()?,
            stride: longest(nodes, root).min(STRIDE),
            sieve: None,
        };
        flat.sieve = flat.ways().and_then(|ways| Sieve::new(&ways));
        Some(flat)
    }

    /// A rule without a test.
    pub(super) fn constant() -> Flat {
        Flat {
            words: [0; ANSWER].into(),
            root: 0,
            tests: ANSWER as u32,
            stride: 0,
            sieve: None,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.words) + self.sieve.as_ref().map_or(0, Sieve::bytes)
    }

    /// The answer for a row: its number.
    #[inline]
    pub(super) fn answer(&self, row: &Row) -> usize {
        match &self.sieve {
            Some(sieve) => sieve.answer(sieve.way(row)),
            None => self.walk(row, |_| ()),
        }
    }

    /// The answer for a row, and what tells the way to it.
    #[inline]
    pub(super) fn went(&self, row: &Row) -> (usize, Went) {
        match &self.sieve {
            Some(sieve) => {
                let way = sieve.way(row);
                (sieve.answer(way), Went::Way(way))
            }
            None => {
                let mut taken = Vec::with_capacity(self.stride as usize);
                (self.walk(row, |edge| taken.push(edge)), Went::Edges(taken))
            }
        }
    }

    /// The facts on a way, each with the codes that go the same way.
    pub(super) fn facts_of<'a>(
        &'a self,
        went: &'a Went,
    ) -> impl Iterator<Item = (usize, i64, i64)> + use<'a> {
        let taken = match (went, &self.sieve) {
            (Went::Way(way), Some(sieve)) => sieve.taken(*way),
            (Went::Way(_), None) => &[],
            (Went::Edges(taken), _) => taken,
        };
        self.facts(taken.iter().copied())
    }

    /// Every way from the first test to an answer, unless there are too many for a sieve.
    fn ways(&self) -> Option<Vec<Way>> {
        let mut ways = Vec::new();
        let mut ahead = vec![(self.root(), Vec::new())];
        while let Some((leads, taken)) = ahead.pop() {
            if ways.len() + ahead.len() >= sieve::MOST {
                return None;
            }
            match leads {
                Leads::Answer(answer) => ways.push(Way {
                    facts: self.facts(taken.iter().copied()).collect(),
                    taken,
                    answer,
                }),
                Leads::Test(test) => {
                    let mut edge = test + HEAD;
                    while edge <= self.last(test) {
                        let mut taken = taken.clone();
                        taken.push(edge as u32);
                        ahead.push((self.leads(self.word(edge)), taken));
                        edge = self.around(test, edge).2 + 1;
                    }
                }
            }
        }
        Some(ways)
    }

    /// Walks to the answer for a row: its number. `pass` is told the place of the edge that each step takes, also of steps that
    /// stay at the answer.
    pub(super) fn walk(&self, row: &Row, mut pass: impl FnMut(u32)) -> usize {
        let mut at = self.root;
        loop {
            for _ in 0..self.stride {
                let taken = self.turn(at as usize, row);
                pass(taken as u32);
                at = self.word(taken);
            }
            if at < self.tests {
                return self.word(at as usize + 2) as usize;
            }
        }
    }

    /// The place of the edge that the row takes from a test.
    #[inline]
    fn turn(&self, test: usize, row: &Row) -> usize {
        #[expect(
            clippy::indexing_slicing,
            reason = "edges lead to tests and answers, and none is shorter than its head"
        )]
        let head = &self.words[test..test + HEAD];
        let &[fact, last, low, high] = head else {
            return test;
        };
        let base = whole(low, high);
        // The difference is not negative, so it fits.
        let way = row.code(fact as usize).max(base).wrapping_sub(base) as u64;
        test + HEAD + way.min(u64::from(last)) as usize
    }

    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "places are those of an array that was packed whole"
    )]
    fn word(&self, at: usize) -> u32 {
        self.words[at]
    }

    fn leads(&self, place: u32) -> Leads {
        if place < self.tests {
            Leads::Answer(self.word(place as usize + 2) as usize)
        } else {
            Leads::Test(place as usize)
        }
    }

    pub(super) fn root(&self) -> Leads {
        self.leads(self.root)
    }

    pub(super) fn fact(&self, test: usize) -> usize {
        self.word(test) as usize
    }

    fn last(&self, test: usize) -> usize {
        test + HEAD + self.word(test + 1) as usize
    }

    /// Whether the edge at that place leads to a piece of the same test.
    fn piece(&self, test: usize, edge: usize) -> Option<usize> {
        match self.leads(self.word(edge)) {
            Leads::Test(to) if self.word(to) == self.word(test) => Some(to),
            _ => None,
        }
    }

    /// The tests by place, in their order; pieces are not told.
    pub(super) fn tests(&self) -> impl Iterator<Item = usize> {
        let mut next = self.tests as usize;
        std::iter::from_fn(move || {
            let test = next;
            if test >= self.words.len() {
                return None;
            }
            // Pieces come right after their test, the one for the highest codes last.
            let mut at = test;
            while let Some(piece) = (at + HEAD..=self.last(at))
                .filter_map(|edge| self.piece(at, edge))
                .max()
            {
                at = piece;
            }
            next = self.last(at) + 1;
            Some(test)
        })
    }

    /// The branches of a test, codes rising: least and most code, the ends open, and where it leads.
    pub(super) fn branches(&self, test: usize) -> Vec<(i64, i64, Leads)> {
        let mut all = Vec::new();
        let mut ahead = vec![(test, i64::MIN, i64::MAX)];
        while let Some((test, floor, top)) = ahead.pop() {
            let mut edge = test + HEAD;
            while edge <= self.last(test) {
                let (least, most, last) = self.around(test, edge);
                let (least, most) = (least.max(floor), most.min(top));
                match self.piece(test, edge) {
                    Some(piece) => ahead.push((piece, least, most)),
                    None => all.push((least, most, self.leads(self.word(edge)))),
                }
                edge = last + 1;
            }
        }
        all.sort_unstable_by_key(|(least, ..)| *least);
        all
    }

    /// The codes that go the way of the edge at that place: least, most, and the last such edge.
    fn around(&self, test: usize, taken: usize) -> (i64, i64, usize) {
        let (first, last) = (test + HEAD, self.last(test));
        let (mut from, mut to) = (taken, taken);
        let edge = self.word(taken);
        while from > first && self.word(from - 1) == edge {
            from -= 1;
        }
        while to < last && self.word(to + 1) == edge {
            to += 1;
        }
        let base = whole(self.word(test + 2), self.word(test + 3));
        let code = |edge: usize| base.saturating_add((edge - first) as i64);
        let least = if from == first { i64::MIN } else { code(from) };
        let most = if to == last { i64::MAX } else { code(to) };
        (least, most, to)
    }

    /// The facts on a way, each with the codes that go the same way, from the places of the edges taken.
    fn facts(&self, taken: impl Iterator<Item = u32>) -> impl Iterator<Item = (usize, i64, i64)> {
        let mut at = self.root;
        let mut taken = taken.peekable();
        std::iter::from_fn(move || {
            let Leads::Test(test) = self.leads(at) else {
                return None;
            };
            let fact = self.word(test);
            let (mut least, mut most) = (i64::MIN, i64::MAX);
            while let (Leads::Test(piece), true) = (self.leads(at), self.word(at as usize) == fact)
            {
                let edge = taken.next()?;
                let (from, to, _) = self.around(piece, edge as usize);
                (least, most) = (least.max(from), most.min(to));
                at = self.word(edge as usize);
            }
            Some((fact as usize, least, most))
        })
    }

    /// The nodes one by one again, as they are stored.
    pub(super) fn unpack(&self) -> (Vec<Node>, Edge) {
        let places: Vec<usize> = self.tests().collect();
        let edge = |leads: Leads| match leads {
            Leads::Answer(at) => Edge::Answer(at as u32),
            Leads::Test(test) => Edge::Node(places.partition_point(|at| *at < test) as u32),
        };
        let node = |test: &usize| {
            let branches = self.branches(*test);
            Node {
                fact: self.word(*test),
                cuts: branches.iter().skip(1).map(|(least, ..)| *least).collect(),
                edges: branches.iter().map(|(.., to)| edge(*to)).collect(),
            }
        };
        (places.iter().map(node).collect(), edge(self.root()))
    }
}

/// Lays out a test, and behind it the pieces it is cut in; `edges` are places.
fn put(words: &mut Vec<u32>, fact: u32, cuts: &[i64], edges: &[u32]) {
    let at = words.len();
    let Some((base, last)) = by_index(cuts) else {
        let (cut, [left, right]) = halved(cuts, edges);
        let base = cut.saturating_sub(1).cast_unsigned();
        words.extend([fact, 1, base as u32, (base >> 32) as u32, 0, 0]);
        for (side, (cuts, edges)) in [left, right].into_iter().enumerate() {
            let place = match edges {
                [only] => *only,
                _ => {
                    let place = words.len() as u32;
                    put(words, fact, cuts, edges);
                    place
                }
            };
            if let Some(word) = words.get_mut(at + HEAD + side) {
                *word = place;
            }
        }
        return;
    };
    let bits = base.cast_unsigned();
    words.extend([fact, last, bits as u32, (bits >> 32) as u32]);
    let mut code = base;
    for (at, edge) in edges.iter().enumerate() {
        // The last has the last cut alone; codes above are held back to it.
        let end = cuts.get(at).copied().unwrap_or(code.saturating_add(1));
        let wide = usize::try_from(end.saturating_sub(code)).unwrap_or(0);
        words.extend(std::iter::repeat_n(*edge, wide));
        code = end;
    }
}

/// Cuts with their edges, of which there is one more.
type Part<'a, E> = (&'a [i64], &'a [E]);

/// The middle cut, and what lies on either side of it.
fn halved<'a, E>(cuts: &'a [i64], edges: &'a [E]) -> (i64, [Part<'a, E>; 2]) {
    let middle = cuts.len() / 2;
    let (below, from) = cuts.split_at(middle);
    let (left, right) = edges.split_at((middle + 1).min(edges.len()));
    let (cut, above) = from
        .split_first()
        .map_or((0, from), |(cut, above)| (*cut, above));
    (cut, [(below, left), (above, right)])
}

/// The base and the last branch of a test whose cuts lie close enough together to be one.
fn by_index(cuts: &[i64]) -> Option<(i64, u32)> {
    let (first, last) = (*cuts.first()?, *cuts.last()?);
    let branches = last.checked_sub(first)?.checked_add(2)?;
    let few = SIDE_BY_SIDE.max(2 * cuts.len() as i64);
    let last = u32::try_from(branches - 1).ok()?;
    // Nothing can be less than the least of all codes: nodes that are sound have no cut there.
    (branches <= few).then_some((first.saturating_sub(1), last))
}

/// How many steps the longest way takes.
fn longest(nodes: &[Node], root: Edge) -> u32 {
    let mut longest = vec![0_u32; nodes.len()];
    let mut order: Vec<(usize, &Node)> = nodes.iter().enumerate().collect();
    // Facts rise along every way: from the last fact up, what a test leads to is known.
    order.sort_by_key(|(_, node)| std::cmp::Reverse(node.fact));
    let ahead = |longest: &[u32], edge: &Edge| match edge {
        Edge::Answer(_) => 0,
        Edge::Node(at) => longest.get(*at as usize).copied().unwrap_or(0),
    };
    for (at, node) in order {
        let behind: Vec<u32> = node
            .edges
            .iter()
            .map(|edge| ahead(&longest, edge))
            .collect();
        if let Some(slot) = longest.get_mut(at) {
            *slot = steps(&node.cuts, &behind);
        }
    }
    ahead(&longest, &root)
}

/// How many steps a node and what lies behind it takes at most.
fn steps(cuts: &[i64], behind: &[u32]) -> u32 {
    let most = if let [only] = behind {
        return *only;
    } else if by_index(cuts).is_some() {
        behind.iter().copied().max().unwrap_or(0)
    } else {
        let (_, sides) = halved(cuts, behind);
        let sides = sides.map(|(cuts, behind)| steps(cuts, behind));
        sides.into_iter().max().unwrap_or(0)
    };
    most.saturating_add(1)
}

#[inline]
fn whole(low: u32, high: u32) -> i64 {
    (u64::from(low) | u64::from(high) << 32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::steps;

    // A number whose cuts lie far apart is halved until one cut is left: twice as many cuts take one step more.
    #[test]
    fn cuts_that_lie_far_apart_are_halved() {
        for (many, most) in [
            (1, 1),
            (2, 2),
            (3, 2),
            (4, 3),
            (7, 3),
            (8, 4),
            (63, 6),
            (64, 7),
        ] {
            let cuts: Vec<i64> = (0..many).map(|n| 1000 * n).collect();
            let behind = vec![0; cuts.len() + 1];
            assert_eq!(steps(&cuts, &behind), most, "{many}");
        }
    }
}
