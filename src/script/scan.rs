//! What can be told from the tokens alone: where statements begin and end, words the language does not have, `&&` beside `||`,
//! and the labels of `switch` and of comparisons.

use std::collections::BTreeSet;

use super::fault::{both, suggest};
use super::source::{Kind, Noticed, Source, Token};
use crate::plan::{Domain, Schema};

/// One top-level statement: its tokens, from and up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Words of rhai that a pack has no use for, each with what to do instead.
const REFUSED: [(&[&str], &str); 5] = [
    (
        &["while", "loop", "for", "do", "until", "continue", "break"],
        "a rule has no loops: write one clause for each case",
    ),
    (
        &[
            "let", "fn", "Fn", "call", "curry", "this", "return", "global", "eval",
        ],
        "name a number by `param(…)` and a condition by `term(…)`",
    ),
    (
        &[
            "import", "export", "module", "private", "try", "catch", "throw", "exit",
        ],
        "a pack is one file of declarations",
    ),
    (
        &[
            "type_of",
            "is_def_var",
            "is_def_fn",
            "is_shared",
            "print",
            "debug",
        ],
        "a rule reads facts and answers, nothing else",
    ),
    (
        &[
            "case",
            "match",
            "with",
            "is",
            "new",
            "default",
            "use",
            "as",
            "shared",
            "public",
            "static",
            "void",
            "null",
            "nil",
            "spawn",
            "thread",
            "go",
            "sync",
            "async",
            "await",
            "yield",
            "super",
            "var",
            "protected",
            "package",
            "goto",
            "unless",
        ],
        "the word is reserved: choose another name",
    ),
];

/// Splits the source into its top-level statements. A `;` that was forgotten, or a bracket left open, costs one statement and not
/// the rest of the file: a declaration at the start of a line begins anew.
pub(super) fn statements(
    source: &Source,
    declares: impl Fn(&str) -> bool,
) -> (Vec<Statement>, Vec<Noticed>) {
    let (mut found, mut noticed) = (Vec::new(), Vec::new());
    let (mut from, mut depth) = (0_usize, 0_i64);
    for (at, token) in source.tokens.iter().enumerate() {
        let previous = at
            .checked_sub(1)
            .filter(|_| at > from)
            .and_then(|at| source.tokens.get(at));
        let opens = source.tokens.get(at + 1).is_some_and(|next| next.is("("));
        let begins = token.column == 1
            && token.kind == Kind::Name
            && (token.text == "const" || opens && declares(&token.text));
        if let (true, Some(previous)) = (begins, previous) {
            if depth <= 0 && !previous.is(";") {
                let mut missing =
                    previous.fault("D105", "the statement before this line does not end");
                missing.width = previous.width.max(1);
                noticed.push(missing.maybe(Some("write `;` after it".into())));
            }
            found.push(Statement { from, to: at });
            (from, depth) = (at, 0);
        }
        match (token.kind, token.text.as_str()) {
            (Kind::Mark, "(" | "[" | "{" | "#{") => depth += 1,
            (Kind::Mark, ")" | "]" | "}") => depth -= 1,
            (Kind::Mark, ";") if depth <= 0 => {
                found.push(Statement { from, to: at + 1 });
                (from, depth) = (at + 1, 0);
            }
            _ => {}
        }
    }
    found.push(Statement {
        from,
        to: source.tokens.len(),
    });
    let lone = |s: &Statement| {
        !source
            .tokens
            .get(s.from..s.to)
            .unwrap_or(&[])
            .iter()
            .all(|token| token.is(";"))
    };
    found.retain(lone);
    (found, noticed)
}

/// Words that the language does not have, and `&&` beside `||` without parentheses.
pub(super) fn words(source: &Source) -> Vec<Noticed> {
    let mut noticed = Vec::new();
    for token in source
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Name)
    {
        if let Some((_, help)) = REFUSED
            .iter()
            .find(|(words, _)| words.contains(&token.text.as_str()))
        {
            let message = format!("`{}` is not a word of the rule language", token.text);
            noticed.push(token.fault("D103", message).maybe(Some((*help).into())));
        }
    }
    let assigns = |text: &str| {
        text == "="
            || (text.len() > 1
                && text.ends_with('=')
                && !["==", "!=", ">=", "<=", "..="].contains(&text))
    };
    for (at, token) in source
        .tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.kind == Kind::Mark && assigns(&token.text))
    {
        let names = at
            .checked_sub(2)
            .and_then(|at| source.tokens.get(at))
            .is_some_and(|token| token.is_name("const"));
        if !names || token.text != "=" {
            let fault = token.fault("D103", "nothing is assigned in a pack");
            noticed.push(fault.maybe(Some(
                "name a value once by `const name = …`; compare by `==`".into(),
            )));
        }
    }
    crowded(source, &mut noticed);
    // Which of the two stood at each depth of brackets since the last separator.
    let mut open: Vec<(bool, bool)> = vec![(false, false)];
    for token in source
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Mark)
    {
        match token.text.as_str() {
            "(" | "[" | "{" | "#{" => open.push((false, false)),
            ")" | "]" | "}" => {
                open.pop();
                // A block ends what stood before it.
                if let (true, Some(here)) = (token.text == "}", open.last_mut()) {
                    *here = (false, false);
                }
            }
            "," | ";" | "=>" | "|" => open
                .iter_mut()
                .rev()
                .take(1)
                .for_each(|here| *here = (false, false)),
            mark @ ("&&" | "||") => {
                let Some(here) = open.last_mut() else {
                    continue;
                };
                if mark == "&&" {
                    here.0 = true
                } else {
                    here.1 = true
                }
                if *here == (true, true) {
                    let message =
                        "`&&` and `||` stand side by side, and readers disagree which binds first";
                    noticed.push(token.fault("D106", message).maybe(Some(
                        "put parentheses around the one that belongs together".into(),
                    )));
                    *here = (false, false);
                }
            }
            _ => {}
        }
        if open.is_empty() {
            open.push((false, false));
        }
    }
    noticed
}

