//! Time passes: chains are woken in the order of their alarms.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Core;
use super::read::{Head, OnItsWay, Stands, head, is_among, nameless};
use super::submit::start;
use crate::desk::kind::{Beside, Cases, Duties, Kind};
use crate::desk::observe::Work;
use crate::desk::rows::{AlarmRow, Commit, Committed, HeadRow, Shelf};
use crate::desk::{AsyncLedger, Cursor, DeskError};
use crate::time::Moment;
use crate::words::{CaseId, DutyId};

/// How many chains are woken in one transaction.
const BATCH: usize = 256;
/// How often others may be there first, one after another, before they are left to it.
const TRIES: usize = 256;

/// What came of a tick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Ticked {
    /// How often a case or an obligation was woken.
    pub fired: usize,
    /// Whether more was due than the limit let through.
    pub more: bool,
    /// Cases that were due and could not be woken: a damaged row, a plan that is nowhere. They stay due, and keep no
    /// other case waiting; while there are any, [`Desk::next_alarm`](crate::desk::Desk::next_alarm) lies in the past, so
    /// wait before trying again.
    pub stuck: Vec<Stuck>,
    /// Obligations that were due and could not be woken.
    pub stuck_duties: Vec<StuckDuty>,
}

/// An obligation that was due and could not be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckDuty {
    /// Which.
    pub duty: DutyId,
    /// Why, in words.
    pub why: String,
}

/// A case that could not be woken, or not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// Which.
    pub case: CaseId,
    /// Why, in words.
    pub why: String,
}

/// What was found of a chain that is to be woken.
enum Found<K: Kind> {
    /// It is in this library's form, and its plan is in hand.
    Ready,
    /// Something has to be fetched first.
    Wants(Box<Head<K>>),
    /// Its state is kept in another form.
    Old,
}

