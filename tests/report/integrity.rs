//! 防数字注水: each figure, in a world where it is known, and by another count in worlds of chance.

use std::collections::BTreeSet;

use duly::report::{Board, Concern, ConcernLine, Integrity, Period, Rate, commitments, integrity};
use duly::time::Moment;
use duly::words::*;
use proptest::prelude::*;

use crate::laws::{boards, cut_hours, cuts};
use crate::tries::config;
use crate::world::*;

fn all(w: &World) -> Integrity {
    let board = Board::fold(&w.records, None).unwrap();
    let period = Period::new(Moment::MIN, board.until().unwrap());
    integrity(&board, &w.plan, period)
}

fn of<'a>(found: &'a Integrity, unit: &str, concern: Concern) -> Option<&'a ConcernLine> {
    let unit: UnitId = unit.parse().unwrap();
    let mut lines = found.lines.iter();
    lines.find(|it| it.unit.as_ref() == Some(&unit) && it.concern == concern)
}

fn cases(line: Option<&ConcernLine>) -> (Rate, Vec<&str>) {
    let line = line.unwrap();
    (line.rate, line.cases.iter().map(|it| it.as_str()).collect())
}

#[test]
fn nobody_signed_and_how_long_the_others_took() {
    let mut w = World::new();
    for (case, hour) in [("m1", 11), ("m2", 13), ("m3", 16)] {
        w.opens(case, "632521", "09-01 09:00");
        w.does(
            case,
            (Role::Intake, "in-1"),
            "09-01 09:30",
            screen(Class::Problem),
        );
        w.does(case, (Role::Intake, "in-1"), "09-01 10:00", assign("u-a"));
        let at = format!("09-01 {hour}:00");
        w.does(case, (Role::Owner, "u-a-li"), &at, Command::Sign {});
    }
    w.opens("m4", "632521", "09-01 09:00");
    w.does(
        "m4",
        (Role::Intake, "in-1"),
        "09-01 09:30",
        screen(Class::Problem),
    );
    w.does("m4", (Role::Intake, "in-1"), "09-01 10:00", assign("u-a"));
    w.tick(at("09-08 10:00"));
    let found = all(&w);
    let line = of(&found, "u-a", Concern::DeemedSigned);
    assert_eq!(cases(line), (Rate::new(1, 4), vec!["m4"]));
    assert_eq!(line.unwrap().median, Some(3 * 3600));
}

#[test]
fn replies_just_before_they_are_due_and_in_a_burst() {
    let mut w = World::new();
    for n in 1..=6 {
        w.opens(&format!("m{n}"), "632521", "09-01 09:00");
        w.reaches(&format!("m{n}"), "u-a", "09-01");
    }
    // Due on 09-08 at 18:00. Five in twenty minutes, hours before; one days before.
    w.replies("m6", "u-a", "09-03 10:00");
    for n in 1..=5 {
        let when = format!("09-08 15:{:02}", n * 5);
        w.replies(&format!("m{n}"), "u-a", &when);
    }
    let found = all(&w);
    let five = vec!["m1", "m2", "m3", "m4", "m5"];
    let before = of(&found, "u-a", Concern::ReplyJustBefore);
    assert_eq!(cases(before), (Rate::new(5, 6), five.clone()));
    let burst = of(&found, "u-a", Concern::ReplyInBurst);
    assert_eq!(cases(burst), (Rate::new(5, 6), five));
}

