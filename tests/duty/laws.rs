//! Laws over random plans, persons, commands and times.

use std::collections::BTreeSet;

use duly::duty::{
    Duty, DutyCommand, DutyEnvelope, DutyEvent, DutyOutcome, DutyRecord, DutyWhy, State, decide,
    evolve, outcomes,
};
use duly::plan::{DutyRule, On, Plans, Provenance, Quiet, Rung, bare};
use duly::time::{Moment, Span};
use duly::words::{Actor, DutyKind, DutyStage, Role, RuleId, Salt, StepFate, Verb, Verdict};
use proptest::prelude::*;

use super::tries::config;
use super::{at, command, person};

#[derive(Debug, Clone)]
struct Choices {
    days: u32,
    rungs: Vec<(u8, u32)>,
    every: u32,
    quiet: bool,
    digest: bool,
}

fn choices() -> impl Strategy<Value = Choices> {
    let rungs = proptest::collection::vec((0u8..5, 1u32..12), 0..5);
    (1u32..30, rungs, 1u32..6, any::<bool>(), any::<bool>()).prop_map(
        |(days, rungs, every, quiet, digest)| Choices {
            days,
            rungs,
            every,
            quiet,
            digest,
        },
    )
}

fn plans(choices: &Choices) -> Plans {
    let mut plan = bare("demo".parse().unwrap());
    plan.overdue_every = choices.every;
    plan.quiet = choices
        .quiet
        .then(|| Quiet::Daily("21:00-08:00".parse().unwrap()));
    let mut rungs: Vec<Rung> = Vec::new();
    for (what, n) in &choices.rungs {
        let days = Span::WorkingDays(*n);
        let (key, on) = match what {
            0 => (format!("before-{n}"), On::Before(days)),
            1 => ("due".to_owned(), On::At),
            2 => (format!("after-{n}"), On::After(days)),
            3 => (
                format!("every-{n}"),
                On::Every {
                    span: days,
                    most: 3,
                },
            ),
            _ => (format!("hours-{n}"), On::After(Span::hours(*n))),
        };
        if rungs.iter().any(|rung| rung.key == key) || (*what == 0 && *n >= choices.days) {
            continue;
        }
        rungs.push(Rung {
            key,
            on,
            title: String::new(),
            acts: vec![
                (Verb::Remind, "unit_head".into()),
                (Verb::NameIn, "unit_head".into()),
            ],
            when: None,
            at_once: n % 5 == 0,
        });
    }
    // In the order of time, as a pack writes them.
    rungs.sort_by_key(|rung| match &rung.on {
        On::Before(Span::WorkingDays(n)) => (0, -i64::from(*n)),
        On::At => (1, 0),
        On::After(Span::WorkingDays(n)) => (2, i64::from(*n)),
        On::After(Span::Elapsed(seconds)) => (2, *seconds),
        _ => (3, 0),
    });
    let kind = match choices.digest {
        true => DutyKind::Digest,
        false => DutyKind::Video,
    };
    plan.duties.push(DutyRule {
        kind,
        rule: RuleId::new(format!("duty({kind})")),
        title: "义务".into(),
        owed_by: vec![
            if choices.digest {
                "leader"
            } else {
                "unit_head"
            }
            .into(),
        ],
        every: None,
        within: Span::WorkingDays(choices.days),
        counting: plan.counting,
        channels: Vec::new(),
        provenance: Provenance::Unsaid,
        rungs,
    });
    assert_eq!(plan.validate(), Ok(()));
    let mut plans = Plans::new("board".parse().unwrap());
    plans.take(plan).unwrap();
    plans
}

fn persons() -> Vec<Actor> {
    vec![
        person("head", Role::UnitHead, Some("局")),
        person("duban", Role::Supervisor, None),
        person("leader", Role::Leader, None),
        person("host", Role::System, None),
        person("other", Role::UnitHead, Some("处")),
        Actor {
            // Both sides of the table.
            roles: vec![Role::UnitHead.into(), Role::Supervisor.into()],
            ..person("both", Role::UnitHead, Some("局"))
        },
        person("intake", Role::Intake, None),
    ]
}

