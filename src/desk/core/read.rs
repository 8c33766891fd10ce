//! Rows as what they are, each held against what it must be: a line that does not give its hash is an error that names
//! it, never a record.

use std::collections::BTreeSet;
use std::error::Error;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::Core;
use crate::case::Case;
use crate::desk::deliver::{Goes, Leaving};
use crate::desk::kind::{Cases, Duties, Kind};
use crate::desk::rows::{HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow, RecordRow, Shelf};
use crate::desk::{AsyncLedger, Cursor, DeskError, Entry, Flaw, Hash, Page, Sealed, shape};
use crate::duty::{Duty, DutyEffectId};
use crate::plan::Plan;
use crate::time::Moment;
use crate::words::{CaseId, DutyId, EffectId, Outgoing, PlanId, Private, Salt, Text, TextRef};

/// Where a chain stands after its last record.
pub(in crate::desk) struct Head<K: Kind> {
    pub(in crate::desk) state: K::State,
    pub(in crate::desk) hash: Hash,
}

/// Where a chain stands, for several to know; none, where there is no such chain, or nothing happened.
pub(in crate::desk) type Stands<K> = Option<Arc<Head<K>>>;

impl<K: Kind> Clone for Head<K> {
    fn clone(&self) -> Head<K> {
        Head {
            state: self.state.clone(),
            hash: self.hash,
        }
    }
}

impl<K: Kind> PartialEq for Head<K> {
    fn eq(&self, other: &Head<K>) -> bool {
        self.hash == other.hash && self.state == other.state
    }
}

/// A head as it is kept; none, where its state is kept in another form than this library's.
pub(super) fn head<K: Kind>(id: &K::Id, row: &HeadRow) -> Result<Option<Head<K>>, DeskError> {
    let broken = |flaw| K::broken(id, row.version, flaw);
    let hash = row.hash.ok_or_else(|| broken(Flaw::Head))?;
    let unpacked = shape::unpack::<K::State>(&row.state);
    let Some(state) = unpacked.map_err(|_| broken(Flaw::Head))? else {
        return Ok(None);
    };
    if K::id(&state) != id || K::version(&state) != row.version {
        return Err(broken(Flaw::Head));
    }
    if row.alarm != K::next_alarm(&state) {
        return Err(broken(Flaw::Alarm));
    }
    Ok(Some(Head { state, hash }))
}

/// A record of any chain.
fn entry<K: Kind>(row: RecordRow) -> Result<Entry<K::Record>, DeskError> {
    let id: K::Id = row.key.parse().map_err(DeskError::damaged)?;
    entry_of::<K>(&id, row)
}

/// A record of a chain, held against its hash and against where it stands.
fn entry_of<K: Kind>(id: &K::Id, row: RecordRow) -> Result<Entry<K::Record>, DeskError> {
    use crate::desk::Line;
    let broken = |flaw| K::broken(id, row.version, flaw);
    let (Some(prev), Some(hash)) = (row.prev, row.hash) else {
        return Err(broken(Flaw::Link));
    };
    let sealed = Sealed::<K::Record>::read(&row.line, prev, hash).map_err(broken)?;
    if sealed.record.of() != id {
        return Err(broken(sealed.record.foreign()));
    }
    if sealed.record.version() != row.version {
        return Err(broken(Flaw::Order {
            expected: row.version,
            found: sealed.record.version(),
        }));
    }
    Ok(Entry {
        sealed,
        observed_at: row.observed_at,
    })
}

/// A private text; none, where the row holds something else.
fn private(row: PrivateRow, reference: &TextRef) -> Option<Private> {
    Some(Private {
        reference: reference.clone(),
        salt: Salt::new(row.salt?),
        text: Text::new(row.text?),
    })
}

/// A chain whose key is no id, by one that is nobody's, and what is wrong with it.
pub(super) fn nameless<Id: FromStr<Err: Error + Send + Sync + 'static>>(
    key: &str,
) -> Result<(Id, String), DeskError> {
    let shown = key.trim().escape_debug().take(100).collect::<String>();
    let why =
        format!("the ledger has a chain under `{shown}`, which is no id; restore it from a backup");
    Ok((nobodys()?, why))
}

