//! Everything that can be seen of a shelf, to find that nothing changed.

use super::draft::Fault;
use crate::desk::rows::{AlarmRow, HeadRow, Kept, OutgoingRow, RecordRow, Shelf};
use crate::desk::{AsyncLedger, Cursor, join};
use crate::time::Moment;

/// How often a reader looks again for what was committed. A ledger of many writers shows a record to readers once
/// whatever began before it has ended, be it somebody else's.
const LOOKS: usize = 20_000;

#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) chains: Vec<(String, Option<HeadRow>, Vec<RecordRow>)>,
    pub(super) records: Vec<RecordRow>,
    pub(super) due: Vec<AlarmRow>,
    pub(super) outbox: Vec<OutgoingRow>,
    pub(super) links: Vec<OutgoingRow>,
    pub(super) plans: Vec<String>,
}

/// All records of a shelf as a reader sees them, once every one can be seen.
pub(super) async fn records<L: AsyncLedger>(
    ledger: &L,
    shelf: Shelf,
) -> Result<Vec<RecordRow>, Fault> {
    let mut there = 0;
    for key in ledger.keys(shelf, None, usize::MAX).await? {
        there += ledger.history(shelf, &key).await?.len();
    }
    let mut found = Vec::new();
    for _ in 0..LOOKS {
        found = ledger
            .read(shelf, &Cursor::start(), usize::MAX)
            .await?
            .items;
        if found.len() >= there {
            return Ok(found);
        }
        join::step_aside().await;
    }
    let found = found.len();
    Err(Fault::new(format!(
        "readers see {found} of {there} records, however often they look"
    )))
}

/// What is in the outbox, once every record before can be seen.
pub(super) async fn outbox<L: AsyncLedger>(
    ledger: &L,
    shelf: Shelf,
    links: bool,
) -> Result<Vec<OutgoingRow>, Fault> {
    records(ledger, shelf).await?;
    let page = ledger
        .outbox(shelf, links, &Cursor::start(), usize::MAX)
        .await?;
    Ok(page.items)
}

pub(super) async fn effects<L: AsyncLedger>(
    ledger: &L,
    shelf: Shelf,
    links: bool,
) -> Result<Vec<String>, Fault> {
    let all = outbox(ledger, shelf, links).await?;
    Ok(all.into_iter().map(|outgoing| outgoing.effect).collect())
}

pub(super) async fn seen<L: AsyncLedger>(ledger: &L, shelf: Shelf) -> Result<Seen, Fault> {
    let mut chains = Vec::new();
    for key in ledger.keys(shelf, None, usize::MAX).await? {
        let head = ledger.load(shelf, &key).await?;
        let history = ledger.history(shelf, &key).await?;
        chains.push((key, head, history));
    }
    Ok(Seen {
        chains,
        records: records(ledger, shelf).await?,
        due: ledger.due(shelf, Moment::MAX, None, usize::MAX).await?,
        outbox: outbox(ledger, shelf, false).await?,
        links: outbox(ledger, shelf, true).await?,
        plans: ledger.kept_names(Kept::Plan, None, usize::MAX).await?,
    })
}
