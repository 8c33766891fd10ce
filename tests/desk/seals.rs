//! Whoever takes whole records or whole cases away, and makes everything else fit, is found out by the seals.

use std::path::Path;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use duly::desk::rows::{Kept, Shelf};
use duly::desk::{
    BrokenSeal, Cursor, Desk, Hash, Ledger, MemoryLedger, Proof, Seal, SealFlaw, SqliteLedger, Step,
};
use duly::words::Envelope;
use rusqlite::Connection;

use super::{at, board, case, done, noted, on_every_ledger, opened, plans, screened};

const DAY: i64 = 24 * 60;

fn day(n: i64) -> NaiveDate {
    let first: NaiveDate = "2026-03-02".parse().unwrap();
    first + Days::new(n.unsigned_abs())
}

/// Three days of a board: each opens a case, and writes to those of the days before.
fn story() -> Vec<Vec<Envelope>> {
    let of = |n: i64| {
        let name = format!("m{:02}", n + 1);
        let mut all = vec![
            opened(&format!("o{n}"), &name, DAY * n),
            screened(&format!("s{n}"), &name, DAY * n + 5),
        ];
        for before in 1..=n {
            let to = format!("m{before:02}");
            let minutes = DAY * n + 10 + before;
            all.push(noted(&format!("n{n}.{before}"), &to, minutes, "a note"));
        }
        all
    };
    (0..3).map(of).collect()
}

fn sealed<L: Ledger>(desk: &Desk<L>, n: i64) -> Seal {
    desk.seal(day(n), at(DAY * n + 14 * 60)).unwrap()
}

/// What a board writes that seals every day.
fn lived<L: Ledger>(desk: &Desk<L>) -> Vec<Seal> {
    let live = |(n, commands): (i64, Vec<Envelope>)| {
        commands.into_iter().for_each(|it| {
            done(desk, it);
        });
        sealed(desk, n)
    };
    (0..).zip(story()).map(live).collect()
}

/// What somebody writes who has everything, and leaves out or moves what they like: every chain, head, alarm, number, text and
/// answer is right.
fn forged<L: Ledger>(desk: &Desk<L>, commands: impl IntoIterator<Item = Envelope>) {
    for command in commands {
        done(desk, command);
    }
    assert_eq!(desk.verify().unwrap().seals, 0, "no chain shows it");
}

fn carry<L: Ledger>(seals: &[Seal], to: &Desk<L>) {
    for seal in seals {
        let text = serde_json_canonicalizer::to_string(seal).unwrap();
        let name = format!("{:08}", seal.number);
        to.ledger().keep(Kept::Seal, &name, &text).unwrap();
    }
}

fn found<L: Ledger>(desk: &Desk<L>) -> BrokenSeal {
    let error = desk.verify().unwrap_err();
    error
        .broken_seal()
        .unwrap_or_else(|| panic!("{error}"))
        .clone()
}

fn memory() -> Desk<MemoryLedger> {
    Desk::new(MemoryLedger::new(board()), plans()).unwrap()
}

#[test]
fn a_board_that_nobody_touched_holds_up_to_its_seals() {
    on_every_ledger(|desk| {
        let seals = lived(&desk);
        let verified = desk.verify().unwrap();
        assert_eq!((verified.seals, verified.sealed), (3, verified.records));
        let kept: Vec<_> = seals.iter().map(|seal| (seal.day, seal.hash())).collect();
        assert_eq!(desk.verify_against(&kept).unwrap(), verified);
        assert_eq!(desk.seals(None, 100).unwrap(), seals);
        assert_eq!(desk.seals(Some(day(0)), 1).unwrap(), seals[1..2]);
        assert_eq!(desk.seals(Some(day(2)), 100).unwrap(), []);
        assert!(seals[0].cases.records < seals[1].cases.records);
        assert_eq!(seals[0].prev, Hash::of(b"duly/seal/1\0hainan"));
        assert_eq!(seals[1].prev, seals[0].hash());
        // It is kept in the form that is hashed.
        let text = desk.ledger().kept(Kept::Seal, "00000002").unwrap().unwrap();
        assert_eq!(Hash::of(text.as_bytes()), seals[1].hash());
    });
}

