//! 接续登记 at its bounds: what another system may say of a case and what it may not, to the second.

use std::collections::BTreeSet;

use duly::plan::{Domain, ExtensionRule, FactRule, Given, PauseKind, PauseRule, Plan, SUPPLEMENT};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::{Play, answer, at, pauses, plan};
use crate::counted::{elsewhere, law, review, takes_over};

/// When cases are taken over here.
pub fn now() -> Moment {
    at("03-02 09:00")
}

pub fn taken(plan: Plan, it: ImportAsked) -> Play {
    let mut play = Play::new(plan);
    takes_over(&mut play, it).unwrap_or_else(|e| panic!("{e}"));
    play
}

pub fn refused(plan: Plan, it: ImportAsked) -> Why {
    *takes_over(&mut Play::new(plan), it).unwrap_err().why
}

/// A reply that was given elsewhere, at that moment.
fn given(at: Moment) -> RepliedBefore {
    let Command::Reply {
        answers,
        measures,
        contacts,
        basis,
        commitments,
        explained,
    } = answer()
    else {
        panic!("it is a reply");
    };
    RepliedBefore {
        at,
        author: None,
        answers,
        measures,
        contacts,
        basis,
        commitments,
        explained,
    }
}

pub fn came_back(at: Moment, ground: &str) -> ImportAsked {
    ImportAsked {
        stage: ImportStage::Returned,
        returned: Some(ReturnedBefore {
            at,
            ground: ground.into(),
        }),
        returns: 1,
        ..elsewhere()
    }
}

/// The case of another system in a stage, with what that stage needs.
pub fn standing(stage: ImportStage) -> ImportAsked {
    let then = at("02-26 09:00");
    let intake = |class| ImportAsked {
        stage,
        class,
        unit: None,
        owner: None,
        assigned: None,
        ..elsewhere()
    };
    match stage {
        ImportStage::Received => intake(None),
        ImportStage::Screened => intake(Some(Class::Problem)),
        ImportStage::Assigned => elsewhere(),
        ImportStage::Replied => ImportAsked {
            stage,
            replied: Some(given(then)),
            ..elsewhere()
        },
        ImportStage::Returned => came_back(then, "处理不到位"),
    }
}

// A list of another system is taken over up to a length, and not one more.
#[test]
fn as_much_is_taken_over_as_a_case_can_have() {
    fn line() -> ToldBefore<Text> {
        ToldBefore {
            at: at("02-26 09:00"),
            text: Text::from("已现场查看"),
        }
    }
    fn hour(n: u32) -> PausedBefore {
        let from = at("02-24 09:00").plus(3600 * i64::from(n));
        PausedBefore {
            reason: "听证".into(),
            from,
            until: Some(from.plus(3600)),
        }
    }
    type Sets = fn(&mut ImportAsked, u32);
    let lists: [(Thing, u32, Sets); 5] = [
        (Thing::Matters, 50, |it, n| {
            it.matters = (0..n).map(|_| Text::from("路灯")).collect();
        }),
        (Thing::Field("history".into()), 200, |it, n| {
            it.history = (0..n).map(|_| line()).collect();
        }),
        (Thing::Field("pauses".into()), 50, |it, n| {
            it.pauses = (0..n).map(hour).collect();
        }),
        (Thing::Field("returns".into()), 1000, |it, n| it.returns = n),
        (Thing::Field("reopens".into()), 1000, |it, n| it.reopens = n),
    ];
    let mut with = plan();
    with.pauses.push(PauseRule {
        times: 100,
        ..pauses("听证", PauseSide::Statutory, PauseKind::Excludes)
    });
    for (what, most, sets) in lists {
        let so_many = |n: u32| {
            let mut it = elsewhere();
            sets(&mut it, n);
            it
        };
        taken(with.clone(), so_many(most));
        let why = refused(with.clone(), so_many(most + 1));
        let bound = Bound::Most(most);
        assert_eq!(why, Why::Bound { what, bound });
    }
}

