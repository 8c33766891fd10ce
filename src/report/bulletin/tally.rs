//! Counting: the records of a period become figures.

use std::collections::BTreeMap;

use super::super::board::breach;
use super::super::{File, Period};
use super::{Figures, Named, ScoreSums};
use crate::case::Case;
use crate::time::Moment;
use crate::words::{
    Act, ClockKey, ClockKind, CommandId, Event, News, Outcome, PlaceCode, Rating, Record, StepFate,
    StepKey, UnitId, UnmergeWhy, Verb, Verdict,
};

/// The figures of a period, by unit and place.
pub(super) struct Tally {
    pub(super) period: Period,
    pub(super) cells: BTreeMap<(Option<UnitId>, PlaceCode), Figures>,
    pub(super) named: Vec<Named>,
}

/// What is still open while a history is read: it is counted when it is known to stand.
#[derive(Default)]
struct Pending {
    /// The cycle that has had its first reply.
    replied: u32,
    /// The citizen was told the answer of the case that theirs was merged into.
    heard: bool,
    /// The unit that had it when it was merged, as long as it stays merged.
    merged: Option<Option<UnitId>>,
    /// The unit whose reply was on time and has not been sent back.
    on_time: Option<Option<UnitId>>,
    /// The last rating of the round, with the unit.
    rating: Option<(Rating, Option<UnitId>)>,
    /// The unit that had it when it was closed, and whether every matter was solved; else one was explained.
    closed: Option<(bool, Option<UnitId>)>,
    /// The last record was an unsatisfied rating.
    displeased: bool,
    /// The unit that had it when it was closed, however that was.
    cleared: Option<Option<UnitId>>,
    /// The command that took the case over.
    taken_over: Option<CommandId>,
}

impl Tally {
    /// Counts one case. `known`: up to when the board knows what had happened.
    pub(super) fn file(&mut self, file: &File, known: Moment) {
        // A case that has not moved since before the period can only have fallen due in it.
        if file.case().last_at() <= self.period.after {
            self.stands(file.case(), known);
            return self.fallen_due(file.case(), known);
        }
        let mut pending = Pending::default();
        let end = file.replay(self.period.until, |record, case| {
            self.record(record, case, &mut pending)
        });
        let Some(case) = end else { return };
        self.settle(&case, &mut pending);
        if let Some(unit) = pending.merged.take() {
            self.add(unit, &case, |it| it.merged += 1);
        }
        if case.imported().is_none() && self.period.holds(case.received_at()) {
            let declined = case.outcome() == Some(Outcome::Declined);
            let answered = pending.replied > 0 || pending.heard || declined;
            self.add(unit(&case), &case, |it| {
                it.received += 1;
                it.answered += u64::from(answered);
            });
        }
        self.stands(&case, known);
        self.fallen_due(&case, known);
    }

    /// How it stands at the end.
    fn stands(&mut self, case: &Case, known: Moment) {
        if case.is_closed() {
            return;
        }
        let mut live = case.clocks().iter().filter(|clock| clock.is_live());
        let overdue = live.any(|clock| breach(clock, known).is_some());
        self.add(unit(case), case, |it| {
            it.open += 1;
            it.overdue += u64::from(overdue);
        });
    }

    /// What has fallen due counts, even where nobody has looked since.
    fn fallen_due(&mut self, case: &Case, known: Moment) {
        let replies = case
            .clocks()
            .iter()
            .filter(|clock| clock.key.kind == ClockKind::Reply && !case.took_over(clock));
        let unnoticed = replies.filter(|clock| clock.breached.is_none());
        for at in unnoticed.filter_map(|clock| breach(clock, known)) {
            if self.period.holds(at) {
                self.add(unit(case), case, |it| it.late += 1);
            }
        }
    }

