//! How far random histories go. A law holds of nothing where no history ever comes near to what it forbids.

use std::collections::BTreeMap;

use duly::words::*;
use proptest::strategy::{Strategy, ValueTree};

use crate::history;
use crate::table::{advanced, runner};
use crate::world::{History, choices, steps};

/// So many random histories, always the same ones.
fn histories(seed: u8, number: usize) -> impl Iterator<Item = History> {
    let mut runner = runner(seed);
    (0..number).map(move |_| {
        let choices = choices().new_tree(&mut runner).unwrap().current();
        let steps = steps(120).new_tree(&mut runner).unwrap().current();
        history(&choices, &steps)
    })
}

// The random histories are not shallow: every way a case can end, and every deep state that a law speaks of, comes up.
// Without this a law could hold because nothing it forbids was ever near.
#[test]
fn random_histories_reach_every_ending_and_every_deep_state() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for history in histories(9, 3600) {
        let mut note = |what: &str| *seen.entry(what.to_owned()).or_default() += 1;
        for record in &history.records {
            match &record.event {
                Event::StepTaken {
                    deferred_from: Some(_),
                    ..
                } => note("step put off"),
                Event::ClockProjected {
                    why: ProjectedFor::Extended,
                    schedule,
                    ..
                } if !schedule.rearmed.is_empty() => note("rung armed again"),
                _ => {}
            }
            match &record.event {
                Event::StruckOff { outcome, .. } => note(&format!("struck off {outcome}")),
                Event::MatterStruckOff { .. } => note("one matter struck off"),
                Event::Declined { .. } => note("declined"),
                Event::Withdrawn { .. } => note("withdrawn"),
                Event::Merged { .. } => note("merged"),
                Event::Unmerged { why, .. } => note(&format!("unmerged {why:?}")),
                Event::Joined { .. } => note("joined"),
                Event::Divided {
                    bundle: Some(_), ..
                } => note("divided as a bundle"),
                Event::Divided { .. } => note("divided"),
                Event::SubHeard { begins, .. } if !begins.is_empty() => note("the next part begun"),
                Event::SubHeard {
                    news: News::NotOpened,
                    ..
                } => note("a part not opened"),
                Event::SubHeard { .. } => note("heard of a part"),
                Event::SubDropped { .. } => note("part dropped"),
                Event::SubsWanted { .. } => note("parts wanted at another time"),
                Event::Wanted { .. } => note("wanted at another time"),
                Event::CalledOff { .. } => note("called off"),
                Event::Signalled { .. } => note("the signal again"),
                Event::Opened {
                    origin: Origin::Part,
                    ..
                } => note("opened as a part"),
                Event::Opened {
                    origin: Origin::Signal,
                    ..
                } => note("opened by a signal"),
                Event::Left { .. } => note("left"),
                Event::Relayed { .. } => note("told of the survivor"),
                Event::Reopened { reason: None, .. } => note("reopened by a late rating"),
                Event::Reopened { .. } => note("reopened"),
                Event::Rechecked { .. } => note("rechecked"),
                Event::Fulfilled { .. } => note("promise kept"),
                Event::CoReplied { .. } => note("part delivered"),
                Event::Ruled { .. } => note("ruled"),
                Event::ExtensionCounted { .. } => note("extended"),
                Event::ExtensionLapsed { .. } => note("told of an extension too late"),
                Event::Excluded { .. } => note("time excluded"),
                Event::VerdictCorrected { .. } => note("verdict corrected"),
                Event::Resumed { lapsed: true, .. } => note("pause lapsed"),
                Event::Signed { deemed: true } => note("deemed signed"),
                Event::ObjectionLapsed {} => note("objection lapsed"),
                Event::Rated { rating, .. } if rating.is_unsatisfied() => note("unsatisfied"),
                Event::Rated { rating, .. } if rating.is_satisfied() => note("satisfied"),
                Event::PassedFirst { .. } => note("passed the first of two reviews"),
                Event::Published { .. } => note("published"),
                Event::Rated {
                    rating: Rating::NotGiven,
                    ..
                } => note("silence"),
                Event::Rated {
                    rating: Rating::AutoByTimeout,
                    ..
                } => note("automatic rating"),
                Event::PlanAdopted { .. } => note("plan adopted"),
                Event::CountReached { .. } => note("count reached"),
                Event::Tracked { .. } => note("tracked"),
                Event::Supplemented { .. } => note("supplemented"),
                Event::SubAssigned { .. } => note("assigned below"),
                Event::ClockProjected { why, .. } => note(&format!("projected {why:?}")),
                Event::StepTaken {
                    step: StepKey::Overdue { occurrence: 3 },
                    ..
                } => note("overdue three times"),
                Event::StepTaken {
                    step: StepKey::Infeasible,
                    fate: StepFate::Skipped { .. },
                    ..
                } => note("infeasible, but a reply is there"),
                Event::StepTaken {
                    step: StepKey::Infeasible,
                    ..
                } => note("infeasible"),
                Event::StepTaken {
                    step: StepKey::PromiseMissed,
                    ..
                } => note("promise missed"),
                Event::StepTaken {
                    step: StepKey::Overdue { .. },
                    fate: StepFate::Coalesced { .. },
                    ..
                } => note("overdue notice coalesced"),
                Event::StepTaken {
                    fate: StepFate::Coalesced { .. },
                    ..
                } => note("rung coalesced"),
                Event::StepTaken {
                    fate: StepFate::Skipped { .. },
                    ..
                } => note("rung skipped"),
                Event::StepTaken {
                    fate: StepFate::Voided { .. },
                    ..
                } => note("rung void"),
                _ => {}
            }
        }
        if let Some(case) = &history.case {
            if case.returns() >= 3 {
                note("third return");
            }
            if case
                .pauses()
                .iter()
                .filter(|pause| pause.ended.is_some())
                .count()
                >= 2
            {
                note("paused twice");
            }
            if case.cycle() >= 3 {
                note("third cycle");
            }
        }
    }
    let wanted = [
        "struck off solved",
        "struck off explained",
        "struck off answered",
        "struck off adopted",
        "struck off merged",
        "one matter struck off",
        "declined",
        "withdrawn",
        "merged",
        "unmerged Undone",
        "unmerged Withdrawn",
        "joined",
        "left",
        "told of the survivor",
        "projected Joined",
        "projected Unmerged",
        "reopened",
        "reopened by a late rating",
        "rechecked",
        "promise kept",
        "part delivered",
        "ruled",
        "extended",
        "pause lapsed",
        "deemed signed",
        "objection lapsed",
        "silence",
        "automatic rating",
        "plan adopted",
        "count reached",
        "tracked",
        "supplemented",
        "assigned below",
        "projected Resumed",
        "projected Extended",
        "projected Directed",
        "projected FactMoved",
        "projected PlanAdopted",
        "projected Reopened",
        "projected Restarted",
        "projected Excluded",
        "projected Corrected",
        "told of an extension too late",
        "time excluded",
        "verdict corrected",
        "overdue three times",
        "rung skipped",
        "rung void",
        "rung coalesced",
        "overdue notice coalesced",
        "step put off",
        "rung armed again",
        "infeasible",
        "divided as a bundle",
        "divided",
        "the next part begun",
        "a part not opened",
        "heard of a part",
        "part dropped",
        "parts wanted at another time",
        "wanted at another time",
        "called off",
        "the signal again",
        "opened as a part",
        "opened by a signal",
        "infeasible, but a reply is there",
        "promise missed",
        "third return",
        "paused twice",
        "third cycle",
        "unsatisfied",
        "satisfied",
        "passed the first of two reviews",
        "published",
    ];
    println!("{seen:?}");
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|what| !seen.contains_key(*what))
        .collect();
    assert!(
        missing.is_empty(),
        "never reached: {missing:?}; reached: {seen:?}"
    );
}

