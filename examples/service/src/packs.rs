//! The rules: read at the start, and taken anew while the service runs.

use std::cmp::Reverse;
use std::error::Error;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use duly::desk::DeskError;
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

/// The packs in hand, and where each is found again: an undated one in the file of `DULY_PACK`, those for dates beside it by the day from which they
/// go before the others, `pack.2027-01-01.rhai`. Whoever changes them has them alone.
#[derive(Debug, Default)]
pub struct Packs {
    /// The undated one's file; none, where the shipped pack is, and nothing is written. Whoever put it there may have put one for dates into it.
    file: Option<PathBuf>,
    /// Those for dates, in their turn: each goes before those that stand before it.
    dated: Vec<Dated>,
    /// The files of those that were replaced, until they are removed.
    stale: Vec<PathBuf>,
}

/// A pack for dates.
#[derive(Debug)]
struct Dated {
    /// The day from which it goes before the others: its first, or the one on which it was taken, where that is later.
    day: NaiveDate,
    plan: Plan,
    file: Option<PathBuf>,
}

/// By what packs for dates are taken one after another: of a day, the one that lasts longest first, since a later one would hide it.
type Turn = (NaiveDate, Reverse<NaiveDate>);

impl Dated {
    fn last(&self) -> NaiveDate {
        let to = self.plan.in_force.and_then(|it| it.to);
        to.unwrap_or(NaiveDate::MAX)
    }
    fn turn(&self) -> Turn {
        (self.day, Reverse(self.last()))
    }
    /// Whether another one of the same day takes its place: one that ends before it does not.
    fn is_replaced_by(&self, other: &Dated) -> bool {
        self.day == other.day && self.last() <= other.last()
    }
}

/// Where a pack goes that is taken.
#[derive(Debug)]
struct Change {
    /// The taken one's turn; none, where it is undated and stands before all others.
    turn: Option<Turn>,
    /// Its file.
    file: Option<PathBuf>,
}

impl Packs {
    /// Reads them at the start, and gives what they say in the order in which they are taken. A file that cannot be read is a mistake of whoever put it
    /// there, and nothing starts beside it.
    pub fn read(file: Option<&Path>) -> Result<(Packs, Vec<Plan>), Box<dyn Error>> {
        let Some(file) = file else {
            let shipped = plan("hainan-board/pack.rhai", hainan_board())?;
            return Ok((Packs::default(), vec![shipped]));
        };
        none_waits_as_before(file)?;
        let mut dated = read_beside(file)?;
        let base = read(file)?;
        let mut all = Vec::new();
        match base.in_force {
            None => all.push(base),
            Some(in_force) => {
                let own = Dated {
                    day: in_force.from,
                    plan: base,
                    file: Some(file.to_owned()),
                };
                // Whatever lies beside it was taken after it.
                if !dated.iter().any(|it| own.is_replaced_by(it)) {
                    dated.push(own);
                }
            }
        }
        dated.sort_by_key(Dated::turn);
        all.extend(dated.iter().map(|it| it.plan.clone()));
        let file = Some(file.to_owned());
        let packs = Packs {
            file,
            dated,
            stale: Vec::new(),
        };
        Ok((packs, all))
    }

    /// Puts a pack that was taken in its turn, in place of those that it replaces. An undated one goes before all that have begun.
    fn put(&mut self, plan: Plan, now: Moment) -> Change {
        let today = now.date(plan.zone);
        let Some(in_force) = plan.in_force else {
            self.take_out(|it| it.day <= today);
            let file = self.file.clone();
            return Change { turn: None, file };
        };
        let day = in_force.from.max(today);
        let file = self.file.as_deref();
        let file = file.map(|file| name_beside(file, day, in_force.to));
        let own = Dated {
            day,
            plan,
            file: file.clone(),
        };
        self.take_out(|it| it.is_replaced_by(&own));
        let turn = Some(own.turn());
        self.dated.push(own);
        self.dated.sort_by_key(Dated::turn);
        Change { turn, file }
    }

