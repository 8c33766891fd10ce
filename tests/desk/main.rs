//! The desk over every ledger.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod adopt;
mod again;
mod ahead;
#[allow(dead_code, reason = "benches note by it")]
mod around;
mod damage;
mod dates;
mod deliveries;
mod derived;
mod erase;
mod facts;
mod faults;
mod gather;
mod kill;
mod ledgers;
mod links;
mod observed;
mod outgoing;
mod parted;
mod parts;
mod privacy;
mod recent;
mod seals;
mod shadow;
mod shown;
mod submit;
mod time;
#[cfg(feature = "tracing")]
mod traced;
#[path = "../tries/mod.rs"]
mod tries;
mod waited;
mod worker;

use std::path::{Path, PathBuf};

use duly::desk::{Answer, Desk, Ledger, MemoryLedger, SqliteLedger};
use duly::plan::{Plans, bare};
use duly::time::Moment;
use duly::words::{
    Actor, BoardId, CaseId, Class, Command, Envelope, Facts, Origin, Role, Salt, Text,
};

fn board() -> BoardId {
    "hainan".parse().unwrap()
}

fn plans() -> Plans {
    let mut plans = Plans::new(board());
    plans.take(bare("demo".parse().unwrap())).unwrap();
    plans
}

fn case(id: &str) -> CaseId {
    id.parse().unwrap()
}

/// So many minutes after a Monday morning.
fn at(minutes: i64) -> Moment {
    Moment::parse("2026-03-02T09:00:00+08:00")
        .unwrap()
        .plus(60 * minutes)
}

fn actor(role: Role) -> Actor {
    let mut actor = Actor::new(format!("the-{role}").parse().unwrap(), role);
    actor.unit = Some("water".parse().unwrap());
    actor
}

fn envelope(id: &str, of: &str, role: Role, minutes: i64, command: Command) -> Envelope {
    Envelope {
        id: id.parse().unwrap(),
        case: case(of),
        by: actor(role),
        at: at(minutes),
        salt: Salt::derived(b"test", id),
        command,
    }
}

fn open(of: &str) -> Command {
    Command::Open {
        place: "632521".parse().unwrap(),
        channel: "board".parse().unwrap(),
        external_id: format!("n-{of}").parse().unwrap(),
        message: Text::from("路灯不亮"),
        contact: Some(Text::from("13912345678")),
        citizen: Some("citizen-1".parse().unwrap()),
        origin: Origin::Message,
        facts: Facts::new(),
    }
}

fn opened(id: &str, of: &str, minutes: i64) -> Envelope {
    envelope(id, of, Role::Intake, minutes, open(of))
}

fn screened(id: &str, of: &str, minutes: i64) -> Envelope {
    envelope(
        id,
        of,
        Role::Intake,
        minutes,
        Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        },
    )
}

fn noted(id: &str, of: &str, minutes: i64, words: &str) -> Envelope {
    envelope(
        id,
        of,
        Role::Intake,
        minutes,
        Command::Note {
            text: Text::from(words),
        },
    )
}

/// A desk over the file of a ledger in that folder, and where the file is.
fn filed(folder: &Path) -> (PathBuf, Desk<SqliteLedger>) {
    let path = folder.join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    (path, desk)
}

/// Runs a scenario over every ledger.
fn on_every_ledger(scenario: impl Fn(Desk<Box<dyn Ledger>>)) {
    let folder = tempfile::tempdir().unwrap();
    let ledgers: [Box<dyn Ledger>; 3] = [
        Box::new(MemoryLedger::new(board())),
        Box::new(SqliteLedger::in_memory(board()).unwrap()),
        Box::new(SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap()),
    ];
    for ledger in ledgers {
        scenario(Desk::new(ledger, plans()).unwrap());
    }
}

fn done<L: Ledger>(desk: &Desk<L>, envelope: Envelope) -> duly::desk::Done {
    match desk.submit(envelope).unwrap() {
        Answer::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}