#[test]
fn a_clock_that_waits_for_who_has_answered() {
    let mut w = World::with(|plan| {
        plan.pauses.push(duly::plan::PauseRule {
            reason: "等网民".into(),
            side: PauseSide::Citizen,
            ..plan.pauses[0].clone()
        });
    });
    let pause = || Command::Pause {
        reason: "等网民".into(),
        evidence: "短信".into(),
    };
    let resume = || Command::Resume {
        reason: "等网民".into(),
    };
    let answered = |at: Moment| Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: "已修好".into(),
            mark: Mark::A,
        }],
        measures: Vec::new(),
        contacts: vec![Contact {
            at,
            how: ContactHow::Phone,
        }],
        basis: Vec::new(),
        commitments: Vec::new(),
        explained: false,
    };
    // m1 was asked and has answered; then its clock waits for the citizen all the same. m2 waits for three days after the
    // contact that its reply records; m3 goes on on the day of the contact.
    w.opens("m1", "632521", "09-01 09:00");
    let ask = Command::AskCitizen {
        question: "哪条路".into(),
    };
    w.does("m1", (Role::Intake, "in-1"), "09-01 09:10", ask);
    let answer = Command::Supplement {
        answer: "村道".into(),
    };
    w.does("m1", (Role::Citizen, "wang"), "09-01 09:20", answer);
    w.opens("m2", "632521", "09-01 09:00");
    w.opens("m3", "632521", "09-01 09:00");
    for case in ["m1", "m2", "m3"] {
        w.reaches(case, "u-a", "09-01");
        w.does(case, (Role::Owner, "u-a-li"), "09-01 12:00", pause());
    }
    w.does("m3", (Role::Owner, "u-a-li"), "09-02 15:00", resume());
    w.does("m2", (Role::Owner, "u-a-li"), "09-05 15:00", resume());
    for case in ["m2", "m3"] {
        let contact = answered(at("09-02 11:00"));
        w.does(case, (Role::Owner, "u-a-li"), "09-07 10:00", contact);
    }
    let found = all(&w);
    let waited = of(&found, "u-a", Concern::WaitedAfterAnswer);
    assert_eq!(cases(waited), (Rate::new(2, 3), vec!["m1", "m2"]));
}

#[test]
fn objections_rulings_promises_extensions_and_corrections() {
    let mut w = World::new();
    for case in ["m1", "m2"] {
        w.opens(case, "632521", "09-01 09:00");
        w.does(
            case,
            (Role::Intake, "in-1"),
            "09-01 09:30",
            screen(Class::Problem),
        );
        w.does(case, (Role::Intake, "in-1"), "09-01 10:00", assign("u-a"));
    }
    // m1 goes round twice, m2 once.
    w.does("m1", (Role::Owner, "u-a-li"), "09-01 10:30", object());
    w.does("m1", (Role::Intake, "in-1"), "09-01 11:00", rule("u-b"));
    w.does("m2", (Role::Owner, "u-a-li"), "09-01 10:30", object());
    w.does("m2", (Role::Intake, "in-1"), "09-01 11:00", rule("u-c"));
    // An extension asked on the day it is due, another two days before.
    w.does(
        "m1",
        (Role::Owner, "u-b-li"),
        "09-08 10:00",
        ask_extension(),
    );
    w.does(
        "m2",
        (Role::Owner, "u-c-li"),
        "09-04 10:00",
        ask_extension(),
    );
    let found = all(&w);
    let objected = of(&found, "u-a", Concern::Objected);
    assert_eq!(cases(objected), (Rate::new(2, 2), vec!["m1", "m2"]));
    assert_eq!(
        of(&found, "u-b", Concern::RuledAgain).unwrap().rate,
        Rate::new(0, 1)
    );
    let late = of(&found, "u-b", Concern::ExtensionJustBefore);
    assert_eq!(cases(late), (Rate::new(1, 1), vec!["m1"]));
    let early = of(&found, "u-c", Concern::ExtensionJustBefore);
    assert_eq!(early.unwrap().rate, Rate::new(0, 1));

    // A promise, moved before it was kept, and missed.
    w.replies("m2", "u-c", "09-07 10:00");
    w.passes("m2", "09-07 11:00");
    w.does(
        "m2",
        (Role::Owner, "u-c-li"),
        "09-07 12:00",
        Command::Commit(promise("09-10")),
    );
    w.does(
        "m2",
        (Role::Owner, "u-c-li"),
        "09-09 12:00",
        Command::Commit(promise("09-20")),
    );
    w.tick(at("09-15 10:00"));
    let found = all(&w);
    let moved = of(&found, "u-c", Concern::PromiseMoved);
    assert_eq!(cases(moved), (Rate::new(1, 2), vec!["m2"]));
    let missed = of(&found, "u-c", Concern::PromiseMissed);
    assert_eq!(cases(missed), (Rate::new(1, 1), vec!["m2"]));

    // The unit's own person says that it was answered earlier; then somebody else does.
    let replied = w.records.iter().filter(|it| it.case == id("m2"));
    let mut replied = replied.filter(|it| matches!(it.event, Event::Replied { .. }));
    let version = replied.next().unwrap().version;
    let correct = |minute| Command::Correct {
        version,
        text: "登记晚了".into(),
        took_effect: Some(at(&format!("09-07 09:{minute}"))),
    };
    let colleague = Actor {
        unit: Some("u-c".parse().unwrap()),
        ..Actor::new("su-2".parse().unwrap(), Role::Supervisor)
    };
    w.ask_as("m2", colleague, at("09-15 11:00"), correct(30))
        .unwrap();
    w.does("m2", (Role::Supervisor, "su-1"), "09-15 12:00", correct(40));
    let found = all(&w);
    let own = of(&found, "u-c", Concern::CorrectedOwn);
    assert_eq!(cases(own), (Rate::new(1, 2), vec!["m2"]));
}

