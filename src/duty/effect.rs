//! What the outside must be told, from a record alone: the same record gives the same effects each time.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Duty, DutyEvent, DutyRecord};
use crate::time::Moment;
use crate::words::{Act, Addressee, DutyId, Role, StepFate, StepKey, TextRef, Verb};

/// An effect's identity: the obligation, the version of the event it follows from, and its place among that event's effects.
/// Written `duty/version/index`. An obligation and a case have outboxes of their own, so neither can be taken for the other.
///
/// ```
/// use duly::duty::DutyEffectId;
/// let id = DutyEffectId::try_from("digest/2026-03-02/leader/1/0".to_owned())?;
/// assert_eq!((id.duty.as_str(), id.version, id.index), ("digest/2026-03-02/leader", 1, 0));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DutyEffectId {
    /// The obligation.
    pub duty: DutyId,
    /// The event's version.
    pub version: u64,
    /// From 0.
    pub index: u32,
}

impl fmt::Display for DutyEffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.duty, self.version, self.index)
    }
}

impl From<DutyEffectId> for String {
    fn from(id: DutyEffectId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for DutyEffectId {
    type Error = String;
    fn try_from(given: String) -> Result<DutyEffectId, String> {
        let bad = || {
            format!(
                "an effect of an obligation is written `duty/version/index`, as in `v01/7/0`: `{given}` is not"
            )
        };
        let mut parts = given.rsplitn(3, '/');
        let (index, version, duty) = (parts.next(), parts.next(), parts.next());
        Ok(DutyEffectId {
            duty: duty.ok_or_else(bad)?.parse().map_err(|_| bad())?,
            version: version.and_then(|v| v.parse().ok()).ok_or_else(bad)?,
            index: index.and_then(|i| i.parse().ok()).ok_or_else(bad)?,
        })
    }
}

#[cfg(feature = "schema")]
crate::words::schema::text! {
    /// `duty/version/index`, the same each time that the effect is taken from the outbox: deliver each once. The id of an obligation may
    /// hold a `/`; the last two parts are numbers.
    DutyEffectId, format!("{}/{1}/{1}", crate::words::schema::ID, crate::words::schema::NUMBER), 160;
}

/// What an officer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DutyNotice {
    /// You owe this, until then.
    Imposed {
        /// On what.
        topic: TextRef,
        /// Until when.
        due: Moment,
    },
    /// Another round of what recurs is owed, until then.
    Round {
        /// Which round.
        round: u32,
        /// On what.
        topic: TextRef,
        /// Until when.
        due: Moment,
    },
    /// It waits for your word whether it is done.
    ToAccept {
        /// Where it can be seen.
        link: String,
    },
    /// It is accepted.
    Accepted,
    /// It came back, and is owed still.
    SentBack {
        /// What is to be mended.
        mend: TextRef,
        /// Until when.
        due: Moment,
    },
    /// It need not be done.
    Excused,
    /// A rung of its ladder.
    Rung {
        /// What is done.
        verb: Verb,
        /// The rung's title.
        title: String,
        /// Of which round, of what recurs. It is missed, if another round is owed meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<u32>,
    },
    /// The spine's own notice: it is overdue.
    Overdue {
        /// The how-manieth.
        occurrence: u32,
        /// Since which round, of what recurs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        round: Option<u32>,
    },
    /// The spine's own notice: it waits to be accepted.
    Waits {
        /// The how-manieth.
        occurrence: u32,
    },
}

/// What must happen outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DutyEffect {
    /// 通知: tells an officer or an office.
    Notify {
        /// Whom.
        to: Addressee,
        /// What.
        what: DutyNotice,
    },
    /// 删除: erases private texts.
    Erase {
        /// Which.
        fields: Vec<TextRef>,
    },
}

impl DutyEffect {
    /// The private texts that go out with it. What is to be erased does not go out.
    pub fn texts(&self) -> &[TextRef] {
        match self {
            DutyEffect::Notify {
                what:
                    DutyNotice::Imposed { topic: text, .. }
                    | DutyNotice::Round { topic: text, .. }
                    | DutyNotice::SentBack { mend: text, .. },
                ..
            } => std::slice::from_ref(text),
            DutyEffect::Notify { .. } | DutyEffect::Erase { .. } => &[],
        }
    }
}

