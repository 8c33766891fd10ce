//! Who judges, and by what a case may be struck off, on worked dates: what the citizen said is theirs, their silence takes its time, and whoever acted
//! for a handler judges nothing of it.

use duly::plan::Plan;
use duly::words::*;

use crate::clocks::{Play, answer, assign, plan};
use crate::situations::{called, strike_off, unreached};
use crate::world::{open, reply};

fn pass() -> Command {
    Command::Review(Review::default())
}

fn recheck() -> Command {
    Command::Recheck {
        passed: true,
        evidence: Text::from("现场照片"),
        findings: Default::default(),
        return_for: None,
    }
}

/// Answered on the 3rd of March and passed.
fn passed(plan: Plan, given: Command) -> Play {
    let mut play = Play::assigned(plan);
    play.does("owner-1 owner", "03-03 09:00", given);
    play.does("reviewer-1 reviewer", "03-03 10:00", pass());
    play
}

// An officer who calls back gives no rating in place of the one that the citizen gave: an unsatisfied citizen is not made a satisfied one by telephone.
#[test]
fn a_call_back_does_not_replace_the_citizens_own_rating() {
    let explained = reply(Mark::A, false, true, 1, false);
    let mut play = passed(plan(), explained);
    let rate = Command::Rate {
        rating: Rating::Given {
            level: Level::VeryUnsatisfied,
            scores: None,
        },
        said: None,
    };
    play.does("citizen citizen", "03-04 09:00", rate);
    let refused = play
        .go(
            "intake-2 intake",
            "03-04 10:00",
            called(Some(Level::Satisfied)),
        )
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot `call_back` case `c`: the rating is there already"
    );
    play.does("intake-2 intake", "03-04 10:00", called(None));
    let strike = play
        .go(
            "supervisor-1 supervisor",
            "03-04 11:00",
            strike_off(Outcome::Explained),
        )
        .unwrap_err();
    assert!(matches!(*strike.why, Why::NeedsRecheck), "{strike}");
}

// An answer that says why the law allows no other is not struck off against a citizen who is not satisfied with it, but as explained: a question has no
// such end, and stays.
#[test]
fn a_question_is_not_struck_off_as_answered_against_its_citizen() {
    let mut play = Play::new(plan());
    let question = Command::Screen {
        class: Class::Question,
        facts: Facts::new(),
    };
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 09:30", question);
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    let explained = reply(Mark::A, false, true, 1, false);
    play.does("owner-1 owner", "03-03 09:00", explained);
    play.does("reviewer-1 reviewer", "03-03 10:00", pass());
    let displeased = called(Some(Level::Unsatisfied));
    play.does("intake-2 intake", "03-04 09:00", displeased);
    assert_eq!(play.case().stage_name(), StageName::Reviewed);
    play.does("supervisor-2 supervisor", "03-04 10:00", recheck());
    let off = strike_off(Outcome::Answered);
    let refused = play.go("supervisor-1 supervisor", "03-04 11:00", off);
    assert_eq!(*refused.unwrap_err().why, Why::Unsatisfied);
}

fn attempts(most: u32) -> Plan {
    let mut plan = plan();
    plan.callback.attempts = most;
    plan
}

// Two calls in vain under a plan that asks for three, and then a plan that asks for two: the citizen has not had their time to rate, so nobody
// takes them for silent. One more call gives it to them.
#[test]
fn fewer_calls_by_a_new_plan_do_not_take_the_citizens_time_to_rate() {
    let mut play = passed(attempts(3), answer());
    play.does("intake-2 intake", "03-04 09:00", unreached());
    play.does("intake-2 intake", "03-05 09:00", unreached());
    let plan = play.plans.take(attempts(2)).unwrap();
    let adopt = Command::AdoptPlan {
        plan,
        approved_by: Some("leader-1".parse().unwrap()),
        facts: Facts::new(),
    };
    play.does("supervisor-1 supervisor", "03-05 10:00", adopt);
    let refused = play
        .go("supervisor-2 supervisor", "03-05 11:00", recheck())
        .unwrap_err();
    assert!(
        matches!(
            *refused.why,
            Why::NeedsCallBack {
                attempts: 2,
                needed: 3
            }
        ),
        "{refused}"
    );
    play.does("intake-2 intake", "03-06 09:00", unreached());
    assert!(play.clock(ClockKind::Rating).is_running());
    play.does("supervisor-2 supervisor", "03-06 10:00", recheck());
    let early = play
        .go(
            "supervisor-1 supervisor",
            "03-06 11:00",
            strike_off(Outcome::Solved),
        )
        .unwrap_err();
    assert!(matches!(*early.why, Why::RatingOpen { .. }), "{early}");
}

// What a channel enters by itself, that the citizen is silent, ends no waiting for them: they have their time to rate, and once that is over it is rechecked.
#[test]
fn silence_that_a_channel_enters_ends_no_waiting() {
    let mut play = passed(plan(), answer());
    play.does("intake-2 intake", "03-04 09:00", called(None));
    let silent = Command::Rate {
        rating: Rating::AutoByTimeout,
        said: None,
    };
    play.does("system system", "03-04 10:00", silent);
    assert!(play.clock(ClockKind::Rating).is_running());
    assert!(play.case().clock(ClockKind::Recheck).is_none());
    play.does("system system", "03-20 09:00", Command::Tick {});
    assert!(!play.clock(ClockKind::Rating).is_live());
    assert!(play.clock(ClockKind::Recheck).is_running());
}

// A deputy who signed for the owner handled it as the owner did: they neither review what the owner answers, nor recheck it, nor strike it off.
#[test]
fn whoever_acted_for_a_handler_judges_nothing_of_it() {
    let mut play = Play::assigned(plan());
    let note = Command::Update {
        text: Text::from("已到现场"),
    };
    play.does("deputy-1 owner owner-1", "03-02 14:00", Command::Sign {});
    play.does("deputy-2 owner owner-1", "03-02 15:00", note);
    play.does("owner-1 owner", "03-03 09:00", answer());
    for deputy in ["deputy-1", "deputy-2"] {
        let refused = play
            .go(&format!("{deputy} reviewer"), "03-03 10:00", pass())
            .unwrap_err();
        let same = Why::SamePerson {
            person: deputy.parse().unwrap(),
            was: Deed::Handled,
        };
        assert_eq!(*refused.why, same, "{refused}");
    }
    play.does("reviewer-1 reviewer", "03-03 10:00", pass());
    play.does(
        "intake-2 intake",
        "03-03 11:00",
        called(Some(Level::Satisfied)),
    );
    for (deputy, command) in [
        ("deputy-1", recheck()),
        ("deputy-2", strike_off(Outcome::Solved)),
    ] {
        let refused = play
            .go(&format!("{deputy} supervisor"), "03-03 12:00", command)
            .unwrap_err();
        assert!(matches!(*refused.why, Why::SamePerson { .. }), "{refused}");
    }
    play.does(
        "supervisor-1 supervisor",
        "03-03 12:00",
        strike_off(Outcome::Solved),
    );
}
