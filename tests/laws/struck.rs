//! Who judges, and by what a case may be struck off, on worked dates: what the citizen said is theirs, their silence takes its time, and whoever acted
//! for a handler judges nothing of it.

use duly::plan::Plan;
use duly::words::*;

use crate::clocks::{Play, answer, assign, plan};
use crate::situations::{called, rate, strike_off, unreached};
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

/// Rechecked and struck off on that day, by two persons who have not had it.
fn strikes(play: &mut Play, day: &str) -> Result<(), Why> {
    play.does(
        "supervisor-2 supervisor",
        &format!("{day} 09:00"),
        recheck(),
    );
    let off = strike_off(Outcome::Solved);
    let done = play.go("supervisor-1 supervisor", &format!("{day} 10:00"), off);
    done.map_err(|refusal| *refusal.why)
}

// Nobody is struck off who does not have the answer: whoever was reached has it, and so does whoever says what they think of it; whoever was only called in
// vain has it once the notice was delivered.
#[test]
fn whoever_is_silent_has_at_least_the_notice_of_the_answer() {
    let mut reached = passed(plan(), answer());
    reached.does("intake-2 intake", "03-04 09:00", called(None));
    assert!(reached.case().awaits_delivery().is_some());
    assert_eq!(strikes(&mut reached, "03-23"), Ok(()));

    let mut vain = passed(plan(), answer());
    for day in ["03-04", "03-05", "03-06"] {
        let when = format!("{day} 09:00");
        vain.does("intake-2 intake", &when, unreached());
    }
    let effect = vain.case().awaits_delivery().unwrap();
    let told = Why::NotTold {
        effect: effect.clone(),
    };
    assert_eq!(strikes(&mut vain, "03-23"), Err(told));
    vain.does(
        "system system",
        "03-23 11:00",
        Command::Delivered { effect },
    );
    let off = || strike_off(Outcome::Solved);
    vain.does("supervisor-1 supervisor", "03-23 12:00", off());
    assert_eq!(vain.case().outcome(), Some(Outcome::Solved));

    let mut spoke = passed(plan(), answer());
    spoke.does("citizen citizen", "03-04 09:00", rate(Level::Satisfied));
    assert!(spoke.case().awaits_delivery().is_some());
    spoke.does("supervisor-1 supervisor", "03-04 10:00", off());
    assert_eq!(spoke.case().outcome(), Some(Outcome::Solved));
}

// Where nobody wrote, nobody is asked, waited for, called or rated by, neither before it is struck off nor afterwards; what others take is waited for, and
// another person's recheck stands in the place of the citizen's word.
#[test]
fn where_nobody_wrote_a_recheck_stands_for_the_citizens_word() {
    let mut play = Play::new(plan());
    let nobody = |play: &mut Play, by: &str, when: &str, command: Command| {
        let name = command.name();
        let refused = play.go(by, when, command).unwrap_err();
        let none = Why::NothingPending {
            what: Thing::Citizen,
        };
        assert_eq!(*refused.why, none, "{name}");
    };
    let wait = |reason: &str| Command::Pause {
        reason: reason.into(),
        evidence: Text::from("记录"),
    };
    play.does("system system", "03-02 09:00", open(false, true));
    let question = Command::AskCitizen {
        question: Text::from("是哪个村"),
    };
    nobody(&mut play, "intake-1 intake", "03-02 09:10", question);
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    };
    play.does("intake-1 intake", "03-02 09:30", screen);
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    let citizen = wait("待网民补充");
    nobody(&mut play, "owner-1 owner", "03-02 11:00", citizen);
    play.does("owner-1 owner", "03-02 11:00", wait("鉴定检测"));
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("reviewer-1 reviewer", "03-03 10:00", pass());
    let call = called(Some(Level::Satisfied));
    nobody(&mut play, "intake-2 intake", "03-03 11:00", call);
    let likes = || rate(Level::Satisfied);
    nobody(&mut play, "citizen citizen", "03-03 11:00", likes());
    let off = || strike_off(Outcome::Solved);
    let early = play.go("supervisor-1 supervisor", "03-03 11:00", off());
    assert_eq!(*early.unwrap_err().why, Why::NeedsRecheck);
    assert_eq!(strikes(&mut play, "03-04"), Ok(()));
    assert_eq!(play.case().outcome(), Some(Outcome::Solved));
    nobody(&mut play, "citizen citizen", "03-04 11:00", likes());
}
