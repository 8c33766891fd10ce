//! Random offices in awkward places.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use duly::time::{Calendar, DayTable, Hours, Moment, Opened, Pauses, Window, Zone};
use proptest::prelude::*;

/// Zones and dates at which their wall clocks do something.
const PLACES: [(&str, &str); 16] = [
    ("Australia/Lord_Howe", "2026-04-05"), // back by half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Pacific/Apia", "2011-12-30"),      // a date that never was
    ("America/Sao_Paulo", "2018-11-04"), // no midnight
    ("America/Sao_Paulo", "2018-02-18"), // midnight back to eleven
    ("Asia/Kathmandu", "2026-04-14"),
    ("Africa/Casablanca", "2026-02-15"), // back for Ramadan
    ("Africa/Casablanca", "2026-03-22"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-11-01"),
    ("America/St_Johns", "2010-11-07"), // back over midnight, at one minute past
    ("America/St_Johns", "2010-03-14"),
    ("Asia/Shanghai", "2026-02-14"),
    ("Asia/Shanghai", "2020-12-31"),
    ("Europe/Lisbon", "1992-09-27"),
];

/// An office, and all that it is made of, so that the model can be made of the same.
#[derive(Debug, Clone)]
pub struct World {
    pub zone: Zone,
    pub around: NaiveDate,
    pub week: [Vec<Window>; 7],
    pub days: DayTable,
    pub calendar: Calendar,
}

impl World {
    /// A moment so many seconds from midnight of the date around which things happen.
    pub fn at(&self, seconds: i64) -> Moment {
        self.zone
            .first(self.around.and_time(NaiveTime::MIN))
            .plus(seconds)
    }

    pub fn pauses(&self, stretches: &[(i64, i64)]) -> Pauses {
        let stretch = |pauses: Pauses, &(from, length): &(i64, i64)| {
            pauses.with(self.at(from), Some(self.at(from).plus(length)))
        };
        stretches.iter().fold(Pauses::none(), stretch)
    }
}

/// Seconds within so many days on either side, often on a full quarter of an hour, where windows begin and end.
pub fn seconds(days: i64) -> impl Strategy<Value = i64> {
    let quarters = days * 96;
    prop_oneof![
        (-quarters..quarters).prop_map(|n| n * 900),
        -days * 86_400..days * 86_400
    ]
}

/// Lengths of working time, from none to more than a quarter of a year.
pub fn length() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0),
        1..7_200i64,
        (1..400i64).prop_map(|n| n * 900),
        1..2_000_000i64
    ]
}

pub fn stretches() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec(
        (
            seconds(5),
            prop_oneof![1..90_000i64, (1..200i64).prop_map(|n| n * 900)],
        ),
        0..5,
    )
}

fn time() -> impl Strategy<Value = NaiveTime> {
    (0..96u32).prop_map(|n| NaiveTime::from_hms_opt(n / 4, n % 4 * 15, 0).unwrap())
}

fn window() -> impl Strategy<Value = Window> {
    let any = (time(), time()).prop_map(|(opens, closes)| Window { opens, closes });
    let usual = prop::sample::select(vec![
        "09:00-12:00",
        "14:00-18:00",
        "22:00-06:00",
        "00:00-24:00",
        "02:15-02:45",
        "20:00-24:00",
    ]);
    prop_oneof![usual.prop_map(|text| text.parse().unwrap()), any]
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    prop_oneof![
        3 => prop::collection::vec(window(), 0..4),
        2 => Just(vec!["09:00-12:00".parse().unwrap(), "14:00-18:00".parse().unwrap()]),
    ]
}

pub fn world() -> impl Strategy<Value = World> {
    let week = prop::array::uniform7(windows());
    let closed = prop::collection::btree_set(-12..12i64, 0..8);
    let opened = prop::collection::btree_map(
        -12..12i64,
        prop::option::of(prop::collection::vec(window(), 1..3)),
        0..4,
    );
    (prop::sample::select(PLACES.to_vec()), week, closed, opened).prop_map(
        |((zone, around), mut week, closed, opened)| {
            let zone: Zone = zone.parse().unwrap();
            let around: NaiveDate = around.parse().unwrap();
            if week.iter().all(Vec::is_empty) {
                week[2] = vec!["09:00-17:00".parse().unwrap()];
            }
            let date = |n: i64| {
                around.checked_sub_days(Days::new(12)).unwrap()
                    + Days::new(u64::try_from(n + 12).unwrap())
            };
            let mut days = DayTable::plain("world");
            days.closed = closed
                .into_iter()
                .map(|n| (date(n), "holiday".to_owned()))
                .collect();
            let opening = |(n, windows)| {
                (
                    date(n),
                    Opened {
                        name: "make-up".to_owned(),
                        windows,
                    },
                )
            };
            days.opened = opened.into_iter().map(opening).collect::<BTreeMap<_, _>>();
            let calendar = Calendar::new(zone, Hours::new(week.clone()), &days).unwrap();
            World {
                zone,
                around,
                week,
                days,
                calendar,
            }
        },
    )
}
