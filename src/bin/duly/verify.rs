//! `duly verify`: goes over a whole ledger.

use std::io::Write;

use duly::desk::{Desk, SqliteLedger};
use duly::plan::Plans;
use serde_json::json;

use crate::args::Verify;
use crate::fail::Fail;
use crate::held;

/// Verifies every board of a ledger file. False, where a line does not hold.
pub fn run(asked: &Verify, out: &mut dyn Write) -> Result<bool, Fail> {
    let shown = asked.ledger.display().to_string();
    if !asked.ledger.is_file() {
        return Err(Fail::file(&shown, "there is no such file"));
    }
    let failed = |error| Fail::file(&shown, error);
    let boards = SqliteLedger::boards(&asked.ledger).map_err(failed)?;
    if boards.is_empty() && !asked.json {
        writeln!(out, "{shown}: a ledger without any board yet")?;
    }
    let of = match (&asked.board, asked.seals.is_empty()) {
        (None, true) => None,
        _ => {
            let picked = held::pick(asked.board.as_deref(), &boards);
            Some(picked.map_err(|why| Fail::file(&shown, why))?)
        }
    };
    let boards = boards.into_iter();
    let boards = boards.filter(|board| of.as_ref().is_none_or(|of| of == board));
    let mut fine = true;
    for board in boards {
        let ledger = SqliteLedger::open_read_only(&asked.ledger, board.clone()).map_err(failed)?;
        let desk = Desk::new(ledger, Plans::new(board.clone())).map_err(failed)?;
        match desk.verify_against(&asked.seals) {
            Ok(found) if asked.json => {
                let line = json!({
                    "board": board, "holds": true,
                    "cases": found.cases, "records": found.records, "texts": found.texts,
                    "duties": found.duties, "duty_records": found.duty_records,
                    "seals": found.seals, "sealed": found.sealed,
                });
                writeln!(out, "{line}")?;
            }
            Ok(found) => {
                writeln!(
                    out,
                    "board `{board}` holds: {}, {} in unbroken chains, {}; every case replays to its stored state",
                    many(found.cases, "case"),
                    many(found.records, "record"),
                    many(found.texts, "private text")
                )?;
                if found.duties > 0 {
                    writeln!(
                        out,
                        "board `{board}` holds: {}, {} in unbroken chains; every one replays to its stored state",
                        many(found.duties, "obligation"),
                        many(found.duty_records, "record")
                    )?;
                }
                if found.seals > 0 {
                    let all = found.records + found.duty_records;
                    let against = match asked.seals.len() {
                        0 => "compared with no hash from elsewhere; give one with `--seal`"
                            .to_owned(),
                        many => format!("{many} compared with hashes from elsewhere"),
                    };
                    writeln!(
                        out,
                        "board `{board}` holds: {} in an unbroken chain, {} of {} under {}, {against}",
                        many(found.seals, "seal"),
                        found.sealed,
                        many(all, "record"),
                        if found.seals == 1 { "it" } else { "them" }
                    )?;
                }
            }
            Err(error) => {
                fine = false;
                let said = error.to_string();
                let broken = match (error.broken(), error.broken_duty(), error.broken_seal()) {
                    (Some(broken), ..) => json!(broken),
                    (_, Some(broken), _) => json!(broken),
                    (_, _, Some(broken)) => json!(broken),
                    _ => return Err(failed(error)),
                };
                match asked.json {
                    true => writeln!(
                        out,
                        "{}",
                        json!({ "board": board, "holds": false, "broken": broken })
                    )?,
                    false => writeln!(out, "board `{board}` does not hold: {said}")?,
                }
            }
        }
    }
    Ok(fine)
}

/// So many of something.
fn many(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
