//! Which plan a new case comes under: the one that is in force on the date of receipt, whenever it came in hand.

use chrono::{Days, NaiveDate};
use duly::case::facts_row;
use duly::desk::rows::Kept;
use duly::desk::{Desk, Ledger, MemoryLedger};
use duly::plan::{InForce, Plan, Plans, bare, received_on};
use duly::time::Moment;
use duly::words::{Command, Envelope, FactValue, Lang, PlanId, Role, Why};
use proptest::prelude::*;

use super::tries::config;
use super::{actor, board, case, done, envelope, noted, on_every_ledger, open};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A plan of that name, in force from a day to another; always, without.
fn plan(name: &str, from: Option<&str>, to: Option<&str>) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    plan.edition = name.into();
    plan.in_force = from.map(|from| InForce {
        from: date(from),
        to: to.map(date),
    });
    assert_eq!(plan.validate(), Ok(()));
    plan
}

fn year(name: &str) -> Plan {
    let (from, to) = (format!("{name}-01-01"), format!("{name}-12-31"));
    plan(name, Some(&from), Some(&to))
}

fn offered(all: &[Plan]) -> Plans {
    let mut plans = Plans::new(board());
    for plan in all {
        plans.take(plan.clone()).unwrap();
    }
    plans
}

fn received(of: &str, at: &str) -> Envelope {
    Envelope {
        at: Moment::parse(at).unwrap(),
        ..envelope(&format!("open-{of}"), of, Role::Intake, 0, open(of))
    }
}

/// The edition of the plan that a case is under.
fn under<L: Ledger>(desk: &Desk<L>, of: &str) -> String {
    let id = desk.case(&case(of)).unwrap().unwrap().plan().clone();
    desk.plans().get(&id).unwrap().plan.edition.clone()
}

#[test]
fn the_date_is_that_of_the_zone_to_the_second() {
    on_every_ledger(|desk| {
        // A plan without dates is in hand already; next year's and the one after come in ahead of time.
        desk.reload(year("2027")).unwrap();
        desk.reload(year("2028")).unwrap();
        // 16:00 of universal time is midnight in Shanghai.
        let cases = [
            ("a", "2026-12-31T15:59:59Z", ""),
            ("b", "2026-12-31T16:00:00Z", "2027"),
            ("c", "2027-12-31T23:59:59+08:00", "2027"),
            ("d", "2028-01-01T00:00:00+08:00", "2028"),
            ("e", "2028-12-31T23:59:59+08:00", "2028"),
            ("f", "2029-01-01T00:00:00+08:00", ""),
        ];
        for (of, at, _) in cases.iter().rev() {
            done(&desk, received(of, at));
        }
        for (of, _, edition) in cases {
            assert_eq!(under(&desk, of), edition, "{of}");
        }
        desk.verify().unwrap();
    });
}

#[test]
fn where_periods_overlap_the_plan_offered_last_goes_before() {
    let (all, half) = (year("2027"), plan("half", Some("2027-07-01"), None));
    let at = |plans: &Plans, at: &str| {
        let found = plans.at(Moment::parse(at).unwrap());
        found.map(|hand| hand.plan.edition.clone())
    };
    let (spring, autumn) = ("2027-03-01T09:00:00+08:00", "2027-09-01T09:00:00+08:00");
    let two = offered(&[all.clone(), half.clone()]);
    assert_eq!(at(&two, spring).as_deref(), Some("2027"));
    assert_eq!(at(&two, autumn).as_deref(), Some("half"));
    let turned = offered(&[half.clone(), all.clone()]);
    assert_eq!(at(&turned, autumn).as_deref(), Some("2027"));
    // Offered once more, it goes before again.
    let again = offered(&[half.clone(), all, half]);
    assert_eq!(at(&again, autumn).as_deref(), Some("half"));
    assert_eq!(again.iter().count(), 2);
    assert_eq!(again.latest().unwrap().plan.edition, "half");
}

