//! Looking at what is in the ledger, and at what is to go out.

use super::audit;
use super::{Answered, Cursor, Desk, DeskError, Entry, Ledger, Page, Verified};
use crate::case::Case;
use crate::words::{CaseId, Channel, CommandId, EffectId, ExternalId, Outgoing, Text, TextRef};

impl<L: Ledger> Desk<L> {
    /// A case as it stands, by what is in the ledger.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// assert!(desk.case(&"m01".parse()?)?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn case(&self, case: &CaseId) -> Result<Option<Case>, DeskError> {
        Ok(self.ledger.load(case)?.map(|head| head.case))
    }
    /// All records of a case, in order.
    ///
    /// # Errors
    /// [`DeskError::broken`] names the first record that was altered.
    pub fn history(&self, case: &CaseId) -> Result<Vec<Entry>, DeskError> {
        self.ledger.history(case)
    }
    /// Records of all cases, in the order in which they came into the ledger.
    ///
    /// # Errors
    /// [`DeskError::broken`] names the first record that was altered.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// use duly::desk::Cursor;
    /// let mut cursor = Cursor::start();
    /// loop {
    ///     let page = desk.read(&cursor, 100)?;
    ///     if page.items.is_empty() {
    ///         break;
    ///     }
    ///     // … fold the records, and keep the cursor with what came of them …
    ///     cursor = page.next;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(&self, after: &Cursor, limit: usize) -> Result<Page<Entry>, DeskError> {
        self.ledger.read(after, limit)
    }
    /// The case of a message's number in its channel.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn find(
        &self,
        channel: &Channel,
        external_id: &ExternalId,
    ) -> Result<Option<CaseId>, DeskError> {
        self.ledger.find(channel, external_id)
    }
    /// What was answered to a command, and when it came.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn answered(&self, command: &CommandId) -> Result<Option<Answered>, DeskError> {
        self.ledger.answered(command)
    }
    /// The words of a private text of a case; none, once it is erased.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn text(&self, case: &CaseId, reference: &TextRef) -> Result<Option<Text>, DeskError> {
        self.ledger.text(case, reference)
    }
    /// What is still to go out, in the order in which it came about. Take it, deliver it, say so with
    /// [`delivered`](Desk::delivered). Whoever dies between takes it again, so the receiver looks at its id; whatever
    /// cannot be delivered now does not keep back what comes after it, which is after the page's `next`.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn outbox(&self, after: &Cursor, limit: usize) -> Result<Page<Outgoing>, DeskError> {
        let mut after = after.clone();
        loop {
            let Page { items, next } = self.ledger.outbox(&after, limit)?;
            let end = items.is_empty();
            let items: Vec<Outgoing> = items.into_iter().filter(|it| !it.is_link()).collect();
            // What goes to other cases is no business of the outside; a page of nothing else is not the end.
            if end || !items.is_empty() {
                return Ok(Page { items, next });
            }
            after = next;
        }
    }
    /// Takes out of the outbox what has been delivered.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn delivered(&self, effects: &[EffectId]) -> Result<(), DeskError> {
        self.ledger.delivered(effects)
    }
    /// The ledger below.
    pub fn ledger(&self) -> &L {
        &self.ledger
    }
    /// Goes over the whole ledger: follows every chain, replays every case and compares it with the stored one,
    /// holds every private text against its reference, and looks for plans and numbers that are missing.
    ///
    /// # Errors
    /// [`DeskError::broken`] names the first line that does not hold, and what is wrong with it.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// match desk.verify() {
    ///     Ok(verified) => assert_eq!(verified.records, 0),
    ///     Err(error) => match error.broken() {
    ///         Some(broken) => eprintln!("{}, version {}: {}", broken.case, broken.version, broken.flaw),
    ///         None => return Err(error.into()),
    ///     },
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify(&self) -> Result<Verified, DeskError> {
        audit::verify(&self.ledger)
    }
}
