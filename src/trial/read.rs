//! Reads test files: one JSON object a line, keys in English or Chinese.

use std::fmt;

use serde_json::{Map, Value};

use crate::plan::near;

/// A line that says nothing that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what to write instead.
    pub said: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.said
        )
    }
}

impl std::error::Error for Malformed {}

/// The tests of one file.
#[derive(Debug, Clone)]
pub struct Tests {
    pub(super) file: String,
    pub(super) tests: Vec<Test>,
}

/// One test: its head and the lines after it.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub(super) head: Entry,
    pub(super) lines: Vec<Entry>,
}

/// One line, its keys in English.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) map: Map<String, Value>,
}

/// Every key that a line can have, in English and in Chinese.
const KEYS: &[(&str, &str)] = &[
    ("test", "测试"),
    ("place", "地方"),
    ("class", "类别"),
    ("facts", "事实"),
    ("closed", "放假"),
    ("opened", "上班"),
    ("at", "时"),
    ("do", "做"),
    ("by", "由"),
    ("refused", "拒绝"),
    ("due", "到期"),
    ("is", "是"),
    ("rung", "催办"),
    ("step", "级"),
    ("to", "给"),
    ("fate", "结局"),
    ("verdict", "结论"),
    ("reason", "理由"),
    ("because", "因为"),
    ("clause", "条款"),
    ("stage", "阶段"),
    ("outcome", "结果"),
    ("shown", "显示"),
    ("proposed", "拟类"),
    ("route", "主办"),
    ("hot", "热点"),
    ("tracked", "督办"),
    ("returns", "退回次数"),
    ("run", "第几次"),
    ("unit", "单位"),
    ("owner", "承办人"),
    ("findings", "审核意见"),
    ("return", "退回"),
    ("explained", "依法解释"),
    ("ground", "事由"),
    ("span", "时长"),
    ("clock", "时限"),
    ("name", "名称"),
    ("value", "值"),
    ("level", "满意度"),
    ("mark", "标记"),
    ("text", "正文"),
    ("passed", "通过"),
    ("within", "限"),
    ("unreached", "联系不上"),
    ("measures", "措施"),
    ("contacts", "联系"),
    ("basis", "依据"),
    ("commitments", "承诺"),
    ("co_handlers", "协办"),
    ("track", "交督办"),
    ("provisional", "暂定"),
    ("told", "告知"),
    ("count", "次数"),
    ("part", "事项"),
    ("bundle", "一件事"),
    ("indicator", "指标"),
    ("subject", "对象"),
];
/// Every key that a line of a test can have, in English and in Chinese; `rules/STORIES.md` says what each means.
///
/// ```
/// assert!(duly::trial::keys().any(|(en, zh)| (en, zh) == ("due", "到期")));
/// ```
pub fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYS.iter().copied()
}

/// A key in Chinese.
pub(super) fn zh(key: &str) -> &str {
    let mut all = KEYS.iter();
    all.find(|(en, _)| *en == key).map_or(key, |(_, zh)| *zh)
}

const HEAD: &[&str] = &["test", "place", "class", "facts", "closed", "opened"];
const EXPECT: &[&str] = &[
    "at",
    "due",
    "is",
    "rung",
    "step",
    "to",
    "fate",
    "verdict",
    "reason",
    "because",
    "clause",
    "stage",
    "outcome",
    "shown",
    "proposed",
    "route",
    "hot",
    "tracked",
    "returns",
    "run",
    "provisional",
    "told",
    "count",
    "part",
];

impl Entry {
    /// The column at which a word stands, from 1.
    pub(super) fn column(&self, word: &str) -> usize {
        let zh = KEYS.iter().find(|(en, _)| *en == word).map(|(_, zh)| *zh);
        let at = [Some(word), zh]
            .into_iter()
            .flatten()
            .find_map(|it| self.text.find(&format!("\"{it}\"")));
        self.text
            .get(..at.unwrap_or(0))
            .map_or(0, |before| before.chars().count())
            + 1
    }
    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.map.get(key).and_then(Value::as_str)
    }
}

impl Tests {
    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is no JSON object, has a key that says nothing there, or stands before any test.
    pub fn read(file: &str, text: &str) -> Result<Tests, Malformed> {
        let mut tests: Vec<Test> = Vec::new();
        for (number, raw) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let bare = raw.trim();
            if bare.is_empty() || bare.starts_with("//") || bare.starts_with('#') {
                continue;
            }
            let wrong = |column: usize, said: String| Malformed {
                file: file.to_owned(),
                line: number + 1,
                column,
                said,
            };
            let map: Map<String, Value> = serde_json::from_str(raw).map_err(|error| {
                let column = raw.get(..error.column().saturating_sub(1)).map_or(0, |it| it.chars().count()) + 1;
                let full = error.to_string();
                let said = full.split(" at line ").next().unwrap_or_default();
                wrong(column, format!("{said}; a line is one JSON object, as in `{{\"at\": \"2026-03-02 09:00\", \"do\": \"open\"}}`"))
            })?;
            let english = |key: &str| {
                KEYS.iter()
                    .find(|(en, zh)| *en == key || *zh == key)
                    .map_or(key, |(en, _)| en)
                    .to_owned()
            };
            let entry = Entry {
                line: number + 1,
                text: raw.to_owned(),
                map: map
                    .into_iter()
                    .map(|(key, value)| (english(&key), value))
                    .collect(),
            };
            let known = match () {
                () if entry.map.contains_key("test") => Some(HEAD),
                () if entry.map.contains_key("do") => None,
                () => Some(EXPECT),
            };
            if let Some(known) = known
                && let Some(key) = entry.map.keys().find(|key| !known.contains(&key.as_str()))
            {
                let names = KEYS
                    .iter()
                    .filter(|(en, _)| known.contains(en))
                    .flat_map(|(en, zh)| [*en, *zh]);
                let near = near(key, names)
                    .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                return Err(wrong(
                    entry.column(key),
                    format!("`{key}` says nothing on this line{near}"),
                ));
            }
            if known == Some(EXPECT)
                && let Some((key, said)) = super::beside::odd(&entry)
            {
                return Err(wrong(entry.column(key), said));
            }
            if entry.map.contains_key("test") {
                tests.push(Test {
                    head: entry,
                    lines: Vec::new(),
                });
            } else if let Some(test) = tests.last_mut() {
                test.lines.push(entry);
            } else {
                return Err(wrong(
                    1,
                    "this stands before any test; begin one by `{\"test\": \"what it shows\"}`"
                        .into(),
                ));
            }
        }
        Ok(Tests {
            file: file.to_owned(),
            tests,
        })
    }
}