#[test]
fn next_years_plan_does_not_disturb_what_was_received_before() {
    on_every_ledger(|desk| {
        done(&desk, received("old", "2026-12-30T09:00:00+08:00"));
        let before = desk.case(&case("old")).unwrap().unwrap();
        desk.reload(year("2027")).unwrap();
        assert_eq!(desk.case(&case("old")).unwrap().unwrap(), before);
        // It goes on under its own plan when the next one is in force.
        let _ = desk
            .advance(Moment::parse("2027-02-01T09:00:00+08:00").unwrap())
            .unwrap();
        let at = desk.case(&case("old")).unwrap().unwrap().last_at();
        done(
            &desk,
            Envelope {
                at,
                ..noted("n1", "old", 0, "仍按旧办法")
            },
        );
        assert_eq!(under(&desk, "old"), "");
        // What is entered late counts from when it was received.
        done(&desk, received("new", "2027-01-05T09:00:00+08:00"));
        done(&desk, received("late", "2026-12-31T17:00:00+08:00"));
        assert_eq!(
            (under(&desk, "new"), under(&desk, "late")),
            ("2027".into(), String::new())
        );
        desk.verify().unwrap();
    });
}

#[test]
fn after_a_restart_the_same_list_answers_the_same() {
    let list = [year("2026"), plan("rest", None, None), year("2027")];
    let ledger = MemoryLedger::new(board());
    let moments = [
        "2026-06-01T09:00:00+08:00",
        "2027-06-01T09:00:00+08:00",
        "2028-06-01T09:00:00+08:00",
    ];
    let first = Desk::new(&ledger, offered(&list)).unwrap();
    for (number, at) in moments.iter().enumerate() {
        done(&first, received(&format!("a{number}"), at));
    }
    let again = Desk::new(&ledger, offered(&list)).unwrap();
    for (number, at) in moments.iter().enumerate() {
        done(&again, received(&format!("b{number}"), at));
        assert_eq!(
            under(&again, &format!("a{number}")),
            under(&again, &format!("b{number}"))
        );
    }
    assert_eq!(under(&again, "b0"), "rest");
    assert_eq!(under(&again, "b1"), "2027");
}

#[test]
fn without_a_plan_in_force_nothing_is_opened_and_nothing_remembered() {
    let desk = Desk::new(
        MemoryLedger::new(board()),
        offered(&[year("2026"), year("2028")]),
    )
    .unwrap();
    let refused = |at: &str| {
        let answer = desk.submit(received("m", at)).unwrap();
        let refusal = answer.refusal().unwrap().clone();
        assert!(matches!(*refusal.why, Why::NotInForce { .. }));
        let stored = serde_json::to_string(&refusal).unwrap();
        assert_eq!(
            serde_json::from_str::<duly::words::Refusal>(&stored).unwrap(),
            refusal
        );
        format!("{}\n{}\n", refusal.say(Lang::En), refusal.say(Lang::Zh))
    };
    let told = [
        "2025-12-31T23:59:59+08:00",
        "2027-01-01T00:00:00+08:00",
        "2029-01-01T00:00:00+08:00",
    ]
    .map(refused)
    .concat();
    insta::assert_snapshot!(told, @r"
    cannot `open` case `m`: no plan is in force on 2025-12-31; the next one is from 2026-01-01 on
    本件“m”不能登记:2025-12-31 没有正在施行的规则,下一份自 2026-01-01 起施行
    cannot `open` case `m`: no plan is in force on 2027-01-01; the last one was until 2026-12-31; the next one is from 2028-01-01 on
    本件“m”不能登记:2027-01-01 没有正在施行的规则,前一份规则施行到 2026-12-31 为止,下一份自 2028-01-01 起施行
    cannot `open` case `m`: no plan is in force on 2029-01-01; the last one was until 2028-12-31; load one that is in force then
    本件“m”不能登记:2029-01-01 没有正在施行的规则,前一份规则施行到 2028-12-31 为止;请先装入当日施行的规则
    ");
    assert_eq!(desk.case(&case("m")).unwrap(), None);
    let gaps: Vec<String> = desk
        .plans()
        .gaps()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        gaps,
        [
            "until 2025-12-31",
            "2027-01-01 to 2027-12-31",
            "from 2029-01-01"
        ]
    );
    // The host mends it, and the same command is answered anew.
    desk.reload(year("2027")).unwrap();
    done(&desk, received("m", "2027-01-01T00:00:00+08:00"));
    assert_eq!(under(&desk, "m"), "2027");
}