type Step = (i64, u8, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let gap = prop_oneof![
        Just(0i64),
        1i64..40_000,
        40_000i64..400_000,
        400_000i64..6_000_000
    ];
    proptest::collection::vec((gap, any::<u8>(), any::<u8>()), 1..14)
}

fn asked(pick: u8, digest: bool) -> DutyCommand {
    let all = [
        r#"{"fulfil": {"channel": "网站", "link": "https://example.org/1"}}"#,
        r#"{"accept": {}}"#,
        r#"{"send_back": {"mend": "没有答"}}"#,
        r#"{"read": {}}"#,
        r#"{"note": {"text": "催过"}}"#,
        r#"{"hand_over": {"to": "other", "reason": "调任"}}"#,
        r#"{"excuse": {"reason": "不必"}}"#,
        r#"{"tick": {}}"#,
        r#"{"delivered": {"effect": "v01/1/0"}}"#,
    ];
    // Towards what moves it on.
    let weights: &[usize] = if digest {
        &[3, 3, 4, 6, 7, 8, 7, 7, 0]
    } else {
        &[0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 1, 4, 5, 6, 7, 8, 3]
    };
    command(all[weights[usize::from(pick) % weights.len()]])
}

fn impose(digest: bool) -> DutyCommand {
    command(if digest {
        r#"{"impose": {"kind": "digest", "topic": "日报", "place": "632521", "of": "2026-03-02"}}"#
    } else {
        r#"{"impose": {"kind": "video", "topic": "供暖", "place": "632521", "unit": "局"}}"#
    })
}

fn send(n: usize, by: &Actor, when: Moment, command: DutyCommand) -> DutyEnvelope {
    let id = format!("k{n}");
    DutyEnvelope {
        id: id.parse().unwrap(),
        duty: "v01".parse().unwrap(),
        by: by.clone(),
        at: when,
        salt: Salt::derived(b"law", &id),
        command,
    }
}

/// A history: the commands that were accepted, the records, and the obligation after each command.
struct Played {
    records: Vec<DutyRecord>,
    after: Vec<(Moment, Duty)>,
}

fn play(plans: &Plans, digest: bool, steps: &[Step], polls: bool) -> Played {
    let everybody = persons();
    let start = at("2026-03-02 09:00");
    let first = send(0, &everybody[1], start, impose(digest));
    let first = decide(None, &first, plans).unwrap();
    let (mut duty, mut records) = (first.duty, first.records);
    let mut after = vec![(start, duty.clone())];
    let mut now = start;
    let tick = |duty: &mut Duty, records: &mut Vec<DutyRecord>, when: Moment| {
        let ticked = decide(
            Some(duty),
            &send(999, &everybody[3], when, DutyCommand::Tick {}),
            plans,
        )
        .unwrap();
        records.extend(ticked.records);
        *duty = ticked.duty;
    };
    for (n, (gap, pick, who)) in steps.iter().enumerate() {
        let next = now.plus(*gap);
        if polls {
            for part in 1..4 {
                tick(&mut duty, &mut records, now.plus(gap * part / 4));
            }
        }
        now = next;
        // Mostly whoever may.
        let by = &everybody[[0, 1, 0, 1, 0, 1, 2, 3, 4, 5, 6][usize::from(*who) % 11]];
        match decide(
            Some(&duty),
            &send(n + 1, by, now, asked(*pick, digest)),
            plans,
        ) {
            Ok(decision) => {
                records.extend(decision.records);
                duty = decision.duty;
            }
            // A refusal leaves only what a tick would have.
            Err(refusal) => {
                assert!(
                    !matches!(
                        *refusal.why,
                        DutyWhy::Fault { .. } | DutyWhy::Calendar { .. }
                    ),
                    "{refusal}"
                );
                tick(&mut duty, &mut records, now);
            }
        }
        after.push((now, duty.clone()));
    }
    Played { records, after }
}

fn bytes(records: &[DutyRecord]) -> String {
    serde_json::to_string(records).unwrap()
}

