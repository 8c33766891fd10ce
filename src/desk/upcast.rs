//! Lines of older shapes: how a record that was written long ago is read.
//!
//! A record is stored for ever, byte for byte, and its hash is over those bytes. So a line is never rewritten; what changes is how it is read.
//! A field that is new and may be absent needs nothing of this: serde's defaults read the older line. Where that does not do, a kind of record
//! gets one more function in [`Line::UPCASTS`]: it makes of a line of the shape before what this build reads. The table is what counts the
//! shapes, so that none can be raised without a way to read the one before.
//!
//! Which shape a line has stands in the line itself, as `"shape"`, and so under its hash; the first shape says nothing. A line of an older shape
//! is kept as it is beside what it is read as: [`Sealed::holds`](super::Sealed::holds) goes over the stored bytes, and
//! [`Sealed::line`](super::Sealed::line) gives them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::canonical::{Canonical, canonical};
use super::{DeskError, Flaw, Line};

/// Makes of a line of one shape a line of the next. Pure: it has the line and nothing else, and what it cannot read it leaves as it is, to be
/// refused with the words of whoever reads the record.
pub type Upcast = fn(Value) -> Value;

/// How a line says its shape. No text can look so: within one, quotation marks are written with a backslash.
const MEMBER: &str = "\"shape\":";

/// The shape in which this build writes a kind of record.
pub(super) fn shape<R: Line>() -> u64 {
    1 + R::UPCASTS.len() as u64
}

/// A record as it is stored, with its shape unless that is the first.
#[derive(Serialize)]
struct Shaped<'a, R> {
    shape: u64,
    #[serde(flatten)]
    record: &'a R,
}

/// A record as it is stored and hashed.
pub(super) fn write<R: Line>(record: &R) -> Result<Canonical, DeskError> {
    match shape::<R>() {
        1 => canonical(record),
        shape => canonical(&Shaped { shape, record }),
    }
}

/// What a line says, and whether it is of an older shape than this build writes.
pub(super) fn read<R: Line>(line: &str) -> Result<(R, bool), Flaw> {
    let unreadable = |said: String| Flaw::Unreadable { said };
    let known = shape::<R>();
    if known == 1 && !line.contains(MEMBER) {
        let record = serde_json::from_str(line).map_err(|e| unreadable(e.to_string()))?;
        return Ok((record, false));
    }
    let mut value: Value = serde_json::from_str(line).map_err(|e| unreadable(e.to_string()))?;
    let member = value.as_object_mut().and_then(|it| it.remove("shape"));
    let found = match member.map(|it| u64::deserialize(&it).map_err(|_| it)) {
        None => 1,
        Some(Ok(found)) if found >= 2 => found,
        Some(Ok(found)) => return Err(unreadable(format!("no line says to be of shape {found}"))),
        Some(Err(other)) => return Err(unreadable(format!("`{other}` is no shape of a line"))),
    };
    if found > known {
        let said = format!(
            "it is of shape {found}, this library knows shapes up to {known}; use a newer library"
        );
        return Err(unreadable(said));
    }
    let done = usize::try_from(found - 1).unwrap_or(usize::MAX);
    let value = R::UPCASTS
        .iter()
        .skip(done)
        .fold(value, |value, upcast| upcast(value));
    let record = serde_json::from_value(value).map_err(|e| unreadable(e.to_string()))?;
    Ok((record, found < known))
}
