//! Which clocks may run longer under other rules than under those before.

use duly::plan::{Diagram, Given, Plan, Uncovered};
use duly::time::{Counting, Hours, Zone};
use duly::words::{ClockKind, ClockMark};

use super::{Change, FACTS, both, by, clock, days, holds, over, within};

const NO_CLOCK: [(ClockKind, String); 0] = [];

/// Which clocks may run longer, in words.
fn longer(plan: &Plan, before: &Plan) -> Vec<(ClockKind, String)> {
    let all = plan.runs_longer(before).into_iter();
    all.map(|(kind, it)| (kind, it.to_string())).collect()
}

/// A clock runs longer where its limit does for some case, where it is counted otherwise, or where it is gone; and with a clock, its shares. A
/// share of it that the plan gives anew is told by itself.
#[test]
fn clocks_that_may_run_longer_are_told_one_by_one() {
    let before = over(&FACTS);
    let told = |change: Change| {
        let mut plan = before.clone();
        change(&mut plan);
        longer(&plan, &before)
    };
    let reply_and_share = |what: &str| {
        let kinds = [ClockKind::Reply, ClockKind::CoReply];
        kinds.map(|kind| (kind, what.to_owned())).to_vec()
    };
    assert_eq!(told(|_| ()), NO_CLOCK);
    assert_eq!(
        told(|plan| {
            let limit = by(plan, "urgent", days(20), days(5));
            within(plan, ClockKind::Reply, limit);
        }),
        reply_and_share(
            "the `reply` clock runs for 20 working days, in the base for 15 working days, when urgent = true"
        )
    );
    assert_eq!(
        told(|plan| within(plan, ClockKind::Reply, Diagram::constant(days(15)))),
        NO_CLOCK
    );
    let counted = "how the `reply` clock is counted is not the base's";
    let ways: [Change; 3] = [
        |plan| clock(plan, ClockKind::Reply).starts = ClockMark::Received,
        |plan| clock(plan, ClockKind::Reply).stops = vec![ClockMark::Published],
        |plan| clock(plan, ClockKind::Reply).counting = Counting::uk_foi(),
    ];
    for change in ways {
        assert_eq!(told(change), reply_and_share(counted));
    }
    assert_eq!(
        told(|plan| plan.clocks.retain(|it| it.kind != ClockKind::Review)),
        [(ClockKind::Review, "the clock `review` is gone".to_owned())]
    );
    // Whatever all clocks are counted by makes each of them another.
    let ways: [Change; 4] = [
        |plan| plan.zone = Zone::UTC,
        |plan| plan.hours = Hours::weekdays(vec!["09:00-17:00".parse().unwrap()]),
        |plan| plan.holidays.clear(),
        |plan| plan.uncovered = Uncovered::Refuse,
    ];
    for change in ways {
        let all = before.clocks.iter().map(|clock| {
            let kind = clock.kind;
            let what = format!("how the `{kind}` clock is counted is not the base's");
            (kind, what)
        });
        assert_eq!(told(change), all.collect::<Vec<_>>());
    }
}

/// Of plans with facts in another order a limit that is the same in words is the same; one that differs may be longer, unless no limit of it is longer
/// than any that there was.
#[test]
fn limits_are_compared_in_words_where_facts_stand_in_another_order() {
    let of = |first: &str, yes: u32, no: u32| {
        let mut plan = over(&[(first, Given::Host), ("urgent", Given::Host)]);
        let limit = by(&plan, "urgent", days(yes), days(no));
        within(&mut plan, ClockKind::Reply, limit);
        plan
    };
    let before = of("one", 5, 10);
    let told = |yes: u32, no: u32| {
        let mut found = of("other", yes, no).runs_longer(&before);
        found.remove(&ClockKind::Reply).map(|it| it.to_string())
    };
    let unlike = "the limits of the `reply` clock cannot be compared with the base's";
    let unlike: Option<String> = Some(unlike.into());
    assert_eq!(told(5, 10), None, "the same");
    assert_eq!(told(10, 5), unlike, "the other way round");
    assert_eq!(told(5, 12), unlike, "one is longer than both");
    assert_eq!(told(6, 7), unlike, "longer than the one, and not the other");
    assert_eq!(told(4, 5), None, "none longer than any");
    assert_eq!(told(1, 2), None, "all shorter");
}

/// A limit that reads a fact which is another in a case that is the same may be longer there, and its shares with it; the case is shown where it is
/// not every case, and a limit that is shorter so is not told.
#[test]
fn a_limit_may_run_longer_by_what_a_fact_is_that_nobody_gave() {
    let told = |from: bool, to: bool, condition: bool| {
        let mut before = over(&[("urgent", Given::Host), ("flood", Given::Host)]);
        let fact = before.schema.index("urgent").unwrap();
        before.schema.facts[fact].otherwise = Some(from.into());
        let urgent = match condition {
            true => both(&holds(&before, "urgent"), &holds(&before, "flood")),
            false => holds(&before, "urgent"),
        };
        let limit = urgent.map(|urgent| if *urgent { days(20) } else { days(10) });
        within(&mut before, ClockKind::Reply, limit);
        let mut plan = before.clone();
        plan.schema.facts[fact].otherwise = Some(to.into());
        longer(&plan, &before)
    };
    let both = |case: &str| {
        let what = "the limit of the `reply` clock reads a fact that is not the base's";
        let kinds = [ClockKind::Reply, ClockKind::CoReply];
        kinds.map(|kind| (kind, format!("{what}{case}"))).to_vec()
    };
    assert_eq!(told(false, true, false), both(""));
    assert_eq!(told(false, true, true), both(", when flood = true"));
    assert_eq!(told(true, false, false), NO_CLOCK);
    assert_eq!(told(false, false, false), NO_CLOCK);
}
