//! What is entered of before, at its bounds: to which moment an entry is set right, which stretch is taken out, until when more time is granted.

use duly::plan::{PauseKind, PauseRule, Plan};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::{Play, ask, at, correct, grant, pauses, plan};

const TWO_DAYS: i64 = 48 * 3600;

/// With a test, and with hearings, of 48 hours at most.
fn two_days() -> Plan {
    let mut with = plan();
    for (reason, kind) in [("检测", PauseKind::Waits), ("听证", PauseKind::Excludes)] {
        with.pauses.push(PauseRule {
            most: Span::Elapsed(TWO_DAYS),
            ..pauses(reason, PauseSide::Statutory, kind)
        });
    }
    with
}

/// Under a plan, assigned on the 2nd, and waiting from nine on the 4th to nine on the 5th; with the entries that began and ended it.
fn waited(plan: Plan, reason: &str) -> (Play, u64, u64) {
    let mut play = Play::assigned(plan);
    let pause = Command::Pause {
        reason: reason.into(),
        evidence: Text::from("送检单"),
    };
    play.does("owner-1 owner", "03-04 09:00", pause);
    let began = play.version(|event| matches!(event, Event::Paused { .. }));
    let resume = Command::Resume {
        reason: reason.into(),
    };
    play.does("owner-1 owner", "03-05 09:00", resume);
    let ended = play.version(|event| matches!(event, Event::Resumed { .. }));
    (play, began, ended)
}

/// What says that an entry was wrong about its moment, on the morning of the 9th.
fn corrects(play: &mut Play, entry: u64, moment: Moment) -> Result<(), Why> {
    let done = play.go(
        "supervisor-1 supervisor",
        "03-09 10:00",
        correct(entry, moment),
    );
    done.map_err(|refusal| *refusal.why)
}

// A pause that is over began since receipt and before it ended, and ended after it began and by now: each to the second.
#[test]
fn a_pause_is_set_right_between_what_was_before_it_and_what_came_after() {
    let right = |of_its_end: bool, moment: Moment| {
        let (mut play, began, ended) = waited(plan(), "待网民补充");
        let entry = if of_its_end { ended } else { began };
        corrects(&mut play, entry, moment)?;
        let pause = &play.case().pauses()[0];
        Ok::<_, Why>((pause.from, pause.ended))
    };
    let (from, ended) = (at("03-04 09:00"), at("03-05 09:00"));
    let (received, now) = (at("03-02 09:00"), at("03-09 10:00"));
    for began in [received, ended.plus(-1)] {
        assert_eq!(right(false, began), Ok((began, Some(ended))));
    }
    for until in [from.plus(1), now] {
        assert_eq!(right(true, until), Ok((from, Some(until))));
    }
    let order = Why::Bound {
        what: Thing::Entry,
        bound: Bound::InOrder,
    };
    for (of_its_end, moment) in [
        (false, received.plus(-1)),
        (false, ended),
        (true, from),
        (true, now.plus(1)),
    ] {
        assert_eq!(right(of_its_end, moment), Err(order.clone()), "{moment}");
    }
}

// Under a plan that does not have the reason any more, a pause is set right to what the plan of before let it be: it gets shorter, or lasts until
// when it could have lasted; no earlier, and not a second longer.
#[test]
fn a_pause_for_a_reason_of_before_is_set_right_within_what_it_could_be() {
    let right = |of_its_end: bool, moment: Moment| {
        let (mut play, began, ended) = waited(two_days(), "检测");
        let mut without = plan();
        without.edition = "新版".into();
        let to = play.plans.take(without).unwrap();
        let adopt = Command::AdoptPlan {
            plan: to,
            approved_by: Some("leader-1".parse().unwrap()),
            facts: Facts::new(),
        };
        play.does("supervisor-1 supervisor", "03-09 09:00", adopt);
        let entry = if of_its_end { ended } else { began };
        corrects(&mut play, entry, moment)
    };
    let (from, ended) = (at("03-04 09:00"), at("03-05 09:00"));
    for (of_its_end, moment) in [
        (false, from.plus(1)),
        (false, ended.plus(-1)),
        (true, from.plus(1)),
        (true, ended.plus(1)),
        (true, from.plus(TWO_DAYS)),
    ] {
        assert_eq!(right(of_its_end, moment), Ok(()), "{moment}");
    }
    let none = Why::NotOffered {
        what: Thing::Pause("检测".into()),
    };
    for (of_its_end, moment) in [
        (false, from.plus(-1)),
        (true, from.plus(TWO_DAYS + 1)),
        (true, at("03-09 10:00")),
    ] {
        assert_eq!(right(of_its_end, moment), Err(none.clone()), "{moment}");
    }
}

