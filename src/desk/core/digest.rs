//! The receipts of a day's digest.

use chrono::NaiveDate;

use super::Core;
use super::submit::Comes;
use crate::desk::answer::said;
use crate::desk::kind::{Duties, Kind, system};
use crate::desk::own::own_id;
use crate::desk::{AsyncLedger, DeskError, DutyAnswer};
use crate::duty::{DutyCommand, DutyEnvelope};
use crate::plan::Plan;
use crate::time::Moment;
use crate::words::{Actor, DutyKind, Lang, Role, Salt, Text};

/// When a day was over. Refuses one that is not over yet.
pub(super) fn is_cut(plan: &Plan, day: NaiveDate, at: Moment) -> Result<Moment, DeskError> {
    let cut = plan.zone.first(day.and_time(plan.digest.cut));
    match at < cut {
        true => Err(DeskError::misuse(format!(
            "the digest of {day} is cut at {cut}, and it is {at}"
        ))),
        false => Ok(cut),
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn issue_digest(
        &self,
        day: NaiveDate,
        at: Moment,
    ) -> Result<Vec<DutyAnswer>, DeskError> {
        let plans = self.plans();
        let Some(hand) = plans.at(at) else {
            return Err(DeskError::misuse("no plan in hand is in force that day"));
        };
        let plan = &hand.plan;
        is_cut(plan, day, at)?;
        let (Some(rule), Some(place)) = (plan.duty(DutyKind::Digest), plan.places.first()) else {
            return Ok(Vec::new());
        };
        let mut answers = Vec::new();
        let work = async {
            for post in &rule.owed_by {
                let id = own_id("digest", &format!("{day}/{post}")).map_err(DeskError::storage)?;
                let name = id.to_string();
                // Under other rules it would be imposed with other words.
                if let Some(before) = self.ledger.answered(Duties::SHELF, &name).await? {
                    answers.push(said(&before)?);
                    continue;
                }
                let topic = match plan.labels {
                    Lang::Zh => format!("{day}《{}》", plan.digest.title),
                    Lang::En => format!("{} of {day}", plan.digest.title),
                };
                let envelope = DutyEnvelope {
                    salt: Salt::derived(&self.secret, &name),
                    duty: name.parse().map_err(DeskError::storage)?,
                    id,
                    by: Actor::new(system()?, Role::System),
                    at,
                    command: DutyCommand::Impose {
                        kind: DutyKind::Digest,
                        subject: None,
                        topic: Text::new(topic),
                        place: place.code.clone(),
                        post: Some(post.clone()),
                        unit: None,
                        person: None,
                        due: None,
                        channels: Vec::new(),
                        of: Some(day),
                    },
                };
                answers.push(
                    self.answer::<Duties>(&envelope, at, Comes::Alone)
                        .await?
                        .answer,
                );
            }
            Ok(())
        };
        self.group(work).await?;
        Ok(answers)
    }
}
