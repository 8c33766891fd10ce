//! The source text as tokens with their places: enough of rhai's lexical rules to say where a statement begins, what the labels
//! of a `switch` are (the syntax tree keeps none of their text) and where the third argument of a word stands.

use rhai::Position;

use super::fault::{Both, Fault, both};
use crate::words::unseen;

/// What kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Text,
    Number,
    Mark,
}

/// One token and its place. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The name, the mark, the digits, or the text between the quotes as it stands.
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) width: usize,
    /// Place of its first character in the source, counted in characters.
    pub(super) start: usize,
    /// Place after its last.
    pub(super) end: usize,
}

impl Token {
    pub(super) fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }
    pub(super) fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }
    pub(super) fn position(&self) -> Position {
        place(self.line, self.column)
    }
    /// A fault about this token.
    pub(super) fn fault(&self, code: &'static str, message: Both) -> Noticed {
        Noticed {
            fault: Fault::new(code, message).at(self.position()),
            width: self.width,
        }
    }
}

/// A fault with its width, found on the text itself.
#[derive(Debug, Clone)]
pub(super) struct Noticed {
    pub(super) fault: Fault,
    pub(super) width: usize,
}

impl Noticed {
    pub(super) fn maybe(mut self, help: Option<Both>) -> Noticed {
        self.fault = self.fault.maybe(help);
        self
    }
}

/// Lines and columns past 65 535 do not occur: a source is at most 64 KiB.
pub(super) fn place(line: usize, column: usize) -> Position {
    match (u16::try_from(line), u16::try_from(column)) {
        (Ok(line), Ok(column)) if line > 0 => Position::new(line, column),
        _ => Position::NONE,
    }
}

/// A pack's text: one file, or a base and what is laid over it, one after the other, so that every position is of one file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The files, each with the line before its first.
    pub(super) files: Vec<(String, usize)>,
    pub(super) chars: Vec<char>,
    pub(super) tokens: Vec<Token>,
}

/// Marks of more than one character, longest first.
const LONG: [&str; 28] = [
    "<<=", ">>=", "**=", "..=", "...", "=>", "==", "!=", ">=", "<=", "&&", "||", "..", "#{", "::",
    "??", "?.", "?[", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "**", "->",
];

