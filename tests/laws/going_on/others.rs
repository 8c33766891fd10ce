//! What another plan, another calendar or another case had to say meanwhile.

use duly::plan::{PauseKind, Plan, ReopenCount, SUPPLEMENT};
use duly::time::{DayTable, Opened, Span};
use duly::words::*;

use super::parts::{by_class, reclassified};
use super::{CITIZEN, INTAKE, OWNER, REVIEWER, SUPERVISOR, SYSTEM, direct, goes_on, reopen, wait};
use crate::clocks::{
    Play, answer, assign, at, both_extendable, extends, joined_until, pauses, plan, within,
};
use crate::counted::{elsewhere, law, review, screen, takes_over};
use crate::outgoing::{declines, withdraw};
use crate::situations::{called, leave, merge, relayed_answer, relayed_end, strike_off};
use crate::world::open;

/// Another plan, with an approver.
fn adopts(play: &mut Play, plan: Plan, when: &str) {
    let plan = play.plans.take(plan).unwrap();
    let adopt = Command::AdoptPlan {
        plan,
        approved_by: Some("leader-1".parse().unwrap()),
        facts: Facts::new(),
    };
    play.does(SUPERVISOR, when, adopt);
}

/// The calendar in which those dates are worked.
fn adopts_calendar(play: &mut Play, days: &[&str], when: &str) {
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-03".into();
    for day in days {
        let opened = Opened {
            name: "调休".into(),
            windows: None,
        };
        notice.opened.insert(day.parse().unwrap(), opened);
    }
    play.plans.revise(notice).unwrap();
    play.does(SYSTEM, when, Command::AdoptCalendar {});
}

// The citizen completed the message on the 4th, and the day for screening begins anew: another plan that gives three days gives them from
// there.
#[test]
fn a_plan_adopted_after_time_ran_anew_counts_from_there() {
    let rules = |edition: &str, days: u32| {
        let mut with = plan();
        with.edition = edition.into();
        within(ClockKind::Screen, Span::WorkingDays(days))(&mut with);
        let anew = pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Restarts);
        with.pauses.push(anew);
        with
    };
    let mut play = Play::new(rules("旧版", 1));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    let question = Text::from("是哪个村");
    play.does(INTAKE, "03-03 10:00", Command::AskCitizen { question });
    let answer = Text::from("次汗素村");
    play.does(CITIZEN, "03-04 16:00", Command::Supplement { answer });
    assert_eq!(play.due(ClockKind::Screen), at("03-05 18:00"));
    adopts(&mut play, rules("新版", 3), "03-04 17:00");
    assert_eq!(play.due(ClockKind::Screen), at("03-09 18:00"));
}

/// As the law has it from receipt, in so many working days, in an edition of its own.
fn from_receipt(edition: &str, days: u32) -> Plan {
    let mut plan = law(ClockMark::Received, ClockMark::Published);
    plan.edition = edition.into();
    within(ClockKind::Reply, Span::WorkingDays(days))(&mut plan);
    plan
}

fn from_assignment() -> Plan {
    law(ClockMark::Assigned, ClockMark::Replied)
}

/// Received on Monday, 2 March, and screened and assigned on the days said.
fn handed(plan: Plan, screened: &str, assigned: &str) -> Play {
    let mut play = Play::new(plan);
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does(INTAKE, screened, screen());
    play.does(INTAKE, assigned, assign("住建局", "owner-1"));
    play
}

// A plan moved the beginning to receipt; the next one, which gives twelve days, gives them from receipt too.
#[test]
fn where_a_plan_moved_the_beginning_the_next_one_begins_as_well() {
    let mut play = handed(from_assignment(), "03-03 10:00", "03-04 11:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-18 18:00"));
    adopts(&mut play, from_receipt("新版", 10), "03-05 10:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    adopts(&mut play, from_receipt("再版", 12), "03-05 11:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-18 18:00"));
}

