//! Whatever is altered behind the desk's back is found, and named.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duly::desk::rows::{AlarmRow, Shelf};
use duly::desk::worker::{Bell, Clock, Parcel, Worker};
use duly::desk::{
    Broken, Cursor, Desk, DeskError, Erasure, Extent, Flaw, Hash, Ledger, MemoryLedger, NotNow,
    Observer, PostTable, SqliteLedger, follow,
};
use duly::duty::DutyEnvelope;
use duly::plan::{DutyRule, Plans, Provenance, bare};
use duly::time::{DayTable, Moment, Span};
use duly::words::{Actor, CaseId, Command, DutyKind, Event, Role, RuleId, Salt};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::around::{Around, Asks};
use super::{actor, at, board, case, done, envelope, filed, noted, opened, plans, screened};

/// A file with three cases, and a desk over it.
fn file(folder: &Path) -> (PathBuf, Desk<SqliteLedger>) {
    let (path, desk) = filed(folder);
    for (n, of) in ["m01", "m02", "m03"].into_iter().enumerate() {
        done(&desk, opened(&format!("o{n}"), of, n as i64));
        done(&desk, screened(&format!("s{n}"), of, 10));
        done(&desk, noted(&format!("n{n}"), of, 20, "a note"));
    }
    let _ = desk.advance(at(3 * 24 * 60)).unwrap();
    desk.verify().unwrap();
    (path, desk)
}

/// What verifying finds after an alteration.
fn found(path: &Path, desk: &Desk<SqliteLedger>, sql: &str) -> Broken {
    let file = Connection::open(path).unwrap();
    assert!(file.execute(sql, []).unwrap() > 0, "{sql}");
    drop(file);
    let error = desk.verify().expect_err(sql);
    let broken = error
        .broken()
        .unwrap_or_else(|| panic!("{sql}: {error}"))
        .clone();
    // Reading it says the same, where it is the record itself.
    if matches!(broken.flaw, Flaw::Hash | Flaw::Unreadable { .. }) {
        let read = desk.read(&Cursor::start(), 1000).unwrap_err();
        assert_eq!(read.broken(), Some(&broken));
    }
    broken
}

/// What is erased where the citizen of all the cases asks for it.
fn erased<L: Ledger>(desk: &Desk<L>) -> Erasure {
    let citizen = "citizen-1".parse().unwrap();
    let by = actor(Role::Supervisor);
    desk.erase_subject(&citizen, "PIPL 47", &by, at(99_001), Extent::Own)
        .unwrap()
}

fn altered(sql: &str) -> Broken {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    found(&path, &desk, sql)
}

fn flaw(version: u64, flaw: Flaw) -> Broken {
    Broken {
        case: case("m02"),
        version,
        flaw,
    }
}

#[test]
fn a_flipped_byte_anywhere_in_a_record_is_found_and_located() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = filed(folder.path());
    done(&desk, opened("o", "m01", 0));
    done(&desk, screened("s", "m01", 10));
    done(&desk, noted("n", "m01", 20, "a note"));
    let file = Connection::open(&path).unwrap();
    // What is tried need not outlast the machine.
    file.pragma_update(None, "synchronous", "OFF").unwrap();
    let mut all = file
        .prepare("SELECT seq, chain, version, record FROM records ORDER BY seq")
        .unwrap();
    type Line = (i64, String, u64, String);
    let read = |row: &rusqlite::Row<'_>| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get::<_, i64>(2)?.unsigned_abs(),
            row.get(3)?,
        ))
    };
    let lines: Vec<Line> = all
        .query_map([], read)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(lines.len() > 5);
    let mut put = file
        .prepare("UPDATE records SET record = CAST(?2 AS TEXT) WHERE seq = ?1")
        .unwrap();
    let mut flipped = 0;
    for (seq, of, version, record) in &lines {
        for at in 0..record.len() {
            let mut bytes = record.clone().into_bytes();
            // Each bit in its turn; the lowest gives the likeliest other letter.
            bytes[at] ^= if at % 2 == 0 { 1 } else { 1 << (at / 2 % 8) };
            put.execute(params![seq, bytes]).unwrap();
            let error = desk.verify().unwrap_err();
            let broken = error.broken().unwrap_or_else(|| panic!("{error}"));
            let found = (broken.case.as_str(), broken.version);
            assert_eq!(found, (of.as_str(), *version), "byte {at}: {broken}");
            assert!(
                matches!(broken.flaw, Flaw::Hash | Flaw::Unreadable { .. }),
                "byte {at}: {broken}"
            );
            flipped += 1;
        }
        put.execute(params![seq, record.as_bytes()]).unwrap();
    }
    assert!(flipped > 2000, "{flipped}");
    desk.verify().unwrap();
}

