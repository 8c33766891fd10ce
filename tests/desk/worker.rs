//! The loop around a desk, with a made-up clock: nothing here sleeps. When it wakes, what it waits out, and what ends it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duly::case::{StepOutcome, effects, evolve, outcomes};
use duly::desk::worker::{AsyncWorker, Bell, Clock, Ended, Parcel, Rhythm, Worker};
use duly::desk::{AsyncDesk, Cursor, Desk, DeskError, Ledger, MemoryLedger, SqliteLedger};
use duly::plan::{Plans, bare};
use duly::time::Moment;
use duly::words::{Event, Record};
use proptest::prelude::*;
use rusqlite::Connection;

use super::around::{Around, Asks};
use super::tries::config;
use super::waited::{Waited, block};
use super::{at, board, case, done, noted, opened, plans, screened};

type Meanwhile<'a> = Box<dyn FnMut(&MadeUp<'_>, &Bell) + 'a>;

/// A clock that goes on by what is waited, and does what it is told in between.
pub struct MadeUp<'a> {
    pub now: Cell<Moment>,
    /// Every wait that was asked for.
    waits: RefCell<Vec<(Moment, Duration)>>,
    meanwhile: RefCell<Meanwhile<'a>>,
}

impl<'a> MadeUp<'a> {
    pub fn new(now: Moment, meanwhile: impl FnMut(&MadeUp<'_>, &Bell) + 'a) -> MadeUp<'a> {
        MadeUp {
            now: Cell::new(now),
            waits: RefCell::default(),
            meanwhile: RefCell::new(Box::new(meanwhile)),
        }
    }
    pub fn pass(&self, most: Duration) {
        let seconds = i64::try_from(most.as_secs()).unwrap().max(1);
        self.now.set(self.now.get().plus(seconds));
    }
    pub fn waited(&self) -> Vec<u64> {
        self.waits
            .borrow()
            .iter()
            .map(|(_, most)| most.as_secs())
            .collect()
    }
    fn wait_once(&self, bell: &Bell, seen: u64, most: Duration) {
        assert!(most >= Duration::from_millis(10), "a wait of nothing");
        self.waits.borrow_mut().push((self.now.get(), most));
        assert!(self.waits.borrow().len() < 100_000, "it spins");
        let before = self.now.get();
        (self.meanwhile.borrow_mut())(self, bell);
        // Rung, or set anew: then it did not wait that long.
        if bell.rings() == seen && self.now.get() == before {
            self.pass(most);
        }
    }
}

impl Clock for MadeUp<'_> {
    fn now(&self) -> Moment {
        self.now.get()
    }
    fn wait(&self, bell: &Bell, seen: u64, most: Duration) {
        self.wait_once(bell, seen, most);
    }
}

const HOUR: Duration = Duration::from_secs(3600);

pub fn hourly() -> Rhythm {
    Rhythm::default().longest(HOUR)
}

fn records<L: Ledger>(desk: &Desk<L>) -> Vec<Record> {
    let all = desk.read(&Cursor::start(), usize::MAX).unwrap().items;
    all.into_iter().map(|entry| entry.sealed.record).collect()
}

/// Every effect that ever went outside, by its case, in order.
pub fn told<L: Ledger>(desk: &Desk<L>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in desk.cases(None, usize::MAX).unwrap() {
        let mut state = None;
        for entry in desk.history(&id).unwrap() {
            let record = entry.sealed.record;
            let after = evolve(state.take(), &record).unwrap();
            for outgoing in effects(&record, &after).iter().filter(|it| !it.is_link()) {
                all.entry(id.to_string())
                    .or_default()
                    .push(outgoing.id.to_string());
            }
            state = Some(after);
        }
    }
    all
}

/// What was delivered, by its case, in the order in which it came first.
pub fn first_delivered(log: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (of, id) in log {
        if seen.insert(id) {
            all.entry(of.clone()).or_default().push(id.clone());
        }
    }
    all
}

