//! What tests reach: by rule, by answer, by condition, by the second at which a limit passes.
//!
//! The machine tells which rules it read by what it recorded; what it read and did not record (a gate that was met, whether a case is to be
//! tracked) is asked again here, on the case as it stood, at the entries at which the machine asks.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::case::{Case, facts_row, marks};
use crate::plan::{Asked, Clauses, ClockRule, Decision, Judged, Plan, Row, SUPPLEMENT, Said, day};
use crate::words::{
    Because, ClockKind, Command, DecisiveClause, Event, FactValue, Facts, Lang, RECEIVED_ON,
    Record, Refusal, RuleId, StepFate, StepKey, Verdict, Why,
};

/// How many regions of one rule are looked at.
pub(super) const REGIONS: usize = 5_000;

/// How far one rule is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCover {
    /// The rule, or the rung.
    pub rule: String,
    /// `file:line:column`, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How often it was read, or came.
    pub read: u64,
    /// Answers that it can give and that no test had.
    pub no_answer: Vec<Said>,
    /// Conditions that no test met, one fact with one of the ranges that the rule tells apart.
    pub no_condition: Vec<String>,
    /// Clauses that decided in no test.
    pub no_clause: Vec<ClauseCover>,
}

/// A clause that decided in no test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseCover {
    /// Its identity.
    pub clause: RuleId,
    /// Its title, where it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// `file:line:column`, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// What tests reach. Each pair: how many were reached, of how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Rules, rungs and counts.
    pub rules: (usize, usize),
    /// Answers of rules.
    pub outcomes: (usize, usize),
    /// Branches of conditions.
    pub conditions: (usize, usize),
    /// In time, at the very second, late: of each clock that somebody stops.
    pub boundaries: (usize, usize),
    /// Clauses, by whether one decided.
    pub clauses: (usize, usize),
    /// Rule by rule, in the order of the plan.
    pub by_rule: Vec<RuleCover>,
    /// Of each clock that the pack says something of, the boundaries that no test had.
    pub no_boundary: BTreeMap<ClockKind, Vec<Boundary>>,
}

/// On which side of its due moment a clock was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// Before it (按时).
    InTime,
    /// At the very second (到期那一秒).
    AtDue,
    /// After it (逾期).
    Late,
}

impl Boundary {
    /// In words.
    pub const fn in_words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Boundary::InTime, Lang::En) => "in time",
            (Boundary::AtDue, Lang::En) => "at due",
            (Boundary::Late, Lang::En) => "late",
            (Boundary::InTime, Lang::Zh) => "按时",
            (Boundary::AtDue, Lang::Zh) => "到期那一秒",
            (Boundary::Late, Lang::Zh) => "逾期",
        }
    }
}

/// What a rule answered: the answer, the facts that led to it, and the clauses that decided.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub(super) answer: Value,
    pub(super) because: Vec<Because>,
    pub(super) clauses: Vec<DecisiveClause>,
}

#[derive(Debug, Default)]
struct Hits {
    read: u64,
    answers: BTreeSet<String>,
    conditions: BTreeSet<(String, String)>,
    clauses: BTreeSet<u32>,
    last: Option<Answered>,
}

/// What was reached so far.
pub(super) struct Cover<'a> {
    plan: &'a Plan,
    hits: BTreeMap<RuleId, Hits>,
    boundaries: BTreeMap<ClockKind, BTreeSet<Boundary>>,
}

