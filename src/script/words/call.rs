//! One use of a word: what it stands on and what it was given.

use rhai::{Dynamic, Map, Position};

use super::Entry;
use crate::plan::Provenance;
use crate::script::dated::{misplaced, plain};
use crate::script::draft::{Draft, once};
use crate::script::fault::{Both, Fault, Tried, both, suggest};
use crate::script::value::{Clause, Kind, Named, ParamValue, PostValue, Raw, no_unit, said};
use crate::time::Span;
use crate::words::Class;

/// A word with its arguments.
pub(in crate::script) struct Call {
    pub(in crate::script) name: &'static str,
    pub(in crate::script) at: Position,
    pub(in crate::script) args: Vec<Dynamic>,
    clause: Clause,
    usage: &'static str,
}

impl Call {
    pub(in crate::script) fn new(name: &'static str, at: Position, args: Vec<Dynamic>) -> Call {
        Call {
            name,
            at,
            args,
            clause: Clause {
                kind: Kind::Start,
                at: 0,
            },
            usage: "",
        }
    }
    pub(super) fn attach(&mut self, clause: Clause, word: &Entry) {
        self.clause = clause;
        self.usage = word.usage;
        self.args = self.args.split_off(1);
    }
    pub(super) fn begin(&mut self, word: &Entry) {
        self.usage = word.usage;
    }
    /// Which declaration of its kind the word follows.
    pub(super) fn on(&self) -> usize {
        self.clause.at
    }
    /// The same declaration again, for the next word.
    pub(super) fn same(&self) -> Tried<Dynamic> {
        Ok(Dynamic::from(self.clause))
    }
    /// A declaration for words to follow.
    pub(super) fn opens(&self, kind: Kind, at: usize) -> Tried<Dynamic> {
        Ok(Dynamic::from(Clause { kind, at }))
    }
    /// So many arguments, no more and no fewer.
    pub(super) fn takes(&self, least: usize, most: usize) -> Tried<()> {
        let given = self.args.len();
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let wants = match (least, most) {
            (0, 0) => both!("no value", "不写东西"),
            (1, 1) => both!("1 value", "写 1 项"),
            (a, b) if a == b => both!("{a} values", "写 {a} 项"),
            (a, usize::MAX) => both!("{a} or more values", "至少写 {a} 项"),
            (a, b) => both!("{a} to {b} values", "写 {a} 到 {b} 项"),
        };
        let name = self.name;
        let message = both!(
            "`{name}` takes {wants}, it was given {given}",
            "`{name}`的括号里要{wants},这里写了 {given} 项";
            wants
        );
        Err(Fault::new("D203", message).help(self.write()))
    }
    fn write(&self) -> Both {
        let usage = self.usage;
        both!("write `{usage}`", "照这样写:`{usage}`")
    }
    fn arg(&self, at: usize) -> Tried<&Dynamic> {
        self.args.get(at).ok_or_else(|| {
            let name = self.name;
            Fault::new(
                "D203",
                both!("`{name}` needs more", "`{name}`的括号里写得不够"),
            )
            .help(self.write())
        })
    }
    /// An argument of the wrong kind.
    pub(super) fn wrong(&self, at: usize, wants: Both) -> Fault {
        if let Some(fault) = self.args.get(at).and_then(misplaced) {
            return fault.arg(at);
        }
        let name = self.name;
        let given = self.args.get(at).map(said).unwrap_or_default();
        let message = both!(
            "`{name}` takes {wants} here, not {given}",
            "`{name}`这里要写{wants},不能写{given}";
            wants, given
        );
        Fault::new("D203", message).help(self.write()).arg(at)
    }
    pub(super) fn text(&self, at: usize) -> Tried<String> {
        let text = self
            .arg(at)?
            .clone()
            .into_string()
            .map_err(|_| self.wrong(at, both!("a text", "加引号的文字")))?;
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            let name = self.name;
            let message = both!("`{name}` needs words here", "`{name}`这里的文字是空的");
            return Err(Fault::new("D203", message).help(self.write()).arg(at));
        }
        Ok(text)
    }
    pub(super) fn text_or(&self, at: usize, otherwise: &str) -> Tried<String> {
        if self.args.len() > at {
            self.text(at)
        } else {
            Ok(otherwise.to_owned())
        }
    }
    /// Texts from here to the last argument.
    pub(super) fn texts_from(&self, at: usize) -> Tried<Vec<String>> {
        (at..self.args.len()).map(|at| self.text(at)).collect()
    }
    /// A list of texts.
    pub(super) fn texts(&self, at: usize) -> Tried<Vec<String>> {
        let list = self
            .arg(at)?
            .clone()
            .into_array()
            .map_err(|_| self.wrong(at, both!("a list of texts", "文字的列表`[…]`")))?;
        if list.is_empty() {
            return Err(self.wrong(at, both!("a list that is not empty", "至少有一项的列表")));
        }
        let mut texts = Vec::new();
        for item in list {
            let odd = said(&item);
            let text = item
                .flatten()
                .into_string()
                .ok()
                .filter(|text| !text.trim().is_empty());
            let text = text.ok_or_else(|| {
                let message = both!(
                    "a list of texts cannot hold {odd}",
                    "文字的列表里不能有{odd}";
                    odd
                );
                Fault::new("D203", message).arg(at)
            })?;
            if texts.contains(&text) {
                let message = both!(
                    "`{text}` stands twice in the list",
                    "列表里`{text}`写了两次"
                );
                return Err(Fault::new("D204", message).help(one()).arg(at));
            }
            texts.push(text);
        }
        Ok(texts)
    }
    pub(super) fn whole(&self, draft: &mut Draft, at: usize, what: Both) -> Tried<i64> {
        let value = self.arg(at)?;
        if let Some(param) = value.clone().try_cast::<ParamValue>() {
            return plain(draft, param).map_err(|fault| fault.arg(at));
        }
        value.as_int().map_err(|_| self.wrong(at, what))
    }
    /// A number within bounds.
    pub(super) fn within(
        &self,
        draft: &mut Draft,
        at: usize,
        what: Both,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Tried<u32> {
        let n = self.whole(draft, at, what.clone())?;
        let fits = bounds.contains(&n).then(|| u32::try_from(n).ok()).flatten();
        fits.ok_or_else(|| {
            let (name, least, most) = (self.name, bounds.start(), bounds.end());
            let message = both!(
                "`{name}` takes {what} from {least} to {most}, not `{n}`",
                "`{name}`这里写{what},从 {least} 到 {most},不能是`{n}`";
                what
            );
            Fault::new("D203", message).arg(at)
        })
    }
    pub(super) fn span(&self, at: usize) -> Tried<Span> {
        let value = self.arg(at)?;
        if let Some(span) = value.clone().try_cast::<Span>() {
            return Ok(span);
        }
        if let Ok(n) = value.as_int() {
            return Err(no_unit(n).arg(at));
        }
        Err(self.wrong(at, both!("a span of time", "时长(如`5.working_days`)")))
    }
    /// A rule, or the one answer it always gives.
    pub(super) fn rule(&self, draft: &Draft, at: usize) -> Tried<Raw> {
        Ok(Raw {
            value: self.arg(at)?.clone(),
            statement: draft.statement,
            at: self.at,
            arg: at,
        })
    }
    /// A rule and nothing else.
    pub(super) fn condition(&self, draft: &Draft, at: usize) -> Tried<Raw> {
        let raw = self.rule(draft, at)?;
        if raw.value.is::<rhai::FnPtr>() {
            Ok(raw)
        } else {
            Err(self.wrong(
                at,
                both!(
                    "a rule such as `|m| m.heat >= 100`",
                    "规则,如`|m| m.heat >= 100`"
                ),
            ))
        }
    }
    /// One of some names in capitals.
    pub(super) fn named(&self, at: usize, known: &[&'static str]) -> Tried<&'static str> {
        let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        let (en, zh) = (list.join(", "), list.join("、"));
        let (word, value) = (self.name, self.arg(at)?);
        if let Some(name) = value.clone().try_cast::<Named>() {
            return known
                .iter()
                .copied()
                .find(|known| *known == name.0)
                .ok_or_else(|| {
                    let Named(name) = name;
                    let message = both!(
                        "`{word}` does not take `{name}`",
                        "`{word}`的括号里不能写`{name}`"
                    );
                    let help = both!("it takes {en}", "可以写:{zh}");
                    Fault::new("D206", message).help(help).arg(at)
                });
        }
        match value.clone().into_string() {
            Ok(text) => {
                let near = suggest(&text.to_uppercase(), known.iter().copied());
                let message = both!(
                    "`{word}` takes a name without quotes, not `\"{text}\"`",
                    "`{word}`的括号里写不加引号的大写名称,不写`\"{text}\"`"
                );
                Err(Fault::new("D206", message).maybe(near).arg(at))
            }
            Err(_) => Err(self.wrong(at, both!("one of {en}", "{zh}之一"))),
        }
    }
    /// Something with an English and a Chinese name.
    pub(super) fn term<T: Copy>(
        &self,
        at: usize,
        what: Both,
        all: &[T],
        names: fn(T) -> [&'static str; 2],
    ) -> Tried<T> {
        let text = self.text(at)?;
        all.iter()
            .copied()
            .find(|value| names(*value).contains(&text.as_str()))
            .ok_or_else(|| {
                let zh = !text.is_ascii();
                let known = all
                    .iter()
                    .map(|value| names(*value))
                    .map(|[en, own]| if zh { own } else { en });
                let message = both!("no {what} is called `{text}`", "没有叫`{text}`的{what}"; what);
                Fault::new("D206", message)
                    .maybe(suggest(&text, known))
                    .arg(at)
            })
    }
    pub(super) fn class(&self, at: usize) -> Tried<Class> {
        self.term(at, both!("class", "类别"), Class::ALL, |class| {
            [class.name(), class.zh()]
        })
    }
    /// A post: as it was declared, or by its id.
    pub(super) fn post(&self, draft: &Draft, at: usize) -> Tried<PostValue> {
        let value = self.arg(at)?;
        if let Some(post) = value.clone().try_cast::<PostValue>() {
            return Ok(post);
        }
        let id = value
            .clone()
            .into_string()
            .map_err(|_| self.wrong(at, both!("a post", "岗位")))?;
        let post = draft.post(&id).map_err(|fault| fault.arg(at))?;
        Ok(PostValue {
            id: post.id.clone(),
            role: post.role,
        })
    }
    /// Posts from here to the last argument, at least one.
    pub(super) fn posts(&self, draft: &Draft) -> Tried<Vec<String>> {
        self.takes(1, usize::MAX)?;
        let mut posts: Vec<String> = Vec::new();
        for at in 0..self.args.len() {
            let post = self.post(draft, at)?;
            if posts.contains(&post.id) {
                let id = &post.id;
                let message = both!("the post `{id}` stands twice", "岗位`{id}`写了两次");
                return Err(Fault::new("D204", message).help(one()).arg(at));
            }
            posts.push(post.id);
        }
        Ok(posts)
    }
    /// A map whose keys are all known.
    pub(super) fn map(&self, at: usize, keys: &[&'static str]) -> Tried<Map> {
        let map = self
            .arg(at)?
            .clone()
            .try_cast::<Map>()
            .ok_or_else(|| self.wrong(at, table()))?;
        if let Some(fault) = map.values().find_map(misplaced) {
            return Err(fault.arg(at));
        }
        for key in map.keys() {
            if !keys.contains(&key.as_str()) {
                let name = self.name;
                let message = both!(
                    "`{name}` has no part `{key}`",
                    "`{name}`里没有`{key}`这一项"
                );
                return Err(Fault::new("D206", message)
                    .maybe(suggest(key, keys.iter().copied()))
                    .arg(at));
            }
        }
        Ok(map)
    }
    /// `.ours("why")` and `.cite("which article")`: who says so.
    pub(super) fn provenance(&self, said_before: &Provenance) -> Tried<Provenance> {
        self.takes(usize::from(self.name == "cite"), 1)?;
        if *said_before != Provenance::Unsaid {
            let message = both!("who says so is already said", "依据已经写过");
            return Err(Fault::new("D204", message).help(both!(
                "keep one of `.ours(…)` and `.cite(…)`",
                "`.ours(…)`(自定)和`.cite(…)`(依据)留一个"
            )));
        }
        let words = self.text_or(0, "")?;
        Ok(if self.name == "cite" {
            Provenance::Cited(words)
        } else {
            Provenance::Ours(words)
        })
    }
    /// A local time such as `17:30`.
    pub(super) fn clock_time(&self, at: usize, text: &str) -> Tried<chrono::NaiveTime> {
        let shape = text.len() == 5 && text.is_ascii();
        let time = shape
            .then(|| chrono::NaiveTime::parse_from_str(text, "%H:%M").ok())
            .flatten();
        time.ok_or_else(|| {
            let message = both!("`{text}` is not a time of day", "`{text}`不是一天里的钟点");
            Fault::new("D203", message)
                .help(both!("write `\"17:30\"`", "写成`\"17:30\"`这样"))
                .arg(at)
        })
    }
}

/// The declaration at that place of its list. It is there: the clause that names it was made with it.
pub(super) fn item<T>(list: &mut [T], at: usize) -> Tried<&mut T> {
    list.get_mut(at).ok_or_else(gone)
}

/// The one declaration of its kind.
pub(super) fn slot<T>(slot: &mut Option<T>) -> Tried<&mut T> {
    slot.as_mut().ok_or_else(gone)
}

fn gone() -> Fault {
    let message = both!(
        "the declaration that this word follows is gone",
        "这个词前面的那条声明不见了"
    );
    Fault::new("D201", message)
}

/// What to do about two of a list that are the same.
fn one() -> Both {
    both!("delete one", "删去一个")
}

/// A map, as messages call it.
pub(super) fn table() -> Both {
    both!("a map `#{{ … }}`", "一张表`#{{ … }}`")
}

/// Sets what may be said once.
pub(super) fn put<T>(slot: &mut Option<T>, value: T, what: Both) -> Tried<()> {
    if slot.is_some() {
        let message = both!(
            "{what} is already said in this declaration",
            "这条声明里{what}已经写过";
            what
        );
        return Err(Fault::new("D204", message).help(once()));
    }
    *slot = Some(value);
    Ok(())
}
