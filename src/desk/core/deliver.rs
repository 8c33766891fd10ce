//! What goes out, addressed and with its words; and what became of it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Core;
use super::read::Leaves;
use super::submit::Comes;
use crate::desk::answer::json;
use crate::desk::deliver::{Deliveries, Goes, Leaving, NotNow, PutOff, Reach, deliveries};
use crate::desk::kind::{Cases, Duties, Kind, system};
use crate::desk::receipt::{Filed, MOST, Receipt, effect_of};
use crate::desk::rows::Kept;
use crate::desk::{Answer, AsyncLedger, Cursor, DeskError, Directory, DutyAnswer, Page};
use crate::duty::{DutyEffectId, DutyEnvelope, DutyOutgoing, DutyRecord, effects, evolve};
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, DutyId, EffectId, Envelope, Outgoing, Record, Role, Salt, Text, TextRef,
};

/// A receipt that a desk has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken<Id = EffectId, A = Answer> {
    /// The receipt beside those that were there.
    pub filed: Filed<Id>,
    /// What the case or obligation answered to what follows from it; none, where nothing does.
    pub answer: Option<A>,
}

/// The private texts of what goes out, by chain and reference.
type Texts<I> = BTreeMap<(I, TextRef), Option<Text>>;

/// What cannot be read, by the effect's identity, and why: it keeps back nothing of others.
type Unread = BTreeMap<String, String>;

/// What can be read of a page.
fn readable<K: Kind>(page: Page<Leaves<K>>) -> (Page<K::Outgoing>, Unread) {
    let (mut items, mut unread) = (Vec::new(), Unread::new());
    for leaves in page.items {
        match leaves.what {
            Ok(what) => items.push(what),
            Err(said) => drop(unread.insert(leaves.effect, said)),
        }
    }
    let next = page.next;
    (Page { items, next }, unread)
}

