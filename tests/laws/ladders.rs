//! Every outcome of an occurrence once, with dates worked out by hand. The reply is due five working days after
//! Monday, 2 March 2026: on Monday the 9th at 18:00.

use duly::plan::{ExtensionRule, On, PauseKind, PauseRule, Plan};
use duly::time::Span;
use duly::words::*;

use crate::office::{Office, at, clock, days, plan, rung, wall, within};

fn extended(rearms: bool) -> Plan {
    plan(|plan| {
        let reply = clock(plan, ClockKind::Reply);
        reply.rungs = vec![rung("before-1", On::Before(days(1))), rung("due", On::At)];
        reply.extension = Some(ExtensionRule {
            times: 2,
            most: days(5),
            ask_before: None,
            granted_by: Role::Supervisor,
            rearms,
            total: None,
            told: false,
            when: None,
        });
    })
}

#[test]
fn what_has_come_stays_come_when_due_moves_later() {
    let mut it = Office::assigned(extended(false));
    it.extend("03-09 10:00", days(5));
    it.tick("03-16 20:00");
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-06 18:00 before-1: fired",
            "03-16 18:00 due: fired",
            "03-16 18:00:01 breach: fired",
        ]
    );
}

#[test]
fn an_extension_may_arm_rungs_again_and_a_pause_after_it_forgets_none() {
    let mut it = Office::assigned(extended(true));
    it.extend("03-09 10:00", days(5));
    // One date does not count: due on the 17th, a day before it the 16th.
    it.pause("03-10 09:00");
    it.resume("03-11 09:00");
    it.tick("03-16 20:00");
    it.extend("03-17 10:00", days(1));
    it.tick("03-18 20:00");
    assert_eq!(
        it.came(ClockKind::Reply),
        [
            "03-06 18:00 before-1: fired",
            "03-16 18:00 before-1 #2: fired",
            "03-17 18:00 before-1 #3: fired",
            "03-18 18:00 due: fired",
            "03-18 18:00:01 breach: fired",
        ]
    );
}

// Overdue since the 9th, it was reminded of twice. Then four days are taken out of the count, and it is extended by two: due on the 17th,
// and after that it is reminded of three times, as if it never had been before.
#[test]
fn what_comes_again_and_again_does_so_as_often_after_it_was_armed_again() {
    let mut it = Office::assigned(plan(|plan| {
        let reply = clock(plan, ClockKind::Reply);
        reply.rungs = vec![rung(
            "again",
            On::Every {
                span: days(1),
                most: 3,
            },
        )];
        reply.extension = Some(ExtensionRule {
            times: 2,
            most: days(5),
            ask_before: None,
            granted_by: Role::Supervisor,
            rearms: true,
            total: None,
            told: false,
            when: None,
        });
        plan.pauses.push(PauseRule {
            reason: "听证".into(),
            side: PauseSide::Statutory,
            most: Span::CalendarDays(10),
            times: 1,
            kind: PauseKind::Excludes,
            holds: Vec::new(),
            when: None,
        });
    }));
    it.tick("03-11 20:00");
    let hearing = Command::Exclude {
        reason: "听证".into(),
        from: at("03-03 08:00"),
        until: at("03-06 20:00"),
        evidence: "听证笔录".into(),
    };
    it.go("ducha", Role::Supervisor, "03-12 09:00", hearing);
    it.extend("03-12 10:00", days(2));
    it.tick("03-31 20:00");
    let mut came = it.came(ClockKind::Reply);
    came.retain(|line| line.contains("again"));
    assert_eq!(
        came,
        [
            "03-10 18:00 again: fired",
            "03-11 18:00 again #2: fired",
            "03-18 18:00 again #3: fired",
            "03-19 18:00 again #4: fired",
            "03-20 18:00 again #5: fired",
        ]
    );
}

/// What is told until then of a limit of five days that is over, each working day, where a plan comes that gives so many.
fn told_daily(adopted: &str, limit: u32, until: &str) -> Vec<String> {
    let rule = |limit| {
        plan(|plan| {
            plan.overdue_every = 1;
            within(plan, ClockKind::Reply, days(limit));
        })
    };
    let mut it = Office::assigned(rule(5));
    it.adopt(adopted, rule(limit));
    it.tick(until);
    let mut told = it.came(ClockKind::Reply);
    told.retain(|line| line.contains("overdue"));
    told
}

#[test]
fn notices_of_an_overdue_clock_begin_anew_when_it_is_due_later() {
    let told = told_daily("03-12 10:00", 10, "03-18 09:00");
    // Not silent until the 19th, which would be the third day after the new due.
    assert_eq!(
        told,
        [
            "03-10 18:00 overdue #1: fired",
            "03-11 18:00 overdue #2: fired",
            "03-17 18:00 overdue #3: fired",
        ]
    );
}

// Due on the 11th by a plan that comes at the very second of the third notice, which would be the first of the new limit: that has come, and the next comes a
// working day later, not at once.
#[test]
fn a_notice_that_has_come_this_very_second_does_not_come_again() {
    let told = told_daily("03-12 18:00", 7, "03-17 09:00");
    assert_eq!(
        told,
        [
            "03-10 18:00 overdue #1: fired",
            "03-11 18:00 overdue #2: fired",
            "03-12 18:00 overdue #3: fired",
            "03-13 18:00 overdue #4: fired",
            "03-16 18:00 overdue #5: fired",
        ]
    );
}

