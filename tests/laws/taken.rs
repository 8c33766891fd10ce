//! 接续登记 at its bounds: what another system may say of a case and what it may not, to the second.

use std::collections::BTreeSet;

use duly::plan::{
    Domain, ExtensionRule, FactRule, Given, PauseKind, PauseRule, Plan, Plans, SUPPLEMENT,
};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::{Play, answer, at, pauses, plan};
use crate::counted::{elsewhere, law, review, takes_over};
use crate::world::{open, reply};

/// When cases are taken over here.
pub fn now() -> Moment {
    at("03-02 09:00")
}

/// A plan in hand, for one case after another.
pub fn in_hand(plan: Plan) -> Plans {
    Play::new(plan).plans
}

/// One more case, under plans that are in hand.
pub fn takes(plans: &Plans, it: ImportAsked) -> Result<Play, Why> {
    let mut play = Play::under(plans.clone());
    match takes_over(&mut play, it) {
        Ok(()) => Ok(play),
        Err(refusal) => Err(*refusal.why),
    }
}

pub fn taken(plan: Plan, it: ImportAsked) -> Play {
    takes(&in_hand(plan), it).unwrap_or_else(|why| panic!("{why:?}"))
}

pub fn refused(plan: Plan, it: ImportAsked) -> Why {
    takes(&in_hand(plan), it).err().unwrap()
}

/// A reply that was given elsewhere, at that moment.
pub fn given(at: Moment) -> RepliedBefore {
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
    let plans = in_hand(with);
    for (what, most, sets) in lists {
        let so_many = |n: u32| {
            let mut it = elsewhere();
            sets(&mut it, n);
            takes(&plans, it).err()
        };
        assert_eq!(so_many(most), None, "{what:?}");
        let bound = Bound::Most(most);
        assert_eq!(so_many(most + 1), Some(Why::Bound { what, bound }));
    }
}

fn came(received: Moment) -> ImportAsked {
    ImportAsked {
        received,
        assigned: None,
        ..elsewhere()
    }
}

fn handed(screened: Option<Moment>, assigned: Option<Moment>) -> ImportAsked {
    ImportAsked {
        screened,
        assigned,
        ..elsewhere()
    }
}

fn replied(at: Moment) -> ImportAsked {
    ImportAsked {
        replied: Some(given(at)),
        ..standing(ImportStage::Replied)
    }
}

fn promised(due: Moment) -> ImportAsked {
    ImportAsked {
        promised: vec![PromisedBefore {
            clock: ClockKind::Reply,
            due,
        }],
        ..elsewhere()
    }
}

fn told(at: Moment) -> ImportAsked {
    ImportAsked {
        history: vec![ToldBefore {
            at,
            text: Text::from("已现场查看"),
        }],
        ..elsewhere()
    }
}

// Receipt, screening, assignment, reply or return, import: two of them may be of one moment, also of that of the import. What was promised may have been
// promised of the very moment of receipt, and what is told may be of now.
#[test]
fn what_happened_elsewhere_may_have_happened_at_one_moment() {
    let (received, assigned) = (at("02-24 09:00"), at("02-25 09:00"));
    let plans = in_hand(plan());
    for it in [
        came(now()),
        handed(Some(received), None),
        handed(Some(assigned), Some(assigned)),
        handed(None, Some(received)),
        handed(Some(now()), None),
        handed(Some(now()), Some(now())),
        replied(assigned),
        replied(now()),
        came_back(assigned, "处理不到位"),
        came_back(now(), "处理不到位"),
        promised(received),
        told(now()),
    ] {
        assert_eq!(takes(&plans, it.clone()).err(), None, "{it:?}");
    }
}

