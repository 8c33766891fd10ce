//! Where a command keeps its cases: in memory, or in a file.

use std::path::Path;

use duly::desk::{Ledger, MemoryLedger, SqliteLedger};
use duly::words::BoardId;

use crate::fail::Fail;

/// A ledger, whichever.
pub type Store = Box<dyn Ledger>;

/// Opens the ledger in a file, or makes one in memory.
pub fn open(path: Option<&Path>, board: &BoardId) -> Result<Store, Fail> {
    match path {
        None => Ok(Box::new(MemoryLedger::new(board.clone()))),
        Some(path) => {
            let ledger = SqliteLedger::open(path, board.clone());
            Ok(Box::new(ledger.map_err(|error| {
                Fail::file(&path.display().to_string(), error)
            })?))
        }
    }
}
