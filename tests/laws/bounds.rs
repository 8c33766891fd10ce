//! Bounds of a pack that nothing gets round: not another unit, not a plan adopted in between, not a correction, not a direction that came first.

use duly::plan::{Decision, Diagram, Domain, FactRule, Given, Limit, Plan, Region, SUPPLEMENT};
use duly::time::Span;
use duly::words::*;
use proptest::prelude::*;

use crate::clocks::{Play, at, correct, delivered, grant, plan};
use crate::config;
use crate::world::open;

fn ask(span: Span) -> Command {
    Command::AskExtension {
        clock: ClockKind::Reply,
        span,
        reason: Text::from("需要检测"),
    }
}

fn bounded(most: Span) -> Plan {
    let mut plan = plan();
    for clock in &mut plan.clocks {
        if let Some(rule) = &mut clock.extension {
            (rule.most, rule.total, rule.told) = (most.clone(), None, false);
        }
    }
    plan
}

// Twenty calendar days are as long as ten working days where a week of holidays lies ahead, and longer once they are added to a limit behind it.
#[test]
fn an_extension_is_bounded_where_it_is_added() {
    let mut play = Play::assigned_on("02-10", bounded(Span::WorkingDays(10)));
    assert_eq!(play.due(ClockKind::Reply), at("03-02 18:00"));
    let refused = play
        .go("owner-1 owner", "02-13 10:00", ask(Span::CalendarDays(20)))
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot `ask_extension` case `c`: extension of the `reply` clock is bounded: at most 10 working days"
    );
    play.does("owner-1 owner", "02-13 10:00", ask(Span::CalendarDays(14)));
    play.does("supervisor-1 supervisor", "02-13 11:00", grant());
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (1u32..25).prop_map(Span::WorkingDays),
        (1u32..40).prop_map(Span::CalendarDays),
        (1i64..400).prop_map(|hours| Span::Elapsed(hours * 3600)),
        (1i64..120).prop_map(|hours| Span::WorkingTime(hours * 3600)),
    ]
}

proptest! {
    #![proptest_config(config())]

    // However it is written, an extension makes nothing due later than the longest that the pack has, added to the same due moment.
    #[test]
    fn no_extension_goes_beyond_the_longest(most in span(), asked in span(), day in 3u32..13) {
        let begun = |span: &Span| {
            let mut play = Play::assigned(bounded(most.clone()));
            let asked = play.go("owner-1 owner", &format!("03-{day:02} 10:00"), ask(span.clone()));
            (play, asked)
        };
        let granted = |mut play: Play| {
            play.does("supervisor-1 supervisor", "03-13 11:00", grant());
            play.due(ClockKind::Reply)
        };
        let (longest, taken) = begun(&most);
        taken.unwrap();
        let latest = granted(longest);
        match begun(&asked) {
            (play, Ok(())) => prop_assert!(granted(play) <= latest),
            (_, Err(refused)) => prop_assert!(matches!(*refused.why, Why::Bound { .. }), "{}", refused),
        }
    }
}

fn adopt(play: &mut Play, plan: Plan, when: &str) {
    let plan = play.plans.take(plan).unwrap();
    let adopt = Command::AdoptPlan {
        plan,
        approved_by: Some("leader-1".parse().unwrap()),
        facts: Facts::new(),
    };
    play.does("supervisor-1 supervisor", when, adopt);
}

// Asked for under a plan of before, an extension is granted by the rules of now: not where there are none any more, nor beyond what they allow.
#[test]
fn what_was_asked_for_is_granted_by_the_rules_of_now() {
    let mut play = Play::assigned(bounded(Span::WorkingDays(10)));
    play.does("owner-1 owner", "03-03 10:00", ask(Span::WorkingDays(8)));
    adopt(&mut play, bounded(Span::WorkingDays(3)), "03-04 09:00");
    let refused = play
        .go("supervisor-1 supervisor", "03-04 10:00", grant())
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot `grant_extension` case `c`: extension of the `reply` clock is bounded: at most 3 working days"
    );
    let mut none = plan();
    for clock in &mut none.clocks {
        clock.extension = None;
    }
    adopt(&mut play, none, "03-05 09:00");
    let refused = play
        .go("supervisor-1 supervisor", "03-05 10:00", grant())
        .unwrap_err();
    assert!(matches!(*refused.why, Why::NotOffered { .. }), "{refused}");
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
}