#[test]
fn a_deleted_record_is_found() {
    let gone = altered("DELETE FROM records WHERE chain = 'm02' AND version = 3");
    assert_eq!(
        gone,
        flaw(
            3,
            Flaw::Gap {
                expected: 3,
                found: 4
            }
        )
    );
    let first = altered("DELETE FROM records WHERE chain = 'm02' AND version = 1");
    assert_eq!(
        first,
        flaw(
            1,
            Flaw::Gap {
                expected: 1,
                found: 2
            }
        )
    );
}

#[test]
fn deleted_last_records_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let head = desk.case(&case("m02")).unwrap().unwrap().version();
    let broken = found(
        &path,
        &desk,
        "DELETE FROM records WHERE chain = 'm02' AND version > 4",
    );
    assert_eq!(broken, flaw(5, Flaw::Missing { head }));
    let all = altered("DELETE FROM records WHERE chain = 'm02'");
    assert_eq!(all, flaw(1, Flaw::Missing { head }));
}

#[test]
fn a_deleted_or_altered_head_is_found() {
    let gone = altered("DELETE FROM heads WHERE chain = 'm02'");
    assert_eq!(gone.flaw, Flaw::Head);
    for change in [
        "state = substr(state, 1, length(state) - 1)",
        "version = version - 1",
        "hash = x'00'",
    ] {
        let broken = altered(&format!("UPDATE heads SET {change} WHERE chain = 'm02'"));
        assert_eq!(
            (broken.case, broken.flaw),
            (case("m02"), Flaw::Head),
            "{change}"
        );
    }
    let alarm = altered("UPDATE heads SET alarm = NULL WHERE chain = 'm02'");
    assert_eq!(alarm.flaw, Flaw::Alarm);
}

/// A state is only what the records come to. One that an older library kept in another form is made anew from them, at every door.
#[test]
fn a_state_in_another_form_is_made_anew_from_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let before = desk.case(&case("m02")).unwrap();
    let file = Connection::open(&path).unwrap();
    let old = "UPDATE heads SET state = CAST('{\"an\": \"older form\"}' AS BLOB)";
    file.execute(old, []).unwrap();
    assert_eq!(desk.case(&case("m02")).unwrap(), before);
    desk.verify().unwrap();
    done(&desk, noted("x1", "m01", 6000, "n"));
    let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
    assert!(ticked.fired > 2 && ticked.stuck.is_empty());
    desk.verify().unwrap();
    file.execute(old, []).unwrap();
    file.execute(
        "DELETE FROM records WHERE chain = 'm02' AND version > 4",
        [],
    )
    .unwrap();
    let error = desk.verify().unwrap_err();
    assert_eq!(
        error.broken().map(|broken| broken.case.as_str()),
        Some("m02")
    );
}

/// Lets versions 2 and 3 of m02 change places in some columns, by way of a version that there is not.
fn exchanged(columns: &str) -> Broken {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let connection = Connection::open(&path).unwrap();
    let two = "chain = 'm02' AND version IN (2, 3)";
    // What stands where, in the first of the columns; of whole rows the record.
    let seen = match columns.split_once(", ") {
        Some((first, _)) => first,
        None if columns == "version" => "record",
        None => columns,
    };
    let lines = || -> Vec<(i64, Value)> {
        let all = format!("SELECT version, {seen} FROM records WHERE {two} ORDER BY version");
        let mut all = connection.prepare(&all).unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        all.query_map([], read)
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let before = lines();
    let batch = match columns {
        // The rows stay whole, and each stands where the other did.
        "version" => "UPDATE records SET version = 9000 WHERE chain = 'm02' AND version = 2;
             UPDATE records SET version = 2 WHERE chain = 'm02' AND version = 3;
             UPDATE records SET version = 3 WHERE chain = 'm02' AND version = 9000;"
            .to_owned(),
        columns => {
            let set = columns.split(", ").map(|it| format!("{it} = other.{it}"));
            let set = set.collect::<Vec<_>>().join(", ");
            format!(
                "CREATE TEMP TABLE had AS SELECT * FROM records WHERE {two};
                 UPDATE records SET {set} FROM had AS other
                 WHERE records.chain = 'm02' AND records.version IN (2, 3) AND other.version = 5 - records.version;"
            )
        }
    };
    connection.execute_batch(&batch).unwrap();
    let after = lines();
    let other = |at: usize| (before[at].0, after[1 - at].1.clone());
    assert_eq!(before, [other(0), other(1)], "they have changed places");
    assert_ne!(before[0].1, before[1].1);
    drop(connection);
    let broken = desk.verify().unwrap_err().broken().cloned().unwrap();
    // Whoever reads comes upon one of the two, in the order in which they were written.
    let read = desk.read(&Cursor::start(), 1000).unwrap_err();
    let its = read.broken().unwrap();
    assert!(
        its.case == case("m02") && matches!(its.version, 2 | 3),
        "{columns}: {its}"
    );
    broken
}

// Two records that have changed places are found, and the first of the two is named: whether the rows were exchanged, or what they hold,
// with the hashes that belong to it or without.
#[test]
fn exchanged_records_are_found_at_the_first_of_them() {
    for columns in [
        "version",
        "record",
        "record, hash",
        "record, prev, hash",
        "prev",
        "hash",
    ] {
        let found = exchanged(columns);
        assert_eq!(
            (found.case.as_str(), found.version),
            ("m02", 2),
            "{columns}: {found}"
        );
    }
}

#[test]
fn moved_records_are_found() {
    let away = altered(
        "UPDATE records SET version = CASE version WHEN 2 THEN 9002 ELSE 9003 END
         WHERE chain = 'm02' AND version IN (2, 3)",
    );
    assert_eq!((away.case.as_str(), away.version), ("m02", 9002));
    let moved = altered("UPDATE records SET chain = 'm9' WHERE chain = 'm02' AND version = 2");
    assert!(
        matches!(moved.flaw, Flaw::Gap { .. } | Flaw::OtherCase { .. }),
        "{moved}"
    );
}

#[test]
fn a_rewritten_chain_is_found_by_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    // Somebody who knows how rewrites a whole chain, with every hash right.
    let file = Connection::open(&path).unwrap();
    let mut prev = Hash::genesis(&board(), &case("m02"));
    for entry in desk.history(&case("m02")).unwrap() {
        let mut record = entry.sealed.record;
        if let Event::Screened { class, .. } = &mut record.event {
            *class = duly::words::Class::Question;
        }
        let sealed = duly::desk::Sealed::seal(prev, record).unwrap();
        file.execute(
            "UPDATE records SET record = ?1, prev = ?2, hash = ?3 WHERE chain = 'm02' AND version = ?4",
            params![sealed.line().unwrap(), sealed.prev.bytes(), sealed.hash.bytes(), sealed.record.version as i64],
        )
        .unwrap();
        prev = sealed.hash;
    }
    let head = desk.case(&case("m02")).unwrap().unwrap().version();
    assert_eq!(
        desk.verify().unwrap_err().broken(),
        Some(&flaw(head, Flaw::Head))
    );
}