// Receipt, screening, assignment, reply or return, import: two of them may be of one moment; none comes before the one before it, nor later
// than now. Nobody was promised anything before the message came, and nothing is told of what is still to come.
#[test]
fn what_happened_elsewhere_happened_in_its_order() {
    let (received, assigned) = (at("02-24 09:00"), at("02-25 09:00"));
    let came = |received: Moment| ImportAsked {
        received,
        assigned: None,
        ..elsewhere()
    };
    let handed = |screened: Option<Moment>, assigned: Option<Moment>| ImportAsked {
        screened,
        assigned,
        ..elsewhere()
    };
    let replied = |at: Moment| ImportAsked {
        replied: Some(given(at)),
        ..standing(ImportStage::Replied)
    };
    let back = |at: Moment| came_back(at, "处理不到位");
    let promised = |due: Moment| ImportAsked {
        promised: vec![PromisedBefore {
            clock: ClockKind::Reply,
            due,
        }],
        ..elsewhere()
    };
    let told = |at: Moment| ImportAsked {
        history: vec![ToldBefore {
            at,
            text: Text::from("已现场查看"),
        }],
        ..elsewhere()
    };
    for it in [
        came(now()),
        handed(Some(received), None),
        handed(Some(assigned), Some(assigned)),
        handed(None, Some(received)),
        handed(Some(now()), None),
        handed(Some(now()), Some(now())),
        replied(assigned),
        replied(now()),
        back(assigned),
        back(now()),
        promised(received),
        told(now()),
    ] {
        taken(plan(), it);
    }
    let later = now().plus(1);
    for (field, it) in [
        ("received", came(later)),
        ("screened", handed(Some(received.plus(-1)), None)),
        ("screened", handed(Some(later), None)),
        ("assigned", handed(Some(assigned), Some(assigned.plus(-1)))),
        ("assigned", handed(None, Some(received.plus(-1)))),
        ("assigned", handed(None, Some(later))),
        ("assigned", handed(None, Some(later.plus(3600)))),
        ("replied", replied(assigned.plus(-1))),
        ("replied", replied(later)),
        ("returned", back(assigned.plus(-1))),
        ("returned", back(later)),
        ("promised", promised(received.plus(-1))),
        ("promised", promised(received.plus(-3600))),
        ("history", told(later)),
    ] {
        let what = Thing::Field(field.into());
        let bound = Bound::InOrder;
        assert_eq!(refused(plan(), it), Why::Bound { what, bound }, "{field}");
    }
}

// What came back elsewhere came back on a ground that this pack has too, for a return or for reopening.
#[test]
fn what_came_back_elsewhere_came_back_on_a_ground_of_the_pack() {
    let then = at("02-26 09:00");
    let grounds = [
        "调查不清楚",
        "处理不到位",
        "网民不满意",
        "新的事实",
        "新的理由",
    ];
    for ground in grounds {
        let play = taken(plan(), came_back(then, ground));
        assert_eq!(play.case().stage_name(), StageName::Returned, "{ground}");
    }
    let why = Why::NotListed {
        what: Thing::ReturnGrounds,
        given: "领导不满意".into(),
        known: grounds.map(str::to_owned).to_vec(),
    };
    assert_eq!(refused(plan(), came_back(then, "领导不满意")), why);
}

// Three extensions where the pack has two are too many, whatever the length of each; each clock counts its own. A clock that nobody can
// extend, or that does not run, was not extended.
#[test]
fn no_clock_was_extended_more_often_elsewhere_than_it_could_be_here() {
    let by = |clock: ClockKind, days: u32| ExtendedBefore {
        clock,
        span: Span::WorkingDays(days),
    };
    let with = |extended: Vec<ExtendedBefore>, it: ImportAsked| ImportAsked { extended, ..it };
    let what = Thing::Extension;
    let thrice = with(vec![by(ClockKind::Reply, 6); 3], elsewhere());
    let too_often = Why::Bound {
        what: what(ClockKind::Reply),
        bound: Bound::Times(2),
    };
    assert_eq!(refused(plan(), thrice), too_often);
    let redo = with(vec![by(ClockKind::Redo, 1)], elsewhere());
    let never = Why::NotOffered {
        what: what(ClockKind::Redo),
    };
    assert_eq!(refused(plan(), redo.clone()), never);
    // Once each, of a limit that runs on beside the redo.
    let mut both = law(ClockMark::Received, ClockMark::Published);
    for clock in &mut both.clocks {
        if clock.kind.can_be_extended() {
            clock.extension = Some(ExtensionRule {
                times: 1,
                most: Span::WorkingDays(5),
                total: None,
                ask_before: None,
                granted_by: Role::Supervisor,
                told: true,
                rearms: false,
                when: None,
            });
        }
    }
    let none = Why::NoClock {
        clock: ClockKind::Redo,
    };
    assert_eq!(refused(both.clone(), redo), none);
    let each = vec![by(ClockKind::Reply, 1), by(ClockKind::Redo, 1)];
    let back = standing(ImportStage::Returned);
    let play = taken(both.clone(), with(each.clone(), back.clone()));
    assert_eq!(play.case().extensions(), 2);
    let more = [each, vec![by(ClockKind::Redo, 1)]].concat();
    let too_often = Why::Bound {
        what: what(ClockKind::Redo),
        bound: Bound::Times(1),
    };
    assert_eq!(refused(both, with(more, back)), too_often);
}

