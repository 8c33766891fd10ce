//! The door of a board over a ledger that is waited for.

use std::sync::Arc;

use chrono::NaiveDate;

use super::core::{
    Comes, Core, Erasables, Erasure, Extent, Moves, Shared, Taken, Ticked, Verified, WouldImport,
};
use super::deliver::Deliveries;
use super::kind::{Cases, Duties, Kind, number};
use super::receipt::Receipt;
use super::{
    Adoption, Adoptions, Answer, Answered, AsyncLedger, Cursor, DeskError, Directory, DutyAnswer,
    DutyAnswered, DutyEntry, Entry, Hash, Observer, Page, Proof, Seal, ShadowReport, Shadowing,
    SignalSaid,
};
use crate::case::Case;
use crate::duty::{Duty, DutyEffectId, DutyEnvelope, DutyOutgoing};
use crate::plan::{Known, Plan, Plans};
use crate::time::{DayTable, Moment};
use crate::words::{
    Actor, CaseId, Channel, CommandId, DutyId, EffectId, Envelope, ExternalId, FactValue, Outgoing,
    PersonId, PlanId, Text, TextRef,
};

/// The door of a board over a ledger that is waited for, such as a database behind a network: a [`Desk`](super::Desk) in every
/// other way, and the same code. It forces no runtime on anyone: what its ledger needs it has.
#[derive(Debug)]
pub struct AsyncDesk<L> {
    ledger: L,
    shared: Shared,
}

