use crate::plan::{ExtensionRule, On, Plan, PlanFault, Quiet, Rung, bare};
use crate::time::{Span, Window};
use crate::words::{Class, ClockKind, ClockMark, Outcome, Role, Verb};

fn broken(change: impl FnOnce(&mut Plan)) -> Vec<PlanFault> {
    let mut plan = bare("demo".parse().unwrap());
    assert_eq!(plan.validate(), Ok(()));
    change(&mut plan);
    plan.validate().unwrap_err()
}

fn with_clock(kind: ClockKind, change: impl FnOnce(&mut crate::plan::ClockRule)) -> Vec<PlanFault> {
    broken(|plan| {
        change(
            plan.clocks
                .iter_mut()
                .find(|clock| clock.kind == kind)
                .unwrap(),
        )
    })
}

fn rung(key: &str, on: On) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: String::new(),
        acts: vec![(Verb::Remind, "owner".into())],
        when: None,
        at_once: false,
    }
}

#[test]
fn a_pack_can_tighten_the_spine_but_never_loosen_it() {
    let loose = broken(|plan| {
        plan.strike_off
            .allow
            .get_mut(&Class::Problem)
            .unwrap()
            .push(Outcome::Answered)
    });
    assert_eq!(
        loose,
        vec![PlanFault::Allow {
            class: Class::Problem,
            outcome: Outcome::Answered
        }]
    );
    let none = broken(|plan| drop(plan.strike_off.allow.remove(&Class::Idea)));
    assert_eq!(none, vec![PlanFault::AllowNone(Class::Idea)]);
    assert_eq!(
        broken(|plan| plan.overdue_every = 6),
        vec![PlanFault::OverdueEvery(6)]
    );
    assert_eq!(
        broken(|plan| plan.callback.attempts = 1),
        vec![PlanFault::Attempts(1)]
    );
    assert_eq!(
        broken(|plan| plan.clocks.retain(|c| c.kind != ClockKind::Sign)),
        vec![PlanFault::NoClock(ClockKind::Sign)]
    );
    let late = with_clock(ClockKind::Reply, |clock| clock.starts = ClockMark::Signed);
    assert_eq!(
        late,
        vec![PlanFault::Starts {
            clock: ClockKind::Reply,
            mark: ClockMark::Signed
        }]
    );
    let early = with_clock(ClockKind::Whole, |clock| {
        clock.stops = vec![ClockMark::Replied]
    });
    assert_eq!(early, vec![PlanFault::Stops(ClockKind::Whole)]);
    let lapse = with_clock(ClockKind::Reply, |clock| clock.lapses = true);
    assert_eq!(lapse, vec![PlanFault::Lapses(ClockKind::Reply)]);
}

#[test]
fn extensions_are_granted_by_supervision_or_a_leader_and_only_where_someone_answers() {
    let rule = |by| ExtensionRule {
        times: 1,
        most: Span::WorkingDays(5),
        ask_before: None,
        granted_by: by,
        total: None,
        told: false,
        rearms: false,
        when: None,
    };
    let own = with_clock(ClockKind::Reply, |clock| {
        clock.extension = Some(rule(Role::Owner))
    });
    assert_eq!(
        own,
        vec![PlanFault::GrantedBy {
            clock: ClockKind::Reply,
            by: Role::Owner
        }]
    );
    let whole = with_clock(ClockKind::Whole, |clock| {
        clock.extension = Some(rule(Role::Leader))
    });
    assert_eq!(whole, vec![PlanFault::Extended(ClockKind::Whole)]);
}

#[test]
fn ladders_are_written_in_order_of_time() {
    let days = Span::WorkingDays;
    let back = with_clock(ClockKind::Reply, |clock| {
        clock.rungs = vec![
            rung("after-5", On::After(days(5))),
            rung("after-2", On::After(days(2))),
        ];
    });
    assert_eq!(
        back,
        vec![PlanFault::RungOrder {
            clock: ClockKind::Reply,
            rung: "after-2".into()
        }]
    );
    let shares = with_clock(ClockKind::Reply, |clock| {
        clock.rungs = vec![
            rung("share-80", On::Share(80)),
            rung("share-50", On::Share(50)),
        ];
    });
    assert_eq!(
        shares,
        vec![PlanFault::RungOrder {
            clock: ClockKind::Reply,
            rung: "share-50".into()
        }]
    );
    let early = with_clock(ClockKind::Redo, |clock| {
        clock.rungs = vec![rung("before-5", On::Before(days(5)))]
    });
    assert_eq!(
        early,
        vec![PlanFault::RungBeforeStart {
            clock: ClockKind::Redo,
            rung: "before-5".into()
        }]
    );
    let idle = with_clock(ClockKind::Redo, |clock| {
        clock.rungs = vec![Rung {
            acts: vec![],
            ..rung("due", On::At)
        }]
    });
    assert_eq!(
        idle,
        vec![PlanFault::RungIdle {
            clock: ClockKind::Redo,
            rung: "due".into()
        }]
    );
    let nobody = with_clock(ClockKind::Redo, |clock| {
        clock.rungs = vec![Rung {
            acts: vec![(Verb::Warn, "ducha".into())],
            ..rung("due", On::At)
        }];
    });
    assert!(matches!(&nobody[..], [PlanFault::NoPost { post, .. }] if post == "ducha"));
}

#[test]
fn what_must_be_left_is_less_than_the_limit_and_waits_for_a_reply() {
    let leaves = |kind, span: Span| with_clock(kind, |clock| clock.leaves = Some(span));
    assert_eq!(
        leaves(ClockKind::Review, Span::WorkingDays(1)),
        vec![PlanFault::LeavesOn(ClockKind::Review)]
    );
    assert_eq!(
        leaves(ClockKind::Whole, Span::WorkingDays(0)),
        vec![PlanFault::LeavesSize(ClockKind::Whole)]
    );
    // Sixty working days are never shorter than sixty days.
    assert_eq!(
        leaves(ClockKind::Whole, Span::WorkingDays(60)),
        vec![PlanFault::Leaves {
            clock: ClockKind::Whole,
            leaves: Span::WorkingDays(60),
            witness: "always".into()
        }]
    );
    let mut plan = bare("demo".parse().unwrap());
    let whole = |clock: &&mut crate::plan::ClockRule| clock.kind == ClockKind::Whole;
    plan.clocks.iter_mut().find(whole).unwrap().leaves = Some(Span::WorkingDays(59));
    assert_eq!(plan.validate(), Ok(()));
}

#[test]
fn quiet_hours_end_and_a_ladder_ends_with_its_clock() {
    let quiet = broken(|plan| plan.quiet = Some(Quiet::Daily(Window::WHOLE_DAY)));
    assert_eq!(quiet, vec![PlanFault::Quiet]);
    let every = On::Every {
        span: Span::WorkingDays(1),
        most: 3,
    };
    let idle = with_clock(ClockKind::Rating, |clock| {
        clock.rungs = vec![rung("every-1", every)]
    });
    assert_eq!(
        idle,
        vec![PlanFault::RungUnreached {
            clock: ClockKind::Rating,
            rung: "every-1".into()
        }]
    );
}

#[test]
fn a_plan_survives_storage() {
    let plan = bare("demo".parse().unwrap());
    let text = serde_json::to_string(&plan).unwrap();
    let again: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!((again.id(), &again), (plan.id(), &plan));
}
