//! Desks on one database: they say what a desk over memory says, and several of them share the work.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use duly::case::outcomes;
use duly::desk::worker::{AsyncWorker, Bell, Parcel};
use duly::desk::{AsyncDesk, Cursor, Desk, Flaw, MemoryLedger, NotNow, PostTable, PostgresLedger};
use duly::plan::{Plans, bare};
use duly::time::Moment;
use duly::words::{Actor, CaseId, Command, Envelope, Event, Grant, Record, Role, Salt};

use super::server::{client, server};
use super::{board, open, runtime};

pub(super) fn plans() -> Plans {
    let mut plans = Plans::new(board());
    plans.take(bare("demo".parse().unwrap())).unwrap();
    plans
}

pub(super) fn moment(minutes: i64) -> Moment {
    let start = Moment::parse("2026-03-02T09:00:00+08:00").unwrap();
    start.plus(60 * minutes)
}

/// A message that opens a case.
pub(super) fn opens(case: &str, minutes: i64) -> Envelope {
    let open = format!(
        r#"{{"open": {{"place": "632521", "channel": "board", "external_id": "n-{case}", "message": "路灯不亮"}}}}"#
    );
    said(&format!("o-{case}"), case, Role::Intake, minutes, &open)
}

/// A desk with three cases.
async fn three(config: &str) -> AsyncDesk<PostgresLedger> {
    let desk = AsyncDesk::new(open(config).await, plans()).unwrap();
    for (n, case) in (0..).zip(["m01", "m02", "m03"]) {
        assert!(desk.submit(opens(case, n)).await.unwrap().is_done());
    }
    desk
}

fn said(id: &str, case: &str, role: Role, minutes: i64, command: &str) -> Envelope {
    Envelope {
        id: id.parse().unwrap(),
        case: case.parse().unwrap(),
        by: Actor {
            id: format!("the-{role}").parse().unwrap(),
            roles: vec![Grant::from(role)],
            unit: Some("water".parse().unwrap()),
            acting_for: None,
        },
        at: moment(minutes),
        salt: Salt::derived(b"test", id),
        command: serde_json::from_str::<Command>(command).unwrap(),
    }
}

/// Two cases, one merged into the other; answered, published, struck off; and commands that are refused, or sent again.
fn story() -> Vec<Envelope> {
    let open = |n: u32| {
        format!(
            r#"{{"open": {{"place": "632521", "channel": "board", "external_id": "n-{n}", "message": "路灯不亮", "contact": "13912345678",
                "citizen": "citizen-{n}"}}}}"#
        )
    };
    let screen = r#"{"screen": {"class": "problem"}}"#;
    vec![
        said("c1", "m01", Role::Intake, 0, &open(1)),
        said("c2", "m02", Role::Intake, 10, &open(2)),
        said("c2b", "m09", Role::Intake, 11, &open(2)),
        said("c3", "m01", Role::Intake, 20, screen),
        said("c4", "m02", Role::Intake, 30, screen),
        said("c4", "m02", Role::Intake, 31, screen),
        said(
            "c5",
            "m02",
            Role::Intake,
            40,
            r#"{"merge": {"into": "m01"}}"#,
        ),
        said(
            "c6",
            "m01",
            Role::Intake,
            50,
            r#"{"assign": {"unit": "water", "owner": "the-owner"}}"#,
        ),
        said(
            "c7",
            "m01",
            Role::Supervisor,
            60,
            r#"{"strike_off": {"outcome": "solved"}}"#,
        ),
        said("c8", "m01", Role::Owner, 70, r#"{"sign": {}}"#),
        said(
            "c9",
            "m01",
            Role::Owner,
            3_000,
            r#"{"reply": {"answers": [{"text": "已修好"}]}}"#,
        ),
        said("d1", "m01", Role::Reviewer, 4_000, r#"{"review": {}}"#),
        said(
            "d2",
            "m01",
            Role::Intake,
            5_000,
            r#"{"call_back": {"result": {"reached": {"level": "satisfied"}}}}"#,
        ),
        said(
            "d3",
            "m01",
            Role::Supervisor,
            6_000,
            r#"{"strike_off": {"outcome": "solved"}}"#,
        ),
        said("d5", "m04", Role::Intake, 6_050, &open(4)),
        said(
            "d4",
            "m03",
            Role::Intake,
            6_100,
            r#"{"note": {"text": "no such case"}}"#,
        ),
    ]
}

async fn records(desk: &AsyncDesk<PostgresLedger>, case: &CaseId) -> Vec<Record> {
    let history = desk.history(case).await.unwrap();
    history.into_iter().map(|it| it.sealed.record).collect()
}

/// What a desk does it does on every ledger: the same answers, the same records, the same alarms, the same things to tell.
#[test]
fn a_desk_on_postgresql_is_the_desk_on_memory() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let memory = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
        let desk = AsyncDesk::new(open(&config).await, plans()).unwrap();
        for envelope in story() {
            let one = memory.submit(envelope.clone()).unwrap();
            assert_eq!(desk.submit(envelope).await.unwrap(), one);
        }
        let end = moment(60 * 24 * 40);
        let ticked = desk.advance(end).await.unwrap();
        assert_eq!(ticked, memory.advance(end).unwrap());
        assert!(ticked.fired > 0 && ticked.stuck.is_empty());
        let cases = memory.cases(None, 100).unwrap();
        assert_eq!(desk.cases(None, 100).await.unwrap(), cases);
        for case in &cases {
            assert_eq!(desk.case(case).await.unwrap(), memory.case(case).unwrap());
            assert_eq!(
                desk.history(case).await.unwrap(),
                memory.history(case).unwrap()
            );
        }
        let all = memory.outbox(&Cursor::start(), 1000).unwrap().items;
        assert!(all.len() > 10);
        assert_eq!(
            desk.outbox(&Cursor::start(), 1000).await.unwrap().items,
            all
        );
        assert_eq!(
            desk.next_alarm().await.unwrap(),
            memory.next_alarm().unwrap()
        );
        assert_eq!(desk.verify().await.unwrap(), memory.verify().unwrap());
    });
}