/// An effect on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DutyOutgoing {
    /// Its identity: deliver each id once.
    pub id: DutyEffectId,
    /// When it came about.
    pub at: Moment,
    /// What.
    pub effect: DutyEffect,
}

/// The effects of a record, with the obligation as it is after it.
pub fn effects(record: &DutyRecord, after: &Duty) -> Vec<DutyOutgoing> {
    let id = |index| DutyEffectId {
        duty: record.duty.clone(),
        version: record.version,
        index,
    };
    (0u32..)
        .zip(of(record, after))
        .map(|(index, effect)| DutyOutgoing {
            id: id(index),
            at: record.at,
            effect,
        })
        .collect()
}

/// How many effects a record has.
pub(super) fn count(record: &DutyRecord, after: &Duty) -> u32 {
    u32::try_from(of(record, after).len()).unwrap_or(u32::MAX)
}

/// Supervision, for the place of an obligation.
pub(super) fn supervision(duty: &Duty) -> Addressee {
    Addressee {
        post: Role::Supervisor.name().to_owned(),
        role: Some(Role::Supervisor),
        place: duty.owed().place.clone(),
        unit: None,
        person: None,
    }
}

/// For whose word it waits: supervision's, and a leader's where an office owes it. That may be the supervising office, of which nobody accepts its own.
pub(super) fn accepting(duty: &Duty) -> Vec<Addressee> {
    let office = duty.owed().role.is_none();
    let leader = office.then(|| Addressee {
        post: Role::Leader.name().to_owned(),
        role: Some(Role::Leader),
        ..supervision(duty)
    });
    std::iter::once(supervision(duty)).chain(leader).collect()
}

fn of(record: &DutyRecord, duty: &Duty) -> Vec<DutyEffect> {
    let tell = |to: Addressee, what: DutyNotice| vec![DutyEffect::Notify { to, what }];
    let owed = || duty.owed().clone();
    let imposed = || DutyNotice::Imposed {
        topic: duty.topic().clone(),
        due: duty.due(),
    };
    match &record.event {
        DutyEvent::Imposed { .. } | DutyEvent::HandedOver { .. } => tell(owed(), imposed()),
        DutyEvent::Fulfilled { link, .. } => accepting(duty)
            .into_iter()
            .map(|to| DutyEffect::Notify {
                to,
                what: DutyNotice::ToAccept { link: link.clone() },
            })
            .collect(),
        DutyEvent::Accepted { .. } => tell(owed(), DutyNotice::Accepted),
        DutyEvent::SentBack { mend, .. } => tell(
            owed(),
            DutyNotice::SentBack {
                mend: mend.clone(),
                due: duty.due(),
            },
        ),
        DutyEvent::Excused { .. } => tell(owed(), DutyNotice::Excused),
        DutyEvent::Redacted { fields, .. } => vec![DutyEffect::Erase {
            fields: fields.clone(),
        }],
        DutyEvent::StepTaken {
            step,
            fate: StepFate::Fired { acts },
            title,
            round,
            ..
        } => acted(acts, |verb| match step {
            StepKey::Overdue { occurrence } => DutyNotice::Overdue {
                occurrence: *occurrence,
                round: *round,
            },
            StepKey::Rung { rung, .. } if rung == super::ROUND => DutyNotice::Round {
                round: round.unwrap_or(1),
                topic: duty.topic().clone(),
                due: duty.due(),
            },
            StepKey::Rung { rung, occurrence } if rung == super::ACCEPT => DutyNotice::Waits {
                occurrence: *occurrence,
            },
            _ => DutyNotice::Rung {
                verb,
                title: title.clone(),
                round: *round,
            },
        }),
        _ => Vec::new(),
    }
}

/// Every act but naming in the bulletin, which the bulletin itself does.
fn acted(acts: &[Act], notice: impl Fn(Verb) -> DutyNotice) -> Vec<DutyEffect> {
    acts.iter()
        .filter(|act| act.verb != Verb::NameIn)
        .map(|act| DutyEffect::Notify {
            to: act.to.clone(),
            what: notice(act.verb),
        })
        .collect()
}
