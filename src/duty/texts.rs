//! Which private texts an event refers to.

use super::DutyEvent;
use crate::words::TextRef;

/// The references to private texts in an event. What a redaction names is not among them: it is gone.
///
/// What is not found here can never be erased, and nobody verifies it. So every field has its name, and a new text cannot be forgotten.
pub fn texts(event: &DutyEvent) -> Vec<&TextRef> {
    match event {
        DutyEvent::Imposed {
            topic: text,
            kind: _,
            subject: _,
            owed: _,
            channels: _,
            of: _,
            dated: _,
            rule: _,
            term: _,
            schedule: _,
            round: _,
        }
        | DutyEvent::HandedOver {
            reason: text,
            to: _,
        }
        | DutyEvent::SentBack {
            mend: text,
            pauses: _,
            schedule: _,
            term: _,
        }
        | DutyEvent::Excused { reason: text }
        | DutyEvent::Noted { text }
        | DutyEvent::Undelivered {
            why: text,
            effect: _,
        } => vec![text],
        DutyEvent::Fulfilled {
            evidence,
            channel: _,
            link: _,
            verdict: _,
            next: _,
        } => evidence.iter().collect(),
        DutyEvent::RoundDone {
            evidence,
            found,
            round: _,
            coverage: _,
            verdict: _,
        } => std::iter::once(evidence).chain(found).collect(),
        // None has a private text.
        DutyEvent::Accepted { verdict: _ }
        | DutyEvent::RoundMissed { round: _ }
        | DutyEvent::RoundBegan {
            round: _,
            term: _,
            schedule: _,
        }
        | DutyEvent::CalendarAdopted {
            term: _,
            schedule: _,
            round: _,
        }
        | DutyEvent::Read { verdict: _ }
        | DutyEvent::Delivered { effect: _ }
        | DutyEvent::Redacted {
            fields: _,
            basis: _,
        }
        | DutyEvent::StepTaken {
            round: _,
            step: _,
            fate: _,
            deferred_from: _,
            title: _,
            next: _,
        } => Vec::new(),
    }
}
