//! Where a case stands, as a row and as JSON.

use std::collections::BTreeSet;
use std::io::Write;

use duly::case::{Case, Clock, ClockState};
use duly::desk::Desk;
use duly::report::Table;
use duly::time::{Moment, Zone};
use duly::words::{CaseId, ClockKind, Lang};
use serde_json::{Value, json};

use crate::fail::Fail;
use crate::store::Store;

/// Prints where the cases stand, in the order of their ids.
pub fn print(
    desk: &Desk<Store>,
    cases: &BTreeSet<CaseId>,
    (lang, zone): (Lang, Zone),
    as_json: bool,
    out: &mut dyn Write,
) -> Result<(), Fail> {
    let mut table = Table::new(
        "",
        match lang {
            Lang::Zh => ["编号", "环节", "结果", "时限", "到期", "曾超期"],
            Lang::En => ["case", "stage", "outcome", "clock", "due", "breached"],
        },
    );
    for id in cases {
        let Some(case) = desk.case(id)? else { continue };
        match as_json {
            true => writeln!(out, "{}", as_value(&case))?,
            false => table = table.row(row(&case, lang, zone)),
        }
    }
    if !as_json {
        write!(out, "{table}")?;
    }
    Ok(())
}

/// The running clock that falls due first, of those by which somebody owes something.
fn first_due(case: &Case) -> Option<&Clock> {
    let owes = |clock: &&Clock| {
        clock.is_running() && !matches!(clock.key.kind, ClockKind::Rating | ClockKind::Object)
    };
    case.clocks()
        .iter()
        .filter(owes)
        .min_by_key(|clock| clock.schedule.legal_due)
}

fn breached(case: &Case) -> impl Iterator<Item = (&Clock, Moment)> {
    case.clocks()
        .iter()
        .filter_map(|clock| Some((clock, clock.breached?)))
}

fn as_value(case: &Case) -> Value {
    let clocks: Vec<Value> = case.clocks().iter().map(clock).collect();
    json!({
        "case": case.id(),
        "stage": case.stage_name(),
        "outcome": case.outcome(),
        "due": first_due(case).map(|it| json!({ "clock": it.key, "at": it.schedule.legal_due })),
        "breach": breached(case).map(|(it, at)| json!({ "clock": it.key, "at": at })).collect::<Vec<_>>(),
        "clocks": clocks,
        "version": case.version(),
        "last": case.last_at(),
        "next_alarm": case.next_alarm(),
    })
}

fn clock(clock: &Clock) -> Value {
    json!({
        "clock": clock.key,
        "started": clock.started,
        "due": clock.schedule.legal_due,
        "promised": clock.schedule.promised_due,
        "state": match &clock.state {
            ClockState::Running => "running",
            ClockState::Paused => "paused",
            ClockState::Stopped { .. } => "stopped",
            ClockState::Cancelled { .. } => "cancelled",
        },
        "ended": match &clock.state {
            ClockState::Stopped { at, .. } | ClockState::Cancelled { at, .. } => Some(*at),
            ClockState::Running | ClockState::Paused => None,
        },
        "verdict": clock.verdicts.last(),
        "breached": clock.breached,
    })
}

fn row(case: &Case, lang: Lang, zone: Zone) -> [String; 6] {
    let term = |zh: &str, en: &str| {
        if lang == Lang::Zh {
            zh.to_owned()
        } else {
            en.replace('_', " ")
        }
    };
    let wall = |at: Moment| at.local(zone).format("%Y-%m-%d %H:%M").to_string();
    let due = first_due(case);
    let late: Vec<String> = breached(case)
        .map(|(it, at)| {
            format!(
                "{} {}",
                term(it.key.kind.zh(), it.key.kind.name()),
                wall(at)
            )
        })
        .collect();
    [
        case.id().to_string(),
        term(case.stage_name().zh(), case.stage_name().name()),
        case.outcome()
            .map(|it| term(it.zh(), it.name()))
            .unwrap_or_default(),
        due.map(|it| term(it.key.kind.zh(), it.key.kind.name()))
            .unwrap_or_default(),
        due.map(|it| wall(it.schedule.legal_due))
            .unwrap_or_default(),
        late.join(", "),
    ]
}
