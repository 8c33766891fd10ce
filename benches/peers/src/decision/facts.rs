//! The facts of a case by name, labels as people write them.

use duly::plan::Domain;

use crate::three_parts::{Case, Diagrams, fact};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Whole(i64),
    Yes(bool),
    Label(&'static str),
}

/// What each fact is called, and its labels, as the pack declares them.
pub struct Facts(Vec<Vec<&'static str>>, Vec<bool>);

impl Facts {
    pub fn new() -> Facts {
        let schema = &Diagrams::load().plan.schema;
        let domain = |place: usize| &schema.facts[place].domain;
        let labels = |(_, place, _)| match domain(place) {
            Domain::Labels(labels) => labels.iter().map(|label| &*label.clone().leak()).collect(),
            _ => Vec::new(),
        };
        let yes = |(_, place, _)| *domain(place) == Domain::YesNo;
        Facts(
            fact::ALL.into_iter().map(labels).collect(),
            fact::ALL.into_iter().map(yes).collect(),
        )
    }

    /// Name and value of each fact, in the order of [`fact::ALL`].
    pub fn of(&self, case: &Case) -> [(&'static str, Fact); 17] {
        std::array::from_fn(|at| {
            let code = case[at];
            let value = match self.0[at].get(code as usize) {
                Some(label) => Fact::Label(label),
                None if self.1[at] => Fact::Yes(code != 0),
                None => Fact::Whole(code),
            };
            (fact::ALL[at].0, value)
        })
    }

    pub fn labels(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().flatten().copied()
    }

    #[cfg(feature = "zen")]
    pub fn labels_of(&self, name: &str) -> &[&'static str] {
        &self.0[Facts::place(name).unwrap()]
    }

    /// The place of a fact by its name, as a `match` that the compiler can hash.
    pub fn place(name: &str) -> Option<usize> {
        Some(match name {
            "kind" => 0,
            "heat" => 1,
            "level" => 2,
            "channel" => 3,
            "extensions" => 4,
            "pct" => 5,
            "returns" => 6,
            "contacted" => 7,
            "has_contact" => 8,
            "visited" => 9,
            "vague" => 10,
            "dated" => 11,
            "explains" => 12,
            "has_action" => 13,
            "has_person" => 14,
            "rating" => 15,
            "rechecked" => 16,
            _ => return None,
        })
    }
}
