//! Few commands in every order, from every situation: what random histories come upon seldom. Ends (declining, merging, withdrawing,
//! striking off as merged) and joint handling are tried against one another, and the laws are read from the ledger after each.

use duly::words::*;
use proptest::test_runner::TestCaseError;

use crate::audit;
use crate::situations::{
    Situation, all, assign, decline, go, merge, plain, review, screen, strike_off,
};
use crate::world::{History, actor, command, envelope, reply};

/// Who asks what.
type Move = ((&'static str, &'static str), Command);

/// Every order of so many things.
fn orders(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![vec![]];
    }
    let shorter = orders(of - 1).into_iter();
    shorter
        .flat_map(|order| {
            (0..of).map(move |at| {
                let mut order = order.clone();
                order.insert(at, of - 1);
                order
            })
        })
        .collect()
}

/// Every law that is read from a ledger.
fn laws(history: &History, it: &Situation) -> Result<(), TestCaseError> {
    let records = &history.records;
    audit::steps(records)?;
    audit::outcomes(records, history.case.as_ref())?;
    audit::quiet(records, &it.plans)?;
    audit::called_back(records, plain().attempts)?;
    audit::struck_off(records)?;
    audit::satisfied(records)?;
    audit::answered(history)?;
    audit::reviewed(history)?;
    audit::reviewed_twice(history, &it.plans)?;
    audit::separate(records)?;
    audit::whole(records)?;
    audit::extensions(records)?;
    audit::verdicts(history)?;
    audit::segments(history)
}

/// Plays the moves in every order from every situation, and says how often each was accepted.
fn in_every_order(moves: &[Move]) -> Vec<u32> {
    let mut accepted = vec![0; moves.len()];
    let orders = orders(moves.len());
    for it in all() {
        let start = it.history();
        for order in &orders {
            let mut history = start.clone();
            for (n, at) in order.iter().enumerate() {
                let ((id, role), command) = &moves[*at];
                let when = history.case.as_ref().unwrap().last_at().plus(3600);
                let ask = envelope(&format!("o{n}"), actor(id, &[role]), when, command.clone());
                let refused = go(&mut history, &it.plans, ask);
                accepted[*at] += u32::from(refused.is_none());
            }
            let told = |e: TestCaseError| {
                let names: Vec<_> = order.iter().map(|at| moves[*at].1.name().name()).collect();
                panic!("{}, then {names:?}: {e}", it.name)
            };
            laws(&history, &it).unwrap_or_else(told);
            let case = history.case.as_ref().unwrap();
            // One end at most, and an alarm as long as there is none.
            let ends = history
                .records
                .iter()
                .rev()
                .take_while(|it| !matches!(it.event, Event::Reopened { .. }));
            let is_end = |it: &&Record| {
                matches!(
                    it.event,
                    Event::StruckOff { .. } | Event::Declined { .. } | Event::Withdrawn { .. }
                )
            };
            assert_eq!(
                ends.filter(is_end).count(),
                usize::from(case.is_closed()),
                "{}: {order:?}",
                it.name
            );
            assert_eq!(
                case.next_alarm().is_none(),
                case.is_closed(),
                "{}: {order:?}",
                it.name
            );
        }
    }
    accepted
}

fn shape(name: CommandName, pick: u16) -> Command {
    command(name, pick, None, None)
}

// 不予受理、并案、撤回 against one another: whichever comes first, the case ends once and its citizen has been told.
#[test]
fn ends_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("intake-1", "intake"), decline()),
        (("intake-2", "intake"), decline()),
        (("intake-1", "intake"), merge()),
        (("citizen", "citizen"), shape(CommandName::Withdraw, 0)),
        (("supervisor-1", "supervisor"), strike_off(Outcome::Merged)),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// A case that ended one of these ways and is opened again goes on under the same laws.
#[test]
fn ends_and_reopening_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("intake-1", "intake"), shape(CommandName::Withdraw, 0)),
        (("intake-2", "intake"), shape(CommandName::Withdraw, 0)),
        (("citizen", "citizen"), shape(CommandName::Reopen, 0)),
        (("intake-1", "intake"), screen()),
        (("intake-1", "intake"), assign(true)),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// 协办 with ends: a part may be delivered, or not, before the lead answers, declines or is merged away.
#[test]
fn joint_handling_in_every_order_keeps_every_law() {
    let answers = reply(Mark::A, false, false, 1, false);
    let accepted = in_every_order(&[
        (("intake-1", "intake"), assign(true)),
        (("co-1", "co_handler"), shape(CommandName::CoReply, 0)),
        (("owner-1", "owner"), answers),
        (("reviewer-1", "reviewer"), review(true)),
        (("intake-1", "intake"), merge()),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// 退单、转办、退回 with joint handling: it changes hands in every order, and one person has it at a time.
#[test]
fn changes_of_hands_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("owner-1", "owner"), shape(CommandName::Object, 1)),
        (("supervisor-1", "supervisor"), shape(CommandName::Rule, 1)),
        (("intake-1", "intake"), shape(CommandName::Transfer, 2)),
        (("reviewer-1", "reviewer"), review(false)),
        (("owner-1", "owner"), reply(Mark::A, false, false, 1, false)),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}
