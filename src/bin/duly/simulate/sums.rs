//! The bulletin's figures, counted once more from the records, one by one and in another way.

use std::collections::BTreeSet;

use duly::report::{Bulletin, Figures, File};
use duly::words::{
    CaseId, ClockKey, ClockKind, Event, Lang, Record, StepFate, StepKey, Verb, Verdict,
};

/// One figure, four times.
#[derive(Debug, PartialEq, Eq)]
pub struct Sum {
    zh: &'static str,
    en: &'static str,
    /// In the bulletin's total.
    pub bulletin: u64,
    /// As the sums over units and over places, where they agree; else an impossible number.
    pub parts: u64,
    units: u64,
    places: u64,
    /// Counted from the records.
    pub ledger: u64,
}

impl Sum {
    /// As a row.
    pub fn cells(&self, lang: Lang) -> [String; 5] {
        let name = if lang == Lang::Zh { self.zh } else { self.en };
        let numbers = [self.bulletin, self.units, self.places, self.ledger].map(|n| n.to_string());
        let [bulletin, units, places, ledger] = numbers;
        [name.to_owned(), bulletin, units, places, ledger]
    }
}

#[derive(Default)]
struct Count {
    received: u64,
    replied: u64,
    on_time: u64,
    late: u64,
    returned: u64,
    reopened: u64,
    struck_off: u64,
    named: u64,
}

/// Every figure that can be counted from single records.
pub fn compare<'a>(told: &Bulletin, files: impl Iterator<Item = &'a File>) -> Vec<Sum> {
    let count = count(files.flat_map(File::history));
    let of = |zh, en, figure: fn(&Figures) -> u64, ledger| {
        let units = told.units.iter().map(|it| figure(&it.figures)).sum();
        let places = told.places.iter().map(|it| figure(&it.figures)).sum();
        let parts = if units == places { units } else { u64::MAX };
        Sum {
            zh,
            en,
            bulletin: figure(&told.total),
            parts,
            units,
            places,
            ledger,
        }
    };
    vec![
        of("收", "received", |it| it.received, count.received),
        of("答复", "replied", |it| it.replied, count.replied),
        of("按期", "on time", |it| it.on_time, count.on_time),
        of("超期", "late", |it| it.late, count.late),
        of("退回", "returned", |it| it.returned, count.returned),
        of("重开", "reopened", |it| it.reopened, count.reopened),
        of("销账", "struck off", |it| it.struck_off, count.struck_off),
        of("点名", "named", |it| it.named, count.named),
    ]
}

fn count<'a>(records: impl Iterator<Item = &'a Record>) -> Count {
    let mut count = Count::default();
    let mut late: BTreeSet<(&CaseId, ClockKey)> = BTreeSet::new();
    // Cases whose first reply of the cycle has been counted.
    let mut replied: BTreeSet<&CaseId> = BTreeSet::new();
    for record in records {
        match &record.event {
            Event::Opened { .. } => count.received += 1,
            Event::Replied { .. } => count.replied += u64::from(replied.insert(&record.case)),
            Event::Returned { .. } => count.returned += 1,
            Event::Reopened { .. } => {
                count.reopened += 1;
                replied.remove(&record.case);
            }
            Event::StruckOff { .. } | Event::Declined { .. } | Event::Withdrawn { .. } => {
                count.struck_off += 1
            }
            Event::ClockStopped { key, verdict, .. } if key.kind == ClockKind::Reply => {
                match verdict {
                    Verdict::OnTime { .. } if !late.contains(&(&record.case, *key)) => {
                        count.on_time += 1
                    }
                    Verdict::OnTime { .. } => {}
                    Verdict::Late { .. } => {
                        late.insert((&record.case, *key));
                    }
                }
            }
            Event::StepTaken {
                clock,
                step: StepKey::Breach,
                ..
            } if clock.kind == ClockKind::Reply => {
                late.insert((&record.case, *clock));
            }
            Event::StepTaken {
                fate: StepFate::Fired { acts },
                ..
            }
            | Event::CountReached { acts, .. } => {
                count.named += u64::from(acts.iter().any(|act| act.verb == Verb::NameIn));
            }
            _ => {}
        }
    }
    count.late = late.len() as u64;
    count
}
