//! Parts of a case, each on one worked case: what a part that is over or open again lets happen, how many there are, how long they have, and what a part hears.

use duly::plan::{BundlePart, BundleRule, Provenance};
use duly::time::Span;
use duly::words::*;

use crate::clocks::{Play, answer, ask, assign, at, grant, plan};
use crate::counted::{law, review, screen};
use crate::situations::{called, divide, part_ended, part_reopened, strike_off};

/// Assigned, and divided into one part, which its answer rests on or does without.
fn divided(optional: bool) -> Play {
    let mut parts = divide();
    if let Command::Divide { subs, .. } = &mut parts {
        subs[0].optional = optional;
    }
    let mut play = Play::assigned(law(ClockMark::Assigned, ClockMark::Replied));
    play.does("owner-1 owner", "03-02 11:00", parts);
    play
}

// A case is declined while nobody works on a part of it: not while a part is open, and by two persons as any other once it has ended.
#[test]
fn a_case_whose_parts_are_over_can_be_declined() {
    let decline = || Command::Decline {
        ground: DeclineGround::OutOfScope,
        told: Text::from("请向法院反映"),
        facts: Facts::new(),
    };
    let mut play = divided(false);
    let refused = play.go("intake-1 intake", "03-02 11:10", decline());
    let open = Why::PartsOpen {
        subs: vec!["birth".parse().unwrap()],
    };
    assert_eq!(*refused.unwrap_err().why, open);
    let ended = part_ended(Outcome::Solved);
    play.does("system system", "03-02 11:20", ended);
    play.does("intake-1 intake", "03-02 11:30", decline());
    play.does("intake-3 intake", "03-02 11:40", decline());
    assert_eq!(play.case().outcome(), Some(Outcome::Declined));
}

// A part that is opened again opens the case again that was struck off with an answer resting on it: not one that does without the part, and not
// the one that its citizen withdrew.
#[test]
fn a_part_that_is_opened_again_opens_what_was_answered() {
    let ended = |optional: bool| {
        let mut play = divided(optional);
        let ended = part_ended(Outcome::Solved);
        play.does("system system", "03-02 12:00", ended);
        play
    };
    let mut withdrawn = ended(false);
    let withdraw = Command::Withdraw {
        evidence: Text::from("不用了"),
    };
    withdrawn.does("citizen citizen", "03-03 09:00", withdraw);
    withdrawn.does("system system", "03-05 09:00", part_reopened());
    assert_eq!(withdrawn.case().outcome(), Some(Outcome::Withdrawn));
    for (optional, stage) in [(false, StageName::Returned), (true, StageName::Closed)] {
        let mut play = ended(optional);
        play.does("owner-1 owner", "03-03 09:00", answer());
        play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
        let satisfied = called(Some(Level::Satisfied));
        play.does("intake-2 intake", "03-03 11:00", satisfied);
        let off = strike_off(Outcome::Solved);
        play.does("supervisor-1 supervisor", "03-04 09:00", off);
        play.does("system system", "03-05 09:00", part_reopened());
        assert_eq!(play.case().stage_name(), stage);
    }
}

// What a part says of how far it is sends no answer back that was published, and neither does a part that the answer does without; one that it rests on
// does, when it is opened again.
#[test]
fn only_a_part_that_is_opened_again_sends_an_answer_back() {
    let published = |optional: bool| {
        let mut play = divided(optional);
        let ended = part_ended(Outcome::Solved);
        play.does("system system", "03-02 12:00", ended);
        play.does("owner-1 owner", "03-03 09:00", answer());
        play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
        play
    };
    let progress = Command::Hear {
        sub: "c.birth".parse().unwrap(),
        news: News::Progress {
            text: Text::from("已入户"),
        },
        handlers: Default::default(),
    };
    let mut play = published(false);
    play.does("system system", "03-03 11:00", progress);
    assert_eq!(play.case().stage_name(), StageName::Reviewed);
    for (optional, stage) in [(false, StageName::Returned), (true, StageName::Reviewed)] {
        let mut play = published(optional);
        play.does("system system", "03-03 11:00", part_reopened());
        assert_eq!(play.case().stage_name(), stage);
    }
}

