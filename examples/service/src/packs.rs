//! The rules: read at the start, and taken anew while the service runs.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use duly::plan::{Plan, Plans};
use duly::script::{Options, check, hainan_board, load_with};
use duly::time::Moment;
use duly::words::{BoardId, Lang, PlanId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::any_desk::AnyDesk;
use crate::asked::{Asked, Body};
use crate::clock;
use crate::problem::Problem;
use crate::routes::App;
use crate::who::By;

/// The packs' files: the one that is in force, and beside it, as `….next`, one that waits for its date. Whoever changes them has them alone.
#[derive(Debug, Default)]
pub struct Packs {
    /// The file of the one in force; none, where the shipped pack is.
    file: Option<PathBuf>,
    /// What the one that waits says.
    next: Option<Plan>,
}

impl Packs {
    /// Reads them at the start, and gives what they say, the one that waits last: it goes before the other on its dates.
    pub fn read(file: Option<&Path>) -> Result<(Packs, Vec<Plan>), Box<dyn Error>> {
        let Some(file) = file else {
            let shipped = plan("hainan-board/pack.rhai", hainan_board())?;
            return Ok((Packs::default(), vec![shipped]));
        };
        let first = read(file)?;
        let waits = next_to(file);
        let next = match waits.try_exists()? {
            true => Some(read(&waits)?),
            false => None,
        };
        let all = std::iter::once(first).chain(next.clone()).collect();
        let file = Some(file.to_owned());
        Ok((Packs { file, next }, all))
    }

    /// What waits for its date.
    fn waiting(&self, now: Moment) -> Option<&Plan> {
        self.next.as_ref().filter(|next| waits(next, now))
    }

    /// Writes a pack that was taken to where the next start finds it; whether it is there. One whose last day is over is written nowhere.
    fn save(&mut self, plan: Plan, source: &str, now: Moment) -> bool {
        let Some(file) = self.file.clone() else {
            return false;
        };
        let done = match waits(&plan, now) || is_in_force(&plan, now) {
            true => self.put(&file, plan, source, now),
            false => return false,
        };
        if let Err(error) = &done {
            tracing::error!(%error, "the pack was taken, and could not be written to its file: the next start begins with the one before");
        }
        done.is_ok()
    }

    fn put(&mut self, file: &Path, plan: Plan, source: &str, now: Moment) -> io::Result<()> {
        self.settle(file, now)?;
        if !waits(&plan, now) {
            return write(file, source);
        }
        write(&next_to(file), source)?;
        self.next = Some(plan);
        Ok(())
    }

    /// What waited and has come takes the other's place; what nobody can wait for any more goes.
    fn settle(&mut self, file: &Path, now: Moment) -> io::Result<()> {
        let done = match &self.next {
            Some(next) if is_in_force(next, now) => fs::rename(next_to(file), file),
            Some(next) if !waits(next, now) => fs::remove_file(next_to(file)),
            _ => return Ok(()),
        };
        match done {
            // Somebody took it away by hand.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
        self.next = None;
        synced(file)
    }
}

/// Where the pack lies that waits for its date.
fn next_to(file: &Path) -> PathBuf {
    let mut next = file.as_os_str().to_owned();
    next.push(".next");
    next.into()
}

fn is_in_force(plan: &Plan, now: Moment) -> bool {
    plan.is_in_force(now.date(plan.zone))
}

fn waits(plan: &Plan, now: Moment) -> bool {
    let today = now.date(plan.zone);
    plan.in_force.is_some_and(|it| today < it.from)
}

/// Writes it beside, under a name that nobody else has, and puts it in place at once when it is on the disk: nobody reads half a pack.
fn write(place: &Path, source: &str) -> io::Result<()> {
    let own = getrandom::u64().map_err(|error| io::Error::other(error.to_string()))?;
    let mut beside = place.as_os_str().to_owned();
    beside.push(format!(".{own:016x}.new"));
    let beside = PathBuf::from(beside);
    let written = written(&beside, source).and_then(|()| fs::rename(&beside, place));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.and_then(|()| synced(place))
}

fn written(beside: &Path, source: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(beside)?;
    file.write_all(source.as_bytes())?;
    file.sync_all()
}

/// Has the folder's own entries on the disk, so that a name is the same after a loss of power.
fn synced(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn read(file: &Path) -> Result<Plan, Box<dyn Error>> {
    let name = file.display().to_string();
    let source = fs::read_to_string(file).map_err(|error| format!("`{name}`: {error}"))?;
    plan(&name, &source)
}

/// What a pack says. Overlays may be based on any pack that is shipped.
fn plan(name: &str, source: &str) -> Result<Plan, Box<dyn Error>> {
    let plan = load_with(name, source, &Options::default().with_shipped());
    plan.map_err(|findings| findings.in_words(Lang::En).to_string().into())
}

/// The plans to begin with, and the language of the one in force. Without one no message could be taken, and the service does not begin.
pub fn in_hand(board: BoardId, all: Vec<Plan>) -> Result<(Plans, Lang), Box<dyn Error>> {
    let mut plans = Plans::new(board);
    for plan in all {
        plans.take(plan)?;
    }
    let lang = plans.at(clock::now()).map(|today| today.plan.labels);
    match lang {
        Some(lang) => Ok((plans, lang)),
        None => {
            let gaps: Vec<String> = plans.gaps().iter().map(ToString::to_string).collect();
            let gaps = gaps.join(", ");
            Err(format!("no pack is in force today, so that no message could be taken; there is none {gaps}: see to the file of `DULY_PACK`").into())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sends {
    /// Facts that callers have begun to send, by name, with commas between: a pack that wants facts which nobody sends is not taken.
    #[serde(default)]
    sends: String,
}

/// `POST /plans`: the source of a pack. New cases open by it, once it is without errors; until then by the last good one. What was found
/// in it is told either way.
///
/// A pack that was taken is written to the pack's file, so that the next start begins with it; one that is in force only later waits beside
/// it, as `….next`. Where several processes serve one database, tell each of them.
pub async fn reload(
    State(app): State<App>,
    by: By,
    Asked(query): Asked<Sends>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    by.system()?;
    let source = String::from_utf8(body.0.to_vec());
    let source = source
        .map_err(|_| Problem::bad("body", "the pack is not UTF-8", "规则包不是 UTF-8 文字"))?;
    // Reading a pack takes the processor for a while.
    let read = tokio::task::spawn_blocking(move || {
        let (plan, findings) = check("pack.rhai", &source, &Options::default().with_shipped());
        (plan, findings, source)
    });
    let (plan, findings, source) = read.await.map_err(Problem::internal)?;
    let plan = plan.ok_or_else(|| Problem::pack(&findings))?;
    // Whoever asked may go away meanwhile; what was taken is written all the same.
    let taken = tokio::spawn(take(app, plan, query.sends, source));
    let (plan, saved) = taken.await.map_err(Problem::internal)??;
    tracing::info!(%plan, saved, "new cases open by another plan");
    Ok(Json(
        json!({"plan": plan, "saved": saved, "findings": findings.all}),
    ))
}

/// Takes a plan for new cases, and writes its pack. One after another, so that what was taken last is what the next start begins with.
async fn take(
    app: App,
    plan: Plan,
    sends: String,
    source: String,
) -> Result<(PlanId, bool), Problem> {
    let mut packs = Arc::clone(&app.packs).lock_owned().await;
    let sends: Vec<&str> = sends.split(',').filter(|it| !it.is_empty()).collect();
    let now = clock::now();
    let id = app.desk.reload(plan.clone(), &sends)?;
    if let Some(next) = packs.waiting(now).filter(|_| !waits(&plan, now)) {
        again(&app.desk, next);
    }
    let saved = tokio::task::spawn_blocking(move || packs.save(plan, &source, now));
    Ok((id, saved.await.map_err(Problem::internal)?))
}

/// What waits goes before what was taken meanwhile, on its dates: as it will after the next start.
fn again(desk: &AnyDesk, next: &Plan) {
    let facts: Vec<&str> = next
        .schema
        .facts
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    if let Err(error) = desk.reload(next.clone(), &facts) {
        tracing::error!(%error, "the pack that waits comes in force only by the next start");
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use duly::plan::{InForce, bare};

    use super::*;

    fn demo(from: Option<&str>, to: Option<&str>) -> Result<Plan, Box<dyn Error>> {
        let mut plan = bare("demo".parse()?);
        plan.in_force = match from {
            Some(from) => Some(InForce {
                from: from.parse()?,
                to: to.map(str::parse::<NaiveDate>).transpose()?,
            }),
            None => None,
        };
        Ok(plan)
    }

    // A pack for a later date waits beside the one in force, whatever is taken meanwhile, until its date has come; and nothing else is left there.
    #[test]
    fn a_pack_waits_for_its_date_beside_the_one_in_force() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("pack.rhai");
        let mut packs = Packs {
            file: Some(file.clone()),
            next: None,
        };
        let on = |date: &str| Moment::parse(&format!("{date}T12:00:00+08:00"));
        let lies = || -> io::Result<Vec<String>> {
            let all = fs::read_dir(folder.path())?;
            let mut said = Vec::new();
            for file in all {
                said.push(fs::read_to_string(file?.path())?);
            }
            said.sort();
            Ok(said)
        };
        assert!(packs.save(demo(None, None)?, "first", on("2026-01-01")?));
        assert!(packs.save(demo(Some("2027-01-01"), None)?, "next", on("2026-06-01")?));
        assert_eq!(lies()?, ["first", "next"]);
        assert_eq!(fs::read_to_string(&file)?, "first");
        assert!(packs.save(demo(None, None)?, "mended", on("2026-07-01")?));
        assert_eq!(lies()?, ["mended", "next"]);
        // One that is over is no use to anybody.
        let over = demo(Some("2025-01-01"), Some("2025-12-31"))?;
        assert!(!packs.save(over, "over", on("2026-07-01")?));
        assert!(packs.save(demo(Some("2028-01-01"), None)?, "later", on("2027-02-01")?));
        assert_eq!(fs::read_to_string(&file)?, "next");
        assert_eq!(lies()?, ["later", "next"]);
        assert!(packs.save(demo(None, None)?, "last", on("2028-02-01")?));
        assert_eq!(lies()?, ["last"]);
        Ok(())
    }

    // Plans of which none is in force today are none to begin with, and it is said when there is none.
    #[test]
    fn nothing_begins_without_a_pack_in_force() -> Result<(), Box<dyn Error>> {
        let begins = |plan| in_hand("hainan".parse()?, vec![plan]);
        assert!(begins(demo(None, None)?).is_ok());
        let said = begins(demo(Some("2999-01-01"), None)?).map(drop);
        let said = said.map_err(|error| error.to_string());
        assert!(said.is_err_and(|said| said.contains("until 2998-12-31")));
        Ok(())
    }
}
