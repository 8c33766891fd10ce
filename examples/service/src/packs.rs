//! The rules: read at the start, and taken anew while the service runs.

use std::fs;
use std::path::Path;

use axum::Json;
use axum::extract::State;
use duly::plan::Plan;
use duly::script::{Options, check, hainan_board, load_with};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::asked::{Asked, Body};
use crate::problem::Problem;
use crate::routes::App;
use crate::who::By;

/// The plan to begin with: of the pack's file, or the shipped one. Overlays may be based on any pack that is shipped.
pub fn first(pack: Option<&Path>) -> Result<Plan, Box<dyn std::error::Error>> {
    let (name, source) = match pack {
        Some(path) => (path.display().to_string(), fs::read_to_string(path)?),
        None => (
            "hainan-board/pack.rhai".to_owned(),
            hainan_board().to_owned(),
        ),
    };
    let plan = load_with(&name, &source, &Options::default().with_shipped());
    plan.map_err(|findings| findings.in_words(duly::words::Lang::En).to_string().into())
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
/// A pack that was taken is written to the pack's file, so that the next start begins with it. Where several processes serve one database,
/// tell each of them.
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
    let sends: Vec<&str> = query.sends.split(',').filter(|it| !it.is_empty()).collect();
    let plan = app.desk.reload(plan, &sends)?;
    let saved = match &app.settings.pack {
        Some(path) => saved(path, &source),
        None => false,
    };
    tracing::info!(%plan, saved, "new cases open by another plan");
    Ok(Json(
        json!({"plan": plan, "saved": saved, "findings": findings.all}),
    ))
}

/// Writes it beside, and puts it in place at once: nobody reads half a pack.
fn saved(path: &Path, source: &str) -> bool {
    let beside = path.with_extension("new");
    let done = fs::write(&beside, source).and_then(|()| fs::rename(&beside, path));
    if let Err(error) = &done {
        tracing::error!(%error, "the pack is in force, and could not be written to its file: the next start begins with the one before");
    }
    done.is_ok()
}
