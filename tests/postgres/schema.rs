//! The tables: made once, brought forward only, and nobody else's.

use std::process::{Command, Stdio};

use duly::desk::postgres::Database;
use duly::desk::rows::{Kept, Shelf};
use duly::desk::{AsyncLedger, Cursor, DeskError};

use super::server::{client, server};
use super::{add, board, more, open, runtime};

const CONFIG: &str = "DULY_TEST_POSTGRES_CONFIG";

async fn refused(config: &str) -> [DeskError; 2] {
    let database = Database::connect(config).unwrap();
    [
        database.open(board()).await.unwrap_err(),
        database.open_read_only(board()).await.unwrap_err(),
    ]
}

#[test]
fn newer_tables_are_refused_and_left_alone() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let ledger = open(&config).await;
        let beside = client(&config).await;
        beside
            .batch_execute("UPDATE duly.duly_meta SET shape = 99")
            .await
            .unwrap();
        for error in refused(&config).await {
            assert!(error.is_newer());
            assert_eq!(
                error.to_string(),
                "the ledger has shape 99, this library knows shapes up to 2; use a newer library"
            );
        }
        assert!(ledger.check().await.unwrap_err().is_newer());
        let shape = beside
            .query_one("SELECT shape FROM duly.duly_meta", &[])
            .await
            .unwrap();
        assert_eq!(shape.get::<_, i32>(0), 99);
    });
}

#[test]
fn what_is_no_ledger_is_refused_and_left_alone() {
    let Some(server) = server() else { return };
    for (foreign, at_all) in [
        ("SELECT 1", false),
        ("CREATE SCHEMA duly", false),
        ("CREATE SCHEMA duly; CREATE TABLE duly.heads (a int)", true),
        (
            "CREATE SCHEMA duly; CREATE TABLE duly.duly_meta (a int)",
            true,
        ),
        (
            "CREATE SCHEMA duly; CREATE TABLE duly.duly_meta (application text, shape int)",
            true,
        ),
    ] {
        let config = server.database("");
        runtime().block_on(async {
            let beside = client(&config).await;
            beside.batch_execute(foreign).await.unwrap();
            let database = Database::connect(&config).unwrap();
            let error = database.open_read_only(board()).await.unwrap_err();
            assert!(error.is_not_a_ledger(), "{foreign}: {error}");
            assert!(database.boards().await.unwrap_err().is_not_a_ledger());
            match database.open(board()).await {
                Ok(_) => assert!(!at_all, "{foreign}"),
                Err(error) => assert!(at_all && error.is_not_a_ledger(), "{foreign}: {error}"),
            }
            let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'duly'";
            let tables: i64 = beside.query_one(tables, &[]).await.unwrap().get(0);
            assert_eq!(tables == 1, at_all, "{foreign}");
        });
    }
}

#[test]
fn a_database_that_cannot_hold_every_text_is_refused() {
    let Some(server) = server() else { return };
    let config = server.database("ENCODING 'SQL_ASCII'");
    runtime().block_on(async {
        for error in refused(&config).await {
            assert!(error.is_misuse());
            assert_eq!(
                error.to_string(),
                "the database has the encoding SQL_ASCII; make one with the encoding UTF8"
            );
        }
    });
}

/// Not a test of its own: it runs in processes that the test below starts.
#[test]
#[ignore = "the processes of another test"]
fn opener() {
    let Ok(config) = std::env::var(CONFIG) else {
        return;
    };
    runtime()
        .block_on(async { add(&open(&config).await, &format!("k{}", std::process::id())).await });
}

