//! Facts that a function of the host's finds from the facts that are given (程序推定的事实).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{FactRule, Given, Plan};
use crate::words::{Channel, Class, FactName, FactValue, Facts, PlaceCode};

/// The name under which the class of a case may be an input.
pub(crate) const CLASS: &str = "class";

/// A derived fact (程序推定的事实): what it is found from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedRule {
    /// The fact.
    pub fact: FactName,
    /// What its function may look at: facts given by the citizen, the host or the intake officer, or `class`. Without any, all that
    /// comes with the message: the facts of the citizen and the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<FactName>,
}

impl DerivedRule {
    /// Whether a fact is one of its inputs.
    fn takes(&self, fact: &FactRule) -> bool {
        match self.from.is_empty() {
            true => matches!(fact.given, Given::Citizen | Given::Host),
            false => self.from.contains(&fact.name) && fact.given.by_a_person(),
        }
    }
    fn takes_class(&self) -> bool {
        self.from.iter().any(|name| name == CLASS)
    }
}

impl Given {
    /// Whether someone outside the engine gives it before there is a reply.
    pub(crate) const fn by_a_person(self) -> bool {
        matches!(self, Given::Citizen | Given::Host | Given::Intake)
    }
}

impl Plan {
    /// Whether a derived fact is found from facts that somebody gives, all of them declared.
    pub(super) fn derives_soundly(&self, rule: &DerivedRule) -> bool {
        let is_derived = |fact: &FactRule| fact.given == Given::Derived;
        let known = |name: &FactName| {
            name == CLASS
                || self
                    .schema
                    .fact(name)
                    .is_some_and(|it| it.given.by_a_person())
        };
        self.schema.fact(&rule.fact).is_some_and(is_derived) && rule.from.iter().all(known)
    }
    /// From when a derived fact is known: the latest of its inputs that must be given.
    #[cfg(feature = "script")]
    pub(crate) fn derived_from(&self, rule: &DerivedRule) -> Given {
        let inputs = self.schema.facts.iter().filter(|fact| rule.takes(fact));
        let must = inputs.filter(|fact| fact.otherwise.is_none());
        let latest = must.map(|fact| fact.given).max().unwrap_or(Given::Citizen);
        match rule.takes_class() {
            true => latest.max(Given::Intake),
            false => latest,
        }
    }
}

/// What a function sees of a case: the facts that its fact is derived from, and where and when the message came in. Never a text,
/// never the time of day.
///
/// ```
/// use duly::plan::{Known, Plans};
/// // How far the place is from where the field's experts sit, from a table of the host's own.
/// fn far(known: &Known<'_>) -> i64 {
///     match (known.place().as_str(), known.label("field")) {
///         ("632524", Some("水利")) => 240,
///         _ => 0,
///     }
/// }
/// let mut plans = Plans::new("hainan".parse()?);
/// plans.derive("far", far);
/// assert!(plans.derives("far"));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    plan: &'a Plan,
    rule: &'a DerivedRule,
    had: &'a Facts,
    given: &'a Facts,
    class: Option<Class>,
    about: &'a Arrival<'a>,
}

/// What never changes about a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    pub(crate) place: &'a PlaceCode,
    pub(crate) channel: &'a Channel,
    pub(crate) received_on: NaiveDate,
}