/// Delivers by writing down something of each parcel.
pub fn writes<T>(
    log: &RefCell<Vec<T>>,
    what: impl Fn(&Parcel) -> T,
) -> impl FnMut(Parcel) -> Result<(), ()> {
    move |parcel| {
        log.borrow_mut().push(what(&parcel));
        Ok(())
    }
}

#[derive(Debug, Clone)]
enum Happens {
    /// The wall clock is set, ahead or back.
    Jump(i64),
    /// Somebody writes, and rings or forgets to.
    Submit {
        case: u8,
        rings: bool,
    },
    Ring,
    /// The ledger fails so many of the next questions.
    Outage(usize),
    /// The deliverer fails so many times; some of them it falls over.
    Undeliverable(usize),
    Nothing,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        2 => (-2 * 86_400..9 * 86_400i64).prop_map(Happens::Jump),
        4 => (0..5u8, any::<bool>()).prop_map(|(case, rings)| Happens::Submit { case, rings }),
        1 => Just(Happens::Ring),
        2 => (1..60usize).prop_map(Happens::Outage),
        2 => (1..12usize).prop_map(Happens::Undeliverable),
        4 => Just(Happens::Nothing),
    ]
}

proptest! {
    #![proptest_config(config(64))]
    /// Whatever clocks, ledger and deliverer do meanwhile: every alarm that came due fired, once; whatever was to be told was told, in the
    /// order of each case; the loop never spins, and ends when it is told to.
    #[test]
    fn everything_due_fires_once_and_everything_is_told(
        script in prop::collection::vec(happens(), 1..40),
        page in 1..5usize,
        batch in 1..5usize,
    ) {
        let outage = Arc::new(AtomicUsize::new(0));
        let asked = Arc::new(AtomicUsize::new(0));
        let ledger = {
            let (outage, asked) = (Arc::clone(&outage), Arc::clone(&asked));
            Around::new(MemoryLedger::new(board()), move |_| {
                assert!(asked.fetch_add(1, Ordering::SeqCst) < 200_000, "it asks without a wait");
                let down = outage.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
                match down {
                    Ok(n) if n % 2 == 0 => Err(DeskError::busy()),
                    Ok(_) => Err(DeskError::storage("the database is away")),
                    Err(_) => Ok(()),
                }
            })
        };
        let desk = Desk::new(ledger, plans()).unwrap();
        let fails = Cell::new(0usize);
        let log = RefCell::new(Vec::new());
        let mut worker = Worker::new(&desk, |parcel: Parcel| {
            if let Some(left) = fails.get().checked_sub(1) {
                fails.set(left);
                assert!(left % 3 != 0, "a deliverer falls over");
                return Err("not now");
            }
            log.borrow_mut().push((parcel.of(), parcel.id()));
            Ok(())
        })
        .with_rhythm(hourly().page(page).batch(batch));
        let mut ahead = script.into_iter();
        let mut number = 0;
        let mut last = at(0);
        let mut quiet = 0;
        let clock = MadeUp::new(at(0), |clock, bell| {
            asked.store(0, Ordering::SeqCst);
            last = last.max(clock.now.get());
            match ahead.next() {
                Some(Happens::Jump(seconds)) => clock.now.set(clock.now.get().plus(seconds)),
                Some(Happens::Submit { case, rings }) => {
                    number += 1;
                    let minutes = clock.now.get().since(at(0)) / 60;
                    let (id, of) = (format!("c{number}"), format!("m{case}"));
                    let envelope = match desk.case(&super::case(&of)) {
                        Ok(None) => opened(&id, &of, minutes),
                        _ if number % 3 == 0 => screened(&id, &of, minutes),
                        _ => noted(&id, &of, minutes, "words"),
                    };
                    let _ = desk.submit(envelope);
                    if rings {
                        bell.ring();
                    }
                }
                Some(Happens::Ring) => bell.ring(),
                Some(Happens::Outage(many)) => outage.store(many, Ordering::SeqCst),
                Some(Happens::Undeliverable(many)) => fails.set(many),
                Some(Happens::Nothing) => {}
                // After all of it, a few days without any incident.
                None if quiet == 0 => {
                    outage.store(0, Ordering::SeqCst);
                    fails.set(0);
                    clock.now.set(last);
                    quiet = 1;
                }
                None if quiet < 60 => quiet += 1,
                None => bell.stop(),
            }
        });
        let ended = worker.run(&clock);
        prop_assert!(ended.is_stopped());
        let end = clock.now.get();
        // Nothing that is due is left, and nothing has two outcomes or none.
        prop_assert_eq!(desk.advance(end).unwrap().fired, 0);
        desk.verify().unwrap();
        for id in desk.cases(None, usize::MAX).unwrap() {
            let history = desk.history(&id).unwrap();
            let of: Vec<Record> = history.into_iter().map(|entry| entry.sealed.record).collect();
            let mut steps = BTreeSet::new();
            for record in &of {
                if let Event::StepTaken { clock, step, .. } = &record.event {
                    prop_assert!(steps.insert((*clock, step.clone())), "{} {} twice", clock, step);
                }
            }
            for occurrence in outcomes(&of).unwrap() {
                if let StepOutcome::Ahead { at: Some(at) } = occurrence.outcome {
                    prop_assert!(at > end, "{} {} was due at {}", occurrence.clock, occurrence.step, at);
                }
            }
        }
        prop_assert!(desk.outbox(&Cursor::start(), 1).unwrap().items.is_empty());
        prop_assert_eq!(first_delivered(&log.borrow()), told(&desk));
    }
}

