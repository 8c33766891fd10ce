//! What a request brings, read so that whatever cannot be read is a [`Problem`] like all others.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use duly::desk::Hash;
use duly::words::{CommandId, InvalidId, PersonId};
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::who::By;

/// The query, `?after=…&limit=…`.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(it)| Asked(it)).map_err(|error| {
            let said = error.body_text();
            Problem::bad("query", said.clone(), format!("查询参数读不出来:{said}"))
        })
    }
}

/// The name under which a command is done once: made of who asks and of the header `Idempotency-Key`. Whoever does not know whether a
/// command arrived sends it again under the same key, and is answered as the first time; under another's key nobody hears what that one did.
pub struct Key(pub CommandId);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, Problem> {
        let given = parts.headers.get("idempotency-key").ok_or_else(|| {
            Problem::bad(
                "no_key",
                "a command needs an `Idempotency-Key`: a name of your own for it, the same when you send it again",
                "命令要带`Idempotency-Key`:由调用方给这条命令起的编号,重发时不变",
            )
        })?;
        let given = std::str::from_utf8(given.as_bytes()).map_err(|_| {
            Problem::bad(
                "no_key",
                "the `Idempotency-Key` is not UTF-8",
                "`Idempotency-Key`不是 UTF-8 文字",
            )
        })?;
        let asks = By::of(&parts.headers)?;
        Ok(Key(scoped(&asks.0.id, &given.parse()?)?))
    }
}

/// The command's id: another one for each person and each of their keys. There is no zero byte in either, so that no two pairs are one.
fn scoped(by: &PersonId, key: &CommandId) -> Result<CommandId, InvalidId> {
    Hash::of(format!("{by}\0{key}").as_bytes())
        .to_string()
        .parse()
}

/// The body, within the bound.
pub struct Body(pub Bytes);

/// How much a body may have, for the message; the bound itself is axum's.
#[derive(Clone, Copy)]
pub struct Most(pub usize);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Body, Problem> {
        let most = request.extensions().get::<Most>().map_or(0, |most| most.0);
        let read = Bytes::from_request(request, state).await;
        read.map(Body).map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(most),
            _ => Problem::bad("body", "the body did not arrive whole", "正文没有收全"),
        })
    }
}

impl Body {
    /// The body as JSON. What is wrong with it is said by serde, which names what would be accepted.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.0).map_err(|error| unread(&error))
    }
}

/// JSON that could not be read.
pub fn unread(error: &serde_json::Error) -> Problem {
    Problem::bad(
        "body",
        format!("the body cannot be read: {error}"),
        format!("正文读不出来:{error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // A key is its owner's: the same with another person is another command, and no two pairs run together.
    #[test]
    fn a_key_is_its_owners() -> Result<(), InvalidId> {
        let of = |by: &str, key: &str| scoped(&by.parse()?, &key.parse()?);
        assert_eq!(of("zhuoma", "k1")?, of("zhuoma", "k1")?);
        assert_ne!(of("zhuoma", "k1")?, of("other", "k1")?);
        assert_ne!(of("zhuoma", "k1")?, of("zhuom", "ak1")?);
        assert!(of(&"z".repeat(128), &"k".repeat(128)).is_ok());
        Ok(())
    }
}
