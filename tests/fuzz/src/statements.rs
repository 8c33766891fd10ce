//! Changes packs by statements and by words: most bytes changed at random are mistakes of spelling, which the loader finds before it reads on.

use std::sync::LazyLock;

use libfuzzer_sys::fuzzer_mutate;

use crate::dice::Dice;

/// Statements of the packs that come with the library.
static SHIPPED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let packs = duly::script::SHIPPED.into_iter();
    let sources = packs.filter_map(duly::script::shipped);
    sources.flat_map(statements).collect()
});

/// What ends in `;` at the end of a line, with the lines before it.
fn statements(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if let Some(last) = all.last_mut() {
            last.push_str(line);
        }
        if line.trim_end().ends_with(';') {
            all.push(String::new());
        }
    }
    all
}

/// Names, numbers, texts in quotes, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let end = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |at| at + 2),
            _ if word(first) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (one, others) = rest.split_at(end);
        all.push(one);
        rest = others;
    }
    all
}

/// Changes the input in place, by one statement or by some words of one; one time in three the fuzzer's own way. Gives its new length.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(seed);
    let text = std::str::from_utf8(data.get(..size).unwrap_or_default());
    let mut all = match text {
        Ok(text) if dice.roll(3) > 0 => statements(text),
        _ => return fuzzer_mutate(data, size, max_size),
    };
    let (at, other) = (dice.roll(all.len()), dice.roll(all.len()));
    match dice.roll(6) {
        0 => drop(all.remove(at)),
        1 => all.swap(at, other),
        2 => all.insert(at, SHIPPED[dice.roll(SHIPPED.len())].clone()),
        _ => {
            let donor = match dice.roll(2) {
                0 => all[other].clone(),
                _ => SHIPPED[dice.roll(SHIPPED.len())].clone(),
            };
            all[at] = turned(&all[at], &donor, &mut dice);
        }
    }
    let made = all.concat();
    match data.get_mut(..made.len()) {
        Some(room) if made.len() <= max_size => {
            room.copy_from_slice(made.as_bytes());
            made.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

/// The statement with a word for another of its kind, or a call for another.
fn turned(statement: &str, donor: &str, dice: &mut Dice) -> String {
    let kind = |word: &str| match word.chars().next() {
        Some('"') => 0,
        Some(c) if c.is_ascii_digit() => 1,
        Some(c) if c.is_alphabetic() => 2,
        _ => 3,
    };
    let mut own: Vec<String> = words(statement).into_iter().map(str::to_owned).collect();
    let at = dice.roll(own.len());
    let Some(word) = own.get(at).cloned() else {
        return donor.to_owned();
    };
    let alike: Vec<&str> = words(donor)
        .into_iter()
        .filter(|other| kind(other) == kind(&word))
        .collect();
    match dice.roll(5) {
        0 => drop(own.remove(at)),
        1 => own.insert(at, word),
        2 if kind(&word) == 1 => own[at] = ["0", "1", "30", "9999999"][dice.roll(4)].to_owned(),
        // From a dot on to the end of a line: some words of the language more.
        3 => {
            let calls: Vec<&str> = donor
                .match_indices('.')
                .map(|(at, _)| &donor[at..])
                .collect();
            let call = calls.get(dice.roll(calls.len()));
            let call = call.and_then(|call| call.split_inclusive(')').next());
            own.insert(at, call.unwrap_or_default().to_owned());
        }
        _ => {
            own[at] = alike
                .get(dice.roll(alike.len()))
                .map_or(word, |it| (*it).to_owned())
        }
    }
    own.concat()
}
