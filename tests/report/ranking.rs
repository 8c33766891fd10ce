//! 排名, where the pack asks for it.

use duly::plan::{RankBy, RankingRule};
use duly::report::{Bulletin, Period, Rate, bulletin};
use duly::time::Moment;
use duly::words::{Lang, Level, Outcome};

use crate::world::World;

/// Replies of five units: two and one of two on time, all of one twice, none, and one of one.
fn world(ranking: Option<RankingRule>) -> World {
    let mut w = World::with(|plan| plan.bulletin.ranking = ranking);
    let rows = [
        ("a1", "u-a", true),
        ("a2", "u-a", false),
        ("b1", "u-b", true),
        ("b2", "u-b", true),
        ("c1", "u-c", true),
        ("c2", "u-c", true),
        ("d1", "u-d", false),
        ("d2", "u-d", false),
        ("e1", "u-e", true),
    ];
    for (case, unit, _) in rows {
        w.opens(case, "632521", "09-01 09:00");
        w.reaches(case, unit, "09-01");
    }
    for (case, unit, _) in rows.iter().filter(|it| it.2) {
        w.replies(case, unit, "09-03 10:00");
    }
    w.tick(crate::world::at("09-15 10:00"));
    w
}

fn of(w: &World) -> Bulletin {
    let board = duly::report::Board::fold(&w.records, None).unwrap();
    bulletin(&board, &w.plan, Period::new(Moment::MIN, Moment::MAX))
}

fn by(by: RankBy, at_least: u32) -> Option<RankingRule> {
    Some(RankingRule { by, at_least })
}

#[test]
fn a_bulletin_ranks_only_where_the_pack_asks() {
    assert_eq!(of(&world(None)).ranking, None);
    assert!(of(&world(by(RankBy::OnTime, 1))).ranking.is_some());
}

#[test]
fn equal_rates_share_a_rank_and_too_few_cases_have_none() {
    let told = of(&world(by(RankBy::OnTime, 2)));
    let ranking = told.ranking.as_ref().unwrap();
    let units: Vec<(&str, Option<u32>, Rate)> = ranking
        .units
        .iter()
        .map(|it| (it.name.as_str(), it.rank, it.rate))
        .collect();
    assert_eq!(
        units,
        [
            ("u-b", Some(1), Rate::new(2, 2)),
            ("u-c", Some(1), Rate::new(2, 2)),
            ("u-a", Some(3), Rate::new(1, 2)),
            ("u-d", Some(4), Rate::new(0, 2)),
            ("u-e", None, Rate::new(1, 1)),
        ]
    );
    insta::assert_snapshot!(ranking.table(Lang::Zh, "通报").to_string());
    insta::assert_snapshot!(ranking.table(Lang::En, "bulletin").to_string());
}

/// 1/2 and 2/4 are the same rate, whatever is printed; 33.3% and 33.4% printed alike are not.
#[test]
fn rates_are_compared_exactly() {
    use std::cmp::Ordering::{Equal, Less};
    assert_eq!(Rate::new(1, 2).order(Rate::new(2, 4)), Some(Equal));
    let (a, b) = (Rate::new(333_333, 1_000_000), Rate::new(1, 3));
    assert_eq!((a.to_string(), a.order(b)), (b.to_string(), Some(Less)));
    assert_eq!(Rate::new(0, 0).order(b), None);
    let most = Rate::new(u64::MAX, u64::MAX);
    assert_eq!(most.order(most), Some(Equal));
}

/// A reply that is sent back counts for being on time, and not for being effective.
#[test]
fn effective_is_ranked_apart_from_on_time() {
    let mut w = world(by(RankBy::Effective, 2));
    w.fails("b1", "09-15 11:00");
    let told = of(&w);
    let b = told.ranking.unwrap().units.into_iter();
    let b = b.filter(|it| it.name == "u-b").map(|it| (it.rank, it.rate));
    assert_eq!(b.collect::<Vec<_>>(), [(Some(2), Rate::new(1, 2))]);
}

/// What is solved, what is satisfying and what is struck off are three rates.
#[test]
fn solved_satisfied_and_struck_off_are_kept_apart() {
    let mut w = World::new();
    for (case, level) in [("m1", Level::Satisfied), ("m2", Level::VeryUnsatisfied)] {
        w.opens(case, "632521", "09-01 09:00");
        w.reaches(case, "u-a", "09-01");
        w.replies(case, "u-a", "09-02 10:00");
        w.passes(case, "09-02 11:00");
        w.hears(case, "09-03 10:00", level);
    }
    w.strikes("m1", "09-03 11:00", Outcome::Solved);
    let it = of(&w).total;
    assert_eq!(RankBy::Solved.rate(&it), Rate::new(1, 1));
    assert_eq!(RankBy::Satisfied.rate(&it), Rate::new(1, 2));
    assert_eq!(RankBy::StrikeOff.rate(&it), Rate::new(1, 2));
    assert_eq!(RankBy::FirstReply.rate(&it), Rate::new(2, 2));
    assert_eq!(RankBy::Effective.rate(&it), Rate::new(1, 2));
    assert_eq!(RankBy::OnTime.rate(&it), Rate::new(2, 2));
}
