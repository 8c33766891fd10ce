//! Two schemas as one, and diagrams over either read over the one.
//!
//! Facts are the same where their names are, whatever their place. A fact that both plans have is compared over the values that both
//! know; labels are the same where their text is, and the engine's own where their code is if the two packs are not written in one
//! language. A fact that only one plan has is compared over all its values: the other plan does not read it. So is, on either
//! side apart, a fact that has no value in common.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::plan::{
    Diagram, DiagramError, Domain, FactRule, Given, Plan, Region, Schema, Test, Vertex,
};
use crate::words::{FactName, FactValue};

/// One of the two plans that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The plan that was.
    Old,
    /// The plan that is to be.
    New,
}

/// Facts of both plans in one order: the new plan's, then those that only the old one has.
pub(super) struct Aligned {
    pub(super) schema: Schema,
    /// The plan that alone has the fact, where only one has it.
    pub(super) only: Vec<Option<Side>>,
    /// Each plan's facts, by place in its own schema.
    old: Vec<Place>,
    new: Vec<Place>,
}

/// Where a plan's own fact is among those of both.
struct Place {
    common: usize,
    /// Common code → own code, where they are not the same.
    codes: Option<Vec<i64>>,
}

impl Aligned {
    pub(super) fn of(old: &Plan, new: &Plan) -> Aligned {
        let mut all = Aligned {
            schema: Schema::default(),
            only: Vec::new(),
            old: Vec::new(),
            new: Vec::new(),
        };
        let mut met: BTreeMap<usize, Place> = BTreeMap::new();
        for fact in &new.schema.facts {
            let common = all.schema.facts.len();
            let with = old.schema.index(&fact.name);
            let both = with.and_then(|at| {
                let was = old.schema.facts.get(at)?;
                let by_code = was.given == Given::Engine
                    && fact.given == Given::Engine
                    && old.labels != new.labels;
                Some((at, shared(&was.domain, &fact.domain, by_code)?))
            });
            let (domain, codes, only) = match both {
                Some((at, (domain, was, is))) => {
                    met.insert(at, Place { common, codes: was });
                    (domain, is, None)
                }
                None => (fact.domain.clone(), None, Some(Side::New)),
            };
            all.add(
                FactRule {
                    domain,
                    ..fact.clone()
                },
                only,
            );
            all.new.push(Place { common, codes });
        }
        for (at, fact) in old.schema.facts.iter().enumerate() {
            let place = met.remove(&at).unwrap_or_else(|| {
                all.add(fact.clone(), Some(Side::Old));
                Place {
                    common: all.schema.facts.len() - 1,
                    codes: None,
                }
            });
            all.old.push(place);
        }
        all
    }
    /// Facts by name.
    pub(super) fn names(&self, facts: &BTreeSet<usize>) -> Vec<FactName> {
        let named = |at: &usize| Some(self.schema.facts.get(*at)?.name.clone());
        facts.iter().filter_map(named).collect()
    }
    /// A value that both plans know, as the old one writes it.
    pub(super) fn was(&self, common: usize, code: i64, own: &Schema) -> FactValue {
        let place = |(_, place): &(usize, &Place)| place.common == common;
        let found = self.old.iter().enumerate().find(place);
        let written = found.and_then(|(at, place)| {
            let known = |codes: &Vec<i64>| codes.get(usize::try_from(code).ok()?).copied();
            let code = place.codes.as_ref().map_or(Some(code), known)?;
            Some(own.facts.get(at)?.domain.value(code))
        });
        let common = self.schema.facts.get(common);
        written
            .or_else(|| common.map(|fact| fact.domain.value(code)))
            .unwrap_or(FactValue::Yes(false))
    }
    fn add(&mut self, fact: FactRule, only: Option<Side>) {
        self.schema.facts.push(fact);
        self.only.push(only);
    }
    /// A diagram of one of the plans, over the facts of both.
    pub(super) fn read<A: Clone + PartialEq>(
        &self,
        side: Side,
        diagram: &Diagram<A>,
        own: &Schema,
    ) -> Result<Diagram<A>, DiagramError> {
        let places = match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        };
        let stays = |(at, place): (usize, &Place)| {
            let domains = own.facts.get(at).zip(self.schema.facts.get(place.common));
            place.common == at && domains.is_some_and(|(own, common)| own.domain == common.domain)
        };
        if places.iter().enumerate().all(stays) {
            return Ok(diagram.clone());
        }
        let mut reading = Reading {
            places,
            schema: &self.schema,
            done: BTreeMap::new(),
        };
        reading.vertex(diagram.root())
    }
}

