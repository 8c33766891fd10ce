//! Takes what lies in an outbox to the host's deliverer.
//!
//! What one chain tells goes in its order: an effect that could not be delivered holds back what comes after it in its own chain, and
//! nothing else. The outbox is gone through from its start to its end, and only then anew: whoever is held back is not tried again
//! before everybody else had a turn, though it be due, since an attempt may take half a minute. Once it was gone through, what comes in is
//! delivered as it comes; and now and then it is gone through anew though nobody is held back, since a server that was failed
//! over to may give places once more that were given before, and something may come in behind.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

use super::patience::{Looks, Patience, Rhythm, Time};
use super::{Bell, Parcel};
use crate::desk::core::{Core, Leaves};
use crate::desk::kind::Kind;
use crate::desk::{AsyncLedger, Cursor, DeskError, Hash};
use crate::time::Moment;

/// After how many that were delivered it may be gone through anew, though there is more: of an outbox that fills as fast as it is emptied
/// there is no end.
const MANY: usize = 256;

/// Effects by their names, each with the hash of its row.
type Told = BTreeMap<String, Hash>;

/// What is known of one outbox.
#[derive(Debug, Default)]
pub(super) struct Post {
    /// How far it was gone through this time.
    after: Cursor,
    /// Since when it is gone through this time.
    began: Option<Time>,
    /// Whether nothing lies after that place.
    ended: bool,
    /// How many were delivered this time.
    many: usize,
    /// Chains whose first effect failed.
    held: BTreeMap<String, Patience>,
    /// Chains of which something lies before `after`: nothing later of them goes out now.
    barred: BTreeSet<String>,
    /// What was delivered this time, and the time before, by name and content. Where it lies there still it was not taken out, and nobody is
    /// told again. What has the name of one of these and says something else came about after a failover, and is told.
    lately: Told,
    before: Told,
    /// The outbox itself.
    pub(super) ledger: Patience,
}

impl Post {
    /// How long until something held back is to be tried again.
    pub(super) fn left(&self, time: Time) -> Option<Duration> {
        let barred = self.barred.iter().filter_map(|key| self.held.get(key));
        barred.map(|patience| patience.left(time)).min()
    }
    fn is_due(&self, time: Time) -> bool {
        self.left(time).is_some_and(|left| left.is_zero())
    }
    /// Whether the outbox is to be gone through anew.
    fn is_through(&self, time: Time, rhythm: &Rhythm) -> bool {
        let since = |began| time.since(began) >= rhythm.unbidden();
        let is_old = self.began.is_some_and(since);
        (self.ended || self.many >= MANY) && (is_old || self.is_due(time))
    }
    fn begin(&mut self) {
        self.go_back();
        self.before = std::mem::take(&mut self.lately);
    }
    fn go_back(&mut self) {
        self.after = Cursor::start();
        self.began = None;
        self.ended = false;
        self.many = 0;
        self.barred.clear();
    }
    /// Whether one of these is still to be left alone.
    fn is_held(&self, chains: &[String], time: Time) -> bool {
        let mut held = chains.iter().filter_map(|key| self.held.get(key));
        held.any(|held| !held.is_over(time))
    }
    /// Holds chains back; how often they have failed in a row by now, at the least.
    fn hold(&mut self, chains: Vec<String>, since: Time, rhythm: &Rhythm) -> u32 {
        let mut least = u32::MAX;
        for key in chains {
            let held = self.held.entry(key.clone()).or_default();
            held.fail(since, rhythm);
            least = least.min(held.failures());
            self.barred.insert(key);
        }
        least
    }
    fn is_told(&self, leaves: &Leaves<impl Kind>) -> bool {
        let told = |all: &Told| all.get(&leaves.effect) == Some(&leaves.row);
        leaves.what.is_ok() && (told(&self.lately) || told(&self.before))
    }

    /// Delivers one page; whether there may be more that can be delivered now. Nothing of this is done within a transaction.
    pub(super) async fn page<K, L, F>(
        &mut self,
        core: &Core<'_, L>,
        bell: &Bell,
        rhythm: &Rhythm,
        clock: &mut Looks<impl Fn() -> Moment>,
        deliver: &mut impl FnMut(Parcel) -> F,
    ) -> Result<bool, DeskError>
    where
        K: Kind<Outgoing: Into<Parcel>>,
        L: AsyncLedger,
        F: Future<Output = bool>,
    {
        let time = clock.last();
        if self.is_through(time, rhythm) {
            self.begin();
        }
        self.began = self.began.or(Some(time));
        let page = core.leaving::<K>(&self.after, rhythm.page).await;
        let page = page.inspect_err(|error| core.watch.failed(error))?;
        self.ended = page.items.is_empty();
        if self.ended {
            // Whatever was held and is not there any more was delivered by somebody else.
            self.held.retain(|key, _| self.barred.contains(key));
            return Ok(self.is_due(time));
        }
        let mut whole = true;
        let mut tried = false;
        let mut told = Told::new();
        for leaves in page.items {
            if self.is_told(&leaves) {
                told.insert(leaves.effect, leaves.row);
                continue;
            }
            let (id, of) = (leaves.effect, leaves.of);
            if of.iter().any(|key| self.barred.contains(key)) {
                self.barred.extend(of);
                continue;
            }
            // Somebody may want to be woken meanwhile: the rest comes after that.
            if bell.is_stopped() || (tried && clock.look().now != time.now) {
                whole = false;
                break;
            }
            if self.is_held(&of, time) {
                self.barred.extend(of);
                continue;
            }
            tried = true;
            let (delivered, damage) = match leaves.what {
                Ok(outgoing) => (deliver(outgoing.into()).await, None),
                // What is damaged cannot be delivered, until somebody has mended it.
                Err(said) => (false, Some(said)),
            };
            if delivered {
                for key in &of {
                    self.held.remove(key);
                }
                told.insert(id, leaves.row);
                self.many = self.many.saturating_add(1);
            } else {
                // It is left alone from now on, however long the attempt has taken.
                let failures = self.hold(of, clock.look(), rhythm);
                core.watch.undelivered(&id, failures);
                // Once, and not at each try.
                if let Some(said) = damage.filter(|_| failures == 1) {
                    core.watch.failed(&DeskError::damaged(said));
                }
            }
        }
        if whole {
            self.after = page.next;
        }
        self.acknowledge::<K, L>(core, told).await?;
        Ok(true)
    }

    /// Takes out of the outbox what was delivered. Where that fails it is looked for from the start, since by then its name may be another's; it is
    /// not delivered again by this worker.
    async fn acknowledge<K: Kind, L: AsyncLedger>(
        &mut self,
        core: &Core<'_, L>,
        mut told: Told,
    ) -> Result<(), DeskError> {
        if told.is_empty() {
            return Ok(());
        }
        let effects: Vec<String> = told.keys().cloned().collect();
        self.lately.append(&mut told);
        let taken = core.taken_out::<K>(&effects).await;
        if taken.is_err() {
            self.go_back();
        }
        taken
    }
}
