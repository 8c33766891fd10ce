//! Escalation (催办督办): exactly once, in order, at its own moment, and never silently skipped.

use duly::case::{StepOutcome, VoidWhy};
use duly::plan::{Count, CountRule, On, PlanFault, PlanWarning, Quiet};
use duly::time::Span;
use duly::words::*;

use crate::office::{Office, at, clock, days, plan, rung, wall, when, within};

/// A day before due, at due, a day after.
fn three(plan: &mut duly::plan::Plan) {
    clock(plan, ClockKind::Reply).rungs = vec![
        rung("before-1", On::Before(days(1))),
        rung("due", On::At),
        rung("after-1", On::After(days(1))),
    ];
}

// Rungs came again at every run of the scheduler, hundreds of mails.
#[test]
fn row_50_a_rung_comes_once_however_often_somebody_looks() {
    let mut it = Office::assigned(plan(three));
    let mut now = at("03-02 10:00");
    while now < at("03-12 00:00") {
        it.tick_at(now);
        it.tick_at(now);
        now = now.plus(1800);
    }
    let rungs: Vec<String> = it
        .notices()
        .into_iter()
        .filter(|(_, notice)| matches!(notice, Notice::Rung { .. }))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(rungs, ["03-06 18:00", "03-09 18:00", "03-10 18:00"]);
}

// Only the first rung ever fired, and what was missed was not made up for.
#[test]
fn row_51_every_rung_that_was_missed_comes_in_order_at_its_own_moment() {
    let mut it = Office::assigned(plan(three));
    it.tick("03-20 09:00");
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-06 18:00 before-1: fired",
            "03-09 18:00 due: fired",
            "03-09 18:00:01 breach: fired",
            "03-10 18:00 after-1: fired",
            "03-17 18:00 overdue #1: fired",
        ]
    );
}

// A rung of one clock ran against another, or never.
#[test]
fn row_52_a_rung_belongs_to_its_clock() {
    let mut it = Office::assigned(plan(|plan| {
        for kind in [ClockKind::Reply, ClockKind::Whole, ClockKind::Review] {
            clock(plan, kind).rungs = vec![rung("due", On::At)];
        }
        within(plan, ClockKind::Whole, days(10));
    }));
    it.reply("03-06 10:00");
    it.tick("03-17 09:00");
    let due = |kind| {
        let mut told = it.told(kind);
        told.retain(|line| line.contains("due:"));
        told
    };
    assert_eq!(
        due(ClockKind::Reply),
        ["03-09 18:00 due: void, stopped by replied"]
    );
    assert_eq!(due(ClockKind::Whole), ["03-16 18:00 due: fired"]);
    assert_eq!(due(ClockKind::Review), ["03-10 18:00 due: fired"]);
    let clocks: Vec<ClockKind> = it
        .notices()
        .iter()
        .filter_map(|(_, notice)| match notice {
            Notice::Rung { clock, .. } => Some(clock.kind),
            _ => None,
        })
        .collect();
    assert_eq!(clocks, [ClockKind::Review, ClockKind::Whole]);
}

/// Sixty hours after it was assigned: 4 March, 21:20.
fn late_in_the_evening(plan: &mut duly::plan::Plan) {
    within(plan, ClockKind::Reply, Span::hours(60));
    plan.quiet = Some(Quiet::Daily("21:00-08:00".parse().unwrap()));
    clock(plan, ClockKind::Reply).rungs = vec![rung("due", On::At)];
}

// Notices at midnight and at weekends.
#[test]
fn row_53_quiet_hours_put_a_notice_off_and_never_drop_it() {
    let mut it = Office::assigned(plan(late_in_the_evening));
    it.tick("03-05 12:00");
    // The reminder waits for the morning; the breach does not.
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-04 21:20:01 breach: fired",
            "03-05 08:00 due: fired, put off from 03-04 21:20",
        ]
    );
    assert_eq!(it.notices().len(), 1);
    assert_eq!(it.notices()[0].0, "03-05 08:00");

    let mut at_once = Office::assigned(plan(|plan| {
        late_in_the_evening(plan);
        clock(plan, ClockKind::Reply).rungs[0].at_once = true;
    }));
    at_once.tick("03-05 12:00");
    assert_eq!(at_once.came(ClockKind::Reply)[0], "03-04 21:20 due: fired");
}