/// A chain that is left alone, and why.
fn left<K: Kind>(alarm: &AlarmRow, why: String) -> Result<(K::Id, String), DeskError> {
    match alarm.key.parse() {
        Ok(id) => Ok((id, why)),
        Err(_) => nameless(&alarm.key),
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        // What other cases are still to hear is not put off until one of them wakes.
        let links = self.links(&Cursor::start(), 1).await?.items;
        let link = links.iter().map(OnItsWay::at);
        let cases = self.ledger.next_alarm(Shelf::Cases).await?;
        let duties = self.ledger.next_alarm(Shelf::Duties).await?;
        Ok(cases.into_iter().chain(duties).chain(link).min())
    }

    /// As [`next_alarm`](Core::next_alarm), where some are left alone.
    pub(in crate::desk) async fn next_alarm_beside(
        &self,
        cases: &BTreeSet<String>,
        duties: &BTreeSet<String>,
    ) -> Result<Option<Moment>, DeskError> {
        let mut first = self.first_beside::<Cases>(cases).await?;
        let mut earlier = |at: Moment| first = Some(first.map_or(at, |before| before.min(at)));
        if let Some(at) = self.first_beside::<Duties>(duties).await? {
            earlier(at);
        }
        let mut after = Cursor::start();
        loop {
            let page = self.links(&after, BATCH).await?;
            let mut links = page.items.iter();
            if let Some(link) = links.find(|link| !cases.contains(link.case.as_str())) {
                earlier(link.at());
                return Ok(first);
            }
            if page.items.is_empty() {
                return Ok(first);
            }
            after = page.next;
        }
    }

    async fn first_beside<K: Kind>(
        &self,
        skip: &BTreeSet<String>,
    ) -> Result<Option<Moment>, DeskError> {
        let mut after: Option<AlarmRow> = None;
        loop {
            let due = self
                .ledger
                .due(K::SHELF, Moment::MAX, after.as_ref(), BATCH);
            let due = due.await?;
            let mut alarms = due.iter();
            if let Some(alarm) = alarms.find(|alarm| !is_among::<K::Id>(&alarm.key, skip)) {
                return Ok(Some(alarm.at));
            }
            let Some(last) = due.into_iter().next_back() else {
                return Ok(None);
            };
            last.goes_on_from(after.as_ref())?;
            after = Some(last);
        }
    }

    pub(in crate::desk) async fn tick(
        &self,
        now: Moment,
        limit: usize,
    ) -> Result<Ticked, DeskError> {
        let _doing = self.watch.began(Work::Tick);
        let ticked = self.tick_once(now, limit).await;
        match &ticked {
            Ok(ticked) => self.watch.ticked(ticked),
            Err(error) => self.watch.failed(error),
        }
        ticked
    }

    async fn tick_once(&self, now: Moment, limit: usize) -> Result<Ticked, DeskError> {
        let mut ticked = Ticked::default();
        let due = |alarm: Option<Moment>| alarm.is_some_and(|alarm| alarm <= now);
        let any = limit > 0
            && (due(self.ledger.next_alarm(Shelf::Cases).await?)
                || due(self.ledger.next_alarm(Shelf::Duties).await?)
                || !self.links(&Cursor::start(), 1).await?.items.is_empty());
        if any {
            let work = async {
                ticked.stuck = self.link(now).await?.stuck;
                let stuck = self.wake::<Cases>(now, limit, &mut ticked).await?;
                ticked
                    .stuck
                    .extend(stuck.into_iter().map(|(case, why)| Stuck { case, why }));
                if !ticked.more {
                    let stuck = self.wake::<Duties>(now, limit, &mut ticked).await?;
                    ticked.stuck_duties = stuck
                        .into_iter()
                        .map(|(duty, why)| StuckDuty { duty, why })
                        .collect();
                }
                Ok(())
            };
            self.group(work).await?;
        }
        Ok(ticked)
    }

    pub(in crate::desk) async fn advance(&self, now: Moment) -> Result<Ticked, DeskError> {
        let mut all = Ticked::default();
        loop {
            let ticked = self.tick(now, BATCH).await?;
            all.fired += ticked.fired;
            all.stuck = ticked.stuck;
            all.stuck_duties = ticked.stuck_duties;
            if !ticked.more {
                return Ok(all);
            }
        }
    }

    /// Wakes the chains of a shelf whose time has come, each at its own moment, as long as the limit is not reached.
    /// Gives those that could not be woken.
    async fn wake<K: Kind>(
        &self,
        now: Moment,
        limit: usize,
        ticked: &mut Ticked,
    ) -> Result<Vec<(K::Id, String)>, DeskError> {
        let mut stuck = Vec::new();
        let mut skip: BTreeSet<String> = BTreeSet::new();
        // What something was fetched for, and how often: its state and its plan may both be wanting, and nothing is fetched for ever.
        let mut fetched: (Option<AlarmRow>, usize) = (None, 0);
        // How often others were at the same alarm first. It would be theirs by then: where it never is, as in a damaged file, it is left alone.
        let mut beaten: (Option<AlarmRow>, usize) = (None, 0);
        loop {
            if ticked.fired >= limit {
                let ahead = self.ledger.due(K::SHELF, now, None, 1 + skip.len()).await?;
                ticked.more |= ahead.iter().any(|alarm| !skip.contains(&alarm.key));
                return Ok(stuck);
            }
            let mut found = Found::<K>::Ready;
            let mut links = false;
            let mut roused = None;
            let mut waking = |alarm: &AlarmRow, row: HeadRow| {
                let (commit, head) = self.rouse::<K>(alarm, row, now, &mut found)?;
                roused = head;
                links = commit.outgoing.iter().any(|outgoing| outgoing.link);
                Ok(commit)
            };
            let woken = self.ledger.wake(K::SHELF, now, &skip, &mut waking).await?;
            let Some((alarm, woken)) = woken else {
                return Ok(stuck);
            };
            let error = match woken {
                Ok(Committed::Done) => {
                    ticked.fired += 1;
                    if let Some(head) = roused {
                        K::recent(&self.hands).put(head);
                    }
                    if links {
                        // Other cases hear at once what this one tells them, before anything later happens to them.
                        let _ = self.link(now).await?;
                    }
                    continue;
                }
                // Somebody else was there first.
                Ok(_) => {
                    if beaten.0.as_ref() != Some(&alarm) {
                        beaten = (Some(alarm.clone()), 0);
                    }
                    beaten.1 += 1;
                    if beaten.1 >= TRIES {
                        let why = format!(
                            "others were first {TRIES} times, and its alarm still stands; it is tried again with the next tick"
                        );
                        stuck.push(left::<K>(&alarm, why)?);
                        skip.insert(alarm.key);
                    }
                    continue;
                }
                Err(error) => error,
            };
            if fetched.0.as_ref() != Some(&alarm) {
                fetched = (Some(alarm.clone()), 0);
            }
            let again = fetched.1 < 2;
            let fetch = match found {
                Found::Wants(head) if again => {
                    let plan = K::plan(&head.state).clone();
                    self.take_in_hand::<K>(&plan, &head.state).await
                }
                Found::Old if again => self.renew::<K>(&alarm.key).await,
                _ => Err(error),
            };
            match fetch {
                Ok(()) => fetched.1 += 1,
                Err(error) if error.is_local() => {
                    stuck.push(left::<K>(&alarm, error.to_string())?);
                    skip.insert(alarm.key);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What is to be committed to a chain that is woken, and where it stands then.
    fn rouse<K: Kind>(
        &self,
        alarm: &AlarmRow,
        row: HeadRow,
        now: Moment,
        found: &mut Found<K>,
    ) -> Result<(Commit, Stands<K>), DeskError> {
        let id: K::Id = alarm.key.parse().map_err(DeskError::misuse)?;
        let Some(head) = head::<K>(&id, &row)? else {
            *found = Found::Old;
            return Err(DeskError::misuse("its state is kept in another form"));
        };
        let plans = self.plans();
        let plan = K::plan(&head.state);
        if plans.get(plan).is_none() {
            let error = format!("the plan `{plan}` is neither in hand nor kept");
            *found = Found::Wants(Box::new(head));
            return Err(DeskError::misuse(error));
        }
        let envelope = K::tick(&head.state, alarm.at)?;
        let decided = K::decide(Some(&head.state), &envelope, &plans, Beside::default())
            .map_err(DeskError::misuse)?;
        if decided.records.is_empty() {
            let at = K::asked(&envelope).at;
            return Err(DeskError::misuse(format!(
                "nothing came of waking it at {at}"
            )));
        }
        let mut commit = start::<K>(&id, Some(&head));
        let after = self.fill::<K>(&mut commit, &id, Some(&head), decided, now)?;
        Ok((commit, after))
    }

    /// Keeps a state anew in this library's form.
    async fn renew<K: Kind>(&self, key: &str) -> Result<(), DeskError> {
        let id: K::Id = key.parse().map_err(DeskError::storage)?;
        let Some(head) = self.head::<K>(&id).await? else {
            return Ok(());
        };
        let mut commit = start::<K>(&id, Some(&head));
        commit.head = Some(HeadRow {
            version: K::version(&head.state),
            hash: Some(head.hash),
            alarm: K::next_alarm(&head.state),
            state: crate::desk::shape::pack(&head.state)?,
        });
        let _ = self.ledger.commit(&commit).await?;
        Ok(())
    }
}
