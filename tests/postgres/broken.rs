//! Connections that break, and others who hold what is wanted.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duly::desk::postgres::Database;
use duly::desk::rows::{AlarmRow, CommandRow, Committed, HeadRow, NumberRow, Shelf};
use duly::desk::worker::{AsyncWorker, Bell};
use duly::desk::{AsyncDesk, AsyncLedger, DeskError, Observer, PostgresLedger};
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use super::desks::{opens, plans};
use super::server::{client, server};
use super::{add, at, board, more, open, runtime};

/// The process that waits for a lock, once one does.
async fn waiting(beside: &Client) -> i32 {
    let sql = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    for _ in 0..400 {
        if let Some(row) = beside.query(sql, &[]).await.unwrap().first() {
            return row.get(0);
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody waits for a lock");
}

async fn count(beside: &Client, sql: &str) -> i64 {
    beside.query_one(sql, &[]).await.unwrap().get(0)
}

/// Runs a scenario over a database of its own, where there is a server.
fn on_a_server(scenario: impl AsyncFnOnce(&str)) {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(scenario(&config));
}

/// A ledger with a case, `a`, and somebody else who is connected to its database.
async fn a_case(config: &str) -> (PostgresLedger, Client) {
    let ledger = open(config).await;
    add(&ledger, "a").await;
    (ledger, client(config).await)
}

#[test]
fn a_commit_whose_connection_breaks_is_told_and_leaves_nothing_half_done() {
    on_a_server(async |config| {
        let (ledger, mut holder) = a_case(config).await;
        let (ledger, beside) = (Arc::new(ledger), client(config).await);
        let held = holder.transaction().await.unwrap();
        held.batch_execute("LOCK TABLE duly.private IN SHARE MODE")
            .await
            .unwrap();
        let head = ledger.load(Shelf::Cases, "a").await.unwrap();
        let mut commit = more("a", head.as_ref());
        commit.private.push(duly::desk::rows::PrivateRow {
            reference: "r".to_owned(),
            salt: Some([7; 16]),
            text: Some("a text".to_owned()),
        });
        let sent = tokio::spawn({
            let (ledger, commit) = (ledger.clone(), commit.clone());
            async move { ledger.commit(&commit).await }
        });
        // Its head and its record are written by now, and its private text is waited for.
        let pid = waiting(&beside).await;
        beside
            .query("SELECT pg_terminate_backend($1)", &[&pid])
            .await
            .unwrap();
        let error = sent.await.unwrap().unwrap_err();
        assert!(
            error.is_unavailable() && error.is_storage() && !error.is_busy(),
            "{error}"
        );
        let said = error.to_string();
        assert!(
            said.starts_with("the store of the ledger cannot be reached: "),
            "{said}"
        );
        held.commit().await.unwrap();
        assert_eq!(ledger.load(Shelf::Cases, "a").await.unwrap(), head);
        assert_eq!(ledger.history(Shelf::Cases, "a").await.unwrap().len(), 1);
        // The next call takes another connection.
        assert_eq!(ledger.commit(&commit).await.unwrap(), Committed::Done);
        assert!(
            ledger
                .private(Shelf::Cases, "a", "r")
                .await
                .unwrap()
                .is_some()
        );
    });
}

#[test]
fn whoever_waits_too_long_for_others_is_told_to_try_again() {
    on_a_server(async |config| {
        let (ledger, mut holder) = a_case(config).await;
        let held = holder.transaction().await.unwrap();
        held.batch_execute("SELECT * FROM duly.heads FOR UPDATE")
            .await
            .unwrap();
        let head = ledger.load(Shelf::Cases, "a").await.unwrap();
        let commit = more("a", head.as_ref());
        let waited = timeout(Duration::from_secs(60), ledger.commit(&commit)).await;
        assert!(waited.unwrap().unwrap_err().is_busy());
        // Another who wakes does not wait at all.
        let mut never = |_: &AlarmRow, _: HeadRow| Err(DeskError::misuse("asked"));
        let none = BTreeSet::new();
        let woken = ledger.wake(Shelf::Cases, at(9), &none, &mut never);
        let woken = timeout(Duration::from_secs(5), woken).await;
        assert!(woken.unwrap().unwrap().is_none());
        held.rollback().await.unwrap();
        assert_eq!(ledger.commit(&commit).await.unwrap(), Committed::Done);
    });
}

/// A board that is gone, as one that was new may be after a failover, is no fault of the case that is written to, nor of one that is woken.
#[test]
fn a_board_that_is_gone_is_no_fault_of_a_case() {
    on_a_server(async |config| {
        let (ledger, beside) = a_case(config).await;
        let gone = "DELETE FROM duly.boards";
        assert_eq!(beside.execute(gone, &[]).await.unwrap(), 1);
        let error = ledger.commit(&more("b", None)).await.unwrap_err();
        assert!(error.is_unavailable() && !error.is_misuse(), "{error}");
        let mut next =
            |alarm: &AlarmRow, row: HeadRow| Ok::<_, DeskError>(more(&alarm.key, Some(&row)));
        let none = BTreeSet::new();
        let woken = ledger.wake(Shelf::Cases, at(9), &none, &mut next).await;
        let error = woken.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
    });
}

/// Who only reads waits for no lock without end, either.
#[test]
fn a_reader_that_waits_too_long_for_a_lock_is_told_to_try_again() {
    on_a_server(async |config| {
        let (ledger, holder) = a_case(config).await;
        let held = "BEGIN; LOCK TABLE duly.heads IN ACCESS EXCLUSIVE MODE";
        holder.batch_execute(held).await.unwrap();
        let read = ledger.load(Shelf::Cases, "a");
        let waited = timeout(Duration::from_secs(60), read).await;
        assert!(waited.unwrap().unwrap_err().is_busy());
        holder.batch_execute("ROLLBACK").await.unwrap();
        assert!(ledger.load(Shelf::Cases, "a").await.unwrap().is_some());
    });
}

/// A server that takes the connection and then says nothing is given up.
#[test]
fn a_server_that_never_answers_is_not_waited_for_without_end() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let config = format!(
        "host=127.0.0.1 port={port} user=duly dbname=duly sslmode=disable connect_timeout=1"
    );
    runtime().block_on(async {
        let database = Database::connect(&config).unwrap();
        let opened = timeout(Duration::from_secs(60), database.open(board())).await;
        let error = opened.unwrap().unwrap_err();
        assert!(error.is_unavailable(), "{error}");
    });
}

/// Notes what a desk says of its ledger.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn says(&self, what: &str) -> bool {
        let all = self.0.lock().unwrap();
        all.iter().any(|said| said.contains(what))
    }
}

