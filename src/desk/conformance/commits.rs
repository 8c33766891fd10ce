//! What a commit does, and what it does not.

use super::draft::{Draft, Held, at, hold, number, private, reference, same};
use super::seen::{records, seen};
use crate::desk::rows::{Commit, Committed, HeadRow, Look, Looked, Shelf};
use crate::desk::{AsyncLedger, Cursor, Hash};
use crate::time::Moment;

pub(super) fn other(shelf: Shelf) -> Shelf {
    match shelf {
        Shelf::Cases => Shelf::Duties,
        Shelf::Duties => Shelf::Cases,
    }
}

pub(super) async fn empty<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let start = Cursor::start();
    hold!(ledger.load(shelf, "m01").await?.is_none());
    hold!(ledger.history(shelf, "m01").await?.is_empty());
    hold!(ledger.keys(shelf, None, 10).await?.is_empty());
    hold!(ledger.next_alarm(shelf).await?.is_none());
    hold!(ledger.due(shelf, Moment::MAX, None, 10).await?.is_empty());
    let page = ledger.read(shelf, &start, 10).await?;
    hold!(page.items.is_empty() && page.next == start);
    for links in [false, true] {
        let page = ledger.outbox(shelf, links, &start, 10).await?;
        hold!(page.items.is_empty() && page.next == start);
    }
    hold!(ledger.answered(shelf, "c1").await?.is_none());
    hold!(ledger.find(&number("m01")).await?.is_none());
    hold!(
        ledger
            .private(shelf, "m01", &reference("m01"))
            .await?
            .is_none()
    );
    ledger.delivered(shelf, &["m01/1/0".to_owned()]).await?;
    ledger.delivered(shelf, &[]).await?;
    ledger.check().await?;
    Ok(())
}

pub(super) async fn read_back<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let first = Draft::after(shelf, "m01", None)
        .says("opened")
        .keeps("m01")
        .tells(0)
        .answers("c1")
        .of_number("m01")
        .done(ledger)
        .await?;
    let second = Draft::on(ledger, shelf, "m01").await?;
    let second = second.says("one").says("two").keeps("one").keeps("two");
    let second = second.wakes(at(9)).done(ledger).await?;
    same!(ledger.load(shelf, "m01").await?, second.head);
    let all = [first.records, second.records].concat();
    same!(ledger.history(shelf, "m01").await?, all);
    same!(records(ledger, shelf).await?, all);
    same!(ledger.answered(shelf, "c1").await?, first.command);
    same!(ledger.find(&number("m01")).await?.as_deref(), Some("m01"));
    for name in ["m01", "one", "two"] {
        let found = ledger.private(shelf, "m01", &reference(name)).await?;
        same!(found, Some(private(name)));
    }
    // A text is its chain's, and a chain its shelf's.
    hold!(
        ledger
            .private(shelf, "m02", &reference("one"))
            .await?
            .is_none()
    );
    same!(ledger.keys(shelf, None, 10).await?, ["m01"]);
    let other = other(shelf);
    hold!(ledger.load(other, "m01").await?.is_none());
    hold!(ledger.history(other, "m01").await?.is_empty());
    hold!(ledger.answered(other, "c1").await?.is_none());
    hold!(
        ledger
            .private(other, "m01", &reference("one"))
            .await?
            .is_none()
    );
    hold!(ledger.keys(other, None, 10).await?.is_empty());
    hold!(ledger.next_alarm(other).await?.is_none());
    hold!(
        ledger
            .read(other, &Cursor::start(), 10)
            .await?
            .items
            .is_empty()
    );
    hold!(
        ledger
            .outbox(other, false, &Cursor::start(), 10)
            .await?
            .items
            .is_empty()
    );
    // The same names there are others.
    let there = Draft::after(other, "m01", None)
        .says("x")
        .answers("c1")
        .tells(0)
        .done(ledger)
        .await?;
    same!(ledger.load(other, "m01").await?, there.head);
    same!(ledger.answered(other, "c1").await?, there.command);
    same!(ledger.answered(shelf, "c1").await?, first.command);
    Ok(())
}

