//! Free text, and what stands for it in the ledger.
//!
//! A citizen's words, an officer's reply and a phone number never enter the hash chain. The chain holds a
//! commitment, `SHA-256(domain ‖ salt ‖ text)`; text and salt sit in a side table and can be erased together
//! without breaking a link. The salt matters: an unsalted hash of a phone number can be guessed.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Free text in a command (正文). Printing it for debugging shows its length only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Wraps text.
    pub fn new(text: impl Into<String>) -> Text {
        Text(text.into())
    }
    /// The words themselves.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The longest text that is taken, in bytes of UTF-8: 1 MiB, about 350 000 Chinese characters. What is longer is an attachment,
    /// and attachments are the host's.
    pub const MOST: usize = 1024 * 1024;
    /// Whether it is longer than [`MOST`](Text::MOST).
    pub fn is_too_long(&self) -> bool {
        self.0.len() > Text::MOST
    }
    /// Whether U+0000 is in it, which nobody types and several databases cannot hold.
    pub fn holds_nul(&self) -> bool {
        self.0.contains('\0')
    }
    /// Whether nothing but white space was written.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(text.to_owned())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.0
    }
}

/// 128 bits from the host, fresh for each command; every text of the command gets its own salt from it.
///
/// The library draws no randomness: the host hands the salt in, from its operating system's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Salt([u8; 16]);

impl Salt {
    /// Wraps 16 bytes.
    pub const fn new(bytes: [u8; 16]) -> Salt {
        Salt(bytes)
    }
    /// The 16 bytes, for whoever keeps them.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
    /// A salt derived from a secret and a name. Deterministic: for tests, simulations and replays whose bytes
    /// must be the same each time. Whoever knows the secret can recompute it, so a live service draws
    /// [`Salt::new`] from its operating system instead.
    ///
    /// ```
    /// # use duly::words::Salt;
    /// assert_eq!(Salt::derived(b"test", "c1"), Salt::derived(b"test", "c1"));
    /// assert_ne!(Salt::derived(b"test", "c1"), Salt::derived(b"test", "c2"));
    /// ```
    pub fn derived(secret: &[u8], name: &str) -> Salt {
        Salt::cut(
            Sha256::new()
                .chain_update(b"duly/salt\0")
                .chain_update(secret)
                .chain_update(b"\0")
                .chain_update(name),
        )
    }
    /// A salt that only someone who has those can compute: for words that go from one case to another. The salts of the first case's
    /// texts are from the host's randomness and stand nowhere but beside those texts, so the second case's references say no more to
    /// a reader of the ledger than the first's did; and the same words, told again after an interruption, have the same references.
    ///
    /// ```
    /// # use duly::words::Salt;
    /// let first = Salt::new([7; 16]);
    /// assert_eq!(Salt::handed_on(&[first], "m01/7/2"), Salt::handed_on(&[first], "m01/7/2"));
    /// assert_ne!(Salt::handed_on(&[first], "m01/7/2"), Salt::handed_on(&[Salt::new([8; 16])], "m01/7/2"));
    /// ```
    pub fn handed_on(from: &[Salt], name: &str) -> Salt {
        let hash = Sha256::new().chain_update(b"duly/handed-on\0");
        let all = from
            .iter()
            .fold(hash, |hash, salt| hash.chain_update(salt.0));
        Salt::cut(all.chain_update(name))
    }
    fn of_field(self, field: &str) -> Salt {
        Salt::cut(
            Sha256::new()
                .chain_update(b"duly/field\0")
                .chain_update(self.0)
                .chain_update(field),
        )
    }
    fn cut(hash: Sha256) -> Salt {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        Salt(bytes)
    }
}

/// Stands for a private text in events, effects and snapshots: 64 hexadecimal digits of a salted SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextRef(Arc<str>);

impl TextRef {
    /// The reference as hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TextRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A private text with the salt that its reference commits to. Lives in the ledger's side table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// The reference that events carry.
    pub reference: TextRef,
    /// The salt of this one field.
    pub salt: Salt,
    /// The text itself.
    pub text: Text,
}

impl Private {
    /// Seals one field of a command.
    ///
    /// ```
    /// # use duly::words::{Private, Salt, Text};
    /// let sealed = Private::seal(Salt::derived(b"test", "c1"), "message", Text::from("路灯不亮"));
    /// assert!(sealed.holds());
    /// ```
    pub fn seal(command_salt: Salt, field: &str, text: Text) -> Private {
        let salt = command_salt.of_field(field);
        Private {
            reference: commitment(salt, &text),
            salt,
            text,
        }
    }
    /// Whether text and salt still give the reference: false when a stored text was altered.
    pub fn holds(&self) -> bool {
        commitment(self.salt, &self.text) == self.reference
    }
}

fn commitment(salt: Salt, text: &Text) -> TextRef {
    let hash = Sha256::new()
        .chain_update(b"duly/text\0")
        .chain_update(salt.0)
        .chain_update(&text.0)
        .finalize();
    let mut digits = String::with_capacity(64);
    for byte in hash {
        for half in [byte >> 4, byte & 0xf] {
            digits.extend(char::from_digit(u32::from(half), 16));
        }
    }
    TextRef(digits.into())
}

/// Characters that cannot be seen, or that move what can be: control characters, marks of the direction of writing, marks of no
/// width, tags, and the mark of a byte that was no character.
pub(crate) fn unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffd}' | '\u{e0000}'..='\u{e007f}')
}