impl<'a> Known<'a> {
    /// The value of a fact among its inputs: as it was given, else what the pack says holds otherwise. An input that must be given
    /// always has one here, because the function is not asked before.
    pub fn fact(&self, name: &str) -> Option<&'a FactValue> {
        let fact = self.plan.schema.fact(name)?;
        if !self.rule.takes(fact) {
            return None;
        }
        let given = self.given.get(name).or_else(|| self.had.get(name));
        let given = given.filter(|value| fact.domain.code(value).is_some());
        given.or(fact.otherwise.as_ref())
    }
    /// The same, of a yes-or-no fact.
    pub fn yes(&self, name: &str) -> Option<bool> {
        match self.fact(name) {
            Some(FactValue::Yes(yes)) => Some(*yes),
            _ => None,
        }
    }
    /// The same, of a whole number.
    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.fact(name) {
            Some(FactValue::Whole(whole)) => Some(*whole),
            _ => None,
        }
    }
    /// The same, of a label, or of a share as text.
    pub fn label(&self, name: &str) -> Option<&'a str> {
        match self.fact(name) {
            Some(FactValue::Label(label)) => Some(label),
            _ => None,
        }
    }
    /// The class, where `class` is among its inputs.
    pub fn class(&self) -> Option<Class> {
        self.class.filter(|_| self.rule.takes_class())
    }
    /// The place that the message is about.
    pub fn place(&self) -> &'a PlaceCode {
        self.about.place
    }
    /// Where it came in.
    pub fn channel(&self) -> &'a Channel {
        self.about.channel
    }
    /// The local date on which it came in.
    pub fn received_on(&self) -> NaiveDate {
        self.about.received_on
    }

    /// Whether every input that must be there is there.
    fn is_ready(&self) -> bool {
        let mut inputs = self
            .plan
            .schema
            .facts
            .iter()
            .filter(|it| self.rule.takes(it));
        let class = !self.rule.takes_class() || self.class.is_some();
        class && inputs.all(|fact| self.fact(&fact.name).is_some())
    }
}

/// A function of the host's.
type Function = dyn Fn(&Known<'_>) -> FactValue + Send + Sync;

/// Where the value of a derived fact comes from.
#[derive(Clone)]
enum Source {
    Function(Arc<Function>),
    /// Commands give it, in the function's place.
    ByHand,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Function(_) => "Function",
            Source::ByHand => "ByHand",
        })
    }
}

/// A function answered with a value that its fact cannot have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside<'a> {
    pub(crate) fact: &'a FactRule,
    pub(crate) value: FactValue,
}

/// The functions of a host, by the fact that each finds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derivers(Arc<BTreeMap<FactName, Source>>);

impl Derivers {
    pub(super) fn put<V: Into<FactValue>>(
        &mut self,
        fact: &str,
        function: impl Fn(&Known<'_>) -> V + Send + Sync + 'static,
    ) {
        let function: Arc<Function> = Arc::new(move |known| function(known).into());
        Arc::make_mut(&mut self.0).insert(fact.to_owned(), Source::Function(function));
    }
    pub(super) fn put_by_hand(&mut self, fact: &str) {
        Arc::make_mut(&mut self.0).insert(fact.to_owned(), Source::ByHand);
    }
    pub(super) fn has_functions(&self) -> bool {
        self.0.values().any(|it| matches!(it, Source::Function(_)))
    }
    pub(crate) fn has(&self, fact: &str) -> bool {
        self.0.contains_key(fact)
    }
    pub(crate) fn is_by_hand(&self, fact: &str) -> bool {
        matches!(self.0.get(fact), Some(Source::ByHand))
    }

    /// The derived facts of a plan whose inputs all are there, and of which one has just changed: each function is asked once.
    /// Values that are as they were are left out.
    pub(crate) fn find<'p>(
        &self,
        plan: &'p Plan,
        about: &Arrival<'_>,
        had: (&Facts, Option<Class>),
        given: &Facts,
        class: Option<Class>,
        all: bool,
    ) -> Result<Facts, Outside<'p>> {
        let mut found = Facts::new();
        for rule in &plan.derived {
            let fact = plan.schema.fact(&rule.fact);
            let (Some(fact), Some(Source::Function(function))) = (fact, self.0.get(&rule.fact))
            else {
                continue;
            };
            let known = Known {
                plan,
                rule,
                had: had.0,
                given,
                class: class.or(had.1),
                about,
            };
            let mut inputs = plan.schema.facts.iter().filter(|it| rule.takes(it));
            let moved = inputs.any(|it| given.contains_key(&it.name));
            let moved = moved || (rule.takes_class() && class.is_some());
            if !known.is_ready() || !(all || moved || !had.0.contains_key(&rule.fact)) {
                continue;
            }
            let value = function(&known);
            if fact.domain.code(&value).is_none() {
                return Err(Outside { fact, value });
            }
            if had.0.get(&rule.fact) != Some(&value) {
                found.insert(rule.fact.clone(), value);
            }
        }
        Ok(found)
    }
}
