//! The mistakes that a clerk makes, seeded into the shipped pack: each is shown at its place, and says what to do.
//!
//! `mistakes.jsonl` has one a line: what is replaced by what, with `¦` before the place that must be shown.

use std::collections::BTreeSet;
use std::fmt::Write;

use duly::script::{Finding, Findings, Options, Severity, check, hainan_board};
use duly::words::Lang;
use serde::Deserialize;

use super::said_in_chinese;

#[derive(Deserialize)]
struct Mistake {
    what: String,
    code: String,
    replace: String,
    by: String,
    /// Found once everything else is in order, when the plan as a whole is looked at.
    #[serde(default)]
    late: bool,
}

fn mistakes() -> Vec<Mistake> {
    let lines = include_str!("mistakes.jsonl").lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Line, column, code.
type Place = (usize, usize, String);

/// The pack with these mistakes, and where each of them stands in it.
fn seeded(mistakes: &[&Mistake]) -> (String, BTreeSet<Place>) {
    let pack = hainan_board();
    let mut edits: Vec<(usize, &Mistake)> = mistakes
        .iter()
        .map(|mistake| {
            let found: Vec<usize> = pack
                .match_indices(&mistake.replace)
                .map(|it| it.0)
                .collect();
            assert_eq!(found.len(), 1, "{} stands elsewhere now", mistake.what);
            (found[0], *mistake)
        })
        .collect();
    edits.sort_by_key(|(at, _)| *at);
    let (mut text, mut places, mut from) = (String::new(), BTreeSet::new(), 0);
    for (at, mistake) in edits {
        assert!(from <= at, "{} stands within another", mistake.what);
        text.push_str(&pack[from..at]);
        for (number, piece) in mistake.by.split('¦').enumerate() {
            if number > 0 {
                let line = text.matches('\n').count() + 1;
                let column = text.rsplit('\n').next().unwrap().chars().count() + 1;
                places.insert((line, column, mistake.code.clone()));
            }
            text.push_str(piece);
        }
        from = at + mistake.replace.len();
    }
    text.push_str(&pack[from..]);
    (text, places)
}

fn errors(text: &str) -> Findings {
    let (plan, mut findings) = check("pack.rhai", text, &Options::default());
    findings.all.retain(|one| one.severity == Severity::Error);
    assert_eq!(plan.is_none(), findings.has_errors());
    findings
}

fn places(findings: &Findings) -> BTreeSet<Place> {
    let place = |one: &Finding| (one.line, one.column, one.code.to_owned());
    findings.all.iter().map(place).collect()
}

/// A mistake brings nothing along: what depends on it is not blamed.
#[test]
fn each_mistake_is_shown_at_its_place_and_nothing_else_is() {
    let mut odd = String::new();
    for mistake in &mistakes() {
        let (text, wanted) = seeded(&[mistake]);
        let found = errors(&text);
        said_in_chinese(&found);
        if places(&found) != wanted || found.all.len() != wanted.len() {
            writeln!(odd, "{}: wanted {wanted:?}\n{found}\n", mistake.what).unwrap();
        }
    }
    assert!(odd.is_empty(), "{odd}");
    assert!(mistakes().len() >= 40);
}

/// One mistake hides no other, not even where the text cannot be read. Only what the plan as a whole shows comes afterwards.
#[test]
fn all_mistakes_at_once_are_each_shown_at_their_places() {
    let all = mistakes();
    let (late, at_once): (Vec<&Mistake>, Vec<&Mistake>) = all.iter().partition(|one| one.late);
    for together in [at_once, late] {
        let (text, wanted) = seeded(&together);
        let found = errors(&text);
        assert_eq!(places(&found), wanted, "{found}");
    }
}

/// Carets are counted in cells: a character of Chinese takes two, before them and under them.
#[test]
fn carets_stand_under_the_mistake_in_both_languages() {
    let cells = unicode_width::UnicodeWidthStr::width;
    for mistake in &mistakes() {
        let (text, _) = seeded(&[mistake]);
        for one in &errors(&text).all {
            for lang in [Lang::Zh, Lang::En] {
                let shown = one.in_words(lang).to_string();
                let lines: Vec<&str> = shown.lines().collect();
                let [source, carets] =
                    [lines[3], lines[4]].map(|line| line.split_once("| ").unwrap().1);
                let before: String = one.source_line.chars().take(one.column - 1).collect();
                let under: String = one
                    .source_line
                    .chars()
                    .skip(one.column - 1)
                    .take(one.width)
                    .collect();
                // A long line is cut at its beginning.
                let from = source.rfind(&under).filter(|_| source.starts_with('…'));
                let indent = from.map_or(cells(before.as_str()), |at| cells(&source[..at]));
                assert!(
                    source.starts_with('…') || source.starts_with(&before),
                    "{shown}"
                );
                assert_eq!(carets.find('^'), Some(indent), "{}\n{shown}", mistake.what);
                assert_eq!(
                    carets.matches('^').count(),
                    cells(under.as_str()).max(1),
                    "{shown}"
                );
            }
        }
    }
}

/// Every message as its reader sees it.
#[test]
fn what_is_said_of_each_mistake() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut told = String::new();
        for mistake in &mistakes() {
            let (text, _) = seeded(&[mistake]);
            writeln!(told, "# {}", mistake.what).unwrap();
            for one in &errors(&text).all {
                writeln!(told, "{}", one.in_words(lang)).unwrap();
            }
            told.push('\n');
        }
        insta::assert_snapshot!(format!("mistakes_{name}"), told);
    }
}
