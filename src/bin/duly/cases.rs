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
        "petition" => files!("petition": "01-numbers.jsonl", "02-levels.jsonl"),
        "disclosure" => files!("disclosure": "01-numbers.jsonl", "02-doors.jsonl"),
        "poverty-watch" => {
            files!("poverty-watch": "01-lines.jsonl", "02-visits.jsonl", "03-office.jsonl")
        }
        "newborn" => files!("newborn": "01-numbers.jsonl", "02-parts.jsonl", "03-doors.jsonl"),
        "uk-foi" => files!("uk-foi": "01-law.jsonl", "02-office.jsonl"),
        "uk-housing-complaint" => files!("uk-housing-complaint": "01-code.jsonl", "02-ours.jsonl"),
        "us-foia" => files!("us-foia": "01-statute.jsonl", "02-ours.jsonl"),
        "kr-minwon" => files!("kr-minwon": "01-law.jsonl", "02-ours.jsonl"),
        _ => &[],
    }
}
