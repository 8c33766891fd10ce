//! The hash chain of a case.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::canonical::Canonical;
use super::upcast::{self, Upcast};
use super::{Broken, DeskError, Flaw};
use crate::duty::DutyRecord;
use crate::words::{BoardId, CaseId, DutyId, Record};

/// A SHA-256, written as 64 hexadecimal digits.
///
/// ```
/// use duly::desk::Hash;
/// let hash = Hash::of(b"");
/// assert_eq!(hash.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// assert_eq!(hash.to_string().parse(), Ok(hash));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash::cut(Sha256::new().chain_update(bytes))
    }
    /// Wraps the 32 bytes of a hash.
    pub const fn new(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }
    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// The hash of a line: the hash before it, then the line's bytes.
    pub(super) fn link(prev: &Hash, line: &[u8]) -> Hash {
        Hash::cut(Sha256::new().chain_update(prev.0).chain_update(line))
    }
    /// The hash of some bytes one after another.
    pub(super) fn of_parts(parts: &[&[u8]]) -> Hash {
        let all = parts.iter().fold(Sha256::new(), Sha256::chain_update);
        Hash::cut(all)
    }
    fn cut(hash: Sha256) -> Hash {
        Hash(hash.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = String;
    fn from_str(given: &str) -> Result<Hash, String> {
        let bad = || format!("a hash is 64 hexadecimal digits: `{given}` is not");
        if given.len() != 64
            || !given
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return Err(bad());
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = given.get(2 * at..2 * at + 2).ok_or_else(bad)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| bad())?;
        }
        Ok(Hash(bytes))
    }
}

impl TryFrom<String> for Hash {
    type Error = String;
    fn try_from(given: String) -> Result<Hash, String> {
        given.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.to_string()
    }
}

/// A record in its chain, of a case or of an obligation: with the hash of the line before it and its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed<R = Record> {
    /// What happened.
    pub record: R,
    /// The hash of the line before; for the first, [`Hash::genesis`].
    pub prev: Hash,
    /// SHA-256 over the 32 bytes of `prev` and the record as canonical JSON.
    pub hash: Hash,
    /// The line as it is stored, where that is of an older shape than this build writes: the hash is over these bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    older: Option<Box<str>>,
}

impl Hash {
    /// What the first record of an obligation continues: a SHA-256 over `duly/chain/1/duty`, the board and the obligation, each
    /// followed by a zero byte except the last.
    ///
    /// ```
    /// use duly::desk::Hash;
    /// let genesis = Hash::genesis_of_duty(&"hainan".parse()?, &"v01".parse()?);
    /// assert_eq!(genesis, Hash::of(b"duly/chain/1/duty\0hainan\0v01"));
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn genesis_of_duty(board: &BoardId, duty: &DutyId) -> Hash {
        let start = Sha256::new().chain_update(b"duly/chain/1/duty\0");
        Hash::cut(
            start
                .chain_update(board.as_str())
                .chain_update(b"\0")
                .chain_update(duty.as_str()),
        )
    }
    /// What the first record of a case continues: a SHA-256 over `duly/chain/1`, the board and the case, each
    /// followed by a zero byte except the last. So no chain can be passed off as another case's.
    ///
    /// ```
    /// use duly::desk::Hash;
    /// let genesis = Hash::genesis(&"hainan".parse()?, &"m01".parse()?);
    /// assert_eq!(genesis, Hash::of(b"duly/chain/1\0hainan\0m01"));
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn genesis(board: &BoardId, case: &CaseId) -> Hash {
        let start = Sha256::new().chain_update(b"duly/chain/1\0");
        Hash::cut(
            start
                .chain_update(board.as_str())
                .chain_update(b"\0")
                .chain_update(case.as_str()),
        )
    }
}

/// A line of a chain.
pub trait Line: Serialize + DeserializeOwned + PartialEq {
    /// What a chain is of.
    type Of: PartialEq + Clone;
    /// Whose chain it stands in.
    fn of(&self) -> &Self::Of;
    /// The how-manieth line of its chain, from 1.
    fn version(&self) -> u64;
    /// What is wrong where it stands in another's chain.
    fn foreign(&self) -> Flaw;
    /// Which line of which chain, for people.
    fn called(&self) -> String;
    /// What reads lines of older shapes: the first makes of a line of shape 1 one of shape 2, and so on. This build writes the shape
    /// after the last of them, as `"shape"` in the line; lines of shape 1 say none. A line that is read by them keeps its bytes and hash.
    const UPCASTS: &'static [Upcast] = &[];
}

