//! Limits that are cut off and begin again, and what moves a limit or moves none.

use duly::plan::{Decision as Rule, Diagram, Limit, PauseKind, ReopenCount};
use duly::time::Span;
use duly::words::*;

use super::{
    CITIZEN, INTAKE, OWNER, REVIEWER, SUPERVISOR, SYSTEM, clock, direct, goes_on, projected,
    reopen, wait,
};
use crate::clocks::{
    Play, answer, ask, at, correct, delivered, grant, joint, pauses, plan, within,
};
use crate::counted::{law, review, screen};
use crate::office::wall;
use crate::situations::{called, merge, strike_off};
use crate::world::open;

// Withdrawn while it waits for the citizen: twenty dates end on Monday the 23rd, and five evenings of waiting later on Friday the 27th, which
// is what its end is held against.
#[test]
fn what_ends_while_it_waits_is_judged_as_if_it_went_on() {
    let mut with = plan();
    within(ClockKind::Whole, Span::CalendarDays(20))(&mut with);
    let mut play = Play::assigned(with);
    play.does(OWNER, "03-04 09:00", wait("待网民补充"));
    let withdraw = Command::Withdraw {
        evidence: Text::from("不用了"),
    };
    play.does(CITIZEN, "03-09 09:00", withdraw);
    let margin = at("03-27 18:00").since(at("03-09 09:00"));
    let judged = &play.clock(ClockKind::Whole).verdicts[0];
    assert_eq!(judged.verdict, Verdict::OnTime { margin });
}

// Sent back on the 3rd with five working days, until the 10th. Three evenings that it waits for parts make that the 13th: the whole, for which nobody waits
// then, is over on the 12th, and so is the time to do it again, to the same second.
#[test]
fn what_is_done_again_waits_no_longer_than_the_whole() {
    let mut with = plan();
    within(ClockKind::Whole, Span::CalendarDays(10))(&mut with);
    let mut play = Play::assigned(with);
    play.does(OWNER, "03-03 09:00", answer());
    play.does(REVIEWER, "03-03 10:00", review(true));
    assert_eq!(play.due(ClockKind::Redo), at("03-10 18:00"));
    play.does(OWNER, "03-04 09:00", wait("等候配件"));
    play.does(OWNER, "03-09 09:00", goes_on("等候配件"));
    assert_eq!(play.due(ClockKind::Whole), at("03-12 18:00"));
    assert_eq!(play.due(ClockKind::Redo), at("03-12 18:00"));
}

// Declined and opened again, a message is screened anew and in a day; what counts from screening, or from being given to somebody, waits for
// that.
#[test]
fn a_declined_case_that_is_opened_again_begins_with_screening() {
    let decline = || Command::Decline {
        ground: DeclineGround::OutOfScope,
        told: Text::from("请向法院反映"),
        facts: Facts::new(),
    };
    let mut play = Play::new(law(ClockMark::Assigned, ClockMark::Replied));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does(INTAKE, "03-02 09:30", screen());
    play.does(INTAKE, "03-02 10:00", decline());
    play.does("intake-3 intake", "03-02 11:00", decline());
    play.does(CITIZEN, "03-11 10:00", reopen());
    let screening = play.clock(ClockKind::Screen);
    assert!(screening.is_running());
    assert_eq!((screening.key.run, screening.cycle), (2, 2));
    assert_eq!(play.due(ClockKind::Screen), at("03-12 18:00"));
    assert!(!play.clock(ClockKind::Assign).is_live());
    assert!(play.case().clock(ClockKind::Reply).is_none());
}

// Where the plan gives a case that is opened again its time anew, it does so also where it was withdrawn before anybody answered.
#[test]
fn what_was_withdrawn_has_its_time_anew_where_the_plan_says_so() {
    let again = |count: ReopenCount| {
        let mut with = plan();
        with.reopen.count = count;
        let mut play = Play::assigned(with);
        let withdraw = Command::Withdraw {
            evidence: Text::from("不用了"),
        };
        play.does(CITIZEN, "03-03 09:00", withdraw);
        play.does(CITIZEN, "03-09 09:00", reopen());
        play.due(ClockKind::Reply)
    };
    assert_eq!(again(ReopenCount::Fresh), at("03-23 18:00"));
    // Four working days went by closed.
    assert_eq!(again(ReopenCount::Continue), at("03-20 18:00"));
}