#[test]
fn altered_hashes_are_found() {
    let link =
        altered("UPDATE records SET prev = zeroblob(32) WHERE chain = 'm02' AND version = 2");
    assert_eq!(link, flaw(2, Flaw::Hash));
    let hash =
        altered("UPDATE records SET hash = zeroblob(32) WHERE chain = 'm02' AND version = 2");
    assert_eq!(hash, flaw(2, Flaw::Hash));
    let short = altered("UPDATE records SET hash = x'00' WHERE chain = 'm02' AND version = 2");
    assert_eq!(short, flaw(2, Flaw::Link));
}

#[test]
fn altered_texts_plans_and_numbers_are_found() {
    let text =
        altered("UPDATE private SET text = text || '!' WHERE chain = 'm02' AND text = 'a note'");
    assert!(matches!(text.flaw, Flaw::Text { .. }), "{text}");
    let salt =
        altered("UPDATE private SET salt = zeroblob(16) WHERE chain = 'm02' AND text = 'a note'");
    assert!(matches!(salt.flaw, Flaw::Text { .. }), "{salt}");
    let short = altered("UPDATE private SET salt = x'00' WHERE chain = 'm02' AND text = 'a note'");
    assert!(matches!(short.flaw, Flaw::Text { .. }), "{short}");
    assert!(short.version > 1);
    let gone = altered("DELETE FROM private WHERE chain = 'm02' AND text = 'a note'");
    assert!(matches!(gone.flaw, Flaw::TextGone { .. }), "{gone}");
    let erased =
        altered("UPDATE private SET text = zeroblob(6) WHERE chain = 'm02' AND text = 'a note'");
    assert!(matches!(erased.flaw, Flaw::TextGone { .. }), "{erased}");
    let plan = altered("UPDATE kept SET text = replace(text, '回访', '不访')");
    assert!(matches!(plan.flaw, Flaw::Plan { .. }), "{plan}");
    let number = altered("UPDATE numbers SET chain = 'm01' WHERE chain = 'm02'");
    assert_eq!(number, flaw(1, Flaw::ExternalId));
}

#[test]
fn a_text_put_back_after_its_redaction_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let note = desk
        .history(&case("m02"))
        .unwrap()
        .into_iter()
        .find_map(|entry| match entry.sealed.record.event {
            Event::Noted { text } => Some(text),
            _ => None,
        });
    let redact = Command::Redact {
        fields: vec![note.unwrap()],
        basis: "law".into(),
    };
    let file = Connection::open(&path).unwrap();
    file.execute_batch(
        "CREATE TEMP TABLE kept AS SELECT * FROM private WHERE text = 'a note' AND chain = 'm02'",
    )
    .unwrap();
    let at = done(&desk, envelope("r1", "m02", Role::Supervisor, 5000, redact));
    desk.verify().unwrap();
    file.execute("INSERT OR REPLACE INTO private SELECT * FROM kept", [])
        .unwrap();
    let broken = desk.verify().unwrap_err().broken().cloned().unwrap();
    assert!(matches!(broken.flaw, Flaw::TextLeft { .. }), "{broken}");
    assert_eq!(broken.version, at.to_version);
}