#[test]
fn many_processes_can_make_the_tables_at_once() {
    let Some(server) = server() else { return };
    for _ in 0..3 {
        let config = server.database("");
        let openers: Vec<_> = (0..4)
            .map(|_| {
                Command::new(std::env::current_exe().unwrap())
                    .args(["schema::opener", "--exact", "--ignored", "--nocapture"])
                    .env(CONFIG, &config)
                    .stdout(Stdio::null())
                    .stderr(Stdio::inherit())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for mut opener in openers {
            assert!(opener.wait().unwrap().success());
        }
        runtime().block_on(async {
            let ledger = open(&config).await;
            assert_eq!(ledger.keys(Shelf::Cases, None, 10).await.unwrap().len(), 4);
            assert_eq!(ledger.database().boards().await.unwrap(), [board()]);
        });
    }
}

#[test]
fn a_service_needs_no_more_rights_than_the_docs_say() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let beside = client(&config).await;
        Database::connect(&config)
            .unwrap()
            .bring_up()
            .await
            .unwrap();
        let grants = "CREATE ROLE service LOGIN; CREATE ROLE reader LOGIN;
            GRANT USAGE ON SCHEMA duly TO service, reader;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA duly TO service;
            GRANT SELECT ON ALL TABLES IN SCHEMA duly TO reader;";
        beside.batch_execute(grants).await.unwrap();
        let service = open(&config.replace("user=duly", "user=service")).await;
        add(&service, "a").await;
        service.keep(Kept::Plan, "p", "{}").await.unwrap();
        service
            .delivered(Shelf::Cases, &["e".to_owned()])
            .await
            .unwrap();
        service.check().await.unwrap();
        let reader = Database::connect(&config.replace("user=duly", "user=reader")).unwrap();
        assert!(
            reader
                .open("other".parse().unwrap())
                .await
                .unwrap_err()
                .is_storage()
        );
        let reader = reader.open_read_only(board()).await.unwrap();
        assert_eq!(
            reader
                .read(Shelf::Cases, &Cursor::start(), 9)
                .await
                .unwrap()
                .items
                .len(),
            1
        );
        assert!(
            reader
                .commit(&more("b", None))
                .await
                .unwrap_err()
                .is_read_only()
        );
        assert!(
            reader
                .keep(Kept::Plan, "q", "{}")
                .await
                .unwrap_err()
                .is_read_only()
        );
        assert!(
            reader
                .delivered(Shelf::Cases, &[])
                .await
                .unwrap_err()
                .is_read_only()
        );
        // Nor is more let through than the server lets through.
        let standby = client(&config).await;
        standby
            .batch_execute("ALTER ROLE service SET default_transaction_read_only = on")
            .await
            .unwrap();
        let service = Database::connect(&config.replace("user=duly", "user=service")).unwrap();
        let service = service.open_read_only(board()).await.unwrap();
        assert!(service.history(Shelf::Cases, "a").await.unwrap().len() == 1);
        standby
            .batch_execute("DROP OWNED BY service, reader; DROP ROLE service, reader")
            .await
            .unwrap();
    });
}

#[test]
fn schemas_in_one_database_are_apart() {
    let Some(server) = server() else { return };
    let config = server.database("");
    runtime().block_on(async {
        let database = Database::connect(&config).unwrap();
        let one = database.clone().open(board()).await.unwrap();
        // A name that means something to SQL is a name like any other.
        let two = database
            .clone()
            .in_schema("select")
            .unwrap()
            .open(board())
            .await
            .unwrap();
        add(&one, "a").await;
        add(&two, "b").await;
        assert_eq!(one.keys(Shelf::Cases, None, 9).await.unwrap(), ["a"]);
        assert_eq!(two.keys(Shelf::Cases, None, 9).await.unwrap(), ["b"]);
        for odd in [
            "",
            "Duly",
            "pg_duly",
            "a\"b",
            "1a",
            "a.b",
            "中",
            &"a".repeat(64),
        ] {
            assert!(
                database.clone().in_schema(odd).unwrap_err().is_misuse(),
                "{odd}"
            );
        }
        // A name that PostgreSQL cannot hold is an error, not another name.
        assert!(
            one.load(Shelf::Cases, "a\0b")
                .await
                .unwrap_err()
                .is_misuse()
        );
        assert!(
            one.commit(&more("a\0b", None))
                .await
                .unwrap_err()
                .is_misuse()
        );
    });
}