impl<'a> Cover<'a> {
    pub(super) fn new(plan: &'a Plan) -> Cover<'a> {
        Cover {
            plan,
            hits: BTreeMap::new(),
            boundaries: BTreeMap::new(),
        }
    }
    /// A rule was read on a row.
    pub(super) fn read(&mut self, rule: &RuleId, row: &Row) -> Option<Value> {
        let decision = self
            .plan
            .decisions()
            .into_iter()
            .find(|it| it.rule == rule)?;
        let (answer, because) = decision.explain(&self.plan.schema, row);
        let hits = self.hits.entry(rule.clone()).or_default();
        hits.read += 1;
        hits.answers.insert(answer.to_string());
        hits.conditions
            .extend(because.iter().map(|it| (it.fact.clone(), it.is.clone())));
        let reason = decision.reason(&self.plan.schema, row);
        hits.clauses
            .extend(reason.clauses.iter().map(|it| it.number));
        hits.last = Some(Answered {
            answer: answer.clone(),
            because: reason.because,
            clauses: reason.clauses,
        });
        Some(answer)
    }
    /// What a rule last answered, and why.
    pub(super) fn last(&self, rule: &str) -> Option<&Answered> {
        self.hits.get(&RuleId::new(rule))?.last.as_ref()
    }
    /// What was read last is forgotten: a test begins.
    pub(super) fn begin(&mut self) {
        self.hits.values_mut().for_each(|hits| hits.last = None);
    }
    fn came(&mut self, rule: RuleId) {
        self.hits.entry(rule).or_default().read += 1;
    }
    /// A clock was stopped.
    pub(super) fn stopped(&mut self, kind: ClockKind, verdict: Verdict) {
        let at = match verdict {
            Verdict::OnTime { margin: 0 } => Boundary::AtDue,
            Verdict::OnTime { .. } => Boundary::InTime,
            Verdict::Late { .. } => Boundary::Late,
        };
        self.boundaries.entry(kind).or_default().insert(at);
    }

    /// A record, with the case before and after it.
    pub(super) fn record(&mut self, before: Option<&Case>, record: &Record, after: &Case) {
        let plan = self.plan;
        let row = facts_row(plan, after);
        let was = before.map(|case| facts_row(plan, case));
        match &record.event {
            Event::Screened { facts, .. } => {
                if let (Some(rule), Some(was)) = (&plan.classify, &was) {
                    self.read(&rule.rule, &over(plan, was, facts));
                }
            }
            Event::DeclineProposed { ground, facts, .. } => {
                if let (Some(rule), Some(was)) =
                    (plan.declines.iter().find(|it| it.ground == *ground), &was)
                {
                    self.read(&rule.when.rule, &over(plan, was, facts));
                }
            }
            Event::ExtensionAsked { clock, .. } | Event::ExtensionGranted { clock, .. } => {
                let rule = plan.clock(*clock).and_then(|it| it.extension.as_ref());
                self.let_happen(rule.and_then(|it| it.when.as_ref()), was.as_ref());
            }
            Event::Paused { reason, .. } | Event::Excluded { reason, .. } => {
                let rule = plan.pause(reason);
                self.let_happen(rule.and_then(|it| it.when.as_ref()), was.as_ref());
            }
            Event::AskedCitizen { .. } => {
                let rule = plan.pause(SUPPLEMENT);
                self.let_happen(rule.and_then(|it| it.when.as_ref()), was.as_ref());
            }
            Event::ClockStarted { key, reason, .. } => {
                // A promise is due on its own day; its rule has no other answer.
                let promised = plan
                    .clock(ClockKind::Commitment)
                    .filter(|_| key.kind == ClockKind::Commitment);
                self.read(
                    promised.map_or(&reason.rule, |rule| &rule.within.rule),
                    &row,
                );
            }
            Event::StepTaken {
                clock,
                step: StepKey::Rung { rung, .. },
                fate,
                ..
            } => {
                let rule = plan
                    .clock(clock.kind)
                    .and_then(|rule| rule.rungs.iter().find(|it| it.key == *rung));
                if let (Some(when), Some(was)) = (rule.and_then(|it| it.when.as_ref()), &was) {
                    self.read(&when.rule, was);
                }
                if matches!(fate, StepFate::Fired { .. }) {
                    self.came(rung_id(clock.kind, rung));
                }
            }
            Event::Opened {
                signal: Some(of), ..
            } => {
                let signal = plan.signal(&of.indicator);
                match signal.and_then(|signal| signal.when.as_ref()) {
                    Some(when) => drop(self.read(&when.rule, &row)),
                    None => signal.into_iter().for_each(|it| self.came(it.rule.clone())),
                }
            }
            Event::CountReached { rule, .. } => self.came(rule.clone()),
            Event::ClockStopped { key, verdict, .. } => self.stopped(key.kind, *verdict),
            Event::PassedFirst { findings, .. }
            | Event::Published { findings }
            | Event::Returned { findings, .. } => {
                if let Some(was) = &was {
                    self.gates(Judged::Review, was, findings);
                    self.twice(&record.event, before, was);
                }
            }
            Event::StruckOff { .. } | Event::MatterStruckOff { .. } => {
                if let Some(was) = &was {
                    self.gates(Judged::StrikeOff, was, &BTreeMap::new());
                }
            }
            _ => {}
        }
        for mark in marks(after, &record.event, record.command.is_some()) {
            for notice in plan.notices.iter().filter(|notice| notice.mark == mark) {
                match &notice.when {
                    Some(when) => drop(self.read(&when.rule, &row)),
                    None => self.came(notice.rule.clone()),
                }
            }
        }
        let moves = matches!(
            record.event,
            Event::Assigned { .. }
                | Event::Returned { .. }
                | Event::FactSet { .. }
                | Event::Directed { .. }
                | Event::ExtensionCounted { .. }
        );
        if let (true, Some(rule), Some(_)) = (
            moves && before.is_some_and(|it| !it.is_tracked()),
            &plan.track.when,
            after.team(),
        ) {
            self.read(&rule.rule, &row);
        }
        if matches!(record.event, Event::FactSet { .. } | Event::Directed { .. }) {
            for clock in after.clocks().iter().filter(|clock| clock.is_running()) {
                if let Some(rule) = plan.clock(clock.key.kind) {
                    self.read(&rule.within.rule, &row);
                }
            }
        }
    }

    fn gates(&mut self, judged: Judged, row: &Row, findings: &BTreeMap<String, bool>) {
        let facts: Facts = findings
            .iter()
            .map(|(name, yes)| (name.clone(), FactValue::Yes(*yes)))
            .collect();
        let plan = self.plan;
        let row = over(plan, row, &facts);
        for gate in plan.gates.iter().filter(|gate| gate.judged == judged) {
            self.read(&gate.met.rule, &row);
        }
    }

    /// A reply that passes is asked whether it takes two reviews, unless it was handed down and does anyway.
    fn twice(&mut self, event: &Event, before: Option<&Case>, row: &Row) {
        let handed_down = before
            .and_then(Case::team)
            .is_some_and(|it| it.below.is_some());
        let when = self.plan.review.as_ref().and_then(|it| it.when.as_ref());
        if let (Some(when), false, Event::PassedFirst { .. } | Event::Published { .. }) =
            (when, handed_down, event)
        {
            self.read(&when.rule, row);
        }
    }

    /// A refusal reads rules too.
    pub(super) fn refused(&mut self, case: &Case, command: &Command, refusal: &Refusal) {
        let row = facts_row(self.plan, case);
        match (&*refusal.why, command) {
            (Why::Gates { .. }, Command::Review(review)) => {
                self.gates(Judged::Review, &row, &review.findings)
            }
            (Why::Gates { .. }, Command::StrikeOff { .. }) => {
                self.gates(Judged::StrikeOff, &row, &BTreeMap::new())
            }
            (Why::Rule { source, .. }, Command::Decline { facts, .. }) => {
                self.read(&source.rule, &over(self.plan, &row, facts));
            }
            (Why::OnlyWhen(it), _) => drop(self.read(&it.rule, &row)),
            _ => {}
        }
    }
    /// The condition under which something was let happen.
    fn let_happen(&mut self, when: Option<&Decision<bool>>, was: Option<&Row>) {
        if let (Some(when), Some(was)) = (when, was) {
            self.read(&when.rule, was);
        }
    }

    /// The sums.
    pub(super) fn told(&self) -> Coverage {
        let plan = self.plan;
        let mut all = Coverage {
            rules: (0, 0),
            outcomes: (0, 0),
            conditions: (0, 0),
            boundaries: (0, 0),
            clauses: (0, 0),
            by_rule: Vec::new(),
            no_boundary: BTreeMap::new(),
        };
        let none = Hits::default();
        for decision in plan
            .decisions()
            .into_iter()
            .filter(|it| !it.rule.as_str().starts_with("spine."))
        {
            let hits = self.hits.get(decision.rule).unwrap_or(&none);
            let mut answers: BTreeSet<String> =
                decision.answers().iter().map(Value::to_string).collect();
            let mut conditions = BTreeSet::new();
            let mut regions = decision.regions(&plan.schema, REGIONS);
            let every = regions.len() < REGIONS;
            regions.retain(|region| self.comes(&region.bounds));
            if every {
                answers = regions.iter().map(|it| it.answer.to_string()).collect();
            }
            for region in regions {
                for (fact, (least, most)) in region.bounds {
                    if let Some(fact) = plan.schema.facts.get(fact) {
                        conditions.insert((fact.name.clone(), fact.domain.say(least, most)));
                    }
                }
            }
            let no_answer = lacking(&decision, &answers, hits);
            let no_condition: Vec<String> = conditions
                .difference(&hits.conditions)
                .map(|(fact, is)| format!("{fact} = {is}"))
                .collect();
            all.outcomes.0 += answers.len() - no_answer.len();
            all.outcomes.1 += answers.len();
            all.conditions.0 += conditions.len() - no_condition.len();
            all.conditions.1 += conditions.len();
            let mut row = self.row(decision.rule, hits.read, no_answer, no_condition);
            if let Some(clauses) = decision.clauses {
                let deciding = self.deciding(clauses);
                row.no_clause = deciding
                    .difference(&hits.clauses)
                    .map(|number| self.clause(decision.rule, clauses, *number))
                    .collect();
                all.clauses.0 += deciding.len() - row.no_clause.len();
                all.clauses.1 += deciding.len();
            }
            all.by_rule.push(row);
        }
        let rungs = plan.clocks.iter().flat_map(|clock| {
            clock.rungs.iter().map(|rung| {
                let said = RuleId::new(format!("ladder({}).{}", clock.kind, rung.key));
                (rung_id(clock.kind, &rung.key), said)
            })
        });
        let notices = plan.notices.iter().filter(|notice| notice.when.is_none());
        let notices = notices.map(|notice| notice.rule.clone());
        let signals = plan.signals.iter().filter(|signal| signal.when.is_none());
        let notices = notices.chain(signals.map(|signal| signal.rule.clone()));
        let counts = plan.counts.iter().map(|count| count.rule.clone());
        let alone = counts.chain(notices).map(|rule| (rule.clone(), rule));
        for (rule, said) in rungs.chain(alone) {
            let came = self.hits.get(&rule).map_or(0, |hits| hits.read);
            let mut row = self.row(&rule, came, Vec::new(), Vec::new());
            row.at = plan.sources.at.get(&said).cloned();
            all.by_rule.push(row);
        }
        all.rules = (
            all.by_rule.iter().filter(|it| it.read > 0).count(),
            all.by_rule.len(),
        );
        let own = |clock: &&ClockRule| !clock.within.rule.as_str().starts_with("spine.");
        for clock in plan.clocks.iter().filter(own) {
            // The windows that only time ends, and limits that lapse, have nobody who is late.
            let wanted: &[Boundary] = if clock.lapses {
                &[Boundary::InTime, Boundary::AtDue]
            } else {
                &[Boundary::InTime, Boundary::AtDue, Boundary::Late]
            };
            let had = self.boundaries.get(&clock.kind);
            let missing: Vec<Boundary> = wanted
                .iter()
                .filter(|it| had.is_none_or(|had| !had.contains(*it)))
                .copied()
                .collect();
            all.boundaries.0 += wanted.len() - missing.len();
            all.boundaries.1 += wanted.len();
            if !missing.is_empty() {
                all.no_boundary.insert(clock.kind, missing);
            }
        }
        all
    }

    /// Whether there are such cases on the dates on which the plan is in force.
    fn comes(&self, bounds: &BTreeMap<usize, (i64, i64)>) -> bool {
        let date = self.plan.schema.index(RECEIVED_ON);
        let bound = date.and_then(|date| bounds.get(&date));
        let (Some((least, most)), Some(in_force)) = (bound, self.plan.in_force) else {
            return true;
        };
        day(in_force.from) <= *most && in_force.to.is_none_or(|to| *least <= day(to))
    }

    /// The clauses that can decide.
    fn deciding(&self, clauses: &Clauses) -> BTreeSet<u32> {
        let regions = clauses.decides.regions(&self.plan.schema).take(REGIONS);
        regions
            .filter(|region| self.comes(&region.bounds))
            .flat_map(|region| region.answer.iter().copied())
            .collect()
    }

    fn clause(&self, rule: &RuleId, clauses: &Clauses, number: u32) -> ClauseCover {
        let clause = rule.clause(number);
        ClauseCover {
            title: clauses
                .get(number)
                .map_or_else(String::new, |it| it.title.clone()),
            at: self.plan.sources.at.get(&clause).cloned(),
            clause,
        }
    }

    fn row(
        &self,
        rule: &RuleId,
        read: u64,
        no_answer: Vec<Said>,
        no_condition: Vec<String>,
    ) -> RuleCover {
        RuleCover {
            rule: rule.to_string(),
            at: self.plan.sources.at.get(rule).cloned(),
            read,
            no_answer,
            no_condition,
            no_clause: Vec::new(),
        }
    }
}

impl Coverage {
    /// All of them together, in whole percent, rounded down; a pack without rules is reached in full.
    pub fn percent(&self) -> usize {
        let pairs = [
            self.rules,
            self.outcomes,
            self.conditions,
            self.boundaries,
            self.clauses,
        ];
        let (had, all) = pairs
            .iter()
            .fold((0, 0), |(had, all), pair| (had + pair.0, all + pair.1));
        (had * 100).checked_div(all).unwrap_or(100)
    }
}

/// Of these answers of a rule those that no test had, in words.
fn lacking(decision: &Asked<'_>, all: &BTreeSet<String>, hits: &Hits) -> Vec<Said> {
    let diagram = decision.diagram();
    let lacking = diagram.answers().iter().filter(|answer| {
        let json = serde_json::to_value(answer).unwrap_or_default().to_string();
        all.contains(&json) && !hits.answers.contains(&json)
    });
    lacking
        .map(|answer| Said::by(|lang| decision.about.answer(answer, lang)))
        .collect()
}

/// A rung as an item of its own; apart from the condition of the same name.
fn rung_id(kind: ClockKind, rung: &str) -> RuleId {
    RuleId::new(format!("rung({kind}).{rung}"))
}

/// A row with facts that are only being given laid over it.
fn over(plan: &Plan, row: &Row, given: &Facts) -> Row {
    let code = |(at, fact): (usize, &crate::plan::FactRule)| {
        given
            .get(&fact.name)
            .and_then(|value| fact.domain.code(value))
            .unwrap_or_else(|| row.code(at))
    };
    Row::new(plan.schema.facts.iter().enumerate().map(code).collect())
}