// A file can be damaged so that an alarm stands where its case does not, or so that whatever is written is never the next. Nobody goes round for ever
// with that: the case is named, and the others wake.
#[test]
fn an_alarm_that_nobody_can_take_stops_nobody() {
    let desk = Desk::new(Around::blind(MemoryLedger::new(board()), "m02"), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, opened("c2", "m02", 0));
    let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
    assert_eq!(ticked.stuck.len(), 1);
    assert_eq!(ticked.stuck[0].case, case("m02"));
    assert!(
        ticked.stuck[0].why.contains("its alarm still stands"),
        "{}",
        ticked.stuck[0].why
    );
    assert!(ticked.fired > 2);
    // And it is not lost.
    assert!(desk.next_alarm().unwrap().is_some());
}

#[test]
fn a_damaged_case_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let file = Connection::open(&path).unwrap();
    file.execute("UPDATE heads SET hash = x'00' WHERE chain = 'm02'", [])
        .unwrap();
    assert!(
        desk.submit(noted("x1", "m02", 6000, "n"))
            .unwrap_err()
            .broken()
            .is_some()
    );
    done(&desk, noted("x2", "m01", 6000, "n"));
    let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
    assert_eq!(ticked.stuck.len(), 1);
    assert_eq!(ticked.stuck[0].case, case("m02"));
    assert!(ticked.fired > 2);
}

/// Whether what a desk says of its ledger is that it is damaged.
#[derive(Default)]
struct Heard(Mutex<Vec<bool>>);

impl Observer for Heard {
    fn failed(&self, error: &DeskError) {
        self.0.lock().unwrap().push(error.is_damaged());
    }
}

/// A clock at which a worker does what there is to do, and ends after so many waits.
struct Waits(Cell<u32>);

/// The moment that it is there.
fn now() -> Moment {
    at(3 * 24 * 60)
}

impl Clock for Waits {
    fn now(&self) -> Moment {
        now()
    }
    fn wait(&self, bell: &Bell, _: u64, _: Duration) {
        self.0.set(self.0.get() - 1);
        if self.0.get() == 0 {
            bell.stop();
        }
    }
}

/// What a worker tells of what waits in the outbox, in its order.
fn told<L: Ledger>(desk: &Desk<L>) -> Vec<String> {
    let mut told = Vec::new();
    let mut worker = Worker::new(desk, |parcel: Parcel| {
        told.push(parcel.id());
        Ok::<(), ()>(())
    });
    assert!(worker.run(&Waits(Cell::new(3))).is_stopped());
    drop(worker);
    told
}

// A row of the outbox that cannot be read, or is not the one that was put there, holds back its own case, and no other: the others are told, and whoever
// drains the outbox is told of it; whoever watches hears once what is wrong with it, however often it is tried.
#[test]
fn a_damaged_row_of_the_outbox_does_not_stop_the_others() {
    for damage in [
        "outgoing = CAST(x'E4BDFF' AS TEXT)",
        "outgoing = 'x'",
        "effect = 'm02/9/9'",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (path, desk) = file(folder.path());
        let heard = Arc::new(Heard::default());
        let desk = desk.with_observer(heard.clone());
        let all = desk.outbox(&Cursor::start(), 1000).unwrap().items;
        let first = all.iter().find(|it| it.id.case == case("m02")).unwrap();
        let file = Connection::open(&path).unwrap();
        let sql = format!("UPDATE outbox SET {damage} WHERE effect = ?1");
        let row = [first.id.to_string()];
        assert_eq!(file.execute(&sql, row).unwrap(), 1, "{damage}");
        let whole = desk.outbox(&Cursor::start(), 1000).unwrap_err();
        assert!(whole.is_damaged(), "{damage}: {whole}");
        let taken = desk
            .deliveries(&PostTable::default(), now(), &Cursor::start(), 1000)
            .unwrap();
        assert_eq!(taken.items.len(), all.len() - 1, "{damage}");
        assert!(!taken.is_end);
        let [put_off] = taken.put_off.as_slice() else {
            panic!("{damage}: {taken:?}")
        };
        assert!(put_off.id.starts_with("m02/"), "{put_off}");
        let says = |why: &str| why.starts_with("what waits in the outbox as `m02/");
        assert!(matches!(&put_off.why, NotNow::Damaged(why) if says(why)));
        let others = all.iter().filter(|it| it.id.case != case("m02"));
        let others: Vec<String> = others.map(|it| it.id.to_string()).collect();
        assert_eq!(told(&desk), others, "{damage}");
        assert_eq!(*heard.0.lock().unwrap(), [true], "{damage}");
    }
}

