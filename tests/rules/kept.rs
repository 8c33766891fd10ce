//! What a plan is stored as, what its classes may be struck off as, and what the plans in hand know of each other.

use std::collections::BTreeSet;

use duly::plan::{
    Clause, Decision, DeclineRule, Diagram, DivideRule, Domain, ExtensionRule, FactRule, Given,
    InForce, PauseKind, PauseRule, Plan, Plans, Provenance, SignalRule, bare,
};
use duly::time::Span;
use duly::words::{
    Class, ClockKind, CommandName, DeclineGround, Outcome, PauseSide, PlaceLevel, Role, RuleId,
};

/// What a pack says of parts is stored with it; where it says nothing, nothing is stored.
#[test]
fn what_is_said_of_parts_is_stored() {
    let plain = bare("demo".parse().unwrap());
    let stored = serde_json::to_value(&plain).unwrap();
    assert!(stored.get("divide").is_none());
    for divide in [
        DivideRule {
            slack: Span::WorkingDays(3),
            ..DivideRule::default()
        },
        DivideRule {
            lowest: Some(PlaceLevel::County),
            ..DivideRule::default()
        },
    ] {
        let plan = Plan {
            divide,
            ..plain.clone()
        };
        let stored = serde_json::to_string(&plan).unwrap();
        let back: Plan = serde_json::from_str(&stored).unwrap();
        assert_eq!(back, plan);
        assert_ne!(plan.id(), plain.id());
    }
}

/// A clause of which nothing is said is stored as nothing.
#[test]
fn a_clause_of_which_nothing_is_said_is_stored_as_nothing() {
    let stored = serde_json::to_value(Clause::default()).unwrap();
    assert_eq!(stored, serde_json::json!({}));
}

/// A class may be struck off as what it allows, as far as the plan does: the plan can allow fewer outcomes, and never more.
#[test]
fn a_class_may_be_struck_off_as_both_it_and_the_plan_allow() {
    let mut plan = bare("demo".parse().unwrap());
    let both = [Outcome::Solved, Outcome::Explained];
    assert_eq!(plan.outcomes(Class::Problem), both);
    let allow = &mut plan.strike_off.allow;
    allow.insert(Class::Problem, vec![Outcome::Explained, Outcome::Answered]);
    assert_eq!(plan.outcomes(Class::Problem), [Outcome::Explained]);
    plan.strike_off.allow.insert(Class::Problem, Vec::new());
    assert!(plan.outcomes(Class::Problem).is_empty());
    // Where the plan says nothing of a class, what the class allows.
    plan.strike_off.allow.clear();
    assert_eq!(plan.outcomes(Class::Problem), both);
}

/// Plans in hand derive the facts for which there is a function, or which commands give.
#[test]
fn plans_derive_the_facts_that_have_a_function() {
    let mut plans = Plans::new("hainan".parse().unwrap());
    assert!(!plans.derives("remote") && !plans.derives("near"));
    plans.derive("remote", |_| true);
    plans.give_by_hand("near");
    assert!(plans.derives("remote") && plans.derives("near"));
    assert!(plans.is_given_by_hand("near") && !plans.is_given_by_hand("remote"));
    assert!(!plans.derives("other"));
}

fn year(facts: &[&str], from: &str, to: Option<&str>) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    plan.in_force = Some(InForce {
        from: from.parse().unwrap(),
        to: to.map(|to| to.parse().unwrap()),
    });
    let facts = facts
        .iter()
        .map(|name| FactRule::new(*name, Domain::YesNo, Given::Host));
    plan.schema.facts.extend(facts);
    plan
}

