//! Every decision of a plan in one list, whatever it answers: for analysis, documents and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::schema::near;
use super::{About, Answer, Clauses, Decision, Diagram, Plan, Region, Row, Schema};
use crate::words::{Because, Reason, RuleId};

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
    /// What it is about.
    pub about: About<'a>,
    diagram: &'a dyn AnyDiagram,
}

impl Asked<'_> {
    /// The decision as a diagram of answers of one type, whatever it is about.
    pub fn diagram(&self) -> Diagram<Answer> {
        self.diagram.of_answers()
    }
    /// The answer for a row, as one of all that decisions can answer.
    pub fn said(&self, row: &Row) -> Answer {
        self.diagram.answer_of(row)
    }
    /// The answer for a row.
    pub fn answer(&self, row: &Row) -> serde_json::Value {
        self.diagram.answer_json(row)
    }
    /// Why it answers so for a row, as it is recorded with a case: the facts, and where it is written in clauses, those that decide.
    pub fn reason(&self, schema: &Schema, row: &Row) -> Reason {
        Reason {
            rule: self.rule.clone(),
            clauses: self
                .clauses
                .map_or_else(Vec::new, |clauses| clauses.decisive(row)),
            because: super::path::because(schema, self.grounds(row).into_iter()),
        }
    }
    /// The facts that decide for a row, by place in the schema.
    pub(super) fn grounds(&self, row: &Row) -> Vec<(usize, i64, i64)> {
        let path = self.diagram.facts(row);
        match self.clauses {
            Some(clauses) => clauses.grounds(row, path.into_iter()),
            None => path,
        }
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
    fn of_answers(&self) -> Diagram<Answer>;
    fn answer_of(&self, row: &Row) -> Answer;
    fn answer_json(&self, row: &Row) -> serde_json::Value;
    fn explain_json(&self, schema: &Schema, row: &Row) -> (serde_json::Value, Vec<Because>);
    fn facts(&self, row: &Row) -> Vec<(usize, i64, i64)>;
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

impl<A: Serialize + Clone + PartialEq + Into<Answer>> AnyDiagram for Diagram<A> {
    fn of_answers(&self) -> Diagram<Answer> {
        self.map(|answer| answer.clone().into())
    }
    fn answer_of(&self, row: &Row) -> Answer {
        self.answer(row).clone().into()
    }
    fn answer_json(&self, row: &Row) -> serde_json::Value {
        json(self.answer(row))
    }
    fn explain_json(&self, schema: &Schema, row: &Row) -> (serde_json::Value, Vec<Because>) {
        let (answer, because) = self.explain(schema, row);
        (json(answer), because)
    }
    fn facts(&self, row: &Row) -> Vec<(usize, i64, i64)> {
        self.path(row).facts().collect()
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

fn asked<'a, A: Serialize + Clone + PartialEq + Into<Answer>>(
    about: About<'a>,
    decision: &'a Decision<A>,
) -> Asked<'a> {
    Asked {
        rule: &decision.rule,
        clauses: decision.clauses.as_deref(),
        about,
        diagram: &decision.diagram,
    }
}

impl Plan {
    /// Every decision of the plan, in the order of the plan.
    pub fn decisions(&self) -> Vec<Asked<'_>> {
        let mut all = Vec::new();
        all.extend(self.classify.iter().map(|rule| asked(About::Class, rule)));
        for rule in &self.declines {
            all.push(asked(About::Decline(rule), &rule.when));
        }
        let route = self.route.iter();
        all.extend(route.map(|rule| asked(About::Lead, &rule.lead)));
        for clock in &self.clocks {
            all.push(asked(About::Within(clock), &clock.within));
            let when = clock.extension.iter().filter_map(|it| it.when.as_ref());
            all.extend(when.map(|when| asked(About::Extend(clock), when)));
            for rung in &clock.rungs {
                let when = rung.when.iter();
                all.extend(when.map(|when| asked(About::Rung(clock, rung), when)));
            }
        }
        for rule in &self.gates {
            all.push(asked(About::Gate(rule), &rule.met));
        }
        for notice in &self.notices {
            let when = notice.when.iter();
            all.extend(when.map(|when| asked(About::Notice(notice), when)));
        }
        for signal in &self.signals {
            let when = signal.when.iter();
            all.extend(when.map(|when| asked(About::Signal(signal), when)));
        }
        for pause in &self.pauses {
            let when = pause.when.iter();
            all.extend(when.map(|when| asked(About::Pause(pause), when)));
        }
        let twice = self.review.iter().filter_map(|rule| rule.when.as_ref());
        all.extend(twice.map(|when| asked(About::TwoSteps, when)));
        all.extend(self.track.when.iter().map(|when| asked(About::Track, when)));
        all.extend(self.digest.hot.iter().map(|hot| asked(About::Hot, hot)));
        all
    }

    /// The decision of a rule, or that to which a clause of that id belongs ([`RuleId::clause`]).
    pub fn decision(&self, rule: &str) -> Option<Asked<'_>> {
        let all = self.decisions();
        let named = all.iter().find(|asked| asked.rule.as_str() == rule);
        let has = |asked: &&Asked<'_>| {
            let clauses = asked.clauses.map_or(&[][..], |clauses| &clauses.all);
            let mut ids = (1..).zip(clauses).map(|(n, _)| asked.rule.clause(n));
            ids.any(|id| id.as_str() == rule)
        };
        named.or_else(|| all.iter().find(has)).copied()
    }
    /// The rule nearest to one that there is not, if any is near.
    pub fn near_rule(&self, rule: &str) -> Option<String> {
        let all = self.decisions();
        near(rule, all.iter().map(|asked| asked.rule.as_str()))
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
