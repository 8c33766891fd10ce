//! Few commands in every order, from every situation: what random histories come upon seldom. Ends (declining, withdrawing), merging with
//! what linked cases tell one another, and joint handling are tried against one another, and the laws are read from the ledger after each.

use duly::words::*;
use proptest::test_runner::TestCaseError;

use duly::case::Case;

use crate::audit;
use crate::parts;
use crate::situations::{
    Situation, all, assign, decline, divide, go, join, leave, merge, part_ended, part_reopened,
    plain, rate, relay, relayed_answer, relayed_end, review, screen, unmerge,
};
use crate::world::{History, actor, command, envelope, reply};

/// Who asks what, of a case as it stands then.
type Move = ((&'static str, &'static str), fn(&Case) -> Command);

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
    audit::corrected(records, &it.plans)?;
    audit::extensions(records, &it.plans)?;
    audit::verdicts(history)?;
    audit::segments(history)?;
    parts::read(records).map(drop)
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
                let ((id, role), command) = moves[*at];
                let case = history.case.as_ref().unwrap();
                let when = case.last_at().plus(3600);
                let ask = envelope(&format!("o{n}"), actor(id, &[role]), when, command(case));
                let refused = go(&mut history, &it.plans, ask);
                accepted[*at] += u32::from(refused.is_none());
            }
            let told = |e: TestCaseError| {
                let tried = &history.tried[start.tried.len()..];
                let names: Vec<_> = tried
                    .iter()
                    .map(|it| it.envelope.command.name().name())
                    .collect();
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
                    Event::StruckOff { .. }
                        | Event::Declined { .. }
                        | Event::Withdrawn { .. }
                        | Event::CalledOff { .. }
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

fn replied() -> Command {
    reply(Mark::A, false, false, 1, false)
}

/// What its citizen was told last has reached them.
fn delivered(case: &Case) -> Command {
    command(CommandName::Delivered, 0, Some(case), None)
}

const SYSTEM: (&str, &str) = ("system", "system");

// 不予受理、并案、撤回 against one another: whichever comes first, the case ends once and its citizen has been told.
#[test]
fn ends_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("intake-1", "intake"), |_| decline()),
        (("intake-2", "intake"), |_| decline()),
        (("intake-1", "intake"), |_| merge()),
        (("citizen", "citizen"), |_| shape(CommandName::Withdraw, 0)),
        (SYSTEM, |_| relayed_answer()),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// A case that ended one of these ways and is opened again goes on under the same laws.
#[test]
fn ends_and_reopening_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("intake-1", "intake"), |_| shape(CommandName::Withdraw, 0)),
        (("intake-2", "intake"), |_| shape(CommandName::Withdraw, 0)),
        (("citizen", "citizen"), |_| shape(CommandName::Reopen, 0)),
        (("intake-1", "intake"), |_| screen()),
        (("intake-1", "intake"), |_| assign(true)),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// 协办 with ends: a part may be delivered, or not, before the lead answers, declines or is merged away.
#[test]
fn joint_handling_in_every_order_keeps_every_law() {
    let accepted = in_every_order(&[
        (("intake-1", "intake"), |_| assign(true)),
        (("co-1", "co_handler"), |_| shape(CommandName::CoReply, 0)),
        (("owner-1", "owner"), |_| replied()),
        (("reviewer-1", "reviewer"), |_| review(true)),
        (("intake-1", "intake"), |_| merge()),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// 退单、转办、退回 with joint handling: it changes hands in every order, and one person has it at a time.
#[test]
fn changes_of_hands_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("owner-1", "owner"), |_| shape(CommandName::Object, 1)),
        (("supervisor-1", "supervisor"), |_| {
            shape(CommandName::Rule, 1)
        }),
        (("intake-1", "intake"), |_| shape(CommandName::Transfer, 2)),
        (("reviewer-1", "reviewer"), |_| review(false)),
        (("owner-1", "owner"), |_| replied()),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// 分办 with what the part says: it is settled, open again, or not needed, while the case is divided and answered. Nothing is answered while
// a part that it needs is open.
#[test]
fn a_divided_case_and_its_part_in_every_order_keep_every_law() {
    let accepted = in_every_order(&[
        (("owner-1", "owner"), |_| divide()),
        (SYSTEM, |_| part_ended(Outcome::Solved)),
        (("owner-1", "owner"), |_| replied()),
        (SYSTEM, |_| part_reopened()),
        (("supervisor-1", "supervisor"), |_| {
            shape(CommandName::DropSub, 0)
        }),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// 并案 with what the other case tells: its answer, the notice of it, its end, the merging undone. Whichever comes first, it is struck off
// once its citizen has the answer and the other one has ended, and never before.
#[test]
fn what_a_follower_hears_in_every_order_keeps_every_law() {
    let accepted = in_every_order(&[
        (("intake-1", "intake"), |_| merge()),
        (SYSTEM, |_| relayed_answer()),
        (SYSTEM, delivered),
        (SYSTEM, |_| relayed_end()),
        (("intake-2", "intake"), |_| unmerge()),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// A follower whose answer is taken back, or that is let go, while its citizen is told or rates.
#[test]
fn what_is_taken_back_from_a_follower_in_every_order_keeps_every_law() {
    let accepted = in_every_order(&[
        (SYSTEM, |_| relay(News::Retracted)),
        (SYSTEM, |_| relayed_answer()),
        (SYSTEM, delivered),
        (SYSTEM, |_| relayed_end()),
        (("citizen", "citizen"), |_| rate(Level::Unsatisfied)),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}

// The other side: a case is followed, answered, left, withdrawn.
#[test]
fn what_a_followed_case_goes_through_in_every_order_keeps_every_law() {
    let accepted = in_every_order(&[
        (SYSTEM, |_| join()),
        (SYSTEM, |_| leave()),
        (("owner-1", "owner"), |_| replied()),
        (("reviewer-1", "reviewer"), |_| review(true)),
        (("citizen", "citizen"), |_| shape(CommandName::Withdraw, 0)),
    ]);
    assert!(accepted.iter().all(|n| *n > 50), "{accepted:?}");
}
