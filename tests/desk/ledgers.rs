//! Every ledger holds to the same laws; and what is particular to files.

use duly::desk::rows::Shelf;
use duly::desk::{Cursor, DeskError, Ledger, MemoryLedger, SqliteLedger, conformance};
use duly::words::Event;
use rusqlite::Connection;

use super::{Desk, board, case, done, noted, opened, plans};

#[test]
fn memory_holds_to_the_laws() {
    conformance::all_at_once(|| Ok(Box::new(MemoryLedger::new(board())))).unwrap();
}

#[test]
fn sqlite_in_memory_holds_to_the_laws() {
    conformance::all_at_once(|| Ok(Box::new(SqliteLedger::in_memory(board())?))).unwrap();
}

#[test]
fn sqlite_in_a_file_holds_to_the_laws() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::cell::Cell::new(0);
    conformance::all_at_once(|| {
        file.set(file.get() + 1);
        Ok(Box::new(SqliteLedger::open(
            folder.path().join(format!("{}.db", file.get())),
            board(),
        )?))
    })
    .unwrap();
}

#[test]
fn many_boards_in_one_file_hold_to_the_laws_each_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    conformance::all_at_once(|| {
        number.set(number.get() + 1);
        let board = format!("board-{}", number.get()).parse().unwrap();
        Ok(Box::new(SqliteLedger::open(
            folder.path().join("all.db"),
            board,
        )?))
    })
    .unwrap();
}

#[test]
fn a_file_opened_again_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let before = {
        let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
        done(&desk, opened("c1", "m01", 0));
        desk.case(&case("m01")).unwrap()
    };
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    assert_eq!(desk.case(&case("m01")).unwrap(), before);
    done(&desk, noted("c2", "m01", 1, "a note"));
    assert_eq!(desk.verify().unwrap().cases, 1);
    // Another board in the same file sees none of it.
    let other = SqliteLedger::open(&path, "gannan".parse().unwrap()).unwrap();
    assert!(other.load(Shelf::Cases, "m01").unwrap().is_none());
    assert!(
        other
            .read(Shelf::Cases, &Cursor::start(), 10)
            .unwrap()
            .items
            .is_empty()
    );
}

#[test]
fn many_can_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..10 {
        let path = folder.path().join(format!("{round}.db"));
        std::thread::scope(|scope| {
            for n in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    let desk =
                        Desk::new(SqliteLedger::open(path, board()).unwrap(), plans()).unwrap();
                    done(&desk, opened(&format!("c{n}"), &format!("m{n}"), 0));
                });
            }
        });
        let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
        assert_eq!(desk.verify().unwrap().cases, 8);
    }
}

#[test]
fn two_connections_see_each_others_commits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let one = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let two = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    done(&one, opened("c1", "m01", 0));
    std::thread::scope(|scope| {
        for (name, desk) in [("x", &one), ("y", &two)] {
            scope.spawn(move || {
                for n in 0..25 {
                    done(desk, noted(&format!("{name}{n}"), "m01", 1, "n"));
                }
            });
        }
    });
    assert_eq!(one.verify().unwrap(), two.verify().unwrap());
    let history = one.history(&case("m01")).unwrap();
    let notes = history
        .iter()
        .filter(|entry| matches!(entry.sealed.record.event, Event::Noted { .. }));
    assert_eq!(notes.count(), 50);
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(SqliteLedger::open(&path, board()).unwrap());
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let open: [fn(_, _) -> _; 2] = [SqliteLedger::open, SqliteLedger::open_read_only];
    for open in open {
        let error: DeskError = open(path.clone(), board()).unwrap_err();
        assert!(error.is_newer());
        assert_eq!(
            error.to_string(),
            "the ledger has shape 99, this library knows shapes up to 6; use a newer library"
        );
    }
    let shape: i64 = Connection::open(&path)
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(shape, 99);
}

