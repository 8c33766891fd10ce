//! The paths, and what each of them does.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use duly::desk::{Answer, Cursor, Hash, Receipt};
use duly::words::{CaseId, Command, CommandId, Envelope, InvalidId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::{Mutex, Notify, watch};

use crate::any_desk::AnyDesk;
use crate::asked::{Asked, Body, Key, Most, unread};
use crate::metrics::Metrics;
use crate::packs::Packs;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::who::By;
use crate::{citizen, clock, packs, reports, view};

/// Pages are this long unless said otherwise, and never longer than [`MOST`].
const PAGE: usize = 100;
const MOST: usize = 1000;

/// By how many seconds another machine's clock may be ahead of this one's.
const ASTRAY: i64 = 60;

/// What every handler has.
#[derive(Clone)]
pub struct App {
    pub desk: AnyDesk,
    pub metrics: Arc<Metrics>,
    /// Rung after each command: a case may want to be woken earlier now, and something may lie in the outbox.
    pub bell: Arc<Notify>,
    /// True once the service is to stop.
    pub stop: watch::Receiver<bool>,
    pub settings: Arc<Settings>,
    pub packs: Arc<Mutex<Packs>>,
}

/// All paths.
pub fn router(app: App) -> Router {
    let most = app.settings.body;
    Router::new()
        .route("/cases", post(open).get(cases))
        .route("/cases/{id}", get(case))
        .route("/cases/{id}/commands", post(command))
        .route("/cases/{id}/history", get(history))
        .route("/events", get(events))
        .route("/outbox", get(outbox))
        .route("/receipts", post(receipt))
        .route("/reports/{kind}", get(reports::report))
        .route("/plans", post(packs::reload))
        .route("/metrics", get(metrics))
        .route("/readyz", get(ready))
        .route("/healthz", get(async || "ok\n"))
        .fallback(async || Problem::not_found("such path", "这个路径"))
        .method_not_allowed_fallback(async || Problem::method())
        .layer(middleware::from_fn(logged))
        .layer(Extension(Most(most)))
        .layer(DefaultBodyLimit::max(most))
        .with_state(app)
}

/// A line a request. Neither query nor headers nor body: there may be people in them.
async fn logged(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let since = std::time::Instant::now();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), since.elapsed());
    tracing::info!(%method, path, status, ?took, "answered");
    response
}

