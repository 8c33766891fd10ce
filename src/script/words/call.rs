//! One use of a word: what it stands on and what it was given.

use rhai::{Dynamic, Map, Position};

use super::Entry;
use crate::plan::Provenance;
use crate::script::dated::{misplaced, plain};
use crate::script::draft::Draft;
use crate::script::fault::{Fault, Tried, suggest};
use crate::script::value::{Clause, Kind, Named, ParamValue, PostValue, Raw, said};
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
            (0, 0) => "no value".to_owned(),
            (1, 1) => "1 value".to_owned(),
            (a, b) if a == b => format!("{a} values"),
            (a, usize::MAX) => format!("{a} or more values"),
            (a, b) => format!("{a} to {b} values"),
        };
        let fault = Fault::new(
            "D203",
            format!("`{}` takes {wants}, it was given {given}", self.name),
        );
        Err(fault.help(format!("write `{}`", self.usage)))
    }
    fn arg(&self, at: usize) -> Tried<&Dynamic> {
        self.args.get(at).ok_or_else(|| {
            Fault::new("D203", format!("`{}` needs more", self.name))
                .help(format!("write `{}`", self.usage))
        })
    }
    /// An argument of the wrong kind.
    pub(super) fn wrong(&self, at: usize, wants: &str) -> Fault {
        if let Some(fault) = self.args.get(at).and_then(misplaced) {
            return fault.arg(at);
        }
        let given = self.args.get(at).map(said).unwrap_or_default();
        Fault::new(
            "D203",
            format!("`{}` takes {wants} here, not {given}", self.name),
        )
        .help(format!("write `{}`", self.usage))
        .arg(at)
    }
    pub(super) fn text(&self, at: usize) -> Tried<String> {
        let text = self
            .arg(at)?
            .clone()
            .into_string()
            .map_err(|_| self.wrong(at, "a text"))?;
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(
                Fault::new("D203", format!("`{}` needs words here", self.name))
                    .help(format!("write `{}`", self.usage))
                    .arg(at),
            );
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
            .map_err(|_| self.wrong(at, "a list of texts"))?;
        if list.is_empty() {
            return Err(self.wrong(at, "a list that is not empty"));
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
                Fault::new("D203", format!("a list of texts cannot hold {odd}")).arg(at)
            })?;
            if texts.contains(&text) {
                return Err(
                    Fault::new("D204", format!("`{text}` stands twice in the list"))
                        .help("delete one")
                        .arg(at),
                );
            }
            texts.push(text);
        }
        Ok(texts)
    }
    pub(super) fn whole(&self, draft: &mut Draft, at: usize, what: &str) -> Tried<i64> {
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
        what: &str,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Tried<u32> {
        let n = self.whole(draft, at, what)?;
        let fits = bounds.contains(&n).then(|| u32::try_from(n).ok()).flatten();
        fits.ok_or_else(|| {
            let message = format!(
                "`{}` takes {what} from {} to {}, not `{n}`",
                self.name,
                bounds.start(),
                bounds.end()
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
            let help = format!("write `{n}.working_days`, or another unit");
            return Err(Fault::new("D208", format!("`{n}` has no unit"))
                .help(help)
                .arg(at));
        }
        Err(self.wrong(at, "a span of time"))
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
            Err(self.wrong(at, "a rule such as `|m| m.heat >= 100`"))
        }
    }
    /// One of some names in capitals.
    pub(super) fn named(&self, at: usize, known: &[&'static str]) -> Tried<&'static str> {
        let list = known
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let value = self.arg(at)?;
        if let Some(name) = value.clone().try_cast::<Named>() {
            return known
                .iter()
                .copied()
                .find(|known| *known == name.0)
                .ok_or_else(|| {
                    Fault::new(
                        "D206",
                        format!("`{}` does not take `{}`", self.name, name.0),
                    )
                    .help(format!("it takes {list}"))
                    .arg(at)
                });
        }
        match value.clone().into_string() {
            Ok(text) => {
                let near = suggest(&text.to_uppercase(), known.iter().copied());
                Err(Fault::new(
                    "D206",
                    format!(
                        "`{}` takes a name without quotes, not `\"{text}\"`",
                        self.name
                    ),
                )
                .maybe(near)
                .arg(at))
            }
            Err(_) => Err(self.wrong(at, &format!("one of {list}"))),
        }
    }
    /// Something with an English and a Chinese name.
    pub(super) fn term<T: Copy>(
        &self,
        at: usize,
        what: &str,
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
                Fault::new("D206", format!("no {what} is called `{text}`"))
                    .maybe(suggest(&text, known))
                    .arg(at)
            })
    }
    pub(super) fn class(&self, at: usize) -> Tried<Class> {
        self.term(at, "class", Class::ALL, |class| [class.name(), class.zh()])
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
            .map_err(|_| self.wrong(at, "a post"))?;
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
                return Err(
                    Fault::new("D204", format!("the post `{}` stands twice", post.id))
                        .help("delete one")
                        .arg(at),
                );
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
            .ok_or_else(|| self.wrong(at, "a map `#{ … }`"))?;
        if let Some(fault) = map.values().find_map(misplaced) {
            return Err(fault.arg(at));
        }
        for key in map.keys() {
            if !keys.contains(&key.as_str()) {
                let fault = Fault::new("D206", format!("`{}` has no part `{key}`", self.name));
                return Err(fault.maybe(suggest(key, keys.iter().copied())).arg(at));
            }
        }
        Ok(map)
    }
    /// `.ours("why")` and `.cite("which article")`: who says so.
    pub(super) fn provenance(&self, said_before: &Provenance) -> Tried<Provenance> {
        self.takes(usize::from(self.name == "cite"), 1)?;
        if *said_before != Provenance::Unsaid {
            return Err(Fault::new("D204", "who says so is already said")
                .help("keep one of `.ours(…)` and `.cite(…)`"));
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
            Fault::new("D203", format!("`{text}` is not a time of day"))
                .help("write `\"17:30\"`")
                .arg(at)
        })
    }
}

/// The declaration at that place of its list. It is there: the clause that names it was made with it.
pub(super) fn item<T>(list: &mut [T], at: usize) -> Tried<&mut T> {
    list.get_mut(at)
        .ok_or_else(|| Fault::new("D201", "the declaration that this word follows is gone"))
}

/// The one declaration of its kind.
pub(super) fn slot<T>(slot: &mut Option<T>) -> Tried<&mut T> {
    slot.as_mut()
        .ok_or_else(|| Fault::new("D201", "the declaration that this word follows is gone"))
}

/// Sets what may be said once.
pub(super) fn put<T>(slot: &mut Option<T>, value: T, what: &str) -> Tried<()> {
    if slot.is_some() {
        return Err(Fault::new(
            "D204",
            format!("{what} is already said in this declaration"),
        )
        .help("keep one of the two"));
    }
    *slot = Some(value);
    Ok(())
}
