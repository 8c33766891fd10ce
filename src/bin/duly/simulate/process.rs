//! Arrivals where no file is given: a synthetic process, the same for the same seed and number.
//!
//! The messages are spread over [`DAYS`] days from the first working days of 2024 on: half as many on a Saturday or Sunday as on another
//! day, seven in ten from 8 to 18 o'clock, one in twenty by night. Most gather a few votes; one in thirty is hot.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use duly::time::Zone;

use super::arrivals::Arrival;
use crate::fail::{Fail, read};
use crate::world::Dice;

/// Over how many days messages come in.
const DAYS: u64 = 360;

/// So many messages, in the order of time.
pub fn arrivals(cases: u32, seed: u64, zone: Zone) -> Result<Vec<Arrival>, Fail> {
    let first = NaiveDate::from_ymd_opt(2024, 1, 2)
        .ok_or_else(|| Fail::said("the first day of a simulation is no date"))?;
    let mut dice = Dice::of(seed, "arrivals");
    let many = usize::try_from(cases).unwrap_or(0);
    let mut moments = Vec::new();
    while moments.len() < many {
        let Some(date) = first.checked_add_days(Days::new(dice.below(DAYS))) else {
            continue;
        };
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend && dice.chance(50) {
            continue;
        }
        let hour = match dice.below(100) {
            0..70 => dice.within(8, 17),
            70..95 => dice.within(18, 23),
            _ => dice.within(0, 7),
        };
        let time = date.and_hms_opt(hour, dice.within(0, 59), dice.within(0, 59));
        let votes = if dice.chance(3) { (10, 120) } else { (0, 6) };
        let votes = (dice.within(votes.0, votes.1), dice.within(0, 5));
        moments.extend(time.map(|time| (zone.first(time), votes)));
    }
    moments.sort_unstable_by_key(|(at, _)| *at);
    let width = cases.to_string().len();
    (1u32..)
        .zip(moments)
        .map(|(n, (at, (up, down)))| {
            Ok(Arrival {
                id: read(&format!("s{n:0width$}"))?,
                at,
                up,
                down,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_arrivals_in_the_order_of_time() {
        let of = |seed| arrivals(500, seed, Zone::UTC).unwrap();
        let all = of(1);
        assert_eq!((all.len(), &all), (500, &of(1)));
        assert_ne!(all, of(2));
        assert!(all.windows(2).all(|two| two[0].at <= two[1].at));
        assert!(all.iter().any(|it| it.up >= 10) && all.iter().any(|it| it.up < 6));
    }
}
