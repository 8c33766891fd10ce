//! (f) The citizen's side: row 62.

use duly::report::{Board, Period, bulletin};
use duly::words::*;

use super::at;
use super::file::*;

fn closed(outcome: Outcome) -> File {
    let said = match outcome {
        Outcome::Explained => explains(),
        _ => reply(),
    };
    let mut file = File::assigned(plain(), Class::Problem);
    file.go("2026-03-04T10:00:00+08:00", "owner-1", said);
    file.go("2026-03-04T11:00:00+08:00", "reviewer-1", pass());
    file.go("2026-03-05T10:00:00+08:00", "intake-1", call_back());
    file.go(
        "2026-03-05T11:00:00+08:00",
        "citizen",
        rate(Level::Satisfied),
    );
    file.go(
        "2026-03-05T12:00:00+08:00",
        "supervisor-1",
        strike_off(outcome),
    );
    file
}

// FixMyStreet 2357: reopened by a questionnaire without a word, a report was open in one place and fixed in another. Reopening
// takes one of the pack's grounds and a reason, and everything that is shown of the case says the same.
#[test]
fn f62_fixmystreet_2357_reopening_takes_a_reason() {
    let mut file = closed(Outcome::Solved);
    let with = |ground: &str, reason: &str| Command::Reopen {
        ground: ground.into(),
        reason: text(reason),
    };
    let when = "2026-03-20T10:00:00+08:00";
    assert!(matches!(
        file.refused(when, "citizen", with("新的事实", " ")),
        Why::Blank { .. }
    ));
    assert!(matches!(
        file.refused(when, "citizen", with("就是想", "又坏了")),
        Why::NotListed { .. }
    ));
    assert_eq!(file.case().shown(), Shown::Done);
    file.go(when, "citizen", with("新的事实", "又坏了"));
    let case = file.case();
    assert_eq!(
        (case.stage_name(), case.shown(), case.outcome()),
        (StageName::Returned, Shown::InProgress, None)
    );
    assert!(case.matters().iter().all(|matter| matter.outcome.is_none()));
    let told = file.outgoing.last().map(|out| &out.effect);
    assert!(
        file.outgoing.iter().any(|out| matches!(
            &out.effect,
            Effect::Tell {
                what: Telling::Reopened,
                ..
            }
        )),
        "{told:?}"
    );
}

// FixMyStreet 897: an update that said "not fixed" on a closed report went nowhere. A citizen who is not satisfied with a closed
// case opens it again by saying so.
#[test]
fn f62_fixmystreet_897_not_fixed_reopens() {
    let mut file = File::assigned(plain(), Class::Problem);
    file.go("2026-03-04T10:00:00+08:00", "owner-1", reply());
    file.go("2026-03-04T11:00:00+08:00", "reviewer-1", pass());
    file.go("2026-03-05T10:00:00+08:00", "intake-1", call_back());
    let evidence = text("到现场看过");
    let recheck = Command::Recheck {
        passed: true,
        evidence,
        findings: Default::default(),
        return_for: None,
    };
    // The citizen says nothing for as long as they may; somebody else has looked.
    file.go("2026-04-07T10:00:00+08:00", "reviewer-2", recheck);
    file.go(
        "2026-04-07T11:00:00+08:00",
        "supervisor-1",
        strike_off(Outcome::Solved),
    );
    let events = file.go(
        "2026-04-20T10:00:00+08:00",
        "citizen",
        rate(Level::VeryUnsatisfied),
    );
    assert!(events.iter().any(|it| matches!(it, Event::Reopened { .. })));
    assert_eq!(file.case().stage_name(), StageName::Returned);
    assert!(file.case().next_alarm().is_some());
}

// FixMyStreet 1339: closed was counted as fixed. How a case ended is part of its end, and only what was solved counts as solved.
#[test]
fn f62_fixmystreet_1339_closed_is_not_solved() {
    let counted = |file: &File| {
        let hand = file.plans.latest().unwrap();
        let (first, last) = ("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap());
        let period = Period::dates(first, last, hand.plan.zone);
        let board = Board::fold(&file.records, None).unwrap();
        let total = bulletin(&board, &hand.plan, period).total;
        (total.struck_off, total.solved, total.explained)
    };
    assert_eq!(counted(&closed(Outcome::Solved)), (1, 1, 0));
    assert_eq!(counted(&closed(Outcome::Explained)), (1, 0, 1));
    let mut withdrawn = File::assigned(plain(), Class::Problem);
    let evidence = text("不用了");
    withdrawn.go(
        "2026-03-03T10:00:00+08:00",
        "citizen",
        Command::Withdraw { evidence },
    );
    assert_eq!(counted(&withdrawn), (1, 0, 0));
}

// FixMyStreet 5963: reports were closed by themselves so many days after the wrong event. The time to rate counts from the call-back
// that asked for it, by name; when it has passed silence is recorded as silence, and closes nothing.
#[test]
fn f62_fixmystreet_5963_the_anchor_is_named() {
    let mut file = File::published(plain(), "2026-03-04T10:00:00+08:00");
    assert!(file.case().clock(ClockKind::Rating).is_none());
    let plan = &file.plans.latest().unwrap().plan;
    assert_eq!(
        plan.clock(ClockKind::Rating).unwrap().starts,
        ClockMark::CalledBack
    );
    file.go("2026-03-10T10:00:00+08:00", "intake-1", call_back());
    let rating = file.clock(ClockKind::Rating);
    assert_eq!(rating.term.anchor, at("2026-03-10T10:00:00+08:00"));
    let due = file.due(ClockKind::Rating);
    assert_eq!(due, at("2026-03-20T18:00:00+08:00"));
    file.tick(&due.to_string());
    assert_eq!(file.case().rating(), None);
    file.tick(&due.plus(1).to_string());
    assert_eq!(file.case().rating(), Some(Rating::NotGiven));
    assert!(!file.case().is_closed());
}
