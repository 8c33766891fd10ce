//! Whatever is done to a pack, loading it ends, and comes to a plan or to an error.

use std::sync::OnceLock;

use duly::script::{Options, check, hainan_board};
use proptest::prelude::*;

use crate::tries::config;

/// The shipped pack, and every hostile one of a size that people write.
fn packs() -> &'static [Vec<String>] {
    static PACKS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let hostile = super::packs()
            .into_values()
            .filter(|text| text.len() < 3_000);
        let texts = hostile.map(|text| String::from_utf8_lossy(&text).into_owned());
        // The shipped pack has its turn as often as all others.
        let mut packs: Vec<String> = texts.collect();
        packs.extend(std::iter::repeat_n(hainan_board().to_owned(), packs.len()));
        packs.iter().map(|text| tokens(text)).collect()
    })
}

/// Words, numbers, and every other character by itself: good enough to tear a text apart.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut inside = false;
    for c in text.chars() {
        let word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if word && inside => last.push(c),
            _ => tokens.push(c.into()),
        }
        inside = word;
    }
    tokens
}

#[derive(Debug, Clone)]
enum Change {
    Delete(usize),
    Duplicate(usize),
    Swap(usize, usize),
    Insert(usize, String),
    Truncate(usize),
    Copy(usize, usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<usize>;
    let words = prop_oneof![
        "[(){}\\[\\];,.|&!=\"'`#$\\\\]{1,3}",
        Just("/*".to_owned()),
        Just("*/".to_owned()),
        Just("while true {".to_owned()),
        Just("|m| ".to_owned()),
        Just("fn f() {".to_owned()),
        Just("switch m.kind {".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("-".to_owned()),
        Just("m.heat".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\0".to_owned()),
        Just("“".to_owned()),
    ];
    prop_oneof![
        at().prop_map(Change::Delete),
        at().prop_map(Change::Duplicate),
        (at(), at()).prop_map(|(a, b)| Change::Swap(a, b)),
        (at(), words).prop_map(|(a, word)| Change::Insert(a, word)),
        at().prop_map(Change::Truncate),
        (at(), at(), 1_usize..40).prop_map(|(a, b, n)| Change::Copy(a, b, n)),
    ]
}

fn changed(tokens: &[String], changes: &[Change]) -> String {
    let mut tokens = tokens.to_vec();
    for change in changes {
        let length = tokens.len();
        if length == 0 {
            break;
        }
        match change {
            Change::Delete(at) => drop(tokens.remove(at % length)),
            Change::Duplicate(at) => tokens.insert(at % length, tokens[at % length].clone()),
            Change::Swap(a, b) => tokens.swap(a % length, b % length),
            Change::Insert(at, word) => tokens.insert(at % length, word.clone()),
            // Half of a pack is left, so that most of it still has something to say.
            Change::Truncate(at) => tokens.truncate(length / 2 + at % (length / 2 + 1)),
            Change::Copy(from, to, n) => {
                let from = from % length;
                let piece = tokens[from..(from + n).min(length)].to_vec();
                let to = to % length;
                tokens.splice(to..to, piece);
            }
        }
    }
    tokens.concat()
}

proptest! {
    #![proptest_config(config(300))]

    /// Deleting, inserting, doubling, swapping and copying tokens, and breaking off: a plan or an error, every time, and the same the
    /// second time. Nothing panics, and nothing goes on for ever.
    #[test]
    fn no_change_to_a_pack_brings_the_loader_down(pack in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let text = changed(&packs()[pack.index(packs().len())], &changes);
        let mut options = Options::default();
        options.paths = 2_000;
        options.operations = 200_000;
        let (plan, findings) = check("pack.rhai", &text, &options);
        prop_assert_eq!(plan.is_none(), findings.has_errors());
        for finding in &findings.all {
            // Every error has a place in the text, and can be shown.
            let lines = text.lines().count().max(1);
            prop_assert!(finding.line <= lines + 1, "{}", finding);
        }
        let again = check("pack.rhai", &text, &options).1;
        prop_assert_eq!(findings.to_string(), again.to_string());
    }
}
