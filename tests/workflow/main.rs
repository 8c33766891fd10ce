//! The message board (领导留言板) as the prefecture runs it, a story a row: each test is named for a row of the
//! workflow, says above it what the row asks, and lives it through the public door alone, with the shipped pack and
//! the real calendar. What holds over *all* histories is a law of `tests/laws`; here stands one that people can read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod board;
mod callbacks;
mod closing;
mod handling;
mod imported;
mod intake;
mod leaders;
mod ledger;
mod limits;
mod parts;
mod parts_due;
mod practical;
mod publicly;
mod redo;
mod reviews;
mod signals;
mod supervision;
mod together;
#[path = "../tries/mod.rs"]
mod tries;
mod watch;

/// Every file of stories.
const STORIES: [&str; 18] = [
    include_str!("callbacks.rs"),
    include_str!("closing.rs"),
    include_str!("handling.rs"),
    include_str!("imported.rs"),
    include_str!("intake.rs"),
    include_str!("leaders.rs"),
    include_str!("ledger.rs"),
    include_str!("limits.rs"),
    include_str!("parts.rs"),
    include_str!("parts_due.rs"),
    include_str!("practical.rs"),
    include_str!("publicly.rs"),
    include_str!("redo.rs"),
    include_str!("reviews.rs"),
    include_str!("signals.rs"),
    include_str!("supervision.rs"),
    include_str!("together.rs"),
    include_str!("watch.rs"),
];

// The message board has twenty-six rows, practical things and early warning have theirs; each has its story, and a story is a test.
#[test]
fn every_row_has_its_story() {
    let mut told = std::collections::BTreeSet::new();
    for file in STORIES {
        let mut lines = file.lines().map(str::trim_start);
        while let Some(line) = lines.next() {
            if line != "#[test]" {
                continue;
            }
            let name = lines.next().and_then(|line| line.strip_prefix("fn "));
            let words = name.unwrap().split('_');
            told.extend(words.take_while(|word| is_row(word)).map(str::to_owned));
        }
    }
    // Of some rows there is none of that number.
    let practical = (1..=17)
        .filter(|row| *row != 8)
        .map(|row| format!("b{row:02}"));
    let warning = [1, 2, 3, 4, 5, 7, 8].map(|row| format!("c{row:02}"));
    let rows = (1..=26).map(|row| format!("a{row:02}"));
    let rows = rows.chain(practical).chain(warning);
    let missing: Vec<String> = rows.filter(|row| !told.contains(row)).collect();
    assert!(missing.is_empty(), "without a story: {missing:?}");
}

fn is_row(word: &str) -> bool {
    let number = word.strip_prefix(['a', 'b', 'c']).unwrap_or_default();
    number.len() == 2 && number.bytes().all(|it| it.is_ascii_digit())
}
