//! What does keeping cost? A desk over an SQLite file beside the bare insertion of the very rows that it writes; a tick beside how many
//! cases are open; replay beside the bare parsing of its records; and how large a state is. See `benches/README.md`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    reason = "a bench may stop where it is wrong, looks at the clock, and tells people what it found"
)]

mod day;
#[allow(dead_code, reason = "other benches draw numbers")]
mod timing;

use std::path::Path;
use std::time::{Duration, Instant};

use duly::case::replay as fold;
use duly::desk::rows::{Commit, HeadRow, Shelf};
use duly::desk::{Answer, Desk, Hash, Ledger, SqliteLedger};
use duly::time::Moment;
use duly::words::{CaseId, Envelope, Record};
use rusqlite::{Connection, params};

use day::{Maker, board, day, plans, start};
use timing::{median, thread_time};

fn submit(desk: &Desk<impl Ledger>, group: Vec<Envelope>) {
    for answer in desk.submit_many(group).unwrap() {
        match answer.unwrap() {
            Answer::Done(_) => {}
            other => panic!("not done: {other:?}"),
        }
    }
}

/// The bare insertion of a commit's rows: what anybody would write who trusted what comes in.
fn insert(file: &Connection, commit: &Commit) {
    let put = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
        file.prepare_cached(sql).unwrap().execute(params).unwrap();
    };
    for it in &commit.records {
        put(
            "INSERT INTO records (shelf, chain, version, prev, hash, record, observed_at) VALUES (1, ?, ?, ?, ?, ?, ?)",
            params![
                it.key,
                it.version as i64,
                it.prev.unwrap().bytes(),
                it.hash.unwrap().bytes(),
                std::str::from_utf8(&it.line).unwrap(),
                it.observed_at.unix()
            ],
        );
    }
    if let Some(it) = &commit.head {
        put(
            "INSERT INTO heads (shelf, chain, version, hash, alarm, state) VALUES (1, ?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (shelf, chain) DO UPDATE SET version = ?2, hash = ?3, alarm = ?4, state = ?5",
            params![commit.key, it.version as i64, it.hash.unwrap().bytes(), it.alarm.map(Moment::unix), it.state],
        );
    }
    for it in &commit.private {
        put(
            "INSERT INTO private (shelf, chain, reference, salt, text) VALUES (1, ?, ?, ?, ?)",
            params![commit.key, it.reference, it.salt.unwrap(), it.text],
        );
    }
    for it in &commit.outgoing {
        put(
            "INSERT INTO outbox (shelf, effect, link, outgoing) VALUES (1, ?, ?, ?)",
            params![it.effect, it.link, it.outgoing],
        );
    }
    if let Some(it) = &commit.number {
        put(
            "INSERT INTO numbers (shelf, channel, external_id, chain) VALUES (1, ?, ?, ?)",
            params![it.channel, it.external_id, commit.key],
        );
    }
    if let Some(it) = &commit.command {
        put(
            "INSERT INTO commands (shelf, id, chain, payload, said_at, at, answer) VALUES (1, ?, ?, ?, ?, ?, ?)",
            params![
                it.id,
                it.key,
                it.payload.unwrap().bytes(),
                it.said_at.unix(),
                it.at.unix(),
                it.answer
            ],
        );
    }
}

/// Time that all threads of this process have had a processor for.
#[cfg(unix)]
fn process_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(now).unwrap()
}

/// Elsewhere, time that has passed.
#[cfg(not(unix))]
fn process_time() -> Duration {
    thread_time()
}

struct Took {
    wall: f64,
    thread: f64,
    /// Of all threads.
    process: f64,
}

fn took(work: impl FnOnce()) -> Took {
    let (wall, thread, process) = (Instant::now(), thread_time(), process_time());
    work();
    Took {
        wall: wall.elapsed().as_secs_f64(),
        thread: (thread_time() - thread).as_secs_f64(),
        process: (process_time() - process).as_secs_f64(),
    }
}

