//! Two cases on one matter, the second of which may be merged into the first (并案), and the links between them, which the desk carries
//! when it comes to it. The second was opened a working day before the first, so that merging moves a limit. In one world of them no time passes, and
//! much can be done; in the other a working day passes, and less can.

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

/// What is left of that where time passes: every moment at which something can be done multiplies all that can be.
const LATE: [&[(Who, What)]; 2] = [
    &[
        (Who::Wanggang, What::Reply),
        (Who::Zhaxi, What::Pass),
        (Who::Zhuoma, What::Like),
        (Who::Ducha, What::StrikeOff(Outcome::Solved)),
    ],
    &[
        (Who::Caihong, What::MergeInto(0)),
        (Who::Caihong, What::Unmerge),
        (Who::System, What::Deliver),
        (Who::Danzeng, What::Like),
        (Who::Caihong, What::AssignTo(Who::Wanggang)),
        (Who::Wanggang, What::Reply),
        (Who::Zhaxi, What::Pass),
        (Who::Ducha, What::StrikeOff(Outcome::Solved)),
    ],
];

/// The second is the older one, by a working day: merged, the first is due when the second was.
fn merged(days: i64) -> Bounds {
    let second = SECOND.iter().chain(ALONE).copied();
    Bounds {
        opened: vec![at("03 09:00"), at("02 09:00")],
        until: at("03 09:00").plus(days * 86_400),
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
        acts: acts(FIRST.iter().copied(), second),
    }
}

/// The same, and a working day passes: an answer is due on the next one, the second is to be assigned by the end of this one, and ratings lapse.
fn late(days: i64) -> Bounds {
    let [first, second] = LATE.map(|all| all.iter().copied());
    Bounds {
        until: at("04 18:01").plus(days * 86_400),
        returns: 0,
        reopens: 0,
        acts: acts(first, second),
        ..merged(0)
    }
}

fn acts(
    first: impl Iterator<Item = (Who, What)>,
    second: impl Iterator<Item = (Who, What)>,
) -> Vec<Action> {
    let of = |case: usize| move |(who, what)| Action::Do(case, who, what);
    let fixed = [Action::Wait, Action::Carry(0), Action::Carry(1)];
    let all = fixed.into_iter().chain(first.map(of(0)));
    all.chain(second.map(of(1))).collect()
}

#[test]
fn every_small_world_of_two_cases_keeps_every_law() {
    let seen = [
        Seen::Solved,
        Seen::Withdrawn,
        Seen::Merged,
        Seen::Taken,
        Seen::Released,
        Seen::Earlier,
        Seen::Unanswered,
    ];
    explore("two cases", merged(deeper()), 6_036, &seen);
}

#[test]
fn every_small_world_of_two_cases_in_which_time_passes_keeps_every_law() {
    let seen = [
        Seen::Solved,
        Seen::Merged,
        Seen::Released,
        Seen::Earlier,
        Seen::Breach,
        Seen::Rung,
    ];
    explore("two cases, a day on", late(deeper()), 6_660, &seen);
}

#[test]
fn states_of_two_cases_that_are_held_to_be_one_go_on_alike() {
    // Nobody goes on alone there: that states repeat is to be seen of what is merged.
    let joined = |act: &Action| {
        !matches!(
            act,
            Action::Do(1, Who::Wanggang | Who::Zhaxi | Who::Ducha, _)
        )
    };
    let mut late = Bounds {
        until: at("04 18:00").plus(deeper() * 86_400),
        ..late(0)
    };
    late.acts.retain(joined);
    for bounds in [merged(deeper()), late] {
        let pairs = go_on_alike(&World::new(bounds));
        assert!(pairs > 1, "{pairs} pairs");
    }
}
