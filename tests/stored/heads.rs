//! The bytes of heads. They are a cache and need no evolution, as long as nobody changes them without a new number: then a ledger takes a head of
//! the old layout, or of an old reading of the records, for one of the new.

use std::fs;

use duly::case::Case;
use duly::desk::shape::{SHAPE, pack, unpack};
use duly::duty::Duty;

use crate::ledger::{folded, stored};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The heads that the records of a ledger give: the records never change, so only layout and reading can.
fn heads() -> String {
    let (cases, duties) = folded();
    let cases = cases.iter().map(|it| (it.id().to_string(), pack(it)));
    let duties = duties.iter().map(|it| (it.id().to_string(), pack(it)));
    let lines = cases
        .chain(duties)
        .map(|(id, bytes)| format!("{id} {}\n", hex(&bytes.unwrap())));
    lines.collect()
}

// Whoever changes what a head holds, in which order, or what `evolve` makes of a record, is told to raise the number. Ledgers then rebuild their heads
// from the records, and nothing has to be migrated.
#[test]
fn a_head_of_another_layout_or_reading_has_another_number() {
    let path = stored(&format!("heads-shape-{SHAPE}.txt"));
    let now = heads();
    if !path.exists() && std::env::var_os("DULY_NEW_SHAPE").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let Ok(pinned) = fs::read_to_string(&path) else {
        panic!(
            "nothing is pinned for shape {SHAPE}: with DULY_NEW_SHAPE=1 this test writes {}",
            path.display()
        );
    };
    let differ: Vec<&str> = now
        .lines()
        .zip(pinned.lines())
        .filter(|(now, pinned)| now != pinned)
        .filter_map(|(now, _)| now.split(' ').next())
        .collect();
    assert!(
        now == pinned,
        "the heads of {differ:?} are not the bytes that shape {SHAPE} has: the layout of a head, or what `evolve` makes of a record, has changed. \
         Raise SHAPE in src/desk/shape to a number that no file here has, and run this test once with DULY_NEW_SHAPE=1"
    );
}

// The same without a number to raise: what another layout wrote is not taken, by the names that stand in it.
#[test]
fn a_layout_is_noticed_by_its_names() {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Stand<T> {
        unit: String,
        since: T,
        how: How,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum How {
        Well,
        Badly { by: u32 },
    }
    let stand = Stand {
        unit: "住建局".to_owned(),
        since: Some(3u64),
        how: How::Badly { by: 4 },
    };
    let bytes = pack(&stand).unwrap();
    assert_eq!(
        unpack::<Stand<Option<u64>>>(&bytes).unwrap().as_ref(),
        Some(&stand)
    );

    // Fields in another order, under another name, of another kind, one more, one fewer; a variant in another place or under another name.
    #[allow(dead_code, reason = "only the layouts matter")]
    mod other {
        macro_rules! other {
            ($($module:ident { $($rest:tt)* } { $($how:tt)* })+) => {
                $(pub mod $module {
                    use serde::{Deserialize, Serialize};
                    #[derive(Debug, Serialize, Deserialize)]
                    pub struct Stand { $($rest)* }
                    #[derive(Debug, Serialize, Deserialize)]
                    pub enum How { $($how)* }
                })+
            };
        }
        other! {
            same { pub unit: String, pub since: Option<u64>, pub how: How } { Well, Badly { by: u32 } }
            order { pub since: Option<u64>, pub unit: String, pub how: How } { Well, Badly { by: u32 } }
            name { pub unit: String, pub until: Option<u64>, pub how: How } { Well, Badly { by: u32 } }
            kind { pub unit: String, pub since: u64, pub how: How } { Well, Badly { by: u32 } }
            sign { pub unit: String, pub since: Option<i64>, pub how: How } { Well, Badly { by: u32 } }
            more { pub unit: String, pub since: Option<u64>, pub how: How, pub told: bool } { Well, Badly { by: u32 } }
            fewer { pub unit: String, pub since: Option<u64> } { Well, Badly { by: u32 } }
            place { pub unit: String, pub since: Option<u64>, pub how: How } { Badly { by: u32 }, Well }
            called { pub unit: String, pub since: Option<u64>, pub how: How } { Well, Poorly { by: u32 } }
            inside { pub unit: String, pub since: Option<u64>, pub how: How } { Well, Badly { much: u32 } }
        }
    }
    macro_rules! not_taken {
        ($($module:ident)+) => {
            $(assert!(unpack::<other::$module::Stand>(&bytes).unwrap().is_none(), stringify!($module));)+
        };
    }
    assert!(unpack::<other::same::Stand>(&bytes).unwrap().is_some());
    not_taken! { order name kind sign more fewer place called inside }
}

// Bytes of a number that this build does not write are not read at all, nor is JSON, which is how heads were kept before.
#[test]
fn a_head_of_another_number_is_rebuilt() {
    let (cases, duties) = folded();
    let (case, duty) = (&cases[0], &duties[0]);
    let mut bytes = pack(case).unwrap();
    assert_eq!(unpack::<Case>(&bytes).unwrap().as_ref(), Some(case));
    assert_eq!(
        unpack::<Duty>(&pack(duty).unwrap()).unwrap().as_ref(),
        Some(duty)
    );
    assert!(
        unpack::<Duty>(&bytes).unwrap().is_none(),
        "a case is no obligation"
    );
    bytes[0] = SHAPE + 1;
    assert!(unpack::<Case>(&bytes).unwrap().is_none());
    let json = serde_json::to_vec(case).unwrap();
    assert!(unpack::<Case>(&json).unwrap().is_none());
    assert!(unpack::<Case>(&[]).unwrap().is_none());
}

/// The sum in front of a head, made right again.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut sum = 0u64;
    let mut mix = |word: u64| {
        sum = (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    };
    let body = &bytes[5..];
    let whole = body.len() / 8 * 8;
    let word = |part: &[u8]| {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        u64::from_le_bytes(word)
    };
    body[..whole].chunks(8).for_each(|part| mix(word(part)));
    mix(word(&body[whole..]));
    mix(body.len() as u64);
    bytes[1..5].copy_from_slice(&((sum >> 32) as u32).to_le_bytes());
    bytes
}

// Bytes that somebody made up, with a right sum, are a head or none: nothing panics, nothing is read without end, and no length is believed.
#[test]
fn made_up_heads_end_nothing() {
    let (cases, _) = folded();
    let mut taken = 0;
    for case in &cases {
        let whole = pack(case).unwrap();
        assert_eq!(summed(whole.clone()), whole);
        for at in 9..whole.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff, whole[at] ^ 0x04] {
                let mut other = whole.clone();
                other[at] = byte;
                taken += usize::from(unpack::<Case>(&summed(other)).unwrap().is_some());
            }
            let cut = summed(whole[..at].to_vec());
            assert!(unpack::<Case>(&cut).unwrap().is_none());
        }
        let endless = [&whole[..9], &[0xff; 64][..]].concat();
        assert!(unpack::<Case>(&summed(endless)).unwrap().is_none());
    }
    // A digit may be another digit: only the sum and the records tell.
    assert!(taken > 0);
}