/// Who begins with a plan after a while in which none was in force sends what was sent last before: by the plan that ended last, whenever that was and
/// in whatever order the plans were taken, and of two that ended on one day by the one taken last.
#[test]
fn after_a_while_without_a_plan_people_send_what_they_sent_last() {
    let older = year(&["old"], "2025-01-01", Some("2025-12-31"));
    let last = year(&["heat"], "2026-01-01", Some("2026-12-31"));
    let same = year(&["crowd"], "2026-06-01", Some("2026-12-31"));
    let lacks = |taken: &[&Plan], wanted: &Plan| {
        let mut plans = Plans::new("hainan".parse().unwrap());
        for plan in taken {
            plans.take((*plan).clone()).unwrap();
        }
        let needs = plans.lacks(wanted, &[]).err();
        let facts = needs.into_iter().flat_map(|needs| needs.facts);
        facts.map(|need| need.fact).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let all = ["old", "heat", "crowd"];
    for from in ["2027-01-01", "2027-01-02", "2028-05-01"] {
        let wanted = year(&all, from, None);
        assert_eq!(lacks(&[&older, &last], &wanted), ["old", "crowd"], "{from}");
        assert_eq!(lacks(&[&last, &older], &wanted), ["old", "crowd"], "{from}");
        assert_eq!(lacks(&[&last, &same], &wanted), ["old", "heat"], "{from}");
        assert_eq!(lacks(&[&same, &last], &wanted), ["old", "crowd"], "{from}");
        assert_eq!(lacks(&[&older], &wanted), ["heat", "crowd"], "{from}");
        assert_eq!(lacks(&[], &wanted), none, "{from}");
    }
    // From the last day on, the plan of that day is still the one they send by.
    let wanted = year(&all, "2026-12-31", None);
    assert_eq!(lacks(&[&older, &last], &wanted), ["old", "crowd"]);
    // One whose days are the wrong way round is in force on none of them: what ended before the first of them was sent last before it.
    let turned = year(&all, "2026-12-31", Some("2026-01-01"));
    assert_eq!(lacks(&[&older, &last], &turned), ["heat", "crowd"]);
    // Before there was any plan nobody sent anything.
    let before = year(&all, "2020-01-01", Some("2020-12-31"));
    assert_eq!(lacks(&[&older, &last], &before), none);
}

/// What a plan wants is told with who gives it and what it takes.
#[test]
fn a_fact_that_is_wanted_is_told_with_who_gives_it() {
    let before = bare("demo".parse().unwrap());
    let wanted = year(&["crowd"], "2026-01-01", None);
    let needs = wanted.needs(&before, &[]).unwrap_err();
    let told: Vec<String> = needs.facts.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["`crowd` from the host, with the message or by `set_fact`, true or false"]
    );
}

fn pause(plan: &mut Plan, kind: PauseKind) {
    plan.pauses.push(PauseRule {
        reason: "听证".into(),
        side: PauseSide::Statutory,
        most: Span::WorkingDays(5),
        times: 1,
        kind,
        holds: Vec::new(),
        when: None,
    });
}

fn extend(plan: &mut Plan, kind: ClockKind) {
    let mut clocks = plan.clocks.iter_mut();
    let clock = clocks.find(|clock| clock.kind == kind).unwrap();
    clock.extension = Some(ExtensionRule {
        times: 1,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by: Role::Supervisor,
        told: false,
        rearms: false,
        when: None,
    });
}

type Change = fn(&mut Plan);

/// What a pack says on what grounds, or how long, brings the commands that need it, and no others; all other commands are taken whatever it says.
#[test]
fn a_plan_takes_the_commands_for_which_it_says_something() {
    use CommandName as C;
    let mut plain = bare("demo".parse().unwrap());
    plain.pauses.clear();
    let refused = |plan: &Plan| -> BTreeSet<C> {
        let all = C::ALL.iter().copied();
        all.filter(|name| !plan.takes(*name)).collect()
    };
    let open = BTreeSet::from([
        C::Decline,
        C::Pause,
        C::Resume,
        C::Exclude,
        C::AskExtension,
        C::GrantExtension,
        C::Signal,
    ]);
    assert_eq!(refused(&plain), open);
    let brings: [(Change, &[C]); 6] = [
        (
            |plan| {
                plan.declines.push(DeclineRule {
                    ground: DeclineGround::Emergency,
                    when: Decision::new(RuleId::new("decline"), Diagram::constant(true)),
                    told: "110".into(),
                });
            },
            &[C::Decline],
        ),
        (|plan| pause(plan, PauseKind::Waits), &[C::Pause, C::Resume]),
        (
            |plan| pause(plan, PauseKind::Restarts),
            &[C::Pause, C::Resume],
        ),
        (|plan| pause(plan, PauseKind::Excludes), &[C::Exclude]),
        (
            |plan| extend(plan, ClockKind::Redo),
            &[C::AskExtension, C::GrantExtension],
        ),
        (
            |plan| {
                plan.signals.push(SignalRule {
                    name: "heat".into(),
                    rule: RuleId::new("signal(heat)"),
                    title: "热".into(),
                    when: None,
                    window: Span::CalendarDays(30),
                    provenance: Provenance::Unsaid,
                });
            },
            &[C::Signal],
        ),
    ];
    for (change, names) in brings {
        let mut plan = plain.clone();
        change(&mut plan);
        let names: BTreeSet<C> = names.iter().copied().collect();
        assert_eq!(&open - &names, refused(&plan), "{names:?}");
    }
}

