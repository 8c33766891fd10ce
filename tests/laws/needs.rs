//! What a command needs of the case, each on one worked case: whose word it is, which entry it means, which unit is free, which clock runs.

use duly::case::{Case, decide};
use duly::plan::{
    Decision as Rule, DeclineRule, Diagram, Domain, FactRule, Given, PauseKind, Plan, Region,
    SUPPLEMENT,
};
use duly::time::Span;
use duly::words::*;

use crate::clocks::{Play, answer, at, joint, pauses, plan};
use crate::counted::{elsewhere, review, screen, takes_over};
use crate::world::{actor, envelope, open};

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

// A ground that the pack does not have is refused in the language of the pack, with those that it has, in its order.
#[test]
fn a_ground_that_the_pack_does_not_have_is_refused_in_its_language() {
    let mut play = received(by_the_courts());
    let decline = Command::Decline {
        ground: DeclineGround::Emergency,
        told: Text::from("请拨打急救电话"),
        facts: Facts::new(),
    };
    let refused = play.go("intake-1 intake", "03-02 10:00", decline);
    let known = ["已进入法定程序", "超出受理范围"];
    let none = Why::NotListed {
        what: Thing::DeclineGrounds,
        given: "应急事项".into(),
        known: known.map(str::to_owned).to_vec(),
    };
    assert_eq!(*refused.unwrap_err().why, none);
}

/// A direction that gives the case to somebody, perhaps within a time.
fn leads(lead: Option<(&str, &str)>, within: Option<Span>) -> Command {
    Command::Direct {
        words: Text::from("请办好"),
        within,
        track: false,
        lead: lead.map(|(unit, owner)| NewPart {
            unit: unit.parse().unwrap(),
            owner: owner.parse().unwrap(),
        }),
    }
}

// Whom a direction names has the case: who had it keeps it, another person of the unit takes over from them, and another unit gets it as it is handed on.
#[test]
fn a_direction_gives_the_case_to_whom_it_names() {
    for (unit, owner, over, on) in [
        ("住建局", "owner-1", 0, 0),
        ("住建局", "owner-2", 1, 0),
        ("水利局", "owner-1", 0, 1),
        ("水利局", "owner-2", 0, 1),
    ] {
        let mut play = Play::assigned(plan());
        let direct = leads(Some((unit, owner)), None);
        play.does("leader-1 leader", "03-03 09:00", direct);
        let count = |which: fn(&Event) -> bool| {
            let events = play.last.iter().map(|it| &it.event);
            events.filter(|event| which(event)).count()
        };
        let handed = count(|event| matches!(event, Event::HandedOver { .. }));
        let transferred = count(|event| matches!(event, Event::Transferred { .. }));
        assert_eq!((handed, transferred), (over, on), "{unit} {owner}");
        let team = play.case().team().unwrap();
        let has = (team.unit.as_str(), team.owner.as_str());
        assert_eq!(has, (unit, owner));
    }
}

// What came back is given by a direction to another person of the unit, or to another unit; what is being judged keeps whom it has.
#[test]
fn a_direction_gives_what_came_back_and_not_what_is_judged() {
    let replied = || {
        let mut play = Play::assigned(plan());
        play.does("owner-1 owner", "03-03 09:00", answer());
        play
    };
    for (unit, owner, over, anew) in [
        ("住建局", "owner-1", 0, 0),
        ("住建局", "owner-2", 1, 0),
        ("水利局", "owner-1", 0, 1),
        ("水利局", "owner-2", 0, 1),
    ] {
        let mut play = replied();
        play.does("reviewer-1 reviewer", "03-03 10:00", review(true));
        let direct = leads(Some((unit, owner)), None);
        play.does("leader-1 leader", "03-03 11:00", direct);
        let count = |which: fn(&Event) -> bool| {
            let events = play.last.iter().map(|it| &it.event);
            events.filter(|event| which(event)).count()
        };
        let handed = count(|event| matches!(event, Event::HandedOver { .. }));
        let assigned = count(|event| matches!(event, Event::Assigned { .. }));
        assert_eq!((handed, assigned), (over, anew), "{unit} {owner}");
        assert_eq!(play.case().stage_name(), StageName::Returned);
        let team = play.case().team().unwrap();
        let has = (team.unit.as_str(), team.owner.as_str());
        assert_eq!(has, (unit, owner));
    }
    let mut judged = replied();
    for (unit, owner) in [("住建局", "owner-2"), ("水利局", "owner-1")] {
        let direct = leads(Some((unit, owner)), None);
        let refused = judged.go("leader-1 leader", "03-03 10:00", direct);
        let none = Why::NotOffered { what: Thing::Lead };
        assert_eq!(*refused.unwrap_err().why, none);
    }
    let same = leads(Some(("住建局", "owner-1")), None);
    judged.does("leader-1 leader", "03-03 10:00", same);
}

