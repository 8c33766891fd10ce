//! What a command needs of the case, each on one worked case: a person's word, a promise, a unit that is free.

use duly::case::Case;
use duly::plan::{
    Decision as Rule, DeclineRule, Diagram, Domain, FactRule, Given, PauseKind, Plan, Region,
    SUPPLEMENT,
};
use duly::words::*;

use crate::clocks::{Play, answer, assign, at, joint, pauses, plan};
use crate::counted::{review, screen};
use crate::situations::called;
use crate::world::{open, reply};

/// Received on Monday, 2 March 2026.
fn received(plan: Plan) -> Play {
    let mut play = Play::new(plan);
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play
}

// A leader's direction has supervision track the case where it says so, and once: a case that is tracked is not tracked again.
#[test]
fn a_direction_tracks_a_case_where_it_says_so_and_once() {
    let direct = |track: bool| Command::Direct {
        words: Text::from("请办好"),
        within: None,
        track,
        lead: None,
    };
    let mut play = Play::assigned(plan());
    for (when, track, begins) in [
        ("03-03 09:00", false, 0),
        ("03-03 10:00", true, 1),
        ("03-03 11:00", true, 0),
        ("03-03 12:00", false, 0),
    ] {
        play.does("leader-1 leader", when, direct(track));
        let tracked = |it: &&Record| matches!(it.event, Event::Tracked { .. });
        assert_eq!(play.last.iter().filter(tracked).count(), begins, "{when}");
    }
    assert!(play.case().is_tracked());
    assert_eq!(play.clock(ClockKind::Track).key.run, 1);
}

// A message has up to fifty matters.
#[test]
fn a_message_has_up_to_fifty_matters() {
    let list = |many: usize| Command::List {
        matters: vec![Text::from("路灯"); many],
    };
    let mut play = received(plan());
    let refused = play.go("intake-1 intake", "03-02 10:00", list(51));
    let most = Why::Bound {
        what: Thing::Matters,
        bound: Bound::Most(50),
    };
    assert_eq!(*refused.unwrap_err().why, most);
    play.does("intake-1 intake", "03-02 10:00", list(50));
    assert_eq!(play.case().matters().len(), 50);
}

/// Both grounds hold where a court has the matter, which the intake officer says.
fn by_the_courts() -> Plan {
    let mut plan = plan();
    plan.schema.facts.push(FactRule {
        otherwise: Some(FactValue::Yes(false)),
        ..FactRule::new("sub_judice", Domain::YesNo, Given::Intake)
    });
    let place = plan.schema.index("sub_judice").unwrap();
    let region = |code: i64, answer: bool| Region {
        bounds: [(place, (code, code))].into(),
        answer,
    };
    for (ground, rule) in [
        (DeclineGround::InProcedure, "decline(1)"),
        (DeclineGround::OutOfScope, "decline(2)"),
    ] {
        let regions = vec![region(0, false), region(1, true)];
        let diagram = Diagram::from_regions(&plan.schema, regions).unwrap();
        plan.declines.push(DeclineRule {
            ground,
            when: Rule::new(RuleId::new(rule), diagram),
            told: "法院".into(),
        });
    }
    plan
}

// What the first officer said of a message that is to be declined counts with the second, who need not say it again: for the same ground, and for
// no other.
#[test]
fn what_the_first_said_of_a_ground_counts_for_that_ground() {
    let decline = |ground: DeclineGround, says: bool| {
        let said = says.then(|| ("sub_judice".to_owned(), FactValue::Yes(true)));
        Command::Decline {
            ground,
            told: Text::from("请向法院反映"),
            facts: said.into_iter().collect(),
        }
    };
    let proposed = || {
        let mut play = received(by_the_courts());
        let first = decline(DeclineGround::InProcedure, true);
        play.does("intake-1 intake", "03-02 10:00", first);
        play
    };
    let mut same = proposed();
    let second = decline(DeclineGround::InProcedure, false);
    same.does("intake-3 intake", "03-02 11:00", second);
    assert_eq!(same.case().outcome(), Some(Outcome::Declined));
    let mut other = proposed();
    let second = decline(DeclineGround::OutOfScope, false);
    let refused = other.go("intake-3 intake", "03-02 11:00", second);
    let why = *refused.unwrap_err().why;
    assert!(matches!(why, Why::Rule { .. }), "{why:?}");
    // Said of that ground too, it is the first word on it.
    let second = decline(DeclineGround::OutOfScope, true);
    other.does("intake-3 intake", "03-02 11:00", second);
    assert!(!other.case().is_closed());
}

