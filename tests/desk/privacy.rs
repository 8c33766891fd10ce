//! Private texts stay in one place, and leave it for good.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duly::desk::{Answer, Cursor, Desk, Flaw, Ledger, MemoryLedger, SqliteLedger};
use duly::words::{CallResult, Command, Event, Mark, Review, Role, Text, TextRef};
use rusqlite::{Connection, Transaction};

use super::around::{Around, Asks};
use super::{board, case, done, envelope, filed, noted, on_every_ledger, opened, plans, screened};

/// The references of the message and of the contact that a case was opened with.
fn opened_with<L: Ledger>(desk: &Desk<L>, of: &str) -> (TextRef, TextRef) {
    let history = desk.history(&case(of)).unwrap();
    let Event::Opened {
        message,
        contact: Some(contact),
        ..
    } = history[0].sealed.record.event.clone()
    else {
        panic!("the first event opens");
    };
    (message, contact)
}

fn redact(fields: Vec<TextRef>) -> Command {
    let basis = "PIPL 47".into();
    Command::Redact { fields, basis }
}

/// Whether words are in any byte of any file of the folder.
fn found(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let mut windows = bytes.windows(words.len());
        windows.any(|window| window == words.as_bytes())
    })
}

/// Whether the contact is in the log of the file.
fn logged(folder: &Path) -> bool {
    let bytes = std::fs::read(folder.join("ledger.db-wal")).unwrap();
    bytes.windows(11).any(|window| window == b"13912345678")
}

/// Has a look at the file, for as long as it is held: it stands in the way of wiping.
fn looks(reader: &mut Connection) -> Transaction<'_> {
    let look = reader.transaction().unwrap();
    let _: i64 = look
        .query_row("SELECT count(*) FROM private", [], |row| row.get(0))
        .unwrap();
    look
}

#[test]
fn a_redaction_erases_the_texts_and_the_chain_still_verifies() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let (message, contact) = opened_with(&desk, "m01");
        assert_eq!(
            desk.text(&case("m01"), &contact).unwrap(),
            Some(Text::from("13912345678"))
        );
        let redact = redact(vec![contact.clone()]);
        done(&desk, envelope("c2", "m01", Role::Supervisor, 5, redact));
        assert_eq!(desk.text(&case("m01"), &contact).unwrap(), None);
        assert_eq!(
            desk.text(&case("m01"), &message).unwrap(),
            Some(Text::from("路灯不亮"))
        );
        desk.verify().unwrap();
        // Nothing is left to compare a repetition with; its id is enough.
        assert!(
            desk.submit(noted("c1", "m01", 6, "anything"))
                .unwrap()
                .is_done()
        );
    });
}

#[test]
fn a_redaction_while_the_ledger_is_verified_is_no_damage() {
    let memory = Arc::new(MemoryLedger::new(board()));
    let officer = Desk::new(Arc::clone(&memory), plans()).unwrap();
    done(&officer, opened("c1", "m01", 0));
    let (message, contact) = opened_with(&officer, "m01");
    let asked = AtomicUsize::new(0);
    let ledger = Around::new(Arc::clone(&memory), move |asks| {
        if asks == Asks::Private && asked.fetch_add(1, Ordering::SeqCst) == 0 {
            let redact = redact(vec![message.clone(), contact.clone()]);
            done(&officer, envelope("c2", "m01", Role::Supervisor, 5, redact));
        }
        Ok(())
    });
    let verified = Desk::new(ledger, plans()).unwrap().verify().unwrap();
    assert_eq!((verified.cases, verified.texts), (1, 0));
    // What is gone though nothing was redacted is still told.
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("c1", "m01", 0));
    let file = Connection::open(&path).unwrap();
    assert!(file.execute("DELETE FROM private", []).unwrap() > 0);
    let error = desk.verify().unwrap_err();
    assert!(matches!(
        error.broken().unwrap().flaw,
        Flaw::TextGone { .. }
    ));
}