/// Addresses a page; what cannot be read is put off, and says why.
fn addressed<O: Leaving>(
    page: Page<O>,
    unread: Unread,
    directory: &(impl Directory + ?Sized),
    now: Moment,
    reach: impl FnMut(&O) -> Result<Option<Reach>, DeskError>,
    text: impl FnMut(&O, &TextRef) -> Result<Option<Text>, DeskError>,
) -> Result<Deliveries<O>, DeskError> {
    let is_end = page.items.is_empty() && unread.is_empty();
    let is_read = |out: &O| !unread.contains_key(&out.name());
    let readable = Page {
        items: page.items.into_iter().filter(is_read).collect(),
        next: page.next,
    };
    let mut all = deliveries(readable, directory, now, reach, text)?;
    all.is_end = is_end;
    all.put_off
        .extend(unread.into_iter().map(|(id, said)| PutOff {
            id,
            why: NotNow::Damaged(said),
        }));
    Ok(all)
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        now: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries, DeskError> {
        let (page, mut unread) = readable(self.leaving::<Cases>(after, limit).await?);
        let of = |out: &Outgoing| out.id.case.clone();
        let texts = self.texts_out::<Cases, Outgoing>(&page, of, &mut unread);
        let texts = texts.await?;
        let mut reach: BTreeMap<CaseId, Option<Reach>> = BTreeMap::new();
        for out in &page.items {
            if matches!(out.goes(), Goes::Citizen(_)) && !reach.contains_key(&out.id.case) {
                match self.history::<Cases>(&out.id.case).await {
                    Ok(history) => {
                        let first = history.first().map(|entry| &entry.sealed.record);
                        reach.insert(of(out), first.and_then(Reach::of));
                    }
                    Err(error) if error.is_local() => {
                        unread.insert(out.name(), error.to_string());
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        addressed(
            page,
            unread,
            directory,
            now,
            |out| Ok(reach.get(&out.id.case).cloned().flatten()),
            |out, text| Ok(texts.get(&(of(out), text.clone())).cloned().flatten()),
        )
    }

    pub(in crate::desk) async fn duty_deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        now: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries<DutyOutgoing>, DeskError> {
        let (page, mut unread) = readable(self.leaving::<Duties>(after, limit).await?);
        let of = |out: &DutyOutgoing| out.id.duty.clone();
        let texts = self.texts_out::<Duties, DutyOutgoing>(&page, of, &mut unread);
        let texts = texts.await?;
        addressed(
            page,
            unread,
            directory,
            now,
            |_| Ok(None),
            |out, text| Ok(texts.get(&(of(out), text.clone())).cloned().flatten()),
        )
    }

    /// The words that go out with a page, as they are now: erased ones are none.
    async fn texts_out<K: Kind, O: Leaving>(
        &self,
        page: &Page<O>,
        of: impl Fn(&O) -> K::Id,
        unread: &mut Unread,
    ) -> Result<Texts<K::Id>, DeskError> {
        let mut texts = BTreeMap::new();
        for out in &page.items {
            for text in out.texts() {
                match self.text::<K>(&of(out), text).await {
                    Ok(words) => {
                        texts.insert((of(out), text.clone()), words);
                    }
                    Err(error) if error.is_local() => {
                        unread.insert(out.name(), error.to_string());
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(texts)
    }

    pub(in crate::desk) async fn receipt(&self, receipt: &Receipt) -> Result<Taken, DeskError> {
        let case = &receipt.effect.case;
        let history: Vec<Record> = self.records::<Cases>(case).await?;
        let effect = effect_of(&history, &receipt.effect).map_err(DeskError::storage)?;
        let effect = effect.ok_or_else(|| no_effect(&receipt.effect))?;
        if effect.is_link() {
            return Err(DeskError::misuse(format!(
                "`{}` goes to another case of the board, and the desk carries it out itself: give receipts of what lay in the outbox",
                receipt.effect
            )));
        }
        let filed = self.file(receipt, Receipt::<EffectId>::kept_name).await?;
        let mut answer = None;
        if let Some((id, command)) = receipt.command(&effect.effect).map_err(DeskError::misuse)? {
            let envelope = Envelope {
                salt: Salt::derived(&self.secret, id.as_str()),
                id,
                case: case.clone(),
                by: Actor::new(system()?, Role::System),
                at: receipt.at,
                command,
            };
            answer = Some(self.submit(&envelope, Comes::Alone).await?);
        }
        let unheard = answer.as_ref().and_then(Answer::refusal);
        if receipt.settles() && !unheard.is_some_and(Cases::is_the_hosts) {
            self.delivered(std::slice::from_ref(&receipt.effect))
                .await?;
        }
        Ok(Taken { filed, answer })
    }

    pub(in crate::desk) async fn duty_receipt(
        &self,
        receipt: &Receipt<DutyEffectId>,
    ) -> Result<Taken<DutyEffectId, DutyAnswer>, DeskError> {
        let duty: &DutyId = &receipt.effect.duty;
        let history: Vec<DutyRecord> = self.records::<Duties>(duty).await?;
        let mut state = None;
        let mut effect = None;
        for record in &history {
            let after = evolve(self.ledger.board(), state, record).map_err(DeskError::storage)?;
            if record.version == receipt.effect.version {
                let mut all = effects(record, &after).into_iter();
                effect = all.find(|it| it.id == receipt.effect);
            }
            state = Some(after);
        }
        let effect = effect.ok_or_else(|| no_effect(&receipt.effect))?;
        let filed = self
            .file(receipt, Receipt::<DutyEffectId>::kept_name)
            .await?;
        let mut answer = None;
        let follows = receipt.duty_command(&effect.effect);
        if let Some((id, command)) = follows.map_err(DeskError::misuse)? {
            let envelope = DutyEnvelope {
                salt: Salt::derived(&self.secret, id.as_str()),
                id,
                duty: duty.clone(),
                by: Actor::new(system()?, Role::System),
                at: receipt.at,
                command,
            };
            answer = Some(
                self.answer::<Duties>(&envelope, receipt.at, Comes::Alone)
                    .await?
                    .answer,
            );
        }
        let unheard = answer.as_ref().and_then(DutyAnswer::refusal);
        if receipt.settles() && !unheard.is_some_and(Duties::is_the_hosts) {
            self.duty_delivered(std::slice::from_ref(&receipt.effect))
                .await?;
        }
        Ok(Taken { filed, answer })
    }

    /// Keeps a receipt under the first name that is free; one that is there already is not kept again. Others may be doing the
    /// same: what was kept is read back. What lies under such a name and is no receipt is passed over, since it cannot be replaced.
    async fn file<Id>(
        &self,
        receipt: &Receipt<Id>,
        name: impl Fn(&Id, u32) -> String,
    ) -> Result<Filed<Id>, DeskError>
    where
        Id: Clone + PartialEq + ToString + Serialize + DeserializeOwned,
    {
        let json = json(receipt)?;
        let mut before: Vec<Receipt<Id>> = Vec::new();
        for number in 1..=MOST {
            let name = name(&receipt.effect, number);
            let mut there = self.ledger.kept(Kept::Receipt, &name).await?;
            let free = there.is_none();
            if free {
                self.ledger.keep(Kept::Receipt, &name, &json).await?;
                there = self.ledger.kept(Kept::Receipt, &name).await?;
            }
            match there.map(|there| serde_json::from_str::<Receipt<Id>>(&there)) {
                // What this call has kept was not there before.
                Some(Ok(there)) if there == *receipt => {
                    return Ok(Filed::new(receipt, before, !free, false));
                }
                Some(Ok(there)) => before.push(there),
                _ => {}
            }
        }
        Ok(Filed::new(receipt, before, false, true))
    }
}

fn no_effect(effect: &impl std::fmt::Display) -> DeskError {
    DeskError::misuse(format!(
        "there is no effect `{effect}`: give the id under which it lay in the outbox"
    ))
}
