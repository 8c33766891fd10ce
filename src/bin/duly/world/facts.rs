//! Facts that fit whatever a pack declares.

use std::collections::{BTreeMap, BTreeSet};

use duly::plan::{Decision, Domain, FactRule, Given, Plan, Vertex};
use duly::words::{FactName, FactValue, Facts};

use super::Dice;

/// The facts of those givers, with the derived ones beside the host's: as hinted where a hint fits, by chance where the pack demands one, else left to the pack.
pub fn facts(plan: &Plan, given: &[Given], hints: &Facts, dice: &mut Dice) -> Facts {
    let mut facts = Facts::new();
    for fact in plan.schema.facts.iter().filter(|fact| {
        let derived = fact.given == Given::Derived && given.contains(&Given::Host);
        given.contains(&fact.given) || derived
    }) {
        let hint = hints
            .get(&fact.name)
            .filter(|value| fact.domain.code(value).is_some());
        let value = match (hint, &fact.otherwise) {
            (Some(hint), _) => hint.clone(),
            (None, Some(_)) => continue,
            (None, None) => by_chance(&fact.domain, dice),
        };
        facts.insert(fact.name.clone(), value);
    }
    facts
}

fn by_chance(domain: &Domain, dice: &mut Dice) -> FactValue {
    match domain {
        Domain::YesNo => dice.chance(8).into(),
        Domain::Labels(labels) => {
            FactValue::Label(dice.one_of(labels).cloned().unwrap_or_default())
        }
        Domain::Percent { least, most } => {
            let span = u64::try_from(most.saturating_sub(*least)).unwrap_or(0);
            let more = i64::try_from(dice.below(span + 1)).unwrap_or(0);
            domain.value(least.saturating_add(more))
        }
        Domain::Date { least, .. } => FactValue::Label(least.to_string()),
        Domain::Whole { least, most } => {
            let span = u64::try_from(most.saturating_sub(*least))
                .unwrap_or(0)
                .min(50);
            FactValue::Whole(least.saturating_add(i64::try_from(dice.below(span + 1)).unwrap_or(0)))
        }
    }
}

/// A reviewer's findings: yes to all, or no to the first `faults` of them.
pub fn findings(plan: &Plan, faults: usize) -> BTreeMap<FactName, bool> {
    let asked = plan
        .schema
        .facts
        .iter()
        .filter(|fact| fact.given == Given::Reviewer);
    asked
        .enumerate()
        .map(|(at, fact)| (fact.name.clone(), at >= faults))
        .collect()
}

/// Facts of one giver that make a rule answer yes, if they alone can.
pub fn where_true(plan: &Plan, rule: &Decision<bool>, given: Given) -> Option<Facts> {
    let mut facts = Facts::new();
    let mut dead = BTreeSet::new();
    let such = |fact: usize| {
        let fact = plan.schema.facts.get(fact);
        fact.filter(|fact| fact.given == given)
    };
    leads(rule.diagram.root(), &such, &mut facts, &mut dead).then_some(facts)
}

/// Whether a way leads to yes over such facts alone: those of the first that does. What is dead is not walked again.
fn leads<'a>(
    from: Vertex<'_, bool>,
    such: &impl Fn(usize) -> Option<&'a FactRule>,
    facts: &mut Facts,
    dead: &mut BTreeSet<usize>,
) -> bool {
    let test = match from {
        Vertex::Answer(yes) => return *yes,
        Vertex::Test(test) => test,
    };
    let Some(fact) = such(test.fact()).filter(|_| !dead.contains(&test.place())) else {
        return false;
    };
    let (floor, _) = fact.domain.codes();
    for branch in test.branches() {
        if leads(branch.to, such, facts, dead) {
            let value = fact.domain.value(branch.least.max(floor));
            facts.insert(fact.name.clone(), value);
            return true;
        }
    }
    dead.insert(test.place());
    false
}
