//! Obligations that are no cases: laws over random plans, persons, commands and times; worked dates; stories; the ledger.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod borders;
mod dates;
mod forged;
mod issued;
mod laws;
mod ledger;
mod letters;
mod recurring;
mod refusals;
mod revised;
mod rounds;
mod stories;
mod table;
#[path = "../tries/mod.rs"]
mod tries;

use duly::desk::{Desk, DutyAnswer, Ledger, MemoryLedger};
use duly::duty::{DutyCommand, DutyEnvelope};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{Actor, Role, Salt};

/// The shipped pack.
fn plans() -> Plans {
    let mut plans = Plans::new("hainan".parse().unwrap());
    let plan = duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap();
    plans.take(plan).unwrap();
    plans
}

fn desk() -> Desk<MemoryLedger> {
    Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans()).unwrap()
}

/// A local time in Beijing.
fn at(text: &str) -> Moment {
    Moment::parse(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap()
}

fn person(name: &str, role: Role, unit: Option<&str>) -> Actor {
    let mut actor = Actor::new(name.parse().unwrap(), role);
    actor.unit = unit.map(|unit| unit.parse().unwrap());
    actor
}

/// The supervision office.
fn duban() -> Actor {
    person("duban", Role::Supervisor, None)
}

/// The head of the unit that owes the video.
fn head() -> Actor {
    person("zhang", Role::UnitHead, Some("共和县住建局"))
}

fn command(json: &str) -> DutyCommand {
    serde_json::from_str(json).unwrap()
}

fn envelope(id: &str, duty: &str, by: Actor, when: Moment, command: DutyCommand) -> DutyEnvelope {
    DutyEnvelope {
        id: id.parse().unwrap(),
        duty: duty.parse().unwrap(),
        by,
        at: when,
        salt: Salt::derived(b"test", id),
        command,
    }
}

/// A video of that unit head, on a topic.
fn video() -> DutyCommand {
    command(
        r#"{"impose": {"kind": "video", "topic": "城区冬季供暖", "place": "632521", "unit": "共和县住建局"}}"#,
    )
}

fn fulfil() -> DutyCommand {
    command(
        r#"{"fulfil": {"channel": "州政府网站", "link": "https://example.org/v/1", "evidence": "视频已上网"}}"#,
    )
}

/// Sends a command that is to be done.
fn done<L: Ledger>(
    desk: &Desk<L>,
    id: &str,
    duty: &str,
    by: Actor,
    when: &str,
    asked: DutyCommand,
) {
    let answer = desk
        .submit_duty(envelope(id, duty, by, at(when), asked))
        .unwrap();
    assert!(matches!(answer, DutyAnswer::Done(_)), "{id}: {answer:?}");
}

/// Sends a command that is to be refused.
fn refused<L: Ledger>(
    desk: &Desk<L>,
    id: &str,
    duty: &str,
    by: Actor,
    when: &str,
    asked: DutyCommand,
) -> duly::duty::DutyRefusal {
    let answer = desk
        .submit_duty(envelope(id, duty, by, at(when), asked))
        .unwrap();
    answer
        .refusal()
        .cloned()
        .unwrap_or_else(|| panic!("{id} was done"))
}