#[test]
fn it_wakes_at_the_alarm_and_sooner_when_rung() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let first = done(&desk, opened("c1", "m1", 0)).next_alarm.unwrap();
    let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(())).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |clock, bell| {
        turns += 1;
        match turns {
            2 => {
                // A case whose alarm comes earlier than that of the first.
                done(&desk, opened("c2", "m2", -60 * 24));
                bell.ring();
            }
            _ if clock.now.get() > first.plus(3600) => bell.stop(),
            _ => {}
        }
    });
    assert!(worker.run(&clock).is_stopped());
    // Each step was noticed in the second in which it came, but for those that were due before anybody wrote.
    let all = desk.read(&Cursor::start(), usize::MAX).unwrap().items;
    let steps = all
        .iter()
        .filter(|it| matches!(it.sealed.record.event, Event::StepTaken { .. }));
    let mut any = 0;
    for entry in steps.filter(|it| it.sealed.record.at > at(60)) {
        assert_eq!(entry.observed_at, entry.sealed.record.at);
        any += 1;
    }
    assert!(any > 0);
    // It never waits longer than it may, and not past the alarm.
    let waits = clock.waits.borrow();
    assert!(waits.iter().all(|(_, most)| *most <= HOUR));
    assert!(waits.iter().any(|(_, most)| *most < HOUR));
}

#[test]
fn a_clock_that_is_set_back_and_stands_still_does_no_harm() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    done(&desk, opened("c1", "m1", 0));
    let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(())).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |clock, bell| {
        turns += 1;
        clock.now.set(at(-60 * 24 * turns));
        if turns == 50 {
            bell.stop();
        }
    });
    let before = records(&desk);
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(records(&desk), before);
    // It looks once more soon after its start.
    let waited = clock.waited();
    assert_eq!((waited.len(), waited[0]), (50, 1));
    assert_eq!(waited[1..], [3600; 49]);
}

