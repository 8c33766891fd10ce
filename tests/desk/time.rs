//! Time passes.

use duly::desk::{Cursor, Desk, Ledger, MemoryLedger};
use duly::words::Record;

use super::{at, board, case, done, on_every_ledger, opened, plans, screened};

fn records<L: Ledger>(desk: &Desk<L>) -> Vec<Record> {
    let entries = desk.read(&Cursor::start(), usize::MAX).unwrap().items;
    entries
        .into_iter()
        .map(|entry| entry.sealed.record)
        .collect()
}

fn three_cases<L: Ledger>(desk: &Desk<L>) {
    done(desk, opened("c1", "b", 0));
    done(desk, opened("c2", "a", 0));
    done(desk, opened("c3", "c", 45));
    done(desk, screened("c4", "b", 50));
}

#[test]
fn nothing_is_due_before_its_time() {
    on_every_ledger(|desk| {
        three_cases(&desk);
        let alarm = desk.next_alarm().unwrap().unwrap();
        let before = records(&desk);
        assert_eq!(desk.advance(alarm.plus(-1)).unwrap().fired, 0);
        assert_eq!(records(&desk), before);
        let ticked = desk.advance(alarm).unwrap();
        assert!(ticked.fired > 0 && ticked.stuck.is_empty());
        assert!(desk.next_alarm().unwrap().unwrap() > alarm);
        // Twice does no harm.
        let after = records(&desk);
        assert_eq!(desk.advance(alarm).unwrap().fired, 0);
        assert_eq!(records(&desk), after);
        desk.verify().unwrap();
    });
}

#[test]
fn how_often_somebody_looks_changes_nothing() {
    let days = 40 * 24 * 60;
    let often = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    three_cases(&often);
    for hours in 0..days / 60 {
        let _ = often.advance(at(60 * hours)).unwrap();
    }
    let _ = often.advance(at(days)).unwrap();
    let expected = records(&often);
    assert!(expected.len() > 20);
    on_every_ledger(|desk| {
        three_cases(&desk);
        let mut fired = 0;
        loop {
            // A few at a time.
            let ticked = desk.tick(at(days), 3).unwrap();
            assert!(ticked.fired <= 3);
            fired += ticked.fired;
            if !ticked.more {
                break;
            }
            assert_eq!(ticked.fired, 3);
        }
        assert!(fired > 3);
        assert_eq!(records(&desk), expected);
        desk.verify().unwrap();
    });
    // In the order of moment and case.
    let came: Vec<_> = expected
        .iter()
        .filter(|r| r.by.is_none() && r.command.is_none())
        .map(|r| r.at)
        .collect();
    assert!(came.is_sorted());
}

#[test]
fn what_was_noticed_late_says_so_outside_the_chain() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let alarm = desk.next_alarm().unwrap().unwrap();
        let late = alarm.plus(3600);
        assert!(desk.tick(late, 1).unwrap().fired == 1);
        let last = desk.history(&case("m01")).unwrap().pop().unwrap();
        assert_eq!((last.sealed.record.at, last.observed_at), (alarm, late));
    });
}

#[test]
fn a_case_that_cannot_be_woken_keeps_no_other_waiting() {
    let ledger = MemoryLedger::new(board());
    {
        let desk = Desk::new(&ledger, plans()).unwrap();
        three_cases(&desk);
    }
    // A desk without the plan, over a ledger that has lost it.
    let forgetful = super::around::Around::forgetful(ledger);
    let mut edition = duly::plan::bare("demo".parse().unwrap());
    edition.edition = "2".into();
    let mut other = duly::plan::Plans::new(board());
    other.take(edition).unwrap();
    let desk = Desk::new(forgetful, other).unwrap();
    done(&desk, opened("c9", "z", 60));
    let end = at(10 * 24 * 60);
    let ticked = desk.advance(end).unwrap();
    assert_eq!(ticked.stuck.len(), 3);
    assert!(
        ticked.stuck[0].why.contains("is neither in hand nor kept"),
        "{}",
        ticked.stuck[0].why
    );
    assert!(ticked.fired > 0);
    assert!(
        desk.case(&case("z"))
            .unwrap()
            .unwrap()
            .next_alarm()
            .is_none_or(|alarm| alarm > end)
    );
}
