//! (d) Another policy for cases under way: rows 47 to 49.

use duly::plan::{On, Plan, Rung};
use duly::time::Span;
use duly::words::*;

use super::at;
use super::file::*;

/// Answered in so many working days, with a reminder the day before where there is one.
fn plan(days: u32, reminds: bool) -> Plan {
    let mut plan = plain();
    limit(&mut plan, ClockKind::Reply, Span::WorkingDays(days));
    if reminds {
        rule(&mut plan, ClockKind::Reply).rungs = vec![Rung {
            key: "before-1".into(),
            on: On::Before(Span::WorkingDays(1)),
            title: "蓝".into(),
            acts: vec![(Verb::Remind, "owner".into())],
            when: None,
            at_once: false,
        }];
    }
    assert_eq!(plan.validate(), Ok(()));
    plan
}

fn adopt(file: &mut File, when: &str, plan: Plan, approved: bool) -> Vec<Event> {
    let plan = file.plans.take(plan).unwrap();
    let approved_by = approved.then(|| "leader-1".parse().unwrap());
    file.go(
        when,
        "supervisor-1",
        Command::AdoptPlan {
            plan,
            approved_by,
            facts: Facts::new(),
        },
    )
}

fn reminders(file: &File) -> usize {
    let steps = file.fired(ClockKind::Reply).into_iter();
    steps
        .filter(|(_, step)| matches!(step, StepKey::Rung { .. }))
        .count()
}

// Zammad 4353 and 5624, osTicket-1.7 686: a rule that was switched off went on escalating, a ticket that moved kept its old clock,
// and once overdue nothing could be changed. Another plan takes the place of the old one in one event, with its reason: what the
// old one still had ahead never comes.
#[test]
fn d47_zammad_4353_a_superseded_rule_does_nothing_more() {
    let mut file = File::assigned(plan(10, true), Class::Problem);
    let events = adopt(
        &mut file,
        "2026-03-04T10:00:00+08:00",
        plan(10, false),
        false,
    );
    let reason = events.iter().find_map(|event| match event {
        Event::ClockProjected { key, why, .. } if key.kind == ClockKind::Reply => Some(*why),
        _ => None,
    });
    assert_eq!(reason, Some(ProjectedFor::PlanAdopted));
    file.tick("2026-03-16T18:00:00+08:00");
    assert_eq!(reminders(&file), 0);
    // Another unit: what was the first one's own is over, and the citizen's clock runs on.
    let mut moved = File::assigned(plan(10, true), Class::Problem);
    let (reply, sign) = (
        moved.due(ClockKind::Reply),
        moved.clock(ClockKind::Sign).key,
    );
    let transfer = Command::Transfer {
        unit: "交通局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: text("机构改革"),
    };
    moved.go("2026-03-02T11:00:00+08:00", "supervisor-1", transfer);
    let old = moved.case().clocks().iter().find(|clock| clock.key == sign);
    assert!(old.is_some_and(|clock| !clock.is_live()));
    assert_eq!(moved.due(ClockKind::Reply), reply);
    // Overdue already, it can be put under another plan all the same; the miss stays.
    let mut overdue = File::assigned(plan(3, false), Class::Problem);
    overdue.tick("2026-03-09T10:00:00+08:00");
    adopt(
        &mut overdue,
        "2026-03-09T11:00:00+08:00",
        plan(10, false),
        true,
    );
    assert_eq!(
        overdue.due(ClockKind::Reply),
        at("2026-03-16T18:00:00+08:00")
    );
    assert!(overdue.clock(ClockKind::Reply).breached.is_some());
}

// ServiceNow, ServiceDesk Plus: to repair clocks is to delete and make them again, with flags to keep the old notices from going out
// once more. Adopting a plan is one entry that tells nobody anything; what was done stays done, and it can be tried out first.
#[test]
fn d48_servicenow_repair_sends_nothing_twice() {
    let mut file = File::assigned(plan(5, true), Class::Problem);
    file.tick("2026-03-06T18:00:00+08:00");
    assert_eq!(reminders(&file), 1);
    let (told, records, case) = (file.outgoing.len(), file.records.len(), file.case.clone());
    // Deciding is pure: the rehearsal shows the new due moment and leaves everything as it was.
    let mut longer = plan(6, true);
    longer.edition = "2".into();
    let id = file.plans.take(longer.clone()).unwrap();
    let rehearsal = Envelope {
        id: "rehearsal".parse().unwrap(),
        case: "c".parse().unwrap(),
        by: who("supervisor-1"),
        at: at("2026-03-06T18:30:00+08:00"),
        salt: Salt::new([0; 16]),
        command: Command::AdoptPlan {
            plan: id,
            approved_by: Some("leader-1".parse().unwrap()),
            facts: Default::default(),
        },
    };
    let would = duly::case::decide(file.case.as_ref(), &rehearsal, &file.plans).unwrap();
    let reply = would.case.clock(ClockKind::Reply).unwrap();
    assert_eq!(reply.due(), Some(at("2026-03-10T18:00:00+08:00")));
    assert_eq!((file.records.len(), &file.case), (records, &case));
    adopt(&mut file, "2026-03-06T18:30:00+08:00", longer, true);
    assert_eq!(file.outgoing.len(), told);
    file.tick("2026-03-10T18:00:00+08:00");
    assert_eq!(reminders(&file), 1);
    // What the citizen was promised is not taken back by a new rule.
    let promised = file.clock(ClockKind::Reply).schedule.promised_due;
    assert_eq!(promised, at("2026-03-09T18:00:00+08:00"));
}

// Zammad, in a comment on its own escalation: changing the rule makes statistics wrong, because only the longest time is kept. Every
// due moment that ever held stands in the ledger with why it changed.
#[test]
fn d49_zammad_every_limit_that_held_is_kept() {
    let mut file = File::assigned(plan(10, false), Class::Problem);
    adopt(
        &mut file,
        "2026-03-04T10:00:00+08:00",
        plan(8, false),
        false,
    );
    adopt(
        &mut file,
        "2026-03-05T10:00:00+08:00",
        plan(12, false),
        true,
    );
    file.go("2026-03-13T10:00:00+08:00", "owner-1", reply());
    let held: Vec<_> = file
        .records
        .iter()
        .filter_map(|record| match &record.event {
            Event::ClockStarted { key, schedule, .. }
            | Event::ClockProjected { key, schedule, .. }
                if key.kind == ClockKind::Reply =>
            {
                Some((record.at, schedule.legal_due))
            }
            _ => None,
        })
        .collect();
    let pair = |at: &str, due: &str| (super::at(at), super::at(due));
    assert_eq!(
        held,
        [
            pair("2026-03-02T10:00:00+08:00", "2026-03-16T18:00:00+08:00"),
            pair("2026-03-04T10:00:00+08:00", "2026-03-12T18:00:00+08:00"),
            pair("2026-03-05T10:00:00+08:00", "2026-03-18T18:00:00+08:00"),
        ]
    );
    // Each record names the plan it was made under.
    let mut plans: Vec<_> = file.records.iter().map(|record| &record.plan).collect();
    plans.dedup();
    assert_eq!(plans.len(), 3);
}