    /// Has the desk take it, and again what goes before it: what is in hand is always what the next start would read.
    fn take(
        &mut self,
        desk: &AnyDesk,
        plan: Plan,
        sends: &[&str],
        now: Moment,
    ) -> Result<(PlanId, Change), DeskError> {
        let id = desk.reload(plan.clone(), sends)?;
        let change = self.put(plan, now);
        self.after(&change).for_each(|next| again(desk, next));
        Ok((id, change))
    }

    /// Writes a pack that was put in its turn to where the next start finds it, and removes what was replaced, by it or before it; whether all is
    /// as it is in hand.
    fn save(&mut self, change: &Change, source: &str) -> bool {
        let Some(file) = &change.file else {
            return false;
        };
        let done = self.make_way(file).and_then(|()| write(file, source));
        let done = done.and_then(|()| self.clear(file));
        if let Err(error) = &done {
            tracing::error!(%error, "the pack was taken, and could not be written to its file: the next start begins with the one before");
        }
        done.is_ok()
    }

    /// Has a pack that waits in the undated one's file lie beside it, before that is written over. It lies in both meanwhile: nothing starts without the
    /// file.
    fn make_way(&mut self, file: &Path) -> io::Result<()> {
        if self.file.as_deref() != Some(file) {
            return Ok(());
        }
        let own = |it: &&mut Dated| it.file.as_deref() == Some(file);
        if let Some(waits) = self.dated.iter_mut().find(own) {
            let to = waits.plan.in_force.and_then(|it| it.to);
            let beside = name_beside(file, waits.day, to);
            write(&beside, &fs::read_to_string(file)?)?;
            waits.file = Some(beside);
        }
        Ok(())
    }

    /// Removes what was replaced. What cannot be removed now keeps nothing else, and is left to the next time.
    fn clear(&mut self, own: &Path) -> io::Result<()> {
        let mut done = Ok(());
        for gone in std::mem::take(&mut self.stale) {
            if self.is_in_use(&gone) {
                continue;
            }
            if let Err(error) = removed(&gone) {
                self.stale.push(gone);
                done = Err(error);
            }
        }
        done.and_then(|()| synced(own))
    }

    /// Whether a file is that of a pack in hand.
    fn is_in_use(&self, file: &Path) -> bool {
        let mut own = self.dated.iter().map(|it| &it.file);
        self.file.as_deref() == Some(file) || own.any(|it| it.as_deref() == Some(file))
    }

    /// Takes some out; their files are to be removed.
    fn take_out(&mut self, is_gone: impl Fn(&Dated) -> bool) {
        let all = std::mem::take(&mut self.dated);
        let (gone, stay) = all.into_iter().partition::<Vec<_>, _>(is_gone);
        self.dated = stay;
        let gone = gone.into_iter().filter_map(|it| it.file);
        self.stale.extend(gone);
    }

    /// Those that go before the one that was taken.
    fn after(&self, change: &Change) -> impl Iterator<Item = &Plan> {
        let turn = change.turn;
        let after = self.dated.iter().filter(move |it| Some(it.turn()) > turn);
        after.map(|it| &it.plan)
    }
}

/// What the names of packs for dates begin and end with: `pack.` and `.rhai`.
fn around(file: &Path) -> (String, String) {
    let text = |it: &OsStr| it.to_string_lossy().into_owned();
    let stem = file.file_stem().map(text).unwrap_or_default();
    let end = file.extension().map(text);
    let end = end.map(|end| format!(".{end}")).unwrap_or_default();
    (format!("{stem}."), end)
}

/// The file of a pack for dates: `pack.2027-01-01.rhai`, and with its last day `pack.2027-01-01.2027-06-30.rhai`.
fn name_beside(file: &Path, day: NaiveDate, to: Option<NaiveDate>) -> PathBuf {
    let (begin, end) = around(file);
    let to = to.map(|to| format!(".{to}")).unwrap_or_default();
    file.with_file_name(format!("{begin}{day}{to}{end}"))
}

