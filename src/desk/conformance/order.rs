//! In what order things come: alarms, records, keys, what goes out.

use super::draft::{Draft, Fault, Held, at, hold, same};
use super::seen::{effects, outbox, records, seen};
use crate::desk::rows::{AlarmRow, Committed, Shelf};
use crate::desk::{AsyncLedger, Cursor};
use crate::time::Moment;

fn alarm(key: &str, seconds: i64) -> AlarmRow {
    AlarmRow {
        at: at(seconds),
        key: key.to_owned(),
    }
}

pub(super) async fn alarms<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for (key, seconds) in [("b", 100), ("a", 100), ("c", 50), ("d", 300)] {
        let wakes = Draft::after(shelf, key, None).says("x").wakes(at(seconds));
        wakes.done(ledger).await?;
    }
    Draft::after(shelf, "e", None)
        .says("x")
        .done(ledger)
        .await?;
    let (c, a, b, d) = (
        alarm("c", 50),
        alarm("a", 100),
        alarm("b", 100),
        alarm("d", 300),
    );
    same!(ledger.next_alarm(shelf).await?, Some(at(50)));
    hold!(ledger.due(shelf, at(49), None, 10).await?.is_empty());
    same!(ledger.due(shelf, at(50), None, 10).await?, [alarm("c", 50)]);
    same!(
        ledger.due(shelf, at(299), None, 10).await?,
        [c.clone(), a.clone(), b.clone()]
    );
    same!(
        ledger.due(shelf, at(299), None, 2).await?,
        [c.clone(), a.clone()]
    );
    hold!(ledger.due(shelf, at(299), None, 0).await?.is_empty());
    same!(
        ledger.due(shelf, at(299), Some(&a), 10).await?,
        [alarm("b", 100)]
    );
    same!(
        ledger.due(shelf, Moment::MAX, Some(&c), 10).await?,
        [a, b.clone(), d.clone()]
    );
    // An alarm moves with its chain, and goes when the chain wants none.
    Draft::on(ledger, shelf, "c")
        .await?
        .says("y")
        .done(ledger)
        .await?;
    Draft::on(ledger, shelf, "a")
        .await?
        .says("y")
        .wakes(at(400))
        .done(ledger)
        .await?;
    same!(ledger.next_alarm(shelf).await?, Some(at(100)));
    same!(
        ledger.due(shelf, Moment::MAX, None, 10).await?,
        [b, d, alarm("a", 400)]
    );
    Ok(())
}

pub(super) async fn every_record_once<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let mut read = Vec::new();
    let mut cursor = Cursor::start();
    for round in 0..5 {
        for key in ["a", "b", "c"] {
            let draft = Draft::on(ledger, shelf, key).await?;
            draft
                .says(&format!("{round}"))
                .says("again")
                .done(ledger)
                .await?;
        }
        records(ledger, shelf).await?;
        let page = ledger.read(shelf, &cursor, 4).await?;
        same!(page.items.len(), 4);
        cursor = page.next;
        read.extend(page.items);
    }
    loop {
        let none = ledger.read(shelf, &cursor, 0).await?;
        hold!(none.items.is_empty() && none.next == cursor);
        let page = ledger.read(shelf, &cursor, 4).await?;
        if page.items.is_empty() {
            same!(page.next, cursor);
            break;
        }
        cursor = page.next;
        read.extend(page.items);
    }
    same!(read.len(), 30);
    same!(records(ledger, shelf).await?, read);
    for key in ["a", "b", "c"] {
        let own = read.iter().filter(|record| record.key == key);
        hold!(own.eq(&ledger.history(shelf, key).await?));
    }
    Ok(())
}

pub(super) async fn cursors<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    Draft::after(shelf, "a", None)
        .says("x")
        .done(ledger)
        .await?;
    for odd in [
        "nonsense", " ", "-", "1 or 1=1", "\0", "一", "-3", "+5", "007", "-0", "1 ",
    ] {
        let cursor = Cursor::new(odd);
        let misuse = |error: crate::desk::DeskError| error.is_misuse();
        hold!(ledger.read(shelf, &cursor, 1).await.is_err_and(misuse));
        hold!(
            ledger
                .outbox(shelf, false, &cursor, 1)
                .await
                .is_err_and(misuse)
        );
        hold!(
            ledger
                .outbox(shelf, true, &cursor, 0)
                .await
                .is_err_and(misuse)
        );
    }
    Ok(())
}

pub(super) async fn keys<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    // In the order of their bytes, whatever a language would say.
    let mut names = [
        "a", "b", "B", "_", "a-b", "ab", "aB", "é", "中", "州", "a b", "10", "9", "𠀀", "\u{ffff}",
    ];
    for name in names {
        let draft = Draft::after(shelf, name, None).says("x").says("y");
        draft.wakes(at(1)).done(ledger).await?;
    }
    names.sort_unstable();
    same!(ledger.keys(shelf, None, 100).await?, names);
    let due = ledger.due(shelf, at(1), None, 100).await?;
    hold!(due.iter().map(|alarm| alarm.key.as_str()).eq(names));
    let mut paged: Vec<String> = Vec::new();
    loop {
        let after = paged.last().cloned();
        let page = ledger.keys(shelf, after.as_deref(), 4).await?;
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    same!(paged, names);
    hold!(ledger.keys(shelf, None, 0).await?.is_empty());
    Ok(())
}

