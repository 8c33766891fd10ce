//! Clauses into one decision: each condition is tabulated by itself, and the diagrams are laid over one another as the mode says. On
//! the way it is seen which clause hides which, which two contradict each other, and which cases none covers.

mod answer;
mod found;
mod laid;

use std::collections::BTreeMap;

use rhai::Position;

use super::dated::is_unit;
use super::draft::{ClauseDraft, ClausesDraft, Draft, Says};
use super::fault::{Fault, both};
use super::tabulate::{Convert, Tabulator};
use super::value::as_yes;
use crate::plan::{Clause, Clauses, Decision, Diagram, Given, Schema};
use crate::words::{Lang, RuleId};

use answer::Answer;
pub(super) use laid::laid_over;
use laid::{Laid, One, Read, instead};

/// Clauses laid over one another, with what they answer and what is wrong with them.
struct Made<A> {
    laid: Laid,
    diagram: Diagram<Option<A>>,
    decides: Diagram<Vec<u32>>,
    wrong: Vec<(Fault, Position)>,
}

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
        let mut read = self.read(&said.what, tab)?;
        let schema = &tab.world.schema.clone();
        let made = match self.lay(&mut read, schema, tab) {
            Ok(made) => made,
            Err(fault) => {
                tab.report.add(fault, said.at);
                return None;
            }
        };
        let needed = self.rest.is_none() && read.left().is_none();
        let uncovered = needed.then(|| made.laid.uncovered(said.at, schema));
        let wrong: Vec<_> = uncovered.into_iter().flatten().chain(made.wrong).collect();
        let failed = !wrong.is_empty();
        for (fault, place) in wrong {
            tab.report.add(fault, place);
        }
        for (fault, place) in made.laid.odd(&read) {
            tab.report.warn(fault, place);
        }
        if failed {
            return None;
        }
        let lang = draft.pack.as_ref().and_then(|pack| pack.what.labels);
        let lang = lang.unwrap_or(Lang::Zh);
        Some(self.made(&said.what, read, made.diagram, made.decides, lang, tab))
    }

    /// Lays the clauses over one another; where one of them changes by date, for each stretch of dates by itself.
    fn lay(
        &self,
        read: &mut Read<'_, A>,
        schema: &Schema,
        tab: &mut Tabulator<'_, '_>,
    ) -> Result<Made<A>, Fault> {
        let spent = |error| {
            Fault::new("D310", both!("{error}", "{error}"; error)).help(both!(
                "write fewer clauses, or let their conditions read fewer facts",
                "少写几款,或者让条件少读几个事实"
            ))
        };
        let places: Vec<_> = read.stretches().into_iter().zip(0_usize..).collect();
        let laid = read.lay(&mut tab.pairs).map_err(spent)?;
        let (diagram, decides) = self.answers(read, &laid);
        let mut made = Made {
            wrong: Vec::new(),
            laid,
            diagram,
            decides,
        };
        if places.is_empty() {
            made.wrong = made.laid.at_odds(read, schema);
            return Ok(made);
        }
        let place = tab.over_dates(&places)?;
        for ((from, _), at) in places {
            let (dates, room) = (place.map(|own| *own == at), &mut tab.pairs);
            read.turn(from);
            let laid = read.lay(room).map_err(spent)?;
            let (diagram, decides) = self.answers(read, &laid);
            // What is told of earlier dates is not told again.
            if made.wrong.is_empty() {
                let alone = laid.over(&laid.nothing(), &dates, room).map_err(spent)?;
                made.wrong = alone.at_odds(read, schema);
            }
            made.laid = laid.over(&made.laid, &dates, room).map_err(spent)?;
            made.diagram = instead(&diagram, &made.diagram, &dates, room).map_err(spent)?;
            made.decides = instead(&decides, &made.decides, &dates, room).map_err(spent)?;
        }
        Ok(made)
    }

    /// What is answered, and by which clauses, on the dates that are looked at.
    fn answers(&self, read: &Read<'_, A>, laid: &Laid) -> (Diagram<Option<A>>, Diagram<Vec<u32>>) {
        let left = read.left();
        let rest = left.map(|one| one.says.clone()).or(self.rest.clone());
        // Without a finding there is an answer for every set that comes up; what stands in is never asked for.
        let any = read.all.first().map(|one| one.says.clone());
        let answer = |set: &Vec<u32>| {
            let chosen = read.chosen(set).map(|(_, answer)| answer);
            let or = || rest.clone().filter(|_| set.is_empty()).or(any.clone());
            chosen.or_else(or)
        };
        let decides = |set: &Vec<u32>| match (set.is_empty(), left) {
            (true, Some(left)) => vec![left.number],
            _ => read.chosen(set).map_or_else(Vec::new, |(whose, _)| whose),
        };
        (laid.decides.map(answer), laid.decides.map(decides))
    }

    /// The number of a clause among all of the decision.
    fn number(&self, number: u32) -> u32 {
        number + u32::try_from(self.after).unwrap_or(u32::MAX - 1_000)
    }

    /// Every condition and every answer; nothing, if one of them is at fault.
    fn read<'d>(&self, said: &'d ClausesDraft, tab: &mut Tabulator<'_, '_>) -> Option<Read<'d, A>> {
        let (mut all, mut failed) = (Vec::new(), false);
        for (number, clause) in (1..).zip(&said.all) {
            let mut by_date = None;
            let says = match &clause.says {
                None => A::unsaid(),
                Some(raw) if is_unit(&raw.value) => {
                    by_date = tab.dated(raw, self.convert);
                    let first = by_date.as_ref().and_then(|it| it.all.first());
                    first.map(|(_, says)| says.clone())
                }
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
                    by_date,
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
        diagram: Diagram<Option<A>>,
        decides: Diagram<Vec<u32>>,
        lang: Lang,
        tab: &mut Tabulator<'_, '_>,
    ) -> Decision<A> {
        let diagram = match diagram.answers().iter().flatten().next().cloned() {
            Some(any) => diagram.map(|answer| answer.clone().unwrap_or_else(|| any.clone())),
            None => unreachable!("every clause says something, and there is one"),
        };
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
        let written = read.written(self.rule, self.rest);
        tab.written.push(written);
        Decision {
            rule: self.rule.clone(),
            diagram,
            clauses: Some(Box::new(clauses)),
        }
    }
}
