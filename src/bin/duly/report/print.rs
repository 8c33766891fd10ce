//! A report in one of four forms.

use std::io::Write;

use duly::report::{
    Bulletin, Commitments, Digest, Explanation, Insight, Integrity, Obligations, Parts, PublicView,
    Roll, Table, Timeline,
};
use duly::words::Lang;
use serde::Serialize;

use crate::args::Format;
use crate::fail::Fail;

/// What a report becomes.
pub trait Printed: Serialize {
    /// The tables that are read.
    fn pages(&self, lang: Lang) -> Vec<Table>;
    /// The one table for a spreadsheet.
    fn sheet(&self, lang: Lang) -> Table;
}

/// Prints it.
pub fn print(
    report: &impl Printed,
    (format, lang): (Format, Lang),
    out: &mut dyn Write,
) -> Result<(), Fail> {
    let joined = |each: fn(&Table) -> String| {
        let all: Vec<String> = report.pages(lang).iter().map(each).collect();
        all.join("\n")
    };
    match format {
        Format::Text => write!(out, "{}", joined(Table::to_string))?,
        Format::Markdown => write!(out, "{}", joined(Table::markdown))?,
        Format::Csv => write!(out, "{}", report.sheet(lang).csv())?,
        Format::Json => writeln!(
            out,
            "{}",
            serde_json::to_string_pretty(report).map_err(Fail::said)?
        )?,
    }
    Ok(())
}

impl Printed for Digest {
    fn pages(&self, lang: Lang) -> Vec<Table> {
        vec![self.summary(lang)]
    }
    fn sheet(&self, lang: Lang) -> Table {
        self.table(lang)
    }
}

impl Printed for Bulletin {
    fn pages(&self, lang: Lang) -> Vec<Table> {
        self.sheets(lang)
    }
    fn sheet(&self, lang: Lang) -> Table {
        self.table(lang)
    }
}

impl Printed for Commitments {
    fn pages(&self, lang: Lang) -> Vec<Table> {
        vec![self.table(lang), self.by_unit(lang)]
    }
    fn sheet(&self, lang: Lang) -> Table {
        self.table(lang)
    }
}

impl Printed for Obligations {
    fn pages(&self, lang: Lang) -> Vec<Table> {
        let mut pages = vec![self.table(lang)];
        if !self.coverage.kinds.is_empty() {
            pages.push(self.coverage.table(lang));
            pages.push(self.coverage.by_place(lang));
            pages.push(self.coverage.by_subject(lang));
        }
        pages.push(self.by_name(lang));
        pages
    }
    /// One row for each household, village or county: what a spreadsheet sums up by itself.
    fn sheet(&self, lang: Lang) -> Table {
        match self.coverage.kinds.is_empty() {
            true => self.table(lang),
            false => self.coverage.by_subject(lang),
        }
    }
}

macro_rules! one_table {
    ($($report:ty: $lang:ident => $table:expr;)+) => {$(
        impl Printed for $report {
            fn pages(&self, lang: Lang) -> Vec<Table> {
                vec![self.sheet(lang)]
            }
            fn sheet(&self, $lang: Lang) -> Table {
                $table(self)
            }
        }
    )+};
}

one_table! {
    Roll: lang => |it: &Roll| it.table(lang);
    Parts: lang => |it: &Parts| it.table(lang);
    Insight: lang => |it: &Insight| it.table(lang);
    Integrity: lang => |it: &Integrity| it.table(lang);
    PublicView: lang => |it: &PublicView| it.table(lang);
    Timeline: _lang => Timeline::table;
    Explanation: _lang => Explanation::table;
}