// A part that is opened again while the answer is reviewed holds up the answer that rests on it, until it is settled again.
#[test]
fn an_answer_waits_for_a_part_that_is_opened_again() {
    let mut play = divided(false);
    let solved = || part_ended(Outcome::Solved);
    play.does("system system", "03-02 12:00", solved());
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("system system", "03-03 10:00", part_reopened());
    assert_eq!(play.case().stage_name(), StageName::Replied);
    let passed = play.go("reviewer-1 reviewer", "03-03 11:00", review(false));
    let open = Why::PartsOpen {
        subs: vec!["birth".parse().unwrap()],
    };
    assert_eq!(*passed.unwrap_err().why, open);
    play.does("system system", "03-03 12:00", solved());
    play.does("reviewer-1 reviewer", "03-03 12:10", review(false));
    assert_eq!(play.case().stage_name(), StageName::Reviewed);
}

// A case is divided into something, and each part of it is named once, at one time or at another.
#[test]
fn each_part_of_a_case_is_named_once() {
    let mut play = Play::assigned(plan());
    let mut divides = |keys: &[&str]| {
        let part = |key: &&str| NewSub {
            task: Some(Text::from("查看现场")),
            ..differs(key)
        };
        let divide = Command::Divide {
            bundle: None,
            subs: keys.iter().map(part).collect(),
        };
        let done = play.go("owner-1 owner", "03-02 11:00", divide);
        done.map_err(|refusal| *refusal.why)
    };
    let had = |key: &str| -> Result<(), Why> {
        let what = Thing::Sub(key.parse().unwrap());
        Err(Why::Already { what })
    };
    let blank = Why::Blank {
        what: Thing::Field("subs".into()),
    };
    assert_eq!(divides(&[]), Err(blank));
    assert_eq!(divides(&["birth", "card", "birth"]), had("birth"));
    assert_eq!(divides(&["birth", "card"]), Ok(()));
    assert_eq!(divides(&["photo", "card"]), had("card"));
    assert_eq!(divides(&["photo"]), Ok(()));
    assert_eq!(play.case().subs().len(), 3);
}

// A case is divided into two hundred parts at most, however often it is divided.
#[test]
fn a_case_has_up_to_two_hundred_parts() {
    let parts = |name: &str, many: u32| {
        let part = |n: u32| NewSub {
            key: format!("{name}{n}").parse().unwrap(),
            task: Some(Text::from("查看现场")),
            cites: None,
            place: None,
            party: None,
            after: vec![],
            within: Some(Span::WorkingTime(3600)),
            optional: true,
            facts: Facts::new(),
        };
        Command::Divide {
            bundle: None,
            subs: (0..many).map(part).collect(),
        }
    };
    let mut play = Play::assigned(plan());
    let most = Why::Bound {
        what: Thing::Subs,
        bound: Bound::Most(200),
    };
    for (name, many, fits) in [
        ("a", 201, false),
        ("b", 150, true),
        ("c", 51, false),
        ("d", 50, true),
        ("e", 1, false),
    ] {
        match play.go("owner-1 owner", "03-02 11:00", parts(name, many)) {
            Ok(()) => assert!(fits, "{name}"),
            Err(refused) => {
                assert_eq!(*refused.why, most, "{refused}");
                assert!(!fits, "{name}");
            }
        }
    }
    assert_eq!(play.case().subs().len(), 200);
}

/// One part of a bundle, with what is to be different of it.
fn differs(key: &str) -> NewSub {
    NewSub {
        key: key.parse().unwrap(),
        task: None,
        cites: None,
        place: None,
        party: None,
        after: vec![],
        within: None,
        optional: false,
        facts: Facts::new(),
    }
}

