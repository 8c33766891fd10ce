//! (b) Pausing, going on, and what is kept over it: rows 23 to 34.

use duly::case::{ClockState, evolve};
use duly::plan::ExtensionRule;
use duly::time::{Pauses, Span};
use duly::words::*;

use super::at;
use super::file::*;

const CITIZEN: &str = "待网民补充";
const OFFICE: &str = "等候配件";
const STATUTE: &str = "鉴定检测";

fn ten_days() -> duly::plan::Plan {
    let mut plan = plain();
    limits_by_class(&mut plan, ClockKind::Reply, [10, 8, 10, 3]);
    limit(&mut plan, ClockKind::Whole, Span::CalendarDays(45));
    rule(&mut plan, ClockKind::Reply).extension = Some(ExtensionRule {
        times: 1,
        most: Span::WorkingDays(5),
        ask_before: None,
        granted_by: Role::Supervisor,
        total: None,
        told: false,
        rearms: false,
        when: None,
    });
    plan
}

fn extend(file: &mut File, asked: &str, granted: &str) {
    let ask = Command::AskExtension {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(5),
        reason: text("需要检测"),
    };
    file.go(asked, "owner-1", ask);
    let grant = Command::GrantExtension {
        clock: ClockKind::Reply,
        told: text("晚五天"),
    };
    file.go(granted, "supervisor-1", grant);
}

// GLPI 6902 and 15605: whoever changed the limit during or after a pause lost the pause. Pauses belong to the case; a clock
// that is counted anew counts without them all the same.
#[test]
fn b23_glpi_6902_pauses_outlive_a_change_of_limit() {
    let mut file = File::assigned(ten_days(), Class::Problem);
    file.go("2026-03-03T09:00:00+08:00", "owner-1", pause(CITIZEN));
    file.go("2026-03-06T09:00:00+08:00", "owner-1", resume(CITIZEN));
    // Three closes came while it waited.
    assert_eq!(file.due(ClockKind::Reply), at("2026-03-19T18:00:00+08:00"));
    let reclassify = Command::Reclassify {
        class: Class::Question,
        reason: text("实为咨询"),
    };
    file.go("2026-03-06T10:00:00+08:00", "intake-1", reclassify);
    // Eight working days, and the same three.
    assert_eq!(file.due(ClockKind::Reply), at("2026-03-17T18:00:00+08:00"));
    assert_eq!(file.case().pauses().len(), 1);
}

// GLPI 17186: a due date that was set by hand was moved by waiting. A promised day is a day: no pause moves it.
#[test]
fn b24_glpi_17186_a_promised_day_is_not_moved() {
    let mut file = File::assigned(ten_days(), Class::Problem);
    file.go(
        "2026-03-03T09:00:00+08:00",
        "owner-1",
        promises("2026-04-10"),
    );
    file.go("2026-03-03T10:00:00+08:00", "reviewer-1", pass());
    file.go(
        "2026-03-04T10:00:00+08:00",
        "citizen",
        rate(Level::Unsatisfied),
    );
    let promised = at("2026-04-11T00:00:00+08:00");
    assert_eq!(file.due(ClockKind::Commitment), promised);
    let redo = file.due(ClockKind::Redo);
    file.go("2026-03-05T09:00:00+08:00", "owner-1", pause(CITIZEN));
    assert_eq!(file.due(ClockKind::Commitment), promised);
    file.go("2026-03-10T09:00:00+08:00", "owner-1", resume(CITIZEN));
    assert_eq!(file.due(ClockKind::Commitment), promised);
    assert!(file.due(ClockKind::Redo) > redo);
}

// GLPI 24481: a ticket was breached while it was waiting. What waits is not late: no breach comes while it does, and the verdict
// is read from what was recorded.
#[test]
fn b25_glpi_24481_no_breach_while_paused() {
    let mut plan = ten_days();
    limits_by_class(&mut plan, ClockKind::Reply, [3, 3, 3, 3]);
    let mut file = File::assigned(plan, Class::Problem);
    let due = file.due(ClockKind::Reply);
    file.go("2026-03-04T10:00:00+08:00", "owner-1", pause(STATUTE));
    file.tick("2026-03-25T10:00:00+08:00");
    assert!(at("2026-03-25T10:00:00+08:00") > due);
    assert_eq!(file.fired(ClockKind::Reply), []);
    assert_eq!(file.clock(ClockKind::Reply).breached, None);
    file.go("2026-03-25T11:00:00+08:00", "owner-1", resume(STATUTE));
    assert_eq!(file.due(ClockKind::Reply), at("2026-03-26T18:00:00+08:00"));
    file.go("2026-03-26T17:00:00+08:00", "owner-1", reply());
    let verdicts = file.verdicts(ClockKind::Reply);
    assert_eq!(verdicts, [(1, Verdict::OnTime { margin: 3600 })]);
}

