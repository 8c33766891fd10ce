//! Going through one history and noting what is looked for.

use std::collections::{BTreeMap, BTreeSet};

use super::concern::{ASKED_JUST_BEFORE, BURST, Concern, KEPT_ON, REPLY_JUST_BEFORE};
use crate::case::{Case, PromiseKept};
use crate::report::board::{given_up, made};
use crate::report::{File, Period};
use crate::time::{Moment, Zone};
use crate::words::{
    CaseId, ClockKey, ClockKind, Contact, Event, Origin, Outcome, PauseSide, Promise, Record,
    UnitId, Verdict,
};

/// What was found of one concern in one unit.
#[derive(Default)]
pub(super) struct Found {
    pub(super) part: u64,
    pub(super) whole: u64,
    pub(super) cases: BTreeSet<CaseId>,
    pub(super) seconds: Vec<i64>,
}

/// Everything found.
pub(super) struct Watch {
    pub(super) period: Period,
    /// Up to when the board knows what had happened.
    pub(super) known: Moment,
    pub(super) zone: Zone,
    pub(super) found: BTreeMap<(Option<UnitId>, Concern), Found>,
    replies: BTreeMap<Option<UnitId>, Vec<(Moment, CaseId)>>,
}

/// What is remembered within one history.
#[derive(Default)]
struct Seen {
    /// The citizen has completed the message, and nothing was asked since.
    answered: bool,
    /// How it was closed last in the period, and by whom: judged when it is known to stand.
    closed: Option<(Option<UnitId>, Closing)>,
    /// When the unit was given the case.
    given: Option<Moment>,
    /// Pauses on the citizen's time that officers claimed in the period: which, in whose hands, and whether the citizen had
    /// completed the message before.
    waits: Vec<(u64, Option<UnitId>, bool)>,
    /// Contacts with the citizen that replies record.
    contacts: Vec<Moment>,
    /// Whether it was checked since it was published.
    rechecked: bool,
    /// The unit that led the case when each promise was made, by the promise's number.
    promised: BTreeMap<u32, Option<UnitId>>,
}

#[derive(Clone, Copy)]
struct Closing {
    outcome: Option<Outcome>,
    message: bool,
    spoke: bool,
    satisfied: bool,
    rechecked: bool,
}

impl Watch {
    pub(super) fn new(period: Period, known: Moment, zone: Zone) -> Watch {
        Watch {
            period,
            known,
            zone,
            found: BTreeMap::new(),
            replies: BTreeMap::new(),
        }
    }

    /// Goes through one case.
    pub(super) fn file(&mut self, file: &File) {
        let mut seen = Seen::default();
        let end = file.replay(self.period.until, |record, case| {
            self.record(record, case, &mut seen)
        });
        let Some(case) = end else { return };
        if let Some((unit, closing)) = seen.closed.take() {
            self.closing(&unit, &case, closing);
        }
        self.promises_due(&case, &seen);
        self.waits(&case, &seen);
        if self.period.holds(file.last_ruling(self.period.until)) {
            let again = case.bounces() >= 2;
            self.note(unit(&case), &case, Concern::RuledAgain, again);
        }
    }

