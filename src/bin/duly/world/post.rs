//! The post: takes out of the outbox what is to be told, and counts it.

use duly::desk::{Cursor, Desk, DeskError, Ledger};
use duly::words::{Effect, Outgoing};

/// How many effects are taken out at once.
const PAGE: usize = 256;

/// What went out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Post {
    /// How many things citizens were told.
    pub citizens: u64,
    /// How many things officers were told.
    pub officers: u64,
}

impl Post {
    /// Takes everything out that waits, and shows what citizens are told.
    pub(super) fn empty<L: Ledger>(&mut self, desk: &Desk<L>) -> Result<Vec<Outgoing>, DeskError> {
        let mut told = Vec::new();
        loop {
            let items = desk.outbox(&Cursor::start(), PAGE)?.items;
            if items.is_empty() {
                return Ok(told);
            }
            let ids: Vec<_> = items.iter().map(|it| it.id.clone()).collect();
            desk.delivered(&ids)?;
            for it in items {
                match &it.effect {
                    Effect::Tell { .. } => {
                        self.citizens += 1;
                        told.push(it);
                    }
                    Effect::Notify { .. } => self.officers += 1,
                    _ => {}
                }
            }
        }
    }
}
