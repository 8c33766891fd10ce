//! Loading: the text, then each statement by itself, then the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use rhai::{AST, Dynamic, Engine, FnPtr, Position, Scope};

use super::draft::Draft;
use super::engine::{self, Shared, lock};
use super::fault::{Fault, Spot, both};
use super::finish::{self, Finished};
use super::report::Report;
use super::scan::{self, Statement};
use super::source::{Kind as TokenKind, Noticed, Source, place};
use super::value::{Clause, ParamValue, PostValue};
use super::{Findings, Options, canary, dated, explain, overlay, words};

/// Bytes of a source, lines and statements, at most.
const BYTES: usize = 64 * 1024;
const LINES: usize = 10_000;
const STATEMENTS: usize = 1_000;

/// A pack read as far as it goes.
pub(super) struct Loaded {
    /// The texts it was read from, bases first, and every parameter that was set.
    pub(super) layers: Vec<(String, String)>,
    pub(super) set: BTreeMap<String, i64>,
    pub(super) finished: Option<Finished>,
    pub(super) findings: Findings,
    pub(super) engine: Option<Engine>,
}

impl Loaded {
    pub(super) fn failed(findings: Findings) -> Loaded {
        Loaded {
            layers: Vec::new(),
            set: BTreeMap::new(),
            finished: None,
            findings,
            engine: None,
        }
    }
}

pub(super) fn load(name: &str, text: &str, options: &Options) -> Loaded {
    load_over(name, text, options, &[], false)
}

/// Loads a pack that others, by these names, are based on. `dated` is whether those depend on the date of receipt.
pub(super) fn load_over(
    name: &str,
    text: &str,
    options: &Options,
    above: &[String],
    dated: bool,
) -> Loaded {
    let refused = too_large(text)
        .map(|(fault, at)| (fault, at, ""))
        .or_else(|| canary::refusal().map(|fault| (fault, Position::NONE, text)));
    if let Some((fault, at, shown)) = refused {
        let (source, _) = Source::read(name, shown);
        let mut report = Report::new(&source);
        report.add(fault, at);
        return Loaded::failed(report.finish());
    }
    let below = match overlay::below(name, text, options, above, dated) {
        Ok(below) => below,
        Err(findings) => return Loaded::failed(findings),
    };
    let mut layers = below.layers;
    layers.push((name.to_owned(), text.to_owned()));
    let mut set = below.set;
    set.extend(options.params.clone());
    let (source, noticed) = Source::layers(&layers);
    let draft: Shared = Arc::new(Mutex::new(Draft {
        set: set.clone(),
        files: source.files.clone(),
        ..Draft::default()
    }));
    let mut report = Report::new(&source);
    let engine = engine::engine(&draft, options.operations);
    let mut pass = Pass {
        source: &source,
        engine: &engine,
        draft: &draft,
        constants: Vec::new(),
        lost: BTreeSet::new(),
        named: BTreeSet::new(),
    };
    let skip = pass.statements(&noticed, &mut report);
    let lost: Vec<String> = pass.lost.iter().cloned().collect();
    let names: Vec<String> = pass
        .constants
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    for param in options.params.keys() {
        if !pass.lost.contains(param)
            && !lock(&draft)
                .params
                .iter()
                .any(|known| known.what.name == *param)
        {
            let known: Vec<String> = lock(&draft)
                .params
                .iter()
                .map(|param| param.what.name.clone())
                .collect();
            let fault = Fault::new(
                "D206",
                both!(
                    "no parameter is called `{param}`, and a value is set for it",
                    "没有叫`{param}`的参数,却给它设了值"
                ),
            );
            report.add(
                fault.maybe(super::fault::suggest(
                    param,
                    known.iter().map(String::as_str),
                )),
                Position::NONE,
            );
        }
    }
    let finished = finish::finish(
        &draft,
        &engine,
        &mut report,
        finish::Given {
            skip,
            lost,
            names,
            layers: &layers,
            base: below.plan.as_ref(),
            raised: below.raised,
            dated: dated || dated::matters(&source),
            options,
        },
    );
    Loaded {
        layers,
        set,
        finished,
        findings: report.finish(),
        engine: Some(engine),
    }
}

