//! What goes on beside what changes, on worked dates: each promise and each wait by itself, hands and rounds, and limits that are counted
//! from where they began whatever another plan, another case or another calendar had to say meanwhile.

use std::collections::BTreeMap;

use duly::case::{ClockState, decide};
use duly::plan::{
    BundlePart, BundleRule, Decision as Rule, Diagram, Limit, On, PauseKind, Plan, Provenance,
    Region, ReopenCount, Rung, SUPPLEMENT,
};
use duly::time::{DayTable, Opened, Span};
use duly::words::*;

use crate::clocks::{
    Play, answer, ask, assign, at, correct, delivered, grant, joint, pauses, plan, within,
};
use crate::counted::{elsewhere, law, review, screen, takes_over};
use crate::office::wall;
use crate::situations::{called, leave, merge, strike_off, unmerge};
use crate::world::{actor, envelope, open, reply};

const OWNER: &str = "owner-1 owner";
const INTAKE: &str = "intake-1 intake";
const REVIEWER: &str = "reviewer-1 reviewer";
const SUPERVISOR: &str = "supervisor-1 supervisor";
const CITIZEN: &str = "citizen citizen";
const SYSTEM: &str = "system system";

fn clock(plan: &mut Plan, kind: ClockKind) -> &mut duly::plan::ClockRule {
    let mut clocks = plan.clocks.iter_mut();
    clocks.find(|it| it.kind == kind).unwrap()
}

/// With a clock of that kind, which the bare plan leaves out, a day long.
fn with(kind: ClockKind, mut plan: Plan) -> Plan {
    let mut like = plan.clock(ClockKind::Screen).unwrap().clone();
    (like.kind, like.starts) = (kind, kind.starts());
    like.stops = kind.stops().to_vec();
    plan.clocks.push(like);
    plan
}

fn wait(reason: &str) -> Command {
    Command::Pause {
        reason: reason.into(),
        evidence: Text::from("记录"),
    }
}

fn goes_on(reason: &str) -> Command {
    Command::Resume {
        reason: reason.into(),
    }
}

fn hand_over(unit: Option<&str>, to: &str) -> Command {
    Command::HandOver {
        to: to.parse().unwrap(),
        unit: unit.map(|it| it.parse().unwrap()),
        reason: Text::from("调离"),
    }
}

fn reopen() -> Command {
    Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    }
}

fn direct(days: u32) -> Command {
    Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(Span::WorkingDays(days)),
        track: false,
        lead: None,
    }
}

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

/// The clocks of a kind, by what each is about, and whether it is live.
fn live(play: &Play, kind: ClockKind) -> Vec<(&str, bool)> {
    let its = play.case().clocks().iter();
    let its = its.filter(|it| it.key.kind == kind);
    its.map(|it| (it.about.as_deref().unwrap_or("-"), it.is_live()))
        .collect()
}

/// Which clocks the last command had due anew, and why.
fn projected(play: &Play) -> Vec<(ClockKind, ProjectedFor)> {
    let all = play.last.iter().filter_map(|it| match &it.event {
        Event::ClockProjected { key, why, .. } => Some((key.kind, *why)),
        _ => None,
    });
    all.collect()
}

// ── promises, waits, hands ────────────────────────────────────────────────────────────────────────────────────────

// A promise that is kept is over; another one is not kept by that.
#[test]
fn each_promise_is_kept_by_itself() {
    let kind = ClockKind::Commitment;
    let mut play = Play::assigned(plan());
    let promising = reply(Mark::B, false, false, 1, true);
    play.does(OWNER, "03-03 09:00", promising);
    play.does(REVIEWER, "03-03 10:00", review(false));
    let another = Command::Commit(NewCommitment {
        matter: 1,
        action: Text::from("更换灯杆"),
        person: "owner-1".parse().unwrap(),
        by_date: "2026-03-20".parse().unwrap(),
    });
    play.does(OWNER, "03-03 11:00", another);
    assert_eq!(live(&play, kind), [("1", true), ("2", true)]);
    let fulfil = Command::Fulfil {
        commitment: 1,
        evidence: Text::from("照片"),
    };
    play.does(OWNER, "03-04 09:00", fulfil);
    assert_eq!(live(&play, kind), [("1", false), ("2", true)]);
}

