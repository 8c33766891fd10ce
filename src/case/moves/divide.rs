//! 分办: a case is divided into parts; what each part has to say; what a sub-case hears of its main case. What waits for what, and
//! until when each is wanted, is in [`subs`](super::super::subs).

use std::collections::BTreeSet;

use super::super::ask::Ask;
use super::super::model::Case;
use super::super::stages::{Sub, SubState};
use super::super::subs::{Wish, lay};
use super::any::set_fact;
use super::handling::{Handling, its_owner};
use super::intake::place_is_known;
use crate::plan::Given;
use crate::time::Moment;
use crate::words::{
    Bound, CaseId, Channel, ClockKind, Command, Event, ExternalId, Facts, NewSub, News, OffWhy,
    Origin, Outcome, PersonId, PlaceCode, StageName, SubAsked, SubKey, SubPlanned, Survivor, Text,
    TextRef, Thing, Why,
};

/// How many parts a case has at most, those that were dropped counted.
const MOST: usize = 200;

/// The ground under which a case is opened again whose part is.
const PART_REOPENED: &str = "分办事项重开";

impl Handling<'_> {
    /// 分办. Who begins at once, and until when each is wanted, is decided here.
    pub fn divide(
        self,
        ask: &mut Ask<'_>,
        bundle: Option<&str>,
        subs: &[NewSub],
    ) -> Result<Vec<Event>, Why> {
        its_owner(self.team, ask)?;
        let case = self.case;
        let wished = wished(ask, bundle, subs)?;
        if wished.is_empty() {
            return Err(Why::Blank {
                what: Thing::Field("subs".into()),
            });
        }
        if case.subs.len() + wished.len() > MOST {
            return Err(Why::Bound {
                what: Thing::Subs,
                bound: Bound::Most(MOST as u32),
            });
        }
        for (at, wish) in wished.iter().enumerate() {
            let twice = wished.iter().take(at).any(|it| it.key == wish.key);
            if twice || case.subs.contains_key(&wish.key) {
                return Err(Why::Already {
                    what: Thing::Sub(wish.key.clone()),
                });
            }
        }
        // The longest way says until when it is answered: there must be a limit that it can shorten.
        let kinds = [ClockKind::Reply, ClockKind::Redo];
        let runs = |kind| case.clock(kind).is_some_and(|clock| clock.is_running());
        if bundle.is_some() && !kinds.into_iter().any(runs) {
            return Err(Why::NoClock {
                clock: ClockKind::Reply,
            });
        }
        let laid = lay(case, ask, &wished, bundle.is_some())?;
        let mut planned = Vec::new();
        for (wish, due) in wished.iter().zip(laid.dues) {
            planned.push(self.planned(ask, wish, due)?);
        }
        Ok(vec![Event::Divided {
            bundle: bundle.map(str::to_owned),
            subs: planned,
            due: laid.whole,
        }])
    }

    fn planned(
        self,
        ask: &mut Ask<'_>,
        wish: &Wish,
        due: Option<Moment>,
    ) -> Result<SubPlanned, Why> {
        let case = self.case;
        let place = wish.place.clone().unwrap_or_else(|| case.place.clone());
        place_is_known(ask, &place)?;
        let lowest = ask.plan().divide.lowest;
        if let Some(lowest) = lowest.filter(|lowest| place.level() > *lowest) {
            return Err(Why::BelowLevel { place, lowest });
        }
        let party = wish.party.clone();
        let own = |at: &PlaceCode| ask.plan().place(at).is_some();
        if party.as_ref().is_some_and(|party| own(&party.place)) {
            return Err(Why::NotOffered {
                what: Thing::OwnParty,
            });
        }
        // What the case was opened with stands where nothing else is said.
        let first = [Given::Citizen, Given::Host];
        let given = |name: &str| {
            let fact = ask.plan().schema.fact(name);
            fact.is_some_and(|fact| first.contains(&fact.given))
        };
        let mut facts: Facts = case.facts.clone();
        facts.retain(|name, _| given(name));
        facts.extend(wish.facts.clone());
        ask.facts(&facts, &first, &Facts::new())?;
        Ok(SubPlanned {
            key: wish.key.clone(),
            case: sub_case(&case.id, &wish.key)?,
            task: ask.text("task", &wish.task)?,
            cites: ask.optional("cites", &wish.cites)?,
            place,
            party,
            after: wish.after.clone(),
            within: wish.within.clone(),
            optional: wish.optional,
            facts,
            due,
        })
    }
}

