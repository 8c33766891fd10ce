//! 审核: the gates of process and measures; publish or send back.

use std::collections::BTreeMap;

use super::super::ask::Ask;
use super::super::facts_row;
use super::super::model::Case;
use super::super::stages::Replied;
use super::super::view::In;
use crate::plan::{Decision, Given, Judged, Plan};
use crate::words::{Deed, Event, Facts, GateFinding, ReturnFor, Review, Thing, Why};

impl In<'_, Replied> {
    /// 审核: passes the reply, which publishes it, or sends it back. A reply passes only if no gate is shut. Where the
    /// plan asks for two reviews, the first only passes it on: to another person, who reviews for the place above.
    pub fn review(self, ask: &mut Ask<'_>, review: &Review) -> Result<Vec<Event>, Why> {
        ask.apart_from(&self.case.round_handlers, Deed::Handled)?;
        if let Some(first) = &self.data.first {
            ask.reaches(&first.next)?;
            ask.apart_from(&first.by, Deed::PassedFirst)?;
        }
        let findings = ask.findings(&review.findings)?;
        if review.return_for.is_none() {
            answered(ask, &findings)?;
        }
        let gates = shut(self.case, ask, Judged::Review, &findings);
        match &review.return_for {
            Some(why) => Ok(vec![returned(ask, why, &review.findings, gates)?]),
            None if !gates.is_empty() => Err(Why::Gates { findings: gates }),
            // A part that was settled when it was replied is open again.
            None if !self.case.subs_wanting().is_empty() => Err(Why::PartsOpen {
                subs: self.case.subs_wanting(),
            }),
            None if self.data.first.is_none() && two_steps(self.case, ask.plan()) => {
                let place = &self.case.place;
                let above = ask.plan().above(place).map(|above| &above.code);
                Ok(vec![Event::PassedFirst {
                    findings: review.findings.clone(),
                    next: above.unwrap_or(place).clone(),
                }])
            }
            None => Ok(vec![Event::Published {
                findings: review.findings.clone(),
            }]),
        }
    }
}

/// Whether the reply that stands takes two reviews: what was handed down does, and what the plan's rule says.
pub(crate) fn two_steps(case: &Case, plan: &Plan) -> bool {
    let Some(rule) = &plan.review else {
        return false;
    };
    let below = case.team().is_some_and(|team| team.below.is_some());
    let says = |when: &Decision<bool>| *when.answer(&facts_row(plan, case));
    below || rule.when.as_ref().is_some_and(says)
}

/// Whoever passes a reply has answered every question that a gate before publication reads: silence is not a yes, and
/// not a no either.
fn answered(ask: &Ask<'_>, findings: &Facts) -> Result<(), Why> {
    let schema = &ask.plan().schema;
    let clauses = ask
        .plan()
        .gates
        .iter()
        .filter(|clause| clause.judged == Judged::Review);
    let read = clauses.flat_map(|clause| clause.met.diagram.reads());
    let asked = read
        .filter_map(|at| schema.facts.get(at))
        .filter(|fact| fact.given == Given::Reviewer);
    for fact in asked {
        if !findings.contains_key(&fact.name) {
            return Err(Why::FactMissing {
                fact: fact.name.clone(),
                expected: fact.domain.expects(),
            });
        }
    }
    Ok(())
}

/// The gate clauses that are not met, with what would mend them.
pub(super) fn shut(
    case: &Case,
    ask: &Ask<'_>,
    judged: Judged,
    findings: &Facts,
) -> Vec<GateFinding> {
    let row = ask.row(case, findings);
    let clauses = ask
        .plan()
        .gates
        .iter()
        .filter(|clause| clause.judged == judged);
    clauses
        .filter_map(|clause| {
            let decided = clause.met.decided(&row);
            (!decided.answer()).then(|| GateFinding {
                gate: clause.gate,
                reason: decided.reason(&ask.plan().schema),
                words: clause.words.clone(),
            })
        })
        .collect()
}

/// 退回重办, with ground and mend.
pub(super) fn returned(
    ask: &mut Ask<'_>,
    why: &ReturnFor,
    findings: &BTreeMap<String, bool>,
    gates: Vec<GateFinding>,
) -> Result<Event, Why> {
    let grounds = &ask.plan().redo.grounds;
    if !grounds.is_empty() && !grounds.contains(&why.ground) {
        let known = grounds.clone();
        return Err(Why::NotListed {
            what: Thing::ReturnGrounds,
            given: why.ground.clone(),
            known,
        });
    }
    let mend = Some(ask.text("mend", &why.mend)?);
    Ok(Event::Returned {
        ground: why.ground.clone(),
        mend,
        findings: findings.clone(),
        gates,
    })
}
