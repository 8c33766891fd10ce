//! What is stored for ever is read for ever, and may have been altered in between: lines of chains, in one of which an input is some, or
//! a head, which begins with a byte that no line does.
//!
//! Promised, of any bytes: reading them is an error or a value; what was read is written in one form, which reads as the same and is
//! written in the same bytes; the hash that a line is sealed with is over its bytes, so that it holds and no other line does. A record that
//! is put after others makes a case, or is told to be corrupt. A head is read as the state that it was, or made anew.
//!
//! `tests/stored` holds the lines of the past against their bytes. They are the seeds here.
#![no_main]

use duly::case::{Case, evolve, outcomes};
use duly::desk::shape::{pack, unpack};
use duly::desk::{Answer, DutyAnswer, Flaw, Hash, Line, Sealed};
use duly::duty::{self, Duty, DutyOutgoing, DutyRecord};
use duly::words::{BoardId, Outgoing, Record};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use serde::Serialize;
use serde::de::DeserializeOwned;

const PREV: Hash = Hash::new([7; 32]);
/// Lines of one input.
const LINES: usize = 32;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    duly_fuzz::mutate_lines(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    duly_fuzz::within(64, || {
        if data.first() == Some(&duly::desk::shape::SHAPE) {
            let data = summed(data);
            head::<Case>(&data);
            head::<Duty>(&data);
        } else {
            lines(data);
        }
    });
    Corpus::Keep
});

fn lines(data: &[u8]) {
    let board: BoardId = "board".parse().unwrap();
    let (mut case, mut duty): (Option<Case>, Option<Duty>) = (None, None);
    let (mut records, mut duties) = (Vec::new(), Vec::new());
    for line in data.split(|byte| *byte == b'\n').take(LINES) {
        if let Some(record) = sealed::<Record>(line) {
            match evolve(case.clone(), &record) {
                Ok(next) => {
                    kept(&next);
                    let _ = next.next_alarm();
                    case = Some(next);
                    records.push(record);
                }
                Err(corrupt) => assert!(!corrupt.to_string().is_empty()),
            }
        }
        if let Some(record) = sealed::<DutyRecord>(line) {
            match duty::evolve(&board, duty.clone(), &record) {
                Ok(next) => {
                    kept(&next);
                    let _ = next.next_alarm();
                    duty = Some(next);
                    duties.push(record);
                }
                Err(corrupt) => assert!(!corrupt.to_string().is_empty()),
            }
        }
        written::<Answer>(line);
        written::<DutyAnswer>(line);
        written::<Outgoing>(line);
        written::<DutyOutgoing>(line);
    }
    // What came to a state tells what became of each step.
    outcomes(&records).unwrap();
    duty::outcomes(&board, &duties).unwrap();
}

/// A line under its own hash is read, or told to be unreadable; under another it is not the one that was sealed.
fn sealed<R: Line + Clone + std::fmt::Debug>(line: &[u8]) -> Option<R> {
    let hash = Hash::of(&[PREV.bytes().as_slice(), line].concat());
    let read = match Sealed::<R>::read(line, PREV, hash) {
        Ok(read) => read,
        Err(Flaw::Unreadable { said }) => {
            assert!(!said.is_empty());
            return None;
        }
        Err(flaw) => panic!("{flaw}"),
    };
    assert!(matches!(
        Sealed::<R>::read(line, PREV, PREV),
        Err(Flaw::Hash)
    ));
    let text = read.line().unwrap();
    // Only the line as this library writes it holds.
    assert_eq!(read.holds(), text.as_bytes() == line, "{text}");
    // A number beyond what canonical JSON tells apart is refused before it is sealed.
    let again = match Sealed::seal(PREV, read.record.clone()) {
        Ok(again) => again,
        Err(error) => {
            assert!(error.is_misuse(), "{error}");
            return Some(read.record);
        }
    };
    assert!(again.holds());
    assert_eq!(again.line().unwrap(), text);
    let back = Sealed::<R>::read(text.as_bytes(), PREV, again.hash).unwrap();
    assert!(back.record == again.record, "{text}");
    Some(read.record)
}

/// What is written of a value that was read is read as the same.
fn written<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(line: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(line) else {
        return;
    };
    let text = serde_json::to_string(&value).unwrap();
    let back: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(back, value);
}

/// A state is read back from the head that is kept of it.
fn kept<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(state: &T) {
    let bytes = pack(state).unwrap();
    assert_eq!(unpack::<T>(&bytes).unwrap().as_ref(), Some(state));
}

/// Bytes that say to be a head are one, are of another shape, or are damaged.
fn head<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    match unpack::<T>(bytes) {
        Ok(Some(state)) => kept(&state),
        Ok(None) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The head with the right sum in it, as `duly::desk::shape` takes it: a fuzzer would not come upon it, and what lies behind would never be
/// read.
fn summed(head: &[u8]) -> Vec<u8> {
    let mut head = head.to_vec();
    let Some((front, rest)) = head.split_at_mut_checked(5) else {
        return head;
    };
    let mix = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, last) = rest.as_chunks::<8>();
    let sum = words
        .iter()
        .fold(0, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let mut end = [0; 8];
    end[..last.len()].copy_from_slice(last);
    let sum = mix(mix(sum, u64::from_le_bytes(end)), rest.len() as u64);
    front[1..].copy_from_slice(&((sum >> 32) as u32).to_le_bytes());
    head
}