// Nor does a process that has the file open write to it once another has brought it to a shape that it does not know. It goes on where it was put back.
#[test]
fn a_file_that_becomes_newer_while_it_is_open_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    let before = desk.history(&case("m01")).unwrap();
    let beside = Connection::open(&path).unwrap();
    let known: i64 = beside
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let becomes = |shape: i64| {
        beside.pragma_update(None, "user_version", shape).unwrap();
    };
    becomes(99);
    let note = noted("c2", "m01", 1, "a note");
    let error = desk.submit(note.clone()).unwrap_err();
    assert!(error.is_newer(), "{error}");
    assert!(desk.together(|| Ok(())).unwrap_err().is_newer());
    let due = super::at(30 * 24 * 60);
    assert!(desk.advance(due).unwrap_err().is_newer());
    // Of one that is older than when it was opened nobody knows what became of it.
    becomes(known - 1);
    let error = desk.submit(note.clone()).unwrap_err();
    assert!(error.is_storage() && !error.is_newer(), "{error}");
    assert_eq!(desk.history(&case("m01")).unwrap(), before);
    becomes(known);
    done(&desk, note);
    desk.verify().unwrap();
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (text, foreign) = (folder.path().join("text"), folder.path().join("foreign.db"));
    std::fs::write(
        &text,
        "no database at all, but long enough to be looked at as one".repeat(40),
    )
    .unwrap();
    Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    for path in [text, foreign] {
        let before = std::fs::read(&path).unwrap();
        assert!(
            SqliteLedger::open(&path, board())
                .unwrap_err()
                .is_not_a_ledger()
        );
        assert!(
            SqliteLedger::open_read_only(&path, board())
                .unwrap_err()
                .is_not_a_ledger()
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
    let missing = folder.path().join("missing.db");
    assert!(
        SqliteLedger::open_read_only(&missing, board())
            .unwrap_err()
            .is_storage()
    );
    assert!(!missing.exists());
}

// Nobody takes a place for a file that SQLite forgets with the process: what is meant to be kept is not opened there.
#[test]
fn a_place_that_is_gone_with_the_process_is_no_file() {
    for place in ["", ":memory:"] {
        let error = SqliteLedger::open(place, board()).unwrap_err();
        assert!(error.is_misuse(), "{error}");
        assert!(error.to_string().contains(&format!("`{place}`")), "{error}");
        assert!(SqliteLedger::open_read_only(place, board()).is_err());
    }
    // Who wants just that says so.
    let ledger = SqliteLedger::in_memory(board()).unwrap();
    done(&Desk::new(ledger, plans()).unwrap(), opened("c1", "m01", 0));
}

#[test]
fn a_file_opened_for_reading_takes_no_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let writer = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    done(&writer, opened("c1", "m01", 0));
    let reader = Desk::new(
        SqliteLedger::open_read_only(&path, board()).unwrap(),
        plans(),
    )
    .unwrap();
    assert_eq!(reader.verify().unwrap(), writer.verify().unwrap());
    assert!(
        reader
            .submit(noted("c2", "m01", 1, "n"))
            .unwrap_err()
            .is_read_only()
    );
    assert!(reader.together(|| Ok(())).unwrap_err().is_read_only());
    // It sees what is written meanwhile, and it may answer what was answered before.
    done(&writer, noted("c2", "m01", 1, "n"));
    done(&reader, noted("c2", "m01", 1, "n"));
    let stranger = SqliteLedger::open_read_only(&path, "gannan".parse().unwrap()).unwrap();
    assert!(stranger.keys(Shelf::Cases, None, 10).unwrap().is_empty());
}

#[test]
fn a_reader_that_came_before_its_board_sees_it_once_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(SqliteLedger::open(&path, "gannan".parse().unwrap()).unwrap());
    let early = SqliteLedger::open_read_only(&path, board()).unwrap();
    let early = Desk::new(early, plans()).unwrap();
    assert!(early.cases(None, 10).unwrap().is_empty());
    assert_eq!(early.next_alarm().unwrap(), None);
    let writer = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    assert!(early.cases(None, 10).unwrap().is_empty());
    done(&writer, opened("c1", "m01", 0));
    assert_eq!(early.cases(None, 10).unwrap(), [case("m01")]);
    assert_eq!(early.verify().unwrap(), writer.verify().unwrap());
    assert_eq!(early.next_alarm().unwrap(), writer.next_alarm().unwrap());
}

#[test]
fn a_panic_in_a_group_takes_the_group_back_and_the_desk_goes_on() {
    super::on_every_ledger(|desk| {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            desk.together(|| {
                done(&desk, opened("c1", "m01", 0));
                panic!("on purpose");
            })
        }));
        assert!(panicked.is_err());
        assert!(desk.case(&case("m01")).unwrap().is_none());
        done(&desk, opened("c1", "m01", 0));
        desk.verify().unwrap();
    });
}

/// What fails half way cannot be kept with its group, though whoever works in it takes no notice; a group within it can fail alone.
#[test]
fn a_commit_that_fails_half_way_in_a_group_is_not_kept_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, opened("c2", "m02", 0));
    let version = desk.case(&case("m01")).unwrap().unwrap().version();
    // A row stands where the second record of the next commit belongs.
    let file = Connection::open(&path).unwrap();
    let strange = "INSERT INTO records (shelf, chain, version, prev, hash, record, observed_at)
                   SELECT shelf, chain, ?1, prev, hash, record, observed_at FROM records WHERE chain = 'm01' AND version = 1";
    file.execute(strange, [version as i64 + 2]).unwrap();
    let before: i64 = file
        .query_row("SELECT count(*) FROM records", [], |row| row.get(0))
        .unwrap();
    let fails = || desk.submit(super::screened("s1", "m01", 1)).unwrap_err();
    assert!(fails().is_storage());
    let inner = std::cell::Cell::new(false);
    let group = || {
        desk.together(|| {
            done(&desk, noted("n1", "m02", 1, "n"));
            if inner.get() {
                let failed = desk.together(|| {
                    assert!(fails().is_storage());
                    Ok(())
                });
                assert!(failed.unwrap_err().is_storage());
            } else {
                assert!(fails().is_storage());
            }
            done(&desk, noted("n2", "m02", 1, "n"));
            Ok(())
        })
    };
    assert!(group().unwrap_err().is_storage());
    let count = || -> i64 {
        let sql = "SELECT count(*) FROM records";
        file.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(), before);
    assert_eq!(desk.answered(&"n1".parse().unwrap()).unwrap(), None);
    inner.set(true);
    group().unwrap();
    assert!(count() > before);
    let half = "SELECT count(*) FROM records WHERE chain = 'm01' AND version = ?1";
    let half: i64 = file
        .query_row(half, [version as i64 + 1], |row| row.get(0))
        .unwrap();
    assert_eq!(half, 0);
    file.execute(
        "DELETE FROM records WHERE chain = 'm01' AND version = ?1",
        [version as i64 + 2],
    )
    .unwrap();
    done(&desk, super::screened("s1", "m01", 1));
    desk.verify().unwrap();
}