// GLPI 15948: the share of the time that was used up grew while a ticket waited. It stands still with the clock.
#[test]
fn b26_glpi_15948_the_share_used_up_is_frozen() {
    let mut file = File::assigned(ten_days(), Class::Problem);
    file.go("2026-03-05T09:00:00+08:00", "owner-1", pause(CITIZEN));
    let hand = file.plans.latest().unwrap();
    let waiting = &file.case().pauses()[0];
    let pauses = Pauses::none().with(waiting.from, None);
    let term = &file.clock(ClockKind::Reply).term;
    let left = |when: &str| term.left(&hand.calendar, &pauses, at(when)).unwrap().amount;
    let first = left("2026-03-05T09:00:00+08:00");
    assert_eq!(first, 8);
    for when in ["2026-03-09T09:00:00+08:00", "2026-06-01T09:00:00+08:00"] {
        assert_eq!(left(when), first);
    }
    // Nobody says when it is due while nobody knows.
    assert_eq!(file.clock(ClockKind::Reply).due(), None);
}

// GLPI 23359 and 9267: the time for which a ticket was closed was counted as waiting. Between striking off and reopening a case
// is dormant, which is a thing of its own: neither a pause nor used up.
#[test]
fn b27_glpi_23359_closed_time_is_dormant() {
    let mut plan = ten_days();
    plan.reopen.count = duly::plan::ReopenCount::Continue;
    let mut file = File::published(plan, "2026-03-05T10:00:00+08:00");
    let whole = file.due(ClockKind::Whole);
    file.go("2026-03-06T10:00:00+08:00", "intake-1", call_back());
    file.go(
        "2026-03-06T11:00:00+08:00",
        "citizen",
        rate(Level::Satisfied),
    );
    file.go(
        "2026-03-09T10:00:00+08:00",
        "supervisor-1",
        strike_off(Outcome::Solved),
    );
    file.go("2026-03-30T10:00:00+08:00", "citizen", reopen());
    assert_eq!(file.case().pauses(), []);
    let reply = file.clock(ClockKind::Reply);
    // Two closes of ten had come when it was answered; the other eight begin with that of the day of reopening.
    assert_eq!(
        reply
            .dormant
            .total(reply.term.anchor, file.case().last_at()),
        at("2026-03-30T10:00:00+08:00").since(at("2026-03-05T10:00:00+08:00"))
    );
    assert_eq!(file.due(ClockKind::Reply), at("2026-04-09T18:00:00+08:00"));
    // The whole slept from striking off on: three weeks.
    assert_eq!(file.due(ClockKind::Whole).since(whole), 21 * 86_400);
}

// Frappe 3776: resolved while on hold, a ticket lost its hold and showed forty-two days. What is open is ended before the clock
// is judged, and counts up to that moment.
#[test]
fn b28_frappe_3776_answered_while_paused() {
    let mut plan = ten_days();
    limits_by_class(&mut plan, ClockKind::Reply, [3, 3, 3, 3]);
    let mut file = File::assigned(plan.clone(), Class::Problem);
    file.go("2026-03-03T10:00:00+08:00", "owner-1", pause(STATUTE));
    file.go("2026-03-25T17:00:00+08:00", "owner-1", reply());
    assert!(file.case().pauses().iter().all(|it| it.ended.is_some()));
    let verdicts = file.verdicts(ClockKind::Reply);
    assert!(
        matches!(verdicts[..], [(1, Verdict::OnTime { .. })]),
        "{verdicts:?}"
    );
    // The citizen withdraws while it waits: nothing is left waiting either.
    let mut file = File::assigned(plan, Class::Problem);
    file.go("2026-03-03T10:00:00+08:00", "owner-1", pause(STATUTE));
    let evidence = text("不用了");
    file.go(
        "2026-03-25T17:00:00+08:00",
        "citizen",
        Command::Withdraw { evidence },
    );
    assert!(file.case().pauses().iter().all(|it| it.ended.is_some()));
    assert!(file.case().is_closed() && file.case().next_alarm().is_none());
}