// A hearing is taken out from receipt at the earliest and until now at the latest, and for as long as the pack has: each to the second.
#[test]
fn a_hearing_is_taken_out_to_the_second() {
    let taken_out = |from: Moment, until: Moment| {
        let exclude = Command::Exclude {
            reason: "听证".into(),
            from,
            until,
            evidence: Text::from("听证笔录"),
        };
        let mut play = Play::assigned(two_days());
        let done = play.go("supervisor-1 supervisor", "03-09 10:00", exclude);
        done.map_err(|refusal| *refusal.why)
    };
    let (received, then, now) = (at("03-02 09:00"), at("03-04 09:00"), at("03-09 10:00"));
    for (from, until) in [
        (received, then),
        (then, then.plus(1)),
        (then, then.plus(TWO_DAYS)),
        (now.plus(-TWO_DAYS), now),
    ] {
        assert_eq!(taken_out(from, until), Ok(()), "{from} {until}");
    }
    let refused = |bound: Bound| -> Result<(), Why> {
        Err(Why::Bound {
            what: Thing::Stretch("听证".into()),
            bound,
        })
    };
    for (from, until) in [
        (received.plus(-1), then),
        (then, then),
        (then, then.plus(-1)),
        (now.plus(-1), now.plus(1)),
    ] {
        let since = refused(Bound::StretchSinceReceipt);
        assert_eq!(taken_out(from, until), since, "{from} {until}");
    }
    let long = refused(Bound::Span(Span::Elapsed(TWO_DAYS)));
    assert_eq!(taken_out(then, then.plus(TWO_DAYS + 1)), long);
}

// More time is granted until the moment at which the limit ends, and not afterwards, however early it was asked for.
#[test]
fn more_time_is_granted_until_the_limit_ends() {
    let granted = |when: &str| {
        let mut play = Play::assigned(plan());
        play.does("owner-1 owner", "03-12 10:00", ask(2));
        let done = play.go("supervisor-1 supervisor", when, grant());
        done.map_err(|refusal| *refusal.why)
    };
    assert_eq!(granted("03-16 17:59"), Ok(()));
    assert_eq!(granted("03-16 18:00"), Ok(()));
    let late = Why::TooLate {
        what: Thing::Extension(ClockKind::Reply),
        until: at("03-16 18:00"),
    };
    for when in ["03-16 18:01", "03-17 09:00"] {
        assert_eq!(granted(when), Err(late.clone()), "{when}");
    }
}

// A pause that is set right is no longer than the pack lets any be, to the second: neither one that is over, by its beginning or by its end, nor one that
// lasts, which must still have time ahead, and ends when that is over.
#[test]
fn a_pause_is_set_right_to_its_longest_at_most() {
    let long: Result<(), Why> = Err(Why::Bound {
        what: Thing::Pause("检测".into()),
        bound: Bound::Span(Span::Elapsed(TWO_DAYS)),
    });
    let right = |of_its_end: bool, moment: Moment| {
        let (mut play, began, ended) = waited(two_days(), "检测");
        let entry = if of_its_end { ended } else { began };
        corrects(&mut play, entry, moment)
    };
    let (from, ended) = (at("03-04 09:00"), at("03-05 09:00"));
    assert_eq!(right(true, from.plus(TWO_DAYS)), Ok(()));
    assert_eq!(right(true, from.plus(TWO_DAYS + 1)), long);
    assert_eq!(right(false, ended.plus(-TWO_DAYS)), Ok(()));
    assert_eq!(right(false, ended.plus(-TWO_DAYS - 1)), long);
    let lasts = |began: Moment| {
        let mut play = Play::assigned(two_days());
        let pause = Command::Pause {
            reason: "检测".into(),
            evidence: Text::from("送检单"),
        };
        play.does("owner-1 owner", "03-04 09:00", pause);
        let entry = play.version(|event| matches!(event, Event::Paused { .. }));
        let says = correct(entry, began);
        let done = play.go("supervisor-1 supervisor", "03-05 10:00", says);
        done.map_err(|refusal| *refusal.why)?;
        let pause = &play.case().pauses()[0];
        Ok::<_, Why>((pause.from, pause.until, pause.ended))
    };
    let now = at("03-05 10:00");
    for began in [now.plus(1 - TWO_DAYS), now.plus(-1)] {
        let until = began.plus(TWO_DAYS);
        assert_eq!(lasts(began), Ok((began, until, None)));
    }
    for began in [now.plus(-TWO_DAYS), now.plus(-TWO_DAYS - 1)] {
        assert_eq!(lasts(began).map(|_| ()), long);
    }
    let order = Why::Bound {
        what: Thing::Entry,
        bound: Bound::InOrder,
    };
    assert_eq!(lasts(now), Err(order));
}

// More time is granted by whom the pack names for it, or by a leader, and by nobody else.
#[test]
fn more_time_is_granted_by_whom_the_pack_names_or_by_a_leader() {
    for (names, by, fits) in [
        (Role::Supervisor, "supervisor-1 supervisor", true),
        (Role::Supervisor, "leader-1 leader", true),
        (Role::Leader, "leader-1 leader", true),
        (Role::Leader, "supervisor-1 supervisor", false),
    ] {
        let mut with = plan();
        for clock in &mut with.clocks {
            if let Some(rule) = &mut clock.extension {
                rule.granted_by = names;
            }
        }
        let mut play = Play::assigned(with);
        play.does("owner-1 owner", "03-12 10:00", ask(2));
        let granted = play.go(by, "03-12 11:00", grant());
        let needs = Why::Role {
            needs: vec![names],
            place: "632521".parse().unwrap(),
        };
        let expected = if fits { Ok(()) } else { Err(needs) };
        let granted = granted.map_err(|refusal| *refusal.why);
        assert_eq!(granted, expected, "{names:?} {by}");
    }
}
