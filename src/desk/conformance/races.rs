//! Many at once. All of them wait in one task: behind a network that is as good as many threads, and a ledger that never waits is
//! simply asked by one after the other.

use std::collections::BTreeSet;

use super::draft::{Draft, Fault, Held, hold, number, same};
use super::seen::effects;
use crate::desk::rows::{Committed, RecordRow, Shelf};
use crate::desk::{AsyncLedger, Cursor, join};

/// How many write at once.
const WRITERS: usize = 4;

pub(super) async fn one_chain<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    const EACH: usize = 15;
    Draft::after(shelf, "a", None)
        .says("x")
        .done(ledger)
        .await?;
    let writer = async |who: usize| -> Held {
        let mut written = 0;
        while written < EACH {
            let draft = Draft::on(ledger, shelf, "a").await?;
            let draft = draft.says(&format!("{who}/{written}")).tells(0);
            match ledger.commit(&draft.commit).await {
                Ok(Committed::Done) => written += 1,
                Ok(Committed::Conflict { .. }) => {}
                // Others would not stop writing: nothing was done.
                Err(error) if error.is_busy() => {}
                other => return Err(Fault::new(format!("{other:?}"))),
            }
            join::step_aside().await;
        }
        Ok(())
    };
    let writers = (0..WRITERS).map(|who| Box::pin(writer(who)) as _).collect();
    join::every(writers).await.into_iter().collect::<Held>()?;
    let history = ledger.history(shelf, "a").await?;
    same!(history.len(), 1 + WRITERS * EACH);
    for (one, next) in history.iter().zip(history.iter().skip(1)) {
        hold!(next.version == one.version + 1 && next.prev == one.hash);
    }
    let out: BTreeSet<String> = effects(ledger, shelf, false).await?.into_iter().collect();
    same!(out.len(), WRITERS * EACH);
    Ok(())
}

/// Sends all of the drafts at once; what each came to.
async fn at_once<L: AsyncLedger>(ledger: &L, drafts: &[Draft]) -> Result<Vec<Committed>, Fault> {
    let send = async |draft: &Draft| {
        loop {
            match ledger.commit(&draft.commit).await {
                Err(error) if error.is_busy() => join::step_aside().await,
                done => return Ok(done?),
            }
        }
    };
    let all = drafts.iter().map(|draft| Box::pin(send(draft)) as _);
    join::every(all.collect()).await.into_iter().collect()
}

pub(super) async fn one_command<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for round in 0..30 {
        let command = format!("c{round}");
        let drafts: Vec<Draft> = (0..WRITERS)
            .map(|who| {
                // To one chain, or to as many.
                let key = if round % 2 == 0 {
                    format!("k{round}")
                } else {
                    format!("k{round}.{who}")
                };
                Draft::after(shelf, &key, None)
                    .says(&format!("{who}"))
                    .keeps(&key)
                    .answers(&command)
            })
            .collect();
        let all = at_once(ledger, &drafts).await?;
        let done = all.iter().position(|one| *one == Committed::Done);
        let first = done
            .and_then(|at| drafts.get(at))
            .and_then(|draft| draft.commit.command.clone());
        let Some(first) = first else {
            return Err(Fault::new(format!("nobody's commit was taken: {all:?}")));
        };
        let told = Committed::Duplicate(Box::new(first.clone()));
        same!(all.iter().filter(|one| **one == told).count(), WRITERS - 1);
        same!(ledger.answered(shelf, &command).await?, Some(first));
        let mut records = 0;
        for draft in &drafts {
            records = records.max(ledger.history(shelf, &draft.commit.key).await?.len());
        }
        same!(records, 1);
    }
    // One of each round, and of the rounds to many chains no head of those who lost.
    same!(ledger.keys(shelf, None, 100).await?.len(), 30);
    Ok(())
}

pub(super) async fn one_number<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for round in 0..30 {
        let name = format!("n{round}");
        let drafts: Vec<Draft> = (0..WRITERS)
            .map(|who| {
                let key = format!("{name}.{who}");
                let draft = Draft::after(shelf, &key, None).says("opened").answers(&key);
                draft.of_number(&name)
            })
            .collect();
        let all = at_once(ledger, &drafts).await?;
        let Some(key) = ledger.find(&number(&name)).await? else {
            return Err(Fault::new(format!("nobody's commit was taken: {all:?}")));
        };
        let known = Committed::Known { key: key.clone() };
        same!(all.iter().filter(|one| **one == Committed::Done).count(), 1);
        same!(all.iter().filter(|one| **one == known).count(), WRITERS - 1);
        for draft in &drafts {
            let won = draft.commit.key == key;
            same!(ledger.load(shelf, &draft.commit.key).await?.is_some(), won);
            same!(
                ledger.answered(shelf, &draft.commit.key).await?.is_some(),
                won
            );
        }
    }
    Ok(())
}

