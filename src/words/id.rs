//! Identifiers. Each is text given by the host and checked once, on the way in.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use super::PlaceLevel;

/// An identifier was empty, too long, or held characters that could not be read back.
///
/// ```
/// let e = "".parse::<duly::words::CaseId>().unwrap_err();
/// assert_eq!(e.to_string(), "a case id must not be empty");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidId {
    /// Nothing was given.
    #[error("a {0} must not be empty")]
    Empty(&'static str),
    /// More than 128 bytes.
    #[error("a {kind} is at most 128 bytes long, this one has {bytes}")]
    TooLong {
        /// Which identifier.
        kind: &'static str,
        /// How long it was.
        bytes: usize,
    },
    /// A control character, or white space at an end.
    #[error("a {kind} holds no control characters and no white space at its ends: `{given}`")]
    Characters {
        /// Which identifier.
        kind: &'static str,
        /// What was given, with control characters escaped.
        given: String,
    },
    /// A place code is 2 to 12 digits.
    #[error("a place code is 2 to 12 digits, as in `632521`: `{0}` is not")]
    PlaceCode(String),
    /// A plan id is 64 hexadecimal digits.
    #[error("a plan id is 64 hexadecimal digits: `{0}` is not")]
    PlanId(String),
}

impl InvalidId {
    /// The same in Chinese.
    ///
    /// ```
    /// use duly::words::PlaceCode;
    /// let error = "海南".parse::<PlaceCode>().unwrap_err();
    /// assert_eq!(error.zh(), "地方用行政区划代码写,2 到 12 位数字,如`632521`;`海南`不是");
    /// ```
    pub fn zh(&self) -> String {
        match self {
            InvalidId::Empty(kind) => format!("{}不能空着", id_zh(kind)),
            InvalidId::TooLong { kind, bytes } => format!(
                "{}至多 128 个字节(约 42 个汉字),这里有 {bytes} 个",
                id_zh(kind)
            ),
            InvalidId::Characters { kind, given } => {
                format!("{}里不能有控制字符,首尾不能有空格:`{given}`", id_zh(kind))
            }
            InvalidId::PlaceCode(given) => {
                format!("地方用行政区划代码写,2 到 12 位数字,如`632521`;`{given}`不是")
            }
            InvalidId::PlanId(given) => {
                format!("规则的编号是 64 位十六进制数字,`{given}`不是")
            }
        }
    }
}

fn id_zh(kind: &str) -> &'static str {
    match kind {
        "case id" => "件号",
        "duty id" => "义务编号",
        "board id" => "留言板名",
        "person id" => "人员编号",
        "unit id" => "单位名",
        "command id" => "命令编号",
        "pack id" => "规则包名",
        "channel" => "渠道",
        "external id" => "渠道编号",
        "part key" => "分办事项名",
        "subject id" => "预警对象编号",
        _ => "名称",
    }
}

fn checked(kind: &'static str, given: &str) -> Result<(), InvalidId> {
    if given.is_empty() {
        return Err(InvalidId::Empty(kind));
    }
    if given.len() > 128 {
        return Err(InvalidId::TooLong {
            kind,
            bytes: given.len(),
        });
    }
    if given.trim() != given || given.chars().any(char::is_control) {
        return Err(InvalidId::Characters {
            kind,
            given: given.escape_debug().to_string(),
        });
    }
    Ok(())
}

/// Reads an identifier off text, wherever that lies.
struct Parsed<T>(PhantomData<T>);

impl<T: FromStr<Err = InvalidId>> de::Visitor<'_> for Parsed<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }
    fn visit_str<E: de::Error>(self, given: &str) -> Result<T, E> {
        given.parse().map_err(E::custom)
    }
}

/// Cases, records and answers name one another over and over, so that an identifier is shared and not copied.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(given: &str) -> Result<Self, InvalidId> {
                let check: fn(&str) -> Result<(), InvalidId> = $check;
                check(given).map(|()| Self(given.into()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(given: String) -> Result<Self, InvalidId> {
                given.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_string(Parsed(PhantomData))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        text_id!($(#[$doc])* $name, $kind, |given| checked($kind, given));
    };
}

text_id!(
    /// A case (件), unique within its board.
    CaseId, "case id"
);
text_id!(
    /// An obligation that is no case (义务), unique within its board.
    DutyId, "duty id"
);
text_id!(
    /// A board (留言板): one leader's message board, one hotline, one tenant of the ledger.
    BoardId, "board id"
);
text_id!(
    /// A person, as the host's directory names them: citizen, officer or leader.
    PersonId, "person id"
);
text_id!(
    /// A unit (单位) that handles cases.
    UnitId, "unit id"
);
text_id!(
    /// One command, for idempotence: the same id is answered as the first time.
    CommandId, "command id"
);
text_id!(
    /// A pack of rules, as its `pack(…)` line names it.
    PackId, "pack id"
);
text_id!(
    /// A part of a divided case (分办事项), unique within it: `survey`, `household_register`.
    SubKey, "part key"
);
text_id!(
    /// The household, person or place that a signal is about (预警对象), as the host numbers it.
    SubjectId, "subject id"
);
text_id!(
    /// Where a message came from (渠道): `领导留言板`, `12345`, `接访`, …
    Channel, "channel"
);
text_id!(
    /// The message's own number in its channel; with the channel it identifies the message, so that a retry
    /// opens nothing new.
    ExternalId, "external id"
);
text_id!(
    /// An administrative division code (行政区划代码): `6325` a prefecture, `632521` one of its counties. Routing
    /// is by code and never by name: two places may share a name.
    PlaceCode,
    "place code",
    |given| {
        let fits = (2..=12).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(()) } else { Err(InvalidId::PlaceCode(given.to_owned())) }
    }
);
text_id!(
    /// The identity of a plan: SHA-256 over its canonical form, 64 hexadecimal digits. A comment in the pack
    /// does not change it; any difference in what the pack decides does.
    PlanId,
    "plan id",
    |given| {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if given.len() == 64 && given.bytes().all(hex) { Ok(()) } else { Err(InvalidId::PlanId(given.to_owned())) }
    }
);

impl PlaceCode {
    /// Whether `other` is this place or lies within it: a code's prefix names the place above.
    ///
    /// ```
    /// # use duly::words::PlaceCode;
    /// let prefecture: PlaceCode = "6325".parse()?;
    /// assert!(prefecture.covers(&"632521".parse()?));
    /// assert!(!prefecture.covers(&"63".parse()?));
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn covers(&self, other: &PlaceCode) -> bool {
        other.0.starts_with(&*self.0)
    }
    /// Its level, by the length of the code: 2 digits a province, 4 a prefecture, 6 a county, 9 a township, 12 a village.
    ///
    /// ```
    /// # use duly::words::{PlaceCode, PlaceLevel};
    /// assert_eq!("632521".parse::<PlaceCode>()?.level(), PlaceLevel::County);
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn level(&self) -> PlaceLevel {
        match self.0.len() {
            ..=3 => PlaceLevel::Province,
            4 | 5 => PlaceLevel::Prefecture,
            6..=8 => PlaceLevel::County,
            9..=11 => PlaceLevel::Township,
            _ => PlaceLevel::Village,
        }
    }
}
