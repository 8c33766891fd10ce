//! Taking over cases that are under way in another system: what it would bring, before it is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Core;
use crate::case::{Rehearsal, decide, rehearse_import};
use crate::desk::answer::again;
use crate::desk::kind::{Asked, Cases, Kind};
use crate::desk::rows::NumberRow;
use crate::desk::{Answer, AsyncLedger, DeskError};
use crate::words::{CaseId, Command, Envelope, Refusal};

/// What taking a case over would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WouldImport {
    /// It would be taken over: with these limits, these steps that are past and stay silent, and these ahead.
    Taken(Box<Rehearsal>),
    /// It would be refused.
    Refused(Refusal),
    /// The message has its case already, here or earlier in the list.
    Known {
        /// Which.
        case: CaseId,
    },
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn rehearse_import(
        &self,
        envelopes: &[Envelope],
    ) -> Result<Vec<WouldImport>, DeskError> {
        let plans = self.plans();
        let mut all = Vec::new();
        let mut listed: BTreeMap<NumberRow, CaseId> = BTreeMap::new();
        let mut cases: BTreeMap<&CaseId, usize> = BTreeMap::new();
        for (place, envelope) in envelopes.iter().enumerate() {
            if !matches!(envelope.command, Command::Import(_)) {
                let (id, name) = (&envelope.id, envelope.command.name());
                return Err(DeskError::misuse(format!(
                    "`{id}` is `{name}` and not `import`: a rehearsal is of cases that are taken over"
                )));
            }
            if let Some(first) = cases.insert(&envelope.case, place) {
                return Err(DeskError::misuse(format!(
                    "case `{}` stands twice in the list, in places {} and {}",
                    envelope.case,
                    first + 1,
                    place + 1
                )));
            }
            let Asked { id, number, .. } = Cases::asked(envelope);
            // What was refused before is refused again, whatever would be said now.
            if let Some(before) = self.ledger.answered(Cases::SHELF, id.as_str()).await? {
                let payload = Cases::payload(envelope, &self.secret)?;
                if let Answer::Refused(refusal) = again(&before, &payload)? {
                    all.push(WouldImport::Refused(refusal));
                    continue;
                }
            }
            if let Some(number) = &number {
                let known = match listed.get(number) {
                    Some(case) => Some(case.clone()),
                    None => self.find(number).await?,
                };
                if let Some(case) = known {
                    all.push(WouldImport::Known { case });
                    continue;
                }
            }
            let there = self.case(&envelope.case).await?;
            let told = match &there {
                None => rehearse_import(envelope, &plans).map(Box::new),
                // The machine says why not.
                Some(case) => match decide(Some(case), envelope, &plans) {
                    Err(refusal) => Err(refusal),
                    Ok(_) => {
                        return Err(DeskError::misuse(format!(
                            "case `{}` is here already",
                            envelope.case
                        )));
                    }
                },
            };
            all.push(match told {
                Ok(rehearsal) => {
                    // What is refused leaves the number to whoever comes after it.
                    listed.extend(number.map(|number| (number, envelope.case.clone())));
                    WouldImport::Taken(rehearsal)
                }
                Err(refusal) => WouldImport::Refused(refusal),
            });
        }
        Ok(all)
    }
}
