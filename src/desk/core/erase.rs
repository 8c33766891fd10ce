//! 按人删除: erases what the ledger holds of one citizen, case by case.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::read::nameless;
use super::submit::Comes;
use super::{Core, Stuck};
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
/// How often it is looked again whether something came through meanwhile.
const ROUNDS: usize = 16;

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

/// What would be erased.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Erasables {
    /// Case by case.
    pub cases: Vec<Erasable>,
    /// Cases that could not be looked at, whoever's they are, and why: something in them is damaged.
    pub stuck: Vec<Stuck>,
}

/// What came of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[must_use]
pub struct Erasure {
    /// What was erased now. What was erased before is not among it.
    pub erased: Vec<Erasable>,
    /// The cases in which nothing was erased, and why: whoever erased has no say there, say.
    pub refused: Vec<Refusal>,
    /// Cases that could not be looked at or written to, whoever's they are, and why: something in them is damaged. Of what the citizen may
    /// have there nothing was erased; mend them, and ask again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stuck: Vec<Stuck>,
}

/// Cases that followed another one at any time, each after it.
type Followers = BTreeSet<(CaseId, CaseId)>;

/// What could be looked at, and what could not.
struct Looked {
    found: Erasables,
    followers: Followers,
}

impl Erasables {
    /// One case more; one that is damaged is named, and the others are gone on with.
    fn take(
        &mut self,
        case: &CaseId,
        looked: Result<Option<Erasable>, DeskError>,
    ) -> Result<(), DeskError> {
        match looked {
            Ok(found) => self.cases.extend(found),
            Err(error) if error.is_local() => self.stuck.push(Stuck {
                case: case.clone(),
                why: error.to_string(),
            }),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn erasable(
        &self,
        citizen: &PersonId,
        extent: Extent,
    ) -> Result<Erasables, DeskError> {
        let Looked {
            mut found,
            mut followers,
        } = self.own_cases(citizen, extent).await?;
        followers = self.with_parts(followers).await?;
        // The citizen's own follower is among the cases already, with all that it has.
        let theirs = |id: &CaseId| found.cases.iter().any(|it| it.case == *id);
        followers.retain(|(_, follower)| !theirs(follower));
        let copies = self.copies(&followers).await?;
        found.cases.extend(copies.cases);
        found.stuck.extend(copies.stuck);
        Ok(found)
    }

    /// The cases that name a citizen as theirs.
    async fn own_cases(&self, citizen: &PersonId, extent: Extent) -> Result<Looked, DeskError> {
        let mut looked = Looked {
            found: Erasables::default(),
            followers: Followers::new(),
        };
        let mut after: Option<String> = None;
        loop {
            let page = self.chains::<Cases>(after.as_deref(), PAGE).await?;
            for (key, id) in &page {
                let Some(id) = id else {
                    let (case, why) = nameless(key)?;
                    looked.found.stuck.push(Stuck { case, why });
                    continue;
                };
                let one = self.own_case(id, citizen, extent, &mut looked.followers);
                let one = one.await;
                looked.found.take(id, one)?;
            }
            match page.into_iter().next_back() {
                Some((last, _)) => after = Some(last),
                None => return Ok(looked),
            }
        }
    }

    async fn own_case(
        &self,
        id: &CaseId,
        citizen: &PersonId,
        extent: Extent,
        followers: &mut Followers,
    ) -> Result<Option<Erasable>, DeskError> {
        // A signal is of a subject, whom the host numbers as it numbers citizens.
        let is_theirs = |case: &Case| {
            let signalled = case.signal().map(|signal| signal.of.subject.as_str());
            case.citizen() == Some(citizen) || signalled == Some(citizen.as_str())
        };
        let case = self.case(id).await?;
        if !case.as_ref().is_some_and(is_theirs) {
            return Ok(None);
        }
        let records = self.records::<Cases>(id).await?;
        if extent == Extent::All {
            followers.extend(joined(id, &records));
        }
        let texts = records.iter().flat_map(|record| match extent {
            Extent::Own => own(record),
            Extent::All => texts(&record.event),
        });
        self.left(id, texts, false).await
    }

    /// With the parts of parts: a part of a case can have parts of its own, and followers of theirs.
    async fn with_parts(&self, first: Followers) -> Result<Followers, DeskError> {
        let mut ahead: VecDeque<(CaseId, CaseId)> = first.iter().cloned().collect();
        let mut all = first;
        while let Some((from, id)) = ahead.pop_front() {
            let records = match self.records::<Cases>(&id).await {
                Ok(records) => records,
                // It is named where it is looked at.
                Err(error) if error.is_local() => continue,
                Err(error) => return Err(error),
            };
            if is_part(&records, &from) {
                for pair in joined(&id, &records) {
                    if all.insert(pair.clone()) {
                        ahead.push_back(pair);
                    }
                }
            }
        }
        Ok(all)
    }

    /// What was relayed to cases that follow others, and is still there.
    async fn copies(&self, followers: &Followers) -> Result<Erasables, DeskError> {
        let mut found = Erasables::default();
        for (from, follower) in followers {
            let one = self.copy(from, follower).await;
            found.take(follower, one)?;
        }
        Ok(found)
    }

    async fn copy(&self, from: &CaseId, follower: &CaseId) -> Result<Option<Erasable>, DeskError> {
        let records = self.records::<Cases>(follower).await?;
        let texts = records.iter().flat_map(|record| match &record.event {
            Event::Relayed { from: it, news } if it == from => news.texts(),
            // Whatever a part says is about the matter of that citizen.
            event if is_part(&records, from) => texts(event),
            _ => Vec::new(),
        });
        self.left(follower, texts, true).await
    }

    /// The citizen's own cases go first. What is on its way from them to cases that follow is told as erased from then on; and what came
    /// through before is found where it came to, since nobody else can carry it out after this desk has.
    pub(in crate::desk) async fn erase_subject(
        &self,
        citizen: &PersonId,
        basis: &str,
        by: &Actor,
        at: Moment,
        extent: Extent,
    ) -> Result<Erasure, DeskError> {
        let mut erasure = Erasure::default();
        let whose = (basis, by, at);
        let Looked { found, followers } = self.own_cases(citizen, extent).await?;
        let followers = self.with_parts(followers).await?;
        self.erase(found, whose, &mut erasure).await?;
        for _ in 0..ROUNDS {
            if followers.is_empty() {
                break;
            }
            let _ = self.link(at).await?;
            if !self
                .erase(self.copies(&followers).await?, whose, &mut erasure)
                .await?
            {
                break;
            }
        }
        Ok(erasure)
    }

    /// Erases what was found; whether anything was. What was refused, or could not be written to, is not tried again.
    async fn erase(
        &self,
        found: Erasables,
        (basis, by, at): (&str, &Actor, Moment),
        erasure: &mut Erasure,
    ) -> Result<bool, DeskError> {
        let mut any = false;
        for stuck in found.stuck {
            if !erasure.is_settled(&stuck.case) {
                erasure.stuck.push(stuck);
            }
        }
        for found in found.cases {
            if erasure.is_settled(&found.case) {
                continue;
            }
            let envelope = redact(&found, basis, by, at)?;
            match self.answer_and_tell(&envelope, at, Comes::Alone).await {
                Ok(Answer::Refused(refusal)) => erasure.refused.push(refusal),
                Ok(_) => {
                    any = true;
                    erasure.erased.push(found);
                }
                Err(error) if error.is_local() => erasure.stuck.push(Stuck {
                    case: found.case,
                    why: error.to_string(),
                }),
                Err(error) => return Err(error),
            }
        }
        Ok(any)
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
fn joined(of: &CaseId, records: &[Record]) -> Vec<(CaseId, CaseId)> {
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

impl Erasure {
    /// Whether nothing more can be erased in a case.
    fn is_settled(&self, case: &CaseId) -> bool {
        let refused = self.refused.iter().any(|refusal| refusal.case == *case);
        refused || self.stuck.iter().any(|stuck| stuck.case == *case)
    }
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
        Event::Reopened { reason, .. } => reason.iter().collect(),
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