#[test]
fn row_53_a_weekend_is_outside_office_hours() {
    let mut it = Office::assigned(plan(|plan| {
        late_in_the_evening(plan);
        within(plan, ClockKind::Reply, Span::hours(120));
        plan.quiet = Some(Quiet::OutsideHours);
    }));
    it.tick("03-09 12:00");
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-07 09:20:01 breach: fired",
            "03-09 09:00 due: fired, put off from 03-07 09:20",
        ]
    );
}

#[test]
fn row_53_what_is_put_off_and_has_no_more_use_says_so() {
    let mut it = Office::assigned(plan(late_in_the_evening));
    it.reply("03-05 07:00");
    let due: Vec<_> = it
        .outcomes()
        .into_iter()
        .filter(|it| it.step.to_string() == "due")
        .map(|it| it.outcome)
        .collect();
    let why = VoidWhy::Stopped(ClockMark::Replied);
    assert_eq!(due, [StepOutcome::Voided { why }]);
}

#[test]
fn row_53_a_repeating_notice_does_not_pile_up_in_the_morning_nor_drift() {
    let mut it = Office::assigned(plan(|plan| {
        late_in_the_evening(plan);
        let every = On::Every {
            span: Span::hours(3),
            most: 5,
        };
        clock(plan, ClockKind::Reply).rungs = vec![rung("every", every)];
    }));
    it.tick("03-05 20:00");
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-04 21:20:01 breach: fired",
            "03-05 08:00 every: one with #3",
            "03-05 08:00 every #2: one with #3",
            "03-05 08:00 every #3: fired, put off from 03-05 06:20",
            "03-05 09:20 every #4: fired",
            "03-05 12:20 every #5: fired",
        ]
    );
    assert_eq!(it.notices().len(), 3);
}

// A merged ticket went on escalating.
#[test]
fn row_54_what_ends_a_case_cancels_its_ladders_in_the_same_step() {
    let mut it = Office::assigned(plan(three));
    let merge = Command::Merge {
        into: "m02".parse().unwrap(),
    };
    it.go("caihong", Role::Intake, "03-05 10:00", merge);
    let merged = it.records.last().unwrap().at;
    it.tick("04-01 09:00");
    assert!(it.notices().is_empty());
    for line in it.told(ClockKind::Reply) {
        assert!(line.ends_with("void, Merged"), "{line}");
    }
    assert_eq!(wall(merged), "03-05 10:00");
}

// Pausing after due, and before the next poll, cleared the deadline and the threshold never fired; and what had fired
// before a crash fired again after it.
#[test]
fn row_55_what_fell_due_before_a_pause_has_come_and_comes_the_same_again() {
    let run = || {
        let mut it = Office::assigned(plan(three));
        it.pause("03-09 18:00:05");
        it
    };
    let (it, again) = (run(), run());
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-06 18:00 before-1: fired",
            "03-09 18:00 due: fired",
            "03-09 18:00:01 breach: fired",
        ]
    );
    let breached = it.case().clock(ClockKind::Reply).unwrap().breached;
    assert_eq!(breached.map(wall), Some("03-09 18:00:01".to_owned()));
    let waiting = it.told(ClockKind::Reply);
    assert_eq!(waiting[3], "03-10 18:00 after-1: ahead, waiting");
    // Done again after a crash it is the same, under the same identities: the outbox delivers each once.
    let ids = |it: &Office| {
        it.outgoing
            .iter()
            .map(|out| out.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!((ids(&it), &it.records), (ids(&again), &again.records));
}

// After a gap every missed interval fired, or the first fired twice.
#[test]
fn row_56_after_a_gap_the_missed_intervals_are_one_notice() {
    let mut it = Office::assigned(plan(|plan| {
        let every = On::Every {
            span: days(2),
            most: 5,
        };
        clock(plan, ClockKind::Reply).rungs = vec![rung("every", every)];
    }));
    // Due on the 9th; the clock waits from the 12th to the 18th, and the rung of the 13th and the 17th with it.
    it.pause("03-12 09:00");
    it.resume("03-18 10:00");
    it.tick("03-20 09:00");
    it.tick("03-20 09:00");
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-09 18:00:01 breach: fired",
            "03-11 18:00 every: fired",
            "03-18 10:00 every #2: one with #3",
            "03-18 10:00 every #3: fired, put off from 03-17 18:00",
            "03-18 18:00 overdue #1: fired",
            "03-19 18:00 every #4: fired",
        ]
    );
}