// So does one after a plan that moved the beginning to later, from screening on the 3rd to assignment on the 5th.
#[test]
fn where_a_plan_moved_the_beginning_to_later_the_next_one_begins_there_as_well() {
    let edition = |mut plan: Plan, edition: &str| {
        plan.edition = edition.into();
        plan
    };
    let screened = law(ClockMark::Screened, ClockMark::Replied);
    let mut play = handed(screened, "03-03 10:00", "03-05 11:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-17 18:00"));
    for (name, when) in [("新版", "03-06 10:00"), ("再版", "03-06 11:00")] {
        adopts(&mut play, edition(from_assignment(), name), when);
        assert_eq!(play.due(ClockKind::Reply), at("03-19 18:00"), "{name}");
    }
}

// Opened again, it counts from then; that a message came in long before is no ground to have that limit begin there.
#[test]
fn a_plan_that_counts_from_receipt_leaves_a_case_that_was_opened_again() {
    let fresh = |mut plan: Plan| {
        plan.reopen.count = ReopenCount::Fresh;
        plan
    };
    let mut play = Play::assigned(fresh(from_assignment()));
    play.does(OWNER, "03-03 09:00", answer());
    play.does(REVIEWER, "03-03 10:00", review(false));
    let satisfied = called(Some(Level::Satisfied));
    play.does(INTAKE, "03-03 11:00", satisfied);
    play.does(SUPERVISOR, "03-03 12:00", strike_off(Outcome::Solved));
    play.does(CITIZEN, "03-09 09:00", reopen());
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
    adopts(&mut play, fresh(from_receipt("新版", 10)), "03-09 10:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
}

/// Declined by two officers on a date, at eleven and at noon.
fn declined(play: &mut Play, date: &str) {
    play.does(INTAKE, &format!("{date} 11:00"), declines());
    play.does("intake-3 intake", &format!("{date} 12:00"), declines());
}

// Before anybody has it, what counts from receipt counts from when it was opened again, as if it had been opened again by that plan: it would not begin when
// somebody gets the case, and the citizen would wait without a limit. So it does where they completed the message since, from then.
#[test]
fn a_plan_that_counts_from_receipt_begins_with_the_cycle_of_what_nobody_has() {
    let again = || {
        let mut play = Play::new(asking(from_assignment(), PauseKind::Restarts));
        play.does(CITIZEN, "03-02 09:00", open(true, false));
        declined(&mut play, "03-02");
        play.does(CITIZEN, "03-03 09:00", reopen());
        play
    };
    let receipt = || asking(from_receipt("新版", 10), PauseKind::Restarts);
    let mut play = again();
    adopts(&mut play, receipt(), "03-04 10:00");
    let reply = play.clock(ClockKind::Reply);
    assert_eq!(
        (reply.term.anchor, reply.started),
        (at("03-03 09:00"), at("03-04 10:00"))
    );
    assert_eq!(play.due(ClockKind::Reply), at("03-17 18:00"));
    play.does(INTAKE, "03-05 10:00", screen());
    play.does(INTAKE, "03-05 11:00", assign("住建局", "owner-1"));
    assert_eq!(play.due(ClockKind::Reply), at("03-17 18:00"));
    // As by that plan from the first.
    let mut since = Play::new(receipt());
    since.does(CITIZEN, "03-02 09:00", open(true, false));
    assert_eq!(since.due(ClockKind::Reply), at("03-16 18:00"));

    let mut complete = again();
    let question = Text::from("是哪个村");
    complete.does(INTAKE, "03-04 09:00", Command::AskCitizen { question });
    let answer = Text::from("次汗素村");
    complete.does(CITIZEN, "03-05 09:00", Command::Supplement { answer });
    adopts(&mut complete, receipt(), "03-05 10:00");
    assert_eq!(complete.due(ClockKind::Reply), at("03-19 18:00"));
}

// What counts from screening begins when it is screened once more, and not with the cycle.
#[test]
fn a_plan_that_counts_from_screening_begins_with_it_of_what_nobody_has() {
    let mut play = Play::new(from_assignment());
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    declined(&mut play, "03-02");
    play.does(CITIZEN, "03-03 09:00", reopen());
    let mut screened = law(ClockMark::Screened, ClockMark::Published);
    screened.edition = "新版".into();
    adopts(&mut play, screened, "03-04 10:00");
    assert_eq!(play.case().clock(ClockKind::Reply), None);
    play.does(INTAKE, "03-05 10:00", screen());
    assert_eq!(play.due(ClockKind::Reply), at("03-19 18:00"));
}

// While it follows another case, no limit of its own begins by a plan. Opened again after the other has ended, it begins with that, for it never has.
#[test]
fn a_limit_from_receipt_that_never_began_begins_when_the_case_is_opened_again() {
    let mut play = Play::new(from_assignment());
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does(INTAKE, "03-02 10:00", merge());
    adopts(&mut play, from_receipt("新版", 10), "03-03 10:00");
    assert_eq!(play.case().clock(ClockKind::Reply), None);
    play.does(SYSTEM, "03-03 10:30", relayed_answer());
    let effect = play.told.last().unwrap().id.clone();
    play.does(SYSTEM, "03-03 10:40", Command::Delivered { effect });
    play.does(SYSTEM, "03-03 11:00", relayed_end());
    play.does(CITIZEN, "03-04 09:00", reopen());
    assert!(play.clock(ClockKind::Reply).is_running());
    assert_eq!(play.due(ClockKind::Reply), at("03-18 18:00"));
}

/// The citizen may be asked to complete a message, for four working days.
fn asking(mut plan: Plan, kind: PauseKind) -> Plan {
    let mut asking = pauses(SUPPLEMENT, PauseSide::Citizen, kind);
    asking.most = Span::WorkingDays(4);
    plan.pauses.push(asking);
    plan
}

// Two days that a leader said on the day of receipt run anew once the message is complete, on the 5th. What a leader said of the time before is over with that time: another
// edition, with an approver, gives its ten days from the 5th.
#[test]
fn what_was_directed_before_time_ran_anew_is_over_with_that_time() {
    let rules = |edition: &str| asking(from_receipt(edition, 10), PauseKind::Restarts);
    let mut play = Play::new(rules("旧版"));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does("leader-1 leader", "03-02 10:00", direct(2));
    assert_eq!(play.due(ClockKind::Reply), at("03-04 18:00"));
    let question = Text::from("是哪个村");
    play.does(INTAKE, "03-03 10:00", Command::AskCitizen { question });
    let answer = Text::from("次汗素村");
    play.does(CITIZEN, "03-05 10:00", Command::Supplement { answer });
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    adopts(&mut play, rules("新版"), "03-05 11:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-19 18:00"));
}