// An extension of the reply waits for its notice while a part is late: that is another limit.
#[test]
fn an_extension_waits_for_its_notice_whatever_else_is_late() {
    let mut play = joint(&[("水利局", "co-1")]);
    play.does(OWNER, "03-06 09:00", ask(5));
    play.does(SUPERVISOR, "03-06 10:00", grant());
    let granted = play.version(|event| matches!(event, Event::ExtensionGranted { .. }));
    play.does(SYSTEM, "03-10 09:00", Command::Tick {});
    assert!(play.clock(ClockKind::CoReply).breached.is_some());
    assert!(play.case().awaits_delivery().is_some());
    play.does(SYSTEM, "03-10 10:00", delivered(granted));
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
}

// A direction that leaves a limit where it is moves nothing, and is no other limit.
#[test]
fn a_direction_that_is_no_shorter_is_no_entry_of_a_clock() {
    let mut play = Play::assigned(plan());
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    let first = [(ClockKind::Reply, ProjectedFor::Directed)];
    assert_eq!(projected(&play), first);
    play.does("leader-1 leader", "03-05 10:00", direct(2));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    assert!(projected(&play).is_empty());
}

// A limit that is a share of the citizen's own, and begins with it, begins after it and so has something to be a share of.
#[test]
fn a_share_of_what_begins_with_it_is_counted() {
    let mut plan = law(ClockMark::Received, ClockMark::Replied);
    let share = Limit::Share {
        of: ClockKind::Whole,
        percent: 50,
    };
    clock(&mut plan, ClockKind::Reply).within =
        Rule::new(RuleId::new("within"), Diagram::constant(share));
    let mut play = Play::new(plan);
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    assert!(play.clock(ClockKind::Reply).is_running());
    let (reply, whole) = (play.due(ClockKind::Reply), play.due(ClockKind::Whole));
    assert!(at("03-02 09:00") < reply && reply < whole, "{reply}");
}

// What is taken out of the count moves the limits that it moves, and of no other is there an entry: sixty dates end on the 6th of May with it
// or without.
#[test]
fn a_stretch_that_moves_nothing_is_no_entry() {
    let mut with = plan();
    with.pauses
        .push(pauses("听证", PauseSide::Statutory, PauseKind::Excludes));
    let mut play = Play::assigned(with);
    let hearing = Command::Exclude {
        reason: "听证".into(),
        from: at("03-04 08:00"),
        until: at("03-05 20:00"),
        evidence: Text::from("听证笔录"),
    };
    play.does(SUPERVISOR, "03-16 09:00", hearing);
    let only = [(ClockKind::Reply, ProjectedFor::Excluded)];
    assert_eq!(projected(&play), only);
}

// The office waited for parts at the time of a hearing. Its own wait never counted for the citizen's limit, the 5th; the hearing does, and
// makes it the 9th.
#[test]
fn a_hearing_counts_for_the_citizen_whatever_the_office_waited_for() {
    let mut with = plan();
    within(ClockKind::Whole, Span::WorkingDays(3))(&mut with);
    with.pauses
        .push(pauses("听证", PauseSide::Statutory, PauseKind::Excludes));
    let mut play = Play::assigned(with);
    play.does(OWNER, "03-03 09:00", wait("等候配件"));
    play.does(OWNER, "03-05 10:00", answer());
    play.does(REVIEWER, "03-05 11:00", review(false));
    let satisfied = called(Some(Level::Satisfied));
    play.does(INTAKE, "03-05 12:00", satisfied);
    play.does(SUPERVISOR, "03-06 09:00", strike_off(Outcome::Solved));
    let judged = &play.clock(ClockKind::Whole).verdicts[0];
    assert_eq!(judged.verdict, Verdict::Late { by: 15 * 3600 });
    play.does(CITIZEN, "03-16 09:00", reopen());
    let hearing = Command::Exclude {
        reason: "听证".into(),
        from: at("03-03 10:00"),
        until: at("03-04 20:00"),
        evidence: Text::from("听证笔录"),
    };
    play.does("supervisor-2 supervisor", "03-18 09:00", hearing);
    let judged = &play.clock(ClockKind::Whole).verdicts[0];
    let margin = at("03-09 18:00").since(at("03-06 09:00"));
    assert_eq!(judged.corrected, Some(Verdict::OnTime { margin }));
}

