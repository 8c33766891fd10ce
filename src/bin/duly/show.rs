//! `duly show`: the roll of a ledger, or the timeline of a case, by what the ledger itself holds.

use std::collections::BTreeSet;
use std::io::Write;

use duly::case::{Case, Clock};
use duly::desk::{Desk, Ledger};
use duly::duty::Duty;
use duly::plan::Plan;
use duly::report::{Board, duty_roll, roll, timeline};
use duly::words::{CaseId, ClockKind, Lang, Record};

use crate::args::Show;
use crate::fail::{Fail, read, say};
use crate::pack::Source;
use crate::{held, records};

/// Shows a ledger.
pub fn run(asked: &Show, out: &mut dyn Write) -> Result<bool, Fail> {
    let shown = asked.ledger.display().to_string();
    let desk = held::open(&asked.ledger, asked.board.as_deref())?;
    if asked.duties {
        return duties(asked, &desk, &shown, out);
    }
    let Some(case) = &asked.case else {
        let records = records::all(&desk)?;
        let Some(plan) = held::newest(&desk, &records)? else {
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
            false => write!(out, "{}", roll.table(asked.lang(&plan)))?,
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
    let (Some(file), Some(plan)) = (board.file(&case), held::newest(&desk, &history)?) else {
        return Err(Fail::file(
            &shown,
            format!("there is no case `{case}` by then; `duly show {shown}` lists those there are"),
        ));
    };
    if let Some(name) = &asked.why {
        return why(asked, name, file.case(), &plan, out);
    }
    let told = timeline(file.history(), file.case(), &plan, asked.lang(&plan));
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

/// The roll of obligations.
fn duties<L: Ledger>(
    asked: &Show,
    desk: &Desk<L>,
    shown: &str,
    out: &mut dyn Write,
) -> Result<bool, Fail> {
    let mut all: Vec<Duty> = Vec::new();
    loop {
        let page = desk.duties(all.last().map(Duty::id), 256)?;
        if page.is_empty() {
            break;
        }
        for id in page {
            let duty = desk.duty(&id)?;
            all.push(duty.ok_or_else(|| Fail::said(format!("obligation `{id}` has no head")))?);
        }
    }
    if asked.json {
        let json = serde_json::to_string_pretty(&all).map_err(Fail::said)?;
        writeln!(out, "{json}")?;
        return Ok(true);
    }
    let Some(last) = all.iter().max_by_key(|duty| duty.last_at()) else {
        writeln!(out, "{shown}: no obligation yet")?;
        return Ok(true);
    };
    let plan = desk.kept_plan(last.plan())?;
    let plan = plan.ok_or_else(|| Fail::said("the plan of the obligations is not stored"))?;
    write!(out, "{}", duty_roll(&all, plan.zone, asked.lang(&plan)))?;
    Ok(true)
}

/// Why a clock is due when it is, each run of it. False, where the calendar at hand is not the one that a live run was counted by, or that any was: a
/// run that has stopped stays with the edition of its day.
fn why(
    asked: &Show,
    name: &str,
    case: &Case,
    plan: &Plan,
    out: &mut dyn Write,
) -> Result<bool, Fail> {
    let named = |kind: &&ClockKind| [kind.name(), kind.zh()].contains(&name);
    let runs: Vec<&Clock> = match ClockKind::ALL.iter().find(named) {
        Some(kind) => case
            .clocks()
            .iter()
            .filter(|it| it.key.kind == *kind)
            .collect(),
        None => Vec::new(),
    };
    if runs.is_empty() {
        let has: BTreeSet<&str> = case.clocks().iter().map(|it| it.key.kind.name()).collect();
        let has: Vec<String> = has.iter().map(|name| format!("`{name}`")).collect();
        return Err(Fail::said(format!(
            "case `{}` has no clock `{name}`; it has {}",
            case.id(),
            has.join(", ")
        )));
    }
    let lang = asked.lang(plan);
    let source = asked.pack.as_deref().map(Source::find).transpose()?;
    if let Some(source) = &source {
        // What it is based on, which may have the calendar beside it, is known once it is read.
        source.plan(asked.lang.map(Lang::from))?;
    }
    let calendar = held::calendar(plan, case.board(), source.as_ref(), lang)?;
    let (mut any, mut live) = (false, true);
    for clock in runs {
        if let Some(said) = held::other_edition(clock, &calendar, lang) {
            say(&said);
            live &= !clock.is_live();
            continue;
        }
        any = true;
        let told = case.why_due(clock, &calendar).map_err(Fail::said)?;
        if asked.json {
            writeln!(out, "{}", serde_json::to_string(&told).map_err(Fail::said)?)?;
            continue;
        }
        let words = match lang {
            Lang::Zh => told.zh(),
            Lang::En => told.en(),
        };
        writeln!(out, "{}\n{words}\n", clock.key)?;
    }
    Ok(any && live)
}
