//! Receipts (送达回执): what became of an effect that went out, as the host says.
//!
//! Told means delivered (告知以送达为准). Whether the citizen has the notice is known to the host alone, so it gives a receipt for every effect
//! that it has sent, or could not send:
//!
//! - what the **citizen** is told: [`Receipt::command`] is the command that the case must hear, `delivered` or `undelivered`. An extension
//!   counts by it, the clock of acknowledgement stops by it, and a silent citizen's case can end by it;
//! - what an **officer** is told, what is published, taken down or erased: no command follows; the receipt is kept and that is all. Only
//!   whoever owes an obligation has it from the notice that they do ([`Receipt::duty_command`]).
//!
//! Twice the same does no harm: the command's id comes from the effect and the outcome, `receipt/m01/7/0/delivered`, so a receipt that is
//! given again, by whoever died in between, is answered as the first time.
//!
//! Receipts that contradict each other are all kept ([`Desk::receipt`](super::Desk::receipt)), and what they bring about is:
//!
//! - **failed, then delivered** (or told by another channel): the citizen has the notice from then on;
//! - **delivered, then failed**, such as a letter that comes back after a week, or a citizen who says that they never had it: both stand
//!   in the case, and nothing is taken back that followed from the first. A limit that was kept in good faith is not broken after the
//!   fact, and no later message of a machine undoes an entry: that is a person's work. [`Filed::is_contradiction`] says that
//!   somebody must look, and [`Filed::remark`] what they can do;
//! - **failed again** in the same way: a receipt more, and no second entry in the case.

use serde::{Deserialize, Serialize};

use super::own::own_id;
use crate::case::{Case, Corrupt, effects, evolve};
use crate::duty::{DutyCommand, DutyEffect, DutyEffectId, DutyNotice};
use crate::time::Moment;
use crate::words::{
    Channel, Command, CommandId, Effect, EffectId, InvalidId, Lang, Outgoing, PersonId, Record,
};

/// How many receipts of one effect are kept.
pub(super) const MOST: u32 = 64;

/// Why something could not be delivered (未送达原因). A closed list, since receipts are kept in the open: the words of a mail server may hold
/// a number or an address, and belong into the host's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Failure {
    /// 无联系方式: there is nothing by which they could be reached.
    NoContact,
    /// 联系方式有误: what they left reaches nobody, or somebody else.
    WrongContact,
    /// 未接通: nobody answered, or the box was full.
    NotReached,
    /// 拒收: they would not have it.
    Refused,
    /// 退回: it came back.
    Bounced,
    /// 无人任职: nobody holds the post.
    Nobody,
    /// 技术故障: the means itself failed.
    Technical,
}

impl Failure {
    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Failure::NoContact => "no_contact",
            Failure::WrongContact => "wrong_contact",
            Failure::NotReached => "not_reached",
            Failure::Refused => "refused",
            Failure::Bounced => "bounced",
            Failure::Nobody => "nobody",
            Failure::Technical => "technical",
        }
    }
    /// The Chinese term.
    pub const fn zh(self) -> &'static str {
        match self {
            Failure::NoContact => "无联系方式",
            Failure::WrongContact => "联系方式有误",
            Failure::NotReached => "未接通",
            Failure::Refused => "拒收",
            Failure::Bounced => "退回",
            Failure::Nobody => "无人任职",
            Failure::Technical => "技术故障",
        }
    }
}

/// What became of it (送达结果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fate {
    /// 已送达: it reached them.
    Delivered {
        /// Whom, where they are persons.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<PersonId>,
    },
    /// 未送达: it did not.
    Failed {
        /// Why.
        why: Failure,
        /// By which other channel they were told instead, so that they do know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead: Option<Channel>,
    },
}

impl Fate {
    /// Whether they know: it was delivered, or told instead.
    pub const fn is_told(&self) -> bool {
        matches!(
            self,
            Fate::Delivered { .. }
                | Fate::Failed {
                    instead: Some(_),
                    ..
                }
        )
    }
}

/// What became of one effect, as the host says. There is no private text in it.
///
/// ```
/// use duly::desk::{Fate, Receipt};
/// let receipt: Receipt = serde_json::from_str(r#"{"effect": "m01/7/0", "at": "2026-03-02T09:02:00+08:00", "means": "短信",
///     "outcome": {"failed": {"why": "not_reached", "instead": "电话"}}}"#)?;
/// assert!(receipt.outcome.is_told());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt<Id = EffectId> {
    /// Which effect.
    pub effect: Id,
    /// When it became so.
    pub at: Moment,
    /// By what it was sent (方式): `短信`, `站内信`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub means: Option<Channel>,
    /// What became of it.
    pub outcome: Fate,
}

impl<Id: ToString> Receipt<Id> {
    /// Whether the effect may leave the outbox. What has failed stays there, to be tried again, until the citizen was told by another
    /// channel or somebody takes it out by hand.
    pub const fn settles(&self) -> bool {
        self.outcome.is_told()
    }
    /// The id of the command that follows: from the effect and the outcome, so that it is the same each time.
    ///
    /// # Errors
    /// None in practice: where the name is too long for an id, its hash stands in.
    fn command_id(&self) -> Result<CommandId, InvalidId> {
        let outcome = match &self.outcome {
            Fate::Delivered { .. } => "delivered".to_owned(),
            Fate::Failed { why, instead: None } => why.name().to_owned(),
            Fate::Failed {
                why,
                instead: Some(other),
            } => format!("{}/{other}", why.name()),
        };
        let name = format!("{}/{outcome}", self.effect.to_string());
        own_id("receipt", &name)
    }
}