// What was promised of a matter after the answer went out stands when the case comes back, and lets that matter be answered as in progress; another
// matter needs a promise of its own.
#[test]
fn a_promise_that_stands_is_one_of_its_own_matter() {
    let marked = |marks: [Mark; 2]| {
        let mut given = reply(Mark::A, false, false, 2, false);
        if let Command::Reply { answers, .. } = &mut given {
            for (answer, mark) in answers.iter_mut().zip(marks) {
                answer.mark = mark;
            }
        }
        given
    };
    let mut play = received(plan());
    let list = Command::List {
        matters: vec![Text::from("路灯"), Text::from("井盖")],
    };
    play.does("intake-1 intake", "03-02 09:20", list);
    play.does("intake-1 intake", "03-02 09:30", screen());
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    play.does("owner-1 owner", "03-03 09:00", marked([Mark::A, Mark::A]));
    play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    let commit = Command::Commit(NewCommitment {
        matter: 2,
        action: Text::from("更换井盖"),
        person: "owner-1".parse().unwrap(),
        by_date: "2026-03-20".parse().unwrap(),
    });
    play.does("owner-1 owner", "03-03 11:00", commit);
    let displeased = called(Some(Level::Unsatisfied));
    play.does("intake-2 intake", "03-04 10:00", displeased);
    assert_eq!(play.case().stage_name(), StageName::Returned);
    let needs = Why::MarkNeedsPromise {
        matter: 1,
        mark: Mark::B,
    };
    for marks in [[Mark::B, Mark::A], [Mark::B, Mark::B]] {
        let refused = play.go("owner-1 owner", "03-05 09:00", marked(marks));
        assert_eq!(*refused.unwrap_err().why, needs);
    }
    play.does("owner-1 owner", "03-05 09:00", marked([Mark::A, Mark::B]));
}

// A unit that does a part of the case is made its lead by nobody: not by a transfer, not below the lead, not by a ruling.
#[test]
fn a_unit_with_a_part_is_not_given_the_whole() {
    let unit: UnitId = "水利局".parse().unwrap();
    let owner: PersonId = "co-1".parse().unwrap();
    let reason = || Text::from("按职责");
    let mut play = joint(&[("水利局", "co-1")]);
    let refused = |play: &mut Play, by: &str, command: Command| {
        let refused = play.go(by, "03-02 11:00", command).unwrap_err();
        let had = Why::Already {
            what: Thing::Part("水利局".parse().unwrap()),
        };
        assert_eq!(*refused.why, had, "{refused}");
    };
    let transfer = Command::Transfer {
        unit: unit.clone(),
        owner: owner.clone(),
        reason: reason(),
    };
    refused(&mut play, "intake-1 intake", transfer);
    let below = Command::SubAssign {
        unit: unit.clone(),
        owner: owner.clone(),
    };
    refused(&mut play, "intake-1 intake", below);
    let object = Command::Object {
        reason: reason(),
        should_be: Some(unit.clone()),
    };
    play.does("owner-1 owner", "03-02 11:00", object);
    let rule = Command::Rule {
        unit,
        owner,
        reason: reason(),
    };
    refused(&mut play, "supervisor-1 supervisor", rule);
}

// Who handles a case waits for what can be waited for: not for what is taken out once it is over, and not for a message to be completed, which is
// asked of the citizen at intake.
#[test]
fn a_handler_waits_for_what_can_be_waited_for() {
    let mut with = plan();
    with.pauses.extend([
        pauses("听证", PauseSide::Statutory, PauseKind::Excludes),
        pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Waits),
    ]);
    let mut play = Play::assigned(with);
    let wait = |reason: &str| Command::Pause {
        reason: reason.into(),
        evidence: Text::from("记录"),
    };
    let known = ["待网民补充", "鉴定检测", "等候配件"];
    for reason in ["听证", SUPPLEMENT, "天气"] {
        let refused = play.go("owner-1 owner", "03-03 09:00", wait(reason));
        let none = Why::NotListed {
            what: Thing::PauseReasons,
            given: reason.to_owned(),
            known: known.map(str::to_owned).to_vec(),
        };
        assert_eq!(*refused.unwrap_err().why, none);
    }
    play.does("owner-1 owner", "03-03 09:00", wait("鉴定检测"));
}

// The notice of an answer is known by the entry that published it. A case that was kept before that was written down has none to wait for.
#[test]
fn a_case_kept_before_notices_were_numbered_waits_for_none() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    let version = play.version(|event| matches!(event, Event::Published { .. }));
    let notice = EffectId {
        case: "c".parse().unwrap(),
        version,
        index: 1,
    };
    assert_eq!(play.case().awaits_delivery(), Some(notice));
    let kept = serde_json::to_string(play.case()).unwrap();
    let before = kept.replace(&format!("\"published\":{version}"), "\"published\":0");
    assert_ne!(kept, before);
    let case: Case = serde_json::from_str(&before).unwrap();
    assert_eq!(case.awaits_delivery(), None);
    assert_eq!(case.last_at(), at("03-03 10:00"));
}