/// What a part becomes: the main case's id with the part's key.
fn sub_case(main: &CaseId, key: &SubKey) -> Result<CaseId, Why> {
    let id = format!("{main}.{key}");
    id.parse().map_err(|_| Why::TooLong {
        what: Thing::Sub(key.clone()),
        bytes: id.len() as u64,
        most: 128,
    })
}

/// The parts that are asked for: those of the bundle, with what differs, and those besides.
fn wished(ask: &Ask<'_>, bundle: Option<&str>, subs: &[NewSub]) -> Result<Vec<Wish>, Why> {
    let mut all: Vec<Wish> = Vec::new();
    if let Some(name) = bundle {
        let plan = ask.plan();
        let rule = plan.bundle(name).ok_or_else(|| Why::NotListed {
            what: Thing::Bundles,
            given: name.to_owned(),
            known: plan.bundles.iter().map(|it| it.name.clone()).collect(),
        })?;
        all.extend(rule.parts.iter().map(|part| Wish {
            key: part.key.clone(),
            task: part.title.as_str().into(),
            cites: None,
            place: part.place.clone(),
            party: None,
            after: part.after.clone(),
            within: Some(part.within.clone()),
            optional: part.optional,
            facts: Facts::new(),
        }));
    }
    let of_bundle = all.len();
    for sub in subs {
        let own = all.iter_mut().take(of_bundle).find(|it| it.key == sub.key);
        match own {
            // How long a bundle's parts take and what they wait for is the pack's to say.
            Some(_) if sub.within.is_some() || !sub.after.is_empty() || sub.optional => {
                return Err(Why::Already {
                    what: Thing::Sub(sub.key.clone()),
                });
            }
            Some(own) => {
                if let Some(task) = &sub.task {
                    own.task = task.clone();
                }
                own.cites.clone_from(&sub.cites);
                own.party.clone_from(&sub.party);
                own.facts.clone_from(&sub.facts);
                if sub.place.is_some() {
                    own.place.clone_from(&sub.place);
                }
            }
            None => all.push(Wish {
                key: sub.key.clone(),
                task: sub.task.clone().ok_or_else(|| Why::Blank {
                    what: Thing::Field("task".into()),
                })?,
                cites: sub.cites.clone(),
                place: sub.place.clone(),
                party: sub.party.clone(),
                after: sub.after.clone(),
                within: sub.within.clone(),
                optional: sub.optional,
                facts: sub.facts.clone(),
            }),
        }
    }
    Ok(all)
}

/// 子件登记: the first event of a sub-case.
pub(crate) fn open_sub(
    ask: &mut Ask<'_>,
    board: &crate::words::BoardId,
    id: &CaseId,
    asked: &SubAsked,
) -> Result<Vec<Event>, Why> {
    place_is_known(ask, &asked.place)?;
    ask.facts(&asked.facts, &[Given::Citizen, Given::Host], &Facts::new())?;
    let channel: Channel = named(SUB_CHANNEL)?;
    let mut facts = asked.facts.clone();
    facts.extend(ask.derived_first(&asked.place, &channel, &facts)?);
    Ok(vec![Event::Opened {
        board: board.clone(),
        place: asked.place.clone(),
        channel,
        external_id: named::<ExternalId>(id.as_str())?,
        message: ask.text("task", &asked.task)?,
        contact: None,
        citizen: None,
        origin: Origin::Part,
        facts,
        main: Some(asked.main.clone()),
        signal: None,
    }])
}

/// The channel by which sub-cases come in.
pub(crate) const SUB_CHANNEL: &str = "sub_case";
/// The channel by which signals come in.
pub(crate) const SIGNAL_CHANNEL: &str = "signal";

fn named<T: std::str::FromStr>(name: &str) -> Result<T, Why>
where
    T::Err: std::fmt::Display,
{
    name.parse().map_err(|error: T::Err| Why::Fault {
        said: error.to_string(),
    })
}

impl Case {
    /// Refuses what the answer needs and is not settled.
    pub(super) fn parts_are_settled(&self) -> Result<(), Why> {
        let subs = self.subs_wanting();
        match subs.is_empty() {
            true => Ok(()),
            false => Err(Why::PartsOpen { subs }),
        }
    }