/// Besides the bare plan's: a test of 48 hours, twice; hearings; and completing a message.
pub fn waits() -> Plan {
    let mut with = plan();
    with.pauses.extend([
        PauseRule {
            most: Span::Elapsed(48 * 3600),
            times: 2,
            ..pauses("检测", PauseSide::Statutory, PauseKind::Waits)
        },
        pauses("听证", PauseSide::Statutory, PauseKind::Excludes),
        pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Waits),
    ]);
    with
}

pub fn stood(reason: &str, from: Moment, until: Option<Moment>) -> PausedBefore {
    PausedBefore {
        reason: reason.into(),
        from,
        until,
    }
}

// A clock stood still elsewhere for a reason of the pack, since receipt at the earliest and until now at the latest, no longer and no more
// often than anybody can have it here; what still lasts has somebody whose it is, and ends at a moment that is still ahead.
#[test]
fn what_stood_still_elsewhere_stood_as_it_could_have_here() {
    use ImportStage::{Assigned, Received, Replied, Returned, Screened};
    let two_days = 48 * 3600;
    let (received, then, now) = (at("02-24 09:00"), at("02-26 09:00"), now());
    let test = |from, until| stood("检测", from, Some(until));
    let lasts = |reason: &str, from| stood(reason, from, None);
    let hours = |n: i64| then.plus(3600 * n);
    let with = |stage, pauses: Vec<PausedBefore>| ImportAsked {
        pauses,
        ..standing(stage)
    };
    for (stage, pauses) in [
        (Assigned, vec![test(received, received.plus(1))]),
        (Assigned, vec![test(then, then.plus(two_days))]),
        (Assigned, vec![test(now.plus(-1), now)]),
        (Assigned, vec![lasts("检测", now.plus(1 - two_days))]),
        (Assigned, vec![lasts("检测", now)]),
        (Returned, vec![lasts("检测", now)]),
        (
            Assigned,
            vec![test(then, hours(1)), lasts("检测", now.plus(-1))],
        ),
        (Assigned, vec![lasts("检测", now), lasts("待网民补充", now)]),
        (Replied, vec![test(then, hours(1))]),
        (Assigned, vec![stood("听证", then, Some(hours(1)))]),
        (Received, vec![lasts(SUPPLEMENT, now)]),
        (Screened, vec![lasts(SUPPLEMENT, now)]),
        (Assigned, vec![stood(SUPPLEMENT, received, Some(then))]),
    ] {
        let play = taken(waits(), with(stage, pauses.clone()));
        let had = play.case().pauses().iter();
        let had: Vec<_> = had.map(|it| (it.from, it.ended)).collect();
        let asked: Vec<_> = pauses.iter().map(|it| (it.from, it.until)).collect();
        assert_eq!(had, asked);
    }
    let since = Bound::StretchSinceReceipt;
    let long = Bound::Span(Span::Elapsed(two_days));
    for (stage, pauses, bound) in [
        (Assigned, vec![test(received.plus(-1), received)], &since),
        (Assigned, vec![test(received.plus(-1), then)], &since),
        (Assigned, vec![test(received.plus(-3600), then)], &since),
        (Assigned, vec![test(then, then)], &since),
        (Assigned, vec![test(hours(1), then)], &since),
        (Assigned, vec![test(then, now.plus(1))], &since),
        (Assigned, vec![lasts("检测", now.plus(1))], &since),
        (Assigned, vec![test(then, then.plus(two_days + 1))], &long),
        (Assigned, vec![lasts("检测", now.plus(-two_days))], &long),
        (
            Assigned,
            vec![lasts("检测", now.plus(-two_days - 1))],
            &long,
        ),
        (
            Assigned,
            vec![lasts("检测", now), lasts("检测", now)],
            &since,
        ),
        (
            Assigned,
            vec![
                test(then, hours(1)),
                test(hours(2), hours(3)),
                test(hours(4), hours(5)),
            ],
            &Bound::Times(2),
        ),
        // Whose it would be has not got it yet, or has it no longer; what is taken out is over.
        (Received, vec![lasts("检测", now)], &since),
        (Screened, vec![lasts("检测", now)], &since),
        (Replied, vec![lasts("检测", now)], &since),
        (Assigned, vec![lasts(SUPPLEMENT, now)], &since),
        (Returned, vec![lasts(SUPPLEMENT, now)], &since),
        (Assigned, vec![lasts("听证", now)], &since),
    ] {
        let reason = pauses[0].reason.clone();
        let why = Why::Bound {
            what: Thing::Stretch(reason),
            bound: bound.clone(),
        };
        assert_eq!(
            refused(waits(), with(stage, pauses.clone())),
            why,
            "{pauses:?}"
        );
    }
    let strange = with(Assigned, vec![stood("天气", then, Some(hours(1)))]);
    let known = waits().pauses.into_iter().map(|it| it.reason);
    let why = Why::NotListed {
        what: Thing::PauseReasons,
        given: "天气".into(),
        known: known.collect(),
    };
    assert_eq!(refused(waits(), strange), why);
}

