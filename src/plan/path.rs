//! The path that a case takes through a diagram: what decided it, kept as little more than a number and put into words only when
//! somebody asks.

use std::fmt;

use super::flat::Went;
use super::{Diagram, Row, Schema};
use crate::words::Because;

/// A path through a diagram: the answer, and the facts on the way to it. It costs little more than the answer alone, so reasons
/// can always be there; [`because`](Path::because) writes them out.
///
/// ```
/// use std::collections::BTreeMap;
/// use duly::plan::{Diagram, Region, Schema, engine_facts};
/// use duly::words::Lang;
///
/// let schema = Schema { facts: engine_facts(Lang::En) };
/// let returns = schema.index("returns").unwrap();
/// let upto = |least, most, answer| Region { bounds: BTreeMap::from([(returns, (least, most))]), answer };
/// let rule = Diagram::from_regions(&schema, vec![upto(0, 1, "go on"), upto(2, 99, "supervise")])?;
/// let row = schema.row(|fact| (fact.name == "returns").then(|| 3.into()));
/// let path = rule.path(&row);
/// assert_eq!(*path.answer(), "supervise");
/// assert_eq!(path.facts().collect::<Vec<_>>(), [(returns, 2, i64::MAX)]);
/// assert_eq!(path.because(&schema)[0].to_string(), "returns = 2..=99");
/// # Ok::<(), duly::plan::DiagramError>(())
/// ```
#[derive(Clone)]
pub struct Path<'a, A> {
    diagram: &'a Diagram<A>,
    answer: &'a A,
    went: Went,
}

impl<'a, A> Path<'a, A> {
    #[inline]
    pub(super) fn of(diagram: &'a Diagram<A>, row: &Row) -> Path<'a, A> {
        let (answer, went) = diagram.went(row);
        Path {
            diagram,
            answer,
            went,
        }
    }
    /// The answer at its end.
    #[inline]
    pub fn answer(&self) -> &'a A {
        self.answer
    }
    /// The facts tested on the way, by place in the schema and in that order, each with the least and the most code that go the same
    /// way. `i64::MIN` and `i64::MAX` stand for the ends of the fact's domain.
    pub fn facts(&self) -> impl Iterator<Item = (usize, i64, i64)> {
        self.diagram.flat.facts_of(&self.went)
    }
    /// The facts in words.
    pub fn because(&self, schema: &Schema) -> Vec<Because> {
        because(schema, self.facts())
    }
}

/// Facts with their ranges in words.
pub(super) fn because(
    schema: &Schema,
    facts: impl Iterator<Item = (usize, i64, i64)>,
) -> Vec<Because> {
    let one = |(fact, from, to): (usize, i64, i64)| {
        let fact = schema.facts.get(fact)?;
        let (least, most) = fact.domain.codes();
        Some(Because {
            fact: fact.name.clone(),
            is: fact.domain.say(from.max(least), to.min(most)),
        })
    };
    facts.filter_map(one).collect()
}

impl<A: fmt::Debug> fmt::Debug for Path<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Path")
            .field("answer", self.answer)
            .field("facts", &self.facts().collect::<Vec<_>>())
            .finish()
    }
}

impl Schema {
    /// Facts with their codes, from and to, in words.
    pub(crate) fn said(&self, facts: impl Iterator<Item = (usize, i64, i64)>) -> Vec<Because> {
        because(self, facts)
    }
}