#[test]
fn a_ledger_that_fails_is_waited_out() {
    let down = Arc::new(AtomicBool::new(false));
    let tries = Arc::new(AtomicUsize::new(0));
    let ledger = {
        let (down, tries) = (Arc::clone(&down), Arc::clone(&tries));
        Around::new(MemoryLedger::new(board()), move |_| {
            tries.fetch_add(1, Ordering::SeqCst);
            match down.load(Ordering::SeqCst) {
                true => Err(DeskError::storage("the database is away")),
                false => Ok(()),
            }
        })
    };
    let desk = Desk::new(ledger, plans()).unwrap();
    let sent = Cell::new(0);
    let mut worker = Worker::new(&desk, |_| {
        sent.set(sent.get() + 1);
        Ok::<(), ()>(())
    })
    .with_rhythm(
        Rhythm::default()
            .back_off(Duration::from_secs(1), Duration::from_secs(30))
            .jitter(|attempt, wait| wait + Duration::from_millis(u64::from(attempt))),
    );
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |_, bell| {
        turns += 1;
        match turns {
            1 => down.store(true, Ordering::SeqCst),
            10 => {
                down.store(false, Ordering::SeqCst);
                done(&desk, opened("c1", "m1", 0));
            }
            13 => bell.stop(),
            _ => {}
        }
    });
    assert!(worker.run(&clock).is_stopped());
    let waits = clock.waited();
    assert_eq!(waits[1..9], [1, 2, 4, 8, 16, 30, 30, 30]);
    assert_eq!(clock.waits.borrow()[3].1, Duration::from_millis(4003));
    // It comes back by itself, and then waits for the next alarm as before.
    assert_eq!(sent.get(), told(&desk)["m1"].len());
    assert!(tries.load(Ordering::SeqCst) < 200);
}

#[test]
fn what_no_wait_can_mend_ends_it() {
    let ledger = Around::new(MemoryLedger::new(board()), |_| Err(DeskError::read_only()));
    let desk = Desk::new(ledger, plans()).unwrap();
    let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(()));
    let clock = MadeUp::new(at(0), |_, _| panic!("there is nothing to wait for"));
    let ended = worker.run(&clock);
    assert!(
        matches!(&ended, Ended::Failed(error) if error.is_read_only()),
        "{ended:?}"
    );
    assert!(!ended.is_stopped());
}

#[test]
fn a_ledger_for_reading_only_ends_it_when_something_is_due() {
    let ledger = Around::new(MemoryLedger::new(board()), |asks| match asks {
        Asks::Together => Err(DeskError::read_only()),
        _ => Ok(()),
    });
    let desk = Desk::new(ledger, plans()).unwrap();
    let alarm = done(&desk, opened("c1", "m1", 0)).next_alarm.unwrap();
    let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(()));
    let clock = MadeUp::new(alarm, |_, _| panic!("there is nothing to wait for"));
    let ended = worker.run(&clock);
    assert!(
        matches!(&ended, Ended::Failed(error) if error.is_read_only()),
        "{ended:?}"
    );
}

#[test]
fn a_case_that_cannot_be_woken_is_left_alone_for_a_while_and_keeps_no_other() {
    let ledger = Arc::new(MemoryLedger::new(board()));
    let forgetful = Around::forgetful(Arc::clone(&ledger));
    done(
        &Desk::new(forgetful, plans()).unwrap(),
        opened("c1", "bad", 0),
    );
    let mut other = bare("demo".parse().unwrap());
    other.edition = "2".into();
    let mut plans = Plans::new(board());
    plans.take(other).unwrap();
    let ticks = Arc::new(AtomicUsize::new(0));
    let around = {
        let ticks = Arc::clone(&ticks);
        Around::new(Arc::clone(&ledger), move |asks| {
            if asks == Asks::Together {
                ticks.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        })
    };
    let desk = Desk::new(around, plans).unwrap();
    done(&desk, opened("c2", "good", 7));
    let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(()))
        .with_rhythm(hourly().back_off(Duration::from_secs(7), HOUR));
    let end = at(60 * 24 * 30);
    let clock = MadeUp::new(at(0), |clock, bell| {
        if clock.now.get() > end {
            bell.stop();
        }
    });
    assert!(worker.run(&clock).is_stopped());
    let good = desk.history(&case("good")).unwrap();
    let steps: Vec<_> = good
        .iter()
        .filter(|entry| matches!(entry.sealed.record.event, Event::StepTaken { .. }))
        .collect();
    assert!(steps.len() > 3);
    for entry in steps {
        assert_eq!(
            entry.observed_at, entry.sealed.record.at,
            "it was kept waiting"
        );
    }
    // Tried again now and then, ever less often.
    let hours = 24 * 30;
    assert!(
        (20..hours + 100).contains(&ticks.load(Ordering::SeqCst)),
        "{ticks:?}"
    );
    assert!(clock.waits.borrow().len() < 3 * hours);
    assert!(
        // After the others were woken it looks once more a second later.
        clock.waited().windows(3).any(|three| three == [1, 6, 14]),
        "{:?}",
        &clock.waited()[..20]
    );
}

