//! Commands that are decided before their turn: what a group comes to is what its commands come to one by one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use duly::case::Case;
use duly::desk::{
    Answer, Cursor, Desk, DeskError, Entry, Ledger, MemoryLedger, SqliteLedger, Verified,
};
use duly::plan::{DerivedRule, Domain, FactRule, Given, Plans, bare};
use duly::time::Moment;
use duly::words::{CaseId, Command, Envelope, Event, Outgoing, Review, Role};
use proptest::prelude::*;

use super::around::{Around, Asks};
use super::links::{assign, reply, screen};
use super::tries::config;
use super::{actor, board, case, envelope, noted, open, opened, plans, screened};

/// One command of a history: what, of which case, how long after the one before.
#[derive(Debug, Clone)]
struct Step {
    what: usize,
    of: usize,
    other: usize,
    minutes: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let minutes =
        prop_oneof![6 => 0..3i64, 2 => 60..600i64, 1 => Just(60 * 24 * 4), 1 => Just(60 * 24 * 25)];
    (0..14usize, 0..4usize, 0..4usize, minutes).prop_map(|(what, of, other, minutes)| Step {
        what,
        of,
        other,
        minutes,
    })
}

fn name(of: usize) -> String {
    format!("m{of:02}")
}

/// The commands of a history, each legal or not; some are sent twice, some under an id that came before.
fn commands(steps: &[Step]) -> Vec<Envelope> {
    let mut all: Vec<Envelope> = (0..4)
        .map(|of| opened(&format!("o{of}"), &name(of), 0))
        .collect();
    let mut minutes = 0;
    for (n, step) in steps.iter().enumerate() {
        // Clocks of several servers, one of them a little behind.
        minutes += step.minutes;
        let minutes = if step.what == step.other {
            minutes - 2
        } else {
            minutes
        };
        let (id, of) = (format!("c{n}"), name(step.of));
        let (role, command) = match step.what {
            0 => (Role::Intake, open(&of)),
            // A case of its own, or another for a message that has its case.
            1 => {
                let command = open(&name(step.other + 3));
                all.push(envelope(
                    &id,
                    &format!("x{n}"),
                    Role::Intake,
                    minutes,
                    command,
                ));
                continue;
            }
            2 | 3 => (Role::Intake, screen()),
            4 | 5 => (Role::Intake, assign()),
            6 | 7 => (Role::Owner, reply()),
            8 | 9 => (Role::Reviewer, Command::Review(Review::default())),
            10 => {
                let into = case(&name(step.other));
                (Role::Intake, Command::Merge { into })
            }
            11 => (Role::Owner, Command::Sign {}),
            12 => {
                let mut again = all[n * 7 % all.len()].clone();
                if step.other == 0 {
                    again.by = actor(Role::Supervisor);
                }
                all.push(again);
                continue;
            }
            _ => {
                all.push(noted(&id, &of, minutes, "a note"));
                continue;
            }
        };
        all.push(envelope(&id, &of, role, minutes, command));
    }
    all
}

type Said = Result<Answer, String>;

fn said(answer: Result<Answer, DeskError>) -> Said {
    answer.map_err(|error| error.to_string())
}

type All = (
    Vec<Option<Case>>,
    Vec<Entry>,
    Vec<Outgoing>,
    Option<Moment>,
    Verified,
);

/// All that a desk has.
fn all_of<L: Ledger>(desk: &Desk<L>) -> All {
    let ids: Vec<CaseId> = desk.cases(None, 1000).unwrap();
    let cases = ids.iter().map(|id| desk.case(id).unwrap());
    (
        cases.collect(),
        desk.read(&Cursor::start(), 10_000).unwrap().items,
        desk.outbox(&Cursor::start(), 10_000).unwrap().items,
        desk.next_alarm().unwrap(),
        desk.verify().unwrap(),
    )
}

proptest! {
    #![proptest_config(config(48))]

    /// Commands that are sent in groups, by two desks on one file in turns, so that what either has in hand is often not what there
    /// is, are answered and recorded as the same commands one by one, by a desk that decides nothing ahead.
    #[test]
    fn what_is_decided_ahead_is_what_is_decided_in_turn(
        steps in proptest::collection::vec(step(), 0..60),
        sizes in proptest::collection::vec(1..24usize, 1..12),
    ) {
        let commands = commands(&steps);
        let by_one = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
        let expected: Vec<Said> = commands.iter().map(|one| said(by_one.submit(one.clone()))).collect();

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let desks = [(); 2].map(|()| Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap());
        let mut left = &commands[..];
        let mut answers = Vec::new();
        for (turn, size) in sizes.iter().cycle().enumerate() {
            if left.is_empty() {
                break;
            }
            let (group, rest) = left.split_at((*size).min(left.len()));
            left = rest;
            let group = desks[turn % 2].submit_many(group.to_vec()).unwrap();
            answers.extend(group.into_iter().map(said));
        }
        prop_assert_eq!(answers, expected);
        prop_assert_eq!(all_of(&desks[0]), all_of(&by_one));
    }
}

