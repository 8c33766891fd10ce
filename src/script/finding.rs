//! What was found in a pack, shown at its place.

use std::fmt;

use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use crate::words::Lang;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pack cannot be used.
    Error,
    /// The pack can be used, but hardly says what was meant.
    Warning,
}

/// One thing found in a pack: what, where, and what to write instead.
///
/// ```
/// let found = duly::script::load("demo.rhai", "pack(\"demo\");\nplace(\"6325\", \"海南州\", \"受理岗\");\nterm(\"热\", |m| m.heet > 3);").unwrap_err();
/// let first = &found.all[0];
/// assert_eq!((first.code, first.line, first.column), ("D301", 3, 17));
/// assert!(found.to_string().contains("demo.rhai:3:17"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable code: `D1..` the text, `D2..` declarations, `D3..` rules, `D4..` warnings.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file, as it was named to the loader.
    pub file: String,
    /// The line, from 1; 0 where the finding is about the whole file.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters it is about.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The line of source.
    pub source_line: String,
    /// The same in Chinese.
    pub zh: InChinese,
}

/// A finding in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InChinese {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Lang::En)
    }
}

impl Finding {
    /// The finding in one of the languages, with the line of source and carets under what is wrong.
    pub fn in_words(&self, lang: Lang) -> impl fmt::Display {
        InWords(move |f: &mut fmt::Formatter<'_>| self.write(f, lang))
    }
    fn write(&self, f: &mut fmt::Formatter<'_>, lang: Lang) -> fmt::Result {
        let (message, help) = match lang {
            Lang::En => (&self.message, &self.help),
            Lang::Zh => (&self.zh.message, &self.zh.help),
        };
        let kind = match (self.severity, lang) {
            (Severity::Error, Lang::En) => "error",
            (Severity::Warning, Lang::En) => "warning",
            (Severity::Error, Lang::Zh) => "错误",
            (Severity::Warning, Lang::Zh) => "提醒",
        };
        writeln!(f, "{kind}[{}]: {message}", self.code)?;
        if self.line == 0 {
            write!(f, "  --> {}", self.file)?;
        } else {
            let number = self.line.to_string();
            let margin = " ".repeat(number.len());
            let (shown, indent, carets) = self.excerpt();
            writeln!(f, "{margin}--> {}:{}:{}", self.file, self.line, self.column)?;
            writeln!(f, "{margin} |")?;
            writeln!(f, "{number} | {shown}")?;
            write!(f, "{margin} | {}{}", " ".repeat(indent), "^".repeat(carets))?;
        }
        if let Some(help) = help {
            let label = match lang {
                Lang::En => "help",
                Lang::Zh => "改法",
            };
            write!(f, "\n  = {label}: {help}")?;
        }
        Ok(())
    }
    /// The source line cut to what fits, the cells before the carets, and how many carets. Full-width characters
    /// take two cells, so carets are counted in cells and not in characters.
    fn excerpt(&self) -> (String, usize, usize) {
        const BEFORE: usize = 90;
        const SHOWN: usize = 150;
        let start = self.column.saturating_sub(1);
        let skip = if start > BEFORE {
            start - BEFORE / 2
        } else {
            0
        };
        let mut text = String::from(if skip > 0 { "…" } else { "" });
        let (mut indent, mut carets) = (text.chars().count(), 0);
        for (at, c) in self.source_line.chars().enumerate().skip(skip).take(SHOWN) {
            // Control characters would throw the carets off, or worse, drive the terminal.
            let c = if c.is_control() { ' ' } else { c };
            let cells = c.width().unwrap_or(0);
            if at < start {
                indent += cells;
            } else if at < start + self.width {
                carets += cells;
            }
            text.push(c);
        }
        (text.trim_end().to_owned(), indent, carets.max(1))
    }
}

/// Everything found in a pack, in the order of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The findings.
    pub all: Vec<Finding>,
}

impl Findings {
    /// Whether any of them makes the pack unusable.
    pub fn has_errors(&self) -> bool {
        self.all
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }
    /// All of them in one of the languages, and how many there are.
    ///
    /// ```
    /// use duly::words::Lang;
    /// let found = duly::script::load("demo.rhai", "pack(\"demo\");\npalce(\"6325\", \"海南州\", \"受理岗\");").unwrap_err();
    /// assert!(found.in_words(Lang::Zh).to_string().contains("是不是要写`place`?"));
    /// ```
    pub fn in_words(&self, lang: Lang) -> impl fmt::Display {
        InWords(move |f: &mut fmt::Formatter<'_>| self.write(f, lang))
    }
    fn write(&self, f: &mut fmt::Formatter<'_>, lang: Lang) -> fmt::Result {
        for finding in &self.all {
            writeln!(f, "{}\n", finding.in_words(lang))?;
        }
        let errors = self
            .all
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count();
        let warnings = self.all.len() - errors;
        let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        match lang {
            Lang::En => write!(
                f,
                "{}, {}",
                count(errors, "error"),
                count(warnings, "warning")
            ),
            Lang::Zh => write!(f, "{errors} 处错误,{warnings} 处提醒"),
        }
    }
    /// The findings as JSON lines, for editors.
    pub fn to_json_lines(&self) -> String {
        let line = |finding| serde_json::to_string(finding).unwrap_or_default() + "\n";
        self.all.iter().map(line).collect()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Lang::En)
    }
}

/// What writes itself by a closure.
struct InWords<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for InWords<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0(f)
    }
}

impl std::error::Error for Findings {}
