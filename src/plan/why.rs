//! Why a decision answers as it does for given facts, what alone would change that, and why not otherwise: in words.

use serde::Serialize;

use super::dates::dated;
use super::{
    Answer, Asked, Bound, Diagram, Domain, FactRule, Given, InForce, Plan, Provenance, Row, Said,
    Schema, Vertex,
};
use crate::words::{DecisiveClause, FactName, FactValue, Facts, Lang, RECEIVED_ON, RuleId};

/// A fact that cannot be taken as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FactFault {
    /// No fact has that name.
    Unknown {
        /// The name given.
        fact: FactName,
        /// The nearest there is.
        near: Option<FactName>,
    },
    /// The fact cannot have that value.
    Value {
        /// Which fact.
        fact: FactName,
        /// The value given.
        value: FactValue,
        /// What it must be.
        expected: Said,
    },
}

impl FactFault {
    /// In words.
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (FactFault::Unknown { fact, near }, Lang::Zh) => {
                let near = near.as_ref().map(|near| format!(",是不是要写`{near}`?"));
                format!("没有叫`{fact}`的事实{}", near.unwrap_or_default())
            }
            (FactFault::Unknown { fact, near }, Lang::En) => {
                let near = near
                    .as_ref()
                    .map(|near| format!("; did you mean `{near}`?"));
                format!("no fact is called `{fact}`{}", near.unwrap_or_default())
            }
            (
                FactFault::Value {
                    fact,
                    value,
                    expected,
                },
                Lang::Zh,
            ) => {
                format!("事实`{fact}`不能是`{value}`,应是 {}", expected.zh)
            }
            (
                FactFault::Value {
                    fact,
                    value,
                    expected,
                },
                Lang::En,
            ) => {
                format!(
                    "the fact `{fact}` cannot be `{value}`; it is {}",
                    expected.en
                )
            }
        }
    }
}

/// The facts of one case, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    row: Row,
    /// Facts that nobody gave, with the value that they are taken to have.
    pub taken: Facts,
    /// Facts that nobody gave and that have no value without that, by place in the schema.
    missing: Vec<usize>,
    /// When what decides them is in force: no other date is worth naming.
    in_force: Option<InForce>,
}

impl CaseFacts {
    /// The row; a fact that is missing has the least of its codes there.
    pub fn row(&self) -> &Row {
        &self.row
    }
    /// The schema with no other dates of receipt than those in force.
    fn narrowed(&self, schema: &Schema) -> Schema {
        let mut schema = schema.clone();
        if let Some(in_force) = self.in_force {
            let dates = schema.facts.iter_mut().find(|it| it.name == RECEIVED_ON);
            if let Some(Domain::Date { least, most }) = dates.map(|it| &mut it.domain) {
                *least = in_force.from.max(*least);
                *most = in_force.to.map_or(*most, |to| to.min(*most));
            }
        }
        schema
    }
    /// The missing facts that a decision reads in some case.
    fn lack(&self, diagram: &Diagram<Answer>, schema: &Schema) -> Vec<FactName> {
        let reads = diagram.reads();
        let lacks = self.missing.iter().filter(|at| reads.contains(at));
        lacks
            .filter_map(|at| Some(schema.facts.get(*at)?.name.clone()))
            .collect()
    }
}

impl FactRule {
    /// The value where nobody gave one: what the pack says by `otherwise`, and for what the engine keeps itself the value with which
    /// a case begins. None for a fact that must be given, for the class and the mark, which wait for the officer and the reply, and for
    /// the date of receipt, which is another for each case.
    pub fn unsaid(&self) -> Option<FactValue> {
        let begins = self.given == Given::Engine
            && !["class", "mark", RECEIVED_ON].contains(&self.name.as_str());
        let first = || begins.then(|| self.domain.value(self.domain.codes().0));
        self.otherwise.clone().or_else(first)
    }
}