fn group(cases: usize) -> Vec<Envelope> {
    let opened = (0..cases).map(|n| opened(&format!("o{n}"), &name(n), 0));
    let screened = (0..cases).map(|n| screened(&format!("s{n}"), &name(n), 1));
    opened.chain(screened).collect()
}

/// A function of the host's may look at the desk that it is registered at, though it should not: it is asked on the thread of the
/// group, which may.
#[test]
fn functions_are_asked_on_the_thread_of_the_group() {
    let mut plan = bare("demo".parse().unwrap());
    let repeat = FactRule::new("repeat", Domain::YesNo, Given::Derived);
    plan.schema.facts.push(repeat);
    plan.derived.push(DerivedRule {
        fact: "repeat".into(),
        from: Vec::new(),
    });
    let desk: Arc<OnceLock<Desk<SqliteLedger>>> = Arc::default();
    let own = Arc::clone(&desk);
    let mut plans = Plans::new(board());
    let threads: Arc<Mutex<Vec<ThreadId>>> = Arc::default();
    let asked = Arc::clone(&threads);
    plans.derive("repeat", move |_| {
        asked.lock().unwrap().push(thread::current().id());
        let cases = own.get().map(|desk| desk.cases(None, 100).unwrap().len());
        cases.is_some_and(|cases| cases > 10)
    });
    plans.take(plan).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap();
    let desk = desk.get_or_init(|| Desk::new(ledger, plans).unwrap());
    let answers = desk.submit_many(group(20)).unwrap();
    assert!(answers.into_iter().all(|answer| answer.unwrap().is_done()));
    let asked_on = threads.lock().unwrap();
    assert_eq!(asked_on.len(), 20);
    assert!(asked_on.iter().all(|it| *it == thread::current().id()));
    let repeats = |of: usize| {
        let opened = desk.history(&case(&name(of))).unwrap().remove(0);
        match opened.sealed.record.event {
            Event::Opened { facts, .. } => facts.get("repeat") == Some(&true.into()),
            other => panic!("{other:?}"),
        }
    };
    assert!(!repeats(10) && repeats(11));
}

#[test]
fn a_group_that_the_store_fails_in_the_middle_of_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap();
    let commits = AtomicUsize::new(0);
    let ledger = Around::new(ledger, move |asks| {
        let fails = asks == Asks::Commit && commits.fetch_add(1, Ordering::SeqCst) == 12;
        match fails {
            true => Err(DeskError::storage("the disk is gone")),
            false => Ok(()),
        }
    });
    let desk = Desk::new(ledger, plans()).unwrap();
    // So many more that those ahead of their turn are too many to be kept.
    assert!(desk.submit_many(group(100)).is_err());
    assert_eq!(desk.cases(None, 100).unwrap(), []);
    let missing = desk.submit(noted("n1", "m00", 2, "n")).unwrap();
    assert!(missing.refusal().is_some());
    let answers = desk.submit_many(group(100)).unwrap();
    assert!(answers.into_iter().all(|answer| answer.unwrap().is_done()));
    desk.verify().unwrap();
}

/// More commands than are decided ahead in one go, over the borders of two of them.
#[test]
fn a_large_group_is_answered_whole_and_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap();
    let desk = Desk::new(ledger, plans()).unwrap();
    let group = group(300);
    let answers = desk.submit_many(group.clone()).unwrap();
    let expected = group.iter().map(|one| one.case.clone());
    let of =
        |answer: &Result<Answer, DeskError>| answer.as_ref().unwrap().done().unwrap().case.clone();
    assert!(answers.iter().map(of).eq(expected));
    assert_eq!(desk.verify().unwrap().cases, 300);
}

/// What is waiting when it is asked for, and no more: an iterator that goes on after its end is not asked again.
#[test]
fn an_iterator_is_asked_until_its_end_and_not_after() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap();
    let desk = Desk::new(ledger, plans()).unwrap();
    let mut waiting = vec![
        None,
        Some(opened("o2", "m02", 0)),
        None,
        Some(opened("o1", "m01", 0)),
    ];
    let answers = desk
        .submit_many(std::iter::from_fn(|| waiting.pop().flatten()))
        .unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(waiting.len(), 2);
}