#[test]
fn every_ledger_gives_the_same_seals_but_for_its_own_cursor() {
    let seen = std::cell::RefCell::new(None);
    on_every_ledger(|desk| {
        let roots: Vec<_> = lived(&desk).iter().map(|seal| seal.cases.root).collect();
        let first = seen.replace(Some(roots.clone()));
        assert!(first.is_none_or(|first| first == roots));
    });
}

#[test]
fn a_day_is_sealed_once_and_not_before_it_is_over() {
    on_every_ledger(|desk| {
        let [first, second, third] = story().try_into().unwrap();
        first.into_iter().for_each(|it| {
            done(&desk, it);
        });
        let early = desk.seal(day(0), at(60)).unwrap_err();
        assert_eq!(
            early.to_string(),
            "the digest of 2026-03-02 is cut at 2026-03-02T09:30:00Z, and it is 2026-03-02T02:00:00Z"
        );
        let seal = sealed(&desk, 0);
        second.into_iter().for_each(|it| {
            done(&desk, it);
        });
        assert_eq!(desk.seal(day(0), at(5 * DAY)).unwrap(), seal);
        assert_eq!(desk.seal(day(0), at(0)).unwrap(), seal);
        // A day that was left out is under the next seal, and cannot be sealed after it.
        third.into_iter().for_each(|it| {
            done(&desk, it);
        });
        let next = sealed(&desk, 2);
        assert_eq!((next.number, next.day), (2, day(2)));
        assert_eq!(
            desk.seal(day(1), at(5 * DAY)).unwrap_err().to_string(),
            "2026-03-03 was not sealed when it was over, and days after it are; the seal of 2026-03-04 covers it"
        );
        // A host whose clock went back seals at the last moment.
        assert_eq!(desk.seal(day(3), at(6 * DAY)).unwrap().at, at(6 * DAY));
        let back = at(4 * DAY + 9 * 60);
        assert_eq!(desk.seal(day(4), back).unwrap().at, at(6 * DAY));
        assert_eq!(desk.verify().unwrap().seals, 4);
    });
}

#[test]
fn sealing_reads_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let [first, second, _] = story().try_into().unwrap();
    first.into_iter().for_each(|it| {
        done(&desk, it);
    });
    sealed(&desk, 0);
    second.into_iter().for_each(|it| {
        done(&desk, it);
    });
    // Whoever read it again would find it damaged.
    let file = Connection::open(&path).unwrap();
    let broken = "UPDATE records SET record = replace(record, 'm01', 'm09') WHERE chain = 'm01' AND version = 1";
    assert_eq!(file.execute(broken, []).unwrap(), 1);
    let last = "UPDATE records SET record = replace(record, 'm02', 'm09') WHERE chain = 'm02' AND version = 1";
    assert_eq!(file.execute(last, []).unwrap(), 1);
    // What is damaged is not sealed.
    let error = desk.seal(day(1), at(DAY + 14 * 60)).unwrap_err();
    assert_eq!(error.broken().unwrap().case, case("m02"));
    let back = "UPDATE records SET record = replace(record, 'm09', 'm02') WHERE chain = 'm02' AND version = 1";
    assert_eq!(file.execute(back, []).unwrap(), 1);
    assert_eq!(sealed(&desk, 1).number, 2);
}

#[test]
fn last_records_that_were_taken_away_are_missed() {
    let desk = memory();
    let seals = lived(&desk);
    let all: Vec<Envelope> = story().into_iter().flatten().collect();
    for gone in 1..=4 {
        let short = memory();
        forged(&short, all[..all.len() - gone].iter().cloned());
        carry(&seals, &short);
        let broken = found(&short);
        assert_eq!((broken.number, broken.day), (Some(3), Some(day(2))));
        assert_eq!(broken.since, Some(day(1)));
        let SealFlaw::Fewer {
            log,
            first,
            sealed,
            found,
        } = broken.flaw
        else {
            panic!("{broken}");
        };
        assert_eq!((log, sealed), (Shelf::Cases, seals[2].cases.records));
        assert_eq!(first, seals[1].cases.records + 1);
        assert!(found < sealed && found >= seals[1].cases.records);
    }
    // A log that was written on since is as long as it was.
    let short = memory();
    forged(&short, all[..all.len() - 2].iter().cloned());
    for n in 0..9 {
        done(&short, noted(&format!("x{n}"), "m01", 3 * DAY, "more"));
    }
    carry(&seals, &short);
    let broken = found(&short);
    assert_eq!(broken.number, Some(3));
    let first = seals[1].cases.records + 1;
    let last = seals[2].cases.records;
    let log = Shelf::Cases;
    assert_eq!(broken.flaw, SealFlaw::Root { log, first, last });
}

