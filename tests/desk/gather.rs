//! Group commit: what several threads submit at once goes to the disk together, and each has its own answer.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use duly::desk::{Desk, DeskError, SqliteLedger};
use duly::words::Event;

use super::around::{Around, Asks, grouped};
use super::{board, case, done, noted, opened, plans};

type Around1 = Around<SqliteLedger>;

/// A desk over a file, which is asked before everything.
fn desk(
    folder: &Path,
    before: impl Fn(Asks) -> Result<(), DeskError> + Send + Sync + 'static,
) -> Desk<Around1> {
    let ledger = SqliteLedger::open(folder.join("ledger.db"), board()).unwrap();
    let desk = Desk::new(Around::new(ledger, before), plans()).unwrap();
    done(&desk, opened("open", "hot", 0));
    desk
}

/// Runs so many threads, each with its number, that all ask while the ledger is kept from answering: then they are answered together.
fn at_once<T: Send>(
    desk: &Desk<Around1>,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<thread::Result<T>> {
    let started = AtomicUsize::new(0);
    let (started, work) = (&started, &work);
    thread::scope(|scope| {
        let mut all = Vec::new();
        desk.together(|| {
            for n in 0..threads {
                all.push(scope.spawn(move || {
                    started.fetch_add(1, Ordering::SeqCst);
                    work(n)
                }));
            }
            while started.load(Ordering::SeqCst) < threads {
                thread::yield_now();
            }
            // They have only to get as far as the queue.
            thread::sleep(Duration::from_millis(50));
            Ok(())
        })
        .unwrap();
        all.into_iter().map(|it| it.join()).collect()
    })
}

fn notes(desk: &Desk<Around1>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for entry in desk.history(&case("hot")).unwrap() {
        let record = entry.sealed.record;
        if let (Event::Noted { .. }, Some(command)) = (record.event, record.command) {
            assert!(
                all.insert(command.to_string()),
                "`{command}` is there twice"
            );
        }
    }
    all
}

fn ids(threads: usize, each: usize) -> BTreeSet<String> {
    let all = (0..threads).flat_map(|n| (0..each).map(move |k| format!("n{n}.{k}")));
    all.collect()
}

#[test]
fn many_threads_are_answered_by_fewer_transactions_than_commands() {
    let folder = tempfile::tempdir().unwrap();
    let transactions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&transactions);
    let desk = desk(folder.path(), move |asks| {
        // A group is one; what is committed outside of a group is one.
        if matches!(asks, Asks::Together | Asks::Commit) && !grouped() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    });
    transactions.store(0, Ordering::SeqCst);
    let (threads, each) = (16, 12);
    let answers = at_once(&desk, threads, |n| {
        for k in 0..each {
            let id = format!("n{n}.{k}");
            let answer = desk.submit(noted(&id, "hot", 1, &id)).unwrap();
            // What it is told is its own, and in the ledger by then.
            assert!(answer.is_done());
            let answered = desk.answered(&id.parse().unwrap()).unwrap();
            assert_eq!(answered.map(|it| it.answer), Some(answer));
        }
    });
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(notes(&desk), ids(threads, each));
    let transactions = transactions.load(Ordering::SeqCst);
    assert!(
        transactions < threads * each * 3 / 4,
        "{transactions} transactions"
    );
    desk.verify().unwrap();
}

#[test]
fn a_command_that_fails_takes_no_other_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let transactions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&transactions);
    let desk = desk(folder.path(), move |asks| {
        if matches!(asks, Asks::Together | Asks::Commit) && !grouped() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    });
    done(&desk, noted("used", "hot", 1, "first"));
    transactions.store(0, Ordering::SeqCst);
    let answers = at_once(&desk, 12, |n| match n % 3 {
        // The id of another command; a case that is not there; one that is right.
        0 => desk.submit(noted("used", "hot", 1, &format!("{n}"))),
        1 => desk.submit(noted(&format!("n{n}"), "nowhere", 1, "words")),
        _ => desk.submit(noted(&format!("n{n}"), "hot", 1, "words")),
    });
    for (n, answer) in answers.into_iter().enumerate() {
        match (n % 3, answer.unwrap()) {
            (0, Err(error)) => assert!(error.is_reused()),
            (1, Ok(answer)) => assert!(answer.refusal().is_some()),
            (2, Ok(answer)) => assert!(answer.is_done()),
            (_, other) => panic!("{n}: {other:?}"),
        }
    }
    assert_eq!(notes(&desk).len(), 1 + 4);
    // Nor is the group done again because of it.
    let transactions = transactions.load(Ordering::SeqCst);
    assert!(transactions < 8, "{transactions} transactions");
    desk.verify().unwrap();
}