/// Whoever is given a case with a promise in it did not make it: it is kept or broken by the unit that did.
#[test]
fn a_promise_is_of_the_unit_that_made_it() {
    let mut w = World::new();
    w.opens("m1", "632521", "09-01 09:00");
    w.reaches("m1", "u-a", "09-01");
    let Command::Reply { answers, .. } = reply(Mark::B, false) else {
        unreachable!()
    };
    let promising = Command::Reply {
        answers,
        measures: Vec::new(),
        contacts: Vec::new(),
        basis: Vec::new(),
        commitments: vec![promise("09-10")],
        explained: false,
    };
    w.does("m1", (Role::Owner, "u-a-li"), "09-03 10:00", promising);
    w.passes("m1", "09-04 10:00");
    let later = Command::Commit(promise("09-20"));
    w.does("m1", (Role::Owner, "u-a-li"), "09-04 11:00", later);
    w.hears("m1", "09-07 10:00", Level::Unsatisfied);
    w.does("m1", (Role::Intake, "in-1"), "09-07 11:00", assign("u-b"));
    w.tick(at("09-15 10:00"));
    let found = all(&w);
    let missed = of(&found, "u-a", Concern::PromiseMissed);
    assert_eq!(cases(missed), (Rate::new(1, 1), vec!["m1"]));
    let next = of(&found, "u-b", Concern::PromiseMissed);
    assert!(next.is_none_or(|it| it.rate == Rate::new(0, 0)), "{next:?}");
    let board = Board::fold(&w.records, None).unwrap();
    let ledger = commitments(&board, &w.plan);
    let made: UnitId = "u-a".parse().unwrap();
    assert_eq!(ledger.lines.len(), 2);
    assert!(ledger.lines.iter().all(|it| it.unit == Some(made.clone())));
    assert_eq!(ledger.units[&Some(made)].missed, 1);
    assert_eq!(ledger.units.len(), 1);
}

/// A case answered and reviewed, in which its owner has promised something for a day.
fn promised(day: &str) -> World {
    let mut w = World::new();
    let mut message = open("m1", "632521", Origin::Message, 0);
    if let Command::Open { citizen, .. } = &mut message {
        *citizen = Some("wang".parse().unwrap());
    }
    w.does("m1", (Role::Citizen, "wang"), "09-01 09:00", message);
    w.reaches("m1", "u-a", "09-01");
    w.replies("m1", "u-a", "09-03 10:00");
    w.passes("m1", "09-04 10:00");
    let later = Command::Commit(promise(day));
    w.does("m1", (Role::Owner, "u-a-li"), "09-04 11:00", later);
    w
}

fn missed(w: &World) -> Option<Rate> {
    let board = Board::fold(&w.records, None).unwrap();
    let first = "2026-09-01".parse().unwrap();
    let last = "2026-09-30".parse().unwrap();
    let september = Period::dates(first, last, w.plan.zone);
    let found = integrity(&board, &w.plan, september);
    of(&found, "u-a", Concern::PromiseMissed).map(|it| it.rate)
}

