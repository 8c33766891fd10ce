//! What went wrong once can be put right by asking again; what comes in by another way is treated as what comes in by the first.

use duly::desk::{Cursor, Desk, Extent, Fate, Ledger, Reach, Receipt, SqliteLedger, WouldImport};
use duly::plan::bare;
use duly::time::{DayTable, Moment};
use duly::words::{Actor, Command, Effect, Envelope, Event, Role, Why};
use rusqlite::Connection;

use super::{
    actor, at, board, case, done, envelope, noted, on_every_ledger, opened, plans, screened,
};

/// A message that another system had under way.
fn imported(id: &str, of: &str, number: &str, approver: &str) -> Envelope {
    let command = format!(
        r#"{{"import": {{"place": "632521", "channel": "领导留言板", "external_id": "{number}", "message": "路灯不亮",
            "contact": "13912345678", "citizen": "zhang", "from": "旧系统", "approved_by": "{approver}",
            "received": "2026-03-01T09:00:00+08:00", "stage": "received"}}}}"#
    );
    let command: Command = serde_json::from_str(&command).unwrap();
    envelope(id, of, Role::Intake, 0, command)
}

fn receipt(effect: &str, at: Moment) -> Receipt {
    Receipt {
        effect: effect.to_owned().try_into().unwrap(),
        at,
        means: None,
        outcome: Fate::Delivered { to: vec![] },
    }
}

fn years(many: i64) -> Moment {
    at(many * 366 * 24 * 60)
}

fn outbox<L: Ledger>(desk: &Desk<L>) -> Vec<String> {
    let all = desk.outbox(&Cursor::start(), 1000).unwrap().items;
    all.into_iter().map(|it| it.id.to_string()).collect()
}

#[test]
fn what_a_citizen_wrote_goes_with_them_from_a_case_that_was_taken_over() {
    on_every_ledger(|desk| {
        done(&desk, imported("i1", "m01", "LY-1", "lishu"));
        let citizen = "zhang".parse().unwrap();
        let by = actor(Role::Supervisor);
        let found = desk.erasable(&citizen, Extent::Own).unwrap().cases;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].texts.len(), 2, "the message and the contact");
        let erased = desk
            .erase_subject(&citizen, "法", &by, at(1), Extent::Own)
            .unwrap();
        assert_eq!(erased.erased, found);
        assert!(
            desk.erasable(&citizen, Extent::All)
                .unwrap()
                .cases
                .is_empty()
        );
        desk.verify().unwrap();
    });
}

#[test]
fn a_citizen_whose_case_was_taken_over_can_be_reached() {
    on_every_ledger(|desk| {
        done(&desk, imported("i1", "m01", "LY-1", "lishu"));
        let first = desk.history(&case("m01")).unwrap().remove(0);
        let reach = Reach::of(&first.sealed.record).expect("where they can be reached");
        assert_eq!(reach.channel.as_str(), "领导留言板");
        assert_eq!(reach.external_id.as_str(), "LY-1");
        let contact = desk.text(&case("m01"), &reach.contact.unwrap()).unwrap();
        assert_eq!(contact.unwrap().as_str(), "13912345678");
    });
}

#[test]
fn a_receipt_of_what_goes_to_another_case_takes_nothing_away() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, opened("c2", "m02", 0));
        // Merged by hand, with the link still in the outbox: as a desk leaves it that dies between.
        let merge = Command::Merge { into: case("m01") };
        done(&desk, envelope("c3", "m02", Role::Intake, 1, merge));
        let history = desk.history(&case("m02")).unwrap();
        let merged = history
            .iter()
            .find(|it| matches!(it.sealed.record.event, Event::Merged { .. }));
        let version = merged.unwrap().sealed.record.version;
        let link = (0..9).map(|index| format!("m02/{version}/{index}"));
        let records: Vec<_> = history.iter().map(|it| it.sealed.record.clone()).collect();
        let link = link
            .filter_map(|id| {
                let id = id.try_into().unwrap();
                duly::desk::effect_of(&records, &id).unwrap()
            })
            .find(|it| matches!(it.effect, Effect::Link { .. }));
        let link = link.unwrap().id.to_string();
        let error = desk.receipt(&receipt(&link, at(2)));
        assert!(error.is_err(), "`{link}` goes to a case, not outside");
    });
}

#[test]
fn a_receipt_by_a_clock_that_is_years_ahead_is_given_again_by_the_right_one() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        assert!(outbox(&desk).contains(&"m01/1/0".to_owned()));
        let far = desk.receipt(&receipt("m01/1/0", years(12))).unwrap();
        let refusal = far.answer.unwrap().refusal().unwrap().clone();
        assert!(matches!(*refusal.why, Why::TooFar { .. }), "{refusal}");
        assert!(
            outbox(&desk).contains(&"m01/1/0".to_owned()),
            "the case has not heard of it"
        );
        let near = desk.receipt(&receipt("m01/1/0", at(2))).unwrap();
        assert!(near.answer.unwrap().is_done());
        assert!(!outbox(&desk).contains(&"m01/1/0".to_owned()));
        desk.verify().unwrap();
    });
}

#[test]
fn an_erasure_by_a_clock_that_is_years_ahead_is_asked_again_by_the_right_one() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let citizen = "citizen-1".parse().unwrap();
        let by = actor(Role::Supervisor);
        let go = |when| desk.erase_subject(&citizen, "法", &by, when, Extent::All);
        let far = go(years(12)).unwrap();
        assert_eq!((far.erased.len(), far.refused.len()), (0, 1));
        let near = go(at(5)).unwrap();
        assert_eq!((near.erased.len(), near.refused.len()), (1, 0), "{near:?}");
    });
}

