//! Facts, each by whoever gives it: when one moves and who says so, and which of them a case has to be given when it goes on under another plan.

use duly::plan::{DerivedRule, Domain, FactRule, Given, Plan, Plans};
use duly::words::*;

use crate::clocks::{Play, answer, assign, plan};
use crate::counted::screen;
use crate::world::open;

/// A question that somebody answers with yes or no.
fn fact(name: &str, given: Given) -> FactRule {
    FactRule::new(name, Domain::YesNo, given)
}

/// The same, with an answer where nobody gives one.
fn spared(name: &str, given: Given) -> FactRule {
    FactRule {
        otherwise: Some(FactValue::Yes(false)),
        ..fact(name, given)
    }
}

fn with(facts: &[FactRule]) -> Plan {
    let mut with = plan();
    with.schema.facts.extend_from_slice(facts);
    with
}

fn not_its_sort(fact: &str) -> Why {
    Why::FactValue {
        fact: fact.into(),
        given: "that number".into(),
        expected: Domain::YesNo.expects(),
    }
}

fn not_given_here(fact: &str, given: Given) -> Why {
    Why::FactNotGivenHere {
        fact: fact.into(),
        given_by: given.say().into(),
    }
}

// A fact moves by the word of whoever gives it, where the pack lets it move: the host's by the host, intake's by an intake officer, the host's too where
// only a test would find it; nobody who has handled the case moves any, and what the citizen said nobody says anew.
#[test]
fn a_fact_moves_by_the_word_of_whoever_gives_it() {
    let moves = |name: &str, given: Given| FactRule {
        moves: true,
        ..spared(name, given)
    };
    let mut rules = with(&[
        moves("heat", Given::Host),
        moves("urgent", Given::Intake),
        moves("wish", Given::Citizen),
        moves("found", Given::Reviewer),
        moves("repeat", Given::Derived),
        spared("fixed", Given::Host),
    ]);
    rules.derived = vec![DerivedRule {
        fact: "repeat".into(),
        from: vec![],
    }];
    let mut plans = Plans::new("board".parse().unwrap());
    plans.give_by_hand("repeat");
    plans.take(rules).unwrap();
    let mut play = Play::under(plans);
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 09:30", screen());
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    let needs = |role: Role| Why::Role {
        needs: vec![role],
        place: "632521".parse().unwrap(),
    };
    let handled = Why::SamePerson {
        person: "owner-1".parse().unwrap(),
        was: Deed::Handled,
    };
    let never = Why::NotOffered {
        what: Thing::FactChange("fixed".into()),
    };
    let (yes, three) = (FactValue::Yes(true), FactValue::Whole(3));
    for (by, name, value, refused) in [
        ("system system", "heat", &yes, None),
        ("intake-1 intake", "urgent", &yes, None),
        ("system system", "repeat", &yes, None),
        ("intake-1 intake", "heat", &yes, Some(needs(Role::System))),
        ("system system", "urgent", &yes, Some(needs(Role::Intake))),
        ("intake-1 intake", "repeat", &yes, Some(needs(Role::System))),
        ("owner-1 system", "heat", &yes, Some(handled.clone())),
        ("owner-1 intake", "urgent", &yes, Some(handled)),
        ("system system", "fixed", &yes, Some(never)),
        (
            "system system",
            "wish",
            &yes,
            Some(not_given_here("wish", Given::Citizen)),
        ),
        (
            "system system",
            "found",
            &yes,
            Some(not_given_here("found", Given::Reviewer)),
        ),
        ("system system", "heat", &three, Some(not_its_sort("heat"))),
    ] {
        let set = Command::SetFact {
            name: name.into(),
            value: value.clone(),
        };
        let done = play.go(by, "03-02 11:00", set);
        let why = done.err().map(|refusal| *refusal.why);
        assert_eq!(why, refused, "{by} {name}");
        if why.is_none() {
            assert_eq!(play.case().facts().get(name), Some(value));
        }
    }
}

/// A message, perhaps screened, under a plan that asks for nothing; and another plan, in hand.
fn before(screened: bool, other: Plan) -> (Play, PlanId) {
    let mut play = Play::new(plan());
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    if screened {
        play.does("intake-1 intake", "03-02 09:30", screen());
    }
    let id = play.plans.take(other).unwrap();
    (play, id)
}

/// It goes on under the other one, with these facts; and what it was refused for.
fn adopts(play: &mut Play, plan: &PlanId, facts: &[(&str, FactValue)]) -> Option<Why> {
    let facts = facts.iter();
    let adopt = Command::AdoptPlan {
        plan: plan.clone(),
        approved_by: None,
        facts: facts
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    };
    let done = play.go("supervisor-1 supervisor", "03-02 10:00", adopt);
    done.err().map(|refusal| *refusal.why)
}

/// The names of the facts that are wanted, where they are why it was refused.
fn wanted(why: Option<Why>) -> Vec<String> {
    match why {
        Some(Why::FactsWanted { facts }) => facts.into_iter().map(|it| it.fact).collect(),
        other => panic!("{other:?}"),
    }
}

const YES: FactValue = FactValue::Yes(true);