    /// Refuses where any part is handled, or may yet be.
    pub(super) fn no_part_is_ahead(&self) -> Result<(), Why> {
        let ahead = self.subs.iter().filter(|(_, sub)| sub.is_ahead());
        let subs: Vec<SubKey> = ahead.map(|(key, _)| key.clone()).collect();
        match subs.is_empty() {
            true => Ok(()),
            false => Err(Why::PartsOpen { subs }),
        }
    }

    /// A part of another case, or one that has parts, does not follow a third one.
    pub(super) fn stands_alone(&self) -> Result<(), Why> {
        let main = self.main.as_ref().map(|main| main.case.clone());
        match main.is_some() || self.subs.values().any(|sub| sub.state != SubState::Dropped) {
            true => Err(Why::NotAlone { main }),
            false => Ok(()),
        }
    }

    /// 撤销分办.
    pub(crate) fn drop_sub(
        &self,
        ask: &mut Ask<'_>,
        key: &SubKey,
        reason: &Text,
    ) -> Result<Vec<Event>, Why> {
        let known = || self.subs.keys().map(SubKey::to_string).collect();
        let sub = self.subs.get(key).ok_or_else(|| Why::NotListed {
            what: Thing::Subs,
            given: key.to_string(),
            known: known(),
        })?;
        ask.apart_from(&self.handlers, crate::words::Deed::Handled)?;
        if sub.is_settled() {
            return Err(Why::Already {
                what: Thing::Sub(key.clone()),
            });
        }
        let reason = ask.text("reason", reason)?;
        Ok(vec![Event::SubDropped {
            sub: key.clone(),
            reason,
            begins: self.begins(ask, key)?,
        }])
    }

    /// 子件反馈. The words become texts of this case, so that what is erased in one stays in the other.
    pub(crate) fn hear(
        &self,
        ask: &mut Ask<'_>,
        from: &CaseId,
        news: &News<Text>,
        handlers: &BTreeSet<PersonId>,
    ) -> Result<Vec<Event>, Why> {
        let its =
            |(_, sub): &(&SubKey, &Sub)| sub.plan.case == *from && sub.state != SubState::Dropped;
        let Some((key, sub)) = self.subs.iter().find(its) else {
            return Err(Why::NotLinked {
                with: Some(from.clone()),
            });
        };
        // What has not begun has nothing to say, and what has ended ends no second time.
        if sub.state == SubState::Waiting {
            return Err(Why::NotLinked {
                with: Some(from.clone()),
            });
        }
        if matches!(news, News::Ended { .. }) && matches!(sub.state, SubState::Ended { .. }) {
            return Err(Why::Already {
                what: Thing::Sub(key.clone()),
            });
        }
        // An answer that was never heard cannot be taken back.
        if matches!(news, News::Retracted) && sub.answer.is_none() {
            return Err(Why::Survivor {
                into: from.clone(),
                is: Survivor::Unanswered,
            });
        }
        let begins = match news {
            News::Ended { outcome } if outcome.settles() => self.begins(ask, key)?,
            _ => Vec::new(),
        };
        let news: News<TextRef> = news.try_map(|text| ask.text("news", text))?;
        let needed = matches!(news, News::Reopened) && !sub.plan.optional;
        let mut events = vec![Event::SubHeard {
            sub: key.clone(),
            news,
            handlers: handlers.clone(),
            begins,
        }];
        // What was answered was not true: it is answered again, and nothing is struck off while it is not solved.
        if needed && self.stage_name() == StageName::Reviewed {
            events.push(Event::Returned {
                ground: PART_REOPENED.to_owned(),
                mend: None,
                findings: Default::default(),
                gates: Vec::new(),
            });
        }
        if needed && self.was_answered() {
            events.push(Event::Reopened {
                ground: PART_REOPENED.to_owned(),
                reason: None,
                begins: self.begins_by_now(ask, Some(key))?,
            });
        }
        Ok(events)
    }

    /// Whether it was struck off with an answer of its own.
    fn was_answered(&self) -> bool {
        self.outcome().is_some_and(Outcome::settles)
    }

    /// 主件限期.
    pub(crate) fn want(&self, main: &CaseId, due: Moment) -> Result<Vec<Event>, Why> {
        let its = self.main.as_ref().filter(|its| its.case == *main);
        match its {
            None => Err(Why::NotLinked {
                with: Some(main.clone()),
            }),
            Some(its) if its.due == Some(due) => Err(Why::Already {
                what: Thing::Field("due".into()),
            }),
            Some(_) => Ok(vec![Event::Wanted { due }]),
        }
    }

