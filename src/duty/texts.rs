//! Which private texts an event refers to.

use super::DutyEvent;
use crate::words::TextRef;

/// The references to private texts in an event. What a redaction names is not among them: it is gone.
pub fn texts(event: &DutyEvent) -> Vec<&TextRef> {
    match event {
        DutyEvent::Imposed { topic: text, .. }
        | DutyEvent::HandedOver { reason: text, .. }
        | DutyEvent::SentBack { mend: text, .. }
        | DutyEvent::Excused { reason: text }
        | DutyEvent::Noted { text }
        | DutyEvent::Undelivered { why: text, .. } => vec![text],
        DutyEvent::Fulfilled { evidence, .. } => evidence.iter().collect(),
        DutyEvent::RoundDone {
            evidence, found, ..
        } => std::iter::once(evidence).chain(found).collect(),
        DutyEvent::Accepted { .. }
        | DutyEvent::RoundMissed { .. }
        | DutyEvent::RoundBegan { .. }
        | DutyEvent::CalendarAdopted { .. }
        | DutyEvent::Read { .. }
        | DutyEvent::Delivered { .. }
        | DutyEvent::Redacted { .. }
        | DutyEvent::StepTaken { .. } => Vec::new(),
    }
}
