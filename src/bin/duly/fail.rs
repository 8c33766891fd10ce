//! What keeps a command from its work.

use std::fmt::Display;
use std::io::{self, Write};

use duly::desk::DeskError;

/// Why a command stopped.
#[derive(Debug)]
pub enum Fail {
    /// Nobody reads the output any more.
    Unread,
    /// In words: what, where, why, what to do.
    Said(String),
}

impl Fail {
    /// In words.
    pub fn said(what: impl Display) -> Fail {
        Fail::Said(what.to_string())
    }
    /// A file could not be read or written.
    pub fn file(path: &str, why: impl Display) -> Fail {
        Fail::Said(format!("`{path}`: {why}"))
    }
}

impl From<io::Error> for Fail {
    fn from(error: io::Error) -> Fail {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Fail::Unread,
            _ => Fail::Said(format!("the output could not be written: {error}")),
        }
    }
}

impl From<DeskError> for Fail {
    fn from(error: DeskError) -> Fail {
        Fail::said(error)
    }
}

/// Says something beside the output, if anybody listens.
pub fn say(what: &str) {
    let _ = writeln!(io::stderr().lock(), "{what}");
}

/// Reads an identifier, a moment or a date that the tool itself wrote down.
pub fn read<T: std::str::FromStr<Err: Display>>(text: &str) -> Result<T, Fail> {
    text.parse().map_err(Fail::said)
}