/// A case whose key is no id, as in a damaged file, is tried again ever less often, as any other that cannot be woken.
#[test]
fn a_case_whose_key_is_no_id_is_left_alone_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    done(&open(), opened("c1", "m1", 0));
    let file = Connection::open(&path).unwrap();
    let key = "UPDATE heads SET chain = CAST(x'6DB031' AS TEXT)";
    assert_eq!(file.execute(key, []).unwrap(), 1);
    let desk = open();
    let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(())).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(60 * 24 * 10), |_, bell| {
        turns += 1;
        if turns == 8 {
            bell.stop();
        }
    });
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(clock.waited(), [1, 2, 4, 8, 16, 32, 60, 60]);
}

#[test]
fn it_stops_from_another_thread_and_by_a_flag() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    for by_flag in [false, true] {
        let mut worker = Worker::new(&desk, |_| Ok::<(), ()>(()));
        let bell = worker.bell();
        let flag = by_flag.then(|| bell.flag());
        let ended = std::thread::scope(|scope| {
            let working = scope.spawn(move || worker.run(&|| at(0)));
            match flag {
                Some(flag) => flag.store(true, Ordering::SeqCst),
                None => bell.stop(),
            }
            // It would wait a minute.
            working.join().unwrap()
        });
        assert!(ended.is_stopped());
    }
}

#[test]
fn one_that_is_waited_for_does_the_same() {
    let ledger = Arc::new(MemoryLedger::new(board()));
    let desk = AsyncDesk::new(Waited(Arc::clone(&ledger)), plans()).unwrap();
    let same = Desk::new(ledger, plans()).unwrap();
    for n in 0..3 {
        let answer = block(desk.submit(opened(&format!("o{n}"), &format!("m{n}"), n))).unwrap();
        assert!(answer.is_done());
    }
    let log = RefCell::new(Vec::new());
    let fails = Cell::new(5);
    let bell = Bell::default();
    let mut worker = AsyncWorker::new(&desk, |parcel: Parcel| {
        let (log, fails) = (&log, &fails);
        async move {
            if fails.get() > 0 {
                fails.set(fails.get() - 1);
                assert!(fails.get() != 2, "it falls over");
                return Err(());
            }
            log.borrow_mut().push((parcel.of(), parcel.id()));
            Ok(())
        }
    })
    .with_rhythm(hourly())
    .with_bell(bell.clone());
    let end = at(60 * 24 * 20);
    let clock = MadeUp::new(at(0), |clock, bell| {
        if clock.now.get() > end {
            bell.stop();
        }
    });
    let seen = Cell::new(0);
    let ended = block(worker.run(
        || clock.now(),
        |most| {
            clock.wait_once(&bell, seen.get(), most);
            async {}
        },
    ));
    assert!(ended.is_stopped());
    assert_eq!(first_delivered(&log.borrow()), told(&same));
    assert!(told(&same).values().map(Vec::len).sum::<usize>() > 5);
    assert_eq!(same.advance(clock.now.get()).unwrap().fired, 0);
    let entries = same.read(&Cursor::start(), usize::MAX).unwrap().items;
    let steps = entries
        .iter()
        .filter(|it| matches!(it.sealed.record.event, Event::StepTaken { .. }));
    assert!(
        steps
            .map(|it| assert_eq!(it.observed_at, it.sealed.record.at))
            .count()
            > 0
    );
}