// Online opinion has nobody who could be waited for now; what it waited for before, and what else it waits for, is taken over.
#[test]
fn nobody_is_waited_for_where_nobody_wrote() {
    let opinion = |pause: PausedBefore| ImportAsked {
        origin: Origin::Opinion,
        citizen: None,
        contact: None,
        pauses: vec![pause],
        ..elsewhere()
    };
    let then = at("02-26 09:00");
    taken(waits(), opinion(stood("待网民补充", then, Some(now()))));
    let play = taken(waits(), opinion(stood("检测", now(), None)));
    assert_eq!(play.case().origin(), Origin::Opinion);
    let why = Why::NothingPending {
        what: Thing::Citizen,
    };
    let lasting = opinion(stood("待网民补充", then, None));
    assert_eq!(refused(waits(), lasting), why);
    // Whoever can be named, or reached, has written.
    let had = Why::NotOffered {
        what: Thing::OpinionOfACitizen,
    };
    let past = || opinion(stood("检测", now(), None));
    let named = ImportAsked {
        citizen: Some("citizen".parse().unwrap()),
        ..past()
    };
    let reached = ImportAsked {
        contact: Some(Text::from("13912345678")),
        ..past()
    };
    for it in [named, reached] {
        assert_eq!(refused(waits(), it), had);
    }
}

// What the intake officer says of a message is taken over once it was screened, and not before.
#[test]
fn what_intake_says_is_taken_over_once_it_was_screened() {
    let with = || {
        let mut with = plan();
        with.schema.facts.push(FactRule {
            otherwise: Some(FactValue::Yes(false)),
            ..FactRule::new("urgent", Domain::YesNo, Given::Intake)
        });
        with
    };
    let urgent = |stage: ImportStage| ImportAsked {
        facts: Facts::from([("urgent".to_owned(), FactValue::Yes(true))]),
        ..standing(stage)
    };
    for stage in [ImportStage::Screened, ImportStage::Assigned] {
        let play = taken(with(), urgent(stage));
        let said = play.case().facts().get("urgent");
        assert_eq!(said, Some(&FactValue::Yes(true)), "{stage}");
    }
    let why = refused(with(), urgent(ImportStage::Received));
    assert!(matches!(why, Why::FactNotGivenHere { .. }), "{why:?}");
}

// Who wrote the reply that is taken over has handled the case, though another person owns it: they pass neither that reply nor any that is
// given after one was sent back. The owner is known without being said again.
#[test]
fn whoever_wrote_the_reply_elsewhere_reviews_none_of_the_case() {
    let by = |author: &str| ImportAsked {
        replied: Some(RepliedBefore {
            author: Some(author.parse().unwrap()),
            ..given(at("02-26 09:00"))
        }),
        ..standing(ImportStage::Replied)
    };
    let mut play = taken(plan(), by("reviewer-1"));
    let handled = |play: &Play| play.case().imported().unwrap().handlers.clone();
    let wrote: PersonId = "reviewer-1".parse().unwrap();
    assert_eq!(handled(&play), BTreeSet::from([wrote.clone()]));
    let had = Why::SamePerson {
        person: wrote,
        was: Deed::Handled,
    };
    for (reviewed, answered) in [
        ("03-02 11:00", "03-03 10:00"),
        ("03-03 11:00", "03-04 10:00"),
        ("03-04 11:00", "03-05 10:00"),
    ] {
        let refused = play.go("reviewer-1 reviewer", reviewed, review(false));
        assert_eq!(*refused.unwrap_err().why, had, "{reviewed}");
        play.does("reviewer-2 reviewer", reviewed, review(true));
        play.does("owner-1 owner", answered, answer());
    }
    play.does("reviewer-2 reviewer", "03-05 11:00", review(false));
    assert_eq!(play.case().stage_name(), StageName::Reviewed);
    assert!(handled(&taken(plan(), by("owner-1"))).is_empty());
}
