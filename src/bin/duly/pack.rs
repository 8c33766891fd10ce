//! Packs and their calendars, from files.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use duly::plan::{Plan, Plans, PlansError};
use duly::script::{Findings, Options, Tabulated, check, labels, shipped, tabulate};
use duly::time::DayTable;
use duly::words::{BoardId, Lang};

use crate::fail::{Fail, say};

/// The pack of the demonstration.
pub const BUNDLED: &str = "hainan-board";
/// A source is far smaller; a calendar of a century is smaller still.
const MOST: u64 = 4 * 1024 * 1024;

/// A pack's source.
pub struct Source {
    /// As findings call the file.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Where its calendars are looked for.
    folders: Vec<PathBuf>,
    /// Where the packs that it is based on are looked for.
    beside: Vec<PathBuf>,
}

impl Source {
    /// Reads a pack: a file, a folder that holds `pack.rhai`, or one that the tool carries along by its name.
    pub fn find(given: &str) -> Result<Source, Fail> {
        let mut path = PathBuf::from(given);
        if let Some(own) = Source::bundled(given).filter(|_| !path.exists()) {
            return Ok(own);
        }
        if path.is_dir() {
            path.push("pack.rhai");
        }
        let name = path.display().to_string();
        let text = text(&path)?;
        let parent = path.parent().unwrap_or(Path::new(""));
        let folders = vec![
            parent.join("calendars"),
            parent.join("../calendars"),
            parent.to_owned(),
        ];
        let beside = vec![parent.join(".."), parent.to_owned()];
        Ok(Source {
            name,
            text,
            folders,
            beside,
        })
    }
    /// A pack that the tool carries along.
    pub fn bundled(name: &str) -> Option<Source> {
        Some(Source {
            name: format!("{name}/pack.rhai"),
            text: shipped(name)?.to_owned(),
            folders: Vec::new(),
            beside: Vec::new(),
        })
    }
    /// Reads the rules.
    pub fn check(&self) -> (Option<Plan>, Findings) {
        check(&self.name, &self.text, &self.options())
    }
    /// With what it is read: where its bases are found.
    pub fn options(&self) -> Options {
        let beside = self.beside.clone();
        Options::default().with_bases(move |name| base(&beside, name))
    }
    /// In which language its author is told about it, unless asked otherwise: that of its labels.
    pub fn lang(&self, asked: Option<Lang>) -> Lang {
        asked
            .or_else(|| labels(&self.text, &self.options()))
            .unwrap_or_default()
    }
    /// Reads the rules, with the paths through each.
    pub fn tabulate(&self) -> (Option<Tabulated>, Findings) {
        tabulate(&self.name, &self.text, &self.options())
    }
    /// Reads the rules, to work by them. Findings are said beside the output.
    pub fn plan(&self, asked: Option<Lang>) -> Result<Plan, Fail> {
        let (plan, findings) = self.check();
        let lang = self.lang(asked);
        let (name, said) = (&self.name, findings.in_words(lang));
        match plan {
            Some(plan) => {
                if !findings.all.is_empty() {
                    say(&said.to_string());
                }
                Ok(plan)
            }
            None => Err(Fail::Said(match lang {
                Lang::Zh => format!("规则包`{name}`有错,用不了\n{said}"),
                Lang::En => format!("the pack `{name}` cannot be used\n{said}"),
            })),
        }
    }
    /// The plan in hand, with the calendars that it counts by.
    pub fn plans(&self, plan: Plan, board: BoardId) -> Result<Plans, Fail> {
        self.beside(plan, Plans::new(board))
    }
    /// Takes a plan in hand beside others, with the calendars that it counts by. The functions of a host are not here: what they
    /// find is given by commands, or by the head of a test.
    pub fn beside(&self, plan: Plan, mut plans: Plans) -> Result<Plans, Fail> {
        for rule in &plan.derived {
            plans.give_by_hand(&rule.fact);
        }
        loop {
            let table = match plans.take(plan.clone()) {
                Ok(_) => return Ok(plans),
                Err(PlansError::NoTable {
                    missing,
                    loaded,
                    at,
                }) => self.table(&missing, &loaded, at.as_deref())?,
                Err(other) => return Err(Fail::file(&self.name, other)),
            };
            plans = plans.with_table(table);
        }
    }
    /// A calendar file of that name, beside the pack; `at` is where the pack names it.
    fn table(&self, id: &str, loaded: &str, at: Option<&str>) -> Result<DayTable, Fail> {
        let file = format!("{id}.json");
        let plain = !id.contains(['/', '\\', ':']) && !id.starts_with('.');
        let found = self
            .folders
            .iter()
            .map(|folder| folder.join(&file))
            .find(|path| plain && path.is_file());
        let Some(path) = found else {
            let why = format!(
                "it counts by the day table `{id}`; built in are {loaded}; put `calendars/{file}` beside the pack"
            );
            return Err(match at {
                Some(at) => Fail::said(format!("{at}: {why}")),
                None => Fail::file(&self.name, why),
            });
        };
        let shown = path.display().to_string();
        let table =
            DayTable::from_json(&text(&path)?).map_err(|error| Fail::file(&shown, error))?;
        if table.id != id {
            return Err(Fail::file(
                &shown,
                format!("it is the day table `{}`; name it `{id}`", table.id),
            ));
        }
        Ok(table)
    }
}

/// A file as text.
pub fn text(path: &Path) -> Result<String, Fail> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Fail::file(&shown, "there is no such file"),
        _ => Fail::file(&shown, error),
    })?;
    file.take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Fail::file(&shown, error))?;
    if bytes.len() as u64 > MOST {
        return Err(Fail::file(
            &shown,
            format!(
                "it is larger than {} MiB, which nothing of the kind is",
                MOST >> 20
            ),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before =
            String::from_utf8_lossy(error.as_bytes().get(..good).unwrap_or_default()).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |last| last.chars().count())
            + 1;
        Fail::Said(format!(
            "{shown}:{line}:{column}: not UTF-8 text; save the file as UTF-8"
        ))
    })
}

/// A pack that another is based on: a folder beside it, or within it; or one that the tool carries along.
fn base(beside: &[PathBuf], name: &str) -> Option<(String, String)> {
    // A name and not a way to somewhere else.
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let paths = beside
        .iter()
        .filter(|_| plain)
        .map(|folder| folder.join(name).join("pack.rhai"));
    let found = paths
        .filter(|path| path.is_file())
        .find_map(|path| Some((path.display().to_string(), text(&path).ok()?)));
    found.or_else(|| Source::bundled(name).map(|own| (own.name, own.text)))
}