// A unit has one place in a case: the lead has no part, and none has two; one person may have several.
#[test]
fn each_unit_has_one_place_in_a_case() {
    let given = |parts: &[(&str, &str)]| {
        let part = |(unit, owner): &(&str, &str)| NewPart {
            unit: unit.parse().unwrap(),
            owner: owner.parse().unwrap(),
        };
        let parts: Vec<NewPart> = parts.iter().map(part).collect();
        let taken_over = ImportAsked {
            co_handlers: parts.clone(),
            ..elsewhere()
        };
        let elsewhere = takes_over(&mut Play::new(plan()), taken_over);
        let mut play = received(plan());
        play.does("intake-1 intake", "03-02 10:00", screen());
        let to = Command::Assign {
            unit: "住建局".parse().unwrap(),
            owner: "owner-1".parse().unwrap(),
            co_handlers: parts,
        };
        let here = play.go("intake-1 intake", "03-02 11:00", to);
        let [here, elsewhere] = [here, elsewhere].map(|it| it.map_err(|it| *it.why));
        assert_eq!(here, elsewhere);
        here
    };
    let twice = |unit: &str| -> Result<(), Why> {
        let what = Thing::Unit(unit.parse().unwrap());
        Err(Why::Already { what })
    };
    assert_eq!(given(&[("水利局", "co-1"), ("供电公司", "co-1")]), Ok(()));
    assert_eq!(given(&[("住建局", "co-1")]), twice("住建局"));
    let two = [("水利局", "co-1"), ("水利局", "co-2")];
    assert_eq!(given(&two), twice("水利局"));
}

// A command is believed for ten years after the last that an open case has seen, to the second: later than that it is a wrong clock. Time itself is
// always believed, and of a case that has ended nothing is due.
#[test]
fn a_command_more_than_ten_years_later_is_not_believed() {
    let mut with = plan();
    // So that little comes in between.
    with.overdue_every = 4000;
    let mut play = received(with);
    let note = || Command::Note {
        text: Text::from("附件已收"),
    };
    let after = |play: &Play, seconds: i64, by: &str, command: Command| {
        let moment = play.case().last_at().plus(seconds);
        let asked = envelope("late", actor(by, &[by]), moment, command);
        let done = decide(Some(play.case()), &asked, &play.plans);
        done.map(|_| ()).map_err(|refusal| *refusal.why)
    };
    let ten_years = 10 * 366 * 86_400;
    assert_eq!(after(&play, ten_years, "intake", note()), Ok(()));
    let last = at("03-02 09:00");
    let far = Why::TooFar {
        last,
        until: last.plus(ten_years),
    };
    for later in [1, ten_years] {
        let done = after(&play, ten_years + later, "intake", note());
        assert_eq!(done, Err(far.clone()));
    }
    let tick = after(&play, ten_years + 1, "system", Command::Tick {});
    assert_eq!(tick, Ok(()));
    let withdraw = Command::Withdraw {
        evidence: Text::from("不用了"),
    };
    play.does("citizen citizen", "03-02 10:00", withdraw);
    let closed = after(&play, ten_years + 1, "intake", note());
    assert_eq!(closed, Ok(()));
}

// A shorter time needs a clock that it shortens: said before anybody has the case it is lost, unless it is given to somebody with it; and so it is
// while the clock waits, whoever is to have it.
#[test]
fn a_shorter_time_needs_a_clock_that_runs() {
    let none = Why::NoClock {
        clock: ClockKind::Reply,
    };
    let two_days = || Some(Span::WorkingDays(2));
    let mut play = received(plan());
    play.does("intake-1 intake", "03-02 09:30", screen());
    let early = play.go("leader-1 leader", "03-02 10:00", leads(None, two_days()));
    assert_eq!(*early.unwrap_err().why, none);
    let given = leads(Some(("住建局", "owner-1")), two_days());
    play.does("leader-1 leader", "03-02 10:00", given);
    assert_eq!(play.due(ClockKind::Reply), at("03-04 18:00"));
    let mut waits = Play::assigned(plan());
    let pause = Command::Pause {
        reason: "鉴定检测".into(),
        evidence: Text::from("送检单"),
    };
    waits.does("owner-1 owner", "03-03 09:00", pause);
    for lead in [
        None,
        Some(("住建局", "owner-1")),
        Some(("住建局", "owner-2")),
    ] {
        let lost = waits.go("leader-1 leader", "03-03 10:00", leads(lead, two_days()));
        assert_eq!(*lost.unwrap_err().why, none);
    }
}