proptest! {
    #![proptest_config(config(150))]

    /// Every open obligation has an alarm strictly ahead, and what is done or excused has none.
    #[test]
    fn an_open_obligation_has_an_alarm_ahead(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        for (when, duty) in play(&plans, choices.digest, &steps, false).after {
            match duty.next_alarm() {
                Some(alarm) => prop_assert!(duty.is_open() && alarm > when),
                None => prop_assert!(!duty.is_open()),
            }
        }
    }

    /// However often somebody looks, the records are the same, byte for byte.
    #[test]
    fn polling_changes_nothing(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let once = play(&plans, choices.digest, &steps, false).records;
        let often = play(&plans, choices.digest, &steps, true).records;
        prop_assert_eq!(bytes(&once), bytes(&often));
    }

    /// A ledger replays to the same obligation.
    #[test]
    fn replay_rebuilds(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, choices.digest, &steps, false);
        let mut duty = None;
        for record in &played.records {
            let line = serde_json::to_string(record).unwrap();
            let record: DutyRecord = serde_json::from_str(&line).unwrap();
            duty = Some(evolve(plans.board(), duty, &record).unwrap());
        }
        prop_assert_eq!(duty.as_ref(), played.after.last().map(|(_, duty)| duty));
        let stored: Duty = serde_json::from_str(&serde_json::to_string(&duty.clone().unwrap()).unwrap()).unwrap();
        prop_assert_eq!(Some(stored), duty);
    }

    /// Each step has exactly one outcome: none comes twice, none before its moment, none is lost. What is still ahead is the
    /// pack's and the spine's alone, and nothing is ahead of what is closed.
    #[test]
    fn each_step_has_exactly_one_outcome(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, choices.digest, &steps, false);
        let mut came = BTreeSet::new();
        let mut ahead: BTreeSet<_> = BTreeSet::new();
        let mut quiet_broken = Vec::new();
        for record in &played.records {
            match &record.event {
                DutyEvent::Imposed { schedule, .. } | DutyEvent::SentBack { schedule, .. } => {
                    ahead.extend(schedule.steps.iter().map(|step| step.key.clone()));
                }
                DutyEvent::Fulfilled { next, .. } => ahead.extend(next.iter().map(|step| step.key.clone())),
                DutyEvent::StepTaken { step, fate, deferred_from, next, .. } => {
                    prop_assert!(came.insert(step.clone()), "{step} came twice");
                    prop_assert!(deferred_from.is_none_or(|from| from <= record.at));
                    ahead.extend(next.iter().map(|step| step.key.clone()));
                    let hour = record.at.local("Asia/Shanghai".parse().unwrap()).format("%H").to_string();
                    let night = hour.as_str() >= "21" || hour.as_str() < "08";
                    if choices.quiet && night && matches!(fate, StepFate::Fired { acts } if !acts.is_empty()) {
                        quiet_broken.push(step.clone());
                    }
                }
                _ => {}
            }
        }
        // Only what the pack wants at once disturbs at night.
        for step in quiet_broken {
            let at_once = plans.latest().unwrap().plan.duties[0].rungs.iter().any(|rung| {
                rung.at_once && step.to_string().starts_with(&rung.key)
            });
            prop_assert!(at_once, "{step} disturbs at night");
        }
        let all = outcomes(plans.board(), &played.records).unwrap();
        let keys: BTreeSet<_> = all.iter().map(|it| it.step.clone()).collect();
        prop_assert_eq!(keys.len(), all.len());
        let known: BTreeSet<_> = ahead.union(&came).cloned().collect();
        prop_assert_eq!(&keys, &known, "none is lost");
        let duty = &played.after.last().unwrap().1;
        for it in &all {
            match &it.outcome {
                DutyOutcome::Taken(_) => prop_assert!(came.contains(&it.step)),
                DutyOutcome::Ahead => prop_assert!(duty.is_open() && it.at > played.after.last().unwrap().0),
                DutyOutcome::Void(stage) => prop_assert_eq!(*stage, duty.stage()),
            }
        }
    }

    /// What is done was done by one who owes it, accepted by one who does not; the verdict is that of the moment at which it was done against
    /// the moment at which it was due, and a breach survives everything after it.
    #[test]
    fn verdicts_and_persons(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, choices.digest, &steps, false);
        let everybody = persons();
        let (mut duty, mut did, mut breached): (Option<Duty>, BTreeSet<_>, _) = (None, BTreeSet::new(), None);
        for record in &played.records {
            let before = duty.clone();
            let next = evolve(plans.board(), duty, record).unwrap();
            match &record.event {
                DutyEvent::Fulfilled { verdict, .. } | DutyEvent::Read { verdict } => {
                    prop_assert_eq!(*verdict, Verdict::of(record.at, before.unwrap().due()));
                    did.insert(record.by.as_ref().unwrap().id.clone());
                }
                DutyEvent::Accepted { .. } | DutyEvent::SentBack { .. } => {
                    let by = record.by.as_ref().unwrap();
                    let before = before.unwrap();
                    prop_assert!(!did.contains(&by.id) && [Role::Supervisor, Role::Leader].contains(&by.role));
                    prop_assert!(!before.is_owed_by(everybody.iter().find(|it| it.id == by.id).unwrap()));
                    // Time does not run while it waits: it is due no earlier than before.
                    prop_assert!(next.due() >= before.due());
                }
                DutyEvent::Excused { .. } => {
                    let by = record.by.as_ref().unwrap();
                    prop_assert!(!did.contains(&by.id));
                    prop_assert!(!before.unwrap().is_owed_by(everybody.iter().find(|it| it.id == by.id).unwrap()));
                }
                _ => {}
            }
            if breached.is_some() {
                prop_assert_eq!(next.breached_at(), breached);
                // What was late stays late, however long somebody else takes.
                prop_assert!(next.verdict().is_none_or(|verdict| !verdict.is_on_time()));
            }
            breached = next.breached_at();
            duty = Some(next);
        }
        let duty = duty.unwrap();
        if let State::Done(done) = duty.state() {
            let late = done.at > duty.due();
            prop_assert_eq!(done.verdict.is_on_time(), !late);
            prop_assert_eq!(duty.breached_at().is_some(), late);
        }
        prop_assert!(duty.kind() != DutyKind::Digest || duty.stage() != DutyStage::Submitted);
    }
}

