//! Why and why not: what else a fact would have to be for another answer.

use std::collections::BTreeMap;

use super::{Diagram, Domain, FactRule, Given, Row, Schema, Test, Vertex};

/// A fact that alone would change an answer, all others being as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip<A> {
    /// The fact, by place in the schema.
    pub fact: usize,
    /// Codes with which the answer is the other one. Of a number, the nearest stretch below or above; of a label, all of them.
    pub ranges: Vec<(i64, i64)>,
    /// The nearest of them.
    pub to: i64,
    /// The answer then.
    pub answer: A,
}

/// One of the facts that would have to be otherwise for an answer that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instead {
    /// The fact, by place in the schema.
    pub fact: usize,
    /// The least code that will do.
    pub least: i64,
    /// The most code that will do.
    pub most: i64,
    /// The nearest of them.
    pub to: i64,
}

/// How many facts would have to be otherwise, and how many of them nobody can give.
type Price = (u32, u32);
/// By test: the lowest price from there to the answer, and the branch it lies on.
type Found = BTreeMap<usize, Option<(Price, usize)>>;

impl<A: PartialEq> Diagram<A> {
    /// For each fact on the path of a row, what else it would have to be, alone, for another answer, and which that is. A fact for
    /// which nothing is named changes nothing alone, whatever it is. Facts follow in the order of the schema, values below before
    /// those above.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use duly::plan::{Diagram, Region, Schema, engine_facts};
    /// use duly::words::Lang;
    /// let schema = Schema { facts: engine_facts(Lang::En) };
    /// let returns = schema.index("returns").unwrap();
    /// let upto = |least, most, answer| Region { bounds: BTreeMap::from([(returns, (least, most))]), answer };
    /// let rule = Diagram::from_regions(&schema, vec![upto(0, 1, "go on"), upto(2, 4, "supervise"), upto(5, 99, "summon")])?;
    /// let row = schema.row(|fact| (fact.name == "returns").then(|| 3.into()));
    /// let flips = rule.flips(&schema, &row);
    /// assert_eq!((flips[0].to, *flips[0].answer), (1, "go on"));
    /// assert_eq!((flips[1].to, *flips[1].answer), (5, "summon"));
    /// # Ok::<(), duly::plan::DiagramError>(())
    /// ```
    pub fn flips(&self, schema: &Schema, row: &Row) -> Vec<Flip<&A>> {
        self.flips_without(schema, row, &[])
    }

    /// The same, where some facts are missing, by place in the schema: only what is decided without them. What would be asked about
    /// one of them is not named; it may change the answer all the same.
    pub(super) fn flips_without(
        &self,
        schema: &Schema,
        row: &Row,
        missing: &[usize],
    ) -> Vec<Flip<&A>> {
        let own = self.answer(row);
        let mut flips = Vec::new();
        let mut at = self.root();
        while let Vertex::Test(test) = at {
            let (fact, code) = (test.fact(), row.code(test.fact()));
            let others = pieces(test, schema, (row, missing));
            let others = others
                .into_iter()
                .filter_map(|(least, most, answer)| Some((least, most, answer?)))
                .filter(|(.., answer)| *answer != own);
            if is_number(schema, fact) {
                let (below, above): (Vec<_>, Vec<_>) =
                    others.partition(|(_, most, _)| *most < code);
                let below = below.last().map(|it| (it, it.1));
                let above = above.first().map(|it| (it, it.0));
                flips.extend(
                    below
                        .into_iter()
                        .chain(above)
                        .map(|((least, most, answer), to)| Flip {
                            fact,
                            ranges: vec![(*least, *most)],
                            to,
                            answer: *answer,
                        }),
                );
            } else {
                let first = flips.len();
                for (least, most, answer) in others {
                    let known = flips.iter_mut().skip(first);
                    match known
                        .into_iter()
                        .find(|flip: &&mut Flip<&A>| flip.answer == answer)
                    {
                        Some(flip) => flip.ranges.push((least, most)),
                        None => flips.push(Flip {
                            fact,
                            ranges: vec![(least, most)],
                            to: least,
                            answer,
                        }),
                    }
                }
            }
            match test.towards(code) {
                Some(next) => at = next,
                None => break,
            }
        }
        flips
    }

