//! The tests of the packs that the tool carries along.

macro_rules! files {
    ($pack:literal: $($file:literal),+) => {
        &[$(($file, include_str!(concat!("../../../rules/", $pack, "/cases/", $file)))),+]
    };
}

/// Name and text of each test file of a pack that the tool carries along; none, if there is no such pack.
pub fn of(pack: &str) -> &'static [(&'static str, &'static str)] {
    match pack {
        "hainan-board" => {
            files!("hainan-board": "01-dates.jsonl", "02-gates.jsonl", "03-ladders.jsonl", "04-numbers.jsonl")
        }
        "hainan-board-guide-county" => files!("hainan-board-guide-county": "01-numbers.jsonl"),
        "hotline-12345" => files!("hotline-12345": "01-numbers.jsonl", "02-doors.jsonl"),
        "hotline-12345-shandong" => files!("hotline-12345-shandong": "01-numbers.jsonl"),
        "hotline-12345-same-day" => files!("hotline-12345-same-day": "01-numbers.jsonl"),
        _ => &[],
    }
}