/// A source past the bounds, and where it passes them. It is not read: reading it is what the bounds are against.
fn too_large(text: &str) -> Option<(Fault, Position)> {
    let breaks = || {
        text.char_indices()
            .filter(|(_, c)| *c == '\n')
            .map(|(at, _)| at)
    };
    let lines = breaks().count();
    if text.len() <= BYTES && lines <= LINES {
        return None;
    }
    let bytes = text.len();
    let message = both!(
        "a pack is at most 64 KiB and {LINES} lines; this has {bytes} bytes and {lines} lines",
        "一个规则包至多 64 KiB、{LINES} 行;这个有 {bytes} 字节、{lines} 行"
    );
    let at = if lines > LINES {
        place(LINES + 1, 1)
    } else {
        let last = breaks().take_while(|at| *at < BYTES).last();
        let line = breaks().take_while(|at| *at < BYTES).count() + 1;
        let column = text.get(last.map_or(0, |at| at + 1)..).map_or(1, |rest| {
            let left = BYTES - last.map_or(0, |at| at + 1);
            rest.char_indices().take_while(|(at, _)| *at < left).count()
        });
        place(line, column.clamp(1, usize::from(u16::MAX)))
    };
    let fault = Fault::new("D100", message).help(both!(
        "from here on it is not read: delete what is no rule, or make it two packs",
        "从这里起没有读:删去不是规则的内容,或者分成两个包"
    ));
    Some((fault, at))
}

/// What a declaration names first, whatever brackets and quotes it was given.
fn first_of(tokens: &[super::source::Token]) -> Option<String> {
    let named = |token: &&super::source::Token| token.kind != TokenKind::Mark;
    tokens.iter().find(named).map(|token| token.text.clone())
}

/// What a pack says it is based on, found by running that statement alone.
pub(super) fn based_on(source: &Source, report: &mut Report<'_>) -> Option<Draft> {
    let (statements, _) = scan::statements(source, words::declares);
    let begins = |one: &&Statement| {
        source
            .tokens
            .get(one.from)
            .is_some_and(|token| token.is_name("based_on"))
    };
    let statement = statements.iter().find(begins)?;
    let draft: Shared = Arc::new(Mutex::new(Draft::default()));
    let engine = engine::engine(&draft, 100_000);
    let mut pass = Pass {
        source,
        engine: &engine,
        draft: &draft,
        constants: Vec::new(),
        lost: BTreeSet::new(),
        named: BTreeSet::new(),
    };
    pass.statement(statement, report);
    Some(std::mem::take(&mut *lock(&draft)))
}

struct Pass<'a> {
    source: &'a Source,
    engine: &'a Engine,
    draft: &'a Shared,
    constants: Vec<(String, Dynamic)>,
    /// What statements that failed would have named.
    lost: BTreeSet<String>,
    named: BTreeSet<String>,
}

