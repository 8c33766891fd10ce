//! What a commit asks before it changes anything: where the chain stands, by the hash of its last record too, and what must be there.

use super::draft::{Draft, Fault, Held, at, hold, number, private, reference, same};
use super::seen::{effects, seen};
use crate::desk::rows::{Committed, HeadRow, Kept, Shelf};
use crate::desk::{AsyncLedger, Hash, join};

/// How many write at once.
const WRITERS: usize = 4;

/// A head that is as far on, at the end of other records.
fn other(head: Option<&HeadRow>) -> Option<HeadRow> {
    head.map(|head| HeadRow {
        hash: Some(Hash::of(b"another history")),
        ..head.clone()
    })
}

pub(super) async fn other_history<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let opened = Draft::after(shelf, "a", None)
        .says("x")
        .says("y")
        .wakes(at(5));
    opened
        .keeps("a")
        .tells(0)
        .answers("c0")
        .done(ledger)
        .await?;
    let head = ledger.load(shelf, "a").await?;
    let elsewhere = other(head.as_ref());
    let before = seen(ledger, shelf).await?;
    let says = Draft::after(shelf, "a", elsewhere.as_ref()).says("z");
    let says = says.keeps("late").tells(0).answers("c1").erases("a");
    // A refusal was decided on it, too.
    let refused = Draft::after(shelf, "a", elsewhere.as_ref()).answers("c2");
    let numbered = Draft::after(shelf, "a", elsewhere.as_ref())
        .says("z")
        .of_number("n");
    for stale in [&says, &refused, &numbered] {
        same!(
            ledger.commit(&stale.commit).await?,
            Committed::conflict(head.clone())
        );
    }
    // Of a chain that there is not, there is no record that could be gone on from.
    let nowhere = Draft::after(shelf, "b", elsewhere.as_ref()).says("x");
    same!(
        ledger.commit(&nowhere.commit).await?,
        Committed::conflict(None)
    );
    same!(seen(ledger, shelf).await?, before);
    for command in ["c1", "c2"] {
        hold!(ledger.answered(shelf, command).await?.is_none());
    }
    hold!(ledger.find(&number("n")).await?.is_none());
    hold!(
        ledger
            .private(shelf, "a", &reference("late"))
            .await?
            .is_none()
    );
    same!(
        ledger.private(shelf, "a", &reference("a")).await?,
        Some(private("a"))
    );
    // What was answered is answered first, whatever it was decided on.
    let again = Draft::after(shelf, "a", elsewhere.as_ref())
        .says("z")
        .answers("c0");
    hold!(matches!(
        ledger.commit(&again.commit).await?,
        Committed::Duplicate(_)
    ));
    // By its own history it goes on, and so does whoever says nothing of it.
    Draft::after(shelf, "a", head.as_ref())
        .says("z")
        .done(ledger)
        .await?;
    let mut any = Draft::on(ledger, shelf, "a").await?.says("more");
    any.commit.after = None;
    any.done(ledger).await?;
    same!(ledger.history(shelf, "a").await?.len(), 4);
    Ok(())
}

pub(super) async fn told<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let opened = Draft::after(shelf, "a", None).says("x").wakes(at(5));
    let opened = opened.done(ledger).await?;
    let late = Draft::after(shelf, "a", opened.head.as_ref()).says("late");
    let first = Draft::after(shelf, "a", opened.head.as_ref())
        .says("first")
        .wakes(at(9))
        .done(ledger)
        .await?;
    let Committed::Conflict { head } = ledger.commit(&late.commit).await? else {
        return Err(Fault::new("a stale commit was taken"));
    };
    let head = head.map(|head| *head);
    same!(head, first.head);
    same!(head, ledger.load(shelf, "a").await?);
    // It can be gone on from without looking.
    Draft::after(shelf, "a", head.as_ref())
        .says("late")
        .done(ledger)
        .await?;
    let begins = Draft::after(shelf, "a", None).says("again").commit;
    let there = ledger.load(shelf, "a").await?;
    same!(ledger.commit(&begins).await?, Committed::conflict(there));
    Ok(())
}

