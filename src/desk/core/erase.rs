//! 按人删除: erases what the ledger holds of one citizen, case by case.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::Core;
use crate::case::Case;
use crate::desk::kind::Cases;
use crate::desk::texts::texts;
use crate::desk::{Answer, AsyncLedger, DeskError, Hash};
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, Command, CommandId, Envelope, Event, PersonId, Record, Refusal, Role, Salt,
    TextRef,
};

/// How many cases are looked at in one page.
const PAGE: usize = 256;

/// How much of a citizen's cases is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// 本人所写: what the citizen wrote or said — the message, what was added, what was said at call-back, with a rating, a withdrawal or
    /// to have it opened again, and whatever else came in the role of a citizen — and their contact. What officers wrote stays.
    Own,
    /// 全部: every private text of these cases, and the copies of them that were relayed to cases which follow them.
    All,
}

/// Texts of one case that would go, or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasable {
    /// The case.
    pub case: CaseId,
    /// Whether it is another citizen's, to which words of the citizen's own case were relayed.
    pub relayed: bool,
    /// The texts, in the order in which they came in.
    pub texts: Vec<TextRef>,
}

/// What came of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[must_use]
pub struct Erasure {
    /// What was erased now. What was erased before is not among it.
    pub erased: Vec<Erasable>,
    /// The cases in which nothing was erased, and why: whoever erased has no say there, say.
    pub refused: Vec<Refusal>,
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn erasable(
        &self,
        citizen: &PersonId,
        extent: Extent,
    ) -> Result<Vec<Erasable>, DeskError> {
        let mut all = Vec::new();
        let mut copies = BTreeSet::new();
        let mut after: Option<CaseId> = None;
        loop {
            let page = self.ids::<Cases>(after.as_ref(), PAGE).await?;
            for id in &page {
                let case = self.case(id).await?;
                let is_theirs = |case: &Case| {
                    let signalled = case.signal().map(|signal| signal.of.subject.as_str());
                    case.citizen() == Some(citizen) || signalled == Some(citizen.as_str())
                };
                if case.as_ref().is_some_and(is_theirs) {
                    let records = self.records::<Cases>(id).await?;
                    if extent == Extent::All {
                        copies.extend(followers(id, &records));
                    }
                    let texts = records.iter().flat_map(|record| match extent {
                        Extent::Own => own(record),
                        Extent::All => texts(&record.event),
                    });
                    all.extend(self.left(id, texts, false).await?);
                }
            }
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        let theirs: BTreeSet<CaseId> = all.iter().map(|it: &Erasable| it.case.clone()).collect();
        // A part of a case can have parts of its own.
        let mut ahead: VecDeque<(CaseId, CaseId)> = copies.into_iter().collect();
        while let Some((from, follower)) = ahead.pop_front() {
            // The citizen's own follower is among the cases already, with all that it has.
            if theirs.contains(&follower) {
                continue;
            }
            let records = self.records::<Cases>(&follower).await?;
            let texts = records.iter().flat_map(|record| match &record.event {
                Event::Relayed { from: it, news } if *it == from => news.texts(),
                // Whatever a part says is about the matter of that citizen.
                event if is_part(&records, &from) => texts(event),
                _ => Vec::new(),
            });
            if is_part(&records, &from) {
                ahead.extend(followers(&follower, &records));
            }
            all.extend(self.left(&follower, texts, true).await?);
        }
        Ok(all)
    }

    pub(in crate::desk) async fn erase_subject(
        &self,
        citizen: &PersonId,
        basis: &str,
        by: &Actor,
        at: Moment,
        extent: Extent,
    ) -> Result<Erasure, DeskError> {
        let mut erasure = Erasure::default();
        for found in self.erasable(citizen, extent).await? {
            let envelope = redact(&found, basis, by, at)?;
            match self.answer_and_tell(&envelope, at).await? {
                Answer::Refused(refusal) => erasure.refused.push(refusal),
                _ => erasure.erased.push(found),
            }
        }
        Ok(erasure)
    }

    /// Those of the texts that are still there; none, where nothing is.
    async fn left(
        &self,
        id: &CaseId,
        texts: impl Iterator<Item = &TextRef> + Send,
        relayed: bool,
    ) -> Result<Option<Erasable>, DeskError> {
        let mut left: Vec<TextRef> = Vec::new();
        for text in texts {
            // A row that holds something else is there, too.
            if !left.contains(text) && self.kept_text::<Cases>(id, text).await?.is_some() {
                left.push(text.clone());
            }
        }
        Ok((!left.is_empty()).then(|| Erasable {
            case: id.clone(),
            relayed,
            texts: left,
        }))
    }
}

/// The cases that followed a case at any time, and those that it was divided into, each after it.
fn followers(of: &CaseId, records: &[Record]) -> Vec<(CaseId, CaseId)> {
    let joined = records.iter().flat_map(|record| match &record.event {
        Event::Joined { follower, .. } => vec![(of.clone(), follower.clone())],
        Event::Divided { subs, .. } => {
            let each = subs.iter();
            each.map(|sub| (of.clone(), sub.case.clone())).collect()
        }
        _ => Vec::new(),
    });
    joined.collect()
}

/// Whether a case is a part of that one.
fn is_part(records: &[Record], main: &CaseId) -> bool {
    let first = records.first().map(|record| &record.event);
    matches!(first, Some(Event::Opened { main: Some(it), .. }) if it.case == *main)
}

/// What the citizen wrote or said themselves.
fn own(record: &Record) -> Vec<&TextRef> {
    let is_citizen = record
        .by
        .as_ref()
        .is_some_and(|by| by.role == Role::Citizen);
    match &record.event {
        Event::Opened {
            message, contact, ..
        } => std::iter::once(message).chain(contact).collect(),
        Event::Imported { case, .. } => std::iter::once(&case.message)
            .chain(&case.contact)
            .collect(),
        Event::Supplemented { answer: text }
        | Event::WithdrawalProposed { evidence: text }
        | Event::Withdrawn { evidence: text } => vec![text],
        Event::CalledBack { said, .. } | Event::Rated { said, .. } => said.iter().collect(),
        event if is_citizen => texts(event),
        _ => Vec::new(),
    }
}

/// The command that erases. Its id is made from what it erases: sent again it is the same, and what came in later has another.
fn redact(found: &Erasable, basis: &str, by: &Actor, at: Moment) -> Result<Envelope, DeskError> {
    let said =
        serde_json::to_vec(&(&found.case, &found.texts, basis, by)).map_err(DeskError::misuse)?;
    let id: CommandId = format!("erase/{}", Hash::of(&said))
        .parse()
        .map_err(DeskError::storage)?;
    Ok(Envelope {
        id,
        case: found.case.clone(),
        by: by.clone(),
        at,
        salt: Salt::new([0; 16]),
        command: Command::Redact {
            fields: found.texts.clone(),
            basis: basis.to_owned(),
        },
    })
}
