//! One case.

use duly::words::*;

use crate::act::{What, Who};
use crate::alike::go_on_alike;
use crate::explore::{deeper, explore};
use crate::laws::Seen;
use crate::world::{Action, Bounds, World, at};

fn acts(all: &[(Who, What)]) -> Vec<Action> {
    let all = all.iter().map(|(who, what)| Action::Do(0, *who, *what));
    [Action::Wait].into_iter().chain(all).collect()
}

const WAY: &[(Who, What)] = &[
    (Who::Caihong, What::Screen),
    (Who::Caihong, What::AssignTo(Who::Wanggang)),
    (Who::Caihong, What::AssignTo(Who::Everything)),
    (Who::Wanggang, What::Reply),
    (Who::Wanggang, What::Explain),
    (Who::Everything, What::Reply),
    (Who::Zhaxi, What::Pass),
    (Who::Zhaxi, What::PassBlindly),
    (Who::Zhaxi, What::SendBack),
    (Who::Everything, What::Pass),
    (Who::Everything, What::SendBack),
    (Who::Caihong, What::Reach),
    (Who::Caihong, What::Miss),
    (Who::System, What::Deliver),
    (Who::Zhuoma, What::Like),
    (Who::Zhuoma, What::Dislike),
    (Who::Ducha, What::Recheck),
    (Who::Ducha, What::RecheckFails),
    (Who::Everything, What::Recheck),
    (Who::Ducha, What::StrikeOff(Outcome::Solved)),
    (Who::Ducha, What::StrikeOff(Outcome::Explained)),
    (Who::Everything, What::StrikeOff(Outcome::Solved)),
    (Who::Lamu, What::StrikeOff(Outcome::Solved)),
    (Who::Lamu, What::StrikeOff(Outcome::Explained)),
    (Who::Zhuoma, What::Reopen),
];

/// What comes before somebody has it, and what ends it there.
const INTAKE: &[(Who, What)] = &[
    (Who::Caihong, What::Screen),
    (Who::Caihong, What::AskCitizen),
    (Who::Zhuoma, What::Supplement),
    (Who::Caihong, What::Decline),
    (Who::Meihua, What::Decline),
    (Who::Caihong, What::AssignTo(Who::Wanggang)),
    (Who::Wanggang, What::Decline),
    (Who::Zhuoma, What::Withdraw),
    (Who::Caihong, What::Withdraw),
    (Who::Meihua, What::Withdraw),
    (Who::Zhuoma, What::Reopen),
    (Who::Wanggang, What::Reply),
    (Who::Zhaxi, What::Pass),
    (Who::Zhuoma, What::Like),
    (Who::Ducha, What::StrikeOff(Outcome::Solved)),
];

/// What holds up clocks, and what is promised.
const WAITS: &[(Who, What)] = &[
    (Who::Caihong, What::Screen),
    (Who::Caihong, What::AssignTo(Who::Wanggang)),
    (Who::Caihong, What::AssignTo(Who::Everything)),
    (Who::Wanggang, What::Sign),
    (Who::Wanggang, What::Pause),
    (Who::Wanggang, What::Resume),
    (Who::Ducha, What::Resume),
    (Who::Wanggang, What::AskExtension),
    (Who::Everything, What::AskExtension),
    (Who::Everything, What::Grant),
    (Who::Ducha, What::Grant),
    (Who::System, What::Deliver),
    (Who::Wanggang, What::Reply),
    (Who::Wanggang, What::Promise),
    (Who::Everything, What::Reply),
    (Who::Wanggang, What::Fulfil),
    (Who::Zhaxi, What::Pass),
    (Who::Zhaxi, What::SendBack),
    (Who::Zhuoma, What::Like),
    (Who::Ducha, What::StrikeOff(Outcome::Solved)),
];

/// What becomes of an answer of which its citizen says nothing, whatever others say for them.
const SILENCE: &[(Who, What)] = &[
    (Who::Caihong, What::Screen),
    (Who::Caihong, What::AssignTo(Who::Wanggang)),
    (Who::Wanggang, What::Reply),
    (Who::Wanggang, What::Explain),
    (Who::Zhaxi, What::Pass),
    (Who::Caihong, What::Reach),
    (Who::Caihong, What::Miss),
    (Who::System, What::Deliver),
    (Who::System, What::RateByItself),
    (Who::Zhuoma, What::Like),
    (Who::Zhuoma, What::Dislike),
    (Who::Ducha, What::Recheck),
    (Who::Lamu, What::StrikeOff(Outcome::Solved)),
    (Who::Lamu, What::StrikeOff(Outcome::Explained)),
];

/// Time for its whole way, and twice a piece of it.
fn way(days: i64) -> Bounds {
    Bounds {
        opened: vec![at("02 09:00")],
        until: at("02 09:00").plus(days * 86_400),
        returns: 2,
        reopens: 1,
        renames: false,
        lazy: true,
        behind: 1,
        before: Vec::new(),
        acts: acts(WAY),
    }
}

#[test]
fn every_small_world_of_one_case_keeps_every_law() {
    let bounds = way(2 + deeper());
    let seen = [
        Seen::Solved,
        Seen::Explained,
        Seen::AgainClosed,
        Seen::SecondReturn,
        Seen::Breach,
        Seen::Rung,
        Seen::SentBack,
        Seen::Silence,
        Seen::OwnReview,
        Seen::Blind,
    ];
    explore("the way", bounds, 12_203, &seen);
}

fn intake(days: i64) -> Bounds {
    Bounds {
        returns: 0,
        acts: acts(INTAKE),
        ..way(days)
    }
}

fn waits(days: i64) -> Bounds {
    Bounds {
        returns: 1,
        reopens: 0,
        renames: true,
        acts: acts(WAITS),
        ..way(days)
    }
}

#[test]
fn every_small_world_of_intake_keeps_every_law() {
    let seen = [
        Seen::Declined,
        Seen::Withdrawn,
        Seen::Solved,
        Seen::AgainClosed,
        Seen::Breach,
    ];
    explore("intake", intake(3 + deeper()), 9_504, &seen);
}

fn silence(days: i64) -> Bounds {
    Bounds {
        returns: 0,
        reopens: 0,
        acts: acts(SILENCE),
        ..way(days)
    }
}

#[test]
fn every_small_world_of_silence_keeps_every_law() {
    let seen = [
        Seen::Solved,
        Seen::Explained,
        Seen::Silence,
        Seen::ByItself,
        Seen::Breach,
    ];
    explore("silence", silence(3 + deeper()), 3_005, &seen);
}

#[test]
fn every_small_world_that_waits_keeps_every_law() {
    let seen = [
        Seen::PauseMoves,
        Seen::Extended,
        Seen::ExtensionLapsed,
        Seen::Kept,
        Seen::Breach,
        Seen::Rung,
    ];
    explore("waits", waits(2 + deeper()), 7_156, &seen);
}

#[test]
fn states_that_are_held_to_be_one_go_on_alike() {
    let mut way = Bounds {
        returns: 1,
        ..way(2 + deeper())
    };
    // What explains is in the world of silence.
    let explains = [
        What::Explain,
        What::StrikeOff(Outcome::Explained),
        What::PassBlindly,
    ];
    let explains = |it: &Action| matches!(it, Action::Do(_, _, what) if explains.contains(what));
    way.acts.retain(|it| !explains(it));
    for bounds in [
        way,
        intake(2 + deeper()),
        waits(2 + deeper()),
        silence(2 + deeper()),
    ] {
        let pairs = go_on_alike(&World::new(bounds));
        println!("{pairs} pairs");
    }
}