/// Whoever looks in the middle of a month does not find broken what is promised for its end. A promise for the 25th is broken when the 25th is
/// over, at midnight, and not a second before.
#[test]
fn a_promise_whose_day_is_to_come_is_not_missed() {
    let mut w = promised("09-25");
    w.tick(at("09-12 10:00"));
    assert_eq!(missed(&w), None);
    // Somebody notes something at the last second of that day, and at the first of the next.
    let midnight = at("09-26 00:00");
    for (when, rate) in [(midnight.plus(-1), None), (midnight, Some(Rate::new(1, 1)))] {
        let text = "看过".into();
        let note = Command::Note { text };
        w.ask("m1", (Role::Intake, "in-1"), when, note).unwrap();
        assert_eq!(missed(&w), rate, "{when}");
    }
}

/// Who has withdrawn is owed nothing from then on: what was promised for a later day is on no ledger, and nobody has broken it. What was broken by
/// then stays broken.
#[test]
fn a_promise_of_a_case_that_was_withdrawn_is_not_broken_afterwards() {
    let withdraw = || Command::Withdraw {
        evidence: "不用了".into(),
    };
    let ledger = |w: &World| {
        let board = Board::fold(&w.records, None).unwrap();
        let total = commitments(&board, &w.plan).total;
        (total.made, total.missed)
    };
    for (withdrawn, on_ledger, rate) in [
        ("09-05 10:00", (0, 0), None),
        ("09-10 23:59", (0, 0), None),
        ("09-11 00:00", (1, 1), Some(Rate::new(1, 1))),
    ] {
        let mut w = promised("09-10");
        w.does("m1", (Role::Citizen, "wang"), withdrawn, withdraw());
        // Another case shows that it is later by now.
        w.opens("m2", "632521", "09-20 09:00");
        assert_eq!(ledger(&w), on_ledger, "{withdrawn}");
        assert_eq!(missed(&w), rate, "{withdrawn}");
    }
    // Kept before, it was kept.
    let mut w = promised("09-10");
    let keep = Command::Fulfil {
        commitment: 1,
        evidence: "照片".into(),
    };
    w.does("m1", (Role::Owner, "u-a-li"), "09-05 10:00", keep);
    w.does("m1", (Role::Citizen, "wang"), "09-06 10:00", withdraw());
    w.opens("m2", "632521", "09-20 09:00");
    assert_eq!(ledger(&w), (1, 0));
    assert_eq!(missed(&w), Some(Rate::new(0, 1)));
}

#[test]
fn it_reads_in_both_languages() {
    let mut w = september();
    w.tick(at("09-30 23:59"));
    insta::assert_snapshot!(all(&w).table(Lang::Zh).to_string());
    insta::assert_snapshot!(all(&w).table(Lang::En).to_string());
}