/// Has a command answered. The library's answer says it all to officers; only its status is ours.
async fn submit(
    app: &App,
    id: CommandId,
    case: CaseId,
    by: By,
    command: Command,
) -> Result<Response, Problem> {
    let is_officer = by.is_officer();
    let envelope = Envelope {
        id,
        case,
        by: by.0,
        at: clock::now(),
        salt: clock::salt()?,
        command,
    };
    let answer = app.desk.submit(envelope).await?;
    app.bell.notify_one();
    if let Answer::Refused(refusal) = answer {
        return Err(match is_officer {
            true => refusal.into(),
            false => citizen::refused(&refusal),
        });
    }
    let opened = answer.done().is_some_and(|done| done.from_version == 0);
    let status = match opened {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let shown = match is_officer {
        true => json!(answer),
        false => citizen::answered(&answer),
    };
    Ok((status, Json(shown)).into_response())
}

/// `POST /cases`: the fields of `open`, and of officers `case` where the host names its cases itself. Otherwise the name is made from the
/// key, so that whoever sends the same again opens no second case.
async fn open(
    State(app): State<App>,
    by: By,
    Key(key): Key,
    body: Body,
) -> Result<Response, Problem> {
    let mut fields: Map<String, Value> = body.json()?;
    let by = citizen::opens(by, &fields);
    if !by.is_officer() {
        citizen::writes(&app, &by, &made(&key)?, &mut fields)?;
    }
    let case = match fields.remove("case") {
        Some(Value::String(case)) => case.parse()?,
        Some(_) => {
            let (en, zh) = ("`case` is a text: the case's name", "`case`应是文字,即件号");
            return Err(Problem::bad("id", en, zh));
        }
        None => made(&key)?,
    };
    let command = serde_json::from_value(json!({ "open": fields })).map_err(|e| unread(&e))?;
    submit(&app, key, case, by, command).await
}

/// A case's name from its command's.
fn made(key: &CommandId) -> Result<CaseId, InvalidId> {
    let hash = Hash::of(key.as_str().as_bytes()).to_string();
    let short: String = hash.chars().take(20).collect();
    format!("m{short}").parse()
}

/// `POST /cases/{id}/commands`: a command as JSON, `{"screen": {…}}`. Of citizens it takes those to their own cases; what is wrong with
/// others' is not for them to hear.
async fn command(
    State(app): State<App>,
    Path(case): Path<String>,
    by: By,
    Key(key): Key,
    body: Body,
) -> Result<Response, Problem> {
    let case: CaseId = case.parse()?;
    let command: Command = body.json()?;
    let by = citizen::acts(&app.desk, by, &case, &command).await?;
    submit(&app, key, case, by, command).await
}

/// `GET /cases/{id}`: all of it for officers, and for its citizen what the citizen is shown.
async fn case(
    State(app): State<App>,
    Path(id): Path<String>,
    by: By,
) -> Result<Json<Value>, Problem> {
    let id: CaseId = id.parse()?;
    if !by.is_officer() {
        let own = citizen::own(&app.desk, &by, &id).await?;
        return Ok(Json(citizen::shown(&own.ok_or_else(Problem::no_case)?)));
    }
    let case = app.desk.case(id).await?.ok_or_else(Problem::no_case)?;
    let message = app.desk.text(case.id().clone(), case.message().clone());
    Ok(Json(view::for_officer(&case, message.await?)))
}

/// `GET /cases/{id}/history`: its records, in their hash chain.
async fn history(
    State(app): State<App>,
    Path(id): Path<String>,
    by: By,
) -> Result<Json<Value>, Problem> {
    by.officer()?;
    let history = app.desk.history(id.parse()?).await?;
    match history.is_empty() {
        true => Err(Problem::no_case()),
        false => Ok(Json(json!({ "items": history }))),
    }
}

/// Where a page begins, and how long it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paged {
    #[serde(default)]
    after: String,
    limit: Option<usize>,
}

impl Paged {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(PAGE).clamp(1, MOST)
    }
}

/// `GET /cases?after=`: names of cases, in their order.
async fn cases(
    State(app): State<App>,
    by: By,
    Asked(page): Asked<Paged>,
) -> Result<Json<Value>, Problem> {
    by.officer()?;
    let after = match page.after.as_str() {
        "" => None,
        after => Some(after.parse()?),
    };
    let items = app.desk.cases(after, page.limit()).await?;
    let next = items.last().map_or(page.after.as_str(), CaseId::as_str);
    Ok(Json(json!({"items": items, "next": next})))
}

/// `GET /events?after=`: records of all cases, in the order in which they came in. Whoever goes on from `next` misses nothing and sees
/// nothing twice; an empty page is the end for now.
async fn events(
    State(app): State<App>,
    by: By,
    Asked(page): Asked<Paged>,
) -> Result<Json<Value>, Problem> {
    by.officer()?;
    let limit = page.limit();
    let read = app.desk.read(Cursor::new(page.after), limit).await?;
    Ok(Json(json!({"items": read.items, "next": read.next})))
}

/// `GET /outbox`: what is still to go out, without its words.
async fn outbox(
    State(app): State<App>,
    by: By,
    Asked(page): Asked<Paged>,
) -> Result<Json<Value>, Problem> {
    by.officer()?;
    let limit = page.limit();
    let read = app.desk.outbox(Cursor::new(page.after), limit).await?;
    Ok(Json(json!({"items": read.items, "next": read.next})))
}