// Another plan wants of a case the citizen's and the host's facts that have no answer otherwise, and the intake officer's once it was screened: all that
// are missing at once, and none that comes later.
#[test]
fn another_plan_wants_the_facts_that_were_given_by_now() {
    let other = || {
        with(&[
            fact("wish", Given::Citizen),
            fact("heat", Given::Host),
            fact("urgent", Given::Intake),
            spared("calm", Given::Host),
            fact("found", Given::Reviewer),
            fact("said", Given::Reply),
        ])
    };
    let (mut play, plan) = before(false, other());
    assert_eq!(wanted(adopts(&mut play, &plan, &[])), ["wish", "heat"]);
    let one = adopts(&mut play, &plan, &[("heat", YES)]);
    assert_eq!(wanted(one), ["wish"]);
    let both = [("wish", YES), ("heat", YES)];
    assert_eq!(adopts(&mut play, &plan, &both), None);
    let facts = play.case().facts();
    assert_eq!(facts.get("wish"), Some(&YES));
    assert_eq!(facts.get("calm"), None);

    let (mut play, plan) = before(true, other());
    let all = wanted(adopts(&mut play, &plan, &[]));
    assert_eq!(all, ["wish", "heat", "urgent"]);
    let three = [("wish", YES), ("heat", YES), ("urgent", YES)];
    assert_eq!(adopts(&mut play, &plan, &three), None);
}

// What is given with it is of the plan, by a person who gives facts, and of its sort; and of a fact that the case has, nobody gives another value by the
// way. A value that the other plan does not take is none, and has to be given anew also where there is an answer otherwise.
#[test]
fn what_is_given_with_another_plan_is_what_the_case_lacks() {
    let other = with(&[
        fact("wish", Given::Citizen),
        spared("heat", Given::Host),
        spared("found", Given::Reviewer),
    ]);
    let (mut play, plan) = before(false, other.clone());
    for (given, why) in [
        (("found", YES), not_given_here("found", Given::Reviewer)),
        (("returns", YES), not_given_here("returns", Given::Engine)),
        (("heat", FactValue::Whole(3)), not_its_sort("heat")),
    ] {
        let done = adopts(&mut play, &plan, &[("wish", YES), given]);
        assert_eq!(done, Some(why));
    }
    let strange = adopts(&mut play, &plan, &[("wish", YES), ("天气预报", YES)]);
    assert!(
        matches!(&strange, Some(Why::FactUnknown { fact, .. }) if fact == "天气预报"),
        "{strange:?}"
    );
    assert_eq!(adopts(&mut play, &plan, &[("wish", YES)]), None);
    let had = Why::Already {
        what: Thing::Fact("wish".into()),
    };
    let mut next = other.clone();
    next.edition = "再版".into();
    let plan = play.plans.take(next).unwrap();
    let again = [("wish", FactValue::Yes(false))];
    assert_eq!(adopts(&mut play, &plan, &again), Some(had));
    assert_eq!(adopts(&mut play, &plan, &[]), None);
    assert_eq!(play.case().facts().get("wish"), Some(&YES));
    // Now it is a number, and there is one where nobody gives it.
    let mut counts = other;
    counts.edition = "三版".into();
    let facts = counts.schema.facts.iter_mut();
    for fact in facts.filter(|it| it.name == "wish") {
        fact.domain = Domain::Whole { least: 0, most: 9 };
        fact.otherwise = Some(FactValue::Whole(0));
    }
    let plan = play.plans.take(counts).unwrap();
    assert_eq!(wanted(adopts(&mut play, &plan, &[])), ["wish"]);
    let five = [("wish", FactValue::Whole(5))];
    assert_eq!(adopts(&mut play, &plan, &five), None);
    assert_eq!(play.case().facts().get("wish"), Some(&FactValue::Whole(5)));
}

// What a function would find is wanted like the host's where it is given by hand; and where it is not, nobody gives it.
#[test]
fn what_a_function_would_find_is_wanted_where_it_is_given_by_hand() {
    let mut other = with(&[fact("repeat", Given::Derived)]);
    other.derived = vec![DerivedRule {
        fact: "repeat".into(),
        from: vec![],
    }];
    let mut play = Play::new(plan());
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    let mut finds = Play::new(plan());
    finds.does("citizen citizen", "03-02 09:00", open(true, false));
    play.plans.give_by_hand("repeat");
    let id = play.plans.take(other.clone()).unwrap();
    assert_eq!(wanted(adopts(&mut play, &id, &[])), ["repeat"]);
    assert_eq!(adopts(&mut play, &id, &[("repeat", YES)]), None);
    assert_eq!(play.case().facts().get("repeat"), Some(&YES));
    finds.plans.derive("repeat", |_| true);
    let id = finds.plans.take(other).unwrap();
    let by_hand = adopts(&mut finds, &id, &[("repeat", YES)]);
    let why = not_given_here("repeat", Given::Derived);
    assert_eq!(by_hand, Some(why));
    assert_eq!(adopts(&mut finds, &id, &[]), None);
    assert_eq!(finds.case().facts().get("repeat"), Some(&YES));
}

// Whoever reviews a reply finds what is asked of a reviewer, and what they find stands with the reply; they say nothing for anybody else, and nothing that
// nobody asks.
#[test]
fn a_reviewer_finds_what_is_asked_of_a_reviewer() {
    let rules = with(&[
        spared("seen", Given::Reviewer),
        spared("urgent", Given::Intake),
    ]);
    let found = |name: &str| {
        let mut play = Play::assigned(rules.clone());
        play.does("owner-1 owner", "03-03 09:00", answer());
        let review = Review {
            findings: [(name.to_owned(), true)].into(),
            return_for: None,
        };
        let passes = Command::Review(review);
        let done = play.go("reviewer-1 reviewer", "03-03 10:00", passes);
        done.map_err(|refusal| *refusal.why)?;
        Ok::<_, Why>(play.case().reply().unwrap().findings.clone())
    };
    let seen = Facts::from([("seen".to_owned(), YES)]);
    assert_eq!(found("seen"), Ok(seen));
    for (name, given) in [("urgent", Given::Intake), ("directed", Given::Engine)] {
        assert_eq!(found(name), Err(not_given_here(name, given)));
    }
    let why = found("weather").unwrap_err();
    assert!(matches!(why, Why::FactUnknown { .. }), "{why:?}");
}
