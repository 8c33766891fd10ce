//! 办理: signing, objecting, ruling, handing on, replying. What holds up clocks is in `waiting`.

use std::collections::BTreeMap;

use super::super::ask::Ask;
use super::super::mentions::mentioned;
use super::super::model::Case;
use super::super::stages::{Assigned, Returned, Team};
use super::super::view::In;
use crate::plan::Given;
use crate::words::{
    Answer, Answered, Bound, Class, Contact, Deed, Event, FactValue, Facts, Mark, Measure,
    MeasureTaken, NewCommitment, NewPart, PersonId, Promise, Role, Text, Thing, UnitId, Why,
};

impl In<'_, Assigned> {
    /// 签收.
    pub fn sign(self, ask: &mut Ask<'_>) -> Result<Vec<Event>, Why> {
        its_owner(&self.data.team, ask)?;
        match self.data.signed {
            Some(_) => Err(Why::Already {
                what: Thing::Signature,
            }),
            None => Ok(vec![Event::Signed { deemed: false }]),
        }
    }

    /// 下级交办.
    pub fn sub_assign(
        self,
        ask: &mut Ask<'_>,
        unit: &UnitId,
        owner: &PersonId,
    ) -> Result<Vec<Event>, Why> {
        let _ = ask;
        if *unit == self.data.team.unit {
            return Err(Why::Already {
                what: Thing::Unit(unit.clone()),
            });
        }
        takes_no_part(&self.data.team, unit)?;
        Ok(vec![Event::SubAssigned {
            unit: unit.clone(),
            owner: owner.clone(),
        }])
    }

    /// 退单.
    pub fn object(
        self,
        ask: &mut Ask<'_>,
        reason: &Text,
        should_be: &Option<UnitId>,
    ) -> Result<Vec<Event>, Why> {
        its_owner(&self.data.team, ask)?;
        if self.data.objected {
            return Err(Why::Already {
                what: Thing::Objection,
            });
        }
        if !self.data.may_object {
            return Err(Why::ObjectionFinal);
        }
        let unit = self.data.team.unit.clone();
        Ok(vec![Event::Objected {
            unit,
            reason: ask.text("reason", reason)?,
            should_be: should_be.clone(),
        }])
    }

    /// 退单裁定.
    pub fn rule(
        self,
        ask: &mut Ask<'_>,
        unit: &UnitId,
        owner: &PersonId,
        reason: &Text,
    ) -> Result<Vec<Event>, Why> {
        if !self.data.objected {
            return Err(Why::NothingPending {
                what: Thing::Objection,
            });
        }
        ask.apart_from(&self.case.round_handlers, Deed::Handled)?;
        takes_no_part(&self.data.team, unit)?;
        Ok(vec![Event::Ruled {
            unit: unit.clone(),
            owner: owner.clone(),
            reason: ask.text("reason", reason)?,
        }])
    }

    /// 转办.
    pub fn transfer(
        self,
        ask: &mut Ask<'_>,
        unit: &UnitId,
        owner: &PersonId,
        reason: &Text,
    ) -> Result<Vec<Event>, Why> {
        if *unit == self.data.team.unit {
            return Err(Why::Already {
                what: Thing::Unit(unit.clone()),
            });
        }
        takes_no_part(&self.data.team, unit)?;
        let reason = ask.text("reason", reason)?;
        Ok(vec![Event::Transferred {
            unit: unit.clone(),
            owner: owner.clone(),
            reason,
        }])
    }

    /// 改类.
    pub fn reclassify(
        self,
        ask: &mut Ask<'_>,
        class: Class,
        reason: &Text,
    ) -> Result<Vec<Event>, Why> {
        if self.case.class == Some(class) {
            return Err(Why::Already {
                what: Thing::Class(class),
            });
        }
        Ok(vec![Event::Reclassified {
            class,
            reason: ask.text("reason", reason)?,
            derived: ask.derived(self.case, &Facts::new(), Some(class))?,
        }])
    }
}