impl Source {
    /// Reads the text. A byte order mark at the very start is the editor's and is passed over.
    pub(super) fn read(name: &str, text: &str) -> (Source, Vec<Noticed>) {
        Source::layers(&[(name.to_owned(), text.to_owned())])
    }
    /// Reads several texts as one: bases first.
    pub(super) fn layers(layers: &[(String, String)]) -> (Source, Vec<Noticed>) {
        let (mut text, mut files, mut lines) = (String::new(), Vec::new(), 0);
        for (name, own) in layers {
            if !text.is_empty() {
                // The last statement of a base may go without its `;`.
                text.push_str("\n;\n");
                lines += 2;
            }
            files.push((name.clone(), lines));
            let own = own.strip_prefix('\u{feff}').unwrap_or(own);
            lines += own.bytes().filter(|byte| *byte == b'\n').count();
            text.push_str(own);
        }
        let mut reader = Reader {
            chars: text.chars().collect(),
            at: 0,
            line: 1,
            column: 1,
            tokens: vec![],
            noticed: vec![],
        };
        while reader.at < reader.chars.len() {
            reader.token();
        }
        (
            Source {
                files,
                chars: reader.chars,
                tokens: reader.tokens,
            },
            reader.noticed,
        )
    }
    /// The file in which a line stands, the line before its first, and which file it is. What has no place is of the file that lies over all.
    pub(super) fn file(&self, line: usize) -> (&str, usize, usize) {
        let at = match line {
            0 => self.files.len(),
            line => self.files.partition_point(|(_, before)| *before < line),
        };
        let at = at.saturating_sub(1);
        let file = self
            .files
            .get(at)
            .map(|(name, before)| (name.as_str(), *before));
        let (name, before) = file.unwrap_or_default();
        (name, before, at)
    }
    /// `file:line:column`.
    pub(super) fn say(&self, at: Position) -> String {
        let line = at.line().unwrap_or(0);
        let (file, before, _) = self.file(line);
        format!(
            "{file}:{}:{}",
            line.saturating_sub(before),
            at.position().unwrap_or(0)
        )
    }
    /// One line of it, from 1.
    pub(super) fn line(&self, number: usize) -> String {
        let mut lines = self.chars.split(|c| *c == '\n');
        let line: String = number
            .checked_sub(1)
            .and_then(|n| lines.nth(n))
            .unwrap_or(&[])
            .iter()
            .collect();
        line.trim_end_matches('\r').to_owned()
    }
    /// The token that begins at that place.
    pub(super) fn token_at(&self, position: Position) -> Option<usize> {
        let key = (position.line()?, position.position()?);
        self.tokens
            .binary_search_by_key(&key, |token| (token.line, token.column))
            .ok()
    }
    /// The text that the first use of a word was given.
    pub(super) fn said_of(&self, word: &str) -> Option<String> {
        let used = self.tokens.windows(3).find_map(|tokens| match tokens {
            [name, open, text] if name.is_name(word) && open.is("(") => Some(text),
            _ => None,
        })?;
        (used.kind == Kind::Text).then(|| used.text.clone())
    }
    /// The word that began the statement in which that token stands.
    pub(super) fn root(&self, token: usize) -> String {
        let before = self.tokens.get(..token).unwrap_or(&[]);
        let begins = before
            .iter()
            .rposition(|token| token.is(";"))
            .map_or(0, |at| at + 1);
        let mut from = self.tokens.get(begins..).unwrap_or(&[]).iter();
        let first = from.next().filter(|token| !token.is_name("const"));
        // `const name = word(…)`
        first
            .or_else(|| from.nth(2))
            .map(|token| token.text.clone())
            .unwrap_or_default()
    }
    /// Where the given argument of the call at that place begins, and how wide its first token is.
    pub(super) fn argument(&self, call: Position, number: usize) -> Option<&Token> {
        let from = self.token_at(call)?;
        let open =
            (from..from + 3).find(|at| self.tokens.get(*at).is_some_and(|token| token.is("(")))?;
        let (mut depth, mut seen) = (0_usize, 0_usize);
        for (at, token) in self.tokens.iter().enumerate().skip(open + 1) {
            if depth == 0 && seen == number {
                return (!token.is(")"))
                    .then_some(token)
                    .or_else(|| self.tokens.get(at.saturating_sub(1)));
            }
            match (token.kind, token.text.as_str()) {
                (Kind::Mark, "(" | "[" | "{" | "#{") => depth += 1,
                (Kind::Mark, ")" | "]" | "}") => depth = depth.checked_sub(1)?,
                (Kind::Mark, ",") if depth == 0 => seen += 1,
                _ => {}
            }
        }
        None
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    column: usize,
    tokens: Vec<Token>,
    noticed: Vec<Noticed>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }
    fn step(&mut self) {
        // Whatever the character stands in: what is not seen, or seen elsewhere than it stands, is not read either.
        if let Some(c) = self.peek(0).filter(|c| unseen(*c)) {
            let help = if c == '\u{fffd}' {
                both!(
                    "the file is not in UTF-8, or was damaged: save it again as UTF-8",
                    "文件不是 UTF-8 编码,或者损坏了:重新存为 UTF-8"
                )
            } else {
                delete()
            };
            self.notice("D101", no_place(c), 1, Some(help));
        }
        // Some take a lone `\r` for the end of a line, and others do not.
        if self.peek(0) == Some('\r') && self.peek(1) != Some('\n') {
            let message = both!(
                "a carriage return stands here alone",
                "这里有一个单独的回车符(CR)"
            );
            let help = both!(
                "end the line with the line feed too, or delete it",
                "删去它,或者在编辑器里把换行改成 LF 再保存"
            );
            self.notice("D101", message, 1, Some(help));
        }
        if self.peek(0) == Some('\n') {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        self.at += 1;
    }
    fn steps(&mut self, n: usize) {
        (0..n).for_each(|_| self.step());
    }
    fn token(&mut self) {
        let Some(c) = self.peek(0) else { return };
        match (c, self.peek(1)) {
            (c, _) if c.is_whitespace() => self.step(),
            ('/', Some('/')) => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.step();
                }
            }
            ('/', Some('*')) => self.comment(),
            ('"', _) => self.text(),
            (c, _) if c.is_alphabetic() && !is_wide(c) || c == '_' => {
                self.run(Kind::Name, |c| {
                    (c.is_alphanumeric() || c == '_') && !is_wide(c)
                });
            }
            (c, _) if c.is_ascii_digit() => self.number(),
            ('`' | '\'', _) | ('#', Some('"' | '#')) => {
                self.notice(
                    "D107",
                    both!(
                        "text stands between double quotes: `\"…\"`",
                        "文字要用半角双引号括起来:`\"…\"`"
                    ),
                    1,
                    None,
                );
                self.step();
            }
            (c, _) => self.mark(c),
        }
    }
    fn run(&mut self, kind: Kind, more: impl Fn(char) -> bool) {
        let (start, line, column) = (self.at, self.line, self.column);
        while self.peek(0).is_some_and(&more) {
            self.step();
        }
        self.push(kind, start, line, column);
    }
    fn push(&mut self, kind: Kind, start: usize, line: usize, column: usize) {
        let text: String = self
            .chars
            .get(start..self.at)
            .map(|c| c.iter().collect())
            .unwrap_or_default();
        if kind == Kind::Name && self.at - start > NAME {
            let message = both!(
                "a name has at most {NAME} characters",
                "名字至多 {NAME} 个字"
            );
            let fault = Fault::new("D107", message).at(place(line, column));
            let fault = fault.help(both!("give it a shorter one", "起一个短些的"));
            self.noticed.push(Noticed { fault, width: 1 });
        }
        if let Some((at, c)) = text
            .chars()
            .enumerate()
            .find(|(_, c)| kind == Kind::Name && foreign(*c))
        {
            let message = both!(
                "the letter `{c}` is Greek or Cyrillic, and looks like another",
                "字母`{c}`是希腊文或者俄文的,看着像英文字母"
            );
            let fault = Fault::new("D101", message)
                .at(place(line, column + at))
                .help(both!(
                    "type the name again",
                    "切到英文输入法,把这个名字重打一遍"
                ));
            self.noticed.push(Noticed { fault, width: 1 });
        }
        self.tokens.push(Token {
            kind,
            text,
            line,
            column,
            width: self.at - start,
            start,
            end: self.at,
        });
    }
    fn number(&mut self) {
        self.run(Kind::Number, |c| c.is_ascii_alphanumeric() || c == '_');
        let odd = |token: &&Token| token.text.replace('_', "").parse::<i64>().is_err();
        if let Some(token) = self.tokens.last().filter(odd) {
            let help = if token.text.chars().all(|c| c.is_ascii_digit() || c == '_') {
                both!(
                    "the number is larger than anything that is counted",
                    "这个数太大,没有什么数得到这么多"
                )
            } else if let Some((digits, unit)) = spelt(&token.text) {
                both!(
                    "write a dot between the number and its unit: `{digits}.{unit}`",
                    "数字和单位之间要写点:`{digits}.{unit}`"
                )
            } else {
                both!(
                    "write all its digits, and digits only: `100_000` for `1e5`",
                    "只写数字,一位一位写全:`1e5`写成`100_000`"
                )
            };
            let message = match spelt(&token.text) {
                None => whole(),
                Some(_) => {
                    let text = &token.text;
                    both!("`{text}` is no number", "`{text}`不是数")
                }
            };
            self.noticed
                .push(token.fault("D107", message).maybe(Some(help)));
        }
        if self.peek(0) == Some('.') && self.peek(1).is_some_and(|c| c.is_ascii_digit()) {
            let (line, column) = (self.line, self.column);
            let digits = self.tokens.last().map_or(0, |token| token.width);
            self.step();
            while self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                self.step();
            }
            let fault = Fault::new("D107", whole()).at(place(line, column - digits));
            let fault = fault.help(both!(
                "say it in a smaller unit: half a working day is so many `.office_hours`; a share is `percent(\"10.00\")`",
                "换小一级的单位:半个工作日写成几个`.office_hours`(工作小时);百分数写`percent(\"10.00\")`"
            ));
            self.noticed.push(Noticed {
                fault,
                width: digits + self.column - column,
            });
        }
    }
    fn comment(&mut self) {
        let (line, column) = (self.line, self.column);
        let mut depth = 0;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => {
                    self.step();
                    continue;
                }
            }
            self.steps(2);
            if depth == 0 {
                return;
            }
        }
        let message = both!(
            "the comment that begins here is never closed",
            "从这里开始的说明,没有写收尾的`*/`"
        );
        let fault = Fault::new("D102", message)
            .at(place(line, column))
            .help(both!("write `*/`", "在说明的末尾补上`*/`"));
        self.noticed.push(Noticed { fault, width: 2 });
    }
    fn text(&mut self) {
        let (start, line, column) = (self.at, self.line, self.column);
        self.step();
        loop {
            match self.peek(0) {
                Some('"') => break self.step(),
                Some('\\') if self.peek(1).is_some_and(|c| c != '\n') => self.steps(2),
                Some(c) if c != '\n' => self.step(),
                _ => {
                    let message = both!(
                        "the text that begins here is never closed",
                        "从这里开始的文字,没有写收尾的引号"
                    );
                    let fault = Fault::new("D102", message)
                        .at(place(line, column))
                        .help(both!(
                            "close it on the same line with `\"`",
                            "在同一行的末尾补上半角引号`\"`"
                        ));
                    self.noticed.push(Noticed {
                        fault,
                        width: self.at - start,
                    });
                    break;
                }
            }
        }
        self.push(Kind::Text, start, line, column);
        if let Some(token) = self.tokens.last_mut() {
            let inner = token.text.strip_prefix('"').unwrap_or(&token.text);
            token.text = inner.strip_suffix('"').unwrap_or(inner).to_owned();
        }
    }
    fn mark(&mut self, c: char) {
        // A sentence in Chinese ends with it; a statement ends with `;`.
        let next = (1..)
            .map_while(|ahead| self.peek(ahead))
            .find(|c| *c == '\n' || !c.is_whitespace());
        let ends = matches!(next, None | Some('\n' | '/'));
        let plain = if c == '。' && ends {
            Some(';')
        } else {
            plain(c)
        };
        if let Some(plain) = plain {
            let help = both!(
                "write `{plain}`; full-width marks are for text and comments",
                "切到英文输入法,写`{plain}`;全角的只能用在引号里和说明里"
            );
            let message = both!("`{c}` is a full-width mark", "`{c}`是全角的");
            self.notice("D101", message, 1, Some(help));
            self.step();
            return;
        }
        // Noticed on the way.
        if unseen(c) {
            self.step();
            return;
        }
        if !c.is_ascii() || c.is_control() {
            self.notice("D101", no_place(c), 1, Some(delete()));
            self.step();
            return;
        }
        let (start, line, column) = (self.at, self.line, self.column);
        let fits = |mark: &&&str| {
            mark.chars()
                .enumerate()
                .all(|(ahead, c)| self.peek(ahead) == Some(c))
        };
        let length = LONG.iter().find(fits).map_or(1, |mark| mark.len());
        self.steps(length);
        self.push(Kind::Mark, start, line, column);
    }
    fn notice(&mut self, code: &'static str, message: Both, width: usize, help: Option<Both>) {
        // More are shown to nobody, and a file can be made of nothing else.
        if self.noticed.len() >= NOTICED {
            return;
        }
        let fault = Fault::new(code, message)
            .at(place(self.line, self.column))
            .maybe(help);
        self.noticed.push(Noticed { fault, width });
    }
}