/// Values that a word may be given, and one more for what it follows. To find a function of more, the interpreter tries two
/// ways for every one of them, each with each.
const VALUES: usize = 7;

/// Brackets with more values than any word takes.
fn crowded(source: &Source, noticed: &mut Vec<Noticed>) {
    let mut open: Vec<(&Token, usize)> = Vec::new();
    for token in source
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Mark)
    {
        match token.text.as_str() {
            "(" | "[" | "{" | "#{" => open.push((token, 0)),
            ")" | "]" | "}" => drop(open.pop()),
            "," => {
                let Some((bracket, commas)) = open.last_mut() else {
                    continue;
                };
                *commas += 1;
                if *commas == VALUES && bracket.is("(") {
                    let fault =
                        bracket.fault("D203", format!("no word takes more than {VALUES} values"));
                    let help = "write a list: `[…]`";
                    noticed.push(fault.maybe(Some(help.into())));
                }
            }
            _ => {}
        }
    }
}

/// Labels that no fact has: in the arms of a `switch`, beside `==` and `!=`, and in lists after `in`.
pub(super) fn labels(source: &Source, schema: &Schema, terms: &BTreeSet<String>) -> Vec<Noticed> {
    let check = Labels {
        tokens: &source.tokens,
        schema,
        terms,
    };
    let mut noticed = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        if token.is_name("switch") {
            check.switch(at, &mut noticed);
        } else if token.is("==") || token.is("!=") {
            let sides = [
                (at.checked_sub(1), check.fact_from(at + 1)),
                (
                    Some(at + 1),
                    at.checked_sub(3).and_then(|at| check.fact_from(at)),
                ),
            ];
            for (label, fact) in sides {
                if let (Some(label), Some(fact)) =
                    (label.and_then(|at| source.tokens.get(at)), fact)
                {
                    check.label(fact, label, &mut noticed);
                }
            }
        } else if token.is_name("in") {
            let list = source
                .tokens
                .get(at + 2..)
                .unwrap_or(&[])
                .iter()
                .take_while(|token| !token.is("]"));
            let fact = at.checked_sub(
                if source
                    .tokens
                    .get(at.wrapping_sub(1))
                    .is_some_and(|t| t.is("!"))
                {
                    4
                } else {
                    3
                },
            );
            if let (true, Some(fact)) = (
                source.tokens.get(at + 1).is_some_and(|t| t.is("[")),
                fact.and_then(|at| check.fact_from(at)),
            ) {
                list.for_each(|label| check.label(fact, label, &mut noticed));
            }
        }
    }
    noticed
}

struct Labels<'a> {
    tokens: &'a [Token],
    schema: &'a Schema,
    terms: &'a BTreeSet<String>,
}