impl In<'_, Returned> {
    /// 交办 to another unit or person, to do it again. No new cycle begins.
    pub fn assign(
        self,
        ask: &mut Ask<'_>,
        unit: &UnitId,
        owner: &PersonId,
        co_handlers: &[NewPart],
    ) -> Result<Vec<Event>, Why> {
        let _ = ask;
        Ok(vec![super::intake::assigned(unit, owner, co_handlers)?])
    }
}

/// The moves that the two stages share in which somebody works on it: [`Assigned`] and [`Returned`].
#[derive(Debug, Clone, Copy)]
pub struct Handling<'a> {
    pub(super) case: &'a Case,
    pub(super) team: &'a Team,
}

impl<'a> From<In<'a, Assigned>> for Handling<'a> {
    fn from(it: In<'a, Assigned>) -> Handling<'a> {
        Handling {
            case: it.case,
            team: &it.data.team,
        }
    }
}

impl<'a> From<In<'a, Returned>> for Handling<'a> {
    fn from(it: In<'a, Returned>) -> Handling<'a> {
        Handling {
            case: it.case,
            team: &it.data.team,
        }
    }
}

impl Handling<'_> {
    /// 协办答复.
    pub fn co_reply(self, ask: &mut Ask<'_>, text: &Text) -> Result<Vec<Event>, Why> {
        let parts = &self.team.parts;
        let mut mine = parts
            .iter()
            .filter(|part| ask.by.persons().any(|person| *person == part.owner))
            .collect::<Vec<_>>();
        // One person can hold several parts: the open one is meant.
        mine.sort_by_key(|part| part.reply.is_some());
        let mine = mine.first().copied();
        let Some(part) = mine else {
            let named = parts.iter().map(|part| part.owner.clone()).collect();
            return Err(Why::NotThePerson {
                role: Role::CoHandler,
                named,
            });
        };
        if part.reply.is_some() {
            return Err(Why::Already {
                what: Thing::Part(part.unit.clone()),
            });
        }
        Ok(vec![Event::CoReplied {
            unit: part.unit.clone(),
            text: ask.text("text", text)?,
        }])
    }

    /// 进展告知.
    pub fn update(self, ask: &mut Ask<'_>, text: &Text) -> Result<Vec<Event>, Why> {
        its_owner(self.team, ask)?;
        Ok(vec![Event::Updated {
            text: ask.text("text", text)?,
        }])
    }

    /// 答复. Every matter gets its answer; open co-handlers' parts come first; a pause ends here.
    pub fn reply(self, ask: &mut Ask<'_>, given: &ReplyAsked<'_>) -> Result<Vec<Event>, Why> {
        its_owner(self.team, ask)?;
        if let Some(part) = self.team.parts.iter().find(|part| part.reply.is_none()) {
            return Err(Why::PartOpen {
                unit: part.unit.to_string(),
            });
        }
        self.case.parts_are_settled()?;
        if given.explained && given.basis.iter().all(|basis| basis.trim().is_empty()) {
            return Err(Why::NeedsBasis);
        }
        self.dated_sanely(ask, given)?;
        self.answers_every_matter(given)?;
        let promises = self.promises(ask, given)?;
        let answers = given
            .answers
            .iter()
            .map(|it| {
                Ok(Answered {
                    matter: it.matter,
                    text: ask.text("answer", &it.text)?,
                    mark: it.mark,
                })
            })
            .collect::<Result<Vec<_>, Why>>()?;
        let measures = given
            .measures
            .iter()
            .map(|it| {
                let action = ask.text("action", &it.action)?;
                Ok(MeasureTaken {
                    action,
                    person: it.person.clone(),
                    by_date: it.by_date,
                })
            })
            .collect::<Result<Vec<_>, Why>>()?;
        let open = self
            .case
            .pauses
            .iter()
            .filter(|pause| pause.ended.is_none());
        let mut events: Vec<Event> = open
            .map(|pause| Event::Resumed {
                reason: pause.reason.clone(),
                lapsed: false,
            })
            .collect();
        events.push(Event::Replied {
            author: ask.by.id.clone(),
            facts: self.says(ask, given),
            answers,
            measures,
            contacts: given.contacts.to_vec(),
            basis: given.basis.to_vec(),
            promises,
            explained: given.explained,
        });
        Ok(events)
    }

    /// Contacts have been made, and measures are still to come.
    fn dated_sanely(self, ask: &Ask<'_>, given: &ReplyAsked<'_>) -> Result<(), Why> {
        let received = self.case.received_at();
        if given
            .contacts
            .iter()
            .any(|it| it.at < received || it.at > ask.at)
        {
            let what = Thing::Field("contacts".into());
            return Err(Why::Bound {
                what,
                bound: Bound::SinceReceipt,
            });
        }
        let past = given
            .measures
            .iter()
            .filter_map(|it| it.by_date)
            .find(|date| *date < ask.today());
        past.map_or(Ok(()), |date| Err(Why::DatePast { date }))
    }

    fn answers_every_matter(self, given: &ReplyAsked<'_>) -> Result<(), Why> {
        let class = self.case.class.ok_or(Why::NotScreened)?;
        let mut answered = BTreeMap::new();
        for answer in given.answers {
            if !self
                .case
                .matters
                .iter()
                .any(|matter| matter.number == answer.matter)
            {
                return Err(Why::NoSuch {
                    what: Thing::Matter,
                    number: u64::from(answer.matter),
                });
            }
            if answered.insert(answer.matter, answer.mark).is_some() {
                return Err(Why::Already {
                    what: Thing::Matter,
                });
            }
            if answer.mark == Mark::D && class == Class::Problem {
                return Err(Why::MarkRefused {
                    matter: answer.matter,
                    mark: answer.mark,
                    class,
                });
            }
            let promised = given
                .commitments
                .iter()
                .any(|it| it.matter == answer.matter)
                || self
                    .case
                    .promises
                    .iter()
                    .any(|it| it.is_open() && it.promise.matter == answer.matter);
            if matches!(answer.mark, Mark::B | Mark::C) && !promised {
                return Err(Why::MarkNeedsPromise {
                    matter: answer.matter,
                    mark: answer.mark,
                });
            }
        }
        match self
            .case
            .matters
            .iter()
            .find(|matter| !answered.contains_key(&matter.number))
        {
            Some(matter) => Err(Why::MatterUnanswered {
                matter: matter.number,
            }),
            None => Ok(()),
        }
    }

    fn promises(self, ask: &mut Ask<'_>, given: &ReplyAsked<'_>) -> Result<Vec<Promise>, Why> {
        (1u32..)
            .zip(given.commitments)
            .map(|(at, new)| promise(self.case, ask, new, at))
            .collect()
    }

    /// What a reply says, as facts that gates read: mentions in its words, and what its typed parts hold.
    fn says(self, ask: &Ask<'_>, given: &ReplyAsked<'_>) -> Facts {
        let plan = ask.plan();
        let words = given.answers.iter().map(|it| it.text.as_str());
        let actions = given.measures.iter().map(|it| it.action.as_str());
        let mut facts = mentioned(plan, words.chain(actions));
        let measures = given.measures;
        let dated = measures.iter().any(|it| it.by_date.is_some()) || !given.commitments.is_empty();
        let mut say = |name: &str, yes: bool| {
            if plan
                .schema
                .fact(name)
                .is_some_and(|fact| fact.given == Given::Engine)
            {
                facts.insert(name.to_owned(), FactValue::Yes(yes));
            }
        };
        say("has_action", !measures.is_empty());
        say(
            "has_person",
            !measures.is_empty() && measures.iter().all(|it| it.person.is_some()),
        );
        say("dated", dated);
        say("has_contact", !given.contacts.is_empty());
        say(
            "has_basis",
            given.basis.iter().any(|basis| !basis.trim().is_empty()),
        );
        facts
    }
}

