//! Processes that are killed in the middle of their work lose nothing that was acknowledged, and leave nothing half done.
//!
//! `DULY_TEST_KILL_ROUNDS` gives more rounds, `DULY_TEST_KILL_SEED` other moments.

mod door;
#[cfg(feature = "postgres")]
#[allow(
    dead_code,
    clippy::print_stderr,
    reason = "shared with the tests of that ledger; says what it could not try"
)]
#[path = "../../postgres/server.rs"]
mod server;
mod victim;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use duly::case::{StepOutcome, effects, evolve, outcomes};
use duly::desk::Cursor;
use duly::time::Moment;
use duly::words::{CommandId, Event, Record};

use self::door::{Door, open};
use self::victim::{HOT, Victim, WORKS, until_done};
use super::opened;

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |given| given.parse().unwrap())
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = format!("sqlite:{}", folder.path().join("ledger.db").display());
    kill_and_look(&place, folder.path(), number("DULY_TEST_KILL_ROUNDS", 3));
}

#[test]
fn nor_does_a_desk_that_waits_for_its_ledger_lose_any_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = format!("waited:{}", folder.path().join("ledger.db").display());
    kill_and_look(&place, folder.path(), number("DULY_TEST_KILL_ROUNDS", 1));
}

#[cfg(feature = "postgres")]
fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

// Processes are killed, and then the server under those that are left, as by a loss of power.
#[cfg(feature = "postgres")]
#[test]
fn nor_do_desks_on_a_database_whose_server_is_killed_as_well() {
    let Some(server) = server::Server::new(true) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let place = format!("postgres:{}", server.database(""));
    let rounds = number("DULY_TEST_KILL_ROUNDS", 2);
    kill_and_look_under(&place, folder.path(), rounds, &|| {
        server.kill();
        server.start();
    });
}

/// What all victims were told.
#[derive(Default)]
struct Said {
    acknowledged: BTreeSet<String>,
    sent: BTreeSet<String>,
}

impl Said {
    fn take(&mut self, lines: &[String]) {
        for line in lines {
            if let Some(ids) = line.strip_prefix("ack ") {
                self.acknowledged.extend(ids.split(' ').map(str::to_owned));
            }
            if let Some(id) = line.strip_prefix("sent ") {
                self.sent.insert(id.to_owned());
            }
        }
    }
}

/// Starts processes that race, kills them at some moment, and again; then looks at what is there. It holds over any store.
fn kill_and_look(place: &str, folder: &Path, rounds: u64) {
    kill_and_look_under(place, folder, rounds, &|| ());
}

/// The same, where the store is killed as well in the middle of each round, and comes back.
fn kill_and_look_under(place: &str, folder: &Path, rounds: u64, strike: &dyn Fn()) {
    let desk = open(place);
    for n in 0..HOT {
        let answer = desk.submit(opened(&format!("open{n}"), &format!("hot{n}"), 0));
        assert!(answer.unwrap().is_done());
    }
    let over = AtomicBool::new(false);
    let mut said = Said::default();
    let seen = std::thread::scope(|scope| {
        // Lets the reader go, whatever becomes of the rest.
        let over = Over(&over);
        let reader = scope.spawn(|| follow(&*open(place), over.0));
        let mut random = number("DULY_TEST_KILL_SEED", 1);
        for round in 0..rounds {
            let start = |(n, work): (usize, &&str)| {
                Victim::start(place, folder, &format!("r{round}v{n}"), work)
            };
            let mut victims: Vec<Victim> = WORKS.iter().enumerate().map(start).collect();
            // For once, what time brings about goes out as well as what is opened.
            let late =
                |line: &str| line.starts_with("sent ") && line.rsplit('/').nth(1) != Some("1");
            victims[3].has_said(late, usize::from(round == 0));
            for victim in &mut victims[..2] {
                // Some of its work is done, and it is at more of it.
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let some = 2 + usize::try_from(random >> 61).unwrap();
                victim.has_said(|line| line.starts_with("ack "), some);
                std::thread::sleep(Duration::from_micros((random >> 32) % 9000));
                victim.kill();
                strike();
            }
            for victim in &mut victims[2..] {
                victim.kill();
            }
            for victim in &victims {
                said.take(&victim.said());
            }
        }
        drop(over);
        reader.join().unwrap()
    });
    assert!(said.acknowledged.len() > 3, "{:?}", said.acknowledged);
    drop(desk);
    look(&*open(place), &said, &seen);
}

struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Reads on and on while others write, and once more to the end when they are done.
fn follow(desk: &dyn Door, over: &AtomicBool) -> Vec<(String, u64)> {
    let mut seen = Vec::new();
    let mut cursor = Cursor::start();
    // A server may take a moment to see that a process is gone, and shows what came after it once it has.
    let mut patience = 60;
    loop {
        if over.load(Ordering::SeqCst) {
            patience -= 1;
        }
        loop {
            let page = until_done(|| desk.read(&cursor, 7));
            if page.items.is_empty() {
                break;
            }
            for entry in page.items {
                let record = entry.sealed.record;
                seen.push((record.case.to_string(), record.version));
            }
            cursor = page.next;
        }
        if patience == 0 {
            return seen;
        }
        std::thread::sleep(Duration::from_millis(4));
    }
}

fn look(desk: &dyn Door, said: &Said, seen: &[(String, u64)]) {
    desk.verify().unwrap();
    let mut expected: BTreeSet<String> = BTreeSet::new();
    let mut stored: BTreeSet<String> = BTreeSet::new();
    let mut read: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (case, version) in seen {
        read.entry(case.clone()).or_default().push(*version);
    }
    let mut alarms: Vec<Moment> = Vec::new();
    let mut steps = 0;
    let cases = desk.cases().unwrap();
    for id in &cases {
        let history = desk.history(id).unwrap();
        let records: Vec<Record> = history.into_iter().map(|it| it.sealed.record).collect();
        // The reader has seen each once, in the order of its chain.
        let versions: Vec<u64> = records.iter().map(|record| record.version).collect();
        assert_eq!(read.remove(id.as_str()), Some(versions), "{id}");
        let mut state = None;
        for record in &records {
            let after = evolve(state.take(), record).unwrap();
            let outgoing = effects(record, &after);
            expected.extend(outgoing.iter().map(|it| it.id.to_string()));
            state = Some(after);
            if let (Event::Noted { .. } | Event::Opened { .. }, Some(command)) =
                (&record.event, &record.command)
            {
                let id = command.as_str().to_owned();
                assert!(stored.insert(id), "`{command}` is there twice");
            }
        }
        let head = desk.case(id).unwrap().unwrap();
        assert_eq!(Some(&head), state.as_ref());
        alarms.extend(head.next_alarm());
        steps += fates(&records);
    }
    assert!(read.is_empty(), "records of nothing: {read:?}");
    assert!(steps > 0, "no clock did anything");
    // Acknowledged, stored and remembered are the same, but for what was stored when its process died before it heard.
    for id in &said.acknowledged {
        assert!(stored.contains(id), "`{id}` was acknowledged and is gone");
    }
    for id in &stored {
        let answered = desk.answered(&id.parse::<CommandId>().unwrap()).unwrap();
        let done = answered.is_some_and(|answered| answered.answer.is_done());
        assert!(done, "`{id}` is stored, and its answer is not");
    }
    let next = desk.next_alarm().unwrap();
    assert_eq!(next, alarms.into_iter().min());
    // What is to go out is there, once, or somebody has said that it went.
    let outbox = desk.outbox(&Cursor::start(), 1 << 20).unwrap().items;
    let waits: BTreeSet<String> = outbox.iter().map(|it| it.id.to_string()).collect();
    assert_eq!(waits.len(), outbox.len(), "something waits twice");
    assert!(
        waits.is_subset(&expected),
        "it waits, and no record gives it"
    );
    assert!(
        said.sent.is_subset(&expected),
        "it was sent, and no record gives it"
    );
    assert!(!said.sent.is_empty());
    for id in expected.difference(&waits) {
        assert!(said.sent.contains(id), "`{id}` is out, and nobody sent it");
    }
    // Nothing that was due is left behind by whoever died: once it is woken, nothing is.
    let end = next.unwrap().plus(3 * 86_400);
    assert!(desk.advance(end).unwrap().stuck.is_empty());
    assert!(desk.next_alarm().unwrap().is_none_or(|alarm| alarm > end));
    desk.verify().unwrap();
}

/// Each occurrence has one outcome, and came once; how many came.
fn fates(records: &[Record]) -> usize {
    let mut came = BTreeSet::new();
    for record in records {
        if let Event::StepTaken { clock, step, .. } = &record.event {
            assert!(came.insert((*clock, step.clone())), "{clock} {step} twice");
        }
    }
    let last = records.last().unwrap().at;
    let mut once = BTreeSet::new();
    for it in outcomes(records).unwrap() {
        assert!(
            once.insert((it.clock, it.step.clone())),
            "{} {}",
            it.clock,
            it.step
        );
        if let StepOutcome::Ahead { at: Some(at) } = it.outcome {
            assert!(at >= last, "{} {} was passed over", it.clock, it.step);
        }
    }
    came.len()
}