// None of what happened elsewhere came before the one before it, nor later than now; nobody was promised anything before the message came, and nothing is
// told of what is still to come: each to the second.
#[test]
fn what_happened_elsewhere_happened_in_its_order() {
    let (received, assigned) = (at("02-24 09:00"), at("02-25 09:00"));
    let back = |at: Moment| came_back(at, "处理不到位");
    let later = now().plus(1);
    let plans = in_hand(plan());
    for (field, it) in [
        ("received", came(later)),
        ("received", came(later.plus(3600))),
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
        ("history", told(later.plus(3600))),
    ] {
        let what = Thing::Field(field.into());
        let bound = Bound::InOrder;
        let why = Why::Bound { what, bound };
        assert_eq!(takes(&plans, it).err(), Some(why), "{field}");
    }
}

// What a stage needs, what it may have and what it cannot have yet, of everything that says how far a case is: each is named that it lacks, and each that
// it does not have yet.
#[test]
fn a_stage_has_what_it_needs_and_nothing_that_comes_later() {
    use ImportStage::{Assigned, Received, Replied, Returned, Screened};
    type Sets = fn(&mut ImportAsked, bool);
    // Of each stage in this order: `n` for what it needs, `m` for what it may have, `-` for what it cannot have.
    let stages = [Received, Screened, Assigned, Replied, Returned];
    let fields: [(&str, &str, Sets); 10] = [
        ("class", "-nnnn", |it, is| {
            it.class = is.then_some(Class::Problem);
        }),
        ("screened", "-mmmm", |it, is| {
            it.screened = is.then(|| at("02-24 10:00"));
        }),
        ("unit", "--nnn", |it, is| {
            it.unit = is.then(|| "住建局".parse().unwrap());
        }),
        ("owner", "--nnn", |it, is| {
            it.owner = is.then(|| "owner-1".parse().unwrap());
        }),
        ("co_handlers", "--m-m", |it, is| {
            let part = is.then(|| NewPart {
                unit: "水利局".parse().unwrap(),
                owner: "co-1".parse().unwrap(),
            });
            it.co_handlers = part.into_iter().collect();
        }),
        ("assigned", "--mmm", |it, is| {
            it.assigned = is.then(|| at("02-25 09:00"));
        }),
        ("signed", "--mmm", |it, is| it.signed = is),
        ("replied", "---n-", |it, is| {
            it.replied = is.then(|| given(at("02-26 09:00")));
        }),
        ("returned", "----n", |it, is| {
            it.returned = is.then(|| ReturnedBefore {
                at: at("02-26 09:00"),
                ground: "处理不到位".into(),
            });
        }),
        ("returns", "--mmn", |it, is| it.returns = u32::from(is)),
    ];
    let plans = in_hand(plan());
    for (name, by_stage, sets) in fields {
        for (stage, has) in stages.into_iter().zip(by_stage.chars()) {
            for is in [false, true] {
                let mut it = standing(stage);
                sets(&mut it, is);
                let fields = vec![name.to_owned()];
                let why = match (has, is) {
                    ('n', false) => Some(Why::ImportLacks { stage, fields }),
                    ('-', true) => Some(Why::ImportNotYet { stage, fields }),
                    _ => None,
                };
                assert_eq!(takes(&plans, it).err(), why, "{stage} {name} {is}");
            }
        }
    }
}

// To have been opened again is to have been back, as much as to have been sent back: either is enough for what came back, and neither is possible before
// anybody had the case. How often it was is counted on from there.
#[test]
fn what_was_opened_again_elsewhere_has_been_back() {
    use ImportStage::{Assigned, Received, Replied, Returned, Screened};
    let plans = in_hand(plan());
    let been = |stage: ImportStage, returns: u32, reopens: u32| {
        let it = ImportAsked {
            returns,
            reopens,
            ..standing(stage)
        };
        let play = takes(&plans, it)?;
        let case = play.case();
        Ok::<_, Why>((case.returns(), case.reopens(), case.cycle()))
    };
    for stage in [Assigned, Replied, Returned] {
        assert_eq!(been(stage, 0, 1), Ok((0, 1, 2)), "{stage}");
        assert_eq!(been(stage, 3, 0), Ok((3, 0, 1)), "{stage}");
        assert_eq!(been(stage, 2, 4), Ok((2, 4, 5)), "{stage}");
    }
    for stage in [Received, Screened] {
        for (returns, reopens) in [(0, 1), (1, 0)] {
            let fields = vec!["returns".to_owned()];
            let early = Why::ImportNotYet { stage, fields };
            assert_eq!(been(stage, returns, reopens), Err(early), "{stage}");
        }
    }
}

