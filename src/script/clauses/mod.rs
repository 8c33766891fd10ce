//! Clauses into one decision: each condition is tabulated by itself, and the diagrams are laid over one another as the mode says. On
//! the way it is seen which clause hides which, which two contradict each other, and which cases none covers.

mod answer;
mod found;
mod laid;

use std::collections::BTreeMap;

use rhai::Position;

use super::draft::{ClauseDraft, ClausesDraft, Draft, Says};
use super::fault::{Fault, both};
use super::tabulate::{Convert, Tabulator};
use super::value::as_yes;
use crate::plan::{Clause, Clauses, Decision, Diagram, Given};
use crate::words::{Lang, RuleId};

use answer::Answer;
pub(super) use laid::laid_over;
use laid::{Laid, One, Read};

type Places = BTreeMap<RuleId, Position>;

/// A decision that can be written as one rule or in clauses.
pub(super) struct Point<'a, A> {
    rule: &'a RuleId,
    latest: Given,
    convert: Convert<A>,
    /// What holds where no clause applies and none says otherwise.
    rest: Option<A>,
    /// Clauses of a base that come before.
    after: usize,
}

impl<'a, A: Answer> Point<'a, A> {
    pub(super) fn new(rule: &'a RuleId, latest: Given, convert: Convert<A>) -> Point<'a, A> {
        Point {
            rule,
            latest,
            convert,
            rest: None,
            after: 0,
        }
    }
    pub(super) fn rest(self, rest: A) -> Point<'a, A> {
        Point {
            rest: Some(rest),
            ..self
        }
    }
    pub(super) fn after(self, after: usize) -> Point<'a, A> {
        Point { after, ..self }
    }

    /// The decision, or nothing and a finding.
    pub(super) fn decide(
        self,
        says: &Says,
        draft: &Draft,
        tab: &mut Tabulator<'_, '_>,
        at: &mut Places,
    ) -> Option<Decision<A>> {
        let place = match says {
            Says::Rule(raw) => {
                return tab.decide(self.rule, raw, self.latest, None, self.convert);
            }
            Says::Clauses(place) => *place,
        };
        let said = draft.clauses.get(place)?;
        if said.what.all.is_empty() {
            let fault = Fault::new("D207", both!("there is no clause here", "这里一款也没有"));
            let help = both!(
                "add `.when(|m| …, …)` or `.otherwise(…)`",
                "补上`.when(|m| …, …)`或者`.otherwise(…)`"
            );
            tab.report.add(fault.help(help), said.at);
            return None;
        }
        for (number, clause) in (1..).zip(&said.what.all) {
            at.insert(self.rule.clause(self.number(number)), clause.at);
        }
        let read = self.read(&said.what, tab)?;
        let laid = match read.lay(&mut tab.pairs) {
            Ok(laid) => laid,
            Err(error) => {
                tab.report.add(
                    Fault::new("D310", both!("{error}", "{error}"; error)).help(both!(
                        "write fewer clauses, or let their conditions read fewer facts",
                        "少写几款,或者让条件少读几个事实"
                    )),
                    said.at,
                );
                return None;
            }
        };
        let schema = &tab.world.schema.clone();
        let mut failed = false;
        for (fault, place) in laid.wrong(&read, self.rest.is_none(), said.at, schema) {
            failed = true;
            tab.report.add(fault, place);
        }
        for (fault, place) in laid.odd(&read) {
            tab.report.warn(fault, place);
        }
        if failed {
            return None;
        }
        let lang = draft.pack.as_ref().and_then(|pack| pack.what.labels);
        Some(self.made(&said.what, read, &laid, lang.unwrap_or(Lang::Zh), tab))
    }

    /// The number of a clause among all of the decision.
    fn number(&self, number: u32) -> u32 {
        number + u32::try_from(self.after).unwrap_or(u32::MAX - 1_000)
    }

    /// Every condition and every answer; nothing, if one of them is at fault.
    fn read<'d>(&self, said: &'d ClausesDraft, tab: &mut Tabulator<'_, '_>) -> Option<Read<'d, A>> {
        let (mut all, mut failed) = (Vec::new(), false);
        for (number, clause) in (1..).zip(&said.all) {
            let says = match &clause.says {
                None => A::unsaid(),
                Some(raw) => match (self.convert)(&raw.value) {
                    Ok(says) => Some(says),
                    Err(fault) => {
                        tab.report.add(fault.arg(raw.arg), raw.at);
                        None
                    }
                },
            };
            let applies = match &clause.when {
                None => Some((Diagram::constant(true), None)),
                Some(raw) => {
                    let rule = self.rule.clause(self.number(number));
                    let own = tab.decide(&rule, raw, self.latest, None, as_yes);
                    own.map(|own| (own.diagram, tab.written.pop()))
                }
            };
            match (says, applies) {
                (Some(says), Some((applies, written))) => all.push(One {
                    number,
                    clause,
                    applies,
                    written,
                    says,
                }),
                _ => failed = true,
            }
        }
        (!failed).then_some(Read {
            mode: said.mode,
            all,
        })
    }

    fn made(
        self,
        said: &ClausesDraft,
        read: Read<'_, A>,
        laid: &Laid,
        lang: Lang,
        tab: &mut Tabulator<'_, '_>,
    ) -> Decision<A> {
        let rest = read
            .left()
            .map(|one| one.says.clone())
            .or(self.rest.clone());
        // Without a finding there is an answer for every set that comes up; what stands in is never asked for.
        let any = read.all.first().map(|one| one.says.clone());
        let answer = |set: &Vec<u32>| {
            let chosen = read.chosen(set).map(|(_, answer)| answer);
            let or = || rest.clone().filter(|_| set.is_empty()).or(any.clone());
            chosen.or_else(or)
        };
        let diagram = laid.decides.map(answer);
        let diagram = match diagram.answers().iter().flatten().next().cloned() {
            Some(any) => diagram.map(|answer| answer.clone().unwrap_or_else(|| any.clone())),
            None => unreachable!("every clause says something, and there is one"),
        };
        let decides = laid.decides.map(|set| match (set.is_empty(), read.left()) {
            (true, Some(left)) => vec![left.number],
            _ => read.chosen(set).map_or_else(Vec::new, |(whose, _)| whose),
        });
        let clause = |clause: &ClauseDraft| Clause {
            title: match (clause.title.is_empty() && clause.when.is_none(), lang) {
                (true, Lang::Zh) => "其余".to_owned(),
                (true, Lang::En) => "otherwise".to_owned(),
                _ => clause.title.clone(),
            },
            provenance: clause.provenance.clone(),
            otherwise: clause.when.is_none(),
        };
        let clauses = Clauses {
            mode: said.mode,
            all: said.all.iter().map(clause).collect(),
            decides,
        };
        let written = read.written(self.rule, rest);
        tab.written.push(written);
        Decision {
            rule: self.rule.clone(),
            diagram,
            clauses: Some(Box::new(clauses)),
        }
    }
}