#[test]
fn time_opens_nothing() {
    let desk = Desk::new(MemoryLedger::new(board()), offered(&[year("2027")])).unwrap();
    let tick = envelope("t", "m", Role::System, 0, Command::Tick {});
    let answer = desk.submit(tick).unwrap();
    assert_eq!(*answer.refusal().unwrap().why, Why::NoCase);
}

/// A plan that comes in hand because an old case is under it is none for new cases, on whatever date they are received.
#[test]
fn a_plan_held_for_an_old_case_is_not_offered_to_new_ones() {
    on_every_ledger(|desk| {
        done(&desk, received("old", "2026-03-02T09:00:00+08:00"));
        let later = Desk::new(desk.ledger(), offered(&[year("2027")])).unwrap();
        done(&later, noted("n1", "old", 1, "…"));
        assert_eq!(later.plans().iter().count(), 2);
        assert_eq!(later.plans().gaps().len(), 2);
        let refused = later
            .submit(received("m", "2026-03-03T09:00:00+08:00"))
            .unwrap();
        assert!(refused.refusal().is_some());
        done(&later, received("m", "2027-03-03T09:00:00+08:00"));
        assert_eq!(
            (under(&later, "old"), under(&later, "m")),
            (String::new(), "2027".into())
        );
    });
}

/// What a ledger holds from before plans had dates: the plan as it was written then.
const BEFORE: &str = include_str!("stored/plan-before-dates.json");
const BEFORE_ID: &str = "df38602a3e89b8bfef49b6f93475eeb2defe156675d6a6454029a8f92e4ee0b4";

/// A plan that was stored before plans had dates is read as it is, under the same identity, and its cases go on.
#[test]
fn a_plan_stored_before_there_were_dates_still_serves_its_cases() {
    let old: Plan = serde_json::from_str(BEFORE).unwrap();
    let id: PlanId = BEFORE_ID.parse().unwrap();
    assert_eq!(
        (old.id(), old.validate(), old.in_force),
        (id.clone(), Ok(()), None)
    );
    assert_eq!(serde_json::to_string(&old).unwrap(), BEFORE.trim_end());
    on_every_ledger(|desk| {
        let kept = (Kept::Plan, id.as_str());
        desk.ledger()
            .keep(kept.0, kept.1, BEFORE.trim_end())
            .unwrap();
        let then = Desk::new(desk.ledger(), offered(std::slice::from_ref(&old))).unwrap();
        done(&then, received("old", "2026-03-02T09:00:00+08:00"));
        // Years later, with plans in hand that know of dates.
        let now = Desk::new(desk.ledger(), offered(&[dated()])).unwrap();
        done(&now, noted("n1", "old", 60, "…"));
        let _ = now
            .advance(Moment::parse("2026-06-01T09:00:00+08:00").unwrap())
            .unwrap();
        assert_eq!(*now.case(&case("old")).unwrap().unwrap().plan(), id);
        now.verify().unwrap();
        // And it may go over to one of them.
        let at = now.case(&case("old")).unwrap().unwrap().last_at();
        let adopt = Command::AdoptPlan {
            plan: dated().id(),
            approved_by: None,
            facts: Default::default(),
        };
        let adopt = Envelope {
            at,
            ..envelope("a1", "old", Role::Supervisor, 0, adopt)
        };
        done(&now, adopt);
        now.verify().unwrap();
    });
}

/// A plan whose rules can depend on the date of receipt.
fn dated() -> Plan {
    let mut plan = plan("dated", Some("2026-01-01"), None);
    plan.schema.facts.push(received_on());
    assert_eq!(plan.validate(), Ok(()));
    plan
}