// A reply that is sent back before it went out has promised nothing, and its promise is measured no longer; what was promised to the citizen
// in one that went out is promised, also when that is sent back.
#[test]
fn only_a_promise_that_went_out_is_measured_after_a_return() {
    let kind = ClockKind::Commitment;
    let promising = || reply(Mark::B, false, false, 1, true);
    let mut play = Play::assigned(plan());
    play.does(OWNER, "03-03 09:00", promising());
    assert_eq!(live(&play, kind), [("1", true)]);
    play.does(REVIEWER, "03-03 10:00", review(true));
    assert_eq!(live(&play, kind), [("1", false)]);
    let why = CancelWhy::Superseded;
    let state = &play.clock(kind).state;
    assert!(
        matches!(state, ClockState::Cancelled { why: it, .. } if *it == why),
        "{state:?}"
    );
    play.does(OWNER, "03-04 09:00", promising());
    play.does(REVIEWER, "03-04 10:00", review(false));
    let displeased = called(Some(Level::Unsatisfied));
    play.does(INTAKE, "03-04 11:00", displeased);
    assert_eq!(play.case().stage_name(), StageName::Returned);
    assert_eq!(live(&play, kind), [("1", false), ("2", true)]);
}

/// With a clock for waiting, and two reasons to wait for the citizen, of which one lasts a working day.
fn two_waits() -> Plan {
    let mut waits = with(ClockKind::Waiting, plan());
    let mut short = pauses("待当事人", PauseSide::Citizen, PauseKind::Waits);
    short.most = Span::WorkingDays(1);
    waits.pauses.push(short);
    waits
}

// Whoever waits for two answers and has one still waits for the other.
#[test]
fn each_wait_is_over_by_itself() {
    let mut play = Play::assigned(two_waits());
    play.does(OWNER, "03-03 09:00", wait("待网民补充"));
    play.does(OWNER, "03-03 10:00", wait("待当事人"));
    play.does(OWNER, "03-03 11:00", goes_on("待当事人"));
    let waiting = live(&play, ClockKind::Waiting);
    assert_eq!(waiting, [("待网民补充", true), ("待当事人", false)]);
}

// On its own again, a case waits for what it still waits for, and not for what ended while it followed another.
#[test]
fn a_wait_that_ended_meanwhile_is_not_waited_for_again() {
    let mut play = Play::assigned(two_waits());
    play.does(OWNER, "03-03 09:00", wait("待网民补充"));
    play.does(OWNER, "03-03 10:00", wait("待当事人"));
    play.does(INTAKE, "03-03 11:00", merge());
    let waiting = live(&play, ClockKind::Waiting);
    assert_eq!(waiting, [("待网民补充", false), ("待当事人", false)]);
    play.does(INTAKE, "03-06 09:00", unmerge());
    let waiting = live(&play, ClockKind::Waiting);
    assert_eq!(waiting, [("待网民补充", true), ("待当事人", false)]);
}

// Handed over is what lies with the unit that is named: with the lead, with the unit below it, with a co-handler.
#[test]
fn each_unit_hands_over_its_own() {
    let mut play = joint(&[("水利局", "co-1")]);
    let below = Command::SubAssign {
        unit: "镇政府".parse().unwrap(),
        owner: "below-1".parse().unwrap(),
    };
    play.does(INTAKE, "03-02 11:00", below);
    let has = |play: &Play| {
        let team = play.case().team().unwrap();
        let below = team.below.as_ref().map(|(_, owner)| owner.to_string());
        let part = team.parts[0].owner.to_string();
        (team.owner.to_string(), below.unwrap(), part)
    };
    let own = |lead: &str, below: &str, part: &str| {
        let all = [lead, below, part].map(str::to_owned);
        <(String, String, String)>::from(all)
    };
    let to = hand_over(Some("镇政府"), "below-2");
    play.does(INTAKE, "03-02 12:00", to);
    assert_eq!(has(&play), own("owner-1", "below-2", "co-1"));
    let to = hand_over(Some("水利局"), "co-2");
    play.does(INTAKE, "03-02 14:00", to);
    assert_eq!(has(&play), own("owner-1", "below-2", "co-2"));
    play.does(INTAKE, "03-02 15:00", hand_over(None, "owner-2"));
    assert_eq!(has(&play), own("owner-2", "below-2", "co-2"));
}

