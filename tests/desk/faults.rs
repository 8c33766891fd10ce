//! What goes wrong below a desk is a typed error: nothing is lost, nothing is half done, and the desk goes on once it is mended.

use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::time::Duration;

use duly::desk::{Answer, Cursor, Desk, DeskError, Flaw, Ledger, SqliteLedger};
use duly::words::{Command, Envelope, Lang, Role, Text, Why};
use rusqlite::Connection;

use super::{
    at, board, case, done, envelope, noted, on_every_ledger, open, opened, plans, screened,
};

fn open_at(path: &Path) -> Desk<SqliteLedger> {
    Desk::new(SqliteLedger::open(path, board()).unwrap(), plans()).unwrap()
}

/// A file with two cases.
fn file(folder: &Path) -> PathBuf {
    let path = folder.join("ledger.db");
    let desk = open_at(&path);
    for of in ["m01", "m02"] {
        done(&desk, opened(&format!("o-{of}"), of, 0));
        done(&desk, screened(&format!("s-{of}"), of, 5));
        done(&desk, noted(&format!("n-{of}"), of, 10, "a note"));
    }
    desk.verify().unwrap();
    path
}

/// What a mended desk does: everything is as it was, and it goes on, with the command that failed as well.
fn goes_on<L: Ledger>(desk: &Desk<L>, version: u64, failed: Envelope) {
    desk.verify().unwrap();
    let of = failed.case.clone();
    assert_eq!(desk.case(&of).unwrap().unwrap().version(), version);
    assert_eq!(desk.answered(&failed.id).unwrap(), None);
    let first = desk.submit(failed.clone()).unwrap();
    assert!(first.is_done());
    assert_eq!(desk.submit(failed).unwrap(), first);
    desk.verify().unwrap();
}

fn version<L: Ledger>(desk: &Desk<L>, of: &str) -> u64 {
    desk.case(&case(of)).unwrap().unwrap().version()
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let file = Connection::open(&path).unwrap();
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    let bounded = SqliteLedger::open(&path, board())
        .unwrap()
        .at_most(size + 3 * 4096)
        .unwrap();
    let desk = Desk::new(bounded, plans()).unwrap();
    let long = "长".repeat(3000);
    let mut tried = (0..50).map(|n| noted(&format!("x{n}"), "m01", 20, &long));
    let (before, failed, error) = loop {
        let note = tried.next().expect("it is full some time");
        let before = version(&desk, "m01");
        match desk.submit(note.clone()) {
            Ok(answer) => assert!(answer.is_done()),
            Err(error) => break (before, note, error),
        }
    };
    assert!(error.is_full() && error.is_storage(), "{error}");
    assert!(!error.is_damaged() && !error.is_busy() && !error.is_unavailable());
    insta::assert_snapshot!("full", error);
    // Of a group nothing is done, not even what there would have been room for.
    let group = [noted("small", "m02", 20, "n"), failed.clone()];
    assert!(desk.submit_many(group).unwrap_err().is_full());
    assert_eq!(desk.answered(&"small".parse().unwrap()).unwrap(), None);
    assert_eq!(version(&desk, "m01"), before);
    desk.verify().unwrap();
    drop(desk);
    let desk = open_at(&path);
    goes_on(&desk, before, failed);
    done(&desk, noted("small", "m02", 20, "n"));
}

#[test]
fn what_is_half_written_is_not_kept_though_a_group_within_failed_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let desk = open_at(&path);
    let before = version(&desk, "m01");
    // Something fails when the records are written already, and the transaction goes on.
    let beside = Connection::open(&path).unwrap();
    let fails = "CREATE TRIGGER fails BEFORE INSERT ON private WHEN NEW.text = 'it fails'
                 BEGIN SELECT RAISE(ABORT, 'it fails'); END";
    beside.execute_batch(fails).unwrap();
    let (first, second) = (
        noted("x1", "m01", 20, "it fails"),
        noted("y1", "m02", 20, "it fails"),
    );
    let kept = desk.together(|| {
        assert!(desk.submit(first.clone()).unwrap_err().is_storage());
        let within = desk.together(|| {
            assert!(desk.submit(second.clone()).unwrap_err().is_storage());
            Err(DeskError::misuse("it failed"))
        });
        assert!(within.unwrap_err().is_misuse());
        Ok(())
    });
    beside.execute_batch("DROP TRIGGER fails").unwrap();
    assert!(kept.unwrap_err().is_storage());
    goes_on(&desk, before, first);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "how long it really waits")]
