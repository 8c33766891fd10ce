//! What any open case takes: directions, tracking, moving facts, notes, deliveries, withdrawal.

use super::super::ask::{Ask, of_its_sort};
use std::collections::BTreeSet;

use super::super::model::Case;
use super::super::stages::Clock;
use super::super::view::Stage;
use super::handling::hand_over;
use crate::plan::{Given, SUPPLEMENT};
use crate::time::{Moment, Span};
use crate::words::{
    Bound, Channel, ClockKind, Deed, EffectId, Event, FactValue, Facts, NewPart, Role, StageName,
    Text, TextRef, Thing, Why,
};

/// 撤回, from any open stage, by the citizen's own words.
pub(crate) fn withdraw(case: &Case, ask: &mut Ask<'_>, evidence: &Text) -> Result<Vec<Event>, Why> {
    case.is_its_citizen(ask)?;
    // A part of another case has no citizen who could; that case drops it.
    if case.main.is_some() {
        return Err(Why::NothingPending {
            what: Thing::Citizen,
        });
    }
    // An officer who handles it cannot report that the citizen no longer wants it.
    ask.apart_from(&case.handlers, Deed::Handled)?;
    let evidence = ask.text("evidence", evidence)?;
    // The citizen's own word is enough; anyone else's takes a second person, as declining does.
    let own = ask.by.role == Role::Citizen && case.citizen.is_some();
    if !own && case.withdrawal.is_empty() {
        return Ok(vec![Event::WithdrawalProposed { evidence }]);
    }
    if !own {
        ask.apart_from(&case.withdrawal, Deed::Proposed)?;
    }
    Ok(vec![Event::Withdrawn { evidence }])
}

/// 批示.
pub(crate) fn direct(
    case: &Case,
    ask: &mut Ask<'_>,
    words: &Text,
    within: &Option<Span>,
    track: bool,
    lead: &Option<NewPart>,
) -> Result<Vec<Event>, Why> {
    let mut events = match lead {
        Some(lead) => given_to(case, ask, lead, words)?,
        None => Vec::new(),
    };
    // Who is given it by this very direction has a reply clock from now on.
    let starts = case.stage_name() == StageName::Received && !events.is_empty();
    if let Some(span) = within.as_ref().filter(|_| !starts) {
        ask.after(span)?;
        // A shorter time needs a clock to shorten; said too early or while it waits, it would be lost.
        let clocks = [ClockKind::Reply, ClockKind::Redo];
        if !clocks
            .iter()
            .any(|kind| case.clock(*kind).is_some_and(|clock| clock.is_running()))
        {
            return Err(Why::NoClock {
                clock: ClockKind::Reply,
            });
        }
    }
    events.push(Event::Directed {
        words: ask.text("words", words)?,
        within: within.clone(),
    });
    if track && !case.tracked {
        events.push(Event::Tracked { reason: None });
    }
    Ok(events)
}

/// The lead that a direction names: the same unit and person keep it, others get it the way that the stage has.
fn given_to(
    case: &Case,
    ask: &mut Ask<'_>,
    lead: &NewPart,
    words: &Text,
) -> Result<Vec<Event>, Why> {
    let NewPart { unit, owner } = lead;
    match (case.stage(), case.team()) {
        (_, Some(team)) if team.unit == *unit && team.owner == *owner => Ok(Vec::new()),
        (Stage::Received(it), _) => it.assign(ask, unit, owner, &[]),
        (Stage::Assigned(_) | Stage::Returned(_), Some(team)) if team.unit == *unit => {
            hand_over(case, ask, owner, None, words)
        }
        (Stage::Assigned(it), _) => it.transfer(ask, unit, owner, words),
        (Stage::Returned(it), _) => it.assign(ask, unit, owner, &[]),
        // What was replied is being judged: whoever is to do it otherwise gets it when it comes back.
        _ => Err(Why::NotOffered { what: Thing::Lead }),
    }
}