#[test]
fn a_case_that_was_taken_away_is_missed() {
    let desk = memory();
    let seals = lived(&desk);
    for (gone, first_day) in [("m01", 0), ("m02", 1), ("m03", 2)] {
        let short = memory();
        let all = story().into_iter().flatten();
        forged(&short, all.filter(|it| it.case != case(gone)));
        assert!(short.case(&case(gone)).unwrap().is_none());
        carry(&seals, &short);
        let broken = found(&short);
        // The day on which it came in.
        assert_eq!(broken.day, Some(day(first_day)), "{gone}: {broken}");
        insta::assert_snapshot!(format!("without_{gone}"), broken);
    }
}

#[test]
fn records_that_change_places_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let seals = lived(&desk);
    let file = Connection::open(&path).unwrap();
    let page = desk.read(&Cursor::start(), 1000).unwrap().items;
    // Neighbours of different cases, anywhere in the log.
    let mut swapped = 0;
    for (n, pair) in (1i64..).zip(page.windows(2)) {
        if pair[0].sealed.record.case == pair[1].sealed.record.case {
            continue;
        }
        let swap = format!(
            "UPDATE records SET seq = -seq WHERE seq IN ({n}, {n} + 1); UPDATE records SET seq = {n} + {n} + 1 + seq WHERE seq < 0"
        );
        file.execute_batch(&swap).unwrap();
        let broken = found(&desk);
        let place = n.unsigned_abs();
        // What a swap leaves under the same seal, or moves into another.
        let seal = seals
            .iter()
            .find(|seal| seal.cases.records >= place)
            .unwrap();
        assert_eq!(broken.number, Some(seal.number), "{n}");
        assert!(matches!(broken.flaw, SealFlaw::Root { .. }), "{broken}");
        file.execute_batch(&swap).unwrap();
        desk.verify().unwrap();
        swapped += 1;
    }
    assert!(swapped > 3);
}

#[test]
fn a_record_that_was_moved_to_another_day_is_found() {
    let desk = memory();
    let seals = lived(&desk);
    // As if what came in on the second day had come in on the first.
    let [mut first, mut second, third] = story().try_into().unwrap();
    first.push(second.remove(0));
    let moved = memory();
    forged(&moved, first.into_iter().chain(second).chain(third));
    carry(&seals, &moved);
    // Nobody has sealed what came in on the first day since: the order is the same.
    moved.verify().unwrap();
    // As if what came in on the first day had come in on the second.
    let [mut first, mut second, third] = story().try_into().unwrap();
    second.insert(1, first.pop().unwrap());
    let moved = memory();
    forged(&moved, first.into_iter().chain(second).chain(third));
    carry(&seals, &moved);
    let broken = found(&moved);
    assert_eq!((broken.number, broken.since), (Some(1), None));
    insta::assert_snapshot!("moved", broken);
}

#[test]
fn the_first_bad_record_goes_before_the_seal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    lived(&desk);
    let file = Connection::open(&path).unwrap();
    file.execute(
        "DELETE FROM records WHERE chain = 'm02' AND version = 3",
        [],
    )
    .unwrap();
    let error = desk.verify().unwrap_err();
    let broken = error.broken().unwrap();
    assert_eq!((broken.case.as_str(), broken.version), ("m02", 3));
}

/// A file that was sealed three times.
fn file(folder: &Path) -> (Desk<SqliteLedger>, Connection, Vec<Seal>) {
    let path = folder.join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let seals = lived(&desk);
    (desk, Connection::open(&path).unwrap(), seals)
}