const NOBODYS: &str = "?";

/// An id in place of one that cannot be read.
fn nobodys<Id: FromStr<Err: Error + Send + Sync + 'static>>() -> Result<Id, DeskError> {
    NOBODYS.parse().map_err(DeskError::storage)
}

/// Whether a chain is among those named, where one whose key is no id goes by nobody's.
pub(super) fn is_among<Id: FromStr>(key: &str, named: &BTreeSet<String>) -> bool {
    named.contains(key) || (named.contains(NOBODYS) && key.parse::<Id>().is_err())
}

/// What a row of an outbox says; or what is wrong with it.
fn outgoing<T: DeserializeOwned>(row: &OutgoingRow) -> Result<T, String> {
    let wrong = |how: &str| format!("what waits in the outbox as `{}` {how}", row.effect);
    if row.outgoing.is_empty() {
        return Err(wrong("is no text"));
    }
    serde_json::from_str(&row.outgoing).map_err(|error| wrong(&format!("cannot be read: {error}")))
}

/// What is on its way outside.
pub(in crate::desk) struct Leaves<K: Kind> {
    /// The name in its row, by which it is taken out.
    pub(in crate::desk) effect: String,
    /// Whose it is: of each chain that the row names, should it be damaged so that it names two; one that is empty, where it names none.
    pub(in crate::desk) of: Vec<String>,
    /// What it is; or what is wrong with its row.
    pub(in crate::desk) what: Result<K::Outgoing, String>,
    /// The hash of what the row says, by which it is told from another of that name.
    pub(in crate::desk) row: Hash,
}

impl<K: Kind> Leaves<K> {
    /// A row, which is taken out by the name in its column: so what it says must have that name, and go outside.
    fn read(row: OutgoingRow) -> Leaves<K> {
        let said = outgoing::<K::Outgoing>(&row);
        let says = said.as_ref().ok().map(Leaving::name);
        let names = [Some(&row.effect), says.as_ref()].into_iter().flatten();
        let chains = names.filter_map(|name| K::whose(name));
        let mut of: Vec<String> = chains.map(|id| id.to_string()).collect();
        of.dedup();
        if of.is_empty() {
            of.push(String::new());
        }
        let is_it =
            |what: &K::Outgoing| what.name() == row.effect && !matches!(what.goes(), Goes::Within);
        let what = match said {
            Ok(what) if !is_it(&what) => Err(format!(
                "what waits in the outbox as `{}` is not what was put there",
                row.effect
            )),
            said => said,
        };
        Leaves {
            of,
            what,
            row: Hash::of(row.outgoing.as_bytes()),
            effect: row.effect,
        }
    }
}

/// What is on its way to another case.
pub(super) struct OnItsWay {
    /// Whose it is.
    pub(super) case: CaseId,
    /// What it is; or what is wrong with its row.
    pub(super) what: Result<Outgoing, DeskError>,
}

