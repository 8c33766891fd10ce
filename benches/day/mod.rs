//! The first day of many cases, and the rows that a desk makes of it: what the benches of ledgers put in.

use std::sync::Mutex;

use duly::desk::rows::Commit;
use duly::desk::{Answer, Desk, MemoryLedger};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{Actor, BoardId, Command, Envelope, Grant, Role, Salt};

pub fn board() -> BoardId {
    "bench".parse().unwrap()
}

pub fn plans() -> Plans {
    let mut plans = Plans::new(board());
    let pack = duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap();
    plans.take(pack).unwrap();
    plans
}

pub fn start() -> Moment {
    Moment::parse("2026-03-02T09:00:00+08:00").unwrap()
}

/// The first day of a case: received, screened, assigned, signed for, news given. Each command is of another case than the one before.
pub fn day(first: usize, cases: usize) -> Vec<Envelope> {
    let lines = [
        (
            Role::Citizen,
            r#"{"open": {"place": "632521", "channel": "领导留言板", "external_id": "NUMBER", "message": "村道路灯坏了三个月,晚上没法走路,请尽快派人来修", "facts": {"kind": "投诉"}}}"#,
        ),
        (
            Role::Intake,
            r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#,
        ),
        (
            Role::Intake,
            r#"{"assign": {"unit": "共和县住建局", "owner": "zhang"}}"#,
        ),
        (Role::Owner, r#"{"sign": {}}"#),
        (
            Role::Owner,
            r#"{"update": {"text": "已派人查看,正在采购灯具"}}"#,
        ),
    ];
    let mut all = Vec::new();
    for (step, (role, command)) in lines.iter().enumerate() {
        for case in first..first + cases {
            let id = format!("k{case}-{step}");
            let mut by = Actor::new(
                if *role == Role::Owner {
                    "zhang"
                } else {
                    role.name()
                }
                .parse()
                .unwrap(),
                *role,
            );
            by.unit = (*role == Role::Owner).then(|| "共和县住建局".parse().unwrap());
            by.roles = vec![Grant::from(*role)];
            let command = command.replace("NUMBER", &format!("LY-{case}"));
            all.push(Envelope {
                case: format!("m{case}").parse().unwrap(),
                by,
                at: start().plus(600 * step as i64),
                salt: Salt::derived(b"bench", &id),
                command: serde_json::from_str::<Command>(&command).unwrap(),
                id: id.parse().unwrap(),
            });
        }
    }
    all
}

/// A desk that is asked what commits commands make.
pub struct Maker(Desk<Noting<MemoryLedger>>);

impl Maker {
    pub fn new() -> Maker {
        let ledger = Noting(MemoryLedger::new(board()), Mutex::default());
        Maker(Desk::new(ledger, plans()).unwrap())
    }
    /// One commit a command.
    pub fn commits(&self, all: &[Envelope]) -> Vec<Commit> {
        for envelope in all {
            assert!(matches!(
                self.0.submit(envelope.clone()).unwrap(),
                Answer::Done(_)
            ));
        }
        let commits = std::mem::take(&mut *self.0.ledger().1.lock().unwrap());
        assert_eq!(commits.len(), all.len());
        commits
    }
}

/// A ledger that notes what it is given.
struct Noting<L>(L, Mutex<Vec<Commit>>);

mod noting {
    use super::Noting;
    use duly::desk::rows::*;
    use duly::desk::{Cursor, DeskError, Ledger, Page};
    use duly::time::Moment;
    use duly::words::BoardId;
    type Read<T> = Result<T, DeskError>;
    impl<L: Ledger> Ledger for Noting<L> {
        fn board(&self) -> &BoardId {
            self.0.board()
        }
        fn load(&self, shelf: Shelf, key: &str) -> Read<Option<HeadRow>> {
            self.0.load(shelf, key)
        }
        fn commit(&self, commit: &Commit) -> Read<Committed> {
            self.1.lock().unwrap().push(commit.clone());
            self.0.commit(commit)
        }
        fn answered(&self, shelf: Shelf, command: &str) -> Read<Option<CommandRow>> {
            self.0.answered(shelf, command)
        }
        fn find(&self, number: &NumberRow) -> Read<Option<String>> {
            self.0.find(number)
        }
        fn due(
            &self,
            shelf: Shelf,
            now: Moment,
            after: Option<&AlarmRow>,
            limit: usize,
        ) -> Read<Vec<AlarmRow>> {
            self.0.due(shelf, now, after, limit)
        }
        fn next_alarm(&self, shelf: Shelf) -> Read<Option<Moment>> {
            self.0.next_alarm(shelf)
        }
        fn read(&self, shelf: Shelf, after: &Cursor, limit: usize) -> Read<Page<RecordRow>> {
            self.0.read(shelf, after, limit)
        }
        fn history(&self, shelf: Shelf, key: &str) -> Read<Vec<RecordRow>> {
            self.0.history(shelf, key)
        }
        fn keys(&self, shelf: Shelf, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
            self.0.keys(shelf, after, limit)
        }
        fn outbox(
            &self,
            shelf: Shelf,
            links: bool,
            after: &Cursor,
            limit: usize,
        ) -> Read<Page<OutgoingRow>> {
            self.0.outbox(shelf, links, after, limit)
        }
        fn delivered(&self, shelf: Shelf, effects: &[String]) -> Read<()> {
            self.0.delivered(shelf, effects)
        }
        fn private(&self, shelf: Shelf, key: &str, reference: &str) -> Read<Option<PrivateRow>> {
            self.0.private(shelf, key, reference)
        }
        fn keep(&self, kept: Kept, name: &str, text: &str) -> Read<()> {
            self.0.keep(kept, name, text)
        }
        fn kept(&self, kept: Kept, name: &str) -> Read<Option<String>> {
            self.0.kept(kept, name)
        }
        fn kept_names(&self, kept: Kept, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
            self.0.kept_names(kept, after, limit)
        }
        fn together(&self, group: &mut dyn FnMut() -> Read<()>) -> Read<()> {
            self.0.together(group)
        }
    }
}
