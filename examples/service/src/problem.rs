//! What did not go well, as JSON: a code for programs, a message in both languages for people, and what would be accepted.
//!
//! | status | when |
//! |---|---|
//! | 400 | the request cannot be read; `Idempotency-Key` is missing |
//! | 401, 403 | nobody is named; whoever is may not |
//! | 404 | there is no such thing |
//! | 409 | the key came before with something else in the body |
//! | 413 | the body is larger than is taken |
//! | 422 | the command is refused, or the pack has errors: the answer says what would be accepted |
//! | 503 | the ledger cannot be reached, others keep writing, or no pack is in force: send the same again, with the same key |

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use duly::desk::DeskError;
use duly::script::Findings;
use duly::words::{CommandName, InvalidId, Lang, Refusal, Why};
use serde_json::{Map, Value, json};

/// Something that did not go well.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    en: String,
    zh: String,
    /// What else there is to say, beside the message.
    more: Map<String, Value>,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Problem {
        Problem {
            status,
            code,
            en: en.into(),
            zh: zh.into(),
            more: Map::new(),
        }
    }
    /// Says more, under a name of its own.
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Problem {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.more.insert(name.to_owned(), value);
        self
    }
    pub fn bad(code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, en, zh)
    }
    pub fn unauthorized(en: impl Into<String>, zh: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "no_actor", en, zh)
    }
    pub fn forbidden(en: impl Into<String>, zh: impl Into<String>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "not_yours", en, zh)
    }
    pub fn not_found(what: &str, zh: &str) -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("there is no {what}"),
            format!("没有{zh}"),
        )
    }
    /// Whoever may not see a case is not told whether there is one.
    pub fn no_case() -> Problem {
        Problem::not_found("such case", "这一件")
    }
    pub fn method() -> Problem {
        Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            "this path does not take that method; `allow` says which it takes",
            "此路径不接受这种请求方法;可用的方法见`allow`",
        )
    }
    pub fn too_large(most: usize) -> Problem {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!("the body is larger than {most} bytes"),
            format!("正文超过 {most} 字节"),
        )
        .with("most", most)
    }
    pub fn unavailable(
        code: &'static str,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, en, zh)
    }
    /// The library's own bug, or the machine's: nothing that the caller could mend.
    pub fn internal(error: impl std::fmt::Display) -> Problem {
        tracing::error!(%error, "could not answer");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the service could not answer; its log says why",
            "服务未能答复,原因见日志",
        )
    }
    /// A pack with errors in it.
    pub fn pack(findings: &Findings) -> Problem {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "pack",
            format!(
                "the pack cannot be used, the last good one stays in force: {}",
                findings.in_words(Lang::En)
            ),
            format!(
                "规则包不能用,仍按上一份执行:{}",
                findings.in_words(Lang::Zh)
            ),
        )
        .with("findings", &findings.all)
    }
    /// What is the board's to mend. The log says what, whoever asked.
    pub fn to_mend(refusal: &Refusal, en: impl Into<String>, zh: impl Into<String>) -> Problem {
        tracing::error!(why = %refusal, "the packs or the clock want seeing to");
        Problem::unavailable("rules", en, zh)
    }
    pub fn refused(en: impl Into<String>, zh: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", en, zh)
    }
}

/// Whether a command was refused for what is the board's to mend: its packs, or its clock. A plan that an officer wants adopted and that there is
/// not, and a date of receipt long ago of what is taken over, are their own slips.
pub fn is_the_hosts(refusal: &Refusal) -> bool {
    let is_a_slip = matches!(
        (refusal.command, &*refusal.why),
        (CommandName::AdoptPlan, Why::NoPlan { .. }) | (CommandName::Import, Why::TooFar { .. })
    );
    refusal.why.is_the_hosts() && !is_a_slip
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let (en, zh) = (refusal.say(Lang::En), refusal.say(Lang::Zh));
        if is_the_hosts(&refusal) {
            return Problem::to_mend(&refusal, en, zh).with("refusal", &refusal);
        }
        Problem::refused(en, zh)
            .with("accepted", &refusal.accepted)
            .with("refusal", &refusal)
    }
}