// A message of several matters has all of them here, in their order, and one without a list has one: its answer leaves out none.
#[test]
fn every_matter_of_what_is_taken_over_is_answered() {
    let plans = in_hand(plan());
    let with = |many: usize| {
        let it = ImportAsked {
            matters: vec![Text::from("路灯"); many],
            ..elsewhere()
        };
        takes(&plans, it).unwrap()
    };
    for (many, all) in [(0, vec![1]), (1, vec![1]), (3, vec![1, 2, 3])] {
        let play = with(many);
        let numbers: Vec<u16> = play.case().matters().iter().map(|it| it.number).collect();
        assert_eq!(numbers, all);
    }
    let mut play = with(2);
    let short = play.go("owner-1 owner", "03-03 09:00", answer());
    let second = Why::MatterUnanswered { matter: 2 };
    assert_eq!(*short.unwrap_err().why, second);
    let both = reply(Mark::A, false, false, 2, false);
    play.does("owner-1 owner", "03-03 09:00", both);
    assert_eq!(play.case().stage_name(), StageName::Replied);
}

// Of one clock one thing was promised: two promises are refused, whichever comes first, and where they are the same too, so that none is left out unseen.
// Each clock has its own.
#[test]
fn of_each_clock_one_thing_was_promised_elsewhere() {
    use ClockKind::{Reply, Whole};
    let plans = in_hand(plan());
    let says = |all: &[(ClockKind, &str)]| {
        let all = all.iter().map(|(clock, due)| PromisedBefore {
            clock: *clock,
            due: at(due),
        });
        let it = ImportAsked {
            promised: all.collect(),
            ..elsewhere()
        };
        let play = takes(&plans, it)?;
        Ok::<_, Why>([Reply, Whole].map(|kind| play.clock(kind).schedule.promised_due))
    };
    let (early, late) = ("03-06 18:00", "03-20 18:00");
    for (first, second) in [(early, late), (late, early), (late, late)] {
        let twice = [(Reply, first), (Whole, late), (Reply, second)];
        let had = Why::Already {
            what: Thing::Field("promised".into()),
        };
        assert_eq!(says(&twice), Err(had), "{first} {second}");
    }
    let each = says(&[(Whole, late), (Reply, early)]);
    assert_eq!(each, Ok([at(early), at(late)]));
}

// The system that had it has a name, and each line that it tells has words.
#[test]
fn what_another_system_says_is_said() {
    let plans = in_hand(plan());
    let blank = |field: &str| Why::Blank {
        what: Thing::Field(field.into()),
    };
    let nameless = ImportAsked {
        from: "  ".into(),
        ..elsewhere()
    };
    assert_eq!(takes(&plans, nameless).err(), Some(blank("from")));
    let mut wordless = told(now());
    let empty = wordless.history.last_mut().unwrap();
    empty.text = Text::from("  ");
    assert_eq!(takes(&plans, wordless).err(), Some(blank("history")));
}

