//! Processes that are killed in the middle of their work lose nothing that was acknowledged.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::time::Duration;

use duly::desk::{Cursor, Desk, SqliteLedger};
use duly::words::{CommandId, Event};

use super::{at, board, case, done, noted, opened, plans};

const FILE: &str = "DULY_TEST_KILL_FILE";
const NAME: &str = "DULY_TEST_KILL_NAME";

fn desk(path: &Path) -> Desk<SqliteLedger> {
    Desk::new(SqliteLedger::open(path, board()).unwrap(), plans()).unwrap()
}

/// Writes to one hot case and says what was acknowledged, until it is killed. Not a test of its own: it runs in a
/// process that the test below starts.
#[test]
#[ignore = "the killed process of another test"]
fn victim() {
    let (Ok(file), Ok(name)) = (std::env::var(FILE), std::env::var(NAME)) else {
        return;
    };
    let desk = desk(Path::new(&file));
    let mut out = std::io::stdout();
    for n in 0.. {
        let ids: Vec<String> = (0..1 + n % 4).map(|k| format!("{name}.{n}.{k}")).collect();
        let minutes = 60 * i64::from(n);
        let group = ids.iter().map(|id| noted(id, "hot", minutes, id));
        for answer in desk.submit_many(group).unwrap() {
            assert!(answer.unwrap().is_done());
        }
        let _ = desk.advance(at(minutes)).unwrap();
        writeln!(out, "\nack {}", ids.join(" ")).unwrap();
        out.flush().unwrap();
    }
}

fn start(path: &Path, name: &str) -> Child {
    Process::new(std::env::current_exe().unwrap())
        .args(["kill::victim", "--exact", "--ignored", "--nocapture"])
        .env(FILE, path)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    done(&desk(&path), opened("c0", "hot", 0));
    let mut acknowledged = BTreeSet::new();
    for round in 0..6 {
        let mut victims: Vec<Child> = (0..3)
            .map(|n| start(&path, &format!("r{round}v{n}")))
            .collect();
        std::thread::sleep(Duration::from_millis(250 + 37 * round));
        for victim in &mut victims {
            victim.kill().unwrap();
            victim.wait().unwrap();
            let mut said = String::new();
            victim
                .stdout
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            // A last line that was cut off acknowledges nothing.
            let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
            for line in whole.lines() {
                if let Some(ids) = line.strip_prefix("ack ") {
                    acknowledged.extend(ids.split(' ').map(str::to_owned));
                }
            }
        }
    }
    assert!(
        acknowledged.len() > 20,
        "only {} commands were acknowledged",
        acknowledged.len()
    );
    let desk = desk(&path);
    desk.verify().unwrap();
    let history = desk.history(&case("hot")).unwrap();
    let mut stored = BTreeSet::new();
    for record in history.iter().map(|entry| &entry.sealed.record) {
        if let (Event::Noted { .. }, Some(command)) = (&record.event, &record.command) {
            assert!(
                stored.insert(command.as_str().to_owned()),
                "`{command}` is there twice"
            );
        }
    }
    for id in &acknowledged {
        let command: CommandId = id.parse().unwrap();
        let answered = desk.answered(&command).unwrap();
        assert!(
            answered.is_some_and(|answered| answered.answer.is_done()),
            "`{id}` is gone"
        );
        assert!(stored.contains(id), "`{id}` is answered and not stored");
    }
    // No step of a clock came twice, though all of them woke the case.
    let mut steps = BTreeSet::new();
    for record in history.iter().map(|entry| &entry.sealed.record) {
        if let Event::StepTaken { clock, step, .. } = &record.event {
            assert!(steps.insert((*clock, step.clone())), "{clock} {step}");
        }
    }
    assert!(!steps.is_empty());
    // What goes out belongs to records that are there, each once.
    let outbox = desk.outbox(&Cursor::start(), usize::MAX).unwrap().items;
    let ids: BTreeSet<_> = outbox.iter().map(|outgoing| outgoing.id.clone()).collect();
    assert_eq!(ids.len(), outbox.len());
    assert!(ids.iter().all(|id| id.version <= history.len() as u64));
}
