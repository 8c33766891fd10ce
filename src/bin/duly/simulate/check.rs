//! One pass over the ledger after a run, some cases at a time: so that it takes no more memory for many cases than for few.

use std::collections::BTreeMap;

use duly::desk::rows::Shelf;
use duly::desk::{Desk, Ledger};
use duly::plan::Plan;
use duly::report::{Board, Bulletin, Figures, Period, bulletin};
use duly::time::Moment;
use duly::words::{CaseId, PlaceCode, Record, UnitId};

use super::gauge::each;
use super::laws::Laws;
use super::sums::{Count, Sum, compare};
use super::tally::Tally;
use crate::fail::Fail;

/// How many cases are looked at at a time.
const PAGE: usize = 256;
/// Of how many cases every day's digest is cut.
const SAMPLE: usize = 24;

/// What a run left behind, gone over.
pub struct Checked {
    /// What happened.
    pub tally: Tally,
    /// What must not.
    pub laws: Laws,
    /// The bulletin of the whole time.
    pub bulletin: Bulletin,
    /// Its figures, counted again.
    pub sums: Vec<Sum>,
    /// The open cases, as they are stored.
    pub heads: Heads,
}

/// How large the open cases are, as they are stored.
#[derive(Debug, Clone, Default)]
pub struct Heads(Vec<u64>);

impl Heads {
    /// Of each, in bytes, from the smallest.
    fn sorted(mut sizes: Vec<u64>) -> Heads {
        sizes.sort_unstable();
        Heads(sizes)
    }
    /// How large they are on average.
    pub fn mean(&self) -> Option<u64> {
        each(Some(self.0.iter().sum()), self.0.len() as u64)
    }
    /// What so many in a hundred are no larger than.
    pub fn percentile(&self, percent: usize) -> Option<u64> {
        let place = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(place - 1).copied()
    }
}

impl Checked {
    /// Goes over the ledger.
    pub fn of<L: Ledger>(
        desk: &Desk<L>,
        plan: &Plan,
        (first, end): (Moment, Moment),
        cases: usize,
    ) -> Result<Checked, Fail> {
        let period = Period::dates(first.date(plan.zone), end.date(plan.zone), plan.zone);
        let (mut tally, mut laws) = (Tally::default(), Laws::default());
        let mut open = Vec::new();
        let mut count = Count::default();
        let mut parts = Parts::default();
        let mut sample: Vec<Record> = Vec::new();
        let every = (cases / SAMPLE).max(1);
        let mut seen = 0usize;
        let mut after: Option<CaseId> = None;
        loop {
            let page = desk.cases(after.as_ref(), PAGE)?;
            let mut records = Vec::new();
            for case in &page {
                let history = desk.history(case)?;
                let history = history.into_iter().map(|entry| entry.sealed.record);
                match seen.is_multiple_of(every) {
                    true => {
                        let history: Vec<Record> = history.collect();
                        sample.extend(history.iter().cloned());
                        records.extend(history);
                    }
                    false => records.extend(history),
                }
                seen += 1;
            }
            let board = Board::fold(&records, Some(end)).map_err(Fail::said)?;
            drop(records);
            for file in board.files() {
                let stored = desk.case(file.case().id())?;
                laws.file(desk, file, stored.as_ref(), end)?;
                tally.file(file, end, plan.zone);
                count.file(file);
                if stored.is_some_and(|case| !case.is_closed()) {
                    let head = desk
                        .ledger()
                        .load(Shelf::Cases, file.case().id().as_str())?;
                    open.push(head.map_or(0, |head| head.state.len() as u64));
                }
            }
            parts.add(bulletin(&board, plan, period));
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        let sample = Board::fold(&sample, Some(end)).map_err(Fail::said)?;
        laws.digests(&sample, plan, (first, end));
        let bulletin = parts.whole(bulletin(&Board::default(), plan, period));
        let sums = compare(&bulletin, &count);
        Ok(Checked {
            tally,
            laws,
            bulletin,
            sums,
            heads: Heads::sorted(open),
        })
    }
}

/// The bulletins of some cases each, added up.
#[derive(Default)]
struct Parts {
    total: Figures,
    units: BTreeMap<Option<UnitId>, Figures>,
    places: BTreeMap<PlaceCode, Figures>,
}

impl Parts {
    fn add(&mut self, part: Bulletin) {
        self.total += part.total;
        for it in part.units {
            *self.units.entry(it.unit).or_default() += it.figures;
        }
        for it in part.places {
            *self.places.entry(it.place).or_default() += it.figures;
        }
    }
    /// The sum, in the form of a bulletin of nothing.
    fn whole(mut self, mut none: Bulletin) -> Bulletin {
        none.total = self.total;
        let units = self.units.into_iter();
        none.units = units
            .map(|(unit, figures)| duly::report::UnitFigures { unit, figures })
            .collect();
        for it in &mut none.places {
            it.figures = self.places.remove(&it.place).unwrap_or_default();
        }
        none
    }
}
