//! JSON Schema of what is text in JSON and more than that in Rust: identifiers, moments, clocks. The rest is derived.

use super::{CaseId, ClockKey, ClockKind, DutyId, EffectId, PersonId, PlaceCode, TextRef, UnitId};
use crate::time::Moment;

/// No control character and no white space at an end, as identifiers are checked on the way in.
pub(crate) const ID: &str = "[^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]([^\\u0000-\\u001f\\u007f-\\u009f]*[^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000])?";
/// A whole number in decimal digits.
pub(crate) const NUMBER: &str = "(0|[1-9][0-9]*)";

/// A string with a pattern.
macro_rules! text {
    ($($(#[doc = $doc:literal])+ $name:ident, $pattern:expr, $most:literal;)+) => {$(
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let description = concat!($($doc),+).trim();
                schemars::json_schema!({
                    "description": description,
                    "type": "string",
                    "pattern": format!("^{}$", $pattern),
                    "minLength": 1,
                    "maxLength": $most,
                })
            }
        }
    )+};
}
pub(crate) use text;

text! {
    /// A case (件), unique within its board. At most 128 bytes of UTF-8.
    CaseId, ID, 128;
    /// An obligation that is no case (义务), unique within its board. At most 128 bytes of UTF-8.
    DutyId, ID, 128;
    /// A person, as the host's directory names them. At most 128 bytes of UTF-8.
    PersonId, ID, 128;
    /// A unit (单位) that handles cases. At most 128 bytes of UTF-8.
    UnitId, ID, 128;
    /// An administrative division code (行政区划代码): `6325` a prefecture, `632521` one of its counties.
    PlaceCode, "[0-9]{2,12}", 12;
    /// Stands for a private text: 64 hexadecimal digits. The ledger gives the words for it, until they are erased by law.
    TextRef, "[0-9a-f]{64}", 64;
    /// `case/version/index`, the same each time that the effect is taken from the outbox: deliver each once. A case id may hold a `/`; the
    /// last two parts are numbers.
    EffectId, format!("{ID}/{NUMBER}/{NUMBER}"), 160;
    /// A clock of a case: what it measures, and the how-manieth run of it, as in `reply/1`.
    ClockKey, format!("({})/{NUMBER}", kinds()), 32;
    /// One whole second, as RFC 3339 in universal time: `2026-09-30T08:00:00Z`.
    Moment, "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", 20;
}

fn kinds() -> String {
    let names: Vec<&str> = ClockKind::ALL.iter().map(|kind| kind.name()).collect();
    names.join("|")
}
