//! What a ledger holds to besides whose groups are one transaction.

use super::draft::{Draft, Fault, Held, at, hold, private, reference, same};
use super::seen::{effects, seen};
use crate::desk::rows::{Kept, Shelf};
use crate::desk::{AsyncLedger, DeskError, join};

/// Runs a group that may fail in ways of its own.
async fn in_group<L: AsyncLedger>(
    ledger: &L,
    work: impl Future<Output = Held> + Send,
) -> Result<(), DeskError> {
    let work = async {
        let done = work.await;
        done.map_err(|fault| DeskError::misuse(fault.to_string()))
    };
    ledger.group(work).await
}

fn on_purpose() -> Held {
    Err(Fault::new("on purpose"))
}

pub(super) async fn whole<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let first = Draft::after(shelf, "a", None)
        .says("x")
        .wakes(at(50))
        .tells(0)
        .links(1);
    first
        .keeps("a0")
        .answers("c0")
        .of_number("a")
        .done(ledger)
        .await?;
    let before = seen(ledger, shelf).await?;
    let failed = in_group(ledger, async {
        let second = Draft::after(shelf, "b", None)
            .says("x")
            .wakes(at(10))
            .tells(0);
        second
            .keeps("b")
            .answers("c1")
            .of_number("b")
            .done(ledger)
            .await?;
        Draft::on(ledger, shelf, "a")
            .await?
            .says("y")
            .done(ledger)
            .await?;
        let erases = Draft::on(ledger, shelf, "a").await?.says("z").erases("a0");
        erases.tells(0).delivers("a/1/1").done(ledger).await?;
        ledger.keep(Kept::Plan, "p", "{}").await?;
        ledger.delivered(shelf, &["a/1/0".to_owned()]).await?;
        // Inside, all of it is there.
        same!(ledger.next_alarm(shelf).await?, Some(at(10)));
        hold!(
            ledger
                .private(shelf, "a", &reference("a0"))
                .await?
                .is_none()
        );
        same!(effects(ledger, shelf, false).await?, ["b/1/0", "a/3/0"]);
        on_purpose()
    });
    same!(
        failed.await.err().map(|error| error.to_string()).as_deref(),
        Some("on purpose")
    );
    same!(seen(ledger, shelf).await?, before);
    hold!(ledger.answered(shelf, "c1").await?.is_none());
    let answered = ledger.answered(shelf, "c0").await?;
    hold!(answered.is_some_and(|answered| answered.payload.is_some()));
    hold!(ledger.find(&super::draft::number("b")).await?.is_none());
    same!(
        ledger.private(shelf, "a", &reference("a0")).await?,
        Some(private("a0"))
    );
    hold!(ledger.private(shelf, "b", &reference("b")).await?.is_none());
    hold!(ledger.kept(Kept::Plan, "p").await?.is_none());
    let done = in_group(ledger, async {
        Draft::after(shelf, "b", None)
            .says("x")
            .done(ledger)
            .await?;
        Draft::on(ledger, shelf, "b")
            .await?
            .says("y")
            .done(ledger)
            .await?;
        Ok(())
    });
    done.await?;
    same!(ledger.history(shelf, "b").await?.len(), 2);
    Ok(())
}

pub(super) async fn inner<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let put = async |key: &str| -> Held {
        Draft::after(shelf, key, None)
            .says("x")
            .done(ledger)
            .await?;
        Ok(())
    };
    let done = in_group(ledger, async {
        put("a").await?;
        let failed = in_group(ledger, async {
            put("b").await?;
            on_purpose()
        });
        hold!(failed.await.is_err());
        in_group(ledger, put("c")).await?;
        Ok(())
    });
    done.await?;
    same!(ledger.keys(shelf, None, 10).await?, ["a", "c"]);
    // What succeeded inside goes with a group that fails.
    let failed = in_group(ledger, async {
        in_group(ledger, put("d")).await?;
        on_purpose()
    });
    hold!(failed.await.is_err());
    same!(ledger.keys(shelf, None, 10).await?, ["a", "c"]);
    Ok(())
}

pub(super) async fn apart<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let group = async || -> Held {
        let failed = in_group(ledger, async {
            Draft::after(shelf, "a", None)
                .says("x")
                .done(ledger)
                .await?;
            // Time enough for the other to slip in, if it could.
            for _ in 0..50 {
                join::step_aside().await;
            }
            on_purpose()
        });
        hold!(failed.await.is_err());
        Ok(())
    };
    let other = async || -> Held {
        Draft::after(shelf, "b", None)
            .says("x")
            .done(ledger)
            .await?;
        Ok(())
    };
    let both: Vec<_> = vec![Box::pin(group()) as _, Box::pin(other()) as _];
    join::every(both).await.into_iter().collect::<Held>()?;
    same!(ledger.keys(shelf, None, 10).await?, ["b"]);
    Ok(())
}