/// A co-handler's unit is not made the lead, or named below it: its own part would wait for it.
fn takes_no_part(team: &Team, unit: &UnitId) -> Result<(), Why> {
    match team.parts.iter().any(|part| part.unit == *unit) {
        true => Err(Why::Already {
            what: Thing::Part(unit.clone()),
        }),
        false => Ok(()),
    }
}

/// A reply as it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ReplyAsked<'a> {
    /// By matter.
    pub answers: &'a [Answer],
    /// What is done.
    pub measures: &'a [Measure],
    /// Contacts with the citizen.
    pub contacts: &'a [Contact],
    /// The legal basis.
    pub basis: &'a [String],
    /// The promises.
    pub commitments: &'a [NewCommitment],
    /// Whether it says that it lawfully cannot be done.
    pub explained: bool,
}

/// 交接, within one unit: by the person who has it, or by intake or supervision.
pub(crate) fn hand_over(
    case: &Case,
    ask: &mut Ask<'_>,
    to: &PersonId,
    unit: Option<&UnitId>,
    reason: &Text,
) -> Result<Vec<Event>, Why> {
    let team = case.team().ok_or(Why::Stage)?;
    let unit = unit.unwrap_or(&team.unit);
    let below = team.below.iter().map(|(unit, owner)| (unit, owner));
    let parts = team.parts.iter().map(|part| (&part.unit, &part.owner));
    let mut all = std::iter::once((&team.unit, &team.owner))
        .chain(below)
        .chain(parts);
    let Some((unit, from)) = all.find(|(its, _)| *its == unit) else {
        let below = team.below.iter().map(|(unit, _)| unit);
        let known = std::iter::once(&team.unit).chain(below);
        let known = known.chain(team.parts.iter().map(|part| &part.unit));
        let known = known.map(UnitId::to_string).collect();
        return Err(Why::NotListed {
            what: Thing::Units,
            given: unit.to_string(),
            known,
        });
    };
    ask.is_named(Role::Owner, &[from])?;
    ask.is_named(Role::CoHandler, &[from])?;
    if to == from {
        return Err(Why::Already {
            what: Thing::Person(to.clone()),
        });
    }
    let reason = ask.text("reason", reason)?;
    Ok(vec![Event::HandedOver {
        unit: unit.clone(),
        from: from.clone(),
        to: to.clone(),
        reason,
    }])
}

