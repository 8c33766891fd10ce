//! The laws of all ledgers.

use std::cell::Cell;

use duly::desk::conformance;
use duly::desk::postgres::Database;
use duly::desk::rows::Shelf;

use super::server::{client, server};
use super::{open, runtime};

#[test]
fn postgres_holds_to_the_laws() {
    let Some(server) = server() else { return };
    let config = server.database(server.by_language());
    let database = Database::connect(&config).unwrap();
    let number = Cell::new(0);
    // A board each, in one schema: so they are apart as well.
    let fresh = async || {
        number.set(number.get() + 1);
        database
            .open(format!("board-{}", number.get()).parse().unwrap())
            .await
    };
    runtime().block_on(conformance::all(fresh)).unwrap();
    assert_eq!(number.get(), 2 * conformance::LAWS.len());
}

#[test]
fn where_transactions_are_serializable_by_default_the_laws_hold_too() {
    let Some(server) = server() else { return };
    let config = server.database("");
    let number = Cell::new(0);
    runtime().block_on(async {
        let set = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable',
                   current_database()); END $$";
        client(&config).await.batch_execute(set).await.unwrap();
        let database = Database::connect(&config).unwrap();
        for law in conformance::LAWS {
            number.set(number.get() + 1);
            let board = format!("board-{}", number.get()).parse().unwrap();
            let ledger = database.open(board).await.unwrap();
            let held = conformance::law(law, &ledger, Shelf::Cases).await;
            held.unwrap_or_else(|fault| panic!("{law}: {fault}"));
        }
    });
}

#[test]
fn a_law_that_does_not_hold_is_said_not_to() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        // Each commit of a group is a transaction of its own here.
        let law = conformance::GROUP_LAWS[0];
        let fault = conformance::law(law, &open(&config).await, Shelf::Cases)
            .await
            .unwrap_err();
        assert!(
            fault
                .to_string()
                .starts_with("seen(ledger, shelf).await? is Seen {"),
            "{fault}"
        );
        let fault = conformance::law("no such", &open(&config).await, Shelf::Cases)
            .await
            .unwrap_err();
        assert_eq!(fault.to_string(), "there is no law `no such`");
    });
}
