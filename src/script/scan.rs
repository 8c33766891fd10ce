//! What can be told from the tokens alone: where statements begin and end, words the language does not have, `&&` beside `||`,
//! and the labels of `switch` and of comparisons.

use std::collections::BTreeSet;

use super::explain::unknown_unit;
use super::fault::{both, suggest};
use super::record::unknown_fact;
use super::source::{Kind, Noticed, Source, Token};
use super::value::UNITS;
use crate::plan::{Domain, Schema};

/// One top-level statement: its tokens, from and up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Words of rhai that a pack has no use for, each with what to do instead, in English and in Chinese.
const REFUSED: [(&[&str], &str, &str); 7] = [
    (
        &["until"],
        "a clock ends by `.stops(…)`",
        "时限止于哪件事,写`.stops(…)`",
    ),
    (
        &["let", "var"],
        "names are made by `const`: `const name = …`",
        "起名字用`const`:`const 名字 = …`",
    ),
    (
        &["while", "loop", "for", "do", "continue", "break"],
        "a rule has no loops: write one clause for each case",
        "规则里没有循环:每种情形各写一条",
    ),
    (
        &[
            "fn", "Fn", "call", "curry", "this", "return", "global", "eval",
        ],
        "name a number by `param(…)` and a condition by `term(…)`",
        "给数起名用`param(…)`(参数),给条件起名用`term(…)`(用语)",
    ),
    (
        &[
            "import", "export", "module", "private", "try", "catch", "throw", "exit",
        ],
        "a pack is one file of declarations",
        "规则包就是一个文件,一句一句地规定",
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
        "规则只看事实、给答案,不做别的",
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
            "protected",
            "package",
            "goto",
            "unless",
        ],
        "the word is reserved: choose another name",
        "这个词留着不用:换一个名字;分情形写`switch m.kind { … }`",
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
                let mut missing = previous.fault(
                    "D105",
                    both!(
                        "the statement before this line does not end",
                        "这句话没有以`;`结尾,下一句就开始了"
                    ),
                );
                missing.width = previous.width.max(1);
                noticed.push(missing.maybe(Some(both!("write `;` after it", "在这后面补上`;`"))));
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

/// Whether a name is one that the language does not have.
pub(super) fn refused(name: &str) -> bool {
    REFUSED.iter().any(|(words, ..)| words.contains(&name))
}

/// Words that the language does not have, and `&&` beside `||` without parentheses.
pub(super) fn words(source: &Source) -> Vec<Noticed> {
    let mut noticed = Vec::new();
    for token in source
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Name)
    {
        let text = &token.text;
        let refused = REFUSED
            .iter()
            .find(|(words, ..)| words.contains(&text.as_str()));
        if let Some((_, help, zh)) = refused {
            let message = both!(
                "`{text}` is not a word of the rule language",
                "规则里没有`{text}`这个词"
            );
            noticed.push(
                token
                    .fault("D103", message)
                    .maybe(Some(both!("{help}", "{zh}"))),
            );
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
            .is_some_and(|token| {
                ["const", "let", "var"]
                    .iter()
                    .any(|word| token.is_name(word))
            });
        if !names || token.text != "=" {
            let message = both!("nothing is assigned in a pack", "规则里不能这样赋值");
            noticed.push(token.fault("D103", message).maybe(Some(both!(
                "name a value once by `const name = …`; compare by `==`",
                "要比较是否相等,写两个等号`==`;要起名字,写`const 名字 = …`"
            ))));
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
                    let message = both!(
                        "`&&` and `||` stand side by side, and readers disagree which binds first",
                        "`&&`(并且)和`||`(或者)并排,先算哪个各人理解不同"
                    );
                    noticed.push(token.fault("D106", message).maybe(Some(both!(
                        "put parentheses around the one that belongs together",
                        "把先算的那一组用括号括起来"
                    ))));
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
                    let message = both!(
                        "no word takes more than {VALUES} values",
                        "括号里至多写 {VALUES} 项"
                    );
                    let help = both!("write a list: `[…]`", "多了就写成列表:`[…]`");
                    noticed.push(bracket.fault("D203", message).maybe(Some(help)));
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

/// Facts and units that there are not, all of them: a run of the rule would stop at the first.
pub(super) fn reads(source: &Source, schema: &Schema, terms: &BTreeSet<String>) -> Vec<Noticed> {
    let matters = matters(&source.tokens);
    let own = |name: &str| {
        UNITS.iter().any(|(unit, _)| name == *unit)
            || schema.index(name).is_some()
            || terms.contains(name)
    };
    let mut noticed = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let mark = |at: usize, mark: &str| source.tokens.get(at).is_some_and(|it| it.is(mark));
        let Some(name) = source.tokens.get(at + 2).filter(|name| {
            name.kind == Kind::Name && mark(at + 1, ".") && !mark(at + 3, "(") && !own(&name.text)
        }) else {
            continue;
        };
        let fault = match token.kind {
            Kind::Number => unknown_unit(&name.text),
            Kind::Name if matters.contains(token.text.as_str()) => {
                unknown_fact(schema, terms.iter().map(String::as_str), &name.text)
            }
            _ => continue,
        };
        noticed.push(Noticed {
            fault: fault.at(name.position()),
            width: name.width,
        });
    }
    noticed
}

/// What rules call the matter: the one name between two bars.
fn matters(tokens: &[Token]) -> BTreeSet<&str> {
    let named = tokens.windows(3).filter_map(|three| match three {
        [open, name, close] if open.is("|") && close.is("|") => Some(name),
        _ => None,
    });
    named
        .filter(|name| name.kind == Kind::Name)
        .map(|name| name.text.as_str())
        .collect()
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
            let (text, name) = (&label.text, &fact.text);
            let message = both!(
                "`{text}` is not a value of `{name}`",
                "事实`{name}`没有`{text}`这个标签"
            );
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
            let message = both!(
                "`switch` takes a fact and nothing else",
                "`switch`后面只能写一个事实"
            );
            noticed.push(keyword.fault("D302", message).maybe(Some(both!(
                "write `switch m.kind {{ … }}`",
                "写`switch m.kind {{ … }}`"
            ))));
            return;
        };
        let domain = match self.schema.fact(&fact.text) {
            Some(rule) => rule.domain.clone(),
            None if self.terms.contains(&fact.text) => Domain::YesNo,
            // Reading it says so.
            None => return,
        };
        if let Domain::Percent { .. } = domain {
            let name = &fact.text;
            let message = both!(
                "`switch` cannot take the share `{name}`",
                "`{name}`是百分数,不能用`switch`分"
            );
            let help = both!(
                "compare it: `if m.{name} > percent(\"10.00\") {{ … }}`",
                "用比较来分:`if m.{name} > percent(\"10.00\") {{ … }} else {{ … }}`"
            );
            noticed.push(fact.fault("D302", message).maybe(Some(help)));
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
            let name = &fact.text;
            let message = both!(
                "`switch` cannot take the number `{name}`",
                "`{name}`是数字,不能用`switch`分"
            );
            let help = both!(
                "compare it: `if m.{name} >= 100 {{ … }}`",
                "用比较来分:`if m.{name} >= 100 {{ … }} else {{ … }}`"
            );
            noticed.push(fact.fault("D302", message).maybe(Some(help)));
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
                let text = &label.text;
                let message = both!(
                    "`{text}` is not a value of `{fact}`, so this arm is never taken",
                    "事实`{fact}`没有`{text}`这个标签,这一行永远用不上"
                );
                noticed.push(label.fault("D303", message).maybe(help));
            } else if !guarded && !seen.insert(label.text.as_str()) {
                let text = &label.text;
                let message = both!(
                    "`{text}` stands twice in this `switch`",
                    "这个`switch`里`{text}`写了两次"
                );
                noticed.push(label.fault("D303", message).maybe(Some(both!(
                    "the second arm is never taken: delete one",
                    "后一行永远用不上,删去一处"
                ))));
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
