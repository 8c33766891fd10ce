//! A case, for officers.

use duly::case::Case;
use duly::words::Text;
use serde_json::{Value, json};

/// All that an officer works with. Who may see the message's words is for the host to say; contacts are never shown here.
pub fn for_officer(case: &Case, message: Option<Text>) -> Value {
    let clocks = case.clocks().iter().map(|clock| {
        json!({
            "clock": clock.key,
            "about": clock.about,
            "started": clock.started,
            "due": clock.due(),
            "state": clock.state,
            "breached": clock.breached,
        })
    });
    let ahead = case.ahead();
    let ahead = ahead
        .iter()
        .map(|(clock, step)| json!({"clock": clock, "step": step}));
    json!({
        "case": case.id(),
        "place": case.place(),
        "channel": case.channel(),
        "external_id": case.external_id(),
        "message": message,
        "stage": case.stage_name(),
        "shown": case.shown(),
        "class": case.class(),
        "facts": case.facts(),
        "team": case.team(),
        "received_at": case.received_at(),
        "last_at": case.last_at(),
        "version": case.version(),
        "plan": case.plan(),
        "clocks": clocks.collect::<Vec<_>>(),
        "dues": dues(case),
        "ahead": ahead.collect::<Vec<_>>(),
        "next_alarm": case.next_alarm(),
        "outcome": case.outcome(),
    })
}

/// What runs and when it is due, the earliest first.
fn dues(case: &Case) -> Vec<Value> {
    let running = case.clocks().iter().filter(|clock| clock.is_running());
    let mut dues: Vec<_> = running.filter_map(|it| Some((it.due()?, it.key))).collect();
    dues.sort();
    let one = |(due, clock)| json!({"clock": clock, "due": due});
    dues.into_iter().map(one).collect()
}