/// 督办.
pub(crate) fn track(case: &Case, ask: &mut Ask<'_>, reason: &Text) -> Result<Vec<Event>, Why> {
    if case.tracked {
        return Err(Why::Already {
            what: Thing::Tracking,
        });
    }
    Ok(vec![Event::Tracked {
        reason: Some(ask.text("reason", reason)?),
    }])
}

/// 解除督办.
pub(crate) fn untrack(case: &Case, ask: &mut Ask<'_>, reason: &Text) -> Result<Vec<Event>, Why> {
    if !case.tracked {
        return Err(Why::NothingPending {
            what: Thing::Tracking,
        });
    }
    Ok(vec![Event::Untracked {
        reason: ask.text("reason", reason)?,
    }])
}

/// 报告进展.
pub(crate) fn report(case: &Case, ask: &mut Ask<'_>, text: &Text) -> Result<Vec<Event>, Why> {
    super::handling::its_owner(case.team().ok_or(Why::Stage)?, ask)?;
    if !case.tracked {
        return Err(Why::NothingPending {
            what: Thing::Tracking,
        });
    }
    Ok(vec![Event::Reported {
        text: ask.text("text", text)?,
    }])
}

/// A fact that moves has moved. Never by the handler: the role comes from the table, the giver from the pack.
pub(crate) fn set_fact(
    case: &Case,
    ask: &Ask<'_>,
    name: &str,
    value: &FactValue,
) -> Result<Vec<Event>, Why> {
    let schema = &ask.plan().schema;
    let Some(fact) = schema.fact(name) else {
        return Err(Why::FactUnknown {
            fact: name.to_owned(),
            near: schema.near(name),
        });
    };
    let giver = match fact.given {
        Given::Host => Role::System,
        Given::Intake => Role::Intake,
        Given::Derived if ask.hand.derivers.is_by_hand(name) => Role::System,
        _ => {
            return Err(Why::FactNotGivenHere {
                fact: name.to_owned(),
                given_by: fact.given.say().to_owned(),
            });
        }
    };
    if !fact.moves {
        return Err(Why::NotOffered {
            what: Thing::FactChange(name.to_owned()),
        });
    }
    if ask.by.role != giver {
        return Err(Why::Role {
            needs: vec![giver],
            place: case.place.clone(),
        });
    }
    ask.apart_from(&case.handlers, Deed::Handled)?;
    of_its_sort(fact, value)?;
    let given = Facts::from([(name.to_owned(), value.clone())]);
    Ok(vec![Event::FactSet {
        name: name.to_owned(),
        value: value.clone(),
        derived: ask.derived(case, &given, None)?,
    }])
}

/// 附注.
pub(crate) fn note(ask: &mut Ask<'_>, text: &Text) -> Result<Vec<Event>, Why> {
    Ok(vec![Event::Noted {
        text: ask.text("text", text)?,
    }])
}

/// 更正: the wrong entry stays; this stands beside it. Not by anyone who handled the case. If it was recorded late, what clocks made
/// of it is set right too: that is the only way, and it never takes a verdict away.
pub(crate) fn correct(
    case: &Case,
    ask: &mut Ask<'_>,
    version: u64,
    text: &Text,
    took_effect: Option<Moment>,
) -> Result<Vec<Event>, Why> {
    if version == 0 || version > case.version {
        return Err(Why::NoSuch {
            what: Thing::Entry,
            number: version,
        });
    }
    ask.apart_from(&case.handlers, Deed::Handled)?;
    let until = match took_effect {
        Some(at) => case.can_have_been(version, at, ask)?,
        None => None,
    };
    Ok(vec![Event::Corrected {
        version,
        text: ask.text("text", text)?,
        took_effect,
        until,
    }])
}

