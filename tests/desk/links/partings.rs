//! What parts a group: a survivor without an answer, a merge that was wrong, a citizen who is not satisfied.

use duly::case::Case;
use duly::words::*;

use super::{assign, citizen, every, rate, screen, unmerge, update, withdraw};

// A survivor that nobody answers any more releases whoever follows it: withdrawn, not accepted.
#[test]
fn a26_a_survivor_without_an_answer_releases_its_followers() {
    every(
        |group| {
            group.merge(0, 2, 1300).done().unwrap();
            group.merge(1, 2, 1301).done().unwrap();
            assert!(group.go(2, citizen(2), 1310, withdraw()).is_done());
            for n in [0, 1] {
                let alone = group.case(n);
                assert!(alone.follows().is_none() && !alone.is_closed());
                let screen = alone.clock(ClockKind::Screen).unwrap();
                assert!(screen.is_live(), "its clocks do not run again");
                let told = group.told(n);
                assert!(
                    told.iter()
                        .any(|(_, it)| matches!(it, Telling::Unmerged { .. }))
                );
            }
            assert!(group.case(2).followers().is_empty());
            // It goes on where it stood.
            group.reviewed(0, 1320);
            group.desk.verify().unwrap();
        },
        3,
    );
}

// 撤销并案: it goes on from where it stood; nothing is due later than it would have been, and the other one forgets it.
#[test]
fn a26_a_wrong_merge_is_undone() {
    every(
        |group| {
            group.does(0, Role::Intake, 600, screen());
            group.does(0, Role::Intake, 601, assign());
            let before = group.case(0);
            group.merge(0, 1, 700).done().unwrap();
            let reply = |case: &Case| case.clock(ClockKind::Reply).unwrap().clone();
            assert!(!reply(&group.case(0)).is_live());
            group.does(0, Role::Supervisor, 900, unmerge());
            let after = group.case(0);
            assert!(reply(&after).is_running());
            assert_eq!(
                reply(&after).schedule.legal_due,
                reply(&before).schedule.legal_due
            );
            assert_eq!(after.stage_name(), StageName::Assigned);
            assert!(
                after.segments().last().unwrap().until.is_none(),
                "nobody has it"
            );
            assert!(group.case(1).followers().is_empty());
            // News of the other one does not reach it any more.
            group.does(1, Role::Intake, 910, screen());
            group.does(1, Role::Intake, 911, assign());
            group.does(1, Role::Owner, 912, update());
            let told = group.told(0);
            assert!(
                !told
                    .iter()
                    .any(|(_, it)| matches!(it, Telling::Progress { .. }))
            );
            group.does(0, Role::Owner, 920, super::reply());
        },
        2,
    );
}

// A case that others follow follows none; the refusal says what to do instead.
#[test]
fn a26_a_case_that_others_follow_follows_none() {
    every(
        |group| {
            group.merge(0, 1, 1300).done().unwrap();
            let answer = group.merge(1, 2, 1310);
            let refusal = answer.refusal().unwrap();
            assert_eq!(
                refusal.to_string(),
                "cannot `merge` case `m02`: it is followed by m01, and a case that others follow follows none; \
                 merge the other way round: `merge` case `m03` into this one"
            );
            assert_eq!(
                refusal.say(Lang::Zh),
                "本件“m02”不能并案:“m01”已并入本件,有件并入的不再并入别的件;请反过来,把“m03”并入(merge)本件"
            );
            group.merge(2, 1, 1320).done().unwrap();
            assert_eq!(group.case(1).followers().len(), 2);
            let own = group.merge(2, 2, 1330);
            assert!(own.refusal().is_some());
        },
        3,
    );
}

// 群众不满意不放过: whoever is not satisfied with the other one's answer has their own case handled, before it was struck off and after.
#[test]
fn a26_a_follower_that_is_not_satisfied_goes_on_alone() {
    every(
        |group| {
            group.merge(0, 2, 1300).done().unwrap();
            group.merge(1, 2, 1301).done().unwrap();
            let early = group.go(0, citizen(0), 1302, rate(Level::Unsatisfied));
            assert!(early.refusal().is_some(), "rated what nobody answered");
            group.reviewed(2, 1310);
            let other = group.go(0, citizen(1), 1311, rate(Level::Unsatisfied));
            assert!(other.refusal().is_some(), "rated by another case's citizen");
            assert!(
                group
                    .go(0, citizen(0), 1312, rate(Level::Unsatisfied))
                    .is_done()
            );
            assert!(group.case(0).follows().is_none());
            group.struck_off(2, 1320);
            group.deliver(0, 1330);
            group.deliver(1, 1330);
            assert!(!group.case(0).is_closed() && group.case(1).is_closed());
            assert!(
                group
                    .go(1, citizen(1), 1340, rate(Level::VeryUnsatisfied))
                    .is_done()
            );
            let again = group.case(1);
            assert!(!again.is_closed() && again.follows().is_none());
            assert!(group.case(2).followers().is_empty());
        },
        3,
    );
}
