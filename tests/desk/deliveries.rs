//! What the loop around a desk has delivered: all of it and once, whatever fails, lies behind or comes in meanwhile; and when what failed is
//! tried again.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use duly::desk::worker::{Bell, Parcel, Worker};
use duly::desk::{Cursor, Desk, DeskError, MemoryLedger};
use duly::words::Outgoing;
use rusqlite::Connection;

use super::around::Around;
use super::worker::{MadeUp, first_delivered, hourly, told, writes};
use super::{at, board, done, filed, opened, plans, screened};

#[test]
fn what_cannot_be_delivered_holds_back_its_own_case_alone() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    for n in 0..3 {
        done(&desk, opened(&format!("o{n}"), &format!("m{n}"), 0));
        done(&desk, screened(&format!("s{n}"), &format!("m{n}"), 1));
    }
    // Enough for several effects of each.
    let _ = desk.advance(at(60 * 24 * 20)).unwrap();
    let broken = Cell::new(true);
    let log = RefCell::new(Vec::new());
    let mut worker = Worker::new(&desk, |parcel: Parcel| {
        if broken.get() && parcel.of() == "m1" {
            assert!(log.borrow().len() % 2 == 0, "it falls over");
            return Err(());
        }
        log.borrow_mut().push((parcel.of(), parcel.id()));
        Ok(())
    })
    .with_rhythm(hourly().page(2));
    let mut turns = 0;
    let expected = told(&desk);
    assert!(expected["m1"].len() > 1);
    let clock = MadeUp::new(at(60 * 24 * 20), |_, bell| {
        turns += 1;
        match turns {
            3 => {
                // All others have theirs.
                let mut others = expected.clone();
                others.remove("m1");
                assert_eq!(first_delivered(&log.borrow()), others);
                let left = desk.outbox(&Cursor::start(), usize::MAX).unwrap().items;
                assert_eq!(left.len(), expected["m1"].len());
                broken.set(false);
            }
            6 => bell.stop(),
            _ => {}
        }
    });
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(first_delivered(&log.borrow()), expected);
    assert_eq!(clock.waited()[..3], [1, 2, 4]);
    // Once each: nothing failed between delivering and saying so.
    assert_eq!(
        log.borrow().len(),
        expected.values().map(Vec::len).sum::<usize>()
    );
}

#[test]
fn what_was_delivered_is_not_delivered_again_because_the_ledger_would_not_hear_of_it() {
    let deaf = Arc::new(AtomicBool::new(false));
    let ledger = {
        let deaf = Arc::clone(&deaf);
        Around::new(MemoryLedger::new(board()), move |_| {
            match deaf.load(Ordering::SeqCst) {
                true => Err(DeskError::busy()),
                false => Ok(()),
            }
        })
    };
    let desk = Desk::new(ledger, plans()).unwrap();
    done(&desk, opened("c1", "m1", 0));
    let log = RefCell::new(Vec::new());
    let mut worker = Worker::new(&desk, |parcel: Parcel| {
        log.borrow_mut().push(parcel.id());
        deaf.store(true, Ordering::SeqCst);
        Ok::<(), ()>(())
    });
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |_, bell| {
        turns += 1;
        match turns {
            3 => deaf.store(false, Ordering::SeqCst),
            6 => bell.stop(),
            _ => {}
        }
    });
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(*log.borrow(), told(&desk)["m1"]);
    assert!(desk.outbox(&Cursor::start(), 1).unwrap().items.is_empty());
}

/// Where somebody rings all the time, no wait is waited out, and only the wall clock tells how long it was.
#[test]
fn what_is_held_back_is_tried_again_though_the_clock_was_set_back_and_somebody_keeps_ringing() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m1", 0));
    let mut turns = 0;
    let clock = MadeUp::new(at(1), |clock, bell| {
        turns += 1;
        match turns {
            1 => {
                clock.now.set(at(-60));
                bell.ring();
            }
            40 => bell.stop(),
            _ => {
                clock.now.set(clock.now.get().plus(2));
                bell.ring();
            }
        }
    });
    let tries = RefCell::new(Vec::new());
    let mut worker = Worker::new(&desk, |_| {
        tries.borrow_mut().push(clock.now.get());
        Err(())
    })
    .with_rhythm(hourly());
    assert!(worker.run(&clock).is_stopped());
    // At once, and after 1, 2, 4, 8, 16 seconds each, as near as two seconds come to it.
    assert!(tries.borrow().len() >= 5, "{:?}", tries.borrow());
}

/// Whoever fails slowly at the head of the outbox keeps nobody behind from being told.
#[test]
fn what_fails_slowly_keeps_no_other_case_waiting() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    for n in 0..3 {
        done(&desk, opened(&format!("o{n}"), &format!("m{n}"), 0));
    }
    let expected = told(&desk);
    let bell = Bell::default();
    let end = at(60);
    let clock = MadeUp::new(at(0), |clock, bell| {
        if clock.now.get() > end {
            bell.stop();
        }
    });
    let log = RefCell::new(Vec::new());
    let failed = Cell::new(0);
    let mut worker = Worker::new(&desk, |parcel: Parcel| {
        if clock.now.get() > end {
            bell.stop();
        }
        clock.pass(Duration::from_secs(30));
        if parcel.of() != "m2" {
            failed.set(failed.get() + 1);
            return Err(());
        }
        log.borrow_mut().push(parcel.id());
        Ok(())
    })
    .with_rhythm(hourly())
    .with_bell(bell.clone());
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(*log.borrow(), expected["m2"]);
    // The others are tried again and again all the same.
    assert!(failed.get() > 10, "{}", failed.get());
}