// Of a bundle the handler says what is different of a part and of that part only, and which parts there are besides; how long a bundle's parts take and
// what they wait for is the pack's to say.
#[test]
fn what_is_different_of_a_bundles_part_is_said_of_that_part() {
    let part = |key: &str, after: &[&str]| BundlePart {
        key: key.parse().unwrap(),
        title: format!("办理{key}"),
        place: None,
        after: after.iter().map(|key| key.parse().unwrap()).collect(),
        within: Span::WorkingTime(3600),
        optional: false,
    };
    let divided = |subs: Vec<NewSub>| {
        let mut with = plan();
        with.bundles = vec![BundleRule {
            name: "newborn".into(),
            rule: RuleId::new("bundle(newborn)"),
            title: "新生儿出生一件事".into(),
            provenance: Provenance::Unsaid,
            parts: vec![part("birth", &[]), part("card", &["birth"])],
        }];
        let divide = Command::Divide {
            bundle: Some("newborn".into()),
            subs,
        };
        let mut play = Play::assigned(with);
        let done = play.go("owner-1 owner", "03-02 11:00", divide);
        done.map_err(|refusal| *refusal.why)?;
        let subs = play.case().subs().iter();
        let places = subs.map(|(key, sub)| (key.to_string(), sub.plan.place.to_string()));
        Ok::<Vec<(String, String)>, Why>(places.collect())
    };
    let listed = |all: &[(&str, &str)]| {
        let all = all.iter();
        let all = all.map(|(key, place)| ((*key).to_owned(), (*place).to_owned()));
        Ok::<_, Why>(all.collect::<Vec<_>>())
    };
    let usual = listed(&[("birth", "632521"), ("card", "632521")]);
    assert_eq!(divided(vec![]), usual);
    assert_eq!(divided(vec![differs("card")]), usual);
    let above = |key: &str| NewSub {
        place: Some("6325".parse().unwrap()),
        ..differs(key)
    };
    let card = listed(&[("birth", "632521"), ("card", "6325")]);
    assert_eq!(divided(vec![above("card")]), card);
    let birth = listed(&[("birth", "6325"), ("card", "632521")]);
    assert_eq!(divided(vec![above("birth")]), birth);
    let photo = NewSub {
        task: Some(Text::from("拍照")),
        ..differs("photo")
    };
    let more = listed(&[("birth", "632521"), ("card", "632521"), ("photo", "632521")]);
    assert_eq!(divided(vec![photo]), more);
    let blank = Why::Blank {
        what: Thing::Field("task".into()),
    };
    assert_eq!(divided(vec![differs("photo")]), Err(blank));
    let had = Why::Already {
        what: Thing::Sub("card".parse().unwrap()),
    };
    for other in [
        NewSub {
            within: Some(Span::WorkingTime(1800)),
            ..differs("card")
        },
        NewSub {
            after: vec!["birth".parse().unwrap()],
            ..differs("card")
        },
        NewSub {
            optional: true,
            ..differs("card")
        },
    ] {
        assert_eq!(divided(vec![other]), Err(had.clone()));
    }
}

// Parts are given as far down as the pack lets them be, and no further.
#[test]
fn parts_are_given_as_far_down_as_the_pack_has() {
    let divided = |lowest: PlaceLevel, place: &str| {
        let mut with = plan();
        with.divide.lowest = Some(lowest);
        let mut play = Play::assigned(with);
        let part = NewSub {
            task: Some(Text::from("核实户籍")),
            place: Some(place.parse().unwrap()),
            ..differs("birth")
        };
        let divide = Command::Divide {
            bundle: None,
            subs: vec![part],
        };
        let done = play.go("owner-1 owner", "03-02 11:00", divide);
        done.map_err(|refusal| *refusal.why)
    };
    let (prefecture, county) = (PlaceLevel::Prefecture, PlaceLevel::County);
    assert_eq!(divided(county, "632521"), Ok(()));
    assert_eq!(divided(county, "6325"), Ok(()));
    assert_eq!(divided(prefecture, "6325"), Ok(()));
    let below = Why::BelowLevel {
        place: "632521".parse().unwrap(),
        lowest: prefecture,
    };
    assert_eq!(divided(prefecture, "632521"), Err(below));
}