    /// 撤件.
    pub(crate) fn call_off(&self, main: &CaseId, why: OffWhy) -> Result<Vec<Event>, Why> {
        match self.main.as_ref().is_some_and(|its| its.case == *main) {
            true if self.called_off => Err(Why::Already {
                what: Thing::Field("call_off".into()),
            }),
            true => Ok(vec![Event::CalledOff { why }]),
            false => Err(Why::NotLinked {
                with: Some(main.clone()),
            }),
        }
    }
}

/// 预警: a signal opens a case, where a rule of the pack heeds it.
pub(crate) fn signal_opens(
    ask: &mut Ask<'_>,
    board: &crate::words::BoardId,
    id: &CaseId,
    command: &Command,
) -> Result<Vec<Event>, Why> {
    let Command::Signal {
        of,
        place,
        words,
        facts,
    } = command
    else {
        return Err(Why::NoCase);
    };
    place_is_known(ask, place)?;
    let plan = ask.plan();
    let rule = plan.signal(&of.indicator).ok_or_else(|| Why::NotListed {
        what: Thing::Signals,
        given: of.indicator.clone(),
        known: plan.signals.iter().map(|it| it.name.clone()).collect(),
    })?;
    ask.facts(facts, &[Given::Citizen, Given::Host], &Facts::new())?;
    let channel: Channel = named(SIGNAL_CHANNEL)?;
    let mut all = facts.clone();
    all.extend(ask.derived_first(place, &channel, facts)?);
    let opened = Event::Opened {
        board: board.clone(),
        place: place.clone(),
        channel,
        external_id: named::<ExternalId>(id.as_str())?,
        message: ask.text("words", words)?,
        contact: None,
        citizen: None,
        origin: Origin::Signal,
        facts: all,
        main: None,
        signal: Some(of.clone()),
    };
    if let Some(when) = &rule.when {
        let row = ask.row_of(id, &opened)?;
        let decided = when.decided(&row);
        if !decided.answer() {
            let reason = decided.reason(&plan.schema);
            return Err(Why::NotHeeded {
                source: plan.source(&rule.rule, &rule.title),
                because: reason.because,
            });
        }
    }
    Ok(vec![opened])
}

impl Case {
    /// 预警又至: while the case is open, or within the window after the signal that opened it.
    pub(crate) fn signal_again(
        &self,
        ask: &mut Ask<'_>,
        of: &crate::words::SignalOf,
        words: &Text,
        facts: &Facts,
    ) -> Result<Vec<Event>, Why> {
        let Some(signal) = self.signal.as_ref().filter(|had| had.of == *of) else {
            return Err(Why::AlreadyOpen);
        };
        let rule = ask.plan().signal(&of.indicator);
        // What was declined or withdrawn has helped nobody: the next one is looked at anew. What was merged is answered with another.
        let following = self.following.as_ref();
        let with_another = following.is_some_and(|it| it.answer.is_some());
        if self.is_closed() && !self.was_answered() && !with_another {
            return Err(Why::SignalPassed { until: self.last });
        }
        if self.is_closed() {
            let until = match rule {
                Some(rule) => ask.after_from(self.received, &rule.window)?,
                None => self.received,
            };
            if ask.at > until {
                return Err(Why::SignalPassed { until });
            }
        }
        ask.facts(facts, &[Given::Citizen, Given::Host], &self.facts)?;
        let mut events = vec![Event::Signalled {
            number: signal.times.saturating_add(1),
            words: ask.text("words", words)?,
            facts: facts.clone(),
        }];
        // What moves has moved.
        let moves = |name: &str| ask.plan().schema.fact(name).is_some_and(|fact| fact.moves);
        let moved = facts.iter().filter(|(name, value)| {
            !self.is_closed() && moves(name) && self.facts.get(*name) != Some(*value)
        });
        let moved: Facts = moved
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (name, value) in &moved {
            events.extend(set_fact(self, ask, name, value)?);
        }
        // They moved together: what is derived is derived from all of them.
        let mut all = ask.derived(self, &moved, None)?;
        for event in &mut events {
            if let Event::FactSet { derived, .. } = event {
                *derived = std::mem::take(&mut all);
            }
        }
        Ok(events)
    }
}
