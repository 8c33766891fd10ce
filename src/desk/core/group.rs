//! Groups: one transaction of several commands. What is counted of the commands in it waits for its end, and counts only if it was kept.

use std::sync::Arc;
use std::thread::{self, ThreadId};

use super::submit::Weighed;
use super::{Core, Shadow, Shared};
use crate::desk::gate::lock;
use crate::desk::{AsyncLedger, DeskError, ShadowDifference};

/// What a thread has to note once its group is kept.
pub(super) struct Level {
    who: ThreadId,
    notes: Vec<(Arc<Shadow>, ShadowDifference)>,
}

/// A group that is open: what is to be noted in it is forgotten when this is dropped, unless it was kept.
pub(in crate::desk) struct Noting<'a> {
    shared: &'a Shared,
    open: bool,
}

impl Shared {
    /// From here on what this thread has to note waits.
    pub(in crate::desk) fn hold_notes(&self) -> Noting<'_> {
        lock(&self.levels).push(Level {
            who: thread::current().id(),
            notes: Vec::new(),
        });
        Noting {
            shared: self,
            open: true,
        }
    }
    /// Counts what was found of a command that is done, if anything was: now, or when the group that it is in is kept.
    pub(super) fn note(&self, weighed: Weighed) {
        let Some((shadow, found)) = weighed else {
            return;
        };
        let me = thread::current().id();
        let mut levels = lock(&self.levels);
        match levels.iter_mut().rfind(|level| level.who == me) {
            Some(level) => level.notes.push((shadow, found)),
            None => {
                drop(levels);
                shadow.note(found);
            }
        }
    }
    /// Ends this thread's innermost level.
    fn end(&self) -> Vec<(Arc<Shadow>, ShadowDifference)> {
        let me = thread::current().id();
        let mut levels = lock(&self.levels);
        let place = levels.iter().rposition(|level| level.who == me);
        place.map_or_else(Vec::new, |place| levels.remove(place).notes)
    }
}

impl Noting<'_> {
    /// The group was kept. One within another belongs to that.
    pub(in crate::desk) fn keep(mut self) {
        self.open = false;
        for weighed in self.shared.end() {
            self.shared.note(Some(weighed));
        }
    }
}

impl Drop for Noting<'_> {
    fn drop(&mut self) {
        if self.open {
            drop(self.shared.end());
        }
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    /// Does the work in one transaction, where the ledger gains by it.
    pub(super) async fn group(
        &self,
        work: impl Future<Output = Result<(), DeskError>> + Send,
    ) -> Result<(), DeskError> {
        if !self.undoes {
            // Each commit is one, and is done when it is done.
            return self.ledger.group(work).await;
        }
        let noting = self.hold_notes();
        self.ledger.group(work).await?;
        noting.keep();
        Ok(())
    }
}
