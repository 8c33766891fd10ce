//! Faults in, findings out: each at its place, each once, in the order of the source.

use std::collections::BTreeSet;

use rhai::Position;

use super::fault::{Fault, Spot};
use super::finding::{Finding, Findings, InChinese, Severity};
use super::source::{Noticed, Source};

/// Errors of one load, and warnings of one load, at most. Past that the pack is not a pack. Each has room of its own: no warning keeps an
/// error from being told.
const MOST: usize = 200;

pub(super) struct Report<'a> {
    pub(super) source: &'a Source,
    all: Vec<Finding>,
    seen: BTreeSet<(&'static str, usize, usize, String)>,
}

impl<'a> Report<'a> {
    pub(super) fn new(source: &'a Source) -> Report<'a> {
        Report {
            source,
            all: Vec::new(),
            seen: BTreeSet::new(),
        }
    }
    /// A fault of the word at that place.
    pub(super) fn add(&mut self, fault: Fault, word: Position) {
        let spot = match fault.spot {
            Spot::Word => word,
            Spot::At(at) => at,
            Spot::Arg(number) => self
                .source
                .argument(word, number)
                .map_or(word, |token| token.position()),
        };
        // The interpreter shows the dot of `m.fact`; the name is what is wrong.
        let token = |at: usize| self.source.tokens.get(at);
        let at = self
            .source
            .token_at(spot)
            .map(|at| at + usize::from(token(at).is_some_and(|token| token.is("."))));
        let (spot, width) = at
            .and_then(token)
            .map_or((spot, 1), |token| (token.position(), token.width));
        self.push(fault, spot, width, Severity::Error);
    }
    /// A fault found on the text itself.
    pub(super) fn noticed(&mut self, noticed: Noticed) {
        let at = if let Spot::At(at) = noticed.fault.spot {
            at
        } else {
            Position::NONE
        };
        self.push(noticed.fault, at, noticed.width, Severity::Error);
    }
    /// Something that hardly says what was meant.
    pub(super) fn warn(&mut self, fault: Fault, word: Position) {
        let width = self
            .source
            .token_at(word)
            .and_then(|at| self.source.tokens.get(at))
            .map_or(1, |token| token.width);
        self.push(fault, word, width, Severity::Warning);
    }
    fn push(&mut self, fault: Fault, at: Position, width: usize, severity: Severity) {
        let (line, column) = (at.line().unwrap_or(0), at.position().unwrap_or(1));
        // Terms that lead into the same circle, or too deep, are one fault and not one for each of them.
        let key = if fault.code == "D309" {
            (0, 0)
        } else {
            (line, column)
        };
        // A comparison of wrong types fails for every label in turn.
        let message = if fault.code == "D304" {
            String::new()
        } else {
            fault.message.en.clone()
        };
        let new = self.seen.insert((fault.code, key.0, key.1, message));
        if new && self.told(severity) < MOST {
            let (help, help_zh) = fault.help.map(|help| (help.en, help.zh)).unzip();
            self.all.push(Finding {
                code: fault.code,
                severity,
                file: self.source.file(line).0.to_owned(),
                line,
                column,
                width,
                message: fault.message.en,
                help,
                source_line: self.source.line(line),
                zh: InChinese {
                    message: fault.message.zh,
                    help: help_zh,
                },
            });
        }
    }
    /// How many of that severity there are.
    fn told(&self, severity: Severity) -> usize {
        let all = self.all.iter();
        all.filter(|finding| finding.severity == severity).count()
    }
    pub(super) fn has_errors(&self) -> bool {
        self.told(Severity::Error) > 0
    }
    pub(super) fn finish(mut self) -> Findings {
        self.all
            .sort_by(|a, b| (a.line, a.column, a.code).cmp(&(b.line, b.column, b.code)));
        for finding in self.all.iter_mut().filter(|finding| finding.line > 0) {
            finding.line -= self.source.file(finding.line).1;
        }
        Findings { all: self.all }
    }
}