// alga-psa 3091: what was created in a waiting state burnt time from the first second. A clock that starts while a pause holds
// starts waiting.
#[test]
fn b29_alga_3091_a_clock_that_starts_in_a_pause_waits() {
    let mut plan = ten_days();
    rule(&mut plan, ClockKind::CoReply).within.diagram =
        duly::plan::Diagram::constant(duly::plan::Limit::Span(Span::WorkingDays(4)));
    let mut file = File::assigned(plan, Class::Problem);
    file.go("2026-03-03T09:00:00+08:00", "owner-1", reply());
    file.go("2026-03-03T10:00:00+08:00", "reviewer-1", send_back());
    file.go("2026-03-04T09:00:00+08:00", "owner-1", pause(CITIZEN));
    let again = Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: vec![NewPart {
            unit: "供电所".parse().unwrap(),
            owner: "co_handler-1".parse().unwrap(),
        }],
    };
    file.go("2026-03-05T09:00:00+08:00", "intake-1", again);
    let part = file.clock(ClockKind::CoReply);
    assert_eq!((&part.state, part.due()), (&ClockState::Paused, None));
    file.tick("2026-03-13T09:00:00+08:00");
    assert_eq!(file.fired(ClockKind::CoReply), []);
    file.go("2026-03-16T09:00:00+08:00", "owner-1", resume(CITIZEN));
    // The closes of the 5th to the 13th came while it waited, so the 16th is the first of its four days.
    assert_eq!(
        file.due(ClockKind::CoReply),
        at("2026-03-19T18:00:00+08:00")
    );
}

// objectstack 1310, osTicket 3034, Linear 1103: time cannot be paused at all, or is paused for whoever asks. Each reason says
// whose time it is, how long and how often; an office's own reason never moves the citizen's clock.
#[test]
fn b30_osticket_3034_a_pause_has_a_reason_a_side_and_a_bound() {
    let whole = |reason: &str| {
        let mut file = File::assigned(ten_days(), Class::Problem);
        let before = (file.due(ClockKind::Reply), file.due(ClockKind::Whole));
        file.go("2026-03-03T09:00:00+08:00", "owner-1", pause(reason));
        file.go("2026-03-06T09:00:00+08:00", "owner-1", resume(reason));
        assert!(matches!(
            file.refused("2026-03-06T10:00:00+08:00", "owner-1", pause(reason)),
            Why::Bound { .. }
        ));
        let after = (file.due(ClockKind::Reply), file.due(ClockKind::Whole));
        (after.0 > before.0, after.1 > before.1)
    };
    assert_eq!(whole(CITIZEN), (true, true));
    assert_eq!(whole(STATUTE), (true, true));
    assert_eq!(whole(OFFICE), (true, false));
    let mut file = File::assigned(ten_days(), Class::Problem);
    assert!(matches!(
        file.refused("2026-03-03T09:00:00+08:00", "owner-1", pause("太忙")),
        Why::NotListed { .. }
    ));
    // Nobody resumes it: it goes on by itself when its longest time has passed.
    file.go("2026-03-03T09:00:00+08:00", "owner-1", pause(OFFICE));
    file.tick("2026-03-10T18:00:00+08:00");
    assert!(file.case().pauses()[0].ended.is_some());
    assert!(file.clock(ClockKind::Reply).is_running());
}

// XState 5331 and xstate-statemachine 107, 213, 221: timers and effects were lost when a machine was stored and restored. A case
// is its records: replayed, or written down and read back, it wakes at the same moment and does the same.
#[test]
fn b31_xstate_5331_nothing_is_lost_over_a_restore() {
    let mut plan = ten_days();
    plan.overdue_every = 2;
    let mut file = File::assigned(plan, Class::Problem);
    file.go("2026-03-05T09:00:00+08:00", "owner-1", pause(CITIZEN));
    file.tick("2026-03-06T09:00:00+08:00");
    let stored = serde_json::to_string(file.case()).unwrap();
    let mut replayed = None;
    for record in &file.records {
        let text = serde_json::to_string(record).unwrap();
        replayed = Some(evolve(replayed, &serde_json::from_str(&text).unwrap()).unwrap());
    }
    let read: duly::case::Case = serde_json::from_str(&stored).unwrap();
    assert_eq!(
        (Some(&read), replayed.as_ref()),
        (file.case.as_ref(), file.case.as_ref())
    );
    assert_eq!(read.next_alarm(), file.case().next_alarm());
    let before = file.records.len();
    file.tick("2026-06-01T09:00:00+08:00");
    let then: Vec<_> = file.records[before..].to_vec();
    let mut other = File::new(plain());
    other.plans = file.plans.clone();
    other.case = Some(read);
    other.tick("2026-06-01T09:00:00+08:00");
    assert_eq!(other.records, then);
    // What was to be told stays told of: each step that acted has its effect, by the id of its record.
    let acted = then.iter().filter(|record| match &record.event {
        Event::StepTaken {
            fate: StepFate::Fired { acts },
            ..
        } => !acts.is_empty(),
        _ => false,
    });
    let told: Vec<u64> = other.outgoing.iter().map(|out| out.id.version).collect();
    assert!(acted.clone().count() > 5);
    assert!(acted.clone().all(|record| told.contains(&record.version)));
}

