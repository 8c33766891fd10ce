//! The PostgreSQL ledger, on a server that is started for it.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests panic on purpose, and say what they could not try"
)]

mod broken;
mod crash;
mod desks;
mod laws;
mod readers;
mod schema;
mod server;

use duly::desk::postgres::Database;
use duly::desk::rows::{Commit, Committed, HeadRow, RecordRow, Shelf};
use duly::desk::{AsyncLedger, Hash, PostgresLedger};
use duly::time::Moment;
use duly::words::BoardId;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn board() -> BoardId {
    "hainan".parse().unwrap()
}

fn at(seconds: i64) -> Moment {
    Moment::from_unix(1_700_000_000 + seconds).unwrap()
}

async fn open(config: &str) -> PostgresLedger {
    Database::connect(config)
        .unwrap()
        .open(board())
        .await
        .unwrap()
}

/// One more record of a case, which then wants to be woken.
fn more(key: &str, head: Option<&HeadRow>) -> Commit {
    let expected = head.map_or(0, |head| head.version);
    let line = format!("{key} {}", expected + 1).into_bytes();
    let hash = Some(Hash::of(&line));
    let record = RecordRow {
        key: key.to_owned(),
        version: expected + 1,
        prev: head.map_or_else(|| Some(Hash::of(key.as_bytes())), |head| head.hash),
        hash,
        line,
        observed_at: at(0),
    };
    Commit {
        after: head.and_then(|head| head.hash),
        head: Some(HeadRow {
            version: expected + 1,
            hash,
            alarm: Some(at(1)),
            state: b"{}".to_vec(),
        }),
        records: vec![record],
        ..Commit::new(Shelf::Cases, key, expected)
    }
}

async fn add(ledger: &PostgresLedger, key: &str) {
    let head = ledger.load(Shelf::Cases, key).await.unwrap();
    let done = ledger.commit(&more(key, head.as_ref())).await.unwrap();
    assert_eq!(done, Committed::Done);
}
