//! What a desk tells whoever watches it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use duly::desk::worker::Worker;
use duly::desk::{
    Answer, Cursor, Desk, DeskError, DutyAnswer, MemoryLedger, Observer, Sent, SqliteLedger,
    Ticked, Work,
};
use duly::words::{CaseId, Command, DutyCommandName, DutyId, EffectId, Refusal, Role};

use super::around::{Around, Asks};
use super::{at, board, case, done, envelope, noted, opened, plans};

#[derive(Default)]
struct Heard {
    counts: Mutex<BTreeMap<String, usize>>,
    open: Mutex<BTreeMap<u64, Work>>,
}

impl Heard {
    fn hear(&self, what: impl Into<String>) {
        self.add(what, 1);
    }
    fn add(&self, what: impl Into<String>, many: usize) {
        *self.counts.lock().unwrap().entry(what.into()).or_default() += many;
    }
    fn count(&self, what: &str) -> usize {
        self.counts.lock().unwrap().get(what).copied().unwrap_or(0)
    }
}

impl Observer for Heard {
    fn began(&self, work: Work, number: u64) {
        assert!(self.open.lock().unwrap().insert(number, work).is_none());
        self.hear(format!("{work:?}"));
    }
    fn ended(&self, work: Work, number: u64) {
        assert_eq!(self.open.lock().unwrap().remove(&number), Some(work));
    }
    fn submitted(&self, sent: Sent<'_>, answer: &Answer) {
        let kind = if answer.is_done() { "done" } else { "not" };
        self.hear(format!("{} {kind}", sent.command.name()));
    }
    fn refused(&self, refusal: &Refusal) {
        self.hear(format!("refused {}", refusal.command.name()));
    }
    fn conflicted(&self) {
        self.hear("conflict");
    }
    fn ticked(&self, ticked: &Ticked) {
        self.add("fired", ticked.fired);
        self.add("stuck", ticked.stuck.len());
    }
    fn linked(&self, _: &EffectId, to: &CaseId) {
        self.hear(format!("linked {to}"));
    }
    fn gathered(&self, commands: usize) {
        self.add("gathered", commands);
    }
    fn delivered(&self, effects: usize) {
        self.add("delivered", effects);
    }
    fn undelivered(&self, _: &str, failures: u32) {
        self.hear(format!("undelivered {failures}"));
    }
    fn failed(&self, error: &DeskError) {
        self.hear(format!("failed {}", error.is_storage()));
    }
}

#[test]
fn an_observer_hears_of_everything_that_happens() {
    let heard = Arc::new(Heard::default());
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap();
    let below = Arc::new(Around::new(ledger, |_| Ok(())));
    let desk = Desk::new(Arc::clone(&below), plans())
        .unwrap()
        .with_observer(heard.clone());
    done(&desk, opened("c1", "m1", 0));
    done(&desk, opened("c2", "m2", 0));
    let merge = Command::Merge { into: case("m2") };
    done(&desk, envelope("c3", "m1", Role::Intake, 1, merge));
    let _ = desk.submit(noted("c4", "nowhere", 1, "words")).unwrap();
    let fired = desk.advance(at(60 * 24 * 20)).unwrap().fired;
    assert!(fired > 0);
    let outbox = desk.outbox(&Cursor::start(), 100).unwrap().items.len();
    let mut fails = true;
    let mut worker = Worker::new(&desk, |_| match std::mem::take(&mut fails) {
        true => Err(()),
        false => Ok(()),
    });
    let bell = worker.bell();
    let mut turns = 0;
    let turns = std::cell::RefCell::new(&mut turns);
    let now = || {
        let mut turns = turns.borrow_mut();
        **turns += 1;
        if **turns > 200 {
            bell.stop();
        }
        // Each look at the clock is a minute later, so that nothing is waited for in earnest.
        bell.ring();
        at(60 * 24 * 20 + **turns)
    };
    assert!(worker.run(&now).is_stopped());
    assert_eq!(heard.count("open done"), 2);
    assert_eq!(heard.count("merge done"), 1);
    assert_eq!(heard.count("note not"), 1);
    assert_eq!(heard.count("refused note"), 1);
    assert_eq!(heard.count("join done"), 1);
    assert_eq!(heard.count("linked m2"), 1);
    assert!(heard.count("fired") >= fired);
    assert_eq!(heard.count("stuck"), 0);
    assert_eq!(heard.count("gathered"), 4);
    assert_eq!(heard.count("undelivered 1"), 1);
    assert!(heard.count("delivered") >= outbox);
    assert!(heard.count("Submit") >= 5 && heard.count("Tick") > 0);
    assert!(
        heard.open.lock().unwrap().is_empty(),
        "something never ended"
    );
}

