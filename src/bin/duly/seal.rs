//! `duly seal`: seals a day of a ledger, and prints what is to be kept elsewhere.

use std::io::Write;

use duly::desk::{Desk, Seal, SqliteLedger};
use duly::plan::{Plan, Plans};
use duly::words::{BoardId, Lang};

use crate::args::Seal as Asked;
use crate::fail::Fail;
use crate::{held, records};

/// Seals a day.
pub fn run(asked: &Asked, out: &mut dyn Write) -> Result<bool, Fail> {
    let shown = asked.ledger.display().to_string();
    let board = held::board_of(&asked.ledger, asked.board.as_deref())?;
    let failed = |error| Fail::file(&shown, error);
    let open = |plans| {
        let ledger = SqliteLedger::open(&asked.ledger, board.clone()).map_err(failed)?;
        Desk::new(ledger, plans).map_err(failed)
    };
    let desk = open(Plans::new(board.clone()))?;
    let records = records::all(&desk)?;
    let duties = records::duties(&desk)?;
    let used = match held::InUse::read(&desk, &records, asked.at)? {
        Some(used) => Some(used),
        None => held::InUse::of_duties(&desk, &duties)?,
    };
    let Some(used) = used else {
        return Err(Fail::file(
            &shown,
            "there is no case and no obligation in it yet, so there is nothing to seal",
        ));
    };
    let of_cases = records.iter().map(|record| record.at);
    let last = of_cases.chain(duties.iter().map(|record| record.at)).max();
    let Some(at) = asked.at.or(last) else {
        return Ok(true);
    };
    let (cut, plan) = used.cut(asked.day);
    let lang = asked.lang.map_or(plan.labels, Lang::from);
    if at < cut {
        let (day, cut, at) = (asked.day, cut.local(plan.zone), at.local(plan.zone));
        return Err(Fail::said(match lang {
            Lang::Zh => format!(
                "{day} 在 {cut} 截止,而现在算作 {at};请等到截止以后,或用 `--at` 写明现在的时刻"
            ),
            Lang::En => format!(
                "{day} is cut at {cut}, and it is taken to be {at}; wait until then, or say what time it is with `--at`"
            ),
        }));
    }
    let seal = open(knows(&board, plan)?)?.seal(asked.day, at)?;
    match asked.json {
        true => writeln!(out, "{}", line(&seal)?)?,
        false => writeln!(out, "{}", said(&seal, lang))?,
    }
    Ok(true)
}

/// A desk that is asked for nothing but when a day is over: of its plan neither derived facts nor dates nor holidays matter.
fn knows(board: &BoardId, plan: &Plan) -> Result<Plans, Fail> {
    let mut plans = Plans::new(board.clone());
    let only = Plan {
        in_force: None,
        derived: Vec::new(),
        holidays: Vec::new(),
        ..plan.clone()
    };
    plans.take(only).map_err(Fail::said)?;
    Ok(plans)
}

fn line(seal: &Seal) -> Result<String, Fail> {
    let line = serde_json_canonicalizer::to_string(seal);
    line.map_err(Fail::said)
}

fn said(seal: &Seal, lang: Lang) -> String {
    let (day, hash, number) = (seal.day, seal.hash(), seal.number);
    let (cases, duties) = (seal.cases.records, seal.duties.records);
    match lang {
        Lang::Zh => format!(
            "{day} 封印(第 {number} 道):{hash}\n\
             覆盖办件记录 {cases} 条、事项记录 {duties} 条。请把这个值印在日报上,另处留存;以后用 `duly verify --seal {day}={hash}` 核对"
        ),
        Lang::En => format!(
            "seal {number}, of {day}: {hash}\n\
             It covers {cases} records of cases and {duties} of obligations. Print it in the digest and keep it elsewhere; later \
             `duly verify --seal {day}={hash}` compares"
        ),
    }
}
