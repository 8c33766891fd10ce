//! The compact form of what a ledger keeps only for speed: the state of a case or of an obligation after its last record.
//!
//! Records are for ever and are JSON that anybody can read. A head is a cache of their fold, and may be thrown away at any time. So its form
//! needs no evolution of its own: bytes of another shape are not read but rebuilt from the records. That must never be forgotten, and three
//! things see to it, none of which is a person's memory:
//!
//! - in front stands [`SHAPE`], and a test holds the bytes of fixed heads under each number: whoever changes a layout, or what `evolve` makes
//!   of a record, is told to raise it;
//! - the *trail* of a head is a hash over the name of every type, field and variant that was written, and over what kind of value stood in each
//!   field that is not nothing. The reader walks by the names that it expects, and takes nothing that another layout wrote, tested or not;
//! - a sum over all bytes tells damage from age: damage is an error, and no head is made up from it.
//!
//! The form is positional, by serde's own calls, and as small as it gets without a general compressor: a field that is nothing, no, none or zero
//! is one bit; a text that came before is its number, one that goes on from an earlier one is the rest of it; hexadecimal digits are bytes; a
//! moment is its distance from the one before it.

mod read;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::DeskError;

/// The shape of heads as this build writes them. Raise it when `tests/stored` says so, and never use a number twice. It is never 123,
/// which is how JSON begins.
pub const SHAPE: u8 = 8;

/// The number, the sum over what follows it, the trail.
const FRONT: usize = 9;
/// How many texts are remembered in a head, to be named by their number.
const TEXTS: usize = 128;
/// Numbers from here on are told by their distance from the one before: moments, and hardly anything else.
const FAR: u64 = 1 << 28;

/// A state as it is kept.
///
/// # Errors
/// When the state holds what no state of this library holds: a float or a number beyond 64 bits.
///
/// ```
/// use duly::desk::shape::{pack, unpack};
/// let state = vec!["海南州信访局", "海南州信访局-1", "海南州信访局"];
/// let bytes = pack(&state)?;
/// assert!(bytes.len() < serde_json::to_vec(&state)?.len());
/// assert_eq!(unpack::<Vec<String>>(&bytes)?.unwrap_or_default(), state);
/// assert_eq!(unpack::<Vec<u32>>(&bytes)?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pack<T: Serialize>(state: &T) -> Result<Vec<u8>, DeskError> {
    let mut out = Vec::with_capacity(2048);
    out.resize(FRONT, 0);
    let (mut out, trail) = write::write(state, out).map_err(DeskError::storage)?;
    let front = |out: &mut Vec<u8>, at: usize, bytes: &[u8]| {
        for (slot, byte) in out.iter_mut().skip(at).zip(bytes) {
            *slot = *byte;
        }
    };
    front(&mut out, 0, &[SHAPE]);
    front(&mut out, 5, &trail.to_le_bytes());
    let sum = sum(out.get(5..).unwrap_or_default());
    front(&mut out, 1, &sum.to_le_bytes());
    Ok(out)
}

/// A state as it was kept; none, where the bytes are of another shape than this build writes: it is rebuilt from the records.
///
/// # Errors
/// [`DeskError::is_storage`], when the bytes are of this shape and were damaged since.
///
/// ```
/// use duly::desk::shape::{pack, unpack};
/// assert_eq!(unpack::<u32>(br#"{"id":"m01"}"#)?, None);
/// let mut bytes = pack(&7u32)?;
/// assert_eq!(unpack::<u32>(&bytes)?, Some(7));
/// bytes.push(0);
/// assert!(unpack::<u32>(&bytes).is_err());
/// # Ok::<(), duly::desk::DeskError>(())
/// ```
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<Option<T>, DeskError> {
    let Some((&SHAPE, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    let whole = rest
        .split_first_chunk::<4>()
        .filter(|(told, rest)| sum(rest) == u32::from_le_bytes(**told));
    let Some((trail, body)) = whole.and_then(|(_, rest)| rest.split_first_chunk::<4>()) else {
        return Err(DeskError::storage(
            "the stored state of a case or obligation is damaged: its bytes do not give their sum; its records still hold the truth",
        ));
    };
    Ok(read::read(body, u32::from_le_bytes(*trail)).ok())
}

/// A number over some bytes that tells damage. It is no seal: the records have that.
fn sum(bytes: &[u8]) -> u32 {
    let mut trail = Trail::default();
    trail.bytes(bytes);
    trail.end()
}

/// A hash over names and kinds, the same whether a value is written or read.
#[derive(Debug, Default, Clone, Copy)]
struct Trail(u64);

impl Trail {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    fn bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (slot, byte) in last.iter_mut().zip(rest) {
            *slot = *byte;
        }
        self.mix(u64::from_le_bytes(last));
        self.mix(bytes.len() as u64);
    }
    fn name(&mut self, name: &str) {
        self.bytes(name.as_bytes());
    }
    fn kind(&mut self, kind: Kind) {
        self.mix(kind as u64 + 1);
    }
    fn end(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// What kind of value stands somewhere.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Yes,
    Signed,
    Unsigned,
    Text,
    Bytes,
    Option,
    Unit,
    Newtype,
    List,
    Tuple,
    Map,
    Struct,
    Enum,
}

/// How a text stands there, in the lowest bits of its length or number.
mod texts {
    /// Its bytes follow.
    pub(super) const PLAIN: u64 = 0;
    /// Hexadecimal digits, as bytes.
    pub(super) const HEX: u64 = 1;
    /// The text of that number, again.
    pub(super) const AGAIN: u64 = 2;
    /// The text of that number, and more.
    pub(super) const LONGER: u64 = 3;
}

/// Why a value cannot be written, or bytes cannot be read.
#[derive(Debug)]
struct Unfit(String);

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl serde::ser::Error for Unfit {
    fn custom<T: std::fmt::Display>(said: T) -> Unfit {
        Unfit(said.to_string())
    }
}

impl serde::de::Error for Unfit {
    fn custom<T: std::fmt::Display>(said: T) -> Unfit {
        Unfit(said.to_string())
    }
}