/// A file with the tables of a ledger and its pace: nothing is said to be done before it is on the disk.
fn bare(path: &Path) -> Connection {
    drop(SqliteLedger::open(path, board()).unwrap());
    let file = Connection::open(path).unwrap();
    file.pragma_update(None, "synchronous", "FULL").unwrap();
    file.set_prepared_statement_cache_capacity(64);
    file
}

/// Commands a second by a desk, as a share of what the bare insertion of the same rows in the same groups does.
fn throughput(group: usize, rounds: usize, cases: usize) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(
        SqliteLedger::open(folder.path().join("desk.db"), board()).unwrap(),
        plans(),
    )
    .unwrap();
    let maker = Maker::new();
    let file = bare(&folder.path().join("bare.db"));
    let mut sides: Vec<(Took, Took)> = Vec::new();
    for round in 0..rounds {
        let all = day(round * cases, cases);
        let commits = maker.commits(&all);
        let inserted = took(|| {
            for some in commits.chunks(group) {
                file.execute_batch("BEGIN IMMEDIATE").unwrap();
                some.iter().for_each(|commit| insert(&file, commit));
                file.execute_batch("COMMIT").unwrap();
            }
        });
        let groups: Vec<Vec<Envelope>> = all.chunks(group).map(<[_]>::to_vec).collect();
        let submitted = took(|| groups.into_iter().for_each(|some| submit(&desk, some)));
        sides.push((inserted, submitted));
    }
    let both = |of: fn(&Took) -> f64| {
        let ratio = median(sides.iter().map(|(bare, desk)| of(bare) / of(desk))).unwrap();
        let desk = median(sides.iter().map(|(_, desk)| of(desk))).unwrap();
        (ratio, (5 * cases) as f64 / desk)
    };
    let ((wall, pace), (process, _)) = (both(|took| took.wall), both(|took| took.process));
    println!(
        "{group:>6} a group {pace:>9.0} commands a second {wall:>7.2} of bare insertion {process:>7.2} by processor time"
    );
    assert_eq!(desk.verify().unwrap().cases, (rounds * cases) as u64);
}

/// Threads that submit one by one: what the queue gathers.
fn gathered(threads: usize, cases: usize) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(
        SqliteLedger::open(folder.path().join("desk.db"), board()).unwrap(),
        plans(),
    )
    .unwrap();
    let each: Vec<Vec<Envelope>> = (0..threads).map(|n| day(n * cases, cases)).collect();
    let took = took(|| {
        std::thread::scope(|scope| {
            for mine in each {
                let desk = &desk;
                scope.spawn(move || {
                    mine.into_iter()
                        .for_each(|one| assert!(desk.submit(one).unwrap().is_done()))
                });
            }
        });
    });
    println!(
        "{threads:>6} threads {:>9.0} commands a second",
        (5 * cases * threads) as f64 / took.wall
    );
}

/// A tick that finds some cases due among many that are open.
fn ticks(open: usize, due: usize, rounds: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    submit(&desk, day(0, due * rounds));
    let head: HeadRow = desk.ledger().load(Shelf::Cases, "m0").unwrap().unwrap();
    let file = Connection::open(&path).unwrap();
    file.execute_batch("BEGIN").unwrap();
    for n in 0..open {
        // Each asleep until its own moment, years ahead.
        let alarm = start().unix() + 100_000_000 + n as i64;
        file.prepare_cached("INSERT INTO heads (shelf, chain, version, hash, alarm, state) VALUES (1, ?, ?, ?, ?, ?)")
            .unwrap()
            .execute(params![format!("z{n:07}"), head.version as i64, head.hash.unwrap().bytes(), alarm, head.state])
            .unwrap();
    }
    file.execute_batch("COMMIT").unwrap();
    drop(file);
    let mut times = Vec::new();
    for _ in 0..rounds {
        let next = desk.next_alarm().unwrap().unwrap();
        let mut fired = 0;
        let took = took(|| fired = desk.tick(next.plus(3600), due).unwrap().fired);
        assert!(fired > 0);
        times.push(took.thread / fired as f64);
    }
    median(times.into_iter()).unwrap()
}