/// A fact takes whatever another took where it has all the values of the other, of the same kind: borders, too, and labels in any order.
#[test]
fn values_are_covered_by_all_of_the_same_kind() {
    let whole = |least: i64, most: i64| Domain::Whole { least, most };
    let share = |least: i64, most: i64| Domain::Percent { least, most };
    let labels = |all: &[&str]| Domain::Labels(all.iter().map(|it| (*it).to_owned()).collect());
    for (own, other, covers) in [
        (Domain::YesNo, Domain::YesNo, true),
        (labels(&["甲", "乙"]), labels(&["乙", "甲"]), true),
        (labels(&["甲", "乙"]), labels(&["乙"]), true),
        (labels(&["乙"]), labels(&["甲", "乙"]), false),
        (whole(0, 9), whole(0, 9), true),
        (whole(0, 9), whole(1, 8), true),
        (whole(0, 9), whole(-1, 9), false),
        (whole(0, 9), whole(0, 10), false),
        (share(0, 9), share(0, 9), true),
        (share(1, 9), share(0, 9), false),
        (share(0, 9), share(0, 10), false),
        (whole(0, 9), share(0, 9), false),
        (share(0, 9), whole(0, 9), false),
        (Domain::YesNo, whole(0, 1), false),
        (labels(&["甲", "乙"]), Domain::YesNo, false),
    ] {
        assert_eq!(own.covers(&other), covers, "{own:?} {other:?}");
    }
}

/// A fact is wanted that must be given now and need not, or could not, be given there before; one that comes in at another door than before, where it
/// is refused as it was sent; and one of which some values are no longer taken. What nobody outside gives is wanted of nobody.
#[test]
fn a_fact_is_wanted_that_was_not_given_so_before() {
    let plan = |fact: Option<(Given, bool)>| {
        let mut plan = bare("demo".parse().unwrap());
        plan.schema.facts.extend(fact.map(|(given, may)| FactRule {
            otherwise: may.then(|| true.into()),
            ..FactRule::new("f", Domain::YesNo, given)
        }));
        plan
    };
    let (must, may) = (false, true);
    for (before, next, wanted) in [
        (None, (Given::Host, must), true),
        (None, (Given::Citizen, must), true),
        (None, (Given::Intake, must), true),
        (None, (Given::Host, may), false),
        (None, (Given::Reply, must), false),
        (None, (Given::Derived, must), false),
        (Some((Given::Host, must)), (Given::Host, must), false),
        (Some((Given::Host, must)), (Given::Citizen, must), false),
        (Some((Given::Host, must)), (Given::Host, may), false),
        (Some((Given::Host, may)), (Given::Host, may), false),
        (Some((Given::Host, may)), (Given::Host, must), true),
        (Some((Given::Host, may)), (Given::Citizen, must), true),
        (Some((Given::Host, must)), (Given::Intake, must), true),
        (Some((Given::Host, must)), (Given::Intake, may), true),
        (Some((Given::Intake, must)), (Given::Host, may), true),
        (Some((Given::Derived, must)), (Given::Host, may), false),
        (Some((Given::Derived, must)), (Given::Host, must), true),
        (Some((Given::Host, must)), (Given::Derived, must), false),
    ] {
        let (old, new) = (plan(before), plan(Some(next)));
        assert_eq!(new.needs(&old, &[]).is_err(), wanted, "{before:?} {next:?}");
        assert_eq!(new.needs(&old, &["f"]), Ok(()));
    }
    // Fewer values than before, whether or not it may be left out; the values given today are told with it.
    let crowd = |most: i64| {
        let mut plan = bare("demo".parse().unwrap());
        plan.schema.facts.push(FactRule {
            otherwise: Some(0.into()),
            ..FactRule::new("crowd", Domain::Whole { least: 0, most }, Given::Host)
        });
        plan
    };
    assert_eq!(crowd(9).needs(&crowd(9), &[]), Ok(()));
    assert_eq!(crowd(10).needs(&crowd(9), &[]), Ok(()));
    assert_eq!(
        crowd(8).needs(&crowd(9), &[]).unwrap_err().facts[0].to_string(),
        "`crowd` from the host, with the message or by `set_fact`, a whole number from 0 to 8, where a whole number from 0 to 9 is given today"
    );
}
