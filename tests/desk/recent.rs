//! Heads in hand: a desk decides on what it knows of a case, asks the ledger for nothing, and is right all the same.

use std::sync::{Arc, Mutex};

use duly::case::{Case, evolve};
use duly::desk::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use duly::desk::{Answer, Cursor, Desk, DeskError, Ledger, MemoryLedger, Page, SqliteLedger};
use duly::time::Moment;
use duly::words::{BoardId, Command, Envelope, Event, Role, Why};

use super::around::{Around, Asks};
use super::{
    at, board, case, done, envelope, noted, on_every_ledger, open, opened, plans, screened,
};

type Read<T> = Result<T, DeskError>;

/// What was asked, in its order.
type Asked = Arc<Mutex<Vec<Asks>>>;

/// A desk, and what it asks its ledger for.
fn watched(below: Arc<MemoryLedger>) -> (Desk<Around<Arc<MemoryLedger>>>, Asked) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    let ledger = Around::new(below, move |asks| {
        notes.lock().unwrap().push(asks);
        Ok(())
    });
    (Desk::new(ledger, plans()).unwrap(), asked)
}

fn taken(asked: &Mutex<Vec<Asks>>) -> Vec<Asks> {
    std::mem::take(&mut *asked.lock().unwrap())
}

#[test]
fn a_command_to_a_case_in_hand_or_to_none_yet_asks_for_nothing_but_its_commit() {
    let (desk, asked) = watched(Arc::new(MemoryLedger::new(board())));
    done(&desk, opened("c1", "m01", 0));
    let first = taken(&asked);
    // The plan is kept once.
    assert_eq!(first, [Asks::Commit, Asks::Else, Asks::Commit]);
    done(&desk, opened("c2", "m02", 1));
    done(&desk, screened("s1", "m01", 2));
    done(&desk, noted("n1", "m02", 3, "a note"));
    // A refusal is a commit, too.
    let refused = desk.submit(screened("s2", "m01", 4)).unwrap();
    assert!(refused.refusal().is_some());
    assert_eq!(taken(&asked), [Asks::Commit; 4]);
    // So is one to a case that was woken here.
    let _ = desk.advance(at(60 * 24 * 10)).unwrap();
    taken(&asked);
    done(&desk, noted("n2", "m01", 60 * 24 * 10, "n"));
    assert_eq!(taken(&asked), [Asks::Commit]);
    desk.verify().unwrap();
}

#[test]
fn another_desk_that_was_first_is_told_of_by_the_commit() {
    let below = Arc::new(MemoryLedger::new(board()));
    let (one, asked) = watched(Arc::clone(&below));
    let other = Desk::new(Arc::clone(&below), plans()).unwrap();
    done(&one, opened("c1", "m01", 0));
    taken(&asked);
    done(&other, screened("s1", "m01", 1));
    // It would be refused by what this desk knows: nobody has screened it.
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: Vec::new(),
    };
    done(&one, envelope("a1", "m01", Role::Intake, 2, assign));
    assert_eq!(taken(&asked), [Asks::Commit; 2]);
    // A case that only the other has opened.
    done(&other, opened("c2", "m02", 3));
    let again = one.submit(open_again("c3", "m02", 4)).unwrap();
    assert!(again.refusal().is_some() || !again.is_done());
    done(&one, noted("n2", "m02", 5, "n"));
    // Ticks of the other, and its answers.
    let _ = other.advance(at(60 * 24 * 20)).unwrap();
    done(&one, noted("n3", "m01", 60 * 24 * 20, "n"));
    assert_eq!(one.verify().unwrap(), other.verify().unwrap());
}

/// Opens a case that is there under another number.
fn open_again(id: &str, of: &str, minutes: i64) -> Envelope {
    let mut command = open(of);
    if let Command::Open { external_id, .. } = &mut command {
        *external_id = "another".parse().unwrap();
    }
    envelope(id, of, Role::Intake, minutes, command)
}

