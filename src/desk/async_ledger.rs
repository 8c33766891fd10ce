//! The same of a place that is waited for: a database behind a network.

use std::collections::BTreeSet;
use std::future::Future;

use super::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, Look, Looked, NumberRow, OutgoingRow,
    PrivateRow, RecordRow, Shelf,
};
use super::{Cursor, DeskError, Page};
use crate::time::Moment;
use crate::words::BoardId;

/// What is to be committed to a chain whose time has come: the alarm that was found, and where the chain stands.
pub type Waking<'a> = dyn FnMut(&AlarmRow, HeadRow) -> Result<Commit, DeskError> + Send + 'a;

/// The alarm of a chain that was to be woken, and what came of it.
pub type Woken = (AlarmRow, Result<Committed, DeskError>);

/// Where the chains of one board live, behind something that is waited for. All that is said of
/// [`Ledger`](super::Ledger) is so here.
///
/// # Errors
/// Every method fails with [`DeskError`] when the store below does, and then has changed nothing.
pub trait AsyncLedger: Send + Sync {
    /// The board.
    fn board(&self) -> &BoardId;

    /// Where a chain stands; none, where there is no such chain.
    fn load(
        &self,
        shelf: Shelf,
        key: &str,
    ) -> impl Future<Output = Result<Option<HeadRow>, DeskError>> + Send;

    /// The answer remembered under a command's id.
    fn answered(
        &self,
        shelf: Shelf,
        command: &str,
    ) -> impl Future<Output = Result<Option<CommandRow>, DeskError>> + Send;

    /// The case of a message's number in its channel.
    fn find(
        &self,
        number: &NumberRow,
    ) -> impl Future<Output = Result<Option<String>, DeskError>> + Send;

    /// Everything that a command wants to know before it is decided. A ledger that can tell it in one go does.
    fn look(&self, look: &Look) -> impl Future<Output = Result<Looked, DeskError>> + Send {
        async move {
            let answered = self.answered(look.shelf, &look.command).await?;
            if answered.is_some() {
                return Ok(Looked {
                    answered,
                    ..Looked::default()
                });
            }
            Ok(Looked {
                answered,
                head: self.load(look.shelf, &look.key).await?,
                known: match &look.number {
                    Some(number) => self.find(number).await?,
                    None => None,
                },
            })
        }
    }

    /// Takes a commit in one transaction: compares the chain's version, and the hash of its last record where one is given, with the
    /// expected ones, and only if they agree stores all of it. Looked at in this order: the command's id, the chain's version and
    /// hash, the message's number, the effect that is carried out, the plans that must be kept. Where there are records that the head
    /// does not know, it is [`DeskError::torn`].
    fn commit(&self, commit: &Commit) -> impl Future<Output = Result<Committed, DeskError>> + Send;

    /// The chains to be woken up to a moment, in the order of moment and key, from the first after `after`.
    fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<AlarmRow>, DeskError>> + Send;

    /// The earliest moment at which a chain wants to be woken.
    fn next_alarm(
        &self,
        shelf: Shelf,
    ) -> impl Future<Output = Result<Option<Moment>, DeskError>> + Send;

    /// Wakes the first chain that is due and that is not among `skip`: claims it, has `waking` say what is to be
    /// committed, and commits that, all in one transaction, so that of many who wake one does. What `waking` fails
    /// with comes with the alarm that it was about, and so does what is [damage](DeskError::torn) of the one chain; nothing is
    /// changed then. None, where nothing is due.
    fn wake(
        &self,
        shelf: Shelf,
        now: Moment,
        skip: &BTreeSet<String>,
        waking: &mut Waking<'_>,
    ) -> impl Future<Output = Result<Option<Woken>, DeskError>> + Send {
        async move {
            let mut after: Option<AlarmRow> = None;
            loop {
                let due = self
                    .due(shelf, now, after.as_ref(), 1 + skip.len().min(255))
                    .await?;
                let Some(last) = due.last().cloned() else {
                    return Ok(None);
                };
                last.goes_on_from(after.as_ref())?;
                let Some(alarm) = due.into_iter().find(|alarm| !skip.contains(&alarm.key)) else {
                    after = Some(last);
                    continue;
                };
                let Some(head) = self.load(shelf, &alarm.key).await? else {
                    return Ok(Some((alarm, Ok(Committed::conflict(None)))));
                };
                let done = match waking(&alarm, head) {
                    Ok(commit) => match self.commit(&commit).await {
                        // What concerns the one chain keeps no other from being woken.
                        Err(error) if !error.is_local() => return Err(error),
                        done => done,
                    },
                    Err(error) => Err(error),
                };
                return Ok(Some((alarm, done)));
            }
        }
    }

