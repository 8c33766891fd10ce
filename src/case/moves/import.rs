//! 接续登记: taking over a case that another system had. What that system says is checked for what the stage needs and for its order
//! in time, and believed no further.

use std::collections::BTreeSet;

use super::super::ask::Ask;
use super::waiting::extension_rule;
use crate::plan::{Given, PauseKind, Plan, SUPPLEMENT};
use crate::time::Moment;
use crate::words::{
    BoardId, Bound, Deed, Event, ExtendedBefore, Facts, Import, ImportAsked, ImportStage, Origin,
    PauseSide, PersonId, PromisedBefore, StoodStill, TextRef, Thing, Why,
};

/// The first event of a case that is taken over.
pub(crate) fn import(
    ask: &mut Ask<'_>,
    board: &BoardId,
    asked: &ImportAsked,
) -> Result<Vec<Event>, Why> {
    super::intake::place_is_known(ask, &asked.place)?;
    super::intake::written_outside(&asked.channel, asked.origin)?;
    if asked.origin == Origin::Opinion && (asked.citizen.is_some() || asked.contact.is_some()) {
        return Err(Why::NotOffered {
            what: Thing::OpinionOfACitizen,
        });
    }
    for (field, blank) in [
        ("from", asked.from.trim().is_empty()),
        ("history", asked.history.iter().any(|it| it.text.is_blank())),
    ] {
        if blank {
            return Err(Why::Blank {
                what: Thing::Field(field.into()),
            });
        }
    }
    in_bounds(asked)?;
    fits_the_stage(asked)?;
    in_order(ask, asked)?;
    answered_for(ask, asked)?;
    super::intake::units_are_apart(asked.unit.as_ref(), &asked.co_handlers)?;
    promised_once(&asked.promised)?;
    grounds(ask.plan(), asked)?;
    extensions(ask.plan(), &asked.extended)?;
    let stood = stood(ask, asked)?;
    let by: &[Given] = match asked.stage {
        ImportStage::Received => &[Given::Citizen, Given::Host],
        _ => &[Given::Citizen, Given::Host, Given::Intake],
    };
    ask.facts(&asked.facts, by, &Facts::new())?;
    let received_on = asked.received.date(ask.plan().zone);
    let derived = ask.derived_for(
        (&asked.place, &asked.channel, received_on),
        &asked.facts,
        asked.class,
    )?;
    let replied = asked.replied.as_ref().map(|it| it.at);
    let mut case: Import<TextRef, Moment> =
        asked.try_map(replied, |what, text| ask.text(what, text))?;
    case.facts.extend(derived);
    case.pauses = Vec::new();
    // Whoever wrote the reply has handled it too, and reviews none that is given after it.
    let owner = asked.owner.as_ref();
    let wrote = author(asked).filter(|wrote| owner != Some(*wrote));
    case.handlers.extend(wrote.cloned());
    Ok(vec![Event::Imported {
        board: board.clone(),
        case: Box::new(case),
        stood,
    }])
}

fn in_bounds(asked: &ImportAsked) -> Result<(), Why> {
    let counts = [
        (Thing::Matters, asked.matters.len(), 50),
        (Thing::Field("history".into()), asked.history.len(), 200),
        (Thing::Field("pauses".into()), asked.pauses.len(), 50),
        (Thing::Field("returns".into()), asked.returns as usize, 1000),
        (Thing::Field("reopens".into()), asked.reopens as usize, 1000),
    ];
    for (what, many, most) in counts {
        if many > most as usize {
            return Err(Why::Bound {
                what,
                bound: Bound::Most(most),
            });
        }
    }
    Ok(())
}