// A row of the outbox that has the name of one case's effect and says what is another's holds both back: nobody can tell whose it is, and nothing later of
// either goes out before it.
#[test]
fn a_row_of_the_outbox_that_is_of_two_cases_holds_both_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let all = desk.outbox(&Cursor::start(), 1000).unwrap().items;
    let first = all.iter().find(|it| it.id.case == case("m02")).unwrap();
    let file = Connection::open(&path).unwrap();
    let sql = "UPDATE outbox SET effect = 'm03/9/9' WHERE effect = ?1";
    assert_eq!(file.execute(sql, [first.id.to_string()]).unwrap(), 1);
    let others = all.iter().filter(|it| it.id.case == case("m01"));
    let others: Vec<String> = others.map(|it| it.id.to_string()).collect();
    assert!(!others.is_empty());
    assert_eq!(told(&desk), others);
}

// A head that is as it once was, while the records have gone on, is damage of its own case, and of no other: what comes next in it cannot be put there,
// and the others wake, are written to and are erased.
#[test]
fn a_head_that_was_set_back_stops_no_other_case() {
    let folder = tempfile::tempdir().unwrap();
    let (path, desk) = file(folder.path());
    let file = Connection::open(&path).unwrap();
    let former = "CREATE TEMP TABLE former AS SELECT * FROM heads WHERE chain = 'm02'";
    file.execute_batch(former).unwrap();
    let soon = 3 * 24 * 60 + 1;
    done(&desk, noted("late", "m02", soon, "a later note"));
    // Nobody has it in hand.
    drop(desk);
    let back = "UPDATE heads SET version = former.version, hash = former.hash, alarm = former.alarm, state = former.state
                FROM former WHERE heads.chain = former.chain";
    assert_eq!(file.execute(back, []).unwrap(), 1);
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let stood = desk.case(&case("m02")).unwrap().unwrap().version();
    let torn = flaw(stood + 1, Flaw::Head);
    let error = desk.submit(noted("x1", "m02", soon, "n")).unwrap_err();
    assert_eq!(error.broken(), Some(&torn));
    // Nor does it spoil the transaction that others are in.
    let group = desk.together(|| {
        done(&desk, noted("x2", "m01", soon, "n"));
        let error = desk.submit(noted("x3", "m02", soon, "n")).unwrap_err();
        assert_eq!(error.broken(), Some(&torn));
        Ok(())
    });
    group.unwrap();
    assert!(desk.answered(&"x2".parse().unwrap()).unwrap().is_some());
    let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
    assert!(ticked.fired > 2);
    assert_eq!(ticked.stuck.len(), 1);
    assert_eq!(ticked.stuck[0].case, case("m02"));
    assert_eq!(ticked.stuck[0].why, torn.to_string());
    let verified = desk.verify().unwrap_err();
    assert_eq!(verified.broken().unwrap().case, case("m02"));
    let erasure = erased(&desk);
    assert_eq!(erasure.erased.len(), 2);
    assert_eq!(erasure.stuck.len(), 1);
    assert_eq!(erasure.stuck[0].case, case("m02"));
}

// What a command of a link was answered, and cannot be read, is damage of the case that it was to tell of: its news waits, and the others wake.
#[test]
fn an_answer_that_cannot_be_read_stops_no_other_case() {
    for damage in [
        "answer = 'x'",
        "answer = CAST(x'E4BDFF' AS TEXT)",
        "at = 9000000000000000000",
        "said_at = -9000000000000000000",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (path, desk) = filed(folder.path());
        for of in ["m01", "m02", "m03"] {
            done(&desk, opened(&format!("o-{of}"), of, 0));
        }
        let file = Connection::open(&path).unwrap();
        // As where a desk dies between telling another case and taking out what it has told.
        let stays = "CREATE TRIGGER stays BEFORE DELETE ON outbox WHEN OLD.link BEGIN SELECT RAISE(IGNORE); END";
        file.execute_batch(stays).unwrap();
        let merge = Command::Merge { into: case("m03") };
        done(&desk, envelope("g1", "m02", Role::Intake, 1, merge));
        file.execute_batch("DROP TRIGGER stays").unwrap();
        let sql = format!("UPDATE commands SET {damage} WHERE id LIKE 'link/m02/%'");
        assert_eq!(file.execute(&sql, []).unwrap(), 1, "{damage}");
        let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
        assert!(ticked.fired > 2, "{damage}");
        let stuck: Vec<_> = ticked.stuck.iter().map(|it| it.case.as_str()).collect();
        assert_eq!(stuck, ["m02"], "{damage}");
        let why = &ticked.stuck[0].why;
        assert!(why.contains("what the command `link/m02/"), "{why}");
    }
}

