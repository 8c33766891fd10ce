//! What happens by itself: time passes, and what leaves the board is sent.
//!
//! One task sleeps until the next alarm, or until a request rings; has the desk tick; and goes through the outbox. Alarms fire once,
//! however many processes do this on one database. Deliveries are made at least once: whoever receives looks at their id.
//!
//! The library has such a loop as well, `duly::desk::worker`, with a function of the host's that sends. This one is written out, since it serves
//! both ledgers, asks the directory and gives receipts.

use std::sync::Arc;
use std::time::Duration;

use duly::desk::DeskError;
use tokio::sync::{Notify, watch};

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::metrics::Metrics;
use crate::walk::Walk;

/// The longest sleep. A clock that was put forward is noticed after it, and so is what another process did.
const LONGEST: Duration = Duration::from_secs(30);
/// After a failure: so long, and twice as long each time, up to the longest sleep.
const FIRST: Duration = Duration::from_secs(1);
/// Seconds until a case that could not be woken is tried again.
const STUCK: u64 = 10;
/// Cases woken in one transaction.
const BATCH: usize = 64;

/// Sees to a desk until it is told to stop.
pub struct Worker {
    pub desk: AnyDesk,
    pub walk: Walk,
    pub bell: Arc<Notify>,
    pub stop: watch::Receiver<bool>,
    /// Told of each turn that went well, and on the way through a long one.
    pub metrics: Arc<Metrics>,
}

impl Worker {
    /// Works until it is told to stop. What it is at then is finished: a tick, or one delivery.
    ///
    /// What no wait and no other try can mend ends it: a ledger that takes no writes, of another kind, or of a newer library.
    pub async fn run(mut self) -> Result<(), DeskError> {
        let mut failures = 0;
        while !*self.stop.borrow() {
            let wait = match self.turn().await {
                Ok(wait) => {
                    failures = 0;
                    self.metrics.pulse.beat();
                    wait
                }
                Err(error)
                    if error.is_read_only() || error.is_not_a_ledger() || error.is_newer() =>
                {
                    return Err(error);
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(
                        failures,
                        busy = error.is_busy(),
                        "the ledger cannot be used; trying again"
                    );
                    tracing::debug!(%error, "the ledger cannot be used");
                    FIRST.saturating_mul(1 << failures.min(5)).min(LONGEST)
                }
            };
            tokio::select! {
                () = self.bell.notified() => {}
                () = tokio::time::sleep(wait) => {}
                _ = self.stop.wait_for(|stop| *stop) => {}
            }
        }
        Ok(())
    }

