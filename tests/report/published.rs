//! 公开视图: what everybody may read, case by case.

use std::collections::BTreeMap;

use duly::plan::{Domain, FactRule, Given, Plan};
use duly::report::{Board, PromiseState, PublicCase, PublicText, public};
use duly::words::*;

use crate::world::*;

fn yes_no(plan: &mut Plan, name: &str, given: Given) {
    plan.schema.facts.push(FactRule {
        otherwise: Some(FactValue::Yes(false)),
        ..FactRule::new(name, Domain::YesNo, given)
    });
}

fn view(w: &World) -> Vec<PublicCase> {
    let board = Board::fold(&w.records, None).unwrap();
    public(&board, &w.plan, &|_, _| Some("WORDS".into())).cases
}

fn opens(w: &mut World, case: &str, facts: &[(&str, bool)]) {
    let Command::Open { place, channel, .. } = open(case, "632521", Origin::Message, 0) else {
        unreachable!()
    };
    let facts = facts
        .iter()
        .map(|(name, yes)| ((*name).to_owned(), FactValue::Yes(*yes)));
    let command = Command::Open {
        place,
        channel,
        external_id: format!("n-{case}").parse().unwrap(),
        message: "我叫王五,住在三号楼".into(),
        contact: Some("13912345678".into()),
        citizen: Some("wang".parse().unwrap()),
        origin: Origin::Message,
        facts: facts.collect::<BTreeMap<_, _>>(),
    };
    w.does(case, (Role::Citizen, "wang"), "09-01 09:00", command);
}

fn screens(w: &mut World, case: &str, facts: &[(&str, bool)]) {
    let facts = facts
        .iter()
        .map(|(name, yes)| ((*name).to_owned(), FactValue::Yes(*yes)));
    let command = Command::Screen {
        class: Class::Problem,
        facts: facts.collect(),
    };
    w.does(case, (Role::Intake, "in-1"), "09-01 09:30", command);
    w.does(case, (Role::Intake, "in-1"), "09-01 10:00", assign("u-a"));
}

#[test]
fn a_place_is_hidden_by_the_citizen_and_a_message_shown_by_an_officer() {
    let mut w = World::with(|plan| {
        yes_no(plan, "place_private", Given::Host);
        yes_no(plan, "message_public", Given::Intake);
    });
    opens(&mut w, "m1", &[("place_private", true)]);
    screens(&mut w, "m1", &[("message_public", false)]);
    opens(&mut w, "m2", &[]);
    screens(&mut w, "m2", &[("message_public", true)]);
    let view = view(&w);
    assert_eq!((&view[0].place, view[0].place_name.as_str()), (&None, ""));
    assert_eq!(view[0].message, None);
    assert_eq!(view[1].place_name, "共和县");
    assert_eq!(view[1].message, Some(PublicText::Text("WORDS".into())));
}

/// Whoever writes cannot clear their own words, and neither can the channel.
#[test]
fn only_the_intake_officer_clears_a_message() {
    let mut w = World::with(|plan| yes_no(plan, "message_public", Given::Host));
    opens(&mut w, "m1", &[("message_public", true)]);
    screens(&mut w, "m1", &[]);
    assert_eq!(view(&w)[0].message, None);
}

#[test]
fn an_answer_is_shown_once_it_passed_and_gone_when_it_is_sent_back() {
    let mut w = World::new();
    opens(&mut w, "m1", &[]);
    screens(&mut w, "m1", &[]);
    let told = Command::Update {
        text: "在办".into(),
    };
    w.does("m1", (Role::Owner, "u-a-li"), "09-02 10:00", told);
    w.replies("m1", "u-a", "09-03 10:00");
    let before = view(&w).remove(0);
    assert_eq!((before.answer, before.shown), (None, Shown::InProgress));
    assert_eq!(before.updates, ["2026-09-02".parse().unwrap()]);
    w.passes("m1", "09-04 10:00");
    let done = view(&w).remove(0);
    let answer = done.answer.unwrap();
    assert_eq!(answer.published, "2026-09-04".parse().unwrap());
    assert_eq!(answer.unit, Some("u-a".parse().unwrap()));
    assert_eq!(done.shown, Shown::Done);
    w.hears("m1", "09-05 10:00", Level::Unsatisfied);
    let back = view(&w).remove(0);
    assert_eq!((back.answer, back.shown), (None, Shown::InProgress));
}

#[test]
fn promises_are_shown_with_whether_they_were_kept() {
    let mut w = World::new();
    for (case, day) in [
        ("m1", "09-10"),
        ("m2", "09-10"),
        ("m3", "09-10"),
        ("m4", "11-10"),
    ] {
        opens(&mut w, case, &[]);
        screens(&mut w, case, &[]);
        let Command::Reply { answers, .. } = reply(Mark::B, false) else {
            unreachable!()
        };
        let command = Command::Reply {
            answers,
            measures: Vec::new(),
            contacts: Vec::new(),
            basis: Vec::new(),
            commitments: vec![promise(day)],
            explained: false,
        };
        w.does(case, (Role::Owner, "u-a-li"), "09-03 10:00", command);
        // Not promised to anybody until it has passed.
        assert!(
            view(&w)
                .iter()
                .find(|it| it.case == id(case))
                .unwrap()
                .promises
                .is_empty()
        );
        w.passes(case, "09-04 10:00");
    }
    let keep = || Command::Fulfil {
        commitment: 1,
        evidence: "照片".into(),
    };
    w.does("m1", (Role::Owner, "u-a-li"), "09-10 23:00", keep());
    w.does("m2", (Role::Owner, "u-a-li"), "09-12 10:00", keep());
    w.tick(at("09-20 10:00"));
    let states: Vec<PromiseState> = view(&w).iter().map(|it| it.promises[0].state).collect();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(
        states,
        [
            PromiseState::Kept(day("2026-09-10")),
            PromiseState::KeptLate(day("2026-09-12")),
            PromiseState::Missed,
            PromiseState::Open
        ]
    );
}

