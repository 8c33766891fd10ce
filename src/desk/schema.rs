//! JSON Schema (2020-12) of what leaves a board, for hosts that read the outbox in another language than Rust.
//!
//! The shapes and their descriptions come from the types and their documentation, so that neither can be told without the other. What one
//! case tells another never leaves the desk, and is not in the schema: [`Effect::Link`](crate::words::Effect::Link) does not hold to it.
//!
//! What is published only grows: new variants may come, and new fields that may be absent. A reader puts aside a variant that it does
//! not know, and says so; it does not fail over a field that it does not know.
//!
//! `duly schema outgoing` prints it, and `examples/outgoing.schema.json` and `examples/duty-outgoing.schema.json` are copies.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};

use crate::duty::DutyOutgoing;
use crate::words::Outgoing;

/// The schema of one effect of a case on its way out, as [`Desk::outbox`](crate::desk::Desk::outbox) gives it and serde writes it.
///
/// ```
/// let schema = duly::desk::schema::outgoing();
/// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// assert!(schema["$defs"]["Telling"]["description"].as_str().is_some_and(|it| it.contains("citizen")));
/// ```
pub fn outgoing() -> serde_json::Value {
    of::<Outgoing>()
}

/// The schema of one effect of an obligation on its way out, as [`Desk::duty_outbox`](crate::desk::Desk::duty_outbox) gives it.
///
/// ```
/// let schema = duly::desk::schema::duty_outgoing();
/// assert!(schema["$defs"]["DutyNotice"].is_object());
/// ```
pub fn duty_outgoing() -> serde_json::Value {
    of::<DutyOutgoing>()
}

fn of<T: JsonSchema>() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(Plain));
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Descriptions without the marks of Rust's documentation: a link to an item is its name, and a paragraph is one line.
#[derive(Debug, Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        let said = schema.get("description").and_then(|it| it.as_str());
        if let Some(plain) = said.map(plain) {
            schema.insert("description".to_owned(), plain.into());
        }
    }
}

fn plain(said: &str) -> String {
    let mut out = String::new();
    let mut rest = said;
    while let Some((before, link)) = rest.split_once("[`") {
        out += before;
        let Some((name, after)) = link.split_once("`]") else {
            rest = link;
            break;
        };
        out += &format!("`{name}`");
        // Where it leads to is a path in Rust.
        rest = match after.strip_prefix('(').and_then(|it| it.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    out += rest;
    let paragraphs = out.split("\n\n").map(|it| it.replace('\n', " "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