/// Of an outbox that fills as fast as it is emptied there is no end, and who is held back is tried again all the same.
#[test]
fn who_is_held_back_is_tried_again_though_the_outbox_has_no_end() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("o0", "m0", 0));
    done(&desk, opened("o1", "m1", 0));
    let clock = MadeUp::new(at(0), |_, bell| bell.stop());
    let bell = Bell::default();
    let (tries, others) = (Cell::new(0), Cell::new(1));
    let mut worker = Worker::new(&desk, |parcel: Parcel| {
        clock.pass(Duration::from_secs(1));
        if parcel.of() == "m0" {
            tries.set(tries.get() + 1);
            return Err(());
        }
        if others.get() == 2000 {
            bell.stop();
        }
        // Whenever somebody was told something, somebody else has written.
        others.set(others.get() + 1);
        let n = others.get();
        done(&desk, opened(&format!("o{n}"), &format!("m{n}"), 0));
        Ok(())
    })
    .with_rhythm(hourly())
    .with_bell(bell.clone());
    assert!(worker.run(&clock).is_stopped());
    assert!(tries.get() > 3, "{}", tries.get());
    assert!(others.get() >= 2000);
}

/// What failed is left alone for its whole wait from when the attempt has ended, however long that took.
#[test]
fn an_attempt_that_takes_long_is_followed_by_the_whole_wait() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m1", 0));
    let bell = Bell::default();
    let tries = Cell::new(0);
    let clock = MadeUp::new(at(0), |_, bell| {
        if tries.get() == 5 {
            bell.stop();
        }
    });
    let mut worker = Worker::new(&desk, |_| {
        tries.set(tries.get() + 1);
        if tries.get() > 20 {
            bell.stop();
        }
        clock.pass(Duration::from_secs(30));
        Err::<(), ()>(())
    })
    .with_rhythm(hourly())
    .with_bell(bell.clone());
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(clock.waited(), [1, 2, 4, 8, 16]);
}

/// A server that was failed over to gives places once more that were given before: what comes in behind the place up to which the outbox
/// was read is told all the same, and nobody is told twice.
#[test]
fn what_comes_in_behind_is_told_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("c1", "m1", 0));
    let many = desk.outbox(&Cursor::start(), 100).unwrap().items.len();
    let file = Connection::open(&path).unwrap();
    let log = RefCell::new(Vec::new());
    let mut worker =
        Worker::new(&desk, writes(&log, |it| (it.of(), it.id()))).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |_, bell| {
        turns += 1;
        match turns {
            1 => {
                done(&desk, opened("c2", "m2", 0));
                let back = format!("UPDATE outbox SET seq = seq - {many}");
                assert_eq!(file.execute(&back, []).unwrap(), many);
            }
            4 => bell.stop(),
            _ => {}
        }
    });
    assert!(worker.run(&clock).is_stopped());
    let expected = told(&desk);
    assert!(!expected["m2"].is_empty());
    assert_eq!(first_delivered(&log.borrow()), expected);
    let all = expected.values().map(Vec::len).sum::<usize>();
    assert_eq!(log.borrow().len(), all);
}

/// What nothing takes out of the outbox, as where an index is damaged, is told once, however often the outbox is gone through.
#[test]
fn what_stays_in_the_outbox_is_not_told_again_and_again() {
    let desk = Desk::new(Around::deaf(MemoryLedger::new(board())), plans()).unwrap();
    done(&desk, opened("c1", "m1", 0));
    let log = RefCell::new(Vec::new());
    let mut worker = Worker::new(&desk, writes(&log, Parcel::id)).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |_, bell| {
        turns += 1;
        if turns == 6 {
            bell.stop();
        }
    });
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(*log.borrow(), told(&desk)["m1"]);
    assert!(!desk.outbox(&Cursor::start(), 1).unwrap().items.is_empty());
}

/// A server that was failed over to may give a name in the outbox once more: what it then says is told. What lies there as it was told is not told
/// again, and taken out.
#[test]
fn what_has_the_name_of_what_was_told_and_says_something_else_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("c1", "m1", 0));
    let all = desk.outbox(&Cursor::start(), 100).unwrap().items;
    let first = all.first().unwrap();
    let other = Outgoing {
        at: first.at.plus(1),
        ..first.clone()
    };
    let file = Connection::open(&path).unwrap();
    let had = format!(
        "CREATE TEMP TABLE had AS SELECT * FROM outbox WHERE effect = '{}'",
        first.id
    );
    file.execute_batch(&had).unwrap();
    let put = |outgoing: &str| {
        let sql = "INSERT INTO outbox (shelf, effect, link, outgoing) SELECT shelf, effect, link, ?1 FROM had";
        assert_eq!(file.execute(sql, [outgoing]).unwrap(), 1);
    };
    let same = "SELECT outgoing FROM had";
    let same: String = file.query_row(same, [], |row| row.get(0)).unwrap();
    let log = RefCell::new(Vec::new());
    let mut worker =
        Worker::new(&desk, writes(&log, |it| (it.id(), it.at()))).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |_, bell| {
        turns += 1;
        let left = desk.outbox(&Cursor::start(), 1).unwrap().items;
        assert!(left.is_empty(), "{left:?}");
        match turns {
            1 => put(&same),
            2 => put(&serde_json::to_string(&other).unwrap()),
            _ => bell.stop(),
        }
    });
    assert!(worker.run(&clock).is_stopped());
    let expected = all.iter().chain([&other]);
    let expected: Vec<_> = expected.map(|it| (it.id.to_string(), it.at)).collect();
    assert_eq!(*log.borrow(), expected);
}