impl Case {
    /// Refuses a moment for an entry on which no clock depends, or at which it cannot have happened. Gives when a pause that it began
    /// ends by that, where nobody has ended it.
    fn can_have_been(
        &self,
        version: u64,
        at: Moment,
        ask: &Ask<'_>,
    ) -> Result<Option<Moment>, Why> {
        let now = ask.at;
        let stopped = |clock: &Clock| clock.verdicts.iter().any(|it| it.entry == version);
        let judged = self.clocks.iter().filter(|clock| stopped(clock));
        let mut bounds: Vec<(Moment, Moment)> = judged.map(|clock| (clock.started, now)).collect();
        for pause in &self.pauses {
            if pause.begun_by == version {
                bounds.push((self.received, pause.ended.unwrap_or(now).plus(-1)));
            }
            if pause.ended_by == Some(version) {
                bounds.push((pause.from.plus(1), now));
            }
        }
        if bounds.is_empty() {
            return Err(Why::NotOffered {
                what: Thing::MomentOf(version),
            });
        }
        if bounds.iter().any(|(from, to)| at < *from || at > *to) {
            return Err(Why::Bound {
                what: Thing::Entry,
                bound: Bound::InOrder,
            });
        }
        // Set right, a pause is no longer than the pack lets any be, so far and at its end.
        let mut lasts_until = None;
        for pause in &self.pauses {
            let from = if pause.begun_by == version {
                at
            } else {
                pause.from
            };
            let until = if pause.ended_by == Some(version) {
                Some(at)
            } else {
                pause.ended
            };
            if from == pause.from && until == pause.ended {
                continue;
            }
            let so_far = until.unwrap_or(now);
            let what = Thing::Pause(pause.reason.clone());
            let most = match ask.plan().pause(&pause.reason) {
                Some(rule) => rule.most.clone(),
                None if pause.reason == SUPPLEMENT => ask.plan().supplement_within(),
                // The plan of before let it be that long.
                None if from >= pause.from && so_far <= pause.until => continue,
                None => return Err(Why::NotOffered { what }),
            };
            let latest = ask.after_from(from, &most)?;
            let lasts = until.is_none();
            if so_far > latest || (lasts && so_far == latest) {
                let bound = Bound::Span(most);
                return Err(Why::Bound { what, bound });
            }
            if lasts {
                lasts_until = Some(latest);
            }
        }
        Ok(lasts_until)
    }
}

/// 适用新日历.
pub(crate) fn adopt_calendar(case: &Case, ask: &Ask<'_>) -> Result<Vec<Event>, Why> {
    let to = ask.hand.calendar.revision();
    let live = case.clocks.iter().filter(|clock| clock.is_live());
    let from: BTreeSet<&String> = live
        .map(|clock| &clock.schedule.calendar)
        .filter(|revision| *revision != to)
        .collect();
    if from.is_empty() {
        return Err(Why::Already {
            what: Thing::ThatCalendar,
        });
    }
    Ok(vec![Event::CalendarAdopted {
        from: from.into_iter().cloned().collect(),
        to: to.to_owned(),
    }])
}

/// 送达.
pub(crate) fn deliver(case: &Case, effect: &EffectId) -> Result<Vec<Event>, Why> {
    its_own(case, effect)?;
    Ok(vec![Event::Delivered {
        effect: effect.clone(),
    }])
}

/// 未送达.
pub(crate) fn undeliver(
    case: &Case,
    ask: &mut Ask<'_>,
    effect: &EffectId,
    why: &Text,
    instead: &Option<Channel>,
) -> Result<Vec<Event>, Why> {
    its_own(case, effect)?;
    let why = ask.text("why", why)?;
    Ok(vec![Event::Undelivered {
        effect: effect.clone(),
        why,
        instead: instead.clone(),
    }])
}

fn its_own(case: &Case, effect: &EffectId) -> Result<(), Why> {
    if !case.has_told(effect) {
        return Err(Why::NoSuch {
            what: Thing::Effect,
            number: effect.version,
        });
    }
    Ok(())
}

/// 删除个人信息.
pub(crate) fn redact(fields: &[TextRef], basis: &str) -> Result<Vec<Event>, Why> {
    if basis.trim().is_empty() {
        return Err(Why::Blank {
            what: Thing::Field("basis".into()),
        });
    }
    if fields.is_empty() {
        return Err(Why::Blank {
            what: Thing::Field("fields".into()),
        });
    }
    Ok(vec![Event::Redacted {
        fields: fields.to_vec(),
        basis: basis.to_owned(),
    }])
}