#[test]
fn seals_that_were_altered_or_taken_away_are_found() {
    let all = [
        (
            "missing_second",
            "DELETE FROM kept WHERE kind = 'seal' AND name = '00000002'",
        ),
        (
            "missing_first",
            "DELETE FROM kept WHERE kind = 'seal' AND name = '00000001'",
        ),
        (
            "other_day",
            "UPDATE kept SET text = replace(text, '2026-03-03', '2026-03-05') WHERE name = '00000002'",
        ),
        (
            "other_board",
            "UPDATE kept SET text = replace(text, 'hainan', 'haixi') WHERE name = '00000002'",
        ),
        (
            "other_place",
            "UPDATE kept SET text = replace(text, '\"number\":2', '\"number\":4') WHERE name = '00000002'",
        ),
        (
            "no_seal",
            "UPDATE kept SET text = '{}' WHERE name = '00000002'",
        ),
        (
            "no_canon",
            "UPDATE kept SET text = text || ' ' WHERE name = '00000002'",
        ),
        (
            "no_number",
            "UPDATE kept SET name = 'x' WHERE name = '00000002'",
        ),
        (
            "none_before",
            "DELETE FROM kept WHERE kind = 'seal' AND name < '00000003'",
        ),
    ];
    let mut said = Vec::new();
    for (name, sql) in all {
        let folder = tempfile::tempdir().unwrap();
        let (desk, file, _) = file(folder.path());
        assert!(file.execute(sql, []).unwrap() > 0, "{sql}");
        said.push(format!("{name}: {}", found(&desk)));
    }
    insta::assert_snapshot!("seals", said.join("\n"));
}

#[test]
fn a_hash_that_was_kept_elsewhere_finds_seals_made_anew() {
    let desk = memory();
    let kept: Vec<_> = lived(&desk).iter().map(|it| (it.day, it.hash())).collect();
    // Everything is forged, the seals too.
    let short = memory();
    for (n, commands) in (0..).zip(story()) {
        let all = commands.into_iter().filter(|it| it.case != case("m02"));
        all.for_each(|it| {
            done(&short, it);
        });
        sealed(&short, n);
    }
    assert_eq!(short.verify().unwrap().seals, 3, "it fits by itself");
    assert_eq!(short.verify_against(&kept[..1]).unwrap().seals, 3);
    let error = short.verify_against(&kept[1..2]).unwrap_err();
    let broken = error.broken_seal().unwrap();
    assert_eq!((broken.day, broken.since), (Some(day(1)), Some(day(0))));
    assert!(matches!(broken.flaw, SealFlaw::Elsewhere { .. }));
    insta::assert_snapshot!("elsewhere", broken);

    // The last day was taken away with its seal.
    let short = memory();
    for (n, commands) in (0..2).zip(story()) {
        commands.into_iter().for_each(|it| {
            done(&short, it);
        });
        sealed(&short, n);
    }
    assert_eq!(short.verify_against(&kept[..2]).unwrap().seals, 2);
    let error = short.verify_against(&kept).unwrap_err();
    let broken = error.broken_seal().unwrap();
    assert!(matches!(broken.flaw, SealFlaw::Gone { .. }));
    insta::assert_snapshot!("gone", broken);
}

#[test]
fn anyone_can_check_that_a_record_was_there() {
    on_every_ledger(|desk| {
        let seals = lived(&desk);
        done(&desk, noted("late", "m01", 3 * DAY, "after the last seal"));
        let mut shown = 0;
        let mut after = Cursor::start();
        let mut place = 0;
        loop {
            let page = desk.read(&after, 3).unwrap();
            if page.items.is_empty() {
                break;
            }
            after = page.next;
            for entry in page.items {
                place += 1;
                let (of, hash) = (&entry.sealed.record, entry.sealed.hash);
                let proof = desk.proof(&of.case, of.version).unwrap();
                let under = seals.iter().find(|seal| seal.cases.records >= place);
                let Some(seal) = under else {
                    assert_eq!(proof, None);
                    continue;
                };
                let proof = proof.unwrap();
                assert_eq!((&proof.seal, proof.place), (seal, place));
                assert!(proof.shows(&hash, &seal.hash()));
                shows_nothing_else(&proof, &hash, &seal.hash());
                // With common tools: bytes and SHA-256.
                let leaf = Hash::of(&[&[0], &hash.bytes()[..]].concat());
                let join = |left: &Hash, right: &Hash| {
                    Hash::of(&[&[1], &left.bytes()[..], &right.bytes()[..]].concat())
                };
                let root = proof.path.iter().fold(leaf, |have, step| match step {
                    Step::Left(left) => join(left, &have),
                    Step::Right(right) => join(&have, right),
                });
                assert_eq!(root, seal.cases.root);
                let sent = serde_json::to_string(&proof).unwrap();
                assert_eq!(serde_json::from_str::<Proof>(&sent).unwrap(), proof);
                shown += 1;
            }
        }
        assert_eq!(shown, seals[2].cases.records);
        assert_eq!(desk.proof(&case("m09"), 1).unwrap(), None);
        assert_eq!(desk.proof(&case("m01"), 999).unwrap(), None);
    });
}