// The citizen had answered on the 5th, which was recorded on the 9th: by that the reply was due two working days earlier, and what was in time
// by the record was not.
#[test]
fn a_wait_that_was_shorter_than_recorded_corrects_the_verdict_on_what_waited() {
    let mut play = Play::assigned(plan());
    play.does(OWNER, "03-04 09:00", wait("待网民补充"));
    play.does(OWNER, "03-09 09:00", goes_on("待网民补充"));
    let entry = play.version(|event| matches!(event, Event::Resumed { .. }));
    play.does(OWNER, "03-18 09:00", answer());
    let right = correct(entry, at("03-05 09:00"));
    play.does(SUPERVISOR, "03-18 10:00", right);
    let judged = &play.clock(ClockKind::Reply).verdicts[0];
    let margin = at("03-19 18:00").since(at("03-18 09:00"));
    assert_eq!(judged.verdict, Verdict::OnTime { margin });
    assert_eq!(judged.corrected, Some(Verdict::Late { by: 15 * 3600 }));
}

// A case that follows another one is not answered itself: little time left of its own is no news to anybody, and why is on record.
#[test]
fn nobody_is_warned_of_the_time_of_a_case_that_follows_another() {
    let mut with = plan();
    within(ClockKind::Whole, Span::CalendarDays(20))(&mut with);
    clock(&mut with, ClockKind::Whole).leaves = Some(Span::WorkingDays(5));
    let mut play = Play::assigned(with);
    play.does(INTAKE, "03-02 11:00", merge());
    play.does(SYSTEM, "03-17 09:00", Command::Tick {});
    let skipped = play.last.iter().find_map(|it| match &it.event {
        Event::StepTaken {
            step: StepKey::Infeasible,
            fate: StepFate::Skipped { reason },
            ..
        } => Some((wall(it.at), reason.to_string())),
        _ => None,
    });
    let why = "spine.follows_another".to_owned();
    assert_eq!(skipped, Some(("03-16 18:00".to_owned(), why)));
    assert!(play.told.is_empty(), "{:?}", play.told);
}

// Where the plan says so, a case that is opened again is due by the earlier of its old time, as far as that goes on, and of its time anew. Where both end at one
// moment the old one goes on: nothing is begun anew that would end no earlier.
#[test]
fn the_earlier_of_the_old_time_and_the_new_one_counts_where_the_plan_says_so() {
    let again = |extended: bool, when: &str| {
        let mut with = plan();
        with.reopen.count = ReopenCount::Min;
        let mut play = Play::assigned(with);
        if extended {
            play.does(OWNER, "03-02 11:00", ask(5));
            play.does(SUPERVISOR, "03-02 12:00", grant());
            let granted = play.version(|event| matches!(event, Event::ExtensionGranted { .. }));
            play.does(SYSTEM, "03-02 13:00", delivered(granted));
        }
        let withdraw = Command::Withdraw {
            evidence: Text::from("不用了"),
        };
        play.does(CITIZEN, "03-03 09:00", withdraw);
        play.does(CITIZEN, when, reopen());
        let reply = play.clock(ClockKind::Reply);
        assert_eq!(reply.started, at(when));
        (reply.schedule.legal_due, reply.term.anchor)
    };
    let began = at("03-02 10:00");
    // Four working days went by closed: the tenth of the old time is the 20th, the tenth of a new one the 23rd.
    let morning = "03-09 09:00";
    assert_eq!(again(false, morning), (at("03-20 18:00"), began));
    // A day more went by that evening, and both end on the 23rd.
    assert_eq!(again(false, "03-09 20:00"), (at("03-23 18:00"), began));
    // With five days more the old time would end on the 27th.
    assert_eq!(again(true, morning), (at("03-23 18:00"), at(morning)));
}
