//! Laws of what recurs, over random plans, persons, commands and times: visits, sweeps, inspections.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use duly::desk::shape;
use duly::duty::{
    Duty, DutyCommand, DutyEnvelope, DutyEvent, DutyOutcome, DutyRecord, DutyWhy, ROUND, RoundFate,
    decide, evolve, outcomes, rounds,
};
use duly::plan::{DutyRule, On, Plan, Plans, Provenance, Quiet, Rung, bare};
use duly::report::{Period, RoundFigures, obligations};
use duly::time::{Counting, DayOne, DayTable, Ends, Moment, Opened, Pauses, Roll, Span, Term};
use duly::words::{Actor, DutyKind, DutyStage, Role, RuleId, Salt, StepKey, Verb, Verdict};
use proptest::prelude::*;

use super::tries::config;
use super::{at, command, person};

/// From when it is owed: a plain Monday, the end of a month that others do not have, the eve of a week of holidays, a leap day.
const STARTS: [&str; 4] = [
    "2026-03-02 09:00",
    "2026-01-31 16:00",
    "2025-09-30 17:00",
    "2024-02-29 08:00",
];

#[derive(Debug, Clone)]
struct Choices {
    kind: DutyKind,
    start: usize,
    every: Span,
    within: Span,
    rungs: Vec<(u8, u32)>,
    overdue: u32,
    quiet: bool,
}

fn choices() -> impl Strategy<Value = Choices> {
    let kinds = [DutyKind::Visit, DutyKind::Sweep, DutyKind::Inspection];
    let unit = prop_oneof![
        (1u32..40).prop_map(|n| (n, Span::CalendarDays as fn(u32) -> Span)),
        (1u32..15).prop_map(|n| (n, Span::WorkingDays as fn(u32) -> Span)),
        (1u32..6).prop_map(|n| (n, Span::Weeks as fn(u32) -> Span)),
        (1u32..8).prop_map(|n| (n, Span::Months as fn(u32) -> Span)),
    ];
    let rungs = proptest::collection::vec((0u8..5, 1u32..12), 0..5);
    (
        prop::sample::select(kinds.to_vec()),
        0..STARTS.len(),
        unit,
        (any::<bool>(), any::<prop::sample::Index>(), any::<bool>()),
        rungs,
        1u32..6,
        any::<bool>(),
    )
        .prop_map(
            |(kind, start, (n, of), (whole, part, days), rungs, overdue, quiet)| {
                let part = u32::try_from(part.index(n as usize)).unwrap() + 1;
                let within = match (whole, days) {
                    (true, _) => of(n),
                    // In another unit too, which may be longer than the period.
                    (false, true) => Span::WorkingDays(part),
                    (false, false) => of(part),
                };
                Choices {
                    kind,
                    start,
                    every: of(n),
                    within,
                    rungs,
                    overdue,
                    quiet,
                }
            },
        )
}

fn plan(choices: &Choices) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    plan.overdue_every = choices.overdue;
    plan.quiet = choices
        .quiet
        .then(|| Quiet::Daily("21:00-08:00".parse().unwrap()));
    let mut rungs: Vec<Rung> = Vec::new();
    for (what, n) in &choices.rungs {
        let days = Span::CalendarDays(*n);
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
        if rungs.iter().any(|rung| rung.key == key) {
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
    rungs.sort_by_key(|rung| match &rung.on {
        On::Before(Span::CalendarDays(n)) => (0, -i64::from(*n)),
        On::At => (1, 0),
        On::After(Span::CalendarDays(n)) => (2, i64::from(*n)),
        On::After(Span::Elapsed(seconds)) => (2, *seconds),
        _ => (3, 0),
    });
    let kind = choices.kind;
    let mut rule = DutyRule {
        kind,
        rule: RuleId::new(format!("duty({kind})")),
        title: "义务".into(),
        owed_by: vec!["unit_head".into()],
        every: Some(choices.every.clone()),
        within: choices.within.clone(),
        counting: plan.counting,
        channels: Vec::new(),
        provenance: Provenance::Unsaid,
        rungs,
    };
    plan.duties.push(rule.clone());
    // A reminder that comes before there is anything to remind of is a mistake in a pack.
    if plan.validate().is_err() {
        rule.rungs.retain(|rung| !matches!(rung.on, On::Before(_)));
        plan.duties = vec![rule];
    }
    assert_eq!(plan.validate(), Ok(()));
    plan
}

fn plans(choices: &Choices) -> Plans {
    let mut plans = Plans::new("board".parse().unwrap());
    plans.take(plan(choices)).unwrap();
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
        400_000i64..6_000_000,
        // A board that nobody looked at for a year.
        Just(31_536_000i64),
    ];
    proptest::collection::vec((gap, any::<u8>(), any::<u8>()), 1..14)
}

