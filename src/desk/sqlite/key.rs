//! Keys of chains as they stand in the file, and what they are called.

use std::borrow::Cow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Result, ToSql};

/// Stands in the name of every key that is no text, and in no id: those hold no control character.
const MARK: &str = "\u{10ffff}\u{7f}";

/// A key as it is looked for: the bytes of what is called so.
pub(super) struct Key<'a>(Cow<'a, [u8]>);

impl Key<'_> {
    pub(super) fn called(name: &str) -> Key<'_> {
        let its_own = || Cow::Borrowed(name.as_bytes());
        Key(no_text(name).map_or_else(its_own, Cow::Owned))
    }
}

impl ToSql for Key<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(&self.0)))
    }
}

/// What a key is called: itself. A damaged file may hold one that is no UTF-8, which must stop no other chain: its name is no id, stands among the others
/// where the key stands, so that whoever goes on from it passes nothing over, and leads back to it.
pub(super) fn name(key: &[u8]) -> String {
    let reads = match str::from_utf8(key) {
        Ok(text) => return text.to_owned(),
        Err(error) => error.valid_up_to(),
    };
    let (reads, rest) = key.split_at(reads);
    let mut name = String::from_utf8_lossy(reads).into_owned();
    name.push(last_before(rest));
    name.push_str(MARK);
    name.extend(rest.iter().map(|byte| format!("{byte:02x}")));
    name
}

/// The key that is no text, by its name; none, where that is the name of one that is.
fn no_text(called: &str) -> Option<Vec<u8>> {
    let (reads, digits) = called.rsplit_once(MARK)?;
    let mut reads = reads.chars();
    reads.next_back()?;
    let mut key = reads.as_str().as_bytes().to_vec();
    for at in (0..digits.len()).step_by(2) {
        let byte = digits.get(at..at + 2)?;
        key.push(u8::from_str_radix(byte, 16).ok()?);
    }
    (name(&key) == called).then_some(key)
}

/// The last character that comes before bytes which begin with none, but for that of the mark.
fn last_before(bytes: &[u8]) -> char {
    // Of the numbers that are no characters, the next that is one.
    let at = |number| char::from_u32(number).unwrap_or('\u{e000}');
    let (mut last, mut beyond) = (0, u32::from(char::MAX));
    while beyond - last > 1 {
        let middle = u32::midpoint(last, beyond);
        match at(middle).encode_utf8(&mut [0; 4]).as_bytes() < bytes {
            true => last = middle,
            false => beyond = middle,
        }
    }
    at(last)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    // Whatever its bytes are, a key's name stands among the names of others where the key stands among them, and leads back to it.
    #[test]
    fn names_stand_where_their_keys_stand() {
        let bytes = [
            0x00, 0x32, 0x7f, 0x80, 0x8f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe4, 0xed, 0xef,
            0xf0, 0xf4, 0xf5, 0xff,
        ];
        let texts = [
            "m",
            "m\u{d7ff}",
            "m\u{e000}",
            "m中",
            "m\u{fffd}",
            "m\u{10000}",
            "m𠀀",
        ];
        let mut keys: BTreeSet<Vec<u8>> =
            texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        for first in bytes {
            keys.insert(vec![b'm', first]);
            for second in bytes {
                keys.insert(vec![b'm', first, second]);
                for third in bytes {
                    keys.insert(vec![b'm', first, second, third]);
                }
            }
        }
        let names: Vec<String> = keys.iter().map(|key| name(key)).collect();
        assert!(names.is_sorted_by(|one, next| one < next));
        for (key, name) in keys.iter().zip(&names) {
            assert_eq!(Key::called(name).0, key.as_slice(), "{name:?}");
        }
    }
}
