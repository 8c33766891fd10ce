//! Which of two limits ends no later (从严), whatever the calendar says.

use std::fmt;

use super::Limit;
use super::analysis::clocks::no_longer;
use crate::time::Span;

impl Limit {
    /// The limit that ends no later than either (从严): the shorter of two spans of one unit, the smaller share of one clock. Where
    /// units differ, whichever ends first ([`Span::Earliest`]), which is no later than either whatever the calendar says. Nothing
    /// for a share beside a span: how long a share is, only a case can tell.
    ///
    /// ```
    /// use duly::plan::Limit;
    /// use duly::time::Span;
    /// let days = Limit::Span(Span::WorkingDays(5));
    /// assert_eq!(days.least(&Limit::Span(Span::WorkingDays(3))), Some(Limit::Span(Span::WorkingDays(3))));
    /// let both = Span::Earliest(vec![Span::WorkingDays(5), Span::Months(1)]);
    /// assert_eq!(days.least(&Limit::Span(Span::Months(1))), Some(Limit::Span(both)));
    /// ```
    pub fn least(&self, other: &Limit) -> Option<Limit> {
        if self.within(other) {
            return Some(self.clone());
        }
        if other.within(self) {
            return Some(other.clone());
        }
        let (Limit::Span(a), Limit::Span(b)) = (self, other) else {
            return None;
        };
        let mut all: Vec<Span> = Vec::new();
        for span in parts(a).chain(parts(b)) {
            if !all.iter().any(|known| no_longer(known, span)) {
                all.retain(|known| !no_longer(span, known));
                all.push(span.clone());
            }
        }
        Some(Limit::Span(Span::Earliest(all)))
    }
    /// Whether it surely ends no later than the other, whatever the calendar says. Spans are compared within one unit, and units
    /// are not converted; so many calendar days are never longer than as many working days.
    pub fn within(&self, other: &Limit) -> bool {
        match (self, other) {
            (Limit::Span(a), Limit::Span(b)) => no_longer(a, b),
            (
                Limit::Share { of, percent },
                Limit::Share {
                    of: whole,
                    percent: most,
                },
            ) => of == whole && percent <= most,
            _ => false,
        }
    }
}

impl Limit {
    /// The same limit with its weeks said in days, to be compared: stored is what was written.
    pub(super) fn in_days(&self) -> Limit {
        match self {
            Limit::Span(span) => Limit::Span(in_days(span)),
            share => share.clone(),
        }
    }
    /// The limit in Chinese.
    ///
    /// ```
    /// use duly::{plan::Limit, words::ClockKind};
    /// assert_eq!(Limit::Share { of: ClockKind::Reply, percent: 50 }.zh(), "“答复”时限的 50%");
    /// ```
    pub fn zh(&self) -> String {
        match self {
            Limit::Span(span) => span.zh(),
            Limit::Share { of, percent } => format!("“{}”时限的 {percent}%", of.zh()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Span(span) => span.fmt(f),
            Limit::Share { of, percent } => write!(f, "{percent}% of the `{of}` clock"),
        }
    }
}

fn in_days(span: &Span) -> Span {
    let each = |all: &[Span]| all.iter().map(in_days).collect();
    match span {
        Span::Weeks(weeks) => weeks
            .checked_mul(7)
            .map_or_else(|| span.clone(), Span::CalendarDays),
        Span::Earliest(all) => Span::Earliest(each(all)),
        Span::Latest(all) => Span::Latest(each(all)),
        other => other.clone(),
    }
}

pub(super) fn parts(span: &Span) -> impl Iterator<Item = &Span> {
    match span {
        Span::Earliest(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    }
    .iter()
}
