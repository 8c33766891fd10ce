//! Which private texts an event refers to.

use crate::words::{Event, TextRef};

/// The references to private texts in an event. What a redaction names is not among them: it is gone.
pub(super) fn texts(event: &Event) -> Vec<&TextRef> {
    match event {
        Event::Opened {
            message, contact, ..
        } => std::iter::once(message).chain(contact).collect(),
        Event::Imported { case, .. } => case.texts(),
        Event::Listed { matters } => matters.iter().collect(),
        Event::AskedCitizen { question: text, .. }
        | Event::Supplemented { answer: text }
        | Event::DeclineProposed { told: text, .. }
        | Event::Declined { told: text, .. }
        | Event::Objected { reason: text, .. }
        | Event::Ruled { reason: text, .. }
        | Event::Reclassified { reason: text, .. }
        | Event::Transferred { reason: text, .. }
        | Event::HandedOver { reason: text, .. }
        | Event::Paused { evidence: text, .. }
        | Event::Excluded { evidence: text, .. }
        | Event::ExtensionAsked { reason: text, .. }
        | Event::ExtensionGranted { told: text, .. }
        | Event::Updated { text }
        | Event::CoReplied { text, .. }
        | Event::Fulfilled { evidence: text, .. }
        | Event::Rechecked { evidence: text, .. }
        | Event::WithdrawalProposed { evidence: text }
        | Event::Withdrawn { evidence: text }
        | Event::Directed { words: text, .. }
        | Event::Untracked { reason: text }
        | Event::Reported { text }
        | Event::Noted { text }
        | Event::SubDropped { reason: text, .. }
        | Event::Signalled { words: text, .. }
        | Event::Undelivered { why: text, .. }
        | Event::Corrected { text, .. } => vec![text],
        Event::Returned { mend: text, .. }
        | Event::CalledBack { said: text, .. }
        | Event::Rated { said: text, .. }
        | Event::Reopened { reason: text, .. }
        | Event::Unmerged { reason: text, .. }
        | Event::Tracked { reason: text } => text.iter().collect(),
        Event::Relayed { news, .. } | Event::SubHeard { news, .. } => news.texts(),
        Event::Divided { subs, .. } => {
            let each = subs.iter();
            each.flat_map(|sub| std::iter::once(&sub.task).chain(&sub.cites))
                .collect()
        }
        Event::Assigned { parts, .. } => parts
            .iter()
            .filter_map(|part| part.reply.as_ref())
            .collect(),
        Event::Replied {
            answers,
            measures,
            promises,
            ..
        } => {
            let answers = answers.iter().map(|answered| &answered.text);
            let measures = measures.iter().map(|measure| &measure.action);
            answers
                .chain(measures)
                .chain(promises.iter().map(|promise| &promise.action))
                .collect()
        }
        Event::Committed { promise } => vec![&promise.action],
        Event::Screened { .. }
        | Event::Merged { .. }
        | Event::Joined { .. }
        | Event::Left { .. }
        | Event::SubsWanted { .. }
        | Event::Wanted { .. }
        | Event::CalledOff { .. }
        | Event::Signed { .. }
        | Event::SubAssigned { .. }
        | Event::ObjectionLapsed {}
        | Event::Resumed { .. }
        | Event::PassedFirst { .. }
        | Event::Published { .. }
        | Event::MatterStruckOff { .. }
        | Event::StruckOff { .. }
        | Event::FactSet { .. }
        | Event::Delivered { .. }
        | Event::ExtensionCounted { .. }
        | Event::ExtensionLapsed { .. }
        | Event::VerdictCorrected { .. }
        | Event::CalendarAdopted { .. }
        | Event::PlanAdopted { .. }
        | Event::Redacted { .. }
        | Event::CountReached { .. }
        | Event::NoticeGiven { .. }
        | Event::ClockStarted { .. }
        | Event::ClockProjected { .. }
        | Event::ClockStopped { .. }
        | Event::ClockCancelled { .. }
        | Event::StepTaken { .. } => Vec::new(),
    }
}
