//! Two cases on one matter, the second of which may be merged into the first (并案), and the links between them, which the desk carries
//! when it comes to it.

use duly::words::*;

use crate::act::{What, Who};
use crate::alike::go_on_alike;
use crate::explore::{deeper, explore};
use crate::laws::Seen;
use crate::world::{Action, Bounds, World, at};

const FIRST: &[(Who, What)] = &[
    (Who::Wanggang, What::Reply),
    (Who::Zhaxi, What::Pass),
    (Who::Zhaxi, What::SendBack),
    (Who::Zhuoma, What::Like),
    (Who::Zhuoma, What::Dislike),
    (Who::Ducha, What::StrikeOff(Outcome::Solved)),
    (Who::Zhuoma, What::Reopen),
    (Who::Zhuoma, What::Withdraw),
];

const SECOND: &[(Who, What)] = &[
    (Who::Caihong, What::MergeInto(0)),
    (Who::Caihong, What::Unmerge),
    (Who::System, What::Deliver),
    (Who::Danzeng, What::Like),
    (Who::Danzeng, What::Dislike),
];

/// What the second needs to be struck off by itself.
const ALONE: &[(Who, What)] = &[
    (Who::Caihong, What::Screen),
    (Who::Caihong, What::AssignTo(Who::Wanggang)),
    (Who::Wanggang, What::Reply),
    (Who::Zhaxi, What::Pass),
    (Who::Ducha, What::StrikeOff(Outcome::Solved)),
];

fn merged(days: i64) -> Bounds {
    let of = |case: usize| move |(who, what): &(Who, What)| Action::Do(case, *who, *what);
    let fixed = [Action::Wait, Action::Carry(0), Action::Carry(1)];
    let acts = fixed.into_iter().chain(FIRST.iter().map(of(0)));
    let acts = acts.chain(SECOND.iter().chain(ALONE).map(of(1)));
    Bounds {
        cases: 2,
        until: at("02 09:00").plus(days * 86_400),
        returns: 1,
        reopens: 1,
        renames: false,
        lazy: false,
        behind: 1,
        before: vec![
            Action::Do(0, Who::Caihong, What::Screen),
            Action::Do(0, Who::Caihong, What::AssignTo(Who::Wanggang)),
            Action::Do(1, Who::Caihong, What::Screen),
        ],
        acts: acts.collect(),
    }
}

#[test]
fn every_small_world_of_two_cases_keeps_every_law() {
    let seen = [
        Seen::Solved,
        Seen::Withdrawn,
        Seen::Merged,
        Seen::Taken,
        Seen::Released,
    ];
    explore("two cases", merged(deeper()), 5_138, &seen);
}

#[test]
fn states_of_two_cases_that_are_held_to_be_one_go_on_alike() {
    let pairs = go_on_alike(&World::new(merged(deeper())));
    assert!(pairs > 1, "{pairs} pairs");
}
