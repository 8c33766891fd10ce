//! Parts: of a reply, and of a case that is divided.

use std::collections::BTreeMap;

use duly::plan::{
    BundlePart, BundleRule, Decision as Rule, Diagram, Limit, PauseKind, Plan, Provenance, Region,
};
use duly::time::Span;
use duly::words::*;

use super::{
    CITIZEN, INTAKE, OWNER, REVIEWER, SUPERVISOR, SYSTEM, clock, direct, goes_on, projected,
    reopen, wait,
};
use crate::clocks::{Play, answer, ask, assign, at, delivered, grant, pauses, plan, within};
use crate::counted::{law, review, screen};
use crate::situations::strike_off;
use crate::world::open;

/// To 住建局, with a part of 水利局.
fn joint_to(co_handler: &str) -> Command {
    Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: vec![NewPart {
            unit: "水利局".parse().unwrap(),
            owner: co_handler.parse().unwrap(),
        }],
    }
}

/// Sent back on the 4th, and given again, with a part of 水利局.
fn redone(plan: Plan) -> Play {
    let mut play = Play::assigned(plan);
    play.does(OWNER, "03-03 09:00", answer());
    play.does(REVIEWER, "03-04 10:00", review(true));
    play.does(INTAKE, "03-04 11:00", joint_to("co-1"));
    play
}