impl Labels<'_> {
    fn is(&self, at: usize, mark: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(mark))
    }
    /// The name in `m.name` at that token.
    fn fact_from(&self, at: usize) -> Option<&Token> {
        let name = |at: usize| self.tokens.get(at).filter(|token| token.kind == Kind::Name);
        name(at)
            .filter(|_| self.is(at + 1, ".") && !self.is(at + 3, ".") && !self.is(at + 3, "("))?;
        // `a.m.fact` is no fact of `m`.
        if at > 0 && self.is(at - 1, ".") {
            None
        } else {
            name(at + 2)
        }
    }
    fn label(&self, fact: &Token, label: &Token, noticed: &mut Vec<Noticed>) {
        let Some(rule) = self.schema.fact(&fact.text) else {
            return;
        };
        let Domain::Labels(labels) = &rule.domain else {
            return;
        };
        if label.kind == Kind::Text && !labels.contains(&label.text) {
            let message = format!("`{}` is not a value of `{}`", label.text, fact.text);
            let help = suggest(&label.text, labels.iter().map(String::as_str));
            noticed.push(label.fault("D303", message).maybe(help));
        }
    }
    fn switch(&self, at: usize, noticed: &mut Vec<Noticed>) {
        let Some(keyword) = self.tokens.get(at) else {
            return;
        };
        let fact = self.fact_from(at + 1).filter(|_| self.is(at + 4, "{"));
        let Some(fact) = fact else {
            let message = "`switch` takes a fact and nothing else";
            noticed.push(
                keyword
                    .fault("D302", message)
                    .maybe(Some("write `switch m.kind { … }`".into())),
            );
            return;
        };
        let domain = match self.schema.fact(&fact.text) {
            Some(rule) => rule.domain.clone(),
            None if self.terms.contains(&fact.text) => Domain::YesNo,
            // Reading it says so.
            None => return,
        };
        if let Domain::Percent { .. } = domain {
            let message = format!("`switch` cannot take the share `{}`", fact.text);
            let help = format!(
                "compare it: `if m.{} > percent(\"10.00\") {{ … }}`",
                fact.text
            );
            noticed.push(fact.fault("D302", message).maybe(Some(help.into())));
            return;
        }
        if let Domain::Date { .. } = domain {
            let name = &fact.text;
            let message = both!(
                "`switch` cannot take the date `{name}`",
                "`switch`不能按日期`{name}`来分"
            );
            let help = both!(
                "compare it: `if m.{name} >= date(\"2026-01-01\") {{ … }}`",
                "用比较:`if m.{name} >= date(\"2026-01-01\") {{ … }}`"
            );
            noticed.push(fact.fault("D302", message).maybe(Some(help)));
            return;
        }
        if let Domain::Whole { .. } = domain {
            let message = format!("`switch` cannot take the number `{}`", fact.text);
            let help = format!("compare it: `if m.{} >= 100 {{ … }}`", fact.text);
            noticed.push(fact.fault("D302", message).maybe(Some(help.into())));
            return;
        }
        let mut seen = BTreeSet::new();
        let mut arm = at + 5;
        while let Some(next) = self.arm(arm, &fact.text, &domain, &mut seen, noticed) {
            arm = next;
        }
    }
    /// Looks at the labels of one arm and returns where the next one begins.
    fn arm<'a>(
        &'a self,
        mut at: usize,
        fact: &str,
        domain: &Domain,
        seen: &mut BTreeSet<&'a str>,
        noticed: &mut Vec<Noticed>,
    ) -> Option<usize> {
        let first = at;
        while let Some(token) = self.tokens.get(at) {
            if token.is("=>") || token.is_name("if") {
                break;
            }
            if token.is("}") || token.is(";") {
                return None;
            }
            at += 1;
        }
        let guarded = self.tokens.get(at)?.is_name("if");
        for label in self
            .tokens
            .get(first..at)?
            .iter()
            .filter(|token| !token.is("|") && !token.is(","))
        {
            let fits = match (domain, label.kind) {
                (_, Kind::Name) if label.text == "_" => continue,
                (Domain::YesNo, Kind::Name) => label.text == "true" || label.text == "false",
                (Domain::Labels(labels), Kind::Text) => labels.contains(&label.text),
                _ => false,
            };
            if !fits {
                let help = match domain {
                    Domain::Labels(labels) => {
                        suggest(&label.text, labels.iter().map(String::as_str))
                    }
                    _ => Some(both!(
                        "write `true`, `false` or `_`",
                        "写`true`、`false`或者`_`"
                    )),
                };
                let message = format!(
                    "`{}` is not a value of `{fact}`, so this arm is never taken",
                    label.text
                );
                noticed.push(label.fault("D303", message).maybe(help));
            } else if !guarded && !seen.insert(label.text.as_str()) {
                let message = format!("`{}` stands twice in this `switch`", label.text);
                noticed.push(
                    label
                        .fault("D303", message)
                        .maybe(Some("the second arm is never taken: delete one".into())),
                );
            }
        }
        // Past the arm's own expression: to the comma at this depth, or past a block.
        let mut depth = 0_i64;
        let mut arrow = false;
        for (next, token) in self.tokens.iter().enumerate().skip(at) {
            match (token.kind, token.text.as_str()) {
                (Kind::Mark, "=>") if depth == 0 => arrow = true,
                (Kind::Mark, "(" | "[" | "{" | "#{") => depth += 1,
                (Kind::Mark, "}") if depth == 0 => return None,
                (Kind::Mark, ")" | "]" | "}") => {
                    depth -= 1;
                    // After a block the comma may be left out, unless the block goes on with `else`.
                    let on = self
                        .tokens
                        .get(next + 1)
                        .is_some_and(|t| t.is_name("else") || t.is(",") || t.is(".") || t.is("}"));
                    if arrow && depth == 0 && token.text == "}" && !on {
                        return Some(next + 1);
                    }
                }
                (Kind::Mark, ",") if depth == 0 && arrow => return Some(next + 1),
                (Kind::Mark, ";") if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }
}
