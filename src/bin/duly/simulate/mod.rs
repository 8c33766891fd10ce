//! `duly simulate`: a board under arrivals, from a file or made up; what happened, whether every law held, and what it cost.
//!
//! | file | what |
//! |---|---|
//! | `arrivals`, `process` | when messages come in: from a file, or made up |
//! | `mix` | how often each turn of fate comes |
//! | `groups`, `lots`, `beside`, `replies` | drawing lots on each message |
//! | `check` | one pass over the ledger: |
//! | `tally`, `laws`, `sums` | what happened; what must never; the bulletin's figures, counted again |
//! | `gauge` | memory and processor time |
//! | `tell` | what is printed |

mod arrivals;
mod beside;
mod check;
mod gauge;
mod groups;
mod laws;
mod lots;
mod mix;
mod process;
mod replies;
mod sums;
mod tally;
mod tell;

use std::io::Write;
use std::path::Path;

use duly::desk::{Desk, Ledger, MemoryLedger, SqliteLedger};
use duly::time::Moment;
use duly::words::{BoardId, Lang};
use indicatif::{ProgressBar, ProgressStyle};

use self::arrivals::Arrival;
use self::check::Checked;
use self::gauge::Watch;
use self::groups::Groups;
use self::tell::{Costs, Told};
use crate::args::Simulate;
use crate::fail::{Fail, read};
use crate::pack::{self, Source};
use crate::world::{Drive, Office, People};

const DAY: i64 = 86_400;
/// How many flaws of a file are told.
const FLAWS: usize = 20;

/// Simulates a board. False, where a law is broken or a figure does not add up.
pub fn run(asked: &Simulate, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let plan = source.plan(Some(asked.lang.into()))?;
    let people = People::of(&plan);
    let board: BoardId = read(plan.pack.as_str())?;
    let plans = source.plans(plan, board.clone())?;
    let office = plans.latest().map(|hand| Office { hand: hand.clone() });
    let office = office.ok_or_else(|| Fail::said("the pack is not in hand"))?;
    let arrivals = match &asked.arrivals {
        Some(path) => read_arrivals(path)?,
        None => process::arrivals(asked.cases.unwrap_or(0), asked.seed, office.plan().zone)?,
    };
    let (Some(first), Some(last)) = (arrivals.first(), arrivals.last()) else {
        let shown = asked.arrivals.as_deref().unwrap_or(Path::new(""));
        return Err(Fail::file(
            &shown.display().to_string(),
            "it has a head and no arrivals",
        ));
    };
    let until = last.at.plus(i64::from(asked.days) * DAY);
    let span = (first.at, until);
    let run = Run {
        asked,
        office: &office,
        people: &people,
        arrivals: &arrivals,
        span,
    };
    match &asked.ledger {
        None => run.on(Desk::new(MemoryLedger::new(board), plans)?, out),
        Some(path) => {
            let shown = path.display().to_string();
            if path.exists() {
                return Err(Fail::file(
                    &shown,
                    "it is there already, and a simulation does not write over anything",
                ));
            }
            let ledger = SqliteLedger::open(path, board).and_then(SqliteLedger::relaxed);
            run.on(
                Desk::new(ledger.map_err(|error| Fail::file(&shown, error))?, plans)?,
                out,
            )
        }
    }
}

fn read_arrivals(path: &Path) -> Result<Vec<Arrival>, Fail> {
    let shown = path.display().to_string();
    let text = pack::text(path)?;
    arrivals::read(&text).map_err(|flaws| {
        let mut lines: Vec<String> = flaws
            .iter()
            .take(FLAWS)
            .map(|it| format!("{shown}:{}:{}: {}", it.line, it.column, it.said))
            .collect();
        if flaws.len() > FLAWS {
            lines.push(format!("… and {} more", flaws.len() - FLAWS));
        }
        let rows = if flaws.len() == 1 {
            "one row"
        } else {
            "some rows"
        };
        Fail::said(format!(
            "{rows} of the arrivals cannot be read\n{}",
            lines.join("\n")
        ))
    })
}

struct Run<'a> {
    asked: &'a Simulate,
    office: &'a Office,
    people: &'a People,
    arrivals: &'a [Arrival],
    span: (Moment, Moment),
}

impl Run<'_> {
    fn on<L: Ledger>(&self, desk: Desk<L>, out: &mut dyn Write) -> Result<bool, Fail> {
        let (first, until) = self.span;
        let seed = self.asked.seed;
        let groups = Groups::of(self.arrivals, seed);
        let draw = |arrival| lots::draw(arrival, self.office, self.people, (&groups, seed));
        let days = u64::try_from(until.since(first) / DAY).unwrap_or(0);
        let bar = ProgressBar::new(days);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} day {pos}/{len} {elapsed}")
        {
            bar.set_style(style);
        }
        bar.set_message("casework");
        let watch = Watch::start();
        let mut drive = Drive::new(
            &desk,
            (self.office, self.people),
            (seed, self.asked.ticks),
            Vec::new(),
        )
        .fed(self.arrivals.iter().map(draw))
        .with_post();
        drive.run(until, |now| {
            let day = u64::try_from(now.since(first) / DAY).unwrap_or(0);
            if day != bar.position() {
                bar.set_position(day);
            }
        })?;
        let (log, post) = (drive.log, drive.post.unwrap_or_default());
        let mut costs = Costs {
            casework: watch.nanos(),
            casework_peak: gauge::peak_bytes(),
            ..Costs::default()
        };
        bar.set_message("the laws");
        let watch = Watch::start();
        let checked = Checked::of(&desk, self.office.plan(), self.span, self.arrivals.len())?;
        let verified = desk.verify()?;
        costs.checks = watch.nanos();
        costs.peak = gauge::peak_bytes();
        bar.finish_and_clear();
        let told = Told {
            lang: Lang::from(self.asked.lang),
            plan: self.office.plan(),
            span: self.span,
            log: &log,
            post,
            checked: &checked,
            verified,
            costs,
        };
        match self.asked.json {
            true => told.json(out),
            false => told.text(out),
        }
    }
}