/// A crawler that brings a message once more says it under another command and another case, whose redactions are none of the message's.
#[test]
fn a_message_that_has_its_case_leaves_nothing_to_guess_it_by() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let mut again = opened("c2", "m99", 3);
        again.command = super::open("m01");
        let known = desk.submit(again.clone()).unwrap();
        assert_eq!(known, Answer::Known { case: case("m01") });
        let kept = desk.answered(&again.id).unwrap().unwrap();
        assert_eq!((kept.case, kept.payload), (case("m99"), None));
        // Asked again, it is answered the same, whatever became of the case meanwhile.
        assert_eq!(desk.submit(again.clone()).unwrap(), known);
        let (message, _) = opened_with(&desk, "m01");
        let redact = redact(vec![message]);
        done(&desk, envelope("c3", "m01", Role::Supervisor, 5, redact));
        assert_eq!(desk.submit(again).unwrap(), known);
        desk.verify().unwrap();
    });
}

/// Erasing what the case never had would record an erasure that did not happen; erasing twice is what a person may ask for.
#[test]
fn only_texts_of_the_case_itself_are_erased() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, opened("c2", "m02", 0));
        let ((_, own), (_, other)) = (opened_with(&desk, "m01"), opened_with(&desk, "m02"));
        let redact = |id: &str, fields: &[&TextRef]| {
            let command = redact(fields.iter().map(|field| (*field).clone()).collect());
            desk.submit(envelope(id, "m01", Role::Supervisor, 5, command))
                .unwrap()
        };
        let before = desk.history(&case("m01")).unwrap();
        let answer = redact("c3", &[&own, &other]);
        assert_eq!(
            answer.refusal().unwrap().to_string(),
            "cannot `redact` case `m01`: there is no text of this case under the reference given as number 2"
        );
        assert_eq!(desk.history(&case("m01")).unwrap(), before);
        assert!(desk.text(&case("m01"), &own).unwrap().is_some());
        assert!(redact("c4", &[&own]).is_done());
        assert!(redact("c5", &[&own]).is_done());
        assert!(desk.text(&case("m02"), &other).unwrap().is_some());
        desk.verify().unwrap();
    });
}

/// A case whose citizen was called in vain, and the reference of the words that say why.
fn called_in_vain<L: Ledger>(desk: &Desk<L>) -> TextRef {
    let go = |id: &str, role, minutes, command| {
        done(desk, envelope(id, "m01", role, minutes, command));
    };
    done(desk, opened("c1", "m01", 0));
    done(desk, screened("c2", "m01", 1));
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: vec![],
    };
    go("c3", Role::Intake, 2, assign);
    let reply = Command::Reply {
        answers: vec![duly::words::Answer {
            matter: 1,
            text: Text::from("mended"),
            mark: Mark::A,
        }],
        measures: vec![],
        contacts: vec![],
        basis: vec![],
        commitments: vec![],
        explained: false,
    };
    go("c4", Role::Owner, 3, reply);
    let review = Command::Review(Review::default());
    go("c5", Role::Reviewer, 4, review);
    let why = Text::from("the number is a neighbour's");
    let result = CallResult::Unreached { why };
    go("c6", Role::Intake, 5, Command::CallBack { result });
    let history = desk.history(&case("m01")).unwrap().into_iter();
    let mut whys = history.filter_map(|entry| match entry.sealed.record.event {
        Event::CalledBack { why, .. } => why,
        _ => None,
    });
    whys.next().unwrap()
}

