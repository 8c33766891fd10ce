//! Takes what lies in an outbox to the host's deliverer.
//!
//! What one chain tells goes in its order: an effect that could not be delivered holds back what comes after it in its own chain, and
//! nothing else. The outbox is read on from where the last page ended; it is read from the start again once one of
//! those held back is to be tried anew.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

use super::patience::{Patience, Rhythm, Time};
use super::{Bell, Parcel};
use crate::desk::core::Core;
use crate::desk::kind::Kind;
use crate::desk::{AsyncLedger, Cursor, DeskError};
use crate::time::Moment;

/// What is known of one outbox.
#[derive(Debug, Default)]
pub(super) struct Post {
    /// How far it was read.
    after: Cursor,
    /// Chains whose first effect failed.
    held: BTreeMap<String, Patience>,
    /// Chains of which something lies before `after`: nothing later of them goes out now.
    barred: BTreeSet<String>,
    /// What was delivered and may still lie in the outbox.
    told: BTreeSet<String>,
    /// The outbox itself.
    pub(super) ledger: Patience,
}

impl Post {
    /// How long until something held back is to be tried again.
    pub(super) fn left(&self, time: Time) -> Option<Duration> {
        let barred = self.barred.iter().filter_map(|key| self.held.get(key));
        barred.map(|patience| patience.left(time)).min()
    }

    /// Delivers one page; whether there may be more that can be delivered now. Nothing of this is done within a transaction.
    pub(super) async fn page<K, L, F>(
        &mut self,
        core: &Core<'_, L>,
        bell: &Bell,
        rhythm: &Rhythm,
        time: Time,
        now: &impl Fn() -> Moment,
        deliver: &mut impl FnMut(Parcel) -> F,
    ) -> Result<bool, DeskError>
    where
        K: Kind<Outgoing: Into<Parcel>>,
        L: AsyncLedger,
        F: Future<Output = bool>,
    {
        self.acknowledge::<K, L>(core).await?;
        if self.left(time).is_some_and(|left| left.is_zero()) {
            self.after = Cursor::start();
            self.barred.clear();
        }
        let page = core.outbox::<K>(&self.after, rhythm.page).await;
        let page = page.inspect_err(|error| core.watch.failed(error))?;
        if page.items.is_empty() {
            // Whatever was held and is not there any more was delivered by somebody else.
            self.held.retain(|key, _| self.barred.contains(key));
            return Ok(false);
        }
        let mut whole = true;
        let mut tried = false;
        for outgoing in page.items {
            let parcel: Parcel = outgoing.into();
            let (id, key) = (parcel.id(), parcel.of());
            if self.barred.contains(&key) {
                continue;
            }
            // Somebody may want to be woken meanwhile: the rest comes after that.
            if bell.is_stopped() || (tried && now() != time.now) {
                whole = false;
                break;
            }
            if self.held.get(&key).is_some_and(|held| !held.is_over(time)) {
                self.barred.insert(key);
                continue;
            }
            tried = true;
            if deliver(parcel).await {
                self.held.remove(&key);
                self.told.insert(id);
            } else {
                let held = self.held.entry(key.clone()).or_default();
                held.fail(time, rhythm);
                core.watch.undelivered(&id, held.failures());
                self.barred.insert(key);
            }
        }
        if whole {
            self.after = page.next;
        }
        self.acknowledge::<K, L>(core).await?;
        Ok(true)
    }

    /// Takes out of the outbox what was delivered. Where that fails it is not delivered again by this worker.
    async fn acknowledge<K: Kind, L: AsyncLedger>(
        &mut self,
        core: &Core<'_, L>,
    ) -> Result<(), DeskError> {
        if !self.told.is_empty() {
            let effects: Vec<String> = self.told.iter().cloned().collect();
            core.taken_out::<K>(&effects).await?;
            self.told.clear();
        }
        Ok(())
    }
}
