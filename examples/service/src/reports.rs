//! `GET /reports/{kind}`: the library's reports, in four forms.
//!
//! They are folds over all records, so this reads the whole ledger each time: right for an office, and for thousands of cases. Whoever has
//! more keeps a fold beside the service, by `GET /events` and its cursor.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, NaiveDate};
use duly::desk::Cursor;
use duly::plan::Plan;
use duly::report::{Board, Period, Table, bulletin, digest, public, roll, timeline};
use duly::words::{CaseId, Lang, Record, Text, TextRef};
use serde::Deserialize;
use serde_json::Value;

use crate::asked::Asked;
use crate::clock;
use crate::problem::Problem;
use crate::routes::{App, text};
use crate::who::By;

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Text,
    Markdown,
    Csv,
}

/// What report is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    format: Format,
    /// `zh` or `en`; the pack's own, if nothing is said.
    lang: Option<Lang>,
    /// The day of a digest; today.
    day: Option<NaiveDate>,
    /// The dates of a bulletin, both included; this month until today.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// The case of a timeline.
    case: Option<CaseId>,
}

/// A report that is made.
struct Made {
    json: Value,
    /// The tables that are read, and the one for a spreadsheet.
    pages: Vec<Table>,
    sheet: Table,
}

impl Made {
    fn new(report: &impl serde::Serialize, pages: Vec<Table>, sheet: Table) -> Made {
        Made {
            json: serde_json::to_value(report).unwrap_or_default(),
            pages,
            sheet,
        }
    }
    fn one(report: &impl serde::Serialize, table: Table) -> Made {
        Made::new(report, vec![table.clone()], table)
    }
    fn print(self, format: Format) -> Response {
        let joined = |each: fn(&Table) -> String| {
            let all: Vec<String> = self.pages.iter().map(each).collect();
            all.join("\n")
        };
        match format {
            Format::Json => Json(self.json).into_response(),
            Format::Text => text("text/plain; charset=utf-8", joined(Table::to_string)),
            Format::Markdown => text("text/markdown; charset=utf-8", joined(Table::markdown)),
            Format::Csv => text("text/csv; charset=utf-8", self.sheet.csv()),
        }
    }
}

/// Makes a report. What everybody may read needs nobody's name; the others are for officers.
pub async fn report(
    State(app): State<App>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    if kind != "public" {
        By::of(&headers)?.officer()?;
    }
    let plans = app.desk.plans();
    let today = plans.at(clock::now()).or(plans.latest());
    let plan = today
        .ok_or_else(|| Problem::internal("no plan in hand"))?
        .plan
        .clone();
    let lang = wanted.lang.unwrap_or(plan.labels);
    let format = wanted.format;
    if kind == "timeline" {
        let made = of_case(&app, wanted.case, lang).await?;
        return Ok(made.print(format));
    }
    let records = records(&app).await?;
    let words = match kind.as_str() {
        "public" => words(&app, &records, &plan).await?,
        _ => Words::new(),
    };
    // Folding takes the processor for a while: not on a thread that serves others.
    let folded = tokio::task::spawn_blocking(move || {
        let board = Board::fold(records.iter(), None).map_err(Problem::internal)?;
        let date = clock::now().date(plan.zone);
        Ok(match kind.as_str() {
            "digest" => {
                let it = digest(
                    &board,
                    &plan,
                    Period::day(&plan, wanted.day.unwrap_or(date)),
                );
                Made::new(&it, vec![it.summary(lang)], it.table(lang))
            }
            "bulletin" => {
                let from = wanted.from.or(date.with_day(1)).unwrap_or(date);
                let period = Period::dates(from, wanted.to.unwrap_or(date), plan.zone);
                let it = bulletin(&board, &plan, period);
                Made::new(&it, it.sheets(lang), it.table(lang))
            }
            "roll" => {
                let it = roll(&board, &plan);
                Made::one(&it, it.table(lang))
            }
            "public" => {
                let it = public(&board, &plan, &|case, text| {
                    words.get(&(case.clone(), text.clone())).cloned()
                });
                Made::one(&it, it.table(lang))
            }
            _ => {
                let en =
                    "such report: there are `digest`, `bulletin`, `roll`, `timeline` and `public`";
                let zh = "这种报表;有`digest`日报、`bulletin`通报、`roll`台账、`timeline`经过、`public`公开视图";
                return Err(Problem::not_found(en, zh));
            }
        })
    });
    let made = folded.await.map_err(Problem::internal)??;
    Ok(made.print(format))
}

/// All records, in the order in which they came in.
async fn records(app: &App) -> Result<Arc<Vec<Record>>, Problem> {
    let mut records = Vec::new();
    let mut cursor = Cursor::start();
    loop {
        let page = app.desk.read(cursor, 1000).await?;
        if page.items.is_empty() {
            return Ok(Arc::new(records));
        }
        records.extend(page.items.into_iter().map(|entry| entry.sealed.record));
        cursor = page.next;
    }
}

type Words = BTreeMap<(CaseId, TextRef), Text>;

/// The words that the public view shows: it is made once without them, to hear which it asks for. What is erased has none.
async fn words(app: &App, records: &Arc<Vec<Record>>, plan: &Arc<Plan>) -> Result<Words, Problem> {
    let (records, plan) = (Arc::clone(records), Arc::clone(plan));
    let asked = tokio::task::spawn_blocking(move || {
        let board = Board::fold(records.iter(), None).map_err(Problem::internal)?;
        let asked = RefCell::new(BTreeSet::new());
        let _ = public(&board, &plan, &|case, text| {
            asked.borrow_mut().insert((case.clone(), text.clone()));
            None
        });
        Ok::<_, Problem>(asked.into_inner())
    });
    let mut words = Words::new();
    for (case, reference) in asked.await.map_err(Problem::internal)?? {
        let text = app.desk.text(case.clone(), reference.clone()).await?;
        words.extend(text.map(|text| ((case, reference), text)));
    }
    Ok(words)
}

/// One case in words, by its own plan.
async fn of_case(app: &App, case: Option<CaseId>, lang: Lang) -> Result<Made, Problem> {
    let case = case.ok_or_else(|| {
        let (en, zh) = (
            "a timeline is of a case: `?case=…`",
            "经过要写明是哪一件:`?case=…`",
        );
        Problem::bad("query", en, zh)
    })?;
    let none = || Problem::not_found("such case", "这一件");
    let case = app.desk.case(case).await?.ok_or_else(none)?;
    let history = app.desk.history(case.id().clone()).await?;
    let plan = app.desk.plan_of(&case).await?;
    let plan = plan.ok_or_else(|| Problem::internal("the plan of a case is not kept"))?;
    let history: Vec<Record> = history.into_iter().map(|it| it.sealed.record).collect();
    // Somebody may have written to the case between the two.
    let known = history
        .into_iter()
        .filter(|record| record.version <= case.version());
    let known: Vec<Record> = known.collect();
    let it = timeline(&known, &case, &plan, lang);
    Ok(Made::one(&it, it.table()))
}