/// Refuses a stage without what it needs, and what does not belong to it: all at once, so that a list is mended in one go.
fn fits_the_stage(asked: &ImportAsked) -> Result<(), Why> {
    use ImportStage::{Assigned, Received, Replied, Returned};
    let stage = asked.stage;
    let past_intake = matches!(stage, Assigned | Replied | Returned);
    let been_back = asked.returns > 0 || asked.reopens > 0;
    // What, whether it is given, whether the stage needs it, whether the stage can have it.
    let fields = [
        (
            "class",
            asked.class.is_some(),
            stage != Received,
            stage != Received,
        ),
        (
            "screened",
            asked.screened.is_some(),
            false,
            stage != Received,
        ),
        ("unit", asked.unit.is_some(), past_intake, past_intake),
        ("owner", asked.owner.is_some(), past_intake, past_intake),
        (
            "co_handlers",
            !asked.co_handlers.is_empty(),
            false,
            matches!(stage, Assigned | Returned),
        ),
        ("assigned", asked.assigned.is_some(), false, past_intake),
        ("signed", asked.signed, false, past_intake),
        (
            "replied",
            asked.replied.is_some(),
            stage == Replied,
            stage == Replied,
        ),
        (
            "returned",
            asked.returned.is_some(),
            stage == Returned,
            stage == Returned,
        ),
        ("returns", been_back, stage == Returned, past_intake),
    ];
    let named = |those: &dyn Fn(bool, bool, bool) -> bool| -> Vec<String> {
        let all = fields.iter();
        let all = all.filter(|(_, given, needs, can)| those(*given, *needs, *can));
        all.map(|(name, ..)| (*name).to_owned()).collect()
    };
    let lacks = named(&|given, needs, _| needs && !given);
    if !lacks.is_empty() {
        return Err(Why::ImportLacks {
            stage,
            fields: lacks,
        });
    }
    let not_yet = named(&|given, _, can| given && !can);
    match not_yet.is_empty() {
        true => Ok(()),
        false => Err(Why::ImportNotYet {
            stage,
            fields: not_yet,
        }),
    }
}

/// Receipt, screening, assignment, reply or return, import: in this order, and nothing of it in the future.
fn in_order(ask: &Ask<'_>, asked: &ImportAsked) -> Result<(), Why> {
    let steps = [
        ("received", Some(asked.received)),
        ("screened", asked.screened),
        ("assigned", asked.assigned),
        ("replied", asked.replied.as_ref().map(|it| it.at)),
        ("returned", asked.returned.as_ref().map(|it| it.at)),
    ];
    let mut last = Moment::MIN;
    for (field, at) in steps {
        let Some(at) = at else { continue };
        if at < last || at > ask.at {
            return Err(Why::Bound {
                what: Thing::Field(field.into()),
                bound: Bound::InOrder,
            });
        }
        last = at;
    }
    let promised = asked.promised.iter().any(|it| it.due < asked.received);
    let told = asked.history.iter().any(|it| it.at > ask.at);
    for (field, wrong) in [("promised", promised), ("history", told)] {
        if wrong {
            return Err(Why::Bound {
                what: Thing::Field(field.into()),
                bound: Bound::InOrder,
            });
        }
    }
    Ok(())
}

/// Of each clock one thing was promised: of two, one would be left out unseen.
fn promised_once(promised: &[PromisedBefore]) -> Result<(), Why> {
    let mut clocks = BTreeSet::new();
    match promised.iter().all(|it| clocks.insert(it.clock)) {
        true => Ok(()),
        false => Err(Why::Already {
            what: Thing::Field("promised".into()),
        }),
    }
}

/// Who wrote the reply that is taken over, where that is said.
fn author(asked: &ImportAsked) -> Option<&PersonId> {
    asked.replied.as_ref()?.author.as_ref()
}

/// Whoever answers for the import is neither who enters it nor anyone who has handled the case.
fn answered_for(ask: &Ask<'_>, asked: &ImportAsked) -> Result<(), Why> {
    let approver = &asked.approved_by;
    let parts = asked.co_handlers.iter().map(|part| &part.owner);
    let handled: BTreeSet<&PersonId> = asked
        .owner
        .iter()
        .chain(author(asked))
        .chain(parts)
        .chain(&asked.handlers)
        .collect();
    let was = match handled.contains(approver) {
        true => Deed::Handled,
        false if ask.by.persons().any(|person| person == approver) => Deed::Asked,
        false => return Ok(()),
    };
    Err(Why::SamePerson {
        person: approver.clone(),
        was,
    })
}