/// Several desks tick at once, as in several processes: every case is woken, and every scheduled occurrence has one outcome.
#[test]
fn of_several_desks_that_tick_each_alarm_is_fired_by_one() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let desk = AsyncDesk::new(open(&config).await, plans()).unwrap();
        for n in 0..12 {
            let open = format!(
                r#"{{"open": {{"place": "632521", "channel": "board", "external_id": "n-{n}", "message": "路灯不亮"}}}}"#
            );
            let one = said(&format!("c{n}"), &format!("m{n:02}"), Role::Intake, n, &open);
            assert!(desk.submit(one).await.unwrap().is_done());
        }
        let end = moment(60 * 24 * 30);
        let mut ticking = Vec::new();
        for _ in 0..4 {
            let other = Arc::new(AsyncDesk::new(open(&config).await, plans()).unwrap());
            ticking.push(tokio::spawn(async move { other.advance(end).await.unwrap() }));
        }
        let mut fired = 0;
        for one in ticking {
            let ticked = one.await.unwrap();
            assert!(ticked.stuck.is_empty(), "{ticked:?}");
            fired += ticked.fired;
        }
        fired += desk.advance(end).await.unwrap().fired;
        let mut woken = 0;
        for case in desk.cases(None, 100).await.unwrap() {
            let all = records(&desk, &case).await;
            let mut steps = BTreeSet::new();
            let mut at = BTreeSet::new();
            for record in &all {
                if let Event::StepTaken { clock, step, .. } = &record.event {
                    assert!(steps.insert((*clock, step.clone())), "{case} {clock} {step}");
                    at.insert(record.at);
                }
            }
            woken += at.len();
            let outcomes = outcomes(&all).unwrap();
            assert!(!outcomes.is_empty());
            let head = desk.case(&case).await.unwrap().unwrap();
            assert!(head.next_alarm().is_none_or(|alarm| alarm > end));
        }
        assert!(fired >= 12 && woken >= 12, "{fired} {woken}");
        desk.verify().await.unwrap();
    });
}

/// A cell that holds what no chain has there is damage of its own chain, and of no other.
#[test]
fn a_cell_that_cannot_be_read_stops_no_other_case() {
    let Some(server) = server() else { return };
    for damage in ["version = -1", "alarm = -9000000000000"] {
        let config = server.database("");
        runtime().block_on(async {
            let desk = AsyncDesk::new(open(&config).await, plans()).unwrap();
            for n in 1..4 {
                let open = format!(
                    r#"{{"open": {{"place": "632521", "channel": "board", "external_id": "n-{n}", "message": "路灯不亮"}}}}"#
                );
                let one = said(&format!("c{n}"), &format!("m0{n}"), Role::Intake, n, &open);
                assert!(desk.submit(one).await.unwrap().is_done());
            }
            let beside = client(&config).await;
            let sql = format!("UPDATE duly.heads SET {damage} WHERE key = 'm02'");
            assert_eq!(beside.execute(&sql, &[]).await.unwrap(), 1);
            let desk = AsyncDesk::new(open(&config).await, plans()).unwrap();
            let m02: CaseId = "m02".parse().unwrap();
            assert!(desk.next_alarm().await.unwrap().is_some());
            let ticked = desk.advance(moment(60 * 24 * 30)).await.unwrap();
            assert!(ticked.fired > 2, "{damage}");
            assert_eq!(ticked.stuck.len(), 1, "{damage}");
            assert_eq!(ticked.stuck[0].case, m02);
            let error = desk.verify().await.unwrap_err();
            assert_eq!(error.broken().unwrap().case, m02, "{damage}");
        });
    }
}

