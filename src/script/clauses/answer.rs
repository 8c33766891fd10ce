//! What a decision in clauses can answer: a limit, a unit, a class, yes or no.

use serde::Serialize;

use super::super::fault::{Both, both};
use crate::plan::Limit;
use crate::words::{Class, UnitId};

/// What a decision can answer.
pub(in crate::script) trait Answer:
    Clone + PartialEq + Serialize + Send + Sync + 'static
{
    /// In words.
    fn say(&self) -> Both;
    /// What a clause says that says nothing but when it applies.
    fn unsaid() -> Option<Self> {
        None
    }
    /// As a limit, where it is one and so can be stricter than another.
    fn limit(&self) -> Option<&Limit> {
        None
    }
    /// The other way round.
    fn of(_: Limit) -> Option<Self> {
        None
    }
}

impl Answer for Limit {
    fn say(&self) -> Both {
        match self {
            Limit::Span(span) => Both {
                en: span.to_string(),
                zh: span.zh(),
            },
            Limit::Share { of, percent } => {
                let clock = of.zh();
                both!("{self}", "“{clock}”时限的 {percent}%")
            }
        }
    }
    fn limit(&self) -> Option<&Limit> {
        Some(self)
    }
    fn of(limit: Limit) -> Option<Limit> {
        Some(limit)
    }
}

impl Answer for Option<Limit> {
    fn say(&self) -> Both {
        let none = || both!("nothing", "不另定");
        self.as_ref().map_or_else(none, Answer::say)
    }
    fn limit(&self) -> Option<&Limit> {
        self.as_ref()
    }
    fn of(limit: Limit) -> Option<Option<Limit>> {
        Some(Some(limit))
    }
}

impl Answer for Option<UnitId> {
    fn say(&self) -> Both {
        match self {
            Some(unit) => both!("`{unit}`", "“{unit}”"),
            None => both!("a person decides", "交人定"),
        }
    }
}

impl Answer for Option<Class> {
    fn say(&self) -> Both {
        match self.map(Class::zh) {
            Some(class) => both!("`{class}`", "“{class}”"),
            None => both!("a person decides", "交人定"),
        }
    }
}

impl Answer for bool {
    fn say(&self) -> Both {
        match self {
            true => both!("yes", "是"),
            false => both!("no", "否"),
        }
    }
    fn unsaid() -> Option<bool> {
        Some(true)
    }
}