#[test]
fn whatever_was_answered_is_answered_the_same_by_every_desk() {
    let below = Arc::new(MemoryLedger::new(board()));
    let desks = || Desk::new(Arc::clone(&below), plans()).unwrap();
    let (one, other) = (desks(), desks());
    let far = 60 * 24 * 365 * 30;
    let all = [
        opened("c1", "m01", 0),
        screened("s1", "m01", 1),
        // Refused, and remembered.
        screened("s2", "m01", 2),
        noted("n0", "m09", 2, "there is no such case"),
        noted("n1", "m01", 3, "n"),
        // The same message under another command id and another case: it has its case.
        envelope("c2", "m02", Role::Intake, 4, open("m01")),
        // Of a case that is there.
        open_again("c3", "m01", 5),
        noted(
            "n2",
            "m01",
            60 * 24 * 9,
            "after time has brought something about",
        ),
        screened("s3", "m01", 60 * 24 * 30),
    ];
    let first: Vec<_> = all
        .iter()
        .map(|one_of| one.submit(one_of.clone()).unwrap())
        .collect();
    let stood = one.verify().unwrap();
    for (envelope, first) in all.iter().zip(&first) {
        for desk in [&one, &other, &desks()] {
            assert_eq!(
                desk.submit(envelope.clone()).unwrap(),
                *first,
                "{}",
                envelope.id
            );
            // Later too, whatever time would bring about by then; and where its moment would not be believed.
            for minutes in [60 * 24 * 400, far] {
                let late = Envelope {
                    at: at(minutes),
                    ..envelope.clone()
                };
                assert_eq!(desk.submit(late).unwrap(), *first, "{}", envelope.id);
            }
            let mut reused = envelope.clone();
            reused.by = super::actor(Role::Supervisor);
            match (desk.submit(reused), first) {
                // Of a message that has its case nothing is kept to compare.
                (said, Answer::Known { .. }) => assert_eq!(said.unwrap(), *first),
                (said, _) => assert!(said.unwrap_err().is_reused()),
            }
        }
    }
    assert_eq!(one.verify().unwrap(), stood, "repetitions leave no trace");
    // What is not believed is no answer to remember.
    let late = one.submit(noted("n9", "m01", far, "n")).unwrap();
    assert!(matches!(*late.refusal().unwrap().why, Why::TooFar { .. }));
    assert_eq!(one.answered(&"n9".parse().unwrap()).unwrap(), None);
    done(&one, noted("n9", "m01", 60 * 24 * 31, "n"));
}

#[test]
fn a_group_that_is_taken_back_leaves_nothing_in_hand() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let failed = desk.together(|| {
            done(&desk, opened("c2", "m02", 0));
            done(&desk, screened("s1", "m01", 1));
            Err(DeskError::misuse("changed our mind"))
        });
        assert!(failed.is_err());
        // By what was taken back, it would be refused.
        done(&desk, screened("s1", "m01", 2));
        let missing = desk.submit(noted("n1", "m02", 2, "n")).unwrap();
        assert!(matches!(*missing.refusal().unwrap().why, Why::NoCase));
        done(&desk, opened("c2", "m02", 3));
        desk.verify().unwrap();
    });
}

#[test]
fn a_ledger_that_takes_no_writes_answers_what_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let writer = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    let first = writer.submit(opened("c1", "m01", 0)).unwrap();
    let ledger = SqliteLedger::open_read_only(&path, board()).unwrap();
    let reader = Desk::new(ledger, plans()).unwrap();
    assert_eq!(reader.submit(opened("c1", "m01", 0)).unwrap(), first);
    let error = reader.submit(opened("c2", "m02", 0)).unwrap_err();
    assert!(error.is_read_only(), "{error}");
}

/// A ledger that can be exchanged for another while desks are open: a server that fails over to a standby which never got the last commits.
struct Failing(Mutex<Arc<MemoryLedger>>);

impl Failing {
    fn now(&self) -> Arc<MemoryLedger> {
        Arc::clone(&self.0.lock().unwrap())
    }
}

