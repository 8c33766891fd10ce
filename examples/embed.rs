//! How a service embeds the desk: open a case, act on it, let time pass, drain the outbox.
//!
//! ```console
//! $ cargo run --example embed
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use duly::desk::{Answer, Cursor, Desk, MemoryLedger};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{Actor, Command, Envelope, Lang, Role, Salt};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Once, at start-up: the pack becomes a plan, and the plan is taken in hand.
    let mut plans = Plans::new("hainan".parse()?);
    plans.take(duly::script::load(
        "pack.rhai",
        duly::script::hainan_board(),
    )?)?;
    let plan = plans.latest().ok_or("no plan")?.plan.clone();
    let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;

    // Each request: who, when, what. The host authenticates, keeps the clock, and draws the salt from the operating
    // system's randomness; this example has neither a user nor a clock, so it makes them up.
    let submit = |id: &str,
                  by: Actor,
                  at: &str,
                  command: &str|
     -> Result<Answer, Box<dyn std::error::Error>> {
        Ok(desk.submit(Envelope {
            id: id.parse()?,
            case: "m01".parse()?,
            by,
            at: Moment::parse(at)?,
            salt: Salt::derived(b"example", id),
            command: serde_json::from_str::<Command>(command)?,
        })?)
    };
    let citizen = Actor::new("zhuoma".parse()?, Role::Citizen);
    let intake = Actor::new("caihong".parse()?, Role::Intake);
    let owner = Actor::new("wanggang".parse()?, Role::Owner);

    let open = r#"{"open": {"place": "632521", "channel": "领导留言板", "external_id": "LY-1",
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}}}"#;
    let screen = r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#;
    let assign = r#"{"assign": {"unit": "共和县住建局", "owner": "wanggang"}}"#;
    let _ = submit("k1", citizen, "2026-03-02T09:14:00+08:00", open)?;
    let _ = submit("k2", intake.clone(), "2026-03-02T10:00:00+08:00", screen)?;
    let _ = submit("k3", intake, "2026-03-02T10:05:00+08:00", assign)?;

    // A wrong move is refused with what would be accepted.
    let hasty = submit(
        "k4",
        owner,
        "2026-03-02T11:00:00+08:00",
        r#"{"call_back": {"result": {"reached": {}}}}"#,
    )?;
    if let Some(refusal) = hasty.refusal() {
        println!("{refusal}\n{}\n", refusal.say(Lang::Zh));
    }

    // A worker sleeps until the next alarm and lets the desk take what is due.
    for _ in 0..5 {
        let Some(alarm) = desk.next_alarm()? else {
            break;
        };
        let ticked = desk.advance(alarm)?;
        println!("woken at {alarm}: {ticked:?}");
    }

    // Another worker drains the outbox: each effect has an id, and is delivered at least once.
    let page = desk.outbox(&Cursor::start(), 100)?;
    for outgoing in &page.items {
        println!(
            "{} {}",
            outgoing.id,
            serde_json::to_string(&outgoing.effect)?
        );
    }
    let ids: Vec<_> = page
        .items
        .iter()
        .map(|outgoing| outgoing.id.clone())
        .collect();
    desk.delivered(&ids)?;

    // Reports are folds over what the desk reads out.
    let records: Vec<_> = desk
        .read(&Cursor::start(), 1000)?
        .items
        .into_iter()
        .map(|entry| entry.sealed.record)
        .collect();
    let board = duly::report::Board::fold(&records, None)?;
    println!("\n{}", duly::report::roll(&board, &plan).table(Lang::Zh));
    Ok(())
}
