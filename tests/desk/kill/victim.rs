//! The processes that are killed: each does one kind of work, and says in a log of its own what was acknowledged to it.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::Duration;

use duly::desk::{Answer, Cursor, DeskError};
use duly::words::Envelope;

use super::door::{Door, open};
use crate::{at, noted, opened};

const PLACE: &str = "DULY_TEST_KILL_PLACE";
const NAME: &str = "DULY_TEST_KILL_NAME";
const WORK: &str = "DULY_TEST_KILL_WORK";
pub const WORKS: [&str; 4] = ["single", "many", "time", "drain"];
pub const HOT: usize = 3;

/// Not a test of its own: it runs in the processes that the tests start, until they are killed.
#[test]
#[ignore = "the killed process of another test"]
fn victim() {
    let of = |name| std::env::var(name).ok();
    let (Some(place), Some(name), Some(work)) = (of(PLACE), of(NAME), of(WORK)) else {
        return;
    };
    let desk = open(&place);
    match work.as_str() {
        "single" => single(&*desk, &name),
        "many" => many(&*desk, &name),
        "time" => time(&*desk),
        "drain" => drain(&*desk),
        other => panic!("no work is called `{other}`"),
    }
}

/// Says something to whoever started it, in one write.
fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{what}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Leaves the store to others, who would wait for it otherwise.
fn rest() {
    std::thread::sleep(Duration::from_millis(10));
}

/// Others may not stop writing, or the store may be away; then it is tried again.
pub fn until_done<T>(mut work: impl FnMut() -> Result<T, DeskError>) -> T {
    loop {
        match work() {
            Err(error) if error.is_busy() => {}
            Err(error) if error.is_unavailable() => rest(),
            other => return other.unwrap(),
        }
    }
}

/// A note on one of the hot cases, or now and then a case of its own.
fn next(name: &str, n: usize) -> Envelope {
    let (id, minutes) = (format!("{name}.{n}"), 30 * i64::try_from(n).unwrap());
    match n % 7 {
        3 => opened(&id, &id, minutes),
        _ => noted(&id, &format!("hot{}", n % HOT), minutes, &id),
    }
}

/// Several threads of one process, each with its own commands: they go to the disk together.
fn single(desk: &dyn Door, name: &str) {
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for n in 0.. {
                    let envelope = next(&format!("{name}t{thread}"), n);
                    let answer = until_done(|| desk.submit(envelope.clone()));
                    assert!(answer.is_done());
                    say(&format!("ack {}", envelope.id));
                }
            });
        }
    });
}

fn many(desk: &dyn Door, name: &str) {
    let mut n = 0;
    loop {
        let group: Vec<Envelope> = (n..n + 1 + n % 5).map(|n| next(name, n)).collect();
        n += group.len();
        let answers = until_done(|| desk.submit_many(group.clone()));
        let done = |answer: Result<Answer, DeskError>| answer.unwrap().is_done();
        assert!(answers.into_iter().all(done));
        let ids: Vec<&str> = group.iter().map(|it| it.id.as_str()).collect();
        say(&format!("ack {}", ids.join(" ")));
        rest();
    }
}

fn time(desk: &dyn Door) {
    for n in 0.. {
        let ticked = until_done(|| desk.advance(at(480 * n)));
        assert!(ticked.stuck.is_empty());
        rest();
    }
}

/// Says what it delivers, and then takes it out: what is out was said.
fn drain(desk: &dyn Door) {
    loop {
        let page = until_done(|| desk.outbox(&Cursor::start(), 5)).items;
        for outgoing in &page {
            say(&format!("sent {}", outgoing.id));
        }
        if page.is_empty() {
            rest();
            continue;
        }
        let ids: Vec<_> = page.into_iter().map(|outgoing| outgoing.id).collect();
        until_done(|| desk.delivered(&ids));
    }
}

/// A process at work, and its log.
pub struct Victim {
    child: Child,
    log: PathBuf,
    errors: PathBuf,
}

impl Victim {
    pub fn start(place: &str, folder: &Path, name: &str, work: &str) -> Victim {
        let log = folder.join(format!("{name}.log"));
        let errors = folder.join(format!("{name}.errors"));
        let child = Process::new(std::env::current_exe().unwrap())
            .args([
                "kill::victim::victim",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env(PLACE, place)
            .env(NAME, name)
            .env(WORK, work)
            .stdout(Stdio::from(File::create(&log).unwrap()))
            .stderr(Stdio::from(File::create(&errors).unwrap()))
            .spawn()
            .unwrap();
        Victim { child, log, errors }
    }
    /// What it has said so far. A last line that was cut off says nothing.
    pub fn said(&self) -> Vec<String> {
        let said = std::fs::read_to_string(&self.log).unwrap();
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(str::to_owned).collect()
    }
    /// Waits until it has said something so many times.
    pub fn has_said(&self, what: impl Fn(&str) -> bool, times: usize) {
        let enough = || self.said().iter().filter(|it| what(it)).count() >= times;
        let mut patience = 24_000;
        while !enough() {
            patience -= 1;
            assert!(patience > 0, "nothing comes: {:?}", self.said());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    pub fn kill(&mut self) {
        let errors = std::fs::read_to_string(&self.errors).unwrap();
        assert!(
            self.child.try_wait().unwrap().is_none(),
            "it ended: {errors}"
        );
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
