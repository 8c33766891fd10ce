//! `duly adopt`: what another pack means to the open cases of a ledger, and having them go on under it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use duly::desk::rows::Kept;
use duly::desk::{AdoptMode, Adoption, Adoptions, Cursor, Desk, Ledger, SqliteLedger};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{Actor, CaseId, Facts, Lang, PersonId, Role};

use crate::args::{Adopt, Who};
use crate::fail::{Fail, read};
use crate::held;
use crate::pack::{Source, text};

/// How many cases are gone over in one transaction.
const PAGE: usize = 256;

/// Previews an adoption, or does it. False, where a case could not be looked at.
pub fn run(asked: &Adopt, out: &mut dyn Write) -> Result<bool, Fail> {
    let shown = asked.ledger.display().to_string();
    let board = held::board_of(&asked.ledger, asked.board.as_deref())?;
    let failed = |error| Fail::file(&shown, error);
    let source = Source::find(&asked.pack)?;
    let plan = source.plan(asked.lang.map(Lang::from))?;
    let lang = asked.lang.map_or(plan.labels, Lang::from);

    let reads = || SqliteLedger::open_read_only(&asked.ledger, board.clone()).map_err(failed);
    let mut plans = source.plans(plan.clone(), board.clone())?;
    let before = Desk::new(reads()?, Plans::new(board.clone())).map_err(failed)?;
    by_hand(&before, &mut plans)?;
    let at = match asked.at {
        Some(at) => at,
        None => last(&before)?,
    };
    // A preview needs nobody's name: what it shows is what anybody's command would do.
    let by = read::<PersonId>(asked.by.as_deref().unwrap_or("preview"))?;
    let mut wanted = Adoption::of(plan, Actor::new(by, Role::Supervisor), at).mode(mode(asked)?);
    if let Some(approver) = &asked.approver {
        wanted = wanted.approved_by(read(approver)?);
    }
    if let Some(file) = &asked.facts {
        wanted = wanted.with_facts(facts(file)?);
    }
    let all = match asked.preview {
        true => {
            let desk = Desk::new(reads()?, plans).map_err(failed)?;
            gone_over(|after| desk.adopt_preview(&wanted, after, PAGE).map_err(failed))?
        }
        false => {
            let ledger = SqliteLedger::open(&asked.ledger, board.clone()).map_err(failed)?;
            let desk = Desk::new(ledger, plans).map_err(failed)?;
            gone_over(|after| desk.adopt(&wanted, after, PAGE).map_err(failed))?
        }
    };
    match asked.json {
        true => writeln!(out, "{}", serde_json::to_string(&all).map_err(Fail::said)?)?,
        false => {
            if !(all.cases.is_empty() && all.stuck.is_empty()) {
                writeln!(out, "{}", all.table(lang))?;
            }
            writeln!(out, "{}", all.counts.say(all.done, lang))?;
        }
    }
    Ok(all.stuck.is_empty())
}

fn mode(asked: &Adopt) -> Result<AdoptMode, Fail> {
    if !asked.cases.is_empty() {
        let cases: Result<BTreeSet<CaseId>, Fail> = asked.cases.iter().map(|id| read(id)).collect();
        return Ok(AdoptMode::Listed(cases?));
    }
    Ok(match asked.mode {
        Some(Who::New) => AdoptMode::NewOnly,
        Some(Who::NoneAdverse) => AdoptMode::NoneAdverse,
        Some(Who::All) | None => AdoptMode::All,
    })
}

/// Every page, as one.
fn gone_over(
    mut page: impl FnMut(Option<&CaseId>) -> Result<Adoptions, Fail>,
) -> Result<Adoptions, Fail> {
    let mut all = page(None)?;
    while let Some(after) = all.next.take() {
        let next = page(Some(&after))?;
        all.counts = all.counts.and(&next.counts);
        all.cases.extend(next.cases);
        all.stuck.extend(next.stuck);
        all.next = next.next;
    }
    Ok(all)
}

/// What functions of the host find is given by commands here: of the plans that cases are under, too.
fn by_hand<L: Ledger>(desk: &Desk<L>, plans: &mut Plans) -> Result<(), Fail> {
    let mut after: Option<String> = None;
    loop {
        let names = desk
            .ledger()
            .kept_names(Kept::Plan, after.as_deref(), PAGE)?;
        let Some(last) = names.last() else {
            return Ok(());
        };
        after = Some(last.clone());
        for name in &names {
            let plan = held::kept(desk, &read(name)?)?;
            for rule in plan.iter().flat_map(|plan| &plan.derived) {
                plans.give_by_hand(&rule.fact);
            }
        }
    }
}

/// The moment of the last record.
fn last<L: Ledger>(desk: &Desk<L>) -> Result<Moment, Fail> {
    let mut last = Moment::MIN;
    let mut after = Cursor::start();
    loop {
        let page = desk.read(&after, 1000)?;
        if page.items.is_empty() {
            return Ok(last);
        }
        after = page.next;
        let moments = page.items.iter().map(|entry| entry.sealed.record.at);
        last = moments.fold(last, Moment::max);
    }
}

fn facts(file: &str) -> Result<Facts, Fail> {
    let text = text(Path::new(file))?;
    serde_json::from_str(&text).map_err(|error| Fail::file(file, error))
}