#[test]
fn a_moment_that_was_not_believed_can_be_put_right_under_the_same_id() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let mut far = noted("c2", "m01", 0, "n");
        far.at = years(12);
        assert!(desk.submit(far.clone()).unwrap().refusal().is_some());
        far.at = at(3);
        assert!(desk.submit(far).unwrap().is_done());
    });
}

#[test]
fn a_calendar_that_somebody_may_not_adopt_is_adopted_by_who_may() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, screened("c2", "m01", 1));
        let assign = Command::Assign {
            unit: "water".parse().unwrap(),
            owner: "the-owner".parse().unwrap(),
            co_handlers: vec![],
        };
        done(&desk, envelope("c3", "m01", Role::Intake, 2, assign));
        let mut notice = DayTable::cn();
        notice.revision = "2026-03-05".into();
        let day = "2026-03-03".parse().unwrap();
        notice.closed.insert(day, "州庆".into());
        desk.revise(notice).unwrap();
        let clerk = desk.adopt_calendar(&actor(Role::Intake), at(5)).unwrap();
        assert!(clerk.is_empty());
        let system = Actor::new("system".parse().unwrap(), Role::System);
        let would = desk.calendar_moves(at(6)).unwrap();
        assert!(!would.is_empty());
        assert_eq!(desk.adopt_calendar(&system, at(6)).unwrap(), would);
    });
}

#[test]
fn a_host_cannot_take_the_id_of_a_receipt_for_something_else() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let taken = desk.submit(noted("receipt/m01/1/0/delivered", "m01", 1, "mine"));
        assert!(taken.is_err(), "{taken:?}");
        // The command that the receipt itself is may be sent by hand.
        let effect = "m01/1/0".to_owned().try_into().unwrap();
        let by_hand = Command::Delivered { effect };
        let by_hand = envelope("receipt/m01/1/0/delivered", "m01", Role::System, 2, by_hand);
        done(
            &desk,
            Envelope {
                by: Actor::new("system".parse().unwrap(), Role::System),
                ..by_hand
            },
        );
        let heard = desk.receipt(&receipt("m01/1/0", at(2))).unwrap();
        assert!(heard.answer.unwrap().is_done());
    });
}

#[test]
fn a_rehearsal_tells_what_the_import_then_does() {
    on_every_ledger(|desk| {
        // The first is refused: whoever enters a case does not answer for it. The second is the same message, put right.
        let all = [
            imported("i1", "m01", "LY-1", "the-intake"),
            imported("i2", "m02", "LY-1", "lishu"),
        ];
        let told = desk.rehearse_import(&all).unwrap();
        let answers = desk.submit_many(all).unwrap();
        for (told, answer) in told.iter().zip(answers) {
            let answer = answer.unwrap();
            let same = match told {
                WouldImport::Taken(_) => answer.is_done(),
                WouldImport::Refused(refusal) => answer.refusal() == Some(refusal),
                WouldImport::Known { case } => *answer.case() == *case && !answer.is_done(),
                _ => false,
            };
            assert!(same, "told {told:?}, came {answer:?}");
        }
        assert!(matches!(told[1], WouldImport::Taken(_)));
    });
}

#[test]
fn what_was_damaged_in_one_case_keeps_back_no_delivery_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
    done(&desk, opened("c1", "m01", 0));
    done(&desk, opened("c2", "m02", 0));
    let file = Connection::open(&path).unwrap();
    let sql = "UPDATE records SET record = '{}' WHERE chain = 'm01'";
    assert!(file.execute(sql, []).unwrap() > 0);
    drop(file);
    let table = duly::desk::PostTable::default();
    let taken = desk
        .deliveries(&table, at(1), &Cursor::start(), 100)
        .unwrap();
    let of = |it: &duly::desk::Delivery| it.outgoing.id.case.to_string();
    assert!(taken.items.iter().any(|it| of(it) == "m02"));
    assert!(taken.items.iter().all(|it| of(it) != "m01"));
    assert!(taken.put_off.iter().any(|it| it.id == "m01/1/0"));
}

#[test]
fn a_rehearsal_tells_what_is_remembered_of_an_import() {
    on_every_ledger(|desk| {
        let edition = |number: &str| {
            let mut plan = bare("demo".parse().unwrap());
            plan.edition = number.to_owned();
            plan
        };
        let mut without = edition("2");
        without.places.retain(|it| it.code.as_str() != "632521");
        desk.reload(without).unwrap();
        let all = [imported("i1", "m01", "LY-1", "lishu")];
        let refused = desk.submit_many(all.clone()).unwrap().remove(0).unwrap();
        let refused = refused.refusal().unwrap().clone();
        desk.reload(edition("3")).unwrap();
        // Under the same id it stays refused, so that is what the rehearsal says; under another it is taken.
        let told = desk.rehearse_import(&all).unwrap();
        assert_eq!(told, [WouldImport::Refused(refused.clone())]);
        let answer = desk.submit_many(all).unwrap().remove(0).unwrap();
        assert_eq!(answer.refusal(), Some(&refused));
        let anew = [imported("i2", "m01", "LY-1", "lishu")];
        let told = desk.rehearse_import(&anew).unwrap();
        assert!(matches!(told[..], [WouldImport::Taken(_)]), "{told:?}");
        done(&desk, anew[0].clone());
    });
}
