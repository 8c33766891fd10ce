//! That one record was under a seal.

use serde::{Deserialize, Serialize};

use super::merkle::{climb, fits};
use super::{Seal, Step};
use crate::desk::Hash;
use crate::desk::rows::Shelf;

/// 存证: that a record stood in the ledger when a day was sealed. Whoever has the record, this, and the seal's hash from elsewhere
/// needs neither the ledger nor this library.
///
/// With the hash of the record in `$hash` (see [`follow`](crate::desk::follow)), each step of the path in order, and tools that are
/// everywhere:
///
/// ```sh
/// have=$({ printf '\0'; printf '%s' "$hash" | xxd -r -p; } | sha256sum | cut -c-64)
/// # a step {"left": "…"}
/// have=$({ printf '\1'; printf '%s%s' "$left" "$have" | xxd -r -p; } | sha256sum | cut -c-64)
/// # a step {"right": "…"}
/// have=$({ printf '\1'; printf '%s%s' "$have" "$right" | xxd -r -p; } | sha256sum | cut -c-64)
/// # after the last step it is the root in the seal; and the seal, one line of canonical JSON without a line end, has the printed hash
/// sha256sum seal.json
/// ```
///
/// ```
/// # use duly::desk::{Desk, MemoryLedger};
/// # use duly::plan::{Plans, bare};
/// # use duly::words::{Actor, Command, Envelope, Facts, Origin, Role, Salt};
/// # let mut plans = Plans::new("hainan".parse()?);
/// # plans.take(bare("demo".parse()?))?;
/// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
/// # let opened = desk.submit(Envelope {
/// #     id: "web-4711".parse()?, case: "m01".parse()?, by: Actor::new("clerk-7".parse()?, Role::Intake),
/// #     at: "2026-03-02T09:00:00+08:00".parse()?, salt: Salt::derived(b"a test", "web-4711"),
/// #     command: Command::Open { place: "632521".parse()?, channel: "board".parse()?, external_id: "4711".parse()?,
/// #         message: "路灯不亮".into(), contact: None, citizen: None, origin: Origin::Message, facts: Facts::new() },
/// # })?;
/// let case = "m01".parse()?;
/// assert_eq!(desk.proof(&case, 1)?, None, "nothing is sealed yet");
/// let printed = desk.seal("2026-03-02".parse()?, "2026-03-02T23:00:00+08:00".parse()?)?.hash();
/// let proof = desk.proof(&case, 1)?.ok_or("a proof")?;
/// let record = &desk.history(&case)?[0].sealed;
/// assert!(record.holds() && proof.shows(&record.hash, &printed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The first seal that the record is under.
    pub seal: Seal,
    /// In which log it stands.
    pub log: Shelf,
    /// The how-manieth record of the log it is, from 1.
    pub place: u64,
    /// The way from the record to the root of the log in the seal, from below.
    pub path: Vec<Step>,
}

impl Proof {
    /// Whether it shows that the record of this hash was under the seal of that one. The seal's hash must come from elsewhere: out
    /// of the same hands as the proof it shows nothing. That the record gives its hash is for [`Sealed::holds`](crate::desk::Sealed::holds).
    pub fn shows(&self, record: &Hash, seal: &Hash) -> bool {
        let log = self.seal.log(self.log);
        let Some(index) = self.place.checked_sub(1) else {
            return false;
        };
        self.seal.hash() == *seal
            && fits(index, log.records, &self.path)
            && climb(record, &self.path) == log.root
    }
}