// The citizen's own word withdraws what they wrote. An officer's word that they do not want it any more takes another officer's, and so does that of a
// citizen whom nobody knows to have written it.
#[test]
fn only_its_citizen_withdraws_it_alone() {
    let withdraw = || Command::Withdraw {
        evidence: Text::from("不用了"),
    };
    let withdrawn = |play: &mut Play, by: &str| {
        play.does(by, "03-02 10:00", withdraw());
        play.case().outcome() == Some(Outcome::Withdrawn)
    };
    assert!(withdrawn(&mut received(plan()), "citizen citizen"));
    let mut reported = received(plan());
    assert!(!withdrawn(&mut reported, "intake-1 intake"));
    let again = reported.go("intake-1 intake", "03-02 10:00", withdraw());
    let same = Why::SamePerson {
        person: "intake-1".parse().unwrap(),
        was: Deed::Proposed,
    };
    assert_eq!(*again.unwrap_err().why, same);
    assert!(withdrawn(&mut reported, "intake-3 intake"));
    let mut unnamed = Play::new(plan());
    unnamed.does("intake-1 intake", "03-02 09:00", open(false, false));
    assert!(!withdrawn(&mut unnamed, "citizen citizen"));
    assert!(withdrawn(&mut unnamed, "intake-3 intake"));
}

// Other rules are approved by somebody who neither has them adopted nor has handled the case.
#[test]
fn who_approves_other_rules_is_neither_who_adopts_them_nor_a_handler() {
    let mut play = Play::assigned(plan());
    let mut other = plan();
    other.edition = "新版".into();
    let to = play.plans.take(other).unwrap();
    let adopt = |approver: &str| Command::AdoptPlan {
        plan: to.clone(),
        approved_by: Some(approver.parse().unwrap()),
        facts: Facts::new(),
    };
    for approver in ["supervisor-1", "owner-1"] {
        let refused = play.go("supervisor-1 supervisor", "03-03 09:00", adopt(approver));
        let same = Why::SamePerson {
            person: approver.parse().unwrap(),
            was: Deed::Asked,
        };
        assert_eq!(*refused.unwrap_err().why, same);
    }
    let leader = adopt("leader-1");
    play.does("supervisor-1 supervisor", "03-03 09:00", leader);
    assert_eq!(*play.case().plan(), to);
}

// A correction stands beside an entry that there is: from the first to the last.
#[test]
fn a_correction_means_an_entry_that_there_is() {
    let mut play = Play::assigned(plan());
    let mut says = |version: u64| {
        let correct = Command::Correct {
            version,
            text: Text::from("地址写错了"),
            took_effect: None,
        };
        let done = play.go("supervisor-1 supervisor", "03-02 10:00", correct);
        (done.map_err(|refusal| *refusal.why), play.case().version())
    };
    let (first, last) = says(1);
    assert_eq!(first, Ok(()));
    let (of_last, after) = says(last);
    assert_eq!((of_last, after), (Ok(()), last + 1));
    for number in [0, after + 1] {
        let none = Why::NoSuch {
            what: Thing::Entry,
            number,
        };
        assert_eq!(says(number).0, Err(none));
    }
}

// An entry has as many effects as there are of it outside, and no other was ever told.
#[test]
fn a_case_has_told_what_it_told() {
    let play = received(plan());
    let many = play.told.iter().filter(|it| it.id.version == 1).count();
    assert!(many > 0);
    let effect = |case: &str, version: u64, index: usize| EffectId {
        case: case.parse().unwrap(),
        version,
        index: u32::try_from(index).unwrap(),
    };
    let told = |effect: EffectId| play.case().has_told(&effect);
    for index in 0..many {
        assert!(told(effect("c", 1, index)));
    }
    assert!(!told(effect("c", 1, many)));
    assert!(!told(effect("c", 0, 0)));
    assert!(!told(effect("d", 1, 0)));
}

// What comes at one moment comes in the order in which the clocks began: who did not sign is taken to have signed, and then may not object any more.
#[test]
fn what_comes_at_one_moment_comes_in_the_order_of_the_clocks() {
    let mut play = Play::assigned(plan());
    play.does("system system", "03-04 09:00", Command::Tick {});
    let place = |which: fn(&Event) -> bool| {
        let mut events = play.last.iter();
        events.position(|it| which(&it.event)).unwrap()
    };
    let signed = place(|event| matches!(event, Event::Signed { deemed: true }));
    let lapsed = place(|event| matches!(event, Event::ObjectionLapsed {}));
    assert_eq!(play.last[signed].at, play.last[lapsed].at);
    assert!(signed < lapsed);
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