// Camunda 57549, 57523, 62241, 3062: suspended timers fired at once when they were resumed, or were tried again and again, and
// moving a suspended instance to another definition set them going. What waits has no alarm, goes on with what was left, and
// waits still under another plan.
#[test]
fn b32_camunda_57549_a_paused_clock_stays_paused() {
    let mut plan = ten_days();
    plan.edition = "2".into();
    let mut file = File::assigned(ten_days(), Class::Problem);
    let first = file.plans.latest().unwrap().id.clone();
    file.go("2026-03-12T09:00:00+08:00", "owner-1", pause(STATUTE));
    let second = file.plans.take(plan).unwrap();
    assert_ne!(first, second);
    let adopt = Command::AdoptPlan {
        plan: second,
        approved_by: None,
        facts: Default::default(),
    };
    // The same limits in another edition: nothing gets longer by it, so nobody has to approve.
    file.go("2026-03-19T09:00:00+08:00", "supervisor-1", adopt);
    assert_eq!(file.clock(ClockKind::Reply).state, ClockState::Paused);
    assert_eq!(file.clock(ClockKind::Reply).due(), None);
    file.tick("2026-03-31T09:00:00+08:00");
    assert_eq!(file.fired(ClockKind::Reply), []);
    assert!(
        file.case()
            .ahead()
            .iter()
            .all(|(key, _)| key.kind != ClockKind::Reply)
    );
    file.go("2026-04-01T09:00:00+08:00", "owner-1", resume(STATUTE));
    // Seven of ten closes had come; the first of the three that are left is that of the very day.
    assert_eq!(file.due(ClockKind::Reply), at("2026-04-03T18:00:00+08:00"));
    assert_eq!(file.fired(ClockKind::Reply), []);
}

// Open Zaak 747 and 885, gemma-zaken 1953: a flag said suspended and no date moved, and suspending and extending were one field.
// They are two acts with two records: one waits and is bounded, the other is granted by another person and is counted.
#[test]
fn b33_open_zaak_747_waiting_is_not_extending() {
    let mut waited = File::assigned(ten_days(), Class::Problem);
    let due = waited.due(ClockKind::Reply);
    waited.go("2026-03-03T09:00:00+08:00", "owner-1", pause(CITIZEN));
    waited.go("2026-03-10T09:00:00+08:00", "owner-1", resume(CITIZEN));
    assert_eq!(
        (waited.case().extensions(), waited.case().pauses().len()),
        (0, 1)
    );
    assert_eq!(
        waited.due(ClockKind::Reply),
        at("2026-03-23T18:00:00+08:00")
    );
    let mut extended = File::assigned(ten_days(), Class::Problem);
    extend(
        &mut extended,
        "2026-03-03T09:00:00+08:00",
        "2026-03-03T10:00:00+08:00",
    );
    assert_eq!(
        (extended.case().extensions(), extended.case().pauses().len()),
        (1, 0)
    );
    assert!(extended.due(ClockKind::Reply) > due);
    assert_eq!(
        extended.clock(ClockKind::Reply).term.extensions,
        [Span::WorkingDays(5)]
    );
}

// MoJ correspondence 2818: taking an extension away from a case that had waited left a wrong date. The due moment is stored
// nowhere but as the outcome of term, extensions and pauses: without the extension it is what it would have been.
#[test]
fn b34_moj_2818_due_is_reckoned_anew_from_its_parts() {
    let mut both = File::assigned(ten_days(), Class::Problem);
    both.go("2026-03-03T09:00:00+08:00", "owner-1", pause(CITIZEN));
    both.go("2026-03-10T09:00:00+08:00", "owner-1", resume(CITIZEN));
    let paused_only = both.due(ClockKind::Reply);
    extend(
        &mut both,
        "2026-03-11T09:00:00+08:00",
        "2026-03-11T10:00:00+08:00",
    );
    let calendar = &both.plans.latest().unwrap().calendar;
    let it = &both.case().pauses()[0];
    let pauses = Pauses::none().with(it.from, it.ended);
    let mut term = both.clock(ClockKind::Reply).term.clone();
    let due = |term: &duly::time::Term| term.due(calendar, &pauses).unwrap().unwrap().at;
    assert_eq!(due(&term), both.due(ClockKind::Reply));
    term.extensions.clear();
    assert_eq!(due(&term), paused_only);
}