/// How often a command met a stage, and what came of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Met {
    accepted: usize,
    refused: usize,
}

// Random histories ask every command in every stage. What the published table lists is accepted there and, other than what time does,
// refused there too (for a gate, a person, a bound); what it does not list is asked all the same, and always refused. So no
// law about a pair of stage and command holds only because the pair never came up.
#[test]
fn every_command_is_tried_in_every_stage() {
    let mut met: BTreeMap<(StageName, CommandName), Met> = BTreeMap::new();
    for history in histories(11, 3600) {
        for tried in &history.tried {
            let Some(before) = &tried.before else {
                continue;
            };
            let name = tried.envelope.command.name();
            match &tried.answer {
                Ok(decision) => {
                    let stage = advanced(before, &decision.records);
                    met.entry((stage, name)).or_default().accepted += 1;
                }
                Err(refusal) => {
                    met.entry((refusal.stage.unwrap(), name))
                        .or_default()
                        .refused += 1;
                }
            }
        }
    }
    let mut wrong = Vec::new();
    for name in CommandName::ALL.iter().copied() {
        for stage in StageName::ALL.iter().copied() {
            let met = met.get(&(stage, name)).copied().unwrap_or_default();
            let fits = match name.stages().contains(&stage) {
                true => met.accepted > 0 && (met.refused > 0 || name == CommandName::Tick),
                false => met.accepted == 0 && met.refused > 0,
            };
            println!(
                "{stage} {name}: {} accepted, {} refused",
                met.accepted, met.refused
            );
            if !fits {
                wrong.push(format!("{stage} {name}: {met:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