fn asked(pick: u8, kind: DutyKind) -> DutyCommand {
    let covered = match kind.covers() {
        true => format!(r#", "covered": {}, "of": 43"#, pick % 44),
        false => String::new(),
    };
    let all = [
        format!(r#"{{"fulfil": {{"evidence": "见到户主"{covered}, "found": "圈舍漏雨"}}}}"#),
        r#"{"accept": {}}"#.to_owned(),
        r#"{"send_back": {"mend": "没有答"}}"#.to_owned(),
        r#"{"read": {}}"#.to_owned(),
        r#"{"note": {"text": "催过"}}"#.to_owned(),
        r#"{"hand_over": {"to": "other", "reason": "调任"}}"#.to_owned(),
        r#"{"excuse": {"reason": "户已迁走"}}"#.to_owned(),
        r#"{"tick": {}}"#.to_owned(),
        r#"{"delivered": {"effect": "v01/1/0"}}"#.to_owned(),
    ];
    let weights = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7, 8];
    command(&all[weights[usize::from(pick) % weights.len()]])
}

fn impose(kind: DutyKind) -> DutyCommand {
    command(&format!(
        r#"{{"impose": {{"kind": "{kind}", "topic": "牧民才让家", "subject": "H-17", "place": "632521", "unit": "局"}}}}"#
    ))
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

struct Played {
    records: Vec<DutyRecord>,
    after: Vec<(Moment, Duty)>,
}

impl Played {
    fn last(&self) -> &(Moment, Duty) {
        self.after.last().unwrap()
    }
}

fn ticked(plans: &Plans, duty: &mut Duty, records: &mut Vec<DutyRecord>, when: Moment) {
    let host = person("host", Role::System, None);
    loop {
        let tick = send(999, &host, when, DutyCommand::Tick {});
        let done = decide(Some(duty), &tick, plans).unwrap();
        // One turn takes so much and no more; what is left is for the next.
        assert!(done.records.len() <= 3 * 10_000 + 10);
        records.extend(done.records);
        *duty = done.duty;
        if duty.next_alarm().is_none_or(|alarm| alarm > when) {
            return;
        }
    }
}

fn play(plans: &Plans, choices: &Choices, steps: &[Step], polls: bool) -> Played {
    let everybody = persons();
    let start = at(STARTS[choices.start]);
    let first = send(0, &everybody[1], start, impose(choices.kind));
    let first = decide(None, &first, plans).unwrap();
    let (mut duty, mut records) = (first.duty, first.records);
    let mut after = vec![(start, duty.clone())];
    let mut now = start;
    for (n, (gap, pick, who)) in steps.iter().enumerate() {
        let next = now.plus(*gap);
        if polls {
            for part in 1..4 {
                ticked(plans, &mut duty, &mut records, now.plus(gap * part / 4));
            }
        }
        now = next;
        let by = &everybody[[0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6][usize::from(*who) % 11]];
        match decide(
            Some(&duty),
            &send(n + 1, by, now, asked(*pick, choices.kind)),
            plans,
        ) {
            Ok(decision) => {
                records.extend(decision.records);
                duty = decision.duty;
            }
            Err(refusal) => {
                assert!(
                    !matches!(
                        *refusal.why,
                        DutyWhy::Fault { .. } | DutyWhy::Calendar { .. } | DutyWhy::TickFirst
                    ),
                    "{refusal}"
                );
                ticked(plans, &mut duty, &mut records, now);
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

    /// While it is open there is an alarm strictly ahead, whether it is owed or rests; and nothing but an excuse ends it.
    #[test]
    fn every_open_one_has_an_alarm_ahead(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        for (when, duty) in play(&plans, &choices, &steps, false).after {
            match duty.stage() {
                DutyStage::Owed | DutyStage::Resting => prop_assert!(duty.next_alarm().unwrap() > when),
                stage => {
                    prop_assert_eq!(stage, DutyStage::Excused);
                    prop_assert_eq!(duty.next_alarm(), None);
                }
            }
        }
    }

    /// Ticks that come years late give the history that timely ones give, byte for byte.
    #[test]
    fn ticks_late_are_ticks_in_time(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let once = play(&plans, &choices, &steps, false).records;
        let often = play(&plans, &choices, &steps, true).records;
        prop_assert_eq!(bytes(&once), bytes(&often));
    }

    /// A ledger replays to the same obligation, by the lines that are stored; and its head comes back out of its packed form.
    #[test]
    fn replay_rebuilds(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, &choices, &steps, false);
        let mut duty = None;
        for record in &played.records {
            let line = serde_json::to_string(record).unwrap();
            let record: DutyRecord = serde_json::from_str(&line).unwrap();
            duty = Some(evolve(plans.board(), duty, &record).unwrap());
        }
        let duty = duty.unwrap();
        prop_assert_eq!(&duty, &played.last().1);
        let json: Duty = serde_json::from_str(&serde_json::to_string(&duty).unwrap()).unwrap();
        prop_assert_eq!(&json, &duty);
        let packed = shape::unpack::<Duty>(&shape::pack(&duty).unwrap()).unwrap();
        prop_assert_eq!(packed, Some(duty));
    }

    /// Rounds never drift. Whatever is done, and however late, they are those of the same obligation that nobody ever touched: each ends when
    /// so many periods have gone by since it was imposed, and the next begins the second after. They have no gap and do not overlap.
    #[test]
    fn rounds_never_drift(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, &choices, &steps, false);
        let (until, duty) = played.last();
        let idle = send(0, &persons()[1], at(STARTS[choices.start]), impose(choices.kind));
        let idle = decide(None, &idle, &plans).unwrap();
        let (mut other, mut records) = (idle.duty, idle.records);
        ticked(&plans, &mut other, &mut records, *until);
        let (mine, untouched) = (rounds(&played.records), rounds(&records));
        prop_assert!(!mine.is_empty() && mine.len() <= untouched.len());
        prop_assert!(duty.stage() == DutyStage::Excused || mine.len() == untouched.len());
        let hand = plans.latest().unwrap();
        let (mut period, mut begins) = (0, duty.imposed_at());
        for (n, (it, same)) in (1..).zip(mine.iter().zip(&untouched)) {
            prop_assert_eq!(&it.round, &same.round);
            prop_assert_eq!((it.round.number, it.round.begins), (n, begins));
            prop_assert!(begins <= it.round.due && it.round.due <= it.round.ends);
            // A period that holidays leave no day of its own is none, and no other is left out.
            let ends = |period: u32| {
                let span = choices.every.times(period).unwrap();
                let term = Term::new(duty.imposed_at(), span, hand.plan.duties[0].counting);
                term.due(&hand.calendar, &Pauses::none()).unwrap().unwrap().at
            };
            for empty in period + 1..it.round.period {
                prop_assert!(ends(empty) < begins);
            }
            prop_assert_eq!(it.round.ends, ends(it.round.period));
            period = it.round.period;
            begins = it.round.ends.plus(1);
        }
    }

    /// A round has exactly one outcome, and it stays: done between its first and its last moment, in time exactly if by its due moment; or missed,
    /// at the second after it was over. No later visit takes that back, and what was counted once is never less.
    #[test]
    fn a_round_has_exactly_one_outcome_and_a_missed_one_stays_missed(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, &choices, &steps, false);
        let mut said: BTreeMap<u32, &DutyEvent> = BTreeMap::new();
        let (mut duty, mut counts): (Option<Duty>, _) = (None, (0, 0, 0));
        for record in &played.records {
            if let DutyEvent::RoundDone { round, .. } | DutyEvent::RoundMissed { round } = &record.event {
                prop_assert!(said.insert(*round, &record.event).is_none(), "round {} has two outcomes", round);
                let stood = duty.as_ref().unwrap().round().unwrap().clone();
                prop_assert_eq!(stood.number, *round);
                match &record.event {
                    DutyEvent::RoundDone { verdict, .. } => {
                        prop_assert!(stood.begins <= record.at && record.at <= stood.ends);
                        prop_assert_eq!(*verdict, Verdict::of(record.at, stood.due));
                    }
                    _ => prop_assert!(record.at == stood.ends.plus(1) && record.by.is_none()),
                }
            }
            let next = evolve(plans.board(), duty, record).unwrap();
            let own = next.rounds().unwrap();
            let now = (own.in_time, own.late, own.missed);
            prop_assert!(now.0 >= counts.0 && now.1 >= counts.1 && now.2 >= counts.2);
            counts = now;
            duty = Some(next);
        }
        let all = rounds(&played.records);
        let mut open = 0;
        for it in &all {
            match (said.get(&it.round.number), &it.fate) {
                (Some(DutyEvent::RoundDone { verdict, .. }), RoundFate::Done { verdict: same, .. }) => {
                    prop_assert_eq!(verdict, same);
                }
                (Some(DutyEvent::RoundMissed { .. }), RoundFate::Missed { .. }) => {}
                (None, RoundFate::Open | RoundFate::Excused { .. }) => open += 1,
                (event, fate) => prop_assert!(false, "{event:?} and {fate:?}"),
            }
        }
        prop_assert!(open <= 1);
        let sum = counts.0 + counts.1 + counts.2;
        prop_assert_eq!(usize::try_from(sum).unwrap() + open, all.len());
    }

    /// Each step of each round has exactly one outcome, and a missed round climbs its whole ladder: what does not come of it was stopped by
    /// somebody who came, or who excused it.
    #[test]
    fn each_step_of_each_round_once_and_none_lost(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, &choices, &steps, false);
        let (now, duty) = played.last();
        let mut came = BTreeSet::new();
        let mut ahead = BTreeSet::new();
        for record in &played.records {
            match &record.event {
                DutyEvent::Imposed { schedule, round, .. } => {
                    ahead.extend(schedule.steps.iter().map(|step| (round.as_ref().unwrap().number, step.key.clone())));
                }
                DutyEvent::RoundBegan { schedule, round, .. } => {
                    came.insert((round.number - 1, StepKey::Lapse));
                    ahead.extend(schedule.steps.iter().map(|step| (round.number, step.key.clone())));
                }
                DutyEvent::StepTaken { round, step, deferred_from, next, .. } => {
                    let round = round.unwrap();
                    prop_assert!(came.insert((round, step.clone())), "{step} of round {round} came twice");
                    prop_assert!(deferred_from.is_none_or(|from| from <= record.at));
                    ahead.extend(next.iter().map(|step| (round, step.key.clone())));
                }
                _ => {}
            }
        }
        let all = outcomes(plans.board(), &played.records).unwrap();
        let keys: BTreeSet<_> = all.iter().map(|it| (it.round.unwrap(), it.step.clone())).collect();
        prop_assert_eq!(keys.len(), all.len());
        let known: BTreeSet<_> = ahead.union(&came).cloned().collect();
        prop_assert_eq!(&keys, &known, "none is lost");
        let done: Vec<u32> = rounds(&played.records)
            .iter()
            .filter(|it| matches!(it.fate, RoundFate::Done { .. }))
            .map(|it| it.round.number)
            .collect();
        for it in &all {
            let round = it.round.unwrap();
            match &it.outcome {
                DutyOutcome::Taken(_) => prop_assert!(came.contains(&(round, it.step.clone()))),
                DutyOutcome::Ahead => prop_assert!(duty.is_open() && it.at > *now),
                DutyOutcome::Void(DutyStage::Resting) => prop_assert!(done.iter().any(|n| *n >= round)),
                DutyOutcome::Void(_) => {
                    // That a round is owed is not said once it is over.
                    let told = matches!(&it.step, StepKey::Rung { rung, .. } if rung == ROUND);
                    prop_assert!(told || duty.stage() == DutyStage::Excused, "{} of round {round}", it.step);
                }
            }
        }
        // Supervision hears of what nobody does, again and again: once for all rounds together.
        let notices = duty.ahead().iter().chain(duty.behind().flat_map(|(_, steps)| steps));
        let notices = notices.filter(|step| matches!(step.key, StepKey::Overdue { .. })).count();
        prop_assert_eq!(notices, usize::from(duty.stage() == DutyStage::Owed));
    }

    /// Whoever owes it has no word on whether it need not be done, nor has who did it; and each round is done by one who owes it then.
    #[test]
    fn persons_stay_apart(choices in choices(), steps in steps()) {
        let plans = plans(&choices);
        let played = play(&plans, &choices, &steps, false);
        let everybody = persons();
        let (mut duty, mut did): (Option<Duty>, BTreeSet<_>) = (None, BTreeSet::new());
        for record in &played.records {
            let by = record.by.as_ref().map(|by| everybody.iter().find(|it| it.id == by.id).unwrap());
            match &record.event {
                DutyEvent::RoundDone { .. } => {
                    prop_assert!(duty.as_ref().unwrap().is_owed_by(by.unwrap()));
                    did.insert(by.unwrap().id.clone());
                }
                DutyEvent::Excused { .. } => {
                    prop_assert!(!duty.as_ref().unwrap().is_owed_by(by.unwrap()));
                    prop_assert!(!did.contains(&by.unwrap().id));
                }
                _ => {}
            }
            duty = Some(evolve(plans.board(), duty, record).unwrap());
        }
    }

    /// A calendar that is revised midway makes nobody late at once, leaves no gap between rounds and no two of them one outcome, and what is open has an
    /// alarm ahead.
    #[test]
    fn a_revised_calendar_keeps_rounds_whole(
        choices in choices(),
        steps in steps(),
        days in proptest::collection::btree_set(0u64..120, 0..30),
    ) {
        let plans = plans(&choices);
        let mut played = play(&plans, &choices, &steps, false);
        let (now, before) = played.last().clone();
        let mut notice = DayTable::cn();
        notice.revision = "later".into();
        for days in days {
            let day = now.date("Asia/Shanghai".parse().unwrap()) + chrono::Days::new(days);
            let known = notice.opened.contains_key(&day) || notice.closed.contains_key(&day);
            if known || !notice.coverage.contains(day) {
                continue;
            }
            let opened = Opened { name: "调休".into(), windows: None };
            match day.weekday().num_days_from_monday() >= 5 {
                true => drop(notice.opened.insert(day, opened)),
                false => drop(notice.closed.insert(day, "州庆".into())),
            }
        }
        let mut revised = plans.clone();
        revised.revise(notice).unwrap();
        let host = person("host", Role::System, None);
        let asked = send(500, &host, now, command(r#"{"adopt_calendar": {}}"#));
        let mut duty = match decide(Some(&before), &asked, &revised) {
            Err(refusal) => {
                let stands = matches!(&*refusal.why, DutyWhy::Stage | DutyWhy::Late { .. });
                prop_assert!(stands && !before.heeds_calendar(), "{}", refusal);
                return Ok(());
            }
            Ok(adopted) => {
                prop_assert!(before.heeds_calendar());
                played.records.extend(adopted.records);
                adopted.duty
            }
        };
        prop_assert!(duty.due() >= now && duty.breached_at().is_none());
        prop_assert!(duty.next_alarm().unwrap() > now);
        prop_assert!(duty.round().unwrap().due <= duty.round().unwrap().ends);
        let again = send(501, &host, now, command(r#"{"adopt_calendar": {}}"#));
        let again = decide(Some(&duty), &again, &revised).unwrap_err();
        prop_assert!(matches!(&*again.why, DutyWhy::SameCalendar { .. }), "{}", again);
        ticked(&revised, &mut duty, &mut played.records, now.plus(31_536_000));
        let mut folded = None;
        for record in &played.records {
            folded = Some(evolve(plans.board(), folded, record).unwrap());
        }
        prop_assert_eq!(folded, Some(duty));
        let all = rounds(&played.records);
        for pair in all.windows(2) {
            prop_assert_eq!(pair[1].round.number, pair[0].round.number + 1);
            prop_assert_eq!(pair[1].round.begins, pair[0].round.ends.plus(1));
        }
        // Each step has one outcome still.
        let each = outcomes(plans.board(), &played.records).unwrap();
        let keys: BTreeSet<_> = each.iter().map(|it| (it.round, it.step.clone())).collect();
        prop_assert_eq!(keys.len(), each.len());
    }

    /// Coverage is the ledger's: every round that fell due is counted once, with its one outcome, in each of the three lists; what was seen is
    /// the sum of what was said; of nothing there is no rate; and periods that follow one another hold each round exactly once.
    #[test]
    fn coverage_sums_are_the_ledgers(choices in choices(), steps in steps(), cut in 0i64..40_000_000) {
        let plans = plans(&choices);
        let played = play(&plans, &choices, &steps, false);
        let (now, _) = played.last();
        let plan = &plans.latest().unwrap().plan;
        let of = |period| obligations(plans.board(), &played.records, plan, period).unwrap();
        let ever = of(Period::new(Moment::MIN, *now));
        let mut sum = RoundFigures::default();
        for it in rounds(&played.records) {
            let past = it.round.due < *now;
            match it.fate {
                RoundFate::Done { verdict, coverage, .. } if past => {
                    match verdict.is_on_time() {
                        true => sum.in_time += 1,
                        false => sum.late += 1,
                    }
                    if let Some(it) = coverage {
                        sum.covered += it.covered;
                        sum.of += it.of;
                    }
                }
                RoundFate::Missed { .. } => sum.missed += 1,
                RoundFate::Open if past => sum.overdue += 1,
                RoundFate::Excused { at } if it.round.due < at => sum.excused += 1,
                _ => continue,
            }
            sum.due += 1;
        }
        for list in [&ever.coverage.kinds, &ever.coverage.places, &ever.coverage.subjects] {
            let [only] = list.as_slice() else { panic!("{list:?}") };
            prop_assert_eq!(only.figures, sum);
        }
        prop_assert_eq!(sum.due, sum.in_time + sum.late + sum.missed + sum.overdue + sum.excused);
        prop_assert_eq!(sum.coverage().per_mille().is_none(), sum.due == 0);
        prop_assert!(sum.covered <= sum.of);
        // Late ones are named, each once.
        prop_assert_eq!(u64::try_from(ever.late.len()).unwrap(), sum.late + sum.missed + sum.overdue);
        let named: BTreeSet<_> = ever.late.iter().map(|it| it.round.unwrap()).collect();
        prop_assert_eq!(named.len(), ever.late.len());
        let middle = at(STARTS[choices.start]).plus(cut).min(*now);
        let due = |period| of(period).coverage.kinds.first().map_or(0, |it| it.figures.due);
        let (before, after) = (Period::new(Moment::MIN, middle), Period::new(middle, *now));
        prop_assert_eq!(due(before) + due(after), sum.due);
        // What may still be done at its due moment is not past due at it.
        if let Some(first) = rounds(&played.records).first().map(|it| it.round.due).filter(|due| due < now) {
            prop_assert_eq!(due(Period::new(Moment::MIN, first)), 0);
        }
        // What the period's own events say is the same count, by when it happened.
        let figures = ever.figures.iter().find(|it| it.kind == choices.kind).unwrap();
        let kept = played.last().1.rounds().unwrap();
        prop_assert_eq!(
            (figures.on_time, figures.late, figures.missed),
            (u64::from(kept.in_time), u64::from(kept.late), u64::from(kept.missed))
        );
    }
}

/// A board that slept for forty years has a bounded turn, and in the end the same history as one that never did.
#[test]
fn forty_years_asleep_are_caught_up_with_in_turns() {
    let choices = Choices {
        kind: DutyKind::Visit,
        start: 0,
        every: Span::CalendarDays(1),
        within: Span::CalendarDays(1),
        rungs: vec![(2, 1)],
        overdue: 5,
        quiet: false,
    };
    let plans = plans(&choices);
    let start = at(STARTS[0]);
    let until = start.plus(40 * 366 * 86_400);
    let imposed = |records: &mut Vec<DutyRecord>| {
        let first = send(0, &persons()[1], start, impose(choices.kind));
        let first = decide(None, &first, &plans).unwrap();
        records.extend(first.records);
        first.duty
    };
    let (mut late, mut timely) = (Vec::new(), Vec::new());
    let (mut one, mut two) = (imposed(&mut late), imposed(&mut timely));
    let tick = |duty: &Duty, when| {
        let host = person("host", Role::System, None);
        decide(
            Some(duty),
            &send(1, &host, when, DutyCommand::Tick {}),
            &plans,
        )
        .unwrap()
    };
    let first = tick(&one, until);
    assert!(
        first.duty.next_alarm().unwrap() <= until,
        "one turn does not take it all"
    );
    let turned = send(2, &persons()[0], until, asked(0, choices.kind));
    let early = decide(Some(&one), &turned, &plans).unwrap_err();
    assert!(matches!(*early.why, DutyWhy::TooFar { .. }), "{early}");
    ticked(&plans, &mut one, &mut late, until);
    let mut now = start;
    while now < until {
        now = now.plus(20 * 86_400).min(until);
        ticked(&plans, &mut two, &mut timely, now);
    }
    assert!(one == two && late.len() == timely.len() && late == timely);
    let missed = one.rounds().unwrap().missed;
    assert!(missed > 40 * 240, "{missed} rounds");
}

/// More has come about than one turn takes: a command waits for the ticks that take it, and is taken then. Each missed working day of five years brings
/// twelve steps, some fifteen thousand in all, where a turn takes ten thousand.
#[test]
fn a_command_waits_until_time_has_been_caught_up_with() {
    let choices = Choices {
        kind: DutyKind::Visit,
        start: 0,
        every: Span::CalendarDays(1),
        within: Span::CalendarDays(1),
        rungs: vec![(1, 1), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (3, 1)],
        overdue: 5,
        quiet: false,
    };
    let plans = plans(&choices);
    let everybody = persons();
    let (head, duban) = (&everybody[0], &everybody[1]);
    let start = at(STARTS[0]);
    let first = send(0, duban, start, impose(choices.kind));
    let (mut duty, mut records) = {
        let first = decide(None, &first, &plans).unwrap();
        (first.duty, first.records)
    };
    let until = start.plus(5 * 366 * 86_400);
    let done = send(1, head, until, asked(0, choices.kind));
    let early = decide(Some(&duty), &done, &plans).unwrap_err();
    assert_eq!(*early.why, DutyWhy::TickFirst);
    ticked(&plans, &mut duty, &mut records, until);
    let done = decide(Some(&duty), &done, &plans).unwrap().duty;
    assert_eq!(done.stage(), DutyStage::Resting);
}

/// Days that run from the instant: ten of them from nine in the morning are a round, and of each there are three. The second begins the second after,
/// and its three days run from the end of the first, not from that second.
#[test]
fn days_from_the_instant_run_from_the_end_of_the_round_before() {
    let choices = Choices {
        kind: DutyKind::Visit,
        start: 0,
        every: Span::CalendarDays(10),
        within: Span::CalendarDays(3),
        rungs: Vec::new(),
        overdue: 5,
        quiet: false,
    };
    let mut plan = plan(&choices);
    plan.duties[0].counting = Counting {
        day_one: DayOne::FromInstant,
        ends: Ends::SameTime,
        roll: Roll::None,
        at: None,
    };
    let mut plans = Plans::new("board".parse().unwrap());
    plans.take(plan).unwrap();
    let first = send(0, &persons()[1], at(STARTS[0]), impose(choices.kind));
    let first = decide(None, &first, &plans).unwrap();
    let (mut duty, mut records) = (first.duty, first.records);
    ticked(&plans, &mut duty, &mut records, at("2026-03-23 09:00"));
    let all = rounds(&records);
    let all = all.iter().map(|it| &it.round);
    let all: Vec<_> = all.map(|it| (it.begins, it.due, it.ends)).collect();
    let of = |begins: Moment, due: &str, ends: &str| {
        let nine = |day: &str| at(&format!("{day} 09:00"));
        (begins, nine(due), nine(ends))
    };
    let after = |day: &str| at(&format!("{day} 09:00")).plus(1);
    assert_eq!(
        all,
        [
            of(at("2026-03-02 09:00"), "2026-03-05", "2026-03-12"),
            of(after("2026-03-12"), "2026-03-15", "2026-03-22"),
            of(after("2026-03-22"), "2026-03-25", "2026-04-01"),
        ]
    );
}