    /// Does what is due, sends what lies there, and says how long nothing will happen by itself.
    async fn turn(&mut self) -> Result<Duration, DeskError> {
        let stuck = loop {
            let ticked = self.desk.tick(clock::now(), BATCH).await?;
            if ticked.fired > 0 {
                tracing::info!(fired = ticked.fired, "time has come for cases");
            }
            for stuck in &ticked.stuck {
                tracing::error!(case = %stuck.case, "the case cannot be woken");
            }
            if !ticked.more || *self.stop.borrow() {
                break !ticked.stuck.is_empty() || !ticked.stuck_duties.is_empty();
            }
            // A long tick gets on. Its end tells nothing: what is to be sent may fail after each.
            self.metrics.pulse.beat();
        };
        if self.walk.go().await? {
            return Ok(Duration::ZERO);
        }
        let next = self.desk.next_alarm().await?;
        let ahead = next.map_or(i64::MAX, |next| next.since(clock::now()));
        // What is stuck stays due: it is tried again after a while, and not at once.
        let least = if stuck { STUCK } else { 1 };
        let ahead = Duration::from_secs(u64::try_from(ahead).unwrap_or(0).max(least));
        let rest = self.walk.rest().unwrap_or(LONGEST);
        Ok(ahead.min(rest).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::path::Path;

    use duly::desk::{Desk, SqliteLedger};
    use duly::plan::{Plans, bare};
    use duly::words::{Actor, Command, Envelope, Facts, Lang, Origin, Role, Salt};

    use super::*;
    use crate::post::Post;
    use crate::settings::Outlet;

    fn desk(ledger: SqliteLedger) -> Result<Desk<SqliteLedger>, Box<dyn Error>> {
        let mut plans = Plans::new("hainan".parse()?);
        plans.take(bare("demo".parse()?))?;
        Ok(Desk::new(ledger, plans)?)
    }

    /// A ledger with a case that was to be woken long ago.
    fn overdue(file: &Path) -> Result<Desk<SqliteLedger>, Box<dyn Error>> {
        let desk = desk(SqliteLedger::open(file, "hainan".parse()?)?)?;
        let opened = desk.submit(Envelope {
            id: "c1".parse()?,
            case: "m01".parse()?,
            by: Actor::new("caihong".parse()?, Role::Intake),
            at: "2024-03-04T09:00:00+08:00".parse()?,
            salt: Salt::derived(b"a test", "c1"),
            command: Command::Open {
                place: "632521".parse()?,
                channel: "board".parse()?,
                external_id: "4711".parse()?,
                message: "路灯不亮".into(),
                contact: None,
                citizen: None,
                origin: Origin::Message,
                facts: Facts::new(),
            },
        })?;
        assert!(opened.is_done());
        Ok(desk)
    }

    fn worker(
        ledger: SqliteLedger,
        metrics: &Arc<Metrics>,
        stop: &watch::Receiver<bool>,
    ) -> Result<Worker, Box<dyn Error>> {
        let desk = AnyDesk::Sqlite(Arc::new(desk(ledger)?));
        let post = Post::new(Outlet::None, Lang::En)?;
        Ok(Worker {
            desk: desk.clone(),
            walk: Walk::new(desk, Arc::default(), post, stop.clone()),
            bell: Arc::default(),
            stop: stop.clone(),
            metrics: Arc::clone(metrics),
        })
    }

    /// Longer than anything here takes.
    const LONG: Duration = Duration::from_secs(20);

    // A worker over a ledger that takes no writes ends, and says why, rather than try for ever.
    #[tokio::test]
    async fn what_no_wait_can_mend_ends_it() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("ledger.db");
        let _writer = overdue(&file)?;
        let ledger = SqliteLedger::open_read_only(&file, "hainan".parse()?)?;
        let (_tell, stop) = watch::channel(false);
        let worker = worker(ledger, &Arc::default(), &stop)?;
        let ended = tokio::time::timeout(LONG, worker.run()).await?;
        assert!(ended.is_err_and(|error| error.is_read_only()));
        Ok(())
    }

    // A turn that fails is no sign of life, and one that goes well is.
    #[tokio::test]
    async fn a_turn_that_goes_well_is_a_sign_of_life() -> Result<(), Box<dyn Error>> {
        let Some(metrics) = Metrics::of_a_silent_worker() else {
            return Ok(());
        };
        let metrics = Arc::new(metrics);
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("ledger.db");
        let _writer = overdue(&file)?;
        let (tell, stop) = watch::channel(false);
        let ledger = SqliteLedger::open_read_only(&file, "hainan".parse()?)?;
        let fails = worker(ledger, &metrics, &stop)?;
        let ended = tokio::time::timeout(LONG, fails.run()).await?;
        assert!(ended.is_err() && metrics.pulse.is_gone());

        // Nothing is there yet, and so nothing fails.
        let ledger = SqliteLedger::in_memory("hainan".parse()?)?;
        let working = tokio::spawn(worker(ledger, &metrics, &stop)?.run());
        let alive = async {
            while metrics.pulse.is_gone() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(LONG, alive).await?;
        tell.send(true)?;
        tokio::time::timeout(LONG, working).await???;
        Ok(())
    }
}