// A ledger that cannot tell what a command was answered, as where a page of it is damaged, is no damage of one case: the tick fails, and whoever watches hears of it.
#[test]
fn a_ledger_that_finds_itself_damaged_is_told_of_and_not_put_down_to_a_case() {
    let damaged = Arc::new(AtomicBool::new(false));
    let is_damaged = Arc::clone(&damaged);
    let ledger = Around::new(MemoryLedger::new(board()), move |asks| {
        match (asks, is_damaged.load(Ordering::SeqCst)) {
            (Asks::Answered, true) => Err(DeskError::damaged("a page is malformed")),
            // As where a desk dies before it tells another case.
            (Asks::Links, false) => Err(DeskError::storage("the process died")),
            _ => Ok(()),
        }
    });
    let heard = Arc::new(Heard::default());
    let desk = Desk::new(ledger, plans())
        .unwrap()
        .with_observer(heard.clone());
    for of in ["m01", "m02"] {
        done(&desk, opened(&format!("o-{of}"), of, 0));
    }
    let merge = Command::Merge { into: case("m01") };
    done(&desk, envelope("g1", "m02", Role::Intake, 1, merge));
    damaged.store(true, Ordering::SeqCst);
    let error = desk.tick(at(2), 100).unwrap_err();
    assert!(error.is_damaged(), "{error}");
    assert_eq!(heard.0.lock().unwrap().last(), Some(&true));
}

// A cell that holds what no chain has there is damage of its own chain, and of no other: the others wake, are erased and are read.
#[test]
fn a_cell_that_cannot_be_read_stops_no_other_case() {
    for damage in [
        "version = -1",
        "version = 9223372036854775807",
        "alarm = -9000000000000",
        "alarm = 9000000000000",
        "alarm = -9000000000000, version = -1",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (path, desk) = file(folder.path());
        let file = Connection::open(&path).unwrap();
        let sql = format!("UPDATE heads SET {damage} WHERE chain = 'm02'");
        assert_eq!(file.execute(&sql, []).unwrap(), 1, "{damage}");
        // Nobody has it in hand.
        drop(desk);
        let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
        let broken = desk.case(&case("m02")).unwrap_err();
        assert_eq!(broken.broken().unwrap().case, case("m02"), "{damage}");
        assert!(desk.next_alarm().unwrap().is_some());
        let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
        assert!(ticked.fired > 2, "{damage}");
        // What lies beyond all time is never due; it is found where the case is looked at.
        if !damage.contains("= 9000000000000") {
            assert_eq!(ticked.stuck.len(), 1, "{damage}");
            assert_eq!(ticked.stuck[0].case, case("m02"));
        }
        let verified = desk.verify().unwrap_err();
        assert_eq!(verified.broken().unwrap().case, case("m02"), "{damage}");
        assert!(
            desk.submit(opened("x0", "m02", 6000))
                .unwrap_err()
                .broken()
                .is_some()
        );
        assert!(
            desk.submit(noted("x1", "m02", 6000, "n"))
                .unwrap_err()
                .broken()
                .is_some()
        );
        done(&desk, noted("x2", "m01", 99_000, "n"));
        let erasure = erased(&desk);
        assert_eq!(erasure.erased.len(), 2, "{damage}");
        assert_eq!(erasure.stuck.len(), 1, "{damage}");
        assert_eq!(erasure.stuck[0].case, case("m02"));
    }
}

// A key that is no text is damage of its own chain, and of no other: the others are listed, each once, whoever reads page by page; they wake and are erased.
#[test]
fn a_key_that_is_no_text_stops_no_other_case() {
    for tables in [&["heads"][..], &["heads", "records"]] {
        let folder = tempfile::tempdir().unwrap();
        let (path, desk) = file(folder.path());
        // It stands between two others, and would not if it were called by what reads like it.
        done(&desk, opened("o9", "m中", 0));
        drop(desk);
        let file = Connection::open(&path).unwrap();
        for table in tables {
            let key = "CAST(x'6DB032' AS TEXT)";
            let sql = format!("UPDATE {table} SET chain = {key} WHERE chain = 'm02'");
            assert!(file.execute(&sql, []).unwrap() > 0, "{table}");
        }
        let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
        let ledger = desk.ledger();
        let mut keys: Vec<String> = Vec::new();
        loop {
            let after = keys.last().map(String::as_str);
            let page = ledger.keys(Shelf::Cases, after, 1).unwrap();
            if page.is_empty() {
                break;
            }
            keys.extend(page);
        }
        assert!(keys.is_sorted(), "{keys:?}");
        let ids = keys.iter().map(String::as_str);
        let ids: Vec<&str> = ids.filter(|key| key.parse::<CaseId>().is_ok()).collect();
        let others = match tables.len() {
            1 => &["m01", "m02", "m03", "m中"][..],
            _ => &["m01", "m03", "m中"],
        };
        assert_eq!((ids.as_slice(), keys.len()), (others, 1 + others.len()));
        let mut due: Vec<AlarmRow> = Vec::new();
        loop {
            let page = ledger.due(Shelf::Cases, Moment::MAX, due.last(), 1);
            let page = page.unwrap();
            if page.is_empty() {
                break;
            }
            due.extend(page);
        }
        assert!(due.len() == 4 && due.is_sorted(), "{due:?}");
        let all = ledger.read(Shelf::Cases, &Cursor::start(), 1000).unwrap();
        assert!(all.items.len() > 12);
        assert!(desk.next_alarm().unwrap().is_some());
        let ticked = desk.advance(at(30 * 24 * 60)).unwrap();
        assert!(ticked.fired > 2);
        let [stuck] = ticked.stuck.as_slice() else {
            panic!("{ticked:?}")
        };
        assert!(stuck.why.contains("which is no id"), "{}", stuck.why);
        assert!(desk.verify().unwrap_err().is_damaged());
        let erasure = erased(&desk);
        let erased = erasure.erased.iter().map(|it| it.case.as_str());
        assert_eq!(erased.collect::<Vec<_>>(), ["m01", "m03", "m中"]);
        assert_eq!(erasure.stuck.as_slice(), std::slice::from_ref(stuck));
    }
}

