//! How a case stands that was taken over (接续登记): whose it is to complete, who may say that it is not theirs, which clocks run and since when.

use duly::case::Case;
use duly::plan::{ClockRule, Diagram, Limit, Plan, SUPPLEMENT};
use duly::time::{DayTable, Moment, Pauses, Span};
use duly::words::*;

use crate::clocks::{Play, answer, assign, at, plan, within};
use crate::counted::{adopts, elsewhere, law, review, screen};
use crate::taken::{came_back, now, standing, stood, taken, waits};
use crate::world::open;

/// What another unit does of it.
fn part() -> NewPart {
    NewPart {
        unit: "水利局".parse().unwrap(),
        owner: "co-1".parse().unwrap(),
    }
}

/// With a unit that handles it too.
pub fn jointly(it: ImportAsked) -> ImportAsked {
    ImportAsked {
        co_handlers: vec![part()],
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
    // That time begins here; the one to reply began there.
    assert!(!new.case().took_over(new.clock(ClockKind::Sign)));
    assert!(new.case().took_over(new.clock(ClockKind::Reply)));
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

// Who handled it elsewhere passes no answer of it here: not the one that was taken over, and not the one that is given after that was sent back.
#[test]
fn whoever_handled_it_elsewhere_does_not_review_it() {
    let it = ImportAsked {
        handlers: ["reviewer-1".parse().unwrap()].into(),
        ..standing(ImportStage::Replied)
    };
    let mut play = taken(plan(), it);
    let had = Why::SamePerson {
        person: "reviewer-1".parse().unwrap(),
        was: Deed::Handled,
    };
    let refused = play.go("reviewer-1 reviewer", "03-02 10:00", review(false));
    assert_eq!(*refused.unwrap_err().why, had);
    play.does("reviewer-2 reviewer", "03-02 11:00", review(true));
    play.does("owner-1 owner", "03-03 10:00", answer());
    let refused = play.go("reviewer-1 reviewer", "03-03 11:00", review(false));
    assert_eq!(*refused.unwrap_err().why, had);
    play.does("reviewer-2 reviewer", "03-03 11:00", review(false));
    assert_eq!(play.case().stage_name(), StageName::Reviewed);
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

// A limit that runs until the answer has gone out is over where it had gone out: what came back by a citizen who was not satisfied, or was opened again, is
// done again; what only the reviewer sent back has that limit still.
#[test]
fn what_had_gone_out_elsewhere_has_only_its_redo() {
    for (ground, gone_out) in [
        ("调查不清楚", false),
        ("处理不到位", false),
        ("网民不满意", true),
        ("新的事实", true),
        ("新的理由", true),
    ] {
        let whole_way = law(ClockMark::Received, ClockMark::Published);
        let play = taken(whole_way, came_back(at("02-26 09:00"), ground));
        let reply = play.case().clock(ClockKind::Reply);
        assert_eq!(reply.is_none(), gone_out, "{ground}");
        let redo = play.clock(ClockKind::Redo);
        assert_eq!(redo.started, at("02-26 09:00"), "{ground}");
    }
}

// While the lead's limit runs until the answer has gone out, a unit that does a part has had it since it was assigned, and where it is done again since it
// came back.
#[test]
fn a_part_began_when_it_was_given() {
    for (stage, began) in [
        (ImportStage::Assigned, "02-25 09:00"),
        (ImportStage::Returned, "02-26 09:00"),
    ] {
        let whole_way = law(ClockMark::Received, ClockMark::Published);
        let play = taken(whole_way, jointly(standing(stage)));
        let part = play.clock(ClockKind::CoReply);
        assert_eq!(part.started, at(began), "{stage}");
        assert_eq!(part.about.as_deref(), Some("水利局"));
    }
}

// Of what came back, whatever for and whether the limit of the lead ended with its answer or runs until that has gone out, a unit whose part is open has
// a limit, before its lead's: the very moment that a unit has here which is named for a part when the case has come back.
#[test]
fn a_part_of_what_came_back_is_due_as_it_would_be_here() {
    let whole_way = || law(ClockMark::Received, ClockMark::Published);
    for ground in [
        "调查不清楚",
        "处理不到位",
        "网民不满意",
        "新的事实",
        "新的理由",
    ] {
        for with in [plan(), whole_way()] {
            let play = taken(with, jointly(came_back(at("02-26 09:00"), ground)));
            let part = play.clock(ClockKind::CoReply);
            assert!(part.is_running(), "{ground}");
            assert_eq!(part.started, at("02-26 09:00"), "{ground}");
            let redo = play.due(ClockKind::Redo);
            assert!(part.schedule.legal_due < redo, "{ground}");
        }
    }
    for with in [plan(), whole_way()] {
        let mut here = Play::new(with.clone());
        here.does("citizen citizen", "02-24 09:00", open(true, false));
        here.does("intake-1 intake", "02-24 10:00", screen());
        let to = || assign("住建局", "owner-1");
        here.does("intake-1 intake", "02-25 09:00", to());
        here.does("owner-1 owner", "02-25 17:00", answer());
        here.does("reviewer-1 reviewer", "02-26 09:00", review(true));
        let again = Command::Assign {
            unit: "住建局".parse().unwrap(),
            owner: "owner-1".parse().unwrap(),
            co_handlers: vec![part()],
        };
        here.does("intake-1 intake", "02-26 09:00", again);
        let it = came_back(at("02-26 09:00"), "处理不到位");
        let there = taken(with, jointly(it));
        for kind in [ClockKind::Redo, ClockKind::CoReply] {
            assert_eq!(there.due(kind), here.due(kind), "{kind}");
        }
    }
}

// What stood still elsewhere for the lead and for a unit that does a part adds to the part's time once, whether it is over or lasts: the part is due
// when half of the lead's time is over.
#[test]
fn a_wait_elsewhere_adds_to_a_part_once() {
    let from = at("02-26 09:00");
    for until in [Some(at("02-27 19:00")), None] {
        for stage in [ImportStage::Assigned, ImportStage::Returned] {
            let it = ImportAsked {
                pauses: vec![stood("待网民补充", from, until)],
                ..jointly(standing(stage))
            };
            let play = taken(plan(), it);
            let lead = match stage {
                ImportStage::Returned => ClockKind::Redo,
                _ => ClockKind::Reply,
            };
            let waited = Pauses::none().with(from, until.or(Some(now())));
            let calendar = &play.plans.latest().unwrap().calendar;
            let half = play.clock(lead).term.share(calendar, &waited, 50).unwrap();
            assert_eq!(Some(play.due(ClockKind::CoReply)), half, "{stage}");
        }
    }
}

// Where half of the lead's time had passed before anybody had it, and it stood still since, the part is not due after the answer that needs it.
#[test]
fn a_part_that_had_no_time_left_elsewhere_is_not_due_after_its_lead() {
    let mut ahead = 0;
    for days in 1..=12 {
        let mut with = plan();
        within(ClockKind::Reply, Span::WorkingDays(days))(&mut with);
        let reply = with
            .clocks
            .iter_mut()
            .find(|it| it.kind == ClockKind::Reply);
        reply.unwrap().starts = ClockMark::Received;
        let it = ImportAsked {
            pauses: vec![stood(
                "待网民补充",
                at("02-26 09:00"),
                Some(at("02-27 19:00")),
            )],
            ..jointly(standing(ImportStage::Assigned))
        };
        let play = taken(with, it);
        let lead = play.due(ClockKind::Reply);
        if lead > now() {
            ahead += 1;
            assert!(play.due(ClockKind::CoReply) <= lead, "{days}: {lead}");
        }
    }
    assert!(ahead > 3, "{ahead}");
}

/// A part has that much of its lead's time, in an edition of its own.
fn shares(edition: &str, percent: u8) -> Plan {
    let mut with = plan();
    with.edition = edition.into();
    let mut clocks = with.clocks.iter_mut();
    let part = clocks.find(|it| it.kind == ClockKind::CoReply);
    let of = ClockKind::Reply;
    part.unwrap().within.diagram = Diagram::constant(Limit::Share { of, percent });
    with
}

// It waited a day for a test that was over, and has waited for the citizen since a day after that: the part is due on the 10th if it goes on now, and was due on the
// 8th when this wait began. Another edition leaves it a fifth of its lead's time, which is over when it goes on: it has what it had when this wait began, the
// day of the test with it.
#[test]
fn a_part_that_waited_elsewhere_has_what_it_had_when_this_wait_began() {
    let tested = stood("鉴定检测", at("02-26 09:00"), Some(at("02-27 09:00")));
    let asked = stood("待网民补充", at("02-28 09:00"), None);
    let it = ImportAsked {
        pauses: vec![tested, asked],
        ..jointly(elsewhere())
    };
    let mut play = taken(shares("旧版", 80), it);
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-10 18:00"));
    adopts(&mut play, shares("新版", 20), "03-02 09:30", false).unwrap();
    let resume = Command::Resume {
        reason: "待网民补充".into(),
    };
    play.does("owner-1 owner", "03-02 10:00", resume);
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-08 18:00"));
}

// While the citizen is waited for a clock of theirs runs, since they were asked; for what others take there is none, and for what is over.
#[test]
fn a_citizen_who_is_waited_for_has_had_their_time_since_they_were_asked() {
    let then = at("02-26 09:00");
    let waiting = |pause: PausedBefore| {
        let it = ImportAsked {
            pauses: vec![pause],
            ..elsewhere()
        };
        let play = taken(with_clock(ClockKind::Waiting), it);
        play.case().clock(ClockKind::Waiting).map(|it| it.started)
    };
    assert_eq!(waiting(stood("待网民补充", then, None)), Some(then));
    assert_eq!(waiting(stood("鉴定检测", then, None)), None);
    assert_eq!(waiting(stood("待网民补充", then, Some(now()))), None);
}

/// A calendar in which every day is what it was.
fn revised(play: &mut Play) {
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-02".into();
    play.plans.revise(notice).unwrap();
}

// A citizen who was waited for elsewhere, and is still, has what is promised moved by the wait since then and no more, where a calendar that changes no
// day is adopted meanwhile, or announced, as where there is none: by the limit, where nothing else was promised, to its very moment.
#[test]
fn a_promise_moves_once_by_a_wait_that_was_taken_over() {
    type Hears = fn(&mut Play);
    let nothing: Hears = |_| {};
    let announced: Hears = revised;
    let adopted: Hears = |play| {
        revised(play);
        play.does("system system", "03-03 09:00", Command::AdoptCalendar {});
    };
    let goes_on = |hears: Hears, promised: &[PromisedBefore]| {
        let it = ImportAsked {
            pauses: vec![stood("待网民补充", at("02-26 09:00"), None)],
            promised: promised.to_vec(),
            ..elsewhere()
        };
        let mut play = taken(plan(), it);
        hears(&mut play);
        let resume = Command::Resume {
            reason: "待网民补充".into(),
        };
        play.does("owner-1 owner", "03-04 09:00", resume);
        [ClockKind::Reply, ClockKind::Whole].map(|kind| {
            let schedule = &play.clock(kind).schedule;
            (schedule.legal_due, schedule.promised_due)
        })
    };
    let theirs = [PromisedBefore {
        clock: ClockKind::Reply,
        due: at("03-20 18:00"),
    }];
    for hears in [nothing, announced, adopted] {
        for (legal, promised) in goes_on(hears, &[]) {
            assert_eq!(legal, promised);
        }
        assert_eq!(goes_on(hears, &theirs), goes_on(nothing, &theirs));
    }
}

// Who has it and until when the citizen has heard elsewhere, and nobody tells them again; where it is given to somebody here, they hear it from here.
#[test]
fn the_citizen_hears_who_has_it_where_it_is_given_to_somebody_here() {
    let told = |play: &Play| -> Vec<(String, Option<Moment>)> {
        let tells = play.told.iter().filter_map(|it| match &it.effect {
            Effect::Tell {
                what: Telling::Assigned { unit, due },
                ..
            } => Some((unit.to_string(), *due)),
            _ => None,
        });
        tells.collect()
    };
    assert!(told(&taken(plan(), elsewhere())).is_empty());
    let mut play = taken(plan(), standing(ImportStage::Screened));
    assert!(told(&play).is_empty());
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    let until = Some(at("03-16 18:00"));
    assert_eq!(told(&play), [("住建局".to_owned(), until)]);
}