#[test]
fn a_ledger_that_fails_is_everybodys_own_error_and_nothing_is_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let away = Arc::new(AtomicBool::new(false));
    let asked = Arc::new(AtomicUsize::new(0));
    let desk = {
        let (away, asked) = (Arc::clone(&away), Arc::clone(&asked));
        desk(folder.path(), move |asks| {
            if asks == Asks::Commit && away.load(Ordering::SeqCst) {
                asked.fetch_add(1, Ordering::SeqCst);
                // What is away keeps waiting whoever asks.
                thread::sleep(Duration::from_millis(50));
                return Err(DeskError::storage("the disk is full"));
            }
            Ok(())
        })
    };
    let threads = 24;
    away.store(true, Ordering::SeqCst);
    let answers = at_once(&desk, threads, |n| {
        desk.submit(noted(&format!("n{n}.0"), "hot", 1, "words"))
    });
    for answer in answers {
        let error = answer.unwrap().unwrap_err();
        assert!(error.is_storage());
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
    // A store that is away is not asked once for each of them.
    assert!(asked.load(Ordering::SeqCst) < threads, "{asked:?}");
    assert_eq!(notes(&desk).len(), 0);
    away.store(false, Ordering::SeqCst);
    let answers = at_once(&desk, threads, |n| {
        desk.submit(noted(&format!("n{n}.0"), "hot", 1, "words"))
            .unwrap()
    });
    assert!(answers.into_iter().all(|answer| answer.unwrap().is_done()));
    assert_eq!(notes(&desk), ids(threads, 1));
    desk.verify().unwrap();
}

#[test]
fn an_error_that_comes_once_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let once = Arc::new(AtomicBool::new(false));
    let desk = {
        let once = Arc::clone(&once);
        desk(folder.path(), move |asks| match asks {
            Asks::Commit if grouped() && once.swap(false, Ordering::SeqCst) => {
                Err(DeskError::storage("for a moment"))
            }
            _ => Ok(()),
        })
    };
    once.store(true, Ordering::SeqCst);
    let answers = at_once(&desk, 12, |n| {
        desk.submit(noted(&format!("n{n}.0"), "hot", 1, "words"))
            .unwrap()
    });
    assert!(answers.into_iter().all(|answer| answer.unwrap().is_done()));
    assert!(!once.load(Ordering::SeqCst), "nothing was gathered");
    assert_eq!(notes(&desk), ids(12, 1));
}

#[test]
fn work_that_falls_over_falls_over_for_nobody_else_and_leaves_nobody_waiting() {
    for times in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        let left = Arc::new(AtomicUsize::new(0));
        let desk = {
            let left = Arc::clone(&left);
            desk(folder.path(), move |asks| {
                let falls = asks == Asks::Commit
                    && left
                        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                        .is_ok();
                assert!(!falls, "it falls over");
                Ok(())
            })
        };
        left.store(times, Ordering::SeqCst);
        let threads = 12;
        let answers = at_once(&desk, threads, |n| {
            desk.submit(noted(&format!("n{n}.0"), "hot", 1, "words"))
                .unwrap()
        });
        let fell = answers.iter().filter(|answer| answer.is_err()).count();
        // The first time it is the round that falls over, and each does their own.
        assert!(fell < times, "{fell} of {threads}");
        assert_eq!(notes(&desk).len(), threads - fell);
        for n in 0..threads {
            done(&desk, noted(&format!("n{n}.0"), "hot", 1, "words"));
        }
        assert_eq!(notes(&desk), ids(threads, 1));
        desk.verify().unwrap();
    }
}

#[test]
fn whoever_works_together_and_whoever_submits_do_not_wait_for_each_other_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path(), |_| Ok(()));
    thread::scope(|scope| {
        for n in 0..4 {
            let desk = &desk;
            scope.spawn(move || {
                for k in 0..10 {
                    let id = format!("n{n}.{k}");
                    if n % 2 == 0 {
                        done(desk, noted(&id, "hot", 1, "words"));
                    } else {
                        // Within a group it asks for itself.
                        desk.together(|| {
                            done(desk, noted(&id, "hot", 1, "words"));
                            desk.case(&case("hot")).map(drop)
                        })
                        .unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(notes(&desk), ids(4, 10));
    desk.verify().unwrap();
}
