//! The sample messages that the tool carries along.

use chrono::NaiveDate;
use duly::time::Moment;
use duly::words::{Channel, Class, ExternalId, PersonId, PlaceCode, UnitId};
use serde::Deserialize;

use crate::fail::Fail;

/// The samples, one JSON object a line.
pub const SAMPLES: &str = include_str!("../../../../rules/hainan-board/messages.jsonl");

/// One message, and how it is to go.
#[derive(Debug, Deserialize)]
pub struct Sample {
    pub id: String,
    pub channel: Channel,
    pub external_id: ExternalId,
    pub received: Moment,
    pub place: PlaceCode,
    pub kind: String,
    pub class: Class,
    pub field: String,
    pub urgent: bool,
    pub sub_judice: bool,
    pub heat: i64,
    pub crowd: i64,
    pub title: String,
    pub message: String,
    pub citizen: Citizen,
    #[serde(default)]
    pub first_unit: Option<UnitId>,
    pub unit: UnitId,
    pub owner: PersonId,
    pub matters: Vec<String>,
    pub script: Script,
    pub replies: Vec<String>,
    pub measures: Vec<Vec<Step>>,
    pub basis: Vec<String>,
}

/// Who wrote.
#[derive(Debug, Deserialize)]
pub struct Citizen {
    pub name: String,
    pub phone: String,
}

/// A measure that a reply names.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    pub action: String,
    pub person: PersonId,
    pub by_date: NaiveDate,
}

/// How a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Script {
    OnTime,
    Late,
    Returned,
    Hot,
    Silent,
    Unsolved,
    UnsatisfiedThenSolved,
    Objected,
    Declined,
    Promise,
    Withdrawn,
    Explained,
}

/// Reads the samples.
pub fn samples() -> Result<Vec<Sample>, Fail> {
    let lines = SAMPLES.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str(line).map_err(|error| Fail::file("messages.jsonl", error)))
        .collect()
}

/// The sample of an id.
pub fn samples_of<'a>(samples: &'a [Sample], id: &str) -> Option<&'a Sample> {
    samples.iter().find(|sample| sample.id == id)
}

impl Sample {
    /// What a reply says on each matter: its numbered parts, or the whole of it on each.
    pub fn parts(&self, reply: &str) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        for (at, sign) in ["一、", "二、", "三、", "四、"].iter().enumerate() {
            let Some((before, after)) = (match parts.last() {
                Some(last) => last.split_once(sign),
                None => reply.split_once(sign),
            }) else {
                break;
            };
            let (before, after) = (before.to_owned(), format!("{sign}{after}"));
            match at {
                0 => parts.push(format!("{before}{after}")),
                _ => {
                    if let Some(last) = parts.last_mut() {
                        *last = before;
                    }
                    parts.push(after);
                }
            }
        }
        if parts.len() == self.matters.len() {
            parts
        } else {
            vec![reply.to_owned(); self.matters.len()]
        }
    }
}
