//! What citizens may do here, and what they hear: of their own cases alone, and nothing of the house.
//!
//! Whoever is an officer besides is a citizen to cases of their own. To others they act by their other roles, or not at all.

use duly::case::Case;
use duly::desk::Answer;
use duly::plan::Given;
use duly::words::{CaseId, Command, CommandName, Grant, Lang, PlaceCode, Refusal, Role, Why};
use serde_json::{Map, Value, json};

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::problem::{Problem, is_the_hosts};
use crate::routes::App;
use crate::who::By;

/// Of a citizen's message the board says these itself: whoever could give another's number would be answered with another's case.
const OF_THE_BOARD: [&str; 3] = ["case", "channel", "external_id"];

/// Whether a role is an officer's.
pub fn is_of_an_officer(grant: &Grant) -> bool {
    grant.role != Role::Citizen
}

fn is_citizen(by: &By) -> bool {
    !by.0.roles.iter().all(is_of_an_officer)
}

/// As whom somebody opens a case: as an officer, where a role of theirs may and is held for its place; else as a citizen, where they are one.
pub fn opens(mut by: By, fields: &Map<String, Value>) -> By {
    let may = CommandName::Open.roles();
    let place = place_of(fields);
    let is_there = |grant: &Grant| place.as_ref().is_none_or(|place| grant.reaches(place));
    let opens =
        |grant: &Grant| is_of_an_officer(grant) && may.contains(&grant.role) && is_there(grant);
    let as_officer = by.0.roles.iter().any(opens);
    if is_citizen(&by) {
        let is_kept = |grant: &Grant| is_of_an_officer(grant) == as_officer;
        by.0.roles.retain(is_kept);
    }
    by
}

/// The place that a message is about. One that cannot be read is refused whoever opens.
fn place_of(fields: &Map<String, Value>) -> Option<PlaceCode> {
    fields.get("place")?.as_str()?.parse().ok()
}

/// As whom somebody has a command done to a case: as a citizen only to their own. Whoever is left with no role is not told whether there is
/// such a case. No citizen opens a case by this path: there they would give its number.
pub async fn acts(
    desk: &AnyDesk,
    mut by: By,
    case: &CaseId,
    command: &Command,
) -> Result<By, Problem> {
    if by.is_officer() && !is_citizen(&by) {
        return Ok(by);
    }
    let opens = matches!(command, Command::Open { .. });
    if !opens && own(desk, &by, case).await?.is_some() {
        return Ok(by);
    }
    by.0.roles.retain(is_of_an_officer);
    match by.is_officer() {
        true => Ok(by),
        false => Err(Problem::no_case()),
    }
}

