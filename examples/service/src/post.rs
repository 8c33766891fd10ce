//! Sends what leaves the board, to standard output or to a webhook.
//!
//! A webhook is told what goes out, to whom and in which words, by one POST of JSON with the header `Idempotency-Key`, the delivery's id.
//! It answers
//!
//! - **200** or 204: delivered. The receipt is given here, and the effect leaves the outbox;
//! - **202**: accepted; what became of it is told to `POST /receipts` later, by whoever knows. Until then the effect stays in the outbox, and is
//!   offered again after an hour, or after a restart;
//! - anything else, or nothing: it is offered again later, each time after twice as long.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use duly::desk::{Delivery, DeskError, Fate, Receipt, To};
use duly::report::letter;
use duly::words::Lang;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::settings::Outlet;

/// How long a webhook may take for its answer.
const ANSWER: Duration = Duration::from_secs(10);
/// After how long what was accepted is offered again, if no receipt has come.
const AGAIN: Duration = Duration::from_secs(3600);

/// How long what has nobody to go to is left alone.
const MOMENT: Duration = Duration::from_secs(5);

/// What became of a try.
pub enum Sent {
    /// It reached them.
    Delivered(Receipt),
    /// The receiver has it, and will give the receipt itself.
    Accepted,
    /// Nobody is there to be told. It stays.
    Nobody,
    /// It was not taken. It stays.
    Failed,
    /// The receiver cannot be reached, or does not answer: nothing else would go better now.
    Away,
}

/// Who sends.
pub struct Post {
    outlet: Outlet,
    lang: Lang,
    /// What was accepted, and when.
    accepted: BTreeMap<String, Instant>,
    /// What was said to have nobody to go to: said once, not at every try.
    nobody: BTreeSet<String>,
    /// How often in a row the outbox could not be emptied for the receiver's sake, and until when it is left alone.
    failures: u32,
    rest: Option<Instant>,
}

impl Post {
    pub fn new(outlet: Outlet, lang: Lang) -> Post {
        Post {
            outlet,
            lang,
            accepted: BTreeMap::new(),
            nobody: BTreeSet::new(),
            failures: 0,
            rest: None,
        }
    }
    /// Whether nothing is sent from here.
    pub fn is_idle(&self) -> bool {
        self.outlet == Outlet::None
    }
    /// The outbox was gone through. What is left is not tried again at every ring: after a moment where nobody was there to be told, and after
    /// longer each time where the receiver failed.
    pub fn went(&mut self, failed: bool, left: bool) {
        self.failures = match failed {
            true => self.failures.saturating_add(1),
            false => 0,
        };
        let wait = match failed {
            true => Duration::from_secs(1 << self.failures.min(6).saturating_sub(1)),
            false => MOMENT,
        };
        self.rest = (failed || left).then(|| Instant::now() + wait);
        self.accepted.retain(|_, since| since.elapsed() < AGAIN);
    }
    /// How long the outbox is still to be left alone.
    pub fn rest(&self) -> Option<Duration> {
        let left = self.rest?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Tries to send it.
    pub async fn send(&mut self, desk: &AnyDesk, delivery: &Delivery) -> Result<Sent, DeskError> {
        let id = delivery.id();
        let is_known = |since: &Instant| since.elapsed() < AGAIN;
        if self.accepted.get(&id).is_some_and(is_known) {
            return Ok(Sent::Accepted);
        }
        if delivery.is_nobody() {
            // No name and no word of it: the log is read by others than the case.
            if self.nobody.insert(id.clone()) {
                tracing::warn!(effect = %id, "there is nobody to send this to: see to the directory");
            }
            return Ok(Sent::Nobody);
        }
        self.nobody.remove(&id);
        // In words, by the case as it stands now and the plan that it is under.
        let case = desk.case(delivery.outgoing.id.case.clone()).await?;
        let plans = desk.plans();
        let letter = case.and_then(|case| {
            let plan = plans.get(case.plan()).or(plans.latest())?;
            letter(delivery, &case, &plan.plan, self.lang)
        });
        let body = json!({"id": id, "delivery": delivery, "letter": letter}).to_string();
        let sent = match &self.outlet {
            Outlet::None => Sent::Failed,
            Outlet::Stdout => {
                use std::io::Write;
                match writeln!(std::io::stdout().lock(), "{body}") {
                    Ok(()) => Sent::Delivered(receipt(delivery, "stdout")),
                    Err(_) => Sent::Away,
                }
            }
            Outlet::Webhook { authority, path } => {
                let asked = tokio::time::timeout(ANSWER, webhook(authority, path, &id, body));
                match asked.await {
                    Ok(Ok(StatusCode::OK | StatusCode::NO_CONTENT)) => {
                        Sent::Delivered(receipt(delivery, "webhook"))
                    }
                    Ok(Ok(StatusCode::ACCEPTED)) => Sent::Accepted,
                    Ok(Ok(status)) => {
                        tracing::warn!(effect = %id, status = status.as_u16(), "the webhook did not take this");
                        Sent::Failed
                    }
                    Ok(Err(error)) => {
                        tracing::warn!(effect = %id, %error, "the webhook cannot be reached");
                        Sent::Away
                    }
                    Err(_) => {
                        tracing::warn!(effect = %id, "the webhook does not answer");
                        Sent::Away
                    }
                }
            }
        };
        if let Sent::Accepted = sent {
            self.accepted.insert(id, Instant::now());
        }
        Ok(sent)
    }
}

/// That it reached those to whom it went.
fn receipt(delivery: &Delivery, means: &str) -> Receipt {
    let to = match &delivery.to {
        To::Officers { people } => people.people.iter().map(|it| it.person.clone()).collect(),
        To::Citizen { citizen, .. } => citizen.iter().cloned().collect(),
        _ => Vec::new(),
    };
    Receipt {
        effect: delivery.outgoing.id.clone(),
        at: clock::now(),
        means: means.parse().ok(),
        outcome: Fate::Delivered { to },
    }
}

/// One POST, on a connection of its own.
async fn webhook(
    authority: &str,
    path: &str,
    id: &str,
    body: String,
) -> Result<StatusCode, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(authority).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driven = tokio::spawn(connection);
    let request = Request::post(path)
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/json")
        .header(
            "idempotency-key",
            header::HeaderValue::from_bytes(id.as_bytes())?,
        )
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    // Nothing is done with what it says; a receiver that never ends is cut off by the timeout.
    let _ = response.into_body().frame().await;
    driven.abort();
    Ok(status)
}