// What is ruled to whoever had signed for it stays signed for; what is ruled to another person, of the same unit too, is to be signed for by
// them.
#[test]
fn whoever_gets_it_by_a_ruling_signs_for_themselves() {
    let ruled = |owner: &str| {
        let mut play = Play::assigned(plan());
        play.does(OWNER, "03-02 11:00", Command::Sign {});
        let object = Command::Object {
            reason: Text::from("不属于本单位"),
            should_be: None,
        };
        play.does(OWNER, "03-02 12:00", object);
        let rule = Command::Rule {
            unit: "住建局".parse().unwrap(),
            owner: owner.parse().unwrap(),
            reason: Text::from("属于本单位"),
        };
        play.does(INTAKE, "03-02 14:00", rule);
        play.clock(ClockKind::Sign).is_live()
    };
    assert!(!ruled("owner-1"));
    assert!(ruled("owner-2"));
}

// What was given to another unit is the unit's below no more, and neither is its limit.
#[test]
fn a_ruling_for_another_unit_ends_the_limit_of_the_unit_below() {
    let kind = ClockKind::SubReply;
    let mut play = Play::assigned(with(kind, plan()));
    let below = Command::SubAssign {
        unit: "镇政府".parse().unwrap(),
        owner: "below-1".parse().unwrap(),
    };
    play.does(INTAKE, "03-02 11:00", below);
    assert!(play.clock(kind).is_running());
    let object = Command::Object {
        reason: Text::from("不属于本单位"),
        should_be: None,
    };
    play.does(OWNER, "03-02 12:00", object);
    let rule = Command::Rule {
        unit: "交通局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: Text::from("属于交通局"),
    };
    play.does(INTAKE, "03-02 14:00", rule);
    assert!(play.case().team().unwrap().below.is_none());
    let why = CancelWhy::Reassigned;
    let state = &play.clock(kind).state;
    assert!(
        matches!(state, ClockState::Cancelled { why: it, .. } if *it == why),
        "{state:?}"
    );
}

// Whoever had it before it was given to others does not judge what they answered while they had it in the same round; once that is sent back,
// it is another round, in which they had no part.
#[test]
fn a_new_round_is_judged_by_whoever_had_no_part_in_it() {
    let mut play = Play::assigned(plan());
    let transfer = Command::Transfer {
        unit: "交通局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: Text::from("按职责"),
    };
    play.does(INTAKE, "03-02 11:00", transfer);
    play.does("owner-2 owner", "03-03 09:00", answer());
    let first = "owner-1 reviewer";
    let own = play.go(first, "03-03 10:00", review(false)).unwrap_err();
    assert!(matches!(*own.why, Why::SamePerson { .. }), "{own}");
    play.does(REVIEWER, "03-03 11:00", review(true));
    play.does("owner-2 owner", "03-04 09:00", answer());
    let now = "owner-2 reviewer";
    let own = play.go(now, "03-04 10:00", review(false)).unwrap_err();
    assert!(matches!(*own.why, Why::SamePerson { .. }), "{own}");
    play.does(first, "03-04 11:00", review(false));
}

// ── what is cut off, and begins again ─────────────────────────────────────────────────────────────────────────────

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

// ── another plan ──────────────────────────────────────────────────────────────────────────────────────────────────

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