#[test]
fn an_observer_hears_of_a_ledger_that_fails_and_of_others_that_were_first() {
    let heard = Arc::new(Heard::default());
    let below = Arc::new(MemoryLedger::new(board()));
    let other = Desk::new(Arc::clone(&below), plans()).unwrap();
    done(&other, opened("c1", "m1", 0));
    let turn = Mutex::new(0);
    let ledger = Around::new(Arc::clone(&below), move |asks| {
        if asks != Asks::Commit {
            return Ok(());
        }
        let mut turn = turn.lock().unwrap();
        *turn += 1;
        match *turn {
            1 => done(&other, noted("other", "m1", 1, "words")),
            3 => return Err(DeskError::storage("the disk is full")),
            _ => return Ok(()),
        };
        Ok(())
    });
    let desk = Desk::new(ledger, plans())
        .unwrap()
        .with_observer(heard.clone());
    done(&desk, noted("c2", "m1", 1, "words"));
    assert_eq!(heard.count("conflict"), 1);
    assert!(desk.submit(noted("c3", "m1", 1, "words")).is_err());
    assert_eq!(heard.count("failed true"), 1);
    assert!(
        heard.open.lock().unwrap().is_empty(),
        "something never ended"
    );
}

struct Falls;

impl Observer for Falls {
    fn began(&self, _: Work, _: u64) {
        panic!("an observer falls over");
    }
    fn ended(&self, _: Work, _: u64) {
        panic!("an observer falls over");
    }
    fn submitted(&self, _: Sent<'_>, _: &Answer) {
        panic!("an observer falls over");
    }
    fn ticked(&self, _: &Ticked) {
        panic!("an observer falls over");
    }
}

#[test]
fn an_observer_that_falls_over_loses_nothing() {
    let ledger = SqliteLedger::in_memory(board()).unwrap();
    let desk = Desk::new(ledger, plans())
        .unwrap()
        .with_observer(Arc::new(Falls));
    done(&desk, opened("c1", "m1", 0));
    done(&desk, noted("c2", "m1", 1, "words"));
    assert!(desk.advance(at(60 * 24 * 20)).unwrap().fired > 0);
    assert_eq!(desk.verify().unwrap().cases, 1);
}

/// Notes all that it is told, as it would stand in a log.
#[derive(Default)]
struct Logs(Mutex<String>);

impl Observer for Logs {
    fn submitted(&self, sent: Sent<'_>, answer: &Answer) {
        self.0
            .lock()
            .unwrap()
            .push_str(&format!("{sent:?} {answer:?}"));
    }
    fn submitted_duty(&self, sent: Sent<'_, DutyId, DutyCommandName>, answer: &DutyAnswer) {
        self.0
            .lock()
            .unwrap()
            .push_str(&format!("{sent:?} {answer:?}"));
    }
}

#[test]
fn an_observer_is_told_nothing_that_a_citizen_wrote() {
    let logs = Arc::new(Logs::default());
    let desk = Desk::new(SqliteLedger::in_memory(board()).unwrap(), plans())
        .unwrap()
        .with_observer(logs.clone());
    let first = opened("c1", "m1", 0);
    let salt = format!("{:?}", first.salt);
    done(&desk, first);
    done(&desk, noted("c2", "m1", 1, "the citizen's own words"));
    let said = logs.0.lock().unwrap().clone();
    for private in ["路灯不亮", "13912345678", "own words", &salt] {
        assert!(!said.contains(private), "{private}: {said}");
    }
    for told in ["c1", "m1", "Open", "Note", "the-intake"] {
        assert!(said.contains(told), "{told}: {said}");
    }
}