impl OnItsWay {
    /// A row, which is taken out by the name in its column: so what it says must have that name, and go to another case.
    fn read(row: &OutgoingRow) -> Result<OnItsWay, DeskError> {
        let named = EffectId::try_from(row.effect.clone());
        let said = outgoing::<Outgoing>(row);
        let id = match (named, said) {
            (_, Ok(what)) if what.is_link() && what.id.to_string() == row.effect => {
                return Ok(OnItsWay {
                    case: what.id.case.clone(),
                    what: Ok(what),
                });
            }
            (Ok(id), _) => id,
            (Err(_), Ok(what)) => what.id,
            (Err(_), Err(_)) => EffectId {
                case: nobodys()?,
                version: 0,
                index: 0,
            },
        };
        let effect = row.effect.clone();
        Ok(OnItsWay {
            what: Err(Cases::broken(
                &id.case,
                id.version,
                Flaw::Waiting { effect },
            )),
            case: id.case,
        })
    }
    /// Since when it waits: what cannot be read, since ever.
    pub(super) fn at(&self) -> Moment {
        self.what.as_ref().map_or(Moment::MIN, |what| what.at)
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    /// Where a chain stands.
    pub(in crate::desk) async fn head<K: Kind>(
        &self,
        id: &K::Id,
    ) -> Result<Option<Head<K>>, DeskError> {
        let row = self.ledger.load(K::SHELF, &id.to_string()).await?;
        self.stands::<K>(id, row).await
    }

    /// What a head says, made anew from the records where it is kept in another form.
    pub(super) async fn stands<K: Kind>(
        &self,
        id: &K::Id,
        row: Option<HeadRow>,
    ) -> Result<Option<Head<K>>, DeskError> {
        let Some(row) = row else { return Ok(None) };
        if let Some(head) = head::<K>(id, &row)? {
            return Ok(Some(head));
        }
        let history = self.history::<K>(id).await?;
        let state = self.replay::<K>(id, &history)?;
        let broken = |flaw| K::broken(id, row.version, flaw);
        let state = state.ok_or_else(|| broken(Flaw::Head))?;
        let last = history.last().map(|entry| entry.sealed.hash);
        match last {
            Some(hash) if row.hash == last && K::version(&state) == row.version => {
                Ok(Some(Head { state, hash }))
            }
            _ => Err(broken(Flaw::Head)),
        }
    }

    /// What the records of a chain come to.
    pub(super) fn replay<K: Kind>(
        &self,
        id: &K::Id,
        history: &[Entry<K::Record>],
    ) -> Result<Option<K::State>, DeskError> {
        let records = history.iter().map(|entry| &entry.sealed.record);
        K::replay(self.ledger.board(), records)
            .map_err(|(version, said)| K::broken(id, version, Flaw::Replay { said }))
    }

    pub(in crate::desk) async fn history<K: Kind>(
        &self,
        id: &K::Id,
    ) -> Result<Vec<Entry<K::Record>>, DeskError> {
        let key = id.to_string();
        let rows = self.ledger.history(K::SHELF, &key).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            // Whatever the ledger may give, it is not taken for the chain's own.
            let entry = match row.key == key {
                true => entry_of::<K>(id, row)?,
                false => entry::<K>(row)?,
            };
            entries.push(entry);
        }
        Ok(entries)
    }
    pub(super) async fn records<K: Kind>(&self, id: &K::Id) -> Result<Vec<K::Record>, DeskError> {
        let history = self.history::<K>(id).await?;
        Ok(history.into_iter().map(|it| it.sealed.record).collect())
    }
    pub(in crate::desk) async fn read<K: Kind>(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<Entry<K::Record>>, DeskError> {
        let page = self.ledger.read(K::SHELF, after, limit).await?;
        page.read(entry::<K>)
    }
    pub(in crate::desk) async fn ids<K: Kind>(
        &self,
        after: Option<&K::Id>,
        limit: usize,
    ) -> Result<Vec<K::Id>, DeskError> {
        let after = after.map(ToString::to_string);
        let keys = self.ledger.keys(K::SHELF, after.as_deref(), limit).await?;
        let ids = keys.iter().map(|key| key.parse());
        ids.collect::<Result<_, _>>().map_err(DeskError::damaged)
    }
    /// The chains of a shelf in the order of their keys, each with its id where it has one.
    pub(super) async fn chains<K: Kind>(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Option<K::Id>)>, DeskError> {
        let keys = self.ledger.keys(K::SHELF, after, limit).await?;
        Ok(keys
            .into_iter()
            .map(|key| {
                let id = key.parse().ok();
                (key, id)
            })
            .collect())
    }
    pub(in crate::desk) async fn find(
        &self,
        number: &NumberRow,
    ) -> Result<Option<CaseId>, DeskError> {
        let key = self.ledger.find(number).await?;
        key.map(|key| key.parse().map_err(DeskError::damaged))
            .transpose()
    }
    /// What is still to go outside, as far as it can be read: a row that cannot keeps nothing of others from going.
    pub(in crate::desk) async fn leaving<K: Kind>(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<Leaves<K>>, DeskError> {
        let page = self.ledger.outbox(K::SHELF, false, after, limit).await?;
        page.read(|row| Ok(Leaves::read(row)))
    }
    /// The same, where all of it can be read.
    pub(in crate::desk) async fn outbox<K: Kind>(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<K::Outgoing>, DeskError> {
        let page = self.leaving::<K>(after, limit).await?;
        page.read(|leaves| leaves.what.map_err(DeskError::damaged))
    }
    /// What is still to go to other cases.
    pub(super) async fn links(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<OnItsWay>, DeskError> {
        let page = self.ledger.outbox(Shelf::Cases, true, after, limit).await?;
        page.read(|row| OnItsWay::read(&row))
    }
    /// A private text as it is kept: none once it is erased, and nothing in it where it was damaged.
    pub(super) async fn kept_text<K: Kind>(
        &self,
        id: &K::Id,
        reference: &TextRef,
    ) -> Result<Option<Option<Private>>, DeskError> {
        let row = self
            .ledger
            .private(K::SHELF, &id.to_string(), reference.as_str())
            .await?;
        Ok(row.map(|row| private(row, reference)))
    }
    pub(in crate::desk) async fn private<K: Kind>(
        &self,
        id: &K::Id,
        reference: &TextRef,
    ) -> Result<Option<Private>, DeskError> {
        match self.kept_text::<K>(id, reference).await? {
            None => Ok(None),
            Some(Some(private)) => Ok(Some(private)),
            Some(None) => {
                let reference = reference.to_string();
                Err(K::broken(id, 0, Flaw::Text { reference }))
            }
        }
    }
    pub(in crate::desk) async fn text<K: Kind>(
        &self,
        id: &K::Id,
        reference: &TextRef,
    ) -> Result<Option<Text>, DeskError> {
        let private = self.private::<K>(id, reference).await?;
        Ok(private.map(|private| private.text))
    }
    /// A plan that was kept, as JSON.
    pub(in crate::desk) async fn plan_text(
        &self,
        plan: &PlanId,
    ) -> Result<Option<String>, DeskError> {
        self.ledger.kept(Kept::Plan, plan.as_str()).await
    }
    pub(in crate::desk) async fn case(&self, id: &CaseId) -> Result<Option<Case>, DeskError> {
        Ok(self.head::<Cases>(id).await?.map(|head| head.state))
    }
    /// A plan that was kept.
    pub(in crate::desk) async fn kept_plan(&self, id: &PlanId) -> Result<Option<Plan>, DeskError> {
        let Some(text) = self.plan_text(id).await? else {
            return Ok(None);
        };
        let plan = super::held::read_plan(&text, id);
        plan.map(Some).ok_or_else(|| {
            let name = id.clone();
            DeskError::from(crate::plan::PlansError::Altered { plan: name })
        })
    }
    pub(in crate::desk) async fn duty(&self, id: &DutyId) -> Result<Option<Duty>, DeskError> {
        Ok(self.head::<Duties>(id).await?.map(|head| head.state))
    }
    pub(in crate::desk) async fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        let effects: Vec<String> = effects.iter().map(ToString::to_string).collect();
        self.taken_out::<Cases>(&effects).await
    }
    pub(in crate::desk) async fn duty_delivered(
        &self,
        effects: &[DutyEffectId],
    ) -> Result<(), DeskError> {
        let effects: Vec<String> = effects.iter().map(ToString::to_string).collect();
        self.taken_out::<Duties>(&effects).await
    }
    /// Takes effects out of an outbox, by their names.
    pub(in crate::desk) async fn taken_out<K: Kind>(
        &self,
        effects: &[String],
    ) -> Result<(), DeskError> {
        let taken = self.ledger.delivered(K::SHELF, effects).await;
        match &taken {
            Ok(()) => self.watch.delivered(effects.len()),
            Err(error) => self.watch.failed(error),
        }
        taken
    }
}
