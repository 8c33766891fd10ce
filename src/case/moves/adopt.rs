//! 适用新规: a case goes on under another plan.

use super::super::ask::{Ask, of_its_sort};
use super::super::derive::derived_under;
use super::super::model::Case;
use crate::plan::{FactRule, Given, InHand, Plans};
use crate::words::{Deed, Event, Facts, PersonId, PlanId, Thing, WantedFact, Why};

/// What the command says.
pub(crate) struct Adopted<'a> {
    pub(crate) plan: &'a PlanId,
    pub(crate) approved_by: &'a Option<PersonId>,
    pub(crate) facts: &'a Facts,
}

/// 适用新规. What it does to limits is checked where clocks are projected.
pub(crate) fn adopt_plan(
    case: &Case,
    ask: &Ask<'_>,
    plans: &Plans,
    asked: &Adopted<'_>,
) -> Result<Vec<Event>, Why> {
    let plan = asked.plan;
    if *plan == case.plan {
        return Err(Why::Already {
            what: Thing::ThatPlan,
        });
    }
    if let Some(approver) = asked.approved_by
        && (ask.by.persons().any(|person| person == approver) || case.handlers.contains(approver))
    {
        return Err(Why::SamePerson {
            person: approver.clone(),
            was: Deed::Asked,
        });
    }
    let hand = plans
        .get(plan)
        .ok_or_else(|| Why::NoPlan { plan: plan.clone() })?;
    fits(case, hand, asked.facts)?;
    let mut facts = asked.facts.clone();
    facts.extend(derived_under(hand, case, &facts, None, true)?);
    Ok(vec![Event::PlanAdopted {
        from: case.plan.clone(),
        to: plan.clone(),
        approved_by: asked.approved_by.clone(),
        facts,
    }])
}

/// Checks the values given with the command: of facts that this case has no value of yet, of the right sort, none missing. What the
/// case was given already is not given anew by the way.
fn fits(case: &Case, hand: &InHand, given: &Facts) -> Result<(), Why> {
    let schema = &hand.plan.schema;
    let has = |fact: &FactRule| {
        let value = case.facts.get(&fact.name);
        value.is_some_and(|value| fact.domain.code(value).is_some())
    };
    let by_hand =
        |fact: &FactRule| fact.given == Given::Derived && hand.derivers.is_by_hand(&fact.name);
    for (name, value) in given {
        let Some(fact) = schema.fact(name) else {
            return Err(Why::FactUnknown {
                fact: name.clone(),
                near: schema.near(name),
            });
        };
        if !(fact.given.by_a_person() || by_hand(fact)) {
            return Err(Why::FactNotGivenHere {
                fact: name.clone(),
                given_by: fact.given.say().to_owned(),
            });
        }
        if has(fact) {
            return Err(Why::Already {
                what: Thing::Fact(name.clone()),
            });
        }
        of_its_sort(fact, value)?;
    }
    // The intake officer's facts come with screening, if that is still ahead.
    let known_by_now = |fact: &FactRule| match fact.given {
        Given::Citizen | Given::Host => true,
        Given::Intake => case.class.is_some(),
        _ => by_hand(fact),
    };
    let missing = |fact: &&FactRule| {
        let stale = case.facts.contains_key(&fact.name);
        known_by_now(fact)
            && !has(fact)
            && !given.contains_key(&fact.name)
            && (stale || fact.otherwise.is_none())
    };
    let wanted: Vec<WantedFact> = schema
        .facts
        .iter()
        .filter(missing)
        .map(|fact| WantedFact {
            fact: fact.name.clone(),
            expected: fact.domain.expects(),
            zh: fact.domain.expects_zh(),
        })
        .collect();
    match wanted.is_empty() {
        true => Ok(()),
        false => Err(Why::FactsWanted { facts: wanted }),
    }
}