impl Schema {
    /// Takes facts by name.
    ///
    /// # Errors
    /// Every fact that the schema does not have, and every value that its fact cannot have.
    ///
    /// ```
    /// use duly::plan::bare;
    /// use duly::words::{Facts, Lang};
    /// let plan = bare("demo".parse()?);
    /// let faults = plan.schema.take(&Facts::from([("retruns".into(), 2.into())])).unwrap_err();
    /// assert_eq!(faults[0].say(Lang::En), "no fact is called `retruns`; did you mean `returns`?");
    /// let known = plan.schema.take(&Facts::from([("returns".into(), 2.into())])).unwrap();
    /// assert_eq!(known.row().code(plan.schema.index("returns").unwrap()), 2);
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn take(&self, given: &Facts) -> Result<CaseFacts, Vec<FactFault>> {
        let mut faults = Vec::new();
        for (name, value) in given {
            match self.fact(name) {
                None => faults.push(FactFault::Unknown {
                    fact: name.clone(),
                    near: self.near(name),
                }),
                Some(fact) if fact.domain.code(value).is_none() => faults.push(FactFault::Value {
                    fact: name.clone(),
                    value: value.clone(),
                    expected: Said::by(|lang| fact.domain.expected(lang)),
                }),
                Some(_) => {}
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let (mut taken, mut missing) = (Facts::new(), Vec::new());
        for (at, fact) in self.facts.iter().enumerate() {
            if given.contains_key(&fact.name) {
                continue;
            }
            match fact.unsaid() {
                Some(value) => drop(taken.insert(fact.name.clone(), value)),
                None => missing.push(at),
            }
        }
        let row = self.row(|fact| {
            given
                .get(&fact.name)
                .or_else(|| taken.get(&fact.name))
                .cloned()
        });
        Ok(CaseFacts {
            row,
            taken,
            missing,
            in_force: None,
        })
    }
}

impl Plan {
    /// Takes facts by name ([`Schema::take`]). In a plan that says since when it is in force, a case without a date of receipt is taken
    /// to be received on the first day, and what would change an answer names no dates on which the plan is not in force.
    ///
    /// # Errors
    /// Every fact that the schema does not have, and every value that its fact cannot have.
    ///
    /// ```
    /// # #[cfg(feature = "script")] {
    /// let plan = duly::script::load("demo.rhai", r#"
    ///     pack("demo", "示例").in_force("2026-01-01");
    ///     place("6325", "海南州", "州留言受理岗");
    ///     const 期限 = param("期限", 10, 1..=20).from("2026-07-01", 7).ours("自定");
    ///     clock("reply", "答复").within(期限.working_days);
    /// "#).unwrap();
    /// let known = plan.take(&Default::default()).unwrap();
    /// assert_eq!(known.taken["received_on"], "2026-01-01".into());
    /// # }
    /// ```
    pub fn take(&self, given: &Facts) -> Result<CaseFacts, Vec<FactFault>> {
        let first = self.in_force.filter(|_| {
            self.schema.index(RECEIVED_ON).is_some() && !given.contains_key(RECEIVED_ON)
        });
        let first = first.map(|in_force| (RECEIVED_ON.to_owned(), dated(in_force.from)));
        let all: Facts = given.clone().into_iter().chain(first.clone()).collect();
        let mut known = self.schema.take(&all)?;
        known.taken.extend(first);
        known.in_force = self.in_force;
        Ok(known)
    }
}

/// Why a decision answers as it does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// The rule.
    pub rule: RuleId,
    /// What it is about.
    pub about: Said,
    /// The answer; none, where a fact is missing that it depends on.
    pub answer: Option<Answer>,
    /// The answer in words.
    pub says: Option<Said>,
    /// The clauses that decided, where it is written in clauses. None where a fact is missing that would tell which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<WhyClause>,
    /// The facts that decided, each with all values that lead the same way.
    pub because: Vec<Bound>,
    /// What alone would change the answer, as far as the facts that are there decide it: a fact that is not named changes nothing alone
    /// where [`needs`](Why::needs) is empty, and may where it is not.
    pub flips: Vec<Else>,
    /// Facts that are missing and that it depends on; where there is an answer, in other cases than this.
    pub needs: Vec<FactName>,
}

/// A clause that decided, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyClause {
    /// Its own identity.
    pub id: RuleId,
    /// Its number and its title.
    #[serde(flatten)]
    pub clause: DecisiveClause,
    /// Who says so.
    #[serde(skip_serializing_if = "Provenance::is_unsaid")]
    pub provenance: Provenance,
}

