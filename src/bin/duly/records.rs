//! All records of a ledger.

use duly::desk::{Cursor, Desk, Ledger};
use duly::duty::DutyRecord;
use duly::words::Record;

use crate::fail::Fail;

/// Reads them, in the order in which they came in.
pub fn all<L: Ledger>(desk: &Desk<L>) -> Result<Vec<Record>, Fail> {
    let mut records = Vec::new();
    let mut after = Cursor::start();
    loop {
        let page = desk.read(&after, 1000)?;
        if page.items.is_empty() {
            return Ok(records);
        }
        after = page.next;
        records.extend(page.items.into_iter().map(|entry| entry.sealed.record));
    }
}

/// Reads those of obligations, in the order in which they came in.
pub fn duties<L: Ledger>(desk: &Desk<L>) -> Result<Vec<DutyRecord>, Fail> {
    let mut records = Vec::new();
    let mut after = Cursor::start();
    loop {
        let page = desk.read_duties(&after, 1000)?;
        if page.items.is_empty() {
            return Ok(records);
        }
        after = page.next;
        records.extend(page.items.into_iter().map(|entry| entry.sealed.record));
    }
}

/// How many things citizens were to be told, and officers.
pub fn told<L: Ledger>(desk: &Desk<L>) -> Result<(usize, usize), Fail> {
    let (mut citizens, mut officers) = (0, 0);
    let mut after = Cursor::start();
    loop {
        let page = desk.outbox(&after, 1000)?;
        if page.items.is_empty() {
            return Ok((citizens, officers));
        }
        after = page.next;
        for outgoing in page.items {
            match outgoing.effect {
                duly::words::Effect::Tell { .. } => citizens += 1,
                duly::words::Effect::Notify { .. } => officers += 1,
                _ => {}
            }
        }
    }
}