/// Replay from the ledger beside the bare parsing of the same lines.
fn replay(cases: usize, rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(
        SqliteLedger::open(folder.path().join("desk.db"), board()).unwrap(),
        plans(),
    )
    .unwrap();
    submit(&desk, day(0, cases));
    let _ = desk.advance(start().plus(20 * 86_400)).unwrap();
    let ids: Vec<CaseId> = desk.cases(None, usize::MAX).unwrap();
    let rows = ids
        .iter()
        .flat_map(|id| desk.ledger().history(Shelf::Cases, id.as_str()).unwrap());
    let lines: Vec<Vec<u8>> = rows.map(|row| row.line).collect();
    let mut ratios = Vec::new();
    let mut parts: [Vec<f64>; 3] = Default::default();
    let histories: Vec<_> = ids.iter().map(|id| desk.history(id).unwrap()).collect();
    for _ in 0..rounds {
        let parsed = took(|| {
            for line in &lines {
                std::hint::black_box(serde_json::from_slice::<Record>(line).unwrap());
            }
        });
        let replayed = took(|| {
            for id in &ids {
                let history = desk.history(id).unwrap();
                std::hint::black_box(
                    fold(history.iter().map(|entry| &entry.sealed.record)).unwrap(),
                );
            }
        });
        ratios.push(replayed.thread / parsed.thread);
        let rows = took(|| {
            for id in &ids {
                let rows = desk.ledger().history(Shelf::Cases, id.as_str());
                std::hint::black_box(rows.unwrap());
            }
        });
        let hashes = took(|| {
            for line in &lines {
                std::hint::black_box(Hash::of(line));
            }
        });
        let folds = took(|| {
            for history in &histories {
                std::hint::black_box(
                    fold(history.iter().map(|entry| &entry.sealed.record)).unwrap(),
                );
            }
        });
        for (part, took) in parts.iter_mut().zip([rows, hashes, folds]) {
            part.push(took.thread / parsed.thread);
        }
    }
    let bytes: usize = lines.iter().map(Vec::len).sum();
    println!(
        "replay: {:.2} times the bare parsing of {} records ({} bytes each)",
        median(ratios.into_iter()).unwrap(),
        lines.len(),
        bytes / lines.len()
    );
    let [rows, hashes, folds] = parts.map(|part| median(part.into_iter()).unwrap());
    println!(
        "        of it, in the same measure: {rows:.2} reading rows, {hashes:.2} hashing, {folds:.2} the states themselves"
    );
    let sizes = ids.iter().map(|id| {
        desk.ledger()
            .load(Shelf::Cases, id.as_str())
            .unwrap()
            .unwrap()
            .state
            .len() as f64
    });
    println!(
        "state of an open case, overdue for two weeks: {:.0} bytes",
        median(sizes).unwrap()
    );
}

fn main() {
    let timed = std::env::args().any(|arg| arg == "--bench");
    let mut words = std::env::args().skip(1).filter(|arg| !arg.starts_with('-'));
    let only = words.next();
    let size: Option<usize> = words.next().and_then(|word| word.parse().ok());
    let part = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let (rounds, cases) = if timed { (9, 200) } else { (1, 4) };
    if part("throughput") {
        for group in [1, 8, 64, 256] {
            if size.is_some_and(|size| size != group) {
                continue;
            }
            let cases = if group == 1 { cases.min(40) } else { cases };
            throughput(group, rounds, cases);
        }
    }
    if part("gathered") {
        for threads in [1, 4, 16] {
            gathered(threads, if timed { 60 } else { 2 });
        }
    }
    if part("tick") {
        let many = if timed { 1_000_000 } else { 1_000 };
        let (few, all) = (ticks(1_000, 20, rounds), ticks(many, 20, rounds));
        println!(
            "tick, a case that is due: {:.1} µs among 1000 open cases, {:.2} times that among {many}",
            few * 1e6,
            all / few
        );
    }
    if part("replay") {
        replay(if timed { 300 } else { 3 }, rounds);
    }
}
