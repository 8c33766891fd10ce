//! Waking: of many who wake a chain, one does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::draft::{Draft, Fault, Held, at, hold, same};
use super::seen::seen;
use crate::desk::rows::{AlarmRow, Committed, HeadRow, Shelf};
use crate::desk::{AsyncLedger, DeskError, gate, join};
use crate::time::Moment;

fn none() -> BTreeSet<String> {
    BTreeSet::new()
}

pub(super) async fn one<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for (key, seconds) in [("b", 20), ("a", 10), ("c", 90)] {
        let wakes = Draft::after(shelf, key, None).says("x").wakes(at(seconds));
        wakes.done(ledger).await?;
    }
    let mut asked: Vec<(AlarmRow, HeadRow)> = Vec::new();
    let mut fires = |alarm: &AlarmRow, head: HeadRow| {
        asked.push((alarm.clone(), head.clone()));
        Ok(Draft::after(shelf, &alarm.key, Some(&head))
            .says("woken")
            .tells(0)
            .commit)
    };
    let nothing = ledger.wake(shelf, at(9), &none(), &mut fires).await?;
    hold!(nothing.is_none());
    let a = ledger.load(shelf, "a").await?;
    for key in ["a", "b"] {
        let woken = ledger.wake(shelf, at(50), &none(), &mut fires).await?;
        hold!(matches!(&woken, Some((alarm, Ok(Committed::Done))) if alarm.key == key));
        same!(ledger.history(shelf, key).await?.len(), 2);
    }
    let nothing = ledger.wake(shelf, at(50), &none(), &mut fires).await?;
    hold!(nothing.is_none());
    same!(asked.len(), 2);
    let first = asked.into_iter().next();
    let alarm = AlarmRow {
        at: at(10),
        key: "a".to_owned(),
    };
    same!(first, a.map(|head| (alarm, head)));
    same!(ledger.next_alarm(shelf).await?, Some(at(90)));
    same!(
        super::seen::effects(ledger, shelf, false).await?,
        ["a/2/0", "b/2/0"]
    );
    Ok(())
}

pub(super) async fn skipped<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let names: Vec<String> = (0..40).map(|n| format!("k{n:02}")).collect();
    for name in &names {
        Draft::after(shelf, name, None)
            .says("x")
            .wakes(at(1))
            .done(ledger)
            .await?;
    }
    let mut fires = |alarm: &AlarmRow, head: HeadRow| {
        Ok(Draft::after(shelf, &alarm.key, Some(&head))
            .says("woken")
            .commit)
    };
    let skip: BTreeSet<String> = names
        .iter()
        .filter(|name| *name != "k37")
        .cloned()
        .collect();
    let woken = ledger.wake(shelf, Moment::MAX, &skip, &mut fires).await?;
    hold!(woken.is_some_and(|(alarm, _)| alarm.key == "k37"));
    let nothing = ledger.wake(shelf, Moment::MAX, &skip, &mut fires).await?;
    hold!(nothing.is_none());
    same!(ledger.due(shelf, Moment::MAX, None, 100).await?.len(), 39);
    Ok(())
}

pub(super) async fn failing<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for (key, seconds) in [("a", 10), ("b", 20)] {
        let wakes = Draft::after(shelf, key, None).says("x").wakes(at(seconds));
        wakes.done(ledger).await?;
    }
    let before = seen(ledger, shelf).await?;
    let mut fails = |_: &AlarmRow, _: HeadRow| Err(DeskError::misuse("on purpose"));
    let woken = ledger.wake(shelf, at(50), &none(), &mut fails).await?;
    let Some((alarm, Err(error))) = woken else {
        return Err(Fault::new(format!("what failed was not told: {woken:?}")));
    };
    same!(
        alarm,
        AlarmRow {
            at: at(10),
            key: "a".to_owned()
        }
    );
    same!(error.to_string(), "on purpose");
    // What does not follow is not taken either.
    let mut stale = |alarm: &AlarmRow, _: HeadRow| {
        Ok(Draft::after(shelf, &alarm.key, None)
            .says("again")
            .tells(0)
            .commit)
    };
    let woken = ledger.wake(shelf, at(50), &none(), &mut stale).await?;
    hold!(matches!(woken, Some((_, Ok(Committed::Conflict { .. })))));
    same!(seen(ledger, shelf).await?, before);
    // The chain was let go: it can be written to, and woken.
    Draft::on(ledger, shelf, "a")
        .await?
        .says("y")
        .wakes(at(10))
        .done(ledger)
        .await?;
    let mut fires = |alarm: &AlarmRow, head: HeadRow| {
        Ok(Draft::after(shelf, &alarm.key, Some(&head))
            .says("woken")
            .commit)
    };
    let woken = ledger.wake(shelf, at(50), &none(), &mut fires).await?;
    hold!(matches!(woken, Some((alarm, Ok(Committed::Done))) if alarm.key == "a"));
    Ok(())
}

pub(super) async fn race<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    const CHAINS: usize = 40;
    for n in 0..CHAINS {
        let draft = Draft::after(shelf, &format!("k{n}"), None).says("x");
        draft.wakes(at(1)).done(ledger).await?;
    }
    let (fired, asked) = (Mutex::new(BTreeMap::new()), Mutex::new(0_usize));
    let waker = async || -> Held {
        // None may mean that another holds the last one and may yet give it back.
        let mut idle = 0;
        while idle < 3 {
            let mut fires = |alarm: &AlarmRow, head: HeadRow| {
                *gate::lock(&asked) += 1;
                Ok(Draft::after(shelf, &alarm.key, Some(&head))
                    .says("woken")
                    .commit)
            };
            match ledger.wake(shelf, at(1), &none(), &mut fires).await? {
                Some((alarm, Ok(Committed::Done))) => {
                    *gate::lock(&fired).entry(alarm.key).or_insert(0) += 1;
                }
                Some((_, Ok(Committed::Conflict { .. }))) => {}
                Some(other) => return Err(Fault::new(format!("{other:?}"))),
                None => idle += 1,
            }
            join::step_aside().await;
        }
        Ok(())
    };
    let wakers = (0..4).map(|_| Box::pin(waker()) as _).collect();
    join::every(wakers).await.into_iter().collect::<Held>()?;
    let fired = gate::lock(&fired).clone();
    same!(fired.len(), CHAINS);
    hold!(fired.values().all(|times| *times == 1));
    hold!(*gate::lock(&asked) >= CHAINS);
    for key in ledger.keys(shelf, None, usize::MAX).await? {
        same!(ledger.history(shelf, &key).await?.len(), 2);
    }
    hold!(ledger.next_alarm(shelf).await?.is_none());
    Ok(())
}
