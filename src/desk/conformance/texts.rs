//! Private texts, and whatever else is kept word for word.

use super::draft::{Draft, Held, hold, private, reference, same};
use super::seen::outbox;
use crate::desk::AsyncLedger;
use crate::desk::rows::{Kept, PrivateRow, Shelf};

pub(super) async fn erased<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let phone = "13912345678";
    let a = Draft::after(shelf, "a", None)
        .says("x")
        .keeps(phone)
        .keeps("kept");
    a.answers("c1").done(ledger).await?;
    Draft::on(ledger, shelf, "a")
        .await?
        .says("y")
        .answers("c2")
        .done(ledger)
        .await?;
    let b = Draft::after(shelf, "b", None)
        .says("x")
        .keeps(phone)
        .answers("c3");
    b.done(ledger).await?;
    let elsewhere = super::commits::other(shelf);
    let twin = Draft::after(elsewhere, "a", None)
        .says("x")
        .keeps(phone)
        .answers("c1");
    twin.done(ledger).await?;
    let stale = Draft::after(shelf, "a", None).says("z").erases(phone);
    let _ = ledger.commit(&stale.commit).await?;
    hold!(
        ledger
            .private(shelf, "a", &reference(phone))
            .await?
            .is_some()
    );
    let erases = Draft::on(ledger, shelf, "a").await?.says("z").erases(phone);
    erases
        .erases("never there")
        .answers("c4")
        .done(ledger)
        .await?;
    hold!(
        ledger
            .private(shelf, "a", &reference(phone))
            .await?
            .is_none()
    );
    same!(
        ledger.private(shelf, "a", &reference("kept")).await?,
        Some(private("kept"))
    );
    same!(
        ledger.private(shelf, "b", &reference(phone)).await?,
        Some(private(phone))
    );
    same!(
        ledger.private(elsewhere, "a", &reference(phone)).await?,
        Some(private(phone))
    );
    // A hash of what was asked can be guessed at, so those of the chain go as well; the answers stay.
    for (shelf, command, gone) in [
        (shelf, "c1", true),
        (shelf, "c2", true),
        (shelf, "c4", true),
        (shelf, "c3", false),
        (elsewhere, "c1", false),
    ] {
        let answered = ledger.answered(shelf, command).await?;
        same!(
            answered.map(|answered| answered.payload.is_none()),
            Some(gone)
        );
    }
    same!(ledger.history(shelf, "a").await?.len(), 3);
    // What is said again is there again, and erased again it is gone.
    let again = Draft::on(ledger, shelf, "a").await?.says("w").keeps(phone);
    again.done(ledger).await?;
    same!(
        ledger.private(shelf, "a", &reference(phone)).await?,
        Some(private(phone))
    );
    let erases = Draft::on(ledger, shelf, "a").await?.says("v");
    erases
        .keeps("late")
        .erases(phone)
        .erases("late")
        .done(ledger)
        .await?;
    for name in [phone, "late"] {
        let found = ledger.private(shelf, "a", &reference(name)).await?;
        hold!(found.is_none());
    }
    same!(
        ledger.private(shelf, "a", &reference("kept")).await?,
        Some(private("kept"))
    );
    Ok(())
}

pub(super) async fn odd<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let long = "留言".repeat(175_000);
    let texts = [
        "",
        " ",
        "\0",
        "before\0after",
        "\u{301}",
        "e\u{301} is not \u{e9}",
        "\u{feff}\u{200d}\u{202e}",
        "𠀀\u{10ffff}",
        "'; DROP TABLE heads; --",
        "\\x00 \\ \" $1 {} %s",
        "\r\n\t",
        &long,
    ];
    for (n, text) in texts.iter().enumerate() {
        let (key, name) = (format!("k{n}"), format!("n{n}"));
        let text = (*text).to_owned();
        let mut draft = Draft::after(shelf, &key, None).line(text.clone().into_bytes());
        draft = draft.tells(0).answers(&name);
        let given = PrivateRow {
            reference: name.clone(),
            salt: Some([u8::try_from(n).unwrap_or(0); 16]),
            text: Some(text.clone()),
        };
        draft.commit.private.push(given.clone());
        if let Some(out) = draft.commit.outgoing.first_mut() {
            out.outgoing = text.clone();
        }
        if let Some(command) = &mut draft.commit.command {
            command.answer = text.clone();
        }
        if let Some(head) = &mut draft.commit.head {
            head.state = text.clone().into_bytes();
        }
        let kept = draft.done(ledger).await?;
        ledger.keep(Kept::Receipt, &name, &text).await?;
        hold!(ledger.private(shelf, &key, &name).await? == Some(given));
        hold!(ledger.answered(shelf, &name).await? == kept.command);
        hold!(ledger.load(shelf, &key).await? == kept.head);
        hold!(ledger.history(shelf, &key).await? == kept.records);
        hold!(ledger.kept(Kept::Receipt, &name).await? == Some(text.clone()));
        hold!(outbox(ledger, shelf, false).await?.last() == kept.outgoing.first());
    }
    Ok(())
}

pub(super) async fn kept<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Held {
    let all = [Kept::Plan, Kept::Seal, Kept::Receipt];
    for kept in all {
        hold!(ledger.kept(kept, "a").await?.is_none());
        hold!(ledger.kept_names(kept, None, 10).await?.is_empty());
    }
    ledger.keep(Kept::Plan, "a", "{\"a\":1}").await?;
    ledger.keep(Kept::Plan, "a", "{\"b\":2}").await?;
    ledger.keep(Kept::Seal, "a", "a seal").await?;
    same!(
        ledger.kept(Kept::Plan, "a").await?.as_deref(),
        Some("{\"a\":1}")
    );
    same!(
        ledger.kept(Kept::Seal, "a").await?.as_deref(),
        Some("a seal")
    );
    hold!(ledger.kept(Kept::Receipt, "a").await?.is_none());
    hold!(ledger.has(Kept::Plan, "a").await? && ledger.has(Kept::Seal, "a").await?);
    hold!(!ledger.has(Kept::Receipt, "a").await? && !ledger.has(Kept::Plan, "b").await?);
    for name in ["2026-03-10", "2026-03-02", "Z", "中"] {
        ledger.keep(Kept::Seal, name, name).await?;
    }
    let names = ["2026-03-02", "2026-03-10", "Z", "a", "中"];
    same!(ledger.kept_names(Kept::Seal, None, 10).await?, names);
    same!(
        ledger.kept_names(Kept::Seal, None, 2).await?,
        ["2026-03-02", "2026-03-10"]
    );
    same!(
        ledger.kept_names(Kept::Seal, Some("2026-03-10"), 2).await?,
        ["Z", "a"]
    );
    hold!(ledger.kept_names(Kept::Seal, None, 0).await?.is_empty());
    // They are beside the chains.
    hold!(ledger.keys(shelf, None, 10).await?.is_empty());
    Ok(())
}