impl Receipt {
    /// The name under which a ledger keeps the how-manieth receipt of an effect, from 1: `m01/7/0#1`.
    pub fn kept_name(effect: &EffectId, number: u32) -> String {
        format!("{effect}#{number}")
    }
    /// The command that the case must hear of it, with its id; none where nothing follows. `effect` is the one that the receipt is of:
    /// see [`effect_of`]. It comes from the system, at the moment of the receipt.
    ///
    /// ```
    /// use duly::desk::Receipt;
    /// use duly::words::{Command, Effect, Telling};
    /// let receipt: Receipt = serde_json::from_str(r#"{"effect": "m01/7/0", "at": "2026-03-02T09:02:00+08:00",
    ///     "outcome": {"delivered": {}}}"#)?;
    /// let told = Effect::Tell { citizen: None, what: Telling::StruckOff };
    /// let (id, command) = receipt.command(&told)?.ok_or("nothing follows")?;
    /// assert_eq!(id.as_str(), "receipt/m01/7/0/delivered");
    /// assert_eq!(command, Command::Delivered { effect: receipt.effect.clone() });
    /// assert_eq!(receipt.command(&Effect::Retract)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: the id is short enough.
    pub fn command(&self, effect: &Effect) -> Result<Option<(CommandId, Command)>, InvalidId> {
        if !matches!(effect, Effect::Tell { .. }) {
            return Ok(None);
        }
        let effect = self.effect.clone();
        let command = match &self.outcome {
            Fate::Delivered { .. } => Command::Delivered { effect },
            Fate::Failed { why, instead } => Command::Undelivered {
                effect,
                why: said(*why).as_str().into(),
                instead: instead.clone(),
            },
        };
        Ok(Some((self.command_id()?, command)))
    }
}

impl Receipt<DutyEffectId> {
    /// The name under which a ledger keeps the how-manieth receipt of an effect, from 1: `v01/7/0##1`. A case of the same name has effects of
    /// the same ids, and its receipts lie beside these.
    pub fn kept_name(effect: &DutyEffectId, number: u32) -> String {
        format!("{effect}##{number}")
    }
    /// The command that the obligation must hear of it, with its id: whoever owes it has it from the notice that they do, or that another
    /// round is owed. None of any other effect.
    ///
    /// # Errors
    /// None in practice: the id is short enough.
    pub fn duty_command(
        &self,
        effect: &DutyEffect,
    ) -> Result<Option<(CommandId, DutyCommand)>, InvalidId> {
        let DutyEffect::Notify {
            what: DutyNotice::Imposed { .. } | DutyNotice::Round { .. },
            ..
        } = effect
        else {
            return Ok(None);
        };
        let effect = self.effect.clone();
        let command = match &self.outcome {
            // Who was told instead, by whatever channel, has the notice.
            outcome if outcome.is_told() => DutyCommand::Delivered { effect },
            Fate::Failed { why, .. } => DutyCommand::Undelivered {
                effect,
                why: said(*why).as_str().into(),
            },
            Fate::Delivered { .. } => DutyCommand::Delivered { effect },
        };
        Ok(Some((self.command_id()?, command)))
    }
}

/// In both languages: the entry is read by whoever comes upon it.
fn said(why: Failure) -> String {
    format!("{}({})", why.zh(), why.name().replace('_', " "))
}

/// The effect of a case by its identity, from the case's records; none, where it never had it. Whatever has left the outbox is found by this.
///
/// # Errors
/// [`Corrupt`], where the records do not follow one another.
pub fn effect_of(history: &[Record], effect: &EffectId) -> Result<Option<Outgoing>, Corrupt> {
    let mut case: Option<Case> = None;
    for record in history {
        let after = evolve(case, record)?;
        if record.version == effect.version {
            let all = effects(record, &after);
            return Ok(all.into_iter().find(|it| it.id == *effect));
        }
        case = Some(after);
    }
    Ok(None)
}

/// A receipt that was kept, beside those that were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed<Id = EffectId> {
    /// The receipts of the effect that were there before, in the order in which they came.
    pub before: Vec<Receipt<Id>>,
    /// Whether this very one was among them.
    pub known: bool,
    /// Whether there is no room for it: an effect has 64 receipts at the most. Its command is to be given all the same.
    pub full: bool,
    told: bool,
}

impl<Id> Filed<Id> {
    pub(super) fn new(
        receipt: &Receipt<Id>,
        before: Vec<Receipt<Id>>,
        known: bool,
        full: bool,
    ) -> Filed<Id> {
        Filed {
            before,
            known,
            full,
            told: receipt.outcome.is_told(),
        }
    }
    /// Whether the effect was said to have been told, and this receipt says that it was not.
    pub fn is_contradiction(&self) -> bool {
        !self.told && self.before.iter().any(|it| it.outcome.is_told())
    }
    /// What whoever looks at a contradiction reads; none where there is none.
    pub fn remark(&self, lang: Lang) -> Option<&'static str> {
        self.is_contradiction().then_some(match lang {
            Lang::Zh => {
                "此前回执称已送达,现称未送达:两条都记入本件,已据前一条生效的时限和结论不变;请督查办核实,向网民重新告知或回访"
            }
            Lang::En => {
                "a receipt before said delivered, and this one says it was not: both stand in the case, and what counted by the first stays as it is; have supervision look into it, tell the citizen again, or call them back"
            }
        })
    }
}
