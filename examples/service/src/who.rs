//! Who acts. **Replace this file before production.**
//!
//! The library checks what a person may do, never who they are: that is the host's. Here a gateway has authenticated whoever asks,
//! and says so in the header `X-Duly-Actor`, as JSON: `{"id": "caihong", "roles": ["intake@632521"]}`. Whoever can reach the
//! service past the gateway can be anybody, so it listens on this machine alone unless it is told otherwise, and the gateway must take the
//! header out of whatever comes from outside.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use duly::words::{Actor, Role};

use crate::citizen::is_of_an_officer;
use crate::problem::Problem;

/// The header.
const HEADER: &str = "x-duly-actor";

/// Who asks, by the request's headers. This is the one function to replace: look into a session, check a token, ask a directory.
fn authenticate(headers: &HeaderMap) -> Result<Actor, Problem> {
    let mut all = headers.get_all(HEADER).iter();
    let given = all.next().ok_or_else(|| {
        Problem::unauthorized(
            "nobody is named in `X-Duly-Actor`: the gateway says there who asks, as in `{\"id\": \"caihong\", \"roles\": [\"intake@632521\"]}`",
            "`X-Duly-Actor` 里没有写明是谁:由网关填写,如`{\"id\": \"caihong\", \"roles\": [\"intake@632521\"]}`",
        )
    })?;
    // One of them may be the gateway's; nobody can tell which.
    if all.next().is_some() {
        return Err(Problem::unauthorized(
            "`X-Duly-Actor` is there more than once: the gateway takes out what comes from outside, and says once who asks",
            "`X-Duly-Actor` 不止一个:网关应去掉外来的,只写一个",
        ));
    }
    let read: Result<Actor, _> = serde_json::from_slice(given.as_bytes());
    let mut actor = read.map_err(|error| {
        Problem::unauthorized(
            format!("`X-Duly-Actor` names nobody: {error}"),
            format!("`X-Duly-Actor` 读不出是谁:{error}"),
        )
    })?;
    // In whatever order they are listed: whoever sends a command again is the same, and so is the command.
    actor.roles.sort();
    actor.roles.dedup();
    Ok(actor)
}

/// Who asks, for handlers.
pub struct By(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<By, Problem> {
        By::of(&parts.headers)
    }
}

impl By {
    /// Who asks, where not every request needs somebody.
    pub fn of(headers: &HeaderMap) -> Result<By, Problem> {
        authenticate(headers).map(By)
    }
    /// What is open to officers: everybody who holds another role than a citizen's. A board that keeps places apart looks at the
    /// place of each grant here.
    pub fn officer(&self) -> Result<(), Problem> {
        match self.is_officer() {
            true => Ok(()),
            false => Err(self.forbidden("an officer", "工作人员")),
        }
    }
    /// Whether they hold another role than a citizen's. Whoever does not is shown what citizens are shown.
    pub fn is_officer(&self) -> bool {
        self.0.roles.iter().any(is_of_an_officer)
    }
    /// What is open to the host's own machinery.
    pub fn system(&self) -> Result<(), Problem> {
        match self.0.roles.iter().any(|grant| grant.role == Role::System) {
            true => Ok(()),
            false => Err(self.forbidden("the role `system`", "“系统”角色")),
        }
    }
    fn forbidden(&self, en: &str, zh: &str) -> Problem {
        let id = &self.0.id;
        Problem::forbidden(
            format!("`{id}` may not see or do this; it takes {en}"),
            format!("`{id}`无权查看或办理;需要{zh}"),
        )
    }
}