/// The citizen may be asked to complete a message, for four working days.
fn asking(mut plan: Plan, kind: PauseKind) -> Plan {
    let mut asking = pauses(SUPPLEMENT, PauseSide::Citizen, kind);
    asking.most = Span::WorkingDays(4);
    plan.pauses.push(asking);
    plan
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

// ── another calendar, another case ────────────────────────────────────────────────────────────────────────────────

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

// Another case had it due on the 12th, and has gone its own way. A plan that gives less counts from where it began; one that gives more makes
// it no later by that, even with an approver.
#[test]
fn a_plan_adopted_after_another_case_set_the_moment_makes_it_no_later() {
    let adopted = |days: u32| {
        let mut play = Play::assigned(plan());
        let join = Command::Join {
            follower: "x".parse().unwrap(),
            received: at("02-27 09:00"),
            whole_due: None,
            reply_due: Some(at("03-12 18:00")),
            tracked: false,
        };
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

// ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// To 住建局, with a part of 水利局.
fn joint_to(co_handler: &str) -> Command {
    Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: vec![NewPart {
            unit: "水利局".parse().unwrap(),
            owner: co_handler.parse().unwrap(),
        }],
    }
}

/// Sent back on the 4th, and given again, with a part of 水利局.
fn redone(plan: Plan) -> Play {
    let mut play = Play::assigned(plan);
    play.does(OWNER, "03-03 09:00", answer());
    play.does(REVIEWER, "03-04 10:00", review(true));
    play.does(INTAKE, "03-04 11:00", joint_to("co-1"));
    play
}

// While it is done again the part of a reply is a part of that: shortened with it. A part of the citizen's own time is not.
#[test]
fn a_part_of_a_reply_follows_the_redo_and_no_other_part_does() {
    let mut eight = plan();
    within(ClockKind::Redo, Span::WorkingDays(8))(&mut eight);
    let mut play = redone(eight.clone());
    // Eight working days from the 4th; half of them are four.
    assert_eq!(play.due(ClockKind::Redo), at("03-16 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-10 18:00"));
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    assert_eq!(play.due(ClockKind::Redo), at("03-09 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-06 18:00"));

    let of_the_whole = Limit::Share {
        of: ClockKind::Whole,
        percent: 50,
    };
    clock(&mut eight, ClockKind::CoReply).within =
        Rule::new(RuleId::new("within"), Diagram::constant(of_the_whole));
    let mut play = redone(eight);
    let part = play.due(ClockKind::CoReply);
    assert!(part > at("03-16 18:00"), "{part}");
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    assert_eq!(play.due(ClockKind::Redo), at("03-09 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), part);
}

// A part that waits by itself is counted anew when it goes on, and not before: then it is due no later than its lead, which was shortened
// meanwhile.
#[test]
fn a_part_that_waits_follows_its_lead_when_it_goes_on() {
    let mut with = plan();
    let mut alone = pauses("检测", PauseSide::Office, PauseKind::Waits);
    alone.holds = vec![ClockKind::CoReply];
    with.pauses.push(alone);
    let mut play = Play::new(with);
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does(INTAKE, "03-02 09:30", screen());
    play.does(INTAKE, "03-02 10:00", joint_to("co-1"));
    play.does(OWNER, "03-03 10:00", wait("检测"));
    play.does("leader-1 leader", "03-03 11:00", direct(2));
    let lead = [(ClockKind::Reply, ProjectedFor::Directed)];
    assert_eq!(projected(&play), lead);
    play.does(OWNER, "03-03 12:00", goes_on("检测"));
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
    assert!(play.due(ClockKind::CoReply) <= at("03-05 18:00"));
}

fn new_sub(key: &str, after: &[&str], days: Option<u32>) -> NewSub {
    NewSub {
        key: key.parse().unwrap(),
        task: Some("核实户籍".into()),
        cites: None,
        place: None,
        party: None,
        after: after.iter().map(|key| key.parse().unwrap()).collect(),
        within: days.map(Span::WorkingDays),
        optional: false,
        facts: Facts::new(),
    }
}

const fn divide(subs: Vec<NewSub>) -> Command {
    Command::Divide { bundle: None, subs }
}

// The answer is due on the 16th, and a working day of that is kept: parts are done by the 13th, one after another, and none begins when it is
// wanted already.
#[test]
fn parts_one_after_another_fit_into_the_time_of_the_answer() {
    let tried = |subs: Vec<NewSub>| {
        let mut play = Play::assigned(plan());
        let refused = play.go(OWNER, "03-02 11:00", divide(subs)).err();
        refused.map(|refusal| *refusal.why)
    };
    let needed = at("03-13 18:00");
    let keys =
        |all: &[&str]| -> Vec<SubKey> { all.iter().map(|key| key.parse().unwrap()).collect() };
    let (nine, ten) = (Some(9), Some(10));
    assert_eq!(tried(vec![new_sub("birth", &[], nine)]), None);
    let too_long = Why::PartsTooLong {
        way: keys(&["birth"]),
        done: at("03-16 18:00"),
        needed,
    };
    assert_eq!(tried(vec![new_sub("birth", &[], ten)]), Some(too_long));
    let chain = |days| {
        let card = new_sub("card", &["birth"], None);
        vec![new_sub("birth", &[], days), card]
    };
    assert_eq!(tried(chain(Some(8))), None);
    let too_long = Why::PartsTooLong {
        way: keys(&["birth", "card"]),
        done: needed,
        needed,
    };
    assert_eq!(tried(chain(nine)), Some(too_long));
    // And each waits for a part that there is.
    let stranger = Why::NotListed {
        what: Thing::Subs,
        given: "birth".into(),
        known: vec!["card".into()],
    };
    let alone = new_sub("card", &["birth"], Some(1));
    assert_eq!(tried(vec![alone]), Some(stranger));
}

// A part that is asked for later waits for one that is not done, and begins at once where that one is.
#[test]
fn a_later_part_waits_for_what_is_not_done_yet() {
    let state = |play: &Play, key: &str| {
        let key: SubKey = key.parse().unwrap();
        play.case().subs()[&key].state.clone()
    };
    let mut play = Play::assigned(plan());
    let first = divide(vec![new_sub("birth", &[], Some(2))]);
    play.does(OWNER, "03-02 11:00", first);
    let next = |key: &str| divide(vec![new_sub(key, &["birth"], Some(2))]);
    play.does(OWNER, "03-02 12:00", next("card"));
    assert_eq!(state(&play, "card"), duly::case::SubState::Waiting);
    let solved = Command::Hear {
        sub: "c.birth".parse().unwrap(),
        news: News::Ended {
            outcome: Outcome::Solved,
        },
        handlers: Default::default(),
    };
    play.does(SYSTEM, "03-03 09:00", solved);
    assert_eq!(state(&play, "card"), duly::case::SubState::Open);
    play.does(OWNER, "03-03 10:00", next("photo"));
    assert_eq!(state(&play, "photo"), duly::case::SubState::Open);
}

// In whatever order parts are listed, one that waits for another waits for it, and has its own time from when it begins.
#[test]
fn parts_wait_in_whatever_order_they_are_listed() {
    let mut play = Play::assigned(plan());
    let card = new_sub("card", &["birth"], Some(2));
    let birth = new_sub("birth", &[], Some(2));
    play.does(OWNER, "03-02 11:00", divide(vec![card, birth]));
    let sub = |key: &str| play.case().subs()[&key.parse::<SubKey>().unwrap()].clone();
    let (birth, card) = (sub("birth"), sub("card"));
    assert_eq!(birth.state, duly::case::SubState::Open);
    assert_eq!(birth.own_due, Some(at("03-04 18:00")));
    assert_eq!(card.state, duly::case::SubState::Waiting);
    assert_eq!(card.own_due, None);
    assert_eq!(card.plan.due, Some(at("03-06 18:00")));
}

// The answer is extended by five working days, and so is the time of a part that has none of its own, also while it waits for another one; a
// part that said how long it takes has that.
#[test]
fn a_part_without_a_time_of_its_own_has_what_the_answer_leaves() {
    let mut play = Play::assigned(plan());
    let parts = vec![
        new_sub("birth", &[], Some(2)),
        new_sub("card", &["birth"], None),
    ];
    play.does(OWNER, "03-02 11:00", divide(parts));
    let due = |play: &Play, key: &str| {
        let key: SubKey = key.parse().unwrap();
        play.case().subs()[&key].plan.due
    };
    assert_eq!(due(&play, "card"), Some(at("03-13 18:00")));
    play.does(OWNER, "03-03 09:00", ask(5));
    play.does(SUPERVISOR, "03-03 10:00", grant());
    let granted = play.version(|event| matches!(event, Event::ExtensionGranted { .. }));
    play.does(SYSTEM, "03-03 11:00", delivered(granted));
    assert_eq!(due(&play, "card"), Some(at("03-20 18:00")));
    assert_eq!(due(&play, "birth"), Some(at("03-04 18:00")));
}

// A bundle whose longest way is over a working day before the answer is due changes nothing; one that is over earlier has the answer due
// earlier.
#[test]
fn a_bundle_has_the_answer_due_when_its_longest_way_is_over() {
    let divided = |days: u32| {
        let mut with = plan();
        with.bundles = vec![BundleRule {
            name: "newborn".into(),
            rule: RuleId::new("bundle(newborn)"),
            title: "新生儿出生一件事".into(),
            provenance: Provenance::Unsaid,
            parts: vec![BundlePart {
                key: "birth".parse().unwrap(),
                title: "出生证明".into(),
                place: None,
                after: Vec::new(),
                within: Span::WorkingDays(days),
                optional: false,
            }],
        }];
        let mut play = Play::assigned(with);
        let bundle = Command::Divide {
            bundle: Some("newborn".into()),
            subs: Vec::new(),
        };
        play.does(OWNER, "03-02 11:00", bundle);
        let moved = projected(&play);
        (play.due(ClockKind::Reply), moved)
    };
    assert_eq!(divided(9), (at("03-16 18:00"), vec![]));
    let earlier = vec![(ClockKind::Reply, ProjectedFor::Divided)];
    assert_eq!(divided(8), (at("03-13 18:00"), earlier));
}

/// A part of the case `main`, wanted by then.
fn a_part(plan: Plan, due: &str) -> Play {
    let asked = Command::OpenSub(Box::new(SubAsked {
        main: MainCase {
            case: "main".parse().unwrap(),
            key: "birth".parse().unwrap(),
            due: Some(at(due)),
            party: None,
            apart: Default::default(),
        },
        place: "632521".parse().unwrap(),
        task: "核实户籍".into(),
        facts: Facts::new(),
    }));
    let mut play = Play::new(plan);
    play.does(SYSTEM, "03-02 09:00", asked);
    play.does(INTAKE, "03-02 10:00", screen());
    play.does(INTAKE, "03-02 11:00", assign("住建局", "owner-1"));
    play
}

// Answered after a day, struck off, and opened again on the 9th, a part has what it had left. That the main case wants it no sooner than in
// summer, and then a day sooner than that, is no more time than that; a moment that has passed by then binds it no longer.
#[test]
fn a_part_that_is_opened_again_has_what_it_had_left() {
    let again = |due: &str| {
        let mut play = a_part(plan(), due);
        play.does(OWNER, "03-03 09:00", answer());
        play.does(REVIEWER, "03-03 10:00", review(false));
        let recheck = Command::Recheck {
            passed: true,
            evidence: Text::from("到现场看过"),
            findings: Default::default(),
            return_for: None,
        };
        play.does("reviewer-2 reviewer", "03-03 11:00", recheck);
        play.does(SUPERVISOR, "03-03 12:00", strike_off(Outcome::Solved));
        play.does(INTAKE, "03-09 09:00", reopen());
        play
    };
    let mut play = again("06-30 18:00");
    let wanted = |play: &Play| play.case().main().unwrap().due;
    assert_eq!(wanted(&play), Some(at("06-30 18:00")));
    let left = play.due(ClockKind::Reply);
    // Four working days went by closed.
    assert_eq!(left, at("03-20 18:00"));
    let want = Command::Want {
        main: "main".parse().unwrap(),
        due: at("06-29 18:00"),
    };
    play.does(SYSTEM, "03-09 10:00", want);
    assert_eq!(wanted(&play), Some(at("06-29 18:00")));
    assert_eq!(play.due(ClockKind::Reply), left);
    assert_eq!(wanted(&again("03-06 18:00")), None);
}

// Due on the 13th because its main case wants it then, a part whose class turns out to have five days has them as its rule counts them: by
// days, until the evening of the 9th.
#[test]
fn a_shorter_limit_is_counted_by_its_rule_where_a_moment_was_set() {
    let mut by_class = plan();
    let place = by_class.schema.index("class").unwrap();
    let (_, most) = by_class.schema.facts[place].domain.codes();
    let region = |codes: (i64, i64), days: u32| Region {
        bounds: BTreeMap::from([(place, codes)]),
        answer: Limit::Span(Span::WorkingDays(days)),
    };
    let regions = vec![region((0, 0), 10), region((1, most), 5)];
    let diagram = Diagram::from_regions(&by_class.schema, regions).unwrap();
    clock(&mut by_class, ClockKind::Reply).within = Rule::new(RuleId::new("within"), diagram);
    let mut play = a_part(by_class, "03-13 18:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-13 18:00"));
    let idea = Command::Reclassify {
        class: Class::Idea,
        reason: Text::from("是建议"),
    };
    play.does(INTAKE, "03-03 09:00", idea);
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
}

// ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

fn every(key: &str, span: Span, most: u32) -> Rung {
    Rung {
        key: key.into(),
        on: On::Every { span, most },
        title: String::new(),
        acts: vec![(Verb::Remind, "owner".to_owned())],
        when: None,
        at_once: false,
    }
}

// Taken over on Monday, 2 March with a reply that was due on Thursday, 26 February: the reminders of the 27th and the 28th, which is worked,
// are past, each by itself; the third comes, and is the last; and supervision hears five working days from then, not from the day on which it
// was due.
#[test]
fn of_what_repeats_only_what_lay_before_is_past_when_a_case_is_taken_over() {
    let mut with = plan();
    within(ClockKind::Reply, Span::WorkingDays(1))(&mut with);
    clock(&mut with, ClockKind::Reply).rungs = vec![every("again", Span::WorkingDays(1), 3)];
    let mut play = Play::new(with);
    takes_over(&mut play, elsewhere()).unwrap();
    let steps = |play: &Play| -> Vec<String> {
        let all = play.last.iter().filter_map(|it| match &it.event {
            Event::StepTaken {
                clock,
                step: step @ (StepKey::Rung { .. } | StepKey::Overdue { .. }),
                fate,
                deferred_from,
                ..
            } if clock.kind == ClockKind::Reply => Some(match fate {
                StepFate::Voided { .. } => format!("past {step} {}", wall(deferred_from.unwrap())),
                StepFate::Fired { .. } => format!("came {step} {}", wall(it.at)),
                other => format!("{step} {other:?}"),
            }),
            _ => None,
        });
        all.collect()
    };
    let past = ["past again 02-27 18:00", "past again #2 02-28 18:00"];
    assert_eq!(steps(&play), past);
    play.does(SYSTEM, "03-10 09:00", Command::Tick {});
    let came = ["came again #3 03-02 18:00", "came overdue #1 03-09 18:00"];
    assert_eq!(steps(&play), came);
}

// A turn takes ten thousand steps at most. Whoever asks for something after a longer silence than that is told to let time come first; with
// one step less they are heard, and all of it has come by then.
#[test]
fn what_a_turn_cannot_catch_up_with_comes_before_what_is_asked() {
    let mut with = plan();
    let rungs = (1..=101).map(|n| every(&format!("again-{n}"), Span::Elapsed(1), 100));
    clock(&mut with, ClockKind::Reply).rungs = rungs.collect();
    let mut play = Play::assigned(with);
    let due = at("03-16 18:00");
    play.at_moment(SYSTEM, due, Command::Tick {});
    let note = |seconds: i64| {
        let text = Text::from("附注");
        let by = actor("owner-1", &["owner"]);
        let asked = envelope("note", by, due.plus(seconds), Command::Note { text });
        decide(Some(play.case()), &asked, &play.plans)
    };
    // A breach in the first second, and a hundred and one reminders in each.
    let done = note(99).unwrap();
    assert_eq!(done.records.len(), 10_001);
    assert_eq!(done.case.next_alarm(), Some(due.plus(100)));
    let refused = note(100).unwrap_err();
    let first = Why::Bound {
        what: Thing::Backlog,
        bound: Bound::TickFirst,
    };
    assert_eq!(*refused.why, first);
}
