//! Goes over a whole ledger and holds every line against every other.

use std::collections::{BTreeMap, BTreeSet};

use super::texts::texts;
use super::{Broken, DeskError, Entry, Flaw, Hash, Head, Ledger, follow};
use crate::case::{Case, evolve};
use crate::plan::Plan;
use crate::words::{CaseId, Event, PlanId, TextRef};

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
}

/// How many cases are listed at a time.
const PAGE: usize = 256;
/// How often a case is read again because somebody was writing to it.
pub(super) const TRIES: usize = 16;

pub(super) fn verify(ledger: &impl Ledger) -> Result<Verified, DeskError> {
    let mut audit = Audit {
        ledger,
        plans: BTreeSet::new(),
        found: Verified::default(),
    };
    let mut after: Option<CaseId> = None;
    loop {
        let cases = ledger.cases(after.as_ref(), PAGE)?;
        for case in &cases {
            audit.case(case)?;
        }
        match cases.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    super::duties::verify(ledger, &mut audit.found)?;
    ledger.check()?;
    Ok(audit.found)
}

struct Audit<'a, L> {
    ledger: &'a L,
    plans: BTreeSet<PlanId>,
    found: Verified,
}

impl<L: Ledger> Audit<'_, L> {
    fn case(&mut self, case: &CaseId) -> Result<(), DeskError> {
        let (head, history) = self.settled(case)?;
        let last = history
            .last()
            .map_or(0, |entry| entry.sealed.record.version);
        let broken = |version, flaw| Broken {
            case: case.clone(),
            version,
            flaw,
        };
        let end = follow(
            self.ledger.board(),
            case,
            history.iter().map(|entry| &entry.sealed),
        )?;
        let replayed = replay(&history)?;
        let Some(head) = head else {
            return Err(broken(last, Flaw::Head).into());
        };
        let at = head.case.version();
        if at > last {
            return Err(broken(last + 1, Flaw::Missing { head: at }).into());
        }
        if head.hash != end || replayed.as_ref() != Some(&head.case) {
            return Err(broken(at, Flaw::Head).into());
        }
        self.plans_of(&history)?;
        self.number_of(case, &history)?;
        self.texts_of(case, &history)?;
        self.found.cases += 1;
        self.found.records += last;
        Ok(())
    }

    /// Head and history of one moment, though others may be writing.
    fn settled(&self, case: &CaseId) -> Result<(Option<Head>, Vec<Entry>), DeskError> {
        for _ in 0..TRIES {
            let before = self.ledger.load(case)?;
            let history = self.ledger.history(case)?;
            if self.ledger.load(case)? == before {
                return Ok((before, history));
            }
        }
        Err(DeskError::busy())
    }

    fn plans_of(&mut self, history: &[Entry]) -> Result<(), DeskError> {
        for record in history.iter().map(|entry| &entry.sealed.record) {
            if self.plans.contains(&record.plan) {
                continue;
            }
            let stored = self.ledger.plan(&record.plan)?;
            if stored
                .and_then(|json| read_plan(&json, &record.plan))
                .is_none()
            {
                let flaw = Flaw::Plan {
                    plan: record.plan.clone(),
                };
                return Err(Broken {
                    case: record.case.clone(),
                    version: record.version,
                    flaw,
                }
                .into());
            }
            self.plans.insert(record.plan.clone());
        }
        Ok(())
    }

    fn number_of(&self, case: &CaseId, history: &[Entry]) -> Result<(), DeskError> {
        for record in history.iter().map(|entry| &entry.sealed.record) {
            if let Event::Opened {
                channel,
                external_id,
                ..
            } = &record.event
                && self.ledger.find(channel, external_id)?.as_ref() != Some(case)
            {
                return Err(Broken {
                    case: case.clone(),
                    version: record.version,
                    flaw: Flaw::ExternalId,
                }
                .into());
            }
        }
        Ok(())
    }

    fn texts_of(&mut self, case: &CaseId, history: &[Entry]) -> Result<(), DeskError> {
        let mut named: BTreeMap<&TextRef, u64> = BTreeMap::new();
        let mut redacted: BTreeMap<&TextRef, u64> = BTreeMap::new();
        for record in history.iter().map(|entry| &entry.sealed.record) {
            for text in texts(&record.event) {
                named.entry(text).or_insert(record.version);
            }
            if let Event::Redacted { fields, .. } = &record.event {
                redacted.extend(fields.iter().map(|field| (field, record.version)));
            }
        }
        for (text, version) in named {
            let reference = text.to_string();
            let stored = match self.ledger.private(case, text) {
                Err(error) if error.broken().is_some() => {
                    return Err(Broken {
                        case: case.clone(),
                        version,
                        flaw: Flaw::Text { reference },
                    }
                    .into());
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
                    self.found.texts += 1;
                    continue;
                }
                (None, Some(_)) => continue,
            };
            return Err(Broken {
                case: case.clone(),
                version,
                flaw,
            }
            .into());
        }
        Ok(())
    }
}

fn replay(history: &[Entry]) -> Result<Option<Case>, Broken> {
    let mut case = None;
    for record in history.iter().map(|entry| &entry.sealed.record) {
        let next = evolve(case, record).map_err(|corrupt| Broken {
            case: record.case.clone(),
            version: record.version,
            flaw: Flaw::Replay {
                said: corrupt.to_string(),
            },
        })?;
        case = Some(next);
    }
    Ok(case)
}

/// A stored plan, if it is the one of that identity.
pub(super) fn read_plan(json: &str, id: &PlanId) -> Option<Plan> {
    serde_json::from_str::<Plan>(json)
        .ok()
        .filter(|plan| plan.id() == *id)
}

/// The hash at the end of a chain that is to go on: the head's, or the genesis.
pub(super) fn end(ledger: &impl Ledger, case: &CaseId, head: Option<&Head>) -> Hash {
    head.map_or_else(|| Hash::genesis(ledger.board(), case), |head| head.hash)
}