    /// Records of a shelf in the order in which they came into the ledger. Whoever goes on from where a page ended
    /// sees every record once, however many others write meanwhile.
    fn read(
        &self,
        shelf: Shelf,
        after: &Cursor,
        limit: usize,
    ) -> impl Future<Output = Result<Page<RecordRow>, DeskError>> + Send;

    /// Whether [`read`](AsyncLedger::read) gives all that is committed and was noticed before a moment. A ledger whose readers see at
    /// once what is committed need not be asked.
    fn shows(
        &self,
        shelf: Shelf,
        before: Moment,
    ) -> impl Future<Output = Result<bool, DeskError>> + Send {
        let _ = (shelf, before);
        async { Ok(true) }
    }

    /// All records of a chain, in order; none, where there is no such chain.
    fn history(
        &self,
        shelf: Shelf,
        key: &str,
    ) -> impl Future<Output = Result<Vec<RecordRow>, DeskError>> + Send;

    /// Chains in the order of their keys, from the first after `after`. One is listed if anything of it is there, its
    /// records or its head.
    fn keys(
        &self,
        shelf: Shelf,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<String>, DeskError>> + Send;

    /// What is still to go out, in the order in which it came about: either what goes outside, or what goes to other
    /// cases of the board. Whoever goes on from where a page ended misses nothing.
    fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> impl Future<Output = Result<Page<OutgoingRow>, DeskError>> + Send;

    /// Takes out of the outbox what has been delivered. What is not there any more does no harm.
    fn delivered(
        &self,
        shelf: Shelf,
        effects: &[String],
    ) -> impl Future<Output = Result<(), DeskError>> + Send;

    /// A private text of a chain; none, once it is erased.
    fn private(
        &self,
        shelf: Shelf,
        key: &str,
        reference: &str,
    ) -> impl Future<Output = Result<Option<PrivateRow>, DeskError>> + Send;

    /// Keeps something under its name, unless something is there: that is never replaced.
    fn keep(
        &self,
        kept: Kept,
        name: &str,
        text: &str,
    ) -> impl Future<Output = Result<(), DeskError>> + Send;

    /// What was kept under a name.
    fn kept(
        &self,
        kept: Kept,
        name: &str,
    ) -> impl Future<Output = Result<Option<String>, DeskError>> + Send;

    /// Whether something was kept under a name, without reading it.
    fn has(&self, kept: Kept, name: &str) -> impl Future<Output = Result<bool, DeskError>> + Send {
        async move { Ok(self.kept(kept, name).await?.is_some()) }
    }

    /// The names under which something is kept, in their order, from the first after `after`.
    fn kept_names(
        &self,
        kept: Kept,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<String>, DeskError>> + Send;

    /// Does the work in one transaction, where the ledger gains by it. Where it does not, each commit of it is one.
    fn group(
        &self,
        work: impl Future<Output = Result<(), DeskError>> + Send,
    ) -> impl Future<Output = Result<(), DeskError>> + Send {
        work
    }

    /// Whatever the store below can find wrong with itself.
    fn check(&self) -> impl Future<Output = Result<(), DeskError>> + Send {
        async { Ok(()) }
    }
}