fn shows_nothing_else(proof: &Proof, record: &Hash, seal: &Hash) {
    let other = Hash::of(b"other");
    assert!(!proof.shows(&other, seal) && !proof.shows(record, &other));
    let changed = |change: fn(&mut Proof)| {
        let mut proof = proof.clone();
        change(&mut proof);
        !proof.shows(record, seal)
    };
    assert!(changed(|proof| proof.place += 1));
    assert!(changed(|proof| proof.place = 0));
    assert!(changed(|proof| proof.log = Shelf::Duties));
    assert!(changed(|proof| proof.path.push(Step::Left(Hash::of(b"x")))));
    assert!(changed(|proof| proof.seal.cases.records += 1));
    assert!(proof.path.is_empty() || changed(|proof| proof.path.truncate(proof.path.len() - 1)));
}

// A clock that is years ahead, or a year that was mistyped, would keep every day until then from being sealed.
#[test]
fn a_day_that_is_far_ahead_of_everything_is_not_sealed() {
    on_every_ledger(|desk| {
        for command in story().into_iter().flatten() {
            done(&desk, command);
        }
        let far = [93, 366, 3 * 366];
        for days in far {
            let error = desk.seal(day(2 + days), at(DAY * (2 + days) + 14 * 60));
            let error = error.unwrap_err();
            assert!(error.is_misuse(), "{error}");
        }
        let error = desk.seal(day(367), at(DAY * 367 + 14 * 60)).unwrap_err();
        insta::assert_snapshot!("far_ahead", error);
        // A clock that is ahead cannot seal what is past, either: the seal's own moment would be wrong for ever.
        assert!(desk.seal(day(2), at(DAY * 400)).is_err());
        assert_eq!(desk.seals(None, 10).unwrap(), []);
        // Every day can still be sealed, and a board where nothing happens for long seals on.
        let mut seals = vec![sealed(&desk, 2)];
        seals.push(sealed(&desk, 90));
        seals.push(sealed(&desk, 180));
        assert!(
            desk.seal(day(180 + 94), at(DAY * (180 + 94) + 14 * 60))
                .is_err()
        );
        seals.push(sealed(&desk, 270));
        assert_eq!(desk.seals(None, 10).unwrap(), seals);
        assert_eq!(desk.verify().unwrap().seals, 4);
    });
}

#[test]
fn desks_that_seal_at_once_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = || Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let desks = [Arc::new(desk()), Arc::new(desk())];
    done(&desks[0], opened("c1", "m01", 0));
    let both: Vec<_> = (0..4)
        .map(|k: usize| {
            let desk = Arc::clone(&desks[k % 2]);
            std::thread::spawn(move || {
                let mut own = Vec::new();
                for n in 0..12 {
                    done(&desk, noted(&format!("n{k}.{n}"), "m01", 10, "n"));
                    // Another may be past that day already.
                    own.extend(desk.seal(day(n), at(DAY * n + 14 * 60)).ok());
                }
                own
            })
        })
        .collect();
    let all: Vec<Seal> = both.into_iter().flat_map(|it| it.join().unwrap()).collect();
    let kept: Vec<_> = all.iter().map(|seal| (seal.day, seal.hash())).collect();
    assert!(kept.len() >= 4);
    let verified = desks[0].verify_against(&kept).unwrap();
    assert!(verified.seals >= 1 && verified.seals <= 12);
    assert_eq!(
        desks[1].seals(None, 100).unwrap().last().unwrap().day,
        day(11)
    );
}

/// Whatever a desk over a database does can go from thread to thread. Compiling is the test.
#[allow(dead_code, reason = "nobody need run it")]
fn goes_between_threads<L: duly::desk::AsyncLedger>(
    desk: &duly::desk::AsyncDesk<L>,
    who: &duly::words::Actor,
) {
    fn goes<T: Send>(_: T) {}
    let of = case("m01");
    goes(desk.seal(day(0), at(0)));
    goes(desk.seals(None, 1));
    goes(desk.proof(&of, 1));
    goes(desk.verify_against(&[]));
    goes(desk.erasable(&who.id, duly::desk::Extent::All));
    goes(desk.erase_subject(&who.id, "", who, at(0), duly::desk::Extent::All));
}