// An edition by which time runs anew once a message is complete leaves what has begun, and waited, under one by which it did not.
#[test]
fn an_edition_by_which_time_runs_anew_leaves_what_has_begun() {
    let mut play = Play::new(asking(from_receipt("旧版", 10), PauseKind::Waits));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    let question = Text::from("是哪个村");
    play.does(INTAKE, "03-03 10:00", Command::AskCitizen { question });
    let answer = Text::from("次汗素村");
    play.does(CITIZEN, "03-05 10:00", Command::Supplement { answer });
    let due = play.due(ClockKind::Reply);
    let anew = asking(from_receipt("新版", 10), PauseKind::Restarts);
    adopts(&mut play, anew, "03-06 10:00");
    assert_eq!(play.due(ClockKind::Reply), due);
}

// Time runs anew from when the citizen has completed the message, where the plan says so: not where it says nothing of it, not from when they
// let the time for it pass, and not from the end of any other wait.
#[test]
fn only_a_completed_message_has_a_limit_from_receipt_begin_later() {
    let (anew, waits) = (PauseKind::Restarts, PauseKind::Waits);
    let asked = |kind: PauseKind, completed: Option<&str>| {
        let mut play = Play::new(asking(from_assignment(), kind));
        play.does(CITIZEN, "03-02 09:00", open(true, false));
        let question = Text::from("是哪个村");
        play.does(INTAKE, "03-04 10:00", Command::AskCitizen { question });
        if let Some(when) = completed {
            let answer = Text::from("次汗素村");
            play.does(CITIZEN, when, Command::Supplement { answer });
        }
        play.does(INTAKE, "03-11 09:00", screen());
        play.does(INTAKE, "03-11 10:00", assign("住建局", "owner-1"));
        let to = asking(from_receipt("新版", 10), kind);
        adopts(&mut play, to, "03-11 11:00");
        play.due(ClockKind::Reply)
    };
    let on_the_sixth = Some("03-06 10:00");
    assert_eq!(asked(anew, on_the_sixth), at("03-20 18:00"));
    // Two evenings of the ten days from the 2nd did not count.
    assert_eq!(asked(waits, on_the_sixth), at("03-18 18:00"));
    // Nobody answered until the 10th: five evenings.
    assert_eq!(asked(anew, None), at("03-23 18:00"));

    let usual = asking(from_assignment(), anew);
    let mut play = handed(usual, "03-03 10:00", "03-03 11:00");
    play.does(OWNER, "03-04 09:00", wait("待网民补充"));
    play.does(OWNER, "03-05 09:00", goes_on("待网民补充"));
    let to = asking(from_receipt("新版", 10), anew);
    adopts(&mut play, to, "03-06 09:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-17 18:00"));
}