impl Observer for Heard {
    fn failed(&self, error: &DeskError) {
        self.0.lock().unwrap().push(error.to_string());
    }
}

/// Has the sessions of the database that begin from now on take writes, or not.
async fn takes_writes(beside: &Client, takes: bool) {
    let read_only = if takes { "off" } else { "on" };
    let sql = format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {read_only}',
         current_database()); END $$"
    );
    beside.batch_execute(&sql).await.unwrap();
}

/// A server that takes no writes for a moment, as one does that is failed over to, is waited for: what is due is woken once it does.
#[test]
fn a_server_that_takes_no_writes_for_a_moment_ends_no_worker() {
    on_a_server(async |config| {
        let heard = Arc::new(Heard::default());
        let desk = AsyncDesk::new(open(config).await, plans())
            .unwrap()
            .with_observer(heard.clone());
        assert!(desk.submit(opens("m01", 0)).await.unwrap().is_done());
        let alarm = desk.next_alarm().await.unwrap().unwrap();
        let beside = client(config).await;
        takes_writes(&beside, false).await;
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        beside.batch_execute(others).await.unwrap();
        let (bell, waits) = (Bell::default(), Cell::new(0));
        let mut worker =
            AsyncWorker::new(&desk, |_| async { Ok::<(), ()>(()) }).with_bell(bell.clone());
        // Each wait is over at once. It takes writes again once it was heard that it does not.
        let wait = |_: Duration| {
            waits.set(waits.get() + 1);
            let (late, refused) = (waits.get() > 50, heard.says("takes no writes"));
            let (desk, beside, bell) = (&desk, &beside, &bell);
            async move {
                if refused {
                    takes_writes(beside, true).await;
                }
                let next = desk.next_alarm().await;
                let fired = next.is_ok_and(|next| next.is_none_or(|next| next > alarm));
                if late || fired {
                    bell.stop();
                }
            }
        };
        let ended = worker.run(|| alarm, wait).await;
        assert!(ended.is_stopped(), "{ended:?}");
        assert!(heard.says("takes no writes"));
        let next = desk.next_alarm().await.unwrap();
        assert!(next.is_none_or(|next| next > alarm), "it never fired");
    });
}