/// A case comes back on one of the pack's grounds: to be mended, or opened again.
fn grounds(plan: &Plan, asked: &ImportAsked) -> Result<(), Why> {
    let Some(returned) = &asked.returned else {
        return Ok(());
    };
    let redo = plan.redo.grounds.contains(&returned.ground);
    if redo || plan.reopen.grounds.contains(&returned.ground) {
        return Ok(());
    }
    let known = plan.redo.grounds.iter().chain(&plan.reopen.grounds);
    Err(Why::NotListed {
        what: Thing::ReturnGrounds,
        given: returned.ground.clone(),
        known: known.cloned().collect(),
    })
}

/// No more is taken over as extended than the plan lets anybody grant, and no more often; how long, is looked at where it is added.
fn extensions(plan: &Plan, extended: &[ExtendedBefore]) -> Result<(), Why> {
    for it in extended {
        let rule = extension_rule(plan, it.clock)?;
        let its = extended.iter().filter(|other| other.clock == it.clock);
        if its.count() > rule.times as usize {
            let bound = Bound::Times(rule.times);
            return Err(Why::Bound {
                what: Thing::Extension(it.clock),
                bound,
            });
        }
    }
    Ok(())
}

/// The pauses, as the plan has them: its reasons, no longer and no more often than it lets anybody have. One that still lasts needs
/// somebody whose it is: the owner's while the case is handled, the citizen's while intake waits for them.
fn stood(ask: &Ask<'_>, asked: &ImportAsked) -> Result<Vec<StoodStill>, Why> {
    let plan = ask.plan();
    let handled = matches!(asked.stage, ImportStage::Assigned | ImportStage::Returned);
    let screening = matches!(asked.stage, ImportStage::Received | ImportStage::Screened);
    let mut stood: Vec<StoodStill> = Vec::new();
    for pause in &asked.pauses {
        let reason = &pause.reason;
        let Some(rule) = plan.pause(reason) else {
            let known = plan.pauses.iter().map(|rule| rule.reason.clone());
            return Err(Why::NotListed {
                what: Thing::PauseReasons,
                given: reason.clone(),
                known: known.collect(),
            });
        };
        let what = || Thing::Stretch(reason.clone());
        let nobody = asked.origin == Origin::Opinion && rule.side == PauseSide::Citizen;
        if nobody && pause.until.is_none() {
            return Err(Why::NothingPending {
                what: Thing::Citizen,
            });
        }
        let until = pause.until.unwrap_or(ask.at);
        let backwards = pause.until.is_some() && pause.from >= until;
        if pause.from < asked.received || backwards || pause.from > ask.at || until > ask.at {
            return Err(Why::Bound {
                what: what(),
                bound: Bound::StretchSinceReceipt,
            });
        }
        let latest = ask.after_from(pause.from, &rule.most)?;
        let lasts = pause.until.is_none();
        if until > latest || (lasts && latest == ask.at) {
            return Err(Why::Bound {
                what: what(),
                bound: Bound::Span(rule.most.clone()),
            });
        }
        let may_last = match reason == SUPPLEMENT {
            true => screening,
            false => handled && rule.kind == PauseKind::Waits,
        };
        let same = stood.iter().filter(|it| it.reason == *reason);
        if lasts && (!may_last || same.clone().any(|it| it.ended.is_none())) {
            return Err(Why::Bound {
                what: what(),
                bound: Bound::StretchSinceReceipt,
            });
        }
        if same.count() >= rule.times as usize {
            return Err(Why::Bound {
                what: what(),
                bound: Bound::Times(rule.times),
            });
        }
        stood.push(StoodStill {
            reason: reason.clone(),
            side: rule.side,
            from: pause.from,
            until: latest,
            ended: pause.until,
            holds: rule.holds.clone(),
        });
    }
    Ok(stood)
}