// A pack that says nothing of completing a message gives ten working days for it, and no correction makes them more.
#[test]
fn asking_the_citizen_is_bounded_where_the_pack_says_nothing() {
    let mut bare = plan();
    bare.pauses.retain(|rule| rule.reason != SUPPLEMENT);
    let mut play = Play::new(bare);
    let question = Command::AskCitizen {
        question: Text::from("哪条路"),
    };
    let answer = Command::Supplement {
        answer: Text::from("村口"),
    };
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 10:00", question);
    play.does("citizen citizen", "03-03 10:00", answer);
    let entry = play.version(|event| matches!(event, Event::Resumed { .. }));
    let refused = play
        .go(
            "supervisor-1 supervisor",
            "06-10 09:00",
            correct(entry, at("06-09 09:00")),
        )
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot `correct` case `c`: pause for `补正` is bounded: at most 10 working days"
    );
    play.does(
        "supervisor-1 supervisor",
        "06-10 09:00",
        correct(entry, at("03-06 09:00")),
    );
}

/// Ten working days to reply; five where the matter is urgent.
fn by_urgency() -> Plan {
    let mut plan = plan();
    plan.schema.facts.push(FactRule {
        moves: true,
        otherwise: Some(FactValue::Yes(false)),
        ..FactRule::new("urgent", Domain::YesNo, Given::Intake)
    });
    let urgent = plan.schema.index("urgent").unwrap();
    let region = |code: i64, days: u32| Region {
        bounds: [(urgent, (code, code))].into(),
        answer: Limit::Span(Span::WorkingDays(days)),
    };
    let diagram = Diagram::from_regions(&plan.schema, vec![region(0, 10), region(1, 5)]);
    for clock in &mut plan.clocks {
        if clock.kind == ClockKind::Reply {
            clock.within = Decision::new(RuleId::new("within"), diagram.clone().unwrap());
        }
    }
    plan
}

fn urgent(yes: bool) -> Command {
    Command::SetFact {
        name: "urgent".into(),
        value: FactValue::Yes(yes),
    }
}

fn direct(within: Span) -> Command {
    Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(within),
        track: false,
        lead: None,
    }
}

// A fact that shortens a limit counts it from where the limit began, also where a direction had brought it forward: due is the earlier of what
// was and of the later of begin + limit and now + floor.
#[test]
fn a_fact_counts_from_where_the_limit_began_after_a_direction_too() {
    let mut play = Play::assigned(by_urgency());
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    play.does(
        "leader-1 leader",
        "03-04 09:00",
        direct(Span::WorkingDays(6)),
    );
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
    play.does("intake-1 intake", "03-05 09:00", urgent(true));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    // The floor, once it was given, is not given again.
    let mut play = Play::assigned(by_urgency());
    play.does("intake-1 intake", "03-11 09:00", urgent(true));
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
    play.does("intake-1 intake", "03-11 10:00", urgent(false));
    play.does("intake-1 intake", "03-12 09:00", urgent(true));
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
}

proptest! {
    #![proptest_config(config())]

    // Whatever was directed, extended or set by a fact before: after a fact that says five days the reply is due no later than before, and, unless
    // that would be before the floor from now, no later than five days from where it began and what it was extended by.
    #[test]
    fn a_fact_that_shortens_does_so_whatever_came_before(
        before in prop::collection::vec((0u8..3, 1u32..9), 0..4),
        on in 3u32..13,
    ) {
        let mut play = Play::assigned(by_urgency());
        let mut extended = 0;
        for (step, (what, days)) in before.into_iter().enumerate() {
            let when = format!("03-02 1{}:00", 1 + step);
            match what {
                0 => play.does("leader-1 leader", &when, direct(Span::WorkingDays(days))),
                1 => play.does("intake-1 intake", &when, urgent(false)),
                _ => {
                    if play.go("owner-1 owner", &when, crate::clocks::ask(days.min(2))).is_err() {
                        continue;
                    }
                    play.does("supervisor-1 supervisor", &when, grant());
                    let granted = play.version(|event| matches!(event, Event::ExtensionGranted { .. }));
                    extended += days.min(2);
                    play.does("system system", &when, delivered(granted))
                }
            };
        }
        let was = play.due(ClockKind::Reply);
        let when = format!("03-{on:02} 09:00");
        if at(&when) > was {
            return Ok(());
        }
        play.does("intake-1 intake", &when, urgent(true));
        let due = play.due(ClockKind::Reply);
        let calendar = &play.plans.latest().unwrap().calendar;
        let ends = |from: chrono::NaiveDate, days: u32| {
            let day = calendar.nth_working_day_after(from, i64::from(days)).unwrap();
            calendar.close_of(day).unwrap()
        };
        let date = |text: &str| at(text).date(calendar.zone());
        let by_rule = ends(date("03-02 10:00"), 5 + extended);
        let floor = ends(date(&when), 1);
        prop_assert_eq!(due, was.min(by_rule.max(floor)));
    }
}