impl<L: AsyncLedger> AsyncDesk<L> {
    /// A desk over a ledger, with the plans in hand.
    ///
    /// # Errors
    /// When plans and ledger are of different boards.
    pub fn new(ledger: L, plans: Plans) -> Result<AsyncDesk<L>, DeskError> {
        let shared = Shared::new(ledger.board(), plans)?;
        Ok(AsyncDesk { ledger, shared })
    }
    /// As [`Desk::with_secret`](super::Desk::with_secret).
    #[must_use]
    pub fn with_secret(self, secret: &[u8]) -> AsyncDesk<L> {
        AsyncDesk {
            shared: self.shared.with_secret(secret),
            ..self
        }
    }
    /// As [`Desk::with_observer`](super::Desk::with_observer).
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> AsyncDesk<L> {
        AsyncDesk {
            shared: self.shared.with_observer(observer),
            ..self
        }
    }
    pub(super) fn core(&self) -> Core<'_, L> {
        Core::new(&self.ledger, &self.shared)
    }
    /// The ledger below.
    pub fn ledger(&self) -> &L {
        &self.ledger
    }
    /// As [`Desk::submit`](super::Desk::submit). Dropped before it is ready, the command may be done or not: send it again.
    ///
    /// # Errors
    /// As there.
    pub async fn submit(&self, envelope: Envelope) -> Result<Answer, DeskError> {
        self.core().submit(&envelope, Comes::Alone).await
    }
    /// As [`Desk::signal`](super::Desk::signal).
    ///
    /// # Errors
    /// As there.
    pub async fn signal(&self, said: &SignalSaid) -> Result<Answer, DeskError> {
        self.core().signal(said).await
    }
    /// Answers commands in their order, each in a transaction of its own. A command that cannot be answered for its own
    /// fault has its error in its place, and the others go on.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. The commands before that are done; send all of them again.
    pub async fn submit_many(
        &self,
        envelopes: impl IntoIterator<Item = Envelope, IntoIter: Send> + Send,
    ) -> Result<Vec<Result<Answer, DeskError>>, DeskError> {
        let mut answers = Vec::new();
        for envelope in envelopes {
            match self.core().submit(&envelope, Comes::Alone).await {
                Err(error) if !error.is_local() => return Err(error),
                answer => answers.push(answer),
            }
        }
        Ok(answers)
    }
    /// As [`Desk::reload`](super::Desk::reload).
    ///
    /// # Errors
    /// As there.
    pub fn reload(&self, plan: Plan) -> Result<PlanId, DeskError> {
        self.reload_with(plan, &[])
    }
    /// As [`Desk::tick`](super::Desk::tick).
    ///
    /// # Errors
    /// As there.
    pub async fn tick(&self, at: Moment, limit: usize) -> Result<Ticked, DeskError> {
        self.core().tick(at, limit).await
    }
    /// As [`Desk::advance`](super::Desk::advance).
    ///
    /// # Errors
    /// As there.
    pub async fn advance(&self, at: Moment) -> Result<Ticked, DeskError> {
        self.core().advance(at).await
    }
    /// As [`Desk::next_alarm`](super::Desk::next_alarm).
    ///
    /// # Errors
    /// As there.
    pub async fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        self.core().next_alarm().await
    }
    /// As [`Desk::rehearse_import`](super::Desk::rehearse_import).
    ///
    /// # Errors
    /// As there.
    pub async fn rehearse_import(
        &self,
        envelopes: &[Envelope],
    ) -> Result<Vec<WouldImport>, DeskError> {
        self.core().rehearse_import(envelopes).await
    }
    /// As [`Desk::case`](super::Desk::case).
    ///
    /// # Errors
    /// As there.
    pub async fn case(&self, case: &CaseId) -> Result<Option<Case>, DeskError> {
        self.core().case(case).await
    }
    /// As [`Desk::history`](super::Desk::history).
    ///
    /// # Errors
    /// As there.
    pub async fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
        self.core().history::<Cases>(case).await
    }
    /// As [`Desk::cases`](super::Desk::cases).
    ///
    /// # Errors
    /// As there.
    pub async fn cases(
        &self,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Vec<CaseId>, DeskError> {
        self.core().ids::<Cases>(after, limit).await
    }
    /// As [`Desk::kept_plan`](super::Desk::kept_plan).
    ///
    /// # Errors
    /// As there.
    pub async fn kept_plan(&self, plan: &PlanId) -> Result<Option<Plan>, DeskError> {
        self.core().kept_plan(plan).await
    }
    /// As [`Desk::read`](super::Desk::read).
    ///
    /// # Errors
    /// As there.
    pub async fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        self.core().read::<Cases>(after, limit).await
    }
    /// As [`Desk::find`](super::Desk::find).
    ///
    /// # Errors
    /// As there.
    pub async fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError> {
        self.core().find(&number(channel, external_id)).await
    }
    /// As [`Desk::answered`](super::Desk::answered).
    ///
    /// # Errors
    /// As there.
    pub async fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError> {
        let row = self.ledger.answered(Cases::SHELF, command.as_str());
        row.await?.map(Answered::of).transpose()
    }
    /// As [`Desk::text`](super::Desk::text).
    ///
    /// # Errors
    /// As there.
    pub async fn text(
        &self,
        case: &CaseId,
        reference: &TextRef,
    ) -> Result<Option<Text>, DeskError> {
        self.core().text::<Cases>(case, reference).await
    }
    /// As [`Desk::outbox`](super::Desk::outbox).
    ///
    /// # Errors
    /// As there.
    pub async fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        self.core().outbox::<Cases>(after, limit).await
    }
    /// As [`Desk::deliveries`](super::Desk::deliveries).
    ///
    /// # Errors
    /// As there.
    pub async fn deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        at: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries, DeskError> {
        self.core().deliveries(directory, at, after, limit).await
    }
    /// As [`Desk::receipt`](super::Desk::receipt).
    ///
    /// # Errors
    /// As there.
    pub async fn receipt(&self, receipt: &Receipt) -> Result<Taken, DeskError> {
        self.core().receipt(receipt).await
    }
    /// As [`Desk::delivered`](super::Desk::delivered).
    ///
    /// # Errors
    /// As there.
    pub async fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        self.core().delivered(effects).await
    }
    /// As [`Desk::verify`](super::Desk::verify).
    ///
    /// # Errors
    /// As there.
    pub async fn verify(&self) -> Result<Verified, DeskError> {
        self.core().verify(&[]).await
    }
    /// As [`Desk::verify_against`](super::Desk::verify_against).
    ///
    /// # Errors
    /// As there.
    pub async fn verify_against(
        &self,
        elsewhere: &[(NaiveDate, Hash)],
    ) -> Result<Verified, DeskError> {
        self.core().verify(elsewhere).await
    }
    /// As [`Desk::seal`](super::Desk::seal).
    ///
    /// # Errors
    /// As there.
    pub async fn seal(&self, day: NaiveDate, at: Moment) -> Result<Seal, DeskError> {
        self.core().seal(day, at).await
    }
    /// As [`Desk::seals`](super::Desk::seals).
    ///
    /// # Errors
    /// As there.
    pub async fn seals(
        &self,
        after: Option<NaiveDate>,
        limit: usize,
    ) -> Result<Vec<Seal>, DeskError> {
        self.core().seals(after, limit).await
    }
    /// As [`Desk::proof`](super::Desk::proof).
    ///
    /// # Errors
    /// As there.
    pub async fn proof(&self, case: &CaseId, version: u64) -> Result<Option<Proof>, DeskError> {
        self.core().proof::<Cases>(case, version).await
    }
    /// As [`Desk::duty_proof`](super::Desk::duty_proof).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_proof(
        &self,
        duty: &DutyId,
        version: u64,
    ) -> Result<Option<Proof>, DeskError> {
        self.core().proof::<Duties>(duty, version).await
    }
    /// As [`Desk::erasable`](super::Desk::erasable).
    ///
    /// # Errors
    /// As there.
    pub async fn erasable(
        &self,
        citizen: &PersonId,
        extent: Extent,
    ) -> Result<Erasables, DeskError> {
        self.core().erasable(citizen, extent).await
    }
    /// As [`Desk::erase_subject`](super::Desk::erase_subject).
    ///
    /// # Errors
    /// As there.
    pub async fn erase_subject(
        &self,
        citizen: &PersonId,
        basis: &str,
        by: &Actor,
        at: Moment,
        extent: Extent,
    ) -> Result<Erasure, DeskError> {
        self.core()
            .erase_subject(citizen, basis, by, at, extent)
            .await
    }
    /// As [`Desk::plans`](super::Desk::plans).
    pub fn plans(&self) -> Arc<Plans> {
        self.core().plans()
    }
    /// As [`Desk::reload_with`](super::Desk::reload_with).
    ///
    /// # Errors
    /// As there.
    pub fn reload_with(&self, plan: Plan, sends: &[&str]) -> Result<PlanId, DeskError> {
        self.core().reload(plan, sends)
    }
    /// As [`Desk::derive`](super::Desk::derive).
    pub fn derive<V: Into<FactValue>>(
        &self,
        fact: &str,
        function: impl Fn(&Known<'_>) -> V + Send + Sync + 'static,
    ) {
        self.core().derive(fact, function);
    }
    /// As [`Desk::revise`](super::Desk::revise).
    ///
    /// # Errors
    /// As there.
    pub fn revise(&self, table: DayTable) -> Result<Vec<PlanId>, DeskError> {
        self.core().revise(table)
    }
    /// As [`Desk::calendar_moves`](super::Desk::calendar_moves).
    ///
    /// # Errors
    /// As there.
    pub async fn calendar_moves(&self, at: Moment) -> Result<Moves, DeskError> {
        self.core().calendar_moves(at).await
    }
    /// As [`Desk::adopt_calendar`](super::Desk::adopt_calendar).
    ///
    /// # Errors
    /// As there.
    pub async fn adopt_calendar(&self, by: &Actor, at: Moment) -> Result<Moves, DeskError> {
        self.core().adopt_calendar(by, at).await
    }
    /// As [`Desk::submit_duty`](super::Desk::submit_duty).
    ///
    /// # Errors
    /// As there.
    pub async fn submit_duty(&self, envelope: DutyEnvelope) -> Result<DutyAnswer, DeskError> {
        self.core().submit_duty(&envelope).await
    }
    /// As [`Desk::issue_digest`](super::Desk::issue_digest).
    ///
    /// # Errors
    /// As there.
    pub async fn issue_digest(
        &self,
        day: NaiveDate,
        at: Moment,
    ) -> Result<Vec<DutyAnswer>, DeskError> {
        self.core().issue_digest(day, at).await
    }
    /// As [`Desk::duty`](super::Desk::duty).
    ///
    /// # Errors
    /// As there.
    pub async fn duty(&self, duty: &DutyId) -> Result<Option<Duty>, DeskError> {
        self.core().duty(duty).await
    }
    /// As [`Desk::duties`](super::Desk::duties).
    ///
    /// # Errors
    /// As there.
    pub async fn duties(
        &self,
        after: Option<&DutyId>,
        limit: usize,
    ) -> Result<Vec<DutyId>, DeskError> {
        self.core().ids::<Duties>(after, limit).await
    }
    /// As [`Desk::duty_history`](super::Desk::duty_history).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_history(&self, duty: &DutyId) -> Result<Vec<DutyEntry>, DeskError> {
        self.core().history::<Duties>(duty).await
    }
    /// As [`Desk::read_duties`](super::Desk::read_duties).
    ///
    /// # Errors
    /// As there.
    pub async fn read_duties(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<DutyEntry>, DeskError> {
        self.core().read::<Duties>(after, limit).await
    }
    /// As [`Desk::duty_answered`](super::Desk::duty_answered).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_answered(
        &self,
        command: &CommandId,
    ) -> Result<Option<DutyAnswered>, DeskError> {
        let row = self.ledger.answered(Duties::SHELF, command.as_str());
        row.await?.map(DutyAnswered::of).transpose()
    }
    /// As [`Desk::duty_outbox`](super::Desk::duty_outbox).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_outbox(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<DutyOutgoing>, DeskError> {
        self.core().outbox::<Duties>(after, limit).await
    }
    /// As [`Desk::duty_deliveries`](super::Desk::duty_deliveries).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        at: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries<DutyOutgoing>, DeskError> {
        self.core()
            .duty_deliveries(directory, at, after, limit)
            .await
    }
    /// As [`Desk::duty_receipt`](super::Desk::duty_receipt).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_receipt(
        &self,
        receipt: &Receipt<DutyEffectId>,
    ) -> Result<Taken<DutyEffectId, DutyAnswer>, DeskError> {
        self.core().duty_receipt(receipt).await
    }
    /// As [`Desk::duty_delivered`](super::Desk::duty_delivered).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_delivered(&self, effects: &[DutyEffectId]) -> Result<(), DeskError> {
        self.core().duty_delivered(effects).await
    }
    /// As [`Desk::duty_text`](super::Desk::duty_text).
    ///
    /// # Errors
    /// As there.
    pub async fn duty_text(
        &self,
        duty: &DutyId,
        text: &TextRef,
    ) -> Result<Option<Text>, DeskError> {
        self.core().text::<Duties>(duty, text).await
    }
    /// As [`Desk::adopt_preview`](super::Desk::adopt_preview).
    ///
    /// # Errors
    /// As there.
    pub async fn adopt_preview(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        self.core().adopt_preview(asked, after, limit).await
    }
    /// As [`Desk::adopt`](super::Desk::adopt).
    ///
    /// # Errors
    /// As there.
    pub async fn adopt(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        self.core().adopt(asked, after, limit).await
    }
    /// As [`Desk::shadow`](super::Desk::shadow).
    ///
    /// # Errors
    /// As there.
    pub fn shadow(&self, trial: Shadowing) -> Result<PlanId, DeskError> {
        self.core().shadow(trial)
    }
    /// As [`Desk::end_shadow`](super::Desk::end_shadow).
    pub fn end_shadow(&self) -> Option<ShadowReport> {
        self.core().end_shadow()
    }
    /// As [`Desk::shadow_report`](super::Desk::shadow_report).
    pub fn shadow_report(&self) -> Option<ShadowReport> {
        self.core().shadow_report()
    }
}
