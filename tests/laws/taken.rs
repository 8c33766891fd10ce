//! 接续登记 at its bounds: what another system may say of a case and what it may not, to the second; and how the case then stands here.

use duly::case::Case;
use duly::plan::{ClockRule, ExtensionRule, PauseKind, PauseRule, Plan, SUPPLEMENT};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::{Play, answer, assign, at, pauses, plan};
use crate::counted::{elsewhere, law, screen, takes_over};

/// When cases are taken over here.
fn now() -> Moment {
    at("03-02 09:00")
}

fn taken(plan: Plan, it: ImportAsked) -> Play {
    let mut play = Play::new(plan);
    takes_over(&mut play, it).unwrap_or_else(|e| panic!("{e}"));
    play
}

fn refused(plan: Plan, it: ImportAsked) -> Why {
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

fn came_back(at: Moment, ground: &str) -> ImportAsked {
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
fn standing(stage: ImportStage) -> ImportAsked {
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

/// With a unit that handles it too.
fn jointly(it: ImportAsked) -> ImportAsked {
    let part = NewPart {
        unit: "水利局".parse().unwrap(),
        owner: "co-1".parse().unwrap(),
    };
    ImportAsked {
        co_handlers: vec![part],
        ..it
    }
}

/// With a clock of a kind that the bare plan leaves out, a day long.
fn with_clock(kind: ClockKind) -> Plan {
    let mut with = plan();
    let like: ClockRule = with.clock(ClockKind::Screen).unwrap().clone();
    with.clocks.push(ClockRule {
        kind,
        starts: kind.starts(),
        stops: kind.stops().to_vec(),
        ..like
    });
    with
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
fn waits() -> Plan {
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

fn stood(reason: &str, from: Moment, until: Option<Moment>) -> PausedBefore {
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
}

// The message that its citizen has completed waits for nobody; the one that they have not takes their word when it comes.
#[test]
fn a_message_waits_for_its_citizen_while_they_have_not_completed_it() {
    let asked = |until: Option<Moment>| {
        let it = ImportAsked {
            pauses: vec![stood(SUPPLEMENT, at("02-26 09:00"), until)],
            ..standing(ImportStage::Received)
        };
        taken(waits(), it)
    };
    let supplement = || Command::Supplement {
        answer: Text::from("次汗素村"),
    };
    let mut complete = asked(Some(at("02-27 09:00")));
    let refused = complete.go("citizen citizen", "03-02 10:00", supplement());
    let nothing = Why::NothingPending {
        what: Thing::Question,
    };
    assert_eq!(*refused.unwrap_err().why, nothing);
    let mut open = asked(None);
    open.does("citizen citizen", "03-02 10:00", supplement());
    let ended = open.case().pauses()[0].ended;
    assert_eq!(ended, Some(at("03-02 10:00")));
}

// What was screened elsewhere is not screened again and can be given to somebody at once; what was only received there cannot.
#[test]
fn what_was_screened_elsewhere_is_screened() {
    let to = || assign("住建局", "owner-1");
    let mut screened = taken(plan(), standing(ImportStage::Screened));
    assert_eq!(screened.case().class(), Some(Class::Problem));
    let again = screened.go("intake-1 intake", "03-02 10:00", screen());
    let had = Why::Already {
        what: Thing::Screening,
    };
    assert_eq!(*again.unwrap_err().why, had);
    screened.does("intake-1 intake", "03-02 10:00", to());
    assert_eq!(screened.case().stage_name(), StageName::Assigned);
    let mut received = taken(plan(), standing(ImportStage::Received));
    assert_eq!(received.case().class(), None);
    let early = received.go("intake-1 intake", "03-02 10:00", to());
    assert_eq!(*early.unwrap_err().why, Why::NotScreened);
    received.does("intake-1 intake", "03-02 10:00", screen());
}

fn objects() -> Command {
    Command::Object {
        reason: Text::from("按职责应由水务部门办理"),
        should_be: None,
    }
}

// Who has not signed for it elsewhere may sign, and say that it is not theirs, within the time from now; who has signed may not.
#[test]
fn whoever_signed_elsewhere_says_no_longer_that_it_is_not_theirs() {
    let unit_says = |signed: bool| {
        let it = ImportAsked {
            signed,
            ..elsewhere()
        };
        taken(plan(), it)
    };
    let live = |case: &Case| {
        let kinds = [ClockKind::Sign, ClockKind::Object];
        kinds.map(|kind| case.clock(kind).map(|clock| clock.started))
    };
    let mut new = unit_says(false);
    assert_eq!(live(new.case()), [Some(now()); 2]);
    new.does("owner-1 owner", "03-02 10:00", objects());
    let mut signed = unit_says(true);
    assert_eq!(live(signed.case()), [None; 2]);
    let refused = signed.go("owner-1 owner", "03-02 10:00", objects());
    assert_eq!(*refused.unwrap_err().why, Why::ObjectionFinal);
}

// Who had it elsewhere, as its owner or for a part, does not rule on whose it is here.
#[test]
fn whoever_had_it_elsewhere_does_not_rule_on_it() {
    let mut play = taken(plan(), jointly(elsewhere()));
    play.does("owner-1 owner", "03-02 10:00", objects());
    let rules = || Command::Rule {
        unit: "农牧局".parse().unwrap(),
        owner: "owner-3".parse().unwrap(),
        reason: Text::from("按职责"),
    };
    for person in ["owner-1", "co-1"] {
        let by = format!("{person} supervisor");
        let refused = play.go(&by, "03-02 11:00", rules()).unwrap_err();
        let had = Why::SamePerson {
            person: person.parse().unwrap(),
            was: Deed::Handled,
        };
        assert_eq!(*refused.why, had, "{refused}");
    }
    play.does("supervisor-2 supervisor", "03-02 11:00", rules());
}

// Whether its citizen was told elsewhere that the message came is not known, and no time for that runs here. A reply that was given there is
// reviewed once, from when it was given.
#[test]
fn what_has_no_beginning_here_has_no_limit_here() {
    let play = taken(
        with_clock(ClockKind::Acknowledge),
        standing(ImportStage::Received),
    );
    assert!(play.case().clock(ClockKind::Screen).is_some());
    assert!(play.case().clock(ClockKind::Acknowledge).is_none());
    let play = taken(plan(), standing(ImportStage::Replied));
    let all = play.case().clocks().iter();
    let reviews = all.filter(|clock| clock.key.kind == ClockKind::Review);
    let begun: Vec<_> = reviews.map(|clock| clock.started).collect();
    assert_eq!(begun, [at("02-26 09:00")]);
}

// How long one person has had it is counted anew when the lead unit gives it to another person of its own, and not when a unit that does a
// part of it does: the same where it is handled and where it is done again.
#[test]
fn only_the_leads_own_handing_over_gives_it_to_a_new_owner() {
    for stage in [ImportStage::Assigned, ImportStage::Returned] {
        let it = jointly(standing(stage));
        let mut play = taken(with_clock(ClockKind::Ownership), it);
        let gives = |unit: &str, to: &str| Command::HandOver {
            to: to.parse().unwrap(),
            unit: Some(unit.parse().unwrap()),
            reason: Text::from("调离"),
        };
        let run = |play: &Play| play.clock(ClockKind::Ownership).key.run;
        assert_eq!(run(&play), 1, "{stage}");
        play.does("intake-1 intake", "03-02 10:00", gives("水利局", "co-2"));
        assert_eq!(run(&play), 1, "{stage}");
        play.does("intake-1 intake", "03-02 11:00", gives("住建局", "owner-2"));
        let clock = play.clock(ClockKind::Ownership);
        assert_eq!(clock.key.run, 2, "{stage}");
        assert_eq!(clock.started, at("03-02 11:00"), "{stage}");
    }
}
