//! Canonical JSON (RFC 8785, JCS), which is what is hashed: members in the order of their names, nothing between them.
//!
//! Records hold names, texts, whole numbers and truth values. Of these plain JSON is canonical already, but for the order of members, so
//! they are put in order where they stand. Whatever else comes, a fraction, a number of more than 15 digits, a name that is written with an
//! escape, is left to `serde_json_canonicalizer`, whose text this one is always the same as.

use std::cmp::Ordering;
use std::ops::Range;

use serde::Serialize;

use super::DeskError;

/// So deep a value may be and no deeper, to be put in order here.
const DEPTH: usize = 64;

/// So many digits every whole number may have that a JSON number tells apart from all others.
const DIGITS: usize = 15;

/// Most lines are no longer than so many bytes.
const USUAL: usize = 1024;

/// A value as canonical JSON.
#[derive(Debug)]
pub(super) struct Canonical {
    pub(super) line: Vec<u8>,
    /// Every number in it is whole and small enough to be told apart from every other.
    pub(super) exact: bool,
}

/// A value as canonical JSON.
///
/// # Errors
/// When it has no such form.
pub(super) fn canonical<T: Serialize>(value: &T) -> Result<Canonical, DeskError> {
    let mut line = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut line, value).map_err(DeskError::storage)?;
    let mut plain = Plain {
        line,
        at: 0,
        members: Vec::new(),
        spare: Vec::new(),
    };
    if plain.value(DEPTH).is_some() && plain.at == plain.line.len() {
        return Ok(Canonical {
            line: plain.line,
            exact: true,
        });
    }
    Ok(Canonical {
        line: serde_json_canonicalizer::to_vec(value).map_err(DeskError::storage)?,
        exact: false,
    })
}

/// Compact JSON as `serde_json` writes it, whose members are put in order. Nothing where it holds what is left to others.
struct Plain {
    line: Vec<u8>,
    at: usize,
    /// Of the objects that are open, those of the outermost first.
    members: Vec<Member>,
    spare: Vec<u8>,
}

/// Where a member's name stands, without its quotation marks, and where the whole of it does.
struct Member {
    name: Range<usize>,
    whole: Range<usize>,
}