    fn record(&mut self, record: &Record, case: &Case, seen: &mut Seen) {
        let within = self.period.holds(record.at);
        for number in made(&record.event) {
            seen.promised.insert(number, unit(case));
        }
        match &record.event {
            Event::AskedCitizen { .. } => seen.answered = false,
            Event::Supplemented { .. } => seen.answered = true,
            Event::Paused {
                side: PauseSide::Citizen,
                ..
            } if within => {
                seen.waits.push((record.version, unit(case), seen.answered));
            }
            Event::Assigned { .. } | Event::Ruled { .. } | Event::Transferred { .. } => {
                seen.given = Some(record.at);
                if within {
                    self.whole(unit(case), Concern::Objected);
                }
            }
            Event::Objected { .. } if within => {
                self.mark(unit(case), case, Concern::Objected);
                // Given before the period: it had not been counted.
                if !seen.given.is_some_and(|at| self.period.holds(at)) {
                    self.whole(unit(case), Concern::Objected);
                }
            }
            Event::Signed { deemed } if within => {
                self.note(unit(case), case, Concern::DeemedSigned, *deemed);
                if let (false, Some(given)) = (*deemed, seen.given) {
                    let found = self.found.entry((unit(case), Concern::DeemedSigned));
                    found.or_default().seconds.push(record.at.since(given));
                }
            }
            Event::ClockStopped {
                key,
                verdict: Verdict::OnTime { margin },
                ..
            } if within
                && matches!(key.kind, ClockKind::Reply | ClockKind::Redo)
                && !began_elsewhere(case, *key) =>
            {
                let near = *margin <= REPLY_JUST_BEFORE;
                self.note(unit(case), case, Concern::ReplyJustBefore, near);
            }
            // Replied elsewhere, and taken over with the case.
            Event::Replied { contacts, .. }
                if case.imported().is_some_and(|it| it.at == record.at) =>
            {
                seen.contacts
                    .extend(contacts.iter().map(|it: &Contact| it.at));
            }
            Event::Replied {
                contacts, promises, ..
            } => {
                seen.contacts
                    .extend(contacts.iter().map(|it: &Contact| it.at));
                if within {
                    let of = self.replies.entry(unit(case)).or_default();
                    of.push((record.at, case.id().clone()));
                    promises.iter().for_each(|it| self.promised(case, it));
                }
            }
            Event::Committed { promise } if within => self.promised(case, promise),
            Event::ExtensionAsked { clock, .. } if within => {
                let due = case.clock(*clock).and_then(|clock| clock.due());
                let late = due.is_some_and(|due| due.since(record.at) <= ASKED_JUST_BEFORE);
                self.note(unit(case), case, Concern::ExtensionJustBefore, late);
            }
            Event::Corrected {
                took_effect: Some(_),
                ..
            } if within => {
                let its_unit = case.team().map(|team| &team.unit);
                let own = record.by.as_ref().is_some_and(|by| {
                    let handles = by.persons().any(|it| case.handlers().contains(it));
                    handles || (by.unit.is_some() && by.unit.as_ref() == its_unit)
                });
                self.note(unit(case), case, Concern::CorrectedOwn, own);
            }
            Event::Published { .. } => seen.rechecked = false,
            Event::Rechecked { .. } => seen.rechecked = true,
            Event::Reopened { .. } => seen.closed = None,
            Event::StruckOff { .. } | Event::Declined { .. } | Event::Withdrawn { .. } => {
                let closing = Closing {
                    outcome: case.outcome(),
                    message: case.origin() == Origin::Message,
                    spoke: case
                        .rating()
                        .is_some_and(|it| it.is_satisfied() || it.is_unsatisfied()),
                    satisfied: case.rating().is_some_and(|it| it.is_satisfied()),
                    rechecked: seen.rechecked,
                };
                seen.closed = within.then(|| (unit(case), closing));
            }
            _ => {}
        }
    }

    /// How it was closed, and stands so.
    fn closing(&mut self, unit: &Option<UnitId>, case: &Case, closing: Closing) {
        let declined = closing.outcome == Some(Outcome::Declined);
        self.note(unit.clone(), case, Concern::ClosedAsDeclined, declined);
        let unanswered = [Outcome::Declined, Outcome::Withdrawn, Outcome::Merged];
        if closing.outcome.is_some_and(|it| unanswered.contains(&it)) {
            return;
        }
        let explained = closing.outcome == Some(Outcome::Explained);
        if explained || closing.outcome == Some(Outcome::Solved) {
            self.note(unit.clone(), case, Concern::ClosedAsExplained, explained);
        }
        if closing.message {
            // What the citizen said after it was closed is heard as well.
            let late = case
                .rating()
                .is_some_and(|it| it.is_satisfied() || it.is_unsatisfied());
            let silent = !closing.spoke && !late;
            self.note(unit.clone(), case, Concern::SilentClosing, silent);
            let unproved = !closing.satisfied && !closing.rechecked;
            let signed = closing.spoke && explained;
            let taken = unproved && !signed;
            self.note(unit.clone(), case, Concern::SilenceAsSatisfied, taken);
        }
    }