    /// Why not another answer: the fewest facts that would have to be otherwise for one that is wanted, of those that may be. Among
    /// as few, those that somebody gives come before those that the engine keeps itself. Empty where the answer is wanted already;
    /// none where no case gives it. In the order of the schema.
    ///
    /// Facts rise along every path, so the fewest over all cases are the fewest over all paths: nothing is left out.
    ///
    /// ```
    /// use duly::plan::{Diagram, engine_facts, Schema};
    /// use duly::words::Lang;
    /// let schema = Schema { facts: engine_facts(Lang::En) };
    /// let row = schema.row(|_| None);
    /// assert_eq!(Diagram::constant(3).instead(&schema, &row, |n| *n == 3, |_| true), Some(vec![]));
    /// assert_eq!(Diagram::constant(3).instead(&schema, &row, |n| *n == 4, |_| true), None);
    /// ```
    pub fn instead(
        &self,
        schema: &Schema,
        row: &Row,
        wanted: impl Fn(&A) -> bool,
        may: impl Fn(&FactRule) -> bool,
    ) -> Option<Vec<Instead>> {
        let mut found = Found::new();
        let mut at = self.root();
        cheapest(at, (schema, row), &wanted, &may, &mut found)?;
        let mut all = Vec::new();
        while let Vertex::Test(test) = at {
            let (_, taken) = found.get(&test.place()).copied().flatten()?;
            let branch = test.branches().nth(taken)?;
            let (fact, code) = (test.fact(), row.code(test.fact()));
            if !(branch.least..=branch.most).contains(&code) {
                let (floor, top) = schema.facts.get(fact)?.domain.codes();
                let (least, most) = (branch.least.max(floor), branch.most.min(top));
                all.push(Instead {
                    fact,
                    least,
                    most,
                    to: code.clamp(least, most),
                });
            }
            at = branch.to;
        }
        Some(all)
    }
}

fn is_number(schema: &Schema, fact: usize) -> bool {
    let domain = schema.facts.get(fact).map(|fact| &fact.domain);
    matches!(domain, Some(Domain::Whole { .. } | Domain::Percent { .. }))
}

/// The stretches of one fact's codes with the answers they give, the other facts being as they are; no answer, where it takes a fact
/// that is missing. Neighbours differ.
fn pieces<'a, A: PartialEq>(
    test: Test<'a, A>,
    schema: &Schema,
    known: (&Row, &[usize]),
) -> Vec<(i64, i64, Option<&'a A>)> {
    let domain = schema.facts.get(test.fact());
    let (floor, top) = domain.map_or((i64::MIN, i64::MAX), |fact| fact.domain.codes());
    let mut pieces: Vec<(i64, i64, Option<&A>)> = Vec::new();
    for branch in test.branches() {
        let (least, most) = (branch.least.max(floor), branch.most.min(top));
        let answer = end(branch.to, known);
        match pieces.last_mut() {
            Some(last) if last.2 == answer => last.1 = most,
            _ if least <= most => pieces.push((least, most, answer)),
            _ => {}
        }
    }
    pieces
}

/// Where a row arrives from there; nowhere, where a fact is asked about that is missing.
fn end<'a, A>(mut at: Vertex<'a, A>, (row, missing): (&Row, &[usize])) -> Option<&'a A> {
    loop {
        match at {
            Vertex::Answer(answer) => return Some(answer),
            Vertex::Test(test) if missing.contains(&test.fact()) => return None,
            Vertex::Test(test) => at = test.towards(row.code(test.fact()))?,
        }
    }
}

fn cheapest<A>(
    at: Vertex<'_, A>,
    (schema, row): (&Schema, &Row),
    wanted: &impl Fn(&A) -> bool,
    may: &impl Fn(&FactRule) -> bool,
    found: &mut Found,
) -> Option<Price> {
    let test = match at {
        Vertex::Answer(answer) => return wanted(answer).then_some((0, 0)),
        Vertex::Test(test) => test,
    };
    if let Some(known) = found.get(&test.place()) {
        return known.map(|(price, _)| price);
    }
    let code = row.code(test.fact());
    let rule = schema.facts.get(test.fact());
    let free = rule.is_some_and(may);
    let (floor, top) = rule.map_or((i64::MIN, i64::MAX), |rule| rule.domain.codes());
    let own = u32::from(rule.is_some_and(|rule| rule.given == Given::Engine));
    let mut best: Option<(Price, i128, usize)> = None;
    for (number, branch) in test.branches().enumerate() {
        let stays = (branch.least..=branch.most).contains(&code);
        let can = branch.least.max(floor) <= branch.most.min(top);
        if !(stays || (free && can)) {
            continue;
        }
        let Some((facts, engine)) = cheapest(branch.to, (schema, row), wanted, may, found) else {
            continue;
        };
        let price = if stays {
            (facts, engine)
        } else {
            (facts + 1, engine + own)
        };
        // Of several that cost the same, the nearest.
        let away = i128::from(code) - i128::from(code.clamp(branch.least, branch.most));
        let offer = (price, away.abs(), number);
        if best.is_none_or(|best| offer < best) {
            best = Some(offer);
        }
    }
    let best = best.map(|(price, _, number)| (price, number));
    found.insert(test.place(), best);
    best.map(|(price, _)| price)
}