// Runs were skipped for lack of time to catch up, and nothing said so.
#[test]
fn row_57_a_skip_is_a_recorded_outcome_with_its_reason() {
    let mut it = Office::assigned(plan(|plan| {
        let mut only = rung("due", On::At);
        only.when = Some(when(plan, "ladder(reply).due", "directed", true));
        clock(plan, ClockKind::Reply).rungs = vec![only];
    }));
    // Nobody looked for a year: nothing is left out for being late.
    it.tick_at(at("03-02 10:00").plus(365 * 86_400));
    let told = it.told(ClockKind::Reply);
    assert_eq!(
        told[0],
        "03-09 18:00 due: skipped by ladder(reply).due: directed = false"
    );
    let calendar = &it.plans.current().unwrap().calendar;
    let zone = calendar.zone();
    let fired: Vec<_> = it
        .outcomes()
        .into_iter()
        .filter(|it| it.clock.kind == ClockKind::Reply)
        .filter_map(|it| match (it.step, it.outcome) {
            (StepKey::Overdue { .. }, StepOutcome::Fired { at, .. }) => Some(at.date(zone)),
            _ => None,
        })
        .collect();
    assert!(fired.len() > 45, "{} notices in a year", fired.len());
    for pair in fired.windows(2) {
        assert_eq!(calendar.working_days_between(pair[0], pair[1]), 5);
    }
}

// An event at exactly the due second failed.
#[test]
fn row_58_at_the_very_second_of_due_it_is_in_time() {
    let verdict = |when: &str| {
        let mut it = Office::assigned(plan(three));
        it.reply(when);
        let clock = it.case().clock(ClockKind::Reply).unwrap().clone();
        (
            clock
                .verdicts
                .iter()
                .map(|it| it.verdict)
                .collect::<Vec<_>>(),
            clock.breached.is_some(),
            it.came(ClockKind::Reply).len(),
        )
    };
    let (in_time, late) = (verdict("03-09 18:00"), verdict("03-09 18:00:01"));
    assert_eq!(in_time, (vec![Verdict::OnTime { margin: 0 }], false, 2));
    assert_eq!(late, (vec![Verdict::Late { by: 1 }], true, 3));
}

// All overdue cases were mailed again every working day, by a holiday test on the date in universal time.
#[test]
fn row_59_overdue_notices_keep_their_distance_and_the_local_calendar() {
    let mut it = Office::new(plan(|plan| {
        // Half past midnight in Shanghai is the day before in universal time.
        plan.quiet = Some(Quiet::Daily("17:00-00:30".parse().unwrap()));
        plan.overdue_every = 2;
    }));
    it.open("09-14 09:00");
    it.assign("09-14 09:20");
    let mut now = at("09-14 10:00");
    while now < at("10-16 00:00") {
        it.tick_at(now);
        now = now.plus(86_400);
    }
    let mut overdue = it.came(ClockKind::Reply);
    overdue.retain(|line| line.contains("overdue"));
    // Due on Sunday the 20th, which is worked; the 25th to 27th and the 1st to 7th are holidays, Saturday the 10th is worked.
    assert_eq!(
        overdue,
        [
            "09-23 00:30 overdue #1: fired, put off from 09-22 18:00",
            "09-25 00:30 overdue #2: fired, put off from 09-24 18:00",
            "09-30 00:30 overdue #3: fired, put off from 09-29 18:00",
            "10-09 00:30 overdue #4: fired, put off from 10-08 18:00",
            "10-11 00:30 overdue #5: fired, put off from 10-10 18:00",
            "10-14 00:30 overdue #6: fired, put off from 10-13 18:00",
        ]
    );
}