pub(super) async fn carried<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let from = Draft::after(shelf, "a", None).says("x").links(0).tells(1);
    from.done(ledger).await?;
    let mut carries = Draft::after(shelf, "b", None).says("heard").answers("c1");
    carries.commit.carries = Some("a/1/0".to_owned());
    carries.clone().done(ledger).await?;
    hold!(effects(ledger, shelf, true).await?.is_empty());
    let before = seen(ledger, shelf).await?;
    // Once it is gone, whoever took it, it is carried out no more.
    let mut again = Draft::on(ledger, shelf, "b").await?.says("heard again");
    again = again.keeps("again").tells(0).answers("c2");
    for gone in ["a/1/0", "nowhere/1/0"] {
        again.commit.carries = Some(gone.to_owned());
        same!(ledger.commit(&again.commit).await?, Committed::Gone);
    }
    same!(seen(ledger, shelf).await?, before);
    hold!(ledger.answered(shelf, "c2").await?.is_none());
    // The id and the chain are looked at before it.
    hold!(matches!(
        ledger.commit(&carries.commit).await?,
        Committed::Duplicate(_)
    ));
    let mut stale = Draft::after(shelf, "b", None).says("x");
    stale.commit.carries = Some("a/1/0".to_owned());
    let there = ledger.load(shelf, "b").await?;
    same!(
        ledger.commit(&stale.commit).await?,
        Committed::conflict(there)
    );
    // By an answer alone, too.
    let mut alone = Draft::on(ledger, shelf, "b").await?.answers("c3");
    alone.commit.carries = Some("a/1/1".to_owned());
    alone.done(ledger).await?;
    hold!(effects(ledger, shelf, false).await?.is_empty());
    Ok(())
}

pub(super) async fn one_carries<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for round in 0..15 {
        let from = format!("f{round}");
        Draft::after(shelf, &from, None)
            .says("x")
            .links(0)
            .done(ledger)
            .await?;
        let drafts: Vec<Draft> = (0..WRITERS)
            .map(|who| {
                let key = format!("t{round}.{who}");
                let mut draft = Draft::after(shelf, &key, None).says("heard").answers(&key);
                draft.commit.carries = Some(format!("{from}/1/0"));
                draft
            })
            .collect();
        let send = async |draft: &Draft| -> Result<Committed, Fault> {
            loop {
                match ledger.commit(&draft.commit).await {
                    Err(error) if error.is_busy() => join::step_aside().await,
                    done => return Ok(done?),
                }
            }
        };
        let all = drafts.iter().map(|draft| Box::pin(send(draft)) as _);
        let all = join::every(all.collect()).await;
        let all = all.into_iter().collect::<Result<Vec<_>, _>>()?;
        same!(all.iter().filter(|one| **one == Committed::Done).count(), 1);
        let gone = all.iter().filter(|one| **one == Committed::Gone);
        same!(gone.count(), WRITERS - 1);
        for (draft, done) in drafts.iter().zip(&all) {
            let heard = ledger.load(shelf, &draft.commit.key).await?.is_some();
            same!(heard, *done == Committed::Done);
        }
    }
    hold!(effects(ledger, shelf, true).await?.is_empty());
    Ok(())
}

pub(super) async fn planned<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    ledger.keep(Kept::Plan, "p", "{}").await?;
    ledger.keep(Kept::Seal, "q", "{}").await?;
    let before = seen(ledger, shelf).await?;
    let opens = || Draft::after(shelf, "a", None).says("x").of_number("n");
    let mut draft = opens().answers("c1").keeps("a");
    for (plans, first) in [(["p", "q"], "q"), (["r", "q"], "r")] {
        draft.commit.plans = plans.map(str::to_owned).to_vec();
        let name = first.to_owned();
        same!(
            ledger.commit(&draft.commit).await?,
            Committed::NoPlan { name }
        );
    }
    same!(seen(ledger, shelf).await?, before);
    hold!(ledger.find(&number("n")).await?.is_none());
    ledger.keep(Kept::Plan, "q", "{}").await?;
    draft.commit.plans = vec!["p".to_owned(), "q".to_owned()];
    draft.done(ledger).await?;
    // The chain is looked at before.
    let mut stale = opens();
    stale.commit.plans = vec!["nowhere".to_owned()];
    let there = ledger.load(shelf, "a").await?;
    same!(
        ledger.commit(&stale.commit).await?,
        Committed::conflict(there)
    );
    Ok(())
}
