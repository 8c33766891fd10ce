//! Links when something fails: a process that dies, a damaged row, a group of commands that fails, desks that race.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use duly::desk::{Cursor, Desk, DeskError, SqliteLedger};
use duly::words::*;

use super::{
    Crashing, Group, answer_of, citizen, every, linked, links, name, plans, screen, unmerge,
    withdraw,
};
use crate::around::{Around, Asks};
use crate::{actor, at, board, case};

// A process that died between a commit and what comes of it has lost nothing: the next tick does it, and the desk does not sleep over
// it. A survivor that was struck off meanwhile takes nobody, and whoever was to follow it goes on alone.
#[test]
fn a26_what_a_dead_process_left_is_done_by_the_next_tick() {
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), 3);
    ledger.dies(true);
    group.merge(0, 2, 1300).done().unwrap();
    group.merge(1, 2, 1300).done().unwrap();
    ledger.dies(false);
    assert!(group.case(2).followers().is_empty());
    assert_eq!(group.desk.next_alarm().unwrap(), Some(at(1300)));
    let shown = group.desk.outbox(&Cursor::start(), 1).unwrap();
    assert!(shown.items.iter().all(|it| !it.is_link()));
    let _ = group.desk.tick(at(1301), 10).unwrap();
    assert_eq!(group.case(2).followers().len(), 2);
    assert!(group.desk.next_alarm().unwrap() > Some(at(1301)));
    // Again: nothing is left, and nothing changes.
    let before = (group.records(0), group.records(1), group.records(2));
    let _ = group.desk.tick(at(1301), 10).unwrap();
    assert_eq!(
        before,
        (group.records(0), group.records(1), group.records(2))
    );
    group.does(0, Role::Intake, 1302, unmerge());
    ledger.dies(true);
    group.merge(0, 2, 1303).done().unwrap();
    assert!(group.go(2, citizen(2), 1304, withdraw()).is_done());
    ledger.dies(false);
    let _ = group.desk.tick(at(1305), 10).unwrap();
    for n in [0, 1] {
        let alone = group.case(n);
        assert!(alone.follows().is_none() && alone.next_alarm().is_some());
    }
    let why = |n: usize| {
        let all = group.records(n);
        all.iter().rev().find_map(|it| match &it.event {
            Event::Unmerged { why, .. } => Some(*why),
            _ => None,
        })
    };
    assert_eq!(
        (why(0), why(1)),
        (Some(UnmergeWhy::NotJoined), Some(UnmergeWhy::Withdrawn))
    );
    group.desk.verify().unwrap();
}

// An answer that is erased before it could be told is told to nobody; the case goes on by itself.
#[test]
fn a26_what_was_erased_meanwhile_is_not_told() {
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), 2);
    group.merge(0, 1, 700).done().unwrap();
    group.replied(1, 710);
    ledger.dies(true);
    group.does(1, Role::Reviewer, 720, Command::Review(Review::default()));
    let (_, own) = answer_of(&group.told(1)).unwrap();
    let redact = Command::Redact {
        fields: own,
        basis: "个人信息保护法第四十七条".into(),
    };
    group.does(1, Role::Supervisor, 730, redact);
    ledger.dies(false);
    let _ = group.desk.tick(at(740), 10).unwrap();
    assert!(answer_of(&group.told(0)).is_none());
    assert!(group.case(0).follows().is_none() && !group.case(0).is_closed());
    group.desk.verify().unwrap();
}