/// A case, where it is theirs. One that does not hold is none to them: what is wrong with it is for the house.
pub async fn own(desk: &AnyDesk, by: &By, case: &CaseId) -> Result<Option<Case>, Problem> {
    match desk.case(case.clone()).await {
        Ok(found) => Ok(found.filter(|found| is_citizen_of(by, found))),
        Err(error) if error.broken().is_some() => {
            tracing::error!(%case, %error, "the ledger was altered");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_citizen_of(by: &By, case: &Case) -> bool {
    let own = case.citizen();
    by.0.persons().any(|person| Some(person) == own)
}

/// Sees to the fields of a message that a citizen sends: they give neither what the board says itself nor a fact that is the host's, and write in
/// nobody else's name. Channel and number are put in.
pub fn writes(
    app: &App,
    by: &By,
    number: &CaseId,
    fields: &mut Map<String, Value>,
) -> Result<(), Problem> {
    if let Some(field) = OF_THE_BOARD.into_iter().find(|it| fields.contains_key(*it)) {
        return Err(may_not_say(by, field));
    }
    let citizen = fields.get("citizen").and_then(Value::as_str);
    if citizen.is_some_and(|citizen| by.0.persons().all(|own| own.as_str() != citizen)) {
        return Err(may_not_say(by, "citizen"));
    }
    let facts = fields.get("facts").and_then(Value::as_object);
    let mut names = facts.into_iter().flat_map(Map::keys);
    if let Some(fact) = names.find(|fact| is_of_the_host(&app.desk, fact)) {
        return Err(may_not_say(by, fact));
    }
    fields.insert("channel".to_owned(), json!(app.settings.channel));
    fields.insert("external_id".to_owned(), json!(number));
    Ok(())
}

/// Whether the plan under which a message comes now has the fact from the host alone.
fn is_of_the_host(desk: &AnyDesk, fact: &str) -> bool {
    let plans = desk.plans();
    let rule = plans
        .at(clock::now())
        .and_then(|today| today.plan.schema.fact(fact));
    rule.is_some_and(|rule| rule.given == Given::Host)
}

fn may_not_say(by: &By, field: &str) -> Problem {
    let id = &by.0.id;
    Problem::forbidden(
        format!("`{id}` may not give `{field}`: of a citizen's message the board says it"),
        format!("`{id}`不能填写`{field}`:网民留言的这一项由留言板填写"),
    )
}

/// What a citizen is shown of their case (待回复、办理中、已办理): no officer, no clock of the house.
pub fn shown(case: &Case) -> Value {
    json!({
        "case": case.id(),
        "external_id": case.external_id(),
        "received_at": case.received_at(),
        "shown": case.shown(),
        "outcome": case.outcome(),
    })
}

/// What a citizen is answered to a command: which case it is of, and when it took effect.
pub fn answered(answer: &Answer) -> Value {
    match answer.done() {
        Some(done) => json!({"done": {"case": done.case, "at": done.at}}),
        None => json!({"known": {"case": answer.case()}}),
    }
}

/// A refusal, for a citizen: what is wrong with what they wrote. Who has the case, where it stands, what it would take there and which places the
/// board serves is not told.
pub fn refused(refusal: &Refusal) -> Problem {
    if is_the_hosts(refusal) {
        let en = "this cannot be done for now; send the same again later, with the same key";
        return Problem::to_mend(refusal, en, "暂时不能办理,请稍后用同一个键重发");
    }
    if let Why::UnknownPlace { place, .. } = &*refusal.why {
        let en = format!("no place here has the code `{place}`");
        return Problem::refused(en, format!("这里没有代码为`{place}`的地方"));
    }
    if !is_of_their_words(&refusal.why) {
        return Problem::refused("this cannot be done with it now", "现在不能这样办");
    }
    let shown = json!({"command": refusal.command, "why": refusal.why});
    Problem::refused(refusal.say(Lang::En), refusal.say(Lang::Zh)).with("refusal", shown)
}

/// Whether a refusal speaks of what was written in the command, and of nobody and no place besides.
fn is_of_their_words(why: &Why) -> bool {
    matches!(
        why,
        Why::Blank { .. }
            | Why::TooLong { .. }
            | Why::Nul { .. }
            | Why::NotListed { .. }
            | Why::FactMissing { .. }
            | Why::FactUnknown { .. }
            | Why::FactValue { .. }
            | Why::FactNotGivenHere { .. }
            | Why::NothingPending { .. }
            | Why::NotOffered { .. }
            | Why::TooLate { .. }
    )
}

#[cfg(test)]
mod tests {
    use duly::words::Actor;

    use super::*;

    // Whoever is both opens as an officer where that role may, and as a citizen where it may not or is held for another place; who is one alone stays what they are.
    #[test]
    fn whoever_opens_is_one_of_both() -> Result<(), Box<dyn std::error::Error>> {
        let both = || vec!["citizen", "intake@6325"];
        for (roles, place, kept) in [
            (vec!["citizen"], "632521", vec!["citizen"]),
            (vec!["owner"], "632521", vec!["owner"]),
            (vec!["citizen", "owner"], "632521", vec!["citizen"]),
            (both(), "632521", vec!["intake@6325"]),
            (both(), "632801", vec!["citizen"]),
            (vec!["intake@6325"], "632801", vec!["intake@6325"]),
        ] {
            let actor: Actor = serde_json::from_value(json!({"id": "caihong", "roles": roles}))?;
            let fields = Map::from_iter([("place".to_owned(), json!(place))]);
            let opens = opens(By(actor), &fields);
            assert_eq!(json!(opens.0.roles), json!(kept));
        }
        Ok(())
    }
}