// Parts and signals come in by commands of their own, and by channels of their own: nobody opens one as a message, and another system has none.
#[test]
fn parts_and_signals_come_in_by_themselves() {
    let plans = in_hand(plan());
    let own = |field: &str| Why::NotOffered {
        what: Thing::Field(field.into()),
    };
    let comes = |of: Origin, by: &str| {
        let it = ImportAsked {
            origin: of,
            channel: by.parse().unwrap(),
            citizen: None,
            ..elsewhere()
        };
        let mut opens = open(false, false);
        if let Command::Open {
            origin, channel, ..
        } = &mut opens
        {
            (*origin, *channel) = (of, by.parse().unwrap());
        }
        let mut play = Play::under(plans.clone());
        let opened = play.go("system system", "03-02 09:00", opens);
        let refused = opened.err().map(|refusal| *refusal.why);
        assert_eq!(takes(&plans, it).err(), refused, "{of:?} {by}");
        refused
    };
    for origin in [Origin::Message, Origin::Opinion] {
        assert_eq!(comes(origin, "领导留言板"), None);
        for channel in ["sub_case", "signal"] {
            assert_eq!(comes(origin, channel), Some(own("channel")));
        }
    }
    for origin in [Origin::Part, Origin::Signal] {
        assert_eq!(comes(origin, "领导留言板"), Some(own("origin")));
    }
}

// Whoever answers for it as it is described is nobody who has had it, nobody who wrote its answer or did a part of it, and not whoever enters it.
#[test]
fn whoever_answers_for_an_import_has_no_part_in_it() {
    let by = |approver: &str| {
        let mut reply = given(at("02-26 09:00"));
        reply.author = Some("owner-2".parse().unwrap());
        let approved_by = approver.parse().unwrap();
        let replied = ImportAsked {
            approved_by,
            replied: Some(reply),
            handlers: ["owner-3".parse().unwrap()].into(),
            ..standing(ImportStage::Replied)
        };
        let part = NewPart {
            unit: "水利局".parse().unwrap(),
            owner: "co-1".parse().unwrap(),
        };
        let jointly = ImportAsked {
            approved_by: replied.approved_by.clone(),
            co_handlers: vec![part],
            ..elsewhere()
        };
        (replied, jointly)
    };
    let plans = in_hand(plan());
    let same = |person: &str, was: Deed| Why::SamePerson {
        person: person.parse().unwrap(),
        was,
    };
    for (approver, of_replied, of_joint) in [
        ("owner-1", Some(Deed::Handled), Some(Deed::Handled)),
        ("owner-2", Some(Deed::Handled), None),
        ("owner-3", Some(Deed::Handled), None),
        ("co-1", None, Some(Deed::Handled)),
        ("supervisor-1", Some(Deed::Asked), Some(Deed::Asked)),
        ("approver", None, None),
    ] {
        let (replied, jointly) = by(approver);
        for (it, was) in [(replied, of_replied), (jointly, of_joint)] {
            let why = was.map(|was| same(approver, was));
            assert_eq!(takes(&plans, it).err(), why, "{approver}");
        }
    }
}

// A case that another system received is believed for ten years, to the second.
#[test]
fn what_was_received_more_than_ten_years_ago_is_not_believed() {
    let ten_years = 10 * 366 * 86_400;
    let plans = in_hand(plan());
    let received = |received: Moment| {
        let it = ImportAsked {
            received,
            ..standing(ImportStage::Received)
        };
        takes(&plans, it).err()
    };
    let first = now().plus(-ten_years);
    assert_eq!(received(first), None);
    for last in [first.plus(-1), first.plus(-ten_years)] {
        let until = last.plus(ten_years);
        assert_eq!(received(last), Some(Why::TooFar { last, until }));
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
    let plans = in_hand(plan());
    for ground in grounds {
        let done = takes(&plans, came_back(then, ground));
        let stage = done.map(|play| play.case().stage_name());
        assert_eq!(stage, Ok(StageName::Returned), "{ground}");
    }
    let why = Why::NotListed {
        what: Thing::ReturnGrounds,
        given: "领导不满意".into(),
        known: grounds.map(str::to_owned).to_vec(),
    };
    let strange = takes(&plans, came_back(then, "领导不满意"));
    assert_eq!(strange.err(), Some(why));
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