// So many reopenings should raise the level; an owner who is silent should lose the case.
#[test]
fn row_60_counts_of_the_case_and_a_silent_owner_are_rungs_too() {
    let mut it = Office::assigned(plan(|plan| {
        plan.counts = vec![CountRule {
            rule: RuleId::new("count(reopens).2"),
            count: Count::Reopens,
            at: 2,
            acts: vec![(Verb::Supervise, "supervisor".into())],
        }];
        let mut taken_back = rung("due", On::At);
        taken_back.acts = vec![(Verb::Warn, "unit_head".into())];
        clock(plan, ClockKind::Sign).rungs = vec![taken_back];
    }));
    // Nobody signs: the head is warned, and the case goes to another unit with a ladder of its own.
    it.tick("03-04 09:00");
    let transfer = Command::Transfer {
        unit: "供电所".parse().unwrap(),
        owner: "duojie".parse().unwrap(),
        reason: "原单位未签收".into(),
    };
    it.go("caihong", Role::Intake, "03-04 10:00", transfer);
    it.tick("03-06 09:00");
    assert_eq!(
        it.came(ClockKind::Sign),
        [
            "03-03 18:00 due: fired",
            "03-03 18:00:01 breach: fired",
            "03-03 18:00:01 lapse: fired",
            "03-05 18:00 due: fired",
            "03-05 18:00:01 breach: fired",
            "03-05 18:00:01 lapse: fired",
        ]
    );
    // The reply's own clock went on all the while.
    let due = it.case().clock(ClockKind::Reply).unwrap().due();
    assert_eq!(due.map(wall), Some("03-09 18:00".to_owned()));
    for (day, reopens) in [("03-10", 1), ("03-11", 2)] {
        let withdraw = Command::Withdraw {
            evidence: "不用了".into(),
        };
        it.go("zhuoma", Role::Citizen, &format!("{day} 09:00"), withdraw);
        let reopen = Command::Reopen {
            ground: "新的事实".into(),
            reason: "又坏了".into(),
        };
        it.go("zhuoma", Role::Citizen, &format!("{day} 10:00"), reopen);
        assert_eq!(it.case().reopens(), reopens);
        assert_eq!(it.case().is_tracked(), reopens == 2);
    }
}

// A clock was declared and nothing armed it; a rule in a grammar that nothing read had never fired.
#[test]
fn row_61_what_can_never_come_is_found_before_it_is_relied_on() {
    let after_the_end = plan(|plan| {
        clock(plan, ClockKind::Sign).rungs = vec![rung("after-1", On::After(days(1)))];
    });
    assert_eq!(
        after_the_end.validate(),
        Err(vec![PlanFault::RungUnreached {
            clock: ClockKind::Sign,
            rung: "after-1".into()
        }])
    );
    let never = plan(|plan| {
        let mut idle = rung("due", On::At);
        idle.when = Some(duly::plan::Decision::new(
            RuleId::new("ladder(reply).due"),
            duly::plan::Diagram::constant(false),
        ));
        clock(plan, ClockKind::Reply).rungs = vec![idle];
    });
    assert_eq!(
        never.warnings(),
        [PlanWarning::RungNever {
            clock: ClockKind::Reply,
            rung: "due".into()
        }]
    );
    // A clock that starts where the spine never starts it would lie idle for ever.
    let idle = plan(|plan| clock(plan, ClockKind::Review).starts = ClockMark::Published);
    assert!(matches!(
        idle.validate().unwrap_err()[..],
        [PlanFault::Starts { .. }]
    ));
}
