//! Which private texts an event refers to.

use crate::words::{Answered, Event, MeasureTaken, Part, Promise, SubPlanned, TextRef};

/// The references to private texts in an event. What a redaction names is not among them: it is gone.
///
/// What is not found here can never be erased, and nobody verifies it. So every field has its name, and a new text cannot be forgotten.
pub(super) fn texts(event: &Event) -> Vec<&TextRef> {
    match event {
        Event::Opened {
            message,
            contact,
            board: _,
            place: _,
            channel: _,
            external_id: _,
            citizen: _,
            origin: _,
            facts: _,
            main: _,
            signal: _,
        } => std::iter::once(message).chain(contact).collect(),
        Event::Imported {
            case,
            board: _,
            stood: _,
        } => case.texts(),
        Event::Listed { matters } => matters.iter().collect(),
        Event::AskedCitizen {
            question: text,
            until: _,
        }
        | Event::Supplemented { answer: text }
        | Event::DeclineProposed {
            told: text,
            ground: _,
            facts: _,
        }
        | Event::Declined {
            told: text,
            ground: _,
        }
        | Event::Objected {
            reason: text,
            unit: _,
            should_be: _,
        }
        | Event::Ruled {
            reason: text,
            unit: _,
            owner: _,
        }
        | Event::Reclassified {
            reason: text,
            class: _,
            derived: _,
        }
        | Event::Transferred {
            reason: text,
            unit: _,
            owner: _,
        }
        | Event::HandedOver {
            reason: text,
            unit: _,
            from: _,
            to: _,
        }
        | Event::Paused {
            evidence: text,
            reason: _,
            side: _,
            until: _,
            holds: _,
        }
        | Event::Excluded {
            evidence: text,
            reason: _,
            side: _,
            from: _,
            until: _,
            holds: _,
        }
        | Event::ExtensionAsked {
            reason: text,
            clock: _,
            span: _,
        }
        | Event::ExtensionGranted {
            told: text,
            clock: _,
            span: _,
            was: _,
            due: _,
            on_delivery: _,
        }
        | Event::Updated { text }
        | Event::CoReplied { text, unit: _ }
        | Event::Fulfilled {
            evidence: text,
            commitment: _,
        }
        | Event::Rechecked {
            evidence: text,
            findings: _,
        }
        | Event::WithdrawalProposed { evidence: text }
        | Event::Withdrawn { evidence: text }
        | Event::Directed {
            words: text,
            within: _,
        }
        | Event::Untracked { reason: text }
        | Event::Reported { text }
        | Event::Noted { text }
        | Event::SubDropped {
            reason: text,
            sub: _,
            begins: _,
        }
        | Event::Signalled {
            words: text,
            number: _,
            facts: _,
        }
        | Event::Undelivered {
            why: text,
            effect: _,
            instead: _,
        }
        | Event::Corrected {
            text,
            version: _,
            took_effect: _,
            until: _,
        } => vec![text],
        Event::Returned {
            mend: text,
            ground: _,
            findings: _,
            gates: _,
        }
        | Event::Rated {
            said: text,
            rating: _,
        }
        | Event::Reopened {
            reason: text,
            ground: _,
            begins: _,
        }
        | Event::Unmerged {
            reason: text,
            from: _,
            why: _,
        }
        | Event::Tracked { reason: text } => text.iter().collect(),
        Event::CalledBack {
            why,
            said,
            reached: _,
            day: _,
            concluded: _,
        } => why.iter().chain(said).collect(),
        Event::Relayed { news, from: _ }
        | Event::SubHeard {
            news,
            sub: _,
            handlers: _,
            begins: _,
        } => news.texts(),
        Event::Divided {
            subs,
            bundle: _,
            due: _,
        } => subs.iter().flat_map(of_sub).collect(),
        Event::Assigned {
            parts,
            unit: _,
            owner: _,
        } => parts.iter().filter_map(of_part).collect(),
        Event::Replied {
            answers,
            measures,
            promises,
            author: _,
            contacts: _,
            basis: _,
            explained: _,
            facts: _,
        } => {
            let answers = answers.iter().map(of_answer);
            let measures = measures.iter().map(of_measure);
            let promises = promises.iter().map(of_promise);
            answers.chain(measures).chain(promises).collect()
        }
        Event::Committed { promise } => vec![of_promise(promise)],
        // None has a private text.
        Event::Screened {
            class: _,
            proposed: _,
            facts: _,
        }
        | Event::Merged {
            into: _,
            whole_due: _,
            reply_due: _,
        }
        | Event::Joined {
            follower: _,
            received: _,
            whole_due: _,
            reply_due: _,
            again: _,
            tracked: _,
        }
        | Event::Left { follower: _ }
        | Event::SubsWanted { dues: _ }
        | Event::Wanted { due: _ }
        | Event::CalledOff { why: _ }
        | Event::Signed { deemed: _ }
        | Event::SubAssigned { unit: _, owner: _ }
        | Event::ObjectionLapsed {}
        | Event::Resumed {
            reason: _,
            lapsed: _,
        }
        | Event::PassedFirst {
            findings: _,
            next: _,
        }
        | Event::Published { findings: _ }
        | Event::MatterStruckOff {
            matter: _,
            outcome: _,
        }
        | Event::StruckOff {
            outcome: _,
            rate_until: _,
        }
        | Event::FactSet {
            name: _,
            value: _,
            derived: _,
        }
        | Event::Delivered { effect: _ }
        | Event::ExtensionCounted { clock: _, span: _ }
        | Event::ExtensionLapsed { clock: _ }
        | Event::VerdictCorrected {
            key: _,
            index: _,
            verdict: _,
            basis: _,
        }
        | Event::CalendarAdopted { from: _, to: _ }
        | Event::PlanAdopted {
            from: _,
            to: _,
            approved_by: _,
            facts: _,
        }
        | Event::Redacted {
            fields: _,
            basis: _,
        }
        | Event::CountReached {
            count: _,
            number: _,
            rule: _,
            acts: _,
        }
        | Event::NoticeGiven {
            mark: _,
            title: _,
            reason: _,
            to: _,
            citizen: _,
            words: _,
        }
        | Event::ClockStarted {
            key: _,
            cycle: _,
            about: _,
            class: _,
            term: _,
            dormant: _,
            reason: _,
            schedule: _,
        }
        | Event::ClockProjected {
            key: _,
            why: _,
            term: _,
            schedule: _,
        }
        | Event::ClockStopped {
            key: _,
            mark: _,
            verdict: _,
        }
        | Event::ClockCancelled { key: _, why: _ }
        | Event::StepTaken {
            clock: _,
            step: _,
            fate: _,
            deferred_from: _,
            title: _,
            next: _,
        } => Vec::new(),
    }
}

fn of_sub(sub: &SubPlanned) -> impl Iterator<Item = &TextRef> {
    let SubPlanned {
        task,
        cites,
        key: _,
        case: _,
        place: _,
        party: _,
        after: _,
        within: _,
        optional: _,
        facts: _,
        due: _,
    } = sub;
    std::iter::once(task).chain(cites)
}

fn of_part(part: &Part) -> Option<&TextRef> {
    let Part {
        reply,
        unit: _,
        owner: _,
    } = part;
    reply.as_ref()
}

fn of_answer(answered: &Answered) -> &TextRef {
    let Answered {
        text,
        matter: _,
        mark: _,
    } = answered;
    text
}

fn of_measure(measure: &MeasureTaken) -> &TextRef {
    let MeasureTaken {
        action,
        person: _,
        by_date: _,
    } = measure;
    action
}

fn of_promise(promise: &Promise) -> &TextRef {
    let Promise {
        action,
        number: _,
        matter: _,
        person: _,
        by_date: _,
    } = promise;
    action
}