pub(super) async fn look<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let opened = Draft::after(shelf, "m01", None).says("opened").wakes(at(3));
    opened.answers("c1").of_number("m01").done(ledger).await?;
    for (key, command, name) in [
        ("m01", "c1", Some("m01")),
        ("m01", "c2", Some("m01")),
        ("m01", "c2", None),
        ("m02", "c2", Some("m01")),
        ("m02", "c2", Some("m02")),
        ("m02", "c1", None),
    ] {
        let look = Look {
            shelf,
            key: key.to_owned(),
            command: command.to_owned(),
            number: name.map(number),
        };
        let mut parts = Looked {
            answered: ledger.answered(shelf, command).await?,
            ..Looked::default()
        };
        if parts.answered.is_none() {
            parts.head = ledger.load(shelf, key).await?;
            if let Some(number) = &look.number {
                parts.known = ledger.find(number).await?;
            }
        }
        same!(ledger.look(&look).await?, parts);
    }
    Ok(())
}

pub(super) async fn stale<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let opens_twice = Draft::after(shelf, "m01", None).says("opened").tells(0);
    let opens_twice = opens_twice.answers("c0").of_number("m01");
    let opened = Draft::after(shelf, "m01", None)
        .says("opened")
        .of_number("m01");
    opened.done(ledger).await?;
    let late = Draft::on(ledger, shelf, "m01").await?.says("late");
    let late = late.keeps("late").wakes(at(9)).tells(0).answers("c1");
    Draft::on(ledger, shelf, "m01")
        .await?
        .says("first")
        .done(ledger)
        .await?;
    let mut ahead = Draft::after(shelf, "m01", None);
    ahead.commit.expected = 5;
    let before = seen(ledger, shelf).await?;
    let head = ledger.load(shelf, "m01").await?;
    for stale in [late, opens_twice, ahead.says("ahead").answers("c2")] {
        same!(
            ledger.commit(&stale.commit).await?,
            Committed::conflict(head.clone())
        );
    }
    same!(seen(ledger, shelf).await?, before);
    for command in ["c0", "c1", "c2"] {
        hold!(ledger.answered(shelf, command).await?.is_none());
    }
    hold!(
        ledger
            .private(shelf, "m01", &reference("late"))
            .await?
            .is_none()
    );
    let nowhere = Commit {
        expected: 3,
        ..Draft::after(shelf, "m02", None).commit
    };
    same!(ledger.commit(&nowhere).await?, Committed::conflict(None));
    Ok(())
}

pub(super) async fn once<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let first = Draft::after(shelf, "m01", None)
        .says("opened")
        .answers("c1")
        .of_number("m01");
    let first = first.done(ledger).await?;
    let before = seen(ledger, shelf).await?;
    let Some(answer) = first.command.clone() else {
        return Ok(());
    };
    let told = Committed::Duplicate(Box::new(answer));
    let again = Draft::on(ledger, shelf, "m01")
        .await?
        .says("n")
        .answers("c1");
    same!(ledger.commit(&again.commit).await?, told);
    // The id is looked at before the version and the number.
    same!(ledger.commit(&first).await?, told);
    let elsewhere = Draft::after(shelf, "m02", None)
        .says("opened")
        .answers("c1")
        .of_number("m02");
    same!(ledger.commit(&elsewhere.commit).await?, told);
    same!(seen(ledger, shelf).await?, before);
    hold!(ledger.find(&number("m02")).await?.is_none());
    Ok(())
}

pub(super) async fn one_case<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    Draft::after(shelf, "m01", None)
        .says("opened")
        .of_number("n")
        .done(ledger)
        .await?;
    let before = seen(ledger, shelf).await?;
    let again = Draft::after(shelf, "m02", None).says("opened").keeps("m02");
    let again = again.answers("c2").of_number("n");
    same!(
        ledger.commit(&again.commit).await?,
        Committed::Known {
            key: "m01".to_owned()
        }
    );
    same!(seen(ledger, shelf).await?, before);
    hold!(ledger.load(shelf, "m02").await?.is_none());
    hold!(ledger.answered(shelf, "c2").await?.is_none());
    hold!(
        ledger
            .private(shelf, "m02", &reference("m02"))
            .await?
            .is_none()
    );
    // The same number in another channel is another message.
    let mut elsewhere = again;
    if let Some(number) = &mut elsewhere.commit.number {
        number.channel = "phone".to_owned();
    }
    elsewhere.done(ledger).await?;
    same!(ledger.find(&number("n")).await?.as_deref(), Some("m01"));
    Ok(())
}

