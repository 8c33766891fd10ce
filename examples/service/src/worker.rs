//! What happens by itself: time passes, and what leaves the board is sent.
//!
//! One task sleeps until the next alarm, or until a request rings; has the desk tick; and empties the outbox. Alarms fire once,
//! however many processes do this on one database. Deliveries are made at least once: whoever receives looks at their id.
//!
//! The library has such a loop as well, `duly::desk::worker`, with a function of the host's that sends. This one is written out, since it serves
//! both ledgers, asks the directory and gives receipts.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use duly::desk::{Cursor, DeskError, PostTable};
use tokio::sync::{Notify, watch};

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::post::{Post, Sent};

/// The longest sleep. A clock that was put forward is noticed after it, and so is what another process did.
const LONGEST: Duration = Duration::from_secs(30);
/// After a failure: so long, and twice as long each time, up to the longest sleep.
const FIRST: Duration = Duration::from_secs(1);
/// Seconds until a case that could not be woken is tried again.
const STUCK: u64 = 10;
/// Cases woken in one transaction, and deliveries taken at once.
const BATCH: usize = 64;

/// Sees to a desk until it is told to stop.
pub struct Worker {
    pub desk: AnyDesk,
    pub directory: Arc<PostTable>,
    pub post: Post,
    pub bell: Arc<Notify>,
    pub stop: watch::Receiver<bool>,
}

impl Worker {
    /// Works until it is told to stop. What it is at then is finished: a tick, or one delivery.
    pub async fn run(mut self) {
        let mut failures = 0;
        while !*self.stop.borrow() {
            let wait = match self.turn().await {
                Ok(wait) => {
                    failures = 0;
                    wait
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
        };
        self.send_all().await?;
        let next = self.desk.next_alarm().await?;
        let ahead = next.map_or(i64::MAX, |next| next.since(clock::now()));
        // What is stuck stays due: it is tried again after a while, and not at once.
        let least = if stuck { STUCK } else { 1 };
        let ahead = Duration::from_secs(u64::try_from(ahead).unwrap_or(0).max(least));
        let rest = self.post.rest().unwrap_or(LONGEST);
        Ok(ahead.min(rest).min(LONGEST))
    }

    /// Goes through the outbox once, unless it is to be left alone for a while. What cannot be sent stays, and holds back what comes after it in
    /// the same case: an answer and the news that it was taken back are for one citizen.
    async fn send_all(&mut self) -> Result<(), DeskError> {
        if self.post.is_idle() || self.post.rest().is_some() {
            return Ok(());
        }
        let mut held = BTreeSet::new();
        let mut failed = false;
        let mut cursor = Cursor::start();
        loop {
            let directory = Arc::clone(&self.directory);
            let page = self
                .desk
                .deliveries(directory, clock::now(), cursor, BATCH)
                .await?;
            for late in &page.put_off {
                tracing::warn!(effect = %late.id, why = %late.why, "put off, and tried again");
            }
            for delivery in page.items {
                if *self.stop.borrow() {
                    return Ok(());
                }
                let case = delivery.outgoing.id.case.clone();
                if held.contains(&case) {
                    continue;
                }
                match self.post.send(&self.desk, &delivery).await? {
                    Sent::Delivered(receipt) => drop(self.desk.receipt(receipt).await?),
                    // It will say itself what became of it.
                    Sent::Accepted => {}
                    Sent::Nobody => drop(held.insert(case)),
                    Sent::Failed => {
                        failed = true;
                        held.insert(case);
                    }
                    // Time goes on meanwhile: what is due must not wait for it.
                    Sent::Away => {
                        self.post.went(true, true);
                        return Ok(());
                    }
                }
            }
            if page.is_end {
                self.post.went(failed, !held.is_empty());
                return Ok(());
            }
            cursor = page.next;
        }
    }
}
