//! One desk for the handlers, whichever ledger lies below: what they ask is written once.
//!
//! SQLite answers on the thread that asks, so it is asked on a thread that may wait (`spawn_blocking`); what several requests submit at
//! once goes to the disk together. PostgreSQL is waited for. A team that has settled on one of them deletes the other here, and
//! nothing else changes.

use std::path::Path;
use std::sync::Arc;

use duly::case::Case;
use duly::desk::{
    Answer, Cursor, Deliveries, Desk, DeskError, Entry, Observer, Page, PostTable, Receipt,
    SqliteLedger, Taken, Ticked,
};
#[cfg(feature = "postgres")]
use duly::desk::{AsyncDesk, PostgresLedger};
use duly::plan::{Plan, Plans};
use duly::time::Moment;
use duly::words::{CaseId, Envelope, Outgoing, PlanId, Text, TextRef};

use crate::settings::{Ledger, Settings};

/// A desk over either ledger. Cloned, it is the same desk.
#[derive(Clone)]
pub enum AnyDesk {
    /// One process, one file.
    Sqlite(Arc<Desk<SqliteLedger>>),
    /// Several processes, one database.
    #[cfg(feature = "postgres")]
    Postgres(Arc<AsyncDesk<PostgresLedger>>),
}

/// Asks the desk that it is: `ask!(self, desk => desk.submit(envelope))`. What is asked with must be owned.
macro_rules! ask {
    ($any:expr, $desk:ident => $call:expr) => {
        match $any {
            AnyDesk::Sqlite(desk) => {
                let $desk = Arc::clone(desk);
                waiting(move || $call).await
            }
            #[cfg(feature = "postgres")]
            AnyDesk::Postgres($desk) => $call.await,
        }
    };
}

/// What may wait for a disk or count for a while, on a thread of its own. It is finished even if whoever asked has gone.
async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeskError> + Send + 'static,
) -> Result<T, DeskError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(DeskError::storage("the work ended before its time")))
}

/// What is in the file, which may not be nothing: whoever named it would think that there is a secret.
fn secret(path: &Path) -> Result<Vec<u8>, String> {
    let name = path.display();
    let read = std::fs::read(path).map_err(|error| format!("`{name}`: {error}"))?;
    match read.trim_ascii().is_empty() {
        true => Err(format!("`{name}` is empty: there is no secret in it")),
        false => Ok(read),
    }
}

impl AnyDesk {
    /// Opens the ledger that the settings name, with plans in hand.
    pub async fn open(
        settings: &Settings,
        plans: Plans,
        watch: Arc<dyn Observer>,
    ) -> Result<AnyDesk, Box<dyn std::error::Error>> {
        let secret = match &settings.secret {
            Some(path) => secret(path)?,
            None => Vec::new(),
        };
        Ok(match &settings.ledger {
            Ledger::Sqlite(path) => {
                let ledger = SqliteLedger::open(path, settings.board.clone())?;
                AnyDesk::Sqlite(Arc::new(
                    Desk::new(ledger, plans)?
                        .with_secret(&secret)
                        .with_observer(watch),
                ))
            }
            #[cfg(feature = "postgres")]
            Ledger::Postgres(url) => {
                let ledger = PostgresLedger::connect(url, settings.board.clone()).await?;
                AnyDesk::Postgres(Arc::new(
                    AsyncDesk::new(ledger, plans)?
                        .with_secret(&secret)
                        .with_observer(watch),
                ))
            }
            #[cfg(not(feature = "postgres"))]
            Ledger::Postgres(_) => return Err("this build has no PostgreSQL in it".into()),
        })
    }

    pub async fn submit(&self, envelope: Envelope) -> Result<Answer, DeskError> {
        ask!(self, desk => desk.submit(envelope))
    }
    pub async fn case(&self, case: CaseId) -> Result<Option<Case>, DeskError> {
        ask!(self, desk => desk.case(&case))
    }
    pub async fn history(&self, case: CaseId) -> Result<Vec<Entry>, DeskError> {
        ask!(self, desk => desk.history(&case))
    }
    pub async fn cases(
        &self,
        after: Option<CaseId>,
        limit: usize,
    ) -> Result<Vec<CaseId>, DeskError> {
        ask!(self, desk => desk.cases(after.as_ref(), limit))
    }
    pub async fn read(&self, after: Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        ask!(self, desk => desk.read(&after, limit))
    }
    pub async fn text(&self, case: CaseId, text: TextRef) -> Result<Option<Text>, DeskError> {
        ask!(self, desk => desk.text(&case, &text))
    }
    async fn kept_plan(&self, plan: PlanId) -> Result<Option<Plan>, DeskError> {
        ask!(self, desk => desk.kept_plan(&plan))
    }
    /// The plan that a case is under: one in hand, or as it is kept with the ledger.
    pub async fn plan_of(&self, case: &Case) -> Result<Option<Arc<Plan>>, DeskError> {
        if let Some(held) = self.plans().get(case.plan()) {
            return Ok(Some(Arc::clone(&held.plan)));
        }
        Ok(self.kept_plan(case.plan().clone()).await?.map(Arc::new))
    }
    pub async fn outbox(&self, after: Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        ask!(self, desk => desk.outbox(&after, limit))
    }
    pub async fn deliveries(
        &self,
        directory: Arc<PostTable>,
        at: Moment,
        after: Cursor,
        limit: usize,
    ) -> Result<Deliveries, DeskError> {
        ask!(self, desk => desk.deliveries(&*directory, at, &after, limit))
    }
    pub async fn receipt(&self, receipt: Receipt) -> Result<Taken, DeskError> {
        ask!(self, desk => desk.receipt(&receipt))
    }
    pub async fn tick(&self, at: Moment, limit: usize) -> Result<Ticked, DeskError> {
        ask!(self, desk => desk.tick(at, limit))
    }
    pub async fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        ask!(self, desk => desk.next_alarm())
    }

    /// The plans in hand. They are in memory: nothing is waited for.
    pub fn plans(&self) -> Arc<Plans> {
        match self {
            AnyDesk::Sqlite(desk) => desk.plans(),
            #[cfg(feature = "postgres")]
            AnyDesk::Postgres(desk) => desk.plans(),
        }
    }
    /// Opens new cases under another plan, or leaves all as it is.
    pub fn reload(&self, plan: Plan, sends: &[&str]) -> Result<PlanId, DeskError> {
        match self {
            AnyDesk::Sqlite(desk) => desk.reload_with(plan, sends),
            #[cfg(feature = "postgres")]
            AnyDesk::Postgres(desk) => desk.reload_with(plan, sends),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A file with nothing in it holds no secret, and is not taken for one.
    #[test]
    fn an_empty_file_is_no_secret() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("secret");
        assert!(secret(&path).is_err());
        for empty in ["", "\n"] {
            std::fs::write(&path, empty)?;
            assert!(secret(&path).is_err_and(|said| said.contains("is empty")));
        }
        std::fs::write(&path, "s\n")?;
        assert_eq!(secret(&path), Ok(b"s\n".to_vec()));
        Ok(())
    }
}
