//! Commands in, answers out.

use duly::desk::{Answer, Cursor, Desk, Ledger, MemoryLedger};
use duly::plan::{Plans, bare};
use duly::words::{Command, Outcome, Role, Salt, Text, Why};

use super::{
    at, board, case, done, envelope, noted, on_every_ledger, open, opened, plans, screened,
};

#[test]
fn a_desk_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Desk<MemoryLedger>>();
    shared::<Desk<duly::desk::SqliteLedger>>();
    shared::<Desk<Box<dyn Ledger>>>();
}

#[test]
fn a_command_sent_twice_is_answered_as_the_first_time() {
    on_every_ledger(|desk| {
        let first = desk.submit(opened("c1", "m01", 0)).unwrap();
        done(&desk, noted("c2", "m01", 5, "n"));
        // A repetition may carry another moment and another salt.
        let mut again = opened("c1", "m01", 90);
        again.salt = Salt::new([7; 16]);
        assert_eq!(desk.submit(again).unwrap(), first);
        let refused = desk
            .submit(envelope("c3", "m01", Role::Owner, 6, Command::Sign {}))
            .unwrap();
        assert!(refused.refusal().is_some());
        done(&desk, screened("c4", "m01", 7));
        assert_eq!(
            desk.submit(envelope("c3", "m01", Role::Owner, 99, Command::Sign {}))
                .unwrap(),
            refused
        );
        desk.verify().unwrap();
    });
}

#[test]
fn the_same_id_with_something_else_is_an_error() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, noted("c2", "m01", 1, "one"));
        let before = desk.history(&case("m01")).unwrap();
        let mut by_another = noted("c2", "m01", 1, "one");
        by_another.by.id = "somebody".parse().unwrap();
        for other in [
            noted("c2", "m01", 1, "two"),
            noted("c2", "m02", 1, "one"),
            by_another,
        ] {
            let error = desk.submit(other).unwrap_err();
            assert!(error.is_reused());
            assert_eq!(
                error.to_string(),
                "the command `c2` was sent before with something else in it; give a new command a new id"
            );
        }
        assert_eq!(desk.history(&case("m01")).unwrap(), before);
    });
}

#[test]
fn a_message_known_already_opens_nothing() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        for (id, of) in [("c2", "m02"), ("c3", "m01")] {
            let again = envelope(id, of, Role::Intake, 5, open("m01"));
            let known = Answer::Known { case: case("m01") };
            assert_eq!(desk.submit(again.clone()).unwrap(), known);
            assert_eq!(desk.submit(again).unwrap(), known);
        }
        assert!(desk.case(&case("m02")).unwrap().is_none());
        assert_eq!(
            desk.find(&"board".parse().unwrap(), &"n-m01".parse().unwrap())
                .unwrap(),
            Some(case("m01"))
        );
        // Another message under a case id that is taken is refused.
        let taken = desk
            .submit(envelope("c4", "m01", Role::Intake, 6, open("other")))
            .unwrap();
        assert_eq!(*taken.refusal().unwrap().why, Why::AlreadyOpen);
    });
}

#[test]
fn what_comes_late_is_stamped_with_the_cases_last_moment_and_both_are_kept() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 10));
        let answer = done(&desk, noted("c2", "m01", 3, "written before, sent after"));
        assert_eq!(answer.at, at(10));
        let kept = desk.answered(&"c2".parse().unwrap()).unwrap().unwrap();
        assert_eq!((kept.said_at, kept.at), (at(3), at(10)));
        let history = desk.history(&case("m01")).unwrap();
        let last = history.last().unwrap();
        assert_eq!((last.sealed.record.at, last.observed_at), (at(10), at(3)));
        desk.verify().unwrap();
    });
}

#[test]
fn an_answer_tells_where_the_case_stands() {
    on_every_ledger(|desk| {
        let first = done(&desk, opened("c1", "m01", 0));
        assert_eq!(first.from_version, 0);
        assert_eq!(first.next_alarm, desk.next_alarm().unwrap());
        let second = done(&desk, screened("c2", "m01", 1));
        assert_eq!(second.from_version, first.to_version);
        let stored = desk.case(&case("m01")).unwrap().unwrap();
        assert_eq!(second.to_version, stored.version());
        assert_eq!(second.stage, stored.stage_name());
    });
}