/// Tables that are away for a moment, as while they are restored, are waited for; only who opens a ledger is told that there is none.
#[test]
fn tables_that_are_away_for_a_moment_are_waited_for() {
    on_a_server(async |config| {
        let (ledger, beside) = a_case(config).await;
        let away = "ALTER SCHEMA duly RENAME TO away";
        beside.batch_execute(away).await.unwrap();
        let error = ledger.load(Shelf::Cases, "a").await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        let back = "ALTER SCHEMA away RENAME TO duly";
        beside.batch_execute(back).await.unwrap();
        add(&ledger, "a").await;
    });
}

/// What the server says of its disk and of what lies on it is told apart, as of a file.
#[test]
fn a_full_disk_and_damaged_pages_are_told_apart() {
    type Is = fn(&DeskError) -> bool;
    let all: [(&str, Is); 4] = [
        ("53100", DeskError::is_full),
        ("XX001", DeskError::is_damaged),
        ("XX002", DeskError::is_damaged),
        ("58030", DeskError::is_unavailable),
    ];
    on_a_server(async |config| {
        let (ledger, beside) = a_case(config).await;
        let fails = |code: &str| {
            format!(
                "CREATE OR REPLACE FUNCTION duly.fails() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}'; END $$"
            )
        };
        beside.batch_execute(&fails("53100")).await.unwrap();
        let trigger = "CREATE TRIGGER fails BEFORE INSERT ON duly.records
                       FOR EACH ROW EXECUTE FUNCTION duly.fails()";
        beside.batch_execute(trigger).await.unwrap();
        for (code, is) in all {
            beside.batch_execute(&fails(code)).await.unwrap();
            let error = ledger.commit(&more("b", None)).await.unwrap_err();
            assert!(is(&error) && error.is_storage(), "{code}: {error}");
        }
        let mended = "DROP TRIGGER fails ON duly.records";
        beside.batch_execute(mended).await.unwrap();
        add(&ledger, "b").await;
        // A column that holds something else than was ever written there.
        let odd = "ALTER TABLE duly.heads ALTER COLUMN state TYPE text USING 'odd'";
        beside.batch_execute(odd).await.unwrap();
        let ledger = open(config).await;
        let error = ledger.load(Shelf::Cases, "a").await.unwrap_err();
        assert!(error.is_damaged(), "{error}");
    });
}

