//! Promises, waits and hands: each by itself.

use duly::case::ClockState;
use duly::plan::{PauseKind, Plan};
use duly::time::Span;
use duly::words::*;

use super::{INTAKE, OWNER, REVIEWER, goes_on, wait};
use crate::clocks::{Play, answer, at, joint, pauses, plan};
use crate::counted::review;
use crate::situations::{called, merge, unmerge};
use crate::world::reply;

/// With a clock of that kind, which the bare plan leaves out, a day long.
fn with(kind: ClockKind, mut plan: Plan) -> Plan {
    let mut like = plan.clock(ClockKind::Screen).unwrap().clone();
    (like.kind, like.starts) = (kind, kind.starts());
    like.stops = kind.stops().to_vec();
    plan.clocks.push(like);
    plan
}

fn hand_over(unit: Option<&str>, to: &str) -> Command {
    Command::HandOver {
        to: to.parse().unwrap(),
        unit: unit.map(|it| it.parse().unwrap()),
        reason: Text::from("调离"),
    }
}

/// The clocks of a kind, by what each is about, and whether it is live.
fn live(play: &Play, kind: ClockKind) -> Vec<(&str, bool)> {
    let its = play.case().clocks().iter();
    let its = its.filter(|it| it.key.kind == kind);
    its.map(|it| (it.about.as_deref().unwrap_or("-"), it.is_live()))
        .collect()
}

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

// What a unit waits for on its own account is its own time; what its citizen or a statute has it wait for is not, neither what is over nor what still
// lasts. Of six working days of seven hours it has had the case for four.
#[test]
fn a_unit_answers_for_what_it_waits_for_itself() {
    let mut play = Play::assigned(plan());
    for (reason, from, until) in [
        ("等候配件", "03-03 10:00", "03-04 10:00"),
        ("待网民补充", "03-04 10:00", "03-05 10:00"),
    ] {
        play.does(OWNER, from, wait(reason));
        play.does(OWNER, until, goes_on(reason));
    }
    play.does(OWNER, "03-09 10:00", wait("鉴定检测"));
    let calendar = &play.plans.latest().unwrap().calendar;
    let held = play.case().held(calendar, at("03-10 10:00"));
    let seconds: Vec<i64> = held.into_values().collect();
    assert_eq!(seconds, [4 * 7 * 3600]);
}