impl Line for Record {
    type Of = CaseId;
    fn of(&self) -> &CaseId {
        &self.case
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn foreign(&self) -> Flaw {
        Flaw::OtherCase {
            found: self.case.clone(),
        }
    }
    fn called(&self) -> String {
        format!("version {} of case `{}`", self.version, self.case)
    }
}

impl Line for DutyRecord {
    type Of = DutyId;
    fn of(&self) -> &DutyId {
        &self.duty
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn foreign(&self) -> Flaw {
        Flaw::OtherDuty {
            found: self.duty.clone(),
        }
    }
    fn called(&self) -> String {
        format!("version {} of obligation `{}`", self.version, self.duty)
    }
}

impl<R: Line> Sealed<R> {
    /// Seals a record onto the hash before it.
    ///
    /// # Errors
    /// When the record does not read back from its canonical form as it was: a whole number beyond 2⁵³ has no
    /// form of its own in canonical JSON.
    ///
    /// ```
    /// # use duly::desk::{Hash, Sealed};
    /// # use duly::words::{Event, Record};
    /// # let record = Record {
    /// #     case: "m01".parse()?, version: 1, at: "2026-11-22T08:00:00Z".parse()?, by: None,
    /// #     plan: "0".repeat(64).parse()?, command: None,
    /// #     event: Event::ObjectionLapsed {},
    /// # };
    /// let before = Hash::genesis(&"hainan".parse()?, &record.case);
    /// let sealed = Sealed::seal(before, record)?;
    /// assert!(sealed.holds());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn seal(prev: Hash, record: R) -> Result<Sealed<R>, DeskError> {
        let (hash, _) = seal(&prev, &record)?;
        Ok(Sealed {
            record,
            prev,
            hash,
            older: None,
        })
    }
    /// Whether the record still gives its hash; one of an older shape, whether its line does, and still reads as the record.
    pub fn holds(&self) -> bool {
        let gives = |line: &[u8]| Hash::link(&self.prev, line) == self.hash;
        match &self.older {
            None => upcast::write(&self.record).is_ok_and(|it| gives(&it.line)),
            Some(line) => {
                let read = upcast::read::<R>(line);
                gives(line.as_bytes())
                    && read.is_ok_and(|(record, older)| older && record == self.record)
            }
        }
    }
    /// Reads a stored line back, and holds its bytes against its hash.
    ///
    /// # Errors
    /// What is wrong with the line: [`Flaw::Hash`] when the bytes do not give the hash, [`Flaw::Unreadable`] when
    /// they are no record.
    pub fn read(line: &[u8], prev: Hash, hash: Hash) -> Result<Sealed<R>, Flaw> {
        let text = std::str::from_utf8(line).map_err(|e| Flaw::Unreadable {
            said: e.to_string(),
        })?;
        let (record, older) = upcast::read(text)?;
        if Hash::link(&prev, line) != hash {
            return Err(Flaw::Hash);
        }
        Ok(Sealed {
            record,
            prev,
            hash,
            older: older.then(|| text.into()),
        })
    }
    /// The record as it is stored and hashed: canonical JSON (RFC 8785), one line of text. One of an older shape stays as it is stored.
    ///
    /// # Errors
    /// When the record has no such form. A sealed one always has.
    pub fn line(&self) -> Result<String, DeskError> {
        match &self.older {
            Some(line) => Ok(line.to_string()),
            None => {
                String::from_utf8(upcast::write(&self.record)?.line).map_err(DeskError::storage)
            }
        }
    }
}

/// The hash of a record that continues a hash, and its line.
pub(super) fn seal<R: Line>(prev: &Hash, record: &R) -> Result<(Hash, Vec<u8>), DeskError> {
    let Canonical { line, exact } = upcast::write(record)?;
    if !exact {
        let text = std::str::from_utf8(&line).map_err(DeskError::storage)?;
        // Of numbers beyond 2⁶³ the form is one with an exponent, which no record reads back.
        if !upcast::read::<R>(text).is_ok_and(|(back, _)| back == *record) {
            return Err(DeskError::misuse(format!(
                "{} holds a number beyond what canonical JSON can tell apart",
                record.called()
            )));
        }
    }
    Ok((Hash::link(prev, &line), line))
}

/// Follows the chain of one case from its first record, and gives the hash at its end: the genesis, where there is
/// no record. Whether the end is the end is for the head to say: it has the same hash.
///
/// Nobody needs this library for it. With a line's `prev` in hexadecimal and its canonical JSON in a file, and with
/// tools that are everywhere:
///
/// ```sh
/// { printf '%s' "$prev" | xxd -r -p; cat record.json; } | sha256sum    # is the line's hash
/// printf 'duly/chain/1\0%s\0%s' "$board" "$case" | sha256sum           # is the first line's prev
/// ```
///
/// # Errors
/// The first version that does not hold, and what is wrong with it.
///
/// ```
/// use duly::desk::{Hash, follow};
/// let (board, case) = ("hainan".parse()?, "m01".parse()?);
/// assert_eq!(follow(&board, &case, []), Ok(Hash::genesis(&board, &case)));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
pub fn follow<'a>(
    board: &BoardId,
    case: &CaseId,
    chain: impl IntoIterator<Item = &'a Sealed>,
) -> Result<Hash, Broken> {
    let mut prev = Hash::genesis(board, case);
    for (expected, sealed) in (1..).zip(chain) {
        next(case, expected, &prev, sealed).map_err(|flaw| Broken {
            case: case.clone(),
            version: expected,
            flaw,
        })?;
        prev = sealed.hash;
    }
    Ok(prev)
}

/// Whether a line follows on what came before it in its chain.
pub(super) fn next<R: Line>(
    of: &R::Of,
    expected: u64,
    prev: &Hash,
    sealed: &Sealed<R>,
) -> Result<(), Flaw> {
    let found = sealed.record.version();
    if sealed.record.of() != of {
        return Err(sealed.record.foreign());
    }
    if found > expected {
        return Err(Flaw::Gap { expected, found });
    }
    if found < expected {
        return Err(Flaw::Order { expected, found });
    }
    if !sealed.holds() {
        return Err(Flaw::Hash);
    }
    if sealed.prev != *prev {
        return Err(Flaw::Link);
    }
    Ok(())
}