fn another_process_that_keeps_the_file_locked_is_waited_for_and_then_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let patient = SqliteLedger::open(&path, board())
        .unwrap()
        .patient(Duration::from_millis(80))
        .unwrap();
    let desk = Desk::new(patient, plans()).unwrap();
    let before = version(&desk, "m01");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let note = noted("x1", "m01", 20, "n");
    let since = std::time::Instant::now();
    let error = desk.submit(note.clone()).unwrap_err();
    assert!(since.elapsed() >= Duration::from_millis(80));
    assert!(since.elapsed() < Duration::from_secs(8));
    assert!(error.is_busy() && !error.is_storage(), "{error}");
    insta::assert_snapshot!("locked", error);
    assert!(desk.tick(at(30 * 24 * 60), 10).unwrap_err().is_busy());
    // Who only reads is not kept waiting.
    desk.verify().unwrap();
    other.execute_batch("ROLLBACK").unwrap();
    goes_on(&desk, before, note);
}

// Whoever would wait for ever waits as long as there is a way to.
#[test]
fn a_patience_without_end_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    for patience in [Duration::MAX, Duration::from_millis(1 << 31)] {
        let ledger = SqliteLedger::open(&path, board()).unwrap();
        let desk = Desk::new(ledger.patient(patience).unwrap(), plans()).unwrap();
        let note = noted(&format!("x{}", patience.as_secs()), "m01", 20, "n");
        done(&desk, note);
    }
}

const READ_ONLY: &str = "DULY_TEST_READ_ONLY_FILE";

/// Not a test of its own: the next one runs it as somebody who may only read.
#[test]
#[ignore = "runs as another user, for another test"]
fn only_reads() {
    let Ok(path) = std::env::var(READ_ONLY) else {
        return;
    };
    println!("ran");
    let (path, version) = (Path::new(&path), 3);
    match SqliteLedger::open(path, board()) {
        Ok(ledger) => {
            let desk = Desk::new(ledger, plans()).unwrap();
            let error = desk.submit(noted("x1", "m01", 20, "n")).unwrap_err();
            assert!(error.is_read_only(), "{error}");
            assert!(desk.case(&case("m01")).unwrap().unwrap().version() >= version);
        }
        Err(error) => assert!(
            error.is_read_only() || error.is_unavailable(),
            "opening: {error}"
        ),
    }
}

#[test]
fn a_file_or_a_folder_that_takes_no_writes_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let ledger = SqliteLedger::open_read_only(&path, board()).unwrap();
    let desk = Desk::new(ledger, plans()).unwrap();
    let before = version(&desk, "m01");
    let note = noted("x1", "m01", 20, "n");
    let error = desk.submit(note.clone()).unwrap_err();
    assert!(error.is_read_only() && !error.is_storage());
    assert!(
        desk.seal("2026-03-02".parse().unwrap(), at(24 * 60))
            .unwrap_err()
            .is_read_only()
    );
    insta::assert_snapshot!("read_only", error);
    desk.verify().unwrap();
    drop(desk);

    // Whoever may do everything is not kept from it by a mode: the process is another user's then.
    let lowly = 65_534;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let run = || {
        let me = std::env::current_exe().unwrap();
        let mut process = Process::new(me);
        process
            .args(["faults::only_reads", "--exact", "--ignored", "--nocapture"])
            .env(READ_ONLY, &path);
        let probe = folder.path().join("probe");
        if std::fs::write(&probe, "").is_ok() {
            std::fs::remove_file(probe).unwrap();
            process.uid(lowly);
        }
        match process.output() {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(output.status.success() && said.contains("ran"), "{said}");
            }
            Err(error) => eprintln!("not tried as another user: {error}"),
        }
    };
    mode(&path, 0o444);
    mode(folder.path(), 0o555);
    run();
    mode(folder.path(), 0o755);
    mode(&path, 0o644);
    let desk = open_at(&path);
    goes_on(&desk, before, note);
}