pub(super) async fn refusal<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    Draft::after(shelf, "m01", None)
        .says("opened")
        .wakes(at(5))
        .done(ledger)
        .await?;
    let before = seen(ledger, shelf).await?;
    let refused = Draft::on(ledger, shelf, "m01")
        .await?
        .answers("c1")
        .done(ledger)
        .await?;
    // Of a chain that there is not, too.
    let nowhere = Draft::after(shelf, "m02", None)
        .answers("c2")
        .done(ledger)
        .await?;
    same!(seen(ledger, shelf).await?, before);
    same!(ledger.answered(shelf, "c1").await?, refused.command);
    same!(ledger.answered(shelf, "c2").await?, nowhere.command);
    hold!(ledger.load(shelf, "m02").await?.is_none());
    let again = Draft::after(shelf, "m02", None)
        .says("opened")
        .answers("c2");
    hold!(matches!(
        ledger.commit(&again.commit).await?,
        Committed::Duplicate(_)
    ));
    Ok(())
}

pub(super) async fn malformed<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let good = Draft::after(shelf, "a", None)
        .says("one")
        .says("two")
        .commit;
    let mut wrong_head = good.clone();
    if let Some(head) = &mut wrong_head.head {
        head.version += 1;
    }
    let mut other_hash = good.clone();
    if let Some(head) = &mut other_hash.head {
        head.hash = Some(Hash::of(b"other"));
    }
    let lacks = |what: fn(&mut Commit)| {
        let mut commit = good.clone();
        commit.private.push(private("a"));
        what(&mut commit);
        commit
    };
    let no_hash = lacks(|commit| {
        let last = commit.records.last_mut().map(|last| &mut last.hash);
        let head = commit.head.as_mut().map(|head| &mut head.hash);
        last.into_iter().chain(head).for_each(|hash| *hash = None);
    });
    let bad = [
        Commit {
            expected: 1,
            ..good.clone()
        },
        Commit::new(shelf, "a", u64::MAX),
        Commit {
            key: "b".to_owned(),
            ..good.clone()
        },
        Commit {
            head: None,
            ..good.clone()
        },
        Commit {
            records: Vec::new(),
            ..good.clone()
        },
        Commit {
            records: good.records.iter().rev().cloned().collect(),
            ..good.clone()
        },
        wrong_head,
        other_hash,
        no_hash,
        lacks(|commit| commit.records.iter_mut().for_each(|it| it.prev = None)),
        lacks(|commit| commit.private.iter_mut().for_each(|it| it.salt = None)),
        lacks(|commit| commit.private.iter_mut().for_each(|it| it.text = None)),
    ];
    for bad in bad {
        hold!(
            ledger
                .commit(&bad)
                .await
                .is_err_and(|error| error.is_misuse())
        );
    }
    hold!(ledger.keys(shelf, None, 10).await?.is_empty());
    same!(ledger.commit(&good).await?, Committed::Done);
    // Nor is a head kept anew that has no hash.
    let mut anew = Draft::on(ledger, shelf, "a").await?.commit;
    anew.head = good.head.map(|head| HeadRow { hash: None, ..head });
    let refused = ledger.commit(&anew).await;
    hold!(refused.is_err_and(|error| error.is_misuse()));
    Ok(())
}

pub(super) async fn opaque<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    // Hashes that are none of these lines', and lines that are no JSON and no text.
    let mut odd = Draft::after(shelf, "a", None);
    for line in [
        &b""[..],
        b"\0",
        b"\xff\xfe no text",
        b"{\"a\": 1,  \"a\": 2}\n",
        &[0; 300],
    ] {
        odd = odd.line(line.to_vec());
    }
    for (n, record) in odd.commit.records.iter_mut().enumerate() {
        let n = u8::try_from(n).unwrap_or(0);
        record.prev = Some(Hash::new([n; 32]));
        record.hash = Some(Hash::new([255 - n; 32]));
        record.observed_at = at(-i64::from(n));
    }
    if let Some(head) = &mut odd.commit.head {
        head.hash = odd.commit.records.last().and_then(|last| last.hash);
        head.state = b"\xff\0 no state".to_vec();
    }
    let kept = odd.answers("c").done(ledger).await?;
    same!(ledger.history(shelf, "a").await?, kept.records);
    same!(ledger.load(shelf, "a").await?, kept.head);
    same!(records(ledger, shelf).await?, kept.records);
    Ok(())
}
