//! Limits: which way one moved, shares of another, and those that end alike.

use duly::plan::{Diagram, Domain, FactRule, Given, Limit, Plan, Shift};
use duly::time::{Counting, Span};
use duly::words::{ClockKind, Lang};

use super::{ALL, clock, other_hours, plain, rule};
use crate::small::days;

// A share of a limit that is the same in both plans is shorter where it is the smaller share; where the whole, the facts that it is
// decided by or how it is counted changed too, nobody can say.
#[test]
fn a_share_is_shorter_only_of_the_same_whole() {
    let shift = |edit: fn(&mut Plan)| {
        let (old, mut new) = (plain(), plain());
        let share = Limit::Share {
            of: ClockKind::Reply,
            percent: 40,
        };
        clock(&mut new, ClockKind::CoReply).within.diagram = Diagram::constant(share);
        edit(&mut new);
        let diff = old.diff(&new, ALL);
        let mut decisions = diff.decisions.iter();
        let share = decisions.find(|it| it.clock == Some(ClockKind::CoReply));
        share.unwrap().regions[0].shift
    };
    assert_eq!(shift(|_: &mut Plan| ()), Some(Shift::Shorter));
    let unclear: [fn(&mut Plan); 7] = [
        |plan| clock(plan, ClockKind::Reply).within.diagram = Diagram::constant(days(30)),
        |plan| clock(plan, ClockKind::Reply).counting = Counting::uk_foi(),
        |plan| clock(plan, ClockKind::CoReply).counting = Counting::uk_foi(),
        |plan| {
            let fact = FactRule::new("urgent", Domain::YesNo, Given::Intake);
            plan.schema.facts.push(fact);
        },
        |plan| plan.hours = other_hours(),
        |plan| plan.holidays = Vec::new(),
        |plan| plan.zone = "UTC".parse().unwrap(),
    ];
    for edit in unclear {
        assert_eq!(shift(edit), Some(Shift::Unclear));
    }
    // Another clock's limit has no part in it.
    let other = |plan: &mut Plan| {
        clock(plan, ClockKind::Whole).within.diagram = Diagram::constant(days(50));
    };
    assert_eq!(shift(other), Some(Shift::Shorter));
}

// Which way a limit moved is said in a word, and for the citizen: what others have to keep is waited for, what the citizen has is time.
#[test]
fn which_way_a_limit_moved_is_said_for_the_citizen() {
    let all = [
        (
            Shift::Shorter,
            ["缩短", "缩短,网民等得更短", "缩短,留给网民的时间更少"],
            [
                "shorter",
                "shorter, the citizen waits less",
                "shorter, the citizen has less time",
            ],
        ),
        (
            Shift::Longer,
            ["放长", "放长,网民等得更久", "放长,留给网民的时间更多"],
            [
                "longer",
                "longer, the citizen waits more",
                "longer, the citizen has more time",
            ],
        ),
        (Shift::Same, ["一样长"; 3], ["as long as before"; 3]),
        (
            Shift::Unclear,
            ["长短要看日历"; 3],
            ["which is longer depends on the calendar"; 3],
        ),
    ];
    for (shift, zh, en) in all {
        for (lang, [word, others, own]) in [(Lang::Zh, zh), (Lang::En, en)] {
            assert_eq!(shift.word(lang), word);
            assert_eq!(shift.say(ClockKind::Reply, lang), others);
            assert_eq!(shift.say(ClockKind::Rating, lang), own);
            assert_eq!(shift.say(ClockKind::Waiting, lang), own);
        }
    }
}

// Of clauses that give the same limit the first is named, whatever order they are looked at in; and of limits that always end together,
// always the same one.
#[test]
fn of_limits_that_end_alike_the_same_one_is_always_named() {
    let strictest = |limits: &[(u32, &Limit)]| Limit::strictest(limits.iter().copied());
    let five = days(5);
    let first = Some((vec![1], days(5)));
    assert_eq!(strictest(&[(1, &five), (2, &five)]), first);
    assert_eq!(strictest(&[(2, &five), (1, &five)]), first);
    // One that is given twice is one.
    assert_eq!(strictest(&[(1, &five), (1, &five)]), first);
    let month = Limit::Span(Span::Months(1));
    let both = Limit::Span(Span::Earliest(vec![Span::Months(1), Span::WorkingDays(5)]));
    let kept = Some((vec![1, 3], both));
    assert_eq!(
        strictest(&[(1, &five), (2, &five), (3, &month), (4, &month)]),
        kept
    );
    // The earlier of two that hold either way round, in whichever order they are written.
    let one = Limit::Span(Span::Earliest(vec![Span::WorkingDays(5), Span::Months(1)]));
    let other = Limit::Span(Span::Earliest(vec![Span::Months(1), Span::WorkingDays(5)]));
    let (there, back) = (
        strictest(&[(1, &one), (2, &other)]),
        strictest(&[(2, &one), (1, &other)]),
    );
    assert_eq!(there.unwrap().0, [2]);
    assert_eq!(back.unwrap().0, [1]);
    assert_eq!(strictest(&[]), None);
}

/// Each of these, and the earliest and the latest of every two.
fn choices(spans: &[Span]) -> Vec<Span> {
    let pairs = spans.iter().flat_map(|one| {
        spans
            .iter()
            .map(move |other| vec![one.clone(), other.clone()])
    });
    let chosen = pairs.flat_map(|both| [Span::Earliest(both.clone()), Span::Latest(both)]);
    spans.iter().cloned().chain(chosen).collect()
}

// No limit ends later than itself, whatever it is chosen from: of two clauses that say the same one is named, and what says it of a clock
// is no looser than what said so before.
#[test]
fn no_limit_ends_later_than_itself() {
    let units = [Span::WorkingDays(5), Span::Months(1), Span::CalendarDays(3)];
    let all = choices(&choices(&units));
    assert_eq!(all.len(), 903);
    for span in all {
        let limit = Limit::Span(span);
        assert!(limit.within(&limit), "{limit}");
        let both = [(1, &limit), (2, &limit)];
        assert_eq!(Limit::strictest(both), Some((vec![1], limit.clone())));
    }
    let either = Span::Latest(vec![Span::WorkingDays(5), Span::Months(1)]);
    let whole = Span::Earliest(vec![either, Span::WorkingDays(20)]);
    let mut plan = plain();
    let within = &mut clock(&mut plan, ClockKind::Reply).within;
    *within = rule(Diagram::constant(Limit::Span(whole)));
    assert_eq!(plan.loosened(&plan), []);
    assert!(plan.runs_longer(&plan).is_empty());
}