#[test]
fn a_place_that_cannot_be_reached_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not mounted").join("ledger.db");
    let error = SqliteLedger::open(&path, board()).unwrap_err();
    assert!(error.is_unavailable() && error.is_storage(), "{error}");
    let said = error
        .to_string()
        .replace(folder.path().to_str().unwrap(), "…");
    insta::assert_snapshot!("unavailable", said);
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    done(&open_at(&path), opened("c1", "m01", 0));
    open_at(&path).verify().unwrap();
}

#[test]
fn a_file_of_a_newer_shape_is_left_alone_until_a_newer_library_comes() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let file = Connection::open(&path).unwrap();
    let shape: i64 = file
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    let error = SqliteLedger::open(&path, board()).unwrap_err();
    assert!(error.is_newer() && !error.is_damaged(), "{error}");
    file.pragma_update(None, "user_version", shape).unwrap();
    let desk = open_at(&path);
    goes_on(&desk, version(&desk, "m01"), noted("x1", "m01", 20, "n"));
}

/// Where a table or an index begins in the file.
fn page_of(file: &Connection, name: &str) -> usize {
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let root: i64 = file.query_row(root, [name], |row| row.get(0)).unwrap();
    usize::try_from(root - 1).unwrap() * 4096
}

#[test]
fn bytes_overwritten_in_the_file_are_damage_and_a_backup_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let pages: Vec<(&str, usize)> = {
        let file = Connection::open(&path).unwrap();
        file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        let all = [
            "heads",
            "records",
            "commands",
            "private",
            "kept",
            "numbers",
            "outbox",
            "shelves",
            "heads_alarm",
            "records_shelf",
            "sqlite_autoindex_records_1",
            "sqlite_autoindex_heads_1",
            "commands_chain",
            "outbox_ahead",
            "sqlite_schema",
        ];
        all.into_iter()
            .map(|name| match name {
                "sqlite_schema" => (name, 100),
                _ => (name, page_of(&file, name)),
            })
            .collect()
    };
    let good = std::fs::read(&path).unwrap();
    let version = version(&open_at(&path), "m01");
    let mut said = Vec::new();
    for (name, start) in pages {
        for (what, from, many) in [("head", 0, 8), ("cells", 3400, 696)] {
            if name == "sqlite_schema" && what == "cells" {
                continue;
            }
            let mut bytes = good.clone();
            for byte in &mut bytes[start + from..start + from + many] {
                *byte ^= 0xa5;
            }
            if bytes == good {
                continue;
            }
            std::fs::write(&path, bytes).unwrap();
            let ledger = SqliteLedger::open(&path, board());
            let found = ledger.and_then(|ledger| Desk::new(ledger, plans())?.verify());
            let Err(error) = found else {
                // Nothing was written there, or nothing that is held against anything.
                said.push(format!("{name} {what}: unseen"));
                continue;
            };
            let kind = match &error {
                error if error.is_damaged() => "damaged",
                error if error.broken().is_some() => "broken",
                error if error.is_not_a_ledger() => "not a ledger",
                _ => panic!("{name} {what}: {error}"),
            };
            said.push(format!("{name} {what}: {kind}"));
            // A desk that is open all the same says so, or does its work; it never falls over.
            if let Ok(ledger) = SqliteLedger::open(&path, board()) {
                let desk = Desk::new(ledger, plans()).unwrap();
                let _ = desk.submit(noted("x1", "m01", 20, "n"));
                let _ = desk.advance(at(30 * 24 * 60));
            }
            for beside in ["ledger.db-wal", "ledger.db-shm"] {
                let _ = std::fs::remove_file(folder.path().join(beside));
            }
        }
        std::fs::write(&path, &good).unwrap();
    }
    insta::assert_snapshot!("pages", said.join("\n"));
    // The header of the file itself.
    let mut bytes = good.clone();
    bytes[..16].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    assert!(
        SqliteLedger::open(&path, board())
            .unwrap_err()
            .is_not_a_ledger()
    );
    std::fs::write(&path, &good[..good.len() / 2]).unwrap();
    let half = SqliteLedger::open(&path, board());
    let half = half.and_then(|ledger| Desk::new(ledger, plans())?.verify());
    let error = half.unwrap_err();
    assert!(error.is_damaged(), "{error}");
    insta::assert_snapshot!("half", error);
    std::fs::write(&path, &good).unwrap();
    goes_on(&open_at(&path), version, noted("x1", "m01", 20, "n"));
}

