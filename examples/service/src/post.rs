//! Sends what leaves the board, to standard output or to a webhook.
//!
//! A webhook is told what goes out, to whom and in which words, by one POST of JSON with the header `Idempotency-Key`, the delivery's id. What goes
//! to a citizen who left something to be reached by has that too, as `contact`; standard output is not told it. The webhook answers
//!
//! - **200** or 204: delivered. The receipt is given here, and the effect leaves the outbox;
//! - **202**: accepted; what became of it is told to `POST /receipts` later, by whoever knows. Until then the effect stays in the outbox, and what comes after
//!   it in its case waits; it is offered again after an hour, or after a restart;
//! - anything else, or nothing: it is offered again later, each time after twice as long; other cases do not wait for it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::{Duration, Instant};

use duly::desk::{Delivery, DeskError, Fate, Reach, Receipt, To};
use duly::report::letter;
use duly::words::{Lang, Text};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::printer::Printer;
use crate::settings::Outlet;

/// How long a webhook may take for its answer.
const ANSWER: Duration = Duration::from_secs(10);
/// After how long what was accepted is offered again, if no receipt has come.
const AGAIN: Duration = Duration::from_secs(3600);

/// What became of a try.
pub enum Sent {
    /// It reached them.
    Delivered(Receipt),
    /// The receiver has it, and will give the receipt itself.
    Accepted,
    /// The receiver has had it for a while, and no receipt has come yet. It was not tried.
    Waits,
    /// Nobody is there to be told. It stays.
    Nobody,
    /// It was not taken. It stays.
    Failed,
    /// The receiver cannot be reached, or does not answer. It stays.
    Away,
}

/// By what it is sent.
enum Means {
    Nothing,
    Stdout(Printer),
    Webhook { authority: String, path: String },
}

/// Who sends.
pub struct Post {
    means: Means,
    lang: Lang,
    /// What was accepted, and when.
    accepted: BTreeMap<String, Instant>,
    /// What reached them, and whose receipt the ledger has not taken yet: the receipt is given again, and nothing is sent again.
    delivered: BTreeMap<String, Receipt>,
    /// What was said to have nobody to go to: said once, not at every try.
    nobody: BTreeSet<String>,
}

impl Post {
    pub fn new(outlet: Outlet, lang: Lang) -> io::Result<Post> {
        Ok(Post {
            means: match outlet {
                Outlet::None => Means::Nothing,
                Outlet::Stdout => Means::Stdout(Printer::start()?),
                Outlet::Webhook { authority, path } => Means::Webhook { authority, path },
            },
            lang,
            accepted: BTreeMap::new(),
            delivered: BTreeMap::new(),
            nobody: BTreeSet::new(),
        })
    }
    /// Whether nothing is sent from here.
    pub fn is_idle(&self) -> bool {
        matches!(self.means, Means::Nothing)
    }
    /// Forgets what was accepted too long ago, and is offered again.
    pub fn forget(&mut self) {
        self.accepted.retain(|_, since| since.elapsed() < AGAIN);
    }
    /// The ledger has taken the receipt.
    pub fn taken(&mut self, delivery: &Delivery) {
        self.delivered.remove(&delivery.id());
    }

    /// Tries to send it.
    pub async fn send(&mut self, desk: &AnyDesk, delivery: &Delivery) -> Result<Sent, DeskError> {
        let id = delivery.id();
        let is_known = |since: &Instant| since.elapsed() < AGAIN;
        if self.accepted.get(&id).is_some_and(is_known) {
            return Ok(Sent::Waits);
        }
        if let Some(receipt) = self.delivered.get(&id) {
            return Ok(Sent::Delivered(receipt.clone()));
        }
        if delivery.is_nobody() {
            // No name and no word of it: the log is read by others than the case.
            if self.nobody.insert(id.clone()) {
                tracing::warn!(effect = %id, "there is nobody to send this to: see to the directory");
            }
            return Ok(Sent::Nobody);
        }
        self.nobody.remove(&id);
        let mut body = self.said(desk, delivery).await?;
        let sent = match &mut self.means {
            Means::Nothing => Sent::Failed,
            Means::Stdout(printer) => match printer.print(&id, body.to_string()).await {
                true => Sent::Delivered(receipt(delivery, "stdout")),
                false => Sent::Away,
            },
            Means::Webhook { authority, path } => {
                let contact = contact(desk, delivery).await?;
                if let (Some(contact), Some(body)) = (contact, body.as_object_mut()) {
                    body.insert("contact".to_owned(), json!(contact));
                }
                posted(authority, path, delivery, body.to_string()).await
            }
        };
        match &sent {
            Sent::Accepted => drop(self.accepted.insert(id, Instant::now())),
            Sent::Delivered(receipt) => drop(self.delivered.insert(id, receipt.clone())),
            _ => {}
        }
        Ok(sent)
    }

    /// What goes out, to whom, and in words: by the case as it stands now and the plan that it is under.
    async fn said(&self, desk: &AnyDesk, delivery: &Delivery) -> Result<Value, DeskError> {
        let case = desk.case(delivery.outgoing.id.case.clone()).await?;
        let mut words = None;
        if let Some(case) = &case {
            let plan = desk.plan_of(case).await?;
            words = plan.and_then(|plan| letter(delivery, case, &plan, self.lang));
        }
        Ok(json!({"id": delivery.id(), "delivery": delivery, "letter": words}))
    }
}

/// What the citizen left to be reached by, where it goes to them and they did; none any more, once it is erased.
async fn contact(desk: &AnyDesk, delivery: &Delivery) -> Result<Option<Text>, DeskError> {
    let To::Citizen {
        reach: Some(Reach {
            contact: Some(contact),
            ..
        }),
        ..
    } = &delivery.to
    else {
        return Ok(None);
    };
    let case = delivery.outgoing.id.case.clone();
    desk.text(case, contact.clone()).await
}

/// Sends it to a webhook, which has some time for its answer.
async fn posted(authority: &str, path: &str, delivery: &Delivery, body: String) -> Sent {
    let id = delivery.id();
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
