//! The decision as one would write it in Rust, over the codes of a row.

use duly::plan::Row;

use super::{fact, packed};

#[inline]
pub fn decide(row: &Row) -> u32 {
    packed(days(row), to(row), met(row))
}

fn days(row: &Row) -> u32 {
    let heat = row.code(fact::HEAT);
    let level = || row.code(fact::LEVEL);
    let channel = || row.code(fact::CHANNEL);
    let extensions = || row.code(fact::EXTENSIONS);
    match row.code(fact::KIND) {
        0 if heat >= 1_000 => 1,
        0 if channel() == 3 => 2,
        0 => 3,
        1 if heat >= 100 || level() == 3 => 2,
        1 => 3,
        2 if heat >= 1_000 => 3,
        2 if heat >= 100 => 5,
        2 if extensions() >= 1 => 15,
        2 => 10,
        3 if heat >= 100 => 5,
        3 => match level() {
            0 => 10,
            1 => 7,
            _ => 5,
        },
        4 if channel() == 1 => 1,
        4 if heat >= 100 => 2,
        4 => 3,
        5 => match extensions() {
            2.. => 20,
            1 if level() != 2 => 15,
            _ => 10,
        },
        6 if heat >= 1_000 => 10,
        6 if extensions() >= 1 => 30,
        6 if level() == 0 => 20,
        6 => 15,
        _ => 3,
    }
}

fn to(row: &Row) -> u32 {
    let (pct, returns, heat) = (
        row.code(fact::PCT),
        row.code(fact::RETURNS),
        row.code(fact::HEAT),
    );
    if pct >= 150 || returns >= 3 {
        4
    } else if pct >= 120 || returns >= 2 || (pct >= 100 && heat >= 1_000) {
        3
    } else if pct >= 100 || (pct >= 80 && heat >= 100) {
        2
    } else if pct >= 80 || returns >= 1 || (pct >= 50 && heat >= 100) {
        1
    } else {
        0
    }
}

fn met(row: &Row) -> [bool; 3] {
    let yes = |fact: usize| row.code(fact) != 0;
    let rating = row.code(fact::RATING);
    [
        yes(fact::CONTACTED)
            && yes(fact::HAS_CONTACT)
            && (yes(fact::VISITED) || row.code(fact::CHANNEL) == 1),
        !((yes(fact::VAGUE) && !yes(fact::DATED))
            || !(yes(fact::EXPLAINS) || (yes(fact::HAS_ACTION) && yes(fact::HAS_PERSON)))),
        rating == 1 || (yes(fact::RECHECKED) && (rating != 2 || yes(fact::EXPLAINS))),
    ]
}
