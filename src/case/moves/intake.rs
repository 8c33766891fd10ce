//! 受理: opening, screening, asking the citizen, declining, assigning.

use std::collections::BTreeSet;

use super::super::ask::Ask;
use super::super::model::Case;
use super::super::stages::Received;
use super::super::view::In;
use crate::plan::{Given, PauseRule, SUPPLEMENT};
use crate::words::{
    BoardId, Bound, Channel, Class, Command, DeclineGround, Deed, Event, Facts, Lang, NewPart,
    Origin, Part, PersonId, PlaceCode, Role, Text, Thing, UnitId, Why,
};

/// 登记: the first event of a case.
pub(crate) fn open(
    ask: &mut Ask<'_>,
    board: &BoardId,
    command: &Command,
) -> Result<Vec<Event>, Why> {
    let Command::Open {
        place,
        channel,
        external_id,
        message,
        contact,
        citizen,
        origin,
        facts,
    } = command
    else {
        return Err(Why::NoCase);
    };
    place_is_known(ask, place)?;
    written_outside(channel, *origin)?;
    // Opinion has no citizen; whoever writes as one, or can be reached, is owed an answer.
    let somebody = ask.by.role == Role::Citizen || citizen.is_some() || contact.is_some();
    if !origin.has_citizen() && somebody {
        return Err(Why::NotOffered {
            what: Thing::OpinionOfACitizen,
        });
    }
    ask.facts(facts, &[Given::Citizen, Given::Host], &Facts::new())?;
    let mut facts = facts.clone();
    facts.extend(ask.derived_first(place, channel, &facts)?);
    // A citizen who opens is the citizen of the case, unless they say otherwise.
    let own = (ask.by.role == Role::Citizen).then(|| ask.by.id.clone());
    Ok(vec![Event::Opened {
        board: board.clone(),
        place: place.clone(),
        channel: channel.clone(),
        external_id: external_id.clone(),
        message: ask.text("message", message)?,
        contact: ask.optional("contact", contact)?,
        citizen: citizen.clone().or(own),
        origin: *origin,
        facts,
        main: None,
        signal: None,
    }])
}

/// Refuses what nobody outside writes: parts and signals come in by commands of their own, and by channels of their own.
pub(super) fn written_outside(channel: &Channel, origin: Origin) -> Result<(), Why> {
    let own = [super::divide::SUB_CHANNEL, super::divide::SIGNAL_CHANNEL];
    if own.contains(&channel.as_str()) {
        return Err(Why::NotOffered {
            what: Thing::Field("channel".into()),
        });
    }
    if matches!(origin, Origin::Part | Origin::Signal) {
        return Err(Why::NotOffered {
            what: Thing::Field("origin".into()),
        });
    }
    Ok(())
}

/// Refuses a place of which no pack knows.
pub(super) fn place_is_known(ask: &Ask<'_>, place: &PlaceCode) -> Result<(), Why> {
    let plan = ask.plan();
    match plan.place(place) {
        Some(_) => Ok(()),
        None => Err(Why::UnknownPlace {
            place: place.clone(),
            known: plan.places.iter().map(|it| it.code.clone()).collect(),
        }),
    }
}

impl In<'_, Received> {
    /// 受理分类.
    pub fn screen(self, ask: &mut Ask<'_>, class: Class, facts: &Facts) -> Result<Vec<Event>, Why> {
        if self.data.screened {
            return Err(Why::Already {
                what: Thing::Screening,
            });
        }
        ask.facts(facts, &[Given::Intake], &self.case.facts)?;
        let mut facts = facts.clone();
        facts.extend(ask.derived(self.case, &facts, Some(class))?);
        let proposed = ask
            .plan()
            .classify
            .as_ref()
            .and_then(|rule| *rule.answer(&ask.row(self.case, &facts)));
        let mut events = self.stops_waiting();
        events.push(Event::Screened {
            class,
            proposed,
            facts,
        });
        Ok(events)
    }

    /// 列出清单.
    pub fn list(self, ask: &mut Ask<'_>, matters: &[Text]) -> Result<Vec<Event>, Why> {
        if matters.is_empty() {
            return Err(Why::Blank {
                what: Thing::Matters,
            });
        }
        if matters.len() > 50 {
            return Err(Why::Bound {
                what: Thing::Matters,
                bound: Bound::Most(50),
            });
        }
        let matters = matters
            .iter()
            .map(|text| ask.text("matter", text))
            .collect::<Result<_, _>>()?;
        Ok(vec![Event::Listed { matters }])
    }

    /// 补正.
    pub fn ask_citizen(self, ask: &mut Ask<'_>, question: &Text) -> Result<Vec<Event>, Why> {
        self.case.citizen_can_answer()?;
        if self.data.waiting {
            return Err(Why::Already {
                what: Thing::Question,
            });
        }
        let rule = ask.plan().pause(SUPPLEMENT);
        let asked = self
            .case
            .pauses
            .iter()
            .filter(|pause| pause.reason == SUPPLEMENT)
            .count() as u32;
        let times = rule.map_or(1, |rule: &PauseRule| rule.times);
        if asked >= times {
            return Err(Why::Bound {
                what: Thing::Asking,
                bound: Bound::Times(times),
            });
        }
        ask.only_when(
            self.case,
            rule.and_then(|rule| rule.when.as_ref()),
            Thing::Asking,
        )?;
        Ok(vec![Event::AskedCitizen {
            question: ask.text("question", question)?,
            until: ask.after(&ask.plan().supplement_within())?,
        }])
    }

    /// 补充.
    pub fn supplement(self, ask: &mut Ask<'_>, answer: &Text) -> Result<Vec<Event>, Why> {
        if !self.data.waiting {
            return Err(Why::NothingPending {
                what: Thing::Question,
            });
        }
        self.case.is_its_citizen(ask)?;
        let answer = ask.text("answer", answer)?;
        Ok(vec![
            Event::Supplemented { answer },
            Event::Resumed {
                reason: SUPPLEMENT.to_owned(),
                lapsed: false,
            },
        ])
    }

    /// 交办.
    pub fn assign(
        self,
        ask: &mut Ask<'_>,
        unit: &UnitId,
        owner: &PersonId,
        co_handlers: &[NewPart],
    ) -> Result<Vec<Event>, Why> {
        if !self.data.screened {
            return Err(Why::NotScreened);
        }
        let _ = ask;
        let mut events = self.stops_waiting();
        events.push(assigned(unit, owner, co_handlers)?);
        Ok(events)
    }

    /// Whoever goes on without the citizen's answer no longer waits for it.
    fn stops_waiting(self) -> Vec<Event> {
        let waits = self.data.waiting.then(|| Event::Resumed {
            reason: SUPPLEMENT.to_owned(),
            lapsed: false,
        });
        waits.into_iter().collect()
    }
}