/// The values that both domains have, and the codes that each has for them; none, where they have nothing in common.
fn shared(old: &Domain, new: &Domain, by_code: bool) -> Option<Shared> {
    match (old, new) {
        (Domain::YesNo, Domain::YesNo) => Some((Domain::YesNo, None, None)),
        (Domain::Labels(was), Domain::Labels(is)) => {
            let place = |(code, label): (usize, &String)| {
                let of = match by_code {
                    true => (code < was.len()).then_some(code)?,
                    false => was.iter().position(|known| known == label)?,
                };
                Some((label.clone(), of as i64, code as i64))
            };
            let all: Vec<_> = is.iter().enumerate().filter_map(place).collect();
            (!all.is_empty()).then(|| {
                let labels = all.iter().map(|it| it.0.clone()).collect();
                let codes = |of: fn(&(String, i64, i64)) -> i64| all.iter().map(of).collect();
                (
                    Domain::Labels(labels),
                    Some(codes(|it| it.1)),
                    Some(codes(|it| it.2)),
                )
            })
        }
        (Domain::Whole { .. }, Domain::Whole { .. })
        | (Domain::Percent { .. }, Domain::Percent { .. }) => {
            let ((a, b), (c, d)) = (old.codes(), new.codes());
            let (least, most) = (a.max(c), b.min(d));
            let domain = match old {
                Domain::Percent { .. } => Domain::Percent { least, most },
                _ => Domain::Whole { least, most },
            };
            (least <= most).then_some((domain, None, None))
        }
        (
            Domain::Date { least, most },
            Domain::Date {
                least: from,
                most: to,
            },
        ) => {
            let (least, most) = (*least.max(from), *most.min(to));
            (least <= most).then_some((Domain::Date { least, most }, None, None))
        }
        _ => None,
    }
}

type Shared = (Domain, Option<Vec<i64>>, Option<Vec<i64>>);

struct Reading<'a, A> {
    places: &'a [Place],
    schema: &'a Schema,
    done: BTreeMap<usize, Diagram<A>>,
}

impl<A: Clone + PartialEq> Reading<'_, A> {
    fn vertex(&mut self, vertex: Vertex<'_, A>) -> Result<Diagram<A>, DiagramError> {
        let test = match vertex {
            Vertex::Answer(answer) => return Ok(Diagram::constant(answer.clone())),
            Vertex::Test(test) => test,
        };
        if let Some(done) = self.done.get(&test.place()) {
            return Ok(done.clone());
        }
        let branches: Vec<_> = test.branches().collect();
        let which = self.which(test)?;
        let mut made: Option<Diagram<A>> = None;
        // The facts of both may come in another order: what lies behind a branch is asked beside it, and not after it.
        for number in which.answers() {
            let Some(branch) = branches.get(*number) else {
                continue;
            };
            let behind = self.vertex(branch.to)?;
            made = Some(match made {
                None => behind,
                Some(others) => {
                    let here = which.zip(&behind, |taken, answer| {
                        (taken == number).then(|| answer.clone())
                    })?;
                    here.zip(&others, |here, other| {
                        here.as_ref().unwrap_or(other).clone()
                    })?
                }
            });
        }
        let outside = || DiagramError::Outside {
            fact: test.fact(),
            least: i64::MIN,
            most: i64::MAX,
        };
        let made = made.ok_or_else(outside)?;
        self.done.insert(test.place(), made.clone());
        Ok(made)
    }
    /// Which branch a case takes, by the code that both plans know.
    fn which(&self, test: Test<'_, A>) -> Result<Diagram<usize>, DiagramError> {
        let branches: Vec<_> = test.branches().collect();
        let place = self.places.get(test.fact());
        let common = place.map_or(usize::MAX, |place| place.common);
        let domain = self
            .schema
            .facts
            .get(common)
            .map(|fact| fact.domain.codes());
        let (floor, top) = domain.unwrap_or_default();
        let region = |range, answer| Region {
            bounds: BTreeMap::from([(common, range)]),
            answer,
        };
        let mut regions = Vec::new();
        match place.and_then(|place| place.codes.as_ref()) {
            Some(codes) => {
                for (code, own) in codes.iter().enumerate() {
                    let taken = branches
                        .iter()
                        .position(|it| (it.least..=it.most).contains(own));
                    let code = code as i64;
                    regions.extend(taken.map(|taken| region((code, code), taken)));
                }
            }
            None => {
                for (number, branch) in branches.iter().enumerate() {
                    let (least, most) = (branch.least.max(floor), branch.most.min(top));
                    regions.extend((least <= most).then(|| region((least, most), number)));
                }
            }
        }
        Diagram::from_regions(self.schema, regions)
    }
}