// The words that say why a call was in vain are a text of the case as any other: they are erased when that is asked for, and altered they are found.
#[test]
fn the_words_of_a_call_in_vain_are_erased_and_verified_as_others() {
    on_every_ledger(|desk| {
        let why = called_in_vain(&desk);
        assert!(desk.text(&case("m01"), &why).unwrap().is_some());
        let redact = redact(vec![why.clone()]);
        done(&desk, envelope("c7", "m01", Role::Supervisor, 6, redact));
        assert_eq!(desk.text(&case("m01"), &why).unwrap(), None);
        desk.verify().unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    let why = called_in_vain(&desk);
    desk.verify().unwrap();
    let file = Connection::open(&path).unwrap();
    let alter = "UPDATE private SET text = text || '!' WHERE reference = ?1";
    assert_eq!(file.execute(alter, [why.as_str()]).unwrap(), 1);
    let error = desk.verify().unwrap_err();
    let flaw = &error.broken().unwrap().flaw;
    assert!(matches!(flaw, Flaw::Text { .. }), "{flaw}");
}

#[test]
fn private_texts_stand_in_one_table_only() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("c1", "m01", 0));
    // A refused command's text is kept nowhere.
    let sign = Command::Object {
        reason: Text::from("13912345678"),
        should_be: None,
    };
    assert!(
        desk.submit(envelope("c2", "m01", Role::Owner, 1, sign))
            .unwrap()
            .refusal()
            .is_some()
    );
    let file = Connection::open(&path).unwrap();
    let mut rows = 0;
    for (table, columns) in [
        ("shelves", "board"),
        ("heads", "chain || hex(state)"),
        ("records", "chain || record"),
        ("commands", "id || chain || answer"),
        ("numbers", "channel || external_id"),
        ("outbox", "effect || outgoing"),
        ("kept", "text"),
    ] {
        let mut all = file
            .prepare(&format!("SELECT {columns} FROM {table}"))
            .unwrap();
        for row in all.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            let row = row.unwrap();
            for words in ["13912345678", "路灯不亮"] {
                let hex: String = words.bytes().map(|byte| format!("{byte:02X}")).collect();
                assert!(
                    !row.contains(words) && !row.contains(&hex),
                    "{table}: {row}"
                );
            }
            rows += 1;
        }
    }
    assert!(rows > 5);
    let texts: i64 = file
        .query_row("SELECT count(*) FROM private", [], |row| row.get(0))
        .unwrap();
    assert_eq!(texts, 2);
}

#[test]
fn an_erased_text_is_in_no_byte_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let (_, desk) = filed(folder.path());
    done(&desk, opened("c1", "m01", 0));
    let long = "the citizen's own words, ".repeat(500);
    done(&desk, noted("c2", "m01", 1, &long));
    let found = |words: &str| found(folder.path(), words);
    assert!(found("own words") && found("13912345678"));
    let mut fields = Vec::new();
    for entry in desk.history(&case("m01")).unwrap() {
        match entry.sealed.record.event {
            Event::Opened { contact, .. } => fields.extend(contact),
            Event::Noted { text } => fields.push(text),
            _ => {}
        }
    }
    let redact = redact(fields);
    done(&desk, envelope("c3", "m01", Role::Supervisor, 5, redact));
    assert!(!found("own words") && !found("13912345678"));
    desk.verify().unwrap();
}

/// The sizes of two hundred texts, and in which order they are erased.
type Course = (Vec<usize>, Vec<usize>);

/// Small texts, and large ones after them. Every other of the small ones goes, and most of the large ones next to them, so that a page with many small gaps takes in
/// what is left on its neighbour, and is laid out anew; then the rest.
fn merging() -> Course {
    let small = |n: usize| n % 26 < 16;
    let sizes = (0..200).map(|n| if small(n) { 150 } else { 700 });
    let those = |which: fn(usize) -> bool| (0..200).filter(move |n: &usize| which(n % 26));
    let mut order: Vec<usize> = those(|at| at < 16 && at % 2 == 1).collect();
    order.extend(those(|at| (16..20).contains(&at)));
    order.extend(those(|at| at < 16 && at % 2 == 0).rev());
    order.extend(those(|at| at >= 20));
    (sizes.collect(), order)
}

/// Texts of 50 to 1500 bytes in an order of chance, each time the same.
fn shuffled(seed: u64) -> Course {
    let mut state = seed;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let sizes = (0..200).map(|_| 50 + next(1451)).collect();
    let mut order: Vec<usize> = (0..200).collect();
    for at in (1..200).rev() {
        order.swap(at, next(at + 1));
    }
    (sizes, order)
}

/// A text that says its number from one end to the other: whatever is left of it tells which it was.
fn numbered(n: usize, bytes: usize) -> String {
    let mut text = format!("#{n:03}").repeat(bytes / 4 + 1);
    text.truncate(bytes);
    text
}

