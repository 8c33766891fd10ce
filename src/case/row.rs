//! The facts of a case, as rules read them.

use super::model::Case;
use crate::plan::{FactRule, Given, Plan, Row, dated};
use crate::words::{FactValue, Facts, Lang, RECEIVED_ON, Rating};

/// The facts of a case as the rules of a plan read them: for a rule that is asked outside any command, such as
/// whether a case is hot.
///
/// ```no_run
/// # fn of(plan: &duly::plan::Plan, case: &duly::case::Case) -> bool {
/// let row = duly::case::facts_row(plan, case);
/// plan.digest.hot.as_ref().is_some_and(|hot| *hot.answer(&row))
/// # }
/// ```
pub fn facts_row(plan: &Plan, case: &Case) -> Row {
    row(plan, case, &Facts::new())
}

/// The row of a case under a plan, with facts that are only being given laid over it.
pub(super) fn row(plan: &Plan, case: &Case, given: &Facts) -> Row {
    plan.schema.row(|fact| match fact.given {
        Given::Engine => engine(plan, case, fact, given),
        _ => known(case, &fact.name, given),
    })
}

fn known(case: &Case, name: &str, given: &Facts) -> Option<FactValue> {
    let reply = case.reply();
    given
        .get(name)
        .or_else(|| reply.and_then(|reply| reply.findings.get(name)))
        .or_else(|| reply.and_then(|reply| reply.facts.get(name)))
        .or_else(|| case.facts.get(name))
        .cloned()
}

fn engine(plan: &Plan, case: &Case, fact: &FactRule, given: &Facts) -> Option<FactValue> {
    let zh = plan.labels == Lang::Zh;
    let label = |zh_name: &str, en_name: &str| FactValue::from(if zh { zh_name } else { en_name });
    let count = |n: u32| FactValue::Whole(i64::from(n.min(99)));
    let reply = case.reply();
    Some(match fact.name.as_str() {
        "class" => case.class.map(|class| label(class.zh(), class.name()))?,
        // Never moves: a message is received once.
        RECEIVED_ON => dated(case.received_at().date(plan.zone)),
        "place_level" => FactValue::Whole(case.place.as_str().len() as i64),
        "opinion" => FactValue::Yes(!case.origin.has_citizen()),
        "returns" => count(case.returns),
        "bounces" => count(case.bounces),
        "extensions" => count(case.extensions),
        "reopens" => count(case.reopens),
        "directed" => FactValue::Yes(case.directed),
        "tracked" => FactValue::Yes(case.tracked),
        "mark" => FactValue::from(reply?.weakest().name()),
        "explains" => FactValue::Yes(reply?.explained),
        "rating" => {
            let rating = case.rating().unwrap_or(Rating::NotGiven);
            label(rating.zh(), rating.name())
        }
        "rechecked" => match case.stage() {
            super::Stage::Reviewed(it) => FactValue::Yes(it.data.rechecked),
            _ => FactValue::Yes(false),
        },
        // What the typed reply says, recorded with it.
        name => return known(case, name, given),
    })
}
