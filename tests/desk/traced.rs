//! What goes to the host's log by `tracing`: names, ids and numbers, and nothing that anybody wrote.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use duly::desk::worker::Worker;
use duly::desk::{Desk, DeskError, MemoryLedger};
use duly::words::{Command, Role, Text};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::around::{Around, Asks};
use super::{at, board, case, done, envelope, noted, opened, plans};

/// Keeps every field of every span and event.
struct Captured {
    /// Whose; other tests may run on other threads of the process.
    thread: ThreadId,
    lines: Arc<Mutex<String>>,
    ids: AtomicU64,
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Captured {
    fn line(&self, name: &str, fields: impl FnOnce(&mut Fields<'_>)) {
        if std::thread::current().id() != self.thread {
            return;
        }
        let mut lines = self.lines.lock().unwrap();
        lines.push_str(name);
        fields(&mut Fields(&mut lines));
        lines.push('\n');
    }
}

impl Subscriber for Captured {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("duly")
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata().name(), |fields| span.record(fields));
        Id::from_u64(1 + self.ids.fetch_add(1, Ordering::SeqCst))
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        self.line("record", |fields| values.record(fields));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        self.line("event", |fields| event.record(fields));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Words that nobody but the people of the case may read; the message and the contact of `opened` are others.
const PRIVATE: [&str; 5] = [
    "天机不可泄露",
    "路灯不亮",
    "13912345678",
    "the-secret",
    "unhappy",
];

#[test]
fn nothing_private_is_logged() {
    let lines: Arc<Mutex<String>> = Arc::default();
    let captured = Captured {
        thread: std::thread::current().id(),
        lines: Arc::clone(&lines),
        ids: AtomicU64::default(),
    };
    // For the whole process: whether a line of code logs at all is remembered once for all threads.
    tracing::subscriber::set_global_default(captured).unwrap();
    {
        let fails = Arc::new(Mutex::new(false));
        let ledger = {
            let fails = Arc::clone(&fails);
            Around::new(MemoryLedger::new(board()), move |asks| {
                match asks == Asks::Commit && std::mem::take(&mut *fails.lock().unwrap()) {
                    true => Err(DeskError::storage("near \"13912345678\": syntax error")),
                    false => Ok(()),
                }
            })
        };
        let desk = Desk::new(ledger, plans())
            .unwrap()
            .with_secret(b"the-secret");
        done(&desk, opened("c1", "m1", 0));
        done(&desk, opened("c2", "m2", 0));
        done(&desk, noted("c3", "m1", 1, PRIVATE[0]));
        let merge = Command::Merge { into: case("m2") };
        done(&desk, envelope("c4", "m1", Role::Intake, 1, merge));
        let text = Text::from(PRIVATE[0]);
        let refused = envelope("c5", "m2", Role::Citizen, 2, Command::Note { text });
        assert!(desk.submit(refused).unwrap().refusal().is_some());
        // An id that came before, and a ledger that quotes what it keeps.
        assert!(desk.submit(noted("c3", "m1", 1, "unhappy")).is_err());
        *fails.lock().unwrap() = true;
        assert!(desk.submit(noted("c6", "m2", 1, "unhappy")).is_err());
        let _ = desk.advance(at(60 * 24 * 20)).unwrap();
        let bell = duly::desk::worker::Bell::default();
        let mut first = true;
        let mut worker = Worker::new(&desk, |_| {
            bell.stop();
            match std::mem::take(&mut first) {
                true => Err(PRIVATE[0]),
                false => Ok(()),
            }
        })
        .with_bell(bell.clone());
        assert!(worker.run(&|| at(60 * 24 * 20)).is_stopped());
        desk.delivered(
            &desk
                .outbox(&Default::default(), 1)
                .unwrap()
                .items
                .iter()
                .map(|it| it.id.clone())
                .collect::<Vec<_>>(),
        )
        .unwrap();
    }
    let lines = lines.lock().unwrap();
    for private in PRIVATE {
        assert!(
            !lines.contains(private),
            "`{private}` is in the log:\n{lines}"
        );
    }
    // It is a log all the same.
    for line in [
        "submit command=\"note\" of=m1 id=c3",
        "event message=answered answer=\"done\"",
        "answer=\"refused\" why=",
        "event message=told another case effect=m1/",
        "event message=ticked fired=",
        "event message=the ledger failed error=\"storage\"",
        "event message=could not be delivered effect=\"m",
        "event message=delivered effects=1",
    ] {
        assert!(lines.contains(line), "`{line}` is missing:\n{lines}");
    }
}