#[test]
fn of_a_refused_command_remains_only_what_time_had_brought_about() {
    on_every_ledger(|desk| {
        let first = done(&desk, opened("c1", "m01", 0));
        let alarm = first.next_alarm.unwrap();
        let mut late = envelope("c2", "m01", Role::Owner, 0, Command::Sign {});
        late.at = alarm.plus(60);
        assert!(desk.submit(late).unwrap().refusal().is_some());
        let history = desk.history(&case("m01")).unwrap();
        let came = &history[first.to_version as usize..];
        assert!(!came.is_empty());
        for entry in came {
            assert_eq!(entry.sealed.record.command, None);
            assert!(entry.sealed.record.at <= alarm.plus(60));
            assert_eq!(entry.observed_at, alarm.plus(60));
        }
        desk.verify().unwrap();
    });
}

/// A moment far from everything the case has seen is a wrong clock. To believe it would write every notice of those years, and
/// stamp all later commands with it.
#[test]
fn a_command_centuries_ahead_is_not_believed_and_leaves_nothing() {
    on_every_ledger(|desk| {
        let first = done(&desk, opened("c1", "m01", 0));
        let before = desk.history(&case("m01")).unwrap();
        for (n, role) in [(2, Role::Intake), (3, Role::Citizen)] {
            let mut far = noted(&format!("c{n}"), "m01", 0, "n");
            far.by = super::actor(role);
            far.at = duly::time::Moment::parse("2426-03-02T09:00:00+08:00").unwrap();
            let answer = desk.submit(far).unwrap();
            let why = &*answer.refusal().unwrap().why;
            assert!(
                matches!(why, Why::TooFar { last, .. } if *last == at(0)),
                "{why:?}"
            );
        }
        assert_eq!(desk.history(&case("m01")).unwrap(), before);
        assert_eq!(desk.next_alarm().unwrap(), first.next_alarm);
        // Ten years are believed, and so is time itself; a case that is struck off wakes for nothing, and hears of itself later.
        let mut old = noted("c4", "m01", 0, "n");
        old.at = at(0).plus(10 * 365 * 86_400);
        assert!(desk.submit(old).unwrap().is_done());
        desk.verify().unwrap();
    });
}

#[test]
fn many_commands_become_one_group_and_a_bad_one_does_not_stop_the_others() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let all = vec![
            noted("c2", "m01", 1, "one"),
            noted("c1", "m01", 1, "an id used before"),
            envelope("c3", "m01", Role::Owner, 1, Command::Sign {}),
            noted("c2", "m01", 1, "one"),
            opened("c4", "m02", 1),
        ];
        let answers = desk.submit_many(all).unwrap();
        assert!(answers[0].as_ref().unwrap().is_done());
        assert!(answers[1].as_ref().unwrap_err().is_reused());
        assert!(answers[2].as_ref().unwrap().refusal().is_some());
        assert_eq!(answers[3].as_ref().unwrap(), answers[0].as_ref().unwrap());
        assert!(answers[4].as_ref().unwrap().is_done());
        assert_eq!(desk.verify().unwrap().cases, 2);
    });
}

#[test]
fn a_plan_is_kept_with_the_first_case_under_it_and_found_again_without_the_pack() {
    on_every_ledger(|desk| {
        let old = desk.plans().latest().unwrap().id.clone();
        assert!(desk.kept_plan(&old).unwrap().is_none());
        done(&desk, opened("c1", "m01", 0));
        assert!(desk.kept_plan(&old).unwrap().is_some());

        // A desk that has only the new edition in hand still serves the old case.
        let mut edition = bare("demo".parse().unwrap());
        edition.edition = "2".into();
        let mut only_new = Plans::new(board());
        let new = only_new.take(edition).unwrap();
        let later = Desk::new(desk.ledger(), only_new).unwrap();
        done(&later, noted("c2", "m01", 1, "n"));
        assert_eq!(later.plans().latest().unwrap().id, new);
        done(&later, opened("c3", "m02", 2));
        assert_eq!(*later.case(&case("m01")).unwrap().unwrap().plan(), old);
        assert_eq!(*later.case(&case("m02")).unwrap().unwrap().plan(), new);
        done(
            &later,
            envelope(
                "c4",
                "m01",
                Role::Supervisor,
                3,
                Command::AdoptPlan {
                    plan: new,
                    approved_by: None,
                    facts: Default::default(),
                },
            ),
        );
        later.verify().unwrap();
    });
}