impl Plain {
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.line.get(self.at)? {
            b'"' => self.string().map(drop),
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.array(depth.checked_sub(1)?),
            b't' | b'n' => self.step(4),
            b'f' => self.step(5),
            _ => self.number(),
        }
    }
    fn step(&mut self, bytes: usize) -> Option<()> {
        self.at += bytes;
        Some(())
    }
    /// A string; where it stands without its quotation marks, and whether anything in it is escaped.
    fn string(&mut self) -> Option<(Range<usize>, bool)> {
        self.at += 1;
        let from = self.at;
        let mut escaped = false;
        loop {
            match self.line.get(self.at)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some((from..self.at - 1, escaped))
    }
    fn number(&mut self) -> Option<()> {
        if self.line.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        let from = self.at;
        while self.line.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        let fraction = matches!(self.line.get(self.at), Some(b'.' | b'e' | b'E'));
        ((1..=DIGITS).contains(&(self.at - from)) && !fraction).then_some(())
    }
    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        while *self.line.get(self.at)? != b']' {
            if *self.line.get(self.at)? == b',' {
                self.at += 1;
            }
            self.value(depth)?;
        }
        self.step(1)
    }
    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        let (from, first) = (self.at, self.members.len());
        let mut sorted = true;
        while *self.line.get(self.at)? != b'}' {
            if *self.line.get(self.at)? == b',' {
                self.at += 1;
            }
            let begins = self.at;
            let (name, escaped) = self.string()?;
            if escaped {
                return None;
            }
            self.at += 1;
            self.value(depth)?;
            let before = self.members.get(first..)?.last();
            if sorted && let Some(before) = before {
                sorted = self.compare(&before.name, &name)? == Ordering::Less;
            }
            self.members.push(Member {
                name,
                whole: begins..self.at,
            });
        }
        if !sorted {
            let mut members = std::mem::take(&mut self.members);
            self.sort(from, members.get_mut(first..)?)?;
            self.members = members;
        }
        self.members.truncate(first);
        self.step(1)
    }
    /// Two names by their UTF-16 code units, which is by their bytes unless one has a character above U+D7FF.
    fn compare(&self, a: &Range<usize>, b: &Range<usize>) -> Option<Ordering> {
        let (a, b) = (self.line.get(a.clone())?, self.line.get(b.clone())?);
        if a.iter().chain(b).all(|byte| *byte < 0xee) {
            return Some(a.cmp(b));
        }
        let (a, b) = (std::str::from_utf8(a).ok()?, std::str::from_utf8(b).ok()?);
        Some(a.encode_utf16().cmp(b.encode_utf16()))
    }
    fn sort(&mut self, from: usize, members: &mut [Member]) -> Option<()> {
        let mut strange = false;
        let mut twice = false;
        members.sort_by(|a, b| {
            let order = self.compare(&a.name, &b.name);
            strange |= order.is_none();
            twice |= order == Some(Ordering::Equal);
            order.unwrap_or(Ordering::Equal)
        });
        if strange || twice {
            return None;
        }
        self.spare.clear();
        self.spare.reserve(self.line.len());
        for member in members {
            if !self.spare.is_empty() {
                self.spare.push(b',');
            }
            self.spare
                .extend_from_slice(self.line.get(member.whole.clone())?);
        }
        self.line
            .get_mut(from..self.at)?
            .copy_from_slice(&self.spare);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Number, Value, json};

    use super::canonical;

    fn both(value: &Value) -> (Vec<u8>, Vec<u8>, bool) {
        let ours = canonical(value).expect("it has a form");
        let theirs = serde_json_canonicalizer::to_vec(value).expect("it has a form");
        (ours.line, theirs, ours.exact)
    }

    #[test]
    fn names_are_in_the_order_of_their_code_units_and_not_of_their_bytes() {
        // U+20000 is D840 DC00 and stands before U+F900, whose bytes come first.
        let value = json!({"\u{f900}": 1, "\u{20000}": 2, "答复": 3, "a": 4, "": 5, "A": {"z": [], "b": [{"y": 1, "x": 2}]}});
        let (ours, theirs, exact) = both(&value);
        assert_eq!(ours, theirs);
        assert!(exact);
        let text = String::from_utf8(ours).expect("it is text");
        let expected = r#"{"":5,"A":{"b":[{"x":2,"y":1}],"z":[]},"a":4,"答复":3,"𠀀":2,"豈":1}"#;
        assert_eq!(text, expected.replace('豈', "\u{f900}"));
    }

    #[test]
    fn what_is_no_whole_number_of_fifteen_digits_is_left_to_others() {
        for (value, exact) in [
            (json!(999_999_999_999_999_u64), true),
            (json!(-999_999_999_999_999_i64), true),
            (json!(1_000_000_000_000_000_u64), false),
            (json!(u64::MAX), false),
            (json!(0), true),
            (json!(0.5), false),
            (json!(-0.0), false),
            (json!(1e300), false),
            (json!({"a\"b": 1}), false),
            (json!(["a\"b\u{1}\u{7f}\u{2028}\\"]), true),
        ] {
            let (ours, theirs, is) = both(&value);
            assert_eq!(ours, theirs, "{value}");
            assert_eq!(is, exact, "{value}");
        }
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        let (ours, theirs, exact) = both(&deep);
        assert_eq!(ours, theirs);
        assert!(!exact);
    }

    /// Members as a struct may have them: in any order, which a map of this crate would put in order by itself.
    struct Members(Vec<(String, Value)>);

    impl serde::Serialize for Members {
        fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
        }
    }

    fn name() -> impl Strategy<Value = String> {
        prop_oneof!["[a-c]{0,3}", "\\PC{0,3}", any::<String>()]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|n| Value::Number(n.into())),
            (-1000i64..1000).prop_map(|n| Value::Number(n.into())),
            any::<f64>().prop_map(|n| Number::from_f64(n).map_or(Value::Null, Value::Number)),
            any::<String>().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                proptest::collection::vec((name(), inner), 0..6)
                    .prop_map(|all| Value::Object(Map::from_iter(all))),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// It is what the standard's own library writes, byte for byte, of whatever value, its members in whatever order.
        #[test]
        fn it_is_what_the_library_writes(
            mut members in proptest::collection::vec((name(), any_value()), 0..8),
        ) {
            let mut seen = std::collections::BTreeSet::new();
            members.retain(|(name, _)| seen.insert(name.clone()));
            let value = Members(members);
            let theirs = serde_json_canonicalizer::to_vec(&value).expect("it has a form");
            prop_assert_eq!(canonical(&value).expect("it has a form").line, theirs);
        }
    }
}