/// A part of the case `main`, which wants it by the 18th, and which those handle.
fn a_part(handlers: &[&str]) -> Play {
    let part = Command::OpenSub(Box::new(SubAsked {
        main: MainCase {
            case: "main".parse().unwrap(),
            key: "birth".parse().unwrap(),
            due: Some(at("03-18 18:00")),
            party: None,
            apart: handlers.iter().map(|it| it.parse().unwrap()).collect(),
        },
        place: "632521".parse().unwrap(),
        task: Text::from("核实户籍"),
        facts: Facts::new(),
    }));
    let mut play = Play::new(plan());
    play.does("system system", "03-02 09:00", part);
    play
}

// A part hears of its main case and of no other: until when it is wanted, once for each moment, and once that it is not wanted any more; nobody opens that
// again. What is no part hears nothing of the kind.
#[test]
fn a_part_hears_of_its_main_case_alone_and_each_thing_once() {
    let want = |main: &str, due: &str| Command::Want {
        main: main.parse().unwrap(),
        due: at(due),
    };
    let off = |main: &str| Command::CallOff {
        main: main.parse().unwrap(),
        why: OffWhy::Dropped,
    };
    let hears = |play: &mut Play, command: Command| {
        let done = play.go("system system", "03-02 10:00", command);
        done.map_err(|refusal| *refusal.why)
    };
    let strange = |with: &str| -> Result<(), Why> {
        let with = Some(with.parse().unwrap());
        Err(Why::NotLinked { with })
    };
    let had = |field: &str| -> Result<(), Why> {
        let what = Thing::Field(field.into());
        Err(Why::Already { what })
    };
    let mut play = a_part(&[]);
    assert_eq!(
        hears(&mut play, want("other", "03-17 18:00")),
        strange("other")
    );
    assert_eq!(hears(&mut play, want("main", "03-18 18:00")), had("due"));
    assert_eq!(hears(&mut play, want("main", "03-17 18:00")), Ok(()));
    assert_eq!(hears(&mut play, want("main", "03-17 18:00")), had("due"));
    assert_eq!(hears(&mut play, off("other")), strange("other"));
    assert_eq!(hears(&mut play, off("main")), Ok(()));
    assert_eq!(hears(&mut play, off("main")), had("call_off"));
    assert_eq!(play.case().outcome(), Some(Outcome::Withdrawn));
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又要核实"),
    };
    let done = play.go("intake-1 intake", "03-03 09:00", reopen);
    let done = done.map_err(|refusal| *refusal.why);
    assert_eq!(done, strange("main"));
    let mut alone = Play::assigned(plan());
    let wanted = hears(&mut alone, want("main", "03-17 18:00"));
    assert_eq!(wanted, strange("main"));
    assert_eq!(hears(&mut alone, off("main")), strange("main"));
}

// A part is extended until the moment at which its main case wants it, and not beyond.
#[test]
fn a_part_is_extended_until_its_main_case_wants_it() {
    let mut play = a_part(&[]);
    play.does("intake-1 intake", "03-02 09:30", screen());
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    let beyond = play.go("owner-1 owner", "03-03 09:00", ask(3));
    let past = Why::PastMain {
        main: "main".parse().unwrap(),
        due: at("03-18 18:00"),
    };
    assert_eq!(*beyond.unwrap_err().why, past);
    play.does("owner-1 owner", "03-03 09:00", ask(2));
    play.does("supervisor-1 supervisor", "03-03 10:00", grant());
    assert_eq!(play.due(ClockKind::Reply), at("03-18 18:00"));
}

// Whoever handles the case that a part belongs to sets nothing right in the part, as whoever handles the part itself.
#[test]
fn whoever_handles_the_main_case_corrects_no_part_of_it() {
    let mut play = a_part(&["supervisor-1"]);
    let correct = || Command::Correct {
        version: 1,
        text: Text::from("地址有误"),
        took_effect: None,
    };
    let refused = play.go("supervisor-1 supervisor", "03-02 10:00", correct());
    let same = Why::SamePerson {
        person: "supervisor-1".parse().unwrap(),
        was: Deed::Handled,
    };
    assert_eq!(*refused.unwrap_err().why, same);
    play.does("supervisor-2 supervisor", "03-02 10:00", correct());
}