/// A fact that alone would change an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Else {
    /// The fact, with the values that would.
    #[serde(flatten)]
    pub bound: Bound,
    /// The nearest of them.
    pub to: FactValue,
    /// The answer then.
    pub answer: Answer,
    /// The answer in words.
    pub answers: Said,
}

/// Why not another answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotSo {
    /// It is the answer.
    Already,
    /// No case has that answer.
    Never,
    /// Facts are missing that it depends on.
    Needs(Vec<FactName>),
    /// It would be, with the fewest facts otherwise.
    With {
        /// Of all facts.
        fewest: Vec<(Bound, FactValue)>,
        /// Where some of those nobody gives, because the engine keeps them: the fewest of those that somebody gives, if any would do.
        #[serde(skip_serializing_if = "Option::is_none")]
        given: Option<Vec<(Bound, FactValue)>>,
    },
}

impl Asked<'_> {
    /// Why it answers as it does, and what alone would change that.
    ///
    /// ```
    /// use duly::plan::bare;
    /// let plan = bare("demo".parse()?);
    /// let known = plan.schema.take(&Default::default()).unwrap();
    /// let why = plan.decisions()[0].why(&plan.schema, &known);
    /// assert_eq!(why.says.unwrap().zh, "1 个工作日");
    /// assert!(why.because.is_empty() && why.flips.is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn why(&self, schema: &Schema, known: &CaseFacts) -> Why {
        let diagram = self.diagram();
        let needs = lacking(&diagram, schema, known);
        let path = diagram.path(&known.row);
        let bound =
            |(at, least, most)| Some(Bound::of(schema.facts.get(at)?, None, &[(least, most)]));
        let mut why = Why {
            rule: self.rule.clone(),
            about: Said::by(|lang| self.about.say(lang)),
            answer: None,
            says: None,
            clauses: Vec::new(),
            because: Vec::new(),
            flips: Vec::new(),
            needs,
        };
        if !why.needs.is_empty() {
            return why;
        }
        why.needs = known.lack(&diagram, schema);
        why.answer = Some(path.answer().clone());
        why.says = Some(self.says(path.answer()));
        let unclear = self
            .clauses
            .map_or_else(Vec::new, |clauses| lacking(&clauses.decides, schema, known));
        why.because = if unclear.is_empty() {
            why.clauses = self.decisive(&known.row);
            let grounds = self.grounds(&known.row).into_iter();
            grounds.filter_map(bound).collect()
        } else {
            path.facts().filter_map(bound).collect()
        };
        let more: Vec<FactName> = unclear
            .into_iter()
            .filter(|name| !why.needs.contains(name))
            .collect();
        why.needs.extend(more);
        let in_force = known.narrowed(schema);
        for mut flip in diagram.flips_without(&in_force, &known.row, &known.missing) {
            let domain = in_force.facts.get(flip.fact).map(|fact| &fact.domain);
            if let Some(Domain::Date { .. }) = domain {
                let code = known.row.code(flip.fact);
                let ends = flip.ranges.iter().flat_map(|(least, most)| [*least, *most]);
                let nearest = ends.min_by_key(|end| end.abs_diff(code));
                flip.to = nearest.unwrap_or(flip.to);
            }
            let Some(fact) = schema.facts.get(flip.fact) else {
                continue;
            };
            why.flips.push(Else {
                bound: Bound::of(fact, None, &flip.ranges),
                to: fact.domain.value(flip.to),
                answer: flip.answer.clone(),
                answers: self.says(flip.answer),
            });
        }
        why
    }
    /// Why not another answer: the fewest facts that would have to be otherwise for it.
    pub fn why_not(&self, schema: &Schema, known: &CaseFacts, wanted: &Answer) -> NotSo {
        let diagram = self.diagram();
        if !diagram.answers().contains(wanted) {
            return NotSo::Never;
        }
        let needs = known.lack(&diagram, schema);
        if !needs.is_empty() {
            return NotSo::Needs(needs);
        }
        let in_force = known.narrowed(schema);
        let fewest = |may: &dyn Fn(&FactRule) -> bool| {
            let found = diagram.instead(&in_force, &known.row, |answer| answer == wanted, may)?;
            let said = found.into_iter().filter_map(|it| {
                let fact = schema.facts.get(it.fact)?;
                let bound = Bound::of(fact, None, &[(it.least, it.most)]);
                Some((bound, fact.domain.value(it.to)))
            });
            Some(said.collect::<Vec<_>>())
        };
        let gives = |fact: &FactRule| fact.given != Given::Engine;
        let Some(all) = fewest(&|_| true) else {
            return NotSo::Never;
        };
        if all.is_empty() {
            return NotSo::Already;
        }
        let engine = all
            .iter()
            .any(|(it, _)| schema.fact(&it.fact).is_some_and(|fact| !gives(fact)));
        NotSo::With {
            given: engine.then(|| fewest(&gives)).flatten(),
            fewest: all,
        }
    }
    /// The answer that a person means by a text: as it is said here, in either language, or as JSON. None, where no case has it.
    ///
    /// ```
    /// use duly::plan::{Answer, Limit, bare};
    /// use duly::time::Span;
    /// let plan = bare("demo".parse()?);
    /// let reply = plan.decision("spine.clock(reply).within").unwrap();
    /// assert_eq!(reply.meant("15个工作日"), Some(Answer::Limit(Limit::Span(Span::WorkingDays(15)))));
    /// assert_eq!(reply.meant("5 working days"), None);
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn meant(&self, text: &str) -> Option<Answer> {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '"');
            letters.flat_map(char::to_lowercase).collect()
        };
        let means = |answer: &&Answer| {
            let json = serde_json::to_string(answer).unwrap_or_default();
            let said = self.says(answer);
            [json, said.en, said.zh]
                .iter()
                .any(|known| plain(known) == plain(text))
        };
        self.diagram().answers().iter().find(means).cloned()
    }
    /// Every answer that some case has, in words.
    pub fn can(&self) -> Vec<Said> {
        self.diagram()
            .answers()
            .iter()
            .map(|answer| self.says(answer))
            .collect()
    }
    fn decisive(&self, row: &Row) -> Vec<WhyClause> {
        let Some(clauses) = self.clauses else {
            return Vec::new();
        };
        let one = |clause: DecisiveClause| WhyClause {
            id: self.rule.clause(clause.number),
            provenance: clauses
                .get(clause.number)
                .map_or_else(Provenance::default, |it| it.provenance.clone()),
            clause,
        };
        clauses.decisive(row).into_iter().map(one).collect()
    }
    fn says(&self, answer: &Answer) -> Said {
        Said::by(|lang| self.about.answer(answer, lang))
    }
}

/// The first fact on the path of a case that is missing.
fn lacking<A>(diagram: &Diagram<A>, schema: &Schema, known: &CaseFacts) -> Vec<FactName> {
    let mut at = diagram.root();
    while let Vertex::Test(test) = at {
        if known.missing.contains(&test.fact()) {
            let fact = schema.facts.get(test.fact());
            return fact.map(|fact| fact.name.clone()).into_iter().collect();
        }
        match test.towards(known.row.code(test.fact())) {
            Some(next) => at = next,
            None => break,
        }
    }
    Vec::new()
}