#[test]
fn columns_that_hold_no_text_are_damage_of_what_they_belong_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let desk = open_at(&path);
    let file = Connection::open(&path).unwrap();
    type Asked = fn(&Desk<SqliteLedger>) -> Result<(), DeskError>;
    let verify: Asked = |desk| desk.verify().map(drop);
    let again: Asked = |desk| desk.submit(noted("n-m01", "m01", 10, "a note")).map(drop);
    let outbox: Asked = |desk| desk.outbox(&Cursor::start(), 100).map(drop);
    let all: [(&str, &str, &str, Asked); 6] = [
        ("records", "record", "chain = 'm01' AND version = 2", verify),
        (
            "private",
            "text",
            "chain = 'm01' AND text = 'a note'",
            verify,
        ),
        ("kept", "text", "kind = 'plan'", verify),
        ("numbers", "chain", "chain = 'm01'", verify),
        ("commands", "answer", "id = 'n-m01'", again),
        (
            "outbox",
            "outgoing",
            "seq = (SELECT min(seq) FROM outbox)",
            outbox,
        ),
    ];
    let mut said = Vec::new();
    for (table, column, of, asked) in all {
        let bad = format!(
            "CREATE TEMP TABLE good AS SELECT * FROM {table} WHERE {of};
             UPDATE {table} SET {column} = CAST(x'E4BDFF' AS TEXT) WHERE {of}"
        );
        file.execute_batch(&bad).unwrap();
        let error = asked(&desk).unwrap_err();
        let located = error.broken().is_some_and(|broken| {
            broken.case == case("m01")
                && matches!(broken.flaw, Flaw::Unreadable { .. } | Flaw::Text { .. })
        });
        assert!(located || error.is_damaged(), "{table}: {error}");
        said.push(format!("{table}: {error}"));
        // The other case goes on meanwhile, where its own rows are whole.
        if table != "kept" {
            done(&desk, noted(&format!("x-{table}"), "m02", 20, "n"));
        }
        let back = format!(
            "DELETE FROM {table} WHERE {column} = CAST(x'E4BDFF' AS TEXT);
             INSERT INTO {table} SELECT * FROM good; DROP TABLE good"
        );
        file.execute_batch(&back).unwrap();
        desk.verify().unwrap();
    }
    insta::assert_snapshot!("no_text", said.join("\n"));
    goes_on(&desk, version(&desk, "m01"), noted("x1", "m01", 20, "n"));
}

