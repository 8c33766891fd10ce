//! `duly show`: the roll of a ledger, or the timeline of a case, by what the ledger itself holds.

use std::io::Write;

use duly::desk::{Desk, Ledger, SqliteLedger};
use duly::plan::{Plan, Plans};
use duly::report::{Board, roll, timeline};
use duly::words::{BoardId, CaseId, PlanId, Record};

use crate::args::Show;
use crate::fail::{Fail, read};
use crate::records;

/// Shows a ledger.
pub fn run(asked: &Show, out: &mut dyn Write) -> Result<bool, Fail> {
    let shown = asked.ledger.display().to_string();
    if !asked.ledger.is_file() {
        return Err(Fail::file(&shown, "there is no such file"));
    }
    let failed = |error| Fail::file(&shown, error);
    let boards = SqliteLedger::boards(&asked.ledger).map_err(failed)?;
    let board = pick(asked, &boards).map_err(|why| Fail::file(&shown, why))?;
    let ledger = SqliteLedger::open_read_only(&asked.ledger, board.clone()).map_err(failed)?;
    let desk = Desk::new(ledger, Plans::new(board)).map_err(failed)?;
    let lang = asked.lang.into();
    let Some(case) = &asked.case else {
        let records = records::all(&desk)?;
        let Some(plan) = newest(&desk, &records)? else {
            writeln!(out, "{shown}: no case yet")?;
            return Ok(true);
        };
        let roll = roll(
            &Board::fold(&records, asked.until).map_err(Fail::said)?,
            &plan,
        );
        match asked.json {
            true => writeln!(
                out,
                "{}",
                serde_json::to_string_pretty(&roll).map_err(Fail::said)?
            )?,
            false => write!(out, "{}", roll.table(lang))?,
        }
        return Ok(true);
    };
    let case: CaseId = read(case)?;
    let history: Vec<Record> = desk
        .history(&case)?
        .into_iter()
        .map(|entry| entry.sealed.record)
        .collect();
    let until = |record: &&Record| asked.until.is_none_or(|until| record.at <= until);
    let history: Vec<Record> = history.iter().filter(until).cloned().collect();
    let board = Board::fold(&history, None).map_err(Fail::said)?;
    let (Some(file), Some(plan)) = (board.file(&case), newest(&desk, &history)?) else {
        return Err(Fail::file(
            &shown,
            format!("there is no case `{case}` by then; `duly show {shown}` lists those there are"),
        ));
    };
    let told = timeline(file.history(), file.case(), &plan, lang);
    match asked.json {
        true => writeln!(
            out,
            "{}",
            serde_json::to_string_pretty(&told).map_err(Fail::said)?
        )?,
        false => write!(out, "{}", told.table())?,
    }
    Ok(true)
}

/// The board that is asked for, or the only one.
fn pick(asked: &Show, boards: &[BoardId]) -> Result<BoardId, String> {
    let names = || {
        boards
            .iter()
            .map(|board| format!("`{board}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (&asked.board, boards) {
        (Some(name), _) => boards
            .iter()
            .find(|board| board.as_str() == name)
            .cloned()
            .ok_or_else(|| format!("it has no board `{name}`; it has {}", names())),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err("it has no board yet".into()),
        (None, _) => Err(format!(
            "it has several boards: {}; say which with `--board`",
            names()
        )),
    }
}

/// The plan of the last record.
fn newest<L: Ledger>(desk: &Desk<L>, records: &[Record]) -> Result<Option<Plan>, Fail> {
    let Some(id) = records
        .iter()
        .max_by_key(|record| record.at)
        .map(|record| &record.plan)
    else {
        return Ok(None);
    };
    let json = desk.ledger().plan(id)?;
    json.map(|json| stored(&json, id)).transpose()
}

fn stored(json: &str, id: &PlanId) -> Result<Plan, Fail> {
    serde_json::from_str(json)
        .map_err(|error| Fail::said(format!("the stored plan `{id}` cannot be read: {error}")))
}
