//! A share of a whole.

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

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per_mille() {
            Some(n) => f.pad(&format!("{}.{}%", n / 10, n % 10)),
            None => f.pad("–"),
        }
    }
}