#[test]
fn a_promise_made_before_a_longer_limit_is_missed_at_its_own_second() {
    let mut it = Office::assigned(plan(|_| {}));
    it.adopt(
        "03-03 10:00",
        plan(|plan| within(plan, ClockKind::Reply, days(8))),
    );
    let schedule = &it.case().clock(ClockKind::Reply).unwrap().schedule;
    assert_eq!(wall(schedule.promised_due), "03-09 18:00");
    assert_eq!(wall(schedule.legal_due), "03-12 18:00");
    it.reply("03-10 10:00");
    let clock = it.case().clock(ClockKind::Reply).unwrap();
    assert_eq!(
        clock.promise_missed.map(wall),
        Some("03-09 18:00:01".to_owned())
    );
    assert!(clock.breached.is_none() && clock.verdicts[0].verdict.is_on_time());
    assert_eq!(
        it.told(ClockKind::Reply),
        [
            "03-09 18:00:01 promise_missed: fired",
            "03-12 18:00:01 breach: void, stopped by replied",
            "03-19 18:00 overdue #1: void, stopped by replied",
        ]
    );
}

/// Twenty days end on Sunday the 22nd, so on Monday the 23rd; five working days back from it is the 16th.
fn leaving(plan: &mut Plan) {
    within(plan, ClockKind::Whole, Span::CalendarDays(20));
    clock(plan, ClockKind::Whole).leaves = Some(days(5));
}

#[test]
fn it_is_said_when_what_is_left_is_less_than_what_must_still_be_done() {
    let mut it = Office::assigned(plan(leaving));
    it.tick("03-16 20:00");
    assert_eq!(it.came(ClockKind::Whole), ["03-16 18:00 infeasible: fired"]);
    let to: Vec<_> = it
        .outgoing
        .iter()
        .filter_map(|out| match &out.effect {
            Effect::Notify {
                to,
                what: Notice::Infeasible { clock },
            } => Some((to.role.unwrap(), to.person.clone(), clock.to_string())),
            _ => None,
        })
        .collect();
    let owner = Some("wanggang".parse().unwrap());
    assert_eq!(
        to,
        [
            (Role::Owner, owner, "whole/1".to_owned()),
            (Role::Supervisor, None, "whole/1".to_owned())
        ]
    );
}

#[test]
fn a_reply_that_waits_for_review_is_no_reason_to_say_so() {
    let mut it = Office::assigned(plan(leaving));
    it.reply("03-06 10:00");
    it.tick("03-16 20:00");
    assert_eq!(
        it.came(ClockKind::Whole),
        ["03-16 18:00 infeasible: skipped by spine.reply_given"]
    );
    let mut back = Office::assigned(plan(leaving));
    back.reply("03-06 10:00");
    back.send_back("03-09 10:00");
    back.tick("03-16 20:00");
    assert_eq!(
        back.came(ClockKind::Whole),
        ["03-16 18:00 infeasible: fired"]
    );
}

#[test]
fn a_direction_that_leaves_too_little_is_said_at_once_and_before_the_rungs_that_have_passed() {
    let mut it = Office::assigned(plan(|plan| {
        let reply = clock(plan, ClockKind::Reply);
        reply.leaves = Some(days(2));
        reply.rungs = vec![
            rung("before-3", On::Before(days(3))),
            rung("before-1", On::Before(days(1))),
            rung("due", On::At),
        ];
    }));
    it.direct("03-03 10:00", days(1));
    it.tick("03-05 09:00");
    let taken = |record: &Record| match &record.event {
        Event::StepTaken { clock, step, .. } if clock.kind == ClockKind::Reply => {
            Some(format!("{} {step}", wall(record.at)))
        }
        _ => None,
    };
    assert_eq!(
        it.records.iter().filter_map(taken).collect::<Vec<_>>(),
        [
            "03-03 10:00 infeasible",
            "03-03 10:00 before-3",
            "03-03 18:00 before-1",
            "03-04 18:00 due",
            "03-04 18:00:01 breach",
        ]
    );
}

#[test]
fn a_rung_before_the_start_is_void_and_says_so() {
    let it = Office::assigned(plan(|plan| {
        clock(plan, ClockKind::Reply).rungs = vec![rung("before-7", On::Before(days(7)))];
    }));
    let told = it.told(ClockKind::Reply);
    assert_eq!(told[0], "03-02 09:20 before-7: void, before the start");
}

#[test]
fn rungs_that_another_plan_no_longer_has_are_superseded() {
    for (waits, new) in [
        (false, "03-09 18:00 on-due: ahead"),
        (true, "03-09 18:00 on-due: ahead, waiting"),
    ] {
        let mut it = Office::assigned(plan(|plan| {
            clock(plan, ClockKind::Reply).rungs = vec![rung("due", On::At)];
        }));
        if waits {
            it.pause("03-03 09:30");
        }
        it.adopt(
            "03-03 10:00",
            plan(|plan| clock(plan, ClockKind::Reply).rungs = vec![rung("on-due", On::At)]),
        );
        let told = it.told(ClockKind::Reply);
        assert_eq!(told[..2], ["03-09 18:00 due: void, superseded", new]);
    }
}