/// `POST /receipts`: what became of something that went out, from whoever sent it.
async fn receipt(State(app): State<App>, by: By, body: Body) -> Result<Json<Value>, Problem> {
    by.system()?;
    let receipt: Receipt = body.json()?;
    // By its moment the case goes on: one that is still to come would carry it along.
    if receipt.at > clock::now().plus(ASTRAY) {
        return Err(Problem::bad(
            "at",
            format!(
                "`at` is `{}`, which is still to come; a receipt tells of what has been",
                receipt.at
            ),
            format!("`at`是`{}`,尚未到来;回执说的是已经发生的事", receipt.at),
        ));
    }
    let taken = app.desk.receipt(receipt).await?;
    app.bell.notify_one();
    let remark = |lang| taken.filed.remark(lang);
    Ok(Json(json!({
        "known": taken.filed.known,
        "answer": taken.answer,
        "remark": {"zh": remark(duly::words::Lang::Zh), "en": remark(duly::words::Lang::En)},
    })))
}

/// `GET /readyz`: whether requests can be served and the worker gets on, for a load balancer.
async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    if *app.stop.borrow() {
        return Err(Problem::unavailable(
            "stopping",
            "the service is stopping",
            "服务正在停止",
        ));
    }
    if app.metrics.pulse.is_gone() {
        return Err(Problem::unavailable(
            "worker",
            "for two minutes the worker has not got through its turn; the log says why",
            "后台任务已有两分钟未能走完一轮,原因见日志",
        ));
    }
    app.desk.next_alarm().await?;
    Ok("ready\n")
}

/// `GET /metrics`: numbers, and nobody's name: for whoever watches the machine.
async fn metrics(State(app): State<App>) -> Response {
    text("text/plain; version=0.0.4", app.metrics.shown())
}

/// A file to be read rather than parsed: a report in words.
pub fn text(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use axum::body::to_bytes;
    use duly::desk::{Desk, SqliteLedger};
    use duly::plan::Plans;
    use duly::words::BoardId;

    use super::*;

    fn app(metrics: Metrics, stop: watch::Receiver<bool>) -> Result<App, Box<dyn Error>> {
        let board = "hainan".parse::<BoardId>()?;
        let ledger = SqliteLedger::in_memory(board.clone())?;
        let given = ("DULY_LEDGER".into(), "sqlite:/tmp/a.db".into());
        Ok(App {
            desk: AnyDesk::Sqlite(Arc::new(Desk::new(ledger, Plans::new(board))?)),
            metrics: Arc::new(metrics),
            bell: Arc::default(),
            stop,
            settings: Arc::new(Settings::read([given])?),
            packs: Arc::default(),
        })
    }

    /// What `/readyz` answers.
    async fn answers(app: &App) -> Result<(StatusCode, String), Box<dyn Error>> {
        let response = ready(State(app.clone())).await.into_response();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await?;
        Ok((status, String::from_utf8(body.to_vec())?))
    }

    // A load balancer is told that the service is not ready where its worker has not got on for too long, and where it is stopping; and that it
    // is, once the worker gets on.
    #[tokio::test]
    async fn a_service_whose_worker_is_silent_is_not_ready() -> Result<(), Box<dyn Error>> {
        let Some(metrics) = Metrics::of_a_silent_worker() else {
            return Ok(());
        };
        let (tell, stop) = watch::channel(false);
        let app = app(metrics, stop)?;
        let (status, said) = answers(&app).await?;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(said.contains(r#""code":"worker""#), "{said}");
        app.metrics.pulse.beat();
        let ready = (StatusCode::OK, "ready\n".to_owned());
        assert_eq!(answers(&app).await?, ready);
        tell.send(true)?;
        let (status, said) = answers(&app).await?;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(said.contains(r#""code":"stopping""#), "{said}");
        Ok(())
    }
}
