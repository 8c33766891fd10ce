//! One line of a command log.

use duly::desk::Hash;
use duly::time::Moment;
use duly::words::{Actor, CaseId, Command, CommandId, CommandName, Envelope, Salt};
use serde::Deserialize;
use serde_json::error::Category;

/// What a line says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(default)]
    id: Option<CommandId>,
    case: CaseId,
    at: Moment,
    by: Actor,
    command: Command,
}

/// Why a line says nothing: at which character of it, from 1, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The character.
    pub column: usize,
    /// What is wrong there.
    pub said: String,
}

impl Malformed {
    /// Something is wrong with the line as a whole.
    pub fn whole(said: impl Into<String>) -> Malformed {
        Malformed {
            column: 1,
            said: said.into(),
        }
    }
}

/// Whether there is anything on the line to read: not so for blank lines, and for notes that begin with `#` or `//`.
pub fn says_something(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    !(text.is_empty() || text.starts_with(b"#") || text.starts_with(b"//"))
}

impl Line {
    /// Reads a line.
    pub fn read(bytes: &[u8]) -> Result<Line, Malformed> {
        let text = std::str::from_utf8(bytes).map_err(|error| Malformed {
            column: characters(bytes, error.valid_up_to()) + 1,
            said: "not UTF-8 text; save the file as UTF-8".into(),
        })?;
        serde_json::from_str(text).map_err(|error| malformed(text, &error))
    }
    /// The command that the line asks for. Without an id of its own it gets one from its place and its words, so that the
    /// same file is answered the second time as the first, and another file is not taken for it.
    pub fn envelope(self, number: u64, bytes: &[u8], secret: &[u8]) -> Result<Envelope, Malformed> {
        let id = match self.id {
            Some(id) => id,
            None => {
                let words: String = Hash::of(bytes.trim_ascii())
                    .to_string()
                    .chars()
                    .take(12)
                    .collect();
                format!("line-{number}-{words}")
                    .parse()
                    .map_err(|error| Malformed::whole(format!("{error}")))?
            }
        };
        let salt = Salt::derived(secret, id.as_str());
        Ok(Envelope {
            id,
            case: self.case,
            by: self.by,
            at: self.at,
            salt,
            command: self.command,
        })
    }
}

fn characters(bytes: &[u8], until: usize) -> usize {
    String::from_utf8_lossy(bytes.get(..until).unwrap_or(bytes))
        .chars()
        .count()
}

fn malformed(text: &str, error: &serde_json::Error) -> Malformed {
    let full = error.to_string();
    let said = full
        .rsplit_once(" at line ")
        .map_or(full.as_str(), |(said, _)| said);
    // The reader counts bytes, and stands behind what it has just read.
    let end = error.column().min(text.len());
    let at = match error.classify() {
        Category::Data => token_before(text.as_bytes(), end),
        Category::Eof => text.len(),
        Category::Syntax | Category::Io => end.saturating_sub(1),
    };
    let column = characters(text.as_bytes(), at) + 1;
    let near = meant(said);
    if let Some(near) = near {
        let said = said.split(", expected").next().unwrap_or(said);
        return Malformed {
            column,
            said: format!("{said}; did you mean `{near}`?"),
        };
    }
    let hint = match error.classify() {
        Category::Eof => "; the line ends in the middle: one JSON object belongs on one line",
        Category::Syntax => {
            "; a line is `{\"case\": …, \"at\": …, \"by\": {\"id\": …, \"roles\": […]}, \"command\": {…}}`"
        }
        Category::Data | Category::Io => "",
    };
    Malformed {
        column,
        said: format!("{said}{hint}"),
    }
}

/// Where the token begins that ends before `end`.
fn token_before(bytes: &[u8], end: usize) -> usize {
    let before = bytes.get(..end).unwrap_or(bytes);
    let last = before.len().saturating_sub(1);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
    match before.last() {
        Some(b'"') => {
            let escaped = |at: usize| {
                let back = before
                    .get(..at)
                    .unwrap_or_default()
                    .iter()
                    .rev()
                    .take_while(|byte| **byte == b'\\')
                    .count();
                back % 2 == 1
            };
            (0..last)
                .rev()
                .find(|at| before.get(*at) == Some(&b'"') && !escaped(*at))
                .unwrap_or(last)
        }
        Some(byte) if plain(byte) => {
            last + 1 - before.iter().rev().take_while(|byte| plain(byte)).count()
        }
        _ => last,
    }
}

/// The nearest of the expected words, where an unknown one stands.
fn meant(said: &str) -> Option<String> {
    let mut quoted = said.split('`').skip(1).step_by(2);
    let given = quoted.next().filter(|_| said.starts_with("unknown "))?;
    let commands = CommandName::ALL.iter().map(|name| name.name());
    let known: Vec<&str> = quoted
        .chain(commands.filter(|_| said.starts_with("unknown variant")))
        .collect();
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(given, name), *name))
        .filter(|(far, name)| *far <= name.chars().count().max(given.chars().count()) / 2)
        .min();
    near.map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_and_words(text: &str) -> (usize, String) {
        let flaw = Line::read(text.as_bytes()).unwrap_err();
        (flaw.column, flaw.said)
    }

    #[test]
    fn a_mistake_is_named_at_its_first_character() {
        let at = |text: &str| text.chars().take_while(|c| *c != '^').count();
        let line = r#"{"case":"件一","at":"2026-03-02T09:00:00+08:00","by":{"id":"李","roles":["owner"]},"command":{"sgin":{}}}"#;
        let (column, said) = column_and_words(line);
        assert_eq!(column, at(&line.replace("\"sgin", "^")) + 1);
        assert!(said.ends_with("did you mean `sign`?"), "{said}");

        let line = r#"{"case":"件","at":"2026-03-02T09:00:00","by":{"id":"李","roles":["owner"]},"command":{"sign":{}}}"#;
        let (column, said) = column_and_words(line);
        assert_eq!(column, at(&line.replace("\"2026", "^")) + 1);
        assert!(said.contains("offset"), "{said}");

        let (column, said) = column_and_words(r#"{"case":"件","oops":1}"#);
        assert_eq!((column, said.contains("`oops`")), (13, true), "{said}");
        let (column, said) = column_and_words(r#"{"case":"件""#);
        assert_eq!(
            (column, said.contains("ends in the middle")),
            (12, true),
            "{said}"
        );
        let (column, _) = column_and_words("{'case'}");
        assert_eq!(column, 2);
    }

    #[test]
    fn nothing_that_a_line_can_hold_panics() {
        for bytes in [
            &b"\xff"[..],
            b"",
            b"\"",
            b"\\\"",
            b"[",
            b"{\"case\":\"\\",
            "{\"件".as_bytes(),
            b"null",
            b"1e999",
        ] {
            assert!(Line::read(bytes).is_err());
        }
        assert!(Line::read(&b"[".repeat(100_000)).is_err());
    }

    #[test]
    fn notes_and_blank_lines_say_nothing() {
        for line in ["", "  \r\n", "# note", "  // note"] {
            assert!(!says_something(line.as_bytes()), "{line}");
        }
        assert!(says_something(b"{}"));
    }
}