// While it is done again the part of a reply is a part of that: shortened with it. A part of the citizen's own time is not.
#[test]
fn a_part_of_a_reply_follows_the_redo_and_no_other_part_does() {
    let mut eight = plan();
    within(ClockKind::Redo, Span::WorkingDays(8))(&mut eight);
    let mut play = redone(eight.clone());
    // Eight working days from the 4th; half of them are four.
    assert_eq!(play.due(ClockKind::Redo), at("03-16 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-10 18:00"));
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    assert_eq!(play.due(ClockKind::Redo), at("03-09 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-06 18:00"));

    let of_the_whole = Limit::Share {
        of: ClockKind::Whole,
        percent: 50,
    };
    clock(&mut eight, ClockKind::CoReply).within =
        Rule::new(RuleId::new("within"), Diagram::constant(of_the_whole));
    let mut play = redone(eight);
    let part = play.due(ClockKind::CoReply);
    assert!(part > at("03-16 18:00"), "{part}");
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    assert_eq!(play.due(ClockKind::Redo), at("03-09 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), part);
}

// A part that waits by itself is counted anew when it goes on, and not before: then it is due no later than its lead, which was shortened
// meanwhile.
#[test]
fn a_part_that_waits_follows_its_lead_when_it_goes_on() {
    let mut with = plan();
    let mut alone = pauses("检测", PauseSide::Office, PauseKind::Waits);
    alone.holds = vec![ClockKind::CoReply];
    with.pauses.push(alone);
    let mut play = Play::new(with);
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does(INTAKE, "03-02 09:30", screen());
    play.does(INTAKE, "03-02 10:00", joint_to("co-1"));
    play.does(OWNER, "03-03 10:00", wait("检测"));
    play.does("leader-1 leader", "03-03 11:00", direct(2));
    let lead = [(ClockKind::Reply, ProjectedFor::Directed)];
    assert_eq!(projected(&play), lead);
    play.does(OWNER, "03-03 12:00", goes_on("检测"));
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
    assert!(play.due(ClockKind::CoReply) <= at("03-05 18:00"));
}

fn new_sub(key: &str, after: &[&str], days: Option<u32>) -> NewSub {
    NewSub {
        key: key.parse().unwrap(),
        task: Some("核实户籍".into()),
        cites: None,
        place: None,
        party: None,
        after: after.iter().map(|key| key.parse().unwrap()).collect(),
        within: days.map(Span::WorkingDays),
        optional: false,
        facts: Facts::new(),
    }
}

const fn divide(subs: Vec<NewSub>) -> Command {
    Command::Divide { bundle: None, subs }
}

// The answer is due on the 16th, and a working day of that is kept: parts are done by the 13th, one after another, and none begins when it is
// wanted already.
#[test]
fn parts_one_after_another_fit_into_the_time_of_the_answer() {
    let tried = |subs: Vec<NewSub>| {
        let mut play = Play::assigned(plan());
        let refused = play.go(OWNER, "03-02 11:00", divide(subs)).err();
        refused.map(|refusal| *refusal.why)
    };
    let needed = at("03-13 18:00");
    let keys =
        |all: &[&str]| -> Vec<SubKey> { all.iter().map(|key| key.parse().unwrap()).collect() };
    let (nine, ten) = (Some(9), Some(10));
    assert_eq!(tried(vec![new_sub("birth", &[], nine)]), None);
    let too_long = Why::PartsTooLong {
        way: keys(&["birth"]),
        done: at("03-16 18:00"),
        needed,
    };
    assert_eq!(tried(vec![new_sub("birth", &[], ten)]), Some(too_long));
    let chain = |days| {
        let card = new_sub("card", &["birth"], None);
        vec![new_sub("birth", &[], days), card]
    };
    assert_eq!(tried(chain(Some(8))), None);
    let too_long = Why::PartsTooLong {
        way: keys(&["birth", "card"]),
        done: needed,
        needed,
    };
    assert_eq!(tried(chain(nine)), Some(too_long));
    // And each waits for a part that there is.
    let stranger = Why::NotListed {
        what: Thing::Subs,
        given: "birth".into(),
        known: vec!["card".into()],
    };
    let alone = new_sub("card", &["birth"], Some(1));
    assert_eq!(tried(vec![alone]), Some(stranger));
}

// A part that is asked for later waits for one that is not done, and begins at once where that one is.
#[test]
fn a_later_part_waits_for_what_is_not_done_yet() {
    let state = |play: &Play, key: &str| {
        let key: SubKey = key.parse().unwrap();
        play.case().subs()[&key].state.clone()
    };
    let mut play = Play::assigned(plan());
    let first = divide(vec![new_sub("birth", &[], Some(2))]);
    play.does(OWNER, "03-02 11:00", first);
    let next = |key: &str| divide(vec![new_sub(key, &["birth"], Some(2))]);
    play.does(OWNER, "03-02 12:00", next("card"));
    assert_eq!(state(&play, "card"), duly::case::SubState::Waiting);
    let solved = Command::Hear {
        sub: "c.birth".parse().unwrap(),
        news: News::Ended {
            outcome: Outcome::Solved,
        },
        handlers: Default::default(),
    };
    play.does(SYSTEM, "03-03 09:00", solved);
    assert_eq!(state(&play, "card"), duly::case::SubState::Open);
    play.does(OWNER, "03-03 10:00", next("photo"));
    assert_eq!(state(&play, "photo"), duly::case::SubState::Open);
}

// In whatever order parts are listed, one that waits for another waits for it, and has its own time from when it begins.
#[test]
fn parts_wait_in_whatever_order_they_are_listed() {
    let mut play = Play::assigned(plan());
    let card = new_sub("card", &["birth"], Some(2));
    let birth = new_sub("birth", &[], Some(2));
    play.does(OWNER, "03-02 11:00", divide(vec![card, birth]));
    let sub = |key: &str| play.case().subs()[&key.parse::<SubKey>().unwrap()].clone();
    let (birth, card) = (sub("birth"), sub("card"));
    assert_eq!(birth.state, duly::case::SubState::Open);
    assert_eq!(birth.own_due, Some(at("03-04 18:00")));
    assert_eq!(card.state, duly::case::SubState::Waiting);
    assert_eq!(card.own_due, None);
    assert_eq!(card.plan.due, Some(at("03-06 18:00")));
}

// The answer is extended by five working days, and so is the time of a part that has none of its own, also while it waits for another one; a
// part that said how long it takes has that.
#[test]
fn a_part_without_a_time_of_its_own_has_what_the_answer_leaves() {
    let mut play = Play::assigned(plan());
    let parts = vec![
        new_sub("birth", &[], Some(2)),
        new_sub("card", &["birth"], None),
    ];
    play.does(OWNER, "03-02 11:00", divide(parts));
    let due = |play: &Play, key: &str| {
        let key: SubKey = key.parse().unwrap();
        play.case().subs()[&key].plan.due
    };
    assert_eq!(due(&play, "card"), Some(at("03-13 18:00")));
    play.does(OWNER, "03-03 09:00", ask(5));
    play.does(SUPERVISOR, "03-03 10:00", grant());
    let granted = play.version(|event| matches!(event, Event::ExtensionGranted { .. }));
    play.does(SYSTEM, "03-03 11:00", delivered(granted));
    assert_eq!(due(&play, "card"), Some(at("03-20 18:00")));
    assert_eq!(due(&play, "birth"), Some(at("03-04 18:00")));
}

/// A bundle of one part that takes so long.
fn newborn(within: Span) -> BundleRule {
    BundleRule {
        name: "newborn".into(),
        rule: RuleId::new("bundle(newborn)"),
        title: "新生儿出生一件事".into(),
        provenance: Provenance::Unsaid,
        parts: vec![BundlePart {
            key: "birth".parse().unwrap(),
            title: "出生证明".into(),
            place: None,
            after: Vec::new(),
            within,
            optional: false,
        }],
    }
}

// A bundle whose longest way is over a working day before the answer is due changes nothing; one that is over earlier has the answer due
// earlier.
#[test]
fn a_bundle_has_the_answer_due_when_its_longest_way_is_over() {
    let divided = |days: u32| {
        let mut with = plan();
        with.bundles = vec![newborn(Span::WorkingDays(days))];
        let mut play = Play::assigned(with);
        let bundle = Command::Divide {
            bundle: Some("newborn".into()),
            subs: Vec::new(),
        };
        play.does(OWNER, "03-02 11:00", bundle);
        let moved = projected(&play);
        (play.due(ClockKind::Reply), moved)
    };
    assert_eq!(divided(9), (at("03-16 18:00"), vec![]));
    let earlier = vec![(ClockKind::Reply, ProjectedFor::Divided)];
    assert_eq!(divided(8), (at("03-13 18:00"), earlier));
}

// While what is done again waits, nobody knows by when its parts are needed: one that is asked for beside a bundle, and does not say how long it takes, has no
// time yet, and adds nothing to the hour of the longest way. The limit that runs beside it, until the answer has gone out, is over a working day after that hour.
#[test]
fn a_part_without_a_time_adds_nothing_to_the_longest_way_while_the_answer_waits() {
    let mut with = law(ClockMark::Assigned, ClockMark::Published);
    let mut alone = pauses("检测", PauseSide::Office, PauseKind::Waits);
    alone.holds = vec![ClockKind::Redo];
    with.pauses.push(alone);
    with.bundles = vec![newborn(Span::WorkingTime(3600))];
    let mut play = Play::assigned(with);
    play.does(OWNER, "03-03 09:00", answer());
    play.does(REVIEWER, "03-04 10:00", review(true));
    play.does(OWNER, "03-04 10:30", wait("检测"));
    assert!(!play.clock(ClockKind::Redo).is_running());
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    let bundle = Command::Divide {
        bundle: Some("newborn".into()),
        subs: vec![new_sub("photo", &[], None)],
    };
    play.does(OWNER, "03-04 10:45", bundle);
    let due = |key: &str| {
        let key: SubKey = key.parse().unwrap();
        play.case().subs()[&key].plan.due
    };
    assert_eq!(due("birth"), Some(at("03-04 11:45")));
    assert_eq!(due("photo"), None);
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
}

/// A part of the case `main`, wanted by then.
fn a_part(plan: Plan, due: &str) -> Play {
    let asked = Command::OpenSub(Box::new(SubAsked {
        main: MainCase {
            case: "main".parse().unwrap(),
            key: "birth".parse().unwrap(),
            due: Some(at(due)),
            party: None,
            apart: Default::default(),
        },
        place: "632521".parse().unwrap(),
        task: "核实户籍".into(),
        facts: Facts::new(),
    }));
    let mut play = Play::new(plan);
    play.does(SYSTEM, "03-02 09:00", asked);
    play.does(INTAKE, "03-02 10:00", screen());
    play.does(INTAKE, "03-02 11:00", assign("住建局", "owner-1"));
    play
}

// Answered after a day, struck off, and opened again on the 9th, a part has what it had left. That the main case wants it no sooner than in
// summer, and then a day sooner than that, is no more time than that; a moment that has passed by then, to the second, binds it no longer.
#[test]
fn a_part_that_is_opened_again_has_what_it_had_left() {
    let again = |due: &str| {
        let mut play = a_part(plan(), due);
        play.does(OWNER, "03-03 09:00", answer());
        play.does(REVIEWER, "03-03 10:00", review(false));
        let recheck = Command::Recheck {
            passed: true,
            evidence: Text::from("到现场看过"),
            findings: Default::default(),
            return_for: None,
        };
        play.does("reviewer-2 reviewer", "03-03 11:00", recheck);
        play.does(SUPERVISOR, "03-03 12:00", strike_off(Outcome::Solved));
        play.does(INTAKE, "03-09 09:00", reopen());
        play
    };
    let mut play = again("06-30 18:00");
    let wanted = |play: &Play| play.case().main().unwrap().due;
    assert_eq!(wanted(&play), Some(at("06-30 18:00")));
    let left = play.due(ClockKind::Reply);
    // Four working days went by closed.
    assert_eq!(left, at("03-20 18:00"));
    let want = Command::Want {
        main: "main".parse().unwrap(),
        due: at("06-29 18:00"),
    };
    play.does(SYSTEM, "03-09 10:00", want);
    assert_eq!(wanted(&play), Some(at("06-29 18:00")));
    assert_eq!(play.due(ClockKind::Reply), left);
    for passed in ["03-06 18:00", "03-09 09:00"] {
        assert_eq!(wanted(&again(passed)), None, "{passed}");
    }
    let ahead = "03-09 09:01";
    assert_eq!(wanted(&again(ahead)), Some(at(ahead)));
}

/// A problem has ten working days, everything else five.
pub fn by_class() -> Plan {
    let mut by_class = plan();
    let place = by_class.schema.index("class").unwrap();
    let (_, most) = by_class.schema.facts[place].domain.codes();
    let region = |codes: (i64, i64), days: u32| Region {
        bounds: BTreeMap::from([(place, codes)]),
        answer: Limit::Span(Span::WorkingDays(days)),
    };
    let regions = vec![region((0, 0), 10), region((1, most), 5)];
    let diagram = Diagram::from_regions(&by_class.schema, regions).unwrap();
    clock(&mut by_class, ClockKind::Reply).within = Rule::new(RuleId::new("within"), diagram);
    by_class
}

pub fn reclassified(class: Class) -> Command {
    Command::Reclassify {
        class,
        reason: Text::from("核对后更正"),
    }
}

// Due on the 13th because its main case wants it then, a part whose class turns out to have five days has them as its rule counts them: by
// days, until the evening of the 9th.
#[test]
fn a_shorter_limit_is_counted_by_its_rule_where_a_moment_was_set() {
    let mut play = a_part(by_class(), "03-13 18:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-13 18:00"));
    play.does(INTAKE, "03-03 09:00", reclassified(Class::Idea));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
}

// Its main case wants a part no sooner than on the 20th, and no sooner than on the 23rd then: that brings back nothing of the days that it lost
// for another reason, its class, which was another one for an hour.
#[test]
fn what_a_part_lost_for_another_reason_its_main_case_does_not_bring_back() {
    let mut play = a_part(by_class(), "03-20 18:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    play.does(INTAKE, "03-03 09:00", reclassified(Class::Idea));
    play.does(INTAKE, "03-03 10:00", reclassified(Class::Problem));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    let want = Command::Want {
        main: "main".parse().unwrap(),
        due: at("03-23 18:00"),
    };
    play.does(SYSTEM, "03-03 11:00", want);
    assert_eq!(play.due(ClockKind::Whole), at("03-23 18:00"));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
}

// The answer needs its parts by the evening of the 13th. A minute before, a part without a time of its own is asked for by then; from that very
// second on it is asked for by the floor, one that says how long it takes by that, and one that waits for it by when that is done.
#[test]
fn what_is_needed_already_is_asked_for_within_the_floor() {
    let asked = |when: &str, subs: Vec<NewSub>| {
        let mut play = Play::assigned(plan());
        play.does(OWNER, when, divide(subs));
        let subs = play.last.iter().find_map(|it| match &it.event {
            Event::Divided { subs, .. } => Some(subs.clone()),
            _ => None,
        });
        let dues = subs.unwrap().into_iter().map(|it| it.due);
        dues.collect::<Vec<_>>()
    };
    let alone = || vec![new_sub("birth", &[], None)];
    let needed = at("03-13 18:00");
    assert_eq!(asked("03-13 17:59", alone()), [Some(needed)]);
    let all = || {
        let photo = new_sub("photo", &[], Some(3));
        let card = new_sub("card", &["photo"], None);
        [alone(), vec![photo, card]].concat()
    };
    for (when, floor, done) in [
        ("03-13 18:00", "03-16 18:00", "03-18 18:00"),
        ("03-16 10:00", "03-17 18:00", "03-19 18:00"),
    ] {
        let [floor, done] = [floor, done].map(|it| Some(at(it)));
        assert_eq!(asked(when, all()), [floor, done, done], "{when}");
    }
}

// Wanted by a moment that has passed, from the beginning or since, a part has the floor from when it hears of it, and from when each of its limits begins:
// nobody is late at once.
#[test]
fn a_part_that_is_wanted_already_has_the_floor() {
    let both = |play: &Play| [ClockKind::Whole, ClockKind::Reply].map(|kind| play.due(kind));
    let in_time = |play: &Play| {
        let all = play.case().clocks().iter();
        all.filter(|it| it.is_live())
            .all(|it| it.breached.is_none())
    };
    let past = "03-01 18:00";
    let mut play = a_part(plan(), past);
    assert_eq!(both(&play), [at("03-03 18:00"); 2]);
    play.does(SYSTEM, "03-03 18:00", Command::Tick {});
    assert!(in_time(&play));
    let mut play = a_part(plan(), "03-13 18:00");
    assert_eq!(both(&play), [at("03-13 18:00"); 2]);
    let want = Command::Want {
        main: "main".parse().unwrap(),
        due: at(past),
    };
    play.does(SYSTEM, "03-05 10:00", want);
    assert_eq!(both(&play), [at("03-06 18:00"); 2]);
    play.does(SYSTEM, "03-06 18:00", Command::Tick {});
    assert!(in_time(&play));
}
