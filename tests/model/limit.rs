//! When a limit ends, counted on the fingers: minute by minute, or date by date.

use crate::calendar::{At, Date, HOUR, Office, date};

/// A length as the packs of the model state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    WorkingDays(i64),
    CalendarDays(i64),
    OfficeHours(i64),
    Hours(i64),
}

impl Length {
    /// The same unit, another number.
    pub fn with(self, n: i64) -> Length {
        match self {
            Length::WorkingDays(_) => Length::WorkingDays(n),
            Length::CalendarDays(_) => Length::CalendarDays(n),
            Length::OfficeHours(_) => Length::OfficeHours(n),
            Length::Hours(_) => Length::Hours(n),
        }
    }
    pub fn number(self) -> i64 {
        match self {
            Length::WorkingDays(n)
            | Length::CalendarDays(n)
            | Length::OfficeHours(n)
            | Length::Hours(n) => n,
        }
    }
}

/// A stretch during which a clock stands still; without an end, nobody knows until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Still {
    pub from: At,
    pub until: Option<At>,
}

/// Whether a clock runs in that second: it stands still from the first moment of a stretch up to, and not with, the last.
fn runs(stills: &[Still], at: At) -> bool {
    let holds = |it: &&Still| it.from <= at && it.until.is_none_or(|until| at < until);
    !stills.iter().any(|it| holds(&it))
}

/// Whether it stands still from then on without an end.
fn held_up(stills: &[Still], at: At) -> bool {
    stills.iter().any(|it| it.from <= at && it.until.is_none())
}

/// What is counted, from when.
pub struct Counting<'a> {
    pub office: &'a Office,
    /// When the clock stands still.
    pub stills: &'a [Still],
}

impl Counting<'_> {
    /// When a limit and its extensions end: each runs from where the one before it ended, without counting that date again. None while a
    /// clock that stands still keeps it from ending.
    pub fn due(&self, anchor: At, limit: Length, extensions: &[Length]) -> Option<At> {
        let mut at = self.end(anchor, date(anchor), limit)?;
        for more in extensions {
            at = self.end(at, ended_on(at), *more)?;
        }
        Some(at)
    }

    /// When so many seconds have run, day and night.
    pub fn most(&self, anchor: At, seconds: Option<i64>) -> Option<At> {
        self.seconds(anchor, seconds?, false)
    }

    /// For how many seconds the clock ran between two moments.
    pub fn ran(&self, from: At, until: At) -> i64 {
        let ran = (from..until).filter(|at| runs(self.stills, *at));
        i64::try_from(ran.count()).unwrap()
    }

    /// An extension of what is due then.
    pub fn more(&self, due: At, by: Length) -> At {
        self.end(due, ended_on(due), by).unwrap()
    }

    /// So long before it is due, by the same clock: where a shorter limit would end, but never before it began.
    pub fn before(
        &self,
        anchor: At,
        limit: Length,
        extensions: &[Length],
        by: Length,
    ) -> Option<At> {
        // What was granted last is the first to be taken away.
        let mut extensions = extensions.to_vec();
        let mut off = by.number();
        while let Some(last) = extensions.pop() {
            let left = last.number() - off;
            if left >= 0 {
                extensions.extend((left > 0).then(|| last.with(left)));
                return self.due(anchor, limit, &extensions);
            }
            off = -left;
        }
        match limit.number() - off {
            ..=0 => Some(anchor),
            left => self.due(anchor, limit.with(left), &[]),
        }
    }

    /// So many working days before a moment, by the same clock.
    pub fn back(&self, due: At, days: i64) -> At {
        let mut date = ended_on(due);
        let mut left = days;
        while left > 0 {
            date -= 1;
            let ran = runs(self.stills, self.office.close(date) - 1);
            left -= i64::from(ran && self.office.works(date));
        }
        self.office.close(date)
    }

    /// When that share of it is used up; of days, whole ones.
    pub fn share(
        &self,
        anchor: At,
        limit: Length,
        extensions: &[Length],
        percent: i64,
    ) -> Option<At> {
        let sum: i64 = extensions.iter().map(|it| it.number()).sum();
        let all = limit.number() + sum;
        let part = match limit {
            Length::WorkingDays(_) | Length::CalendarDays(_) => {
                return self.due(anchor, limit.with((all * percent + 99) / 100), &[]);
            }
            Length::OfficeHours(_) | Length::Hours(_) => all * HOUR * percent / 100,
        };
        match limit {
            Length::OfficeHours(_) => self.seconds(anchor, part, true),
            _ => self.seconds(anchor, part, false),
        }
    }

    fn end(&self, from: At, of: Date, length: Length) -> Option<At> {
        match length {
            Length::WorkingDays(n) => self.dates(of, n, true),
            Length::CalendarDays(n) => self.dates(of, n, false),
            Length::OfficeHours(n) => self.seconds(from, n * HOUR, true),
            Length::Hours(n) => self.seconds(from, n * HOUR, false),
        }
    }

    /// The date it runs from is not counted. A date counts if the clock runs in the last second before its close; of working days only a
    /// date on which people work. A last date on which nobody works gives way to the next one on which somebody does.
    fn dates(&self, of: Date, n: i64, working: bool) -> Option<At> {
        let mut date = of;
        let mut counted = 0;
        let ran = |date: Date| runs(self.stills, self.office.close(date) - 1);
        while counted < n {
            date += 1;
            if held_up(self.stills, self.office.close(date) - 1) {
                return None;
            }
            counted += i64::from(ran(date) && (!working || self.office.works(date)));
        }
        while !(self.office.works(date) && ran(date)) {
            date += 1;
            if held_up(self.stills, self.office.close(date) - 1) {
                return None;
            }
        }
        Some(self.office.close(date))
    }

    /// The first moment by which the clock has run for so many seconds, in office hours or day and night; whole minutes at once, where
    /// nothing begins or ends in them.
    fn seconds(&self, from: At, n: i64, open: bool) -> Option<At> {
        let mut at = from;
        let mut counted = 0;
        while counted < n {
            if held_up(self.stills, at) {
                return None;
            }
            let minute = at - at.rem_euclid(60);
            let counts = runs(self.stills, at) && (!open || self.office.is_open(at));
            let plain = at == minute && !self.changes_in(minute);
            let step = if plain && (!counts || counted + 60 <= n) {
                60
            } else {
                1
            };
            counted += if counts { step } else { 0 };
            at += step;
        }
        Some(at)
    }

    fn changes_in(&self, minute: At) -> bool {
        let within = |at: At| minute < at && at < minute + 60;
        self.stills
            .iter()
            .any(|it| within(it.from) || it.until.is_some_and(within))
    }
}

/// The date on which a limit ended: midnight is the end of a date.
fn ended_on(due: At) -> Date {
    date(due - 1)
}

/// So long after a limit ended, by the calendar alone.
pub fn after_due(office: &Office, due: At, by: Length) -> At {
    let counting = Counting {
        office,
        stills: &[],
    };
    counting.end(due, ended_on(due), by).unwrap()
}

/// So long after something was done, by the calendar alone; midnight is the beginning of a date then, but for the end of one on which
/// nobody works.
pub fn after(office: &Office, at: At, by: Length) -> At {
    let counting = Counting {
        office,
        stills: &[],
    };
    let eve = date(at) - 1;
    let of = match office.close(eve) == at {
        true => eve,
        false => date(at),
    };
    counting.end(at, of, by).unwrap()
}
