//! The published table of stages, commands and roles against what `decide` does, pair by pair.

use std::collections::{BTreeMap, BTreeSet};

use duly::case::{Case, Decision, decide, evolve};
use duly::plan::Plans;
use duly::time::DayTable;
use duly::words::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::world::{
    Choices, actor, choices, command, envelope, moment, open, persons, plans, play, reply, steps,
};

/// The stage in which the command found the case: after the steps of time, before its own first event.
pub fn advanced(before: &Case, records: &[Record]) -> StageName {
    let mut case = before.clone();
    for record in records.iter().take_while(|record| record.command.is_none()) {
        case = evolve(Some(case), record).unwrap();
    }
    case.stage_name()
}

/// Brings a case to Replied and reviews it with those findings.
pub fn review(plans: &Plans, contacted: bool, vague: bool) -> Result<Decision, Refusal> {
    let at = |n: i64| moment("2026-03-02T09:00:00+08:00").plus(n * 60);
    let mut case: Option<Case> = None;
    let assign = Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: vec![],
    };
    let moves = [
        ("open", actor("citizen", &["citizen"]), open(true, false)),
        (
            "screen",
            actor("intake-1", &["intake"]),
            Command::Screen {
                class: Class::Problem,
                facts: Facts::new(),
            },
        ),
        ("assign", actor("intake-1", &["intake"]), assign),
        (
            "reply",
            actor("owner-1", &["owner"]),
            reply(Mark::A, vague, false, 1, false),
        ),
    ];
    for (n, (id, by, command)) in moves.into_iter().enumerate() {
        case = Some(
            decide(
                case.as_ref(),
                &envelope(id, by, at(n as i64), command),
                plans,
            )
            .unwrap()
            .case,
        );
    }
    let review = Command::Review(Review {
        findings: [("contacted".to_owned(), contacted)].into(),
        return_for: None,
    });
    decide(
        case.as_ref(),
        &envelope("review", actor("reviewer-1", &["reviewer"]), at(9), review),
        plans,
    )
}

/// Brings a case to Reviewed, has it called back, lets the time to rate pass unless the citizen is satisfied, has it
/// rechecked or not, and strikes it off.
pub fn struck_off(
    choices: &Choices,
    satisfied: bool,
    rechecked: bool,
) -> Result<Decision, Refusal> {
    let plans = plans(choices);
    let reviewed = review(&plans, true, false).expect("no gate before publication is shut");
    let mut case = reviewed.case;
    let at = |days: i64| moment("2026-03-02T10:00:00+08:00").plus(days * 86_400);
    let level = satisfied.then_some(Level::Satisfied);
    let result = CallResult::Reached {
        level,
        scores: None,
        said: None,
    };
    let go = |case: &Case, by: (&str, &str), days: i64, command: Command| {
        decide(
            Some(case),
            &envelope("x", actor(by.0, &[by.1]), at(days), command),
            &plans,
        )
    };
    case = go(
        &case,
        ("intake-2", "intake"),
        1,
        Command::CallBack { result },
    )?
    .case;
    if rechecked {
        let evidence = Text::from("到现场看过");
        let recheck = Command::Recheck {
            passed: true,
            evidence,
            findings: BTreeMap::new(),
            return_for: None,
        };
        case = go(&case, ("reviewer-2", "reviewer"), 2, recheck)?.case;
    }
    let strike = Command::StrikeOff {
        outcome: Outcome::Solved,
        matter: None,
    };
    go(&case, ("supervisor-1", "supervisor"), 400, strike)
}

/// The same plans, with a calendar that has been revised since.
fn revised(plans: &Plans) -> Plans {
    let mut notice = DayTable::cn();
    notice.revision = "later".into();
    notice
        .closed
        .insert("2026-03-09".parse().unwrap(), "州庆".into());
    let mut plans = plans.clone();
    plans.revise(notice).unwrap();
    plans
}

fn runner(seed: u8) -> TestRunner {
    TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
    )
}

