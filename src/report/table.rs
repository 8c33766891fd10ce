//! What every report becomes: a title, columns and rows.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

/// A table of texts. It prints as plain text in which Chinese characters take two columns, as
/// [Markdown](Table::markdown) and as [CSV](Table::csv); its JSON is its serde form.
///
/// ```
/// use duly::report::Table;
/// let table = Table::new("通报", ["单位", "收"]).row(["u-road", "12"]);
/// assert_eq!(table.to_string(), "通报\n单位    收\n------  --\nu-road  12\n");
/// assert_eq!(table.csv(), "单位,收\r\nu-road,12\r\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its title.
    pub title: String,
    /// The heads of its columns.
    pub columns: Vec<String>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new<T: Into<String>>(
        title: impl Into<String>,
        columns: impl IntoIterator<Item = T>,
    ) -> Table {
        let columns = columns.into_iter().map(Into::into).collect();
        Table {
            title: title.into(),
            columns,
            rows: Vec::new(),
        }
    }
    /// The table with one more row. Cells that are missing are empty, and those past the last column are dropped.
    #[must_use]
    pub fn row<T: Into<String>>(mut self, cells: impl IntoIterator<Item = T>) -> Table {
        let cells = cells.into_iter().map(Into::into);
        let cells = cells
            .chain(std::iter::repeat_with(String::new))
            .take(self.columns.len())
            .collect();
        self.rows.push(cells);
        self
    }
    /// As a Markdown table under a heading. Whatever Markdown would read as more than text is escaped.
    ///
    /// ```
    /// use duly::report::Table;
    /// let table = Table::new("Roll", ["case"]).row(["a|b"]);
    /// assert_eq!(table.markdown(), "## Roll\n\n| case |\n| --- |\n| a\\|b |\n");
    /// ```
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = format!("| {} |\n", vec!["---"; self.columns.len()].join(" | "));
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!(
            "## {}\n\n{}{rule}{rows}",
            escaped(&self.title),
            line(&self.columns)
        )
    }
    /// As CSV (RFC 4180), without the title. A cell that a spreadsheet would take for a formula is led by an
    /// apostrophe, which makes it text.
    ///
    /// ```
    /// use duly::report::Table;
    /// let table = Table::new("Roll", ["case"]).row(["=1+1"]).row(["say \"hi\""]);
    /// assert_eq!(table.csv(), "case\r\n'=1+1\r\n\"say \"\"hi\"\"\"\r\n");
    /// ```
    pub fn csv(&self) -> String {
        let line = |cells: &Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            format!("{}\r\n", cells.join(","))
        };
        std::iter::once(&self.columns)
            .chain(&self.rows)
            .map(line)
            .collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |cells: &Vec<String>| {
            cells
                .iter()
                .map(|cell| one_line(cell))
                .collect::<Vec<String>>()
        };
        let lines: Vec<Vec<String>> = std::iter::once(&self.columns)
            .chain(&self.rows)
            .map(plain)
            .collect();
        let widest = |at: usize| {
            lines
                .iter()
                .filter_map(|line| line.get(at))
                .map(|cell| cell.width())
                .max()
        };
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| widest(at).unwrap_or(0))
            .collect();
        if !self.title.is_empty() {
            writeln!(f, "{}", one_line(&self.title))?;
        }
        for (at, line) in lines.iter().enumerate() {
            write_line(f, line, &widths)?;
            if at == 0 {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                write_line(f, &rule, &widths)?;
            }
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, cells: &[String], widths: &[usize]) -> fmt::Result {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    writeln!(f, "{}", line.trim_end())
}

/// Nothing that would break a line, or move the cursor.
fn one_line(cell: &str) -> String {
    cell.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

pub(super) fn escaped(cell: &str) -> String {
    let mut text = String::new();
    for c in one_line(cell).chars() {
        if "\\`*_[]<>|&~$#!".contains(c) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

fn quoted(cell: &str) -> String {
    // Spreadsheets of East Asian locales read the full-width signs as well.
    let formula = [
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    let led = cell.starts_with(formula) || cell.trim_start().starts_with(formula);
    let cell = if led {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}