// Days that are added to the calendar on the last day would have made five working days the 7th: it stays due on the evening of that day, and
// nobody is late at once.
#[test]
fn a_calendar_adopted_on_the_last_day_leaves_that_day() {
    let mut with = plan();
    within(ClockKind::Reply, Span::WorkingDays(5))(&mut with);
    let mut play = Play::assigned(with);
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    adopts_calendar(&mut play, &["2026-03-07", "2026-03-08"], "03-09 10:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    play.does(SYSTEM, "03-09 17:00", Command::Tick {});
    assert_eq!(play.clock(ClockKind::Reply).breached, None);
}

// Due with a case that follows it, at a moment: another calendar changes no moment.
#[test]
fn a_moment_that_another_case_set_is_the_same_in_every_calendar() {
    let mut play = Play::assigned(plan());
    let join = Command::Join {
        follower: "x".parse().unwrap(),
        received: at("02-27 09:00"),
        whole_due: Some(at("04-20 18:00")),
        reply_due: Some(at("03-12 18:00")),
        tracked: false,
    };
    play.does(SYSTEM, "03-03 11:00", join);
    let dues = |play: &Play| [ClockKind::Whole, ClockKind::Reply].map(|kind| play.due(kind));
    let set = [at("04-20 18:00"), at("03-12 18:00")];
    assert_eq!(dues(&play), set);
    adopts_calendar(&mut play, &["2026-03-07"], "03-05 09:00");
    assert_eq!(dues(&play), set);
}

// Another case had it due on Saturday the 14th, and has gone its own way. A weekend is waited, in which the rule's ten days, until Monday the 16th, lose nothing: in its own hours it is due
// then, and by the rule, and goes on as what it was.
#[test]
fn a_moment_that_waits_until_the_rule_ends_goes_on_in_its_own_hours() {
    let mut play = Play::assigned(plan());
    play.does(SYSTEM, "03-03 11:00", joined_until("03-14 18:00"));
    play.does(SYSTEM, "03-03 12:00", leave());
    play.does(OWNER, "03-07 00:00", wait("待网民补充"));
    play.does(OWNER, "03-09 00:00", goes_on("待网民补充"));
    let reply = play.clock(ClockKind::Reply);
    assert_eq!(reply.schedule.legal_due, at("03-16 18:00"));
    assert_eq!(reply.term.anchor, at("03-03 11:00"));
}

// Another case had it due on the 12th, and has gone its own way. A plan that gives less counts from where it began; one that gives more makes
// it no later by that, even with an approver.
#[test]
fn a_plan_adopted_after_another_case_set_the_moment_makes_it_no_later() {
    let adopted = |days: u32| {
        let mut play = Play::assigned(plan());
        let join = joined_until("03-12 18:00");
        play.does(SYSTEM, "03-03 11:00", join);
        play.does(SYSTEM, "03-03 12:00", leave());
        assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
        let mut other = plan();
        other.edition = "新版".into();
        within(ClockKind::Reply, Span::WorkingDays(days))(&mut other);
        adopts(&mut play, other, "03-04 09:00");
        play.due(ClockKind::Reply)
    };
    assert_eq!(adopted(7), at("03-11 18:00"));
    assert_eq!(adopted(9), at("03-12 18:00"));
    assert_eq!(adopted(20), at("03-12 18:00"));
}

// For an hour its class was one that has five days, the evening of the 9th; then another case had it due on that day at noon, and went its own way. That moment
// waits over a weekend in hours of its own, which the days do not count: it is due by the five days that it was left, not by the ten that its class has now.
#[test]
fn a_moment_that_another_case_set_waits_no_longer_than_the_days_that_were_left() {
    let mut play = Play::assigned(by_class());
    play.does(INTAKE, "03-03 09:00", reclassified(Class::Idea));
    play.does(INTAKE, "03-03 10:00", reclassified(Class::Problem));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    let join = joined_until("03-09 12:00");
    play.does(SYSTEM, "03-03 11:00", join);
    play.does(SYSTEM, "03-03 12:00", leave());
    assert_eq!(play.due(ClockKind::Reply), at("03-09 12:00"));
    play.does(OWNER, "03-06 19:00", wait("鉴定检测"));
    play.does(OWNER, "03-09 08:00", goes_on("鉴定检测"));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
}

// Ten days and five more, of which one was used when it was withdrawn; opened again, fourteen are left, the 24th. Another case had it due on the 20th, and went its
// own way. That moment waits over a weekend in hours of its own, which are fewer than those days: ten days from when it was opened again are nobody's rule.
#[test]
fn a_moment_that_another_case_set_after_reopening_waits_in_its_own_hours() {
    let mut with = both_extendable();
    with.reopen.count = ReopenCount::Continue;
    let mut play = Play::assigned(with);
    extends(&mut play, ClockKind::Reply, "03-02", 5);
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
    play.does(CITIZEN, "03-03 09:00", withdraw());
    play.does(CITIZEN, "03-04 09:00", reopen());
    assert_eq!(play.due(ClockKind::Reply), at("03-24 18:00"));
    let join = joined_until("03-20 18:00");
    play.does(SYSTEM, "03-05 11:00", join);
    play.does(SYSTEM, "03-05 12:00", leave());
    assert_eq!(play.due(ClockKind::Reply), at("03-20 18:00"));
    play.does(OWNER, "03-06 19:00", wait("鉴定检测"));
    play.does(OWNER, "03-09 08:00", goes_on("鉴定检测"));
    assert_eq!(play.due(ClockKind::Reply), at("03-23 07:00"));
}

// Promised for another moment than that of its rule, as another system did, a limit that is brought forward is promised no later than it is due then; and a
// promise that is earlier stays what it was: by a direction, by its class, and by a case that follows it.
#[test]
fn a_limit_that_is_brought_forward_is_promised_no_later() {
    let forward = |promise: &str, by: &str, command: Command| {
        let it = ImportAsked {
            promised: vec![PromisedBefore {
                clock: ClockKind::Reply,
                due: at(promise),
            }],
            ..elsewhere()
        };
        let mut play = Play::new(by_class());
        takes_over(&mut play, it).unwrap();
        let both = |play: &Play| {
            let schedule = &play.clock(ClockKind::Reply).schedule;
            (schedule.legal_due, schedule.promised_due)
        };
        assert_eq!(both(&play), (at("03-10 18:00"), at(promise)));
        play.does(by, "03-02 10:00", command);
        both(&play)
    };
    let join = joined_until("03-05 18:00");
    for (by, command, due) in [
        ("leader-1 leader", direct(2), "03-04 18:00"),
        (INTAKE, reclassified(Class::Idea), "03-03 18:00"),
        (SYSTEM, join, "03-05 18:00"),
    ] {
        let (early, late) = ("03-03 12:00", "03-20 18:00");
        let due = at(due);
        assert_eq!(forward(late, by, command.clone()), (due, due), "{by}");
        assert_eq!(forward(early, by, command), (due, at(early)), "{by}");
    }
}