/// Cases in every stage, from many random histories, always the same ones.
fn cases() -> Vec<(Plans, Case)> {
    let mut runner = runner(7);
    let mut all = Vec::new();
    for _ in 0..300 {
        let choices = choices().new_tree(&mut runner).unwrap().current();
        let steps = steps(90).new_tree(&mut runner).unwrap().current();
        let plans = plans(&choices);
        for tried in play(&plans, &steps).tried {
            if let Ok(decision) = tried.answer {
                all.push((plans.clone(), decision.case));
            }
        }
        // Merging comes seldom by chance, and an answer from the survivor seldomer.
        for stage in [StageName::Received, StageName::Assigned] {
            let fits = |(_, case): &&(Plans, Case)| {
                case.stage_name() == stage
                    && case.follows().is_none()
                    && case.followers().is_empty()
            };
            let Some((plans, case)) = all.iter().rev().take(90).find(fits).cloned() else {
                continue;
            };
            let merge = Command::Merge {
                into: "d".parse().unwrap(),
            };
            let by = actor("intake-1", &["intake"]);
            let Ok(merged) = decide(
                Some(&case),
                &envelope("m", by, case.last_at(), merge),
                &plans,
            ) else {
                continue;
            };
            let case = merged.case;
            let relay = Command::Relay {
                from: "d".parse().unwrap(),
                news: News::Answer {
                    texts: vec!["已修好".into()],
                },
            };
            let system = actor("system", &["system"]);
            let told = decide(
                Some(&case),
                &envelope("n", system, case.last_at(), relay),
                &plans,
            );
            all.push((plans.clone(), case));
            all.extend(told.map(|told| (plans, told.case)));
        }
        // Now and then the next holidays are published while a case is open.
        let open = |(_, case): &&(Plans, Case)| !case.is_closed() && case.clocks().len() > 2;
        let halfway = all.iter().rev().take(30).filter(open).nth(6).cloned();
        all.extend(halfway.map(|(plans, case)| (revised(&plans), case)));
    }
    all
}

// The published table is neither too wide nor too narrow: every pair of stage and command that it lists is accepted
// from some state, by some person; no other pair ever is, by anyone, with any of the shapes tried.
#[test]
fn the_published_table_equals_what_decide_accepts() {
    let mut accepted: BTreeSet<(StageName, CommandName)> = BTreeSet::new();
    let everyone = persons();
    for (n, (plans, case)) in cases().iter().enumerate().step_by(2) {
        for name in CommandName::ALL.iter().copied() {
            let pair = (case.stage_name(), name);
            let listed = name.stages().contains(&pair.0);
            if listed && accepted.contains(&pair) && n % 7 != 0 {
                continue;
            }
            for pick in 0..if listed { 24u16 } else { 3 } {
                let command = command(
                    name,
                    pick.wrapping_mul(7).wrapping_add(n as u16),
                    Some(case),
                    other(plans, case).as_ref(),
                );
                for by in &everyone {
                    let envelope = envelope("try", by.clone(), case.last_at(), command.clone());
                    let Ok(decision) = decide(Some(case), &envelope, plans) else {
                        continue;
                    };
                    let stage = advanced(case, &decision.records);
                    assert!(
                        name.stages().contains(&stage),
                        "`{name}` was accepted while {stage}"
                    );
                    if command.name() == name {
                        accepted.insert((stage, name));
                    }
                }
            }
        }
    }
    let listed: BTreeSet<(StageName, CommandName)> = CommandName::ALL
        .iter()
        .flat_map(|name| name.stages().iter().map(move |stage| (*stage, *name)))
        .collect();
    let missing: Vec<_> = listed.difference(&accepted).collect();
    assert!(missing.is_empty(), "listed but never accepted: {missing:?}");
    let surplus: Vec<_> = accepted.difference(&listed).collect();
    assert!(surplus.is_empty(), "accepted but not listed: {surplus:?}");
}

fn other(plans: &Plans, case: &Case) -> Option<PlanId> {
    plans
        .iter()
        .map(|hand| hand.id.clone())
        .find(|id| id != case.plan())
}

// The random histories are not shallow: every way a case can end, and every deep state that a law speaks of, comes up.
// Without this a law could hold because nothing it forbids was ever near.
#[test]
fn random_histories_reach_every_ending_and_every_deep_state() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut runner = runner(9);
    for _ in 0..1800 {
        let choices = choices().new_tree(&mut runner).unwrap().current();
        let steps = steps(120).new_tree(&mut runner).unwrap().current();
        let history = play(&plans(&choices), &steps);
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

// A command is refused to whoever holds none of its roles, in every stage, and the refusal says which roles may.
#[test]
fn every_role_against_every_command_in_every_stage() {
    let mut tried: BTreeSet<(StageName, CommandName, Role)> = BTreeSet::new();
    for (plans, case) in cases().iter().step_by(11) {
        for name in CommandName::ALL
            .iter()
            .copied()
            .filter(|name| *name != CommandName::Open)
        {
            for role in Role::ALL {
                if name.roles().contains(&role) || !tried.insert((case.stage_name(), name, role)) {
                    continue;
                }
                let by = actor("somebody", &[role.name()]);
                let envelope = envelope(
                    "try",
                    by,
                    case.last_at(),
                    command(name, 1, Some(case), None),
                );
                // Shapes that need another case or plan fall back to a tick.
                if envelope.command.name() != name {
                    continue;
                }
                let refusal = decide(Some(case), &envelope, plans)
                    .expect_err("accepted from a role outside the table");
                match *refusal.why {
                    Why::Role { ref needs, .. } => assert_eq!(needs, name.roles()),
                    Why::Stage => assert!(!name.stages().contains(&case.stage_name())),
                    Why::Follows { .. } => assert!(case.follows().is_some()),
                    ref why => panic!("`{name}` by {role}: {why:?}"),
                }
            }
        }
    }
    assert!(
        tried.len() > 6 * 40 * 5,
        "only {} combinations were reached",
        tried.len()
    );
}

// A role is held at a place: a county's officer acts on that county's cases and on no other's; the prefecture's acts on
// them all.
#[test]
fn roles_reach_as_far_as_their_place() {
    let mut runner = runner(3);
    let choices = choices().new_tree(&mut runner).unwrap().current();
    let plans = plans(&choices);
    let at = moment("2026-03-02T09:00:00+08:00");
    let case = decide(
        None,
        &envelope(
            "open",
            actor("citizen", &["citizen"]),
            at,
            open(true, false),
        ),
        &plans,
    )
    .unwrap()
    .case;
    let screen = |role: &str| {
        let command = Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        };
        decide(
            Some(&case),
            &envelope("screen", actor("officer", &[role]), at, command),
            &plans,
        )
    };
    assert!(screen("intake").is_ok());
    assert!(screen("intake@6325").is_ok());
    assert!(screen("intake@632521").is_ok());
    let refusal = screen("intake@632522").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "cannot `screen` case `c`: it takes the role intake at place 632521"
    );
}

