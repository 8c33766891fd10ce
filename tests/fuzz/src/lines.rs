//! Changes lines of JSON in ways that leave most of them readable: bytes changed at random hardly ever do, and what cannot be read never
//! gets past the reader.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Number, Value};

use crate::dice::Dice;

/// Changes the input in place, by one line or by one value in a line; one time in four the fuzzer's own way. Gives its new length.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(seed);
    let text = std::str::from_utf8(data.get(..size).unwrap_or_default());
    let mut lines: Vec<String> = match text {
        Ok(text) if dice.roll(4) > 0 => text.lines().map(str::to_owned).collect(),
        _ => return fuzzer_mutate(data, size, max_size),
    };
    for _ in 0..=dice.roll(3) {
        change(&mut lines, &mut dice);
    }
    let made = lines.join("\n");
    match data.get_mut(..made.len()) {
        Some(room) if made.len() <= max_size => {
            room.copy_from_slice(made.as_bytes());
            made.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

fn change(lines: &mut Vec<String>, dice: &mut Dice) {
    if lines.is_empty() {
        return;
    }
    let (at, other) = (dice.roll(lines.len()), dice.roll(lines.len()));
    match dice.roll(8) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(other, lines[at].clone()),
        2 => lines.swap(at, other),
        // Its own line with a part of another's: another person, another moment, another command.
        3 | 4 => {
            let (Some(mut own), Some(its)) = (value(&lines[at]), value(&lines[other])) else {
                return;
            };
            if let (Value::Object(own), Value::Object(its)) = (&mut own, &its)
                && let Some((name, part)) = its.iter().nth(dice.roll(its.len()))
            {
                own.insert(name.clone(), part.clone());
            }
            lines[at] = own.to_string();
        }
        _ => {
            let Some(mut own) = value(&lines[at]) else {
                return;
            };
            let donor = value(&lines[other]).and_then(|its| leaf(&its, dice));
            turn(&mut own, dice, donor);
            lines[at] = own.to_string();
        }
    }
}

fn value(line: &str) -> Option<Value> {
    serde_json::from_str(line).ok()
}

/// Any value within a value.
fn leaf(of: &Value, dice: &mut Dice) -> Option<Value> {
    let within = match of {
        Value::Object(map) => map.values().nth(dice.roll(map.len())),
        Value::Array(list) => list.get(dice.roll(list.len())),
        _ => None,
    };
    match within {
        Some(part) if dice.roll(4) > 0 => leaf(part, dice),
        Some(part) => Some(part.clone()),
        None => Some(of.clone()),
    }
}

/// Changes some value within.
fn turn(of: &mut Value, dice: &mut Dice, donor: Option<Value>) {
    match of {
        Value::Object(map) if !map.is_empty() => {
            let name = map.keys().nth(dice.roll(map.len())).cloned();
            let Some(name) = name else { return };
            if dice.roll(12) == 0 {
                map.remove(&name);
            } else if let Some(part) = map.get_mut(&name) {
                turn(part, dice, donor);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let at = dice.roll(list.len());
            match dice.roll(6) {
                0 => drop(list.remove(at)),
                1 => list.push(list[at].clone()),
                _ => turn(&mut list[at], dice, donor),
            }
        }
        _ if dice.roll(3) == 0 => *of = donor.unwrap_or(Value::Null),
        Value::Bool(is) => *is = !*is,
        Value::Number(number) => {
            let from = number.as_i64().unwrap_or(0);
            let steps = [1, -1, 7, 60, 3_600, 86_400, -86_400, 1 << 31, i64::MAX];
            let by = steps[dice.roll(steps.len())];
            *number = Number::from(from.wrapping_add(by));
        }
        Value::String(text) => *text = written(text, dice),
        _ => *of = donor.unwrap_or(Value::Null),
    }
}

/// Another text: one digit or letter of it changed, which is another date, another moment, another name.
fn written(text: &str, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let numbers: Vec<usize> = (0..chars.len())
        .filter(|at| chars[*at].is_ascii_digit())
        .collect();
    if !numbers.is_empty() && dice.roll(4) > 0 {
        let at = numbers[dice.roll(numbers.len())];
        chars[at] = char::from(b'0' + dice.roll(10) as u8);
    } else if chars.is_empty() || dice.roll(4) == 0 {
        chars.push(['a', '1', '路', ' ', '/'][dice.roll(5)]);
    } else {
        let at = dice.roll(chars.len());
        chars.remove(at);
    }
    chars.into_iter().collect()
}