/// The files of packs for dates that lie beside, each with the day in its name.
fn dated_beside(file: &Path) -> io::Result<Vec<(NaiveDate, PathBuf)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder(file))? {
        let name = entry?.file_name();
        if let Some(day) = name.to_str().and_then(|name| day_of(file, name)) {
            all.push((day, file.with_file_name(name)));
        }
    }
    Ok(all)
}

/// Sees that no pack waits where the version before left it: it would not be read here, and never come in force.
fn none_waits_as_before(file: &Path) -> Result<(), Box<dyn Error>> {
    let mut next = file.as_os_str().to_owned();
    next.push(".next");
    let next = PathBuf::from(next);
    if !next.try_exists()? {
        return Ok(());
    }
    let (begin, end) = around(file);
    let name = next.display();
    Err(format!("`{name}` is a pack that waits as in the version before: rename it to `{begin}<day>{end}` by its first day, as in `{begin}2027-01-01{end}`, or remove it").into())
}

/// The packs for dates that lie beside, each with what it says.
fn read_beside(file: &Path) -> Result<Vec<Dated>, Box<dyn Error>> {
    let mut all = Vec::new();
    for (day, beside) in dated_beside(file)? {
        let plan = read(&beside)?;
        if plan.in_force.is_none() {
            let name = beside.display();
            return Err(format!("`{name}` does not say from when it is in force: write `.in_force(\"{day}\")` after its `pack(…)`").into());
        }
        let file = Some(beside);
        all.push(Dated { day, plan, file });
    }
    Ok(all)
}

/// The day in the name of a pack for dates; none, where it is the name of something else.
fn day_of(file: &Path, name: &str) -> Option<NaiveDate> {
    let (begin, end) = around(file);
    let dates = name.strip_prefix(&*begin)?.strip_suffix(&*end)?;
    let mut dates = dates.splitn(2, '.').map(str::parse::<NaiveDate>);
    let day = dates.next()?.ok()?;
    dates.all(|to| to.is_ok()).then_some(day)
}

