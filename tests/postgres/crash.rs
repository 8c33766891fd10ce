//! A server that is killed loses nothing that was acknowledged.

use std::sync::Arc;
use std::time::Duration;

use duly::desk::rows::{CommandRow, Committed, Shelf};
use duly::desk::{AsyncLedger, Cursor, Hash, PostgresLedger};
use tokio::time::sleep;

use super::server::Server;
use super::{at, more, open, runtime};

/// Writes to a case of its own until that fails; how many commits were acknowledged, and whether the one that failed was
/// told as it should be.
async fn write(ledger: Arc<PostgresLedger>, key: String) -> (u64, String) {
    let mut head = ledger.load(Shelf::Cases, &key).await.unwrap();
    loop {
        let mut commit = more(&key, head.as_ref());
        commit.command = Some(CommandRow {
            id: format!("{key}/{}", commit.expected),
            key: key.clone(),
            payload: Some(Hash::of(b"asked")),
            said_at: at(0),
            at: at(0),
            answer: "{}".to_owned(),
        });
        match ledger.commit(&commit).await {
            Ok(done) => assert_eq!(done, Committed::Done),
            Err(error) => {
                assert!(error.is_unavailable(), "{error}");
                return (commit.expected, format!("{key}/{}", commit.expected));
            }
        }
        head = commit.head;
    }
}

#[test]
fn what_was_acknowledged_before_the_server_was_killed_is_there_once() {
    let Some(server) = Server::new(true) else {
        return;
    };
    let config = server.database("");
    runtime().block_on(async {
        let ledger = Arc::new(open(&config).await);
        for round in 0..3 {
            let writers: Vec<_> = (0..4)
                .map(|who| tokio::spawn(write(ledger.clone(), format!("k{round}.{who}"))))
                .collect();
            sleep(Duration::from_millis(400)).await;
            server.kill();
            let mut acknowledged = Vec::new();
            for writer in writers {
                acknowledged.push(writer.await.unwrap());
            }
            // In a thread of its own, since it waits in a runtime of its own.
            std::thread::scope(|scope| scope.spawn(|| server.start()).join().unwrap());
            // Time to notice that the old connections are gone.
            sleep(Duration::from_millis(50)).await;
            let mut total = 0;
            for (who, (count, unsure)) in acknowledged.into_iter().enumerate() {
                let key = format!("k{round}.{who}");
                let history = ledger.history(Shelf::Cases, &key).await.unwrap();
                // The last one may have been stored and its acknowledgement lost; then all of it is there.
                let stored = history.len() as u64;
                assert!(
                    stored == count || stored == count + 1,
                    "{stored} of {count}"
                );
                let head = ledger.load(Shelf::Cases, &key).await.unwrap();
                assert_eq!(head.map_or(0, |head| head.version), stored);
                let answered = ledger.answered(Shelf::Cases, &unsure).await.unwrap();
                assert_eq!(answered.is_some(), stored == count + 1);
                total += count;
            }
            assert!(total > 8, "only {total} commits were acknowledged");
        }
        let all = ledger
            .read(Shelf::Cases, &Cursor::start(), usize::MAX)
            .await
            .unwrap()
            .items;
        let mut seen: Vec<_> = all.iter().map(|it| (&it.key, it.version)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all.len());
        ledger.check().await.unwrap();
    });
}
