//! What a ledger file holds: its boards, and the plans that its records were decided by.

use duly::desk::{Desk, Ledger};
use duly::plan::Plan;
use duly::words::{BoardId, PlanId, Record};

use crate::fail::Fail;

/// The board that is asked for, or the only one.
pub fn pick(asked: Option<&str>, boards: &[BoardId]) -> Result<BoardId, String> {
    let names = || {
        boards
            .iter()
            .map(|board| format!("`{board}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (asked, boards) {
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
pub fn newest<L: Ledger>(desk: &Desk<L>, records: &[Record]) -> Result<Option<Plan>, Fail> {
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

/// A plan as it was kept.
pub fn stored(json: &str, id: &PlanId) -> Result<Plan, Fail> {
    serde_json::from_str(json)
        .map_err(|error| Fail::said(format!("the stored plan `{id}` cannot be read: {error}")))
}
