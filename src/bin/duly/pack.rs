//! Packs and their calendars, from files.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// The packs that it is based on.
    bases: Arc<Bases>,
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
        let beside = vec![parent.join(".."), parent.to_owned()];
        Ok(Source {
            name,
            text,
            folders: folders(&path).into(),
            bases: Arc::new(Bases {
                beside,
                found: Mutex::default(),
            }),
        })
    }
    /// A pack that the tool carries along.
    pub fn bundled(name: &str) -> Option<Source> {
        Some(Source {
            name: format!("{name}/pack.rhai"),
            text: shipped(name)?.to_owned(),
            folders: Vec::new(),
            bases: Arc::default(),
        })
    }
    /// Reads the rules.
    pub fn check(&self) -> Result<(Option<Plan>, Findings), Fail> {
        let read = check(&self.name, &self.text, &self.options());
        self.bases.readable()?;
        Ok(read)
    }
    /// With what it is read: where its bases are found.
    pub fn options(&self) -> Options {
        let bases = Arc::clone(&self.bases);
        Options::default().with_bases(move |name| bases.find(name))
    }
    /// In which language its author is told about it, unless asked otherwise: that of its labels.
    pub fn lang(&self, asked: Option<Lang>) -> Lang {
        asked
            .or_else(|| labels(&self.text, &self.options()))
            .unwrap_or_default()
    }
    /// Reads the rules, with the paths through each.
    pub fn tabulate(&self) -> Result<(Option<Tabulated>, Findings), Fail> {
        let read = tabulate(&self.name, &self.text, &self.options());
        self.bases.readable()?;
        Ok(read)
    }
    /// Reads the rules, to work by them. Findings are said beside the output.
    pub fn plan(&self, asked: Option<Lang>) -> Result<Plan, Fail> {
        let (plan, findings) = self.check()?;
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
    /// Takes a plan in hand beside others, with the calendars that it counts by: a file beside the pack, or beside one that it is based
    /// on, holds before what the tool carries along. The functions of a host are not here: what they find is given by commands, or by
    /// the head of a test.
    pub fn beside(&self, plan: Plan, mut plans: Plans) -> Result<Plans, Fail> {
        for rule in &plan.derived {
            plans.give_by_hand(&rule.fact);
        }
        for id in &plan.holidays {
            if let Some(path) = self.calendar(id) {
                plans = plans.with_table(table(&path, id)?);
            }
        }
        match plans.take(plan) {
            Ok(_) => Ok(plans),
            Err(PlansError::NoTable {
                missing,
                loaded,
                at,
            }) => {
                let why = format!(
                    "it counts by the day table `{missing}`; built in are {loaded}; put `calendars/{missing}.json` beside the pack"
                );
                Err(match at {
                    Some(at) => Fail::said(format!("{at}: {why}")),
                    None => Fail::file(&self.name, why),
                })
            }
            Err(other) => Err(Fail::file(&self.name, other)),
        }
    }
    /// The calendar of that name that the pack counts by, when it stands alone: from its file, or the one that comes along.
    pub fn table(&self, id: &str) -> Result<Option<DayTable>, Fail> {
        match self.calendar(id) {
            Some(path) => table(&path, id).map(Some),
            None => Ok(DayTable::shipped(id)),
        }
    }
    /// The file of a calendar, beside the pack or beside one that it is based on.
    fn calendar(&self, id: &str) -> Option<PathBuf> {
        let file = format!("{id}.json");
        let plain = !id.contains(['/', '\\', ':']) && !id.starts_with('.');
        let bases: Vec<PathBuf> = self.bases.found().files.clone();
        let of_bases = bases.iter().flat_map(|path| folders(path));
        let mut all = self.folders.iter().cloned().chain(of_bases);
        all.find_map(|folder| Some(folder.join(&file)).filter(|path| plain && path.is_file()))
    }
}

/// Where the calendars of a pack are looked for.
fn folders(pack: &Path) -> [PathBuf; 3] {
    let parent = pack.parent().unwrap_or(Path::new(""));
    [
        parent.join("calendars"),
        parent.join("../calendars"),
        parent.to_owned(),
    ]
}

/// A calendar of that name, from its file.
fn table(path: &Path, id: &str) -> Result<DayTable, Fail> {
    let shown = path.display().to_string();
    let table = DayTable::from_json(&text(path)?).map_err(|error| Fail::file(&shown, error))?;
    if table.id != id {
        return Err(Fail::file(
            &shown,
            format!("it is the day table `{}`; name it `{id}`", table.id),
        ));
    }
    Ok(table)
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

/// The packs that another is based on.
#[derive(Default)]
struct Bases {
    /// Where they are looked for.
    beside: Vec<PathBuf>,
    /// What became of that.
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    /// The files that were read.
    files: Vec<PathBuf>,
    /// Why the first that cannot be read cannot.
    failed: Option<Fail>,
}

impl Bases {
    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// A folder beside the pack, or within it; or one that the tool carries along. A file that is there and cannot be read is not
    /// passed over for another.
    fn find(&self, name: &str) -> Option<(String, String)> {
        // A name and not a way to somewhere else.
        let plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let mut paths = self
            .beside
            .iter()
            .filter(|_| plain)
            .map(|folder| folder.join(name).join("pack.rhai"));
        let Some(path) = paths.find(|path| path.is_file()) else {
            return Source::bundled(name).map(|own| (own.name, own.text));
        };
        let mut found = self.found();
        match text(&path) {
            Ok(text) => {
                let shown = path.display().to_string();
                if !found.files.contains(&path) {
                    found.files.push(path);
                }
                Some((shown, text))
            }
            Err(fail) => {
                found.failed.get_or_insert(fail);
                None
            }
        }
    }
    /// Stops where one of them cannot be read.
    fn readable(&self) -> Result<(), Fail> {
        match self.found().failed.take() {
            Some(fail) => Err(fail),
            None => Ok(()),
        }
    }
}