pub(super) async fn out<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let ids = async |after: &Cursor, limit: usize| {
        let page = ledger.outbox(shelf, false, after, limit).await?;
        let ids: Vec<String> = page.items.into_iter().map(|out| out.effect).collect();
        Ok::<_, Fault>((ids, page.next))
    };
    let start = Cursor::start();
    Draft::after(shelf, "a", None)
        .says("x")
        .tells(0)
        .tells(1)
        .done(ledger)
        .await?;
    let last = Draft::after(shelf, "b", None)
        .says("x")
        .tells(0)
        .done(ledger)
        .await?;
    same!(
        effects(ledger, shelf, false).await?,
        ["a/1/0", "a/1/1", "b/1/0"]
    );
    same!(
        outbox(ledger, shelf, false).await?.last(),
        last.outgoing.last()
    );
    // Taken again, the same: whoever died over it did not say that it was delivered.
    let (first, next) = ids(&start, 2).await?;
    same!(first, ["a/1/0", "a/1/1"]);
    same!(ids(&next, 10).await?.0, ["b/1/0"]);
    let none = ledger.outbox(shelf, false, &next, 0).await?;
    hold!(none.items.is_empty() && none.next == next);
    ledger
        .delivered(shelf, &["a/1/1".to_owned(), "b/1/0".to_owned()])
        .await?;
    ledger.delivered(shelf, &["b/1/0".to_owned()]).await?;
    same!(ids(&start, 10).await?.0, ["a/1/0"]);
    // What comes later is behind every cursor that was given, though the last place was freed.
    let (_, end) = ids(&next, 10).await?;
    Draft::after(shelf, "c", None)
        .says("x")
        .tells(0)
        .done(ledger)
        .await?;
    same!(effects(ledger, shelf, false).await?, ["a/1/0", "c/1/0"]);
    same!(ids(&next, 10).await?.0, ["c/1/0"]);
    same!(ids(&end, 10).await?.0, ["c/1/0"]);
    Ok(())
}

pub(super) async fn links<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    Draft::after(shelf, "a", None)
        .says("x")
        .tells(0)
        .links(1)
        .done(ledger)
        .await?;
    let more = Draft::after(shelf, "b", None)
        .says("x")
        .links(0)
        .tells(1)
        .links(2);
    more.done(ledger).await?;
    same!(
        effects(ledger, shelf, true).await?,
        ["a/1/1", "b/1/0", "b/1/2"]
    );
    same!(effects(ledger, shelf, false).await?, ["a/1/0", "b/1/1"]);
    hold!(
        outbox(ledger, shelf, true)
            .await?
            .iter()
            .all(|out| out.link)
    );
    hold!(
        outbox(ledger, shelf, false)
            .await?
            .iter()
            .all(|out| !out.link)
    );
    let page = ledger.outbox(shelf, true, &Cursor::start(), 2).await?;
    same!(page.items.len(), 2);
    let rest = ledger.outbox(shelf, true, &page.next, 2).await?.items;
    hold!(rest.iter().map(|out| out.effect.as_str()).eq(["b/1/2"]));
    ledger
        .delivered(shelf, &["b/1/0".to_owned(), "a/1/0".to_owned()])
        .await?;
    same!(effects(ledger, shelf, true).await?, ["a/1/1", "b/1/2"]);
    same!(effects(ledger, shelf, false).await?, ["b/1/1"]);
    Ok(())
}

pub(super) async fn delivered_within<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let opened = Draft::after(shelf, "a", None)
        .says("x")
        .links(0)
        .tells(1)
        .links(2);
    opened.done(ledger).await?;
    let stale = Draft::after(shelf, "a", None).says("y").delivers("a/1/0");
    let before = seen(ledger, shelf).await?;
    hold!(matches!(
        ledger.commit(&stale.commit).await?,
        Committed::Conflict { .. }
    ));
    same!(seen(ledger, shelf).await?, before);
    let carried = Draft::after(shelf, "b", None).says("x").links(0);
    let carried = carried
        .delivers("a/1/0")
        .delivers("a/1/1")
        .delivers("nowhere/1/0");
    carried.done(ledger).await?;
    same!(effects(ledger, shelf, true).await?, ["a/1/2", "b/1/0"]);
    hold!(effects(ledger, shelf, false).await?.is_empty());
    // By a commit that brings no record, too.
    Draft::on(ledger, shelf, "b")
        .await?
        .answers("c")
        .delivers("a/1/2")
        .done(ledger)
        .await?;
    same!(effects(ledger, shelf, true).await?, ["b/1/0"]);
    Ok(())
}
