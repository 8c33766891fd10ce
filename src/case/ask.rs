//! What a move is given besides the case: who asks, when, under which plan.

use std::collections::BTreeSet;

use super::model::Case;
use super::row;
use crate::plan::{Decision, FactRule, Given, InHand, Plan, Row};
use crate::time::{Moment, Span, after};
use crate::words::{
    Actor, By, CaseId, Deed, Envelope, Event, FactValue, Facts, NotThisCase, PersonId, PlaceCode,
    Private, Record, Role, Salt, Text, TextRef, Thing, Why,
};

/// A command's surroundings, as a move sees them. [`decide`](super::decide) makes one for every command.
#[derive(Debug)]
pub struct Ask<'a> {
    pub(super) at: Moment,
    pub(super) by: By,
    actor: &'a Actor,
    pub(super) hand: &'a InHand,
    salt: Salt,
    private: Vec<Private>,
}

impl<'a> Ask<'a> {
    /// The surroundings of a command.
    pub fn new(envelope: &'a Envelope, by: By, hand: &'a InHand) -> Ask<'a> {
        Ask {
            at: envelope.at,
            by,
            actor: &envelope.by,
            hand,
            salt: envelope.salt,
            private: Vec::new(),
        }
    }
    /// The private texts sealed so far.
    pub fn into_private(self) -> Vec<Private> {
        self.private
    }
    pub(super) fn plan(&self) -> &'a Plan {
        &self.hand.plan
    }
    /// As if it were asked at another moment: of what was said before a case was taken over.
    pub(super) fn back_then(&mut self, at: Moment) {
        self.at = at;
    }

    /// Seals a text that must not be blank, too long, or of characters that cannot be kept.
    pub(super) fn text(&mut self, what: &str, text: &Text) -> Result<TextRef, Why> {
        let field = || Thing::Field(what.to_owned());
        if text.is_too_long() {
            let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
            return Err(Why::TooLong {
                what: field(),
                bytes: size(text.as_str().len()),
                most: size(Text::MOST),
            });
        }
        if text.is_blank() {
            return Err(Why::Blank { what: field() });
        }
        if text.holds_nul() {
            return Err(Why::Nul { what: field() });
        }
        // The place among the command's texts is part of the salt: the same words twice give two references.
        let sealed = Private::seal(
            self.salt,
            &format!("{what}#{}", self.private.len()),
            text.clone(),
        );
        let reference = sealed.reference.clone();
        self.private.push(sealed);
        Ok(reference)
    }
    pub(super) fn optional(
        &mut self,
        what: &str,
        text: &Option<Text>,
    ) -> Result<Option<TextRef>, Why> {
        text.as_ref().map(|text| self.text(what, text)).transpose()
    }

    /// The moment so long after now, by the plan's calendar and counting.
    pub(super) fn after(&self, span: &Span) -> Result<Moment, Why> {
        self.after_from(self.at, span)
    }
    /// The moment so long after another one.
    pub(super) fn after_from(&self, from: Moment, span: &Span) -> Result<Moment, Why> {
        after(&self.hand.calendar, &self.plan().counting, from, span)
            .map(|due| due.at)
            .map_err(|e| Why::Calendar {
                said: e.to_string(),
            })
    }
    pub(super) fn today(&self) -> chrono::NaiveDate {
        self.at.date(self.plan().zone)
    }
    /// Refuses whoever does not hold the role of the command for that place, besides the case's own.
    pub(super) fn reaches(&self, place: &PlaceCode) -> Result<(), Why> {
        match self.actor.holds(self.by.role, place) {
            true => Ok(()),
            false => Err(Why::Role {
                needs: vec![self.by.role],
                place: place.clone(),
            }),
        }
    }
    /// Refuses a person who is among those.
    pub(super) fn apart_from(&self, those: &BTreeSet<PersonId>, was: Deed) -> Result<(), Why> {
        match self.by.persons().find(|person| those.contains(*person)) {
            Some(person) => Err(Why::SamePerson {
                person: person.clone(),
                was,
            }),
            None => Ok(()),
        }
    }
    /// Refuses everyone but the persons named, for a command asked in that role; in another role it is a matter
    /// of the table alone.
    pub(super) fn is_named(&self, role: Role, named: &[&PersonId]) -> Result<(), Why> {
        let is = |person: &PersonId| named.contains(&person);
        if self.by.role != role || self.by.persons().any(is) {
            return Ok(());
        }
        Err(Why::NotThePerson {
            role,
            named: named.iter().map(|person| (*person).clone()).collect(),
        })
    }
    /// The row that rules read on the case, with facts that are only being given.
    pub(super) fn row(&self, case: &Case, given: &Facts) -> Row {
        row(self.plan(), case, given)
    }

    /// The row that rules read on a case that is only being opened.
    pub(super) fn row_of(&self, id: &CaseId, opened: &Event) -> Result<Row, Why> {
        let record = Record {
            case: id.clone(),
            version: 1,
            at: self.at,
            by: None,
            plan: self.hand.id.clone(),
            command: None,
            event: opened.clone(),
        };
        let case = super::evolve(None, &record).map_err(|error| Why::Fault {
            said: error.to_string(),
        })?;
        Ok(self.row(&case, &Facts::new()))
    }
    /// Refuses what the pack lets happen in some cases only, where this is none of them.
    pub(super) fn only_when(
        &self,
        case: &Case,
        when: Option<&Decision<bool>>,
        what: Thing,
    ) -> Result<(), Why> {
        let Some(when) = when else { return Ok(()) };
        let schema = &self.plan().schema;
        // What the intake officer will say is not guessed.
        let unsaid = |fact: &FactRule| {
            let given = fact.given == Given::Intake && fact.otherwise.is_none();
            given || (fact.given == Given::Engine && fact.name == "class")
        };
        let reads = when.diagram.reads();
        let mut reads = reads.iter().filter_map(|at| schema.facts.get(*at));
        if case.class.is_none() && reads.any(unsaid) {
            return Err(Why::NotScreened);
        }
        let row = self.row(case, &Facts::new());
        let decided = when.decided(&row);
        if *decided.answer() {
            return Ok(());
        }
        let would = when.diagram.instead(schema, &row, |yes| *yes, |_| true);
        let would = would.unwrap_or_default();
        Err(Why::OnlyWhen(Box::new(NotThisCase {
            what,
            rule: when.rule.clone(),
            at: self.plan().sources.at.get(&when.rule).cloned(),
            because: decided.path().because(schema),
            would: schema.said(would.iter().map(|it| (it.fact, it.least, it.most))),
        })))
    }

    /// Checks facts as they are given: declared, given by the right one, of the right sort, none missing.
    pub(super) fn facts(&self, given: &Facts, by: &[Given], have: &Facts) -> Result<(), Why> {
        let schema = &self.plan().schema;
        for (name, value) in given {
            let Some(fact) = schema.fact(name) else {
                return Err(Why::FactUnknown {
                    fact: name.clone(),
                    near: schema.near(name),
                });
            };
            if !self.takes(fact, by) {
                return Err(Why::FactNotGivenHere {
                    fact: name.clone(),
                    given_by: fact.given.say().to_owned(),
                });
            }
            of_its_sort(fact, value)?;
        }
        let missing = |fact: &&FactRule| {
            self.takes(fact, by)
                && fact.otherwise.is_none()
                && !given.contains_key(&fact.name)
                && !have.contains_key(&fact.name)
        };
        match schema.facts.iter().find(missing) {
            Some(fact) => Err(Why::FactMissing {
                fact: fact.name.clone(),
                expected: fact.domain.expects(),
            }),
            None => Ok(()),
        }
    }

    /// Whether a fact comes from these givers. A derived fact that is given by hand comes from the host.
    fn takes(&self, fact: &FactRule, by: &[Given]) -> bool {
        let by_hand = || {
            fact.given == Given::Derived
                && by.contains(&Given::Host)
                && self.hand.derivers.is_by_hand(&fact.name)
        };
        by.contains(&fact.given) || by_hand()
    }

    /// Checks a reviewer's findings: each declared finding that applies is answered, and nothing else.
    pub(super) fn findings(
        &self,
        given: &std::collections::BTreeMap<String, bool>,
    ) -> Result<Facts, Why> {
        let facts: Facts = given
            .iter()
            .map(|(name, yes)| (name.clone(), FactValue::Yes(*yes)))
            .collect();
        let schema = &self.plan().schema;
        for name in facts.keys() {
            match schema.fact(name) {
                Some(fact) if fact.given == Given::Reviewer => {}
                Some(fact) => {
                    let given_by = fact.given.say().to_owned();
                    return Err(Why::FactNotGivenHere {
                        fact: name.clone(),
                        given_by,
                    });
                }
                None => {
                    return Err(Why::FactUnknown {
                        fact: name.clone(),
                        near: schema.near(name),
                    });
                }
            }
        }
        Ok(facts)
    }
}

pub(super) fn of_its_sort(fact: &FactRule, value: &FactValue) -> Result<(), Why> {
    match fact.domain.code(value) {
        Some(_) => Ok(()),
        None => Err(Why::FactValue {
            fact: fact.name.clone(),
            given: sort_of(value).to_owned(),
            expected: fact.domain.expects(),
        }),
    }
}

/// What was given, by its sort only: a refusal is remembered, and a label that is none could be anyone's words.
const fn sort_of(value: &FactValue) -> &'static str {
    match value {
        FactValue::Yes(_) => "true or false",
        FactValue::Whole(_) => "that number",
        FactValue::Label(_) => "that text",
    }
}
