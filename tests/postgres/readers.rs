//! Whoever reads on from a cursor misses nothing.

use duly::desk::postgres::Database;
use duly::desk::rows::Shelf;
use duly::desk::{AsyncDesk, AsyncLedger, Cursor, PostgresLedger};

use super::desks::{moment, opens, plans};
use super::server::{client, server};
use super::{add, board, open, runtime};

async fn read(ledger: &PostgresLedger, after: &Cursor) -> (Vec<String>, Cursor) {
    let page = ledger.read(Shelf::Cases, after, 100).await.unwrap();
    let lines = page
        .items
        .into_iter()
        .map(|it| String::from_utf8(it.line).unwrap());
    (lines.collect(), page.next)
}

#[test]
fn a_transaction_that_stays_open_hides_what_comes_after_it_and_nothing_is_lost() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let ledger = open(&config).await;
        add(&ledger, "a").await;
        let (lines, start) = read(&ledger, &Cursor::start()).await;
        assert_eq!(lines, ["a 1"]);
        // Somebody takes a lower place first, and commits last.
        let slow = client(&config).await;
        let insert =
            "BEGIN; INSERT INTO duly.records (board, shelf, era, key, version, line, observed_at)
                      SELECT id, 0, era, 'slow', 1, 'slow 1', 0 FROM duly.boards";
        slow.batch_execute(insert).await.unwrap();
        add(&ledger, "b").await;
        add(&ledger, "c").await;
        // All of it can be seen, but not yet by those who go by cursors.
        assert_eq!(ledger.history(Shelf::Cases, "c").await.unwrap().len(), 1);
        let (lines, same) = read(&ledger, &start).await;
        assert_eq!((lines.len(), &same), (0, &start));
        slow.batch_execute("COMMIT").await.unwrap();
        let (lines, end) = read(&ledger, &start).await;
        assert_eq!(lines, ["slow 1", "b 1", "c 1"]);
        assert_eq!(read(&ledger, &end).await, (vec![], end));
    });
}

#[test]
fn a_lower_place_that_is_committed_later_is_not_passed_over() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let ledger = open(&config).await;
        let insert = |key: &str| {
            format!(
                "INSERT INTO duly.records (board, shelf, era, key, version, line, observed_at)
                 SELECT id, 0, era, '{key}', 1, '{key} 1', 0 FROM duly.boards"
            )
        };
        // The early one has the lower number and the higher place. Once it has ended it may be read, and a cursor that
        // were its place alone would stand behind the late one.
        let (early, late) = (client(&config).await, client(&config).await);
        early
            .batch_execute("BEGIN; SELECT pg_current_xact_id()")
            .await
            .unwrap();
        late.batch_execute(&format!("BEGIN; {}", insert("late")))
            .await
            .unwrap();
        early
            .batch_execute(&format!("{}; COMMIT", insert("early")))
            .await
            .unwrap();
        let (lines, cursor) = read(&ledger, &Cursor::start()).await;
        assert_eq!(lines, ["early 1"]);
        late.batch_execute("COMMIT").await.unwrap();
        assert_eq!(read(&ledger, &cursor).await.0, ["late 1"]);
    });
}

#[test]
fn a_database_restored_from_a_busier_server_is_read_on() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let ledger = open(&config).await;
        add(&ledger, "a").await;
        add(&ledger, "b").await;
        // As a dump brings it along: with transaction numbers that this server has yet to give.
        let restored =
            "UPDATE duly.records SET txid = (txid::text::bigint + 1000000000)::text::xid8";
        client(&config).await.batch_execute(restored).await.unwrap();
        assert_eq!(read(&ledger, &Cursor::start()).await.0, [""; 0]);
        let ledger = open(&config).await;
        let (lines, cursor) = read(&ledger, &Cursor::start()).await;
        assert_eq!(lines, ["a 1", "b 1"]);
        add(&ledger, "c").await;
        assert_eq!(read(&ledger, &cursor).await.0, ["c 1"]);
        let ledger = open(&config).await;
        assert_eq!(
            read(&ledger, &Cursor::start()).await.0,
            ["a 1", "b 1", "c 1"]
        );
    });
}

#[test]
fn a_reader_that_came_before_its_board_sees_it_once_it_is_there() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let database = Database::connect(&config).unwrap();
        database.bring_up().await.unwrap();
        let early = database.open_read_only(board()).await.unwrap();
        assert_eq!(read(&early, &Cursor::start()).await.0.len(), 0);
        add(&open(&config).await, "a").await;
        assert_eq!(read(&early, &Cursor::start()).await.0, ["a 1"]);
        assert_eq!(early.keys(Shelf::Cases, None, 9).await.unwrap(), ["a"]);
    });
}

/// A day is sealed once all can be read that was noticed before it was over, and what was noticed since keeps nobody from it.
#[test]
fn a_day_is_not_sealed_while_something_of_it_cannot_be_read() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let desk = AsyncDesk::new(open(&config).await, plans()).unwrap();
        let submit = async |case: &str, minutes: i64| {
            let answer = desk.submit(opens(case, minutes)).await.unwrap();
            assert!(answer.is_done());
        };
        let held = client(&config).await;
        let begin = "BEGIN; SELECT pg_current_xact_id()";
        let day = "2026-03-02".parse().unwrap();
        let after = 60 * 24;
        submit("m01", 0).await;
        held.batch_execute(begin).await.unwrap();
        submit("m02", 1).await;
        let error = desk.seal(day, moment(after)).await.unwrap_err();
        assert!(error.is_busy(), "{error}");
        held.batch_execute("COMMIT").await.unwrap();
        let of_the_day = desk.read(&Cursor::start(), 100).await.unwrap().items.len();
        held.batch_execute(begin).await.unwrap();
        submit("m03", after).await;
        let seal = desk.seal(day, moment(after)).await.unwrap();
        assert_eq!(seal.cases.records, of_the_day as u64);
        // It stands, though not all can be read yet.
        assert_eq!(desk.seal(day, moment(after)).await.unwrap(), seal);
        held.batch_execute("COMMIT").await.unwrap();
        assert_eq!(desk.verify().await.unwrap().seals, 1);
    });
}