#[test]
fn a_bell_wakes_a_task_that_waits() {
    let desk = AsyncDesk::new(Waited(MemoryLedger::new(board())), plans()).unwrap();
    let bell = Bell::default();
    let looks = AtomicUsize::new(0);
    let until = |many| {
        while looks.load(Ordering::SeqCst) < many {
            std::thread::yield_now();
        }
    };
    let ended = std::thread::scope(|scope| {
        let mut worker =
            AsyncWorker::new(&desk, |_| async { Ok::<(), ()>(()) }).with_bell(bell.clone());
        let now = || {
            looks.fetch_add(1, Ordering::SeqCst);
            at(0)
        };
        // Its sleep is never over.
        let working = scope.spawn(move || block(worker.run(now, |_| std::future::pending())));
        until(1);
        bell.ring();
        until(2);
        bell.stop();
        working.join().unwrap()
    });
    assert!(ended.is_stopped());
}

/// What a ring was for may not be to be seen at first, where others have something under way: it is looked for once more soon, and not
/// when the longest wait is over.
#[test]
fn after_a_ring_it_looks_once_more_soon() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let log = RefCell::new(Vec::new());
    let mut worker = Worker::new(&desk, writes(&log, Parcel::id)).with_rhythm(hourly());
    let mut turns = 0;
    let clock = MadeUp::new(at(0), |_, bell| {
        turns += 1;
        match turns {
            1 => {}
            2 => bell.ring(),
            // It comes to be seen, and nobody rings for it again.
            3 => {
                done(&desk, opened("c1", "m1", 0));
            }
            4 => assert!(!log.borrow().is_empty(), "it is told by then"),
            _ => bell.stop(),
        }
    });
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(clock.waited()[..4], [1, 3600, 1, 3600]);
}

/// So is what it brought about itself, by waking a case, and what was there before it was started.
#[test]
fn after_it_has_woken_a_case_and_after_its_start_it_looks_once_more_soon() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let alarm = done(&desk, opened("c1", "m1", 0)).next_alarm.unwrap();
    let log = RefCell::new(Vec::new());
    let mut worker = Worker::new(&desk, writes(&log, Parcel::of)).with_rhythm(hourly());
    let is_told = |of: &str| log.borrow().iter().any(|it| it == of);
    let mut turns = 0;
    let clock = MadeUp::new(alarm.plus(-1800), |_, bell| {
        turns += 1;
        match turns {
            // What comes to be seen only now, and nobody rings for it.
            1 => drop(done(&desk, opened("c2", "m2", 0))),
            2 => assert!(is_told("m2"), "it is told by then"),
            3 => drop(done(&desk, opened("c3", "m3", 0))),
            4 => assert!(is_told("m3"), "it is told by then"),
            _ => bell.stop(),
        }
    });
    assert!(worker.run(&clock).is_stopped());
    assert_eq!(clock.waited()[..3], [1, 1799, 1]);
}

/// What a ledger does not answer, as long as it stands there.
type Silence = Arc<Mutex<Option<Asks>>>;

fn silent() -> (Arc<Around<MemoryLedger>>, Silence) {
    let silence = Arc::new(Mutex::new(None));
    let fails = Arc::clone(&silence);
    let ledger = Around::new(MemoryLedger::new(board()), move |asks| {
        match *fails.lock().unwrap() == Some(asks) {
            true => Err(DeskError::busy()),
            false => Ok(()),
        }
    });
    (Arc::new(ledger), silence)
}