pub(super) async fn one_new_chain<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for round in 0..30 {
        let key = format!("k{round}");
        let drafts: Vec<Draft> = (0..WRITERS)
            .map(|who| {
                let draft = Draft::after(shelf, &key, None).says(&format!("{who}"));
                // With a number each, with one for all, or with none; the version is looked at before it.
                let draft = match round % 3 {
                    0 => draft.of_number(&key),
                    1 => draft.of_number(&format!("{key}.{who}")),
                    _ => draft,
                };
                draft.answers(&format!("{key}.{who}"))
            })
            .collect();
        let all = at_once(ledger, &drafts).await?;
        let late = Committed::conflict(ledger.load(shelf, &key).await?);
        // Who sees neither the chain nor the number of one that is just being taken may meet either first.
        let known = Committed::Known { key: key.clone() };
        let lost = |one: &&Committed| **one == late || (round % 3 == 0 && **one == known);
        same!(all.iter().filter(|one| **one == Committed::Done).count(), 1);
        same!(all.iter().filter(lost).count(), WRITERS - 1);
        same!(ledger.history(shelf, &key).await?.len(), 1);
        for (one, draft) in all.iter().zip(&drafts) {
            let Some(command) = &draft.commit.command else {
                continue;
            };
            let answered = ledger.answered(shelf, &command.id).await?;
            same!(answered.is_some(), *one == Committed::Done);
            if let (1, Some(number)) = (round % 3, &draft.commit.number) {
                same!(
                    ledger.find(number).await?.is_some(),
                    *one == Committed::Done
                );
            }
        }
    }
    Ok(())
}

pub(super) async fn reader<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    const EACH: u64 = 25;
    const LOOKS: usize = 50_000;
    let all = WRITERS * usize::try_from(EACH).unwrap_or(0) * 2;
    let writer = async |who: usize| -> Held {
        let key = format!("k{who}");
        let mut head = None;
        for _ in 0..EACH {
            let draft = Draft::after(shelf, &key, head.as_ref())
                .says("x")
                .says("y")
                .tells(0);
            head = draft.done(ledger).await?.head;
            join::step_aside().await;
        }
        Ok(())
    };
    let reader = async |limit: usize| -> Held {
        let mut read: Vec<RecordRow> = Vec::new();
        let mut out = BTreeSet::new();
        let (mut cursor, mut place) = (Cursor::start(), Cursor::start());
        for _ in 0..LOOKS {
            let page = ledger.read(shelf, &cursor, limit).await?;
            hold!(page.items.len() <= limit);
            cursor = page.next;
            read.extend(page.items);
            let page = ledger.outbox(shelf, false, &place, limit).await?;
            place = page.next;
            for outgoing in page.items {
                hold!(out.insert(outgoing.effect));
            }
            if read.len() >= all && out.len() >= all / 2 {
                break;
            }
            join::step_aside().await;
        }
        same!(read.len(), all);
        same!(out.len(), all / 2);
        // Nothing twice, nothing left out, and each chain in its order.
        for who in 0..WRITERS {
            let key = format!("k{who}");
            let own = read.iter().filter(|record| record.key == key);
            hold!(own.map(|record| record.version).eq(1..=2 * EACH));
        }
        Ok(())
    };
    let mut both: Vec<join::Waited<'_, Held>> =
        (0..WRITERS).map(|who| Box::pin(writer(who)) as _).collect();
    both.push(Box::pin(reader(3)));
    both.push(Box::pin(reader(1_000)));
    join::every(both).await.into_iter().collect()
}

pub(super) async fn deliveries<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    for round in 0..6 {
        let mut draft = Draft::after(shelf, &format!("k{round}"), None).says("x");
        for n in 0..20 {
            draft = draft.tells(n);
        }
        let taken = draft.done(ledger).await?.outgoing;
        let mut ids: Vec<String> = taken.into_iter().map(|out| out.effect).collect();
        let there = ids.clone();
        ids.reverse();
        let take = async |ids: &[String]| Ok::<_, Fault>(ledger.delivered(shelf, ids).await?);
        let mut commit = Draft::after(shelf, &format!("d{round}"), None).says("x");
        commit.commit.delivered = ids.iter().rev().step_by(2).cloned().collect();
        let carry = async || {
            commit.done(ledger).await?;
            Ok(())
        };
        let all: Vec<_> = vec![
            Box::pin(take(&there)) as _,
            Box::pin(take(&ids)) as _,
            Box::pin(carry()) as _,
        ];
        join::every(all).await.into_iter().collect::<Held>()?;
        hold!(effects(ledger, shelf, false).await?.is_empty());
    }
    Ok(())
}