/// An edition of the plain plan by which videos are owed.
fn with_videos(edition: &str) -> Plans {
    let mut plan = bare("demo".parse().unwrap());
    plan.edition = edition.into();
    plan.duties.push(DutyRule {
        kind: DutyKind::Video,
        rule: RuleId::new("duty(video)"),
        title: "视频答复".into(),
        owed_by: vec!["unit_head".into()],
        every: None,
        within: Span::WorkingDays(20),
        counting: plan.counting,
        channels: Vec::new(),
        provenance: Provenance::Unsaid,
        rungs: Vec::new(),
    });
    let mut plans = Plans::new(board());
    plans.take(plan).unwrap();
    plans
}

/// A case that somebody is to answer.
fn assigned<L: Ledger>(desk: &Desk<L>, of: &str) {
    done(desk, opened(&format!("o-{of}"), of, 0));
    done(desk, screened(&format!("s-{of}"), of, 1));
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: vec![],
    };
    let assign = envelope(&format!("a-{of}"), of, Role::Intake, 2, assign);
    done(desk, assign);
}

/// A video that is owed.
fn owed<L: Ledger>(desk: &Desk<L>, duty: &str) {
    let video =
        r#"{"impose": {"kind": "video", "topic": "供暖", "place": "632521", "unit": "water"}}"#;
    let impose = DutyEnvelope {
        id: format!("i-{duty}").parse().unwrap(),
        duty: duty.parse().unwrap(),
        by: actor(Role::Supervisor),
        at: at(0),
        salt: Salt::derived(b"test", duty),
        command: serde_json::from_str(video).unwrap(),
    };
    assert!(desk.submit_duty(impose).unwrap().done().is_some());
}

/// The second day is made a holiday.
fn revised<L: Ledger>(desk: &Desk<L>) {
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-05".into();
    let day = "2026-03-03".parse().unwrap();
    notice.closed.insert(day, "州庆".into());
    desk.revise(notice).unwrap();
}

// What has lost its plan goes on by no calendar: it is named, as where it is to be woken, and keeps no other from it.
#[test]
fn what_has_lost_its_plan_is_named_where_a_calendar_is_revised() {
    let ledger = MemoryLedger::new(board());
    {
        let desk = Desk::new(&ledger, with_videos("1")).unwrap();
        assigned(&desk, "m01");
        owed(&desk, "H-1");
        // What is closed follows no calendar, and needs no plan for it.
        owed(&desk, "H-2");
        let excuse = DutyEnvelope {
            id: "e-H-2".parse().unwrap(),
            duty: "H-2".parse().unwrap(),
            by: Actor::new("another".parse().unwrap(), Role::Supervisor),
            at: at(1),
            salt: Salt::derived(b"test", "e-H-2"),
            command: serde_json::from_str(r#"{"excuse": {"reason": "不必"}}"#).unwrap(),
        };
        assert!(desk.submit_duty(excuse).unwrap().done().is_some());
    }
    // A desk of another edition, over a ledger that has lost the plan.
    let desk = Desk::new(Around::forgetful(ledger), with_videos("2")).unwrap();
    assigned(&desk, "m02");
    owed(&desk, "H-3");
    revised(&desk);
    let would = desk.calendar_moves(at(6)).unwrap();
    assert!(would.cases.iter().all(|it| it.case == case("m02")));
    assert!(!would.cases.is_empty());
    let duties: Vec<_> = would.duties.iter().map(|it| it.duty.as_str()).collect();
    assert_eq!(duties, ["H-3"]);
    let [lost] = would.stuck.as_slice() else {
        panic!("{would:?}")
    };
    let [lost_duty] = would.stuck_duties.as_slice() else {
        panic!("{would:?}")
    };
    assert_eq!(
        (lost.case.as_str(), lost_duty.duty.as_str()),
        ("m01", "H-1")
    );
    for why in [&lost.why, &lost_duty.why] {
        assert!(why.contains("is neither in hand nor kept"), "{why}");
    }
    let system = Actor::new("system".parse().unwrap(), Role::System);
    assert_eq!(desk.adopt_calendar(&system, at(6)).unwrap(), would);
}

// What is damaged keeps no other case or obligation from a revised calendar: it is named, and what moved is told.
#[test]
fn what_is_damaged_keeps_nothing_from_a_revised_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || {
        let ledger = SqliteLedger::open(&path, board()).unwrap();
        Desk::new(ledger, with_videos("1")).unwrap()
    };
    let desk = open();
    for of in ["m01", "m02", "m03", "m04"] {
        assigned(&desk, of);
    }
    for duty in ["H-1", "H-2"] {
        owed(&desk, duty);
    }
    drop(desk);
    let file = Connection::open(&path).unwrap();
    let damage = "UPDATE heads SET version = -1 WHERE chain IN ('m02', 'H-1')";
    assert_eq!(file.execute(damage, []).unwrap(), 2);
    drop(file);
    let desk = open();
    revised(&desk);
    let would = desk.calendar_moves(at(6)).unwrap();
    let mut cases: Vec<_> = would.cases.iter().map(|it| it.case.as_str()).collect();
    cases.dedup();
    assert_eq!(cases, ["m01", "m03", "m04"]);
    let duties: Vec<_> = would.duties.iter().map(|it| it.duty.as_str()).collect();
    assert_eq!(duties, ["H-2"]);
    let stuck: Vec<_> = would.stuck.iter().map(|it| it.case.as_str()).collect();
    assert_eq!(stuck, ["m02"]);
    let stuck = would.stuck_duties.iter().map(|it| it.duty.as_str());
    assert_eq!(stuck.collect::<Vec<_>>(), ["H-1"]);
    let system = Actor::new("system".parse().unwrap(), Role::System);
    assert_eq!(desk.adopt_calendar(&system, at(6)).unwrap(), would);
    let moved = desk.duty(&"H-2".parse().unwrap()).unwrap().unwrap();
    assert_eq!(moved.due(), would.duties[0].due);
    // Nothing moves twice, and what is damaged is named again.
    let again = desk.adopt_calendar(&system, at(7)).unwrap();
    assert!(again.cases.is_empty() && again.duties.is_empty());
    assert_eq!(
        (again.stuck, again.stuck_duties),
        (would.stuck, would.stuck_duties)
    );
}

