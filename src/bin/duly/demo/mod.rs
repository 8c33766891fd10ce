//! `duly demo`: 36 sample messages under the bundled pack, and how it went.

mod cast;
mod divided;
mod duties;
mod intro;
mod linked;
mod replies;
mod samples;
mod story;
mod tale;
mod trouble;
mod visits;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use duly::desk::{Desk, SqliteLedger};
use duly::words::{BoardId, Lang};

use crate::args::Demo;
use crate::fail::{Fail, read};
use crate::pack::{BUNDLED, Source};
use crate::world::{Drive, Office, People};

/// Handles the samples and tells the story.
pub fn run(asked: &Demo, out: &mut dyn Write) -> Result<bool, Fail> {
    let source =
        Source::bundled(BUNDLED).ok_or_else(|| Fail::said("the bundled pack is not there"))?;
    let plan = source.plan(Some(asked.lang.into()))?;
    let people = People::of(&plan);
    let board: BoardId = read(BUNDLED)?;
    let plans = source.plans(plan, board.clone())?;
    let office = plans.latest().map(|hand| Office { hand: hand.clone() });
    let office = office.ok_or_else(|| Fail::said("the bundled pack is not in hand"))?;
    let samples = samples::samples()?;
    let courses: Result<Vec<_>, Fail> = samples
        .iter()
        .map(|sample| cast::course(sample, &office, &people, asked.seed))
        .collect();

    let folder = Folder::for_story(asked.keep.as_deref())?;
    let file = folder.path().join("demo.db");
    // Nobody waits for the disk in a story: what is written here can be written again.
    let ledger = SqliteLedger::open(&file, board).and_then(SqliteLedger::relaxed);
    let desk = Desk::new(
        ledger.map_err(|error| Fail::file(&file.display().to_string(), error))?,
        plans,
    )?;
    let mut drive = Drive::new(
        &desk,
        (&office, &people),
        (asked.seed, asked.ticks),
        courses?,
    );
    drive.run(read(cast::END)?, |_| ())?;
    let log = drive.log;
    if asked.keep.is_some() {
        let path = folder.path().join("messages.jsonl");
        fs::write(&path, samples::SAMPLES)
            .map_err(|error| Fail::file(&path.display().to_string(), error))?;
    }
    let told = story::Story {
        lang: Lang::from(asked.lang),
        office: &office,
        desk: &desk,
        samples: &samples,
        log: &log,
        kept: asked.keep.is_some().then_some(file.as_path()),
    };
    told.tell(out)
}

/// Where the story's ledger lies: in a folder that stays, or in one that goes with the story.
enum Folder {
    Kept(PathBuf),
    Passing(PathBuf),
}

impl Folder {
    fn for_story(keep: Option<&Path>) -> Result<Folder, Fail> {
        let failed = |path: &Path, error| Fail::file(&path.display().to_string(), error);
        let Some(path) = keep else {
            let path = std::env::temp_dir().join(format!("duly-demo-{}", std::process::id()));
            // What an earlier process of the same number left behind.
            let _ = fs::remove_dir_all(&path);
            fs::create_dir(&path).map_err(|error| failed(&path, error))?;
            return Ok(Folder::Passing(path));
        };
        fs::create_dir_all(path).map_err(|error| failed(path, error))?;
        let file = path.join("demo.db");
        if file.exists() {
            return Err(Fail::file(
                &file.display().to_string(),
                "a ledger is there already, and a story does not write over one; name another folder, or remove the file",
            ));
        }
        Ok(Folder::Kept(path.to_owned()))
    }
    fn path(&self) -> &Path {
        match self {
            Folder::Kept(path) | Folder::Passing(path) => path,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Folder::Passing(path) = self {
            let _ = fs::remove_dir_all(path);
        }
    }
}