impl Ledger for Failing {
    fn board(&self) -> &BoardId {
        static BOARD: std::sync::OnceLock<BoardId> = std::sync::OnceLock::new();
        BOARD.get_or_init(board)
    }
    fn load(&self, shelf: Shelf, key: &str) -> Read<Option<HeadRow>> {
        self.now().load(shelf, key)
    }
    fn commit(&self, commit: &Commit) -> Read<Committed> {
        self.now().commit(commit)
    }
    fn answered(&self, shelf: Shelf, command: &str) -> Read<Option<CommandRow>> {
        self.now().answered(shelf, command)
    }
    fn find(&self, number: &NumberRow) -> Read<Option<String>> {
        self.now().find(number)
    }
    fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Read<Vec<AlarmRow>> {
        self.now().due(shelf, now, after, limit)
    }
    fn next_alarm(&self, shelf: Shelf) -> Read<Option<Moment>> {
        self.now().next_alarm(shelf)
    }
    fn read(&self, shelf: Shelf, after: &Cursor, limit: usize) -> Read<Page<RecordRow>> {
        self.now().read(shelf, after, limit)
    }
    fn history(&self, shelf: Shelf, key: &str) -> Read<Vec<RecordRow>> {
        self.now().history(shelf, key)
    }
    fn keys(&self, shelf: Shelf, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        self.now().keys(shelf, after, limit)
    }
    fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Read<Page<OutgoingRow>> {
        self.now().outbox(shelf, links, after, limit)
    }
    fn delivered(&self, shelf: Shelf, effects: &[String]) -> Read<()> {
        self.now().delivered(shelf, effects)
    }
    fn private(&self, shelf: Shelf, key: &str, reference: &str) -> Read<Option<PrivateRow>> {
        self.now().private(shelf, key, reference)
    }
    fn keep(&self, kept: Kept, name: &str, text: &str) -> Read<()> {
        self.now().keep(kept, name, text)
    }
    fn kept(&self, kept: Kept, name: &str) -> Read<Option<String>> {
        self.now().kept(kept, name)
    }
    fn kept_names(&self, kept: Kept, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        self.now().kept_names(kept, after, limit)
    }
    fn together(&self, group: &mut dyn FnMut() -> Read<()>) -> Read<()> {
        group()
    }
}

fn folded<L: Ledger>(desk: &Desk<L>, of: &str) -> Option<Case> {
    let history = desk.history(&case(of)).unwrap();
    history.iter().fold(None, |case, entry| {
        Some(evolve(case, &entry.sealed.record).unwrap())
    })
}

// A version says how far a chain has come, and not which chain it is: after a failover the same version may stand for other records.
#[test]
fn a_desk_goes_on_by_the_history_that_there_is_after_a_failover() {
    let ledger = || Arc::new(MemoryLedger::new(board()));
    let at_first = ledger();
    let desk = Desk::new(Failing(Mutex::new(Arc::clone(&at_first))), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, screened("s1", "m01", 1));
    done(&desk, opened("c2", "m02", 1));
    let version = desk.case(&case("m01")).unwrap().unwrap().version();
    // The standby has the case as it was opened, and then as many other records.
    let standby = ledger();
    let survivor = Desk::new(Arc::clone(&standby), plans()).unwrap();
    done(&survivor, opened("c1", "m01", 0));
    for n in 0.. {
        if survivor.case(&case("m01")).unwrap().unwrap().version() >= version {
            break;
        }
        done(
            &survivor,
            noted(&format!("n{n}"), "m01", 1, "written there"),
        );
    }
    let there = survivor.case(&case("m01")).unwrap().unwrap();
    assert_eq!(
        there.version(),
        version,
        "the test wants two histories as long"
    );
    *desk.ledger().0.lock().unwrap() = Arc::clone(&standby);
    // By what it has in hand the case is screened, and this refused.
    done(&desk, screened("s2", "m01", 2));
    // The command that was lost can be sent again, and is decided as if it had never come.
    let again = desk.submit(screened("s1", "m01", 1)).unwrap();
    assert!(again.refusal().is_some());
    // A case that was lost whole, and its plan would be kept anew.
    let lost = desk.submit(noted("n", "m02", 3, "n")).unwrap();
    assert!(matches!(*lost.refusal().unwrap().why, Why::NoCase));
    done(&desk, opened("c2", "m02", 4));
    assert_eq!(desk.case(&case("m01")).unwrap(), folded(&desk, "m01"));
    let events = desk.history(&case("m01")).unwrap();
    let screened = events
        .iter()
        .filter(|entry| matches!(entry.sealed.record.event, Event::Screened { .. }));
    assert_eq!(screened.count(), 1);
    desk.verify().unwrap();

    // A standby that has nothing at all has no plan either.
    let empty = ledger();
    *desk.ledger().0.lock().unwrap() = Arc::clone(&empty);
    done(&desk, opened("c9", "m09", 5));
    desk.verify().unwrap();
}