#[test]
fn a_message_may_have_a_mebibyte_and_no_character_that_cannot_be_kept() {
    on_every_ledger(|desk| {
        let send = |of: &str, message: &str| {
            let mut command = open(of);
            if let Command::Open { message: it, .. } = &mut command {
                *it = Text::from(message);
            }
            let id = format!("o-{of}");
            desk.submit(envelope(&id, of, Role::Intake, 0, command))
                .unwrap()
        };
        let most = "长".repeat(Text::MOST / 3) + "x";
        assert_eq!(most.len(), Text::MOST);
        let first = send("m01", &most);
        assert!(first.is_done());
        assert_eq!(send("m01", &most), first);
        let text = desk.case(&case("m01")).unwrap().unwrap().message().clone();
        let kept = desk.text(&case("m01"), &text).unwrap().unwrap();
        assert!(kept.as_str() == most);
        desk.verify().unwrap();

        let mut said = Vec::new();
        for (of, message) in [
            ("m02", most + "y"),
            ("m03", "x".repeat(10_000_000)),
            ("m04", "路灯\0不亮".to_owned()),
        ] {
            let answer = send(of, &message);
            let refusal = answer.refusal().unwrap();
            assert!(matches!(
                *refusal.why,
                Why::TooLong { .. } | Why::Nul { .. }
            ));
            said.push(refusal.say(Lang::En));
            said.push(refusal.say(Lang::Zh));
            assert!(desk.case(&case(of)).unwrap().is_none());
            // It is remembered as a refusal, without the text.
            assert_eq!(send(of, &message), answer);
            desk.verify().unwrap();
        }
        insta::assert_snapshot!("texts", said.join("\n"));
        // The message is not spent: shorter, under another id, it opens its case.
        done(&desk, opened("again", "m02", 1));
        done(&desk, noted("n", "m01", 2, "n"));
        desk.verify().unwrap();
    });
}

/// Two servers, whose clocks are minutes apart, answer commands to the same case in turns.
#[test]
fn clocks_that_differ_or_go_back_put_nothing_out_of_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let desks = [open_at(&path), open_at(&path)];
    let skew = [7, -7];
    for n in 0..20 {
        let which = n % 2;
        let said = 100 + 3 * i64::try_from(n).unwrap() + skew[which];
        let id = format!("x{n}");
        let stood = desks[which].case(&case("m01")).unwrap().unwrap().last_at();
        let answer = done(&desks[which], noted(&id, "m01", said, "n"));
        assert_eq!(answer.at, at(said).max(stood), "never before the last");
        let kept = desks[1 - which]
            .answered(&id.parse().unwrap())
            .unwrap()
            .unwrap();
        assert_eq!(
            (kept.said_at, kept.at),
            (at(said), answer.at),
            "both are kept"
        );
        // Ticks of a clock that is behind, and of one that went back by a year, bring nothing about.
        let late = desks[1 - which].tick(at(said - 60), 100).unwrap();
        assert_eq!(late.fired, 0);
        assert_eq!(
            desks[which]
                .advance(at(said - 365 * 24 * 60))
                .unwrap()
                .fired,
            0
        );
    }
    let history = desks[0].history(&case("m01")).unwrap();
    let moments: Vec<_> = history.iter().map(|entry| entry.sealed.record.at).collect();
    assert!(moments.is_sorted());
    // Both see the same alarms, and each fires once.
    let then = at(30 * 24 * 60);
    let fired: Vec<usize> = (0..6)
        .map(|n| desks[n % 2].tick(then, 1).unwrap().fired)
        .collect();
    assert!(fired.iter().sum::<usize>() > 1, "{fired:?}");
    for desk in &desks {
        let _ = desk.advance(then).unwrap();
        desk.verify().unwrap();
    }
    done(&desks[0], noted("end", "m01", 0, "n"));
}

#[test]
fn a_host_that_is_decades_ahead_is_not_believed_and_the_case_goes_on() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let before = desk.history(&case("m01")).unwrap();
        let far = noted("far", "m01", 60 * 24 * 365 * 40, "n");
        let Answer::Refused(refusal) = desk.submit(far).unwrap() else {
            panic!("it was believed");
        };
        assert!(matches!(*refusal.why, Why::TooFar { .. }));
        assert_eq!(desk.history(&case("m01")).unwrap(), before);
        let answer = done(&desk, noted("near", "m01", 5, "n"));
        assert_eq!(answer.at, at(5));
        desk.verify().unwrap();
    });
}
