//! The first day of many cases, and the rows that a desk makes of it: what the benches of ledgers put in.

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../tests/desk/around.rs"]
mod around;

use around::Around;
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
pub struct Maker(Desk<Around<MemoryLedger>>);

impl Maker {
    pub fn new() -> Maker {
        let ledger = Around::noting(MemoryLedger::new(board()));
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
        let commits = self.0.ledger().noted();
        assert_eq!(commits.len(), all.len());
        commits
    }
}
