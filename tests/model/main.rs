//! The reference model: the state machine and its clocks written a second time, plain and slow, and held against the machine command by
//! command. It shares nothing with it but the published tables of holidays, and counts every limit from its beginning, minute by minute or
//! date by date.
//!
//! | file | what |
//! |---|---|
//! | `calendar`, `limit` | when the office works, and when so many days or hours have passed |
//! | `pack`, `*.rhai` | three small packs, in the language of rules and as the model reads them |
//! | `persons`, `table` | who there is, the commands, and the table of stages and roles |
//! | `moves`, `handling`, `closing` | the laws: 受理、交办、办理; 审核、回访、评价、复核、销账 |
//! | `case` | what is known of a case; sent back, closed, opened again |
//! | `clocks`, `waits`, `ladder` | 限时办结: what starts, stops and holds up a clock; 督办督查: the steps that it has ahead |
//! | `history` | which commands are asked, by whom and when |
//! | `real`, `compare` | the machine under test, and what is compared |
//!
//! Left out are several matters in one letter (分列), co-handlers and parts, a unit that a county names (下级交办), merging, promises, directions, moving facts and
//! a class that is put right later (改类), corrections, declining, a stretch that does not count by law (扣除时间), a notice that comes back undelivered, two reviews,
//! opinions, parts and signals as cases of their own, persons who act for another (deputies), what is taken over from another system (接续登记), another plan or
//! calendar in the middle, and redaction. A case that was withdrawn is never opened again here: what becomes of one that ended without an answer is left out as well.
//! `LEFT_OUT` has the commands by name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is wrong"
)]

mod calendar;
mod case;
mod clocks;
mod closing;
mod compare;
mod handling;
mod history;
mod ladder;
mod limit;
mod moves;
mod pack;
mod persons;
mod real;
mod table;
#[path = "../tries/mod.rs"]
mod tries;
mod waits;

use std::cell::RefCell;
use std::collections::BTreeMap;

use duly::words::CommandName;
use proptest::test_runner::TestRunner;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use case::Case;
use history::{Ask, Model};
use persons::CITIZEN;
use real::Real;
use table::What;
use tries::config;

/// How many histories are played, and how many commands each has at most.
const CASES: u32 = 200;
const LENGTH: usize = 80;

fn opened(mut real: Real, model: &Case) -> Real {
    assert!(real.ask(CITIZEN, What::Open, model.now));
    compare::same(model, &real);
    real
}

fn asked(mut real: Real, model: &Case, ask: Ask) -> Real {
    let accepted = real.ask(ask.who, ask.what, model.now);
    match (model.refused, accepted) {
        (None, false) => panic!("only the machine refuses: {}", real.refused),
        (Some(no), true) => panic!("only the model refuses: {no}"),
        _ => {}
    }
    compare::same(model, &real);
    real
}

/// The commands that no history here has. Each has laws in `tests/laws` or stories in `tests/workflow`.
const LEFT_OUT: &[CommandName] = &[
    CommandName::Import,
    CommandName::OpenSub,
    CommandName::Signal,
    CommandName::List,
    CommandName::Decline,
    CommandName::Merge,
    CommandName::Unmerge,
    CommandName::Join,
    CommandName::Leave,
    CommandName::Relay,
    CommandName::Release,
    CommandName::Divide,
    CommandName::DropSub,
    CommandName::Hear,
    CommandName::Want,
    CommandName::CallOff,
    CommandName::SubAssign,
    CommandName::Reclassify,
    CommandName::Exclude,
    CommandName::Commit,
    CommandName::Fulfil,
    CommandName::Direct,
    CommandName::SetFact,
    CommandName::Correct,
    CommandName::Undelivered,
    CommandName::AdoptPlan,
    CommandName::AdoptCalendar,
    CommandName::Redact,
];

// A command is asked of both machines, or it is among those that are said to be left out.
#[test]
fn what_is_left_out_is_said() {
    let asked = |name: &CommandName| {
        let called = format!("Command::{name:?}");
        let mut found = include_str!("real.rs").split(&called).skip(1);
        found.any(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let wrong: Vec<_> = CommandName::ALL
        .iter()
        .filter(|name| asked(name) == LEFT_OUT.contains(name))
        .collect();
    assert!(
        wrong.is_empty(),
        "asked and said to be left out, or neither: {wrong:?}"
    );
}

struct Pure;

impl StateMachineTest for Pure {
    type SystemUnderTest = Real;
    type Reference = Model;
    fn init_test(model: &Case) -> Real {
        opened(Real::pure(model.pack), model)
    }
    fn apply(real: Real, model: &Case, ask: Ask) -> Real {
        asked(real, model, ask)
    }
}

struct OnDesk;

impl StateMachineTest for OnDesk {
    type SystemUnderTest = Real;
    type Reference = Model;
    fn init_test(model: &Case) -> Real {
        opened(Real::desk(model.pack), model)
    }
    fn apply(real: Real, model: &Case, ask: Ask) -> Real {
        asked(real, model, ask)
    }
}

prop_state_machine! {
    #![proptest_config(config(CASES))]

    // Accepted or refused alike, and after every command the same stage, owner, counts, clocks with their due moments and verdicts, pauses,
    // steps that have come and are ahead, and alarm.
    #[test]
    fn decide_says_what_the_model_says(sequential 1..LENGTH => Pure);
}

prop_state_machine! {
    #![proptest_config(config(10))]

    // The same through the door that services use: what a refused command found time to have brought is kept.
    #[test]
    fn a_desk_says_what_the_model_says(sequential 1..LENGTH => OnDesk);
}

// Histories go where few would come by chance, and where what is rare has been wrong before: the same histories as above, counted by what they
// have come to. None of these may be left out.
#[test]
fn histories_go_deep() {
    let counted = RefCell::new(BTreeMap::<&str, u32>::new());
    let mut runner = TestRunner::new(config(CASES));
    let all = Model::sequential_strategy(1..LENGTH);
    runner
        .run(&all, |(mut case, asks, _)| {
            for ask in &asks {
                case = Model::apply(case, ask);
            }
            let depth = case.depth;
            let reached = [
                ("opened again", case.reopens >= 1),
                ("opened again twice", case.reopens >= 2),
                ("paused twice", depth.pauses >= 2),
                ("sent back three times", case.returns >= 3),
                ("done again twice", depth.redone >= 2),
                ("extended", case.extensions >= 1),
                ("granted, and told too late", depth.lapsed_extensions >= 1),
                ("transferred", depth.transfers >= 1),
                ("ruled upon", case.bounces >= 1),
                ("struck off", depth.struck_off >= 1),
                ("struck off twice", depth.struck_off >= 2),
                (
                    "paused in a later cycle",
                    case.cycle > 1 && case.pauses.len() > 1,
                ),
                ("silent", depth.silent >= 1),
            ];
            for (what, is) in reached {
                *counted.borrow_mut().entry(what).or_default() += u32::from(is);
            }
            Ok(())
        })
        .unwrap();
    let counted = counted.into_inner();
    let never: Vec<_> = counted.iter().filter(|(_, n)| **n == 0).collect();
    assert!(never.is_empty(), "{counted:?}");
}