/// Refuses a unit that is named twice.
pub(super) fn units_are_apart(unit: Option<&UnitId>, co_handlers: &[NewPart]) -> Result<(), Why> {
    let mut units: BTreeSet<&UnitId> = unit.into_iter().collect();
    for part in co_handlers {
        if !units.insert(&part.unit) {
            return Err(Why::Already {
                what: Thing::Unit(part.unit.clone()),
            });
        }
    }
    Ok(())
}

pub(super) fn assigned(
    unit: &UnitId,
    owner: &PersonId,
    co_handlers: &[NewPart],
) -> Result<Event, Why> {
    units_are_apart(Some(unit), co_handlers)?;
    let part = |new: &NewPart| Part {
        unit: new.unit.clone(),
        owner: new.owner.clone(),
        reply: None,
    };
    Ok(Event::Assigned {
        unit: unit.clone(),
        owner: owner.clone(),
        parts: co_handlers.iter().map(part).collect(),
    })
}

impl Case {
    /// 不予受理: the first person proposes, another confirms.
    pub(crate) fn decline(
        &self,
        ask: &mut Ask<'_>,
        ground: DeclineGround,
        told: &Text,
        facts: &Facts,
    ) -> Result<Vec<Event>, Why> {
        // Whoever works on a part would work for nobody.
        self.no_part_is_ahead()?;
        let plan = ask.plan();
        let Some(rule) = plan.declines.iter().find(|rule| rule.ground == ground) else {
            let zh = plan.labels == Lang::Zh;
            let name = |g: DeclineGround| if zh { g.zh() } else { g.name() }.to_owned();
            let known = plan.declines.iter().map(|rule| name(rule.ground)).collect();
            return Err(Why::NotListed {
                what: Thing::DeclineGrounds,
                given: name(ground),
                known,
            });
        };
        for (name, value) in facts {
            let Some(fact) = plan.schema.fact(name) else {
                return Err(Why::FactUnknown {
                    fact: name.clone(),
                    near: plan.schema.near(name),
                });
            };
            if fact.given != Given::Intake {
                return Err(Why::FactNotGivenHere {
                    fact: name.clone(),
                    given_by: fact.given.say().to_owned(),
                });
            }
            super::super::ask::of_its_sort(fact, value)?;
        }
        // What the first person gave counts with the second, for the same ground.
        let mut facts = facts.clone();
        if let Some(draft) = self.decline.as_ref().filter(|draft| draft.ground == ground) {
            for (name, value) in &draft.facts {
                facts.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        let mut read = facts.clone();
        read.extend(ask.derived(self, &facts, None)?);
        let row = ask.row(self, &read);
        let decided = rule.when.decided(&row);
        if !decided.answer() {
            let words = format!("{}:条件不成立", ground.zh());
            return Err(Why::Rule {
                source: plan.source(&rule.when.rule, &words),
                because: decided.path().because(&plan.schema),
            });
        }
        let told = ask.text("told", told)?;
        match &self.decline {
            Some(draft) if draft.ground == ground => {
                ask.apart_from(&draft.by, Deed::Proposed)?;
                Ok(vec![Event::Declined { ground, told }])
            }
            _ => Ok(vec![Event::DeclineProposed {
                ground,
                told,
                facts: facts.clone(),
            }]),
        }
    }

    /// Somebody can be asked, or waited for: a citizen wrote it, or of a part its main case.
    pub(super) fn citizen_can_answer(&self) -> Result<(), Why> {
        match self.origin.has_citizen() || self.main.is_some() {
            true => Ok(()),
            false => Err(Why::NothingPending {
                what: Thing::Citizen,
            }),
        }
    }

    /// A citizen's own command: by the citizen of the case, where the case knows who that is.
    pub(crate) fn is_its_citizen(&self, ask: &Ask<'_>) -> Result<(), Why> {
        // Nobody wrote a part or a signal.
        let nobody = matches!(self.origin, Origin::Part | Origin::Signal);
        if nobody && ask.by.role == Role::Citizen {
            return Err(Why::NothingPending {
                what: Thing::Citizen,
            });
        }
        match &self.citizen {
            Some(citizen) => ask.is_named(Role::Citizen, &[citizen]),
            None => Ok(()),
        }
    }
}