/// 兑现.
pub(crate) fn fulfil(
    case: &Case,
    ask: &mut Ask<'_>,
    number: u32,
    evidence: &Text,
) -> Result<Vec<Event>, Why> {
    its_owner(case.team().ok_or(Why::Stage)?, ask)?;
    if !case
        .promises
        .iter()
        .any(|it| it.promise.number == number && it.is_open())
    {
        return Err(Why::NoSuch {
            what: Thing::Promise,
            number: u64::from(number),
        });
    }
    Ok(vec![Event::Fulfilled {
        commitment: number,
        evidence: ask.text("evidence", evidence)?,
    }])
}

/// The `at`-th promise that is being made now.
pub(super) fn promise(
    case: &Case,
    ask: &mut Ask<'_>,
    new: &NewCommitment,
    at: u32,
) -> Result<Promise, Why> {
    if !case
        .matters
        .iter()
        .any(|matter| matter.number == new.matter)
    {
        return Err(Why::NoSuch {
            what: Thing::Matter,
            number: u64::from(new.matter),
        });
    }
    if new.by_date < ask.today() {
        return Err(Why::DatePast { date: new.by_date });
    }
    Ok(Promise {
        number: case.promises.len() as u32 + at,
        matter: new.matter,
        action: ask.text("commitment", &new.action)?,
        person: new.person.clone(),
        by_date: new.by_date,
    })
}

/// The owner's own command: by the one named, in the lead unit or in the unit a county named below it.
pub(super) fn its_owner(team: &Team, ask: &Ask<'_>) -> Result<(), Why> {
    let below = team.below.iter().map(|(_, owner)| owner);
    let named: Vec<&PersonId> = std::iter::once(&team.owner).chain(below).collect();
    ask.is_named(Role::Owner, &named)
}
