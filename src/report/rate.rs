//! A share of a whole, and a mean.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// So many out of so many. Exact: it is rounded only when printed, to one decimal, half up; but never up to 100.0%
/// or down to 0.0%, which are said only when all or none are. Out of none there is no rate.
///
/// ```
/// use duly::report::Rate;
/// assert_eq!(Rate::new(1831, 1924).to_string(), "95.2%");
/// assert_eq!(Rate::new(9999, 10_000).to_string(), "99.9%");
/// assert_eq!(Rate::new(0, 0).to_string(), "–");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// So many.
    pub part: u64,
    /// Out of so many.
    pub whole: u64,
}

impl Rate {
    /// A rate.
    pub const fn new(part: u64, whole: u64) -> Rate {
        Rate { part, whole }
    }
    /// In thousandths, rounded as printed; none out of none.
    pub fn per_mille(self) -> Option<u64> {
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let rounded = (2000 * part + whole).checked_div(2 * whole)?;
        let shown = match rounded {
            0 if part > 0 => 1,
            1000 if part < whole => 999,
            1000 if part > whole => 1001,
            _ => rounded,
        };
        u64::try_from(shown).ok()
    }
}

impl Rate {
    /// Which of two rates is the higher, exactly. One out of none has no place among others.
    pub fn order(self, other: Rate) -> Option<Ordering> {
        let of = |it: Rate, by: Rate| u128::from(it.part) * u128::from(by.whole);
        let both = self.whole > 0 && other.whole > 0;
        both.then(|| of(self, other).cmp(&of(other, self)))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per_mille() {
            Some(n) => f.pad(&format!("{}.{}%", n / 10, n % 10)),
            None => f.pad("–"),
        }
    }
}

/// A sum over so many: the mean of scores. Exact; rounded only when printed, to two decimals, half up. Of none there is none.
///
/// ```
/// use duly::report::Mean;
/// assert_eq!(Mean::new(14, 3).to_string(), "4.67");
/// assert_eq!(Mean::new(0, 0).to_string(), "–");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mean {
    /// The sum.
    pub sum: u64,
    /// Of so many.
    pub of: u64,
}

impl Mean {
    /// A mean.
    pub const fn new(sum: u64, of: u64) -> Mean {
        Mean { sum, of }
    }
}

impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sum, of) = (u128::from(self.sum), u128::from(self.of));
        match (200 * sum + of).checked_div(2 * of) {
            Some(n) => f.pad(&format!("{}.{:02}", n / 100, n % 100)),
            None => f.pad("–"),
        }
    }
}