// A case that says that it follows another, which does not know of it, is named: nobody would ever answer its citizen.
// A row of the outbox can be damaged so that carrying it out does not take it out: it has another name in its column than in what it says, it
// goes to nobody's case, it says nothing at all. Nobody goes round for ever with that: its case is named, and the others hear.
#[test]
fn a26_a_damaged_link_keeps_no_other_case_waiting() {
    for damage in [
        "UPDATE outbox SET effect = 'm01/99/0' WHERE link = 1 AND effect LIKE 'm01/%'",
        "UPDATE outbox SET link = 1 WHERE link = 0 AND effect LIKE 'm01/%'",
        "UPDATE outbox SET outgoing = '{}' WHERE link = 1 AND effect LIKE 'm01/%'",
        "UPDATE outbox SET outgoing = CAST(x'E4BDFF' AS TEXT) WHERE link = 1 AND effect LIKE 'm01/%'",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let dead = Arc::new(AtomicBool::new(false));
        let is_dead = Arc::clone(&dead);
        let ledger = SqliteLedger::open(&path, board()).unwrap();
        let ledger = Around::new(ledger, move |asks| {
            match asks == Asks::Links && is_dead.load(Ordering::SeqCst) {
                true => Err(DeskError::storage("the process died")),
                false => Ok(()),
            }
        });
        let group = Group::new(ledger, 4);
        dead.store(true, Ordering::SeqCst);
        assert!(group.merge(0, 1, 2000).is_done());
        assert!(group.merge(2, 3, 2001).is_done());
        let file = rusqlite::Connection::open(&path).unwrap();
        assert!(file.execute(damage, []).unwrap() > 0, "{damage}");
        dead.store(false, Ordering::SeqCst);
        let ticked = group.desk.tick(at(2010), 100).unwrap();
        let named = |it: &duly::desk::Stuck| it.case == case("m01") && it.why.contains("m01/");
        assert!(
            !ticked.stuck.is_empty() && ticked.stuck.iter().all(named),
            "{damage}: {:?}",
            ticked.stuck
        );
        assert!(group.case(3).followers().contains_key(&case("m03")));
        assert!(links(&group.desk) > 0, "what is damaged stays for a person");
        // It stays due, in the past, and is said again.
        assert!(group.desk.next_alarm().unwrap().unwrap() <= at(2010));
        assert_eq!(group.desk.tick(at(2010), 100).unwrap().stuck, ticked.stuck);
    }
}

// The desk's own command ids are its own; a group commit holds what comes of its commands; nothing of it is left when it fails.
#[test]
fn a26_links_belong_to_the_group_that_brings_them_about() {
    every(
        |group| {
            let foreign = Envelope {
                id: "link/m01/1/0".parse().unwrap(),
                case: case("m01"),
                by: actor(Role::Intake),
                at: at(700),
                salt: Salt::derived(b"test", "x"),
                command: screen(),
            };
            let error = group.desk.submit(foreign).unwrap_err();
            assert!(error.to_string().contains("the desk's own"), "{error}");
            let failed = group.desk.together(|| {
                group.merge(0, 1, 700).done().unwrap();
                assert_eq!(group.case(1).followers().len(), 1);
                Err(DeskError::misuse("changed our mind"))
            });
            assert!(failed.is_err());
            assert!(group.case(0).follows().is_none() && group.case(1).followers().is_empty());
            assert_eq!(links(&group.desk), 0);
            let kept = group.desk.together(|| {
                group.merge(0, 1, 700).done().unwrap();
                Ok(())
            });
            kept.unwrap();
            assert_eq!(group.case(1).followers().len(), 1);
            group.desk.verify().unwrap();
        },
        2,
    );
}

// Several desks on one ledger: two cases merged into one another at once do not follow each other for ever, and whatever is linked is
// linked on both sides.
#[test]
fn a26_desks_that_race_leave_every_link_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || SqliteLedger::open(&path, board()).unwrap();
    let first = Group::new(open(), 4);
    for round in 0..6i64 {
        let minutes = 2_000 + 10 * round;
        std::thread::scope(|scope| {
            for n in 0..4usize {
                let path = &path;
                scope.spawn(move || {
                    let ledger = SqliteLedger::open(path, board()).unwrap();
                    let desk = Desk::new(ledger, plans()).unwrap();
                    let send = |k: usize, of: usize, command: Command| {
                        let envelope = Envelope {
                            id: format!("r{round}-{n}-{k}").parse().unwrap(),
                            case: case(&name(of)),
                            by: actor(Role::Intake),
                            at: at(minutes),
                            salt: Salt::derived(b"test", "race"),
                            command,
                        };
                        while desk.submit(envelope.clone()).is_err_and(|it| it.is_busy()) {}
                    };
                    let into = case(&name((n + 1 + round as usize % 3) % 4));
                    send(0, n, Command::Merge { into });
                    while desk.tick(at(minutes), 100).is_err_and(|it| it.is_busy()) {}
                    if n as i64 == round % 4 {
                        send(1, n, unmerge());
                    }
                });
            }
        });
        let _ = first.desk.advance(at(minutes + 1)).unwrap();
        linked(&first, 4).unwrap();
    }
    first.desk.verify().unwrap();
}