#[test]
fn a_record_of_no_version_is_damage_of_its_case() {
    for damage in ["version = -1", "observed_at = 9000000000000"] {
        let folder = tempfile::tempdir().unwrap();
        let (path, desk) = file(folder.path());
        let file = Connection::open(&path).unwrap();
        let sql = format!("UPDATE records SET {damage} WHERE chain = 'm02' AND version = 2");
        assert_eq!(file.execute(&sql, []).unwrap(), 1, "{damage}");
        let found = desk.verify();
        match damage.contains("version") {
            true => {
                let error = found.unwrap_err();
                assert_eq!(error.broken().unwrap().case, case("m02"), "{error}");
            }
            // When it was noticed stands outside of the chain.
            false => drop(found.unwrap()),
        }
        let erasure = erased(&desk);
        assert_eq!(erasure.erased.len() + erasure.stuck.len(), 3, "{damage}");
        assert!(erasure.stuck.iter().all(|it| it.case == case("m02")));
    }
}

#[test]
fn a_damaged_file_is_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = {
        let (path, desk) = file(folder.path());
        drop(desk);
        path
    };
    let good = std::fs::read(&path).unwrap();
    for n in 0..60usize {
        let mut bytes = good.clone();
        // Spread over the file, deterministic.
        for k in 0..4 {
            let at = (n * 7919 + k * 104_729) % bytes.len();
            bytes[at] ^= 0xff;
        }
        std::fs::write(&path, bytes).unwrap();
        let Ok(ledger) = SqliteLedger::open(&path, board()) else {
            continue;
        };
        let desk = Desk::new(ledger, plans()).unwrap();
        let _ = desk.verify();
        let _ = desk.advance(at(30 * 24 * 60));
        let _ = desk.submit(noted(&format!("x{n}"), "m01", 99_000, "n"));
    }
}

#[test]
fn anyone_can_follow_a_chain_with_common_tools() {
    let folder = tempfile::tempdir().unwrap();
    let (_, desk) = file(folder.path());
    let history: Vec<_> = desk
        .history(&case("m01"))
        .unwrap()
        .into_iter()
        .map(|entry| entry.sealed)
        .collect();
    let end = follow(&board(), &case("m01"), &history).unwrap();
    let mut prev = Hash::of(b"duly/chain/1\0hainan\0m01");
    for sealed in &history {
        assert_eq!(sealed.prev, prev);
        let mut bytes = prev.bytes().to_vec();
        bytes.extend(sealed.line().unwrap().bytes());
        prev = Hash::of(&bytes);
        // Exported and read back, it still holds.
        let exported = serde_json::to_string(sealed).unwrap();
        assert_eq!(
            &serde_json::from_str::<duly::desk::Sealed>(&exported).unwrap(),
            sealed
        );
    }
    assert_eq!(prev, end);
}