#[test]
fn a_waking_that_is_given_up_or_panics_lets_the_chain_go() {
    on_a_server(async |config| {
        let (ledger, mut holder) = a_case(config).await;
        let (ledger, beside) = (Arc::new(ledger), client(config).await);
        let mut fires = |alarm: &AlarmRow, head: HeadRow| {
            let mut commit = more(&alarm.key, Some(&head));
            commit.head.as_mut().unwrap().alarm = None;
            Ok(commit)
        };
        let none = BTreeSet::new();
        let held = holder.transaction().await.unwrap();
        held.batch_execute("LOCK TABLE duly.records IN SHARE MODE")
            .await
            .unwrap();
        let given_up = ledger.wake(Shelf::Cases, at(9), &none, &mut fires);
        assert!(timeout(Duration::from_millis(500), given_up).await.is_err());
        held.rollback().await.unwrap();
        let panics = tokio::spawn({
            let ledger = ledger.clone();
            async move {
                let mut panics = |_: &AlarmRow, _: HeadRow| panic!("on purpose");
                let _ = ledger
                    .wake(Shelf::Cases, at(9), &BTreeSet::new(), &mut panics)
                    .await;
            }
        });
        // The given up one may still be on its way: it is woken once all the same.
        let panicked = panics.await.is_err();
        let idle = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()";
        for _ in 0..300 {
            if count(&beside, idle).await == 0 {
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(count(&beside, idle).await, 0);
        let mut woken = 0;
        for _ in 0..300 {
            let again = ledger
                .wake(Shelf::Cases, at(9), &none, &mut fires)
                .await
                .unwrap();
            woken += usize::from(matches!(again, Some((_, Ok(Committed::Done)))));
            if ledger.history(Shelf::Cases, "a").await.unwrap().len() == 2 {
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
        assert!(woken <= 1 && (woken == 1 || !panicked));
        assert_eq!(ledger.history(Shelf::Cases, "a").await.unwrap().len(), 2);
        add(&ledger, "b").await;
    });
}

#[test]
fn no_server_is_no_reason_to_panic() {
    runtime().block_on(async {
        let database = Database::connect("host=/nowhere/at/all user=duly dbname=duly").unwrap();
        let error = database.open(board()).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        assert_eq!(
            error.to_string(),
            "the store of the ledger cannot be reached: error connecting to server: No such file or directory (os error 2)"
        );
        let odd = Database::connect("host=/tmp port=many").unwrap_err();
        assert!(odd.is_misuse(), "{odd}");
    });
}

#[test]
fn whoever_comes_second_waits_and_is_told_what_came_first() {
    on_a_server(async |config| {
        let ledger = Arc::new(open(config).await);
        let (holder, beside) = (client(config).await, client(config).await);
        let mut commit = more("b", None);
        commit.command = Some(CommandRow {
            id: "c".to_owned(),
            key: "b".to_owned(),
            payload: None,
            said_at: at(0),
            at: at(0),
            answer: "{}".to_owned(),
        });
        commit.number = Some(NumberRow {
            channel: "board".to_owned(),
            external_id: "n".to_owned(),
        });
        // Each of them is put in by somebody who has not ended yet, so that it cannot be seen when it is looked for.
        for (put, what) in [
            (
                "commands (board, shelf, id, key, said_at, at, answer) SELECT id, 0, 'c', 'a', 0, 0, '{}'",
                "duplicate",
            ),
            (
                "numbers (board, channel, external_id, key) SELECT id, 'board', 'n', 'a'",
                "known",
            ),
            (
                "heads (board, shelf, key, version, state) SELECT id, 0, 'b', 1, '{}'",
                "conflict",
            ),
        ] {
            for end in ["ROLLBACK", "COMMIT"] {
                let begin = format!("BEGIN; INSERT INTO duly.{put} FROM duly.boards");
                holder.batch_execute(&begin).await.unwrap();
                let told = tokio::spawn({
                    let (ledger, sent) = (ledger.clone(), commit.clone());
                    async move { ledger.commit(&sent).await }
                });
                waiting(&beside).await;
                holder.batch_execute(end).await.unwrap();
                let told = told.await.unwrap().unwrap();
                match (end, what) {
                    ("ROLLBACK", _) => assert_eq!(told, Committed::Done, "{what}"),
                    (_, "duplicate") => {
                        assert!(matches!(&told, Committed::Duplicate(row) if row.key == "a"));
                    }
                    (_, "known") => assert_eq!(
                        told,
                        Committed::Known {
                            key: "a".to_owned()
                        }
                    ),
                    _ => {
                        let Committed::Conflict { head: Some(head) } = told else {
                            panic!("{told:?}");
                        };
                        assert_eq!((head.version, head.state.as_slice()), (1, &b"{}"[..]));
                    }
                }
                let clear = "TRUNCATE duly.commands, duly.numbers, duly.heads, duly.records";
                if end == "COMMIT" {
                    // Nothing but what the other put in is left.
                    let left = "SELECT (SELECT count(*) FROM duly.commands) + (SELECT count(*) FROM duly.numbers)
                                     + (SELECT count(*) FROM duly.heads) + (SELECT count(*) FROM duly.records)";
                    assert_eq!(count(&beside, left).await, 1, "{what}");
                }
                beside.batch_execute(clear).await.unwrap();
            }
        }
    });
}