    /// The pauses on the citizen's time: claimed after the citizen had answered, or kept on after a contact.
    fn waits(&mut self, case: &Case, seen: &Seen) {
        for (version, unit, answered) in &seen.waits {
            let mut pauses = case.pauses().iter();
            let pause = pauses.find(|pause| pause.begun_by == *version);
            let kept_on = pause.is_some_and(|pause| {
                let ended = pause.ended.unwrap_or(self.period.until);
                let mut contacts = seen.contacts.iter();
                contacts.any(|at| pause.from < *at && at.plus(KEPT_ON) < ended)
            });
            let is = *answered || kept_on;
            self.note(unit.clone(), case, Concern::WaitedAfterAnswer, is);
        }
    }

    /// A promise was made; whether it moves an earlier one.
    fn promised(&mut self, case: &Case, made: &Promise) {
        let moves = case.promises().iter().any(|kept| {
            let earlier = kept.promise.number < made.number && kept.is_open();
            earlier && kept.promise.matter == made.matter && kept.promise.by_date < made.by_date
        });
        self.note(unit(case), case, Concern::PromiseMoved, moves);
    }

    /// The promises whose day ended in the period, each of the unit that made it.
    fn promises_due(&mut self, case: &Case, seen: &Seen) {
        let missed: Vec<(Option<UnitId>, bool)> = case
            .promises()
            .iter()
            .filter(|kept| !kept.void && !given_up(case, kept, self.zone))
            .filter_map(|kept| {
                // A day that is still to come has broken no promise.
                let over = day_over(kept, self.zone).filter(|over| *over <= self.known)?;
                // A day that ended before the case was taken over ended elsewhere.
                case.imported()
                    .is_none_or(|it| over > it.at)
                    .then_some(())?;
                let late = kept.fulfilled.is_none_or(|at| at >= over);
                let by = seen.promised.get(&kept.promise.number).cloned();
                let by = by.unwrap_or_else(|| unit(case));
                self.period.holds(over).then_some((by, late))
            })
            .collect();
        for (by, missed) in missed {
            self.note(by, case, Concern::PromiseMissed, missed);
        }
    }

    /// Replies that came thick and fast, once all histories are through.
    pub(super) fn bursts(&mut self) {
        let (many, within) = BURST;
        for (unit, mut replies) in std::mem::take(&mut self.replies) {
            replies.sort();
            let mut burst: BTreeSet<usize> = BTreeSet::new();
            for (first, window) in replies.windows(many).enumerate() {
                if let (Some((from, _)), Some((to, _))) = (window.first(), window.last())
                    && to.since(*from) <= within
                {
                    burst.extend(first..first + many);
                }
            }
            let found = self.found.entry((unit, Concern::ReplyInBurst)).or_default();
            found.whole = replies.len() as u64;
            found.part = burst.len() as u64;
            let of_burst = replies.into_iter().enumerate();
            let of_burst = of_burst.filter(|(at, _)| burst.contains(at));
            found.cases = of_burst.map(|(_, (_, case))| case).collect();
        }
    }

    fn whole(&mut self, unit: Option<UnitId>, concern: Concern) {
        self.found.entry((unit, concern)).or_default().whole += 1;
    }
    fn mark(&mut self, unit: Option<UnitId>, case: &Case, concern: Concern) {
        let found = self.found.entry((unit, concern)).or_default();
        found.part += 1;
        found.cases.insert(case.id().clone());
    }
    fn note(&mut self, unit: Option<UnitId>, case: &Case, concern: Concern, is: bool) {
        self.whole(unit.clone(), concern);
        if is {
            self.mark(unit, case, concern);
        }
    }
}

/// A limit that began to run before the case was taken over.
fn began_elsewhere(case: &Case, key: ClockKey) -> bool {
    let mut clocks = case.clocks().iter();
    clocks.any(|clock| clock.key == key && case.took_over(clock))
}

/// The first moment after the promised day.
fn day_over(kept: &PromiseKept, zone: Zone) -> Option<Moment> {
    let next = kept.promise.by_date.succ_opt()?;
    Some(zone.first(next.and_time(chrono::NaiveTime::MIN)))
}

fn unit(case: &Case) -> Option<UnitId> {
    case.team().map(|team| team.unit.clone())
}

impl File {
    /// When it was last ruled whose it is, up to a moment; the first of moments, if never.
    fn last_ruling(&self, until: Moment) -> Moment {
        let ruled = |it: &&Record| it.at <= until && matches!(it.event, Event::Ruled { .. });
        let last = self.history().iter().rfind(ruled);
        last.map_or(Moment::MIN, |it| it.at)
    }
}