#[test]
fn the_date_of_receipt_is_nobodys_to_give_and_never_changes() {
    let desk = Desk::new(MemoryLedger::new(board()), offered(&[dated()])).unwrap();
    let mut given = received("m", "2026-12-31T16:30:00Z");
    let honest = given.clone();
    if let Command::Open { facts, .. } = &mut given.command {
        facts.insert("received_on".into(), "2020-01-01".into());
    }
    given.id = "lie".parse().unwrap();
    let answer = desk.submit(given).unwrap();
    assert!(matches!(
        *answer.refusal().unwrap().why,
        Why::FactNotGivenHere { .. }
    ));
    done(&desk, honest);
    let known = || {
        let case = desk.case(&case("m")).unwrap().unwrap();
        let plans = desk.plans();
        let plan = &plans.get(case.plan()).unwrap().plan;
        let at = plan.schema.index("received_on").unwrap();
        received_on().domain.value(facts_row(plan, &case).code(at))
    };
    assert_eq!(known(), FactValue::from("2027-01-01"));
    let _ = desk
        .advance(Moment::parse("2027-03-01T09:00:00+08:00").unwrap())
        .unwrap();
    let last = desk.case(&case("m")).unwrap().unwrap().last_at();
    assert!(last > Moment::parse("2027-01-02T09:00:00+08:00").unwrap());
    assert_eq!(known(), FactValue::from("2027-01-01"));
    let set = Command::SetFact {
        name: "received_on".into(),
        value: "2020-01-01".into(),
    };
    let by = actor(Role::System);
    let set = Envelope {
        at: last,
        by,
        ..envelope("s", "m", Role::System, 0, set)
    };
    assert!(desk.submit(set).unwrap().refusal().is_some());
    assert_eq!(known(), FactValue::from("2027-01-01"));
}

/// Whether a period holds on a day, said anew.
fn holds(period: Option<(u64, Option<u64>)>, day: u64) -> bool {
    match period {
        None => true,
        Some((from, None)) => from <= day,
        Some((from, Some(length))) => (from..=from + length).contains(&day),
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// The plan of a new case is the last one offered that is in force on the local date of receipt, whatever the plans, their order and
    /// their periods; and the gaps are the dates on which there is none.
    #[test]
    fn the_plan_is_the_last_one_offered_that_is_in_force(
        periods in prop::collection::vec(prop::option::weighted(0.9, (0_u64..60, prop::option::of(0_u64..30))), 0..6),
        held in prop::option::of(0_u64..60), days in prop::collection::vec(0_u64..100, 12), second in 0_i64..86_400,
    ) {
        let first = date("2026-12-01");
        let of = |period: Option<(u64, Option<u64>)>, name: &str| {
            let mut plan = plan(name, None, None);
            plan.in_force = period.map(|(from, length)| InForce {
                from: first + Days::new(from),
                to: length.map(|length| first + Days::new(from + length)),
            });
            plan
        };
        let mut plans = Plans::new(board());
        for (number, period) in periods.iter().enumerate() {
            plans.take(of(*period, &number.to_string())).unwrap();
        }
        // One that old cases are under makes no difference.
        if let Some(from) = held {
            plans.hold(of(Some((from, None)), "held")).unwrap();
        }
        let gaps = plans.gaps();
        for day in days {
            let on = first + Days::new(day);
            let local = on.and_hms_opt(0, 0, 0).unwrap();
            let at = "Asia/Shanghai".parse::<duly::time::Zone>().unwrap().first(local).plus(second);
            let expected = (0..periods.len()).rev().find(|number| holds(periods[*number], day));
            let chosen = plans.at(at).map(|hand| hand.plan.edition.clone());
            prop_assert_eq!(&chosen, &expected.map(|number| number.to_string()), "on {}", on);
            prop_assert_eq!(gaps.iter().any(|gap| gap.holds(on)), expected.is_none(), "on {}", on);
        }
        for two in gaps.windows(2) {
            prop_assert!(two[0].to.unwrap().succ_opt() < two[1].from, "gaps rise and are as long as they can be");
        }
    }
}
