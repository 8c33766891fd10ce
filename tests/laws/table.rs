//! The published table of stages, commands and roles against what `decide` does, pair by pair.

use std::collections::{BTreeMap, BTreeSet};

use duly::case::{Case, Decision, decide, evolve};
use duly::plan::{Plan, Plans};
use duly::time::Moment;
use duly::words::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::situations;
use crate::world::{
    Choices, actor, choices, command, envelope, moment, open, persons, plans, play, reply, revised,
    steps,
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

/// Asks one thing of a case: by a person in one role.
fn ask(
    plans: &Plans,
    case: &Case,
    (person, role): (&str, &str),
    at: Moment,
    command: Command,
) -> Result<Decision, Refusal> {
    let by = actor(person, &[role]);
    decide(Some(case), &envelope("x", by, at, command), plans)
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
    let go = |case: &Case, by, days, command| ask(&plans, case, by, at(days), command);
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

pub fn runner(seed: u8) -> TestRunner {
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

/// Brings a case to Reviewed, calls in vain on so many days, twice on each, lets the time to rate pass, and has it rechecked.
pub fn rechecked_after_calls(choices: &Choices, days: u32) -> Result<Decision, Refusal> {
    let plans = plans(choices);
    let mut case = review(&plans, true, false).expect("no gate is shut").case;
    let at = |day: u32, minutes: i64| {
        moment("2026-03-02T10:00:00+08:00").plus(i64::from(day) * 86_400 + minutes * 60)
    };
    let go = |case: &Case, by, at, command| ask(&plans, case, by, at, command);
    for day in 1..=days {
        for minutes in [0, 30] {
            let result = CallResult::Unreached {
                why: Text::from("无人接听"),
            };
            let call = Command::CallBack { result };
            case = go(&case, ("intake-2", "intake"), at(day, minutes), call)?.case;
        }
    }
    let recheck = Command::Recheck {
        passed: true,
        evidence: Text::from("到现场看过"),
        findings: BTreeMap::new(),
        return_for: None,
    };
    go(&case, ("reviewer-2", "reviewer"), at(400, 0), recheck)
}

/// A place of the published table.
type Place = (StageName, CommandName, Role);

/// Every place of the published table.
fn listed() -> BTreeSet<Place> {
    let all = CommandName::ALL.iter().flat_map(|name| {
        let roles = move |stage| name.roles().iter().map(move |role| (stage, *name, *role));
        name.stages().iter().flat_map(move |stage| roles(*stage))
    });
    all.collect()
}

/// Shapes of a command: those of random histories, and those that they never come upon.
fn shapes(name: CommandName, plans: &Plans, case: &Case, picks: u16) -> Vec<Command> {
    let other = other(plans, case);
    let mut all: Vec<Command> = (0..picks)
        .map(|pick| command(name, pick, Some(case), other.as_ref()))
        .filter(|command| command.name() == name)
        .collect();
    let parts = case
        .team()
        .map(|team| team.parts.clone())
        .unwrap_or_default();
    match name {
        // A co-handler hands over their own part.
        CommandName::HandOver => all.extend(parts.into_iter().map(|part| Command::HandOver {
            to: "owner-2".parse().unwrap(),
            unit: Some(part.unit),
            reason: "调离".into(),
        })),
        // What is waited for was told in another way.
        CommandName::Undelivered => {
            if let Command::Delivered { effect } =
                command(CommandName::Delivered, 0, Some(case), None)
            {
                all.push(Command::Undelivered {
                    effect,
                    why: "号码已停机".into(),
                    instead: Some("短信".parse().unwrap()),
                });
            }
        }
        // What is the first effect of the case was told.
        CommandName::Delivered => all.push(Command::Delivered {
            effect: EffectId {
                case: case.id().clone(),
                version: 1,
                index: 0,
            },
        }),
        _ => {}
    }
    all
}

/// In which stage and role a command was accepted.
fn place_of(before: &Case, decision: &Decision, command: &Command) -> Place {
    let own = decision
        .records
        .iter()
        .find(|record| record.command.is_some());
    let by = own.and_then(|record| record.by.as_ref());
    let role = by.map_or(Role::System, |by| by.role);
    (advanced(before, &decision.records), command.name(), role)
}

// The published table is neither too wide nor too narrow: every stage, command and role that it lists together is accepted
// in some situation; nothing else ever is, by anyone, with any of the shapes tried. Of the moves from stage to stage it lists those that
// are made, and no others; and a command that a plan is said not to take is never taken under it.
#[test]
fn the_published_table_equals_what_decide_accepts() {
    let listed = listed();
    let mut accepted: BTreeSet<Place> = BTreeSet::new();
    let mut moved: BTreeSet<(StageName, CommandName, StageName)> = BTreeSet::new();
    let mut everyone = persons();
    everyone.push(actor("intake-3", &["intake"]));
    let named = situations::all().into_iter().flat_map(|it| {
        // Also with the next holidays published meanwhile.
        let case = it.case();
        [
            (true, it.plans.clone(), case.clone()),
            (false, revised(&it.plans), case),
        ]
    });
    let random = cases().into_iter().step_by(5);
    let all = named.chain(random.map(|(plans, case)| (false, plans, case)));
    for (n, (whole, plans, case)) in all.enumerate() {
        for name in CommandName::ALL.iter().copied() {
            let stage = case.stage_name();
            let known = |role: &Role| accepted.contains(&(stage, name, *role));
            // What was accepted from every role is looked at now and then; what was not yet, in every shape.
            let picks = match name.stages().contains(&stage) {
                false => 2,
                true if !name.roles().iter().all(known) => 64,
                // Every move that it can make from here.
                true if whole => 16,
                true if n % 7 == 0 => 4,
                true => continue,
            };
            for command in shapes(name, &plans, &case, picks) {
                for by in &everyone {
                    let envelope = envelope("try", by.clone(), case.last_at(), command.clone());
                    let Ok(decision) = decide(Some(&case), &envelope, &plans) else {
                        continue;
                    };
                    let place = place_of(&case, &decision, &command);
                    assert!(
                        listed.contains(&place),
                        "accepted outside the table: {place:?}"
                    );
                    accepted.insert(place);
                    let (stage, name, _) = place;
                    assert!(plan_of(&plans, &decision.case).takes(name), "{name}");
                    if decision.case.stage_name() != stage {
                        moved.insert((stage, name, decision.case.stage_name()));
                    }
                }
            }
        }
    }
    let missing: Vec<_> = listed.difference(&accepted).collect();
    assert!(missing.is_empty(), "listed but never accepted: {missing:?}");
    let moves = CommandName::ALL.iter().flat_map(|name| {
        let moves = name.moves().iter();
        moves.filter_map(|(from, to)| Some(((*from)?, *name, *to)))
    });
    let listed: BTreeSet<_> = moves.collect();
    let missing: Vec<_> = listed.difference(&moved).collect();
    let more: Vec<_> = moved.difference(&listed).collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "listed but never made: {missing:?}; made but not listed: {more:?}"
    );
}

// Time alone moves no case from stage to stage: whatever comes of itself, somebody acts before it goes on.
#[test]
fn time_alone_moves_no_case() {
    for (plans, case) in cases().into_iter().step_by(3) {
        let tick = envelope(
            "tick",
            actor("system", &["system"]),
            case.last_at().plus(200 * 86_400),
            Command::Tick {},
        );
        let mut now = case;
        let stage = now.stage_name();
        while let Ok(decision) = decide(Some(&now), &tick, &plans) {
            now = decision.case;
            assert_eq!(now.stage_name(), stage);
            if now.next_alarm().is_none_or(|alarm| alarm > tick.at) {
                break;
            }
        }
    }
}

fn plan_of(plans: &Plans, case: &Case) -> Plan {
    let hand = plans.iter().find(|hand| hand.id == *case.plan());
    Plan::clone(&hand.unwrap().plan)
}

fn other(plans: &Plans, case: &Case) -> Option<PlanId> {
    plans
        .iter()
        .map(|hand| hand.id.clone())
        .find(|id| id != case.plan())
}

/// What a stage takes of a case that follows another one only.
fn takes_a_follower(name: CommandName, stage: StageName) -> bool {
    use CommandName as C;
    let before_review = matches!(stage, StageName::Received | StageName::Assigned);
    let its_own = matches!(name, C::Unmerge | C::Release | C::Rate);
    matches!(name, C::Relay | C::Release) || (before_review && its_own)
}

/// What a situation takes by the table, as a refusal has to tell it.
fn takes(case: &Case) -> BTreeSet<CommandName> {
    let stage = case.stage_name();
    let fits = |name: &CommandName| case.follows().is_some() || !takes_a_follower(*name, stage);
    accepted_in(stage).filter(fits).collect()
}

// Every role asks everything in every situation. What the table does not list is refused, and the refusal tells what the stage
// takes or which roles may; nobody is let in by a back door.
#[test]
fn every_role_against_every_command_in_every_stage() {
    let mut tried: BTreeSet<Place> = BTreeSet::new();
    for it in situations::all() {
        let case = it.case();
        let (stage, merged) = (case.stage_name(), case.follows().is_some());
        for name in CommandName::ALL.iter().copied() {
            for role in Role::ALL {
                tried.insert((stage, name, role));
                if name.stages().contains(&stage) && name.roles().contains(&role) {
                    continue;
                }
                for command in shapes(name, &it.plans, &case, 4) {
                    let by = actor("somebody", &[role.name()]);
                    let ask = envelope("try", by, case.last_at(), command);
                    let refusal =
                        decide(Some(&case), &ask, &it.plans).expect_err("outside the table");
                    let what = || format!("{}, `{name}` by {role}: {refusal}", it.name);
                    let stage_takes = name.stages().contains(&stage);
                    match &*refusal.why {
                        Why::AlreadyOpen => assert!(name.stages().is_empty(), "{}", what()),
                        Why::Stage => {
                            assert!(!stage_takes, "{}", what());
                            let text = refusal.say(Lang::En);
                            for other in takes(&case)
                                .iter()
                                .filter(|it| !merged && it.stages().len() < 6)
                                // What only the system asks goes without saying.
                                .filter(|it| it.roles() != [Role::System])
                            {
                                assert!(text.contains(other.name()), "{other} is not told: {text}");
                            }
                        }
                        Why::Role { needs, place } => {
                            assert!(stage_takes && !name.roles().contains(&role), "{}", what());
                            assert_eq!((&needs[..], place), (name.roles(), case.place()));
                        }
                        Why::Follows { .. } => assert!(merged && stage_takes, "{}", what()),
                        _ => panic!("{}", what()),
                    }
                    let told: BTreeSet<CommandName> = refusal.accepted.iter().copied().collect();
                    let all = takes(&case);
                    assert!(
                        if merged {
                            told.is_subset(&all)
                        } else {
                            told == all
                        },
                        "{}",
                        what()
                    );
                }
            }
        }
    }
    assert_eq!(
        tried.len(),
        StageName::ALL.len() * CommandName::ALL.len() * Role::ALL.len()
    );
    // Where there is no case, it is opened, taken over, or nothing.
    let begins = [CommandName::Open, CommandName::Import];
    let linked = [CommandName::OpenSub, CommandName::Signal];
    let plans = plans(&situations::plain());
    let at = moment("2026-03-02T09:00:00+08:00");
    for name in CommandName::ALL.iter().copied() {
        for role in Role::ALL {
            let command = command(name, 1, None, None);
            if command.name() != name {
                continue;
            }
            let ask = envelope("try", actor("somebody", &[role.name()]), at, command);
            let answer = decide(None, &ask, &plans);
            match answer {
                Ok(_) => assert!(
                    begins.iter().chain(&linked).any(|it| *it == name)
                        && name.roles().contains(&role)
                ),
                Err(refusal) if begins.iter().chain(&linked).any(|it| *it == name) => {
                    assert!(
                        matches!(&*refusal.why, Why::Role { needs, .. } if needs == name.roles())
                    );
                }
                Err(refusal) => {
                    assert_eq!(
                        (&*refusal.why, &refusal.accepted[..]),
                        (&Why::NoCase, &begins[..])
                    );
                }
            }
        }
    }
}

/// The table as people read it.
fn printed(lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let stages = StageName::ALL
        .iter()
        .map(|it| if zh { it.zh() } else { it.name() });
    let head = [if zh { "命令" } else { "command" }]
        .into_iter()
        .chain(stages);
    let who = if zh { "谁" } else { "who" };
    let mut lines = vec![
        head.chain([who]).collect::<Vec<_>>().join(" | "),
        ["---"; 8].join(" | "),
    ];
    for name in CommandName::ALL.iter().copied() {
        let cell = |stage: &StageName| match name.stages().contains(stage) {
            true if takes_a_follower(name, *stage) => "○",
            true => "●",
            false => "",
        };
        let cells = StageName::ALL.iter().map(cell);
        let title = if zh {
            format!("{} `{name}`", name.zh())
        } else {
            format!("`{name}`")
        };
        let roles = name
            .roles()
            .iter()
            .map(|it| if zh { it.zh() } else { it.name() });
        let roles = roles.collect::<Vec<_>>().join(if zh { "、" } else { ", " });
        let line = [title.as_str()]
            .into_iter()
            .chain(cells)
            .chain([roles.as_str()]);
        lines.push(line.collect::<Vec<_>>().join(" | "));
    }
    let note = if zh {
        "○ 只有并入别的件以后才可以"
    } else {
        "○ only of a case that follows another one"
    };
    lines.join("\n") + "\n\n" + note + "\n"
}

// For people: which stage takes which command from whom. Whoever changes the table sees here what it says now.
#[test]
fn the_table_reads_as_it_is() {
    insta::assert_snapshot!("commands_zh", printed(Lang::Zh));
    insta::assert_snapshot!("commands_en", printed(Lang::En));
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