impl Pass<'_> {
    /// Runs every statement by itself, so that one mistake hides no other. Tells which of them went wrong.
    fn statements(&mut self, noticed: &[Noticed], report: &mut Report<'_>) -> Vec<bool> {
        let (statements, unended) = scan::statements(self.source, words::declares);
        let odd = scan::words(self.source);
        let mut skip = Vec::new();
        let on_text: Vec<Noticed> = noticed.iter().chain(&odd).cloned().collect();
        for one in on_text.iter() {
            report.noticed(one.clone());
        }
        // What was written in the place of `;` is a finding of its own, and so is a word that begins no statement.
        let begun = |at: Position| {
            let all = statements.iter().rev();
            let begin = all
                .map(|one| self.begin(one))
                .find(|begin| key(*begin) <= key(at));
            let token = begin.and_then(|begin| self.source.token_at(begin));
            let token = token.and_then(|at| self.source.tokens.get(at));
            token.is_some_and(|token| scan::refused(&token.text))
        };
        for one in unended {
            let Spot::At(at) = one.fault.spot else {
                continue;
            };
            let instead = on_text.iter().any(|other| match other.fault.spot {
                Spot::At(other) => other.line() == at.line() && key(other) > key(at),
                _ => false,
            });
            if !instead && !begun(at) {
                report.noticed(one);
            }
        }
        if statements.len() > STATEMENTS {
            let all = statements.len();
            let message = both!(
                "a pack has at most {STATEMENTS} statements; this has {all}",
                "一个规则包至多 {STATEMENTS} 句;这个有 {all} 句"
            );
            let first = statements.get(STATEMENTS);
            report.add(
                Fault::new("D100", message).help(both!(
                    "from here on nothing is read: a pack of a hundred statements is long",
                    "从这里起没有读;一百句已经是很长的规则包"
                )),
                first.map_or(Position::NONE, |statement| self.begin(statement)),
            );
        }
        for (at, statement) in statements
            .iter()
            .enumerate()
            .take_while(|_| statements.len() <= STATEMENTS)
        {
            self.enter(at, statement);
            let spoilt = on_text.iter().any(|noticed| self.holds(statement, noticed))
                || self.needs_lost(statement);
            let tree = if spoilt {
                None
            } else {
                self.statement(statement, report)
            };
            skip.push(tree.is_none());
            if tree.is_none() {
                self.lose(statement);
            }
            lock(self.draft).trees.push(tree.unwrap_or_default());
        }
        skip
    }
    /// Tells the draft which statement is run, and of which file.
    fn enter(&self, at: usize, statement: &Statement) {
        let line = self.begin(statement).line().unwrap_or(1);
        let from = self.source.file(line).1;
        let mut draft = lock(self.draft);
        draft.statement = at;
        if draft.from != from {
            draft.from = from;
            draft.based = None;
            words::ladders::anew(&mut draft);
        }
    }
    fn begin(&self, statement: &Statement) -> Position {
        self.source
            .tokens
            .get(statement.from)
            .map_or(Position::NONE, |token| token.position())
    }
    fn holds(&self, statement: &Statement, noticed: &Noticed) -> bool {
        let Spot::At(at) = noticed.fault.spot else {
            return false;
        };
        let end = self
            .source
            .tokens
            .get(statement.to)
            .map_or((usize::MAX, 0), |token| key(token.position()));
        // What stands before the first token of all belongs to the first statement.
        let begin = if statement.from == 0 {
            (0, 0)
        } else {
            key(self.begin(statement))
        };
        (begin..end).contains(&key(at))
    }
    fn tokens(&self, statement: &Statement) -> &[super::source::Token] {
        self.source
            .tokens
            .get(statement.from..statement.to)
            .unwrap_or(&[])
    }
    fn needs_lost(&self, statement: &Statement) -> bool {
        let name = |token: &super::source::Token| {
            token.kind == TokenKind::Name && self.named.contains(&token.text)
        };
        !self.named.is_empty() && self.tokens(statement).iter().any(name)
    }
    /// Remembers what a statement that failed would have named, so that its uses are no further faults.
    fn lose(&mut self, statement: &Statement) {
        let tokens: Vec<_> = self.tokens(statement).iter().take(6).cloned().collect();
        match tokens.as_slice() {
            [first, name, rest @ ..]
                if ["const", "let", "var"].iter().any(|it| first.is_name(it)) =>
            {
                self.named.insert(name.text.clone());
                // `const name = param("name", …)`
                if let [_, word, rest @ ..] = rest
                    && word.is_name("param")
                {
                    self.lost.extend(first_of(rest));
                }
            }
            [word, rest @ ..]
                if ["fact", "finding", "mention", "term"].contains(&word.text.as_str()) =>
            {
                self.lost.extend(first_of(rest));
            }
            _ => {}
        }
    }
    /// Runs one statement; its tree, if all went well.
    fn statement(&mut self, statement: &Statement, report: &mut Report<'_>) -> Option<AST> {
        let tokens = self.tokens(statement);
        let first = tokens.first()?.clone();
        let known =
            |name: &str| words::declares(name) || self.constants.iter().any(|(own, _)| own == name);
        let word = first.is_name("const")
            || !first.text.is_empty()
                && !matches!(first.text.as_str(), "if" | "switch" | "true" | "false");
        if first.kind != TokenKind::Name || !word {
            report.add(nothing(), first.position());
            return None;
        }
        // A name on its own that is neither: a word that was mistyped is told apart from a name by its brackets.
        let called = tokens.get(1).is_some_and(|next| next.is("("));
        if !first.is_name("const") && !called && !known(&first.text) {
            let names = words::all()
                .map(|word| word.name)
                .chain(self.constants.iter().map(|(name, _)| -> &str { name }));
            let text = &first.text;
            let message = both!("`{text}` begins no statement", "一句话不能用`{text}`开头");
            report.add(
                Fault::new("D201", message).maybe(super::fault::suggest(text, names)),
                first.position(),
            );
            return None;
        }
        if let Some(name) = tokens.get(1).filter(|_| first.is_name("const"))
            && (words::named(&name.text).is_some() || words::names().contains(name.text.as_str()))
        {
            let text = &name.text;
            let message = both!(
                "`{text}` is a word of the rule language",
                "`{text}`是规则里已有的词,不能拿来起名"
            );
            let fault =
                Fault::new("D204", message).help(both!("choose another name", "换一个名字"));
            report.add(fault, name.position());
            return None;
        }
        if let Some(name) = tokens.get(1).filter(|_| first.is_name("const"))
            && self.constants.iter().any(|(own, _)| *own == name.text)
        {
            report.add(explain::named(&name.text), name.position());
            return None;
        }
        let last = tokens.iter().rev().find(|token| !token.is(";"))?;
        let body: String = self
            .source
            .chars
            .get(first.start..last.end)?
            .iter()
            .collect();
        // Blank lines and columns before it, so that positions are those of the file.
        let text = format!(
            "{}{}{body}",
            "\n".repeat(first.line - 1),
            " ".repeat(first.column - 1)
        );
        let names: Vec<String> = self
            .constants
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        let tree = match self.engine.compile_with_scope(&self.scope(true), &text) {
            Ok(tree) => tree,
            Err(error) => {
                let at = error.position();
                let fault = explain::parsed(error.err_type(), at, self.source, &names);
                report.add(
                    fault,
                    if at.is_none() {
                        place(first.line, first.column)
                    } else {
                        self.inside(statement, at)
                    },
                );
                return None;
            }
        };
        let mut scope = self.scope(false);
        let before = scope.len();
        match self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut scope, &tree)
        {
            Ok(value) => {
                let new: Vec<(String, Dynamic)> = scope
                    .iter()
                    .skip(before)
                    .map(|(name, _, value)| (name.to_owned(), value.flatten()))
                    .collect();
                let declares =
                    value.is::<Clause>() || value.is::<PostValue>() || value.is::<ParamValue>();
                if let Some(fault) = unfit(&new, declares) {
                    report.add(fault, place(first.line, first.column));
                    return None;
                }
                self.constants.extend(new);
                Some(tree)
            }
            Err(error) => {
                let (fault, at) = explain::ran(&error, self.source, &names);
                report.add(
                    fault,
                    if at.is_none() {
                        place(first.line, first.column)
                    } else {
                        at
                    },
                );
                None
            }
        }
    }
    /// A parse error at the end of a statement is shown on its last token and not on the line after.
    fn inside(&self, statement: &Statement, at: Position) -> Position {
        let last = self
            .tokens(statement)
            .last()
            .map_or(at, |token| token.position());
        if key(at) > key(last) { last } else { at }
    }
    /// The constants so far. For compiling, the language's own names stand among them: a misspelt one is then an error with a place.
    fn scope(&self, compiling: bool) -> Scope<'static> {
        let mut scope = Scope::new();
        if compiling {
            for name in words::constants() {
                scope.push_constant(name, ());
            }
        }
        for (name, value) in &self.constants {
            scope.push_constant_dynamic(name.clone(), value.clone());
        }
        scope
    }
}

fn key(position: Position) -> (usize, usize) {
    (
        position.line().unwrap_or(0),
        position.position().unwrap_or(0),
    )
}

/// A statement must declare something, or name a constant that can be one.
fn unfit(new: &[(String, Dynamic)], declares: bool) -> Option<Fault> {
    if let Some((name, _)) = new.iter().find(|(_, value)| value.is::<FnPtr>()) {
        let message = both!(
            "the constant `{name}` cannot hold a rule",
            "不能用`const {name}`给一条规则起名"
        );
        return Some(Fault::new("D203", message).help(both!(
            "name a condition by `term(\"{name}\", |m| …)`",
            "给条件起名,写`term(\"{name}\", |m| …)`"
        )));
    }
    if new.is_empty() && !declares {
        return Some(nothing());
    }
    None
}

fn nothing() -> Fault {
    let message = both!("this statement declares nothing", "这句话没有规定任何事");
    Fault::new("D201", message).help(both!(
        "a statement begins with a word such as `clock(…)`, or with `const name = `",
        "一句话用`clock(…)`(时限)这样的词开头,或者用`const 名字 = `开头"
    ))
}