fn folder(file: &Path) -> &Path {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
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

fn removed(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        // Somebody took it away by hand.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn written(beside: &Path, source: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(beside)?;
    file.write_all(source.as_bytes())?;
    file.sync_all()
}

/// Has the folder's own entries on the disk, so that a name is the same after a loss of power.
fn synced(file: &Path) -> io::Result<()> {
    File::open(folder(file))?.sync_all()
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

/// The plans to begin with, and the language of the one in force. Where none is, messages wait for one, and whoever is at work on the cases that
/// there are is kept from nothing: it is said in the log, and the language is that of the last.
pub fn in_hand(board: BoardId, all: Vec<Plan>) -> Result<(Plans, Lang), Box<dyn Error>> {
    let mut plans = Plans::new(board);
    for plan in all {
        plans.take(plan)?;
    }
    let today = plans.at(clock::now());
    if today.is_none() {
        let gaps: Vec<String> = plans.gaps().iter().map(ToString::to_string).collect();
        let gaps = gaps.join(", ");
        tracing::error!(
            gaps,
            "no pack is in force today, and no message can be taken: see to the file of `DULY_PACK`, or send one to `POST /plans`"
        );
    }
    let lang = today.or_else(|| plans.latest()).map(|it| it.plan.labels);
    let lang = lang.ok_or("there is no pack to begin with")?;
    Ok((plans, lang))
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
/// A pack that was taken is written to where the next start finds it: to the pack's file, or, where it is for dates, beside it. Where several processes
/// serve one database, tell each of them.
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
    tracing::info!(%plan, saved, "a pack was taken");
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
    let (id, change) = packs.take(&app.desk, plan, &sends, clock::now())?;
    // Whoever comes next waits until it is written.
    let saved = tokio::task::spawn_blocking(move || {
        let saved = packs.save(&change, &source);
        drop(packs);
        saved
    });
    Ok((id, saved.await.map_err(Problem::internal)?))
}

/// Takes once more what goes before what was taken meanwhile, on its dates: as it will after the next start.
fn again(desk: &AnyDesk, next: &Plan) {
    let facts: Vec<&str> = next
        .schema
        .facts
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    if let Err(error) = desk.reload(next.clone(), &facts) {
        tracing::error!(%error, "a pack for later dates comes in force only by the next start");
    }
}

#[cfg(test)]
mod tests {
    use duly::desk::{Desk, SqliteLedger};
    use duly::plan::{InForce, bare};

    use super::*;

    fn demo(title: &str, from: Option<&str>, to: Option<&str>) -> Result<Plan, Box<dyn Error>> {
        let mut plan = bare("demo".parse()?);
        plan.title = title.to_owned();
        plan.in_force = match from {
            Some(from) => Some(InForce {
                from: from.parse()?,
                to: to.map(str::parse::<NaiveDate>).transpose()?,
            }),
            None => None,
        };
        Ok(plan)
    }

    fn on(date: &str) -> Result<Moment, Box<dyn Error>> {
        Ok(format!("{date}T12:00:00+08:00").parse()?)
    }

    // Packs for dates lie beside the undated one by the day they begin. One of a day takes the place of another, unless that one outlasts it; an undated
    // one takes the place of all that have begun, and of none that waits.
    #[test]
    fn packs_lie_by_the_day_they_begin() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut packs = Packs {
            file: Some(folder.path().join("pack.rhai")),
            ..Packs::default()
        };
        let mut taken =
            |title: &str, from, to, date: &str| -> Result<Vec<String>, Box<dyn Error>> {
                let change = packs.put(demo(title, from, to)?, on(date)?);
                assert!(packs.save(&change, title));
                let mut lie = Vec::new();
                for file in fs::read_dir(folder.path())? {
                    let file = file?;
                    let name = file.file_name().to_string_lossy().into_owned();
                    lie.push(format!("{name} {}", fs::read_to_string(file.path())?));
                }
                lie.sort();
                Ok(lie)
            };
        let (next, half) = (Some("2027-01-01"), Some("2027-06-30"));
        assert_eq!(taken("a", None, None, "2026-01-01")?, ["pack.rhai a"]);
        let lie = taken("b", next, None, "2026-06-01")?;
        assert_eq!(lie, ["pack.2027-01-01.rhai b", "pack.rhai a"]);
        let lie = taken("c", next, half, "2026-06-01")?;
        let short = "pack.2027-01-01.2027-06-30.rhai c";
        assert_eq!(lie, [short, "pack.2027-01-01.rhai b", "pack.rhai a"]);
        let lie = taken("d", None, None, "2026-07-01")?;
        assert_eq!(lie, [short, "pack.2027-01-01.rhai b", "pack.rhai d"]);
        let lie = taken("e", next, None, "2026-07-01")?;
        assert_eq!(lie, ["pack.2027-01-01.rhai e", "pack.rhai d"]);
        // It has begun: it goes before the others from the day on which it was taken.
        let lie = taken("f", Some("2026-02-01"), None, "2026-08-01")?;
        let begun = "pack.2026-08-01.rhai f";
        assert_eq!(lie, [begun, "pack.2027-01-01.rhai e", "pack.rhai d"]);
        let lie = taken("g", None, None, "2026-09-01")?;
        assert_eq!(lie, ["pack.2027-01-01.rhai e", "pack.rhai g"]);
        assert_eq!(taken("h", None, None, "2027-02-01")?, ["pack.rhai h"]);
        Ok(())
    }

    // What could not be removed is removed with the next pack: one that was replaced does not come back with the next start.
    #[test]
    fn what_was_replaced_is_removed_later_where_it_was_not_at_once() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut packs = Packs {
            file: Some(folder.path().join("pack.rhai")),
            ..Packs::default()
        };
        let begun = demo("begun", Some("2026-01-01"), None)?;
        let change = packs.put(begun, on("2026-06-01")?);
        assert!(packs.save(&change, "begun"));
        assert!(folder.path().join("pack.2026-06-01.rhai").exists());
        packs.put(demo("unsaved", None, None)?, on("2026-07-01")?);
        let change = packs.put(demo("last", None, None)?, on("2026-08-01")?);
        assert!(packs.save(&change, "last"));
        let lie = fs::read_dir(folder.path())?.map(|it| it.map(|it| it.file_name()));
        assert_eq!(lie.collect::<io::Result<Vec<_>>>()?, ["pack.rhai"]);
        Ok(())
    }

    // What lies beside is known by its name, and what else lies there is passed over.
    #[test]
    fn a_pack_for_dates_is_known_by_its_name() -> Result<(), Box<dyn Error>> {
        let day = "2027-01-01".parse::<NaiveDate>()?;
        let to = "2027-06-30".parse::<NaiveDate>()?;
        for file in ["pack.rhai", "/etc/duly/pack", "of.the.board.rhai"] {
            let file = Path::new(file);
            for to in [None, Some(to)] {
                let path = name_beside(file, day, to);
                let name = path.file_name().and_then(OsStr::to_str);
                assert_eq!(name.and_then(|name| day_of(file, name)), Some(day));
                assert_eq!(path.parent(), file.parent());
            }
        }
        for other in [
            "pack.rhai",
            "pack.2027-01-01.rhai.0123456789abcdef.new",
            "pack.old.rhai",
            "pack.2027-01-01.old.rhai",
            "other.2027-01-01.rhai",
        ] {
            assert_eq!(day_of(Path::new("pack.rhai"), other), None, "{other}");
        }
        Ok(())
    }

    // What is in hand is what the next start would read, also where nothing is written: a pack that waits is hidden by none that is taken meanwhile, and
    // one that was replaced does not come in force.
    #[test]
    fn what_waits_is_in_hand_as_it_is_after_a_start() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let board = || "hainan".parse::<BoardId>();
        let ledger = SqliteLedger::open(folder.path().join("ledger.db"), board()?)?;
        let mut plans = Plans::new(board()?);
        plans.take(demo("shipped", None, None)?)?;
        let desk = AnyDesk::Sqlite(Arc::new(Desk::new(ledger, plans)?));
        let mut packs = Packs::default();
        let mut take = |title, from, to| -> Result<(), Box<dyn Error>> {
            let plan = demo(title, from, to)?;
            let (_, change) = packs.take(&desk, plan, &[], on("2026-06-01")?)?;
            assert!(!packs.save(&change, "nowhere"));
            Ok(())
        };
        let titles = || -> Result<Vec<String>, Box<dyn Error>> {
            let mut titles = Vec::new();
            for date in ["2026-06-01", "2027-02-01", "2027-10-01"] {
                let plans = desk.plans();
                let hand = plans.at(on(date)?).ok_or("none is in force")?;
                titles.push(hand.plan.title.clone());
            }
            Ok(titles)
        };
        let next = Some("2027-01-01");
        take("next", next, None)?;
        take("mended", None, None)?;
        assert_eq!(titles()?, ["mended", "next", "next"]);
        take("half", next, Some("2027-06-30"))?;
        assert_eq!(titles()?, ["mended", "half", "next"]);
        take("other", next, None)?;
        assert_eq!(titles()?, ["mended", "other", "other"]);
        take("last", None, None)?;
        assert_eq!(titles()?, ["last", "other", "other"]);
        Ok(())
    }

    // Where no pack is in force today the cases that there are still have theirs: the service begins, in the words of the last.
    #[test]
    fn a_lapsed_pack_keeps_nobody_from_their_cases() -> Result<(), Box<dyn Error>> {
        let begins = |plan| in_hand("hainan".parse()?, vec![plan]).map(|(_, lang)| lang);
        let mut later = demo("later", Some("2999-01-01"), None)?;
        for lang in [Lang::Zh, Lang::En] {
            later.labels = lang;
            assert_eq!(begins(later.clone())?, lang);
        }
        assert!(in_hand("hainan".parse()?, Vec::new()).is_err());
        Ok(())
    }
}