/// Nobody but its owner has read a promise that was registered after the answer: it is shown with its day and whether it was kept, and
/// not with its words.
#[test]
fn a_promise_that_nobody_reviewed_is_shown_without_its_words() {
    let mut w = World::new();
    opens(&mut w, "m1", &[]);
    screens(&mut w, "m1", &[]);
    let Command::Reply { answers, .. } = reply(Mark::B, false) else {
        unreachable!()
    };
    let command = Command::Reply {
        answers,
        measures: Vec::new(),
        contacts: Vec::new(),
        basis: Vec::new(),
        commitments: vec![promise("09-10")],
        explained: false,
    };
    w.does("m1", (Role::Owner, "u-a-li"), "09-03 10:00", command);
    w.passes("m1", "09-04 10:00");
    let later = Command::Commit(promise("11-10"));
    w.does("m1", (Role::Owner, "u-a-li"), "09-05 10:00", later);
    let promises = view(&w).remove(0).promises;
    let shown: Vec<_> = promises
        .iter()
        .map(|it| (it.number, it.by_date.to_string(), it.action.is_some()))
        .collect();
    assert_eq!(
        shown,
        [
            (1, "2026-09-10".to_owned(), true),
            (2, "2026-11-10".to_owned(), false)
        ]
    );
    assert_eq!(promises[1].state, PromiseState::Open);
}

#[test]
fn opinion_is_not_public_and_neither_is_what_was_withdrawn() {
    let mut w = september();
    w.does(
        "m99",
        (Role::System, "watch"),
        "09-24 09:00",
        open("m99", "6325", Origin::Opinion, 0),
    );
    let ids: Vec<String> = view(&w).iter().map(|it| it.case.to_string()).collect();
    assert_eq!(ids, ["m01", "m02", "m03", "m04", "m05", "m06", "m08"]);
    let mut w = World::new();
    opens(&mut w, "m1", &[]);
    screens(&mut w, "m1", &[]);
    w.replies("m1", "u-a", "09-03 10:00");
    w.passes("m1", "09-04 10:00");
    let withdraw = Command::Withdraw {
        evidence: "不用了".into(),
    };
    w.does("m1", (Role::Citizen, "wang"), "09-05 10:00", withdraw);
    let gone = view(&w).remove(0);
    assert_eq!(
        (gone.outcome, gone.answer),
        (Some(Outcome::Withdrawn), None)
    );
}

/// The rating as it is: silence and automatic praise under their own names.
#[test]
fn the_rating_says_what_it_is() {
    let w = september();
    let view = view(&w);
    let of = |case: &str| view.iter().find(|it| it.case == id(case)).unwrap().rating;
    assert_eq!(of("m03"), Some(Rating::NotGiven));
    assert_eq!(of("m04"), Some(Rating::AutoByTimeout));
    let json = serde_json::to_string(&view).unwrap();
    for private in ["wang", "u-road-li", "re-1", "路灯不亮"] {
        assert!(!json.contains(private), "{private}");
    }
}

/// What was withdrawn has no answer any more, and nobody is said to have broken a promise of it.
#[test]
fn what_was_withdrawn_promises_nothing() {
    let mut w = World::new();
    opens(&mut w, "m1", &[]);
    screens(&mut w, "m1", &[]);
    let Command::Reply { answers, .. } = reply(Mark::B, false) else {
        unreachable!()
    };
    let command = Command::Reply {
        answers,
        measures: Vec::new(),
        contacts: Vec::new(),
        basis: Vec::new(),
        commitments: vec![promise("09-10")],
        explained: false,
    };
    w.does("m1", (Role::Owner, "u-a-li"), "09-03 10:00", command);
    w.passes("m1", "09-04 10:00");
    let withdraw = Command::Withdraw {
        evidence: "不用了".into(),
    };
    w.does("m1", (Role::Citizen, "wang"), "09-05 10:00", withdraw);
    w.tick(at("09-20 10:00"));
    let gone = view(&w).remove(0);
    assert_eq!((gone.answer, gone.promises), (None, Vec::new()));
}

/// Whoever keeps the place from the public does not find it in the name of the unit that answers.
#[test]
fn a_hidden_place_is_not_named_by_its_unit() {
    let mut w = World::with(|plan| yes_no(plan, "place_private", Given::Host));
    opens(&mut w, "m1", &[("place_private", true)]);
    screens(&mut w, "m1", &[]);
    w.replies("m1", "u-a", "09-03 10:00");
    w.passes("m1", "09-04 10:00");
    let hidden = view(&w).remove(0);
    assert_eq!(hidden.place, None);
    assert_eq!(hidden.answer.unwrap().unit, None);
}
