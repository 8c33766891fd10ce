//! Whoever is struck off with another case, and what becomes of them when that is opened again.

use duly::desk::{Ledger, MemoryLedger};
use duly::plan::{Decision, Diagram, Domain, FactRule, Given, Plans, Region, bare};
use duly::words::*;

use super::{Group, assign, citizen, every, links, name, reply, withdraw};
use crate::{board, case};

/// The first is struck off with the second, which is opened again then.
fn struck_off_with<L: Ledger>(group: &Group<L>) {
    group.merge(0, 1, 700).done().unwrap();
    group.reviewed(1, 710);
    group.struck_off(1, 720);
    group.deliver(0, 730);
    assert!(group.case(0).is_closed());
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    };
    group.go(1, citizen(1), 740, reopen).done().unwrap();
}

// The answer with which a case was struck off does not stand any more: its citizen hears that, and hears the next one. Their case stays
// struck off; it is theirs to open.
#[test]
fn a26_whoever_was_struck_off_hears_that_the_answer_is_another_now() {
    every(
        |group| {
            struck_off_with(&group);
            group.does(1, Role::Owner, 750, reply());
            group.does(1, Role::Reviewer, 760, Command::Review(Review::default()));
            let told: Vec<Telling> = group.told(0).into_iter().map(|(_, what)| what).collect();
            let [
                Telling::StruckOff,
                Telling::Reopened,
                Telling::Answer { texts },
            ] = told.as_slice()
            else {
                panic!("{told:?}")
            };
            assert_eq!(group.words(0, &texts[0]).unwrap(), "路灯已修好");
            group.struck_off(1, 770);
            group.deliver(0, 780);
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
            group.desk.verify().unwrap();
        },
        2,
    );
}

// The case with which theirs was struck off is opened again, so that its answer stands no more, and then withdrawn: nobody answers there any more, and theirs
// is opened again.
#[test]
fn a26_whoever_was_struck_off_with_a_case_that_nobody_answers_any_more_is_answered() {
    every(
        |group| {
            struck_off_with(&group);
            group.go(1, citizen(1), 750, withdraw()).done().unwrap();
            let case = group.case(0);
            assert!(!case.is_closed() && case.follows().is_none());
            assert_eq!(case.shown(), Shown::InProgress);
            assert!(case.next_alarm().is_some());
            let told: Vec<Telling> = group.told(0).into_iter().map(|(_, what)| what).collect();
            let from = name(1).parse().unwrap();
            assert!(
                told.ends_with(&[Telling::Unmerged { from }, Telling::Reopened]),
                "{told:?}"
            );
            group.desk.verify().unwrap();
        },
        2,
    );
}

// Answered again before it is withdrawn, it leaves whoever was struck off with it with an answer that stands, and struck off.
#[test]
fn a26_whoever_has_an_answer_that_stands_is_not_opened_again() {
    every(
        |group| {
            struck_off_with(&group);
            group.does(1, Role::Owner, 750, reply());
            group.does(1, Role::Reviewer, 760, Command::Review(Review::default()));
            group.go(1, citizen(1), 770, withdraw()).done().unwrap();
            assert!(group.case(1).is_closed());
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
            assert_eq!(links(&group.desk), 0);
            group.desk.verify().unwrap();
        },
        2,
    );
}

// Supervision takes a case in hand that follows one that is struck off: when that one is opened again, it is tracked there.
#[test]
fn a26_what_is_tracked_meanwhile_is_tracked_when_the_other_is_opened_again() {
    let mut plan = bare("demo".parse().unwrap());
    let urgent = FactRule {
        moves: true,
        ..FactRule::new("urgent", Domain::YesNo, Given::Intake)
    };
    plan.schema.facts.push(urgent);
    let fact = plan.schema.index("urgent").unwrap();
    let regions = [0, 1].map(|code| Region {
        bounds: [(fact, (code, code))].into(),
        answer: code == 1,
    });
    let when = Diagram::from_regions(&plan.schema, regions.to_vec()).unwrap();
    plan.track.when = Some(Decision::new(RuleId::new("track.start"), when));
    let mut plans = Plans::new(board());
    plans.take(plan).unwrap();
    let group = Group::under(MemoryLedger::new(board()), plans, 2);
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::from([("urgent".to_owned(), FactValue::Yes(false))]),
    };
    for n in [0, 1] {
        group.does(n, Role::Intake, 690, screen.clone());
        group.does(n, Role::Intake, 691, assign());
    }
    group.merge(0, 1, 700).done().unwrap();
    group.does(1, Role::Owner, 710, reply());
    group.does(1, Role::Reviewer, 715, Command::Review(Review::default()));
    group.struck_off(1, 720);
    let set = Command::SetFact {
        name: "urgent".into(),
        value: FactValue::Yes(true),
    };
    group.does(0, Role::Intake, 730, set);
    assert!(group.case(0).is_tracked() && !group.case(1).is_tracked());
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    };
    group.go(1, citizen(1), 740, reopen).done().unwrap();
    assert!(group.case(1).is_tracked());
    group.desk.verify().unwrap();
}

// What follows a case that is struck off waits for nothing but that its citizen has the answer: that its whole is counted by another calendar parts nobody.
#[test]
fn a26_whoever_has_the_answer_stays_with_a_case_that_is_struck_off() {
    every(
        |group| {
            group.merge(0, 1, 700).done().unwrap();
            group.reviewed(1, 710);
            group.struck_off(1, 720);
            assert!(!group.case(0).is_closed());
            let mut table = duly::time::DayTable::cn();
            table.revision = "2026-03-02".into();
            group.desk.revise(table).unwrap();
            group.does(0, Role::System, 725, Command::AdoptCalendar {});
            assert_eq!(group.case(0).follows(), Some(&case(&name(1))));
            group.deliver(0, 730);
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
            group.desk.verify().unwrap();
        },
        2,
    );
}
