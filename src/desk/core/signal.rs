//! 预警: a signal is said of a subject, and the desk finds the case that it belongs to.
//!
//! The cases of one subject and indicator are numbered from 1, in an id that is made from both. So the last of them is found without
//! any index, by doubling and halving; a signal goes to the last, which takes it while it is open or within the window, and opens
//! the next one else. Two desks that open the next one at once open the same, and one of them joins it.

use super::Core;
use super::submit::Comes;
use crate::desk::kind::Cases;
use crate::desk::kind::Kind;
use crate::desk::own::is_not_own;
use crate::desk::{Answer, AsyncLedger, DeskError, Hash, SignalSaid};
use crate::words::{CaseId, Command, Envelope, SignalOf, Why};

/// How often a signal is sent on to the next case, where the last one ended meanwhile.
const TRIES: u64 = 8;

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn signal(&self, said: &SignalSaid) -> Result<Answer, DeskError> {
        let command = Command::Signal {
            of: said.of.clone(),
            place: said.place.clone(),
            words: said.words.clone(),
            facts: said.facts.clone(),
        };
        is_not_own(&said.id, &command)?;
        let envelope = |case: CaseId| Envelope {
            id: said.id.clone(),
            case,
            by: said.by.clone(),
            at: said.at,
            salt: said.salt,
            command: command.clone(),
        };
        // Sent again, it is answered as the first time, whatever case is the last by now.
        if let Some(before) = self.ledger.answered(Cases::SHELF, said.id.as_str()).await? {
            let case = before.key.parse().map_err(DeskError::storage)?;
            return self
                .answer_and_tell(&envelope(case), said.at, Comes::Alone)
                .await;
        }
        let last = self.last(&said.of).await?.max(1);
        for number in last..last.saturating_add(TRIES) {
            let case = self.numbered(&said.of, number)?;
            let answer = self
                .answer_and_tell(&envelope(case), said.at, Comes::Alone)
                .await?;
            let passed = |why: &Why| matches!(why, Why::SignalPassed { .. });
            if !answer.refusal().is_some_and(|it| passed(&it.why)) {
                return Ok(answer);
            }
        }
        Err(DeskError::busy())
    }

    /// The number of the last case of a subject and indicator; 0, where there is none.
    async fn last(&self, of: &SignalOf) -> Result<u64, DeskError> {
        let (mut there, mut beyond) = (0, 1);
        while self.case(&self.numbered(of, beyond)?).await?.is_some() {
            there = beyond;
            beyond = beyond.saturating_mul(2);
        }
        while beyond - there > 1 {
            let middle = there + (beyond - there) / 2;
            match self.case(&self.numbered(of, middle)?).await?.is_some() {
                true => there = middle,
                false => beyond = middle,
            }
        }
        Ok(there)
    }

    /// The id of the case of that number. The secret keeps whoever reads ids from guessing whom they are of.
    fn numbered(&self, of: &SignalOf, number: u64) -> Result<CaseId, DeskError> {
        let said = serde_json::to_vec(&(of, &self.secret)).map_err(DeskError::misuse)?;
        let hash = Hash::of(&said).to_string();
        let short = hash.get(..24).unwrap_or(&hash);
        format!("signal-{short}-{number}")
            .parse()
            .map_err(DeskError::storage)
    }
}
