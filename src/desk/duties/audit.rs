//! Goes over all obligations and holds every line against every other.

use std::collections::{BTreeMap, BTreeSet};

use super::{DutyEntry, DutyHead};
use crate::desk::audit::{TRIES, read_plan};
use crate::desk::chain::next;
use crate::desk::{BrokenDuty, DeskError, Flaw, Hash, Ledger, Verified};
use crate::duty::{Duty, DutyEvent, evolve, texts};
use crate::words::{DutyId, PlanId, TextRef};

/// How many are listed at a time.
const PAGE: usize = 256;

pub(in crate::desk) fn verify(ledger: &impl Ledger, found: &mut Verified) -> Result<(), DeskError> {
    let mut plans = BTreeSet::new();
    let mut after: Option<DutyId> = None;
    loop {
        let duties = ledger.duties().list(after.as_ref(), PAGE)?;
        for duty in &duties {
            one(ledger, duty, &mut plans, found)?;
        }
        match duties.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

fn one(
    ledger: &impl Ledger,
    duty: &DutyId,
    plans: &mut BTreeSet<PlanId>,
    found: &mut Verified,
) -> Result<(), DeskError> {
    let (head, history) = settled(ledger, duty)?;
    let broken = |version, flaw| BrokenDuty {
        duty: duty.clone(),
        version,
        flaw,
    };
    let mut prev = Hash::genesis_of_duty(ledger.board(), duty);
    let mut state: Option<Duty> = None;
    let mut last = 0;
    for (expected, entry) in (1u64..).zip(&history) {
        let (sealed, record) = (&entry.sealed, &entry.sealed.record);
        let at = record.version;
        next(duty, expected, &prev, sealed).map_err(|flaw| broken(expected, flaw))?;
        prev = sealed.hash;
        let after = evolve(ledger.board(), state, record).map_err(|corrupt| {
            let said = corrupt.to_string();
            broken(at, Flaw::Replay { said })
        })?;
        state = Some(after);
        last = at;
        if !plans.contains(&record.plan) {
            let stored = ledger.plan(&record.plan)?;
            if stored
                .and_then(|json| read_plan(&json, &record.plan))
                .is_none()
            {
                let plan = record.plan.clone();
                return Err(broken(at, Flaw::Plan { plan }).into());
            }
            plans.insert(record.plan.clone());
        }
    }
    let Some(head) = head else {
        return Err(broken(last, Flaw::Head).into());
    };
    let at = head.duty.version();
    if at > last {
        return Err(broken(last + 1, Flaw::Missing { head: at }).into());
    }
    if head.hash != prev || state.as_ref() != Some(&head.duty) {
        return Err(broken(at, Flaw::Head).into());
    }
    found.texts += texts_of(ledger, duty, &history)?;
    found.duties += 1;
    found.duty_records += last;
    Ok(())
}

/// Head and history of one moment, though others may be writing.
fn settled(
    ledger: &impl Ledger,
    duty: &DutyId,
) -> Result<(Option<DutyHead>, Vec<DutyEntry>), DeskError> {
    let duties = ledger.duties();
    for _ in 0..TRIES {
        let before = duties.load(duty)?;
        let history = duties.history(duty)?;
        if duties.load(duty)? == before {
            return Ok((before, history));
        }
    }
    Err(DeskError::busy())
}

/// Holds every private text against its reference; how many are still there.
fn texts_of(ledger: &impl Ledger, duty: &DutyId, history: &[DutyEntry]) -> Result<u64, DeskError> {
    let mut named: BTreeMap<&TextRef, u64> = BTreeMap::new();
    let mut redacted: BTreeMap<&TextRef, u64> = BTreeMap::new();
    for record in history.iter().map(|entry| &entry.sealed.record) {
        for text in texts(&record.event) {
            named.entry(text).or_insert(record.version);
        }
        if let DutyEvent::Redacted { fields, .. } = &record.event {
            redacted.extend(fields.iter().map(|field| (field, record.version)));
        }
    }
    let mut there = 0;
    for (text, version) in named {
        let reference = text.to_string();
        let broken = |version, flaw| BrokenDuty {
            duty: duty.clone(),
            version,
            flaw,
        };
        let stored = match ledger.duties().private(duty, text) {
            Err(error) if error.broken_duty().is_some() => {
                return Err(broken(version, Flaw::Text { reference }).into());
            }
            stored => stored?,
        };
        let (version, flaw) = match (stored, redacted.get(text)) {
            (Some(_), Some(version)) => (*version, Flaw::TextLeft { reference }),
            (None, None) => (version, Flaw::TextGone { reference }),
            (Some(private), None) if private.reference != *text || !private.holds() => {
                (version, Flaw::Text { reference })
            }
            (Some(_), None) => {
                there += 1;
                continue;
            }
            (None, Some(_)) => continue,
        };
        return Err(broken(version, flaw).into());
    }
    Ok(there)
}
