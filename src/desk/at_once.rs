//! A desk over a ledger that answers at once, whichever: what the door asks is done here, once for all such ledgers, so that a program with
//! several of them does not hold a desk's insides several times.

use chrono::NaiveDate;

use super::core::{
    Comes, Core, Erasables, Erasure, Extent, Moves, Shared, Taken, Ticked, Verified, WouldImport,
};
use super::deliver::Deliveries;
use super::kind::{Cases, Duties, number};
use super::ready::{Ready, now};
use super::receipt::Receipt;
use super::{
    Adoption, Adoptions, Answer, Cursor, DeskError, Directory, DutyAnswer, DutyEntry, Entry, Hash,
    Ledger, Page, Proof, Seal, SignalSaid,
};
use crate::case::Case;
use crate::duty::{Duty, DutyEffectId, DutyEnvelope, DutyOutgoing};
use crate::plan::Plan;
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, Channel, DutyId, EffectId, Envelope, ExternalId, Outgoing, PersonId, PlanId,
    Text, TextRef,
};

/// What a door asks its desk.
pub(super) struct AtOnce<'a> {
    ledger: Ready<&'a dyn Ledger>,
    shared: &'a Shared,
}

impl<'a> AtOnce<'a> {
    pub(super) fn new(ledger: &'a dyn Ledger, shared: &'a Shared) -> AtOnce<'a> {
        AtOnce {
            ledger: Ready(ledger),
            shared,
        }
    }
    pub(super) fn core(&self) -> Core<'_, Ready<&'a dyn Ledger>> {
        Core::at_once(&self.ledger, self.shared)
    }
    #[inline(never)]
    pub(super) fn submit(
        &self,
        envelope: &Envelope,
        comes: Comes<'_, Cases>,
    ) -> Result<Answer, DeskError> {
        now(self.core().submit(envelope, comes))
    }
    #[inline(never)]
    pub(super) fn tick(&self, at: Moment, limit: usize) -> Result<Ticked, DeskError> {
        now(self.core().tick(at, limit))
    }
    #[inline(never)]
    pub(super) fn advance(&self, at: Moment) -> Result<Ticked, DeskError> {
        now(self.core().advance(at))
    }
    #[inline(never)]
    pub(super) fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        now(self.core().next_alarm())
    }
    #[inline(never)]
    pub(super) fn rehearse_import(
        &self,
        envelopes: &[Envelope],
    ) -> Result<Vec<WouldImport>, DeskError> {
        now(self.core().rehearse_import(envelopes))
    }
    #[inline(never)]
    pub(super) fn case(&self, case: &CaseId) -> Result<Option<Case>, DeskError> {
        now(self.core().case(case))
    }
    #[inline(never)]
    pub(super) fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
        now(self.core().history::<Cases>(case))
    }
    #[inline(never)]
    pub(super) fn cases(
        &self,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Vec<CaseId>, DeskError> {
        now(self.core().ids::<Cases>(after, limit))
    }
    #[inline(never)]
    pub(super) fn kept_plan(&self, plan: &PlanId) -> Result<Option<Plan>, DeskError> {
        now(self.core().kept_plan(plan))
    }
    #[inline(never)]
    pub(super) fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        now(self.core().read::<Cases>(after, limit))
    }
    #[inline(never)]
    pub(super) fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError> {
        now(self.core().find(&number(channel, external_id)))
    }
    #[inline(never)]
    pub(super) fn text(
        &self,
        case: &CaseId,
        reference: &TextRef,
    ) -> Result<Option<Text>, DeskError> {
        now(self.core().text::<Cases>(case, reference))
    }
    #[inline(never)]
    pub(super) fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        now(self.core().outbox::<Cases>(after, limit))
    }
    #[inline(never)]
    pub(super) fn deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        at: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries, DeskError> {
        now(self.core().deliveries(directory, at, after, limit))
    }
    #[inline(never)]
    pub(super) fn receipt(&self, receipt: &Receipt) -> Result<Taken, DeskError> {
        now(self.core().receipt(receipt))
    }
    #[inline(never)]
    pub(super) fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        now(self.core().delivered(effects))
    }
    #[inline(never)]
    pub(super) fn verify_against(
        &self,
        elsewhere: &[(NaiveDate, Hash)],
    ) -> Result<Verified, DeskError> {
        now(self.core().verify(elsewhere))
    }
    #[inline(never)]
    pub(super) fn seal(&self, day: NaiveDate, at: Moment) -> Result<Seal, DeskError> {
        now(self.core().seal(day, at))
    }
    #[inline(never)]
    pub(super) fn seals(
        &self,
        after: Option<NaiveDate>,
        limit: usize,
    ) -> Result<Vec<Seal>, DeskError> {
        now(self.core().seals(after, limit))
    }
    #[inline(never)]
    pub(super) fn proof(&self, case: &CaseId, version: u64) -> Result<Option<Proof>, DeskError> {
        now(self.core().proof::<Cases>(case, version))
    }
    #[inline(never)]
    pub(super) fn duty_proof(
        &self,
        duty: &DutyId,
        version: u64,
    ) -> Result<Option<Proof>, DeskError> {
        now(self.core().proof::<Duties>(duty, version))
    }
    #[inline(never)]
    pub(super) fn erasable(
        &self,
        citizen: &PersonId,
        extent: Extent,
    ) -> Result<Erasables, DeskError> {
        now(self.core().erasable(citizen, extent))
    }
    #[inline(never)]
    pub(super) fn erase_subject(
        &self,
        citizen: &PersonId,
        basis: &str,
        by: &Actor,
        at: Moment,
        extent: Extent,
    ) -> Result<Erasure, DeskError> {
        now(self.core().erase_subject(citizen, basis, by, at, extent))
    }
    #[inline(never)]
    pub(super) fn signal(&self, said: &SignalSaid) -> Result<Answer, DeskError> {
        now(self.core().signal(said))
    }
    #[inline(never)]
    pub(super) fn calendar_moves(&self, at: Moment) -> Result<Moves, DeskError> {
        now(self.core().calendar_moves(at))
    }
    #[inline(never)]
    pub(super) fn adopt_calendar(&self, by: &Actor, at: Moment) -> Result<Moves, DeskError> {
        now(self.core().adopt_calendar(by, at))
    }
    #[inline(never)]
    pub(super) fn adopt_preview(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        now(self.core().adopt_preview(asked, after, limit))
    }
    #[inline(never)]
    pub(super) fn adopt(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        now(self.core().adopt(asked, after, limit))
    }
    #[inline(never)]
    pub(super) fn submit_duty(&self, envelope: DutyEnvelope) -> Result<DutyAnswer, DeskError> {
        now(self.core().submit_duty(&envelope))
    }
    #[inline(never)]
    pub(super) fn issue_digest(
        &self,
        day: NaiveDate,
        at: Moment,
    ) -> Result<Vec<DutyAnswer>, DeskError> {
        now(self.core().issue_digest(day, at))
    }
    #[inline(never)]
    pub(super) fn duty(&self, duty: &DutyId) -> Result<Option<Duty>, DeskError> {
        now(self.core().duty(duty))
    }
    #[inline(never)]
    pub(super) fn duties(
        &self,
        after: Option<&DutyId>,
        limit: usize,
    ) -> Result<Vec<DutyId>, DeskError> {
        now(self.core().ids::<Duties>(after, limit))
    }
    #[inline(never)]
    pub(super) fn duty_history(&self, duty: &DutyId) -> Result<Vec<DutyEntry>, DeskError> {
        now(self.core().history::<Duties>(duty))
    }
    #[inline(never)]
    pub(super) fn read_duties(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<DutyEntry>, DeskError> {
        now(self.core().read::<Duties>(after, limit))
    }
    #[inline(never)]
    pub(super) fn duty_outbox(
        &self,
        after: &Cursor,
        limit: usize,
    ) -> Result<Page<DutyOutgoing>, DeskError> {
        now(self.core().outbox::<Duties>(after, limit))
    }
    #[inline(never)]
    pub(super) fn duty_deliveries(
        &self,
        directory: &(impl Directory + Sync + ?Sized),
        at: Moment,
        after: &Cursor,
        limit: usize,
    ) -> Result<Deliveries<DutyOutgoing>, DeskError> {
        now(self.core().duty_deliveries(directory, at, after, limit))
    }
    #[inline(never)]
    pub(super) fn duty_receipt(
        &self,
        receipt: &Receipt<DutyEffectId>,
    ) -> Result<Taken<DutyEffectId, DutyAnswer>, DeskError> {
        now(self.core().duty_receipt(receipt))
    }
    #[inline(never)]
    pub(super) fn duty_delivered(&self, effects: &[DutyEffectId]) -> Result<(), DeskError> {
        now(self.core().duty_delivered(effects))
    }
    #[inline(never)]
    pub(super) fn duty_text(
        &self,
        duty: &DutyId,
        text: &TextRef,
    ) -> Result<Option<Text>, DeskError> {
        now(self.core().text::<Duties>(duty, text))
    }
}
