//! Records, sorted into files: one for each case.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::case::{Case, Clock, Corrupt, PromiseKept, Stage, evolve, replay};
use crate::time::{Moment, Zone};
use crate::words::{CaseId, ClockKind, Event, Outcome, Record, UnitId};

/// The cases of one board, each with its history, up to an instant.
///
/// The order in which records are handed in does not matter; within a case they follow by version.
///
/// ```
/// use duly::report::Board;
/// let board = Board::fold(&[], None)?;
/// assert_eq!(board.files().count(), 0);
/// # Ok::<(), duly::case::Corrupt>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Board {
    files: BTreeMap<CaseId, File>,
    until: Option<Moment>,
}

/// One case with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    case: Case,
    history: Vec<Record>,
}

impl Board {
    /// Folds records that took effect up to and including `until`; all of them, if not said.
    ///
    /// # Errors
    /// [`Corrupt`], when a record does not follow from those before it: one is missing, twice there, or altered.
    pub fn fold<'a>(
        records: impl IntoIterator<Item = &'a Record>,
        until: Option<Moment>,
    ) -> Result<Board, Corrupt> {
        let within = |record: &&Record| until.is_none_or(|until| record.at <= until);
        let mut records: Vec<&Record> = records.into_iter().filter(within).collect();
        records.sort_by(|a, b| (&a.case, a.version).cmp(&(&b.case, b.version)));
        let mut files = BTreeMap::new();
        for history in records.chunk_by(|a, b| a.case == b.case) {
            if let Some(case) = replay(history.iter().copied())? {
                let history = history.iter().map(|record| (*record).clone()).collect();
                files.insert(case.id().clone(), File { case, history });
            }
        }
        let last = files.values().map(|file| file.case.last_at()).max();
        Ok(Board {
            files,
            until: until.or(last),
        })
    }
    /// Every file, by case id.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }
    /// The files of messages, opinion and signals: of everything but parts, which count in the case that they are parts of.
    pub fn messages(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.case().main().is_none())
    }
    /// The file of a case.
    pub fn file(&self, case: &CaseId) -> Option<&File> {
        self.files.get(case)
    }
    /// Up to when records were folded: as asked, else the moment of the last one. None for an empty board.
    pub fn until(&self) -> Option<Moment> {
        self.until
    }
    /// The last moment, not later than `cut`, of which the board knows what had happened by then.
    pub(super) fn known(&self, cut: Moment) -> Moment {
        self.until.map_or(cut, |until| until.min(cut))
    }
    /// The cases that time has overtaken: something scheduled at or before `now` is not recorded yet. Send each of
    /// them a Tick before a report is cut.
    pub fn behind(&self, now: Moment) -> impl Iterator<Item = &CaseId> {
        let behind = move |case: &Case| case.next_alarm().is_some_and(|alarm| alarm <= now);
        self.files
            .values()
            .map(File::case)
            .filter(move |case| behind(case))
            .map(Case::id)
    }
}

impl File {
    /// The case after its last record.
    pub fn case(&self) -> &Case {
        &self.case
    }
    /// Its records, in order.
    pub fn history(&self) -> &[Record] {
        &self.history
    }
    /// The case as it stood at a moment; none, where it was not open yet.
    pub fn at(&self, moment: Moment) -> Option<Case> {
        self.stood(moment).map(Cow::into_owned)
    }
    /// The same, without a copy where the case has not moved since.
    pub(super) fn stood(&self, moment: Moment) -> Option<Cow<'_, Case>> {
        if self.case.last_at() <= moment {
            return Some(Cow::Borrowed(&self.case));
        }
        self.replay(moment, |_, _| ()).map(Cow::Owned)
    }
    /// The unit that led the case when each promise was made, by the promise's number; nobody, where none did.
    pub(super) fn promised_by(&self) -> BTreeMap<u32, Option<UnitId>> {
        let mut units = BTreeMap::new();
        if self.case.promises().is_empty() {
            return units;
        }
        // The case that comes of it is the one that is here.
        let _ = self.replay(Moment::MAX, |record, case| {
            for number in made(&record.event) {
                units.insert(number, case.team().map(|team| team.unit.clone()));
            }
        });
        units
    }
    /// Shows each record up to and including a moment with the case after it, and gives the case after the last.
    pub(super) fn replay(
        &self,
        until: Moment,
        mut see: impl FnMut(&Record, &Case),
    ) -> Option<Case> {
        let mut now: Option<Case> = None;
        for record in self.history.iter().take_while(|record| record.at <= until) {
            // The board was folded from these very records: they follow.
            let case = evolve(now.take(), record).ok()?;
            see(record, &case);
            now = Some(case);
        }
        now
    }
}

/// The promises that an event makes, by their numbers.
pub(super) fn made(event: &Event) -> Vec<u32> {
    match event {
        Event::Replied { promises, .. } => promises.iter().map(|it| it.number).collect(),
        Event::Committed { promise } => vec![promise.number],
        _ => Vec::new(),
    }
}

/// Whether a promise is owed to nobody any more: its case was withdrawn before it was kept and before its day was over. A day that was over
/// by then stays missed.
pub(super) fn given_up(case: &Case, kept: &PromiseKept, zone: Zone) -> bool {
    let Stage::Closed(closed) = case.stage() else {
        return false;
    };
    let withdrawn = closed.data.outcome == Outcome::Withdrawn;
    withdrawn && kept.is_open() && closed.data.at.date(zone) <= kept.promise.by_date
}

/// When a clock was, or by `now` must have been, found past its limit. A limit whose passing has a consequence of
/// its own and breaks nothing (a rating that is not given, an objection that is not made) never is.
pub(super) fn breach(clock: &Clock, now: Moment) -> Option<Moment> {
    let harmless = matches!(clock.key.kind, ClockKind::Rating | ClockKind::Object);
    let due = clock.schedule.legal_due;
    let noticed = (!harmless && clock.is_running() && due < now).then(|| due.plus(1));
    clock.breached.or(noticed)
}
