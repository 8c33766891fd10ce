//! Goes over a whole ledger and holds every line against every other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Core;
use super::held::read_plan;
use super::read::Head;
use super::ties::Tie;
use crate::desk::chain::next;
use crate::desk::kind::{Cases, Duties, Kind};
use crate::desk::{AsyncLedger, DeskError, Entry, Flaw, Hash, Line};
use crate::words::{PlanId, TextRef};

/// A ledger that holds: how much was gone over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many cases.
    pub cases: u64,
    /// How many records.
    pub records: u64,
    /// How many private texts that are still there.
    pub texts: u64,
    /// How many obligations.
    pub duties: u64,
    /// How many records of obligations.
    pub duty_records: u64,
    /// How many seals.
    pub seals: u64,
    /// How many records, of cases and of obligations, are under the last of them.
    pub sealed: u64,
}

/// How many chains are listed at a time.
pub(super) const PAGE: usize = 256;
/// How often a chain is read again because somebody was writing to it.
pub(super) const TRIES: usize = 16;

/// How much there was on one shelf.
#[derive(Default)]
struct Count {
    chains: u64,
    records: u64,
    texts: u64,
    /// What they say of each other.
    ties: Vec<Tie>,
}

impl<L: AsyncLedger> Core<'_, L> {
    /// What is found first is what says most: a line of a chain before a stretch of the log, that before the file as a whole. Last comes that
    /// something cannot be said yet; it is looked at once more by then.
    pub(in crate::desk) async fn verify(
        &self,
        elsewhere: &[(NaiveDate, Hash)],
    ) -> Result<Verified, DeskError> {
        let mut plans = BTreeSet::new();
        let cases = self.verify_all::<Cases>(&mut plans).await?;
        let duties = self.verify_all::<Duties>(&mut plans).await?;
        let unsure = self.verify_ties(cases.ties).await?;
        let (seals, sealed) = self.verify_seals(elsewhere).await?;
        self.ledger.check().await?;
        let unsure = unsure.into_iter().map(|(tie, _)| tie).collect();
        if let Some((_, error)) = self.verify_ties(unsure).await?.into_iter().next() {
            return Err(error);
        }
        Ok(Verified {
            cases: cases.chains,
            records: cases.records,
            texts: cases.texts + duties.texts,
            duties: duties.chains,
            duty_records: duties.records,
            seals,
            sealed,
        })
    }

    async fn verify_all<K: Kind>(&self, plans: &mut BTreeSet<PlanId>) -> Result<Count, DeskError> {
        let mut count = Count::default();
        let mut after: Option<K::Id> = None;
        loop {
            let page = self.ids::<K>(after.as_ref(), PAGE).await?;
            for id in &page {
                self.verify_one::<K>(id, plans, &mut count).await?;
            }
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => return Ok(count),
            }
        }
    }

    /// What stands beside a chain, such as its texts, is looked at after it: what somebody has taken away meanwhile by the law is no flaw.
    async fn verify_one<K: Kind>(
        &self,
        id: &K::Id,
        plans: &mut BTreeSet<PlanId>,
        count: &mut Count,
    ) -> Result<(), DeskError> {
        for _ in 0..TRIES {
            let (head, history) = self.settled::<K>(id).await?;
            let stood = head.as_ref().map(|head| head.hash);
            match self.verify_at(id, head, &history, plans, count).await {
                Err(error) if error.is_local() && self.has_gone_on::<K>(id, stood).await => {}
                verified => return verified,
            }
        }
        Err(DeskError::busy())
    }

    /// Whether somebody has written to a chain since it stood there.
    async fn has_gone_on<K: Kind>(&self, id: &K::Id, stood: Option<Hash>) -> bool {
        let now = self.head::<K>(id).await;
        now.is_ok_and(|head| head.map(|head| head.hash) != stood)
    }

    async fn verify_at<K: Kind>(
        &self,
        id: &K::Id,
        head: Option<Head<K>>,
        history: &[Entry<K::Record>],
        plans: &mut BTreeSet<PlanId>,
        count: &mut Count,
    ) -> Result<(), DeskError> {
        let broken = |version, flaw| K::broken(id, version, flaw);
        let mut prev = K::genesis(self.ledger.board(), id);
        let mut last = 0;
        for (expected, entry) in (1u64..).zip(history) {
            next(id, expected, &prev, &entry.sealed).map_err(|flaw| broken(expected, flaw))?;
            prev = entry.sealed.hash;
            last = expected;
        }
        let replayed = self.replay::<K>(id, history)?;
        let Some(head) = head else {
            return Err(broken(last, Flaw::Head));
        };
        let at = K::version(&head.state);
        if at > last {
            return Err(broken(last + 1, Flaw::Missing { head: at }));
        }
        if head.hash != prev || replayed.as_ref() != Some(&head.state) {
            return Err(broken(at, Flaw::Head));
        }
        self.plans_of::<K>(id, history, plans).await?;
        self.number_of::<K>(id, history).await?;
        count.texts += self.texts_of::<K>(id, history).await?;
        count.ties.extend(Tie::all::<K>(&head.state));
        count.chains += 1;
        count.records += last;
        Ok(())
    }

    /// Head and history of one moment, though others may be writing.
    async fn settled<K: Kind>(
        &self,
        id: &K::Id,
    ) -> Result<(Option<Head<K>>, Vec<Entry<K::Record>>), DeskError> {
        for _ in 0..TRIES {
            let before = self.head::<K>(id).await?;
            let history = self.history::<K>(id).await?;
            if self.head::<K>(id).await? == before {
                return Ok((before, history));
            }
        }
        Err(DeskError::busy())
    }

    async fn plans_of<K: Kind>(
        &self,
        id: &K::Id,
        history: &[Entry<K::Record>],
        plans: &mut BTreeSet<PlanId>,
    ) -> Result<(), DeskError> {
        for record in history.iter().map(|entry| &entry.sealed.record) {
            let plan = K::decided_by(record);
            if plans.contains(plan) {
                continue;
            }
            let stored = self.plan_text(plan).await?;
            if stored.and_then(|json| read_plan(&json, plan)).is_none() {
                let flaw = Flaw::Plan { plan: plan.clone() };
                return Err(K::broken(id, record.version(), flaw));
            }
            plans.insert(plan.clone());
        }
        Ok(())
    }

    /// Whether the message's number leads to its case.
    async fn number_of<K: Kind>(
        &self,
        id: &K::Id,
        history: &[Entry<K::Record>],
    ) -> Result<(), DeskError> {
        for record in history.iter().map(|entry| &entry.sealed.record) {
            if let Some(number) = K::number(record)
                && self.ledger.find(&number).await? != Some(id.to_string())
            {
                return Err(K::broken(id, record.version(), Flaw::ExternalId));
            }
        }
        Ok(())
    }

    /// Holds every private text against its reference; how many are still there.
    async fn texts_of<K: Kind>(
        &self,
        id: &K::Id,
        history: &[Entry<K::Record>],
    ) -> Result<u64, DeskError> {
        let mut named: BTreeMap<&TextRef, u64> = BTreeMap::new();
        let mut erased: BTreeMap<&TextRef, u64> = BTreeMap::new();
        for record in history.iter().map(|entry| &entry.sealed.record) {
            for text in K::texts(record) {
                named.entry(text).or_insert(record.version());
            }
            erased.extend(
                K::erased(record)
                    .iter()
                    .map(|text| (text, record.version())),
            );
        }
        let mut there = 0;
        for (text, version) in named {
            let reference = text.to_string();
            let kept = self.kept_text::<K>(id, text).await?;
            let (version, flaw) = match (kept, erased.get(text)) {
                (Some(_), Some(version)) => (*version, Flaw::TextLeft { reference }),
                (None, None) => (version, Flaw::TextGone { reference }),
                (Some(Some(private)), None) if private.holds() => {
                    there += 1;
                    continue;
                }
                (Some(_), None) => (version, Flaw::Text { reference }),
                (None, Some(_)) => continue,
            };
            return Err(K::broken(id, version, flaw));
        }
        Ok(there)
    }
}