/// The same counts, straight from the records.
fn counted(records: &[Record], period: Period, concern: Concern) -> (u64, u64) {
    let within = |it: &&Record| period.holds(it.at);
    let many = |is: &dyn Fn(&Event) -> bool| {
        records
            .iter()
            .filter(within)
            .filter(|it| is(&it.event))
            .count() as u64
    };
    // The last word by the end on whether a case is closed, where it was said in the period.
    let ids: BTreeSet<&CaseId> = records.iter().map(|it| &it.case).collect();
    let ends = ids.iter().filter_map(|case| {
        let of = records
            .iter()
            .filter(|it| it.case == **case && it.at <= period.until);
        let of: Vec<&Record> = of.collect();
        let end = of.iter().rposition(|it| {
            matches!(
                it.event,
                Event::StruckOff { .. }
                    | Event::Declined { .. }
                    | Event::Withdrawn { .. }
                    | Event::Reopened { .. }
            )
        })?;
        let stands = !matches!(of[end].event, Event::Reopened { .. }) && period.holds(of[end].at);
        stands.then_some((of, end))
    });
    let ends: Vec<(Vec<&Record>, usize)> = ends.collect();
    let outcome = |(of, end): &(Vec<&Record>, usize)| match &of[*end].event {
        Event::StruckOff { outcome, .. } => Some(*outcome),
        Event::Declined { .. } => Some(Outcome::Declined),
        _ => Some(Outcome::Withdrawn),
    };
    let closed = |is: &[Outcome]| {
        ends.iter()
            .filter(|it| outcome(it).is_some_and(|it| is.contains(&it)))
            .count() as u64
    };
    let answered = [
        Outcome::Solved,
        Outcome::Explained,
        Outcome::Answered,
        Outcome::Adopted,
    ];
    let heard = |of: &[&Record]| {
        // A rating counts for the answer that stands; one that is overwritten by silence cannot be.
        let from = of
            .iter()
            .rposition(|it| matches!(it.event, Event::Published { .. }))
            .unwrap_or(0);
        let mut ratings = of[from..].iter().filter_map(|it| match &it.event {
            Event::Rated { rating, .. } => Some(*rating),
            _ => None,
        });
        ratings
            .next_back()
            .is_some_and(|it| matches!(it, Rating::Given { .. }))
    };
    let messages = ends.iter().filter(|it| {
        let message = matches!(
            it.0[0].event,
            Event::Opened {
                origin: Origin::Message,
                ..
            }
        );
        message && outcome(it).is_some_and(|it| answered.contains(&it))
    });
    match concern {
        Concern::DeemedSigned => (
            many(&|it| matches!(it, Event::Signed { deemed: true })),
            many(&|it| matches!(it, Event::Signed { .. })),
        ),
        Concern::Objected => {
            let gives = |it: &Event| {
                matches!(
                    it,
                    Event::Assigned { .. } | Event::Ruled { .. } | Event::Transferred { .. }
                )
            };
            // An objection to what was given before the period.
            let earlier = records.iter().filter(within).filter(|objected| {
                let is = matches!(objected.event, Event::Objected { .. });
                let of = records
                    .iter()
                    .filter(|it| it.case == objected.case && it.version < objected.version);
                let given = of.filter(|it| gives(&it.event)).max_by_key(|it| it.version);
                is && given.is_none_or(|it| !period.holds(it.at))
            });
            let earlier = earlier.count() as u64;
            (
                many(&|it| matches!(it, Event::Objected { .. })),
                many(&gives) + earlier,
            )
        }
        Concern::ClosedAsExplained => (
            closed(&[Outcome::Explained]),
            closed(&[Outcome::Solved, Outcome::Explained]),
        ),
        Concern::ClosedAsDeclined => (closed(&[Outcome::Declined]), ends.len() as u64),
        Concern::SilentClosing => (
            messages.clone().filter(|it| !heard(&it.0)).count() as u64,
            messages.count() as u64,
        ),
        Concern::ReplyInBurst => (0, many(&|it| matches!(it, Event::Replied { .. }))),
        _ => (0, 0),
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn every_figure_is_counted_from_the_records(w in boards(), hours in cut_hours()) {
        let board = Board::fold(&w.records, None).unwrap();
        for pair in cuts(&w, &hours).windows(2) {
            let period = Period::new(pair[0], pair[1]);
            let found = integrity(&board, &w.plan, period);
            prop_assert_eq!(found.total.len(), Concern::ALL.len());
            for total in &found.total {
                let parts = found.lines.iter().filter(|it| it.concern == total.concern);
                let (part, whole) = parts.fold((0, 0), |(part, whole), it| (part + it.rate.part, whole + it.rate.whole));
                prop_assert_eq!(Rate::new(part, whole), total.rate);
                prop_assert!(part <= whole);
                prop_assert_eq!(part == 0, total.cases.is_empty());
                let checked = [
                    Concern::DeemedSigned,
                    Concern::Objected,
                    Concern::ClosedAsExplained,
                    Concern::ClosedAsDeclined,
                    Concern::SilentClosing,
                ];
                if checked.contains(&total.concern) {
                    prop_assert_eq!((part, whole), counted(&w.records, period, total.concern), "{:?}", total.concern);
                }
                if total.concern == Concern::ReplyInBurst {
                    prop_assert_eq!(whole, counted(&w.records, period, total.concern).1);
                }
                // The machine lets no silence through as satisfaction.
                prop_assert!(total.concern != Concern::SilenceAsSatisfied || part == 0);
            }
        }
    }
}