/// A number and what was written right after it, if that may be a unit.
fn spelt(text: &str) -> Option<(&str, String)> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let unit = crate::plan::near(unit, super::value::UNITS.iter().map(|(name, _)| *name))?;
    Some((digits, unit))
}

fn no_place(c: char) -> Both {
    let c = c.escape_unicode();
    both!(
        "the character `{c}` has no place here",
        "字符`{c}`不能写在这里"
    )
}

fn delete() -> Both {
    both!(
        "delete it; it may be invisible",
        "删去它;它可能看不见,把前后几个字删了重打"
    )
}

fn whole() -> Both {
    both!("a pack has whole numbers only", "规则里只写整数")
}

/// Faults of the text that are remembered, at most.
const NOTICED: usize = 1_000;

/// Characters of a name, at most.
pub(super) const NAME: usize = 64;

/// Letters of scripts that look like Latin ones.
pub(super) fn foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1f00}'..='\u{1fff}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}')
}

/// Full-width letters and digits, which look like plain ones.
fn is_wide(c: char) -> bool {
    ('\u{ff01}'..='\u{ff5e}').contains(&c)
}

/// What to write instead of a full-width mark.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '，' | '、' => ',',
        '。' => '.',
        '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' => '"',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '—' | '–' | '−' => '-',
        '×' => '*',
        '…' => '.',
        // ！ to ～ stand in the order of ASCII.
        c if is_wide(c) => char::from_u32(c as u32 - 0xff01 + 0x21)?,
        _ => return None,
    })
}