impl From<InvalidId> for Problem {
    fn from(error: InvalidId) -> Problem {
        Problem::bad("id", error.to_string(), error.zh())
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Problem {
        let en = error.to_string();
        if error.is_reused() {
            let en = "this `Idempotency-Key` came before with something else in the body; give a new command a new key";
            let zh = "这个`Idempotency-Key`先前已用于另一条内容不同的命令;新的命令请用新的键";
            return Problem::new(StatusCode::CONFLICT, "reused", en, zh);
        }
        if error.is_busy() {
            return Problem::unavailable("busy", en, "账本正忙,请用同一个键重发");
        }
        if let Some(needs) = error.needs() {
            let zh = needs.say(Lang::Zh);
            return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "pack_needs", en, zh);
        }
        if error.is_plan() {
            let zh = format!("规则不能启用:{en}");
            return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "plan", en, zh);
        }
        if error.broken().is_some() || error.broken_duty().is_some() {
            tracing::error!(%error, "the ledger was altered");
            let zh = format!("账本对不上,请督查办核查:{en}");
            return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", en, zh);
        }
        if error.is_storage() || error.is_read_only() || error.is_not_a_ledger() || error.is_newer()
        {
            // What a store says may quote what it keeps: the words are for whoever turns the log up.
            tracing::error!("the ledger cannot be used");
            tracing::debug!(%error, "the ledger cannot be used");
            return Problem::unavailable(
                "ledger",
                "the ledger cannot be used now; send the same again, with the same key",
                "账本暂不可用,请稍后用同一个键重发",
            );
        }
        let zh = format!("请求不成立:{en}");
        Problem::bad("misuse", en, zh)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({"code": self.code, "message": {"zh": self.zh, "en": self.en}});
        if let Some(body) = body.as_object_mut() {
            body.extend(self.more);
        }
        let mut response = (self.status, Json(json!({ "error": body }))).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let second = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, second);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use duly::plan::bare;
    use duly::time::Moment;
    use duly::words::PlaceCode;

    use super::*;
    use crate::citizen;

    fn refusal(why: Why) -> Result<Refusal, InvalidId> {
        Ok(Refusal {
            command: CommandName::Open,
            case: "m01".parse()?,
            stage: None,
            why: Box::new(why),
            accepted: vec![CommandName::Open, CommandName::Import],
            zone: None,
        })
    }

    // What the board has to mend is no fault of the command: whoever sent it, officer or citizen, is told to send it again.
    #[test]
    fn what_the_board_has_to_mend_is_to_be_sent_again() -> Result<(), InvalidId> {
        let nowhere = || {
            refusal(Why::NotInForce {
                date: chrono::NaiveDate::MIN,
                until: None,
                from: None,
            })
        };
        let known = vec!["632521".parse::<PlaceCode>()?];
        let place = "999999".parse()?;
        let wrong = refusal(Why::UnknownPlace { place, known })?;
        for problem in [citizen::refused(&nowhere()?), nowhere()?.into()] {
            assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        }
        for problem in [citizen::refused(&wrong), wrong.into()] {
            assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Ok(())
    }

    // A plan that an officer wants adopted and that there is not, and a message that is taken over after too long, are theirs to mend: the same
    // reasons of another command are the board's.
    #[test]
    fn an_officers_slip_is_theirs() -> Result<(), InvalidId> {
        let no_plan = Why::NoPlan {
            plan: bare("demo".parse()?).id(),
        };
        let too_far = Why::TooFar {
            last: Moment::MIN,
            until: Moment::MIN,
        };
        for (command, why) in [
            (CommandName::AdoptPlan, no_plan),
            (CommandName::Import, too_far),
        ] {
            let other = refusal(why)?;
            let slip = Refusal {
                command,
                ..other.clone()
            };
            let (slip, other) = (Problem::from(slip), Problem::from(other));
            assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(other.status, StatusCode::SERVICE_UNAVAILABLE);
        }
        Ok(())
    }
}
