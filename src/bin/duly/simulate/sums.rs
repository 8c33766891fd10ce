//! The bulletin's figures, counted once more from the records, one by one and in another way.

use std::collections::BTreeSet;

use duly::report::{Bulletin, Figures, File};
use duly::words::{ClockKey, ClockKind, Event, Lang, Record, StepFate, StepKey, Verb, Verdict};

/// One figure, four times.
#[derive(Debug, PartialEq, Eq)]
pub struct Sum {
    zh: &'static str,
    /// Its name.
    pub en: &'static str,
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

/// Every figure that can be counted from single records.
#[derive(Debug, Default)]
pub struct Count {
    received: u64,
    replied: u64,
    on_time: u64,
    late: u64,
    returned: u64,
    reopened: u64,
    struck_off: u64,
    named: u64,
}

/// The figures of a bulletin beside those counted.
pub fn compare(told: &Bulletin, count: &Count) -> Vec<Sum> {
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

impl Count {
    /// Counts a case in.
    pub fn file(&mut self, file: &File) {
        let mut late: BTreeSet<ClockKey> = BTreeSet::new();
        // Whether the first reply of the cycle has been counted.
        let mut replied = false;
        for record in file.history() {
            self.record(record, &mut late, &mut replied);
        }
        self.late += late.len() as u64;
    }

    fn record(&mut self, record: &Record, late: &mut BTreeSet<ClockKey>, replied: &mut bool) {
        match &record.event {
            Event::Opened { .. } => self.received += 1,
            Event::Replied { .. } => {
                self.replied += u64::from(!std::mem::replace(replied, true));
            }
            Event::Returned { .. } => self.returned += 1,
            Event::Reopened { .. } => {
                self.reopened += 1;
                *replied = false;
            }
            Event::StruckOff { .. } | Event::Declined { .. } | Event::Withdrawn { .. } => {
                self.struck_off += 1
            }
            Event::ClockStopped { key, verdict, .. } if key.kind == ClockKind::Reply => {
                match verdict {
                    Verdict::OnTime { .. } if !late.contains(key) => self.on_time += 1,
                    Verdict::OnTime { .. } => {}
                    Verdict::Late { .. } => {
                        late.insert(*key);
                    }
                }
            }
            Event::StepTaken {
                clock,
                step: StepKey::Breach,
                ..
            } if clock.kind == ClockKind::Reply => {
                late.insert(*clock);
            }
            Event::StepTaken {
                fate: StepFate::Fired { acts },
                ..
            }
            | Event::CountReached { acts, .. } => {
                self.named += u64::from(acts.iter().any(|act| act.verb == Verb::NameIn));
            }
            _ => {}
        }
    }
}
