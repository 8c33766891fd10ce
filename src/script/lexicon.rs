//! The names of the language as lists, beside its words: names in capitals, units, the engine's facts, and the terms that stand
//! in quotes.

use serde::Serialize;

use super::value::UNITS;
use super::words;
use crate::plan::{Count, Domain, engine_facts};
use crate::words::{Class, ClockKind, DeclineGround, DutyKind, Gate, Lang, Role};

/// A name in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Name {
    /// The name.
    pub name: &'static str,
    /// What it says, in Chinese.
    pub zh: &'static str,
    /// The words of the language in which it may stand.
    pub stands: &'static [&'static str],
}

/// Every name in capitals: who gives a fact, whose word a limit is, what happened, how a case ends.
///
/// ```
/// let received = duly::script::names().find(|name| name.name == "RECEIVED").unwrap();
/// assert_eq!((received.zh, received.stands), ("收到", &["starts", "stops", "notice"][..]));
/// ```
pub fn names() -> impl Iterator<Item = Name> {
    words::meant().map(|(name, zh, stands)| Name { name, zh, stands })
}

/// A unit of time or share, as it follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// The unit.
    pub name: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
}

/// Every unit that may follow a number: `5.working_days`.
///
/// ```
/// let units: Vec<_> = duly::script::units().map(|unit| (unit.name, unit.zh)).collect();
/// assert_eq!(units[0], ("working_days", "个工作日"));
/// ```
pub fn units() -> impl Iterator<Item = Unit> {
    UNITS.into_iter().map(|(name, zh)| Unit { name, zh })
}

/// A fact that the engine keeps, which every rule may read without declaring it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EngineFact {
    /// The fact, as in `m.returns`.
    pub name: String,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// Its values, as a pack writes them in that language.
    pub domain: Domain,
}

/// Every fact of the engine, with its values as a pack in that language writes them.
///
/// ```
/// use duly::words::Lang;
/// let facts = duly::script::facts(Lang::Zh);
/// assert_eq!((facts[0].name.as_str(), facts[0].zh), ("class", "类别"));
/// assert_eq!(facts[0].domain.expects(), "one of `办事`, `问事`, `建议`, `致谢`");
/// ```
pub fn facts(lang: Lang) -> Vec<EngineFact> {
    let fact = |fact: crate::plan::FactRule| EngineFact {
        zh: in_zh(&fact.name),
        name: fact.name,
        domain: fact.domain,
    };
    engine_facts(lang).into_iter().map(fact).collect()
}

fn in_zh(fact: &str) -> &'static str {
    match fact {
        "class" => "类别",
        "place_level" => "地方代码的位数:州 4 位,县 6 位",
        "opinion" => "是否没有网民(舆情、子件、预警)",
        "returns" => "退回重办的次数",
        "bounces" => "退单裁定的次数",
        "extensions" => "延期的次数",
        "reopens" => "重开的次数",
        "directed" => "是否有领导批示",
        "tracked" => "是否列入督办",
        "mark" => "答复的办理程度,取最低的一件",
        "has_action" => "答复是否写明做什么",
        "has_person" => "答复是否写明由谁做",
        "dated" => "答复是否写明日期",
        "has_contact" => "答复是否登记了与网民的联系",
        "has_basis" => "答复是否写明依据",
        "explains" => "答复是否依法解释",
        "rating" => "网民的评价",
        "rechecked" => "是否经过复核",
        "received_on" => "收到的日期",
        _ => "",
    }
}

/// A term that stands in quotes, in English or in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The word of the language in which it stands first: `clock`, `gate`, `count`, …
    pub word: &'static str,
    /// The English name.
    pub name: &'static str,
    /// The Chinese term.
    pub zh: &'static str,
}

/// Every term that a pack may write in quotes: kinds of clock, obligations, gates, counts, roles, grounds for declining, classes.
///
/// ```
/// let reply = duly::script::terms().find(|term| term.name == "reply").unwrap();
/// assert_eq!((reply.word, reply.zh), ("clock", "答复"));
/// ```
pub fn terms() -> impl Iterator<Item = Term> {
    fn of<T: Copy>(
        word: &'static str,
        all: &'static [T],
        both: fn(T) -> [&'static str; 2],
    ) -> impl Iterator<Item = Term> {
        all.iter().map(move |value| {
            let [name, zh] = both(*value);
            Term { word, name, zh }
        })
    }
    of("clock", ClockKind::ALL, |kind| [kind.name(), kind.zh()])
        .chain(of("duty", DutyKind::ALL, |kind| [kind.name(), kind.zh()]))
        .chain(of("gate", Gate::ALL, |gate| [gate.name(), gate.zh()]))
        .chain(of("count", &Count::ALL, |count| [count.name(), count.zh()]))
        .chain(of("role", &Role::ALL, |role| [role.name(), role.zh()]))
        // Nobody can be told through it.
        .filter(|term| term.name != Role::System.name())
        .chain(of("decline", DeclineGround::ALL, |it| [it.name(), it.zh()]))
        .chain(of("only_for", Class::ALL, |class| {
            [class.name(), class.zh()]
        }))
}