/// A head that is as it once was, while the records have gone on, is damage of its own case, and of no other: what comes next in it cannot
/// be put there, and the others wake.
#[test]
fn a_head_that_was_set_back_stops_no_other_case() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let desk = three(&config).await;
        let beside = client(&config).await;
        let former = "CREATE TEMP TABLE former AS SELECT * FROM duly.heads WHERE key = 'm02'";
        beside.batch_execute(former).await.unwrap();
        let note = |id: &str| {
            let note = r#"{"note": {"text": "a note"}}"#;
            said(id, "m02", Role::Intake, 10, note)
        };
        assert!(desk.submit(note("n1")).await.unwrap().is_done());
        let back =
            "UPDATE duly.heads h SET version = f.version, hash = f.hash, alarm = f.alarm, state = f.state
                    FROM former f WHERE h.key = f.key";
        assert_eq!(beside.execute(back, &[]).await.unwrap(), 1);
        // Nobody has it in hand.
        let desk = AsyncDesk::new(open(&config).await, plans()).unwrap();
        let m02: CaseId = "m02".parse().unwrap();
        let stood = desk.case(&m02).await.unwrap().unwrap().version();
        let error = desk.submit(note("n2")).await.unwrap_err();
        let broken = error.broken().unwrap_or_else(|| panic!("{error}"));
        assert_eq!((&broken.case, broken.version), (&m02, stood + 1));
        let ticked = desk.advance(moment(60 * 24 * 30)).await.unwrap();
        assert!(ticked.fired > 2);
        assert_eq!(ticked.stuck.len(), 1);
        assert_eq!(ticked.stuck[0].case, m02);
        assert_eq!(ticked.stuck[0].why, broken.to_string());
        let error = desk.verify().await.unwrap_err();
        assert_eq!(error.broken().unwrap().case, m02);
    });
}

/// A row of the outbox that cannot be read holds back its own case, and no other: the others are told, and whoever drains the outbox is
/// told of it.
#[test]
fn a_row_of_the_outbox_that_cannot_be_read_stops_no_other_case() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let desk = three(&config).await;
        let beside = client(&config).await;
        let all = desk.outbox(&Cursor::start(), 1000).await.unwrap().items;
        let m02: CaseId = "m02".parse().unwrap();
        let first = all.iter().find(|it| it.id.case == m02).unwrap();
        let sql = "UPDATE duly.outbox SET outgoing = '\\xe4bdff' WHERE effect = $1";
        let row = first.id.to_string();
        assert_eq!(beside.execute(sql, &[&row]).await.unwrap(), 1);
        let whole = desk.outbox(&Cursor::start(), 1000).await.unwrap_err();
        assert!(whole.is_damaged(), "{whole}");
        let taken = desk
            .deliveries(&PostTable::default(), moment(10), &Cursor::start(), 1000)
            .await
            .unwrap();
        assert_eq!(taken.items.len(), all.len() - 1);
        let [put_off] = taken.put_off.as_slice() else {
            panic!("{taken:?}")
        };
        assert_eq!(put_off.id, row);
        assert!(matches!(&put_off.why, NotNow::Damaged(_)));
        let told = RefCell::new(Vec::new());
        let bell = Bell::default();
        let mut worker = AsyncWorker::new(&desk, |parcel: Parcel| {
            told.borrow_mut().push(parcel.id());
            async { Ok::<(), ()>(()) }
        })
        .with_bell(bell.clone());
        let ended = worker.run(
            || moment(10),
            |_| {
                bell.stop();
                async {}
            },
        );
        assert!(ended.await.is_stopped());
        let others = all.iter().filter(|it| it.id.case != m02);
        let others: Vec<String> = others.map(|it| it.id.to_string()).collect();
        assert_eq!(*told.borrow(), others);
    });
}

/// While somebody has something under way, nobody can say whether two cases that do not agree should: they are not passed, and what is found
/// wrong elsewhere is said all the same.
#[test]
fn cases_that_do_not_agree_are_not_passed_while_a_transaction_is_open() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let desk = three(&config).await;
        let day = "2026-03-02".parse().unwrap();
        desk.seal(day, moment(60 * 24)).await.unwrap();
        let (beside, held) = (client(&config).await, client(&config).await);
        let begin = "BEGIN; SELECT pg_current_xact_id()";
        held.batch_execute(begin).await.unwrap();
        let merge = r#"{"merge": {"into": "m02"}}"#;
        let merge = said("g1", "m01", Role::Intake, 10, merge);
        assert!(desk.submit(merge).await.unwrap().is_done());
        // What the one was to tell the other is lost.
        let lost = "DELETE FROM duly.outbox WHERE link";
        assert_eq!(beside.execute(lost, &[]).await.unwrap(), 1);
        let error = desk.verify().await.unwrap_err();
        assert!(error.is_busy(), "{error}");
        assert!(error.to_string().contains("`pg_prepared_xacts`"), "{error}");
        let seal = "UPDATE duly.kept SET text = '{}' WHERE kind = 'seal'";
        assert_eq!(beside.execute(seal, &[]).await.unwrap(), 1);
        let error = desk.verify().await.unwrap_err();
        assert!(error.broken_seal().is_some(), "{error}");
        held.batch_execute("COMMIT").await.unwrap();
        let error = desk.verify().await.unwrap_err();
        let broken = error.broken().unwrap_or_else(|| panic!("{error}"));
        let into = "m02".parse().unwrap();
        assert_eq!(broken.flaw, Flaw::Follows { into });
    });
}