/// The numbers of the texts that are in any byte of any file of the folder.
fn numbers_in(folder: &Path) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let said = bytes.windows(5).filter(|it| it[0] == b'#' && it[4] == b'#');
        let said = said.filter_map(|it| std::str::from_utf8(&it[1..4]).ok());
        found.extend(said.filter_map(|digits| digits.parse::<usize>().ok()));
    }
    found
}

/// A case with so many notes, each of so many bytes, and their references.
fn written(desk: &Desk<SqliteLedger>, sizes: &[usize]) -> Vec<TextRef> {
    done(desk, opened("c0", "m01", 0));
    let written = desk.together(|| {
        for (n, bytes) in sizes.iter().enumerate() {
            let words = numbered(n, *bytes);
            done(desk, noted(&format!("n{n}"), "m01", 1, &words));
        }
        Ok(())
    });
    written.unwrap();
    let history = desk.history(&case("m01")).unwrap().into_iter();
    let notes = history.filter_map(|entry| match entry.sealed.record.event {
        Event::Noted { text } => Some(text),
        _ => None,
    });
    notes.collect()
}

// An erased text goes wherever the file has it: not only where it stands, but also where it stood before others went, and its page was laid out anew.
#[test]
fn of_many_texts_that_are_erased_one_after_another_none_stays_in_a_byte() {
    for (sizes, order) in [merging(), shuffled(32), shuffled(287)] {
        let folder = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board());
        let ledger = ledger.and_then(SqliteLedger::relaxed).unwrap();
        let desk = Desk::new(ledger, plans()).unwrap();
        let notes = written(&desk, &sizes);
        assert_eq!(numbers_in(folder.path()).len(), sizes.len());
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        for (turn, some) in order.chunks(5).enumerate() {
            let redact = redact(some.iter().map(|n| notes[*n].clone()).collect());
            let id = format!("r{turn}");
            done(&desk, envelope(&id, "m01", Role::Supervisor, 2, redact));
            gone.extend(some);
            let found = numbers_in(folder.path());
            let left: Vec<_> = found.intersection(&gone).collect();
            assert!(left.is_empty(), "after {turn}: {left:?}");
        }
        assert_eq!(gone.len(), sizes.len());
        desk.verify().unwrap();
    }
}

// What builds of before had left of erased texts in the file goes when it is brought up, and nothing that stands in it.
#[test]
fn what_older_builds_left_of_erased_texts_goes_with_their_shape() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || {
        let ledger = SqliteLedger::open(&path, board());
        let ledger = ledger.and_then(SqliteLedger::relaxed).unwrap();
        Desk::new(ledger, plans()).unwrap()
    };
    let (sizes, order) = merging();
    let desk = open();
    let notes = written(&desk, &sizes);
    let file = Connection::open(&path).unwrap();
    let keep = "PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;
         CREATE TEMP TABLE had AS SELECT * FROM private";
    file.execute_batch(keep).unwrap();
    let gone: BTreeSet<usize> = order.iter().take(150).copied().collect();
    let redact = redact(gone.iter().map(|n| notes[*n].clone()).collect());
    done(&desk, envelope("r", "m01", Role::Supervisor, 2, redact));
    drop(desk);
    // As they have it, which deleted what was erased, row by row.
    let before = "PRAGMA secure_delete = ON;
         BEGIN IMMEDIATE;
         DROP TABLE private;
         CREATE TABLE private (
             id INTEGER PRIMARY KEY,
             shelf INTEGER NOT NULL,
             chain TEXT NOT NULL,
             reference TEXT NOT NULL,
             salt BLOB NOT NULL,
             text TEXT NOT NULL,
             UNIQUE (shelf, chain, reference)
         ) STRICT;
         INSERT INTO private SELECT * FROM had ORDER BY id;
         DROP TABLE had;
         PRAGMA user_version = 5;
         COMMIT";
    file.execute_batch(before).unwrap();
    let delete = "DELETE FROM private WHERE reference = ?1";
    for n in order.iter().take(150) {
        assert_eq!(file.execute(delete, [notes[*n].as_str()]).unwrap(), 1);
    }
    drop(file);
    assert!(!numbers_in(folder.path()).is_disjoint(&gone));
    let desk = open();
    let stand: BTreeSet<usize> = order.iter().skip(150).copied().collect();
    assert_eq!(numbers_in(folder.path()), stand);
    for n in &stand {
        let text = desk.text(&case("m01"), &notes[*n]).unwrap().unwrap();
        assert_eq!(text.as_str(), numbered(*n, sizes[*n]));
    }
    // Beside the notes there are the message and the contact.
    assert_eq!(desk.verify().unwrap().texts, 2 + stand.len() as u64);
}

