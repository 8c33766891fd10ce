//! Every decision of a plan in one list, whatever it answers: for analysis, documents and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{Clauses, Decision, Diagram, Plan, Region, Row, Schema};
use crate::words::{Because, RuleId};

/// One decision of a plan, its answers as JSON.
///
/// ```
/// use duly::plan::bare;
/// let plan = bare("demo".parse()?);
/// let row = plan.schema.row(|_| None);
/// let reply = plan.decisions().into_iter().find(|asked| asked.rule.as_str() == "spine.clock(reply).within").unwrap();
/// assert_eq!(reply.answer(&row).to_string(), r#"{"span":{"working_days":15}}"#);
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The rule.
    pub rule: &'a RuleId,
    /// Its clauses, where it is written in clauses.
    pub clauses: Option<&'a Clauses>,
    diagram: &'a dyn AnyDiagram,
}

impl Asked<'_> {
    /// The answer for a row.
    pub fn answer(&self, row: &Row) -> serde_json::Value {
        self.diagram.answer_json(row)
    }
    /// The answer for a row, with the facts on the way to it.
    pub fn explain(&self, schema: &Schema, row: &Row) -> (serde_json::Value, Vec<Because>) {
        self.diagram.explain_json(schema, row)
    }
    /// Its first regions, up to that many: for each fact that is bound the least and the most code, and the answer.
    pub fn regions(&self, schema: &Schema, most: usize) -> Vec<Region<serde_json::Value>> {
        self.diagram.regions_json(schema, most)
    }
    /// Every answer it can give.
    pub fn answers(&self) -> Vec<serde_json::Value> {
        self.diagram.answers_json()
    }
    /// The facts it reads, by place in the schema.
    pub fn reads(&self) -> BTreeSet<usize> {
        self.diagram.reads()
    }
    /// How many tests its diagram has.
    pub fn size(&self) -> usize {
        self.diagram.size()
    }
    /// How many bytes its diagram takes.
    pub fn bytes(&self) -> usize {
        self.diagram.bytes()
    }
    /// Whether it reads only facts of that schema, at codes they can have.
    pub fn fits(&self, schema: &Schema) -> bool {
        self.diagram.fits(schema)
    }
    /// Its first regions, up to that many: bounds in words, and the answer.
    pub fn table(&self, schema: &Schema, most: usize) -> Vec<(String, serde_json::Value)> {
        self.diagram.table(schema, most)
    }
}

impl fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("rule", self.rule)
            .finish_non_exhaustive()
    }
}

trait AnyDiagram {
    fn answer_json(&self, row: &Row) -> serde_json::Value;
    fn explain_json(&self, schema: &Schema, row: &Row) -> (serde_json::Value, Vec<Because>);
    fn regions_json(&self, schema: &Schema, most: usize) -> Vec<Region<serde_json::Value>>;
    fn answers_json(&self) -> Vec<serde_json::Value>;
    fn reads(&self) -> BTreeSet<usize>;
    fn size(&self) -> usize;
    fn bytes(&self) -> usize;
    fn fits(&self, schema: &Schema) -> bool;
    fn table(&self, schema: &Schema, most: usize) -> Vec<(String, serde_json::Value)>;
}

fn json<A: Serialize>(answer: &A) -> serde_json::Value {
    serde_json::to_value(answer).unwrap_or_default()
}

impl<A: Serialize> AnyDiagram for Diagram<A> {
    fn answer_json(&self, row: &Row) -> serde_json::Value {
        json(self.answer(row))
    }
    fn explain_json(&self, schema: &Schema, row: &Row) -> (serde_json::Value, Vec<Because>) {
        let (answer, because) = self.explain(schema, row);
        (json(answer), because)
    }
    fn regions_json(&self, schema: &Schema, most: usize) -> Vec<Region<serde_json::Value>> {
        let regions = self.regions(schema).take(most);
        regions
            .map(|region| Region {
                answer: json(region.answer),
                bounds: region.bounds,
            })
            .collect()
    }
    fn answers_json(&self) -> Vec<serde_json::Value> {
        self.answers().iter().map(json).collect()
    }
    fn reads(&self) -> BTreeSet<usize> {
        Diagram::reads(self)
    }
    fn size(&self) -> usize {
        Diagram::size(self)
    }
    fn bytes(&self) -> usize {
        Diagram::bytes(self)
    }
    fn fits(&self, schema: &Schema) -> bool {
        Diagram::fits(self, schema)
    }
    fn table(&self, schema: &Schema, most: usize) -> Vec<(String, serde_json::Value)> {
        self.regions(schema)
            .take(most)
            .map(|region| (region.say(schema), json(region.answer)))
            .collect()
    }
}

fn asked<A: Serialize>(decision: &Decision<A>) -> Asked<'_> {
    Asked {
        rule: &decision.rule,
        clauses: decision.clauses.as_deref(),
        diagram: &decision.diagram,
    }
}

impl Plan {
    /// Every decision of the plan, in the order of the plan.
    pub fn decisions(&self) -> Vec<Asked<'_>> {
        let mut all = Vec::new();
        all.extend(self.classify.iter().map(asked));
        all.extend(self.declines.iter().map(|rule| asked(&rule.when)));
        all.extend(self.route.iter().map(|rule| asked(&rule.lead)));
        for clock in &self.clocks {
            all.push(asked(&clock.within));
            all.extend(
                clock
                    .rungs
                    .iter()
                    .filter_map(|rung| rung.when.as_ref())
                    .map(asked),
            );
        }
        all.extend(self.gates.iter().map(|rule| asked(&rule.met)));
        let notices = self.notices.iter();
        all.extend(notices.filter_map(|rule| rule.when.as_ref()).map(asked));
        all.extend(self.track.when.iter().map(asked));
        all.extend(self.digest.hot.iter().map(asked));
        all
    }

    /// Which rules read which fact: what is to be decided again when the fact changes.
    pub fn readers(&self) -> BTreeMap<&str, Vec<&RuleId>> {
        let mut readers: BTreeMap<&str, Vec<&RuleId>> = BTreeMap::new();
        for asked in self.decisions() {
            for fact in asked.reads() {
                if let Some(fact) = self.schema.facts.get(fact) {
                    readers
                        .entry(fact.name.as_str())
                        .or_default()
                        .push(asked.rule);
                }
            }
        }
        readers
    }
}