#[test]
fn a_desk_without_any_plan_refuses_but_does_not_remember_it() {
    let desk = Desk::new(MemoryLedger::new(board()), Plans::new(board())).unwrap();
    assert!(
        desk.submit(opened("c1", "m01", 0))
            .unwrap()
            .refusal()
            .is_some()
    );
    desk.reload(bare("demo".parse().unwrap())).unwrap();
    done(&desk, opened("c1", "m01", 0));
}

#[test]
fn a_plan_that_cannot_be_used_leaves_the_last_good_one() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let good = desk.plans().latest().unwrap().id.clone();
    let mut bad = bare("demo".parse().unwrap());
    bad.holidays = vec!["atlantis".into()];
    assert!(desk.reload(bad).unwrap_err().is_plan());
    assert_eq!(desk.plans().latest().unwrap().id, good);
    done(&desk, opened("c1", "m01", 0));
}

#[test]
fn plans_of_another_board_are_refused() {
    let error = Desk::new(MemoryLedger::new("gannan".parse().unwrap()), plans()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the ledger is of board `gannan`, the plans are of `hainan`"
    );
}

#[test]
fn racing_desks_answer_every_command_once() {
    on_every_ledger(|desk| {
        done(&desk, opened("c0", "m01", 0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                // All send the same twenty commands.
                scope.spawn(|| {
                    for n in 0..20 {
                        let envelope = envelope(
                            &format!("n{n}"),
                            "m01",
                            Role::Intake,
                            1,
                            Command::Note {
                                text: Text::from(format!("note {n}").as_str()),
                            },
                        );
                        assert!(desk.submit(envelope).unwrap().is_done());
                    }
                });
            }
        });
        let history = desk.history(&case("m01")).unwrap();
        let asked = history
            .iter()
            .filter_map(|entry| entry.sealed.record.command.clone());
        let notes: std::collections::BTreeSet<_> =
            asked.filter(|id| id.as_str().starts_with('n')).collect();
        assert_eq!(notes.len(), 20);
        assert_eq!(
            history
                .iter()
                .filter(|e| matches!(e.sealed.record.event, duly::words::Event::Noted { .. }))
                .count(),
            20
        );
        desk.verify().unwrap();
    });
}

#[test]
fn the_outbox_holds_what_the_decisions_brought_until_it_is_delivered() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let page = desk.outbox(&Cursor::start(), 10).unwrap();
        assert!(!page.items.is_empty());
        assert_eq!(desk.outbox(&Cursor::start(), 10).unwrap(), page);
        let ids: Vec<_> = page
            .items
            .iter()
            .map(|outgoing| outgoing.id.clone())
            .collect();
        desk.delivered(&ids).unwrap();
        assert!(desk.outbox(&Cursor::start(), 10).unwrap().items.is_empty());
    });
}

// 并案: a case follows only one that can answer for it, and nobody strikes it off.
#[test]
fn a_case_follows_only_one_that_answers_for_it() {
    on_every_ledger(|desk| {
        for (n, of) in ["m01", "m02", "m03", "m04"].into_iter().enumerate() {
            done(&desk, opened(&format!("o{n}"), of, 0));
        }
        let merge = |id: &str, of: &str, into: &str| {
            let command = Command::Merge { into: case(into) };
            desk.submit(envelope(id, of, Role::Intake, 1, command))
                .unwrap()
        };
        let said = |answer: &Answer| {
            answer
                .refusal()
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        assert_eq!(
            said(&merge("k1", "m01", "m99")),
            "cannot `merge` case `m01`: there is no case `m99` to follow"
        );
        assert!(merge("k2", "m01", "m02").is_done());
        assert!(said(&merge("k3", "m02", "m01")).contains("is followed by m01"));
        assert!(said(&merge("k3b", "m03", "m01")).contains("follows another one itself"));
        let away = Command::StrikeOff {
            outcome: Outcome::Merged,
            matter: None,
        };
        let answer = desk
            .submit(envelope("k4", "m01", Role::Supervisor, 2, away))
            .unwrap();
        assert!(answer.refusal().is_some(), "{answer:?}");
        let text = Text::from("不用了");
        let mut withdraw = envelope(
            "k5",
            "m03",
            Role::Citizen,
            3,
            Command::Withdraw { evidence: text },
        );
        withdraw.by.id = "citizen-1".parse().unwrap();
        done(&desk, withdraw);
        assert!(said(&merge("k6", "m04", "m03")).contains("is struck off already"));
        desk.verify().unwrap();
    });
}