/// Has a worker work over a ledger, and writes down of which cases it told. What fails is left alone for seven seconds at first.
type Works = fn(&Arc<Around<MemoryLedger>>, &MadeUp<'_>, &RefCell<Vec<String>>) -> Ended;

fn after_seven() -> Rhythm {
    hourly().back_off(Duration::from_secs(7), HOUR)
}

fn works(
    ledger: &Arc<Around<MemoryLedger>>,
    clock: &MadeUp<'_>,
    log: &RefCell<Vec<String>>,
) -> Ended {
    let desk = Desk::new(Arc::clone(ledger), plans()).unwrap();
    let mut worker = Worker::new(&desk, writes(log, Parcel::of)).with_rhythm(after_seven());
    worker.run(clock)
}

fn works_waited_for(
    ledger: &Arc<Around<MemoryLedger>>,
    clock: &MadeUp<'_>,
    log: &RefCell<Vec<String>>,
) -> Ended {
    let desk = AsyncDesk::new(Waited(Arc::clone(ledger)), plans()).unwrap();
    let bell = Bell::default();
    let mut worker = AsyncWorker::new(&desk, |parcel: Parcel| async move {
        log.borrow_mut().push(parcel.of());
        Ok::<(), ()>(())
    })
    .with_rhythm(after_seven())
    .with_bell(bell.clone());
    block(worker.run(
        || clock.now(),
        |most| {
            clock.wait_once(&bell, bell.rings(), most);
            async {}
        },
    ))
}

/// What is due, and what is to be told; in either kind of desk.
const LOOKS: [(Works, Asks); 4] = [
    (works, Asks::Alarm),
    (works, Asks::Outbox),
    (works_waited_for, Asks::Alarm),
    (works_waited_for, Asks::Outbox),
];

/// Where the ledger did not answer, nothing was looked at: what a start asks for, to look once more soon, is done after the first look that
/// came about, and not taken for done before.
#[test]
fn what_could_not_be_looked_at_is_looked_at_once_more() {
    for (works, asks) in LOOKS {
        let (ledger, silence) = silent();
        let desk = Desk::new(Arc::clone(&ledger), plans()).unwrap();
        let log = RefCell::new(Vec::new());
        *silence.lock().unwrap() = Some(asks);
        let mut turns = 0;
        let clock = MadeUp::new(at(0), |_, bell| {
            turns += 1;
            match turns {
                1 => *silence.lock().unwrap() = None,
                // It comes to be seen after the first look, and nobody rings for it.
                2 => drop(done(&desk, opened("c1", "m1", 0))),
                3 => assert!(!log.borrow().is_empty(), "{asks:?}: it is told by then"),
                _ => bell.stop(),
            }
        });
        assert!(works(&ledger, &clock, &log).is_stopped());
        assert_eq!(clock.waited()[..3], [7, 1, 3600], "{asks:?}");
    }
}

/// So it is after a ring that came while the ledger was left alone: what the ring was for is looked for when the ledger is asked again, and
/// once more soon after that.
#[test]
fn what_is_left_alone_when_somebody_rings_is_looked_at_once_more_later() {
    for (works, asks) in LOOKS {
        let (ledger, silence) = silent();
        let desk = Desk::new(Arc::clone(&ledger), plans()).unwrap();
        let log = RefCell::new(Vec::new());
        let mut turns = 0;
        let clock = MadeUp::new(at(0), |_, bell| {
            turns += 1;
            match turns {
                1 => *silence.lock().unwrap() = Some(asks),
                // It would answer again, but is left alone for now.
                2 => {
                    *silence.lock().unwrap() = None;
                    bell.ring();
                }
                3 => {}
                4 => drop(done(&desk, opened("c1", "m1", 0))),
                5 => assert!(!log.borrow().is_empty(), "{asks:?}: it is told by then"),
                _ => bell.stop(),
            }
        });
        assert!(works(&ledger, &clock, &log).is_stopped());
        assert_eq!(clock.waited()[..5], [1, 7, 7, 1, 3600], "{asks:?}");
    }
}