// A merged case takes only what concerns its own citizen and file. Nobody strikes it off; it is struck off once its own citizen has
// the answer of the case that it follows, and that one was struck off with it.
#[test]
fn a26_a_merged_case_stays_open_until_its_citizen_is_told() {
    let mut runner = runner(3);
    let choices = choices().new_tree(&mut runner).unwrap().current();
    let plans = plans(&choices);
    let at = moment("2026-03-02T09:00:00+08:00");
    let go = |case: Option<&Case>, by: Actor, command: Command| {
        decide(case, &envelope("x", by, at, command), &plans)
    };
    let intake = || actor("intake-1", &["intake"]);
    let system = || actor("system", &["system"]);
    let case = go(None, actor("citizen", &["citizen"]), open(true, false))
        .unwrap()
        .case;
    let into: CaseId = "d".parse().unwrap();
    let unmerge = || Command::Unmerge {
        reason: "并错了".into(),
    };
    insta::assert_snapshot!(
        go(Some(&case), intake(), unmerge()).unwrap_err().to_string(),
        @"cannot `unmerge` case `c`: it follows no other case; there is no merging to undo"
    );
    let merge = Command::Merge { into: into.clone() };
    let merged = go(Some(&case), intake(), merge).unwrap().case;
    assert!(!merged.is_closed() && merged.next_alarm().is_some());
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    };
    let refusal = go(Some(&merged), intake(), screen).unwrap_err();
    assert!(matches!(*refusal.why, Why::Follows { .. }), "{refusal}");
    let relay = |news: News<Text>| Command::Relay {
        from: into.clone(),
        news,
    };
    let ended = || {
        relay(News::Ended {
            outcome: Outcome::Solved,
        })
    };
    let answer = || {
        relay(News::Answer {
            texts: vec!["已修好".into()],
        })
    };
    for outcome in [Outcome::Solved, Outcome::Merged] {
        let strike = Command::StrikeOff {
            outcome,
            matter: None,
        };
        let supervisor = actor("supervisor-1", &["supervisor"]);
        assert!(go(Some(&merged), supervisor, strike).is_err());
    }
    // In whichever order the three come, the last strikes it off, and no earlier one does.
    let told = go(Some(&merged), system(), answer()).unwrap().case;
    let heard = go(Some(&told), system(), ended()).unwrap().case;
    let had = |case: &Case| Command::Delivered {
        effect: EffectId {
            case: case.id().clone(),
            version: told.version(),
            index: 0,
        },
    };
    assert!(!told.is_closed() && !heard.is_closed());
    let first = go(Some(&heard), system(), had(&heard)).unwrap();
    let delivered = go(Some(&told), system(), had(&told)).unwrap().case;
    assert!(!delivered.is_closed());
    let second = go(Some(&delivered), system(), ended()).unwrap();
    for closed in [first, second] {
        assert_eq!(closed.case.outcome(), Some(Outcome::Merged));
        let off = |out: &Outgoing| {
            matches!(
                out.effect,
                Effect::Tell {
                    what: Telling::StruckOff,
                    ..
                }
            )
        };
        assert_eq!(closed.outgoing.iter().filter(|out| off(out)).count(), 1);
    }
    // Taken back, or opened again, nothing is left to strike it off by.
    let back = go(Some(&delivered), system(), relay(News::Retracted)).unwrap();
    assert!(
        !go(Some(&back.case), system(), ended())
            .unwrap()
            .case
            .is_closed()
    );
    // On its own again it takes what it took before, and a second time there is nothing to undo.
    let alone = go(Some(&heard), intake(), unmerge()).unwrap().case;
    assert!(alone.follows().is_none());
    assert!(go(Some(&alone), intake(), unmerge()).is_err());
    assert!(go(Some(&alone), system(), answer()).is_err());
}