    fn record(&mut self, record: &Record, case: &Case, pending: &mut Pending) {
        // What was replied before the case was taken over is in the same command, and nobody's here.
        let before = pending.taken_over.is_some() && record.command == pending.taken_over;
        let within = self.period.holds(record.at);
        let displeased = std::mem::take(&mut pending.displeased);
        let mut count = |one: fn(&mut Figures)| {
            if within {
                self.add(unit(case), case, one);
            }
        };
        match &record.event {
            Event::Imported { case: it, .. } => {
                pending.taken_over.clone_from(&record.command);
                // What came back there was replied to there.
                if it.returned.is_some() {
                    pending.replied = case.cycle();
                }
                count(|it| it.imported += 1);
            }
            Event::Replied { .. } if before => pending.replied = case.cycle(),
            Event::Replied { .. } if pending.replied < case.cycle() => {
                pending.replied = case.cycle();
                count(|it| it.replied += 1);
            }
            Event::ClockStopped { key, .. } if took_over(case, *key) => {}
            Event::StepTaken {
                clock,
                step: StepKey::Breach,
                ..
            } if took_over(case, *clock) => {}
            Event::ClockStopped { key, verdict, .. } if key.kind == ClockKind::Reply => {
                let breached = case
                    .clocks()
                    .iter()
                    .any(|clock| clock.key == *key && clock.breached.is_some());
                match verdict {
                    _ if breached => {}
                    Verdict::Late { .. } => count(|it| it.late += 1),
                    Verdict::OnTime { .. } => {
                        count(|it| it.on_time += 1);
                        pending.on_time = within.then(|| unit(case));
                    }
                }
            }
            Event::StepTaken {
                clock,
                step: StepKey::Breach,
                ..
            } if clock.kind == ClockKind::Reply => {
                count(|it| it.late += 1);
            }
            Event::Objected { .. } => count(|it| it.objected += 1),
            Event::Ruled { .. } => count(|it| it.ruled += 1),
            Event::ExtensionCounted { .. } => count(|it| it.extended += 1),
            Event::Merged { .. } => pending.merged = within.then(|| unit(case)),
            Event::Relayed {
                news: News::Answer { .. },
                ..
            } => {
                // Whatever was said of an answer that was taken back was said.
                self.settle_rating(case, pending);
                pending.heard = true;
            }
            Event::Unmerged { why, .. } => {
                pending.merged = None;
                // Who is not satisfied with an answer has had one; an answer to another matter is none.
                pending.heard &= matches!(why, UnmergeWhy::Unsatisfied | UnmergeWhy::Reopened);
            }
            Event::Returned { .. } => {
                count(|it| it.returned += 1);
                pending.on_time = None;
            }
            Event::Reopened { .. } => {
                count(|it| it.reopened += 1);
                pending.closed = None;
                pending.cleared = None;
                if displeased {
                    pending.on_time = None;
                }
                self.settle(case, pending);
            }
            Event::Published { .. } => self.settle_rating(case, pending),
            Event::Rated { rating, .. } => {
                pending.displeased = rating.is_unsatisfied();
                pending.rating = within.then(|| (*rating, unit(case)));
            }
            Event::StruckOff { .. } | Event::Declined { .. } | Event::Withdrawn { .. } => {
                count(|it| it.struck_off += 1);
                match case.outcome() {
                    Some(Outcome::Declined) => count(|it| it.declined += 1),
                    Some(Outcome::Withdrawn) => count(|it| it.withdrawn += 1),
                    _ => {}
                }
                pending.cleared = within.then(|| unit(case));
                // Struck off before the citizen said anything: that is silence as well.
                let reviewed = !matches!(
                    case.outcome(),
                    Some(Outcome::Merged | Outcome::Declined | Outcome::Withdrawn)
                );
                if reviewed && case.origin().has_citizen() && case.rating().is_none() {
                    pending.rating = within.then(|| (Rating::NotGiven, unit(case)));
                }
                let each = |it: Outcome| case.matters().iter().all(|m| m.outcome == Some(it));
                let solved = match case.outcome() {
                    Some(Outcome::Solved) => Some(each(Outcome::Solved)),
                    Some(Outcome::Explained) => Some(false),
                    _ => None,
                };
                pending.closed = solved.filter(|_| within).map(|solved| (solved, unit(case)));
            }
            Event::StepTaken {
                clock,
                fate: StepFate::Fired { acts },
                ..
            } if names(acts) && within => {
                self.name(record, case, Some(*clock), None);
            }
            Event::CountReached {
                count,
                number,
                acts,
                ..
            } if names(acts) && within => {
                self.name(record, case, None, Some((count.clone(), *number)));
            }
            _ => {}
        }
    }

    /// What is pending stands: the reply, its rating, the way it was closed.
    fn settle(&mut self, case: &Case, pending: &mut Pending) {
        match pending.closed.take() {
            Some((true, unit)) => self.add(unit, case, |it| it.solved += 1),
            Some((false, unit)) => self.add(unit, case, |it| it.explained += 1),
            None => {}
        }
        if let Some(unit) = pending.cleared.take() {
            self.add(unit, case, |it| it.cleared += 1);
        }
        if let Some(unit) = pending.on_time.take() {
            self.add(unit, case, |it| it.effective += 1);
        }
        self.settle_rating(case, pending);
    }

    fn settle_rating(&mut self, case: &Case, pending: &mut Pending) {
        let Some((rating, unit)) = pending.rating.take() else {
            return;
        };
        self.add(unit, case, |it| match rating {
            Rating::Given { level, scores } => {
                match level.is_satisfied() {
                    true => it.satisfied += 1,
                    false => it.unsatisfied += 1,
                }
                if let Some(scores) = scores {
                    it.scores += ScoreSums::one(scores);
                }
            }
            Rating::NotGiven => it.not_rated += 1,
            Rating::AutoByTimeout => it.auto_rated += 1,
        });
    }

    fn name(
        &mut self,
        record: &Record,
        case: &Case,
        clock: Option<ClockKey>,
        count: Option<(String, u32)>,
    ) {
        self.add(unit(case), case, |it| it.named += 1);
        let (case, unit, place) = (case.id().clone(), unit(case), case.place().clone());
        self.named.push(Named {
            at: record.at,
            case,
            unit,
            place,
            clock,
            count,
        });
    }

    fn add(&mut self, unit: Option<UnitId>, case: &Case, one: impl FnOnce(&mut Figures)) {
        one(self.cells.entry((unit, case.place().clone())).or_default());
    }
}

fn unit(case: &Case) -> Option<UnitId> {
    case.team().map(|team| team.unit.clone())
}

/// How much of a limit was used before the case was taken over, nobody here saw: it is judged neither way.
fn took_over(case: &Case, key: ClockKey) -> bool {
    let mut clocks = case.clocks().iter();
    clocks.any(|clock| clock.key == key && case.took_over(clock))
}

fn names(acts: &[Act]) -> bool {
    acts.iter().any(|act| act.verb == Verb::NameIn)
}