#[test]
fn a_reader_in_the_way_puts_the_wiping_off_but_not_away() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("c1", "m01", 0));
    let (_, contact) = opened_with(&desk, "m01");
    let mut reader = Connection::open(&path).unwrap();
    let look = looks(&mut reader);
    let redact = redact(vec![contact]);
    done(&desk, envelope("c2", "m01", Role::Supervisor, 5, redact));
    assert!(logged(folder.path()));
    drop(look);
    done(&desk, noted("c3", "m01", 6, "n"));
    assert!(!logged(folder.path()));
}

// A process that has erased and writes nothing more wipes its log all the same, once the reader that stood in the way has gone: with what it is asked next.
#[test]
fn the_wiping_that_is_owed_is_done_by_who_only_reads() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("c1", "m01", 0));
    let (_, contact) = opened_with(&desk, "m01");
    let mut reader = Connection::open(&path).unwrap();
    let look = looks(&mut reader);
    let redact = redact(vec![contact]);
    done(&desk, envelope("c2", "m01", Role::Supervisor, 5, redact));
    let next = desk.next_alarm().unwrap();
    assert!(logged(folder.path()), "the reader stands in the way");
    drop(look);
    assert_eq!(desk.next_alarm().unwrap(), next);
    assert!(!logged(folder.path()));
    desk.verify().unwrap();
}

/// A process can die, or be stopped, while a reader keeps the log from being wiped: whoever opens the file next does it.
#[test]
fn the_wiping_that_a_dead_process_owed_is_done_by_the_next() {
    for blocked in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let open = || Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
        let desk = open();
        done(&desk, opened("c1", "m01", 0));
        let (message, contact) = opened_with(&desk, "m01");
        let found = || found(folder.path(), "13912345678");
        let mut reader = Connection::open(&path).unwrap();
        let look = looks(&mut reader);
        let redact = redact(vec![message, contact]);
        done(&desk, envelope("c2", "m01", Role::Supervisor, 5, redact));
        drop(desk);
        assert!(found(), "the reader stands in the way");
        if blocked {
            let desk = open();
            assert!(found(), "it still does");
            drop(look);
            done(&desk, noted("c3", "m01", 6, "n"));
            assert!(!found());
            continue;
        }
        drop(look);
        let desk = open();
        assert!(!found());
        desk.verify().unwrap();
    }
}

#[test]
fn a_secret_of_the_hosts_keeps_refused_texts_from_being_guessed() {
    let desk = |secret: &[u8]| {
        let desk = Desk::new(SqliteLedger::in_memory(board()).unwrap(), plans())
            .unwrap()
            .with_secret(secret);
        let object = Command::Object {
            reason: Text::from("13912345678"),
            should_be: None,
        };
        let _ = desk
            .submit(envelope("c1", "m01", Role::Owner, 1, object))
            .unwrap();
        desk.answered(&"c1".parse().unwrap())
            .unwrap()
            .unwrap()
            .payload
            .unwrap()
    };
    assert_eq!(desk(b"one"), desk(b"one"));
    assert_ne!(desk(b"one"), desk(b"two"));
    assert_ne!(desk(b"one"), desk(b""));
}

#[test]
fn the_outbox_carries_references_and_the_text_is_looked_up_when_it_goes_out() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let page = desk.outbox(&Cursor::start(), 100).unwrap();
        let sent = serde_json::to_string(&page.items).unwrap();
        assert!(!sent.contains("13912345678") && !sent.contains("路灯不亮"));
    });
}