/// Supervision took its time, and the next reminders wait as long: neither the repeated one that had come once already nor the first notice that
/// it is overdue comes at the moment at which it is sent back.
#[test]
fn what_supervision_takes_brings_no_repeated_reminder_nearer() {
    let choices = Choices {
        days: 5,
        rungs: vec![(3, 2)],
        every: 2,
        quiet: false,
        digest: false,
    };
    let plans = plans(&choices);
    let everybody = persons();
    let (head, duban) = (&everybody[0], &everybody[1]);
    let fulfil = r#"{"fulfil": {"channel": "网站", "link": "https://example.org/1"}}"#;
    let back = r#"{"send_back": {"mend": "没有答"}}"#;
    let steps = [
        (duban, "2026-03-02 09:00", impose(false)),
        (head, "2026-03-12 10:00", command(fulfil)),
        (duban, "2026-04-01 10:00", command(back)),
    ];
    let (mut duty, mut last): (Option<Duty>, Vec<DutyRecord>) = (None, Vec::new());
    for (n, (by, when, asked)) in steps.into_iter().enumerate() {
        let done = decide(duty.as_ref(), &send(n, by, at(when), asked), &plans).unwrap();
        (duty, last) = (Some(done.duty), done.records);
    }
    assert!(
        matches!(
            last.last().map(|it| &it.event),
            Some(DutyEvent::SentBack { .. })
        ),
        "{last:#?}"
    );
    let DutyEvent::SentBack { schedule, .. } = &last.last().unwrap().event else {
        unreachable!()
    };
    // The repeated rung has come once, the second of it and the first notice are ahead: two working days later, the wait left out.
    let ahead: Vec<String> = schedule.steps.iter().map(|it| it.key.to_string()).collect();
    assert_eq!(ahead.len(), 2, "{ahead:?}");
    assert!(
        schedule
            .steps
            .iter()
            .all(|it| it.at > at("2026-04-01 18:00")),
        "{schedule:?}"
    );
}
